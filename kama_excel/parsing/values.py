"""What people type → a value, or the problem with it.

What is certain is taken. What is probable is taken and said (警告). What can be read in two ways is not taken (エラー).
Figures are normalised (NFKC) before they are read; names and words of a text never are.
Rates are `Fraction`, 1 = 100 %.
"""

from __future__ import annotations

import datetime as dt
import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from typing import Generic, TypeVar

from kama_excel.domain import calendar
from kama_excel.domain.entries import Certainty, Excluded
from kama_excel.domain.text import _MINUS_SIGNS, _is_unreported, folded
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.cells import Cell, is_blank

T_co = TypeVar("T_co", covariant=True)

PERCENT_UNITS = frozenset({"%", "ポイント", "%ポイント"})

"""The units (folded) whose figures a percent cell may hold: 96% in it is 96 of them."""

_HUNDRED = 100

_FEWEST_PASTED = 1000

"""From so many percent on a percent cell may show a hundred times what was meant."""

_NOT_STARTED = frozenset({"未実施", "未着手"})

_VAGUE = re.compile("以上|以下|以内|未満|程度|前後|くらい|ぐらい|ほど|[超強弱余(]")

"""What stands behind a figure and is no unit."""

_EPOCHS = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}

"""Day 0 of a workbook, and of one that counts from 1904."""

_SERIALS_END = 100_000

_DAYS = (dt.date(1990, 1, 1), dt.date(2099, 12, 31))

"""A day outside is none that a clerk meant: 8 typed into a date cell is 1900-01-08."""


@dataclass(frozen=True, slots=True)
class Problem:
    """What is to be said of a typed value: the code and the details that its sentences need."""

    code: Code
    details: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Reading(Generic[T_co]):
    """What a cell was read as. `value` None is not reported; `problem` None is nothing to say."""

    value: T_co | None = None
    problem: Problem | None = None


def exact(number: float) -> Fraction:
    """Return a cell's number exactly: its decimal to 15 significant digits (`domain.md`, Rates).

    0.8333333333333334 is 833333333333333/10**15.
    """
    return Fraction(Decimal(f"{number:.15g}"))


def percent(rate: Fraction) -> str:
    """Write a rate for a message: 4/5 → 80%."""
    return f"{float(rate * _HUNDRED):.15g}%"


def unless_struck(cell: Cell, reading: Reading[T_co]) -> Reading[T_co]:
    """Return what was read; nothing of a cell in which something is struck out: it may have been taken back."""
    return Reading(problem=Problem(Code.CELL_STRUCK)) if cell.is_struck else reading


def read_text(cell: Cell) -> Reading[str]:
    """Read words: line breaks are kept, white space around them is not. Figures and dates become their text.

    Where the intake took out what no workbook can hold, that is said.
    """
    if problem := _no_value(cell):
        return Reading(problem=problem)
    return Reading(cell.text.strip() or None, Problem(Code.TEXT_CLEANED) if cell.is_cleaned else None)


def read_progress(cell: Cell) -> Reading[Fraction | Excluded]:
    """Read 実施, a rate of 0–100 % or 対象外 (`domain.md` rule 1)."""
    if isinstance(cell.value, str):
        word = folded(cell.value)
        if word == Excluded.EXCLUDED.value:
            return Reading(Excluded.EXCLUDED)
        if Excluded.EXCLUDED.value in word:
            return Reading(problem=Problem(Code.EXCLUDED_WITH_MORE))
        if word in _NOT_STARTED:
            return Reading(Fraction(0), Problem(Code.NOT_STARTED_WORD))
    rate = read_rate(cell)
    return Reading(rate.value, rate.problem)


def read_rate(cell: Cell) -> Reading[Fraction]:
    """Read a rate of 0–100 %, as a number in a percent cell or in a plain one, or as text."""
    if problem := _no_value(cell):
        return Reading(problem=problem)
    if is_blank(cell):
        return Reading()
    match cell.value:
        case bool():
            return Reading(problem=Problem(Code.RATE_UNREADABLE))
        case int() | float() as number:
            return (
                _rate_in_percent_cell(exact(number)) if cell.is_percent else _plain_rate(exact(number), cell.is_percent)
            )
        case str() as text:
            return _rate_from_text(text)
        case _:
            return Reading(problem=Problem(Code.RATE_UNREADABLE))


def _rate_in_percent_cell(rate: Fraction) -> Reading[Fraction]:
    if 0 <= rate <= 1:
        return Reading(rate)
    # 80 pasted over a percent cell reads 8000 %: of a rate nobody can have meant that.
    if _FEWEST_PASTED <= rate * _HUNDRED <= _HUNDRED**2:
        return _assumed(rate / _HUNDRED)
    return Reading(problem=Problem(Code.RATE_OUTSIDE))


def _plain_rate(number: Fraction, is_percent: bool | None) -> Reading[Fraction]:  # noqa: FBT001 -- three-valued
    """Read a number without a percent sign: 80 is 80 %, 0.8 probably too; 1 may be 1 % or 100 %."""
    if number < 0 or number > _HUNDRED:
        return Reading(problem=Problem(Code.RATE_OUTSIDE))
    if number == 0:
        return Reading(Fraction(0))
    if number < 1:
        return Reading(number) if is_percent is None else _assumed(number)
    if number == 1 and is_percent is None:
        return _assumed(Fraction(1))
    if number < 2:  # noqa: PLR2004
        one, other = percent(number / _HUNDRED), percent(number)
        return Reading(problem=Problem(Code.RATE_AMBIGUOUS, (("one", one), ("other", other))))
    return Reading(number / _HUNDRED)


def _rate_from_text(text: str) -> Reading[Fraction]:
    word = folded(text)
    if _is_unreported(word):
        return Reading(problem=Problem(Code.NOT_REPORTED_WORD))
    if tenths := re.fullmatch(r"(\d{1,2})割(?:(\d)分)?", word, re.ASCII):
        rate = Fraction(int(tenths[1]), 10) + Fraction(int(tenths[2] or 0), _HUNDRED)
        return _assumed(rate) if rate <= 1 else Reading(problem=Problem(Code.RATE_OUTSIDE))
    number = _number(word.removesuffix("%").removesuffix("パーセント"))
    if number is None:
        return Reading(problem=Problem(Code.RATE_UNREADABLE))
    if word.endswith(("%", "パーセント")):
        in_range = 0 <= number <= _HUNDRED
        return Reading(number / _HUNDRED) if in_range else Reading(problem=Problem(Code.RATE_OUTSIDE))
    return _plain_rate(number, is_percent=False)


def _assumed(rate: Fraction) -> Reading[Fraction]:
    return Reading(rate, Problem(Code.RATE_ASSUMED, (("taken", percent(rate)),)))


def read_actual(cell: Cell, unit: str) -> Reading[Fraction]:
    """Read 実績値 as `read_number` does; a plain 0.96 where percent are counted may have been meant as 96 %.

    So may 96 that was pasted over a percent cell, which shows 9600 %.
    """
    reading = read_number(cell, unit)
    is_figure = not isinstance(cell.value, str)
    if reading.value and is_figure and cell.is_percent and abs(reading.value) >= _FEWEST_PASTED:
        details = (("taken", percent(reading.value / _HUNDRED)), ("other", percent(reading.value / _HUNDRED**2)))
        return Reading(reading.value, Problem(Code.NUMBER_LARGE_PERCENT, details))
    is_plain = not cell.is_percent and not folded(cell.text).endswith("%")
    if reading.value and is_plain and abs(reading.value) <= 1 and folded(unit) == "%":
        details = (("taken", f"{cell.text.strip()}%"), ("other", percent(reading.value)))
        return Reading(reading.value, Problem(Code.NUMBER_SMALL_PERCENT, details))
    return reading


def read_number(cell: Cell, unit: str) -> Reading[Fraction]:
    """Read an actual, a baseline or a target: a number in `unit`, which may be written behind it."""
    if problem := _no_value(cell):
        return Reading(problem=problem)
    if is_blank(cell):
        return Reading()
    match cell.value:
        case bool():
            return Reading(problem=Problem(Code.NUMBER_UNREADABLE))
        case int() | float() as number:
            if not cell.is_percent:
                return Reading(exact(number))
            if folded(unit) in PERCENT_UNITS:
                return Reading(exact(number) * _HUNDRED)
            return Reading(problem=Problem(Code.NUMBER_OTHER_UNIT, (("unit", unit or "なし"),)))
        case str() as text:
            return _number_from_text(text, unit)
        case _:
            return Reading(problem=Problem(Code.NUMBER_UNREADABLE))


def _number_from_text(text: str, unit: str) -> Reading[Fraction]:
    word = folded(text)
    if _is_unreported(word):
        return Reading(problem=Problem(Code.NOT_REPORTED_WORD))
    counted = folded(unit)
    number = _number(word)
    if number is None:
        number = _number(word.removesuffix(counted))
    if number is None and counted == "%":
        number = _number(word.removesuffix("パーセント"))
    if number is not None:
        return Reading(number)
    if len(re.findall(r"\d[\d,.]*", word)) > 1:
        return Reading(problem=Problem(Code.NUMBER_TWO))
    with_unit = re.fullmatch(rf"([{_MINUS_SIGNS}+]?[\d,.]+)(\D+)", word)
    is_unit = with_unit and not (counted and with_unit[2].startswith(counted)) and not _VAGUE.search(with_unit[2])
    if with_unit and is_unit and _number(with_unit[1]) is not None:
        return Reading(problem=Problem(Code.NUMBER_OTHER_UNIT, (("unit", unit or "なし"),)))
    return Reading(problem=Problem(Code.NUMBER_UNREADABLE))


def _number(word: str) -> Fraction | None:
    """Read a folded figure: digits, thousands commas where they belong, one sign of many kinds."""
    match = re.fullmatch(rf"([{_MINUS_SIGNS}+])?(\d+|\d{{1,3}}(?:,\d{{3}})+)(\.\d+)?", word, re.ASCII)
    if match is None:
        return None
    number = Fraction(Decimal(match[2].replace(",", "") + (match[3] or "")))
    return -number if match[1] and match[1] != "+" else number


def read_date(cell: Cell) -> Reading[dt.date]:
    """Read a day: a date cell, or text with a Western or Japanese year before month and day."""
    if problem := _no_value(cell):
        return Reading(problem=problem)
    if is_blank(cell):
        return Reading()
    match cell.value:
        case dt.datetime() as moment:
            return _plausible(Reading(moment.date()))
        case dt.date() as day:
            return _plausible(Reading(day))
        case bool():
            return Reading(problem=Problem(Code.DATE_UNREADABLE))
        case int() | float() as serial if 0 < serial < _SERIALS_END:
            return _plausible(_assumed_date(_EPOCHS[cell.is_1904] + dt.timedelta(days=int(serial))))
        case str() as text:
            return _plausible(_date_from_text(text))
        case _:
            return Reading(problem=Problem(Code.DATE_UNREADABLE))


def _plausible(reading: Reading[dt.date]) -> Reading[dt.date]:
    first, last = _DAYS
    if reading.value and not first <= reading.value <= last:
        return Reading(problem=Problem(Code.DATE_UNREADABLE))
    return reading


_ERA = "|".join(calendar.ERA_NAMES)

_YEAR = rf"(?:(?P<era>{_ERA})(?P<of_era>元|\d{{1,2}})|(?P<western>\d{{4}}))"

_DAY = re.compile(
    rf"{_YEAR}[年./\-](?P<month>\d{{1,2}})[月./\-](?P<day>\d{{1,2}})日?(?:\([月火水木金土日]\))?",
    re.IGNORECASE | re.ASCII,
)

_MONTH_ONLY = re.compile(rf"{_YEAR}[年./\-](?P<month>\d{{1,2}})月?末?", re.IGNORECASE | re.ASCII)

_YEAR_ONLY = re.compile(rf"{_YEAR}(?:年度|年)?", re.IGNORECASE | re.ASCII)


def _date_from_text(text: str) -> Reading[dt.date]:
    word = folded(text)
    if _is_unreported(word):
        return Reading(problem=Problem(Code.NOT_REPORTED_WORD))
    word = re.sub(r"(現在|時点)$", "", word)
    try:
        if year := re.fullmatch(rf"{_YEAR}年度末", word, re.IGNORECASE | re.ASCII):
            return _assumed_date(dt.date(_western_year(year) + 1, 3, 31))
        if match := _DAY.fullmatch(word):
            month = calendar.Month(_western_year(match), int(match["month"]))
            return Reading(month.last_day.replace(day=int(match["day"])))
        if match := _MONTH_ONLY.fullmatch(word):
            return _assumed_date(calendar.Month(_western_year(match), int(match["month"])).last_day)
    except ValueError:  # a 13th month, a 30th of February, the year 9999
        pass
    return Reading(problem=Problem(Code.DATE_UNREADABLE))


def _assumed_date(day: dt.date) -> Reading[dt.date]:
    return Reading(day, Problem(Code.DATE_ASSUMED, (("taken", calendar.date_label(day)),)))


def _western_year(match: re.Match[str]) -> int:
    """Return the year that was typed. Raises ValueError for one that no calendar has, and for an era's year 0."""
    number = 1 if match["of_era"] == "元" else int(match["of_era"] or match["western"])
    year = number if match["western"] else calendar.western_year(match["era"], number)
    if number == 0 or year >= dt.MAXYEAR:  # its fiscal year ends in the next
        raise ValueError(match[0])
    return year


def read_fiscal_year(cell: Cell) -> int | None:
    """Read a fiscal year: 2024, 令和6年度, R6. None for anything else, a bare 6 among it."""
    word = folded(cell.text)
    match = _YEAR_ONLY.fullmatch(word.removesuffix("度") if word.endswith("年度") else word)
    try:
        return _western_year(match) if match else None
    except ValueError:
        return None


def read_month(cell: Cell) -> calendar.Month | None:
    """Read a month: a date cell, 2026-02, 令和8年2月. None for anything else."""
    if isinstance(cell.value, dt.date):
        return calendar.Month.of(cell.value)
    match = _MONTH_ONLY.fullmatch(folded(cell.text)) or _DAY.fullmatch(folded(cell.text))
    try:
        return calendar.Month(_western_year(match), int(match["month"])) if match else None
    except ValueError:
        return None


def read_certainty(cell: Cell) -> Reading[Certainty]:
    """Read 確度. What is not understood counts as 見込: a figure is never called 確定 by mistake."""
    if problem := _no_value(cell):
        return Reading(Certainty.EXPECTED, problem)
    if is_blank(cell):
        return Reading()
    word = folded(cell.text)
    for certainty, words in (
        (Certainty.FINAL, ("確定", "確定値")),
        (Certainty.EXPECTED, ("見込", "見込み", "見込値")),
        (Certainty.ASSUMED, ("仮定", "仮定値", "仮")),
    ):
        if word in words:
            return Reading(certainty)
    return Reading(Certainty.EXPECTED, Problem(Code.CERTAINTY_UNREADABLE))


def _no_value(cell: Cell) -> Problem | None:
    if cell.error:
        return Problem(Code.CELL_ERROR)
    if cell.uncalculated:
        return Problem(Code.CELL_UNCALCULATED)
    return None
