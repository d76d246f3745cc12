"""A theme's chapter page: how many of its actions reached what, and every action in one line with its page."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kama_excel.evaluation import formulas
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.formulas import BandTable
from kama_excel.evaluation.rates import shown_rate
from kama_excel.report.month_report import Narrative, Report
from kama_excel.report.xlsx.page.page import PageReferences
from kama_excel.spreadsheets.cells import a1
from kama_excel.spreadsheets.writing.canvas import Canvas
from kama_excel.spreadsheets.writing.measure import one_line
from kama_excel.spreadsheets.writing.style import CENTRED, FIGURES, LINED, MUTED, NAVY, PALE, WHITE
from kama_excel.spreadsheets.writing.table import Line, Table, TableCell, one_each

_NUMERALS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X")
_FIRST = 5
_OUTCOME_PIXELS = 320
_ROWS, _SCALE = 40, 86  # of a page where a theme needs several


def theme_sheet(report: Report, theme: str) -> str:
    """Return the name of a theme's sheet: テーマII."""
    return f"テーマ{theme_numeral(report, theme)}"


def theme_numeral(report: Report, theme: str) -> str:
    """Return a theme's number as a Roman numeral, from XI on as a figure."""
    at = report.plan.themes.index(theme)
    return _NUMERALS[at] if at < len(_NUMERALS) else str(at + 1)


def theme_papers(evaluations: Sequence[ActionEvaluation]) -> int:
    """Return how many sheets of paper a theme's page takes."""
    rows = _FIRST - 1 + len(evaluations) + len({each.measure.no for each in evaluations})
    return -(-rows // _ROWS) if rows > _ROWS + 12 else 1


def write_theme(
    canvas: Canvas,
    report: Report,
    theme: str,
    pages: Sequence[PageReferences],
    words: Mapping[int, tuple[Narrative, ...]],
    page_numbers: Mapping[str, int],
) -> None:
    """Write a theme's page. `pages` are those of its actions, `page_numbers` the printed report's by sheet."""
    plan, formats = report.plan, canvas.formats
    rate = {"align": "right", "font_name": FIGURES, "num_format": plan.bands.rounding.number_format, "bold": True}
    columns, widths = one_each(
        ("No", 4.5, CENTRED),
        ("アクション", 36.0),
        ("評価区分", 10.5, {**CENTRED, "bold": True}),
        ("達成率", 8.0, rate),
        ("成果", 44.0, {"text_wrap": False}),
        ("頁", 4.5, {"align": "right", "font_name": FIGURES}),
    )
    canvas.widths(*widths)
    evaluations = [page.at.evaluation for page in pages]
    canvas.height(1, 34)
    band = {"bold": True, "font_color": WHITE, "bg_color": NAVY}
    canvas.put(1, 1, theme_numeral(report, theme), formats(font_size=18, align="center", **band))
    canvas.put(1, (2, 4), theme, formats(font_size=16, indent=1, **band))
    numbers = f"アクション {evaluations[0].action.no}〜{evaluations[-1].action.no}"
    canvas.put(1, (5, 6), numbers, formats(font_size=10, align="right", indent=1, **band))
    canvas.height(2, 28)
    canvas.put(2, (1, 6), _sentence(report, evaluations), formats(bold=True, font_size=13, font_color=NAVY))
    canvas.height(3, 20)
    canvas.put(3, (1, 6), _counts(report, evaluations), formats(font_size=9, font_color=MUTED))
    table = Table(columns, size=9.0, least=19.0, base=LINED)
    table.write_headings(canvas, 4)
    row, measure, bands = _FIRST, "", BandTable.in_workbook(plan.bands)
    for page in pages:
        each = page.at.evaluation
        if each.measure.name != measure:
            measure = each.measure.name
            canvas.height(row, 19)
            look = formats(bold=True, font_size=9, font_color=NAVY, bg_color=PALE, indent=1)
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
            page_numbers.get(page.sheet),
        )
        table.write_line(canvas, row, line)
        row += 1
    canvas.grade_colours(f"C{_FIRST}:{a1(row - 1, 3)}", f"$C{_FIRST}", plan.bands.names)
    canvas.sheet.print_area(f"A1:{a1(row - 1, 6)}")
    canvas.sheet.repeat_rows(3)
    canvas.print_setup(footer=f"{plan.name}　{report.month.label}分", tall=1)
    if theme_papers(evaluations) > 1:
        canvas.sheet.set_print_scale(_SCALE)
        canvas.sheet.set_h_pagebreaks([*range(_ROWS, row - 1, _ROWS)])


def _sentence(report: Report, evaluations: Sequence[ActionEvaluation]) -> str:
    """Return how many of the theme's actions have the plan's 見出しの区分 or better, now and the month before."""
    plan = report.plan
    good = set(plan.bands.names[: plan.bands.names.index(plan.headline_grade) + 1])
    numbers = {each.action.no for each in evaluations}
    reached = sum(each.category in good for each in evaluations)
    text = f"{sum(not each.is_ended for each in evaluations)}アクションのうち {reached}件が「{plan.headline_grade}」"
    text += "です" if plan.headline_grade == plan.bands.names[0] else "以上です"
    if len(report.states) > 1:
        before = report.states[-2].evaluation.actions
        was = sum(each.category in good for each in before if each.action.no in numbers)
        moved = reached - was
        way = "増" if moved > 0 else "減"
        text += f"（前月から{abs(moved)}件{way}）" if moved else "（前月から増減なし）"
    return text


def _counts(report: Report, evaluations: Sequence[ActionEvaluation]) -> str:
    """Return how many of the theme's actions have each grade."""
    counts = report.evaluation.count(evaluations)
    return "　".join(f"{word} {count}件" for word, count in counts.items() if count)
