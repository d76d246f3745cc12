"""Read an .xls of Excel 97 and later (BIFF8).

An .xls is a sequence of records, each with a number, a length and its bytes; the sheets follow the globals.
calamine reads the texts. This module reads the numbers and what calamine does not give: number formats, error
values, formulas, strikethrough, merged ranges, notes. xlrd does not tell which cells are formulas and reads no
text boxes. Of older files only the values are available.
"""

from __future__ import annotations

import datetime as dt
import io
import math
import struct
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import islice

from kama_excel.domain.calendar import JAPAN
from kama_excel.files import limits
from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.cells import Cell, Position, Range, Sheet, SheetPicture, Value, Workbook
from kama_excel.spreadsheets.reading import number_formats
from kama_excel.spreadsheets.reading.calamine_values import calamine_sheets, plain_cell, read_values
from kama_excel.spreadsheets.reading.covered_cells import covered_cells
from kama_excel.spreadsheets.reading.date_formats import moment_of
from kama_excel.spreadsheets.reading.rich_text import shown_text_of
from kama_excel.spreadsheets.reading.xls_conditions import legacy_conditions
from kama_excel.spreadsheets.reading.xls_drawings import legacy_covers, legacy_grid
from kama_excel.spreadsheets.reading.xls_globals import (
    Record,
    cell_formats,
    fonts,
    palette,
    rich_texts,
    short_text,
)
from kama_excel.spreadsheets.reading.xls_notes import legacy_notes
from kama_excel.spreadsheets.reading.xlsx_cells import OFF_CALENDAR
from kama_excel.spreadsheets.reading.xlsx_styles import CellFormat, Text

_BOF, _EOF, _FILEPASS, _BOUNDSHEET, _DATE_MODE = 0x809, 0x0A, 0x2F, 0x85, 0x22
_FORMULA, _BOOLERR, _NUMBER, _RK, _MULRK, _SHARED_TEXT, _TEXT = 0x06, 0x205, 0x203, 0x27E, 0xBD, 0xFD, 0x204
_CELLS = frozenset({_FORMULA, _BOOLERR, _NUMBER, _RK, _MULRK, _SHARED_TEXT, _TEXT})
_DRAWINGS, _MERGED, _ROW, _COLUMNS = 0xEB, 0xE5, 0x208, 0x7D
_ROW_HIDDEN, _COLUMN_HIDDEN = 0x20, 0x01
_LOWEST, _NARROWEST = 60, 128  # twentieths of a point, 256ths of a character: less shows no character
_VIEW, _SHOWS_ZEROS = 0x23E, 0x10
_BLIP = b"\x07\xf0"  # record type of a single picture (OfficeArtFBSE)
_BIFF8 = 0x600
_LAST_COLUMN = 255
_ERRORS = {0: "#NULL!", 7: "#DIV/0!", 15: "#VALUE!", 23: "#REF!", 29: "#NAME?", 36: "#NUM!", 42: "#N/A"}
_NO_PICTURES = "この形式（.xls）の写真は取り出せません。.xlsx で保存し直してください"
_NO_RECORDS = "古い形式（.xls）のブックの内容が壊れています"
_IS_100, _IS_WHOLE = 1, 2
_PLAIN = Text("")


def read_xls(content: bytes) -> Workbook:
    """Read an .xls.

    Raises: RefusedError for a password or broken records; what calamine raises.
    """
    records, saved = _open(content)
    if any(number == _FILEPASS for _, number, _ in records):
        raise RefusedError(Code.FILE_PASSWORD, "パスワードが設定されています")
    if not _is_biff8(records):
        return read_values(content)
    try:
        is_1904 = any(number == _DATE_MODE and data[:1] == b"\x01" for _, number, data in records)
        marks = _marks(records)
        sheets = tuple(
            _sheet(name, values, marks[name], is_visible=is_visible, is_1904=is_1904)
            for name, is_visible, values in calamine_sheets(content)
        )
    except (struct.error, IndexError, KeyError, UnicodeDecodeError) as error:
        raise RefusedError(Code.FILE_UNREADABLE, _NO_RECORDS) from error
    blips = sum(data.count(_BLIP) for _, number, data in records if number == _DRAWINGS)
    pictures = (SheetPicture("", 0, 0, b"", "", _NO_PICTURES),) * min(blips, limits.PICTURES)
    return Workbook(sheets, pictures, saved)


def _open(content: bytes) -> tuple[list[Record], dt.datetime | None]:
    """Return the workbook's records and the time of the last save (Japan time)."""
    import olefile  # noqa: PLC0415 -- only for the few files of this kind

    try:
        with olefile.OleFileIO(io.BytesIO(content)) as ole:
            if ole.exists("EncryptedPackage"):
                raise RefusedError(Code.FILE_PASSWORD, "パスワードが設定されています")
            stream = next((name for name in ("Workbook", "Book") if ole.exists(name)), None)
            if stream is None:
                return [], None
            records = list(_records(ole.openstream(stream).read()))
            saved = getattr(ole.get_metadata(), "last_saved_time", None)
    except (OSError, ValueError, IndexError, TypeError, struct.error):
        return [], None
    return records, saved.replace(tzinfo=dt.UTC).astimezone(JAPAN) if isinstance(saved, dt.datetime) else None


def _records(stream: bytes) -> Iterator[Record]:
    position = 0
    while position + 4 <= len(stream):
        number, length = struct.unpack_from("<HH", stream, position)
        yield position, number, stream[position + 4 : position + 4 + length]
        position += 4 + length


def _is_biff8(records: Sequence[Record]) -> bool:
    if not records or records[0][1] != _BOF or len(records[0][2]) < 2:  # noqa: PLR2004 -- its version
        return False
    return bool(struct.unpack_from("<H", records[0][2])[0] == _BIFF8)


@dataclass(slots=True)
class _Marks:
    """The properties of one sheet's cells that the records give beside their texts."""

    records: list[tuple[int, bytes]]
    colours: Mapping[int, str]
    formats: dict[Position, CellFormat] = field(default_factory=dict)
    figures: dict[Position, float] = field(default_factory=dict)
    errors: dict[Position, str] = field(default_factory=dict)
    formulas: set[Position] = field(default_factory=set)
    texts: dict[Position, Text] = field(default_factory=dict)
    """The shared texts; one without parts of its own look is `_PLAIN`."""
    merged: list[Range] = field(default_factory=list)


def _marks(records: Sequence[Record]) -> dict[str, _Marks]:
    """Return the marks of every sheet by its name."""
    colours = palette(records)
    of_number = fonts(records, colours)
    formats, texts = cell_formats(records, of_number, colours), rich_texts(records, of_number)
    names = {
        struct.unpack_from("<I", data)[0]: short_text(data, 6) for _, number, data in records if number == _BOUNDSHEET
    }
    found = {name: _Marks(mine, colours) for name, mine in _of_sheets(records, names).items()}
    for marks in found.values():
        for number, data in marks.records:
            if number == _MERGED:
                marks.merged += islice(_merged(data), limits.MERGED_CELLS - len(marks.merged))
            elif number in _CELLS:
                _take(number, data, formats, texts, marks)
    return found


def _of_sheets(records: Sequence[Record], names: dict[int, str]) -> dict[str, list[tuple[int, bytes]]]:
    """Return each sheet's records (number, bytes) by its name, without embedded charts."""
    found: dict[str, list[tuple[int, bytes]]] = {name: [] for name in names.values()}
    mine: list[tuple[int, bytes]] = []
    depth = 0
    for position, number, data in records:
        if number == _BOF and position in names:
            mine, depth = found[names[position]], 1
        elif number in (_BOF, _EOF):
            depth += 1 if number == _BOF else -1
        elif depth == 1:
            mine.append((number, data))
    return found


def _take(number: int, data: bytes, formats: Sequence[CellFormat], texts: Mapping[int, Text], marks: _Marks) -> None:
    """Record the properties of a record's cell; a MULRK record has several cells."""
    row, column = struct.unpack_from("<HH", data)
    offsets = range(4, len(data) - 2, 6) if number == _MULRK else (4,)
    for place, offset in (((row + 1, column + 1 + at), offset) for at, offset in enumerate(offsets)):
        marks.formats[place] = formats[struct.unpack_from("<H", data, offset)[0]]
        if number in (_RK, _MULRK):
            marks.figures[place] = _rk(struct.unpack_from("<I", data, offset + 2)[0])
    place = (row + 1, column + 1)
    if number == _NUMBER:
        marks.figures[place] = struct.unpack_from("<d", data, 6)[0]
    elif number == _SHARED_TEXT:
        marks.texts[place] = texts.get(struct.unpack_from("<I", data, 6)[0], _PLAIN)
    elif number == _FORMULA:
        marks.formulas.add(place)
        if data[12:14] != b"\xff\xff":
            marks.figures[place] = struct.unpack_from("<d", data, 6)[0]
        elif data[6] == 2:  # noqa: PLR2004 -- the kinds of results: text, truth, error
            marks.errors[place] = _ERRORS.get(data[8], "#VALUE!")
    elif number == _BOOLERR and data[7]:
        marks.errors[place] = _ERRORS.get(data[6], "#VALUE!")


def _rk(packed: int) -> float:
    """Decode a number packed into 30 bits."""
    if packed & _IS_WHOLE:
        number: float = struct.unpack("<i", struct.pack("<I", packed))[0] >> 2
    else:
        number = struct.unpack("<d", struct.pack("<Q", (packed & 0xFFFFFFFC) << 32))[0]
    return number / 100 if packed & _IS_100 else float(number)


def _merged(data: bytes) -> Iterator[Range]:
    for offset in range(2, len(data) - 7, 8):
        top, bottom, left, right = struct.unpack_from("<HHHH", data, offset)
        yield top + 1, left + 1, bottom + 1, right + 1


def _sheet(name: str, values: dict[Position, Value], marks: _Marks, *, is_visible: bool, is_1904: bool) -> Sheet:
    """Combine calamine's texts with the marks from the records."""
    cells = {}
    for place in values.keys() | marks.figures.keys() | marks.errors.keys():
        cell = _cell(place, values.get(place), marks, is_1904=is_1904)
        if cell.value != "":
            cells[place] = cell
    looks = {place: look.look for place, look in marks.formats.items()}
    for conditional in reversed(list(legacy_conditions(marks.records, marks.colours))):  # the first counts
        conditional.apply(cells, looks)
    grid = legacy_grid(marks.records)
    cells |= dict(covered_cells(legacy_covers(marks.records, grid), cells, grid))
    notes = tuple(legacy_notes(marks.records))
    hidden = (frozenset(_hidden_rows(marks.records)), frozenset(_hidden_columns(marks.records)))
    return Sheet(name, cells, is_visible, notes, tuple(marks.merged), _hides_zeros(marks.records), *hidden)


def _hidden_rows(records: Sequence[tuple[int, bytes]]) -> Iterator[int]:
    for row, height, flags in (struct.unpack_from("<H4xH4xH", data) for number, data in records if number == _ROW):
        if flags & _ROW_HIDDEN or height & 0x7FFF < _LOWEST:
            yield row + 1


def _hidden_columns(records: Sequence[tuple[int, bytes]]) -> Iterator[int]:
    for number, data in records:
        if number == _COLUMNS:
            first, last, width, flags = struct.unpack_from("<HHH2xH", data)
            if flags & _COLUMN_HIDDEN or width < _NARROWEST:
                yield from range(first + 1, min(last, _LAST_COLUMN) + 2)


def _hides_zeros(records: Sequence[tuple[int, bytes]]) -> bool:
    views = (struct.unpack_from("<H", data)[0] for number, data in records if number == _VIEW)
    return any(not flags & _SHOWS_ZEROS for flags in views)


def _cell(place: Position, value: Value | None, marks: _Marks, *, is_1904: bool) -> Cell:
    look, error, unclear = marks.formats.get(place, CellFormat()), marks.errors.get(place, ""), ""
    is_cleaned, text = False, marks.texts.get(place, _PLAIN)
    if error:
        value = None
    elif place in marks.figures:
        value, unclear = _figure(marks.figures[place], look, is_1904=is_1904)
    elif value is not None:
        plain = plain_cell(value)
        value, error, is_cleaned = plain.value, plain.error, plain.is_cleaned
    return Cell(
        value,
        look.is_percent,
        error=error,
        is_formula=place in marks.formulas,
        is_cleaned=is_cleaned,
        is_1904=is_1904,
        is_struck=look.is_struck or text.is_struck,
        number_format=look.code,
        display=shown_text_of(text.runs, look.look[1]) if look.display is None else look.display,
        unclear=unclear,
    )


def _figure(number: float, look: CellFormat, *, is_1904: bool) -> tuple[Value | None, str]:
    """Return the value of a number in its format, and the reason if it has none."""
    if not math.isfinite(number):
        return None, OFF_CALENDAR
    if not look.is_date:
        return number, ""
    moment = moment_of(number, is_elapsed=number_formats.is_elapsed_format(look.code), is_1904=is_1904)
    return moment, "" if moment is not None else OFF_CALENDAR
