"""What a cell was read as: a value, a problem with it, or both.

What is certain is taken. What is probable is taken and named (警告). What can be read in two ways, or is not what the
sheet shows, is not taken (エラー).
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Generic, TypeVar

from kama_excel.domain.arithmetic import compared
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.cells import Cell

T_co = TypeVar("T_co", covariant=True)


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem with a typed value: the code and the details that its sentences need."""

    code: Code
    details: tuple[tuple[str, object], ...] = ()


@dataclass(frozen=True, slots=True)
class Parsed(Generic[T_co]):
    """The result of reading a cell. `value` None is not reported; `problem` None is no problem."""

    value: T_co | None = None
    problem: Problem | None = None


def failed(code: Code, **details: object) -> Parsed[T_co]:
    """Return that nothing was taken, and why."""
    return Parsed(problem=Problem(code, tuple(details.items())))


def to_fraction(number: float) -> Fraction:
    """Return a cell's number exactly: its decimal to 15 significant digits (rule 11).

    0.8333333333333334 is 833333333333333/10**15.
    """
    return Fraction(Decimal(f"{number:.15g}"))


def reject_strikethrough(cell: Cell, parsed: Parsed[T_co]) -> Parsed[T_co]:
    """Return what was read; no value from a cell with strikethrough: it may have been withdrawn."""
    return Parsed(problem=Problem(Code.CELL_STRUCK)) if cell.is_struck else parsed


def cell_problem(cell: Cell) -> Problem | None:
    """Return why a cell is unusable, whatever is expected in it; None where it is usable.

    A formula that refers to a blank cell results in 0: only a typed 0 is a figure.
    """
    if cell.error:
        return Problem(Code.CELL_ERROR)
    if cell.uncalculated:
        return Problem(Code.CELL_UNCALCULATED)
    if cell.unclear:
        return Problem(Code.CELL_UNCLEAR, (("reason", cell.unclear),))
    if cell.covered_by:
        return Problem(Code.CELL_COVERED, (("range", cell.covered_by),))
    if cell.is_formula and isinstance(cell.value, int | float) and not isinstance(cell.value, bool):
        return Problem(Code.CELL_ZERO) if compared(to_fraction(cell.value)) == 0 else None
    return None


def reject_computed_zero(cell: Cell, parsed: Parsed[Fraction]) -> Parsed[Fraction]:
    """Return what was read; no 0 from a formula whose result is a text: TEXT(…, "0%") of a blank cell is 0%."""
    is_computed = cell.is_formula and parsed.value is not None and compared(parsed.value) == 0
    return Parsed(problem=Problem(Code.CELL_ZERO)) if is_computed else parsed
