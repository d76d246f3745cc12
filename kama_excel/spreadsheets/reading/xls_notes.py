"""Comments and text boxes of a sheet of an .xls."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kama_excel.spreadsheets.cells import Note, Position

_DRAWING, _OBJECT, _TEXT_OBJECT, _CONTINUE, _NOTE = 0xEC, 0x5D, 0x1B6, 0x3C, 0x1C
_ANCHOR = b"\x10\xf0\x12\x00\x00\x00"
"""The start of an anchor: kind and length; the cell of the upper left corner follows."""
_COMMENT = 0x19
_NOWHERE = (1, 1)


@dataclass(slots=True)
class _Object:
    """An object of a drawing: its kind, its cell and its text."""

    kind: int
    position: Position
    text: str = ""


def legacy_notes(records: Sequence[tuple[int, bytes]]) -> Iterator[Note]:
    """Yield the comments and text boxes of a sheet's records (number, bytes) with their cells.

    Raises: struct.error and IndexError for truncated records.
    """
    objects: dict[int, _Object] = {}
    newest, position = _Object(0, _NOWHERE), _NOWHERE
    for at, (number, data) in enumerate(records):
        if number in (_DRAWING, _CONTINUE) and (anchor := data.find(_ANCHOR)) >= 0:
            left, _, top = struct.unpack_from("<HHH", data, anchor + len(_ANCHOR) + 2)
            position = (top + 1, left + 1)
        elif number == _OBJECT:
            kind, identity = struct.unpack_from("<HH", data, 4)
            newest = objects[identity] = _Object(kind, position)
        elif number == _TEXT_OBJECT:
            newest.text = _continued(struct.unpack_from("<H", data, 10)[0], records, at + 1)
        elif number == _NOTE:
            row, column, _, identity = struct.unpack_from("<HHHH", data)
            if identity in objects:
                objects[identity].position = (row + 1, column + 1)
    for each in objects.values():
        if words := each.text.replace("\r", "\n").strip():
            yield Note("コメント" if each.kind == _COMMENT else "図形", *each.position, words)


def _continued(length: int, records: Sequence[tuple[int, bytes]], at: int) -> str:
    """Read a text of `length` characters from the records that continue the one before `at`."""
    text = ""
    while len(text) < length and at < len(records) and records[at][0] == _CONTINUE:
        data = records[at][1]
        text += data[1:].decode("utf-16-le" if data[0] & 1 else "latin-1", "replace")
        at += 1
    return text[:length]
