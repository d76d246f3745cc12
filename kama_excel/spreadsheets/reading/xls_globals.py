"""Shared data of an .xls: number formats, fonts, colours, texts of several looks.

The records are those before the sheets, each with a position, a number and its bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise
from typing import NamedTuple

from kama_excel.spreadsheets.reading.built_in_formats import BUILT_IN
from kama_excel.spreadsheets.reading.colours import BLACK, PALETTE, WHITE
from kama_excel.spreadsheets.reading.rich_text import SMALLEST, Run
from kama_excel.spreadsheets.reading.xlsx_styles import CellFormat, Text, cell_format

Record = tuple[int, int, bytes]
_FORMAT, _XF, _FONT, _TEXTS, _CONTINUE, _PALETTE = 0x41E, 0xE0, 0x31, 0xFC, 0x3C, 0x92
_STRIKES = 0x08
_FIRST_COLOUR, _SOLID = 8, 1
_AUTOMATIC = 0x7FFF
_NO_FONT = 4
"""Font number that is never used: fonts after it are counted one higher."""
_RAISED = {1: 1, 2: -1}
_WIDE, _PHONETIC, _RICH = 0x01, 0x04, 0x08


class Font(NamedTuple):
    """A font: strikethrough, colour, position (1 above the line, -1 below it), size in points."""

    is_struck: bool = False
    letters: str = BLACK
    raised: int = 0
    points: float = 11.0


def fonts(records: Sequence[Record], colours: Mapping[int, str]) -> dict[int, Font]:
    """Return the fonts by number."""
    found = {}
    for index, data in enumerate(data for _, number, data in records if number == _FONT):
        height, flags, letters, _, position = struct.unpack_from("<5H", data)
        look = Font(bool(flags & _STRIKES), colours.get(letters, ""), _RAISED.get(position, 0), height / 20)
        found[index + (index >= _NO_FONT)] = look
    return found


def format_codes(records: Sequence[Record]) -> dict[int, str]:
    """Return the number format codes by number."""
    codes = {0: ""} | BUILT_IN
    for _, number, data in records:
        if number == _FORMAT:
            codes[struct.unpack_from("<H", data)[0]] = long_text(data, 2)
    return codes


def cell_formats(
    records: Sequence[Record], fonts_by_number: Mapping[int, Font], colours: Mapping[int, str]
) -> tuple[CellFormat, ...]:
    """Return the cell formats in the order of their numbers."""
    codes = format_codes(records)
    found = []
    for _, number, data in records:
        if number == _XF:
            font, index = struct.unpack_from("<HH", data)
            look = fonts_by_number.get(font, Font())
            pair = (look.letters, colours.get(_ground(data), ""))
            found.append(cell_format(codes.get(index, ""), pair, is_struck=look.is_struck, points=look.points))
    return tuple(found)


def _ground(data: bytes) -> int:
    """Return the background colour of a cell format; -1 for a pattern of two colours."""
    pattern, both = struct.unpack_from("<I", data, 14)[0] >> 26, struct.unpack_from("<H", data, 18)[0]
    front, back = both & 0x7F, both >> 7 & 0x7F
    return 1 if pattern == 0 else front if pattern == _SOLID or front == back else -1


def palette(records: Sequence[Record]) -> Mapping[int, str]:
    """Return the colours of a workbook by number, as RRGGBB."""
    own = next((data for _, number, data in records if number == _PALETTE), b"")
    mine = {_FIRST_COLOUR + at: own[2 + 4 * at :][:3].hex().upper() for at in range((len(own) - 2) // 4)}
    return dict(enumerate(PALETTE)) | {_AUTOMATIC: BLACK, 65: WHITE} | mine


def rich_texts(records: Sequence[Record], fonts_by_number: Mapping[int, Font]) -> dict[int, Text]:
    """Return by number the shared texts with a part that is struck out or looks different."""
    start = next((at for at, (_, number, _) in enumerate(records) if number == _TEXTS), None)
    if start is None or not any(
        font[0] or font[2:] != Font()[2:] or font[1] != BLACK for font in fonts_by_number.values()
    ):
        return {}
    chunks = [records[start][2]]
    for _, number, data in records[start + 1 :]:
        if number != _CONTINUE:
            break
        chunks.append(data)
    count = struct.unpack_from("<I", chunks[0], 4)[0]
    texts = _TextReader(chunks, 8)
    found = {}
    for number in range(count):
        text, starts = texts.read()
        if not starts:
            continue
        runs, is_struck = [Run(text[: starts[0][0]])], False
        for (begin, font), (end, _) in pairwise([*starts, (len(text), 0)]):
            look, part = fonts_by_number.get(font, Font()), text[begin:end]
            is_struck |= look.is_struck and bool(part.strip())
            runs.append(Run(part, look.letters, look.raised, look.points < SMALLEST))
        found[number] = Text(text, is_struck, tuple(runs))
    return found


class _TextReader:
    """Read the shared texts one after another from a record and its continuations."""

    def __init__(self, chunks: Sequence[bytes], at: int) -> None:
        self.chunks = chunks
        self.number = 0
        self.at = at

    def read(self) -> tuple[str, list[tuple[int, int]]]:
        """Return the next text and its runs, each with its start and font number."""
        length, flags = struct.unpack("<HB", self._bytes(3))
        runs = struct.unpack("<H", self._bytes(2))[0] if flags & _RICH else 0
        phonetic = struct.unpack("<I", self._bytes(4))[0] if flags & _PHONETIC else 0
        text = "".join(self._characters(length, is_wide=bool(flags & _WIDE)))
        found = [struct.unpack("<HH", self._bytes(4)) for _ in range(runs)]
        self._bytes(phonetic)
        return text, found

    def _bytes(self, count: int) -> bytes:
        """Return bytes that may continue in the next record.

        Raises: IndexError after the last record.
        """
        pieces = []
        while count:
            piece = self.chunks[self.number][self.at : self.at + count]
            pieces.append(piece)
            count -= len(piece)
            self.at += len(piece)
            if count:
                self.number, self.at = self.number + 1, 0
        return b"".join(pieces)

    def _characters(self, count: int, *, is_wide: bool) -> Iterator[str]:
        """Yield the pieces of a text.

        Each continuation record states again whether its characters are wide.
        """
        while count:
            width = 2 if is_wide else 1
            piece = self.chunks[self.number][self.at : self.at + count * width]
            piece = piece[: len(piece) - len(piece) % width]
            yield piece.decode("utf-16-le" if is_wide else "latin-1", "replace")
            count -= len(piece) // width
            self.at += len(piece)
            if count:
                self.number, self.at = self.number + 1, 1
                is_wide = bool(self.chunks[self.number][0] & _WIDE)


def short_text(data: bytes, at: int) -> str:
    """Return a text whose length field is one byte."""
    return _text(data, at + 2, data[at], data[at + 1])


def long_text(data: bytes, at: int) -> str:
    """Return a text whose length field is two bytes."""
    return _text(data, at + 3, struct.unpack_from("<H", data, at)[0], data[at + 2])


def _text(data: bytes, at: int, length: int, flags: int) -> str:
    wide = flags & _WIDE
    raw = data[at : at + length * (2 if wide else 1)]
    return raw.decode("utf-16-le" if wide else "latin-1", "replace")
