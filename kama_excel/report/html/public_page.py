"""The content of the public page, in order. Rates are exact, 1 = 100 %."""

from __future__ import annotations

import io
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import BinaryIO, NamedTuple

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import Picture
from kama_excel.evaluation.action import ActionEvaluation, Status
from kama_excel.evaluation.evaluate import Evaluation
from kama_excel.evaluation.rates import shown_percent
from kama_excel.history.timeline import MonthState
from kama_excel.plan.model import Plan
from kama_excel.plan.rows import Action, Measure
from kama_excel.report.html.trend_line import TrendLine, trend_line
from kama_excel.report.month_report import CaptionedPicture, Narrative, Report
from kama_excel.report.public_report import PublicReport, departments_of, public_pictures, public_words
from kama_excel.report.wording import direction_of, method_change_text, target_text

_PNG = b"\x89PNG"

STATUS_NOTES = {
    Status.EXPECTED: "まだ確定していない値や、これからの年度の予定を含みます。",
    Status.MID_YEAR: "進行中の年度の、途中までの進み具合を含みます。",
    Status.PROVISIONAL: "必要な報告の一部がまだありません。",
    Status.WORSE: "基準となる値より悪くなっている指標があります。",
    Status.UNDECIDED: "算定方法を検討しています。決定により区分が変わることがあります。",
    Status.UNEVALUATED: "評価に使える数値がまだありません。",
    Status.NOT_EVALUATED: "評価の対象となる計画や指標がないため、評価していません。",
    Status.ENDED: "取り組みは終了しました。最後の月の評価を示しています。",
}
"""The meaning of each status for a citizen."""


class Photograph(NamedTuple):
    """A picture of an action: file below the page's folder, caption ('' if none).

    `alt` is the alternative text.
    """

    path: str
    caption: str
    alt: str
    picture: Picture

    def open(self) -> BinaryIO:
        """Return the picture's file."""
        return io.BytesIO(self.picture.content)


@dataclass(frozen=True)  # no slots: computed properties are cached
class ActionBlock:
    """One action as the page shows it."""

    evaluation: ActionEvaluation
    before: ActionEvaluation | None
    words: tuple[Narrative, ...]
    photographs: tuple[Photograph, ...]
    departments: tuple[str, ...]
    trend: TrendLine | None
    method_change: str
    """Which method replaces which since the month before; '' if none, or if it was decided."""

    @property
    def no(self) -> int:
        """The number of the action."""
        return self.evaluation.action.no

    @property
    def label(self) -> str:
        """The category: its grade, 未評価 or 終了."""
        return self.evaluation.category

    @cached_property
    def summary(self) -> str:
        """The first sentence of its 成果; its target if that is not written yet."""
        outcome = next((each.outcome for each in self.words if each.outcome), "")
        first = outcome.strip().partition("\n")[0].partition("。")
        if first[0]:
            return first[0] + first[1]
        return f"目標: {self.target}" if self.target else ""

    @property
    def target(self) -> str:
        """Its 目標(値) in words, else the targets of its indicators."""
        return target_text(self.evaluation)

    @property
    def average_sum(self) -> str:
        """The calculation of 3カ年平均: 「(75.0 + 97.5) ÷ 2」; '' for a single year.

        Only years with a value.
        """
        bands, years = self.evaluation.bands, self.evaluation.years
        shown = [shown_percent(year.progress, bands).rstrip("%") for year in years if year.progress is not None]
        return f"({' + '.join(shown)}) ÷ {len(shown)}" if len(shown) > 1 else ""


@dataclass(frozen=True, slots=True)
class Count:
    """The number of actions of a grade; `at` is its rank, best first."""

    name: str
    at: int
    count: int
    range: str
    """The range of its rates: 90%以上100%未満; '' if it is no grade."""
    mark: str = ""
    """The plan's own symbol of the grade (◎), unless the name has it already."""


class CountRow(NamedTuple):
    """The counts of a theme, a measure or a month."""

    name: str
    counts: tuple[Count, ...]
    total: int
    points: str = ""
    """The mean of the grades' points; '' in a plan without points."""
    is_measure: bool = False


@dataclass(frozen=True)  # no slots: computed properties are cached
class PublicPage:
    """The whole page."""

    source: PublicReport

    @property
    def report(self) -> Report:
        """The public part of the report."""
        return self.source.report

    @property
    def plan(self) -> Plan:
        """The public part of the plan."""
        return self.report.plan

    @property
    def evaluation(self) -> Evaluation:
        """The month's evaluation."""
        return self.report.evaluation

    @property
    def before(self) -> MonthState | None:
        """The month before; None if there is none."""
        return self.report.states[-2] if len(self.report.states) > 1 else None

    @cached_property
    def counts(self) -> tuple[Count, ...]:
        """All grades with their counts, then the other categories."""
        return _counts(self.evaluation, self.evaluation.actions)

    @property
    def points(self) -> str:
        """The mean of the points of all actions; '' in a plan without points."""
        return points_text(self.evaluation, self.evaluation.actions)

    @cached_property
    def tables(self) -> tuple[CountRow, ...]:
        """The counts by theme, each followed by its measures."""
        return tuple(_by_theme(self.evaluation))

    @cached_property
    def months(self) -> tuple[CountRow, ...]:
        """The counts of each month, newest first."""
        return tuple(_count_row(state.month.label, state.evaluation) for state in reversed(self.report.states))

    @cached_property
    def actions(self) -> tuple[ActionBlock, ...]:
        """The actions by number."""
        words, pictures = public_words(self.report), public_pictures(self.report)
        changes = self.report.changes.actions if self.report.changes else ()
        methods = {each.after.action.no: method_change_text(each) for each in changes}
        old = self.before.evaluation.by_no if self.before else {}
        return tuple(
            ActionBlock(
                each,
                old.get(each.action.no),
                words[each.action.no],
                tuple(_photographs(each.action, pictures[each.action.no])),
                departments_of(each),
                trend_line(each.action.no, self.report.states),
                methods.get(each.action.no, ""),
            )
            for each in self.evaluation.actions
        )

    @cached_property
    def changed(self) -> tuple[tuple[str, tuple[ActionBlock, ...]], ...]:
        """Changes since last month: a title, and actions with a better, worse or first grade."""
        blocks = {each.no: each for each in self.actions}
        changes = self.report.changes.actions if self.report.changes else ()
        moved = [
            (blocks[each.after.action.no], direction_of(each)) for each in changes if each.after.action.no in blocks
        ]
        begun = [
            block
            for block, _ in moved
            if block.before and block.before.grade is None and block.evaluation.grade is not None
        ]
        risen = tuple(block for block, direction in moved if direction > 0)
        fallen = tuple(block for block, direction in moved if direction < 0)
        changed = (("区分が上がった取り組み", risen), ("区分が下がった取り組み", fallen))
        return (*changed, ("新たに評価した取り組み", tuple(begun))) if begun else changed

    @property
    def departments(self) -> tuple[str, ...]:
        """The departments of the actions, in the plan's order."""
        used = {name for each in self.actions for name in each.departments}
        return tuple(each.name for each in self.plan.departments if each.name in used)

    @property
    def statuses(self) -> tuple[tuple[str, str], ...]:
        """The meaning of each status that occurs on the page."""
        shown = {status for each in self.evaluation.actions for status in each.status}
        return tuple((status.value, STATUS_NOTES[status]) for status in STATUS_NOTES if status in shown)

    @property
    def progress_note(self) -> str:
        """The elapsed time of the plan: 「計画は令和9年3月までの3年間で、23か月目です。」."""
        first, last, month = Month(self.plan.first_year, 4), self.plan.last_month, self.report.month
        years = self.plan.last_year - self.plan.first_year + 1
        if month > last:
            return f"計画は{last.label}までの{years}年間でした。"
        at = (month.year - first.year) * 12 + month.month - first.month + 1
        return (
            f"計画は{last.label}までの{years}年間で、{at}か月目です。"
            if at > 0
            else f"計画は{first.label}からの{years}年間です。"
        )


def _photographs(action: Action, placed: Iterable[CaptionedPicture]) -> Iterator[Photograph]:
    """Yield an action's pictures with descriptive file names."""
    for at, each in enumerate(placed, start=1):
        picture = each.picture
        suffix = "png" if picture.content.startswith(_PNG) else "jpg"
        path = f"pictures/action-{action.no}-{at}.{suffix}"
        alt = each.caption or f"{action.name}の写真（{at}枚目）"
        yield Photograph(path, each.caption, alt, picture)


def _counts(evaluation: Evaluation, actions: Iterable[ActionEvaluation]) -> tuple[Count, ...]:
    ranges = grade_ranges(evaluation.plan)
    marks = {band.name: band.mark for band in evaluation.plan.bands.bands if band.mark != band.name}
    counted = evaluation.count(actions).items()
    return tuple(
        Count(name, at, count, ranges.get(name, ""), marks.get(name, "")) for at, (name, count) in enumerate(counted)
    )


def grade_ranges(plan: Plan) -> dict[str, str]:
    """Return the range of rates by grade: 100%以上, 90%以上100%未満, 60%未満."""
    ranges: dict[str, str] = {}
    above = ""
    bands = plan.bands.bands
    for band in bands:
        lower = band.lower_text
        from_here = "" if band is bands[-1] and above else f"{lower}以上"
        ranges[band.name] = from_here + (f"{above}未満" if above else "")
        above = lower
    return ranges


def _count_row(
    name: str, evaluation: Evaluation, actions: Sequence[ActionEvaluation] | None = None, *, is_measure: bool = False
) -> CountRow:
    mine = evaluation.actions if actions is None else actions
    return CountRow(name, _counts(evaluation, mine), len(mine), points_text(evaluation, mine), is_measure)


def points_text(evaluation: Evaluation, actions: Sequence[ActionEvaluation]) -> str:
    """Return the mean points of actions: 3.33, 「－」 if there are none.

    '' in a plan without points.
    """
    if not evaluation.plan.bands.has_points:
        return ""
    mean = evaluation.points(actions)
    return "－" if mean is None else f"{float(mean):.2f}"


def _by_theme(evaluation: Evaluation) -> Iterable[CountRow]:
    plan = evaluation.plan
    for theme in plan.themes:
        measures = [each for each in plan.measures if each.theme == theme]
        mine = _of(evaluation, measures)
        if not mine:
            continue
        yield _count_row(theme, evaluation, mine)
        for measure in measures:
            if of_measure := _of(evaluation, [measure]):
                yield _count_row(measure.name, evaluation, of_measure, is_measure=True)


def _of(evaluation: Evaluation, measures: Sequence[Measure]) -> list[ActionEvaluation]:
    numbers = {measure.no for measure in measures}
    return [each for each in evaluation.actions if each.action.measure_no in numbers]
