"""Open a workbook of any supported format: .xlsx, .xlsm, .xls, .xlsb, .ods."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import ParseError
from xml.parsers.expat import ExpatError

from python_calamine import CalamineError, PasswordError

from kama_excel.files.limits import RefusedError
from kama_excel.files.safe_zip import UNPACKING_ERRORS, open_archive
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.cells import Cell, Position, Sheet, Value, Workbook, a1, places_in
from kama_excel.spreadsheets.reading.calamine_values import read_values
from kama_excel.spreadsheets.reading.second_reader import check_cells
from kama_excel.spreadsheets.reading.xlsx import read_xlsx
from kama_excel.spreadsheets.reading.xlsx_parts import Parts

OLE_SIGNATURE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
"""First bytes of an .xls (Excel 97 and later) and of an .xlsx with a password."""
_ZIP = b"PK"


def read_workbook(content: bytes, *, with_pictures: bool = True) -> Workbook:
    """Read the cells and notes of every sheet, and the pictures on request.

    Pictures take longer than all the rest. A cell under a merged range has `Cell.covered_by`. Raises:
    RefusedError if the bytes are no readable workbook.
    """
    try:
        workbook = _read(content, with_pictures=with_pictures)
    except PasswordError as error:
        raise RefusedError(Code.FILE_PASSWORD, "パスワードが設定されています") from error
    except (CalamineError, zipfile.BadZipFile, ParseError, ExpatError) as error:
        raise RefusedError(Code.FILE_UNREADABLE, "ファイルが壊れているか、Excelのブックではありません") from error
    except (LookupError, RecursionError, *UNPACKING_ERRORS) as error:  # an unknown encoding is a LookupError
        raise RefusedError(Code.FILE_UNREADABLE, "ブックの内容が欠けています") from error
    pictures = workbook.pictures if with_pictures else ()
    return workbook._replace(sheets=tuple(_as_displayed(sheet) for sheet in workbook.sheets), pictures=pictures)


def _read(content: bytes, *, with_pictures: bool) -> Workbook:
    """Read a file by its first bytes: an .xls of Excel 2007 or later has a ZIP inside."""
    if content.startswith(OLE_SIGNATURE):
        from kama_excel.spreadsheets.reading.xls import read_xls  # noqa: PLC0415 -- few runs meet an .xls

        return read_xls(content)
    if not content.startswith(_ZIP):
        return read_values(content)
    archive = open_archive(content)  # stays open: the pictures are read when they are needed
    if "content.xml" in archive.namelist():
        from kama_excel.spreadsheets.reading.ods import read_ods  # noqa: PLC0415 -- few runs meet an .ods

        return read_ods(archive, with_pictures=with_pictures)
    parts = Parts(archive)
    if parts.workbook.endswith(".xml"):
        workbook = read_xlsx(parts, with_pictures=with_pictures)
        return workbook._replace(sheets=check_cells(content, workbook.sheets))
    return read_values(content)


def _as_displayed(sheet: Sheet) -> Sheet:
    """Mark the cells that the sheet does not display: under a merged range, hidden zeros."""
    hidden = dict(_covered(sheet)) if sheet.merged else {}
    if sheet.hides_zeros:
        zeros = (each for each in sheet.cells.items() if _is_zero(each[1].value))
        hidden |= {place: cell._replace(display="") for place, cell in zeros if place not in hidden}
    return sheet._replace(cells={**sheet.cells, **hidden}) if hidden else sheet


def _is_zero(value: Value | None) -> bool:
    """Return whether a value is the number 0; FALSE is none, and Excel shows it."""
    return value == 0 and not isinstance(value, bool)


def _covered(sheet: Sheet) -> Iterator[tuple[Position, Cell]]:
    for area in sheet.merged:
        top, left, bottom, right = area
        for place in places_in(area, sheet.cells):
            if place != (top, left):
                yield place, sheet.cells[place]._replace(covered_by=f"{a1(top, left)}:{a1(bottom, right)}")
