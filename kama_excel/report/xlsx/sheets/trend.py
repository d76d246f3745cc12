"""推移: counts by grade, and every action's rate and grade by month, evaluated anew."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from fractions import Fraction
from itertools import pairwise

from kama_excel.domain.calendar import Month, month_short
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.evaluate import Evaluation
from kama_excel.evaluation.rates import shown_rate
from kama_excel.report.month_report import Report
from kama_excel.report.wording import months_between, points_text, sign
from kama_excel.report.xlsx.sheets.checks import BACK
from kama_excel.spreadsheets.cells import column_letters
from kama_excel.spreadsheets.writing.canvas import Canvas, Span
from kama_excel.spreadsheets.writing.style import CENTRED, FIGURES, LINED, grade_look
from kama_excel.spreadsheets.writing.table import Column, Line, Look, Table, TableCell, last_row

NAME = "推移"
_NOTE_ROW, _HEADING_ROW = 3, 4
_NAMES: Span = (1, 2)
_LINE_COLUMN, _FIRST_MONTH_COLUMN = 3, 4
_WIDTHS = (5.0, 46.0, 18.0)
_MONTH_WIDTH = 9.5
_FIGURE: Look = {**CENTRED, "font_name": FIGURES}
_MOST_UPRIGHT = 800  # pixels of columns that are readable on A4 portrait
_MOST_ON_A_PAGE = 1500  # pixels of columns that are still readable on A4 landscape


def write_trend(canvas: Canvas, report: Report) -> None:
    """Write the sheet. The figures are those of each month's own evaluation, not formulas.

    A month in which an action was not in force is blank: the lines would draw a text as 0.
    """
    months = _month_columns(report)
    canvas.widths(*_WIDTHS, *[_MONTH_WIDTH] * len(months))
    canvas.head(f"{NAME}　{report.month.label}分", links=BACK)
    canvas.note(_NOTE_ROW, _note([state.month for state in report.states]))  # beside the links it may have no room
    named = (Column("区分・アクション", _NAMES, {"bold": True}), Column(NAME, _LINE_COLUMN), *months)
    numbered = (Column("No", 1, CENTRED), Column("アクション", 2), *named[1:])
    counts = Table(named, title="評価区分ごとの件数", has_headings=False, least=18.0, base=LINED)
    rates = counts._replace(columns=numbered, title="採用した達成率")
    grades = rates._replace(title="評価区分")
    counts.write_headings(canvas, _HEADING_ROW)
    blocks: list[Span] = [(1, _HEADING_ROW)]
    most = len(report.evaluation.actions)
    blocks += counts.write(
        canvas, _HEADING_ROW + 1, [*_count_lines(report)], after=lambda row: _draw_line(canvas, report, row, most)
    )
    shown = [*_action_lines(report)]
    blocks += rates.write(
        canvas, last_row(blocks) + 2, [line for line, _ in shown], after=lambda row: _draw_line(canvas, report, row, 1)
    )
    blocks += grades.write(canvas, last_row(blocks) + 2, [line for _, line in shown])
    canvas.sheet.freeze_panes(_HEADING_ROW, _LINE_COLUMN)
    canvas.sheet.repeat_columns(0, _LINE_COLUMN - 1)
    canvas.sheet.repeat_rows(_HEADING_ROW - 1)
    wide = canvas.span_pixels(canvas.all_columns)
    footer = f"{report.plan.name}　{NAME}　{report.month.label}分"
    canvas.print_setup(landscape=wide > _MOST_UPRIGHT, footer=footer)
    if wide > _MOST_ON_A_PAGE:
        canvas.sheet.fit_to_pages(math.ceil(wide / _MOST_ON_A_PAGE), 0)
    else:
        canvas.keep_together(blocks, repeated=_HEADING_ROW)


def rates_of(report: Report, at: int, most: int | None = None) -> str:
    """Return the cells of an action's adopted rates, of at most the last `most` months.

    `at` is its position in the plan.
    """
    counted = len(report.categories) + 1  # and below them how many reach the plan's 見出しの区分
    return _month_cells(report, _HEADING_ROW + 1 + counted + 3 + at, most)


def months_of(report: Report, most: int | None = None) -> str:
    """Return the cells of the months' names."""
    return _month_cells(report, _HEADING_ROW, most)


def _month_cells(report: Report, row: int, most: int | None = None) -> str:
    count = len(report.states)
    first = _FIRST_MONTH_COLUMN + max(count - (most or count), 0)
    last = _FIRST_MONTH_COLUMN + count - 1
    return f"{NAME}!${column_letters(first)}${row}:${column_letters(last)}${row}"


def _draw_line(canvas: Canvas, report: Report, row: int, most: int) -> None:
    """Draw a row's months as a line in a cell."""
    if len(report.states) > 1:
        canvas.sparkline(row, _LINE_COLUMN, _month_cells(report, row), most=most)


def _month_columns(report: Report) -> tuple[Column, ...]:
    """Return a column per month, and one for the change since the year before if known."""
    headings = [month_short(state.month) for state in report.states]
    if before := report.year_before:
        headings += [f"前年同月\n{month_short(before.month)}", "前年から"]
    return tuple(Column(heading, at, _FIGURE) for at, heading in enumerate(headings, start=_FIRST_MONTH_COLUMN))


def _evaluations(report: Report) -> list[Evaluation]:
    """Return the columns' evaluations: the months', then that of the year before."""
    before = [report.year_before] if report.year_before else []
    return [state.evaluation for state in (*report.states, *before)]


def _count_lines(report: Report) -> Iterator[Line]:
    """Yield the number of actions by category, and those that reached 見出しの区分."""
    evaluations = _evaluations(report)
    counts_of = [each.count() for each in evaluations]
    rows = [(name, [counts.get(name, 0) for counts in counts_of]) for name in report.categories]
    rows.append((report.plan.headline_label, [each.reached for each in evaluations]))
    months = len(report.states)
    for name, counts in rows:
        moved = [_moved(counts[-1], counts[months - 1])] if report.year_before else []
        yield (name, None, *counts, *moved)


def _moved(before: int, after: int) -> str:
    return f"{sign(Fraction(after - before))}{abs(after - before)}"


def _action_lines(report: Report) -> Iterator[tuple[Line, Line]]:
    """Yield each action's rates, and its grades, with the change since the year before."""
    plan = report.plan
    known = [evaluation.by_no for evaluation in _evaluations(report)]
    rate_look = {"num_format": plan.bands.rounding.number_format}
    unwrapped = {"shrink": True, "text_wrap": False}
    looks = {grade: {**unwrapped, **grade_look(plan.bands.names, grade)} for grade in (*plan.bands.names, None)}
    for now in report.evaluation.actions:
        mine = [of_month.get(now.action.no) for of_month in known]
        rates = [TableCell(_shown(each), rate_look) for each in mine]
        grades = [TableCell(each.category, looks[each.grade]) if each else TableCell(None) for each in mine]
        named = (now.action.no, now.action.name, None)
        if not report.year_before:
            yield (*named, *rates), (*named, *grades)
            continue
        before = mine[-1]
        points = points_text(before.adopted, now.adopted) if before else ""
        yield (*named, *rates, points), (*named, *grades, _way(report, before.grade if before else None, now.grade))


def _shown(each: ActionEvaluation | None) -> Fraction | None:
    return None if each is None or each.adopted is None else shown_rate(each.adopted, each.bands)


def _way(report: Report, before: str | None, after: str | None) -> str:
    """Return whether the grade rose or fell since the year before; '' if unknown."""
    names = report.plan.bands.names
    if before is None or after is None:
        return ""
    moved = names.index(before) - names.index(after)
    return "上昇" if moved > 0 else "下降" if moved < 0 else "同じ"


def _note(months: Sequence[Month]) -> str:
    gaps = [gap.label for before, after in pairwise(months) for gap in months_between(before, after)]
    missing = f"入力フォルダのない月（{'・'.join(gaps)}）はありません。" if gaps else ""
    return f"集計したときに、各月の様式から計算した値です（ブックの数値を書き換えても変わりません）。途中の月に提出のない課は、その前の様式の値で計算しています。{missing}"
