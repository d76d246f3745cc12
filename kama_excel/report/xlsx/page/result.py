"""目標達成率 of an action's page: grade, rate over the bands, change, monthly line."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate, pairwise

from kama_excel.domain.arithmetic import half_up
from kama_excel.domain.calendar import date_label
from kama_excel.evaluation import formulas
from kama_excel.evaluation.action import ActionEvaluation, Status
from kama_excel.evaluation.formulas import LIMITS, NAMES, BandTable
from kama_excel.evaluation.rates import ONE, ZERO, shown_rate
from kama_excel.plan.rating import limit_text
from kama_excel.report.wording import elapsed_months, fiscal_years_text, monthly_rates_text, points_text, status_text
from kama_excel.report.xlsx.page.addresses import COLUMNS, LABEL, Span
from kama_excel.report.xlsx.page.layout import TIGHT, Page, span_pixels
from kama_excel.report.xlsx.sheets.trend import months_of, rates_of
from kama_excel.spreadsheets.cells import a1, absolute, quoted
from kama_excel.spreadsheets.writing.charts import StripBand, line_of_rates, strip_of_bands
from kama_excel.spreadsheets.writing.measure import INDENT, row_points
from kama_excel.spreadsheets.writing.paging import Block, PageRow, draw_nothing
from kama_excel.spreadsheets.writing.style import (
    BAR,
    HAIRLINE,
    NAVY,
    PALE,
    QUIET,
    RED,
    grade_palette,
)

_GRADE, _RATE, _MOVED = (8, 15), (16, 23), (8, 23)
_RIGHT, _SCALE = (24, COLUMNS), (25, COLUMNS - 1)  # beside the grade; within it the columns of 0–100 %
_NONE, _WHY = (8, 19), (20, COLUMNS)  # without a rate: the grade, and what is missing
_ABOVE, _BAR, _STRIP, _BELOW, _LOW = 15.0, 18.0, 16.0, 60.0, 18.0  # points
_SIZE = 9.0
_MOST_MONTHS = 12
_MARKED = 8  # columns of the text above the mark of the elapsed time


def write_result(page: Page) -> None:
    """Write the block; without a rate it lists what is missing, and from whom."""
    if page.evaluation.adopted is None:
        _write_missing(page)
        return
    low = _block(page, has_months=False)
    if len(page.report.states) > 1:
        full = _block(page, has_months=True)
        page.add(*full.rows, done=full.done, compact=low)
    else:
        page.add(*low.rows, done=low.done)


def _block(page: Page, *, has_months: bool) -> Block:
    """Return the block, with or without the monthly line."""
    movement = _Movement(page)
    pixels = span_pixels(_MOVED) - INDENT
    wanted = max(row_points(movement.value, pixels, _SIZE), _BELOW if has_months else _LOW)
    needed = max(row_points(movement.value, pixels, _SIZE, padding=TIGHT), 0.8 * _BELOW if has_months else 0)

    def done(first: int, last: int, _is_first: bool) -> None:  # noqa: FBT001 -- as `Block.done` has it
        page.canvas.put(first, LABEL, "目標達成率", page.label_format, rows=last - first + 1)
        _draw_grade(page, first, last - first, _GRADE)
        _draw_rate(page, first, last - first)
        page.canvas.formula(last, _MOVED, movement.formula, movement.value, page.formats.text(font_size=_SIZE))
        _draw_bar(page, first)
        _draw_months(page, last, has_months=has_months)

    heights = ((_ABOVE, _ABOVE), (_BAR, 15.0), (_STRIP, _STRIP), (wanted, needed))
    return Block(tuple(PageRow(*each, draw_nothing) for each in heights), done=done)


def _draw_grade(page: Page, row: int, rows: int, columns: Span) -> None:
    at, evaluation = page.at, page.evaluation
    look = page.formats.boxed(bold=True, font_size=20, align="center", shrink=True, **QUIET)
    page.canvas.formula(row, columns, at.grade, evaluation.grade_word, look, rows=rows)
    cells = f"{a1(row, columns[0])}:{a1(row + rows - 1, columns[1])}"
    page.canvas.grade_colours(cells, absolute(a1(row, columns[0])), page.report.plan.bands.names)


def _draw_rate(page: Page, row: int, rows: int) -> None:
    bands, adopted = page.evaluation.bands, page.evaluation.adopted
    look = {"bold": True, "font_size": 20, "align": "center", "num_format": bands.rounding.number_format}
    shown = None if adopted is None else shown_rate(adopted, bands)
    formula = formulas.shown(page.at.adopted, BandTable.in_workbook(bands))
    page.canvas.formula(row, _RATE, formula, shown, page.formats.boxed(**look, shrink=True), rows=rows)


class _Movement:
    """The text below grade and rate: change since last month, next grade, status."""

    def __init__(self, page: Page) -> None:
        self.page, self.evaluation = page, page.evaluation
        states = page.report.states
        self.before = states[-2].evaluation.by_no.get(self.evaluation.action.no) if len(states) > 1 else None

    @property
    def value(self) -> str:
        """The text at the time of the run."""
        evaluation, lines = self.evaluation, []
        if evaluation.is_ended:
            return f"{evaluation.month.label}で終了（最後の月の評価）"
        if self.before is not None and self.before.adopted is not None:
            moved = points_text(self.before.adopted, evaluation.adopted)
            lines.append(f"{self.page.report.before_label} {self.before.shown} → {evaluation.shown}（{moved}ポイント）")
        gap = _next_gap(evaluation)
        if gap:
            lines.append(f"「{gap[0]}」まで あと {float(gap[1]):.1f}ポイント")
        status = status_text(evaluation)
        return "\n".join([*lines, *([status] if status else [])])

    @property
    def formula(self) -> str:
        """The same as a live formula."""
        if self.evaluation.is_ended:
            return quoted(self.value)
        at, table = self.page.at, BandTable.in_workbook(self.evaluation.bands)
        parts = []
        if self.before is not None and self.before.adopted is not None:
            moved = f"ROUND(ROUND(({at.adopted}-{formulas.number(self.before.adopted)})*100,7),1)"
            parts.append(
                f'CHAR(10)&"{self.page.report.before_label} {self.before.shown} → "&{formulas.shown_text(at.adopted, table)}'
                f'&"（"&IF({moved}>0,"＋",IF({moved}<0,"−","±"))&TEXT(ABS({moved}),"0.0")&"ポイント）"'
            )
        rank = f"MATCH(MAX({formulas.rounded(at.adopted)},MIN({LIMITS})),{LIMITS},1)"
        gap = f"ROUNDUP(ROUND((INDEX({LIMITS},{rank}+1)-{at.adopted})*100,7),1)"
        words = f'CHAR(10)&"「"&INDEX({NAMES},{rank}+1)&"」まで あと "&TEXT({gap},"0.0")&"ポイント"'
        count = len(self.evaluation.bands.bands)
        parts.append(f'IF({rank}>={count},"",{words})')
        parts.append(f'IF({at.status}="","",CHAR(10)&{at.status})')
        return f'IF({at.adopted}="",{at.status},MID({"&".join(parts)},2,500))'


def _next_gap(evaluation: ActionEvaluation) -> tuple[str, Fraction] | None:
    """Return the next better grade and its distance in points; None at the top.

    Never rounded to too little.
    """
    if evaluation.adopted is None:
        return None
    bands = evaluation.bands
    rank = bands.rank(evaluation.adopted)
    if rank == 0:
        return None
    better = bands.bands[rank - 1]
    away = half_up((better.lower - evaluation.adopted) * 100, 7) * 10
    return better.name, Fraction(-(-away.numerator // away.denominator), 10)


def _draw_bar(page: Page, row: int) -> None:
    """Draw the rate as a bar with the mark of the elapsed time, over a strip of the bands."""
    canvas, formats = page.canvas, page.formats
    edge = {"right": 1, "right_color": HAIRLINE}
    _draw_elapsed(page, row)
    shown = None if page.evaluation.adopted is None else page.evaluation.adopted
    look = formats(bg_color=PALE, num_format=";;;")
    cell = canvas.formula(row + 1, _SCALE, f'IF({page.at.adopted}="",0,{page.at.adopted})', shown, look)
    canvas.sheet.add_data_bar(f"{cell}:{a1(row + 1, _SCALE[1])}", BAR)
    canvas.put(row + 2, (_RIGHT[0], _SCALE[1]), None, formats())
    for each in (row + 1, row + 2):
        canvas.put(each, COLUMNS, None, formats(**edge))
    wide = span_pixels(_SCALE)
    bands = _bands(page)
    if bands:
        chart = strip_of_bands(page.book, bands, (wide, round(_STRIP * 96 / 72)))
        edges = [0.0, *accumulate(each.width for each in bands)]
        bands_text = "、".join(
            f"{each.grade} {limit_text(low)}〜{limit_text(high)}"
            for each, (low, high) in zip(bands, pairwise(edges), strict=True)
        )
        options = {"object_position": 1, "description": f"評価区分の範囲（0〜100%）を表す帯。{bands_text}"}
        canvas.sheet.insert_chart(row + 1, _SCALE[0] - 1, chart, options)
    at, text = _elapsed(page)
    none = {"none": True}
    mark: dict[str, object] = {"width": 2, "height": canvas.pixels(row + 1, 1) + 4}
    mark |= {"x_offset": max(at - 1, 0), "y_offset": 0, "fill": {"color": NAVY}, "line": none, "object_position": 1}
    canvas.sheet.insert_textbox(row, _SCALE[0] - 1, "", mark | {"description": text})


def _elapsed(page: Page) -> tuple[int, str]:
    """Return the elapsed time: its place on the scale in pixels, and as text."""
    passed, total = elapsed_months(page.report.plan, page.report.month)
    share = Fraction(passed, total)
    return round(span_pixels(_SCALE) * share), f"経過の目安 {half_up(share * 100, 0)}%"


def _draw_elapsed(page: Page, row: int) -> None:
    """Write the elapsed time above its mark."""
    at, text = _elapsed(page)
    middle = _SCALE[0] + at * (_SCALE[1] - _SCALE[0] + 1) // span_pixels(_SCALE)
    first = min(max(middle - _MARKED // 2, _SCALE[0]), _SCALE[1] - _MARKED + 1)
    top = {"top": 1, "top_color": HAIRLINE}
    for span, look in (
        ((_RIGHT[0], first - 1), {}),
        ((first + _MARKED, _RIGHT[1]), {"right": 1, "right_color": HAIRLINE}),
    ):
        page.canvas.put(row, span, None, page.formats(**top, **look))
    page.canvas.put(row, (first, first + _MARKED - 1), text, page.formats(**top, font_size=_SIZE, align="center"))


def _bands(page: Page) -> list[StripBand]:
    """Return the bands in 0–100 %, lowest first, with the cells of their widths."""
    ascending = page.report.plan.bands.bands[::-1]
    palette = grade_palette(page.report.plan.bands.names)
    made = []
    for at, each in enumerate(ascending):
        lower = max(each.lower, ZERO) if at else ZERO
        upper = min(ascending[at + 1].lower, ONE) if at + 1 < len(ascending) else ONE
        if upper > lower:
            cell = page.at.widths[at + 1]
            label = f"{each.name} {limit_text(upper)}未満" if at == 0 else each.name
            made.append(
                StripBand(each.name, label, f"'{page.canvas.name}'!{cell}", float(upper - lower), palette[each.name])
            )
    return made


def _draw_months(page: Page, row: int, *, has_months: bool) -> None:
    """Draw the monthly rates as a line if they fit."""
    report, formats = page.report, page.formats
    edge = {"right": 1, "bottom": 1, "right_color": HAIRLINE, "bottom_color": HAIRLINE}
    page.canvas.put(row, _RIGHT, None, formats(**edge))
    states = report.states
    if not has_months:
        return
    at = report.evaluation.actions.index(page.evaluation)
    number = min(len(states), _MOST_MONTHS)
    size = (span_pixels(_RIGHT) - 6, page.canvas.pixels(row, 1) - 4)
    chart = line_of_rates(
        page.book, f"={months_of(report, number)}", f"={rates_of(report, at, number)}", size, points=number
    )
    rates_text = monthly_rates_text(states[-number:], page.evaluation.action.no)
    options = {
        "x_offset": 2,
        "y_offset": 2,
        "object_position": 1,
        "description": f"採用した達成率の月ごとの推移を表す折れ線グラフ。{rates_text}",
    }
    page.canvas.sheet.insert_chart(row - 1, _RIGHT[0] - 1, chart, options)


def _write_missing(page: Page) -> None:
    """Write what is missing for a rate, from whom, and that no grade counts it."""
    text = _missing_text(page)
    columns = _WHY
    head, _, rest = text.partition("\n")

    def done(first: int, last: int, _is_first: bool) -> None:  # noqa: FBT001 -- as `Block.done` has it
        page.canvas.put(first, LABEL, "目標達成率", page.label_format, rows=last - first + 1)
        _draw_grade(page, first, last - first + 1, _NONE)
        edge = {"border": 0, "right": 1, "right_color": HAIRLINE}
        bold = page.formats.text(**{**edge, "top": 1, "top_color": HAIRLINE}, bold=True, font_size=11, font_color=RED)
        page.canvas.formula(first, columns, formula_until_rated(page, head, page.at.status), head, bold)
        look = page.formats.text(**{**edge, "bottom": 1, "bottom_color": HAIRLINE}, font_size=10, valign="top")
        page.canvas.formula(last, columns, formula_until_rated(page, rest, page.at.status), rest, look)

    pixels = span_pixels(columns) - INDENT
    high = row_points(head, pixels, 11), row_points(rest, pixels, 10, least=28)
    page.add(*(PageRow(points, points, draw_nothing) for points in high), done=done)


def formula_until_rated(page: Page, text: str, then: str) -> str:
    """Return the formula of a text that another one replaces once figures are typed in."""
    otherwise = then if then.startswith("$") else quoted(then)
    return f'IF({page.at.adopted}="",{quoted(text)},{otherwise})'


def _missing_text(page: Page) -> str:
    """Return the missing reports in a line, with the details below."""
    evaluation = page.evaluation
    if not evaluation.is_planned:
        return "タスク・指標が登録されていません\n計画台帳にこのアクションのタスクまたは指標を登録すると、報告と評価の対象になります。"
    if evaluation.grade_word != Status.UNEVALUATED.value:
        return "評価の対象外です\n算定に必要なタスクと指標が、すべて理由を付けて「対象外」と報告されています。"
    begun = [year for year in evaluation.years if year.has_begun and year.tasks]
    missing = dict.fromkeys(fact.task.department for year in begun for fact in year.tasks if fact.is_missing)
    missing |= dict.fromkeys(each.fact.indicator.department for each in evaluation.indicators if each.raw is None)
    whose = "・".join(missing) if missing and not page.report.is_public else "評価に使える数値"
    head = f"{whose}の報告がまだありません"
    years = fiscal_years_text(year.fiscal_year for year in begun)
    sentences = [f"{years}のタスク{evaluation.expected}件のうち、報告 {evaluation.reported}件。"] if begun else []
    if evaluation.indicators:
        reported = sum(each.raw is not None for each in evaluation.indicators)
        sentences.append(f"指標{len(evaluation.indicators)}件のうち、報告 {reported}件。")
    deadline = page.report.plan.deadline
    if deadline and missing and not page.report.is_public:
        sentences.append(
            f"{page.report.month.label}分の提出期限は、{date_label(deadline.due_day(page.report.month))}です。"
        )
    lowest = evaluation.bands.names[-1]
    return f"{head}\n{''.join(sentences)}\n「{lowest}」には含めていません。"
