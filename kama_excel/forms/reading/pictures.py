"""Read the pictures pasted into a form: the position decides the action of each."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import NamedTuple

from kama_excel.domain.entries import Entry, Picture
from kama_excel.domain.keys import Field, KeyKind, Slot
from kama_excel.domain.place import Place
from kama_excel.domain.text import normalize_key
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding
from kama_excel.forms import schema
from kama_excel.forms.reading.recognise import FormTable
from kama_excel.forms.snapshot import IssuedPicture
from kama_excel.parsing.parsed import Parsed, Problem, failed
from kama_excel.spreadsheets.cells import AS_STORED, UNCROPPED, SheetPicture, Workbook, a1


def form_pictures(
    workbook: Workbook, tables: Sequence[FormTable], file: str, department: str
) -> tuple[tuple[Entry, ...], tuple[Finding, ...]]:
    """Return the pictures inside a frame of 写真, and findings on all others."""
    frames = tuple(_frames(tables)) if workbook.pictures else ()
    entries: dict[Slot, Entry] = {}
    findings: list[Finding] = []
    for each in workbook.pictures:
        place = Place(file, each.sheet, a1(each.row, each.column) if each.row else "")
        slot = _free_slot(each, frames, entries)
        picture: Parsed[Picture] = Parsed(problem=slot.problem) if slot.value is None else _printed(each)
        if slot.value and picture.value:
            entries[slot.value] = Entry(*slot.value, picture.value, str(Field.PICTURE), place)
        if problem := picture.problem:
            findings.append(finding(problem.code, place, department=department, **dict(problem.details)))
    return tuple(entries.values()), tuple(findings)


def _free_slot(picture: SheetPicture, frames: Sequence[_Frame], taken: Collection[Slot]) -> Parsed[Slot]:
    """Return the frame of a picture, else a free one of its action.

    No frame if the picture cannot be published.
    """
    if picture.reason:
        return failed(picture.code, reason=picture.reason)
    frame = next((frame for frame in frames if frame.holds(picture)), None)
    if frame is None:
        is_on_cover = normalize_key(picture.sheet) == normalize_key(schema.COVER_SHEET)
        return failed(Code.PICTURE_ON_COVER if is_on_cover else Code.PICTURE_OUTSIDE)
    for slot in (frame.slot, *schema.picture_slots(frame.slot[0])):
        if slot not in taken:
            return Parsed(slot)
    return failed(Code.PICTURE_TOO_MANY, action=frame.slot[0].action_no, most=schema.PICTURES_PER_ACTION)


def _printed(picture: SheetPicture) -> Parsed[Picture]:
    """Prepare a picture for print as its sheet shows it."""
    from kama_excel.forms.reading.prepare_picture import PictureError, prepare_picture  # noqa: PLC0415 -- loaded where it is needed

    try:
        prepared = Picture.of(*prepare_picture(picture.content, picture.drawn))
    except PictureError as error:
        return failed(Code.PICTURE_UNREADABLE, reason=str(error))
    except MemoryError:
        return failed(Code.PICTURE_TOO_LARGE)
    is_turned = picture.drawn._replace(cropped=UNCROPPED) != AS_STORED
    return Parsed(prepared, Problem(Code.PICTURE_TURNED) if is_turned else None)


def picture_frames(
    workbook: Workbook, tables: Sequence[FormTable], issued: Mapping[Slot, IssuedPicture]
) -> dict[Slot, tuple[str, str]]:
    """Return the sheet and the cell of each frame.

    The frame of an issued picture stays even if its row is gone. Empty if the workbook's format gives no pictures
    (.xlsb) or no positions (.xls).
    """
    if workbook.is_plain or any(each.reason and not each.sheet for each in workbook.pictures):
        return {}
    were = {slot: (schema.PICTURE_SHEET.name, each.address) for slot, each in issued.items()}
    return were | {each.slot: (each.sheet, a1(each.row, each.column)) for each in _frames(tables)}


class _Frame(NamedTuple):
    """A frame of 写真: its current cell and its input."""

    sheet: str
    row: int
    column: int
    slot: Slot
    is_alone: bool
    """Whether it is the only frame of its row, as in older forms.

    The row then decides the picture's action.
    """

    def holds(self, picture: SheetPicture) -> bool:
        """Return whether a picture's upper left corner is in the frame."""
        is_there = (picture.sheet, picture.row) == (self.sheet, self.row)
        return is_there and (self.is_alone or picture.column == self.column)


def _frames(tables: Sequence[FormTable]) -> Iterator[_Frame]:
    for found in tables:
        if found.form_sheet != schema.PICTURE_SHEET:
            continue
        table = found.table
        columns = [table.columns.get(column.heading) for column in found.form_sheet.columns if column.picture]
        for (number, _), key in found.rows:
            if key.kind is not KeyKind.PICTURE or key.action_no is None:
                continue
            if key.picture is not None:
                at = table.columns.get(Field.PICTURE, 1)
                yield _Frame(found.sheet.name, number, at, (key, Field.PICTURE), is_alone=True)
                continue
            for slot, column in zip(schema.picture_slots(key), columns, strict=True):
                if column:
                    yield _Frame(found.sheet.name, number, column, slot, is_alone=False)
