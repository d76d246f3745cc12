"""The forms to issue: one per department, prefilled with its last report."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import NamedTuple

from kama_excel.domain.calendar import Month, date_label
from kama_excel.domain.entries import Entry, TypedValue
from kama_excel.domain.keys import NO_KEY, Field, Key, Slot
from kama_excel.findings.finding import Finding
from kama_excel.forms import schema
from kama_excel.forms.content import FormContent, departments_with_forms, form_content
from kama_excel.history.timeline import history
from kama_excel.inbox.current_forms import DepartmentStatus
from kama_excel.inbox.receive import receive
from kama_excel.inbox.unread import departments_unread_for_now, unread_files
from kama_excel.outbox.points import points_to_send_back
from kama_excel.plan.model import Plan
from kama_excel.plan.reader import open_plan
from kama_excel.plan.rows import Task
from kama_excel.workspace.folders import RunError, Workspace
from kama_excel.workspace.sent_files import months

_NEW_ROW = "今回追加された行です。"


class FormBatch(NamedTuple):
    """The forms of a month to be issued: departments, deadline and prefilled inputs."""

    plan: Plan
    month: Month
    departments: tuple[str, ...]
    statuses: tuple[DepartmentStatus, ...]
    entries: Mapping[str, Mapping[Slot, Entry]]
    """The current reported values by department."""
    findings: tuple[Finding, ...]
    deadline: dt.date | None
    plan_findings: tuple[Finding, ...] = ()
    """The 警告 of the plan."""
    unread: tuple[Finding, ...] = ()
    """The files that could not be read."""
    withheld: tuple[str, ...] = ()
    """The departments whose form would lose the content of such a file."""

    def content(self, department: str) -> FormContent:
        """Return the content of a department's form, prefilled with its last reports."""
        content = form_content(self.plan, self.month, department)
        status = next((each for each in self.statuses if each.department == department), None)
        if status is None or not status.received:
            return replace(content, deadline=self.deadline)
        entries = self.entries.get(department, {})
        entered = dict(_entered(content, entries))
        newest = status.received[-1].submission
        entered |= {(NO_KEY, Field.WRITER): newest.writer, (NO_KEY, Field.CONTACT): newest.contact}
        entered = {place: value for place, value in entered.items() if value != ""}
        points = tuple(points_to_send_back(status, self.findings, entries))
        marks = _new_rows(content, status) | _correction_notes(entries)
        return replace(content, deadline=self.deadline, entered=entered, marks=marks, points=points)


def prepare(
    workspace: Workspace,
    month: Month,
    departments: Sequence[str] = (),
    deadline: dt.date | None = None,
    *,
    skips_unread: bool = False,
) -> FormBatch:
    """Read the plan and the returned forms up to the month; without `departments` all.

    Without `deadline` it is the plan's 提出期限; None where the plan has none. A department whose file cannot be read
    at the moment is withheld unless `skips_unread`, because its form would lose that file's content.

    Raises: PlanError; RunError if there is no plan, or for a department that has nothing to report in the month.
    """
    plan, plan_findings = open_plan(workspace)
    known = departments_with_forms(plan, month)
    wanted = tuple(dict.fromkeys(plan.canonical_department(each) or each for each in departments)) or known
    for each in wanted:
        if each not in known:
            raise RunError(
                f"担当課「{each}」には、{month.label}に記入するものが計画台帳にありません。"
                f"あるのは {'、'.join(known) or 'なし'} です。名前をご確認ください。"
            )
    intake = receive(workspace.input, workspace.root, plan, month)
    unread = unread_files(intake.findings)
    earlier = [each for each in months(workspace.input) if each < month]
    merged = history(plan, (*earlier[-1:], month), intake.forms, intake.unread)[-1].merged
    withheld = frozenset[str]() if skips_unread else departments_unread_for_now(plan, unread, merged.statuses)
    findings = (*merged.findings, *merged.form_findings)
    entries: dict[str, dict[Slot, Entry]] = {}
    for slot, entry in merged.entries.items():
        entries.setdefault(entry.department, {})[slot] = entry
    due = deadline or (plan.deadline.day_for(month) if plan.deadline else None)
    return FormBatch(
        plan,
        month,
        tuple(each for each in wanted if each not in withheld),
        merged.statuses,
        entries,
        findings,
        due,
        plan_findings,
        unread,
        tuple(each for each in wanted if each in withheld),
    )


def month_to_send_out(workspace: Workspace, today: dt.date) -> Month:
    """Return the month whose forms are issued on a day, by the plan's 提出期限.

    Without one it is the day's own month. Raises: PlanError; RunError if there is no plan.
    """
    plan, _ = open_plan(workspace)
    return plan.deadline.month_to_ask_for(today) if plan.deadline else Month.of(today)


def plan_deadline(workspace: Workspace, month: Month) -> dt.date | None:
    """Return the plan's 提出期限 of a month; None without one.

    Raises: as `month_to_send_out`.
    """
    plan, _ = open_plan(workspace)
    return plan.deadline.day_for(month) if plan.deadline else None


def _entered(content: FormContent, entries: Mapping[Slot, Entry]) -> Iterator[tuple[Slot, TypedValue]]:
    """Yield the prefilled inputs.

    An unreadable value is prefilled as typed; one that is withdrawn or that its cell does not report is not. 実施
    reported before its year began is prefilled as 予定, never as 実施.
    """
    years = {
        row.key: row.of.fiscal_year for row in content.rows[schema.PROGRESS_SHEET.name] if isinstance(row.of, Task)
    }
    for (key, field), entry in entries.items():
        if entry.value is None:
            if entry.correction is None and not entry.is_cell_rejected:
                yield (key, field), entry.typed
            continue
        if field is Field.DONE and entry.number is not None and not entry.month.has_begun(years.get(key, 0)):
            yield (key, Field.EXPECTED), entry.number
        elif not (field is Field.EXPECTED and _is_ahead(entries, key, years)):
            yield (key, field), entry.value


def _is_ahead(entries: Mapping[Slot, Entry], key: Key, years: Mapping[Key, int]) -> bool:
    """Return whether 実施 was typed before the year began: it then replaces 予定."""
    done = entries.get((key, Field.DONE))
    return done is not None and done.number is not None and not done.month.has_begun(years.get(key, 0))


def _correction_notes(entries: Mapping[Slot, Entry]) -> dict[tuple[Key, str], str]:
    """Describe corrections by input: the old value, the author and the reason."""
    notes: dict[tuple[Key, str], str] = {}
    for slot, entry in entries.items():
        if each := entry.correction:
            was, who = each.reported or "空欄", f"{each.by}: {each.reason}"
            notes[slot] = f"{date_label(each.day)}の訂正により、{was} → {entry.typed} としています（{who}）。"
    return notes


def _new_rows(content: FormContent, status: DepartmentStatus) -> dict[tuple[Key, str], str]:
    """Return the tasks and indicators that the department's last form did not have."""
    before = content.plan.at(status.received[-1].month)
    known = {task.key for task in before.tasks} | {indicator.key for indicator in before.indicators}
    rows = (*content.rows[schema.PROGRESS_SHEET.name], *content.rows[schema.INDICATOR_SHEET.name])
    return {(row.key, ""): _NEW_ROW for row in rows if row.key not in known}
