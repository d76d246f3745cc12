"""方法の比較: each action by every method, and the departments' shares in joint actions."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from kama_excel.domain.calendar import year_short
from kama_excel.evaluation import formulas
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.formulas import BandTable
from kama_excel.evaluation.rates import shown_rate, uses_baseline
from kama_excel.plan.model import Plan
from kama_excel.plan.rating import Method
from kama_excel.report.departments import DepartmentShare, average_by_department, department_shares, spread
from kama_excel.report.month_report import Report
from kama_excel.report.xlsx.page.addresses import TASK_DEPARTMENT, TASK_RATE, WEIGHT_COLUMN
from kama_excel.report.xlsx.page.page import PageReferences
from kama_excel.report.xlsx.sheets.checks import BACK
from kama_excel.spreadsheets.cells import a1, quoted
from kama_excel.spreadsheets.writing.canvas import A3, Canvas, Span
from kama_excel.spreadsheets.writing.style import CENTRED, FIGURES, LINED, MUTED, NAVY, NOTABLE, RED
from kama_excel.spreadsheets.writing.table import Column, Line, Table, TableCell, last_row, one_each

NAME = "方法の比較"
_HEADING_ROW, _FIRST_ROW = 3, 4
_FIRST_PAIR = 6
_POINTS = {**CENTRED, "num_format": "0.0", "font_name": FIGURES}
_BY_METHOD, _BY_BASELINE = "・算定方法により区分が異なる", "・基準値の有無により区分が異なる"
_NOTE = (
    "同じ報告を別の算定方法で計算した場合の率と区分です。採用した区分と異なるものに色を付けています。"
    "「課ごとの平均」は、課ごとに自課のタスクを平均し、課の数で平均した率です。"
)


def write_comparison(canvas: Canvas, report: Report, pages: Sequence[PageReferences]) -> int:
    """Write the sheet; return its number of printed pages.

    `pages` holds the cells of each action's figures.
    """
    plan = report.plan
    columns, widths = _columns(plan)
    canvas.widths(*widths)
    canvas.head(f"{NAME}　{report.month.label}分", _NOTE, links=BACK)
    table = Table(columns, least=15.0, padding=2.0, base=LINED)
    table.write_headings(canvas, _HEADING_ROW)
    shares = [department_shares(each) for each in report.evaluation.actions]
    last = _FIRST_ROW + len(pages) - 1
    joint = [at for at, mine in enumerate(shares) if len(mine) > 1]
    places = _places(joint, shares, last + 5)
    average_column = 7 + len(plan.fiscal_years)
    for at, page in enumerate(pages):
        rows = places.get(at)
        cells = f"{a1(rows[0], average_column)}:{a1(rows[1], average_column)}" if rows else ""
        table.write_line(canvas, _FIRST_ROW + at, tuple(_line(_FIRST_ROW + at, page, shares[at], cells)))
    grade = f"$E{_FIRST_ROW}"
    canvas.grade_colours(f"E{_FIRST_ROW}:E{last}", grade, plan.bands.names)
    for column in range(_FIRST_PAIR + 1, len(columns) - 1, 2):
        first = a1(_FIRST_ROW, column)
        canvas.when(f"{first}:{a1(last, column)}", f'AND({first}<>"",{first}<>{grade})', **NOTABLE)
    table.add_filter(canvas, _HEADING_ROW, last)
    blocks: list[Span] = [(1, _FIRST_ROW), *((row, row) for row in range(_FIRST_ROW + 1, last + 2))]
    if joint:
        blocks.append(_write_shares(canvas, plan, last + 2, [(pages[at], shares[at]) for at in joint]))
    canvas.keep_headings(_HEADING_ROW, 2)
    canvas.print_setup(landscape=True, paper=A3, footer=f"{plan.name}　{NAME}　{report.month.label}分")
    return canvas.keep_together(blocks, repeated=_HEADING_ROW)


def _columns(plan: Plan) -> tuple[tuple[Column, ...], tuple[float, ...]]:
    methods = (
        *("目標値", plan.average_label, "課ごとの平均", f"{year_short(plan.last_year)}のみ"),
        *("総括評価", "基準値を用いない場合"),
    )
    rate = _rate_look(plan)
    pairs = [pair for word in methods for pair in ((f"{word}\n率", 7.0, rate), (f"{word}\n区分", 9.0, {**CENTRED}))]
    bold = {"bold": True}
    return one_each(
        *(("No", 5.0, CENTRED), ("アクション", 33.0), ("採用した\n算定方法", 10.5, CENTRED)),
        *(("採用した\n達成率", 9.0, {**rate, **bold}), ("評価区分", 10.0, {**CENTRED, **bold})),
        *pairs,
        *(("算定方法による違い", 26.0, {"font_color": RED}), ("課間の差\n（最大－最小）", 11.0, _POINTS)),
    )


def _rate_look(plan: Plan) -> dict[str, object]:
    return {**CENTRED, "num_format": plan.bands.rounding.number_format, "font_name": FIGURES}


def _places(
    joint: Sequence[int], shares: Sequence[tuple[DepartmentShare, ...]], first: int
) -> dict[int, tuple[int, int]]:
    """Return the first and last row of an action's departments in the second table.

    By the action's position.
    """
    places = {}
    for at in joint:
        places[at] = (first, first + len(shares[at]) - 1)
        first += len(shares[at])
    return places


def _line(
    row: int, page: PageReferences, shares: tuple[DepartmentShare, ...], departments: str
) -> Iterator[str | TableCell]:
    """Yield one action by every method; `departments` are the cells of their averages."""
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
    has_baseline = any(uses_baseline(result.fact.indicator) for result in each.indicators)
    rates: tuple[tuple[str, Fraction | None], ...] = (
        (page.to(at.achievement), each.achievement),
        (page.to(at.average), each.plan_average),
        (mean, average_by_department(shares)),
        (page.to(at.years[each.plan.last_year]), each.years[-1].progress),
        (page.to(at.assessment), each.assessment),
        (page.to(at.achievement_from_zero), each.achievement_without_baseline) if has_baseline else ("", None),
    )
    for rate, value in rates:
        if not rate:
            yield from (TableCell(None), TableCell(None))
            continue
        yield TableCell(_shown(value, each), formula=formulas.shown(rate, table))
        grade = "" if value is None else each.bands.grade(value)
        yield TableCell(grade, formula=formulas.grade(rate, table))
    grades = ["" if value is None else each.bands.grade(value) for _, value in rates]
    yield _differences(row, [a1(row, _FIRST_PAIR + 1 + 2 * at) for at in range(len(rates))], grades, each)
    apart = spread(shares)
    formula = f'IF(COUNT({departments})<2,"",100*(MAX({departments})-MIN({departments})))' if departments else ""
    yield TableCell(None if apart is None else apart * 100, formula=formula)


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


def _write_shares(
    canvas: Canvas, plan: Plan, row: int, joint: Sequence[tuple[PageReferences, tuple[DepartmentShare, ...]]]
) -> Span:
    """Write a line per department of each joint action: its own means and its contribution.

    Return its rows. The headings that pages repeat are those of another table, so it starts on a new page and
    stays on it if possible.
    """
    canvas.height(row, 22)
    canvas.put(row, 1, "複数の課で取り組むアクション", canvas.formats(bold=True, font_size=12, font_color=NAVY))
    note = f"「寄与」は、その課のタスクによる{plan.average_label}への寄与です。課の寄与の合計が{plan.average_label}になります。"
    canvas.put(row + 1, 1, note, canvas.formats(font_color=MUTED, font_size=9))
    rate = _rate_look(plan)
    years = [Column(year_short(year), at, rate) for at, year in enumerate(plan.fiscal_years, start=7)]
    after = 7 + len(years)
    table = Table(
        (
            *(
                Column("No", 1, CENTRED),
                Column("アクション", 2),
                Column("担当課", (3, 5)),
                Column("タスク数", 6, CENTRED),
            ),
            *years,
            Column(f"自課の\n{plan.average_label}", after, rate),
            Column("寄与\n（ポイント）", after + 1, _POINTS),
        ),
        least=15.0,
        padding=2.0,
        base=LINED,
    )
    lines = [(page, share, number == 0) for page, shares in joint for number, share in enumerate(shares)]
    first = row + 3
    made = [_share_line(first + at, *line) for at, line in enumerate(lines)]
    return (row, last_row(table.write(canvas, row + 2, made)))


def _share_line(row: int, page: PageReferences, share: DepartmentShare, is_first: bool) -> Line:  # noqa: FBT001 -- one of a tuple
    each = page.at.evaluation
    quiet = {} if is_first else {"font_color": MUTED}
    own, parts, years = f"$C{row}", [], []
    for year, value in zip(each.years, share.years, strict=True):
        if not year.tasks:
            years.append(TableCell(None))
            continue
        columns = TASK_DEPARTMENT[0], TASK_RATE[0], WEIGHT_COLUMN
        who, done, weights = (page.tasks(year.fiscal_year, column) for column in columns)
        is_own = f"EXACT({who},{own})"
        years.append(TableCell(value, formula=formulas.weighted_mean(done, weights, is_own)))
        exact = page.to(page.at.years[year.fiscal_year])
        total, _ = formulas.weighted_sums(done, weights, is_own)
        _, weight = formulas.weighted_sums(done, weights)
        parts.append(f'IF({exact}="",0,{total}/{weight})')
    first, last = a1(row, 7), a1(row, 6 + len(each.years))
    average = TableCell(share.average, formula=formulas.mean(f"{first}:{last}"))
    cells = list(page.at.years.values())
    of_years = page.to(f"{cells[0]}:{cells[-1]}")
    formula = f'IF(COUNT({of_years})=0,"",100*({"+".join(parts)})/COUNT({of_years}))'
    contribution = None if share.contribution is None else share.contribution * 100
    no, name = TableCell(each.action.no, quiet, link=page.sheet), TableCell(each.action.name, quiet)
    return (no, name, share.department, share.tasks, *years, average, TableCell(contribution, formula=formula))
