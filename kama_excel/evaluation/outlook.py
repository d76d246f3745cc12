"""What an action needs for each better grade."""

from __future__ import annotations

from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from kama_excel.domain.arithmetic import compared
from kama_excel.evaluation.rates import ONE, ZERO, actual_needed
from kama_excel.plan.rating import Band, Method
from kama_excel.plan.rows import Indicator

if TYPE_CHECKING:
    from kama_excel.evaluation.action import ActionEvaluation


class Needed(NamedTuple):
    """What an action needs for a better grade.

    If it is adopted by its indicator: the `actual` that `indicator` needs. If by the plan average: the mean
    progress (0–1) that each of the `years` not ended needs, None if no progress suffices. With several
    indicators, or by 総括評価, only the adopted `rate` is known.
    """

    band: Band
    years: tuple[int, ...] = ()
    year_progress: Fraction | None = None
    indicator: Indicator | None = None
    actual: Fraction | None = None
    decimals: int = 0
    """The decimals with which the actual is shown."""
    is_reachable: bool = True

    @property
    def rate(self) -> Fraction:
        """The adopted rate at which the grade begins."""
        return self.band.lower


def outlook(evaluation: ActionEvaluation) -> tuple[Needed, ...]:
    """Return what each better grade needs, nearest first.

    Empty at the top, without a rate, and once ended.
    """
    if evaluation.adopted is None or evaluation.is_ended:
        return ()
    better = evaluation.bands.bands[: evaluation.bands.rank(evaluation.adopted)]
    return tuple(_needed(evaluation, band) for band in reversed(better))


def _needed(evaluation: ActionEvaluation, band: Band) -> Needed:
    highest = evaluation.highest(evaluation.method)
    is_reachable = highest is None or band.lower <= highest
    if evaluation.method is Method.TARGET and len(evaluation.indicators) == 1:
        only = evaluation.indicators[0]
        actual = actual_needed(only.fact.indicator, band.lower) if is_reachable else None
        return Needed(
            band, indicator=only.fact.indicator, actual=actual, decimals=only.decimals, is_reachable=is_reachable
        )
    if evaluation.method is Method.PLAN_AVERAGE:
        return _needed_of_years(evaluation, band)
    return Needed(band, is_reachable=is_reachable)


def _needed_of_years(evaluation: ActionEvaluation, band: Band) -> Needed:
    ended = [year.progress for year in evaluation.years if year.has_ended and year.progress is not None]
    open_years = evaluation.open_years
    if not open_years:
        return Needed(band, is_reachable=False)
    needed = (band.lower * (len(ended) + len(open_years)) - sum(ended, ZERO)) / len(open_years)
    if compared(needed) > ONE:
        return Needed(band, open_years, is_reachable=False)
    return Needed(band, open_years, max(needed, ZERO))
