"""An action's page in the making: a grid of equal columns, blocks of rows as high as their text, broken at the end."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction
from itertools import groupby

from xlsxwriter.format import Format

from kama_excel.domain.keys import Field, Key
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.report.month_report import Report
from kama_excel.report.xlsx.page.addresses import Addresses, Inputs
from kama_excel.report.xlsx.page.calculation import write_calculation
from kama_excel.report.xlsx.page.input_rules import add_input_validation
from kama_excel.spreadsheets.cells import absolute, quoted
from kama_excel.spreadsheets.writing.canvas import Canvas
from kama_excel.spreadsheets.writing.fast_xlsxwriter import ReportBook
from kama_excel.spreadsheets.writing.measure import INDENT, column_pixels, one_line, row_points, split_into_rows
from kama_excel.spreadsheets.writing.paging import Block, Piece, Row, draw_nothing, paginate, without_first_gap
from kama_excel.spreadsheets.writing.style import CHANGED, HAIRLINE, MUTED, NAVY, NOTABLE, PALE, Formats

COLUMNS = 12
WIDTH = 7.6
LABEL, TEXT, ALL = (1, 2), (3, COLUMNS), (1, COLUMNS)
FLAG_COLUMN, WEIGHT_COLUMN = 13, 14
TIGHT = 3.0  # points above and below a text together, where a page must hold more than it would like to
_MARGIN_TOP, _MARGIN_BOTTOM, _MARGIN_SIDE = 0.5, 0.6, 0.45  # inches
_SCALE = 96  # percent, where a page has several sheets: Excel ignores set breaks when it fits to pages by itself
_RESERVE = 0.97  # printers differ a little
_ROOM = (11.69 - _MARGIN_TOP - _MARGIN_BOTTOM) * 72 / (_SCALE / 100) * _RESERVE
CORRECTED: dict[str, object] = dict(NOTABLE)
_NAME_SIZE = 9.0
_DISTANCE = 3  # rows between the page and the block of the exact figures
_HIGHEST_PIECE = 62.0  # a text is cut here so that it can go on on the next sheet of paper
_CONTINUED = 30.0


def span_pixels(columns: tuple[int, int]) -> int:
    """Return the pixels of a span of the page's columns."""
    return (columns[1] - columns[0] + 1) * column_pixels(WIDTH)


def text_row(
    texts: Sequence[tuple[str, tuple[int, int], float]], draw: Callable[[int], None], *, least: float = 0.0
) -> Row:
    """Return a row that is as high as the highest of its texts: (text, columns, font size)."""
    wanted = max((row_points(text, span_pixels(span) - INDENT, size) for text, span, size in texts), default=0.0)
    needed = max((row_points(text, span_pixels(span) - INDENT, size, padding=TIGHT) for text, span, size in texts))
    return Row(max(wanted, least), needed, draw)


@dataclass(frozen=True, slots=True)
class _Run:
    """Rows of one text, or the row of a department's name, on one sheet of paper."""

    text: str
    rows: int
    is_name: bool
    is_continued: bool


def _runs(owners: Sequence[tuple[int, str]], texts: Sequence[tuple[str, str]]) -> Iterator[_Run]:
    """Yield what stands together: the pieces of a text are again the part of it that they were cut from."""
    for at, group in groupby(owners, key=lambda owner: owner[0]):
        name, text = texts[at]
        cut = [piece for _, piece in group]
        if len(texts) > 1 and cut[0] == name and not text.startswith(name):
            yield _Run(name, 1, is_name=True, is_continued=False)
            cut = cut[1:]
        if cut:
            first = text.index(cut[0])
            last = text.index(cut[-1], first + sum(map(len, cut[:-1]))) + len(cut[-1])
            yield _Run(text[first:last], len(cut), is_name=False, is_continued=first > 0)


class Page:
    """The page of one action: what is added is drawn by `finish`, when it is known where the paper breaks."""

    def __init__(
        self,
        workbook: ReportBook,
        formats: Formats,
        report: Report,
        evaluation: ActionEvaluation,
        data_rows: dict[str, str],
    ) -> None:
        """Add the sheet. `data_rows` says by 管理番号 where a reported figure's data row is."""
        self.report = report
        self.evaluation = evaluation
        self.data_rows = data_rows
        self.book = workbook
        self.canvas = Canvas(workbook, report.page_name(evaluation.action), formats)
        self.canvas.widths(*[WIDTH] * COLUMNS, 3, 6)
        self.formats = formats
        self.at = Addresses(evaluation)
        self.inputs = Inputs()
        self._parts: list[list[Block]] = [[]]
        self._title: tuple[Row, ...] = ()

    @property
    def label_format(self) -> Format:
        """The look of a label."""
        return self.formats.boxed(bold=True, bg_color=PALE, align="center", text_wrap=True, font_color=NAVY)

    def add(
        self,
        *rows: Row,
        heading: tuple[Row, ...] = (),
        gap: float = 0.0,
        done: Callable[[int, int, bool], None] | None = None,
        is_text: bool = False,
    ) -> None:
        """Add a block, under the section's title where one was set just before, `gap` points below what is above."""
        distance = (Row(gap, gap / 2, is_gap=True),) if gap else ()
        self._parts[-1].append(Block(rows, (*self._title, *distance), heading, done, is_text))
        self._title = ()

    def section(self, title: str) -> None:
        """Set a section's title; it stands above the block that follows."""
        look = self.formats(bold=True, font_size=11, font_color=NAVY, bottom=2, bottom_color=NAVY)

        def draw(row: int) -> None:
            self.canvas.put(row, ALL, title, look)

        self._title = (Row(9, 5, is_gap=True), Row(20, 17, draw))

    def begin_part(self) -> None:
        """Let what follows begin on a sheet of its own where the page needs several."""
        self._parts.append([])

    def labelled(
        self, label: str, texts: Sequence[tuple[str, str]], *, size: float = 10, least: float = 22.0, **look: object
    ) -> None:
        """Add a label, and beside it each department's text, under its name where there are several.

        A text has as many rows as it may be broken at, and is one cell on each sheet of paper.
        """
        rows, owners = [], []
        for at, (name, text) in enumerate(texts):
            if len(texts) > 1:
                rows.append(text_row([(name, TEXT, _NAME_SIZE)], draw_nothing))
                owners.append((at, name))
            parts = split_into_rows(text, span_pixels(TEXT) - INDENT, size, most=_HIGHEST_PIECE)
            lowest = least if len(texts) == 1 else 0.0
            rows += [text_row([(piece, TEXT, size)], draw_nothing, least=lowest) for piece in parts]
            owners += [(at, piece) for piece in parts]
        below = max(row_points(label, span_pixels(LABEL) - INDENT, 10) - sum(row.points for row in rows), 0.0)
        rows[-1] = replace(rows[-1], points=rows[-1].points + below, needed=rows[-1].needed + below)
        begun = 0

        def done(first: int, last: int, is_first: bool) -> None:  # noqa: FBT001 -- as `Block.done` has it
            nonlocal begun
            mine = owners[begun : begun + last - first + 1]
            said = label if is_first else f"{label}\n（続き）"
            if not is_first and len(texts) > 1 and mine[0][1] != texts[mine[0][0]][0]:
                said += f"\n{texts[mine[0][0]][0]}"
            self.canvas.put(first, LABEL, said, self.label_format, rows=last - first + 1)
            row = first
            for run in _runs(mine, texts):
                self._draw_text(run, row, texts, size, is_last=row + run.rows - 1 == last, look=look)
                row += run.rows
            begun += last - first + 1

        self.add(*rows, done=done, is_text=True)

    def _draw_text(
        self,
        run: _Run,
        row: int,
        texts: Sequence[tuple[str, str]],
        size: float,
        *,
        is_last: bool,
        look: Mapping[str, object],
    ) -> None:
        """Draw a department's name, or what of its text stands on one sheet of paper."""
        sides: dict[str, object] = {"border": 0, "right": 1, "right_color": HAIRLINE, "left": 1, "left_color": HAIRLINE}
        bottom = {"bottom": 1, "bottom_color": HAIRLINE}
        if run.is_name:
            name = {"font_size": _NAME_SIZE, "font_color": MUTED, "top": 1, "top_color": HAIRLINE}
            self.canvas.put(row, TEXT, run.text, self.formats.text(**{**sides, **name, "valign": "bottom"}))
            return
        top = {"top": 1, "top_color": HAIRLINE} if len(texts) == 1 or run.is_continued else {}
        ends = bottom if is_last or len(texts) > 1 else {}
        cell = self.formats.text(**{**sides, **top, **ends, "font_size": size, "valign": "top", **look})
        if len(texts) == 1 and run.rows == 1:
            cell = self.formats.text(**{**sides, **top, **ends, "font_size": size, **look})
        self.canvas.put(row, TEXT, run.text, cell, rows=run.rows)

    def link_to_data(self, address: str, key: str) -> None:
        """Make the cell a link to the data row of a 管理番号; what is written into it afterwards stays a figure."""
        if key in self.data_rows:
            tip = "元のデータ（提出ファイル・セル）へ"
            self.canvas.sheet.write_url(address, f"internal:{self.data_rows[key]}", string="-", tip=tip)

    def mark_changed(self, address: str, value: object) -> None:
        """Let the cell stand out as soon as somebody types another value into it than the one that was reported."""
        cell = absolute(address)
        match value:
            case int() | float() | Fraction():
                differs = f"OR(NOT(ISNUMBER({cell})),ABS(N({cell})-{float(value):.15g})>0.0000001)"
            case _:
                differs = f"NOT(EXACT({cell},{quoted(str(value))}))"
        self.canvas.when(address, differs, **CHANGED)

    def correction(self, key: Key, *fields: Field) -> str:
        """Return what a 訂正 put in place of what, and who and why; '' where none of the fields was corrected."""
        return "".join(
            f"\n{self.report.corrected[key, field]}" for field in fields if (key, field) in self.report.corrected
        )

    def finish(self) -> int:
        """Decide the breaks, draw every row, set up printing; return how many sheets of paper the page takes."""
        sheets = paginate(self._parts, _ROOM, _CONTINUED)
        self.at.place(sum(len(without_first_gap(sheet.pieces)) for sheet in sheets) + 2 * len(sheets) + _DISTANCE)
        breaks: list[int] = []
        row = 1
        for number, sheet in enumerate(sheets):
            if number:
                breaks.append(row - 1)
                row = self._continued(row)
            skipped = sum(len(piece.all_rows) for piece in sheet.pieces) - len(without_first_gap(sheet.pieces))
            for piece in sheet.pieces:
                row = self._draw(piece, row, sheet.tightness, skipped)
                skipped = 0
        write_calculation(self.canvas, self.at, self.inputs)
        add_input_validation(self.canvas.sheet, self.inputs)
        self._set_up_printing(row - 1, breaks)
        return len(breaks) + 1

    def _draw(self, piece: Piece, row: int, tightness: float, skipped: int) -> int:
        """Draw a piece from a row on, without its first `skipped` rows, and return the row below it."""
        for each in piece.all_rows[skipped:]:
            self.canvas.height(row, each.height(tightness))
            each.draw(row)
            row += 1
        if piece.block.done:
            piece.block.done(row - len(piece.rows), row - 1, piece.is_first)
        return row

    def _continued(self, row: int) -> int:
        action = self.evaluation.action
        self.canvas.height(row, _CONTINUED - 8)
        look = self.formats(bold=True, font_size=10, font_color=MUTED, bottom=1, bottom_color=NAVY, valign="vcenter")
        title = one_line(f"{action.no}　{action.name}", span_pixels(ALL), 10, ending="（続き）")
        self.canvas.put(row, ALL, title, look)
        self.canvas.height(row + 1, 8)
        return row + 2

    def _set_up_printing(self, last_row: int, breaks: list[int]) -> None:
        sheet = self.canvas.sheet
        sheet.print_area(0, 0, last_row - 1, COLUMNS - 1)
        footer = f"{self.report.plan.name}　{self.report.month.label}分"
        self.canvas.print_setup(footer=footer, tall=1, margins=(_MARGIN_SIDE, _MARGIN_TOP, _MARGIN_BOTTOM))
        if breaks:
            sheet.set_print_scale(_SCALE)
            sheet.set_h_pagebreaks(breaks)
