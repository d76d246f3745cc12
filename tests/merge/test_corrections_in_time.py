"""訂正 from month to month (`docs/rules.md`, rule 8): what counts, until when, and what is said of it."""

import datetime as dt

import pytest
from support.city import City, found
from support.plans import plan_of
from support.reports import submission

from kama_excel.domain.calendar import JAPAN, Month
from kama_excel.evaluation.evaluate import evaluate
from kama_excel.history.timeline import history
from kama_excel.inbox.current_forms import take_forms
from kama_excel.merge.merged import merge

DONE = ("T-2", "実施")
ROW = ["T-2", "実施", "60%", dt.date(2026, 2, 18), "推進本部", "数え直し", "2026-01"]
PLAN = {
    "アクション": [[1, "アクション一", 1, "", "", "", "", ""]],
    "タスク": [["2", 1, "令和7年度", "甲課", "作業"]],
    "指標": [],
    "担当課": [["甲課"]],
}


def sent(month, day, rate=None, *, file="甲課"):
    """Return a form of 甲課 that was mailed on a day."""
    values = {DONE: rate} if rate is not None else {}
    moment = dt.datetime.combine(dt.date.fromisoformat(day), dt.time(9), JAPAN)
    return submission("甲課", values, month, file=file, sent=moment)


def result(month, forms, *rows, **tables):
    """Return the adopted rate of the only action, rounded as it is compared, and the codes about corrections."""
    plan = plan_of(**(PLAN | tables), 訂正=[list(each) for each in rows or (ROW,)])
    until = [each for each in forms if each.month <= Month.parse(month)]
    merged = merge(plan, Month.parse(month), until)
    adopted = evaluate(merged.facts).actions[0].adopted
    codes = [each.code.slug for each in merged.findings if each.code.slug.startswith("correction-")]
    return None if adopted is None else round(float(adopted), 9), codes


FORMS = [
    sent("2026-01", "2026-01-28", 0.8),
    sent("2026-02", "2026-02-10", 0.8),
    sent("2026-03", "2026-03-30", 0.8),
    sent("2026-04", "2026-04-28"),
    sent("2026-05", "2026-05-28", 0.7),
    sent("2026-06", "2026-06-28", 0.8),
]


@pytest.mark.parametrize(
    ("month", "adopted", "codes"),
    [
        ("2026-01", 0.6, []),
        ("2026-02", 0.6, []),
        ("2026-03", 0.6, ["correction-repeated"]),
        ("2026-04", 0.6, []),
        ("2026-05", 0.7, ["correction-overtaken"]),
        ("2026-06", 0.8, []),
    ],
)
def test_a_correction_counts_until_a_newer_report_differs_from_it_and_from_the_original(month, adopted, codes):
    assert result(month, FORMS) == (adopted, codes)


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
@pytest.mark.parametrize(("month", "adopted"), [("2026-01", 0.6), ("2026-02", 0.5)])
def test_of_two_of_one_day_the_one_of_the_later_month_counts_wherever_its_row_is(order, month, adopted):
    rows = [ROW, [*ROW[:2], "50%", *ROW[3:6], "2026-02"]]
    assert result(month, FORMS, *(rows[at] for at in order)) == (adopted, [])


def test_one_that_the_next_form_repeats_is_a_report_like_any_other():
    forms = [*FORMS[:2], sent("2026-03", "2026-03-30", 0.6), sent("2026-04", "2026-04-28", 0.8)]
    assert result("2026-03", forms) == (0.6, [])
    assert result("2026-04", forms) == (0.8, [])


def test_a_second_form_of_the_month_is_later_by_its_evidence():
    forms = [*FORMS[:2], sent("2026-02", "2026-02-25", 0.75, file="甲課2")]
    merged_together = [each for month in ("2026-01", "2026-02") for each in _of_month(forms, month)]
    assert result("2026-02", merged_together) == (0.75, ["correction-overtaken"])


def test_an_older_form_that_was_saved_again_after_it_never_overtakes_it_silently():
    forms = [sent("2025-12", "2026-02-25", 0.7), sent("2026-01", "2026-01-28", 0.8), sent("2026-02", "2026-02-10", 0.8)]
    assert result("2026-01", forms) == (0.8, ["correction-overtaken"])
    assert result("2026-02", forms) == (0.8, [])


def test_only_the_newest_correction_is_looked_at_and_an_earlier_one_is_an_original():
    second = ["T-2", "実施", "70%", dt.date(2026, 3, 10), "推進本部", "再協議", None]
    forms = [*FORMS[:2], sent("2026-03", "2026-03-30", 0.6)]
    assert result("2026-02", forms, ROW, second) == (0.6, [])
    assert result("2026-03", forms, ROW, second) == (0.7, ["correction-repeated"])


def test_its_reason_is_reason_enough_for_excluded():
    tasks = [["1", 1, "令和6年度", "甲課", "作業一"], ["2", 1, "令和7年度", "甲課", "作業二"]]
    row = [*ROW[:2], "対象外", *ROW[3:5], "事業廃止", None]

    forms = [submission("甲課", {("T-1", "実施"): 1, DONE: 0.8}, "2026-02", sent=FORMS[1].submission.sent)]
    assert result("2026-02", forms, row, タスク=tasks) == (1.0, [])


def test_its_reason_is_reason_enough_for_an_indicator_that_is_excluded():
    indicators = [["1", 1, "回数", "回", None, 10, "増", "甲課"], ["2", 1, "人数", "人", None, 50, "増", "甲課"]]
    row = ["I-1", "実績値", "対象外", dt.date(2026, 2, 18), "推進本部", "調査廃止", None]
    plan = plan_of(**PLAN | {"指標": indicators, "訂正": [row]})
    typed = {("I-1", "実績値"): 2, ("I-2", "実績値"): 40}
    merged = merge(plan, Month(2026, 2), [submission("甲課", typed, "2026-02", sent=FORMS[1].submission.sent)])
    each = evaluate(merged.facts).actions[0]
    assert (float(each.adopted), each.basis) == (0.8, "1/1")
    assert "excluded-without-grounds" not in [found.code.slug for found in merged.findings]


def test_a_cell_of_which_nothing_was_reported_is_corrected_from_blank():
    row = [*ROW[:2], "40%", *ROW[3:]]
    plan = plan_of(**PLAN, 訂正=[row])
    merged = merge(plan, Month(2026, 2), [])
    assert evaluate(merged.facts).actions[0].adopted == pytest.approx(0.4)
    assert [(each.before, each.outcome) for each in merged.corrections] == [("", "適用中")]


def test_unreported_takes_the_report_away():
    row = [*ROW[:2], "未報告", *ROW[3:]]
    assert result("2026-02", FORMS, row) == (None, [])


def test_what_became_of_every_correction_is_kept():
    states = history(plan_of(**PLAN, 訂正=[ROW]), [each.month for each in FORMS], FORMS)
    outcomes = [(each.before, each.outcome) for state in states for each in state.merged.corrections]
    assert outcomes == [("0.8", "適用中")] * 4 + [("0.8", "2026-05の様式の報告を採用")] * 2


@pytest.mark.slow
def test_a_report_that_was_corrected_asks_for_nothing_more(tmp_path):
    """An unreadable value and a conflict of two forms: the 訂正 has settled them; a later report is asked about."""
    city = City(tmp_path, **PLAN, 訂正=[ROW])
    done = ("進捗", *DONE)
    city.submit("2026-02", "甲課", {done: "約80"}, 記入日=dt.date(2026, 2, 10))
    city.submit("2026-02", "甲課", {done: 0.7}, name="甲課2.xlsx", 記入日=dt.date(2026, 2, 9))
    document = city.run()
    (action,) = document["actions"]
    assert action["adopted"] == 0.6
    of_cell = [each for each in document["findings"] if each["sheet"] == "進捗"]
    assert [each["code"] for each in of_cell if each["severity"] != "情報"] == []
    settled = [each for each in document["findings"] if each["code"] == "correction-settled"]
    assert {(each["value"], each["advice"]) for each in settled} == {("約80", "対応は不要です。")}
    assert any(each["message"].startswith("「約80」") for each in settled)
    assert all(
        each["message"].endswith("（推進本部: 数え直し）により「60%」として集計しています。") for each in settled
    )
    assert [each["message"] for each in document["findings"] if each["code"] == "corrected"] == [
        "T-2「実施」を、訂正により「60%」としました（報告は「約80」）。"
    ]
    city.submit("2026-03", "甲課", {done: "約90"}, 記入日=dt.date(2026, 3, 20))
    later = city.run()
    assert later["actions"][0]["adopted"] == 0.6
    assert len(found(later, "rate-unreadable")) == 1


def test_a_correction_of_a_row_that_has_ended_is_no_mistake():
    tasks = [["2", 1, "令和7年度", "甲課", "作業", None, None, "2026-02"], ["3", 1, "令和7年度", "甲課", "次の作業"]]
    plan = plan_of(**PLAN | {"タスク": tasks}, 訂正=[ROW, ["T-9", *ROW[1:]]])
    states = history(plan, [Month(2026, 2), Month(2026, 3)], FORMS[:2])
    unknown = [each.key for state in states for each in state.merged.findings if each.code.name == "CORRECTION_UNKNOWN"]
    assert unknown == ["T-9", "T-9"]
    outcomes = [[each.outcome for each in state.merged.corrections] for state in states]
    assert outcomes == [["適用中", "適用不可"], ["この月の計画にない行", "適用不可"]]


def _of_month(forms, month):
    mine = [each.submission for each in forms if str(each.month) == month]
    return take_forms(None, Month.parse(month), mine)
