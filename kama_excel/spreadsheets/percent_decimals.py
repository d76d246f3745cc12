"""The condition of forms that a percentage has more decimals than its cell shows."""

from __future__ import annotations


def has_more_decimals(cell: str, digits: int | str) -> str:
    """Return the formula: a percentage has more than so many decimals; texts have none.

    A billionth of a rate is none: 0.29 × 100 is 28.999999999999996.
    """
    return f"IF(ISNUMBER({cell}),ROUND({cell}*100,6)<>ROUND({cell}*100,{digits}),FALSE)"


def percent_has_more_decimals(number: float, digits: int) -> bool:
    """Return the result of `has_more_decimals` for a number."""
    return round(number * 100, 6) != round(number * 100, digits)
