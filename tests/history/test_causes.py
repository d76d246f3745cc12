"""Why a rate changed: the cause that is named is a true one, and never a change in the other direction."""

import pytest
from support.history import sheet_text, states
from support.plans import tables

from kama_excel.history.changes import changes

pytestmark = pytest.mark.slow
ACTUAL, R6 = ("指標", "I-1", "実績値"), ("進捗", "T-5", "実施")


def why(city, before, after):
    """Return the line of action 2 on 前月からの変更, and the reports listed for 乙課 in its result."""
    city.submit("2025-11", "乙課", before)
    city.submit("2025-12", "乙課", after)
    document = city.run()
    (line,) = (
        row for row in sheet_text(city, document, "前月からの変更") if row[:2] == [2, "アクション二"] and len(row) == 6
    )
    return line[2:]


def test_an_actual_that_cannot_be_read_changes_the_method_and_that_is_the_cause(city):
    line = why(city, {ACTUAL: 3, R6: 0.7}, {ACTUAL: "約1,050名", R6: 0.8})
    cause = "実績値（約1,050名）が未報告の扱いとなったため、算定方法が「目標値」から「3カ年平均」に変わりました"
    assert line == [
        "課題あり 30.0%",
        "概ね達成 80.0%",
        "＋50.0",
        f"{cause}\n回数　3 → 約1,050名（未報告の扱い）　ほか1件",
    ]


def test_the_cause_comes_before_a_better_task_in_the_departments_result_too(city):
    city.submit("2025-11", "乙課", {ACTUAL: 9, R6: 0.7})
    city.submit("2025-12", "乙課", {ACTUAL: "9か10", R6: 0.8})
    document = city.run("--html")
    page = next(city.root.glob("output/2025-12/公表/index.html")).read_text("utf-8")
    assert "算定方法が「目標値」から「3カ年平均」に変わりました" in page
    assert "9か10" not in page
    assert document["changes"]["actions"][0]["values"][0] == ["I-1", "実績値"]


@pytest.mark.parametrize(
    ("before", "after", "cause"),
    [
        ({ACTUAL: 3, R6: 0.7}, {ACTUAL: None, R6: 0.7}, "実績値が未報告となったため、"),
        ({R6: 0.7}, {ACTUAL: 3, R6: 1.0}, "実績値が報告されたため、"),
        (
            {ACTUAL: 3, R6: 0.7},
            {ACTUAL: "対象外", ("指標", "I-1", "根拠"): "調査を廃止", R6: 0.7},
            "実績値が「対象外」となったため、",
        ),
    ],
)
def test_a_changed_method_is_named_with_its_reason(city, before, after, cause):
    assert why(city, before, after)[-1].startswith(f"{cause}算定方法が「")


@pytest.mark.parametrize(
    ("before", "after", "first"),
    [((0.5, 0.9), (0.9, 0.4), "T-2"), ((0.9, 0.5), (0.4, 0.6), "T-1"), ((0.5, None), (0.9, 0.0), "T-2")],
)
def test_a_change_in_the_other_direction_is_not_the_cause(city, before, after, first):
    city.write_plan(
        タスク=[[1, 1, "令和6年度", "甲課", "作業一"], [2, 1, "令和6年度", "甲課", "作業二"]],
        指標=[[1, 2, "回数", "回", None, 10, "増", "乙課"]],
    )
    for month, rates in (("2025-11", before), ("2025-12", after)):
        city.submit(month, "甲課", {("進捗", f"T-{no}", "実施"): rate for no, rate in enumerate(rates, start=1)})
    (change,) = changes(*states(city, "2025-11", "2025-12")).actions
    assert change.after.compared < change.before.compared
    assert next(each.entry.key for each in change.values) == first


@pytest.mark.parametrize(("baseline", "target", "first"), [(None, 10, "I-2"), (30, 10, "I-1")])
def test_of_two_indicators_the_one_that_moved_the_rate_is_the_cause(city, baseline, target, first):
    indicators = [[no, 2, f"回数{no}", "回", baseline, target, "減" if baseline else "増", "乙課"] for no in (1, 2)]
    city.write_plan(指標=indicators, タスク=tables()["タスク"][:4])
    city.submit("2025-11", "乙課", {("指標", "I-1", "実績値"): 14, ("指標", "I-2", "実績値"): 14})
    city.submit("2025-12", "乙課", {("指標", "I-1", "実績値"): 20, ("指標", "I-2", "実績値"): 9})
    change = changes(*states(city, "2025-11", "2025-12")).actions[0]
    assert change.after.compared < change.before.compared
    assert change.values[0].entry.key == first


def test_an_indicator_that_is_only_watched_is_no_cause(city):
    city.write_plan(指標=[[1, 2, "回数", "回", None, 10, "増", "乙課"], [2, 2, "参考", "回", 20, None, "増", "乙課"]])
    city.submit("2025-11", "乙課", {("指標", "I-1", "実績値"): 5, ("指標", "I-2", "実績値"): 10})
    city.submit("2025-12", "乙課", {("指標", "I-1", "実績値"): 8, ("指標", "I-2", "実績値"): 30})
    (change,) = changes(*states(city, "2025-11", "2025-12")).actions
    assert [each.entry.key for each in change.values] == ["I-1"]
