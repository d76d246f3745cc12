"""Write the consolidated workbook, sheet by sheet in the order of its tabs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import BinaryIO

from kama_excel.findings.progress import WRITING, Watch, unwatched
from kama_excel.report.departments import department_shares
from kama_excel.report.month_report import CaptionedPicture, Narrative, Report, narratives_by_action, pictures_by_action
from kama_excel.report.tables import data_tables
from kama_excel.report.xlsx.booklet.chapter import chapter_sheet, number_chapter, theme_numeral, write_chapter
from kama_excel.report.xlsx.booklet.front import (
    CONTENTS,
    COVER,
    ContentsLine,
    contents_papers,
    write_contents,
    write_cover,
)
from kama_excel.report.xlsx.booklet.method import NAME as METHOD
from kama_excel.report.xlsx.booklet.method import write_method
from kama_excel.report.xlsx.page.page import PageReferences, write_page
from kama_excel.report.xlsx.sheets import action_list, joint_actions
from kama_excel.report.xlsx.sheets.checks import FINDINGS, SUBMISSIONS, write_findings, write_submissions
from kama_excel.report.xlsx.sheets.comparison import NAME as COMPARISON
from kama_excel.report.xlsx.sheets.comparison import write_comparison
from kama_excel.report.xlsx.sheets.data_sheets import data_places, write_data_sheets
from kama_excel.report.xlsx.sheets.decisions import NAME as DECISIONS
from kama_excel.report.xlsx.sheets.decisions import write_decisions
from kama_excel.report.xlsx.sheets.list_references import ListReferences
from kama_excel.report.xlsx.sheets.month_changes import NAME as CHANGES
from kama_excel.report.xlsx.sheets.month_changes import write_changes
from kama_excel.report.xlsx.sheets.overview import NAME as OVERVIEW
from kama_excel.report.xlsx.sheets.overview import write_overview
from kama_excel.report.xlsx.sheets.overview_grid import LANDSCAPE, PORTRAIT
from kama_excel.report.xlsx.sheets.records import NAME as RECORDS
from kama_excel.report.xlsx.sheets.records import write_records
from kama_excel.report.xlsx.sheets.sources import write_rules
from kama_excel.report.xlsx.sheets.trend import NAME as TREND
from kama_excel.report.xlsx.sheets.trend import write_trend
from kama_excel.spreadsheets.writing.book import Book
from kama_excel.spreadsheets.writing.canvas import Canvas, hide_from_print
from kama_excel.spreadsheets.writing.fast_xlsxwriter import new_book
from kama_excel.spreadsheets.writing.style import TABS, Formats

_APPENDIX_NAMES = {action_list.NAME: f"アクション{action_list.NAME}"}


def write_workbook(report: Report, *, is_for_print: bool = False, watch: Watch = unwatched) -> BinaryIO:
    """Return the workbook, open at its start.

    The same report gives the same bytes, whatever the time. `is_for_print` hides all but the printed report, 総括
    and the pages: an office program prints every visible sheet.
    """
    workbook = new_book(
        f"{report.plan.name} 進捗評価 {report.month.label}分",
        report.plan.municipality,
        report.month.last_day,
        subject=f"{report.plan.name}の進捗評価（アクション{len(report.evaluation.actions)}件）",
        company=report.plan.municipality,
        category="進捗評価",
        keywords=f"{report.plan.plan_id}, {report.month}",
        comments="kama-excel が様式から集計しました。算定の考え方と入力ファイルは「算定方法」にあります。",
    )
    workbook.set_calc_mode("auto")
    formats = Formats(workbook)
    has_months = bool(report.states)
    plan, front = report.plan, (COVER, CONTENTS, METHOD)
    before = (DECISIONS, *([CHANGES] if has_months else []), FINDINGS)
    order = (*front, OVERVIEW, *before) if is_for_print else (OVERVIEW, action_list.NAME, *before, *front)
    canvases = {name: Canvas(workbook, name, formats) for name in order}
    words: dict[int, tuple[Narrative, ...]] = {}
    pictures: dict[int, tuple[CaptionedPicture, ...]] = {}
    for month, merged in report.merged_by_month.items():  # an ended action keeps the content of its last month
        words |= narratives_by_action(plan.at(month), merged.entries)
        pictures |= pictures_by_action(plan, plan.at(month), merged.entries)
    data = data_tables(report)
    data_rows = data_places(data)
    pages: list[PageReferences] = []
    for each in report.evaluation.actions:
        no = each.action.no
        chapter = chapter_sheet(report, each.measure.theme)
        if chapter not in canvases:
            canvases[chapter] = Canvas(workbook, chapter, formats)
        pages.append(write_page(workbook, formats, report, each, words[no], pictures[no], data_rows))
        watch(WRITING, len(pages), len(report.evaluation.actions))
    if is_for_print:  # it follows the pages there
        canvases[action_list.NAME] = Canvas(workbook, action_list.NAME, formats)
    in_list, papers = action_list.write_list(canvases[action_list.NAME], report, pages)
    canvases[action_list.NAME].sheet.complete()
    appendix = {action_list.NAME: papers}
    write_overview(workbook, canvases[OVERVIEW], report, in_list, PORTRAIT if is_for_print else LANDSCAPE)
    write_decisions(canvases[DECISIONS], report, pages)
    write_findings(canvases[FINDINGS], report, data_rows)
    appendix |= _write_appendix(workbook, formats, report, pages)
    _write_booklet(workbook, canvases, report, pages, words, in_list, appendix)
    if has_months:
        write_changes(canvases[CHANGES], report)
        write_trend(Canvas(workbook, TREND, formats), report)
    write_submissions(Canvas(workbook, SUBMISSIONS, formats), report)
    write_data_sheets(workbook, formats, report, data)
    write_rules(workbook, formats, report)
    themes = {theme: TABS[at % len(TABS)] for at, theme in enumerate(report.plan.themes)}
    colours = {page.sheet: themes[page.at.evaluation.measure.theme] for page in pages}
    colours |= {chapter_sheet(report, page.at.evaluation.measure.theme): colours[page.sheet] for page in pages}
    printed = {*front, OVERVIEW, *appendix}
    for sheet in workbook.worksheets():
        if sheet.name in colours:
            sheet.set_tab_color(colours[sheet.name])
        elif is_for_print and sheet.name not in printed:
            hide_from_print(sheet)
    return workbook.save()


def _write_appendix(book: Book, formats: Formats, report: Report, pages: Sequence[PageReferences]) -> dict[str, int]:
    """Write the sheets of 参考資料 behind 一覧; return their number of printed pages."""
    shares = {page.sheet: department_shares(page.at.evaluation) for page in pages}
    written = {COMPARISON: write_comparison(Canvas(book, COMPARISON, formats), report, pages, shares)}
    if joint_actions.average_cells(report):
        canvas = Canvas(book, joint_actions.NAME, formats)
        written[joint_actions.NAME] = joint_actions.write_joint_actions(canvas, report, pages, shares)
    if report.merged.corrections or any(page.at.evaluation.decision for page in pages):
        written[RECORDS] = write_records(Canvas(book, RECORDS, formats), report, pages)
    for name in written:
        book.get_worksheet_by_name(name).complete()
    return written


def _write_booklet(
    book: Book,
    canvases: Mapping[str, Canvas],
    report: Report,
    pages: Sequence[PageReferences],
    words: Mapping[int, tuple[Narrative, ...]],
    in_list: ListReferences,
    appendix: Mapping[str, int],
) -> None:
    """Write the front part and the chapter pages of the printed report with page numbers.

    `appendix` has the sheets of 参考資料 in order, with their number of printed pages.
    """
    by_theme: dict[str, list[PageReferences]] = {}
    for page in pages:
        by_theme.setdefault(page.at.evaluation.measure.theme, []).append(page)
    lines = [ContentsLine(name, name) for name in (METHOD, OVERVIEW)]
    for theme, theirs in by_theme.items():
        lines.append(ContentsLine(f"{theme_numeral(report, theme)}　{theme}", chapter_sheet(report, theme), 0))
        measure = ""
        for page in theirs:
            each = page.at.evaluation
            if each.measure.name != measure:
                measure = each.measure.name
                lines.append(ContentsLine(measure, level=1))
            lines.append(ContentsLine(f"{each.action.no}　{each.action.name}", page.sheet))
    lines.append(ContentsLine("参考資料", level=1))
    lines += [ContentsLine(_APPENDIX_NAMES.get(sheet, sheet), sheet) for sheet in appendix]
    themes = {
        theme: write_chapter(book, canvases[chapter_sheet(report, theme)], report, theme, theirs, words, in_list)
        for theme, theirs in by_theme.items()
    }
    papers = [(METHOD, 1), (OVERVIEW, 1)]
    for theme, theirs in by_theme.items():
        papers += [
            (chapter_sheet(report, theme), themes[theme].papers),
            *((page.sheet, page.papers) for page in theirs),
        ]
    number = 1 + 1 + contents_papers(lines)
    numbers: dict[str, int] = {}
    for sheet, count in (*papers, *appendix.items()):
        numbers[sheet] = number
        number += count
    write_cover(canvases[COVER], report, pages, in_list)
    write_contents(canvases[CONTENTS], report, lines, numbers)
    write_method(canvases[METHOD], report)
    for theme, page_of_theme in themes.items():
        number_chapter(canvases[chapter_sheet(report, theme)], page_of_theme, numbers)
