"""訂正: what a meeting corrected overrides what was reported, and both are shown (`docs/rules.md`, rule 8)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import Entry, Source
from kama_excel.domain.keys import Slot
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding, finding_of
from kama_excel.forms import schema
from kama_excel.forms.content import departments_with_forms, form_content
from kama_excel.forms.reading.form_reader import read_input
from kama_excel.plan.model import Correction, Indicator, Plan
from kama_excel.spreadsheets.cells import Cell


def correct(plan: Plan, month: Month, reported: Mapping[Slot, Entry]) -> tuple[dict[Slot, Entry], list[Finding]]:
    """Return the entries with the corrections of the month in the place of what was reported; the newest counts."""
    holding = sorted((each for each in plan.corrections if each.effective_month <= month), key=lambda each: each.order)
    entries, findings = dict(reported), list[Finding]()
    newest = {(each.key, each.item): each for each in holding}
    for each in newest.values():
        corrected, problems = _corrected(plan, month, each)
        findings += problems
        if corrected:
            old = reported.get(corrected.slot)
            corrected = replace(corrected, reported=old.typed if old else "")
            findings.append(finding_of(corrected, Code.CORRECTED, old=corrected.reported))
            entries[corrected.slot] = corrected
    return dict(sorted(entries.items())) if newest else entries, findings


def _corrected(plan: Plan, month: Month, correction: Correction) -> tuple[Entry | None, list[Finding]]:
    """Read a correction as the input that it names would be read; None, with a finding, where that cannot be."""
    place, typed = correction.place, correction.value
    details: dict[str, object] = {"value": typed, "key": correction.key, "item": correction.item}
    found = _input_of(plan, month, correction)
    if found is None:
        return None, [finding(Code.CORRECTION_UNKNOWN, place, **details)]
    (key, field), department, unit = found
    parsed = read_input(field, Cell(typed), unit)
    if parsed.value is None:
        return None, [finding(Code.CORRECTION_UNREADABLE, place, **details)]
    source = Source(department, Month.of(correction.corrected_on), 0, "")
    entry = Entry(key, field, parsed.value, typed, place, source)
    problem = parsed.problem
    return entry, [finding_of(entry, problem.code, **dict(problem.details))] if problem else []


def _input_of(plan: Plan, month: Month, correction: Correction) -> tuple[Slot, str, str] | None:
    """Find the input that a 管理番号 and a heading name, with its department and its unit."""
    form_sheet = schema.sheet_of(correction.key)
    field = next((each for each in form_sheet.fields if each == correction.item), None) if form_sheet else None
    if form_sheet is None or field is None:
        return None
    for department in departments_with_forms(plan, month):
        for row in form_content(plan, month, department).rows[form_sheet.name]:
            if row.key == correction.key:
                return (row.key, field), department, row.of.unit if isinstance(row.of, Indicator) else ""
    return None
