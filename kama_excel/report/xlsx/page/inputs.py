"""The figures of an action's page that a meeting may change: indicators with their sum, and 総括評価."""

from __future__ import annotations

from fractions import Fraction

from kama_excel.domain.calendar import date_label, year_label
from kama_excel.domain.keys import Field, Key
from kama_excel.evaluation import formulas
from kama_excel.evaluation.facts import AssessmentFact, IndicatorFact
from kama_excel.evaluation.formulas import BandTable, IndicatorCells
from kama_excel.evaluation.rates import IndicatorResult, YearResult, number_text, shown_rate, uses_baseline
from kama_excel.plan.model import Indicator
from kama_excel.plan.rating import Direction, Yardstick
from kama_excel.report.xlsx.page.layout import ALL, COLUMNS, CORRECTED, WEIGHT_COLUMN, Page, span_pixels, text_row
from kama_excel.report.xlsx.page.needed_formulas import figure_formula
from kama_excel.spreadsheets.cells import a1
from kama_excel.spreadsheets.writing.measure import INDENT, split_into_rows
from kama_excel.spreadsheets.writing.paging import Row
from kama_excel.spreadsheets.writing.style import FIGURES, MUTED, NAVY, PALE

NOTHING = "―"
UNREPORTED, EXCLUDED = "未報告", "対象外"
_FLAG: dict[str, object] = {"font_size": 9, "font_color": MUTED, "align": "center"}
_INDICATOR_COLUMNS = ((1, 4), (5, 5), (6, 6), (7, 7), (8, 9), (10, 10), (11, COLUMNS))
_ASSESSMENT_COLUMNS = ((1, 3), (4, 4), (5, COLUMNS))
_WAITING = "計算: 実績値の報告を待っています"
_EXCLUDED = "計算: 対象外のため、平均に含めません"
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
    if not page.evaluation.indicators and not page.evaluation.watched:
        return
    headings = ("指標", "基準値", "目標値", "実績値", "時点", "確度", "達成率")
    heading = heading_row(page, _INDICATOR_COLUMNS, headings)
    rows = [row for number in range(len(page.evaluation.indicators)) for row in _indicator_rows(page, number)]
    rows += [row for result in page.evaluation.watched for row in _watched_rows(page, result)]
    page.add(*rows, heading=(heading,), gap=6)


def _name_of(indicator: Indicator) -> str:
    return f"{indicator.name}（{indicator.unit}）" if indicator.unit else indicator.name


def _year_rows(page: Page, number: int) -> list[Row]:
    """Return the rows of the fiscal years of an indicator that is asked for by year, the oldest first."""
    result = page.evaluation.indicators[number]
    return [_year_row(page, number, year) for year in result.years]


def _draw_year_rate(page: Page, row: int, baseline: str, year: YearResult) -> None:
    """Write a year's rate by its own target; `baseline` is the cell in the indicator's own row."""
    bands, indicator, columns = page.evaluation.bands, year.fact.indicator, _INDICATOR_COLUMNS
    look = page.formats.boxed(align="center", num_format=bands.rounding.number_format)
    if indicator.target is None:
        page.canvas.put(row, columns[6], NOTHING, look)
        return
    cells = IndicatorCells(baseline, f"$F${row}", f"$G${row}")
    raw = f"IF(ISNUMBER({cells.actual}),{formulas.achievement(indicator, cells)},{formulas.NOTHING})"
    shown = None if year.rate is None else shown_rate(year.rate, bands)
    page.canvas.formula(row, columns[6], formulas.shown(raw, BandTable.in_workbook(bands)), shown, look)


def _year_row(page: Page, number: int, year: YearResult) -> Row:
    canvas, formats, indicator = page.canvas, page.formats, year.fact.indicator
    columns = _INDICATOR_COLUMNS

    def draw(row: int) -> None:
        said = f"{indicator.name}　{year_label(year.fiscal_year)}" + page.correction(
            indicator.key, Field.ACTUAL, Field.AS_OF
        )
        canvas.put(row, columns[0], said, formats.text(font_color=MUTED))
        canvas.put(row, columns[1], NOTHING, formats.boxed(align="center"))
        target = NOTHING if indicator.target is None else indicator.target
        look = formats.boxed(align="center", **_figure_look(target))
        page.mark_changed(canvas.put(row, columns[2], target, look), target)
        _draw_report(page, row, year.fact)
        page.inputs.indicator_years.setdefault(number, {})[year.fiscal_year] = row

    name = f"{indicator.name}　{year_label(year.fiscal_year)}"
    return text_row([(name, columns[0], 10)], draw, least=19)


def _watched_rows(page: Page, result: IndicatorResult) -> list[Row]:
    """Return the row of an indicator without 目標値: its actual with the change from its baseline."""
    canvas, formats, indicator = page.canvas, page.formats, result.fact.indicator
    columns, name = _INDICATOR_COLUMNS, f"{_name_of(result.fact.indicator)}　※目標値なし（参考）"

    def draw(row: int) -> None:
        canvas.put(row, columns[0], name, formats.text())
        for span, plain in ((columns[1], indicator.baseline), (columns[2], None)):
            said = NOTHING if plain is None else plain
            canvas.put(row, span, said, formats.boxed(align="center", **_figure_look(said)))
        if result.years:
            actual = UNREPORTED if result.fact.actual is None else result.fact.actual
            canvas.put(row, columns[3], actual, formats.boxed(align="center", bold=True, **_figure_look(actual)))
            for span in columns[4:6]:
                canvas.put(row, span, NOTHING, formats.boxed(align="center"))
        else:
            _draw_report(page, row, result.fact)
        change = result.change
        said = NOTHING if change is None else f"{'＋' if change > 0 else ''}{number_text(change)}"
        canvas.put(row, columns[6], said, formats.boxed(align="center", bold=True))

    return [text_row([(name, columns[0], 10)], draw, least=24)]


def _draw_report(page: Page, row: int, fact: IndicatorFact) -> None:
    """Write 実績値, 時点 and 確度 as they were reported."""
    columns, formats, key = _INDICATOR_COLUMNS, page.formats, fact.indicator.key
    page.link_to_data(a1(row, columns[3][0]), key)
    missing = EXCLUDED if fact.is_excluded else UNREPORTED
    certainty = fact.certainty.value if fact.actual is not None else NOTHING
    small: dict[str, object] = {"text_wrap": True, "font_size": 9}
    typed: tuple[tuple[tuple[int, int], Field, str | Fraction, dict[str, object]], ...] = (
        (columns[3], Field.ACTUAL, missing if fact.actual is None else fact.actual, {"bold": True}),
        (columns[4], Field.AS_OF, date_label(fact.as_of) if fact.as_of else NOTHING, small),
        (columns[5], Field.CERTAINTY, certainty, small),
    )
    for span, item, value, look in typed:
        colour = CORRECTED if page.correction(key, item) else {}
        cell_format = formats.boxed(align="center", **_figure_look(value), **look, **colour)
        page.mark_changed(page.canvas.put(row, span, value, cell_format), value)
    if fact.as_of is not None and fact.as_of > page.report.month.last_day:
        flag(page, row, WEIGHT_COLUMN, 1)


def _is_measured_by_years(page: Page, result: IndicatorResult) -> bool:
    """Whether an indicator's target is made of its yearly ones."""
    is_yearly = page.evaluation.plan.yardstick is Yardstick.YEARLY
    return is_yearly and any(year.fact.indicator.target is not None for year in result.years)


def _draw_together(page: Page, row: int, number: int) -> None:
    """Write the actual that counts of an indicator that is asked for by year, and the target that it is measured by."""
    result, columns = page.evaluation.indicators[number], _INDICATOR_COLUMNS
    indicator, plan = result.fact.indicator, page.evaluation.plan
    actuals, targets = (page.inputs.year_cells(number, column) for column in "GF")
    for year in result.years:
        _draw_year_rate(page, page.inputs.indicator_years[number][year.fiscal_year], f"$E${row}", year)
    value = UNREPORTED if result.fact.actual is None else result.fact.actual
    formula = formulas.taken_together(indicator.aggregation, actuals, actuals)
    formula = f'IF(COUNT({actuals})=0,"{UNREPORTED}",{formula})'
    look = page.formats.boxed(align="center", bold=True, **_figure_look(value))
    page.canvas.formula(row, columns[3], formula, value, look)
    for span in columns[4:6]:
        page.canvas.put(row, span, NOTHING, page.formats.boxed(align="center"))
    own = next(each.target for each in plan.at(page.evaluation.month).measured if each.no == indicator.no)
    if _is_measured_by_years(page, result):
        together = formulas.taken_together(indicator.aggregation, targets, actuals)
        formula = f"IF(COUNT({actuals})=0,{formulas.number(own or Fraction(0))},{together})"
        look = page.formats.boxed(align="center", **_figure_look(indicator.goal))
        page.canvas.formula(row, columns[2], formula, indicator.goal, look)


def _indicator_rows(page: Page, number: int) -> tuple[Row, ...]:
    result = page.evaluation.indicators[number]
    fact, formats, canvas = result.fact, page.formats, page.canvas
    indicator = fact.indicator
    name = _name_of(indicator) + (f"　{indicator.aggregation.value}" if result.years else "")
    name += page.correction(indicator.key, Field.ACTUAL, Field.AS_OF, Field.CERTAINTY)
    columns = _INDICATOR_COLUMNS

    def draw(row: int) -> None:
        canvas.put(row, columns[0], name, formats.text())
        for column, plain in ((columns[1][0], indicator.baseline), (columns[2][0], indicator.target)):
            if result.years and column == columns[2][0] and _is_measured_by_years(page, result):
                continue
            said = NOTHING if plain is None else plain
            look = formats.boxed(align="center", **_figure_look(said))
            page.mark_changed(canvas.put(row, column, said, look), said)
        if result.years:
            _draw_together(page, row, number)
        else:
            _draw_report(page, row, fact)
        shown = None if result.achievement is None else shown_rate(result.achievement, page.evaluation.bands)
        rounding = page.evaluation.bands.rounding
        rate = formats.boxed(align="center", bold=True, num_format=rounding.number_format)
        formula = formulas.shown(page.at.limited[number], BandTable.in_workbook(page.evaluation.bands))
        canvas.formula(row, columns[6], formula, shown, rate)
        page.inputs.indicators.append(row)

    def draw_sum(row: int) -> None:
        cells = (a1(row - 1, 5), a1(row - 1, 6), a1(row - 1, 7))
        formula = _sum_formula(result, cells, page.at.raw[number], page.at.limited[number])
        look = formats.text(font_size=9, font_color=MUTED)
        waiting = _EXCLUDED if fact.is_excluded else _WAITING
        canvas.formula(row, ALL, formula, f"計算: {result.sum_text}" if result.sum_text else waiting, look)

    own = text_row([(name, columns[0], 10)], draw, least=24)
    return (*_year_rows(page, number), own, Row(19, 16, draw_sum))


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
    elif indicator.goal == 0:
        left = f'{actual}&IF({formulas.meets_at_least(row)}," ≧ 0 → "," ＜ 0 → ")'
    else:
        left = f'{actual}&" ÷ "&{target}&" = "'
    percent = f'SUBSTITUTE({formulas.shown_text(raw, table)},"-","−")'
    limit = f'IF({raw}={limited},""," → "&{figure_formula(f"(100*{limited})")}&"%")'
    waiting = f'IF({cells[2]}="{EXCLUDED}","{_EXCLUDED}","{_WAITING}")'
    return f'IF({raw}="",{waiting},"計算: "&{left}&{percent}&{limit})'


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
    parts = split_into_rows(
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
