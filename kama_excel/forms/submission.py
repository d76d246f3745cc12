"""A returned form (提出) after reading."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from types import MappingProxyType
from typing import NamedTuple

from kama_excel.domain.calendar import JAPAN, Month
from kama_excel.domain.entries import Entry
from kama_excel.domain.keys import Field, Key, Slot
from kama_excel.domain.place import NOWHERE, Place
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding

_LONG_AGO = dt.datetime(1, 1, 2, tzinfo=JAPAN)


class Submission(NamedTuple):
    """A form that was read. `department` is the name in the form, which may be an old one."""

    file: str
    sha256: str
    plan_id: str
    department: str
    version: str
    writer: str
    filled_on: dt.date | None
    entries: tuple[Entry, ...]
    pictures: tuple[Entry, ...]
    """The pictures in its frames, and separate photos that came with it.

    Those of older months are read only on request.
    """
    findings: tuple[Finding, ...]
    sent: dt.datetime | None = None
    """The time of the mail that contained it, in Japan time as `modified`; None if unknown."""
    modified: dt.datetime | None = None
    """The time of the workbook's last save, by its own properties."""
    printed: Mapping[Key, Mapping[str, str]] = MappingProxyType({})
    """The plan's texts printed in it, by 管理番号 and heading; empty without a snapshot."""
    filled_on_place: Place = NOWHERE
    """The place of 記入日."""
    inputs: tuple[tuple[Key, Field, str, str], ...] = ()
    """The sheet and the cell of each input, blank or not, including frames of pictures.

    The frame of an issued picture counts even if its row is gone. There are no frames if the format does not show
    which pictures remain.
    """
    prefilled_texts: Mapping[Slot, str] = MappingProxyType({})
    """The prefilled inputs when it was sent out (`snapshot.entered_text`)."""
    made_for: Month | None = None
    """The month that it was made for; None if unknown."""
    contact: str = ""
    """連絡先 as typed: it is written to the department's own form only."""

    is_as_issued: bool = False
    """Whether it was returned exactly as issued, without a 記入日: then it is no report."""

    @property
    def evidence_day(self) -> dt.date | None:
        """The date of the form: of its mail, else of its last save, else 記入日."""
        moment = self.sent or self.modified
        return moment.date() if moment else self.filled_on

    def recency(self, month: Month) -> tuple[dt.datetime, dt.datetime, dt.datetime, str]:
        """Return the sort key of forms in a month's folder, oldest first (rules.md, 様式の新旧).

        Evidence comes first: the time of the mail, else of the last save, else 記入日. If two are equal, the next of
        these decides, then the file's name.
        """
        filled_on = self.filled_on if self.filled_on and not self.is_filled_on_late(month) else None
        typed = dt.datetime.combine(filled_on, dt.time.min, JAPAN) if filled_on else None
        known = [each for each in (self.sent, self.modified, typed) if each]
        first, second, third = (*known, *(_LONG_AGO for _ in range(3)))[:3]
        return first, second, third, self.file

    def is_filled_on_late(self, month: Month) -> bool:
        """Return whether 記入日 is too late and therefore ignored.

        It is after the evidence, or after the month that follows the folder's.
        """
        if self.filled_on is None:
            return False
        moment = self.sent or self.modified
        return self.filled_on > month.next.last_day or (moment is not None and self.filled_on > moment.date())

    @property
    def is_filled_on_in_time(self) -> bool:
        """Whether mail or workbook confirm that 記入日 has come; False without them."""
        moment = self.sent or self.modified
        return self.filled_on is not None and moment is not None and self.filled_on <= moment.date()

    @property
    def unassigned_inputs(self) -> frozenset[Place]:
        """The non-blank inputs whose row is ambiguous: they are no entries."""
        return frozenset(each.place for each in self.findings if each.code is Code.FORM_ROW_MIXED)
