"""Retry operations on files held briefly by a virus scanner, a synchroniser or Excel."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from kama_excel.findings.os_errors import may_be_released

SECONDS = 10.0
"""Seconds that one command waits for held files in total, however many there are."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0

T = TypeVar("T")


class Retry:
    """Waiting time for held files, shared by all operations that are tried with it."""

    def __init__(self, seconds: float | None = None) -> None:
        """Start with `seconds`; default is SECONDS."""
        self._seconds_left = SECONDS if seconds is None else seconds

    def __call__(self, action: Callable[[], T]) -> T:
        """Return the action's result; retry while the file is held and time is left.

        Raises: what the action raises.
        """
        pause = _FIRST_PAUSE
        while True:
            try:
                return action()
            except OSError as error:
                if self._seconds_left <= 0 or not may_be_released(error):
                    raise
            self._seconds_left -= pause
            time.sleep(pause)
            pause = min(2 * pause, _LONGEST_PAUSE)
