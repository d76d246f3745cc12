"""Read an .ods in one pass over content.xml, where rows and cells have repeat counts.

The file stores the text that each cell shows, so number formats are not evaluated.
"""

from __future__ import annotations

import itertools
import posixpath
import re
import sys
import zipfile
from bisect import bisect_right
from collections.abc import Iterator
from itertools import islice
from xml.etree.ElementTree import Element, TreeBuilder
from xml.parsers import expat

from kama_excel.domain.text import lost_text, text_of
from kama_excel.files import limits
from kama_excel.files.limits import RefusedError
from kama_excel.files.safe_zip import read_cells, read_later, read_part
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.cells import (
    Cell,
    Note,
    Position,
    Range,
    Sheet,
    SheetPicture,
    Workbook,
    cell_range,
    places_in,
    position,
)
from kama_excel.spreadsheets.reading.conditional_formats import PLAIN, Conditional, Criterion, Effect, Look
from kama_excel.spreadsheets.reading.covered_cells import covered_cells
from kama_excel.spreadsheets.reading.ods_drawings import COMMENT, PICTURES, Drawings
from kama_excel.spreadsheets.reading.ods_styles import OdsStyles
from kama_excel.spreadsheets.reading.ods_values import value_of
from kama_excel.spreadsheets.reading.rich_text import Run, shown_text_of
from kama_excel.spreadsheets.reading.used_range import UsedRange
from kama_excel.spreadsheets.reading.xlsx_pictures import TOO_MANY_PICTURES
from kama_excel.spreadsheets.reading.xml_documents import attribute, japan_time, local, parsed, refuse_doctype, whole

_ERRORS = ("#", "Err:")
_OVER = {COMMENT: "コメント"} | dict.fromkeys(
    (
        "custom-shape",
        "frame",
        "rect",
        "ellipse",
        "circle",
        "line",
        "connector",
        "polyline",
        "caption",
        "polygon",
        "path",
    ),
    "図形",
)
"""Elements over the cells that may have text of their own."""
_RANGE = re.compile(r"\.([A-Z]+\d+)(?::(?:[^ ']*|'[^']*')\.([A-Z]+\d+))?")
_SPACES = {"tab": "\t", "line-break": "\n"}
_PLAIN = Run("")
_UNREADABLE = "値の形式が、ファイルの形式に合っていません"


def read_ods(archive: zipfile.ZipFile, *, with_pictures: bool) -> Workbook:
    """Read an .ods; without `with_pictures` the pictures have no bytes.

    Raises: RefusedError for a password or too large a sheet; what the XML parser raises.
    """
    names = set(archive.namelist())
    if "META-INF/manifest.xml" in names and b"encryption-data" in read_part(archive, "META-INF/manifest.xml"):
        raise RefusedError(Code.FILE_PASSWORD, "パスワードが設定されています")
    styles = OdsStyles()
    if "styles.xml" in names:
        styles.add(parsed(read_part(archive, "styles.xml")))
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    reader = _ContentPass(styles, parser)
    reader.listen()
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.Parse(read_cells(archive, "content.xml"), True)
    modified = None
    if "meta.xml" in names:
        dates = (each.text for each in parsed(read_part(archive, "meta.xml")).iter() if each.tag.endswith("}date"))
        modified = japan_time(f"{(next(dates, '') or '')[:19]}+09:00")  # the PC's local clock, without a zone
    found = list(reader.drawings.pictures())
    used = {each.name for each in found}
    found += [
        SheetPicture("", 0, 0, b"", posixpath.basename(part), "どのセルの写真か分かりません")
        for part in sorted(names)
        if part.startswith(PICTURES) and not part.endswith("/") and part not in used
    ]
    pictures = (_loaded(archive, number, each, is_wanted=with_pictures) for number, each in enumerate(found, start=1))
    sheets = reader.sheets if reader.has_percent else [_without_percent(each) for each in reader.sheets]
    if "settings.xml" in names and _hides_zeros(parsed(read_part(archive, "settings.xml"))):
        sheets = [each._replace(hides_zeros=True) for each in sheets]
    return Workbook(tuple(sheets), tuple(pictures), modified)


def _without_percent(sheet: Sheet) -> Sheet:
    """Return a sheet of a file without any percent format, with `is_percent` unknown.

    The program that wrote such a file kept no formats.
    """
    cells = {
        place: cell._replace(is_percent=None) if isinstance(cell.value, int | float) and not cell.is_percent else cell
        for place, cell in sheet.cells.items()
    }
    return sheet._replace(cells=cells)


def _hides_zeros(settings: Element) -> bool:
    return any(attribute(each, "name") == "ShowZeroValues" and each.text == "false" for each in settings.iter())


def _loaded(archive: zipfile.ZipFile, number: int, picture: SheetPicture, *, is_wanted: bool) -> SheetPicture:
    """Return a picture with what reads its bytes; `picture.name` holds the part's name before."""
    sheet, row, column, name = picture.sheet, picture.row, picture.column, posixpath.basename(picture.name)
    if picture.reason or number > limits.PICTURES:
        return SheetPicture(sheet, row, column, b"", name, picture.reason or TOO_MANY_PICTURES, code=picture.code)
    return SheetPicture(sheet, row, column, read_later(archive, picture.name) if is_wanted else b"", name)


def _ranges(addresses: str) -> Iterator[Range]:
    """Yield the ranges of addresses like `表.A1:表.A3`; a sheet's name with blanks is quoted."""
    for match in islice(_RANGE.finditer(addresses), limits.MERGED_CELLS):
        if area := cell_range(f"{match[1]}:{match[2] or match[1]}"):
            yield area


def _element(name: str, attributes: dict[str, str]) -> tuple[str, dict[str, str]]:
    """Return an element's name and attributes without their namespaces."""
    return name.rpartition(" ")[2], {key.rpartition(" ")[2]: value for key, value in attributes.items()}


class _ContentPass:
    """Read content.xml element by element."""

    def __init__(self, styles: OdsStyles, parser: expat.XMLParserType) -> None:
        self.styles = styles
        self.parser = parser
        self.section = TreeBuilder()
        self.has_percent = False
        self.sheets: list[Sheet] = []
        self.drawings = Drawings(styles)
        self.name = ""
        self.is_visible = True
        self.cells: dict[Position, Cell] = {}
        self.looks: dict[Position, Look] = {}
        self.mapped: list[tuple[Conditional, str]] = []  # until all cells that they may ask are read
        self.merged: list[Range] = []
        self.notes: list[Note] = []
        self.used = UsedRange("")
        self.row = self.column = 0
        self.rows = self.columns = 1
        self.types: frozenset[str] = frozenset()
        self.here: dict[str, str] = {}
        self.text: list[Run] = []
        self.spans: list[Run] = []
        self.paragraphs = 0
        self.blanks = 0
        self.over = ""
        self.words: list[str] = []
        self.in_words = self.in_text = False
        self.in_cell = False
        self.column_styles: list[tuple[int, str]] = []
        self.row_style = ""
        self.conditional_ranges: list[Range] = []
        self.filled: list[Range] = []
        self.hidden_rows: set[int] = set()
        self.is_struck = False
        self.style = ""

    def listen(self) -> None:
        """Handle the parser's next elements."""
        self.parser.StartElementHandler = self.start
        self.parser.EndElementHandler = self.end
        self.parser.CharacterDataHandler = self.characters

    def begin_styles(self) -> None:
        """Build a tree of the document's own styles; handle elements again after it."""
        self.section = TreeBuilder()
        self.section.start("styles", {})
        self.parser.StartElementHandler = lambda name, attributes: self.section.start(*_element(name, attributes))
        self.parser.CharacterDataHandler = self.section.data
        self.parser.EndElementHandler = self.end_style

    def end_style(self, name: str) -> None:
        """Handle the end of an element inside the styles."""
        if not name.endswith(" automatic-styles"):
            self.section.end(name.rpartition(" ")[2])
            return
        self.section.end("styles")
        root = self.section.close()
        self.styles.add(root)
        self.has_percent = any(local(each) == "percentage-style" for each in root)
        self.listen()

    def start(self, name: str, attributes: dict[str, str]) -> None:
        """Handle the start of an element; attribute names start with their namespaces."""
        element, here = _element(name, attributes)
        match element:
            case "table-cell" | "covered-table-cell":
                # office:value-type and calcext:value-type have one local name; only the latter has the value
                # "error"
                self.types = frozenset(value for key, value in attributes.items() if key.endswith("value-type"))
                self.begin_cell(here)
            case "p":
                self.begin_paragraph()
            case "s":
                self.take_blanks(whole(here.get("c")) or 1)
            case "tab" | "line-break" as kind:
                self.characters(_SPACES[kind])
            case "span":
                self.spans.append(self.styles.run(here.get("style-name", "")))
                self.is_struck |= not self.over and self.styles.is_struck("text", here.get("style-name", ""))
            case "image" | "contour-polygon" | "contour-path":
                self.drawings.take_content(element, here.get("href", ""))
            case kind if kind in _OVER and not self.over:
                self.over, self.words = kind, []
                if kind != COMMENT or here.get("display") == "true":
                    self.drawings.begin_shape(kind, self.name, self.row, self.column, here, is_in_cell=self.in_cell)
            case kind if not self.over:
                self.begin_other(kind, here)

    def begin_other(self, kind: str, here: dict[str, str]) -> None:
        """Handle the start of a table, a column, a row or a style."""
        match kind:
            case "automatic-styles":
                self.begin_styles()
            case "table":
                self.begin_table(here)
            case "table-column":
                count = whole(here.get("number-columns-repeated")) or 1
                self.drawings.add_columns(here, count)
                last = self.column_styles[-1][0] if self.column_styles else 0
                self.column_styles.append((last + count, here.get("default-cell-style-name", "")))
            case "table-row":
                self.rows = whole(here.get("number-rows-repeated")) or 1
                self.column = 0
                self.row_style = here.get("default-cell-style-name", "")
                self.drawings.begin_row(here)
            case "table-row-group" | "table-column-group":
                self.drawings.groups.append(here.get("display") == "false")
            case "conditional-format":
                self.conditional_ranges = list(_ranges(here.get("target-range-address", "")))
            case "condition":
                applied = here.get("apply-style-name", "")
                style = self.styles.names.get(applied, applied)
                effect, criterion = self.styles.conditional(here.get("value", ""), style)
                self.take_condition(effect, criterion, here.get("base-cell-address", ""))
            case "data-bar" | "formatting-entry" if here.get("show-value") == "false":
                self.take_condition(Effect(hides_figures=True))

    def take_condition(self, effect: Effect, criterion: Criterion | None = None, base: str = "") -> None:
        """Keep a conditional format of the cells of its ranges."""
        self.mapped += [(Conditional(area, effect, criterion), base) for area in self.conditional_ranges]

    def begin_cell(self, here: dict[str, str]) -> None:
        """Start a cell, repeated or not."""
        self.columns = whole(here.get("number-columns-repeated")) or 1
        self.here = here
        self.text, self.paragraphs, self.spans = [], 0, []
        self.in_cell = True
        self.style = here.get("style-name") or self.row_style or self.column_style()
        self.is_struck = self.styles.is_struck("table-cell", self.style)

    def column_style(self) -> str:
        """Return the style of the current column for cells without a style of their own."""
        at = bisect_right(self.column_styles, (self.column, chr(sys.maxunicode)))
        return self.column_styles[at][1] if at < len(self.column_styles) else ""

    def begin_table(self, here: dict[str, str]) -> None:
        """Start a sheet."""
        self.name = here.get("name", "")
        style = self.styles.of("table", here.get("style-name", ""))
        self.is_visible = style.get("table.display") != "false"
        self.cells, self.looks, self.merged, self.notes, self.filled, self.hidden_rows = {}, {}, [], [], [], set()
        self.used = UsedRange(self.name)
        self.row, self.column_styles, self.mapped = 0, [], []
        self.drawings.begin_table(is_visible=self.is_visible)

    def begin_paragraph(self) -> None:
        """Start a line of the cell or of a shape; skips a comment's author and date."""
        self.in_words = bool(self.over)
        if self.in_cell and not self.over:
            self.in_text = True
            if self.paragraphs:
                self.text.append(Run("\n"))
            self.paragraphs += 1

    def characters(self, text: str) -> None:
        """Add characters to the cell or to the shape over it; ignores text between elements."""
        if self.in_words:
            self.words.append(text)
        elif self.in_text:
            self.text.append((self.spans[-1] if self.spans else _PLAIN)._replace(text=text))

    def end(self, name: str) -> None:
        """Handle the end of an element."""
        match name.rpartition(" ")[2]:
            case "p" if self.in_words:
                self.words.append("\n")
                self.in_words = False
            case "p":
                self.in_text = False
            case "span" if self.spans:
                self.spans.pop()
            case kind if kind == self.over:
                self.take_words()
            case "table-cell" | "covered-table-cell":
                self.take_cell()
                self.column += self.columns
                self.in_cell = False
            case "table-row-group" | "table-column-group":
                self.drawings.groups.pop()
            case "table-row":
                self.row += self.rows
                self.drawings.end_row(self.rows)
            case "table" if not self.over:
                self.end_table()

    def end_table(self) -> None:
        """Add a finished sheet."""
        for place in (place for area in self.filled for place in places_in(area, self.cells)):
            self.cells[place] = self.cells[place]._replace(is_formula=True)
        for conditional, base in reversed(self.mapped):  # the first that holds counts
            conditional.written_for(position(base.rpartition(".")[2])).apply(self.cells, self.looks)
        self.cells |= dict(covered_cells(self.drawings.covers(self.name), self.cells, self.drawings.grid))
        sheet = Sheet(
            self.name,
            self.cells,
            self.is_visible,
            tuple(self.notes),
            tuple(self.merged),
            hidden_rows=frozenset(self.hidden_rows),
            hidden_columns=frozenset(self.drawings.hidden_columns),
        )
        self.sheets.append(sheet)

    def take_blanks(self, count: int) -> None:
        """Add a counted number of blanks.

        Raises: RefusedError if the count exceeds the remaining text limit.
        """
        self.blanks += count
        if self.blanks > limits.XML_BYTES:
            raise RefusedError(Code.FILE_TOO_LARGE, f"文字の間の空白が{self.blanks:,}個あります")
        self.characters(" " * count)

    def take_words(self) -> None:
        """Record the text of a comment or a shape at its cell; at A1 if it is over no cell."""
        at = (self.row + 1, self.column + 1) if self.in_cell else (1, 1)
        if words := "".join(self.words).strip():
            self.notes.append(Note(_OVER[self.over], *at, words))
            if self.over != COMMENT:
                self.drawings.take_text()
        self.over = ""

    def take_cell(self) -> None:
        """Record a cell and its repetitions."""
        top, left = self.row + 1, self.column + 1
        for found, name in ((self.merged, "number-{}-spanned"), (self.filled, "number-matrix-{}-spanned")):
            spans = [whole(self.here.get(name.format(kind))) or 1 for kind in ("rows", "columns")]
            if max(spans) > 1 and len(found) < limits.MERGED_CELLS:
                found.append((top, left, self.row + spans[0], self.column + spans[1]))
        cell = self.cell_here()
        if cell is None:
            return
        self.used.add((top, left), 0)
        self.used.add((self.row + self.rows, self.column + self.columns), self.rows * self.columns)
        if self.drawings.hides_row:
            self.hidden_rows |= {row for row, _ in self.places_here()}
        look, is_readable = self.styles.look(self.style)
        if cell.value is not None and not is_readable:
            cell = cell._replace(display="")
        self.cells.update(dict.fromkeys(self.places_here(), cell))
        if look != PLAIN:
            self.looks.update(dict.fromkeys(self.places_here(), look))
        area = (top, left, self.row + self.rows, self.column + self.columns)
        for effect, criterion, base in self.styles.conditions(self.style):
            self.mapped.append((Conditional(area, effect, criterion), base))

    def cell_here(self) -> Cell | None:
        """Return the current cell; None if it is blank."""
        display = "".join(run.text for run in self.text)
        is_formula = "formula" in self.here
        text = display.strip()
        if not (self.types or text or is_formula):
            return None
        is_percent = "percentage" in self.types or text.endswith("%")
        if "error" in self.types or (is_formula and text.startswith(_ERRORS)):
            return Cell(None, is_percent, error=text or "#VALUE!", is_formula=is_formula)
        if self.types <= {"string", "void"} and (self.types or text):
            typed = self.here.get("string-value", display)
            shown = shown_text_of(self.text, self.styles.look(self.style)[0][1])
            text = text if shown is None else shown.strip()
            return self.text_cell(typed, text, is_formula=is_formula) if text_of(typed) else None
        if not self.types:
            return Cell(None, uncalculated=True, is_formula=True)
        value = value_of(self.types, self.here)
        return Cell(
            value,
            is_percent,
            is_formula=is_formula,
            is_struck=self.is_struck,
            display=text if self.paragraphs else None,
            unclear="" if value is not None else _UNREADABLE,
        )

    def text_cell(self, typed: str, shown: str, *, is_formula: bool) -> Cell:
        """Return a text cell; its format may show other text around the value."""
        is_same = not self.paragraphs or "".join(shown.split()) == "".join(typed.split())
        return Cell(
            text_of(typed),
            is_percent=False,
            is_formula=is_formula,
            is_cleaned=lost_text(typed),
            is_struck=self.is_struck,
            display=None if is_same else shown,
        )

    def places_here(self) -> Iterator[Position]:
        """Return the positions at which the cell is repeated."""
        rows, columns = (range(at + 1, at + 1 + by) for at, by in ((self.row, self.rows), (self.column, self.columns)))
        return itertools.product(rows, columns)
