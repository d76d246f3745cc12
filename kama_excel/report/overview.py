"""総括: the one page for the mayor. Counts, the picture of all actions, what needs a decision."""

from __future__ import annotations

from collections.abc import Sequence

from xlsxwriter import Workbook

from kama_excel.evaluation import shown_rate
from kama_excel.findings import Severity
from kama_excel.look import FIGURES, INDENT, MUTED, NAVY, WHITE, Formats, column_pixels, row_points
from kama_excel.merge import CARRIED, MISSING, SUBMITTED
from kama_excel.report import listing
from kama_excel.report.canvas import UNEVALUATED, Canvas
from kama_excel.report.decision_sheet import NAME as DECISIONS
from kama_excel.report.listing import NUMBER_ROOM, ListReferences, status_in_list, wants_a_person
from kama_excel.report.model import Report
from kama_excel.report.overview_counts import write_cards, write_chart, write_counts, write_headline
from kama_excel.report.overview_tiles import write_tiles
from kama_excel.report.page import PageReferences
from kama_excel.report.trend_charts import counts_chart, headline_chart
from kama_excel.report.trend_sheet import trend_cells

NAME = "総括"
COLUMNS = 24
WIDTH = 3.9  # wide enough that the page, printed on one A4, fills its width too
ALL = (1, COLUMNS)
_MOST_DECISIONS = 6
_NAME_LENGTH = 36  # characters of an action's name in a line of the list


class Overview:
    """総括 in the making: `row` is the next free row."""

    def __init__(self, workbook: Workbook, formats: Formats, report: Report) -> None:
        """Add the sheet, first of the workbook, and lay the grid."""
        self.workbook = workbook
        self.canvas = Canvas(workbook, NAME, formats)
        self.formats = formats
        self.report = report
        self.grades = (*report.plan.bands.names, UNEVALUATED)
        self.row = 1
        self.canvas.widths(*[WIDTH] * COLUMNS)

    def write(self, in_list: ListReferences, pages: Sequence[PageReferences]) -> None:
        """Write the page from top to bottom, when the addresses of the list and the pages are known."""
        self._title()
        headline = self.next_row(36)
        self.next_row(3)
        counts = write_cards(self, in_list)
        write_headline(self, headline, counts)
        table = write_counts(self, in_list)
        write_chart(self, table)
        self._trend()
        write_tiles(self, pages)
        self._submissions(in_list)
        self._decisions(in_list)
        self.canvas.sheet.print_area(0, 0, self.row - 2, COLUMNS - 1)
        self.canvas.print_setup(
            footer=f"{self.report.plan.municipality}　{self.report.plan.name}", tall=1, margins=(0.5, 0.5, 0.6)
        )
        self.canvas.sheet.activate()

    def next_row(self, points: float) -> int:
        """Take a row of this height and return its number."""
        self.canvas.height(self.row, points)
        self.row += 1
        return self.row - 1

    def section(self, title: str) -> None:
        """Write a section's title."""
        self.next_row(7)
        look = self.formats(bold=True, font_size=11, font_color=NAVY, bottom=2, bottom_color=NAVY)
        self.canvas.put(self.next_row(19), ALL, title, look)

    def _title(self) -> None:
        plan, month = self.report.plan, self.report.month
        band = {"bg_color": NAVY, "font_color": WHITE}
        title, day = f"{plan.name}　進捗の総括", f"{month.label}分"
        pixels = 17 * column_pixels(WIDTH)
        row = self.next_row(row_points(title, pixels, 16, least=38))
        look = self.formats(bold=True, font_size=16, indent=1, text_wrap=True, **band)
        self.canvas.put(row, (1, 18), title, look)
        self.canvas.put(row, (19, COLUMNS), day, self.formats(align="right", font_size=11, indent=1, **band))

    def _trend(self) -> None:
        """Draw the counts by month, where there is more than one."""
        states = self.report.states
        if len(states) < 2:  # noqa: PLR2004 -- one month is no trend
            return
        self.section("月ごとの推移")
        height, room = 150, COLUMNS * column_pixels(WIDTH) - 2
        row = self.next_row(height * 72 / 96 + 2)
        left, cells = 1, trend_cells(self.report)
        for chart, share in ((counts_chart, 0.6), (headline_chart, 0.4)):
            width = round(room * share)
            drawn, description = chart(self.workbook, cells, (width - 4, height))
            options = {"x_offset": left, "y_offset": 1, "description": description, "object_position": 2}
            self.canvas.sheet.insert_chart(row - 1, 0, drawn, options)
            left += width

    def _submissions(self, in_list: ListReferences) -> None:
        """Say who sent and who did not, and link to the sheets that a person goes on to."""
        self.section("提出状況")
        by_status = {
            word: [each.department for each in self.report.merged.statuses if each.status == word]
            for word in (SUBMITTED, CARRIED, MISSING)
        }
        text = f"{len(self.report.merged.statuses)}課中 {len(by_status[SUBMITTED])}課が提出"
        for word in (CARRIED, MISSING):
            if by_status[word]:
                text += f"　／　{word} {len(by_status[word])}課: {'、'.join(by_status[word])}"
        pixels = COLUMNS * column_pixels(WIDTH) - INDENT
        self.canvas.put(
            self.next_row(row_points(text, pixels, 9, least=20)), ALL, text, self.formats(text_wrap=True, font_size=9)
        )
        count = "・".join(f"{severity} {self.report.count(severity)}件" for severity in Severity)
        undecided = sum(each.is_undecided for each in self.report.evaluation.actions)
        row = self.next_row(18)
        link = self.formats(font_size=9, font_color="#2F74B0", underline=1)
        links = (
            ("確認事項", f"確認事項（{count}）", (1, 9)),
            ("提出状況", "提出状況", (14, 16)),
            (listing.NAME, "一覧", (17, 18)),
            ("方法の比較", "方法の比較", (19, 21)),
            ("算定方法", "算定方法", (22, COLUMNS)),
        )
        for sheet, words, columns in links:
            self.canvas.formula(row, columns, f'HYPERLINK("#\'{sheet}\'!A1","{words}")', words, link)
        words = f'"要判断（"&COUNTIF({in_list.wanted},"<{2 * NUMBER_ROOM}")&"件）"'
        formula = f"HYPERLINK(\"#'{DECISIONS}'!A1\",{words})"
        self.canvas.formula(row, (10, 13), formula, f"要判断（{undecided}件）", link)

    def _decisions(self, in_list: ListReferences) -> None:
        """List the actions that a person must decide about or that rest on too little: live, each a link."""
        wanted = [each for each in self.report.evaluation.actions if wants_a_person(each)]
        wanted.sort(key=lambda each: (wants_a_person(each), each.action.no))
        self.section("判断・確認が必要なアクション")
        link = self.formats(font_size=9, font_color="#2F74B0", underline=1)
        plain, keys = self.formats(font_size=9, shrink=True), in_list.wanted
        chip = self.formats(font_size=9, bold=True, align="center", shrink=True)
        figure = self.formats(font_size=9, font_name=FIGURES, align="center", num_format="0.0%")
        digits = "0" * len(self.report.page_name(self.report.plan.actions[0]))
        for number in range(1, _MOST_DECISIONS + 1):
            each = wanted[number - 1] if number <= len(wanted) else None
            row = self.next_row(17)
            key = f"SMALL({keys},{number})"
            no, at = f"MOD({key},{NUMBER_ROOM})", f"MATCH({key},{keys},0)"

            def of(heading: str, at: str = at) -> str:
                return f"INDEX({in_list[heading]},{at})"

            none = '"ありません。"' if number == 1 else '""'
            text = f'{no}&"　"&LEFT({of("アクション")},{_NAME_LENGTH})'
            formula = f'IF(COUNT({keys})<{number},{none},HYPERLINK("#\'"&TEXT({no},"{digits}")&"\'!A1",{text}))'
            value = f"{each.action.no}　{each.action.name[:_NAME_LENGTH]}" if each else none.strip('"')
            self.canvas.formula(row, (1, 13), formula, value, link if each or number > 1 else plain)
            shown = None if each is None or each.adopted is None else shown_rate(each.adopted, each.bands)
            results = (
                ((14, 16), "評価区分", (each.grade or UNEVALUATED) if each else "", chip),
                ((17, 18), "採用した達成率", shown, figure),
                ((19, COLUMNS), "状態", status_in_list(each) if each else "", plain),
            )
            for span, heading, result, look in results:
                self.canvas.formula(row, span, f'IF(COUNT({keys})<{number},"",{of(heading)})', result, look)
            self.canvas.grade_colours(f"N{row}:P{row}", f"$N${row}", self.report.evaluation)
        more = len(wanted) - _MOST_DECISIONS
        formula = f'IF(COUNT({keys})>{_MOST_DECISIONS},"ほか"&(COUNT({keys})-{_MOST_DECISIONS})&"件は、一覧の「状態」をご覧ください。","")'
        value = f"ほか{more}件は、一覧の「状態」をご覧ください。" if more > 0 else ""
        self.canvas.formula(self.next_row(15), ALL, formula, value, self.formats(font_size=9, font_color=MUTED))
