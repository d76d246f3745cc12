"""The frame `entries`: one row per input cell that counts, unique by (key, item); and what the forms' cells say."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

import pandas as pd

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import TypedValue
from kama_excel.domain.place import Place
from kama_excel.domain.text import folded, says_nothing
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding, quoted
from kama_excel.forms import schema
from kama_excel.forms.content import form_content
from kama_excel.inbox.current_forms import DepartmentStatus, Received, key_of_today
from kama_excel.merge.plan_mismatch import KnownKeys, unknown_entry
from kama_excel.plan.model import Plan

_RATES = (schema.DONE, schema.EXPECTED)
_NAMED = 3
"""How many of the other cells that contradict one are named."""


@dataclass(frozen=True, slots=True)
class EntryRow:
    """A row of `entries`: what one cell says, of what, and where. The fields are the frame's columns."""

    key: str
    item: str
    department: str
    month: Month
    value: TypedValue | None
    typed: str
    file: str
    sheet: str
    cell: str
    sha256: str
    order: int = 0
    """The place of the row's form among those of its department, oldest first."""
    reported: str | None = None
    """What was reported where the row is a 訂正; None where it is not."""

    @property
    def place(self) -> Place:
        """Where it stands."""
        return Place(self.file, self.sheet, self.cell)

    @property
    def number(self) -> Fraction | None:
        """The value where it is a rate or a figure."""
        return self.value if isinstance(self.value, Fraction) else None

    @property
    def day(self) -> dt.date | None:
        """The value where it is a day."""
        return self.value if isinstance(self.value, dt.date) else None

    @property
    def words(self) -> str:
        """The value where it is words; '' where they say nothing (「－」, 「同上」)."""
        return self.value if isinstance(self.value, str) and not says_nothing(self.value) else ""

    @property
    def input(self) -> tuple[str, str]:
        """The input that it is of, by 管理番号 (folded) and heading."""
        return (folded(self.key), self.item)

    def is_missed(self, typed: Collection[tuple[str, str]]) -> bool:
        """Whether what it says is gone where only these inputs are not blank.

        実施 that came back as 予定, or the other way round, is not gone; a 確度 left blank is 確定 (`docs/rules.md`, rule 4),
        and a text like 「－」 said nothing.
        """
        items = _RATES if self.item in _RATES else (self.item,)
        said_something = self.item != schema.CERTAINTY and (not isinstance(self.value, str) or bool(self.words))
        return said_something and not any((folded(self.key), item) in typed for item in items)

    @property
    def meaning(self) -> tuple[bool, object]:
        """What two cells that mean the same have in common: the value, or the text that could not be read."""
        return (True, self.typed) if self.value is None else (False, self.value)

    def says_the_same(self, other: EntryRow) -> bool:
        """Whether two cells mean the same: the same value (80% and 0.8), or the same text that could not be read."""
        return self.meaning == other.meaning

    def find(self, code: Code, **details: object) -> Finding:
        """Make a finding at the row's cell."""
        return finding(code, self.place, value=self.typed, department=self.department, **details)


ENTRY_COLUMNS = tuple(EntryRow.__dataclass_fields__)


def frame_of(rows: Iterable[EntryRow]) -> pd.DataFrame:
    """Return the rows as a frame of object columns (a Fraction stays one)."""
    records = [[getattr(row, column) for column in ENTRY_COLUMNS] for row in rows]
    return pd.DataFrame(records, columns=list(ENTRY_COLUMNS), dtype=object)


def rows_of(entries: pd.DataFrame) -> list[EntryRow]:
    """Return a frame's rows as values."""
    return [EntryRow(*row) for row in entries.itertuples(index=False, name=None)]


def form_rows(
    plan: Plan, month: Month, statuses: Iterable[DepartmentStatus], findings: list[Finding]
) -> list[EntryRow]:
    """Return what the cells of the forms that stand say, each form's in its order; what is of no row of theirs is named."""
    return [
        row
        for status in statuses
        for order, received in enumerate(status.received)
        for row in _rows(plan, month, received, order, findings)
    ]


def _rows(plan: Plan, month: Month, received: Received, order: int, findings: list[Finding]) -> Iterator[EntryRow]:
    content = form_content(plan, month, received.department)
    sheets = {
        folded(row.key): (row.key, form_sheet)
        for form_sheet in schema.TABLE_SHEETS
        for row in content.rows[form_sheet.name]
    }
    headings = {form_sheet.name: {column.heading for column in form_sheet.inputs} for form_sheet in schema.TABLE_SHEETS}
    known = KnownKeys.of(plan, month, received)
    for entry in received.submission.entries:
        key, form_sheet = sheets.get(folded(key_of_today(plan, entry.key)), ("", None))
        row = EntryRow(
            key=key,
            item=entry.item,
            department=received.department,
            month=received.month,
            value=entry.value,
            typed=entry.typed,
            file=entry.place.file,
            sheet=entry.place.sheet,
            cell=entry.place.cell,
            sha256=received.submission.sha256,
            order=order,
        )
        if form_sheet is None:
            findings.append(unknown_entry(known, entry))
        elif entry.item not in headings[form_sheet.name]:
            findings.append(row.find(Code.FORM_KEY_ELSEWHERE, key=entry.key, sheet_name=form_sheet.name))
        else:
            yield row


def without_contradictions(rows: Sequence[EntryRow], findings: list[Finding]) -> list[EntryRow]:
    """Leave out what one form says twice and differently; what it says twice the same counts once."""
    by_input: dict[tuple[str, str, str], list[EntryRow]] = {}
    for row in rows:
        by_input.setdefault((row.file, row.key, row.item), []).append(row)
    for group in by_input.values():
        findings.extend(_contradictions(group))
    return [group[0] for group in by_input.values() if all(row.meaning == group[0].meaning for row in group)]


def _contradictions(group: Sequence[EntryRow]) -> Iterator[Finding]:
    """Yield, of rows that do not all mean the same, a finding of each; a row may have been copied thousands of times."""
    count = Counter(row.meaning for row in group)
    if len(count) == 1:
        return
    firsts: list[EntryRow] = []  # enough of each meaning that the first others of every row are among them
    heads: Counter[object] = Counter()
    for row in group:
        if heads[row.meaning] < _NAMED and len(firsts) < 2 * _NAMED:
            firsts.append(row)
            heads[row.meaning] += 1
    for row in group:
        others = [each for each in firsts if each.meaning != row.meaning][:_NAMED]
        words = [f"{_beside(each, row)}の「{quoted(each.typed)}」" for each in others]
        more = len(group) - count[row.meaning] - len(others)
        words += [f"ほか{more}件"] if more else []
        yield row.find(Code.FORM_KEY_TWICE, key=row.key, item=row.item, other="、".join(words))


def _beside(each: EntryRow, row: EntryRow) -> str:
    return each.cell if each.sheet == row.sheet else f"「{each.sheet}」{each.cell}"
