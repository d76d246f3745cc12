"""A sheet of the form with its table: heading, notes, rows, validations, live answers."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import pairwise

from xlsxwriter import Workbook

from kama_excel.domain.keys import Field, Key, KeyKind, Slot, ValueKind
from kama_excel.forms import schema
from kama_excel.forms.content import FormContent, FormRow, printed_columns, printed_heading
from kama_excel.forms.schema import Column, FormSheet
from kama_excel.forms.snapshot import IssuedSnapshot
from kama_excel.forms.writing import row_style
from kama_excel.forms.writing.answers import Answers
from kama_excel.forms.writing.form_canvas import HINTS, NOT_BEGUN_HINT, Area, FormSheetWriter, validate
from kama_excel.forms.writing.indicator_remarks import is_in_percent
from kama_excel.forms.writing.row_style import RowShape, add_conditions
from kama_excel.plan.model import Indicator, Task
from kama_excel.spreadsheets.cells import a1
from kama_excel.spreadsheets.writing.measure import column_pixels, row_points
from kama_excel.spreadsheets.writing.style import DONE, INPUT, LINK, MUTED, NAVY, WANTED, Formats

HEADING_ROW = 4
_FROZEN_COLUMNS = 3  # 管理番号, No, アクション
_LEAST_ROW, _REASON_ROW, _WORDS_ROW, _PICTURE_ROW = 21.0, 48.0, 66.0, 147.0
_CAPTION_ROW = 25.5
_INDENT = 9  # pixels
_LEGEND = "● 記入してください　◇ ご確認ください　✓ 記入済み　　色のないセルは、変更できないように保護しています。"
_PICTURE_LEGEND = "写真は「挿入」→「画像」または貼り付けで挿入します。"
_LONG = (Field.REASON, Field.OUTCOME, Field.EFFORTS, Field.CHALLENGES)
_OPTIONAL, _NOTHING = "現時点では任意です", "記入は不要です"


def area_of(content: FormContent, form_sheet: FormSheet) -> Area:
    """Return the area of the sheet's table."""
    columns = printed_columns(form_sheet, content)
    count = max(len(content.rows[form_sheet.name]), 1)
    return Area(form_sheet.name, columns, HEADING_ROW + 1, HEADING_ROW + count)


def write_table(
    workbook: Workbook, formats: Formats, snapshot: IssuedSnapshot, answers: Answers, form_sheet: FormSheet
) -> None:
    """Write one of the form's sheets."""
    sheet_writer = FormSheetWriter.new(workbook, formats, snapshot, form_sheet.name)
    _Table(sheet_writer, answers, form_sheet, answers.areas[form_sheet.name]).write()


@dataclass(frozen=True, slots=True)
class _Table:
    sheet_writer: FormSheetWriter
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
        sheet = self.sheet_writer.sheet
        self._columns()
        self._head()
        for number, (row, shape) in enumerate(self._shaped(), start=self.area.first):
            sheet.set_row(number - 1, self._height(row, shape))
            for column_number, column in enumerate(self.area.columns, start=1):
                self._cell(row, shape, column, (number, column_number))
        if self.rows:
            self._validations()
            add_conditions(self.sheet_writer, self.form_sheet, self.area, self.content.plan.bands)
            sheet.autofilter(HEADING_ROW - 1, 0, self.area.last - 1, len(self.area.columns) - 1)
        else:
            self.sheet_writer.put(
                self.area.first, 2, schema.NOTHING_WANTED, self.sheet_writer.formats(font_color=MUTED)
            )
        sheet.freeze_panes(HEADING_ROW, _FROZEN_COLUMNS)
        sheet.repeat_rows(HEADING_ROW - 1)
        first_input = next(i for i, each in enumerate(self.area.columns) if each.kind)
        sheet.set_selection(HEADING_ROW, first_input, HEADING_ROW, first_input)
        sheet.set_tab_color(WANTED if self.rows else MUTED)
        self.sheet_writer.suppress_error_markers((self.area.last, len(self.area.columns)))
        self.sheet_writer.protect(pictures=self.form_sheet == schema.PICTURE_SHEET)
        footer = (f"{self.content.department}　{self.form_sheet.name}", f"{self.content.month.label}分")
        sheet.print_area(0, 1, self.area.last - 1, len(self.area.columns) - 1)
        self.sheet_writer.print_on_a4(footer, is_landscape=True)

    # --- above the table -------------------------------------------------------------------------------------------

    def _columns(self) -> None:
        for index, column in enumerate(self.area.columns):
            is_hidden = column.is_hidden or (column.heading == schema.NOTICE and not self._has_notices)
            self.sheet_writer.sheet.set_column(index, index, column.width, None, {"hidden": is_hidden})

    def _head(self) -> None:
        sheet_writer, formats = self.sheet_writer, self.sheet_writer.formats
        shown = [i for i, column in enumerate(self.area.columns, start=1) if not self._is_hidden(column)]
        width = sum(column_pixels(self.area.columns[i - 1].width) for i in shown)
        sheet_writer.sheet.set_row(0, 28)
        sheet_writer.put(1, 2, self.form_sheet.title, formats(bold=True, font_size=14, font_color=NAVY))
        whose = f"{self.content.department}　{self.content.month.label}分"
        sheet_writer.put(1, shown[-1], whose, formats(font_color=MUTED, align="right"))
        note = formats(font_color=MUTED, text_wrap=True, valign="top")
        sheet_writer.sheet.set_row(1, row_points(self.form_sheet.note, width, 10, least=18) + 2)
        sheet_writer.spread(2, (2, shown[-1]), self.form_sheet.note, note)
        sheet_writer.sheet.set_row(2, 24)
        back = f"#'{schema.COVER_SHEET}'!A1"
        link = formats(font_color=LINK, underline=1, align="center")
        sheet_writer.answer(
            1, shown[-3], f'=HYPERLINK("{back}","{schema.COVER_SHEET}へ")', f"{schema.COVER_SHEET}へ", link
        )
        if self.form_sheet != schema.PICTURE_SHEET:
            self._status()
        sheet_writer.put(3, 4, "記入欄", formats.boxed(bg_color=INPUT, align="center", font_size=9))
        sheet_writer.put(
            3,
            5,
            _PICTURE_LEGEND if self.form_sheet == schema.PICTURE_SHEET else _LEGEND,
            formats(font_color=MUTED, font_size=9, indent=1),
        )
        sheet_writer.sheet.set_row(HEADING_ROW - 1, 30)
        for index, column in enumerate(self.area.columns, start=1):
            text = printed_heading(column, self.content.plan)
            sheet_writer.put(HEADING_ROW, index, text, row_style.heading_format(formats, column))

    def _status(self) -> None:
        formula, count = self.answers.remaining(self.form_sheet)
        status = self.sheet_writer.formats.boxed(bold=True, align="center", bg_color=WANTED, font_color=NAVY)
        self.sheet_writer.sheet.merge_range(2, 1, 2, 2, "", status)
        nothing_left = _OPTIONAL if self.answers.is_optional(self.form_sheet) else schema.ALL_DONE
        nothing_left = nothing_left if self.rows else _NOTHING
        sentence = schema.remaining_sentence(formula.removeprefix("="), nothing_left)
        self.sheet_writer.answer(3, 2, f"={sentence}", schema.remaining_text(int(count), nothing_left), status)
        done = self.sheet_writer.formats.conditional(bg_color=DONE)
        rule = {"type": "formula", "criteria": f'=$B$3="{nothing_left}"', "format": done}
        self.sheet_writer.sheet.conditional_format("B3:C3", rule)

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

    def _cell(self, row: FormRow, shape: RowShape, column: Column, place: tuple[int, int]) -> None:
        sheet_writer, formats = self.sheet_writer, self.sheet_writer.formats
        if column.heading == schema.KEY:
            sheet_writer.put(*place, row.key, formats(font_color=MUTED))
        elif slot := schema.slots(self.form_sheet, row.key).get(column.heading):
            self._input(slot, row, shape, place)
        elif column.picture:
            self._frame(
                Key.of_picture(row.key.action_no or 0, row.key.department, column.picture), shape, column, place
            )
        elif column.is_answer and not self.answers.has_answer(row, column.heading):
            sheet_writer.put(
                *place, None, row_style.answer_format(formats, column, shape, self.content.plan.bands.rounding)
            )
        elif column.is_answer:
            answer = self.answers.answer(self.form_sheet, row, column.heading, place[0])
            sheet_writer.answer(
                *place, *answer, row_style.answer_format(formats, column, shape, self.content.plan.bands.rounding)
            )
        elif column.heading == schema.NOTICE:
            sheet_writer.put(*place, self._notice(row), row_style.printed_format(formats, column, shape))
        else:
            sheet_writer.put(*place, row.printed.get(column.heading), row_style.printed_format(formats, column, shape))

    def _frame(self, key: Key, shape: RowShape, column: Column, place: tuple[int, int]) -> None:
        """Write the frame of a picture, with the picture where the form is issued with one."""
        text = f"{column.heading}をここに貼り付け\n（左上がこの枠に入るように配置）"
        self.sheet_writer.put(*place, text, row_style.printed_format(self.sheet_writer.formats, column, shape))
        if picture := self.content.pictures.get(key):
            room = (column_pixels(column.width), _PICTURE_ROW * 96 / 72)
            self.sheet_writer.insert_picture(*place, picture, room, f"アクション{key.action_no}の{column.heading}")

    def _input(self, slot: Slot, row: FormRow, shape: RowShape, place: tuple[int, int]) -> None:
        field, entered = slot[1], self.content.entered.get(slot)
        is_marked = slot in self.content.marks
        is_ahead = shape.year == row_style.TO_COME
        is_quiet = field == (Field.DONE if is_ahead else Field.EXPECTED) and bool(shape.year)
        if is_quiet and not is_marked:
            # 実施 of a year to come stays unlocked (対象外); 予定 of a year begun was reported earlier, and stays.
            quiet = row_style.quiet_input_format(self.sheet_writer.formats, field.kind, shape, is_locked=not is_ahead)
            self.sheet_writer.enter(*place, entered, quiet)
        else:
            is_long = field in _LONG
            in_percent = field is Field.ACTUAL and isinstance(row.of, Indicator) and is_in_percent(row.of)
            looks = row_style.input_format(
                self.sheet_writer.formats,
                field.kind,
                shape,
                is_marked=is_marked,
                is_long=is_long,
                is_in_percent=in_percent,
            )
            self.sheet_writer.enter(*place, entered, looks, is_in_percent=in_percent)
            if in_percent:
                row_style.show_decimals(self.sheet_writer, a1(*place))

    def _notice(self, row: FormRow) -> str:
        """Return the remarks on the row: on the whole row, then on each of its inputs."""
        marks = self.content.marks
        whole = [marks[row.key, ""]] if (row.key, "") in marks else []
        slots = schema.slots(self.form_sheet, row.key)
        of_inputs = [f"{heading}: {marks[slot]}" for heading, slot in slots.items() if slot in marks]
        return "\n".join([*whole, *of_inputs])

    @property
    def _has_notices(self) -> bool:
        return any(self._notice(row) for row in self.rows)

    def _is_hidden(self, column: Column) -> bool:
        return column.is_hidden or (column.heading == schema.NOTICE and not self._has_notices)

    def _height(self, row: FormRow, shape: RowShape) -> float:
        rooms = {
            schema.ASSESSMENT_SHEET: _REASON_ROW,
            schema.WORDS_SHEET: _WORDS_ROW,
            schema.PICTURE_SHEET: _CAPTION_ROW if row.key.kind is KeyKind.CAPTIONS else _PICTURE_ROW,
        }
        height = rooms.get(self.form_sheet, _LEAST_ROW)
        slots = schema.slots(self.form_sheet, row.key)
        for column in self.area.columns:
            if column.heading == schema.ACTION and not shape.starts_action:
                continue
            slot = slots.get(column.heading)
            text = self.content.entered.get(slot) if slot else row.printed.get(column.heading)
            if column.heading == schema.NOTICE:
                text = self._notice(row)
            if isinstance(text, str) and (slot is None or slot[1].kind is ValueKind.TEXT):
                height = row_points(text, column_pixels(column.width) - _INDENT, 10, least=height)
        return height

    # --- rules -----------------------------------------------------------------------------------------------------

    def _validations(self) -> None:
        numbers = range(self.area.first, self.area.last + 1)
        for index, column in enumerate(self.area.columns, start=1):
            field = column.field
            if field is None:
                continue
            if column.picture:
                captions = [n for n, row in zip(numbers, self.rows, strict=True) if row.key.kind is KeyKind.CAPTIONS]
                validate(self.sheet_writer, field, index, captions)
            elif field is Field.DONE:
                to_come = [
                    n for n, row in zip(numbers, self.rows, strict=True) if self._year_word(row) == row_style.TO_COME
                ]
                begun = [n for n in numbers if n not in set(to_come)]
                validate(self.sheet_writer, field, index, begun)
                validate(self.sheet_writer, field, index, to_come, NOT_BEGUN_HINT)
            elif field is Field.ACTUAL:
                for number, row in zip(numbers, self.rows, strict=True):
                    validate(self.sheet_writer, field, index, [number], _hint_of(row))
            else:
                validate(self.sheet_writer, field, index, list(numbers))


def _hint_of(row: FormRow) -> str:
    """Return the hint beside an actual: its unit, and the plan's instructions for filling it in."""
    if not isinstance(row.of, Indicator):
        return HINTS[Field.ACTUAL]
    if is_in_percent(row.of):
        return f"単位は「{row.of.unit}」です。96 と入力すると 96% になります。{row.of.how_to_fill}"
    unit = f"単位は「{row.of.unit}」です。単位を付けずに" if row.of.unit else ""
    return f"{unit}{HINTS[Field.ACTUAL]}{row.of.how_to_fill}"
