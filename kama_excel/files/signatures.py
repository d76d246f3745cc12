"""First bytes of files by which several modules recognise them."""

from __future__ import annotations

HEIC_BRANDS = frozenset({b"heic", b"heix", b"hevc", b"heim", b"heis", b"mif1", b"msf1"})
"""Brands (bytes 9–12) of HEIC photos; films begin alike, with other brands."""
