"""Workbooks are the same bytes on every system: the entries of a ZIP file name the one that wrote them."""

import datetime as dt
import io
import struct
import sys
import zipfile

import pytest
from support.plans import plan_of, tables

from kama_excel.domain.calendar import Month
from kama_excel.files.zip_origin import mark_one_origin
from kama_excel.forms.content import form_content
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.plan.writer import write_plan
from kama_excel.spreadsheets.writing.book import Book
from kama_excel.spreadsheets.writing.fast_xlsxwriter import FastBook


def book_of(kind):
    book = kind()
    book.set_properties({"created": dt.datetime.fromisoformat("2026-01-01")})
    book.add_sheet("総括").write(0, 0, "値")
    return book.to_bytes()


MADE = {
    "plan": lambda: write_plan(tables()),
    "form": lambda: write_form(form_content(plan_of(), Month.parse("2026-02"), "甲課")),
    "report": lambda: book_of(FastBook),
    "report of another XlsxWriter": lambda: book_of(Book),
}


@pytest.mark.parametrize("what", MADE)
def test_a_workbook_is_the_same_on_windows_and_on_linux(monkeypatch, what):
    made = []
    for platform in ("linux", "win32"):
        with monkeypatch.context() as patch:
            patch.setattr(sys, "platform", platform)
            made.append(MADE[what]())
    assert made[0] == made[1]
    with zipfile.ZipFile(io.BytesIO(made[0])) as opened:
        assert {entry.create_system for entry in opened.infolist()} == {3}
        assert opened.testzip() is None


@pytest.mark.parametrize("content", [b"", b"PK" * 30, b"x" * 100])
def test_what_is_no_zip_file_is_refused(content):
    with pytest.raises((ValueError, struct.error)):
        mark_one_origin(io.BytesIO(content))
