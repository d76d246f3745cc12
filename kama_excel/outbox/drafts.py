"""Which mails a month asks for: one per department and kind, with its form attached."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterator, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from kama_excel.domain.calendar import Month, day_label
from kama_excel.domain.place import Place
from kama_excel.findings.catalogue import Code, Severity
from kama_excel.findings.finding import Finding, own_name
from kama_excel.forms import schema
from kama_excel.forms.content import form_content
from kama_excel.inbox.current_forms import SUBMITTED, DepartmentStatus
from kama_excel.outbox.message import Draft
from kama_excel.outbox.templates import read_template
from kama_excel.plan.model import Plan
from kama_excel.spreadsheets.cells import position

_THE_DIVISIONS = frozenset({Code.KEY_VANISHED})
"""What stands in a department's form and is for the division to mend."""

_SHEETS = (schema.COVER_SHEET, *(each.name for each in schema.TABLE_SHEETS))


class MailKind(StrEnum):
    """Why a mail goes out."""

    SEND_OUT = "配布"
    REMIND = "督促"
    SEND_BACK = "差戻し"


def drafts(
    kind: MailKind,
    plan: Plan,
    month: Month,
    statuses: Sequence[DepartmentStatus],
    findings: Sequence[Finding],
    *,
    deadline: dt.date | None,
    texts: Path,
    form: Callable[[str], bytes],
) -> Iterator[Draft]:
    """Yield the mails of a kind that the month asks for, in the plan's order of departments.

    配布 goes to every department that has a form, 督促 to those of them that have sent nothing this month, 差戻し to those
    in whose forms of this month an エラー or 警告 was found. `form` makes the workbook to attach for a department.

    Raises TemplateError.
    """
    template = read_template(texts, kind.value)
    for status in statuses:
        mine = tuple(_to_send_back(status, findings))
        has_form = bool(plan.at(month).actions_of(status.department))
        wanted = {
            MailKind.SEND_OUT: has_form,
            MailKind.REMIND: has_form and status.status != SUBMITTED,
            MailKind.SEND_BACK: bool(mine) and status.status == SUBMITTED,
        }
        if not wanted[kind]:
            continue
        subject, body = template.filled(_fields(plan, month, status, mine, deadline))
        yield Draft(
            name=f"{kind.value}_{status.department}",
            department=status.department,
            to=next((each.mail for each in plan.departments if each.name == status.department), ""),
            subject=" ".join(subject.split()),
            body=body,
            attachment=form(status.department),
        )


def _to_send_back(status: DepartmentStatus, findings: Sequence[Finding]) -> list[Finding]:
    """Return what was found in the department's own forms and that it should do something about, in the form's order.

    How a form is built is asked of the newest one alone: that is the one to go on with.
    """
    files = [received.submission.file for received in status.received]
    mine = [
        each
        for each in findings
        if each.place.file in files
        and each.severity is not Severity.INFO
        and each.code not in _THE_DIVISIONS
        and not (each.code.value.slug.startswith("form-") and each.place.file != files[-1])
    ]
    return sorted(mine, key=lambda each: (files.index(each.place.file), _order(each.place)))


def _order(place: Place) -> tuple[int, int, int]:
    """Sort key: the form's sheets in their order, in a sheet row by row."""
    at = _SHEETS.index(place.sheet) if place.sheet in _SHEETS else len(_SHEETS)
    return (at, *(position(place.cell) or (0, 0)))


def _fields(
    plan: Plan,
    month: Month,
    status: DepartmentStatus,
    findings: Sequence[Finding],
    deadline: dt.date | None,
) -> Mapping[str, str]:
    """Return what a mail's text may name in braces."""
    rows = form_content(plan, month, status.department).rows
    files = [received.submission.file for received in status.received]
    return {
        "計画名": plan.name,
        "団体名": plan.municipality,
        "担当課": status.department,
        "対象月": month.label,
        "期限": day_label(deadline) if deadline else "期限の日",
        "タスク数": str(len(rows[schema.PROGRESS_SHEET.name])),
        "指標数": str(len(rows[schema.INDICATOR_SHEET.name])),
        "アクション数": str(len(rows[schema.ASSESSMENT_SHEET.name])),
        "件数": str(len(findings)),
        "確認事項": "\n\n".join(_said(number, each, files) for number, each in enumerate(findings, start=1)),
    }


def _said(number: int, each: Finding, files: Sequence[str]) -> str:
    """Say what was found and where, with the form's name where the department sent several."""
    where = f"シート「{each.place.sheet}」{each.place.cell}" if each.place.sheet else "ファイル全体"
    where += f"（{own_name(each.place.file)}）" if len(files) > 1 else ""
    return f"{number}. {where}\n   {each.told}\n   → {each.advice}"
