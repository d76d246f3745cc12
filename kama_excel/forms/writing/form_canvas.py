"""Write a sheet of the form: every cell is written here, so that the snapshot has it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from kama_excel.domain.entries import Certainty, Excluded, Picture
from kama_excel.domain.keys import Field, ValueKind
from kama_excel.forms import schema
from kama_excel.forms.content import Entered, Printed
from kama_excel.forms.snapshot import IssuedSnapshot, entered_text
from kama_excel.spreadsheets.cells import a1
from kama_excel.spreadsheets.writing.fast_xlsxwriter import EmptyTextSheet
from kama_excel.spreadsheets.writing.measure import footer_text
from kama_excel.spreadsheets.writing.picture_frame import framed
from kama_excel.spreadsheets.writing.style import FONT, Formats

_ALLOWED = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_columns": True,
    "format_rows": True,
    "autofilter": True,  # but no sorting: Excel refuses it where a cell of the table is locked
}
_A4 = 9

Answer = tuple[str, float | str]
"""A formula and its value of now ('' where there is none yet)."""


def cell_value(value: Fraction | None) -> float | str:
    """Return a rate as a formula's value: '' where there is none."""
    return "" if value is None else float(value)


class FormWorksheet(EmptyTextSheet):
    """A worksheet whose validations can turn Japanese input on or off, which XlsxWriter does not offer."""

    _ime = ""

    def set_ime(self, mode: str) -> None:
        """Give the validation that was made last an input mode (`hiragana`, `off`)."""
        self.validations[-1]["ime"] = mode

    def _write_data_validation(self, options: dict[str, Any]) -> None:
        self._ime = options.get("ime", "")
        super()._write_data_validation(options)
        self._ime = ""

    def _xml_start_tag(self, tag: str, attributes: Iterable[tuple[str, object]] = ()) -> None:
        super()._xml_start_tag(tag, self._with_ime(tag, attributes))

    def _xml_empty_tag(self, tag: str, attributes: Iterable[tuple[str, object]] = ()) -> None:
        super()._xml_empty_tag(tag, self._with_ime(tag, attributes))

    def _with_ime(self, tag: str, attributes: Iterable[tuple[str, object]]) -> list[tuple[str, object]]:
        mode = [("imeMode", self._ime)] if self._ime and tag == "dataValidation" else []
        return [*(attributes or ()), *mode]


@dataclass(frozen=True, slots=True)
class FormSheetWriter:
    """One sheet and what writes into it. Rows and columns are counted from 1."""

    name: str
    sheet: Any
    formats: Formats
    snapshot: IssuedSnapshot

    @classmethod
    def new(cls, workbook: Workbook, formats: Formats, snapshot: IssuedSnapshot, name: str) -> FormSheetWriter:
        """Add a sheet to the workbook."""
        sheet = workbook.add_worksheet(name, FormWorksheet)
        sheet.hide_gridlines(2)
        return cls(name, sheet, formats, snapshot)

    def put(self, row: int, column: int, value: Printed | Entered | None, cell_format: Format) -> None:
        """Print a value; a blank one still has its format."""
        self._write(row, column, value, cell_format, is_entered=False)

    def enter(
        self, row: int, column: int, value: Entered | None, cell_format: Format, *, is_in_percent: bool = False
    ) -> None:
        """Write an input: blank, or filled in with what was reported.

        In a percent cell (`is_in_percent`) 96 is written as 0.96, which the reader returns as 96.
        """
        if is_in_percent and isinstance(value, Fraction):
            self.sheet.write_number(row - 1, column - 1, float(value / 100), cell_format)
            self.snapshot.note(self.name, (row, column), entered_text(value), is_entered=True)
        else:
            self._write(row, column, value, cell_format, is_entered=True)

    def answer(self, row: int, column: int, formula: str, value: float | str, cell_format: Format) -> None:
        """Write a formula with its current value, which a preview shows without computing."""
        self.sheet.write_formula(row - 1, column - 1, formula, cell_format, value)
        self.snapshot.note(self.name, (row, column), schema.SNAPSHOT_FORMULA)

    def spread(self, row: int, columns: tuple[int, int], value: Printed, cell_format: Format) -> None:
        """Print a value over several columns of a row, merged."""
        self.sheet.merge_range(row - 1, columns[0] - 1, row - 1, columns[1] - 1, "", cell_format)
        self.put(row, columns[0], value, cell_format)

    def insert_picture(self, row: int, column: int, picture: Picture, room: tuple[float, float], words: str) -> None:
        """Insert a picture, scaled to fit a cell of `room` (width, height) pixels, and note it in the snapshot.

        `words` say what it is to those who cannot see it.
        """
        image, options = framed(picture.content, (picture.width, picture.height), room)
        self.sheet.insert_image(row - 1, column - 1, image, {**options, "object_position": 2, "description": words})
        self.snapshot.note_picture((row, column), picture.content)

    def suppress_error_markers(self, last: tuple[int, int]) -> None:
        """Turn off Excel's green error markers: formulas differ from row to row on purpose."""
        area = f"A1:{a1(*last)}"
        kinds = ("number_stored_as_text", "formula_differs", "formula_range", "empty_cell_reference")
        self.sheet.ignore_errors(dict.fromkeys(kinds, area))

    def protect(self, *, pictures: bool = False) -> None:
        """Protect what is not an input, without a password. `pictures` may be pasted where they belong."""
        self.sheet.protect("", {**_ALLOWED, "objects": pictures, "scenarios": False})

    def print_on_a4(self, footer: tuple[str, str], *, is_landscape: bool) -> None:
        """Print the sheet as wide as the paper, with the department and the month below."""
        if is_landscape:
            self.sheet.set_landscape()
        self.sheet.set_paper(_A4)
        self.sheet.set_margins(left=0.4, right=0.4, top=0.5, bottom=0.6)
        self.sheet.fit_to_pages(1, 0)
        self.sheet.center_horizontally()
        left, right = map(footer_text, footer)
        self.sheet.set_footer(f'&L&"{FONT},標準"&8{left}&C&8&P / &N&R&"{FONT},標準"&8{right}')

    def _write(self, row: int, column: int, value: Printed | Entered, cell_format: Format, *, is_entered: bool) -> None:
        place, text = (row - 1, column - 1), entered_text(value)
        match value:
            case _ if not text:
                self.sheet.write_blank(*place, None, cell_format)
                return
            case dt.date():
                self.sheet.write_datetime(*place, value, cell_format)
            case int() | Fraction():
                self.sheet.write_number(*place, float(value), cell_format)
            case _:
                self.sheet.write_string(*place, text, cell_format)
        self.snapshot.note(self.name, (row, column), text, is_entered=is_entered)


@dataclass(frozen=True, slots=True)
class Area:
    """The area of a table of the form: its columns from A on, its first and its last row."""

    sheet: str
    columns: tuple[schema.Column, ...]
    first: int
    last: int

    def column(self, heading: str) -> int:
        """Return the column of a heading, counted from 1."""
        return next(i for i, column in enumerate(self.columns, start=1) if column.heading == heading)

    def cell(self, heading: str, row: int) -> str:
        """Return the address of a row's cell: F5."""
        return a1(row, self.column(heading))

    def own_span(self, heading: str) -> str:
        """Return the reference of a whole column of the table, for a formula on its own sheet: $F$5:$F$304."""
        letters = a1(1, self.column(heading))[:-1]
        return f"${letters}${self.first}:${letters}${self.last}"

    def span(self, heading: str) -> str:
        """Return the reference of a whole column of the table, for a formula on any sheet."""
        return f"'{self.sheet}'!{self.own_span(heading)}"


_EARLIEST, _LATEST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255  # Excel's limits; over them the rule would be dropped
_WORDS_INPUT, _FIGURES_INPUT = "hiragana", "off"

_PROGRESS_ERROR = "0%から100%までの数値か、「対象外」を入力してください（80%の場合は 80 と入力します）。"
_ERRORS = {
    ValueKind.PROGRESS: _PROGRESS_ERROR,
    ValueKind.RATE: "0%から100%までの数値を入力してください（80%の場合は 80 と入力します）。",
    ValueKind.NUMBER: "単位や文字を付けずに、数値だけを入力してください。数値が2つある場合は1つだけを入力し、もう1つは「根拠」に記入してください。",
    ValueKind.DATE: "日付を「2026/2/8」のように、年から入力してください。",
    ValueKind.CERTAINTY: "確定・見込・仮定のいずれかを選んでください。",
}
HINTS = {
    Field.DONE: "これまでに実施した割合を 0〜100 で入力します（80 と入力すると80%）。取り組まない場合は「対象外」と入力し、備考に理由を記入します。",
    Field.EXPECTED: "この年度の終わりまでに見込まれる割合を 0〜100 で入力します。未定の場合は空欄のままにしてください。",
    Field.REMARK: "補足がある場合に記入してください。「対象外」の場合は、その理由を必ず記入してください。",
    Field.ACTUAL: "数値だけを入力してください。",
    Field.AS_OF: "いつの時点の数値かを「2026/2/8」のように入力します。",
    Field.CERTAINTY: "確定・見込・仮定から選びます。空欄は確定として扱います。",
    Field.GROUNDS: "数え方、出典、補足を記入してください。",
    Field.ASSESSMENT: "計画期間を通した評価を 0〜100 で入力し（80 と入力すると80%）、隣の欄に理由を記入してください。",
    Field.REASON: "この評価とした理由を、このアクションについて具体的に記入してください（「同上」は使用できません）。",
    Field.OUTCOME: "誰に、何が、どれだけ良くなったかを、数値や例を交えて記入してください。改行は Alt＋Enter です。",
    Field.EFFORTS: "何を、どのように進めたかを記入してください。改行は Alt＋Enter です。",
    Field.CHALLENGES: "残った課題と今後の対応を記入してください。改行は Alt＋Enter です。",
    Field.CAPTION: "何の写真かを1行で記入してください（例: 市民課窓口でのカード申請の様子）。",
    Field.WRITER: "記入者の氏名を記入してください。",
    Field.CONTACT: "内線番号かメールアドレスを記入してください。",
    Field.FILLED_ON: "記入した日を「2026/2/8」のように入力してください。",
}
NOT_BEGUN_HINT = "この年度はまだ始まっていません。見込みは右の「予定」に入力してください。取り組まない場合に限り、ここに「対象外」と入力します。"


def validate(sheet_writer: FormSheetWriter, field: Field, column: int, rows: Sequence[int], hint: str = "") -> None:
    """Hold a column's inputs in these rows (ascending, counted from 1) to what their kind takes."""
    if not rows:
        return
    ranges = _ranges(column, rows)
    first = a1(rows[0], column)
    options: dict[str, object] = {"input_title": field[:_LONGEST_TITLE]}
    options["input_message"] = (hint or HINTS[field])[:_LONGEST_MESSAGE]
    match field.kind:
        case ValueKind.PROGRESS:
            condition = f'=OR({first}="{Excluded.EXCLUDED.value}",AND(ISNUMBER({first}),{first}>=0,{first}<=1))'
            options |= {"validate": "custom", "value": condition}
        case ValueKind.RATE:
            options |= {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1}
        case ValueKind.NUMBER:
            condition = f'=OR({first}="{Excluded.EXCLUDED.value}",ISNUMBER({first}))'
            options |= {"validate": "custom", "value": condition}
        case ValueKind.DATE:
            options |= {"validate": "date", "criteria": "between", "minimum": _EARLIEST, "maximum": _LATEST}
        case ValueKind.CERTAINTY:
            options |= {"validate": "list", "source": [each.value for each in Certainty]}
        case ValueKind.TEXT:
            options["validate"] = "any"
    if field.kind in _ERRORS:
        options |= {"error_title": "入力できません", "error_message": _ERRORS[field.kind]}
    if len(ranges) > 1:
        options["multi_range"] = " ".join(ranges)
    sheet_writer.sheet.data_validation(ranges[0], options)
    is_words = field.kind is ValueKind.TEXT and field is not Field.CONTACT
    sheet_writer.sheet.set_ime(_WORDS_INPUT if is_words else _FIGURES_INPUT)


def _ranges(column: int, rows: Sequence[int]) -> list[str]:
    """Return the references of rows that follow each other."""
    ranges: list[list[int]] = []
    for row in rows:
        if ranges and row == ranges[-1][-1] + 1:
            ranges[-1].append(row)
        else:
            ranges.append([row])
    return [f"{a1(each[0], column)}:{a1(each[-1], column)}" for each in ranges]
