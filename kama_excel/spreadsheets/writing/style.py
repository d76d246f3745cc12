"""Cell formats, each made once a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

FONT = "BIZ UDPゴシック"
FIGURES = "BIZ UDゴシック"  # its digits have one width and are narrower: for columns of figures
SIZE = 10
CENTRED: Mapping[str, Any] = {"align": "center", "indent": 0}  # over `Formats.text`


class Formats:
    """The formats of one workbook: `formats(bold=True)` is the same object every time."""

    def __init__(self, workbook: Workbook) -> None:
        """Make formats in `workbook`."""
        self._workbook = workbook
        self._made: dict[tuple[object, ...], Format] = {}

    def __call__(self, **properties: Any) -> Format:
        """Return the format with these XlsxWriter properties over the house's own: font, size, colour, centred."""
        key = ("cell", *properties.items())
        if key not in self._made:
            wanted = {"font_name": FONT, "font_size": SIZE, "font_color": INK, "valign": "vcenter"} | properties
            self._made[key] = self._workbook.add_format(wanted)
        return self._made[key]

    def conditional(self, **properties: Any) -> Format:
        """Return a format for a conditional rule: only what it changes."""
        key = ("conditional", *properties.items())
        if key not in self._made:
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]

    def boxed(self, **properties: Any) -> Format:
        """Return a format with a hairline around the cell."""
        return self(**({"border": 1, "border_color": HAIRLINE} | properties))

    def text(self, **properties: Any) -> Format:
        """Return a format for a text in a box: wrapped, and not touching the border.

        Without `align` XlsxWriter leaves a text at the top of its cell unindented.
        """
        return self.boxed(**({"text_wrap": True, "align": "left", "indent": 1} | properties))


NAVY = "#12324F"
INK = "#1D2733"
MUTED = "#5B6672"
FAINT = "#8A94A0"
HAIRLINE = "#C3CCD6"
PALE = "#EDF2F7"
CARD = "#F7F9FB"
WHITE = "#FFFFFF"
INPUT = "#FFF6D6"
ACCENT = "#B5451B"
PLANNED = "#5B6672"


@dataclass(frozen=True, slots=True)
class GradeColour:
    """A grade's fill and the colour of the text on it (contrast ≥ 4.5)."""

    fill: str
    text: str


_FIVE = (
    GradeColour("#0B3C6F", WHITE),
    GradeColour("#2F74B0", WHITE),
    GradeColour("#BFDDF2", "#12324F"),
    GradeColour("#FBD78A", "#4A3200"),
    GradeColour("#B5451B", WHITE),
)
_SYMBOLS = ("◎", "○", "△", "▲", "×")  # all of them exist in code page 932
UNEVALUATED = GradeColour("#E3E5E8", "#3B424C")


def grade_colours(count: int) -> tuple[GradeColour, ...]:
    """Return a colour for each of `count` grades, best first: the five spread evenly, the outermost always used."""
    return tuple(_FIVE[_spread(index, count)] for index in range(count))


def grade_symbols(count: int) -> tuple[str, ...]:
    """Return a symbol for each of `count` grades, best first."""
    return tuple(_SYMBOLS[_spread(index, count)] for index in range(count))


def _spread(index: int, count: int) -> int:
    return round(index * (len(_FIVE) - 1) / (count - 1)) if count > 1 else 0
