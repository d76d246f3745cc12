"""概要 of an action's page, with the departments' pictures beside it."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from itertools import accumulate, pairwise
from math import ceil
from typing import Any, NamedTuple

from kama_excel.report.month_report import PICTURES_PER_PAGE, CaptionedPicture
from kama_excel.report.wording import target_text
from kama_excel.report.xlsx.page.addresses import COLUMNS, LABEL, Span
from kama_excel.report.xlsx.page.layout import Page, span_pixels
from kama_excel.spreadsheets.writing.canvas import plain
from kama_excel.spreadsheets.writing.measure import INDENT, row_points, split_into_rows
from kama_excel.spreadsheets.writing.paging import Block, PageRow
from kama_excel.spreadsheets.writing.picture_frame import EDGE, framed
from kama_excel.spreadsheets.writing.style import HAIRLINE, MUTED

_UNKNOWN = "（計画に記載がありません）"
_CAPTION_SIZE = 9.0
_PIXELS = 96 / 72  # a point in pixels
_BESIDE, _PICTURES = (8, 26), (27, COLUMNS)
_HIGH, _LOW, _LEAST = 250, 130, 60  # pixels: maximum height of all pictures with and without much space, minimum of one
_ARRANGEMENTS = {1: ((1,),), 2: ((2,), (1, 1)), 3: ((1, 2), (3,), (2, 1))}  # pictures in each row
_BOLD = "目標（値）"


class _Cell(NamedTuple):
    """A cell of the block's left or right column: columns, pixels, and drawing function."""

    columns: Span
    pixels: int
    draw: Callable[[int, int], None]


def write_page_overview(page: Page, pictures: Sequence[CaptionedPicture]) -> None:
    """Write 目指すこと, やること, 目標（値） and 担い手, with up to three pictures beside."""
    action = page.evaluation.action
    texts = (
        ("目指すこと", action.aim),
        ("やること", action.approach),
        ("目標（値）", target_text(page.evaluation)),
        ("担い手", action.owners),
    )
    page.add(PageRow(8, 5, is_gap=True))
    if pictures:
        shown = pictures[:PICTURES_PER_PAGE]
        large, small = (_beside(page, texts, shown, height) for height in (_HIGH, _LOW))
        page.add(*large.rows, done=large.done, compact=small)
        return
    for label, text in texts:
        if text:
            page.labelled(label, [("", text)], bold=label == _BOLD)
        else:
            page.labelled(label, [("", _UNKNOWN)], font_color=MUTED)


def _beside(
    page: Page, texts: Sequence[tuple[str, str]], pictures: Sequence[CaptionedPicture], pictures_height: int
) -> Block:
    """Return a block of two columns with independent cells: a row starts at each cell's start.

    `pictures_height` is the height in pixels that the pictures with their captions may take beside short texts.
    """
    left = _texts(page, texts)
    needed = sum(cell.pixels for cell in left)
    right = _frames(page, pictures, max(needed, pictures_height))
    height = max(needed, sum(row[0].pixels for row in right))
    left_edges = _edges([cell.pixels for cell in left], height)
    right_edges = _edges([row[0].pixels for row in right], height, only=len(right) - 1)
    edges = sorted({*left_edges, *right_edges})

    def done(first: int, _last: int, _is_first: bool) -> None:  # noqa: FBT001 -- as `Block.done` has it
        for cells, bounds in (([[cell] for cell in left], left_edges), (right, right_edges)):
            for row, (above, below) in zip(cells, pairwise(bounds), strict=True):
                for cell in row:
                    cell.draw(first + edges.index(above), edges.index(below) - edges.index(above))

    heights = [(below - above) / _PIXELS for above, below in pairwise(edges)]
    return Block(tuple(PageRow(height, height) for height in heights), done=done)


def _edges(heights: Sequence[int], total: int, *, only: int | None = None) -> list[int]:
    """Return the edges of cells that share the rest of `total`, or one of them takes it."""
    spare = total - sum(heights)
    shares = [spare * (at + 1) // len(heights) - spare * at // len(heights) for at in range(len(heights))]
    if only is not None:
        shares = [spare if at == only else 0 for at in range(len(heights))]
    return [0, *accumulate(height + share for height, share in zip(heights, shares, strict=True))]


def _texts(page: Page, texts: Sequence[tuple[str, str]]) -> list[_Cell]:
    cells = []
    pixels = span_pixels(_BESIDE) - INDENT
    for label, text in texts:
        for number, piece in enumerate(split_into_rows(text or _UNKNOWN, pixels, 10, most=200)):
            heading = label if number == 0 else f"{label}（続き）"
            look = page.formats.text(bold=label == _BOLD, **({} if text else {"font_color": MUTED}))

            def draw(row: int, rows: int, heading: str = heading, piece: str = piece, look: Any = look) -> None:
                page.canvas.put(row, LABEL, heading, page.label_format, rows=rows)
                page.canvas.put(row, _BESIDE, piece, look, rows=rows)

            points = row_points(piece, pixels, 10, least=22)
            cells.append(_Cell(_BESIDE, ceil(points * _PIXELS), draw))
    return cells


def _frames(page: Page, pictures: Sequence[CaptionedPicture], height: int) -> list[list[_Cell]]:
    """Return rows of cells, about as high as `height`: pictures with captions below.

    The pictures are side by side or below each other, the first alone or not, whichever shows most.
    """
    arranged = [_Arrangement(pictures, rows, height) for rows in _ARRANGEMENTS[len(pictures)]]
    best = max(arranged, key=lambda each: each.area)
    cells = []
    for at, (row, frame, caption) in enumerate(zip(best.rows, best.frames, best.captions, strict=True)):
        is_last = at == len(best.rows) - 1
        is_end = is_last and not caption
        cells.append([_frame(page, each, span, frame, is_top=at == 0, is_end=is_end) for each, span in row])
        if caption:
            cells.append([_caption_cell(page, each, span, caption, is_end=is_last) for each, span in row])
    return cells


class _Arrangement:
    """Pictures in rows: columns of each, heights of rows and captions in pixels."""

    def __init__(self, pictures: Sequence[CaptionedPicture], counts: Sequence[int], height: int) -> None:
        left = iter(pictures)
        self.rows = [[(next(left), _of_columns(at, count)) for at in range(count)] for count in counts]
        self.captions = [self._caption(row) for row in self.rows]
        natural = [max(self._natural(each, span) for each, span in row) for row in self.rows]
        room = max(height - sum(self.captions), _LEAST * len(natural))
        scale = min(room / sum(natural), 1.0)
        self.frames = [max(round(pixels * scale), _LEAST) for pixels in natural]

    @property
    def area(self) -> float:
        """The area of the pictures in pixels."""
        covered = 0.0
        for row, frame in zip(self.rows, self.frames, strict=True):
            for each, span in row:
                width, height = each.picture.width, max(each.picture.height, 1)
                scale = min((span_pixels(span) - 2 * EDGE) / max(width, 1), (frame - 2 * EDGE) / height)
                covered += width * height * scale**2
        return covered

    @staticmethod
    def _natural(each: CaptionedPicture, columns: Span) -> float:
        """Return the height of a picture's frame at the full width of its columns."""
        return (span_pixels(columns) - 2 * EDGE) * each.picture.height / max(each.picture.width, 1) + 2 * EDGE

    @staticmethod
    def _caption(row: Sequence[tuple[CaptionedPicture, Span]]) -> int:
        if not any(each.caption for each, _ in row):
            return 0
        points = (row_points(each.caption, span_pixels(span) - INDENT, _CAPTION_SIZE, padding=2) for each, span in row)
        return ceil(max(points) * _PIXELS)


def _of_columns(at: int, count: int) -> Span:
    """Return the columns of one of `count` pictures side by side."""
    first, wide = _PICTURES[0], _PICTURES[1] - _PICTURES[0] + 1
    return first + wide * at // count, first + wide * (at + 1) // count - 1


def _edge(columns: Span, *, is_top: bool = False, is_end: bool = False) -> dict[str, object]:
    """Return the borders of a cell at the side of the pictures."""
    edges: dict[str, object] = {"border": 0}
    for side, has_it in (("right", columns[1] == COLUMNS), ("top", is_top), ("bottom", is_end)):
        edges |= {side: 1, f"{side}_color": HAIRLINE} if has_it else {}
    return edges


def _frame(page: Page, each: CaptionedPicture, columns: Span, pixels: int, *, is_top: bool, is_end: bool) -> _Cell:
    def draw(row: int, rows: int) -> None:
        page.canvas.put(row, columns, None, page.formats(**_edge(columns, is_top=is_top, is_end=is_end)), rows=rows)
        room = span_pixels(columns), page.canvas.pixels(row, rows)
        image, options = framed(each.picture, room)
        options["y_offset"] = 2 * float(str(options["y_offset"])) - EDGE  # just above its caption
        options |= {"description": plain(each.caption or f"{each.department}の写真")[:250], "object_position": 1}
        page.canvas.sheet.insert_image(row - 1, columns[0] - 1, image, options)

    return _Cell(columns, pixels, draw)


def _caption_cell(page: Page, each: CaptionedPicture, columns: Span, pixels: int, *, is_end: bool) -> _Cell:
    look = {
        "font_size": _CAPTION_SIZE,
        "align": "center",
        "indent": 0,
        "valign": "top",
        **_edge(columns, is_end=is_end),
    }

    def draw(row: int, rows: int) -> None:
        page.canvas.put(row, columns, each.caption, page.formats.text(**look), rows=rows)

    return _Cell(columns, pixels, draw)
