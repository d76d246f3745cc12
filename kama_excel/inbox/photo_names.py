"""Find the action of a separate photo: the number at the start of its name."""

from __future__ import annotations

import re
import unicodedata
from pathlib import PurePosixPath

from kama_excel.findings.finding import own_name

PICTURE_SUFFIXES = frozenset(
    ".jpg .jpeg .jpe .jfif .png .gif .bmp .dib .tif .tiff .webp .heic .heif .emf .wmf .svg".split()  # noqa: SIM905
)

_NUMBERED = re.compile(
    r"(?:アクション|action)\s*0*(\d{1,3})(?!\d)|(?:a|no\.?)?\s*0*(\d{1,3})(?=$|_|[^\w.]|\.\D)", re.IGNORECASE
)
"""アクション6説明会.jpg, A06_説明会.png, 6-2.jpg; not 20260208.jpg, A4チラシ.jpg, 3歳児健診.jpg."""


def number_of_photo(name: str) -> int | None:
    """Return the number at the start of a file name; None without one."""
    match = _NUMBERED.match(unicodedata.normalize("NFKC", PurePosixPath(own_name(name)).stem).strip())
    return int(match[1] or match[2]) if match else None
