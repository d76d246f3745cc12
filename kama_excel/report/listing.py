"""一覧: every action in one line, all figures live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from kama_excel.cells import a1, column_letters
from kama_excel.evaluation import ActionEvaluation, shown_rate
from kama_excel.fiscal import year_short
from kama_excel.look import FIGURES, MUTED, NAVY, WHITE, column_pixels, row_points
from kama_excel.report.canvas import Canvas, shown_formula
from kama_excel.report.model import Report, needed_text, status_text
from kama_excel.report.page import PageReferences

NAME = "一覧"
_HEADING_ROW = 3
_FIRST_ROW = 4


@dataclass(frozen=True, slots=True)
class ListReferences:
    """Where 一覧 has what 総括 counts: whole columns of the actions' rows, and each action's row."""

    themes: str
    measures: str
    grades: str
    grade_column: str
    first_row: int = _FIRST_ROW

    def grade_of(self, position: int) -> str:
        """Return the cell of the grade of the action at a position, counted from 0."""
        return f"{NAME}!${self.grade_column}${self.first_row + position}"


_RATE: dict[str, object] = {"align": "right", "num_format": "0.0%", "font_name": FIGURES}


def write_list(canvas: Canvas, report: Report, pages: Sequence[PageReferences]) -> ListReferences:
    """Write the list on its sheet. `pages` says where each action's figures stand."""
    formats = canvas.formats
    evaluation, plan = report.evaluation, report.plan
    headings = ["No", "アクション", "テーマ", "重点施策", "担い手"]
    widths = [5.0, 36.0, 18.0, 24.0, 22.0]
    headings += [year_short(year) for year in plan.fiscal_years]
    widths += [7.5] * len(plan.fiscal_years)
    headings += [
        plan.average_label,
        "総括評価",
        "目標値達成率",
        "算定方法",
        "採用した達成率",
        "評価区分",
        "状態",
        "報告",
        "次の区分まで",
    ]
    widths += [9.0, 9.0, 9.0, 11.0, 11.0, 11.0, 20.0, 8.0, 26.0]
    canvas.widths(*widths)
    last_column = len(headings)
    canvas.height(1, 30)
    canvas.put(1, 1, f"{plan.name}　アクション一覧", formats(bold=True, font_size=16, font_color=NAVY))
    canvas.put(
        2,
        1,
        f"{report.month.label}分　（番号をクリックすると、そのアクションのページに移ります）",
        formats(font_color=MUTED),
    )
    canvas.height(_HEADING_ROW, 32)
    look = formats.boxed(bold=True, font_color=WHITE, bg_color=NAVY, align="center", text_wrap=True, font_size=9)
    for column, heading in enumerate(headings, start=1):
        canvas.put(_HEADING_ROW, column, heading, look)
    for row, (each, page) in enumerate(zip(evaluation.actions, pages, strict=True), start=_FIRST_ROW):
        _write_row(canvas, row, each, page, widths)
    last_row = _FIRST_ROW + len(evaluation.actions) - 1
    adopted, grade = headings.index("採用した達成率") + 1, headings.index("評価区分") + 1
    bar = {"type": "data_bar", "bar_color": "#BFDDF2", "bar_solid": True, "min_type": "num", "max_type": "num"}
    bar |= {"min_value": 0, "max_value": 1, "data_bar_2010": True, "bar_border_color": "#BFDDF2"}
    canvas.sheet.conditional_format(f"{a1(_FIRST_ROW, adopted)}:{a1(last_row, adopted)}", bar)
    grade_cells = f"{a1(_FIRST_ROW, grade)}:{a1(last_row, grade)}"
    canvas.grade_colours(grade_cells, f"${column_letters(grade)}{_FIRST_ROW}", evaluation)
    canvas.sheet.autofilter(_HEADING_ROW - 1, 0, last_row - 1, last_column - 1)
    canvas.sheet.freeze_panes(_HEADING_ROW, 2)
    canvas.sheet.repeat_rows(_HEADING_ROW - 1)
    canvas.print_setup(landscape=True, paper=8, footer=f"{plan.name}　一覧　{report.month.label}分")

    def whole(heading: str) -> str:
        letters = column_letters(headings.index(heading) + 1)
        return f"{NAME}!${letters}${_FIRST_ROW}:${letters}${last_row}"

    return ListReferences(whole("テーマ"), whole("重点施策"), whole("評価区分"), column_letters(grade))


def _write_row(canvas: Canvas, row: int, each: ActionEvaluation, page: PageReferences, widths: Sequence[float]) -> None:
    formats, calculation = canvas.formats, page.calculation
    action, measure = each.action, each.measure
    status, needed = status_text(each), needed_text(each)
    texts = {
        2: action.name,
        3: measure.theme,
        4: measure.name,
        5: action.owners,
        len(widths) - 2: status,
        len(widths): needed,
    }
    size = 9.0
    canvas.height(
        row, max(row_points(text, column_pixels(widths[at - 1]), size, least=20) for at, text in texts.items())
    )
    plain = formats.boxed(font_size=size, text_wrap=True)
    centred = formats.boxed(font_size=size, text_wrap=True, align="center")
    link = formats.boxed(font_size=size, align="center", font_color="#2F74B0", underline=1)
    canvas.formula(row, 1, f"HYPERLINK(\"#'{page.sheet}'!A1\",{action.no})", action.no, link)
    for column, text in enumerate((action.name, measure.theme, measure.name, action.owners), start=2):
        canvas.put(row, column, text, plain)
    column = 6
    rates = [
        *((calculation.years[year.fiscal_year], year.progress, year.is_planned) for year in each.years),
        (calculation.average, each.plan_average, False),
        (calculation.assessment, each.assessment, False),
        (calculation.achievement, each.achievement, False),
    ]
    for address, rate, is_planned in rates:
        _write_rate(canvas, (row, column), page.to(address), rate, each, italic=is_planned)
        column += 1
    canvas.formula(row, column, page.to(calculation.method), each.plan.method_label(each.method), centred)
    _write_rate(canvas, (row, column + 1), page.to(calculation.adopted), each.adopted, each, bold=True)
    grade = formats.boxed(font_size=size, bold=True, align="center")
    canvas.formula(row, column + 2, page.to(calculation.grade), each.grade or "未評価", grade)
    canvas.put(row, column + 3, status, centred)
    canvas.put(row, column + 4, f"{each.reported}/{each.expected}", centred)
    canvas.put(row, column + 5, needed, plain)


def _write_rate(
    canvas: Canvas,
    position: tuple[int, int],
    reference: str,
    rate: Fraction | None,
    evaluation: ActionEvaluation,
    **look: object,
) -> None:
    shown = None if rate is None else shown_rate(rate, evaluation.bands)
    canvas.formula(*position, shown_formula(reference), shown, canvas.formats.boxed(font_size=9, **_RATE, **look))
