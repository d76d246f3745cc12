"""The example that ships with the program: the document's plan and the filled forms of its month."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_INSTALLED = Path(__file__).parent.parent / "example"
_PROJECT = Path(__file__).parent.parent.parent


def example_files() -> Iterator[tuple[PurePosixPath, bytes]]:
    """Yield each file's place in a working folder, and its bytes: the plan first, then the forms.

    The wheel holds copies (pyproject, force-include); in an editable install the project's own files are read.
    """
    plan, forms = _INSTALLED / "plan.xlsx", _INSTALLED / "input"
    if not plan.is_file():
        plan, forms = _PROJECT / "workbook_templates" / "plan.xlsx", _PROJECT / "input" / "example"
    yield PurePosixPath("workbook_templates/plan.xlsx"), plan.read_bytes()
    for path in sorted(forms.rglob("*.xlsx")):
        yield PurePosixPath("input", path.relative_to(forms)), path.read_bytes()
