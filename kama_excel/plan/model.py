"""A plan as a whole, and in a month, for any city, number of years and set of bands."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from kama_excel.domain.calendar import DeadlineRule, Month
from kama_excel.domain.keys import Key
from kama_excel.plan.rating import Aggregation, Bands, Method, Yardstick
from kama_excel.plan.rows import (
    Action,
    Correction,
    Decision,
    Department,
    DepartmentNames,
    Indicator,
    Measure,
    Task,
    YearlyTarget,
    in_force,
)

K = TypeVar("K")


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
    def full_name(self) -> str:
        """The name after the municipality's, which is left out where the name contains it."""
        is_named = self.municipality in self.name
        return self.name if is_named else f"{self.municipality}　{self.name}"

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
        begun = (action for action in self.actions if action.period.has_begun(month))
        return tuple({action.no: action for action in begun}.values())

    def names(self, month: Month) -> dict[int, str]:
        """Return each action's name in a month: its last if ended, its first if not begun."""
        first = {action.no: action.name for action in reversed(self.actions)}
        return first | {action.no: action.name for action in self.actions_until(month)}

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

    def asks_by_year(self, indicator: Indicator) -> bool:
        """Return whether forms ask for an actual per year: by 集計 or yearly targets of any month."""
        return indicator.aggregation is not Aggregation.LATEST or bool(self._targets_of(indicator))

    def is_by_year(self, indicator: Indicator, month: Month) -> bool:
        """Return whether each year's actual counts in a month: by 集計 or yearly targets begun."""
        is_combined = indicator.aggregation is not Aggregation.LATEST
        return is_combined or any(row.period.has_begun(month) for row in self._targets_of(indicator))

    def yearly_target(self, indicator: Indicator, fiscal_year: int, month: Month) -> Fraction | None:
        """Return the yearly target in a month: of the row that began last; None if there is none.

        適用終了 alone takes no target away: a row of R6 that ends with R6 counts for its year afterwards too.
        """
        rows = (row for row in self._targets_of(indicator) if row.fiscal_year == fiscal_year)
        begun = [row for row in rows if row.period.has_begun(month)]
        return max(begun, key=lambda row: row.period.start).target if begun else None

    def _targets_of(self, indicator: Indicator) -> list[YearlyTarget]:
        """Return the yearly targets of an indicator's row: those that share a month with it."""
        return [row for row in self._targets_by_no.get(indicator.no, ()) if row.period.overlaps(indicator.period)]

    def asked_rows(self, indicator: Indicator, month: Month) -> tuple[Indicator, ...]:
        """Return an indicator's rows in a month's forms: itself, or one per plan year begun."""
        if not self.asks_by_year(indicator):
            return (indicator,)
        years = [year for year in self.fiscal_years if month.has_begun(year)]
        rows = ((indicator, year, self.yearly_target(indicator, year, month)) for year in years)
        return tuple(self._year_rows.setdefault(row, _of_year(*row)) for row in rows)

    def canonical_department(self, name: str) -> str | None:
        """Return the department's current name for any of its names; None if unknown."""
        return self._names.current(name)

    def current_key(self, key: Key) -> Key:
        """Return a 管理番号 with its department's current name, if the plan knows the name."""
        if key not in self._current_keys:
            self._current_keys[key] = self._names.current_key(key)
        return self._current_keys[key]

    def at(self, month: Month) -> PlanAtMonth:
        """Return the plan's rows in force in a month (rule 9).

        Tasks and indicators begin and end with their action. Months with the same rows share the object.
        """
        if month not in self._months:
            actions = tuple(action for action in self.actions if month in action.period)
            numbers = {action.no for action in actions}

            def holds(row: Task | Indicator) -> bool:
                return month in row.period and row.action_no in numbers

            tasks, indicators = tuple(filter(holds, self.tasks)), tuple(filter(holds, self.indicators))
            asked = tuple(row for indicator in indicators for row in self.asked_rows(indicator, month))
            made = PlanAtMonth(actions, tasks, asked, indicators)
            self._months[month] = next((each for each in self._months.values() if each.rows == made.rows), made)
        return self._months[month]

    def decision(self, action_no: int, month: Month) -> Decision | None:
        """Return the decision on the action that counts in the month (rule 6); None if none."""
        return in_force((each for each in self.decisions if each.action_no == action_no), month)

    def later_decisions(self, action_no: int, month: Month) -> tuple[Decision, ...]:
        """Return the decisions on the action that count only after the month, by date."""
        later = [each for each in self.decisions if each.action_no == action_no and each.effective_month > month]
        return tuple(sorted(later, key=lambda each: each.order))

    def of_key(self, key: Key) -> Sequence[Task | Indicator]:
        """Return the rows of a 管理番号 in all periods."""
        return self._by_key.get(key, ())

    def action_no(self, key: Key) -> int | None:
        """Return the number of a 管理番号's action; None for a row that the plan does not have."""
        return key.action_no or next((row.action_no for row in self.of_key(key)), None)

    @cached_property
    def _by_key(self) -> dict[Key, list[Task | Indicator]]:
        """The rows by 管理番号, cached: every form needs them."""
        by_year = (indicator for indicator in self.indicators if self.asks_by_year(indicator))
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
    def _names(self) -> DepartmentNames:
        return DepartmentNames.of(self.departments)

    @cached_property
    def _current_keys(self) -> dict[Key, Key]:
        """The results of `current_key`, cached: every month's forms have the same keys."""
        return {}

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


@dataclass(frozen=True, eq=False)
class PlanAtMonth:
    """The actions, tasks and indicators in force in a month.

    `indicators` are the rows of forms: one per fiscal year for an indicator reported by year. `measured` are the
    plan's own rows of them.
    """

    actions: tuple[Action, ...]
    tasks: tuple[Task, ...]
    indicators: tuple[Indicator, ...]
    measured: tuple[Indicator, ...]

    @property
    def rows(self) -> tuple[Sequence[Action | Task | Indicator], ...]:
        """All of them, to compare months."""
        return self.actions, self.tasks, self.indicators, self.measured

    @cached_property
    def keyed_tasks(self) -> tuple[tuple[Key, Task], ...]:
        """The tasks with their 管理番号, which every month needs."""
        return tuple((task.key, task) for task in self.tasks)

    @property
    def unasked_actions(self) -> tuple[int, ...]:
        """The numbers of the actions without a task or an indicator: no form asks about them."""
        return tuple(sorted(action.no for action in self.actions if action.no not in self._departments))

    def departments_of(self, action_no: int) -> tuple[str, ...]:
        """Return the departments with a task or an indicator of the action, in the plan's order."""
        return self._departments.get(action_no, ())

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
    def _departments(self) -> dict[int, tuple[str, ...]]:
        by_action = _grouped((*self.tasks, *self.indicators), lambda row: row.action_no)
        return {no: tuple(dict.fromkeys(row.department for row in rows)) for no, rows in by_action.items()}


def _grouped(rows: Iterable[Task | Indicator], key: Callable[[Task | Indicator], K]) -> dict[K, list[Task | Indicator]]:
    groups: dict[K, list[Task | Indicator]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return groups
