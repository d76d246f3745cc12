"""Opening the plan workbook on disk."""

from __future__ import annotations

from pathlib import Path

from kama_excel.failure import Failure
from kama_excel.faults import reason_of
from kama_excel.findings import Finding
from kama_excel.intake.refusal import RefusedError
from kama_excel.intake.workbook import read_workbook
from kama_excel.plan.reader import read_plan
from kama_excel.plan.types import Plan


class PlanError(Failure):
    """The plan cannot be used. The message says why in Japanese; `findings` name the cells, where there are any."""

    def __init__(self, message: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


def open_plan(path: Path, name: str) -> Plan:
    """Open the plan at `path`, which messages call `name`. Raises PlanError as `plan_content` and `plan_of` do."""
    return plan_of(plan_content(path, name), name)[0]


def plan_content(path: Path, name: str) -> bytes:
    """Return the bytes of the plan at `path`, which messages call `name`. Raises PlanError where there is none."""
    try:
        return path.read_bytes()
    except FileNotFoundError as error:
        message = f"計画台帳（{name}）がありません。作業フォルダの中で実行するか、--folder で作業フォルダを指定してください（「kama-excel init」で作れます）。"
        raise PlanError(message) from error
    except OSError as error:
        message = f"計画台帳（{name}）を開けません。{reason_of(error)}。何も変えていません。"
        raise PlanError(message) from error


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
