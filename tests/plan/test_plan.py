"""The plan workbook: what is read from it, and every inconsistency named at its cell."""

import datetime as dt
import io
import runpy
from fractions import Fraction as F

import openpyxl
import pytest
from openpyxl.comments import Comment
from openpyxl.formatting.rule import FormulaRule
from openpyxl.styles import Font
from support.city import saved_on
from support.office import recalculated
from support.plans import BANDS, findings_of, plan_of, tables

from kama_excel.domain.calendar import Month
from kama_excel.plan.rating import Direction, Method
from kama_excel.plan.reader import read_plan
from kama_excel.plan.writer import write_plan
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

pytestmark = pytest.mark.slow


def changed(sheet, row, column, value):
    """Return the changes that put a value into one cell of the plan's tables, counted from 0."""
    rows = [list(each) for each in tables()[sheet]]
    rows[row][column] = value
    return {sheet: rows}


def test_the_shipped_plan_has_the_documents_structure(project):
    plan, findings = read_plan(read_workbook((project / "workbook_templates/plan.xlsx").read_bytes()), "plan.xlsx")
    assert plan is not None
    assert findings == ()
    assert plan.themes == ("くらし", "しごと", "ぎょうせい")
    assert len(plan.measures) == 8
    assert [action.no for action in plan.actions] == list(range(1, 51))
    described = {action.no for action in plan.actions if action.aim}
    assert described == {2, 3, 6, 13}
    assert {task.action_no for task in plan.tasks} == {3, 6, 13}
    assert len(plan.tasks) == 9 + 12 + 12
    assert plan.action(43).name == "行政サービスの品質向上のための電話応対の録音、チャット等の利活用検討"
    assert [band.lower for band in plan.bands.bands] == [F(1), F(9, 10), F(4, 5), F(3, 5), F(0)]
    assert plan.headline_grade == "概ね達成"


def test_the_shipped_plan_is_made_of_its_text(project):
    shipped, _ = read_plan(read_workbook((project / "workbook_templates/plan.xlsx").read_bytes()), "plan.xlsx")
    made = runpy.run_path(str(project / "docs/example.py"))
    assert read_plan(read_workbook(write_plan(made["plan_tables"]())), "plan.xlsx") == (shipped, ())


def test_a_row_that_was_struck_out_is_of_the_plan_and_that_is_said():
    workbook = openpyxl.load_workbook(io.BytesIO(write_plan(tables())))
    sheet = workbook["タスク"]
    row = next(each for each in sheet.iter_rows() if each[4].value == "作業三")
    for cell in row[1:]:
        cell.font = Font(strike=True)
    buffer = io.BytesIO()
    workbook.save(buffer)
    plan, findings = read_plan(read_workbook(buffer.getvalue()), "plan.xlsx")
    assert "作業三" in [task.text for task in plan.tasks]
    assert [(each.code.slug, each.place.sheet, each.place.cell) for each in findings] == [
        ("plan-row-struck", "タスク", row[1].coordinate)
    ]
    assert "適用終了" in findings[0].advice


def test_tables_are_found_by_heading_wherever_they_stand():
    workbook = openpyxl.Workbook()
    workbook.remove(workbook.active)
    content = openpyxl.load_workbook(io.BytesIO(write_plan(tables())))
    for sheet in content:
        moved = workbook.create_sheet(sheet.title)
        for row in sheet.iter_rows(min_row=3):
            for cell in row:
                moved.cell(cell.row + 7, 2 * cell.column + 3, cell.value).number_format = cell.number_format
        moved["A1"] = "ここに題名"
        moved["B5"] = "No"  # a heading's word above the heading row
    buffer = io.BytesIO()
    workbook.save(buffer)
    plan, findings = read_plan(read_workbook(buffer.getvalue()), "plan.xlsx")
    assert findings == ()
    assert plan == plan_of()


def test_other_years_bands_and_words_are_read_from_the_workbook():
    plan = plan_of(
        計画=[
            ["計画名", "別の計画"],
            ["団体名", "別の市"],
            ["計画ID", "b"],
            ["開始年度", "平成30年度"],
            ["終了年度", 2027],
            ["見出しの区分", "A"],
        ],
        評価区分=[["C", 0.0], ["A", 0.5], ["S", 0.95]],
        タスク=[[1, 1, "R1", "甲課", "x"], [2, 1, "H30", "甲課", "y", 2, "2019-04", "令和2年3月"]],
    )
    assert plan.fiscal_years == tuple(range(2018, 2028))
    assert plan.bands.names == ("S", "A", "C")
    assert plan.average_label == "10カ年平均"
    assert [task.fiscal_year for task in plan.tasks] == [2019, 2018]
    assert plan.tasks[1].weight == 2
    assert Month(2019, 3) not in plan.tasks[1].period
    assert Month(2020, 3) in plan.tasks[1].period
    assert Month(2020, 4) not in plan.tasks[1].period


def test_the_direction_follows_from_baseline_and_target():
    rows = [
        [1, 2, "増える", "回", 3, 20, "", "乙課"],
        [2, 2, "減る", "回", 20, 3, "", "乙課"],
        [3, 2, "以下", "回", None, 3, "減", "乙課"],
        [4, 2, "数", "回", None, 3, "", "乙課"],
    ]
    directions = [each.direction for each in plan_of(指標=rows).indicators]
    assert directions == [Direction.UP, Direction.DOWN, Direction.DOWN, Direction.UP]


def test_decisions_and_corrections_are_read():
    plan = plan_of(
        評価方法=[
            [1, "総括評価", dt.date(2026, 2, 1), "委員会", "実証実験のため"],
            [2, "自動"],
            [2, "3カ年平均", "R8.2.2", "部長", "理由"],
        ],
        訂正=[["T-1", "実施", 0.5, dt.date(2026, 2, 3), "事務局", "転記誤り"]],
    )
    assert [(each.action_no, each.method) for each in plan.decisions] == [
        (1, Method.ASSESSMENT),
        (2, Method.PLAN_AVERAGE),
    ]
    assert plan.decision(1, Month(2026, 1)) is None
    assert plan.corrections[0].corrected_on == dt.date(2026, 2, 3)
    assert plan.corrections[0].place.cell == "C4"


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"アクション": [[1, "一", 9]], "タスク": [], "指標": []}, ("PLAN_REFERENCE_UNKNOWN", "アクション", "C4")),
        (changed("タスク", 0, 3, "丙課"), ("PLAN_REFERENCE_UNKNOWN", "タスク", "D4")),
        (changed("タスク", 1, 1, 99), ("PLAN_REFERENCE_UNKNOWN", "タスク", "B5")),
        (changed("タスク", 1, 0, 1), ("PLAN_NUMBER_TWICE", "タスク", "A5")),
        (changed("アクション", 1, 0, 1), ("PLAN_NUMBER_TWICE", "アクション", "A5")),
        (changed("重点施策", 1, 0, 1), ("PLAN_NUMBER_TWICE", "重点施策", "A5")),
        (changed("評価区分", 1, 0, "達成"), ("PLAN_NUMBER_TWICE", "評価区分", "A5")),
        (changed("タスク", 0, 2, "令和9年度"), ("PLAN_YEAR_OUTSIDE", "タスク", "C4")),
        (changed("アクション", 0, 0, 1e15), ("PLAN_VALUE_UNREADABLE", "アクション", "A4")),
        (changed("タスク", 0, 2, 6), ("PLAN_VALUE_UNREADABLE", "タスク", "C4")),
        (changed("タスク", 0, 2, None), ("PLAN_VALUE_MISSING", "タスク", "C4")),
        (changed("タスク", 0, 4, None), ("PLAN_VALUE_MISSING", "タスク", "E4")),
        ({"タスク": [[1, 1, 2024, "甲課", "x", 0]]}, ("PLAN_VALUE_UNREADABLE", "タスク", "F4")),
        ({"タスク": [[1, 1, 2024, "甲課", "x", 1, "2026-02", "2025-02"]]}, ("PLAN_PERIOD_REVERSED", "タスク", "H4")),
        ({"タスク": [[1, 1, 2024, "甲課", "x", 1, "いつか"]]}, ("PLAN_VALUE_UNREADABLE", "タスク", "G4")),
        (changed("計画", 4, 1, "令和5年度"), ("PLAN_YEARS_REVERSED", "計画", "B8")),
        (changed("計画", 5, 1, "満点"), ("PLAN_HEADLINE_UNKNOWN", "計画", "B9")),
        (changed("計画", 2, 1, None), ("PLAN_ITEM_MISSING", "計画", "B6")),
        ({"計画": tables()["計画"][1:]}, ("PLAN_ITEM_MISSING", "計画", "")),
        (changed("評価区分", 1, 1, 1.0), ("PLAN_BANDS_OVERLAP", "評価区分", "B5")),
        ({"評価区分": BANDS[:4]}, ("PLAN_BANDS_OPEN", "評価区分", "B7")),
        ({"評価区分": []}, ("PLAN_BANDS_OPEN", "評価区分", "")),
        ({"評価区分": [["達成", "高い"]]}, ("PLAN_VALUE_UNREADABLE", "評価区分", "B4")),
        (changed("指標", 0, 5, -1), ("PLAN_TARGET_NEGATIVE", "指標", "F4")),
        (changed("指標", 0, 5, None), ("PLAN_TARGET_BLANK", "指標", "F4")),
        (changed("指標", 0, 5, "たくさん"), ("PLAN_TARGET_WORDS", "指標", "F4")),
        (changed("指標", 0, 6, "横"), ("PLAN_VALUE_UNREADABLE", "指標", "G4")),
        ({"指標": [[1, 1, "率", "%", 20, 10, "増", "乙課"]]}, ("PLAN_DIRECTION_CONTRADICTS", "指標", "G4")),
        ({"指標": [[1, 1, "率", "%", 20, 20, "増", "乙課"]]}, ("PLAN_UPKEEP_UNSAID", "指標", "F4")),
        ({"指標": [[1, 1, "申請数", "倍", None, 2, "増", "乙課"]]}, ("PLAN_MULTIPLE_WITHOUT_BASELINE", "指標", "E4")),
        ({"担当課": [["甲課", "乙課"], ["乙課"]]}, ("PLAN_DEPARTMENT_TWICE_NAMED", "担当課", "A5")),
        ({"評価方法": [[1, "多数決", dt.date(2026, 2, 1), "a", "b"]]}, ("PLAN_METHOD_UNKNOWN", "評価方法", "B4")),
        ({"評価方法": [[1, "総括評価", None, "a", "b"]]}, ("PLAN_DECISION_UNDATED", "評価方法", "C4")),
        (
            {"評価方法": [[1, "総括評価", dt.date(2026, 2, 1), "a", "同上"]]},
            ("PLAN_DECISION_UNFOUNDED", "評価方法", "E4"),
        ),
        (
            {"評価方法": [[1, word, dt.date(2026, 2, 1), "a", "b"] for word in ("総括評価", "目標値")]},
            ("PLAN_DECISION_TWICE", "評価方法", "C5"),
        ),
        ({"アクション": [], "タスク": [], "指標": []}, ("PLAN_VALUE_MISSING", "アクション", "")),
        ({"訂正": [["T-1", "実施", 1, None, "a", "b"]]}, ("PLAN_VALUE_MISSING", "訂正", "D4")),
        (
            {"訂正": [[key, "実施", 0.5, dt.date(2026, 2, 1), "a", "b"] for key in ("T-1", "Ｔ-1")]},
            ("PLAN_CORRECTION_TWICE", "訂正", "D5"),
        ),
        (  # of one department under its old name and its new one
            {"訂正": [[key, "総括評価", 0.5, dt.date(2026, 2, 1), "a", "b"] for key in ("A-1-甲課", "A-1-旧甲課")]},
            ("PLAN_CORRECTION_TWICE", "訂正", "D5"),
        ),
        (
            {"訂正": [["T-1", "実施", 0.5, dt.date(2026, 2, 1), None, "b"]]},
            ("PLAN_CORRECTION_UNFOUNDED", "訂正", "E4"),
        ),
        (changed("タスク", 0, 4, "見えない\x07字"), ("TEXT_CLEANED", "タスク", "E4")),
    ],
)
def test_every_inconsistency_is_named_at_its_cell(change, found):
    assert found in findings_of(**change)


@pytest.mark.parametrize(
    "change",
    [
        {"評価方法": [[1, "総括評価", "令和8年2月30日", "a", "b"]]},
        {"訂正": [["T-1", "実施", 1, "令和8年2月30日", "a", "b"]]},
    ],
)
def test_a_day_that_cannot_be_read_is_not_said_to_be_missing_too(change):
    ((code, _, cell),) = findings_of(**change)
    assert (code, cell[1:]) == ("PLAN_VALUE_UNREADABLE", "4")


@pytest.mark.parametrize(("saved", "cells"), [("2026-02-17", ["D4", "C4"]), ("2026-02-18", []), (None, [])])
def test_a_day_that_had_not_come_when_the_plan_was_saved_is_asked_about(saved, cells):
    day = dt.date(2026, 2, 18)
    content = write_plan(
        tables(評価方法=[[1, "総括評価", day, "a", "b"]], 訂正=[["T-1", "実施", 0.5, day, "a", "b", "2026-01"]])
    )
    moment = f"{saved}T14:59:59Z"  # 23:59:59 in Japan
    plan, findings = read_plan(read_workbook(saved_on(content, moment) if saved else content), "plan.xlsx")
    assert plan.corrections
    assert sorted(each.place.cell for each in findings if each.code.name == "PLAN_DAY_AHEAD") == sorted(cells)


def edited(edit):
    """Return what is found in the small plan's workbook after a person has edited it."""
    workbook = openpyxl.load_workbook(io.BytesIO(write_plan(tables())))
    edit(workbook)
    buffer = io.BytesIO()
    workbook.save(buffer)
    _, findings = read_plan(read_workbook(buffer.getvalue()), "plan.xlsx")
    return [(each.code.name, each.place.sheet, each.place.cell) for each in findings]


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "code"),
    [
        ("計画", "B7", "#REF!", "CELL_ERROR"),
        ("計画", "B7", "来年", "PLAN_VALUE_UNREADABLE"),
        ("計画", "A9", "団体名", "PLAN_NUMBER_TWICE"),
        ("アクション", "H4", "甲課\x7f", "TEXT_CLEANED"),
        ("評価方法", "C4", "きのう", "PLAN_VALUE_UNREADABLE"),
        ("訂正", "D4", "きのう", "PLAN_VALUE_UNREADABLE"),
    ],
)
def test_of_one_cell_one_thing_is_said(sheet, cell, value, code):
    def spoil(workbook):
        rows = {"評価方法": [1, "総括評価", "2026/2/1", "a", "b"], "訂正": ["T-1", "実施", "80%", "2026/2/1", "a", "b"]}
        for name, row in rows.items():
            for column, typed in enumerate(row, start=1):
                workbook[name].cell(4, column).value = typed
        workbook[sheet][cell] = value

    assert [each for each in edited(spoil) if each[1:] == (sheet, cell)] == [(code, sheet, cell)]


@pytest.mark.parametrize(("value", "number_format"), [(0.3, "General"), (1, "0"), ("0.3", "@"), ("0.3 ", "0%")])
@pytest.mark.parametrize("heading", ["E", "F"])
def test_a_target_that_may_be_a_fraction_is_asked_about(heading, value, number_format):
    def edit(workbook):
        sheet = workbook["指標"]
        sheet["D4"], sheet["E4"], sheet["F4"] = "%", "10%", "20%"
        sheet[f"{heading}4"].value, sheet[f"{heading}4"].number_format = value, number_format

    assert ("PLAN_SMALL_PERCENT", "指標", f"{heading}4") in edited(edit)


@pytest.mark.parametrize(("value", "number_format"), [("0.3%", "@"), (0.3, "0%"), (0, "0"), (30, "0")])
def test_a_target_in_percent_is_read(value, number_format):
    def edit(workbook):
        sheet = workbook["指標"]
        sheet["D4"], sheet["F4"] = "%", "90%"
        sheet["E4"].value, sheet["E4"].number_format = value, number_format

    assert edited(edit) == edited(lambda _: None)


def test_merged_cells_of_the_plan_are_named_as_such():
    found = edited(lambda workbook: workbook["タスク"].merge_cells("B4:B6"))
    assert [each for each in found if each[1] == "タスク"] == [("PLAN_CELLS_MERGED", "タスク", "B4")]


def test_a_copied_sheet_that_was_edited_is_named_and_a_name_with_a_blank_is_read():
    def copy(workbook, value):
        workbook.copy_worksheet(workbook["タスク"]).title = "タスク (2)"
        workbook["タスク (2)"]["E4"] = value or workbook["タスク"]["E4"].value

    plain = edited(lambda _: None)
    assert edited(lambda workbook: copy(workbook, "")) == plain
    assert set(edited(lambda workbook: copy(workbook, "直した"))) - set(plain) == {
        ("PLAN_SHEET_COPY", "タスク (2)", "")
    }

    def rename(workbook):
        workbook["タスク"].title = "タスク　"

    assert edited(rename) == plain


@pytest.mark.parametrize("name", ["タスク_修正", "タスク（２）", "旧タスク"])
def test_a_sheet_with_the_headings_of_another_and_other_rows_is_named_whatever_it_is_called(name):
    def copy(workbook):
        workbook.copy_worksheet(workbook["タスク"]).title = name
        workbook[name]["E4"] = "直した"

    assert set(edited(copy)) - set(edited(lambda _: None)) == {("PLAN_SHEET_COPY", name, "")}


@pytest.mark.parametrize("state", ["hidden", "veryHidden"])
def test_a_hidden_sheet_of_the_plan_is_read_and_named(state):
    found = edited(lambda workbook: setattr(workbook["タスク"], "sheet_state", state))
    assert set(found) - set(edited(lambda _: None)) == {("PLAN_SHEET_HIDDEN", "タスク", "")}


def test_hidden_rows_and_columns_of_the_plan_are_read_and_named_once():
    def hide(workbook):
        workbook["タスク"].auto_filter.ref = "A3:I8"
        for row in (5, 6):
            workbook["タスク"].row_dimensions[row].hidden = True
        workbook["指標"].column_dimensions["F"].hidden = True

    found = edited(hide)
    assert sorted(set(found) - set(edited(lambda _: None))) == [
        ("PLAN_CELLS_HIDDEN", "タスク", "A5"),
        ("PLAN_CELLS_HIDDEN", "指標", "F4"),
    ]


def test_a_strike_that_depends_on_a_condition_is_named_once_for_a_sheet_of_the_plan():
    def strike(workbook):
        rule = FormulaRule(["TRUE"], font=Font(strike=True))
        workbook["タスク"].conditional_formatting.add("A4:I8", rule)

    found = edited(strike)
    assert set(found) - set(edited(lambda _: None)) == {("PLAN_MAY_BE_STRUCK", "タスク", "A4")}


def test_a_rounded_band_and_correction_are_named_and_count_with_all_their_digits():
    def round_them(workbook):
        band, row = workbook["評価区分"]["B5"], workbook["訂正"][4]
        band.value, band.number_format = 0.895, "0%"
        for cell, value in zip(row, ["T-1", "実施", 0.896, dt.date(2026, 2, 3), "事務局", "転記誤り"], strict=False):
            cell.value = value
        row[2].number_format = "0%"

    content = io.BytesIO()
    workbook = openpyxl.load_workbook(io.BytesIO(write_plan(tables())))
    round_them(workbook)
    workbook.save(content)
    plan, findings = read_plan(read_workbook(content.getvalue()), "plan.xlsx")
    named = {(each.place.sheet, each.place.cell) for each in findings if each.code.name == "PLAN_FIGURE_ROUNDED"}
    assert named == {("評価区分", "B5"), ("訂正", "C4")}
    assert plan.bands.bands[1].lower == F(179, 200)
    assert plan.corrections[0].value == "89.6%"


@pytest.mark.parametrize(
    ("address", "value", "code", "is_named"),
    [
        ("C4", 2024, '0"年度"', False),
        ("C4", 2024, ";;;", True),
        ("C4", 2024, "0,", True),
        ("G4", dt.date(2025, 4, 1), "yyyy/m", False),
        ("G4", dt.date(2025, 4, 1), ";;;", True),
        ("G4", dt.date(2025, 4, 1), "d", True),
    ],
)
def test_a_year_or_a_month_that_the_plan_does_not_show_is_not_taken(address, value, code, is_named):
    def hide(workbook):
        workbook["タスク"][address].value, workbook["タスク"][address].number_format = value, code

    found = {each for each in set(edited(hide)) - set(edited(lambda _: None)) if each[1:] == ("タスク", address)}
    assert bool(found & {(name, "タスク", address) for name in ("CELL_UNSEEN", "CELL_SHOWN_OTHERWISE")}) == is_named


@pytest.mark.parametrize(("number_format", "is_named"), [("0", True), ("0.0", False), ("General", False)])
def test_a_target_that_the_plan_shows_rounded_is_named_with_both(number_format, is_named):
    def round_target(workbook):
        workbook["指標"]["F4"].value, workbook["指標"]["F4"].number_format = 28.4, number_format

    found = set(edited(round_target)) - set(edited(lambda _: None))
    assert found == ({("PLAN_FIGURE_ROUNDED", "指標", "F4")} if is_named else set())


def test_a_comment_in_the_plan_is_named_at_its_cell():
    found = edited(lambda workbook: setattr(workbook["指標"]["F4"], "comment", Comment("目標を20に", "事務局")))
    assert set(found) - set(edited(lambda _: None)) == {("PLAN_NOTE", "指標", "F4")}


@pytest.mark.parametrize("number_format", ["General", "0.00"])
def test_a_month_typed_as_a_number_is_not_guessed(number_format):
    def edit(workbook):
        workbook["タスク"]["G4"].value, workbook["タスク"]["G4"].number_format = 2025.1, number_format

    assert set(edited(edit)) - set(edited(lambda _: None)) == {("PLAN_VALUE_UNREADABLE", "タスク", "G4")}


@pytest.mark.parametrize(("number_format", "shown"), [('0"割"', "3割"), ('0"万"', "3万"), ('"約"0', "約3")])
def test_a_number_that_its_format_gives_a_word_is_named_with_both(number_format, shown):
    workbook = openpyxl.load_workbook(io.BytesIO(write_plan(tables())))
    workbook["指標"]["F4"].value, workbook["指標"]["F4"].number_format = 3, number_format
    buffer = io.BytesIO()
    workbook.save(buffer)
    _, findings = read_plan(read_workbook(buffer.getvalue()), "plan.xlsx")
    (said,) = [each.message for each in findings if each.place.cell == "F4"]
    assert f"「3（表示は{shown}）」" in said


def test_words_that_a_format_makes_of_a_number_are_told_once():
    workbook = openpyxl.load_workbook(io.BytesIO(write_plan(tables())))
    workbook["タスク"]["E4"].value, workbook["タスク"]["E4"].number_format = 1200, '#,##0"回実施"'
    buffer = io.BytesIO()
    workbook.save(buffer)
    _, findings = read_plan(read_workbook(buffer.getvalue()), "plan.xlsx")
    (said,) = [each.message for each in findings if each.place.cell == "E4"]
    assert "「1200」ですが、" in said
    assert "「1,200回実施」" in said


def test_a_dash_in_a_cell_that_may_be_blank_is_a_blank():
    def edit(workbook):
        for cell in ("E4", "G4", "I4", "J4", "K4"):
            workbook["指標"][cell] = "－"
        for cell in ("B4", "C4", "C5"):
            workbook["担当課"][cell] = "－"

    def blank(workbook):
        for cell in ("E4", "G4", "I4", "J4", "K4"):
            workbook["指標"][cell] = None
        for cell in ("B4", "C4", "C5"):
            workbook["担当課"][cell] = None

    assert edited(edit) == edited(blank)


@pytest.mark.parametrize(
    ("sheet", "cell", "value", "code"),
    [
        ("指標", "F4", "=Z99", "CELL_UNCALCULATED"),
        ("タスク", "C4", "=Z99", "CELL_UNCALCULATED"),
        ("指標", "F4", "1万", "NUMBER_MAGNITUDE"),
        ("指標", "F4", "＝２０＋５", "FORMULA_AS_TEXT"),
    ],
)
def test_doubts_at_a_cell_of_the_plan_are_those_of_a_form(sheet, cell, value, code):
    found = edited(lambda workbook: workbook[sheet].__setitem__(cell, value))
    assert [each[0] for each in found if each[1:] == (sheet, cell)] == [code]


def test_a_missing_sheet_is_named():
    assert ("PLAN_SHEET_MISSING", "", "") in edited(lambda workbook: workbook.remove(workbook["タスク"]))


def test_an_emptied_heading_is_named_at_its_cell():
    def empty(workbook):
        workbook["タスク"]["C3"] = None

    found = edited(empty)
    assert ("PLAN_HEADING_MISSING", "タスク", "C3") in found
    assert ("PLAN_HEADING_EMPTY", "タスク", "C4") in found


@pytest.mark.parametrize(("sheet", "cell"), [("アクション", "A3"), ("評価区分", "B3")])
def test_a_sheet_without_a_heading_is_not_said_to_be_empty_too(sheet, cell):
    found = edited(lambda workbook: workbook[sheet].__setitem__(cell, None))
    assert {code for code, where, _ in found if where == sheet} == {"PLAN_HEADING_MISSING", "PLAN_HEADING_EMPTY"}


def test_a_heading_that_stands_twice_is_named():
    def twice(workbook):
        workbook["タスク"]["K3"] = "年度"

    assert ("PLAN_HEADING_TWICE", "タスク", "K3") in edited(twice)


def test_extra_columns_and_a_missing_optional_sheet_do_no_harm():
    def extend(workbook):
        workbook["タスク"]["K3"] = "メモ"
        workbook["タスク"]["K4"] = "自由に"
        workbook.remove(workbook["訂正"])
        workbook.remove(workbook["評価方法"])

    assert edited(extend) == []


def test_the_same_tables_give_the_same_bytes():
    assert write_plan(tables()) == write_plan(tables())


def test_a_departments_name_is_the_same_with_any_white_space_in_it():
    plan = plan_of(
        担当課=[["甲　課"], ["乙課"]],
        アクション=[[1, "一", 1, "", "", "", "", "甲 課"]],
        指標=[],
        タスク=[[1, 1, 2024, "甲  課", "x"]],
    )
    assert plan.tasks[0].department == "甲　課"
    assert plan.canonical_department("甲 課") == "甲　課"
    assert plan.canonical_department("甲課") is None


def test_the_plan_workbook_offers_what_other_sheets_have():
    workbook = openpyxl.load_workbook(io.BytesIO(write_plan(tables())))
    offered = {
        (sheet.title, sheet[f"{str(rule.sqref)[0]}3"].value): rule.formula1
        for sheet in workbook
        for rule in sheet.data_validations.dataValidation
        if rule.type == "list"
    }
    assert offered["タスク", "年度"] == offered["年度目標", "年度"] == "選択_年度"
    assert offered["評価方法", "算定方法"] == "選択_算定方法"
    lists = workbook["選択肢"]
    assert [cell.value is not None for cell in lists["A"][:4]] == [True] * 4
    assert offered["タスク", "アクションNo"] == offered["指標", "アクションNo"] == "'アクション'!$A$4:$A$2000"
    assert {offered[each] for each in (("タスク", "担当課"), ("指標", "担当課"), ("アクション", "主担当課"))} == {
        "'担当課'!$A$4:$A$2000"
    }
    assert offered["アクション", "重点施策No"] == "'重点施策'!$A$4:$A$2000"
    assert {str(rule.sqref) for rule in workbook["タスク"].data_validations.dataValidation} == {
        *("B4:B2000", "C4:C2000", "D4:D2000")
    }
    assert all(sheet.freeze_panes.endswith("4") for sheet in workbook if sheet.title != "選択肢")


def test_a_department_without_an_address_is_named_only_where_another_has_one():
    assert findings_of() == []
    assert findings_of(担当課=[["甲課", "", "kou@city.example.jp"], ["乙課"]]) == [
        ("PLAN_DEPARTMENT_NO_MAIL", "担当課", "C5")
    ]


def _lists(content):
    lists = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["選択肢"]
    return tuple([cell.value for cell in lists[column] if cell.value] for column in "AB")


@pytest.mark.office
@pytest.mark.parametrize(("first", "last"), [("平成30年度", "R2"), (2024, "令和10年度")])
def test_the_lists_follow_the_years_of_the_plan(office, first, last):
    written = write_plan(tables())
    years, methods = _lists(written)
    assert (years, methods[2]) == (["令和6年度", "令和7年度", "令和8年度"], "3カ年平均")
    workbook = openpyxl.load_workbook(io.BytesIO(written))
    workbook["計画"]["B7"], workbook["計画"]["B8"] = first, last
    workbook.save(office / "plan.xlsx")
    (office / "out").mkdir()
    years, methods = _lists(recalculated(office / "plan.xlsx", office / "out").read_bytes())
    if first == 2024:
        assert (years[0], years[-1], methods[2]) == ("令和6年度", "令和10年度", "5カ年平均")
    else:
        assert (years, methods[2]) == (["平成30年度", "令和元年度", "令和2年度"], "3カ年平均")


@pytest.mark.parametrize(
    ("mail", "found"),
    [
        ("ka@city.example.lg.jp", False),
        ("a@b.jp; c@d.jp", False),
        ("a@b.jp／ｃ＠d.jp", False),
        ("担当a@b.jp", True),
        ("<>", True),
        ("内線123", True),
        ("ka@city", True),
        ("a b@c.jp", True),
    ],
)
def test_a_mail_address_that_cannot_be_used_is_named(mail, found):
    assert (("PLAN_MAIL_UNUSABLE", "担当課", "C4") in findings_of(担当課=[["甲課", "", mail], ["乙課"]])) is found


def test_a_half_width_middle_dot_is_a_middle_dot():
    plan = plan_of(
        担当課=[["甲・丙課"], ["乙課"]], アクション=[[1, "一", 1]], 指標=[], タスク=[[1, 1, 2024, "甲･丙課", "x"]]
    )
    assert plan.tasks[0].department == "甲・丙課"


@pytest.mark.parametrize(
    ("row", "code"),
    [
        ([1, 1, "率", "%", None, 0.3, "増", "乙課"], "PLAN_SMALL_PERCENT"),
        ([1, 1, "率", "%", None, 1, "増", "乙課"], "PLAN_SMALL_PERCENT"),
        ([1, 1, "率", "%", None, "0.3%", "増", "乙課"], None),
        ([1, 1, "率", "倍", 1, 0.3, "", "乙課"], None),
        ([1, 1, "率", "%", 0, 30, "増", "乙課"], None),
        ([1, 1, "件数", "件", 50, 30, "増", "乙課"], "PLAN_DIRECTION_CONTRADICTS"),
        ([1, 1, "増減", "点", -20, -5, "", "乙課"], None),
        ([1, 1, "増減", "点", None, -5, "", "乙課"], "PLAN_TARGET_NEGATIVE"),
        ([1, 1, "率", "%", None, "90%台半ば", "増", "乙課"], "PLAN_TARGET_WORDS"),
    ],
)
def test_figures_of_an_indicator_that_may_be_meant_otherwise_are_named(row, code):
    assert [each[0] for each in findings_of(指標=[row], タスク=[])] == ([code] if code else [])


@pytest.mark.parametrize(
    ("changes", "place"),
    [
        ({"アクション": [[1, "一", 1, "", "", "", "", "", "2062-04", ""], [2, "二", 2]]}, ("アクション", "I4")),
        ({"評価方法": [[1, "自動", dt.date(2026, 2, 1), "委員会", "理由", "1999-02"]]}, ("評価方法", "F4")),
        ({"訂正": [["T-1", "実施", "5%", dt.date(2026, 2, 1), "事務局", "誤記", "2062-02"]]}, ("訂正", "G4")),
    ],
)
def test_a_month_far_from_the_plan_is_named(changes, place):
    assert ("PLAN_MONTH_FAR", *place) in findings_of(**changes)


@pytest.mark.parametrize(
    ("row", "found"),
    [
        ([1, "", dt.date(2026, 2, 1), "委員会", "理由"], ("PLAN_VALUE_MISSING", "評価方法", "B4")),
        ([1, "自動", None, "委員会", "理由"], ("PLAN_DECISION_UNDATED", "評価方法", "C4")),
        ([1, "", None, "委員会", ""], ("PLAN_DECISION_UNDATED", "評価方法", "C4")),
        ([1, "自動", None, "", "－"], None),
    ],
)
def test_a_decision_that_was_only_begun_is_named(row, found):
    assert findings_of(評価方法=[row]) == ([found] if found else [])


@pytest.mark.parametrize("suffix", [".xlsm", ".ods", ".xls"])
def test_a_plan_saved_in_another_format_is_said_to_be_there(city, suffix):
    plan = city.root / "workbook_templates" / "plan.xlsx"
    plan.rename(plan.with_suffix(suffix))
    for command in ("run", "forms"):
        result = city.invoke(command, *(("--month", "2026-02") if command == "forms" else ()))
        assert result.exit_code == 2
        if f"plan{suffix}" in result.stderr:
            return
    raise AssertionError(result.stderr)


@pytest.mark.parametrize("word", ["－", "なし", None])
def test_digits_that_are_not_given_are_one(word):
    assert plan_of(計画=[*tables()["計画"], ["率の小数桁", word]]).bands.rounding.digits == 1


@pytest.mark.parametrize(
    ("departments", "cell"),
    [
        ([["ＤＸ課"], ["DX課"]], "A5"),
        ([["ＤＸ課"], ["丙課", "DX課"]], "B5"),
        ([["ＤＸ課", "DX課"]], None),
    ],
)
def test_departments_that_are_one_in_a_key_are_no_two(departments, cell):
    """A 管理番号 is read without regard to the width of its letters: it would be the other's."""
    found = findings_of(担当課=[*tables()["担当課"], *departments])
    at = [each for code, _, each in found if code == "PLAN_DEPARTMENT_TWICE_NAMED"]
    assert at == ([f"{cell[0]}{int(cell[1:]) + 2}"] if cell else [])
