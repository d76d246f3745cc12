"""How the cells of the form look: what is typed in, what is printed, what answers."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from xlsxwriter.format import Format

from kama_excel.forms import layout
from kama_excel.forms.layout import Column, Kind
from kama_excel.look import ACCENT, CARD, FAINT, HAIRLINE, INK, INPUT, MUTED, NAVY, PALE, WHITE, Formats

WANTED = "#FFDF85"  # an input that must be filled in: the input colour, stronger
MARKED = "#FCE4DA"
YEAR_LINE = "#8A94A0"
_MEDIUM, _THIN, _DASHED = 2, 1, 3


@dataclass(frozen=True, slots=True)
class RowShape:
    """What a row is among its neighbours: the first of its action, of its year; of a year ended, running or to come."""

    starts_action: bool = True
    starts_year: bool = False
    year: str = ""
    is_grouped: bool = False
    """Whether its sheet has several rows of an action."""

    @property
    def border(self) -> dict[str, Any]:
        """The line above it."""
        if self.starts_action and self.is_grouped:
            return {"top": _MEDIUM, "top_color": NAVY}
        return {"top": _THIN, "top_color": YEAR_LINE if self.starts_year else HAIRLINE}


ENDED, RUNNING, TO_COME = "終了", "今年度", "これから"


def input_format(
    formats: Formats, kind: Kind, shape: RowShape, *, is_marked: bool = False, is_long: bool = False
) -> Format:
    """Return the format of an input that is to be filled in."""
    marked = {"border": _MEDIUM, "border_color": ACCENT} if is_marked else {}
    colour = MARKED if is_marked else INPUT
    return formats.boxed(
        **{**_kind(kind, is_long=is_long), **shape.border, "bg_color": colour, "locked": False, **marked}
    )


def quiet_input_format(formats: Formats, kind: Kind, shape: RowShape, *, is_locked: bool) -> Format:
    """Return the format of an input that is not the row's place to type: 実施 of a year to come, an old 予定."""
    looks = {"bg_color": CARD, "font_color": MUTED, "locked": is_locked}
    return formats.boxed(**{**_kind(kind), **shape.border, **looks})


def printed_format(formats: Formats, column: Column, shape: RowShape) -> Format:
    """Return the format of what is printed in a column."""
    properties: dict[str, Any] = {"text_wrap": True}
    match column.heading:
        case layout.NO:
            properties |= {"align": "center", "bold": shape.starts_action}
        case layout.UNIT | layout.WEIGHT:
            properties |= {"align": "center"}
        case layout.YEAR:
            properties |= {"align": "center", "text_wrap": False, "num_format": f'@" {shape.year}"'}
            properties |= {"bg_color": PALE, "bold": True} if shape.year == RUNNING else {}
        case layout.ACTION:
            wraps = shape.starts_action or not shape.year  # a task's row is as low as its own words
            properties |= {"bold": shape.starts_action, "text_wrap": wraps, "indent": 1}
        case layout.PLANNED_WORK | layout.NAME | layout.BASELINE | layout.TARGET:
            side = "right" if column.heading in (layout.BASELINE, layout.TARGET) else "left"
            properties |= {"align": side, "indent": 1}
        case layout.NOTICE:
            properties |= {"font_color": ACCENT, "font_size": 9, "indent": 1}
        case layout.PICTURE:
            properties |= {"font_color": FAINT, "align": "center", "bg_color": INPUT, "locked": False}
            return formats.boxed(**{**properties, "border": _DASHED, "border_color": MUTED, **shape.border})
    if not shape.starts_action and column.heading in (layout.NO, layout.ACTION):
        properties["font_color"] = FAINT
    elif shape.year == ENDED and column.heading in (layout.YEAR, layout.PLANNED_WORK):
        properties["font_color"] = MUTED
    return formats.boxed(**{**properties, **shape.border})


def answer_format(formats: Formats, column: Column, shape: RowShape) -> Format:
    """Return the format of an answer: a rate, a grade, a check."""
    properties: dict[str, Any] = {"bg_color": PALE, "align": "center", "num_format": "0.0%"}
    if column.heading in (layout.CHECK, layout.LENGTHS):
        properties = {"text_wrap": True, "font_size": 9, "font_color": MUTED, "indent": 1}
    elif column.heading == layout.OWN_AVERAGE:
        properties["bold"] = True
    return formats.boxed(**{**properties, **shape.border})


def heading_format(formats: Formats, column: Column) -> Format:
    """Return the format of a heading; those of inputs have the inputs' colour."""
    looks = {"bold": True, "align": "center", "text_wrap": True}
    if column.kind or column.heading == layout.PICTURE:
        return formats.boxed(**looks, font_color=NAVY, bg_color=WANTED)
    return formats.boxed(**looks, font_color=WHITE, bg_color=NAVY)


def _kind(kind: Kind, *, is_long: bool = False) -> dict[str, Any]:
    shapes: dict[Kind, dict[str, Any]] = {
        Kind.PROGRESS: {"num_format": "0%", "align": "center"},
        Kind.RATE: {"num_format": "0%", "align": "center"},
        Kind.NUMBER: {"num_format": "General", "align": "right", "indent": 1},
        Kind.DATE: {"num_format": "yyyy/m/d", "align": "center"},
        Kind.CERTAINTY: {"align": "center"},
        Kind.TEXT: {
            "text_wrap": True,
            "align": "left",
            "valign": "top" if is_long else "vcenter",
            "indent": 1,
            "font_color": INK,
        },
    }
    return shapes[kind]
