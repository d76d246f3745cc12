"""kama-excel: departments' progress forms in, one consolidated and graded workbook out."""

__version__ = "0.2.0"
