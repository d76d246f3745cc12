"""Colours of texts and cells."""

from __future__ import annotations

import re

_RGB = re.compile("#?([0-9a-f]{2})([0-9a-f]{2})([0-9a-f]{2})", re.IGNORECASE)
_NEAREST = 24
"""Colours nearer than this in red, green and blue (of 255) look the same."""


def look_alike(one: str, other: str) -> bool:
    """Return whether a text in one colour cannot be seen on the other.

    Both are RRGGBB; other texts are compared as they are.
    """
    colours = _RGB.fullmatch(one), _RGB.fullmatch(other)
    if not (colours[0] and colours[1]):
        return one == other
    pairs = zip(colours[0].groups(), colours[1].groups(), strict=True)
    return all(abs(int(mine, 16) - int(theirs, 16)) < _NEAREST for mine, theirs in pairs)
