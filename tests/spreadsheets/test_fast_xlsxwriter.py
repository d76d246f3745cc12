"""The faster writer must give the file that plain XlsxWriter gives, and give way to it with a release nobody tried."""

import datetime as dt
import io
import math
import zipfile
from fractions import Fraction

import pytest
import xlsxwriter
from support.plans import plan_of, tables
from support.reports import picture, report_of, submission
from xlsxwriter.exceptions import OverlappingRange

from kama_excel.domain.calendar import Month
from kama_excel.forms.content import form_content
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.plan.writer import write_plan
from kama_excel.report.xlsx.workbook import write_workbook
from kama_excel.spreadsheets.reading.open_workbook import read_workbook
from kama_excel.spreadsheets.writing.book import Book
from kama_excel.spreadsheets.writing.fast_xlsxwriter import PROVEN_RELEASES, FastBook, new_book

OTHER = "99.0.0"
IS_PROVEN = xlsxwriter.__version__ in PROVEN_RELEASES
of_a_proven_release = pytest.mark.skipif(not IS_PROVEN, reason="this release is not a proven one")


@pytest.fixture(scope="module")
def report():
    typed = {
        ("T-1", "実施"): Fraction(1, 3),
        ("A-1-甲課", "総括評価"): Fraction(9, 10),
        ("A-1-甲課", "理由"): '"引用" <と> & 記号 BYROW(',
        ("W-1-甲課", "成果"): "一行目\n二行目",
    }
    others = {("I-1", "実績値"): Fraction(8), ("I-1", "時点"): dt.date(2026, 1, 31)}
    received = [submission("甲課", typed), submission("乙課", others, "2026-01")]
    actions = [[1, "#N/A", 1, "#1", "", "", "甲課", "甲課"], [2, "アクション二", 2, "", "", "維持", "乙課", ""]]
    plan = plan_of(アクション=actions)
    return report_of(plan, received, pictures=(picture("甲課", 1, 1, "ようす", width=64, height=48),))


def parts(book: bytes) -> list[tuple[str, tuple[int, ...], bytes]]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return [(each.filename, each.date_time, archive.read(each)) for each in archive.infolist()]


def test_a_release_that_was_not_tried_is_used_plain(monkeypatch):
    assert isinstance(new_book("題"), FastBook) == IS_PROVEN
    monkeypatch.setattr(xlsxwriter, "__version__", OTHER)
    assert type(new_book("題")) is Book


@of_a_proven_release
def test_plain_xlsxwriter_writes_the_same_parts(monkeypatch, report):
    ours = write_workbook(report).read()
    monkeypatch.setattr(xlsxwriter, "__version__", OTHER)
    assert parts(write_workbook(report).read()) == parts(ours)


@of_a_proven_release
def test_plain_xlsxwriter_writes_the_same_form_and_plan(monkeypatch):
    def written():
        return parts(write_form(form_content(plan_of(), Month(2026, 2), "甲課"))), parts(write_plan(tables()))

    ours = written()
    monkeypatch.setattr(xlsxwriter, "__version__", OTHER)
    assert written() == ours


@pytest.mark.skipif(IS_PROVEN, reason="this release is a proven one")
def test_a_new_release_could_be_added_to_the_proven_ones(monkeypatch, report):
    plain = write_workbook(report).read()
    monkeypatch.setattr("kama_excel.spreadsheets.writing.fast_xlsxwriter.PROVEN_RELEASES", (xlsxwriter.__version__,))
    assert parts(write_workbook(report).read()) == parts(plain), "keep this release out of PROVEN_RELEASES"


@of_a_proven_release
def test_a_picture_is_not_compressed_again():
    report = report_of(
        plan_of(), [submission("甲課", {})], pictures=(picture("甲課", 1, 1, "ようす", width=64, height=48),)
    )
    with zipfile.ZipFile(write_workbook(report)) as archive:
        stored = [each.filename for each in archive.infolist() if each.compress_type == zipfile.ZIP_STORED]
    assert stored == ["xl/media/image1.png"]


def test_cells_are_never_merged_twice():
    book = FastBook()
    look, sheet = book.add_format(), book.add_sheet("01")
    sheet.merge_range(0, 0, 1, 3, None, look)
    sheet.merge_range(2, 0, 2, 3, None, look)
    with pytest.raises(OverlappingRange, match="D2"):
        sheet.merge_range(1, 3, 1, 4, None, look)


@pytest.mark.parametrize("kind", [Book, FastBook])
@pytest.mark.parametrize("number", [math.nan, math.inf, -math.inf])
def test_a_number_that_no_cell_can_hold_is_never_written(kind, number):
    sheet = kind().add_sheet("01")
    with pytest.raises(TypeError):
        sheet.write_number(0, 0, number)


def test_a_text_stays_where_its_cells_are_merged_afterwards():
    book = FastBook()
    look, sheet = book.add_format(), book.add_sheet("01")
    sheet.write_string(1, 0, "下の段", look)
    sheet.merge_range(0, 0, 1, 3, None, look)
    assert read_workbook(book.to_bytes()).sheets[0].cells[2, 1].text == "下の段"


def test_a_completed_sheet_takes_no_more_cells_and_rules():
    book = FastBook()
    look, sheet = book.add_format(), book.add_sheet("01")
    sheet.write_string(0, 0, "前", look)
    sheet.complete()
    for write in (
        lambda: sheet.write_string(1, 0, "後", look),
        lambda: sheet.merge_range(1, 0, 1, 3, None, look),
        lambda: sheet.add_rule("A1", "TRUE", look),
        lambda: sheet.data_validation(0, 0, 0, 0, {"validate": "list", "source": ["前"]}),
        lambda: sheet.write_link(1, 0, "01!A1", "後", "先"),
    ):
        with pytest.raises(AttributeError):
            write()
    assert [cell.text for cell in read_workbook(book.to_bytes()).sheets[0].cells.values()] == ["前"]


@of_a_proven_release
def test_plain_xlsxwriter_draws_the_same_lines_in_cells(monkeypatch):
    def written():
        book = new_book("題")
        for name in ("一", "二"):
            sheet = book.add_sheet(name)
            sheet.write_number(0, 1, 0.25)
            sheet.draw_line(0, 0, "一!$B$1:$C$1", 1.0, ("#112233", "#AABBCC"))
            sheet.draw_line(1, 0, "一!$B$2:$AA$2", 12, ("#112233", "#AABBCC"))
            sheet.add_data_bar("B1:B2", "#112233")
        return parts(book.to_bytes())

    ours = written()
    monkeypatch.setattr(xlsxwriter, "__version__", OTHER)
    assert written() == ours
