"""What calamine does not tell of an .xlsx: percent formats, error values, formulas never calculated, pictures.

calamine gives a cell's value and no more: #REF! and a formula without a value come back like a blank, and 0.8 in a
percent cell like 0.8 in a plain one. One pass over the sheets' own XML tells them apart.
"""

from __future__ import annotations

import posixpath
import re
import zipfile
from dataclasses import dataclass, field
from typing import IO

from defusedxml.ElementTree import fromstring

from kama_excel.cells import SheetPicture
from kama_excel.intake.drawings import read_pictures

_BUILT_IN_PERCENT = frozenset({9, 10})
_CELL = re.compile(rb"<(?:\w+:)?c\s([^>]*?)(?:/>|>(.*?)</(?:\w+:)?c>)", re.DOTALL)
_ATTRIBUTE = re.compile(rb'\b(r|s|t)="([^"]*)"')
_VALUE = re.compile(rb"<(?:\w+:)?v[^>]*>([^<]+)</")
_FORMULA = re.compile(rb"<(?:\w+:)?f[\s>/]")
_ADDRESS = re.compile(r"([A-Z]{1,3})([0-9]{1,7})")
_RELATION_ID = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_STRICT_RELATION_ID = "{http://purl.oclc.org/ooxml/officeDocument/relationships}id"


@dataclass(slots=True)
class SheetMarks:
    """The marks of one sheet's cells, by (row, column) counted from 1."""

    percent: set[tuple[int, int]] = field(default_factory=set)
    errors: dict[tuple[int, int], str] = field(default_factory=dict)
    uncalculated: set[tuple[int, int]] = field(default_factory=set)
    formulas: set[tuple[int, int]] = field(default_factory=set)


def read_marks(file: IO[bytes]) -> tuple[dict[str, SheetMarks], tuple[SheetPicture, ...]]:
    """Read the marks of every sheet by its name, and the workbook's pictures.

    Raises what `zipfile` and the XML parser raise on a file that is not an .xlsx; KeyError for a missing part.
    """
    with zipfile.ZipFile(file) as archive:
        names = set(archive.namelist())
        percent_styles = _percent_styles(archive.read("xl/styles.xml")) if "xl/styles.xml" in names else frozenset()
        parts = [(name, part) for name, part in _sheet_parts(archive) if part in names]
        marks = {name: _sheet_marks(archive.read(part), percent_styles) for name, part in parts}
        return marks, tuple(read_pictures(archive, parts))


def _sheet_parts(archive: zipfile.ZipFile) -> list[tuple[str, str]]:
    targets = {
        relation.get("Id"): posixpath.normpath(posixpath.join("/xl", relation.get("Target", ""))).lstrip("/")
        for relation in fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    }
    workbook = fromstring(archive.read("xl/workbook.xml"))
    return [
        (sheet.get("name", ""), targets.get(sheet.get(_RELATION_ID) or sheet.get(_STRICT_RELATION_ID), ""))
        for sheet in workbook.iter()
        if sheet.tag.endswith("}sheet")
    ]


def _percent_styles(xml: bytes) -> frozenset[int]:
    styles = fromstring(xml)
    percent_formats = set(_BUILT_IN_PERCENT)
    for each in styles.iter():
        if each.tag.endswith("}numFmt"):
            code = re.sub(r'"[^"]*"|\\.', "", each.get("formatCode", ""))
            number = int(each.get("numFmtId", "-1"))
            (percent_formats.add if "%" in code else percent_formats.discard)(number)
    cell_formats = next((each for each in styles if each.tag.endswith("}cellXfs")), ())
    return frozenset(
        index for index, each in enumerate(cell_formats) if int(each.get("numFmtId", "0")) in percent_formats
    )


def _sheet_marks(xml: bytes, percent_styles: frozenset[int]) -> SheetMarks:
    marks = SheetMarks()
    for match in _CELL.finditer(xml):
        attributes = dict(_ATTRIBUTE.findall(match[1]))
        address = _position(attributes.get(b"r", b"").decode())
        if address is None:
            continue
        if int(attributes.get(b"s", b"0")) in percent_styles:
            marks.percent.add(address)
        content = match[2] or b""
        value = _VALUE.search(content)
        is_formula = bool(content) and _FORMULA.search(content) is not None
        if is_formula:
            marks.formulas.add(address)
        if attributes.get(b"t") == b"e":
            marks.errors[address] = value[1].decode() if value else "#VALUE!"
        elif value is None and is_formula:
            marks.uncalculated.add(address)
    return marks


def _position(address: str) -> tuple[int, int] | None:
    match = _ADDRESS.fullmatch(address)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - ord("A") + 1
    return int(match[2]), column
