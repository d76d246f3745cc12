"""The evaluation of a whole plan in one month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeVar

from kama_excel.domain.calendar import Month
from kama_excel.evaluation.action import ActionEvaluation, Status
from kama_excel.evaluation.facts import Facts
from kama_excel.evaluation.rates import IndicatorResult, YearProgress
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding
from kama_excel.plan.model import Plan
from kama_excel.plan.rating import Method

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Evaluation:
    """All actions of a plan in one month, in the order of their numbers, and what a person must decide."""

    plan: Plan
    month: Month
    actions: tuple[ActionEvaluation, ...]
    findings: tuple[Finding, ...]

    @property
    def reached(self) -> int:
        """How many actions have the plan's 見出しの区分 or a better grade."""
        count, names = self.count(), self.plan.bands.names
        return sum(count[name] for name in names[: names.index(self.plan.headline_grade) + 1])

    def count(self, actions: Iterable[ActionEvaluation] | None = None) -> dict[str, int]:
        """Count actions (all without `actions`) by grade, best first, then 未評価."""
        counts = dict.fromkeys((*self.plan.bands.names, Status.UNEVALUATED.value), 0)
        for each in self.actions if actions is None else actions:
            counts[each.grade or Status.UNEVALUATED.value] += 1
        return counts


def evaluate(facts: Facts) -> Evaluation:
    """Evaluate every action of the plan. Never raises for what was reported: a figure that is not there is None."""
    actions = tuple(_evaluate_actions(facts))
    return Evaluation(facts.plan, facts.month, actions, tuple(_decisions_wanted(actions)))


def _evaluate_actions(facts: Facts) -> Iterable[ActionEvaluation]:
    plan, month = facts.plan, facts.month
    in_force = plan.at(month)
    tasks = _grouped(facts.tasks, lambda fact: fact.task.action_no)
    indicators = _grouped(facts.indicators, lambda fact: fact.indicator.action_no)
    assessments = _grouped(facts.assessments, lambda fact: fact.action_no)
    for action in plan.actions:
        by_year = _grouped(tasks[action.no], lambda fact: fact.task.fiscal_year)
        yield ActionEvaluation(
            plan=plan,
            month=month,
            action=action,
            years=tuple(
                YearProgress(year, tuple(by_year[year]), month.has_begun(year), month.fiscal_year > year)
                for year in plan.fiscal_years
            ),
            indicators=tuple(IndicatorResult(fact) for fact in indicators[action.no]),
            assessments=tuple(assessments[action.no]),
            assessors=in_force.departments_of(action.no),
            decision=plan.decision(action.no, month),
        )


def _decisions_wanted(actions: Iterable[ActionEvaluation]) -> Iterable[Finding]:
    for each in actions:
        label = each.plan.method_label(each.method)
        if each.decision and each.adopted is None and each.decided is not Method.AUTOMATIC:
            yield finding(Code.DECISION_WITHOUT_FIGURE, value=label, action=each.action.no)
        elif each.decision and each.grade != each.by_rule.grade:
            was = each.by_rule.grade or Status.UNEVALUATED.value
            yield finding(Code.DECISION_CHANGES_GRADE, value=label, action=each.action.no, grade=each.grade, was=was)
        elif each.is_undecided:
            used = "算定方法「自動」" if each.method is Method.AUTOMATIC else label
            grade, other = each.grade or Status.UNEVALUATED.value, each.grade_by(Method.ASSESSMENT)
            yield finding(Code.DECISION_NEEDED, action=each.action.no, used=used, grade=grade, other=other)


def _grouped(rows: Iterable[T], key: Callable[[T], int]) -> defaultdict[int, list[T]]:
    groups: defaultdict[int, list[T]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups
