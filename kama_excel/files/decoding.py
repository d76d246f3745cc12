"""Decode a text file as programs on Windows save it."""

from __future__ import annotations


def decode_text(content: bytes, errors: str = "strict") -> str:
    """Decode UTF-8 with or without a byte order mark, else code page 932 (Excel's 「CSV」).

    `errors` says what becomes of bytes that are neither, as in `bytes.decode`. Raises: UnicodeDecodeError.
    """
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError:
        return content.decode("cp932", errors)
