"""The styles of the form's cells: inputs, printed texts, formulas."""

from __future__ import annotations

from typing import Any, NamedTuple

from kama_excel.domain.keys import Field, ValueKind
from kama_excel.evaluation import formulas
from kama_excel.forms import schema
from kama_excel.forms.schema import FormColumn, FormSheet
from kama_excel.forms.writing.form_canvas import Area, FormCanvas
from kama_excel.plan.rating import Bands, Rounding
from kama_excel.spreadsheets.percent_decimals import has_more_decimals
from kama_excel.spreadsheets.writing.style import (
    ACCENT,
    CARD,
    CENTRED,
    DONE_TEXT,
    FAINT,
    HAIRLINE,
    INPUT,
    MARKED,
    MUTED,
    NAVY,
    PALE,
    WANTED,
    WANTED_TEXT,
)

_MEDIUM, _THIN, _DASHED = 2, 1, 3


class RowShape(NamedTuple):
    """The position of a row: first of its action or year; past, current or future year."""

    starts_action: bool = True
    starts_year: bool = False
    year: str = ""
    is_grouped: bool = False
    """Whether its sheet has several rows of an action."""

    @property
    def border(self) -> dict[str, Any]:
        """The border above it."""
        if self.starts_action and self.is_grouped:
            return {"top": _MEDIUM, "top_color": NAVY}
        return {"top": _THIN, "top_color": FAINT if self.starts_year else HAIRLINE}


ENDED, RUNNING, TO_COME = "終了", "今年度", "開始前"


def input_look(kind: ValueKind, shape: RowShape, *, is_marked: bool = False, is_long: bool = False) -> dict[str, Any]:
    """Return the look of an input that is to be filled in."""
    marked: dict[str, Any] = {"border": _MEDIUM, "border_color": ACCENT} if is_marked else {}
    colour = MARKED if is_marked else INPUT
    top = {"valign": "top"} if is_long else {}
    return {**_KINDS[kind], **top, **shape.border, "bg_color": colour, "locked": False, **marked}


def quiet_input_look(kind: ValueKind, shape: RowShape, *, is_locked: bool) -> dict[str, Any]:
    """Return the look of an unused input: 実施 of a future year, an old 予定."""
    return {**_KINDS[kind], **shape.border, "bg_color": CARD, "font_color": MUTED, "locked": is_locked}


def printed_look(column: FormColumn, shape: RowShape) -> dict[str, Any]:
    """Return the look of a printed column."""
    look: dict[str, Any] = {"indent": 0}
    match column.heading:
        case schema.NO:
            look |= {"align": "center", "bold": shape.starts_action}
        case schema.UNIT | schema.WEIGHT:
            look |= {"align": "center"}
        case schema.YEAR:
            look |= {"align": "center", "text_wrap": False, "num_format": f'@" {shape.year}"'}
            look |= {"bg_color": PALE, "bold": True} if shape.year == RUNNING else {}
        case schema.ACTION:
            wraps = shape.starts_action or not shape.year  # a task's row is as low as its own text
            look |= {"bold": shape.starts_action, "text_wrap": wraps, "indent": 1}
        case schema.PLANNED_WORK | schema.NAME | schema.BASELINE | schema.TARGET:
            look |= {"align": "right" if column.heading in (schema.BASELINE, schema.TARGET) else "left", "indent": 1}
        case schema.NOTICE:
            look |= {"font_color": ACCENT, "font_size": 9, "indent": 1}
        case _ if column.picture:
            frame = {"font_size": 9, "border": _DASHED, "border_color": MUTED, "bg_color": INPUT, "locked": False}
            return {"font_color": FAINT, **CENTRED, **frame, **shape.border}
    if not shape.starts_action and column.heading in (schema.NO, schema.ACTION):
        look["font_color"] = FAINT
    elif shape.year == ENDED and column.heading in (schema.YEAR, schema.PLANNED_WORK):
        look["font_color"] = MUTED
    return {**look, **shape.border}


def answer_look(column: FormColumn, shape: RowShape, rounding: Rounding) -> dict[str, Any]:
    """Return the look of a formula: a rate, a grade, a check."""
    look: dict[str, Any] = {"bg_color": PALE, **CENTRED, "num_format": rounding.number_format}
    if column.heading in (schema.CHECK, schema.LENGTHS):
        look = {"font_size": 9, "font_color": MUTED}
    elif column.heading == schema.OWN_AVERAGE:
        look["bold"] = True
    return {**look, **shape.border}


def heading_look(column: FormColumn) -> dict[str, Any]:
    """Return the look of a heading: those of inputs have the inputs' colour."""
    return {"font_color": NAVY, "bg_color": WANTED} if column.field else {}


_KINDS: dict[ValueKind, dict[str, Any]] = {
    ValueKind.PROGRESS: {"num_format": "0%", **CENTRED},
    ValueKind.RATE: {"num_format": "0%", **CENTRED},
    ValueKind.NUMBER: {"num_format": "General", "align": "right"},
    ValueKind.DATE: {"num_format": "yyyy/m/d", **CENTRED},
    ValueKind.CERTAINTY: {**CENTRED},
    ValueKind.TEXT: {},
}
"""The alignment of an input beside a text in a box."""


_WANTED_WHEN: dict[
    tuple[str, Field | None], tuple[str, ...]
] = {  # the inputs that get the stronger colour if the row's check has one of these texts
    (schema.PROGRESS_SHEET.name, Field.DONE): (schema.UNFILLED, schema.NOT_A_NUMBER, schema.OUTSIDE),
    (schema.PROGRESS_SHEET.name, Field.REMARK): (schema.REASON_WANTED,),
    (schema.INDICATOR_SHEET.name, Field.ACTUAL): (schema.UNFILLED, schema.ACTUAL_WANTED, schema.NOT_A_NUMBER),
    (schema.INDICATOR_SHEET.name, Field.AS_OF): (schema.AS_OF_WANTED,),
    (schema.INDICATOR_SHEET.name, Field.GROUNDS): (schema.GROUNDS_WANTED,),
    (schema.ASSESSMENT_SHEET.name, Field.ASSESSMENT): (
        schema.UNFILLED,
        schema.ASSESS,
        schema.NOT_A_NUMBER,
        schema.OUTSIDE,
    ),
    (schema.ASSESSMENT_SHEET.name, Field.REASON): (schema.GIVE_REASON,),
}


def show_decimals(canvas: FormCanvas, cell: str) -> None:
    """Show up to two decimals of a percent cell if it has any."""
    for digits in (1, 0):
        canvas.when(cell, has_more_decimals(cell, digits), is_last=True, num_format=f"0.{'0' * (digits + 1)}%")


def add_conditions(canvas: FormCanvas, form_sheet: FormSheet, area: Area, bands: Bands) -> None:
    """Add the conditional formats of a sheet's table."""
    _Conditions(canvas, form_sheet, area, bands).add()


class _Conditions(NamedTuple):
    canvas: FormCanvas
    form_sheet: FormSheet
    area: Area
    bands: Bands

    def add(self) -> None:
        """Add them all."""
        check = schema.LENGTHS if self.form_sheet == schema.WORDS_SHEET else schema.CHECK
        if check in self.form_sheet.headings:
            self._check_colours(check)
        for column in self.area.columns:
            is_rate = column.heading == schema.ACHIEVEMENT or (
                self.form_sheet != schema.INDICATOR_SHEET and column.is_answer and "平均" in column.heading
            )
            if is_rate:
                cell = self.area.cell(column.heading, self.area.first)
                more = f"0.{'0' * (self.bands.rounding.digits + 2)}%"
                self._when(column.heading, formulas.is_shown_otherwise(cell, self.bands), num_format=more)
            if column.kind in (ValueKind.PROGRESS, ValueKind.RATE):
                cell = self.area.cell(column.heading, self.area.first)
                self._when(column.heading, has_more_decimals(cell, 0), num_format="0.0%")
            if column.heading == schema.GRADE and self.form_sheet == schema.INDICATOR_SHEET:
                cell = self.area.cell(schema.GRADE, self.area.first)
                self.canvas.grade_colours(self.area.cells(schema.GRADE), cell, self.bands.names)
            if texts := _WANTED_WHEN.get((self.form_sheet.name, column.field)):
                cell = f"${self.area.cell(check, self.area.first)}"
                either = ",".join(f'{cell}="{text}"' for text in texts)
                self._when(column.heading, f"OR({either})", bg_color=WANTED)

    def _check_colours(self, check: str) -> None:
        cell = self.area.cell(check, self.area.first)
        self._when(check, f'LEFT({cell},1)="{schema.TODO}"', bg_color=WANTED, font_color=WANTED_TEXT, bold=True)
        self._when(check, f'LEFT({cell},1)="{schema.LOOK}"', font_color=ACCENT, bold=True)
        self._when(check, f'LEFT({cell},1)="{schema.WELL}"', font_color=DONE_TEXT)

    def _when(self, heading: str, condition: str, **looks: Any) -> None:
        """Change the style of a column's cells under a condition over its first row."""
        self.canvas.when(self.area.cells(heading), condition, **looks)
