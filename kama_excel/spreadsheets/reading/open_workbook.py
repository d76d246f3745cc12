"""Opening a workbook of any format that people send: .xlsx, .xlsm, .xls, .xlsb, .ods."""

from __future__ import annotations

import io
import math
import zipfile
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from kama_excel.domain.text import lost_text, text_of
from kama_excel.files.limits import RefusedError
from kama_excel.files.safe_zip import UNPACKING_ERRORS, open_archive
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.cells import Cell, Sheet, Value, Workbook
from kama_excel.spreadsheets.reading.marks import Package, SheetMarks
from kama_excel.spreadsheets.reading.ods import read_opendocument
from kama_excel.spreadsheets.reading.xls import read_legacy
from kama_excel.spreadsheets.reading.xlsx import read_package

_NO_MARKS = SheetMarks()


def read_workbook(content: bytes, *, with_pictures: bool = True) -> Workbook:
    """Read every sheet's cells and notes, and the pictures where they are wanted: they take longer than all the rest.

    Raises RefusedError where the bytes are no workbook to be read.
    """
    try:
        package = _package(content, with_pictures=with_pictures)
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = []
        for meta in workbook.sheets_metadata:
            if meta.typ == SheetTypeEnum.WorkSheet:
                sheet = workbook.get_sheet_by_name(meta.name)
                marks = package.marks.get(meta.name)
                cells = _cells(sheet.start, sheet.to_python(skip_empty_area=True), marks, is_1904=package.is_1904)
                mine, is_visible = marks or _NO_MARKS, meta.visible == SheetVisibleEnum.Visible
                sheets.append(Sheet(meta.name, cells, is_visible, tuple(mine.notes), tuple(mine.merged)))
    except PasswordError as error:
        raise RefusedError(Code.FILE_PASSWORD, "パスワードがかかっています") from error
    except (CalamineError, zipfile.BadZipFile, ParseError, ExpatError) as error:
        raise RefusedError(Code.FILE_UNREADABLE, "ファイルが壊れているか、Excelのブックではありません") from error
    except (LookupError, RecursionError, *UNPACKING_ERRORS) as error:  # an encoding that is none is a LookupError
        raise RefusedError(Code.FILE_UNREADABLE, "ブックの中身が足りません") from error
    pictures = package.pictures if with_pictures else ()
    return Workbook(tuple(sheets), pictures, package.modified, is_plain=not package.marks)


def _package(content: bytes, *, with_pictures: bool) -> Package:
    """Read what calamine does not tell, and refuse what calamine could not bear."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return read_legacy(content)
    with open_archive(content) as archive:
        names = set(archive.namelist())
        if "xl/workbook.xml" in names:
            return read_package(archive, with_pictures=with_pictures)
        return read_opendocument(archive) if "content.xml" in names else Package()


def _cells(
    start: tuple[int, int] | None, rows: Iterable[Sequence[Value]], marks: SheetMarks | None, *, is_1904: bool
) -> dict[tuple[int, int], Cell]:
    """Join values and marks. Without marks it is not known what is a percent cell or a formula."""
    first_row, first_column = start or (0, 0)
    mine = marks or _NO_MARKS
    cells: dict[tuple[int, int], Cell] = {}
    for row_number, row in enumerate(rows, start=first_row + 1):
        for column_number, told in enumerate(row, start=first_column + 1):
            if told == "":
                continue
            position = (row_number, column_number)
            is_percent = position in mine.percent if marks else None
            typed = mine.texts.get(position, told)
            cell = _cell(typed, is_percent=is_percent, is_formula=position in mine.formulas, is_1904=is_1904)
            if cell.value != "":
                cells[position] = cell._replace(is_struck=True) if position in mine.struck else cell
    for position, error in mine.errors.items():
        is_percent = position in mine.percent if marks else None
        cells[position] = Cell(None, is_percent, error=error, is_formula=position in mine.formulas)
    for position in mine.uncalculated:
        if position not in cells:
            cells[position] = Cell(None, uncalculated=True, is_formula=True)
    for position in mine.pictures:
        cells.pop(position, None)
    return cells


def _cell(typed: Value, *, is_percent: bool | None, is_formula: bool, is_1904: bool) -> Cell:
    if isinstance(typed, str):
        text, is_cleaned = text_of(typed), lost_text(typed)
        return Cell(text, is_percent, is_formula=is_formula, is_cleaned=is_cleaned, is_1904=is_1904)
    if isinstance(typed, float) and not math.isfinite(typed):  # no cell of Excel's holds one
        return Cell(None, is_percent, error="#NUM!")
    return Cell(typed, is_percent, is_formula=is_formula, is_1904=is_1904)
