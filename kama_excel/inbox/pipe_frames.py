"""Messages between a run and its reading processes: bytes preceded by their length."""

from __future__ import annotations

import struct
from typing import BinaryIO

READY = b"kama-excel reading process, version 1"
"""The first message of a reading process: it is ready for a file."""

_LENGTH = struct.Struct("<Q")
_LONGEST = 1 << 30  # more than a container may hold; a compromised process may send any length


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
