"""訂正 on the pages: what was reported and what counts, and cells that differ from the data."""

import datetime as dt

import pytest
from openpyxl.utils.cell import coordinate_from_string
from support.city import found

DAY = dt.date(2026, 2, 10)


@pytest.fixture
def page(city):
    """Return the page of the second action after three corrections, and that of the first."""
    city.write_plan(
        訂正=[
            ["T-1", "実施", "45%", DAY, "事務局", "転記誤り"],
            ["I-1", "実績値", "9", DAY, "事務局", "数え直し"],
            ["I-1", "時点", "2026/1/31", DAY, "事務局", "数え直し"],
        ]
    )
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.3, ("進捗", "T-3", "実施"): 0.6})
    city.submit("2026-02", "乙課", {("指標", "I-1", "実績値"): 8})
    document = city.run()
    assert len(found(document, "corrected")) == 3
    return city.workbook(document)


def cell_with(sheet, value):
    return next(cell for row in sheet.iter_rows(max_col=44) for cell in row if cell.value == value)


def test_a_corrected_cell_stands_out_and_both_values_are_shown(page):
    first, second = page["01"], page["02"]
    assert cell_with(first, 0.45).fill.fgColor.rgb == "FFFBD78A"
    assert cell_with(first, 0.6).fill.fgColor.rgb != "FFFBD78A"
    assert cell_with(first, "作業一\n【訂正】実施 30% → 45%（事務局: 転記誤り）")
    assert cell_with(second, 9).fill.fgColor.rgb == "FFFBD78A"
    texts = [str(cell.value) for row in second.iter_rows(max_col=44) for cell in row]
    corrected = "【訂正】実績値 8 → 9（事務局: 数え直し）\n【訂正】時点 空欄 → 2026/1/31（事務局: 数え直し）"
    assert f"回数（回）　乙課\n{corrected}" in texts


@pytest.mark.slow
@pytest.mark.parametrize("typed", ["－", "約40", "#REF!", 140])
def test_a_correction_that_cannot_be_read_corrects_nothing_and_says_so(city, typed):
    city.write_plan(訂正=[["T-1", "実施", typed, DAY, "事務局", "転記誤り"]])
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.3})
    document = city.run()
    of_plan = [each for each in document["findings"] if each["sheet"] == "訂正"]
    assert [(each["code"], each["cell"]) for each in of_plan] == [("correction-unreadable", "C4")]
    assert of_plan[0]["message"].startswith("訂正の「")
    assert (
        "T-1「実施」の値として読み取れません。訂正していないため、報告の値をそのまま使用しています。"
        in of_plan[0]["message"]
    )
    assert document["actions"][0]["year_progress"]["2024"] == 0.3


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_newest_correction_counts_wherever_its_row_is(city, order):
    rows = [
        ["T-1", "実施", rate, day, "事務局", "転記誤り"] for rate, day in (("45%", DAY), ("60%", DAY.replace(day=20)))
    ]
    city.write_plan(訂正=[rows[at] for at in order])
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.3})
    document = city.run()
    assert city.workbook(document)["データ_進捗"]["I2"].value == 60
    cell = f"C{4 + order.index(1)}"
    assert found(document, "corrected") == [("甲課", "workbook_templates/plan.xlsx", "訂正", cell)]


def test_the_newest_correction_counts_whichever_of_a_departments_names_it_was_made_under(city):
    names, days = ("旧甲課", "甲課", "旧甲課"), (dt.date(2026, 2, day) for day in (6, 7, 8))
    rows = zip(names, ("70%", "80%", "90%"), days, strict=True)
    city.write_plan(訂正=[[f"A-1-{name}", "総括評価", rate, day, "事務局", "協議"] for name, rate, day in rows])
    city.submit(
        "2026-02", "甲課", {("総括評価", "A-1-甲課", "総括評価"): 0.5, ("総括評価", "A-1-甲課", "理由"): "実証した"}
    )
    document = city.run()
    assert document["actions"][0]["assessment"] == 0.9
    assert found(document, "corrected") == [("甲課", "workbook_templates/plan.xlsx", "訂正", "C6")]


@pytest.mark.slow
def test_every_figure_that_may_be_typed_over_is_watched(page):
    for sheet, value in (("01", 0.45), ("01", 0.6), ("02", 10), ("02", 9)):
        cell = cell_with(page[sheet], value)
        rules = [
            rule.formula[0]
            for area in page[sheet].conditional_formatting
            if cell.coordinate in area.sqref
            for rule in area.rules
            if rule.type == "expression"
        ]
        column, row = coordinate_from_string(cell.coordinate)
        at = f"${column}${row}"
        assert f"OR(NOT(ISNUMBER({at})),ABS(N({at})-{value})>0.0000001)" in rules


def test_every_correction_is_listed_with_what_became_of_it(city):
    city.write_plan(
        訂正=[
            ["T-1", "実施", "45%", DAY, "事務局", "転記誤り"],
            ["T-3", "実施", "70%", DAY, "事務局", "数え直し", "2026-04"],
        ]
    )
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.3})
    sheet = city.workbook(city.run())["要判断"]
    rows = [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    assert [1, "R6 作業一", "実施", "30%", "45%", "適用中", "令和8年2月10日　事務局\n転記誤り"] in rows
    assert [1, "R7 作業三", "実施", "空欄", "70%", "令和8年4月分から適用", "令和8年2月10日　事務局\n数え直し"] in rows


def test_a_correction_that_is_over_is_on_no_page_because_another_action_has_ended(city):
    actions = [
        [1, "アクション一", 1],
        [2, "アクション二", 2],
        [3, "アクション三", 2, "", "", "", "", "", "", "2025-12"],
    ]
    tasks = [[1, 1, "令和7年度", "甲課", "作業一"], [2, 3, "令和7年度", "乙課", "作業二"]]
    who = (dt.date(2025, 12, 10), "会議", "誤り")
    corrections = [["T-1", "実施", "40%", *who], ["T-2", "実施", "30%", *who]]
    city.write_plan(アクション=actions, タスク=tasks, 訂正=corrections)
    city.submit("2025-12", "甲課", {("進捗", "T-1", "実施"): 0.8})
    city.submit("2025-12", "乙課", {("進捗", "T-2", "実施"): 0.5})
    city.submit("2026-01", "甲課", {("進捗", "T-1", "実施"): 0.9})
    document = city.run()
    assert [each["adopted"] for each in document["actions"]] == [0.9, None, 0.3]
    book = city.workbook(document)
    texts = {name: [str(cell.value) for row in book[name].iter_rows() for cell in row] for name in ("01", "03")}
    assert [name for name, said in texts.items() if any("【訂正】" in text for text in said)] == ["03"]


def test_what_was_typed_before_a_correction_is_shown_though_it_was_no_value_or_came_later(city):
    city.write_plan(
        訂正=[
            ["T-1", "実施", "45%", DAY, "本部", "内訳を除く"],
            ["T-3", "実施", "約40", DAY, "本部", "聞き取り"],
            ["T-4", "予定", "20%", DAY, "本部", "報告なし"],
            ["T-1", "備考", "別の事業", DAY, "本部", "次の月から", "2026-03"],
        ]
    )
    typed = {
        ("進捗", "T-1", "実施"): "45%（うち新規30%）",
        ("進捗", "T-1", "備考"): "内訳",
        ("進捗", "T-3", "実施"): 0.6,
    }
    city.submit("2026-02", "甲課", typed, saved="2026-02-20T00:00:00Z")
    rows = list(city.workbook(city.run())["決定・訂正の記録"].iter_rows(values_only=True))
    assert [
        before for before in ("45%（うち新規30%）", "60%", "空欄", "内訳") if not any(before in row for row in rows)
    ] == []
