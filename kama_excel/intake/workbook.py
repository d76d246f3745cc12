"""Opening a workbook of any format that people send: .xlsx, .xlsm, .xls, .xlsb, .ods."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from xml.etree.ElementTree import ParseError

from defusedxml.common import DefusedXmlException
from python_calamine import CalamineError, CalamineWorkbook, PasswordError, SheetTypeEnum, SheetVisibleEnum

from kama_excel.cells import Cell, Sheet, Value, Workbook, lost_text, text_of
from kama_excel.intake.ooxml import SheetMarks, read_marks

_NO_MARKS = SheetMarks()


class UnreadableWorkbookError(Exception):
    """The bytes are no workbook that can be opened; the message says why, in Japanese."""


def read_workbook(content: bytes) -> Workbook:
    """Read every sheet's cells. Raises UnreadableWorkbookError."""
    try:
        workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
        sheets = [
            (meta.name, meta.visible == SheetVisibleEnum.Visible, workbook.get_sheet_by_name(meta.name))
            for meta in workbook.sheets_metadata
            if meta.typ == SheetTypeEnum.WorkSheet
        ]
        marks, pictures = read_marks(io.BytesIO(content)) if _is_ooxml(content) else ({}, ())
        return Workbook(
            tuple(
                Sheet(name, _cells(name, sheet.start, sheet.to_python(skip_empty_area=True), marks), is_visible)
                for name, is_visible, sheet in sheets
            ),
            pictures,
        )
    except PasswordError as error:
        raise UnreadableWorkbookError("パスワードがかかっています") from error
    except (CalamineError, zipfile.BadZipFile, DefusedXmlException, ParseError) as error:
        raise UnreadableWorkbookError("ファイルが壊れているか、Excelのブックではありません") from error
    except (KeyError, ValueError, OSError, EOFError) as error:
        raise UnreadableWorkbookError("ブックの中身が足りません") from error


def _is_ooxml(content: bytes) -> bool:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return False
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return "xl/workbook.xml" in archive.namelist()


def _cells(
    name: str, start: tuple[int, int] | None, rows: Iterable[Sequence[Value]], marks: dict[str, SheetMarks]
) -> dict[tuple[int, int], Cell]:
    first_row, first_column = start or (0, 0)
    mine = marks.get(name, _NO_MARKS)
    knows_formats = bool(marks)
    cells: dict[tuple[int, int], Cell] = {}
    for row_number, row in enumerate(rows, start=first_row + 1):
        for column_number, typed in enumerate(row, start=first_column + 1):
            value = text_of(typed) if isinstance(typed, str) else typed
            if value == "":
                continue
            position = (row_number, column_number)
            is_percent = (position in mine.percent) if knows_formats else None
            is_cleaned = isinstance(typed, str) and lost_text(typed)
            cells[position] = Cell(value, is_percent, is_formula=position in mine.formulas, is_cleaned=is_cleaned)
    for position, error in mine.errors.items():
        cells[position] = Cell(None, error=error, is_formula=position in mine.formulas)
    for position in mine.uncalculated:
        if position not in cells:
            cells[position] = Cell(None, uncalculated=True, is_formula=True)
    return cells
