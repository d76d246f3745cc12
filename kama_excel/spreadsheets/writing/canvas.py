"""A worksheet under construction: spans, live formulas with values, links, print set-up."""

from __future__ import annotations

import datetime as dt
import math
from collections.abc import Collection, Iterable, Sequence
from fractions import Fraction
from itertools import accumulate, groupby
from typing import Any

from xlsxwriter.format import Format

from kama_excel.files import limits
from kama_excel.spreadsheets.cells import a1, quoted
from kama_excel.spreadsheets.writing.book import Book, BookSheet
from kama_excel.spreadsheets.writing.measure import INDENT, column_pixels, footer_text, one_line, row_points
from kama_excel.spreadsheets.writing.style import ACCENT, FONT, MUTED, NAVY, Formats, grade_palette

A4, A3 = 9, 8
Span = tuple[int, int]
"""First and last column, or row, of a group."""
Value = str | float | Fraction | dt.date | None
"""A value of a cell; None is a blank."""
Margins = tuple[float, float, float]
"""Margins at the sides, the top and the bottom of a printed page, in inches."""
_ROW_PIXELS = 20  # of a row without a height of its own
_DEFAULT_WIDTH = 8.43
_INCHES = {A4: (8.27, 11.69), A3: (11.69, 16.54)}  # of the paper, portrait
_SHARES = tuple(share / 100 for share in range(95, 45, -5))
_SAFE_WIDE, _SAFE_HIGH = 0.9, 0.95  # of a page: margin for the differences of programs and printers
_NOTE_SIZE, _TITLE_SIZE = 9.0, 14
FOOTER_SIZE = 10  # LibreOffice shrinks it with the page
_NUMBER_PIXELS = 110  # of the page number beside the footer
_LINK_PIXELS = 60  # of a link in a sheet's head


def plain(text: str) -> str:
    """Return a text for a cell: stripped, because programs differ there, and cut to the limit."""
    return text.strip()[: limits.CELL_CHARACTERS]


def hide_from_print(sheet: BookSheet) -> None:
    """Hide a sheet and remove its print area: LibreOffice prints a hidden sheet that has one."""
    sheet.print_area_range = ""
    sheet.hide()


class Canvas:
    """One worksheet. Rows and columns are counted from 1; a span is (first, last) columns."""

    def __init__(self, book: Book, name: str, formats: Formats) -> None:
        """Add the sheet `name` to the book."""
        self.sheet: BookSheet = book.add_sheet(name)
        self.name = name
        self.formats = formats
        self._widths: list[float] = []
        self._edges = [0]
        """The pixels to the left of each column that has a width, and right of the last one."""
        self._pixels: dict[int, int] = {}
        self._page = (0.0, 0.0)
        self.sheet.hide_gridlines(2)

    # --- cells -----------------------------------------------------------------------------------------------------

    def put(
        self,
        row: int,
        columns: int | Span,
        value: Value,
        cell_format: Format,
        *,
        rows: int = 1,
    ) -> None:
        """Write a text, number, date or blank into a cell or a merged span."""
        column = self._merged(row, columns, cell_format, rows)
        self.record(row, column, value)
        self.write(row, column, value, cell_format)

    def write(self, row: int, column: int, value: Value, cell_format: Format) -> None:
        """Write a text, number, date or blank into one cell, without recording it."""
        text = plain(value) if isinstance(value, str) else ""
        if text:
            self.sheet.write_string(row - 1, column - 1, text, cell_format)
        elif value is None or isinstance(value, str):
            self.sheet.write_blank(row - 1, column - 1, None, cell_format)
        elif isinstance(value, dt.date):
            self.sheet.write_datetime(row - 1, column - 1, value, cell_format)
        else:
            self.sheet.write_number(row - 1, column - 1, float(value), cell_format)

    def enter(
        self, row: int, columns: int | Span, value: Value, cell_format: Format, *, is_in_percent: bool = False
    ) -> str:
        """Write an input, blank or filled in, and return its address.

        A percent cell stores 96 as 0.96.
        """
        column = self._merged(row, columns, cell_format, rows=1)
        self.record(row, column, value, is_entered=True)
        in_cell = value / 100 if is_in_percent and isinstance(value, Fraction) else value
        self.write(row, column, in_cell, cell_format)
        return a1(row, column)

    def record(
        self, row: int, column: int, value: Value, *, is_entered: bool = False, is_formula: bool = False
    ) -> None:
        """Record what is written into a cell; a hook for subclasses that keep a record."""

    def formula(
        self,
        row: int,
        columns: int | Span,
        formula: str,
        value: Fraction | float | str | None,
        cell_format: Format,
        *,
        rows: int = 1,
    ) -> str:
        """Write a live formula with its computed value and return its address.

        The value None is the empty text.
        """
        column = self._merged(row, columns, cell_format, rows)
        self.record(row, column, value, is_formula=True)
        cached = value if isinstance(value, (str, int, float)) else "" if value is None else float(value)
        self.sheet.write_formula(row - 1, column - 1, formula, cell_format, cached)
        return a1(row, column)

    def link(self, row: int, columns: int | Span, target: str, text: str | float, cell_format: Format) -> str:
        """Write a link to a sheet of the book or to a cell (「'06'!A1」); return its address.

        Uses a formula, because Excel's own kind of link does not wrap in LibreOffice.
        """
        where = target if "!" in target else f"'{target}'!A1"
        shown = quoted(text) if isinstance(text, str) else text
        return self.formula(row, columns, f'HYPERLINK("#{where}",{shown})', text, cell_format)

    def _merged(self, row: int, columns: int | Span, cell_format: Format, rows: int) -> int:
        """Merge the cells of a span, and return its first column."""
        if isinstance(columns, int):
            if rows == 1:
                return columns
            columns = columns, columns
        first, last = columns
        if last > first or rows > 1:
            self.sheet.merge_range(row - 1, first - 1, row + rows - 2, last - 1, None, cell_format)
        return first

    # --- measures --------------------------------------------------------------------------------------------------

    def widths(self, *widths: float, hidden: Collection[int] = ()) -> None:
        """Set the widths of the columns from the first on, in characters, and hide some."""
        self._widths = [*widths]
        self._edges = [*accumulate(map(column_pixels, widths), initial=0)]
        first = 0
        columns = ((width, number in hidden) for number, width in enumerate(widths, start=1))
        for (width, is_hidden), alike in groupby(columns):
            last = first + len([*alike]) - 1
            self.sheet.set_column(first, last, width, None, {"hidden": is_hidden})
            first = last + 1

    def span_pixels(self, columns: int | Span) -> int:
        """Return the width of a column or a span of columns, in pixels."""
        first, last = columns if isinstance(columns, tuple) else (columns, columns)
        return self._edge(last) - self._edge(first - 1)

    def _edge(self, column: int) -> int:
        """Return the pixels from the sheet's left side to a column's right one."""
        further = column - len(self._widths)
        return self._edges[column] if further <= 0 else self._edges[-1] + further * column_pixels(_DEFAULT_WIDTH)

    @property
    def all_columns(self) -> Span:
        """The span of the columns whose widths were set."""
        return 1, max(len(self._widths), 1)

    def height(self, row: int, points: float) -> None:
        """Set a row's height in points."""
        self._pixels[row] = round(points * 96 / 72)
        self.sheet.set_row_pixels(row - 1, self._pixels[row])

    def pixels(self, row: int, rows: int) -> int:
        """Return the total height of rows in pixels; without `height` a row has Excel's default."""
        return sum(self._pixels.get(each, _ROW_PIXELS) for each in range(row, row + rows))

    # --- what every sheet has --------------------------------------------------------------------------------------

    def head(
        self,
        title: str,
        note: str = "",
        *,
        links: Sequence[tuple[str, str]] = (),
        size: float = _NOTE_SIZE,
        most: float = math.inf,
    ) -> None:
        """Write the title into row 1, and links (target, text) and a note into row 2.

        The note is at most `most` pixels wide, and of any length.
        """
        self.height(1, 28)
        shown = one_line(title, self.span_pixels(self.all_columns), _TITLE_SIZE)
        self.put(1, 1, shown, self.formats(bold=True, font_size=_TITLE_SIZE, font_color=NAVY))
        column = 1
        for target, text in links:
            last = column
            while self.span_pixels((column, last)) < _LINK_PIXELS:
                last += 1
            self.link(2, (column, last), target, text, self.formats.link(font_size=size))
            column = last + 1
        first, last = column, max(self.all_columns[1], column)
        while last > first and self.span_pixels((first, last)) > most:
            last -= 1
        self.height(2, row_points(note, self.span_pixels((first, last)) - INDENT, size, least=20))
        look = self.formats(font_color=MUTED, font_size=size, text_wrap=True, align="left", indent=int(column > 1))
        self.put(2, (first, last), note, look)

    def link_beside(self, target: str, text: str) -> None:
        """Write a link into row 1, right of the print area, so that it is not printed."""
        column = self.all_columns[1] + 2
        self.sheet.set_column(column - 1, column - 1, _LINK_PIXELS / 7)
        self.link(1, column, target, text, self.formats.link())

    def note(self, row: int, text: str) -> None:
        """Write a sentence across the sheet, on as many lines as it needs."""
        look = self.formats(font_size=_NOTE_SIZE, font_color=MUTED, text_wrap=True)
        self.height(row, row_points(text, self.span_pixels(self.all_columns), _NOTE_SIZE, least=20))
        self.put(row, self.all_columns, text, look)

    def grade_colours(self, cells: str, first: str, grades: Sequence[str]) -> None:
        """Colour cells by the grade in `first`, relative to the first cell. `grades`: best first."""
        for name, colour in grade_palette(grades).items():
            self.when(cells, f"EXACT({first},{quoted(name)})", bg_color=colour.fill, font_color=colour.text)

    def when(self, cells: str, condition: str, *, is_last: bool = False, **look: Any) -> None:
        """Add a conditional format, relative to the first cell; `is_last` stops later rules."""
        self.sheet.add_rule(cells, condition, self.formats.conditional(**look), is_last=is_last)

    def sparkline(self, row: int, column: int, cells: str, *, most: float = 1.0) -> None:
        """Draw figures as a line in a cell, from 0 to `most`; only Excel shows it."""
        self.sheet.draw_line(row - 1, column - 1, cells, most, (NAVY, ACCENT))

    # --- printing --------------------------------------------------------------------------------------------------

    def keep_headings(self, row: int, columns: int = 0) -> None:
        """Freeze the rows down to `row` and some columns; repeat that row on every page."""
        self.sheet.freeze_panes(row, columns)
        self.sheet.repeat_rows(row - 1)

    def print_setup(
        self,
        *,
        landscape: bool = False,
        footer: str = "",
        footer_size: int = FOOTER_SIZE,
        paper: int = A4,
        tall: int = 0,
        margins: Margins = (0.5, 0.6, 0.65),
    ) -> None:
        """Set up printing, one page wide."""
        self.sheet.set_paper(paper)
        if landscape:
            self.sheet.set_landscape()
        side, top, bottom = margins
        wide, high = _INCHES[paper][::-1] if landscape else _INCHES[paper]
        self._page = ((wide - 2 * side) * 96 * _SAFE_WIDE, (high - top - bottom) * 96 * _SAFE_HIGH)
        self.sheet.set_margins(left=side, right=side, top=top, bottom=bottom)
        self.sheet.fit_to_pages(1, tall)
        self.sheet.center_horizontally()
        font = f'&"{FONT},標準"&{footer_size}'
        left = footer_text(footer, (wide - 2 * side) * 96 - _NUMBER_PIXELS, footer_size)
        self.sheet.set_footer(f"&L{font}{left}&R{font}&P / &N", {"scale_with_doc": False})

    def keep_together(self, blocks: Iterable[Span], *, repeated: int = 0, wide: int = 0) -> int:
        """Break the pages between consecutive blocks of rows from row 1 on; return the page count.

        Call `print_setup` first: it sets the paper. The scale is set for `wide` pixels or for all columns, because
        Excel ignores breaks where a sheet is fitted to its pages. `repeated` is the row that every page repeats. A
        block higher than a page is broken at the page's end.
        """
        page_wide, page_high = self._page
        scale = min(100, int(100 * page_wide / (wide or self.span_pixels(self.all_columns))))
        room = page_high * 100 / scale
        head = self.pixels(repeated, 1) if repeated else 0
        highs = [(first, self.pixels(first, last - first + 1)) for first, last in blocks]
        breaks, pages = _page_breaks(highs, room, head)
        lowest = head + max(high for _, high in highs)
        for share in _SHARES:  # fill the last page like the others
            evened, count = _page_breaks(highs, room * share, head)
            if count > pages or room * share < lowest:
                break
            breaks = evened
        self.sheet.set_print_scale(scale)
        self.sheet.set_h_pagebreaks(breaks)
        return pages


def _page_breaks(highs: Sequence[tuple[int, int]], room: float, head: int) -> tuple[list[int], int]:
    """Return the last row of each page but the last, and the page count.

    `highs` are blocks: first row, pixels.
    """
    breaks: list[int] = []
    used, pages = 0, 1
    for first, high in highs:
        if used and used + high > room:
            breaks.append(first - 1)
            used, pages = head, pages + 1
        used += high
        if used > room:
            pages += int((used - head) // (room - head))
            used = round(head + (used - head) % (room - head))
    return breaks, pages
