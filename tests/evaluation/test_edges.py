"""Edges that no rule's own test reaches. Most were found by changing the program line by line and looking what fails."""

import datetime as dt
import errno
import io
import os
from fractions import Fraction as F

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from support.plans import findings_of, plan_of, tables

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import Certainty
from kama_excel.evaluation.evaluate import evaluate
from kama_excel.evaluation.facts import AssessmentFact, Facts, IndicatorFact, TaskFact
from kama_excel.evaluation.outlook import Needed, outlook
from kama_excel.evaluation.rates import IndicatorResult, number_text
from kama_excel.findings import os_errors
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import finding
from kama_excel.findings.os_errors import describe_os_error
from kama_excel.forms.reading.form_reader import read_form
from kama_excel.forms.schema import PROGRESS_SHEET
from kama_excel.parsing.dates import read_date, read_month
from kama_excel.parsing.texts import read_certainty
from kama_excel.parsing.values import read_rate
from kama_excel.plan.rating import Direction, Method
from kama_excel.plan.rows import Indicator
from kama_excel.report.wording import needed_figures, needed_text
from kama_excel.spreadsheets.cells import BLANK, Cell
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

FEBRUARY = Month(2026, 2)


def evaluated(plan, month=FEBRUARY, *, progress=None, actuals=None, assessments=()):
    """Evaluate a plan with progress by タスクNo, actuals by 指標No and (action, department, rate) of 総括評価."""
    tasks = tuple(TaskFact(task, (progress or {}).get(task.no)) for task in plan.tasks)
    indicators = tuple(IndicatorFact(each, (actuals or {}).get(each.no)) for each in plan.indicators)
    given = tuple(AssessmentFact(action, who, F(rate), "理由", month) for action, who, rate in assessments)
    return evaluate(Facts(plan, month, tasks, indicators, given))


# --- the evaluation ------------------------------------------------------------------------------------------------


def test_an_evaluation_counts_by_grade_and_apart_what_has_none():
    plan = plan_of()
    evaluation = evaluated(plan, actuals={"1": F(9)})
    assert (evaluation.plan, evaluation.month, evaluation.findings) == (plan, FEBRUARY, ())
    assert evaluation.count() == dict.fromkeys(plan.bands.names, 0) | {"ほぼ達成": 1, "未評価": 1}
    assert evaluation.count(evaluation.actions[:1]) == dict.fromkeys(plan.bands.names, 0) | {"未評価": 1}


def test_only_departments_whose_tasks_are_in_force_are_asked_for_an_assessment():
    rows = [
        [1, 1, "令和6年度", "甲課", "作業一"],
        [2, 1, "令和6年度", "乙課", "作業二", None, None, "2025-12"],
    ]
    plan = plan_of(タスク=rows)
    assert evaluated(plan, Month(2025, 12)).actions[0].assessors == ("甲課", "乙課")
    assert evaluated(plan).actions[0].assessors == ("甲課",)


def decided(method):
    return plan_of(評価方法=[[2, method, "2026-01-10", "委員会", "理由"]])


def test_a_decision_without_its_figure_is_found_and_automatic_wants_none():
    [found] = evaluated(decided("目標値"), progress={"5": F(1)}).findings
    assert found == finding(Code.DECISION_WITHOUT_FIGURE, value="目標値", action=2)
    assert evaluated(decided("目標値"), actuals={"1": F(9)}).findings == ()
    assert evaluated(decided("自動")).findings == ()


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_newest_decision_counts_wherever_its_row_is(order):
    rows = [[2, "目標値", "2026-01-10", "委員会", "理由"], [2, "総括評価", "2026-02-10", "委員会", "理由"]]
    plan = plan_of(評価方法=[rows[at] for at in order])
    evaluation = evaluated(plan, actuals={"1": F(9)}, assessments=[(2, "乙課", "0.65")])
    assert evaluation.actions[1].adopted == F(65, 100)
    assert evaluation.actions[1].decision.decided_on == dt.date(2026, 2, 10)


@pytest.mark.parametrize(
    ("actuals", "used", "grade"), [({"1": F(9)}, "目標値", "ほぼ達成"), ({}, "算定方法「自動」", "未評価")]
)
def test_an_assessment_that_would_give_another_grade_is_found_with_both(actuals, used, grade):
    evaluation = evaluated(plan_of(), actuals=actuals, assessments=[(2, "乙課", "0.65")])
    [found] = evaluation.findings
    assert found.code is Code.DECISION_NEEDED
    assert dict(found.details) == {"action": "2", "used": used, "grade": grade, "other": "やや未達"}
    assert evaluation.actions[1].grade_by(Method.ASSESSMENT) == "やや未達"
    assert evaluation.actions[1].grade_by(Method.PLAN_AVERAGE) is None


def test_a_decision_that_gives_another_grade_is_found_with_the_grade_that_was_before():
    assessments = [(2, "乙課", "0.65")]
    for actuals, was in (({"1": F(9)}, "ほぼ達成"), ({}, "未評価")):
        [found] = evaluated(decided("総括評価"), actuals=actuals, assessments=assessments).findings
        assert found.code is Code.DECISION_CHANGES_GRADE
        assert dict(found.details) == {"action": "2", "grade": "やや未達", "was": was}
    assert evaluated(decided("総括評価"), actuals={"1": F("6.5")}, assessments=assessments).findings == ()


def test_an_action_says_its_measure_and_its_rate_as_it_is_shown():
    plan = plan_of()
    first, second = evaluated(plan, actuals={"1": F("8.996")}).actions
    assert [each.measure for each in (first, second)] == list(plan.measures)
    assert (first.shown, second.shown) == (None, "89.9%")


def test_an_evaluation_counts_what_has_the_headline_grade_or_a_better_one():
    rows = [[no, 2, f"回数{no}", "回", None, 10, "増", "乙課"] for no in range(1, 6)]
    actions = [[no, f"アクション{no}", 1] for no in range(1, 6)]
    plan = plan_of(アクション=actions, タスク=[], 指標=[[row[0], row[0], *row[2:]] for row in rows])
    actuals = {str(no): F(actual) for no, actual in enumerate((10, 9, 8, 7, 5), start=1)}
    assert evaluated(plan, actuals=actuals).reached == 3


def test_the_basis_counts_the_reports_that_the_adopted_rate_needs():
    tasks = [[no, 2, "令和6年度", "乙課", "作業"] for no in (1, 2, 3)]

    def basis(method=None, indicators=((1, 2, "回数", "回", None, 10, "増", "乙課"),), **given):
        decision = [[2, method, "2026-01-10", "委員会", "理由"]] if method else []
        plan = plan_of(タスク=tasks, 指標=list(map(list, indicators)), 評価方法=decision)
        return evaluated(plan, **given).actions[1].basis

    assert basis() == "0/1"
    assert basis(indicators=()) == "0/3"
    assert basis(progress={"1": F(1), "2": F(1)}) == "2/3"
    assert basis(progress={"1": F(1)}, actuals={"1": F(9)}) == "1/1"
    assert basis("総括評価", assessments=[(2, "乙課", "0.65")], progress={"1": F(1), "2": F(1)}) == "1/1"
    assert basis("3カ年平均", actuals={"1": F(9)}, progress={"1": F(1), "2": F(1)}) == "2/3"


def test_an_indicator_without_an_actual_makes_nothing_expected():
    rows = [[no, 2, f"回数{no}", "回", None, 10, "増", "乙課"] for no in (1, 2)]
    plan = plan_of(指標=rows)
    first, second = plan.indicators
    facts = (IndicatorFact(first, F(9)), IndicatorFact(second, None, certainty=Certainty.ASSUMED))
    assert evaluate(Facts(plan, FEBRUARY, (), facts, ())).actions[1].status == ("暫定",)


def test_tasks_of_a_year_that_has_not_begun_are_neither_reported_nor_expected():
    first = evaluated(plan_of(), progress={"1": F(1), "4": F(1)}).actions[0]
    assert (first.reported, first.expected) == (1, 3)


def test_what_a_better_grade_needs_is_said_in_full():
    plan = plan_of()
    best = plan.bands.bands[0]
    by_target = evaluated(plan, actuals={"1": F(9)}).actions[1]
    assert outlook(by_target) == (Needed(best, indicator=plan.indicators[0], actual=F(10), decimals=2),)
    running = evaluated(plan, progress={"1": F(1), "2": F(1), "3": F(9, 10)}).actions[0]
    assert outlook(running)[-1] == Needed(best, (2025, 2026), F(1))
    hopeless = evaluated(plan, progress={"1": F(9, 10), "2": F(9, 10), "3": F(1)}).actions[0]
    assert outlook(hopeless)[-1] == Needed(best, (2025, 2026), is_reachable=False)
    ended = evaluated(plan, Month(2027, 4), progress={"1": F(95, 100)}).actions[0]
    assert outlook(ended) == (Needed(best, is_reachable=False),)


def test_what_is_out_of_reach_is_said_once_and_not_while_reports_are_missing():
    plan = plan_of(
        アクション=[[1, "一", 1]], タスク=[[y, 1, f"令和{y}年度", "甲課", "作業"] for y in (6, 7, 8)], 指標=[]
    )
    march = Month(2027, 3)
    low = {"6": F(1, 10), "7": F(1, 10), "8": F(1, 10)}
    assert needed_text(evaluated(plan, march, progress=low).actions[0]) == "いずれの区分にも到達できません"
    some = {"6": F(1, 2), "7": F(1, 2)}
    said = "R8の平均: やや未達 80.0%、概ね達成 到達できません、ほぼ達成 到達できません、達成 到達できません"
    assert needed_text(evaluated(plan, march, progress=some).actions[0]) == said
    assert needed_text(evaluated(plan, march, progress={"7": F(1, 2)}).actions[0]) == "R8の平均: やや未達 70.0%"
    assert needed_text(evaluated(plan, march, progress={"7": F(1, 10), "8": F(1)}).actions[0]) == ""


def test_the_figures_shown_for_each_better_grade_give_it_when_put_in():
    plan = plan_of(指標=[[1, 2, "回数", "回", None, 13, "増", "乙課"]])
    by_target = evaluated(plan, actuals={"1": F(5)}).actions[1]
    assert needed_text(by_target) == "実績値: やや未達 7.8回、概ね達成 10.4回、ほぼ達成 11.7回、達成 13回"
    for grade, actual in needed_figures(by_target).items():
        assert evaluated(plan, actuals={"1": actual}).actions[1].grade == grade
    ended = {"1": F(7, 10), "2": F(7, 10)}
    by_years = evaluated(plan, progress=ended | {"3": F(2, 5)}).actions[0]
    said = "R7・R8の平均: やや未達 55.0%、概ね達成 85.0%、ほぼ達成 100.0%、達成 到達できません"
    assert needed_text(by_years) == said
    for grade, percent in needed_figures(by_years).items():
        assert evaluated(plan, progress=ended | {"3": percent / 100, "4": percent / 100}).actions[0].grade == grade
    assert needed_text(evaluated(plan, Month(2027, 4), progress=ended).actions[0]) == "すべての年度が終わっています"
    assert needed_text(evaluated(plan, actuals={"1": F(13)}).actions[1]) == ""


def test_by_assessment_only_the_rate_is_known():
    evaluation = evaluated(decided("総括評価"), actuals={"1": F(9)}, assessments=[(2, "乙課", "0.95")])
    [needed] = outlook(evaluation.actions[1])
    assert needed == Needed(plan_of().bands.bands[0])


def indicator(target, baseline=None, direction=Direction.UP):
    exact = None if baseline is None else F(baseline)
    return Indicator("1", 1, "指標", "件", exact, F(target), direction, "甲課")


def test_a_target_of_zero_is_met_or_not():
    assert IndicatorResult(IndicatorFact(indicator(0), F(-1)), plan_of().bands).raw == 0
    assert IndicatorResult(IndicatorFact(indicator(0), F(0)), plan_of().bands).raw == 1


def test_where_the_baseline_is_the_target_a_better_grade_needs_a_part_of_it():
    plan = plan_of(指標=[[1, 2, "回数", "回", 50, 50, "増", "乙課"]])
    nearest = outlook(evaluated(plan, actuals={"1": F(40)}).actions[1])[0]
    assert (nearest.band.name, nearest.actual) == ("ほぼ達成", F(45))


def test_a_figure_is_written_as_a_person_does():
    written = [number_text(F(number)) for number in ("1234.5", "-0.25", "-1200", "100", "0", "2345678.9")]
    assert written == ["1,234.5", "−0.25", "−1,200", "100", "0", "2,345,678.9"]


# --- values --------------------------------------------------------------------------------------------------------


def test_a_one_is_a_hundred_percent_where_the_format_does_not_tell_and_says_so():
    reading = read_rate(Cell(1))
    assert (reading.value, reading.problem.code) == (F(1), Code.RATE_ASSUMED)
    assert read_rate(Cell(1, is_percent=False)).problem.code is Code.RATE_AMBIGUOUS


def test_days_and_months_are_read_from_date_cells_too():
    assert read_date(Cell(dt.date(2026, 2, 8))).value == dt.date(2026, 2, 8)
    assert read_month(Cell(dt.date(2026, 2, 8))).value == FEBRUARY
    assert read_month(Cell(dt.datetime(2026, 2, 8, 12))).value == FEBRUARY  # noqa: DTZ001 -- a workbook knows no time zone
    assert [read_month(Cell(text)).value for text in ("令和8年2月", "2026-02", "2026-13", "二月")] == [FEBRUARY] * 2 + [
        None
    ] * 2


def test_the_words_of_certainty_are_the_citys():
    assert list(Certainty) == ["確定", "見込", "仮定"]


@pytest.mark.parametrize("year", ["9999", "0000", "令和0年度"])
def test_a_year_that_no_calendar_has_is_found_in_the_plan(year):
    rows = [*tables()["計画"][:3], ["開始年度", "令和6年度"], ["終了年度", year], ["見出しの区分", "概ね達成"]]
    assert ("PLAN_VALUE_UNREADABLE", "計画", "B8") in findings_of(計画=rows)


def test_a_certainty_that_is_none_is_expected_and_a_blank_says_nothing():
    error, uncalculated = (read_certainty(cell) for cell in (Cell(None, error="#REF!"), Cell(None, uncalculated=True)))
    assert (error.value, error.problem.code) == (Certainty.EXPECTED, Code.CELL_ERROR)
    assert (uncalculated.value, uncalculated.problem.code) == (Certainty.EXPECTED, Code.CELL_UNCALCULATED)
    assert (read_certainty(BLANK).value, read_certainty(BLANK).problem) == (None, None)


# --- what stands outside the inputs --------------------------------------------------------------------------------


def outside(workbook):
    """Return (sheet, cell) of what is named as typed outside the inputs of a form, and what was taken."""
    content = io.BytesIO()
    workbook.save(content)
    form = read_form(read_workbook(content.getvalue()), "form.xlsx", "")
    named = [(each.place.sheet, each.place.cell) for each in form.findings if each.code is Code.FORM_OUTSIDE]
    return named, {each.slot: each.value for each in form.entries}


def by_hand():
    """A form without the program's own list of what it printed: its headings stand in row 3 of 進捗."""
    workbook = openpyxl.Workbook()
    front = workbook.active
    front.title = "はじめに"
    front.append(["担当課", "甲課"])
    front.append(["手引き", "ここに書いてください"])
    sheet = workbook.create_sheet("進捗")
    sheet["A1"] = "進捗の報告"
    for column, heading in enumerate(PROGRESS_SHEET.headings, start=1):
        sheet.cell(3, column, heading)
    for column, typed in enumerate(("T-1", 1, "アクション", "令和6年度", "計画"), start=1):
        sheet.cell(4, column, typed)
    return workbook, sheet


def test_in_a_form_without_a_list_of_what_was_printed_headings_and_keys_account_for_it():
    workbook, sheet = by_hand()
    assert outside(workbook)[0] == []
    done = 1 + PROGRESS_SHEET.headings.index("実施")
    beyond = 2 + len(PROGRESS_SHEET.headings)
    sheet.cell(4, done, "80%")
    sheet.cell(3, beyond, "うちの課のメモ")
    sheet.cell(4, beyond, "余白に")
    sheet.cell(5, 3, "番号のない行")
    workbook.create_sheet("覚書")["B2"] = "別のシートに"
    named, taken = outside(workbook)
    column = get_column_letter(beyond)
    assert set(named) == {("進捗", f"{column}3"), ("進捗", f"{column}4"), ("進捗", "C5"), ("覚書", "B2")}
    assert taken["T-1", "実施"] == F(4, 5)


def test_a_form_with_the_list_forgives_what_moved_and_names_what_was_typed_twice(city):
    workbook = openpyxl.load_workbook(city.form("2026-02", "甲課"))
    assert outside(workbook)[0] == []
    sheet = workbook["進捗"]
    printed = sheet["A1"].value or sheet["B1"].value
    workbook["はじめに"]["F40"] = printed
    copy = workbook.create_sheet("写し")
    copy["A1"] = printed
    copy["A2"] = "写しに書き足した"
    named, _ = outside(workbook)
    assert named == [("はじめに", "F40"), ("写し", "A2")]


# --- findings ------------------------------------------------------------------------------------------------------


def test_a_finding_whose_sentence_would_have_a_gap_is_not_made():
    with pytest.raises(KeyError, match=r"DECISION_NEEDED: \['grade', 'other', 'used'\]"):
        finding(Code.DECISION_NEEDED, action=1)


# --- the file system -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("number", "windows", "said"),
    [
        (errno.ENOSPC, None, "ディスクの空き容量が足りません"),
        (errno.EACCES, 32, "開かれているか"),
        (errno.EACCES, 33, "開かれているか"),
        (errno.EINVAL, 112, "ディスクの空き容量が足りません"),
        (errno.ENOENT, 53, "フォルダに接続できません"),
        (errno.ENOENT, 67, "フォルダに接続できません"),
        (errno.ENOENT, 2, "見つかりません"),
        *((errno.EINVAL, number, "フォルダに接続できません") for number in (58, 59, 64, 1232, 2250)),
        *((errno.EINVAL, number, "クラウド（OneDriveなど）") for number in (362, 389, 395)),
        *((errno.EINVAL, number, "ドライブの読み書きに失敗しました") for number in (1117, 1392)),
        (errno.EACCES, 23, "ドライブの読み書きに失敗しました"),
        (errno.EINVAL, 71, "接続できる数を超えています"),
        (errno.EINVAL, 123, "使用できない文字"),
        (errno.EACCES, 65, "権限がありません"),
        (errno.EINVAL, 225, "ウイルス対策ソフト"),
        (errno.ENOENT, 206, "長すぎます"),
    ],
)
@pytest.mark.parametrize("is_hidden", [False, True])
def test_a_refusal_of_the_file_system_is_said_by_windows_number(monkeypatch, number, windows, said, is_hidden):
    """`open` on Windows raises an errno only, and the system is asked for its number; `os` functions have it."""
    error = OSError(number, "English", "計画.xlsx")
    if windows and is_hidden:
        monkeypatch.setattr(os_errors, "_ask_windows", lambda _: windows)
    elif windows:
        error.winerror = windows  # type: ignore[attr-defined]  # is there on Windows alone
    assert said in describe_os_error(error)


def test_a_path_that_is_too_long_for_windows_is_not_said_to_be_missing(monkeypatch):
    monkeypatch.setattr(os_errors, "_ask_windows", lambda _: 3)
    assert "長すぎます" in describe_os_error(FileNotFoundError(errno.ENOENT, "No such file", "計" * 260))
    assert "見つかりません" in describe_os_error(FileNotFoundError(errno.ENOENT, "No such file", "計"))


@pytest.mark.skipif(os.name != "nt", reason="asks Windows")
def test_windows_is_asked_for_the_number_that_open_hides(tmp_path):
    with pytest.raises(OSError, match="計画") as caught:
        (tmp_path / "計画*.xlsx").open("rb")
    assert "使用できない文字" in describe_os_error(caught.value)


def test_a_refusal_that_nobody_knows_is_said_in_the_systems_words():
    assert describe_os_error(OSError(99999, "Strange weather")) == "Strange weather"
    assert describe_os_error(TimeoutError()) == "TimeoutError"
    assert describe_os_error(OSError(99999, "不明なエラーです。")) == "不明なエラーです"
