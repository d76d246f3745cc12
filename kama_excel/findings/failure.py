"""The base class of exceptions that end a command."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from kama_excel.findings.finding import Finding


class Failure(Exception):  # noqa: N818 -- those that are raised are called errors
    """A failed command; the message gives reason and remedy in Japanese.

    `findings` name cells, if there are any.
    """

    findings: tuple[Finding, ...] = ()
