"""Append a line to a text file that several runs share, completely or not at all."""

from __future__ import annotations

import codecs
from pathlib import Path

from kama_excel.files.folder_lock import locked
from kama_excel.files.whole_files import write_whole

_LOCK_SECONDS = 10.0


def append_line(path: Path, line: str, *, heading: str) -> None:
    """Append a line to a UTF-8 file with a byte order mark; a new file gets the heading.

    A file saved in code page 932 (Excel's 「CSV」) is converted. Raises: BusyError if another run holds the folder;
    OSError if the file cannot be replaced. The file is then unchanged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path.parent, _LOCK_SECONDS):
        before = _text(path.read_bytes()) if path.exists() else ""
        lines = [each for each in before.splitlines() if each] or [heading]
        text = "".join(f"{each}\r\n" for each in (*lines, line))
        write_whole(path, codecs.BOM_UTF8 + text.encode())


def _text(content: bytes) -> str:
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp932", "replace")
