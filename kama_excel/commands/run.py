"""Run a month: plan and input folder in, consolidated workbook out.

What writes the workbook, XlsxWriter included, is loaded while files are being read (`report.make_report`).
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from kama_excel import __version__
from kama_excel.domain.calendar import JAPAN, Month
from kama_excel.findings.catalogue import Severity
from kama_excel.findings.failure import Failure
from kama_excel.findings.finding import has_errors
from kama_excel.findings.os_errors import describe_os_error
from kama_excel.findings.progress import Watch, unwatched
from kama_excel.report.make_report import make_report
from kama_excel.workspace.folders import PUBLIC_FOLDER, PUBLIC_PAGE, Workspace, chosen_month, plan_content
from kama_excel.workspace.run_record import (
    INPUT,
    MONTH,
    PLAN,
    WHEN,
    WORKBOOK,
    input_version,
    moment_text,
    plan_version,
    record_path,
)

if TYPE_CHECKING:
    from kama_excel.evaluation.evaluate import Evaluation
    from kama_excel.files.placement import Published
    from kama_excel.outbox.open_matters import OpenMatters
    from kama_excel.report.month_report import Report, RerunChange


class Run(NamedTuple):
    """The result of a run. `document` is what `--json` prints."""

    report: Report
    published: Published
    """The paths of the written files, the workbook first."""
    document: dict[str, object]
    seconds: float
    record: Path
    """The run record, to which a line is appended."""
    rerun: tuple[RerunChange, ...] = ()
    """The differences from the replaced workbook, which was made from other sources."""
    record_problem: str = ""
    """The reason why no line was appended; '' if one was."""

    @property
    def evaluation(self) -> Evaluation:
        """The evaluation of the report."""
        return self.report.evaluation

    @property
    def open_matters(self) -> OpenMatters:
        """The open points of the month."""
        from kama_excel.outbox.open_matters import open_matters

        report = self.report
        return open_matters(report.evaluation, report.merged.statuses, report.findings, report.plan_file[0])

    @property
    def workbook(self) -> Path:
        """The consolidated workbook."""
        return self.published.files[0]

    @property
    def tables_and_pdf(self) -> tuple[Path, ...]:
        """The other files for the staff, on demand: PDF and CSV."""
        return tuple(each for each in self.published.files[1:] if not self._is_public(each))

    @property
    def public_page(self) -> Path | None:
        """The page for the public; None unless requested."""
        return next((each for each in self.published.files if self._is_public(each) and each.name == PUBLIC_PAGE), None)

    def _is_public(self, path: Path) -> bool:
        return path.relative_to(self.workbook.parent).parts[0] == PUBLIC_FOLDER

    @property
    def has_errors(self) -> bool:
        """Whether a finding is an エラー."""
        return has_errors(self.report.findings)


def run(
    workspace: Workspace,
    month: Month | None = None,
    watch: Watch = unwatched,
    *,
    pdf: bool = False,
    csv: bool = False,
    html: bool = False,
) -> Run:
    """Run a month (the newest without `month`) and write its workbook.

    On demand also the report as PDF, the tables as CSV, and the page for the public.

    Raises: PlanError, RunError or OfficeError before anything is written; BusyError or OSError if the output
    folder cannot be written to. Existing files are then unchanged.
    """
    began, started = dt.datetime.now(JAPAN), time.monotonic()
    if pdf:
        from kama_excel.spreadsheets.writing.pdf import find_office

        find_office()
    plan_content(workspace)  # a missing plan is reported before a missing month
    report = make_report(workspace, chosen_month(workspace, month), watch, meanwhile=_load_writers)

    from kama_excel.files.publish import publish
    from kama_excel.report.json_document import document_of
    from kama_excel.report.outputs import public_files, report_files
    from kama_excel.spreadsheets.reading.fingerprint import fingerprint

    report, changed = _compared(workspace, report)
    files = report_files(report, watch, pdf=pdf, csv=csv)
    if html:
        files |= public_files(report, report.received, [state.month for state in report.states], pdf=pdf)
    obsolete = (f"{PUBLIC_FOLDER}/*",) if html else ()
    published = publish(workspace.output / str(report.month), files, obsolete=obsolete, content_hash=fingerprint)
    document = document_of(report, [workspace.shown(each) for each in published.files])
    seconds = time.monotonic() - started
    problem = _append_record(workspace, report, workspace.shown(published.files[0]), began, seconds)
    return Run(report, published, document, seconds, record_path(workspace), changed, problem)


def _compared(workspace: Workspace, report: Report) -> tuple[Report, tuple[RerunChange, ...]]:
    """Return the report with its changes from the workbook that it replaces, and the new ones."""
    from kama_excel.report.month_report import file_name
    from kama_excel.report.xlsx.replaced import foot_of, replaced_book, rerun_changes

    path = workspace.output / str(report.month) / file_name(report.plan, report.month)
    book = replaced_book(path)
    if book is None:
        return report, ()
    changed = rerun_changes(report, book)
    return replace(report, rerun=foot_of(report, book, changed)), changed


def _load_writers() -> None:
    """Import what writes the workbook, XlsxWriter included."""
    import kama_excel.report.outputs  # noqa: F401


def _append_record(workspace: Workspace, report: Report, workbook: str, began: dt.datetime, seconds: float) -> str:
    """Append the run's result to the record; return the reason if that is impossible.

    The run counts in any case.
    """
    from kama_excel.files.append import append_line
    from kama_excel.inbox.current_forms import SUBMITTED
    from kama_excel.report.csv_files import csv_line

    fields: dict[str, str | int] = {
        WHEN: moment_text(began),
        MONTH: str(report.month),
        "計画ID": report.plan.plan_id,
        PLAN: plan_version(report.plan_sha256),
        INPUT: input_version(workspace, report.month),
        "プログラム": __version__,
        "担当課": len(report.merged.statuses),
        "提出": sum(status.status == SUBMITTED for status in report.merged.statuses),
        **{severity.value: report.count(severity) for severity in Severity},
        "所要秒": f"{seconds:.1f}",
        WORKBOOK: workbook,
    }
    try:
        append_line(record_path(workspace), csv_line(fields.values()), heading=csv_line(fields))
    except (OSError, Failure) as error:
        return describe_os_error(error) if isinstance(error, OSError) else str(error)
    return ""
