"""Apply 訂正: a corrected value counts until a newer report replaces it (rule 8).

The rules are those of `docs/rules.md`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import Enum
from typing import NamedTuple

from kama_excel.domain.calendar import Month, date_label
from kama_excel.domain.entries import Corrected, Entry, Source
from kama_excel.domain.keys import Slot
from kama_excel.domain.place import Place
from kama_excel.domain.text import normalize_key
from kama_excel.findings.catalogue import Code, Severity
from kama_excel.findings.finding import OF_READING, Finding, finding, finding_of
from kama_excel.forms import schema
from kama_excel.forms.content import departments_with_forms, form_content
from kama_excel.forms.snapshot import comparable_text, entered_text
from kama_excel.inbox.current_forms import DepartmentStatus, Received
from kama_excel.merge.frame import AllEntries
from kama_excel.parsing.inputs import read_input
from kama_excel.plan.model import Plan
from kama_excel.plan.rows import Action, Correction, Indicator, Task, in_force
from kama_excel.spreadsheets.cells import Cell

WITHDRAWN = "未報告"
"""The value of a 訂正 that withdraws the report."""

_SETTLED = OF_READING | {Code.VALUES_CONFLICT, Code.VALUES_OF_MERGED, Code.VALUE_SET_BACK, Code.FORM_KEY_TWICE}
"""Findings on the replaced reports that a 訂正 resolves.

They concern how a report is read, and which of several counts.
"""


class CorrectionState(Enum):
    """The state of a 訂正 in a month."""

    IN_FORCE = "適用中"
    AHEAD = "適用前"
    REPLACED = "後の訂正を適用"
    OVERTAKEN = "後の報告を採用"
    NOT_IN_MONTH = "この月の計画にない行"
    UNUSABLE = "適用不可"


class CorrectionRecord(NamedTuple):
    """A 訂正 of the plan workbook, the report that it replaced, and its state in a month."""

    correction: Correction
    before: str
    """The reported text as typed; '' if none."""
    state: CorrectionState
    overtaken_in: Month | None = None
    """The month of the form whose report replaced it."""

    @property
    def outcome(self) -> str:
        """The state in words."""
        match self.state:
            case CorrectionState.OVERTAKEN if self.overtaken_in:
                return f"{self.overtaken_in}の様式の報告を採用"
            case CorrectionState.AHEAD:
                return f"{self.correction.effective_month.label}分から適用"
            case _:
                return str(self.state.value)


class CorrectedMonth(NamedTuple):
    """A month's entries with the corrections in force, and the state of every correction."""

    entries: dict[Slot, Entry]
    records: tuple[CorrectionRecord, ...]
    findings: tuple[Finding, ...]
    settled: Mapping[Place, Entry]
    """The reported cells that a correction in force replaces, with the corrected value."""


def with_settled(findings: Iterable[Finding], settled: Mapping[Place, Entry]) -> Iterator[Finding]:
    """Yield the findings; those on a corrected value become informative and say so."""
    for each in findings:
        entry = settled.get(each.place) if each.code in _SETTLED and each.severity is not Severity.INFO else None
        if entry is None:
            yield each
        else:
            settling = _about(entry, Code.CORRECTION_SETTLED, entry, was=each.message)
            yield settling._replace(place=each.place, value=each.value)


def correct(
    plan: Plan,
    month: Month,
    reported: dict[Slot, Entry],
    everything: AllEntries,
    statuses: Sequence[DepartmentStatus],
) -> CorrectedMonth:
    """Replace reports by the corrections in force, unless a newer report overtakes them."""
    entries, findings, records = dict(reported), list[Finding](), dict[int, CorrectionRecord]()
    settled: dict[Place, Entry] = {}
    current = [form for status in statuses for form in status.received]
    of_cell: dict[tuple[str, str], list[tuple[int, Correction]]] = {}
    for number, each in enumerate(plan.corrections):
        of_cell.setdefault((each.key, each.item), []).append((number, each))
    for numbered in of_cell.values():
        corrections = [each for _, each in numbered]
        chosen = in_force(corrections, month)
        cell = _Cell.of(plan, month, chosen or corrections[0], everything)
        outcome = cell.outcome(corrections, current, month) if chosen and cell else None
        before = outcome.before if outcome else cell.newest_typed if cell else ""
        for number, each in numbered:
            records[number] = _record(plan, each, chosen, month, outcome, before)
        if chosen and cell is None and not _is_of_other_month(plan, chosen):
            findings.append(_problem(Code.CORRECTION_UNKNOWN, chosen))
        if outcome:
            findings += outcome.findings
            if cell and outcome.entry:
                entries[outcome.entry.slot] = outcome.entry
                settled |= dict.fromkeys(cell.corrected_places, outcome.entry)
    in_order = dict(sorted(entries.items())) if of_cell else entries
    return CorrectedMonth(in_order, tuple(records[number] for number in sorted(records)), tuple(findings), settled)


class _Outcome(NamedTuple):
    """The effect of a correction: the entry that counts; None if ended or unreadable."""

    entry: Entry | None
    before: str
    overtaken_in: Month | None
    findings: tuple[Finding, ...]


class _Cell(NamedTuple):
    """An input with a correction in force, and all its reports up to the month."""

    plan: Plan
    correction: Correction
    slot: Slot
    department: str
    unit: str
    reports: tuple[tuple[Received, Entry | None], ...]
    """The department's forms, oldest first, with their entry; None for blank or unusable."""
    typed: tuple[tuple[Received, Entry], ...]
    """The typed values in the forms, oldest first, usable or not."""

    @classmethod
    def of(cls, plan: Plan, month: Month, correction: Correction, everything: AllEntries) -> _Cell | None:
        """Find the input; None if no form of the month has that 管理番号 and heading."""
        found = _input_of(plan, month, correction)
        if found is None:
            return None
        slot, department, unit = found
        entries = everything.of_slot(slot)
        forms = (
            form
            for form in everything.received
            if form.department == department and form.month <= month and not form.submission.is_as_issued
        )
        in_order = sorted(forms, key=lambda form: (form.month, form.order))
        typed = {form: [each for each in entries if _is_of(each, form)] for form in in_order}
        reports = tuple((form, _reported_entry(mine)) for form, mine in typed.items())
        pairs = tuple((form, each) for form, mine in typed.items() for each in mine)
        return cls(plan, correction, slot, department, unit, reports, pairs)

    @property
    def corrected_places(self) -> tuple[Place, ...]:
        """The cells of the reports that are not later than the correction."""
        return tuple(entry.place for form, entry in self.typed if not self._is_later(form))

    @property
    def newest_typed(self) -> str:
        """The text of the newest report, usable or not; '' if none."""
        return self.typed[-1][1].typed if self.typed else ""

    def outcome(self, corrections: Iterable[Correction], current: Sequence[Received], month: Month) -> _Outcome:
        """Return the value that counts.

        `corrections` are all of the cell, `current` the forms that count in the month. A newer report is stated
        in the month of its form, or in the first month in which it would have counted.
        """
        before = [entry for form, entry in self.reports if entry and not self._is_later(form)]
        was = next((entry.typed for form, entry in reversed(self.typed) if not self._is_later(form)), "")
        replaced = was or self.newest_typed
        entry, problems = self._read(self.correction, replaced)
        if entry is None:
            return _Outcome(None, replaced, None, problems)
        originals = [*before[-1:], *self._earlier(corrections)]
        findings = list(problems)
        for form, report in self.reports:
            if not self._is_later(form):
                continue
            is_current = any(form is each for each in current)
            if report is None:
                findings += self._cleared(form, entry) if is_current else ()
            elif any(report.same_value(each) for each in originals):
                findings += [_about(report, Code.CORRECTION_REPEATED, entry)] if is_current else ()
            else:
                is_first = form.month < self.correction.effective_month == month
                is_new = (is_current or is_first) and not report.same_value(entry)
                over = [_about(report, Code.CORRECTION_OVERTAKEN, entry)] if is_new else []
                return _Outcome(None, was, form.month, (*problems, *over))
        return _Outcome(entry, replaced, None, (*findings, finding_of(entry, Code.CORRECTED, old=replaced or "空欄")))

    def _is_later(self, form: Received) -> bool:
        """Return whether a form is from a later month or a later date than 訂正日."""
        day, evidence = self.correction.corrected_on, form.submission.evidence_day
        return form.month > Month.of(day) or (evidence is not None and evidence > day)

    def _read(self, each: Correction, reported: str) -> tuple[Entry | None, tuple[Finding, ...]]:
        """Parse a correction like the input that it replaces."""
        key, field = self.slot
        correction = Corrected(reported, each.corrected_on, each.corrected_by, each.reason)
        source = Source(self.department, Month.of(each.corrected_on), 0, "")
        if normalize_key(each.value) == WITHDRAWN:
            return Entry(key, field, None, WITHDRAWN, each.place, source, correction), ()
        parsed = read_input(field, Cell(each.value), self.unit)
        if parsed.value is None:
            return None, (_problem(Code.CORRECTION_UNREADABLE, each),)
        entry = Entry(key, field, parsed.value, each.value, each.place, source, correction)
        problem = parsed.problem
        return entry, (finding_of(entry, problem.code, **dict(problem.details)),) if problem else ()

    def _earlier(self, corrections: Iterable[Correction]) -> Iterator[Entry]:
        """Yield the earlier corrections of the cell: a form that repeats one predates the newest."""
        for each in corrections:
            if each.order < self.correction.order:
                entry, _ = self._read(each, "")
                if entry:
                    yield entry

    def _cleared(self, form: Received, entry: Entry) -> list[Finding]:
        """Report a blank input of a form that was issued with the corrected value."""
        place = form.inputs.get(self.slot)
        if place is None or any(each.slot == self.slot for each in form.entries):
            return []
        if comparable_text(form.prefilled.get(self.slot, "")) != comparable_text(entered_text(entry.value)):
            return []
        return [finding_of(entry, Code.CORRECTION_CLEARED)._replace(place=place)]


def _about(at: Entry, code: Code, entry: Entry, **more: str) -> Finding:
    """Make a finding at an entry's cell, with the correction's value, date, author and reason."""
    each = entry.correction
    if each is None:
        raise ValueError(entry)
    details = {"now": entry.typed, "day": date_label(each.day), "by": each.by or "訂正者の登録なし"}
    return finding_of(at, code, **details, why=each.reason or "理由の登録なし", **more)


def _is_of(entry: Entry, form: Received) -> bool:
    return entry.source == form.source and entry.place.file == form.submission.file


def _reported_entry(mine: Sequence[Entry]) -> Entry | None:
    """Return a form's entry of an input, the first of equal copies.

    None for a blank, an unreadable value, or unequal copies.
    """
    is_taken = bool(mine) and mine[0].value is not None and all(each.same_value(mine[0]) for each in mine)
    return mine[0] if is_taken else None


def _record(
    plan: Plan, each: Correction, chosen: Correction | None, month: Month, outcome: _Outcome | None, before: str
) -> CorrectionRecord:
    if each.effective_month > month:
        return CorrectionRecord(each, before, CorrectionState.AHEAD)
    if each is not chosen:
        return CorrectionRecord(each, before, CorrectionState.REPLACED)
    if outcome and outcome.overtaken_in:
        return CorrectionRecord(each, before, CorrectionState.OVERTAKEN, outcome.overtaken_in)
    if outcome is None and _is_of_other_month(plan, each):
        return CorrectionRecord(each, before, CorrectionState.NOT_IN_MONTH)
    is_usable = outcome is not None and outcome.entry is not None
    return CorrectionRecord(each, before, CorrectionState.IN_FORCE if is_usable else CorrectionState.UNUSABLE)


def _is_of_other_month(plan: Plan, each: Correction) -> bool:
    """Return whether a correction's input has ended or has not begun in the month."""
    rows: tuple[Action | Task | Indicator, ...] = (*plan.actions, *plan.tasks, *plan.indicators)
    bounds = {bound for row in rows for bound in (row.period.first, row.period.last) if bound}
    return any(_input_of(plan, month, each) is not None for month in bounds)


def _problem(code: Code, each: Correction) -> Finding:
    return finding(code, each.place, value=each.value, key=each.key, item=each.item)


def _input_of(plan: Plan, month: Month, correction: Correction) -> tuple[Slot, str, str] | None:
    """Find the input of a 管理番号 and a heading, with its department and unit."""
    form_sheet = schema.sheet_of(correction.key)
    field = next((each for each in form_sheet.fields if each == correction.item), None) if form_sheet else None
    if form_sheet is None or field is None:
        return None
    for department in departments_with_forms(plan, month):
        for row in form_content(plan, month, department).rows[form_sheet.name]:
            if row.key == correction.key:
                return (row.key, field), department, row.of.unit if isinstance(row.of, Indicator) else ""
    return None
