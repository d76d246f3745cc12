"""A second, faster peer: the same afternoon's work by a colleague who knows pandas with calamine, and XlsxWriter.

`python -m benchmarks.fast_afternoon INPUT_FOLDER OUTPUT.xlsx`
"""

from __future__ import annotations

import sys
from pathlib import Path

import pandas as pd
import xlsxwriter
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from benchmarks.colleague import FILLS, evaluate

SHEETS = ("進捗", "指標", "総括評価", "成果と課題")
LINE = "#C3CCD6"


def read_forms(folder: Path) -> dict[str, pd.DataFrame]:
    """Read and concatenate the tables of every form, each below the row that begins with 管理番号."""
    tables: dict[str, list[pd.DataFrame]] = {sheet: [] for sheet in SHEETS}
    for path in sorted(folder.glob("*.xlsx")):
        read = pd.read_excel(path, sheet_name=[*SHEETS], header=None, engine="calamine")
        for sheet, cells in read.items():
            start = cells.index[cells[0] == "管理番号"][0]
            table = cells.loc[start + 1 :].set_axis(cells.loc[start], axis=1)
            tables[sheet].append(table[table["管理番号"].notna()].assign(担当課=path.stem))
    return {sheet: pd.concat(parts, ignore_index=True) for sheet, parts in tables.items()}


class Book:
    """The workbook, with the looks that its sheets share."""

    def __init__(self, path: Path) -> None:
        self.book = xlsxwriter.Workbook(path, {"nan_inf_to_errors": True})
        self.heading = self.book.add_format({"bold": True, "font_color": "#FFFFFF", "bg_color": "#12324F"})
        self.bold, self.title = (
            self.book.add_format({"bold": True}),
            self.book.add_format({"bold": True, "font_size": 16}),
        )
        self.rate = self.book.add_format({"num_format": "0.0%"})
        self.wrapped = self.book.add_format({"text_wrap": True})
        boxed = {"border": 1, "border_color": LINE, "text_wrap": True, "valign": "vcenter"}
        self.boxed, self.boxed_rate = self.book.add_format(boxed), self.book.add_format({**boxed, "num_format": "0%"})
        self.grades = {
            word: self.book.add_format({"bg_color": f"#{FILLS.get(word, 'E3E5E8')}"}) for word in (*FILLS, "未評価")
        }

    def frame(self, name: str, frame: pd.DataFrame) -> Worksheet:
        """Write a frame with its headings."""
        sheet = self.book.add_worksheet(name)
        sheet.write_row(0, 0, [str(column) for column in frame.columns], self.heading)
        for column in range(frame.shape[1]):
            values = frame.iloc[:, column]
            sheet.write_column(1, column, [None if pd.isna(value) else value for value in values])
        sheet.freeze_panes(1, 0)
        return sheet

    def page(self, number: object, tables: dict[str, pd.DataFrame], result: pd.Series) -> None:
        """Write an action's page: title, grade, tasks by year, words."""
        tasks = tables["進捗"][tables["進捗"]["No"] == number]
        sheet = self.book.add_worksheet(f"{int(str(number)):02d}")
        sheet.write(0, 0, f"{number} {tasks['アクション'].iloc[0]}", self.title)
        sheet.write(1, 0, "評価")
        sheet.write(1, 1, result["区分"], self.grades[result["区分"]])
        row = 3
        for year, group in tasks.groupby("年度"):
            sheet.write(row, 0, str(year), self.bold)
            for task in group.itertuples():
                row += 1
                sheet.write_row(row, 0, [task.担当課, task.計画], self.boxed)
                sheet.write(row, 2, task.実施, self.boxed_rate)
            sheet.write(row + 1, 1, "平均")
            sheet.write(row + 1, 2, result[year], self.rate)
            row += 3
        words = tables["成果と課題"][tables["成果と課題"]["No"] == number]
        for each in words.itertuples():
            for heading, text in (("成果", each.成果), ("取り組んだこと", each.取り組んだこと), ("課題", each.課題)):
                sheet.write(row, 0, heading, self.bold)
                sheet.write(row, 1, str(text), self.wrapped)
                row += 1
        for column, width in enumerate((18, 60, 12)):
            sheet.set_column(column, column, width)
        sheet.set_paper(9)
        sheet.fit_to_pages(1, 0)


def write(tables: dict[str, pd.DataFrame], result: pd.DataFrame, path: Path) -> None:
    """Write the workbook."""
    book = Book(path)
    flat = result.reset_index()
    listing = book.frame("一覧", flat)
    for column in range(1, flat.shape[1] - 1):
        rates: list[Format | None] = [book.rate] * len(flat)
        for row, (rate, look) in enumerate(zip(flat.iloc[:, column], rates, strict=True), start=1):
            listing.write(row, column, None if pd.isna(rate) else rate, look)
    for row, word in enumerate(flat["区分"], start=1):
        listing.write(row, flat.shape[1] - 1, word, book.grades[word])
    counts = book.book.add_worksheet("件数")
    counted = flat["区分"].value_counts()
    counts.write_column(0, 0, counted.index)
    counts.write_column(0, 1, counted)
    chart = book.book.add_chart({"type": "column"})
    chart.add_series({"categories": ["件数", 0, 0, len(counted) - 1, 0], "values": ["件数", 0, 1, len(counted) - 1, 1]})
    counts.insert_chart("D2", chart)
    for number in result.index:
        book.page(number, tables, result.loc[number])
    for sheet, frame in tables.items():
        book.frame(f"データ_{sheet}", frame)
    book.book.close()


def main() -> None:
    """Read, evaluate, write."""
    tables = read_forms(Path(sys.argv[1]))
    write(tables, evaluate(tables), Path(sys.argv[2]))


if __name__ == "__main__":
    main()
