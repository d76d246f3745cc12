r"""The parts of an .xlsx and the relations between them (Open Packaging Conventions).

Names are resolved as in Office: upper and lower case are equal, `\` is `/`, `%20` is a blank, `.` and `..` are
folders, and a leading `/` is the package's root.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Callable, Mapping
from contextlib import suppress
from functools import cached_property, lru_cache
from urllib.parse import unquote
from xml.etree.ElementTree import Element, ParseError
from xml.parsers.expat import ExpatError

from kama_excel.files.safe_zip import read_cells, read_later, read_part
from kama_excel.spreadsheets.reading.xml_documents import parsed

ROOT = ""
"""The part whose relations are those of the package itself."""
Relations = Mapping[str, tuple[str, str]]
"""Kind and target part of relations by id."""
_USUAL_BYTES = 4096
"""Size of relations up to which they are kept; a hostile file's may have megabytes."""


@lru_cache(maxsize=200)  # all forms have parts of the same names
def normal_name(name: str, folder: str = "") -> str:
    """Return a part's name in its canonical spelling."""
    path = posixpath.join("/", folder, unquote(name).replace("\\", "/"))
    return posixpath.normpath(path).lstrip("/").casefold()


@lru_cache(maxsize=200)
def _relations_part(part: str) -> str:
    """Return the name of the part that has the relations of a part."""
    folder, name = posixpath.split(part)
    return posixpath.join(folder, "_rels", f"{name}.rels")


def _relations_in(xml: bytes, part: str) -> Relations:
    """Parse the relations of a part; usual ones are kept, as they are equal in all forms.

    Raises: what `parsed` raises.
    """
    return (_usual_relations if len(xml) + len(part) <= _USUAL_BYTES else _parsed_relations)(xml, part)


def _parsed_relations(xml: bytes, part: str) -> Relations:
    folder = posixpath.dirname(part)
    return {
        relation.get("Id", ""): (
            relation.get("Type", "").rpartition("/")[2],
            normal_name(relation.get("Target", ""), folder),
        )
        for relation in parsed(xml)
        if relation.get("TargetMode") != "External"
    }


_usual_relations = lru_cache(maxsize=100)(_parsed_relations)


class Parts:
    """The parts of an opened .xlsx by canonical name."""

    def __init__(self, archive: zipfile.ZipFile) -> None:
        self.archive = archive

    @cached_property
    def _stored(self) -> dict[str, str]:
        """The stored name of each part; the first of several counts."""
        names: dict[str, str] = {}
        for name in self.archive.namelist():
            if not name.endswith("/"):
                names.setdefault(normal_name(name), name)
        return names

    @cached_property
    def names(self) -> frozenset[str]:
        """The canonical names of all parts."""
        return frozenset(self._stored)

    def read(self, part: str) -> bytes:
        """Return a part's bytes.

        Raises: KeyError if there is no such part, or one of UNPACKING_ERRORS.
        """
        return read_part(self.archive, self._stored[part])

    def read_later(self, part: str) -> Callable[[], bytes]:
        """Return a function that reads a part when it is needed; b'' for a missing or damaged one."""
        return read_later(self.archive, self._stored.get(part, part))

    def xml(self, part: str) -> Element:
        """Return a part's document.

        Raises: what `read` and `parsed` raise; RefusedError if it is too large.
        """
        return parsed(self.read(part))

    def cells(self, part: str) -> Element:
        """Return the document of a part with cells or texts, with any characters (`read_cells`)."""
        content = self.read(part)
        if b"\0" not in content:
            with suppress(ParseError, ExpatError):  # few files have other forbidden characters
                return parsed(content)
        return parsed(read_cells(self.archive, self._stored[part]))

    def relations(self, part: str) -> Relations:
        """Return kind and target part of each relation by id; external ones are left out."""
        if part not in self._relations:
            rels = _relations_part(part)
            self._relations[part] = _relations_in(self.read(rels), part) if rels in self.names else {}
        return self._relations[part]

    @cached_property
    def _relations(self) -> dict[str, Relations]:
        """The relations read so far by part; the workbook's are requested repeatedly."""
        return {}

    def related(self, part: str, kind: str) -> str:
        """Return the target part of a part's relation of this kind; '' if there is none."""
        targets = (target for each, target in self.relations(part).values() if each == kind)
        return next((target for target in targets if target in self.names), "")

    @cached_property
    def workbook(self) -> str:
        """The name of the part that lists the sheets; '' if there is none."""
        return self.related(ROOT, "officeDocument") or ("xl/workbook.xml" if "xl/workbook.xml" in self.names else "")
