"""Parse typed rates and numbers to a value, or to the problem with it.

Figures are normalised (NFKC) before they are parsed; names and texts never are. Rates are `Fraction`, 1 = 100 %.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from fractions import Fraction
from functools import lru_cache

from kama_excel.domain.arithmetic import compared
from kama_excel.domain.entries import Excluded, Shown, TypedValue
from kama_excel.domain.text import MINUS_SIGNS, has_figures_apart, is_unreported, normalize_key
from kama_excel.findings.catalogue import Code
from kama_excel.parsing.parsed import Parsed, Problem, cell_problem, failed, reject_computed_zero, to_fraction
from kama_excel.parsing.shown import as_shown
from kama_excel.spreadsheets.cells import Cell, is_blank
from kama_excel.spreadsheets.reading.number_formats import GENERAL, shown_text

PERCENT_UNITS = frozenset({"%", "ポイント", "%ポイント"})
"""The units (normalised) for which a percent cell is valid: 96% in it is 96 of them."""
_EXCLUDED = Excluded.EXCLUDED.value
_PERCENT_SIGNS = ("%", "パーセント")
_HUNDRED = 100
_ONE_PERCENT = Fraction(1, _HUNDRED)
LARGE_PERCENT = 1000
"""From this rate on, a percent cell may show a hundred times the intended value."""
_TO_COME = frozenset({"集計中", "未公表", "公表前"})
_NOT_STARTED = frozenset({"未実施", "未着手"})
_VAGUE = re.compile("以上|以下|以内|未満|程度|前後|くらい|ぐらい|ほど|[超強弱余(]")
"""Text after a figure that is no unit."""
_PLACES = re.compile("(?:[かカヵヶケ箇]|個(?=所))(?=[所月国])")
_PEOPLE = re.compile("名$")
_MAGNITUDES = {"十": 10, "百": 100, "千": 1_000, "万": 10_000, "億": 100_000_000}
_WITH_MAGNITUDES = re.compile(rf"([{MINUS_SIGNS}+]?)((?:[\d,.]+[十百千万億]+)+)([\d,.]*)", re.ASCII)


def percent(rate: Fraction) -> str:
    """Write a rate for a message: 4/5 → 80%."""
    return f"{float(rate * _HUNDRED):.15g}%"


def read_progress(cell: Cell) -> Parsed[Fraction | Excluded]:
    """Parse 実施, a rate of 0–100 % or 対象外 (rule 1)."""
    word = _shown_word(cell)
    if word == _EXCLUDED:
        return Parsed(Excluded.EXCLUDED)
    if _EXCLUDED in word:
        return Parsed(problem=Problem(Code.EXCLUDED_WITH_MORE))
    if word in _NOT_STARTED:
        return Parsed(Fraction(0), Problem(Code.NOT_STARTED_WORD))
    rate = read_rate(cell)
    if rate.value and rate.problem is None and rate.value < _ONE_PERCENT:
        details = (("taken", percent(rate.value)), ("other", percent(rate.value * _HUNDRED)))
        return Parsed(rate.value, Problem(Code.RATE_SMALL, details))
    return Parsed(rate.value, rate.problem)


def read_rate(cell: Cell) -> Parsed[Fraction]:
    """Parse a rate of 0–100 %: a number in a percent or plain cell, or a text."""
    return _read_figure(cell, _rate_from_number, _rate_from_text, Code.RATE_UNREADABLE)


def _read_figure(
    cell: Cell,
    from_number: Callable[[float, bool | None], Parsed[Fraction]],
    from_text: Callable[[str], Parsed[Fraction]],
    unreadable: Code,
) -> Parsed[Fraction]:
    """Parse the shown number or text of a cell.

    `from_number` gets whether the number is in percent; None is unknown.
    """
    problem = cell_problem(cell)
    if problem and (problem.code is not Code.CELL_CONDITION or isinstance(cell.value, int | float | str)):
        return Parsed(problem=problem)  # a day is no figure, whatever a condition does to it
    if is_blank(cell):
        return Parsed()
    shown = as_shown(cell)
    if isinstance(shown, Problem):
        return Parsed(problem=shown)
    match shown.value:
        case bool():
            return Parsed(problem=Problem(unreadable))
        case int() | float() as number:
            return from_number(number, shown.is_percent)
        case str() as text:
            return reject_computed_zero(cell, from_text(text))
        case _:
            return Parsed(problem=Problem(unreadable))


@lru_cache(maxsize=4096)  # forms have the same few rates
def _rate_from_number(number: float, is_percent: bool | None) -> Parsed[Fraction]:  # noqa: FBT001 -- three-valued
    rate = to_fraction(number)
    return _rate_in_percent_cell(rate) if is_percent else _plain_rate(rate, is_percent)


def _shown_word(cell: Cell) -> str:
    """Return the normalised text of a text cell; '' for other, unusable or uncertain cells."""
    return normalize_key(shown_text(cell) or "") if isinstance(cell.value, str) and not cell_problem(cell) else ""


def _rate_in_percent_cell(rate: Fraction) -> Parsed[Fraction]:
    if 0 <= rate <= 1:
        return Parsed(rate)
    # 80 pasted over a percent cell reads 8000 %, which is no possible rate
    if LARGE_PERCENT <= rate * _HUNDRED <= _HUNDRED**2:
        return _assumed(rate / _HUNDRED)
    return Parsed(problem=Problem(Code.RATE_OUTSIDE))


def _plain_rate(number: Fraction, is_percent: bool | None) -> Parsed[Fraction]:  # noqa: FBT001 -- three-valued
    """Parse a number without a percent sign: 80 is 80 %, 0.8 probably too.

    1 may be 1 % or 100 %.
    """
    if number < 0 or number > _HUNDRED:
        return Parsed(problem=Problem(Code.RATE_OUTSIDE))
    if number == 0:
        return Parsed(Fraction(0))
    if number < 1:
        return Parsed(number) if is_percent is None else _assumed(number)
    if number == 1 and is_percent is None:
        return _assumed(Fraction(1))
    if number < 2:  # noqa: PLR2004
        one, other = percent(number / _HUNDRED), percent(number)
        return Parsed(problem=Problem(Code.RATE_AMBIGUOUS, (("one", one), ("other", other))))
    return Parsed(number / _HUNDRED)


def _rate_from_text(text: str) -> Parsed[Fraction]:
    if has_figures_apart(text):
        return Parsed(problem=Problem(Code.RATE_UNREADABLE))
    word = normalize_key(text)
    if problem := _no_figure(word):
        return Parsed(problem=problem)
    if tenths := re.fullmatch(r"(\d{1,2})割(?:(\d)分)?", word, re.ASCII):
        rate = Fraction(int(tenths[1]), 10) + Fraction(int(tenths[2] or 0), _HUNDRED)
        return _assumed(rate) if rate <= 1 else Parsed(problem=Problem(Code.RATE_OUTSIDE))
    number = _number(word.removesuffix("%").removesuffix("パーセント"))
    if number is None:
        return Parsed(problem=Problem(Code.RATE_UNREADABLE))
    if word.endswith(_PERCENT_SIGNS):
        in_range = 0 <= number <= _HUNDRED
        return Parsed(number / _HUNDRED) if in_range else Parsed(problem=Problem(Code.RATE_OUTSIDE))
    return _plain_rate(number, is_percent=False)


def _assumed(rate: Fraction) -> Parsed[Fraction]:
    return Parsed(rate, Problem(Code.RATE_ASSUMED, (("taken", percent(rate)),)))


def read_actual(cell: Cell, unit: str) -> Parsed[Fraction | Excluded]:
    """Parse 実績値: 対象外, or a number as `read_number` does.

    A plain 0.96 with a unit of percent may mean 96 %. So may 96 pasted over a percent cell, which shows 9600 %.
    """
    word = _shown_word(cell)
    if word == _EXCLUDED:
        return Parsed(Excluded.EXCLUDED)
    if _EXCLUDED in word:
        return Parsed(problem=Problem(Code.EXCLUDED_FIGURE_WITH_MORE))
    if word in _TO_COME:
        return Parsed(problem=Problem(Code.FIGURE_TO_COME))
    parsed = read_number(cell, unit)
    is_figure = not isinstance(cell.value, str)
    if parsed.value and is_figure and cell.is_percent and abs(parsed.value) >= LARGE_PERCENT:
        details = (("taken", percent(parsed.value / _HUNDRED)), ("other", percent(parsed.value / _HUNDRED**2)))
        return Parsed(parsed.value, Problem(Code.NUMBER_LARGE_PERCENT, details))
    if parsed.value and is_small_percent(cell, unit, parsed.value):
        details = (("taken", f"{cell.text.strip()}%"), ("other", percent(parsed.value)))
        return Parsed(parsed.value, Problem(Code.NUMBER_SMALL_PERCENT, details))
    return Parsed(parsed.value, parsed.problem)


def is_small_percent(cell: Cell, unit: str, number: Fraction) -> bool:
    """Return whether a number up to 1 without % in a unit of percent may be a fraction of 1."""
    return 0 < abs(number) <= 1 and normalize_key(unit) == "%" and not has_percent_sign(cell)


def has_percent_sign(cell: Cell) -> bool:
    """Return whether a number is in percent by its cell, or a text by its own words.

    A percent cell leaves a text as it is: 0.96 is no 96 % there.
    """
    return normalize_key(cell.text).endswith(_PERCENT_SIGNS)


def read_number(cell: Cell, unit: str) -> Parsed[Fraction]:
    """Parse an actual, a baseline or a target in `unit`; the text may repeat the unit."""

    def from_number(number: float, is_percent: bool | None) -> Parsed[Fraction]:  # noqa: FBT001 -- three-valued
        if not is_percent:
            return Parsed(to_fraction(number))
        if normalize_key(unit) in PERCENT_UNITS:
            return Parsed(to_fraction(number) * _HUNDRED)
        return Parsed(problem=Problem(Code.NUMBER_OTHER_UNIT, (("unit", unit or "なし"),)))

    return _read_figure(cell, from_number, lambda text: _number_from_text(text, unit), Code.NUMBER_UNREADABLE)


def _number_from_text(text: str, unit: str) -> Parsed[Fraction]:
    if has_figures_apart(text):
        return Parsed(problem=Problem(Code.NUMBER_TWO))
    word = normalize_key(text)
    if problem := _no_figure(word):
        return Parsed(problem=problem)
    if yen := re.fullmatch(r"¥([\d,.]+)", word):
        word = f"{yen[1]}円"
    word, counted = _counter(word), _counter(normalize_key(unit))
    number = _number(word)
    if number is None:
        number = _number(word.removesuffix(counted))
    if number is None and counted in PERCENT_UNITS:
        number = _number(re.sub(r"(?:%|パーセント|ポイント|%ポイント)$", "", word))
    if number is not None:
        return Parsed(number)
    if figure := _with_magnitude(word.removesuffix(counted)):
        return failed(Code.NUMBER_MAGNITUDE, figure=figure)
    if len(re.findall(r"\d[\d,.]*", word)) > 1:
        return Parsed(problem=Problem(Code.NUMBER_TWO))
    with_unit = re.fullmatch(rf"([{MINUS_SIGNS}+]?[\d,.]+)(\D+)", word)
    is_unit = with_unit and not (counted and with_unit[2].startswith(counted)) and not _VAGUE.search(with_unit[2])
    if with_unit and is_unit and _number(with_unit[1]) is not None:
        return Parsed(problem=Problem(Code.NUMBER_OTHER_UNIT, (("unit", unit or "なし"),)))
    return Parsed(problem=Problem(Code.NUMBER_UNREADABLE))


def _counter(word: str) -> str:
    """Return a normalised text with its counter in one spelling: ヶ所, 箇所 → か所; 名 → 人."""
    return _PEOPLE.sub("人", _PLACES.sub("か", word))


def _number(word: str) -> Fraction | None:
    """Parse a normalised figure: digits, well-placed thousands commas, one sign of any kind."""
    match = re.fullmatch(rf"([{MINUS_SIGNS}+])?(\d+|\d{{1,3}}(?:,\d{{3}})+)(\.\d+)?", word, re.ASCII)
    if match is None:
        return None
    number = Fraction(Decimal(match[2].replace(",", "") + (match[3] or "")))
    return -number if match[1] and match[1] != "+" else number


def _no_figure(word: str) -> Problem | None:
    """Return the problem of a text that is no figure: a placeholder, a formula as text."""
    if is_unreported(word):
        return Problem(Code.NOT_REPORTED_WORD)
    return Problem(Code.FORMULA_AS_TEXT) if word.startswith("=") and len(word) > 1 else None


def _with_magnitude(word: str) -> str:
    """Suggest a figure for a text with 千, 万 or 億: 1万155 → 10155; '' if none."""
    match = _WITH_MAGNITUDES.fullmatch(word)
    if match is None:
        return ""
    total = Fraction(0)
    for figure, signs in re.findall(r"([\d,.]+)([十百千万億]+)", match[2], re.ASCII):
        number = _number(figure)
        if number is None:
            return ""
        for sign in signs:
            number *= _MAGNITUDES[sign]
        total += number
    rest = _number(match[3]) if match[3] else Fraction(0)
    if rest is None:
        return ""
    sign = "-" if match[1] and match[1] != "+" else ""
    return f"{sign}{float(total + rest):.15g}"


def rounded_figure(cell: Cell, value: object, read: Callable[[Cell], Parsed[TypedValue]]) -> Shown | None:
    """Return a figure as its cell shows it; None if the cell shows just the value.

    `read` is the reader that gave the value. The value counts (rule 11): 1/3 may be shown as 33%.
    """
    number = cell.value
    if not isinstance(value, Fraction) or isinstance(number, str | bool) or not isinstance(number, int | float):
        return None
    is_shown_whole = cell.display is None and cell.number_format in ("", GENERAL)
    if is_shown_whole or (_HUNDRED if cell.is_percent else 1) % to_fraction(number).denominator == 0:
        return None
    text = shown_text(cell)
    shown = None if text is None else read(Cell(text)).value
    if text is None or not isinstance(shown, Fraction) or compared(shown) == compared(value):
        return None
    return Shown(text, shown)
