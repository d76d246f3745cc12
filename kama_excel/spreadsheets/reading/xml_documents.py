"""Parse XML documents of workbooks without document types; helpers for their elements."""

from __future__ import annotations

import datetime as dt
from xml.etree.ElementTree import Element, fromstring
from xml.parsers import expat

from kama_excel.domain.calendar import JAPAN
from kama_excel.files import limits
from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code

_PROLOG_BYTES = 256


def refuse_doctype(*_: object) -> None:
    """Refuse a document type (an expat handler): only entity expansion attacks have one."""
    raise RefusedError(Code.FILE_UNREADABLE, "ブックでは用いられない記述（DOCTYPE）が含まれています")


def parsed(xml: bytes) -> Element:
    """Parse a document.

    A document in memory takes up to forty times the size of its text, so its size is limited. Raises: RefusedError
    for a document type or too large a document; ParseError or ExpatError for invalid XML.
    """
    if len(xml) > limits.XML_BYTES:
        raise RefusedError(Code.FILE_TOO_LARGE, f"中のデータが1つで{len(xml) // 2**20:,}MBあります")
    if b"<!DOCTYPE" in xml or b"\0" in xml:  # other encodings than UTF-16 write these characters as ASCII
        _check_prolog(xml)
    return fromstring(xml)  # noqa: S314 -- without a document type there is nothing to expand or to fetch


def _check_prolog(xml: bytes) -> None:
    """Refuse a document type, which comes before the first element.

    Entities and external references are declared in it. Raises: RefusedError; ExpatError for invalid XML.
    """
    begun: list[str] = []

    def begin(name: str, _: object) -> None:
        begun.append(name)
        prolog.StartElementHandler = None

    prolog = expat.ParserCreate()
    prolog.StartDoctypeDeclHandler = refuse_doctype
    prolog.StartElementHandler = begin
    for at in range(0, len(xml), _PROLOG_BYTES):
        prolog.Parse(xml[at : at + _PROLOG_BYTES], False)
        if begun:
            break
    else:
        prolog.Parse(b"", True)  # a parser may delay input whose end it has not seen


def local(element: Element) -> str:
    """Return an element's name without namespace: strict and transitional files differ in it."""
    return str(element.tag).rpartition("}")[2]


def space_of(root: Element) -> str:
    """Return the root's namespace as tags begin with it: `{…}`; '' without one."""
    return root.tag[: root.tag.index("}") + 1] if "}" in root.tag else ""


def attribute(element: Element, name: str) -> str:
    """Return an attribute of any namespace; '' if there is none."""
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")


def whole(text: str | None) -> int:
    """Parse a number of digits; anything else is 0."""
    return int(text) if text and text.isascii() and text.isdigit() and len(text) < 19 else 0  # noqa: PLR2004 -- 64 bits


def is_true(text: str | None) -> bool:
    """Return whether an attribute of XML Schema's boolean type is true."""
    return text in ("1", "true", "on")


def japan_time(text: str) -> dt.datetime | None:
    """Parse a time as files write it and convert it to Japan time; None for other text.

    A time without a zone is UTC (2026-02-08T05:00:00Z).
    """
    try:
        moment = dt.datetime.fromisoformat(text.strip())
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(JAPAN)
    except (ValueError, OverflowError):
        return None
