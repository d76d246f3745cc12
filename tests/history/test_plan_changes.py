"""The plan changes in the middle: earlier months keep their meaning, and nothing that was reported goes without a word."""

import datetime as dt

import openpyxl
import pytest
from support.city import cell_of, found
from support.history import sheet_text, states
from support.plans import findings_of, tables

from kama_excel.history.changes import changes


def rows(sheet, *more, **closed):
    """Return a sheet's rows of the small plan, some closed (`row_2="2025-11"`), with further ones."""
    made = [list(each) for each in tables()[sheet]]
    width = {"タスク": 7, "指標": 10}[sheet]
    for name, last in closed.items():
        row = made[int(name.removeprefix("row_")) - 1]
        row += [None] * (width - len(row)) + [last]
    return [*made, *more]


def plan_of_changes(city, *months):
    return [(each.key, each.item, each.before, each.after) for each in changes(*states(city, *months)).plan]


@pytest.mark.slow
def test_a_task_is_reworded_from_a_month_on_under_its_old_number(city):
    reworded = [2, 1, "令和6年度", "乙課", "作業二（見直し後）", None, "2025-12"]
    city.write_plan(タスク=rows("タスク", reworded, row_2="2025-11"))
    city.submit("2025-11", "乙課", {("進捗", "T-2", "実施"): 0.5})
    city.submit("2025-12", "乙課")
    assert plan_of_changes(city, "2025-11", "2025-12") == [("T-2", "計画", "作業二", "作業二（見直し後）")]
    before, after = states(city, "2025-11", "2025-12")
    assert [each.evaluation.actions[0].shown for each in (before, after)] == ["50.0%", "50.0%"]
    texts = [each.merged.facts.tasks[-1].task.text for each in (before, after)]
    assert texts == ["作業五", "作業二（見直し後）"]


@pytest.mark.slow
def test_a_corrected_target_counts_from_its_month_and_leaves_the_earlier_ones(city):
    corrected = [1, 2, "回数", "回", None, 20, "増", "乙課", "", "2025-12"]
    city.write_plan(指標=rows("指標", corrected, row_1="2025-11"))
    city.submit("2025-11", "乙課", {("指標", "I-1", "実績値"): 8})
    city.submit("2025-12", "甲課")
    before, after = states(city, "2025-11", "2025-12")
    assert [each.evaluation.actions[1].shown for each in (before, after)] == ["80.0%", "40.0%"]
    change = changes(before, after)
    assert [(each.key, each.item, each.before, each.after) for each in change.plan] == [("I-1", "目標値", "10", "20")]
    assert [(each.after.action.no, each.values, len(each.plan)) for each in change.actions] == [(2, (), 1)]


def test_a_number_stands_twice_only_where_no_month_has_both():
    twice = [2, 1, "令和6年度", "乙課", "作業二（見直し後）", None, "2025-11"]
    assert ("PLAN_NUMBER_TWICE", "タスク", "A9") in findings_of(タスク=rows("タスク", twice, row_2="2025-11"))
    assert findings_of(タスク=rows("タスク", [*twice[:6], "2025-12"], row_2="2025-11")) == []


@pytest.mark.slow
def test_a_row_edited_in_place_is_told_by_what_the_forms_print(city):
    city.submit("2025-11", "乙課", {("指標", "I-1", "実績値"): 8})
    city.write_plan(指標=[[1, 2, "回数（延べ）", "回", None, 20, "増", "乙課"]])
    city.submit("2025-12", "乙課", {("指標", "I-1", "実績値"): 8}, 記入日=dt.date(2025, 12, 5))
    assert plan_of_changes(city, "2025-11", "2025-12") == [
        ("I-1", "指標", "回数", "回数（延べ）"),
        ("I-1", "目標値", "10", "20"),
    ]
    document = city.run("--month", "2025-11")
    assert found(document, "printed-differs") == [("乙課", "input/2025-11/乙課.xlsx", "指標", "")]
    assert found(city.run("--month", "2025-12"), "printed-differs") == []


def test_a_row_of_a_department_whose_name_begins_alike_is_nobodys(city):
    path = city.submit("2026-02", "甲課", {("総括評価", "A-1-甲課", "総括評価"): 0.5})
    form = openpyxl.load_workbook(path)
    sheet = form["総括評価"]
    for cell in list(sheet[5]):
        sheet.cell(9, cell.column, cell.value)
    sheet["A9"] = "A-1-甲課分室"
    form.save(path)
    document = city.run()
    place = cell_of(sheet, "A-1-甲課", "総括評価").coordinate.replace("5", "9")
    assert ("甲課", "input/2026-02/甲課.xlsx", "総括評価", place) in found(document, "form-key-unknown")
    assert found(document, "key-ended") == []


@pytest.mark.slow
def test_a_task_that_ended_is_named_with_what_old_forms_still_say(city):
    city.submit("2025-11", "乙課", {("進捗", "T-2", "実施"): 0.5})
    city.write_plan(タスク=rows("タスク", row_2="2025-11"))
    city.submit("2025-12", "甲課")
    carried = city.run("--month", "2025-12")
    assert found(carried, "key-ended") == [("乙課", "input/2025-11/乙課.xlsx", "進捗", "F5")]
    assert {each["severity"] for each in carried["findings"] if each["code"] == "key-ended"} == {"情報"}
    city.submit("2025-12", "乙課")
    anew = city.run("--month", "2025-12")
    assert found(anew, "key-ended") == [("乙課", "input/2025-11/乙課.xlsx", "進捗", "F5")]
    assert found(city.run("--month", "2025-11"), "key-ended") == []


@pytest.mark.slow
@pytest.mark.parametrize("is_sent_anew", [False, True])
def test_a_row_deleted_from_the_plan_is_an_error_with_what_was_reported(city, is_sent_anew):
    city.submit("2025-11", "乙課", {("進捗", "T-2", "実施"): 0.5})
    city.write_plan(タスク=[each for each in tables()["タスク"] if each[0] != 2])
    city.submit("2025-12", "乙課" if is_sent_anew else "甲課")
    document = city.run("--month", "2025-12")
    assert found(document, "key-vanished") == [("乙課", "input/2025-11/乙課.xlsx", "進捗", "F5")]
    (each,) = (each for each in document["findings"] if each["code"] == "key-vanished")
    assert each["message"].startswith("T-2（作業二）の行が計画台帳からなくなっています。報告された「実施」の「50%」")


def test_a_task_given_to_another_department_is_named_with_it(city):
    city.submit("2025-11", "乙課", {("進捗", "T-2", "実施"): 0.5})
    changed = [list(each) for each in tables()["タスク"]]
    changed[1][3] = "甲課"
    city.write_plan(タスク=changed)
    document = city.run()
    assert found(document, "key-of-other") == [("乙課", "input/2025-11/乙課.xlsx", "進捗", "F5")]


@pytest.mark.slow
def test_what_was_reported_of_a_task_that_moved_is_named_until_its_new_department_reports_it(city):
    city.submit("2025-11", "乙課", {("進捗", "T-2", "実施"): 0.5})
    moved = [2, 1, "令和6年度", "甲課", "作業二", None, "2025-12"]
    city.write_plan(タスク=[*rows("タスク", row_2="2025-11"), moved])
    for department in ("甲課", "乙課"):
        city.submit("2025-12", department)
    document = city.run("--month", "2025-12")
    assert found(document, "key-of-other") == [("乙課", "input/2025-11/乙課.xlsx", "進捗", "F5")]
    (each,) = (each for each in document["findings"] if each["code"] == "key-of-other")
    assert "甲課の担当です。この課の「実施」の「50%」は集計に含めていません。" in each["message"]
    assert found(city.run("--month", "2025-11"), "key-of-other") == []
    city.submit("2025-12", "甲課", {("進捗", "T-2", "実施"): 0.6})
    assert found(city.run("--month", "2025-12"), "key-of-other") == []


@pytest.mark.slow
def test_a_renamed_department_is_a_change_of_the_plan(city):
    city.submit("2025-11", "甲課", {("進捗", "T-1", "実施"): 0.5})
    tasks = [[*each[:3], each[3].replace("甲課", "新課"), *each[4:]] for each in tables()["タスク"]]
    actions = [[*each[:7], ""] for each in tables()["アクション"]]
    city.write_plan(担当課=[["新課", "甲課"], ["乙課"]], タスク=tasks, アクション=actions)
    city.submit("2025-12", "新課", {("進捗", "T-1", "実施"): 0.5}, 記入日=dt.date(2025, 12, 5))
    assert plan_of_changes(city, "2025-11", "2025-12") == [("", "課の名前", "甲課", "新課")]
    said = sheet_text(city, city.run(), "前月からの変更")
    assert ["担当課の名称", "甲課", "新課\n様式の担当課の名称が変わりました（計画台帳の別名による）"] in said


@pytest.mark.slow
@pytest.mark.parametrize("old", ["旧課", "ＤＸ推進課", "総務課 情報係"])
def test_all_that_a_renamed_department_said_stays_however_its_old_name_is_written(city, old):
    def plan(name, *aliases):
        return {"タスク": [[1, 1, "令和6年度", name, "作業一"]], "指標": [], "担当課": [[name, *aliases]]}

    actions = [[*each[:7], ""] for each in tables()["アクション"]]
    city.write_plan(アクション=actions, **plan(old))
    assessed = {("総括評価", f"A-1-{old}", "総括評価"): 0.7, ("総括評価", f"A-1-{old}", "理由"): "実証した"}
    city.submit("2025-11", old, {**assessed, ("成果と課題", f"W-1-{old}", "成果"): "早くなった"}, name="様式.xlsx")
    city.write_plan(アクション=actions, **plan("新課", old))
    document = city.run()
    assert found(document, "key-vanished") == []
    assert document["actions"][0]["assessment"] == 0.7
    assert "早くなった" in [row[5] for row in sheet_text(city, document, "データ_記述")]


@pytest.mark.slow
def test_what_departments_that_became_one_said_of_the_same_action_is_named_as_theirs(city):
    for department, rate in (("甲課", 0.6), ("乙課", 0.8)):
        key = f"A-1-{department}"
        city.submit("2026-01", department, {("総括評価", key, "総括評価"): rate, ("総括評価", key, "理由"): department})
    tasks = [[*each[:3], "統合課", *each[4:]] for each in tables()["タスク"]]
    actions = [[*each[:7], ""] for each in tables()["アクション"]]
    city.write_plan(担当課=[["統合課", "甲課、乙課"]], タスク=tasks, アクション=actions, 指標=[])
    document = city.run("--month", "2026-01")
    assert len(found(document, "values-of-merged")) == 2
    assert found(document, "values-conflict") == []
    [rate, _] = [each for each in document["findings"] if each["code"] == "values-of-merged"]
    assert "統合する前の2つの課" in rate["message"]


def test_of_departments_that_became_one_every_form_stands_until_the_new_one_sends(city):
    city.submit("2025-10", "甲課", {("進捗", "T-1", "実施"): 0.5})
    city.submit("2025-11", "乙課", {("進捗", "T-2", "実施"): 0.7, ("指標", "I-1", "実績値"): 8})
    tasks = [[*each[:3], "統合課", *each[4:]] for each in tables()["タスク"]]
    actions = [[*each[:7], ""] for each in tables()["アクション"]]
    indicators = [[*each[:7], "統合課"] for each in tables()["指標"]]
    plan = {"担当課": [["統合課", "甲課、乙課"]], "タスク": tasks, "アクション": actions, "指標": indicators}
    city.write_plan(**plan)
    document = city.run("--month", "2025-11")
    assert document["actions"][0]["year_progress"]["2024"] == pytest.approx(0.6)
    assert [each["month"] for each in document["submissions"]] == ["2025-10", "2025-11"]
    city.submit("2025-12", "統合課", {("進捗", "T-1", "実施"): 0.9})
    document = city.run("--month", "2025-12")
    assert document["actions"][0]["year_progress"]["2024"] == pytest.approx(0.8)
    assert [each["month"] for each in document["submissions"]] == ["2025-12"]
    assert plan_of_changes(city, "2025-11", "2025-12") == [("", "課の名前", "甲課・乙課", "統合課")]
