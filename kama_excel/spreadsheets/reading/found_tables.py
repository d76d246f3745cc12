"""Find a table on a sheet by its headings, independent of its position."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from functools import cached_property, lru_cache
from typing import NamedTuple

from kama_excel.domain.text import normalize_key
from kama_excel.spreadsheets.cells import BLANK, Cell, Sheet, a1, is_blank


class FoundRow(NamedTuple):
    """A row of a table: its number on the sheet and its cells by heading."""

    number: int
    table: FoundTable

    def cell(self, heading: str) -> Cell:
        """Return the cell under the heading; BLANK if the table has no such column."""
        number, table = self
        return table.sheet.cells.get((number, table.columns.get(heading, 0)), BLANK)  # no sheet has a column 0

    def address(self, heading: str) -> str:
        """Return the address of the cell under the heading; of the row if there is no such column."""
        return a1(self.number, self.table.columns.get(heading, 1))


class FoundTable:
    """A table: the row of its headings, and the column of each heading that was found.

    `twice` are the headings that occur in more than one column, with each further column.
    """

    def __init__(
        self, sheet: Sheet, heading_row: int, columns: Mapping[str, int], twice: tuple[tuple[str, int], ...] = ()
    ) -> None:
        self.sheet = sheet
        self.heading_row = heading_row
        self.columns = columns
        self.twice = twice

    @cached_property
    def row_numbers(self) -> tuple[int, ...]:
        """The rows below the headings that have a value under a known heading."""
        columns, first, numbers = set(self.columns.values()), self.heading_row, set[int]()
        for (row, column), cell in self.sheet.cells.items():
            if row > first and row not in numbers and column in columns and not is_blank(cell):
                numbers.add(row)
        return tuple(sorted(numbers))

    @property
    def rows(self) -> tuple[FoundRow, ...]:
        """These rows with their cells.

        They refer to the table, so it does not keep them: without the collector the cycle would stay in memory.
        """
        return tuple([FoundRow(number, self) for number in self.row_numbers])

    @cached_property
    def headings(self) -> tuple[tuple[int, str], ...]:
        """Column and normalized text of every cell in the heading row, unknown ones included."""
        first = self.heading_row
        cells = [(column, cell) for (row, column), cell in self.sheet.cells.items() if row == first]
        return tuple(sorted([(column, normalize_key(cell.text)) for column, cell in cells if not is_blank(cell)]))

    def unheaded(self) -> Iterator[tuple[str, Cell]]:
        """Yield address and cell of non-blank cells in columns without a heading."""
        headed = {column for column, _ in self.headings}
        cells = {
            place: cell
            for place, cell in self.sheet.cells.items()
            if place[0] > self.heading_row and place[1] not in headed and not is_blank(cell)
        }
        for place in sorted(cells):
            yield a1(*place), cells[place]


def find_table(sheet: Sheet, headings: Collection[str]) -> FoundTable | None:
    """Find the first row with the most headings; it must have at least half of them."""
    return find_tables(sheet, (tuple(headings),))[0]


def find_tables(sheet: Sheet, kinds: tuple[tuple[str, ...], ...]) -> list[FoundTable | None]:
    """Find one table for each set of headings, as `find_table` does for one."""
    wanted = _by_text(kinds)
    found: list[dict[int, list[tuple[int, str]]]] = [{} for _ in kinds]
    for (row, column), cell in sheet.cells.items():
        value = cell.value
        if type(value) is str and (text := normalize_key(value)) in wanted:
            for kind, heading in wanted[text]:
                found[kind].setdefault(row, []).append((column, heading))
    return [_table(sheet, len(headings), by_row) for headings, by_row in zip(kinds, found, strict=True)]


@lru_cache(maxsize=100)
def _by_text(kinds: tuple[tuple[str, ...], ...]) -> Mapping[str, Sequence[tuple[int, str]]]:
    """Return the headings by their normalized text, each with the index of its kind."""
    found: dict[str, list[tuple[int, str]]] = {}
    for kind, headings in enumerate(kinds):
        for heading in headings:
            found.setdefault(normalize_key(heading), []).append((kind, heading))
    return found


def _table(sheet: Sheet, count: int, by_row: Mapping[int, Sequence[tuple[int, str]]]) -> FoundTable | None:
    """Return the table with `count` headings; `by_row` holds the column of each found one."""
    if 2 * max(map(len, by_row.values()), default=0) < count:
        return None
    best = min(by_row, key=lambda row: (-len({heading for _, heading in by_row[row]}), row))
    columns: dict[str, int] = {}
    twice = []
    for column, heading in sorted(by_row[best]):
        if columns.setdefault(heading, column) != column:
            twice.append((heading, column))
    return FoundTable(sheet, best, columns, tuple(twice)) if 2 * len(columns) >= count else None
