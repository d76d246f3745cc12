"""Show a month's situation: received forms, open points, new files, the next step.

It writes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import NamedTuple

from kama_excel.domain.calendar import JAPAN, Month
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding
from kama_excel.findings.progress import Watch, unwatched
from kama_excel.inbox.current_forms import SUBMITTED, DepartmentStatus
from kama_excel.outbox.drafts import DRAFTS_FOLDER, MailKind, draft_names
from kama_excel.outbox.open_matters import OpenMatters, kinds_text, open_matters
from kama_excel.outbox.points import points_to_send_back
from kama_excel.parsing.mail_addresses import mail_addresses
from kama_excel.report.make_report import make_report
from kama_excel.workspace.folders import RunError, Workspace
from kama_excel.workspace.run_record import LastRun, input_version, last_run, plan_version
from kama_excel.workspace.sent_files import paths, shown_path, was_sent

_SECOND = dt.timedelta(seconds=1)
"""The precision of recorded run times."""


class DepartmentSituation(NamedTuple):
    """A department's 提出状況, its current forms, and the number of points to ask about."""

    status: DepartmentStatus
    points: int

    @property
    def has_sent(self) -> bool:
        """Whether a form of this month counts."""
        return self.status.status == SUBMITTED

    @property
    def received_at(self) -> dt.datetime | dt.date | None:
        """When its newest form was mailed or saved, else 記入日; None if unknown."""
        if not self.status.received:
            return None
        form = self.status.received[-1].submission
        return form.sent or form.modified or form.filled_on


class Situation(NamedTuple):
    """The situation of a month. `next_step` is one sentence."""

    month: Month
    open_matters: OpenMatters
    departments: tuple[DepartmentSituation, ...]
    last_run: LastRun | None
    is_stale: bool
    """Whether the plan or the month's folder has changed since the last run."""
    new_files: tuple[str, ...]
    """The files that came into the month's folder after the last run, as messages name them."""
    unaddressed: tuple[str, ...]
    plan_findings: tuple[Finding, ...]
    next_step: str


def latest_workbook(workspace: Workspace) -> Path:
    """Return the workbook of the newest run of any month.

    Raises: RunError if there is none.
    """
    run = last_run(workspace)
    if run and _has_workbook(workspace, run):
        return workspace.root / run.workbook
    found = [path for path in workspace.output.glob("*-*/*.xlsx") if not path.name.startswith("~$")]
    if not found:
        raise RunError("集計したブックがまだありません。「集計する.bat」か kama-excel run で集計してください。")
    return max(found, key=lambda path: (path.parent.name, path.stat().st_mtime))


def _has_workbook(workspace: Workspace, run: LastRun) -> bool:
    """Return whether a run's workbook is still where it was written."""
    return (workspace.root / run.workbook).is_file()


def situation(workspace: Workspace, month: Month, today: dt.date, watch: Watch = unwatched) -> Situation:
    """Return the situation of the month on a day.

    Raises: PlanError; RunError if there is no plan.
    """
    report = make_report(workspace, month, watch)
    plan, in_force = report.plan, report.plan.at(month)
    departments = tuple(
        DepartmentSituation(status, len(points_to_send_back(status, report.findings)))
        for status in report.merged.statuses
    )
    run = last_run(workspace, month)
    found = Situation(
        month=month,
        open_matters=open_matters(report.evaluation, report.merged.statuses, report.findings, report.plan_file[0]),
        departments=departments,
        last_run=run,
        is_stale=run is not None
        and (
            (run.plan, run.input) != (plan_version(report.plan_sha256), input_version(workspace, month))
            or not _has_workbook(workspace, run)
        ),
        new_files=tuple(_new_files(workspace, month, run)),
        unaddressed=tuple(
            each.name for each in plan.departments if in_force.actions_of(each.name) and not mail_addresses(each.mail)
        ),
        plan_findings=tuple(each for each in report.findings if each.place.file == report.plan_file[0]),
        next_step="",
    )
    return found._replace(next_step=_next_step(workspace, found, today))


def document_of(found: Situation, today: dt.date) -> dict[str, object]:
    """Return the document for `status --json`."""
    matters, run = found.open_matters, found.last_run
    return {
        "month": str(found.month),
        "today": today.isoformat(),
        "deadline": matters.deadline.isoformat() if matters.deadline else None,
        "last_run": {"at": run.when.isoformat(), "workbook": run.workbook, "is_stale": found.is_stale} if run else None,
        "departments": [_department_document(each) for each in found.departments],
        "new_files": list(found.new_files),
        "unusable_files": [{"file": each.place.file, "message": each.message} for each in matters.unusable_files],
        "undecided": list(matters.undecided),
        "unaddressed": list(found.unaddressed),
        "drafts_due": {kind.value: list(departments) for kind, departments in matters.due_mails(today).items()},
        "next_step": found.next_step,
    }


def _department_document(each: DepartmentSituation) -> dict[str, object]:
    status = each.status
    files = [form.submission.file for form in (*status.received, *status.unfilled)] + [
        file.file for file in status.unread
    ]
    return {
        "department": status.department,
        "status": status.status,
        "received_at": each.received_at.isoformat() if each.received_at else None,
        "files": files,
        "points": each.points,
    }


def _new_files(workspace: Workspace, month: Month, run: LastRun | None) -> Sequence[str]:
    """Return the files of the month that arrived after its last run; all without a run."""
    if not (workspace.input / str(month)).is_dir() or (run and run.input == input_version(workspace, month)):
        return []
    there = [path for path in paths(workspace.input, month) if was_sent(path.name)]
    return [shown_path(path, workspace.root) for path in there if run is None or _arrived(path) > run.when + _SECOND]


def _arrived(path: Path) -> dt.datetime:
    """Return when a file arrived in its folder: copying keeps its modification time."""
    status = path.lstat()
    newest = max(status.st_mtime, status.st_ctime, getattr(status, "st_birthtime", 0.0))
    return dt.datetime.fromtimestamp(newest, JAPAN)


def _next_step(workspace: Workspace, found: Situation, today: dt.date) -> str:
    """Return the next step in one sentence."""
    month, there = found.month.label, (workspace.input / str(found.month)).is_dir()
    folder = f"input のフォルダ「{found.month}」" + ("" if there else "（作成してください）")
    if any(each.code is Code.PLAN_EXAMPLE_LEFT for each in found.plan_findings):
        return f"計画台帳（{workspace.shown(workspace.plan)}）の「（記入例）」の行を、実際の計画の内容に書き換えてください。"
    if found.last_run is None and not found.new_files:
        if not workspace.forms.is_dir() and not (workspace.output / str(found.month)).is_dir():
            return f"「様式を配る.bat」で{month}分の様式とメールの下書きを作成し、内容を確認して送信してください。"
        return f"届いた様式を {folder}に保存し、「集計する.bat」で集計してください。"
    if found.new_files:
        reason = "まだ集計していないため" if found.last_run is None else "最後の集計の後に届いたファイルがあるため"
        return f"{reason}、「集計する.bat」で集計してください。"
    if found.last_run and not _has_workbook(workspace, found.last_run):
        return "最後に集計したブックが見つからないため、「集計する.bat」で集計してください。"
    if found.is_stale:
        return "最後の集計の後に計画台帳か届いたファイルが変更されているため、「集計する.bat」で集計してください。"
    mails = found.open_matters.due_mails(today)
    if not mails:
        return found.open_matters.next_step
    if drafted := _drafts_of(workspace, found, mails):
        wait = (
            "" if MailKind.RESULT in mails else f"届いた場合は、{folder}に保存し、「集計する.bat」で集計してください。"
        )
        return f"作成済みの{kinds_text(mails)}の下書き（{drafted}）を確認し、まだの場合は送信してください。{wait}"
    if MailKind.RESULT in mails:
        return f"{month}分はすべてそろっています。「結果メール.bat」で各課に結果をお知らせください。"
    return f"「督促と差戻し.bat」で{kinds_text(mails)}の下書きを作成し、内容を確認して送信してください。"


def _drafts_of(workspace: Workspace, found: Situation, mails: Mapping[MailKind, Sequence[str]]) -> str:
    """Return the folder with a draft of each of these mails; '' if one is missing."""
    folder = workspace.output / str(found.month) / DRAFTS_FOLDER
    names = draft_names(each.status.department for each in found.departments)
    wanted = [folder / names[department, kind] for kind, departments in mails.items() for department in departments]
    return workspace.shown(folder) if all(_is_of_run(path, found.last_run) for path in wanted) else ""


def _is_of_run(path: Path, run: LastRun | None) -> bool:
    """Return whether a file has been written since a run."""
    return run is not None and path.is_file() and path.stat().st_mtime >= run.when.timestamp()
