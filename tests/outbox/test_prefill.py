"""Nothing is typed twice: the next form holds what was reported last, and a 予定 stays one."""

import datetime as dt
import io

import openpyxl
import openpyxl.styles
import pytest
from support.city import cell_of, saved_on

from kama_excel.forms.snapshot import snapshot_rows
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

WORDS = {
    ("進捗", "T-1", "実施"): 0.8,
    ("進捗", "T-1", "備考"): "補足",
    ("進捗", "T-3", "実施"): "対象外",
    ("進捗", "T-3", "備考"): "移行したため",
    ("総括評価", "A-1-甲課", "総括評価"): 0.7,
    ("総括評価", "A-1-甲課", "理由"): "進んだため",
    ("成果と課題", "W-1-甲課", "成果"): "一行目\n二行目",
    ("写真", "P-1-甲課-1", "説明"): "講座の様子",
}
TEN = {("指標", "I-1", "実績値"): 8, ("指標", "I-1", "確度"): "仮定", ("指標", "I-1", "根拠"): "集計"}


def opened(city, month, department="甲課"):
    return openpyxl.load_workbook(city.form(month, department))


def value(form, sheet, key, heading):
    return cell_of(form[sheet], key, heading).value


def action(document, no):
    return next(each for each in document["actions"] if each["no"] == no)


@pytest.mark.slow
def test_what_was_reported_last_is_filled_in(city):
    city.submit("2026-02", "甲課", WORDS, 記入者="山田", 連絡先="内線 12")
    city.submit("2026-02", "乙課", TEN)
    form = opened(city, "2026-03")
    assert {place: value(form, *place) for place in WORDS} == WORDS
    assert (form["はじめに"]["C5"].value, form["はじめに"]["C6"].value) == ("山田", "内線 12")
    assert form["はじめに"]["C7"].value is None
    other = opened(city, "2026-03", "乙課")
    assert {place: value(other, *place) for place in TEN} == TEN


def test_an_earlier_month_is_not_filled_in_with_a_later_one(city):
    city.submit("2026-02", "甲課", WORDS)
    assert value(opened(city, "2026-01"), "進捗", "T-1", "実施") is None


@pytest.mark.slow
@pytest.mark.parametrize("heading", ["実施", "予定"])
def test_a_figure_given_before_its_year_comes_back_as_planned_until_it_is_reported(city, heading):
    city.submit("2026-02", "甲課", {("進捗", "T-4", heading): 0.5})
    for month in ("2026-03", "2026-05"):
        form = opened(city, month)
        assert value(form, "進捗", "T-4", "予定") == 0.5
        assert value(form, "進捗", "T-4", "実施") is None
    city.submit("2026-05", "甲課", {})  # sent back as it came: still what was expected
    first = action(city.run("--month", "2026-05"), 1)
    assert (first["year_progress"]["2026"], first["reported"]) == (0.5, 0)
    assert "見込" in first["status"]
    city.submit("2026-06", "甲課", {("進捗", "T-4", "実施"): 0.2})
    document = city.run("--month", "2026-06")
    first = action(document, 1)
    assert (first["year_progress"]["2026"], first["reported"]) == (0.2, 1)
    assert "見込" not in first["status"]
    data = city.workbook(document)["データ_進捗"]
    row = next(row for row in data.iter_rows(values_only=True) if row[0] == "T-4")
    assert {"実施", "20%", "50%"} <= set(row)


def test_done_in_a_form_of_a_month_before_the_year_is_planned_whatever_stands_beside_it(city):
    city.submit("2026-02", "甲課", {("進捗", "T-4", "実施"): 0.4, ("進捗", "T-4", "予定"): 0.9})
    first = action(city.run(), 1)
    assert first["year_progress"]["2026"] == 0.4
    assert "見込" in first["status"]
    assert value(opened(city, "2026-03"), "進捗", "T-4", "予定") == 0.4


@pytest.mark.slow
def test_an_unreadable_report_leaves_what_was_expected(city):
    city.submit("2026-02", "甲課", {("進捗", "T-4", "予定"): 0.9})
    city.submit("2026-05", "甲課", {("進捗", "T-4", "実施"): "８０点"})
    document = city.run("--month", "2026-05")
    assert action(document, 1)["year_progress"]["2026"] == 0.9
    assert [each["cell"] for each in document["findings"] if each["code"] == "rate-unreadable"] == ["F7"]


def test_what_was_wrong_is_said_beside_the_cell_and_what_is_new_is_marked(city):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): "８０点", ("進捗", "T-3", "実施"): 0.5})
    tasks = [[1, 1, "令和6年度", "甲課", "作業一"], [3, 1, "令和7年度", "甲課", "作業三"]]
    city.write_plan(タスク=[*tasks, [9, 1, "令和7年度", "甲課", "作業九", None, "2026-03"]])
    form = opened(city, "2026-03")
    notice = value(form, "進捗", "T-1", "お知らせ")
    assert "８０点" in notice
    assert notice.startswith("実施: ")
    wrong, right = (cell_of(form["進捗"], key, "実施") for key in ("T-1", "T-3"))
    assert wrong.value == "８０点"  # it goes back as it was typed
    assert wrong.border.left.style == "medium"
    assert wrong.fill.fgColor.rgb != right.fill.fgColor.rgb
    assert value(form, "進捗", "T-9", "お知らせ") == "今回追加された行です。"
    assert value(form, "進捗", "T-3", "お知らせ") is None
    assert not form["進捗"].column_dimensions["K"].hidden
    assert form["総括評価"].column_dimensions[cell_of(form["総括評価"], "A-1-甲課", "お知らせ").column_letter].hidden


@pytest.mark.slow
def test_what_to_do_is_not_pushed_out_of_the_cell_by_a_long_text_that_it_quotes(city):
    rate, reason = (("総括評価", "A-1-甲課", heading) for heading in ("総括評価", "理由"))
    city.submit("2026-02", "甲課", {rate: 0.7, reason: "窓口の手続きが進んだため。" * 150})
    city.submit("2026-03", "甲課", {reason: None})
    notice = value(opened(city, "2026-03"), "総括評価", "A-1-甲課", "お知らせ")
    assert "理由: 以前「窓口の手続きが進んだため。" in notice
    assert "…」と報告された「理由」" in notice
    assert "もう一度記入してください" in notice
    assert len(notice) < 400


def test_a_corrected_value_is_filled_in(city):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.3})
    city.write_plan(訂正=[["T-1", "実施", "45%", "2026-03-01", "事務局", "転記の誤り"]])
    assert value(opened(city, "2026-03"), "進捗", "T-1", "実施") == 0.45


def test_what_was_filled_in_stands_in_the_ledger_as_such(city):
    city.submit("2026-02", "甲課", WORDS)
    entered = [each[:3] for each in snapshot_rows(read_workbook(city.form("2026-03", "甲課").read_bytes())) if each[3]]
    assert ("進捗", (5, 6), "0.8") in entered
    assert ("進捗", (6, 6), "対象外") in entered
    assert ("成果と課題", (5, 4), "一行目\n二行目") in entered
    assert len(entered) == len(WORDS)


@pytest.mark.slow
def test_a_form_without_the_planned_column_is_still_read(city):
    form = openpyxl.load_workbook(city.form("2026-02", "甲課"))
    cell_of(form["進捗"], "T-1", "実施").value = 0.8
    form["進捗"].delete_cols(7)
    content = io.BytesIO()
    form.save(content)
    folder = city.root / "input" / "2026-02"
    folder.mkdir(parents=True)
    (folder / "前の版.xlsx").write_bytes(content.getvalue())
    document = city.run()
    assert action(document, 1)["year_progress"]["2024"] == 0.8
    assert not [each for each in document["findings"] if each["code"] == "form-heading-missing"]


def test_a_day_that_asks_for_something_is_marked_on_the_cover(city):
    city.submit("2026-02", "甲課", WORDS, 記入日="まだ")
    cover = opened(city, "2026-02")["はじめに"]
    (day,) = (f"C{cell.row}" for row in cover.iter_rows() for cell in row if cell.value == "記入日")
    hints = [rule.prompt for rule in cover.data_validations.dataValidation if day in rule.sqref]
    assert len(hints) == 1
    assert "「まだ」" in hints[0]


def _error(cell):
    cell.value, cell.data_type = "#REF!", "e"


def _struck(cell):
    cell.value = cell.value or 0.9
    cell.font = openpyxl.styles.Font(strike=True)


def _white(cell):
    cell.value = cell.value or 0.9
    cell.font = openpyxl.styles.Font(color="FFFFFFFF")
    cell.fill = openpyxl.styles.PatternFill("solid", fgColor="FFFFFFFF")


def _in_thousands(cell):
    cell.value, cell.number_format = 80, '0,"千"'


def _in_tenths(cell):
    cell.value, cell.number_format = 80, '0"割"'


REJECTED = {
    "error value": _error,
    "formula without a result": lambda cell: setattr(cell, "value", "=1/4+B1"),
    "struck out": _struck,
    "not seen": _white,
    "another figure": _in_thousands,
    "another unit": _in_tenths,
}


@pytest.mark.slow
@pytest.mark.parametrize("reject", REJECTED.values(), ids=REJECTED)
def test_what_a_cell_does_not_report_is_not_filled_in(city, reject):
    places = [("進捗", "T-1", "実施"), ("成果と課題", "W-1-甲課", "成果")]
    path = city.submit("2026-02", "甲課", {places[1]: "取り消した文", ("成果と課題", "W-1-甲課", "課題"): "残る文"})
    workbook = openpyxl.load_workbook(path)
    for sheet, key, heading in places:
        reject(cell_of(workbook[sheet], key, heading))
    workbook.save(path)
    form = opened(city, "2026-03")
    is_text_shown = reject in (_in_thousands, _in_tenths)  # a text is published as it is shown
    assert value(form, *places[0]) is None
    assert (value(form, *places[1]) is None) is not is_text_shown
    assert value(form, "進捗", "T-1", "お知らせ").startswith("実施: ")
    city.submit("2026-03", "甲課", {}, 記入日=dt.date(2026, 3, 30))
    document = city.run("--month", "2026-03", "--html")
    assert action(document, 1)["year_progress"]["2024"] is None
    page = (city.root / "output" / "2026-03" / "公表" / "index.html").read_text(encoding="utf-8")
    assert "残る文" in page
    assert not any(each in page for each in ("#REF!", "(数式)", "取り消した文"))


@pytest.mark.slow
def test_a_prefilled_text_that_is_struck_out_is_no_longer_reported(city):
    outcome = ("成果と課題", "W-1-甲課", "成果")
    city.submit("2026-02", "甲課", {outcome: "取り消した文", ("成果と課題", "W-1-甲課", "課題"): "残る文"})
    path = city.submit("2026-02", "甲課", {}, name="甲課2.xlsx", saved="2026-02-20T00:00:00Z")
    workbook = openpyxl.load_workbook(path)
    _struck(cell_of(workbook["成果と課題"], *outcome[1:]))
    workbook.save(path)
    path.write_bytes(saved_on(path.read_bytes(), "2026-02-20T00:00:00Z"))
    document = city.run("--html")
    assert [each["cell"] for each in document["findings"] if each["code"] == "cell-struck"]
    page = (city.root / "output" / "2026-02" / "公表" / "index.html").read_text(encoding="utf-8")
    assert "残る文" in page
    assert "取り消した文" not in page


def test_the_writer_of_a_form_is_no_error_value(city):
    path = city.submit("2026-02", "甲課", WORDS, 記入者="山田")
    workbook = openpyxl.load_workbook(path)
    _error(workbook["はじめに"]["C5"])
    workbook.save(path)
    assert opened(city, "2026-03")["はじめに"]["C5"].value is None
