"""Determine the kind of a file by its content, whatever its name."""

from __future__ import annotations

import codecs
import io
import zipfile
from enum import Enum
from pathlib import PurePosixPath

from kama_excel.files.safe_zip import UNPACKING_ERRORS
from kama_excel.files.signatures import HEIC_BRANDS
from kama_excel.inbox.photo_names import PICTURE_SUFFIXES
from kama_excel.spreadsheets.reading.open_workbook import OLE_SIGNATURE
from kama_excel.spreadsheets.reading.xlsx_parts import normal_name

_PICTURES = (
    b"\xff\xd8\xff",
    b"\x89PNG\r\n\x1a\n",
    b"GIF8",
    b"BM",
    b"II*\x00",
    b"MM\x00*",
    b"\xd7\xcd\xc6\x9a",
)


_WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
_WORKBOOK_STREAMS = tuple(name.encode("utf-16-le") for name in ("Workbook", "Book", "EncryptedPackage"))
_PHOTO_BRANDS = HEIC_BRANDS | {b"avif"}


class Kind(Enum):
    """The kind of a file, in the words of its users."""

    WORKBOOK = "Excelのブック"
    ARCHIVE = "ZIP"
    EML = "メール（.eml）"
    MSG = "メール（.msg）"
    PICTURE = "写真"
    EMPTY = "空のファイル"
    PDF = "PDF"
    WORD = "Wordの文書"
    POWERPOINT = "PowerPointの資料"
    HTML = "ウェブページ（HTML）"
    ICHITARO = "一太郎の文書"
    NUMBERS = "iPadやMacのNumbers・Pagesの書類"
    FILM = "動画か音声"
    OUTLOOK = "Outlookの独自形式の添付（winmail.dat）"
    OTHER_ARCHIVE = "ZIP以外の圧縮ファイル"
    SHORTCUT = "ショートカット"
    TEXT = "文字だけのファイル"
    UNKNOWN = ""


def kind_of(name: str, content: bytes) -> Kind:
    """Return the kind of a file.

    A broken container has the kind of its name: its reader reports the fault.
    """
    suffix = PurePosixPath(name.lower()).suffix
    head = content[:1024].lstrip(b"\xef\xbb\xbf \t\r\n")
    if not content:
        return Kind.EMPTY
    if content.startswith(b"PK"):
        return _container(content, suffix)
    if content.startswith(OLE_SIGNATURE):
        return _ole(content, suffix)
    for start, kind in (
        (b"%PDF", Kind.PDF),
        (b"{\\rtf", Kind.WORD),
        (b"\x78\x9f\x3e\x22", Kind.OUTLOOK),
        (b"7z\xbc\xaf\x27\x1c", Kind.OTHER_ARCHIVE),
        (b"Rar!", Kind.OTHER_ARCHIVE),
        (b"\x1f\x8b", Kind.OTHER_ARCHIVE),
        (b"L\x00\x00\x00\x01\x14\x02\x00", Kind.SHORTCUT),
        (b"[InternetShortcut]", Kind.SHORTCUT),
    ):
        if head.startswith(start):
            return kind
    if content[2:5] == b"-lh" or suffix in (".lzh", ".7z", ".rar"):
        return Kind.OTHER_ARCHIVE
    if content[4:8] == b"ftyp" or content.startswith(_PICTURES) or suffix in PICTURE_SUFFIXES:
        return Kind.FILM if content[4:8] == b"ftyp" and content[8:12] not in _PHOTO_BRANDS else Kind.PICTURE
    if suffix == ".eml":
        return Kind.EML
    if b"<html" in head.lower() or b"<!doctype html" in head.lower() or b"<table" in head.lower():
        return Kind.HTML
    return _text(content, suffix)


def _container(content: bytes, suffix: str) -> Kind:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = {normal_name(name) for name in archive.namelist()}
    except UNPACKING_ERRORS:
        return Kind.ARCHIVE if suffix == ".zip" else Kind.WORKBOOK
    if any(name.startswith("xl/") for name in names) or ("content.xml" in names and "mimetype" in names):
        return Kind.WORKBOOK
    if any(name.startswith("word/") for name in names):
        return Kind.WORD
    if any(name.startswith("ppt/") for name in names):
        return Kind.POWERPOINT
    if any(name.endswith(".iwa") for name in names):
        return Kind.NUMBERS
    return Kind.WORKBOOK if suffix in _WORKBOOK_SUFFIXES else Kind.ARCHIVE


def _ole(content: bytes, suffix: str) -> Kind:
    if "__properties_version1.0".encode("utf-16-le") in content:
        return Kind.MSG
    # only the suffix tells the kind of an encrypted file
    if "WordDocument".encode("utf-16-le") in content or suffix in (".doc", ".docx"):
        return Kind.WORD
    if "PowerPoint Document".encode("utf-16-le") in content or suffix in (".ppt", ".pptx"):
        return Kind.POWERPOINT
    if suffix in (".jtd", ".jtt", ".jtdc", ".jttc"):
        return Kind.ICHITARO
    is_workbook = suffix in _WORKBOOK_SUFFIXES or any(name in content for name in _WORKBOOK_STREAMS)
    return Kind.MSG if suffix == ".msg" else Kind.WORKBOOK if is_workbook else Kind.UNKNOWN


def _text(content: bytes, suffix: str) -> Kind:
    if suffix == ".msg":
        return Kind.MSG
    if suffix in (*_WORKBOOK_SUFFIXES, ".csv", ".tsv", ".txt", "") and _is_text(content[:4096]):
        return Kind.TEXT
    return Kind.WORKBOOK if suffix in _WORKBOOK_SUFFIXES else Kind.ARCHIVE if suffix == ".zip" else Kind.UNKNOWN


def _is_text(head: bytes) -> bool:
    """Return whether the bytes are text, such as a CSV named .xlsx."""
    is_utf16 = head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE))
    for encoding in ("utf-16",) if is_utf16 else ("utf-8-sig", "cp932"):
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(head)  # a character may be cut at the head's end
        except UnicodeDecodeError:
            continue
        return all(each.isprintable() or each in "\r\n\t" for each in text)
    return False
