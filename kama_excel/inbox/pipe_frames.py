"""Messages between a run and its reading processes.

Bytes are preceded by their length; answers are pickled and sent without it.
"""

from __future__ import annotations

import struct
from typing import BinaryIO

READY = b"kama-excel reading process, version 1"
"""The first message of a reading process: it is ready for a file."""

_LENGTH = struct.Struct("<Q")
_LONGEST = 1 << 30  # more than a container may hold; a compromised process may send any length


class BoundedStream:
    """A stream for unpickling one answer without copying its bytes.

    It has no `peek`, so the unpickler takes no byte beyond the answer. Raises: ValueError if the answer exceeds
    `_LONGEST`.
    """

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._left = _LONGEST

    def read(self, size: int) -> bytes:
        """Read so many bytes, fewer at the end."""
        return self._stream.read(self._bounded(size))

    def readinto(self, buffer: memoryview) -> int | None:
        """Fill a buffer; return how many bytes were read."""
        self._bounded(len(buffer))
        return self._stream.readinto(buffer)  # type: ignore[attr-defined, no-any-return]  # pipes are buffered readers

    def readline(self) -> bytes:
        """Read a line; no answer of the current protocol has one."""
        raise ValueError

    def _bounded(self, size: int) -> int:
        self._left -= size
        if size < 0 or self._left < 0:
            raise ValueError
        return size


def write_frame(stream: BinaryIO, content: bytes | memoryview) -> None:
    """Write one message.

    Raises: OSError if the other side has closed the pipe.
    """
    stream.write(_LENGTH.pack(len(content)))
    stream.write(content)
    stream.flush()


def read_frame(stream: BinaryIO) -> bytes | None:
    """Read one message; None if the stream ends early or the length is too large."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > _LONGEST:
        return None
    content = stream.read(length)
    return content if len(content) == length else None
