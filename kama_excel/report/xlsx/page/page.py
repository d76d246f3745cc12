"""One printed page per action: the report in the document's order, then the calculation."""

from __future__ import annotations

from typing import NamedTuple

from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.report.month_report import CaptionedPicture, Narrative, Report
from kama_excel.report.xlsx.page.addresses import COLUMNS, Addresses, Inputs
from kama_excel.report.xlsx.page.layout import Page, span_pixels, text_row
from kama_excel.report.xlsx.page.page_rates import write_rates
from kama_excel.report.xlsx.page.reports import write_reports
from kama_excel.report.xlsx.page.result import write_result
from kama_excel.report.xlsx.page.summary import write_page_overview
from kama_excel.spreadsheets.writing.book import Book
from kama_excel.spreadsheets.writing.measure import one_line
from kama_excel.spreadsheets.writing.paging import PageRow
from kama_excel.spreadsheets.writing.style import MUTED, NAVY, OUTCOME, WHITE, Formats

NOT_REPORTED = "（報告がありません）"
_HEADLINE = 60  # characters; a longer 成果 has the size of the other texts
_PATH, _NO, _TITLE, _MONTH = (1, 28), (1, 6), (7, 36), (37, COLUMNS)
_OVERVIEW, _LIST, _PREVIOUS, _NEXT = (29, 32), (33, 36), (37, 40), (41, COLUMNS)


class PageReferences(NamedTuple):
    """The cells of an action's exact figures and its tasks, for other sheets."""

    sheet: str
    at: Addresses
    inputs: Inputs
    papers: int = 1
    """The number of its printed pages."""

    def to(self, address: str) -> str:
        """Return a reference to a cell of the page."""
        return f"'{self.sheet}'!{address}"

    def tasks(self, fiscal_year: int, column: int) -> str:
        """Return a reference to a column of a year's tasks."""
        return self.to(self.inputs.tasks(fiscal_year, column))


def write_page(
    workbook: Book,
    formats: Formats,
    report: Report,
    evaluation: ActionEvaluation,
    words: tuple[Narrative, ...],
    pictures: tuple[CaptionedPicture, ...],
    data_rows: dict[str, str],
) -> PageReferences:
    """Write an action's page and return the cells of its figures.

    `data_rows` is the data row of each 管理番号.
    """
    page = Page(workbook, formats, report, evaluation, data_rows)
    _write_head(page)
    write_page_overview(page, pictures)
    write_result(page)
    _write_words(page, words)
    page.begin_part()
    write_rates(page)
    if evaluation.is_planned and not report.is_public:
        write_reports(page, words, pictures)
    papers = page.finish()
    return PageReferences(page.canvas.name, page.at, page.inputs, papers)


def _write_head(page: Page) -> None:
    evaluation, canvas, formats = page.evaluation, page.canvas, page.formats
    actions = page.report.evaluation.actions
    at = actions.index(evaluation)
    measure = evaluation.measure
    name = evaluation.action.name
    band = {"bold": True, "font_size": 16, "font_color": WHITE, "bg_color": NAVY}

    def draw_links(row: int) -> None:
        path = one_line(f"{measure.theme}　＞　{measure.name}", span_pixels(_PATH), 9)
        canvas.put(row, _PATH, path, formats(font_size=9, font_color=MUTED))
        look = formats.link(align="right")
        canvas.link(row, _OVERVIEW, "総括", "総括へ", look)
        canvas.link(row, _LIST, "一覧", "一覧へ", look)
        for columns, other, word in ((_PREVIOUS, at - 1, "前へ"), (_NEXT, at + 1, "次へ")):
            if 0 <= other < len(actions):
                action = actions[other].action
                canvas.link(row, columns, page.report.page_name(action), f"{word} {action.no}", look)

    def draw_title(row: int) -> None:
        canvas.put(row, _NO, evaluation.action.no, formats(**{**band, "font_size": 20}, align="center", shrink=True))
        canvas.put(row, _TITLE, name, formats(**band, text_wrap=True, indent=1))
        month = {**band, "bold": False, "font_size": 10}
        canvas.put(row, _MONTH, f"{page.report.month.label}分", formats(**month, align="right", indent=1))

    page.add(PageRow(18, 16, draw_links), text_row([(name, _TITLE, 16)], draw_title, least=34))


def _write_words(page: Page, narratives: tuple[Narrative, ...]) -> None:
    """Write 成果, 取り組んだこと and 課題 with the departments' names, or that none are reported."""
    for label, field in (("成果", "outcome"), ("取り組んだこと", "efforts"), ("課題", "challenges")):
        texts = [(each.department, str(getattr(each, field))) for each in narratives if getattr(each, field)]
        if not texts:
            page.labelled(label, [("", NOT_REPORTED)], font_color=MUTED)
        elif field != "outcome":
            page.labelled(label, texts)
        elif all(len(text) <= _HEADLINE for _, text in texts):
            page.labelled(label, texts, size=13, bold=True, font_color=OUTCOME)
        else:
            page.labelled(label, texts, font_color=OUTCOME)
