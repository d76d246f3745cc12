"""Types of the rating of actions: bands, methods, directions."""

from __future__ import annotations

from enum import Enum, StrEnum
from fractions import Fraction
from typing import NamedTuple

from kama_excel.domain.arithmetic import compared


class Method(Enum):
    """算定方法: which of the rates is adopted (rule 6 of `docs/rules.md`).

    The plan's label of it is `Plan.method_label`.
    """

    AUTOMATIC = "自動"
    TARGET = "目標値"
    PLAN_AVERAGE = "カ年平均"
    ASSESSMENT = "総括評価"


class Direction(StrEnum):
    """向き: whether more or less of an indicator is better."""

    UP = "増"
    DOWN = "減"


class Aggregation(StrEnum):
    """集計: how the actuals of several fiscal years become one (rule 4)."""

    LATEST = "最新"
    SUM = "合計"
    MEAN = "平均"


class Yardstick(StrEnum):
    """達成率の基準: measure an actual by 目標値 or by its year's target (rule 4)."""

    FINAL = "最終目標"
    YEARLY = "年度目標"


def limit_text(rate: Fraction | float) -> str:
    """Return a limit of a band with all its digits (62.5%), never rounded."""
    return f"{float(rate * 100):.10g}%"


class Band(NamedTuple):
    """One 評価区分: its name and the lowest rate that earns it (1 = 100 %)."""

    name: str
    lower: Fraction
    symbol: str = ""
    """記号 of the plan workbook; '' if none."""
    points: Fraction | None = None
    """点数; None in a plan without points."""

    @property
    def mark(self) -> str:
        """The plan's symbol of the grade: the name if it is a symbol (◎), else 記号."""
        return self.name if len(self.name) == 1 and not self.name.isalnum() else self.symbol

    @property
    def lower_text(self) -> str:
        """The lower limit with all its digits: 62.5%."""
        return limit_text(self.lower)

    @property
    def label(self) -> str:
        """The name within a sentence: 区分5 if it is a number."""
        return f"区分{self.name}" if self.name.isdecimal() else self.name


class Limits(NamedTuple):
    """達成率の下限 and 達成率の上限 of a graded achievement (rule 10); None is no limit."""

    lower: Fraction | None = Fraction(0)
    upper: Fraction | None = Fraction(1)


class Rounding(NamedTuple):
    """How a rate is shown (rule 10): decimals of the percentage, cut or rounded."""

    digits: int = 1
    is_cut: bool = False

    def text(self, rate: Fraction) -> str:
        """Return a rounded rate as text: 83.3%."""
        return f"{float(rate * 100):.{self.digits}f}%"

    @property
    def number_format(self) -> str:
        """The number format of a cell with a rate."""
        return f"0.{'0' * self.digits}%" if self.digits else "0%"


class Bands(NamedTuple):
    """The grades, best first, with limits and rounding; the lowest has no lower limit."""

    bands: tuple[Band, ...]
    limits: Limits = Limits()
    rounding: Rounding = Rounding()

    def grade(self, rate: Fraction) -> str:
        """Return the grade of a rate; one below all limits has the lowest."""
        return self.bands[self.rank(rate)].name

    def rank(self, rate: Fraction) -> int:
        """Return how many bands are better than the rate's own; compares as in rule 11."""
        numerator, denominator = compared(rate).as_integer_ratio()
        for i, band in enumerate(self.bands[:-1]):
            lower, parts = band.lower.as_integer_ratio()
            if numerator * parts >= lower * denominator:
                return i
        return len(self.bands) - 1

    @property
    def marks(self) -> tuple[str, ...]:
        """The plan's own symbols of the grades, best first; '' for none."""
        return tuple(band.mark for band in self.bands)

    @property
    def has_points(self) -> bool:
        """Whether the grades have points."""
        return all(band.points is not None for band in self.bands)

    @property
    def names(self) -> tuple[str, ...]:
        """The grades' names, best first."""
        return tuple(band.name for band in self.bands)
