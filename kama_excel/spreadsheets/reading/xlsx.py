"""Read an .xlsx: its sheets in order, its pictures, the time of its last save."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Sequence
from typing import NamedTuple
from xml.etree.ElementTree import Element

from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.cells import Note, Sheet, Workbook
from kama_excel.spreadsheets.reading.covered_cells import covered_cells
from kama_excel.spreadsheets.reading.sheet_geometry import Box, Grid, hidden_lines, sheet_grid
from kama_excel.spreadsheets.reading.xlsx_cells import CellReader, SheetCells
from kama_excel.spreadsheets.reading.xlsx_comments import read_comments
from kama_excel.spreadsheets.reading.xlsx_parts import Parts
from kama_excel.spreadsheets.reading.xlsx_pictures import ADDRESSED, COVERED, HIDDEN, Media, pictures_in_cells
from kama_excel.spreadsheets.reading.xlsx_styles import read_styles, shared_texts
from kama_excel.spreadsheets.reading.xml_documents import attribute, is_true, japan_time, local

_CORE = "docprops/core.xml"


def read_xlsx(parts: Parts, *, with_pictures: bool) -> Workbook:
    """Read an .xlsx; without `with_pictures` the pictures have no bytes.

    Raises: RefusedError for too large a sheet or missing parts; what the XML parsers raise.
    """
    book = parts.xml(parts.workbook)
    styles = read_styles(parts)
    reader = CellReader(styles, shared_texts(parts, styles.colours), _is_1904(book))
    media = Media(parts, wants=with_pictures)
    pictures = _PictureReader(parts, pictures_in_cells(parts), media)
    sheets = []
    for name, part, is_visible in _sheets(parts, book):
        root = parts.cells(part)
        found = reader.sheet(root, name)
        notes = (*read_comments(parts, part), *pictures.read(part, name, root, found))
        if not is_visible:
            media.hide(name, HIDDEN)
        merged, hidden = tuple(found.merged), hidden_lines(root, found.cells)
        sheets.append(Sheet(name, found.cells, is_visible, notes, merged, found.hides_zeros, *hidden))
    media.place_left()
    return Workbook(tuple(sheets), tuple(media.found), _modified(parts))


def _sheets(parts: Parts, book: Element) -> Iterator[tuple[str, str, bool]]:
    """Yield name, part and visibility of every sheet that has cells.

    Raises: RefusedError if a sheet's part is missing.
    """
    relations = parts.relations(parts.workbook)
    for each in (each for each in book.iter() if local(each) == "sheet"):
        kind, part = relations.get(attribute(each, "id"), ("", ""))
        if kind in ("chartsheet", "dialogsheet", "xlMacrosheet", "xlIntlMacrosheet"):
            continue
        if part not in parts.names:
            raise RefusedError(Code.FILE_UNREADABLE, f"シート「{each.get('name', '')}」の内容がありません")
        yield each.get("name", ""), part, each.get("state", "visible") == "visible"


class _PictureReader(NamedTuple):
    """Collect the pictures of a workbook's sheets, in cells and over cells."""

    parts: Parts
    in_cells: dict[int, str]
    media: Media

    def read(self, part: str, sheet: str, root: Element, found: SheetCells) -> Iterator[Note]:
        """Collect a sheet's pictures; yield the text boxes over its cells."""
        for place in found.addressed:
            self.media.refuse("", ADDRESSED, sheet, place)
        drawings = sorted(
            target
            for kind, target in self.parts.relations(part).values()
            if kind == "drawing" and target in self.parts.names
        )
        if not (drawings or found.rich):
            return
        from kama_excel.spreadsheets.reading.vml_drawings import legacy_boxes  # noqa: PLC0415 -- loaded where it is needed
        from kama_excel.spreadsheets.reading.xlsx_drawings import Drawing  # noqa: PLC0415 -- loaded where it is needed

        geometry = sheet_grid(root)
        legacy = [each.thick for each in legacy_boxes(self.parts, part, geometry)]
        drawn = [Drawing(self.parts, each, geometry) for each in drawings]
        covers = [cover for each in drawn for cover in each.covers()]
        found.cells |= dict(covered_cells(covers, found.cells, geometry))
        self._take_rich(sheet, found, geometry, [*legacy, *(box for each in drawn for box in each.boxes)])
        for drawing in drawn:
            drawing.take_pictures(sheet, self.media, legacy)
            yield from drawing.notes(self.media)

    def _take_rich(self, sheet: str, found: SheetCells, geometry: Grid, above: Sequence[Box]) -> None:
        """Move pictures placed in cells out of the cells.

        Such a cell has the value #VALUE! for programs that do not know the feature.
        """
        ends = {area[:2]: area[2:] for area in found.merged}
        for place, number in found.rich.items():
            if part := self.in_cells.get(number):
                del found.cells[place]
                first, last = geometry.box(place), geometry.box(ends.get(place, place))
                box = Box(first.left, first.top, last.right, last.bottom)
                if not box.has_size:
                    self.media.withhold(part, sheet, place, HIDDEN, Code.PICTURE_EFFECT)
                elif any(box.overlaps(each) for each in above):
                    self.media.withhold(part, sheet, place, COVERED, Code.PICTURE_COVERED)
                else:
                    self.media.place(part, sheet, place)


def _is_1904(book: Element) -> bool:
    return any(is_true(each.get("date1904")) for each in book if local(each) == "workbookPr")


def _modified(parts: Parts) -> dt.datetime | None:
    """Return the time of the last save (Japan time); None if it was never saved by a person."""
    if _CORE not in parts.names:
        return None
    properties = {local(each): each.text for each in parts.xml(_CORE)}
    return (
        None
        if properties.get("modified") == properties.get("created")
        else japan_time(properties.get("modified") or "")
    )
