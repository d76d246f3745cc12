"""A second reader, which knows nothing of the first: what the two see differently in a workbook."""

import datetime as dt
import io
import re

import openpyxl

from kama_excel.domain.text import text_of
from kama_excel.spreadsheets.cells import Cell
from kama_excel.spreadsheets.reading.open_workbook import read_workbook


def disagreements(content):
    """Return (sheet, cell, what openpyxl sees, what the program sees) of every cell where they differ."""
    mine = {sheet.name: sheet.cells for sheet in read_workbook(content).sheets}
    found = []
    for sheet in openpyxl.load_workbook(io.BytesIO(content), data_only=True):
        for row in sheet.iter_rows():
            for cell in row:
                seen = mine[sheet.title].get((cell.row, cell.column), Cell(None))
                other, read = _plain(cell.value), _plain(seen.error or seen.value)
                if other != read:
                    found.append((sheet.title, cell.coordinate, other, read))
    return found


def _plain(value):
    """Return a value as both readers could have it: blank as '', a day without its midnight, a text as it is cleaned."""
    match value:
        case dt.datetime() if value.time() == dt.time():
            return value.date()
        case str():  # openpyxl leaves the escapes of characters that XML forbids
            return text_of(re.sub(r"_x([0-9A-F]{4})_", lambda match: chr(int(match[1], 16)), value)).strip()
        case None:
            return ""
        case _:
            return value
