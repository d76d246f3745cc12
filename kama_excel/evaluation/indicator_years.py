"""Combine the fiscal years of indicators that are reported by year (rule 4)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from kama_excel.domain.calendar import Month
from kama_excel.evaluation.facts import IndicatorFact
from kama_excel.evaluation.rates import ZERO, IndicatorResult, YearResult, mean
from kama_excel.plan.model import Plan
from kama_excel.plan.rating import Aggregation, Direction, Yardstick
from kama_excel.plan.rows import Indicator


def indicator_result(plan: Plan, month: Month, indicator: Indicator, facts: Sequence[IndicatorFact]) -> IndicatorResult:
    """Return the result of an indicator: of its fact, or of one per fiscal year begun."""
    if not plan.is_by_year(indicator, month):
        return IndicatorResult(facts[0] if facts else IndicatorFact(indicator), plan.bands)
    counting = _counting(indicator, facts)
    years = tuple(_year(fact, month, plan, is_counting=fact in counting) for fact in facts)
    actual = taken_together(indicator, [fact.actual for fact in counting if fact.actual is not None])
    is_by_yearly_targets = plan.yardstick is Yardstick.YEARLY and any(
        fact.indicator.target is not None for fact in facts
    )
    target = indicator.target
    if is_by_yearly_targets and counting:
        yearly = [fact.indicator.target for fact in counting if fact.indicator.target is not None]
        target = taken_together(indicator, yearly)
    together = IndicatorFact(indicator._replace(target=target), actual)
    is_open_sum = indicator.aggregation is Aggregation.SUM and indicator.direction is Direction.DOWN
    last_year = plan.last_year if is_open_sum else None
    return IndicatorResult(together, plan.bands, years, is_by_yearly_targets, last_year)


def taken_together(indicator: Indicator, figures: Sequence[Fraction]) -> Fraction | None:
    """Combine the years' figures by 集計: the newest, their sum or their mean; None if empty."""
    if not figures:
        return None
    match indicator.aggregation:
        case Aggregation.SUM:
            return sum(figures, ZERO)
        case Aggregation.MEAN:
            return mean(figures)
        case _:
            return figures[-1]


def _counting(indicator: Indicator, facts: Sequence[IndicatorFact]) -> list[IndicatorFact]:
    """Return the facts of the years that count, oldest first."""
    reported = [fact for fact in facts if fact.actual is not None and not fact.is_excluded]
    return reported[-1:] if indicator.aggregation is Aggregation.LATEST else reported


def _year(fact: IndicatorFact, month: Month, plan: Plan, *, is_counting: bool) -> YearResult:
    year = fact.indicator.fiscal_year or month.fiscal_year
    is_running = month.has_begun(year) and month.fiscal_year == year
    return YearResult(fact, plan.bands, year, is_counting=is_counting, is_running=is_running)
