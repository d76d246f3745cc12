"""Parse the cell of an input by its heading."""

from __future__ import annotations

from kama_excel.domain.entries import TypedValue
from kama_excel.domain.keys import Field, ValueKind
from kama_excel.findings.catalogue import Code
from kama_excel.parsing.dates import read_date
from kama_excel.parsing.parsed import Parsed, Problem
from kama_excel.parsing.texts import read_certainty, read_report_text, read_text
from kama_excel.parsing.values import read_actual, read_progress, read_rate
from kama_excel.spreadsheets.cells import Cell

_PRINTED = frozenset({Field.OUTCOME, Field.EFFORTS, Field.CHALLENGES})


def read_input(field: Field, cell: Cell, unit: str = "") -> Parsed[TypedValue]:
    """Parse a value under a heading; `unit` is that of the row's indicator."""
    match field.kind:
        case ValueKind.TEXT:  # the most frequent kind; every comparison with an Enum's member takes time
            return read_report_text(cell) if field in _PRINTED else read_text(cell)
        case ValueKind.PROGRESS:
            return read_progress(cell)
        case ValueKind.RATE:
            return read_rate(cell)
        case ValueKind.NUMBER:
            return read_actual(cell, unit)
        case ValueKind.DATE:
            reading = read_date(cell)
            is_unreadable = reading.problem is not None and reading.problem.code is Code.DATE_UNREADABLE
            return reading._replace(problem=Problem(Code.AS_OF_UNREADABLE)) if is_unreadable else reading
        case ValueKind.CERTAINTY:
            return read_certainty(cell)
        case _:
            return read_text(cell)
