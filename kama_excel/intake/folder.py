"""The input folder: `input/2026-02/` holds what came back in February 2026."""

from __future__ import annotations

import hashlib
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from kama_excel.fiscal import Month

WORKBOOK_SUFFIXES = frozenset({".xlsx", ".xlsm", ".xls", ".xlsb", ".ods"})
_NOBODY_SENT = ("~$", ".", "thumbs.db", "desktop.ini")  # how the names begin of files that machines leave behind


@dataclass(frozen=True, slots=True)
class Incoming:
    """One file of a month's folder. `name` is how the run names it: its path below the working folder, with `/`."""

    name: str
    content: bytes
    sha256: str

    @property
    def suffix(self) -> str:
        """The lower-case ending of the name, with its dot."""
        return Path(self.name).suffix.lower()

    @property
    def is_workbook(self) -> bool:
        """Whether the name is a workbook's."""
        return self.suffix in WORKBOOK_SUFFIXES

    @property
    def was_sent(self) -> bool:
        """Whether a person sent it; lock files and folder views nobody sent."""
        return not Path(self.name).name.lower().startswith(_NOBODY_SENT)


def months(folder: Path) -> list[Month]:
    """Return the months that have a folder of their own, oldest first. Other names are passed over."""
    found = []
    for entry in folder.iterdir() if folder.is_dir() else ():
        try:
            month = Month.parse(entry.name)
        except ValueError:
            continue
        if entry.is_dir():
            found.append(month)
    return sorted(found)


def misnamed_months(folder: Path) -> list[str]:
    """Return the names of folders that look like a month's and are not named as one: 2026-2, 2月."""
    known = {str(month) for month in months(folder)}
    there = folder.iterdir() if folder.is_dir() else ()
    named = [entry.name for entry in there if entry.is_dir() and any(each.isdigit() for each in entry.name)]
    return sorted(name for name in named if name not in known)


def count_files(folder: Path, month: Month) -> int:
    """Count the files below the month's folder."""
    return sum(path.is_file() for path in (folder / str(month)).rglob("*"))


def files(folder: Path, month: Month, root: Path) -> Iterator[Incoming]:
    """Yield every file below the month's folder in the order of their names, whatever the directory's order is."""
    paths = [path for path in (folder / str(month)).rglob("*") if path.is_file()]
    for path in sorted(paths, key=lambda path: unicodedata.normalize("NFC", path.as_posix())):
        content = path.read_bytes()
        yield Incoming(shown_path(path, root), content, hashlib.sha256(content).hexdigest())


def shown_path(path: Path, root: Path) -> str:
    """Name a file as messages and `--json` do: relative to the working folder, else absolute; always with `/`."""
    absolute = path.resolve()
    base = root.resolve()
    shown = absolute.relative_to(base) if absolute.is_relative_to(base) else absolute
    # a name of bytes that are no text (an old archive) is shown with them escaped
    return shown.as_posix().encode("utf-8", "backslashreplace").decode()
