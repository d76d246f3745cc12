"""Make the shipped plan workbook and the example's filled forms anew from the two text files in docs/example/.

Run it in the project's folder: `python docs/example.py`. The forms are those of `kama-excel forms`, opened and
filled in cell by cell as a department would.
"""

from __future__ import annotations

import argparse
import io
import re
import tomllib
import zipfile
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path
from typing import Any

from kama_excel.domain.calendar import Month, year_label
from kama_excel.domain.entries import TypedValue
from kama_excel.domain.keys import NO_KEY, Field, Key, Slot
from kama_excel.forms.content import FormContent, form_content
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.plan.reader import read_plan
from kama_excel.plan.rows import Task
from kama_excel.plan.writer import Tables, write_plan
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

ROOT = Path(__file__).parent.parent
HERE = ROOT / "docs" / "example"
FIELDS = {str(each): each for each in Field}


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


def entries(content: FormContent, reported: dict[str, Any]) -> dict[Slot, TypedValue]:
    """Return what a department reports, by the inputs of its form."""
    entered: dict[Slot, TypedValue] = {
        (NO_KEY, Field.WRITER): "（見本）",
        (NO_KEY, Field.CONTACT): "（見本）",
        (NO_KEY, Field.FILLED_ON): content.month.last_day,
    }
    progress = {int(no): list(values) for no, values in reported.get("progress", {}).items()}
    for row in content.rows["進捗"]:
        values = progress.get(int(str(row.printed["No"])))
        if values:
            is_ahead = isinstance(row.of, Task) and not content.month.has_begun(row.of.fiscal_year)
            entered[row.key, Field.EXPECTED if is_ahead else Field.DONE] = Fraction(values.pop(0), 100)
    for row in content.rows["指標"]:
        said = reported.get("actual", {}).get(str(row.printed["No"]), {})
        for field, name in ((Field.ACTUAL, "value"), (Field.AS_OF, "as_of"), (Field.CERTAINTY, "certainty")):
            if name in said:
                value = said[name]
                entered[row.key, field] = Fraction(str(value)) if isinstance(value, int | float) else value
    for no, said in reported.get("assessment", {}).items():
        key = Key.of_assessment(int(no), content.department)
        entered[key, Field.ASSESSMENT] = Fraction(said["value"], 100)
        entered[key, Field.REASON] = said["reason"]
    for no, words in reported.get("words", {}).items():
        for heading, text in words.items():
            entered[Key.of_words(int(no), content.department), FIELDS[heading]] = text.strip("\n")
    return entered


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


def example() -> Iterator[tuple[Path, bytes]]:
    """Yield each file's place in the project and its bytes: the plan, then the forms."""
    workbook = write_plan(plan_tables())
    yield Path("workbook_templates", "plan.xlsx"), workbook
    plan, findings = read_plan(read_workbook(workbook), "plan.xlsx")
    if plan is None:
        raise SystemExit("\n".join(each.message for each in findings))
    reported = tomllib.loads((HERE / "reported.toml").read_text(encoding="utf-8"))
    month = Month.parse(reported.pop("month"))
    for department, said in reported.items():
        content = form_content(plan, month, department)
        form = write_form(replace(content, entered=entries(content, said)))
        yield Path("input", "example", str(month), f"{department}.xlsx"), settled(form, month)


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    for path, made in example():
        (ROOT / path).parent.mkdir(parents=True, exist_ok=True)
        (ROOT / path).write_bytes(made)
