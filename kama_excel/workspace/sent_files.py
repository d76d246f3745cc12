"""The input folder: `input/2026-02/` holds the files received in February 2026."""

from __future__ import annotations

import os
import stat
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from kama_excel.domain.calendar import Month
from kama_excel.domain.place import Place
from kama_excel.domain.text import text_of
from kama_excel.files import limits
from kama_excel.files.limits import RefusedError
from kama_excel.files.retry import Retry
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding
from kama_excel.findings.os_errors import describe_os_error, is_in_use

_SYSTEM_BEGINNINGS = ("~$", "._", "thumbs.db", "desktop.ini", "ehthumbs.db")
"""Prefixes and suffixes of file names that systems and programs create."""
_SYSTEM_ENDINGS = (".tmp", ".part", ".crdownload", ".ds_store")


def was_sent(name: str) -> bool:
    """Return whether a file name, or path in a month's folder, is a person's and no system's."""
    parts = PurePosixPath(name.replace("\\", "/").lower()).parts
    if any(part == "__macosx" or (part.startswith(".") and part.strip(".")) for part in parts):
        return False
    return not parts or not (parts[-1].startswith(_SYSTEM_BEGINNINGS) or parts[-1].endswith(_SYSTEM_ENDINGS))


def months(folder: Path) -> list[Month]:
    """Return the months that have a folder, oldest first; other names are ignored."""
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
    """Return the months with a folder up to one, oldest first; at most `limits.MONTHS`."""
    return [each for each in months(folder) if each <= month][-limits.MONTHS :]


def misnamed_months(folder: Path) -> list[str]:
    """Return folders that look like a month's or hold files but are misnamed: 2026-2, 2月."""
    known = {str(month) for month in months(folder)}
    there = folder.iterdir() if folder.is_dir() else ()
    others = (entry for entry in there if entry.is_dir() and entry.name not in known)
    return sorted(
        each.name for each in others if any(letter.isdigit() for letter in each.name) or files_directly_in(each)
    )


def files_directly_in(folder: Path) -> list[str]:
    """Return the names of a person's files directly in a folder; none if it cannot be opened."""
    try:
        return sorted(entry.name for entry in folder.iterdir() if entry.is_file() and was_sent(entry.name))
    except OSError:
        return []


def paths(folder: Path, month: Month) -> list[Path]:
    """Return every file below a month's folder, sorted by name.

    Links are returned, not followed: a link to a folder counts as a file. So does a folder that cannot be opened.
    Raises: OSError if the month's own folder cannot be opened.
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
    """Return whether a folder is a link; false if it cannot be checked.

    Such a folder is reported when it is opened.
    """
    try:
        return path.is_symlink()
    except OSError:
        return False


class SentFile(NamedTuple):
    """A file in a month's folder; `name` is its name in messages, `below` its path there."""

    month: Month
    path: Path
    name: str
    below: str


class SentFiles(NamedTuple):
    """The files of several months, oldest month first, and findings about exceeded limits."""

    files: tuple[SentFile, ...]
    findings: tuple[Finding, ...]

    @property
    def newest_months(self) -> list[Month]:
        """The newest two months that have a file, the older one first."""
        return sorted({each.month for each in self.files})[-2:]


def sent_files(folder: Path, root: Path, month: Month) -> SentFiles:
    """Return every file of the months up to one, named relative to `root`.

    Files over a limit become findings.
    """
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
    """Return whether a person put any file into the month's folder."""
    return any(was_sent(_below(folder, month, path)) for path in paths(folder, month))


def read_file(path: Path, retry: Retry | None = None) -> bytes:
    """Return a file's bytes.

    Raises: RefusedError if it is no file, cannot be read, or is too large.
    """
    try:
        status = path.lstat()
        if stat.S_ISLNK(status.st_mode):
            raise RefusedError(Code.FILE_LINK)
        if stat.S_ISDIR(status.st_mode):
            raise RefusedError(Code.FILE_INACCESSIBLE, "フォルダを開けません。読み取りの権限をご確認ください")
        if not stat.S_ISREG(status.st_mode):
            raise RefusedError(Code.FILE_NOT_READ, value="ファイルではないもの")
        if status.st_size > limits.FILE_BYTES:
            raise RefusedError(Code.FILE_TOO_LARGE, f"{status.st_size / 1024 / 1024:,.0f}MBあります")
        return (retry or Retry())(path.read_bytes)
    except OSError as error:
        if is_in_use(error):
            raise RefusedError(Code.FILE_IN_USE) from error
        raise RefusedError(Code.FILE_INACCESSIBLE, describe_os_error(error)) from error


def shown_path(path: Path, root: Path) -> str:
    """Return a path for messages and `--json`, with `/`, relative to the working folder.

    Absolute if it is outside. Links are not followed.
    """
    absolute, base = (Path(os.path.abspath(each)) for each in (path, root))  # noqa: PTH100 -- resolve() follows links
    shown = absolute.relative_to(base) if absolute.is_relative_to(base) else absolute
    # a name whose bytes are no text (from an old archive) is shown escaped
    return text_of(shown.as_posix().encode("utf-8", "backslashreplace").decode())
