"""Cells of an .xlsx sheet: values, formats, errors, formulas, strikes, merged ranges.

One unreadable cell costs only that cell: it has no value, and `Cell.unclear` gives the reason. Rows or cells out
of place refuse the whole file: no common program writes them, and what the file shows is unknown.
"""

from __future__ import annotations

import datetime as dt
import itertools
import math
import re
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple
from xml.etree.ElementTree import Element

from kama_excel.files import limits
from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.cells import Cell, Position, Range, Value, cell_of, cell_range, places_in, position
from kama_excel.spreadsheets.reading import number_formats
from kama_excel.spreadsheets.reading.date_formats import moment_of
from kama_excel.spreadsheets.reading.rich_text import shown_text_of
from kama_excel.spreadsheets.reading.used_range import UsedRange
from kama_excel.spreadsheets.reading.xlsx_conditions import read_conditions
from kama_excel.spreadsheets.reading.xlsx_styles import CellFormat, Styles, Text, text_of_element, unescaped
from kama_excel.spreadsheets.reading.xml_documents import is_true, space_of, whole

_NUMBER = re.compile(r"[+-]?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?", re.ASCII)
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


class SheetCells:
    """The cells, merged ranges and (by number) rich values of a sheet: pictures in cells."""

    def __init__(self) -> None:
        self.cells: dict[Position, Cell] = {}
        self.merged: list[Range] = []
        self.rich: dict[Position, int] = {}
        self.addressed: list[Position] = []
        """The cells that show a picture from an address."""
        self.filled: list[str] = []
        """The ranges that array formulas fill: their cells have a value but no formula."""
        self.inside: list[Element] = []
        """The elements inside the cells, except for plain values and formulas."""
        self.hides_zeros = False


class CellReader(NamedTuple):
    """Read the cells of a workbook's sheets with the shared formats and texts."""

    styles: Styles
    texts: Mapping[str, Text]
    is_1904: bool

    def sheet(self, root: Element, name: str) -> SheetCells:
        """Read a sheet; a cell without an address is right of the one before it.

        Raises: RefusedError for too large a sheet, or for rows and cells where Excel has none.
        """
        found, used, tags = SheetCells(), UsedRange(name), _tags(space_of(root))
        cells = found.cells
        filled: list[tuple[Position, Element]] = []
        for count, table in enumerate(root.findall(tags.table)):
            of_table = list(itertools.islice(_filled_cells(table, tags, found), limits.FILLED_CELLS + 1))
            filled += of_table
            used.add_all([place for place, _ in of_table])
            for place, element in of_table:
                cell = self._cell(element, tags, place, found)
                if cell and (cells.setdefault(place, cell) is not cell or count):
                    cells[place] = Cell(None, cell.is_percent, unclear=TWICE)
        others = _by_tag([each for each in (*root, *found.inside) if each.tag != tags.table])
        if any(tag.rpartition("}")[2] == "sheetData" for tag in (root.tag, *others)):
            raise RefusedError(Code.FILE_UNREADABLE, _STRANGE_PLACE)
        found.hides_zeros = any(not is_true(each.get("showZeros", "1")) for each in others.get(tags.view, ()))
        merged = others.get(tags.merge, [])[: limits.MERGED_CELLS]
        found.merged += filter(None, [cell_range(each.get("ref", "")) for each in merged])
        for area in filter(None, map(cell_range, found.filled)):
            for place in places_in(area, cells):
                cells[place] = cells[place]._replace(is_formula=True)
        conditionals = read_conditions(root, self.styles)
        coloured = {place for each in conditionals if each.effect.has_colours for place in places_in(each.area, cells)}
        numbers = {place: element.get("s", "0") for place, element in filled if place in coloured} if coloured else {}
        looks = {place: style.look for place, number in numbers.items() if (style := self._format(number))}
        for conditional in conditionals:
            conditional.apply(cells, looks)
        return found

    def _cell(self, element: Element, tags: _Tags, place: Position, found: SheetCells) -> Cell | None:  # noqa: C901, PLR0912 -- a branch for each kind of content
        """Read one cell; None if it is blank."""
        value: str | None = None
        inline: Element | None = None
        is_formula = is_strange = is_image = False
        for part in element:
            tag = part.tag
            if tag == tags.value and value is None:
                value = part.text or ""
                if len(part):
                    is_strange = True
                    found.inside.append(part)
            elif tag == tags.formula:
                is_formula = True
                is_image |= _is_image(part.text or "")
                if part.get("t") in ("array", "dataTable"):
                    found.filled.append(part.get("ref", ""))
                found.inside += part
            else:
                found.inside.append(part)
                if tag == tags.inline and inline is None:
                    inline = part
                elif tag != tags.extra:
                    is_strange = True  # Excel writes no other elements here
        if is_image:
            found.addressed.append(place)
            return None
        kind, number = element.get("t", "n"), element.get("s", "0")
        look = self.styles.formats.get(number) or self._format(number)
        is_misplaced = inline is not None and (kind != "inlineStr" or value is not None)
        if is_strange or is_misplaced or look is None:
            return Cell(None, is_formula=is_formula, unclear=UNREADABLE if look else NO_FORMAT)
        if kind in ("s", "str", "inlineStr"):
            return self._text_cell(kind, value, inline, look, is_formula=is_formula)
        if kind == "e" and (value is not None or is_formula):
            if rich := whole(element.get("vm")):
                found.rich[place] = rich
            return Cell(None, look.is_percent, error=(value or "").strip() or "#VALUE!", is_formula=is_formula)
        value = (value or "").strip()
        if not value:
            return Cell(None, uncalculated=True, is_formula=True) if is_formula else None
        return self._figure(kind, value, look, is_formula=is_formula)

    def _text_cell(
        self, kind: str, value: str | None, inline: Element | None, look: CellFormat, *, is_formula: bool
    ) -> Cell | None:
        """Read a cell with a text; None if it is blank.

        Its kind is `s` (a shared text), `str` (a computed one) or `inlineStr`.
        """
        if kind == "s" and value is not None:
            typed = self.texts.get(value) or self.texts.get(value.strip().lstrip("0") or "0", _NO_TEXT)
        elif kind == "str" and value is not None:
            typed = Text.typed(unescaped(value))
        elif inline is not None:
            typed = text_of_element(inline, space_of(inline), self.styles.colours)
        else:
            return None
        if typed is _NO_TEXT:
            return Cell(None, look.is_percent, is_formula, unclear=NO_TEXT)
        text, is_struck, runs, is_cleaned = typed
        if not text:
            return None
        code, is_percent, _, is_all_struck, display, (_, ground) = look
        if runs and display is None:
            display = shown_text_of(runs, ground)
        return cell_of(
            (
                text,
                is_percent,
                is_formula,
                is_cleaned,
                self.is_1904,
                is_struck or is_all_struck,
                code,
                display,
                "",
                False,
                "",
                "",
                None,
            )
        )

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
        if value is None:
            unclear = UNREADABLE
        elif isinstance(value, float) and not math.isfinite(value):  # Excel's cells never hold infinity or NaN
            value, error = None, "#NUM!"
        elif look.is_date and isinstance(value, float):
            is_elapsed = number_formats.is_elapsed_format(look.code)
            value = moment_of(value, is_elapsed=is_elapsed, is_1904=self.is_1904)
            unclear = "" if value is not None else OFF_CALENDAR
        code, is_percent, _, is_struck, display, _ = look
        return cell_of(
            (
                value,
                is_percent,
                is_formula,
                False,
                self.is_1904,
                is_struck,
                code,
                display,
                error,
                False,
                "",
                unclear,
                None,
            )
        )


class _Tags(NamedTuple):
    """The tags of a sheet's elements."""

    table: str
    row: str
    cell: str
    value: str
    formula: str
    inline: str
    extra: str
    merge: str
    view: str


def _tags(space: str) -> _Tags:
    """Return the tags in a namespace."""
    names = ("sheetData", "row", "c", "v", "f", "is", "extLst", "mergeCell", "sheetView")
    return _Tags(*[space + name for name in names])


def _by_tag(parts: Iterable[Element]) -> Mapping[str, list[Element]]:
    """Return elements, and all elements inside them, by their tags."""
    found: dict[str, list[Element]] = {}
    for part in parts:
        for each in part.iter():
            if (tag := each.tag) in found:
                found[tag].append(each)
            else:
                found[tag] = [each]
    return found


def _is_image(formula: str) -> bool:
    """Return whether a formula shows a picture from an address.

    That is IMAGE of Excel and of Google Sheets.
    """
    may_be = ("G" in formula or "g" in formula) and ("A" in formula or "a" in formula)  # few formulas have both
    return may_be and "IMAGE(" in formula.upper()


def _filled_cells(table: Iterable[Element], tags: _Tags, found: SheetCells) -> Iterator[tuple[Position, Element]]:
    """Yield the cells of a `sheetData` that have content, with their positions.

    Raises: RefusedError for other elements in it.
    """
    number = 0
    for row in table:
        if row.tag != tags.row:
            raise RefusedError(Code.FILE_UNREADABLE, _STRANGE_PLACE)
        number = whole(row.get("r")) or number + 1
        cells = row.findall(tags.cell)
        if len(cells) < len(row):
            found.inside += (extras := row.findall(tags.extra))
            if len(cells) + len(extras) < len(row):
                raise RefusedError(Code.FILE_UNREADABLE, _STRANGE_PLACE)
        place = number, 0
        for element in cells:
            place = _place(element.get("r")) or (number, place[1] + 1)
            if len(element):
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
        case "n":
            return float(text) if _NUMBER.fullmatch(text) else None
        case "b":
            return {"0": False, "1": True, "false": False, "true": True}.get(text)
        case "d":
            return iso_moment(text)
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
