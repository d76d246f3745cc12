"""Limit the size of a sheet's filled rectangle while the sheet is read."""

from __future__ import annotations

from dataclasses import dataclass

from kama_excel.files import limits
from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.cells import a1


@dataclass(slots=True)
class UsedRange:
    """The rectangle around the non-blank cells of a sheet."""

    sheet: str
    cells: int = 0
    top: int = 0
    left: int = 0
    bottom: int = 0
    right: int = 0

    def add(self, row: int, column: int, count: int = 1) -> None:
        """Count a cell, or `count` cells that end at it.

        Raises: RefusedError if the sheet needs too much memory.
        """
        self.cells += count
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
