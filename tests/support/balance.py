"""The balance of a form: whatever stands in it was printed, is used, or is named with sheet and cell."""

from kama_excel.forms import schema
from kama_excel.forms.content import form_content
from kama_excel.inbox.current_forms import take_forms
from kama_excel.merge.merged import merge

COVER_INPUTS = ("記入者", "連絡先", "記入日")


def texts(workbook):
    """Return by sheet and address what stands in an openpyxl workbook, blanks and the program's own sheet left out."""
    return {
        (sheet.title, cell.coordinate): cell.value
        for sheet in workbook
        if sheet.title != "_kama"
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None and str(cell.value).strip()
    }


def cover_places(workbook):
    """Return where the cover's inputs stand."""
    return {
        (sheet.title, cell.offset(0, 1).coordinate)
        for sheet in workbook
        if sheet.title == "はじめに"
        for row in sheet.iter_rows()
        for cell in row
        if cell.value in COVER_INPUTS
    }


class Balance:
    """What became of a form that was read and merged alone: places (sheet, cell) that count and that are named."""

    def __init__(self, plan, month, form):
        result = merge(plan, month, take_forms(plan, month, [form]))
        asked = {
            slot
            for form_sheet in schema.TABLE_SHEETS
            for row in form_content(plan, month, form.department).rows[form_sheet.name]
            for slot in schema.slots(form_sheet, row.key).values()
        }
        counting = {slot: entry.value for slot, entry in result.entries.items() if slot in asked}
        self.stands = {
            (entry.place.sheet, entry.place.cell): entry.value
            for slot, entry in result.entries.items()
            if slot in asked
        }
        self.used = {
            (each.place.sheet, each.place.cell)
            for each in form.entries
            if each.value is not None and counting.get(each.slot) == each.value
        }
        findings = [*form.findings, *(each for each in result.findings if each.place.file == form.file)]
        self.named = {(each.place.sheet, each.place.cell) for each in findings}

    def lost(self, typed):
        """Return those of the places that are neither used nor named."""
        return set(typed) - self.used - self.named
