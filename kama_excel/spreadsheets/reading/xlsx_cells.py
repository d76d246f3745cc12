"""Cells of an .xlsx sheet: values, formats, errors, formulas, strikes, merged ranges.

One unreadable cell costs only that cell: it has no value, and `Cell.unclear` gives the reason. Rows or cells out
of place refuse the whole file: no common program writes them, and what the file shows is unknown.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from operator import attrgetter
from typing import NamedTuple
from xml.etree.ElementTree import Element

from kama_excel.files import limits
from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.cells import Cell, Position, Range, Value, cell_range, places_in, position
from kama_excel.spreadsheets.reading import number_formats
from kama_excel.spreadsheets.reading.date_formats import moment_of
from kama_excel.spreadsheets.reading.rich_text import shown_text_of
from kama_excel.spreadsheets.reading.used_range import UsedRange
from kama_excel.spreadsheets.reading.xlsx_conditions import read_conditions
from kama_excel.spreadsheets.reading.xlsx_styles import CellFormat, Styles, Text, text_of_element, unescaped
from kama_excel.spreadsheets.reading.xml_documents import space_of, whole

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
_TAG = attrgetter("tag")
_ROWS, _COLUMNS = 1_048_576, 16_384  # of a sheet of Excel
_GENERAL = CellFormat()
_NO_TEXT = Text("")
"""Stands for a shared text that is missing."""
_STRANGE_PLACE = "Excelの形式ではない行やセルがあります"
UNREADABLE, NO_TEXT, NO_FORMAT, OFF_CALENDAR, TWICE = (
    "値の形式がExcelのものではありません",
    "文字の一覧にない番号です",
    "書式の一覧にない番号です",
    "日付や時刻として扱えない数値です",
    "同じ番地のセルが2つあります",
)


@dataclass(slots=True)
class SheetCells:
    """The cells, merged ranges and (by number) rich values of a sheet: pictures in cells."""

    cells: dict[Position, Cell] = field(default_factory=dict)
    merged: list[Range] = field(default_factory=list)
    rich: dict[Position, int] = field(default_factory=dict)
    addressed: list[Position] = field(default_factory=list)
    """The cells that show a picture from an address."""
    filled: list[str] = field(default_factory=list)
    """The ranges that array formulas fill: their cells have a value but no formula."""


class CellReader(NamedTuple):
    """Read the cells of a workbook's sheets with the shared formats and texts."""

    styles: Styles
    texts: Mapping[str, Text]
    is_1904: bool

    def sheet(self, root: Element, name: str) -> SheetCells:
        """Read a sheet; a cell without an address is right of the one before it.

        Raises: RefusedError for too large a sheet, or for rows and cells where Excel has none.
        """
        found, used, space = SheetCells(), UsedRange(name), space_of(root)
        elements: dict[Position, Element] = {}
        tags = _Tags(space, *(f"{space}{name}" for name in ("v", "f", "is", "extLst")))
        tables = root.findall(f"{space}sheetData")
        if _has_other_tables(root, tables):
            raise RefusedError(Code.FILE_UNREADABLE, _STRANGE_PLACE)
        for count, table in enumerate(tables):
            for place, element in _placed_cells(table, space):
                if len(element) and (cell := self._cell(element, tags, place, found)):
                    used.add(place)
                    is_strange = count or place in found.cells
                    found.cells[place] = Cell(None, cell.is_percent, unclear=TWICE) if is_strange else cell
                    elements[place] = element
        merged = itertools.islice(root.iter(f"{space}mergeCell"), limits.MERGED_CELLS)
        found.merged += filter(None, (cell_range(each.get("ref", "")) for each in merged))
        for area in filter(None, map(cell_range, found.filled)):
            for place in places_in(area, found.cells):
                found.cells[place] = found.cells[place]._replace(is_formula=True)
        conditionals = tuple(read_conditions(root, self.styles))
        coloured = [each.area for each in conditionals if each.effect.has_colours]
        styles = {place: elements[place].get("s", "0") for area in coloured for place in places_in(area, found.cells)}
        looks = {place: style.look for place, number in styles.items() if (style := self._format(number))}
        for conditional in conditionals:
            conditional.apply(found.cells, looks)
        return found

    def _cell(self, element: Element, tags: _Tags, place: Position, found: SheetCells) -> Cell | None:
        """Read one cell; None if it is blank."""
        value, inline, is_formula, is_strange, filled, is_image = _content(element, tags)
        if filled:
            found.filled.append(filled)
        if is_image:
            found.addressed.append(place)
            return None
        look, kind = self._format(element.get("s", "0")), element.get("t", "n")
        is_misplaced = inline is not None and (kind != "inlineStr" or value is not None)
        if is_strange or is_misplaced or look is None:
            return Cell(None, is_formula=is_formula, unclear=UNREADABLE if look else NO_FORMAT)
        if kind == "e" and (value is not None or is_formula):
            if number := whole(element.get("vm")):
                found.rich[place] = number
            return Cell(None, look.is_percent, error=(value or "").strip() or "#VALUE!", is_formula=is_formula)
        if kind in ("inlineStr", "s", "str"):
            text = self._text(kind, value, inline, tags.space)
            return None if text is None else self._text_cell(text, look, is_formula=is_formula)
        value = (value or "").strip()
        if not value:
            return Cell(None, uncalculated=True, is_formula=True) if is_formula else None
        return self._figure(kind, value, look, is_formula=is_formula)

    def _text(self, kind: str, value: str | None, inline: Element | None, space: str) -> Text | None:
        """Return the text of a cell, an inline, a shared or a computed one; None if it is blank."""
        if kind == "s" and value is not None:
            number = value.strip()
            return self.texts.get(number) or self.texts.get(number.lstrip("0") or "0", _NO_TEXT)
        if kind == "str" and value is not None:
            return Text.typed(unescaped(value))
        return None if inline is None else text_of_element(inline, space, self.styles.colours)

    def _text_cell(self, typed: Text, look: CellFormat, *, is_formula: bool) -> Cell | None:
        if typed is _NO_TEXT:
            return Cell(None, look.is_percent, is_formula, unclear=NO_TEXT)
        text, is_struck, runs, is_cleaned = typed
        if not text:
            return None
        is_struck = is_struck or look.is_struck
        display = shown_text_of(runs, look.look[1]) if runs and look.display is None else look.display
        return Cell(text, look.is_percent, is_formula, is_cleaned, self.is_1904, is_struck, look.code, display)

    def _format(self, number: str) -> CellFormat | None:
        """Return a cell's format by the text of its number; None if it is not in the list.

        Raises: RefusedError if there is no list.
        """
        if formats := self.styles.formats:
            return formats.get(number) or formats.get(str(whole(number)))
        if whole(number):
            raise RefusedError(Code.FILE_UNREADABLE, "セルの書式の一覧がありません")
        return _GENERAL

    def _figure(self, kind: str, text: str, look: CellFormat, *, is_formula: bool) -> Cell:
        value, unclear, error = _value(kind, text), "", ""
        if isinstance(value, float) and not math.isfinite(value):  # Excel's cells never hold infinity or NaN
            value, error = None, "#NUM!"
        elif value is None:
            unclear = UNREADABLE
        elif isinstance(value, float) and look.is_date:
            is_elapsed = number_formats.is_elapsed_format(look.code)
            value = moment_of(value, is_elapsed=is_elapsed, is_1904=self.is_1904)
            unclear = "" if value is not None else OFF_CALENDAR
        plain = Cell(value, look.is_percent, is_formula, False, self.is_1904, look.is_struck, look.code, look.display)
        return plain._replace(unclear=unclear, error=error) if unclear or error else plain


class _Tags(NamedTuple):
    """The sheet's namespace, and the tags of a cell's elements with it."""

    space: str
    value: str
    formula: str
    inline: str
    extra: str


def _content(element: Element, tags: _Tags) -> tuple[str | None, Element | None, bool, bool, str, bool]:
    """Return the content of a cell's element.

    That is its value, its inline text, whether it has a formula, whether it has elements that Excel does not write
    there, the range that an array formula fills ('' for none), and whether it is a picture from an address (IMAGE of
    Excel and of Google Sheets).
    """
    value: str | None = None
    inline: Element | None = None
    is_formula = is_strange = is_image = False
    filled = ""
    for part in element:
        tag = part.tag
        if tag == tags.value and value is None:
            value = part.text or ""
            is_strange |= len(part) > 0
        elif tag == tags.formula:
            is_formula = True
            is_image |= "IMAGE(" in (part.text or "").upper()
            if part.get("t") in ("array", "dataTable"):
                filled = part.get("ref", "")
        elif tag == tags.inline and inline is None:
            inline = part
        elif tag != tags.extra:
            is_strange = True
    return value, inline, is_formula, is_strange, filled, is_image


def _has_other_tables(root: Element, tables: Sequence[Element]) -> bool:
    """Return whether a sheet has a `sheetData` elsewhere, or in another namespace."""
    names = {tag for tag in set(map(_TAG, root.iter())) if tag.rpartition("}")[2] == "sheetData"}
    return [each for name in names for each in root.iter(name)] != tables


def _placed_cells(table: Iterable[Element], space: str) -> Iterator[tuple[Position, Element]]:
    """Yield the cells of a `sheetData` with their positions.

    Raises: RefusedError for other elements in it.
    """
    row_tag, cell_tag, extra_tag = (f"{space}{name}" for name in ("row", "c", "extLst"))
    number = 0
    for row in table:
        if row.tag != row_tag:
            raise RefusedError(Code.FILE_UNREADABLE, _STRANGE_PLACE)
        number, column = whole(row.get("r")) or number + 1, 0
        for element in row:
            if element.tag != cell_tag:
                if element.tag == extra_tag:
                    continue
                raise RefusedError(Code.FILE_UNREADABLE, _STRANGE_PLACE)
            place = _place(element.get("r")) or (number, column + 1)
            column = place[1]
            yield place, element


@lru_cache(maxsize=100_000)  # every form has its cells at the same addresses
def _place(address: str | None) -> Position | None:
    """Return a cell's position; None without an address.

    Raises: RefusedError for an invalid address, because the positions of its neighbours are unknown too.
    """
    if address is None:
        return None
    place = position(address.upper())
    if place is None or not (1 <= place[0] <= _ROWS and place[1] <= _COLUMNS):
        raise RefusedError(Code.FILE_UNREADABLE, f"番地を読み取れないセル（{address[:10]}）があります")
    return place


def _value(kind: str, text: str) -> Value | None:
    """Return a cell's number, boolean or date; None if it is invalid."""
    match kind:
        case "b":
            return {"0": False, "1": True, "false": False, "true": True}.get(text)
        case "d":
            return iso_moment(text)
        case "n":
            return float(text) if _NUMBER.fullmatch(text) else None
        case _:
            return None


def iso_moment(text: str) -> dt.date | dt.time | None:
    """Parse a date, date-time or time in ISO 8601; None for other text. Zones are dropped."""
    for read in (dt.datetime.fromisoformat, dt.time.fromisoformat):
        try:
            moment = read(text).replace(tzinfo=None)
        except ValueError:
            continue
        return moment.date() if isinstance(moment, dt.datetime) and moment.time() == dt.time() else moment
    return None
