"""The tasks of each year on an action's page: 実施 or 予定, and the year's mean."""

from __future__ import annotations

from fractions import Fraction

from kama_excel.domain.calendar import year_label, year_short
from kama_excel.domain.keys import Field
from kama_excel.evaluation import formulas
from kama_excel.evaluation.facts import TaskFact
from kama_excel.evaluation.formulas import BandTable
from kama_excel.evaluation.rates import ZERO, YearProgress, shown_rate
from kama_excel.report.xlsx.page.addresses import (
    PLANNED_COLUMN,
    TASK,
    TASK_DEPARTMENT,
    TASK_RATE,
    WEIGHT_COLUMN,
    YEAR_MEAN,
)
from kama_excel.report.xlsx.page.input_rules import UNREPORTED
from kama_excel.report.xlsx.page.input_tables import NOTHING, flag, heading_row, write_sum
from kama_excel.report.xlsx.page.layout import CORRECTED, PROGRESS_FORMATS, Page, span_pixels, text_row
from kama_excel.spreadsheets.cells import a1
from kama_excel.spreadsheets.writing.measure import INDENT, split_into_rows
from kama_excel.spreadsheets.writing.paging import PageRow
from kama_excel.spreadsheets.writing.style import MUTED, NAVY, PALE_BAR, PLANNED, RED

_DEPARTMENT_SIZE, _TASK_SIZE = 9.0, 10.0
_HIGHEST_PIECE = 240.0
_LOW = 44  # pixels; a large figure in a lower box touches its border


def write_years(page: Page) -> None:
    """Write the table of every year that has tasks."""
    if any(year.tasks for year in page.evaluation.years):
        page.section("年度ごとのタスクと進捗率")
    gap = 0.0
    for year in page.evaluation.years:
        if year.tasks:
            _write_year(page, year, gap)
            gap = 6.0
    rates = [year.progress for year in page.evaluation.years if year.tasks]
    if len(rates) > 1:
        write_sum(page, "② 各年度の平均", rates, lambda: _shown_means(page), lambda: page.at.average)


def _shown_means(page: Page) -> list[str]:
    return [a1(first, YEAR_MEAN[0]) for first, _ in page.inputs.years.values()]


def _write_year(page: Page, year: YearProgress, gap: float) -> None:
    columns = (TASK_DEPARTMENT, TASK, TASK_RATE, YEAR_MEAN)
    label = f"{year_short(year.fiscal_year)}平均" + ("" if year.has_begun else "（予定）")
    word = "実施" if year.has_begun else "予定"
    heading = heading_row(page, columns, ("担当課", f"{year_label(year.fiscal_year)}　計画", word, label))

    def done(first: int, last: int, is_first: bool) -> None:  # noqa: FBT001 -- as `Block.done` has it
        page.canvas.sheet.add_data_bar(f"{a1(first, TASK_RATE[0])}:{a1(last, TASK_RATE[1])}", PALE_BAR)
        known = page.inputs.years.get(year.fiscal_year)
        page.inputs.years[year.fiscal_year] = (known[0] if known else first, last)
        colour = {"font_color": PLANNED, "italic": True} if year.is_planned else {"font_color": NAVY}
        is_low = page.canvas.pixels(first, last - first + 1) < _LOW
        size = 12 if is_low or not is_first else 20  # where the table continues, the mean is repeated
        if year.progress is None:
            size, colour = 10, {"font_color": MUTED}
        none = "報告なし" if year.has_begun else "予定の記入なし"
        look = page.formats.boxed(
            bold=True, font_size=size, align="center", num_format=page.evaluation.bands.rounding.number_format, **colour
        )
        shown = none if year.progress is None else shown_rate(year.progress, page.evaluation.bands)
        formula = formulas.shown(page.at.years[year.fiscal_year], BandTable.in_workbook(page.evaluation.bands))
        formula = f'IF({page.at.years[year.fiscal_year]}="","{none}",{formula})'
        page.canvas.formula(first, YEAR_MEAN, formula, shown, look, rows=last - first + 1)

    rows = [row for fact in year.tasks for row in _task_rows(page, fact, year)]
    page.add(*rows, heading=(heading,), gap=gap, done=done)


def _task_rows(page: Page, fact: TaskFact, year: YearProgress) -> list[PageRow]:
    """Return the row of a task, and further ones if its text is too long."""
    rows = []
    correction = page.correction(fact.task.key, Field.DONE, Field.EXPECTED)
    text = fact.task.text + correction
    parts = split_into_rows(text, span_pixels(TASK) - INDENT, _TASK_SIZE, most=_HIGHEST_PIECE)
    for number, piece in enumerate(parts):
        label = fact.task.department + "（続き）" * (number > 0)

        def draw(row: int, label: str = label, piece: str = piece, *, is_first: bool = number == 0) -> None:
            page.canvas.put(row, TASK_DEPARTMENT, label, page.formats.text(font_size=_DEPARTMENT_SIZE))
            page.canvas.put(row, TASK, piece, page.formats.text())
            if is_first:
                _draw_progress(page, row, fact, year, is_corrected=bool(correction))
            else:
                page.canvas.put(row, TASK_RATE, None, page.formats.boxed())

        texts = [(piece, TASK, _TASK_SIZE), (label, TASK_DEPARTMENT, _DEPARTMENT_SIZE)]
        rows.append(text_row(texts, draw, least=20))
    return rows


def _draw_progress(page: Page, row: int, fact: TaskFact, year: YearProgress, *, is_corrected: bool) -> None:
    page.link_to_data(row, TASK_RATE[0], fact.task.key)
    colour: dict[str, object] = {"font_color": PLANNED, "italic": True} if fact.is_planned else {}
    shown: Fraction | str | None = fact.progress
    if fact.is_excluded:
        shown = "対象外"
    elif fact.progress is None:
        shown, colour = NOTHING, {"font_color": MUTED}
        if year.has_begun:
            shown, colour = UNREPORTED, {"font_color": RED}
    if is_corrected:
        colour = colour | CORRECTED
    look = page.formats.boxed(align="center", num_format=PROGRESS_FORMATS.of(fact.progress or ZERO), **colour)
    page.canvas.put(row, TASK_RATE, shown, look)
    page.mark_changed(row, TASK_RATE[0], shown, PROGRESS_FORMATS)
    if fact.is_planned or not year.has_begun:
        flag(page, row, PLANNED_COLUMN, 1)
    flag(page, row, WEIGHT_COLUMN, fact.task.weight)
