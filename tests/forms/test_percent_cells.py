"""Figures in the form's own percent cells, whose conditional formats show the decimals that the cells have."""

import openpyxl
import pytest
from support.city import cell_of
from support.office import convert

from kama_excel.forms.reading.form_reader import read_form
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

DONE, ACTUAL = ("進捗", "T-1", "実施"), ("指標", "I-1", "実績値")


@pytest.fixture
def read(city, tmp_path):
    """Type a value under a number format into an input of a form; return what is read there and the findings."""
    city.write_plan(指標=[[1, 2, "交付率", "%", None, "80%", "増", "乙課"]])
    blank = {DONE: city.form("2026-02", "甲課").read_bytes(), ACTUAL: city.form("2026-02", "乙課").read_bytes()}

    def type_in(place, value, code, *, office=None):
        path = tmp_path / "form.xlsx"
        path.write_bytes(blank[place])
        workbook = openpyxl.load_workbook(path)
        cell = cell_of(workbook[place[0]], *place[1:])
        cell.value, cell.number_format = value, code or cell.number_format
        workbook.save(path)
        content = convert(path, office, tmp_path / "office").read_bytes() if office else path.read_bytes()
        form = read_form(read_workbook(content), "form.xlsx", "0" * 64)
        entry = next(each for each in form.entries if each.slot == place[1:])
        found = [each.code.slug for each in form.findings if each.place == entry.place]
        return float(entry.value) if entry.value is not None else None, entry.shown, found

    return type_in


CASES = [
    (DONE, 80, "General", 0.8, []),
    (DONE, 80, "0", 0.8, []),
    (DONE, 0.805, None, 0.805, []),
    (DONE, 80.5, "0.0", 0.805, []),
    (DONE, 80.555, "0.000", None, ["cell-condition"]),  # the form shows 8055.5%
    (ACTUAL, 25, '0"%"', 25, []),
    (ACTUAL, 25, "General", 25, []),
    (ACTUAL, 25.555, "0.000", None, ["cell-condition"]),
    (ACTUAL, 0.2555, None, 25.55, []),
]


@pytest.mark.parametrize(("place", "value", "code", "number", "found"), CASES)
def test_a_figure_that_the_form_shows_as_it_is_counts(read, place, value, code, number, found):
    assert read(place, value, code) == (number, None, found)


@pytest.mark.office
@pytest.mark.parametrize("kind", ["xlsx", "ods"])
@pytest.mark.parametrize(("place", "value", "code", "number", "found"), [CASES[0], CASES[8]])
def test_it_counts_after_another_program_has_saved_the_form(read, kind, place, value, code, number, found):
    assert read(place, value, code, office=kind) == (number, None, found)
