"""The result of parsing a cell: a value, a problem with it, or both.

A certain value is used. A probable value is used with a 警告. A value with two readings, or one that differs from
what the sheet shows, is not used (エラー).
"""

from __future__ import annotations

from decimal import Decimal
from fractions import Fraction
from functools import lru_cache
from typing import Generic, NamedTuple, TypeVar

from kama_excel.domain.arithmetic import compared
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.cells import Cell, Condition

T_co = TypeVar("T_co", covariant=True)


class Problem(NamedTuple):
    """A problem with a typed value: the code, and the details for its sentences."""

    code: Code
    details: tuple[tuple[str, object], ...] = ()


class Parsed(NamedTuple, Generic[T_co]):
    """The result of parsing a cell.

    `value` None is not reported; `problem` None is no problem.
    """

    value: T_co | None = None
    problem: Problem | None = None


def failed(code: Code, **details: object) -> Parsed[T_co]:
    """Return a result without a value, with the reason."""
    return Parsed(problem=Problem(code, tuple(details.items())))


@lru_cache(maxsize=4096)  # forms have the same few rates
def to_fraction(number: float) -> Fraction:
    """Return a cell's number exactly: its decimal to 15 significant digits (rule 11).

    0.8333333333333334 is 833333333333333/10**15.
    """
    return Fraction(*Decimal(f"{number:.15g}").as_integer_ratio())


def reject_strikethrough(cell: Cell, parsed: Parsed[T_co]) -> Parsed[T_co]:
    """Return `parsed`, without a value if the cell has or may have strikethrough.

    A struck value may have been withdrawn.
    """
    if cell.condition is Condition.STRUCK:
        return Parsed(problem=Problem(Code.CELL_CONDITION, (("effect", cell.condition),)))
    return Parsed(problem=Problem(Code.CELL_STRUCK)) if cell.is_struck else parsed


def cell_problem(cell: Cell) -> Problem | None:
    """Return why a cell is unusable for any input; None if it is usable.

    A formula that refers to a blank cell results in 0, so only a typed 0 is a figure.
    """
    if cell.error:
        return Problem(Code.CELL_ERROR)
    if cell.uncalculated:
        return Problem(Code.CELL_UNCALCULATED)
    if cell.unclear:
        return Problem(Code.CELL_UNCLEAR, (("reason", cell.unclear),))
    if cell.covered_by:
        is_range = ":" in cell.covered_by
        cover = f"結合されたセル（{cell.covered_by}）" if is_range else cell.covered_by
        return Problem(Code.CELL_COVERED, (("cover", cover),))
    if cell.condition and cell.condition is not Condition.STRUCK:
        return Problem(Code.CELL_CONDITION, (("effect", cell.condition),))
    if cell.is_formula and isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        return Problem(Code.CELL_ZERO) if compared(to_fraction(cell.value)) == 0 else None
    return None


def reject_computed_zero(cell: Cell, parsed: Parsed[Fraction]) -> Parsed[Fraction]:
    """Return `parsed`, without a 0 from a formula whose result is a text.

    TEXT(…, "0%") of a blank cell is 0%.
    """
    is_computed = cell.is_formula and parsed.value is not None and compared(parsed.value) == 0
    return Parsed(problem=Problem(Code.CELL_ZERO)) if is_computed else parsed
