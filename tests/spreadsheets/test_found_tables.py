"""Tables found on a sheet."""

import gc
import weakref

import pytest

from kama_excel.spreadsheets.cells import Cell, Sheet
from kama_excel.spreadsheets.reading.found_tables import find_table


@pytest.fixture
def without_collector():
    gc.disable()
    yield
    gc.enable()


@pytest.mark.usefixtures("without_collector")
def test_a_table_is_released_at_once():
    """The processes of a run have no collector, or one that rarely runs."""
    sheet = Sheet("タスク", {(1, 1): Cell("タスクNo"), (1, 2): Cell("計画"), (2, 1): Cell("1"), (3, 2): Cell("説明会")})
    table = find_table(sheet, ["タスクNo", "計画"])
    assert [row.number for row in table.rows] == [2, 3]
    released = weakref.ref(table)
    del table
    assert released() is None
