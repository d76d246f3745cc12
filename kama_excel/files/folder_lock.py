"""One run at a time writes into a folder."""

from __future__ import annotations

import os
import socket
import time
import warnings
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from kama_excel.findings.failure import Failure

_LOCK = ".kama-excel.lock"
_HOLDER = ".kama-excel.holder"  # the locked file itself cannot be read by others on Windows


class BusyError(Failure):
    """Another run is writing into the folder."""


@contextmanager
def locked(folder: Path, seconds: float) -> Iterator[None]:
    """Hold the folder. The system releases the lock when its holder ends, so that none is ever stale.

    A drive without such locks gets a file in their place that names its process: one that has ended holds nothing.
    A lock does not reach other PCs where the folder is synchronised (OneDrive) and not shared. Raises BusyError after
    `seconds`.
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
        with suppress(OSError):  # it only informs a person who finds the folder locked
            since = time.strftime("%H:%M")
            holder.write_text(f"（{since}から、{socket.gethostname()} のプロセス番号 {os.getpid()}）", encoding="utf-8")
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
