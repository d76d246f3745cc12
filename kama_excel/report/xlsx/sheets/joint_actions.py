"""課ごとの内訳: the departments' means and shares in the actions that several of them carry out."""

from __future__ import annotations

from collections.abc import Sequence

from kama_excel.domain.calendar import year_short
from kama_excel.evaluation import formulas
from kama_excel.report.departments import DepartmentShare, Shares, tasks_by_department
from kama_excel.report.month_report import Report
from kama_excel.report.wording import newest_years
from kama_excel.report.xlsx.page.addresses import TASK_DEPARTMENT, TASK_RATE, WEIGHT_COLUMN
from kama_excel.report.xlsx.page.page import PageReferences
from kama_excel.report.xlsx.sheets.checks import BACK
from kama_excel.spreadsheets.cells import a1
from kama_excel.spreadsheets.writing.canvas import Canvas
from kama_excel.spreadsheets.writing.style import CENTRED, LINED, MUTED, rate_look
from kama_excel.spreadsheets.writing.table import Line, Table, TableCell, last_row, one_each

NAME = "課ごとの内訳"
_HEADING_ROW, _FIRST_ROW = 3, 4
_FIRST_YEAR = 5
_MOST_YEARS = 5  # for which A4 has room


def _printed_years(report: Report) -> tuple[int, ...]:
    return newest_years(report.plan, report.month, _MOST_YEARS)


def average_cells(report: Report) -> dict[int, str]:
    """Return the cells of the departments' own averages by number of joint action."""
    column, row, cells = _FIRST_YEAR + len(_printed_years(report)), _FIRST_ROW, {}
    for each in report.evaluation.actions:
        if (count := len(tasks_by_department(each))) > 1:
            cells[each.action.no] = f"{NAME}!{a1(row, column)}:{a1(row + count - 1, column)}"
            row += count
    return cells


def write_joint_actions(canvas: Canvas, report: Report, pages: Sequence[PageReferences], shares: Shares) -> int:
    """Write the sheet; return its number of printed pages.

    `pages` holds the cells of each action's figures.
    """
    plan, average = report.plan, report.plan.average_label
    note = f"複数の課で取り組むアクションです。「寄与」は、その課のタスクによる{average}への寄与で、課の寄与の合計が{average}になります。"
    rate, points = rate_look(plan.bands.rounding.number_format), rate_look("0.0")
    years = _printed_years(report)
    others = tuple(year for year in plan.fiscal_years if year not in years)
    note += f"{len(others)}年度分の進捗率は、右の列（画面のみ）にあります。" if others else ""
    columns, widths = one_each(
        *(("No", 5.0, CENTRED), ("アクション", 33.0), ("担当課", 26.0), ("タスク数", 8.0, CENTRED)),
        *((year_short(year), 8.0, rate) for year in years),
        *((f"自課の\n{average}", 11.0, rate), ("寄与\n（ポイント）", 11.0, points)),
        *((year_short(year), 8.0, rate) for year in others),
    )
    printed = len(columns) - len(others)
    canvas.widths(*widths)
    canvas.head(f"{NAME}　{report.month.label}分", note, links=BACK)
    joint = [page for page in pages if len(shares[page.sheet]) > 1]
    lines = [(page, share, number == 0) for page in joint for number, share in enumerate(shares[page.sheet])]
    table = Table(columns, least=15.0, padding=2.0, base=LINED)
    made = [_line(_FIRST_ROW + at, *line, years) for at, line in enumerate(lines)]
    last = last_row(table.write(canvas, _HEADING_ROW, made))
    canvas.keep_headings(_HEADING_ROW, 2)
    canvas.print_setup(landscape=True, footer=f"{plan.name}　{NAME}　{report.month.label}分")
    starts = [_FIRST_ROW + at for at, (_, _, is_first) in enumerate(lines) if is_first]
    blocks = [(start, end - 1) for start, end in zip(starts, [*starts[1:], last + 1], strict=True)]
    canvas.sheet.print_area(f"A1:{a1(last, printed)}")
    wide = canvas.span_pixels((1, printed))
    return canvas.keep_together([(1, blocks[0][1]), *blocks[1:]], repeated=_HEADING_ROW, wide=wide)


def _line(
    row: int,
    page: PageReferences,
    share: DepartmentShare,
    is_first: bool,  # noqa: FBT001 -- one of a tuple
    printed: Sequence[int],
) -> Line:
    each = page.at.evaluation
    quiet = {} if is_first else {"font_color": MUTED}
    own, parts = f"$C{row}", []
    shown: list[TableCell] = []
    others: list[TableCell] = []
    for year, value in zip(each.years, share.years, strict=True):
        row_cells = shown if year.fiscal_year in printed else others
        if not year.tasks:
            row_cells.append(TableCell(None))
            continue
        columns = TASK_DEPARTMENT[0], TASK_RATE[0], WEIGHT_COLUMN
        who, done, weights = (page.tasks(year.fiscal_year, column) for column in columns)
        is_own = f"EXACT({who},{own})"
        row_cells.append(TableCell(value, formula=formulas.weighted_mean(done, weights, is_own)))
        exact = page.to(page.at.years[year.fiscal_year])
        total, _ = formulas.weighted_sums(done, weights, is_own)
        _, weight = formulas.weighted_sums(done, weights)
        parts.append(f'IF({exact}="",0,{total}/{weight})')
    spans = [(_FIRST_YEAR, len(shown)), (_FIRST_YEAR + len(shown) + 2, len(others))]
    ranges = [f"{a1(row, first)}:{a1(row, first + count - 1)}" for first, count in spans if count]
    average = TableCell(share.average, formula=formulas.mean(",".join(ranges)))
    cells = list(page.at.years.values())
    of_years = page.to(f"{cells[0]}:{cells[-1]}")
    formula = f'IF(COUNT({of_years})=0,"",100*({"+".join(parts)})/COUNT({of_years}))'
    contribution = None if share.contribution is None else share.contribution * 100
    no, name = TableCell(each.action.no, quiet, link=page.sheet), TableCell(each.action.name, quiet)
    return (no, name, share.department, share.tasks, *shown, average, TableCell(contribution, formula=formula), *others)
