"""Select the forms that count: each department's newest month up to the given one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from kama_excel.domain.calendar import Month, date_label
from kama_excel.domain.entries import OF_NO_FORM, Entry, Source
from kama_excel.domain.keys import Field, Key, KeyKind, Slot
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
    advice: str = ""


@dataclass(frozen=True, eq=False)  # no slots: computed properties are cached
class Received:
    """A submission with the month of its folder and its department's current name.

    Its entries and pictures have their source, and its keys have the departments' current names; the submission
    itself keeps its own keys.
    """

    submission: Submission
    source: Source
    entries: tuple[Entry, ...]
    current_key: Callable[[Key], Key]
    """Return a key of the submission as it is now."""

    @cached_property
    def inputs(self) -> Mapping[Slot, Place]:
        """The place of each input, blank or not."""
        form = self.submission
        return {(self.current_key(key), field): Place(form.file, *place) for key, field, *place in form.inputs}

    @cached_property
    def prefilled(self) -> Mapping[Slot, str]:
        """The prefilled inputs when the form was issued (`snapshot.entered_text`)."""
        return {(self.current_key(key), field): text for (key, field), text in self.submission.prefilled_texts.items()}

    @cached_property
    def issued_rows(self) -> Mapping[Key, Mapping[str, str]]:
        """The plan's texts printed in the form, by 管理番号 and heading."""
        return {self.current_key(key): texts for key, texts in reversed([*self.submission.printed.items()])}

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
    years = _with_years(plan, form, source.month) if plan else {}

    def current_key(key: Key) -> Key:
        return years.get(key) or (plan.current_key(key) if plan else key)

    taken = tuple(each._replace(key=current_key(each.key), source=its) for each, its in entries)
    return Received(form, source, taken, current_key)


def _with_years(plan: Plan, form: Submission, month: Month) -> dict[Key, Key]:
    """Return yearly keys for indicators in a form made before the plan asked by year (rule 4).

    Only the newest figure (集計 最新) has a known year: that of its 時点, else of the folder's month.
    """
    days = {entry.key: entry.day for entry in form.entries if entry.field is Field.AS_OF}
    years = {}
    for key in {entry.key for entry in form.entries if entry.key.kind is KeyKind.INDICATOR}:
        row = next((row for row in plan.of_key(key) if isinstance(row, Indicator) and row.fiscal_year is None), None)
        if row and plan.asks_by_year(row) and row.aggregation is Aggregation.LATEST:
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


_ByMonth = dict[str, dict[Month, list[Received]]]
"""The forms of each department by month."""


def current_forms(
    plan: Plan, months: Iterable[Month], received: Sequence[Received], unread: Sequence[UnreadFile] = ()
) -> dict[Month, tuple[DepartmentStatus, ...]]:
    """Return the forms that count in each month, by department.

    They are the forms of the department's newest month, without forms that were returned as issued. There is a
    status for all that must report or have ever sent a form.
    """
    filled: _ByMonth = {each.department: {} for each in received}
    unfilled: _ByMonth = {each.department: {} for each in received}
    for each in received:
        kind = unfilled if each.submission.is_as_issued else filled
        kind[each.department].setdefault(each.month, []).append(each)
    return {month: tuple(_statuses(plan, month, filled, unfilled, _by_department(unread, month))) for month in months}


def _statuses(
    plan: Plan, month: Month, filled: _ByMonth, unfilled: _ByMonth, files: Mapping[str, Sequence[UnreadFile]]
) -> Iterator[DepartmentStatus]:
    for department in dict.fromkeys((*departments_with_forms(plan, month), *sorted({*filled, *files}))):
        mine = {each: forms for each, forms in filled.get(department, {}).items() if each <= month}
        newest = max(mine, default=None)
        as_issued = tuple(unfilled.get(department, {}).get(month, ()))
        is_true = {
            SUBMITTED: newest == month,
            UNREAD: department in files,
            UNFILLED: bool(as_issued),
            CARRIED: newest is not None,
            MISSING: True,
        }
        status = next(each for each in STATUSES if is_true[each])
        current = tuple(_current(department, mine)) if mine else ()
        yield DepartmentStatus(department, status, current, as_issued, tuple(files.get(department, ())))


def _by_department(unread: Iterable[UnreadFile], month: Month) -> dict[str, list[UnreadFile]]:
    files: dict[str, list[UnreadFile]] = {}
    for each in unread:
        if each.month == month:
            files.setdefault(each.department, []).append(each)
    return files


def _current(department: str, mine: Mapping[Month, Sequence[Received]]) -> Iterator[Received]:
    """Yield the forms of the newest month after those of merged departments still in force.

    As long as no form has the department's own name, the newest form of each old name counts, unless a newer one
    has any of its rows: then a department was renamed, not merged.
    """
    of_newest = mine[max(mine)]
    older: list[Received] = []
    every = [each for forms in mine.values() for each in forms]
    if all(name_key(each.submission.department) != name_key(department) for each in every):
        covered_keys = {entry.key for each in of_newest for entry in each.submission.entries}
        names = {name_key(each.submission.department) for each in of_newest}
        for each in sorted(every, key=lambda each: (each.month, each.order), reverse=True):
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
                if form.is_filled_on_in_time:
                    yield finding(Code.FILLED_ON_AFTER_MONTH, form.filled_on_place, **filled, month=month)
                else:
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
