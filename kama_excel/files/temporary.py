"""Large contents of one run, in temporary files instead of memory."""

from __future__ import annotations

import hashlib
import os
import tempfile
import threading
from collections.abc import Callable
from functools import partial
from typing import Any, BinaryIO, cast

_IN_MEMORY = 16 * 1024 * 1024  # bytes; the workbook of an ordinary month has fewer, and so have its photos


class _TemporaryFile(tempfile.SpooledTemporaryFile[bytes]):
    """A file that nobody has to close; an error of its disk names the folder.

    The system deletes it when it is dropped, or when the process ends.
    """

    def write(self, content: Any) -> int:
        try:
            return super().write(content)
        except OSError as error:
            error.filename = tempfile.tempdir or "一時フォルダ"
            raise

    def __del__(self) -> None:
        self.close()


def temporary_file() -> BinaryIO:
    """Return an empty file, which is in memory while it is small."""
    return cast("BinaryIO", _TemporaryFile(_IN_MEMORY))


class Storage:
    """Contents in one temporary file; threads may share it."""

    def __init__(self) -> None:
        self._file = temporary_file()
        self._lock = threading.Lock()
        self._kept: dict[bytes, Callable[[], bytes]] = {}

    def keep(self, content: bytes) -> Callable[[], bytes]:
        """Keep a content, equal ones once; return a function that reads it.

        Raises: OSError if no temporary file can be written.
        """
        digest = hashlib.sha256(content).digest()
        with self._lock:
            if digest not in self._kept:
                start = self._file.seek(0, os.SEEK_END)
                self._file.write(content)
                self._kept[digest] = partial(self._read, start, len(content))
            return self._kept[digest]

    def _read(self, start: int, length: int) -> bytes:
        with self._lock:
            self._file.seek(start)
            return self._file.read(length)
