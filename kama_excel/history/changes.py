"""What changed between two months."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from kama_excel.domain.calendar import Month
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.evaluate import Evaluation
from kama_excel.forms import schema
from kama_excel.history.plan_changes import PlanChange, plan_changes
from kama_excel.history.timeline import MonthState
from kama_excel.merge.frame import EntryRow, rows_of
from kama_excel.plan.model import Decision
from kama_excel.plan.rating import Method

_TEXTS = frozenset(column.heading for column in schema.WORDS_SHEET.inputs)

_COUNTING = {
    Method.TARGET: frozenset({schema.ACTUAL}),
    Method.PLAN_AVERAGE: frozenset({schema.DONE, schema.EXPECTED, schema.REMARK}),
    Method.ASSESSMENT: frozenset({schema.ASSESSMENT, schema.REASON}),
    Method.AUTOMATIC: frozenset[str](),
}

"""The headings of what a method's rate is made of."""


@dataclass(frozen=True, slots=True)
class ValueChange:
    """A reported value that is not what it was the month before; None is a value that was not there.

    `is_late` marks a value of a fiscal year that had ended before the month began.
    """

    action_no: int
    before: EntryRow | None
    after: EntryRow | None
    is_late: bool

    @property
    def entry(self) -> EntryRow:
        """The entry of either month that says what the value is of."""
        entry = self.after or self.before
        assert entry is not None  # noqa: S101 -- one of the two is there
        return entry


@dataclass(frozen=True, slots=True)
class ActionChange:
    """An action whose adopted rate or grade is not what it was, and what of it changed that its rate is made of."""

    before: ActionEvaluation
    after: ActionEvaluation
    values: tuple[ValueChange, ...]
    plan: tuple[PlanChange, ...]

    @property
    def decision(self) -> Decision | None:
        """The decision that has come into force since, None where none has."""
        return self.after.decision if self.after.decision != self.before.decision else None

    @property
    def begun(self) -> tuple[int, ...]:
        """The fiscal years that have begun since: what was 予定 is awaited as 実施."""
        pairs = zip(self.before.years, self.after.years, strict=True)
        return tuple(year.fiscal_year for was, year in pairs if year.has_begun and not was.has_begun)


@dataclass(frozen=True, slots=True)
class Changes:
    """What changed between two months."""

    month_before: Month
    values: tuple[ValueChange, ...]
    actions: tuple[ActionChange, ...]
    repeated: tuple[EntryRow, ...]
    """Texts that a form of this month repeats word for word from the month before."""
    plan: tuple[PlanChange, ...]


def changes(before: MonthState, after: MonthState) -> Changes:
    """Compare two months, the earlier one first."""
    old, new = ({(row.key, row.item): row for row in rows_of(state.merged.entries)} for state in (before, after))
    values = tuple(_value_changes(old, new, before, after))
    of_plan = tuple(plan_changes(after.evaluation.plan, before.merged, after.merged))
    repeated = tuple(
        row
        for place, row in sorted(new.items())
        if row.item in _TEXTS and row.month == after.month and place in old and old[place].typed == row.typed
    )
    actions = tuple(_action_changes(before.evaluation, after.evaluation, values, of_plan))
    return Changes(before.month, values, actions, repeated, of_plan)


def _value_changes(
    old: dict[tuple[str, str], EntryRow], new: dict[tuple[str, str], EntryRow], before: MonthState, after: MonthState
) -> Iterator[ValueChange]:
    action_of = _actions(before) | _actions(after)
    facts = (*before.merged.facts.tasks, *after.merged.facts.tasks)
    year_of = {fact.task.key: fact.task.fiscal_year for fact in facts}
    for place in sorted(old.keys() | new.keys(), key=lambda place: _place_order(place, action_of)):
        was, now = old.get(place), new.get(place)
        if (was and was.value) == (now and now.value):
            continue
        key, item = place
        is_late = item == schema.DONE and year_of.get(key, after.month.fiscal_year) < after.month.fiscal_year
        yield ValueChange(action_of.get(key, 0), was, now, is_late)


def _place_order(place: tuple[str, str], action_of: dict[str, int]) -> tuple[int, str, int, str, str]:
    """Sort by action, then tasks before what else there is, T-9 before T-10."""
    key, item = place
    kind, _, no = key.partition("-")
    order = "TIAWP".find(kind)
    return (action_of.get(key, 0), str(order), len(no) if kind in ("T", "I") else 0, no, item)


def _action_changes(
    before: Evaluation, after: Evaluation, values: Sequence[ValueChange], plan: Sequence[PlanChange]
) -> Iterator[ActionChange]:
    known = {each.action.no: each for each in before.actions}
    for was, now in ((known[each.action.no], each) for each in after.actions if each.action.no in known):
        if (was.adopted, was.grade) != (now.adopted, now.grade):
            # Where a decision changed the method, what the old one's rate was made of did nothing.
            counting = _COUNTING[now.method] | (_COUNTING[was.method] if was.decision == now.decision else frozenset())
            no = now.action.no
            mine = tuple(each for each in values if each.action_no == no and each.entry.item in counting)
            figures = tuple(each for each in mine if each.entry.item != schema.REMARK)  # a 備考 counts by 対象外 alone
            yield ActionChange(was, now, figures or mine, tuple(each for each in plan if each.action_no == no))


def _actions(state: MonthState) -> dict[str, int]:
    """Return the action number of each 管理番号 that was reported."""
    merged = state.merged
    numbers = {fact.task.key: fact.task.action_no for fact in merged.facts.tasks}
    numbers |= {fact.indicator.key: fact.indicator.action_no for fact in merged.facts.indicators}
    for row in rows_of(merged.entries):
        if row.key not in numbers:
            numbers[row.key] = int(row.key.split("-")[1])
    return numbers
