"""The peer: what a competent colleague writes in an afternoon with pandas and openpyxl.

It reads the month's forms, merges them, averages, grades, and writes a list, the data, a formatted page per action and
one chart. It trusts every file, keeps no address of a value, checks nothing, and its figures are not formulas.

`python -m benchmarks.afternoon INPUT_FOLDER OUTPUT.xlsx`
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import openpyxl
import pandas as pd
from openpyxl.chart import BarChart, Reference
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.worksheet.worksheet import Worksheet

from benchmarks.colleague import FILLS, evaluate

LINE = Side(style="thin", color="C3CCD6")
THIN = Border(left=LINE, right=LINE, top=LINE, bottom=LINE)


def read_table(workbook: openpyxl.Workbook, sheet: str) -> pd.DataFrame:
    """Read a sheet's table below the row that begins with 管理番号."""
    rows = [list(row) for row in workbook[sheet].iter_rows(values_only=True)]
    start = next(number for number, row in enumerate(rows) if row[0] == "管理番号")
    table = pd.DataFrame(rows[start + 1 :], columns=rows[start])
    return table[table["管理番号"].notna()]


def read_forms(folder: Path) -> dict[str, pd.DataFrame]:
    """Read and concatenate the tables of every form."""
    tables: dict[str, list[pd.DataFrame]] = {"進捗": [], "指標": [], "総括評価": [], "成果と課題": []}
    for path in sorted(folder.glob("*.xlsx")):
        workbook = openpyxl.load_workbook(path, data_only=True)
        department = path.stem
        for sheet, parts in tables.items():
            parts.append(read_table(workbook, sheet).assign(担当課=department))
    return {sheet: pd.concat(parts, ignore_index=True) for sheet, parts in tables.items()}


def write(tables: dict[str, pd.DataFrame], result: pd.DataFrame, path: Path) -> None:
    """Write the workbook."""
    workbook = openpyxl.Workbook()
    listing = workbook.worksheets[0]
    listing.title = "一覧"
    write_frame(listing, result.reset_index())
    for row in listing.iter_rows(min_row=2):
        word = str(row[-1].value)
        row[-1].fill = PatternFill("solid", fgColor=FILLS.get(word, "E3E5E8"))
        for cell in row[1:-1]:
            cell.number_format = "0.0%"
    counts = workbook.create_sheet("件数")
    for name, count in result["区分"].value_counts().items():
        counts.append([name, int(count)])
    chart = BarChart()
    chart.add_data(Reference(counts, min_col=2, min_row=1, max_row=counts.max_row))
    chart.set_categories(Reference(counts, min_col=1, min_row=1, max_row=counts.max_row))
    counts.add_chart(chart, "D2")
    for number in result.index:
        write_page(workbook.create_sheet(f"{int(number):02d}"), number, tables, result.loc[number])
    for sheet, frame in tables.items():
        write_frame(workbook.create_sheet(f"データ_{sheet}"), frame)
    workbook.save(path)


def write_frame(sheet: Worksheet, frame: pd.DataFrame) -> None:
    """Write a frame with its headings."""
    sheet.append([str(column) for column in frame.columns])
    for row in frame.itertuples(index=False):
        sheet.append([None if pd.isna(value) else value for value in row])
    for cell in sheet[1]:
        cell.font = Font(bold=True, color="FFFFFF")
        cell.fill = PatternFill("solid", fgColor="12324F")
    sheet.freeze_panes = "A2"


def write_page(sheet: Worksheet, number: object, tables: dict[str, pd.DataFrame], result: pd.Series) -> None:
    """Write an action's page: title, grade, tasks by year, words."""
    tasks = tables["進捗"][tables["進捗"]["No"] == number]
    sheet["A1"] = f"{number} {tasks['アクション'].iloc[0]}"
    sheet["A1"].font = Font(bold=True, size=16)
    sheet["A2"], sheet["B2"] = "評価", result["区分"]
    sheet["B2"].fill = PatternFill("solid", fgColor=FILLS.get(result["区分"], "E3E5E8"))
    row = 4
    for year, group in tasks.groupby("年度"):
        sheet.cell(row, 1, str(year)).font = Font(bold=True)
        row += 1
        for task in group.itertuples():
            values: list[Any] = [task.担当課, task.計画, task.実施]
            for column, value in enumerate(values, start=1):
                cell = sheet.cell(row, column, value)
                cell.border = THIN
                cell.alignment = Alignment(wrap_text=True, vertical="center")
            sheet.cell(row, 3).number_format = "0%"
            row += 1
        sheet.cell(row, 2, "平均")
        average: Any = result[year]
        sheet.cell(row, 3, average).number_format = "0.0%"
        row += 2
    words = tables["成果と課題"][tables["成果と課題"]["No"] == number]
    for each in words.itertuples():
        for heading, text in (("成果", each.成果), ("取り組んだこと", each.取り組んだこと), ("課題", each.課題)):
            sheet.cell(row, 1, heading).font = Font(bold=True)
            sheet.cell(row, 2, str(text)).alignment = Alignment(wrap_text=True)
            row += 1
    for letter, width in (("A", 18), ("B", 60), ("C", 12)):
        sheet.column_dimensions[letter].width = width
    sheet.page_setup.paperSize = 9
    sheet.page_setup.fitToWidth = 1


def main() -> None:
    """Read, evaluate, write."""
    tables = read_forms(Path(sys.argv[1]))
    write(tables, evaluate(tables), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
