"""The exact figures beside an action's page: not printed, the source of all formulas."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from xlsxwriter.format import Format

from kama_excel.domain.calendar import year_label
from kama_excel.evaluation import formulas
from kama_excel.evaluation.formulas import BandTable, IndicatorCells
from kama_excel.evaluation.rates import ONE, ZERO
from kama_excel.plan.rating import Method
from kama_excel.report.wording import needed_figures, needed_text, status_text
from kama_excel.report.xlsx.page.addresses import (
    ASSESSED,
    LABEL_COLUMN,
    PLANNED_COLUMN,
    TASK_RATE,
    VALUE_COLUMN,
    WEIGHT_COLUMN,
    Addresses,
    Inputs,
    span,
)
from kama_excel.report.xlsx.page.needed_formulas import needed_figure_formula, needed_text_formula
from kama_excel.report.xlsx.page.status_formulas import count_formulas, none_formula, status_formula
from kama_excel.spreadsheets.cells import column_letters, quoted
from kama_excel.spreadsheets.writing.canvas import Canvas
from kama_excel.spreadsheets.writing.style import HAIRLINE, MUTED


def write_calculation(canvas: Canvas, at: Addresses, inputs: Inputs) -> None:
    """Write the block: a label, a formula and its computed value a row."""
    look = {"font_size": 9, "font_color": MUTED, "bottom": 4, "bottom_color": HAIRLINE}
    figures = [canvas.formats(num_format=each, align="right", **look) for each in ("0.0000000%", "0", "General")]
    rows = _Rows(canvas, canvas.formats(**look), *figures)
    _write_head(canvas, at.first_row)
    _write_rates(rows, at, inputs)
    _write_result(rows, at, inputs)


class _Rows(NamedTuple):
    """The rows of the block, and the looks of their cells."""

    canvas: Canvas
    label: Format
    rate: Format
    whole: Format
    figure: Format

    def write(
        self,
        address: str,
        label: str,
        formula: str,
        value: Fraction | float | str | None,
        look: Format | None = None,
    ) -> None:
        """Write a row; without `look` the value is a rate or a text."""
        row = int(address.rpartition("$")[2])
        self.canvas.put(row, LABEL_COLUMN, label, self.label)
        self.canvas.formula(row, VALUE_COLUMN, formula, value, look or self.rate)


def _write_head(canvas: Canvas, row: int) -> None:
    formats = canvas.formats
    canvas.sheet.set_column(LABEL_COLUMN - 1, LABEL_COLUMN - 1, 34)
    canvas.sheet.set_column(VALUE_COLUMN - 1, VALUE_COLUMN - 1, 18)
    canvas.put(row, LABEL_COLUMN, "計算の根拠（印刷されません）", formats(bold=True, font_color=MUTED))
    look = formats(font_size=9, font_color=MUTED)
    note = "実施・実績値などを書き換えると、ここから一覧・総括まで計算し直し、書き換えたセルは橙色になります。"
    canvas.put(row + 1, LABEL_COLUMN, note, look)
    planned, weight = column_letters(PLANNED_COLUMN), column_letters(WEIGHT_COLUMN)
    note = f"{planned}列の1は予定、{weight}列はタスクの重み（指標・総括評価では1が見込）です。"
    canvas.put(row + 2, LABEL_COLUMN, note, look)


def _write_rates(rows: _Rows, at: Addresses, inputs: Inputs) -> None:
    evaluation = at.evaluation
    for year in evaluation.years:
        done = year.fiscal_year in inputs.years
        formula = '""'
        if done:
            formula = formulas.weighted_mean(
                *(inputs.tasks(year.fiscal_year, column) for column in (TASK_RATE[0], WEIGHT_COLUMN))
            )
        label = f"{year_label(year.fiscal_year)} 平均"
        rows.write(at.years[year.fiscal_year], label, formula, year.progress)
    years = span(list(at.years.values()))
    rows.write(at.average, evaluation.plan.average_label, formulas.mean(years), evaluation.plan_average)
    limits = evaluation.bands.limits
    for number, each in enumerate(evaluation.indicators):
        indicator, cells = each.fact.indicator, inputs.indicator_row(number)
        raw = _where_reported(cells, formulas.achievement(indicator, cells))
        rows.write(at.raw[number], f"{indicator.name} 達成率（0〜100%に調整する前）", raw, each.raw)
        limited = _where_reported(cells, formulas.limited(at.raw[number], limits))
        rows.write(at.limited[number], f"{indicator.name} 達成率", limited, each.achievement)
        from_zero = formulas.without_baseline(indicator, cells, limits)
        label = f"{indicator.name} 基準値を用いない達成率"
        rows.write(at.from_zero[number], label, _where_reported(cells, from_zero), each.without_baseline)
    mean = formulas.mean(span(at.limited)) if at.limited else '""'
    rows.write(at.achievement, "目標(値)に対する達成率", mean, evaluation.achievement)
    mean = formulas.mean(span(at.from_zero)) if at.from_zero else '""'
    value = evaluation.achievement_without_baseline
    rows.write(at.achievement_from_zero, "基準値を用いない達成率", mean, value)
    assessed = formulas.mean(inputs.assessment_cells(ASSESSED[0])) if inputs.assessments else '""'
    rows.write(at.assessment, "総括評価", assessed, evaluation.assessment)


def _write_result(rows: _Rows, at: Addresses, inputs: Inputs) -> None:
    evaluation = at.evaluation
    label = evaluation.plan.method_label(evaluation.method)
    rows.write(at.method, "採用した算定方法", _method(at), label)
    rows.write(at.adopted, "採用した達成率", _adopted(at), evaluation.adopted)
    grade = formulas.grade(
        at.adopted, BandTable.in_workbook(evaluation.bands), none=none_formula(evaluation, at, inputs)
    )
    rows.write(at.grade, "評価区分", grade, evaluation.grade_word)
    counts = count_formulas(evaluation, at, inputs)
    used, wanted = evaluation.basis_counts
    values = (evaluation.reported, evaluation.expected, used, wanted)
    labels = ("報告のあったタスク", "報告の対象となるタスク", "算定に使用した報告数", "算定に必要な報告数")
    cells = (at.reported, at.expected, at.used, at.wanted)
    for cell, name, formula, value in zip(cells, labels, counts, values, strict=True):
        rows.write(cell, name, formula, value, rows.whole)
    status = status_formula(evaluation, at, inputs)
    rows.write(at.status, "状態", status, status_text(evaluation))
    figures, lowest_first = needed_figures(evaluation), evaluation.bands.names[::-1]
    for rank, cell in at.needed.items():
        formula = needed_figure_formula(evaluation, at, inputs, rank)
        name = lowest_first[rank - 1]
        rows.write(cell, f"「{name}」に必要な値", formula, figures.get(name), rows.figure)
    formula = needed_text_formula(evaluation, at, inputs)
    rows.write(at.needed_text, "次の区分に必要な水準", formula, needed_text(evaluation))
    _write_widths(rows, at)


def _write_widths(rows: _Rows, at: Addresses) -> None:
    """Write the share of each grade's band in 0–100 %, for the strip of the bands."""
    table, ascending = BandTable.in_workbook(at.evaluation.bands), at.evaluation.bands.bands[::-1]
    for rank, cell in at.widths.items():
        lower = f"MAX(0,{table.lower(rank)})" if rank > 1 else "0"
        upper = f"MIN(1,{table.lower(rank + 1)})" if rank < len(ascending) else "1"
        low = max(ascending[rank - 1].lower, ZERO) if rank > 1 else ZERO
        high = min(ascending[rank].lower, ONE) if rank < len(ascending) else ONE
        label = f"「{ascending[rank - 1].name}」の範囲（0〜100%のうち）"
        rows.write(cell, label, f"MAX(0,{upper}-{lower})", max(high - low, ZERO))


def _method(at: Addresses) -> str:
    label = at.evaluation.plan.method_label
    if at.evaluation.decided is not Method.AUTOMATIC:
        return quoted(label(at.evaluation.decided))
    average, automatic = quoted(label(Method.PLAN_AVERAGE)), quoted(label(Method.AUTOMATIC))
    otherwise = f'IF({at.average}<>"",{average},{automatic})'
    return f'IF({at.achievement}<>"",{quoted(label(Method.TARGET))},{otherwise})'


def _adopted(at: Addresses) -> str:
    cells = {
        Method.TARGET: at.achievement,
        Method.PLAN_AVERAGE: at.average,
        Method.ASSESSMENT: at.assessment,
    }
    automatic = f'IF({at.achievement}<>"",{at.achievement},{at.average})'
    return cells.get(at.evaluation.decided, automatic)


def _where_reported(cells: IndicatorCells, rate: str) -> str:
    """Return a rate's formula if the indicator has an actual, else ''."""
    return f'IF(ISNUMBER({cells.actual}),{rate},"")'
