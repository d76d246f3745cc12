"""Where the lines of a long sheet go over to the next page: never between what belongs together."""

from __future__ import annotations

from collections.abc import Iterable

from kama_excel.report.xlsx.canvas import Canvas

Block = tuple[int, int]
"""The first and the last row of what stands together on a page."""

_WIDE = (11.69 - 2 * 0.5) * 96 * 0.9  # pixels of A4 across, less the margins and what programs and printers differ by
_HIGH = (8.27 - 0.6 - 0.65) * 96 * 0.95


def keep_together(canvas: Canvas, wide: int, blocks: Iterable[Block], *, repeated: int = 0) -> None:
    """Break the pages of a sheet on A4 across between its blocks, which follow each other from row 1 on.

    The scale is set too, for `wide` pixels of columns: Excel passes over breaks where it is told to fit a sheet to its
    pages. `repeated` is the row that every page repeats. A block higher than a page is broken wherever the page ends.
    """
    scale = min(100, int(100 * _WIDE / wide))
    room = _HIGH * 100 / scale
    head = canvas.pixels(repeated, 1) if repeated else 0
    breaks: list[int] = []
    used = 0
    for first, last in blocks:
        high = canvas.pixels(first, last - first + 1)
        if used and used + high > room:
            breaks.append(first - 1)
            used = head
        used += high
        if used > room:
            used = round(head + (used - head) % (room - head))
    canvas.sheet.set_print_scale(scale)
    canvas.sheet.set_h_pagebreaks(breaks)
