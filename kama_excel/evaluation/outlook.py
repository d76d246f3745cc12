"""What is needed for each better grade: checked by putting it in (`tests`)."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction

from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.rates import ONE, ZERO, actual_needed
from kama_excel.plan import Band, Indicator, Method


@dataclass(frozen=True, slots=True)
class Needed:
    """What takes an action to a better grade.

    Where it is adopted by its indicator: the `actual` that `indicator` needs. Where by the plan average: the mean
    progress (0–1) that each of the `years` not ended needs, None where no progress would do. With several indicators,
    or by 総括評価, only the adopted `rate` is known.
    """

    band: Band
    years: tuple[int, ...] = ()
    year_progress: Fraction | None = None
    indicator: Indicator | None = None
    actual: Fraction | None = None
    is_reachable: bool = True

    @property
    def rate(self) -> Fraction:
        """The adopted rate that the grade begins at."""
        return self.band.lower


def outlook(evaluation: ActionEvaluation) -> tuple[Needed, ...]:
    """Return what each better grade needs, the nearest first; nothing at the top or where there is no rate."""
    if evaluation.adopted is None:
        return ()
    better = evaluation.bands.bands[: evaluation.bands.rank(evaluation.adopted)]
    return tuple(_needed(evaluation, band) for band in reversed(better))


def _needed(evaluation: ActionEvaluation, band: Band) -> Needed:
    if evaluation.method is Method.TARGET and len(evaluation.indicators) == 1:
        indicator = evaluation.indicators[0].fact.indicator
        return Needed(band, indicator=indicator, actual=actual_needed(indicator, band.lower))
    if evaluation.method is Method.PLAN_AVERAGE:
        return _needed_of_years(evaluation, band)
    return Needed(band)


def _needed_of_years(evaluation: ActionEvaluation, band: Band) -> Needed:
    ended = [year.progress for year in evaluation.years if year.has_ended and year.progress is not None]
    open_years = evaluation.open_years
    if not open_years:
        return Needed(band, is_reachable=False)
    needed = (band.lower * (len(ended) + len(open_years)) - sum(ended, ZERO)) / len(open_years)
    if needed > ONE:
        return Needed(band, open_years, is_reachable=False)
    return Needed(band, open_years, max(needed, ZERO))
