"""One month's report: its evaluation, its sources, the departments' texts and pictures."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import NamedTuple

from kama_excel.domain.calendar import Month, month_short
from kama_excel.domain.entries import Entry, Picture
from kama_excel.domain.keys import Field, Key, Slot
from kama_excel.domain.place import Place
from kama_excel.evaluation.action import COUNTED_APART
from kama_excel.evaluation.evaluate import Evaluation
from kama_excel.files import limits
from kama_excel.files.names import safe_name
from kama_excel.findings.catalogue import Code, Severity
from kama_excel.findings.finding import Finding, finding, finding_of
from kama_excel.history.changes import Changes, changes
from kama_excel.history.timeline import MonthState
from kama_excel.inbox.current_forms import Received
from kama_excel.merge.merged import Merged
from kama_excel.plan.model import Plan, PlanAtMonth
from kama_excel.plan.rows import Action

PICTURES_PER_PAGE = 3
"""Maximum number of pictures on an action's page, of all departments together."""


class RerunChange(NamedTuple):
    """An action whose result differs from the month's replaced workbook, in words."""

    action_no: int
    name: str
    before: str
    after: str
    points: str
    """Change of the rate in points; '' if one of the workbooks has no rate."""
    why: str


@dataclass(frozen=True)
class Report:
    """One month's evaluation with its sources and findings.

    `plan_file` is the plan workbook's name and bytes.
    """

    evaluation: Evaluation
    merged: Merged
    findings: tuple[Finding, ...]
    plan_file: tuple[str, bytes]
    states: tuple[MonthState, ...] = ()
    """The months up to this one, oldest first, each evaluated anew; without any no 推移."""
    received: tuple[Received, ...] = ()
    """The forms of all these months."""
    rerun: tuple[RerunChange, ...] = ()
    """The differences from the month's replaced workbook; empty without one."""
    is_public: bool = False
    """Whether it is for citizens: without names, findings, and the state of submissions."""

    @property
    def merged_by_month(self) -> dict[Month, Merged]:
        """The merged last months of ended actions, and as the last one this month."""
        at_end = self.states[-1].at_end if self.states else {}
        return {**at_end, self.month: self.merged}

    @cached_property
    def changes(self) -> Changes | None:
        """The changes since the month before; None if this is the first."""
        return changes(*self.states[-2:]) if len(self.states) > 1 else None

    @property
    def before_label(self) -> str:
        """The month that this one is compared with: 前月, but 令和7年12月 if months between are missing."""
        before = self.states[-2].month if len(self.states) > 1 else None
        return "前月" if before is None or before.next == self.month else before.label

    @property
    def before_short(self) -> str:
        """The same for a heading: 前月 or R7.12."""
        return "前月" if self.before_label == "前月" else month_short(self.states[-2].month)

    @cached_property
    def year_before(self) -> MonthState | None:
        """The same month of the year before; None if it has no folder."""
        month = self.month.year_before
        return next((state for state in self.states if state.month == month), None)

    @cached_property
    def categories(self) -> tuple[str, ...]:
        """The categories of all months, in the order of the grades."""
        known = {word for state in self.states for word in state.evaluation.categories}
        order = [*self.plan.bands.names, *(status.value for status in COUNTED_APART)]
        return tuple(sorted(known, key=order.index))

    @cached_property
    def corrected(self) -> dict[Slot, str]:
        """Description of corrections by 管理番号 and heading: old value, author and reason.

        Of an ended action they are those of its last month, of any other those of this month.
        """
        notes = {}
        for month, merged in self.merged_by_month.items():
            numbers = {each.action.no for each in self.evaluation.actions if each.month == month}
            for slot, entry in merged.entries.items():
                if (found := entry.correction) and self.plan.action_no(entry.key) in numbers:
                    why = ": ".join(each for each in (found.by, found.reason) if each)
                    who = f"（{why}）" if why else ""
                    notes[slot] = f"【訂正】{entry.field} {found.reported or '空欄'} → {entry.typed}{who}"
        return notes

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.evaluation.plan

    @property
    def month(self) -> Month:
        """The month of the run."""
        return self.evaluation.month

    @cached_property
    def names(self) -> dict[int, str]:
        """The names of the actions in this month, by number."""
        return self.plan.names(self.month)

    @property
    def plan_sha256(self) -> str:
        """The plan workbook's hash."""
        return hashlib.sha256(self.plan_file[1]).hexdigest()

    def count(self, severity: Severity) -> int:
        """Count the findings of a severity."""
        return sum(each.severity is severity for each in self.findings)

    def page_name(self, action: Action) -> str:
        """Return the name of an action's sheet: 06."""
        digits = max(2, len(str(max(each.no for each in self.plan.actions))))
        return f"{action.no:0{digits}d}"


def shortened_texts(merged: Merged) -> Iterator[Finding]:
    """Yield a finding for every text that is longer than an Excel cell allows."""
    for entry in merged.entries.values():
        if len(entry.typed) > limits.CELL_CHARACTERS:
            yield finding_of(entry, Code.TEXT_SHORTENED, length=len(entry.typed), limit=limits.CELL_CHARACTERS)


def picture_findings(merged: Merged) -> Iterator[Finding]:
    """Yield a finding for every picture that an action's page omits or shows without caption."""
    facts = merged.facts
    for no, pictures in pictures_by_action(facts.plan, facts.plan.at(facts.month), merged.entries).items():
        for at, each in enumerate(pictures):
            details = {"action": no, "department": each.department}
            if at >= PICTURES_PER_PAGE:
                yield finding(Code.PICTURE_NOT_SHOWN, each.place, most=PICTURES_PER_PAGE, **details)
            elif not each.caption:
                yield finding(Code.PICTURE_WITHOUT_CAPTION, each.place, **details)


def file_name(plan: Plan, month: Month) -> str:
    """Return the name of the month's workbook, valid on Windows too."""
    return f"{safe_name(plan.name)}_進捗評価_{month}.xlsx"


class Narrative(NamedTuple):
    """成果, 取り組んだこと and 課題 of one department; '' for a blank."""

    department: str
    outcome: str
    efforts: str
    challenges: str


def narratives_by_action(in_force: PlanAtMonth, entries: Mapping[Slot, Entry]) -> dict[int, tuple[Narrative, ...]]:
    """Return the texts by action number; 主担当課 first, then the plan's order."""
    return {action.no: tuple(_narratives(action, in_force, entries)) for action in in_force.actions}


def _narratives(action: Action, in_force: PlanAtMonth, entries: Mapping[Slot, Entry]) -> Iterable[Narrative]:
    departments = sorted(in_force.departments_of(action.no), key=lambda department: department != action.lead)
    for department in departments:
        key = Key.of_words(action.no, department)
        written = (entries.get((key, field)) for field in (Field.OUTCOME, Field.EFFORTS, Field.CHALLENGES))
        texts = [str(entry.value or "") if entry else "" for entry in written]
        if any(texts):
            yield Narrative(department, *texts)


def joined(words: Iterable[Narrative], field: str) -> str:
    """Join one of the texts of all departments; with several each has its department's name."""
    texts = [(each.department, getattr(each, field)) for each in words if getattr(each, field)]
    if len(texts) == 1:
        return str(texts[0][1])
    return "\n".join(f"【{department}】\n{text}" for department, text in texts)


class CaptionedPicture(NamedTuple):
    """A picture of a department, with its typed 説明 ('' if none)."""

    department: str
    picture: Picture
    caption: str
    place: Place


def pictures_by_action(
    plan: Plan, in_force: PlanAtMonth, entries: Mapping[Slot, Entry]
) -> dict[int, tuple[CaptionedPicture, ...]]:
    """Return the pictures by action number: 主担当課's first, then in the plan's order."""
    order = {department.name: at for at, department in enumerate(plan.departments)}
    sent = [(key, entry) for (key, _), entry in entries.items() if entry.picture]

    def of(action: Action) -> Iterator[CaptionedPicture]:
        mine = ((key, entry) for key, entry in sent if key.action_no == action.no)
        rank = lambda each: (each[0].department != action.lead, order.get(each[0].department, len(order)), each[0])  # noqa: E731
        for key, entry in sorted(mine, key=rank):
            caption = entries.get((key, Field.CAPTION))
            if entry.picture:
                yield CaptionedPicture(key.department, entry.picture, caption.text if caption else "", entry.place)

    return {action.no: tuple(of(action)) for action in in_force.actions}
