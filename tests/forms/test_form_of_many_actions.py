"""A form of forty actions on a screen of 1366 × 768 pixels at 100 %, and on paper."""

import io

import openpyxl
import pytest
from openpyxl.utils import coordinate_to_tuple, get_column_letter
from support.plans import plan_of

from kama_excel.domain.calendar import Month
from kama_excel.forms.content import form_content
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.spreadsheets.writing.measure import row_points

pytestmark = pytest.mark.slow

ROOM = (1320, 476)  # pixels that Excel leaves for cells, with its ribbon
NAME = "行政手続きのオンライン化と窓口サービスの見直しに関する取り組み"
SHEETS = ("進捗", "指標", "総括評価", "成果と課題", "写真")


@pytest.fixture(scope="module")
def book():
    numbers = range(1, 41)
    plan = plan_of(
        アクション=[[no, f"{NAME}{no}", 1, "", "", "", "", ""] for no in numbers],
        タスク=[[no, no, "令和7年度", "甲課", "作業"] for no in numbers],
        指標=[[no, no, "オンライン申請の利用率", "%", None, "80%", "増", "甲課"] for no in numbers],
        担当課=[["甲課"]],
    )
    return openpyxl.load_workbook(io.BytesIO(write_form(form_content(plan, Month(2026, 2), "甲課"))))


def high(sheet, first, last):
    """Return the height of rows in pixels."""
    return sum((sheet.row_dimensions[row].height or 15) * 4 / 3 for row in range(first, last + 1))


def wide(sheet, first, last):
    """Return the width of columns in pixels; of a hidden one 0."""
    pixels = {}
    for each in sheet.column_dimensions.values():
        for column in range(each.min, each.max + 1):
            pixels[column] = 0 if each.hidden else int(each.width * 7)
    return sum(pixels[column] for column in range(first, last + 1))


@pytest.mark.parametrize("name", SHEETS)
def test_the_headings_leave_most_of_the_screen_to_the_rows(book, name):
    sheet = book[name]
    frozen, _ = coordinate_to_tuple(sheet.freeze_panes)
    left = ROOM[1] - high(sheet, 1, frozen - 1)
    assert left > ROOM[1] * 0.55
    assert max(high(sheet, row, row) for row in range(frozen, sheet.max_row + 1)) < left


@pytest.mark.parametrize("name", ["進捗", "指標", "総括評価", "写真"])
def test_the_screen_shows_a_row_from_the_number_to_the_check(book, name):
    assert wide(book[name], 1, book[name].max_column) <= ROOM[0]


@pytest.mark.parametrize("name", SHEETS)
def test_a_name_is_wrapped_in_full_or_ends_at_the_next_cell(book, name):
    sheet = book[name]
    column = next(cell.column for row in sheet.iter_rows(max_row=12) for cell in row if cell.value == "アクション")
    width = wide(sheet, column, column)
    for row in range(sheet.max_row - 4, sheet.max_row + 1):
        cell = sheet.cell(row, column)
        height = sheet.row_dimensions[row].height
        beside = sheet[f"{get_column_letter(column + 1)}{row}"].value
        need = row_points(cell.value, width - 10, cell.font.sz)
        assert height + 1 > need if cell.alignment.wrap_text else beside, (cell.coordinate, height, need, width)


def test_the_captions_are_on_the_paper_of_their_pictures(book):
    sheet = book["写真"]
    ends = [each.id for each in sheet.row_breaks.brk]
    assert ends
    assert [end for end in ends if sheet.cell(end, 1).value[0] != "C"] == []
