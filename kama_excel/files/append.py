"""Append a line to a text file that several runs share, completely or not at all."""

from __future__ import annotations

import codecs
from pathlib import Path

from kama_excel.files.decoding import decode_text
from kama_excel.files.folder_lock import locked
from kama_excel.files.whole_files import write_whole

_LOCK_SECONDS = 10.0


def append_line(path: Path, line: str, *, heading: str, lock_seconds: float = _LOCK_SECONDS) -> None:
    """Append a line to a UTF-8 file with a byte order mark; a new file gets the heading.

    A file saved in code page 932 (Excel's 「CSV」) is converted. Raises: BusyError if another run holds the folder for
    longer than `lock_seconds`; OSError if the file cannot be replaced. The file is then unchanged.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    with locked(path.parent, lock_seconds):
        before = decode_text(path.read_bytes(), "replace") if path.exists() else ""
        lines = [each for each in before.splitlines() if each] or [heading]
        text = "".join(f"{each}\r\n" for each in (*lines, line))
        write_whole(path, codecs.BOM_UTF8 + text.encode())
