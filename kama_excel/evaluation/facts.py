"""The facts for an evaluation: reported values, read, merged and with their source."""

from __future__ import annotations

import datetime as dt
from fractions import Fraction
from typing import NamedTuple

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import Certainty
from kama_excel.plan.model import Plan
from kama_excel.plan.rows import Indicator, Task


class TaskFact(NamedTuple):
    """The progress of a task: 0–1, None if not reported.

    `is_excluded` is 対象外 with a reason. `is_planned` marks a figure given before the task's year began (予定): it
    counts in the averages, never as reported.
    """

    task: Task
    progress: Fraction | None = None
    is_excluded: bool = False
    is_planned: bool = False

    @property
    def is_reported(self) -> bool:
        """Whether the progress is 実施, reported in the year or after it."""
        return self.progress is not None and not self.is_planned

    @property
    def is_missing(self) -> bool:
        """Whether it is neither reported nor 対象外."""
        return not self.is_reported and not self.is_excluded


class IndicatorFact(NamedTuple):
    """An indicator's actual in its own unit; None if not reported.

    `is_excluded` is 対象外 with a reason. An indicator reported by year has one fact per year.
    """

    indicator: Indicator
    actual: Fraction | None = None
    as_of: dt.date | None = None
    certainty: Certainty = Certainty.FINAL
    is_excluded: bool = False

    @property
    def is_missing(self) -> bool:
        """Whether it is neither reported nor 対象外."""
        return self.actual is None and not self.is_excluded


class AssessmentFact(NamedTuple):
    """A department's 総括評価 (0–1) with a reason. `month` is that of its form."""

    action_no: int
    department: str
    rate: Fraction
    reason: str
    month: Month


class Facts(NamedTuple):
    """All reports on a plan up to a month.

    Tasks and indicators are those in force in the month, each once.
    """

    plan: Plan
    month: Month
    tasks: tuple[TaskFact, ...] = ()
    indicators: tuple[IndicatorFact, ...] = ()
    assessments: tuple[AssessmentFact, ...] = ()
