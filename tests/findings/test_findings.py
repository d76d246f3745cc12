"""The catalogue of findings: complete, documented, courteous; what a sentence needs is what it is told."""

import datetime as dt
import re
import runpy
import shutil

import openpyxl
import pytest
from openpyxl.styles import Font
from support.city import City, found
from support.plans import tables

from kama_excel.domain.place import Place
from kama_excel.findings.catalogue import Code, Severity
from kama_excel.findings.finding import finding, own_name


def test_the_page_is_current(project):
    page = runpy.run_path(str(project / "docs" / "findings.py"))["page"]()
    assert (project / "docs" / "findings.md").read_text(encoding="utf-8") == page, "python docs/findings.py"


def test_the_page_has_every_code_once_with_its_severity_and_both_texts(project):
    page = (project / "docs" / "findings.md").read_text(encoding="utf-8")
    lines = [
        [cell.strip() for cell in line.strip("|").split(" | ")] for line in page.splitlines() if line.startswith("| `")
    ]
    assert lines == [
        [
            f"`{code.slug}`",
            f"**{code.severity}**" if code.severity is Severity.ERROR else str(code.severity),
            *(re.sub(r"\{\w+\}", "…", text) for text in (code.text, code.advice)),
        ]
        for code in Code
    ]


@pytest.mark.parametrize("code", list(Code), ids=lambda code: code.slug)
def test_a_code_says_what_happened_and_what_to_do(code):
    assert re.sub(r"\{\w+\}$", "", code.text).endswith("。")
    polite = ("ください。", "ません。", "登録してください）。", "不要です。", "入ります。")
    assert code.advice.endswith(polite) or code.advice.endswith("）。"), code.advice
    for text in (code.text, code.advice):
        assert "。。" not in text
        assert text.count("「") == text.count("」")
        assert text.count("（") == text.count("）")


@pytest.mark.parametrize("code", list(Code), ids=lambda code: code.slug)
def test_a_codes_sentences_say_what_they_are_told_and_refuse_to_be_told_less(code):
    names = set(re.findall(r"\{(\w+)\}", code.text + code.advice)) - {"value"}
    details = {name: f"〈{name}〉" for name in names}
    made = finding(code, Place("様式.xlsx", "進捗", "F5"), value="８割", **details)
    said = made.message + made.advice
    assert all(text in said for text in details.values())
    assert not re.search(r"[{}]", said)
    assert (made.document["code"], made.document["cell"]) == (code.slug, "F5")
    for name in names:
        with pytest.raises(KeyError, match=name):
            finding(code, **{other: text for other, text in details.items() if other != name})


@pytest.mark.parametrize(
    ("file", "own"),
    [
        ("input/2026-02/様式.xlsx", "様式.xlsx"),
        ("input/2026-02/至急!.xlsx", "至急!.xlsx"),
        ("input/2026-02/返信.eml!全部.ZIP!中/至急!様式.xlsx", "至急!様式.xlsx"),
    ],
)
def test_a_files_own_name_has_nothing_of_what_it_lay_in(file, own):
    assert own_name(file) == own


def test_files_that_are_no_form_are_named(tmp_path):
    city = City(tmp_path / "city")
    city.submit("2026-02", "甲課")
    month = tmp_path / "city" / "input" / "2026-02"
    (month / "壊れた.xlsx").write_bytes(b"PK\x03\x04")
    (month / "Thumbs.db").write_bytes(b"x")
    (month / "報告.docx").write_bytes(b"x")
    openpyxl.Workbook().save(month / "名簿.xlsx")
    other = City(tmp_path / "other", 計画=[*tables()["計画"][:2], ["計画ID", "test-2"], *tables()["計画"][3:]])
    shutil.copy(other.form("2026-02", "甲課"), month / "別の計画.xlsx")
    renamed = [["丙課"], ["乙課"]]
    tasks = [[*row[:3], "丙課" if row[3] == "甲課" else row[3], *row[4:]] for row in tables()["タスク"]]
    third = City(
        tmp_path / "third", 担当課=renamed, タスク=tasks, アクション=[each[:7] for each in tables()["アクション"]]
    )
    shutil.copy(third.form("2026-02", "丙課"), month / "丙課.xlsx")
    document = city.run()
    named = {
        code: [file.removeprefix("input/2026-02/") for _, file, _, _ in found(document, code)]
        for code in (
            "file-unreadable",
            "file-not-a-form",
            "file-other-plan",
            "file-unknown-department",
            "file-not-read",
            "file-passed-over",
        )
    }
    assert named == {
        "file-unreadable": ["壊れた.xlsx"],
        "file-not-a-form": ["名簿.xlsx"],
        "file-other-plan": ["別の計画.xlsx"],
        "file-unknown-department": ["丙課.xlsx"],
        "file-not-read": ["報告.docx"],
        "file-passed-over": ["Thumbs.db"],
    }


def test_what_is_missing_beside_what_came_is_named(tmp_path):
    city = City(tmp_path, 評価方法=[[2, "総括評価", dt.date(2026, 1, 1), "本部", "評価できるため"]])
    city.submit("2026-01", "乙課", 記入者="山田", 連絡先="内線1", 記入日="2026/1/8")
    city.submit("2026-02", "甲課", {("総括評価", "A-1-甲課", "理由"): "仕組みができた"}, 記入者="田中")
    document = city.run("--month", "2026-02")
    file = "input/2026-02/甲課.xlsx"
    assert found(document, "reason-without-assessment") == [("甲課", file, "総括評価", "F5")]
    assert found(document, "filled-on-missing") == [("甲課", file, "はじめに", "C6"), ("甲課", file, "はじめに", "C7")]
    assert found(document, "department-carried") == [("乙課", "", "", "")]
    assert found(document, "decision-without-figure") == [("", "", "", "")]


def test_a_struck_name_of_the_writer_is_named_as_missing(city):
    cover = {"記入者": "山田", "連絡先": "内線1", "記入日": "2026/2/8"}
    path = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5}, **cover)
    book = openpyxl.load_workbook(path)
    (cell,) = (each for row in book["はじめに"].iter_rows() for each in row if each.value == "山田")
    cell.font = Font(strike=True)
    book.save(path)
    assert [where for *_, where in found(city.run(), "filled-on-missing")] == [cell.coordinate]
