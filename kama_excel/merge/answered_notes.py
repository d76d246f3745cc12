"""Find the comments that a department has answered in a later month.

They are not asked about again.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kama_excel.domain.keys import Key, Slot, ValueKind
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding
from kama_excel.inbox.current_forms import DepartmentStatus, Received
from kama_excel.spreadsheets.cells import position

_Note = tuple[str, frozenset[Key], str]
"""A comment or text box: its sheet, the 管理番号 of its row, and its text."""


def answered_notes(statuses: Sequence[DepartmentStatus], received: Sequence[Received]) -> frozenset[Finding]:
    """Return the findings on comments in current forms that are answered.

    A comment is answered if a form of an earlier month had it in the same row, and a text of that row (備考, 根拠, 理由
    …) was filled in or changed since. One beside no row is answered by any such text of the form.
    """
    return frozenset(
        note
        for status in statuses
        for form in status.received
        for note in _notes(form)
        if _is_answered(note, form, [each for each in received if each.department == status.department])
    )


def _is_answered(note: Finding, form: Received, of_department: Sequence[Received]) -> bool:
    about = _note(note, form)
    before = [each for each in of_department if each.month < form.month]
    first = min(
        (each for each in before if about in {_note(other, each) for other in _notes(each)}),
        key=lambda each: (each.month, each.order),
        default=None,
    )
    if first is None:
        return False
    now, then = (_texts(each, about[1]) for each in (form, first))
    return any(then.get(slot) != text for slot, text in now.items())


def _notes(form: Received) -> Iterator[Finding]:
    return (each for each in form.submission.findings if each.code is Code.FORM_NOTE)


def _note(note: Finding, form: Received) -> _Note:
    """Return a key that is equal for the same comment in two forms, even if its row moved."""
    row = _row(note.place.cell)
    keys = {
        key
        for (key, _), place in form.inputs.items()
        if key.kind and place.sheet == note.place.sheet and _row(place.cell) == row
    }
    return note.place.sheet, frozenset(keys), note.value


def _row(cell: str) -> int | None:
    at = position(cell)
    return at[0] if at else None


def _texts(form: Received, keys: frozenset[Key]) -> dict[Slot, str]:
    """Return a form's texts in the rows of `keys`, or in all rows if that is empty."""
    return {
        entry.slot: entry.text
        for entry in form.entries
        if entry.key.kind and entry.field.kind is ValueKind.TEXT and entry.text and (not keys or entry.key in keys)
    }
