"""Values that a department had reported and that are blank in what it sends now: nothing disappears without a word."""

from __future__ import annotations

from collections.abc import Iterator

from kama_excel.findings import Code, Finding, Place, finding
from kama_excel.forms import layout
from kama_excel.forms.layout import form_content
from kama_excel.merge.entries import rows_of
from kama_excel.merge.frames import Merged
from kama_excel.merge.standing import SUBMITTED, key_of_today
from kama_excel.values import folded


def cleared(before: Merged, after: Merged) -> Iterator[Finding]:
    """Yield a finding of each value that stood in the earlier month and is blank in a form of the later one.

    Only rows that the form still has count, what could be read, and no 訂正. A cell that says something which was not
    taken has its own finding.
    """
    plan, month = after.facts.plan, after.facts.month
    submitted = {status.department: status for status in after.statuses if status.status == SUBMITTED}
    asked: dict[str, set[str]] = {}
    typed: set[tuple[str, str]] = set()
    inputs: dict[tuple[str, str], Place] = {}
    for department, status in submitted.items():
        asked[department] = set(layout.keys(form_content(plan, month, department)))
        typed |= {
            (folded(key_of_today(plan, entry.key)), entry.item)
            for received in status.received
            for entry in received.submission.entries
        }
        inputs |= {
            (folded(key_of_today(plan, key)), item): place
            for received in status.received
            for (key, item), place in received.submission.inputs.items()
        }
    for row in rows_of(before.entries):
        was_reported = row.reported is None and row.value is not None
        if was_reported and row.key in asked.get(row.department, ()) and row.is_missed(typed):
            sheet = Place(submitted[row.department].received[-1].submission.file, row.sheet)
            place = inputs.get(row.input, sheet)
            details = {"key": row.key, "item": row.item, "other": row.place, "department": row.department}
            yield finding(Code.VALUE_CLEARED, place, value=row.typed, **details)
