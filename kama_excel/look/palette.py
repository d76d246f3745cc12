"""The colours. Grades stay apart for every kind of colour sight (ΔE ≥ 22) and their words are always printed too."""

from __future__ import annotations

from dataclasses import dataclass

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
