"""Record the cells that the program wrote into a form, to detect what a person typed.

The snapshot is one JSON text on the very hidden sheet `_kama`, cut into chunks that fit a cell, each with the
label 控え. It has for every cell the sheet, the address, the text (a figure with 15 digits, a date as 2026-02-08, a
formula as 「=」) and whether it is a prefilled input. One cell for each of these would be four fifths of all cells
of a form.
"""

from __future__ import annotations

import datetime as dt
import hashlib
import json
import re
from collections.abc import Collection, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from kama_excel.domain.arithmetic import compared
from kama_excel.domain.entries import Certainty, Entry, Excluded, Picture
from kama_excel.domain.keys import Field, Key, Slot
from kama_excel.domain.text import text_of
from kama_excel.files import limits
from kama_excel.forms import schema
from kama_excel.parsing.parsed import to_fraction
from kama_excel.spreadsheets.cells import AS_STORED, Cell, Sheet, Workbook, a1, is_blank, position

KEY_AT = 1  # the column of the printed 管理番号
_PICTURES = "（画像）"  # no sheet: the marker of a picture in place of a sheet's name
_PIECE = limits.CELL_CHARACTERS // 2  # Excel counts a character beyond the first 65,536 as two
_MANY_DECIMALS = re.compile(
    r"-?\d+(\.\d{10,}|(\.\d+)?e-\d+)"
)  # figures that rule 11 rounds, as `figure_text` writes them
_TAB = _REJECTED = "\uffff"  # a character that no text has (`text_of`)


SnapshotRow = tuple[str, tuple[int, int], str, bool]
"""A cell that the program wrote: sheet, place, text, and whether it is a prefilled input.

The place is row and column, counted from 1. A plain tuple, because a form has hundreds of them.
"""


Texts = Mapping[tuple[int, int], str]
"""The texts of a sheet by place."""


class Snapshot(NamedTuple):
    """The texts that the program wrote into a form, by the names of the sheets.

    `printed` stay as they are, `prefilled` are inputs.
    """

    printed: Mapping[str, Texts]
    prefilled: Mapping[str, Texts]

    @classmethod
    def of(cls, rows: Sequence[SnapshotRow]) -> Snapshot:
        """Return the snapshot with these rows."""
        printed: dict[str, dict[tuple[int, int], str]] = {}
        prefilled: dict[str, dict[tuple[int, int], str]] = {}
        for sheet, place, text, is_entered in rows:
            texts = prefilled if is_entered else printed
            if sheet not in texts:
                texts[sheet] = {}
            texts[sheet][place] = text
        return cls(printed, prefilled)

    def keys(self, sheet: str) -> dict[Key, int]:
        """Return the 管理番号 printed on a sheet, with their rows."""
        keys = (
            (Key.typed(text), row) for (row, column), text in self.printed.get(sheet, {}).items() if column == KEY_AT
        )
        return {key: row for key, row in keys if key.kind}


class IssuedPicture(NamedTuple):
    """A picture in an issued form: the address of its frame, and its hash."""

    address: str
    sha256: str


IssuedRow = tuple[Key, dict[str, str]]
"""A row of an issued form's table: 管理番号 and texts by heading; '' is blank."""


class IssuedSnapshot:
    """The cells written so far, in order of writing."""

    def __init__(self) -> None:
        self.rows: list[SnapshotRow] = []

    def note(self, sheet: str, place: tuple[int, int], text: str, *, is_entered: bool = False) -> None:
        """Record a cell (row and column counted from 1)."""
        self.rows.append((sheet, place, text, is_entered))

    def note_picture(self, place: tuple[int, int], sha256: str) -> None:
        """Record a picture by its hash and its frame (row and column counted from 1)."""
        self.note(_PICTURES, place, sha256)

    def text_chunks(self) -> list[str]:
        """Return the snapshot as texts that fit a cell.

        A tab is not escaped: calamine drops it from an .ods, here as in the printed cell.
        """
        rows = [
            (sheet, a1(*place), text.replace("\t", _TAB), is_entered) for sheet, place, text, is_entered in self.rows
        ]
        text = json.dumps(rows, ensure_ascii=False, separators=(",", ":")).replace(_TAB, "\t")
        return [text[at : at + _PIECE] for at in range(0, len(text), _PIECE)]


def figure_text(number: Fraction | float) -> str:
    """Return a figure as the snapshot stores it: 15 significant digits, as in a cell."""
    return f"{float(number):.15g}"


def entered_text(value: object) -> str:
    """Return the snapshot's text of a prefilled input; '' for a blank one."""
    match value:
        case dt.date():
            return value.isoformat()
        case int() | Fraction():
            return figure_text(value)
        case Excluded() | Certainty():
            return str(value.value)
        case Picture():
            return value.sha256
        case _:
            return str(value or "").strip()


def is_as_issued(entry: Entry, prefilled: Mapping[Slot, str]) -> bool:
    """Return whether an input holds what the form was issued with."""
    return text_of_entry(entry) == comparable_text(prefilled.get(entry.slot, ""))


def text_of_entry(entry: Entry) -> str:
    """Return an input for comparison with the snapshot: its value, or an unreadable text.

    What a rejected cell holds is never what the form was issued with.
    """
    if entry.is_cell_rejected:
        return f"{_REJECTED}{entry.typed}"
    return comparable_text(entered_text(entry.typed if entry.value is None else entry.value))


def comparable_text(text: str) -> str:
    """Return an `entered_text` for comparison: a figure is rounded (rule 11)."""
    return figure_text(compared(Fraction(text))) if _MANY_DECIMALS.fullmatch(text) else text


def snapshot_rows(workbook: Workbook) -> list[SnapshotRow]:
    """Return every cell that the program wrote; [] if the snapshot is missing or damaged.

    The sheet can be edited: its texts are cleaned like those of cells.
    """
    identity = workbook.sheet(schema.IDENTITY_SHEET)
    if identity is None:
        return []
    labels = sorted(place for place, cell in identity.cells.items() if cell.value == schema.SNAPSHOT)
    try:
        noted = json.loads("".join(identity.cell(row, column + 1).text for row, column in labels), strict=False)
        if len(noted) > limits.FILLED_CELLS:
            return []
        rows = [
            (sheet, place, text, bool(kind)) for sheet, address, text, kind in noted if (place := position(address))
        ]
        words = "".join([text for _, _, text, _ in rows]) + "".join({sheet for sheet, _, _, _ in rows})
        if text_of(words) == words:
            return rows
        return [(text_of(sheet), place, text_of(text), kind) for sheet, place, text, kind in rows]
    except (ValueError, TypeError, AttributeError, RecursionError):  # no JSON, or not of these types
        return []


def issued_rows(snapshot: Snapshot) -> list[IssuedRow]:
    """Return the tables' rows as issued."""
    found: list[IssuedRow] = []
    for form_sheet in schema.TABLE_SHEETS:
        rows: dict[int, dict[int, str]] = {}
        for texts in (snapshot.printed.get(form_sheet.name), snapshot.prefilled.get(form_sheet.name)):
            for (number, column), text in (texts or {}).items():
                if number not in rows:
                    rows[number] = {}
                rows[number][column] = text
        headings = next((row for row in rows.values() if schema.KEY in row.values()), {})
        found += [
            (Key.typed(key), {heading: row.get(column, "") for column, heading in headings.items()})
            for row in rows.values()
            if row is not headings and (key := row.get(KEY_AT)) and len(row) > 1
        ]
    return found


def plan_texts(rows: Sequence[IssuedRow]) -> dict[Key, dict[str, str]]:
    """Return the plan's texts of an issued form, by 管理番号 and heading.

    Of two equal keys the first counts.
    """
    found: dict[Key, dict[str, str]] = {}
    for key, texts in rows:
        found.setdefault(key, {heading: texts[heading] for heading in schema.OF_THE_PLAN if heading in texts})
    return found


def prefilled_texts(rows: Sequence[IssuedRow]) -> dict[Slot, str]:
    """Return the texts of a form's prefilled inputs, as the snapshot stores them."""
    return {
        slot: text
        for key, texts in rows
        if (form_sheet := schema.sheet_of(key))
        for heading, slot in schema.slots(form_sheet, key).items()
        if (text := texts.get(heading))
    }


def issued_pictures(snapshot: Snapshot) -> dict[Slot, IssuedPicture]:
    """Return the pictures of an issued form by frame."""
    hashes = snapshot.printed.get(_PICTURES)
    if not hashes:
        return {}
    texts = snapshot.printed.get(schema.PICTURE_SHEET.name, {})
    keys = {row: text for (row, column), text in texts.items() if column == KEY_AT}
    pictures = {column.heading: column.picture for column in schema.PICTURE_SHEET.columns if column.picture}
    at = {column: pictures[text] for (_, column), text in texts.items() if text in pictures}
    found: dict[Slot, IssuedPicture] = {}
    for (row, column), sha256 in hashes.items():
        key, number = Key.typed(keys.get(row, "")), at.get(column)
        if key.picture is None and key.action_no is not None and number:
            key = Key.of_picture(key.action_no, key.department, number)
        if key.picture is not None:
            found[key, Field.PICTURE] = IssuedPicture(a1(row, column), sha256)
    return found


def is_untouched(workbook: Workbook) -> bool:
    """Return whether a form is exactly as issued; False without a snapshot.

    Strikethrough and an edited picture (cropped, turned) are changes by a person.
    """
    if any(each.drawn != AS_STORED for each in workbook.pictures):
        return False
    if any(cell.is_struck for sheet in workbook.sheets for cell in sheet.cells.values()):
        return False
    rows = snapshot_rows(workbook)
    wanted = {(sheet, place): text for sheet, place, text, _ in rows if sheet != _PICTURES}
    prefilled = {(sheet, place) for sheet, place, _, is_entered in rows if is_entered}
    issued_hashes = sorted(text for sheet, _, text, _ in rows if sheet == _PICTURES)
    if not wanted or sorted(hashlib.sha256(each.content).hexdigest() for each in workbook.pictures) != issued_hashes:
        return False
    formulas = {place for place, text in wanted.items() if text == schema.SNAPSHOT_FORMULA}
    if any(sheet.notes or _has_overwritten_answer(sheet, formulas) for sheet in workbook.sheets):
        return False
    there = {
        (sheet.name, place): _prefilled_text(sheet, cell) if (sheet.name, place) in prefilled else written_text(cell)
        for sheet in workbook.sheets
        if sheet.name != schema.IDENTITY_SHEET
        for place, cell in sheet.cells.items()
        if not is_blank(cell)
    }
    return {place: text for place, text in there.items() if place not in formulas} == {
        place: text for place, text in wanted.items() if place not in formulas
    }


def _prefilled_text(sheet: Sheet, cell: Cell) -> str:
    """Return an input's value as the snapshot stores it: 0.96 in a percent cell as 96."""
    if sheet.name == schema.INDICATOR_SHEET.name and cell.is_percent and isinstance(cell.value, int | float):
        return figure_text(to_fraction(cell.value) * 100)
    return written_text(cell)


def _has_overwritten_answer(sheet: Sheet, formulas: Collection[tuple[str, tuple[int, int]]]) -> bool:
    """Return whether a value replaced a formula.

    False for formats that do not mark formulas (.xls, .ods).
    """
    return any(
        (sheet.name, place) in formulas and not cell.is_formula and cell.is_percent is not None and not is_blank(cell)
        for place, cell in sheet.cells.items()
    )


def written_text(cell: Cell) -> str:
    """Return a cell's value as the snapshot stores it."""
    value = cell.value
    if isinstance(value, str):
        return value.replace("\r\n", "\n").replace("\r", "\n") if "\r" in value else value
    return figure_text(value) if isinstance(value, int | float) and not isinstance(value, bool) else cell.text
