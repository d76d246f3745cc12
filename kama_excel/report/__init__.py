"""Evaluation → the consolidated workbook, the JSON document and the words on the screen."""

from kama_excel.report.document import document_of
from kama_excel.report.files import report_files
from kama_excel.report.model import Report, file_name, shortened_texts
from kama_excel.report.screen import screen_lines
from kama_excel.report.workbook import write_workbook

__all__ = ["Report", "document_of", "file_name", "report_files", "screen_lines", "shortened_texts", "write_workbook"]
