"""What conditional formats may do to the text of a cell.

Only formats that may change what is read are kept: a number format, a strike, a text in the cell's colour. Their
conditions are decided where they compare the cell with constants or ask for its decimals as the forms do; any other
condition (a formula, duplicates, the best ten) is taken to hold.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import NamedTuple

from kama_excel.spreadsheets.cells import BLANK, Cell, Condition, Position, Range, is_blank, places_in, position
from kama_excel.spreadsheets.percent_decimals import has_more_decimals, percent_has_more_decimals
from kama_excel.spreadsheets.reading import number_formats
from kama_excel.spreadsheets.reading.colours import BLACK, WHITE, look_alike

COMPARISONS: dict[str, Callable[[float, float], bool]] = {
    "<": operator.lt,
    "<=": operator.le,
    "=": operator.eq,
    "<>": operator.ne,
    ">=": operator.ge,
    ">": operator.gt,
}
_ROUNDED = re.compile(r"-?([\d,]+)(?:\.(\d+))?(%?)", re.ASCII)
_REFERENCE = r"(?P<column_fixed>\$?)(?P<column>[A-Z]{1,3})(?P<row_fixed>\$?)(?P<row>\d{1,7})"
_COMPARISON = re.compile(rf"{_REFERENCE}(?P<sign><=|>=|<>|<|>|=)(?P<operand>.+)", re.DOTALL)
_CONTENT = re.compile(rf"(?P<asked>ISERROR|ISERR|ISNA|ISBLANK)\({_REFERENCE}\)")
_LENGTH = re.compile(rf"LEN\((?:TRIM\({_REFERENCE}\)|{_REFERENCE.replace('P<', 'P<bare_')})\)=0")
_DECIMALS = re.compile(
    re.escape(has_more_decimals("CELL", "DIGITS"))
    .replace(",", "[,;]")
    .replace("FALSE", r"(?:FALSE(?:\(\))?|0)")  # as LibreOffice writes it
    .replace("CELL", f"(?P<cell>{_REFERENCE})", 1)
    .replace("CELL", "(?P=cell)")
    .replace("DIGITS", r"(?P<digits>\d)")
)
_TEXT = re.compile(r'"((?:[^"]|"")*)"')
Operand = float | str
Look = tuple[str, str]
"""The colour of the letters of a cell, and that of the cell."""
PLAIN: Look = (BLACK, WHITE)


class Reference(NamedTuple):
    """A reference to a cell in a formula.

    A part that is not fixed moves with the cell that the format is set on.
    """

    row: int
    column: int
    is_row_fixed: bool
    is_column_fixed: bool

    def seen_from(self, place: Position, first: Position) -> Position:
        """Return the cell referred to at a place.

        The formula is that of the `first` cell of its range.
        """
        row = self.row + (0 if self.is_row_fixed else place[0] - first[0])
        return row, self.column + (0 if self.is_column_fixed else place[1] - first[1])


class Criterion(NamedTuple):
    """A condition that can be decided from one cell.

    That is the cell that it is set on, or the one at `reference`.

    `kind` is a sign of comparison, `between`, `contains`, `begins`, `ends`, `blank`, `error` or `decimals`.
    """

    kind: str
    operands: tuple[Operand, ...] = ()
    is_negated: bool = False
    reference: Reference | None = None

    def holds(self, cell: Cell) -> bool | None:
        """Return whether a cell meets the condition; None if that is uncertain."""
        found = self._found(cell)
        return None if found is None else found is not self.is_negated

    def _found(self, cell: Cell) -> bool | None:
        if self.kind == "error":
            return bool(cell.error)
        if self.kind == "blank":
            return is_blank(cell)
        value = cell.value if cell.value is not None or not is_blank(cell) else self._as_blank()
        if isinstance(value, bool) or not isinstance(value, int | float | str):
            return None
        if self.kind == "decimals":
            return not isinstance(value, str) and percent_has_more_decimals(value, int(self.operands[0]))
        if self.kind == "between":
            low, high = (_compared(value, bound) for bound in self.operands)
            return low[0] >= low[1] and high[0] <= high[1]
        if self.kind in COMPARISONS:
            return COMPARISONS[self.kind](*_compared(value, self.operands[0]))
        part, text = str(self.operands[0]).casefold(), (f"{value:.15g}" if not isinstance(value, str) else value)
        if set("*?~") & set(part):
            return None
        text = text.casefold()
        return {"contains": part in text, "begins": text.startswith(part), "ends": text.endswith(part)}[self.kind]

    def _as_blank(self) -> Operand:
        """Return what a blank cell is compared as: 0, or an empty text beside a text."""
        return "" if any(isinstance(each, str) for each in self.operands) else 0.0


def constant(formula: str) -> Operand | None:
    """Return the number or the text that a formula consists of; None for any other formula."""
    if text := _TEXT.fullmatch(formula.strip()):
        return text[1].replace('""', '"')
    try:
        return float(formula)
    except ValueError:
        return None


def comparison(kind: str, formulas: Sequence[str], *, is_negated: bool = False) -> Criterion | None:
    """Return the comparison of a cell with constants; None if a formula is none."""
    operands = [each for each in map(constant, formulas) if each is not None]
    wanted = 2 if kind == "between" else 1
    return Criterion(kind, tuple(operands), is_negated) if len(operands) == len(formulas) == wanted else None


def asked_cell(formula: str) -> Criterion | None:
    """Return the criterion of a formula that asks one cell; None for any other.

    It compares the cell with a constant ($F5="済"), or asks for an error, a blank (NOT(ISERROR(F5)), LEN(F5)=0) or
    decimals (`has_more_decimals`).
    """
    text = formula.strip().removeprefix("=")
    if match := _DECIMALS.fullmatch(text):
        return _asking(match, "decimals", (float(match["digits"]),), is_negated=False)
    is_negated = text.startswith("NOT(") and text.endswith(")")
    text = text[4:-1] if is_negated else text
    if match := _CONTENT.fullmatch(text):
        return _asking(match, "blank" if match["asked"] == "ISBLANK" else "error", (), is_negated=is_negated)
    if match := _LENGTH.fullmatch(text):
        return _asking(match, "blank", (), is_negated=is_negated)
    match = _COMPARISON.fullmatch(text)
    operand = constant(match["operand"]) if match else None
    if match is None or operand is None:
        return None
    return _asking(match, match["sign"], (operand,), is_negated=is_negated)


def _asking(match: re.Match[str], kind: str, operands: tuple[Operand, ...], *, is_negated: bool) -> Criterion | None:
    found = {name.removeprefix("bare_"): part for name, part in match.groupdict().items() if part is not None}
    place = position(found["column"] + found["row"])
    if place is None:
        return None
    return Criterion(
        kind, operands, is_negated, Reference(*place, bool(found["row_fixed"]), bool(found["column_fixed"]))
    )


def _compared(value: Operand, other: Operand) -> tuple[float, float]:
    """Return two values as numbers of the same order: a text comes after every number."""
    if isinstance(value, str) and isinstance(other, str):
        mine, theirs = value.casefold(), other.casefold()
        return float((mine > theirs) - (mine < theirs)), 0.0
    if isinstance(value, str) or isinstance(other, str):
        return (1.0, 0.0) if isinstance(value, str) else (0.0, 1.0)
    return value, other


class Effect(NamedTuple):
    """What a conditional format does to a cell where its condition holds.

    `code` is its number format, `letters` and `ground` its colours; None for what it leaves as it is. With
    `hides_figures` a bar or an icon stands in place of the figure.
    """

    code: str | None = None
    is_struck: bool = False
    letters: str | None = None
    ground: str | None = None
    hides_figures: bool = False

    @property
    def has_colours(self) -> bool:
        """Whether it sets the colour of the letters or of the cell."""
        return self.letters is not None or self.ground is not None

    def for_looks(self, looks: Iterable[Look]) -> Effect:
        """Return the effect, without its colours if cells of all these looks can be read in them."""
        may_hide = any(self._hides(look) for look in looks)
        return self if may_hide else self._replace(letters=None, ground=None)

    def _hides(self, look: Look) -> bool:
        if not self.has_colours:
            return False
        letters, ground = look
        return look_alike(
            letters if self.letters is None else self.letters, ground if self.ground is None else self.ground
        )

    def on(self, cell: Cell, look: Look) -> Condition | None:
        """Return the gravest change of a cell's text; None for none."""
        if self._hides(look) or (self.hides_figures and not isinstance(cell.value, str)):
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


@lru_cache(maxsize=1000)  # forms have the same few rates
def _is_only_rounded(cell: Cell) -> bool:
    """Return whether a cell with a number shows that and nothing else, at most rounded."""
    shown = number_formats.shown_text(cell) or ""
    match = _ROUNDED.fullmatch(shown)
    if match is None:
        return False
    code = ("#,##0" if "," in match[1] else "0") + (f".{'0' * len(match[2])}" if match[2] else "") + match[3]
    return cell.value is not None and number_formats.render(cell.value, code) == shown


class Conditional(NamedTuple):
    """A conditional format of a range: its effect, and its condition if it can be decided."""

    area: Range
    effect: Effect
    criterion: Criterion | None = None

    def written_for(self, base: Position | None) -> Conditional:
        """Return it as written for the first cell of its range instead of for `base`."""
        criterion = self.criterion
        if criterion is None or criterion.reference is None:
            return self
        if base is None:
            return self._replace(criterion=None)
        row, column = criterion.reference.seen_from(self.area[:2], base)
        moved = criterion.reference._replace(row=row, column=column)
        return self._replace(criterion=criterion._replace(reference=moved))

    def apply(self, cells: dict[Position, Cell], looks: Mapping[Position, Look]) -> None:
        """Mark the cells of the range with what the format may do to them.

        `looks` are the looks of cells other than black on white, as far as the effect depends on them.
        """
        for place in places_in(self.area, cells):
            if not self._is_unmet(place, cells):
                cells[place] = self._applied(cells[place], looks.get(place, PLAIN))

    def _is_unmet(self, place: Position, cells: Mapping[Position, Cell]) -> bool:
        if self.criterion is None:
            return False
        reference = self.criterion.reference
        at = place if reference is None else reference.seen_from(place, self.area[:2])
        return self.criterion.holds(cells.get(at, BLANK)) is False

    def _applied(self, cell: Cell, look: Look) -> Cell:
        effect = self.effect.on(cell, look)
        if effect:
            return cell._replace(condition=effect) if cell.condition in (None, Condition.STRUCK) else cell
        code, value = self.effect.code, cell.value
        if code is None or isinstance(value, str | bool) or not isinstance(value, int | float):
            return cell
        if (code, None) == (cell.number_format, cell.display) or not _is_only_rounded(cell):
            return cell
        return cell._replace(number_format=code, display=None)  # it rounds to other digits
