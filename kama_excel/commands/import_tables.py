"""Fill タスク and 指標 from a city's existing tables, in a copy of the plan workbook."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import openpyxl

from kama_excel.domain.text import normalize_key, text_of
from kama_excel.files.decoding import decode_text
from kama_excel.files.limits import RefusedError
from kama_excel.files.whole_files import write_whole
from kama_excel.findings.os_errors import describe_os_error
from kama_excel.plan.foreign_tables import ImportedRows, rows_of_tables
from kama_excel.plan.model import Plan
from kama_excel.plan.plan_sheets import INDICATORS, TASKS, YEARLY_TARGETS, SheetLayout
from kama_excel.plan.reader import plan_of
from kama_excel.spreadsheets.cells import Cell, Sheet, Workbook
from kama_excel.spreadsheets.reading.open_workbook import read_workbook
from kama_excel.workspace.folders import RunError, Workspace, plan_content


@dataclass(frozen=True, slots=True)
class Import:
    """The result of each file in order, and the written workbook; None if not requested."""

    files: tuple[tuple[str, ImportedRows], ...]
    written: Path | None

    @property
    def has_unplaced(self) -> bool:
        """Whether any cell could not be placed."""
        return any(rows.unplaced for _, rows in self.files)


def import_tables(workspace: Workspace, files: Sequence[Path], *, write: bool = False) -> Import:
    """Read the files' tables against the plan; with `write` add their rows to a copy of it.

    Raises: PlanError for an unusable plan; RunError for a file that cannot be read.
    """
    content = plan_content(workspace)
    plan, _ = plan_of(content, workspace.shown(workspace.plan))
    found = tuple((path.name, rows_of_tables(_workbook(path), plan)) for path in files)
    written = None
    if write:
        written = _free_path(workspace.plan)
        write_whole(written, _with_rows(content, plan, [rows for _, rows in found]))
    return Import(found, written)


def _workbook(path: Path) -> Workbook:
    """Open a file: any spreadsheet, or a CSV file as one sheet of texts."""
    try:
        content = path.read_bytes()
        return _csv(content, path.stem) if path.suffix.lower() == ".csv" else read_workbook(content)
    except RefusedError as error:
        raise RunError(f"「{path.name}」を開けません。{error}") from error
    except OSError as error:
        raise RunError(f"「{path.name}」を開けません。{describe_os_error(error)}。") from error


def _csv(content: bytes, name: str) -> Workbook:
    try:
        text = decode_text(content)
    except UnicodeDecodeError as error:
        raise RunError(f"「{name}.csv」を開けません。文字コードが UTF-8 でも Shift_JIS でもありません。") from error
    try:
        rows = list(csv.reader(io.StringIO(text, newline="")))
    except csv.Error as error:
        raise RunError(f'「{name}.csv」を開けません。引用符（"）が閉じられていない可能性があります。') from error
    cells = {
        (row, column): Cell(text_of(value))
        for row, values in enumerate(rows, start=1)
        for column, value in enumerate(values, start=1)
        if value.strip()
    }
    return Workbook((Sheet(name, cells),))


def _free_path(plan: Path) -> Path:
    """Return an unused path beside the plan for the new workbook."""
    path = plan.with_name(f"{plan.stem}_取込{plan.suffix}")
    number = 2
    while path.exists():
        path = plan.with_name(f"{plan.stem}_取込{number}{plan.suffix}")
        number += 1
    return path


def _with_rows(content: bytes, plan: Plan, found: Iterable[ImportedRows]) -> bytes:
    """Return a copy of the plan workbook with new rows, numbered on from the existing ones."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    tasks, indicators, years = (_Appender(workbook, layout) for layout in (TASKS, INDICATORS, YEARLY_TARGETS))
    next_task, next_indicator = (_next_no(row.no for row in rows) for rows in (plan.tasks, plan.indicators))
    for rows in found:
        for row in rows.tasks:
            tasks.append({"タスクNo": next_task, **row})
            next_task += 1
        for row in rows.indicators:
            indicators.append({"指標No": next_indicator, **row})
            targets = row.get(YEARLY_TARGETS.name)
            for year, target in targets.items() if isinstance(targets, dict) else ():
                years.append({"指標No": next_indicator, "年度": year, "目標値": target})
            next_indicator += 1
    buffer = io.BytesIO()
    workbook.save(buffer)
    return buffer.getvalue()


def _next_no(numbers: Iterable[str]) -> int:
    return max((int(no) for no in numbers if no.isdecimal()), default=0) + 1


class _Appender:
    """Append rows to a table of the plan workbook; a missing sheet is created."""

    def __init__(self, workbook: openpyxl.Workbook, layout: SheetLayout) -> None:
        self._workbook, self._layout = workbook, layout
        self._sheet: Any = None
        self._columns: dict[str, int] = {}
        self._head = self._row = 0

    def append(self, row: Mapping[str, object]) -> None:
        """Write a row by heading; a heading missing from the table is added at its end."""
        if self._sheet is None:
            self._find()
        self._row += 1
        for heading in (heading for heading in self._layout.headings if row.get(heading) not in (None, "")):
            if heading not in self._columns:
                self._columns[heading] = max(self._columns.values()) + 1
                self._sheet.cell(self._head, self._columns[heading]).value = heading
            value = row[heading]
            cell = self._sheet.cell(self._row, self._columns[heading])
            cell.value = float(value) if isinstance(value, Fraction) else value
            if heading in ("基準値", "目標値") and row.get("単位") == "%" and isinstance(value, Fraction):
                cell.value = f"{float(value):.15g}%"  # so that 1 % is not taken for 100 %
            if isinstance(cell.value, str):
                cell.data_type = "s"  # a text that begins with = is no formula

    def _find(self) -> None:
        named = [each for each in self._workbook if normalize_key(each.title) == normalize_key(self._layout.name)]
        self._sheet = named[0] if named else self._workbook.create_sheet(self._layout.name)
        if not named:
            for column, heading in enumerate(self._layout.headings, start=1):
                self._sheet.cell(1, column).value = heading
        first = self._layout.required[0]
        heads = [
            cell for line in self._sheet.iter_rows() for cell in line if normalize_key(str(cell.value or "")) == first
        ]
        self._head = heads[0].row
        line = self._sheet[self._head]
        self._columns = {normalize_key(str(cell.value)): cell.column for cell in line if cell.value is not None}
        columns = set(self._columns.values())
        filled = [
            cell.row
            for line in self._sheet.iter_rows(min_row=self._head)
            for cell in line
            if cell.column in columns and cell.value is not None
        ]
        self._row = max(filled)
