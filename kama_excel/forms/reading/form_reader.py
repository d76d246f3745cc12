"""Read a filled form. Tables are found by 管理番号 and headings, rows by 管理番号."""

from __future__ import annotations

import datetime as dt
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from itertools import islice

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import Entry, TypedValue
from kama_excel.domain.keys import Field, Key, KeyKind, Slot
from kama_excel.domain.place import Place
from kama_excel.domain.text import listed, normalize_key
from kama_excel.files import limits
from kama_excel.findings.catalogue import Code, Severity
from kama_excel.findings.finding import OF_CELL, Finding, finding
from kama_excel.forms import schema
from kama_excel.forms.reading.accounting import unexpected_cells
from kama_excel.forms.reading.moved_rows import reassign_moved_rows
from kama_excel.forms.reading.pictures import form_pictures, picture_frames
from kama_excel.forms.reading.recognise import FormTable, cover_sheet, form_tables
from kama_excel.forms.snapshot import (
    KEY_AT,
    Snapshot,
    is_as_issued,
    issued_pictures,
    issued_rows,
    plan_texts,
    prefilled_texts,
    snapshot_rows,
)
from kama_excel.forms.submission import Submission
from kama_excel.parsing.dates import read_date
from kama_excel.parsing.inputs import read_input
from kama_excel.parsing.parsed import Parsed, Problem, reject_strikethrough
from kama_excel.parsing.shown import value_to_name
from kama_excel.parsing.values import rounded_figure
from kama_excel.spreadsheets.cells import BLANK, Cell, Position, Sheet, Workbook, a1, is_blank, position
from kama_excel.spreadsheets.reading.covered_cells import PICTURE
from kama_excel.spreadsheets.reading.found_tables import FoundRow

_LABELS = {
    schema.PLAN_ID,
    schema.DEPARTMENT,
    schema.VERSION,
    schema.MADE_FOR,
    *schema.COVER_INPUTS,
}
"""The labels on the cover of a form, and of its hidden sheet of identity."""


class NotAFormError(Exception):
    """The workbook is not a form of this program, or names no department."""


def read_form(workbook: Workbook, file: str, sha256: str, *, sent: dt.datetime | None = None) -> Submission:
    """Read a form; every unusable value is a finding.

    `sent` is the time of the mail that contained the form (Japan time). Raises: NotAFormError if the workbook
    names no department.
    """
    identity = _pairs(workbook.sheet(schema.IDENTITY_SHEET))
    front = cover_sheet(workbook)
    cover = _pairs(front)
    snapshot = Snapshot.of(snapshot_rows(workbook))
    sent_out = issued_rows(snapshot)
    tables = tuple(reassign_moved_rows(each, sent_out) for each in form_tables(workbook))
    printed, typed = _text_beside(identity, schema.DEPARTMENT), _text_beside(cover, schema.DEPARTMENT)
    department = printed or typed or _department_of_keys(tables)
    if not department or not tables:
        raise NotAFormError(file)
    prefilled = prefilled_texts(sent_out)
    reader = _FormReader(workbook, file, department, tables, front, snapshot, prefilled)
    reader.check_identity(cover, printed, typed, _text_beside(identity, schema.VERSION))
    entries = tuple(reader.entries())
    reader.name_not_taken()
    had = issued_pictures(snapshot)
    frames = picture_frames(workbook, tables, had)
    places = reader.inputs | dict(islice(frames.items(), limits.ENTRIES - len(reader.inputs)))
    pictures, of_pictures = form_pictures(workbook, tables, file, department)
    reader.findings += of_pictures
    filled_on = reader.filled_on(cover)
    reader.name_missing_rows()
    reader.name_outside(cover)
    reader.name_notes()
    return Submission(
        file=file,
        sha256=sha256,
        plan_id=_text_beside(identity, schema.PLAN_ID),
        department=department,
        version=_text_beside(identity, schema.VERSION),
        writer=_text_beside(cover, Field.WRITER),
        filled_on=filled_on,
        entries=entries,
        pictures=pictures,
        findings=tuple(_bounded(reader.findings)),
        sent=sent,
        modified=workbook.modified,
        printed=plan_texts(sent_out),
        filled_on_place=reader.filled_on_place(cover),
        inputs=tuple((*slot, *place) for slot, place in places.items()),
        prefilled_texts=prefilled | {slot: each.sha256 for slot, each in had.items()},
        contact=_text_beside(cover, Field.CONTACT),
        made_for=_month(_text_beside(identity, schema.MADE_FOR)),
    )


class _FormReader:
    """Read one form and collect its findings."""

    def __init__(
        self,
        workbook: Workbook,
        file: str,
        department: str,
        tables: tuple[FormTable, ...],
        cover: Sheet | None,
        snapshot: Snapshot,
        prefilled: Mapping[Slot, str],
    ) -> None:
        self.workbook = workbook
        self.file = file
        self.department = department
        self.tables = tables
        self.cover = cover
        self.snapshot = snapshot
        self.prefilled = prefilled
        self.findings: list[Finding] = []
        self.used: dict[str, set[Position]] = defaultdict(set)
        """The cells that were used or reported, by sheet."""
        self.inputs: dict[Slot, tuple[str, str]] = {}
        """The sheet and the cell of each."""
        self.taken = 0
        self.not_taken: list[Place] = []
        """The filled inputs over the limit."""
        self.hidden: list[Entry] = []
        """What was typed into hidden rows and columns."""

    def check_identity(self, cover: dict[str, tuple[Cell, str]], printed: str, typed: str, version: str) -> None:
        """Report a 担当課 or a version of the form that differs from the expected one."""
        _, address = cover.get(schema.DEPARTMENT, (BLANK, ""))
        if not printed and not typed:
            self._find(Code.FORM_DEPARTMENT_GUESSED, "", "")
        elif printed and self.cover and normalize_key(typed) != normalize_key(printed):
            self._find(Code.FORM_DEPARTMENT_DIFFERS, self.cover.name, address, value=typed or "（空欄）")
        if self.cover and (at := position(address)):
            self.used[self.cover.name].add(at)
        if version and version != schema.FORM_VERSION:
            self._find(Code.FORM_VERSION_OLD, "", "", value=version)
        if not self.snapshot.printed:
            self._find(Code.FORM_WITHOUT_LEDGER, "", "")

    def entries(self) -> Iterator[Entry]:
        """Yield the values in the input cells of all tables, including copied tables."""
        there = {each.form_sheet.name for each in self.tables if schema.KEY in each.table.columns}
        for form_sheet in schema.TABLE_SHEETS:
            if form_sheet.name not in there:
                code = Code.FORM_KEYS_REMOVED if self._has_lost_keys(form_sheet.name) else Code.FORM_SHEET_MISSING
                self._find(code, form_sheet.name, "", sheet_name=form_sheet.name)
        for found in self.tables:
            self._check_table(found)
            for row, key in found.rows:
                if key == schema.KEY:
                    self._use_headings(found, row)
                else:
                    yield from self._row(found, row, key)
        self._name_hidden()

    def _name_hidden(self) -> None:
        """Report what was typed into hidden rows and columns, once for each sheet."""
        by_sheet: dict[str, list[Entry]] = {}
        for each in self.hidden:
            by_sheet.setdefault(each.place.sheet, []).append(each)
        for sheet, (first, *others) in by_sheet.items():
            cells = listed([each.place.cell for each in (first, *others)])
            self._find(Code.FORM_CELLS_HIDDEN, sheet, first.place.cell, value=first.typed, cells=cells)

    def name_not_taken(self) -> None:
        """Report exceeded input limits before all other findings, which are limited too."""
        for first in self.not_taken[:1]:
            details = {"limit": limits.ENTRIES, "department": self.department}
            self.findings.insert(0, finding(Code.FORM_TOO_MANY_ENTRIES, first, value=len(self.not_taken), **details))

    def name_missing_rows(self) -> None:
        """Report the issued rows that are missing from the form."""
        keys: dict[str, set[Key]] = {}
        for found in self.tables:
            if schema.KEY in found.table.columns:
                keys.setdefault(found.form_sheet.name, set()).update(key for _, key in found.rows)
        printed = ((sheet, texts) for sheet, texts in self.snapshot.printed.items() if sheet in keys)
        for sheet, texts in printed:
            for (row, column), text in texts.items():
                if column == KEY_AT and (key := Key.typed(text)).kind and key not in keys[sheet]:
                    self._find(Code.FORM_ROW_MISSING, sheet, a1(row, column), key=text)

    def name_outside(self, cover: dict[str, tuple[Cell, str]]) -> None:
        """Report every cell that a person filled outside the inputs."""
        for label in schema.COVER_INPUTS:
            if self.cover and (at := position(cover.get(label, (BLANK, ""))[1])):
                self.used[self.cover.name].add(at)
        for sheet, address, cell in unexpected_cells(self.workbook, self.tables, self.cover, self.used, self.snapshot):
            self._find(Code.FORM_OUTSIDE, sheet, address, value=cell.text)

    def name_notes(self) -> None:
        """Report comments and text boxes: their texts are no entries."""
        for sheet in self.workbook.sheets:
            for note in sheet.notes:
                self._find(Code.FORM_NOTE, sheet.name, a1(note.row, note.column), kind=note.kind, value=note.text)

    def filled_on(self, cover: dict[str, tuple[Cell, str]]) -> dt.date | None:
        """Read 記入日; a missing one is only a note."""
        cell, _ = cover.get(Field.FILLED_ON, (BLANK, ""))
        place = self.filled_on_place(cover)
        reading = reject_strikethrough(cell, read_date(cell))
        self._say(reading, cell, place)
        for item in schema.COVER_INPUTS:
            _, where = cover.get(item, (BLANK, ""))
            is_missing = is_blank(cell) if item is Field.FILLED_ON else not _text_beside(cover, item)
            if is_missing:
                self._find(Code.FILLED_ON_MISSING, place.sheet, where, item=item)
        return reading.value

    def filled_on_place(self, cover: dict[str, tuple[Cell, str]]) -> Place:
        """Return the place of 記入日."""
        _, address = cover.get(Field.FILLED_ON, (BLANK, ""))
        return Place(self.file, self.cover.name if self.cover else schema.COVER_SHEET, address)

    def _has_lost_keys(self, name: str) -> bool:
        """Return whether a sheet of the form has its headings, but no 管理番号 and no heading of it."""
        sheet = next((each for each in self.workbook.sheets if normalize_key(each.name) == normalize_key(name)), None)
        texts = {normalize_key(cell.text) for cell in sheet.cells.values()} if sheet else set()
        return schema.ACTION in texts and schema.KEY not in texts and not any(Key.typed(text).kind for text in texts)

    def _check_table(self, found: FormTable) -> None:
        """Report changes of printed texts: the sheet's name, its headings."""
        sheet, table = found.sheet, found.table
        name = sheet.name
        if name != found.form_sheet.name:
            self._find(Code.FORM_SHEET_RENAMED, name, "", sheet_name=found.form_sheet.name)
        if not sheet.is_visible:
            self._find(Code.FORM_SHEET_HIDDEN, name, "", sheet_name=name)
        for heading, at in table.columns.items():
            if sheet.cell(table.heading_row, at).text != heading:  # 「実 施」 is 実施, but not the printed text
                self.used[name].add((table.heading_row, at))
        for heading, text in found.guessed.items():
            place = (table.heading_row, table.columns[heading])
            self._find(Code.FORM_HEADING_GUESSED, name, a1(*place), value=text or "（空欄）", heading=heading)
        for number, (there, key) in islice(found.moved.items(), 1):
            cell = a1(number, min(at for heading, at in table.columns.items() if heading != schema.KEY))
            self._find(Code.FORM_ROWS_MOVED, name, cell, value=there, key=key, count=len(found.moved))
        self._check_merged(found)
        for column in found.form_sheet.inputs:
            if column.heading not in table.columns and not column.is_optional:
                self._find(Code.FORM_HEADING_MISSING, name, a1(table.heading_row, 1), heading=column.heading)

    def _check_merged(self, found: FormTable) -> None:
        """Report ranges merged over several inputs, or over one that is not the upper left cell."""
        columns = {found.table.columns[field] for field in found.form_sheet.fields if field in found.table.columns}
        if len(found.sheet.merged) >= limits.MERGED_CELLS:
            self._find(Code.FORM_TOO_MANY_MERGED, found.sheet.name, "", limit=limits.MERGED_CELLS)
        for top, left, bottom, right in found.sheet.merged:
            inputs = (bottom - top + 1) * len(columns.intersection(range(left, right + 1)))
            if bottom > found.table.heading_row and inputs > (left in columns):
                cell, span = found.sheet.cell(top, left), f"{a1(top, left)}:{a1(bottom, right)}"
                value = "（空欄）" if is_blank(cell) else cell.text
                self._find(Code.FORM_CELLS_MERGED, found.sheet.name, a1(top, left), value=value, range=span)

    def _use_headings(self, found: FormTable, row: FoundRow) -> None:
        """Treat a copied row of headings as headings."""
        headings = {normalize_key(heading) for heading in found.form_sheet.headings}
        self.used[found.sheet.name] |= {
            place
            for place, cell in found.sheet.cells.items()
            if place[0] == row.number and normalize_key(cell.text) in headings
        }

    def _row(self, found: FormTable, row: FoundRow, key: Key) -> Iterator[Entry]:
        key_cell, sheet = row.cell(schema.KEY), found.sheet
        slots = schema.slots(found.form_sheet, key)
        name, number, columns = sheet.name, row.number, row.table.columns
        places = [(slot, columns[heading]) for heading, slot in slots.items() if heading in columns]
        places += [(slots[heading], at) for heading, at in row.table.twice if heading in slots]
        for slot, at in places:
            cell, address = sheet.cell(number, at), a1(number, at)
            if len(self.inputs) < limits.ENTRIES:
                self.inputs.setdefault(slot, (name, address))
            if is_blank(cell):
                continue
            place = Place(self.file, name, address)
            self.used[name].add((number, at))
            if is_blank(key_cell):
                self._find(Code.FORM_OUTSIDE, place.sheet, place.cell, value=cell.text)
                continue
            if words := found.mixed.get(number):
                self._find(
                    Code.FORM_ROW_MIXED, place.sheet, place.cell, value=cell.text, key=key_cell.text, words=words
                )
                continue
            if self.taken >= limits.ENTRIES:
                self.not_taken.append(place)
                continue
            self.taken += 1
            if cell.covered_by == PICTURE and slot[1] is Field.CAPTION:  # a photo is often larger than its frame
                cell = cell._replace(covered_by="")
            read = partial(read_input, slot[1], unit=row.cell(schema.UNIT).text)
            reading = reject_strikethrough(cell, read(cell))
            self._say(reading, cell, place)
            shown = rounded_figure(cell, reading.value, read)
            is_rejected = reading.value is None and _is_cell_rejected(reading.problem, cell, read)
            entry = Entry(*slot, reading.value, cell.text, place, shown=shown, is_cell_rejected=is_rejected)
            if sheet.is_hidden(number, at) and not is_as_issued(entry, self.prefilled):
                self.hidden.append(entry)
            yield entry

    def _say(self, reading: Parsed[TypedValue], cell: Cell, place: Place) -> None:
        if reading.problem:
            details = dict(reading.problem.details)
            self._find(reading.problem.code, place.sheet, place.cell, value=value_to_name(cell, details), **details)

    def _find(self, code: Code, sheet: str, cell: str, **details: object) -> None:
        self.findings.append(finding(code, Place(self.file, sheet, cell), department=self.department, **details))


def _is_cell_rejected(problem: Problem | None, cell: Cell, read: Callable[[Cell], Parsed[TypedValue]]) -> bool:
    """Return whether a cell without a value would have one with its content as plain text.

    80 under 0"割" is no rate, but 80 is.
    """
    return (problem is not None and problem.code in OF_CELL) or read(Cell(cell.text)).value is not None


def _bounded(findings: Sequence[Finding]) -> Iterator[Finding]:
    """Yield the most severe of too many findings, and the count of the others per sheet."""
    gravest = sorted(findings, key=lambda each: each.severity is not Severity.ERROR)
    yield from findings if len(findings) <= limits.FINDINGS else gravest[: limits.FINDINGS]
    left: dict[str, list[Finding]] = {}
    for each in gravest[limits.FINDINGS :]:
        left.setdefault(each.place.sheet, []).append(each)
    for theirs in left.values():
        cells = sorted(at for each in theirs if (at := position(each.place.cell)))
        first, last = (a1(*cells[0]), a1(*cells[-1])) if cells else ("", "")
        span = "" if not cells else f"（{first}）" if first == last else f"（{first}から{last}まで）"
        details = {"department": theirs[0].department, "range": span, "limit": limits.FINDINGS}
        yield finding(Code.FORM_TOO_MANY_FINDINGS, theirs[0].place._replace(cell=first), value=len(theirs), **details)


def _pairs(sheet: Sheet | None) -> dict[str, tuple[Cell, str]]:
    """Read the known labels and the cell to the right of each, with its address.

    Of two equal labels the first with a value beside it counts: a person may have typed the word elsewhere.
    """
    if sheet is None:
        return {}
    texts = ((place, cell.value.strip()) for place, cell in sheet.cells.items() if isinstance(cell.value, str))
    pairs: dict[str, tuple[Cell, str]] = {}
    for (row, column), label in sorted(each for each in texts if each[1] in _LABELS):
        beside = sheet.cell(row, column + 1)
        if label not in pairs or (is_blank(pairs[label][0]) and not is_blank(beside)):
            pairs[label] = (beside, a1(row, column + 1))
    return pairs


def _text_beside(pairs: dict[str, tuple[Cell, str]], label: str) -> str:
    cell, _ = pairs.get(label, (BLANK, ""))
    return "" if cell.value is None or cell.is_struck else cell.text.strip()


def _month(text: str) -> Month | None:
    try:
        return Month.parse(text)
    except ValueError:
        return None


def _department_of_keys(tables: Sequence[FormTable]) -> str:
    """Return the department in the 管理番号 (A-6-市民課); '' for none or several."""
    texts = (row.cell(schema.KEY).text.strip() for found in tables for row in found.table.rows)
    keys = (Key(text) for text in texts)
    named = {key.department for key in keys if key.kind in (KeyKind.ASSESSMENT, KeyKind.WORDS) and key.department}
    return named.pop() if len(named) == 1 else ""
