"""What a run writes: the workbook, and on demand the printed report as PDF and the tables as CSV."""

from __future__ import annotations

from kama_excel.findings.failure import Watch, unwatched
from kama_excel.report.csv_files import csv_files
from kama_excel.report.month_report import Report, file_name
from kama_excel.report.xlsx.workbook import write_workbook
from kama_excel.spreadsheets.writing.pdf import to_pdf


def report_files(report: Report, watch: Watch = unwatched, *, pdf: bool = False, csv: bool = False) -> dict[str, bytes]:
    """Return the files by their names below the month's folder, the workbook first.

    Raises OfficeError, and then nothing is to be written.
    """
    name = file_name(report.plan, report.month)
    files = {name: write_workbook(report, watch=watch)}
    if pdf:
        files[f"{name.removesuffix('.xlsx')}.pdf"] = to_pdf(write_workbook(report, is_for_print=True))
    if csv:
        files |= {f"csv/{table}": content for table, content in csv_files(report).items()}
    return files
