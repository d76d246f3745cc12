"""訂正: what a meeting corrected overrides what was reported, and both are shown (`docs/rules.md`, rule 8)."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd

from kama_excel.domain.calendar import Month
from kama_excel.domain.text import folded
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding
from kama_excel.forms import schema
from kama_excel.forms.content import departments_with_forms, form_content
from kama_excel.forms.reading.form_reader import read_input
from kama_excel.inbox.current_forms import key_of_today
from kama_excel.merge.frame import EntryRow, frame_of, rows_of
from kama_excel.plan.model import Correction, Indicator, Plan
from kama_excel.spreadsheets.cells import Cell


def correct(plan: Plan, month: Month, entries: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Put the corrections that hold in the month in place of the reported entries; the newest of each counts."""
    findings: list[Finding] = []
    holding = [each for each in plan.corrections if each.effective_month <= month]
    if not holding:
        return entries, findings
    rows = {(row.key, row.item): row for row in rows_of(entries)}
    holding.sort(key=lambda each: each.order)
    newest = {(folded(key_of_today(plan, each.key)), each.item): each for each in holding}
    for each in newest.values():
        row = _corrected(plan, month, each, findings)
        if row is None:
            continue
        old = rows.get((row.key, row.item))
        row = replace(row, reported=old.typed if old else "")
        findings.append(row.find(Code.CORRECTED, key=row.key, item=row.item, old=row.reported))
        rows[row.key, row.item] = row
    return frame_of(sorted(rows.values(), key=lambda row: (row.key, row.item))), findings


def _corrected(plan: Plan, month: Month, correction: Correction, findings: list[Finding]) -> EntryRow | None:
    """Read a correction as the input that it names would be read; None, with a finding, where that cannot be."""
    place, typed = correction.place, correction.value
    found = _input_of(plan, month, correction)
    if found is None:
        details = {"value": typed, "key": correction.key, "item": correction.item}
        findings.append(finding(Code.CORRECTION_UNKNOWN, place, **details))
        return None
    key, department, column, unit = found
    reading = read_input(column, Cell(typed), unit)
    if reading.value is None:
        details = {"value": typed, "key": key, "item": correction.item}
        findings.append(finding(Code.CORRECTION_UNREADABLE, place, **details))
        return None
    if reading.problem:
        details = {"value": typed, "department": department} | dict(reading.problem.details)
        findings.append(finding(reading.problem.code, place, **details))
    return EntryRow(
        key=key,
        item=correction.item,
        department=department,
        month=Month.of(correction.corrected_on),
        value=reading.value,
        typed=typed,
        file=place.file,
        sheet=place.sheet,
        cell=place.cell,
        sha256="",
    )


def _input_of(plan: Plan, month: Month, correction: Correction) -> tuple[str, str, schema.Column, str] | None:
    """Find the input that a 管理番号 and a heading name: its key, department, column and unit."""
    wanted = folded(key_of_today(plan, correction.key))
    for department in departments_with_forms(plan, month):
        content = form_content(plan, month, department)
        for form_sheet in schema.TABLE_SHEETS:
            columns = {column.heading: column for column in form_sheet.inputs}
            if correction.item not in columns:
                continue
            for row in content.rows[form_sheet.name]:
                if folded(row.key) == wanted:
                    unit = row.of.unit if isinstance(row.of, Indicator) else ""
                    return row.key, department, columns[correction.item], unit
    return None
