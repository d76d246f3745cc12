"""はじめに: department, deadline, points to correct, inputs left, steps, an example."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from kama_excel.domain.calendar import day_label
from kama_excel.domain.keys import NO_KEY, Field
from kama_excel.forms import schema
from kama_excel.forms.content import FormContent
from kama_excel.forms.schema import FormSheet
from kama_excel.forms.snapshot import IssuedSnapshot
from kama_excel.forms.writing import row_style
from kama_excel.forms.writing.answers import Answers
from kama_excel.forms.writing.form_canvas import MARGINS, FormCanvas, cell_value
from kama_excel.forms.writing.point_list import FIRST_ROW, row_count, write_points
from kama_excel.forms.writing.row_style import RowShape
from kama_excel.forms.writing.validation import validate
from kama_excel.plan.rating import Bands
from kama_excel.spreadsheets.cells import a1, absolute
from kama_excel.spreadsheets.writing.book import Book
from kama_excel.spreadsheets.writing.measure import row_points
from kama_excel.spreadsheets.writing.style import (
    ACCENT,
    CARD,
    CENTRED,
    DONE,
    INPUT,
    MUTED,
    NAVY,
    PALE,
    SHRUNK,
    SIZE,
    WANTED,
    Formats,
)
from kama_excel.spreadsheets.writing.table import Column, Line, Table, TableCell, last_row

_WIDTHS = (2, 15, 38, 13, 36, 12)
_FIRST, _LAST = _ALL = 2, 6
_REPLY = "届いたメールに、そのまま返信してください"
_ASK = "届いたメールの差出人に、お問い合わせください"
_PURPOSES = {
    schema.PROGRESS_SHEET.name: "タスクごとに、実施した割合を入力します。",
    schema.INDICATOR_SHEET.name: "目標（値）に対する実績値と時点を入力します。",
    schema.ASSESSMENT_SHEET.name: "アクションごとの評価と、その理由を記入します。",
    schema.WORDS_SHEET.name: "報告書に掲載する文章を記入します。",
    schema.PICTURE_SHEET.name: "取組状況の写真を貼り付け、説明を記入します。",
}
_STEPS = (
    "このシートの「記入者」「連絡先」「記入日」を入力します。",
    "「進捗」に、タスクごとの実施の割合を入力します。前回のご報告の値を表示していますので、変更箇所だけを修正します。",
    "「指標」がある場合は、実績値と時点を入力します。「総括評価」「成果と課題」「写真」は、記入できるものを記入します。",
    "上の表示が「すべて記入されました」になったことを確認し、上書き保存します。",
    "このファイルをメールに添付して送ります。ファイル名は変更してもかまいません。シートや列は、追加・削除しないでください。",
)
_EXAMPLE: tuple[Line, ...] = (
    ("○○の手引きを作成し、窓口に配置する", Fraction(8, 10), "手引きは完成。窓口への配置は3月の予定。"),
    ("○○の講座を年2回開催する", Fraction(1), ""),
    ("○○システムの導入を検討する", "対象外", "国の共通システムに移行することになったため。"),
)


_SHEETS = Table(
    (
        *(Column("シート", 2, {"bold": True}), Column("記入する内容", 3, {"font_size": 9}), Column("残り", 4, CENTRED)),
        Column("いつ記入するか", (5, 6), {"font_color": MUTED}),
    ),
    size=SIZE,
    least=22,
    heading_least=24,
)
_INSTRUCTIONS = Table(
    (Column("", 2, {"bold": True, "font_color": NAVY, "bg_color": PALE, **CENTRED}), Column("", (3, 6))),
    size=SIZE,
    has_headings=False,
    least=22,
)
_EXAMPLE_HEADING = {"font_color": NAVY, "bg_color": CARD}
_EXAMPLES = Table(
    (
        Column(schema.PLANNED_WORK, (2, 3), heading_look=_EXAMPLE_HEADING),
        Column(Field.DONE, 4, {"bg_color": INPUT, "num_format": "0%", **CENTRED}, _EXAMPLE_HEADING),
        Column(Field.REMARK, (5, 6), {"bg_color": INPUT, **SHRUNK}, _EXAMPLE_HEADING),
    ),
    size=SIZE,
    least=22,
)
_KEY_TO_COLOURS = Table((Column("", 2, {**CENTRED, **SHRUNK}), Column("", (3, 6), SHRUNK)), has_headings=False)


def write_cover(book: Book, formats: Formats, snapshot: IssuedSnapshot, answers: Answers) -> None:
    """Write the form's first sheet."""
    content = answers.content
    canvas = FormCanvas(book, schema.COVER_SHEET, formats, snapshot)
    canvas.widths(*_WIDTHS)
    _title(canvas, content)
    top = FIRST_ROW
    if content.points:
        top += row_count(content)
        write_points(canvas, answers, _ALL, a1(top + 1 + schema.COVER_INPUTS.index(Field.FILLED_ON), 3))
    row = _identity(book, canvas, answers, top)
    row = _overview(book, canvas, answers, row + 1)
    steps = [(f"手順{number}", text) for number, text in enumerate(_STEPS, start=1)]
    row = _section(canvas, row + 2, "記入のしかた", _INSTRUCTIONS, steps)
    if not content.marks and not content.points:  # a person who has filled in a form before needs no example
        row = _section(canvas, row + 2, "記入の例（進捗）", _EXAMPLES, _EXAMPLE)
    row = _section(canvas, row + 2, "色と印", _KEY_TO_COLOURS, _legend(content))
    canvas.sheet.activate()
    canvas.sheet.set_tab_color(NAVY)
    canvas.sheet.print_area(0, _FIRST - 1, row, _LAST - 1)
    canvas.protect()
    footer = f"{content.department}　様式 第{schema.FORM_VERSION}版　{content.month.label}分"
    canvas.print_setup(footer=footer, margins=MARGINS)


def _title(canvas: FormCanvas, content: FormContent) -> None:
    formats = canvas.formats
    canvas.height(1, 36)
    title = formats(bold=True, font_size=16, font_color=NAVY, shrink=True)
    canvas.put(1, _ALL, f"{content.plan.name}　進捗報告様式", title)
    canvas.height(2, 22)
    canvas.put(2, _FIRST, f"{content.month.label}分", formats(bold=True, font_size=12, font_color=MUTED))
    if content.deadline:
        text = f"提出期限：{day_label(content.deadline)}"
        canvas.put(2, _LAST, text, formats(bold=True, font_size=12, font_color=ACCENT, align="right"))


def _identity(book: Book, canvas: FormCanvas, answers: Answers, top: int) -> int:
    """Write 担当課 and the cover's inputs, with the recipient beside; return the last row."""
    content, formats = answers.content, canvas.formats
    label = formats.boxed(bold=True, bg_color=PALE, font_color=NAVY, indent=1)
    whose = formats.boxed(bold=True, font_size=12, shrink=True, indent=1)
    canvas.put(top, 2, schema.DEPARTMENT, label)
    canvas.put(top, 3, content.department, whose)
    _name(book, schema.DEPARTMENT, top, 3)
    for row, item in enumerate(schema.COVER_INPUTS, start=top + 1):
        canvas.put(row, 2, item, label)
        mark = answers.note((NO_KEY, item))  # no space beside it: the hint has the text
        look = row_style.input_look(item.kind, RowShape(starts_action=False), is_marked=bool(mark))
        canvas.enter(row, 3, cell_value(content.entered.get((NO_KEY, item))), formats.text(**look))
        validate(canvas, item, 3, [row], mark)
        _name(book, item, row, 3)
        canvas.when(f"C{row}", f'$C${row}=""', bg_color=WANTED)
    sends = (("提出先", content.plan.send_to or _REPLY), ("問い合わせ先", content.plan.ask or _ASK))
    for row, (heading, text) in enumerate(sends, start=top + 1):
        canvas.put(row, 4, heading, label)
        canvas.put(row, (5, _LAST), text, formats.text())
    for row, text in enumerate(("", sends[0][1], sends[1][1], ""), start=top):
        canvas.height(row, row_points(text, canvas.span_pixels((5, _LAST)), SIZE, least=26))
    canvas.sheet.set_selection(top, 2, top, 2)
    return top + len(schema.COVER_INPUTS)


def _overview(book: Book, canvas: FormCanvas, answers: Answers, top: int) -> int:
    """Write the sentence on inputs left and the count per sheet; return the last row."""
    typed = f"$C${top - len(schema.COVER_INPUTS)}:$C${top - 1}"
    on_cover = f'SUMPRODUCT(--(TRIM({typed})=""))', _blank_inputs(answers.content)
    sheets = [
        (schema.COVER_SHEET, "記入者・連絡先・記入日を入力します。", on_cover, ("毎回", schema.WELL)),
        *(
            (each.name, _PURPOSES[each.name], answers.remaining(each), _when(answers, each))
            for each in schema.TABLE_SHEETS
        ),
    ]
    lines = [
        (
            TableCell(name, link=name),
            purpose,
            TableCell(count, {"num_format": f'"あと "0;;"{nothing_left}"'}, formula=formula),
            when,
        )
        for name, purpose, (formula, count), (when, nothing_left) in sheets
    ]
    last = last_row(_SHEETS.write(canvas, top + 3, lines))
    counts = f"$D${top + 4}:$D${last}"
    canvas.when(counts.replace("$", ""), f"D{top + 4}>0", bg_color=WANTED, bold=True)
    _banner(book, canvas, top + 1, f"SUM({counts})", sum(count for _, _, (_, count), _ in sheets))
    return last


def _banner(book: Book, canvas: FormCanvas, row: int, formula: str, left: int) -> None:
    """Write the sentence on inputs left, counted by `formula`, between two low rows."""
    canvas.height(row - 1, 10)
    canvas.height(row, 38)
    canvas.height(row + 1, 10)
    look = canvas.formats.boxed(
        bold=True, font_size=18, align="center", bg_color=WANTED, font_color=NAVY, border_color=NAVY
    )
    canvas.formula(row, _ALL, schema.remaining_sentence(formula), schema.remaining_text(left), look)
    _name(book, "残り", row, _FIRST)
    canvas.when(f"B{row}:F{row}", f'$B${row}="{schema.ALL_DONE}"', bg_color=DONE)


def _when(answers: Answers, form_sheet: FormSheet) -> tuple[str, str]:
    """Return when to fill in a sheet, and the text shown if no inputs are left."""
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


def _section(canvas: FormCanvas, row: int, title: str, table: Table, lines: Sequence[Line]) -> int:
    """Write a table under a title; return its last row."""
    canvas.put(row, _FIRST, title, canvas.formats(bold=True, font_size=12, font_color=NAVY))
    return last_row(table.write(canvas, row + 1, lines))


def _legend(content: FormContent) -> list[Line]:
    """Return the meaning of each colour and mark of the form."""
    protected = "変更できないように保護しています（パスワードなし）。貼り付けで入力できなくなったセルは、「校閲」→「シート保護の解除」で入力できます。"
    marks = "● 記入してください　◇ ご確認ください（このままでも提出できます）　✓ 記入済み"
    return [
        (TableCell("記入欄", {"bg_color": INPUT}), "ここに記入します。Tab キーで次の記入欄に移動します。"),
        (TableCell("記入が必要", {"bg_color": WANTED, "bold": True}), "未記入か、修正をお願いするセルです。"),
        ("入力できないセル", protected),
        (TableCell("● ◇ ✓", {"font_color": ACCENT, "bold": True}), marks),
        (TableCell("評価区分", {"bg_color": PALE}), "　".join(_band_texts(content.plan.bands))),
    ]


def _band_texts(bands: Bands) -> Iterator[str]:
    """Yield the lower limit of each grade; the lowest is below the one before."""
    for number, band in enumerate(bands.bands):
        lowest = number and not band.lower
        limit = bands.bands[number - 1].lower if lowest else band.lower
        yield f"{band.name} {float(limit * 100):.10g}%{'未満' if lowest else '以上'}"


def _name(book: Book, name: str, row: int, column: int) -> None:
    """Name a single cell, so that formulas and people can refer to it."""
    book.define_name(name, f"='{schema.COVER_SHEET}'!{absolute(a1(row, column))}")
