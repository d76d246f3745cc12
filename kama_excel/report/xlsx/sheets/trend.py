"""推移: the counts by grade and every action's adopted rate and grade, month by month, evaluated anew from the input."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from itertools import pairwise

from kama_excel.domain.calendar import Month, month_short
from kama_excel.evaluation.action import COUNTED_APART
from kama_excel.evaluation.rates import shown_rate
from kama_excel.report.month_report import Report
from kama_excel.report.wording import monthly_counts_text, months_between, points_text
from kama_excel.report.xlsx.sheets.checks import BACK
from kama_excel.report.xlsx.sheets.trend_charts import TrendCells, counts_chart, headline_chart
from kama_excel.spreadsheets.cells import a1, column_letters
from kama_excel.spreadsheets.writing.canvas import Canvas, Span
from kama_excel.spreadsheets.writing.fast_xlsxwriter import ReportBook
from kama_excel.spreadsheets.writing.measure import INDENT, column_pixels, row_points
from kama_excel.spreadsheets.writing.style import FIGURES, NAVY, PALE, WHITE, grade_look

NAME = "推移"
NOT_BEGUN = "－"
_FIRST_MONTH_COLUMN = 3
_HEADING_ROW = 3
_FIRST_GRADE_ROW = _HEADING_ROW + 2
_YEAR_COLUMNS = 2  # the same month of the year before, and how much it moved since
_NAME_WIDTH, _MONTH_WIDTH = 46.0, 9.5
_CHART_ROWS, _ROW_PIXELS = 14, 20
_FIRST_LINES = 5
_CHART_SHARES = (0.57, 0.43)
_CHARTS_WIDE = (780, 1100)
_MOST_ON_A_PAGE = 1500  # pixels of columns that are still read on A4 across


def write_trend(workbook: ReportBook, canvas: Canvas, report: Report) -> None:
    """Write the sheet. The figures are those of each month's own evaluation, not formulas."""
    formats, plan, states = canvas.formats, report.plan, report.states
    columns = len(states) + (_YEAR_COLUMNS if report.year_before else 0)
    canvas.widths(5, _NAME_WIDTH, *[_MONTH_WIDTH] * columns)
    canvas.head(f"{NAME}　{report.month.label}分", _note([state.month for state in states]), links=BACK)
    _write_counts(canvas, report)
    cells = trend_cells(report)
    below = cells.headline_row + 2
    for row in range(below, below + _CHART_ROWS):
        canvas.height(row, _ROW_PIXELS * 72 / 96)
    height = _CHART_ROWS * _ROW_PIXELS - 10
    wide = sum(column_pixels(width) for width in (5, _NAME_WIDTH, *[_MONTH_WIDTH] * columns))
    room = min(max(wide, _CHARTS_WIDE[0]), _CHARTS_WIDE[1])
    left = 0
    reached = "、".join(f"{state.month.label} {state.evaluation.reached}件" for state in states)
    charts = zip((counts_chart, headline_chart), _CHART_SHARES, (monthly_counts_text(states), reached), strict=True)
    for chart, share, said in charts:
        drawn, description = chart(workbook, cells, (round(room * share) - 5, height))
        options = {"x_offset": left, "description": f"{description}。{said}", "object_position": 2}
        canvas.sheet.insert_chart(a1(below, 1), drawn, options)
        left += round(room * share) + 5
    first = _first_action_row(report)
    _band(canvas, first - 1, "採用した達成率", columns)
    rate = formats.boxed(num_format=plan.bands.rounding.number_format, align="center", font_size=9, font_name=FIGURES)
    actions = [each.action for each in report.evaluation.actions]
    grades = first + len(actions) + 2
    _band(canvas, grades - 1, "評価区分", columns)
    known = [{each.action.no: each for each in state.evaluation.actions} for state in states]
    for at, action in enumerate(actions):
        for row in (first + at, grades + at):
            canvas.put(row, 1, action.no, formats.boxed(align="center", font_size=9))
            canvas.put(row, 2, action.name, formats.boxed(font_size=9, text_wrap=True, indent=1))
            canvas.height(row, row_points(action.name, column_pixels(_NAME_WIDTH) - INDENT, 9, least=17))
        for column, of_month in enumerate(known, start=_FIRST_MONTH_COLUMN):
            each = of_month.get(action.no)
            if each is None:
                canvas.put(first + at, column, NOT_BEGUN, rate)
                canvas.put(grades + at, column, NOT_BEGUN, formats.boxed(align="center", font_size=8))
                continue
            shown = None if each.adopted is None else shown_rate(each.adopted, plan.bands)
            canvas.put(first + at, column, shown, rate)
            look = formats.boxed(align="center", font_size=9, shrink=True, **grade_look(plan.bands.names, each.grade))
            canvas.put(grades + at, column, each.category, look)
    _write_year_before(canvas, report, first, grades)
    canvas.sheet.freeze_panes(_HEADING_ROW, 2)
    canvas.sheet.repeat_columns(0, 1)
    canvas.sheet.repeat_rows(_HEADING_ROW - 1)
    canvas.print_setup(landscape=True, footer=f"{plan.name}　{NAME}　{report.month.label}分")
    if wide > _MOST_ON_A_PAGE:
        canvas.sheet.fit_to_pages(math.ceil(wide / _MOST_ON_A_PAGE), 0)
        return
    blocks = [(1, first - 2), *_blocks(first, len(actions)), *_blocks(grades, len(actions))]
    canvas.keep_together(blocks, repeated=_HEADING_ROW, wide=max(wide, room))


def _write_year_before(canvas: Canvas, report: Report, first: int, grades: int) -> None:
    """Write beside the months what stood in the same month of the year before, and how much it is now."""
    state = report.year_before
    if state is None:
        return
    formats = canvas.formats
    before, moved = (_FIRST_MONTH_COLUMN + len(report.states) + at for at in range(_YEAR_COLUMNS))
    heading = formats.boxed(bold=True, font_color=NAVY, bg_color=PALE, align="center", font_size=8, text_wrap=True)
    canvas.put(_HEADING_ROW, before, f"前年同月 {month_short(state.month)}", heading)
    canvas.put(_HEADING_ROW, moved, "前年から", heading)
    figure = formats.boxed(align="center", font_size=9, font_name=FIGURES)
    was, now = state.evaluation.count(), report.evaluation.count()
    counts = [(was.get(name, 0), now.get(name, 0)) for name in _categories(report)]
    for row, (old, new) in enumerate(
        [*counts, (state.evaluation.reached, report.evaluation.reached)], _FIRST_GRADE_ROW
    ):
        canvas.put(row, before, old, figure)
        canvas.put(row, moved, f"{'＋' if new > old else '－' if new < old else '±'}{abs(new - old)}", figure)
    known = {each.action.no: each for each in state.evaluation.actions}
    rate = formats.boxed(
        num_format=report.plan.bands.rounding.number_format, align="center", font_size=9, font_name=FIGURES
    )
    for at, each in enumerate(report.evaluation.actions):
        found = known.get(each.action.no)
        old_rate = None if found is None or found.adopted is None else shown_rate(found.adopted, report.plan.bands)
        canvas.put(first + at, before, NOT_BEGUN if found is None else old_rate, rate)
        canvas.put(first + at, moved, points_text(found.adopted, each.adopted) if found else "", figure)
        grade = found.grade if found else None
        look = grade_look(report.plan.bands.names, grade) if found else {}
        word = formats.boxed(align="center", font_size=9, shrink=True, **look)
        canvas.put(grades + at, before, found.category if found else NOT_BEGUN, word)
        canvas.put(grades + at, moved, _way(report, found.grade if found else None, each.grade), figure)


def _way(report: Report, before: str | None, after: str | None) -> str:
    """Return whether the grade rose or fell since the year before, '' where either month has none."""
    names = report.plan.bands.names
    if before is None or after is None:
        return ""
    moved = names.index(before) - names.index(after)
    return "上昇" if moved > 0 else "下降" if moved < 0 else "同じ"


def _blocks(first: int, rows: int) -> list[Span]:
    """Return what stands together of a table of actions: its title with the first lines, then line by line to the gap below."""
    begun = min(rows, _FIRST_LINES)
    return [(first - 1, first + begun - 1), *((row, row) for row in range(first + begun, first + rows + 1))]


def trend_cells(report: Report) -> TrendCells:
    """Return where the sheet has the months and the counts, for charts of them."""
    grades = report.plan.bands.names
    first, last = _FIRST_MONTH_COLUMN, _FIRST_MONTH_COLUMN + len(report.states) - 1
    below = _FIRST_GRADE_ROW + len(_categories(report))
    return TrendCells(NAME, _HEADING_ROW, _FIRST_GRADE_ROW, (first, last), grades, report.plan.headline_label, below)


def _categories(report: Report) -> tuple[str, ...]:
    """Return what actions are counted as in any of the months, in the order of the grades."""
    known = (state.evaluation.categories for state in report.states)
    return tuple(dict.fromkeys(sorted({word for words in known for word in words}, key=_category_order(report))))


def _category_order(report: Report) -> Callable[[str], int]:
    order = [*report.plan.bands.names, *(status.value for status in COUNTED_APART)]
    return order.index


def rates_of(report: Report, at: int, most: int | None = None) -> str:
    """Return the cells of the adopted rates of the action at that place in the plan, of the last months at most."""
    return _month_cells(report, _first_action_row(report) + at, most)


def months_of(report: Report, most: int | None = None) -> str:
    """Return the cells of the months' names."""
    return _month_cells(report, _HEADING_ROW, most)


def _month_cells(report: Report, row: int, most: int | None) -> str:
    count = len(report.states)
    first = _FIRST_MONTH_COLUMN + max(count - (most or count), 0)
    last = _FIRST_MONTH_COLUMN + count - 1
    return f"{NAME}!${column_letters(first)}${row}:${column_letters(last)}${row}"


def _first_action_row(report: Report) -> int:
    return trend_cells(report).headline_row + 2 + _CHART_ROWS + 2


def _note(months: Sequence[Month]) -> str:
    gaps = [gap.label for before, after in pairwise(months) for gap in months_between(before, after)]
    missing = f"入力フォルダのない月（{'・'.join(gaps)}）はありません。" if gaps else ""
    return f"各月の様式から計算し直した値です。途中の月に提出のない課は、その前の様式の値で計算しています。{missing}"


def _write_counts(canvas: Canvas, report: Report) -> None:
    """Write the counts by grade, and below them how many reach the plan's 見出しの区分."""
    plan, formats, cells = report.plan, canvas.formats, trend_cells(report)
    _headings(canvas, [state.month for state in report.states])
    columns = len(report.states) + (_YEAR_COLUMNS if report.year_before else 0)
    _band(canvas, _HEADING_ROW + 1, "評価区分ごとの件数", columns)
    counts = [state.evaluation.count() for state in report.states]
    figure = formats.boxed(align="center", font_size=9)
    for row, name in enumerate(_categories(report), start=_FIRST_GRADE_ROW):
        canvas.put(row, (1, 2), name, formats.boxed(bold=True, font_size=9, indent=1))
        for column, count in enumerate(counts, start=_FIRST_MONTH_COLUMN):
            canvas.put(row, column, count.get(name, 0), figure)
    canvas.put(cells.headline_row, (1, 2), plan.headline_label, formats.boxed(bold=True, font_size=9, indent=1))
    bold = formats.boxed(align="center", font_size=9, bold=True)
    for column, state in enumerate(report.states, start=_FIRST_MONTH_COLUMN):
        canvas.put(cells.headline_row, column, state.evaluation.reached, bold)


def _headings(canvas: Canvas, months: Sequence[Month]) -> None:
    """Write the months once for all tables: they stay in view, and every printed page repeats them."""
    look = canvas.formats.boxed(bold=True, font_color=WHITE, bg_color=NAVY, align="center", font_size=9)
    canvas.height(_HEADING_ROW, 22)
    canvas.put(_HEADING_ROW, (1, 2), "区分・アクション", look)
    for column, month in enumerate(months, start=_FIRST_MONTH_COLUMN):
        canvas.put(_HEADING_ROW, column, month_short(month), look)


def _band(canvas: Canvas, row: int, title: str, months: int) -> None:
    """Write the title of a table across it."""
    look = canvas.formats(bold=True, font_color=NAVY, bg_color=PALE, indent=1, top=2, top_color=NAVY)
    canvas.height(row, 22)
    canvas.put(row, (1, _FIRST_MONTH_COLUMN - 1 + months), title, look)
