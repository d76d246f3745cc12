"""Limit the size of a sheet's filled rectangle while the sheet is read."""

from __future__ import annotations

from collections.abc import Collection

from kama_excel.files import limits
from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.cells import Position, Range, a1


class UsedRange:
    """The rectangle around the cells of a sheet that have content.

    A formula without a result is content too.
    """

    def __init__(self, sheet: str) -> None:
        self.sheet = sheet
        self.cells = 0
        self.area: Range = (0, 0, 0, 0)

    def add(self, place: Position, count: int = 1) -> None:
        """Count a cell, or `count` cells that end at it.

        Raises: RefusedError if the sheet needs too much memory.
        """
        self.cells += count
        row, column = place
        top, left, bottom, right = self.area
        if not (top <= row <= bottom and left <= column <= right):
            top, left = min(top or row, row), min(left or column, column)
            bottom, right = max(bottom, row), max(right, column)
            self.area = top, left, bottom, right
        elif self.cells <= limits.FILLED_CELLS:
            return
        if (bottom - top + 1) * (right - left + 1) > limits.USED_CELLS or self.cells > limits.FILLED_CELLS:
            corners = f"{a1(top, left)}から{a1(bottom, right)}"
            reason = f"シート「{self.sheet}」で、値のあるセルが{corners}まで広がっています"
            raise RefusedError(Code.FILE_TOO_LARGE, reason)

    def add_all(self, places: Collection[Position]) -> None:
        """Count the cells at these places.

        Raises: as `add`.
        """
        if places:
            rows, columns = {row for row, _ in places}, {column for _, column in places}
            self.add((min(rows), min(columns)), 0)
            self.add((max(rows), max(columns)), len(places))
