"""Lock a folder so that only one run writes into it."""

from __future__ import annotations

import os
import platform
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from kama_excel.findings.failure import Failure

_LOCK = ".kama-excel.lock"
_HOLDER = ".kama-excel.holder"  # other processes cannot read the locked file itself on Windows


class BusyError(Failure):
    """Another run is writing into the folder."""


@contextmanager
def locked(folder: Path, seconds: float) -> Iterator[None]:
    """Lock a folder; the system releases the lock when its process ends.

    On a drive without locks a file names the holder's process; a process that has ended holds nothing. A lock
    does not reach other PCs if the folder is synchronised (OneDrive) instead of shared. Raises: BusyError after
    `seconds`.
    """
    warnings.filterwarnings("ignore", "flock not supported", UserWarning)  # the user cannot do anything about it
    lock = FileLock(folder / _LOCK)
    holder = folder / _HOLDER
    try:
        lock.acquire(timeout=seconds)
    except Timeout as error:
        message = f"ほかの集計が {folder.name} を使用しています{_held_by(holder)}。終了してから、もう一度実行してください。何も変更していません。"
        raise BusyError(message) from error
    try:
        with suppress(OSError):  # it only informs a person who finds the folder locked
            since = time.strftime("%H:%M")
            holder.write_text(f"（{since}から、{platform.node()} のプロセス番号 {os.getpid()}）", encoding="utf-8")
        yield
    finally:
        with suppress(OSError):
            holder.unlink(missing_ok=True)
        lock.release()


def _held_by(holder: Path) -> str:
    """Return the recorded holder of the folder in words; '' if it is not written yet."""
    try:
        return holder.read_text(encoding="utf-8")
    except (OSError, ValueError):
        return ""
