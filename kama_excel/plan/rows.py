"""The rows of a plan: actions, tasks, indicators, departments, decisions, corrections."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple, TypeVar

from kama_excel.domain.calendar import Month
from kama_excel.domain.keys import Key
from kama_excel.domain.place import NOWHERE, Place
from kama_excel.domain.text import name_key, normalize_key
from kama_excel.plan.rating import Aggregation, Direction, Method

_BEGINNING = Month(1, 1)
_YEARS_BEFORE = 5
"""Maximum years of a month before the plan; an earlier one is probably an error."""


def is_near_plan(month: Month, first_year: int, last_year: int) -> bool:
    """Return whether a month may belong to a plan: a few years before to soon after it."""
    return first_year - _YEARS_BEFORE <= month.fiscal_year <= last_year + 1


@dataclass(frozen=True, slots=True)
class Period:
    """適用開始 and 適用終了: the months in which a row of the plan is in force, inclusive.

    None is without end.
    """

    first: Month | None = None
    last: Month | None = None

    def __contains__(self, month: Month) -> bool:
        return self.has_begun(month) and (self.last is None or month <= self.last)

    @property
    def start(self) -> Month:
        """The first month; without one that of the calendar."""
        return self.first or _BEGINNING

    def has_begun(self, month: Month) -> bool:
        """Return whether it begins in a month or before it."""
        return self.start <= month

    def overlaps(self, other: Period) -> bool:
        """Return whether both have a month in common."""
        begins = [first for first in (self.first, other.first) if first]
        ends = [last for last in (self.last, other.last) if last]
        return not begins or not ends or max(begins) <= min(ends)


class Measure(NamedTuple):
    """重点施策, which belongs to a theme."""

    no: int
    theme: str
    name: str


class Action(NamedTuple):
    """アクション with its 概要. `owners` is printed text (担い手): never split or matched."""

    no: int
    name: str
    measure_no: int
    aim: str = ""
    approach: str = ""
    target_text: str = ""
    owners: str = ""
    lead: str = ""
    """主担当課: its texts and pictures come first; '' if the plan has none."""
    period: Period = Period()
    is_public: bool = True
    """Whether it is on the public page and in the open data (公表)."""


class Task(NamedTuple):
    """One task of one department in one fiscal year."""

    no: str
    action_no: int
    fiscal_year: int
    department: str
    text: str
    weight: Fraction = Fraction(1)
    period: Period = Period()

    @property
    def key(self) -> Key:
        """管理番号: unchanged when the task is reworded or its row moves."""
        return Key.of_task(self.no)


class Indicator(NamedTuple):
    """A numeric target of an action, in `unit`.

    `direction` follows from the figures, or is the plan's. `target` is None for an indicator that is only
    monitored. For one reported by year (rule 4), a form has a row per fiscal year: a copy with that `fiscal_year`
    and its yearly target.
    """

    no: str
    action_no: int
    name: str
    unit: str
    baseline: Fraction | None
    target: Fraction | None
    direction: Direction
    department: str
    how_to_fill: str = ""
    period: Period = Period()
    aggregation: Aggregation = Aggregation.LATEST
    fiscal_year: int | None = None

    @property
    def key(self) -> Key:
        """管理番号."""
        return Key.of_indicator(self.no if self.fiscal_year is None else f"{self.no}-{self.fiscal_year}")

    @property
    def goal(self) -> Fraction:
        """The target of an indicator that has one.

        Raises: ValueError otherwise.
        """
        if self.target is None:
            raise ValueError(self.key)
        return self.target


class YearlyTarget(NamedTuple):
    """年度目標 of an indicator in a fiscal year.

    It is of the indicator's rows whose months it shares, and counts until another row of the year begins.
    """

    indicator_no: str
    fiscal_year: int
    target: Fraction
    period: Period = Period()


class Department(NamedTuple):
    """担当課 with its former names (別名) and its address."""

    name: str
    aliases: tuple[str, ...] = ()
    mail: str = ""


class DepartmentNames(NamedTuple):
    """The departments' current names by all their names; of equal names the first counts."""

    by_name: dict[str, str]
    """By `name_key`."""
    in_keys: dict[str, str]
    """By name as normalised in a 管理番号: ＤＸ課 is DX課 there."""

    @classmethod
    def of(cls, departments: Sequence[Department]) -> DepartmentNames:
        """Return the names of the departments."""
        names = [(name, each.name) for each in departments for name in (each.name, *each.aliases)][::-1]
        by_name, in_keys = ({key(name): current for name, current in names} for key in (name_key, normalize_key))
        return cls(by_name, in_keys)

    def current(self, name: str) -> str | None:
        """Return the department's current name for any of its names; None if unknown."""
        return self.by_name.get(name_key(name))

    def current_key(self, key: Key) -> Key:
        """Return a 管理番号 with its department's current name, if the plan knows the name."""
        if not key.department:
            return key
        known = self.current(key.department) or self.in_keys.get(normalize_key(key.department))
        return key.renamed(known or key.department)


class Decision(NamedTuple):
    """A decided 評価方法 of an action (rule 6). `first_month` is 適用月; None if blank."""

    action_no: int
    method: Method
    decided_on: dt.date
    decided_by: str
    reason: str
    first_month: Month | None = None

    @property
    def effective_month(self) -> Month:
        """The first month in whose evaluation it counts: 適用月, else the month of 決定日."""
        return self.first_month or Month.of(self.decided_on)

    @property
    def order(self) -> tuple[dt.date, Month]:
        """Sort key among decisions in force: the newer date, then the later 適用月."""
        return (self.decided_on, self.effective_month)


class Correction(NamedTuple):
    """訂正: a correction by a meeting (rule 8).

    `value` is as typed; `first_month` is 適用月, None if blank.
    """

    key: Key
    """The key, with the department's current name."""
    item: str
    value: str
    corrected_on: dt.date
    corrected_by: str
    reason: str
    place: Place = NOWHERE
    first_month: Month | None = None

    @property
    def effective_month(self) -> Month:
        """The first month in which it counts: 適用月, else the month of 訂正日."""
        return self.first_month or Month.of(self.corrected_on)

    @property
    def order(self) -> tuple[dt.date, Month]:
        """Sort key among corrections of a cell: the newer date, then the later 適用月."""
        return (self.corrected_on, self.effective_month)


R = TypeVar("R", Decision, Correction)


def in_force(rows: Iterable[R], month: Month) -> R | None:
    """Return the decision or correction that counts in a month; None before the first."""
    return max((row for row in rows if row.effective_month <= month), key=lambda row: row.order, default=None)
