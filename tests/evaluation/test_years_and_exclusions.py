"""Indicators that are excluded, only watched or asked for by year (docs/rules.md, rules 4 and 7), from form to workbook."""

import datetime as dt
from fractions import Fraction as F

import pytest
from support.city import City, found
from support.office import recalculated_all
from support.plans import findings_of, plan_of, tables
from support.reports import report_of, submission
from support.sheets import cells_of, differences

R6, R7 = "令和6年度", "令和7年度"


def items(*more):
    return [*tables()["計画"], *more]


def indicator(no, target, baseline=None, direction="増", aggregation=""):
    return [no, 1, f"指標{no}", "件", baseline, target, direction, "甲課", "", "", "", aggregation]


def task(no, year):
    return [no, 1, year, "甲課", f"作業{no}"]


def city_of(root, *, tasks=(), **changes):
    base = {"アクション": [[1, "アクション一", 1]], "タスク": list(tasks), "指標": [], "担当課": [["甲課"]]}
    return City(root, **(base | changes))


def progress(**rates):
    """Return entries of 進捗 by タスクNo (T1=1.0)."""
    return {("進捗", f"T-{name[1:]}", "実施"): rate for name, rate in rates.items()}


def actual(key, value, **more):
    names = {"grounds": "根拠", "day": "時点", "certainty": "確度"}
    return {("指標", key, "実績値"): value} | {("指標", key, names[name]): said for name, said in more.items()}


def run_one(city, entries, month="2026-02"):
    city.submit(month, "甲課", entries)
    document = city.run()
    return document, document["actions"][0]


# --- 対象外 and watched --------------------------------------------------------------------------------------------------

TWO = [indicator(1, 10), indicator(2, 50)]
TASKS = [task(1, R6), task(2, R7)]
EXCLUDED = actual("I-1", "対象外", grounds="調査廃止")
EXCLUDED_TASKS = {
    **progress(T1="対象外", T2="対象外"),
    **{("進捗", f"T-{no}", "備考"): "事業廃止" for no in (1, 2)},
}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("plan", "entries", "adopted", "grade", "status", "basis"),
    [
        (
            {"指標": TWO},
            {**actual("I-1", 8), **actual("I-2", "対象外", grounds="調査廃止")},
            *(0.8, "概ね達成", [], "1/1"),
        ),
        (
            {"指標": TWO},
            {**actual("I-1", 8), **actual("I-2", "対象外", grounds="－")},
            *(0.8, "概ね達成", ["暫定"], "1/2"),
        ),
        (
            {"指標": TWO[:1], "タスク": TASKS},
            {**EXCLUDED, **progress(T1=1, T2=0.5)},
            *(0.75, "やや未達", ["年度途中"], "2/2"),
        ),
        (
            {"指標": TWO[:1], "タスク": TASKS, "評価方法": [[1, "目標値", dt.date(2026, 1, 5), "委員会", "理由"]]},
            {**EXCLUDED, **progress(T1=1, T2=0.5)},
            *(None, None, ["評価対象外"], "0/0"),
        ),
        ({"指標": TWO[:1]}, EXCLUDED, None, None, ["評価対象外"], "0/0"),
        ({"指標": TWO[:1], "タスク": TASKS}, EXCLUDED_TASKS, None, None, ["未評価"], "0/1"),
        (
            {"指標": [indicator(1, None, 120)], "タスク": TASKS},
            {**actual("I-1", 150), **progress(T1=1, T2=0.5)},
            *(0.75, "やや未達", ["年度途中"], "2/2"),
        ),
    ],
)
def test_what_is_excluded_or_watched_is_part_of_no_rate(tmp_path, plan, entries, adopted, grade, status, basis):
    document, action = run_one(city_of(tmp_path, **plan), entries)
    assert (action["adopted"], action["grade"], action["status"], action["basis"]) == (adopted, grade, status, basis)
    is_without_reason = "－" in entries.values()
    assert bool(found(document, "excluded-without-grounds")) is is_without_reason
    if "評価方法" in plan:
        assert found(document, "decision-without-figure") == []
        assert len(found(document, "decision-not-evaluated")) == 1
    if status == ["評価対象外"]:
        assert document["summary"]["評価対象外"] == 1


@pytest.mark.slow
def test_a_watched_indicator_is_shown_with_its_change(tmp_path):
    city = city_of(tmp_path, 指標=[indicator(1, None, 120)], タスク=TASKS)
    document, _ = run_one(city, {**actual("I-1", 150), **progress(T1=1)})
    assert [each["message"][:5] for each in document["findings"] if each["code"] == "plan-target-blank"] == [
        "指標「指標"
    ]
    page = [str(cell.value) for row in city.workbook(document)["01"].iter_rows() for cell in row if cell.value]
    assert "＋30" in page
    assert document["actions"][0]["indicators"] == [
        {"no": "1", "actual": 150.0, "certainty": "確定", "achievement": None, "raw": None}
    ]


@pytest.mark.slow
@pytest.mark.parametrize("word", ["集計中", "未公表"])
def test_a_figure_to_come_is_not_reported(tmp_path, word):
    document, action = run_one(city_of(tmp_path, 指標=TWO[:1]), actual("I-1", word))
    assert (action["adopted"], len(found(document, "figure-to-come"))) == (None, 1)


# --- years -------------------------------------------------------------------------------------------------------------


def targets(*figures):
    return [[1, year, figure] for year, figure in zip((2024, 2025, 2026), figures, strict=True)]


SUM = {"指標": [indicator(1, 30, aggregation="合計")], "年度目標": targets(8, 10, 12)}
MEAN = {"指標": [indicator(1, 12, aggregation="平均")], "年度目標": targets(10, 12, 14)}
LATEST = {"指標": [indicator(1, 20, 10)], "年度目標": targets(12, 15, 20)}
LATEST_ALONE = {"指標": [indicator(1, 12)], "年度目標": targets(8, 10, 12)}
BOTH = {**actual("I-1-2024", 9), **actual("I-1-2025", 8)}
ONE_EXCLUDED = {**actual("I-1-2024", "対象外", grounds="災害で中止"), **actual("I-1-2025", 8)}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("plan", "entries", "final", "yearly", "status", "basis"),
    [
        (SUM, BOTH, 17 / 30, 17 / 18, ["年度途中"], "2/2"),
        (SUM, ONE_EXCLUDED, 8 / 30, 8 / 10, ["年度途中"], "1/1"),
        (MEAN, {**actual("I-1-2024", 9), **actual("I-1-2025", 12)}, 10.5 / 12, 10.5 / 11, ["年度途中"], "2/2"),
        (LATEST, {**actual("I-1-2024", 13), **actual("I-1-2025", 14)}, 0.4, 0.8, ["年度途中"], "2/2"),
        (LATEST, actual("I-1-2024", 13), 0.3, 1.0, ["暫定"], "1/2"),
    ],
)
@pytest.mark.parametrize("yardstick", ["最終目標", "年度目標"])
def test_yearly_actuals_are_taken_together_and_measured(
    tmp_path, plan, entries, final, yearly, status, basis, yardstick
):
    city = city_of(tmp_path, **plan, 計画=items(["達成率の基準", yardstick]))
    document, action = run_one(city, entries)
    expected = final if yardstick == "最終目標" else yearly
    assert action["adopted"] == pytest.approx(expected, abs=1e-12)
    assert (action["status"], action["basis"]) == (status, basis)
    assert [each for each in document["findings"] if each["severity"] == "エラー"] == []


def in_their_years(*figures):
    """Return yearly targets that begin and end with their fiscal year."""
    return [[1, year, figure, f"{year}-04", f"{year + 1}-03"] for _, year, figure in targets(*figures)]


def evaluated(plan, entries, month="2026-02"):
    """Return the action's evaluation, from facts typed in the test."""
    base = {"アクション": [[1, "アクション一", 1]], "タスク": [], "担当課": [["甲課"]]}
    made = plan_of(**(base | {"計画": items(["達成率の基準", "年度目標"])} | plan))
    typed = {(key, heading): value for (_, key, heading), value in entries.items()}
    return report_of(made, [submission("甲課", typed, month)], month).evaluation.actions[0]


@pytest.mark.parametrize(
    ("plan", "figures", "expected"),
    [(SUM, (8, 10, 12), F(17, 18)), (MEAN, (10, 12, 14), F(17, 22)), (LATEST, (12, 15, 20), F(0))],
)
def test_a_yearly_target_that_ends_with_its_year_still_counts_for_it(plan, figures, expected):
    each = evaluated(plan | {"年度目標": in_their_years(*figures)}, BOTH)
    assert (each.adopted, each.basis) == (expected, "2/2")
    first_only = [*in_their_years(*figures)[:1], *targets(*figures)[1:]]
    assert evaluated(plan | {"年度目標": first_only}, BOTH).adopted == expected


def test_a_yearly_target_counts_until_another_row_of_its_year_begins():
    rows = [[1, 2024, 8], [1, 2025, 10, "", "2025-09"], [1, 2025, 12, "2025-11"], [1, 2026, 10]]
    rates = [evaluated({**SUM, "年度目標": rows}, BOTH, month).adopted for month in ("2025-09", "2025-10", "2025-11")]
    assert rates == [F(17, 18), F(17, 18), F(17, 20)]


CHANGED = [
    [*indicator(1, 20)[:8], "", "", "2025-03"],
    [1, 1, "人数", "人", 100, 150, "増", "甲課", "", "2025-04"],
]
"""An indicator that another one with other figures follows under its number."""
OF_CHANGED = [
    *([*row, "", "2025-03"] for row in targets(12, 15, 20)),
    *([*row, "2025-04"] for row in targets(110, 120, 150)),
]


@pytest.mark.parametrize("yardstick", ["最終目標", "年度目標"])
def test_yearly_targets_are_checked_against_the_row_of_their_months(yardstick):
    base = {"アクション": [[1, "一", 1]], "タスク": [], "担当課": [["甲課"]]}
    plan = {"指標": CHANGED, "年度目標": OF_CHANGED, "計画": items(["達成率の基準", yardstick])}
    assert findings_of(**(base | plan)) == []
    entries = {**actual("I-1-2024", 9), **actual("I-1-2025", 130)}
    assert evaluated(base | plan, actual("I-1-2024", 9), "2025-03").adopted == F(
        9, 12 if yardstick == "年度目標" else 20
    )
    assert evaluated(base | plan, entries).adopted == (F(1) if yardstick == "年度目標" else F(3, 5))


def test_a_year_that_begins_asks_for_its_own_figure_and_is_provisional(tmp_path):
    city = city_of(tmp_path, **SUM)
    city.submit("2026-02", "甲課", BOTH)
    city.submit("2026-04", "甲課", 記入日=dt.date(2026, 4, 20))
    action = city.run()["actions"][0]
    assert (action["adopted"], action["status"], action["basis"]) == (pytest.approx(17 / 30), ["暫定"], "2/3")
    years = action["indicators"][0]["years"]
    assert years["2024"] == {"actual": 9.0, "target": 8.0, "rate": 1.125}
    assert years["2026"] == {"actual": None, "target": 12.0, "rate": None}


@pytest.mark.parametrize(("certainties", "certainty"), [((), "確定"), (("見込",), "見込"), (("仮定", "見込"), "仮定")])
def test_a_figure_of_several_years_is_as_certain_as_the_least_certain_of_them(tmp_path, certainties, certainty):
    said = {("指標", f"I-1-{year}", "確度"): word for year, word in zip((2025, 2024), certainties, strict=False)}
    _, action = run_one(city_of(tmp_path, **SUM), {**BOTH, **said})
    assert action["indicators"][0]["certainty"] == certainty
    assert ("見込" in action["status"]) is bool(certainties)


def test_a_sum_that_is_to_stay_low_is_expected_until_the_last_year(tmp_path):
    city = city_of(tmp_path, 指標=[indicator(1, 30, direction="減", aggregation="合計")])
    _, action = run_one(city, BOTH)
    assert (action["adopted"], action["status"]) == (1.0, ["見込", "年度途中"])


@pytest.mark.parametrize(("aggregation", "taken"), [("最新", True), ("合計", False)])
def test_a_figure_of_a_form_made_before_the_years_is_of_the_year_of_its_day(tmp_path, aggregation, taken):
    city = city_of(tmp_path, 指標=[indicator(1, 20)])
    city.submit("2025-06", "甲課", actual("I-1", 13, day=dt.date(2025, 3, 31)))
    changes = {"指標": [indicator(1, 20, aggregation=aggregation)], "年度目標": targets(12, 15, 20)}
    base = {"アクション": [[1, "アクション一", 1]], "タスク": [], "担当課": [["甲課"]]}
    city.write_plan(**(base | changes))
    document = city.run()
    years = document["actions"][0]["indicators"][0]["years"]
    assert (years["2024"]["actual"], years["2025"]["actual"]) == (13.0 if taken else None, None)
    assert bool([each for each in document["findings"] if each["value"] == "13"]) is not taken


def test_a_month_before_the_yearly_targets_began_gives_what_it_gave(tmp_path):
    """Rule 9."""
    city = city_of(tmp_path, 指標=[indicator(1, 20)])
    first, before = run_one(city, actual("I-1", 13, day=dt.date(2026, 1, 31)))
    assert (before["adopted"], before["basis"]) == (0.65, "1/1")
    base = {"アクション": [[1, "アクション一", 1]], "タスク": [], "担当課": [["甲課"]]}
    later = [[*row, "2026-04"] for row in targets(12, 15, 20)]
    city.write_plan(
        **(base | {"指標": [indicator(1, 20)], "年度目標": later, "計画": items(["達成率の基準", "年度目標"])})
    )
    document = city.run("--month", "2026-02")
    again = document["actions"][0]
    assert {**again, "needed_for_next": None} == {**before, "needed_for_next": None}
    said = [each["code"] for each in document["findings"] if each["department"]]
    assert said == [each["code"] for each in first["findings"] if each["department"]]
    city.submit("2026-04", "甲課", {**actual("I-1-2025", 15), **actual("I-1-2024", 12)})
    now = city.run("--month", "2026-04")["actions"][0]
    assert (now["adopted"], now["basis"]) == (1.0, "2/3")


def test_a_day_outside_the_rows_year_is_named_and_the_row_decides(tmp_path):
    document, action = run_one(city_of(tmp_path, **SUM), actual("I-1-2024", 9, day=dt.date(2025, 6, 30)))
    assert len(found(document, "as-of-outside-year")) == 1
    assert action["indicators"][0]["years"]["2024"]["actual"] == 9.0


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        (
            {"計画": items(["達成率の基準", "年度目標"]), "年度目標": targets(8, 10, 12)[:2]},
            "PLAN_YEARLY_TARGET_MISSING",
        ),
        ({"指標": [indicator(1, 30, 5, aggregation="合計")]}, "PLAN_SUM_WITH_BASELINE"),
        ({"指標": [indicator(1, 20, 10)], "年度目標": targets(9, 15, 20)}, "PLAN_YEARLY_TARGET_BEYOND"),
        ({"指標": [indicator(1, None)], "年度目標": targets(8, 10, 12)}, "PLAN_YEARLY_TARGET_ALONE"),
        ({"年度目標": [*targets(8, 10, 30), [1, 2024, 9]]}, "PLAN_NUMBER_TWICE"),
        ({"年度目標": targets(8, 10, 12)}, "PLAN_YEARLY_TARGETS_DIFFER"),
        ({"年度目標": [[9, 2024, 8]]}, "PLAN_REFERENCE_UNKNOWN"),
        (
            {
                "計画": items(["達成率の基準", "年度目標"]),
                "年度目標": [[1, 2024, 8], [1, 2025, 10, "2025-10"], [1, 2026, 30]],
            },
            "PLAN_YEARLY_TARGET_MISSING",
        ),
        ({"指標": [indicator(1, 10)], "年度目標": targets(-50, -20, 10)}, "PLAN_TARGET_NEGATIVE"),
        ({"指標": [indicator(1, 10, -20)], "年度目標": targets(-20, 0, 10)}, "PLAN_TARGET_NEGATIVE"),
    ],
)
def test_doubtful_years_of_the_plan_are_named(changes, code):
    base = {"アクション": [[1, "一", 1]], "タスク": [], "指標": [indicator(1, 30)], "担当課": [["甲課"]]}
    assert code in [each[0] for each in findings_of(**(base | changes))]


# --- the workbook -------------------------------------------------------------------------------------------------------


@pytest.mark.office
def test_an_office_program_computes_the_same(tmp_path, office):
    (office / "out").mkdir()
    wide = [
        ["超過達成", 1.2, "", 5],
        ["達成", 1.0, "", 4],
        ["やや未達", 0.6, "", 3],
        ["課題あり", 0.0, "", 2],
        ["後退", -1.0, "", 1],
    ]
    free = [["達成率の上限", "なし"], ["達成率の下限", "なし"], ["率の小数桁", 0], ["端数処理", "切捨て"]]
    wide_items = [*tables()["計画"][:5], ["見出しの区分", "達成"], *free, ["達成率の基準", "年度目標"]]
    cases = [
        (plan | {"計画": items(["達成率の基準", yardstick])}, entries)
        for plan, entries in (
            (SUM, BOTH),
            (SUM, ONE_EXCLUDED),
            (MEAN, BOTH),
            (LATEST, BOTH),
            (LATEST, actual("I-1-2024", 13)),
            *((plan | {"年度目標": in_their_years(8, 10, 12)}, BOTH) for plan in (SUM, MEAN, LATEST_ALONE)),
        )
        for yardstick in ("最終目標", "年度目標")
    ]
    cases += [
        (plan | {"計画": wide_items, "評価区分": wide}, entries)
        for plan, entries in (
            (SUM, BOTH),
            (LATEST, actual("I-1-2025", 9)),
            ({"指標": TWO}, {**actual("I-1", 13), **actual("I-2", "対象外", grounds="廃止")}),
            ({"指標": TWO[:1]}, EXCLUDED),
            (
                {"指標": [indicator(1, None, 120), indicator(2, 10, 20, "減")], "タスク": TASKS},
                {**actual("I-1", 150), **actual("I-2", 23)},
            ),
            ({"指標": TWO[:1], "タスク": TASKS}, {**EXCLUDED, **EXCLUDED_TASKS}),
        )
    ]
    written = []
    for at, (plan, entries) in enumerate(cases):
        city = city_of(tmp_path / str(at), **plan)
        document, _ = run_one(city, entries)
        copy = office / f"{at}.xlsx"
        copy.write_bytes((city.root / document["files"]["workbook"]).read_bytes())
        written.append(copy)
    for before, after in zip(written, recalculated_all(written, office / "out"), strict=True):
        assert differences(cells_of(before.read_bytes()), cells_of(after.read_bytes())) == [], cases[int(before.stem)]


@pytest.mark.office
@pytest.mark.parametrize("bands", [None, [["超過達成", 1.2], ["達成", 1.0], ["課題あり", 0.0], ["後退", -1.0]]])
def test_the_forms_answers_compute_to_their_values(tmp_path, office, bands):
    changes = {
        "指標": [indicator(1, 30, aggregation="合計"), indicator(2, None, 120), indicator(3, 40, 20), indicator(4, 9)]
    }
    changes |= {
        "年度目標": targets(8, 10, 12),
        "タスク": TASKS,
        "計画": items(["率の小数桁", 0], ["端数処理", "切捨て"]),
    }
    if bands:
        free = [["達成率の上限", "なし"], ["達成率の下限", "なし"]]
        changes |= {"評価区分": bands, "計画": [*tables()["計画"][:5], ["見出しの区分", "達成"], *free]}
    city = city_of(tmp_path, **changes)
    entries = {
        **BOTH,
        **actual("I-2", 150),
        **actual("I-3", 19.9, day=dt.date(2026, 1, 31)),
        **progress(T1=0.8996, T2=1),
    }
    city.submit("2026-02", "甲課", entries | actual("I-4", "対象外", grounds="廃止"))
    form = city.form("2026-04", "甲課")
    copy = office / "form.xlsx"
    copy.write_bytes(form.read_bytes())
    (office / "out").mkdir()
    (computed,) = recalculated_all([copy], office / "out")
    assert differences(cells_of(copy.read_bytes()), cells_of(computed.read_bytes())) == []


def test_actions_that_nobody_is_asked_about_are_named_on_the_screen(tmp_path):
    city = city_of(tmp_path, アクション=[[1, "一", 1], [2, "二", 1]], タスク=TASKS)
    line = "タスクも指標も登録されていないアクション: 1件（2）"
    assert line in city.invoke("forms", "--month", "2026-02").output
    city.submit("2026-02", "甲課", progress(T1=1))
    assert line in city.invoke("run", "--month", "2026-02").output
