"""What calamine does not tell of an .xlsx: percent formats, error values, formulas, merged cells, notes, pictures.

calamine gives a cell's value and no more: #REF! and a formula without a value come back like a blank, and 0.8 in a
percent cell like 0.8 in a plain one. One pass over the sheets' own XML tells them apart, and sees before calamine does
whether a sheet would take more memory than there is.
"""

from __future__ import annotations

import datetime as dt
import itertools
import re
import zipfile
from dataclasses import dataclass
from xml.etree.ElementTree import Element

from kama_excel.files import limits
from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.cells import Note, position
from kama_excel.spreadsheets.reading.marks import Package, Position, SheetMarks, UsedRange, japan_time
from kama_excel.spreadsheets.reading.xlsx_drawings import Media, pictures_in_cells, read_comments, read_drawing
from kama_excel.spreadsheets.reading.xlsx_parts import Parts, attribute, local, space_of, whole

_BUILT_IN_PERCENT = frozenset({9, 10})


def read_package(archive: zipfile.ZipFile, *, with_pictures: bool) -> Package:
    """Read the marks of every sheet by its name, the pictures in the order of sheets and anchors, the time of saving.

    The pictures have no bytes where they are not wanted.
    Raises RefusedError for a sheet that is too large, else what the XML parsers raise; KeyError for a missing part.
    """
    parts = Parts(archive)
    book = parts.xml("xl/workbook.xml")
    shared = _shared(parts)
    in_cells = pictures_in_cells(parts)
    media = Media(parts, wants=with_pictures)
    marks: dict[str, SheetMarks] = {}
    for sheet, sheet_part in _sheets(parts, book):
        if sheet_part not in parts.names:
            continue
        marks[sheet] = found = _sheet_marks(parts.cells(sheet_part), sheet, shared)
        for place, number in found.rich.items():
            if part := in_cells.get(number):
                del found.errors[place]
                found.pictures.add(place)
                media.place(part, sheet, place)
        found.notes += _notes(parts, sheet_part, sheet, media)
    media.place_left()
    return Package(marks, tuple(media.found), _modified(parts), _is_1904(book))


@dataclass(frozen=True, slots=True)
class _Shared:
    """What the sheets of a workbook share. Cell formats and texts are known by their numbers, as a cell says them."""

    percent_formats: frozenset[str]
    struck_formats: frozenset[str]
    texts: int
    struck_texts: frozenset[str]
    """Those of which a part is struck out."""


def _shared(parts: Parts) -> _Shared:
    """Look at formats and texts; the part of these, which calamine alone reads, is as large as it says, without a DTD."""
    lists = (target for kind, target in parts.relations("xl/workbook.xml").values() if kind == "sharedStrings")
    roots = (parts.cells(target) for target in lists if target in parts.names)
    texts = [each for root in roots for each in root.findall(f"{space_of(root)}si")]
    struck_texts = frozenset(str(number) for number, each in enumerate(texts) if _is_struck(each))
    styles = parts.xml("xl/styles.xml") if "xl/styles.xml" in parts.names else None
    formats = (
        (frozenset[str](), frozenset[str]()) if styles is None else (_percent_formats(styles), _struck_formats(styles))
    )
    return _Shared(*formats, len(texts), struck_texts)


def _sheets(parts: Parts, book: Element) -> list[tuple[str, str]]:
    """Return the name and the part of every sheet in their order."""
    relations = parts.relations("xl/workbook.xml")
    sheets = [each for each in book.iter() if local(each) == "sheet"]
    return [(each.get("name", ""), relations.get(attribute(each, "id"), ("", ""))[1]) for each in sheets]


def _is_1904(book: Element) -> bool:
    said = (each.get("date1904", "") for each in book if local(each) == "workbookPr")
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
    placed = ((position(address), words) for address, words in comments)
    return [*(Note("コメント", *at, words) for at, words in placed if at and words), *notes]


def _percent_formats(styles: Element) -> frozenset[str]:
    """Return the numbers, as a cell says them, of the cell formats that show percent."""
    space = space_of(styles)
    percent_formats = set(_BUILT_IN_PERCENT)
    for each in styles.iter(f"{space}numFmt"):
        code = re.sub(r'"[^"]*"|\\.', "", each.get("formatCode", ""))
        number = whole(each.get("numFmtId"))
        (percent_formats.add if "%" in code else percent_formats.discard)(number)
    cell_formats = styles.findall(f"{space}cellXfs/{space}xf")
    return frozenset(
        str(index) for index, each in enumerate(cell_formats) if whole(each.get("numFmtId")) in percent_formats
    )


def _struck_formats(styles: Element) -> frozenset[str]:
    """Return the numbers, as a cell says them, of the cell formats that strike out."""
    space = space_of(styles)
    fonts = styles.findall(f"{space}fonts/{space}font")
    struck = {number for number, font in enumerate(fonts) if _strikes(font.find(f"{space}strike"))}
    cell_formats = styles.findall(f"{space}cellXfs/{space}xf")
    return frozenset(str(index) for index, each in enumerate(cell_formats) if whole(each.get("fontId")) in struck)


def _is_struck(text: Element) -> bool:
    """Whether a run of a rich text that says anything is struck out."""
    space = space_of(text)
    runs = text.findall(f"{space}r")
    return any(
        _strikes(run.find(f"{space}rPr/{space}strike")) and run.findtext(f"{space}t", "").strip() for run in runs
    )


def _strikes(element: Element | None) -> bool:
    return element is not None and element.get("val", "1") not in ("0", "false", "off")


def _modified(parts: Parts) -> dt.datetime | None:
    """Return when the workbook was saved last; None where nobody has saved it since it was made."""
    if "docProps/core.xml" not in parts.names:
        return None
    said = {local(each): each.text for each in parts.xml("docProps/core.xml")}
    return None if said.get("modified") == said.get("created") else japan_time(said.get("modified") or "")


def _sheet_marks(root: Element, sheet: str, shared: _Shared) -> SheetMarks:
    """Read the marks of a sheet's cells. A cell without an address stands beside the one before it.

    Raises RefusedError as `read_package` does, and for cells that would be passed over here and not by calamine.
    """
    marks, used, space = SheetMarks(), UsedRange(sheet), space_of(root)
    data = root.findall(".//{*}sheetData")
    if data != root.findall(f"{space}sheetData") or any(_has_cells_elsewhere(each, space) for each in data):
        raise RefusedError(Code.FILE_UNREADABLE, "Excelの書き方ではない行やセルがあります")
    number = 0
    for row in (row for each in data for row in each):
        number, column = whole(row.get("r")) or number + 1, 0
        for cell in row:
            place = position(cell.get("r", "")) or (number, column + 1)
            column = place[1]
            if cell.get("s", "0") in shared.percent_formats:
                marks.percent.add(place)
            if cell.get("s", "0") in shared.struck_formats:
                marks.struck.add(place)
            if len(cell) and _take_cell(cell, space, place, marks, shared):
                used.add(*place)
    for each in itertools.islice(root.iter(f"{space}mergeCell"), limits.MERGED_CELLS):
        first, _, last = each.get("ref", "").partition(":")
        if (top := position(first)) and (bottom := position(last)):
            marks.merged.append((*top, *bottom))
    return marks


def _has_cells_elsewhere(data: Element, space: str) -> bool:
    """Whether a row, a cell or a value is of another namespace than the sheet, or does not stand where Excel puts it.

    calamine asks for neither; no program that people use writes a sheet like that.
    """
    row, cell, value_parts = f"{space}row", f"{space}c", (f"{space}v", f"{space}f", f"{space}is")
    others = {each.tag for each in data.iter()} - {row, cell}
    if any(tag.rpartition("}")[2] in ("row", "c") for tag in others):
        return True
    cells = [each for every in data for each in every]
    counts = [sum(1 for _ in data.iter(tag)) for tag in (cell, *value_parts)]
    is_strange = any(each.tag != cell for each in cells) or len(cells) != counts[0]
    return is_strange or sum(map(len, cells)) != sum(counts[1:])


def _take_cell(cell: Element, space: str, place: Position, marks: SheetMarks, shared: _Shared) -> bool:
    """Note what a cell is, and return whether anything stands in it."""
    kind, value, has_formula = cell.get("t"), cell.findtext(f"{space}v"), cell.find(f"{space}f") is not None
    if kind == "s" and value is not None:
        if not (value.isascii() and value.isdigit() and int(value) < shared.texts):
            raise RefusedError(Code.FILE_UNREADABLE, "文字の一覧にない番号のセルがあります")
        if value in shared.struck_texts:
            marks.struck.add(place)
        return True
    value = (value or "").strip()
    if has_formula:
        marks.formulas.add(place)
    elif not value:
        inline = cell.find(f"{space}is")
        if inline is not None and _is_struck(inline):
            marks.struck.add(place)
        return inline is not None
    if kind == "e":
        marks.errors[place] = value or "#VALUE!"
        if number := whole(cell.get("vm")):
            marks.rich[place] = number
    elif not value and kind != "str":
        marks.uncalculated.add(place)
    return True
