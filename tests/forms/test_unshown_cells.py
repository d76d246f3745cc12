"""Cells of a form that its sheet hides, or whose words say nothing: named at their address, and not taken."""

import datetime as dt

import openpyxl
import pytest
from openpyxl.formatting.formatting import ConditionalFormattingList
from support.city import found
from support.office import convert
from support.open_document import open_document
from support.pictures import paste, png

from kama_excel.spreadsheets.reading.open_workbook import read_workbook


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


def hide_rows(sheet):
    sheet.row_dimensions[5].hidden = True


def hide_column(sheet):
    sheet.column_dimensions["F"].hidden = True


def collapse(sheet):
    sheet.row_dimensions.group(5, 5, hidden=True)


@pytest.mark.slow
@pytest.mark.parametrize("hide", [hide_rows, hide_column])
def test_what_is_typed_in_a_hidden_row_or_column_is_read_and_named(city, hide):
    path = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    change(path, lambda workbook: hide(workbook["進捗"]))
    document = city.run()
    assert [each[2:] for each in found(document, "form-cells-hidden")] == [("進捗", "F5")]
    assert document["actions"][0]["reported"] == 1
    city.submit("2026-03", "甲課")  # as issued: nothing was typed there
    path = city.root / "input" / "2026-03" / "甲課.xlsx"
    change(path, lambda workbook: hide(workbook["進捗"]))
    assert found(city.run("--month", "2026-03"), "form-cells-hidden") == []


@pytest.mark.office
@pytest.mark.parametrize("to", ["ods", "xls"])
def test_another_format_says_which_rows_and_columns_are_hidden(office, to):
    workbook = openpyxl.Workbook()
    for hide in (hide_rows, hide_column, collapse):
        sheet = workbook.create_sheet()
        sheet["F5"], sheet["A1"], sheet["G9"] = 0.5, "a", "b"
        hide(sheet)
    workbook.save(office / "made.xlsx")
    _, *sheets = read_workbook(convert(office / "made.xlsx", to, office / to).read_bytes()).sheets
    for read in sheets:
        assert [place for place in sorted(read.cells) if read.is_hidden(*place)] == [(5, 6)]


def test_rows_that_a_filter_or_a_group_of_an_opendocument_hides_are_hidden():
    cell = '<table:table-cell office:value-type="string"><text:p>a</text:p></table:table-cell>'
    row = f"<table:table-row>{cell}</table:table-row>"
    content = open_document(
        row
        + row.replace("row>", 'row table:visibility="filter" table:number-rows-repeated="2">', 1)
        + f'<table:table-row-group table:display="false">{row}</table:table-row-group>{row}'
    )
    (read,) = read_workbook(content).sheets
    assert sorted(read.hidden_rows) == [2, 3, 4]
    assert len(read.cells) == 5


@pytest.mark.slow
def test_a_value_under_a_merge_is_named_and_not_taken(city):
    path = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    merge_over(path, "F5:F6", ("F6", 0.9))
    document = city.run()
    assert [each[2:] for each in found(document, "form-cells-merged")] == [("進捗", "F5")]
    assert [each[2:] for each in found(document, "cell-covered")] == [("進捗", "F6")]
    assert document["actions"][0]["reported"] == 1


@pytest.mark.slow
def test_a_figure_that_is_shown_rounded_to_another_grade_is_named_and_counts_as_it_is(city):
    def without_conditions(workbook):
        workbook["進捗"].conditional_formatting = ConditionalFormattingList()

    path = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.896, ("進捗", "T-3", "実施"): 1 / 3})
    change(path, without_conditions)  # with them, a form shows 89.6%
    path = city.submit("2026-02", "乙課", {("進捗", "T-2", "実施"): 0.896, ("指標", "I-1", "実績値"): 9.6})
    change(path, lambda workbook: setattr(workbook["指標"]["H5"], "number_format", "0"))
    document = city.run()
    named = [each for each in document["findings"] if each["code"] == "figure-rounded"]
    assert sorted((each["sheet"], each["cell"], each["value"]) for each in named) == [
        ("指標", "H5", "9.6"),
        ("進捗", "F5", "89.6%"),
    ]
    assert "「90%」" in next(each["message"] for each in named if each["sheet"] == "進捗")
    assert document["actions"][1]["adopted"] == 0.96


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
