"""How every sheet looks: one font, one palette, rows as high as their text. Shared by plan, forms and report."""

from kama_excel.look.formats import CENTRED, FIGURES, FONT, Formats
from kama_excel.look.palette import (
    ACCENT,
    CARD,
    FAINT,
    HAIRLINE,
    INK,
    INPUT,
    MUTED,
    NAVY,
    PALE,
    PLANNED,
    WHITE,
    GradeColour,
    grade_colours,
    grade_symbols,
)
from kama_excel.look.text import INDENT, column_pixels, footer_text, line_count, one_line, pieces, row_points

__all__ = [
    "ACCENT",
    "CARD",
    "CENTRED",
    "FAINT",
    "FIGURES",
    "FONT",
    "HAIRLINE",
    "INDENT",
    "INK",
    "INPUT",
    "MUTED",
    "NAVY",
    "PALE",
    "PLANNED",
    "WHITE",
    "Formats",
    "GradeColour",
    "column_pixels",
    "footer_text",
    "grade_colours",
    "grade_symbols",
    "line_count",
    "one_line",
    "pieces",
    "row_points",
]
