"""Opening the plan workbook."""

from __future__ import annotations

from kama_excel.failure import Failure
from kama_excel.findings import Finding
from kama_excel.folders import Folders, plan_content
from kama_excel.intake.refusal import RefusedError
from kama_excel.intake.workbook import read_workbook
from kama_excel.plan.reader import read_plan
from kama_excel.plan.types import Plan


class PlanError(Failure):
    """The plan cannot be used. The message says why in Japanese; `findings` name the cells, where there are any."""

    def __init__(self, message: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


def open_plan(folders: Folders) -> Plan:
    """Open the plan of a working folder. Raises RunError where there is none, PlanError as `plan_of` does."""
    return plan_of(plan_content(folders), folders.shown(folders.plan))[0]


def plan_of(content: bytes, name: str) -> tuple[Plan, tuple[Finding, ...]]:
    """Return the plan in a workbook, which messages call `name`, and its 警告.

    Raises PlanError where it is no workbook, or where it has an エラー.
    """
    try:
        workbook = read_workbook(content)
    except RefusedError as error:
        message = f"計画台帳（{name}）を開けません。{error}。Excelで開けるか確かめてください。"
        raise PlanError(message) from error
    plan, findings = read_plan(workbook, name)
    if plan is None:
        raise PlanError(
            f"計画台帳（{name}）に誤りがあるため、何も作らずに止めました。次のセルを直してください。", findings
        )
    return plan, findings
