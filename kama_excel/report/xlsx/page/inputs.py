"""The figures of an action's page that a meeting may change: indicators with their sum, and 総括評価."""

from __future__ import annotations

from fractions import Fraction

from kama_excel.domain.calendar import date_label
from kama_excel.domain.keys import Field, Key
from kama_excel.evaluation import formulas
from kama_excel.evaluation.facts import AssessmentFact
from kama_excel.evaluation.formulas import BandTable, IndicatorCells
from kama_excel.evaluation.rates import IndicatorResult, number_text, shown_rate, uses_baseline
from kama_excel.plan.rating import Direction
from kama_excel.report.xlsx.page.layout import ALL, COLUMNS, CORRECTED, WEIGHT_COLUMN, Page, span_pixels, text_row
from kama_excel.report.xlsx.page.needed_formulas import figure_formula
from kama_excel.spreadsheets.cells import a1
from kama_excel.spreadsheets.writing.measure import INDENT, pieces
from kama_excel.spreadsheets.writing.paging import Row
from kama_excel.spreadsheets.writing.style import FIGURES, MUTED, NAVY, PALE

NOTHING = "―"
_FLAG: dict[str, object] = {"font_size": 8, "font_color": "#C3CCD6", "align": "center"}
_INDICATOR_COLUMNS = ((1, 4), (5, 5), (6, 6), (7, 7), (8, 9), (10, 10), (11, COLUMNS))
_ASSESSMENT_COLUMNS = ((1, 3), (4, 4), (5, COLUMNS))
_WAITING = "計算: 実績値の報告を待っています"
_HIGHEST_PIECE = 200.0
_ROOMY = 6  # characters of a figure that its column has room for


def heading_row(page: Page, columns: tuple[tuple[int, int], ...], headings: tuple[str, ...]) -> Row:
    """Return the row of a table's headings."""
    look = page.formats.boxed(bold=True, align="center", bg_color=PALE, font_color=NAVY, font_size=9)

    def draw(row: int) -> None:
        for span, heading in zip(columns, headings, strict=True):
            page.canvas.put(row, span, heading, look)

    return Row(19, 16, draw)


def flag(page: Page, row: int, column: int, value: float | Fraction) -> None:
    """Write a figure that formulas take and nobody prints, in a colour that hardly shows."""
    page.canvas.put(row, column, value, page.formats(**_FLAG))


def write_indicators(page: Page) -> None:
    """Write every indicator: its figures, and below them the sum itself as a live text."""
    if not page.evaluation.indicators:
        return
    headings = ("指標", "基準値", "目標値", "実績値", "時点", "確度", "達成率")
    heading = heading_row(page, _INDICATOR_COLUMNS, headings)
    rows = [row for number in range(len(page.evaluation.indicators)) for row in _indicator_rows(page, number)]
    page.add(*rows, heading=(heading,), gap=6)


def _indicator_rows(page: Page, number: int) -> tuple[Row, Row]:
    result = page.evaluation.indicators[number]
    fact, formats, canvas = result.fact, page.formats, page.canvas
    indicator = fact.indicator
    name = f"{indicator.name}（{indicator.unit}）" if indicator.unit else indicator.name
    name += page.correction(indicator.key, Field.ACTUAL, Field.AS_OF, Field.CERTAINTY)
    columns = _INDICATOR_COLUMNS

    def draw(row: int) -> None:
        canvas.put(row, columns[0], name, formats.text())
        for column, plain in ((columns[1][0], indicator.baseline), (columns[2][0], indicator.target)):
            said = NOTHING if plain is None else plain
            look = formats.boxed(align="center", **_figure_look(said))
            page.mark_changed(canvas.put(row, column, said, look), said)
        page.link_to_data(a1(row, columns[3][0]), indicator.key)
        certainty = fact.certainty.value if fact.actual is not None else NOTHING
        small: dict[str, object] = {"text_wrap": True, "font_size": 9}
        typed: tuple[tuple[tuple[int, int], Field, str | Fraction, dict[str, object]], ...] = (
            (columns[3], Field.ACTUAL, "未報告" if fact.actual is None else fact.actual, {"bold": True}),
            (columns[4], Field.AS_OF, date_label(fact.as_of) if fact.as_of else NOTHING, small),
            (columns[5], Field.CERTAINTY, certainty, small),
        )
        for span, item, value, look in typed:
            colour = CORRECTED if page.correction(indicator.key, item) else {}
            cell_format = formats.boxed(align="center", **_figure_look(value), **look, **colour)
            page.mark_changed(canvas.put(row, span, value, cell_format), value)
        shown = None if result.achievement is None else shown_rate(result.achievement, page.evaluation.bands)
        rounding = page.evaluation.bands.rounding
        rate = formats.boxed(align="center", bold=True, num_format=rounding.number_format)
        formula = formulas.shown(page.at.limited[number], BandTable.in_workbook(page.evaluation.bands))
        canvas.formula(row, columns[6], formula, shown, rate)
        if fact.as_of is not None and fact.as_of > page.report.month.last_day:
            flag(page, row, WEIGHT_COLUMN, 1)
        page.inputs.indicators.append(row)

    def draw_sum(row: int) -> None:
        cells = (a1(row - 1, 5), a1(row - 1, 6), a1(row - 1, 7))
        formula = _sum_formula(result, cells, page.at.raw[number], page.at.limited[number])
        look = formats.text(font_size=9, font_color=MUTED)
        canvas.formula(row, ALL, formula, f"計算: {result.sum_text}" if result.sum_text else _WAITING, look)

    return text_row([(name, columns[0], 10)], draw, least=24), Row(19, 16, draw_sum)


def _figure_look(value: str | Fraction) -> dict[str, object]:
    """Return how a figure is shown: one that the cell is too narrow for smaller, not as 1E+06."""
    if isinstance(value, str) or len(number_text(value)) <= _ROOMY:
        return {"num_format": "General"}
    digits = "#,##0" if value.denominator == 1 else "#,##0.0#########"
    return {"num_format": digits, "font_name": FIGURES, "shrink": True}


def _sum_formula(result: IndicatorResult, cells: tuple[str, str, str], raw: str, limited: str) -> str:
    """Return the sum itself as a formula over its figures, equal to `IndicatorResult.sum_text`."""
    indicator, table = result.fact.indicator, BandTable.in_workbook(result.bands)
    base, target, actual = (figure_formula(cell) for cell in cells)
    row = IndicatorCells(*cells)
    if uses_baseline(indicator):
        left = f'"("&{actual}&" − "&{base}&") ÷ ("&{target}&" − "&{base}&") = "'
    elif indicator.direction is Direction.DOWN:
        left = f'IF({formulas.meets_at_most(row)},{actual}&" ≦ "&{target}&" → ",{target}&" ÷ "&{actual}&" = ")'
    elif indicator.target == 0:
        left = f'{actual}&IF({formulas.meets_at_least(row)}," ≧ 0 → "," ＜ 0 → ")'
    else:
        left = f'{actual}&" ÷ "&{target}&" = "'
    percent = f'SUBSTITUTE({formulas.shown_text(raw, table)},"-","−")'
    within = f'TEXT(100*{limited},"0.########")'
    limit = f'IF({raw}={limited},""," → "&{within}&"%")'
    return f'IF({raw}="","{_WAITING}","計算: "&{left}&{percent}&{limit})'


def write_assessments(page: Page) -> None:
    """Write every department's 総括評価 with its reason."""
    if not page.evaluation.assessments:
        return
    heading = heading_row(page, _ASSESSMENT_COLUMNS, ("担当課", "総括評価", "理由"))
    rows = [row for each in page.evaluation.assessments for row in _assessment_rows(page, each)]
    page.add(*rows, heading=(heading,), gap=6)


def _assessment_rows(page: Page, each: AssessmentFact) -> list[Row]:
    """Return the row of an assessment, and further ones where its reason is too long for one."""
    department, rate, reason = _ASSESSMENT_COLUMNS
    rows = []
    key = Key.of_assessment(each.action_no, each.department)
    parts = pieces(
        each.reason + page.correction(key, Field.ASSESSMENT, Field.REASON),
        span_pixels(reason) - INDENT,
        10,
        most=_HIGHEST_PIECE,
    )
    for number, piece in enumerate(parts):
        said = each.department + "（続き）" * (number > 0)

        def draw(row: int, said: str = said, piece: str = piece, *, is_first: bool = number == 0) -> None:
            page.canvas.put(row, department, said, page.formats.text())
            colour = CORRECTED if is_first and page.correction(key, Field.ASSESSMENT) else {}
            look = page.formats.boxed(
                align="center", bold=True, num_format=page.evaluation.bands.rounding.number_format, **colour
            )
            if is_first:
                page.link_to_data(a1(row, rate[0]), key)
                page.inputs.assessments.append(row)
                if each.month <= page.report.plan.last_month:
                    flag(page, row, WEIGHT_COLUMN, 1)
            address = page.canvas.put(row, rate[0], each.rate if is_first else None, look)
            if is_first:
                page.mark_changed(address, each.rate)
            page.canvas.put(row, reason, piece, page.formats.text())

        rows.append(text_row([(piece, reason, 10), (said, department, 10)], draw, least=24))
    return rows
