"""A theme's chapter page: counts by grade, and every action in a line with its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from kama_excel.evaluation import formulas
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.formulas import BandTable
from kama_excel.evaluation.rates import shown_rate
from kama_excel.report.month_report import Narrative, Report
from kama_excel.report.wording import counts_text
from kama_excel.report.xlsx.page.page import PageReferences
from kama_excel.report.xlsx.sheets.list_references import Headline, ListReferences
from kama_excel.spreadsheets.cells import a1, absolute, quoted
from kama_excel.spreadsheets.writing.book import Book
from kama_excel.spreadsheets.writing.canvas import Canvas, Span
from kama_excel.spreadsheets.writing.charts import Segments, bars_of_grades
from kama_excel.spreadsheets.writing.measure import INDENT, one_line, row_points
from kama_excel.spreadsheets.writing.style import CENTRED, FIGURES, LINED, MUTED, NAVY, PALE, WHITE, grade_palette
from kama_excel.spreadsheets.writing.table import Line, Table, TableCell, one_each

_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_FIRST_BAR = 3
_THEME_BAR, _MEASURE_BAR, _MOST_BARS = 40, 24, 8  # pixels, and the maximum number of measures with a bar
_FIRST_COUNT = 12  # the column of the first count
_OUTCOME_PIXELS = 248
_NUMBER = {"align": "right", "font_name": FIGURES}
_COLUMNS = 6
_PAGE_PIXELS = 1080  # still readable on A4: 9 pt become 8 pt


class Chapter(NamedTuple):
    """A written theme page: the number of printed pages, the row of each action's sheet."""

    papers: int
    rows: Mapping[str, int]


def chapter_sheet(report: Report, theme: str) -> str:
    """Return the name of a theme's sheet: テーマII."""
    return f"テーマ{theme_numeral(report, theme)}"


def theme_numeral(report: Report, theme: str) -> str:
    """Return a theme's number as a Roman numeral, from XI on in digits."""
    at = report.plan.themes.index(theme)
    return _NUMERALS[at] if at < len(_NUMERALS) else str(at + 1)


def write_chapter(
    book: Book,
    canvas: Canvas,
    report: Report,
    theme: str,
    pages: Sequence[PageReferences],
    words: Mapping[int, tuple[Narrative, ...]],
    in_list: ListReferences,
) -> Chapter:
    """Write a theme's page without page numbers.

    `pages` are those of its actions, `in_list` the columns of 一覧.
    """
    plan, formats = report.plan, canvas.formats
    rate = {"align": "right", "font_name": FIGURES, "num_format": plan.bands.rounding.number_format, "bold": True}
    columns, widths = one_each(
        ("No", 4.0, CENTRED),
        ("アクション", 32.0),
        ("評価区分", 9.5, {**CENTRED, "bold": True}),
        ("達成率", 7.5, rate),
        ("成果", 36.0, {"text_wrap": False}),
        ("頁", 4.5, _NUMBER),
    )
    canvas.widths(*widths)
    evaluations = [page.at.evaluation for page in pages]
    canvas.height(1, 34)
    band = {"bold": True, "font_color": WHITE, "bg_color": NAVY}
    canvas.put(1, 1, theme_numeral(report, theme), formats(font_size=18, align="center", **band))
    name = one_line(theme, canvas.span_pixels((2, 4)) - INDENT, 16)
    canvas.put(1, (2, 4), name, formats(font_size=16, indent=1, **band))
    first, last = evaluations[0].action.no, evaluations[-1].action.no
    numbers = f"アクション {first}" + (f"〜{last}" if last != first else "")
    canvas.put(1, (5, 6), numbers, formats(font_size=10, align="right", indent=1, **band))
    in_theme = f"{in_list['テーマNo']}={plan.themes.index(theme) + 1}"
    _write_sentence(canvas, report, evaluations, in_list.headline(plan, evaluations, in_theme))
    measures = [each for each in plan.measures if any(mine.measure.no == each.no for mine in evaluations)]
    measures = measures if 1 < len(measures) <= _MOST_BARS else []
    heading_row = _FIRST_BAR + len(measures) + 2
    table = Table(columns, size=9.0, least=19.0, base=LINED)
    table.write_headings(canvas, heading_row)
    lines = table.lines(canvas)
    rows: dict[str, int] = {}
    blocks: list[Span] = []
    row, measure, bands = heading_row + 1, "", BandTable.in_workbook(plan.bands)
    for page in pages:
        each, begins = page.at.evaluation, row
        if each.measure.name != measure:
            measure = each.measure.name
            canvas.height(row, row_points(measure, canvas.span_pixels((1, 6)) - INDENT, 9, least=19))
            look = formats(
                bold=True, font_size=9, font_color=NAVY, bg_color=PALE, indent=1, text_wrap=True, align="left"
            )
            canvas.put(row, (1, 6), measure, look)
            row += 1
        outcome = next(
            (word.outcome for word in words.get(each.action.no, ()) if word.outcome), "（成果の報告はまだありません）"
        )
        line: Line = (
            TableCell(each.action.no, link=page.sheet),
            each.action.name,
            TableCell(each.grade_word, formula=page.to(page.at.grade)),
            TableCell(
                None if each.adopted is None else shown_rate(each.adopted, plan.bands),
                formula=formulas.shown(page.to(page.at.adopted), bands),
            ),
            one_line(outcome.replace("\n", "　"), _OUTCOME_PIXELS, 9),
            None,
        )
        lines.write(row, line)
        rows[page.sheet] = row
        blocks.append((begins if blocks else 1, row))
        row += 1
    canvas.grade_colours(f"C{heading_row + 1}:{a1(row - 1, 3)}", f"$C{heading_row + 1}", plan.bands.names)
    bars = _Bars(book, canvas, report, in_list)
    bars.write(_FIRST_BAR, "", evaluations, in_theme)
    for at, of_plan in enumerate(measures, start=_FIRST_BAR + 1):
        mine = [each for each in evaluations if each.measure.no == of_plan.no]
        bars.write(at, of_plan.name, mine, f"{in_list['施策No']}={of_plan.no}")
    canvas.height(heading_row - 1, 8)
    canvas.sheet.print_area(f"A1:{a1(row - 1, _COLUMNS)}")
    canvas.sheet.repeat_rows(heading_row - 1)
    canvas.link_beside("総括", "総括へ")
    is_on_one = canvas.pixels(1, row - 1) <= _PAGE_PIXELS
    canvas.print_setup(footer=f"{plan.name}　{report.month.label}分", tall=int(is_on_one))
    papers = 1 if is_on_one else canvas.keep_together(blocks, repeated=heading_row)
    return Chapter(papers, rows)


def number_chapter(canvas: Canvas, page: Chapter, page_numbers: Mapping[str, int]) -> None:
    """Write each action's page number beside it; `page_numbers` are by sheet."""
    look = canvas.formats.text(**{"font_size": 9.0, **LINED, **_NUMBER})
    for sheet, row in page.rows.items():
        canvas.put(row, _COLUMNS, page_numbers[sheet], look)


def _write_sentence(
    canvas: Canvas, report: Report, evaluations: Sequence[ActionEvaluation], headline: Headline
) -> None:
    """Write how many of the theme's actions have 見出しの区分 or a better grade, now and before."""
    canvas.height(2, 28)
    formula, text, now, reached = headline
    if len(report.states) > 1:
        names, numbers = report.plan.bands.names, {each.action.no for each in evaluations}
        good = names[: names.index(report.plan.headline_grade) + 1]
        actions = report.states[-2].evaluation.actions
        was = sum(each.category in good for each in actions if each.action.no in numbers)
        more, less, same = "件増）", "件減）", f"（{report.before_label}から増減なし）"
        moved = f'"（{report.before_label}から"&ABS({now}-{was})&IF({now}>{was},{quoted(more)},{quoted(less)})'
        formula += f"&IF({now}={was},{quoted(same)},{moved})"
        text += (
            same
            if reached == was
            else f"（{report.before_label}から{abs(reached - was)}{more if reached > was else less}"
        )
    look = canvas.formats(bold=True, font_size=13, font_color=NAVY)
    canvas.formula(2, (1, _COLUMNS), formula, text, look)


class _Bars(NamedTuple):
    """Bars of the counts by grade, over live counts right of the print area."""

    book: Book
    canvas: Canvas
    report: Report
    in_list: ListReferences

    def write(self, row: int, name: str, evaluations: Sequence[ActionEvaluation], where: str) -> None:
        """Write a bar of the actions under a condition.

        The bar is across the page, or beside a measure's name.
        """
        formats, plan, counts = self.canvas.formats, self.report.plan, self.report.evaluation.count(evaluations)
        palette, marks = grade_palette(plan.bands.names), dict(zip(plan.bands.names, plan.bands.marks, strict=True))
        high = _MEASURE_BAR if name else _THEME_BAR
        span: Span = (4, 5) if name else (1, _COLUMNS)
        self.canvas.height(row, high * 72 / 96)
        if name:
            self.canvas.put(row, (1, 3), one_line(name, self.canvas.span_pixels((1, 3)), 9), formats(font_size=9))
            self.canvas.put(row, _COLUMNS, f"{len(evaluations)}件", formats(font_size=9, align="right"))
        look = formats(font_size=9, font_color=MUTED)
        segments = []
        for column, (word, count) in enumerate(counts.items(), start=_FIRST_COUNT):
            self.canvas.put(_FIRST_BAR - 1, column, word, look)
            formula = self.in_list.count([absolute(a1(_FIRST_BAR - 1, column))], where)
            self.canvas.formula(row, column, formula, count, look)
            cell = f"='{self.canvas.name}'!{absolute(a1(row, column))}"
            place = (self.canvas.name, _FIRST_BAR - 1, column)
            segments.append(Segments(word, marks.get(word, ""), place, cell, palette[word], count))
        size = (self.canvas.span_pixels(span), high - 4)
        chart = bars_of_grades(self.book, segments, size, most=len(evaluations), font_size=10 if name else 12)
        words = counts_text(self.report.evaluation, evaluations)
        description = f"{f'「{name}」' if name else 'テーマ'}の評価区分ごとの件数を表す帯グラフ。{words}"
        options = {"y_offset": 2, "object_position": 2, "description": description}
        self.canvas.sheet.insert_chart(row - 1, span[0] - 1, chart, options)
