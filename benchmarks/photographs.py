"""Photographs as people paste them into a form: into its frames, by the parts that a drawing in a workbook has."""

from __future__ import annotations

import io
import random
import zipfile
from collections.abc import Sequence

from PIL import Image

from kama_excel.forms import schema
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

_SHEET = len(schema.TABLE_SHEETS) + 1  # the cover comes before the tables, and 写真 is their last
_SHEET_PART, _RELATIONS_PART = f"xl/worksheets/sheet{_SHEET}.xml", f"xl/worksheets/_rels/sheet{_SHEET}.xml.rels"
_DRAWING = "xl/drawings/drawing900.xml"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
_ANCHOR = (
    "<xdr:oneCellAnchor><xdr:from><xdr:col>{column}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>{row}</xdr:row>"
    '<xdr:rowOff>0</xdr:rowOff></xdr:from><xdr:ext cx="2400000" cy="1800000"/><xdr:pic><xdr:nvPicPr>'
    '<xdr:cNvPr id="{number}" name="{number}"/><xdr:cNvPicPr/></xdr:nvPicPr><xdr:blipFill>'
    '<a:blip r:embed="rId{number}"/></xdr:blipFill><xdr:spPr/></xdr:pic><xdr:clientData/></xdr:oneCellAnchor>'
)


def photograph(generator: random.Random, pixels: int) -> bytes:
    """Return a JPEG of soft colours, as many bytes a pixel as a telephone's photo has."""
    width, height = pixels, pixels * 3 // 4
    coarse = (width // 8, height // 8)
    colours = Image.frombytes("RGB", coarse, generator.randbytes(coarse[0] * coarse[1] * 3))
    buffer = io.BytesIO()
    colours.resize((width, height), Image.Resampling.BICUBIC).save(buffer, "JPEG", quality=85)
    return buffer.getvalue()


def pasted(form: bytes, photographs: Sequence[bytes]) -> bytes:
    """Return the form with a photograph in each of the first frames of its sheet 写真."""
    if not photographs:
        return form
    numbers = range(1, len(photographs) + 1)
    relations = "".join(
        f'<Relationship Id="rId{number}" Type="{_OFFICE}/image" Target="../media/photograph{number}.jpeg"/>'
        for number in numbers
    )
    anchors = "".join(
        _ANCHOR.format(row=row - 1, column=column - 1, number=number)
        for number, (row, column) in zip(numbers, _frames(form)[: len(numbers)], strict=True)
    )
    added = {
        _DRAWING: '<xdr:wsDr xmlns:xdr="http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing" '
        f'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main" xmlns:r="{_OFFICE}">{anchors}</xdr:wsDr>',
        "xl/drawings/_rels/drawing900.xml.rels": f'<Relationships xmlns="{_PACKAGE}">{relations}</Relationships>',
        _RELATIONS_PART: f'<Relationships xmlns="{_PACKAGE}"><Relationship Id="rId1" Type="{_OFFICE}/drawing" '
        'Target="../drawings/drawing900.xml"/></Relationships>',
    }
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(form)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        assert _RELATIONS_PART not in old.namelist(), "the sheet 写真 has a drawing of its own now"
        for part in old.namelist():
            content = old.read(part)
            if part == _SHEET_PART:
                content = _before_end(content, b"</worksheet>", b'<drawing r:id="rId1"/>')
            if part == "[Content_Types].xml":
                override = f'<Override PartName="/{_DRAWING}" ContentType="application/vnd.openxmlformats-officedocument.drawing+xml"/>'
                content = _before_end(
                    content, b"</Types>", f'<Default Extension="jpeg" ContentType="image/jpeg"/>{override}'.encode()
                )
            new.writestr(part, content)
        for part, text in added.items():
            new.writestr(part, text)
        for number, photograph_ in zip(numbers, photographs, strict=True):
            new.writestr(f"xl/media/photograph{number}.jpeg", photograph_)
    return buffer.getvalue()


def _frames(form: bytes) -> list[tuple[int, int]]:
    """Return the cells of the frames of 写真, row by row."""
    sheet = next(each for each in read_workbook(form).sheets if each.name == schema.PICTURE_SHEET.name)
    headings = [each.heading for each in schema.PICTURE_SHEET.columns if each.picture]
    columns = sorted(column for (_, column), cell in sheet.cells.items() if cell.value in headings)
    rows = sorted(row for (row, _), cell in sheet.cells.items() if str(cell.value).startswith("P-"))
    return [(row, column) for row in rows for column in columns]


def _before_end(content: bytes, end: bytes, added: bytes) -> bytes:
    return content.replace(end, added + end)
