"""The lower part of an action's page: three rates, the adopted one, and the reason."""

from __future__ import annotations

from kama_excel.domain.calendar import date_label
from kama_excel.domain.text import is_placeholder
from kama_excel.evaluation import formulas
from kama_excel.evaluation.formulas import BandTable
from kama_excel.evaluation.rates import shown_rate
from kama_excel.plan.rating import Method
from kama_excel.plan.rows import Decision
from kama_excel.report.wording import needed_text, result_text, year_before_text
from kama_excel.report.xlsx.page.addresses import ALL
from kama_excel.report.xlsx.page.assessments import write_assessments
from kama_excel.report.xlsx.page.indicators import write_indicators
from kama_excel.report.xlsx.page.layout import Page, text_row
from kama_excel.report.xlsx.page.reports import write_needed
from kama_excel.report.xlsx.page.years import write_years
from kama_excel.spreadsheets.cells import a1, quoted
from kama_excel.spreadsheets.writing.paging import PageRow
from kama_excel.spreadsheets.writing.style import MUTED, NAVY, PALE, UNEVALUATED, WHITE

_NOTHING = "―"
_METHODS = (Method.TARGET, Method.PLAN_AVERAGE, Method.ASSESSMENT)
_CIRCLED = "①②③"
_BOXES = ((1, 15), (16, 30), (31, 44))
_ADOPTED = "　【採用】"
_NEEDED = "次の区分に必要な水準"
_WHY_NONE = "報告された数値がありません"
_CHANGES = "（決定により区分が変わっています）"


def write_rates(page: Page) -> None:
    """Write the origin of the adopted rate; without one, what it needs."""
    evaluation = page.evaluation
    if evaluation.adopted is None and evaluation.grade_word == UNEVALUATED and not page.report.is_public:
        write_needed(page)
    page.section("達成率の算定")
    if not evaluation.is_planned:
        _line(page, "計画台帳に、このアクションのタスクと指標がまだ登録されていないため、評価していません。")
        return
    has_rates = any(evaluation.rate(method) is not None for method in _METHODS)
    if has_rates:
        _write_boxes(page)
    if has_rates or evaluation.decision:
        _write_method(page)
    if text := year_before_text(page.report.year_before, evaluation):
        _line(page, text)
    write_indicators(page)
    write_assessments(page)
    write_years(page)


def _write_boxes(page: Page) -> None:
    """Write the three rates with their grades side by side, and mark the adopted one."""
    evaluation, at = page.evaluation, page.at
    table = BandTable.in_workbook(evaluation.bands)

    def boxes() -> tuple[tuple[Method, str, str], ...]:
        return (
            (Method.TARGET, "目標（値）に対する達成率", at.achievement),
            (Method.PLAN_AVERAGE, f"{evaluation.plan.average_label}進捗率", at.average),
            (Method.ASSESSMENT, "総括評価", at.assessment),
        )

    def columns(number: int) -> tuple[int, int]:
        return _BOXES[number]

    def draw_titles(row: int) -> None:
        look = page.formats.boxed(bold=True, align="center", bg_color=PALE, font_color=NAVY)
        for number, (method, label, _) in enumerate(boxes()):
            is_this = f"{at.method}={quoted(evaluation.plan.method_label(method))}"
            title = f"{_CIRCLED[number]} {label}"
            value = title + (_ADOPTED if method is evaluation.method else "")
            formula = f'{quoted(title)}&IF({is_this},{quoted(_ADOPTED)},"")'
            page.canvas.formula(row, columns(number), formula, value, look)
            cells = f"{a1(row, columns(number)[0])}:{a1(row, columns(number)[1])}"
            page.canvas.when(cells, is_this, bg_color=NAVY, font_color=WHITE)

    def draw_rates(row: int) -> None:
        number_format = evaluation.bands.rounding.number_format
        figure = page.formats.boxed(bold=True, font_size=18, align="center", num_format=number_format)
        for number, (method, _, exact) in enumerate(boxes()):
            rate = evaluation.rate(method)
            shown = None if rate is None else shown_rate(rate, evaluation.bands)
            formula = f'IF({exact}="","{_NOTHING}",{formulas.shown(exact, table)})'
            page.canvas.formula(row, columns(number), formula, _NOTHING if shown is None else shown, figure)

    def draw_grades(row: int) -> None:
        look = page.formats.boxed(bold=True, align="center")
        for number, (method, _, exact) in enumerate(boxes()):
            formula = formulas.grade(exact, table, none=quoted(_NOTHING))
            page.canvas.formula(row, columns(number), formula, evaluation.grade_by(method) or _NOTHING, look)
        first, last = a1(row, _BOXES[0][0]), a1(row, _BOXES[-1][1])
        page.canvas.grade_colours(f"{first}:{last}", first, page.report.plan.bands.names)

    page.add(PageRow(22, 17, draw_titles), PageRow(32, 25, draw_rates), PageRow(20, 16, draw_grades))


def _write_method(page: Page) -> None:
    """Write the method, its author and reason, and what each better grade needs."""
    evaluation = page.evaluation
    decision, needed = evaluation.decision, needed_text(evaluation)
    if decision:
        _line(
            page,
            f"算定方法: {evaluation.plan.method_label(decision.method)}（{_decided(decision, is_public=page.report.is_public)}）",
        )
        value = f"決定がない場合は「{result_text(evaluation.by_rule)}」"
        value += _CHANGES if evaluation.grade != evaluation.by_rule.grade else ""
    else:
        value = f"算定方法: 自動（{_WHY_NONE if evaluation.adopted is None else _why(page, evaluation.method)}）"
    value += f"　／　{_NEEDED}　{needed}" if needed else ""
    look = page.formats(font_size=9, font_color=MUTED, text_wrap=True)

    def draw(row: int) -> None:
        page.canvas.formula(row, ALL, _method_formula(page), value, look)

    page.add(text_row([(value, ALL, 9)], draw, least=18))


def _method_formula(page: Page) -> str:
    at = page.at
    more = f'IF({at.needed_text}="","","　／　{_NEEDED}　"&{at.needed_text})'
    if page.evaluation.decision:
        return f'IF({at.achievement}<>"",{_undecided(page, at.achievement)},{_undecided(page, at.average)})&{more}'
    label = quoted(page.evaluation.plan.method_label(Method.TARGET))
    by_target, by_average = (quoted(_why(page, each)) for each in (Method.TARGET, Method.PLAN_AVERAGE))
    reason = f'IF({at.adopted}="",{quoted(_WHY_NONE)},IF({at.method}={label},{by_target},{by_average}))'
    return f'"算定方法: 自動（"&{reason}&"）"&{more}'


def _why(page: Page, method: Method) -> str:
    """Return why 自動 adopts a rate."""
    if method is Method.TARGET:
        return "指標に実績値があるため①を採用"
    if page.evaluation.indicators:
        return "指標の実績値がないため②を採用"
    return f"指標{'の目標値' if page.evaluation.watched else ''}がないため②を採用"


def _decided(decision: Decision, *, is_public: bool) -> str:
    """Describe date, author and reason of a decision; a missing one is stated.

    The public reads no author.
    """
    day, by, why = date_label(decision.decided_on), decision.decided_by, decision.reason
    unnamed = f"{day}に決定" + ("" if is_public else "、決定者の記入がありません")
    who = unnamed if is_placeholder(by) else f"{day} {by}が決定"
    return f"{who}。{'理由の記入がありません' if is_placeholder(why) else f'理由: {why}'}"


def _undecided(page: Page, rate: str) -> str:
    """Return the formula of the grade by a rate's cell, and whether the decision changes it."""
    table = BandTable.in_workbook(page.evaluation.bands)
    grade = formulas.grade(
        rate,
        table,
        none=quoted(page.evaluation.by_rule.grade_word if page.evaluation.by_rule.grade is None else UNEVALUATED),
    )
    result = f'{grade}&IF({rate}="",""," "&{formulas.shown_text(rate, table)})'
    return f'"決定がない場合は「"&{result}&"」"&IF({grade}={page.at.grade},"","{_CHANGES}")'


def _line(page: Page, text: str) -> None:
    look = page.formats(font_size=9, font_color=MUTED, text_wrap=True)

    def draw(row: int) -> None:
        page.canvas.put(row, ALL, text, look)

    page.add(text_row([(text, ALL, 9)], draw, least=18))
