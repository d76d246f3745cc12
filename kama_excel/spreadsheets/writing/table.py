"""The common table layout: grid columns, headings, row heights, page breaks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping, Sequence
from types import MappingProxyType
from typing import NamedTuple

from xlsxwriter.format import Format

from kama_excel.spreadsheets.writing.canvas import Canvas, Span, Value
from kama_excel.spreadsheets.writing.measure import INDENT, row_points
from kama_excel.spreadsheets.writing.style import LINK, MUTED, NAVY, PALE, SIZE, WHITE

NOTHING = "ありません。"
Look = Mapping[str, object]
_TITLE_POINTS = 22.0
_PLAIN: Look = MappingProxyType({})


class TableCell(NamedTuple):
    """A value and its own look beside its column's.

    `formula` makes it live, and the value is its result. `link` is the sheet or cell that it leads to. An input
    (`is_input`) is typed into, in percent (96 is stored as 0.96) or not.
    """

    value: Value
    look: Look = _PLAIN
    formula: str = ""
    link: str = ""
    is_input: bool = False
    is_in_percent: bool = False
    is_measured: bool = True
    """Whether its wrapped text makes the row higher."""


Line = Sequence[Value | TableCell]


class Column(NamedTuple):
    """A heading, its columns of the grid, and the look of its cells.

    A column whose look has `text_wrap` False makes no row higher.
    """

    heading: str
    span: int | Span
    look: Look = _PLAIN
    heading_look: Look = _PLAIN
    """The look of the heading over the default: white on navy."""


def one_each(*columns: tuple[str, float] | tuple[str, float, Look]) -> tuple[tuple[Column, ...], tuple[float, ...]]:
    """Return columns of one grid column each, and their widths.

    From (heading, width) or (heading, width, look).
    """
    made = tuple(Column(each[0], at, each[2] if len(each) > 2 else {}) for at, each in enumerate(columns, start=1))  # noqa: PLR2004
    return made, tuple(each[1] for each in columns)


class Table(NamedTuple):
    """Columns under their headings, with an optional title above.

    Without headings those of the whole sheet apply.
    """

    columns: tuple[Column, ...]
    title: str = ""
    size: float = 9.0
    has_headings: bool = True
    least: float = 20.0
    """Minimum height of a row in points."""
    heading_least: float = 22.0
    """Minimum height of the heading row in points."""
    padding: float = 5.0
    """Points above and below a text together."""
    base: Look = _PLAIN
    """The look of every cell over the default: text in a hairline box."""

    def reworded(self, word: str, other: str) -> Table:
        """Return the table with a word of its title and headings replaced."""
        columns = tuple(each._replace(heading=each.heading.replace(word, other)) for each in self.columns)
        return self._replace(title=self.title.replace(word, other), columns=columns)

    def write(
        self,
        canvas: Canvas,
        row: int,
        lines: Sequence[Line],
        *,
        empty: str = NOTHING,
        after: Callable[[int], None] | None = None,
    ) -> list[Span]:
        """Write title, headings and lines from a row on; `after` gets each line's row.

        Return the spans that stay together on a page: title and headings with the first line, then each line.
        """
        first = row
        if self.title:
            self._title(canvas, first)
            first += 1
        if not lines:
            canvas.put(first, 1, empty, canvas.formats(font_size=self.size, font_color=MUTED))
            canvas.height(first, self.least)
            return [(row, first)]
        if self.has_headings:
            self.write_headings(canvas, first)
            first += 1
        written = self.lines(canvas)
        for number, line in enumerate(lines, start=first):
            written.write(number, line)
            if after:
                after(number)
        return [(row, first), *((each, each) for each in range(first + 1, first + len(lines)))]

    def write_headings(self, canvas: Canvas, row: int) -> None:
        """Write a row of headings."""
        heights = (row_points(each.heading, canvas.span_pixels(each.span), self.size) for each in self.columns)
        canvas.height(row, max(self.heading_least, *heights))
        looks = {"bold": True, "align": "center", "text_wrap": True, "font_color": WHITE, "bg_color": NAVY}
        for column in self.columns:
            look = canvas.formats.boxed(**{**looks, "font_size": self.size, **column.heading_look})
            canvas.put(row, column.span, column.heading, look)

    def lines(self, canvas: Canvas) -> TableLines:
        """Return the writer of the table's lines on a sheet."""
        looks = tuple({"font_size": self.size, **self.base, **column.look} for column in self.columns)
        return TableLines(self, canvas, looks, tuple(canvas.formats.text(**look) for look in looks))

    def add_filter(self, canvas: Canvas, heading_row: int, last_row: int) -> None:
        """Add a filter to the heading row for the rows below."""
        spans = [each.span if isinstance(each.span, tuple) else (each.span, each.span) for each in self.columns]
        first, last = min(span[0] for span in spans), max(span[1] for span in spans)
        canvas.sheet.autofilter(heading_row - 1, first - 1, max(last_row, heading_row + 1) - 1, last - 1)

    def _title(self, canvas: Canvas, row: int) -> None:
        look = {"bold": True, "font_color": NAVY, "bg_color": PALE, "top": 2, "top_color": NAVY}
        look |= {"text_wrap": True, "align": "left", "indent": 1}
        canvas.put(row, canvas.all_columns, self.title, canvas.formats(**look))
        room = canvas.span_pixels(canvas.all_columns) - INDENT
        canvas.height(row, row_points(self.title, room, SIZE, least=_TITLE_POINTS))


class TableLines(NamedTuple):
    """The lines of a table on a sheet, with the look and the format of each column's cells."""

    table: Table
    canvas: Canvas
    looks: tuple[Look, ...]
    formats: tuple[Format, ...]

    def write(self, row: int, line: Line, *, least: float | None = None) -> None:
        """Write one line, as high as the highest of its texts, at least as the table's or `least`."""
        canvas, table = self.canvas, self.table
        heights = [table.least if least is None else least]
        for given, column, look_of_column, cell_format in zip(
            line, table.columns, self.looks, self.formats, strict=True
        ):
            cell = given if isinstance(given, TableCell) else TableCell(given)
            looks, look = look_of_column, cell_format
            if cell.look:
                looks = {**looks, **cell.look}
                look = canvas.formats.text(**looks)
            if cell.is_measured and isinstance(cell.value, str) and looks.get("text_wrap", True):
                size, room = float(str(looks["font_size"])), canvas.span_pixels(column.span) - INDENT
                heights.append(row_points(cell.value, room, size, padding=table.padding))
            if cell.link:
                look = canvas.formats.text(**{**looks, "font_color": LINK, "underline": 1})
                canvas.link(row, column.span, cell.link, _computed(cell.value), look)
            elif cell.formula:
                canvas.formula(row, column.span, cell.formula, _computed(cell.value), look)
            elif cell.is_input:
                canvas.enter(row, column.span, cell.value, look, is_in_percent=cell.is_in_percent)
            else:
                canvas.put(row, column.span, cell.value, look)
        canvas.height(row, max(heights))


def last_row(blocks: Iterable[Span]) -> int:
    """Return the last row of what was written."""
    return max(last for _, last in blocks)


def _computed(value: Value) -> str | float:
    """Return a formula's result; None becomes the empty text."""
    if isinstance(value, (str, int, float)):
        return value
    assert not isinstance(value, dt.date)  # noqa: S101 -- no formula of ours gives a day
    return "" if value is None else float(value)
