"""The sheet 総括 in the making: its grid, its next free row, the titles of its sections."""

from __future__ import annotations

from kama_excel.report.month_report import Report
from kama_excel.spreadsheets.writing.canvas import Canvas
from kama_excel.spreadsheets.writing.fast_xlsxwriter import ReportBook
from kama_excel.spreadsheets.writing.style import NAVY, Formats

NAME = "総括"
COLUMNS = 24
WIDTH = 3.9  # wide enough that the page, printed on one A4, fills its width too
ALL = (1, COLUMNS)


class Overview:
    """総括 in the making: `row` is the next free row."""

    def __init__(self, workbook: ReportBook, formats: Formats, report: Report) -> None:
        """Add the sheet, first of the workbook, and lay the grid."""
        self.workbook = workbook
        self.canvas = Canvas(workbook, NAME, formats)
        self.formats = formats
        self.report = report
        self.grades = report.plan.bands.names
        self.categories = report.evaluation.categories
        """What actions are counted as: the grades, then what is counted apart."""
        self.row = 1
        self.canvas.widths(*[WIDTH] * COLUMNS)

    def next_row(self, points: float) -> int:
        """Take a row of this height and return its number."""
        self.canvas.height(self.row, points)
        self.row += 1
        return self.row - 1

    def section(self, title: str) -> None:
        """Write a section's title."""
        self.next_row(7)
        look = self.formats(bold=True, font_size=11, font_color=NAVY, bottom=2, bottom_color=NAVY)
        self.canvas.put(self.next_row(19), ALL, title, look)
