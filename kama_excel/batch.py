"""The monthly run from top to bottom: plan and input folder in, consolidated workbook out."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from kama_excel.evaluation import Evaluation
from kama_excel.failure import Failure
from kama_excel.findings import Code, Finding, Place, finding, has_errors
from kama_excel.fiscal import Month
from kama_excel.forms.reader import NotAFormError, read_form
from kama_excel.forms.submission import Submission
from kama_excel.history import history
from kama_excel.intake.folder import Incoming, files, months, shown_path
from kama_excel.intake.workbook import UnreadableWorkbookError, read_workbook
from kama_excel.merge import Merged, Received
from kama_excel.output import Published, publish
from kama_excel.plan import Plan
from kama_excel.plan.file import open_plan
from kama_excel.report import Report, document_of, shortened_texts
from kama_excel.report.files import NOTHING_ELSE, Also, check_possible, report_files


class RunError(Failure):
    """The run cannot be done, and nothing was changed. The message says why and what to do, in Japanese."""


@dataclass(frozen=True, slots=True)
class Folders:
    """Where a city works. `root` is the working folder; the others lie in it unless they are given."""

    root: Path
    input: Path
    output: Path

    @classmethod
    def of(cls, root: Path, input_folder: Path | None = None, output_folder: Path | None = None) -> Folders:
        """Return the folders of a working folder."""
        return cls(root, input_folder or root / "input", output_folder or root / "output")

    @property
    def plan(self) -> Path:
        """The plan workbook."""
        return self.root / "workbook_templates" / "plan.xlsx"

    @property
    def forms(self) -> Path:
        """Where the forms to mail are written."""
        return self.root / "workbook_templates" / "forms"

    @property
    def mail_texts(self) -> Path:
        """Where the division's own texts of the mails lie."""
        return self.root / "workbook_templates" / "mail"

    def shown(self, path: Path) -> str:
        """Name a path as messages and `--json` do."""
        return shown_path(path, self.root)


@dataclass(frozen=True, slots=True)
class Run:
    """What a run came to. `document` is what `--json` prints."""

    evaluation: Evaluation
    merged: Merged
    findings: tuple[Finding, ...]
    published: Published
    """Where the files lie that were written, the workbook first."""
    document: dict[str, object]

    @property
    def workbook(self) -> Path:
        """The consolidated workbook."""
        return self.published.files[0]

    @property
    def has_errors(self) -> bool:
        """Whether a finding is an エラー."""
        return has_errors(self.findings)


def run(folders: Folders, month: Month | None = None, also: Also = NOTHING_ELSE) -> Run:
    """Run a month (the newest without `month`) and write its workbook, and what else is asked for.

    Raises PlanError, RunError or OfficeError before anything is written, BusyError or OSError where the output folder
    cannot be written to; what was there is then as it was.
    """
    check_possible(also)
    plan, plan_findings, plan_content = open_plan(folders.plan, folders.shown(folders.plan))
    month = _chosen_month(folders, month)
    received, intake_findings = receive(folders, plan, month)
    states = history(plan, [each for each in months(folders.input) if each <= month], received)
    merged, evaluation = states[-1].merged, states[-1].evaluation
    standing = {each.submission.file for status in merged.statuses for each in status.received}
    form_findings = [each for r in received if r.submission.file in standing for each in r.submission.findings]
    findings = (*plan_findings, *intake_findings, *form_findings, *merged.findings, *evaluation.findings)
    findings += tuple(shortened_texts(merged))
    report = Report(evaluation, merged, findings, (folders.shown(folders.plan), plan_content), states)
    published = publish(folders.output / str(month), report_files(report, also))
    document = document_of(report, [folders.shown(each) for each in published.files])
    return Run(evaluation, merged, findings, published, document)


def receive(folders: Folders, plan: Plan, month: Month) -> tuple[list[Received], list[Finding]]:
    """Read everything that came back up to a month. Files of earlier months are named only where they stand."""
    received: list[Received] = []
    findings: list[Finding] = []
    for each in months(folders.input):
        if each > month:
            continue
        for incoming in files(folders.input, each, folders.root):
            submission, refused = _read(plan, incoming)
            if submission:
                department = plan.canonical_department(submission.department)
                received.append(Received(submission, each, department or submission.department))
            if each == month and refused:
                findings.append(refused)
    return received, findings


def newest_month(folders: Folders) -> Month:
    """Return the newest month that has a folder. Raises RunError where none has."""
    there = months(folders.input)
    if not there:
        shown = folders.shown(folders.input)
        raise RunError(
            f"入力フォルダ（{shown}）に月のフォルダがありません。「2026-02」のようなフォルダを作り、届いた様式を入れてください。"
        )
    return there[-1]


def _chosen_month(folders: Folders, month: Month | None) -> Month:
    shown = folders.shown(folders.input)
    newest = newest_month(folders)
    chosen, there = month or newest, months(folders.input)
    if chosen not in there:
        known = "、".join(map(str, there[-6:]))
        raise RunError(
            f"{chosen} のフォルダが入力フォルダ（{shown}）にありません。今あるのは {known} です。月を確かめてください。"
        )
    if not any(each.was_sent for each in files(folders.input, chosen, folders.root)):
        raise RunError(
            f"{shown}/{chosen} が空です。届いた様式（.xlsx）をこのフォルダに入れてから、もう一度実行してください。"
        )
    return chosen


def _read(plan: Plan, incoming: Incoming) -> tuple[Submission | None, Finding | None]:
    """Read one file as a form of this plan, or say why it is none."""
    place = Place(incoming.name)
    if not incoming.was_sent:
        return None, finding(Code.FILE_PASSED_OVER, place)
    if not incoming.is_workbook:
        return None, finding(Code.FILE_NOT_READ, place, value=incoming.suffix or "拡張子なし")
    try:
        submission = read_form(read_workbook(incoming.content), incoming.name, incoming.sha256)
    except UnreadableWorkbookError as error:
        return None, finding(Code.FILE_UNREADABLE, place, reason=error)
    except NotAFormError:
        return None, finding(Code.FILE_NOT_A_FORM, place)
    if submission.plan_id and submission.plan_id != plan.plan_id:
        return None, finding(Code.FILE_OTHER_PLAN, place, value=submission.plan_id)
    if plan.canonical_department(submission.department) is None:
        return None, finding(Code.FILE_UNKNOWN_DEPARTMENT, place, value=submission.department)
    return submission, None
