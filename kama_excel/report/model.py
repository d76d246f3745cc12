"""What a report is made of."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass

from kama_excel.evaluation import ActionEvaluation, Evaluation
from kama_excel.evaluation.outlook import Needed, outlook
from kama_excel.evaluation.rates import number_text
from kama_excel.findings import Finding, Severity
from kama_excel.fiscal import Month, year_short
from kama_excel.merge import Merged
from kama_excel.plan import Action, Plan

_FORBIDDEN = frozenset('<>:"/\\|?*')


@dataclass(frozen=True)
class Report:
    """One month's evaluation, what it was made from and what is to be said of it. `plan_file` is its name and bytes."""

    evaluation: Evaluation
    merged: Merged
    findings: tuple[Finding, ...]
    plan_file: tuple[str, bytes]

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.evaluation.plan

    @property
    def month(self) -> Month:
        """The month of the run."""
        return self.evaluation.month

    @property
    def plan_sha256(self) -> str:
        """The plan workbook's hash."""
        return hashlib.sha256(self.plan_file[1]).hexdigest()

    def count(self, severity: Severity) -> int:
        """Count the findings of a severity."""
        return sum(each.severity is severity for each in self.findings)

    def page_name(self, action: Action) -> str:
        """Return the name of an action's sheet: 06."""
        digits = max(2, len(str(max(each.no for each in self.plan.actions))))
        return f"{action.no:0{digits}d}"


def file_name(plan: Plan, month: Month) -> str:
    """Return the name of the month's workbook, one that Windows takes too."""
    safe = "".join("_" if each in _FORBIDDEN or ord(each) < ord(" ") else each for each in plan.name)
    return f"{safe}_進捗評価_{month}.xlsx"


def status_text(evaluation: ActionEvaluation) -> str:
    """Return all that the adopted rate rests on, in words: 見込・暫定 1/2（指標未報告）."""
    words = []
    for status in evaluation.status:
        text = status.value
        if status.name == "PROVISIONAL":
            text += f" {evaluation.basis}" + ("（指標未報告）" if evaluation.lacks_indicator else "")
        words.append(text)
    return "・".join(words)


def needed_text(evaluation: ActionEvaluation) -> str:
    """Return what the next better grade needs, in words; '' at the top or where there is no rate."""
    for needed in outlook(evaluation)[:1]:
        return f"{needed.band.name}: {_needed_words(needed, evaluation.plan)}"
    return ""


def _needed_words(needed: Needed, plan: Plan) -> str:
    if not needed.is_reachable:
        return "残る年度では届きません" if needed.years else "すべての年度が終わっています"
    if needed.actual is not None and needed.indicator is not None:
        return f"実績値 {number_text(needed.actual)}{needed.indicator.unit}"
    percent = float((needed.year_progress if needed.year_progress is not None else needed.rate) * 100)
    if needed.year_progress is not None:
        years = "・".join(map(year_short, needed.years)) if needed.years != plan.fiscal_years else "各年度"
        return f"{years}の平均 {percent:.1f}%"
    return f"採用値 {percent:.1f}%"
