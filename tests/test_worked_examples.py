"""Worked examples of the rules with every figure, from plan and filled forms to the JSON document (docs/rules.md).

Those of one arithmetic, of exclusions and years, of decisions and of actions that end are in tests/evaluation, those of
提出状況 in tests/inbox; here are the others. Every name is made up.
"""

import datetime as dt
import email.policy
from email.message import EmailMessage

import openpyxl
import pytest
from support.city import City, cell_of, fill, found
from support.history import sheet_text
from support.plans import BANDS, tables

pytestmark = pytest.mark.slow

FEBRUARY = "2026-02"
WIDE = [["超過達成", 1.2], ["達成", 1.0], ["やや未達", 0.6], ["課題あり", 0.0], ["後退", -1.0]]
NO_LIMITS = [["達成率の上限", "なし"], ["達成率の下限", "なし"]]


def items(*more, headline="達成"):
    return [*tables()["計画"][:5], ["見出しの区分", headline], *more]


def plan(**changes):
    return {"タスク": [], "指標": [], "担当課": [["甲課"]]} | changes


def actions(count):
    return [[no, f"アクション{no}", 1] for no in range(1, count + 1)]


def indicators(*rows):
    """Return rows of 指標 by (アクションNo, 基準値, 目標値, 向き)."""
    return [[at, no, f"指標{at}", "件", *each, "甲課"] for at, (no, *each) in enumerate(rows, start=1)]


def actuals(*figures):
    return {("指標", f"I-{at}", "実績値"): figure for at, figure in enumerate(figures, start=1)}


def needed(city, document, no=1):
    """Return what the page says that a better grade needs."""
    texts = [text for row in sheet_text(city, document, f"{no:02}") for text in row if isinstance(text, str)]
    (said,) = [text for text in texts if text.startswith(("実績値", "R")) and ": " in text and "達成 " in text]
    return said


# --- 2: digits ---------------------------------------------------------------------------------------------------------

FIGURES = (89.96, 79.5, 85.55, 99.995, -5.4, -5.5)
SHOWN = {
    (1, "四捨五入"): ["89.9%", "79.5%", "85.6%", "99.9%", "-5.4%", "-5.5%"],
    (0, "四捨五入"): ["89%", "79%", "86%", "99%", "-5%", "-6%"],
    (2, "四捨五入"): ["89.96%", "79.50%", "85.55%", "99.99%", "-5.40%", "-5.50%"],
    (0, "切捨て"): ["89%", "79%", "85%", "99%", "-6%", "-6%"],
}


def test_digits_change_what_is_shown_and_no_grade(tmp_path):
    rows = {"アクション": actions(6), "指標": indicators(*[(no, 0, 100, "増") for no in range(1, 7)])}
    city = City(tmp_path, **plan(**rows))
    city.submit(FEBRUARY, "甲課", actuals(*FIGURES))
    for (digits, rounding), shown in SHOWN.items():
        more = [["達成率の下限", "なし"], ["率の小数桁", digits], ["端数処理", rounding]]
        city.write_plan(**plan(**rows, 計画=items(*more)))
        made = city.run()["actions"]
        assert [each["shown"] for each in made] == shown
        assert [each["grade"] for each in made] == [
            "概ね達成",
            "やや未達",
            "概ね達成",
            "ほぼ達成",
            "課題あり",
            "課題あり",
        ]


# --- 3: limits and bands outside 0–100 % -------------------------------------------------------------------------------


def test_limits_and_bands_outside_of_0_to_100_percent(tmp_path):
    figures = (44, 43.9, 20, 19.9, -10, 5, 44, 12, 60, 0)
    owners = (1, 2, 3, 4, 5, 6, 7, 7, 8, 8)
    measured = [(no, None, 10, "減") if no == 6 else (no, 20, 40, "") for no in owners]
    rows = {"アクション": actions(8), "指標": indicators(*measured)}
    city = City(tmp_path, **plan(**rows, 計画=items(*NO_LIMITS), 評価区分=WIDE))
    city.submit(FEBRUARY, "甲課", actuals(*figures))
    document = city.run()
    assert [(round(each["adopted"], 9), each["shown"], each["grade"]) for each in document["actions"][:7]] == [
        (1.2, "120.0%", "超過達成"),
        (1.195, "119.5%", "達成"),
        (0.0, "0.0%", "課題あり"),
        (-0.005, "-0.5%", "後退"),
        (-1.5, "-150.0%", "後退"),
        (1.0, "100.0%", "達成"),
        (0.4, "40.0%", "課題あり"),
    ]
    assert ["悪化" in each["status"] for each in document["actions"][:7]] == [False] * 3 + [True] * 2 + [False, True]
    assert document["actions"][5]["needed_for_next"]["reachable"] is False
    city.write_plan(**plan(**rows))
    last = city.run()["actions"][6]
    assert (last["adopted"], last["grade"], "悪化" in last["status"]) == (0.5, "課題あり", True)
    bounds = [["達成率の上限", "120%"], ["達成率の下限", "-50%"]]
    city.write_plan(**plan(**rows, 計画=items(*bounds), 評価区分=[*WIDE[:4], ["後退", -0.5]]))
    assert round(city.run()["actions"][7]["adopted"], 9) == 0.35


# --- 4: 点数 -----------------------------------------------------------------------------------------------------------


def test_points_and_counts_leave_out_what_has_no_grade(tmp_path):
    bands = [[name, lower, "", points] for (name, lower), points in zip(BANDS, (5, 4, 3, 2, 1), strict=True)]
    listed = [[no, f"アクション{no}", 1 if no <= 3 else 2, "", "", "", "", ""] for no in range(1, 7)]
    listed[5] += ["", "2025-12"]
    measured = indicators(*[(no, None, 10, "増") for no in range(1, 7)])
    city = City(tmp_path, **plan(アクション=listed, 評価区分=bands, 指標=measured))
    city.submit("2025-12", "甲課", {("指標", "I-6", "実績値"): 10})
    typed = {("指標", f"I-{no}", "実績値"): figure for no, figure in ((1, 10), (2, 8), (4, 6), (5, "対象外"))}
    city.submit(FEBRUARY, "甲課", typed | {("指標", "I-5", "根拠"): "調査を廃止したため"})
    document = city.run()
    assert document["points"]["measures"] == {"1": 4.0, "2": 2.0}
    assert document["points"]["plan"] == 3.33
    assert list(document["summary"].values()) == [1, 0, 1, 1, 0, 1, 1, 1]
    assert list(document["summary"])[5:] == ["未評価", "評価対象外", "終了"]
    cells = [cell.value for row in city.workbook(document)["総括"] for cell in row]
    (shares,) = (each for each in cells if str(each).startswith("区分の割合"))
    assert shares == (
        "区分の割合　達成 33.3%　ほぼ達成 0.0%　概ね達成 33.3%　やや未達 33.3%　課題あり 0.0%"
        "　未評価などを除くアクションに占める割合です。端数処理のため、合計は100%にならないことがあります。"
    )


# --- 6: years ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("row", "targets", "typed", "rates"),
    [
        ([None, 30, "増", "合計"], (8, 10, 12), (9, 8), (1.125, 0.8)),
        ([10, 20, "増", ""], (12, 15, 20), (13, 14), (1.5, 0.8)),
    ],
)
def test_each_year_has_its_own_rate(tmp_path, row, targets, typed, rates):
    baseline, target, direction, aggregation = row
    measured = [[1, 1, "指標1", "件", baseline, target, direction, "甲課", "", "", "", aggregation]]
    yearly = [[1, year, figure] for year, figure in zip((2024, 2025, 2026), targets, strict=True)]
    city = City(tmp_path, **plan(アクション=actions(1), 指標=measured, 年度目標=yearly))
    city.submit(FEBRUARY, "甲課", {("指標", f"I-1-{2024 + at}", "実績値"): figure for at, figure in enumerate(typed)})
    document = city.run()
    years = document["actions"][0]["indicators"][0]["years"]
    assert [years[year]["rate"] for year in ("2024", "2025")] == list(rates)
    texts = [str(text) for line in sheet_text(city, document, "01") for text in line]
    assert all(any(f"{rate:.1%}" in text or text == str(rate) for text in texts) for rate in rates)


# --- 8: 訂正 -----------------------------------------------------------------------------------------------------------

DONE = ("進捗", "T-2", "実施")
TASK = ["2", 1, "令和7年度", "甲課", "作業"]
CORRECTED = ["T-2", "実施", "60%", dt.date(2026, 2, 18), "推進本部", "数え直し", "2026-01"]
SECOND = ["T-2", "実施", "70%", dt.date(2026, 3, 10), "推進本部", "再協議", None]


def corrected_city(root, *rows, tasks=(TASK,)):
    return City(root, **plan(アクション=actions(1), タスク=list(tasks), 訂正=[list(each) for each in rows]))


def mail(city, month, day, rate, name="様式"):
    """Send 甲課's form of the month by mail on a day; a `rate` of None leaves the input blank."""
    content = fill(city.form(month, "甲課").read_bytes(), {DONE: rate}, 記入日=dt.date.fromisoformat(day))
    message = EmailMessage(policy=email.policy.SMTP)
    message["From"], message["Subject"] = "甲課 <kou@example.jp>", "様式"
    message["Date"] = dt.datetime.fromisoformat(f"{day}T09:00:00+09:00")
    message.set_content("お送りします。")
    message.add_attachment(content, maintype="application", subtype="octet-stream", filename=f"{name}.xlsx")
    folder = city.root / "input" / month
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{name}.eml").write_bytes(message.as_bytes())


def came_out(city, month):
    """Return the adopted rate of the month, and what is said of corrections to a person."""
    document = city.run("--month", month)
    codes = [each["code"] for each in document["findings"] if each["code"].startswith("correction-")]
    return round(document["actions"][0]["adopted"], 9), codes


def test_a_correction_from_month_to_month(tmp_path):
    city = corrected_city(tmp_path, CORRECTED)
    mail(city, "2026-01", "2026-01-28", 0.8)
    mail(city, "2026-02", "2026-02-10", 0.8)
    mail(city, "2026-03", "2026-03-30", 0.8)
    mail(city, "2026-04", "2026-04-28", None)
    mail(city, "2026-05", "2026-05-28", 0.7)
    mail(city, "2026-06", "2026-06-28", 0.8)
    assert [came_out(city, f"2026-{month:02}") for month in range(1, 7)] == [
        (0.6, []),
        (0.6, []),
        (0.6, ["correction-repeated"]),
        (0.6, ["correction-cleared"]),  # the form went out with 60 %
        (0.7, ["correction-overtaken"]),
        (0.8, []),
    ]
    document = city.run("--month", "2026-06")
    assert document["actions"][0]["grade"] == "概ね達成"
    (line,) = [row for row in sheet_text(city, document, "要判断") if row[1:2] == ["R7 作業"]]
    assert line[2:6] == ["実施", "80%", "60%", "2026-05の様式の報告を採用"]


def test_a_correction_that_the_next_form_confirms_is_over(tmp_path):
    city = corrected_city(tmp_path, CORRECTED)
    for month, day, rate in (("2026-01", "2026-01-28", 0.8), ("2026-02", "2026-02-10", 0.8)):
        mail(city, month, day, rate)
    mail(city, "2026-03", "2026-03-30", 0.6)
    mail(city, "2026-04", "2026-04-28", 0.8)
    assert [came_out(city, month) for month in ("2026-03", "2026-04")] == [(0.6, []), (0.8, [])]


def test_a_second_form_of_the_month_and_a_second_correction(tmp_path):
    city = corrected_city(tmp_path / "form", CORRECTED)
    mail(city, "2026-02", "2026-02-10", 0.8)
    mail(city, "2026-02", "2026-02-25", 0.75, name="再提出")
    assert came_out(city, "2026-02") == (0.75, ["correction-overtaken"])
    city = corrected_city(tmp_path / "row", CORRECTED)
    mail(city, "2026-02", "2026-02-10", 0.8)
    mail(city, "2026-03", "2026-03-30", 0.6)
    city.write_plan(**plan(アクション=actions(1), タスク=[TASK], 訂正=[CORRECTED, SECOND]))
    assert came_out(city, "2026-02") == (0.6, [])
    assert came_out(city, "2026-03") == (0.7, ["correction-repeated"])


def test_a_correction_to_excluded_and_one_of_what_was_never_reported(tmp_path):
    excluded = ["T-2", "実施", "対象外", dt.date(2026, 2, 18), "推進本部", "事業廃止"]
    city = corrected_city(tmp_path / "excluded", excluded, tasks=(["1", 1, "令和6年度", "甲課", "作業一"], TASK))
    city.submit(FEBRUARY, "甲課", {("進捗", "T-1", "実施"): 1, DONE: 0.8}, 記入日=dt.date(2026, 2, 10))
    (action,) = city.run()["actions"]
    assert (action["adopted"], action["grade"], action["basis"]) == (1.0, "達成", "1/1")
    assert action["plan_average_years"] == "1/3"
    city = corrected_city(tmp_path / "blank", [*CORRECTED[:2], "40%", *CORRECTED[3:6]])
    city.submit(FEBRUARY, "甲課", 記入日=dt.date(2026, 2, 10))
    document = city.run()
    (action,) = document["actions"]
    assert (round(action["adopted"], 9), action["basis"]) == (0.4, "1/1")
    (line,) = [row for row in sheet_text(city, document, "要判断") if row[1:2] == ["R7 作業"]]
    assert line[2:6] == ["実施", "空欄", "40%", "適用中"]


# --- 10: cells of the form ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("typed", "number_format", "code", "says"),
    [
        ("1万155", None, "number-magnitude", "10155"),
        ("1.2万", None, "number-magnitude", "12000"),
        (12345, "#,##0,", "cell-shown-otherwise", "「12」"),
    ],
)
def test_a_figure_that_is_not_taken_is_named_with_what_to_type(tmp_path, typed, number_format, code, says):
    city = City(tmp_path, **plan(アクション=actions(1), 指標=indicators((1, None, 20000, "増"))))
    path = city.submit(FEBRUARY, "甲課", actuals(typed))
    if number_format:
        workbook = openpyxl.load_workbook(path)
        cell_of(workbook["指標"], "I-1", "実績値").number_format = number_format
        workbook.save(path)
    document = city.run()
    assert document["actions"][0]["adopted"] is None
    (error,) = [each for each in document["findings"] if each["severity"] == "エラー"]
    assert error["code"] == code
    assert says in error["message"] + error["advice"]


def test_below_a_negative_baseline_a_reduction_is_a_rate_like_any_other(tmp_path):
    city = City(tmp_path, **plan(アクション=actions(1), 指標=indicators((1, -20, -5, ""))))
    city.submit(FEBRUARY, "甲課", actuals(-8))
    assert city.run()["actions"][0]["adopted"] == 0.8


# --- 11: which form ----------------------------------------------------------------------------------------------------


def test_the_newest_form_is_told_by_its_evidence(tmp_path):
    city = City(tmp_path, **plan(アクション=actions(1), タスク=[TASK]))
    content = city.form(FEBRUARY, "甲課").read_bytes()

    def send(name, rate, filled_on, mailed_on):
        message = EmailMessage(policy=email.policy.SMTP)
        message["From"], message["Subject"] = "甲課 <kou@example.jp>", "様式"
        message["Date"] = dt.datetime.fromisoformat(f"{mailed_on}T09:00:00+09:00")
        message.set_content("お送りします。")
        form = fill(content, {DONE: rate}, 記入日=dt.date.fromisoformat(filled_on))
        message.add_attachment(form, maintype="application", subtype="octet-stream", filename=f"{name}.xlsx")
        folder = city.root / "input" / FEBRUARY
        folder.mkdir(parents=True, exist_ok=True)
        (folder / f"{name}.eml").write_bytes(message.as_bytes())

    send("A", 0.7, "2026-02-26", "2026-02-20")
    send("B", 0.6, "2026-02-24", "2026-02-24")
    document = city.run()
    assert document["actions"][0]["adopted"] == 0.6
    assert [each[1] for each in found(document, "filled-on-later")] == ["input/2026-02/A.eml!A.xlsx"]
    city.submit(FEBRUARY, "甲課", {DONE: 0.5}, name="C.xlsx", 記入日=dt.date(2026, 4, 1), saved="2026-02-25T00:00:00Z")
    document = city.run()
    assert document["actions"][0]["adopted"] == 0.5
    assert {each[1] for each in found(document, "filled-on-later")} == {
        "input/2026-02/A.eml!A.xlsx",
        "input/2026-02/C.xlsx",
    }


# --- 12: what a better grade needs -------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("yardstick", "says"),
    [("最終目標", "やや未達 18件、概ね達成 24件、ほぼ達成 27件、達成 30件"), ("年度目標", "達成 18件")],
)
def test_what_a_sum_needs_is_the_sum(tmp_path, yardstick, says):
    rows = [[1, 1, "回数", "件", None, 30, "増", "甲課", "", "", "", "合計"]]
    targets = [[1, 2024, 8], [1, 2025, 10], [1, 2026, 12]]
    more = items(["達成率の基準", yardstick], headline="概ね達成")
    city = City(tmp_path, **plan(アクション=actions(1), 指標=rows, 年度目標=targets, 計画=more))
    city.submit(FEBRUARY, "甲課", {("指標", "I-1-2024", "実績値"): 9, ("指標", "I-1-2025", "実績値"): 8})
    line = needed(city, city.run())
    assert line.partition(": ")[2].partition("（")[0] == says


def test_what_a_bound_needs_is_rounded_to_what_is_enough(tmp_path):
    city = City(tmp_path, **plan(アクション=actions(1), 指標=indicators((1, None, 10, "減"))))
    city.submit(FEBRUARY, "甲課", actuals(16))
    document = city.run()
    assert (document["actions"][0]["adopted"], document["actions"][0]["grade"]) == (0.625, "やや未達")
    line = needed(city, document)
    assert line == "実績値: 概ね達成 12.5件、ほぼ達成 11.11件、達成 10件"


def test_what_the_documents_action_13_needs(tmp_path):
    years = ("令和6年度", "令和7年度", "令和8年度")
    rows = [[at, 1, year, "甲課", f"作業{at}"] for at, year in enumerate((*years[:1] * 4, *years[1:]), start=1)]
    city = City(tmp_path, **plan(アクション=actions(1), タスク=rows, 評価区分=BANDS))
    rates = {f"T-{at}": rate for at, rate in enumerate((0.5, 0.5, 0.5, 0.2, 0.5), start=1)}
    typed = {("進捗", key, "実施"): rate for key, rate in rates.items()} | {("進捗", "T-6", "予定"): 0.7}
    city.submit(FEBRUARY, "甲課", typed)
    document = city.run()
    assert round(document["actions"][0]["adopted"], 9) == 0.541666667
    line = needed(city, document)
    assert line == "R7・R8の平均: やや未達 68.8%、概ね達成 98.8%、ほぼ達成 到達できません、達成 到達できません"
