"""An action's page under construction: narrow columns, blocks of rows, page breaks."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from itertools import groupby
from typing import NamedTuple

from xlsxwriter.format import Format

from kama_excel.domain.keys import Field, Key
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.report.month_report import Report
from kama_excel.report.xlsx.page.addresses import ALL, COLUMNS, LABEL, TEXT, WIDTH, Addresses, Inputs, Span
from kama_excel.report.xlsx.page.calculation import write_calculation
from kama_excel.report.xlsx.page.input_rules import add_input_validation
from kama_excel.spreadsheets.cells import a1, absolute, quoted
from kama_excel.spreadsheets.writing.book import Book
from kama_excel.spreadsheets.writing.canvas import Canvas
from kama_excel.spreadsheets.writing.measure import (
    INDENT,
    column_pixels,
    one_line,
    padded,
    row_points,
    split_into_rows,
    text_points,
)
from kama_excel.spreadsheets.writing.paging import Block, PageRow, Piece, draw_nothing, paginate, without_first_gap
from kama_excel.spreadsheets.writing.style import CHANGED, HAIRLINE, MUTED, NAVY, NOTABLE, PALE, Formats

TIGHT = 1.0  # points above and below a text together, if space is short
_LOOSE = 5.0
_MARGIN_TOP, _MARGIN_BOTTOM, _MARGIN_SIDE = 0.5, 0.6, 0.42  # inches
_SCALE = 95  # percent, for several printed pages: Excel ignores set breaks when it fits to pages
_RESERVE = 0.97  # printers differ slightly
_ROOM = (11.69 - _MARGIN_TOP - _MARGIN_BOTTOM) * 72 / (_SCALE / 100) * _RESERVE
CORRECTED: dict[str, object] = dict(NOTABLE)
_COLUMN_PIXELS = column_pixels(WIDTH)
_NAME_SIZE = 9.0
_NAME, _BESIDE = (TEXT[0], TEXT[0] + 6), (TEXT[0] + 7, TEXT[1])  # of a department's name beside its text
_SIDES: Mapping[str, object] = {"border": 0, "right": 1, "right_color": HAIRLINE, "left": 1, "left_color": HAIRLINE}
_ALONE = 22.0  # points of an only text at least
_DISTANCE = 3  # rows between the page and the block of the exact figures
_HIGHEST_PIECE = 62.0  # a longer text is cut here so that it can continue on the next page
_CONTINUED = 30.0
_CONTINUES = 16.0


class NumberFormats(NamedTuple):
    """The formats of a number: whole, and with decimals. `scale` 100 is for percent."""

    whole: str
    decimals: str
    scale: int = 1

    def of(self, number: Fraction) -> str:
        """Return the format of a number."""
        return self.whole if (number * self.scale).denominator == 1 else self.decimals

    def has_decimals(self, number: str) -> str:
        """Return the formula of whether a number has decimals."""
        return f"ROUND({self.scale}*{number},7)<>ROUND({self.scale}*{number},0)"


FIGURE_FORMATS = NumberFormats("#,##0", "#,##0.0#########")
PROGRESS_FORMATS = NumberFormats("0%", "0.0%", scale=100)


def span_pixels(columns: Span) -> int:
    """Return the pixels of a span of the page's columns."""
    return (columns[1] - columns[0] + 1) * _COLUMN_PIXELS


def text_row(texts: Sequence[tuple[str, Span, float]], draw: Callable[[int], None], *, least: float = 0.0) -> PageRow:
    """Return a row that is as high as the highest of its texts: (text, columns, font size)."""
    points = max([text_points(text, span_pixels(span) - INDENT, size) for text, span, size in texts])
    return PageRow(padded(points, least=least), padded(points, TIGHT), draw)


def text_rows(text: str, columns: Span, size: float, *, least: float = 0.0) -> tuple[list[PageRow], list[Span]]:
    """Return the rows of a text that may continue on the next page, and their parts.

    A part is (from, to) of the text. Together the rows are as high as the text in one cell; `PageRow.more` is what a
    row needs in addition at the top of a printed page.
    """
    pixels = span_pixels(columns) - INDENT
    rows: list[PageRow] = []
    parts: list[Span] = []
    above, end = 0.0, 0
    whole = text_points(text, pixels, size)
    for piece in split_into_rows(text, pixels, size, most=_HIGHEST_PIECE):
        first = text.index(piece, end)
        end = first + len(piece)
        so_far = text_points(text[:end], pixels, size)
        if parts and so_far - above < size:  # it ends on the last line of the part before
            parts[-1] = (parts[-1][0], end)
            continue
        more = text_points(text[first:], pixels, size) - (whole - above)
        rows.append(PageRow(so_far - above, so_far - above, more=more))
        parts.append((first, end))
        above = so_far
    last = rows[-1]
    rows[-1] = last._replace(points=max(last.points + _LOOSE, least), needed=last.needed + TIGHT)
    return rows, parts


class Page:
    """The page of one action; `finish` draws its rows once the page breaks are known."""

    def __init__(
        self,
        workbook: Book,
        formats: Formats,
        report: Report,
        evaluation: ActionEvaluation,
        data_rows: dict[str, str],
    ) -> None:
        """Add the sheet. `data_rows` is the data row of a reported figure by 管理番号."""
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
        self._title: tuple[PageRow, ...] = ()

    @property
    def label_format(self) -> Format:
        """The look of a label."""
        return self.formats.boxed(bold=True, bg_color=PALE, align="center", text_wrap=True, font_color=NAVY)

    def add(
        self,
        *rows: PageRow,
        heading: tuple[PageRow, ...] = (),
        gap: float = 0.0,
        done: Callable[[int, int, bool], None] | None = None,
        is_text: bool = False,
        compact: Block | None = None,
    ) -> None:
        """Add a block `gap` points below the previous one, with the title set by `section`.

        `compact` replaces it if that saves a printed page.
        """
        distance = (PageRow(gap, gap / 2, is_gap=True),) if gap else ()
        self._parts[-1].append(Block(rows, (*self._title, *distance), heading, done, is_text, compact))
        self._title = ()

    def section(self, title: str) -> None:
        """Set a section's title, printed above the next block."""
        look = self.formats(bold=True, font_size=11, font_color=NAVY, bottom=2, bottom_color=NAVY)

        def draw(row: int) -> None:
            self.canvas.put(row, ALL, title, look)

        self._title = (PageRow(9, 5, is_gap=True), PageRow(20, 17, draw))

    def begin_part(self) -> None:
        """Start the following blocks on a new printed page if there are several."""
        self._parts.append([])

    def labelled(self, label: str, texts: Sequence[tuple[str, str]], *, size: float = 10, **look: object) -> None:
        """Add a label, and beside it each department's text, with its name if there are several.

        A text has as many rows as it may be broken at, and is one cell on each printed page. In the compact form
        the names are beside the texts.
        """
        words = Words(self, label, texts, size, look)
        full = words.block(is_beside=False)
        compact = words.block(is_beside=True) if len(texts) > 1 else None
        self.add(*full.rows, done=full.done, is_text=True, compact=compact)

    def link_to_data(self, row: int, column: int, key: str) -> None:
        """Link the cell to the data row of a 管理番号; a value written later stays a figure."""
        if key in self.data_rows:
            tip = "元のデータ（提出ファイル・セル）へ"
            self.canvas.sheet.write_link(row - 1, column - 1, self.data_rows[key], "-", tip)

    def mark_changed(self, row: int, column: int, value: object, numbers: NumberFormats | None = None) -> None:
        """Highlight a cell that differs from the reported one; `numbers` then show it as typed."""
        address = a1(row, column)
        cell = absolute(address)
        match value:
            case int() | float() | Fraction():
                differs = f"OR(NOT(ISNUMBER({cell})),ABS(N({cell})-{float(value):.15g})>0.0000001)"
            case _:
                differs = f"NOT(EXACT({cell},{quoted(str(value))}))"
        if numbers is None:
            self.canvas.when(address, differs, **CHANGED)
            return
        has_decimals = numbers.has_decimals(f"N({cell})")
        self.canvas.when(address, f"AND({differs},{has_decimals})", **CHANGED, num_format=numbers.decimals)
        self.canvas.when(address, differs, **CHANGED, num_format=numbers.whole)

    def correction(self, key: Key, *fields: Field) -> str:
        """Describe a 訂正: old value, new value, author, reason; '' if no field was corrected."""
        return "".join(
            f"\n{self.report.corrected[key, field]}" for field in fields if (key, field) in self.report.corrected
        )

    def finish(self) -> int:
        """Set page breaks, draw every row, set up printing; return the number of printed pages."""
        sheets = paginate(self._parts, _ROOM, _CONTINUED)
        self.at.place(sum(len(without_first_gap(sheet.pieces)) for sheet in sheets) + 3 * len(sheets) + _DISTANCE)
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
            if sheet is not sheets[-1] and sheet.points + _CONTINUES <= _ROOM:
                row = self._write_continues(row)
        write_calculation(self.canvas, self.at, self.inputs)
        add_input_validation(self.canvas.sheet, self.inputs)
        self._set_up_printing(row - 1, breaks)
        self.canvas.sheet.complete()
        self._parts.clear()  # they refer to the page: without the collector a cycle would stay in memory
        return len(breaks) + 1

    def _draw(self, piece: Piece, row: int, tightness: float, skipped: int) -> int:
        """Draw a piece from a row on, without its first `skipped` rows; return the next row."""
        for each in piece.all_rows[skipped:]:
            self.canvas.height(row, each.height(tightness))
            each.draw(row)
            row += 1
        if piece.block.done:
            piece.block.done(row - len(piece.rows), row - 1, piece.is_first)
        return row

    def _write_continues(self, row: int) -> int:
        self.canvas.height(row, _CONTINUES)
        look = self.formats(font_size=9, font_color=MUTED, align="right")
        self.canvas.put(row, ALL, "次のページに続きます", look)
        return row + 1

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


class _Part(NamedTuple):
    """The content of a row of a labelled block: a text part (from, to) or a name."""

    at: int
    of_text: Span | None = None


class Words(NamedTuple):
    """A label and the texts of departments: (name, text). `look` is that of the texts."""

    page: Page
    label: str
    texts: Sequence[tuple[str, str]]
    size: float
    look: Mapping[str, object]

    def block(self, *, is_beside: bool) -> Block:
        """Return the block, with the departments' names above their texts or beside them."""
        rows: list[PageRow] = []
        parts: list[_Part] = []
        for at, (name, text) in enumerate(self.texts):
            named = text_row([(name, _NAME if is_beside else TEXT, _NAME_SIZE)], draw_nothing)
            if len(self.texts) > 1 and not is_beside:
                rows.append(named._replace(is_kept=True))
                parts.append(_Part(at))
            least = named.points if is_beside else _ALONE if len(self.texts) == 1 else 0.0
            its_rows, of_text = text_rows(text, _BESIDE if is_beside else TEXT, self.size, least=least)
            if is_beside and len(its_rows) == 1:
                its_rows[0] = its_rows[0]._replace(needed=max(its_rows[0].needed, named.needed))
            rows += its_rows
            parts += [_Part(at, each) for each in of_text]
        wanted = row_points(self.label, span_pixels(LABEL), 10, padding=TIGHT)
        below = max(wanted - sum(row.needed for row in rows), 0.0)
        rows[-1] = rows[-1]._replace(points=rows[-1].points + below, needed=rows[-1].needed + below)
        begun = 0

        def done(first: int, last: int, is_first: bool) -> None:  # noqa: FBT001 -- as `Block.done` has it
            nonlocal begun
            mine = parts[begun : begun + last - first + 1]
            begun += len(mine)
            self._draw_label(
                first, last, "" if is_first or is_beside else self._first_department(mine[0]), is_first=is_first
            )
            row = first
            for (at, is_name), group in groupby(mine, key=lambda part: (part.at, part.of_text is None)):
                run = [part.of_text or (0, 0) for part in group]
                if is_name:
                    self._draw_name(row, at)
                else:
                    self._draw_text(row, len(run), at, (run[0][0], run[-1][1]), is_beside=is_beside)
                row += len(run)

        return Block(tuple(rows), done=done, is_text=True)

    def _first_department(self, part: _Part) -> str:
        """Return the department whose text starts a printed page."""
        return self.texts[part.at][0] if len(self.texts) > 1 and part.of_text else ""

    def _draw_label(self, first: int, last: int, name: str, *, is_first: bool) -> None:
        text = self.label if is_first else f"{self.label}\n（続き）"
        text += f"\n{name}" if name else ""
        self.page.canvas.put(first, LABEL, text, self.page.label_format, rows=last - first + 1)

    def _draw_name(self, row: int, at: int) -> None:
        """Write a department's name above its text."""
        look = {**_SIDES, "font_size": _NAME_SIZE, "font_color": MUTED, "valign": "bottom"}
        look |= {"top": 1, "top_color": HAIRLINE}
        self.page.canvas.put(row, TEXT, self.texts[at][0], self.page.formats.text(**look))

    def _draw_text(self, row: int, rows: int, at: int, part: Span, *, is_beside: bool) -> None:
        """Write the part of a department's text on one printed page."""
        name, text = self.texts[at]
        first, end = part
        is_whole = first == 0 and end == len(text)
        edges: dict[str, object] = {**_SIDES, "bottom": 1, "bottom_color": HAIRLINE}
        is_apart = len(self.texts) == 1 or is_beside
        if is_apart or first > 0:
            edges |= {"top": 1, "top_color": HAIRLINE}
        middle = {} if is_apart and is_whole else {"valign": "top"}
        cell = self.page.formats.text(**edges, **middle, font_size=self.size, **self.look)
        self.page.canvas.put(row, _BESIDE if is_beside else TEXT, text[first:end], cell, rows=rows)
        if is_beside:
            cell = self.page.formats.text(**edges, **middle, font_size=_NAME_SIZE, font_color=MUTED)
            self.page.canvas.put(row, _NAME, name + "（続き）" * (first > 0), cell, rows=rows)
