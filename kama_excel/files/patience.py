"""Retry operations on files that another program holds briefly: a virus scanner, a synchroniser, Excel."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

from kama_excel.findings.os_errors import may_be_released

SECONDS = 10.0
"""How long one command waits for held files in all: thirty files that may never be read cost no more than one."""

_FIRST_PAUSE, _LONGEST_PAUSE = 0.05, 1.0

T = TypeVar("T")


class Patience:
    """Time that may be spent waiting for files that are held, shared by all that is tried with it."""

    def __init__(self, seconds: float | None = None) -> None:
        """Begin with `seconds`, else with SECONDS."""
        self._seconds_left = SECONDS if seconds is None else seconds

    def __call__(self, action: Callable[[], T]) -> T:
        """Return what the action returns; try it again while the file is held and time is left.

        Raises what the action raises.
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
