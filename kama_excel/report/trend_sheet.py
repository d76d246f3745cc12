"""推移: the counts by grade and every action's adopted rate, month by month, evaluated anew from the input folder."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter import Workbook
from xlsxwriter.chart import Chart

from kama_excel.cells import a1, column_letters
from kama_excel.evaluation import shown_rate
from kama_excel.fiscal import Month, month_short
from kama_excel.look import (
    FIGURES,
    FONT,
    HAIRLINE,
    INDENT,
    INK,
    MUTED,
    NAVY,
    WHITE,
    column_pixels,
    grade_colours,
    row_points,
)
from kama_excel.look.palette import UNEVALUATED as UNEVALUATED_COLOUR
from kama_excel.report.canvas import UNEVALUATED, Canvas
from kama_excel.report.model import Report

NAME = "推移"
CHART_DESCRIPTION = "評価区分ごとの件数を月ごとに積み上げた縦棒グラフ"
_FIRST_MONTH_COLUMN = 3
_HEADING_ROW = 4
_NAME_WIDTH = 46.0


def _first_action_row(report: Report) -> int:
    """Return the row of the first action on the sheet."""
    return _HEADING_ROW + len(report.plan.bands.bands) + 4


def write_trend(workbook: Workbook, canvas: Canvas, report: Report) -> None:
    """Write the sheet. The figures are those of each month's own evaluation, not formulas."""
    formats, plan, states = canvas.formats, report.plan, report.states
    canvas.widths(5, _NAME_WIDTH, *[8.5] * len(states))
    canvas.height(1, 28)
    canvas.put(1, 1, "推移", formats(bold=True, font_size=14, font_color=NAVY))
    note = "各月の様式から計算し直した値です。途中の月に提出のない課は、その前の様式の値で計算しています。"
    canvas.put(2, 1, note, formats(font_size=9, font_color=MUTED))
    names = (*plan.bands.names, UNEVALUATED)
    _headings(canvas, _HEADING_ROW, "評価区分ごとの件数", [state.month for state in states])
    counts = [state.evaluation.count() for state in states]
    for row, name in enumerate(names, start=_HEADING_ROW + 1):
        canvas.put(row, (1, 2), name, formats.boxed(bold=True, font_size=9, indent=1))
        for column, count in enumerate(counts, start=_FIRST_MONTH_COLUMN):
            canvas.put(row, column, count[name], formats.boxed(align="center", font_size=9))
    first = _first_action_row(report)
    _headings(canvas, first - 1, "採用した達成率", [state.month for state in states])
    rate = formats.boxed(num_format="0.0%", align="right", font_size=9, font_name=FIGURES)
    for at, action in enumerate(plan.actions):
        canvas.put(first + at, 1, action.no, formats.boxed(align="center", font_size=9))
        canvas.put(first + at, 2, action.name, formats.boxed(font_size=9, text_wrap=True, indent=1))
        canvas.height(first + at, row_points(action.name, column_pixels(_NAME_WIDTH) - INDENT, 9, least=17))
        for column, state in enumerate(states, start=_FIRST_MONTH_COLUMN):
            adopted = state.evaluation.actions[at].adopted
            shown = None if adopted is None else shown_rate(adopted, plan.bands)
            canvas.put(first + at, column, shown, rate)
    canvas.sheet.freeze_panes(_HEADING_ROW, 2)
    canvas.sheet.repeat_columns(0, 1)
    canvas.print_setup(landscape=True, footer=f"{plan.name}　{NAME}　{report.month.label}分")
    chart = trend_chart(workbook, names, len(states), (720, 300))
    below = a1(first + len(plan.actions) + 1, 1)
    canvas.sheet.insert_chart(below, chart, {"description": CHART_DESCRIPTION, "object_position": 2})


def _headings(canvas: Canvas, row: int, label: str, months: Sequence[Month]) -> None:
    look = canvas.formats.boxed(bold=True, font_color=WHITE, bg_color=NAVY, align="center", font_size=9)
    canvas.put(row, (1, 2), label, look)
    for column, month in enumerate(months, start=_FIRST_MONTH_COLUMN):
        canvas.put(row, column, month_short(month), look)


def trend_chart(workbook: Workbook, names: Sequence[str], months: int, size: tuple[int, int]) -> Chart:
    """Return a chart of the counts by month over the sheet's own cells; `size` is in pixels."""
    chart = workbook.add_chart({"type": "column", "subtype": "stacked"})
    last = column_letters(_FIRST_MONTH_COLUMN + months - 1)
    font = {"name": FONT, "size": 9, "color": INK}
    grades = [name for name in names if name != UNEVALUATED]
    colours = (*grade_colours(len(grades)), UNEVALUATED_COLOUR)
    for at, (_, colour) in enumerate(zip(names, colours, strict=False), start=_HEADING_ROW + 1):
        first = column_letters(_FIRST_MONTH_COLUMN)
        chart.add_series(
            {
                "name": [NAME, at - 1, 0],  # a text could be read as a formula
                "categories": f"={NAME}!${first}${_HEADING_ROW}:${last}${_HEADING_ROW}",
                "values": f"={NAME}!${first}${at}:${last}${at}",
                "fill": {"color": colour.fill},
                "border": {"color": WHITE, "width": 0.5},
                "gap": 60,
            }
        )
    chart.set_title({"none": True})
    chart.set_legend({"position": "right", "font": font})
    chart.set_x_axis({"num_font": font, "line": {"color": HAIRLINE}})
    chart.set_y_axis({"num_font": font, "major_gridlines": {"visible": True, "line": {"color": HAIRLINE}}})
    chart.set_chartarea({"border": {"color": HAIRLINE}})
    chart.set_size({"width": size[0], "height": size[1]})
    return chart
