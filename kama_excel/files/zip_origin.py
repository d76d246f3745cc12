"""Make ZIP files, workbooks included, identical on every system."""

from __future__ import annotations

import os
import struct
from typing import BinaryIO

_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_END_MARK, _ENTRY_MARK = b"PK\x05\x06", b"PK\x01\x02"
UNIX = 3
_SYSTEM_AT = 5  # of an entry: the system that wrote it


def mark_one_origin(file: BinaryIO) -> None:
    """Mark every entry of a ZIP file as written on Unix, as zipfile does on Linux.

    The file must have no comment and fewer than 65,535 entries.
    """
    file.seek(-min(_END.size, file.seek(0, os.SEEK_END)), os.SEEK_END)
    mark, _, _, _, count, _, at, _ = _END.unpack(file.read())
    if mark != _END_MARK:
        raise ValueError("not the end of a ZIP file")
    for _ in range(count):
        file.seek(at)
        entry = _ENTRY.unpack(file.read(_ENTRY.size))
        if entry[0] != _ENTRY_MARK:
            raise ValueError("not an entry of a ZIP file")
        file.seek(at + _SYSTEM_AT)
        file.write(bytes([UNIX]))
        at += _ENTRY.size + sum(entry[10:13])
