"""The plan and the reports that stand in docs/another-plan.md, as a working folder: the page is its only source."""

from __future__ import annotations

import datetime as dt
import io
import re
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

from kama_excel.domain.calendar import Month
from kama_excel.forms.content import form_content
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.plan.model import Plan
from kama_excel.plan.plan_sheets import SHEETS
from kama_excel.plan.reader import read_plan
from kama_excel.plan.writer import Tables, write_plan
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

PAGE = Path(__file__).with_name("another-plan.md")
MONTH = Month(2026, 2)
RESULTS, SENT = "結果", "令和8年2月に届いた様式"

Reported = Mapping[tuple[str, str, str], object]
"""What is typed into a form, by (sheet, 管理番号, heading)."""


def tables_of(page: str) -> dict[str, list[dict[str, str]]]:
    """Return the tables of a page in Markdown by the heading that they stand under, as rows by column heading."""
    found: dict[str, list[dict[str, str]]] = {}
    title, head = "", None
    for line in page.splitlines():
        if line.startswith("#"):
            title, head = line.lstrip("# "), None
        elif line.startswith("|"):
            cells = [cell.strip() for cell in line.strip("|").split("|")]
            if head is None:
                head = cells
            elif not all(re.fullmatch(r":?-+:?", cell) for cell in cells):
                found.setdefault(title, []).append(dict(zip(head, cells, strict=True)))
        else:
            head = None
    return found


def typed(text: str) -> str | float | dt.date | None:
    """Return what typing the text leaves in a cell."""
    if re.fullmatch(r"-?[\d.]+%", text):
        return float(text[:-1]) / 100
    if re.fullmatch(r"\d{4}/\d+/\d+", text):
        return dt.date(*map(int, text.split("/")))
    return float(text) if re.fullmatch(r"-?\d+(\.\d+)?", text) else text or None


def page_tables() -> dict[str, list[dict[str, str]]]:
    """Return the tables of the page."""
    return tables_of(PAGE.read_text(encoding="utf-8"))


def plan_tables() -> Tables:
    """Return the plan's rows by sheet."""
    page = page_tables()
    return {
        layout.name: [
            [typed(row.get(heading, "")) for heading in layout.headings]
            for row in page.get(f"シート「{layout.name}」", ())
        ]
        for layout in SHEETS
    }


FAMILIES = ("例1", "例2", "例3", "例4", "例5")
"""The small examples of kinds of rates."""
_ITEMS = {
    "計画名": "小さな計画（架空）",
    "団体名": "みなと町（架空）",
    "計画ID": "small",
    "開始年度": "令和6年度",
    "終了年度": "令和8年度",
    "見出しの区分": "概ね達成",
}
_BANDS = {"達成": 1.0, "ほぼ達成": 0.9, "概ね達成": 0.8, "やや未達": 0.6, "課題あり": 0.0}


def family_tables(name: str) -> Tables:
    """Return the plan of one of the small examples: what the page says of it, the rest as its introduction says."""
    page = page_tables()
    sheets: dict[str, list[dict[str, str]]] = {
        layout.name: page.get(f"{name} シート「{layout.name}」", []) for layout in SHEETS
    }
    rows: dict[str, list[list[str | float | dt.date | None]]] = {
        layout.name: [[typed(row.get(heading, "")) for heading in layout.headings] for row in sheets[layout.name]]
        for layout in SHEETS
    }
    items = _ITEMS | {row["項目"]: row["値"] for row in sheets["計画"]}
    rows["計画"] = [[item, typed(value)] for item, value in items.items()]
    rows["評価区分"] = rows["評価区分"] or [[band, lower] for band, lower in _BANDS.items()]
    numbers = sorted({int(row["アクションNo"]) for sheet in ("指標", "タスク") for row in sheets[sheet]})
    rows["重点施策"] = [[1, "テーマ", "施策"]]
    rows["アクション"] = [[no, f"アクション{no}", 1] for no in numbers]
    rows["担当課"] = [["総務課"]]
    return rows


def family_reported(name: str) -> Reported:
    """Return what was typed into the form of one of the small examples."""
    return {(row["シート"], row["管理番号"], row["見出し"]): typed(row["値"]) for row in page_tables()[f"{name} 報告"]}


def reported() -> Mapping[str, Reported]:
    """Return what was typed into the forms by department."""
    sent: dict[str, dict[tuple[str, str, str], object]] = {}
    for row in page_tables()[SENT]:
        sent.setdefault(row["担当課"], {})[row["シート"], row["管理番号"], row["見出し"]] = typed(row["値"])
    return sent


def enter(sheet: Worksheet, key: str, heading: str, value: Any) -> None:
    """Type a value into the row of a 管理番号, under a heading."""
    cells = [cell for row in sheet.iter_rows() for cell in row]
    row = next(cell.row for cell in cells if cell.value == key)
    heading_row = next(cell.row for cell in cells if cell.value == "管理番号")
    column = next(cell.column for cell in cells if cell.value == heading and cell.row == heading_row)
    cell = sheet.cell(row, column, value)
    if heading == "実績値" and "%" in cell.number_format and isinstance(value, int | float):
        cell.value = value / 100  # as Excel takes 96 that is typed into a percent cell


def beside_label(sheet: Worksheet, label: str, value: Any) -> None:
    """Type a value into the cell right of a label."""
    cell = next(cell for row in sheet.iter_rows() for cell in row if cell.value == label)
    sheet.cell(cell.row, cell.column + 1, value)


def filled_form(plan: Plan, month: Month, department: str, entries: Reported) -> bytes:
    """Return a department's form as it comes back."""
    workbook = openpyxl.load_workbook(io.BytesIO(write_form(form_content(plan, month, department))))
    for label, value in (("記入者", "（架空）"), ("連絡先", "（架空）"), ("記入日", month.last_day)):
        beside_label(workbook["はじめに"], label, value)
    for (sheet, key, heading), value in entries.items():
        enter(workbook[sheet], key, heading, value)
    made = io.BytesIO()
    workbook.save(made)
    return made.getvalue()


def enter_plan(root: Path, tables: Tables) -> Plan:
    """Write the plan workbook into a working folder and return the plan."""
    content = write_plan(tables)
    path = root / "workbook_templates" / "plan.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    plan, findings = read_plan(read_workbook(content), path.name)
    if plan is None:
        raise SystemExit("\n".join(f"{each.place}: {each.message}" for each in findings))
    return plan


def send(root: Path, plan: Plan, month: Month, sent: Mapping[str, Reported]) -> None:
    """Put the departments' filled forms into the month's input folder."""
    folder = root / "input" / str(month)
    folder.mkdir(parents=True, exist_ok=True)
    for department, entries in sent.items():
        (folder / f"{department}.xlsx").write_bytes(filled_form(plan, month, department, entries))
