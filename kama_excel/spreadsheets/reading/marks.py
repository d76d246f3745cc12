"""What a workbook says beside its values: the marks of its cells, its notes, its pictures, when it was saved."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, field

from kama_excel.domain.calendar import JAPAN
from kama_excel.files import limits
from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.cells import Note, SheetPicture, a1

TOO_MANY_PICTURES = f"1つのブックの写真が{limits.PICTURES}枚を超えています"

Position = tuple[int, int]
"""Row and column, counted from 1."""


@dataclass(slots=True)
class SheetMarks:
    """The marks of one sheet's cells. `merged` are ranges as (first row, first column, last row, last column)."""

    percent: set[Position] = field(default_factory=set)
    errors: dict[Position, str] = field(default_factory=dict)
    uncalculated: set[Position] = field(default_factory=set)
    formulas: set[Position] = field(default_factory=set)
    struck: set[Position] = field(default_factory=set)
    """Cells that are struck out, or a part of whose text is."""
    rich: dict[Position, int] = field(default_factory=dict)
    """Cells that say #VALUE! to who does not know their value, by its number: pictures, and other things."""
    pictures: set[Position] = field(default_factory=set)
    merged: list[tuple[int, int, int, int]] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    texts: dict[Position, str] = field(default_factory=dict)
    """The texts that calamine tells otherwise: without their tabs and line breaks, with the words of a shape over the cell."""


@dataclass(frozen=True, slots=True)
class Package:
    """What a workbook says beside its values: marks by sheet name, pictures, when it was saved (Japan time)."""

    marks: dict[str, SheetMarks] = field(default_factory=dict)
    pictures: tuple[SheetPicture, ...] = ()
    modified: dt.datetime | None = None
    is_1904: bool = False
    """Whether the workbook counts days from 1904."""


@dataclass(slots=True)
class UsedRange:
    """The rectangle around the cells of a sheet in which something stands."""

    sheet: str
    cells: int = 0
    top: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0

    def add(self, row: int, column: int) -> None:
        """Count a cell. Raises RefusedError where the sheet becomes too large to be held in memory."""
        self.cells += 1
        if not (self.top <= row <= self.bottom and self.left <= column <= self.right):
            self.top, self.left = min(self.top or row, row), min(self.left or column, column)
            self.bottom, self.right = max(self.bottom, row), max(self.right, column)
        elif self.cells <= limits.FILLED_CELLS:
            return
        area = (self.bottom - self.top + 1) * (self.right - self.left + 1)
        if area > limits.USED_CELLS or self.cells > limits.FILLED_CELLS:
            corners = f"{a1(self.top, self.left)}から{a1(self.bottom, self.right)}"
            reason = f"シート「{self.sheet}」で、値のあるセルが{corners}まで広がっています"
            raise RefusedError(Code.FILE_TOO_LARGE, reason)


def refuse_doctype(*_: object) -> None:
    """Refuse a document type (an expat handler): no workbook has one, and a thousand laughs do."""
    raise RefusedError(Code.FILE_UNREADABLE, "ブックにはない書き方（DOCTYPE）が中にあります")


def japan_time(text: str) -> dt.datetime | None:
    """Read a time as files write it (2026-02-08T05:00:00Z, UTC without a zone) as one in Japan; None for other text."""
    try:
        moment = dt.datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(JAPAN)
    except (ValueError, OverflowError):
        return None
