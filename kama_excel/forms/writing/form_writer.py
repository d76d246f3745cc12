"""FormContent → the workbook that is mailed to the department."""

from __future__ import annotations

import datetime as dt
import io

from xlsxwriter import Workbook

from kama_excel.files.zip_origin import with_one_origin
from kama_excel.forms import schema
from kama_excel.forms.content import FormContent
from kama_excel.forms.snapshot import IssuedSnapshot
from kama_excel.forms.writing.answers import Answers
from kama_excel.forms.writing.cover import write_cover
from kama_excel.forms.writing.input_sheet import area_of, write_table
from kama_excel.spreadsheets.writing.style import Formats

_EPOCH = dt.datetime(2026, 1, 1)  # noqa: DTZ001 -- a fixed time of making: the same content gives the same bytes


def write_form(content: FormContent) -> bytes:
    """Return the form's workbook. The same content gives the same bytes."""
    buffer = io.BytesIO()
    workbook = Workbook(
        buffer, {"in_memory": True, "strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
    )
    workbook.set_properties(
        {
            "title": f"{content.plan.name} 進捗報告様式 {content.department}",
            "author": content.plan.municipality,
            "created": _EPOCH,
        }
    )
    workbook.set_size(2400, 1500)
    formats, snapshot = Formats(workbook), IssuedSnapshot()
    answers = Answers(content, {each.name: area_of(content, each) for each in schema.TABLE_SHEETS})
    write_cover(workbook, formats, snapshot, answers)
    for form_sheet in schema.TABLE_SHEETS:
        write_table(workbook, formats, snapshot, answers, form_sheet)
    _write_identity(workbook, content, snapshot)
    workbook.close()
    return with_one_origin(buffer.getvalue())


def _write_identity(workbook: Workbook, content: FormContent, snapshot: IssuedSnapshot) -> None:
    """Write the form's identity, and below it the snapshot of what was written, to the very hidden sheet."""
    sheet = workbook.add_worksheet(schema.IDENTITY_SHEET)
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
