"""The progress of a command: its stages, and the callback that is told of them."""

from __future__ import annotations

from typing import Protocol

READING, PICTURES, PHOTOS = "様式を読み込んでいます", "以前の月の写真を読み込んでいます", "写真を読み込んでいます"

WRITING, FORMS = "シートを作成しています", "様式を作成しています"


class Watch(Protocol):
    """A callback that receives how many of a stage's files or sheets are done."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Report progress; `done` runs from 1 to `total`."""


def unwatched(stage: str, done: int, total: int) -> None:
    """Ignore progress."""
