"""A sheet of the form with its table: heading, notes, rows, validations, live formulas."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import NamedTuple

from kama_excel.domain.entries import Picture
from kama_excel.domain.keys import Field, Key, KeyKind, Slot, ValueKind
from kama_excel.forms import schema
from kama_excel.forms.content import FormContent, FormRow, printed_columns, printed_heading
from kama_excel.forms.schema import FormColumn, FormSheet
from kama_excel.forms.snapshot import IssuedSnapshot
from kama_excel.forms.writing import row_style
from kama_excel.forms.writing.answers import Answers
from kama_excel.forms.writing.form_canvas import MARGINS, Area, FormCanvas, cell_value
from kama_excel.forms.writing.indicator_remarks import is_in_percent
from kama_excel.forms.writing.row_style import RowShape, add_conditions
from kama_excel.forms.writing.validation import HINTS, NOT_BEGUN_HINT, validate
from kama_excel.plan.rows import Indicator, Task
from kama_excel.spreadsheets.cells import a1
from kama_excel.spreadsheets.writing.book import Book
from kama_excel.spreadsheets.writing.measure import INDENT, one_line, row_points
from kama_excel.spreadsheets.writing.style import DONE, INPUT, MUTED, NAVY, SIZE, WANTED, Formats
from kama_excel.spreadsheets.writing.table import Column, Table, TableCell

HEADING_ROW = 4
_FROZEN_COLUMNS = 3  # 管理番号, No, アクション
_LEAST_ROW, _REASON_ROW, _WORDS_ROW, _PICTURE_ROW = 21.0, 48.0, 54.0, 147.0
_BLANK_WORDS_ROW, _CAPTION_ROW, _LINK_ROW = 30.0, 25.5, 15.0
_LINK_FIELDS = (Field.OUTCOME, Field.EFFORTS, Field.CHALLENGES)
_MOST_LINK_ROWS = 2  # they stay in view, as the headings do, and leave the less room for the texts
_LEGEND = "● 記入してください　◇ ご確認ください　✓ 記入済み　　色のないセルは、変更できないように保護しています。"
_PICTURE_LEGEND = "写真は「挿入」→「画像」または貼り付けで挿入します。"
_LONG = (Field.REASON, Field.OUTCOME, Field.EFFORTS, Field.CHALLENGES)
_OPTIONAL, _NOTHING = "現時点では任意です", "記入は不要です"


def area_of(content: FormContent, form_sheet: FormSheet) -> Area:
    """Return the area of the sheet's table."""
    columns = printed_columns(form_sheet, content)
    count = max(len(content.rows[form_sheet.name]), 1)
    heading_row = HEADING_ROW + _link_rows(form_sheet, len(content.rows[form_sheet.name]))
    return Area(form_sheet.name, columns, heading_row + 1, heading_row + count)


def _link_rows(form_sheet: FormSheet, count: int) -> int:
    """Return the rows of links to actions above a table of texts; 0 above a short one."""
    if form_sheet != schema.WORDS_SHEET or count <= len(_LINK_FIELDS):
        return 0
    return -(-count // (_link_step(count) * len(_LINK_FIELDS)))


def _link_step(count: int) -> int:
    """Return 1 if each of `count` actions has a link, 2 if every second one has, and so on."""
    return -(-count // (_MOST_LINK_ROWS * len(_LINK_FIELDS)))


def write_table(
    book: Book, formats: Formats, snapshot: IssuedSnapshot, answers: Answers, form_sheet: FormSheet
) -> None:
    """Write one of the form's sheets."""
    canvas = FormCanvas(book, form_sheet.name, formats, snapshot)
    _InputSheet(canvas, answers, form_sheet, answers.areas[form_sheet.name]).write()


class _InputSheet(NamedTuple):
    canvas: FormCanvas
    answers: Answers
    form_sheet: FormSheet
    area: Area

    @property
    def content(self) -> FormContent:
        return self.answers.content

    @property
    def rows(self) -> tuple[FormRow, ...]:
        return self.content.rows[self.form_sheet.name]

    def write(self) -> None:
        """Write the sheet from top to bottom."""
        canvas, area, sheet = self.canvas, self.area, self.canvas.sheet
        hidden = [at for at, column in enumerate(area.columns, start=1) if self._is_hidden(column)]
        canvas.widths(*(column.width for column in area.columns), hidden=hidden)
        self._head()
        self._links()
        heading_row = area.first - 1
        table = self._table()
        table.write_headings(canvas, heading_row)
        lines = table.lines(canvas)
        for number, (row, shape) in enumerate(self._shaped(), start=area.first):
            line = [self._cell(row, shape, column, number) for column in area.columns]
            lines.write(number, line, least=self._least(row))
            self._pictures(row, number)
            if self.form_sheet == schema.WORDS_SHEET:
                sheet.set_growing(number - 1)
        if self.rows:
            self._validations()
            add_conditions(canvas, self.form_sheet, area, self.content.plan.bands)
            table.add_filter(canvas, heading_row, area.last)
        else:
            canvas.put(area.first, 2, schema.NOTHING_WANTED, canvas.formats(font_color=MUTED))
        canvas.keep_headings(heading_row, _FROZEN_COLUMNS)
        first_input = next(i for i, each in enumerate(area.columns) if each.kind)
        sheet.set_selection(heading_row, first_input, heading_row, first_input)
        sheet.set_tab_color(WANTED if self.rows else MUTED)
        canvas.suppress_error_markers((area.last, len(area.columns)))
        canvas.protect(pictures=self.form_sheet == schema.PICTURE_SHEET)
        sheet.print_area(0, 1, area.last - 1, len(area.columns) - 1)
        footer = f"{self.content.department}　{self.form_sheet.name}　{self.content.month.label}分"
        canvas.print_setup(landscape=True, footer=footer, margins=MARGINS)
        if self.form_sheet == schema.PICTURE_SHEET and self.rows:  # a caption stays with its picture
            starts = [n for n, (_, shape) in enumerate(self._shaped(), start=area.first) if shape.starts_action]
            groups = [(start, end - 1) for start, end in pairwise([*starts, area.last + 1])]
            (_, first), *rest = groups
            canvas.keep_together([(1, first), *rest], repeated=heading_row, wide=self._width)

    def _table(self) -> Table:
        columns = (
            Column(printed_heading(column, self.content.plan), at, heading_look=row_style.heading_look(column))
            for at, column in enumerate(self.area.columns, start=1)
        )
        return Table(tuple(columns), size=SIZE, least=_LEAST_ROW, heading_least=30)

    @property
    def _shown(self) -> list[int]:
        return [i for i, column in enumerate(self.area.columns, start=1) if not self._is_hidden(column)]

    @property
    def _width(self) -> int:
        """The width of the shown columns in pixels."""
        return sum(map(self.canvas.span_pixels, self._shown))

    # --- above the table -------------------------------------------------------------------------------------------

    def _head(self) -> None:
        canvas, formats = self.canvas, self.canvas.formats
        shown = self._shown
        canvas.height(1, 28)
        canvas.put(1, 2, self.form_sheet.title, formats(bold=True, font_size=14, font_color=NAVY))
        whose = f"{self.content.department}　{self.content.month.label}分"
        canvas.put(1, shown[-1], whose, formats(font_color=MUTED, align="right"))
        note = formats(font_color=MUTED, text_wrap=True, valign="top")
        canvas.height(2, row_points(self.form_sheet.note, self._width, SIZE, least=18) + 2)
        canvas.put(2, (2, shown[-1]), self.form_sheet.note, note)
        canvas.height(3, 24)
        link = formats.link(font_size=SIZE, align="center")
        canvas.link(1, shown[-3], schema.COVER_SHEET, f"「{schema.COVER_SHEET}」に戻る", link)
        if self.form_sheet != schema.PICTURE_SHEET:
            self._status()
        canvas.put(3, 4, "記入欄", formats.boxed(bg_color=INPUT, align="center", font_size=9))
        legend = _PICTURE_LEGEND if self.form_sheet == schema.PICTURE_SHEET else _LEGEND
        canvas.put(3, 5, legend, formats(font_color=MUTED, font_size=9, indent=1))

    def _links(self) -> None:
        """Write links to the actions between legend and headings; only some if there are many."""
        if self.area.first == HEADING_ROW + 1:
            return
        step = _link_step(len(self.rows))
        columns = [self.area.column(field) for field in _LINK_FIELDS]
        for at, row in enumerate(self.rows[::step]):
            line, side = divmod(at, len(columns))
            self.canvas.height(HEADING_ROW + line, _LINK_ROW)
            room = self.canvas.span_pixels(columns[side]) - INDENT
            text = one_line(f"{row.printed[schema.NO]}　{row.printed[schema.ACTION]}", room, 9)
            target = f"'{self.area.sheet}'!{a1(self.area.first + at * step, columns[0])}"
            self.canvas.link(HEADING_ROW + line, columns[side], target, text, self.canvas.formats.link(indent=1))

    def _status(self) -> None:
        formula, count = self.answers.remaining(self.form_sheet)
        status = self.canvas.formats.boxed(bold=True, align="center", bg_color=WANTED, font_color=NAVY)
        nothing_left = _OPTIONAL if self.answers.is_optional(self.form_sheet) else schema.ALL_DONE
        nothing_left = nothing_left if self.rows else _NOTHING
        sentence = schema.remaining_sentence(formula, nothing_left)
        self.canvas.formula(3, (2, 3), sentence, schema.remaining_text(count, nothing_left), status)
        self.canvas.when("B3:C3", f'$B$3="{nothing_left}"', bg_color=DONE)

    # --- the rows --------------------------------------------------------------------------------------------------

    def _shaped(self) -> Iterator[tuple[FormRow, RowShape]]:
        for before, row in pairwise((None, *self.rows)):
            assert row is not None  # noqa: S101 -- only the first of the pairs has nobody before it
            is_first = before is None or before.printed[schema.NO] != row.printed[schema.NO]
            year = row.printed.get(schema.YEAR)
            starts_year = year is not None and (before is None or before.printed.get(schema.YEAR) != year)
            is_grouped = self.form_sheet in (schema.PROGRESS_SHEET, schema.PICTURE_SHEET)
            yield row, RowShape(is_first, starts_year, self._year_word(row), is_grouped)

    def _year_word(self, row: FormRow) -> str:
        if not isinstance(row.of, Task):
            return ""
        month, year = self.content.month, row.of.fiscal_year
        if not month.has_begun(year):
            return row_style.TO_COME
        return row_style.RUNNING if year == month.fiscal_year else row_style.ENDED

    def _cell(self, row: FormRow, shape: RowShape, column: FormColumn, number: int) -> TableCell:
        """Return the cell of a row (number `number` of the sheet) in a column."""
        if column.heading == schema.KEY:
            return TableCell(row.key, {"border": 0, "font_color": MUTED, "text_wrap": False})
        if slot := schema.slots(self.form_sheet, row.key).get(column.heading):
            return self._input(slot, row, shape)
        if column.is_answer:
            look = row_style.answer_look(column, shape, self.content.plan.bands.rounding)
            if not self.answers.has_answer(row, column.heading):
                return TableCell(None, look)
            formula, value = self.answers.answer(self.form_sheet, row, column.heading, number)
            return TableCell(value, look, formula=formula)
        look = row_style.printed_look(column, shape)
        if column.picture:
            return TableCell(f"{column.heading}をここに貼り付け\n（左上がこの枠に入るように配置）", look)
        text = self._notice(row) if column.heading == schema.NOTICE else row.printed.get(column.heading)
        return TableCell(text, look)

    def _input(self, slot: Slot, row: FormRow, shape: RowShape) -> TableCell:
        field, entered = slot[1], cell_value(self.content.entered.get(slot))
        is_marked = slot in self.answers.asked
        is_ahead = shape.year == row_style.TO_COME
        is_quiet = field == (Field.DONE if is_ahead else Field.EXPECTED) and bool(shape.year)
        if is_quiet and not is_marked:
            # 実施 of a future year stays unlocked (対象外); 予定 of a year begun was reported earlier, and stays.
            quiet = row_style.quiet_input_look(field.kind, shape, is_locked=not is_ahead)
            return TableCell(entered, quiet, is_input=True)
        look = row_style.input_look(field.kind, shape, is_marked=is_marked, is_long=field in _LONG)
        if self._is_in_percent(field, row):
            return TableCell(entered, {**look, "num_format": "0%"}, is_input=True, is_in_percent=True)
        return TableCell(entered, look, is_input=True, is_measured=field.kind is ValueKind.TEXT)

    def _is_in_percent(self, field: Field, row: FormRow) -> bool:
        return field is Field.ACTUAL and isinstance(row.of, Indicator) and is_in_percent(row.of)

    def _pictures(self, row: FormRow, number: int) -> None:
        """Insert the pictures of an issued form into their frames."""
        for at, column in enumerate(self.area.columns, start=1):
            if column.picture and row.key.kind is KeyKind.PICTURE:
                key = Key.of_picture(row.key.action_no or 0, row.key.department, column.picture)
                picture = self.content.entered.get((key, Field.PICTURE))
                if isinstance(picture, Picture):
                    room = (self.canvas.span_pixels(at), self.canvas.pixels(number, 1))
                    self.canvas.insert_picture(
                        number, at, picture, room, f"アクション{key.action_no}の{column.heading}"
                    )

    def _notice(self, row: FormRow) -> str:
        """Return the remarks on the whole row, then on each of its inputs."""
        marks = self.content.marks
        whole = [marks[row.key, ""]] if (row.key, "") in marks else []
        slots = schema.slots(self.form_sheet, row.key)
        of_inputs = [f"{heading}: {note}" for heading, slot in slots.items() if (note := self.answers.note(slot))]
        return "\n".join([*whole, *of_inputs])

    @property
    def _has_notices(self) -> bool:
        return any(self._notice(row) for row in self.rows)

    def _is_hidden(self, column: FormColumn) -> bool:
        return column.is_hidden or (column.heading == schema.NOTICE and not self._has_notices)

    def _least(self, row: FormRow) -> float:
        """Return the minimum height of a row."""
        rooms = {
            schema.ASSESSMENT_SHEET: _REASON_ROW,
            schema.WORDS_SHEET: _WORDS_ROW if self._has_text(row) else _BLANK_WORDS_ROW,
            schema.PICTURE_SHEET: _CAPTION_ROW if row.key.kind is KeyKind.CAPTIONS else _PICTURE_ROW,
        }
        return rooms.get(self.form_sheet, _LEAST_ROW)

    def _has_text(self, row: FormRow) -> bool:
        slots = schema.slots(self.form_sheet, row.key).values()
        return any(self.content.prefilled(*slot) is not None for slot in slots)

    # --- rules -----------------------------------------------------------------------------------------------------

    def _validations(self) -> None:
        numbers = range(self.area.first, self.area.last + 1)
        for index, column in enumerate(self.area.columns, start=1):
            field = column.field
            if field is None:
                continue
            if column.picture:
                captions = [n for n, row in zip(numbers, self.rows, strict=True) if row.key.kind is KeyKind.CAPTIONS]
                validate(self.canvas, field, index, captions)
            elif field is Field.DONE:
                to_come = [
                    n for n, row in zip(numbers, self.rows, strict=True) if self._year_word(row) == row_style.TO_COME
                ]
                begun = [n for n in numbers if n not in set(to_come)]
                validate(self.canvas, field, index, begun)
                validate(self.canvas, field, index, to_come, NOT_BEGUN_HINT)
            elif field is Field.ACTUAL:
                for number, row in zip(numbers, self.rows, strict=True):
                    validate(self.canvas, field, index, [number], _hint_of(row))
                    if self._is_in_percent(field, row):
                        row_style.show_decimals(self.canvas, a1(number, index))
            else:
                validate(self.canvas, field, index, list(numbers))


def _hint_of(row: FormRow) -> str:
    """Return the hint beside an actual: its unit and the plan's instructions."""
    if not isinstance(row.of, Indicator):
        return HINTS[Field.ACTUAL]
    if is_in_percent(row.of):
        return f"単位は「{row.of.unit}」です。96 と入力すると 96% になります。{row.of.how_to_fill}"
    unit = f"単位は「{row.of.unit}」です。単位を付けずに" if row.of.unit else ""
    return f"{unit}{HINTS[Field.ACTUAL]}{row.of.how_to_fill}"
