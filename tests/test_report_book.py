"""The report's book takes methods of XlsxWriter's over, some of them its own: the file must be the one that it writes."""

import datetime as dt
import io
import zipfile
from fractions import Fraction
from types import FunctionType

import pytest
import xlsxwriter
from support.plans import plan_of
from support.reports import picture, report_of, submission
from xlsxwriter.exceptions import OverlappingRange
from xlsxwriter.worksheet import Worksheet

from kama_excel.report.xlsx.workbook import write_workbook
from kama_excel.spreadsheets.writing.book import ReportBook, ReportSheet

TAKEN_OVER = [name for name, each in vars(ReportSheet).items() if isinstance(each, FunctionType)]


def parts(book: bytes) -> list[tuple[str, tuple[int, ...], bytes]]:
    with zipfile.ZipFile(io.BytesIO(book)) as archive:
        return [(each.filename, each.date_time, archive.read(each)) for each in archive.infolist()]


def by_xlsxwriter_alone(book: ReportBook) -> bytes:
    book.close()
    return book.filename.getvalue()


def test_xlsxwriter_writes_the_same_file_by_itself(monkeypatch):
    typed = {
        ("T-1", "実施"): Fraction(1, 3),
        ("A-1-甲課", "総括評価"): Fraction(9, 10),
        ("A-1-甲課", "理由"): '"引用" <と> & 記号',
        ("W-1-甲課", "成果"): "一行目\n二行目",
    }
    others = {("I-1", "実績値"): Fraction(8), ("I-1", "時点"): dt.date(2026, 1, 31)}
    received = [submission("甲課", typed), submission("乙課", others, "2026-01")]
    actions = [[1, "#N/A", 1, "#1", "", "", "甲課", "甲課"], [2, "アクション二", 2, "", "", "維持", "乙課", ""]]
    report = report_of(
        plan_of(アクション=actions), received, pictures=(picture("甲課", 1, 1, "ようす", size=(64, 48)),)
    )
    ours = write_workbook(report)
    for name in TAKEN_OVER:
        monkeypatch.delattr(ReportSheet, name)
    assert write_workbook(report) == ours
    monkeypatch.delattr(ReportBook, "_get_packager")
    monkeypatch.setattr(ReportBook, "content", by_xlsxwriter_alone)
    assert parts(write_workbook(report)) == parts(ours)


def test_a_picture_is_not_compressed_again():
    report = report_of(plan_of(), [submission("甲課", {})], pictures=(picture("甲課", 1, 1, "ようす", size=(64, 48)),))
    with zipfile.ZipFile(io.BytesIO(write_workbook(report))) as archive:
        stored = [each.filename for each in archive.infolist() if each.compress_type == zipfile.ZIP_STORED]
    assert stored == ["xl/media/image1.png"]


@pytest.mark.parametrize("name", TAKEN_OVER)
def test_xlsxwriter_has_what_is_taken_over(name):
    assert callable(getattr(Worksheet, name))


def test_cells_are_never_merged_twice():
    with xlsxwriter.Workbook(io.BytesIO()) as workbook:
        look, sheet = workbook.add_format(), workbook.add_worksheet("01", ReportSheet)
        sheet.merge_range(0, 0, 1, 3, None, look)
        sheet.merge_range(2, 0, 2, 3, None, look)
        with pytest.raises(OverlappingRange, match="D2"):
            sheet.merge_range(1, 3, 1, 4, None, look)
