"""The location of a value: a cell of a sheet of a file."""

from __future__ import annotations

from typing import NamedTuple


class Place(NamedTuple):
    """A location: file path as in messages, sheet, cell address; '' for an unknown part."""

    file: str = ""
    sheet: str = ""
    cell: str = ""

    def __str__(self) -> str:
        return " ".join(part for part in (self.file, f"「{self.sheet}」" if self.sheet else "", self.cell) if part)


NOWHERE = Place()
