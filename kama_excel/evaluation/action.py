"""Evaluate one action: three rates, the adopted one, the grade and its basis."""

from __future__ import annotations

from dataclasses import dataclass, replace
from enum import StrEnum
from fractions import Fraction
from functools import cached_property

from kama_excel.domain.arithmetic import compared
from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import Certainty
from kama_excel.evaluation.facts import AssessmentFact
from kama_excel.evaluation.outlook import Needed, outlook
from kama_excel.evaluation.rates import ONE, IndicatorResult, YearProgress, mean, shown_percent
from kama_excel.plan.model import Plan
from kama_excel.plan.rating import Bands, Method
from kama_excel.plan.rows import Action, Decision, Measure


class Status(StrEnum):
    """The basis of the adopted rate (rule 7)."""

    EXPECTED = "見込"
    MID_YEAR = "年度途中"
    PROVISIONAL = "暫定"
    WORSE = "悪化"
    UNDECIDED = "要判断"
    UNEVALUATED = "未評価"
    NOT_EVALUATED = "評価対象外"
    ENDED = "終了"


COUNTED_APART = (Status.UNEVALUATED, Status.NOT_EVALUATED, Status.ENDED)
"""The categories of actions without a grade, in the order of print."""


@dataclass(frozen=True)  # no slots: computed properties are cached
class ActionEvaluation:
    """One action in one month. Rates are exact, 1 = 100 %; None is a missing rate."""

    plan: Plan
    month: Month
    action: Action
    years: tuple[YearProgress, ...]
    indicators: tuple[IndicatorResult, ...]
    assessments: tuple[AssessmentFact, ...]
    assessors: tuple[str, ...]
    """The departments that assess the action: those with a task or an indicator of it."""
    decision: Decision | None
    watched: tuple[IndicatorResult, ...] = ()
    """The indicators without 目標値: shown, but part of no rate."""
    is_ended: bool = False
    """Whether the action ended before the month of the run (rule 9).

    `month` is then its last one.
    """

    @property
    def bands(self) -> Bands:
        """The plan's grades."""
        return self.plan.bands

    @cached_property
    def measure(self) -> Measure:
        """The measure of the action."""
        return self.plan.measure(self.action)

    # --- the three rates -------------------------------------------------------------------------------------------

    @cached_property
    def plan_average(self) -> Fraction | None:
        """The mean of the years' values with equal weights (rule 3)."""
        return mean(year.progress for year in self.years if year.progress is not None)

    @property
    def open_years(self) -> tuple[int, ...]:
        """The fiscal years that have tasks and have not ended."""
        return tuple(year.fiscal_year for year in self.years if not year.has_ended and year.expected)

    @property
    def lacks_ended_tasks(self) -> bool:
        """Whether a task of an ended year has no figure: what the other years need may be less."""
        ended = (fact for year in self.years if year.has_ended for fact in year.tasks)
        return any(fact.progress is None and not fact.is_excluded for fact in ended)

    @property
    def plan_average_years(self) -> str:
        """The number of years in the mean: 2/3."""
        return f"{sum(year.progress is not None for year in self.years)}/{len(self.years)}"

    @cached_property
    def achievement(self) -> Fraction | None:
        """The mean of the indicators' limited rates (rule 4)."""
        return mean(each.achievement for each in self.indicators if each.achievement is not None)

    @property
    def achievement_raw(self) -> Fraction | None:
        """The only indicator's rate without limits; None if there are several."""
        return self.indicators[0].raw if len(self.indicators) == 1 else None

    @cached_property
    def achievement_without_baseline(self) -> Fraction | None:
        """The achievement if the plan had no baselines."""
        return mean(each.without_baseline for each in self.indicators if each.without_baseline is not None)

    @cached_property
    def assessment(self) -> Fraction | None:
        """The mean of the departments' 総括評価 (rule 5)."""
        return mean(each.rate for each in self.assessments)

    def rate(self, method: Method) -> Fraction | None:
        """Return the rate of a method other than 自動."""
        rates = {
            Method.TARGET: self.achievement,
            Method.PLAN_AVERAGE: self.plan_average,
            Method.ASSESSMENT: self.assessment,
        }
        return rates[method]

    def highest(self, method: Method) -> Fraction | None:
        """Return the highest possible rate of a method; None if unlimited."""
        if method is not Method.TARGET:
            return ONE
        ends = [each.highest for each in self.indicators if each.achievement is not None]
        return None if None in ends else mean(end for end in ends if end is not None)

    def grade_by(self, method: Method) -> str | None:
        """Return the grade that a method's rate would give."""
        rate = self.rate(method)
        return None if rate is None else self.bands.grade(rate)

    # --- what is adopted -------------------------------------------------------------------------------------------

    @property
    def decided(self) -> Method:
        """The method that the division decided; 自動 without a decision."""
        return self.decision.method if self.decision else Method.AUTOMATIC

    @cached_property
    def method(self) -> Method:
        """The method of the adopted rate (rule 6); 自動 if it finds no rate."""
        if self.decided is not Method.AUTOMATIC:
            return self.decided
        if self.achievement is not None:
            return Method.TARGET
        return Method.AUTOMATIC if self.plan_average is None else Method.PLAN_AVERAGE

    @cached_property
    def adopted(self) -> Fraction | None:
        """The adopted rate; a decided method without a figure has no fallback."""
        return None if self.method is Method.AUTOMATIC else self.rate(self.method)

    @property
    def compared(self) -> Fraction | None:
        """The adopted rate rounded for comparison (rule 11), to nine decimals."""
        return None if self.adopted is None else compared(self.adopted)

    @property
    def shown(self) -> str | None:
        """The adopted rate as it is printed: 83.3%."""
        return None if self.adopted is None else shown_percent(self.adopted, self.bands)

    @cached_property
    def grade(self) -> str | None:
        """The grade of the adopted rate, rounded for comparison (rule 11)."""
        return None if self.adopted is None else self.bands.grade(self.adopted)

    @cached_property
    def outlook(self) -> tuple[Needed, ...]:
        """What each better grade needs, nearest first."""
        return outlook(self)

    @cached_property
    def by_rule(self) -> ActionEvaluation:
        """The same action without the division's decision."""
        return replace(self, decision=None) if self.decision else self

    @property
    def is_undecided(self) -> bool:
        """Whether an assessment would give another grade and no decision is registered (要判断)."""
        if self.decision is not None or self.assessment is None or self.is_ended:
            return False
        return self.bands.grade(self.assessment) != self.grade

    @property
    def later_decisions(self) -> tuple[Decision, ...]:
        """The decisions on the action that count only after the month."""
        return self.plan.later_decisions(self.action.no, self.month)

    @property
    def category(self) -> str:
        """The category of the action: its grade, 未評価, 評価対象外 or 終了."""
        return Status.ENDED.value if self.is_ended else self.grade_word

    # --- what it rests on ------------------------------------------------------------------------------------------

    @property
    def is_planned(self) -> bool:
        """Whether the plan has a task or indicator of the action, so that it can be reported."""
        return bool(self.indicators or self.watched) or any(year.tasks for year in self.years)

    @cached_property
    def reported(self) -> int:
        """The number of reported tasks of the years begun."""
        return sum(year.reported for year in self.years if year.has_begun)

    @cached_property
    def expected(self) -> int:
        """The number of tasks of the years begun that are to be reported, without 対象外."""
        return sum(year.expected for year in self.years if year.has_begun)

    @cached_property
    def basis_counts(self) -> tuple[int, int]:
        """How many of the reports required for the adopted rate exist, and how many there are."""
        wanted = sum(each.expected for each in self.indicators)
        if self.method is Method.TARGET or (self.method is Method.AUTOMATIC and wanted):
            return sum(each.reported for each in self.indicators), wanted
        if self.method is Method.ASSESSMENT:
            return len(self.assessments), len(self.assessors)
        return self.reported, self.expected

    @property
    def basis(self) -> str:
        """The same as text: 1/2."""
        return "/".join(map(str, self.basis_counts))

    @property
    def lacks_indicator(self) -> bool:
        """Whether 自動 adopted the plan average although there is an indicator (暫定「指標未報告」)."""
        is_average = self.decided is Method.AUTOMATIC and self.method is Method.PLAN_AVERAGE
        return is_average and any(each.expected for each in self.indicators)

    @cached_property
    def is_not_evaluated(self) -> bool:
        """Whether there is no figure because everything that the method needs is 対象外 (rule 7)."""
        indicators = [(each.is_excluded, each.expected) for each in self.indicators]
        tasks = [
            (fact.is_excluded, not fact.is_excluded) for year in self.years if year.has_begun for fact in year.tasks
        ]
        rests_on = [
            *(indicators if self.decided in (Method.AUTOMATIC, Method.TARGET) else ()),
            *(tasks if self.decided in (Method.AUTOMATIC, Method.PLAN_AVERAGE) else ()),
        ]
        is_any_wanted = any(wanted for _, wanted in rests_on)
        return self.adopted is None and not is_any_wanted and any(is_excluded for is_excluded, _ in rests_on)

    @property
    def grade_word(self) -> str:
        """The grade; 評価対象外 or 未評価 without one."""
        return self.grade or (Status.NOT_EVALUATED if self.is_not_evaluated else Status.UNEVALUATED).value

    @cached_property
    def status(self) -> tuple[Status, ...]:
        """The statuses of the adopted rate, in the order of rule 7."""
        used, needed = self.basis_counts
        is_evaluated = self.adopted is not None
        is_true = {
            Status.EXPECTED: is_evaluated and self._is_expected,
            Status.MID_YEAR: is_evaluated and self._is_mid_year,
            Status.PROVISIONAL: is_evaluated and (used < needed or self.lacks_indicator),
            Status.WORSE: any(each.is_worse for each in self.indicators),
            Status.UNDECIDED: self.is_undecided,
            Status.UNEVALUATED: not is_evaluated and not self.is_not_evaluated,
            Status.NOT_EVALUATED: self.is_not_evaluated,
            Status.ENDED: self.is_ended,
        }
        return tuple(status for status, holds in is_true.items() if holds)

    @property
    def _is_expected(self) -> bool:
        if self.method is Method.TARGET:
            counting = [each for each in self.indicators if each.raw is not None]
            facts = (fact for each in counting for fact in each.counting_facts)
            return any(each.can_only_grow for each in counting) or any(
                fact.certainty is not Certainty.FINAL or (fact.as_of is not None and fact.as_of > self.month.last_day)
                for fact in facts
            )
        if self.method is Method.PLAN_AVERAGE:
            return any(year.is_planned for year in self.years)
        return any(each.month <= self.plan.last_month for each in self.assessments)

    @property
    def _is_mid_year(self) -> bool:
        if self.method is Method.TARGET:
            return any(each.is_mid_year for each in self.indicators if each.raw is not None)
        return self.method is Method.PLAN_AVERAGE and any(year.is_running and year.reported for year in self.years)
