"""Read values with calamine, for formats and parts without a reader of our own."""

from __future__ import annotations

import io
import math
from collections.abc import Collection, Iterator
from pathlib import Path

from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

from kama_excel.domain.text import lost_text, text_of
from kama_excel.spreadsheets.cells import Cell, Position, Sheet, Value, Workbook


def read_values(content: bytes) -> Workbook:
    """Read a workbook of which only the values are available (.xlsb, .xls before Excel 97).

    Raises: what calamine raises.
    """
    sheets = []
    for name, is_visible, values in calamine_sheets(content):
        cells = {place: cell for place, value in values.items() if (cell := plain_cell(value)).value != ""}
        sheets.append(Sheet(name, cells, is_visible))
    return Workbook(tuple(sheets), is_plain=True)


def calamine_sheets(content: bytes) -> Iterator[tuple[str, bool, dict[Position, Value]]]:
    """Yield name, visibility and values of each sheet that has cells."""
    workbook = CalamineWorkbook.from_filelike(io.BytesIO(content))
    for meta in workbook.sheets_metadata:
        if meta.typ == SheetTypeEnum.WorkSheet:
            sheet = workbook.get_sheet_by_name(meta.name)
            first_row, first_column = sheet.start or (0, 0)
            values = {
                (row, column): value
                for row, cells in enumerate(sheet.to_python(skip_empty_area=True), start=first_row + 1)
                for column, value in enumerate(cells, start=first_column + 1)
                if value != ""
            }
            yield meta.name, meta.visible == SheetVisibleEnum.Visible, values


def sheet_values(path: Path, names: Collection[str]) -> dict[str, list[list[Value]]]:
    """Return the values of the named sheets of a workbook on disk, row by row from A1.

    Empty if there is no file, or if calamine cannot read it.
    """
    try:
        with CalamineWorkbook.from_path(path) as book:
            there = [name for name in book.sheet_names if name in names]
            return {name: book.get_sheet_by_name(name).to_python(skip_empty_area=False) for name in there}
    except (CalamineError, OSError, OverflowError, ValueError):
        return {}


def plain_cell(value: Value) -> Cell:
    """Return a cell that has only a value."""
    if isinstance(value, str):
        return Cell(text_of(value), is_cleaned=lost_text(value))
    if isinstance(value, float) and not math.isfinite(value):  # Excel's cells never hold infinity or NaN
        return Cell(None, error="#NUM!")
    return Cell(value)
