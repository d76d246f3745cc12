"""The frame `entries`: one row per input cell that counts, unique by (key, item)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

import pandas as pd

from kama_excel.findings import Code, Finding, Place, finding
from kama_excel.fiscal import Month
from kama_excel.forms import layout
from kama_excel.forms.layout import form_content
from kama_excel.forms.ledger import entered_text
from kama_excel.forms.submission import TypedValue
from kama_excel.merge.gone import unknown_entry
from kama_excel.merge.standing import DepartmentStatus, Received, key_of_today
from kama_excel.plan import Plan
from kama_excel.values import folded, says_nothing


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
    rows = [
        row
        for status in statuses
        for order, received in enumerate(status.received)
        for row in _rows(plan, month, received, order, findings)
    ]
    entries = _without_contradictions(frame_of(rows), findings)
    forms = {status.department: _forms(plan, status) for status in statuses}
    entries, withdrawn = _without_withdrawn(entries, forms, findings)
    newest = _newest(entries, forms, findings)
    superseded = {row.place for row in rows} - {row.place for row in rows_of(newest)}
    anew = {(row.key, row.item): row.order for row in rows_of(newest)}
    gone = {row.place for row in rows if row.place in superseded and row.order < anew.get((row.key, row.item), 0)}
    return newest, findings, frozenset(gone | withdrawn)


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
        return self.filled_in.get(_cell(row)) == text


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


def _cell(row: EntryRow) -> tuple[str, str]:
    return (folded(row.key), row.item)


def _rows(plan: Plan, month: Month, received: Received, order: int, findings: list[Finding]) -> Iterator[EntryRow]:
    content = form_content(plan, month, received.department)
    sheets = {
        folded(row.key): (row.key, form_sheet)
        for form_sheet in layout.TABLE_SHEETS
        for row in content.rows[form_sheet.name]
    }
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
            findings.append(unknown_entry(plan, month, received, entry))
        elif entry.item not in {column.heading for column in form_sheet.inputs}:
            findings.append(row.find(Code.FORM_KEY_ELSEWHERE, key=entry.key, sheet_name=form_sheet.name))
        else:
            yield row


def _without_contradictions(entries: pd.DataFrame, findings: list[Finding]) -> pd.DataFrame:
    """Drop what one form says twice and differently; what it says twice the same counts once."""
    of_form = ["file", "key", "item"]
    contradicting: list[EntryRow] = []
    for group in _groups(entries[entries.duplicated(of_form, keep=False)], of_form):
        for row in group:
            others = [each for each in group if not _says_the_same(each, row)]
            if others:
                other = "、".join(f"{_beside(each, row)}の「{each.typed}」" for each in others)
                findings.append(row.find(Code.FORM_KEY_TWICE, key=row.key, item=row.item, other=other))
                contradicting.append(row)
    gone = {(row.file, row.key, row.item) for row in contradicting}
    stays = [place not in gone for place in zip(*(entries[column] for column in of_form), strict=True)]
    return entries[pd.Series(stays, index=entries.index, dtype=bool)].drop_duplicates(of_form)


def _says_the_same(one: EntryRow, other: EntryRow) -> bool:
    """Whether two cells mean the same: the same value (80% and 0.8), or the same text that could not be read."""
    return one.typed == other.typed if one.value is None else one.value == other.value


def _beside(each: EntryRow, row: EntryRow) -> str:
    return each.cell if each.sheet == row.sheet else f"「{each.sheet}」{each.cell}"


def _without_withdrawn(
    entries: pd.DataFrame, forms: Mapping[str, Sequence[_Form]], findings: list[Finding]
) -> tuple[pd.DataFrame, frozenset[Place]]:
    """Drop what a newer form was sent out with and has blank now, and what is older; also return their places."""
    withdrawn: set[Place] = set()
    several = [department for department, mine in forms.items() if len(mine) > 1]
    for group in _groups(entries[entries["department"].isin(several)], ["key", "item"]):
        rows = sorted(group, key=lambda row: row.order)
        newest = rows[-1]
        for form in forms[newest.department][newest.order + 1 :]:
            where = form.inputs.get(_cell(newest))
            if where and _cell(newest) not in form.typed and form.was_sent_with(newest):
                details = {"key": newest.key, "item": newest.item, "other": newest.place}
                findings.append(replace(newest.find(Code.VALUE_CLEARED, **details), place=where))
                withdrawn |= {row.place for row in rows}
                break
    stays = [
        Place(*place) not in withdrawn for place in zip(entries["file"], entries["sheet"], entries["cell"], strict=True)
    ]
    return entries[pd.Series(stays, index=entries.index, dtype=bool)], frozenset(withdrawn)


def _newest(entries: pd.DataFrame, forms: Mapping[str, Sequence[_Form]], findings: list[Finding]) -> pd.DataFrame:
    """Keep of each cell the newest value that somebody typed and name every other one that differs.

    A value that a form went out with and that was left as it is gives way to what is typed in any other form: of two
    sections that fill in a copy each, neither has looked at the other's half. Where it is what an older form of the month
    says, it answers that form, and counts as typed.
    """
    ordered = entries.sort_values(["key", "item", "order"], kind="stable")
    doubled = ordered[ordered.duplicated(["key", "item"], keep=False)]
    beaten: set[tuple[str, str, int]] = set()
    for rows in _groups(doubled, ["key", "item"]):
        typed, left = _typed_and_left(rows, forms[rows[0].department])
        *older, newest = typed or left
        beaten |= {(row.key, row.item, row.order) for row in rows if row is not newest}
        for at, row in enumerate(older):
            if row.value is None and newest.value is not None:
                findings.append(newest.find(Code.VALUE_MENDED, other=row.place, old=row.typed))
            elif not _says_the_same(row, newest):
                is_answered = _is_answered([*older[at:], newest], forms[row.department])
                code = Code.VALUE_REPLACED if is_answered else Code.VALUES_CONFLICT
                findings.append(newest.find(code, other=row.place, old=row.typed))
        unlike = (row for row in left if typed and not _says_the_same(row, newest))
        findings.extend(newest.find(Code.VALUE_LEFT, other=row.place, old=row.typed) for row in unlike)
    places = zip(ordered["key"], ordered["item"], ordered["order"], strict=True)
    stays = [place not in beaten for place in places]
    return ordered[pd.Series(stays, index=ordered.index, dtype=bool)].reset_index(drop=True)


def _typed_and_left(rows: Sequence[EntryRow], forms: Sequence[_Form]) -> tuple[list[EntryRow], list[EntryRow]]:
    """Part what somebody typed from what a form went out with and was left as it is; both oldest first."""
    typed: list[EntryRow] = []
    left: list[EntryRow] = []
    for row in rows:
        is_left = forms[row.order].was_sent_with(row) and not any(_says_the_same(each, row) for each in typed)
        (left if is_left else typed).append(row)
    return typed, left


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


def _groups(entries: pd.DataFrame, by: list[str]) -> Iterator[list[EntryRow]]:
    for _, group in entries.groupby(by, sort=True):
        yield rows_of(group)
