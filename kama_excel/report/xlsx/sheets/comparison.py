"""方法の比較: each action by every method."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from kama_excel.domain.calendar import year_short
from kama_excel.evaluation import formulas
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.formulas import BandTable
from kama_excel.evaluation.rates import IndicatorResult, shown_rate, uses_baseline
from kama_excel.plan.model import Plan
from kama_excel.plan.rating import Method
from kama_excel.report.departments import DepartmentShare, Shares, average_by_department, spread
from kama_excel.report.month_report import Report
from kama_excel.report.xlsx.page.page import PageReferences
from kama_excel.report.xlsx.sheets import joint_actions
from kama_excel.report.xlsx.sheets.checks import BACK
from kama_excel.spreadsheets.cells import a1, quoted
from kama_excel.spreadsheets.writing.canvas import A3, Canvas
from kama_excel.spreadsheets.writing.style import CENTRED, LINED, NOTABLE, RED, rate_look
from kama_excel.spreadsheets.writing.table import Column, Table, TableCell, one_each

NAME = "方法の比較"
_HEADING_ROW, _FIRST_ROW = 3, 4
_FIRST_PAIR = 6
_BY_METHOD, _BY_BASELINE = "・算定方法により区分が異なる", "・基準値の有無により区分が異なる"
_NOTE = (
    "同じ報告を別の算定方法で計算した場合の率と区分です。採用した区分と異なるものに色を付けています。"
    "「課ごとの平均」は、課ごとに自課のタスクを平均し、課の数で平均した率です。"
)


def write_comparison(canvas: Canvas, report: Report, pages: Sequence[PageReferences], shares: Shares) -> int:
    """Write the sheet; return its number of printed pages.

    `pages` holds the cells of each action's figures.
    """
    plan = report.plan
    columns, widths = _columns(plan)
    canvas.widths(*widths)
    canvas.head(f"{NAME}　{report.month.label}分", _NOTE, links=BACK)
    table = Table(columns, least=15.0, padding=2.0, base=LINED)
    table.write_headings(canvas, _HEADING_ROW)
    lines = table.lines(canvas)
    last = _FIRST_ROW + len(pages) - 1
    averages = joint_actions.average_cells(report)
    for row, page in enumerate(pages, start=_FIRST_ROW):
        cells = averages.get(page.at.evaluation.action.no, "")
        lines.write(row, tuple(_line(row, page, shares[page.sheet], cells)))
    grade = f"$E{_FIRST_ROW}"
    canvas.grade_colours(f"E{_FIRST_ROW}:E{last}", grade, plan.bands.names)
    for column in range(_FIRST_PAIR + 1, len(columns) - 1, 2):
        first = a1(_FIRST_ROW, column)
        canvas.when(f"{first}:{a1(last, column)}", f'AND({first}<>"",{first}<>{grade})', **NOTABLE)
    table.add_filter(canvas, _HEADING_ROW, last)
    blocks = [(1, _FIRST_ROW), *((row, row) for row in range(_FIRST_ROW + 1, last + 1))]
    canvas.keep_headings(_HEADING_ROW, 2)
    canvas.print_setup(landscape=True, paper=A3, footer=f"{plan.name}　{NAME}　{report.month.label}分")
    return canvas.keep_together(blocks, repeated=_HEADING_ROW)


def _columns(plan: Plan) -> tuple[tuple[Column, ...], tuple[float, ...]]:
    methods = (
        *("目標値", plan.average_label, "課ごとの\n平均", f"{year_short(plan.last_year)}のみ"),
        *("総括評価", "基準値を\n用いない\n場合"),
    )
    rate = rate_look(plan.bands.rounding.number_format)
    pairs = [pair for word in methods for pair in ((f"{word}\n率", 9.0, rate), (f"{word}\n区分", 9.0, {**CENTRED}))]
    bold = {"bold": True}
    return one_each(
        *(("No", 5.0, CENTRED), ("アクション", 33.0), ("採用した\n算定方法", 10.5, CENTRED)),
        *(("採用した\n達成率", 9.0, {**rate, **bold}), ("評価区分", 10.0, {**CENTRED, **bold})),
        *pairs,
        *(("算定方法による違い", 26.0, {"font_color": RED}), ("課間の差\n（最大－最小）", 12.5, rate_look("0.0"))),
    )


def _line(
    row: int, page: PageReferences, shares: tuple[DepartmentShare, ...], departments: str
) -> Iterator[str | TableCell]:
    """Yield one action by every method.

    `departments` are the cells of its departments' averages; '' for one department.
    """
    each, at = page.at.evaluation, page.at
    table = BandTable.in_workbook(each.bands)
    yield TableCell(each.action.no, link=page.sheet)
    yield each.action.name
    method, automatic = page.to(at.method), each.plan.method_label(Method.AUTOMATIC)
    label = "" if each.method is Method.AUTOMATIC else each.plan.method_label(each.method)
    yield TableCell(label, formula=f'IF({method}={quoted(automatic)},"",{method})')
    yield TableCell(_shown(each.adopted, each), formula=formulas.shown(page.to(at.adopted), table))
    yield TableCell(each.grade_word, formula=page.to(at.grade))
    mean = formulas.mean(departments) if departments else page.to(at.average)
    has_baseline = any(_may_use_baseline(result) for result in each.indicators)
    rates: tuple[tuple[str, Fraction | None], ...] = (
        (page.to(at.achievement), each.achievement),
        (page.to(at.average), each.plan_average),
        (mean, average_by_department(shares)),
        (page.to(at.years[each.plan.last_year]), each.years[-1].progress),
        (page.to(at.assessment), each.assessment),
        (page.to(at.achievement_from_zero), each.achievement_without_baseline) if has_baseline else ("", None),
    )
    grades = ["" if value is None else each.bands.grade(value) for _, value in rates]
    for (rate, value), grade in zip(rates, grades, strict=True):
        if not rate:
            yield from (TableCell(None), TableCell(None))
            continue
        yield TableCell(_shown(value, each), formula=formulas.shown(rate, table))
        yield TableCell(grade, formula=formulas.grade(rate, table))
    yield _differences(row, [a1(row, _FIRST_PAIR + 1 + 2 * at) for at in range(len(rates))], grades, each)
    apart = spread(shares)
    formula = f'IF(COUNT({departments})<2,"",100*(MAX({departments})-MIN({departments})))' if departments else ""
    yield TableCell(None if apart is None else apart * 100, formula=formula)


def _may_use_baseline(result: IndicatorResult) -> bool:
    """Return whether rule 4a applies, or may once other years are reported."""
    indicator = result.fact.indicator
    return uses_baseline(indicator) or (result.is_by_yearly_targets and indicator.baseline is not None)


def _shown(rate: Fraction | None, each: ActionEvaluation) -> Fraction | None:
    return None if rate is None else shown_rate(rate, each.bands)


def _differences(row: int, cells: Sequence[str], grades: Sequence[str], each: ActionEvaluation) -> TableCell:
    """State whether the method, or the baseline, decides the grade."""
    *methods, without = cells
    *by_methods, by_without = grades
    adopted, own = f"$E{row}", each.grade_word
    tests = ",".join(f'AND({cell}<>"",{cell}<>{adopted})' for cell in methods)
    other = f'AND({without}<>"",{without}<>{cells[0]})'
    formula = f'MID(IF(OR({tests}),"{_BY_METHOD}","")&IF({other},"{_BY_BASELINE}",""),2,99)'
    text = _BY_METHOD if any(grade and grade != own for grade in by_methods) else ""
    text += _BY_BASELINE if by_without and by_without != by_methods[0] else ""
    return TableCell(text[1:], formula=formula)
