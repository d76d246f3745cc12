"""Pictures pasted into a form: the place, not the order, says which action each belongs to."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence

from kama_excel.cells import Workbook, a1
from kama_excel.findings import Code, Finding, Place, finding
from kama_excel.forms import layout
from kama_excel.forms.recognition import FormTable
from kama_excel.forms.submission import Picture
from kama_excel.intake.pictures import PictureError, prepare_picture
from kama_excel.tables import Row
from kama_excel.values import folded


def form_pictures(
    workbook: Workbook, tables: Sequence[FormTable], file: str, department: str, find: Callable[[Finding], None]
) -> Iterator[Picture]:
    """Yield the pictures that stand in a frame of 写真; every other one is named by a finding."""
    frames = {frame: of for each in tables if each.form_sheet == layout.PICTURE_SHEET for frame, of in _frames(each)}
    taken: set[tuple[int, int]] = set()
    for each in workbook.pictures:
        place = Place(file, each.sheet, a1(each.row, each.column))
        frame = frames.get((each.sheet, each.row))
        if frame is None:
            find(finding(Code.PICTURE_OUTSIDE, place, department=department))
            continue
        action_no, number = frame
        free = [at for at in (number, *range(1, layout.PICTURES_PER_ACTION + 1)) if (action_no, at) not in taken]
        if not free:
            most = layout.PICTURES_PER_ACTION
            find(finding(Code.PICTURE_TOO_MANY, place, department=department, action=action_no, most=most))
            continue
        try:
            content, width, height = prepare_picture(each.content)
        except PictureError as error:
            find(finding(Code.PICTURE_UNREADABLE, place, department=department, reason=error))
            continue
        taken.add((action_no, free[0]))
        yield Picture(action_no, free[0], content, width, height, place)


def _frames(found: FormTable) -> Iterator[tuple[tuple[str, int], tuple[int, int]]]:
    """Yield sheet and row of each frame with its action and number."""
    table = found.table
    for number in range(table.heading_row + 1, table.last_row + 1):
        row = Row(number, table)
        if frame := _frame(folded(row.cell(layout.KEY).text)):
            yield (found.sheet.name, number), frame


def _frame(key: str) -> tuple[int, int] | None:
    """Read P-6-市民課-2 as action 6, picture 2."""
    kind, _, rest = key.partition("-")
    action_no, _, name = rest.partition("-")
    number = name.rpartition("-")[2]
    return (int(action_no), int(number)) if kind == "P" and action_no.isdecimal() and number.isdecimal() else None
