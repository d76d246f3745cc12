"""What the next form says of a corrected input: the value that counts, and beside it what was corrected."""

import datetime as dt
import email
import email.policy
import io

import openpyxl
import pytest
from support.city import cell_of

ROW = ["T-1", "実施", "60%", dt.date(2026, 2, 18), "推進本部", "数え直し"]


def sheet_of(city, month):
    content = city.form(month, "甲課").read_bytes()
    return openpyxl.load_workbook(io.BytesIO(content))["進捗"]


@pytest.mark.parametrize(("value", "filled_in"), [("60%", 0.6), ("未報告", None)])
def test_the_next_form_has_what_counts_and_says_what_was_corrected(city, value, filled_in):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.8})
    city.write_plan(訂正=[[*ROW[:2], value, *ROW[3:]]])
    sheet = sheet_of(city, "2026-03")
    assert cell_of(sheet, "T-1", "実施").value == filled_in
    note = f"実施: 令和8年2月18日の訂正により、80% → {value} としています（推進本部: 数え直し）。"
    assert note in str(cell_of(sheet, "T-1", "お知らせ").value)


def test_the_mail_with_the_next_form_says_what_was_corrected(city):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.8})
    city.write_plan(訂正=[ROW])
    city.invoke("mail", "--month", "2026-03", "--kind", "配布")
    said = {}
    for path in city.root.rglob("*_配布.eml"):
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        said[path.name[:2]] = message.get_body().get_content()
    line = "・アクション1『アクション一』 令和6年度「作業一」 実施: 80% → 60%（令和8年2月18日、推進本部: 数え直し）"
    assert line in said["甲課"].splitlines()
    assert "訂正" not in said["乙課"]


def test_a_blank_in_the_place_of_a_corrected_value_is_named_and_the_correction_stays(city):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.8})
    city.write_plan(訂正=[ROW])
    city.submit("2026-03", "甲課", {("進捗", "T-1", "実施"): None})
    document = city.run()
    assert document["actions"][0]["year_progress"]["2024"] == 0.6
    cleared = [each for each in document["findings"] if each["code"] == "correction-cleared"]
    assert [(each["file"], each["value"]) for each in cleared] == [("input/2026-03/甲課.xlsx", "60%")]


@pytest.mark.parametrize(("month", "check"), [("2026-02", "✓"), ("2026-03", "◇ 前年度より低い")])
def test_a_year_is_compared_with_the_one_before_only_at_its_end(city, month, check):
    entered = {("進捗", "T-1", "実施"): 0.8, ("進捗", "T-3", "実施"): 0.3}
    city.submit("2026-01", "甲課", entered)
    path = city.form(month, "甲課")
    sheet = openpyxl.load_workbook(path, data_only=True)["進捗"]
    assert cell_of(sheet, "T-3", "確認").value == check
