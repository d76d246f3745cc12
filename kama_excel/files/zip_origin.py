"""Make ZIP files, workbooks included, identical on every system."""

from __future__ import annotations

import struct

_END = struct.Struct("<4s4H2LH")
_ENTRY = struct.Struct("<4s6H3L5H2L")
_END_MARK, _ENTRY_MARK = b"PK\x05\x06", b"PK\x01\x02"
UNIX = 3
_SYSTEM_AT = 5  # of an entry: the system that wrote it


def with_one_origin(content: bytes) -> bytes:
    """Return a ZIP file with every entry marked as written on Unix, as zipfile does on Linux.

    The file must have no comment and fewer than 65,535 entries.
    """
    mark, _, _, _, count, _, at, _ = _END.unpack_from(content, len(content) - _END.size)
    if mark != _END_MARK:
        raise ValueError("not the end of a ZIP file")
    changed = bytearray(content)
    for _ in range(count):
        entry = _ENTRY.unpack_from(content, at)
        if entry[0] != _ENTRY_MARK:
            raise ValueError("not an entry of a ZIP file")
        changed[at + _SYSTEM_AT] = UNIX
        at += _ENTRY.size + sum(entry[10:13])
    return bytes(changed)
