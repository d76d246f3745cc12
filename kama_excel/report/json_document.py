"""The JSON document of a run, an interface for scheduled tasks and tests (`docs/json.md`)."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.evaluate import Evaluation
from kama_excel.evaluation.outlook import Needed
from kama_excel.evaluation.rates import IndicatorResult, YearResult
from kama_excel.history.changes import Changes
from kama_excel.inbox.current_forms import UNFILLED, UNREAD, DepartmentStatus
from kama_excel.plan.rows import Decision
from kama_excel.report.month_report import Report
from kama_excel.workspace.folders import PUBLIC_FOLDER, PUBLIC_PAGE


def document_of(report: Report, files: Sequence[str]) -> dict[str, Any]:
    """Return the document. Rates are floats, 1 = 100 %; a missing rate is None.

    `files` are the paths of the written files, the workbook first.
    """
    return {
        "month": str(report.month),
        "files": _files(files),
        "actions": [_action(each) for each in report.evaluation.actions],
        "findings": [each.document for each in report.findings],
        "submissions": [row for status in report.merged.statuses for row in _submissions(status)],
        "summary": report.evaluation.count(),
        "changes": _changes(report.changes) if report.changes else None,
    } | ({"points": _points(report.evaluation)} if report.plan.bands.has_points else {})


def _points(evaluation: Evaluation) -> dict[str, Any]:
    """Return the mean points of the plan, its themes and its measures.

    Only for a plan whose grades have points.
    """
    themes: dict[str, list[ActionEvaluation]] = {theme: [] for theme in evaluation.plan.themes}
    measures: dict[str, list[ActionEvaluation]] = {str(measure.no): [] for measure in evaluation.plan.measures}
    for each in evaluation.actions:
        themes[each.measure.theme].append(each)
        measures[str(each.measure.no)].append(each)
    return {
        "plan": _float(evaluation.points()),
        "themes": {theme: _float(evaluation.points(actions)) for theme, actions in themes.items()},
        "measures": {no: _float(evaluation.points(actions)) for no, actions in measures.items()},
    }


def _files(files: Sequence[str]) -> dict[str, Any]:
    """Return the files by kind, without those that were not requested."""
    workbook, *others = files
    public = f"{workbook.rpartition('/')[0]}/{PUBLIC_FOLDER}/"
    page = [each for each in others if each == public + PUBLIC_PAGE]
    others = [each for each in others if not each.startswith(public)]
    pdf = [each for each in others if each.endswith(".pdf")]
    tables = [each for each in others if each.endswith(".csv")]
    named = {"workbook": workbook} | ({"pdf": pdf[0]} if pdf else {}) | ({"csv": tables} if tables else {})
    return named | ({"html": page[0]} if page else {})


def _action(each: ActionEvaluation) -> dict[str, Any]:
    better = each.outlook
    return {
        "no": each.action.no,
        "name": each.action.name,
        "year_progress": {str(year.fiscal_year): _float(year.progress) for year in each.years},
        "plan_average": _float(each.plan_average),
        "achievement": _float(each.achievement),
        "achievement_raw": _float(each.achievement_raw),
        "assessment": _float(each.assessment),
        "method": each.plan.method_label(each.method),
        "adopted": _float(each.adopted),
        "shown": each.shown,
        "grade": each.grade,
        "status": [status.value for status in each.status],
        "basis": each.basis,
        "plan_average_years": each.plan_average_years,
        "reported": each.reported,
        "expected": each.expected,
        "indicators": [_indicator(indicator) for indicator in (*each.indicators, *each.watched)],
        "needed_for_next": _needed(better[0]) if better else None,
        "decision": _decision(each, each.decision) if each.decision else None,
    }


def _decision(each: ActionEvaluation, decision: Decision) -> dict[str, Any]:
    return {
        "method": each.plan.method_label(decision.method),
        "decided_on": decision.decided_on.isoformat(),
        "decided_by": decision.decided_by,
        "reason": decision.reason,
        "adopted_without": _float(each.by_rule.adopted),
        "grade_without": each.by_rule.grade,
    }


def _indicator(each: IndicatorResult) -> dict[str, Any]:
    return {
        "no": each.fact.indicator.no,
        "actual": _float(each.fact.actual),
        "certainty": each.certainty and each.certainty.value,
        "achievement": _float(each.achievement),
        "raw": _float(each.raw),
    } | ({"years": {str(year.fiscal_year): _year(year) for year in each.years}} if each.years else {})


def _year(year: YearResult) -> dict[str, Any]:
    return {"actual": _float(year.fact.actual), "target": _float(year.fact.indicator.target), "rate": _float(year.rate)}


def _needed(needed: Needed) -> dict[str, Any]:
    return {
        "grade": needed.band.name,
        "rate": float(needed.rate),
        "reachable": needed.is_reachable,
        "years": list(needed.years),
        "year_progress": _float(needed.year_progress),
        "indicator": needed.indicator.no if needed.indicator else None,
        "actual": _float(needed.actual),
    }


def _changes(changes: Changes) -> dict[str, Any]:
    return {
        "since": str(changes.month_before),
        "actions": [
            {
                "no": each.after.action.no,
                "before": _result(each.before),
                "after": _result(each.after),
                "values": [[value.entry.key, value.entry.field] for value in each.values],
            }
            for each in changes.actions
        ],
        "values": [
            {
                "key": each.entry.key,
                "item": each.entry.field,
                "department": each.entry.department,
                "before": each.before.typed if each.before else None,
                "after": each.after.typed if each.after else None,
                "late": each.is_late,
            }
            for each in changes.values
        ],
        "repeated": [[each.key, each.field] for each in changes.repeated],
        "plan": [
            {"key": each.key, "item": each.item, "before": each.before, "after": each.after} for each in changes.plan
        ],
    }


def _result(each: ActionEvaluation) -> dict[str, Any]:
    return {"adopted": _float(each.adopted), "shown": each.shown, "grade": each.grade}


def _submissions(status: DepartmentStatus) -> list[dict[str, str | None]]:
    shared: dict[str, str | None] = {"department": status.department, "status": status.status}
    files: list[dict[str, str | None]] = [
        {"file": each.file, "sha256": None, "month": str(each.month)}
        for each in (status.unread if status.status == UNREAD else ())
    ]
    files += [
        {"file": each.submission.file, "sha256": each.submission.sha256, "month": str(each.month)}
        for each in (*(status.unfilled if status.status == UNFILLED else ()), *status.received)
    ]
    return [shared | each for each in files or [{"file": None, "sha256": None, "month": None}]]


def _float(rate: Fraction | None) -> float | None:
    return None if rate is None else float(rate)
