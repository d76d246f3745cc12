"""総括: the one page for the mayor. Counts, the picture of all actions, what needs a decision."""

from __future__ import annotations

from collections.abc import Sequence

from kama_excel.evaluation.rates import shown_rate
from kama_excel.findings.catalogue import Severity
from kama_excel.inbox.current_forms import CARRIED, MISSING, SUBMITTED
from kama_excel.report.xlsx.page.page import PageReferences
from kama_excel.report.xlsx.sheets import action_list
from kama_excel.report.xlsx.sheets.action_list import NUMBER_ROOM, ListReferences, status_in_list, wants_a_person
from kama_excel.report.xlsx.sheets.decisions import NAME as DECISIONS
from kama_excel.report.xlsx.sheets.overview_counts import write_cards, write_chart, write_counts, write_headline
from kama_excel.report.xlsx.sheets.overview_layout import ALL, COLUMNS, WIDTH, Overview
from kama_excel.report.xlsx.sheets.overview_tiles import write_tiles
from kama_excel.report.xlsx.sheets.trend import trend_cells
from kama_excel.report.xlsx.sheets.trend_charts import counts_chart, headline_chart
from kama_excel.spreadsheets.writing.measure import INDENT, column_pixels, row_points
from kama_excel.spreadsheets.writing.style import FIGURES, MUTED, NAVY, WHITE

_MOST_DECISIONS = 6
_NAME_LENGTH = 30  # characters of an action's name that fit into a line of the list, with its number before them


def write_overview(overview: Overview, in_list: ListReferences, pages: Sequence[PageReferences]) -> None:
    """Write the page from top to bottom, when the addresses of the list and the pages are known."""
    _write_title(overview)
    headline = overview.next_row(36)
    overview.next_row(3)
    counts = write_cards(overview, in_list)
    write_headline(overview, headline, counts)
    table = write_counts(overview, in_list)
    write_chart(overview, table)
    _write_trend(overview)
    write_tiles(overview, pages)
    _write_submissions(overview, in_list)
    _write_decisions(overview, in_list)
    overview.canvas.sheet.print_area(0, 0, overview.row - 2, COLUMNS - 1)
    overview.canvas.print_setup(
        footer=f"{overview.report.plan.municipality}　{overview.report.plan.name}", tall=1, margins=(0.5, 0.5, 0.6)
    )
    overview.canvas.sheet.activate()


def _write_title(overview: Overview) -> None:
    plan, month = overview.report.plan, overview.report.month
    band = {"bg_color": NAVY, "font_color": WHITE}
    title, day = f"{plan.name}　進捗の総括", f"{month.label}分"
    pixels = 17 * column_pixels(WIDTH)
    row = overview.next_row(row_points(title, pixels, 16, least=38))
    look = overview.formats(bold=True, font_size=16, indent=1, text_wrap=True, **band)
    overview.canvas.put(row, (1, 18), title, look)
    overview.canvas.put(row, (19, COLUMNS), day, overview.formats(align="right", font_size=11, indent=1, **band))


def _write_trend(overview: Overview) -> None:
    """Draw the counts by month, where there is more than one."""
    states = overview.report.states
    if len(states) < 2:  # noqa: PLR2004 -- one month is no trend
        return
    overview.section("月ごとの推移")
    height, room = 150, COLUMNS * column_pixels(WIDTH) - 2
    row = overview.next_row(height * 72 / 96 + 2)
    left, cells = 1, trend_cells(overview.report)
    for chart, share in ((counts_chart, 0.6), (headline_chart, 0.4)):
        width = round(room * share)
        drawn, description = chart(overview.workbook, cells, (width - 4, height))
        options = {"x_offset": left, "y_offset": 1, "description": description, "object_position": 2}
        overview.canvas.sheet.insert_chart(row - 1, 0, drawn, options)
        left += width


def _write_submissions(overview: Overview, in_list: ListReferences) -> None:
    """Say who sent and who did not, and link to the sheets that a person goes on to."""
    overview.section("提出状況")
    by_status = {
        word: [each.department for each in overview.report.merged.statuses if each.status == word]
        for word in (SUBMITTED, CARRIED, MISSING)
    }
    text = f"{len(overview.report.merged.statuses)}課中 {len(by_status[SUBMITTED])}課が提出"
    for word in (CARRIED, MISSING):
        if by_status[word]:
            text += f"　／　{word} {len(by_status[word])}課: {'、'.join(by_status[word])}"
    pixels = COLUMNS * column_pixels(WIDTH) - INDENT
    overview.canvas.put(
        overview.next_row(row_points(text, pixels, 9, least=20)),
        ALL,
        text,
        overview.formats(text_wrap=True, font_size=9),
    )
    count = "・".join(f"{severity} {overview.report.count(severity)}件" for severity in Severity)
    undecided = sum(each.is_undecided for each in overview.report.evaluation.actions)
    row = overview.next_row(18)
    link = overview.formats(font_size=9, font_color="#2F74B0", underline=1)
    links = (
        ("確認事項", f"確認事項（{count}）", (1, 9)),
        ("提出状況", "提出状況", (14, 16)),
        (action_list.NAME, "一覧", (17, 18)),
        ("方法の比較", "方法の比較", (19, 21)),
        ("算定方法", "算定方法", (22, COLUMNS)),
    )
    for sheet, words, columns in links:
        overview.canvas.formula(row, columns, f'HYPERLINK("#\'{sheet}\'!A1","{words}")', words, link)
    words = f'"要判断（"&COUNTIF({in_list.wanted},"<{2 * NUMBER_ROOM}")&"件）"'
    formula = f"HYPERLINK(\"#'{DECISIONS}'!A1\",{words})"
    overview.canvas.formula(row, (10, 13), formula, f"要判断（{undecided}件）", link)


def _write_decisions(overview: Overview, in_list: ListReferences) -> None:
    """List the actions that a person must decide about or that rest on too little: live, each a link."""
    wanted = [each for each in overview.report.evaluation.actions if wants_a_person(each)]
    wanted.sort(key=lambda each: (wants_a_person(each), each.action.no))
    overview.section("判断・確認が必要なアクション")
    link = overview.formats(font_size=9, font_color="#2F74B0", underline=1)
    plain, keys = overview.formats(font_size=9, shrink=True), in_list.wanted
    chip = overview.formats(font_size=9, bold=True, align="center", shrink=True)
    number_format = overview.report.plan.bands.rounding.number_format
    figure = overview.formats(font_size=9, font_name=FIGURES, align="center", num_format=number_format)
    digits = "0" * len(overview.report.page_name(overview.report.plan.actions[0]))
    for number in range(1, _MOST_DECISIONS + 1):
        each = wanted[number - 1] if number <= len(wanted) else None
        row = overview.next_row(17)
        key = f"SMALL({keys},{number})"
        no, at = f"MOD({key},{NUMBER_ROOM})", f"MATCH({key},{keys},0)"

        def of(heading: str, at: str = at) -> str:
            return f"INDEX({in_list[heading]},{at})"

        none = '"ありません。"' if number == 1 else '""'
        name = of("アクション")
        text = f'{no}&"　"&LEFT({name},{_NAME_LENGTH})&IF(LEN({name})>{_NAME_LENGTH},"…","")'
        formula = f'IF(COUNT({keys})<{number},{none},HYPERLINK("#\'"&TEXT({no},"{digits}")&"\'!A1",{text}))'
        value = f"{each.action.no}　{_shortened(each.action.name)}" if each else none.strip('"')
        overview.canvas.formula(row, (1, 13), formula, value, link if each or number > 1 else plain)
        shown = None if each is None or each.adopted is None else shown_rate(each.adopted, each.bands)
        results = (
            ((14, 16), "評価区分", (each.grade_word) if each else "", chip),
            ((17, 18), "採用した達成率", shown, figure),
            ((19, COLUMNS), "状態", status_in_list(each) if each else "", plain),
        )
        for span, heading, result, look in results:
            overview.canvas.formula(row, span, f'IF(COUNT({keys})<{number},"",{of(heading)})', result, look)
        overview.canvas.grade_colours(f"N{row}:P{row}", f"$N${row}", overview.report.plan.bands.names)
    more = len(wanted) - _MOST_DECISIONS
    formula = f'IF(COUNT({keys})>{_MOST_DECISIONS},"ほか"&(COUNT({keys})-{_MOST_DECISIONS})&"件は、一覧の「状態」をご覧ください。","")'
    value = f"ほか{more}件は、一覧の「状態」をご覧ください。" if more > 0 else ""
    overview.canvas.formula(overview.next_row(15), ALL, formula, value, overview.formats(font_size=9, font_color=MUTED))


def _shortened(name: str) -> str:
    return name if len(name) <= _NAME_LENGTH else f"{name[:_NAME_LENGTH]}…"
