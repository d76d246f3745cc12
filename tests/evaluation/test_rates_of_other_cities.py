"""Limits, digits, points and years as other cities' plans have them (docs/rules.md, rules 4, 7 and 10)."""

import datetime as dt
import io
from fractions import Fraction as F

import openpyxl
import pytest
from support.city import City
from support.plans import BANDS, findings_of, plan_of, tables

from kama_excel.domain.calendar import Month
from kama_excel.evaluation.evaluate import evaluate
from kama_excel.evaluation.facts import Facts, IndicatorFact, TaskFact
from kama_excel.evaluation.outlook import outlook
from kama_excel.plan.reader import read_plan
from kama_excel.plan.writer import write_plan
from kama_excel.report.wording import needed_text
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

FEBRUARY = Month(2026, 2)
WIDE = [["超過達成", 1.2], ["達成", 1.0], ["やや未達", 0.6], ["課題あり", 0.0], ["後退", -1.0]]
NO_LIMITS = [["達成率の上限", "なし"], ["達成率の下限", "なし"]]


def items(*more, headline="達成"):
    """Return the rows of the sheet 計画 with some more."""
    return [*tables()["計画"][:5], ["見出しの区分", headline], *more]


def indicator_plan(*indicators, bands=WIDE, more=NO_LIMITS, **changes):
    """Return a plan of one action whose indicators are (基準値, 目標値, 向き)."""
    rows = [[at, 1, f"指標{at}", "件", *each, "甲課"] for at, each in enumerate(indicators, start=1)]
    base = {"アクション": [[1, "一", 1]], "タスク": [], "指標": rows, "評価区分": bands}
    return plan_of(計画=items(*more), **(base | changes))


def evaluated(plan, *actuals, tasks=(), month=FEBRUARY):
    """Evaluate the plan's only action with these actuals."""
    facts = [
        IndicatorFact(each, None if actual is None else F(str(actual)))
        for each, actual in zip(plan.indicators, actuals, strict=True)
    ]
    return evaluate(Facts(plan, month, tuple(tasks), tuple(facts))).actions[0]


# --- limits and bands outside 0–100 % ----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actual", "adopted", "shown", "grade"),
    [
        (44, F(6, 5), "120.0%", "超過達成"),
        ("43.9", F("1.195"), "119.5%", "達成"),
        (20, F(0), "0.0%", "課題あり"),
        ("19.9", F("-0.005"), "-0.5%", "後退"),
        (-10, F("-1.5"), "-150.0%", "後退"),
    ],
)
def test_a_rate_without_limits_has_a_band_above_100_and_below_0(actual, adopted, shown, grade):
    each = evaluated(indicator_plan([20, 40, ""]), actual)
    assert (each.adopted, each.shown, each.grade) == (adopted, shown, grade)
    assert ("悪化" in each.status) == (adopted < 0)


def test_the_limits_apply_to_each_indicator_before_the_mean():
    pair = ([20, 40, ""], [20, 40, ""])
    free = evaluated(indicator_plan(*pair), 44, 12)
    assert (free.adopted, free.grade, free.status) == (F(2, 5), "課題あり", ("悪化",))
    city = evaluated(indicator_plan(*pair, bands=BANDS, more=[]), 44, 12)
    assert (city.adopted, city.grade, city.status) == (F(1, 2), "課題あり", ("悪化",))
    limits = [["達成率の上限", "120%"], ["達成率の下限", "-50%"]]
    bands = [["達成", 1.0], ["課題あり", -0.5]]
    assert evaluated(indicator_plan(*pair, bands=bands, more=limits), 60, 0).adopted == F("0.35")


def test_at_most_a_target_gives_no_more_than_100_and_says_so():
    each = evaluated(indicator_plan(["", 10, "減"]), 5)
    assert (each.adopted, each.grade) == (1, "達成")
    assert [(needed.band.name, needed.is_reachable) for needed in outlook(each)] == [("超過達成", False)]
    assert needed_text(each) == "実績値: 超過達成 到達できません"


@pytest.mark.parametrize(
    ("more", "cell"),
    [
        ([["達成率の上限", "100%"], ["達成率の下限", "なし"]], "B4"),
        ([["達成率の上限", "なし"], ["達成率の下限", "0%"]], "B8"),
    ],
)
def test_a_band_that_no_rate_can_have_is_named(more, cell):
    assert findings_of(計画=items(*more), 評価区分=WIDE) == [("PLAN_BAND_UNREACHABLE", "評価区分", cell)]


@pytest.mark.parametrize(
    ("value", "upper"),
    [("120%", F(6, 5)), (120, F(6, 5)), (1.2, None), ("1.2", None), ("なし", "none"), ("高い", None)],
)
def test_a_limit_is_a_rate_that_cannot_be_mistaken(value, upper):
    workbook = openpyxl.load_workbook(io.BytesIO(write_plan(tables(計画=items(["達成率の上限", ""])))))
    cell = workbook["計画"]["B10"]
    cell.value, cell.number_format = value, "General"
    content = io.BytesIO()
    workbook.save(content)
    plan, findings = read_plan(read_workbook(content.getvalue()), "plan.xlsx")
    if upper is None:
        assert [(each.code.name, each.place.cell) for each in findings] == [("PLAN_VALUE_UNREADABLE", "B10")]
    else:
        assert plan.bands.limits.upper == (None if upper == "none" else upper)


@pytest.mark.parametrize(
    ("change", "found"),
    [
        ({"評価区分": [["達成", 1.0], ["未評価", 0.0]]}, ("PLAN_BAND_NAME_TAKEN", "評価区分", "A5")),
        ({"評価区分": [["達成", 1.0, "◎", 5], ["他", 0.0, "", ""]]}, ("PLAN_POINTS_MISSING", "評価区分", "D5")),
        (
            {"計画": items(["達成率の上限", "50%"], ["達成率の下限", "50%"])},
            ("PLAN_LIMITS_REVERSED", "計画", "B11"),
        ),
        ({"計画": items(["率の小数桁", 3])}, ("PLAN_VALUE_UNREADABLE", "計画", "B10")),
        ({"計画": items(["端数処理", "切上げ"])}, ("PLAN_VALUE_UNREADABLE", "計画", "B10")),
    ],
)
def test_a_doubtful_rating_is_named_at_its_cell(change, found):
    assert found in findings_of(**change)


# --- what a better grade needs -----------------------------------------------------------------------------------------


def test_a_needed_actual_is_rounded_to_the_side_that_is_enough():
    each = evaluated(indicator_plan(["", 10, "減"], bands=BANDS, more=[]), 16)
    assert (each.adopted, each.grade) == (F(5, 8), "やや未達")
    assert needed_text(each) == "実績値: 概ね達成 12.5件、ほぼ達成 11.11件、達成 10件"


def test_what_lies_above_100_percent_of_progress_is_out_of_reach():
    rows = [[year, 1, f"令和{year}年度", "甲課", "作業"] for year in (6, 7, 8)]
    plan = plan_of(アクション=[[1, "一", 1]], タスク=rows, 指標=[])
    rates = (F("0.425"), F("0.5"), F("0.7"))
    facts = [TaskFact(task, rate, is_planned=rate == rates[2]) for task, rate in zip(plan.tasks, rates, strict=True)]
    each = evaluated(plan, tasks=facts)
    assert each.adopted == F(13, 24)
    assert (
        needed_text(each)
        == "R7・R8の平均: やや未達 68.8%、概ね達成 98.8%、ほぼ達成 到達できません、達成 到達できません"
    )


# --- points ------------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_points_are_averaged_over_the_actions_with_a_grade(tmp_path):
    bands = [[name, lower, "", points] for (name, lower), points in zip(BANDS, (5, 4, 3, 2, 1), strict=True)]
    actions = [[no, f"アクション{no}", 1 if no <= 3 else 2, "", "", "", "", ""] for no in range(1, 6)]
    actions[4] += ["", "2025-12"]
    rows = [[no, no, f"指標{no}", "件", None, 10, "増", "甲課"] for no in range(1, 6)]
    city = City(tmp_path, 評価区分=bands, アクション=actions, 指標=rows, タスク=[], 担当課=[["甲課"]])
    city.submit(
        "2025-12", "甲課", {("指標", f"I-{no}", "実績値"): value for no, value in ((1, 10), (2, 8), (4, 6), (5, 10))}
    )
    city.submit("2026-02", "甲課", name="二月.xlsx", 記入日=dt.date(2026, 2, 20))
    document = city.run()
    assert document["points"] == {
        "plan": 3.33,
        "themes": {"くらし": 4.0, "しごと": 2.0},
        "measures": {"1": 4.0, "2": 2.0},
    }
    lines = [[cell.value for cell in line if cell.value is not None] for line in city.workbook(document)["総括"]]
    means = {name: line[line.index(name) + 1 :][:2] for line in lines for name in ("施策A", "施策B") if name in line}
    assert means == {"施策A": [4.0, "3件"], "施策B": [2.0, "2件"]}
    assert ["平均点　計画全体 3.33　くらし 4.00　しごと 2.00"] in lines


def test_marks_of_the_plan_take_the_place_of_the_programs():
    bands = plan_of(評価区分=[["◎", 1.0], ["良", 0.8, "●"], ["可", 0.0]], 計画=items(headline="良")).bands
    assert bands.marks == ("◎", "●", "")
    assert plan_of(評価区分=[["5", 1.0], ["4", 0.0]], 計画=items(headline="5")).headline_label == "区分5"
