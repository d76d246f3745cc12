"""概要 of an action's page, with the departments' pictures beside it where there are any."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any

from kama_excel.forms.schema import PICTURES_PER_ACTION
from kama_excel.report.month_report import CaptionedPicture
from kama_excel.report.xlsx.page.layout import ALL, COLUMNS, LABEL, Page, span_pixels, text_row
from kama_excel.spreadsheets.writing.canvas import plain
from kama_excel.spreadsheets.writing.measure import INDENT, row_points, split_into_rows
from kama_excel.spreadsheets.writing.paging import Row
from kama_excel.spreadsheets.writing.picture_frame import EDGE, framed
from kama_excel.spreadsheets.writing.style import CARD, MUTED

_UNKNOWN = "（計画台帳に登録がありません）"
_CAPTION_SIZE = 9.0
_PIXELS = 96 / 72  # a point in pixels


@dataclass(frozen=True, slots=True)
class _Cell:
    """A cell of the left or the right column of the block: its columns, its pixels, what draws it over its rows."""

    columns: tuple[int, int]
    pixels: int
    draw: Callable[[int, int], None]


def write_page_overview(page: Page, pictures: Sequence[CaptionedPicture]) -> None:
    """Write 目指すこと, やること, 目標（値） and 担い手; up to three pictures stand beside them, the rest is named below."""
    action = page.evaluation.action
    texts = (
        ("目指すこと", action.aim),
        ("やること", action.approach),
        ("目標（値）", action.target_text),
        ("担い手", action.owners),
    )
    page.section("概要")
    if pictures:
        _write_beside(page, texts, pictures[:PICTURES_PER_ACTION])
        _write_rest(page, pictures[PICTURES_PER_ACTION:])
        return
    for label, text in texts:
        if text:
            page.labelled(label, [("", text)])
        else:
            page.labelled(label, [("", _UNKNOWN)], font_color=MUTED)


def _write_beside(page: Page, texts: Sequence[tuple[str, str]], pictures: Sequence[CaptionedPicture]) -> None:
    """Draw two columns whose cells end where they like: a row begins wherever a cell of either begins."""
    is_three = len(pictures) == PICTURES_PER_ACTION
    right_columns = (7, COLUMNS) if is_three else (9, COLUMNS)
    left = _texts(page, texts, (LABEL[1] + 1, right_columns[0] - 1))
    right = _frames(page, pictures, right_columns)
    height = max(sum(cell.pixels for cell in left), sum(row[0].pixels for row in right))
    left_edges = _edges([cell.pixels for cell in left], height)
    right_edges = _edges([row[0].pixels for row in right], height, only=0)
    edges = sorted({*left_edges, *right_edges})

    def done(first: int, _last: int, _is_first: bool) -> None:  # noqa: FBT001 -- as `Block.done` has it
        for cells, bounds in (([[cell] for cell in left], left_edges), (right, right_edges)):
            for row, (above, below) in zip(cells, pairwise(bounds), strict=True):
                for cell in row:
                    cell.draw(first + edges.index(above), edges.index(below) - edges.index(above))

    heights = [(below - above) / _PIXELS for above, below in pairwise(edges)]
    page.add(*(Row(height, height) for height in heights), done=done)


def _edges(heights: Sequence[int], total: int, *, only: int | None = None) -> list[int]:
    """Return where cells begin and end when they share what is left of `total`, or one of them takes it all."""
    spare = total - sum(heights)
    shares = [spare * (at + 1) // len(heights) - spare * at // len(heights) for at in range(len(heights))]
    if only is not None:
        shares = [spare if at == only else 0 for at in range(len(heights))]
    return [0, *accumulate(height + share for height, share in zip(heights, shares, strict=True))]


def _texts(page: Page, texts: Sequence[tuple[str, str]], columns: tuple[int, int]) -> list[_Cell]:
    cells = []
    for label, text in texts:
        for number, piece in enumerate(split_into_rows(text or _UNKNOWN, span_pixels(columns) - INDENT, 10, most=200)):
            said = label if number == 0 else f"{label}（続き）"
            look = page.formats.text(**({} if text else {"font_color": MUTED}))

            def draw(row: int, rows: int, said: str = said, piece: str = piece, look: Any = look) -> None:
                page.canvas.put(row, LABEL, said, page.label_format, rows=rows)
                page.canvas.put(row, columns, piece, look, rows=rows)

            points = row_points(piece, span_pixels(columns) - INDENT, 10, least=30)
            cells.append(_Cell(columns, round(points * _PIXELS), draw))
    return cells


def _frames(page: Page, pictures: Sequence[CaptionedPicture], columns: tuple[int, int]) -> list[list[_Cell]]:
    """Return rows of cells: a picture and its caption below; of three, the last two stand side by side."""
    first, last = columns
    middle = (first + last) // 2
    rows: list[list[tuple[CaptionedPicture, tuple[int, int]]]] = [[(each, columns)] for each in pictures]
    if len(pictures) == PICTURES_PER_ACTION:
        rows = [rows[0], [(pictures[1], (first, middle)), (pictures[2], (middle + 1, last))]]
    room = {1: 200, 2: 150}[len(rows)]
    cells = []
    for row in rows:
        pixels = max(_picture_pixels(each, span, room if len(row) == 1 else room - 20) for each, span in row)
        cells.append([_frame(page, each, span, pixels) for each, span in row])
        captions = [row_points(each.caption, span_pixels(span) - INDENT, _CAPTION_SIZE) for each, span in row]
        if any(each.caption for each, _ in row):
            cells.append([_caption_cell(page, each, span, round(max(captions) * _PIXELS)) for each, span in row])
    return cells


def _picture_pixels(each: CaptionedPicture, columns: tuple[int, int], room: int) -> int:
    wide = span_pixels(columns) - 2 * EDGE
    return min(round(wide * each.picture.height / max(each.picture.width, 1)), room) + 2 * EDGE


def _frame(page: Page, each: CaptionedPicture, columns: tuple[int, int], pixels: int) -> _Cell:
    def draw(row: int, rows: int) -> None:
        page.canvas.put(row, columns, None, page.formats.boxed(bg_color=CARD), rows=rows)
        room = span_pixels(columns), page.canvas.pixels(row, rows)
        image, options = framed(each.picture.content, (each.picture.width, each.picture.height), room)
        options |= {"description": plain(each.caption or f"{each.department}の写真")[:250], "object_position": 1}
        page.canvas.sheet.insert_image(row - 1, columns[0] - 1, image, options)

    return _Cell(columns, pixels, draw)


def _caption_cell(page: Page, each: CaptionedPicture, columns: tuple[int, int], pixels: int) -> _Cell:
    look = page.formats.text(font_size=_CAPTION_SIZE, font_color=MUTED)

    def draw(row: int, rows: int) -> None:
        page.canvas.put(row, columns, each.caption, look, rows=rows)

    return _Cell(columns, pixels, draw)


def _write_rest(page: Page, pictures: Sequence[CaptionedPicture]) -> None:
    """Name the pictures that the page has no room for."""
    if not pictures:
        return
    departments = "、".join(dict.fromkeys(each.department for each in pictures))
    captions = "".join(f"「{each.caption}」" for each in pictures if each.caption)
    text = f"このほかの写真{len(pictures)}枚は掲載していません（{departments}{captions}）"
    look = page.formats(font_size=9, font_color=MUTED, text_wrap=True)

    def draw(row: int) -> None:
        page.canvas.put(row, ALL, text, look)

    page.add(text_row([(text, ALL, 9)], draw))
