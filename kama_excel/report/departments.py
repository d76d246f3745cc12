"""Exact contributions of departments to an action's plan average."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from fractions import Fraction
from typing import NamedTuple

from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.facts import TaskFact
from kama_excel.evaluation.rates import YearProgress, mean

_NOTHING = (None, Fraction(0))


class DepartmentShare(NamedTuple):
    """One department's share in an action. Rates are exact, 1 = 100 %; None is a missing rate."""

    department: str
    tasks: int
    years: tuple[Fraction | None, ...]
    """Per year of the plan the mean of its own tasks."""
    contribution: Fraction | None
    """Its contribution to the plan average, which is the sum of all contributions."""

    @property
    def average(self) -> Fraction | None:
        """The mean of its own years."""
        return mean(year for year in self.years if year is not None)


def tasks_by_department(evaluation: ActionEvaluation) -> Counter[str]:
    """Return the number of an action's tasks by department, in the plan's order."""
    return Counter(fact.task.department for year in evaluation.years for fact in year.tasks)


def department_shares(evaluation: ActionEvaluation) -> tuple[DepartmentShare, ...]:
    """Return the departments with tasks of the action, in the plan's order."""
    tasks = tasks_by_department(evaluation)
    years = [_of_year(year) for year in evaluation.years]
    counting = sum(year.progress is not None for year in evaluation.years)
    shares = []
    for department, count in tasks.items():
        mine = [year.get(department, _NOTHING) for year in years]
        added = sum((part for _, part in mine), Fraction(0))
        means = tuple(own for own, _ in mine)
        shares.append(DepartmentShare(department, count, means, added / counting if counting else None))
    return tuple(shares)


def average_by_department(shares: tuple[DepartmentShare, ...]) -> Fraction | None:
    """Return the mean of the departments' own averages with equal weights."""
    return mean(each.average for each in shares if each.average is not None)


def spread(shares: tuple[DepartmentShare, ...]) -> Fraction | None:
    """Return the range of the departments' averages; None with fewer than two."""
    averages = [each.average for each in shares if each.average is not None]
    return max(averages) - min(averages) if len(averages) > 1 else None


def _of_year(year: YearProgress) -> dict[str, tuple[Fraction | None, Fraction]]:
    """Return each department's mean of its tasks and their share in the year's mean."""
    facts_of: dict[str, list[TaskFact]] = {}
    for fact in year.counting:
        facts_of.setdefault(fact.task.department, []).append(fact)
    all_weights = _weight(year.counting)
    found: dict[str, tuple[Fraction | None, Fraction]] = {}
    for department, facts in facts_of.items():
        done = sum((fact.task.weight * fact.progress for fact in facts if fact.progress is not None), Fraction(0))
        own = _weight(facts)
        found[department] = (done / own if own else None, done / all_weights if all_weights else Fraction(0))
    return found


def _weight(facts: Iterable[TaskFact]) -> Fraction:
    return sum((fact.task.weight for fact in facts), Fraction(0))
