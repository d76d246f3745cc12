"""Where a month is: who has sent what and when, what is open, what came since the last run, and what to do next.

It reads and writes nothing.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from kama_excel.domain.calendar import JAPAN, Month, day_label
from kama_excel.evaluation.action import Status
from kama_excel.findings.catalogue import Severity
from kama_excel.findings.failure import Watch, unwatched
from kama_excel.findings.finding import Finding
from kama_excel.inbox.current_forms import SUBMITTED, DepartmentStatus
from kama_excel.outbox.drafts import points_to_send_back
from kama_excel.outbox.message import addresses
from kama_excel.report.make_report import make_report
from kama_excel.report.month_report import Report
from kama_excel.workspace.folders import RunError, Workspace
from kama_excel.workspace.run_record import LastRun, input_version, last_run, plan_version
from kama_excel.workspace.sent_files import months, paths, shown_path, was_sent

_SECOND = dt.timedelta(seconds=1)
"""The precision with which a run is recorded."""


@dataclass(frozen=True, slots=True)
class DepartmentSituation:
    """A department's 提出状況, the forms that count, and how many points it is to be asked about."""

    status: DepartmentStatus
    is_asked: bool
    """Whether it has something to report this month."""
    points: int

    @property
    def has_sent(self) -> bool:
        """Whether a form of this month counts."""
        return self.status.status == SUBMITTED

    @property
    def received_at(self) -> dt.datetime | dt.date | None:
        """When its newest form was mailed or saved, else 記入日; None where none of these is known."""
        if not self.status.received:
            return None
        form = self.status.received[-1].submission
        return form.sent or form.modified or form.filled_on


@dataclass(frozen=True, slots=True)
class Situation:
    """A month at hand. `next_step` is one sentence; `undecided` are the numbers of the actions that are 要判断."""

    month: Month
    deadline: dt.date | None
    departments: tuple[DepartmentSituation, ...]
    file_errors: tuple[Finding, ...]
    """エラー of files whose department is not known."""
    undecided: tuple[int, ...]
    last_run: LastRun | None
    is_stale: bool
    """Whether the plan or the month's folder is not what the last run saw."""
    new_files: tuple[str, ...]
    """What came into the month's folder after the last run, as messages name it."""
    unaddressed: tuple[str, ...]
    plan_findings: tuple[Finding, ...]
    next_step: str

    @property
    def waiting(self) -> tuple[DepartmentSituation, ...]:
        """The departments of which a form is still to come."""
        return tuple(each for each in self.departments if each.is_asked and not each.has_sent)

    @property
    def to_answer(self) -> tuple[DepartmentSituation, ...]:
        """The departments that have sent a form and are to be asked about it."""
        return tuple(each for each in self.departments if each.has_sent and each.points)


def latest_workbook(workspace: Workspace) -> Path:
    """Return the workbook of the newest run, of any month. Raises RunError where there is none."""
    run = last_run(workspace)
    if run and (path := workspace.root / run.workbook).is_file():
        return path
    found = [path for path in workspace.output.glob("*-*/*.xlsx") if not path.name.startswith("~$")]
    if not found:
        raise RunError("集計したブックがまだありません。「集計する.bat」か kama-excel run で集計してください。")
    return max(found, key=lambda path: (path.parent.name, path.stat().st_mtime))


def month_at_hand(workspace: Workspace, today: Month) -> Month:
    """Return the newest month that has a folder in the input folder, today's where none has."""
    return max(months(workspace.input), default=today)


def situation(workspace: Workspace, month: Month, today: dt.date, watch: Watch = unwatched) -> Situation:
    """Return where the month is on a day. Raises PlanError, and RunError where there is no plan."""
    report = make_report(workspace, month, watch)
    plan, in_force = report.plan, report.plan.at(month)
    departments = tuple(
        DepartmentSituation(
            status, bool(in_force.actions_of(status.department)), len(points_to_send_back(status, report.findings))
        )
        for status in report.merged.statuses
    )
    run = last_run(workspace, month)
    found = Situation(
        month=month,
        deadline=plan.deadline.day_for(month) if plan.deadline else None,
        departments=departments,
        file_errors=tuple(_file_errors(report)),
        undecided=tuple(each.action.no for each in report.evaluation.actions if Status.UNDECIDED in each.status),
        last_run=run,
        is_stale=run is not None
        and (run.plan, run.input) != (plan_version(report.plan_sha256), input_version(workspace, month)),
        new_files=tuple(_new_files(workspace, month, run)),
        unaddressed=tuple(
            each.name for each in plan.departments if in_force.actions_of(each.name) and not addresses(each.mail)
        ),
        plan_findings=tuple(each for each in report.findings if each.place.file == report.plan_file[0]),
        next_step="",
    )
    return replace(found, next_step=_next_step(workspace, found, today))


def _file_errors(report: Report) -> Sequence[Finding]:
    """Return the エラー of files that are nobody's form."""
    forms = {received.submission.file for status in report.merged.statuses for received in status.received}
    forms |= {each.file for status in report.merged.statuses for each in status.unread}
    return [
        each
        for each in report.findings
        if each.severity is Severity.ERROR
        and each.place.file not in {"", report.plan_file[0], *forms}
        and not each.place.sheet
        and not each.department
    ]


def _new_files(workspace: Workspace, month: Month, run: LastRun | None) -> Sequence[str]:
    """Return the files of the month that were saved after its last run; all of them where there was none."""
    if not (workspace.input / str(month)).is_dir() or (run and run.input == input_version(workspace, month)):
        return []
    there = [path for path in paths(workspace.input, month) if was_sent(path.name)]
    return [shown_path(path, workspace.root) for path in there if run is None or _arrived(path) > run.when + _SECOND]


def _arrived(path: Path) -> dt.datetime:
    """Return when a file came to lie in its folder: a copy keeps the time of its last change, not that of its making."""
    status = path.lstat()
    newest = max(status.st_mtime, status.st_ctime, getattr(status, "st_birthtime", 0.0))
    return dt.datetime.fromtimestamp(newest, JAPAN)


def _next_step(workspace: Workspace, found: Situation, today: dt.date) -> str:
    """Return what to do next, in one sentence."""
    month, folder = found.month.label, f"input のフォルダ「{found.month}」（なければ作成）"
    if found.last_run is None and not found.new_files:
        if not workspace.forms.is_dir() and not (workspace.output / str(found.month)).is_dir():
            return f"「配布メール.bat」で{month}分の様式を添付したメールの下書きを作成し、送信してください（様式だけを作成するときは「様式を作る.bat」）。"
        return f"届いた様式を {folder}に保存し、「集計する.bat」で集計してください。"
    if found.new_files:
        reason = "まだ集計していないため" if found.last_run is None else "最後の集計の後に届いたファイルがあるため"
        return f"{reason}、「集計する.bat」で集計してください。"
    if found.is_stale:
        return "最後の集計の後に計画台帳か届いたファイルが変更されているため、「集計する.bat」で集計してください。"
    if found.to_answer or (found.waiting and (found.deadline is None or found.deadline < today)):
        counts = ((len(found.waiting), "督促"), (len(found.to_answer), "差戻し"))
        asks = "と".join(f"{what}（{count}課）" for count, what in counts if count)
        return f"「メール下書き.bat」で{asks}の下書きを作成し、内容を確認して送信してください。"
    if found.waiting and found.deadline:
        return f"{day_label(found.deadline)}の提出期限まで、{len(found.waiting)}課の提出をお待ちください。届いたら {folder}に保存します。"
    if found.file_errors:
        return f"扱えないファイル（{len(found.file_errors)}件）を月のフォルダから移すか、担当課に様式での再提出を依頼してください。"
    if found.undecided:
        numbers = "、".join(map(str, found.undecided))
        return f"要判断のアクション（{numbers}）の算定方法を決定し、計画台帳のシート「評価方法」に登録してください。"
    return f"{month}分はすべてそろっています。「結果メール.bat」で各課に結果をお知らせください。"
