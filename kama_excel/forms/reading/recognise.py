"""Find the form's sheets in a workbook by their 管理番号 and headings, not by name.

A copied sheet has the role of its original. An edited heading is recognised if it is the only one missing.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from types import MappingProxyType
from typing import NamedTuple

from kama_excel.domain.keys import Key
from kama_excel.domain.text import normalize_key
from kama_excel.forms import schema
from kama_excel.forms.schema import FormSheet
from kama_excel.spreadsheets.cells import Sheet, Workbook
from kama_excel.spreadsheets.reading.found_tables import FoundRow, FoundTable, find_tables

_FEWEST_LABELS = 3
_HEADINGS = tuple(each.headings for each in schema.TABLE_SHEETS)


KeyedRows = tuple[tuple[FoundRow, Key], ...]


class FormTable(NamedTuple):
    """A table of the form as found: its role, its rows with their 管理番号, and assumptions.

    `guessed` are edited headings with their current text. `moved` are rows with the printed texts of another row, with
    the 管理番号 in their cell and the correct one; `mixed` are rows with texts of another row beside their own, with
    those texts.
    """

    form_sheet: FormSheet
    table: FoundTable
    rows: KeyedRows
    guessed: Mapping[str, str]
    moved: Mapping[int, tuple[Key, Key]] = MappingProxyType({})
    mixed: Mapping[int, str] = MappingProxyType({})

    @property
    def sheet(self) -> Sheet:
        """The sheet of the table."""
        return self.table.sheet


def keyed_rows(table: FoundTable) -> KeyedRows:
    """Return the rows of a table with their 管理番号."""
    return tuple([(row, Key.typed(row.cell(schema.KEY).text)) for row in table.rows])


def form_tables(workbook: Workbook) -> tuple[FormTable, ...]:
    """Return the form's tables in the order of its sheets, copies after the original."""
    found = [
        _recognised(*role)
        for sheet in workbook.sheets
        if sheet.name != schema.IDENTITY_SHEET and (role := _role(sheet))
    ]
    order = {each.name: number for number, each in enumerate(schema.TABLE_SHEETS)}
    return tuple(sorted(found, key=lambda each: (order[each.form_sheet.name], each.sheet.name != each.form_sheet.name)))


def cover_sheet(workbook: Workbook) -> Sheet | None:
    """Return the form's first sheet: by its name, else the first with most of its labels."""
    named = _named(workbook, schema.COVER_SHEET)
    return named or next((sheet for sheet in workbook.sheets if is_like_cover(sheet)), None)


def is_like_cover(sheet: Sheet) -> bool:
    """Return whether a sheet has most of the cover's labels below each other.

    Side by side they are a table's headings, as on 提出状況 of a consolidated workbook.
    """
    labels = {schema.DEPARTMENT, *schema.COVER_INPUTS}
    texts = ((row, normalize_key(cell.value)) for (row, _), cell in sheet.cells.items() if isinstance(cell.value, str))
    row_of = {label: row for row, label in texts if label in labels}
    return len(set(row_of.values())) >= _FEWEST_LABELS and sheet.name != schema.IDENTITY_SHEET


def _named(workbook: Workbook, name: str) -> Sheet | None:
    return next((sheet for sheet in workbook.sheets if normalize_key(sheet.name) == normalize_key(name)), None)


def _role(sheet: Sheet) -> tuple[FormSheet, FoundTable, KeyedRows] | None:
    """Return a sheet's role and table: by most of its 管理番号, else by headings and name."""
    best: tuple[tuple[int, int, bool], FormSheet, FoundTable, KeyedRows] | None = None
    for form_sheet, table in zip(schema.TABLE_SHEETS, find_tables(sheet, _HEADINGS), strict=True):
        if table is None:
            continue
        is_named = normalize_key(sheet.name) == normalize_key(form_sheet.name)
        if not (is_named or any(each.heading in table.columns for each in form_sheet.inputs)):
            continue
        rows = keyed_rows(table)
        keys = sum([schema.sheet_of(key) is form_sheet for _, key in rows])
        score = (keys, len(table.columns), is_named)
        if best is None or score > best[0]:
            best = (score, form_sheet, table, rows)
    return best[1:] if best else None


def _recognised(form_sheet: FormSheet, table: FoundTable, rows: KeyedRows) -> FormTable:
    sheet = table.sheet
    guesses = dict(_guesses(form_sheet, table))
    texts = {heading: sheet.cell(table.heading_row, column).text.strip() for heading, column in guesses.items()}
    if guesses:  # else the table keeps what it has computed
        table = FoundTable(table.sheet, table.heading_row, {**table.columns, **guesses}, table.twice)
        rows = keyed_rows(table)
    return FormTable(form_sheet, table, rows, texts)


def _guesses(form_sheet: FormSheet, table: FoundTable) -> Iterator[tuple[str, int]]:
    """Yield the missing headings with the only possible column of each.

    That is the one unknown heading that contains the word or, of an input, the column between both of its
    neighbours.
    """
    missing = [each.heading for each in form_sheet.columns if each.heading not in table.columns and not each.is_answer]
    if not missing:
        return
    known = {normalize_key(heading) for heading in form_sheet.headings}
    unknown = {column: text for column, text in table.headings if text not in known}
    wanted = {each.heading for each in form_sheet.inputs if not each.is_optional}
    if not (unknown or wanted.intersection(missing)):
        return
    inputs = {each.heading for each in form_sheet.inputs}
    # a printed column may be missing (重み, if all weights are equal)
    order = [each for each in form_sheet.headings if each in table.columns or each in inputs]
    for heading in missing:
        alike = [column for column, text in unknown.items() if _is_alike(text, heading, missing)]
        if len(alike) == 1:
            yield heading, alike[0]
            del unknown[alike[0]]
            continue
        if heading not in wanted:
            continue
        at = order.index(heading)
        before, after = (table.columns.get(order[n]) if 0 <= n < len(order) else None for n in (at - 1, at + 1))
        if not alike and before and after == before + 2 and _holds_column(table, before + 1):
            unknown.pop(before + 1, None)
            yield heading, before + 1


def _is_alike(text: str, heading: str, missing: list[str]) -> bool:
    return [each for each in missing if normalize_key(each) in text] == [heading]


def _holds_column(table: FoundTable, column: int) -> bool:
    """Return whether an unnamed column has content at or below the headings."""
    return any(row >= table.heading_row and at == column for row, at in table.sheet.cells)
