"""The text that a sheet shows of a text whose parts look different."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kama_excel.spreadsheets.reading.colours import look_alike

SMALLEST = 3
"""Size of a font, in points, under which no character can be read."""
_RAISED = str.maketrans("0123456789+-=()", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾")
_LOWERED = str.maketrans("0123456789+-=()", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎")


class Run(NamedTuple):
    """A part of a text with a look of its own.

    `letters` is its colour; None if it is the cell's. `raised`: 1 above the line (m²), -1 below it (CO₂).
    """

    text: str
    letters: str | None = None
    raised: int = 0
    is_tiny: bool = False

    @property
    def is_plain(self) -> bool:
        """Whether it looks like the rest of the cell."""
        return self[1:] == (None, 0, False)

    def shown(self, ground: str) -> str:
        """Return what is read of it on a cell of this colour."""
        if self.is_tiny or (self.letters is not None and look_alike(self.letters, ground)):
            return ""
        return self.text.translate(_RAISED if self.raised > 0 else _LOWERED) if self.raised else self.text


def shown_text_of(runs: Sequence[Run], ground: str) -> str | None:
    """Return the text that runs show on a cell of this colour; None if it is their text."""
    shown = "".join(run.shown(ground) for run in runs)
    return None if shown == "".join(run.text for run in runs) else shown
