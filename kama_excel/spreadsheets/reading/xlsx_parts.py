"""The parts of an .xlsx and what leads from one to another (Open Packaging Conventions)."""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass
from functools import cached_property
from xml.etree.ElementTree import Element, fromstring
from xml.parsers import expat

from kama_excel.files import limits
from kama_excel.files.limits import RefusedError
from kama_excel.files.safe_zip import read_cells, read_part
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.reading.marks import refuse_doctype

_PROLOG_BYTES = 1024


@dataclass(frozen=True)
class Parts:
    """The parts of an opened .xlsx."""

    archive: zipfile.ZipFile

    @cached_property
    def names(self) -> frozenset[str]:
        """The names of all parts."""
        return frozenset(self.archive.namelist())

    def read(self, part: str) -> bytes:
        """Return a part's bytes. Raises KeyError where there is none, or one of UNPACKING_ERRORS."""
        return read_part(self.archive, part)

    def xml(self, part: str) -> Element:
        """Return a part's document. Raises what `read` and `parsed` raise, RefusedError for one that is too large."""
        return parsed(self.read(part))

    def cells(self, part: str) -> Element:
        """Return the document of a part that calamine reads too, whatever characters it holds (`read_cells`)."""
        return parsed(read_cells(self.archive, part))

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return by id the kind of each relation and the part that it leads to. What leads outwards is left out."""
        folder, name = posixpath.split(part)
        rels = f"{folder}/_rels/{name}.rels"
        if rels not in self.names:
            return {}
        found = {}
        for relation in self.xml(rels):
            if relation.get("TargetMode") != "External":
                target = posixpath.normpath(posixpath.join("/", folder, relation.get("Target", ""))).lstrip("/")
                found[relation.get("Id", "")] = (relation.get("Type", "").rpartition("/")[2], target)
        return found


def parsed(xml: bytes) -> Element:
    """Return a document. Raises RefusedError for one with a document type, ParseError or ExpatError for none.

    Entities and what lies outside a file are declared in a document type, which must stand before the first element.
    So it is looked for up to there, and the rest is read by the standard library at its full speed. A document is held as
    a whole, up to forty times as large as its text: RefusedError for one that is larger than can be meant.
    """
    if len(xml) > limits.XML_BYTES:
        raise RefusedError(Code.FILE_TOO_LARGE, f"中のデータが1つで{len(xml) // 2**20:,}MBあります")
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
        prolog.Parse(b"", True)  # a parser may put off what it has not seen the end of
    return fromstring(xml)  # noqa: S314 -- without a document type there is nothing to expand or to fetch


def local(element: Element) -> str:
    """Return an element's name whatever its namespace: strict and transitional files differ in it."""
    return str(element.tag).rpartition("}")[2]


def space_of(root: Element) -> str:
    """Return the namespace of a document as its elements' tags begin with it: `{…}`, '' without one."""
    return root.tag[: root.tag.index("}") + 1] if "}" in root.tag else ""


def attribute(element: Element, name: str) -> str:
    """Return an attribute whatever its namespace, '' where there is none."""
    return next((value for key, value in element.items() if key.rpartition("}")[2] == name), "")


def whole(text: str | None) -> int:
    """Read a number of digits; anything else is 0."""
    return int(text) if text and text.isascii() and text.isdigit() else 0
