"""Identify rows that were moved without their hidden 管理番号, by their printed texts.

Sorting, pasting or deleting visible cells leaves the hidden column unchanged. A row whose printed texts are all
those of one other row is that row; one with texts of another row beside its own is ambiguous.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from kama_excel.domain.keys import Key
from kama_excel.forms import schema
from kama_excel.forms.reading.recognise import FormTable, keyed_rows
from kama_excel.forms.snapshot import IssuedRow, written_text
from kama_excel.spreadsheets.cells import BLANK, Cell
from kama_excel.spreadsheets.reading.found_tables import FoundTable

_WORDS = (schema.ACTION, schema.PLANNED_WORK, schema.NAME)
"""The headings that identify a row.

Under any other heading an edited text may be another row's by chance.
"""
_ALIKE = (schema.KEY, schema.NOTICE)
"""The headings of printed texts that do not identify a row."""
Texts = tuple[str, ...]


def reassign_moved_rows(found: FormTable, sent: Sequence[IssuedRow]) -> FormTable:
    """Return the table with 管理番号 by its rows' texts, `moved` and `mixed` filled in.

    `sent` may be of all sheets.
    """
    headings = [each for each in found.form_sheet.printed if each in found.table.columns and each not in _ALIKE]
    printed = {
        key: tuple([texts.get(heading, "") for heading in headings])
        for key, texts in sent
        if schema.sheet_of(key) is found.form_sheet
    }
    cells, columns = found.sheet.cells, [found.table.columns[heading] for heading in headings]
    changed: dict[int, tuple[Key, Texts]] = {}
    for (number, _), key in found.rows:
        texts = tuple([written_text(cells.get((number, column), BLANK)) for column in columns])
        if texts != printed.get(key, texts):
            changed[number] = key, texts
    if not changed:
        return found
    keys_of: dict[Texts, list[Key]] = {}
    for key, texts in printed.items():
        keys_of.setdefault(texts, []).append(key)
    moved: dict[int, tuple[Key, Key]] = {}
    mixed: dict[int, str] = {}
    for number, (key, texts) in changed.items():
        if len(others := keys_of.get(texts, [])) == 1:
            moved[number] = (key, others[0])
        elif foreign := _foreign_words(headings, texts, key, printed):
            mixed[number] = foreign
    table = _with_keys(found, moved)
    return found._replace(table=table, rows=keyed_rows(table), moved=moved, mixed=mixed)


def _foreign_words(headings: Sequence[str], row_texts: Texts, key: Key, printed: Mapping[Key, Texts]) -> str:
    """Return the text of another row in place of the row's own; '' if there is none."""
    for at, heading in enumerate(headings):
        is_own = row_texts[at] == printed[key][at]
        if heading in _WORDS and not is_own and any(row_texts[at] == texts[at] for texts in printed.values()):
            return row_texts[at]
    return ""


def _with_keys(found: FormTable, moved: Mapping[int, tuple[Key, Key]]) -> FoundTable:
    sheet, at = found.sheet, found.table.columns.get(schema.KEY)
    keys = {(number, at): Cell(str(key)) for number, (_, key) in moved.items() if at}
    if not keys:
        return found.table
    sheet, table = sheet._replace(cells={**sheet.cells, **keys}), found.table
    return FoundTable(sheet, table.heading_row, table.columns, table.twice)
