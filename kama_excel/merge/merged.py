"""What stands in a month: the plan's rows with what was reported beside them, and the facts made of them."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import Certainty, Excluded
from kama_excel.domain.place import Place
from kama_excel.evaluation.facts import AssessmentFact, Facts, IndicatorFact, TaskFact
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import OF_READING, Finding
from kama_excel.forms import schema
from kama_excel.inbox.current_forms import DepartmentStatus, Received, day_findings, missing_findings, standing
from kama_excel.merge.corrections import correct
from kama_excel.merge.frame import EntryRow, rows_of
from kama_excel.merge.pictures import PlacedPicture, placed_pictures
from kama_excel.merge.plan_mismatch import printed_otherwise
from kama_excel.merge.resolve import merge_entries
from kama_excel.plan.model import Indicator, Plan, Task


@dataclass(frozen=True)
class Merged:
    """Everything that stands in a month.

    `entries` is the frame of `merge.entries`. `tasks` (key, task), `indicators` (key, indicator) and `assessments`
    (key, action_no, department) have the plan's rows of the month, each once and in the plan's order; beside them, per
    heading of the form, the EntryRow that counts or None.
    """

    facts: Facts
    entries: pd.DataFrame
    tasks: pd.DataFrame
    indicators: pd.DataFrame
    assessments: pd.DataFrame
    pictures: tuple[PlacedPicture, ...]
    statuses: tuple[DepartmentStatus, ...]
    findings: tuple[Finding, ...]
    superseded: frozenset[Place] = frozenset()
    """The cells of older forms that a newer one of the same department says anew."""

    @property
    def form_findings(self) -> tuple[Finding, ...]:
        """What the reading of the forms that stand came to, less what was wrong with a value that is said anew.

        A comment or merged cells in an older form are to be looked at all the same.
        """
        read = (each for status in self.statuses for form in status.received for each in form.submission.findings)
        return tuple(each for each in read if each.place not in self.superseded or each.code not in OF_READING)


def merge(plan: Plan, month: Month, received: Sequence[Received]) -> Merged:
    """Merge what was received by a month. The order of `received` makes no difference."""
    statuses = standing(plan, month, received)
    findings = list(missing_findings(plan, statuses, month))
    findings += day_findings(statuses)
    findings += printed_otherwise(plan, month, statuses)
    entries, found, superseded = merge_entries(plan, month, statuses)
    entries, corrected = correct(plan, month, entries)
    findings += (*found, *corrected)
    tasks, indicators, assessments = _join(plan, month, entries)
    facts = Facts(
        plan,
        month,
        tuple(_task_facts(tasks, findings)),
        tuple(_indicator_facts(plan, indicators, findings)),
        tuple(_assessment_facts(assessments, findings)),
    )
    pictures = tuple(placed_pictures(plan, statuses, entries, findings))
    return Merged(facts, entries, tasks, indicators, assessments, pictures, statuses, tuple(findings), superseded)


def _join(plan: Plan, month: Month, entries: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    in_force = plan.at(month)
    tasks = pd.DataFrame([(task.key, task) for task in in_force.tasks], columns=["key", "task"])
    indicators = pd.DataFrame([(each.key, each) for each in in_force.indicators], columns=["key", "indicator"])
    assessments = pd.DataFrame(
        [
            (schema.assessment_key(action.no, department), action.no, department)
            for action in in_force.actions
            for department in in_force.departments_of(action.no)
        ],
        columns=["key", "action_no", "department"],
    )
    reported = entries.assign(entry=pd.Series(rows_of(entries), index=entries.index, dtype=object))
    by_item = reported.pivot(index="key", columns="item", values="entry")  # noqa: PD010 -- it is to fail on doubles
    return (
        _with_entries(tasks, schema.PROGRESS_SHEET, by_item),
        _with_entries(indicators, schema.INDICATOR_SHEET, by_item),
        _with_entries(assessments, schema.ASSESSMENT_SHEET, by_item),
    )


def _with_entries(rows: pd.DataFrame, form_sheet: schema.FormSheet, by_item: pd.DataFrame) -> pd.DataFrame:
    """Join, per input heading of a sheet, the entry that counts; None where nothing was typed."""
    entered = by_item.reindex(columns=[column.heading for column in form_sheet.inputs])
    joined = rows.astype({"key": object}).join(entered, on="key", validate="one_to_one").astype(object)
    return joined.where(joined.notna(), None)


def _task_facts(tasks: pd.DataFrame, findings: list[Finding]) -> Iterator[TaskFact]:
    """Yield how far each task got (rule 1). A figure given before the task's year began is 予定 (rule 7)."""
    for record in tasks.to_dict("records"):
        task: Task = record["task"]
        done, is_expected = counting_progress(record[schema.DONE], record[schema.EXPECTED])
        remark: EntryRow | None = record[schema.REMARK]
        if done is None:
            yield TaskFact(task)
        elif done.value is Excluded.EXCLUDED:
            has_reason = remark is not None and bool(remark.words)
            if not has_reason:
                findings.append(done.find(Code.EXCLUDED_WITHOUT_REASON))
            yield TaskFact(task, is_excluded=has_reason)
        else:
            is_planned = is_expected or not done.month.has_begun(task.fiscal_year)
            yield TaskFact(task, done.number, is_planned=is_planned and done.number is not None)


def counting_progress(done: EntryRow | None, expected: EntryRow | None) -> tuple[EntryRow | None, bool]:
    """Return what counts of 実施 and 予定, and whether it is 予定: what was done counts wherever it says anything."""
    if expected is None or (done is not None and done.value is not None):
        return done, False
    return expected, True


def _as_of_before(plan: Plan, indicator: Indicator, as_of: EntryRow) -> list[Finding]:
    """Return what is to be said of an actual whose 時点 lies before 適用開始 of the indicator's row (rule 4)."""
    first, before = indicator.period.first, plan.row_before(indicator)
    if first is None or before is None or as_of.day is None or Month.of(as_of.day) >= first:
        return []
    if (before.name, before.unit) == (indicator.name, indicator.unit):
        return [as_of.find(Code.AS_OF_BEFORE_TARGET, name=indicator.name, first=first.label)]
    was = f"{before.name}、単位 {before.unit or 'なし'}"
    return [as_of.find(Code.AS_OF_BEFORE_ROW, name=indicator.name, first=first.label, before=was)]


def _indicator_facts(plan: Plan, indicators: pd.DataFrame, findings: list[Finding]) -> Iterator[IndicatorFact]:
    """Yield each indicator's actual. A date, 確度 or 根拠 without an actual is named."""
    for record in indicators.to_dict("records"):
        indicator: Indicator = record["indicator"]
        actual: EntryRow | None = record[schema.ACTUAL]
        as_of: EntryRow | None = record[schema.AS_OF]
        certainty: EntryRow | None = record[schema.CERTAINTY]
        if actual is None:
            details = (as_of, certainty, record[schema.GROUNDS])
            findings.extend(each.find(Code.DETAIL_WITHOUT_ACTUAL) for each in details if each is not None)
        elif actual.number is not None and as_of is None:
            findings.append(actual.find(Code.AS_OF_MISSING))
        number = actual.number if actual else None
        if actual is not None and number is not None and as_of is not None:
            before = _as_of_before(plan, indicator, as_of)
            findings.extend(before)
            number = None if any(each.code is Code.AS_OF_BEFORE_ROW for each in before) else number
        yield IndicatorFact(
            indicator,
            number,
            as_of.day if as_of else None,
            certainty.value if certainty and isinstance(certainty.value, Certainty) else Certainty.FINAL,
        )


def _assessment_facts(assessments: pd.DataFrame, findings: list[Finding]) -> Iterator[AssessmentFact]:
    """Yield the assessments that have a reason (rule 5)."""
    for record in assessments.to_dict("records"):
        rate: EntryRow | None = record[schema.ASSESSMENT]
        reason: EntryRow | None = record[schema.REASON]
        words = reason.words if reason else ""
        if rate is None:
            if reason is not None and words:
                findings.append(reason.find(Code.REASON_WITHOUT_ASSESSMENT))
        elif rate.number is not None and words:
            yield AssessmentFact(record["action_no"], record["department"], rate.number, words, rate.month)
        elif rate.number is not None:
            findings.append(rate.find(Code.ASSESSMENT_WITHOUT_REASON))
