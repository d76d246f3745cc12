"""Pictures made up of two colours, as PNG: enough to be placed, and the same bytes on every machine."""

import io
import struct
import zlib
from collections import defaultdict

import openpyxl
import xlsxwriter
from openpyxl.drawing.image import Image
from openpyxl.drawing.spreadsheet_drawing import AnchorMarker, OneCellAnchor
from openpyxl.drawing.xdr import XDRPositiveSize2D
from openpyxl.utils.cell import coordinate_to_tuple
from openpyxl.utils.units import pixels_to_EMU

from support.city import cell_of


def png(width, height, top=(150, 185, 220), bottom=(60, 90, 130)):
    """Return a PNG that fades from one colour to the other."""
    rows = bytearray()
    for y in range(height):
        part = y / max(height - 1, 1)
        pixel = bytes(round(a + (b - a) * part) for a, b in zip(top, bottom, strict=True))
        rows += b"\0" + pixel * width
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    chunks = ((b"IHDR", header), (b"IDAT", zlib.compress(bytes(rows), 9)), (b"IEND", b""))
    parts = (
        struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body)) for kind, body in chunks
    )
    return b"\x89PNG\r\n\x1a\n" + b"".join(parts)


def paste(path, *pictures, largest=None):
    """Paste (sheet, address, bytes) into a form that was sent, those of one cell beside each other.

    Each is shown at most `largest` pixels wide: pictures that overlap are withheld.
    """
    workbook = openpyxl.load_workbook(path)
    ends = defaultdict(int)
    for sheet, address, content in pictures:
        image = Image(io.BytesIO(content))
        if largest and image.width > largest:
            image.width, image.height = largest, image.height * largest // image.width
        row, column = _at(address)
        corner = AnchorMarker(row=row, col=column, colOff=pixels_to_EMU(ends[sheet, address]))
        size = XDRPositiveSize2D(pixels_to_EMU(image.width), pixels_to_EMU(image.height))
        image.anchor = OneCellAnchor(_from=corner, ext=size)
        ends[sheet, address] += image.width + 1
        workbook[sheet].add_image(image)
    workbook.save(path)


def take_down(path, *places):
    """Delete the pictures at (sheet, address) from a form."""
    workbook = openpyxl.load_workbook(path)
    for sheet, address in places:
        there = workbook[sheet]._images  # type: ignore[attr-defined]  # openpyxl has no other way
        (picture,) = [each for each in there if (each.anchor._from.row, each.anchor._from.col) == _at(address)]
        there.remove(picture)
    workbook.save(path)


def _at(address):
    row, column = coordinate_to_tuple(address)
    return row - 1, column - 1


def frame(path, key):
    """Return the address of the frame of a picture."""
    return cell_of(openpyxl.load_workbook(path)["写真"], key, "写真").coordinate


def retyped(path, change):
    """Write a form's values into a workbook of another program's making; `change` may do more to it: it is called with each sheet's name, the sheet and the workbook."""
    old, target = openpyxl.load_workbook(path), io.BytesIO()
    with xlsxwriter.Workbook(target, {"strings_to_formulas": False}) as new:
        for sheet in old:
            written = new.add_worksheet(sheet.title)
            for row in sheet.iter_rows():
                for cell in row:
                    if cell.value is not None and not str(cell.value).startswith("="):
                        written.write(cell.row - 1, cell.column - 1, cell.value)
            change(sheet.title, written, new)
    path.write_bytes(target.getvalue())
