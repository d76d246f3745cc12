"""Conditional formats of a sheet of an .xls."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Mapping, Sequence

from kama_excel.spreadsheets.cells import Range
from kama_excel.spreadsheets.reading.colours import look_alike
from kama_excel.spreadsheets.reading.conditional_formats import Conditional, Effect
from kama_excel.spreadsheets.reading.xls_globals import colour

_RANGES, _FORMAT, _RANGES_2007, _FORMAT_2007 = 0x1B0, 0x1B1, 0x879, 0x87A
_HEADER_2007 = 12
_BAR, _ICONS = 4, 6
"""Kinds of Excel 2007: whether they show the value is not read here."""
_HAS_NUMBER, _HAS_FONT, _HAS_ALIGNMENT, _HAS_BORDER, _HAS_GROUND = (1 << bit for bit in range(25, 30))
_AT_FONT, _AT_FLAGS, _AT_COLOUR, _AT_UNSET, _FONT_LENGTH = 12, 68, 80, 88, 118
_STRIKES = 0x80
_WHITE = 9
_UNKNOWN = "[不明]"


def legacy_conditions(
    records: Sequence[tuple[int, bytes]], colours: Mapping[int, str]
) -> Iterator[tuple[Range, Conditional]]:
    """Yield the conditional formats that change a text, with their ranges.

    Raises: struct.error and IndexError for truncated records.
    """
    areas: list[Range] = []
    for number, data in records:
        if number in (_RANGES, _RANGES_2007):
            areas = list(_areas(data[_HEADER_2007 if number == _RANGES_2007 else 0 :]))
        elif number in (_FORMAT, _FORMAT_2007):
            effect = (
                _effect(data, colours)
                if number == _FORMAT
                else Effect(hides_figures=data[_HEADER_2007] in (_BAR, _ICONS))
            )
            yield from ((area, Conditional(effect)) for area in areas if effect != Effect())


def _areas(data: bytes) -> Iterator[Range]:
    (count,) = struct.unpack_from("<H", data, 12)
    for offset in range(14, min(14 + 8 * count, len(data) - 7), 8):
        top, bottom, left, right = struct.unpack_from("<HHHH", data, offset)
        yield top + 1, left + 1, bottom + 1, right + 1


def _effect(data: bytes, colours: Mapping[int, str]) -> Effect:
    """Return what a rule does to a cell.

    A rule begins with its kind and the length of its formulas.
    """
    (flags,) = struct.unpack_from("<I", data, 6)
    code = _UNKNOWN if flags & _HAS_NUMBER else None
    if code or not flags & _HAS_FONT:
        return Effect(code)
    strikes, unset = (struct.unpack_from("<I", data, _AT_FONT + at)[0] & _STRIKES for at in (_AT_FLAGS, _AT_UNSET))
    (letters,) = struct.unpack_from("<I", data, _AT_FONT + _AT_COLOUR)
    ground = _WHITE
    if flags & _HAS_GROUND:
        before = _FONT_LENGTH + sum(8 for each in (_HAS_ALIGNMENT, _HAS_BORDER) if flags & each)
        ground = struct.unpack_from("<I", data, _AT_FONT + before)[0] >> 23 & 0x7F
    return Effect(
        is_struck=bool(strikes) and not unset, hides=look_alike(colour(letters, colours), colour(ground, colours))
    )
