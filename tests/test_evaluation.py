"""Every rule of docs/rules.md on facts made in the test; figures compared exactly, against a second reckoning."""

import datetime as dt
from fractions import Fraction as F

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import Certainty
from kama_excel.evaluation.evaluate import evaluate
from kama_excel.evaluation.facts import AssessmentFact, Facts, IndicatorFact, TaskFact
from kama_excel.evaluation.outlook import outlook
from kama_excel.evaluation.rates import shown_percent
from kama_excel.plan.model import Plan
from kama_excel.plan.rating import Band, Bands, Direction, Method
from kama_excel.plan.rows import Action, Decision, Indicator, Measure, Task

FEBRUARY = Month(2026, 2)
BANDS = Bands(
    (
        Band("達成", F(1)),
        Band("ほぼ達成", F(9, 10)),
        Band("概ね達成", F(4, 5)),
        Band("やや未達", F(3, 5)),
        Band("課題あり", F(0)),
    )
)


def indicator(target, baseline=None, direction=Direction.UP, no="1", unit="件"):
    exact = None if baseline is None else F(str(baseline))
    return Indicator(no, 1, f"指標{no}", unit, exact, F(str(target)), direction, "甲課")


def task(no, year, department="甲課", weight=1):
    return Task(str(no), 1, year, department, f"作業{no}", F(weight))


def evaluate_one(
    tasks=(), indicators=(), assessments=(), *, month=FEBRUARY, decisions=(), bands=BANDS, years=(2024, 2026)
):
    """Evaluate a plan of one action on the given facts."""
    plan = Plan(
        name="計画",
        municipality="市",
        plan_id="x",
        first_year=years[0],
        last_year=years[1],
        bands=bands,
        headline_grade=bands.names[0],
        measures=(Measure(1, "テーマ", "施策"),),
        actions=(Action(1, "アクション", 1),),
        tasks=tuple(fact.task for fact in tasks),
        indicators=tuple(fact.indicator for fact in indicators),
        decisions=tuple(decisions),
    )
    return evaluate(Facts(plan, month, tuple(tasks), tuple(indicators), tuple(assessments))).actions[0]


def reported(*rates, year=2024):
    return [TaskFact(task(f"{year}-{i}", year), None if rate is None else F(rate, 100)) for i, rate in enumerate(rates)]


# --- rules 2 and 3: the averages -----------------------------------------------------------------------------------


def test_the_plan_average_is_the_mean_of_the_years_and_not_of_the_tasks():
    each = evaluate_one([*reported(100, 100, 100, 100), *reported(50, year=2025)])
    assert [year.progress for year in each.years] == [F(1), F(1, 2), None]
    assert (each.plan_average, each.plan_average_years) == (F(3, 4), "2/3")


def test_a_blank_is_not_zero_and_an_excluded_task_does_not_count():
    excluded = TaskFact(task(9, 2024), is_excluded=True)
    each = evaluate_one([*reported(80, None), excluded])
    assert each.years[0].progress == F(4, 5)
    assert (each.reported, each.expected, each.basis) == (1, 2, "1/2")


def test_a_year_without_any_counting_task_leaves_the_average():
    only_excluded = TaskFact(task(1, 2025), is_excluded=True)
    each = evaluate_one([*reported(60), only_excluded])
    assert each.plan_average == F(3, 5)
    assert (each.reported, each.expected) == (1, 1)


def test_a_weight_counts_a_task_as_often():
    heavy = TaskFact(task(1, 2024, weight=3), F(1))
    light = TaskFact(task(2, 2024), F(0))
    assert evaluate_one([heavy, light]).years[0].progress == F(3, 4)


percents = st.integers(0, 100)


@given(
    st.dictionaries(st.sampled_from([2024, 2025, 2026]), st.lists(st.tuples(percents, st.integers(1, 9)), max_size=6)),
    st.randoms(),
)
def test_averages_equal_a_second_reckoning_in_any_order(years, random):
    facts = [
        TaskFact(task(f"{year}-{i}", year, weight=weight), F(rate, 100))
        for year, tasks in years.items()
        for i, (rate, weight) in enumerate(tasks)
    ]
    means = {y: F(sum(r * w for r, w in tasks), 100 * sum(w for _, w in tasks)) for y, tasks in years.items() if tasks}
    expected = F(sum(means.values()), len(means)) if means else None
    first = evaluate_one(facts)
    random.shuffle(facts)
    assert evaluate_one(facts).plan_average == first.plan_average == expected
    assert {year.fiscal_year: year.progress for year in first.years if year.progress is not None} == means


# --- rule 4: achievement -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("target", "baseline", "direction", "actual", "raw", "limited"),
    [
        (20, 3, Direction.UP, 10, F(7, 17), F(7, 17)),  # growth
        (60, 100, Direction.DOWN, 80, F(1, 2), F(1, 2)),  # reduction
        (60, 100, Direction.DOWN, 110, F(-1, 4), F(0)),  # worse than where it began
        (10, None, Direction.UP, 8, F(4, 5), F(4, 5)),  # count
        (80, None, Direction.UP, 96, F(6, 5), F(1)),  # level, past the target
        (2, 1, Direction.UP, "1.8", F(4, 5), F(4, 5)),  # multiple
        (50, 50, Direction.UP, 45, F(9, 10), F(9, 10)),  # 維持
        (50, 50, Direction.DOWN, 60, F(5, 6), F(5, 6)),  # 維持, where less is better
        (37, None, Direction.DOWN, 41, F(37, 41), F(37, 41)),  # at most
        (37, None, Direction.DOWN, 30, F(1), F(1)),  # at most, met
        (0, None, Direction.UP, 0, F(1), F(1)),  # target 0
        (0, None, Direction.DOWN, 0, F(1), F(1)),
        (0, None, Direction.DOWN, 3, F(0), F(0)),
        (0, 10, Direction.DOWN, 4, F(3, 5), F(3, 5)),  # target 0 with a baseline is rule a
        (10, None, Direction.UP, -5, F(-1, 2), F(0)),
    ],
)
def test_achievement_by_kind_of_indicator(target, baseline, direction, actual, raw, limited):
    each = evaluate_one(indicators=[IndicatorFact(indicator(target, baseline, direction), F(str(actual)))])
    assert (each.achievement_raw, each.achievement, each.adopted) == (raw, limited, limited)
    assert ("悪化" in each.status) == (raw < 0)


def test_several_indicators_take_the_mean_of_their_limited_rates_and_name_what_is_left_out():
    facts = [
        IndicatorFact(indicator(10, no="1"), F(20)),
        IndicatorFact(indicator(10, no="2"), F(5)),
        IndicatorFact(indicator(10, no="3")),
    ]
    each = evaluate_one(indicators=facts)
    assert (each.achievement, each.achievement_raw, each.basis) == (F(3, 4), None, "2/3")
    assert each.status == ("暫定",)


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        (IndicatorFact(indicator(20, 3), F(10)), "(10 − 3) ÷ (20 − 3) = 41.2%"),
        (IndicatorFact(indicator(80), F(96)), "96 ÷ 80 = 120.0% → 100%"),
        (IndicatorFact(indicator(60, 100, Direction.DOWN), F(110)), "(110 − 100) ÷ (60 − 100) = −25.0% → 0%"),
        (IndicatorFact(indicator(37, None, Direction.DOWN), F(41)), "37 ÷ 41 = 90.2%"),
        (IndicatorFact(indicator(37, None, Direction.DOWN), F(30)), "30 ≦ 37 → 100.0%"),
        (IndicatorFact(indicator(37, None, Direction.DOWN), F(37)), "37 ≦ 37 → 100.0%"),
        (IndicatorFact(indicator(0), F(0)), "0 ≧ 0 → 100.0%"),
        (IndicatorFact(indicator(0), F(-1)), "−1 ＜ 0 → 0.0%"),
        (IndicatorFact(indicator(50, 50), F(40)), "40 ÷ 50 = 80.0%"),
        (IndicatorFact(indicator(80), F(33)), "33 ÷ 80 = 41.3%"),
        (IndicatorFact(indicator("1234.5", 0), F("617.25")), "(617.25 − 0) ÷ (1,234.5 − 0) = 50.0%"),
        (IndicatorFact(indicator(1)), ""),
    ],
)
def test_the_sum_itself_is_shown(fact, text):
    assert evaluate_one(indicators=[fact]).indicators[0].sum_text == text


def test_the_rate_without_the_baseline_is_known():
    each = evaluate_one(indicators=[IndicatorFact(indicator(20, 3), F(10))])
    assert each.achievement_without_baseline == F(1, 2)
    facts = [IndicatorFact(indicator(20, 3, no="1"), F(10)), IndicatorFact(indicator(20, 3, no="2"))]
    assert evaluate_one(indicators=facts).achievement_without_baseline == F(1, 2)


@pytest.mark.parametrize(
    ("baseline", "target", "direction", "rate", "without"),
    [
        (10, -5, Direction.DOWN, F(2, 3), None),
        (-10, 5, Direction.UP, F(2, 3), F(0)),
        (-10, -5, Direction.UP, F(1), None),
        (-5, -10, Direction.DOWN, F(0), None),
        (10, 5, Direction.DOWN, F(1), F(1)),
        (5, 0, Direction.DOWN, F(1), F(1)),
        (-5, 0, Direction.UP, F(1), F(1)),
        (0, 5, Direction.UP, F(0), F(0)),
        (0, -5, Direction.DOWN, F(0), None),
        (None, 5, Direction.UP, F(0), F(0)),
        (None, 5, Direction.DOWN, F(1), F(1)),
        (None, 0, Direction.UP, F(1), F(1)),
        (None, 0, Direction.DOWN, F(1), F(1)),
    ],
)
def test_an_actual_of_0_has_a_rate_for_every_direction_and_sign(baseline, target, direction, rate, without):
    each = evaluate_one(indicators=[IndicatorFact(indicator(target, baseline, direction), F(0))])
    assert (each.achievement, each.achievement_without_baseline) == (rate, without)


# --- rule 5: assessments -------------------------------------------------------------------------------------------


def assessed(rate, department="甲課", month=FEBRUARY):
    return AssessmentFact(1, department, F(rate, 100), "理由", month)


def test_assessments_of_several_departments_take_their_mean():
    tasks = [TaskFact(task(1, 2024, "甲課"), F(1, 2)), TaskFact(task(2, 2024, "乙課"), F(1, 2))]
    decided = Decision(1, Method.ASSESSMENT, dt.date(2026, 2, 1), "委員会", "理由")
    each = evaluate_one(tasks, assessments=[assessed(70), assessed(90, "乙課")], decisions=[decided])
    assert (each.assessment, each.basis, each.grade) == (F(4, 5), "2/2", "概ね達成")


# --- rules 6 and 7: what is adopted and what it rests on -----------------------------------------------------------


def test_automatic_takes_the_achievement_where_there_is_an_actual():
    each = evaluate_one(reported(50), [IndicatorFact(indicator(10), F(9))], [assessed(91)])
    assert (each.method, each.adopted) == (Method.TARGET, F(9, 10))


def test_automatic_takes_the_plan_average_where_the_actual_is_missing_and_says_so():
    each = evaluate_one(reported(50), [IndicatorFact(indicator(10))])
    assert (each.method, each.adopted, each.lacks_indicator) == (Method.PLAN_AVERAGE, F(1, 2), True)
    assert each.status == ("暫定",)


def test_an_undecided_assessment_that_gives_another_grade_wants_a_decision():
    same = evaluate_one(reported(70), assessments=[assessed(65)])
    other = evaluate_one(reported(70), assessments=[assessed(85)])
    alone = evaluate_one([TaskFact(task(1, 2024))], assessments=[assessed(85)])
    assert ["要判断" in each.status for each in (same, other, alone)] == [False, True, True]
    assert (alone.adopted, alone.grade) == (None, None)


@pytest.mark.parametrize(
    ("decided_on", "adopted"), [(dt.date(2026, 2, 28), F(17, 20)), (dt.date(2026, 3, 1), F(7, 10))]
)
def test_a_decision_counts_from_the_month_of_its_day(decided_on, adopted):
    decision = Decision(1, Method.ASSESSMENT, decided_on, "委員会", "理由")
    each = evaluate_one(reported(70), assessments=[assessed(85)], decisions=[decision])
    assert each.adopted == adopted
    assert ("要判断" in each.status) == (adopted == F(7, 10))


def test_the_newest_decision_in_force_counts():
    decisions = [
        Decision(1, Method.PLAN_AVERAGE, dt.date(2026, 2, 1), "委員会", "理由"),
        Decision(1, Method.ASSESSMENT, dt.date(2025, 12, 1), "委員会", "理由"),
    ]
    assert evaluate_one(reported(70), assessments=[assessed(85)], decisions=decisions).method is Method.PLAN_AVERAGE


@pytest.mark.parametrize("method", [Method.TARGET, Method.PLAN_AVERAGE, Method.ASSESSMENT])
def test_a_decided_method_without_a_figure_falls_back_on_nothing(method):
    facts = {
        Method.TARGET: {"tasks": reported(90), "assessments": [assessed(90)]},
        Method.PLAN_AVERAGE: {"indicators": [IndicatorFact(indicator(10), F(9))], "assessments": [assessed(90)]},
        Method.ASSESSMENT: {"tasks": reported(90), "indicators": [IndicatorFact(indicator(10), F(9))]},
    }[method]
    each = evaluate_one(**facts, decisions=[Decision(1, method, dt.date(2026, 1, 1), "委員会", "理由")])
    assert (each.adopted, each.grade, each.shown) == (None, None, None)
    assert each.status == ("未評価",)


@pytest.mark.parametrize(
    ("fact", "expected"),
    [
        (IndicatorFact(indicator(10), F(9), dt.date(2026, 2, 28)), ()),
        (IndicatorFact(indicator(10), F(9), dt.date(2026, 3, 1)), ("見込",)),
        (IndicatorFact(indicator(10), F(9), None, Certainty.EXPECTED), ("見込",)),
        (IndicatorFact(indicator(10), F(9), None, Certainty.ASSUMED), ("見込",)),
    ],
)
def test_an_actual_that_is_not_final_or_lies_ahead_is_expected(fact, expected):
    assert evaluate_one(indicators=[fact]).status == expected


@pytest.mark.parametrize(
    ("month", "status"),
    [
        (Month(2025, 3), ("見込", "年度途中")),  # 令和6年度 is running, 令和7 and 8 have not begun
        (Month(2026, 2), ("見込", "年度途中")),
        (Month(2027, 3), ("年度途中",)),  # the last year is running, and everything is 実施
        (Month(2027, 5), ()),  # every year is finished
    ],
)
def test_what_the_plan_average_rests_on_follows_the_month(month, status):
    facts = [TaskFact(task(year, year), F(1, 2), is_planned=not month.has_begun(year)) for year in (2024, 2025, 2026)]
    assert evaluate_one(facts, month=month).status == status


def test_a_figure_given_before_its_year_stays_planned_and_is_not_reported():
    facts = [*reported(100), TaskFact(task(2, 2025), F(1), is_planned=True)]
    each = evaluate_one(facts, month=Month(2025, 4))
    assert each.plan_average == 1
    assert (each.reported, each.expected) == (1, 2)
    assert each.status == ("見込", "暫定")


def test_a_blank_of_a_year_not_begun_is_not_missing():
    facts = [*reported(100), TaskFact(task(2, 2026))]
    each = evaluate_one(facts, month=Month(2026, 2))
    assert (each.reported, each.expected, each.status) == (1, 1, ())


@pytest.mark.parametrize(("given_in", "status"), [(Month(2027, 3), ("見込",)), (Month(2027, 4), ())])
def test_an_assessment_given_before_the_plan_ends_is_expected(given_in, status):
    decision = Decision(1, Method.ASSESSMENT, dt.date(2026, 1, 1), "委員会", "理由")
    each = evaluate_one(
        reported(70), assessments=[assessed(85, month=given_in)], month=Month(2027, 5), decisions=[decision]
    )
    assert each.status == status


# --- grades and how a rate is shown --------------------------------------------------------------------------------


def test_the_grade_is_taken_on_nine_decimals_at_every_edge():
    for band in BANDS.bands:
        assert BANDS.grade(band.lower) == band.name
        if band.lower:
            assert BANDS.grade(band.lower - F(1, 10**9)) != band.name
            assert BANDS.grade(band.lower - F(4, 10**10)) == band.name


def test_27_of_30_is_its_grade_whichever_way_it_was_summed():
    thirds = evaluate_one(reported(*[100] * 27, 0, 0, 0))
    assert thirds.grade == "ほぼ達成"
    assert evaluate_one(indicators=[IndicatorFact(indicator(30), F(27))]).grade == "ほぼ達成"


@pytest.mark.parametrize(
    ("rate", "shown"),
    [
        ("0.8996", "89.9%"),
        ("0.8994", "89.9%"),
        ("0.90", "90.0%"),
        ("0.8335", "83.4%"),
        ("0.99999", "99.9%"),
        ("0", "0.0%"),
    ],
)
def test_a_rate_is_shown_half_up_but_never_in_a_band_that_it_has_not_reached(rate, shown):
    assert shown_percent(F(rate), BANDS) == shown


@given(st.fractions(0, 1))
def test_the_shown_rate_has_the_grade_of_the_exact_one_and_is_within_a_tenth(rate):
    shown = F(shown_percent(rate, BANDS).rstrip("%")) / 100
    assert BANDS.grade(shown) == BANDS.grade(rate)
    assert abs(shown - rate) < F(1, 1000)


# --- outlook -------------------------------------------------------------------------------------------------------

small = st.integers(-50, 50)


@given(small, small, st.integers(0, 60), st.sampled_from(Direction))
def test_the_actual_that_a_better_grade_needs_gives_it_when_put_in(baseline, target, actual, direction):
    assume(target > 0)
    has_baseline = baseline > 0 and baseline != target
    follows = Direction.UP if target > baseline else Direction.DOWN
    each_indicator = indicator(target, baseline if has_baseline else None, follows if has_baseline else direction)
    each = evaluate_one(indicators=[IndicatorFact(each_indicator, F(actual))])
    for needed in outlook(each):
        again = evaluate_one(indicators=[IndicatorFact(each_indicator, needed.actual)])
        assert again.adopted == needed.rate
        assert again.grade == needed.band.name


@settings(max_examples=60)
@given(st.lists(percents, min_size=1, max_size=3), st.lists(percents, max_size=3))
def test_the_progress_that_a_better_grade_needs_gives_it_when_put_in(finished, running):
    finished_facts = reported(*finished)
    open_facts = [*reported(*running, year=2025), *reported(50, year=2026)]
    each = evaluate_one([*finished_facts, *open_facts])
    for needed in outlook(each):
        if needed.is_reachable:
            again = [TaskFact(fact.task, needed.year_progress) for fact in open_facts]
            assert BANDS.rank(evaluate_one([*finished_facts, *again]).plan_average) <= BANDS.rank(needed.rate)
        else:
            again = [TaskFact(fact.task, F(1)) for fact in open_facts]
            assert evaluate_one([*finished_facts, *again]).plan_average < needed.rate


def test_nothing_is_needed_at_the_top_and_nothing_helps_after_the_end():
    assert outlook(evaluate_one(reported(100))) == ()
    after = evaluate_one(reported(50), month=Month(2027, 4))
    assert [needed.is_reachable for needed in outlook(after)] == [False] * 4
    assert outlook(evaluate_one([TaskFact(task(1, 2024))])) == ()
