"""The months in a row, evaluated anew from the input folder: the trend, and what changed since the month before.

Nothing is stored between runs: a month's evaluation today is what it was then (`docs/rules.md`, rule 9).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace

from kama_excel.domain.calendar import Month
from kama_excel.evaluation.evaluate import Evaluation, evaluate
from kama_excel.history.cleared import cleared
from kama_excel.inbox.current_forms import Received
from kama_excel.merge.merged import Merged, merge
from kama_excel.merge.plan_mismatch import gone
from kama_excel.plan.model import Plan


@dataclass(frozen=True)
class MonthState:
    """What stood in a month and what it came to."""

    merged: Merged
    evaluation: Evaluation
    at_end: Mapping[Month, Merged] = field(default_factory=dict)
    """What stood in the last months of the actions that have ended."""

    @property
    def month(self) -> Month:
        """The month."""
        return self.evaluation.month


def history(plan: Plan, months: Sequence[Month], received: Sequence[Received]) -> tuple[MonthState, ...]:
    """Evaluate each of the months from what had been received by then, oldest first.

    What a department reported in one of them and left blank in the next, or what the next has no row for, is among the
    next one's findings.
    """
    states: list[MonthState] = []
    known: dict[Month, Merged] = {}
    for month in sorted(months):
        merged = merge(plan, month, received)
        if states:
            before = states[-1].merged
            lost = (*cleared(before, merged), *gone(plan, month, before.statuses, merged.statuses))
            merged = replace(merged, findings=(*merged.findings, *lost))
        known[month] = merged
        for last in plan.ending_months(month):
            if last not in known:
                known[last] = merge(plan, last, received)
        at_end = {last: known[last] for last in plan.ending_months(month)}
        evaluation = evaluate(merged.facts, (each.facts for each in at_end.values()))
        states.append(MonthState(merged, evaluation, at_end))
    return tuple(states)
