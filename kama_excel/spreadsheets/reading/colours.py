"""Colours of texts and cells, as RRGGBB; '' for one that is unknown."""

from __future__ import annotations

import colorsys
from functools import lru_cache

BLACK, WHITE = "000000", "FFFFFF"
_EIGHT = ("000000", "FFFFFF", "FF0000", "00FF00", "0000FF", "FFFF00", "FF00FF", "00FFFF")
PALETTE = (
    *_EIGHT,
    *_EIGHT,
    *("800000", "008000", "000080", "808000", "800080", "008080", "C0C0C0", "808080"),
    *("9999FF", "993366", "FFFFCC", "CCFFFF", "660066", "FF8080", "0066CC", "CCCCFF"),
    *("000080", "FF00FF", "FFFF00", "00FFFF", "800080", "800000", "008080", "0000FF"),
    *("00CCFF", "CCFFFF", "CCFFCC", "FFFF99", "99CCFF", "FF99CC", "CC99FF", "FFCC99"),
    *("3366FF", "33CCCC", "99CC00", "FFCC00", "FF9900", "FF6600", "666699", "969696"),
    *("003366", "339966", "003300", "333300", "993300", "993366", "333399", "333333"),
    *(BLACK, WHITE),
)
"""The colours that Excel numbers, without a palette of the workbook's own.

64 and 65 are those of the screen.
"""
_LEAST_CONTRAST = 1.25
_NEAREST = 64
_PALE, _DARK = 0.7, 0.025
"""Luminance of pale and of dark colours.

With less contrast a text cannot be read if both colours are pale, or near in red, green and blue; nor in a dark colour
on a dark one.
"""


@lru_cache(maxsize=4096)
def look_alike(one: str, other: str) -> bool:
    """Return whether a text in one colour cannot be read on the other: white on yellow."""
    if not (one and other):
        return False
    if one == other:
        return True
    mine, theirs = _channels(one), _channels(other)
    light, dark = sorted(map(_luminance, (mine, theirs)), reverse=True)
    is_near = all(abs(a - b) < _NEAREST for a, b in zip(mine, theirs, strict=True))
    if light < _DARK:
        return True
    return (is_near or dark > _PALE) and (light + 0.05) / (dark + 0.05) < _LEAST_CONTRAST


def rgb(text: str) -> str:
    """Return a colour written as #RRGGBB or AARRGGBB; '' for other text."""
    digits = text.removeprefix("#")[-6:].upper()
    return digits if len(digits) == 6 and all(each in "0123456789ABCDEF" for each in digits) else ""  # noqa: PLR2004


def tinted(colour: str, tint: float) -> str:
    """Return a colour made lighter (up to 1) or darker (down to -1) as Excel does it."""
    if not (colour and tint):
        return colour
    hue, light, strength = colorsys.rgb_to_hls(*(each / 255 for each in _channels(colour)))
    light = light * (1 + tint) if tint < 0 else light * (1 - tint) + tint
    return "".join(f"{round(each * 255):02X}" for each in colorsys.hls_to_rgb(hue, min(max(light, 0), 1), strength))


def _channels(colour: str) -> tuple[int, ...]:
    return tuple(bytes.fromhex(colour))


def _luminance(channels: tuple[int, ...]) -> float:
    """Return the relative luminance of a colour (WCAG 2), from 0 to 1."""
    red, green, blue = (
        each / 255 / 12.92 if each < 11 else ((each / 255 + 0.055) / 1.055) ** 2.4  # noqa: PLR2004 -- the formula
        for each in channels
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
