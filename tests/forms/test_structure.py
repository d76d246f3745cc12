"""What people do to a form's structure: it is read all the same, or what could not be read is named."""

import io
from dataclasses import replace

import openpyxl
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from openpyxl.utils import column_index_from_string, get_column_letter
from support.city import cell_of, fill, found
from support.plans import plan_of

from kama_excel.domain.calendar import Month
from kama_excel.domain.keys import Field, Key
from kama_excel.forms import schema
from kama_excel.forms.content import form_content
from kama_excel.forms.reading.form_reader import NotAFormError, read_form
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.inbox.current_forms import take_forms
from kama_excel.merge.merged import merge
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

PLAN, MONTH = plan_of(), Month(2026, 2)
BLANK_FORM = write_form(form_content(PLAN, MONTH, "甲課"))
FILLED = fill(
    BLANK_FORM,
    {
        ("進捗", "T-1", "実施"): 0.8,
        ("進捗", "T-1", "備考"): "順調",
        ("進捗", "T-3", "実施"): 0.5,
        ("総括評価", "A-1-甲課", "総括評価"): 0.7,
        ("総括評価", "A-1-甲課", "理由"): "仕組みができた",
        ("成果と課題", "W-1-甲課", "成果"): "便利になった",
    },
    記入者="山田",
    連絡先="内線1",
    記入日="2026/2/8",
)
ALL = {
    ("T-1", "実施"),
    ("T-1", "備考"),
    ("T-3", "実施"),
    ("A-1-甲課", "総括評価"),
    ("A-1-甲課", "理由"),
    ("W-1-甲課", "成果"),
}


def edited(change, content=FILLED):
    """Let a person edit the form and send it."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    change(workbook)
    saved = io.BytesIO()
    workbook.save(saved)
    return read_form(read_workbook(saved.getvalue()), "form.xlsx", "")


def move_columns(sheet, at, by):
    """Insert columns before a column, or delete some from it on; the hidden ones stay hidden, as in Excel."""
    hidden = [each.index for each in sheet.column_dimensions.values() if each.hidden]
    for each in hidden:
        sheet.column_dimensions[each].hidden = False
    if by > 0:
        sheet.insert_cols(at, by)
    else:
        sheet.delete_cols(at, -by)
    for each in map(column_index_from_string, hidden):
        sheet.column_dimensions[get_column_letter(each + by if each >= at else each)].hidden = True


def read_entries(form):
    return {each.slot for each in form.entries if each.value is not None}


def codes(form):
    """Return code, sheet and cell of what is said of the form, all of it in its file."""
    assert {each.place.file for each in form.findings} <= {"form.xlsx"}
    return [(each.code.slug, each.place.sheet, each.place.cell) for each in form.findings]


def merged(form):
    """Merge the one form; return the entries that stand and the findings of the merge."""
    result = merge(PLAN, MONTH, take_forms(PLAN, MONTH, [form]))
    stands = {slot: entry.typed for slot, entry in result.entries.items()}
    return stands, [
        (each.code.slug, each.place.sheet, each.place.cell)
        for each in result.findings
        if each.place.file == "form.xlsx"
    ]


def test_a_form_as_it_was_sent_has_nothing_to_say():
    form = edited(lambda _: None)
    assert (read_entries(form), codes(form)) == (ALL, [])


@pytest.mark.parametrize(
    "change",
    [
        lambda sheet: sheet.insert_rows(1, 3),
        lambda sheet: sheet.insert_rows(6, 2),
        lambda sheet: move_columns(sheet, 1, 2),
        lambda sheet: move_columns(sheet, 6, 1),
        lambda sheet: move_columns(sheet, 4, 3),
        lambda sheet: sheet.move_range("J4:J7", cols=12),
    ],
)
def test_rows_and_columns_that_were_inserted_or_moved_change_nothing(change):
    form = edited(lambda workbook: change(workbook["進捗"]))
    assert (read_entries(form), codes(form)) == (ALL, [])


@pytest.mark.parametrize(
    "hide",
    [
        lambda sheet: sheet.row_dimensions.group(5, 6, hidden=True),
        lambda sheet: setattr(sheet.column_dimensions["F"], "hidden", True),
    ],
)
def test_rows_and_columns_that_were_hidden_are_read_and_named(hide):
    form = edited(lambda workbook: hide(workbook["進捗"]))
    assert (read_entries(form), codes(form)) == (ALL, [("form-cells-hidden", "進捗", "F5")])


def test_a_sheet_that_was_hidden_is_read_and_named():
    form = edited(lambda workbook: setattr(workbook["進捗"], "sheet_state", "hidden"))
    assert (read_entries(form), codes(form)) == (ALL, [("form-sheet-hidden", "進捗", "")])


def test_sorted_rows_are_told_by_their_key():
    def swap(workbook):
        sheet = workbook["進捗"]
        for column in range(1, 11):
            first, other = sheet.cell(5, column), sheet.cell(6, column)
            first.value, other.value = other.value, first.value

    form = edited(swap)
    assert (read_entries(form), codes(form)) == (ALL, [])
    assert {each.typed for each in form.entries if each.key == "T-1"} == {"80%", "順調"}


TASKS = [
    [1, 1, "令和6年度", "甲課", "講座を開く"],
    [2, 1, "令和6年度", "甲課", "動画を配る"],
    [3, 1, "令和7年度", "甲課", "講座を開く"],
    [4, 2, "令和7年度", "甲課", "相談会を開く"],
]
INDICATORS = [[1, 1, "参加者", "人", 0, 100, "増", "甲課"], [2, 1, "苦情", "件", 20, 3, "減", "甲課"]]
OF_MANY_ROWS = fill(
    write_form(form_content(plan_of(タスク=TASKS, 指標=INDICATORS), MONTH, "甲課")),
    {("進捗", f"T-{no}", "実施"): no / 10 for no in range(1, 5)}
    | {("指標", "I-1", "実績値"): 50, ("指標", "I-2", "実績値"): 5},
    記入者="山田",
    連絡先="内線1",
    記入日="2026/2/8",
)


def reordered(sheet_name, order, columns):
    """Let a person move the rows of these columns, so that row n has what row order[n] had."""

    def move(workbook):
        sheet = workbook[sheet_name]
        rows = [[sheet.cell(row, column).value for column in columns] for row in order]
        for number, row in zip(sorted(order), rows, strict=True):
            for column, value in zip(columns, row, strict=True):
                sheet.cell(number, column).value = value

    return edited(move, OF_MANY_ROWS)


def figures(form):
    return {each.key: each.typed for each in form.entries}


FIGURES = {"T-1": "10%", "T-2": "20%", "T-3": "30%", "T-4": "40%", "I-1": "50", "I-2": "5"}


def test_rows_that_were_sorted_without_the_hidden_column_are_told_by_what_is_printed_in_them():
    form = reordered("進捗", [7, 6, 8, 5], range(2, 9))
    assert figures(form) == FIGURES
    assert codes(form) == [("form-rows-moved", "進捗", "B5")]
    [said] = form.findings
    assert "3行" in said.message
    assert "「T-1」" in said.message
    assert "「T-3」" in said.message
    form = reordered("指標", [6, 5], range(2, 12))
    assert figures(form) == FIGURES
    assert codes(form) == [("form-rows-moved", "指標", "B5")]


def test_cells_that_were_deleted_and_moved_up_beside_the_hidden_column_cost_their_own_row():
    def delete(workbook):
        sheet = workbook["進捗"]
        sheet.move_range("B6:J9", rows=-1)

    form = edited(delete, OF_MANY_ROWS)
    assert figures(form) == {key: typed for key, typed in FIGURES.items() if key != "T-1"}
    assert codes(form) == [("form-rows-moved", "進捗", "B5"), ("form-row-missing", "進捗", "A5")]


def test_a_row_whose_words_are_half_of_one_row_and_half_of_another_is_named_and_not_taken():
    form = reordered("進捗", [8, 6, 7, 5], range(5, 9))  # 計画 and what is typed, and not No, アクション and 年度
    assert figures(form) == {key: typed for key, typed in FIGURES.items() if key not in ("T-1", "T-4")}
    assert codes(form) == [("form-row-mixed", "進捗", "F5"), ("form-row-mixed", "進捗", "F8")]
    first = form.findings[0]
    assert (first.value, "「相談会を開く」" in first.message) == ("40%", True)


def test_a_deleted_row_is_named():
    form = edited(lambda workbook: workbook["進捗"].delete_rows(5))
    assert read_entries(form) == ALL - {("T-1", "実施"), ("T-1", "備考")}
    assert codes(form) == [("form-row-missing", "進捗", "A5")]


def test_a_deleted_row_of_captions_that_were_filled_in_beforehand_is_named_and_the_rest_counts():
    content = form_content(PLAN, MONTH, "甲課")
    caption = (Key.of_picture(1, "甲課", 1), Field.CAPTION)
    form = edited(
        lambda workbook: workbook["写真"].delete_rows(cell_of(workbook["写真"], "P-1-甲課-1", "説明").row),
        fill(write_form(replace(content, entered={caption: "開所式"})), {("進捗", "T-1", "実施"): 0.8}),
    )
    assert ("form-row-missing", "写真", "A6") in codes(form)
    assert merged(form)[0][("T-1", "実施")] == "80%"


def test_a_deleted_sheet_is_named():
    form = edited(lambda workbook: workbook.remove(workbook["総括評価"]))
    assert read_entries(form) == ALL - {("A-1-甲課", "総括評価"), ("A-1-甲課", "理由")}
    assert codes(form) == [("form-sheet-missing", "総括評価", "")]


@pytest.mark.parametrize("text", ["実施(%)", "実施率", " 実 施 ", "今年度の実施"])
def test_an_edited_heading_is_recognised(text):
    form = edited(lambda workbook: setattr(workbook["進捗"]["F4"], "value", text))
    assert read_entries(form) == ALL
    is_the_same = text.replace(" ", "") == "実施"
    assert codes(form) == ([] if is_the_same else [("form-heading-guessed", "進捗", "F4")])


def test_a_heading_that_says_something_else_is_told_by_its_neighbours():
    form = edited(lambda workbook: setattr(workbook["進捗"]["F4"], "value", "R7の状況"))
    assert (read_entries(form), codes(form)) == (ALL, [("form-heading-guessed", "進捗", "F4")])


def test_a_heading_beside_a_column_that_is_not_always_printed_is_told_by_its_neighbours():
    form = edited(lambda workbook: setattr(workbook["進捗"]["J4"], "value", "コメント"))
    assert (read_entries(form), codes(form)) == (ALL, [("form-heading-guessed", "進捗", "J4")])


def test_a_column_of_ones_own_is_never_taken_for_one_that_the_form_need_not_have():
    def change(workbook):
        sheet = workbook["進捗"]
        sheet.delete_cols(7)  # 予定, as in the first version
        sheet.insert_cols(7)
        sheet["G4"], sheet["G5"] = "メモ", "済"

    form = edited(change)
    assert read_entries(form) == ALL
    assert codes(form) == [("form-outside", "進捗", "G4"), ("form-outside", "進捗", "G5")]


def test_a_column_that_cannot_be_told_is_named_with_all_that_stands_in_it():
    def change(workbook):
        workbook["進捗"]["F4"] = "A"
        workbook["進捗"]["G4"] = "B"

    form = edited(change)
    assert read_entries(form) == ALL - {("T-1", "実施"), ("T-3", "実施")}
    said = codes(form)
    assert ("form-heading-missing", "進捗", "A4") in said
    assert {cell for code, _, cell in said if code == "form-outside"} == {"F4", "G4", "F5", "F6"}


def test_a_renamed_sheet_is_told_by_what_stands_on_it():
    def change(workbook):
        workbook["進捗"].title = "Sheet1"
        workbook["総括評価"].title = "成果と課題 (2)"
        workbook["はじめに"].title = "表紙"

    form = edited(change)
    assert read_entries(form) == ALL
    assert form.writer == "山田"
    assert sorted(codes(form)) == [
        ("form-sheet-renamed", "Sheet1", ""),
        ("form-sheet-renamed", "成果と課題 (2)", ""),
    ]


def copied(sheet_name, change=lambda _: None):
    def copy(workbook):
        made = workbook.copy_worksheet(workbook[sheet_name])
        made.title = f"{sheet_name} (2)"
        change(made)

    return edited(copy)


def test_a_copied_sheet_that_says_the_same_is_worth_no_more_than_a_word():
    form = copied("進捗")
    stands, findings = merged(form)
    assert (stands[("T-1", "実施")], findings) == ("80%", [])
    assert codes(form) == [("form-sheet-renamed", "進捗 (2)", "")]


def test_a_copied_sheet_that_says_something_else_is_named_at_both_cells():
    form = copied("進捗", lambda sheet: setattr(sheet["F5"], "value", 0.9))
    stands, findings = merged(form)
    assert ("T-1", "実施") not in stands
    assert stands[("T-3", "実施")] == "50%"
    assert sorted(findings) == [("form-key-twice", "進捗", "F5"), ("form-key-twice", "進捗 (2)", "F5")]


def test_a_copied_cover_says_only_what_is_typed_on_it():
    def change(workbook):
        made = workbook.copy_worksheet(workbook["はじめに"])
        made.title = "はじめに (2)"
        made["C5"], made["E1"] = "佐藤", "写しに書いた"

    form = edited(change)
    assert (form.writer, read_entries(form)) == ("山田", ALL)
    outside = {("form-outside", "はじめに (2)", cell) for cell in ("E1", "C5", "C6", "C7")}
    assert set(codes(form)) == outside


@pytest.mark.parametrize(("value", "is_taken"), [(0.8, True), ("80%", True), (0.9, False)])
def test_a_row_that_was_copied(value, is_taken):
    def copy(workbook):
        sheet = workbook["進捗"]
        for column in range(1, 11):
            sheet.cell(20, column).value = sheet.cell(5, column).value
        sheet["F20"].number_format = "0%"
        sheet["F20"] = value

    stands, findings = merged(edited(copy))
    assert (("T-1", "実施") in stands) is is_taken
    assert findings == ([] if is_taken else [("form-key-twice", "進捗", "F5"), ("form-key-twice", "進捗", "F20")])


def test_a_column_that_was_copied_counts_once_and_is_named_where_it_differs():
    def copy(workbook):
        sheet = workbook["進捗"]
        for row in range(4, 7):
            sheet.cell(row, 14).value = sheet.cell(row, 6).value
            sheet.cell(row, 14).number_format = "0%"
        sheet["N6"] = 0.6

    stands, findings = merged(edited(copy))
    assert stands[("T-1", "実施")] == "80%"
    assert ("T-3", "実施") not in stands
    assert findings == [("form-key-twice", "進捗", "F6"), ("form-key-twice", "進捗", "N6")]


def test_rows_of_another_sheet_or_another_department_are_named_and_not_taken():
    def paste(workbook):
        sheet = workbook["進捗"]
        sheet["A20"], sheet["F20"] = "T-2", 0.4  # of 乙課
        sheet["A21"], sheet["F21"] = "A-1-乙課", 0.4
        sheet["A22"], sheet["F22"] = "T-99", 0.4

    form = edited(paste)
    stands, findings = merged(form)
    assert findings == [("form-key-unknown", "進捗", f"F{row}") for row in (20, 21, 22)]
    assert ("T-2", "実施") not in stands


def test_rows_that_were_copied_between_sheets_are_named_and_not_taken():
    def paste(workbook):
        for source, row, target in (("総括評価", 5, "進捗"), ("進捗", 5, "総括評価"), ("成果と課題", 5, "進捗")):
            copied = [cell.value for cell in workbook[source][row][:8]]
            workbook[target].append([f"=1/{value}" if value == 0 else value for value in copied])

    form = edited(paste)
    stands, findings = merged(form)
    assert stands.keys() == ALL
    first = edited(lambda _: None)
    assert len(form.entries) > len(first.entries)
    new = [each for each in form.entries if each not in first.entries]
    assert findings == [("form-key-elsewhere", each.place.sheet, each.place.cell) for each in new]


def test_a_word_of_the_cover_that_was_typed_elsewhere_hides_no_input():
    form = edited(lambda workbook: setattr(workbook["はじめに"]["B2"], "value", "記入日"))
    assert form.filled_on is not None
    assert codes(form) == [("form-outside", "はじめに", "B2")]


def test_a_deleted_column_is_named():
    form = edited(lambda workbook: move_columns(workbook["進捗"], 6, -1))
    assert read_entries(form) == ALL - {("T-1", "実施"), ("T-3", "実施")}
    assert codes(form) == [("form-heading-missing", "進捗", "A4")]


def test_what_stands_in_a_row_or_a_table_without_its_keys_is_named():
    form = edited(lambda workbook: setattr(workbook["進捗"]["A5"], "value", None))
    assert read_entries(form) == ALL - {("T-1", "実施"), ("T-1", "備考")}
    assert codes(form) == [
        ("form-outside", "進捗", "F5"),
        ("form-outside", "進捗", "J5"),
        ("form-row-missing", "進捗", "A5"),
    ]
    form = edited(lambda workbook: workbook["進捗"].delete_cols(1))
    assert read_entries(form) == ALL - {("T-1", "実施"), ("T-1", "備考"), ("T-3", "実施")}
    outside = {("form-outside", "進捗", cell) for cell in ("E5", "I5", "E6")}
    assert set(codes(form)) == {("form-keys-removed", "進捗", ""), *outside}


def test_a_heading_row_that_is_gone_is_named_with_all_that_was_filled_in():
    form = edited(lambda workbook: workbook["進捗"].delete_rows(4))
    assert read_entries(form) == ALL - {("T-1", "実施"), ("T-1", "備考"), ("T-3", "実施")}
    said = codes(form)
    assert ("form-sheet-missing", "進捗", "") in said
    assert {("form-outside", "進捗", cell) for cell in ("F4", "J4", "F5")} <= set(said)


def test_a_task_that_was_added_by_hand_is_named_whole():
    def add(workbook):
        sheet = workbook["進捗"]
        sheet["E9"], sheet["F9"], sheet["J9"], sheet["K9"] = "新しい作業", 0.3, "追加しました", "=F9/2"

    form = edited(add)
    assert read_entries(form) == ALL
    assert codes(form) == [("form-outside", "進捗", cell) for cell in ("F9", "J9", "E9", "K9")]


@pytest.mark.parametrize("has_key", [False, True])
def test_of_a_row_that_was_copied_for_another_task_each_cell_is_named_and_none_of_the_forms_own(has_key):
    def copy(workbook):
        sheet = workbook["進捗"]
        sheet.insert_rows(6)
        for column in range(1 if has_key else 2, 5):
            sheet.cell(6, column).value = sheet.cell(5, column).value
        sheet["E6"] = "写して作った作業"

    form = edited(copy)
    assert read_entries(form) == ALL
    columns = "ABCDE" if has_key else "BCDE"
    assert codes(form) == [("form-outside", "進捗", f"{column}6") for column in columns]


def pasted(*sheets):
    """Copy the sheets' values into a new workbook, as a person does who starts afresh."""
    source, new = openpyxl.load_workbook(io.BytesIO(FILLED), data_only=True), openpyxl.Workbook()
    new.remove(new.active)
    for name in sheets:
        made = new.create_sheet(name)
        for row in source[name].iter_rows():
            for cell in row:
                made[cell.coordinate].value = cell.value
                made[cell.coordinate].number_format = cell.number_format
    return new


def sent(workbook):
    saved = io.BytesIO()
    workbook.save(saved)
    return read_form(read_workbook(saved.getvalue()), "form.xlsx", "")


def test_a_form_pasted_into_a_new_workbook_is_recognised():
    new = pasted("はじめに", "進捗", "指標", "総括評価", "成果と課題", "写真")
    new["進捗"]["Z6"], new["進捗"]["E9"] = "横に", "下に"
    new.create_sheet("メモ")["A1"] = "別紙"
    form = sent(new)
    assert (form.department, form.plan_id, form.writer) == ("甲課", "", "山田")
    assert read_entries(form) == ALL
    said = codes(form)
    assert said[0] == ("form-without-ledger", "", "")
    assert set(said[1:]) == {("form-outside", *place) for place in (("進捗", "Z6"), ("進捗", "E9"), ("メモ", "A1"))}


def test_a_pasted_sheet_alone_is_told_by_its_keys_and_what_tells_nothing_is_refused():
    form = sent(pasted("総括評価"))
    assert form.department == "甲課"
    assert ("form-department-guessed", "", "") in codes(form)
    with pytest.raises(NotAFormError):
        sent(pasted("進捗"))
    with pytest.raises(NotAFormError):
        sent(pasted("はじめに"))


def test_a_department_that_is_told_by_its_keys_has_its_name_as_it_is_written():
    sheet = pasted("総括評価")
    for row in sheet["総括評価"].iter_rows():
        for cell in row:
            if cell.value == "A-1-甲課":
                cell.value = "A-1-ＤＸ推進課"
    assert sent(sheet).department == "ＤＸ推進課"


def test_another_department_on_the_cover_is_named():
    form = edited(lambda workbook: setattr(workbook["はじめに"]["C4"], "value", "乙課"))
    assert form.department == "甲課"
    assert codes(form) == [("form-department-differs", "はじめに", "C4")]


@pytest.mark.parametrize(
    "spoiled", ["", "五", 5, "5", '"进"', "[[1, 2, 3]]", '[["進捗", 5, "T-1", false]]', '{"進捗": 1}', "[" * 30_000]
)
def test_where_the_list_of_what_was_printed_is_spoiled_the_form_is_read_all_the_same(spoiled):
    def spoil(workbook):
        for row in workbook["_kama"].iter_rows():
            if row[0].value == "控え":
                row[1].value = spoiled

    form = edited(spoil)
    assert read_entries(form) == ALL
    assert codes(form) == [("form-without-ledger", "", "")]


def test_what_was_printed_at_no_address_tells_nothing():
    def spoil(workbook):
        cells = [row[1] for row in workbook["_kama"].iter_rows() if row[0].value == "控え"]
        for cell in cells:
            cell.value = cell.value.replace('"進捗","A5"', '"進捗","五"')

    form = edited(spoil)
    assert read_entries(form) == ALL
    assert codes(form) == [("form-outside", "進捗", "A5")]


def test_an_old_version_is_read_and_named():
    form = edited(lambda workbook: setattr(workbook["_kama"]["B3"], "value", "1"))
    assert (read_entries(form), codes(form)) == (ALL, [("form-version-old", "", "")])


def test_a_form_of_the_first_version_has_no_planned_column():
    def change(workbook):
        workbook["_kama"]["B3"] = "1"
        move_columns(workbook["進捗"], 7, -1)

    form = edited(change)
    assert (read_entries(form), codes(form)) == (ALL, [("form-version-old", "", "")])


# --- the balance -----------------------------------------------------------------------------------------------------

SHEETS = ["はじめに", *(each.name for each in schema.TABLE_SHEETS)]
SHEET, ROW, COLUMN = st.sampled_from(SHEETS), st.integers(1, 14), st.integers(1, 14)
CHANGES = st.one_of(
    st.tuples(st.just("insert_rows"), SHEET, ROW),
    st.tuples(st.just("delete_rows"), SHEET, ROW),
    st.tuples(st.just("insert_cols"), SHEET, COLUMN),
    st.tuples(st.just("delete_cols"), SHEET, COLUMN),
    st.tuples(st.just("rename"), SHEET, st.integers(1, 3)),
    st.tuples(st.just("copy"), SHEET, st.integers(1, 3)),
    st.tuples(st.just("remove"), SHEET, st.integers(1, 3)),
    st.tuples(st.just("type"), SHEET, st.tuples(ROW, COLUMN)),
    st.tuples(st.just("type"), SHEET, st.tuples(ROW, COLUMN)),
)
FORMS = [FILLED, write_form(form_content(PLAN, MONTH, "乙課"))]
HARMLESS = {"insert_rows", "insert_cols", "rename", "copy"}


def change_structure(workbook, name, sheet_name, argument, token):
    """Do one thing that a person might do; what cannot be done is left."""
    sheet = next((each for each in workbook if each.title.startswith(sheet_name)), None)
    if sheet is None:
        return
    match name:
        case "rename":
            sheet.title = f"{sheet.title}改{argument}"[:31]
        case "copy":
            workbook.copy_worksheet(sheet).title = f"{sheet.title} ({argument})"[:31]
        case "remove":
            if len(workbook.sheetnames) > 3:
                workbook.remove(sheet)
        case "type":
            cell = sheet.cell(*argument)
            if not isinstance(cell, openpyxl.cell.MergedCell):
                cell.value = token
        case _:
            getattr(sheet, name)(argument)


@pytest.mark.slow
@settings(max_examples=30, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@given(
    st.sampled_from(range(len(FORMS))),
    st.lists(CHANGES, min_size=1, max_size=9)
    | st.lists(CHANGES.filter(lambda each: each[0] in HARMLESS), min_size=1, max_size=6),
)
def test_the_balance_holds_for_any_change_of_structure(which, done):
    workbook = openpyxl.load_workbook(io.BytesIO(FORMS[which]))
    for number, (name, sheet_name, argument) in enumerate(done):
        change_structure(workbook, name, sheet_name, argument, f"★{number}を記入")
    try:
        form = sent(workbook)
    except NotAFormError:
        return  # the file as a whole is refused by name
    if {name for name, *_ in done} <= HARMLESS and which == 0:
        assert read_entries(form) == ALL
    typed = {
        (sheet.title, cell.coordinate): cell.value
        for sheet in workbook
        for row in sheet.iter_rows()
        for cell in row
        if isinstance(cell.value, str) and cell.value.startswith("★")
    }
    taken = {(each.place.sheet, each.place.cell) for each in form.entries}
    named = {(each.place.sheet, each.place.cell) for each in form.findings}
    identity = {form.writer, form.department}
    contact = {place for place in typed if beside(workbook, place) == "連絡先"}
    assert {
        place for place, text in typed.items() if place not in taken | named | contact and text not in identity
    } == set()


def beside(workbook, place):
    sheet, address = place
    cell = workbook[sheet][address]
    return cell.offset(0, -1).value if cell.column > 1 else None


def test_a_form_whose_hidden_columns_and_sheets_were_removed_says_which_column_is_gone(city):
    path = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.3})
    workbook = openpyxl.load_workbook(path)
    for sheet in workbook.worksheets:
        if sheet.sheet_state != "visible":
            workbook.remove(sheet)
        elif sheet.column_dimensions["A"].hidden:
            sheet.delete_cols(1)
    workbook.save(path)
    document = city.run()
    gone = found(document, "form-keys-removed")
    assert ("甲課", "input/2026-02/甲課.xlsx", "進捗", "") in gone
    assert found(document, "form-sheet-missing") == []
    assert any(each["value"] == "30%" for each in document["findings"] if each["code"] == "form-outside")
