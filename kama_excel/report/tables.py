"""Reported values and results as tables: one row per value, one value per cell.

`data_tables` has the rows of the sheets データ_… and of the CSV files, with exact figures. `tables` gives the same,
and counts by theme and month, as DataFrames with real dtypes for a user of the library.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Any, NamedTuple

import pandas as pd

from kama_excel.domain.calendar import year_label
from kama_excel.domain.entries import Entry
from kama_excel.domain.keys import Field, Key, Slot
from kama_excel.forms import schema
from kama_excel.merge.merged import Merged, counting_progress
from kama_excel.report.month_report import Report

PROGRESS, INDICATORS, ASSESSMENTS, WORDS = "データ_進捗", "データ_指標", "データ_総括評価", "データ_記述"
COUNTS, MONTHS = "テーマ別件数", "月別達成率"
NOT_BEGUN, UNREPORTED, EXCLUDED, PLANNED, DONE = "開始前", "未報告", "対象外", "予定", "実施"
_TRACE = ("記入された値", "訂正前の値", "提出月", "記入日", "ファイル", "シート", "セル", "SHA-256")

_PROGRESS_HEADINGS = (
    *("管理番号", "アクションNo", "アクション", "年度（西暦）", "年度（和暦）", "担当課", "計画", "重み"),
    *("進捗率（%）", "区分", "備考", "記入された予定"),
)
_INDICATOR_HEADINGS = (
    *("管理番号", "アクションNo", "アクション", "指標", "年度（西暦）", "単位", "基準値", "目標値", "向き", "担当課"),
    *("実績値", "時点", "確度", "根拠", "達成率（%）", "達成率（0〜100%に調整する前、%）"),
)
_ASSESSMENT_HEADINGS = ("管理番号", "アクションNo", "アクション", "担当課", "総括評価（%）", "理由")
_WORDS_HEADINGS = ("管理番号", "アクションNo", "アクション", "担当課", "項目", "文章")

_INTEGERS = frozenset({"アクションNo", "年度（西暦）"})
_DAYS = frozenset({"時点", "記入日"})
_FIGURES = frozenset(
    {
        "重み",
        "進捗率（%）",
        "基準値",
        "目標値",
        "実績値",
        "達成率（%）",
        "達成率（0〜100%に調整する前、%）",
        "総括評価（%）",
    }
)

CellValue = str | int | float | Fraction | dt.date | None
_Row = tuple[list[CellValue], Entry | None]


class DataTable(NamedTuple):
    """One table of reported values: sheet, name in Excel, headings, rows in the plan's order."""

    sheet: str
    name: str
    headings: tuple[str, ...]
    rows: tuple[tuple[CellValue, ...], ...]

    @property
    def without_trace(self) -> DataTable:
        """The same without the source of each value: file names may contain names of staff."""
        kept = len(self.headings) - len(_TRACE)
        return DataTable(self.sheet, self.name, self.headings[:kept], tuple(row[:kept] for row in self.rows))

    @property
    def frame(self) -> pd.DataFrame:
        """The same as a DataFrame.

        Whole numbers are Int64, figures Float64, days datetime64, the rest string.
        """
        columns = dict(zip(self.headings, zip(*self.rows, strict=True), strict=True)) if self.rows else {}
        return pd.DataFrame({each: _series(each, columns.get(each, ())) for each in self.headings})


def data_tables(report: Report) -> tuple[DataTable, ...]:
    """Return the four tables of all reported values."""
    days = {
        each.submission.file: each.submission.filled_on for status in report.merged.statuses for each in status.received
    }
    made = (
        (PROGRESS, "T_進捗", _PROGRESS_HEADINGS, _progress_rows(report)),
        (INDICATORS, "T_指標", _INDICATOR_HEADINGS, _indicator_rows(report)),
        (ASSESSMENTS, "T_総括評価", _ASSESSMENT_HEADINGS, _assessment_rows(report)),
        (WORDS, "T_記述", _WORDS_HEADINGS, _words_rows(report)),
    )
    return tuple(
        DataTable(sheet, table, (*headings, *_TRACE), tuple((*row, *_trace(entry, days)) for row, entry in rows))
        for sheet, table, headings, rows in made
    )


def tables(report: Report) -> dict[str, pd.DataFrame]:
    """Return the month as DataFrames by name.

    The four data tables, counts of theme × grade, and the adopted rate by month. Rates are in percent. The last
    one has a row per action and a column per month (a period), NA for a missing rate.
    """
    return {table.sheet: table.frame for table in data_tables(report)} | {
        COUNTS: counts_by_theme(report),
        MONTHS: rates_by_month(report),
    }


def counts_by_theme(report: Report) -> pd.DataFrame:
    """Count the actions by theme and category, both in the plan's order.

    Categories that are no grade come last.
    """
    actions = report.evaluation.actions
    themes = pd.Series([each.measure.theme for each in actions], dtype="string", name="テーマ")
    grades = pd.Series([each.category for each in actions], dtype="string", name="評価区分")
    order = [*report.evaluation.count()]
    counted = pd.crosstab(themes, grades)
    return counted.reindex(index=[*report.plan.themes], columns=order, fill_value=0)


def rates_by_month(report: Report) -> pd.DataFrame:
    """Return the adopted rate in percent by action and month."""
    rates = pd.DataFrame(
        [
            (each.action.no, pd.Period(str(state.month), freq="M"), float(each.adopted * 100))
            for state in report.states
            for each in state.evaluation.actions
            if each.adopted is not None
        ],
        columns=["アクションNo", "月", "採用した達成率（%）"],
    ).astype({"アクションNo": "Int64", "採用した達成率（%）": "Float64"})
    by_month = rates.pivot_table(index="アクションNo", columns="月", values="採用した達成率（%）", aggfunc="first")
    months = [pd.Period(str(state.month), freq="M") for state in report.states]
    return by_month.reindex(index=[each.action.no for each in report.evaluation.actions], columns=months)


def _series(heading: str, values: Sequence[Any]) -> pd.Series:
    if heading in _INTEGERS:
        return pd.Series(values, dtype="Int64")
    if heading in _FIGURES:
        figures: list[Any] = [None if value is None else float(value) for value in values]
        return pd.Series(figures, dtype="Float64")
    if heading in _DAYS:
        return pd.to_datetime(pd.Series(values, dtype="object"), errors="coerce")
    return pd.Series([None if value is None else str(value) for value in values], dtype="string")


def _progress_rows(report: Report) -> Iterator[_Row]:
    merged, names = report.merged, report.names
    for fact in merged.facts.tasks:
        task, key, year = fact.task, fact.task.key, fact.task.fiscal_year
        remark, expected = (merged.entries.get((key, field)) for field in (Field.REMARK, Field.EXPECTED))
        done, _ = counting_progress(merged.entries, key)
        missing = UNREPORTED if report.month.has_begun(year) else NOT_BEGUN
        state = missing if fact.progress is None else PLANNED if fact.is_planned else DONE
        row: list[CellValue] = [
            key,
            task.action_no,
            names[task.action_no],
            year,
            year_label(year),
            task.department,
        ]
        values = [_percent(fact.progress), EXCLUDED if fact.is_excluded else state, _words(remark)]
        yield [*row, task.text, task.weight, *values, expected.typed if expected else None], done


def _indicator_rows(report: Report) -> Iterator[_Row]:
    names = report.names
    results = {each.fact.indicator.key: each for action in report.evaluation.actions for each in action.indicators}
    years = {year.fact.indicator.key: year for result in results.values() for year in result.years}
    entries = report.merged.entries
    for fact in report.merged.facts.indicators:
        each, actual = fact.indicator, entries.get((fact.indicator.key, Field.ACTUAL))
        row: list[CellValue] = [each.key, each.action_no, names[each.action_no], each.name, each.fiscal_year, each.unit]
        row += [each.baseline, each.target, each.direction.value, each.department, actual.number if actual else None]
        values = [_words(entries.get((each.key, field))) for field in (Field.AS_OF, Field.CERTAINTY, Field.GROUNDS)]
        result, year = results.get(each.key), years.get(each.key)
        rates = [_percent(result.achievement), _percent(result.raw)] if result else [None, None]
        if year:
            rates = [None, _percent(year.rate)]
        yield [*row, *values, *rates], actual


def _assessment_rows(report: Report) -> Iterator[_Row]:
    names, entries = report.names, report.merged.entries
    for key in assessment_keys(report.merged):
        rate, reason = (entries.get((key, field)) for field in (Field.ASSESSMENT, Field.REASON))
        row: list[CellValue] = [key, key.action_no, names[key.action_no or 0], key.department]
        yield [*row, _percent(rate.number) if rate else None, _words(reason)], rate


def assessment_keys(merged: Merged) -> list[Key]:
    """Return the 管理番号 of the assessments that the month's actions may have, by action."""
    in_force = merged.facts.plan.at(merged.facts.month)
    actions = sorted(in_force.actions, key=lambda action: action.no)
    return [
        Key.of_assessment(action.no, department)
        for action in actions
        for department in in_force.departments_of(action.no)
    ]


def _words_rows(report: Report) -> Iterator[_Row]:
    names, entries = report.names, report.merged.entries
    fields = (*schema.WORDS_SHEET.fields, *schema.PICTURE_SHEET.fields)
    departments = [each.name for each in report.plan.departments]

    def order(slot: Slot) -> tuple[int, int, int, str]:
        (key, field), department = slot, entries[slot].department
        at = departments.index(department) if department in departments else len(departments)
        return key.action_no or 0, at, fields.index(field), key

    for slot in sorted((slot for slot in entries if slot[1] in fields), key=order):
        (key, field), entry = slot, entries[slot]
        yield [key, key.action_no, names[key.action_no or 0], entry.department, field, _words(entry)], entry


def _trace(entry: Entry | None, days: dict[str, dt.date | None]) -> list[CellValue]:
    """Return the source of a value.

    The typed text, what it corrected, month and day, file, sheet, cell and the file's hash.
    """
    if entry is None:
        return [None] * len(_TRACE)
    when: list[CellValue] = [str(entry.month), days.get(entry.place.file)]
    where = (entry.place.file, entry.place.sheet, entry.place.cell)
    return [entry.typed, entry.reported, *when, *where, entry.source.sha256]


def _words(entry: Entry | None) -> CellValue:
    """Return a day, or a text as typed."""
    if entry is None:
        return None
    return entry.day or (str(entry.value) if entry.value is not None else None)


def _percent(rate: Fraction | None) -> Fraction | None:
    return None if rate is None else rate * 100
