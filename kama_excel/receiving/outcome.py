"""What a file turned out to be: a submission, what other files lie in, a photo, or why it is none of these."""

from __future__ import annotations

from dataclasses import dataclass

from kama_excel.findings import Code
from kama_excel.forms.submission import Submission
from kama_excel.intake.containers import Container
from kama_excel.intake.refusal import RefusedError


@dataclass(frozen=True, slots=True)
class Photo:
    """A picture that came as a file of its own, made ready for print. Sizes in pixels; no bytes where nobody wants them."""

    content: bytes
    width: int
    height: int


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a file is not read: a code of the catalogue and the words that its sentence needs."""

    code: Code
    reason: str = ""
    value: str = ""

    @classmethod
    def of(cls, error: RefusedError) -> Refusal:
        """Return what an error says."""
        return cls(error.code, error.reason, error.value)


Read = Submission | Container | Photo | Refusal
