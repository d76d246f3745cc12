"""Which form's value stands, cell by cell, and what is to be said of the others (`docs/manual/division.md`, section 2)."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

import pandas as pd

from kama_excel.domain.calendar import Month
from kama_excel.domain.place import Place
from kama_excel.domain.text import folded
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding
from kama_excel.forms.snapshot import entered_text
from kama_excel.inbox.current_forms import DepartmentStatus, key_of_today
from kama_excel.merge.frame import EntryRow, form_rows, frame_of, without_contradictions
from kama_excel.plan.model import Plan


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


@dataclass(frozen=True, slots=True, eq=False)
class _Form:
    """One of a department's forms that stand, by 管理番号 (folded, of today) and heading."""

    made_for: Month | None
    filled_in: Mapping[tuple[str, str], str]
    """What it was sent out with."""
    inputs: Mapping[tuple[str, str], Place]
    typed: frozenset[tuple[str, str]]
    """The inputs that are not blank."""
    changed: Mapping[tuple[str, str], str]
    """What the inputs say, '' for blank, that do not say what it was sent out with."""

    def was_sent_with(self, row: EntryRow) -> bool:
        """Whether the form was sent out with just what the row says."""
        text = entered_text(row.typed if row.value is None else row.value)
        return self.filled_in.get(row.input) == text


def _forms(plan: Plan, status: DepartmentStatus) -> list[_Form]:
    """Return a department's forms, oldest first."""

    def of_today(place: tuple[str, str]) -> tuple[str, str]:
        return (folded(key_of_today(plan, place[0])), place[1])

    forms = []
    for each in status.received:
        filled_in = {of_today(place): text for place, text in each.submission.filled_in.items()}
        inputs = {of_today(place): where for place, where in each.submission.inputs.items()}
        says = dict.fromkeys(inputs, "")
        for entry in each.submission.entries:
            says[of_today((entry.key, entry.item))] = entered_text(entry.typed if entry.value is None else entry.value)
        of_no_row = each.submission.of_no_row
        typed = frozenset(place for place, text in says.items() if text or inputs.get(place) in of_no_row)
        changed = {place: text for place, text in says.items() if text != filled_in.get(place, "")}
        forms.append(_Form(each.submission.made_for, filled_in, inputs, typed, changed))
    return forms


def _settled(rows: Sequence[EntryRow], forms: Sequence[_Form]) -> tuple[EntryRow | None, list[Finding]]:
    """Return which of an input's rows counts, the newest that somebody typed, and what is to be said of the others.

    A value that a form went out with and that was left as it is gives way to what is typed in any other form: of two
    sections that fill in a copy each, neither has looked at the other's half. Where it is what an older form of the month
    says, it answers that form, and counts as typed; so it does where it was typed over in the same copy and set back.
    None counts where it was withdrawn.
    """
    typed, left = _typed_and_left(rows, forms)
    if typed:
        typed, left = _with_set_back(typed, left, forms)
    *older, newest = typed or left
    emptied = _emptied(newest, rows, forms)
    if emptied:
        where = emptied.inputs[newest.input]
        cleared = newest.find(Code.VALUE_CLEARED, key=newest.key, item=newest.item, other=newest.place)
        return None, [replace(cleared, place=where)] if newest.is_missed(emptied.typed) else []
    return newest, [*_of_typed(older, newest, forms), *(_of_left(left, newest, forms) if typed else ())]


def _typed_and_left(rows: Sequence[EntryRow], forms: Sequence[_Form]) -> tuple[list[EntryRow], list[EntryRow]]:
    """Part what somebody typed from what a form went out with and was left as it is; both oldest first."""
    typed: list[EntryRow] = []
    left: list[EntryRow] = []
    for row in rows:
        is_left = forms[row.order].was_sent_with(row) and not any(each.says_the_same(row) for each in typed)
        (left if is_left else typed).append(row)
    return typed, left


def _with_set_back(
    typed: list[EntryRow], left: list[EntryRow], forms: Sequence[_Form]
) -> tuple[list[EntryRow], list[EntryRow]]:
    """Count the newest value as typed that was set back to what was printed: where the older copy was written on."""
    written = typed[-1]
    for row in reversed(left):
        is_newer = row.order > written.order and not row.says_the_same(written)
        if is_newer and _is_written_on(forms[written.order], forms[row.order], row.input):
            return [*typed, row], [each for each in left if each is not row]
    return typed, left


def _is_written_on(older: _Form, newer: _Form, place: tuple[str, str]) -> bool | None:
    """Whether the newer form is the older one's file, written on: it has all that was typed there in other inputs.

    False: it has nothing of it, and other things: each is a half. None: it cannot be told.
    """
    others, mine = (len(form.changed) - (place in form.changed) for form in (older, newer))
    carried = _carried(older, newer)
    if not others or not mine or 0 < carried < others:
        return None
    return carried == others


@lru_cache(maxsize=64)
def _carried(older: _Form, newer: _Form) -> int:
    """Return how many inputs both forms changed to the same; asked for each of thousands of inputs."""
    return sum(newer.changed.get(place) == text for place, text in older.changed.items())


def _emptied(newest: EntryRow, rows: Sequence[EntryRow], forms: Sequence[_Form]) -> _Form | None:
    """Return the form that was sent out with what counts and has it blank now, since anybody wrote it anew.

    That another copy of the form still has it printed does not bring it back, whichever of the two is the newer; that
    the same copy has it again does.
    """
    written = max((row.order for row in rows if not forms[row.order].was_sent_with(row)), default=-1)
    place = newest.input
    for order, form in enumerate(forms[written + 1 :], written + 1):
        is_empty = place in form.inputs and place not in form.typed and form.was_sent_with(newest)
        if is_empty and not (order < newest.order and _is_written_on(form, forms[newest.order], place)):
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
            yield _beside(code, row, newest)


def _of_left(left: Sequence[EntryRow], newest: EntryRow, forms: Sequence[_Form]) -> Iterator[Finding]:
    """Name every value that was left as it was printed and that differs from what was typed.

    Of a newer form it may have been set back, unless the two forms are two halves.
    """
    for row in left:
        if not row.says_the_same(newest):
            is_newer = row.order > newest.order
            is_half = is_newer and _is_written_on(forms[newest.order], forms[row.order], row.input) is False
            code = Code.VALUE_SET_BACK if is_newer and not is_half else Code.VALUE_LEFT
            yield _beside(code, row, newest)


def _beside(code: Code, row: EntryRow, newest: EntryRow) -> Finding:
    """Say that the newest value counts, or that it cannot be read, and that a row's does not."""
    taken = "は読み取れないため未報告とし" if newest.value is None else "を採用し"
    return newest.find(code, other=row.place, old=row.typed, taken=taken)


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
