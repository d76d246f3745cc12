"""Missing reports of an evaluation, and each department's reports: ends of a page."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from kama_excel.domain.calendar import date_label
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.inbox.current_forms import MISSING, SUBMITTED, DepartmentStatus
from kama_excel.plan.rating import Method
from kama_excel.report.month_report import CaptionedPicture, Narrative
from kama_excel.report.wording import fiscal_years_text
from kama_excel.report.xlsx.page.addresses import ALL, COLUMNS
from kama_excel.report.xlsx.page.input_tables import heading_row
from kama_excel.report.xlsx.page.layout import Page, text_row
from kama_excel.report.xlsx.page.result import formula_until_rated
from kama_excel.spreadsheets.writing.paging import Block, PageRow
from kama_excel.spreadsheets.writing.style import MUTED

_REQUEST_COLUMNS = ((1, 2), (3, 25), (26, 34), (35, COLUMNS))
_REPORT_COLUMNS = ((1, 9), (10, 18), (19, COLUMNS))
_SIZE = 9.0


_Request = tuple[str, str, str]
"""What a department must report: the request, the department, the place in the form."""


def write_needed(page: Page) -> None:
    """Write what must be reported before an action can be evaluated, by whom and where."""
    requests = [*_requests(page.evaluation)]
    if not requests:
        return
    page.section("評価に必要なもの")
    rows = [_request_row(page, number, each) for number, each in enumerate(requests, start=1)]
    page.add(*rows, heading=(heading_row(page, _REQUEST_COLUMNS, ("", "対応のお願い", "担当課", "様式の記入欄")),))


def _request_row(page: Page, number: int, each: _Request) -> PageRow:
    texts = [*zip(each, _REQUEST_COLUMNS[1:], (10.0, _SIZE, _SIZE), strict=True)]

    def draw(row: int) -> None:
        look = page.formats.boxed(align="center", bold=True)
        page.canvas.put(row, _REQUEST_COLUMNS[0], number, look)
        for text, span, size in texts:
            formula = formula_until_rated(page, text, "―")
            page.canvas.formula(row, span, formula, text, page.formats.text(font_size=size))

    return text_row(texts, draw, least=24)


def _requests(evaluation: ActionEvaluation) -> Iterator[_Request]:
    begun = [year for year in evaluation.years if year.has_begun]
    for department in evaluation.assessors:
        tasks = [fact for year in begun for fact in year.tasks if fact.task.department == department]
        missing = [fact for fact in tasks if fact.is_missing]
        if missing:
            years = fiscal_years_text(sorted({fact.task.fiscal_year for fact in missing}))
            text = f"{years}のタスク{len(missing)}件の実施（0〜100%）を入力してください。"
            text += "未着手のタスクは0%、取りやめたタスクは「対象外」とその理由を入力してください。"
            yield (text, department, "「進捗」の「実施」")
    for each in evaluation.indicators:
        if each.fact.is_missing:
            indicator = each.fact.indicator
            text = f"指標「{indicator.name}」の実績値を入力してください。"
            yield (text, indicator.department, "「指標」の「実績値」")
    departments = "・".join(evaluation.assessors)
    if evaluation.decided is Method.ASSESSMENT:
        text = "総括評価を採用すると決定しています。総括評価（%）とその理由を入力してください。"
        yield (text, departments, "「総括評価」")
    elif not evaluation.indicators and departments:
        average = evaluation.plan.average_label
        text = f"目標が文章のため、{average}進捗率または総括評価で評価します。最終報告では、総括評価（%）とその理由も入力してください。"
        yield (text, departments, "「総括評価」")


def write_reports(page: Page, words: Sequence[Narrative], pictures: Sequence[CaptionedPicture]) -> None:
    """Write each department's reports and dates: a table, or lines if space is short."""
    evaluation = page.evaluation
    merged = page.report.merged_by_month[evaluation.month]
    statuses = {status.department: status for status in merged.statuses}
    reports = []
    for department in page.report.plan.at(evaluation.month).departments_of(evaluation.action.no):
        what = "、".join(_reported(evaluation, department, words, pictures))
        reports.append((department, _day(statuses.get(department)), what))
    lines = [_line(page, *each) for each in reports]
    if len(reports) < 2:  # noqa: PLR2004 -- a table of one line says no more than the line
        page.add(*lines, gap=4)
        return
    heading = heading_row(page, _REPORT_COLUMNS, ("担当課", "報告した日", "報告の内容"))
    rows = [_table_row(page, each) for each in reports]
    page.section("報告の状況")
    page.add(*rows, heading=(heading,), compact=Block(tuple(lines), (PageRow(4, 2, is_gap=True),)))


def _day(status: DepartmentStatus | None) -> str:
    """Return the date of the newest current form, or a text if there is none."""
    if status is None or not status.received:
        return status.status if status else MISSING
    form = status.received[-1]
    day = form.submission.evidence_day
    if status.status == SUBMITTED and day:
        return date_label(day)
    return f"{form.month.label}分" + ("" if status.status == SUBMITTED else "（前月値を使用）")


def _reported(
    evaluation: ActionEvaluation, department: str, words: Sequence[Narrative], pictures: Sequence[CaptionedPicture]
) -> Iterator[str]:
    for label, has_begun in (("タスク", True), ("予定", False)):
        years = [year for year in evaluation.years if year.has_begun is has_begun]
        facts = [fact for year in years for fact in year.tasks if fact.task.department == department]
        facts = [fact for fact in facts if not fact.is_excluded]
        if facts:
            done = sum(fact.progress is not None and (not has_begun or fact.is_reported) for fact in facts)
            yield f"{label} {done}/{len(facts)}件"
    results = (*evaluation.indicators, *evaluation.watched)
    facts_of = [each.fact for each in results if each.fact.indicator.department == department]
    if facts_of:
        yield f"指標 {sum(fact.actual is not None for fact in facts_of)}/{len(facts_of)}件"
    if any(each.department == department for each in evaluation.assessments):
        yield "総括評価"
    mine = next((each for each in words if each.department == department), None)
    if mine:
        texts = (("成果", mine.outcome), ("取り組んだこと", mine.efforts), ("課題", mine.challenges))
        yield "・".join(label for label, text in texts if text)
    count = sum(each.department == department for each in pictures)
    if count:
        yield f"写真 {count}枚"


def _table_row(page: Page, texts: tuple[str, str, str]) -> PageRow:
    def draw(row: int) -> None:
        for span, text in zip(_REPORT_COLUMNS, texts, strict=True):
            page.canvas.put(row, span, text, page.formats.text(font_size=_SIZE))

    placed = [(text, span, _SIZE) for text, span in zip(texts, _REPORT_COLUMNS, strict=True)]
    return text_row(placed, draw, least=18)


def _line(page: Page, department: str, day: str, what: str) -> PageRow:
    text = f"報告　{department}　{day}　{what}"

    def draw(row: int) -> None:
        page.canvas.put(row, ALL, text, page.formats(font_size=_SIZE, font_color=MUTED, text_wrap=True))

    return text_row([(text, ALL, _SIZE)], draw)
