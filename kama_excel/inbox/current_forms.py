"""Select the forms that count: each department's newest month up to the given one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kama_excel.domain.calendar import Month, date_label
from kama_excel.domain.entries import OF_NO_FORM, Entry, Source
from kama_excel.domain.keys import Field, Key, Slot
from kama_excel.domain.place import Place
from kama_excel.domain.text import name_key
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding
from kama_excel.forms.content import departments_with_forms
from kama_excel.forms.submission import Submission
from kama_excel.plan.model import Plan
from kama_excel.plan.rating import Aggregation
from kama_excel.plan.rows import Indicator

SUBMITTED, UNREAD, UNFILLED, CARRIED, MISSING = "提出", "読取不可", "未記入", "前月まで", "未提出"
STATUSES = (SUBMITTED, UNREAD, UNFILLED, CARRIED, MISSING)
"""提出状況 of a department in a month: the first that is true. `--json` has these words."""


def status_label(status: str) -> str:
    """Return a 提出状況 as people read it: 前月値を使用 for 前月まで."""
    return "前月値を使用" if status == CARRIED else status


class UnreadFile(NamedTuple):
    """A file of a department that could not be read, with a sentence that says why."""

    file: str
    department: str
    month: Month
    reason: str


@dataclass(frozen=True, slots=True, eq=False)
class Received:
    """A submission with the month of its folder and its department's current name.

    Its entries and pictures have their source, and its keys have the departments' current names; the submission
    itself keeps its own keys.
    """

    submission: Submission
    source: Source
    entries: tuple[Entry, ...]
    inputs: Mapping[Slot, Place]
    """The place of each input, blank or not."""
    prefilled: Mapping[Slot, str]
    """The prefilled inputs when the form was issued (`snapshot.entered_text`)."""
    issued_rows: Mapping[Key, Mapping[str, str]]
    """The plan's texts printed in the form, by 管理番号 and heading."""

    @property
    def month(self) -> Month:
        """The month of the folder."""
        return self.source.month

    @property
    def department(self) -> str:
        """The department's current name."""
        return self.source.department

    @property
    def order(self) -> int:
        """The index among the department's forms of the month, oldest first."""
        return self.source.order


def take_forms(plan: Plan | None, month: Month, submissions: Iterable[Submission]) -> list[Received]:
    """Add current department names, order and sources to a month's submissions.

    Without a plan all names are current.
    """
    taken: list[Received] = []
    counts: Counter[str] = Counter()
    for each in sorted(submissions, key=lambda each: each.recency(month)):
        department = (plan.canonical_department(each.department) if plan else None) or each.department
        source = Source(department, month, counts[department], each.sha256)
        counts[department] += 1
        taken.append(_taken(plan, each, source))
    return taken


def _taken(plan: Plan | None, form: Submission, source: Source) -> Received:
    beside = source._replace(order=OF_NO_FORM)
    entries = [
        *((entry, source) for entry in form.entries),
        *((entry, source if entry.place.file == form.file else beside) for entry in form.pictures),
    ]
    keys = {
        *(key for key, _ in form.inputs),
        *(key for key, _ in form.prefilled_texts),
        *(entry.key for entry, _ in entries),
        *form.printed,
    }
    now = {key: plan.current_key(key) if plan else key for key in keys}
    if plan:
        now |= _with_years(plan, form, source.month)
    return Received(
        form,
        source,
        tuple(entry._replace(key=now[entry.key], source=its_source) for entry, its_source in entries),
        {(now[key], field): place for (key, field), place in form.inputs.items()},
        {(now[key], field): text for (key, field), text in form.prefilled_texts.items()},
        {now[key]: texts for key, texts in reversed([*form.printed.items()])},
    )


def _with_years(plan: Plan, form: Submission, month: Month) -> dict[Key, Key]:
    """Return yearly keys for indicators in a form made before the plan asked by year (rule 4).

    Only the newest figure (集計 最新) has a known year: that of its 時点, else of the folder's month.
    """
    days = {entry.key: entry.day for entry in form.entries if entry.field is Field.AS_OF}
    years = {}
    for key in {entry.key for entry in form.entries}:
        row = next((row for row in plan.of_key(key) if isinstance(row, Indicator) and row.fiscal_year is None), None)
        if row and plan.is_by_year(row) and row.aggregation is Aggregation.LATEST:
            day = days.get(key)
            year = (Month.of(day) if day else month).fiscal_year
            years[key] = Key.of_indicator(f"{row.no}-{year}")
    return years


class DepartmentStatus(NamedTuple):
    """提出状況 of one department and the forms that count, oldest first."""

    department: str
    status: str
    received: tuple[Received, ...] = ()
    unfilled: tuple[Received, ...] = ()
    """The forms of the month that were returned as issued."""
    unread: tuple[UnreadFile, ...] = ()
    """The files of the month that could not be read."""


def current_forms(
    plan: Plan, month: Month, received: Sequence[Received], unread: Sequence[UnreadFile] = ()
) -> tuple[DepartmentStatus, ...]:
    """Return the forms that count by department, for all that must report or sent a form.

    They are the forms of its newest month, without forms that were returned as issued.
    """
    by_department: dict[str, list[Received]] = {}
    for each in received:
        if each.month <= month:
            by_department.setdefault(each.department, []).append(each)
    files = _by_department(unread, month)
    statuses = []
    for department in dict.fromkeys(
        (*departments_with_forms(plan, month), *sorted({*(each.department for each in received), *files}))
    ):
        mine = by_department.get(department, [])
        filled = [each for each in mine if not each.submission.is_as_issued]
        unfilled = tuple(each for each in mine if each.submission.is_as_issued and each.month == month)
        newest = max((each.month for each in filled), default=None)
        is_true = {
            SUBMITTED: newest == month,
            UNREAD: department in files,
            UNFILLED: bool(unfilled),
            CARRIED: newest is not None,
            MISSING: True,
        }
        status = next(each for each in STATUSES if is_true[each])
        current = tuple(_current(department, filled, newest))
        statuses.append(DepartmentStatus(department, status, current, unfilled, tuple(files.get(department, ()))))
    return tuple(statuses)


def _by_department(unread: Iterable[UnreadFile], month: Month) -> dict[str, list[UnreadFile]]:
    files: dict[str, list[UnreadFile]] = {}
    for each in unread:
        if each.month == month:
            files.setdefault(each.department, []).append(each)
    return files


def _current(department: str, mine: Sequence[Received], newest: Month | None) -> Iterator[Received]:
    """Yield the forms of the newest month after those of merged departments still in force.

    As long as no form has the department's own name, the newest form of each old name counts, unless a newer one
    has any of its rows: then a department was renamed, not merged.
    """
    of_newest = [each for each in mine if each.month == newest]
    older: list[Received] = []
    if all(name_key(each.submission.department) != name_key(department) for each in mine):
        covered_keys = {entry.key for each in of_newest for entry in each.submission.entries}
        names = {name_key(each.submission.department) for each in of_newest}
        for each in sorted(mine, key=lambda each: (each.month, each.order), reverse=True):
            name, keys = name_key(each.submission.department), {entry.key for entry in each.submission.entries}
            if name not in names and not keys & covered_keys:
                older.append(each)
                names.add(name)
                covered_keys |= keys
    yield from sorted(older, key=lambda each: (each.month, each.order))
    yield from sorted(of_newest, key=lambda each: each.order)


def missing_findings(plan: Plan, statuses: Iterable[DepartmentStatus], month: Month) -> Iterator[Finding]:
    """Yield a finding for every department that must report and sent nothing this month."""
    asked = departments_with_forms(plan, month)
    for each in (status for status in statuses if status.department in asked):
        if each.status in (UNREAD, UNFILLED):
            continue  # the file itself is reported
        if not each.received:
            yield finding(Code.DEPARTMENT_MISSING, department=each.department, month=month.label)
        elif each.status == CARRIED:
            carried = each.received[-1].month.label
            yield finding(Code.DEPARTMENT_CARRIED, department=each.department, month=month.label, carried=carried)


def day_findings(statuses: Iterable[DepartmentStatus]) -> Iterator[Finding]:
    """Yield findings on forms that may belong to another month, and on ignored 記入日.

    A form filled in before the month has only that finding: having been made for an earlier month is the same
    fact. A 記入日 before the evidence is reported if the order matters: several forms count together, or it is
    before the month of the folder, which means that it was left unchanged. A form that was opened and saved again
    later is not reported, nor is anything that a newer form has corrected.
    """
    for status in statuses:
        for each in status.received:
            form, month, filled_on = each.submission, each.month.label, each.submission.filled_on
            day = form.evidence_day
            filled = {"value": date_label(filled_on) if filled_on else "", "department": status.department}
            if form.is_filled_on_late(each.month):
                evidence = date_label(day) if day and day != filled_on else f"{month}分のフォルダ"
                yield finding(Code.FILLED_ON_LATER, form.filled_on_place, **filled, day=evidence)
            is_newest = each is status.received[-1]
            if filled_on and day and max(Month.of(filled_on), Month.of(day)) < each.month:
                if is_newest:
                    yield finding(Code.FILLED_BEFORE_MONTH, form.filled_on_place, **filled, month=month)
                continue
            if form.made_for and form.made_for != each.month:
                code = Code.FORM_OF_EARLIER_MONTH if form.made_for < each.month else Code.FORM_OF_LATER_MONTH
                details = {"made_for": form.made_for.label, "month": month, "department": status.department}
                yield finding(code, Place(form.file), **details)
            decides = len(status.received) > 1 or (filled_on and Month.of(filled_on) < each.month)
            if is_newest and filled_on and day and day > filled_on and decides:
                yield finding(Code.FILLED_ON_EARLIER, form.filled_on_place, **filled, day=date_label(day))
