"""Files appear whole or not at all, a run's files together, and what a person has changed is never overwritten.

A run's files are staged beside their places, then a record of them is put in place (from there on the run counts), and
then each file is. A run that was broken off before its record leaves what was there; one that was broken off after it
is finished by the next. The record also says what the program last wrote: a file that differs was changed by a person.
"""

from __future__ import annotations

import hashlib
import json
import os
import platform
import re
import secrets
import shutil
import time
import unicodedata
import warnings
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from fnmatch import fnmatch
from pathlib import Path

from filelock import FileLock, Timeout

from kama_excel.findings.failure import Failure, describe_os_error

_RECORD = ".kama-excel.json"
_LOCK = ".kama-excel.lock"
_HOLDER = ".kama-excel.holder"  # the locked file itself cannot be read by others on Windows
_STAGED = ".kama-excel-staged"
_TEMPORARY = ".kama.tmp"
_LOCK_SECONDS = 60.0
# A workbook that is open in Excel cannot be replaced on Windows; a virus scanner lets go after a moment.
_TRIES, _PAUSE = 5, 0.3
_ABANDONED_SECONDS = 3600.0  # no file takes an hour to write: what is older was left by a run that was killed

_BESIDE = "新"  # in the name of a file whose own place was in use

_FORBIDDEN = frozenset('<>:"/\\|?*')
_LONGEST_NAME = 50  # characters: at most 200 of the 255 bytes that a name may have, with room for what is put to it

Record = dict[str, dict[str, str]]


class BusyError(Failure):
    """Another run is writing into the folder."""


class UnfinishedError(Failure):
    """A run was recorded, but not all of its files could be moved to their places: the next run does that first."""


@dataclass(frozen=True, slots=True)
class Published:
    """Where a run's files lie now.

    `kept` are files that a person had changed, under the names that they were moved to. `beside` are this run's files
    that could not take their own place because it was in use.
    """

    files: tuple[Path, ...]
    kept: tuple[Path, ...] = ()
    beside: tuple[Path, ...] = ()


def safe_name(text: str) -> str:
    """Return a text as part of a file's name, on Windows too: no sign that a system reads otherwise, not too long.

    Of a longer text than names hold the beginning is kept, with an ending that tells it from others that begin alike.
    """
    name = "".join("_" if each in _FORBIDDEN or unicodedata.category(each)[0] == "C" else each for each in text)
    if len(name) <= _LONGEST_NAME:
        return name
    return f"{name[: _LONGEST_NAME - 9]}_{hashlib.sha256(text.encode()).hexdigest()[:8]}"


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that its name stands for the old bytes or the new ones, never for half of them.

    What a killed process left beside it long ago goes.

    Raises OSError; the old file is then as it was, and nothing is left beside it.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    _sweep(path.parent, _ABANDONED_SECONDS)
    temporary = path.with_name(f".{secrets.token_hex(8)}{_TEMPORARY}")
    try:
        _write_synced(temporary, content)
        _insistently(temporary.replace, path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise
    _sync_folder(path.parent)


def publish(
    folder: Path,
    files: Mapping[str, bytes],
    *,
    obsolete: Sequence[str] = (),
    keeps_changed: bool = True,
    lock_seconds: float = _LOCK_SECONDS,
) -> Published:
    """Put a run's files into the folder, all of them or none, and say where they lie. Names may have folders: csv/a.csv.

    What an earlier run wrote, whose name fits a pattern of `obsolete` and which is not of this run, goes; a file that a
    person has changed stays. Without `keeps_changed` the caller has looked himself at what a person did to the files.

    Raises BusyError where another run holds the folder for longer than `lock_seconds`, OSError where it cannot be
    written to; what was there is then as it was. Raises UnfinishedError where the folder fails amid the last moves:
    every file is whole then, and the next run finishes this one.
    """
    folder.mkdir(parents=True, exist_ok=True)
    with _locked(folder, lock_seconds):
        _recover(folder)
        staged = folder / _STAGED
        try:
            staged.mkdir()
            for name, content in files.items():
                (staged / name).parent.mkdir(parents=True, exist_ok=True)
                _write_synced(staged / name, content)
            for parent in {staged, *((staged / name).parent for name in files)}:
                _sync_folder(parent)
            before = _recorded(folder)
            hashes = {name: hashlib.sha256(content).hexdigest() for name, content in files.items()}
            known = before.get("written", {})
            changed = {} if keeps_changed else {name: _hash_of(folder / name) for name in files}
            record = {"written": known | hashes, "placing": hashes, "before": known | changed}
            write_whole(folder / _RECORD, _json(record))
        except BaseException:
            shutil.rmtree(staged, ignore_errors=True)
            raise
        published = _finish(folder, record)
        if obsolete:
            _drop(folder, [name for name in before.get("written", {}) if name not in files], obsolete)
        return published


def _drop(folder: Path, names: Sequence[str], patterns: Sequence[str]) -> None:
    """Delete files that the program wrote and that no longer hold, unless a person has changed them."""
    written = _recorded(folder).get("written", {})
    for name in names:
        if name in written and any(fnmatch(name, pattern) for pattern in patterns):
            _delete(folder, name, written)
    write_whole(folder / _RECORD, _json({"written": written}))


def _finish(folder: Path, record: Record) -> Published:
    """Move the staged files of a recorded run to their places."""
    try:
        return _place(folder, record)
    except OSError as error:
        where = f"（{Path(error.filename).name}）" if error.filename else ""
        message = (
            f"{folder.name} のファイルを置き換える途中で止まりました{where}: {describe_os_error(error)}。どのファイルも壊れてはいませんが、"
            "新しいものと前のものが混ざっています。もう一度実行すると、続きから仕上げます。"
        )
        raise UnfinishedError(message) from error


def _place(folder: Path, record: Record) -> Published:
    placed, kept, beside = [], [], []
    written, before = record["written"], record["before"]
    for name, new in record["placing"].items():
        source, target = folder / _STAGED / name, folder / name
        if not source.exists():
            placed.append(target)
            continue
        try:
            target.parent.mkdir(parents=True, exist_ok=True)
            if _was_changed(target, (before.get(name), new)):
                aside = _free_name(target, "手直し")
                _insistently(target.rename, aside)
                kept.append(aside)
            _insistently(source.replace, target)
            _drop_beside(folder, name, written)
        except (PermissionError, IsADirectoryError):  # a folder in its place; Windows calls both the former
            target = _free_name(target, _BESIDE)
            source.replace(target)
            beside.append(target)
            written[target.relative_to(folder).as_posix()] = written.pop(name)
            if name in before:
                written[name] = before[name]
        placed.append(target)
    for parent in {target.parent for target in placed}:
        _sync_folder(parent)
    write_whole(folder / _RECORD, _json({"written": written}))
    shutil.rmtree(folder / _STAGED, ignore_errors=True)
    return Published(tuple(placed), tuple(kept), tuple(beside))


def _drop_beside(folder: Path, name: str, written: dict[str, str]) -> None:
    """Delete what earlier runs had to write beside a file that is in its place now."""
    path = Path(name)
    beside = re.compile(rf"{re.escape(path.stem)}_{_BESIDE}\d+{re.escape(path.suffix)}")
    for each in [each for each in written if beside.fullmatch(Path(each).name)]:
        _delete(folder, each, written)


def _delete(folder: Path, name: str, written: dict[str, str]) -> None:
    """Delete what the program wrote, unless a person has changed it or looks at it: that is for another time."""
    with suppress(PermissionError):
        if not _was_changed(folder / name, (written[name],)):
            (folder / name).unlink(missing_ok=True)
            del written[name]


def _recover(folder: Path) -> None:
    """Finish a run that was broken off after its record, forget one that was broken off before it."""
    record = _recorded(folder)
    if record.get("placing"):
        _finish(folder, record)
    shutil.rmtree(folder / _STAGED, ignore_errors=True)
    _sweep(folder, 0)


def _sweep(folder: Path, seconds: float) -> None:
    """Delete temporary files that are older than so many seconds; one that somebody holds is for another time."""
    for leftover in folder.glob(f".*{_TEMPORARY}"):
        with suppress(FileNotFoundError, PermissionError):
            if time.time() - leftover.stat().st_mtime >= seconds:
                leftover.unlink()


def _recorded(folder: Path) -> Record:
    """Return the record; one that was damaged is none, and every file then one that the program does not know."""
    try:
        record = json.loads((folder / _RECORD).read_text(encoding="utf-8"))
        is_whole = "placing" not in record or record.keys() >= {"written", "before"}
        names = [name for part in record.values() for name, _ in part.items()]
    except (FileNotFoundError, ValueError, AttributeError, TypeError):
        return {}
    return record if is_whole and not any(_leaves_folder(name) for name in names) else {}


def _leaves_folder(name: str) -> bool:
    """Whether a name leads out of the folder; 「第1次計画..xlsx」 does not."""
    path = Path(name)
    return path.is_absolute() or ".." in path.parts


def _was_changed(path: Path, known: tuple[str | None, ...]) -> bool:
    """Whether the file differs from what the program wrote; a file that it does not know is a person's."""
    there = _hash_of(path)
    return there != "" and there not in known


def _hash_of(path: Path) -> str:
    """Return the hash of a file's bytes, '' where there is none."""
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.exists() else ""


def _free_name(path: Path, word: str) -> Path:
    """Return a name beside the file that says why it is there: report_手直し1.xlsx."""
    number = 1
    while (free := path.with_name(f"{path.stem}_{word}{number}{path.suffix}")).exists():
        number += 1
    return free


def _insistently(move: Callable[[Path], object], target: Path) -> None:
    """Move a file that may be in use, trying a few times."""
    for attempt in range(_TRIES):
        try:
            move(target)
        except PermissionError:
            if attempt == _TRIES - 1:
                raise
            time.sleep(_PAUSE)
        else:
            return


@contextmanager
def _locked(folder: Path, seconds: float) -> Iterator[None]:
    """Hold the folder. The system lets go of the lock when its holder dies, so that none is ever stale.

    A drive that knows no such locks gets a file in their place, which names its process: one that is dead holds nothing.
    """
    warnings.filterwarnings("ignore", "flock not supported", UserWarning)  # nothing that the clerk could do about it
    lock = FileLock(folder / _LOCK)
    holder = folder / _HOLDER
    try:
        lock.acquire(timeout=seconds)
    except Timeout as error:
        message = f"ほかの集計が {folder.name} に書き込んでいます{_held_by(holder)}。終わるのを待って、もう一度実行してください。何も変えていません。"
        raise BusyError(message) from error
    try:
        since = time.strftime("%H:%M")
        holder.write_text(f"（{since}から、{platform.node()} のプロセス番号 {os.getpid()}）", encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def _held_by(holder: Path) -> str:
    """Return who wrote that it holds the folder, in words; '' where it has not written it yet."""
    try:
        return holder.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""


def _write_synced(path: Path, content: bytes) -> None:
    with path.open("xb") as file:
        file.write(content)
        file.flush()
        os.fsync(file.fileno())


def _sync_folder(folder: Path) -> None:
    """Make a rename last through a power cut, where the system lets a folder be opened."""
    try:
        handle = os.open(folder, os.O_RDONLY)
    except OSError:
        return
    try:
        os.fsync(handle)
    except OSError:
        return
    finally:
        os.close(handle)


def _json(record: Record) -> bytes:
    return json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True).encode()
