"""はじめに: the department, the deadline, the points to correct, what is left, the steps and an example."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fractions import Fraction

from xlsxwriter import Workbook

from kama_excel.domain.calendar import day_label
from kama_excel.domain.keys import NO_KEY, Field, Slot, ValueKind
from kama_excel.forms import schema
from kama_excel.forms.content import FormContent, FormRow, Printed
from kama_excel.forms.schema import FormSheet
from kama_excel.forms.snapshot import IssuedSnapshot
from kama_excel.forms.writing import row_style
from kama_excel.forms.writing.answers import Answers
from kama_excel.forms.writing.form_canvas import Answer, Area, FormSheetWriter, validate
from kama_excel.forms.writing.row_style import RowShape
from kama_excel.plan.rating import Bands
from kama_excel.spreadsheets.cells import a1
from kama_excel.spreadsheets.writing.measure import column_pixels, row_points
from kama_excel.spreadsheets.writing.style import (
    ACCENT,
    CARD,
    DONE,
    INPUT,
    LINK,
    MARKED,
    MUTED,
    NAVY,
    PALE,
    WANTED,
    WHITE,
    Formats,
)

_WIDTHS = (2, 15, 38, 13, 36, 12)
_FIRST, _LAST, _STATE = 2, 6, 6
_TO_DO, _DONE = "● 未対応", "✓ 修正済み"
_HOW_TO_MEND = "「場所」をクリックすると、該当のセルに移動します。修正のうえ、記入日に修正日を入力してお送りください。ほかの値は受け付けました。"
_REPLY = "届いたメールに、そのまま返信してください"
_ASK = "届いたメールの差出人に、お尋ねください"
_PURPOSES = {
    schema.PROGRESS_SHEET.name: "タスクごとに、実施した割合を入力します。",
    schema.INDICATOR_SHEET.name: "目標（値）に対する実績値と、その時点を入力します。",
    schema.ASSESSMENT_SHEET.name: "アクションごとの評価と、その理由を記入します。",
    schema.WORDS_SHEET.name: "報告書に掲載する文章を記入します。",
    schema.PICTURE_SHEET.name: "取組状況の写真を貼り付け、説明を記入します。",
}
_STEPS = (
    "このシートの「記入者」「連絡先」「記入日」を入力します。",
    "「進捗」に、タスクごとの実施の割合を入力します。前回のご報告の値を表示していますので、変更のあった箇所だけを修正します。",
    "「指標」がある場合は、実績値と時点を入力します。「総括評価」「成果と課題」「写真」は、記入できるものを記入します。",
    "上の表示が「すべて記入されました」になったことを確認し、上書き保存します。",
    "このファイルをメールに添付して送ります。ファイル名は変更してもかまいません。シートや列は、追加・削除しないでください。",
)
_EXAMPLE: tuple[tuple[str, Printed, str], ...] = (
    ("○○の手引きを作成し、窓口に配置する", Fraction(8, 10), "手引きは完成。窓口への配置は3月の予定。"),
    ("○○の講座を年2回開催する", Fraction(1), ""),
    ("○○システムの導入を検討する", "対象外", "国の共通システムに移行することになったため。"),
)


def write_cover(workbook: Workbook, formats: Formats, snapshot: IssuedSnapshot, answers: Answers) -> None:
    """Write the form's first sheet."""
    sheet_writer = FormSheetWriter.new(workbook, formats, snapshot, schema.COVER_SHEET)
    for index, width in enumerate(_WIDTHS):
        sheet_writer.sheet.set_column(index, index, width)
    content = answers.content
    _title(sheet_writer, content)
    row = _points(sheet_writer, answers)
    row = _identity(workbook, sheet_writer, content, row + 1)
    row = _overview(workbook, sheet_writer, answers, row + 1)
    row = _steps(sheet_writer, row + 2)
    if not content.marks:  # a person who has filled it in once needs no example
        row = _example(sheet_writer, row + 2)
    _legend(sheet_writer, content, row + 2)
    sheet_writer.sheet.activate()
    sheet_writer.sheet.set_tab_color(NAVY)
    sheet_writer.sheet.print_area(0, _FIRST - 1, row + 7, _LAST - 1)
    sheet_writer.protect()
    sheet_writer.print_on_a4(
        (f"{content.department}　様式 第{schema.FORM_VERSION}版", f"{content.month.label}分"), is_landscape=False
    )


def _title(sheet_writer: FormSheetWriter, content: FormContent) -> None:
    formats = sheet_writer.formats
    sheet_writer.sheet.set_row(0, 36)
    title = formats(bold=True, font_size=16, font_color=NAVY, shrink=True)
    sheet_writer.spread(1, (_FIRST, _LAST), f"{content.plan.name}　進捗報告様式", title)
    sheet_writer.sheet.set_row(1, 22)
    sheet_writer.put(2, 2, f"{content.month.label}分", formats(bold=True, font_size=12, font_color=MUTED))
    if content.deadline:
        text = f"提出期限：{day_label(content.deadline)}"
        sheet_writer.put(2, _LAST, text, formats(bold=True, font_size=12, font_color=ACCENT, align="right"))


def _points(sheet_writer: FormSheetWriter, answers: Answers) -> int:
    """Write the points to correct on a form that is sent back, with links to cells. Return the last row."""
    content, formats, row = answers.content, sheet_writer.formats, 3
    points = [
        (area, printed, heading, slot)
        for form_sheet in schema.TABLE_SHEETS
        for area in (answers.areas[form_sheet.name],)
        for printed in content.rows[form_sheet.name]
        for heading, slot in schema.slots(form_sheet, printed.key).items()
        if slot in content.marks
    ]
    if not points:
        return row
    looks = {"border": 2, "border_color": ACCENT, "bg_color": MARKED, "indent": 1}
    headline = formats.boxed(bold=True, font_size=16, font_color=ACCENT, **looks)
    sheet_writer.sheet.set_row(row, 34)
    sheet_writer.spread(row + 1, (_FIRST, _LAST), f"{len(points)}か所について、ご確認をお願いいたします", headline)
    sheet_writer.sheet.set_row(row + 1, 24)
    sheet_writer.spread(row + 2, (_FIRST, _LAST), _HOW_TO_MEND, formats(font_color=MUTED, font_size=9, indent=1))
    heading = formats.boxed(bold=True, font_color=WHITE, bg_color=NAVY, align="center")
    row += 3
    for column, text in enumerate(("場所", "アクション・計画", "記入内容", "お願いしたいこと", "対応"), start=_FIRST):
        sheet_writer.put(row, column, text, heading)
    for area, printed, heading, slot in points:
        row += 1
        _point(sheet_writer, content, row, _Point(area, printed, heading, slot))
    first = row - len(points) + 1
    done = {"type": "formula", "criteria": f'=$F{first}="{_DONE}"', "format": formats.conditional(font_color=NAVY)}
    sheet_writer.sheet.conditional_format(first - 1, _STATE - 1, row - 1, _STATE - 1, done)
    return row + 1


@dataclass(frozen=True, slots=True)
class _Point:
    """An input that is to be mended: its table, its row there, its heading and what it is an input of."""

    area: Area
    printed: FormRow
    heading: str
    slot: Slot


def _point(sheet_writer: FormSheetWriter, content: FormContent, row: int, point: _Point) -> None:
    """Write one line of the points: where, of what, what was typed, what is asked, and whether it was changed since."""
    area, printed, field = point.area, point.printed, point.slot[1]
    formats = sheet_writer.formats
    address = area.cell(point.heading, area.first + content.rows[area.sheet].index(printed))
    cell, entered = f"'{area.sheet}'!{address}", content.entered.get(point.slot)
    of_what = next((str(printed.printed[each]) for each in schema.OF_THE_PLAN if each in printed.printed), "")
    subject = f"{printed.printed[schema.NO]} {printed.printed[schema.ACTION]}\n{printed.printed.get(schema.YEAR, '')} {of_what}".strip()
    ask = content.marks[point.slot]
    heights = [
        row_points(text, column_pixels(_WIDTHS[column - 1]) - 9, 9, least=30)
        for column, text in ((3, subject), (5, ask))
    ]
    sheet_writer.sheet.set_row(row - 1, max(heights))
    link = formats.boxed(font_color=LINK, underline=1, align="center")
    place = f"{area.sheet} {address}"
    sheet_writer.answer(row, 2, f'=HYPERLINK("#{cell}","{place}")', place, link)
    sheet_writer.put(row, 3, subject, formats.boxed(text_wrap=True, font_size=9, indent=1))
    typed = formats.boxed(bg_color=WANTED, bold=True, align="center", text_wrap=True, num_format=_shape(field))
    sheet_writer.put(row, 4, entered, typed)
    sheet_writer.put(row, 5, ask, formats.boxed(text_wrap=True, font_size=9, indent=1))
    state = formats.boxed(bold=True, align="center", font_color=ACCENT)
    sheet_writer.answer(row, _STATE, f'=IF({cell}=$D${row},"{_TO_DO}","{_DONE}")', _TO_DO, state)


def _shape(field: Field) -> str:
    match field.kind:
        case ValueKind.PROGRESS | ValueKind.RATE:
            return "0%"
        case ValueKind.DATE:
            return "yyyy/m/d"
        case _:
            return "General"


def _identity(workbook: Workbook, sheet_writer: FormSheetWriter, content: FormContent, top: int) -> int:
    """Write 担当課, the cover's inputs, and on their right the recipient of the form. Return the last row."""
    formats = sheet_writer.formats
    label = formats.boxed(bold=True, bg_color=PALE, font_color=NAVY, indent=1)
    whose = formats.boxed(bold=True, font_size=12, shrink=True, indent=1)
    sheet_writer.put(top, 2, schema.DEPARTMENT, label)
    sheet_writer.put(top, 3, content.department, whose)
    _name(workbook, schema.DEPARTMENT, top, 3)
    for row, item in enumerate(schema.COVER_INPUTS, start=top + 1):
        sheet_writer.put(row, 2, item, label)
        mark = content.marks.get((NO_KEY, item), "")  # there is no room beside it: the hint has it
        looks = row_style.input_format(formats, item.kind, RowShape(starts_action=False), is_marked=bool(mark))
        sheet_writer.enter(row, 3, content.entered.get((NO_KEY, item)), looks)
        validate(sheet_writer, item, 3, [row], mark)
        _name(workbook, item, row, 3)
        wanted = {
            "type": "formula",
            "criteria": f'=$C${row}=""',
            "format": formats.conditional(bg_color=WANTED),
        }
        sheet_writer.sheet.conditional_format(row - 1, 2, row - 1, 2, wanted)
    text_format = formats.boxed(text_wrap=True, indent=1)
    sends = (("提出先", content.plan.send_to or _REPLY), ("問い合わせ先", content.plan.ask or _ASK))
    for row, (heading, text) in enumerate(sends, start=top + 1):
        sheet_writer.put(row, 4, heading, label)
        sheet_writer.spread(row, (5, _LAST), text, text_format)
    for row, text in enumerate(("", sends[0][1], sends[1][1], ""), start=top):
        sheet_writer.sheet.set_row(
            row - 1, row_points(text, column_pixels(_WIDTHS[4]) + column_pixels(_WIDTHS[5]), 10, least=26)
        )
    sheet_writer.sheet.set_selection(top, 2, top, 2)
    return top + len(schema.COVER_INPUTS)


def _overview(workbook: Workbook, sheet_writer: FormSheetWriter, answers: Answers, top: int) -> int:
    """Write the sentence on how much is left and, sheet by sheet, the counts behind it. Return its last row."""
    formats = sheet_writer.formats
    first = top + 4
    last = first + len(schema.TABLE_SHEETS) + 1
    heading = formats.boxed(bold=True, font_color=WHITE, bg_color=NAVY, align="center")
    sheet_writer.sheet.set_row(first - 2, 24)
    for column, text in ((2, "シート"), (3, "記入する内容"), (4, "残り")):
        sheet_writer.put(first - 1, column, text, heading)
    sheet_writer.spread(first - 1, (5, _LAST), "いつ記入するか", heading)
    cover = (
        f'=SUMPRODUCT(--(TRIM($C${top - len(schema.COVER_INPUTS)}:$C${top - 1})=""))',
        _blank_inputs(answers.content),
    )
    lines: list[tuple[str, str, Answer, str, str]] = [
        (schema.COVER_SHEET, "記入者・連絡先・記入日を入力します。", cover, "毎回", schema.WELL),
        *(
            (each.name, _PURPOSES[each.name], answers.remaining(each), *_when(answers, each))
            for each in schema.TABLE_SHEETS
        ),
    ]
    for row, (name, purpose, (formula, count), when, nothing_left) in enumerate(lines, start=first):
        sheet_writer.sheet.set_row(row - 1, 22)
        link = formats.boxed(font_color=LINK, underline=1, bold=True, indent=1)
        sheet_writer.answer(row, 2, f'=HYPERLINK("#\'{name}\'!A1","{name}")', name, link)
        sheet_writer.put(row, 3, purpose, formats.boxed(shrink=True, indent=1))
        counted = formats.boxed(align="center", num_format=f'"あと "0;;"{nothing_left}"')
        sheet_writer.answer(row, 4, formula, count, counted)
        sheet_writer.spread(row, (5, _LAST), when, formats.boxed(font_color=MUTED, indent=1))
    counts = f"$D${first}:$D${last}"
    left = sum(int(count) for _, _, (_, count), *_ in lines)
    wanted = formats.conditional(bg_color=WANTED, bold=True)
    sheet_writer.sheet.conditional_format(
        first - 1, 3, last - 1, 3, {"type": "cell", "criteria": ">", "value": 0, "format": wanted}
    )
    _banner(workbook, sheet_writer, top, (f"SUM({counts})", left))
    return last - 1


def _banner(workbook: Workbook, sheet_writer: FormSheetWriter, top: int, counted: tuple[str, int]) -> None:
    """Write the sentence on how much is left into the row below `top`: `counted` is the formula and its value."""
    formula, left = counted
    row = top + 1
    banner = sheet_writer.formats.boxed(
        bold=True, font_size=18, align="center", bg_color=WANTED, font_color=NAVY, border_color=NAVY
    )
    sheet_writer.sheet.set_row(row - 2, 10)
    sheet_writer.sheet.set_row(row - 1, 38)
    sheet_writer.sheet.merge_range(row - 1, _FIRST - 1, row - 1, _LAST - 1, "", banner)
    sheet_writer.answer(row, 2, f"={schema.remaining_sentence(formula)}", schema.remaining_text(left), banner)
    _name(workbook, "残り", row, 2)
    done = sheet_writer.formats.conditional(bg_color=DONE)
    rule = {"type": "formula", "criteria": f'=$B${row}="{schema.ALL_DONE}"', "format": done}
    sheet_writer.sheet.conditional_format(row - 1, _FIRST - 1, row - 1, _LAST - 1, rule)
    sheet_writer.sheet.set_row(row, 10)


def _when(answers: Answers, form_sheet: FormSheet) -> tuple[str, str]:
    """Return when a sheet is to be filled in, and what stands in place of a count where nothing is left."""
    if not answers.content.rows[form_sheet.name]:
        return "この課で記入するものはありません", "—"
    if form_sheet in (schema.PROGRESS_SHEET, schema.INDICATOR_SHEET):
        return "毎回（変更のあった箇所のみ）", schema.WELL
    if form_sheet == schema.PICTURE_SHEET:
        return "写真がある場合", "任意"
    if answers.is_optional(form_sheet):
        return "随時（最終報告では必須）", "任意"
    return "今回（最終報告）", schema.WELL


def _blank_inputs(content: FormContent) -> int:
    return sum((NO_KEY, item) not in content.entered for item in schema.COVER_INPUTS)


def _steps(sheet_writer: FormSheetWriter, row: int) -> int:
    formats = sheet_writer.formats
    sheet_writer.put(row, 2, "記入のしかた", formats(bold=True, font_size=12, font_color=NAVY))
    width = sum(column_pixels(each) for each in _WIDTHS[2:]) - 9  # less the indent
    for number, text in enumerate(_STEPS, start=1):
        line = row + number
        sheet_writer.sheet.set_row(line - 1, row_points(text, width, 10, least=22))
        sheet_writer.put(
            line, 2, f"手順{number}", formats.boxed(bold=True, align="center", font_color=NAVY, bg_color=PALE)
        )
        sheet_writer.spread(line, (3, _LAST), text, formats.boxed(text_wrap=True, indent=1))
    return row + len(_STEPS)


def _example(sheet_writer: FormSheetWriter, row: int) -> int:
    formats = sheet_writer.formats
    sheet_writer.put(row, 2, "記入の例（進捗）", formats(bold=True, font_size=12, font_color=NAVY))
    heading = formats.boxed(bold=True, font_color=NAVY, bg_color=CARD, align="center")
    sheet_writer.sheet.set_row(row, 20)
    sheet_writer.spread(row + 1, (2, 3), schema.PLANNED_WORK, heading)
    sheet_writer.put(row + 1, 4, Field.DONE, heading)
    sheet_writer.spread(row + 1, (5, _LAST), Field.REMARK, heading)
    for line, (work, done, remark) in enumerate(_EXAMPLE, start=row + 2):
        sheet_writer.sheet.set_row(line - 1, 22)
        sheet_writer.spread(line, (2, 3), work, formats.boxed(indent=1))
        sheet_writer.put(line, 4, done, formats.boxed(bg_color=INPUT, align="center", num_format="0%"))
        sheet_writer.spread(line, (5, _LAST), remark, formats.boxed(bg_color=INPUT, shrink=True, indent=1))
    return row + 1 + len(_EXAMPLE)


def _legend(sheet_writer: FormSheetWriter, content: FormContent, row: int) -> None:
    formats = sheet_writer.formats
    sheet_writer.put(row, 2, "色と印", formats(bold=True, font_size=12, font_color=NAVY))
    bands = "　".join(_band_texts(content.plan.bands))
    lines: Sequence[tuple[str, dict[str, object], str]] = (
        ("記入欄", {"bg_color": INPUT}, "ここに記入します。Tab キーで次の記入欄に移動します。"),
        (
            "記入が必要",
            {"bg_color": WANTED, "bold": True},
            "未記入か、修正をお願いするセルです。",
        ),
        (
            "入力できないセル",
            {},
            "変更できないように保護しています（パスワードなし）。貼り付けで入力できなくなったセルは、「校閲」→「シート保護の解除」で入力できます。",
        ),
        (
            "● ◇ ✓",
            {"font_color": ACCENT, "bold": True},
            "● 記入してください　◇ ご確認ください（このままでも提出できます）　✓ 記入済み",
        ),
        ("評価区分", {"bg_color": PALE}, bands),
    )
    for line, (chip, looks, text) in enumerate(lines, start=row + 1):
        sheet_writer.sheet.set_row(line - 1, 20)
        sheet_writer.put(line, 2, chip, formats.boxed(align="center", font_size=9, **looks))
        sheet_writer.spread(line, (3, _LAST), text, formats.boxed(font_size=9, shrink=True, indent=1))


def _band_texts(bands: Bands) -> Iterator[str]:
    """Yield what each grade begins at; the lowest is what lies below the one before it."""
    for number, band in enumerate(bands.bands):
        lowest = number and not band.lower
        limit = bands.bands[number - 1].lower if lowest else band.lower
        yield f"{band.name} {float(limit * 100):.10g}%{'未満' if lowest else '以上'}"


def _name(workbook: Workbook, name: str, row: int, column: int) -> None:
    """Name a single cell, so that a formula or a person can go to it by its word."""
    letters = a1(1, column)[:-1]
    workbook.define_name(name, f"='{schema.COVER_SHEET}'!${letters}${row}")
