"""An .xlsb as Excel saves one, with values alone: no office program here writes this format."""

import datetime as dt
import io
import struct
import zipfile

TYPES = """<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="bin" ContentType="application/vnd.ms-excel.sheet.binary.macroEnabled.main"/></Types>"""
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
RELATION = (
    '<Relationship Id="{}" Target="{}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{}"/>'
)
VISIBLE, VERY_HIDDEN = 0, 2


def write_xlsb(workbook):
    """Return the bytes of an .xlsb with the values of an openpyxl workbook."""
    sheets = workbook.worksheets
    shown = b"".join(
        _record(
            0x9C,
            struct.pack("<II", VERY_HIDDEN if sheet.sheet_state == "veryHidden" else VISIBLE, number)
            + _wide(f"rId{number}")
            + _wide(sheet.title),
        )
        for number, sheet in enumerate(sheets, start=1)
    )
    book = _record(0x83) + _record(0x8F) + shown + _record(0x90) + _record(0x84)
    relations = "".join(RELATION.format(f"rId{n}", f"worksheets/sheet{n}.bin", "worksheet") for n in _numbers(sheets))
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr("_rels/.rels", RELATIONS.format(RELATION.format("rId1", "xl/workbook.bin", "officeDocument")))
        archive.writestr("xl/workbook.bin", book)
        archive.writestr("xl/_rels/workbook.bin.rels", RELATIONS.format(relations))
        for number, sheet in enumerate(sheets, start=1):
            archive.writestr(f"xl/worksheets/sheet{number}.bin", _sheet(sheet))
    return target.getvalue()


def _sheet(sheet):
    size = struct.pack("<IIII", 0, sheet.max_row - 1, 0, sheet.max_column - 1)
    rows = b"".join(_row(number, row) for number, row in enumerate(sheet.iter_rows(values_only=True)))
    return _record(0x81) + _record(0x94, size) + _record(0x91) + rows + _record(0x92) + _record(0x82)


def _row(number, values):
    cells = b""
    for column, value in enumerate(values):
        place = struct.pack("<II", column, 0)
        if isinstance(value, dt.datetime):
            days = (value - dt.datetime(1899, 12, 30)).days  # noqa: DTZ001 -- as Excel counts
            cells += _record(0x05, place + struct.pack("<d", days))
        elif isinstance(value, int | float):
            cells += _record(0x05, place + struct.pack("<d", value))
        elif value is not None:
            cells += _record(0x06, place + _wide(str(value)))
    return _record(0x00, struct.pack("<I", number) + bytes(13)) + cells


def _record(kind, content=b""):
    number = bytes([kind & 0x7F | 0x80, kind >> 7]) if kind >= 0x80 else bytes([kind])
    length, left = b"", len(content)
    while True:
        left, low = left >> 7, left & 0x7F
        length += bytes([low | (0x80 if left else 0)])
        if not left:
            return number + length + content


def _wide(text):
    encoded = text.encode("utf-16-le")
    return struct.pack("<I", len(encoded) // 2) + encoded


def _numbers(sheets):
    return range(1, len(sheets) + 1)
