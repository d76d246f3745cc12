"""成果と課題 of the form: links to the actions above the table, low rows where nothing is written, rows that grow."""

import io
import re
import zipfile
from dataclasses import replace

import openpyxl
import pytest
from support.plans import plan_of

from kama_excel.domain.calendar import Month
from kama_excel.domain.keys import Field, Key
from kama_excel.findings.catalogue import Code
from kama_excel.forms.content import form_content
from kama_excel.forms.reading.form_reader import read_form
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

MONTH, SHEET = Month(2026, 2), "成果と課題"


def content(count):
    """Return the content of the form of a department with so many actions."""
    numbers = range(1, count + 1)
    plan = plan_of(
        アクション=[[no, f"取り組み{no}", 1, "", "", "維持", "", ""] for no in numbers],
        タスク=[[no, no, "令和7年度", "甲課", "作業"] for no in numbers],
        指標=[],
        担当課=[["甲課"]],
    )
    return form_content(plan, MONTH, "甲課")


def sheet_of(form):
    return openpyxl.load_workbook(io.BytesIO(form))[SHEET]


def links(sheet):
    """Return the row that each link above the table leads to, with the number and name that it shows."""
    texts = [str(cell.value) for row in sheet.iter_rows(max_row=12) for cell in row]
    found = [re.fullmatch(rf'=HYPERLINK\("#\'{SHEET}\'!D(\d+)","(\d+)　(.+)"\)', text) for text in texts]
    return [(int(each[1]), int(each[2]), each[3]) for each in found if each]


@pytest.mark.parametrize(("count", "linked"), [(3, 0), (6, 6), (8, 4), (15, 5), (40, 6)])
def test_links_above_the_table_lead_to_the_rows_of_their_actions(count, linked):
    sheet = sheet_of(write_form(content(count)))
    found = links(sheet)
    assert len(found) == linked
    assert all((sheet.cell(row, 2).value, sheet.cell(row, 3).value) == (no, name) for row, no, name in found)


def test_a_row_in_which_nothing_is_written_is_low_and_every_row_grows_with_its_texts():
    written = replace(content(6), entered={(Key.of_words(2, "甲課"), Field.OUTCOME): "便利になった"})
    form = write_form(written)
    sheet = sheet_of(form)
    heights = {sheet.cell(row, 2).value: sheet.row_dimensions[row].height for row, *_ in links(sheet)}
    assert all(height < heights[2] for no, height in heights.items() if no != 2)
    part = zipfile.ZipFile(io.BytesIO(form)).read("xl/worksheets/sheet5.xml").decode()
    rows = {int(each[1]): each[0] for each in re.finditer(r'<row r="(\d+)"[^>]*>', part)}
    assert all(' ht="' in rows[row] and "customHeight" not in rows[row] for row, *_ in links(sheet))


def test_a_form_with_links_is_read_like_any_other():
    written = replace(content(8), entered={(Key.of_words(8, "甲課"), Field.OUTCOME): "便利になった"})
    form = read_form(read_workbook(write_form(written)), "form.xlsx", "")
    assert [(str(each.key), each.typed) for each in form.entries if each.value is not None] == [
        ("W-8-甲課", "便利になった")
    ]
    assert {each.code for each in form.findings} <= {Code.FILLED_ON_MISSING}
