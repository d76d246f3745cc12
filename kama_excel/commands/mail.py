"""Write the month's mail drafts beside its workbook: output/2026-02/メール/市民課_督促.eml."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from typing import NamedTuple

from kama_excel.domain.calendar import Month
from kama_excel.files.placement import Published
from kama_excel.files.publish import publish
from kama_excel.findings.finding import Finding
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.outbox.drafts import (
    DRAFTS_FOLDER,
    MailKind,
    attachment_name,
    draft_names,
    drafts,
    recipients,
)
from kama_excel.outbox.message import Draft, message_bytes
from kama_excel.outbox.points import points_to_send_back
from kama_excel.outbox.prefill import FormBatch, prepare
from kama_excel.parsing.mail_addresses import mail_addresses
from kama_excel.report.department_result import department_result, result_lines
from kama_excel.report.make_report import make_report
from kama_excel.report.xlsx.department_page import write_department_page
from kama_excel.workspace.folders import Workspace


class WrittenDrafts(NamedTuple):
    """The drafts that were written: by kind the departments; a kind may have none."""

    published: Published
    departments: dict[MailKind, tuple[str, ...]]
    unaddressed: tuple[str, ...] = ()
    """The departments whose drafts have no address, because the plan has no valid one."""
    deadline: dt.date | None = None
    plan_findings: tuple[Finding, ...] = ()
    unread: tuple[Finding, ...] = ()
    """The files that could not be read."""
    withheld: tuple[str, ...] = ()
    """The departments without a mail, because an unread file may hold their report."""


def write_drafts(
    workspace: Workspace,
    month: Month,
    kinds: Sequence[MailKind],
    deadline: dt.date | None = None,
    *,
    skips_unread: bool = False,
) -> WrittenDrafts:
    """Write the drafts of the kinds and delete obsolete ones that no person has changed.

    Raises: PlanError, RunError (no plan), TemplateError, BusyError and OSError.
    """
    batch = prepare(workspace, month, deadline=deadline, skips_unread=skips_unread)
    made: dict[MailKind, tuple[Draft, ...]] = {}
    for kind in kinds:
        if kind is MailKind.RESULT:
            made[kind] = _result_drafts(workspace, batch)
        else:
            made[kind] = drafts(kind, batch, workspace.mail_texts, _forms(kind, batch))
    names = draft_names(status.department for status in batch.statuses)
    files = {names[draft.department, kind]: message_bytes(draft) for kind, of in made.items() for draft in of}
    obsolete = tuple(f"*_{kind.value}.eml" for kind in kinds)
    folder = workspace.output / str(month) / DRAFTS_FOLDER
    if MailKind.SEND_OUT in kinds:
        (workspace.input / str(month)).mkdir(parents=True, exist_ok=True)
    published = publish(folder, files, obsolete=obsolete) if files or folder.exists() else Published(())
    unaddressed = {
        draft.department: None for of_kind in made.values() for draft in of_kind if not mail_addresses(draft.to)
    }
    return WrittenDrafts(
        published,
        {kind: tuple(draft.department for draft in of_kind) for kind, of_kind in made.items()},
        tuple(unaddressed),
        batch.deadline,
        batch.plan_findings,
        batch.unread,
        batch.withheld,
    )


def _forms(kind: MailKind, batch: FormBatch) -> dict[str, dict[str, bytes]]:
    """Return the attachments of a kind by department in the plan's order: the filled-in form."""
    return {
        department: {attachment_name(kind, department, batch.month): write_form(batch.content(department))}
        for department in _recipients(kind, batch)
    }


def _recipients(kind: MailKind, batch: FormBatch) -> tuple[str, ...]:
    """Return the departments that get a kind of mail, without the withheld ones."""
    asked = recipients(kind, batch.plan, batch.month, batch.statuses, batch.findings)
    return tuple(department for department in asked if department not in batch.withheld)


def _result_drafts(workspace: Workspace, batch: FormBatch) -> tuple[Draft, ...]:
    """Return the mails about the month's results, with each department's page attached."""
    report = make_report(workspace, batch.month)
    statuses = {status.department: status for status in report.merged.statuses}
    attachments: dict[str, dict[str, bytes]] = {}
    fields: dict[str, dict[str, str]] = {}
    for department in _recipients(MailKind.RESULT, batch):
        status = statuses[department]
        points = points_to_send_back(status, report.findings, report.merged.entries)
        result = department_result(report, status, points)
        name = attachment_name(MailKind.RESULT, department, batch.month)
        attachments[department] = {name: write_department_page(result)}
        fields[department] = {"結果": "\n".join(result_lines(result)), "次回": result.next_form}
    return drafts(MailKind.RESULT, batch, workspace.mail_texts, attachments, fields)
