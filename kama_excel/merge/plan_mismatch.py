"""Report entries of rows that the month's plan does not have: none is dropped silently."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import Entry
from kama_excel.domain.keys import Key
from kama_excel.domain.place import Place
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding, finding_of
from kama_excel.forms import schema
from kama_excel.forms.content import form_keys
from kama_excel.forms.snapshot import comparable_text, figure_text
from kama_excel.inbox.current_forms import DepartmentStatus
from kama_excel.plan.model import Plan
from kama_excel.plan.rows import Period, Task

IssuedRows = Mapping[Key, Mapping[str, str]]
"""The plan's texts in an issued form, by 管理番号 and heading."""


def unknown_entries(
    plan: Plan, month: Month, statuses: Iterable[DepartmentStatus], entries: Iterable[Entry]
) -> Iterator[Finding]:
    """Yield a finding for each current entry without an input in its form of the month."""
    issued = {
        (received.department, received.month, received.order): received.issued_rows
        for status in statuses
        for received in status.received
    }
    for entry in entries:
        source = entry.source
        if entry.key in form_keys(plan.at(month), source.department):
            form_sheet = schema.sheet_of(entry.key)
            yield finding_of(entry, Code.FORM_KEY_ELSEWHERE, sheet_name=form_sheet.name if form_sheet else "")
        else:
            rows = issued[source.department, source.month, source.order]
            yield unknown_entry(plan, month, entry, rows)


def unknown_entry(plan: Plan, month: Month, entry: Entry, issued: IssuedRows) -> Finding:
    """Explain why an entry's 管理番号 is not in the month's form (rule 9).

    A row that the plan has in other months has ended; one of another department is reported with it; one in the
    issued form that is no longer in the plan was deleted; any other was typed by a person. `issued` are the rows
    of the entry's issued form.
    """
    key = entry.key
    details: dict[str, object] = {"month": month.label, "text": _text(plan, month, key, issued)}
    rows = plan.of_key(key)
    actions = {action.no for action in plan.at(month).actions}
    now = next((row for row in rows if month in row.period and row.action_no in actions), None)
    if now and key in issued:
        return finding_of(entry, Code.KEY_OF_OTHER, **details, other=now.department)
    if rows and not now:
        ended = [row.period for row in rows if month not in row.period] or _periods_of_action(plan, rows[0].action_no)
        return finding_of(entry, Code.KEY_ENDED, **details, why=_period_words(ended))
    if key.department == entry.department and _has_action(plan, key):
        return finding_of(entry, Code.KEY_ENDED, **details, why="この課が担うタスク・指標がありません")
    code = Code.KEY_VANISHED if key in issued and not now else Code.FORM_KEY_UNKNOWN
    return finding_of(entry, code, **details)


def printed_otherwise(plan: Plan, month: Month, statuses: tuple[DepartmentStatus, ...]) -> Iterator[Finding]:
    """Yield a finding for each 基準値 and 目標値 that changed since a form was issued."""
    indicators = {row.key: row for row in plan.at(month).indicators}
    for status in statuses:
        for received in status.received:
            place = Place(received.submission.file, schema.INDICATOR_SHEET.name)
            for key, texts in received.submission.printed.items() if received.month == month else ():
                now = indicators.get(key)
                figures = {schema.BASELINE: now.baseline, schema.TARGET: now.target} if now else {}
                for heading, figure in figures.items():
                    current, text = "" if figure is None else figure_text(figure), texts.get(heading, "")
                    if comparable_text(current) != comparable_text(text):
                        details = {"key": key, "heading": heading, "department": status.department}
                        named = {"value": text or "（空欄）", "now": current or "（空欄）"}
                        yield finding(Code.PRINTED_DIFFERS, place, **details, **named)


def _text(plan: Plan, month: Month, key: Key, issued: IssuedRows) -> str:
    """Return the subject of a row: the plan's text, else that of the issued form."""
    for row in plan.of_key(key):
        return row.text if isinstance(row, Task) else row.name
    if name := plan.names(month).get(key.action_no or 0):
        return name
    texts = issued.get(key, {})
    return texts.get(schema.PLANNED_WORK) or texts.get(schema.NAME) or "計画台帳にない行"


def _periods_of_action(plan: Plan, no: int) -> list[Period]:
    return [action.period for action in plan.actions if action.no == no]


def _has_action(plan: Plan, key: Key) -> bool:
    return any(action.no == key.action_no for action in plan.actions)


def _period_words(periods: list[Period]) -> str:
    words = []
    for period in periods:
        first = f"{period.first.label}から" if period.first else ""
        words.append(first + (f"{period.last.label}まで" if period.last else ""))
    return "、".join(words)
