"""All entries of all months in one frame, and the selection of those that may count.

The frame's values are whole numbers, categories and booleans; a row's number leads to its Entry. pandas joins,
sorts and groups; it never sees a rate.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import NamedTuple

import pandas as pd

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import OF_NO_FORM, Entry
from kama_excel.domain.keys import Field, Key, KeyKind, Slot
from kama_excel.forms import schema
from kama_excel.forms.content import form_keys
from kama_excel.inbox.current_forms import DepartmentStatus, Received
from kama_excel.plan.model import Plan

_FIELDS: dict[KeyKind | None, frozenset[Field]] = {
    None: frozenset(),
    **{kind: frozenset(form_sheet.fields) for kind, form_sheet in schema.SHEETS.items()},
}
_FIELDS[KeyKind.PICTURE] |= {Field.PICTURE}
"""The fields of each kind of row; a text that is no 管理番号 has none."""

Statuses = Mapping[Month, Sequence[DepartmentStatus]]


class AllEntries(NamedTuple):
    """Every entry of every form, and the frame that indexes them.

    `frame` has a row per entry: `form` (its number in `received`), `order` (of the form among those of its
    department and month), `key`, `field`, and `is_input` (whether rows of this kind have the field).
    """

    entries: tuple[Entry, ...]
    received: tuple[Received, ...]
    forms: Mapping[int, int]
    """A form's number, by the identity of the Received object."""
    frame: pd.DataFrame

    @classmethod
    def of(cls, received: Sequence[Received]) -> AllEntries:
        """Build the frame of the received forms."""
        entries = tuple(entry for form in received for entry in form.entries)
        columns = {
            "form": pd.Series([at for at, form in enumerate(received) for _ in form.entries], dtype="int64"),
            "order": pd.Series([entry.source.order for entry in entries], dtype="int64"),
            "key": pd.Series([str(entry.key) for entry in entries], dtype="category"),
            "field": pd.Series([str(entry.field) for entry in entries], dtype="category"),
            "is_input": pd.Series([entry.field in _FIELDS[entry.key.kind] for entry in entries], dtype="bool"),
        }
        numbers = {id(form): number for number, form in enumerate(received)}
        return cls(entries, tuple(received), numbers, pd.DataFrame(columns))

    def of_slot(self, slot: Slot) -> list[Entry]:
        """Return the entries of an input in all forms, in order of receipt."""
        is_of_it = (self.frame["key"] == slot[0]) & (self.frame["field"] == slot[1])
        return [self.entries[number] for number in self.frame.index[is_of_it]]


class Candidates(NamedTuple):
    """The entries of the forms that count in a month."""

    single: tuple[Entry, ...]
    """Entries with a single cell, in forms of departments with no other current form."""
    groups: tuple[tuple[Entry, ...], ...]
    """The entries to resolve, by input, oldest first.

    They are in several cells of a form, or in one of several forms.
    """
    pictures: tuple[Entry, ...]
    """The pictures, which must be resolved too: one may have moved to another input."""
    unknown: tuple[Entry, ...]
    """Entries without a row or an input in the department's form of the month, by form."""


def candidates(plan: Plan, statuses: Statuses, everything: AllEntries) -> dict[Month, Candidates]:
    """Find the entries of each month's current forms that match the plan's rows."""
    current = pd.DataFrame(
        [
            (at, everything.forms[id(form)], _number(form.month), len(status.received) > 1)
            for at, of_month in enumerate(statuses.values())
            for status in of_month
            for form in status.received
        ],
        columns=["at", "form", "month", "has_others"],
    ).astype({"at": "int64", "form": "int64", "month": "int64", "has_others": "bool"})
    frame = everything.frame.reset_index(names="entry")
    rows = current.merge(frame, on="form", validate="many_to_many")
    asked = _asked(plan, statuses, everything)
    places = zip(rows["at"].tolist(), rows["form"].tolist(), rows["key"].tolist(), strict=True)
    is_asked = pd.Series([key in asked[at, form] for at, form, key in places], dtype="bool")
    is_known = (is_asked | (rows["order"] == OF_NO_FORM)) & rows["is_input"]
    known = rows[is_known].sort_values(["at", "key", "field", "month", "order"], kind="stable")
    slot = ["at", "key", "field"]
    is_picture = known["field"] == Field.PICTURE
    is_group = (known.duplicated(slot, keep=False) | known["has_others"]) & ~is_picture
    parts = (known[~is_group & ~is_picture], known[is_group], known[is_picture], rows[~is_known])
    single, grouped, pictures, unknown = (_by_month(part, everything) for part in parts)
    return {
        month: Candidates(tuple(single[at]), tuple(_groups(grouped[at])), tuple(pictures[at]), tuple(unknown[at]))
        for at, month in enumerate(statuses)
    }


def _asked(plan: Plan, statuses: Statuses, everything: AllEntries) -> dict[tuple[int, int], frozenset[Key]]:
    """Return the rows that the months' forms ask for, by the numbers of month and form."""
    return {
        (at, everything.forms[id(form)]): form_keys(plan.at(month), status.department)
        for at, (month, of_month) in enumerate(statuses.items())
        for status in of_month
        for form in status.received
    }


def _by_month(rows: pd.DataFrame, everything: AllEntries) -> defaultdict[int, list[Entry]]:
    """Return the entries of the rows by number of the month, in the order of the rows."""
    found: defaultdict[int, list[Entry]] = defaultdict(list)
    for at, number in zip(rows["at"].tolist(), rows["entry"].tolist(), strict=True):
        found[at].append(everything.entries[number])
    return found


def _groups(entries: Iterable[Entry]) -> Iterator[tuple[Entry, ...]]:
    """Yield the consecutive entries of each input."""
    group: list[Entry] = []
    for entry in entries:
        if group and group[0].slot != entry.slot:
            yield tuple(group)
            group = []
        group.append(entry)
    if group:
        yield tuple(group)


def _number(month: Month) -> int:
    return 12 * month.year + month.month
