"""What a department had reported and what it sends now has no more, values and pictures: nothing disappears without a word."""

from __future__ import annotations

import itertools
from collections.abc import Iterator

from kama_excel.domain.entries import Picture
from kama_excel.domain.place import Place
from kama_excel.domain.text import folded
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding
from kama_excel.forms import schema
from kama_excel.forms.content import form_content
from kama_excel.forms.content import keys as content_keys
from kama_excel.forms.submission import Submission
from kama_excel.inbox.current_forms import SUBMITTED, DepartmentStatus, key_of_today
from kama_excel.merge.frame import rows_of
from kama_excel.merge.merged import Merged
from kama_excel.merge.pictures import PlacedPicture
from kama_excel.plan.model import Plan

_NOT_PLACED = frozenset({Code.PICTURE_UNREADABLE, Code.PICTURE_OUTSIDE, Code.PICTURE_TOO_MANY})
"""What is said of pictures that are in a form and on no page."""


def cleared(before: Merged, after: Merged) -> Iterator[Finding]:
    """Yield a finding of each value and each picture that stood in the earlier month and not in a form of the later one.

    Only rows that the form still has count, what could be read, and no 訂正. A cell that says something which was not
    taken has its own finding.
    """
    yield from _cleared_values(before, after)
    yield from _cleared_pictures(before, after)


def _cleared_values(before: Merged, after: Merged) -> Iterator[Finding]:
    plan, month, submitted = after.facts.plan, after.facts.month, _submitted(after)
    asked: dict[str, set[str]] = {}
    typed: set[tuple[str, str]] = set()
    inputs: dict[tuple[str, str], Place] = {}
    not_blank: set[Place] = set()
    for department, status in submitted.items():
        asked[department] = set(content_keys(form_content(plan, month, department)))
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
        not_blank |= {place for received in status.received for place in received.submission.of_no_row}
    for row in rows_of(before.entries):
        was_reported = row.reported is None and row.value is not None
        if was_reported and row.key in asked.get(row.department, ()) and row.is_missed(typed):
            sheet = Place(submitted[row.department].received[-1].submission.file, row.sheet)
            place = inputs.get(row.input, sheet)
            if place in not_blank:
                continue
            details = {"key": row.key, "item": row.item, "other": row.place, "department": row.department}
            yield finding(Code.VALUE_CLEARED, place, value=row.typed, **details)


def _cleared_pictures(before: Merged, after: Merged) -> Iterator[Finding]:
    """Yield a finding of each picture that no form has now, unless there is a new one in its frame.

    Where a department's forms have as many that could not be placed, and say so, it is these.
    """
    plan, month = after.facts.plan, after.facts.month
    stood = {_same(each.picture) for each in before.pictures}
    replaced = {each.key for each in after.pictures if _same(each.picture) not in stood}
    for department, status in _submitted(after).items():
        forms = [received.submission for received in status.received]
        there = {_same(picture) for form in forms for picture in form.pictures}
        stood_here = (each for each in before.pictures if each.department == department)
        gone = [each for each in stood_here if each.key not in replaced and _same(each.picture) not in there]
        if not gone:
            continue
        asked = set(content_keys(form_content(plan, month, department)))
        missed = [each for each in gone if each.key in asked]
        said = [each.code for form in forms for each in form.findings]
        if Code.FILE_FORMAT_PLAIN in said or len(missed) <= sum(code in _NOT_PLACED for code in said):
            continue
        for each in missed:
            details = {"action": each.picture.action_no, "other": each.picture.place, "department": department}
            yield finding(Code.PICTURE_CLEARED, _place_of_frame(plan, forms[-1], each), **details)


def _place_of_frame(plan: Plan, form: Submission, placed: PlacedPicture) -> Place:
    """Return where a picture's frame stands in a form: as it was sent out, else beside its 説明, else the sheet."""
    action_no, number = placed.picture.action_no, placed.picture.number
    sent = (each.place for each in form.sent_pictures if (each.action_no, each.number) == (action_no, number))
    beside = (
        place
        for (key, item), place in form.inputs.items()
        if item == schema.CAPTION and folded(key_of_today(plan, key)) == folded(placed.key)
    )
    return next(itertools.chain(sent, beside), Place(form.file, schema.PICTURE_SHEET.name))


def _submitted(merged: Merged) -> dict[str, DepartmentStatus]:
    """Return the departments that sent a form in the month, by name."""
    return {status.department: status for status in merged.statuses if status.status == SUBMITTED}


def _same(picture: Picture) -> tuple[int, bytes]:
    """Return what pictures have in common that are one: the action and the bytes."""
    return picture.action_no, picture.content
