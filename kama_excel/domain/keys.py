"""Identify an input: the 管理番号 of its row and the heading of its column."""

from __future__ import annotations

import re
from collections.abc import Callable
from enum import Enum, StrEnum
from functools import lru_cache
from typing import Self

from kama_excel.domain.text import normalize_key


class ValueKind(Enum):
    """The kind of value under a heading."""

    PROGRESS = "progress"
    RATE = "rate"
    NUMBER = "number"
    DATE = "date"
    CERTAINTY = "certainty"
    TEXT = "text"
    PICTURE = "picture"


class Field(StrEnum):
    """A heading under which a department fills in a value, with the kind of that value."""

    kind: ValueKind

    def __new__(cls, heading: str, kind: ValueKind = ValueKind.TEXT) -> Self:
        """Make a member: the heading is its value."""
        field = str.__new__(cls, heading)
        field._value_ = heading
        field.kind = kind
        return field

    DONE = "実施", ValueKind.PROGRESS
    EXPECTED = "予定", ValueKind.PROGRESS
    REMARK = "備考", ValueKind.TEXT
    ACTUAL = "実績値", ValueKind.NUMBER
    AS_OF = "時点", ValueKind.DATE
    CERTAINTY = "確度", ValueKind.CERTAINTY
    GROUNDS = "根拠", ValueKind.TEXT
    ASSESSMENT = "総括評価", ValueKind.RATE
    REASON = "理由", ValueKind.TEXT
    OUTCOME = "成果", ValueKind.TEXT
    EFFORTS = "取り組んだこと", ValueKind.TEXT
    CHALLENGES = "課題", ValueKind.TEXT
    CAPTION = "説明", ValueKind.TEXT
    PICTURE = "写真", ValueKind.PICTURE
    WRITER = "記入者", ValueKind.TEXT
    CONTACT = "連絡先", ValueKind.TEXT
    FILLED_ON = "記入日", ValueKind.DATE

    __hash__ = str.__hash__  # that of Enum is a Python function, and a slot is looked up a million times a run


class KeyKind(StrEnum):
    """The kind of a row, given by the letter before its 管理番号."""

    TASK = "T"
    INDICATOR = "I"
    ASSESSMENT = "A"
    WORDS = "W"
    PICTURE = "P"
    CAPTIONS = "C"

    __hash__ = str.__hash__  # as Field: the sheet of every row is looked up by it


_OF_ACTION = re.compile(r"(\d+)-(.+)", re.DOTALL)
_KINDS = {kind.value: kind for kind in KeyKind}


class Key(str):
    """A 管理番号: its text, by which keys are compared, and the parts of that text.

    `T-25` and `I-3` have a `number`. `A-6-市民課`, `W-6-市民課` and `P-6-市民課-2` have an `action_no` and a `department`,
    the last also the number of a `picture`. `P-6-市民課` is the row of all frames of the action, `C-6-市民課` that of
    their captions. A missing part is '' or None; `kind` is None if the text is no 管理番号.
    """

    __slots__ = ("action_no", "department", "kind", "number", "picture")
    kind: KeyKind | None
    number: str
    action_no: int | None
    department: str
    picture: int | None

    def __new__(cls, text: str) -> Self:
        """Parse a text unchanged; `Key.typed` normalises a text that a person may have typed."""
        key = super().__new__(cls, text)
        letter, _, rest = text.partition("-")
        key.kind = _KINDS.get(letter) if rest else None
        key.number, key.action_no, key.department, key.picture = "", None, "", None
        if key.kind in (KeyKind.TASK, KeyKind.INDICATOR):
            key.number = rest
        elif key.kind and (match := _OF_ACTION.fullmatch(rest)):
            key.action_no, key.department = int(match[1]), match[2]
            if key.kind is KeyKind.PICTURE:
                department, _, picture = match[2].rpartition("-")
                if department and picture.isdecimal():
                    key.department, key.picture = department, int(picture)
        return key

    def __reduce__(self) -> tuple[Callable[[str], Key], tuple[str]]:
        """Pickle only the text."""
        return key_of, (str(self),)

    @classmethod
    def typed(cls, text: str) -> Key:
        """Return the key in a cell, normalised: width and white space make no difference."""
        return key_of(normalize_key(text))

    @classmethod
    def of_task(cls, no: str) -> Key:
        """Return the key of a task."""
        return key_of(f"{KeyKind.TASK}-{no}")

    @classmethod
    def of_indicator(cls, no: str) -> Key:
        """Return the key of an indicator."""
        return key_of(f"{KeyKind.INDICATOR}-{no}")

    @classmethod
    def of_assessment(cls, action_no: int, department: str) -> Key:
        """Return the key of a department's 総括評価 of an action."""
        return key_of(f"{KeyKind.ASSESSMENT}-{action_no}-{department}")

    @classmethod
    def of_words(cls, action_no: int, department: str) -> Key:
        """Return the key of a department's 成果, 取り組んだこと and 課題 of an action."""
        return key_of(f"{KeyKind.WORDS}-{action_no}-{department}")

    @classmethod
    def of_picture(cls, action_no: int, department: str, picture: int) -> Key:
        """Return the key of a department's picture of an action, counted from 1."""
        return key_of(f"{KeyKind.PICTURE}-{action_no}-{department}-{picture}")

    @classmethod
    def of_frames(cls, action_no: int, department: str) -> Key:
        """Return the key of the row that has the frames of a department's pictures of an action."""
        return key_of(f"{KeyKind.PICTURE}-{action_no}-{department}")

    @classmethod
    def of_captions(cls, action_no: int, department: str) -> Key:
        """Return the key of the row that has the captions of a department's pictures of an action."""
        return key_of(f"{KeyKind.CAPTIONS}-{action_no}-{department}")

    def renamed(self, department: str) -> Key:
        """Return the key with its department renamed; itself if nothing changes."""
        if not self.department or self.department == department:
            return self
        picture = "" if self.picture is None else f"-{self.picture}"
        return Key(f"{self.kind}-{self.action_no}-{department}{picture}")


@lru_cache(maxsize=100_000)  # every month's forms and every access to a row of the plan use the same keys
def key_of(text: str) -> Key:
    """Return the key with this text, one object for all equal ones."""
    return Key(text)


NO_KEY = Key("")
"""The 管理番号 of inputs that belong to no row: those of the cover."""

Slot = tuple[Key, Field]
"""An input of all forms: its row and its heading."""
