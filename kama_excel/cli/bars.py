"""A progress bar on a terminal, none where nobody looks: where the error output is no terminal, nothing is written."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import click

from kama_excel.findings.failure import Watch, unwatched

_FEWEST = 5  # files or sheets from which on a bar is worth its line


@contextmanager
def progress_bars(*, is_quiet: bool = False) -> Iterator[Watch]:
    """Yield what draws a bar per stage on the terminal; the bar's signs exist in every code page."""
    if is_quiet or sys.stderr is None or not sys.stderr.isatty():
        yield unwatched
        return
    bars = _Bars()
    try:
        yield bars
    finally:
        bars.finish()


class _Bars:
    """One bar after the other."""

    def __init__(self) -> None:
        self.stage = ""
        self.bar: Any = None  # click does not export its type

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self.stage:
            self.finish()
            self.stage = stage
            if total >= _FEWEST:
                self.bar = click.progressbar(length=total, label=stage, file=sys.stderr)
                self.bar.render_progress()
        if self.bar:
            self.bar.update(1)
            if done == total:
                self.finish()

    def finish(self) -> None:
        """Leave the bar as it is and go on below it."""
        if self.bar:
            self.bar.render_finish()
        self.bar = None
