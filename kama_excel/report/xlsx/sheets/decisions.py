"""要判断: what the division must decide, each choice with what it means in words; and what it has decided."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kama_excel.domain.calendar import date_label, year_short
from kama_excel.domain.text import says_nothing
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.evaluate import Evaluation
from kama_excel.evaluation.rates import shown_percent
from kama_excel.plan.model import Decision
from kama_excel.plan.rating import Method
from kama_excel.report.month_report import Report, result_text
from kama_excel.report.wording import grade_look
from kama_excel.report.xlsx.canvas import UNEVALUATED, Canvas, grade_formula, shown_formula
from kama_excel.report.xlsx.line_table import LineTable, Said, write_note
from kama_excel.report.xlsx.page.page import PageReferences
from kama_excel.report.xlsx.sheet_breaks import Block, keep_together
from kama_excel.spreadsheets.writing.measure import column_pixels
from kama_excel.spreadsheets.writing.style import CENTRED, NAVY

NAME = "要判断"
_WIDTHS = (6.0, 24.0, 14.0, 11.0, 13.0, 34.0, 66.0)
_NOTE = (
    "計算した区分と各課の総括評価の区分が違い、まだ決めていないアクションです。"
    "選んだ方法を、計画台帳の「評価方法」に決定日・決定者・理由とともに入れて、集計し直してください。"
)
_CHOICES = (
    ("選択肢", (1, 2)), ("算定方法", (3, 3)), ("達成率", (4, 4)), ("評価区分", (5, 5)), ("選ぶとどうなるか", (6, 7)),
)  # fmt: skip
_DECIDED = LineTable(
    "決定しているアクション（計画台帳の「評価方法」）",
    (
        *(("No", (1, 1)), ("アクション", (2, 2)), ("算定方法", (3, 4)), ("評価区分", (5, 5))),
        *(("決定がなければ", (6, 6)), ("決定日・決定者・理由", (7, 7))),
    ),
)
_NOTABLE = {"bg_color": "#FBD78A", "font_color": "#4A3200"}


def write_decisions(canvas: Canvas, report: Report, pages: Sequence[PageReferences]) -> None:
    """Write the sheet. Rates and grades are live; which actions are listed is as it was at the run."""
    formats = canvas.formats
    canvas.widths(*_WIDTHS)
    canvas.height(1, 28)
    canvas.put(1, 1, f"{NAME}　{report.month.label}分", formats(bold=True, font_size=14, font_color=NAVY))
    write_note(canvas, 2, _WIDTHS, _NOTE)
    undecided = [page for page in pages if page.at.evaluation.is_undecided]
    blocks = [(1, 3)]
    for page in undecided:
        lines = _write_choices(canvas, blocks[-1][1] + 1, page, report.evaluation)
        blocks.append((lines[0][0], lines[-1][1] + 1))
    if not undecided:
        title = "判断が必要なアクション"
        (first, last), *_ = LineTable(title, ()).write(canvas, blocks[-1][1] + 1, _WIDTHS, ())
        blocks.append((first, last + 1))
    decided = [_decided_line(page) for page in pages if page.at.evaluation.decision]
    none = "まだありません。すべて自動で算定しています。"
    blocks += _DECIDED.write(canvas, blocks[-1][1] + 1, _WIDTHS, decided, empty=none)
    blocks += _write_pending(canvas, blocks[-1][1] + 1, report)
    canvas.sheet.freeze_panes(3, 0)
    canvas.print_setup(landscape=True, footer=f"{report.plan.name}　{NAME}　{report.month.label}分")
    keep_together(canvas, sum(map(column_pixels, _WIDTHS)), blocks)


def _write_choices(canvas: Canvas, row: int, page: PageReferences, evaluation: Evaluation) -> list[Block]:
    """Write what is to be decided about one action and what each choice means."""
    each = page.at.evaluation
    title = f"アクション{each.action.no}　{each.action.name}"
    lines = [_choice_line(page, *choice) for choice in _choices(each)]

    def colour(at: int) -> None:
        canvas.grade_colours(f"E{at}", f"$E${at}", evaluation)

    return LineTable(title, _CHOICES).write(canvas, row, _WIDTHS, lines, drawn=colour)


def _choices(each: ActionEvaluation) -> Iterator[tuple[str, Method, str]]:
    """Yield what can be chosen: in words, the method that it is, and what it means."""
    label = each.plan.method_label
    yield "今のまま（自動）", each.method, _meaning_of_automatic(each)
    for method in (Method.TARGET, Method.PLAN_AVERAGE, Method.ASSESSMENT):
        if method is not each.method and each.rate(method) is not None:
            yield f"「{label(method)}」に決める", method, _meaning(each, method)


def _meaning_of_automatic(each: ActionEvaluation) -> str:
    if each.method is Method.AUTOMATIC:
        return "報告された数値がないので、未評価のままです。総括評価は参考として載るだけです。"
    later = (
        "指標の実績値が届くと、目標値に対する達成率に替わります。"
        if each.lacks_indicator
        else "報告が変われば、率も変わります。"
    )
    return f"{_meaning(each, each.method)}{later}総括評価は参考として載るだけです。「要判断」をなくすには、「自動」と決めて理由を残します。"


def _meaning(each: ActionEvaluation, method: Method) -> str:
    match method:
        case Method.TARGET:
            sums = "、".join(result.sum_text for result in each.indicators if result.sum_text)
            return f"指標の実績値から計算した率（{sums}）を採ります。"
        case Method.PLAN_AVERAGE:
            years = "、".join(
                f"{year_short(year.fiscal_year)} {shown_percent(year.progress, each.bands)}"
                for year in each.years
                if year.progress is not None
            )
            return f"年度ごとの進捗率（{years}）の平均を採ります。"
        case _:
            said = "、".join(
                f"{fact.department} {shown_percent(fact.rate, each.bands)}「{fact.reason}」"
                for fact in each.assessments
            )
            mean = "の平均" if len(each.assessments) > 1 else ""
            return (
                f"計算した率でなく、各課の判断（{said}）{mean}を採ります。課が総括評価を変えるまで、この率のままです。"
            )


def _choice_line(page: PageReferences, words: str, method: Method, meaning: str) -> tuple[str | Said, ...]:
    each, at = page.at.evaluation, page.at
    cells = {Method.TARGET: at.achievement, Method.PLAN_AVERAGE: at.average, Method.ASSESSMENT: at.assessment}
    rate = each.rate(method) if method in cells else None
    cell = page.to(cells.get(method, at.adopted))
    shown = "" if rate is None else shown_percent(rate, each.bands)
    grade = None if rate is None else each.bands.grade(rate)
    percent = f'IF({cell}="","",TEXT({shown_formula(cell)},"0.0%"))'
    return (
        words,
        Said("" if method is Method.AUTOMATIC else each.plan.method_label(method), CENTRED),
        Said(shown, {**CENTRED, "bold": True}, percent),
        Said(grade or UNEVALUATED, {**CENTRED, "bold": True}, grade_formula(cell)),
        meaning,
    )


def _decided_line(page: PageReferences) -> tuple[str | Said, ...]:
    each = page.at.evaluation
    decision = each.decision
    assert decision is not None  # noqa: S101 -- only decided actions are listed
    changes = each.grade != each.by_rule.grade
    otherwise = result_text(each.by_rule) + ("（決定により区分が変わっています）" if changes else "")
    return (
        Said(str(each.action.no), CENTRED),
        each.action.name,
        Said(f"{each.plan.method_label(decision.method)} {each.shown or ''}".strip(), CENTRED),
        Said(each.grade or UNEVALUATED, {**CENTRED, "bold": True, **grade_look(each.plan, each.grade)}),
        Said(otherwise, _NOTABLE if changes else {}),
        Said(_by(decision), _NOTABLE if says_nothing(decision.reason) else {}),
    )


def _by(decision: Decision) -> str:
    who = decision.decided_by or "（決定者の記入がありません）"
    reason = "（理由の記入がありません）" if says_nothing(decision.reason) else decision.reason
    return f"{date_label(decision.decided_on)}　{who}\n{reason}"


def _write_pending(canvas: Canvas, row: int, report: Report) -> list[Block]:
    """Name the decisions that do not count yet in this month."""
    pending = [each for each in report.plan.decisions if each.effective_month > report.month]
    pending.sort(key=lambda each: (each.decided_on, each.action_no))
    for at, each in enumerate(pending, start=row):
        label = report.plan.method_label(each.method)
        said = f"アクション{each.action_no}を「{label}」とする{date_label(each.decided_on)}の決定は、{each.effective_month.label}分から適用するため、この月には適用していません。"
        write_note(canvas, at, _WIDTHS, said)
    return [(at, at) for at in range(row, row + len(pending))]
