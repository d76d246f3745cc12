"""XlsxWriter's workbook, quicker where a report spends its time. What is known of XlsxWriter from within stands here.

It offers no other way, and a large book is written in two thirds of the time. Each method takes the place of one of its
own, and every part of the file stays what it was.
"""

from __future__ import annotations

import io
from typing import Any
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

from xlsxwriter import Workbook
from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager
from xlsxwriter.worksheet import Worksheet

from kama_excel.spreadsheets.cells import a1


class ReportBook(Workbook):  # type: ignore[misc]  # XlsxWriter has no types
    """A workbook in memory that packs each part as soon as it is written. XlsxWriter holds them all, and packs them then."""

    def __init__(self) -> None:
        """Begin a book. A text stays a text, whatever it looks like."""
        as_typed = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        super().__init__(io.BytesIO(), {"in_memory": True, **as_typed})
        self._packed = io.BytesIO()

    def content(self) -> bytes:
        """Write the book, and return the file."""
        self.close()
        return self._packed.getvalue()

    def _get_packager(self) -> Packager:
        return _Package(self._packed)


class _Package(Packager):  # type: ignore[misc]
    """The parts of a book on their way into the file, of which XlsxWriter is left none to pack."""

    def __init__(self, file: io.BytesIO) -> None:
        super().__init__()
        self._zip = ZipFile(file, "w", ZIP_DEFLATED)

    def _create_package(self) -> list[tuple[object, str, bool]]:
        super()._create_package()
        self._pack()
        self._zip.close()
        return []

    def _filename(self, xml_filename: str) -> io.StringIO:
        """Return what the next part is written to."""
        self._pack()
        part: io.StringIO = super()._filename(xml_filename)
        return part

    def _pack(self) -> None:
        """Pack what is written. Pictures are compressed already."""
        for written, name, is_picture in self.filenames:
            info = ZipInfo(name)  # of 1980-01-01, as Excel's own
            info.compress_type = ZIP_STORED if is_picture else ZIP_DEFLATED
            self._zip.writestr(info, written.getvalue() if is_picture else written.getvalue().encode())
        self.filenames.clear()


class ReportSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A worksheet that takes a formula as it is and writes a cell in one go."""

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002 -- XlsxWriter's own
        """Take a formula as it is.

        XlsxWriter looks for some hundred newer functions in each, in the texts between quotation marks too. Ours has
        none of them, and a text must stay as it was typed.
        """
        return formula.removeprefix("=")

    def _write_cell(self, row: int, col: int, cell: Any) -> None:
        """Write a cell's element; row and column are counted from 0.

        XlsxWriter gathers the attributes in a list and looks for signs to escape in each: an address and a number
        have none.
        """
        look = cell.format
        match type(cell).__name__ if look else "":
            case "Blank":
                rest = "/>"
            case "String":  # its number among the shared ones
                rest = f' t="s"><v>{cell.string}</v></c>'
            case "Number":
                rest = f"><v>{cell.number:.16G}</v></c>"
            case "Formula" if not str(cell.value).startswith("#"):  # an error's name has a type of its own
                kind = ' t="str"' if isinstance(cell.value, str) and cell.value else ""
                formula, value = self._escape_data(cell.formula), self._escape_data(cell.value)
                rest = f"{kind}><f>{formula}</f><v>{value}</v></c>"
            case _:
                super()._write_cell(row, col, cell)
                return
        style = look._get_xf_index()  # noqa: SLF001 -- as XlsxWriter's own does
        self.fh.write(f'<c r="{a1(row + 1, col + 1)}" s="{style}"{rest}')

    def merge_range(
        self, first_row: int, first_col: int, last_row: int, last_col: int, data: None, cell_format: Format
    ) -> int:
        """Merge blank cells; rows and columns are counted from 0. Raises OverlappingRange.

        XlsxWriter makes each of the cells by itself and finds out anew where the sheet ends.
        """
        self.write_blank(first_row, first_col, data, cell_format)
        self.write_blank(last_row, last_col, data, cell_format)
        blank = self.table[last_row][last_col]
        for row in range(first_row, last_row + 1):
            cells = self.table[row]
            for column in range(first_col, last_col + 1):
                if (row, column) in self.merged_cells:
                    raise OverlappingRange(f"{self.name}: {a1(row + 1, column + 1)}")
                self.merged_cells[row, column] = ""
                cells[column] = blank
        self.merge.append([first_row, first_col, last_row, last_col])
        return 0

    def _assemble_xml_file(self) -> None:
        """Write the sheet, and let go of its cells: they would be kept until all sheets are packed."""
        super()._assemble_xml_file()
        for cells in (self.table, self.merged_cells, self.table_cells):
            cells.clear()
