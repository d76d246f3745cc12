"""The manual of the kit: self-contained HTML pages with their pictures."""

from __future__ import annotations

import base64
import re
from pathlib import Path

_INSTALLED = Path(__file__).parent / "pages"
_PROJECT = Path(__file__).parents[3] / "docs"
_PICTURE = re.compile(r'src="\.\./images/([\w.-]+)"')


def handbook() -> dict[str, bytes]:
    """Return the pages by file name; they refer to no other file.

    The wheel holds copies (pyproject, force-include); an editable install reads the project's own files.
    """
    pages, pictures = _INSTALLED, _INSTALLED / "images"
    if not pages.is_dir():
        pages, pictures = _PROJECT / "handbook", _PROJECT / "images"

    def embedded(found: re.Match[str]) -> str:
        return f'src="data:image/png;base64,{base64.b64encode((pictures / found[1]).read_bytes()).decode()}"'

    return {
        path.name: _PICTURE.sub(embedded, path.read_text(encoding="utf-8")).encode()
        for path in sorted(pages.glob("*.html"))
    }
