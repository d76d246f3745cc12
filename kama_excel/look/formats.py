"""Cell formats, each made once a workbook."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from xlsxwriter import Workbook
from xlsxwriter.format import Format

from kama_excel.look.palette import HAIRLINE, INK

FONT = "BIZ UDPゴシック"
FIGURES = "BIZ UDゴシック"  # its digits have one width and are narrower: for columns of figures
SIZE = 10
CENTRED: Mapping[str, Any] = {"align": "center", "indent": 0}  # over `Formats.text`


class Formats:
    """The formats of one workbook: `formats(bold=True)` is the same object every time."""

    def __init__(self, workbook: Workbook) -> None:
        """Make formats in `workbook`."""
        self._workbook = workbook
        self._made: dict[tuple[object, ...], Format] = {}

    def __call__(self, **properties: Any) -> Format:
        """Return the format with these XlsxWriter properties over the house's own: font, size, colour, centred."""
        key = ("cell", *properties.items())
        if key not in self._made:
            wanted = {"font_name": FONT, "font_size": SIZE, "font_color": INK, "valign": "vcenter"} | properties
            self._made[key] = self._workbook.add_format(wanted)
        return self._made[key]

    def conditional(self, **properties: Any) -> Format:
        """Return a format for a conditional rule: only what it changes."""
        key = ("conditional", *properties.items())
        if key not in self._made:
            self._made[key] = self._workbook.add_format(properties)
        return self._made[key]

    def boxed(self, **properties: Any) -> Format:
        """Return a format with a hairline around the cell."""
        return self(**({"border": 1, "border_color": HAIRLINE} | properties))

    def text(self, **properties: Any) -> Format:
        """Return a format for a text in a box: wrapped, and not touching the border.

        Without `align` XlsxWriter leaves a text at the top of its cell unindented.
        """
        return self.boxed(**({"text_wrap": True, "align": "left", "indent": 1} | properties))
