"""Compare a department's form with its issued state: typed and unchanged inputs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import OF_NO_FORM, Entry
from kama_excel.domain.keys import Field, Slot
from kama_excel.domain.place import Place
from kama_excel.domain.text import name_key
from kama_excel.forms.snapshot import comparable_text, text_of_entry
from kama_excel.inbox.current_forms import Received

Age = tuple[Month, int]
"""Sort key of a department's forms, oldest first."""


@dataclass(frozen=True, slots=True, eq=False)
class ComparedForm:
    """One of a department's current forms."""

    age: Age
    former: str
    """The old name under which the department filled it in; '' for its current one."""
    made_for: Month | None
    prefilled: Mapping[Slot, str]
    inputs: Mapping[Slot, Place]
    filled: frozenset[Slot]
    """The non-blank inputs."""
    changed: Mapping[Slot, str]
    """The texts of inputs that differ from the issued form; '' for blank.

    Without pictures: those of older months are not read, and a month must give the same result later.
    """

    @classmethod
    def of(cls, received: Received) -> ComparedForm:
        """Compare a form with its issued state."""
        texts = dict.fromkeys(received.inputs, "")
        for entry in received.entries:
            if entry.source is received.source:  # else a separate photo
                texts[entry.slot] = text_of_entry(entry)
        unassigned_inputs = received.submission.unassigned_inputs
        filled = frozenset(
            slot for slot, text in texts.items() if text or received.inputs.get(slot) in unassigned_inputs
        )
        changed = {
            slot: text
            for slot, text in texts.items()
            if text != comparable_text(received.prefilled.get(slot, "")) and slot[1] is not Field.PICTURE
        }
        age = (received.month, received.order)
        name = name_key(received.submission.department)
        former = "" if name == name_key(received.department) else name
        return cls(age, former, received.submission.made_for, received.prefilled, received.inputs, filled, changed)

    def was_issued_with(self, entry: Entry) -> bool:
        """Return whether the form was issued with this value."""
        text = self.prefilled.get(entry.slot)
        return text is not None and comparable_text(text) == text_of_entry(entry)


def age_of(entry: Entry) -> Age:
    """Sort key: the age of an entry's form, oldest first."""
    return (entry.source.month, entry.source.order)


Forms = Mapping[Age, ComparedForm]
"""The current forms of a department by age, and an empty form for separate photos."""


def compared_forms(received: Sequence[Received]) -> Forms:
    """Compare a department's forms with their issued states."""
    forms = {form.age: form for form in map(ComparedForm.of, received)}
    beside = ((month, OF_NO_FORM) for month in {month for month, _ in forms})
    return {age: ComparedForm(age, "", None, {}, {}, frozenset(), {}) for age in beside} | forms


def typed_and_left(entries: Sequence[Entry], forms: Forms) -> tuple[list[Entry], list[Entry]]:
    """Separate typed values from unchanged prefilled ones; both oldest first."""
    typed: list[Entry] = []
    left: list[Entry] = []
    for entry in entries:
        is_left = forms[age_of(entry)].was_issued_with(entry) and not any(each.same_value(entry) for each in typed)
        (left if is_left else typed).append(entry)
    return typed, left


def is_written_on(older: ComparedForm, newer: ComparedForm, slot: Slot) -> bool | None:
    """Return whether the newer form continues the older one's file.

    True: it has everything else that was typed there. False: it has only other values, so each form is a half.
    None: unknown.
    """
    others, mine = (len(form.changed) - (slot in form.changed) for form in (older, newer))
    carried = _carried(older, newer)
    if not others or not mine or 0 < carried < others:
        return None
    return carried == others


@lru_cache(maxsize=64)
def _carried(older: ComparedForm, newer: ComparedForm) -> int:
    """Return how many inputs both forms changed to the same value.

    Cached, because it is used for thousands of inputs.
    """
    return sum(newer.changed.get(slot) == text for slot, text in older.changed.items())
