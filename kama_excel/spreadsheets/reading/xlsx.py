"""An .xlsx → Workbook: its sheets in their order, its pictures, when it was saved."""

from __future__ import annotations

import datetime as dt
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.cells import Note, Sheet, Workbook
from kama_excel.spreadsheets.reading.sheet_geometry import SheetGeometry
from kama_excel.spreadsheets.reading.xlsx_cells import CellReader, SheetCells
from kama_excel.spreadsheets.reading.xlsx_comments import read_comments
from kama_excel.spreadsheets.reading.xlsx_drawings import read_drawing
from kama_excel.spreadsheets.reading.xlsx_parts import Parts
from kama_excel.spreadsheets.reading.xlsx_pictures import Media, pictures_in_cells
from kama_excel.spreadsheets.reading.xlsx_styles import cell_formats, changing_conditions, shared_texts
from kama_excel.spreadsheets.reading.xml_documents import attribute, is_true, japan_time, local

_CORE = "docprops/core.xml"


def read_xlsx(archive: zipfile.ZipFile, *, with_pictures: bool) -> Workbook:
    """Read an .xlsx; the pictures have no bytes where they are not wanted.

    Raises RefusedError for a sheet that is too large or whose parts cannot be found, else what the XML parsers raise.
    """
    parts = Parts(archive)
    book = parts.xml(parts.workbook)
    reader = CellReader(cell_formats(parts), shared_texts(parts), _is_1904(book), changing_conditions(parts))
    in_cells = pictures_in_cells(parts)
    media = Media(parts, wants=with_pictures)
    sheets = []
    for name, part, is_visible in _sheets(parts, book):
        root = parts.cells(part)
        found = reader.sheet(root, name)
        _place_rich(found, name, in_cells, media)
        notes = tuple(_notes(parts, part, name, root, media))
        sheets.append(Sheet(name, found.cells, is_visible, notes, tuple(found.merged), _hides_zeros(root)))
    media.place_left()
    return Workbook(tuple(sheets), tuple(media.found), _modified(parts))


def _sheets(parts: Parts, book: Element) -> Iterator[tuple[str, str, bool]]:
    """Yield name, part and visibility of every sheet with cells. Raises RefusedError for one whose part is missing."""
    relations = parts.relations(parts.workbook)
    for each in (each for each in book.iter() if local(each) == "sheet"):
        kind, part = relations.get(attribute(each, "id"), ("", ""))
        if kind in ("chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"):
            continue
        if part not in parts.names:
            raise RefusedError(Code.FILE_UNREADABLE, f"シート「{each.get('name', '')}」の中身がありません")
        yield each.get("name", ""), part, each.get("state", "visible") == "visible"


def _place_rich(found: SheetCells, sheet: str, in_cells: dict[int, str], media: Media) -> None:
    """Take the pictures that were placed in a cell out of the cells: these show #VALUE! to programs that do not know them."""
    for place, number in found.rich.items():
        if part := in_cells.get(number):
            del found.cells[place]
            media.place(part, sheet, place)


def _notes(parts: Parts, part: str, sheet: str, root: Element, media: Media) -> Iterator[Note]:
    """Yield the comments and text boxes of a sheet; its floating pictures go to `media`."""
    yield from read_comments(parts, part)
    drawings = sorted(
        target for kind, target in parts.relations(part).values() if kind == "drawing" and target in parts.names
    )
    if drawings:
        geometry = SheetGeometry(root)
        for drawing in drawings:
            yield from read_drawing(parts, drawing, sheet, geometry, media)


def _is_1904(book: Element) -> bool:
    return any(is_true(each.get("date1904")) for each in book if local(each) == "workbookPr")


def _hides_zeros(root: Element) -> bool:
    views = (each for each in root.iter() if local(each) == "sheetView")
    return any(not is_true(each.get("showZeros", "1")) for each in views)


def _modified(parts: Parts) -> dt.datetime | None:
    """Return when the workbook was saved last (Japan time); None where nobody has saved it since it was made."""
    if _CORE not in parts.names:
        return None
    said = {local(each): each.text for each in parts.xml(_CORE)}
    return None if said.get("modified") == said.get("created") else japan_time(said.get("modified") or "")
