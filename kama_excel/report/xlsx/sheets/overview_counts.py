"""The counts of 総括: the headline, a card per grade, the table by theme and measure, the bars by theme."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeVar

from kama_excel.domain.arithmetic import half_up
from kama_excel.evaluation import formulas
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.report.xlsx.sheets.action_list import ListReferences
from kama_excel.report.xlsx.sheets.overview_layout import ALL, COLUMNS, WIDTH, Overview
from kama_excel.spreadsheets.cells import a1, absolute, quoted
from kama_excel.spreadsheets.writing.measure import INDENT, column_pixels, row_points
from kama_excel.spreadsheets.writing.style import (
    FONT,
    HAIRLINE,
    INK,
    MUTED,
    NAVY,
    PALE,
    WHITE,
    grade_palette,
    grade_symbols,
)

T = TypeVar("T")

_NARROWEST_NAME = 6  # columns of the grid for the names of themes and measures
_MANY_MEASURES = 16  # beyond, their rows are lower
_HIGHEST_CHART, _BAR = 190, 28  # pixels


@dataclass(frozen=True, slots=True)
class CountTable:
    """Where the table by theme stands: the row of its headings, its themes' rows and its grades' columns."""

    heading_row: int
    theme_rows: tuple[int, ...]
    columns: tuple[int, ...]


def write_headline(overview: Overview, row: int, counts: Sequence[str]) -> None:
    """Write the sentence: how many are in the plan's 見出しの区分 or better."""
    plan, evaluation = overview.report.plan, overview.report.evaluation
    wanted = plan.bands.names.index(plan.headline_grade) + 1
    total, count = evaluation.in_force, evaluation.count()
    apart = list(zip(overview.categories, counts, strict=True))[len(plan.bands.names) :]
    named = '&"、"&'.join(f'{quoted(word)}&" "&{cell}&"件"' for word, cell in apart)
    words = quoted(f"件が{plan.headline_label}（")
    formula = f'"{total}アクション中 "&SUM({counts[0]}:{counts[wanted - 1]})&{words}&{named}&"）"'
    said = "、".join(f"{word} {count[word]}件" for word, _ in apart)
    text = f"{total}アクション中 {evaluation.reached}件が{plan.headline_label}（{said}）"
    look = overview.formats(bold=True, font_size=20, font_color=NAVY, align="center")
    overview.canvas.formula(row, ALL, formula, text, look)


def write_cards(overview: Overview, in_list: ListReferences) -> list[str]:
    """Write a card per grade: its word, how many, their share of the evaluated ones. Return the counts' cells."""
    canvas, formats, grades, plan = overview.canvas, overview.formats, overview.grades, overview.report.plan
    count = overview.report.evaluation.count()
    evaluated = sum(count[name] for name in grades)
    words = overview.categories
    colours = [grade_palette(grades)[name] for name in words]
    symbols = _with_apart(grade_symbols(plan.bands.marks), "－", overview)
    word_row, count_row, share_row = overview.next_row(23), overview.next_row(37), overview.next_row(16)
    spans = list(_spans(len(words)))
    cells = [absolute(a1(count_row, first)) for first, _ in spans]
    last = spans[len(grades) - 1][1]
    graded = f"SUM({cells[0]}:{absolute(a1(count_row, last))})"
    side = {"left": 1, "right": 1, "left_color": HAIRLINE, "right_color": HAIRLINE}
    figure = formats(bold=True, font_size=26, align="center", **side)
    foot = {"font_size": 9, "font_color": MUTED, "align": "center", "bottom": 1, "bottom_color": HAIRLINE, **side}
    share = formats(num_format="0.0%", **foot)
    for name, colour, symbol, span, cell in zip(words, colours, symbols, spans, cells, strict=True):
        look = {"bg_color": colour.fill, "font_color": colour.text}
        head = formats.boxed(bold=True, align="center", font_size=11, **look)
        canvas.put(word_row, span, name if name == symbol else f"{symbol} {name}", head)
        formula = f"SUMPRODUCT(--EXACT({in_list.categories},{quoted(name)}))"
        canvas.formula(count_row, span, formula, count[name], figure)
        if name not in grades:
            canvas.put(share_row, span, "（割合の対象外）", formats(**foot))
            continue
        value = half_up(Fraction(count[name], evaluated), 3) if evaluated else None
        canvas.formula(share_row, span, f'IF({graded}=0,"",ROUND({cell}/{graded},3))', value, share)
    shares = f"SUM({a1(share_row, 1)}:{a1(share_row, last)})"
    note, more = "割合は評価済みのアクションに対するものです。", "端数処理のため合計は100にならないことがあります。"
    rounded = [half_up(Fraction(count[name], evaluated), 3) for name in grades] if evaluated else [Fraction(1)]
    formula = f'"{note}"&IF(OR({graded}=0,ROUND({shares},3)=1),"","{more}")'
    said = note if sum(rounded, Fraction(0)) == 1 else note + more
    look = formats(font_size=8, font_color=MUTED, align="right")
    canvas.formula(overview.next_row(15), ALL, formula, said, look)
    return cells


def write_counts(overview: Overview, in_list: ListReferences) -> CountTable:
    """Write the counts by theme and by measure."""
    plan, evaluation, grades = overview.report.plan, overview.report.evaluation, overview.categories
    overview.section("テーマ・重点施策ごとの件数")
    totals = ("計", "平均点") if plan.bands.has_points else ("計",)
    has_room = COLUMNS - 2 * (len(grades) + len(totals)) >= _NARROWEST_NAME
    step = max(2 if has_room else 1, 12 // len(grades))
    name_span = (1, COLUMNS - step * (len(grades) + len(totals)))
    columns = tuple(name_span[1] + 1 + step * index for index in range(len(grades) + len(totals)))
    heading = overview.next_row(20)
    look = overview.formats.boxed(bold=True, align="center", bg_color=PALE, font_color=NAVY, font_size=9, shrink=True)
    overview.canvas.put(heading, name_span, "テーマ　／　重点施策", look)
    for column, word in zip(columns, (*grades, *totals), strict=True):
        overview.canvas.put(heading, (column, column + step - 1), word, look)
    theme_rows = []
    low = len(plan.measures) > _MANY_MEASURES

    def write(name: str, key: str, actions: Sequence[ActionEvaluation], *, is_theme: bool) -> int:
        counted = evaluation.count(actions)
        points = (8 if low else 10) if is_theme else 7 if low else 9
        least = (13 if low else 17) if is_theme else 11 if low else 14
        indent = 1 if is_theme else 2
        room = (columns[0] - 1) * column_pixels(WIDTH) - indent * INDENT
        row = overview.next_row(row_points(name, room, points, least=least, padding=1))
        size: dict[str, object] = {"font_size": points, "bold": is_theme, "font_color": INK if is_theme else MUTED}
        text = overview.formats.boxed(indent=indent, text_wrap=True, align="left", **size)
        overview.canvas.put(row, (1, columns[0] - 1), name, text)
        figure = overview.formats.boxed(align="center", num_format='0;-0;"－"', **size)
        for column, grade in zip(columns, grades, strict=False):
            word = absolute(a1(heading, column))
            formula = f"SUMPRODUCT(({key})*EXACT({in_list.categories},{word}))"
            overview.canvas.formula(row, (column, column + step - 1), formula, counted[grade], figure)
        total = columns[len(grades)]
        cells = f"{absolute(a1(row, columns[0]))}:{absolute(a1(row, total - 1))}"
        span = (total, total + step - 1)
        overview.canvas.formula(row, span, f"SUM({cells})", sum(counted.values()), figure)
        if plan.bands.has_points:
            mean = evaluation.points(actions)
            figure = overview.formats.boxed(align="center", num_format="0.00", shrink=True, **size)
            span = (columns[-1], columns[-1] + step - 1)
            overview.canvas.formula(
                row, span, formulas.mean_points(key, in_list.points), "－" if mean is None else mean, figure
            )
        return row

    for number, theme in enumerate(plan.themes, start=1):
        of_theme = [each for each in evaluation.actions if each.measure.theme == theme]
        theme_rows.append(write(theme, f"{in_list.themes}={number}", of_theme, is_theme=True))
        for measure in (each for each in plan.measures if each.theme == theme):
            of_measure = [each for each in of_theme if each.measure == measure]
            write(measure.name, f"{in_list.measures}={measure.no}", of_measure, is_theme=False)
    if plan.bands.has_points:
        write("計画全体", f"{in_list.themes}>0", evaluation.actions, is_theme=True)
    return CountTable(heading, tuple(theme_rows), columns)


def write_chart(overview: Overview, table: CountTable) -> None:
    """Draw the themes as stacked bars of their grades. Its series are the table's own cells."""
    overview.next_row(6)
    chart = overview.workbook.add_chart({"type": "bar", "subtype": "percent_stacked"})
    marks = overview.report.plan.bands.marks
    colours = [grade_palette(overview.grades)[name] for name in overview.categories]
    # Printed in grey, some colours are alike: the symbol of the cards above stands before the count. 未評価 has none: its
    # 「－」 would make the count a negative one.
    symbols = _with_apart([f"{symbol} " for symbol in grade_symbols(marks)], "", overview)

    def cells(column: int) -> str:
        return "=(" + ",".join(f"総括!{absolute(a1(row, column))}" for row in table.theme_rows) + ")"

    font = {"name": FONT, "size": 9, "color": INK}
    for column, colour, symbol in zip(table.columns, colours, symbols, strict=False):
        chart.add_series(
            {
                "name": [overview.canvas.name, table.heading_row - 1, column - 1],  # a text could be read as a formula
                "categories": cells(1),
                "values": cells(column),
                "fill": {"color": colour.fill},
                "border": {"color": WHITE, "width": 0.75},
                "gap": 45,
                "data_labels": {
                    "value": True,
                    "num_format": f'"{symbol}"0;;""',
                    "font": {**font, "color": colour.text},
                },
            }
        )
    chart.set_y_axis({"reverse": True, "num_font": font, "line": {"color": HAIRLINE}, "major_tick_mark": "none"})
    chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
    chart.set_legend({"position": "bottom", "font": font})
    chart.set_chartarea({"border": {"color": HAIRLINE}})
    chart.set_title({"none": True})
    height = 50 + min(_BAR * len(table.theme_rows), _HIGHEST_CHART)
    chart.set_size({"width": COLUMNS * column_pixels(WIDTH) - 2, "height": height})
    row = overview.next_row(height * 72 / 96 + 2)
    description = "テーマごとの評価区分の件数の割合を表す積み上げ横棒グラフ"
    options = {"x_offset": 1, "y_offset": 1, "description": description, "object_position": 2}
    overview.canvas.sheet.insert_chart(row - 1, 0, chart, options)


def _with_apart(of_grades: Sequence[T], apart: T, overview: Overview) -> tuple[T, ...]:
    """Return what the grades have, and behind it the same for all that is counted apart from them."""
    return (*of_grades, *[apart] * (len(overview.categories) - len(overview.grades)))


def _spans(count: int) -> Iterator[tuple[int, int]]:
    """Share the grid's columns among `count` cards as evenly as it goes."""
    for index in range(count):
        yield index * COLUMNS // count + 1, (index + 1) * COLUMNS // count
