"""Every cell that a person filled is used or named: what is neither an input nor what the program had printed.

Printed texts are recognised by the form's own ledger, per sheet: at the address where they were printed, or by their
text, because rows and columns move. Sheets are told by their role; one that the form does not have (it was added) is
compared with the texts of all sheets. In a form without a ledger (pasted into a new workbook) what stands under the
headings, in a row with a 管理番号, is taken for printed, and nothing else below them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from kama_excel.cells import Cell, Sheet, Workbook, a1
from kama_excel.forms import layout
from kama_excel.forms.ledger import text_of
from kama_excel.forms.recognition import FormTable
from kama_excel.values import folded, is_blank

Position = tuple[int, int]

_AVERAGE_HEADING = re.compile(r"自課の.*平均|[A-Z]\d+(平均|予定)")


def typed_outside(
    workbook: Workbook,
    ledger_rows: Sequence[tuple[str, str, str]],
    tables: Sequence[FormTable],
    cover: Sheet | None,
    used: Collection[tuple[str, Position]],
) -> Iterator[tuple[str, str, Cell]]:
    """Yield sheet, address and cell of all that stands outside the form's inputs and was not printed by the program.

    `ledger_rows` are what the program had printed, `used` the cells that the reader has taken or named.
    """
    ledger = _Ledger(ledger_rows)
    by_sheet = {each.sheet.name: each for each in tables}
    for sheet in workbook.sheets:
        if sheet.name == layout.IDENTITY_SHEET:
            continue
        table = by_sheet.get(sheet.name)
        role = table.form_sheet.name if table else layout.COVER_SHEET if sheet is cover else ""
        typed = {
            place: cell
            for place, cell in sorted(sheet.cells.items())
            if not is_blank(cell) and (sheet.name, place) not in used and not _is_answer(cell, place, table)
        }
        left = ledger.without_printed(role, typed, table) if ledger.rows else _unheaded(role, typed, table)
        for place in left:
            yield sheet.name, a1(*place), typed[place]


class _Ledger:
    """What was printed, by the name of the sheet that it was printed on."""

    def __init__(self, rows: Sequence[tuple[str, str, str]]) -> None:
        self.rows = rows
        self.texts: dict[str, dict[str, str]] = {}
        for sheet, address, text in rows:
            self.texts.setdefault(sheet, {})[address] = text

    def without_printed(self, role: str, typed: dict[Position, Cell], table: FormTable | None) -> Iterator[Position]:
        """Yield the places of what was not printed: first what stands where it was printed is told, then what moved."""
        at = self.texts.get(role, {})
        left = Counter(at.values()) if role else Counter(text for _, _, text in self.rows)
        moved: list[Position] = []
        for place, cell in typed.items():
            text = self._text(role, cell)
            printed = at.get(a1(*place))
            if printed == text or (printed == layout.LEDGER_FORMULA and _may_be_formula(cell)):
                left[printed] -= 1
            else:
                moved.append(place)
        for place in moved:
            text = self._text(role, typed[place])
            is_below = table is not None and place[0] > table.table.heading_row
            if left[text] > 0 and not (text == layout.LEDGER_FORMULA and is_below):
                left[text] -= 1
            else:
                yield place

    def _text(self, role: str, cell: Cell) -> str:
        return layout.LEDGER_FORMULA if cell.is_formula and role else text_of(cell)


def _is_answer(cell: Cell, place: Position, found: FormTable | None) -> bool:
    """Whether a formula stands in the column of one of the form's own answers."""
    if not found or place[0] <= found.table.heading_row:
        return False
    return _may_be_formula(cell) and _is_answer_heading(found.sheet.cell(found.table.heading_row, place[1]), found)


def _may_be_formula(cell: Cell) -> bool:
    return cell.is_formula or cell.is_percent is None  # .xls and .ods do not tell


def _is_answer_heading(cell: Cell, found: FormTable) -> bool:
    word = folded(cell.text)
    return word in {each.heading for each in found.form_sheet.columns if each.is_answer} or bool(
        _AVERAGE_HEADING.fullmatch(word)
    )


def _unheaded(role: str, typed: dict[Position, Cell], found: FormTable | None) -> Iterator[Position]:
    """Yield what no heading and no 管理番号 accounts for in a form without a ledger."""
    if role == layout.COVER_SHEET:
        return
    for place, cell in typed.items():
        if found is None:
            yield place
        elif place[0] > found.table.heading_row:
            headings = {column: heading for heading, column in found.table.columns.items()}
            key = found.table.columns.get(layout.KEY)
            has_key = key is not None and not is_blank(found.sheet.cell(place[0], key))
            if place[1] not in headings or not has_key:
                yield place
        elif place[0] == found.table.heading_row and not _is_heading(cell, found):
            yield place


def _is_heading(cell: Cell, found: FormTable) -> bool:
    return _is_answer_heading(cell, found) or folded(cell.text) in map(folded, found.form_sheet.headings)
