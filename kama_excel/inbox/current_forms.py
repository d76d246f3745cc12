"""Which forms stand in a month: of each department those of its newest month, this one or an earlier one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kama_excel.domain.calendar import Month, date_label
from kama_excel.domain.place import Place
from kama_excel.domain.text import name_key
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding
from kama_excel.forms.content import departments_with_forms
from kama_excel.forms.submission import Submission
from kama_excel.plan.model import Plan

SUBMITTED, CARRIED, MISSING = "提出", "前月まで", "未提出"


@dataclass(frozen=True, slots=True)
class Received:
    """A submission with the month of the folder that it lies in and the department's name of today."""

    submission: Submission
    month: Month
    department: str

    @property
    def day(self) -> dt.date | None:
        """The day that the form is of: 記入日, or that of the mail or of the last saving where it is later."""
        moments = (self.submission.sent, self.submission.modified)
        days = [each.date() for each in moments if each]
        return max(filter(None, (self.submission.filled_on, *days)), default=None)

    @property
    def order(self) -> tuple[dt.date, str, dt.date, str]:
        """Sort key: the newer form of two is the one of the later day; of one day, the one that was sent later.

        Of one mail it is the one of the later 記入日.
        """
        moment = self.submission.sent or self.submission.modified
        filled_on = self.submission.filled_on or dt.date.min
        return (self.day or dt.date.min, moment.isoformat() if moment else "", filled_on, self.submission.file)


@dataclass(frozen=True, slots=True)
class DepartmentStatus:
    """提出状況 of one department and the forms that stand, oldest first."""

    department: str
    status: str
    received: tuple[Received, ...] = ()


def standing(plan: Plan, month: Month, received: Sequence[Received]) -> tuple[DepartmentStatus, ...]:
    """Say of each department that has something to report, or that sent something, which of its forms stand."""
    by_department: dict[str, list[Received]] = {}
    for each in received:
        if each.month <= month:
            by_department.setdefault(each.department, []).append(each)
    statuses = []
    for department in dict.fromkeys(
        (*departments_with_forms(plan, month), *sorted(each.department for each in received))
    ):
        mine = by_department.get(department, [])
        newest = max((each.month for each in mine), default=None)
        stands = tuple(_stand(department, mine, newest))
        status = MISSING if newest is None else SUBMITTED if newest == month else CARRIED
        statuses.append(DepartmentStatus(department, status, stands))
    return tuple(statuses)


def _stand(department: str, mine: Sequence[Received], newest: Month | None) -> Iterator[Received]:
    """Yield the forms of the newest month; before them, where departments became one, what no newer form speaks of.

    As long as nothing has come under the department's own name, the newest form of each of its old names stands, unless
    a newer one has any of its rows: then a department was renamed, and not joined with another.
    """
    of_newest = [each for each in mine if each.month == newest]
    older: list[Received] = []
    if all(name_key(each.submission.department) != name_key(department) for each in mine):
        spoken = {entry.key for each in of_newest for entry in each.submission.entries}
        names = {name_key(each.submission.department) for each in of_newest}
        for each in sorted(mine, key=lambda each: (each.month, each.order), reverse=True):
            name, keys = name_key(each.submission.department), {entry.key for entry in each.submission.entries}
            if name not in names and not keys & spoken:
                older.append(each)
                names.add(name)
                spoken |= keys
    yield from sorted(older, key=lambda each: (each.month, each.order))
    yield from sorted(of_newest, key=lambda each: each.order)


def key_of_today(plan: Plan, key: str) -> str:
    """Return a 管理番号 with a department's old name in it replaced by its name of today."""
    kind, _, rest = key.partition("-")
    no, _, name = rest.partition("-")
    if kind in ("T", "I") or not name:
        return key
    department, dash, number = name.rpartition("-") if kind == "P" else (name, "", "")
    return f"{kind}-{no}-{plan.department_of_key(department) or department}{dash}{number}"


def missing_findings(plan: Plan, statuses: Iterable[DepartmentStatus], month: Month) -> Iterator[Finding]:
    """Yield a finding of every department that has something to report and sent nothing this month."""
    asked = departments_with_forms(plan, month)
    for each in (status for status in statuses if status.department in asked):
        if each.status == MISSING:
            yield finding(Code.DEPARTMENT_MISSING, department=each.department, month=month.label)
        elif each.status == CARRIED:
            carried = each.received[-1].month.label
            yield finding(Code.DEPARTMENT_CARRIED, department=each.department, month=month.label, carried=carried)


def day_findings(statuses: Iterable[DepartmentStatus]) -> Iterator[Finding]:
    """Yield a finding of every form that may not be of its folder's month, and of every 記入日 that does not count.

    One that was filled in before the month is sent back for that: whether it was made for an earlier month too is the
    same fact, and is said of the others alone.
    A 記入日 does not count where mail or workbook are later. That is said where it may matter: where several forms stand
    together, or where the 記入日 lies before the month of the folder: it was left from there. A form that somebody opened
    and saved again later is no reason for a word.
    """
    for status in statuses:
        for each in status.received:
            form, month, filled_on, day = each.submission, each.month.label, each.submission.filled_on, each.day
            filled = {"value": date_label(filled_on) if filled_on else "", "department": status.department}
            if filled_on and day and Month.of(day) < each.month:
                yield finding(Code.FILLED_BEFORE_MONTH, form.filled_on_place, **filled, month=month)
                continue
            if form.made_for and form.made_for != each.month:
                code = Code.FORM_OF_EARLIER_MONTH if form.made_for < each.month else Code.FORM_OF_LATER_MONTH
                details = {"made_for": form.made_for.label, "month": month, "department": status.department}
                yield finding(code, Place(form.file), **details)
            if filled_on and day and day > filled_on and (len(status.received) > 1 or Month.of(filled_on) < each.month):
                yield finding(Code.FILLED_ON_EARLIER, form.filled_on_place, **filled, day=date_label(day))
