"""前年同月: in 推移 and on the page, where the same month of the year before has a folder."""

import pytest
from support.city import City


def texts(sheet):
    return [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]


@pytest.fixture
def years(city):
    city.submit("2025-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    city.submit("2025-11", "甲課", {("進捗", "T-1", "実施"): 0.6})
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.9})
    return city


def test_the_trend_has_a_year_beside_a_year(years):
    rows = texts(years.workbook(years.run())["推移"])
    heading = next(row for row in rows if row[0] == "区分・アクション")
    assert heading[1:] == ["推移", "R7.2", "R7.11", "R8.2", "前年同月\nR7.2", "前年から"]
    first, second = (row for row in rows if row[:2] == [1, "アクション一"])
    assert first[2:] == [0.5, 0.6, 0.9, 0.5, "＋40.0"]
    assert second[2:] == ["課題あり", "やや未達", "ほぼ達成", "課題あり", "上昇"]
    counts = {row[0]: row[1:] for row in rows if row and row[0] in ("ほぼ達成", "課題あり", "概ね達成以上")}
    assert counts == {
        "ほぼ達成": [0, 0, 1, 0, "＋1"],
        "課題あり": [1, 0, 0, 1, "−1"],
        "概ね達成以上": [0, 0, 1, 0, "＋1"],
    }


def test_the_page_says_what_stood_a_year_before(years):
    document = years.run()
    shown = [text for row in texts(years.workbook(document)["01"]) for text in row if "前年同月" in str(text)]
    assert shown == ["前年同月（令和7年2月）　課題あり 50.0%（＋40.0ポイント）"]
    assert "前年同月" not in str(texts(years.workbook(years.run("--month", "2025-11"))["01"]))


@pytest.mark.slow
def test_without_that_month_nothing_is_said(tmp_path):
    city = City(tmp_path)
    city.submit("2025-03", "甲課", {("進捗", "T-1", "実施"): 0.5})
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.9})
    book = city.workbook(city.run())
    assert not [text for sheet in ("推移", "01") for row in texts(book[sheet]) for text in row if "前年" in str(text)]


def test_a_month_with_a_gap_before_it_names_the_month_of_the_comparison(city):
    city.submit("2025-12", "乙課", {("指標", "I-1", "実績値"): 5, ("成果と課題", "W-2-乙課", "成果"): "調整した"})
    city.submit("2026-03", "乙課", {("指標", "I-1", "実績値"): 9, ("成果と課題", "W-2-乙課", "成果"): "調整した"})
    document = city.run()
    texts = [
        str(value) for sheet in city.workbook(document) for row in sheet.values for value in row if value is not None
    ]
    known = ("前月からの変更", "前月値", "前月の達成率からの増減", "前月からの動き", "前月までの報告")
    said = [text for text in texts if "前月" in text and not any(each in text for each in known)]
    assert said == []
    assert any("令和7年12月 50.0% → 90.0%（＋40.0ポイント）" in text for text in texts)
    assert {"R7.12の区分", "R7.12から\n(ポイント)", "R7.12"} <= set(texts)
