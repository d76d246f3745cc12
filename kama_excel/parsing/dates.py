"""Parse days, months and fiscal years as departments type them."""

from __future__ import annotations

import datetime as dt
import re
import unicodedata
from collections.abc import Callable
from functools import lru_cache
from typing import Any, TypeVar

from kama_excel.domain import calendar
from kama_excel.domain.text import has_figures_apart, is_unreported, normalize_key
from kama_excel.findings.catalogue import Code
from kama_excel.parsing.parsed import Parsed, Problem, cell_problem
from kama_excel.parsing.shown import as_shown, shown_otherwise
from kama_excel.spreadsheets.cells import Cell, is_blank
from kama_excel.spreadsheets.reading.date_formats import EPOCHS
from kama_excel.spreadsheets.reading.number_formats import is_plain, shown_text

T = TypeVar("T")

_SERIALS_END = 100_000
_DAYS = (dt.date(1990, 1, 1), dt.date(2099, 12, 31))
"""The range of plausible days: 8 typed into a date cell is 1900-01-08."""


_UNREADABLE: Parsed[Any] = Parsed(problem=Problem(Code.DATE_UNREADABLE))


def read_date(cell: Cell) -> Parsed[dt.date]:
    """Parse a day: a date cell, or a text with year (Western or Japanese), month and day."""
    is_bounded = isinstance(cell.value, dt.date) and cell.display is None  # a cache must not hold long texts
    return _day_of_date_cell(cell) if is_bounded else _parsed(cell, _shown_day)


@lru_cache(maxsize=100)  # the forms of a month are filled in on the same few days
def _day_of_date_cell(cell: Cell) -> Parsed[dt.date]:
    return _parsed(cell, _shown_day)


def _shown_day(cell: Cell) -> Parsed[dt.date]:
    match cell.value:
        case dt.datetime() as moment:
            return _plausible(Parsed(moment.date()))
        case dt.date() as day:
            return _plausible(Parsed(day))
        case int() | float() if (serial_day := _day_of(cell)) is not None:
            return _plausible(_assumed_date(serial_day))
        case str() as text:
            return _plausible(_date_from_text(text))
        case _:
            return _UNREADABLE


def _as_shown(cell: Cell) -> Cell | Problem:
    """Return a cell to be parsed as a day; a problem if its format shows something else."""
    if not isinstance(cell.value, dt.date):
        return _day_as_shown(cell) or as_shown(cell)
    text = shown_text(cell)
    other = _date_from_text(text or "")
    held = cell.value.date() if isinstance(cell.value, dt.datetime) else cell.value
    if other.value and other.problem:  # a month only, whose last day was assumed, or a day with a time
        is_other = (other.value.year, other.value.month) != (held.year, held.month)
    elif other.value:
        is_other = other.value != held
    else:
        has_format = bool(cell.number_format) or cell.display is not None
        is_other = text is not None and has_format and not _names_month(text, held)
    return shown_otherwise(cell, text) if text == "" or is_other else cell


def _day_as_shown(cell: Cell) -> Cell | None:
    """Return the cell of a serial number with the day that its format shows; None for no day."""
    day = None if cell.display is None and is_plain(cell.number_format) else _day_of(cell)
    is_shown = day is not None and _date_from_text(shown_text(cell) or "") == Parsed(day)
    return cell._replace(value=day) if is_shown else None


def _day_of(cell: Cell) -> dt.date | None:
    """Return the day of a serial number; None for anything else.

    Some programs write a date into an .ods as its number.
    """
    if isinstance(cell.value, bool) or not isinstance(cell.value, int | float) or not 0 < cell.value < _SERIALS_END:
        return None
    return EPOCHS[cell.is_1904] + dt.timedelta(days=int(cell.value))


def _names_month(text: str, day: dt.date) -> bool:
    """Return whether a text has the month of a day.

    2月8日 and 8-Feb have it, 18:00 and 日曜日 have not.
    """
    return str(day.month) in (each.lstrip("0") for each in re.findall(r"\d+", text)) or f"{day:%b}" in text


def _plausible(reading: Parsed[dt.date]) -> Parsed[dt.date]:
    first, last = _DAYS
    if reading.value and not first <= reading.value <= last:
        return _UNREADABLE
    return reading


_ERA = "|".join(calendar.ERA_NAMES)

_YEAR = rf"(?:(?P<era>{_ERA})(?P<of_era>元|\d{{1,2}})|(?P<western>\d{{4}}))"

_TIME = r"(?P<time>(?:T|(?<=[日)])|(?=午))(?:午[前後])?(?:\d{1,2}(?::\d{2}){1,2}|\d{1,2}時(?:\d{1,2}分|半)?))?"
"""A time apart from the day before it: an actual refers to a day."""
_BEFORE_TIME = re.compile(r"(?<=[\d日)])\s+(?=(?:午[前後])?\s*\d{1,2}\s*[:時])")
_DAY = re.compile(
    rf"{_YEAR}[年./\-](?P<month>\d{{1,2}})[月./\-](?P<day>\d{{1,2}})日?(?:\([月火水木金土日]\))?{_TIME}",
    re.IGNORECASE | re.ASCII,
)

_MONTH_ONLY = re.compile(rf"{_YEAR}[年./\-](?P<month>\d{{1,2}})月?(?:末日?)?", re.IGNORECASE | re.ASCII)

_YEAR_ONLY = re.compile(rf"{_YEAR}(?:年度|年)?", re.IGNORECASE | re.ASCII)


def _word_of(text: str) -> str:
    """Return a typed day or month without white space.

    That between two figures is kept (2026/2/1 5), and `T` is before a time, as in 2026-02-01T17:00.
    """
    word = _BEFORE_TIME.sub("T", unicodedata.normalize("NFKC", text))
    return word if has_figures_apart(word) else normalize_key(word)


def _date_from_text(text: str) -> Parsed[dt.date]:
    word = _word_of(text)
    if is_unreported(word):
        return Parsed(problem=Problem(Code.NOT_REPORTED_WORD))
    word = re.sub(r"(現在|時点)$", "", word)
    try:
        if year := re.fullmatch(rf"{_YEAR}年度末", word, re.IGNORECASE | re.ASCII):
            return _assumed_date(dt.date(_western_year(year) + 1, 3, 31))
        if match := _DAY.fullmatch(word):
            month = calendar.Month(_western_year(match), int(match["month"]))
            day = month.last_day.replace(day=int(match["day"]))
            return _assumed_date(day) if match["time"] else Parsed(day)
        if match := _MONTH_ONLY.fullmatch(word):
            return _assumed_date(calendar.Month(_western_year(match), int(match["month"])).last_day)
    except ValueError:  # a 13th month, a 30th of February, the year 9999
        pass
    return _UNREADABLE


def _assumed_date(day: dt.date) -> Parsed[dt.date]:
    return Parsed(day, Problem(Code.DATE_ASSUMED, (("taken", calendar.date_label(day)),)))


def _western_year(match: re.Match[str]) -> int:
    """Return the typed year.

    Raises: ValueError for a year outside the calendar, and for an era's year 0.
    """
    number = 1 if match["of_era"] == "元" else int(match["of_era"] or match["western"])
    year = number if match["western"] else calendar.western_year(match["era"], number)
    if number == 0 or year >= dt.MAXYEAR:  # its fiscal year ends in the next
        raise ValueError(match[0])
    return year


def read_fiscal_year(cell: Cell) -> Parsed[int]:
    """Parse a fiscal year: 2024, 令和6年度, R6. A bare 6 is none."""
    return _parsed(cell, _fiscal_year_of)


def _fiscal_year_of(cell: Cell) -> Parsed[int]:
    word = normalize_key(cell.text)
    match = _YEAR_ONLY.fullmatch(word.removesuffix("度") if word.endswith("年度") else word)
    return Parsed(_western_year(match)) if match else _UNREADABLE


def read_month(cell: Cell) -> Parsed[calendar.Month]:
    """Parse a month: a date cell, 2026-02, 令和8年2月.

    The number 2025.1 is no month: it may have been typed as 2025.10.
    """
    return _parsed(cell, _month_of)


def _month_of(cell: Cell) -> Parsed[calendar.Month]:
    if isinstance(cell.value, int | float):
        return _UNREADABLE
    if isinstance(cell.value, dt.date):
        return Parsed(calendar.Month.of(cell.value))
    word = _word_of(cell.text)
    match = _MONTH_ONLY.fullmatch(word) or _DAY.fullmatch(word)
    return Parsed(calendar.Month(_western_year(match), int(match["month"]))) if match else _UNREADABLE


def _parsed(cell: Cell, parse: Callable[[Cell], Parsed[T]]) -> Parsed[T]:
    """Return what `parse` makes of a usable cell as it is shown.

    A ValueError of it is a problem of the cell.
    """
    if problem := cell_problem(cell):
        return Parsed(problem=problem)
    if is_blank(cell):
        return Parsed()
    shown = _as_shown(cell)
    if isinstance(shown, Problem):
        return Parsed(problem=shown)
    try:
        return parse(shown)
    except ValueError:
        return _UNREADABLE
