"""表紙 and 目次: the plan's name, every action with its grade, and page numbers."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil
from typing import NamedTuple

from kama_excel.domain.calendar import year_label
from kama_excel.report.month_report import Report
from kama_excel.report.xlsx.page.page import PageReferences
from kama_excel.report.xlsx.sheets.list_references import ListReferences
from kama_excel.spreadsheets.cells import a1, quoted
from kama_excel.spreadsheets.writing.canvas import Canvas, Span
from kama_excel.spreadsheets.writing.measure import INDENT, balanced, row_points, text_pixels
from kama_excel.spreadsheets.writing.style import (
    FIGURES,
    HAIRLINE,
    MUTED,
    NAVY,
    PALE,
    WHITE,
    grade_look,
)

COVER, CONTENTS = "表紙", "目次"
_WIDE = 20
_WIDTH = 4.1
_ALL: Span = (2, _WIDE + 1)
_TILES = 10  # side by side
_MOST_TILES = 100
_TILE, _WORD_SIZE = 66, 8.5  # pixels across, points
_PAGE_POINTS = 730.0
_SIZE, _LEAST_POINTS, _PAPER_POINTS, _MOST_WIDER = 9.0, 15.5, 740.0, 1.3  # of the rows of 目次
_LEFT, _RIGHT = (1, 2, 3), (5, 6, 7)
_NAME_PIXELS = 276


def write_cover(canvas: Canvas, report: Report, pages: Sequence[PageReferences], in_list: ListReferences) -> None:
    """Write the cover: names, period, and a tile for each action in its grade's colour.

    The counts are live: `in_list` holds the columns of 一覧.
    """
    plan, formats = report.plan, canvas.formats
    canvas.widths(2.0, *[_WIDTH] * _WIDE)
    first, last = plan.fiscal_years[0], plan.fiscal_years[-1]
    headline = in_list.headline(plan, report.evaluation.actions)
    lines: tuple[tuple[str, int, dict[str, object], float], ...] = (
        (plan.municipality, 12, {"font_color": MUTED}, 60.0),
        (balanced(plan.name, canvas.span_pixels(_ALL) - INDENT, 26), 26, {"bold": True, "font_color": NAVY}, 44.0),
        ("報告書", 22, {"bold": True, "font_color": NAVY}, 40.0),
        (f"計画期間　{year_label(first)}〜{year_label(last)}", 12, {}, 30.0),
        (f"{report.month.label}分の報告による", 12, {"font_color": MUTED}, 22.0),
        (headline.text, 13, {"bold": True, "font_color": NAVY}, 44.0),
    )
    canvas.put(1, 1, None, formats(bg_color=NAVY), rows=len(lines))
    row = 0
    for text, size, look, least in lines:
        row += 1
        height = row_points(text, canvas.span_pixels(_ALL) - INDENT, size, least=least)
        canvas.height(row, height)
        cell = formats(font_size=size, text_wrap=True, valign="bottom", align="left", indent=1, **look)
        if text is headline.text:
            canvas.formula(row, _ALL, headline.formula, text, cell)
        else:
            canvas.put(row, _ALL, text, cell)
    row = _write_tiles(canvas, report, pages, row + 2) if len(pages) <= _MOST_TILES else row + 1
    _write_counts(canvas, report, in_list, row + 1)
    canvas.height(row + 3, max(_PAGE_POINTS - canvas.pixels(1, row + 2) * 72 / 96, 60))
    name = formats(font_size=14, bold=True, align="center", valign="bottom")
    canvas.put(row + 3, _ALL, plan.municipality, name)
    canvas.sheet.print_area(f"A1:{a1(row + 3, _WIDE + 1)}")
    canvas.link_beside("総括", "総括へ")
    canvas.print_setup(tall=1)


def _write_tiles(canvas: Canvas, report: Report, pages: Sequence[PageReferences], row: int) -> int:
    """Write a tile for each action, ten side by side; return the next row."""
    names = report.plan.bands.names
    edge = {"border": 2, "border_color": WHITE, "align": "center"}
    is_long = any(text_pixels(page.at.evaluation.grade_word, _WORD_SIZE) > _TILE for page in pages)
    for at, page in enumerate(pages):
        column, top = 2 + 2 * (at % _TILES), row + 2 * (at // _TILES)
        evaluation = page.at.evaluation
        look = {**edge, **grade_look(names, None)}
        canvas.height(top, 24)
        canvas.height(top + 1, 17)
        number = canvas.formats(bold=True, font_size=14, font_name=FIGURES, **look)
        canvas.link(top, (column, column + 1), page.sheet, evaluation.action.no, number)
        word = canvas.formats(font_size=_WORD_SIZE, shrink=is_long, **look)
        canvas.formula(top + 1, (column, column + 1), page.to(page.at.grade), evaluation.grade_word, word)
    last = row + 2 * ((len(pages) - 1) // _TILES)
    for top in range(row, last + 1, 2):
        right = a1(top, 2 * _TILES + 1)
        canvas.grade_colours(f"{a1(top, 2)}:{right}", a1(top + 1, 2), names)
        canvas.grade_colours(f"{a1(top + 1, 2)}:{a1(top + 1, 2 * _TILES + 1)}", a1(top + 1, 2), names)
    return last + 2


def _write_counts(canvas: Canvas, report: Report, in_list: ListReferences, row: int) -> None:
    """Write the number of actions of each grade, side by side in their colours."""
    counts = report.evaluation.count()
    wide = _WIDE // len(counts)
    canvas.height(row - 1, 8)
    canvas.height(row, 24)
    for at, (word, count) in enumerate(counts.items()):
        last = _WIDE + 1 if at == len(counts) - 1 else 1 + wide * (at + 1)
        look = grade_look(report.plan.bands.names, word if word in report.plan.bands.names else None)
        text = canvas.formats(bold=True, align="center", shrink=True, font_size=10, **look)
        formula = f"{quoted(f'{word} ')}&{in_list.count([quoted(word)])}"
        canvas.formula(row, (2 + wide * at, last), formula, f"{word} {count}", text)


class ContentsLine(NamedTuple):
    """A line of 目次: its text, its target sheet, and its level.

    Levels: 0 a theme, 1 a measure, 2 a page.
    """

    text: str
    sheet: str = ""
    level: int = 2


def contents_papers(lines: Sequence[ContentsLine]) -> int:
    """Return the number of printed pages of 目次."""
    return len(_shared_out(lines))


def _shared_out(lines: Sequence[ContentsLine]) -> list[list[tuple[ContentsLine, ...]]]:
    """Return the rows of each printed page.

    The pages are the fewest on which equal shares of the lines fit. A row is one line or two side by side; the left column is read first.
    """
    for papers in range(1, len(lines) + 1):
        count = ceil(len(lines) / papers / 2)
        shares = [_paired(lines[at:], count) for at in range(0, len(lines), 2 * count)]
        if count == 1 or all(sum(map(_row_points, share)) <= _PAPER_POINTS for share in shares):
            return shares
    return []


def _paired(lines: Sequence[ContentsLine], count: int) -> list[tuple[ContentsLine, ...]]:
    """Return `count` rows of the first lines, each with its neighbour in the right column."""
    return [tuple(lines[at : 2 * count : count]) for at in range(min(count, len(lines)))]


def _row_points(row: Sequence[ContentsLine]) -> float:
    return max(row_points(line.text, _NAME_PIXELS, _SIZE, least=_LEAST_POINTS) for line in row)


def write_contents(
    canvas: Canvas, report: Report, lines: Sequence[ContentsLine], page_numbers: Mapping[str, int]
) -> None:
    """Write 目次 in two columns; `page_numbers` of the printed report are by sheet name."""
    canvas.widths(5.0, 36.0, 5.0, 2.0, 5.0, 36.0, 5.0)
    papers = _shared_out(lines)
    blocks: list[Span] = []
    row = 0
    for number, paper in enumerate(papers):
        row += 1
        blocks.append((row, row + len(paper)))
        canvas.height(row, 30)
        title = canvas.formats(bold=True, font_size=18, font_color=NAVY, bottom=2, bottom_color=NAVY)
        canvas.put(row, (1, 7), f"{CONTENTS}（続き）" if number else CONTENTS, title)
        points = [*map(_row_points, paper)]
        wider = min(_PAPER_POINTS / sum(points), _MOST_WIDER)
        for pair, high in zip(paper, points, strict=True):
            row += 1
            canvas.height(row, high * wider)
            for columns, line in zip((_LEFT, _RIGHT), pair, strict=False):
                _write_line(canvas, row, columns, line, page_numbers.get(line.sheet))
    canvas.sheet.print_area(f"A1:{a1(row, 7)}")
    canvas.link_beside("総括", "総括へ")
    canvas.print_setup(footer=f"{report.plan.name}　{CONTENTS}", tall=1)
    if len(papers) > 1:
        canvas.keep_together(blocks)


def _write_line(
    canvas: Canvas, row: int, columns: tuple[int, int, int], line: ContentsLine, number: int | None
) -> None:
    first, _, last = columns
    look: dict[str, object] = {"font_size": 9}
    if line.level == 0:
        look |= {"bold": True, "font_color": WHITE, "bg_color": NAVY, "font_size": 10}
    elif line.level == 1:
        look |= {"bold": True, "font_color": NAVY, "bg_color": PALE}
    else:
        look |= {"bottom": 4, "bottom_color": HAIRLINE}
    look["text_wrap"] = True
    text = line.text
    span = (first, last - 1)
    if line.sheet:
        canvas.link(row, span, line.sheet, text, canvas.formats(**look, indent=int(line.level > 1)))
        canvas.put(row, last, number, canvas.formats(**look, align="right", font_name=FIGURES))
    else:
        canvas.put(row, (first, last), text, canvas.formats(**look))
