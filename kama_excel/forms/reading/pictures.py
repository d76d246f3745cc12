"""Read the pictures pasted into a form: the place, not the order, decides the action of each."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kama_excel.domain.entries import Picture
from kama_excel.domain.keys import Field, Key, KeyKind
from kama_excel.domain.place import Place
from kama_excel.domain.text import normalize_key
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding
from kama_excel.forms import schema
from kama_excel.forms.reading.recognise import FormTable
from kama_excel.forms.snapshot import SnapshotRow, issued_pictures
from kama_excel.forms.submission import SentPicture
from kama_excel.spreadsheets.cells import AS_STORED, UNCROPPED, SheetPicture, Workbook, a1
from kama_excel.spreadsheets.reading.found_tables import Row


def form_pictures(
    workbook: Workbook, tables: Sequence[FormTable], file: str, department: str, find: Callable[[Finding], None]
) -> Iterator[Picture]:
    """Yield the pictures inside a frame of 写真; every other one becomes a finding."""
    if not workbook.pictures:
        return
    from kama_excel.forms.reading.prepare_picture import PictureError, prepare_picture  # noqa: PLC0415 -- loaded where it is needed

    frames = tuple(_frames(tables))
    taken: set[tuple[int, int]] = set()
    for each in workbook.pictures:
        place = Place(file, each.sheet, a1(each.row, each.column) if each.row else "")
        if each.reason:
            find(finding(each.code, place, department=department, reason=each.reason))
            continue
        frame = next((frame for frame in frames if frame.holds(each)), None)
        if frame is None:
            is_on_cover = normalize_key(each.sheet) == normalize_key(schema.COVER_SHEET)
            code = Code.PICTURE_ON_COVER if is_on_cover else Code.PICTURE_OUTSIDE
            find(finding(code, place, department=department))
            continue
        action_no, number = frame.action_no, frame.number
        free = [at for at in (number, *range(1, schema.PICTURES_PER_ACTION + 1)) if (action_no, at) not in taken]
        if not free:
            most = schema.PICTURES_PER_ACTION
            find(finding(Code.PICTURE_TOO_MANY, place, department=department, action=action_no, most=most))
            continue
        try:
            content, width, height = prepare_picture(each.content, each.drawn)
        except PictureError as error:
            find(finding(Code.PICTURE_UNREADABLE, place, department=department, reason=error))
            continue
        if each.drawn._replace(cropped=UNCROPPED) != AS_STORED:
            find(finding(Code.PICTURE_TURNED, place, department=department))
        taken.add((action_no, free[0]))
        yield Picture(action_no, free[0], content, width, height, place)


def sent_pictures(
    workbook: Workbook, tables: Sequence[FormTable], file: str, snapshot: Sequence[SnapshotRow]
) -> tuple[SentPicture, ...]:
    """Return the pictures that a form was issued with, at the current place of their frame, else the original one.

    () where the workbook's format gives no pictures (.xlsb) or no places (.xls).
    """
    if workbook.is_plain or any(each.reason and not each.sheet for each in workbook.pictures):
        return ()
    frames = {
        (each.action_no, each.number): Place(file, each.sheet, a1(each.row, each.column)) for each in _frames(tables)
    }
    return tuple(
        SentPicture(*frame, sha256, frames.get(frame) or Place(file, schema.PICTURE_SHEET.name, address))
        for key, address, sha256 in issued_pictures(snapshot)
        if (frame := _frame_of(key))
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """A frame of 写真: its current cell, and its action and number."""

    sheet: str
    row: int
    column: int
    action_no: int
    number: int
    is_alone: bool
    """Whether it is the only frame of its row, as in older forms: then the row decides the picture's action."""

    def holds(self, picture: SheetPicture) -> bool:
        """Return whether a picture's upper left corner is in the frame."""
        is_there = (picture.sheet, picture.row) == (self.sheet, self.row)
        return is_there and (self.is_alone or picture.column == self.column)


def _frames(tables: Sequence[FormTable]) -> Iterator[_Frame]:
    for found in tables:
        if found.form_sheet != schema.PICTURE_SHEET:
            continue
        table = found.table
        beside = {column.picture: table.columns.get(column.heading) for column in found.form_sheet.columns}
        for number in range(table.heading_row + 1, table.last_row + 1):
            key = Key.typed(Row(number, table).cell(schema.KEY).text)
            if frame := _frame_of(key):
                yield _Frame(found.sheet.name, number, table.columns.get(Field.PICTURE, 1), *frame, is_alone=True)
            elif key.kind is KeyKind.PICTURE and key.action_no is not None:
                for picture, column in beside.items():
                    if picture and column:
                        yield _Frame(found.sheet.name, number, column, key.action_no, picture, is_alone=False)


def _frame_of(key: Key) -> tuple[int, int] | None:
    """Return the action and the picture number of a key; None where it is no picture's."""
    return None if key.action_no is None or key.picture is None else (key.action_no, key.picture)
