"""計画台帳: the plan that is followed, as types and as a workbook."""

from kama_excel.plan.types import (
    Action,
    Band,
    Bands,
    Correction,
    Decision,
    Department,
    Direction,
    Indicator,
    Measure,
    Method,
    Period,
    Plan,
    Task,
)

__all__ = [
    "Action",
    "Band",
    "Bands",
    "Correction",
    "Decision",
    "Department",
    "Direction",
    "Indicator",
    "Measure",
    "Method",
    "Period",
    "Plan",
    "Task",
]
