"""Cooperate with a batch file: its arguments, the output encoding, the exit code.

A batch file (`workspace/starters.py`) sets KAMA_BAT to its own name, KAMA_BAT_LINE to the command line of its
cmd, and KAMA_NAME to the program's name there.
"""

from __future__ import annotations

import glob
import os
import re
import sys
from collections.abc import Iterator, Sequence
from io import TextIOWrapper

_BAT, _LINE, _NAME = "KAMA_BAT", "KAMA_BAT_LINE", "KAMA_NAME"
_ADDED = 100  # to exit codes: a Python that does not start also uses 1 and 2
_ENCODING = "cp932"
_WORD = re.compile(r'"([^"]*)"|(\S+)')
_ABSOLUTE = re.compile(r"[A-Za-z]:[\\/]|[\\/]{2}|/")


def given_name() -> str | None:
    """Return the program's name as a batch file gives it; None without a batch file."""
    return os.environ.get(_NAME) or None


def program_name() -> str:
    """Return the program's name for help and hints."""
    return given_name() or "kama-excel"


def is_started_by_batch_file() -> bool:
    """Return whether a batch file waits for the program's end."""
    return bool(os.environ.get(_BAT))


def arguments(typed: Sequence[str]) -> list[str]:
    """Return the command line with dropped files complete and patterns expanded.

    A name that exists is no pattern (様式[1].xlsx).
    """
    if typed[:1] == ["check"] and (files := dropped_files(os.environ.get(_LINE, ""), os.environ.get(_BAT, ""))):
        return ["check", *files]
    return list(_expanded(typed)) if sys.platform == "win32" else list(typed)


def dropped_files(line: str, bat: str) -> list[str]:
    """Return the files dropped on a batch file, from the command line of Explorer's cmd.

    Empty if the line is another one: in a drop every word is the absolute path of a file.
    """
    found = re.search(rf"{re.escape(bat)}\"?\s+(.+)$", line, re.IGNORECASE) if bat else None
    if not found:
        return []
    rest = found[1].rstrip()
    if rest.count('"') % 2:  # the last one closes the argument of cmd
        rest = rest.removesuffix('"')
    words = [quoted or plain for quoted, plain in _WORD.findall(rest)]
    return words if all(_ABSOLUTE.match(word) and os.path.exists(word) for word in words) else []  # noqa: PTH110


def use_one_encoding() -> None:
    """Write a log in the encoding of the batch file's own lines.

    A console shows every character anyway.
    """
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, TextIOWrapper) and not stream.isatty():
            stream.reconfigure(encoding=_ENCODING, errors="replace")


def exit_code(code: str | int | None) -> int:
    """Return an exit code that only this program uses, for the waiting batch file."""
    return _ADDED + (code if isinstance(code, int) else 0 if code is None else 1)


def _expanded(typed: Sequence[str]) -> Iterator[str]:
    for word in typed:
        fitting = [] if os.path.exists(word) else sorted(glob.glob(word))  # noqa: PTH110, PTH207 -- words, not paths
        yield from fitting or [word]
