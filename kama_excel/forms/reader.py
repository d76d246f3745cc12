"""A filled form → Submission. Tables are found by sheet name and heading; rows by their 管理番号."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass, field

from kama_excel.cells import BLANK, Cell, Sheet, Workbook, a1
from kama_excel.findings import Code, Finding, Place, finding
from kama_excel.forms import layout
from kama_excel.forms.accounting import typed_outside
from kama_excel.forms.layout import Column, FormSheet, Kind
from kama_excel.forms.pictures import form_pictures
from kama_excel.forms.submission import Entry, Submission, TypedValue
from kama_excel.tables import Row, Table, find_table
from kama_excel.values import (
    Reading,
    folded,
    is_blank,
    read_actual,
    read_certainty,
    read_date,
    read_progress,
    read_rate,
    read_text,
)


class NotAFormError(Exception):
    """The workbook is not a form of ours: it does not say whose it is."""


def read_form(workbook: Workbook, file: str, sha256: str) -> Submission:
    """Read a form. What could not be taken is a finding; NotAFormError where the workbook names no department."""
    identity = _pairs(workbook.sheet(layout.IDENTITY_SHEET))
    cover = _pairs(workbook.sheet(layout.COVER_SHEET))
    department = _said(identity, layout.DEPARTMENT) or _said(cover, layout.DEPARTMENT)
    if not department or not any(workbook.sheet(each.name) for each in layout.TABLE_SHEETS):
        raise NotAFormError(file)
    reader = _FormReader(workbook, file, department)
    entries = tuple(reader.entries())
    pictures = tuple(form_pictures(workbook, file, department, reader.findings.append))
    filled_on = reader.filled_on(cover)
    reader.name_outside(cover)
    return Submission(
        file=file,
        sha256=sha256,
        plan_id=_said(identity, layout.PLAN_ID),
        department=department,
        version=_said(identity, layout.VERSION),
        writer=_said(cover, layout.WRITER),
        filled_on=filled_on,
        entries=entries,
        pictures=pictures,
        findings=tuple(reader.findings),
    )


@dataclass(slots=True)
class _FormReader:
    """Reads one form and collects what is to be said of it."""

    workbook: Workbook
    file: str
    department: str
    findings: list[Finding] = field(default_factory=list)
    used: set[tuple[str, tuple[int, int]]] = field(default_factory=set)
    """The cells that were taken or named."""

    def entries(self) -> Iterator[Entry]:
        """Yield what is typed in the input cells of all tables."""
        for form_sheet in layout.TABLE_SHEETS:
            table = self._table(form_sheet)
            if table is None:
                continue
            for row in table.rows():
                yield from self._row(form_sheet, row)

    def name_outside(self, cover: dict[str, tuple[Cell, str]]) -> None:
        """Name every cell that somebody filled outside the inputs."""
        inputs = {address for label, _ in layout.COVER_INPUTS if (address := cover.get(label, (BLANK, ""))[1])}
        for sheet, address, cell in typed_outside(self.workbook, self.used):
            if sheet != layout.COVER_SHEET or address not in inputs:
                self._find(Code.FORM_OUTSIDE, sheet, address, value=cell.text)

    def filled_on(self, cover: dict[str, tuple[Cell, str]]) -> dt.date | None:
        """Read 記入日; a missing one is only worth a word."""
        cell, address = cover.get(layout.FILLED_ON, (BLANK, ""))
        reading = read_date(cell)
        if reading.problem:
            self._say(reading, cell, Place(self.file, layout.COVER_SHEET, address))
        for item, _ in layout.COVER_INPUTS:
            blank, where = cover.get(item, (BLANK, ""))
            if is_blank(blank):
                self._find(Code.FILLED_ON_MISSING, layout.COVER_SHEET, where, item=item)
        return reading.value

    def _table(self, form_sheet: FormSheet) -> Table | None:
        sheet = self.workbook.sheet(form_sheet.name)
        table = find_table(sheet, form_sheet.headings) if sheet else None
        if table is None or layout.KEY not in table.columns:
            self._find(Code.FORM_SHEET_MISSING, form_sheet.name, "", sheet_name=form_sheet.name)
            return None
        for column in form_sheet.inputs:
            if column.heading not in table.columns and not column.is_optional:
                place = a1(table.heading_row, 1)
                self._find(Code.FORM_HEADING_MISSING, form_sheet.name, place, heading=column.heading)
        return table

    def _row(self, form_sheet: FormSheet, row: Row) -> Iterator[Entry]:
        key = row.cell(layout.KEY)
        for column in form_sheet.inputs:
            cell = row.cell(column.heading)
            if is_blank(cell):
                continue
            place = Place(self.file, form_sheet.name, row.address(column.heading))
            self.used.add((form_sheet.name, (row.number, row.table.columns[column.heading])))
            if is_blank(key):
                self._find(Code.FORM_OUTSIDE, place.sheet, place.cell, value=cell.text)
                continue
            reading = read_input(column, cell, row.cell(layout.UNIT).text)
            self._say(reading, cell, place)
            yield Entry(folded(key.text), column.heading, reading.value, cell.text, place)

    def _say(self, reading: Reading[TypedValue], cell: Cell, place: Place) -> None:
        if reading.problem:
            self._find(reading.problem.code, place.sheet, place.cell, value=cell.text, **dict(reading.problem.details))

    def _find(self, code: Code, sheet: str, cell: str, **details: object) -> None:
        self.findings.append(finding(code, Place(self.file, sheet, cell), department=self.department, **details))


def read_input(column: Column, cell: Cell, unit: str = "") -> Reading[TypedValue]:
    """Read what is typed under a heading; `unit` is that of the row's indicator."""
    match column.kind:
        case Kind.PROGRESS:
            return read_progress(cell)
        case Kind.RATE:
            return read_rate(cell)
        case Kind.NUMBER:
            return read_actual(cell, unit)
        case Kind.DATE:
            return read_date(cell)
        case Kind.CERTAINTY:
            return read_certainty(cell)
        case _:
            return read_text(cell)


def _pairs(sheet: Sheet | None) -> dict[str, tuple[Cell, str]]:
    """Read labels and, right beside each, what it labels, with its address."""
    pairs: dict[str, tuple[Cell, str]] = {}
    for (row, column), cell in sorted(sheet.cells.items()) if sheet else ():
        if isinstance(cell.value, str) and (label := cell.value.strip()) not in pairs:
            pairs[label] = (sheet.cell(row, column + 1) if sheet else BLANK, a1(row, column + 1))
    return pairs


def _said(pairs: dict[str, tuple[Cell, str]], label: str) -> str:
    cell, _ = pairs.get(label, (BLANK, ""))
    return "" if is_blank(cell) else cell.text.strip()
