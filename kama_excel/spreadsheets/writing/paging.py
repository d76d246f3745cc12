"""Distribute blocks of rows over printed pages; knows heights in points, no workbook."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import chain, dropwhile
from typing import NamedTuple

_LEAST_POINTS = 54.0  # of a split block, on either side of the break
_WELL_FILLED = 0.55
_HARDLY_FILLED = 0.2  # of a page: a block is split if moving it would leave a page filled less
_SMALLEST_PRINT = 0.92  # down to this scale a page is printed smaller instead of on two sheets: 9 pt become 8.0 pt


def draw_nothing(_row: int) -> None:
    """Draw a row that is only a gap."""


class PageRow(NamedTuple):
    """A planned row: its wanted height, its minimum height; `draw` gets its number."""

    points: float
    needed: float
    draw: Callable[[int], None] = draw_nothing
    is_gap: bool = False
    """Whether it is a gap, which is dropped at the top of a page."""
    is_kept: bool = False
    """Whether it stays on one page with the row below it."""
    more: float = 0.0
    """Additional points that it needs as its block's first row on a later page."""

    def height(self, tightness: float) -> float:
        """Return a height from the wanted one (tightness 0) to the minimum (1)."""
        return self.points - tightness * (self.points - self.needed)


class Block(NamedTuple):
    """Rows that stay on one page if possible; a longer block repeats its `heading`.

    `title` stays with the first rows. `done` is called with the first and last row number of a piece, and whether
    it is the block's first.
    """

    rows: tuple[PageRow, ...]
    title: tuple[PageRow, ...] = ()
    heading: tuple[PageRow, ...] = ()
    done: Callable[[int, int, bool], None] | None = None
    is_text: bool = False
    """Whether it may be split to fill a page; other blocks stay whole if possible."""
    compact: Block | None = None
    """The block that replaces it if that saves a page."""


class Piece(NamedTuple):
    """The part of a block on one page."""

    block: Block
    rows: tuple[PageRow, ...]
    is_first: bool

    @property
    def all_rows(self) -> tuple[PageRow, ...]:
        """Title, heading and rows in order."""
        return (*(self.block.title if self.is_first else ()), *self.block.heading, *self.rows)


class PrintedPage(NamedTuple):
    """A printed page; `tightness` from 0 to 1 is how far its rows are compressed."""

    pieces: tuple[Piece, ...]
    tightness: float = 0.0

    @property
    def points(self) -> float:
        """The total height of its rows in points."""
        return _height(self.pieces, self.tightness)


def paginate(parts: Sequence[Sequence[Block]], room: float, continued: float) -> list[PrintedPage]:
    """Distribute the blocks over pages of `room` points; later pages have `continued` less.

    Uses one page if it stays readable, if necessary with tighter rows, printed a little smaller or with the compact form of
    the blocks. Otherwise every part starts on its own page, unless that leaves a page half empty and needs one more.
    """
    full = _shared_out(parts, room, continued)
    if len(full) == 1 or not any(block.compact for part in parts for block in part):
        return full
    compact = _shared_out([[block.compact or block for block in part] for part in parts], room, continued)
    return compact if len(compact) < len(full) else full


def _shared_out(parts: Sequence[Sequence[Block]], room: float, continued: float) -> list[PrintedPage]:
    everything = tuple(Piece(block, block.rows, is_first=True) for part in parts for block in part)
    wanted, needed = _height(everything, 0), _height(everything, 1)
    if wanted <= room:
        return [PrintedPage(everything)]
    if needed <= room:
        return [PrintedPage(everything, (wanted - room) / (wanted - needed))]
    if needed <= room / _SMALLEST_PRINT:
        return [PrintedPage(everything, 1.0)]
    of_parts = [_fewest(part, room, continued if number else 0.0, continued) for number, part in enumerate(parts)]
    apart = [sheet for sheets in of_parts for sheet in sheets]
    if all(sheets[-1].points >= _WELL_FILLED * room for sheets in of_parts[:-1]):
        return apart
    together = _fewest([block for part in parts for block in part], room, 0.0, continued)
    return together if len(together) < len(apart) else apart


def _fewest(blocks: Sequence[Block], room: float, lost: float, continued: float) -> list[PrintedPage]:
    """Return the pages of some blocks, with tighter rows where that saves a page.

    The first page has `lost` points less.
    """
    loose = _flow(blocks, room, lost, continued, 0.0)
    if len(loose) == 1:
        return loose
    tight = _flow(blocks, room, lost, continued, 1.0)
    return tight if len(tight) < len(loose) else loose


def _flow(blocks: Sequence[Block], room: float, lost: float, continued: float, tightness: float) -> list[PrintedPage]:
    sheets: list[list[Piece]] = [[]]
    filled = 0.0  # points of the last page
    for block in blocks:
        rest, is_first = block.rows, True
        while rest:
            free = room - (lost if len(sheets) == 1 else continued) - filled
            count = _fitting(Piece(block, rest, is_first), free, tightness, at_top=not sheets[-1])
            if count < len(rest) and sheets[-1]:
                whole = _height([Piece(block, rest, is_first)], tightness)
                is_moved = whole <= room - continued and not block.is_text and filled > _HARDLY_FILLED * room
                if is_moved or _sum(rest[:count], tightness) < _LEAST_POINTS:
                    sheets.append([])
                    filled = 0.0
                    continue
            while count > 1 and 0 < _sum(rest[count:], tightness) < _LEAST_POINTS:
                count -= 1
            while count > 1 and count < len(rest) and rest[count - 1].is_kept:
                count -= 1
            count = max(count, 1)
            piece = Piece(block, rest[:count], is_first)
            filled += _sum(piece.all_rows if sheets[-1] else without_first_gap([piece]), tightness)
            sheets[-1].append(piece)
            rest, is_first = _continuation(rest[count:]), False
            if rest:
                sheets.append([])
                filled = 0.0
    return [PrintedPage(tuple(pieces), tightness) for pieces in sheets if pieces]


def _continuation(rows: tuple[PageRow, ...]) -> tuple[PageRow, ...]:
    """Return the rows of a block's continuation on a further page."""
    if not rows:
        return ()
    first = rows[0]
    return (first._replace(points=first.points + first.more, needed=first.needed + first.more, more=0.0), *rows[1:])


def _fitting(piece: Piece, free: float, tightness: float, *, at_top: bool) -> int:
    """Return how many of the rows fit into the free points."""
    all_rows = without_first_gap([piece]) if at_top else piece.all_rows
    fitting, used = 0, 0.0
    for row in all_rows:
        used += row.height(tightness)
        if used > free:
            break
        fitting += 1
    return max(fitting - (len(all_rows) - len(piece.rows)), 0)


def _height(pieces: Sequence[Piece], tightness: float) -> float:
    return _sum(without_first_gap(pieces), tightness)


def without_first_gap(pieces: Sequence[Piece]) -> list[PageRow]:
    """Return the rows of a page in order, without the gaps at its top."""
    rows = chain.from_iterable(piece.all_rows for piece in pieces)
    return [*dropwhile(lambda row: row.is_gap, rows)]


def _sum(rows: Sequence[PageRow], tightness: float) -> float:
    points = sum([row.points for row in rows])
    return points - tightness * (points - sum([row.needed for row in rows])) if tightness else points
