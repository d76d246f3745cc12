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

    @property
    def last_row(self) -> int:
        """The last row of the sheet that is not blank."""
        return max((row for row, _ in self.sheet.cells), default=self.heading_row)

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
    texts_of, wanted = _normalized(kinds)
    places: dict[str, list[tuple[int, int]]] = {}
    for place, cell in sheet.cells.items():
        value = cell.value
        if type(value) is str and (text := normalize_key(value)) in wanted:
            places.setdefault(text, []).append(place)
    return [_table(sheet, texts, places) for texts in texts_of]


@lru_cache(maxsize=100)
def _normalized(kinds: tuple[tuple[str, ...], ...]) -> tuple[list[Mapping[str, str]], frozenset[str]]:
    """Return the normalized text of each heading of each kind, and all of these texts."""
    texts_of: list[Mapping[str, str]] = [{each: normalize_key(each) for each in headings} for headings in kinds]
    return texts_of, frozenset(text for texts in texts_of for text in texts.values())


def _table(
    sheet: Sheet, headings: Mapping[str, str], places: Mapping[str, Sequence[tuple[int, int]]]
) -> FoundTable | None:
    """Return the table of the headings, given with their normalized texts.

    `places` holds the positions of these texts.
    """
    there = {heading: places[text] for heading, text in headings.items() if text in places}
    if not there or 2 * len(there) < len(headings):
        return None
    by_row: dict[int, list[tuple[int, str]]] = {}
    for heading, theirs in there.items():
        for row, column in theirs:
            by_row.setdefault(row, []).append((column, heading))
    best = min(by_row, key=lambda row: (-len({heading for _, heading in by_row[row]}), row))
    columns: dict[str, int] = {}
    twice = []
    for column, heading in sorted(by_row[best]):
        if heading in columns:
            twice.append((heading, column))
        columns.setdefault(heading, column)
    if 2 * len(columns) < len(headings):
        return None
    return FoundTable(sheet, best, columns, tuple(twice))
