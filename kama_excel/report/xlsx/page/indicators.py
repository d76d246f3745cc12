"""The indicators on an action's page: changeable figures, with their calculation."""

from __future__ import annotations

from fractions import Fraction

from kama_excel.domain.calendar import date_label, year_label
from kama_excel.domain.keys import Field
from kama_excel.evaluation import formulas
from kama_excel.evaluation.facts import IndicatorFact
from kama_excel.evaluation.formulas import BandTable, IndicatorCells
from kama_excel.evaluation.rates import IndicatorResult, YearResult, number_text, shown_rate
from kama_excel.plan.rating import Direction
from kama_excel.plan.rows import Indicator
from kama_excel.report.wording import sign
from kama_excel.report.xlsx.page.addresses import (
    ACHIEVEMENT,
    ACTUAL,
    AS_OF,
    BASELINE,
    CERTAINTY,
    INDICATOR,
    TARGET,
    WEIGHT_COLUMN,
    indicator_cells,
)
from kama_excel.report.xlsx.page.input_rules import UNREPORTED
from kama_excel.report.xlsx.page.input_tables import EXCLUDED, NOTHING, flag, heading_row, write_sum
from kama_excel.report.xlsx.page.layout import CORRECTED, FIGURE_FORMATS, Page, text_row
from kama_excel.report.xlsx.page.needed_formulas import figure_formula
from kama_excel.spreadsheets.cells import a1, quoted
from kama_excel.spreadsheets.writing.paging import PageRow
from kama_excel.spreadsheets.writing.style import MUTED

_INDICATOR_COLUMNS = (INDICATOR, BASELINE, TARGET, ACTUAL, AS_OF, CERTAINTY, ACHIEVEMENT)
_WAITING = "計算　実績値が未報告です"
_EXCLUDED = "計算　対象外のため、平均に含めません"
_BOTH = 2  # rows of an indicator: name and calculation; its figures are merged over both


def write_indicators(page: Page) -> None:
    """Write every indicator: its figures, and below them the calculation as a live text."""
    if not page.evaluation.indicators and not page.evaluation.watched:
        return
    headings = ("指標（単位）・担当課", "基準値", "目標値", "実績値", "時点", "確度", "達成率")
    heading = heading_row(page, _INDICATOR_COLUMNS, headings)
    rows = [row for number in range(len(page.evaluation.indicators)) for row in _indicator_rows(page, number)]
    rows += [row for result in page.evaluation.watched for row in _watched_rows(page, result)]
    page.add(*rows, heading=(heading,), gap=6)
    _write_mean(page)


def _write_mean(page: Page) -> None:
    """Write how the rates of several indicators are combined."""
    if len(page.evaluation.indicators) < 2:  # noqa: PLR2004 -- the mean of one is itself
        return
    rates = [each.achievement for each in page.evaluation.indicators]
    write_sum(page, "① 各指標の平均", rates, lambda: _shown_rates(page), lambda: page.at.achievement)


def _shown_rates(page: Page) -> list[str]:
    return [a1(row, ACHIEVEMENT[0]) for row in page.inputs.indicators]


def _name_of(indicator: Indicator) -> str:
    named = f"{indicator.name}（{indicator.unit}）" if indicator.unit else indicator.name
    return f"{named}　{indicator.department}"


def _year_rows(page: Page, number: int) -> list[PageRow]:
    """Return the rows of the years of an indicator reported by year, oldest first."""
    result = page.evaluation.indicators[number]
    return [_year_row(page, number, year) for year in result.years]


def _draw_year_rate(page: Page, row: int, baseline: str, year: YearResult) -> None:
    """Write a year's rate by its own target; `baseline` is in the indicator's own row."""
    bands, indicator, columns = page.evaluation.bands, year.fact.indicator, _INDICATOR_COLUMNS
    look = page.formats.boxed(align="center", num_format=bands.rounding.number_format)
    if indicator.target is None:
        page.canvas.put(row, columns[6], NOTHING, look)
        return
    cells = indicator_cells(row)._replace(baseline=baseline)
    raw = f"IF(ISNUMBER({cells.actual}),{formulas.achievement(indicator, cells)},{formulas.NOTHING})"
    shown = None if year.rate is None else shown_rate(year.rate, bands)
    page.canvas.formula(row, columns[6], formulas.shown(raw, BandTable.in_workbook(bands)), shown, look)


def _year_row(page: Page, number: int, year: YearResult) -> PageRow:
    canvas, formats, indicator = page.canvas, page.formats, year.fact.indicator
    columns = _INDICATOR_COLUMNS

    def draw(row: int) -> None:
        label = f"{indicator.name}　{year_label(year.fiscal_year)}" + page.correction(
            indicator.key, Field.ACTUAL, Field.AS_OF
        )
        canvas.put(row, columns[0], label, formats.text(font_color=MUTED))
        canvas.put(row, columns[1], NOTHING, formats.boxed(align="center"))
        target = NOTHING if indicator.target is None else indicator.target
        look = formats.boxed(align="center", **_figure_look(target))
        canvas.put(row, columns[2], target, look)
        page.mark_changed(row, columns[2][0], target, FIGURE_FORMATS)
        _draw_report(page, row, year.fact)
        page.inputs.indicator_years.setdefault(number, {})[year.fiscal_year] = row

    name = f"{indicator.name}　{year_label(year.fiscal_year)}"
    return text_row([(name, columns[0], 10)], draw, least=19)


def _watched_rows(page: Page, result: IndicatorResult) -> list[PageRow]:
    """Return the row of an indicator without 目標値: its actual with the change."""
    canvas, formats, indicator = page.canvas, page.formats, result.fact.indicator
    columns, name = _INDICATOR_COLUMNS, f"{_name_of(result.fact.indicator)}　※目標値なし（参考）"

    def draw(row: int) -> None:
        canvas.put(row, columns[0], name, formats.text())
        for span, plain in ((columns[1], indicator.baseline), (columns[2], None)):
            shown = NOTHING if plain is None else plain
            canvas.put(row, span, shown, formats.boxed(align="center", **_figure_look(shown)))
        if result.years:
            actual = UNREPORTED if result.fact.actual is None else result.fact.actual
            canvas.put(row, columns[3], actual, formats.boxed(align="center", bold=True, **_figure_look(actual)))
            for span in columns[4:6]:
                canvas.put(row, span, NOTHING, formats.boxed(align="center"))
        else:
            _draw_report(page, row, result.fact)
        change = result.change
        change_text = NOTHING if change is None else f"{sign(change)}{number_text(abs(change))}"
        canvas.put(row, columns[6], change_text, formats.boxed(align="center", bold=True))

    return [text_row([(name, columns[0], 10)], draw, least=24)]


def _draw_report(page: Page, row: int, fact: IndicatorFact, *, rows: int = 1) -> None:
    """Write 実績値, 時点 and 確度 as reported, over some rows."""
    columns, formats, key = _INDICATOR_COLUMNS, page.formats, fact.indicator.key
    page.link_to_data(row, columns[3][0], key)
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
        page.canvas.put(row, span, value, cell_format, rows=rows)
        page.mark_changed(row, span[0], value, FIGURE_FORMATS if item is Field.ACTUAL else None)
    if fact.as_of is not None and fact.as_of > page.evaluation.month.last_day:
        flag(page, row, WEIGHT_COLUMN, 1)


def _draw_together(page: Page, row: int, number: int) -> None:
    """Write the combined actual of an indicator reported by year, and its target."""
    result, columns = page.evaluation.indicators[number], _INDICATOR_COLUMNS
    indicator, plan = result.fact.indicator, page.evaluation.plan
    actuals, targets = (page.inputs.year_cells(number, column) for column in (ACTUAL[0], TARGET[0]))
    for year in result.years:
        _draw_year_rate(
            page, page.inputs.indicator_years[number][year.fiscal_year], indicator_cells(row).baseline, year
        )
    value = UNREPORTED if result.fact.actual is None else result.fact.actual
    formula = formulas.taken_together(indicator.aggregation, actuals, actuals)
    formula = f'IF(COUNT({actuals})=0,"{UNREPORTED}",{formula})'
    look = page.formats.boxed(align="center", bold=True, **_figure_look(value))
    page.canvas.formula(row, columns[3], formula, value, look, rows=_BOTH)
    for span in columns[4:6]:
        page.canvas.put(row, span, NOTHING, page.formats.boxed(align="center"), rows=_BOTH)
    own = next(each.target for each in plan.at(page.evaluation.month).measured if each.no == indicator.no)
    if result.is_by_yearly_targets:
        page.inputs.live.add(number)
        together = formulas.taken_together(indicator.aggregation, targets, actuals)
        formula = f"IF(COUNT({actuals})=0,{formulas.number(own or Fraction(0))},{together})"
        look = page.formats.boxed(align="center", **_figure_look(indicator.goal))
        page.canvas.formula(row, columns[2], formula, indicator.goal, look, rows=_BOTH)


def _indicator_rows(page: Page, number: int) -> tuple[PageRow, ...]:
    result = page.evaluation.indicators[number]
    fact, formats, canvas = result.fact, page.formats, page.canvas
    indicator = fact.indicator
    name = _name_of(indicator) + (f"　{indicator.aggregation.value}" if result.years else "")
    name += page.correction(indicator.key, Field.ACTUAL, Field.AS_OF, Field.CERTAINTY)
    columns = _INDICATOR_COLUMNS

    def draw(row: int) -> None:
        canvas.put(row, columns[0], name, formats.text(bottom=0))
        for span, plain in ((BASELINE, indicator.baseline), (TARGET, indicator.target)):
            if span == TARGET and result.is_by_yearly_targets:
                continue
            shown_actual = NOTHING if plain is None else plain
            look = formats.boxed(align="center", **_figure_look(shown_actual))
            canvas.put(row, span, shown_actual, look, rows=_BOTH)
            page.mark_changed(row, span[0], shown_actual, FIGURE_FORMATS)
        if result.years:
            _draw_together(page, row, number)
        else:
            _draw_report(page, row, fact, rows=_BOTH)
        shown = None if result.achievement is None else shown_rate(result.achievement, page.evaluation.bands)
        rounding = page.evaluation.bands.rounding
        rate = formats.boxed(align="center", bold=True, num_format=rounding.number_format)
        formula = formulas.shown(page.at.limited[number], BandTable.in_workbook(page.evaluation.bands))
        canvas.formula(row, columns[6], formula, shown, rate, rows=_BOTH)
        page.inputs.indicators.append(row)

    before = _before(page, indicator.no)
    waiting = _EXCLUDED if fact.is_excluded else _WAITING
    value = (f"計算　{result.sum_text}" if result.sum_text else waiting) + before

    def draw_sum(row: int) -> None:
        cells = indicator_cells(row - 1, is_live=result.is_by_yearly_targets)
        formula = _sum_formula(result, cells, page.at.raw[number], page.at.limited[number])
        formula += f"&{quoted(before)}" if before else ""
        look = formats.text(font_size=9, font_color=MUTED, top=0)
        canvas.formula(row, INDICATOR, formula, value, look)

    own = text_row([(name, columns[0], 10)], draw, least=18)._replace(is_kept=True)
    return (*_year_rows(page, number), own, text_row([(value, INDICATOR, 9)], draw_sum, least=16))


def _before(page: Page, number: str) -> str:
    """Return the actual of the month before as text; '' if there is none."""
    states = page.report.states
    if len(states) < 2 or page.evaluation.is_ended:  # noqa: PLR2004 -- the month of the run is the last of them
        return ""
    results = (each for action in states[-2].evaluation.actions for each in action.indicators)
    found = next((each.fact for each in results if each.fact.indicator.no == number), None)
    return "" if found is None or found.actual is None else f"　{page.report.before_label} {number_text(found.actual)}"


def _figure_look(value: str | Fraction) -> dict[str, object]:
    """Return the look of a figure: smaller if the cell is too narrow, never as 1E+06."""
    if isinstance(value, str):
        return {"num_format": "General"}
    return {"num_format": FIGURE_FORMATS.of(value), "shrink": True}


def _sum_formula(result: IndicatorResult, row: IndicatorCells, raw: str, limited: str) -> str:
    """Return the calculation as a formula, equal to `IndicatorResult.sum_text`."""
    indicator, table = result.fact.indicator, BandTable.in_workbook(result.bands)
    base, target, actual = (figure_formula(cell) for cell in (row.baseline, row.target, row.actual))
    by_baseline = f'"("&{actual}&" − "&{base}&") ÷ ("&{target}&" − "&{base}&") = "'
    of_zero = f'{actual}&IF({formulas.meets_at_least(row)}," ≧ 0 → "," ＜ 0 → ")'
    by_target = formulas.by_target(indicator, row, of_zero, f'{actual}&" ÷ "&{target}&" = "')
    if indicator.direction is Direction.DOWN:
        by_target = f'IF({formulas.meets_at_most(row)},{actual}&" ≦ "&{target}&" → ",{target}&" ÷ "&{actual}&" = ")'
    left = formulas.by_case(indicator, row, by_baseline, by_target)
    percent = f'SUBSTITUTE({formulas.shown_text(raw, table)},"-","−")'
    limit = f'IF({raw}={limited},""," → "&{figure_formula(f"(100*{limited})")}&"%")'
    waiting = f'IF({row.actual}="{EXCLUDED}","{_EXCLUDED}","{_WAITING}")'
    return f'IF({raw}="",{waiting},"計算　"&{left}&{percent}&{limit})'
