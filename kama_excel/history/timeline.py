"""Evaluate all months from the input folder: the trend, and the latest changes.

Nothing is stored between runs: a month's evaluation is the same today as in that month (rule 9 of
`docs/rules.md`).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import NamedTuple

from kama_excel.domain.calendar import Month
from kama_excel.domain.place import Place
from kama_excel.evaluation.evaluate import Evaluation, evaluate
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding_of
from kama_excel.forms import schema
from kama_excel.forms.content import form_keys
from kama_excel.inbox.current_forms import SUBMITTED, DepartmentStatus, Received, UnreadFile
from kama_excel.merge.merged import Merged, merge_months
from kama_excel.merge.picture_rules import identity, picture_finding
from kama_excel.merge.plan_mismatch import unknown_entry
from kama_excel.plan.model import Plan


class MonthState(NamedTuple):
    """The merged inputs of a month and their evaluation."""

    merged: Merged
    evaluation: Evaluation
    at_end: Mapping[Month, Merged]
    """The facts of the last months of ended actions."""

    @property
    def month(self) -> Month:
        """The month."""
        return self.evaluation.month


def history(
    plan: Plan, months: Sequence[Month], received: Sequence[Received], unread: Sequence[UnreadFile] = ()
) -> tuple[MonthState, ...]:
    """Evaluate each of the months from the forms received by then, oldest first.

    Inputs that were reported in the month before the newest and are blank or without a row in the newest are
    among the findings of the newest.
    """
    ends = {month: plan.ending_months(month) for month in sorted(months)}
    wanted = sorted({*ends, *(end for of_month in ends.values() for end in of_month)})
    merged = dict(zip(wanted, merge_months(plan, wanted, received, unread), strict=True))
    for before, after in [*pairwise(ends)][-1:]:  # only the newest month shows what was lost
        lost = (*cleared_inputs(merged[before], merged[after]), *removed_rows(merged[before], merged[after]))
        merged[after] = replace(merged[after], lost=lost)
    return tuple(_state(merged[month], {end: merged[end] for end in ends[month]}) for month in ends)


def _state(merged: Merged, at_end: Mapping[Month, Merged]) -> MonthState:
    return MonthState(merged, evaluate(merged.facts, (each.facts for each in at_end.values())), at_end)


_NOT_PLACED = frozenset(
    {
        Code.PICTURE_UNREADABLE,
        Code.PICTURE_TOO_LARGE,
        Code.PICTURE_OUTSIDE,
        Code.PICTURE_TOO_MANY,
        Code.PICTURE_COVERED,
        Code.PICTURE_EFFECT,
    }
)
"""The codes of pictures that are in a form but on no page."""


def cleared_inputs(before: Merged, after: Merged) -> Iterator[Finding]:
    """Report each value and picture of the earlier month that no later form has.

    Only rows that the form still has, readable values and no 訂正 are checked. A non-blank cell without an entry
    has its own finding.
    """
    yield from _cleared_values(before, after)
    yield from _cleared_pictures(before, after)


def _cleared_values(before: Merged, after: Merged) -> Iterator[Finding]:
    in_force, submitted = after.facts.plan.at(after.facts.month), _submitted(after)
    asked = {department: form_keys(in_force, department) for department in submitted}
    forms = [received for status in submitted.values() for received in status.received]
    filled = {entry.slot for form in forms for entry in form.entries}
    inputs = {slot: place for form in forms for slot, place in form.inputs.items()}
    unassigned_inputs = {place for form in forms for place in form.submission.unassigned_inputs}
    for entry in before.entries.values():
        was_reported = entry.reported is None and entry.value is not None and not entry.picture
        if was_reported and entry.key in asked.get(entry.department, ()) and entry.would_be_lost(filled):
            newest = submitted[entry.department].received[-1].submission.file
            place = inputs.get(entry.slot, Place(newest, entry.place.sheet))
            if place not in unassigned_inputs:
                yield finding_of(entry, Code.VALUE_CLEARED, other=entry.place)._replace(place=place)


def _cleared_pictures(before: Merged, after: Merged) -> Iterator[Finding]:
    """Report each picture that no form has now, unless its frame has a new one.

    Not if a department's forms have as many unplaced pictures, which have findings: they are assumed to be the
    same.
    """
    in_force, known = after.facts.plan.at(after.facts.month), set(map(identity, before.pictures))
    replaced = {each.key for each in after.pictures if identity(each) not in known}
    for department, status in _submitted(after).items():
        forms = status.received
        there = {identity(entry) for form in forms for entry in form.entries if entry.picture}
        mine = (each for each in before.pictures if each.department == department)
        removed = [each for each in mine if each.key not in replaced and identity(each) not in there]
        if not removed:
            continue
        missed = [each for each in removed if each.key in form_keys(in_force, department)]
        codes = [each.code for form in forms for each in form.submission.findings]
        if Code.FILE_FORMAT_PLAIN in codes or len(missed) <= sum(code in _NOT_PLACED for code in codes):
            continue
        sheet = Place(forms[-1].submission.file, schema.PICTURE_SHEET.name)
        for each in missed:
            frame = forms[-1].inputs.get(each.slot, sheet)
            yield picture_finding(Code.PICTURE_CLEARED, each, each.place, place=frame)


def _submitted(merged: Merged) -> dict[str, DepartmentStatus]:
    """Return the departments that sent a form in the month, by name."""
    return {status.department: status for status in merged.statuses if status.status == SUBMITTED}


def removed_rows(before: Merged, after: Merged) -> Iterator[Finding]:
    """Report each reported input whose row is no longer in the department's form.

    Entries of such a row in a current form count, or are reported at their cell.
    """
    plan, month = after.facts.plan, after.facts.month
    in_force = plan.at(month)
    filled = {entry.slot for status in after.statuses for form in status.received for entry in form.entries}
    for status in before.statuses:
        for received in status.received:
            for entry in received.entries:
                is_asked = entry.key in form_keys(in_force, received.department)
                if not is_asked and entry.slot not in filled:
                    each = unknown_entry(plan, month, entry, received.issued_rows)
                    if each.code in (Code.KEY_ENDED, Code.KEY_VANISHED, Code.KEY_OF_OTHER):
                        yield each
