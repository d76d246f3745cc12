"""One printed page per action: the report block in the document's order, then how the rate came about."""

from __future__ import annotations

from dataclasses import dataclass

from xlsxwriter import Workbook

from kama_excel.evaluation import ActionEvaluation, shown_rate
from kama_excel.look import MUTED, NAVY, WHITE, Formats, row_points
from kama_excel.report.calculation import Calculation
from kama_excel.report.canvas import shown_formula
from kama_excel.report.model import Report, status_text
from kama_excel.report.page_rates import write_rates
from kama_excel.report.paper import COLUMNS, LABEL, Page, span_pixels
from kama_excel.report.words import Words, joined

_UNEVALUATED = {"bg_color": "#E3E5E8", "font_color": "#3B424C"}


@dataclass(frozen=True, slots=True)
class PageReferences:
    """Where other sheets find an action's exact figures."""

    sheet: str
    calculation: Calculation

    def to(self, address: str) -> str:
        """Return a reference to a cell of the page."""
        return f"'{self.sheet}'!{address}"


def write_page(
    workbook: Workbook,
    formats: Formats,
    report: Report,
    evaluation: ActionEvaluation,
    words: tuple[Words, ...],
    data_rows: dict[str, str],
) -> PageReferences:
    """Write an action's page and return where its figures stand. `data_rows` is where each 管理番号 has its data."""
    page = Page(workbook, formats, report, evaluation, data_rows)
    _write_head(page)
    _write_overview(page)
    _write_result(page)
    _write_words(page, words)
    write_rates(page)
    page.finish()
    return PageReferences(page.canvas.name, page.calculation)


def _write_head(page: Page) -> None:
    evaluation, canvas, formats = page.evaluation, page.canvas, page.formats
    actions = page.report.evaluation.actions
    following = actions[actions.index(evaluation) + 1 :][:1]
    row = page.next_row(18)
    measure = evaluation.measure
    canvas.put(row, (1, 9), f"{measure.theme}　＞　{measure.name}", formats(font_size=9, font_color=MUTED))
    link = formats(font_size=9, font_color="#2F74B0", underline=1, align="right")
    canvas.formula(row, (10, 11), 'HYPERLINK("#\'一覧\'!A1","一覧へ戻る")', "一覧へ戻る", link)
    for each in following:
        name = page.report.page_name(each.action)
        canvas.formula(row, COLUMNS, f'HYPERLINK("#\'{name}\'!A1","次へ")', "次へ", link)
    title = (2, COLUMNS)
    row = page.next_row(row_points(evaluation.action.name, span_pixels(title), 16, least=36))
    band = {"bold": True, "font_size": 16, "font_color": WHITE, "bg_color": NAVY}
    canvas.put(row, 1, evaluation.action.no, formats(**band, align="center"))
    canvas.put(row, title, evaluation.action.name, formats(**band, text_wrap=True))


def _write_overview(page: Page) -> None:
    action = page.evaluation.action
    page.section("概要")
    for label, text in (
        ("目指すこと", action.aim),
        ("やること", action.approach),
        ("目標（値）", action.target_text),
        ("担い手", action.owners),
    ):
        if text:
            page.labelled(label, text)
        else:
            page.labelled(label, "（計画台帳に登録がありません）", font_color=MUTED)


def _write_result(page: Page) -> None:
    """Write 目標達成率: the grade's word large, the rate, and what it rests on."""
    evaluation, canvas, formats, calculation = page.evaluation, page.canvas, page.formats, page.calculation
    status = status_text(evaluation)
    row = page.next_row(row_points(status, span_pixels((10, COLUMNS)), 10, least=52))
    canvas.put(row, LABEL, "目標達成率", page.label_format)
    word = formats.boxed(bold=True, font_size=24, align="center", **_UNEVALUATED)
    canvas.formula(row, (3, 6), calculation.grade, evaluation.grade or "未評価", word)
    canvas.grade_colours(f"C{row}:F{row}", f"$C${row}", page.report.evaluation)
    rate = formats.boxed(bold=True, font_size=22, align="center", num_format="0.0%")
    shown = None if evaluation.adopted is None else shown_rate(evaluation.adopted, evaluation.bands)
    canvas.formula(row, (7, 9), shown_formula(calculation.adopted), shown, rate)
    said = formats.boxed(text_wrap=True, align="center", font_color="#8A3A12", bold=True)
    canvas.put(row, (10, COLUMNS), "" if evaluation.adopted is None else status, said)


def _write_words(page: Page, words: tuple[Words, ...]) -> None:
    """Write 成果 and やったこと as the departments wrote them; where nobody did, the page says so."""
    outcome, efforts, challenges = (joined(words, name) for name in ("outcome", "efforts", "challenges"))
    if outcome:
        page.labelled("成果", outcome, size=13, least=34.0, bold=True, font_color="#0B4A86")
    else:
        page.labelled("成果", "（報告がありません）", font_color=MUTED)
    for label, text in (("取り組んだこと", efforts), ("課題", challenges)):
        if text:
            page.labelled(label, text, valign="top", least=40.0)
        else:
            page.labelled(label, "（報告がありません）", font_color=MUTED)
