"""結果のお知らせ: a department's result of a month as a workbook of one A4 page."""

from __future__ import annotations

from collections.abc import Sequence

from kama_excel.report.department_result import ActionLine, DepartmentResult
from kama_excel.spreadsheets.writing.canvas import Canvas, Span
from kama_excel.spreadsheets.writing.fast_xlsxwriter import new_book
from kama_excel.spreadsheets.writing.measure import INDENT, one_line, row_points, text_pixels
from kama_excel.spreadsheets.writing.style import (
    APART,
    CENTRED,
    FIGURES,
    MUTED,
    NAVY,
    PALE,
    SIZE,
    WHITE,
    Formats,
    grade_look,
    grade_palette,
    short_grade,
)
from kama_excel.spreadsheets.writing.table import Column, Line, Table, TableCell, last_row

NAME = "結果のお知らせ"
_COLUMNS = 24
_WIDTH = 3.6
_ALL = (1, _COLUMNS)
_SIZE = 9.5
_FIGURE = {"align": "right", "font_name": FIGURES}
_ACTIONS = Table(
    (
        *(Column("No", 1, CENTRED), Column("アクション", (2, 8)), Column("担い手", (9, 10), CENTRED)),
        *(Column("達成率", (11, 12), _FIGURE), Column("評価区分", (13, 15), CENTRED)),
        *(Column("前月から", (16, 17), _FIGURE), Column("前月から変わった報告", (18, 24), {"font_size": 9.0})),
    ),
    title="アクションごとの結果",
    size=_SIZE,
)
_SETTLED = Table(
    (
        *(Column("No", 1, CENTRED), Column("対象", (2, 10)), Column("内容", (11, 14), CENTRED)),
        *(Column("決定・訂正", (15, 18)), Column("理由", (19, 24))),
    ),
    title="訂正された値・算定方法の決定",
    size=_SIZE,
)
_REQUESTS = Table(
    (Column("No", 1, CENTRED), Column("お願い", (2, 21)), Column("様式の場所", (22, 24), CENTRED)),
    title="次回のご報告でお願いすること",
    size=_SIZE,
)
_NEEDED = Table(
    (Column("No", 1, CENTRED), Column("アクション", (2, 10)), Column("次の区分に必要な水準", (11, 24))),
    title="次の区分に必要な水準",
    size=_SIZE,
)


def write_department_page(result: DepartmentResult) -> bytes:
    """Return the workbook. The same result gives the same bytes."""
    title = f"{result.department}　結果のお知らせ"
    book = new_book(f"{title} {result.month.label}分", result.plan.municipality, result.month.last_day)
    canvas = Canvas(book, NAME, Formats(book))
    canvas.widths(*[_WIDTH] * _COLUMNS)
    row = _write_head(canvas, result, title)
    row = _write_grades(canvas, row, result)
    names = result.plan.bands.names
    headings = row + 1
    table = _ACTIONS.reworded("前月", result.before)
    (_, begun), *rest = table.write(canvas, row, [_action(each, names) for each in result.actions])
    blocks = [(1, begun), *rest]
    canvas.print_setup(
        footer=f"{result.plan.full_name}　{result.department}　{result.month.label}分",
        margins=(0.4, 0.6, 0.65),
    )
    of_actions = canvas.keep_together(blocks, repeated=headings)
    settled: list[Line] = [
        (each.action_no, each.what, TableCell(each.outcome, {"bold": True}), each.who, each.reason)
        for each in result.settled
    ]
    blocks += _after(blocks, _SETTLED.write(canvas, last_row(blocks) + 2, settled))
    requests: list[Line] = [(each.action_no, each.text, each.where) for each in result.requests]
    blocks += _after(blocks, _REQUESTS.write(canvas, last_row(blocks) + 2, requests))
    row = last_row(blocks) + 2
    _sentence(canvas, row, result.next_form, bold=True, size=11.0, bg_color=PALE, border=2, border_color=NAVY, indent=1)
    blocks += _after(blocks, [(row, row)])
    if result.needed:
        blocks += _after(blocks, _NEEDED.write(canvas, row + 2, result.needed))
    if of_actions > 1 and canvas.keep_together(blocks, repeated=headings) == of_actions:
        canvas.sheet.repeat_rows(headings - 1)
    else:  # the headings would be above other tables
        canvas.keep_together(blocks)
    return book.to_bytes()


def _after(before: Sequence[Span], blocks: Sequence[Span]) -> list[Span]:
    """Return blocks including the gap after those before."""
    (_, last), *rest = blocks
    return [(last_row(before) + 1, last), *rest]


def _write_head(canvas: Canvas, result: DepartmentResult, title: str) -> int:
    """Write title, plan, contact, headline and summary; return the next free row."""
    formats, plan = canvas.formats, result.plan
    canvas.height(1, 38)
    shown = one_line(title, canvas.span_pixels((1, 16)) - INDENT, 18)
    canvas.put(1, (1, 16), shown, formats(bold=True, font_size=18, font_color=WHITE, bg_color=NAVY, indent=1))
    month = formats(font_color=WHITE, bg_color=NAVY, align="right", indent=1)
    canvas.put(1, (17, _COLUMNS), f"{result.month.label}分", month)
    quiet = {"font_size": _SIZE, "font_color": MUTED, "text_wrap": True}
    texts = ((plan.name, (1, 12), "left"), (plan.ask, (13, _COLUMNS), "right"))
    canvas.height(2, max(row_points(text, canvas.span_pixels(span), _SIZE, least=20) for text, span, _ in texts))
    for text, span, align in texts:
        canvas.put(2, span, text, formats(**quiet, align=align))
    _sentence(canvas, 3, result.headline, bold=True, size=13.0, font_color=NAVY)
    _sentence(canvas, 4, result.summary, size=10.0)
    return 5


def _write_grades(canvas: Canvas, row: int, result: DepartmentResult) -> int:
    """Write a strip with a part for each grade, as wide as its share; return the next row."""
    canvas.height(row, 8)
    counts = [(name, result.grades[name]) for name in (*result.plan.bands.names, *APART) if result.grades[name]]
    palette = grade_palette(result.plan.bands.names)
    canvas.height(row + 1, 24)
    total, done, first = sum(count for _, count in counts), 0, 1
    for at, (name, count) in enumerate(counts, start=1):
        done += count
        still = len(counts) - at
        last = _COLUMNS if not still else max(first + 1, min(round(_COLUMNS * done / total), _COLUMNS - 2 * still))
        colour = palette[name]
        look = canvas.formats(bold=True, align="center", bg_color=colour.fill, font_color=colour.text)
        texts = (f"{name} {count}", f"{short_grade(name)}{count}")
        room = canvas.span_pixels((first, last))
        fitting = (text for text in texts if text_pixels(text, SIZE) <= room)
        canvas.put(row + 1, (first, last), next(fitting, str(count)), look)
        first = last + 1
    canvas.height(row + 2, 8)
    return row + 3


def _action(line: ActionLine, names: Sequence[str]) -> Line:
    evaluation = line.evaluation
    category = TableCell(evaluation.category, {"bold": True, **grade_look(names, evaluation.grade)})
    rate = TableCell(evaluation.shown or "－", {"bold": True})
    return (evaluation.action.no, evaluation.action.name, line.role, rate, category, line.moved, line.changes)


def _sentence(canvas: Canvas, row: int, text: str, *, size: float, **look: object) -> None:
    canvas.height(row, row_points(text, canvas.span_pixels(_ALL) - INDENT, size, least=size * 2))
    canvas.put(row, _ALL, text, canvas.formats(font_size=size, text_wrap=True, **look))
