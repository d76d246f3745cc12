"""The live lists of 総括: risen and fallen grades, open decisions, slow actions.

Formulas sort the keys of 一覧.
"""

from __future__ import annotations

from kama_excel.domain.arithmetic import half_up
from kama_excel.evaluation import formulas
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.formulas import BandTable
from kama_excel.evaluation.rates import shown_rate
from kama_excel.plan.rating import Method
from kama_excel.report.xlsx.sheets.action_list import (
    DOWN,
    NAME_SIZE,
    NAMES,
    SLOW,
    UNDECIDED,
    UP,
    grade_before,
)
from kama_excel.report.xlsx.sheets.action_list import NAME as LIST
from kama_excel.report.xlsx.sheets.overview_grid import WIDTH, Overview
from kama_excel.spreadsheets.cells import a1, column_letters, quoted
from kama_excel.spreadsheets.writing.charts import rate_bars
from kama_excel.spreadsheets.writing.measure import one_line
from kama_excel.spreadsheets.writing.style import ACCENT, MUTED, NAVY, PALE, RED, WHITE

MOVED_ROWS, SLOWEST = 12, 8
_MOST_UNDECIDED = MOVED_ROWS // 2
_LEAST_FALLEN = 3
_LONG, _, _SHORT = NAMES


class _Ranked:
    """The `number`-th action of a list on 総括: its formulas, and the action at the run.

    With `is_only_last` it is there only as the last one.
    """

    def __init__(self, overview: Overview, key: str, number: int, *, is_only_last: bool = False) -> None:
        self.overview, self.key, self.number = overview, key, number
        self.keys = overview.in_list[key]
        numbers = overview.in_list.numbers[key]
        is_there = len(numbers) == number if is_only_last else len(numbers) >= number
        no = numbers[number - 1] if is_there else None
        by_no = overview.report.evaluation.by_no
        self.each: ActionEvaluation | None = None if no is None else by_no[no]
        self.smallest = f"SMALL({self.keys},{number})"
        self.no = self.of("No") if key == SLOW else self.smallest
        self.is_there = f"COUNT({self.keys}){'=' if is_only_last else '>='}{number}"

    def of(self, heading: str) -> str:
        """Return the formula of the action's cell in a column of 一覧."""
        return f"INDEX({self.overview.in_list[heading]},MATCH({self.smallest},{self.keys},0))"

    def when_there(self, formula: str) -> str:
        """Return a formula that is empty if the list is shorter."""
        return f'IF({self.is_there},{formula},"")'

    def write_no(self, row: int, column: int) -> None:
        """Write the number as a link to the action's page."""
        report = self.overview.report
        digits = "0" * len(report.page_name(report.plan.actions[0]))
        link = f'HYPERLINK("#\'"&TEXT({self.no},"{digits}")&"\'!A1",{self.no})'
        look = self.overview.formats(bold=True, font_size=NAME_SIZE, font_color=NAVY, align="left")
        value = "" if self.each is None else self.each.action.no
        self.overview.canvas.formula(row, (column, column + 1), self.when_there(link), value, look)


def write_moved(overview: Overview, first: int, *, has_before: bool) -> None:
    """List risen, then fallen grades, each with both grades."""
    for _ in range(MOVED_ROWS):
        overview.next_row(overview.layout.row)
    if not has_before:
        look = overview.formats(font_size=NAME_SIZE, font_color=MUTED)
        overview.canvas.put(first, overview.layout.left, "前月の様式がないため、比較の対象がありません。", look)
        return
    up, down = (len(overview.in_list.numbers[key]) for key in (UP, DOWN))
    spare = MOVED_ROWS - 1 - up
    most, least = max(_LEAST_FALLEN, spare), min(_LEAST_FALLEN, max(spare, 1))  # a row for one that is tried out
    fallen = max(least, min(down, most))
    risen = MOVED_ROWS - 1 - fallen
    _write_list(overview, UP, first, risen)
    row = first + risen
    look = overview.formats(bold=True, font_size=NAME_SIZE, font_color=NAVY)
    keys = overview.in_list[DOWN]
    text = "区分が下がったアクション "
    formula = f'"{text}"&IF(COUNT({keys})=0,"ありません",COUNT({keys})&"件")'
    value = text + (f"{down}件" if down else "ありません")
    cell = overview.canvas.formula(row, overview.layout.left, formula, value, look)
    overview.canvas.when(cell, f"COUNT({keys})>0", font_color=RED)
    _write_list(overview, DOWN, row + 1, fallen)


def _write_list(overview: Overview, key: str, first: int, rows: int) -> None:
    """List moved actions; the last row says how many more there are."""
    keys, total = overview.in_list[key], len(overview.in_list.numbers[key])
    plain, (start, end), cut = overview.formats(font_size=NAME_SIZE), overview.layout.left, overview.layout.name
    for number in range(1, rows + 1):
        row = first + number - 1
        ranked = _Ranked(overview, key, number, is_only_last=number == rows)
        each = ranked.each
        value: str = "" if each is None else one_line(each.action.name, NAMES[cut], NAME_SIZE)
        formula = ranked.when_there(ranked.of(cut))
        if key == UP and number == 1 and not total:
            value, formula = "ありません", f'IF({ranked.is_there},{ranked.of(cut)},"ありません")'
        if number == rows:
            more, see = rows - 1, f"件は「{LIST}」をご覧ください"
            formula = f'IF(COUNT({keys})>{rows},"ほか"&(COUNT({keys})-{more})&{quoted(see)},{formula})'
            value = f"ほか{total - more}{see}" if total > rows else value
        ranked.write_no(row, start)
        overview.canvas.formula(row, (start + 2, end - 7), formula, value, plain)
        for column, heading in ((end - 6, grade_before(overview.report)), (end - 2, "評価区分")):
            chip = ranked.when_there(ranked.of(heading))
            overview.chip(row, column, chip, "" if each is None else _grade(overview, each, heading))
        look = overview.formats(font_size=NAME_SIZE, align="center")
        overview.canvas.formula(row, end - 3, ranked.when_there('"→"'), "" if each is None else "→", look)


def _grade(overview: Overview, each: ActionEvaluation, heading: str) -> str:
    if heading == "評価区分":
        return each.grade_word
    before = {was.action.no: was for was in overview.report.states[-2].evaluation.actions}
    return before[each.action.no].grade_word


def write_undecided(overview: Overview, first: int) -> None:
    """List the open decisions, with the results of the adopted rate and of 総括評価."""
    table = BandTable.in_workbook(overview.report.plan.bands)
    keys, total = overview.in_list[UNDECIDED], len(overview.in_list.numbers[UNDECIDED])
    put, formats, (start, end) = overview.canvas.formula, overview.formats, overview.layout.middle
    label = formats(font_size=NAME_SIZE, font_color=MUTED)
    figure = formats(font_size=NAME_SIZE, **_figure(overview))
    for number in range(1, _MOST_UNDECIDED + 1):
        row = first + 2 * (number - 1)
        ranked = _Ranked(overview, UNDECIDED, number)
        each = ranked.each
        value: str = "" if each is None else one_line(each.action.name, NAMES[_LONG], NAME_SIZE)
        formula = ranked.when_there(ranked.of(_LONG))
        if number == 1 and not total:
            value, formula = "ありません", f'IF({ranked.is_there},{ranked.of(_LONG)},"ありません")'
        if number == _MOST_UNDECIDED:
            rest = f'"（ほか"&(COUNT({keys})-{_MOST_UNDECIDED})&"件）"'
            formula = f"IF(COUNT({keys})>{_MOST_UNDECIDED},{ranked.of(_SHORT)}&{rest},{formula})"
            if each is not None and total > _MOST_UNDECIDED:
                value = one_line(each.action.name, NAMES[_SHORT], NAME_SIZE) + f"（ほか{total - _MOST_UNDECIDED}件）"
        ranked.write_no(row, start)
        put(row, (start + 2, end), formula, value, formats(font_size=NAME_SIZE))
        adopted, assessed = ranked.of("採用した\n達成率"), ranked.of("総括\n評価")
        method = ranked.of("算定方法")
        label_now = "" if each is None or each.method is Method.AUTOMATIC else each.plan.method_label(each.method)
        put(row + 1, (end - 18, end - 15), ranked.when_there(method), label_now, label)
        put(row + 1, (end - 14, end - 12), ranked.when_there(adopted), _shown(each, Method.AUTOMATIC), figure)
        grade = "" if each is None else each.grade_word
        overview.chip(row + 1, end - 11, ranked.when_there(ranked.of("評価区分")), grade)
        put(row + 1, (end - 8, end - 6), ranked.when_there(quoted("総括評価")), "総括評価" if each else "", label)
        put(row + 1, (end - 5, end - 3), ranked.when_there(assessed), _shown(each, Method.ASSESSMENT), figure)
        other = "" if each is None else each.grade_by(Method.ASSESSMENT) or ""
        overview.chip(row + 1, end - 2, ranked.when_there(formulas.grade(assessed, table)), other)


def _figure(overview: Overview) -> dict[str, object]:
    return {"num_format": overview.report.plan.bands.rounding.number_format, "align": "right"}


def _shown(each: ActionEvaluation | None, method: Method) -> float | str:
    if each is None:
        return ""
    rate = each.adopted if method is Method.AUTOMATIC else each.rate(method)
    return "" if rate is None else float(shown_rate(rate, each.bands))


def write_slow(overview: Overview, first: int) -> None:
    """List the actions with the lowest rates, as bars crossed by the line of elapsed time."""
    put, formats, (start, end) = overview.canvas.formula, overview.formats, overview.layout.left
    bar = (end - 2 - overview.layout.bar, end - 3)
    figure = formats(font_size=NAME_SIZE, bold=True, **_figure(overview))
    track = formats(bottom=5, bottom_color=WHITE)
    texts = []
    for number in range(1, SLOWEST + 1):
        row = first + number - 1
        ranked = _Ranked(overview, SLOW, number)
        each = ranked.each
        ranked.write_no(row, start)
        name = "" if each is None else one_line(each.action.name, NAMES[_SHORT], NAME_SIZE)
        put(row, (start + 2, bar[0] - 1), ranked.when_there(ranked.of(_SHORT)), name, formats(font_size=NAME_SIZE))
        overview.canvas.put(row, bar, None, track)
        rate = ranked.when_there(ranked.of("採用した\n達成率"))
        put(row, (end - 2, end), rate, _shown(each, Method.AUTOMATIC), figure)
        texts += [] if each is None else [f"アクション{each.action.no} {each.shown}"]
    tracks = f"{a1(first, bar[0])}:{a1(first + SLOWEST - 1, bar[1])}"
    overview.canvas.when(tracks, f'${a1(first, start)}<>""', bg_color=PALE)
    letters = column_letters(end - 2)
    values = f"={overview.canvas.name}!${letters}${first}:${letters}${first + SLOWEST - 1}"
    size = (overview.layout.bar * WIDTH, overview.canvas.pixels(first, SLOWEST))
    chart = rate_bars(overview.book, values, size, colour=ACCENT)
    mark = f"経過の目安 {half_up(overview.mark * 100, 0)}%"
    description = f"達成率の低いアクションの達成率を表す横棒グラフ。{'、'.join(texts) or '該当なし'}。{mark}"
    options = {"object_position": 2, "description": description}
    overview.canvas.sheet.insert_chart(first - 1, bar[0] - 1, chart, options)
    line: dict[str, object] = {"width": 2, "height": size[1], "fill": {"color": NAVY}, "line": {"none": True}}
    line |= {"x_offset": max(round(size[0] * overview.mark) - 1, 0), "object_position": 2, "description": mark}
    overview.canvas.sheet.insert_textbox(first - 1, bar[0] - 1, "", line)
