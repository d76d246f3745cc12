"""The input folder: `input/2026-02/` holds what came back in February 2026."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from kama_excel.domain.calendar import Month
from kama_excel.domain.place import Place
from kama_excel.domain.text import text_of
from kama_excel.files import limits
from kama_excel.files.limits import RefusedError
from kama_excel.files.patience import Patience
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding
from kama_excel.findings.os_errors import describe_os_error, is_in_use

_SYSTEM_BEGINNINGS = ("~$", "._", "thumbs.db", "desktop.ini", "ehthumbs.db")
"""How the names of files begin that systems and programs create by themselves; how they end."""
_SYSTEM_ENDINGS = (".tmp", ".part", ".crdownload", ".ds_store")


def was_sent(name: str) -> bool:
    """Return whether a file of this name, or path in a month's folder, was put there by a person and not by a system."""
    parts = PurePosixPath(name.replace("\\", "/").lower()).parts
    if any(part == "__macosx" or (part.startswith(".") and part.strip(".")) for part in parts):
        return False
    return not parts or not (parts[-1].startswith(_SYSTEM_BEGINNINGS) or parts[-1].endswith(_SYSTEM_ENDINGS))


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


def months_until(folder: Path, month: Month) -> list[Month]:
    """Return the months up to one that have a folder, oldest first, the newest `limits.MONTHS` of them."""
    return [each for each in months(folder) if each <= month][-limits.MONTHS :]


def misnamed_months(folder: Path) -> list[str]:
    """Return the names of folders that look like a month's, or hold files, and are not named as one: 2026-2, 2月."""
    known = {str(month) for month in months(folder)}
    there = folder.iterdir() if folder.is_dir() else ()
    others = (entry for entry in there if entry.is_dir() and entry.name not in known)
    return sorted(
        each.name for each in others if any(letter.isdigit() for letter in each.name) or files_directly_in(each)
    )


def files_directly_in(folder: Path) -> list[str]:
    """Return the names of the files that a person put directly into a folder; none where it cannot be opened."""
    try:
        return sorted(entry.name for entry in folder.iterdir() if entry.is_file() and was_sent(entry.name))
    except OSError:
        return []


def paths(folder: Path, month: Month) -> list[Path]:
    """Return every file below the month's folder in the order of its name, whatever the directory's order is.

    Links are returned and not followed: a link to a folder is one of the files. So is a folder that cannot be opened;
    where that is the month's own, OSError is raised.
    """
    top, found = folder / str(month), list[Path]()

    def name_closed(error: OSError) -> None:
        if Path(error.filename) == top:
            raise error
        found.append(Path(error.filename))

    for here, folders, names in os.walk(top, onerror=name_closed):
        found.extend(Path(here) / name for name in names)
        found.extend(each for name in folders if _is_link(each := Path(here) / name))
    return sorted(found, key=lambda path: (unicodedata.normalize("NFC", path.as_posix()), path.as_posix()))


def _is_link(path: Path) -> bool:
    """Return whether a folder is a link; one that cannot be asked is none, and is named when it is to be opened."""
    try:
        return path.is_symlink()
    except OSError:
        return False


class SentFile(NamedTuple):
    """A file in the folder of a month; `name` is how the run names it, `below` its path in that folder."""

    month: Month
    path: Path
    name: str
    below: str


@dataclass(frozen=True, slots=True)
class SentFiles:
    """The files of several months, the oldest month first, and findings about what is beyond the limits."""

    files: tuple[SentFile, ...]
    findings: tuple[Finding, ...]

    @property
    def newest_months(self) -> list[Month]:
        """The newest two months that a file lies in, the older one first."""
        return sorted({each.month for each in self.files})[-2:]


def sent_files(folder: Path, root: Path, month: Month) -> SentFiles:
    """Return every file of the months up to one, named relative to `root`. What is over a limit is a finding."""
    there = {each: paths(folder, each) for each in months_until(folder, month)}
    files = (
        SentFile(each, path, shown_path(path, root), _below(folder, each, path))
        for each in there
        for path in there[each][: limits.FILES]
    )
    return SentFiles(tuple(files), tuple(_over_limits(folder, root, month, there)))


def _below(folder: Path, month: Month, path: Path) -> str:
    return path.relative_to(folder / str(month)).as_posix()


def _over_limits(folder: Path, root: Path, month: Month, there: Mapping[Month, Sequence[Path]]) -> Iterator[Finding]:
    if older := sum(each <= month for each in months(folder)) - len(there):
        place = Place(shown_path(folder, root))
        yield finding(Code.FOLDER_TOO_MANY_MONTHS, place, value=older, first=min(there), limit=limits.MONTHS)
    if (count := len(there.get(month, ()))) > limits.FILES:
        place = Place(shown_path(folder / str(month), root))
        yield finding(Code.FOLDER_TOO_MANY_FILES, place, value=count, limit=limits.FILES)


def has_any_sent(folder: Path, month: Month) -> bool:
    """Return whether a person put anything into the month's folder."""
    return any(was_sent(_below(folder, month, path)) for path in paths(folder, month))


def read_file(path: Path, patience: Patience | None = None) -> bytes:
    """Return a file's bytes. Raises RefusedError where it is none, cannot be read, or is too large to be one."""
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            raise RefusedError(Code.FILE_LINK)
        if stat.S_ISDIR(status.st_mode):
            raise RefusedError(Code.FILE_INACCESSIBLE, "フォルダを開けません。読む権限を確かめてください")
        if not stat.S_ISREG(status.st_mode):
            raise RefusedError(Code.FILE_NOT_READ, value="ファイルではないもの")
        if status.st_size > limits.FILE_BYTES:
            raise RefusedError(Code.FILE_TOO_LARGE, f"{status.st_size / 1024 / 1024:,.0f}MBあります")
        return (patience or Patience())(path.read_bytes)
    except OSError as error:
        if is_in_use(error):
            raise RefusedError(Code.FILE_IN_USE) from error
        raise RefusedError(Code.FILE_INACCESSIBLE, describe_os_error(error)) from error


def shown_path(path: Path, root: Path) -> str:
    """Name a file as messages and `--json` do: relative to the working folder, else absolute; always with `/`.

    Links are not followed: a link is named where it lies.
    """
    absolute, base = (Path(os.path.abspath(each)) for each in (path, root))  # noqa: PTH100 -- resolve() follows links
    shown = absolute.relative_to(base) if absolute.is_relative_to(base) else absolute
    # a name of bytes that are no text (an old archive) is shown with them escaped
    return text_of(shown.as_posix().encode("utf-8", "backslashreplace").decode())
