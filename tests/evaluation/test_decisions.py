"""What the division must decide and what it decided: the sheet 要判断, the page, the document."""

import datetime as dt

import pytest
from support.city import found
from support.history import sheet_text

ENTRIES = {
    ("進捗", "T-1", "実施"): 0.5,
    ("進捗", "T-3", "実施"): 0.6,
    ("総括評価", "A-1-甲課", "総括評価"): 0.9,
    ("総括評価", "A-1-甲課", "理由"): "仕組みができたため",
}
DECISION = [1, "総括評価", dt.date(2026, 2, 10), "推進本部", "仕組みを評価できたため"]


@pytest.fixture
def reported(city):
    city.submit("2026-02", "甲課", ENTRIES)
    return city


def test_what_is_to_be_decided_stands_with_every_choice_and_what_it_means(reported):
    said = sheet_text(reported, reported.run(), "要判断")
    assert ["アクション1　アクション一"] in said
    choices = {row[0]: row[1:] for row in said if str(row[0]).startswith(("現行", "「"))}
    assert list(choices) == ["現行のまま（自動）", "「総括評価」を採用する"]
    method, rate, grade, meaning = choices["現行のまま（自動）"]
    assert (method, rate, grade) == ("3カ年平均", "55.0%", "課題あり")
    assert "R6 50.0%、R7 60.0%" in meaning
    method, rate, grade, meaning = choices["「総括評価」を採用する"]
    assert (rate, grade) == ("90.0%", "ほぼ達成")
    assert "甲課 90.0%「仕組みができたため」" in meaning
    assert ["まだありません。すべて自動で算定しています。"] in said


@pytest.mark.slow
def test_a_decision_that_changes_the_grade_is_shown_with_both(reported):
    reported.write_plan(評価方法=[DECISION])
    document = reported.run()
    said = sheet_text(reported, document, "要判断")
    line = [1, "アクション一", "総括評価 90.0%", "ほぼ達成", "課題あり 55.0%（決定により区分が変わっています）"]
    assert [*line, "令和8年2月10日　推進本部\n仕組みを評価できたため"] in said
    page = [text for row in sheet_text(reported, document, "01") for text in row if isinstance(text, str)]
    assert any(text.startswith("決定がない場合は「課題あり 55.0%」（決定により区分が変わっています）") for text in page)
    (message,) = (each["message"] for each in document["findings"] if each["code"] == "decision-changes-grade")
    assert "決定により「ほぼ達成」です（決定がない場合は「課題あり」）" in message
    assert document["actions"][0]["decision"] == {
        "method": "総括評価",
        "decided_on": "2026-02-10",
        "decided_by": "推進本部",
        "reason": "仕組みを評価できたため",
        "adopted_without": 0.55,
        "grade_without": "課題あり",
    }


@pytest.mark.slow
def test_a_decision_without_a_reason_stands_out_and_one_of_later_waits(reported):
    reported.write_plan(
        評価方法=[[*DECISION[:4], ""], [2, "目標値", dt.date(2026, 3, 1), "推進本部", "数値で計れるため"]]
    )
    document = reported.run()
    assert found(document, "plan-decision-unfounded") == [("", "workbook_templates/plan.xlsx", "評価方法", "E4")]
    said = [text for row in sheet_text(reported, document, "要判断") for text in map(str, row)]
    assert any("（理由の記入がありません）" in text for text in said)
    page = [text for row in sheet_text(reported, document, "01") for text in row]
    assert any("（令和8年2月10日 推進本部が決定。理由の記入がありません）" in str(text) for text in page)
    assert any(
        "アクション2を「目標値」とする令和8年3月1日の決定は、令和8年3月分から適用するため、この月には適用していません。"
        in text
        for text in said
    )


@pytest.mark.slow
def test_a_decision_that_names_nobody_is_said_to_among_the_changes(reported):
    reported.submit("2026-03", "甲課", ENTRIES)
    reported.write_plan(評価方法=[[1, "総括評価", dt.date(2026, 3, 10), "", "仕組みを評価できたため"]])
    said = sheet_text(reported, reported.run(), "前月からの変更")
    page = [text for row in sheet_text(reported, reported.run(), "01") for text in row]
    said_of_it = "令和8年3月10日に決定、決定者の記入がありません。理由: 仕組みを評価できたため"
    assert any(said_of_it in str(text) for text in page)
    why = "令和8年3月10日の決定により「総括評価」を採用（決定者の登録なし）"
    assert [1, "アクション一", "課題あり 55.0%", "ほぼ達成 90.0%", "＋35.0", why] in said


@pytest.mark.slow
def test_of_a_rate_that_a_decision_changed_no_value_of_the_old_method_is_said_to_have_done_it(reported):
    reported.submit("2026-03", "甲課", ENTRIES | {("進捗", "T-3", "実施"): 0.7})
    reported.write_plan(評価方法=[[1, "総括評価", dt.date(2026, 3, 10), "推進本部", "仕組みを評価できたため"]])
    (change,) = reported.run()["changes"]["actions"]
    assert (change["before"]["shown"], change["after"]["shown"], change["values"]) == ("55.0%", "90.0%", [])
    reported.write_plan()
    (change,) = reported.run()["changes"]["actions"]
    assert (change["after"]["shown"], change["values"]) == ("60.0%", [["T-3", "実施"]])
