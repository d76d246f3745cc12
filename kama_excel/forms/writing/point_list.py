"""The points on the cover of a returned form: where, what, and whether they are answered."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from kama_excel.domain.keys import NO_KEY, Field, Slot, ValueKind
from kama_excel.forms import schema
from kama_excel.forms.content import FormContent, Point, Request
from kama_excel.forms.writing.answers import Answers
from kama_excel.forms.writing.form_canvas import FormCanvas, cell_value
from kama_excel.forms.writing.indicator_remarks import is_in_percent
from kama_excel.plan.rows import Indicator
from kama_excel.spreadsheets.cells import quoted
from kama_excel.spreadsheets.writing.canvas import Span, Value
from kama_excel.spreadsheets.writing.measure import row_points
from kama_excel.spreadsheets.writing.style import ACCENT, CENTRED, MARKED, MUTED, NAVY, SIZE, WANTED
from kama_excel.spreadsheets.writing.table import Column, Line, Table, TableCell, last_row

FIRST_ROW = 4
"""The row of the cover below its title."""
_HEADINGS, _FIRST_POINT = FIRST_ROW + 2, FIRST_ROW + 3
_SMALL = 9
_TO_DO, _TO_CHECK, _DONE = "● 未対応", "◇ ご確認", "✓ 修正済み"
_HOW_TO_MEND = "「場所」をクリックすると、該当のセルに移動します。修正のうえ、記入日に修正日を入力してお送りください。ほかの値は受け付けました。"
_MAY_STAY = f"「{_TO_CHECK}」は、表示の内容でよければ、そのままでかまいません。"
_ELSEWHERE = "（お送りいただいた様式の記入欄以外の箇所）"
_POINTS = Table(
    (
        *(Column("場所", 2, CENTRED), Column("アクション・計画", 3, {"font_size": 9})),
        *(
            Column("記入内容", 4, {"bg_color": WANTED, "bold": True, **CENTRED}),
            Column("お願いしたいこと", 5, {"font_size": 9}),
        ),
        Column("対応", 6, {"bold": True, "font_color": ACCENT, **CENTRED}),
    ),
    size=SIZE,
    least=30,
)


def row_count(content: FormContent) -> int:
    """Return the number of rows that the points take, with a blank one below."""
    return _FIRST_POINT - FIRST_ROW + len(content.points) + 1


def write_points(canvas: FormCanvas, answers: Answers, span: Span, filled_on: str) -> None:
    """Write the points over a span of columns, with links; `filled_on` is the cell of 記入日."""
    content, formats = answers.content, canvas.formats
    looks = {"border": 2, "border_color": ACCENT, "bg_color": MARKED, "indent": 1}
    headline = formats.boxed(bold=True, font_size=16, font_color=ACCENT, **looks)
    canvas.height(FIRST_ROW, 34)
    canvas.put(FIRST_ROW, span, f"{len(content.points)}か所について、ご確認をお願いいたします", headline)
    inputs = _inputs(answers, filled_on)
    lines = [_point(answers, each, inputs, row) for row, each in enumerate(content.points, start=_FIRST_POINT)]
    may_stay = any(each.may_stay for point in content.points for each in point.requests)
    how = f"{_HOW_TO_MEND}{_MAY_STAY if may_stay else ''}"
    canvas.height(FIRST_ROW + 1, row_points(how, canvas.span_pixels(span), _SMALL, least=24))
    canvas.put(FIRST_ROW + 1, span, how, formats(font_color=MUTED, font_size=_SMALL, indent=1, text_wrap=True))
    last = last_row(_POINTS.write(canvas, _HEADINGS, lines))
    canvas.when(f"F{_FIRST_POINT}:F{last}", f'$F{_FIRST_POINT}="{_DONE}"', font_color=NAVY)


class _Input(NamedTuple):
    """An input of the form: its sheet and cell, and the subject of its row."""

    sheet: str
    cell: str
    subject: str = ""
    is_in_percent: bool = False

    @property
    def reference(self) -> str:
        """The cell in a formula of the cover."""
        return f"'{self.sheet}'!{self.cell}"


def _inputs(answers: Answers, filled_on: str) -> dict[Slot, _Input]:
    """Return the inputs that may be asked about."""
    inputs = {(NO_KEY, Field.FILLED_ON): _Input(schema.COVER_SHEET, filled_on)}
    asked = {point.key for point in answers.content.points}
    for form_sheet in schema.TABLE_SHEETS:
        area = answers.areas[form_sheet.name]
        for row, printed in enumerate(answers.content.rows[form_sheet.name], start=area.first):
            slots = schema.slots(form_sheet, printed.key)
            if not any(key in asked for key, _ in slots.values()):
                continue
            of_what = next((str(printed.printed[each]) for each in schema.OF_THE_PLAN if each in printed.printed), "")
            action = f"{printed.printed[schema.NO]} {printed.printed[schema.ACTION]}"
            what = f"{printed.printed.get(schema.YEAR, '')} {of_what}".strip()
            subject = f"{action}\n{what}".strip()
            for heading, slot in slots.items():
                in_percent = slot[1] is Field.ACTUAL and isinstance(printed.of, Indicator) and is_in_percent(printed.of)
                inputs[slot] = _Input(area.sheet, area.cell(heading, row), subject, in_percent)
    return inputs


def _point(answers: Answers, point: Point, inputs: dict[Slot, _Input], row: int) -> Line:
    """Return a line of the points: place, subject, old value, request, and whether it changed."""
    slot, where = point.slot, inputs.get(point.slot) if point.slot else None
    if slot is None or where is None:
        return (point.place_text, _ELSEWHERE, None, point.text, _TO_CHECK)
    issued = cell_value(answers.content.entered.get(slot))
    if where.is_in_percent and isinstance(issued, Fraction):
        issued /= 100
    look = {"num_format": _number_format(slot[1], issued, is_in_percent=where.is_in_percent)}
    formula, state = _state(answers.content, slot, point.requests, inputs, row)
    return (
        TableCell(f"{where.sheet} {where.cell}", link=where.reference),
        where.subject,
        TableCell(issued, look, is_measured=False),
        answers.note(slot),
        TableCell(state, formula=formula),
    )


def _state(
    content: FormContent, slot: Slot, requests: Sequence[Request], inputs: dict[Slot, _Input], row: int
) -> tuple[str, str]:
    """Return the formula of whether the requests about an input are answered, and its value.

    An input that must change is compared with what the form was issued with, so is another input that answers it.
    """
    cell, issued = inputs[slot].reference, f"$D${row}"
    is_same = f'{cell}={issued},({cell}="")=({issued}="")'  # a blank cell equals 0
    unanswered = []
    for each in requests:
        if each.may_stay:
            continue
        beside = (slot[0], each.beside) if each.beside else None
        other = ""
        if beside in inputs:
            text = str(content.entered.get(beside, "")).strip()
            other = f",TRIM({inputs[beside].reference})={quoted(text)}"
        unanswered.append(f"AND({is_same}{other})")
    if unanswered:
        return f'IF(OR({",".join(unanswered)}),"{_TO_DO}","{_DONE}")', _TO_DO
    return f'IF(AND({is_same}),"{_TO_CHECK}","{_DONE}")', _TO_CHECK


def _number_format(field: Field, value: Value, *, is_in_percent: bool) -> str:
    if is_in_percent or field.kind in (ValueKind.PROGRESS, ValueKind.RATE):
        decimals = f"{float(value) * 100:.10g}".partition(".")[2] if isinstance(value, Fraction) else ""
        return f"0.{'0' * min(len(decimals), 2)}%" if decimals else "0%"
    return "yyyy/m/d" if field.kind is ValueKind.DATE else "General"
