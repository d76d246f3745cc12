"""Months, fiscal years and the Japanese calendar.

A fiscal year is a Western `int` (2024 is 令和6年度) and runs from April to March.
"""

from __future__ import annotations

import datetime as dt
import re
from functools import lru_cache
from typing import NamedTuple, Self

JAPAN = dt.timezone(dt.timedelta(hours=9), "JST")
"""The city's time zone: no daylight saving since 1952."""

_FIRST_MONTH = 4
"""Of a fiscal year."""
_LAST_MONTH = 12
"""Of a calendar year."""
_SATURDAY = 5  # of `date.weekday`
_ERAS = (  # newest first: the name, its letter, its first day
    ("令和", "R", dt.date(2019, 5, 1)),
    ("平成", "H", dt.date(1989, 1, 8)),
    ("昭和", "S", dt.date(1926, 12, 25)),
)
ERA_NAMES = tuple(name for name, _, _ in _ERAS) + tuple(letter for _, letter, _ in _ERAS)


class _YearAndMonth(NamedTuple):
    year: int
    month: int


class Month(_YearAndMonth):
    """A calendar month, ordered in time; written `2026-02`."""

    __slots__ = ()

    def __new__(cls, year: int, month: int) -> Self:
        """Make a month.

        Raises: ValueError for one outside the calendar.
        """
        dt.date(year, month, 1)
        return super().__new__(cls, year, month)

    def __str__(self) -> str:
        return f"{self.year:04d}-{self.month:02d}"

    @classmethod
    def parse(cls, text: str) -> Month:
        """Parse `2026-02`.

        Raises: ValueError for anything else.
        """
        match = re.fullmatch(r"([0-9]{4})-([0-9]{2})", text)  # no full-width digits: a folder is found by its name
        if match is None:
            raise ValueError(text)
        return cls(int(match[1]), int(match[2]))

    @classmethod
    def of(cls, day: dt.date) -> Month:
        """Return the month of a day."""
        return cls(day.year, day.month)

    @property
    def fiscal_year(self) -> int:
        """The fiscal year of the month: 2026-02 is in 2025 (令和7年度)."""
        return self.year if self.month >= _FIRST_MONTH else self.year - 1

    @property
    def last_day(self) -> dt.date:
        """The month's last day."""
        if self.month == _LAST_MONTH:
            return dt.date(self.year, self.month, 31)
        return dt.date(self.year, self.month + 1, 1) - dt.timedelta(days=1)

    @property
    def next(self) -> Month:
        """The month after this one."""
        return Month.of(self.last_day + dt.timedelta(days=1))

    @property
    def before(self) -> Month:
        """The month before this one."""
        return Month.of(dt.date(self.year, self.month, 1) - dt.timedelta(days=1))

    @property
    def year_before(self) -> Month:
        """The same month of the year before."""
        return Month(self.year - 1, self.month)

    @property
    def label(self) -> str:
        """The month in Japanese: 令和8年2月."""
        name, year = _era(self.last_day)
        return f"{name}{year}年{self.month}月"

    def has_begun(self, fiscal_year: int) -> bool:
        """Return whether the fiscal year has begun in this month or earlier."""
        return fiscal_year <= self.fiscal_year


class DeadlineRule(NamedTuple):
    """提出期限 of every month: a day of the month or a later one, or one fixed day.

    `day` None is the last day of the month.
    """

    months_after: int = 0
    day: int | None = None
    fixed: dt.date | None = None

    def day_for(self, month: Month) -> dt.date:
        """Return the day that the plan states for a month.

        A day that the month lacks becomes its last day.
        """
        if self.fixed:
            return self.fixed
        for _ in range(self.months_after):
            month = month.next
        return month.last_day.replace(day=min(self.day or month.last_day.day, month.last_day.day))

    def due_day(self, month: Month) -> dt.date:
        """Return the day by which a month's forms are due, moved from a weekend to Monday."""
        return weekday_after(self.day_for(month), 0)

    def month_to_ask_for(self, today: dt.date) -> Month:
        """Return the oldest month whose forms are still due on a day; without one the day's month."""
        this = month = Month.of(today)
        while self.months_after and self.due_day(month.before) >= today:
            month = month.before
        return min(month, this)


def weekday_after(day: dt.date, days: int) -> dt.date:
    """Return the day `days` later, moved from a weekend to Monday."""
    later = day + dt.timedelta(days=days)
    return later + dt.timedelta(days=7 - later.weekday() if later.weekday() >= _SATURDAY else 0)


def deadline_to_keep(deadline: dt.date, today: dt.date) -> dt.date:
    """Return a possible deadline: moved off a weekend, or a week from today if passed."""
    return weekday_after(today, 7) if deadline < today else weekday_after(deadline, 0)


@lru_cache(maxsize=128)  # every row of every form has its year
def year_label(fiscal_year: int) -> str:
    """Return 令和6年度 for 2024; the first year of an era is its 元年度 (2019: 令和元年度)."""
    name, year = _era(dt.date(fiscal_year + 1, 3, 31))
    if dt.date(fiscal_year, _FIRST_MONTH, 1) < _first_day(name) < dt.date(fiscal_year + 1, 1, 1):
        year = "元"
    else:
        name, year = _era(dt.date(fiscal_year, _FIRST_MONTH, 1))
    return f"{name}{year}年度"


def year_short(fiscal_year: int) -> str:
    """Return R6 for 2024, H30 for 2018, R1 for 2019."""
    label = year_label(fiscal_year)
    letter = next(letter for name, letter, _ in _ERAS if label.startswith(name))
    return letter + label[2:-2].replace("元", "1")


def month_short(month: Month) -> str:
    """Return R8.2 for 2026-02."""
    name, year = _era(month.last_day)
    letter = next((letter for era, letter, _ in _ERAS if era == name), "")
    return f"{letter}{year.replace('元', '1')}.{month.month}"


def date_label(day: dt.date) -> str:
    """Return 令和8年2月8日 for 2026-02-08; days before 昭和 stay Western."""
    name, year = _era(day)
    return f"{name}{year}年{day.month}月{day.day}日"


def day_label(day: dt.date) -> str:
    """Return 令和8年2月8日（日） for 2026-02-08."""
    return f"{date_label(day)}（{'月火水木金土日'[day.weekday()]}）"


def western_year(era: str, year: int) -> int:
    """Return the Western year of an era's year: 令和 or R, 8 → 2026.

    Raises: KeyError for an unknown era.
    """
    for name, letter, first in _ERAS:
        if era.upper() in (name, letter):
            return first.year + year - 1
    raise KeyError(era)


def era_year(day: dt.date) -> tuple[str, str, int] | None:
    """Return era, era letter and year of a day: 令和, R, 8; None before 昭和."""
    return next(((name, letter, day.year - first.year + 1) for name, letter, first in _ERAS if day >= first), None)


def _era(day: dt.date) -> tuple[str, str]:
    for name, _, first in _ERAS:
        if day >= first:
            number = day.year - first.year + 1
            return name, "元" if number == 1 else str(number)
    return "西暦", str(day.year)


def _first_day(era: str) -> dt.date:
    return next((first for name, _, first in _ERAS if name == era), dt.date.min)
