"""The output of a run: workbook, and on demand PDF, CSV and the public page."""

from __future__ import annotations

from collections.abc import Sequence

from kama_excel.domain.calendar import Month
from kama_excel.files.publish import Content
from kama_excel.findings.progress import Watch, unwatched
from kama_excel.inbox.current_forms import Received
from kama_excel.report.csv_files import csv_files
from kama_excel.report.month_report import Report, file_name
from kama_excel.report.xlsx.workbook import write_workbook
from kama_excel.spreadsheets.writing.pdf import to_pdf
from kama_excel.workspace.folders import CSV_FOLDER, PUBLIC_FOLDER


def report_files(
    report: Report, watch: Watch = unwatched, *, pdf: bool = False, csv: bool = False
) -> dict[str, Content]:
    """Return the files by their names below the month's folder, the workbook first.

    Raises: OfficeError; then nothing must be written.
    """
    name, workbook = file_name(report.plan, report.month), write_workbook(report, watch=watch)
    files: dict[str, Content] = {name: lambda: workbook}
    if pdf:
        files[f"{name.removesuffix('.xlsx')}.pdf"] = to_pdf(write_workbook(report, is_for_print=True))
    if csv:
        files |= {f"{CSV_FOLDER}/{table}": content for table, content in csv_files(report).items()}
    return files


def public_files(
    report: Report, received: Sequence[Received], months: Sequence[Month], *, pdf: bool = False
) -> dict[str, Content]:
    """Return the public page and its files by their names below the month's folder.

    `received` and `months` are the sources of the report. With `pdf` the folder has a report as PDF of its own,
    because the workbook's contains the authors of decisions, and all actions. Raises: OfficeError.
    """
    from kama_excel.report.html.site import site_files  # noqa: PLC0415 -- a run without the page needs no Jinja2
    from kama_excel.report.public_report import public_report  # noqa: PLC0415 -- as above

    public = public_report(report, received, months)
    printed = to_pdf(write_workbook(public.report, is_for_print=True)) if pdf else None
    return {f"{PUBLIC_FOLDER}/{name}": content for name, content in site_files(public, printed).items()}
