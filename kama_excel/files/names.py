"""File names that are valid on every system, and distinct on each of them."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable

_FORBIDDEN = frozenset('<>:"/\\|?*')
_DEVICE = re.compile(r"(?:con|prn|aux|nul|conin\$|conout\$|(?:com|lpt)[0-9¹²³])\s*(?:\.|$)", re.IGNORECASE)
_LONGEST_NAME = 50  # characters: at most 200 of the 255 bytes of a name, with room for a suffix


def safe_name(text: str) -> str:
    """Return a text as part of a file name without reserved characters or words.

    The name is valid on Windows too. A long text is cut and gets a suffix that distinguishes it from similar
    ones.
    """
    name = "".join("_" if each in _FORBIDDEN or unicodedata.category(each)[0] == "C" else each for each in text)
    name = re.sub(r"[. ]+$", lambda found: "_" * len(found[0]), name) or "_"  # Windows removes them
    if _DEVICE.match(name):
        name = f"_{name}"
    return name if len(name) <= _LONGEST_NAME else _with_hash(name, text)


def unique_names(texts: Iterable[str]) -> dict[str, str]:
    """Return a safe, unique name for each text; names that differ only in case are not unique.

    Of equal names the first stays; the others get a suffix derived from their own text.
    """
    names: dict[str, str] = {}
    taken: set[str] = set()
    for text in dict.fromkeys(texts):
        name = safe_name(text)
        if _comparable(name) in taken:
            name = _with_hash(name, text)
        taken.add(_comparable(name))
        names[text] = name
    return names


def _with_hash(name: str, text: str) -> str:
    return f"{name[: _LONGEST_NAME - 9]}_{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def _comparable(name: str) -> str:
    """Return a key under which names that a system may confuse are equal."""
    return unicodedata.normalize("NFC", name).casefold()
