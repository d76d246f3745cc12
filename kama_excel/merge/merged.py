"""Merge a month: current entries, facts of the plan's rows, and findings on both."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from kama_excel.domain.calendar import Month, year_label
from kama_excel.domain.entries import Certainty, Entry, Excluded
from kama_excel.domain.keys import Field, Key, Slot
from kama_excel.domain.place import Place
from kama_excel.domain.text import is_placeholder, normalize_key
from kama_excel.evaluation.facts import AssessmentFact, Facts, IndicatorFact, TaskFact
from kama_excel.evaluation.rates import is_far
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import OF_READING, Finding, finding_of
from kama_excel.inbox.current_forms import (
    DepartmentStatus,
    Received,
    UnreadFile,
    current_forms,
    day_findings,
    missing_findings,
)
from kama_excel.merge.answered_notes import answered_notes
from kama_excel.merge.corrections import CorrectionRecord, correct, with_settled
from kama_excel.merge.frame import AllEntries, Candidates, candidates
from kama_excel.merge.plan_mismatch import printed_otherwise, unknown_entries
from kama_excel.merge.resolve import resolve
from kama_excel.merge.rounded import rounded_otherwise
from kama_excel.parsing.values import LARGE_PERCENT, PERCENT_UNITS, percent
from kama_excel.plan.model import Plan
from kama_excel.plan.rows import Indicator, Task, is_near_plan


@dataclass(frozen=True)  # no slots: computed properties are cached
class Merged:
    """The merged entries, facts and findings of a month."""

    facts: Facts
    entries: Mapping[Slot, Entry]
    """The current entry of each filled input, in the order of 管理番号 and heading."""
    statuses: tuple[DepartmentStatus, ...]
    received: tuple[Received, ...]
    """The forms of all months."""
    unknown: tuple[Entry, ...]
    """The entries without an input in their form of the month."""
    of_values: tuple[Finding, ...]
    """The findings on values that disagree, and on 訂正."""
    of_facts: tuple[Finding, ...]
    """The findings on values that are incomplete as facts."""
    superseded: frozenset[Place]
    """The cells of older forms that a newer one of the same department replaces."""
    corrections: tuple[CorrectionRecord, ...]
    """The state of every 訂正 of the plan, in its order."""
    settled: Mapping[Place, Entry]
    """The reported cells that a 訂正 replaces, with the corrected value."""
    lost: tuple[Finding, ...] = ()
    """The findings on inputs of the month before that are blank or without a row now."""

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The findings on the month's forms together; of most months nobody asks for them."""
        plan, month, statuses = self.facts.plan, self.facts.month, self.statuses
        return (
            *missing_findings(plan, statuses, month),
            *day_findings(statuses),
            *printed_otherwise(plan, month, statuses),
            *unknown_entries(plan, month, statuses, self.unknown),
            *self.of_values,
            *rounded_otherwise(plan.bands, plan.at(month).indicators, self.entries),
            *self.of_facts,
            *self.lost,
        )

    @property
    def pictures(self) -> tuple[Entry, ...]:
        """The pictures that count."""
        return tuple(entry for entry in self.entries.values() if entry.picture)

    @property
    def form_findings(self) -> tuple[Finding, ...]:
        """The findings on reading the current forms, without those on replaced values.

        Findings on comments and merged cells in older forms of the month are kept; a comment answered in a later
        month is left out.
        """
        read = (each for status in self.statuses for form in status.received for each in form.submission.findings)
        answered = answered_notes(self.statuses, self.received)
        asked = (each for each in read if each not in answered)
        left = (each for each in asked if each.place not in self.superseded or each.code not in OF_READING)
        return tuple(with_settled(left, self.settled))


def merge(plan: Plan, month: Month, received: Sequence[Received], unread: Sequence[UnreadFile] = ()) -> Merged:
    """Merge the forms received up to a month, independent of the order of `received`."""
    return merge_months(plan, (month,), received, unread)[0]


def merge_months(
    plan: Plan, months: Sequence[Month], received: Sequence[Received], unread: Sequence[UnreadFile] = ()
) -> tuple[Merged, ...]:
    """Merge the forms received up to each of `months`, from one frame of all entries."""
    statuses = current_forms(plan, months, received, unread)
    everything = AllEntries.of(received)
    found = candidates(plan, statuses, everything)
    return tuple(_merged(plan, month, statuses[month], found[month], everything) for month in months)


def _merged(
    plan: Plan, month: Month, statuses: tuple[DepartmentStatus, ...], found: Candidates, everything: AllEntries
) -> Merged:
    resolved = resolve(found, statuses)
    corrected = correct(plan, month, resolved.entries, everything, statuses)
    entries = corrected.entries
    in_force = plan.at(month)
    tasks = [_task_fact(key, task, entries) for key, task in in_force.keyed_tasks]
    indicators = [each for indicator in in_force.measured for each in _indicator_facts(plan, month, indicator, entries)]
    assessments = [
        _assessment_fact(action.no, department, entries)
        for action in in_force.actions
        for department in in_force.departments_of(action.no)
    ]
    facts = Facts(
        plan,
        month,
        tuple(fact for fact, _ in tasks),
        tuple(fact for fact, _ in indicators),
        tuple(fact for fact, _ in assessments if fact),
    )
    return Merged(
        facts,
        entries,
        statuses,
        everything.received,
        found.unknown,
        of_values=(*with_settled(resolved.findings, corrected.settled), *corrected.findings),
        of_facts=tuple(each for _, own in (*tasks, *indicators, *assessments) for each in own),
        superseded=resolved.superseded,
        corrections=corrected.records,
        settled=corrected.settled,
    )


Fields = Mapping[Slot, Entry]


def _task_fact(key: Key, task: Task, entries: Fields) -> tuple[TaskFact, list[Finding]]:
    """Return a task's progress (rule 1).

    A figure given before the task's year began is 予定 (rule 7).
    """
    done, is_expected = counting_progress(entries, key)
    if done is None:
        return TaskFact(task), []
    if done.value is Excluded.EXCLUDED:
        remark = entries.get((key, Field.REMARK))
        has_reason = _has_reason(done) or (remark is not None and bool(remark.text))
        return TaskFact(task, is_excluded=has_reason), (
            [] if has_reason else [finding_of(done, Code.EXCLUDED_WITHOUT_REASON)]
        )
    number = done.number
    is_planned = number is not None and (is_expected or not done.month.has_begun(task.fiscal_year))
    return TaskFact(task, number, is_planned=is_planned), []


def _has_reason(entry: Entry) -> bool:
    """Return whether an entry is a 訂正 with a 理由.

    That is sufficient reason for 対象外 and 総括評価 (rule 8).
    """
    return entry.correction is not None and not is_placeholder(entry.correction.reason)


def counting_progress(entries: Fields, key: Key) -> tuple[Entry | None, bool]:
    """Return the current entry of 実施, or of 予定 if that is blank, and whether it is 予定."""
    done, expected = entries.get((key, Field.DONE)), entries.get((key, Field.EXPECTED))
    if expected is None or (done is not None and done.value is not None):
        return done, False
    return expected, True


def _indicator_facts(
    plan: Plan, month: Month, measured: Indicator, entries: Fields
) -> list[tuple[IndicatorFact, list[Finding]]]:
    """Return the facts of an indicator's rows in forms.

    Of one whose yearly targets begin only later it is the newest report alone, as when the month was first run
    (rule 9).
    """
    found = [_indicator_fact(plan, row, entries) for row in plan.asked_rows(measured, month)]
    if plan.is_by_year(measured, month) or not plan.asks_by_year(measured) or not found:
        return found
    newest = next((fact for fact, _ in reversed(found) if not fact.is_missing), found[-1][0])
    row = newest.indicator._replace(target=measured.target)
    return [(newest._replace(indicator=row), [each for _, own in found for each in own])]


def _indicator_fact(plan: Plan, indicator: Indicator, entries: Fields) -> tuple[IndicatorFact, list[Finding]]:
    """Return an indicator's actual; report a date, 確度 or 根拠 without one."""
    fields = (Field.ACTUAL, Field.AS_OF, Field.CERTAINTY, Field.GROUNDS)
    actual, as_of, certainty, grounds = (entries.get((indicator.key, field)) for field in fields)
    findings: list[Finding] = []
    if actual is not None and actual.value is Excluded.EXCLUDED:
        has_reason = _has_reason(actual) or (grounds is not None and bool(grounds.text))
        findings = [] if has_reason else [finding_of(actual, Code.EXCLUDED_WITHOUT_GROUNDS)]
        return IndicatorFact(indicator, is_excluded=has_reason), findings
    if actual is None:
        findings = [finding_of(each, Code.DETAIL_WITHOUT_ACTUAL) for each in (as_of, certainty, grounds) if each]
    elif actual.number is not None and as_of is None:
        findings = [finding_of(actual, Code.AS_OF_MISSING)]
    elif as_of is not None and as_of.day is not None:
        years = plan.first_year, plan.last_year
        if not is_near_plan(Month.of(as_of.day), *years):
            findings = [finding_of(as_of, Code.AS_OF_FAR, first=year_label(years[0]), last=year_label(years[1]))]
    number = actual.number if actual else None
    if actual and number is not None and not actual.correction:
        findings += _far_percentage(indicator, actual, number)
    year = indicator.fiscal_year
    if number is not None and year is not None:
        if as_of is not None and as_of.day is not None and Month.of(as_of.day).fiscal_year != year:
            findings.append(finding_of(as_of, Code.AS_OF_OUTSIDE_YEAR, year=year_label(year)))
    elif number is not None and as_of is not None:
        before = _as_of_before(plan, indicator, as_of)
        findings += before
        number = None if any(each.code is Code.AS_OF_BEFORE_ROW for each in before) else number
    fact = IndicatorFact(
        indicator,
        number,
        as_of.day if as_of else None,
        certainty.value if certainty and isinstance(certainty.value, Certainty) else Certainty.FINAL,
    )
    return fact, findings


def _as_of_before(plan: Plan, indicator: Indicator, as_of: Entry) -> list[Finding]:
    """Report an actual whose 時点 is before 適用開始 of the indicator's row (rule 4)."""
    first, before = indicator.period.first, plan.row_before(indicator)
    if first is None or before is None or as_of.day is None or Month.of(as_of.day) >= first:
        return []
    if (before.name, before.unit) == (indicator.name, indicator.unit):
        return [finding_of(as_of, Code.AS_OF_BEFORE_TARGET, name=indicator.name, first=first.label)]
    was = f"{before.name}、単位 {before.unit or 'なし'}"
    return [finding_of(as_of, Code.AS_OF_BEFORE_ROW, name=indicator.name, first=first.label, before=was)]


def _far_percentage(indicator: Indicator, actual: Entry, number: Fraction) -> list[Finding]:
    """Report a percentage many times its target: 5 pasted over a percent cell shows 500%.

    One that is large whatever the target is has been reported by its reader.
    """
    if normalize_key(indicator.unit) not in PERCENT_UNITS or number >= LARGE_PERCENT or not is_far(indicator, number):
        return []
    details = {"taken": percent(number / 100), "other": percent(number / 100**2)}
    return [finding_of(actual, Code.NUMBER_LARGE_PERCENT, **details)]


def _assessment_fact(action_no: int, department: str, entries: Fields) -> tuple[AssessmentFact | None, list[Finding]]:
    """Return a department's assessment of an action if it has a reason (rule 5)."""
    key = Key.of_assessment(action_no, department)
    rate, reason = entries.get((key, Field.ASSESSMENT)), entries.get((key, Field.REASON))
    text = reason.text if reason else ""
    if rate is not None and rate.correction and _has_reason(rate):
        text = text or rate.correction.reason
    if rate is None:
        return None, [finding_of(reason, Code.REASON_WITHOUT_ASSESSMENT)] if reason and text else []
    if rate.number is None:
        return None, []
    if not text:
        return None, [finding_of(rate, Code.ASSESSMENT_WITHOUT_REASON)]
    return AssessmentFact(action_no, department, rate.number, text, rate.month), []
