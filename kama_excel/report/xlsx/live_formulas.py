"""Formulas over the bands of 算定方法: the grade of a rate, and the rate as it is shown."""

from __future__ import annotations

from kama_excel.spreadsheets.writing.style import UNEVALUATED

LIMITS, NAMES = "区分_下限", "区分_名称"  # defined names over the bands on 算定方法, lowest first


def grade_formula(rate: str) -> str:
    """Return the formula of the grade of an exact rate in the cell `rate`; a rate that does not exist is ''."""
    return f'IF({rate}="","{UNEVALUATED}",LOOKUP(ROUND({rate},9),{LIMITS},{NAMES}))'


def shown_formula(rate: str) -> str:
    """Return the formula of the rate as it is shown: half up to 0.1 %, cut where that would reach the next band."""
    same = f"LOOKUP(ROUND({rate},3),{LIMITS},{NAMES})=LOOKUP(ROUND({rate},9),{LIMITS},{NAMES})"
    return f'IF({rate}="","",IF({same},ROUND({rate},3),ROUNDDOWN(ROUND({rate},9),3)))'
