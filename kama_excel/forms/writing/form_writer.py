"""Write a form's workbook, which is mailed to the department."""

from __future__ import annotations

from kama_excel.forms import schema
from kama_excel.forms.content import FormContent
from kama_excel.forms.snapshot import IssuedSnapshot
from kama_excel.forms.writing.answers import Answers
from kama_excel.forms.writing.cover import write_cover
from kama_excel.forms.writing.input_sheet import area_of, write_table
from kama_excel.spreadsheets.writing.book import Book
from kama_excel.spreadsheets.writing.fast_xlsxwriter import new_book
from kama_excel.spreadsheets.writing.style import Formats


def write_form(content: FormContent) -> bytes:
    """Return the form's workbook. The same content gives the same bytes."""
    book = new_book(f"{content.plan.name} 進捗報告様式 {content.department}", content.plan.municipality)
    book.set_size(2400, 1500)
    formats, snapshot = Formats(book), IssuedSnapshot()
    answers = Answers(content, {each.name: area_of(content, each) for each in schema.TABLE_SHEETS})
    write_cover(book, formats, snapshot, answers)
    for form_sheet in schema.TABLE_SHEETS:
        write_table(book, formats, snapshot, answers, form_sheet)
    _write_identity(book, content, snapshot)
    return book.to_bytes()


def _write_identity(book: Book, content: FormContent, snapshot: IssuedSnapshot) -> None:
    """Write the form's identity and the snapshot to the very hidden sheet."""
    sheet = book.add_sheet(schema.IDENTITY_SHEET)
    pairs = (
        (schema.PLAN_ID, content.plan.plan_id),
        (schema.DEPARTMENT, content.department),
        (schema.VERSION, schema.FORM_VERSION),
        (schema.MADE_FOR, str(content.month)),
    )
    rows = (*pairs, *((schema.SNAPSHOT, piece) for piece in snapshot.text_chunks()))
    for number, row in enumerate(rows):
        for column, text in enumerate(row):
            sheet.write_string(number, column, text)
    sheet.very_hidden()
