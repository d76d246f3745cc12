"""`run --pdf` and `run --csv`: what they write, what they leave out, what they say where they cannot."""

import csv
import io
import re
import subprocess
import zipfile

import pytest
from support.plans import plan_of, tables
from support.reports import report_of, submission

from kama_excel.report.csv_files import csv_files

CHAPTERS = ["表紙", "目次", "評価方法", "総括", "テーマI", "01", "テーマII", "02", "一覧", "方法の比較", "課ごとの内訳"]


@pytest.fixture
def sent(city):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.8}, 記入者="架空 太郎", 連絡先="内線 1")
    return city


@pytest.mark.office
@pytest.mark.usefixtures("office")
def test_pdf_has_the_summary_and_all_pages(sent):
    document = sent.run("--pdf")
    path = sent.root / document["files"]["pdf"]
    assert path.name.endswith("進捗評価_2026-02.pdf")
    content = path.read_bytes()
    assert content.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == len(CHAPTERS)  # each fits on one page


@pytest.mark.office
@pytest.mark.usefixtures("office")
def test_a_screen_reader_can_follow_the_pdf(sent):
    path = sent.root / sent.run("--pdf", "--html")["files"]["pdf"]
    public = path.parent / "公表" / "report.pdf"
    for each in (path, public):
        content = each.read_bytes()
        assert re.search(rb"/MarkInfo\s*<</Marked true>>", content)
        assert b"/Lang(ja-JP)" in content
        assert b"/DisplayDocTitle true" in content
        told = subprocess.run(["pdfinfo", each], capture_output=True, check=True).stdout.decode()
        assert re.search(r"^Title: +テスト計画（架空） 進捗評価 令和8年2月分$", told, re.MULTILINE)
        outline = subprocess.run(["pdftohtml", "-xml", "-i", "-stdout", each], capture_output=True, check=True).stdout
        assert re.findall(r'<item page="\d+">([^<]+)</item>', outline.decode()) == CHAPTERS


def test_pdf_without_libreoffice_says_so_and_changes_nothing(sent, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda _: None)
    for name in ("PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432"):
        monkeypatch.delenv(name, raising=False)
    result = sent.invoke("run", "--pdf")
    assert result.exit_code == 2
    assert "LibreOffice が必要です" in result.output
    assert not (sent.root / "output").exists()


def test_csv_is_what_a_citizens_spreadsheet_opens(sent):
    document = sent.run("--csv")
    paths = [sent.root / each for each in document["files"]["csv"]]
    names = ["一覧.csv", "データ_進捗.csv", "データ_指標.csv", "データ_総括評価.csv", "データ_記述.csv"]
    assert [path.name for path in paths] == names
    content = paths[0].read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    assert b"\r\n" in content
    first = next(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert (first["No"], first["令和6年度（2024）進捗率（%）"], first["評価区分"]) == ("1", "80", "概ね達成")
    everything = "".join(path.read_text(encoding="utf-8-sig") for path in paths)
    assert "架空 太郎" not in everything
    assert "内線" not in everything
    assert "甲課.xlsx" not in everything


def test_a_run_without_the_options_names_the_workbook_alone(sent):
    assert list(sent.run()["files"]) == ["workbook"]


def test_what_a_later_run_does_not_make_again_is_named(sent):
    sent.invoke("run", "--csv", "--html")
    page = sent.root / "output" / "2026-02" / "公表" / "index.html"
    before = page.read_bytes()
    sent.submit("2026-02", "乙課", {("進捗", "T-2", "実施"): 0.1})
    said = sent.invoke("run").output
    assert page.read_bytes() == before
    assert "注意: output/2026-02/csv、output/2026-02/公表 は、以前の集計の結果のままです" in said
    assert "--html --csv を付けて" in said
    assert "以前の集計" not in sent.invoke("run", "--csv", "--html").output
    assert "注意: output/2026-02/公表 は、以前の集計の結果のままです" in sent.invoke("run", "--csv").output


def test_a_workbook_of_the_plans_former_name_is_named(sent):
    sent.invoke("run")
    names = tables()["計画"]
    sent.write_plan(計画=[["計画名", "新しい名前の計画"], *names[1:]])
    said = sent.invoke("run").output
    assert "output/2026-02/テスト計画（架空）_進捗評価_2026-02.xlsx は、以前の集計の結果のままです" in said


def test_nothing_typed_becomes_code_in_a_csv():
    typed = {("W-1-甲課", "成果"): "=1+1", ("W-1-甲課", "課題"): "-SNS配信", ("W-1-甲課", "取り組んだこと"): "@x"}
    content = csv_files(report_of(plan_of(), [submission("甲課", typed)]))["データ_記述.csv"].decode("utf-8-sig")
    said = {row["文章"] for row in csv.DictReader(io.StringIO(content))}
    assert said == {"'=1+1", "'-SNS配信", "'@x"}


def test_the_alternative_texts_of_the_charts_say_the_figures(sent):
    sent.submit("2026-01", "甲課", {("進捗", "T-1", "実施"): 0.5})
    document = sent.run()
    said = []
    with zipfile.ZipFile(sent.root / document["files"]["workbook"]) as parts:
        for name in parts.namelist():
            if name.startswith("xl/drawings/drawing"):
                said += re.findall(r'descr="([^"]*グラフ[^"]*)"', parts.read(name).decode())
    assert said
    assert all(re.search(r"\d件|\d%|アクション", each) for each in said)
    assert any("令和8年1月 課題あり 1件、未評価 1件。令和8年2月 概ね達成 1件、未評価 1件" in each for each in said)
    assert any("令和8年1月 50.0%、令和8年2月 80.0%" in each for each in said)
