"""Locate comments, controls and embedded objects on a sheet of an .xlsx.

They are in a drawing of the older kind (VML), which is not always well-formed XML.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from kama_excel.spreadsheets.reading.sheet_geometry import EMU_A_PIXEL, Box, Grid
from kama_excel.spreadsheets.reading.xlsx_parts import Parts

_SHAPE = re.compile(rb"<v:(shape|rect|oval|line|group)\b.*?</v:\1>", re.DOTALL)
_ANCHOR = re.compile(rb"<x:Anchor>([\s\d,-]+)</x:Anchor>")
_NOTE = re.compile(rb"ObjectType=.Note")
_SHOWN = re.compile(rb"<x:Visible\s*(?:/>|>\s*(?:true|t|1)?\s*</)", re.IGNORECASE)
_HIDDEN = re.compile(rb"visibility:\s*hidden")


def legacy_boxes(parts: Parts, sheet_part: str, geometry: Grid) -> Iterator[Box]:
    """Yield the rectangles of a sheet's visible comments, controls and objects."""
    for kind, part in sorted(parts.relations(sheet_part).values()):
        if kind == "vmlDrawing" and part in parts.names:
            for shape in _SHAPE.finditer(parts.read(part)):
                is_shown = _SHOWN.search(shape[0]) if _NOTE.search(shape[0]) else not _HIDDEN.search(shape[0])
                if is_shown and (anchor := _ANCHOR.search(shape[0])):
                    yield from _boxes(anchor[1], geometry)


def _boxes(anchor: bytes, geometry: Grid) -> Iterator[Box]:
    """Yield the rectangle of an anchor.

    An anchor lists column, pixels, row and pixels of the first and of the last corner.
    """
    try:
        left, right_by, top, down_by, right, right_to, bottom, down_to = map(int, anchor.split(b","))
    except ValueError:
        return
    first = geometry.point(max(top, 0), max(left, 0), down_by * EMU_A_PIXEL, right_by * EMU_A_PIXEL)
    last = geometry.point(max(bottom, 0), max(right, 0), down_to * EMU_A_PIXEL, right_to * EMU_A_PIXEL)
    yield Box(*first, *last)
