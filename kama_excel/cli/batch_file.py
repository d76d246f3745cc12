"""Being started by a batch file: what it hands over, how output is written then, and how the program's end is told.

A batch file (`workspace/starters.py`) sets KAMA_BAT to its own name, KAMA_BAT_LINE to the command line of its cmd, and
KAMA_NAME to how the program is called there.
"""

from __future__ import annotations

import glob
import os
import re
import sys
from collections.abc import Iterator, Sequence
from io import TextIOWrapper

_BAT, _LINE, _NAME = "KAMA_BAT", "KAMA_BAT_LINE", "KAMA_NAME"
_ADDED = 100  # to exit codes: 1 and 2 are also those of a Python that does not start
_ENCODING = "cp932"
_WORD = re.compile(r'"([^"]*)"|(\S+)')
_ABSOLUTE = re.compile(r"[A-Za-z]:[\\/]|[\\/]{2}|/")


def given_name() -> str | None:
    """Return how a batch file calls the program; None where none has started it."""
    return os.environ.get(_NAME) or None


def program_name() -> str:
    """Return how the program is called where it runs, for help and hints."""
    return given_name() or "kama-excel"


def is_started_by_batch_file() -> bool:
    """Return whether a batch file waits for the program's end."""
    return bool(os.environ.get(_BAT))


def arguments(typed: Sequence[str]) -> list[str]:
    """Return the command line: files that were dropped on a batch file whole, patterns as the files that they fit.

    A name that exists is no pattern (様式[1].xlsx).
    """
    if typed[:1] == ["check"] and (files := dropped_files(os.environ.get(_LINE, ""), os.environ.get(_BAT, ""))):
        return ["check", *files]
    return list(_expanded(typed)) if sys.platform == "win32" else list(typed)


def dropped_files(line: str, bat: str) -> list[str]:
    """Return the files that were dropped on a batch file, from the command line of the cmd that Explorer started.

    Nothing where the line is another one: of a drop every word is the absolute path of a file.
    """
    found = re.search(rf"{re.escape(bat)}\"?\s+(.+)$", line, re.IGNORECASE) if bat else None
    if not found:
        return []
    rest = found[1].rstrip()
    if rest.count('"') % 2:  # the last one closes what cmd was given
        rest = rest.removesuffix('"')
    words = [quoted or plain for quoted, plain in _WORD.findall(rest)]
    return words if all(_ABSOLUTE.match(word) and os.path.exists(word) for word in words) else []  # noqa: PTH110


def use_one_encoding() -> None:
    """Write into a log in the encoding of the batch file's own lines; a console shows every character anyway."""
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding=_ENCODING, errors="replace")


def exit_code(code: str | int | None) -> int:
    """Return the exit code that only this program has, for the batch file that waits for it."""
    return _ADDED + (code if isinstance(code, int) else 0 if code is None else 1)


def _expanded(typed: Sequence[str]) -> Iterator[str]:
    for word in typed:
        fitting = [] if os.path.exists(word) else sorted(glob.glob(word))  # noqa: PTH110, PTH207 -- words, not paths
        yield from fitting or [word]
