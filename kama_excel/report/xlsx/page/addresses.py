"""The cells of an action's page: table columns, rows of inputs, exact figures.

The page has many narrow columns, so that every text and figure of its tables has the width that it needs.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.formulas import IndicatorCells
from kama_excel.spreadsheets.cells import a1, absolute, column_letters

Span = tuple[int, int]
"""The first and the last column of a cell, counted from 1."""
COLUMNS = 44
WIDTH = 1.58  # 16 pixels
LABEL, TEXT, ALL = (1, 7), (8, COLUMNS), (1, COLUMNS)
TASK_DEPARTMENT, TASK, TASK_RATE, YEAR_MEAN = (1, 8), (9, 33), (34, 37), (38, COLUMNS)
INDICATOR, BASELINE, TARGET, ACTUAL = (1, 21), (22, 24), (25, 27), (28, 30)
AS_OF, CERTAINTY, ACHIEVEMENT = (31, 37), (38, 40), (41, COLUMNS)
ASSESSOR, ASSESSED, REASON = (1, 8), (9, 12), (13, COLUMNS)
PLANNED_COLUMN, WEIGHT_COLUMN = 45, 46
"""Flags beside the printed page.

1 for a rate that is 予定; a task's weight; 1 for an actual or a 総括評価 that is 見込.
"""
LABEL_COLUMN = 48
VALUE_COLUMN = 49
HEAD = 3
"""The rows of the block's head, above the first figure."""


@dataclass
class Inputs:
    """The cells of an action's page with figures that a meeting may change."""

    years: dict[int, tuple[int, int]] = field(default_factory=dict)
    """Per fiscal year the first and the last row of its tasks."""
    indicators: list[int] = field(default_factory=list)
    """The row of each indicator."""
    indicator_years: dict[int, dict[int, int]] = field(default_factory=dict)
    """Per indicator reported by year, and per fiscal year, its row."""
    live: set[int] = field(default_factory=set)
    """The indicators whose target is a formula over the years' targets."""
    assessments: list[int] = field(default_factory=list)
    """The row of each 総括評価."""

    def tasks(self, fiscal_year: int, column: int) -> str:
        """Return a column of a year's tasks: $AH$20:$AH$23."""
        return _cells(column, *self.years[fiscal_year])

    def year_cells(self, number: int, column: int) -> str:
        """Return a column of the years of an indicator reported by year, oldest first."""
        rows = list(self.indicator_years[number].values())
        return _cells(column, rows[0], rows[-1])

    def indicator_row(self, number: int) -> IndicatorCells:
        """Return the cells of an indicator's figures; `number` counts from 0."""
        return indicator_cells(self.indicators[number], is_live=number in self.live)

    def assessment_cells(self, column: int) -> str:
        """Return a column from the first assessment's row to the last one's."""
        return _cells(column, self.assessments[0], self.assessments[-1])


def indicator_cells(row: int, *, is_live: bool = False) -> IndicatorCells:
    """Return the cells of an indicator's figures in a row; `is_live`: its target is a formula."""
    baseline, target, actual = (absolute(a1(row, columns[0])) for columns in (BASELINE, TARGET, ACTUAL))
    return IndicatorCells(baseline, target, actual, is_live)


def _cells(column: int, first: int, last: int) -> str:
    return f"{absolute(a1(first, column))}:{absolute(a1(last, column))}"


@dataclass
class Addresses:
    """The addresses of one action's exact figures, known before their source cells."""

    evaluation: ActionEvaluation
    years: dict[int, str] = field(init=False)
    average: str = field(init=False)
    raw: list[str] = field(init=False)
    limited: list[str] = field(init=False)
    from_zero: list[str] = field(init=False)
    achievement: str = field(init=False)
    achievement_from_zero: str = field(init=False)
    assessment: str = field(init=False)
    method: str = field(init=False)
    adopted: str = field(init=False)
    grade: str = field(init=False)
    reported: str = field(init=False)
    expected: str = field(init=False)
    used: str = field(init=False)
    wanted: str = field(init=False)
    status: str = field(init=False)
    needed: dict[int, str] = field(init=False)
    """Per grade above the lowest (which is 1) what it needs."""
    needed_text: str = field(init=False)
    widths: dict[int, str] = field(init=False)
    """Per grade, from the lowest (1), the share of its band in 0–100 %."""
    first_row: int = 0
    """The first row of the block."""

    def __post_init__(self) -> None:
        """Assign a cell to every figure; `place` moves them to the block's position."""
        self.place(self.first_row)

    def place(self, first_row: int) -> None:
        """Assign each figure its cell in the block from a row on."""
        self.first_row = first_row
        row, letters = first_row + HEAD - 1, column_letters(VALUE_COLUMN)

        def next_cell() -> str:
            nonlocal row
            row += 1
            return f"${letters}${row}"

        self.years = {year.fiscal_year: next_cell() for year in self.evaluation.years}
        self.average = next_cell()
        self.raw = [next_cell() for _ in self.evaluation.indicators]
        self.limited = [next_cell() for _ in self.evaluation.indicators]
        self.from_zero = [next_cell() for _ in self.evaluation.indicators]
        self.achievement, self.achievement_from_zero, self.assessment = next_cell(), next_cell(), next_cell()
        self.method, self.adopted, self.grade = next_cell(), next_cell(), next_cell()
        self.reported, self.expected, self.used, self.wanted = next_cell(), next_cell(), next_cell(), next_cell()
        self.status = next_cell()
        ranks = () if self.evaluation.is_ended else range(2, len(self.evaluation.bands.bands) + 1)
        self.needed = {rank: next_cell() for rank in ranks}
        self.needed_text = next_cell()
        self.widths = {rank: next_cell() for rank in range(1, len(self.evaluation.bands.bands) + 1)}


def span(cells: Sequence[str]) -> str:
    """Return consecutive cells of a column as a range."""
    return cells[0] if len(cells) == 1 else f"{cells[0]}:{cells[-1]}"
