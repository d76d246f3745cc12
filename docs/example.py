"""Make the shipped plan workbook and the example's filled forms anew from the two text files in docs/example/.

Run it in the project's folder: `python docs/example.py`. The forms are those of `kama-excel forms`, opened and
filled in cell by cell as a department would.
"""

from __future__ import annotations

import io
import re
import tomllib
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from kama_excel.domain.calendar import Month, year_label
from kama_excel.domain.keys import Key
from kama_excel.forms.content import form_content
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.plan.model import Plan, Task
from kama_excel.plan.reader import read_plan
from kama_excel.plan.writer import Tables, write_plan
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

ROOT = Path(__file__).parent.parent
HERE = ROOT / "docs" / "example"
DONE, EXPECTED = "実施", "予定"
ACTUAL, AS_OF, CERTAINTY, ASSESSMENT, REASON = "実績値", "時点", "確度", "総括評価", "理由"


def plan_tables() -> Tables:
    """Return the plan's rows by sheet."""
    source = tomllib.loads((HERE / "plan.toml").read_text(encoding="utf-8"))
    tables: dict[str, list[list[Any]]] = {
        "計画": [[item, value] for item, value in source["plan"].items()],
        "評価区分": [[name, lower] for name, lower in source["bands"].items()],
        "担当課": [[name] for name in source["departments"]["names"]],
    }
    for sheet in ("重点施策", "アクション", "タスク", "指標"):
        tables[sheet] = []
    for measure_no, measure in enumerate(source["measures"], start=1):
        tables["重点施策"].append([measure_no, measure["theme"], measure["name"]])
        for text in measure["actions"]:
            no, name = text.split(" ", 1)
            said = source["described"].get(no, {})
            words = [said.get(item) for item in ("aim", "approach", "target", "owners", "lead")]
            tables["アクション"].append([int(no), name, measure_no, *words])
            for year, department, task in said.get("tasks", ()):
                tables["タスク"].append([len(tables["タスク"]) + 1, int(no), year_label(year), department, task])
            if each := said.get("indicator"):
                figures = [each.get("baseline"), each["target"], "増", each["department"]]
                tables["指標"].append([len(tables["指標"]) + 1, int(no), each["name"], each["unit"], *figures])
    return tables


def fill(content: bytes, plan: Plan, month: Month, department: str, reported: dict[str, Any]) -> bytes:
    """Fill a department's form with what it reports."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    for item, value in (("記入者", "（見本）"), ("連絡先", "（見本）"), ("記入日", month.last_day)):
        beside_label(workbook["はじめに"], item, value)
    progress = {int(no): list(values) for no, values in reported.get("progress", {}).items()}
    rows = form_content(plan, month, department).rows
    for row in rows["進捗"]:
        values = progress.get(int(str(row.printed["No"])))
        if values:
            is_ahead = isinstance(row.of, Task) and not month.has_begun(row.of.fiscal_year)
            enter(workbook["進捗"], row.key, EXPECTED if is_ahead else DONE, values.pop(0) / 100)
    for row in rows["指標"]:
        said = reported.get("actual", {}).get(str(row.printed["No"]), {})
        for item, name in ((ACTUAL, "value"), (AS_OF, "as_of"), (CERTAINTY, "certainty")):
            if name in said:
                enter(workbook["指標"], row.key, item, said[name])
    for no, said in reported.get("assessment", {}).items():
        key = Key.of_assessment(int(no), department)
        enter(workbook["総括評価"], key, ASSESSMENT, said["value"] / 100)
        enter(workbook["総括評価"], key, REASON, said["reason"])
    for no, words in reported.get("words", {}).items():
        for item, text in words.items():
            enter(workbook["成果と課題"], Key.of_words(int(no), department), item, text)
    filled = io.BytesIO()
    workbook.save(filled)
    return settled(filled.getvalue(), month)


def settled(workbook: bytes, month: Month) -> bytes:
    """Return the workbook as saved on the month's last day: made again on another day it has the same bytes."""
    made, day = io.BytesIO(), month.last_day.isoformat().encode()
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as copy:
        for name in parts.namelist():
            content = parts.read(name)
            if name == "docProps/core.xml":
                content = re.sub(rb"(<dcterms:modified[^>]*>)[^<]*", rb"\g<1>%sT12:00:00Z" % day, content)
            copy.writestr(zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0)), content, zipfile.ZIP_DEFLATED)
    return made.getvalue()


def enter(sheet: Worksheet, key: str, heading: str, value: Any) -> None:
    """Type a value into the row of a 管理番号, under a heading."""
    cells = [cell for row in sheet.iter_rows() for cell in row]
    row = next(cell.row for cell in cells if cell.value == key)
    heading_row = next(cell.row for cell in cells if cell.value == "管理番号")
    column = next(cell.column for cell in cells if cell.value == heading and cell.row == heading_row)
    sheet.cell(row, column, value)


def beside_label(sheet: Worksheet, label: str, value: Any) -> None:
    """Type a value into the cell right of a label."""
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == label)
    sheet.cell(cell.row, cell.column + 1, value)


def example() -> Iterator[tuple[Path, bytes]]:
    """Yield each file's place in the project and its bytes: the plan, then the forms."""
    content = write_plan(plan_tables())
    yield Path("workbook_templates", "plan.xlsx"), content
    plan, findings = read_plan(read_workbook(content), "plan.xlsx")
    if plan is None:
        raise SystemExit("\n".join(each.message for each in findings))
    reported = tomllib.loads((HERE / "reported.toml").read_text(encoding="utf-8"))
    month = Month.parse(reported.pop("month"))
    for department, said in reported.items():
        form = write_form(form_content(plan, month, department))
        place = Path("input", "example", str(month), f"{department}.xlsx")
        yield place, fill(form, plan, month, department, said)


if __name__ == "__main__":
    for path, made in example():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_bytes(made)
