"""Cells that drawings hide: a black box over a name, a picture over a figure."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping
from typing import NamedTuple

from kama_excel.spreadsheets.cells import Cell, Position, places_in
from kama_excel.spreadsheets.reading.sheet_geometry import Box, Grid

SHAPE, PICTURE = "図形", "写真・画像"
_HALF, _THIRD = 0.5, 0.3


class Cover(NamedTuple):
    """A drawing without words that cannot be seen through.

    One with words is reported for itself.

    It hides a cell of which it covers a part of at least `of_cell`, or on which lies a part of at least `of_itself`
    of the drawing.
    """

    what: str
    box: Box
    of_cell: float = _THIRD
    of_itself: float = _THIRD

    @classmethod
    def of(cls, what: str, box: Box, *, is_line: bool) -> Cover:
        """Return the cover that a drawing is.

        A small shape is a mask, a small picture a stamp. A line through a cell strikes it out; a slanting one
        covers little of its rectangle.
        """
        if what == PICTURE:
            return cls(what, box, _HALF, math.inf)
        return cls(what, box.thick, _THIRD if box.is_flat else math.inf) if is_line else cls(what, box)

    def hides(self, cell: Box) -> bool:
        """Return whether what is in a cell cannot be read below it."""
        common = self.box.common_area(cell)
        return common > 0 and (common >= self.of_cell * cell.area or common >= self.of_itself * self.box.area)


def covered_cells(
    covers: Iterable[Cover], cells: Mapping[Position, Cell], grid: Grid
) -> Iterator[tuple[Position, Cell]]:
    """Yield the cells that drawings hide, each with what covers it."""
    for cover in covers:
        area = (*grid.cell_at(cover.box.left, cover.box.top), *grid.cell_at(cover.box.right, cover.box.bottom))
        for place in places_in(area, cells):
            if cover.hides(grid.box(place)):
                yield place, cells[place]._replace(covered_by=cover.what)
