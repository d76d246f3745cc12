"""Write a plan workbook (計画台帳) with headings, filters and instructions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kama_excel.plan.choices import METHODS, YEARS, write_choices
from kama_excel.plan.plan_sheets import (
    ACTIONS,
    BANDS,
    CORRECTIONS,
    DECISIONS,
    DEPARTMENTS,
    DIGITS,
    HEADLINE,
    INDICATORS,
    MEASURES,
    PLAN,
    PUBLISHED,
    RATE_ITEMS,
    ROUNDING,
    SHEETS,
    TASKS,
    WITHHELD,
    YARDSTICK,
    YEARLY_TARGETS,
    SheetLayout,
)
from kama_excel.plan.rating import Aggregation, Direction, Yardstick
from kama_excel.spreadsheets.cells import column_letters
from kama_excel.spreadsheets.writing.book import BookSheet
from kama_excel.spreadsheets.writing.canvas import A3, A4, Canvas, Value
from kama_excel.spreadsheets.writing.fast_xlsxwriter import new_book
from kama_excel.spreadsheets.writing.style import CENTRED, DECISIONS_TAB, INPUT, NAVY, SIZE, Formats
from kama_excel.spreadsheets.writing.table import Look, Table, last_row, one_each

Tables = Mapping[str, Sequence[Sequence[Value]]]
Choices = Mapping[tuple[str, str], str | list[str] | SheetLayout]
"""By sheet and heading: the allowed words, or the sheet or list that has them.

A sheet is named whose first column has the words.
"""

_HEADING_ROW = 3
_SCREEN = 1600  # pixels; a wider sheet is printed on A3, and its note is wrapped so that a screen shows all of it
_LAST_OFFERED = 2000  # the last row with drop-down lists, and the last row of a sheet's first column in them
_ROOM = 100  # formatted blank rows below the last one
_WIDTHS = {
    "項目": 16, "値": 44, "区分": 16, "テーマ": 14, "重点施策": 46, "アクション": 46, "目指すこと": 46, "やること": 46,
    "目標(値)": 34, "担い手": 30, "主担当課": 24, "担当課": 34, "計画": 50, "指標": 44, "記入のしかた": 34, "別名": 30,
    "メール": 30, "算定方法": 14, "決定日": 13, "決定者": 18, "理由": 50, "管理番号": 22, "訂正日": 13, "訂正者": 18,
}  # fmt: skip
_NOTES = {
    "計画": "計画全体に関する項目です。「計画ID」は様式と計画を対応させる名前で、途中で変更しません。「見出しの区分」は総括の見出しに件数を示す区分です。「提出期限」は「翌月5日」「毎月25日」（対象月の25日）「翌月末」か日付で入力し、様式とメールに表示されます。",
    "評価区分": "達成率の区分です。「下限」以上でその区分になります。最も低い区分の下限は0%以下にしてください。「記号」は集計ブックに表示する印、「点数」は平均点を求める場合の点です（空欄でもかまいません）。",
    "重点施策": "テーマと、その中の重点施策です。",
    "アクション": "アクションと概要です。「担い手」は報告書に印刷される文です。どの課が報告するかは、シート「タスク」と「指標」で決まります。途中で加えるアクションは「適用開始」に、終了するアクションは「適用終了」に年月を入力します（空欄は計画期間を通して）。「公表」が「しない」のアクションは、公表用のページとデータに含めません（空欄は「する」）。",
    "タスク": "各年度の計画（タスク）です。「タスクNo」は一度付けたら変更せず、再利用しません。途中で終了するタスクは削除せず、「適用終了」に年月を入力します。文を改める場合は、前の行を「適用終了」で閉じ、同じタスクNoの行を「適用開始」から加えます。",
    "指標": "目標（値）の指標です。「2倍」は基準値1・目標値2、「30%向上」は基準値0・目標値30と入力します。基準値が空欄なら、実績値÷目標値です。目標値が空欄の指標は、実績値を示すだけで達成率に含めません。「集計」は、年度ごとの実績値から最新（空欄も同じ）・合計・平均のいずれを用いるかです。途中で目標値を改める場合は、前の行を「適用終了」で閉じ、同じ指標Noの行を「適用開始」から加えます。",
    "年度目標": "年度ごとの目標値です（任意）。指標に年度目標があるか、「集計」が合計・平均の場合は、様式に年度ごとの実績値の欄を設けます。達成率を年度目標で測る場合は、シート「計画」の「達成率の基準」を「年度目標」にします（空欄は「最終目標」）。",
    "担当課": "様式を送る課です。課の名前が変わった場合は、「担当課」を新しい名前にし、以前の名前を「別名」に入力します。",
    "評価方法": "アクションの達成率として採用する率の決定です。空欄は「自動」です。「適用月」からの月に適用します（空欄は決定日の月から）。前の決定の行は残し、行を追加してください。",
    "訂正": "会議などで訂正した値です。報告の値に代えて、「適用月」（空欄は訂正日の月）から用います（両方が示されます）。管理番号はデータのシートにあります。",
}


def write_plan(tables: Tables) -> bytes:
    """Return a plan workbook with rows by sheet name, in the order of the sheet's headings.

    A sheet without an entry gets no rows. The same tables give the same bytes.
    """
    book = new_book("計画台帳")
    formats = Formats(book)
    items = {str(row[0]): row[1] for row in tables.get(PLAN.name, ()) if len(row) > 1}
    more = [(item, "") for item in RATE_ITEMS if item not in items]
    tables = {**tables, PLAN.name: [*tables.get(PLAN.name, ()), *more]}
    for layout in SHEETS:
        _write_sheet(Canvas(book, layout.name, formats), layout, tables.get(layout.name, ()))
    write_choices(book, items)
    return book.to_bytes()


def _write_sheet(canvas: Canvas, layout: SheetLayout, rows: Sequence[Sequence[Value]]) -> None:
    columns, widths = one_each(*((each, _WIDTHS.get(each, 12.0), _look(each)) for each in layout.headings))
    table = Table(columns, size=SIZE, base={"bg_color": INPUT}, heading_least=24)
    canvas.widths(*widths)
    canvas.head(f"計画台帳　{layout.name}", _NOTES[layout.name], most=_SCREEN)
    empty = [()] * (0 if layout is PLAN else _ROOM)
    lines = [(*row, *[None] * (len(columns) - len(row))) for row in (*rows, *empty)]
    last = last_row(table.write(canvas, _HEADING_ROW, lines))
    _add_choices(canvas.sheet, layout)
    if layout is PLAN:
        _add_item_choices(canvas.sheet, [str(row[0]) for row in rows])
    table.add_filter(canvas, _HEADING_ROW, last)
    canvas.keep_headings(_HEADING_ROW, 2 if layout in (ACTIONS, TASKS, INDICATORS) else 0)
    canvas.sheet.set_tab_color(DECISIONS_TAB if layout in (DECISIONS, CORRECTIONS) else NAVY)
    is_wide = canvas.span_pixels(canvas.all_columns) > _SCREEN
    canvas.print_setup(landscape=True, paper=A3 if is_wide else A4, footer=f"計画台帳　{layout.name}")


def _look(heading: str) -> Look:
    """Return the look of a column: short values are centred."""
    if heading in ("決定日", "訂正日"):
        return {**CENTRED, "num_format": "yyyy/m/d"}
    if heading == "下限":
        return {**CENTRED, "num_format": "0%"}
    if heading in ("適用開始", "適用終了", "適用月"):
        return {**CENTRED, "num_format": "@"}
    centred = heading.endswith("No") or heading in (
        "年度",
        "単位",
        "向き",
        "重み",
        "基準値",
        "目標値",
        "算定方法",
        "区分",
        "公表",
    )
    return CENTRED if centred else {}


_CHOICES: Choices = {
    (INDICATORS.name, "向き"): [each.value for each in Direction],
    (INDICATORS.name, "集計"): [each.value for each in Aggregation],
    (DECISIONS.name, "算定方法"): METHODS,
    (TASKS.name, "年度"): YEARS,
    (YEARLY_TARGETS.name, "年度"): YEARS,
    (YEARLY_TARGETS.name, "指標No"): INDICATORS,
    (DECISIONS.name, "アクションNo"): ACTIONS,
    (ACTIONS.name, "公表"): [PUBLISHED, WITHHELD],
    (ACTIONS.name, "重点施策No"): MEASURES,
    **dict.fromkeys(((TASKS.name, "アクションNo"), (INDICATORS.name, "アクションNo")), ACTIONS),
    **dict.fromkeys(((ACTIONS.name, "主担当課"), (TASKS.name, "担当課"), (INDICATORS.name, "担当課")), DEPARTMENTS),
}
_ITEM_CHOICES: Mapping[str, list[str] | SheetLayout] = {
    HEADLINE: BANDS,
    YARDSTICK: [each.value for each in Yardstick],
    DIGITS: ["0", "1", "2"],
    ROUNDING: ["四捨五入", "切捨て"],
}
"""The allowed values of an item's 値 in 計画."""


def _list_rule(title: str, source: str | list[str] | SheetLayout) -> dict[str, object]:
    """Return the validation of a list.

    Another word causes a question, not a refusal: the reader knows more spellings.
    """
    rule: dict[str, object] = {"validate": "list", "error_type": "warning", "error_title": title}
    match source:
        case SheetLayout():
            message = f"シート「{source.name}」にあるものを入力してください。"
            return rule | {"source": _first_column(source), "error_message": message}
        case str():
            return rule | {"source": f"={source}", "error_message": "リストから選んでください。"}
        case words:
            return rule | {"source": words, "error_message": f"{'・'.join(words)} のいずれかを入力してください。"}


def _first_column(layout: SheetLayout) -> str:
    return f"='{layout.name}'!$A${_HEADING_ROW + 1}:$A${_LAST_OFFERED}"


def _add_choices(sheet: BookSheet, layout: SheetLayout) -> None:
    """Add the drop-down lists, down to the last row that a city may need."""
    for (name, heading), source in _CHOICES.items():
        if layout.name == name:
            sheet.data_validation(_whole_column(layout, heading), _list_rule(heading, source))
    if layout is BANDS:
        limits = {"validate": "decimal", "criteria": "between", "minimum": -10, "maximum": 10}
        sheet.data_validation(_whole_column(layout, "下限"), limits)


def _whole_column(layout: SheetLayout, heading: str) -> str:
    letters = column_letters(layout.headings.index(heading) + 1)
    return f"{letters}{_HEADING_ROW + 1}:{letters}{_LAST_OFFERED}"


def _add_item_choices(sheet: BookSheet, items: Sequence[str]) -> None:
    """Add the drop-down lists of items of 計画."""
    for row, item in enumerate(items, start=_HEADING_ROW + 1):
        if item in _ITEM_CHOICES:
            sheet.data_validation(f"B{row}", _list_rule(item, _ITEM_CHOICES[item]))
