"""Consolidate departments' progress forms into one graded workbook."""

__version__ = "0.2.0"
