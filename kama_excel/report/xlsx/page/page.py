"""One printed page per action: the report block in the document's order, then how the rate came about."""

from __future__ import annotations

from dataclasses import dataclass

from kama_excel.evaluation import formulas
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.formulas import BandTable
from kama_excel.evaluation.rates import shown_rate
from kama_excel.merge.pictures import PlacedPicture
from kama_excel.report.month_report import Narrative, Report, joined
from kama_excel.report.wording import status_text
from kama_excel.report.xlsx.page.addresses import Addresses
from kama_excel.report.xlsx.page.layout import COLUMNS, LABEL, LINK, Page, span_pixels, text_row
from kama_excel.report.xlsx.page.page_rates import write_rates
from kama_excel.report.xlsx.page.summary import write_page_overview
from kama_excel.spreadsheets.cells import quoted
from kama_excel.spreadsheets.writing.fast_xlsxwriter import ReportBook
from kama_excel.spreadsheets.writing.measure import one_line
from kama_excel.spreadsheets.writing.paging import Row
from kama_excel.spreadsheets.writing.style import MUTED, NAVY, WHITE, Formats

_UNEVALUATED = {"bg_color": "#E3E5E8", "font_color": "#3B424C"}
_OUTCOME = "#0B4A86"
_HEADLINE = 60  # characters; a longer 成果 reads better in the size of the other texts
_PATH, _TITLE, _STATUS = (1, 8), (2, COLUMNS), (10, COLUMNS)


@dataclass(frozen=True, slots=True)
class PageReferences:
    """Where other sheets find an action's exact figures and its tasks."""

    sheet: str
    at: Addresses
    years: dict[int, tuple[int, int]]
    """Per fiscal year with tasks their first and last row: 担当課 in A, 実施 in I, the weight in N."""

    def to(self, address: str) -> str:
        """Return a reference to a cell of the page."""
        return f"'{self.sheet}'!{address}"

    def tasks(self, fiscal_year: int, column: str) -> str:
        """Return a reference to a column of a year's tasks."""
        first, last = self.years[fiscal_year]
        return self.to(f"${column}${first}:${column}${last}")


def write_page(
    workbook: ReportBook,
    formats: Formats,
    report: Report,
    evaluation: ActionEvaluation,
    words: tuple[Narrative, ...],
    pictures: tuple[PlacedPicture, ...],
    data_rows: dict[str, str],
) -> PageReferences:
    """Write an action's page and return where its figures stand. `data_rows` is where each 管理番号 has its data."""
    page = Page(workbook, formats, report, evaluation, data_rows)
    _write_head(page)
    write_page_overview(page, pictures)
    _write_result(page)
    _write_words(page, words)
    page.begin_part()
    write_rates(page)
    page.finish()
    return PageReferences(page.canvas.name, page.at, page.inputs.years)


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
        link = formats(**LINK, align="right")
        canvas.formula(row, (9, 10), 'HYPERLINK("#\'一覧\'!A1","一覧へ戻る")', "一覧へ戻る", link)
        for column, other, word in ((11, at - 1, "前へ"), (12, at + 1, "次へ")):
            if 0 <= other < len(actions):
                sheet = page.report.page_name(actions[other].action)
                canvas.formula(row, column, f'HYPERLINK("#\'{sheet}\'!A1","{word}")', word, link)

    def draw_title(row: int) -> None:
        canvas.put(row, 1, evaluation.action.no, formats(**band, align="center"))
        canvas.put(row, _TITLE, name, formats(**band, text_wrap=True, indent=1))

    page.add(Row(18, 16, draw_links), text_row([(name, _TITLE, 16)], draw_title, least=36))


def _write_result(page: Page) -> None:
    """Write 目標達成率: the grade's word large, the rate, and what it rests on."""
    evaluation, canvas, formats, at = page.evaluation, page.canvas, page.formats, page.at
    status = status_text(evaluation)
    missing = "報告を待っています" if evaluation.is_planned else "タスク・指標が未登録です"

    def draw(row: int) -> None:
        canvas.put(row, LABEL, "目標達成率", page.label_format)
        word = formats.boxed(bold=True, font_size=26, align="center", **_UNEVALUATED)
        canvas.formula(row, (3, 6), at.grade, evaluation.grade_word, word)
        canvas.grade_colours(f"C{row}:F{row}", f"$C${row}", page.report.plan.bands.names)
        rate = formats.boxed(
            bold=True, font_size=24, align="center", num_format=evaluation.bands.rounding.number_format
        )
        shown = None if evaluation.adopted is None else shown_rate(evaluation.adopted, evaluation.bands)
        canvas.formula(row, (7, 9), formulas.shown(at.adopted, BandTable.in_workbook(evaluation.bands)), shown, rate)
        said = formats.boxed(text_wrap=True, align="center", font_color="#8A3A12", bold=True)
        formula = f'IF({at.adopted}="",{quoted(missing)},{at.status})'
        value = missing if evaluation.adopted is None else status
        canvas.formula(row, _STATUS, formula, value, said)

    page.add(Row(54, 44, draw) if len(status) < 20 else text_row([(status, _STATUS, 10)], draw, least=54))  # noqa: PLR2004


def _write_words(page: Page, words: tuple[Narrative, ...]) -> None:
    """Write 成果 and やったこと as the departments wrote them; where nobody did, the page says so."""
    outcome, efforts, challenges = (joined(words, name) for name in ("outcome", "efforts", "challenges"))
    if len(outcome) > _HEADLINE:
        page.labelled("成果", outcome, font_color=_OUTCOME)
    elif outcome:
        page.labelled("成果", outcome, size=14, least=36, bold=True, font_color=_OUTCOME)
    else:
        page.labelled("成果", "（報告がありません）", font_color=MUTED)
    for label, text in (("取り組んだこと", efforts), ("課題", challenges)):
        if text:
            page.labelled(label, text, least=40.0)
        else:
            page.labelled(label, "（報告がありません）", font_color=MUTED)
