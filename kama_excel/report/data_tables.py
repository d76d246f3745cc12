"""データ_…: one row per value, one value per cell, figures as numbers: Excel tables that machines read."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from kama_excel.domain.calendar import year_label
from kama_excel.forms import schema
from kama_excel.merge.frame import EntryRow, rows_of
from kama_excel.merge.merged import Merged, counting_progress
from kama_excel.report.month_report import Report
from kama_excel.report.xlsx.canvas import plain
from kama_excel.spreadsheets.writing.book import ReportSheet
from kama_excel.spreadsheets.writing.measure import footer_text
from kama_excel.spreadsheets.writing.style import FIGURES, FONT, MUTED, NAVY, WHITE, Formats

PROGRESS, INDICATORS, ASSESSMENTS, WORDS = "データ_進捗", "データ_指標", "データ_総括評価", "データ_記述"
_TRACE = ("記入された値", "訂正前の値", "提出月", "記入日", "ファイル", "シート", "セル", "SHA-256")
_HUNDRED = 100

_PROGRESS_HEADINGS = (
    *("管理番号", "アクションNo", "アクション", "年度（西暦）", "年度（和暦）", "担当課", "計画", "重み"),
    *("進捗率（%）", "区分", "備考", "記入された予定"),
)
_INDICATOR_HEADINGS = (
    *("管理番号", "アクションNo", "アクション", "指標", "単位", "基準値", "目標値", "向き", "担当課"),
    *("実績値", "時点", "確度", "根拠"),
)
_ASSESSMENT_HEADINGS = ("管理番号", "アクションNo", "アクション", "担当課", "総括評価（%）", "理由")
_WORDS_HEADINGS = ("管理番号", "アクションNo", "アクション", "担当課", "項目", "文章")

_WIDTHS = {
    **dict.fromkeys(("アクション", "計画", "指標", "理由", "文章", "ファイル"), 36.0),
    **dict.fromkeys(("備考", "根拠", "記入された値"), 28.0),
    **dict.fromkeys(("訂正前の値", "記入された予定"), 18.0),
    "管理番号": 16.0,
    "担当課": 24.0,
    "SHA-256": 52.0,
}
"""The widths of the columns that hold texts; the others are as wide as their heading."""

_LONG = 8  # characters that every column has room for

Field = str | int | float | Fraction | None


def data_places(report: Report) -> dict[str, str]:
    """Return by 管理番号 the reference of its data row, for the pages to link to. Tables have the frames' order."""
    merged = report.merged
    frames = ((PROGRESS, merged.tasks), (INDICATORS, merged.indicators), (ASSESSMENTS, merged.assessments))
    return {key: f"'{name}'!A{row}" for name, frame in frames for row, key in enumerate(frame["key"], start=2)}


@dataclass(frozen=True, slots=True)
class DataTable:
    """One table of reported values: its sheet, its name in Excel, its headings and its rows."""

    sheet: str
    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[Field, ...], ...]

    @property
    def without_trace(self) -> DataTable:
        """The same without where each value was typed: file names may carry the names of clerks."""
        kept = len(self.headings) - len(_TRACE)
        return DataTable(self.sheet, self.name, self.headings[:kept], tuple(row[:kept] for row in self.rows))


def data_tables(report: Report) -> tuple[DataTable, ...]:
    """Return the four tables of all that was reported."""
    merged = report.merged
    names = {action.no: action.name for action in report.plan.actions}
    days = {each.submission.file: each.submission.filled_on for status in merged.statuses for each in status.received}
    made = (
        (PROGRESS, "T_進捗", _PROGRESS_HEADINGS, _progress_rows(merged, names)),
        (INDICATORS, "T_指標", _INDICATOR_HEADINGS, _indicator_rows(merged, names)),
        (ASSESSMENTS, "T_総括評価", _ASSESSMENT_HEADINGS, _assessment_rows(merged, names)),
        (WORDS, "T_記述", _WORDS_HEADINGS, _words_rows(merged, names)),
    )
    return tuple(
        DataTable(sheet, table, (*headings, *_TRACE), tuple((*row, *_trace(entry, days)) for row, entry in rows))
        for sheet, table, headings, rows in made
    )


def write_data_sheets(workbook: Workbook, formats: Formats, report: Report) -> None:
    """Write the four tables."""
    for table in data_tables(report):
        footer = footer_text(f"{report.plan.name}　{table.sheet}　{report.month.label}分")
        _write_table(workbook, formats, table, footer)


def _progress_rows(merged: Merged, names: dict[int, str]) -> Iterator[tuple[list[Field], EntryRow | None]]:
    facts = {fact.task.key: fact for fact in merged.facts.tasks}
    for record in merged.tasks.to_dict("records"):
        task, remark, expected = record["task"], record[schema.REMARK], record[schema.EXPECTED]
        done, _ = counting_progress(record[schema.DONE], expected)
        fact, year = facts[task.key], task.fiscal_year
        state = (
            "対象外"
            if fact.is_excluded
            else "未報告"
            if fact.progress is None
            else "予定"
            if fact.is_planned
            else "実施"
        )
        row: list[Field] = [task.key, task.action_no, names[task.action_no], year, year_label(year), task.department]
        said = [_percent(fact.progress), state, _plain(remark), expected.typed if expected else None]
        yield [*row, task.text, task.weight, *said], done


def _indicator_rows(merged: Merged, names: dict[int, str]) -> Iterator[tuple[list[Field], EntryRow | None]]:
    for record in merged.indicators.to_dict("records"):
        each, actual = record["indicator"], record[schema.ACTUAL]
        row: list[Field] = [each.key, each.action_no, names[each.action_no], each.name, each.unit, each.baseline]
        row += [each.target, each.direction.value, each.department, actual.number if actual else None]
        said = [_plain(record[item]) for item in (schema.AS_OF, schema.CERTAINTY, schema.GROUNDS)]
        yield [*row, *said], actual


def _assessment_rows(merged: Merged, names: dict[int, str]) -> Iterator[tuple[list[Field], EntryRow | None]]:
    for record in merged.assessments.to_dict("records"):
        rate, no = record[schema.ASSESSMENT], record["action_no"]
        row: list[Field] = [record["key"], no, names[no], record["department"], _percent(rate.number) if rate else None]
        yield [*row, _plain(record[schema.REASON])], rate


def _words_rows(merged: Merged, names: dict[int, str]) -> Iterator[tuple[list[Field], EntryRow | None]]:
    items = [column.heading for column in (*schema.WORDS_SHEET.inputs, *schema.PICTURE_SHEET.inputs)]
    for each in rows_of(merged.entries[merged.entries["item"].isin(items)]):
        no = int(each.key.split("-")[1])
        yield [each.key, no, names[no], each.department, each.item, _plain(each)], each


def _trace(entry: EntryRow | None, days: dict[str, dt.date | None]) -> list[Field]:
    """Where a value stands: what was typed, what it corrected, month and day, file, sheet, cell and the file's hash."""
    if entry is None:
        return [None] * len(_TRACE)
    day = days.get(entry.file)
    when: list[Field] = [str(entry.month), day.isoformat() if day else None]
    return [entry.typed, entry.reported, *when, entry.file, entry.sheet, entry.cell, entry.sha256]


def _plain(entry: EntryRow | None) -> Field:
    if entry is None:
        return None
    return entry.day.isoformat() if entry.day else str(entry.value) if entry.value is not None else None


def _percent(rate: Fraction | None) -> Fraction | None:
    return None if rate is None else rate * _HUNDRED


def _write_table(workbook: Workbook, formats: Formats, table: DataTable, footer: str) -> None:
    """Write one Excel table from A1 on; a table without rows keeps one empty row, as Excel wants it."""
    sheet = workbook.add_worksheet(table.sheet, ReportSheet)
    looks = [_look(formats, heading) for heading in table.headings]
    for at, row in enumerate(table.rows, start=1):
        is_long = False
        for column, (value, look) in enumerate(zip(row, looks, strict=True)):
            match value:
                case None | "":
                    if is_long:  # or else it would be shown under the next heading
                        sheet.write_blank(at, column, None, look)
                    is_long = False
                case str():
                    sheet.write_string(at, column, plain(value), look)
                    is_long = len(value) > _LONG
                case number:
                    sheet.write_number(at, column, float(number), look)
    band = formats.boxed(bold=True, font_size=9, font_color=WHITE, bg_color=NAVY, align="center")
    columns = [{"header": heading, "header_format": band} for heading in table.headings]
    options = {"name": table.name, "columns": columns, "style": "Table Style Light 1"}
    sheet.add_table(0, 0, max(len(table.rows), 1), len(table.headings) - 1, options)
    sheet.set_row(0, 22)
    sheet.freeze_panes(1, 1)
    sheet.set_landscape()
    sheet.set_paper(8)
    sheet.fit_to_pages(1, 0)
    sheet.repeat_rows(0)
    sheet.set_footer(f'&L&"{FONT},標準"&8{footer}&R&"{FONT},標準"&8&P / &N')
    for column, heading in enumerate(table.headings):
        sheet.set_column(column, column, _WIDTHS.get(heading, max(12, 2 * len(heading) + 3)), looks[column])


def _look(formats: Formats, heading: str) -> Format:
    """Return the look of a column: figures and short words in the middle, texts away from the neighbour's figures."""
    if heading == "SHA-256":
        return formats(font_size=8, font_name=FIGURES, font_color=MUTED, indent=1)
    return formats(font_size=9, indent=1) if heading in _WIDTHS else formats(font_size=9, align="center")
