"""What a department entered, with the place that it came from."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from enum import Enum, StrEnum
from fractions import Fraction

from kama_excel.domain.place import Place


class Excluded(Enum):
    """The word 対象外 in place of a rate: the task is out of the mean if its 備考 says why."""

    EXCLUDED = "対象外"


class Certainty(StrEnum):
    """確度 of an actual."""

    FINAL = "確定"
    EXPECTED = "見込"
    ASSUMED = "仮定"


TypedValue = Fraction | Excluded | Certainty | dt.date | str


@dataclass(frozen=True, slots=True)
class Entry:
    """What one input cell says: 管理番号 and heading say what it is of. `value` None could not be taken."""

    key: str
    item: str
    value: TypedValue | None
    typed: str
    place: Place


@dataclass(frozen=True, slots=True)
class Picture:
    """A picture as it is printed: JPEG or PNG, upright, without metadata, no larger than A4 needs. Sizes in pixels."""

    action_no: int
    number: int
    content: bytes
    width: int
    height: int
    place: Place
