"""An action's page in the making: a grid of equal columns, rows as high as their text, breaks where a sheet is full."""

from __future__ import annotations

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from kama_excel.evaluation import ActionEvaluation
from kama_excel.look import NAVY, PALE, Formats, column_pixels, pieces, row_points
from kama_excel.report.calculation import Calculation, Inputs
from kama_excel.report.canvas import Canvas
from kama_excel.report.model import Report

COLUMNS = 12
WIDTH = 7.6
LABEL, TEXT, ALL = (1, 2), (3, COLUMNS), (1, COLUMNS)
_PAPER_POINTS = 735.0  # what A4 holds between the margins at 100 %
_HIGHEST_PIECE = 300.0  # a text is cut here so that it can go on on the next sheet of paper


def span_pixels(columns: tuple[int, int]) -> int:
    """Return the pixels of a span of the page's columns."""
    return (columns[1] - columns[0] + 1) * column_pixels(WIDTH)


class Page:
    """`row` is the next free row, `used` the points above it on its sheet of paper."""

    def __init__(
        self,
        workbook: Workbook,
        formats: Formats,
        report: Report,
        evaluation: ActionEvaluation,
        data_rows: dict[str, str],
    ) -> None:
        """Add the sheet. `data_rows` says by 管理番号 where a reported figure's data row is."""
        self.report = report
        self.evaluation = evaluation
        self.data_rows = data_rows
        self.canvas = Canvas(workbook, report.page_name(evaluation.action), formats)
        self.canvas.widths(*[WIDTH] * COLUMNS, 2, 6)
        self.formats = formats
        self.calculation = Calculation(evaluation)
        self.inputs = Inputs()
        self.row = 1
        self.used = 0.0
        self.breaks: list[int] = []

    @property
    def label_format(self) -> Format:
        """The look of a label."""
        return self.formats.boxed(bold=True, bg_color=PALE, align="center", text_wrap=True, font_color=NAVY)

    def next_row(self, points: float) -> int:
        """Take a row of this height and return its number; a row that the paper has no room for begins a new sheet."""
        self.keep_together(points)
        row = self.row
        self.canvas.height(row, points)
        self.row += 1
        self.used += points
        return row

    def keep_together(self, points: float) -> None:
        """Begin a new sheet of paper where what follows would not fit on this one but fits on a whole one."""
        if self.used + points > _PAPER_POINTS and self.used and points <= _PAPER_POINTS:
            self.breaks.append(self.row - 1)
            self.used = 0.0

    def labelled(self, label: str, text: str, *, size: float = 10, least: float = 24.0, **look: object) -> None:
        """Write a label and a text, in as many rows as the text needs."""
        text_format = self.formats.boxed(text_wrap=True, font_size=size, **look)
        for number, piece in enumerate(pieces(text, span_pixels(TEXT), size, most=_HIGHEST_PIECE)):
            row = self.next_row(row_points(piece, span_pixels(TEXT), size, least=least))
            self.canvas.put(row, LABEL, label if number == 0 else f"{label}（続き）", self.label_format)
            self.canvas.put(row, TEXT, piece, text_format)

    def section(self, title: str, *, keep: float = 0.0) -> None:
        """Write a section's title, on one sheet of paper with the `keep` points that follow."""
        self.keep_together(28 + keep)
        if self.used:
            self.next_row(8)
        row = self.next_row(20)
        look = self.formats(bold=True, font_size=11, font_color=NAVY, bottom=2, bottom_color=NAVY)
        self.canvas.put(row, ALL, title, look)

    def link_to_data(self, address: str, key: str) -> None:
        """Make the cell a link to the data row of a 管理番号; what is written into it afterwards stays a figure."""
        if key in self.data_rows:
            tip = "元のデータ（提出ファイル・セル）へ"
            self.canvas.sheet.write_url(address, f"internal:{self.data_rows[key]}", string="-", tip=tip)

    def finish(self) -> None:
        """Set up printing."""
        self.calculation.write(self.canvas, self.inputs)
        self.canvas.sheet.print_area(0, 0, self.row - 2, COLUMNS - 1)
        self.canvas.print_setup(footer=f"{self.report.plan.name}　{self.report.month.label}分")
        if self.breaks:
            self.canvas.sheet.set_h_pagebreaks(self.breaks)
