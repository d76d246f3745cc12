"""Drawings over the cells of an .xls that hide what is in them."""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence

from kama_excel.spreadsheets.reading.covered_cells import PICTURE, SHAPE, Cover
from kama_excel.spreadsheets.reading.sheet_geometry import Box, Grid, column_emu, edges

_DRAWING, _OBJECT, _TEXT_OBJECT = 0xEC, 0x5D, 0x1B6
_COLUMNS, _DEFAULT_WIDTH, _ROW, _DEFAULT_HEIGHT = 0x7D, 0x55, 0x208, 0x225
_HIDDEN_ROW, _HIDDEN_COLUMN = 0x20, 0x01
_EMU_A_TWIP = 635
_CHARACTERS, _TWIPS = 8.43, 255
"""Width of a column and height of a row where the sheet has no default."""
_SHAPE, _PROPERTIES, _ANCHOR = b"\x0a\xf0\x08\x00\x00\x00", 0xF00B, b"\x10\xf0\x12\x00\x00\x00"
"""The starts of a shape and of its anchor, and the kind of its list of properties."""
_GROUP, _LINE, _PICTURE, _CHECKED, _COMMENT = 0x00, 0x01, 0x08, range(0x0B, 0x15), 0x19
"""Kinds of objects; between picture and comment those of forms (buttons, boxes to tick)."""
_LINES = frozenset({20, *range(32, 41)})
_OPACITY, _FILL, _STROKE = 0x182, 0x1BF, 0x1FF
_IS_FILLED, _SAYS_FILLED, _HAS_LINE, _SAYS_LINE = 0x10, 0x100000, 0x08, 0x80000
_SEEN_THROUGH = 0.6 * 0x10000
"""Up to this opacity a text can be read below a shape: a marker."""


def legacy_covers(records: Sequence[tuple[int, bytes]], grid: Grid) -> Iterator[Cover]:
    """Yield the drawings without words that cannot be seen through.

    Raises: struct.error and IndexError for truncated records.
    """
    drawing = b""
    for at, (number, data) in enumerate(records):
        if number == _DRAWING:
            drawing = data
        elif number == _OBJECT and _ANCHOR in drawing:
            (kind,) = struct.unpack_from("<H", data, 4)
            if kind not in (_GROUP, _COMMENT, *_CHECKED) and not _has_words(records[at + 1 : at + 3]):
                yield from _cover(kind, drawing, grid)


def _has_words(following: Sequence[tuple[int, bytes]]) -> bool:
    return any(number == _TEXT_OBJECT and struct.unpack_from("<H", data, 10)[0] for number, data in following)


def _cover(kind: int, drawing: bytes, grid: Grid) -> Iterator[Cover]:
    found = drawing.rfind(_SHAPE)
    form = struct.unpack_from("<H", drawing, found - 2)[0] >> 4 if found >= 2 else 0  # noqa: PLR2004 -- its number is before
    looks = _properties(drawing)
    is_line = kind == _LINE or form in _LINES
    stroke, fill = looks.get(_STROKE, _HAS_LINE), looks.get(_FILL, _IS_FILLED)
    has_line = bool(stroke & _HAS_LINE) or not stroke & _SAYS_LINE
    is_filled = bool(fill & _IS_FILLED) or not fill & _SAYS_FILLED
    is_opaque = is_filled and looks.get(_OPACITY, 0x10000) > _SEEN_THROUGH
    if kind == _PICTURE or (has_line if is_line else is_opaque):
        what = PICTURE if kind == _PICTURE else SHAPE
        yield Cover.of(what, _box(drawing, grid), is_line=is_line)


def _properties(drawing: bytes) -> dict[int, int]:
    """Return the properties of the last shape: a list of numbers and values."""
    at = drawing.rfind(struct.pack("<H", _PROPERTIES))
    if at < 2:  # noqa: PLR2004 -- their count is before
        return {}
    count = struct.unpack_from("<H", drawing, at - 2)[0] >> 4
    pairs = (struct.unpack_from("<HI", drawing, at + 6 + 6 * number) for number in range(count))
    return {number & 0x3FFF: value for number, value in pairs}


def _box(drawing: bytes, grid: Grid) -> Box:
    """Return the rectangle of the last shape.

    Its corners are in parts of a column (1024) and of a row (256).
    """
    at = drawing.rfind(_ANCHOR) + len(_ANCHOR) + 2
    left, across, top, down, right, across_right, bottom, down_bottom = struct.unpack_from("<8H", drawing, at)
    first, last = grid.box((top + 1, left + 1)), grid.box((bottom + 1, right + 1))
    return Box(
        first.left + (first.right - first.left) * across / 1024,
        first.top + (first.bottom - first.top) * down / 256,
        last.left + (last.right - last.left) * across_right / 1024,
        last.top + (last.bottom - last.top) * down_bottom / 256,
    )


def legacy_grid(records: Sequence[tuple[int, bytes]]) -> Grid:
    """Return the grid of a sheet."""
    characters, height = _CHARACTERS, _TWIPS
    widths, heights = dict[int, float](), dict[int, float]()
    for number, data in records:
        if number == _DEFAULT_WIDTH:
            (characters,) = struct.unpack_from("<H", data)
        elif number == _DEFAULT_HEIGHT:
            (height,) = struct.unpack_from("<H", data, 2)
        elif number == _COLUMNS:
            first, last, width, flags = struct.unpack_from("<HHH2xH", data)
            size = 0.0 if flags & _HIDDEN_COLUMN else column_emu(width / 256)
            widths |= dict.fromkeys(range(first + 1, min(last, 255) + 2), size)
        elif number == _ROW:
            row, twips, flags = struct.unpack_from("<H4xH4xH", data)
            heights[row + 1] = 0.0 if flags & _HIDDEN_ROW else (twips & 0x7FFF) * _EMU_A_TWIP
    default = (column_emu(characters), height * float(_EMU_A_TWIP))
    return Grid(edges(widths, default[0]), edges(heights, default[1]), *default)
