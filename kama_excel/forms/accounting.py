"""Every cell that a person filled is used or named: what is neither an input nor what the program had printed.

Printed texts are recognised by the form's own ledger, per sheet and by their text, because rows move; a sheet that the
form does not have (a copy, one that was added) is compared with the texts of all sheets.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Collection, Iterator

from kama_excel.cells import Cell, Sheet, Workbook, a1
from kama_excel.forms import layout
from kama_excel.forms.ledger import ledger_rows, text_of
from kama_excel.tables import find_table
from kama_excel.values import is_blank

Position = tuple[int, int]


def typed_outside(workbook: Workbook, used: Collection[tuple[str, Position]]) -> Iterator[tuple[str, str, Cell]]:
    """Yield sheet, address and cell of all that stands outside the form's inputs and was not printed by the program.

    `used` are the cells that the reader has taken or named. A form without a ledger (an older one) yields nothing.
    """
    ledger = ledger_rows(workbook)
    if not ledger:
        return
    printed: dict[str, Counter[str]] = {}
    answers: set[tuple[str, str]] = set()
    for sheet_name, address, text in ledger:
        if text == layout.LEDGER_FORMULA:
            answers.add((sheet_name, address))
        printed.setdefault(sheet_name, Counter())[text] += 1
    everything = sum(printed.values(), Counter())
    for sheet in workbook.sheets:
        if sheet.name == layout.IDENTITY_SHEET:
            continue
        left = Counter(printed.get(sheet.name, everything))
        is_answer = _answers(
            sheet, {address for name, address in answers if name == sheet.name}, is_own=sheet.name in printed
        )
        for place, cell in sorted(sheet.cells.items()):
            if is_blank(cell) or (sheet.name, place) in used or is_answer(place, cell):
                continue
            if left[text := text_of(cell)] > 0:
                left[text] -= 1
            else:
                yield sheet.name, a1(*place), cell


def _answers(sheet: Sheet, addresses: Collection[str], *, is_own: bool) -> Callable[[Position, Cell], bool]:
    """Return what tells the form's own formulas: by their place in the ledger, or by the column of an answer."""
    form_sheet = next((each for each in layout.TABLE_SHEETS if each.name == sheet.name), None)
    table = find_table(sheet, form_sheet.headings) if form_sheet else None
    columns: set[int] = set()
    if form_sheet and table:
        columns = {
            table.columns[each.heading]
            for each in form_sheet.columns
            if each.is_answer and each.heading in table.columns
        }

    def is_answer(place: Position, cell: Cell) -> bool:
        may_be_formula = cell.is_formula or cell.is_percent is None  # .xls and .ods do not tell
        if not may_be_formula:
            return False
        if a1(*place) in addresses:
            return True
        if table and place[0] > table.heading_row and place[1] in columns:
            return True
        return cell.is_formula and (sheet.name == layout.COVER_SHEET or not is_own)

    return is_answer
