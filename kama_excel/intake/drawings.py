"""The floating pictures of an .xlsx and the cell that each is anchored at."""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator
from xml.etree.ElementTree import Element

from defusedxml.ElementTree import fromstring

from kama_excel.cells import SheetPicture

_EMBED = "}embed"
_RELATION = "}Relationship"


def read_pictures(archive: zipfile.ZipFile, sheet_parts: list[tuple[str, str]]) -> Iterator[SheetPicture]:
    """Yield the pictures of every sheet in the order of their anchors. `sheet_parts` are (sheet name, part)."""
    for sheet, part in sheet_parts:
        for drawing in _targets(archive, part, "/drawing").values():
            media = _targets(archive, drawing, "/image")
            anchors = (each for each in fromstring(archive.read(drawing)) if each.tag.endswith("Anchor"))
            for anchor in anchors:
                yield from _of_anchor(archive, sheet, anchor, media)


def _of_anchor(archive: zipfile.ZipFile, sheet: str, anchor: Element, media: dict[str, str]) -> Iterator[SheetPicture]:
    start = next((each for each in anchor if each.tag.endswith("}from")), None)
    row, column = (1, 1) if start is None else (_number(start, "}row") + 1, _number(start, "}col") + 1)
    for blip in (each for each in anchor.iter() if each.tag.endswith("}blip")):
        relation = next((value for name, value in blip.attrib.items() if name.endswith(_EMBED)), "")
        part = media.get(relation, "")
        content = archive.read(part) if part in archive.namelist() else b""
        yield SheetPicture(sheet, row, column, content)


def _number(start: Element, tag: str) -> int:
    return int(next((each.text or "0" for each in start if each.tag.endswith(tag)), "0"))


def _targets(archive: zipfile.ZipFile, part: str, kind: str) -> dict[str, str]:
    """Return the parts that a part refers to in relations of a kind, by relation id. Nothing outside is followed."""
    folder, name = posixpath.split(part)
    relations = f"{folder}/_rels/{name}.rels"
    if relations not in archive.namelist():
        return {}
    return {
        each.get("Id", ""): posixpath.normpath(posixpath.join("/", folder, each.get("Target", ""))).lstrip("/")
        for each in fromstring(archive.read(relations))
        if each.tag.endswith(_RELATION) and each.get("Type", "").endswith(kind) and each.get("TargetMode") != "External"
    }
