"""The public part of a month: the plan without withheld actions, and its report."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import NamedTuple

from kama_excel.domain.calendar import Month
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.facts import TaskFact
from kama_excel.history.timeline import history
from kama_excel.inbox.current_forms import Received
from kama_excel.merge.corrections import CorrectionState
from kama_excel.plan.model import Plan
from kama_excel.report.month_report import CaptionedPicture, Narrative, Report, narratives_by_action, pictures_by_action


class PublicReport(NamedTuple):
    """A report that may be published, and the number of actions that it omits.

    Its plan has no action marked as 非公表 and no names of persons. Output formats use only its public content:
    never 備考, 根拠, findings, files or addresses.
    """

    report: Report
    withheld: int


def public_report(report: Report, received: Sequence[Received], months: Sequence[Month]) -> PublicReport:
    """Evaluate the public part of the plan from the report's own forms and months."""
    plan = _public_plan(report.plan)
    states = history(plan, months, received)
    newest = states[-1]
    applied = tuple(each for each in newest.merged.corrections if each.state is CorrectionState.IN_FORCE)
    merged = replace(newest.merged, corrections=applied)  # others may be of a withheld action, or a mistake of the plan
    public = Report(newest.evaluation, merged, (), ("", b""), states, is_public=True)
    return PublicReport(public, len(_numbers(report.plan)) - len(_numbers(plan)))


def _public_plan(plan: Plan) -> Plan:
    """Return the plan without actions that any of their rows withholds, and without names."""
    withheld = {action.no for action in plan.actions if not action.is_public}
    return replace(
        plan,
        actions=tuple(action for action in plan.actions if action.no not in withheld),
        tasks=tuple(task for task in plan.tasks if task.action_no not in withheld),
        indicators=tuple(indicator for indicator in plan.indicators if indicator.action_no not in withheld),
        decisions=tuple(each._replace(decided_by="") for each in plan.decisions if each.action_no not in withheld),
        corrections=tuple(each._replace(corrected_by="") for each in plan.corrections),
        departments=tuple(each._replace(mail="") for each in plan.departments),
        send_to="",
        ask="",
    )


def _numbers(plan: Plan) -> set[int]:
    return {action.no for action in plan.actions}


def public_words(report: Report) -> dict[int, tuple[Narrative, ...]]:
    """Return the texts by action number; of an ended action those of its last month."""
    words: dict[int, tuple[Narrative, ...]] = {}
    for month, merged in report.merged_by_month.items():
        words |= narratives_by_action(report.plan.at(month), merged.entries)
    return words


def public_pictures(report: Report) -> dict[int, tuple[CaptionedPicture, ...]]:
    """Return the pictures by action number; of an ended action those of its last month."""
    pictures: dict[int, tuple[CaptionedPicture, ...]] = {}
    for month, merged in report.merged_by_month.items():
        pictures |= pictures_by_action(report.plan, report.plan.at(month), merged.entries)
    return pictures


def departments_of(evaluation: ActionEvaluation) -> tuple[str, ...]:
    """Return the departments that report on an action, in the plan's order."""
    return evaluation.plan.at(evaluation.month).departments_of(evaluation.action.no)


def task_state(fact: TaskFact, month: Month) -> str:
    """Return a task's state: 実施, 予定, 対象外, 未報告, or 開始前 for a year not begun."""
    if fact.is_excluded:
        return "対象外"
    if fact.progress is None:
        return "未報告" if month.has_begun(fact.task.fiscal_year) else "開始前"
    return "予定" if fact.is_planned else "実施"
