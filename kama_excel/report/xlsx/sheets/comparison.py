"""方法の比較: each action under every rate there is, and what the departments of a joint action add."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from xlsxwriter import Workbook

from kama_excel.domain.calendar import year_short
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.rates import shown_rate, uses_baseline
from kama_excel.plan.rating import Method
from kama_excel.report.departments import DepartmentShare, average_by_department, department_shares, spread
from kama_excel.report.month_report import Report
from kama_excel.report.xlsx.canvas import UNEVALUATED, Canvas, grade_formula, quoted, shown_formula
from kama_excel.report.xlsx.page.page import PageReferences
from kama_excel.spreadsheets.cells import a1
from kama_excel.spreadsheets.writing.measure import INDENT, column_pixels, row_points
from kama_excel.spreadsheets.writing.style import FAINT, FIGURES, HAIRLINE, MUTED, NAVY, WHITE, Formats

NAME = "方法の比較"
_HEADING_ROW, _FIRST_ROW = 4, 5
_SIZE = 9.0
_FIXED = (
    ("No", 5.0),
    ("アクション", 38.0),
    ("採用した\n算定方法", 11.0),
    ("採用した\n達成率", 9.5),
    ("評価区分", 10.5),
)
_LAST = (("方法による違い", 25.0), ("課の差\n（ポイント）", 10.0))
_BY_METHOD, _BY_BASELINE = "・方法で区分が変わる", "・基準値の有無で区分が変わる"
_NOTE = (
    "同じ報告を別の算定方法で計算したときの率と区分です。採用した区分と違うものには色が付きます。"
    "「課ごとの平均」は、課ごとに自課のタスクを平均してから、課の数で平均した率です。"
)


def write_comparison(workbook: Workbook, formats: Formats, report: Report, pages: Sequence[PageReferences]) -> None:
    """Write the sheet. `pages` says where each action's figures stand."""
    canvas = Canvas(workbook, NAME, formats)
    plan = report.plan
    methods = (
        "目標値",
        plan.average_label,
        "課ごとの平均",
        f"{year_short(plan.last_year)}のみ",
        "総括評価",
        "基準値なし",
    )
    pairs = [pair for word in methods for pair in ((f"{word}\n率", 11.0), (f"{word}\n区分", 11.0))]
    columns = [*_FIXED, *pairs, *_LAST]
    canvas.widths(*(width for _, width in columns))
    canvas.height(1, 28)
    canvas.put(1, 1, f"{NAME}　{report.month.label}分", formats(bold=True, font_size=14, font_color=NAVY))
    canvas.put(2, 1, _NOTE, formats(font_color=MUTED, font_size=9))
    _headings(canvas, _HEADING_ROW, [heading for heading, _ in columns])
    shares = [department_shares(each) for each in report.evaluation.actions]
    last = _FIRST_ROW + len(pages) - 1
    joint = [at for at, mine in enumerate(shares) if len(mine) > 1]
    places = _places(joint, shares, last + 5)
    average_column = 7 + len(plan.fiscal_years)
    for at, (each, page) in enumerate(zip(report.evaluation.actions, pages, strict=True)):
        rows = places.get(at)
        cells = f"{a1(rows[0], average_column)}:{a1(rows[1], average_column)}" if rows else ""
        _Line(canvas, _FIRST_ROW + at, each, page, shares[at], cells).write()
    grade = f"$E{_FIRST_ROW}"
    canvas.grade_colours(f"E{_FIRST_ROW}:E{last}", grade, report.evaluation)
    for column in range(7, 7 + 2 * len(methods), 2):
        first = a1(_FIRST_ROW, column)
        differs = formats.conditional(bg_color="#FBD78A", font_color="#4A3200")
        rule = {"type": "formula", "criteria": f'=AND({first}<>"",{first}<>{grade})', "format": differs}
        canvas.sheet.conditional_format(f"{first}:{a1(last, column)}", rule)
    muted = {
        "type": "formula",
        "criteria": f"={grade}={quoted(UNEVALUATED)}",
        "format": formats.conditional(font_color=FAINT),
    }
    canvas.sheet.conditional_format(f"B{_FIRST_ROW}:B{last}", muted)
    canvas.sheet.autofilter(_HEADING_ROW - 1, 0, last - 1, len(columns) - 1)
    if joint:
        _write_shares(canvas, report, last + 2, [(at, pages[at], shares[at]) for at in joint])
    canvas.sheet.freeze_panes(_HEADING_ROW, 2)
    canvas.sheet.repeat_rows(_HEADING_ROW - 1)
    canvas.print_setup(landscape=True, paper=8, footer=f"{plan.name}　{NAME}　{report.month.label}分")


def _places(
    joint: Sequence[int], shares: Sequence[tuple[DepartmentShare, ...]], first: int
) -> dict[int, tuple[int, int]]:
    """Return by an action's position the first and last row of its departments in the second table."""
    places = {}
    for at in joint:
        places[at] = (first, first + len(shares[at]) - 1)
        first += len(shares[at])
    return places


def _headings(canvas: Canvas, row: int, headings: Sequence[str]) -> None:
    canvas.height(row, 32)
    look = canvas.formats(
        bold=True,
        font_color=WHITE,
        bg_color=NAVY,
        align="center",
        text_wrap=True,
        font_size=9,
        right=1,
        right_color=WHITE,
    )
    for column, heading in enumerate(headings, start=1):
        canvas.put(row, column, heading, look)


class _Line:
    """One action under every method."""

    def __init__(
        self,
        canvas: Canvas,
        row: int,
        each: ActionEvaluation,
        page: PageReferences,
        shares: tuple[DepartmentShare, ...],
        departments: str,
    ) -> None:
        self.canvas, self.row, self.each, self.page = canvas, row, each, page
        self.shares, self.departments = shares, departments
        self.look: dict[str, object] = {"font_size": _SIZE, "bottom": 1, "bottom_color": HAIRLINE}
        self.column = 1

    def write(self) -> None:
        """Write the line from left to right."""
        each, page, at = self.each, self.page, self.page.at
        link = {"align": "center", "font_color": "#2F74B0", "underline": 1}
        self._formula(f"HYPERLINK(\"#'{page.sheet}'!A1\",{each.action.no})", each.action.no, **link)
        wide = column_pixels(_FIXED[1][1]) - INDENT
        self.canvas.height(self.row, row_points(each.action.name, wide, _SIZE, least=20))
        text = self.canvas.formats(**self.look, text_wrap=True, indent=1)
        self.canvas.put(self.row, self.column, each.action.name, text)
        self.column += 1
        method, automatic = page.to(at.method), each.plan.method_label(Method.AUTOMATIC)
        label = "" if each.method is Method.AUTOMATIC else each.plan.method_label(each.method)
        self._formula(f'IF({method}={quoted(automatic)},"",{method})', label, align="center")
        self._rate(page.to(at.adopted), each.adopted, bold=True)
        self._formula(page.to(at.grade), each.grade or UNEVALUATED, bold=True, align="center")
        by_department = average_by_department(self.shares)
        mean = f'IF(COUNT({self.departments})=0,"",AVERAGE({self.departments}))' if self.departments else ""
        grades = [
            self._pair(page.to(at.achievement), each.achievement),
            self._pair(page.to(at.average), each.plan_average),
            self._pair(mean or page.to(at.average), by_department),
            self._pair(page.to(at.years[each.plan.last_year]), each.years[-1].progress),
            self._pair(page.to(at.assessment), each.assessment),
        ]
        has_baseline = any(uses_baseline(result.fact.indicator) for result in each.indicators)
        without = each.achievement_without_baseline if has_baseline else None
        grades.append(self._pair(page.to(at.achievement_from_zero) if has_baseline else '""', without))
        self._differences([cell for cell, _ in grades], [grade for _, grade in grades])
        apart = spread(self.shares)
        cells = self.departments
        formula = f'IF(COUNT({cells})<2,"",100*(MAX({cells})-MIN({cells})))' if cells else '""'
        value = None if apart is None else float(apart * 100)
        self._formula(formula, value, align="center", num_format="0.0", font_name=FIGURES)

    def _pair(self, rate: str, value: Fraction | None) -> tuple[str, str]:
        """Write a rate and the grade that it would give; return the grade's cell and its value."""
        self._rate(rate, value)
        grade = "" if value is None else self.each.bands.grade(value)
        cell = a1(self.row, self.column)
        self._formula(f'IF({rate}="","",{grade_formula(rate)})', grade, align="center")
        return cell, grade

    def _differences(self, cells: Sequence[str], grades: Sequence[str]) -> None:
        """Mark where the method, or the baseline, decides the grade."""
        *methods, without = cells
        *by_methods, by_without = grades
        adopted, own = f"$E{self.row}", self.each.grade or UNEVALUATED
        tests = ",".join(f'AND({cell}<>"",{cell}<>{adopted})' for cell in methods)
        other = f'AND({without}<>"",{without}<>{cells[0]})'
        formula = f'MID(IF(OR({tests}),"{_BY_METHOD}","")&IF({other},"{_BY_BASELINE}",""),2,99)'
        said = _BY_METHOD if any(grade and grade != own for grade in by_methods) else ""
        said += _BY_BASELINE if by_without and by_without != by_methods[0] else ""
        self._formula(formula, said[1:], text_wrap=True, indent=1, font_color="#8A3A12")

    def _rate(self, rate: str, value: Fraction | None, **look: object) -> None:
        shown = None if value is None else float(shown_rate(value, self.each.bands))
        self._formula(shown_formula(rate), shown, align="center", num_format="0.0%", font_name=FIGURES, **look)

    def _formula(self, formula: str, value: float | str | None, **look: object) -> None:
        cell_format = self.canvas.formats(**{**self.look, **look})
        self.canvas.formula(self.row, self.column, formula, value, cell_format)
        self.column += 1


def _write_shares(
    canvas: Canvas, report: Report, row: int, joint: Sequence[tuple[int, PageReferences, tuple[DepartmentShare, ...]]]
) -> None:
    """Write a line per department of each joint action: its own means, and what it adds to the plan average."""
    formats, plan = canvas.formats, report.plan
    canvas.height(row, 22)
    canvas.put(row, 1, "複数の課で取り組むアクション", formats(bold=True, font_size=12, font_color=NAVY))
    note = f"「寄与」は、その課のタスクが{plan.average_label}に加えた分です。課の寄与の合計が{plan.average_label}になります。"
    canvas.put(row + 1, 1, note, formats(font_color=MUTED, font_size=9))
    years = [year_short(year) for year in plan.fiscal_years]
    headings = (
        "No",
        "アクション",
        "担当課",
        "",
        "",
        "タスク数",
        *years,
        f"自課の\n{plan.average_label}",
        "寄与\n（ポイント）",
    )
    _headings(canvas, row + 2, headings)
    canvas.put(
        row + 2, (3, 5), "担当課", formats(bold=True, font_color=WHITE, bg_color=NAVY, align="center", font_size=9)
    )
    row += 3
    for at, page, shares in joint:
        for number, share in enumerate(shares):
            _write_share(canvas, row, report.evaluation.actions[at], page, share, is_first=number == 0)
            row += 1


def _write_share(
    canvas: Canvas, row: int, each: ActionEvaluation, page: PageReferences, share: DepartmentShare, *, is_first: bool
) -> None:
    look: dict[str, object] = {"font_size": _SIZE, "bottom": 1, "bottom_color": HAIRLINE}
    colour = {} if is_first else {"font_color": FAINT}
    formats = canvas.formats
    heights = (
        row_points(each.action.name, column_pixels(38) - INDENT, _SIZE),
        row_points(share.department, 220, _SIZE),
    )
    canvas.height(row, max(20.0, *heights))
    canvas.put(row, 1, each.action.no, formats(**look, align="center", **colour))
    canvas.put(row, 2, each.action.name, formats(**look, text_wrap=True, indent=1, **colour))
    canvas.put(row, (3, 5), share.department, formats(**look, text_wrap=True, indent=1))
    canvas.put(row, 6, share.tasks, formats(**look, align="center"))
    figure = formats(**look, align="center", num_format="0.0%", font_name=FIGURES)
    own = f"$C{row}"
    parts = []
    for column, (year, value) in enumerate(zip(each.years, share.years, strict=True), start=7):
        if not year.tasks:
            canvas.put(row, column, None, figure)
            continue
        who, done, weights = (page.tasks(year.fiscal_year, letter) for letter in "AIN")
        total = f"SUMPRODUCT(EXACT({who},{own})*1,{weights},{done})"
        counting = f"SUMPRODUCT(EXACT({who},{own})*ISNUMBER({done}),{weights})"
        shown = None if value is None else float(value)
        canvas.formula(row, column, f'IF({counting}=0,"",{total}/{counting})', shown, figure)
        exact = page.to(page.at.years[year.fiscal_year])
        parts.append(f'IF({exact}="",0,{total}/SUMPRODUCT(--ISNUMBER({done}),{weights}))')
    first, last = a1(row, 7), a1(row, 6 + len(each.years))
    average = None if share.average is None else float(share.average)
    canvas.formula(row, 7 + len(each.years), f'IF(COUNT({first}:{last})=0,"",AVERAGE({first}:{last}))', average, figure)
    cells = list(page.at.years.values())
    years = page.to(f"{cells[0]}:{cells[-1]}")
    formula = f'IF(COUNT({years})=0,"",100*({"+".join(parts)})/COUNT({years}))'
    points = formats(**look, align="center", num_format="0.0", font_name=FIGURES)
    contribution = None if share.contribution is None else float(share.contribution * 100)
    canvas.formula(row, 8 + len(each.years), formula, contribution, points)
