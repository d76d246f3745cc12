"""Compare two months."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import Entry
from kama_excel.domain.keys import Field, Key, KeyKind, Slot
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.evaluate import Evaluation
from kama_excel.evaluation.rates import needs_less
from kama_excel.forms import schema
from kama_excel.history.plan_changes import PlanChange, plan_changes
from kama_excel.history.timeline import MonthState
from kama_excel.plan.rating import Method
from kama_excel.plan.rows import Decision, Indicator

_TEXTS = frozenset(column.heading for column in schema.WORDS_SHEET.inputs)

_COUNTING = {
    Method.TARGET: frozenset({Field.ACTUAL}),
    Method.PLAN_AVERAGE: frozenset({Field.DONE, Field.EXPECTED, Field.REMARK}),
    Method.ASSESSMENT: frozenset({Field.ASSESSMENT, Field.REASON}),
    Method.AUTOMATIC: frozenset[str](),
}

"""The headings that enter a method's rate."""


_METHOD, _SAME_WAY, _UNKNOWN, _REMARK, _OTHER_WAY = range(5)
"""The ranks of changed values as causes of a changed rate."""


class ValueChange(NamedTuple):
    """A reported value that differs from the month before; None is a missing value.

    `is_late` marks a value of a fiscal year that had ended before the month began.
    """

    action_no: int
    before: Entry | None
    after: Entry | None
    is_late: bool

    @property
    def entry(self) -> Entry:
        """The entry of either month for the input of the value."""
        entry = self.after or self.before
        assert entry is not None  # noqa: S101 -- one of the two is there
        return entry


class ActionChange(NamedTuple):
    """An action with a changed rate or grade, and the changed values in its rate.

    The likeliest cause is the first of `values`.
    """

    before: ActionEvaluation
    after: ActionEvaluation
    values: tuple[ValueChange, ...]
    plan: tuple[PlanChange, ...]

    @property
    def decision(self) -> Decision | None:
        """The decision that has come into force since; None if none has."""
        return self.after.decision if self.after.decision != self.before.decision else None

    @property
    def begun(self) -> tuple[int, ...]:
        """The fiscal years begun since: their 予定 must now be reported as 実施."""
        pairs = zip(self.before.years, self.after.years, strict=True)
        return tuple(year.fiscal_year for was, year in pairs if year.has_begun and not was.has_begun)


class Changes(NamedTuple):
    """The changes between two months."""

    month_before: Month
    values: tuple[ValueChange, ...]
    actions: tuple[ActionChange, ...]
    repeated: tuple[Entry, ...]
    """Texts that a form of this month repeats unchanged from the month before."""
    plan: tuple[PlanChange, ...]
    begun: tuple[ActionEvaluation, ...] = ()
    """The actions begun since, with their evaluation; includes resumed ones."""
    ended: tuple[ActionEvaluation, ...] = ()
    """The actions ended since, with the evaluation of their last month."""
    resumed: frozenset[int] = frozenset()
    """The numbers of the resumed actions: begun since, ended before."""

    def is_in_both(self, action_no: int) -> bool:
        """Return whether an action neither began nor ended.

        Values and rows of one that did are no changes.
        """
        return all(each.action.no != action_no for each in (*self.begun, *self.ended))


def changes(before: MonthState, after: MonthState) -> Changes:
    """Compare two months, the earlier one first."""
    old, new = before.merged.entries, after.merged.entries
    values = tuple(_value_changes(old, new, before, after))
    of_plan = tuple(plan_changes(after.evaluation.plan, before.merged, after.merged))
    repeated = tuple(
        entry
        for slot, entry in new.items()
        if entry.field in _TEXTS and entry.month == after.month and slot in old and old[slot].typed == entry.typed
    )
    actions = tuple(_action_changes(before.evaluation, after.evaluation, values, of_plan))
    there = before.evaluation.by_no
    in_force = [each for each in after.evaluation.actions if not each.is_ended]
    resumed = frozenset(no for each in in_force if (no := each.action.no) in there and there[no].is_ended)
    begun = tuple(each for each in after.evaluation.actions if each.action.no not in there or each.action.no in resumed)
    ended = tuple(
        each
        for each in after.evaluation.actions
        if each.is_ended and each.action.no in there and not there[each.action.no].is_ended
    )
    return Changes(before.month, values, actions, repeated, of_plan, begun, ended, resumed)


def _value_changes(
    old: Mapping[Slot, Entry], new: Mapping[Slot, Entry], before: MonthState, after: MonthState
) -> Iterator[ValueChange]:
    facts = (*before.merged.facts.tasks, *after.merged.facts.tasks)
    year_of = {fact.task.key: fact.task.fiscal_year for fact in facts}
    action_of = {key: _action_no(after, key) or _action_no(before, key) for key, _ in (*old, *new)}
    for slot in sorted(old.keys() | new.keys(), key=lambda slot: _slot_order(slot, action_of)):
        was, now = old.get(slot), new.get(slot)
        key, field = slot
        if field is Field.PICTURE or (was and was.compared) == (now and now.compared):
            continue
        is_late = field is Field.DONE and year_of.get(key, after.month.fiscal_year) < after.month.fiscal_year
        yield ValueChange(action_of[key], was, now, is_late)


def _slot_order(slot: Slot, action_of: Mapping[Key, int]) -> tuple[int, int, int, str, str]:
    """Sort key: by action, tasks before other rows, T-9 before T-10."""
    key, field = slot
    kinds = list(KeyKind)
    return (action_of[key], kinds.index(key.kind) if key.kind else len(kinds), len(key.number), key, field)


def _action_changes(
    before: Evaluation, after: Evaluation, values: Sequence[ValueChange], plan: Sequence[PlanChange]
) -> Iterator[ActionChange]:
    known = before.by_no
    for was, now in ((known[each.action.no], each) for each in after.actions if each.action.no in known):
        if (was.compared, was.grade) != (now.compared, now.grade):
            # If a decision changed the method, the values in the old method's rate had no effect.
            counting = _COUNTING[now.method] | (_COUNTING[was.method] if was.decision == now.decision else frozenset())
            no = now.action.no
            watched = {fact.indicator.key for each in (*was.watched, *now.watched) for fact in each.facts}
            mine = [
                each
                for each in values
                if each.action_no == no and each.entry.field in counting and each.entry.key not in watched
            ]
            yield ActionChange(was, now, _causes(was, now, mine), tuple(each for each in plan if each.action_no == no))


def _causes(was: ActionEvaluation, now: ActionEvaluation, values: Sequence[ValueChange]) -> tuple[ValueChange, ...]:
    """Return changed values, those first that explain the change of the rate.

    First an actual if the method changed, because 自動 follows it; then changes in the direction of the rate, those of
    unknown effect, a 備考 (it counts only through 対象外), and changes in the other direction. A 備考 is
    left out if a figure explains the change.
    """
    moved = _sign(was.compared, now.compared)

    def rank(each: ValueChange) -> int:
        field = each.entry.field
        if field is Field.REMARK:
            return _REMARK
        if field is Field.ACTUAL and was.method is not now.method:
            return _METHOD
        before, after = (entry and entry.number for entry in (each.before, each.after))
        way = _sign(before, after)
        if any(isinstance(row, Indicator) and needs_less(row) for row in now.plan.of_key(each.entry.key)):
            way = -way
        return _UNKNOWN if not way or not moved else _SAME_WAY if way == moved else _OTHER_WAY

    ranked = sorted(((rank(each), each) for each in values), key=lambda pair: pair[0])
    is_explained = bool(ranked) and ranked[0][0] < _REMARK
    return tuple(each for at, each in ranked if not (is_explained and at == _REMARK))


def _sign(before: Fraction | None, after: Fraction | None) -> int:
    """Return 1 for more, -1 for less, 0 for the same or a missing figure."""
    return 0 if before is None or after is None else (after > before) - (after < before)


def _action_no(state: MonthState, key: Key) -> int:
    """Return the action of a 管理番号 reported in a month; 0 if the month has none."""
    if key.action_no is not None:
        return key.action_no
    return next((row.action_no for row in state.evaluation.plan.of_key(key) if state.month in row.period), 0)
