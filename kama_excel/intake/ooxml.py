"""What calamine does not tell of an .xlsx: percent formats, error values, formulas, merged cells, notes, pictures.

calamine gives a cell's value and no more: #REF! and a formula without a value come back like a blank, and 0.8 in a
percent cell like 0.8 in a plain one. One pass over the sheets' own XML tells them apart, and sees before calamine does
whether a sheet would take more memory than there is.
"""

from __future__ import annotations

import datetime as dt
import re
import zipfile
from functools import cache
from xml.parsers import expat

from kama_excel.cells import Note
from kama_excel.findings import Code
from kama_excel.intake import limits
from kama_excel.intake.archive import read_cells
from kama_excel.intake.drawings import Media, pictures_in_cells, read_comments, read_drawing
from kama_excel.intake.marks import Package, Position, SheetMarks, UsedRange, japan_time, refuse_doctype
from kama_excel.intake.package import Parts, attribute, local, whole
from kama_excel.intake.refusal import RefusedError

_BUILT_IN_PERCENT = frozenset({9, 10})
_OF_A_CELL = frozenset({"t", "r", "rPr", "rPh", "phoneticPr"})
_LOOKED_AT = frozenset({"e", "s"})
"""The types of cells of which the value is looked at here."""
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")


def read_package(archive: zipfile.ZipFile) -> Package:
    """Read the marks of every sheet by its name, the pictures in the order of sheets and anchors, the time of saving.

    Raises RefusedError for a sheet that is too large, else what the XML parsers raise; KeyError for a missing part.
    """
    parts = Parts(archive)
    percent_styles = _percent_styles(parts) if "xl/styles.xml" in parts.names else frozenset()
    in_cells = pictures_in_cells(parts)
    media = Media(parts)
    texts = _count_texts(parts)
    marks: dict[str, SheetMarks] = {}
    for sheet, sheet_part in _sheets(parts):
        if sheet_part not in parts.names:
            continue
        marks[sheet] = found = _SheetPass(sheet, percent_styles, texts).read(read_cells(archive, sheet_part))
        for position, number in found.rich.items():
            if part := in_cells.get(number):
                del found.errors[position]
                found.pictures.add(position)
                media.place(part, sheet, position)
        found.notes += _notes(parts, sheet_part, sheet, media)
    media.place_left()
    return Package(marks, tuple(media.found), _modified(parts), _is_1904(parts))


def _count_texts(parts: Parts) -> int:
    """Count the texts of the part that calamine alone reads; it is as large as it says and has no document type."""
    found: list[str] = []
    for kind, target in parts.relations("xl/workbook.xml").values():
        if kind == "sharedStrings" and target in parts.names:
            parser = expat.ParserCreate(namespace_separator=" ")
            parser.StartDoctypeDeclHandler = refuse_doctype
            parser.StartElementHandler = lambda name, _: found.append(name) if name.endswith(" si") else None
            parser.Parse(read_cells(parts.archive, target), True)
    return len(found)


def _sheets(parts: Parts) -> list[tuple[str, str]]:
    """Return the name and the part of every sheet in their order."""
    relations = parts.relations("xl/workbook.xml")
    sheets = [each for each in parts.xml("xl/workbook.xml").iter() if local(each) == "sheet"]
    return [(each.get("name", ""), relations.get(attribute(each, "id"), ("", ""))[1]) for each in sheets]


def _is_1904(parts: Parts) -> bool:
    said = (each.get("date1904", "") for each in parts.xml("xl/workbook.xml") if local(each) == "workbookPr")
    return next(said, "") in ("1", "true", "on")


def _notes(parts: Parts, part: str, sheet: str, media: Media) -> list[Note]:
    """Read the comments and text boxes of a sheet; its floating pictures go to `media`."""
    plain: dict[str, str] = {}
    threads: dict[str, str] = {}
    notes: list[Note] = []
    for kind, target in sorted(parts.relations(part).values()):
        if target not in parts.names:
            continue
        if kind == "comments":
            plain |= dict(read_comments(parts, target))
        elif kind == "threadedComment":
            for address, words in read_comments(parts, target):
                threads[address] = f"{threads[address]}\n{words}" if address in threads else words
        elif kind == "drawing":
            notes += read_drawing(parts, target, sheet, media)
    comments = (plain | threads).items()  # a thread's plain copy says that it is one, and is no words of anybody's
    placed = ((_position(address), words) for address, words in comments)
    return [*(Note("コメント", *at, words) for at, words in placed if at and words), *notes]


def _percent_styles(parts: Parts) -> frozenset[int]:
    """Return which cell formats show percent."""
    styles = parts.xml("xl/styles.xml")
    percent_formats = set(_BUILT_IN_PERCENT)
    for each in styles.iter():
        if local(each) == "numFmt":
            code = re.sub(r'"[^"]*"|\\.', "", each.get("formatCode", ""))
            number = whole(each.get("numFmtId"))
            (percent_formats.add if "%" in code else percent_formats.discard)(number)
    cell_formats = next((each for each in styles if local(each) == "cellXfs"), ())
    return frozenset(index for index, each in enumerate(cell_formats) if whole(each.get("numFmtId")) in percent_formats)


def _modified(parts: Parts) -> dt.datetime | None:
    """Return when the workbook was saved last; None where nobody has saved it since it was made."""
    if "docProps/core.xml" not in parts.names:
        return None
    said = {local(each): each.text for each in parts.xml("docProps/core.xml")}
    return None if said.get("modified") == said.get("created") else japan_time(said.get("modified") or "")


class _SheetPass:
    """One pass over a sheet's XML. A cell without an address stands beside the one before it.

    What is asked of every element is asked with care: a form has some 4,000 of them. No end of an element is looked at;
    a cell has ended where the next one, a row or anything that is none of its parts begins.
    """

    def __init__(self, name: str, percent_styles: frozenset[int], texts: int) -> None:
        self.percent_styles = percent_styles
        self.texts = texts
        self.marks = SheetMarks()
        self.used = UsedRange(name)
        self.locals: dict[str, str] = {}
        self.position: Position = (0, 0)
        self.cell: dict[str, str] | None = None
        self.has_value = self.has_formula = self.has_words = self.in_value = False
        self.value = ""

    def read(self, xml: bytes) -> SheetMarks:
        parser = expat.ParserCreate(namespace_separator=" ")
        parser.buffer_text = True
        parser.StartElementHandler = self.start
        parser.CharacterDataHandler = self.characters
        parser.StartDoctypeDeclHandler = refuse_doctype
        parser.Parse(xml, True)
        self.take_cell()
        return self.marks

    def start(self, name: str, attributes: dict[str, str]) -> None:
        kind = self.locals.get(name)
        if kind is None:
            kind = self.locals[name] = name.rpartition(" ")[2]
        self.in_value = kind == "v"
        if kind == "v":
            if self.cell is not None and self.cell.get("t") == "s":
                self.has_value = True  # even where it does not say which text
        elif kind == "c":
            self.take_cell()
            row, column = self.position
            self.position = _position(attributes.get("r", "")) or (row, column + 1)
            self.cell = attributes
        elif kind == "f":
            self.has_formula = True
        elif kind == "is":
            self.has_words = True
        elif kind not in _OF_A_CELL:
            self.take_cell()
            self.start_other(kind, attributes)

    def start_other(self, kind: str, attributes: dict[str, str]) -> None:
        if kind == "row":
            self.position = (whole(attributes.get("r")) or self.position[0] + 1, 0)
        elif kind == "mergeCell" and len(self.marks.merged) < limits.MERGED_CELLS:
            first, _, last = attributes.get("ref", "").partition(":")
            if (top := _position(first)) and (bottom := _position(last)):
                self.marks.merged.append((*top, *bottom))

    def characters(self, text: str) -> None:
        if self.in_value and self.cell is not None and not text.isspace():
            self.has_value = True
            if self.cell.get("t") in _LOOKED_AT:
                self.value += text

    def take_cell(self) -> None:
        """Note what the cell that has ended was, and begin anew."""
        cell, has_value, has_formula, has_words = self.cell, self.has_value, self.has_formula, self.has_words
        value, self.value = self.value, ""
        self.cell, self.has_value, self.has_formula, self.has_words = None, False, False, False
        if cell is None:
            return
        marks, position = self.marks, self.position
        if whole(cell.get("s")) in self.percent_styles:
            marks.percent.add(position)
        if not (has_value or has_formula or has_words):
            return
        self.used.add(*position)
        if has_formula:
            marks.formulas.add(position)
        kind = cell.get("t")
        if kind == "s":
            number = value.rstrip()  # what stands between this cell and the next is in it, too
            if not (number.isascii() and number.isdigit() and int(number) < self.texts):
                raise RefusedError(Code.FILE_UNREADABLE, "文字の一覧にない番号のセルがあります")
        elif kind == "e":
            marks.errors[position] = value or "#VALUE!"
            if rich := whole(cell.get("vm")):
                marks.rich[position] = rich
        elif has_formula and not has_value and kind != "str":
            marks.uncalculated.add(position)


def _position(address: str) -> Position | None:
    """Return row and column of an address like E12, None for anything else."""
    match = _ADDRESS.fullmatch(address)
    return (int(match[2]), _column(match[1])) if match else None


@cache
def _column(letters: str) -> int:
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - ord("A") + 1
    return column
