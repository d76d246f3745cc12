"""The sheet 総括 under construction: grid, blocks, next free row, headings, chips."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from kama_excel.report.month_report import Report
from kama_excel.report.wording import elapsed_months
from kama_excel.report.xlsx.sheets.list_references import ListReferences
from kama_excel.spreadsheets.cells import a1
from kama_excel.spreadsheets.writing.book import Book
from kama_excel.spreadsheets.writing.canvas import Canvas, Span
from kama_excel.spreadsheets.writing.style import NAVY, WHITE

WIDTH = 22
"""The width of a column in pixels."""
_CHARACTERS = 2.43
HEADING_SIZE = 12.5
_CHIP_EDGES = ("left", "right", "bottom")  # the line of a heading above it stays whole
"""The size of a block's heading in points."""


class Layout(NamedTuple):
    """The spans of the blocks, and the heights of their rows in pixels."""

    columns: int
    left: Span
    """Moved grades, and slow actions below them."""
    middle: Span
    """Open decisions."""
    trend: Span
    measures: Span
    name: str
    """The column of 一覧 with the names of moved actions, cut to the width here."""
    bar: int
    """Columns of a slow action's bar."""
    row: int
    """Height of a moved action's row."""
    bar_row: int
    """Height of the row of a slow action, and of a measure."""

    @property
    def all(self) -> Span:
        """The span of the page."""
        return 1, self.columns

    @property
    def first_hidden(self) -> int:
        """The first column of values for charts and formulas: right of the printed page."""
        return self.columns + 2

    @property
    def is_portrait(self) -> bool:
        """Whether the measures are below all other blocks, and the trend beside the slow actions."""
        return self.measures[0] == 1


LANDSCAPE = Layout(59, (1, 22), (24, 43), (45, 59), (24, 59), "名称", 7, 23, 26)
"""It fills a screen of 1366 pixels."""
PORTRAIT = Layout(42, (1, 20), (23, 42), (23, 42), (1, 42), "名称（短）", 5, 29, 34)
"""The page of the printed report."""


class Overview:
    """総括 under construction: `row` is the next free row."""

    def __init__(self, book: Book, canvas: Canvas, report: Report, in_list: ListReferences, layout: Layout) -> None:
        """Set the grid on the sheet of `canvas`; `in_list` holds the cells of 一覧."""
        self.layout = layout
        self.book, self.canvas, self.formats = book, canvas, canvas.formats
        self.report, self.in_list = report, in_list
        self.row = 1
        self.chips: list[str] = []
        canvas.widths(*[_CHARACTERS] * layout.columns)

    @property
    def mark(self) -> Fraction:
        """The elapsed share of the plan's time, 0–1."""
        return Fraction(*elapsed_months(self.report.plan, self.report.month))

    def next_row(self, pixels: float) -> int:
        """Take a row of this height and return its number."""
        self.canvas.height(self.row, pixels * 72 / 96)
        self.row += 1
        return self.row - 1

    def heading(self, row: int, span: Span, title: str, *, key: str = "", after: str = "", colour: str = NAVY) -> None:
        """Write a block's heading with the number of actions in the list's column `key`."""
        look = self.formats(bold=True, font_size=HEADING_SIZE, font_color=colour, bottom=2, bottom_color=NAVY)
        if not key:
            self.canvas.put(row, span, title, look)
            return
        value = f"{title} {len(self.in_list.numbers[key])}件{after}"
        self.canvas.formula(row, span, f'"{title} "&COUNT({self.in_list[key]})&"件{after}"', value, look)

    def chip(self, row: int, column: int, formula: str, value: str) -> None:
        """Write a grade into a cell of three columns, to be coloured by it."""
        edge = dict.fromkeys(_CHIP_EDGES, 1) | {f"{side}_color": WHITE for side in _CHIP_EDGES}
        look = self.formats(bold=True, font_size=10.5, align="center", **edge)
        self.canvas.formula(row, (column, column + 2), formula, value, look)
        self.chips.append(f"{a1(row, column)}:{a1(row, column + 2)}")

    def colour_chips(self) -> None:
        """Colour the chips by the words in them."""
        for cells in self.chips:
            first = cells.partition(":")[0]
            self.canvas.grade_colours(cells, f"${first}", self.report.plan.bands.names)
