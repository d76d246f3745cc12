"""The base class of exceptions that end a command, and the progress callback."""

from __future__ import annotations

from typing import Protocol

from kama_excel.findings.finding import Finding


class Failure(Exception):  # noqa: N818 -- those that are raised are called errors
    """A failed command; the message gives reason and remedy in Japanese.

    `findings` name cells, if there are any.
    """

    findings: tuple[Finding, ...] = ()


READING, PICTURES, PHOTOS = "様式を読み込んでいます", "以前の月の写真を読み込んでいます", "写真を読み込んでいます"

WRITING, FORMS = "シートを作成しています", "様式を作成しています"


class Watch(Protocol):
    """A callback that receives how many of a stage's files or sheets are done."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Report progress; `done` runs from 1 to `total`."""


def unwatched(stage: str, done: int, total: int) -> None:
    """Ignore progress."""
