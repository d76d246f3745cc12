"""Line charts of the counts by month, over the cells of 推移."""

from __future__ import annotations

import math
from dataclasses import dataclass

from xlsxwriter.chart import Chart

from kama_excel.spreadsheets.cells import column_letters
from kama_excel.spreadsheets.writing.fast_xlsxwriter import ReportBook
from kama_excel.spreadsheets.writing.style import FONT, HAIRLINE, INK, NAVY, WHITE, grade_colours, grade_symbols

Size = tuple[int, int]
"""Width and height in pixels."""
_MARKERS = {"◎": "diamond", "○": "circle", "□": "square", "◇": "triangle", "×": "x"}
_HOLLOW, _REPEATED = "○□", "square"  # the second grade of a symbol, where there are more grades than symbols
_MONTH_PIXELS = 45
_LINES = {"#BFDDF2": "#5AA5D6", "#FBD78A": "#D9952B"}  # grades' fills that are too light for a line


@dataclass(frozen=True, slots=True)
class TrendCells:
    """Where 推移 has its counts: the rows of its months and of the best grade, the columns of the first and the last month."""

    sheet: str
    heading_row: int
    first_grade_row: int
    columns: tuple[int, int]
    grades: tuple[str, ...]
    headline: str
    headline_row: int
    """The row below all that is counted: how many reach the plan's 見出しの区分."""

    def row(self, row: int) -> str:
        """Return a row's cells of all months."""
        first, last = map(column_letters, self.columns)
        return f"={self.sheet}!${first}${row}:${last}${row}"


def counts_chart(workbook: ReportBook, cells: TrendCells, size: Size) -> tuple[Chart, str]:
    """Return a chart of how many actions have each grade, a line a grade, and what it shows in words."""
    chart = workbook.add_chart({"type": "line"})
    symbols = grade_symbols([""] * len(cells.grades))
    for at, (colour, symbol) in enumerate(zip(grade_colours(len(cells.grades)), symbols, strict=True)):
        line = _LINES.get(colour.fill, colour.fill)
        shape = _REPEATED if symbol in symbols[:at] else _MARKERS[symbol]
        _add(chart, cells, cells.first_grade_row + at, line, shape, fill=WHITE if symbol in _HOLLOW else line)
    _finish(chart, cells, "評価区分ごとの件数", size)
    chart.set_legend({"position": "bottom", "font": {"name": FONT, "size": 8, "color": INK}})
    return chart, "評価区分ごとの件数の、月ごとの推移を表す折れ線グラフ"


def headline_chart(workbook: ReportBook, cells: TrendCells, size: Size) -> tuple[Chart, str]:
    """Return a chart of how many actions reach the plan's 見出しの区分, and what it shows in words."""
    chart = workbook.add_chart({"type": "line"})
    _add(chart, cells, cells.headline_row, NAVY, "circle", fill=NAVY, has_labels=True)
    _finish(chart, cells, [cells.sheet, cells.headline_row - 1, 0], size)
    chart.set_legend({"none": True})
    return chart, f"{cells.headline}の件数の、月ごとの推移を表す折れ線グラフ"


def _add(
    chart: Chart, cells: TrendCells, row: int, colour: str, marker: str, *, fill: str, has_labels: bool = False
) -> None:
    series = {
        "name": [cells.sheet, row - 1, 0],  # a text could be read as a formula
        "categories": cells.row(cells.heading_row),
        "values": cells.row(row),
        "line": {"color": colour, "width": 2},
        "marker": {"type": marker, "size": 5, "fill": {"color": fill}, "border": {"color": colour}},
    }
    if has_labels:
        font = {"name": FONT, "size": 9, "color": INK, "bold": True}
        series["data_labels"] = {"value": True, "position": "above", "font": font}
    chart.add_series(series)


def _finish(chart: Chart, cells: TrendCells, title: str | list[str | int], size: Size) -> None:
    font = {"name": FONT, "size": 8, "color": INK}
    chart.set_title({"name": title, "overlay": False, "name_font": {**font, "size": 9, "bold": True}})
    months = cells.columns[1] - cells.columns[0] + 1
    said = max(1, math.ceil(months * _MONTH_PIXELS / size[0]))  # so that no month has to be turned
    chart.set_x_axis({"num_font": font, "line": {"color": HAIRLINE}, "interval_unit": said})
    gridlines = {"visible": True, "line": {"color": HAIRLINE, "width": 0.5}}
    chart.set_y_axis(
        {"num_font": font, "major_gridlines": gridlines, "min": 0, "num_format": "0", "line": {"none": True}}
    )
    chart.set_chartarea({"border": {"color": HAIRLINE}})
    chart.set_size({"width": size[0], "height": size[1]})
    chart.show_blanks_as("gap")
