"""Evaluate a whole plan in one month."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from fractions import Fraction
from functools import cached_property
from typing import TypeVar

from kama_excel.domain.arithmetic import compared, half_up
from kama_excel.domain.calendar import Month, date_label
from kama_excel.evaluation.action import COUNTED_APART, ActionEvaluation, Status
from kama_excel.evaluation.facts import Facts
from kama_excel.evaluation.indicator_years import indicator_result
from kama_excel.evaluation.rates import IndicatorResult, YearProgress, mean
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding
from kama_excel.plan.model import Plan
from kama_excel.plan.rating import Method
from kama_excel.plan.rows import Decision

T = TypeVar("T")


@dataclass(frozen=True)  # no slots: computed properties are cached
class Evaluation:
    """All actions of a plan in one month by number."""

    plan: Plan
    month: Month
    actions: tuple[ActionEvaluation, ...]

    @cached_property
    def findings(self) -> tuple[Finding, ...]:
        """The findings on decisions to make; of most months nobody asks for them."""
        return tuple(_decisions_wanted(self.actions))

    @cached_property
    def by_no(self) -> dict[int, ActionEvaluation]:
        """The actions by number."""
        return {each.action.no: each for each in self.actions}

    @property
    def reached(self) -> int:
        """The number of actions with the plan's 見出しの区分 or a better grade."""
        count, names = self.count(), self.plan.bands.names
        return sum(count[name] for name in names[: names.index(self.plan.headline_grade) + 1])

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The categories: the grades, best first, 未評価, and 評価対象外 and 終了 if there are any."""
        known = {each.category for each in self.actions} | {Status.UNEVALUATED.value}
        return (*self.plan.bands.names, *(status.value for status in COUNTED_APART if status.value in known))

    @property
    def in_force(self) -> int:
        """The number of actions that have not ended: the n of 「nアクション中」."""
        return sum(not each.is_ended for each in self.actions)

    def points(self, actions: Iterable[ActionEvaluation] | None = None) -> Fraction | None:
        """Return the mean points of actions (default all), half up to 0.01 (rule 10).

        Actions without a grade and ended ones do not count. None without any, and in a plan without points.
        """
        worth = {band.name: band.points for band in self.plan.bands.bands}
        graded = (each.grade for each in (self.actions if actions is None else actions) if not each.is_ended)
        known = mean(points for points in (worth[grade] for grade in graded if grade) if points is not None)
        return None if known is None else half_up(compared(known), 2)

    def count(self, actions: Iterable[ActionEvaluation] | None = None) -> dict[str, int]:
        """Count actions (default all) by category, in the order of `categories`."""
        counts = dict.fromkeys(self.categories, 0)
        for each in self.actions if actions is None else actions:
            counts[each.category] += 1
        return counts


def evaluate(facts: Facts, at_end: Iterable[Facts] = ()) -> Evaluation:
    """Evaluate every action that has begun.

    Reported values never raise: a missing figure is None. An ended action keeps the evaluation of its last month
    (rule 9): `at_end` are the facts of those months (`Plan.ending_months`). Raises: KeyError if one is missing.
    """
    plan, month = facts.plan, facts.month
    known = {each.month: {of.action.no: of for of in _evaluate_actions(each)} for each in (facts, *at_end)}
    actions = []
    for action in plan.actions_until(month):
        last = action.period.last
        if last is None or month <= last:
            actions.append(known[month][action.no])
        else:
            actions.append(replace(known[last][action.no], is_ended=True))
    return Evaluation(plan, month, tuple(actions))


def _evaluate_actions(facts: Facts) -> Iterable[ActionEvaluation]:
    """Evaluate the actions in force in the month of the facts."""
    plan, month, this_year = facts.plan, facts.month, facts.month.fiscal_year
    in_force = plan.at(month)
    tasks = _grouped(facts.tasks, lambda fact: fact.task.action_no)
    of_indicators = defaultdict(list)
    for fact in facts.indicators:
        of_indicators[fact.indicator.no].append(fact)
    results: defaultdict[int, list[IndicatorResult]] = defaultdict(list)
    for row in in_force.measured:
        results[row.action_no].append(indicator_result(plan, month, row, of_indicators[row.no]))
    assessments = _grouped(facts.assessments, lambda fact: fact.action_no)
    for action in in_force.actions:
        by_year = _grouped(tasks[action.no], lambda fact: fact.task.fiscal_year)
        yield ActionEvaluation(
            plan=plan,
            month=month,
            action=action,
            years=tuple(
                YearProgress(year, tuple(by_year[year]), has_begun=year <= this_year, has_ended=year < this_year)
                for year in plan.fiscal_years
            ),
            indicators=tuple(each for each in results[action.no] if each.fact.indicator.target is not None),
            watched=tuple(each for each in results[action.no] if each.fact.indicator.target is None),
            assessments=tuple(assessments[action.no]),
            assessors=in_force.departments_of(action.no),
            decision=plan.decision(action.no, month),
        )


def _decisions_wanted(actions: Iterable[ActionEvaluation]) -> Iterable[Finding]:
    for each in (each for each in actions if not each.is_ended):
        label = each.plan.method_label(each.method)
        if each.decision and each.adopted is None and each.decided is not Method.AUTOMATIC:
            code = Code.DECISION_NOT_EVALUATED if each.is_not_evaluated else Code.DECISION_WITHOUT_FIGURE
            yield finding(code, value=label, action=each.action.no)
        elif each.decision and each.grade != each.by_rule.grade:
            was = each.by_rule.grade_word
            yield finding(Code.DECISION_CHANGES_GRADE, value=label, action=each.action.no, grade=each.grade, was=was)
        elif each.is_undecided:
            used = "算定方法「自動」" if each.method is Method.AUTOMATIC else label
            later = "".join(_counts_later(each, decision) for decision in each.later_decisions)
            yield finding(
                Code.DECISION_LATER if later else Code.DECISION_NEEDED,
                action=each.action.no,
                used=used,
                grade=each.grade_word,
                other=each.grade_by(Method.ASSESSMENT),
                later=later,
                month=each.month,
            )


def _counts_later(each: ActionEvaluation, decision: Decision) -> str:
    """Return the note on a decision that counts from a later month."""
    label, first = each.plan.method_label(decision.method), decision.effective_month
    return f"{date_label(decision.decided_on)}に「{label}」とする決定があり、{first.label}分から適用します。"


def _grouped(rows: Iterable[T], key: Callable[[T], int]) -> defaultdict[int, list[T]]:
    groups: defaultdict[int, list[T]] = defaultdict(list)
    for row in rows:
        groups[key(row)].append(row)
    return groups
