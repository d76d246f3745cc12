"""A month's result for one department: actions, corrections, decisions, requests."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from kama_excel.domain.calendar import Month, date_label, day_label
from kama_excel.domain.entries import Entry
from kama_excel.domain.keys import Field, Key
from kama_excel.domain.text import listed
from kama_excel.evaluation.action import ActionEvaluation, Status
from kama_excel.forms.content import Point
from kama_excel.history.changes import Changes, ValueChange
from kama_excel.inbox.current_forms import SUBMITTED, DepartmentStatus
from kama_excel.plan.model import Plan
from kama_excel.plan.rating import Method
from kama_excel.plan.rows import Indicator
from kama_excel.report.month_report import Report
from kama_excel.report.wording import (
    method_cause_text,
    needed_text,
    points,
    points_text,
    result_text,
    subject_text,
    typed_text,
)

_FIGURES = frozenset({Field.DONE, Field.EXPECTED, Field.ACTUAL, Field.ASSESSMENT})
_NAMED = 2
"""Maximum number of listed value changes of an action."""
_LONGEST = 20  # characters of a task's or an indicator's name beside its figures


class ActionLine(NamedTuple):
    """One action of the department. `role` is 主 or 関係; '' if the plan names no 主担当課."""

    evaluation: ActionEvaluation
    role: str
    moved: str
    """Change in points since the month before: ＋4.1; '' without a comparison."""
    changes: str


class SettledLine(NamedTuple):
    """A 訂正, a decision on the method, or an action that awaits one."""

    action_no: int
    what: str
    outcome: str
    who: str
    reason: str


class RequestLine(NamedTuple):
    """A request to the department; `action_no` None is for requests of no action."""

    action_no: int | None
    text: str
    where: str


class DepartmentResult(NamedTuple):
    """A department's result of a month, in the texts of its page and its mail."""

    plan: Plan
    month: Month
    department: str
    headline: str
    summary: str
    actions: tuple[ActionLine, ...]
    settled: tuple[SettledLine, ...]
    requests: tuple[RequestLine, ...]
    needed: tuple[tuple[int, str, str], ...]
    """Number, name and what a better grade needs."""
    next_form: str
    before: str
    """The month of the comparison: 前月, or its name if months between are missing."""

    @property
    def grades(self) -> Counter[str]:
        """The number of actions by category."""
        return Counter(line.evaluation.category for line in self.actions)


def department_result(report: Report, status: DepartmentStatus, asked: Sequence[Point]) -> DepartmentResult:
    """Return the result of a department; `asked` are the points that it is asked about."""
    numbers = set(report.plan.at(report.month).actions_of(status.department))
    evaluations = [each for each in report.evaluation.actions if each.action.no in numbers]
    lines = tuple(_action_line(report, status.department, each) for each in evaluations)
    return DepartmentResult(
        plan=report.plan,
        month=report.month,
        department=status.department,
        headline=_headline(report.plan, status.department, evaluations),
        summary=_summary(report, status, lines, len(asked)),
        actions=lines,
        settled=(*_corrections(report, numbers), *_decisions(evaluations)),
        requests=(*_requests(report, asked), *_unreported(report, status.department)),
        needed=tuple((each.action.no, each.action.name, text) for each in evaluations if (text := needed_text(each))),
        next_form=_next_form(report.plan, report.month.next),
        before=report.before_short,
    )


def result_lines(result: DepartmentResult) -> Iterator[str]:
    """Yield the actions as lines of a mail: アクション2『…』: 達成 100.0%（前月から ＋4.1ポイント）."""
    for line in result.actions:
        action = line.evaluation.action
        moved = f"（{result.before}から {line.moved}ポイント）" if line.moved else ""
        yield f"アクション{action.no}『{action.name}』: {result_text(line.evaluation)}{moved}"


def _headline(plan: Plan, department: str, evaluations: Sequence[ActionEvaluation]) -> str:
    names = plan.bands.names
    good = names[: names.index(plan.headline_grade) + 1]
    count = sum(each.grade in good for each in evaluations)
    return f"{department}が担当する{len(evaluations)}アクションのうち、{count}件が「{plan.headline_label}」です"


def _summary(report: Report, status: DepartmentStatus, lines: Sequence[ActionLine], asked: int) -> str:
    forms = status.received
    if status.status == SUBMITTED:
        day = forms[-1].submission.evidence_day
        on = f"{date_label(day)}の" if day else ""
        words = [f"{on}様式を集計に使用しました。"]
    elif forms:
        words = [f"{report.month.label}分の提出がないため、{forms[-1].month.label}分の報告を使用しています。"]
    else:
        words = ["提出された様式がありません。"]
    words.append(f"ご確認をお願いする点が{asked}件あります。" if asked else "")
    if report.changes:
        moved = [_direction(report.changes, line) for line in lines]
        words.append(
            f"{report.before_label}から、率が上がったアクション {moved.count(1)}件、下がったアクション {moved.count(-1)}件です。"
        )
    return "".join(words)


def _direction(changes: Changes, line: ActionLine) -> int:
    change = next((each for each in changes.actions if each.after.action.no == line.evaluation.action.no), None)
    moved = points(change.before.adopted, change.after.adopted) if change else None
    return 0 if not moved else 1 if moved > 0 else -1


def _action_line(report: Report, department: str, evaluation: ActionEvaluation) -> ActionLine:
    action, changes = evaluation.action, report.changes
    role = "" if not action.lead else "主" if action.lead == department else "関係"
    if changes is None:
        return ActionLine(evaluation, role, "", "")
    before = report.states[-2].evaluation.by_no.get(action.no)
    moved = points_text(before.adopted, evaluation.adopted) if before else ""
    change = next((each for each in changes.actions if each.after.action.no == action.no), None)
    causes = change.values if change else ()
    others = (each for each in changes.values if each.action_no == action.no and each not in causes)
    values = [each for each in (*causes, *others) if each.entry.field in _FIGURES]
    cause = f"{method_cause_text(change)}\n" if change and method_cause_text(change) else ""
    named = "\n".join(_changed(report, department, each) for each in values[:_NAMED])
    more = f"　ほか{len(values) - _NAMED}件" if len(values) > _NAMED else ""
    return ActionLine(evaluation, role, moved, cause + ((named + more) or "変更はありません"))


def _changed(report: Report, department: str, change: ValueChange) -> str:
    other = "" if change.entry.department == department else f"（{change.entry.department}の報告）"
    unit = _unit(report, change.entry)
    return f"{_subject(report, change.entry)} {_typed(change.before)} → {_typed(change.after)}{unit}{other}"


def _unit(report: Report, entry: Entry) -> str:
    """Return the unit of an actual; '' for a rate, and if the unit is typed with the figure."""
    row = next(iter(report.plan.of_key(entry.key)), None)
    is_bare = entry.field is Field.ACTUAL and entry.typed.replace(",", "").replace(".", "").isdigit()
    return row.unit if isinstance(row, Indicator) and is_bare else ""


def _subject(report: Report, entry: Entry) -> str:
    """Return an entry's subject: year and text of a task, an indicator's name, or the heading."""
    name = subject_text(report.plan, report.month, entry.key) or str(entry.field)
    return name if len(name) <= _LONGEST else f"{name[: _LONGEST - 1]}…"


def _typed(entry: Entry | None) -> str:
    return (typed_text(entry) or "空欄") if entry else "未報告"


def _action_no(report: Report, key: Key) -> int:
    return report.plan.action_no(key) or 0


def _corrections(report: Report, numbers: set[int]) -> Iterator[SettledLine]:
    by_place = {each.place: each for each in report.plan.corrections}
    for entry in report.merged.entries.values():
        correction = by_place.get(entry.place) if entry.reported is not None else None
        if correction and (no := _action_no(report, entry.key)) in numbers:
            who = f"{date_label(correction.corrected_on)}\n{correction.corrected_by}".strip()
            what = f"{_subject(report, entry)}（{entry.field}）"
            yield SettledLine(no, what, f"{entry.reported or '空欄'} → {entry.typed}", who, correction.reason)


def _decisions(evaluations: Sequence[ActionEvaluation]) -> Iterator[SettledLine]:
    for each in evaluations:
        if decision := each.decision:
            who = f"{date_label(decision.decided_on)}\n{decision.decided_by}".strip()
            label = each.plan.method_label(decision.method)
            yield SettledLine(each.action.no, "採用する達成率", f"「{label}」を採用", who, decision.reason)
        elif Status.UNDECIDED in each.status:
            other = each.grade_by(Method.ASSESSMENT)
            what = f"現在の区分は「{each.grade_word}」、総括評価を採用すると「{other}」です"
            yield SettledLine(each.action.no, what, Status.UNDECIDED.value, "未決定", "算定方法により区分が異なるため")


def _requests(report: Report, asked: Sequence[Point]) -> Iterator[RequestLine]:
    for each in asked:
        no = each.action_no or _action_no(report, each.key) or None
        where = f"{each.place.sheet}\n{listed(each.cells)}" if each.place.sheet else "様式"
        yield RequestLine(no, each.text, where)


def _unreported(report: Report, department: str) -> Iterator[RequestLine]:
    """Yield by action the number of the department's reports missing from the evaluation."""
    facts = report.merged.facts
    missing: dict[tuple[int, str], int] = {}
    for task in facts.tasks:
        is_due = report.month.has_begun(task.task.fiscal_year)
        if task.task.department == department and is_due and task.is_missing:
            place = task.task.action_no, "タスクの実施"
            missing[place] = missing.get(place, 0) + 1
    for indicator in facts.indicators:
        if indicator.indicator.department == department and indicator.is_missing:
            place = indicator.indicator.action_no, "指標の実績値"
            missing[place] = missing.get(place, 0) + 1
    for (no, what), count in sorted(missing.items()):
        where = "進捗" if what == "タスクの実施" else "指標"
        yield RequestLine(no, f"{what}（{count}件）が未報告です。ご報告をお願いいたします。", where)


def _next_form(plan: Plan, month: Month) -> str:
    deadline = f"提出期限は、{day_label(plan.deadline.due_day(month))}です。" if plan.deadline else ""
    return f"次回は{month.label}分です。様式は別途お送りします。{deadline}"
