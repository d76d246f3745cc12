"""The counts of 総括 and their bars: this month and before, by month, by measure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from math import ceil
from typing import NamedTuple

from kama_excel.domain.calendar import month_short
from kama_excel.evaluation import formulas
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.report.wording import counts_text, monthly_counts_text
from kama_excel.report.xlsx.sheets.action_list import POINTS
from kama_excel.report.xlsx.sheets.overview_grid import WIDTH, Overview
from kama_excel.spreadsheets.cells import a1, absolute, column_letters
from kama_excel.spreadsheets.writing.charts import Segments, bars_of_grades, columns_of_grades
from kama_excel.spreadsheets.writing.measure import one_line, text_pixels
from kama_excel.spreadsheets.writing.style import HAIRLINE, MUTED, NAVY, grade_palette

_HEADING, _NOW, _BEFORE, _FIRST_MONTH = 3, 4, 5, 7
_MOST_MONTHS = 6
_FIRST_MEASURE = _FIRST_MONTH + _MOST_MONTHS + 1
_BAR_COLUMN = 4
_MOST_ROWS, _FEW_ROWS = 10, 8
_NAMED, _COUNT, _POINTS = 17, 2, 3  # columns: theme and measure, count, points at the end of the bar
_LEAST_THEME, _MOST_THEME = 3, 6  # columns of the theme


class Counts(NamedTuple):
    """The cells of the counts, and the number that reached 見出しの区分 the month before.

    They are right of the page.
    """

    words: tuple[str, ...]
    first: int
    """The column of the first of `words`."""
    reached: str
    reached_before: int | None

    def cell(self, word: str) -> str:
        """Return the cell of this month's count of a category."""
        return absolute(a1(_NOW, self.first + self.words.index(word)))

    def segments(
        self, overview: Overview, first: int, last: int, values: Mapping[str, int] | None = None
    ) -> list[Segments]:
        """Return the cells of each category in rows `first` to `last`; `values`: at the run."""
        bands = overview.report.plan.bands
        palette, marks = grade_palette(bands.names), dict(zip(bands.names, bands.marks, strict=True))
        made = []
        for column, word in enumerate(self.words, start=self.first):
            cells = f"{absolute(a1(first, column))}:{absolute(a1(last, column))}"
            sheet = overview.canvas.name
            made.append(
                Segments(
                    word,
                    marks.get(word, ""),
                    (sheet, _HEADING, column),
                    f"={sheet}!{cells}",
                    palette[word],
                    None if values is None else values.get(word, 0),
                )
            )
        return made


def write_counts(overview: Overview) -> Counts:
    """Write the counts right of the page: this month's live, earlier ones as evaluated."""
    report, put = overview.report, overview.canvas.put
    evaluation = report.evaluation
    look, hidden = overview.formats(font_size=9, font_color=MUTED), overview.layout.first_hidden
    put(_HEADING - 1, hidden, "グラフの計算用（印刷されません）", look)
    words = tuple(dict.fromkeys(word for state in report.states for word in state.evaluation.categories))
    words = tuple(dict.fromkeys((*evaluation.categories, *words)))
    for column, word in enumerate(words, start=hidden + 1):
        put(_HEADING, column, word, look)
    _write_live(overview, _NOW, "今月", words, evaluation.actions)
    good = report.plan.bands.names.index(report.plan.headline_grade) + 1
    reached = absolute(a1(_NOW, hidden + len(words) + 1))
    cells = f"{a1(_NOW, hidden + 1)}:{a1(_NOW, hidden + good)}"
    overview.canvas.formula(_NOW, hidden + len(words) + 1, f"SUM({cells})", evaluation.reached, look)
    states = report.states[-_MOST_MONTHS:]
    for row, state in enumerate(states, start=_FIRST_MONTH):
        count, is_now = state.evaluation.count(), state.month == report.month
        label = f"{month_short(state.month)}\n{state.evaluation.reached}件"
        formula = f'"{month_short(state.month)}"&CHAR(10)&{reached}&"件"' if is_now else ""
        _write_row(
            overview, row, label, formula, [count.get(word, 0) for word in words], live_row=_NOW if is_now else 0
        )
    if len(report.states) < 2:  # noqa: PLR2004 -- one month is no change
        return Counts(words, hidden + 1, reached, None)
    before = report.states[-2].evaluation
    _write_row(overview, _BEFORE, report.before_short, "", [before.count().get(word, 0) for word in words])
    return Counts(words, hidden + 1, reached, before.reached)


def _write_live(
    overview: Overview, row: int, label: str, words: Sequence[str], actions: Iterable[ActionEvaluation], where: str = ""
) -> None:
    """Write a row of live counts of the actions under the condition `where`."""
    look = overview.formats(font_size=9, font_color=MUTED)
    overview.canvas.put(row, overview.layout.first_hidden, label, look)
    values = overview.report.evaluation.count(actions)
    for column, word in enumerate(words, start=overview.layout.first_hidden + 1):
        formula = overview.in_list.count([absolute(a1(_HEADING, column))], where)
        overview.canvas.formula(row, column, formula, values.get(word, 0), look)


def _write_row(
    overview: Overview, row: int, label: str, formula: str, values: Sequence[int], *, live_row: int = 0
) -> None:
    """Write a row of counts that are constant, or that repeat those of `live_row`."""
    look = overview.formats(font_size=9, font_color=MUTED)
    if formula:
        overview.canvas.formula(row, overview.layout.first_hidden, formula, label, look)
    else:
        overview.canvas.put(row, overview.layout.first_hidden, label, look)
    for column, value in enumerate(values, start=overview.layout.first_hidden + 1):
        if live_row:
            overview.canvas.formula(row, column, a1(live_row, column), value, look)
        else:
            overview.canvas.put(row, column, value, look)


def write_bars(overview: Overview, counts: Counts) -> None:
    """Draw this month's counts as a thick bar, the month before's as a thin one below it."""
    overview.next_row(6)
    total = len(overview.report.evaluation.actions)
    wide = (overview.layout.columns - _BAR_COLUMN + 1) * WIDTH
    before = overview.report.before_short
    for label, source, high, size, points in (("今月", _NOW, 66, 13.0, 13.0), (before, _BEFORE, 24, 10.5, 11.5)):
        if source == _BEFORE and counts.reached_before is None:
            continue
        row = overview.next_row(high + 4)
        is_now = source == _NOW
        overview.canvas.put(row, (1, 3), label, overview.formats(bold=is_now, font_size=size))
        evaluation = overview.report.evaluation if is_now else overview.report.states[-2].evaluation
        number = total if is_now else len(evaluation.actions)
        segments = counts.segments(overview, source, source, evaluation.count())
        chart = bars_of_grades(overview.book, segments, (wide, high), most=number, font_size=points)
        description = f"{label}の評価区分ごとの件数を表す帯グラフ。{counts_text(evaluation)}"
        options = {"y_offset": 2, "object_position": 2, "description": description}
        overview.canvas.sheet.insert_chart(row - 1, _BAR_COLUMN - 1, chart, options)


def write_trend(overview: Overview, counts: Counts, heading_row: int, rows: int) -> None:
    """Draw the counts of the last months as columns.

    Below are the month and the number that reached 見出しの区分.
    """
    states, span = overview.report.states[-_MOST_MONTHS:], overview.layout.trend
    overview.heading(heading_row, overview.layout.trend, "月ごとの推移（件数）")
    first, last = heading_row + 1, heading_row + rows
    note = overview.formats(font_size=10.5, font_color=MUTED, align="right")
    if not states:
        text = "前月の様式がないため、推移はありません。"
        overview.canvas.put(first, span, text, overview.formats(font_size=10.5, font_color=MUTED))
        return
    overview.canvas.put(last, span, f"下の段は「{overview.report.plan.headline_label}」の件数", note)
    high = overview.canvas.pixels(first, rows - 1)
    end = _FIRST_MONTH + len(states) - 1
    letters = column_letters(overview.layout.first_hidden)
    months = f"={overview.canvas.name}!${letters}${_FIRST_MONTH}:${letters}${end}"
    most = max(len(state.evaluation.actions) for state in states)
    segments = counts.segments(overview, _FIRST_MONTH, end)[::-1]
    size = ((span[1] - span[0] + 1) * WIDTH, high - 4)
    chart = columns_of_grades(overview.book, segments, months, size, most=most, font_size=11)
    description = f"評価区分ごとの件数の月ごとの推移を表す棒グラフ。{monthly_counts_text(states)}"
    options = {"y_offset": 4, "object_position": 2, "description": description}
    overview.canvas.sheet.insert_chart(first - 1, span[0] - 1, chart, options)


def write_measures(overview: Overview, counts: Counts, heading_row: int) -> int:
    """Write a bar per measure, or per theme if there are too many; return the number of rows."""
    report, in_list = overview.report, overview.in_list
    plan, actions = report.plan, report.evaluation.actions
    parts: list[tuple[str, str, str, list[ActionEvaluation]]] = []
    for number, theme in enumerate(plan.themes, start=1):
        of_theme = [each for each in actions if each.measure.theme == theme]
        if len(plan.measures) > _MOST_ROWS:
            parts.append(("", theme, f"{in_list['テーマNo']}={number}", of_theme))
            continue
        for at, measure in enumerate(each for each in plan.measures if each.theme == theme):
            mine = [each for each in of_theme if each.measure.no == measure.no]
            parts.append((theme if at == 0 else "", measure.name, f"{in_list['施策No']}={measure.no}", mine))
    if len(parts) > _MOST_ROWS:
        rest = parts[_MOST_ROWS - 1 :]
        others = [each for *_, mine in rest for each in mine]
        where = f"{in_list['テーマNo']}>={_MOST_ROWS}"
        parts = [*parts[: _MOST_ROWS - 1], ("", f"ほか{len(rest)}テーマ", where, others)]
    title = "テーマごとの状況" if len(plan.measures) > _MOST_ROWS else "重点施策ごとの状況"
    overview.heading(heading_row, overview.layout.measures, title)
    rows = max(len(parts), _FEW_ROWS)
    for at in range(rows):
        row = overview.next_row(overview.layout.bar_row)
        if at < len(parts):
            _write_measure(overview, counts, row, _FIRST_MEASURE + at, parts[at], is_first=at == 0)
    return rows


def _theme_columns(overview: Overview) -> int:
    """Return the columns that the longest theme needs, within limits."""
    longest = max(text_pixels(theme, 10.5) for theme in overview.report.plan.themes)
    return min(max(ceil(longest / WIDTH), _LEAST_THEME), _MOST_THEME)


def _write_measure(
    overview: Overview,
    counts: Counts,
    row: int,
    source: int,
    part: tuple[str, str, str, list[ActionEvaluation]],
    *,
    is_first: bool,
) -> None:
    theme, name, where, actions = part
    edge: dict[str, object] = {"top": 1, "top_color": HAIRLINE} if theme and not is_first else {}
    put, formats = overview.canvas.put, overview.formats
    first, last = overview.layout.measures
    bar, of_theme = (first + _NAMED, last - _COUNT), _theme_columns(overview)
    bold = formats(bold=True, font_size=10.5, font_color=NAVY, **edge)
    put(row, (first, first + of_theme - 1), one_line(theme, of_theme * WIDTH + 16, 10.5), bold)
    named = one_line(name, (_NAMED - of_theme) * WIDTH + 36, 10.5)
    put(row, (first + of_theme, bar[0] - 1), named, formats(font_size=10.5, **edge))
    total = len(actions)
    put(row, (bar[1] + 1, last), f"{total}件", formats(font_size=10.5, align="right", **edge))
    if overview.report.plan.bands.has_points:
        bar = (bar[0], bar[1] - _POINTS)
        mean = overview.report.evaluation.points(actions)
        look = formats(font_size=10.5, align="right", num_format='0.00"点"', **edge)
        formula = formulas.mean_points(where, overview.in_list[POINTS])
        overview.canvas.formula(row, (bar[1] + 1, bar[1] + _POINTS), formula, "－" if mean is None else mean, look)
    _write_live(overview, source, name, counts.words, actions, where)
    if not total:
        return
    size = ((bar[1] - bar[0] + 1) * WIDTH, overview.layout.bar_row - 4)
    segments = counts.segments(overview, source, source, overview.report.evaluation.count(actions))
    chart = bars_of_grades(overview.book, segments, size, most=total)
    words = counts_text(overview.report.evaluation, actions)
    description = f"「{name}」の評価区分ごとの件数を表す帯グラフ。{words}"
    options = {"y_offset": 2, "object_position": 2, "description": description}
    overview.canvas.sheet.insert_chart(row - 1, bar[0] - 1, chart, options)
