"""How a rate is shown: rounded half up to 0.1 %, but never up into a band that it has not reached."""

from __future__ import annotations

import math
from fractions import Fraction

from kama_excel.plan import Bands


def half_up(number: Fraction, digits: int) -> Fraction:
    """Round half away from zero, as Excel's ROUND does."""
    scale = 10**digits
    rounded = (2 * abs(number.numerator) * scale + number.denominator) // (2 * number.denominator)
    return Fraction(rounded if number >= 0 else -rounded, scale)


def shown_rate(rate: Fraction, bands: Bands) -> Fraction:
    """Return the rate as it is shown, a multiple of 0.1 %: 89.96 % is 89.9 %, not 90.0 % (`docs/rules.md`, Grades)."""
    rounded = half_up(rate, 3)
    if rounded <= rate or bands.rank(rounded) == bands.rank(rate):
        return rounded
    return Fraction(math.floor(rate * 1000), 1000)


def shown_percent(rate: Fraction, bands: Bands) -> str:
    """Return the shown rate as text: 83.3%."""
    return f"{float(shown_rate(rate, bands) * 100):.1f}%"
