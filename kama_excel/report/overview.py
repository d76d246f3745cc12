"""総括: the one page for the mayor. Counts, the picture of all actions, what needs a decision."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from xlsxwriter import Workbook

from kama_excel.cells import a1
from kama_excel.evaluation import ActionEvaluation, Status, half_up
from kama_excel.findings import Severity
from kama_excel.look import FONT, HAIRLINE, INK, MUTED, NAVY, PALE, WHITE, Formats, grade_colours, grade_symbols
from kama_excel.look.palette import UNEVALUATED as UNEVALUATED_COLOUR
from kama_excel.merge import CARRIED, MISSING, SUBMITTED
from kama_excel.report.canvas import UNEVALUATED, Canvas, absolute, quoted
from kama_excel.report.listing import ListReferences
from kama_excel.report.model import Report, status_text

NAME = "総括"
_COLUMNS = 24
_WIDTH = 3.45
_ALL = (1, _COLUMNS)
_MOST_DECISIONS = 8


def write_overview(workbook: Workbook, formats: Formats, report: Report) -> Overview:
    """Add the sheet, first of the workbook; `Overview.write` fills it when the list's addresses are known."""
    return Overview(workbook, Canvas(workbook, NAME, formats), report)


class Overview:
    """総括 in the making."""

    def __init__(self, workbook: Workbook, canvas: Canvas, report: Report) -> None:
        """Lay the grid."""
        self.workbook = workbook
        self.canvas = canvas
        self.formats = canvas.formats
        self.report = report
        self.grades = (*report.plan.bands.names, UNEVALUATED)
        self.row = 1
        canvas.widths(*[_WIDTH] * _COLUMNS)

    def write(self, listing: ListReferences) -> None:
        """Write the page from top to bottom."""
        self._title()
        counts = self._cards(listing)
        self._headline(counts)
        table = self._table(listing)
        self._chart(table)
        self._tiles(listing)
        self._submissions()
        self._decisions()
        last = self.row - 1
        self.canvas.sheet.print_area(0, 0, last - 1, _COLUMNS - 1)
        footer = f"{self.report.plan.municipality}　{self.report.plan.name}"
        self.canvas.print_setup(footer=footer, tall=1)
        self.canvas.sheet.activate()

    def _next_row(self, points: float) -> int:
        self.canvas.height(self.row, points)
        self.row += 1
        return self.row - 1

    def _section(self, title: str) -> None:
        self._next_row(9)
        look = self.formats(bold=True, font_size=11, font_color=NAVY, bottom=2, bottom_color=NAVY)
        self.canvas.put(self._next_row(20), _ALL, title, look)

    def _title(self) -> None:
        plan, month = self.report.plan, self.report.month
        band = {"bg_color": NAVY, "font_color": WHITE}
        row = self._next_row(36)
        self.canvas.put(row, (1, 18), f"  {plan.name}　進捗の総括", self.formats(bold=True, font_size=16, **band))
        self.canvas.put(row, (19, _COLUMNS), f"{month.label}分  ", self.formats(align="right", font_size=11, **band))
        self.headline_row = self._next_row(34)
        self._next_row(4)

    def _headline(self, counts: Sequence[str]) -> None:
        """Write the sentence: how many are in the plan's 見出しの区分 or better."""
        plan, evaluation = self.report.plan, self.report.evaluation
        wanted = plan.bands.names.index(plan.headline_grade) + 1
        count = evaluation.count()
        reached = sum(count[name] for name in plan.bands.names[:wanted])
        total = len(evaluation.actions)
        said = "" if wanted == 1 else "以上"
        formula = (
            f'"{total}アクション中"&SUM({counts[0]}:{counts[wanted - 1]})&{quoted(f"が{plan.headline_grade}{said}（未評価")}'
            f'&{counts[-1]}&"）"'
        )
        text = f"{total}アクション中{reached}が{plan.headline_grade}{said}（未評価{count[UNEVALUATED]}）"
        look = self.formats(bold=True, font_size=18, font_color=NAVY, align="center")
        self.canvas.formula(self.headline_row, _ALL, formula, text, look)

    def _cards(self, listing: ListReferences) -> list[str]:
        """Write a card per grade: its word, how many, their share of the evaluated ones. Return the counts' cells."""
        count = self.report.evaluation.count()
        evaluated = sum(count[name] for name in self.grades[:-1])
        colours = (*grade_colours(len(self.grades) - 1), UNEVALUATED_COLOUR)
        symbols = (*grade_symbols(len(self.grades) - 1), "－")
        word_row, count_row, share_row = self._next_row(24), self._next_row(40), self._next_row(18)
        spans = list(_spans(len(self.grades)))
        cells = [absolute(a1(count_row, first)) for first, _ in spans]
        graded = f"SUM({cells[0]}:{absolute(a1(count_row, spans[-2][1]))})"
        for name, colour, symbol, span, cell in zip(self.grades, colours, symbols, spans, cells, strict=True):
            head = self.formats.boxed(
                bold=True, align="center", bg_color=colour.fill, font_color=colour.text, font_size=11
            )
            self.canvas.put(word_row, span, f"{symbol} {name}", head)
            figure = self.formats(
                bold=True, font_size=26, align="center", left=1, right=1, left_color=HAIRLINE, right_color=HAIRLINE
            )
            self.canvas.formula(count_row, span, f"COUNTIF({listing.grades},{quoted(name)})", count[name], figure)
            edge = {
                "left": 1,
                "right": 1,
                "bottom": 1,
                "left_color": HAIRLINE,
                "right_color": HAIRLINE,
                "bottom_color": HAIRLINE,
            }
            share = self.formats(font_size=9, font_color=MUTED, align="center", num_format="0.0%", **edge)
            if name == UNEVALUATED:
                self.canvas.put(share_row, span, "件", share)
                continue
            value = half_up(Fraction(count[name], evaluated), 3) if evaluated else None
            formula = f'IF({graded}=0,"",ROUND({cell}/{graded},3))'
            self.canvas.formula(share_row, span, formula, value, share)
        row = self._next_row(16)
        shares = (
            [half_up(Fraction(count[name], evaluated), 3) for name in self.grades[:-1]] if evaluated else [Fraction(1)]
        )
        note = "割合は評価済みのアクションに対するものです。"
        if sum(shares, Fraction(0)) != 1:
            note += "端数処理のため合計は100にならないことがあります。"
        self.canvas.put(row, _ALL, note, self.formats(font_size=8, font_color=MUTED, align="right"))
        return cells

    def _table(self, listing: ListReferences) -> tuple[int, int, list[int]]:
        """Write the counts by theme and by measure. Return the themes' rows and the grades' columns for the chart."""
        plan, evaluation = self.report.plan, self.report.evaluation
        self._section("テーマ・重点施策ごとの件数")
        step = max(1, 12 // len(self.grades))
        name_span = (1, _COLUMNS - step * (len(self.grades) + 1))
        columns = [name_span[1] + 1 + step * index for index in range(len(self.grades) + 1)]
        heading = self._next_row(20)
        look = self.formats.boxed(bold=True, align="center", bg_color=PALE, font_color=NAVY, font_size=9)
        self.canvas.put(heading, name_span, "テーマ　／　重点施策", look)
        for column, word in zip(columns, (*self.grades, "計"), strict=True):
            self.canvas.put(heading, (column, column + step - 1), word, look)
        self.theme_rows: list[int] = []
        for theme in plan.themes:
            of_theme = [each for each in evaluation.actions if each.measure.theme == theme]
            self.theme_rows.append(
                self._count_row(theme, of_theme, listing.themes, listing, columns, step, is_theme=True)
            )
            for measure in plan.measures:
                if measure.theme == theme:
                    of_measure = [each for each in of_theme if each.measure == measure]
                    self._count_row(measure.name, of_measure, listing.measures, listing, columns, step, is_theme=False)
        return heading, name_span[1], columns

    def _count_row(
        self,
        name: str,
        actions: Sequence[ActionEvaluation],
        names: str,
        listing: ListReferences,
        columns: Sequence[int],
        step: int,
        *,
        is_theme: bool,
    ) -> int:
        row = self._next_row(18 if is_theme else 15)
        size = {"font_size": 10 if is_theme else 9, "bold": is_theme, "font_color": INK if is_theme else MUTED}
        self.canvas.put(row, (1, columns[0] - 1), name if is_theme else f"　・{name}", self.formats.boxed(**size))
        count = self.report.evaluation.count(actions)
        figure = self.formats.boxed(align="center", num_format='0;-0;"－"', **size)
        key = quoted(name)
        for column, grade in zip(columns, self.grades, strict=False):
            formula = f"COUNTIFS({names},{key},{listing.grades},{quoted(grade)})"
            self.canvas.formula(row, (column, column + step - 1), formula, count[grade], figure)
        first, last = absolute(a1(row, columns[0])), absolute(a1(row, columns[-1] - 1))
        self.canvas.formula(row, (columns[-1], columns[-1] + step - 1), f"SUM({first}:{last})", len(actions), figure)
        return row

    def _chart(self, table: tuple[int, int, list[int]]) -> None:
        """Draw the themes as stacked bars of their grades. Its series are the table's own cells."""
        _, _, columns = table
        self._next_row(6)
        chart = self.workbook.add_chart({"type": "bar", "subtype": "percent_stacked"})
        colours = (*grade_colours(len(self.grades) - 1), UNEVALUATED_COLOUR)
        rows = self.theme_rows

        def cells(column: int) -> str:
            return "=(" + ",".join(f"{NAME}!{absolute(a1(row, column))}" for row in rows) + ")"

        font = {"name": FONT, "size": 9, "color": INK}
        for column, grade, colour in zip(columns, self.grades, colours, strict=False):
            chart.add_series(
                {
                    "name": grade,
                    "categories": cells(1),
                    "values": cells(column),
                    "fill": {"color": colour.fill},
                    "border": {"color": WHITE, "width": 0.75},
                    "gap": 45,
                    "data_labels": {"value": True, "num_format": '0;;""', "font": {**font, "color": colour.text}},
                }
            )
        chart.set_y_axis({"reverse": True, "num_font": font, "line": {"color": HAIRLINE}, "major_tick_mark": "none"})
        chart.set_x_axis({"visible": False, "major_gridlines": {"visible": False}})
        chart.set_legend({"position": "bottom", "font": font})
        chart.set_chartarea({"border": {"color": HAIRLINE}})
        chart.set_title({"none": True})
        height = 60 + 34 * len(rows)
        chart.set_size({"width": 24 * 29 - 2, "height": height})
        row = self._next_row(height * 72 / 96)
        description = "テーマごとの評価区分の件数の割合を表す積み上げ横棒グラフ"
        self.canvas.sheet.insert_chart(
            row - 1, 0, chart, {"x_offset": 1, "description": description, "object_position": 2}
        )

    def _tiles(self, listing: ListReferences) -> None:
        """Draw every action as a tile: its number, a symbol and a colour for its grade, a link to its page."""
        self._section("アクションごとの評価区分（番号をクリックするとページに移ります）")
        symbols = dict(zip(self.grades, (*grade_symbols(len(self.grades) - 1), "－"), strict=True))
        actions = self.report.evaluation.actions
        per_row = 10 if len(actions) <= 100 else 20  # noqa: PLR2004
        step = 20 // per_row
        for theme in self.report.plan.themes:
            of_theme = [(at, each) for at, each in enumerate(actions) if each.measure.theme == theme]
            first_row = self.row
            for start in range(0, len(of_theme), per_row):
                row = self._next_row(28)
                for index, (at, each) in enumerate(of_theme[start : start + per_row]):
                    self._tile((row, 5 + index * step, step), each, listing.grade_of(at), symbols)
            if of_theme:
                look = self.formats.boxed(
                    bold=True, font_size=9, text_wrap=True, align="center", bg_color=PALE, font_color=NAVY
                )
                self.canvas.put(first_row, (1, 4), theme, look, rows=self.row - first_row)

    def _tile(self, place: tuple[int, int, int], each: ActionEvaluation, grade: str, symbols: dict[str, str]) -> None:
        row, column, step = place
        name = self.report.page_name(each.action)
        symbol = f"INDEX({{{','.join(quoted(each) for each in symbols.values())}}},MATCH({grade},{{{','.join(map(quoted, symbols))}}},0))"
        text = f"{each.action.no}\n{symbols[each.grade or UNEVALUATED]}"
        formula = f'HYPERLINK("#\'{name}\'!A1","{each.action.no}"&CHAR(10)&{symbol})'
        look = self.formats(
            bold=True, font_size=9, align="center", text_wrap=True, border=1, border_color=WHITE, bg_color="#E3E5E8"
        )
        span = (column, column + step - 1)
        self.canvas.formula(row, span, formula, text, look)
        self.canvas.grade_colours(f"{a1(row, span[0])}:{a1(row, span[1])}", grade, self.report.evaluation)

    def _submissions(self) -> None:
        self._section("提出状況")
        by_status = {
            word: [each.department for each in self.report.merged.statuses if each.status == word]
            for word in (SUBMITTED, CARRIED, MISSING)
        }
        total = len(self.report.merged.statuses)
        text = f"{total}課中 {len(by_status[SUBMITTED])}課が提出"
        for word in (CARRIED, MISSING):
            if by_status[word]:
                text += f"　／　{word}: {'、'.join(by_status[word])}"
        count = {severity: self.report.count(severity) for severity in Severity}
        text += "　／　確認事項: " + "・".join(f"{severity} {number}" for severity, number in count.items())
        self.canvas.put(self._next_row(30), _ALL, text, self.formats(text_wrap=True, font_size=9))

    def _decisions(self) -> None:
        """List the actions that a person must decide about or that rest on too little, each a link."""
        wanted = [
            each
            for each in self.report.evaluation.actions
            if {Status.UNDECIDED, Status.PROVISIONAL, Status.WORSE} & set(each.status)
        ]
        wanted.sort(key=lambda each: Status.UNDECIDED not in each.status)
        self._section("判断・確認が必要なアクション")
        link = self.formats(font_size=9, font_color="#2F74B0", underline=1)
        for each in wanted[:_MOST_DECISIONS]:
            row = self._next_row(17)
            name = self.report.page_name(each.action)
            text = f"{each.action.no}　{each.action.name}"
            self.canvas.formula(row, (1, 12), f"HYPERLINK(\"#'{name}'!A1\",{quoted(text)})", text, link)
            said = f"{each.grade or UNEVALUATED} {each.shown or ''}　{status_text(each)}"
            self.canvas.put(row, (13, _COLUMNS), said, self.formats(font_size=9))
        more = len(wanted) - _MOST_DECISIONS
        if not wanted:
            self.canvas.put(self._next_row(17), _ALL, "ありません。", self.formats(font_size=9, font_color=MUTED))
        elif more > 0:
            self.canvas.put(
                self._next_row(17), _ALL, f"ほか{more}件は、一覧の「状態」をご覧ください。", self.formats(font_size=9)
            )


def _spans(count: int) -> Iterator[tuple[int, int]]:
    """Share the grid's columns among `count` cards as evenly as it goes."""
    for index in range(count):
        yield index * _COLUMNS // count + 1, (index + 1) * _COLUMNS // count
