"""A month that is run again: what differs from the workbook that is replaced, and why (docs/rules.md, rule 9)."""

import datetime as dt
import zipfile

from support.history import sheet_text

TITLE = "同じ月の前のブックからの変更"
T1 = ("進捗", "T-1", "実施")


def foot(city, document):
    """Return the lines of the foot of 前月からの変更; [] where it has none."""
    said = sheet_text(city, document, "前月からの変更")
    if [TITLE] not in said:
        return []
    below = said[said.index([TITLE]) + 2 :]
    return below[: next((at for at, row in enumerate(below) if len(row) < 5), len(below))]


def content(city, document):
    return (city.root / document["files"]["workbook"]).read_bytes()


def test_a_newer_form_is_named_with_the_action_whose_rate_it_changed(city):
    city.submit("2026-02", "甲課", {T1: 0.5})
    first = city.run()
    assert foot(city, first) == []
    city.submit("2026-02", "甲課", {T1: 0.9}, name="再提出.xlsx", 記入日=dt.date(2026, 2, 20))
    said = city.invoke("run").stdout
    assert "同じ月の前のブックから、達成率・評価区分が変わったアクション 1件" in said
    assert "    1  課題あり 50.0% → ほぼ達成 90.0%（様式の追加・変更: 甲課）" in said.splitlines()
    document = city.run()
    line = [1, "アクション一", "課題あり 50.0%", "ほぼ達成 90.0%", "＋40.0", "様式の追加・変更: 甲課"]
    assert foot(city, document) == [line]


def test_the_earlier_rate_is_shown_as_it_was(city):
    """Rule 10: 89.96 % is no 90.0 %, and a plan may cut."""
    city.submit("2026-02", "甲課", {T1: 0.8996})
    city.run()
    city.submit("2026-02", "甲課", {T1: 0.5}, name="再提出.xlsx", 記入日=dt.date(2026, 2, 20))
    said = city.invoke("run").stdout
    assert "    1  概ね達成 89.9% → 課題あり 50.0%（様式の追加・変更: 甲課）" in said.splitlines()


def test_a_changed_plan_is_named_and_every_action_that_it_moved(city):
    city.submit("2026-01", "甲課", {T1: 0.5})
    city.submit("2026-02", "甲課", {T1: 0.5})
    city.submit("2026-02", "乙課", {("指標", "I-1", "実績値"): 8})
    city.run()
    city.write_plan(指標=[[1, 2, "回数", "回", None, 16, "増", "乙課"]])
    document = city.run()
    assert foot(city, document) == [[2, "アクション二", "概ね達成 80.0%", "課題あり 50.0%", "−30.0", "計画台帳の変更"]]


def test_where_nothing_is_replaced_or_nothing_differs_the_bytes_are_the_same(city):
    city.submit("2026-02", "甲課", {T1: 0.5})
    document = city.run()
    fresh = content(city, document)
    assert content(city, city.run()) == fresh
    city.submit("2026-02", "甲課", {T1: 0.9})
    changed = content(city, city.run())
    assert content(city, city.run()) == changed
    assert "前のブックから" not in city.invoke("run").stdout
    assert foot(city, document)
    (city.root / document["files"]["workbook"]).unlink()
    alone = content(city, city.run())
    assert foot(city, document) == []
    assert alone != changed


def test_a_form_that_moves_no_rate_takes_the_earlier_foot_away(city):
    city.submit("2026-02", "甲課", {T1: 0.5})
    city.run()
    city.submit("2026-02", "甲課", {T1: 0.9})
    assert foot(city, city.run())
    city.submit("2026-02", "乙課", {("成果と課題", "W-2-乙課", "課題"): "課題の文"})
    assert foot(city, city.run()) == []


def test_a_workbook_that_cannot_be_read_is_replaced_without_a_word(city):
    city.submit("2026-02", "甲課", {T1: 0.5})
    document = city.run()
    book = city.root / document["files"]["workbook"]
    book.write_bytes(b"PK\x03\x04 broken")
    assert foot(city, city.run()) == []


def test_a_figure_that_a_meeting_tried_out_is_no_change_of_a_rerun(city):
    city.submit("2026-02", "甲課", {T1: 0.5})
    document = city.run()
    path = city.root / document["files"]["workbook"]
    with zipfile.ZipFile(path) as archive:
        parts = {name: archive.read(name) for name in archive.namelist()}
    parts["xl/worksheets/sheet2.xml"] = parts["xl/worksheets/sheet2.xml"].replace(b"<v>0.5</v>", b"<v>0.51</v>")
    with zipfile.ZipFile(path, "w") as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    assert foot(city, city.run()) == []
