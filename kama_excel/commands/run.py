"""The monthly run from top to bottom: plan and input folder in, consolidated workbook out.

It begins with the reading, in processes of their own; what reads the plan, evaluates and writes is loaded meanwhile, pandas
and XlsxWriter among it.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from kama_excel.domain.calendar import Month
from kama_excel.findings.failure import Watch, unwatched
from kama_excel.findings.finding import has_errors
from kama_excel.inbox.arrivals import files_to_read, start_reading
from kama_excel.workspace.folders import PUBLIC_FOLDER, PUBLIC_PAGE, Workspace, chosen_month, plan_content
from kama_excel.workspace.sent_files import months_until, sent_files

if TYPE_CHECKING:
    from kama_excel.evaluation.evaluate import Evaluation
    from kama_excel.files.publish import Published
    from kama_excel.report.month_report import Report


@dataclass(frozen=True, slots=True)
class Run:
    """What a run came to. `document` is what `--json` prints."""

    report: Report
    published: Published
    """Where the files lie that were written, the workbook first."""
    document: dict[str, object]

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
    return Run(report, published, document)
