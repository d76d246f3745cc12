"""What calamine does not tell of an .ods: percent cells, error values, comments, pictures (as `ooxml` for an .xlsx)."""

from __future__ import annotations

import itertools
import posixpath
import zipfile
from collections.abc import Iterator
from xml.parsers import expat

from kama_excel.files import limits
from kama_excel.files.limits import RefusedError
from kama_excel.files.safe_zip import UNPACKING_ERRORS, read_cells, read_part
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.cells import Note, SheetPicture
from kama_excel.spreadsheets.reading.marks import (
    TOO_MANY_PICTURES,
    Package,
    Position,
    SheetMarks,
    UsedRange,
    japan_time,
    refuse_doctype,
)
from kama_excel.spreadsheets.reading.xlsx_parts import parsed, whole

_ERRORS = ("#", "Err:")
_PICTURES = "Pictures/"
_CROPPED = "トリミングした写真は、この形式（.ods）からは取り出せません。.xlsx で保存し直してください"
_LINE = "text-line-through"
_COMMENT = "annotation"
_OVER = {_COMMENT: "コメント"} | dict.fromkeys(
    ("custom-shape", "frame", "rect", "ellipse", "caption", "polygon", "path"), "図形"
)
"""What lies over the cells and may have words of its own."""
_DROPPED = {"tab": "\t", "line-break": "\n"}
"""Signs that calamine leaves out of a text. LibreOffice writes neither: it drops tabs, and a line is a paragraph of its own."""


def read_opendocument(archive: zipfile.ZipFile) -> Package:
    """Read the marks of every sheet by its name. Raises RefusedError, and what the XML parser raises."""
    names = set(archive.namelist())
    if "META-INF/manifest.xml" in names and b"encryption-data" in read_part(archive, "META-INF/manifest.xml"):
        raise RefusedError(Code.FILE_PASSWORD, "パスワードがかかっています")
    reader = _ContentPass()
    parser = expat.ParserCreate(namespace_separator=" ")
    parser.buffer_text = True
    parser.StartElementHandler = reader.start
    parser.EndElementHandler = reader.end
    parser.CharacterDataHandler = reader.characters
    parser.StartDoctypeDeclHandler = refuse_doctype
    parser.Parse(read_cells(archive, "content.xml"), True)
    modified = None
    if "meta.xml" in names:
        said = (each.text for each in parsed(read_part(archive, "meta.xml")).iter() if each.tag.endswith("}date"))
        modified = japan_time(
            f"{(next(said, '') or '')[:19]}+09:00"
        )  # the clock of the PC that saved it, without a zone
    pictures = (_picture(archive, number, *each) for number, each in enumerate(reader.pictures, start=1))
    return Package(reader.sheets, tuple(pictures), modified)


def _picture(
    archive: zipfile.ZipFile, number: int, sheet: str, row: int, column: int, part: str, reason: str
) -> SheetPicture:
    if number > limits.PICTURES or reason:
        return SheetPicture(sheet, row, column, b"", posixpath.basename(part), reason or TOO_MANY_PICTURES)
    try:
        return SheetPicture(sheet, row, column, read_part(archive, part), posixpath.basename(part))
    except (KeyError, *UNPACKING_ERRORS):
        return SheetPicture(sheet, row, column, b"", posixpath.basename(part), "写真のデータが壊れています")


class _ContentPass:
    """One pass over content.xml. Rows and cells are repeated by a number there, and counted so."""

    def __init__(self) -> None:
        self.sheets: dict[str, SheetMarks] = {}
        self.pictures: list[tuple[str, int, int, str, str]] = []
        self.cropped_styles: set[str] = set()
        self.is_cropped = False
        self.name = ""
        self.marks = SheetMarks()
        self.used = UsedRange("")
        self.row = self.column = 0
        self.rows = self.columns = 1
        self.types: frozenset[str] = frozenset()
        self.spans = (1, 1)
        self.text: list[str] = []
        self.is_told_otherwise = False
        self.blanks = 0
        self.over = ""
        self.words: list[str] = []
        self.in_words = False
        self.in_cell = self.has_formula = False
        self.style = ""
        self.struck_styles: set[str] = set()
        self.is_struck = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        here = {key.rpartition(" ")[2]: value for key, value in attributes.items()}
        match name.rpartition(" ")[2]:
            case "table":
                self.name = here.get("name", "")
                self.marks = self.sheets.setdefault(self.name, SheetMarks())
                self.used = UsedRange(self.name)
                self.row = 0
            case "table-row":
                self.rows = whole(here.get("number-rows-repeated")) or 1
                self.column = 0
            case "table-cell" | "covered-table-cell":
                self.columns = whole(here.get("number-columns-repeated")) or 1
                # office:value-type and calcext:value-type have one local name; only the latter says "error"
                self.types = frozenset(value for key, value in attributes.items() if key.endswith("value-type"))
                self.spans = (whole(here.get("number-rows-spanned")), whole(here.get("number-columns-spanned")))
                self.has_formula = "formula" in here
                self.text, self.is_told_otherwise = [], False
                self.in_cell = True
                self.is_struck = here.get("style-name") in self.struck_styles
            case "style" | "text-properties" | "graphic-properties" | "span" as kind:
                self.take_style(kind, here)
            case kind if kind in _OVER and not self.over:
                self.is_cropped = here.get("style-name") in self.cropped_styles
                self.over, self.words = kind, []
            case "p":
                self.in_words = bool(self.over)  # who wrote a comment, and when, stands beside its words
                if self.text and not self.over:
                    self.text.append("\n")
            case "s" | "tab" | "line-break" as kind:
                self.take_space(kind, here)
            case "image" if here.get("href", "").startswith(_PICTURES):
                at = (self.row + 1, self.column + 1) if self.in_cell else (0, 0)
                self.pictures.append((self.name, *at, here["href"], _CROPPED if self.is_cropped else ""))

    def take_style(self, kind: str, here: dict[str, str]) -> None:
        """Note a style that strikes out or crops, by the name of the one that these properties are of, or what has one."""
        if kind == "style":
            self.style = here.get("name", "")
        elif kind == "span":
            self.is_struck |= not self.over and here.get("style-name") in self.struck_styles
        elif here.get(f"{_LINE}-style", here.get(f"{_LINE}-type", "none")) != "none":
            self.struck_styles.add(self.style)
        elif any(each in "123456789" for each in here.get("clip", "")):
            self.cropped_styles.add(self.style)

    def take_space(self, kind: str, here: dict[str, str]) -> None:
        """Take what stands for blanks, a tab or a line's end in a text."""
        if kind == "s":
            self.take_blanks(whole(here.get("c")) or 1)
        else:
            self.characters(_DROPPED[kind])
            self.is_told_otherwise |= self.in_cell and not self.over

    def characters(self, text: str) -> None:
        if self.in_words:
            self.words.append(text)
        elif self.in_cell and not self.over:
            self.text.append(text)

    def end(self, name: str) -> None:
        match name.rpartition(" ")[2]:
            case "p" if self.in_words:
                self.words.append("\n")
                self.in_words = False
            case kind if kind == self.over:
                self.take_words()
            case "table-cell" | "covered-table-cell":
                self.take_cell()
                self.column += self.columns
                self.in_cell = False
            case "table-row":
                self.row += self.rows

    def take_blanks(self, count: int) -> None:
        """Take blanks, of which a number says how many. Raises RefusedError for more than all the rest may hold."""
        self.blanks += count
        if self.blanks > limits.XML_BYTES:
            raise RefusedError(Code.FILE_TOO_LARGE, f"文字の間の空白が{self.blanks:,}個あります")
        self.characters(" " * count)

    def take_words(self) -> None:
        """Note what is written in a comment or a shape, at its cell; at A1 what lies on the page and over no cell."""
        at = (self.row + 1, self.column + 1) if self.in_cell else (1, 1)
        if words := "".join(self.words).strip():
            self.marks.notes.append(Note(_OVER[self.over], *at, words))
            self.is_told_otherwise |= (
                self.in_cell and self.over != _COMMENT
            )  # calamine adds them to the cell's own text
        self.over = ""

    def take_cell(self) -> None:
        top, left = self.row + 1, self.column + 1
        if max(self.spans) > 1 and len(self.marks.merged) < limits.MERGED_CELLS:
            self.marks.merged.append((top, left, self.row + (self.spans[0] or 1), self.column + (self.spans[1] or 1)))
        text = "".join(self.text).strip()
        if not (self.types or text or self.has_formula):
            return
        self.used.add(top, left)
        self.used.add(self.row + self.rows, self.column + self.columns)
        if self.has_formula:
            self.marks.formulas.add((top, left))
        if self.is_struck:
            self.marks.struck.update(self.cells_here())
        if "error" in self.types or (self.has_formula and text.startswith(_ERRORS)):
            self.marks.errors[top, left] = text or "#VALUE!"
        if "percentage" in self.types:
            self.marks.percent.update(self.cells_here())
        elif self.is_told_otherwise and "string" in self.types:
            self.marks.texts.update(dict.fromkeys(self.cells_here(), "".join(self.text)))

    def cells_here(self) -> Iterator[Position]:
        """Return the places that the cell is repeated at."""
        rows, columns = (range(at + 1, at + 1 + by) for at, by in ((self.row, self.rows), (self.column, self.columns)))
        return itertools.product(rows, columns)
