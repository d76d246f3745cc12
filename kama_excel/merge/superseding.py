"""Which form's value stands, cell by cell, and what is to be said of the others (`docs/manual/division.md`, section 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import pandas as pd

from kama_excel.findings import Code, Finding, Place
from kama_excel.fiscal import Month
from kama_excel.forms.ledger import entered_text
from kama_excel.merge.entries import EntryRow, form_rows, frame_of, without_contradictions
from kama_excel.merge.standing import DepartmentStatus, key_of_today
from kama_excel.plan import Plan
from kama_excel.values import folded


def merge_entries(
    plan: Plan, month: Month, statuses: Iterable[DepartmentStatus]
) -> tuple[pd.DataFrame, list[Finding], frozenset[Place]]:
    """Take the forms that stand together, cell by cell: the newest value counts, an older one fills what it left.

    A form that was sent out with an older form's value filled in answers it: what is written in its place is no conflict,
    and where the cell is blank now the older value is withdrawn.

    Returns the entries, what is to be said of them, and the cells that a newer form says anew.
    """
    findings: list[Finding] = []
    statuses = tuple(statuses)
    rows = form_rows(plan, month, statuses, findings)
    forms = {status.department: _forms(plan, status) for status in statuses}
    by_input: dict[tuple[str, str], list[EntryRow]] = {}
    for row in sorted(without_contradictions(rows, findings), key=lambda row: (row.key, row.item, row.order)):
        by_input.setdefault((row.key, row.item), []).append(row)
    stands: dict[tuple[str, str], EntryRow] = {}
    withdrawn: set[Place] = set()
    for place, theirs in by_input.items():
        winner, said = _settled(theirs, forms[theirs[0].department])
        findings += said
        if winner:
            stands[place] = winner
        else:
            withdrawn |= {row.place for row in theirs}
    anew = {place: row.order for place, row in stands.items()}
    gone = {row.place for row in rows if row.order < anew.get((row.key, row.item), 0)}
    return frame_of(stands.values()), findings, frozenset(gone | withdrawn)


@dataclass(frozen=True, slots=True)
class _Form:
    """One of a department's forms that stand, by 管理番号 (folded, of today) and heading."""

    made_for: Month | None
    filled_in: Mapping[tuple[str, str], str]
    """What it was sent out with."""
    inputs: Mapping[tuple[str, str], Place]
    typed: frozenset[tuple[str, str]]
    """The inputs that are not blank."""

    def was_sent_with(self, row: EntryRow) -> bool:
        """Whether the form was sent out with just what the row says."""
        text = entered_text(row.typed if row.value is None else row.value)
        return self.filled_in.get(row.input) == text


def _forms(plan: Plan, status: DepartmentStatus) -> list[_Form]:
    """Return a department's forms, oldest first."""

    def of_today(place: tuple[str, str]) -> tuple[str, str]:
        return (folded(key_of_today(plan, place[0])), place[1])

    return [
        _Form(
            each.submission.made_for,
            {of_today(place): text for place, text in each.submission.filled_in.items()},
            {of_today(place): where for place, where in each.submission.inputs.items()},
            frozenset(of_today((entry.key, entry.item)) for entry in each.submission.entries),
        )
        for each in status.received
    ]


def _settled(rows: Sequence[EntryRow], forms: Sequence[_Form]) -> tuple[EntryRow | None, list[Finding]]:
    """Return which of an input's rows counts, the newest that somebody typed, and what is to be said of the others.

    A value that a form went out with and that was left as it is gives way to what is typed in any other form: of two
    sections that fill in a copy each, neither has looked at the other's half. Where it is what an older form of the month
    says, it answers that form, and counts as typed. None counts where it was withdrawn.
    """
    typed, left = _typed_and_left(rows, forms)
    *older, newest = typed or left
    emptied = _emptied(newest, rows, forms)
    if emptied:
        where = emptied.inputs[newest.input]
        cleared = newest.find(Code.VALUE_CLEARED, key=newest.key, item=newest.item, other=newest.place)
        return None, [replace(cleared, place=where)] if newest.is_missed(emptied.typed) else []
    return newest, [*_of_typed(older, newest, forms), *(_of_left(left, newest) if typed else ())]


def _typed_and_left(rows: Sequence[EntryRow], forms: Sequence[_Form]) -> tuple[list[EntryRow], list[EntryRow]]:
    """Part what somebody typed from what a form went out with and was left as it is; both oldest first."""
    typed: list[EntryRow] = []
    left: list[EntryRow] = []
    for row in rows:
        is_left = forms[row.order].was_sent_with(row) and not any(each.says_the_same(row) for each in typed)
        (left if is_left else typed).append(row)
    return typed, left


def _emptied(newest: EntryRow, rows: Sequence[EntryRow], forms: Sequence[_Form]) -> _Form | None:
    """Return the form that was sent out with what counts and has it blank now, since anybody wrote it anew.

    That another copy of the form still has it printed does not bring it back, whichever of the two is the newer.
    """
    written = max((row.order for row in rows if not forms[row.order].was_sent_with(row)), default=-1)
    for form in forms[written + 1 :]:
        if newest.input in form.inputs and newest.input not in form.typed and form.was_sent_with(newest):
            return form
    return None


def _of_typed(older: Sequence[EntryRow], newest: EntryRow, forms: Sequence[_Form]) -> Iterator[Finding]:
    """Name every older value that somebody typed and that differs from the newest."""
    for at, row in enumerate(older):
        if row.value is None and newest.value is not None:
            yield newest.find(Code.VALUE_MENDED, other=row.place, old=row.typed)
        elif not row.says_the_same(newest):
            is_answered = _is_answered([*older[at:], newest], forms)
            code = Code.VALUE_REPLACED if is_answered else Code.VALUES_CONFLICT
            yield newest.find(code, other=row.place, old=row.typed)


def _of_left(left: Sequence[EntryRow], newest: EntryRow) -> Iterator[Finding]:
    """Name every value that was left as it was printed and that differs from what was typed."""
    for row in left:
        if not row.says_the_same(newest):
            yield newest.find(Code.VALUE_LEFT, other=row.place, old=row.typed)


def _is_answered(rows: Sequence[EntryRow], forms: Sequence[_Form]) -> bool:
    """Whether the newest of the rows was written by somebody who knew of the first, or is of a later month's form.

    A later form was sent out with what the first says, or with what was written over it since.
    """
    first, newest = rows[0], rows[-1]
    before, after = (forms[row.order].made_for for row in (first, newest))
    if before and after and before < after:
        return True
    said = [row for row in rows if row is first or not forms[row.order].was_sent_with(row)]
    return any(form.was_sent_with(row) for row in said for form in forms[row.order + 1 :])
