"""How actions are rated: bands of the grades, methods, directions."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum, StrEnum
from fractions import Fraction


class Method(Enum):
    """算定方法: which of the rates is adopted (`domain.md` rule 6). Its word is the plan's: `Plan.method_label`."""

    AUTOMATIC = "自動"
    TARGET = "目標値"
    PLAN_AVERAGE = "カ年平均"
    ASSESSMENT = "総括評価"


class Direction(StrEnum):
    """向き: whether more or less of an indicator is better."""

    UP = "増"
    DOWN = "減"


@dataclass(frozen=True, slots=True)
class Band:
    """One 評価区分: its name and the lowest rate that earns it (1 = 100 %)."""

    name: str
    lower: Fraction


@dataclass(frozen=True, slots=True)
class Bands:
    """The grades, best first. The last one's limit is 0, so that every rate has a grade."""

    bands: tuple[Band, ...]

    def grade(self, rate: Fraction) -> str:
        """Return the grade of an exact rate; a rate below 0 has the lowest."""
        return self.bands[self.rank(rate)].name

    def rank(self, rate: Fraction) -> int:
        """Return how many bands are better than the rate's own."""
        return next((i for i, band in enumerate(self.bands) if rate >= band.lower), len(self.bands) - 1)

    @property
    def names(self) -> tuple[str, ...]:
        """The grades' names, best first."""
        return tuple(band.name for band in self.bands)
