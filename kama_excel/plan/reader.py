"""Read the plan workbook, with every inconsistency as a finding at its cell."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from fractions import Fraction

from kama_excel.domain.place import Place
from kama_excel.domain.text import name_key, normalize_key
from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code
from kama_excel.findings.failure import Failure
from kama_excel.findings.finding import Finding, finding, has_errors
from kama_excel.parsing.mail_addresses import mail_addresses, other_words
from kama_excel.plan import plan_sheets
from kama_excel.plan.decisions_reader import read_corrections, read_decisions
from kama_excel.plan.indicators_reader import read_indicators, read_yearly_targets
from kama_excel.plan.items_reader import read_bands, read_items
from kama_excel.plan.model import Plan
from kama_excel.plan.row_reader import RowReader
from kama_excel.plan.rows import Action, Department, DepartmentNames, Measure, Period, Task
from kama_excel.plan.sheet_reader import SheetReader, findings_of, repeated
from kama_excel.spreadsheets.cells import Workbook
from kama_excel.spreadsheets.reading.open_workbook import read_workbook
from kama_excel.workspace.folders import Workspace, plan_content


def read_plan(workbook: Workbook, file: str) -> tuple[Plan | None, tuple[Finding, ...]]:
    """Read and validate the plan. The plan is None if a finding is an エラー."""
    items, findings = read_items(SheetReader(workbook, file))
    reader = SheetReader(workbook, file, items.years)
    bands, of_bands = read_bands(reader, items)
    departments, of_departments = _departments(reader)
    names = DepartmentNames.of(departments)
    current = names.by_name
    measures, of_measures = _measures(reader)
    actions, of_actions = _actions(reader, {measure.no for measure in measures}, current)
    by_number = {action.no: action for action in actions}
    tasks, of_tasks = _tasks(reader, by_number, current)
    indicators, of_indicators = read_indicators(reader, by_number, current)
    yearly_targets, of_targets = read_yearly_targets(reader, indicators, items.yardstick)
    decisions, of_decisions = read_decisions(reader, by_number)
    corrections, of_corrections = read_corrections(reader, names)
    findings += [*of_bands, *of_departments, *of_measures, *of_actions, *of_tasks]
    findings += [*of_indicators, *of_targets, *of_decisions, *of_corrections]
    if has_errors(findings) or bands is None or items.years is None:
        return None, tuple(findings)
    return Plan(
        name=items.texts[plan_sheets.NAME],
        municipality=items.texts[plan_sheets.MUNICIPALITY],
        plan_id=items.texts[plan_sheets.PLAN_ID],
        first_year=items.years[0],
        last_year=items.years[1],
        bands=bands,
        headline_grade=items.texts[plan_sheets.HEADLINE],
        measures=measures,
        actions=actions,
        tasks=tasks,
        indicators=tuple(indicator for indicator, _ in indicators),
        departments=departments,
        decisions=decisions,
        corrections=corrections,
        send_to=items.send_to,
        ask=items.ask,
        deadline=items.deadline,
        yearly_targets=yearly_targets,
        yardstick=items.yardstick,
    ), tuple(findings)


def _departments(reader: SheetReader) -> tuple[tuple[Department, ...], list[Finding]]:
    rows, findings = reader.rows(plan_sheets.DEPARTMENTS)
    departments: list[Department] = []
    unaddressed: list[RowReader] = []
    owners: dict[str, str] = {}
    in_keys: dict[str, tuple[RowReader, str]] = {}  # ＤＸ課 and DX課 are one in a 管理番号
    for row in rows:
        name = row.text("担当課", required=True)
        aliases = row.names("別名")
        for each, heading in ((name, "担当課"), *((alias, "別名") for alias in aliases)):
            address = f"シート「担当課」の{row.row.address(heading)}"
            owner, other = in_keys.setdefault(normalize_key(each), (row, address))
            if owner is row:
                other = owners.get(name_key(each), "")
            if other:
                findings.append(row.finding(Code.PLAN_DEPARTMENT_TWICE_NAMED, heading, value=each, other=other))
            owners[name_key(each)] = address
        if name:
            departments.append(Department(name, aliases, row.optional_text("メール")))
            mail = departments[-1].mail
            if not mail:
                unaddressed.append(row)
            elif other_words(mail) or not mail_addresses(mail):
                findings.append(row.finding(Code.PLAN_MAIL_UNUSABLE, "メール", name=name))
    if len(unaddressed) < len(departments):
        findings += [
            row.finding(Code.PLAN_DEPARTMENT_NO_MAIL, "メール", name=row.text("担当課")) for row in unaddressed
        ]
    return tuple(departments), [*findings, *findings_of(rows)]


def _measures(reader: SheetReader) -> tuple[tuple[Measure, ...], list[Finding]]:
    rows, findings = reader.rows(plan_sheets.MEASURES)
    read = [(row.integer("No"), row.text("テーマ", required=True), row.text("重点施策", required=True)) for row in rows]
    measures = tuple(Measure(no, theme, name) for no, theme, name in read if no is not None)
    twice = repeated("No", ((no, Period(), row) for (no, _, _), row in zip(read, rows, strict=True)))
    return measures, [*findings, *findings_of(rows), *twice]


def _actions(
    reader: SheetReader, measures: Collection[int], current: Mapping[str, str]
) -> tuple[tuple[Action, ...], list[Finding]]:
    rows, findings = reader.rows(plan_sheets.ACTIONS)
    actions = []
    numbers: list[tuple[int | None, Period, RowReader]] = []
    for row in rows:
        no, name, measure_no = row.integer("No"), row.text("アクション", required=True), row.integer("重点施策No")
        period = row.period()
        numbers.append((no, period, row))
        if measure_no is not None and measure_no not in measures:
            sheet_name = plan_sheets.MEASURES.name
            findings.append(row.finding(Code.PLAN_REFERENCE_UNKNOWN, "重点施策No", sheet_name=sheet_name))
        lead = row.department("主担当課", current, required=False)
        if no is None or measure_no is None:
            continue
        aim, approach = row.text("目指すこと"), row.text("やること")
        target_text, owners = row.text("目標(値)"), row.text("担い手")
        is_public = normalize_key(row.text("公表"))
        findings += [*_check_owners(row, owners, current), *_check_public(row, is_public)]
        action = Action(no, name, measure_no, aim, approach, target_text, owners, lead, period)
        actions.append(action._replace(is_public=is_public != plan_sheets.WITHHELD))
    findings += [*findings_of(rows), *repeated("No", numbers)]
    if not rows and reader.workbook.sheet(plan_sheets.ACTIONS.name) and not has_errors(findings):
        place = Place(reader.file, plan_sheets.ACTIONS.name)
        findings.append(finding(Code.PLAN_VALUE_MISSING, place, heading="アクション"))
    return tuple(sorted(actions, key=lambda action: (action.no, action.period.start))), findings


def _check_owners(row: RowReader, owners: str, current: Mapping[str, str]) -> Iterator[Finding]:
    """Report a department's old name in 担い手, unless it is part of a longer name.

    The cell is printed unchanged.
    """
    rest = name_key(owners)
    for name in sorted(current, key=len, reverse=True):
        if name in rest and name != name_key(current[name]):
            yield row.finding(Code.PLAN_OWNER_RENAMED, "担い手", old=name, name=current[name])
        rest = rest.replace(name, "\n")


def _check_public(row: RowReader, word: str) -> Iterator[Finding]:
    """Report any other word in 公表: an undecided 「未定」 must not publish anything by mistake."""
    if word not in ("", plan_sheets.PUBLISHED, plan_sheets.WITHHELD):
        expected = f"{plan_sheets.PUBLISHED}・{plan_sheets.WITHHELD}"
        yield row.finding(Code.PLAN_VALUE_UNREADABLE, "公表", expected=expected)


def _tasks(
    reader: SheetReader, actions: Mapping[int, Action], current: Mapping[str, str]
) -> tuple[tuple[Task, ...], list[Finding]]:
    rows, findings = reader.rows(plan_sheets.TASKS)
    tasks = []
    numbers: list[tuple[str, Period, RowReader]] = []
    for row in rows:
        no, action_no, year = row.code("タスクNo"), row.action_no(actions), row.fiscal_year("年度")
        department, text = row.department("担当課", current), row.text("計画", required=True)
        weight = row.number("重み")
        if weight is not None and weight <= 0:
            findings.append(row.finding(Code.PLAN_VALUE_UNREADABLE, "重み", expected="0より大きい数値"))
        period = row.period()
        numbers.append((no, period, row))
        if action_no is not None and year is not None:
            tasks.append(Task(no, action_no, year, department, text, Fraction(1) if weight is None else weight, period))
    return tuple(tasks), [*findings, *findings_of(rows), *repeated("タスクNo", numbers)]


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
