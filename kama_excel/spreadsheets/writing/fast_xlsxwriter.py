"""A workbook written by XlsxWriter, faster with releases that were tested.

`FastBook` and `FastSheet` replace private methods of XlsxWriter; no public interface allows the same speed (a
large book takes two thirds of the time). They are used with `PROVEN_RELEASES` only, for which
`tests/spreadsheets/test_fast_xlsxwriter.py` compares every part of the file. With any other release `new_book`
returns the plain classes: the same parts, written slower.
"""

from __future__ import annotations

import datetime as dt
import io
from collections.abc import Iterable
from functools import lru_cache
from typing import Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import xlsxwriter
from xlsxwriter import Workbook
from xlsxwriter.exceptions import FileCreateError, OverlappingRange
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.worksheet import (
    CellBlankTuple,
    CellDatetimeTuple,
    CellFormulaTuple,
    CellNumberTuple,
    CellStringTuple,
    Worksheet,
)

from kama_excel.files.temporary import temporary_file
from kama_excel.files.zip_origin import UNIX, mark_one_origin
from kama_excel.spreadsheets.cells import a1, column_letters

PROVEN_RELEASES = ("3.3.1",)
_ANY_DAY = dt.date(2026, 1, 1)
_ROW = "\0"  # the row's number in the text of blank cells
_ROWS_PER_SPAN = 16  # rows that share the attribute `spans`
_DEFLATE_LEVEL = 5  # takes three quarters of the time of zlib's default 6, and one percent more bytes


class BookSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A worksheet with unchanged formulas, input modes of validations, and growing rows.

    A growing row becomes higher when more text is typed into it.
    """

    fh: Any
    _growing: frozenset[int] = frozenset()

    def set_growing(self, row: int) -> None:
        """Let Excel raise a row with a set height (counted from 0) when more text is typed."""
        self._growing |= {row}

    def _xml_start_tag_unencoded(self, tag: str, attributes: Iterable[tuple[str, object]] = ()) -> None:
        """Write a tag; that of a growing row without `customHeight`, which fixes the height."""
        if tag == "row" and self._growing and int(str(dict(attributes)["r"])) - 1 in self._growing:
            attributes = [each for each in attributes if each[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)

    def set_ime(self, mode: str) -> None:
        """Set the input mode of the last validation (`hiragana`, `off`)."""
        self.validations[-1]["ime"] = mode

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002 -- XlsxWriter's signature
        """Keep a formula unchanged.

        XlsxWriter prefixes the names of some hundred newer functions, in quoted texts too. Our formulas use none
        of these functions, and a text must stay as typed.
        """
        return formula.removeprefix("=")

    def _xml_formula_element(self, formula: str, result: object, attributes: list[tuple[str, object]]) -> None:
        """Write a formula, with the type of text if its value is the empty text.

        XlsxWriter omits the type of such a value. It is then a number without digits, which the format does not
        allow.
        """
        is_typed = any(name == "t" for name, _ in attributes)
        more = [] if is_typed or result != "" else [("t", "str")]
        super()._xml_formula_element(formula, result, [*attributes, *more])

    def _write_data_validation(self, options: dict[str, Any]) -> None:
        """Write a validation with its input mode, which XlsxWriter does not offer."""
        mode, sheet, self.fh = options.get("ime"), self.fh, io.StringIO()
        super()._write_data_validation(options)
        element, self.fh = self.fh.getvalue(), sheet
        end = element.index(">") - element[: element.index(">")].endswith("/")
        sheet.write(f'{element[:end]} imeMode="{mode}"{element[end:]}' if mode else element)


class Book(Workbook):  # type: ignore[misc]  # XlsxWriter has no types
    """A workbook in memory; a text stays a text, whatever it looks like."""

    sheet_class: type[BookSheet] = BookSheet

    def __init__(self) -> None:
        as_typed = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        super().__init__(io.BytesIO(), {"in_memory": True, **as_typed})

    def add_sheet(self, name: str) -> BookSheet:
        """Add a worksheet of the book's own class."""
        sheet: BookSheet = self.add_worksheet(name, self.sheet_class)
        return sheet

    def saved(self) -> BinaryIO:
        """Write the book; return the open file, at its start."""
        self.close()
        file: BinaryIO = self.filename
        mark_one_origin(file)
        file.seek(0)
        return file

    def content(self) -> bytes:
        """Write the book, and return the file's bytes."""
        with self.saved() as file:
            return file.read()


def new_book(title: str, author: str = "", day: dt.date = _ANY_DAY, **more: str) -> Book:
    """Return an empty book, the fast one if the installed XlsxWriter is a proven release.

    `day` is the creation time in its properties: with a fixed one, the same content gives the same bytes. `more`
    are further properties of XlsxWriter.
    """
    book = FastBook() if xlsxwriter.__version__ in PROVEN_RELEASES else Book()
    made = dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- a date without a zone, by intent
    book.set_properties({"title": title, "author": author, "created": made, **more})
    return book


class FastSheet(BookSheet):
    """A worksheet that writes a row in one loop and stores no blank cells of merged ranges."""

    def __init__(self) -> None:
        super().__init__()
        self._merged: dict[int, dict[int, tuple[int, Format]]] = {}
        """The merged ranges by row and first column: the last column, and the format."""

    def _write_rows(self) -> None:
        """Write all rows.

        XlsxWriter searches every column of every row for a cell twice, collects a cell's attributes in a list and
        escapes each; an address and a number need no escaping.
        """
        spans = self._row_spans()
        for row in range(self.dim_rowmin, self.dim_rowmax + 1):
            cells, merged = self.table.get(row, {}), self._merged.get(row, {})
            info, span = self.row_info.get(row), spans.get(row // _ROWS_PER_SPAN)
            if cells or merged:
                self._write_row(row, span, info)
                self._write_cells(row, cells, merged)
                self._xml_end_tag("row")
            elif info or row in self.comments:
                self._write_empty_row(row, span, info)

    def _row_spans(self) -> dict[int, str]:
        """Return the first and last used column of every 16 rows, counted from 1."""
        used: dict[int, list[int]] = {}
        for of_rows in (self.table, self.comments):
            for row, cells in of_rows.items():
                if cells:
                    used.setdefault(row // _ROWS_PER_SPAN, []).extend((min(cells), max(cells)))
        for row, merged in self._merged.items():
            last = max(last for last, _ in merged.values())
            used.setdefault(row // _ROWS_PER_SPAN, []).extend((min(merged), last))
        return {block: f"{min(columns) + 1}:{max(columns) + 1}" for block, columns in used.items()}

    def _write_cells(self, row: int, cells: dict[int, Any], merged: dict[int, tuple[int, Format]]) -> None:
        """Write a row's cells and the blank ones of its merged ranges, all counted from 0."""
        number, write = str(row + 1), self.fh.write
        for column in sorted(cells.keys() | merged.keys()) if merged else sorted(cells):
            blank = column
            if cell := cells.get(column):
                blank += 1
                if cell.format and (rest := self._rest_of_cell(cell)):
                    write(f'<c r="{column_letters(column + 1)}{number}" s="{cell.format._get_xf_index()}{rest}')  # noqa: SLF001 -- as XlsxWriter's own does
                else:
                    self._write_cell(row, column, cell)
            if column in merged:
                last, cell_format = merged[column]
                style = cell_format._get_xf_index()  # noqa: SLF001 -- likewise
                write(_blank_cells(blank, last, style).replace(_ROW, number))

    def _rest_of_cell(self, cell: Any) -> str:
        """Return the XML after a cell's format; '' for a rare kind of cell."""
        kind = type(cell)
        if kind is CellStringTuple:  # its number among the shared texts
            return f'" t="s"><v>{cell.string}</v></c>'
        if kind is CellBlankTuple:
            return '"/>'
        if kind is CellFormulaTuple:
            value = cell.value
            if not isinstance(value, str):
                return f'"><f>{self._escape_data(cell.formula)}</f><v>{value}</v></c>'
            if not value.startswith("#"):  # error values have a type of their own
                return f'" t="str"><f>{self._escape_data(cell.formula)}</f><v>{self._escape_data(value)}</v></c>'
        if kind is CellNumberTuple or kind is CellDatetimeTuple:
            return f'"><v>{cell.number:.16G}</v></c>'
        return ""

    def _check_dimensions(self, row: int, col: int, ignore_row: bool = False, ignore_col: bool = False) -> int:  # noqa: FBT001, FBT002 -- XlsxWriter's signature
        """Extend the used range to a cell, usually already inside; return 0 if it is on the sheet."""
        is_inside = (
            self.dim_rowmin is not None
            and self.dim_colmin is not None
            and self.dim_rowmin <= row <= self.dim_rowmax
            and self.dim_colmin <= col <= self.dim_colmax
        )
        return 0 if is_inside else super()._check_dimensions(row, col, ignore_row, ignore_col)

    def write_string(self, row: int, col: int, string: str, cell_format: Format | None = None) -> int:
        """Store a text at row and column, from 0; XlsxWriter also accepts an address instead."""
        result: int = self._write_string(row, col, string, cell_format)
        return result

    def write_datetime(self, row: int, col: int, date: dt.date, cell_format: Format | None = None) -> int:
        """Store a day, as `write_string` does a text."""
        result: int = self._write_datetime(row, col, date, cell_format)
        return result

    def write_number(self, row: int, col: int, number: float, cell_format: Format | None = None) -> int:
        """Store a number, as `write_string` does a text."""
        result: int = self._write_number(row, col, number, cell_format)
        return result

    def write_formula(
        self, row: int, col: int, formula: str, cell_format: Format | None = None, value: object = 0
    ) -> int:
        """Store a formula, as `write_string` does a text."""
        return self._write_formula(row, col, formula, cell_format, value)

    def write_blank(self, row: int, col: int, blank: None, cell_format: Format | None = None) -> int:
        """Store a blank with a format, as `write_string` does a text."""
        result: int = self._write_blank(row, col, blank, cell_format)
        return result

    def _write_formula(
        self, row: int, col: int, formula: str, cell_format: Format | None = None, value: object = 0
    ) -> int:
        """Store a formula; row and column are counted from 0.

        XlsxWriter searches each for functions that make it an array formula. Ours have none of them outside
        texts.
        """
        if self._check_dimensions(row, col):
            return -1
        self.table[row][col] = CellFormulaTuple(self._prepare_formula(formula), cell_format, value)
        return 0

    def merge_range(
        self, first_row: int, first_col: int, last_row: int, last_col: int, _: None, cell_format: Format
    ) -> int:
        """Merge blank cells; rows and columns are counted from 0.

        XlsxWriter creates each cell and updates the sheet's dimensions each time. Raises: OverlappingRange.
        """
        self._check_dimensions(first_row, first_col)
        self._check_dimensions(last_row, last_col)
        for row in range(first_row, last_row + 1):
            merged = self._merged.setdefault(row, {})
            if any(first <= last_col and first_col <= last for first, (last, _) in merged.items()):
                raise OverlappingRange(f"{self.name}: {a1(row + 1, first_col + 1)}")
            merged[first_col] = last_col, cell_format
        self.merge.append([first_row, first_col, last_row, last_col])
        return 0

    def conditional_format(self, cells: str, options: dict[str, Any]) -> int:
        """Add a conditional format to a range like C5:D9.

        For a rule with a formula XlsxWriter's checks are skipped: they find nothing there.
        """
        if options["type"] != "formula" or "$" in cells:
            result: int = super().conditional_format(cells, options)
            return result
        first, _, last = cells.partition(":")
        rule = options | {"type": "expression", "format": options["format"]._get_dxf_index()}  # noqa: SLF001 -- as XlsxWriter's own does
        rule["priority"] = self.dxf_priority
        self.dxf_priority += 1
        self.cond_formats.setdefault(first if last == first else cells, []).append(rule)
        return 0

    def _write_cf_rule(self, params: dict[str, Any]) -> None:
        """Write a rule of a conditional format; XlsxWriter tries to read each formula as a number."""
        if params["type"] != "expression":
            super()._write_cf_rule(params)
            return
        stops = ' stopIfTrue="1"' if params.get("stop_if_true") else ""
        start = f'<cfRule type="expression" dxfId="{params["format"]}" priority="{params["priority"]}"{stops}>'
        formula = self._escape_data(self._prepare_formula(params["criteria"]))
        self.fh.write(f"{start}<formula>{formula}</formula></cfRule>")

    def _write_merge_cell(self, merged_range: list[int]) -> None:
        """Write a merged range."""
        top, left, bottom, right = merged_range
        self.fh.write(f'<mergeCell ref="{a1(top + 1, left + 1)}:{a1(bottom + 1, right + 1)}"/>')

    def _assemble_xml_file(self) -> None:
        """Write the sheet and release its cells; XlsxWriter keeps them until all are packed."""
        super()._assemble_xml_file()
        for cells in (self.table, self._merged, self.table_cells):
            cells.clear()


@lru_cache(maxsize=4096)  # the pages have the same ranges in many rows
def _blank_cells(first: int, last: int, style: int) -> str:
    """Return the XML of blank cells, with `_ROW` for the row's number; columns from 0."""
    letters = (column_letters(column + 1) for column in range(first, last + 1))
    return "".join(f'<c r="{each}{_ROW}" s="{style}"/>' for each in letters)


class FastBook(Book):
    """A book in a temporary file that packs each part once it is written.

    XlsxWriter packs all at the end, in memory.
    """

    sheet_class = FastSheet

    def __init__(self) -> None:
        super().__init__()
        self._packed = temporary_file()

    def saved(self) -> BinaryIO:
        """Write the book; return the open file, at its start.

        Raises: OSError if no temporary file can be written.
        """
        try:
            self.close()
        except FileCreateError as error:  # XlsxWriter's name of any OSError
            raise error.args[0] from None
        self._packed.seek(0)
        return self._packed

    def _get_packager(self) -> Packager:
        return _Package(self._packed)


class _Zip(ZipFile):
    """A ZIP file that is not finished where writing it has failed: the disk may be full."""

    def __del__(self) -> None:
        pass


class _Package(Packager):  # type: ignore[misc]
    """The parts of a book, packed as they are written; XlsxWriter gets none to pack."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._zip = _Zip(file, "w", ZIP_DEFLATED)

    def _create_package(self) -> list[tuple[object, str, bool]]:
        super()._create_package()
        self._pack()
        self._zip.close()
        return []

    def _filename(self, xml_filename: str) -> io.StringIO:
        """Return the stream of the next part."""
        self._pack()
        part: io.StringIO = super()._filename(xml_filename)
        return part

    def _pack(self) -> None:
        """Pack the current part; pictures are already compressed."""
        for written, name, is_picture in self.filenames:
            info = ZipInfo(name)  # of 1980-01-01, as Excel's own
            info.create_system = UNIX  # as `mark_one_origin` marks it
            info.compress_type = ZIP_STORED if is_picture else ZIP_DEFLATED
            content = written.getvalue() if is_picture else written.getvalue().encode()
            self._zip.writestr(info, content, compresslevel=_DEFLATE_LEVEL)
            if not is_picture:
                written.close()  # its sheet keeps it
        self.filenames.clear()
