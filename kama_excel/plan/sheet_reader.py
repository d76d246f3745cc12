"""Find the tables of the plan workbook and check their sheets, headings and numbers."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kama_excel.domain.place import Place
from kama_excel.domain.text import listed, normalize_key
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding
from kama_excel.plan.plan_sheets import EXAMPLE, SHEETS, SheetLayout
from kama_excel.plan.row_reader import RowReader
from kama_excel.plan.rows import Period
from kama_excel.spreadsheets.cells import Cell, Condition, Sheet, Workbook, a1, is_blank
from kama_excel.spreadsheets.reading.found_tables import FoundTable, find_table


class SheetReader(NamedTuple):
    """Reads the tables of a plan workbook, called `file` in findings."""

    workbook: Workbook
    file: str
    years: tuple[int, int] | None = None
    """The plan's first and last fiscal year; None while they are not known."""

    def rows(self, layout: SheetLayout) -> tuple[list[RowReader], list[Finding]]:
        """Return the rows of a sheet's table, and the findings on the sheet.

        A sheet without its table or a required heading has no rows.
        """
        sheet = self._sheet(layout)
        findings = [*self._copies(layout, sheet)]
        if sheet is None:
            if not layout.may_be_missing:
                findings.append(self._finding(Code.PLAN_SHEET_MISSING, sheet_name=layout.name))
            return [], findings
        table = find_table(sheet, layout.headings)
        if table is None:
            return [], [*findings, self._finding(Code.PLAN_HEADING_MISSING, sheet, "A1", heading=layout.required[0])]
        findings += self._check_headings(layout, table)
        if not set(layout.required) <= set(table.columns):
            return [], findings
        rows = [RowReader(self.file, row, self.years, []) for row in table.rows]
        findings += [*self._check_merged(table), *self._check_shown(table)]
        for note in sheet.notes:
            place = a1(note.row, note.column)
            findings.append(self._finding(Code.PLAN_NOTE, sheet, place, value=note.text, kind=note.kind))
        return rows, [*findings, *_check_texts(sheet, rows)]

    def _sheet(self, layout: SheetLayout) -> Sheet | None:
        """Find a sheet by name, ignoring white space and width."""
        alike = (each for each in self.workbook.sheets if normalize_key(each.name) == normalize_key(layout.name))
        return self.workbook.sheet(layout.name) or next(alike, None)

    def _copies(self, layout: SheetLayout, sheet: Sheet | None) -> Iterator[Finding]:
        """Report the copies of a sheet.

        A copy is a sheet of another name (タスク (2), タスク_修正) with a table of the same headings.
        """
        names = {normalize_key(other.name) for other in SHEETS if other is not layout}
        for each in self.workbook.sheets:
            is_named_so = normalize_key(each.name) == normalize_key(layout.name)
            is_copy = normalize_key(each.name) not in names and (is_named_so or _has_table(each, layout))
            if each is not sheet and is_copy and (sheet is None or _differs(each, sheet)):
                yield self._finding(Code.PLAN_SHEET_COPY, each, value=each.name, sheet_name=layout.name)

    def _check_headings(self, layout: SheetLayout, table: FoundTable) -> Iterator[Finding]:
        for heading in layout.required:
            if heading not in table.columns:
                yield self._finding(Code.PLAN_HEADING_MISSING, table.sheet, _empty_heading(table), heading=heading)
        for heading, column in table.twice:
            address = a1(table.heading_row, column)
            yield self._finding(Code.PLAN_HEADING_TWICE, table.sheet, address, heading=heading)
        for address, cell in table.unheaded():
            yield self._finding(Code.PLAN_HEADING_EMPTY, table.sheet, address, value=cell.text)
            break

    def _check_merged(self, table: FoundTable) -> Iterator[Finding]:
        """Report merged cells in the rows of a table: one value for several cells is ambiguous."""
        columns = set(table.columns.values())
        for top, left, bottom, right in table.sheet.merged:
            cells = (bottom - top + 1) * len(columns.intersection(range(left, right + 1)))
            if bottom > table.heading_row and cells > 1:
                span = f"{a1(top, left)}:{a1(bottom, right)}"
                yield self._finding(Code.PLAN_CELLS_MERGED, table.sheet, a1(top, left), value=span)

    def _check_shown(self, table: FoundTable) -> Iterator[Finding]:
        """Report values that are hidden or may be struck out, once for each sheet."""
        sheet, columns = table.sheet, {*table.columns.values()}
        if table.row_numbers and not sheet.is_visible:
            yield self._finding(Code.PLAN_SHEET_HIDDEN, sheet, value=sheet.name)
        numbers = set(table.row_numbers)
        places = sorted(
            place
            for place, cell in sheet.cells.items()
            if cell.condition is Condition.STRUCK or place[0] in sheet.hidden_rows or place[1] in sheet.hidden_columns
            if place[0] in numbers and place[1] in columns and not is_blank(cell)
        )
        struck = [place for place in places if sheet.cell(*place).condition is Condition.STRUCK]
        hidden = [place for place in places if sheet.is_hidden(*place)]
        for code, found in ((Code.PLAN_CELLS_HIDDEN, hidden), (Code.PLAN_MAY_BE_STRUCK, struck)):
            if found:
                cells, value = listed([a1(*place) for place in found]), sheet.cell(*found[0]).text
                yield self._finding(code, sheet, a1(*found[0]), value=value, cells=cells)

    def _finding(self, code: Code, sheet: Sheet | None = None, cell: str = "", **details: object) -> Finding:
        return finding(code, Place(self.file, sheet.name if sheet else "", cell), **details)


def _check_texts(sheet: Sheet, rows: Iterable[RowReader]) -> Iterator[Finding]:
    """Report each sample line of `init`, and each line struck out."""
    marked = {place[0] for place, cell in sheet.cells.items() if cell.is_struck or _is_example(cell)}
    for row in rows:
        if row.row.number in marked:
            cells = {heading: row.row.cell(heading) for heading in row.row.table.columns}
            if heading := next((heading for heading, cell in cells.items() if _is_example(cell)), ""):
                yield row.finding(Code.PLAN_EXAMPLE_LEFT, heading)
            if heading := next((heading for heading, cell in cells.items() if cell.is_struck), ""):
                yield row.finding(Code.PLAN_ROW_STRUCK, heading)


def _is_example(cell: Cell) -> bool:
    return isinstance(cell.value, str) and cell.value.startswith(EXAMPLE)


def _empty_heading(table: FoundTable) -> str:
    """Return the probable place of a missing heading: the first gap, else after the last one."""
    last = max(table.columns.values())
    taken = {column for row, column in table.sheet.cells if row == table.heading_row}
    gap = next((column for column in range(1, last + 1) if column not in taken), last + 1)
    return a1(table.heading_row, gap)


def _has_table(sheet: Sheet, layout: SheetLayout) -> bool:
    table = find_table(sheet, layout.headings)
    return table is not None and set(layout.required) <= set(table.columns)


def _differs(one: Sheet, other: Sheet) -> bool:
    """Return whether two sheets show different texts anywhere."""
    return {place: cell.text for place, cell in one.cells.items()} != {
        place: cell.text for place, cell in other.cells.items()
    }


def findings_of(rows: Iterable[RowReader]) -> list[Finding]:
    """Return the findings on all cells that were read, by row."""
    return [each for row in rows for each in row.findings]


def repeated(heading: str, rows: Iterable[tuple[object, Period, RowReader]]) -> Iterator[Finding]:
    """Report a number or name in several rows of the same month; blanks are not checked.

    Several rows are allowed in different months: a row that was reworded or corrected.
    """
    seen: dict[str, list[tuple[Period, str]]] = {}
    for value, period, row in rows:
        if value is None or value == "":
            continue
        of_one = seen.setdefault(str(value), [])
        if other := next((address for earlier, address in of_one if earlier.overlaps(period)), ""):
            yield row.finding(Code.PLAN_NUMBER_TWICE, heading, other=other)
        of_one.append((period, row.row.address(heading)))
