"""Validate inputs on an action's page: the same limits as in the form and the run."""

from __future__ import annotations

from typing import Any

from kama_excel.domain.entries import Certainty
from kama_excel.report.xlsx.page.addresses import ASSESSED, CERTAINTY, TASK_RATE, Inputs
from kama_excel.spreadsheets.cells import a1

UNREPORTED = "未報告"
_ERROR = "0%から100%までの数値を入力してください（80%の場合は 80% と入力します）。取り組まないタスクは「対象外」とし、報告がない場合は空欄とします。"


def add_input_validation(sheet: Any, inputs: Inputs) -> None:
    """Limit 実施, 予定 and 総括評価 to 0–100 %, and 確度 to its words.

    Excel does not validate pasted values.
    """
    spans = [inputs.tasks(year, TASK_RATE[0]) for year in inputs.years]
    if inputs.assessments:
        spans.append(inputs.assessment_cells(ASSESSED[0]))
    spans = [each.replace("$", "") for each in spans]
    if spans:
        sheet.data_validation(spans[0], _rate(spans))
    if inputs.indicators:
        words = {"validate": "list", "source": [each.value for each in Certainty], "error_type": "warning"}
        rows = [*inputs.indicators, *(row for years in inputs.indicator_years.values() for row in years.values())]
        sheet.data_validation(f"{a1(min(rows), CERTAINTY[0])}:{a1(max(rows), CERTAINTY[0])}", words)


def _rate(spans: list[str]) -> dict[str, object]:
    """Return the rule of the spans.

    Its formula refers to the first cell; Excel adjusts it for the others.
    """
    first = spans[0].partition(":")[0]
    words = "".join(f'{first}="{word}",' for word in ("対象外", UNREPORTED))
    rule: dict[str, object] = {
        "validate": "custom",
        "value": f"=OR({words}AND(ISNUMBER({first}),{first}>=0,{first}<=1))",
    }
    rule |= {"error_title": "入力できません", "error_message": _ERROR}
    return rule | ({"multi_range": " ".join(spans)} if len(spans) > 1 else {})
