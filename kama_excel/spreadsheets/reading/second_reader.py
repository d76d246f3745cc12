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
from collections.abc import Iterator, Mapping

from python_calamine import CalamineError, CalamineWorkbook

from kama_excel.domain.text import text_of
from kama_excel.spreadsheets.cells import BLANK, Cell, Position, Sheet, Value, is_blank
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
        rows = read.to_python(skip_empty_area=True)
    except (CalamineError, OverflowError, ValueError):
        return sheet
    unread = dict(sheet.cells)
    others: dict[Position, Value] = {
        place: value
        for row, values in enumerate(rows, start=first_row + 1)
        for column, value in enumerate(values, start=first_column + 1)
        if value != "" and unread.pop(place := (row, column), BLANK).value != value
    }
    unclear = dict(_disagreeing(sheet.cells, others | dict.fromkeys(unread)))
    return sheet._replace(cells={**sheet.cells, **unclear}) if unclear else sheet


def _disagreeing(
    cells: Mapping[Position, Cell], others: Mapping[Position, Value | None]
) -> Iterator[tuple[Position, Cell]]:
    """Yield the cells whose values calamine reads differently, without their own values.

    `others` are what it reads at their places; None for nothing.
    """
    for place, other in others.items():
        cell = cells.get(place)
        if cell is None:
            if other is not None and not _is_empty(other):
                yield place, Cell(None, unclear=DISAGREE)
        elif not (cell.value == other or cell.error or cell.unclear or _is_same(cell, other)):
            yield place, Cell(None, cell.is_percent, is_formula=cell.is_formula, unclear=DISAGREE)


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
