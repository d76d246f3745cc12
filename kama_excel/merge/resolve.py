"""Decide by input which form's value counts, and report the others.

See `docs/manual/division.md`, section 2.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kama_excel.domain.entries import Entry
from kama_excel.domain.keys import Slot
from kama_excel.domain.place import Place
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding_of, quoted
from kama_excel.inbox.current_forms import DepartmentStatus
from kama_excel.merge.compared_form import ComparedForm, Forms, age_of, compared_forms, is_written_on, typed_and_left
from kama_excel.merge.frame import Candidates
from kama_excel.merge.picture_rules import assign_frames, picture_finding, superseded_picture

_NAMED = 3
"""Maximum number of contradicting cells in a finding."""


class Resolved(NamedTuple):
    """The candidates of a month that count, by slot in order."""

    entries: dict[Slot, Entry]
    findings: tuple[Finding, ...]
    superseded: frozenset[Place]
    """The cells that a newer form of the department replaces or has withdrawn."""


def resolve(candidates: Candidates, statuses: Sequence[DepartmentStatus]) -> Resolved:
    """Combine the current forms by input: the newest value counts, older ones fill blanks.

    A form that was issued with an older form's value answers it: a value typed over it is no conflict, and a
    blank cell withdraws the older value.
    """
    departments = {each.department for each in (*(group[0] for group in candidates.groups), *candidates.pictures)}
    forms = {each.department: compared_forms(each.received) for each in statuses if each.department in departments}
    pictures, of_moved = assign_frames(candidates.pictures, forms)
    findings: list[Finding] = []
    decided: list[Finding] = []
    entries = {entry.slot: entry for entry in candidates.single}
    superseded: set[Place] = set()
    for group in (*candidates.groups, *pictures):
        consistent, contradictions = _without_contradictions(group)
        findings += contradictions
        if not consistent:
            continue
        counts, of_others = resolve_input(consistent, forms[group[0].department])
        decided += of_others
        if counts is None:
            superseded |= {each.place for each in consistent}
        else:
            entries[counts.slot] = counts
            superseded |= {each.place for each in group if age_of(each) < age_of(counts)}
    in_order = dict(sorted(entries.items()))
    return Resolved(in_order, (*findings, *decided, *of_moved), frozenset(superseded))


def _without_contradictions(group: Sequence[Entry]) -> tuple[list[Entry], list[Finding]]:
    """Drop inputs that one form has twice with different values; of equal ones keep one."""
    by_form: dict[str, list[Entry]] = {}
    for each in group:
        by_form.setdefault(each.place.file, []).append(each)
    findings = [each for theirs in by_form.values() for each in _contradictions(theirs)]
    consistent = [theirs[0] for theirs in by_form.values() if all(each.same_value(theirs[0]) for each in theirs)]
    return consistent, findings


def _contradictions(group: Sequence[Entry]) -> Iterator[Finding]:
    """Yield a finding for each contradicting entry; a row may have thousands of copies."""
    count = Counter(entry.meaning for entry in group)
    if len(count) == 1:
        return
    firsts: list[Entry] = []  # enough entries of each meaning to include the first others of every entry
    heads: Counter[object] = Counter()
    for entry in group:
        if heads[entry.meaning] < _NAMED and len(firsts) < 2 * _NAMED:
            firsts.append(entry)
            heads[entry.meaning] += 1
    for entry in group:
        others = [each for each in firsts if each.meaning != entry.meaning][:_NAMED]
        words = [f"{_beside(each, entry)}の「{quoted(each.typed)}」" for each in others]
        more = len(group) - count[entry.meaning] - len(others)
        words += [f"ほか{more}件"] if more else []
        yield finding_of(entry, Code.FORM_KEY_TWICE, other="、".join(words))


def _beside(each: Entry, entry: Entry) -> str:
    return each.place.cell if each.place.sheet == entry.place.sheet else f"「{each.place.sheet}」{each.place.cell}"


def resolve_input(entries: Sequence[Entry], forms: Forms) -> tuple[Entry | None, list[Finding]]:
    """Return the current entry of an input, the newest typed one, and findings on others.

    An unchanged prefilled value yields to a typed value in any other form: if two sections fill in a copy each,
    neither has checked the other's half. If it equals the value of an older form of the month, it answers that
    form and counts as typed. So does a value that was typed over in the same copy and set back. No entry counts
    if the value was withdrawn.
    """
    typed, left = typed_and_left(entries, forms)
    if typed:
        typed, left = _with_set_back(typed, left, forms)
    *older, newest = typed or left
    emptied = _emptied(newest, entries, forms)
    if emptied:
        return None, [_cleared(newest, emptied.inputs[newest.slot])] if newest.would_be_lost(emptied.filled) else []
    return newest, [*_of_typed(older, newest, forms), *(_of_left(left, newest, forms) if typed else ())]


def _cleared(entry: Entry, place: Place) -> Finding:
    """Return the finding that a form's value or picture is now blank."""
    if entry.picture:
        return picture_finding(Code.PICTURE_WITHDRAWN, entry, entry.place, place=place)
    return finding_of(entry, Code.VALUE_CLEARED, other=entry.place)._replace(place=place)


def _with_set_back(typed: list[Entry], left: list[Entry], forms: Forms) -> tuple[list[Entry], list[Entry]]:
    """Treat a newest value set back to the prefilled one as typed.

    This applies if the form continues the older copy.
    """
    written = typed[-1]
    for entry in reversed(left):
        is_newer = age_of(entry) > age_of(written) and not entry.same_value(written)
        if is_newer and is_written_on(forms[age_of(written)], forms[age_of(entry)], entry.slot):
            return [*typed, entry], [each for each in left if each is not entry]
    return typed, left


def _emptied(newest: Entry, entries: Sequence[Entry], forms: Forms) -> ComparedForm | None:
    """Return the form that was issued with the value and has it blank since its last typing.

    Another copy of the form that still has it prefilled does not restore it, whichever is newer. The same copy
    with the value typed again does.
    """
    written = max((age_of(each) for each in entries if not forms[age_of(each)].was_issued_with(each)), default=None)
    slot = newest.slot
    for age, form in forms.items():
        if written is not None and age <= written:
            continue
        is_empty = slot in form.inputs and slot not in form.filled and form.was_issued_with(newest)
        if is_empty and not (age < age_of(newest) and is_written_on(form, forms[age_of(newest)], slot)):
            return form
    return None


def _of_typed(older: Sequence[Entry], newest: Entry, forms: Forms) -> Iterator[Finding]:
    """Report every older typed value that differs from the newest."""
    for at, entry in enumerate(older):
        if entry.value is None and newest.value is not None:
            yield finding_of(newest, Code.VALUE_MENDED, other=entry.place, old=entry.typed_text)
        elif not entry.same_value(newest):
            was, now = (forms[age_of(each)].former for each in (entry, newest))
            if was and now and was != now:
                code = Code.VALUES_OF_MERGED
            else:
                is_answered = _is_answered([*older[at:], newest], forms)
                code = Code.VALUE_REPLACED if is_answered else Code.VALUES_CONFLICT
            yield _compared(code, entry, newest)


def _of_left(left: Sequence[Entry], newest: Entry, forms: Forms) -> Iterator[Finding]:
    """Report every unchanged prefilled value that differs from the typed one.

    In a newer form it may have been set back, unless the two forms are two halves.
    """
    for entry in left:
        if not entry.same_value(newest):
            is_newer = age_of(entry) > age_of(newest)
            is_half = is_newer and is_written_on(forms[age_of(newest)], forms[age_of(entry)], entry.slot) is False
            yield _compared(Code.VALUE_SET_BACK if is_newer and not is_half else Code.VALUE_LEFT, entry, newest)


def _compared(code: Code, entry: Entry, newest: Entry) -> Finding:
    """Return the finding that the newest value replaces an older one, or is unreadable."""
    if entry.picture:
        return superseded_picture(code, entry, newest)
    taken = "は読み取れないため未報告とし" if newest.value is None else "を採用し"
    return finding_of(newest, code, other=entry.place, old=entry.typed_text, taken=taken)


def _is_answered(entries: Sequence[Entry], forms: Forms) -> bool:
    """Return whether the newest entry was typed with the first one visible.

    True also for a later month's form: it was issued with the first value, or with one that has replaced it
    since.
    """
    first, newest = entries[0], entries[-1]
    before, after = (forms[age_of(each)].made_for for each in (first, newest))
    if before and after and before < after:
        return True
    known = [each for each in entries if each is first or not forms[age_of(each)].was_issued_with(each)]
    return any(form.was_issued_with(each) for each in known for age, form in forms.items() if age > age_of(each))
