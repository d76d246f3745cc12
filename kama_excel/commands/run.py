"""The monthly run from top to bottom: plan and input folder in, consolidated workbook out.

It begins with the reading, in processes of their own; what reads the plan, evaluates and writes is loaded meanwhile, pandas
and XlsxWriter among it.
"""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kama_excel import __version__
from kama_excel.domain.calendar import JAPAN, Month
from kama_excel.findings.catalogue import Severity
from kama_excel.findings.failure import Failure, Watch, unwatched
from kama_excel.findings.finding import has_errors
from kama_excel.findings.os_errors import describe_os_error
from kama_excel.inbox.arrivals import files_to_read, start_reading
from kama_excel.workspace.folders import PUBLIC_FOLDER, PUBLIC_PAGE, Workspace, chosen_month, plan_content
from kama_excel.workspace.sent_files import months_until, sent_files

if TYPE_CHECKING:
    from kama_excel.evaluation.evaluate import Evaluation
    from kama_excel.files.publish import Published
    from kama_excel.report.month_report import Report

RECORD = "記録.csv"
"""The file in the output folder that has a line for every run."""


@dataclass(frozen=True, slots=True)
class Run:
    """What a run came to. `document` is what `--json` prints."""

    report: Report
    published: Published
    """Where the files lie that were written, the workbook first."""
    document: dict[str, object]
    seconds: float
    record: Path
    """The file that a line was appended to."""
    record_problem: str = ""
    """Why no line was appended to it, '' where one was."""

    @property
    def evaluation(self) -> Evaluation:
        """What it came to."""
        return self.report.evaluation

    @property
    def workbook(self) -> Path:
        """The consolidated workbook."""
        return self.published.files[0]

    @property
    def tables_and_pdf(self) -> tuple[Path, ...]:
        """What else was written for the staff, on demand: PDF and CSV."""
        return tuple(each for each in self.published.files[1:] if not self._is_public(each))

    @property
    def public_page(self) -> Path | None:
        """The page for the public, None where it was not asked for."""
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

    Raises PlanError, RunError or OfficeError before anything is written, BusyError or OSError where the output folder
    cannot be written to; what was there is then as it was.
    """
    started = time.monotonic()
    if pdf:
        from kama_excel.spreadsheets.writing.pdf import find_office

        find_office()
    plan_name, plan_file = workspace.shown(workspace.plan), plan_content(workspace)
    month = chosen_month(workspace, month)
    sent = sent_files(workspace.input, workspace.root, month)
    with start_reading(files_to_read(sent)) as reading:
        from kama_excel.files.publish import publish
        from kama_excel.history.timeline import history
        from kama_excel.inbox.receive import received_of
        from kama_excel.plan.reader import plan_of
        from kama_excel.report.json_document import document_of
        from kama_excel.report.month_report import Report, shortened_texts
        from kama_excel.report.outputs import public_files, report_files

        plan, plan_findings = plan_of(plan_file, plan_name)
        received, intake_findings = received_of(plan, month, sent, reading, watch)
    months = months_until(workspace.input, month)
    states = history(plan, months, received)
    merged, evaluation = states[-1].merged, states[-1].evaluation
    findings = (*plan_findings, *intake_findings, *merged.form_findings, *merged.findings, *evaluation.findings)
    findings += tuple(shortened_texts(merged))
    report = Report(evaluation, merged, findings, (plan_name, plan_file), states)
    files = report_files(report, watch, pdf=pdf, csv=csv)
    if html:
        files |= public_files(report, received, months, pdf=pdf)
    obsolete = (f"{PUBLIC_FOLDER}/*",) if html else ()
    published = publish(workspace.output / str(month), files, obsolete=obsolete)
    document = document_of(report, [workspace.shown(each) for each in published.files])
    seconds, record = time.monotonic() - started, workspace.output / RECORD
    problem = _append_record(record, report, workspace.shown(published.files[0]), seconds)
    return Run(report, published, document, seconds, record, problem)


def _append_record(record: Path, report: Report, workbook: str, seconds: float) -> str:
    """Append what the run came to; return why that was not possible. The run counts all the same."""
    from kama_excel.files.append import append_line
    from kama_excel.inbox.current_forms import SUBMITTED
    from kama_excel.report.csv_files import csv_line

    fields: dict[str, str | int] = {
        "実行日時": f"{dt.datetime.now(JAPAN):%Y-%m-%d %H:%M:%S}",
        "対象月": str(report.month),
        "計画ID": report.plan.plan_id,
        "計画台帳（SHA-256の先頭）": report.plan_sha256[:12],
        "プログラム": __version__,
        "担当課": len(report.merged.statuses),
        "提出": sum(status.status == SUBMITTED for status in report.merged.statuses),
        **{severity.value: report.count(severity) for severity in Severity},
        "所要秒": f"{seconds:.1f}",
        "集計ブック": workbook,
    }
    try:
        append_line(record, csv_line(fields.values()), heading=csv_line(fields))
    except (OSError, Failure) as error:
        return describe_os_error(error) if isinstance(error, OSError) else str(error)
    return ""
