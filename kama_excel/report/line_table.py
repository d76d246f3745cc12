"""Titled tables of texts below each other on one sheet, their columns spans of its grid, rows as high as their texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from kama_excel.look import INDENT, MUTED, NAVY, WHITE, column_pixels, row_points
from kama_excel.report.canvas import Canvas

_SIZE = 9.0
NOTHING = "ありません。"


@dataclass(frozen=True, slots=True)
class Said:
    """A text and what its cell looks like beside the other cells. `formula` makes it live; the text is its value then."""

    text: str
    look: Mapping[str, object] = field(default_factory=dict)
    formula: str = ""


@dataclass(frozen=True, slots=True)
class LineTable:
    """A table's title and its columns: a heading and the first and last column of the grid that it takes."""

    title: str
    columns: tuple[tuple[str, tuple[int, int]], ...]

    def write(
        self,
        canvas: Canvas,
        row: int,
        widths: Sequence[float],
        lines: Sequence[Sequence[str | Said]],
        *,
        empty: str = NOTHING,
        drawn: Callable[[int], None] | None = None,
    ) -> int:
        """Write title, headings and lines from a row on; return the next free row. `drawn` is called with each row."""
        formats = canvas.formats
        title = formats(bold=True, font_color=NAVY, bottom=2, bottom_color=NAVY)
        canvas.put(row, (1, len(widths)), self.title, title)
        if not lines:
            canvas.put(row + 1, 1, empty, formats(font_size=_SIZE, font_color=MUTED))
            return row + 2
        look = formats.boxed(bold=True, font_color=WHITE, bg_color=NAVY, align="center", font_size=_SIZE)
        for heading, span in self.columns:
            canvas.put(row + 1, span, heading, look)
        for number, line in enumerate(lines, start=row + 2):
            self._line(canvas, number, widths, line)
            if drawn:
                drawn(number)
        return row + 2 + len(lines)

    def _line(self, canvas: Canvas, row: int, widths: Sequence[float], line: Sequence[str | Said]) -> None:
        said = [each if isinstance(each, Said) else Said(each) for each in line]
        heights = [20.0]
        for each, (_, (first, last)) in zip(said, self.columns, strict=True):
            pixels = sum(column_pixels(width) for width in widths[first - 1 : last]) - INDENT
            heights.append(row_points(each.text, pixels, _SIZE))
            look = canvas.formats.text(font_size=_SIZE, **each.look)
            if each.formula:
                canvas.formula(row, (first, last), each.formula, each.text, look)
            else:
                canvas.put(row, (first, last), each.text, look)
        canvas.height(row, max(heights))
