"""The line of an action's rate by month: points in a drawing, and a text alternative."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from kama_excel.domain.calendar import month_short
from kama_excel.history.timeline import MonthState

WIDTH, HEIGHT = 320, 120
LEFT, RIGHT, TOP, BOTTOM = 54, 296, 22, 92
_MOST_LABELS = 6


class Point(NamedTuple):
    """A month with a rate: its point in the drawing and its label ('' for none)."""

    x: float
    y: float
    shown: str
    label: str


class TrendLine(NamedTuple):
    """The drawing. `runs` are consecutive points; a month without a rate separates them."""

    runs: tuple[tuple[Point, ...], ...]
    months: tuple[Point, ...]
    """The months with a label below the line."""
    text: str
    """All figures as text."""

    @property
    def paths(self) -> tuple[str, ...]:
        """The points of each run in SVG notation."""
        return tuple(" ".join(f"{point.x:g},{point.y:g}" for point in run) for run in self.runs)


def trend_line(no: int, states: Sequence[MonthState]) -> TrendLine | None:
    """Return the line of an action; None if fewer than two months have a rate.

    The drawing covers 0 to 100 %; a rate beyond is drawn at its edge.
    """
    evaluations = [state.evaluation.by_no.get(no) for state in states]
    rated = [at for at, each in enumerate(evaluations) if each is not None and each.adopted is not None]
    if len(rated) <= 1:
        return None
    first = rated[0]
    count = len(states) - first
    step = (RIGHT - LEFT) / max(count - 1, 1)
    runs: list[list[Point]] = [[]]
    months, texts = [], []
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
        texts.append(f"{state.month.label} {each.shown}")
    return TrendLine(tuple(tuple(run) for run in runs if run), tuple(months), "、".join(texts))


def _named(count: int) -> set[int]:
    """Return the months with a label: the first, the last and as many between as fit."""
    if count <= _MOST_LABELS:
        return set(range(count))
    return {round(at * (count - 1) / (_MOST_LABELS - 1)) for at in range(_MOST_LABELS)}
