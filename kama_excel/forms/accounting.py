"""Every cell that a person filled is used or named: what is neither an input nor what the program had printed.

Printed texts are recognised by the form's own ledger, per sheet: at the address where they were printed, or by their
text, because rows and columns move. What was filled in beforehand is an input and not printed. Sheets are told by their
role; one that the form does not have (it was added) is compared with the texts of all sheets, and a figure on it is
always somebody's. In a form without a ledger (pasted into a new workbook) what stands under the headings, in a row with
a 管理番号, is taken for printed, and nothing else below them.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence

from kama_excel.cells import Cell, Sheet, Workbook, a1
from kama_excel.forms import layout, phrases
from kama_excel.forms.ledger import LedgerRow, text_of
from kama_excel.forms.recognition import FormTable, is_like_cover
from kama_excel.values import folded, is_blank

Position = tuple[int, int]

_AVERAGE_HEADING = re.compile(r"自課の.*平均|[A-Z]\d+(平均|予定)")


def typed_outside(
    workbook: Workbook,
    tables: Sequence[FormTable],
    cover: Sheet | None,
    used: Collection[tuple[str, Position]],
    printed: Sequence[LedgerRow],
) -> Iterator[tuple[str, str, Cell]]:
    """Yield sheet, address and cell of all that stands outside the form's inputs and was not printed by the program.

    `used` are the cells that the reader has taken or named, `printed` the form's ledger.
    """
    ledger = _Ledger([each for each in printed if not each.is_entered])
    by_sheet = {each.sheet.name: each for each in tables}
    for sheet in workbook.sheets:
        if sheet.name == layout.IDENTITY_SHEET:
            continue
        table = by_sheet.get(sheet.name)
        is_cover = sheet is cover or (bool(ledger.rows) and table is None and is_like_cover(sheet))
        role = table.form_sheet.name if table else layout.COVER_SHEET if is_cover else ledger.role_of(sheet)
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

    def __init__(self, rows: Sequence[LedgerRow]) -> None:
        self.rows = rows
        self.texts: dict[str, dict[str, str]] = {}
        for each in rows:
            self.texts.setdefault(each.sheet, {})[each.address] = each.text

    def role_of(self, sheet: Sheet) -> str:
        """Return the sheet of the form that one without a table is by its name; '' for none of them."""
        return next((name for name in self.texts if folded(name) == folded(sheet.name)), "")

    def without_printed(self, role: str, typed: dict[Position, Cell], table: FormTable | None) -> Iterator[Position]:
        """Yield the places of what was not printed: first what stands where it was printed is told, then what moved."""
        at = self.texts.get(role, {})
        left = Counter(_movable(at) if role else (row.text for row in self.rows if not _is_figure(row.text)))
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
            if left[text] > 0 and not (table and _is_somebodys(text, place, table)):
                left[text] -= 1
            else:
                yield place

    def _text(self, role: str, cell: Cell) -> str:
        return layout.LEDGER_FORMULA if cell.is_formula and role else text_of(cell)


def _movable(at: dict[str, str]) -> Iterator[str]:
    """Yield the printed texts of a sheet that may stand elsewhere now; a formula below the headings is an answer's.

    What moves with its heading is told by that: were it counted here, somebody's formula above would pass for it.
    """
    heading_row = next((_row_of(address) for address, text in at.items() if text == layout.KEY), None)
    for address, text in at.items():
        if text != layout.LEDGER_FORMULA or heading_row is None or _row_of(address) <= heading_row:
            yield text


def _row_of(address: str) -> int:
    return int(address.lstrip("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))


def _is_somebodys(text: str, place: Position, found: FormTable) -> bool:
    """Whether what stands below the headings cannot have moved there: a formula, a figure outside the table's rows."""
    if place[0] <= found.table.heading_row:
        return False
    if text == layout.LEDGER_FORMULA:
        return True
    key = found.table.columns.get(layout.KEY)
    in_row = key is None or not is_blank(found.sheet.cell(place[0], key))
    return _is_figure(text) and not (in_row and place[1] in found.table.columns.values())


def _is_figure(text: str) -> bool:
    """Whether a printed text is a bare number: one that somebody typed elsewhere may be the same."""
    return text.replace(".", "", 1).lstrip("-").isdecimal()


def _is_answer(cell: Cell, place: Position, found: FormTable | None) -> bool:
    """Whether a formula stands in the column of one of the form's own answers, in a row of the form."""
    if not found or place[0] <= found.table.heading_row:
        return False
    key = found.table.columns.get(layout.KEY)
    if key and is_blank(found.sheet.cell(place[0], key)):
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
            if (place[1] not in headings or not has_key) and cell.value != phrases.NOTHING_WANTED:
                yield place
        elif place[0] == found.table.heading_row and not _is_heading(cell, found):
            yield place


def _is_heading(cell: Cell, found: FormTable) -> bool:
    return _is_answer_heading(cell, found) or folded(cell.text) in map(folded, found.form_sheet.headings)
