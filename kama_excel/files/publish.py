"""Write a run's files together, each completely, and never over a person's changes.

The files are first staged beside their targets. Then a record of them is put in place (from there on the run
counts), and then each file. A run interrupted before its record changes nothing; one interrupted after it is
finished by the next run. The record also holds the hashes of the files written last: a file that differs was
changed by a person.
"""

from __future__ import annotations

import io
import os
import secrets
import shutil
from collections.abc import Callable, Mapping, Sequence
from fnmatch import fnmatch
from pathlib import Path
from typing import BinaryIO

from kama_excel.files.folder_lock import locked
from kama_excel.files.placement import ContentHash, FileHashes, Placement, Published, delete_unchanged, no_hash
from kama_excel.files.publish_record import STAGING, Record, is_staging, read_record, write_record
from kama_excel.files.whole_files import delete_leftovers, hide, sync_folder, write_synced
from kama_excel.findings.failure import Failure
from kama_excel.findings.os_errors import describe_os_error, naming

_LOCK_SECONDS = 60.0


Content = bytes | Callable[[], BinaryIO]
"""What a file is to contain, or a function that opens it; it is closed afterwards."""


class UnfinishedError(Failure):
    """A run was recorded, but some files could not be moved: the next run moves them."""


def publish(
    folder: Path,
    files: Mapping[str, Content],
    *,
    obsolete: Sequence[str] = (),
    keeps_changed: bool = True,
    content_hash: ContentHash = no_hash,
    lock_seconds: float = _LOCK_SECONDS,
) -> Published:
    """Put a run's files into the folder, each completely; names may have folders: csv/a.csv.

    Deletes files of earlier runs that match a pattern of `obsolete` and are not part of this run, unless a person
    has changed them. Without `keeps_changed` the caller checks for a person's changes. With `content_hash` a file
    counts as changed only if its content differs.

    Raises: BusyError if another run holds the folder for longer than `lock_seconds`; OSError if it cannot be
    written to (nothing is changed then); UnfinishedError if the folder fails during the last moves (every file is
    complete then, and the next run finishes this one).
    """
    disk = FileHashes(content_hash)
    with naming(folder):
        disk.retry(lambda: folder.mkdir(parents=True, exist_ok=True))
    with locked(folder, lock_seconds):
        _recover(folder, disk)
        before = read_record(folder, disk.retry)
        known = before.get("written", {})
        changed = {} if keeps_changed else {name: _found(folder / name, disk) for name in files}
        staging = folder / f"{STAGING}{secrets.token_hex(2)}"
        try:
            hashes = _stage(staging, folder, files, disk)
            record = {
                "written": known | hashes,
                "placing": hashes,
                "before": known | changed,
                "staging": staging.name,
            }
            write_record(folder, record, disk.retry)
        except BaseException:
            shutil.rmtree(staging, ignore_errors=True)
            raise
        published = _finish(folder, record, disk)
        others = [name for name in known if name not in files]
        if obsolete:
            _drop(folder, others, obsolete, disk)
        left = (folder / name for name in others if name in record["written"])
        # unlike Path.exists it raises nothing: a drive that fails now must not fail a finished run
        return published._replace(left=tuple(filter(os.path.exists, left)))


def _stage(staging: Path, folder: Path, files: Mapping[str, Content], disk: FileHashes) -> dict[str, str]:
    """Write the files into a new folder, numbered by their names' order; return their hashes."""
    hashes = dict.fromkeys(files, "")
    with naming(folder):
        disk.retry(staging.mkdir)
        hide(staging)
    for number, name in enumerate(sorted(files)):
        content = files[name]
        with naming(folder / name), io.BytesIO(content) if isinstance(content, bytes) else content() as source:
            hashes[name] = disk.hash_of(source)
            source.seek(0)
            write_synced(staging / str(number), source)
    sync_folder(staging)
    return hashes


def _drop(folder: Path, names: Sequence[str], patterns: Sequence[str], disk: FileHashes) -> None:
    """Delete obsolete files of the program, unless a person has changed them."""
    written = read_record(folder, disk.retry).get("written", {})
    for name in names:
        if name in written and any(fnmatch(name, pattern) for pattern in patterns):
            delete_unchanged(folder, name, written, disk)
    write_record(folder, {"written": written}, disk.retry)


def _finish(folder: Path, record: Record, disk: FileHashes) -> Published:
    """Move the staged files of a recorded run to their targets."""
    try:
        return Placement(folder, record, disk).place()
    except OSError as error:
        where = f"（{Path(error.filename).name}）" if error.filename else ""
        message = (
            f"{folder.name} のファイルの置き換えが途中で中断しました{where}: {describe_os_error(error)}。壊れたファイルはありませんが、"
            "新しいファイルと前のファイルが混在しています。もう一度実行すると、続きから処理します。"
        )
        raise UnfinishedError(message) from error


def _recover(folder: Path, disk: FileHashes) -> None:
    """Finish a run interrupted after its record; discard one interrupted before it."""
    record = read_record(folder, disk.retry)
    if record.get("placing"):
        _finish(folder, record, disk)
    for left in folder.glob(f"{STAGING}????"):
        if left.is_dir() and is_staging(left.name):
            shutil.rmtree(left, ignore_errors=True)
    delete_leftovers(folder, 0)


def _found(path: Path, disk: FileHashes) -> str:
    """Return the hash of a file; '' if there is none."""

    def hash_of_file() -> str:
        with path.open("rb") as file:
            return disk.hash_of(file)

    return disk.retry(hash_of_file) if path.exists() else ""
