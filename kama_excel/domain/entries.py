"""The values that departments entered, with the cells of their origin."""

from __future__ import annotations

import datetime as dt
import hashlib
from collections.abc import Callable, Collection
from enum import Enum, StrEnum
from fractions import Fraction
from typing import NamedTuple

from kama_excel.domain.arithmetic import compared
from kama_excel.domain.calendar import Month, date_label
from kama_excel.domain.keys import Field, Key, Slot
from kama_excel.domain.place import Place
from kama_excel.domain.text import is_placeholder

_RATES = (Field.DONE, Field.EXPECTED)


class Excluded(Enum):
    """The word 対象外 in place of a rate.

    The task is left out of the mean if its 備考 gives a reason.
    """

    EXCLUDED = "対象外"


class Certainty(StrEnum):
    """確度 of an actual."""

    FINAL = "確定"
    EXPECTED = "見込"
    ASSUMED = "仮定"


class Picture(NamedTuple):
    """A picture ready to print: JPEG or PNG, upright, without metadata, limited in size.

    Sizes are in pixels. Two pictures are equal if their bytes are (`sha256`).
    """

    stored: bytes | Callable[[], bytes]
    """The bytes, or a function that reads them from where they are kept."""
    width: int
    height: int
    sha256: str

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Picture) and self.sha256 == other.sha256

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(self.sha256)

    def __repr__(self) -> str:
        return f"Picture(width={self.width}, height={self.height}, sha256={self.sha256!r})"

    @classmethod
    def of(cls, content: bytes, width: int, height: int) -> Picture:
        """Return the picture with these bytes."""
        return cls(content, width, height, hashlib.sha256(content).hexdigest())

    @property
    def content(self) -> bytes:
        """The bytes."""
        return self.stored if isinstance(self.stored, bytes) else self.stored()


class Shown(NamedTuple):
    """A figure as its cell shows it if the number format rounds it: the text and its value."""

    text: str
    value: Fraction


TypedValue = Fraction | Excluded | Certainty | dt.date | str | Picture


class Source(NamedTuple):
    """The form of an entry."""

    department: str
    """The department's current name."""
    month: Month
    """The month of the folder."""
    order: int
    """The index among the department's forms of the month, oldest first.

    `OF_NO_FORM` for a photo beside the forms.
    """
    sha256: str


OF_NO_FORM = -1
"""The `Source.order` of a photo that came as a separate file: older than every form."""

NO_SOURCE = Source("", Month(1, 1), 0, "")


class Corrected(NamedTuple):
    """A 訂正: the reported text ('' if none), and when, by whom and why it was corrected."""

    reported: str
    day: dt.date
    by: str
    reason: str


class Entry(NamedTuple):
    """One filled input: what was typed, its place, and its value; None is an unusable value.

    The reader of a form leaves `source` empty; `inbox.receive` sets it.
    """

    key: Key
    field: Field
    value: TypedValue | None
    typed: str
    place: Place
    source: Source = NO_SOURCE
    correction: Corrected | None = None
    """What it corrects if this is a 訂正; None if it was reported."""
    shown: Shown | None = None
    """The value as its cell shows it, if that is rounded."""
    is_cell_rejected: bool = False
    """Whether its cell reports nothing: it has an error value, or a struck or unseen text.

    `typed` is then for messages only.
    """

    @property
    def slot(self) -> Slot:
        """The input of the entry."""
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
        """The reported text if this is a 訂正, else None."""
        return self.correction.reported if self.correction else None

    @property
    def number(self) -> Fraction | None:
        """The value if it is a rate or a figure, else None."""
        return self.value if isinstance(self.value, Fraction) else None

    @property
    def typed_text(self) -> str:
        """The typed text for a message: a date cell as 令和8年2月8日."""
        return date_label(self.day) if self.day and self.typed == self.day.isoformat() else self.typed

    @property
    def day(self) -> dt.date | None:
        """The value if it is a day, else None."""
        return self.value if isinstance(self.value, dt.date) else None

    @property
    def picture(self) -> Picture | None:
        """The value if it is a picture, else None."""
        return self.value if isinstance(self.value, Picture) else None

    @property
    def text(self) -> str:
        """The value if it is a text, else ''; also '' for a placeholder (「－」, 「同上」)."""
        return self.value if isinstance(self.value, str) and not is_placeholder(self.value) else ""

    @property
    def compared(self) -> TypedValue | None:
        """The value for comparisons: a figure is rounded (rule 11)."""
        return compared(self.value) if isinstance(self.value, Fraction) else self.value

    @property
    def meaning(self) -> tuple[bool, object]:
        """Return a key under which cells of the same meaning are equal.

        It has the value, or the unreadable text.
        """
        return (True, self.typed) if self.value is None else (False, self.compared)

    def same_value(self, other: Entry) -> bool:
        """Return whether two cells mean the same: equal values (80% and 0.8) or equal texts."""
        return self.meaning == other.meaning

    def would_be_lost(self, filled: Collection[Slot]) -> bool:
        """Return whether dropping this entry loses information, given the non-blank inputs.

        実施 returned as 予定, or the reverse, is not lost. A blank 確度 is 確定 (rule 4 of `docs/rules.md`), and a
        placeholder like 「－」 holds no information.
        """
        fields = _RATES if self.field in _RATES else (self.field,)
        has_information = self.field is not Field.CERTAINTY and (not isinstance(self.value, str) or bool(self.text))
        return has_information and not any((self.key, field) in filled for field in fields)
