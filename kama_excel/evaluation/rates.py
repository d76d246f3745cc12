"""The exact rates: `Fraction`, 1 = 100 %. Rule numbers are those of `docs/rules.md`."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction
from functools import cached_property

from kama_excel.domain.arithmetic import compared, cut, half_up, weighted_mean
from kama_excel.domain.entries import Certainty
from kama_excel.evaluation.facts import IndicatorFact, TaskFact
from kama_excel.plan.rating import Bands, Direction, Limits
from kama_excel.plan.rows import Indicator

ONE = Fraction(1)

ZERO = Fraction(0)


def mean(rates: Iterable[Fraction]) -> Fraction | None:
    """Return the mean of the rates with equal weights; None if empty."""
    return weighted_mean((ONE, rate) for rate in rates)


def limited(rate: Fraction, limits: Limits) -> Fraction:
    """Limit an achievement to the plan's 達成率の下限 and 達成率の上限 (rule 10)."""
    if limits.upper is not None:
        rate = min(rate, limits.upper)
    return rate if limits.lower is None else max(rate, limits.lower)


def is_rate(number: Fraction) -> bool:
    """Return whether a figure is within 0–100 %, as a progress or an assessment must be."""
    return ZERO <= number <= ONE


@dataclass(frozen=True)  # no slots: computed properties are cached
class YearProgress:
    """年度進捗率 of one action: the weighted mean of the year's tasks with a figure (rule 2).

    `progress` is None for a year without a task that counts. `reported` of `expected` tasks (without 対象外) have
    実施.
    """

    fiscal_year: int
    tasks: tuple[TaskFact, ...]
    has_begun: bool
    has_ended: bool

    @property
    def counting(self) -> tuple[TaskFact, ...]:
        """The tasks in the mean."""
        return tuple(fact for fact in self.tasks if fact.progress is not None and not fact.is_excluded)

    @cached_property
    def progress(self) -> Fraction | None:
        """The mean; None without a task that counts."""
        return weighted_mean((fact.task.weight, fact.progress or ZERO) for fact in self.counting)

    @property
    def is_running(self) -> bool:
        """Whether the year has begun and not ended."""
        return self.has_begun and not self.has_ended

    @property
    def is_planned(self) -> bool:
        """Whether the mean includes a 予定."""
        return any(fact.is_planned for fact in self.counting)

    @cached_property
    def expected(self) -> int:
        """The number of tasks to be reported."""
        return sum(not fact.is_excluded for fact in self.tasks)

    @cached_property
    def reported(self) -> int:
        """The number of reported tasks."""
        return sum(fact.is_reported for fact in self.counting)


@dataclass(frozen=True)  # no slots: computed properties are cached
class YearResult:
    """One fiscal year of an indicator reported by year: its actual and its own target."""

    fact: IndicatorFact
    bands: Bands
    fiscal_year: int
    is_counting: bool
    """Whether its actual is part of the one that counts."""
    is_running: bool

    @cached_property
    def rate(self) -> Fraction | None:
        """The raw rate by the year's own target; None without an actual or a target."""
        indicator, actual = self.fact.indicator, self.fact.actual
        return None if actual is None or indicator.target is None else achievement(indicator, actual)


FAR = 10
"""From this multiple of target and baseline on, an actual is probably a slip."""


def is_far(indicator: Indicator, actual: Fraction) -> bool:
    """Return whether an actual is many times the target and the baseline."""
    bound: Fraction = max(abs(each or ZERO) for each in (indicator.target, indicator.baseline))
    return bound > 0 and compared(actual) >= FAR * bound


@dataclass(frozen=True)  # no slots: computed properties are cached
class IndicatorResult:
    """目標(値)に対する達成率 of one indicator (rule 4). All rates are None without an actual.

    For an indicator reported by year, `fact` has the actual that counts, with the target that applies to it;
    `years` are its fiscal years begun.
    """

    fact: IndicatorFact
    bands: Bands
    years: tuple[YearResult, ...] = ()
    is_by_yearly_targets: bool = False
    """Whether its target is combined from the years that count, and so depends on the reports."""
    last_year: int | None = None
    """The plan's last year if the target limits a sum.

    Such a sum can only grow until that year is reported.
    """

    @cached_property
    def raw(self) -> Fraction | None:
        """The rate without limits: below 0 is worse than the baseline, above 1 exceeds the target."""
        indicator, actual = self.fact.indicator, self.fact.actual
        return None if actual is None or indicator.target is None else achievement(indicator, actual)

    @property
    def facts(self) -> tuple[IndicatorFact, ...]:
        """Its reports: one, or one of each fiscal year begun."""
        return tuple(year.fact for year in self.years) or (self.fact,)

    @property
    def expected(self) -> int:
        """The number of actuals to be reported, without 対象外."""
        return sum(not fact.is_excluded for fact in self.facts)

    @property
    def reported(self) -> int:
        """The number of reported actuals."""
        return sum(fact.actual is not None for fact in self.facts if not fact.is_excluded)

    @property
    def is_excluded(self) -> bool:
        """Whether all its reports are 対象外 with a reason."""
        return self.expected == 0 and (self.fact.is_excluded or bool(self.years))

    @property
    def counting_facts(self) -> tuple[IndicatorFact, ...]:
        """The reports in its rate."""
        if self.years:
            return tuple(year.fact for year in self.years if year.is_counting)
        return (self.fact,) if self.fact.actual is not None else ()

    @property
    def certainty(self) -> Certainty | None:
        """The least certain 確度 of the reports in its rate; None without any."""
        order = [*Certainty]
        return max((fact.certainty for fact in self.counting_facts), key=order.index, default=None)

    @property
    def is_open_sum(self) -> bool:
        """Whether its target is the upper limit of a sum."""
        return self.last_year is not None

    @property
    def can_only_grow(self) -> bool:
        """Whether it is such a sum, and the plan's last year is not reported yet (見込)."""
        reported = {year.fiscal_year for year in self.years if year.fact.actual is not None}
        return self.last_year is not None and self.last_year not in reported

    @property
    def is_mid_year(self) -> bool:
        """Whether an actual of a year in progress counts."""
        return any(year.is_counting and year.is_running for year in self.years)

    @property
    def change(self) -> Fraction | None:
        """The difference of actual and baseline, shown for an indicator without a target."""
        indicator, actual = self.fact.indicator, self.fact.actual
        return None if actual is None or indicator.baseline is None else actual - indicator.baseline

    @cached_property
    def achievement(self) -> Fraction | None:
        """The rate within the plan's limits, as it is graded."""
        return None if self.raw is None else limited(self.raw, self.bands.limits)

    @property
    def decimals(self) -> int:
        """The decimals of a needed actual: one more than the plan's figures, 2 to 9."""
        of_years = [year.fact.indicator.target for year in self.years] if self.is_by_yearly_targets else []
        figures = (self.fact.indicator.baseline, *(of_years or [self.fact.indicator.target]))
        shown = (number_text(figure).partition(".")[2] for figure in figures if figure is not None)
        return min(max(1, *map(len, shown)) + 1, 9)

    @property
    def highest(self) -> Fraction | None:
        """The highest possible rate; None if unlimited. Cases c and d end at 100 %."""
        indicator, upper = self.fact.indicator, self.bands.limits.upper
        if uses_baseline(indicator) or (indicator.direction is Direction.UP and indicator.target != 0):
            return upper
        return ONE if upper is None else min(upper, ONE)

    @property
    def is_worse(self) -> bool:
        """Whether the raw rate is below 0 (悪化)."""
        return self.raw is not None and compared(self.raw) < 0

    @property
    def without_baseline(self) -> Fraction | None:
        """The limited rate without a baseline; None for a negative target, which needs one."""
        indicator, actual = self.fact.indicator, self.fact.actual
        if actual is None or indicator.target is None or compared(indicator.target) < 0:
            return None
        return limited(_from_zero(indicator, actual), self.bands.limits)

    @property
    def sum_text(self) -> str:
        """The calculation as text: 「(10 − 3) ÷ (20 − 3) = 41.2%」, 「30 ≦ 37 → 100.0%」.

        '' without an actual.
        """
        indicator, actual, raw = self.fact.indicator, self.fact.actual, self.raw
        if actual is None or raw is None:
            return ""
        result = shown_percent(raw, self.bands).replace("-", "−")
        if compared(raw) != compared(limited(raw, self.bands.limits)):
            result += f" → {number_text(limited(raw, self.bands.limits) * 100)}%"
        has, wants = number_text(actual), number_text(indicator.goal)
        if uses_baseline(indicator) and indicator.baseline is not None:
            base = number_text(indicator.baseline)
            return f"({has} − {base}) ÷ ({wants} − {base}) = {result}"
        if indicator.direction is Direction.DOWN:
            met = compared(actual) <= compared(indicator.goal)
            return f"{has} ≦ {wants} → {result}" if met else f"{wants} ÷ {has} = {result}"
        if indicator.goal == 0:
            return f"{has} {'≧' if compared(actual) >= 0 else '＜'} 0 → {result}"
        return f"{has} ÷ {wants} = {result}"


def uses_baseline(indicator: Indicator) -> bool:
    """Return whether rule 4a applies: there is a baseline other than the target (維持)."""
    baseline, target = indicator.baseline, indicator.target
    return baseline is not None and (target is None or compared(baseline) != compared(target))


def needs_less(indicator: Indicator) -> bool:
    """Return whether a smaller actual is better."""
    if indicator.baseline is not None and uses_baseline(indicator):
        return indicator.goal < indicator.baseline
    return indicator.direction is Direction.DOWN


def achievement(indicator: Indicator, actual: Fraction) -> Fraction:
    """Return the raw achievement of an actual, in the unit of the indicator (rule 4)."""
    if indicator.baseline is not None and uses_baseline(indicator):
        return (actual - indicator.baseline) / (indicator.goal - indicator.baseline)
    return _from_zero(indicator, actual)


def _from_zero(indicator: Indicator, actual: Fraction) -> Fraction:
    """Apply rules 4b, c and d: against the target alone, which is not negative."""
    if indicator.direction is Direction.DOWN:
        if compared(actual) <= compared(indicator.goal):
            return ONE
        return indicator.goal / actual
    if indicator.goal == 0:
        return ONE if compared(actual) >= 0 else ZERO
    return actual / indicator.goal


def actual_needed(indicator: Indicator, rate: Fraction) -> Fraction:
    """Return the actual at which the achievement is just `rate` (above 0, at most 1)."""
    if indicator.baseline is not None and uses_baseline(indicator):
        return indicator.baseline + rate * (indicator.goal - indicator.baseline)
    if indicator.direction is Direction.DOWN:
        return indicator.goal / rate
    return indicator.goal * rate


def number_text(number: Fraction) -> str:
    """Format a figure: 1,234.5 with a true minus sign and all decimals (15 digits at most)."""
    text = f"{Decimal(f'{float(number):.15g}'):,.10f}".rstrip("0").rstrip(".")
    return text.replace("-", "−")


def shown_rate(rate: Fraction, bands: Bands) -> Fraction:
    """Round a rate for display as the plan specifies (rule 10).

    If rounding would show a band that the rate has not reached, it is cut: 89.96 % is 89.9 %, not 90.0 %.
    """
    exact, digits = compared(rate), bands.rounding.digits + 2
    rounded = half_up(exact, digits)
    if rounded != exact and (bands.rounding.is_cut or bands.rank(rounded) != bands.rank(exact)):
        return cut(exact, digits)
    return rounded


def shown_percent(rate: Fraction, bands: Bands) -> str:
    """Return the displayed rate as text: 83.3%."""
    return bands.rounding.text(shown_rate(rate, bands))
