"""The open points of an evaluated month: mails due, decisions, the next step."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kama_excel.domain.calendar import Month, day_label
from kama_excel.evaluation.action import Status
from kama_excel.evaluation.evaluate import Evaluation
from kama_excel.findings.catalogue import Severity
from kama_excel.findings.finding import Finding
from kama_excel.inbox.current_forms import DepartmentStatus
from kama_excel.outbox.drafts import MailKind, recipients


class OpenMatters(NamedTuple):
    """The open points of a month. `undecided` are the numbers of the actions that are 要判断."""

    month: Month
    deadline: dt.date | None
    """The plan's 提出期限, moved to Monday from a weekend."""
    departments: Mapping[MailKind, tuple[str, ...]]
    """The recipients of each kind of mail."""
    unusable_files: tuple[Finding, ...]
    """エラー of files whose department is unknown."""
    undecided: tuple[int, ...]

    def due_mails(self, today: dt.date) -> dict[MailKind, tuple[str, ...]]:
        """Return by kind the departments to write to on a day.

        A form with points is sent back at once. A reminder is due after the deadline, at once without one. The
        results are due when nothing else is open.
        """
        asks = {
            kind: self.departments[kind] for kind in (MailKind.REMIND, MailKind.SEND_BACK) if self.departments[kind]
        }
        if self.deadline and self.deadline >= today:
            asks.pop(MailKind.REMIND, None)
        if asks or self.departments[MailKind.REMIND] or self.unusable_files or self.undecided:
            return asks
        return {MailKind.RESULT: self.departments[MailKind.RESULT]}

    def kinds_to_draft(self, today: dt.date) -> tuple[MailKind, ...]:
        """Return the kinds that are due or without recipients, whose earlier drafts are deleted."""
        due = self.due_mails(today)
        asks = (MailKind.REMIND, MailKind.SEND_BACK)
        return (*due, *(kind for kind in asks if kind not in due and not self.departments[kind]))

    @property
    def next_step(self) -> str:
        """Return the next step if no mail is due, in one sentence."""
        if (waiting := self.departments[MailKind.REMIND]) and self.deadline:
            return (
                f"{day_label(self.deadline)}の提出期限まで、{len(waiting)}課の提出をお待ちください。"
                f"届いた場合は、input のフォルダ「{self.month}」に保存し、もう一度集計してください。"
            )
        if self.unusable_files:
            return f"扱えないファイル（{len(self.unusable_files)}件）を月のフォルダから移すか、担当課に様式での再提出を依頼してください。"
        numbers = "、".join(map(str, self.undecided))
        return f"要判断のアクション（{numbers}）の算定方法を決定し、計画台帳のシート「評価方法」に登録してから、もう一度集計してください。"


def open_matters(
    evaluation: Evaluation, statuses: Sequence[DepartmentStatus], findings: Sequence[Finding], plan_file: str
) -> OpenMatters:
    """Return the open points of an evaluated month from statuses and findings."""
    plan, month = evaluation.plan, evaluation.month
    return OpenMatters(
        month,
        plan.deadline.due_day(month) if plan.deadline else None,
        {kind: recipients(kind, plan, month, statuses, findings) for kind in MailKind},
        tuple(_unusable_files(statuses, findings, plan_file)),
        tuple(each.action.no for each in evaluation.actions if Status.UNDECIDED in each.status),
    )


def kinds_text(mails: Mapping[MailKind, Sequence[str]]) -> str:
    """List the mails in words: 督促（1課）と差戻し（2課）."""
    return "と".join(f"{kind.value}（{len(departments)}課）" for kind, departments in mails.items())


def _unusable_files(
    statuses: Sequence[DepartmentStatus], findings: Sequence[Finding], plan_file: str
) -> Sequence[Finding]:
    """Return the エラー of files that belong to no department's form."""
    forms = {received.submission.file for status in statuses for received in status.received}
    forms |= {each.file for status in statuses for each in status.unread}
    return [
        each
        for each in findings
        if each.severity is Severity.ERROR
        and each.place.file not in {"", plan_file, *forms}
        and not each.place.sheet
        and not each.department
    ]
