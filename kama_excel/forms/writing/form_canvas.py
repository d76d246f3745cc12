"""A sheet of the form under construction; the snapshot records its cells."""

from __future__ import annotations

from enum import Enum
from fractions import Fraction
from typing import NamedTuple

from kama_excel.domain.entries import Picture, TypedValue
from kama_excel.forms import schema
from kama_excel.forms.snapshot import IssuedSnapshot, entered_text
from kama_excel.spreadsheets.cells import a1
from kama_excel.spreadsheets.writing.book import Book
from kama_excel.spreadsheets.writing.canvas import Canvas, Margins, Value
from kama_excel.spreadsheets.writing.picture_frame import framed
from kama_excel.spreadsheets.writing.style import Formats

_ALLOWED = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_columns": True,
    "format_rows": True,
    "autofilter": True,  # no sorting: Excel refuses it if a cell of the table is locked
}
MARGINS: Margins = (0.4, 0.5, 0.6)

Answer = tuple[str, Fraction | float | str | None]
"""A formula and its current value."""


def cell_value(value: TypedValue | None) -> Value:
    """Return the cell value of a prefilled input; a picture lies over its cell."""
    if isinstance(value, Picture):
        return None
    return str(value.value) if isinstance(value, Enum) else value


class FormCanvas(Canvas):
    """A sheet of the form: all cells are written through it, so that the snapshot has them."""

    def __init__(self, book: Book, name: str, formats: Formats, snapshot: IssuedSnapshot) -> None:
        """Add the sheet `name` to the book. Its cells are recorded in `snapshot`."""
        super().__init__(book, name, formats)
        self.snapshot = snapshot

    def record(
        self, row: int, column: int, value: Value, *, is_entered: bool = False, is_formula: bool = False
    ) -> None:
        """Record a cell in the snapshot as the reader returns it: 0.96 in percent as 96."""
        if text := schema.SNAPSHOT_FORMULA if is_formula else entered_text(value):
            self.snapshot.note(self.name, (row, column), text, is_entered=is_entered)

    def insert_picture(self, row: int, column: int, picture: Picture, room: tuple[float, float], words: str) -> None:
        """Insert a picture, scaled to a cell of `room` (width, height) pixels, and record it.

        `words` are the alternative text.
        """
        image, options = framed(picture, room)
        self.sheet.insert_image(row - 1, column - 1, image, {**options, "object_position": 2, "description": words})
        self.snapshot.note_picture((row, column), picture.sha256)

    def suppress_error_markers(self, last: tuple[int, int]) -> None:
        """Turn off Excel's green error markers: formulas differ from row to row on purpose."""
        area = f"A1:{a1(*last)}"
        kinds = ("number_stored_as_text", "formula_differs", "formula_range", "empty_cell_reference")
        self.sheet.ignore_errors(dict.fromkeys(kinds, area))

    def protect(self, *, pictures: bool = False) -> None:
        """Protect all but the inputs, without a password; `pictures` allows pasting them."""
        self.sheet.protect("", {**_ALLOWED, "objects": pictures, "scenarios": False})


class Area(NamedTuple):
    """The area of a table of the form: its columns from A on, its first and its last row."""

    sheet: str
    columns: tuple[schema.FormColumn, ...]
    first: int
    last: int

    def column(self, heading: str) -> int:
        """Return the column of a heading, counted from 1."""
        return next(i for i, column in enumerate(self.columns, start=1) if column.heading == heading)

    def cell(self, heading: str, row: int) -> str:
        """Return the address of a row's cell: F5."""
        return a1(row, self.column(heading))

    def cells(self, heading: str) -> str:
        """Return the reference of a column's cells: F5:F304."""
        return f"{self.cell(heading, self.first)}:{self.cell(heading, self.last)}"

    def own_span(self, heading: str) -> str:
        """Return a column's reference for a formula on the same sheet: $F$5:$F$304."""
        letters = a1(1, self.column(heading))[:-1]
        return f"${letters}${self.first}:${letters}${self.last}"

    def span(self, heading: str) -> str:
        """Return a column's reference for a formula on any sheet."""
        return f"'{self.sheet}'!{self.own_span(heading)}"
