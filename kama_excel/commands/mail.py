"""The month's mail drafts, written beside its workbook: output/2026-02/メール/督促_市民課.eml."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from kama_excel.domain.calendar import Month
from kama_excel.files.publish import Published, publish, safe_name
from kama_excel.findings.finding import Finding
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.outbox.drafts import MailKind, drafts
from kama_excel.outbox.message import addresses, message_bytes
from kama_excel.outbox.prefill import prepare
from kama_excel.workspace.folders import Workspace

FOLDER = "メール"


@dataclass(frozen=True, slots=True)
class WrittenDrafts:
    """The drafts that were written, by kind the departments that they are for; a kind may be for nobody."""

    published: Published
    departments: dict[MailKind, tuple[str, ...]]
    unaddressed: tuple[str, ...] = ()
    """The departments whose drafts have no address, because the plan has none that is one."""
    deadline: dt.date | None = None
    plan_findings: tuple[Finding, ...] = ()


def write_drafts(
    workspace: Workspace, month: Month, kinds: Sequence[MailKind], deadline: dt.date | None = None
) -> WrittenDrafts:
    """Write the drafts of the kinds; those of an earlier run that nobody has changed and that no longer hold go.

    Raises PlanError, RunError (no plan), TemplateError, BusyError and OSError.
    """
    batch = prepare(workspace, month, deadline=deadline)
    files: dict[str, bytes] = {}
    departments: dict[MailKind, tuple[str, ...]] = {}
    unaddressed: dict[str, None] = {}
    for kind in kinds:
        written = tuple(
            drafts(
                kind,
                batch.plan,
                batch.month,
                batch.statuses,
                batch.findings,
                deadline=batch.deadline,
                texts=workspace.mail_texts,
                form=lambda department: write_form(batch.content(department)),
            )
        )
        files |= {f"{safe_name(draft.name)}.eml": message_bytes(draft) for draft in written}
        departments[kind] = tuple(draft.department for draft in written)
        unaddressed |= {draft.department: None for draft in written if not addresses(draft.to)}
    obsolete = tuple(f"{kind.value}_*.eml" for kind in kinds)
    folder = workspace.output / str(month) / FOLDER
    published = publish(folder, files, obsolete=obsolete) if files or folder.exists() else Published(())
    return WrittenDrafts(published, departments, tuple(unaddressed), batch.deadline, batch.plan_findings)
