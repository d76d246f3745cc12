"""Find changes of the plan between two months, by periods and by printed texts.

The plan workbook holds its current state only. A row edited in place is recognised by the returned forms: its
printed texts differ from one month's form to the next one's. Periods are 適用開始 and 適用終了.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from kama_excel.domain.keys import NO_KEY, Key
from kama_excel.domain.text import name_key
from kama_excel.evaluation.rates import number_text
from kama_excel.forms import schema
from kama_excel.forms.snapshot import comparable_text
from kama_excel.inbox.current_forms import DepartmentStatus
from kama_excel.merge.merged import Merged
from kama_excel.plan.model import Plan
from kama_excel.plan.rows import Indicator, Task

ROW, DEPARTMENT_NAME = "行", "課の名前"
RowTexts = Mapping[str, str]


class PlanChange(NamedTuple):
    """A change of the plan's text under a heading (`item`); None is a missing row.

    `item` ROW is the whole row, its task or indicator in words. DEPARTMENT_NAME is a department's own name: `key`
    is then NO_KEY and `action_no` 0. `reported` is what had been reported of a removed row. `is_in_place` marks a
    row that was edited and not closed: earlier months are evaluated with its current text.
    """

    key: Key
    action_no: int
    item: str
    before: str | None
    after: str | None
    reported: str = ""
    is_in_place: bool = False


def plan_changes(plan: Plan, before: Merged, after: Merged) -> Iterator[PlanChange]:
    """Yield the changes of the plan from the month of `before` to that of `after`."""
    old, new = ({row.key: row for row in _rows(plan, each)} for each in (before, after))
    old_numbers = {row.no for row in plan.at(before.facts.month).measured}
    printed_before, printed_after = _printed(before.statuses), _printed(after.statuses, after)
    for key in sorted(old.keys() | new.keys(), key=lambda key: _row_order(old.get(key) or new[key])):
        was, now = old.get(key), new.get(key)
        if was and now and was is not now:
            yield from _differences(now, _plan_texts(was), _plan_texts(now), is_in_place=False)
        elif was and now:
            texts = [printed.get(key, {}) for printed in (printed_before, printed_after)]
            if all(texts):
                yield from _differences(now, *texts, is_in_place=True)
        elif (
            now and was is None and isinstance(now, Indicator) and now.fiscal_year is not None and now.no in old_numbers
        ):
            continue  # a year has begun
        elif row := was or now:
            reported = _reported(before, key) if was else ""
            yield PlanChange(key, row.action_no, ROW, _words(was), _words(now), reported)
    yield from _renamed(before.statuses, after.statuses)


def _rows(plan: Plan, merged: Merged) -> tuple[Task | Indicator, ...]:
    in_force = plan.at(merged.facts.month)
    return (*in_force.tasks, *in_force.indicators)


def _row_order(row: Task | Indicator) -> tuple[int, bool, int, str]:
    return (row.action_no, isinstance(row, Indicator), len(row.no), row.no)


def _differences(row: Task | Indicator, was: RowTexts, now: RowTexts, *, is_in_place: bool) -> Iterator[PlanChange]:
    for heading, text in now.items():
        if comparable_text(was.get(heading, text)) != comparable_text(text):
            yield PlanChange(row.key, row.action_no, heading, was[heading], text, is_in_place=is_in_place)


def _plan_texts(row: Task | Indicator) -> RowTexts:
    """Return the plan's texts of a row, by the plan workbook's headings."""
    if isinstance(row, Task):
        return {schema.PLANNED_WORK: row.text, "担当課": row.department, schema.WEIGHT: number_text(row.weight)}
    figures = {schema.BASELINE: row.baseline, schema.TARGET: row.target}
    return {
        schema.NAME: row.name,
        schema.UNIT: row.unit,
        **{heading: "" if figure is None else number_text(figure) for heading, figure in figures.items()},
        "向き": row.direction.value,
        "担当課": row.department,
    }


def _words(row: Task | Indicator | None) -> str | None:
    return None if row is None else row.text if isinstance(row, Task) else row.name


def _printed(statuses: tuple[DepartmentStatus, ...], of: Merged | None = None) -> dict[Key, Mapping[str, str]]:
    """Return by 管理番号 the printed texts of the newest current form.

    With `of` only of that month's own forms.
    """
    return {
        key: texts
        for status in statuses
        for received in status.received
        if of is None or received.month == of.facts.month
        for key, texts in received.issued_rows.items()
    }


def _reported(merged: Merged, key: Key) -> str:
    return "、".join(f"{entry.field} {entry.typed}" for entry in merged.entries.values() if entry.key == key)


def _renamed(before: tuple[DepartmentStatus, ...], after: tuple[DepartmentStatus, ...]) -> Iterator[PlanChange]:
    """Yield each department that was renamed or merged since the month before."""
    names_before = {status.department: _names(status) for status in before}
    for status in after:
        was, now = names_before.get(status.department, ()), _names(status)
        if was and now and set(map(name_key, was)) != set(map(name_key, now)):
            yield PlanChange(NO_KEY, 0, DEPARTMENT_NAME, "・".join(was), "・".join(now))


def _names(status: DepartmentStatus) -> tuple[str, ...]:
    return tuple(dict.fromkeys(received.submission.department for received in status.received))
