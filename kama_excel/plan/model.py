"""The types of a plan, for any city, number of years and set of bands."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import NamedTuple, TypeVar

from kama_excel.domain.calendar import DeadlineRule, Month
from kama_excel.domain.keys import Key
from kama_excel.domain.place import NOWHERE, Place
from kama_excel.domain.text import name_key, normalize_key
from kama_excel.plan.rating import Aggregation, Bands, Direction, Method, Yardstick

K = TypeVar("K")


@dataclass(frozen=True, slots=True)
class Period:
    """適用開始 and 適用終了: the months in which a row of the plan is in force, inclusive.

    None is without end.
    """

    first: Month | None = None
    last: Month | None = None

    def __contains__(self, month: Month) -> bool:
        return (self.first is None or self.first <= month) and (self.last is None or month <= self.last)

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
    """年度目標 of an indicator in a fiscal year."""

    indicator_no: str
    fiscal_year: int
    target: Fraction
    period: Period = Period()


class Department(NamedTuple):
    """担当課 with its former names (別名) and its address."""

    name: str
    aliases: tuple[str, ...] = ()
    mail: str = ""


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


@dataclass(frozen=True)
class Plan:
    """A validated plan: references exist, numbers are unique."""

    name: str
    municipality: str
    plan_id: str
    first_year: int
    last_year: int
    bands: Bands
    headline_grade: str
    measures: tuple[Measure, ...]
    actions: tuple[Action, ...]
    """All rows by number, then by first month.

    A reworded action has several rows, for different months.
    """
    tasks: tuple[Task, ...] = ()
    indicators: tuple[Indicator, ...] = ()
    departments: tuple[Department, ...] = ()
    decisions: tuple[Decision, ...] = ()
    corrections: tuple[Correction, ...] = ()
    send_to: str = ""
    """The recipient of returned forms; '' if the plan has none."""
    ask: str = ""
    """The contact for questions of departments."""
    deadline: DeadlineRule | None = None
    """提出期限 of every month's forms; None if the plan has none."""
    yearly_targets: tuple[YearlyTarget, ...] = ()
    yardstick: Yardstick = Yardstick.FINAL

    @property
    def fiscal_years(self) -> tuple[int, ...]:
        """The plan's fiscal years in order."""
        return tuple(range(self.first_year, self.last_year + 1))

    @property
    def rows(self) -> tuple[Task | Indicator, ...]:
        """All tasks and indicators of all periods."""
        return (*self.tasks, *self.indicators)

    @property
    def themes(self) -> tuple[str, ...]:
        """The themes in the order of their measures."""
        return tuple(dict.fromkeys(measure.theme for measure in self.measures))

    @property
    def last_month(self) -> Month:
        """The last month of the plan's last year."""
        return Month(self.last_year + 1, 3)

    @property
    def average_label(self) -> str:
        """3カ年平均 for a plan of three years."""
        return average_label(self.first_year, self.last_year)

    @property
    def headline_label(self) -> str:
        """概ね達成以上: the grades that 総括 counts in its headline."""
        best = self.bands.bands[0]
        band = next(each for each in self.bands.bands if each.name == self.headline_grade)
        return band.label + ("" if band is best else "以上")

    def method_label(self, method: Method) -> str:
        """Return the method's label in this plan: 3カ年平均 for three years."""
        return self.average_label if method is Method.PLAN_AVERAGE else method.value

    def measure(self, action: Action) -> Measure:
        """Return the measure of the action."""
        return next(measure for measure in self.measures if measure.no == action.measure_no)

    def action(self, no: int) -> Action:
        """Return the newest row of an action.

        Raises: StopIteration if there is none.
        """
        return next(action for action in reversed(self.actions) if action.no == no)

    def actions_until(self, month: Month) -> tuple[Action, ...]:
        """Return each action begun by a month once: its current row, or the last one if ended."""
        begun = (action for action in self.actions if action.period.first is None or action.period.first <= month)
        return tuple({action.no: action for action in begun}.values())

    def ending_months(self, month: Month) -> tuple[Month, ...]:
        """Return the last months of the actions that ended before a month, sorted, unique."""
        ended = {action.period.last for action in self.actions_until(month) if month not in action.period}
        return tuple(sorted(last for last in ended if last))

    def row_before(self, indicator: Indicator) -> Indicator | None:
        """Return the row of the same 指標No before an indicator's 適用開始; None if none."""
        first = indicator.period.first
        others = (row for row in self.indicators if row.no == indicator.no)
        earlier = {row.period.last: row for row in others if first and row.period.last and row.period.last < first}
        return earlier[max(earlier)] if earlier else None

    def is_by_year(self, indicator: Indicator) -> bool:
        """Return whether forms ask for an actual per fiscal year: by 集計 or yearly targets."""
        return indicator.aggregation is not Aggregation.LATEST or indicator.no in self._targets_by_no

    def yearly_target(self, indicator: Indicator, fiscal_year: int, month: Month) -> Fraction | None:
        """Return the yearly target in force in a month; None if there is none."""
        targets = self._targets_by_no.get(indicator.no, ())
        return next((row.target for row in targets if row.fiscal_year == fiscal_year and month in row.period), None)

    def asked_rows(self, indicator: Indicator, month: Month) -> tuple[Indicator, ...]:
        """Return an indicator's rows in a month's forms: itself, or one per plan year begun."""
        if not self.is_by_year(indicator):
            return (indicator,)
        years = [year for year in self.fiscal_years if month.has_begun(year)]
        rows = ((indicator, year, self.yearly_target(indicator, year, month)) for year in years)
        return tuple(self._year_rows.setdefault(row, _of_year(*row)) for row in rows)

    def canonical_department(self, name: str) -> str | None:
        """Return the department's current name for any of its names; None if unknown."""
        return self._current_names.get(name_key(name))

    def department_of_key(self, name: str) -> str | None:
        """Return the current name of the department in a 管理番号, which is normalised (ＤＸ課 as DX課)."""
        return self.canonical_department(name) or self._names_in_keys.get(normalize_key(name))

    def at(self, month: Month) -> PlanAtMonth:
        """Return the plan's rows in force in a month (rule 9).

        Tasks and indicators begin and end with their action.
        """
        if month not in self._months:
            actions = tuple(action for action in self.actions if month in action.period)
            numbers = {action.no for action in actions}

            def holds(row: Task | Indicator) -> bool:
                return month in row.period and row.action_no in numbers

            tasks, indicators = tuple(filter(holds, self.tasks)), tuple(filter(holds, self.indicators))
            asked = tuple(row for indicator in indicators for row in self.asked_rows(indicator, month))
            self._months[month] = PlanAtMonth(month, actions, tasks, asked, indicators)
        return self._months[month]

    def decision(self, action_no: int, month: Month) -> Decision | None:
        """Return the decision on the action that counts in the month (rule 6); None if none."""
        return in_force((each for each in self.decisions if each.action_no == action_no), month)

    def later_decisions(self, action_no: int, month: Month) -> tuple[Decision, ...]:
        """Return the decisions on the action that count only after the month, by date."""
        later = [each for each in self.decisions if each.action_no == action_no and each.effective_month > month]
        return tuple(sorted(later, key=lambda each: each.order))

    def current_key(self, key: Key) -> Key:
        """Return a 管理番号 with its department's current name, if the plan knows the name."""
        return key.renamed(self.department_of_key(key.department) or key.department)

    def of_key(self, key: Key) -> Sequence[Task | Indicator]:
        """Return the rows of a 管理番号 in all periods."""
        return self._by_key.get(key, ())

    @cached_property
    def _by_key(self) -> dict[Key, list[Task | Indicator]]:
        """The rows by 管理番号, cached: every form needs them."""
        by_year = (indicator for indicator in self.indicators if self.is_by_year(indicator))
        rows = [_of_year(indicator, year, None) for indicator in by_year for year in self.fiscal_years]
        return _grouped((*self.rows, *rows), lambda row: row.key)

    @cached_property
    def _targets_by_no(self) -> dict[str, list[YearlyTarget]]:
        found: dict[str, list[YearlyTarget]] = {}
        for row in self.yearly_targets:
            found.setdefault(row.indicator_no, []).append(row)
        return found

    @cached_property
    def _year_rows(self) -> dict[tuple[Indicator, int, Fraction | None], Indicator]:
        """The rows of single years, each made once: an identical object is unchanged."""
        return {}

    @cached_property
    def _current_names(self) -> dict[str, str]:
        """The departments' current names by all their names."""
        return self._current_by(name_key)

    @cached_property
    def _names_in_keys(self) -> dict[str, str]:
        """The departments' current names by all their names, normalised as in 管理番号."""
        return self._current_by(normalize_key)

    def _current_by(self, key: Callable[[str], str]) -> dict[str, str]:
        """Return the current names by `key` of all names; of equal keys the first counts."""
        names = [(key(name), each.name) for each in self.departments for name in (each.name, *each.aliases)]
        return dict(reversed(names))

    @cached_property
    def _months(self) -> dict[Month, PlanAtMonth]:
        """The results of `at`, cached: every department's form needs them."""
        return {}


def _of_year(indicator: Indicator, fiscal_year: int, target: Fraction | None) -> Indicator:
    return indicator._replace(fiscal_year=fiscal_year, target=target)


def average_label(first_year: int, last_year: int) -> str:
    """Return the label of plan_average for these years: 3カ年平均 for 2024 to 2026."""
    return f"{last_year - first_year + 1}{Method.PLAN_AVERAGE.value}"


def method_words(years: tuple[int, int] | None) -> tuple[str, ...]:
    """Return the labels of the methods for these years; without years 平均."""
    average = average_label(*years) if years else "平均"
    return tuple(average if each is Method.PLAN_AVERAGE else each.value for each in Method)


@dataclass(frozen=True)
class PlanAtMonth:
    """The actions, tasks and indicators in force in a month.

    `indicators` are the rows of forms: one per fiscal year for an indicator reported by year. `measured` are the
    plan's own rows of them.
    """

    month: Month
    actions: tuple[Action, ...]
    tasks: tuple[Task, ...]
    indicators: tuple[Indicator, ...]
    measured: tuple[Indicator, ...]

    @property
    def unasked_actions(self) -> tuple[int, ...]:
        """The numbers of the actions without a task or an indicator: no form asks about them."""
        return tuple(sorted(action.no for action in self.actions if action.no not in self._by_action))

    def departments_of(self, action_no: int) -> tuple[str, ...]:
        """Return the departments with a task or an indicator of the action, in the plan's order."""
        return tuple(dict.fromkeys(row.department for row in self._by_action.get(action_no, ())))

    def actions_of(self, department: str) -> tuple[int, ...]:
        """Return the actions of which the department has a task or indicator, ascending."""
        return tuple(sorted({row.action_no for row in self.of(department)}))

    def of(self, department: str) -> Sequence[Task | Indicator]:
        """Return the department's tasks and indicators, in the plan's order."""
        return self._by_department.get(department, ())

    @cached_property
    def _by_department(self) -> dict[str, list[Task | Indicator]]:
        return _grouped((*self.tasks, *self.indicators), lambda row: row.department)

    @cached_property
    def _by_action(self) -> dict[int, list[Task | Indicator]]:
        return _grouped((*self.tasks, *self.indicators), lambda row: row.action_no)


def _grouped(rows: Iterable[Task | Indicator], key: Callable[[Task | Indicator], K]) -> dict[K, list[Task | Indicator]]:
    groups: dict[K, list[Task | Indicator]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups
