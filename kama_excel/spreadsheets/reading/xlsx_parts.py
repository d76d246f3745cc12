r"""The parts of an .xlsx and the relations between them (Open Packaging Conventions).

Names are resolved as Office does it: upper and lower case are the same, `\` is `/`, `%20` is a blank, `.` and `..` are
folders, and a leading `/` is the package's root.
"""

from __future__ import annotations

import posixpath
import zipfile
from dataclasses import dataclass
from functools import cached_property
from urllib.parse import unquote
from xml.etree.ElementTree import Element

from kama_excel.files.safe_zip import read_cells, read_part
from kama_excel.spreadsheets.reading.xml_documents import parsed

ROOT = ""
"""The part whose relations are those of the package itself."""


def normal_name(name: str, folder: str = "") -> str:
    """Return a part's name in the one form that all its spellings share."""
    path = posixpath.join("/", folder, unquote(name).replace("\\", "/"))
    return posixpath.normpath(path).lstrip("/").casefold()


@dataclass(frozen=True)
class Parts:
    """The parts of an opened .xlsx, by their normal names."""

    archive: zipfile.ZipFile

    @cached_property
    def _stored(self) -> dict[str, str]:
        """The name under which each part is stored; the first of several counts."""
        names: dict[str, str] = {}
        for name in self.archive.namelist():
            if not name.endswith("/"):
                names.setdefault(normal_name(name), name)
        return names

    @cached_property
    def names(self) -> frozenset[str]:
        """The normal names of all parts."""
        return frozenset(self._stored)

    def read(self, part: str) -> bytes:
        """Return a part's bytes. Raises KeyError where there is none, or one of UNPACKING_ERRORS."""
        return read_part(self.archive, self._stored[part])

    def xml(self, part: str) -> Element:
        """Return a part's document. Raises what `read` and `parsed` raise, RefusedError for one that is too large."""
        return parsed(self.read(part))

    def cells(self, part: str) -> Element:
        """Return the document of a part with cells or texts, whatever characters it holds (`read_cells`)."""
        return parsed(read_cells(self.archive, self._stored[part]))

    def relations(self, part: str) -> dict[str, tuple[str, str]]:
        """Return by id the kind of each relation and the part that it leads to. What leads outwards is left out."""
        if part not in self._relations:
            self._relations[part] = self._read_relations(part)
        return self._relations[part]

    @cached_property
    def _relations(self) -> dict[str, dict[str, tuple[str, str]]]:
        """Those that were read, by the part that they are of: the workbook's are asked for again and again."""
        return {}

    def _read_relations(self, part: str) -> dict[str, tuple[str, str]]:
        folder, name = posixpath.split(part)
        rels = posixpath.join(folder, "_rels", f"{name}.rels")
        if rels not in self.names:
            return {}
        return {
            relation.get("Id", ""): (
                relation.get("Type", "").rpartition("/")[2],
                normal_name(relation.get("Target", ""), folder),
            )
            for relation in self.xml(rels)
            if relation.get("TargetMode") != "External"
        }

    def related(self, part: str, kind: str) -> str:
        """Return the part that another's relation of this kind leads to; '' where there is none."""
        targets = (target for each, target in self.relations(part).values() if each == kind)
        return next((target for target in targets if target in self.names), "")

    @cached_property
    def workbook(self) -> str:
        """The name of the part that lists the sheets; '' where there is none."""
        return self.related(ROOT, "officeDocument") or ("xl/workbook.xml" if "xl/workbook.xml" in self.names else "")
