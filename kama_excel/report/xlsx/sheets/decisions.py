"""要判断: the decisions to make with the effect of each choice, and those made."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kama_excel.domain.calendar import date_label, year_short
from kama_excel.evaluation import formulas
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.formulas import BandTable
from kama_excel.evaluation.rates import shown_percent
from kama_excel.plan.rating import Method
from kama_excel.report.month_report import Report
from kama_excel.report.xlsx.page.page import PageReferences
from kama_excel.report.xlsx.sheets.checks import BACK
from kama_excel.report.xlsx.sheets.records import WIDTHS, write_corrections, write_decided
from kama_excel.spreadsheets.cells import quoted
from kama_excel.spreadsheets.writing.canvas import Canvas, Span
from kama_excel.spreadsheets.writing.style import CENTRED, UNEVALUATED
from kama_excel.spreadsheets.writing.table import Column, Line, Table, TableCell, last_row

NAME = "要判断"
_NOTE = (
    "算定した評価区分と担当課の総括評価による区分が異なり、まだ決定していないアクションです。採用する方法を、計画台帳の「評価方法」に"
    "決定日・決定者・理由とともに登録し、集計し直してください。対象のアクションと「採用した場合の扱い」、決定したアクションの一覧は、"
    "集計したときのものです（選択肢の達成率と評価区分は、ブックの数値を書き換えると変わります）。"
)
_CHOICES = (
    *(Column("選択肢", (1, 2)), Column("算定方法", 3, CENTRED), Column("達成率", 4, {**CENTRED, "bold": True})),
    *(Column("評価区分", 5, {**CENTRED, "bold": True}), Column("採用した場合の扱い", (6, 7))),
)


def write_decisions(canvas: Canvas, report: Report, pages: Sequence[PageReferences]) -> None:
    """Write the sheet. Rates and grades are live; the listed actions are those at the run."""
    canvas.widths(*WIDTHS)
    canvas.head(f"{NAME}　{report.month.label}分", _NOTE, links=BACK)
    undecided = [page for page in pages if page.at.evaluation.is_undecided]
    blocks = [(1, 3)]
    for page in undecided:
        lines = _write_choices(canvas, last_row(blocks) + 1, page, report)
        blocks.append((lines[0][0], lines[-1][1] + 1))
    if not undecided:
        none = Table((), title="判断が必要なアクション")
        (first, last), *_ = none.write(canvas, last_row(blocks) + 1, ())
        blocks.append((first, last + 1))
    blocks += write_decided(canvas, last_row(blocks) + 1, report, pages)
    blocks += _write_pending(canvas, last_row(blocks) + 1, report)
    if report.merged.corrections:
        blocks += write_corrections(canvas, last_row(blocks) + 2, report)
    canvas.sheet.freeze_panes(3, 0)
    canvas.print_setup(landscape=True, footer=f"{report.plan.name}　{NAME}　{report.month.label}分")
    canvas.keep_together(blocks)


def _write_choices(canvas: Canvas, row: int, page: PageReferences, report: Report) -> list[Span]:
    """Write the decision to make on an action and the effect of each choice."""
    each = page.at.evaluation
    title = f"アクション{each.action.no}　{each.action.name}"
    lines = [_choice_line(page, *choice) for choice in _choices(each)]

    def colour(at: int) -> None:
        canvas.grade_colours(f"E{at}", f"$E${at}", report.plan.bands.names)

    return Table(_CHOICES, title=title).write(canvas, row, lines, after=colour)


def _choices(each: ActionEvaluation) -> Iterator[tuple[str, Method, str]]:
    """Yield the choices: in words, the method, and its effect."""
    label = each.plan.method_label
    yield "現行のまま（自動）", each.method, _meaning_of_automatic(each)
    for method in (Method.TARGET, Method.PLAN_AVERAGE, Method.ASSESSMENT):
        if method is not each.method and each.rate(method) is not None:
            yield f"「{label(method)}」を採用する", method, _meaning(each, method)


def _meaning_of_automatic(each: ActionEvaluation) -> str:
    if each.method is Method.AUTOMATIC:
        return "報告された数値がないため、未評価となります。総括評価は参考値として掲載します。"
    later = (
        "指標の実績値が報告されると、目標値に対する達成率に替わります。"
        if each.lacks_indicator
        else "報告の値により、率も変わります。"
    )
    return f"{_meaning(each, each.method)}{later}総括評価は参考値として掲載します。「自動」のままとする場合も、その旨と理由を「評価方法」に登録すると「要判断」は表示されなくなります。"


def _meaning(each: ActionEvaluation, method: Method) -> str:
    match method:
        case Method.TARGET:
            sums = "、".join(result.sum_text for result in each.indicators if result.sum_text)
            return f"指標の実績値による率（{sums}）を採用します。"
        case Method.PLAN_AVERAGE:
            years = "、".join(
                f"{year_short(year.fiscal_year)} {shown_percent(year.progress, each.bands)}"
                for year in each.years
                if year.progress is not None
            )
            return f"年度ごとの進捗率（{years}）の平均を採用します。"
        case _:
            rates = "、".join(
                f"{fact.department} {shown_percent(fact.rate, each.bands)}「{fact.reason}」"
                for fact in each.assessments
            )
            mean = "の平均" if len(each.assessments) > 1 else ""
            return f"計算による率に代えて、担当課の総括評価（{rates}）{mean}を採用します。総括評価が変更されるまで、この率となります。"


def _choice_line(page: PageReferences, words: str, method: Method, meaning: str) -> Line:
    each, at = page.at.evaluation, page.at
    cells = {Method.TARGET: at.achievement, Method.PLAN_AVERAGE: at.average, Method.ASSESSMENT: at.assessment}
    rate = each.rate(method) if method in cells else None
    cell = page.to(cells.get(method, at.adopted))
    shown = "" if rate is None else shown_percent(rate, each.bands)
    grade = None if rate is None else each.bands.grade(rate)
    table = BandTable.in_workbook(each.bands)
    percent = f'IF({cell}="","",{formulas.shown_text(cell, table)})'
    return (
        words,
        "" if method is Method.AUTOMATIC else each.plan.method_label(method),
        TableCell(shown, formula=percent),
        TableCell(grade or UNEVALUATED, formula=formulas.grade(cell, table, none=quoted(UNEVALUATED))),
        meaning,
    )


def _write_pending(canvas: Canvas, row: int, report: Report) -> list[Span]:
    """List the decisions that do not count yet in this month."""
    pending = [each for each in report.plan.decisions if each.effective_month > report.month]
    pending.sort(key=lambda each: (each.decided_on, each.action_no))
    for at, each in enumerate(pending, start=row):
        label = report.plan.method_label(each.method)
        text = f"アクション{each.action_no}を「{label}」とする{date_label(each.decided_on)}の決定は、{each.effective_month.label}分から適用するため、この月には適用していません。"
        canvas.note(at, text)
    return [(at, at) for at in range(row, row + len(pending))]
