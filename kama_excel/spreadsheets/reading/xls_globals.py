"""Shared data of an .xls: number formats, struck fonts, partly struck texts.

The records are those before the sheets, each with a position, a number and its bytes.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

from kama_excel.spreadsheets.reading import number_formats
from kama_excel.spreadsheets.reading.built_in_formats import BUILT_IN
from kama_excel.spreadsheets.reading.colours import look_alike
from kama_excel.spreadsheets.reading.xlsx_styles import CellFormat

Record = tuple[int, int, bytes]
_FORMAT, _XF, _FONT, _TEXTS, _CONTINUE, _PALETTE = 0x41E, 0xE0, 0x31, 0xFC, 0x3C, 0x92
_STRIKES = 0x08
_BLACK, _WHITE, _SOLID = 8, 9, 1
_NO_FONT = 4
"""Font number that is never used: fonts after it are counted one higher."""
_WIDE, _PHONETIC, _RICH = 0x01, 0x04, 0x08


def struck_fonts(records: Sequence[Record]) -> frozenset[int]:
    """Return the numbers of the fonts with strikethrough."""
    fonts = [data[2] & _STRIKES for _, number, data in records if number == _FONT]
    return frozenset(index + (index >= _NO_FONT) for index, strikes in enumerate(fonts) if strikes)


def cell_formats(records: Sequence[Record], struck: frozenset[int]) -> tuple[CellFormat, ...]:
    """Return the cell formats in the order of their numbers."""
    codes = {0: ""} | BUILT_IN
    for _, number, data in records:
        if number == _FORMAT:
            codes[struct.unpack_from("<H", data)[0]] = long_text(data, 2)
    fonts = (struct.unpack_from("<H", data, 4)[0] for _, number, data in records if number == _FONT)
    colours = palette(records)
    letters = {index + (index >= _NO_FONT): colour(each, colours) for index, each in enumerate(fonts)}
    found = []
    for _, number, data in records:
        if number == _XF:
            font, index = struct.unpack_from("<HH", data)
            code = codes.get(index, "")
            is_percent, is_date = number_formats.is_percent_format(code), number_formats.is_date_format(code)
            is_invisible = look_alike(letters.get(font, ""), colour(_ground(data), colours))
            found.append(CellFormat(code, is_percent, is_date, font in struck, is_invisible))
    return tuple(found)


def _ground(data: bytes) -> int:
    """Return the background colour of a cell format; -1 for a pattern."""
    pattern, colours = struct.unpack_from("<I", data, 14)[0] >> 26, struct.unpack_from("<H", data, 18)[0]
    return _WHITE if pattern == 0 else colours & 0x7F if pattern == _SOLID else -1


def palette(records: Sequence[Record]) -> Mapping[int, str]:
    """Return the colours of a workbook by number, as RRGGBB.

    Black and white have several numbers.
    """
    found = dict.fromkeys((0, _BLACK, 64, 0x7FFF), "000000") | dict.fromkeys((1, _WHITE, 65), "FFFFFF")
    own = next((data for _, number, data in records if number == _PALETTE), b"")
    return found | {_BLACK + at: own[2 + 4 * at :][:3].hex() for at in range((len(own) - 2) // 4)}


def colour(index: int, colours: Mapping[int, str]) -> str:
    """Return a colour by its number; one of the standard palette by its number alone."""
    return colours.get(index, f"indexed {index}")


def struck_texts(records: Sequence[Record], struck: frozenset[int]) -> frozenset[int]:
    """Return the numbers of shared texts with a non-blank part struck out."""
    if not struck:
        return frozenset()
    start = next((at for at, (_, number, _) in enumerate(records) if number == _TEXTS), None)
    if start is None:
        return frozenset()
    chunks = [records[start][2]]
    for _, number, data in records[start + 1 :]:
        if number != _CONTINUE:
            break
        chunks.append(data)
    count = struct.unpack_from("<I", chunks[0], 4)[0]
    texts = _TextReader(chunks, 8)
    found = set()
    for number in range(count):
        text, runs = texts.read()
        ends = [*runs, (len(text), 0)]
        if any(font in struck and text[begin:end].strip() for (begin, font), (end, _) in pairwise(ends)):
            found.add(number)
    return frozenset(found)


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
