"""How far a run has got: told to whoever watches it, who may draw a bar of it."""

from __future__ import annotations

from typing import Protocol

READING, PICTURES = "様式を読んでいます", "以前の月の写真を読んでいます"
WRITING, FORMS = "シートを書いています", "様式を作っています"


class Watch(Protocol):
    """Is told how many of a stage's files or sheets are done."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note; `done` goes from 1 to `total`."""


def unwatched(stage: str, done: int, total: int) -> None:
    """Take no note."""
