"""What calamine does not tell of an .xls: percent formats, error values, formulas, notes (as `ooxml` for an .xlsx).

An .xls is a chain of records, each with a number, a length and its bytes; sheets follow the globals. Excel 97 and
later (BIFF8) is understood; of older files nothing more than their values is known.
"""

from __future__ import annotations

import datetime as dt
import io
import re
import struct
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice

from kama_excel.domain.calendar import JAPAN
from kama_excel.files import limits
from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.cells import Note, SheetPicture
from kama_excel.spreadsheets.reading.marks import Package, Position, SheetMarks

MAGIC = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
_BOF, _FILEPASS, _BOUNDSHEET, _FORMAT, _XF, _FONT = 0x809, 0x2F, 0x85, 0x41E, 0xE0, 0x31
_FORMULA, _BOOLERR, _NUMBER, _RK, _MULRK, _TEXT = 0x06, 0x205, 0x203, 0x27E, 0xBD, 0xFD
_DRAWINGS, _DATE_MODE, _MERGED, _EOF = 0xEB, 0x22, 0xE5, 0x0A
_STRIKES = 0x08
_BLIP = b"\x07\xf0"  # the type of a record that holds one picture (OfficeArtFBSE)
_BIFF8 = 0x600
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_PICTURE_NAMED = "この形式（.xls）の写真は取り出せません。.xlsx で保存し直してください"
_NOTHING = Package()


def read_legacy(content: bytes) -> Package:
    """Read the marks of every sheet by its name; nothing where the bytes are no such file.

    Raises RefusedError for a workbook with a password.
    """
    if not content.startswith(MAGIC):
        return _NOTHING
    import olefile  # noqa: PLC0415 -- only for the few files of this kind

    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            if ole.exists("EncryptedPackage"):
                raise RefusedError(Code.FILE_PASSWORD, "パスワードがかかっています")
            stream = next((name for name in ("Workbook", "Book") if ole.exists(name)), None)
            if stream is None:
                return _NOTHING
            records = list(_records(ole.openstream(stream).read()))
            saved = getattr(ole.get_metadata(), "last_saved_time", None)
    except (OSError, ValueError, IndexError, TypeError, struct.error):
        return _NOTHING
    if any(number == _FILEPASS for _, number, _ in records):
        raise RefusedError(Code.FILE_PASSWORD, "パスワードがかかっています")
    try:
        marks = _marks(records)
    except (struct.error, IndexError, UnicodeDecodeError):
        return _NOTHING
    blips = sum(data.count(_BLIP) for _, number, data in records if number == _DRAWINGS)
    pictures = (SheetPicture("", 0, 0, b"", "", _PICTURE_NAMED),) * min(blips, limits.PICTURES)
    modified = saved.replace(tzinfo=dt.UTC).astimezone(JAPAN) if isinstance(saved, dt.datetime) else None
    is_1904 = any(number == _DATE_MODE and data[:1] == b"\x01" for _, number, data in records)
    return Package(marks, pictures, modified, is_1904)


def _records(stream: bytes) -> Iterator[tuple[int, int, bytes]]:
    position = 0
    while position + 4 <= len(stream):
        number, length = struct.unpack_from("<HH", stream, position)
        yield position, number, stream[position + 4 : position + 4 + length]
        position += 4 + length


def _marks(records: list[tuple[int, int, bytes]]) -> dict[str, SheetMarks]:
    if not records or records[0][1] != _BOF or struct.unpack_from("<H", records[0][2])[0] != _BIFF8:
        return {}
    sheets = {
        struct.unpack_from("<I", data)[0]: _short_text(data, 6) for _, number, data in records if number == _BOUNDSHEET
    }
    percent_formats = {9, 10}
    for _, number, data in records:
        if number == _FORMAT:
            code = re.sub(r'"[^"]*"|\\.', "", _long_text(data, 2))
            index = struct.unpack_from("<H", data)[0]
            (percent_formats.add if "%" in code else percent_formats.discard)(index)
    formats = [struct.unpack_from("<H", data, 2)[0] for _, number, data in records if number == _XF]
    percent = {index for index, each in enumerate(formats) if each in percent_formats}
    struck = _struck_formats(records)
    found = {}
    for name, mine in _of_sheets(records, sheets).items():
        found[name] = marks = SheetMarks(notes=list(legacy_notes(mine)))
        for number, data in mine:
            if number == _MERGED:
                marks.merged += islice(_merged(data), limits.MERGED_CELLS - len(marks.merged))
            else:
                _take(number, data, percent, struck, marks)
    return found


def _struck_formats(records: list[tuple[int, int, bytes]]) -> set[int]:
    """Return the numbers of the cell formats that strike out. No font has the number 4."""
    fonts = [data[2] & _STRIKES for _, number, data in records if number == _FONT]
    struck = {index + (index >= 4) for index, each in enumerate(fonts) if each}  # noqa: PLR2004
    used = [struct.unpack_from("<H", data)[0] for _, number, data in records if number == _XF]
    return {index for index, each in enumerate(used) if each in struck}


def _merged(data: bytes) -> Iterator[tuple[int, int, int, int]]:
    for offset in range(2, len(data) - 7, 8):
        top, bottom, left, right = struct.unpack_from("<HHHH", data, offset)
        yield top + 1, left + 1, bottom + 1, right + 1


def _of_sheets(records: list[tuple[int, int, bytes]], sheets: dict[int, str]) -> dict[str, list[tuple[int, bytes]]]:
    """Return each sheet's records (number, bytes) by its name; what belongs to a chart on it is left out."""
    found: dict[str, list[tuple[int, bytes]]] = {name: [] for name in sheets.values()}
    mine: list[tuple[int, bytes]] = []
    depth = 0
    for position, number, data in records:
        if number == _BOF and position in sheets:
            mine, depth = found[sheets[position]], 1
        elif number in (_BOF, _EOF):
            depth += 1 if number == _BOF else -1
        elif depth == 1:
            mine.append((number, data))
    return found


def _take(number: int, data: bytes, percent: set[int], struck: set[int], mine: SheetMarks) -> None:
    if number not in (_FORMULA, _BOOLERR, _NUMBER, _RK, _MULRK, _TEXT):
        return
    row, column = struct.unpack_from("<HH", data)
    # one format; of a row of figures one before each of them
    offsets = range(4, len(data) - 2, 6) if number == _MULRK else (4,)
    for beside, offset in enumerate(offsets):
        style = struct.unpack_from("<H", data, offset)[0]
        for formats, places in ((percent, mine.percent), (struck, mine.struck)):
            if style in formats:
                places.add((row + 1, column + 1 + beside))
    position = (row + 1, column + 1)
    if number == _FORMULA:
        mine.formulas.add(position)
        if data[12:14] == b"\xff\xff" and data[6] == 2:  # noqa: PLR2004 -- the result is no number, and of kind 2
            mine.errors[position] = _ERRORS.get(data[8], "#VALUE!")
    elif number == _BOOLERR and data[7]:
        mine.errors[position] = _ERRORS.get(data[6], "#VALUE!")


def _short_text(data: bytes, at: int) -> str:
    return _text(data, at + 2, data[at], data[at + 1])


def _long_text(data: bytes, at: int) -> str:
    return _text(data, at + 3, struct.unpack_from("<H", data, at)[0], data[at + 2])


def _text(data: bytes, at: int, length: int, flags: int) -> str:
    wide = flags & 1
    raw = data[at : at + length * (2 if wide else 1)]
    return raw.decode("utf-16-le" if wide else "latin-1", "replace")


_DRAWING, _OBJECT, _TEXT_OBJECT, _CONTINUE, _NOTE = 0xEC, 0x5D, 0x1B6, 0x3C, 0x1C
_ANCHOR = b"\x10\xf0\x12\x00\x00\x00"
"""What an anchor begins with: its kind and its length; the cell of the upper left corner follows."""
_COMMENT = 0x19
_NOWHERE = (1, 1)


@dataclass(slots=True)
class _Object:
    """An object of a drawing: what kind it is, at which cell, and what is written in it."""

    kind: int
    position: Position
    text: str = ""


def legacy_notes(records: Sequence[tuple[int, bytes]]) -> Iterator[Note]:
    """Yield the comments and text boxes of a sheet's records (number, bytes), each at its cell.

    Raises struct.error and IndexError for records that are cut short.
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
    """Read a text of so many characters from the records that continue the one before `at`."""
    text = ""
    while len(text) < length and at < len(records) and records[at][0] == _CONTINUE:
        data = records[at][1]
        text += data[1:].decode("utf-16-le" if data[0] & 1 else "latin-1", "replace")
        at += 1
    return text[:length]
