"""Read the plan workbook, with every inconsistency as a finding at its cell."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import replace
from fractions import Fraction

from kama_excel.domain.place import Place
from kama_excel.domain.text import name_key, normalize_key
from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code
from kama_excel.findings.failure import Failure
from kama_excel.findings.finding import Finding, finding, has_errors
from kama_excel.plan import rows
from kama_excel.plan.decisions_reader import read_corrections, read_decisions
from kama_excel.plan.indicators_reader import read_indicators, read_yearly_targets
from kama_excel.plan.items_reader import (
    read_bands,
    read_deadline,
    read_item,
    read_items,
    read_limits,
    read_rounding,
    read_yardstick,
    read_years,
)
from kama_excel.plan.model import (
    Action,
    Department,
    Measure,
    Plan,
    Task,
)
from kama_excel.plan.references import Versions, check_twice, check_versions, check_year, department_of, known_action
from kama_excel.plan.rows import Record, Records
from kama_excel.spreadsheets.cells import Workbook
from kama_excel.spreadsheets.reading.open_workbook import read_workbook
from kama_excel.workspace.folders import Workspace, plan_content

_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")


def read_plan(workbook: Workbook, file: str) -> tuple[Plan | None, tuple[Finding, ...]]:
    """Read and validate the plan. The plan is None if a finding is an エラー."""
    records = Records(workbook, file)
    items = read_items(records)
    texts = {item: read_item(records, items, item) for item in rows.ITEMS}
    years = records.years = read_years(items, texts)
    bands = read_bands(records, read_limits(items), read_rounding(items))
    if bands and texts[rows.HEADLINE] and texts[rows.HEADLINE] not in bands.names:
        items[rows.HEADLINE].find(Code.PLAN_HEADLINE_UNKNOWN, "値")
    departments = _departments(records)
    today = {name_key(name): each.name for each in departments for name in (each.name, *each.aliases)}
    measures = _measures(records)
    actions = _actions(records, {measure.no for measure in measures}, today)
    by_number = {action.no: action for action in actions}
    tasks = _tasks(records, by_number, today, years)
    indicators, of_rows = read_indicators(records, by_number, today)
    yardstick = read_yardstick(items)
    yearly_targets = read_yearly_targets(records, indicators, of_rows, years, yardstick)
    decisions = read_decisions(records, by_number, years)
    corrections = read_corrections(records)
    deadline = read_deadline(items)
    if has_errors(records.findings) or bands is None or years is None:
        return None, tuple(records.findings)
    plan = Plan(
        name=texts[rows.NAME],
        municipality=texts[rows.MUNICIPALITY],
        plan_id=texts[rows.PLAN_ID],
        first_year=years[0],
        last_year=years[1],
        bands=bands,
        headline_grade=texts[rows.HEADLINE],
        measures=measures,
        actions=actions,
        tasks=tasks,
        indicators=indicators,
        departments=departments,
        decisions=decisions,
        corrections=corrections,
        send_to=items[rows.SEND_TO].text("値") if rows.SEND_TO in items else "",
        ask=items[rows.ASK].text("値") if rows.ASK in items else "",
        deadline=deadline,
        yearly_targets=yearly_targets,
        yardstick=yardstick,
    )
    current = tuple(replace(each, key=plan.current_key(each.key)) for each in plan.corrections)
    return replace(plan, corrections=current), tuple(records.findings)


def _departments(records: Records) -> tuple[Department, ...]:
    departments: list[Department] = []
    unaddressed: list[Record] = []
    owners: dict[str, str] = {}
    for record in records.rows(rows.DEPARTMENTS):
        name = record.text("担当課", required=True)
        aliases = record.names("別名")
        for each, heading in ((name, "担当課"), *((alias, "別名") for alias in aliases)):
            if name_key(each) in owners:
                other = owners[name_key(each)]
                record.find(Code.PLAN_DEPARTMENT_TWICE_NAMED, heading, value=each, other=other)
            owners[name_key(each)] = f"シート「担当課」の{record.row.address(heading)}"
        if name:
            departments.append(Department(name, aliases, record.optional_text("メール")))
            if not departments[-1].mail:
                unaddressed.append(record)
            elif not all(map(_ADDRESS.fullmatch, map(normalize_key, re.split(r"[,;、，；\s]+", departments[-1].mail)))):
                record.find(Code.PLAN_MAIL_UNUSABLE, "メール", name=name)
    for record in unaddressed if len(unaddressed) < len(departments) else ():
        record.find(Code.PLAN_DEPARTMENT_NO_MAIL, "メール", name=record.text("担当課"))
    return tuple(departments)


def _measures(records: Records) -> tuple[Measure, ...]:
    measures = []
    numbers: dict[str, str] = {}
    for record in records.rows(rows.MEASURES):
        no, theme, name = (
            record.integer("No"),
            record.text("テーマ", required=True),
            record.text("重点施策", required=True),
        )
        check_twice(record, "No", no, numbers)
        if no is not None:
            measures.append(Measure(no, theme, name))
    return tuple(measures)


def _actions(records: Records, measures: Collection[int], today: Mapping[str, str]) -> tuple[Action, ...]:
    actions = []
    numbers: Versions = {}
    for record in records.rows(rows.ACTIONS):
        no, name, measure_no = (
            record.integer("No"),
            record.text("アクション", required=True),
            record.integer("重点施策No"),
        )
        period = record.period()
        check_versions(record, "No", "" if no is None else str(no), period, numbers)
        if measure_no is not None and measure_no not in measures:
            record.find(Code.PLAN_REFERENCE_UNKNOWN, "重点施策No", sheet_name=rows.MEASURES.name)
        lead = department_of(record, "主担当課", today, required=False)
        if no is None or measure_no is None:
            continue
        aim, approach = record.text("目指すこと"), record.text("やること")
        target_text, owners = record.text("目標(値)"), record.text("担い手")
        _check_owners(record, owners, today)
        action = Action(no, name, measure_no, aim, approach, target_text, owners, lead, period, _is_public(record))
        actions.append(action)
    if not numbers and records.workbook.sheet(rows.ACTIONS.name) and not has_errors(records.findings):
        place = Place(records.file, rows.ACTIONS.name)
        records.findings.append(finding(Code.PLAN_VALUE_MISSING, place, heading="アクション"))
    return tuple(sorted(actions, key=lambda action: (action.no, str(action.period.first or ""))))


def _check_owners(record: Record, owners: str, today: Mapping[str, str]) -> None:
    """Report a department's old name in 担い手, unless it is part of a longer name.

    The cell is printed unchanged.
    """
    rest = name_key(owners)
    for name in sorted(today, key=len, reverse=True):
        if name in rest and name != name_key(today[name]):
            record.find(Code.PLAN_OWNER_RENAMED, "担い手", old=name, name=today[name])
        rest = rest.replace(name, "\n")


def _is_public(record: Record) -> bool:
    """Read 公表; an undecided 「未定」 is an エラー, so that nothing is published by mistake."""
    word = normalize_key(record.text("公表"))
    if word not in ("", rows.PUBLISHED, rows.WITHHELD):
        expected = f"{rows.PUBLISHED}・{rows.WITHHELD}"
        record.find(Code.PLAN_VALUE_UNREADABLE, "公表", expected=expected)
    return word != rows.WITHHELD


def _tasks(
    records: Records, actions: Mapping[int, Action], today: Mapping[str, str], years: tuple[int, int] | None
) -> tuple[Task, ...]:
    tasks = []
    numbers: Versions = {}
    for record in records.rows(rows.TASKS):
        no, action_no, year = record.code("タスクNo"), known_action(record, actions), record.fiscal_year("年度")
        check_year(record, year, years)
        department, text = department_of(record, "担当課", today), record.text("計画", required=True)
        weight = record.number("重み")
        if weight is not None and weight <= 0:
            record.find(Code.PLAN_VALUE_UNREADABLE, "重み", expected="0より大きい数値")
        period = record.period()
        check_versions(record, "タスクNo", no, period, numbers)
        if action_no is not None and year is not None:
            tasks.append(Task(no, action_no, year, department, text, Fraction(1) if weight is None else weight, period))
    return tuple(tasks)


class PlanError(Failure):
    """The plan cannot be used.

    The message gives the reason in Japanese; `findings` name the cells, if any.
    """

    def __init__(self, message: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


def open_plan(workspace: Workspace) -> tuple[Plan, tuple[Finding, ...]]:
    """Open the plan of a working folder and return it with its 警告.

    Raises: RunError if there is none; PlanError as `plan_of` does.
    """
    return plan_of(plan_content(workspace), workspace.shown(workspace.plan))


def plan_of(content: bytes, name: str) -> tuple[Plan, tuple[Finding, ...]]:
    """Return the plan in a workbook and its 警告; messages call the workbook `name`.

    Raises: PlanError if it is no workbook, or has an エラー.
    """
    try:
        workbook = read_workbook(content)
    except RefusedError as error:
        message = f"計画台帳（{name}）を開けません。{error}。Excelで開けるかどうかをご確認ください。"
        raise PlanError(message) from error
    plan, findings = read_plan(workbook, name)
    if plan is None:
        raise PlanError(
            f"計画台帳（{name}）に誤りがあるため、処理を中止しました（ファイルは作成していません）。次のセルを修正してください。",
            findings,
        )
    return plan, findings
