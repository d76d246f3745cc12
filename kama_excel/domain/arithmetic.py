"""Round figures consistently before they are compared and shown (rule 11).

The rules are those of `docs/rules.md`.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction

DIGITS = 9
"""Decimals (1 = 100 %) to which a figure is rounded before it is compared or shown."""

_SCALE = 10**DIGITS


def half_up(number: Fraction, digits: int) -> Fraction:
    """Round half away from zero, as Excel's ROUND does."""
    scale = 10**digits
    numerator, denominator = number.as_integer_ratio()
    rounded = (2 * abs(numerator) * scale + denominator) // (2 * denominator)
    return Fraction(rounded if numerator >= 0 else -rounded, scale)


def cut(number: Fraction, digits: int) -> Fraction:
    """Round down, also below 0: −5.5 becomes −6."""
    return Fraction(math.floor(number * 10**digits), 10**digits)


def compared(figure: Fraction) -> Fraction:
    """Return a figure rounded for comparison: figures are equal if the results are."""
    return figure if _SCALE % figure.denominator == 0 else half_up(figure, DIGITS)


def weighted_mean(figures: Iterable[tuple[Fraction, Fraction]]) -> Fraction | None:
    """Return the exact mean of figures by their weights, given first; None without weight.

    One fraction is made, because each operation on fractions reduces its result.
    """
    ratios = [(weight.as_integer_ratio(), figure.as_integer_ratio()) for weight, figure in figures]
    whole = math.lcm(*[per for (_, per), _ in ratios])
    common = math.lcm(*[denominator for _, (_, denominator) in ratios])
    total = weights = 0
    for (times, per), (numerator, denominator) in ratios:
        weight = times * (whole // per)
        weights += weight
        total += weight * numerator * (common // denominator)
    return Fraction(total, weights * common) if weights else None


def weighted_total(figures: Iterable[tuple[Fraction, Fraction]]) -> Fraction:
    """Return the exact sum of weight × figure.

    One fraction is made, because each operation on fractions reduces its result.
    """
    numerators: dict[int, int] = {}
    for weight, figure in figures:
        times, per = weight.as_integer_ratio()
        numerator, denominator = figure.as_integer_ratio()
        numerators[per * denominator] = numerators.get(per * denominator, 0) + times * numerator
    common = math.lcm(*numerators)
    return Fraction(sum([numerator * (common // each) for each, numerator in numerators.items()]), common)
