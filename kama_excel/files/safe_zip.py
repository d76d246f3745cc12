"""Open a ZIP container (such as a workbook) without trusting its declared sizes."""

from __future__ import annotations

import io
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable
from typing import BinaryIO

from kama_excel.files import limits
from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code

UNPACKING_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    OSError,
    EOFError,
    RuntimeError,  # a password; NotImplementedError (unknown compression) is a subclass
    ValueError,
)
"""What the standard library raises for a broken, truncated or unsupported container."""

_CONTROLS = bytes(set(range(0x20)) - set(b"\t\n\r"))
_FORBIDDEN = re.compile(b"[" + re.escape(_CONTROLS) + b"]|\xef\xbf[\xbe\xbf]")
_NO_CHARACTER = "\ufdd0".encode()
"""Characters that Unicode and `text_of` reject but XML allows."""


def open_archive(content: bytes | BinaryIO) -> zipfile.ZipFile:
    """Open a container, given as bytes or file, whose declared sizes are within the limits.

    Raises: RefusedError, or one of UNPACKING_ERRORS.
    """
    archive = zipfile.ZipFile(io.BytesIO(content) if isinstance(content, bytes) else content)
    parts = archive.infolist()
    if len(parts) > limits.PARTS:
        raise RefusedError(Code.FILE_TOO_LARGE, f"中に{len(parts):,}個の部品があります")
    largest = max((part.file_size for part in parts), default=0)
    if largest > limits.PART_BYTES or sum(part.file_size for part in parts) > limits.UNPACKED_BYTES:
        raise RefusedError(Code.FILE_TOO_LARGE, "展開後の大きさが数百MBを超えます")
    return archive


def read_part(archive: zipfile.ZipFile, part: str | zipfile.ZipInfo) -> bytes:
    """Return a part's bytes, at most the declared size; a wrong size fails the checksum.

    Raises: KeyError if there is no such part, or one of UNPACKING_ERRORS.
    """
    info = part if isinstance(part, zipfile.ZipInfo) else archive.getinfo(part)
    with archive.open(info) as opened:
        return opened.read(info.file_size)  # without a size everything is unpacked before it is cut


def read_later(archive: zipfile.ZipFile, part: str) -> Callable[[], bytes]:
    """Return a function that reads a part when it is needed; b'' for a missing or damaged one."""

    def read() -> bytes:
        try:
            return read_part(archive, part)
        except (KeyError, *UNPACKING_ERRORS):
            return b""

    return read


def read_cells(archive: zipfile.ZipFile, part: str) -> bytes:
    """Return a part's bytes for a strict XML parser, with forbidden characters replaced.

    Some programs write control characters and U+FFFE, U+FFFF unescaped (in UTF-8). Each becomes U+FDD0. Raises:
    what `read_part` raises.
    """
    content = read_part(archive, part)
    is_clean = len(content.translate(None, _CONTROLS)) == len(content) and b"\xef\xbf" not in content
    return content if is_clean else _FORBIDDEN.sub(_NO_CHARACTER, content)
