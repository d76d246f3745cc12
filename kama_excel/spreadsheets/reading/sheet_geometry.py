"""Positions of a sheet's cells in EMU (914,400 an inch), for drawings."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator
from functools import lru_cache
from itertools import accumulate
from typing import NamedTuple
from xml.etree.ElementTree import Element

from kama_excel.spreadsheets.cells import Position
from kama_excel.spreadsheets.reading.xml_documents import is_true, space_of, whole

EMU_A_PIXEL = 9525
LEGIBLE = 4 * EMU_A_PIXEL
"""Rows and columns of a smaller size show no character."""
_EMU_A_POINT = 12_700
_DIGIT_PIXELS = 7
"""Width of a digit in Calibri 11, the unit of column widths."""
_DEFAULT_WIDTH, _DEFAULT_HEIGHT = 9.140625, 15.0
_LONGEST = 1e4
_LINE = 6 * EMU_A_PIXEL
_MOST_COLUMNS = 2_000
"""Columns further right get the default width: no form uses them."""


class Box(NamedTuple):
    """A rectangle on a sheet, in EMU from its upper left corner."""

    left: float
    top: float
    right: float
    bottom: float

    @property
    def middle(self) -> tuple[float, float]:
        """The centre of the rectangle."""
        return (self.left + self.right) / 2, (self.top + self.bottom) / 2

    @property
    def thick(self) -> Box:
        """The rectangle, at least a few pixels wide and high: a line covers what it crosses."""
        more = [max(0.0, _LINE - size) / 2 for size in (self.right - self.left, self.bottom - self.top)]
        return Box(self.left - more[0], self.top - more[1], self.right + more[0], self.bottom + more[1])

    @property
    def has_size(self) -> bool:
        """Whether it is at least one pixel wide and high; false on hidden rows and columns."""
        return self.shorter >= EMU_A_PIXEL

    @property
    def shorter(self) -> float:
        """The length of the shorter side."""
        return min(self.right - self.left, self.bottom - self.top)

    @property
    def is_flat(self) -> bool:
        """Whether it is no wider or no higher than a line."""
        return self.shorter <= _LINE

    @property
    def area(self) -> float:
        """The area of the rectangle."""
        return (self.right - self.left) * (self.bottom - self.top)

    def common_area(self, other: Box) -> float:
        """Return the area that it shares with another."""
        across = min(self.right, other.right) - max(self.left, other.left)
        down = min(self.bottom, other.bottom) - max(self.top, other.top)
        return across * down if across > 0 and down > 0 else 0.0

    def widened(self, by: float) -> Box:
        """Return the rectangle with a margin around it."""
        return Box(self.left - by, self.top - by, self.right + by, self.bottom + by)

    def overlaps(self, other: Box) -> bool:
        """Return whether two boxes share more than the width of a line (2 pixels)."""
        line = 2 * EMU_A_PIXEL
        return (
            min(self.right, other.right) - max(self.left, other.left) > line
            and min(self.bottom, other.bottom) - max(self.top, other.top) > line
        )


def hidden_lines(root: Element, cells: Collection[Position]) -> tuple[frozenset[int], frozenset[int]]:
    """Return the rows and columns of cells that are hidden or too small for a character.

    A filter and a collapsed outline hide rows and columns in the same way.
    """
    space = space_of(root)
    default = root.find(f"{space}sheetFormatPr")
    default_height = 0.0 if default is not None and is_true(default.get("zeroHeight")) else _DEFAULT_HEIGHT
    all_rows = [row for table in root.findall(f"{space}sheetData") for row in table]
    kinds = {(each.get("hidden"), each.get("ht")) for each in all_rows}  # a sheet has a few heights
    low = {each for each in kinds if is_true(each[0]) or _length(each[1], default_height) * _EMU_A_POINT < LEGIBLE}
    rows: set[int] = set()
    number = 0
    for each in all_rows if low else ():
        number = whole(each.get("r")) or number + 1
        if (each.get("hidden"), each.get("ht")) in low:
            rows.add(number)
    used, columns = {column for _, column in cells}, set[int]()
    for each in [column for group in root.findall(f"{space}cols") for column in group]:
        if is_true(each.get("hidden")) or column_emu(_length(each.get("width"), _DEFAULT_WIDTH)) < LEGIBLE:
            first, last = whole(each.get("min")), whole(each.get("max"))
            columns |= {column for column in used if first <= column <= last}
    return frozenset(rows), frozenset(columns)


class Grid(NamedTuple):
    """The edges of a sheet's columns and rows, in EMU; further ones have the default size."""

    columns: list[float]
    rows: list[float]
    width: float
    height: float

    def point(self, row: int, column: int, down: float, right: float) -> tuple[float, float]:
        """Return a point at an offset right of and below a cell's corner.

        Row and column are counted from 0; hidden ones have no size.
        """
        box = self.box((row + 1, column + 1))
        return box.left + right * (box.right > box.left), box.top + down * (box.bottom > box.top)

    def box(self, place: Position) -> Box:
        """Return the rectangle of a cell."""
        left, right = (_edge(self.columns, number, self.width) for number in (place[1] - 1, place[1]))
        top, bottom = (_edge(self.rows, number, self.height) for number in (place[0] - 1, place[0]))
        return Box(left, top, right, bottom)

    def cell_at(self, x: float, y: float) -> Position:
        """Return the cell that contains a point."""
        return _index(self.rows, y, self.height) + 1, _index(self.columns, x, self.width) + 1


def sheet_grid(root: Element) -> Grid:
    """Return the grid of a sheet of an .xlsx."""
    space = space_of(root)
    default = root.find(f"{space}sheetFormatPr")
    attributes = default.attrib if default is not None else {}
    width, height = column_emu(_length(attributes.get("defaultColWidth"), _DEFAULT_WIDTH)), 0.0
    if not is_true(attributes.get("zeroHeight")):
        height = _length(attributes.get("defaultRowHeight"), _DEFAULT_HEIGHT) * _EMU_A_POINT
    widths = dict(_widths(root.findall(f"{space}cols/{space}col")))
    heights = dict(_heights(root.findall(f"{space}sheetData/{space}row"), height))
    return Grid(edges(widths, width), edges(heights, height), width, height)


def _widths(columns: list[Element]) -> Iterator[tuple[int, float]]:
    for each in columns:
        width = 0.0 if is_true(each.get("hidden")) else column_emu(_length(each.get("width"), _DEFAULT_WIDTH))
        for number in range(whole(each.get("min")), min(whole(each.get("max")), _MOST_COLUMNS) + 1):
            yield number, width


def _heights(rows: list[Element], default: float) -> Iterator[tuple[int, float]]:
    number = 0
    for each in rows:
        number = whole(each.get("r")) or number + 1
        points = _length(each.get("ht"), -1)
        yield number, 0.0 if is_true(each.get("hidden")) else default if points < 0 else points * _EMU_A_POINT


def _length(text: str | None, otherwise: float) -> float:
    if not text:
        return otherwise
    try:
        length = float(text)
    except ValueError:
        return otherwise
    if 0 <= length <= _LONGEST:
        return length
    return 0.0 if length < 0 else _LONGEST


@lru_cache(maxsize=1000)  # forms have the same few widths
def column_emu(characters: float) -> float:
    """Return the width of a column of so many characters."""
    return int((256 * characters + 128 // _DIGIT_PIXELS) / 256 * _DIGIT_PIXELS) * EMU_A_PIXEL


def edges(sizes: dict[int, float], default: float) -> list[float]:
    """Return the start of each column or row, up to the last one with a size of its own."""
    last = min(max(sizes, default=0), 100_000)
    return [0.0, *accumulate(sizes.get(number, default) for number in range(1, last + 1))]


def _edge(edges: list[float], number: int, default: float) -> float:
    return edges[number] if number < len(edges) else edges[-1] + (number - len(edges) + 1) * default


def _index(edges: list[float], at: float, default: float) -> int:
    if at < edges[-1] or not default:
        return max(bisect_right(edges, at) - 1, 0)
    return len(edges) - 1 + int((at - edges[-1]) // default)
