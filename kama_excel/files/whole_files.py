"""Write one file completely or not at all."""

from __future__ import annotations

import io
import os
import secrets
import shutil
import stat
import sys
import time
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from kama_excel.files.retry import Retry
from kama_excel.findings.os_errors import naming

_TEMPORARY = ".kama.tmp"
_ABANDONED_SECONDS = 3600.0  # no file takes an hour to write: an older one was left by a killed process


def write_whole(path: Path, content: bytes, retry: Retry | None = None, *, is_hidden: bool = False) -> None:
    """Write a file atomically: it has either the old bytes or the new ones.

    Deletes old temporary files of killed processes beside it. `is_hidden` is for files that are not meant for
    people.

    Raises: OSError that names the file. The old file is then unchanged, and no temporary file is left.
    """
    wait = retry or Retry()
    temporary = path.with_name(f".{secrets.token_hex(4)}{_TEMPORARY}")
    with naming(path):
        wait(lambda: path.parent.mkdir(parents=True, exist_ok=True))
        delete_leftovers(path.parent, _ABANDONED_SECONDS)
        try:
            write_synced(temporary, io.BytesIO(content))
            if is_hidden:
                hide(temporary)
            wait(lambda: temporary.replace(path))
        except BaseException:
            with suppress(PermissionError):
                temporary.unlink(missing_ok=True)
            raise
    sync_folder(path.parent)


def delete_leftovers(folder: Path, seconds: float) -> None:
    """Delete temporary files older than `seconds`; one that is held stays."""
    for leftover in folder.glob(f".*{_TEMPORARY}"):
        with suppress(FileNotFoundError, PermissionError):
            if time.time() - leftover.stat().st_mtime >= seconds:
                leftover.unlink()


def write_synced(path: Path, source: BinaryIO) -> None:
    """Write the rest of an open file to a new one, and flush it to disk."""
    with path.open("xb") as file:
        shutil.copyfileobj(source, file)
        file.flush()
        os.fsync(file.fileno())


def hide(path: Path) -> None:
    """Set Windows' attribute 隠しファイル on an internal file.

    On other systems its name begins with a dot.
    """
    if sys.platform == "win32":
        import ctypes  # noqa: PLC0415 -- on Windows only

        ctypes.windll.kernel32.SetFileAttributesW(str(path), stat.FILE_ATTRIBUTE_HIDDEN)


def sync_folder(folder: Path) -> None:
    """Make a rename survive a power cut, if the system can open a folder."""
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
