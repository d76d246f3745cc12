"""提出: a form that came back, as its reader understood it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, field

from kama_excel.domain.calendar import JAPAN, Month
from kama_excel.domain.entries import Entry
from kama_excel.domain.keys import Key, Slot
from kama_excel.domain.place import NOWHERE, Place
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding

_LONG_AGO = dt.datetime(1, 1, 2, tzinfo=JAPAN)


@dataclass(frozen=True, slots=True)
class Submission:
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
    """The pictures in its frames, and photos that came beside it. Of older months they are read where they are wanted."""
    findings: tuple[Finding, ...]
    sent: dt.datetime | None = None
    """When the mail was sent that it came with; None is not known. Japan time, as `modified`."""
    modified: dt.datetime | None = None
    """When the workbook was last saved, by its own properties."""
    printed: Mapping[Key, Mapping[str, str]] = field(default_factory=dict)
    """The plan's texts that it was issued with, by 管理番号 and heading; none where the form has no snapshot."""
    filled_on_place: Place = NOWHERE
    """Where 記入日 is typed."""
    inputs: Mapping[Slot, Place] = field(default_factory=dict)
    """The place of each input, blank or not, the frames of pictures among them.

    The frame of a picture that the form was issued with is one even where its row is gone. No frames where the format
    does not show which pictures are still there.
    """
    prefilled_texts: Mapping[Slot, str] = field(default_factory=dict)
    """What the inputs were filled in with when it was sent out (`snapshot.entered_text`)."""
    made_for: Month | None = None
    """The month that it was made for; None where unknown."""
    contact: str = ""
    """連絡先 as typed: it is written to the department's own form only."""

    is_as_issued: bool = False
    """Whether it came back just as it was issued, without a 記入日: nothing in it is a report."""

    @property
    def evidence_day(self) -> dt.date | None:
        """The day that the form is of: when the mail was sent, else when it was last saved, else 記入日."""
        moment = self.sent or self.modified
        return moment.date() if moment else self.filled_on

    def recency(self, month: Month) -> tuple[dt.datetime, dt.datetime, dt.datetime, str]:
        """Return the sort key of the forms of a month's folder, oldest first (`docs/rules.md`, 様式の新旧).

        Evidence comes first: when the mail was sent, else when the workbook was last saved, else 記入日; of one moment
        the next of these decides, then the file's name.
        """
        filled_on = self.filled_on if self.filled_on and not self.is_filled_on_late(month) else None
        typed = dt.datetime.combine(filled_on, dt.time.min, JAPAN) if filled_on else None
        known = [each for each in (self.sent, self.modified, typed) if each]
        first, second, third = (*known, *(_LONG_AGO for _ in range(3)))[:3]
        return first, second, third, self.file

    def is_filled_on_late(self, month: Month) -> bool:
        """Return whether 記入日 is after the evidence or after the month that follows the folder's: it is ignored then."""
        if self.filled_on is None:
            return False
        moment = self.sent or self.modified
        return self.filled_on > month.next.last_day or (moment is not None and self.filled_on > moment.date())

    @property
    def unassigned_inputs(self) -> frozenset[Place]:
        """The non-blank inputs whose row is ambiguous: they are no entries."""
        return frozenset(each.place for each in self.findings if each.code is Code.FORM_ROW_MIXED)
