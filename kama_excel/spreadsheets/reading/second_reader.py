"""Check the cells of an .xlsx with a second reader, calamine.

Excel, an XML parser and calamine may read different content from a cell that no spreadsheet program writes that
way (comments or CDATA inside a value, a value before its formula). The version that the sender saw is unknown, so
such a cell is rejected. Where calamine fails (newer error values), the first reader's cells stay.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import re
from collections.abc import Mapping

from python_calamine import CalamineError, CalamineWorkbook

from kama_excel.domain.text import text_of
from kama_excel.spreadsheets.cells import Cell, Position, Sheet, Value, is_blank
from kama_excel.spreadsheets.reading.date_formats import serial_of
from kama_excel.spreadsheets.reading.xlsx_cells import iso_moment
from kama_excel.spreadsheets.reading.xlsx_styles import unescaped

DISAGREE = "読み取る方法によって、値が異なります"
_UNSTEADY = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u200b-\u200f\ufeff\ufdd0\ufffe\uffff\ud800-\udfff?]+")
"""Characters that readers keep, drop or replace in different ways."""


def check_cells(content: bytes, sheets: tuple[Sheet, ...]) -> tuple[Sheet, ...]:
    """Return the sheets without the values that calamine reads differently."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(content))
    except CalamineError:
        return sheets
    there = set(book.sheet_names)
    return tuple(_checked(book, sheet) if sheet.name in there else sheet for sheet in sheets)


def _checked(book: CalamineWorkbook, sheet: Sheet) -> Sheet:
    try:
        read = book.get_sheet_by_name(sheet.name)
        first_row, first_column = read.start or (0, 0)
        values: dict[Position, Value] = {
            (row, column): value
            for row, cells in enumerate(read.to_python(skip_empty_area=True), start=first_row + 1)
            for column, value in enumerate(cells, start=first_column + 1)
            if value != ""
        }
    except (CalamineError, OverflowError, ValueError):
        return sheet
    unclear = dict(_disagreeing(sheet.cells, values))
    return sheet._replace(cells={**sheet.cells, **unclear}) if unclear else sheet


def _disagreeing(cells: Mapping[Position, Cell], values: Mapping[Position, Value]) -> list[tuple[Position, Cell]]:
    """Return the cells that differ from `values`, without their own values."""
    found = []
    for place, cell in cells.items():
        other = values.get(place)
        if cell.value == other or cell.error or cell.unclear:
            continue
        if not _is_same(cell, other):
            found.append((place, Cell(None, cell.is_percent, is_formula=cell.is_formula, unclear=DISAGREE)))
    found += [
        (place, Cell(None, unclear=DISAGREE)) for place in values.keys() - cells.keys() if not _is_empty(values[place])
    ]
    return found


def _is_empty(value: Value) -> bool:
    return isinstance(value, str) and not _UNSTEADY.sub("", value)


def _is_same(cell: Cell, other: Value | None) -> bool:
    """Compare two values, allowing for what spreadsheet readers may read differently."""
    mine = cell.value
    if other is None or mine is None:
        return is_blank(cell) or cell.uncalculated or _is_empty(cell.text)
    if isinstance(mine, dt.date | dt.time) and isinstance(other, str):
        return iso_moment(other) == mine  # calamine leaves a date with a zone as text
    if isinstance(mine, str) or isinstance(other, str):
        if not (isinstance(mine, str) and isinstance(other, str)):
            return False
        return _UNSTEADY.sub("", mine) in (_UNSTEADY.sub("", other), _UNSTEADY.sub("", text_of(unescaped(other))))
    if isinstance(mine, bool) or isinstance(other, bool):
        return mine is other
    one, two = (_number(each, is_1904=cell.is_1904) for each in (mine, other))
    return (
        one is not None
        and two is not None
        and math.isclose(one, two, rel_tol=1e-14, abs_tol=2e-5 if one != mine else 0)
    )


def _number(value: Value, *, is_1904: bool) -> float | None:
    if isinstance(value, int | float):
        return float(value)
    if isinstance(value, dt.date | dt.time | dt.timedelta):
        serial = serial_of(value, is_1904=is_1904)
        return None if serial is None else float(serial)
    return None
