"""The printed report as a book: cover, contents with the right pages, the method with its flow chart, chapter pages."""

import io
import re
import subprocess

import openpyxl
import pytest
from support.printed import cut_texts, page_texts
from support.reports import made_up_entries, made_up_plan, made_up_report

from kama_excel.report.xlsx.booklet.front import ContentsLine, contents_papers, write_contents
from kama_excel.report.xlsx.workbook import write_workbook
from kama_excel.spreadsheets.writing.canvas import Canvas
from kama_excel.spreadsheets.writing.fast_xlsxwriter import new_book
from kama_excel.spreadsheets.writing.pdf import to_pdf
from kama_excel.spreadsheets.writing.style import Formats

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore:.*extension is not supported:UserWarning")]


@pytest.fixture(scope="module")
def report():
    plan = made_up_plan(12, 3)
    return made_up_report(plan, made_up_entries(plan, 7))


@pytest.fixture(scope="module")
def workbook(report):
    return openpyxl.load_workbook(write_workbook(report), data_only=True)


def texts(sheet):
    return [str(cell.value) for row in sheet.iter_rows() for cell in row if cell.value is not None]


def test_the_cover_shows_every_action_with_its_grade(report, workbook):
    said = texts(workbook["表紙"])
    assert report.plan.name in said
    for each in report.evaluation.actions:
        assert str(each.action.no) in said
        assert each.grade_word in said


def test_the_method_shows_the_flow_chart_the_plans_bands_and_sums_graded_by_them(report, workbook):
    said = "\n".join(texts(workbook["評価方法"]))
    for part in ("客観的に進捗率を計れるか", "①　目標（値）に対する達成率", "③　総括評価", "長所", "短所"):
        assert part in said
    for band in report.plan.bands.bands:
        assert band.name in said
    assert "（42.5 ＋ 50.0 ＋ 70.0）÷ 3" in said
    assert "54.2%" in said


def test_each_theme_has_a_page_of_its_actions_and_the_contents_name_every_page(report, workbook):
    contents = texts(workbook["目次"])
    for number, theme in zip(("I", "II", "III"), report.plan.themes, strict=False):
        page = texts(workbook[f"テーマ{number}"])
        mine = [each for each in report.evaluation.actions if each.measure.theme == theme]
        assert {each.action.name for each in mine} <= set(page)
        assert f"{number}　{theme}" in contents
    assert all(any(line.startswith(f"{each.action.no}　") for line in contents) for each in report.evaluation.actions)


@pytest.mark.parametrize("actions", [50, 90, 200, 300])
def test_the_pages_of_the_contents_are_equally_full(report, actions):
    lines = [ContentsLine(f"{no}　行政手続きの見直し", "01") for no in range(1, actions + 1)]
    book = new_book("目次", "テスト市")
    write_contents(Canvas(book, "目次", Formats(book)), report, lines, {"01": 9})
    sheet = openpyxl.load_workbook(io.BytesIO(book.to_bytes()))["目次"]
    ends = [each.id for each in sheet.row_breaks.brk] + [sheet.max_row]
    rows = [end - start for start, end in zip([0, *ends[:-1]], ends, strict=True)]
    assert len(rows) == contents_papers(lines)
    assert max(rows) - min(rows) <= 2, rows
    assert sum(rows) - len(rows) <= actions / 2 + len(rows), "two lines side by side, under a title on each page"


@pytest.mark.office
def test_the_pages_that_the_contents_name_are_those_of_the_printed_report(report, tmp_path):
    content, path = write_workbook(report, is_for_print=True).read(), tmp_path / "report.pdf"
    path.write_bytes(to_pdf(io.BytesIO(content)))
    printed = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, check=True).stdout.decode()
    pages = printed.split("\f")
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    assert cut_texts(book["総括"], "".join(page_texts(path))) == []
    assert book["総括"].page_setup.orientation == "portrait"
    rows = book["目次"].iter_rows(values_only=True)
    lines = [(row[at], row[at + 2]) for row in rows for at in (0, 4)]
    listed = {str(text).partition("　")[0]: number for text, number in lines if isinstance(number, (int, float))}
    assert "目次" in pages[1]
    for each in report.evaluation.actions:
        page = pages[int(listed[str(each.action.no)]) - 1]
        assert "一覧へ" in page
        assert re.search(rf"^\s*{each.action.no}\s", page, re.MULTILINE)
    assert "成果" in pages[int(listed["I"]) - 1]
    for name in ("評価方法", "総括", "アクション一覧", "方法の比較", "課ごとの内訳"):
        assert name in pages[int(listed[name]) - 1], name
