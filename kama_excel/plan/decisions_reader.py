"""Read the sheets 評価方法 and 訂正: decisions with date, person and reason."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator, Mapping

from kama_excel.domain.calendar import Month, date_label
from kama_excel.domain.keys import Key
from kama_excel.domain.text import is_placeholder, normalize_key
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding
from kama_excel.plan.model import method_words
from kama_excel.plan.plan_sheets import CORRECTIONS, DECISIONS
from kama_excel.plan.rating import Method
from kama_excel.plan.row_reader import RowReader
from kama_excel.plan.rows import Action, Correction, Decision, DepartmentNames
from kama_excel.plan.sheet_reader import SheetReader, findings_of

_METHODS = {method.value: method for method in Method if method is not Method.PLAN_AVERAGE}
_AVERAGE = re.compile(r"(?:\d+[カヵケヶか箇]年)?平均(?:進捗率|達成率)?")


def read_decisions(reader: SheetReader, actions: Mapping[int, Action]) -> tuple[tuple[Decision, ...], list[Finding]]:
    """Read the decisions. A row with only 自動 is not filled in yet."""
    rows, findings = reader.rows(DECISIONS)
    decisions = []
    taken: set[tuple[int, dt.date, Month]] = set()
    for row in rows:
        action_no, word = row.action_no(actions), normalize_key(row.text("算定方法"))
        decided_on, first_month = row.date("決定日"), row.month("適用月")
        method = Method.PLAN_AVERAGE if _AVERAGE.fullmatch(word) else _METHODS.get(word or Method.AUTOMATIC.value)
        if method is None:
            findings.append(
                row.finding(Code.PLAN_METHOD_UNKNOWN, "算定方法", methods="・".join(method_words(reader.years)))
            )
            continue
        by, reason = row.text("決定者"), row.text("理由")
        if decided_on is None:
            has_more = first_month is not None or not (is_placeholder(by) and is_placeholder(reason))
            is_filled_in = method is not Method.AUTOMATIC or has_more
            if is_filled_in and row.is_blank("決定日"):
                findings.append(row.finding(Code.PLAN_DECISION_UNDATED, "決定日", value=word or Method.AUTOMATIC.value))
            continue
        row.text("算定方法", required=True)
        if action_no is None:
            continue
        of_one = (action_no, decided_on, first_month or Month.of(decided_on))
        if of_one in taken:
            findings.append(row.finding(Code.PLAN_DECISION_TWICE, "決定日", action=action_no))
        taken.add(of_one)
        for heading, text in (("決定者", by), ("理由", reason)):
            if is_placeholder(text):
                findings.append(row.finding(Code.PLAN_DECISION_UNFOUNDED, heading, value=word))
        findings += _days_ahead(reader, row, "決定日", decided_on)
        decisions.append(Decision(action_no, method, decided_on, by, reason, first_month))
    return tuple(decisions), [*findings, *findings_of(rows)]


def _days_ahead(reader: SheetReader, row: RowReader, heading: str, day: dt.date) -> Iterator[Finding]:
    """Yield a finding if the day had not come when the plan workbook was last saved."""
    saved = reader.workbook.modified
    if saved and day > saved.date():
        yield row.finding(Code.PLAN_DAY_AHEAD, heading, value=date_label(day), day=date_label(saved.date()))


def read_corrections(reader: SheetReader, names: DepartmentNames) -> tuple[tuple[Correction, ...], list[Finding]]:
    """Read the corrections. One without a date is an エラー, and left out."""
    rows, findings = reader.rows(CORRECTIONS)
    corrections = []
    taken: set[tuple[Key, str, dt.date, Month]] = set()
    for row in rows:
        text, item = (row.text(heading, required=True) for heading in ("管理番号", "項目"))
        value = row.typed("値")
        key = names.current_key(Key.typed(text))
        corrected_on, first_month = row.date("訂正日", required=True), row.month("適用月")
        if corrected_on is None:
            continue
        of_one = (key, item, corrected_on, first_month or Month.of(corrected_on))
        if of_one in taken:
            findings.append(row.finding(Code.PLAN_CORRECTION_TWICE, "訂正日", key=key, item=item))
        taken.add(of_one)
        by, reason = row.text("訂正者"), row.text("理由")
        for heading, text in (("訂正者", by), ("理由", reason)):
            if is_placeholder(text):
                findings.append(row.finding(Code.PLAN_CORRECTION_UNFOUNDED, heading, key=key, item=item))
        findings += _days_ahead(reader, row, "訂正日", corrected_on)
        place = row.place("値")
        corrections.append(Correction(key, item, value, corrected_on, by, reason, place, first_month))
    return tuple(corrections), [*findings, *findings_of(rows)]
