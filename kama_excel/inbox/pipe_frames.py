"""Messages between a run and its reading processes: bytes preceded by their length."""

from __future__ import annotations

import struct
from typing import BinaryIO

READY = b"kama-excel reading process, version 1"
"""The first message of a reading process: it has loaded all that it needs and waits for a file."""

_LENGTH = struct.Struct("<Q")
_LONGEST = 1 << 30  # more than all that a container may hold; a process that was taken over may claim anything


def write_frame(stream: BinaryIO, content: bytes | memoryview) -> None:
    """Write one message. Raises OSError where the other side has closed the pipe."""
    stream.write(_LENGTH.pack(len(content)))
    stream.write(content)
    stream.flush()


def read_frame(stream: BinaryIO) -> bytes | None:
    """Read one message; None where the stream ends early, or the length exceeds that of any message."""
    head = stream.read(_LENGTH.size)
    if len(head) < _LENGTH.size:
        return None
    (length,) = _LENGTH.unpack(head)
    if length > _LONGEST:
        return None
    content = stream.read(length)
    return content if len(content) == length else None
