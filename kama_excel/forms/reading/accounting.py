"""Find the cells that a person filled outside the inputs.

Printed texts are recognised by the form's own snapshot, per sheet: at the address where they were printed, or by
their text, because rows and columns move. A prefilled input is not a printed text. Sheets are identified by their
role; an added sheet is compared with the texts of all sheets, and a figure on it is always a person's. In a form
without a snapshot (pasted into a new workbook) the cells under the headings in a row with a 管理番号 count as
printed, and nothing else below them.
"""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import TypeVar

from kama_excel.domain.keys import Key
from kama_excel.domain.text import normalize_key
from kama_excel.forms import schema
from kama_excel.forms.reading.recognise import FormTable, is_like_cover
from kama_excel.forms.schema import FormSheet
from kama_excel.forms.snapshot import Snapshot, written_text
from kama_excel.spreadsheets.cells import Cell, Position, Sheet, Workbook, a1, is_blank

T = TypeVar("T")
_NO_TEXT = object()
"""Stands for the text of a cell in which nothing was printed."""
_AVERAGE_HEADING = re.compile(r"自課の.*平均|[A-Z]\d+(平均|予定)")


def unexpected_cells(
    workbook: Workbook,
    tables: Sequence[FormTable],
    cover: Sheet | None,
    used: Mapping[str, Collection[Position]],
    snapshot: Snapshot,
) -> Iterator[tuple[str, str, Cell]]:
    """Yield sheet, address and cell of everything outside the inputs that was not printed.

    `used` are the cells that the reader has used or reported, by sheet.
    """
    by_sheet = {each.sheet.name: each for each in tables}
    for sheet in workbook.sheets:
        name = sheet.name
        if name == schema.IDENTITY_SHEET:
            continue
        table = by_sheet.get(name)
        is_cover = sheet is cover or (bool(snapshot.printed) and table is None and is_like_cover(sheet))
        role = table.form_sheet.name if table else schema.COVER_SHEET if is_cover else _role_of(sheet, snapshot)
        at, known = snapshot.printed.get(role, {}), used.get(name, ())
        changed = [
            each for each in sheet.cells.items() if each[1].is_formula or each[1].value != at.get(each[0], _NO_TEXT)
        ]
        if all(place in known or is_blank(cell) or _text(cell, role) == at.get(place) for place, cell in changed):
            continue  # every text is where it was printed
        typed = _typed(sheet.cells, known, table, snapshot)
        left = _without_printed(snapshot, role, typed, table) if snapshot.printed else _unheaded(role, typed, table)
        for place in left:
            yield name, a1(*place), typed[place]


def _role_of(sheet: Sheet, snapshot: Snapshot) -> str:
    """Return the form's sheet with a sheet's name, if it has no table; '' if none."""
    return next((name for name in snapshot.printed if normalize_key(name) == normalize_key(sheet.name)), "")


def _typed(
    cells: Mapping[Position, Cell], known: Collection[Position], table: FormTable | None, snapshot: Snapshot
) -> dict[Position, Cell]:
    """Return the cells that are not blank, not `known` and not the form's own formulas."""
    answers = _answers(cells, table, snapshot.keys(table.form_sheet.name)) if table else set()
    return {
        place: cell
        for place, cell in cells.items()
        if place not in known and place not in answers and not is_blank(cell)
    }


def _text(cell: Cell, role: str) -> str:
    """Return the text of a cell as the snapshot stores it."""
    return schema.SNAPSHOT_FORMULA if cell.is_formula and role else written_text(cell)


def _without_printed(
    snapshot: Snapshot, role: str, typed: dict[Position, Cell], table: FormTable | None
) -> Iterator[Position]:
    """Return the positions of cells that were not printed, in order.

    Texts in the row of their 管理番号 are matched first, then those at their printed address, then moved ones: of
    two equal texts, the one in an added row is not the program's.
    """
    at = snapshot.printed.get(role, {})
    texts = {place: _text(cell, role) for place, cell in sorted(typed.items())}
    movable = _movable(at)
    left = Counter(movable.values() if role else _words(snapshot))
    in_row = _in_their_rows(texts, _texts_of_rows(at, snapshot.keys(role), table), table) if table else set()
    left.subtract([texts[place] for place in in_row])
    others = {place: text for place, text in texts.items() if place not in in_row}
    formulas = {place for place in others if at.get(place) == schema.SNAPSHOT_FORMULA and _may_be_formula(typed[place])}
    unmoved = formulas | _as_many_as(left, {place: text for place, text in others.items() if at.get(place) == text})
    left.subtract([at[place] for place in unmoved if place in movable])
    others = {place: text for place, text in others.items() if place not in unmoved}
    moved = _as_many_as(left, _not_typed(others, table) if table else others)
    return (place for place in others if place not in moved)


def _in_their_rows(
    texts: Mapping[Position, str], rows: Mapping[int, Mapping[int, str]], table: FormTable
) -> set[Position]:
    """Return the positions of texts in the row of their 管理番号, in their column or another one.

    `rows` are the printed texts by row, and in it by column.
    """
    texts = _not_typed(texts, table)
    at_home = {place for place, text in texts.items() if rows.get(place[0], {}).get(place[1]) == text}
    left = Counter(
        [(row, text) for row, printed in rows.items() for at, text in printed.items() if (row, at) not in at_home]
    )
    others = {place: (place[0], text) for place, text in texts.items() if place not in at_home}
    return at_home | _as_many_as(left, others)


def _not_typed(texts: Mapping[Position, str], table: FormTable) -> dict[Position, str]:
    """Return the texts that need not be a person's."""
    return {place: text for place, text in texts.items() if not _is_typed(text, place, table)}


def _as_many_as(left: Counter[T], found: Mapping[Position, T]) -> set[Position]:
    """Return the first positions of each text, as many as are `left` of it."""
    seen, places = Counter[T](), set[Position]()
    for place, text in found.items():
        seen[text] += 1
        if seen[text] <= left[text]:
            places.add(place)
    return places


def _words(snapshot: Snapshot) -> Iterator[str]:
    """Yield the printed texts of all sheets, except for figures."""
    return (text for texts in snapshot.printed.values() for text in texts.values() if not _is_figure(text))


def _movable(at: Mapping[Position, str]) -> dict[Position, str]:
    """Return the printed texts of a sheet that may have moved.

    A formula below the headings is not among them: it moves with its heading and is recognised by that. Here it
    would hide a person's formula above.
    """
    last = _heading_row(at)
    return {place: text for place, text in at.items() if text != schema.SNAPSHOT_FORMULA or place[0] <= last}


def _texts_of_rows(at: Mapping[Position, str], keys: dict[Key, int], found: FormTable) -> dict[int, dict[int, str]]:
    """Return the printed texts by column and current row of their 管理番号, without formulas.

    If two rows have the same 管理番号, the row where it was printed has them, else the first.
    """
    rows: dict[int, dict[int, str]] = {}
    for (number, column), text in at.items():
        if text != schema.SNAPSHOT_FORMULA:
            rows.setdefault(number, {})[column] = text
    now: dict[Key, int] = {}
    for row, key in found.rows:
        if key in keys and (key not in now or row.number == keys[key]):
            now[key] = row.number
    return {number: rows[keys[key]] for key, number in now.items()}


def _heading_row(at: Mapping[Position, str]) -> float:
    """Return the row of the printed headings; infinite on a sheet without a table."""
    return next((row for (row, _), text in at.items() if text == schema.KEY), math.inf)


def _is_typed(text: str, place: Position, found: FormTable) -> bool:
    """Return whether a cell below the headings must be a person's.

    True for a formula, and for a figure outside the rows: neither can have moved there.
    """
    if place[0] <= found.table.heading_row:
        return False
    if text == schema.SNAPSHOT_FORMULA:
        return True
    key = found.table.columns.get(schema.KEY)
    in_row = key is None or not is_blank(found.sheet.cell(place[0], key))
    return _is_figure(text) and not (in_row and place[1] in found.table.columns.values())


def _is_figure(text: str) -> bool:
    """Return whether a printed text is a bare number, which a person may have typed too."""
    return text.replace(".", "", 1).lstrip("-").isdecimal()


def _answers(cells: Mapping[Position, Cell], found: FormTable, printed: Collection[Key]) -> set[Position]:
    """Return the positions among `cells` of the form's own formulas.

    They are under a formula heading, in a row of the form. That is a row whose 管理番号 is among the `printed`;
    without a snapshot any 管理番号 counts.
    """
    table = found.table
    columns = {at for at, text in table.headings if _is_answer_heading(text, found.form_sheet)}
    rows = set()
    for row, key in found.rows:
        if schema.KEY not in table.columns or (key in printed if printed else key):
            rows.add(row.number)
    return {
        place for place, cell in cells.items() if place[1] in columns and place[0] in rows and _may_be_formula(cell)
    }


def _may_be_formula(cell: Cell) -> bool:
    return cell.is_formula or cell.is_percent is None  # .xls and .ods do not mark formulas


def _is_answer_heading(text: str, form_sheet: FormSheet) -> bool:
    """Return whether a normalised heading is one of the form's own formulas."""
    return text in form_sheet.answers or bool(_AVERAGE_HEADING.fullmatch(text))


def _unheaded(role: str, typed: dict[Position, Cell], found: FormTable | None) -> Iterator[Position]:
    """Yield cells without heading and 管理番号 in a form without a snapshot."""
    if role == schema.COVER_SHEET:
        return
    for place, cell in sorted(typed.items()):
        if found is None:
            yield place
        elif place[0] > found.table.heading_row:
            headings = {column: heading for heading, column in found.table.columns.items()}
            key = found.table.columns.get(schema.KEY)
            has_key = key is not None and not is_blank(found.sheet.cell(place[0], key))
            if (place[1] not in headings or not has_key) and cell.value != schema.NOTHING_WANTED:
                yield place
        elif place[0] == found.table.heading_row and not _is_heading(cell, found.form_sheet):
            yield place


def _is_heading(cell: Cell, form_sheet: FormSheet) -> bool:
    text = normalize_key(cell.text)
    return _is_answer_heading(text, form_sheet) or text in map(normalize_key, form_sheet.headings)
