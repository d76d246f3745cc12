"""What a form says of rows that the month's plan does not have for it: nothing that was reported goes without a word."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import Entry
from kama_excel.domain.place import Place
from kama_excel.domain.text import folded
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding
from kama_excel.forms import schema
from kama_excel.forms.content import departments_with_forms, form_content
from kama_excel.forms.content import keys as content_keys
from kama_excel.forms.snapshot import figure_text
from kama_excel.forms.submission import PrintedText
from kama_excel.inbox.current_forms import DepartmentStatus, Received, key_of_today
from kama_excel.plan.model import Period, Plan, Task


@dataclass(frozen=True, slots=True)
class KnownKeys:
    """What the 管理番号 that a form names may be of."""

    plan: Plan
    month: Month
    department: str
    printed: Mapping[str, PrintedText]
    """The rows that the form was sent out with, by 管理番号 (folded): looked up once for all entries of the form."""

    @classmethod
    def of(cls, plan: Plan, month: Month, received: Received) -> KnownKeys:
        """Look up what a form and the plan know."""
        printed: dict[str, PrintedText] = {}
        for each in received.submission.printed:
            printed.setdefault(folded(each.key), each)
        return cls(plan, month, received.department, printed)


def unknown_entry(known: KnownKeys, entry: Entry) -> Finding:
    """Say why an entry's 管理番号 is not in the department's form of the month (`docs/rules.md`, rule 9).

    A row that the plan has at other times has ended, one of another department is named with it; one that the form was
    sent out with and that the plan has no more was deleted; any other was typed by a person.
    """
    plan, month, department = known.plan, known.month, known.department
    key = key_of_today(plan, entry.key)
    details: dict[str, object] = {"key": entry.key, "item": entry.item, "value": entry.typed, "month": month.label}
    details |= {"department": department, "text": _text(known, key)}
    was_printed = folded(entry.key) in known.printed
    rows = plan.of_key(folded(key))
    now = next((row for row in rows if month in row.period), None)
    if now and was_printed:
        return finding(Code.KEY_OF_OTHER, entry.place, **details, other=now.department)
    if rows and not now:
        return finding(Code.KEY_ENDED, entry.place, **details, why=_period_words([row.period for row in rows]))
    if _action_no(plan, key) is not None and _names_department(key, department):
        return finding(Code.KEY_ENDED, entry.place, **details, why="この課が担うタスク・指標がありません")
    return finding(Code.KEY_VANISHED if was_printed and not now else Code.FORM_KEY_UNKNOWN, entry.place, **details)


def _names_department(key: str, department: str) -> bool:
    """Whether a 管理番号 is of a department's own rows: A-6-市民課, P-6-市民課-2."""
    return re.fullmatch(rf"[AWP]-\d+-{re.escape(department)}(?:-\d+)?", key) is not None


def gone(
    plan: Plan, month: Month, before: tuple[DepartmentStatus, ...], after: tuple[DepartmentStatus, ...]
) -> Iterator[Finding]:
    """Yield a finding of all that stood in the forms of the month before and that its department has no row for now.

    What a form that stands now says of such a row counts, or is named where it stands.
    """
    of_today = {
        (name, folded(key))
        for name in departments_with_forms(plan, month)
        for key in content_keys(form_content(plan, month, name))
    }
    said = {_place(plan, entry) for status in after for each in status.received for entry in each.submission.entries}
    for status in before:
        for received in status.received:
            known = KnownKeys.of(plan, month, received)
            for entry in received.submission.entries:
                place = _place(plan, entry)
                if (received.department, place[0]) not in of_today and place not in said:
                    each = unknown_entry(known, entry)
                    if each.code in (Code.KEY_ENDED, Code.KEY_VANISHED, Code.KEY_OF_OTHER):
                        yield each


def printed_otherwise(plan: Plan, month: Month, statuses: tuple[DepartmentStatus, ...]) -> Iterator[Finding]:
    """Yield a finding of each 基準値 and 目標値 that a form of this month was sent out with and that is another now."""
    indicators = {row.key: row for row in plan.at(month).indicators}
    for status in statuses:
        for received in status.received:
            place = Place(received.submission.file, schema.INDICATOR_SHEET.name)
            for row in received.submission.printed if received.month == month else ():
                now = indicators.get(row.key)
                figures = {schema.BASELINE: now.baseline, schema.TARGET: now.target} if now else {}
                texts = dict(row.texts)
                for heading, figure in figures.items():
                    said, text = "" if figure is None else figure_text(figure), texts.get(heading, "")
                    if said != text:
                        details = {"key": row.key, "heading": heading, "department": status.department}
                        named = {"value": text or "（空欄）", "now": said or "（空欄）"}
                        yield finding(Code.PRINTED_DIFFERS, place, **details, **named)


def _place(plan: Plan, entry: Entry) -> tuple[str, str]:
    return folded(key_of_today(plan, entry.key)), entry.item


def _text(known: KnownKeys, key: str) -> str:
    """Return what a row is about: the plan's own words, else those that the form was sent out with."""
    for row in known.plan.of_key(folded(key)):
        return row.text if isinstance(row, Task) else row.name
    no = _action_no(known.plan, key)
    if no is not None:
        return known.plan.action(no).name
    printed = known.printed.get(folded(key))
    texts = dict(printed.texts) if printed else {}
    return texts.get(schema.PLANNED_WORK) or texts.get(schema.NAME) or "計画台帳にない行"


def _action_no(plan: Plan, key: str) -> int | None:
    """Return the action of a 管理番号 that names one (A-6-甲課) and that the plan has; None for any other."""
    kind, _, rest = key.partition("-")
    no = rest.partition("-")[0]
    is_known = kind in ("A", "W", "P") and any(str(action.no) == no for action in plan.actions)
    return int(no) if is_known else None


def _period_words(periods: list[Period]) -> str:
    words = []
    for period in periods:
        first = f"{period.first.label}から" if period.first else ""
        words.append(first + (f"{period.last.label}まで" if period.last else ""))
    return "、".join(words)
