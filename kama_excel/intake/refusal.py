"""Why a file is not read: a code of the catalogue, with the words that its sentence needs."""

from __future__ import annotations

from kama_excel.findings import Code


class RefusedError(Exception):
    """A file, or a part of it, that cannot be taken. `value` is what it turned out to be, `reason` why, in Japanese."""

    def __init__(self, code: Code, reason: str = "", value: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.value = value
