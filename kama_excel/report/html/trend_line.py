"""The line of an action's rate by month: where its points lie in a drawing, and the same in words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from kama_excel.domain.calendar import month_short
from kama_excel.history.timeline import MonthState

WIDTH, HEIGHT = 320, 120
LEFT, RIGHT, TOP, BOTTOM = 54, 296, 22, 92
_MOST_LABELS = 6


@dataclass(frozen=True, slots=True)
class Point:
    """A month with a rate: its place in the drawing, and what is printed there ('' where nothing is)."""

    x: float
    y: float
    shown: str
    label: str


@dataclass(frozen=True, slots=True)
class TrendLine:
    """The drawing. `runs` are points in a row; a month without a rate parts them."""

    runs: tuple[tuple[Point, ...], ...]
    months: tuple[Point, ...]
    """The months to be named below the line."""
    text: str
    """All figures in words."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The points of each run as SVG takes them."""
        return tuple(" ".join(f"{point.x:g},{point.y:g}" for point in run) for run in self.runs)


def trend_line(no: int, states: Sequence[MonthState]) -> TrendLine | None:
    """Return the line of the action of that number; None where fewer than two months have a rate.

    The drawing reaches from 0 to 100 %; a rate beyond is drawn at its edge.
    """
    evaluations = [{each.action.no: each for each in state.evaluation.actions}.get(no) for state in states]
    rated = [at for at, each in enumerate(evaluations) if each is not None and each.adopted is not None]
    if len(rated) <= 1:
        return None
    first = rated[0]
    count = len(states) - first
    step = (RIGHT - LEFT) / max(count - 1, 1)
    runs: list[list[Point]] = [[]]
    months, said = [], []
    named = _named(count)
    for at, (state, each) in enumerate(zip(states[first:], evaluations[first:], strict=True)):
        x = round(LEFT + at * step, 1)
        if at in named:
            months.append(Point(x, HEIGHT - 8, "", month_short(state.month)))
        if each is None or each.adopted is None or each.shown is None:
            if runs[-1]:
                runs.append([])
            continue
        height = min(max(float(each.adopted), 0.0), 1.0)
        is_labelled = at + first in (rated[0], rated[-1])
        y = round(BOTTOM - height * (BOTTOM - TOP), 1)
        runs[-1].append(Point(x, y, each.shown if is_labelled else "", ""))
        said.append(f"{state.month.label} {each.shown}")
    return TrendLine(tuple(tuple(run) for run in runs if run), tuple(months), "、".join(said))


def _named(count: int) -> set[int]:
    """Return which of so many months are named: the first, the last and as many between as there is room for."""
    if count <= _MOST_LABELS:
        return set(range(count))
    return {round(at * (count - 1) / (_MOST_LABELS - 1)) for at in range(_MOST_LABELS)}
