"""What ends a command: every such exception is a Failure, so that nothing is imported only to be caught."""

from __future__ import annotations

from kama_excel.findings import Finding


class Failure(Exception):  # noqa: N818 -- those that are raised are called errors
    """The command cannot be done. The message says why and what to do, in Japanese; `findings` name cells, if any."""

    findings: tuple[Finding, ...] = ()
