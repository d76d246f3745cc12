"""Which forms stand in a month: of each department those of its newest month, this one or an earlier one."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from kama_excel.findings import Code, Finding, finding
from kama_excel.fiscal import Month
from kama_excel.forms.layout import departments_with_forms
from kama_excel.forms.submission import Submission
from kama_excel.plan import Plan

SUBMITTED, CARRIED, MISSING = "提出", "前月まで", "未提出"


@dataclass(frozen=True, slots=True)
class Received:
    """A submission with the month of the folder that it lies in and the department's name of today."""

    submission: Submission
    month: Month
    department: str

    @property
    def order(self) -> tuple[dt.date, str]:
        """Sort key: the newer form of two is the one filled in later."""
        return (self.submission.filled_on or dt.date.min, self.submission.file)


@dataclass(frozen=True, slots=True)
class DepartmentStatus:
    """提出状況 of one department and the forms that stand, oldest first."""

    department: str
    status: str
    received: tuple[Received, ...] = ()


def standing(plan: Plan, month: Month, received: Sequence[Received]) -> tuple[DepartmentStatus, ...]:
    """Say of each department that has something to report, or that sent something, which of its forms stand."""
    statuses = []
    for department in dict.fromkeys(
        (*departments_with_forms(plan, month), *sorted(each.department for each in received))
    ):
        mine = [each for each in received if each.department == department and each.month <= month]
        newest = max((each.month for each in mine), default=None)
        stands = tuple(sorted((each for each in mine if each.month == newest), key=lambda each: each.order))
        status = MISSING if newest is None else SUBMITTED if newest == month else CARRIED
        statuses.append(DepartmentStatus(department, status, stands))
    return tuple(statuses)


def missing_findings(statuses: Iterable[DepartmentStatus], month: Month) -> Iterator[Finding]:
    """Yield a finding of every department that sent nothing this month."""
    for each in statuses:
        if each.status == MISSING:
            yield finding(Code.DEPARTMENT_MISSING, department=each.department, month=month.label)
        elif each.status == CARRIED:
            carried = each.received[-1].month.label
            yield finding(Code.DEPARTMENT_CARRIED, department=each.department, month=month.label, carried=carried)
