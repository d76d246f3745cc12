"""Move a run's files to their targets, or beside those that are in use or protected."""

from __future__ import annotations

import hashlib
import itertools
import re
import shutil
import stat
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import BinaryIO, NamedTuple

from kama_excel.files.publish_record import Record, write_record
from kama_excel.files.retry import Retry
from kama_excel.files.whole_files import sync_folder
from kama_excel.findings.os_errors import naming

_BESIDE = "新"  # in the name of a file whose target was in use

ContentHash = Callable[[BinaryIO], str]
"""Hash the content of an open file, independent of its bytes; '' if impossible."""


def no_hash(_: BinaryIO) -> str:
    """Return no hash: files are compared by their bytes."""
    return ""


@dataclass(frozen=True, slots=True)
class FileHashes:
    """Read the files of one run with one `Retry`, and compare them by content hash."""

    content_hash: ContentHash = no_hash
    retry: Retry = field(default_factory=Retry)

    def hash_of(self, file: BinaryIO) -> str:
        """Return the hash of an open file's bytes and, after a space, the hash of its content."""
        return f"{_sha256(file)} {self.content_hash(file)}".rstrip()

    def was_changed(self, path: Path, known: Sequence[str | None]) -> bool:
        """Return whether a person changed the file; a file of unknown origin counts as changed.

        SharePoint, OneDrive and Excel rewrite a workbook when it is only uploaded or opened, so the content is
        compared.
        """
        return path.exists() and self.retry(lambda: self._is_other(path, [each.split(" ") for each in known if each]))

    def _is_other(self, path: Path, known_hashes: Sequence[Sequence[str]]) -> bool:
        with path.open("rb") as file:
            found = _sha256(file)
            if any(hashes[0] == found for hashes in known_hashes):
                return False
            content_found = self.content_hash(file)
        return not content_found or all(content_found not in hashes[1:] for hashes in known_hashes)


def _sha256(file: BinaryIO) -> str:
    return hashlib.file_digest(file, "sha256").hexdigest()  # type: ignore[arg-type]  # every binary file has `readinto`


class Published(NamedTuple):
    """The final locations of a run's files.

    `kept` are files that a person had changed, under their new names. `beside` are this run's files whose target
    was in use. `protected` are those whose target is read-only. `left` are files of earlier runs that this one
    neither replaced nor deleted.
    """

    files: tuple[Path, ...]
    kept: tuple[Path, ...] = ()
    beside: tuple[Path, ...] = ()
    protected: tuple[Path, ...] = ()
    left: tuple[Path, ...] = ()


@dataclass(slots=True)
class Placement:
    """Move a recorded run's files from the staging folder to their targets."""

    folder: Path
    record: Record
    disk: FileHashes
    kept: list[Path] = field(default_factory=list)
    beside: list[Path] = field(default_factory=list)
    protected: list[Path] = field(default_factory=list)

    def place(self) -> Published:
        """Move every file that is still staged.

        Raises: OSError that names the file.
        """
        staging = self.folder / self.record["staging"]
        placed = {}
        for number, name in enumerate(sorted(self.record["placing"])):
            target = self.folder / name
            with naming(target.parent):
                self.disk.retry(partial(target.parent.mkdir, parents=True, exist_ok=True))
            with naming(target):
                placed[name] = self._place(staging / str(number), name)
        for parent in {target.parent for target in placed.values()}:
            sync_folder(parent)
        written = {"written": self.record["written"]}
        write_record(self.folder, written, self.disk.retry)
        shutil.rmtree(staging, ignore_errors=True)
        files = tuple(placed[name] for name in self.record["placing"])
        return Published(files, tuple(self.kept), tuple(self.beside), tuple(self.protected))

    def _place(self, source: Path, name: str) -> Path:
        """Move one file to its target or beside it; return its final path."""
        target = self.folder / name
        if not source.exists():  # moved before the run was interrupted
            return target
        known = (self.record["before"].get(name), self.record["placing"][name])
        try:
            if _is_read_only(target):
                self.protected.append(self._place_beside(source, name))
                return self.protected[-1]
            if self.disk.was_changed(target, known):
                aside = _free_name(target, "手直し")
                self.disk.retry(lambda: target.rename(aside))
                self.kept.append(aside)
            self.disk.retry(lambda: source.replace(target))
        except (PermissionError, IsADirectoryError):  # the target is a folder; Windows reports both as the former
            self.beside.append(self._place_beside(source, name))
            return self.beside[-1]
        self._drop_beside(name)
        return target

    def _place_beside(self, source: Path, name: str) -> Path:
        """Move a file beside its target and return the path.

        Uses the first name that is free or holds an earlier run's file.
        """
        written, before = self.record["written"], self.record["before"]
        for number in itertools.count(1):
            target = _numbered(self.folder / name, _BESIDE, number)
            shown = target.relative_to(self.folder).as_posix()
            if self.disk.was_changed(target, (written.get(shown),)):
                continue
            try:
                self.disk.retry(partial(source.replace, target))
            except PermissionError:
                if target.exists():  # in use as well
                    continue
                raise  # the staged file itself is held
            break
        written[shown] = written.pop(name)
        if name in before:
            written[name] = before[name]
        return target

    def _drop_beside(self, name: str) -> None:
        """Delete the copies of earlier runs beside a file that is now at its target."""
        path, written = Path(name), self.record["written"]
        stem = path.with_suffix("").as_posix()
        beside = re.compile(rf"{re.escape(stem)}_{_BESIDE}\d+{re.escape(path.suffix)}")
        for each in [each for each in written if beside.fullmatch(each)]:
            delete_unchanged(self.folder, each, written, self.disk)


def delete_unchanged(folder: Path, name: str, written: dict[str, str], disk: FileHashes) -> None:
    """Delete a file of the program, unless a person has changed it or has it open."""
    with suppress(PermissionError):
        if not disk.was_changed(folder / name, (written[name],)):
            (folder / name).unlink(missing_ok=True)
            del written[name]


def _is_read_only(path: Path) -> bool:
    """Return whether a file has Windows' attribute 読み取り専用, which forbids replacing it."""
    try:
        return bool(getattr(path.stat(), "st_file_attributes", 0) & stat.FILE_ATTRIBUTE_READONLY) and path.is_file()
    except FileNotFoundError:
        return False


def _free_name(path: Path, word: str) -> Path:
    """Return an unused name beside the file, with the reason in it: report_手直し1.xlsx."""
    return next(free for number in itertools.count(1) if not (free := _numbered(path, word, number)).exists())


def _numbered(path: Path, word: str, number: int) -> Path:
    return path.with_name(f"{path.stem}_{word}{number}{path.suffix}")
