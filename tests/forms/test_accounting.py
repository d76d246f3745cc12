"""Nothing that somebody typed disappears: every cell is used, or named with sheet and address."""

import openpyxl
import pytest
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from support.city import cell_of, found

from kama_excel.findings.catalogue import Code
from kama_excel.forms.reading.form_reader import read_form
from kama_excel.spreadsheets.cells import Cell, a1
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

SHEETS = ["はじめに", "進捗", "指標", "総括評価", "成果と課題", "写真"]


def edit(path, change):
    """Let a person edit a form that was sent."""
    workbook = openpyxl.load_workbook(path)
    change(workbook)
    workbook.save(path)


def outside(document):
    return [(sheet, cell) for _, _, sheet, cell in found(document, "form-outside")]


@pytest.mark.slow
def test_a_form_as_it_was_printed_and_filled_has_nothing_outside(city):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5}, 記入者="山田", 連絡先="内線1")
    city.submit("2026-03", "甲課", {("進捗", "T-1", "実施"): 0.6}, 記入者="山田", 連絡先="内線1")
    assert outside(city.run("--month", "2026-02")) == []
    assert outside(city.run("--month", "2026-03")) == []


def test_what_is_typed_beside_below_above_and_over_the_table_is_named(city):
    path = city.submit("2026-02", "甲課")

    def change(workbook):
        sheet = workbook["進捗"]
        sheet["Z9"] = "横に"
        sheet["E40"] = "下に作業を追加"
        sheet["F40"] = 0.8
        cell_of(sheet, "T-1", "計画").value = "計画を書き換えた"
        workbook["はじめに"]["D30"] = "お知らせください"

    edit(path, change)
    document = city.run()
    name = cell_of(openpyxl.load_workbook(path)["進捗"], "T-1", "計画").coordinate
    assert set(outside(document)) == {
        ("進捗", "Z9"),
        ("進捗", "E40"),
        ("進捗", "F40"),
        ("進捗", name),
        ("はじめに", "D30"),
    }
    assert {each["value"] for each in document["findings"] if each["code"] == "form-outside"} >= {
        "横に",
        "0.8",
        "計画を書き換えた",
    }


def test_an_error_and_a_formula_with_the_printed_text_as_its_result_are_somebodys(city):
    workbook = read_workbook(city.submit("2026-02", "甲課").read_bytes())
    sheet = workbook.sheet("進捗")
    printed = next(place for place, cell in sheet.cells.items() if cell.value == "計画")
    for place, typed in (
        (printed, sheet.cells[printed]._replace(is_formula=True)),
        ((9, 26), Cell(None, error="#N/A")),
    ):
        changed = sheet._replace(cells={**sheet.cells, place: typed})
        sheets = tuple(changed if each is sheet else each for each in workbook.sheets)
        findings = read_form(workbook._replace(sheets=sheets), "様式.xlsx", "").findings
        assert [each.place.cell for each in findings if each.code is Code.FORM_OUTSIDE] == [a1(*place)]


def test_a_sheet_that_was_added_is_named_and_a_copy_of_a_sheet_says_only_what_is_new(city):
    path = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})

    def change(workbook):
        workbook.create_sheet("メモ")["B2"] = "別紙のとおり"
        copied = workbook.copy_worksheet(workbook["総括評価"])
        copied.title = "総括評価 (2)"
        copied["F30"] = "写しに書いた"

    edit(path, change)
    assert set(outside(city.run())) == {("メモ", "B2"), ("総括評価 (2)", "F30")}


def test_rows_that_moved_are_still_the_programs(city):
    path = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    edit(path, lambda workbook: workbook["進捗"].move_range("A5:H7", rows=4))
    document = city.run()
    assert [each for each in outside(document) if each[0] != "進捗"] == []
    assert document["actions"][0]["year_progress"]["2024"] == 0.5


def test_a_figure_that_stands_in_a_row_no_more_is_not_taken_for_one_that_somebody_typed(city):
    path = city.submit("2026-02", "甲課")
    numbers = {}

    def change(workbook):
        sheet = workbook["進捗"]
        number = cell_of(sheet, "T-1", "No")
        numbers["there"], number.value = number.value, None
        sheet["Z6"] = numbers["there"]
        sheet["Z7"] = "=1+1"
        workbook.create_sheet("メモ")["B2"] = numbers["there"]

    edit(path, change)
    assert numbers["there"] is not None
    assert set(outside(city.run())) == {("進捗", "Z6"), ("進捗", "Z7"), ("メモ", "B2")}


def test_a_negative_figure_of_the_form_elsewhere_is_somebodys(city):
    city.write_plan(指標=[[1, 2, "増減", "人", -5, 10, "増", "乙課"]])
    path = city.submit("2026-02", "乙課")

    def change(workbook):
        baseline = cell_of(workbook["指標"], "I-1", "基準値")
        assert baseline.value == -5
        baseline.value = None
        workbook["指標"]["Z9"] = -5
        workbook.create_sheet("メモ")["B2"] = -5

    edit(path, change)
    assert set(outside(city.run())) == {("指標", "Z9"), ("メモ", "B2")}


@pytest.mark.parametrize("moved", [False, True])
def test_of_two_rows_with_one_key_the_copy_is_somebodys(city, moved):
    """The row at its printed place is the form's; where neither is at it, the upper one."""
    path = city.submit("2026-02", "甲課", {("進捗", "T-3", "実施"): 0.5})

    def change(workbook):
        sheet = workbook["進捗"]
        rows = {key: [cell.value for cell in sheet[cell_of(sheet, key, "計画").row]] for key in ("T-1", "T-3")}
        first = cell_of(sheet, "T-1", "計画").row
        for row in (first, first + 1, first + 2):
            for cell in sheet[row]:
                cell.value = None
        # T-3 was printed in the second row: copied over the first, or both of its rows lie below
        for row in (first + 2, first + 3) if moved else (first, first + 1):
            for column, value in enumerate(rows["T-3"], start=1):
                if not str(value).startswith("="):
                    sheet.cell(row, column).value = value

    edit(path, change)
    row = 8 if moved else 5
    assert set(outside(city.run())) == {
        ("進捗", f"{column}{row}") for column in "ADE"
    }  # B and C say what T-1's row said


def test_a_figure_typed_over_an_answer_is_named(city):
    path = city.submit("2026-02", "乙課")
    places = []

    def change(workbook):
        cell = cell_of(workbook["指標"], "I-1", "達成率")
        assert str(cell.value).startswith("=")
        cell.value = 0.9
        places.append(("指標", cell.coordinate))

    edit(path, change)
    assert outside(city.run()) == places


def test_on_a_sheet_whose_headings_are_gone_what_was_printed_is_still_the_programs(city):
    path = city.submit("2026-02", "乙課")

    def change(workbook):
        sheet = workbook["指標"]
        heading = cell_of(sheet, "I-1", "目標値")
        assert heading.value == 10
        for cell in sheet[heading.row - 1]:
            cell.value = None
        sheet["Z9"] = "横に"

    edit(path, change)
    assert outside(city.run()) == [("指標", "Z9")]


@pytest.mark.slow
@settings(
    max_examples=3,
    phases=[Phase.explicit, Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    st.dictionaries(
        st.tuples(st.sampled_from(SHEETS), st.integers(1, 40), st.integers(1, 20)),
        st.one_of(st.integers(200, 999), st.text("あア亜Aa1%点", min_size=2, max_size=6)),
        min_size=1,
        max_size=8,
    )
)
def test_the_balance_holds_for_anything_typed_anywhere(city, typed):
    path = city.submit("2026-02", "甲課")
    there = {}

    def change(workbook):
        for (sheet, row, column), value in typed.items():
            cell = workbook[sheet].cell(row, column)
            if isinstance(cell, openpyxl.cell.MergedCell) or (
                isinstance(cell.value, str) and cell.value.startswith("=")
            ):
                continue
            if cell.value in ("管理番号", "実施", "備考") or column == 1:
                continue  # a heading or a key that is gone has its own finding
            cell.value = value
            there[sheet, cell.coordinate] = value

    edit(path, change)
    document = city.run()
    named = {(each["sheet"], each["cell"]) for each in document["findings"] if each["file"].endswith("甲課.xlsx")}
    data = city.workbook(document)
    kept = {
        (row[-3].value, row[-2].value)
        for sheet in data
        if sheet.title.startswith("データ_")
        for row in sheet.iter_rows(min_row=2)
    }
    used = {place for place in there if place[0] == "はじめに" and place[1] in ("C5", "C6", "C7")}
    remarks = {str(cell.value) for sheet in data for row in sheet.iter_rows() for cell in row if cell.value is not None}
    lost = {place for place in there if place not in named | kept | used and str(there[place]) not in remarks}
    assert lost == set()
