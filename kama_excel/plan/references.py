"""Check the references of a plan row, and that its number is unique."""

from __future__ import annotations

from collections.abc import Mapping

from kama_excel.domain.calendar import year_label
from kama_excel.domain.text import name_key
from kama_excel.findings.catalogue import Code
from kama_excel.plan import rows
from kama_excel.plan.model import Action, Period
from kama_excel.plan.rows import Record

Versions = dict[str, list[tuple[Period, str]]]
"""By number the periods of its rows so far, with their cells."""


def known_action(record: Record, actions: Mapping[int, Action]) -> int | None:
    """Read アクションNo; None, with a finding, if the plan has no such action."""
    no = record.integer("アクションNo")
    if no is not None and no not in actions:
        record.find(Code.PLAN_REFERENCE_UNKNOWN, "アクションNo", sheet_name=rows.ACTIONS.name)
        return None
    return no


def department_of(record: Record, heading: str, today: Mapping[str, str], *, required: bool = True) -> str:
    """Read a department and return its current name."""
    name = name_key(record.text(heading, required=True) if required else record.optional_text(heading))
    if name and name not in today:
        record.find(Code.PLAN_REFERENCE_UNKNOWN, heading, sheet_name=rows.DEPARTMENTS.name)
    return today.get(name, name)


def check_twice(record: Record, heading: str, value: object, seen: dict[str, str]) -> None:
    """Report a repeated number or name; `seen` has the earlier cells by value."""
    if value is None or value == "":
        return
    if str(value) in seen:
        record.find(Code.PLAN_NUMBER_TWICE, heading, other=seen[str(value)])
    seen.setdefault(str(value), record.row.address(heading))


def check_versions(record: Record, heading: str, no: str, period: Period, seen: Versions) -> None:
    """Report a number in several rows of the same month.

    Several rows are allowed in different months: a row that was reworded or corrected.
    """
    other = next((cell for earlier, cell in seen.get(no, ()) if earlier.overlaps(period)), None)
    if no and other:
        record.find(Code.PLAN_NUMBER_TWICE, heading, other=other)
    seen.setdefault(no, []).append((period, record.row.address(heading)))


def check_year(record: Record, year: int | None, years: tuple[int, int] | None) -> None:
    """Report a 年度 outside the plan's first and last year."""
    if year is not None and years is not None and not years[0] <= year <= years[1]:
        record.find(Code.PLAN_YEAR_OUTSIDE, "年度", first=year_label(years[0]), last=year_label(years[1]))
