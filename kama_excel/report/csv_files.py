"""一覧 and the data as CSV for open data, without names of staff.

UTF-8 with BOM, figures as numbers.
"""

from __future__ import annotations

import csv
import datetime as dt
import io
from collections.abc import Iterable, Sequence
from fractions import Fraction

from kama_excel.domain.calendar import year_label
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.rates import shown_rate
from kama_excel.plan.model import Plan
from kama_excel.plan.rating import Method
from kama_excel.report.month_report import Report
from kama_excel.report.tables import CellValue, data_tables
from kama_excel.report.wording import needed_text, status_in_list
from kama_excel.report.xlsx.sheets.action_list import NAME

_FORMULA = tuple("=+-@＝＋－＠")  # full-width ones too: a Japanese Excel accepts them


def csv_files(report: Report) -> dict[str, bytes]:
    """Return the files by name: 一覧.csv and one per data sheet, without the source columns."""
    plan = report.plan
    files = {f"{NAME}.csv": csv_content(_list_headings(plan), map(_list_row, report.evaluation.actions))}
    for table in data_tables(report):
        open_table = table.without_trace
        files[f"{table.sheet}.csv"] = csv_content(open_table.headings, open_table.rows)
    return files


def csv_line(fields: Iterable[CellValue]) -> str:
    """Return fields as one line of CSV, without its line end."""
    text = io.StringIO(newline="")
    csv.writer(text, lineterminator="").writerow([_field(value) for value in fields])
    return " ".join(text.getvalue().splitlines())


def _list_headings(plan: Plan) -> list[str]:
    years = [f"{year_label(year)}（{year}）進捗率（%）" for year in plan.fiscal_years]
    rates = [f"{plan.average_label}（%）", "総括評価（%）", "目標値達成率（%）"]
    adopted = [
        "算定方法",
        "採用した達成率（%）",
        "評価区分",
        "状態",
        "報告済みタスク数",
        "報告対象タスク数",
        "次の区分に必要な水準",
    ]
    return ["No", "アクション", "テーマ", "重点施策", "担い手", *years, *rates, *adopted]


def _list_row(each: ActionEvaluation) -> list[CellValue]:
    measure, action = each.measure, each.action
    rates = [*(year.progress for year in each.years), each.plan_average, each.assessment, each.achievement]
    method = "" if each.method is Method.AUTOMATIC else each.plan.method_label(each.method)
    row: list[CellValue] = [action.no, action.name, measure.theme, measure.name, action.owners]
    row += [_percent(rate, each) for rate in rates]
    row += [method, _percent(each.adopted, each), each.grade_word, status_in_list(each)]
    return [*row, each.reported, each.expected, needed_text(each)]


def _percent(rate: Fraction | None, each: ActionEvaluation) -> Fraction | None:
    return None if rate is None else shown_rate(rate, each.bands) * 100


def csv_content(headings: Sequence[str], rows: Iterable[Sequence[CellValue]]) -> bytes:
    """Return a table as CSV: UTF-8 with BOM, plain numbers, ISO 8601 dates, '' for blank."""
    text = io.StringIO(newline="")
    writer = csv.writer(text)
    writer.writerow(headings)
    writer.writerows([_field(value) for value in row] for row in rows)
    return text.getvalue().encode("utf-8-sig")


def _field(value: CellValue) -> str:
    """Return a field; a text that Excel would run as a formula gets an apostrophe.

    A sign without further text, 「－」 for none, is no formula.
    """
    match value:
        case None:
            return ""
        case str():
            text = value.strip()
            return f"'{text}" if text.startswith(_FORMULA) and len(text) > 1 else text
        case dt.date():
            return value.isoformat()
        case number:
            return f"{float(number):.15g}"
