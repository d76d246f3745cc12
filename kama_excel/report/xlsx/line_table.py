"""Titled tables of texts below each other on one sheet, their columns spans of its grid, rows as high as their texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kama_excel.report.xlsx.canvas import Canvas
from kama_excel.report.xlsx.sheet_breaks import Block
from kama_excel.spreadsheets.writing.measure import INDENT, column_pixels, row_points
from kama_excel.spreadsheets.writing.style import MUTED, NAVY, PALE, WHITE

_SIZE = 9.0
_HEADING, _TITLE, _LEAST = 22.0, 22.0, 20.0
NOTHING = "ありません。"


@dataclass(frozen=True, slots=True)
class Said:
    """A text and what its cell looks like beside the other cells. `formula` makes it live; the text is its value then."""

    text: str
    look: Mapping[str, object] = field(default_factory=dict)
    formula: str = ""


Columns = tuple[tuple[str, tuple[int, int]], ...]
"""Headings, each with the first and the last column of the grid that it takes."""


def write_headings(canvas: Canvas, row: int, columns: Columns) -> None:
    """Write a row of headings."""
    canvas.height(row, _HEADING)
    look = canvas.formats.boxed(bold=True, font_color=WHITE, bg_color=NAVY, align="center", font_size=_SIZE)
    for heading, span in columns:
        canvas.put(row, span, heading, look)


def write_note(canvas: Canvas, row: int, widths: Sequence[float], text: str) -> None:
    """Write a sentence across the sheet, on as many lines as it needs."""
    pixels = sum(map(column_pixels, widths))
    canvas.height(row, row_points(text, pixels, _SIZE, least=_LEAST))
    canvas.put(row, (1, len(widths)), text, canvas.formats(font_size=_SIZE, font_color=MUTED, text_wrap=True))


@dataclass(frozen=True, slots=True)
class LineTable:
    """A table's title and its columns. `has_headings` is false where headings of the whole sheet stand above it."""

    title: str
    columns: Columns
    has_headings: bool = True

    def write(
        self,
        canvas: Canvas,
        row: int,
        widths: Sequence[float],
        lines: Sequence[Sequence[str | Said]],
        *,
        empty: str = NOTHING,
        drawn: Callable[[int], None] | None = None,
    ) -> list[Block]:
        """Write title, headings and lines from a row on; return what stands together: the title with the first line.

        `drawn` is called with each line's row.
        """
        formats = canvas.formats
        title = formats(bold=True, font_color=NAVY, bg_color=PALE, indent=1, top=2, top_color=NAVY)
        canvas.put(row, (1, len(widths)), self.title, title)
        canvas.height(row, _TITLE)
        first = row + 1
        if not lines:
            canvas.put(first, 1, empty, formats(font_size=_SIZE, font_color=MUTED))
            canvas.height(first, _LEAST)
            return [(row, first)]
        if self.has_headings:
            write_headings(canvas, first, self.columns)
            first += 1
        for number, line in enumerate(lines, start=first):
            self._line(canvas, number, widths, line)
            if drawn:
                drawn(number)
        return [(row, first), *((each, each) for each in range(first + 1, first + len(lines)))]

    def _line(self, canvas: Canvas, row: int, widths: Sequence[float], line: Sequence[str | Said]) -> None:
        said = [each if isinstance(each, Said) else Said(each) for each in line]
        heights = [_LEAST]
        for each, (_, (first, last)) in zip(said, self.columns, strict=True):
            pixels = sum(column_pixels(width) for width in widths[first - 1 : last]) - INDENT
            heights.append(row_points(each.text, pixels, _SIZE))
            look = canvas.formats.text(font_size=_SIZE, **each.look)
            if each.formula:
                canvas.formula(row, (first, last), each.formula, each.text, look)
            else:
                canvas.put(row, (first, last), each.text, look)
        canvas.height(row, max(heights))
