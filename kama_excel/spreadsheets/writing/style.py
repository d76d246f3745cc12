"""Cell formats, each made once a workbook."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, NamedTuple

from xlsxwriter.format import Format

from kama_excel.spreadsheets.writing.book import Book

FONT = "BIZ UDPゴシック"
FIGURES = "BIZ UDゴシック"  # its digits have one width and are narrower: for columns of figures
SIZE = 10
CENTRED: Mapping[str, Any] = {"align": "center", "indent": 0}  # over `Formats.text`
SHRUNK: Mapping[str, Any] = {"text_wrap": False, "shrink": True}  # over `Formats.text`: on one line, however long


NAVY = "#12324F"
INK = "#1D2733"
MUTED = "#5B6672"
FAINT = "#8A94A0"
HAIRLINE = "#C3CCD6"
PALE = "#EDF2F7"
CARD = "#F7F9FB"
WHITE = "#FFFFFF"
INPUT = "#FFF4D1"
WANTED = "#FFDD85"  # a required input: a stronger input colour
MARKED = "#FCE4DA"  # an input to correct
WANTED_TEXT, DONE, DONE_TEXT = "#5A3E00", "#DCEBF7", "#2F74B0"  # of checks: required, filled in
ACCENT = "#B5451B"
PLANNED = MUTED
LINK = "#1F5F99"
RED = "#A33A12"  # of texts that ask for a decision, or report something missing or worse
OUTCOME = "#0B4A86"
BAR, PALE_BAR = "#5B84AB", "#C9DAEA"  # of a rate: alone, behind a figure
NOTABLE: Mapping[str, Any] = {"bg_color": "#FBD78A", "font_color": "#4A3200"}
CHANGED: Mapping[str, Any] = {"bg_color": "#F4A259", "font_color": "#3A1A00", "bold": True}
SEVERE: Mapping[str, Any] = {"bg_color": ACCENT, "font_color": WHITE}
QUIET: Mapping[str, Any] = {"bg_color": "#E3E5E8", "font_color": "#3B424C"}
TABS = (NAVY, "#2F74B0", "#7A9E7E", "#C79A3B", "#8C6BA8", MUTED)  # of the themes
DECISIONS_TAB = "#C79A3B"  # of the plan's sheets for decisions


class Formats:
    """The formats of one workbook: `formats(bold=True)` is the same object every time."""

    def __init__(self, workbook: Book) -> None:
        """Make formats in `workbook`."""
        self._workbook = workbook
        self._made: dict[tuple[object, ...], Format] = {}

    def __call__(self, **properties: Any) -> Format:
        """Return the format with these XlsxWriter properties over the defaults.

        The defaults set font, size, colour and vertical centring.
        """
        key = ("cell", *properties.items())
        if key not in self._made:
            wanted = {"font_name": FONT, "font_size": SIZE, "font_color": INK, "valign": "vcenter"} | properties
            self._made[key] = self._workbook.add_cell_format(wanted)
        return self._made[key]

    def conditional(self, **properties: Any) -> Format:
        """Return a format for a conditional rule: only the changed properties."""
        key = ("conditional", *properties.items())
        if key not in self._made:
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]

    def boxed(self, **properties: Any) -> Format:
        """Return a format with a hairline around the cell."""
        key = ("boxed", *properties.items())
        if key not in self._made:
            self._made[key] = self(**({"border": 1, "border_color": HAIRLINE} | properties))
        return self._made[key]

    def link(self, **properties: Any) -> Format:
        """Return a format for a link."""
        return self(**({"font_size": 9, "font_color": LINK, "underline": 1} | properties))

    def text(self, **properties: Any) -> Format:
        """Return a format for a text in a box: wrapped, with a distance to the border.

        XlsxWriter does not indent a text at the top of its cell without `align`.
        """
        key = ("text", *properties.items())
        if key not in self._made:
            self._made[key] = self.boxed(**({"text_wrap": True, "align": "left", "indent": 1} | properties))
        return self._made[key]


LINED: Mapping[str, Any] = {"border": 0, "bottom": 1, "bottom_color": HAIRLINE}  # rows with a line below, no box


class GradeColour(NamedTuple):
    """A grade's fill and the colour of the text on it (contrast ≥ 4.5)."""

    fill: str
    text: str


_FIVE = (
    GradeColour("#0B3C6F", WHITE),
    GradeColour("#2F74B0", WHITE),
    GradeColour("#BFDDF2", "#12324F"),
    GradeColour("#FBD78A", "#4A3200"),
    GradeColour("#B5451B", WHITE),
)
_APART = GradeColour("#E3E5E8", "#3B424C")
UNEVALUATED = "未評価"
APART = (UNEVALUATED, "評価対象外", "終了")
"""Statuses of an action without a grade; counted separately."""


def rate_look(number_format: str) -> dict[str, Any]:
    """Return the look of a rate in a table."""
    return {**CENTRED, "num_format": number_format, "font_name": FIGURES}


def grade_colours(count: int) -> tuple[GradeColour, ...]:
    """Return a colour for each of `count` grades, best first.

    The five colours are spread evenly; the first and the last are always used.
    """
    return tuple(_FIVE[_spread(index, count)] for index in range(count))


def grade_palette(grades: Sequence[str]) -> dict[str, GradeColour]:
    """Return the colour of each grade, best first, and of each status without a grade."""
    return dict(zip(grades, grade_colours(len(grades)), strict=True)) | dict.fromkeys(APART, _APART)


def grade_look(grades: Sequence[str], grade: str | None) -> dict[str, object]:
    """Return the format properties of a grade's cell; None is 未評価."""
    colour = grade_palette(grades)[grade or UNEVALUATED]
    return {"bg_color": colour.fill, "font_color": colour.text}


def short_grade(grade: str) -> str:
    """Return a grade's short form for a narrow space: ほぼ, やや; 達成 stays."""
    known = {"達成": "達成", "課題あり": "課題", "未評価": "未", "評価対象外": "外", "終了": "終"}
    return known.get(grade, grade[:2])


def _spread(index: int, count: int) -> int:
    return round(index * (len(_FIVE) - 1) / (count - 1)) if count > 1 else 0
