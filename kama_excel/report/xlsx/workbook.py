"""Report → the consolidated workbook, sheet by sheet in the order of its tabs."""

from __future__ import annotations

import datetime as dt

from kama_excel.findings.failure import WRITING, Watch, unwatched
from kama_excel.merge.pictures import PlacedPicture
from kama_excel.report.month_report import Narrative, Report, narratives_by_action, pictures_by_action
from kama_excel.report.tables import data_tables
from kama_excel.report.xlsx.page.page import write_page
from kama_excel.report.xlsx.sheets import action_list
from kama_excel.report.xlsx.sheets.checks import FINDINGS, SUBMISSIONS, write_findings, write_submissions
from kama_excel.report.xlsx.sheets.comparison import NAME as COMPARISON
from kama_excel.report.xlsx.sheets.comparison import write_comparison
from kama_excel.report.xlsx.sheets.data_sheets import data_places, write_data_sheets
from kama_excel.report.xlsx.sheets.decisions import NAME as DECISIONS
from kama_excel.report.xlsx.sheets.decisions import write_decisions
from kama_excel.report.xlsx.sheets.month_changes import NAME as CHANGES
from kama_excel.report.xlsx.sheets.month_changes import write_changes
from kama_excel.report.xlsx.sheets.overview import NAME as OVERVIEW
from kama_excel.report.xlsx.sheets.overview import write_overview
from kama_excel.report.xlsx.sheets.sources import write_rules
from kama_excel.report.xlsx.sheets.trend import NAME as TREND
from kama_excel.report.xlsx.sheets.trend import write_trend
from kama_excel.spreadsheets.writing.canvas import Canvas, hide_from_print
from kama_excel.spreadsheets.writing.fast_xlsxwriter import new_book
from kama_excel.spreadsheets.writing.style import TABS, Formats


def write_workbook(report: Report, *, is_for_print: bool = False, watch: Watch = unwatched) -> bytes:
    """Return the workbook. The same report gives the same bytes; the time of the run is nowhere in it.

    `is_for_print` hides all but the printed report, 総括 and the pages: an office program prints what it shows.
    """
    workbook = new_book()
    day = report.month.last_day
    workbook.set_properties(
        {
            "title": f"{report.plan.name} 進捗評価 {report.month.label}分",
            "subject": f"{report.plan.name}の進捗評価（アクション{len(report.evaluation.actions)}件）",
            "author": report.plan.municipality,
            "company": report.plan.municipality,
            "category": "進捗評価",
            "keywords": f"{report.plan.plan_id}, {report.month}",
            "comments": "kama-excel が様式から集計しました。算定のきまりと入力ファイルは「算定方法」にあります。",
            "created": dt.datetime(day.year, day.month, day.day),  # noqa: DTZ001 -- a date without a zone, by intent
        }
    )
    workbook.set_calc_mode("auto")
    formats = Formats(workbook)
    has_months = bool(report.states)
    before = (OVERVIEW, action_list.NAME, DECISIONS, *([CHANGES] if has_months else []), FINDINGS)
    canvases = {name: Canvas(workbook, name, formats) for name in before}
    plan = report.plan
    words: dict[int, tuple[Narrative, ...]] = {}
    pictures: dict[int, tuple[PlacedPicture, ...]] = {}
    for month, stood in report.merged_by_month.items():  # an action that has ended keeps what it had in its last month
        words |= narratives_by_action(plan.at(month), stood.entries)
        pictures |= pictures_by_action(plan, plan.at(month), stood.pictures)
    data = data_tables(report)
    data_rows = data_places(data)
    pages = []
    for each in report.evaluation.actions:
        no = each.action.no
        pages.append(write_page(workbook, formats, report, each, words[no], pictures[no], data_rows))
        watch(WRITING, len(pages), len(report.evaluation.actions))
    in_list = action_list.write_list(canvases[action_list.NAME], report, pages)
    write_overview(workbook, canvases[OVERVIEW], report, in_list)
    write_decisions(canvases[DECISIONS], report, pages)
    write_findings(canvases[FINDINGS], report, data_rows)
    write_comparison(Canvas(workbook, COMPARISON, formats), report, pages)
    if has_months:
        write_changes(canvases[CHANGES], report)
        write_trend(workbook, Canvas(workbook, TREND, formats), report)
    write_submissions(Canvas(workbook, SUBMISSIONS, formats), report)
    write_data_sheets(workbook, formats, report, data)
    write_rules(workbook, formats, report)
    themes = {theme: TABS[at % len(TABS)] for at, theme in enumerate(report.plan.themes)}
    colours = {page.sheet: themes[page.at.evaluation.measure.theme] for page in pages}
    for sheet in workbook.worksheets():
        if sheet.name in colours:
            sheet.set_tab_color(colours[sheet.name])
        elif is_for_print and sheet.name != OVERVIEW:
            hide_from_print(sheet)
    return workbook.content()
