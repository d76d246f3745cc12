"""What each department's tasks add to an action's plan average, exact."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kama_excel.evaluation import ActionEvaluation, YearProgress
from kama_excel.evaluation.rates import mean


@dataclass(frozen=True, slots=True)
class DepartmentShare:
    """One department's part in an action. Rates are exact, 1 = 100 %; None is a rate that does not exist."""

    department: str
    tasks: int
    years: tuple[Fraction | None, ...]
    """Per year of the plan the mean of its own tasks."""
    contribution: Fraction | None
    """What it adds to the plan average; the departments' contributions add up to it."""

    @property
    def average(self) -> Fraction | None:
        """The mean of its own years."""
        return mean(year for year in self.years if year is not None)


def department_shares(evaluation: ActionEvaluation) -> tuple[DepartmentShare, ...]:
    """Return the departments with tasks of the action, in the plan's order."""
    names = dict.fromkeys(fact.task.department for year in evaluation.years for fact in year.tasks)
    return tuple(_share(evaluation, name) for name in names)


def average_by_department(shares: tuple[DepartmentShare, ...]) -> Fraction | None:
    """Return the mean of the departments' own averages, every department counting the same."""
    return mean(each.average for each in shares if each.average is not None)


def spread(shares: tuple[DepartmentShare, ...]) -> Fraction | None:
    """Return how far the departments' averages lie apart; None with fewer than two."""
    averages = [each.average for each in shares if each.average is not None]
    return max(averages) - min(averages) if len(averages) > 1 else None


def _share(evaluation: ActionEvaluation, department: str) -> DepartmentShare:
    years = [_of_year(year, department) for year in evaluation.years]
    counting = sum(year.progress is not None for year in evaluation.years)
    added = sum((part for _, part in years), Fraction(0))
    tasks = sum(fact.task.department == department for year in evaluation.years for fact in year.tasks)
    means = tuple(own for own, _ in years)
    return DepartmentShare(department, tasks, means, added / counting if counting else None)


def _of_year(year: YearProgress, department: str) -> tuple[Fraction | None, Fraction]:
    """Return the mean of the department's tasks and their part in the year's mean."""
    mine = [fact for fact in year.counting if fact.task.department == department]
    done = sum((fact.task.weight * fact.progress for fact in mine if fact.progress is not None), Fraction(0))
    own, all_weights = (sum((fact.task.weight for fact in facts), Fraction(0)) for facts in (mine, year.counting))
    return (done / own if own else None), (done / all_weights if all_weights else Fraction(0))
