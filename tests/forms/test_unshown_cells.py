"""Cells of a form that its sheet hides, or whose words say nothing: named at their address, and not taken."""

import datetime as dt

import openpyxl
import pytest
from support.city import found
from support.pictures import paste, png


def change(path, edit):
    """Edit a form that was sent."""
    workbook = openpyxl.load_workbook(path)
    edit(workbook)
    workbook.save(path)


def merge_over(path, cells, hidden=None):
    """Merge cells of 進捗; `hidden` is written below the merge, as LibreOffice keeps it."""

    def edit(workbook):
        sheet = workbook["進捗"]
        sheet.merge_cells(cells)
        if hidden:
            address, value = hidden
            cell = openpyxl.cell.cell.Cell(sheet, sheet[address].row, sheet[address].column, value)
            sheet._cells[cell.row, cell.column] = cell

    change(path, edit)


@pytest.mark.slow
def test_what_is_typed_on_a_hidden_sheet_is_read_and_the_sheet_named(city):
    path = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    change(path, lambda workbook: setattr(workbook["進捗"], "sheet_state", "hidden"))
    document = city.run()
    assert [each[2:] for each in found(document, "form-sheet-hidden")] == [("進捗", "")]
    assert document["actions"][0]["reported"] == 1


@pytest.mark.slow
def test_a_value_under_a_merge_is_named_and_not_taken(city):
    path = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    merge_over(path, "F5:F6", ("F6", 0.9))
    document = city.run()
    assert [each[2:] for each in found(document, "form-cells-merged")] == [("進捗", "F5")]
    assert [each[2:] for each in found(document, "cell-covered")] == [("進捗", "F6")]
    assert document["actions"][0]["reported"] == 1


@pytest.mark.slow
def test_a_merge_with_a_blank_upper_left_is_named_as_well(city):
    path = city.submit("2026-02", "甲課")
    merge_over(path, "F5:F6")
    assert [each[2:] for each in found(city.run(), "form-cells-merged")] == [("進捗", "F5")]


@pytest.mark.slow
def test_ditto_in_the_words_of_the_report_and_a_day_far_from_the_plan_are_named(city):
    city.submit(
        "2026-02",
        "乙課",
        {
            ("成果と課題", "W-2-乙課", "課題"): "同上",
            ("指標", "I-1", "実績値"): 5,
            ("指標", "I-1", "時点"): dt.date(2062, 3, 31),
        },
    )
    document = city.run()
    assert [each[2] for each in found(document, "text-same")] == ["成果と課題"]
    assert [each[2:] for each in found(document, "as-of-far")] == [("指標", "I5")]


@pytest.mark.slow
def test_a_stamp_on_the_cover_is_no_photo(city):
    path = city.submit("2026-02", "甲課")
    paste(path, ("はじめに", "E3", png(20, 20)))
    document = city.run()
    assert [each[2:] for each in found(document, "picture-on-cover")] == [("はじめに", "E3")]
    assert found(document, "picture-outside") == []
