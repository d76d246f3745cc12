"""The content of a workbook in any format: cells, sheets, addresses."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable, Iterable, Mapping
from enum import StrEnum
from functools import lru_cache, partial
from typing import NamedTuple

from kama_excel.domain.text import UNSEEN
from kama_excel.findings.catalogue import Code

Position = tuple[int, int]
"""Row and column, counted from 1."""
Range = tuple[int, int, int, int]
"""First row, first column, last row, last column, counted from 1."""
Value = str | int | float | bool | dt.date | dt.datetime | dt.time | dt.timedelta


class Condition(StrEnum):
    """What a conditional format may do to the text of a cell, in Japanese.

    Whether it does is not known: conditions may be any formula.
    """

    OTHERWISE = "表示される値が変わる"
    UNSEEN = "値が表示されない"
    STRUCK = "取り消し線が付く"


class Cell(NamedTuple):
    """A cell that is not blank; a tuple, because a form has hundreds of them.

    `value` is None where no value can be used: an error value (`error` names it, `#REF!`), a formula that was
    never calculated (`uncalculated`), or ambiguous content (`unclear` gives the reason in Japanese). `is_percent`
    is None where the file format keeps no number formats. `number_format` is the format's code ('' is General).
    `display` is the text that the cell shows, where the file itself stores it (.ods) or the sheet shows none.
    `is_cleaned`: characters were removed from a text (`text_of`). `is_1904`: the workbook counts days from 1904.
    `is_struck`: the cell or a part of its text is struck out. `covered_by` is the merged range, or
    the kind of drawing, that hides the cell. `condition` is what a conditional format may do to it.
    """

    value: Value | None
    is_percent: bool | None = None
    is_formula: bool = False
    is_cleaned: bool = False
    is_1904: bool = False
    is_struck: bool = False
    number_format: str = ""
    display: str | None = None
    error: str = ""
    uncalculated: bool = False
    covered_by: str = ""
    unclear: str = ""
    condition: Condition | None = None

    @property
    def text(self) -> str:
        """Return the value as text for a message."""
        if isinstance(self.value, str):  # the most frequent case
            return self.value
        if self.error:
            return self.error
        if self.uncalculated:
            return "(数式)"
        if self.unclear:
            return "(不明)"
        match self.value:
            case None:
                return ""
            case dt.datetime() as moment if moment.time() == dt.time():
                return moment.date().isoformat()
            case bool() as truth:
                return "TRUE" if truth else "FALSE"
            case int() | float() as number:
                return f"{number * 100:.15g}%" if self.is_percent else f"{number:.15g}"
            case other:
                return str(other)


_ADDRESS = re.compile("([A-Z]{1,3})([0-9]{1,7})")


BLANK = Cell(None)
cell_of: Callable[[Iterable[object]], Cell] = partial(tuple.__new__, Cell)
"""Make a cell from all its fields in order.

The class takes twice as long, and a form has hundreds of cells.
"""


class Note(NamedTuple):
    """A text over the cells: a cell comment or a text box.

    `kind` says which, in Japanese.
    """

    kind: str
    row: int
    column: int
    text: str


class Sheet(NamedTuple):
    """The cells of a sheet by position; a position that is not in `cells` is blank."""

    name: str
    cells: Mapping[Position, Cell]
    is_visible: bool = True
    notes: tuple[Note, ...] = ()
    merged: tuple[Range, ...] = ()
    hides_zeros: bool = False
    hidden_rows: frozenset[int] = frozenset()
    """The rows with cells that are hidden, filtered away or too low to be read."""
    hidden_columns: frozenset[int] = frozenset()

    def is_hidden(self, row: int, column: int) -> bool:
        """Return whether the row or the column of a cell is hidden."""
        return row in self.hidden_rows or column in self.hidden_columns

    def cell(self, row: int, column: int) -> Cell:
        """Return the cell at a position; BLANK where it is empty."""
        return self.cells.get((row, column), BLANK)


Cropped = tuple[float, float, float, float]
UNCROPPED: Cropped = (0, 0, 0, 0)


class Drawn(NamedTuple):
    """How a sheet displays a picture; the fields are in the order of application.

    `cropped`: the fractions of width and height that are cropped away (left, top, right, bottom). The picture is
    then mirrored left to right, mirrored top to bottom, and turned clockwise by `turned` degrees.
    """

    cropped: Cropped = UNCROPPED
    is_mirrored: bool = False
    is_upside_down: bool = False
    turned: float = 0.0


AS_STORED = Drawn()


class SheetPicture(NamedTuple):
    """A picture as stored in the file, with the cell of its upper left corner (from 1).

    Row and column are 0 for a picture that is on no sheet. A picture that cannot be published has no content;
    `code` is the kind of finding and `reason` explains it in Japanese.
    """

    sheet: str
    row: int
    column: int
    stored: bytes | Callable[[], bytes] = b""
    """The bytes, or a function that reads them from the file."""
    name: str = ""
    reason: str = ""
    drawn: Drawn = AS_STORED
    code: Code = Code.PICTURE_UNREADABLE

    @property
    def content(self) -> bytes:
        """The bytes; b'' if they are damaged."""
        return self.stored if isinstance(self.stored, bytes) else self.stored()


class Workbook(NamedTuple):
    """The sheets of a workbook in order, and its pictures."""

    sheets: tuple[Sheet, ...] = ()
    pictures: tuple[SheetPicture, ...] = ()
    modified: dt.datetime | None = None
    """Time of the last save as recorded in the file (Japan time); None if unknown."""
    is_plain: bool = False
    """Whether the reader gets values only: no errors, number formats, notes or pictures.

    True for .xlsb and .xls before Excel 97.
    """

    def sheet(self, name: str) -> Sheet | None:
        """Return the sheet with this name; None if there is none."""
        return next((sheet for sheet in self.sheets if sheet.name == name), None)


def places_in(area: Range, cells: Mapping[Position, Cell]) -> list[Position]:
    """Return the positions of non-blank cells inside a range."""
    top, left, bottom, right = area
    if (bottom - top + 1) * (right - left + 1) < len(cells):
        across = range(left, right + 1)
        return [(row, column) for row in range(top, bottom + 1) for column in across if (row, column) in cells]
    return [each for each in cells if top <= each[0] <= bottom and left <= each[1] <= right]


def a1(row: int, column: int) -> str:
    """Return the A1 address of a cell counted from 1: (12, 5) → E12."""
    return f"{column_letters(column)}{row}"


@lru_cache(maxsize=1024)  # the report asks for the letters of every cell
def column_letters(column: int) -> str:
    """Return the letters of a column counted from 1: 5 → E, 27 → AA."""
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(ord("A") + rest) + letters
    return letters


@lru_cache(maxsize=100_000)  # every form has its cells at the same addresses
def position(address: str) -> tuple[int, int] | None:
    """Parse an address into row and column, counted from 1: E12 → (12, 5); None if invalid."""
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column


def cell_range(text: str) -> Range | None:
    """Parse a range of cells (F5:F8); None for anything else, including a single cell."""
    first, _, last = text.partition(":")
    top, bottom = position(first), position(last)
    return (*top, *bottom) if top and bottom else None


_BLANK = re.compile(rf"(?:\s|{UNSEEN.pattern})*")


def is_blank(cell: Cell) -> bool:
    """Return whether a cell is empty or holds only white space (zero-width included)."""
    value = cell.value
    if value is None:
        return not (cell.error or cell.uncalculated or cell.unclear)
    return isinstance(value, str) and not value[:1].isalnum() and _BLANK.fullmatch(value) is not None


_LITERAL = 120  # characters; at most 255 if each one is a doubled quotation mark


def quoted(text: str) -> str:
    """Return a text as a literal in a formula.

    Joins several literals with `&`, because Excel accepts at most 255 characters in one.
    """
    if len(text) <= _LITERAL:
        return '"' + text.replace('"', '""') + '"'
    parts = [text[at : at + _LITERAL] for at in range(0, len(text), _LITERAL)]
    return "&".join(map(quoted, parts))


def absolute(address: str) -> str:
    """Return an absolute address: E12 → $E$12."""
    letters = address.rstrip("0123456789")
    return f"${letters}${address[len(letters) :]}"
