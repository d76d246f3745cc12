"""Decide input by input which form's value counts, and report the others (`docs/manual/division.md`, section 2)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import Entry
from kama_excel.domain.keys import Slot
from kama_excel.domain.place import Place
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding_of, quoted
from kama_excel.forms.snapshot import comparable_text, entered_text
from kama_excel.inbox.current_forms import DepartmentStatus, Received
from kama_excel.merge.frame import Candidates

_NAMED = 3
"""How many of the other cells that contradict one are named."""


@dataclass(frozen=True, slots=True)
class Resolved:
    """Of a month's candidates, those that count, by slot and in their order."""

    entries: dict[Slot, Entry]
    findings: tuple[Finding, ...]
    superseded: frozenset[Place]
    """The cells that a newer form of the department replaces or has withdrawn."""


def resolve(candidates: Candidates, statuses: Sequence[DepartmentStatus]) -> Resolved:
    """Combine the current forms input by input: the newest value counts, older ones fill its blanks.

    A form that was issued with an older form's value answers it: a value typed in its place is no conflict,
    and where the cell is blank now the older value is withdrawn.
    """
    received = {status.department: status.received for status in statuses}
    forms: dict[str, list[_Form]] = {}
    findings: list[Finding] = []
    decided: list[Finding] = []
    entries = {entry.slot: entry for entry in candidates.single}
    superseded: set[Place] = set()
    for group in candidates.groups:
        department = group[0].department
        if department not in forms:
            forms[department] = [_Form.of(each) for each in received[department]]
        consistent, contradictions = _without_contradictions(group)
        findings += contradictions
        if not consistent:
            continue
        counts, of_others = resolve_input(consistent, forms[department])
        decided += of_others
        if counts is None:
            superseded |= {each.place for each in consistent}
        else:
            entries[counts.slot] = counts
            superseded |= {each.place for each in group if _age(each) < _age(counts)}
    in_order = dict(sorted(entries.items()))
    return Resolved(in_order, (*findings, *decided), frozenset(superseded))


def _without_contradictions(group: Sequence[Entry]) -> tuple[list[Entry], list[Finding]]:
    """Drop inputs that one form has twice with different values; of equal ones keep one."""
    by_form: dict[str, list[Entry]] = {}
    for each in group:
        by_form.setdefault(each.place.file, []).append(each)
    findings = [each for theirs in by_form.values() for each in _contradictions(theirs)]
    consistent = [theirs[0] for theirs in by_form.values() if all(each.same_value(theirs[0]) for each in theirs)]
    return consistent, findings


def _contradictions(group: Sequence[Entry]) -> Iterator[Finding]:
    """Yield a finding for each entry where values differ; a row may have been copied thousands of times."""
    count = Counter(entry.meaning for entry in group)
    if len(count) == 1:
        return
    firsts: list[Entry] = []  # enough of each meaning that the first others of every entry are among them
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


@dataclass(frozen=True, slots=True, eq=False)
class _Form:
    """One of a department's forms that count."""

    age: tuple[Month, int]
    made_for: Month | None
    prefilled: Mapping[Slot, str]
    inputs: Mapping[Slot, Place]
    filled: frozenset[Slot]
    """The inputs that are not blank."""
    changed: Mapping[Slot, str]
    """The texts of the inputs that differ from those that the form was issued with; '' for blank."""

    @classmethod
    def of(cls, received: Received) -> _Form:
        """Compare a form with what it was issued with."""
        texts = dict.fromkeys(received.inputs, "")
        for entry in received.entries:
            texts[entry.slot] = _text_of(entry)
        unassigned_inputs = received.submission.unassigned_inputs
        filled = frozenset(
            slot for slot, text in texts.items() if text or received.inputs.get(slot) in unassigned_inputs
        )
        changed = {
            slot: text for slot, text in texts.items() if text != comparable_text(received.prefilled.get(slot, ""))
        }
        age = (received.month, received.order)
        return cls(age, received.submission.made_for, received.prefilled, received.inputs, filled, changed)

    def was_issued_with(self, entry: Entry) -> bool:
        """Return whether the form was issued with just this value."""
        text = self.prefilled.get(entry.slot)
        return text is not None and comparable_text(text) == _text_of(entry)


def _text_of(entry: Entry) -> str:
    return comparable_text(entered_text(entry.typed if entry.value is None else entry.value))


def _age(entry: Entry) -> tuple[Month, int]:
    """Sort key: the age of the form that an entry came with, oldest first."""
    return (entry.source.month, entry.source.order)


def resolve_input(entries: Sequence[Entry], forms: Sequence[_Form]) -> tuple[Entry | None, list[Finding]]:
    """Return the entry of an input that counts, the newest that a person typed, and findings on the others.

    A prefilled value that was left unchanged yields to what is typed in any other form: of two sections that fill in a
    copy each, neither has checked the other's half. Where it equals the value of an older form of the month, it answers
    that form and counts as typed; so does one that was typed over in the same copy and set back. No entry counts where
    the value was withdrawn.
    """
    of = {form.age: form for form in forms}
    typed, left = _typed_and_left(entries, of)
    if typed:
        typed, left = _with_set_back(typed, left, of)
    *older, newest = typed or left
    emptied = _emptied(newest, entries, of)
    if emptied:
        place = emptied.inputs[newest.slot]
        cleared = replace(finding_of(newest, Code.VALUE_CLEARED, other=newest.place), place=place)
        return None, [cleared] if newest.would_be_lost(emptied.filled) else []
    return newest, [*_of_typed(older, newest, of), *(_of_left(left, newest, of) if typed else ())]


_Forms = Mapping[tuple[Month, int], _Form]


def _typed_and_left(entries: Sequence[Entry], forms: _Forms) -> tuple[list[Entry], list[Entry]]:
    """Part what a person typed from what a form was issued with and was left as it is; both oldest first."""
    typed: list[Entry] = []
    left: list[Entry] = []
    for entry in entries:
        is_left = forms[_age(entry)].was_issued_with(entry) and not any(each.same_value(entry) for each in typed)
        (left if is_left else typed).append(entry)
    return typed, left


def _with_set_back(typed: list[Entry], left: list[Entry], forms: _Forms) -> tuple[list[Entry], list[Entry]]:
    """Count a newest value that was set back to the prefilled one as typed, where the form continues the older copy."""
    written = typed[-1]
    for entry in reversed(left):
        is_newer = _age(entry) > _age(written) and not entry.same_value(written)
        if is_newer and _is_written_on(forms[_age(written)], forms[_age(entry)], entry.slot):
            return [*typed, entry], [each for each in left if each is not entry]
    return typed, left


def _is_written_on(older: _Form, newer: _Form, slot: Slot) -> bool | None:
    """Return whether the newer form continues the older one's file: it has everything else that was typed there.

    False: it has none of it but other values: each is a half. None: unknown.
    """
    others, mine = (len(form.changed) - (slot in form.changed) for form in (older, newer))
    carried = _carried(older, newer)
    if not others or not mine or 0 < carried < others:
        return None
    return carried == others


@lru_cache(maxsize=64)
def _carried(older: _Form, newer: _Form) -> int:
    """Return how many inputs both forms changed to the same; asked for each of thousands of inputs."""
    return sum(newer.changed.get(slot) == text for slot, text in older.changed.items())


def _emptied(newest: Entry, entries: Sequence[Entry], forms: _Forms) -> _Form | None:
    """Return the form that was issued with the value that counts and has it blank, after its last retyping.

    Another copy of the form that still has it prefilled does not restore it, whichever of the two is newer; the same
    copy with the value typed again does.
    """
    written = max((_age(each) for each in entries if not forms[_age(each)].was_issued_with(each)), default=None)
    slot = newest.slot
    for age, form in forms.items():
        if written is not None and age <= written:
            continue
        is_empty = slot in form.inputs and slot not in form.filled and form.was_issued_with(newest)
        if is_empty and not (age < _age(newest) and _is_written_on(form, forms[_age(newest)], slot)):
            return form
    return None


def _of_typed(older: Sequence[Entry], newest: Entry, forms: _Forms) -> Iterator[Finding]:
    """Name every older value that a person typed and that differs from the newest."""
    for at, entry in enumerate(older):
        if entry.value is None and newest.value is not None:
            yield finding_of(newest, Code.VALUE_MENDED, other=entry.place, old=entry.typed)
        elif not entry.same_value(newest):
            is_answered = _is_answered([*older[at:], newest], forms)
            yield _compared(Code.VALUE_REPLACED if is_answered else Code.VALUES_CONFLICT, entry, newest)


def _of_left(left: Sequence[Entry], newest: Entry, forms: _Forms) -> Iterator[Finding]:
    """Name every value that was left as it was printed and that differs from what was typed.

    Of a newer form it may have been set back, unless the two forms are two halves.
    """
    for entry in left:
        if not entry.same_value(newest):
            is_newer = _age(entry) > _age(newest)
            is_half = is_newer and _is_written_on(forms[_age(newest)], forms[_age(entry)], entry.slot) is False
            yield _compared(Code.VALUE_SET_BACK if is_newer and not is_half else Code.VALUE_LEFT, entry, newest)


def _compared(code: Code, entry: Entry, newest: Entry) -> Finding:
    """Return the finding that the newest value counts (or is unreadable) and an older entry does not."""
    taken = "は読み取れないため未報告とし" if newest.value is None else "を採用し"
    return finding_of(newest, code, other=entry.place, old=entry.typed, taken=taken)


def _is_answered(entries: Sequence[Entry], forms: _Forms) -> bool:
    """Return whether the newest entry was written with the first in sight, or is in a later month's form.

    A later form was issued with the first value, or with one that has replaced it since.
    """
    first, newest = entries[0], entries[-1]
    before, after = (forms[_age(each)].made_for for each in (first, newest))
    if before and after and before < after:
        return True
    known = [each for each in entries if each is first or not forms[_age(each)].was_issued_with(each)]
    return any(form.was_issued_with(each) for each in known for age, form in forms.items() if age > _age(each))
