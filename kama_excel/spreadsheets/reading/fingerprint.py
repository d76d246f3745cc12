"""Hash the content of a workbook.

The hash stays the same after Excel, SharePoint or OneDrive has rewritten the file.
"""

from __future__ import annotations

import hashlib
import html
import re
import zipfile
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from kama_excel.files.limits import RefusedError
from kama_excel.files.safe_zip import UNPACKING_ERRORS, open_archive, read_part

_SHEET = re.compile(r"xl/worksheets/[^/]+\.xml")
_WITH_TEXTS = re.compile(r"xl/(?:comments[^/]*|comments/[^/]+|threadedComments/[^/]+|drawings/[^/]+)\.xml")
_MEDIA = "xl/media/"
_END = "\0"  # of a text: no XML has this character
# Excel, XlsxWriter and LibreOffice all write cells in this order. Any other order gives another hash, which is
# safe.
_ROOT_PREFIX = re.compile(r"<(\w+:)?\w")
_SHEET_NAME = re.compile(r'<sheet\s[^>]*?name="([^"]*)"')
_CELL = re.compile(r'<c r="([^"]*+)"([^>]*+)><(f|v|is><t)[^>]*+>([^<]++)<')
"""A cell with content: address, attributes, and its formula (f) or its value."""
_SHARED = re.compile(r"<si>(.*?)</si>|<si/>", re.DOTALL)
_PHONETIC = re.compile(r"<rPh\b.*?</rPh>", re.DOTALL)
_TEXT = re.compile(r"<(?:\w+:)?(?:t|text)(?:\s[^>]*)?>(.*?)</(?:\w+:)?(?:t|text)>", re.DOTALL)


def fingerprint(file: BinaryIO) -> str:
    """Return a hash of a workbook's formulas, typed values, notes, text boxes and pictures.

    Computed values, formats and properties are not included. '' if the open file is no .xlsx workbook.
    """
    found = hashlib.sha256()
    try:
        with open_archive(file) as archive:
            for part in _parts(archive):
                for text in part:
                    found.update(f"{text}{_END}".encode("utf-8", "surrogatepass"))
                found.update(_END.encode())
    except (RefusedError, KeyError, IndexError, *UNPACKING_ERRORS):
        return ""
    return found.hexdigest()


def _parts(archive: zipfile.ZipFile) -> Iterator[Sequence[str]]:
    names = archive.namelist()
    strings = _strings(_part(archive, "xl/sharedStrings.xml")) if "xl/sharedStrings.xml" in names else []
    yield _SHEET_NAME.findall(_part(archive, "xl/workbook.xml"))
    yield sorted(_END.join(_cells(_part(archive, name), strings)) for name in names if _SHEET.fullmatch(name))
    yield sorted(
        text
        for name in names
        if _WITH_TEXTS.fullmatch(name)
        for text in (_plain(found).strip() for found in _TEXT.findall(_part(archive, name)))
        if text
    )
    yield sorted({hashlib.sha256(read_part(archive, name)).hexdigest() for name in names if name.startswith(_MEDIA)})


def _part(archive: zipfile.ZipFile, name: str) -> str:
    """Return a part without its root's namespace prefix, which some programs write: `<x:c>`."""
    part = read_part(archive, name).decode("utf-8-sig")
    root = _ROOT_PREFIX.search(part)
    prefix = root[1] if root else None
    return part.replace(f"<{prefix}", "<").replace(f"</{prefix}", "</") if prefix else part


def _strings(part: str) -> list[str]:
    """Return the shared texts without their phonetic guides."""
    return [_plain("".join(_TEXT.findall(_PHONETIC.sub("", item)))) for item in _SHARED.findall(part)]


def _cells(part: str, strings: Sequence[str]) -> Iterator[str]:
    """Yield address and content of each cell that has typed content."""
    for address, attributes, kind, content in map(re.Match.groups, _CELL.finditer(part)):  # never all cells at once
        if kind == "f":
            yield f"{address}={_with_signs(content)}"
        elif ' t="s"' in attributes:
            yield f"{address} {strings[int(content)]}"
        elif ' t="' in attributes:
            yield f"{address} {_plain(content)}"
        else:
            yield f"{address} {float(content):.15g}"


def _with_signs(formula: str) -> str:
    """Return a formula with its character references decoded.

    openpyxl writes 一 as &#19968;, most programs write the character.
    """
    return html.escape(html.unescape(formula), quote=False) if "&#" in formula else formula


def _plain(text: str) -> str:
    return html.unescape(text) if "&" in text else text
