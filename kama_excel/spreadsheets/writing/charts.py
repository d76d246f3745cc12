"""Charts of all sheets: stacked bars of counts by grade, lines of rates by month.

A label's text depends on the length of its segment: grade and count, the short form and count, or nothing. A
number format selects it, so the label follows the cell.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from copy import copy
from dataclasses import dataclass
from functools import lru_cache
from math import ceil
from typing import NamedTuple

from xlsxwriter.chart import Chart
from xlsxwriter.chart_bar import ChartBar
from xlsxwriter.chart_column import ChartColumn
from xlsxwriter.chart_line import ChartLine

from kama_excel.spreadsheets.writing.book import Book
from kama_excel.spreadsheets.writing.fast_xlsxwriter import FastBook
from kama_excel.spreadsheets.writing.measure import text_pixels
from kama_excel.spreadsheets.writing.style import (
    APART,
    FONT,
    HAIRLINE,
    INK,
    MUTED,
    NAVY,
    WHITE,
    GradeColour,
    short_grade,
)

Size = tuple[int, int]
"""Width and height in pixels."""
_NARROWER = 0.9  # of the measured width: kana are a little narrower than measured
_EDGE = 6  # pixels of a segment beside its label
_APART_SIZE = 11.5  # of the label of 未評価: there are few, and their segment is narrow
_BAND_SIZE = 9  # points of a band's label
_MONTHS_SIZE = 10  # points of the texts of a line of rates
_NO_CHART = -1  # the number of a chart that is in no sheet
_STACKED = {"type": "bar", "subtype": "stacked"}
_PLOT = {"layout": {"x": 0.0, "y": 0.0, "width": 1.0, "height": 1.0}, "fill": {"none": True}, "border": {"none": True}}


class _OneFont:
    """A chart whose texts stay on one line, kanji in the same font as the figures.

    LibreOffice otherwise breaks a label at the width of its bar, and programs take another font for kanji.
    XlsxWriter has no option for either. If a release renames a method, labels may break or change their font.
    """

    def _write_a_latin(self, attributes: Sequence[tuple[str, object]]) -> None:
        super()._write_a_latin(attributes)  # type: ignore[misc]
        self._xml_empty_tag("a:ea", attributes)  # type: ignore[attr-defined]

    def _write_a_body_pr(self, rotation: object, is_horizontal: bool) -> None:  # noqa: FBT001 -- XlsxWriter's signature
        if rotation is None and not is_horizontal:
            self._xml_empty_tag("a:bodyPr", [("wrap", "none")])  # type: ignore[attr-defined]
        else:
            super()._write_a_body_pr(rotation, is_horizontal)  # type: ignore[misc]


class _Bars(_OneFont, ChartBar):  # type: ignore[misc]  # XlsxWriter has no types
    pass


class _Columns(_OneFont, ChartColumn):  # type: ignore[misc]
    pass


class _Lines(_OneFont, ChartLine):  # type: ignore[misc]
    pass


class _Strip(_Bars):
    """A strip of bands of a `FastBook`.

    The XML of one is that of all, with other cells and axes.
    """

    xml = ""
    cells: Sequence[str] = ()

    def _assemble_xml_file(self) -> None:
        xml = self.xml.replace(_axes(_NO_CHART), _axes(self.id))
        for at, cell in enumerate(self.cells):
            xml = xml.replace(f"<c:f>{at}</c:f>", f"<c:f>{self._escape_data(cell)}</c:f>")
        self.fh.write(xml)


def _axes(chart: int) -> str:
    """Return the beginning of the attribute with an axis of a chart, which is counted from 0."""
    return f'val="{5001 + chart}000'


@dataclass(frozen=True, slots=True)
class Segments:
    """The counts of one grade: the cells of its name and counts, and its colours.

    Positions are (sheet, row, column), counted from 1. `mark` is the plan's own symbol of the grade; '' without
    one.
    """

    grade: str
    mark: str
    name: tuple[str, int, int]
    values: str
    colour: GradeColour
    count: int | None = None
    """The count at the run, if there is one; the label may be shorter if it is narrow."""

    @property
    def long(self) -> str:
        """The plan's symbol and the grade."""
        return _in_format(self.grade if self.mark in ("", self.grade) else f"{self.mark} {self.grade}")

    @property
    def short(self) -> str:
        """The grade in a narrow space: the plan's symbol or the short form."""
        return _in_format(self.mark or short_grade(self.grade))


def bars_of_grades(
    book: Book, segments: Sequence[Segments], size: Size, *, most: int, font_size: float = 11.5
) -> Chart:
    """Return one stacked bar that fills `size`; a count of `most` is the full width."""
    chart = _embedded(book, _Bars(_STACKED))
    for each in segments:
        points = min(font_size, _APART_SIZE) if each.grade in APART else font_size
        text = label_format(each, size[0] / max(most, 1), points)
        chart.add_series(_series(each, text, points) | {"gap": 0})
    chart.set_x_axis({"min": 0, "max": max(most, 1), "visible": False, "major_gridlines": {"visible": False}})
    chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}})
    return _bare(chart, size)


class StripBand(NamedTuple):
    """A grade's band on a strip: label, the cell of its width, its width (0–1), colours.

    The cell is a reference like '01'!$A$1.
    """

    grade: str
    label: str
    cell: str
    width: float
    colour: GradeColour


def strip_of_bands(book: Book, bands: Sequence[StripBand], size: Size) -> Chart:
    """Return the bands of the grades side by side, 0–100 %, with the grade or its short form."""
    if not isinstance(book, FastBook):
        return _embedded(book, _with_bands(_Bars(_STACKED), bands, size))
    numbered = tuple(each._replace(cell=str(at)) for at, each in enumerate(bands))
    strip = _embedded(book, copy(_strip(numbered, size)))
    strip.cells = [each.cell for each in bands]
    return strip


@lru_cache(maxsize=8)  # the pages have equal ones
def _strip(bands: tuple[StripBand, ...], size: Size) -> _Strip:
    """Return a strip for copies; a band's number is in the place of its cell."""
    strip: _Strip = _with_bands(_Strip(_STACKED), bands, size)
    strip.embedded, strip.fh = True, io.StringIO()
    super(_Strip, strip)._assemble_xml_file()
    strip.xml = strip.fh.getvalue()
    return strip


def _with_bands(chart: Chart, bands: Sequence[StripBand], size: Size) -> Chart:
    """Return a chart with the bands drawn into it."""
    for each in bands:
        texts = (each.label, each.grade, short_grade(each.grade))
        fitting = (text for text in texts if text_pixels(text, _BAND_SIZE) * _NARROWER <= each.width * size[0])
        font = {"name": FONT, "size": _BAND_SIZE, "color": each.colour.text, "bold": True}
        label = {"value": True, "position": "center", "num_format": f'"{_in_format(next(fitting, ""))}"', "font": font}
        chart.add_series(
            {"values": f"={each.cell}", "values_data": [each.width]}
            | {"fill": {"color": each.colour.fill}, "border": {"color": WHITE, "width": 0.75}}
            | {"gap": 0, "data_labels": label}
        )
    chart.set_x_axis({"min": 0, "max": 1, "visible": False, "major_gridlines": {"visible": False}})
    chart.set_y_axis({"visible": False, "major_gridlines": {"visible": False}})
    return _bare(chart, size)


def columns_of_grades(
    book: Book, segments: Sequence[Segments], categories: str, size: Size, *, most: int, font_size: float = 11.5
) -> Chart:
    """Return stacked columns, one a month, with the category's text below each.

    The first of `segments` is at the bottom.
    """
    chart = _embedded(book, _Columns({"type": "column", "subtype": "stacked"}))
    below = round(2.9 * font_size * 96 / 72)
    least = ceil((font_size * 1.2 * 96 / 72) / ((size[1] - below - 6) / max(most, 1)))
    for each in segments:
        text = f'[>={least}]"{each.short}"0;""'
        chart.add_series(_series(each, text, font_size) | {"gap": 6, "categories": categories})
    font = {"name": FONT, "size": font_size, "color": INK}
    none = {"none": True}
    chart.set_x_axis({"num_font": font, "line": none, "major_tick_mark": "none", "label_position": "low"})
    chart.set_y_axis({"min": 0, "max": max(most, 1), "visible": False, "major_gridlines": {"visible": False}})
    layout = {"x": 0.0, "y": 4 / size[1], "width": 1.0, "height": 1 - (below + 4) / size[1]}
    _bare(chart, size).set_plotarea(_PLOT | {"layout": layout})
    return chart


def rate_bars(book: Book, values: str, size: Size, *, colour: str) -> Chart:
    """Return bars of rates, 0–100 %, the first on top."""
    chart = _embedded(book, _Bars({"type": "bar"}))
    chart.add_series({"values": values, "fill": {"color": colour}, "border": {"none": True}, "gap": 60})
    chart.set_x_axis({"min": 0, "max": 1, "visible": False, "major_gridlines": {"visible": False}})
    chart.set_y_axis({"reverse": True, "visible": False, "major_gridlines": {"visible": False}})
    return _bare(chart, size)


def line_of_rates(book: Book, categories: str, values: str, size: Size, *, points: int) -> Chart:
    """Return the line of one action's rates by month, 0–100 %, with a label at both ends."""
    chart = _embedded(book, _Lines({"type": "line"}))
    font = {"name": FONT, "size": _MONTHS_SIZE, "color": INK}
    label = {"value": True, "position": "above", "num_format": "0.0%", "font": {**font, "bold": True}}
    label["custom"] = [{} if at in (0, points - 1) else {"delete": True} for at in range(points)]
    marker = {"type": "circle", "size": 5, "fill": {"color": NAVY}, "border": {"color": NAVY}}
    chart.add_series(
        {"categories": categories, "values": values, "line": {"color": NAVY, "width": 1.5}}
        | {"marker": marker, "data_labels": label}
    )
    chart.set_x_axis({"num_font": font, "line": {"color": HAIRLINE}, "major_tick_mark": "none"})
    grid = {"visible": True, "line": {"color": HAIRLINE, "width": 0.5}}
    ends = '[=0]0%;[=1]0%;""'  # a figure at the line in the middle would be read as the first month's
    axis = {"min": 0, "max": 1, "major_unit": 0.5, "num_format": ends, "num_font": {**font, "color": MUTED}}
    chart.set_y_axis(axis | {"major_gridlines": grid, "line": {"none": True}, "major_tick_mark": "none"})
    chart.show_blanks_as("gap")
    bare = _bare(chart, size)
    bare.set_plotarea({})
    return bare


def label_format(each: Segments, unit: float, font_size: float) -> str:
    """Return the number format of a segment's label; `unit` is the pixels of a count of 1.

    A format has two limits: the grade and its short form, or the short form and the count alone if the count at
    the run has no room for more.
    """
    long = ceil((text_pixels(f"{each.long} 00", font_size) + _EDGE) / unit)
    short = ceil(text_pixels(f"{each.short}0", font_size) * _NARROWER / unit)
    if each.count and each.count < short:
        bare = ceil(text_pixels("0", font_size) / unit)
        return f'[>={short}]"{each.short}"0;[>={bare}]0;""'
    if short >= long:
        return f'[>={long}]"{each.long} "0;""'
    return f'[>={long}]"{each.long} "0;[>={short}]"{each.short}"0;""'


def _in_format(text: str) -> str:
    """Escape a text for quotation marks in a number format."""
    return text.replace('"', "")


def _series(each: Segments, num_format: str, font_size: float) -> dict[str, object]:
    sheet, row, column = each.name
    font = {"name": FONT, "size": font_size, "color": each.colour.text, "bold": True}
    return {
        "name": [sheet, row - 1, column - 1],  # a text could be read as a formula
        "values": each.values,
        "fill": {"color": each.colour.fill},
        "border": {"color": WHITE, "width": 1.5},
        "data_labels": {"value": True, "position": "center", "num_format": num_format, "font": font},
    }


def _bare(chart: Chart, size: Size) -> Chart:
    """Hide everything but the plot."""
    chart.set_legend({"none": True})
    chart.set_title({"none": True})
    chart.set_chartarea({"border": {"none": True}, "fill": {"none": True}})
    chart.set_plotarea(_PLOT)
    chart.set_size({"width": size[0], "height": size[1]})
    return chart


def _embedded(book: Book, chart: Chart) -> Chart:
    """Register a chart of our own class with the book, as `Workbook.add_chart` does."""
    chart.embedded = True
    chart.date_1904, chart.remove_timezone = book.date_1904, book.remove_timezone
    book.charts.append(chart)
    return chart
