"""What conditional formats may do to the text of a cell.

A condition may be any formula, which is not calculated here. Only comparisons with a number are decided; any other
condition is taken to hold, except that a format that changes nothing readable is ignored.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable
from typing import NamedTuple

from kama_excel.spreadsheets.cells import Cell, Condition
from kama_excel.spreadsheets.reading import number_formats

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "!=": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}
_ROUNDED = re.compile(r"-?([\d,]+)(?:\.(\d+))?(%?)", re.ASCII)
Comparison = tuple[Callable[[float, float], bool], float]
"""A comparison of a cell's value with a number."""


class Effect(NamedTuple):
    """What a conditional format does to a cell where its condition holds.

    `code` is its number format, None for none. `hides` all texts by their colour, or only figures (`hides_figures`)
    behind a bar or an icon.
    """

    code: str | None = None
    is_struck: bool = False
    hides: bool = False
    hides_figures: bool = False

    def on(self, cell: Cell) -> Condition | None:
        """Return the gravest change of a cell's text; None for none."""
        if self.hides or (self.hides_figures and not isinstance(cell.value, str)):
            return Condition.UNSEEN
        if self.code is not None and _changes(self.code, cell):
            return Condition.OTHERWISE
        return Condition.STRUCK if self.is_struck else None


def _changes(code: str, cell: Cell) -> bool:
    """Return whether a number format makes a cell show something else."""
    match cell.value:
        case None:
            return False
        case str() as text:
            return number_formats.render(text, code) != text.strip()
        case int() | float():
            is_percent = number_formats.is_percent_format(code)
            return not number_formats.is_plain(code) or is_percent != bool(cell.is_percent)
        case _:
            return True


def _is_only_rounded(cell: Cell) -> bool:
    """Return whether a cell shows its number and nothing else, at most rounded."""
    if isinstance(cell.value, str | bool) or not isinstance(cell.value, int | float):
        return False
    shown = number_formats.shown_text(cell) or ""
    match = _ROUNDED.fullmatch(shown)
    if match is None:
        return False
    code = ("#,##0" if "," in match[1] else "0") + (f".{'0' * len(match[2])}" if match[2] else "") + match[3]
    return number_formats.render(cell.value, code) == shown


class Conditional(NamedTuple):
    """A conditional format: its effect, and its comparison with a number, if it is one."""

    effect: Effect
    comparison: Comparison | None = None

    def applied(self, cell: Cell) -> Cell:
        """Return a cell that it is set on with what the format may do to it."""
        if self.comparison and isinstance(cell.value, int | float):
            compare, bound = self.comparison
            if not compare(cell.value, bound):
                return cell
        effect = self.effect.on(cell)
        if effect:
            return cell._replace(condition=effect) if cell.condition in (None, Condition.STRUCK) else cell
        if self.effect.code is None or not _is_only_rounded(cell):
            return cell
        return cell._replace(number_format=self.effect.code, display=None)  # it rounds to other digits
