"""Decisions with 適用月, actions with 適用開始 and 適用終了, actuals of before (docs/rules.md, rules 4, 6 and 9)."""

import datetime as dt
from dataclasses import replace

import pytest
from support.city import City, fill, found
from support.history import sheet_text
from support.plans import findings_of, plan_of
from support.reports import report_of, submission

from kama_excel.domain.calendar import Month
from kama_excel.history.timeline import history
from kama_excel.plan.rating import Method
from kama_excel.report.tables import rates_by_month


def add_months(city, *months):
    """Lay out input folders in which no form came."""
    for month in months:
        folder = city.root / "input" / month
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "メモ.txt").write_text("提出なし", encoding="utf-8")


def decided(*rows):
    """Return rows of 評価方法 of action 1: 算定方法, 決定日, 適用月."""
    return [[1, method, day, "委員会", "理由", first] for method, day, first in rows]


# --- rule 6: from when a decision counts ------------------------------------------------------------------------------

HISTORY = decided(
    ("総括評価", dt.date(2026, 2, 18), "2026-01"),
    ("自動", dt.date(2026, 2, 18), "2026-04"),
    ("3カ年平均", dt.date(2025, 12, 10), "2026-03"),
)


@pytest.mark.parametrize("rows", [HISTORY, HISTORY[::-1]])
@pytest.mark.parametrize(
    ("month", "method"),
    [
        (Month(2025, 12), None),
        (Month(2026, 1), Method.ASSESSMENT),
        (Month(2026, 2), Method.ASSESSMENT),
        (Month(2026, 3), Method.ASSESSMENT),
        (Month(2026, 4), Method.AUTOMATIC),
    ],
)
def test_the_newest_decision_whose_month_has_come_counts(rows, month, method):
    decision = plan_of(評価方法=rows).decision(1, month)
    assert (decision and decision.method) == method


@pytest.mark.parametrize("rows", [HISTORY, HISTORY[::-1]])
def test_the_decisions_of_later_months_are_in_the_order_of_their_days(rows):
    days = [each.decided_on for each in plan_of(評価方法=rows).later_decisions(1, Month(2025, 12))]
    assert days == sorted(days)
    assert len(days) > 1


def test_a_decision_without_its_month_counts_from_the_month_of_its_day():
    plan = plan_of(評価方法=decided(("総括評価", dt.date(2026, 2, 18), None)))
    assert [bool(plan.decision(1, month)) for month in (Month(2026, 1), Month(2026, 2))] == [False, True]


@pytest.mark.parametrize(
    ("rows", "code"),
    [
        (decided(("自動", None, "2026-01")), ("PLAN_DECISION_UNDATED", "評価方法", "C4")),
        (decided(("総括評価", None, "2026-01")), ("PLAN_DECISION_UNDATED", "評価方法", "C4")),
        (
            decided(("目標値", dt.date(2026, 2, 1), None), ("自動", dt.date(2026, 2, 1), "令和8年2月")),
            ("PLAN_DECISION_TWICE", "評価方法", "C5"),
        ),
        (decided(("目標値", dt.date(2026, 2, 1), "いつか")), ("PLAN_VALUE_UNREADABLE", "評価方法", "F4")),
    ],
)
def test_a_decision_that_does_not_say_when_it_counts_is_named(rows, code):
    assert findings_of(評価方法=rows) == [code]


@pytest.fixture
def decided_city(tmp_path):
    """A city whose only report is that of December 2025: 50 %, 60 %, and an assessment of 70 %."""
    city = City(
        tmp_path,
        アクション=[[1, "アクション一", 1]],
        タスク=[[1, 1, "令和6年度", "甲課", "作業一"], [2, 1, "令和7年度", "甲課", "作業二"]],
        指標=[],
        評価方法=HISTORY,
    )
    reports = {("進捗", "T-1", "実施"): 0.5, ("進捗", "T-2", "実施"): 0.6}
    reports |= {("総括評価", "A-1-甲課", "総括評価"): 0.7, ("総括評価", "A-1-甲課", "理由"): "定着したため"}
    city.submit("2025-12", "甲課", reports, 記入日=dt.date(2025, 12, 20))
    add_months(city, "2026-01", "2026-02", "2026-03", "2026-04")
    return city


@pytest.mark.slow
@pytest.mark.parametrize(
    ("month", "adopted", "grade", "status"),
    [
        ("2025-12", 0.55, "課題あり", ["年度途中", "要判断"]),
        ("2026-01", 0.7, "やや未達", ["見込"]),
        ("2026-02", 0.7, "やや未達", ["見込"]),
        ("2026-03", 0.7, "やや未達", ["見込"]),
        ("2026-04", 0.55, "課題あり", []),
    ],
)
def test_each_month_is_evaluated_by_the_decision_that_counts_in_it(decided_city, month, adopted, grade, status):
    (action,) = decided_city.run("--month", month)["actions"]
    assert (round(action["adopted"], 9), action["grade"], action["status"]) == (adopted, grade, status)
    if grade == "やや未達":
        assert action["basis"] == "1/1"


def test_a_month_before_its_decision_names_it_and_what_to_enter(decided_city):
    findings = decided_city.run("--month", "2025-12")["findings"]
    (found,) = [each for each in findings if each["code"].startswith("decision-")]
    assert (found["code"], found["severity"]) == ("decision-later", "情報")
    assert "令和7年12月10日に「3カ年平均」とする決定があり、令和8年3月分から" in found["message"]
    assert "令和8年2月18日に「総括評価」とする決定があり、令和8年1月分から" in found["message"]
    assert "判断が必要" not in found["message"]
    assert found["advice"].startswith("対応は不要です。")
    assert "「適用月」に 2025-12" in found["advice"]


# --- rule 9: actions that begin and end -------------------------------------------------------------------------------


@pytest.fixture
def ending_city(tmp_path):
    """Action 1 is in force from April to September 2025, action 2 always."""
    city = City(
        tmp_path,
        アクション=[
            [1, "アクション一", 1, "", "", "", "", "", "2025-04", "2025-09"],
            [2, "アクション二", 2, "", "", "維持"],
        ],
        タスク=[[number, 1, "令和7年度", "甲課", f"作業{number}"] for number in (1, 2)],
    )
    city.submit("2025-03", "乙課", {("指標", "I-1", "実績値"): 8})
    city.submit("2025-09", "甲課", {("進捗", "T-1", "実施"): 0.9, ("進捗", "T-2", "実施"): 0.75})
    later = city.root / "input/2025-10/甲課.xlsx"
    later.parent.mkdir(parents=True)
    september = city.form("2025-09", "甲課").read_bytes()
    later.write_bytes(fill(september, {("進捗", "T-1", "実施"): 1, ("進捗", "T-2", "実施"): 1}))
    add_months(city, "2026-02")
    return city


@pytest.mark.slow
def test_an_action_before_its_beginning_is_nowhere_in_the_book(ending_city):
    document = ending_city.run("--month", "2025-03")
    assert [each["no"] for each in document["actions"]] == [2]
    assert "01" not in ending_city.workbook(document).sheetnames


@pytest.mark.slow
def test_an_action_keeps_the_evaluation_of_its_last_month_and_is_counted_apart(ending_city):
    september = ending_city.run("--month", "2025-09")["actions"][0]
    assert (september["adopted"], september["status"], september["basis"]) == (0.825, ["年度途中"], "2/2")
    document = ending_city.run("--month", "2026-02")
    action = document["actions"][0]
    assert (action["adopted"], action["grade"], action["status"]) == (0.825, "概ね達成", ["年度途中", "終了"])
    assert document["summary"] == {"達成": 0, "ほぼ達成": 0, "概ね達成": 1, "やや未達": 0, "課題あり": 0} | {
        "未評価": 0,
        "終了": 1,
    }
    ended = [each for each in document["findings"] if each["file"].startswith("input/2025-10")]
    assert {each["cell"] for each in ended} >= {"F5", "F6"}
    workbook = ending_city.workbook(document)
    overview = [str(cell.value) for row in workbook["総括"].iter_rows() for cell in row if cell.value]
    assert {"1アクションのうち", "件が「概ね達成」以上です"} <= {text.partition("（")[0] for text in overview}
    trend = [
        [cell.value for cell in row[3:7]] for row in workbook["推移"].iter_rows() if row[1].value == "アクション一"
    ]
    assert trend == [[None, 0.825, 0.825, 0.825], [None, "概ね達成", "終了", "終了"]]


@pytest.mark.slow
def test_what_changed_has_one_line_for_an_action_that_begins_or_ends(ending_city):
    add_months(ending_city, "2025-04", "2025-10")
    begun = sheet_text(ending_city, ending_city.run("--month", "2025-04"), "前月からの変更")
    assert [1, "アクション一", "（なし）", "未評価", "開始"] in begun
    assert not any("今月から追加されました" in str(row[-1]) for row in begun)
    ended = sheet_text(ending_city, ending_city.run("--month", "2025-10"), "前月からの変更")
    assert [1, "アクション一", "概ね達成 82.5%", "終了", "終了（最後の月の評価のまま）"] in ended
    assert sum("アクション一" in str(row) for row in ended) == 1
    assert not any("前月で終了しました" in str(row) for row in ended)
    after = sheet_text(ending_city, ending_city.run("--month", "2026-02"), "前月からの変更")
    assert not any("アクション一" in str(row) for row in after)


@pytest.mark.slow
def test_an_action_that_is_in_force_again_has_one_line_too(ending_city):
    rows = [
        [1, "アクション一", 1, "", "", "", "", "", "2025-04", "2025-09"],
        [1, "アクション一（再開）", 1, "", "", "", "", "", "2026-02", ""],
        [2, "アクション二", 2, "", "", "維持"],
    ]
    tasks = [[number, 1, "令和7年度", "甲課", f"作業{number}"] for number in (1, 2)]
    ending_city.write_plan(アクション=rows, タスク=tasks)
    document = ending_city.run("--month", "2026-02")
    assert (document["actions"][0]["adopted"], document["actions"][0]["status"]) == (1.0, ["年度途中"])
    lines = sheet_text(ending_city, document, "前月からの変更")
    assert [1, "アクション一（再開）", "終了", "達成 100.0%", "再開"] in lines
    assert sum("アクション一" in str(row) for row in lines) == 1


def test_nobody_is_asked_about_an_action_that_has_ended():
    plan = plan_of(アクション=[[1, "一", 1, "", "", "", "", "", "", "2025-09"], [2, "二", 2]])
    assert {row.action_no for row in plan.at(Month(2025, 9)).of("甲課")} == {1}
    assert plan.at(Month(2025, 10)).of("甲課") == ()
    assert plan.ending_months(Month(2025, 10)) == (Month(2025, 9),)


def test_a_reworded_action_is_one_action_with_the_words_of_the_month():
    rows = [
        [1, "前の名前", 1, "", "", "", "", "", "", "2025-03"],
        [1, "今の名前", 1, "", "", "", "", "", "2025-04", ""],
        [2, "二", 2],
    ]
    plan = plan_of(アクション=rows)
    names = [[each.name for each in plan.actions_until(month)] for month in (Month(2025, 3), Month(2025, 4))]
    assert names == [["前の名前", "二"], ["今の名前", "二"]]
    assert plan.ending_months(Month(2025, 4)) == ()


def test_rows_of_one_action_in_the_same_month_are_named():
    rows = [[1, "一", 1, "", "", "", "", "", "", "2025-04"], [1, "一", 1, "", "", "", "", "", "2025-04"], [2, "二", 2]]
    assert ("PLAN_NUMBER_TWICE", "アクション", "A5") in findings_of(アクション=rows)


# --- rule 4: an actual of before the indicator's row -------------------------------------------------------------------


@pytest.mark.slow
@pytest.mark.parametrize(
    ("unit", "target", "day", "adopted", "code"),
    [
        ("人", 90, dt.date(2025, 3, 31), None, "as-of-before-row"),
        ("人", 90, dt.date(2025, 4, 1), 0.8, None),
        ("件", 90, dt.date(2025, 3, 31), 0.8, "as-of-before-target"),
    ],
)
def test_an_actual_of_before_counts_only_for_the_same_thing(tmp_path, unit, target, day, adopted, code):
    rows = [
        [1, 2, "回数", "件", None, 80, "増", "乙課", "", "", "2025-03"],
        [1, 2, "回数", unit, None, target, "増", "乙課", "", "2025-04", ""],
    ]
    city = City(tmp_path, 指標=rows, タスク=[])
    city.submit("2025-05", "乙課", {("指標", "I-1", "実績値"): 72, ("指標", "I-1", "時点"): day})
    document = city.run()
    assert document["actions"][1]["adopted"] == adopted
    assert document["actions"][1]["basis"] == ("0/1" if adopted is None else "1/1")
    assert [found(document, name) != [] for name in ("as-of-before-row", "as-of-before-target")] == [
        name == code for name in ("as-of-before-row", "as-of-before-target")
    ]


def test_an_actual_whose_day_cannot_be_read_counts_and_only_the_day_is_asked_for(tmp_path):
    city = City(tmp_path, タスク=[])
    city.submit("2026-02", "乙課", {("指標", "I-1", "実績値"): 8, ("指標", "I-1", "時点"): "年末ごろ"})
    document = city.run()
    assert document["actions"][1]["adopted"] == 0.8
    (asked,) = [each for each in document["findings"] if each["value"] == "年末ごろ"]
    assert asked["code"] == "as-of-unreadable"
    assert "読み取れた実績値を入力し直す必要はありません" in asked["advice"]


# --- a department that was renamed -------------------------------------------------------------------------------------


def test_an_old_name_in_the_printed_owners_is_named_with_the_new_one():
    rows = [[1, "一", 1, "", "", "", "旧甲課・その他関係課", "甲課"], [2, "二", 2, "", "", "", "甲課", ""]]
    assert findings_of(アクション=rows) == [("PLAN_OWNER_RENAMED", "アクション", "G4")]


def test_an_action_renamed_later_has_its_earlier_name_in_every_file_of_an_earlier_month(city):
    rows = [[2, "旧名称", 2, "", "", "", "", "", "", "2026-03"], [2, "新名称", 1, "", "", "", "", "", "2026-04"]]
    city.write_plan(アクション=[[1, "アクション一", 1], *rows])
    for month, rate in (("2026-01", 5), ("2026-02", 8), ("2026-04", 9)):
        entries = {("指標", "I-1", "実績値"): rate, ("成果と課題", "W-2-乙課", "成果"): "完了した"}
        city.submit(month, "乙課", entries)
    for month, name, other in (("2026-02", "旧名称", "新名称"), ("2026-04", "新名称", "旧名称")):
        document = city.run("--month", month, "--csv")
        folder = city.root / "output" / month
        texts = {path.name: path.read_text("utf-8-sig") for path in folder.rglob("*.csv")}
        texts |= {
            sheet.title: "\n".join(str(value) for row in sheet.values for value in row if value is not None)
            for sheet in city.workbook(document)
            if sheet.title not in ("前月からの変更", "推移") or month == "2026-02"
        }
        assert [file for file, text in texts.items() if other in text] == []
        named = {file for file, text in texts.items() if name in text}
        assert {"データ_指標", "データ_記述", "一覧"} <= named


def test_an_action_reworded_stands_once_among_the_months():
    rows = [[2, "旧名称", 2, "", "", "", "", "", "", "2026-03"], [2, "新名称", 1, "", "", "", "", "", "2026-04"]]
    plan = plan_of(アクション=[[1, "アクション一", 1], *rows])
    received = [submission("乙課", {("I-1", "実績値"): 8}, "2026-02")]
    states = history(plan, [Month(2026, 2)], received)
    report = replace(report_of(plan, received), states=tuple(states))
    assert list(rates_by_month(report).index) == [1, 2]
