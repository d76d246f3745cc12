"""Write a run's files together, each completely, and never over a person's changes.

The files are first staged beside their targets. Then a record of them is put in place (from there on the run
counts), and then each file. A run interrupted before its record changes nothing; one interrupted after it is
finished by the next run. The record also holds the hashes of the files written last: a file that differs was
changed by a person.
"""

from __future__ import annotations

import hashlib
import itertools
import json
import re
import secrets
import shutil
import stat
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from fnmatch import fnmatch
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

from kama_excel.files.folder_lock import locked
from kama_excel.files.retry import Retry
from kama_excel.files.whole_files import delete_leftovers, hide, sync_folder, write_synced, write_whole
from kama_excel.findings.failure import Failure
from kama_excel.findings.os_errors import describe_os_error, naming

_RECORD = ".kama-excel.json"
_STAGING = (
    ".kama-"  # and four digits: on the same drive, so that a rename suffices, and short, because Windows limits paths
)
_LOCK_SECONDS = 60.0

_BESIDE = "新"  # in the name of a file whose target was in use

Record = dict[str, Any]
"""The record: `written` holds hashes by name.

While a run's files move to their targets it also has `staging`, `placing` and `before`.
"""


ContentHash = Callable[[bytes], str]
"""A function that hashes a file's content independent of its bytes; '' if impossible."""


def _no_hash(_: bytes) -> str:
    return ""


@dataclass(frozen=True, slots=True)
class _Files:
    """Read the files of one run with one `Retry`, and compare them by content hash."""

    content_hash: ContentHash = _no_hash
    retry: Retry = field(default_factory=Retry)

    def hash_of(self, content: bytes) -> str:
        """Return the hash of the bytes and, after a space, the hash of the content."""
        return f"{hashlib.sha256(content).hexdigest()} {self.content_hash(content)}".rstrip()

    def was_changed(self, path: Path, known: Sequence[str | None]) -> bool:
        """Return whether a person changed the file; a file of unknown origin counts as changed.

        SharePoint, OneDrive and Excel rewrite a workbook when it is only uploaded or opened, so the content is
        compared.
        """
        if not path.exists():
            return False
        content = self.retry(path.read_bytes)
        found = hashlib.sha256(content).hexdigest()
        known_hashes = [each.split(" ") for each in known if each]
        if any(hashes[0] == found for hashes in known_hashes):
            return False
        says = self.content_hash(content)
        return not says or all(says not in hashes[1:] for hashes in known_hashes)


class UnfinishedError(Failure):
    """A run was recorded, but some files could not be moved: the next run moves them."""


class Published(NamedTuple):
    """The final locations of a run's files.

    `kept` are files that a person had changed, under their new names. `beside` are this run's files whose target
    was in use. `protected` are those whose target is read-only.
    """

    files: tuple[Path, ...]
    kept: tuple[Path, ...] = ()
    beside: tuple[Path, ...] = ()
    protected: tuple[Path, ...] = ()


def publish(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    obsolete: Sequence[str] = (),
    keeps_changed: bool = True,
    content_hash: ContentHash = _no_hash,
    lock_seconds: float = _LOCK_SECONDS,
) -> Published:
    """Put a run's files into the folder, all or none; names may have folders: csv/a.csv.

    Deletes files of earlier runs that match a pattern of `obsolete` and are not part of this run, unless a person
    has changed them. Without `keeps_changed` the caller checks for a person's changes. With `content_hash` a file
    counts as changed only if its content differs.

    Raises: BusyError if another run holds the folder for longer than `lock_seconds`; OSError if it cannot be
    written to (nothing is changed then); UnfinishedError if the folder fails during the last moves (every file is
    complete then, and the next run finishes this one).
    """
    disk = _Files(content_hash)
    with naming(folder):
        disk.retry(lambda: folder.mkdir(parents=True, exist_ok=True))
    with locked(folder, lock_seconds):
        _recover(folder, disk)
        before = _recorded(folder, disk.retry)
        hashes = {name: disk.hash_of(content) for name, content in files.items()}
        known = before.get("written", {})
        changed = {} if keeps_changed else {name: _found(folder / name, disk) for name in files}
        staging = folder / f"{_STAGING}{secrets.token_hex(2)}"
        record = {
            "written": known | hashes,
            "placing": hashes,
            "before": known | changed,
            "staging": staging.name,
        }
        try:
            _stage(staging, folder, files, disk.retry)
            write_whole(folder / _RECORD, _json(record), disk.retry, is_hidden=True)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
        published = _finish(folder, record, disk)
        if obsolete:
            _drop(folder, [name for name in known if name not in files], obsolete, disk)
        return published


def _stage(staging: Path, folder: Path, files: Mapping[str, bytes], retry: Retry) -> None:
    """Write the files into a new folder, numbered in the order of their names."""
    with naming(folder):
        retry(staging.mkdir)
        hide(staging)
    for number, name in enumerate(sorted(files)):
        with naming(folder / name):
            write_synced(staging / str(number), files[name])
    sync_folder(staging)


def _drop(folder: Path, names: Sequence[str], patterns: Sequence[str], disk: _Files) -> None:
    """Delete obsolete files of the program, unless a person has changed them."""
    written = _recorded(folder, disk.retry).get("written", {})
    for name in names:
        if name in written and any(fnmatch(name, pattern) for pattern in patterns):
            _delete(folder, name, written, disk)
    write_whole(folder / _RECORD, _json({"written": written}), disk.retry, is_hidden=True)


def _finish(folder: Path, record: Record, disk: _Files) -> Published:
    """Move the staged files of a recorded run to their targets."""
    try:
        return _Placement(folder, record, disk).place()
    except OSError as error:
        where = f"（{Path(error.filename).name}）" if error.filename else ""
        message = (
            f"{folder.name} のファイルの置き換えが途中で中断しました{where}: {describe_os_error(error)}。壊れたファイルはありませんが、"
            "新しいファイルと前のファイルが混在しています。もう一度実行すると、続きから処理します。"
        )
        raise UnfinishedError(message) from error


@dataclass(slots=True)
class _Placement:
    """Move a recorded run's files from the staging folder to their targets."""

    folder: Path
    record: Record
    disk: _Files
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
        write_whole(self.folder / _RECORD, _json(written), self.disk.retry, is_hidden=True)
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
        beside = re.compile(rf"{re.escape(path.stem)}_{_BESIDE}\d+{re.escape(path.suffix)}")
        for each in [each for each in written if beside.fullmatch(Path(each).name)]:
            _delete(self.folder, each, written, self.disk)


def _delete(folder: Path, name: str, written: dict[str, str], disk: _Files) -> None:
    """Delete a file of the program, unless a person has changed it or has it open."""
    with suppress(PermissionError):
        if not disk.was_changed(folder / name, (written[name],)):
            (folder / name).unlink(missing_ok=True)
            del written[name]


def _recover(folder: Path, disk: _Files) -> None:
    """Finish a run interrupted after its record; discard one interrupted before it."""
    record = _recorded(folder, disk.retry)
    if record.get("placing"):
        _finish(folder, record, disk)
    for left in folder.glob(f"{_STAGING}????"):
        if left.is_dir() and _is_staging(left.name):
            shutil.rmtree(left, ignore_errors=True)
    delete_leftovers(folder, 0)


def _recorded(folder: Path, retry: Retry) -> Record:
    """Return the record; {} if damaged, so that every file counts as a person's."""
    path = folder / _RECORD
    try:
        record = json.loads(retry(path.read_bytes))
        is_whole = "placing" not in record or record.keys() >= {"written", "before", "staging"}
        is_near = _is_staging(record.get("staging", f"{_STAGING}0000"))
        names = [name for part in ("written", "placing", "before") for name, _ in record.get(part, {}).items()]
    except (FileNotFoundError, ValueError, AttributeError, TypeError):
        return {}
    return record if is_whole and is_near and not any(_leaves_folder(name) for name in names) else {}


def _is_staging(name: str) -> bool:
    return re.fullmatch(rf"{re.escape(_STAGING)}[0-9a-f]{{4}}", name) is not None


def _leaves_folder(name: str) -> bool:
    """Return whether a name leads out of the folder; 「第1次計画..xlsx」 does not."""
    path = Path(name)
    return path.is_absolute() or ".." in path.parts


def _found(path: Path, disk: _Files) -> str:
    """Return the hash of a file; '' if there is none."""
    return disk.hash_of(disk.retry(path.read_bytes)) if path.exists() else ""


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


def _json(record: Record) -> bytes:
    return json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True).encode()
