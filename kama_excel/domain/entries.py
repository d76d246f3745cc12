"""The values that departments entered, with the cells that they came from."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Collection
from dataclasses import dataclass, field
from enum import Enum, StrEnum
from fractions import Fraction

from kama_excel.domain.arithmetic import compared
from kama_excel.domain.calendar import Month
from kama_excel.domain.keys import Field, Key, Slot
from kama_excel.domain.place import Place
from kama_excel.domain.text import is_placeholder

_RATES = (Field.DONE, Field.EXPECTED)


class Excluded(Enum):
    """The word 対象外 in place of a rate: the task is left out of the mean if its 備考 gives a reason."""

    EXCLUDED = "対象外"


class Certainty(StrEnum):
    """確度 of an actual."""

    FINAL = "確定"
    EXPECTED = "見込"
    ASSUMED = "仮定"


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is printed: JPEG or PNG, upright, without metadata, no larger than A4 needs. Sizes in pixels.

    Two pictures are the same where their bytes are (`sha256`).
    """

    content: bytes = field(repr=False, compare=False)
    width: int
    height: int
    sha256: str

    @classmethod
    def of(cls, content: bytes, width: int, height: int) -> Picture:
        """Return the picture with these bytes."""
        return cls(content, width, height, hashlib.sha256(content).hexdigest())


TypedValue = Fraction | Excluded | Certainty | dt.date | str | Picture


@dataclass(frozen=True, slots=True)
class Source:
    """The form that an entry came with."""

    department: str
    """The department's current name."""
    month: Month
    """The month of the folder."""
    order: int
    """Which of the department's forms of the month it is, oldest first; `OF_NO_FORM` for a photo beside the forms."""
    sha256: str


OF_NO_FORM = -1
"""The `Source.order` of a photo that came as a file of its own: it is older than every form of the month."""

NO_SOURCE = Source("", Month(1, 1), 0, "")


@dataclass(frozen=True, slots=True)
class Corrected:
    """A 訂正: the reported text ('' where nothing was reported), and when, by whom and why it was corrected."""

    reported: str
    day: dt.date
    by: str
    reason: str


@dataclass(frozen=True, slots=True)
class Entry:
    """One filled input: what was typed, where, and its value; None is a value that could not be taken.

    The reader of a form leaves `source` open; what a department sent has it from `inbox.receive` on.
    """

    key: Key
    field: Field
    value: TypedValue | None
    typed: str
    place: Place
    source: Source = NO_SOURCE
    correction: Corrected | None = None
    """What it corrects where this is a 訂正; None where it was reported."""

    @property
    def slot(self) -> Slot:
        """The input that the entry belongs to."""
        return (self.key, self.field)

    @property
    def department(self) -> str:
        """The department that reported it."""
        return self.source.department

    @property
    def month(self) -> Month:
        """The month in which it was reported."""
        return self.source.month

    @property
    def reported(self) -> str | None:
        """What was reported where this is a 訂正; None where it is not."""
        return self.correction.reported if self.correction else None

    @property
    def number(self) -> Fraction | None:
        """The value where it is a rate or a figure."""
        return self.value if isinstance(self.value, Fraction) else None

    @property
    def day(self) -> dt.date | None:
        """The value where it is a day."""
        return self.value if isinstance(self.value, dt.date) else None

    @property
    def picture(self) -> Picture | None:
        """The value where it is a picture."""
        return self.value if isinstance(self.value, Picture) else None

    @property
    def text(self) -> str:
        """The value where it is a text; '' where that is a placeholder (「－」, 「同上」)."""
        return self.value if isinstance(self.value, str) and not is_placeholder(self.value) else ""

    @property
    def compared(self) -> TypedValue | None:
        """The value as it is compared: a figure rounded (rule 11)."""
        return compared(self.value) if isinstance(self.value, Fraction) else self.value

    @property
    def meaning(self) -> tuple[bool, object]:
        """What two cells of the same meaning have in common: the value, or the text that could not be read."""
        return (True, self.typed) if self.value is None else (False, self.compared)

    def same_value(self, other: Entry) -> bool:
        """Return whether two cells mean the same: the same value (80% and 0.8) or the same unreadable text."""
        return self.meaning == other.meaning

    def would_be_lost(self, filled: Collection[Slot]) -> bool:
        """Return whether dropping this entry loses information, given the inputs that are not blank.

        実施 that came back as 予定, or the other way round, is not lost; a 確度 left blank is 確定 (`docs/rules.md`,
        rule 4), and a placeholder like 「－」 held no information.
        """
        fields = _RATES if self.field in _RATES else (self.field,)
        has_information = self.field is not Field.CERTAINTY and (not isinstance(self.value, str) or bool(self.text))
        return has_information and not any((self.key, field) in filled for field in fields)
