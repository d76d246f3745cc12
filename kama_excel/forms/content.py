"""The content of a department's form for a month."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from kama_excel.domain.calendar import Month, year_label, year_short
from kama_excel.domain.entries import TypedValue
from kama_excel.domain.keys import NO_KEY, Field, Key, Slot
from kama_excel.domain.place import Place
from kama_excel.domain.text import listed
from kama_excel.forms.schema import (
    ACTION,
    ASSESSMENT_SHEET,
    BASELINE,
    GRADE,
    INDICATOR_SHEET,
    NAME,
    NO,
    OWN_AVERAGE,
    PICTURE_SHEET,
    PICTURES_PER_ACTION,
    PLANNED_WORK,
    PROGRESS_SHEET,
    TARGET,
    UNIT,
    WEIGHT,
    WORDS_SHEET,
    YEAR,
    FormColumn,
    FormSheet,
)
from kama_excel.plan.model import Plan, PlanAtMonth
from kama_excel.plan.rows import Indicator, Task

_WHOLE_FILE = "ファイル全体"

Printed = str | int | Fraction | None


class FormRow(NamedTuple):
    """A row of a form's table: 管理番号, printed texts by heading, task or indicator."""

    key: Key
    printed: dict[str, Printed]
    of: Task | Indicator | None = None


class Request(NamedTuple):
    """What a department is asked about an input or another place of its form."""

    message: str
    advice: str
    may_stay: bool = False
    """Whether the input may stay as the form shows it."""
    beside: Field | None = None
    """The input of the same row that answers it too."""


class Point(NamedTuple):
    """What a department is asked about an input, or about a row outside of them."""

    place: Place
    """The first cell in the form that it sent."""
    cells: tuple[str, ...]
    """The addresses on the sheet; '' for the whole sheet or file."""
    requests: tuple[Request, ...]
    slot: Slot | None = None
    """The input; None outside of them."""
    key: Key = NO_KEY
    """The 管理番号 that it is about; NO_KEY for none."""
    action_no: int | None = None

    @property
    def where(self) -> str:
        """Sheet and cells for a message: シート「進捗」F5."""
        return f"シート「{self.place.sheet}」{listed(self.cells)}" if self.place.sheet else _WHOLE_FILE

    @property
    def place_text(self) -> str:
        """Sheet and cells for a table: 進捗 F5."""
        return f"{self.place.sheet} {listed(self.cells)}" if self.place.sheet else _WHOLE_FILE

    @property
    def text(self) -> str:
        """All requests in one text."""
        return "".join(f"{each.message}{each.advice}" for each in self.requests)


@dataclass(frozen=True, slots=True)
class FormContent:
    """The content of one department's form for a month."""

    plan: Plan
    month: Month
    department: str
    rows: dict[str, tuple[FormRow, ...]]
    """The rows by the name of their sheet."""
    entered: Mapping[Slot, TypedValue] = field(default_factory=dict)
    """The prefilled inputs, pictures included; an input of the cover has no 管理番号."""
    marks: Mapping[tuple[Key, str], str] = field(default_factory=dict)
    """Notes beside inputs, by 管理番号 and heading ('' is the whole row)."""
    points: tuple[Point, ...] = ()
    """What the department is asked, in the order of the form that it sent."""
    deadline: dt.date | None = None

    def prefilled(self, key: Key, field: Field) -> TypedValue | None:
        """Return the prefilled value of an input; None for blank and for white space."""
        value = self.entered.get((key, field))
        return (value.strip() or None) if isinstance(value, str) else value

    @property
    def is_final(self) -> bool:
        """Whether the plan's last month has come.

        From then on 総括評価 and the texts are required of every action.
        """
        return self.month >= self.plan.last_month


def printed_heading(column: FormColumn, plan: Plan) -> str:
    """Return a heading as printed: the name of the plan's average depends on the plan."""
    return f"自課の{plan.average_label}" if column.heading == OWN_AVERAGE else column.heading


def average_heading(content: FormContent, fiscal_year: int) -> str:
    """Return the heading of a year's own average beside 総括評価: R6平均, or R8予定.

    The latter for a year not begun.
    """
    return f"{year_short(fiscal_year)}{'平均' if content.month.has_begun(fiscal_year) else '予定'}"


def has_weights(content: FormContent) -> bool:
    """Return whether the weights of the department's tasks differ."""
    return any(isinstance(row.of, Task) and row.of.weight != 1 for row in content.rows[PROGRESS_SHEET.name])


def has_years(content: FormContent) -> bool:
    """Return whether any of the department's indicators is reported by year."""
    return any(YEAR in row.printed for row in content.rows[INDICATOR_SHEET.name])


def printed_columns(form_sheet: FormSheet, content: FormContent) -> tuple[FormColumn, ...]:
    """Return the printed columns.

    進捗 has no 重み if all weights are equal; 総括評価 has a column per year.
    """
    if form_sheet == PROGRESS_SHEET and not has_weights(content):
        return tuple(column for column in form_sheet.columns if column.heading != WEIGHT)
    if form_sheet == INDICATOR_SHEET and not has_years(content):
        return tuple(column for column in form_sheet.columns if column.heading != YEAR)
    if form_sheet != ASSESSMENT_SHEET:
        return form_sheet.columns
    years = (FormColumn(average_heading(content, year), 8, is_answer=True) for year in content.plan.fiscal_years)
    place = form_sheet.headings.index(GRADE)
    return (*form_sheet.columns[:place], *years, *form_sheet.columns[place:])


def form_content(plan: Plan, month: Month, department: str) -> FormContent:
    """Return a department's form of a month: the tasks, indicators and actions in force."""
    in_force = plan.at(month)
    names = {action.no: action.name for action in in_force.actions}
    numbers = in_force.actions_of(department)

    def action(no: int) -> dict[str, Printed]:
        return {NO: no, ACTION: names[no]}

    tasks = sorted(
        (row for row in in_force.of(department) if isinstance(row, Task)),
        key=lambda task: (task.action_no, task.fiscal_year),
    )
    indicators = sorted(
        (row for row in in_force.of(department) if isinstance(row, Indicator)),
        key=lambda indicator: indicator.action_no,
    )
    rows = {
        PROGRESS_SHEET.name: tuple(
            FormRow(
                task.key,
                action(task.action_no)
                | {YEAR: year_label(task.fiscal_year), PLANNED_WORK: task.text, WEIGHT: task.weight},
                task,
            )
            for task in tasks
        ),
        INDICATOR_SHEET.name: tuple(
            FormRow(
                each.key,
                action(each.action_no)
                | ({} if each.fiscal_year is None else {YEAR: year_label(each.fiscal_year)})
                | {NAME: each.name, UNIT: each.unit, BASELINE: each.baseline, TARGET: each.target},
                each,
            )
            for each in indicators
        ),
        ASSESSMENT_SHEET.name: tuple(FormRow(Key.of_assessment(no, department), action(no)) for no in numbers),
        WORDS_SHEET.name: tuple(FormRow(Key.of_words(no, department), action(no)) for no in numbers),
        PICTURE_SHEET.name: tuple(
            FormRow(key, action(no))
            for no in numbers
            for key in (Key.of_frames(no, department), Key.of_captions(no, department))
        ),
    }
    return FormContent(plan, month, department, rows)


def departments_with_forms(plan: Plan, month: Month) -> tuple[str, ...]:
    """Return the departments that have anything to report in a month, in the plan's order."""
    in_force = plan.at(month)
    return tuple(each.name for each in plan.departments if in_force.of(each.name))


@lru_cache(maxsize=4096)  # most months have the same rows
def form_keys(in_force: PlanAtMonth, department: str) -> frozenset[Key]:
    """Return every 管理番号 of a department's form for a month."""
    numbers = in_force.actions_of(department)
    return frozenset(
        (
            *(row.key for row in in_force.of(department)),
            *(make(no, department) for no in numbers for make in (Key.of_assessment, Key.of_words)),
            *(Key.of_picture(no, department, at + 1) for no in numbers for at in range(PICTURES_PER_ACTION)),
        )
    )
