"""評価方法: flow chart of the methods, bands, worked examples, how to read a page."""

from __future__ import annotations

from fractions import Fraction

from kama_excel.evaluation.rates import shown_percent
from kama_excel.plan.model import Plan
from kama_excel.report.month_report import Report
from kama_excel.spreadsheets.cells import a1
from kama_excel.spreadsheets.writing.canvas import Canvas, Span
from kama_excel.spreadsheets.writing.measure import INDENT, row_points
from kama_excel.spreadsheets.writing.style import CENTRED, FIGURES, LINED, MUTED, NAVY, PALE, RED, WHITE, grade_look
from kama_excel.spreadsheets.writing.table import Column, Line, Table, TableCell, last_row

NAME = "評価方法"
_COLUMNS = 24
_ALL: Span = (1, _COLUMNS)
_BOXES: tuple[Span, Span, Span] = ((1, 7), (9, 15), (17, 24))
_SIZE = 9.0
_HOW_TO_READ = (
    ("概要と写真", "目指すこと、やること、目標（値）、担い手と、取組状況の写真です。"),
    ("目標達成率", "評価区分と採用した達成率です。「見込」は予定や確定前の値を含むことを示します。"),
    ("前月からの動き", "前月の達成率からの増減と、計画期間の経過の目安（縦の線）です。"),
    ("成果・取り組んだこと・課題", "各課が記入した文章です。複数の課の場合は、課の名前の下に示します。"),
    ("達成率の算定", "採用した率を、どの数値からどのように計算したかを示します。"),
    ("年度ごとのタスク", "年度ごとの計画と進捗率です。斜体は予定です。"),
)
_SKETCH: tuple[tuple[tuple[Span, str], ...], ...] = (
    (((1, 6), "概要"), ((7, 9), "写真")),
    (((1, 4), "評価区分"), ((5, 9), "達成率")),
    (((1, 9), "達成率の帯と前月からの動き"),),
    (((1, 9), "成果・取り組んだこと・課題"),),
    (((1, 9), "達成率の算定"),),
    (((1, 9), "年度ごとのタスク"),),
)
"""A sketch of a page, a row for each of `_HOW_TO_READ`."""


def write_method(canvas: Canvas, report: Report) -> None:
    """Write the sheet, one page of A4."""
    plan = report.plan
    canvas.widths(*[3.6] * _COLUMNS)
    canvas.height(1, 30)
    title = canvas.formats(bold=True, font_size=18, font_color=NAVY, bottom=2, bottom_color=NAVY)
    canvas.put(1, _ALL, NAME, title)
    row = _text(
        canvas, 2, _ALL, "アクションそれぞれについて、目標（値）に対する達成率を次の流れで算定し、評価区分で表します。"
    )
    row = _write_chart(canvas, plan, row)
    row = _write_bands(canvas, plan, row + 1)
    row = _write_examples(canvas, plan, row + 2)
    row = _write_how_to_read(canvas, row + 2)
    canvas.sheet.print_area(f"A1:{a1(row, _COLUMNS)}")
    canvas.link_beside("総括", "総括へ")
    canvas.print_setup(footer=f"{plan.name}　{NAME}", tall=1)


def _write_chart(canvas: Canvas, plan: Plan, row: int) -> int:
    """Write the question, both answers, the rate of each and the adopted one.

    Return the next row.
    """
    formats, average = canvas.formats, plan.average_label
    box = {"border": 1, "border_color": NAVY, "align": "center", "bold": True, "font_color": NAVY}
    canvas.height(row, 24)
    canvas.put(row, _ALL, "目標（値）が数値で示され、客観的に進捗率を計れるか", formats(bg_color=PALE, **box))
    canvas.height(row + 1, 18)
    canvas.put(row + 1, _BOXES[0], "↓　はい", formats(align="center", bold=True, font_color=NAVY))
    no = formats(align="center", bold=True, font_color=RED)
    canvas.put(row + 1, (_BOXES[1][0], _COLUMNS), "↓　いいえ（文章による目標）", no)
    rates = (
        (
            "①　目標（値）に対する達成率",
            "実績値と目標値を比べます。基準値がある場合は、基準値からの伸びで計算します。",
            "",
            "",
        ),
        (
            f"②　{average}進捗率",
            f"年度ごとに全タスクの進捗率を平均し、各年度の値を同じ重みで平均します（{average}）。",
            "各年度の積み重ねによる客観的な評価ができます。",
            "最終年度に大きく進んでも、低い率となることがあります。",
        ),
        (
            "③　総括評価",
            "計画期間の取組全体を、担当課が理由を付けて評価します。",
            "目標（値）とタスクに相違があっても、適正な率に近づけることができます。",
            "タスクの進捗が評価に反映されない部分が生じます。",
        ),
    )
    row += 2
    texts = ["\n".join([text, *([f"長所　{good}", f"短所　{bad}"] if good else [])]) for _, text, good, bad in rates]
    canvas.height(row, 22)
    heights = [
        row_points(text, canvas.span_pixels(span) - INDENT, _SIZE) for text, span in zip(texts, _BOXES, strict=True)
    ]
    canvas.height(row + 1, max(heights) + 4)
    for (head, *_), text, span in zip(rates, texts, _BOXES, strict=True):
        colours = {"bg_color": NAVY, "font_color": WHITE}
        canvas.put(row, span, head, formats(**{**box, **colours}, shrink=True))
        look = {"border": 1, "border_color": NAVY, "text_wrap": True, "align": "left", "indent": 1}
        canvas.put(row + 1, span, text, formats(font_size=_SIZE, **look))
    canvas.height(row + 2, 16)
    for span in _BOXES:
        canvas.put(row + 2, span, "↓", formats(align="center", bold=True, font_color=NAVY))
    adopted = (
        "採用　実績値のある指標があれば①、なければ②を採用します（自動）。③は、計画を所管する課が決定したときに採用し、"
        "決定日・決定者・理由を残します。③により評価区分が変わるのに決定がないものは「要判断」とします。"
    )
    return _text(canvas, row + 3, _ALL, adopted, border=1, border_color=NAVY, bg_color=PALE, indent=1)


def _write_bands(canvas: Canvas, plan: Plan, row: int) -> int:
    """Write the grades with their lower limits, in their colours; return the last row."""
    names, bands = plan.bands.names, plan.bands.bands
    canvas.height(row - 1, 8)
    wide = _COLUMNS // len(bands)
    canvas.height(row, 20)
    canvas.height(row + 1, 16)
    for at, band in enumerate(bands):
        span = (1 + wide * at, _COLUMNS if at == len(bands) - 1 else wide * (at + 1))
        look = canvas.formats(bold=True, align="center", font_size=10, shrink=True, **grade_look(names, band.name))
        canvas.put(row, span, band.name, look)
        lower = f"{band.lower_text}以上"
        upper = f"{bands[at - 1].lower_text}未満" if at else ""
        text = upper if at == len(bands) - 1 and at else f"{lower}{upper}"
        canvas.put(row + 1, span, text, canvas.formats(align="center", font_size=_SIZE))
    note = (
        "区分は、四捨五入する前の率で判定します。四捨五入により、達していない区分に見える率は、切り捨てて表示します。"
    )
    return _text(canvas, row + 2, _ALL, note, font_color=MUTED)


def _write_examples(canvas: Canvas, plan: Plan, row: int) -> int:
    """Write calculations as the plan grades them; return the last row."""
    years = (Fraction(425, 1000), Fraction(1, 2), Fraction(7, 10))
    examples = (
        ("目標10回に対し、8回実施（①）", "8 ÷ 10", Fraction(8, 10)),
        ("目標2倍（基準値1、目標値2）に対し、1.8倍（①）", "（1.8 − 1）÷（2 − 1）", Fraction(8, 10)),
        ("30%向上（基準値0、目標値30）に対し、25%（①）", "25 ÷ 30", Fraction(25, 30)),
        ("年度の平均が 42.5%・50.0%・70.0%（②）", "（42.5 ＋ 50.0 ＋ 70.0）÷ 3", sum(years, Fraction(0)) / 3),
    )
    lines: list[Line] = [
        (
            what,
            how,
            TableCell(shown_percent(rate, plan.bands), {"bold": True}),
            TableCell(plan.bands.grade(rate), {"bold": True, **grade_look(plan.bands.names, plan.bands.grade(rate))}),
        )
        for what, how, rate in examples
    ]
    columns = (
        Column("例（方法）", (1, 11)),
        Column("計算", (12, 17), CENTRED),
        Column("達成率", (18, 20), {**CENTRED, "font_name": FIGURES}),
        Column("評価区分", (21, 24), CENTRED),
    )
    return last_row(Table(columns, title="計算の例", size=_SIZE).write(canvas, row, lines))


def _write_how_to_read(canvas: Canvas, row: int) -> int:
    """Write the parts of an action's page beside a sketch of it; return the last row."""
    lines: list[Line] = [(number, what, text) for number, (what, text) in enumerate(_HOW_TO_READ, start=1)]
    number = {**CENTRED, "bold": True, "font_color": WHITE, "bg_color": NAVY}
    columns = (Column("順", 10, number), Column("欄", (11, 15), {"bold": True}), Column("内容", (16, 24)))
    table = Table(columns, title="アクションのページの見方", size=_SIZE, has_headings=False, least=26.0, base=LINED)

    def sketch(at: int) -> None:
        for span, text in _SKETCH[at - row - 1]:
            look = canvas.formats.boxed(align="center", font_size=_SIZE, font_color=NAVY, bg_color=PALE)
            canvas.put(at, span, text, look)

    return last_row(table.write(canvas, row, lines, after=sketch))


def _text(canvas: Canvas, row: int, span: Span, text: str, **look: object) -> int:
    """Write a paragraph as high as its text; return the next row."""
    canvas.height(row, row_points(text, canvas.span_pixels(span) - INDENT, _SIZE, least=18))
    canvas.put(row, span, text, canvas.formats(font_size=_SIZE, text_wrap=True, align="left", **look))
    return row + 1
