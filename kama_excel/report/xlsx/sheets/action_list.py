"""一覧: every action in one line, the result first, all figures live."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from math import ceil

from kama_excel.domain.arithmetic import half_up
from kama_excel.domain.calendar import year_short
from kama_excel.evaluation import formulas
from kama_excel.evaluation.action import ActionEvaluation, Status
from kama_excel.evaluation.formulas import LIMITS, BandTable
from kama_excel.evaluation.rates import YearProgress, shown_rate
from kama_excel.plan.rating import Method
from kama_excel.report.month_report import Report
from kama_excel.report.wording import NOTHING_PLANNED, SIGNED, needed_text, newest_years, points, status_in_list
from kama_excel.report.xlsx.page.page import PageReferences
from kama_excel.report.xlsx.sheets.list_references import EXACT, GRADE, ListReferences
from kama_excel.report.xlsx.sheets.trend import rates_of
from kama_excel.spreadsheets.cells import a1, column_letters, quoted
from kama_excel.spreadsheets.writing.canvas import A3, Canvas, Value
from kama_excel.spreadsheets.writing.measure import INDENT, column_pixels, one_line, row_points, text_pixels
from kama_excel.spreadsheets.writing.style import (
    CENTRED,
    FIGURES,
    LINED,
    MUTED,
    NAVY,
    PALE_BAR,
    PLANNED,
    RED,
    UNEVALUATED,
    WHITE,
    rate_look,
)
from kama_excel.spreadsheets.writing.table import Look, Table, TableCell, one_each

NAME = "一覧"
UNDECIDED, WORSE, UP, DOWN, SLOW = "要判断", "悪化", "上昇", "下降", "率の順"
_ORDER_ROOM = 10_000  # a key of SLOW is the exact rate in billionths times this, plus the action's place
_HEADING_ROW, _FIRST_ROW = 3, 4
_SIZE = 10.0
_MOST_YEARS = 5  # for which A3 has room
_LEAST, _PADDING, _HEAD_POINTS = 15.0, 1.5, 90.0
_SMALLEST_ON_ONE_PAGE = 0.8  # of the size on screen: 10 pt become 8 pt
_PAPER = (16.54 - 1.0) * 96, (11.69 - 1.5) * 96  # pixels of A3 landscape, without margins and footer
_NEW_THEME: Look = {**LINED, "top": 1, "top_color": NAVY}
_UNWRAPPED: Look = {"text_wrap": False}
_ADOPTED, _STATUS = "採用した\n達成率", "状態"
_THEME, _ACTION, _OWNERS = "テーマ", "アクション", "担い手"
_TEXTS = {_THEME: (76, 152), _ACTION: (294, 396), _STATUS: (160, 190), _OWNERS: (190, 226)}  # least and most pixels
_ROOM = 1679  # pixels of A3 on several pages, at `_SMALLEST_ON_ONE_PAGE`


def _chars(pixels: int) -> float:
    return (pixels - 5) / 7


def grade_before(report: Report) -> str:
    """Return the heading of the grades of the month before."""
    return f"{report.before_short}の区分"


def write_list(canvas: Canvas, report: Report, pages: Sequence[PageReferences]) -> tuple[ListReferences, int]:
    """Write the list; return its columns and its number of printed pages.

    `pages` holds the cells of the figures.
    """
    shown = _shown_columns(report)
    extra = _extra_columns(report)
    hidden = [(each, 9.0, _UNWRAPPED) for each in _KEYS]
    columns, widths = one_each(*shown, *extra, *hidden)
    first_hidden = len(shown) + len(extra)
    canvas.widths(*widths, hidden=range(first_hidden + 1, len(columns) + 1))
    others = _other_years(report)
    note = "番号をクリックすると、そのアクションのページに移動します。見出しのボタンで、課や区分だけを表示できます。斜体は予定を含む年度です。"
    note += f"{len(others)}年度分の進捗率は、右の列（画面のみ）にあります。" if others else ""
    canvas.head(
        f"{report.plan.name}　アクション一覧　{report.month.label}分", note, links=(("総括", "総括へ"),), size=_SIZE
    )
    table = Table(columns, size=_SIZE, least=_LEAST, padding=_PADDING, base=LINED)
    table.write_headings(canvas, _HEADING_ROW)
    lines, first_lines = table.lines(canvas), table._replace(base=_NEW_THEME).lines(canvas)
    theme_room = column_pixels(widths[1])
    at = {each.heading: number for number, each in enumerate(columns, start=1)}
    before = report.states[-2].evaluation.by_no if len(report.states) > 1 else None
    last = _FIRST_ROW + len(pages) - 1
    keyed: dict[str, list[tuple[int, int]]] = {UNDECIDED: [], WORSE: [], UP: [], DOWN: [], SLOW: []}
    for row, page in enumerate(pages, start=_FIRST_ROW):
        cells = tuple(_Line(row, page, at, before, others, theme_room).cells())
        is_new = (
            row > _FIRST_ROW
            and page.at.evaluation.measure.theme != pages[row - _FIRST_ROW - 1].at.evaluation.measure.theme
        )
        (first_lines if is_new else lines).write(row, cells)
        for heading, keys in keyed.items():
            cell = cells[at[heading] - 1]
            value = cell.value if isinstance(cell, TableCell) else cell
            if isinstance(value, int | float | Fraction):
                keys.append((int(value), page.at.evaluation.action.no))
        if before is not None:
            canvas.sparkline(row, at["推移"], rates_of(report, row - _FIRST_ROW))
    numbers = {heading: [no for _, no in sorted(keys)] for heading, keys in keyed.items()}
    _add_rules(canvas, report, at, last)
    table.add_filter(canvas, _HEADING_ROW, last)  # the keys too: a sorted line keeps its own
    canvas.keep_headings(_HEADING_ROW, 3)
    papers = _set_up_printing(canvas, report, len(shown), last)

    def whole(number: int) -> str:
        letters = column_letters(number)
        return f"{NAME}!${letters}${_FIRST_ROW}:${letters}${last}"

    return ListReferences({heading: whole(number) for heading, number in at.items()}, numbers), papers


NAMES = {"名称（長）": 392, "名称": 294, "名称（短）": 230}
"""Names cut to this width in pixels, for 総括."""
POINTS = "点数"
NAME_SIZE = 10.5
_KEYS = ("テーマNo", "施策No", *NAMES, "集計", POINTS, EXACT, UNDECIDED, WORSE, UP, DOWN, SLOW)


def _shown_columns(report: Report) -> list[tuple[str, float, Look]]:
    """Return the printed columns: heading, width in characters, look."""
    plan = report.plan
    rate = rate_look(plan.bands.rounding.number_format)
    years = [_year_column(report, year) for year in newest_years(plan, report.month, _MOST_YEARS)]
    has_before = len(report.states) > 1
    texts = _texts(report)
    change = {**CENTRED, "num_format": SIGNED, "font_name": FIGURES}
    of_before: list[tuple[str, float, Look]] = [
        (f"{report.before_short}から\n(ポイント)", _chars(70), change),
        (grade_before(report), _chars(82), CENTRED),
    ]
    columns: list[tuple[str, float, Look]] = [
        *(
            ("No", _chars(38), CENTRED),
            (_THEME, _chars(texts[_THEME][0]), {"bold": True, "font_color": NAVY, **_UNWRAPPED}),
        ),
        *((_ACTION, _chars(texts[_ACTION][0]), {}), (GRADE, _chars(82), {**CENTRED, "bold": True})),
        (_ADOPTED, _chars(100), {**rate, "bold": True, "align": "right", "indent": 1}),
        *(of_before if has_before else []),
        *((each, _chars(texts[each][0]), {}) for each in (_STATUS, _OWNERS)),
        *years,
        *((f"{plan.average_label.replace('平均', '')}\n平均", _chars(58), rate), ("総括\n評価", _chars(58), rate)),
        *(("目標値\n達成率", _chars(60), rate), ("算定方法", _chars(82), CENTRED), ("報告", _chars(52), CENTRED)),
    ]
    least = sum(column_pixels(width) for _, width, _ in columns)
    one, several = (_text_widths(texts, room - least) for room in (_PAPER[0] / _SMALLEST_ON_ONE_PAGE, _ROOM))
    wide = one if _height(report, one) <= _PAPER[1] / _SMALLEST_ON_ONE_PAGE else several
    return [(heading, _chars(wide[heading]) if heading in wide else width, look) for heading, width, look in columns]


def _texts(report: Report) -> dict[str, tuple[int, int]]:
    """Return the least and most pixels of each column of texts.

    The themes have at most what the longest needs.
    """
    least, most = _TEXTS[_THEME]
    longest = max(text_pixels(theme, _SIZE) for theme in report.plan.themes) + INDENT
    return {**_TEXTS, _THEME: (least, min(max(ceil(longest), least), most))}


def _text_widths(texts: Mapping[str, tuple[int, int]], spare: float) -> dict[str, int]:
    """Return the pixels of the columns of texts, which share what the others leave."""
    share = max(0.0, min(spare / sum(most - least for least, most in texts.values()), 1.0))
    return {heading: int(least + share * (most - least)) for heading, (least, most) in texts.items()}


def _height(report: Report, widths: Mapping[str, int]) -> float:
    """Return the height of the printed list in pixels, with texts in columns of these widths."""
    total = _HEAD_POINTS
    for each in report.evaluation.actions:
        texts = {_ACTION: each.action.name, _STATUS: status_in_list(each), _OWNERS: each.action.owners}
        total += max(
            row_points(text, widths[heading] - INDENT, _SIZE, least=_LEAST, padding=_PADDING)
            for heading, text in texts.items()
        )
    return total * 96 / 72


def _year_column(report: Report, year: int) -> tuple[str, float, Look]:
    return (
        year_short(year) + ("" if report.month.has_begun(year) else "予定"),
        _chars(54),
        rate_look(report.plan.bands.rounding.number_format),
    )


def _other_years(report: Report) -> list[int]:
    """Return the fiscal years for which a printed page has no room."""
    shown = newest_years(report.plan, report.month, _MOST_YEARS)
    return [year for year in report.plan.fiscal_years if year not in shown]


def _extra_columns(report: Report) -> list[tuple[str, float, Look]]:
    """Return the columns that are shown on screen only."""
    years = [_year_column(report, year) for year in _other_years(report)]
    trend: list[tuple[str, float, Look]] = [("推移", 15.0, _UNWRAPPED)] if len(report.states) > 1 else []
    return [*years, ("次の区分に必要な水準", 60.0, _UNWRAPPED), *trend, ("重点施策", 44.0, _UNWRAPPED)]


class _Line:
    """One action's line under construction."""

    def __init__(
        self,
        row: int,
        page: PageReferences,
        at: dict[str, int],
        before: dict[int, ActionEvaluation] | None,
        others: Sequence[int],
        theme_room: int,
    ) -> None:
        self.row, self.page, self.at, self.before, self.others = row, page, at, before, others
        self.theme_room = theme_room
        self.each = page.at.evaluation
        self.bands = BandTable.in_workbook(self.each.bands)

    def cells(self) -> Iterator[Value | TableCell]:
        """Yield the line from left to right."""
        each, page, at = self.each, self.page, self.page.at
        yield TableCell(each.action.no, link=page.sheet)
        yield one_line(each.measure.theme, self.theme_room, _SIZE)
        yield each.action.name
        yield TableCell(each.grade_word, formula=page.to(at.grade))
        yield self._rate(at.adopted, each.adopted)
        if self.before is not None:
            yield from self._change()
        yield self._status()
        yield each.action.owners
        yield from (self._year(year) for year in each.years if year.fiscal_year not in self.others)
        yield self._rate(at.average, each.plan_average)
        yield self._rate(at.assessment, each.assessment)
        yield self._rate(at.achievement, each.achievement)
        label, automatic = each.plan.method_label(each.method), each.plan.method_label(Method.AUTOMATIC)
        method = page.to(at.method)
        formula = f'IF({method}={quoted(automatic)},"",{method})'
        yield TableCell("" if each.method is Method.AUTOMATIC else label, formula=formula)
        reported, expected = page.to(at.reported), page.to(at.expected)
        value = f"{each.reported}/{each.expected}" if each.expected else ""
        yield TableCell(value, formula=f'IF({expected}=0,"",{reported}&"/"&{expected})')
        yield from (self._year(year) for year in each.years if year.fiscal_year in self.others)
        yield TableCell(needed_text(each), formula=page.to(at.needed_text))
        if self.before is not None:
            yield None
        yield each.measure.name
        yield from self._keys()

    def _year(self, year: YearProgress) -> TableCell:
        planned = {"italic": True, "font_color": PLANNED} if year.is_planned else {}
        return self._rate(self.page.at.years[year.fiscal_year], year.progress, planned)

    def _change(self) -> Iterator[TableCell]:
        """Yield the change of the rate since the month before, and a different grade then."""
        was = (self.before or {}).get(self.each.action.no)
        if was is None:
            yield TableCell("開始")
            yield TableCell("")
            return
        if self.each.is_ended:
            yield TableCell("終了" if not was.is_ended else "")
            yield TableCell("")
            return
        moved = points(was.adopted, self.each.adopted)
        adopted = self.page.to(self.page.at.adopted)
        rate = None if was.adopted is None else float(was.adopted)
        formula = f'IF({adopted}="","",ROUND(ROUND(({adopted}-{rate:.15g})*100,7),1))' if rate is not None else '""'
        yield TableCell("" if moved is None else moved, formula=formula)
        grade, before = self.page.to(self.page.at.grade), was.grade_word
        differs = before != self.each.grade_word
        yield TableCell(before if differs else "", formula=f'IF(EXACT({grade},{quoted(before)}),"",{quoted(before)})')

    def _status(self) -> TableCell:
        if not self.each.is_planned:
            return TableCell(NOTHING_PLANNED)
        status = self.page.to(self.page.at.status)
        urgent = (Status.UNDECIDED.value, Status.WORSE.value)
        first = "&".join(f'IF(ISNUMBER(FIND("{word}",{status})),"・{word}","")' for word in urgent)
        rest = f'"・"&{status}'
        for word in urgent:
            rest = f'SUBSTITUTE({rest},"・{word}","")'
        formula = f'IF(OR({status}="",{status}={quoted(UNEVALUATED)},{status}={quoted(Status.NOT_EVALUATED.value)}),"",MID({first}&{rest},2,99))'
        return TableCell(status_in_list(self.each), formula=formula)

    def _keys(self) -> Iterator[Value | TableCell]:
        """Yield the keys by which 総括 counts and sorts: numbers, so that no name is searched for."""
        each, no = self.each, self.each.action.no
        exact = None if each.adopted is None else half_up(each.adopted, 9)
        adopted, grade = self.page.to(self.page.at.adopted), f"${column_letters(self.at[GRADE])}{self.row}"
        yield each.plan.themes.index(each.measure.theme) + 1
        yield each.measure.no
        for pixels in NAMES.values():
            yield one_line(each.action.name, pixels, NAME_SIZE)
        yield each.category if each.is_ended else TableCell(each.category, formula=grade)
        yield self._points(adopted)
        yield TableCell(exact, formula=f'IF({adopted}="","",ROUND({adopted},9))')
        status = f"${column_letters(self.at[_STATUS])}{self.row}"
        for word, holds in ((Status.UNDECIDED, each.is_undecided), (Status.WORSE, Status.WORSE in each.status)):
            formula = f'IF(ISNUMBER(FIND("{word.value}",{status})),{no},"")'
            yield TableCell(no if holds else "", formula=formula)
        cell = a1(self.row, self.at[EXACT])
        yield from self._movements(cell)
        if each.is_ended:
            yield ""
            return
        names = each.bands.names
        reached = names.index(each.plan.headline_grade)
        is_slow = exact is not None and each.bands.rank(exact) > reached
        place = self.row - _FIRST_ROW
        key = int(exact * 10**9) * _ORDER_ROOM + place if exact is not None and is_slow else None
        limit = self.bands.lower(len(names) - reached)
        formula = f'IF({cell}="","",IF({cell}>={limit},"",ROUND({cell}*10^9,0)*{_ORDER_ROOM}+{place}))'
        yield TableCell(key, formula=formula)

    def _points(self, adopted: str) -> TableCell:
        """Return the points of the grade (rule 10).

        '' in a plan without points, and for an ended action.
        """
        bands = self.each.bands
        if not bands.has_points or self.each.is_ended:
            return TableCell("")
        worth = {band.name: band.points for band in bands.bands}
        value = worth[self.each.grade] if self.each.grade else ""
        return TableCell(value, formula=formulas.points(adopted, self.bands))

    def _movements(self, cell: str) -> Iterator[Value | TableCell]:
        """Yield the number if the grade rose, and if it fell."""
        each = self.each
        was = (self.before or {}).get(each.action.no)
        if was is None or was.adopted is None or each.is_ended:
            yield ""
            yield ""
            return
        lowest_first = each.bands.names[::-1]
        rank = lowest_first.index(each.bands.grade(was.adopted)) + 1
        now = None if each.grade is None else lowest_first.index(each.grade) + 1
        for sign, moved in ((">", now is not None and now > rank), ("<", now is not None and now < rank)):
            formula = (
                f'IF({cell}="","",IF(MATCH(MAX({cell},MIN({LIMITS})),{LIMITS},1){sign}{rank},{each.action.no},""))'
            )
            yield TableCell(each.action.no if moved else "", formula=formula)

    def _rate(self, address: str, rate: Fraction | None, look: Look | None = None) -> TableCell:
        shown = None if rate is None else shown_rate(rate, self.each.bands)
        return TableCell(shown, look or {}, formula=formulas.shown(self.page.to(address), self.bands))


def _add_rules(canvas: Canvas, report: Report, at: dict[str, int], last: int) -> None:
    """Colour grades, draw data bars, hide a repeated theme, highlight open decisions."""

    def cells(heading: str) -> str:
        return f"{a1(_FIRST_ROW, at[heading])}:{a1(last, at[heading])}"

    for heading in (GRADE, *([grade_before(report)] if grade_before(report) in at else [])):
        first = f"${column_letters(at[heading])}{_FIRST_ROW}"
        canvas.grade_colours(cells(heading), first, report.plan.bands.names)
    canvas.sheet.add_data_bar(cells(_ADOPTED), PALE_BAR)
    theme = column_letters(at["テーマNo"])  # of two names that are cut to the same text
    same = f"${theme}{_FIRST_ROW}=${theme}{_FIRST_ROW - 1}"
    canvas.when(cells(_THEME), f"AND({same},SUBTOTAL(103,${theme}{_FIRST_ROW - 1})=1)", font_color=WHITE)
    status = f"${column_letters(at[_STATUS])}{_FIRST_ROW}"
    urgent = ",".join(f'ISNUMBER(FIND("{word.value}",{status}))' for word in (Status.UNDECIDED, Status.WORSE))
    canvas.when(cells(_STATUS), f"OR({urgent})", font_color=RED, bold=True)
    grade = f"${column_letters(at[GRADE])}{_FIRST_ROW}"
    canvas.when(cells("アクション"), f"{grade}={quoted(UNEVALUATED)}", font_color=MUTED)


def _set_up_printing(canvas: Canvas, report: Report, printed: int, last: int) -> int:
    """Print on A3 landscape, one page if readable; return the number of printed pages."""
    canvas.sheet.print_area(f"A1:{a1(last, printed)}")
    wide, high = canvas.span_pixels((1, printed)), canvas.pixels(1, last)
    is_on_one = min(_PAPER[0] / wide, _PAPER[1] / high) >= _SMALLEST_ON_ONE_PAGE
    footer = f"{report.plan.name}　{NAME}　{report.month.label}分"
    canvas.print_setup(landscape=True, paper=A3, footer=footer, tall=int(is_on_one))
    if is_on_one:
        return 1
    rows = ((row, row) for row in range(_FIRST_ROW + 1, last + 1))
    return canvas.keep_together([(1, _FIRST_ROW), *rows], repeated=_HEADING_ROW, wide=wide)
