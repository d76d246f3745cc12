"""The months in a row: the trend, and what changed since the month before."""

import datetime as dt
import re
import zipfile

import pytest
from support.history import sheet_text, states
from support.plans import tables

from kama_excel.history.changes import changes


@pytest.mark.slow
def test_every_month_is_evaluated_as_it_was_then(city):
    city.submit("2025-11", "甲課", {("進捗", "T-1", "実施"): 0.5})
    city.submit("2026-01", "甲課", {("進捗", "T-1", "実施"): 0.9})
    rates = [state.evaluation.actions[0].shown for state in states(city, "2025-11", "2025-12", "2026-01")]
    assert rates == ["50.0%", "50.0%", "90.0%"]
    alone = [state.evaluation.actions[0].shown for state in states(city, "2025-11")]
    assert alone == rates[:1]


@pytest.mark.slow
def test_what_changed_is_named_with_the_value_that_did_it(city):
    city.submit("2025-11", "甲課", {("進捗", "T-1", "実施"): 0.5, ("成果と課題", "W-1-甲課", "課題"): "同じ文"})
    now = {("進捗", "T-1", "実施"): 0.9, ("進捗", "T-3", "実施"): 0.9, ("成果と課題", "W-1-甲課", "課題"): "同じ文"}
    city.submit("2025-12", "甲課", now)
    found = changes(*states(city, "2025-11", "2025-12"))
    assert [
        (each.entry.key, each.before and each.before.typed, each.after.typed, each.is_late) for each in found.values
    ] == [
        ("T-1", "50%", "90%", True),
        ("T-3", None, "90%", False),
    ]
    change = found.actions[0]
    assert (change.before.grade, change.after.grade, len(change.values)) == ("課題あり", "ほぼ達成", 2)
    assert [each.slot for each in found.repeated] == [("W-1-甲課", "課題")]


def test_a_value_that_is_gone_is_a_change_too(city):
    city.submit("2025-11", "甲課", {("進捗", "T-1", "実施"): 0.5})
    city.submit("2025-12", "甲課", {("進捗", "T-1", "実施"): None})
    found = changes(*states(city, "2025-11", "2025-12"))
    assert [(each.before.typed, each.after) for each in found.values] == [("50%", None)]


def test_a_carried_form_repeats_no_text(city):
    city.submit("2025-11", "甲課", {("成果と課題", "W-1-甲課", "課題"): "同じ文"})
    city.submit("2025-12", "乙課")
    assert changes(*states(city, "2025-11", "2025-12")).repeated == ()


@pytest.mark.slow
def test_a_task_that_is_dropped_in_the_middle_is_a_change_of_the_plan(city):
    tasks = [list(each) for each in tables()["タスク"]]
    tasks[1] += [None, None, "2025-11"]
    city.write_plan(タスク=tasks)
    city.submit("2025-11", "乙課", {("進捗", "T-2", "実施"): 0.5})
    before, after = states(city, "2025-11", "2025-12")
    found = changes(before, after)
    assert [(each.key, each.before, each.after, each.reported) for each in found.plan] == [
        ("T-2", "作業二", None, "実施 50%")
    ]
    assert before.evaluation.actions[0].shown == "50.0%"
    assert after.evaluation.actions[0].shown is None


@pytest.mark.slow
def test_the_workbook_says_what_changed_and_how_it_went(city):
    city.submit("2025-11", "甲課", {("進捗", "T-1", "実施"): 0.5})
    city.submit("2025-12", "甲課", {("進捗", "T-1", "実施"): 0.9})
    document = city.run()
    changed = sheet_text(city, document, "前月からの変更")
    assert "令和7年11月分との比較: 評価区分が上がったアクション 1件、下がったアクション 0件。" in changed[1][-1]
    assert [1, "アクション一", "課題あり 50.0%", "ほぼ達成 90.0%", "＋40.0", "R6 作業一　50% → 90%"] in changed
    late = "90%\n終了した年度の値が、後から変わりました"
    assert [1, "アクション一\nR6 作業一", "甲課", "実施", "50%", late] in changed
    sheet = city.workbook(document)["前月からの変更"]
    looks = {cell.value: cell.fill.fgColor.rgb for row in sheet.iter_rows() for cell in row if cell.value}
    assert looks[late] == "FFFBD78A"
    assert looks["50%"] != looks[late]
    trend = sheet_text(city, document, "推移")
    assert trend[3:5] == [["区分・アクション", "推移", "R7.11", "R7.12"], ["評価区分ごとの件数"]]
    assert ["ほぼ達成", 0, 1] in trend
    assert ["概ね達成以上", 0, 1] in trend
    assert [1, "アクション一", "課題あり", "ほぼ達成"] in trend
    assert [1, "アクション一", 0.5, 0.9] in trend


@pytest.mark.slow
def test_a_value_says_which_task_or_indicator_it_is_of_and_a_repeated_text_stands_below(city):
    before = {("進捗", "T-5", "実施"): 0.5, ("指標", "I-1", "実績値"): 7, ("成果と課題", "W-2-乙課", "課題"): "同じ文"}
    city.submit("2025-11", "乙課", before | {("指標", "I-1", "時点"): dt.date(2025, 11, 30)})
    now = {("進捗", "T-5", "実施"): 0.6, ("指標", "I-1", "実績値"): 8, ("指標", "I-1", "時点"): dt.date(2025, 12, 31)}
    city.submit("2025-12", "乙課", before | now)
    said = sheet_text(city, city.run(), "前月からの変更")
    assert [2, "アクション二", "やや未達 70.0%", "概ね達成 80.0%", "＋10.0", "回数　7 → 8"] in said
    (actual,) = (row for row in said if row[1:4] == ["アクション二\n回数", "乙課", "実績値"])
    assert [each.split("、")[0] for each in actual[4:]] == ["7", "8"]
    assert "11" in actual[4].split("、")[1]
    assert not any("時点" in row for row in said)
    repeated = said[said.index(["前月と同じ文章（印刷には含めていません）"]) + 2 :]
    assert repeated == [[2, "アクション二", "乙課", "課題", "同じ文"]]


def test_the_first_month_has_nothing_to_compare_with(city):
    city.submit("2025-11", "甲課", {("進捗", "T-1", "実施"): 0.5})
    said = sheet_text(city, city.run(), "前月からの変更")
    assert ["これより前の月の様式がないため、比較の対象がありません。"] in said


@pytest.mark.slow
def test_the_list_the_summary_and_the_submissions_show_the_months(city):
    city.submit("2025-11", "甲課", {("進捗", "T-1", "実施"): 0.5})
    city.submit("2025-12", "甲課", {("進捗", "T-1", "実施"): 0.9})
    city.submit("2025-12", "乙課", {("指標", "I-1", "実績値"): 8})
    document = city.run()
    lines = {row[0]: row for row in sheet_text(city, document, "一覧") if row}
    assert 40 in lines[1]
    assert "課題あり" in lines[1]
    at = city.workbook(document).sheetnames.index("推移") + 1
    with zipfile.ZipFile(city.root / document["files"]["workbook"]) as parts:
        lines, of_trend = (
            re.findall(r"<xm:f>(.*?)</xm:f><xm:sqref>(.*?)<", parts.read(f"xl/worksheets/sheet{each}.xml").decode())
            for each in (2, at)
        )
        charts = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/charts/chart")]
    first = next(row[0].row for row in city.workbook(document)["推移"].iter_rows() if row[3].value == 0.5)
    assert f"推移!D{first}:E{first}" in [cells for cells, _ in lines]
    assert f"推移!D{first}:E{first}" in [cells for cells, _ in of_trend]
    assert len(of_trend) == 2 + 6 + 1  # the actions, what they are counted as, how many reach the 見出しの区分
    assert sum("<c:lineChart>" in chart for chart in charts) == 2  # one on each page
    submissions = sheet_text(city, document, "提出状況")
    assert next(row for row in submissions if row[0] == "乙課")[-2:] == ["×", "○"]
    summary = [text for row in sheet_text(city, document, "総括") for text in row]
    assert {"月ごとの推移（件数）", "R7.11\n0件", "R7.12\n2件"} <= set(summary)


@pytest.mark.slow
def test_months_without_a_folder_are_said(city):
    city.submit("2025-09", "甲課", {("進捗", "T-1", "実施"): 0.5})
    city.submit("2025-12", "甲課", {("進捗", "T-1", "実施"): 0.9})
    document = city.run()
    assert "令和7年10月・令和7年11月は入力フォルダがありません" in sheet_text(city, document, "前月からの変更")[1][-1]
    head = "\n".join(str(text) for row in sheet_text(city, document, "推移")[:3] for text in row)
    assert "入力フォルダのない月（令和7年10月・令和7年11月）はありません" in head
