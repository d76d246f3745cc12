"""A worksheet in the making: spans of cells, live formulas with their computed value, rows as high as their text."""

from __future__ import annotations

from fractions import Fraction
from itertools import groupby

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kama_excel.evaluation.evaluate import Evaluation
from kama_excel.files import limits
from kama_excel.spreadsheets.cells import a1
from kama_excel.spreadsheets.writing.book import ReportSheet
from kama_excel.spreadsheets.writing.measure import footer_text
from kama_excel.spreadsheets.writing.style import FONT, Formats, grade_colours
from kama_excel.spreadsheets.writing.style import UNEVALUATED as UNEVALUATED_COLOUR

_LITERAL = 120  # characters; 255 with every one of them a doubled quotation mark
LIMITS, NAMES = "区分_下限", "区分_名称"  # defined names over the bands on 算定方法, lowest first
UNEVALUATED = "未評価"
_ROW_PIXELS = 20  # of a row that nobody set


def grade_formula(rate: str) -> str:
    """Return the formula of the grade of an exact rate in the cell `rate`; a rate that does not exist is ''."""
    return f'IF({rate}="","{UNEVALUATED}",LOOKUP(ROUND({rate},9),{LIMITS},{NAMES}))'


def shown_formula(rate: str) -> str:
    """Return the formula of the rate as it is shown: half up to 0.1 %, cut where that would reach the next band."""
    same = f"LOOKUP(ROUND({rate},3),{LIMITS},{NAMES})=LOOKUP(ROUND({rate},9),{LIMITS},{NAMES})"
    return f'IF({rate}="","",IF({same},ROUND({rate},3),ROUNDDOWN(ROUND({rate},9),3)))'


def quoted(text: str) -> str:
    """Return a text as it stands in a formula; in parts, because Excel takes no literal of more than 255 characters."""
    parts = [text[at : at + _LITERAL] for at in range(0, len(text), _LITERAL)] or [""]
    return "&".join('"' + part.replace('"', '""') + '"' for part in parts)


def plain(text: str) -> str:
    """Return a text as a cell takes it: no blanks at its ends, which other programs read differently, no more than fits."""
    return text.strip()[: limits.CELL_CHARACTERS]


class Canvas:
    """One worksheet. Rows and columns are counted from 1, as Excel shows them; a span is (first, last) columns."""

    def __init__(self, workbook: Workbook, name: str, formats: Formats) -> None:
        """Add the sheet `name` to the workbook."""
        self.sheet: Worksheet = workbook.add_worksheet(name, ReportSheet)
        self.name = name
        self.formats = formats
        self._pixels: dict[int, int] = {}
        self.sheet.hide_gridlines(2)

    def put(
        self,
        row: int,
        columns: int | tuple[int, int],
        value: str | float | Fraction | None,
        cell_format: Format,
        *,
        rows: int = 1,
    ) -> str:
        """Write a text, a number or nothing into a cell or a merged span, and return its address."""
        column = self._span(row, columns, cell_format, rows)
        match value:
            case None | "":
                self.sheet.write_blank(row - 1, column - 1, None, cell_format)
            case str():
                self.sheet.write_string(row - 1, column - 1, plain(value), cell_format)
            case number:
                self.sheet.write_number(row - 1, column - 1, float(number), cell_format)
        return a1(row, column)

    def formula(
        self,
        row: int,
        columns: int | tuple[int, int],
        formula: str,
        value: Fraction | float | str | None,
        cell_format: Format,
        *,
        rows: int = 1,
    ) -> str:
        """Write a live formula with its computed value (None is the empty text), and return its address."""
        column = self._span(row, columns, cell_format, rows)
        cached = "" if value is None else float(value) if isinstance(value, Fraction) else value
        self.sheet.write_formula(row - 1, column - 1, f"={formula}", cell_format, cached)
        return a1(row, column)

    def height(self, row: int, points: float) -> None:
        """Set a row's height."""
        self._pixels[row] = round(points * 96 / 72)
        self.sheet.set_row_pixels(row - 1, self._pixels[row])

    def pixels(self, row: int, rows: int) -> int:
        """Return how high rows are together; a row that `height` was not called for has Excel's own height."""
        return sum(self._pixels.get(each, _ROW_PIXELS) for each in range(row, row + rows))

    def widths(self, *widths: float) -> None:
        """Set the widths of the columns from the first on, in characters of the default font."""
        first = 0
        for width, alike in groupby(widths):
            last = first + len([*alike]) - 1
            self.sheet.set_column(first, last, width)
            first = last + 1

    def grade_colours(self, cells: str, first: str, evaluation: Evaluation) -> None:
        """Colour cells by the grade word that stands in `first` (relative to the first of the cells)."""
        names = (*evaluation.plan.bands.names, UNEVALUATED)
        colours = (*grade_colours(len(names) - 1), UNEVALUATED_COLOUR)
        for name, colour in zip(names, colours, strict=True):
            look = self.formats.conditional(bg_color=colour.fill, font_color=colour.text)
            rule = {"type": "formula", "criteria": f"={first}={quoted(name)}", "format": look}
            self.sheet.conditional_format(cells, rule)

    def print_setup(
        self,
        *,
        landscape: bool = False,
        footer: str = "",
        paper: int = 9,
        tall: int = 0,
        margins: tuple[float, float, float] = (0.5, 0.6, 0.65),
    ) -> None:
        """Set up printing on A4 (or `paper`), one page wide. `margins` are side, top and bottom in inches."""
        self.sheet.set_paper(paper)
        if landscape:
            self.sheet.set_landscape()
        side, top, bottom = margins
        self.sheet.set_margins(left=side, right=side, top=top, bottom=bottom)
        self.sheet.fit_to_pages(1, tall)
        self.sheet.center_horizontally()
        font = f'&"{FONT},標準"&8'
        said = footer_text(footer)
        self.sheet.set_footer(f"&L{font}{said}&R{font}&P / &N")

    def _span(self, row: int, columns: int | tuple[int, int], cell_format: Format, rows: int) -> int:
        """Merge the cells of a span, and return its first column."""
        first, last = columns if isinstance(columns, tuple) else (columns, columns)
        if last > first or rows > 1:
            self.sheet.merge_range(row - 1, first - 1, row + rows - 2, last - 1, None, cell_format)
        return first


def absolute(address: str) -> str:
    """Return E12 as $E$12."""
    letters = address.rstrip("0123456789")
    return f"${letters}${address[len(letters) :]}"
