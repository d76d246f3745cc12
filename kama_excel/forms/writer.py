"""FormContent → the workbook that is mailed to the department."""

from __future__ import annotations

import datetime as dt
import io
from fractions import Fraction

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kama_excel.cells import a1, column_letters
from kama_excel.forms import layout
from kama_excel.forms.layout import Column, FormContent, FormRow, FormSheet, Kind, Printed
from kama_excel.look import (
    FONT,
    INPUT,
    MUTED,
    NAVY,
    PALE,
    WHITE,
    Formats,
    column_pixels,
    row_points,
)
from kama_excel.plan import Direction, Indicator

_EPOCH = dt.datetime(2026, 1, 1)  # noqa: DTZ001 -- a fixed time of making: the same content gives the same bytes
_HEADING_ROW = 4
_LEAST_ROW = 22.0
_PICTURE_ROW = 120.0
_WORDS_ROW = 150.0
_PROMPTS = {
    Kind.PROGRESS: (
        "実施",
        "0%〜100%を入れてください（80 と入れると 80% になります）。取り組まないときは「対象外」と入れ、備考に理由を書いてください。",
    ),
    Kind.RATE: ("総括評価", "0%〜100%を入れ、となりに理由を書いてください。"),
    Kind.NUMBER: ("実績値", "単位を付けずに、数値だけを入れてください。"),
    Kind.DATE: ("時点", "いつの時点の数値かを「2026/2/8」のように入れてください。"),
    Kind.CERTAINTY: ("確度", "確定・見込・仮定から選んでください。"),
}
_UNLOCKED = {
    "select_locked_cells": True,
    "select_unlocked_cells": True,
    "format_columns": True,
    "format_rows": True,
    "sort": True,
    "autofilter": True,
    "objects": False,
}


def write_form(content: FormContent) -> bytes:
    """Return the form's workbook. The same content gives the same bytes."""
    buffer = io.BytesIO()
    workbook = Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    workbook.set_properties(
        {
            "title": f"{content.plan.name} 進捗報告様式 {content.department}",
            "author": content.plan.municipality,
            "created": _EPOCH,
        }
    )
    formats = Formats(workbook)
    _write_cover(workbook, formats, content)
    for form_sheet in layout.TABLE_SHEETS:
        _write_table(workbook, formats, content, form_sheet)
    _write_identity(workbook, content)
    workbook.close()
    return buffer.getvalue()


def _write_cover(workbook: Workbook, formats: Formats, content: FormContent) -> None:
    sheet = workbook.add_worksheet(layout.COVER_SHEET)
    sheet.hide_gridlines(2)
    sheet.set_column("A:A", 2)
    sheet.set_column("B:B", 16)
    sheet.set_column("C:C", 44)
    sheet.set_column("D:D", 34)
    sheet.set_row(0, 34)
    sheet.merge_range("B1:D1", f"{content.plan.name}　進捗報告様式", formats(bold=True, font_size=16, font_color=NAVY))
    sheet.write_string("B2", f"{content.month.label}分", formats(font_color=MUTED))
    label = formats.boxed(bold=True, bg_color=PALE)
    sheet.write_string("B4", layout.DEPARTMENT, label)
    sheet.write_string("C4", content.department, formats.boxed(bold=True, font_size=12))
    workbook.define_name("担当課", f"={layout.COVER_SHEET}!$C$4")
    for row, (item, kind) in enumerate(layout.COVER_INPUTS, start=5):
        sheet.set_row(row - 1, 24)
        sheet.write_string(f"B{row}", item, label)
        sheet.write_blank(f"C{row}", None, _input_format(formats, kind))
        workbook.define_name(item, f"={layout.COVER_SHEET}!$C${row}")
        if kind in _PROMPTS:
            _validate(sheet, kind, f"C{row}")
    steps = (
        "1.　このシートの記入者・連絡先・記入日を入れます。",
        "2.　「進捗」に、タスクごとの実施の割合を入れます。",
        "3.　「指標」があれば、実績値・時点・確度を入れます。",
        "4.　「総括評価」「成果と課題」「写真」は、書けるものから記入します。",
        "5.　保存して、メールに添付してお送りください。ファイルの名前は変えてもかまいません。",
    )
    sheet.write_string("B10", "記入のしかた", formats(bold=True, font_color=NAVY))
    for row, text in enumerate(steps, start=11):
        sheet.set_row(row - 1, 22)
        sheet.write_string(f"B{row}", text, formats(font_color=MUTED))
    sheet.write_blank("B17", None, formats.boxed(bg_color=INPUT))
    sheet.write_string("C17", "この色のセルに記入してください。ほかのセルは変わらないように保護しています。", formats())
    sheet.protect("", _UNLOCKED)
    _print_on_a4(sheet, content)


def _write_table(workbook: Workbook, formats: Formats, content: FormContent, form_sheet: FormSheet) -> None:
    sheet = workbook.add_worksheet(form_sheet.name)
    rows = content.rows[form_sheet.name]
    sheet.hide_gridlines(2)
    sheet.set_row(0, 28)
    sheet.write_string(0, 1, form_sheet.title, formats(bold=True, font_size=14, font_color=NAVY))
    sheet.write_string(1, 1, form_sheet.note, formats(font_color=MUTED))
    sheet.set_row(_HEADING_ROW - 1, 28)
    heading = formats.boxed(bold=True, font_color=WHITE, bg_color=NAVY, align="center", text_wrap=True)
    input_heading = formats.boxed(bold=True, font_color=NAVY, bg_color=INPUT, align="center", text_wrap=True)
    for index, column in enumerate(form_sheet.columns):
        sheet.set_column(index, index, column.width, None, {"hidden": column.is_hidden})
        text = layout.printed_heading(column, content.plan)
        sheet.write_string(_HEADING_ROW - 1, index, text, input_heading if column.kind else heading)
    for number, row in enumerate(rows, start=_HEADING_ROW + 1):
        sheet.set_row(number - 1, _row_height(form_sheet, row))
        for index, column in enumerate(form_sheet.columns):
            _write_cell(sheet, formats, content, (form_sheet, row, column), (number, index + 1))
    if not rows:
        sheet.write_string(_HEADING_ROW, 1, "記入していただくものはありません。", formats(font_color=MUTED))
    last = _HEADING_ROW + max(len(rows), 1)
    for index, column in enumerate(form_sheet.columns):
        if rows and column.kind in _PROMPTS:
            letters = column_letters(index + 1)
            _validate(sheet, column.kind, f"{letters}{_HEADING_ROW + 1}:{letters}{last}")
    if rows:
        sheet.autofilter(_HEADING_ROW - 1, 0, last - 1, len(form_sheet.columns) - 1)
    sheet.freeze_panes(_HEADING_ROW, 3)
    sheet.repeat_rows(_HEADING_ROW - 1)
    sheet.protect("", _UNLOCKED)
    _print_on_a4(sheet, content)


def _write_cell(
    sheet: Worksheet,
    formats: Formats,
    content: FormContent,
    what: tuple[FormSheet, FormRow, Column],
    position: tuple[int, int],
) -> None:
    _, row, column = what
    address = a1(*position)
    if column.heading == layout.KEY:
        sheet.write_string(address, row.key, formats.boxed(font_color=MUTED))
    elif column.kind:
        sheet.write_blank(address, None, _input_format(formats, column.kind))
    elif column.heading == layout.PICTURE:
        sheet.write_blank(address, None, formats.boxed(bg_color=INPUT, locked=False))
    elif column.is_answer:
        _write_answer(sheet, formats, content, what, position)
    else:
        _write_printed(sheet, address, row.printed.get(column.heading), _printed_format(formats, column))


def _write_answer(
    sheet: Worksheet,
    formats: Formats,
    content: FormContent,
    what: tuple[FormSheet, FormRow, Column],
    position: tuple[int, int],
) -> None:
    """Write a formula that answers while the department types (its value is that of the empty form: nothing yet)."""
    form_sheet, row, _ = what
    cell_format = formats.boxed(num_format="0.0%", align="center", bg_color=PALE)
    if isinstance(row.of, Indicator):
        formula = _achievement_formula(form_sheet, row.of, position[0])
    else:
        formula = _own_average_formula(content, row)
    sheet.write_formula(a1(*position), formula, cell_format, "")


def _achievement_formula(form_sheet: FormSheet, indicator: Indicator, row: int) -> str:
    """Rule 4 as a formula over the row's own cells; which of its cases holds is the plan's to say."""
    letters = {column.heading: column_letters(i) for i, column in enumerate(form_sheet.columns, start=1)}
    actual, base, target = (f"{letters[each]}{row}" for each in (layout.ACTUAL, layout.BASELINE, layout.TARGET))
    if indicator.baseline is not None and indicator.baseline != indicator.target:
        rate = f"({actual}-{base})/({target}-{base})"
    elif indicator.direction is Direction.DOWN:
        rate = f"IF({actual}<={target},1,{target}/{actual})"
    else:
        rate = f"{actual}/{target}" if indicator.target else f"IF({actual}>=0,1,0)"
    return f'=IF(ISNUMBER({actual}),MAX(0,MIN(1,{rate})),"")'


def _own_average_formula(content: FormContent, row: FormRow) -> str:
    """Return the mean of the department's own year means of the action, blank before anything is typed."""
    tasks = content.rows[layout.PROGRESS_SHEET.name]
    first = _HEADING_ROW + 1
    done = column_letters(layout.PROGRESS_SHEET.headings.index(layout.DONE) + 1)
    years: dict[object, list[str]] = {}
    for number, task in enumerate(tasks, start=first):
        if task.printed[layout.NO] == row.printed[layout.NO]:
            years.setdefault(task.printed[layout.YEAR], []).append(f"{layout.PROGRESS_SHEET.name}!${done}${number}")
    means = [f'IF(COUNT({cells})=0,"",AVERAGE({cells}))' for cells in (",".join(each) for each in years.values())]
    return '=""' if not means else f'=IFERROR(AVERAGE({",".join(means)}),"")'


def _input_format(formats: Formats, kind: Kind) -> Format:
    shapes: dict[Kind, dict[str, object]] = {
        Kind.PROGRESS: {"num_format": "0%", "align": "center"},
        Kind.RATE: {"num_format": "0%", "align": "center"},
        Kind.NUMBER: {"num_format": "General", "align": "right"},
        Kind.DATE: {"num_format": "yyyy/m/d", "align": "center"},
        Kind.CERTAINTY: {"align": "center"},
        Kind.TEXT: {"text_wrap": True, "valign": "top"},
    }
    return formats.boxed(bg_color=INPUT, locked=False, **shapes[kind])


def _printed_format(formats: Formats, column: Column) -> Format:
    centred = column.heading in (layout.NO, layout.YEAR, layout.UNIT)
    return formats.boxed(text_wrap=True, align="center" if centred else "general")


def _write_printed(sheet: Worksheet, address: str, value: Printed, cell_format: Format) -> None:
    match value:
        case int() | Fraction():
            sheet.write_number(address, float(value), cell_format)
        case str() if value:
            sheet.write_string(address, value, cell_format)
        case _:
            sheet.write_blank(address, None, cell_format)


def _validate(sheet: Worksheet, kind: Kind | None, cells: str) -> None:
    if kind is None:
        return
    title, prompt = _PROMPTS[kind]
    first = cells.partition(":")[0]
    rule: dict[str, object]
    match kind:
        case Kind.PROGRESS:
            formula = f'=OR({first}="対象外",AND(ISNUMBER({first}),{first}>=0,{first}<=1))'
            rule = {"validate": "custom", "value": formula}
        case Kind.RATE:
            rule = {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1}
        case Kind.NUMBER:
            rule = {"validate": "custom", "value": f"=ISNUMBER({first})"}
        case Kind.DATE:
            earliest, latest = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
            rule = {"validate": "date", "criteria": "between", "minimum": earliest, "maximum": latest}
        case _:
            rule = {"validate": "list", "source": ["確定", "見込", "仮定"]}
    messages = {"input_title": title, "input_message": prompt, "error_title": "入力できません", "error_message": prompt}
    sheet.data_validation(cells, rule | messages)


def _row_height(form_sheet: FormSheet, row: FormRow) -> float:
    least = {layout.WORDS_SHEET: _WORDS_ROW, layout.PICTURE_SHEET: _PICTURE_ROW}.get(form_sheet, _LEAST_ROW)
    for column in form_sheet.columns:
        text = row.printed.get(column.heading)
        if isinstance(text, str):
            least = row_points(text, column_pixels(column.width), 10, least=least)
    return least


def _write_identity(workbook: Workbook, content: FormContent) -> None:
    sheet = workbook.add_worksheet(layout.IDENTITY_SHEET)
    pairs = (
        (layout.PLAN_ID, content.plan.plan_id),
        (layout.DEPARTMENT, content.department),
        (layout.VERSION, layout.FORM_VERSION),
        (layout.MADE_FOR, str(content.month)),
    )
    for row, pair in enumerate(pairs):
        for column, text in enumerate(pair):
            sheet.write_string(row, column, text)
    sheet.very_hidden()


def _print_on_a4(sheet: Worksheet, content: FormContent) -> None:
    sheet.set_paper(9)
    sheet.set_landscape()
    sheet.set_margins(left=0.4, right=0.4, top=0.6, bottom=0.6)
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f'&L&"{FONT},標準"{content.department}&C&P / &N&R{content.month.label}分')
