"""Pictures pasted into a form: the place, not the order, says which action each belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kama_excel.cells import Workbook, a1
from kama_excel.findings import Code, Finding, Place, finding
from kama_excel.forms import layout
from kama_excel.forms.ledger import LedgerRow, hung
from kama_excel.forms.recognition import FormTable
from kama_excel.forms.submission import Picture, SentPicture
from kama_excel.tables import Row
from kama_excel.values import folded


def form_pictures(
    workbook: Workbook, tables: Sequence[FormTable], file: str, department: str, find: Callable[[Finding], None]
) -> Iterator[Picture]:
    """Yield the pictures that stand in a frame of 写真; every other one is named by a finding."""
    if not workbook.pictures:
        return
    from kama_excel.intake.pictures import PictureError, prepare_picture  # noqa: PLC0415 -- Pillow, for pictures alone

    frames = {(frame.sheet, frame.row): frame for frame in _frames(tables)}
    taken: set[tuple[int, int]] = set()
    for each in workbook.pictures:
        place = Place(file, each.sheet, a1(each.row, each.column) if each.row else "")
        if each.reason:
            find(finding(Code.PICTURE_UNREADABLE, place, department=department, reason=each.reason))
            continue
        frame = frames.get((each.sheet, each.row))
        if frame is None:
            find(finding(Code.PICTURE_OUTSIDE, place, department=department))
            continue
        action_no, number = frame.action_no, frame.number
        free = [at for at in (number, *range(1, layout.PICTURES_PER_ACTION + 1)) if (action_no, at) not in taken]
        if not free:
            most = layout.PICTURES_PER_ACTION
            find(finding(Code.PICTURE_TOO_MANY, place, department=department, action=action_no, most=most))
            continue
        try:
            content, width, height = prepare_picture(each.content, each.cropped)
        except PictureError as error:
            find(finding(Code.PICTURE_UNREADABLE, place, department=department, reason=error))
            continue
        taken.add((action_no, free[0]))
        yield Picture(action_no, free[0], content, width, height, place)


def sent_pictures(
    workbook: Workbook, tables: Sequence[FormTable], file: str, ledger: Sequence[LedgerRow]
) -> tuple[SentPicture, ...]:
    """Return what a form was sent out with, each at its frame of today; where the frame is gone, at its address of then.

    Nothing where the workbook's format does not tell its pictures (.xlsb) or their places (.xls).
    """
    if workbook.is_plain or any(each.reason and not each.sheet for each in workbook.pictures):
        return ()
    frames = {
        (each.action_no, each.number): Place(file, each.sheet, a1(each.row, each.column)) for each in _frames(tables)
    }
    return tuple(
        SentPicture(*frame, sha256, frames.get(frame) or Place(file, layout.PICTURE_SHEET.name, address))
        for key, address, sha256 in hung(ledger)
        if (frame := _action_and_number(key))
    )


@dataclass(frozen=True, slots=True)
class _Frame:
    """A frame of 写真: the cell it stands in now, and of what."""

    sheet: str
    row: int
    column: int
    action_no: int
    number: int


def _frames(tables: Sequence[FormTable]) -> Iterator[_Frame]:
    for found in tables:
        if found.form_sheet != layout.PICTURE_SHEET:
            continue
        table = found.table
        column = table.columns.get(layout.PICTURE, 1)
        for number in range(table.heading_row + 1, table.last_row + 1):
            if frame := _action_and_number(folded(Row(number, table).cell(layout.KEY).text)):
                yield _Frame(found.sheet.name, number, column, *frame)


def _action_and_number(key: str) -> tuple[int, int] | None:
    """Read P-6-市民課-2 as action 6, picture 2."""
    kind, _, rest = key.partition("-")
    action_no, _, name = rest.partition("-")
    number = name.rpartition("-")[2]
    return (int(action_no), int(number)) if kind == "P" and action_no.isdecimal() and number.isdecimal() else None
