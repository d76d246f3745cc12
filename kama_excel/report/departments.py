"""Exact contributions of departments to an action's plan average."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from kama_excel.domain.arithmetic import weighted_total
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.facts import TaskFact
from kama_excel.evaluation.rates import ONE, ZERO, YearProgress, mean

_NOTHING = (None, ZERO)


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


Shares = Mapping[str, tuple[DepartmentShare, ...]]
"""The shares of the departments by name of the action's page."""


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
        contribution = sum((part for _, part in mine), ZERO) / counting if counting else None
        shares.append(DepartmentShare(department, count, tuple(own for own, _ in mine), contribution))
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
    weights = {name: weighted_total((fact.task.weight, ONE) for fact in facts) for name, facts in facts_of.items()}
    all_weights = sum(weights.values(), ZERO)
    found: dict[str, tuple[Fraction | None, Fraction]] = {}
    for department, facts in facts_of.items():
        done = weighted_total((fact.task.weight, fact.progress or ZERO) for fact in facts)
        own = weights[department]
        found[department] = (done / own if own else None, done / all_weights if all_weights else ZERO)
    return found
