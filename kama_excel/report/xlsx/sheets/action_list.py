"""一覧: every action in one line, all figures live."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from kama_excel.domain.calendar import year_short
from kama_excel.evaluation import formulas
from kama_excel.evaluation.action import ActionEvaluation, Status
from kama_excel.evaluation.formulas import BandTable
from kama_excel.evaluation.rates import shown_rate
from kama_excel.plan.rating import Method
from kama_excel.report.month_report import Report
from kama_excel.report.wording import needed_text, points_text, status_text
from kama_excel.report.xlsx.page.page import PageReferences
from kama_excel.report.xlsx.sheets.trend import rates_of
from kama_excel.spreadsheets.cells import a1, column_letters, quoted
from kama_excel.spreadsheets.writing.canvas import Canvas
from kama_excel.spreadsheets.writing.measure import INDENT, column_pixels, row_points
from kama_excel.spreadsheets.writing.style import ACCENT, FAINT, FIGURES, HAIRLINE, MUTED, NAVY, UNEVALUATED, WHITE

NAME = "一覧"
NUMBER_ROOM = 1_000_000  # a key for 判断・確認 is its class times this, plus the action's number
_SAID_BY_GRADE = (Status.UNEVALUATED.value, Status.NOT_EVALUATED.value)
"""The states that the grade's column says already."""
_HEADING_ROW = 3
_FIRST_ROW = 4
_SIZE = 9.0
_TEXTS = (("No", 5.0), ("アクション", 38.0), ("テーマ", 12.0), ("重点施策", 27.0), ("担い手", 25.0))
_RESULTS = (
    *(("総括評価", 9.0), ("目標値達成率", 12.0), ("算定方法", 11.0), ("採用した達成率", 13.0), ("評価区分", 11.0)),
    *(("状態", 21.0), ("報告", 8.0), ("上の区分まで", 34.0), ("前月から", 20.0)),
)
_TREND = ("推移", 15.0)
_KEYS = (
    *(("（計算用）テーマ", 9.0), ("（計算用）施策No", 9.0), ("（計算用）要確認", 9.0)),
    *(("（計算用）集計", 9.0), ("（計算用）点数", 9.0)),
)


@dataclass(frozen=True, slots=True)
class ListReferences:
    """Where 一覧 has what 総括 counts: the actions' rows of each column, by its heading."""

    columns: dict[str, str]
    themes: str
    measures: str
    wanted: str
    categories: str
    points: str
    printed: str
    """What is printed of the sheet: all but the columns that only formulas take."""

    def __getitem__(self, heading: str) -> str:
        return self.columns[heading]


def _columns(report: Report) -> list[tuple[str, float]]:
    """Return the headings that are printed, with their widths in characters; 推移 where there is more than one month."""
    plan, trend = report.plan, [_TREND] if len(report.states) > 1 else []
    years = [(year_short(year), 7.5) for year in plan.fiscal_years]
    return [*_TEXTS, *years, (plan.average_label, 9.0), *_RESULTS, *trend]


def wants_a_person(evaluation: ActionEvaluation) -> int | None:
    """Return 1 where a decision is wanted, 2 where the rate rests on too little or got worse, None otherwise."""
    if evaluation.is_ended:
        return None
    if Status.UNDECIDED in evaluation.status:
        return 1
    return 2 if {Status.PROVISIONAL, Status.WORSE} & set(evaluation.status) else None


def status_in_list(evaluation: ActionEvaluation) -> str:
    """Return the status; 未評価 alone is said by the grade already."""
    status = status_text(evaluation)
    return "" if status in _SAID_BY_GRADE else status


def write_list(canvas: Canvas, report: Report, pages: Sequence[PageReferences]) -> ListReferences:
    """Write the list on its sheet. `pages` says where each action's figures stand."""
    evaluation = report.evaluation
    columns = _columns(report)
    printed, last_column = len(columns), len(columns) + len(_KEYS)
    headings = [heading for heading, _ in (*columns, *_KEYS)]
    widths = [width for _, width in (*columns, *_KEYS)]
    canvas.widths(*widths)
    _write_head(canvas, report, headings, printed)
    before = None
    month_before = report.states[-2].evaluation if len(report.states) > 1 else evaluation
    known = {each.action.no: each for each in month_before.actions}
    for row, (each, page) in enumerate(zip(evaluation.actions, pages, strict=True), start=_FIRST_ROW):
        was = known.get(each.action.no)
        line = _Line(canvas, row, each, page, begins_theme=each.measure.theme != before, has_trend=_TREND in columns)
        line.write(
            widths,
            "開始" if was is None else "終了" if each.month < was.month else points_text(was.adopted, each.adopted),
        )
        if _TREND in columns:
            _draw_trend(canvas, row, printed, rates_of(report, row - _FIRST_ROW))
        before = each.measure.theme
    last_row = _FIRST_ROW + len(evaluation.actions) - 1
    adopted, grade = headings.index("採用した達成率") + 1, headings.index("評価区分") + 1
    bar = {"type": "data_bar", "bar_color": "#BFDDF2", "bar_solid": True, "min_type": "num", "max_type": "num"}
    bar |= {"min_value": 0, "max_value": 1, "data_bar_2010": True, "bar_border_color": "#BFDDF2"}
    canvas.sheet.conditional_format(f"{a1(_FIRST_ROW, adopted)}:{a1(last_row, adopted)}", bar)
    first_grade = f"${column_letters(grade)}{_FIRST_ROW}"
    canvas.grade_colours(f"{a1(_FIRST_ROW, grade)}:{a1(last_row, grade)}", first_grade, report.plan.bands.names)
    muted = canvas.formats.conditional(font_color=MUTED)
    rule = {"type": "formula", "criteria": f"={first_grade}={quoted(UNEVALUATED)}", "format": muted}
    canvas.sheet.conditional_format(f"B{_FIRST_ROW}:{a1(last_row, grade - 1)}", rule)
    canvas.sheet.autofilter(_HEADING_ROW - 1, 0, last_row - 1, last_column - 1)
    canvas.sheet.freeze_panes(_HEADING_ROW, 2)
    canvas.sheet.repeat_rows(_HEADING_ROW - 1)
    canvas.print_setup(landscape=True, paper=8, footer=f"{report.plan.name}　一覧　{report.month.label}分")

    def whole(column: int) -> str:
        letters = column_letters(column)
        return f"{NAME}!${letters}${_FIRST_ROW}:${letters}${last_row}"

    return ListReferences(
        {heading: whole(at) for at, heading in enumerate(headings, start=1)},
        themes=whole(printed + 1),
        measures=whole(printed + 2),
        wanted=whole(printed + 3),
        categories=whole(printed + 4),
        points=whole(printed + 5),
        printed=f"A1:{a1(last_row, printed)}",
    )


def _write_head(canvas: Canvas, report: Report, headings: Sequence[str], printed: int) -> None:
    formats, plan = canvas.formats, report.plan
    canvas.height(1, 30)
    title = formats(bold=True, font_size=16, font_color=NAVY)
    canvas.put(1, 1, f"{plan.name}　アクション一覧", title)
    note = (
        f"{report.month.label}分　（番号をクリックすると、そのアクションのページに移ります。斜体は予定を含む年度です）"
    )
    canvas.put(2, 1, note, formats(font_color=MUTED, font_size=9))
    canvas.height(_HEADING_ROW, 32)
    look = {"bold": True, "align": "center", "text_wrap": True, "font_size": 9}
    for column, heading in enumerate(headings, start=1):
        colours = {"font_color": WHITE, "bg_color": NAVY} if column <= printed else {"font_color": FAINT}
        canvas.put(_HEADING_ROW, column, heading, formats(**look, **colours))


def _draw_trend(canvas: Canvas, row: int, column: int, rates: str) -> None:
    """Draw the adopted rates of the months as a line in a cell, 0 % at its foot and 100 % at its top."""
    options = {"range": rates, "min": 0, "max": 1, "weight": 1.5, "series_color": NAVY}
    options |= {"last_point": True, "last_color": ACCENT, "empty_cells": "gaps"}
    canvas.sheet.add_sparkline(row - 1, column - 1, options)


class _Line:
    """One action's line in the making."""

    def __init__(
        self,
        canvas: Canvas,
        row: int,
        each: ActionEvaluation,
        page: PageReferences,
        *,
        begins_theme: bool,
        has_trend: bool,
    ) -> None:
        self.canvas, self.row, self.each, self.page, self.has_trend = canvas, row, each, page, has_trend
        edge = {"top": 1, "top_color": NAVY} if begins_theme else {}
        self.look: dict[str, object] = {"font_size": _SIZE, "bottom": 1, "bottom_color": HAIRLINE, **edge}
        self.column = 1

    def write(self, widths: Sequence[float], change: str) -> None:
        """Write the line from left to right. `change` is what changed since the month before, as it was at the run."""
        each, page = self.each, self.page
        action, measure, at = each.action, each.measure, page.at
        link = {"align": "center", "font_color": "#2F74B0", "underline": 1}
        self._formula(f"HYPERLINK(\"#'{page.sheet}'!A1\",{action.no})", action.no, **link)
        status, needed = status_in_list(each), needed_text(each)
        texts = {2: action.name, 3: measure.theme, 4: measure.name, 5: action.owners}
        for text in texts.values():
            self._put(text, text_wrap=True, indent=1)
        for year in each.years:
            self._rate(at.years[year.fiscal_year], year.progress, italic=year.is_planned)
        self._rate(at.average, each.plan_average)
        self._rate(at.assessment, each.assessment)
        self._rate(at.achievement, each.achievement)
        label, automatic = each.plan.method_label(each.method), each.plan.method_label(Method.AUTOMATIC)
        method = page.to(at.method)
        centred = {"align": "center", "text_wrap": True}
        formula = f'IF({method}={quoted(automatic)},"",{method})'
        self._formula(formula, "" if each.method is Method.AUTOMATIC else label, **centred)
        self._rate(at.adopted, each.adopted, bold=True)
        self._formula(page.to(at.grade), each.grade_word, bold=True, align="center")
        status_cell = self.column
        is_said = formulas.any_of(f"{page.to(at.status)}={quoted(word)}" for word in _SAID_BY_GRADE)
        self._formula(f'IF({is_said},"",{page.to(at.status)})', status, **centred)
        reported, expected = page.to(at.reported), page.to(at.expected)
        value = f"{each.reported}/{each.expected}" if each.expected else ""
        self._formula(f'IF({expected}=0,"",{reported}&"/"&{expected})', value, align="center")
        self._formula(page.to(at.needed_text), needed, text_wrap=True, indent=1)
        self._put(change, text_wrap=True, indent=1)
        if self.has_trend:
            self._put(None)
        self._keys(a1(self.row, status_cell))
        texts |= {status_cell: status, status_cell + 2: needed, status_cell + 3: change}
        heights = (row_points(text, column_pixels(widths[at - 1]) - INDENT, _SIZE) for at, text in texts.items())
        self.canvas.height(self.row, max(20.0, *heights))

    def _keys(self, status: str) -> None:
        """Write what 総括 counts and sorts by: numbers, so that no name has to be searched for."""
        each = self.each
        faint = {"font_color": FAINT, "align": "center"}
        self._put(each.plan.themes.index(each.measure.theme) + 1, **faint)
        self._put(each.measure.no, **faint)
        wanted = wants_a_person(each)
        weak = f'OR(ISNUMBER(FIND("暫定",{status})),ISNUMBER(FIND("悪化",{status})))'
        kind = f'IF(ISNUMBER(FIND("要判断",{status})),1,IF({weak},2,""))'
        no = each.action.no
        formula = '""' if each.is_ended else f'IF({kind}="","",{kind}*{NUMBER_ROOM}+{no})'
        self._formula(formula, wanted * NUMBER_ROOM + no if wanted else None, **faint)
        category = quoted(Status.ENDED.value) if each.is_ended else self.page.to(self.page.at.grade)
        self._formula(category, each.category, **faint)
        bands, points = each.bands, None
        formula = formulas.NOTHING
        if bands.has_points and not each.is_ended:
            formula = formulas.points(self.page.to(self.page.at.adopted), BandTable.in_workbook(bands))
            worth = {band.name: band.points for band in bands.bands}
            points = worth[each.grade] if each.grade else None
        self._formula(formula, None if points is None else float(points), **faint)

    def _put(self, value: str | float | None, **look: object) -> None:
        self.canvas.put(self.row, self.column, value, self.canvas.formats(**{**self.look, **look}))
        self.column += 1

    def _formula(self, formula: str, value: float | str | None, **look: object) -> None:
        cell_format = self.canvas.formats(**{**self.look, **look})
        self.canvas.formula(self.row, self.column, formula, value, cell_format)
        self.column += 1

    def _rate(self, address: str, rate: Fraction | None, **look: object) -> None:
        shown = None if rate is None else float(shown_rate(rate, self.each.bands))
        bands = self.each.bands
        centred = {"align": "center", "num_format": bands.rounding.number_format, "font_name": FIGURES}
        formula = formulas.shown(self.page.to(address), BandTable.in_workbook(bands))
        self._formula(formula, shown, **centred, **look)
