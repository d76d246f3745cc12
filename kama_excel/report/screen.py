"""What the run says on the screen; every character exists in code page 932."""

from __future__ import annotations

import unicodedata
from collections import Counter
from collections.abc import Iterator, Sequence

from kama_excel.evaluation import Evaluation
from kama_excel.findings import Finding, Severity
from kama_excel.merge import CARRIED, MISSING, SUBMITTED, Merged
from kama_excel.report.model import status_text

_LISTED_ACTIONS = 12
_LISTED_FINDINGS = 10


def screen_lines(evaluation: Evaluation, merged: Merged, findings: Sequence[Finding]) -> Iterator[str]:
    """Yield the lines: who sent, the grades, what to look at first."""
    yield f"{evaluation.plan.name}　{evaluation.month.label}分"
    sent = Counter(status.status for status in merged.statuses)
    yield f"提出: {len(merged.statuses)}課中{sent[SUBMITTED]}課（前月まで {sent[CARRIED]}、未提出 {sent[MISSING]}）"
    yield "評価: " + "　".join(f"{grade} {count}" for grade, count in evaluation.count().items())
    evaluated = [each for each in evaluation.actions if each.grade]
    for each in evaluated if len(evaluated) <= _LISTED_ACTIONS else ():
        yield f"  {each.action.no:>3}  {_padded(each.action.name, 44)}{each.shown:>7}  {_padded(each.grade or '', 10)}{status_text(each)}".rstrip()
    count = Counter(each.severity for each in findings)
    yield "確認事項: " + "　".join(f"{severity} {count[severity]}" for severity in Severity)
    grave = sorted(
        (each for each in findings if each.severity is not Severity.INFO),
        key=lambda each: each.severity is not Severity.ERROR,
    )
    for found in grave[:_LISTED_FINDINGS]:
        where = f"{found.place} " if found.place.file else f"{found.department} " if found.department else ""
        yield f"  [{found.severity}] {where}{found.message}"
    if len(grave) > _LISTED_FINDINGS:
        yield f"  ほか{len(grave) - _LISTED_FINDINGS}件は、ブックの「確認事項」にあります。"


def _padded(text: str, width: int) -> str:
    """Pad to a number of half-width columns."""
    used = sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)
    return text + " " * max(width - used, 1)
