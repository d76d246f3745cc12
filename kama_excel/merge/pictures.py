"""Resolve the pictures of a month: one per frame, none twice. Every other one is reported.

The rules are those of entries: the newest counts; a picture that a form was issued with and that was left unchanged
yields to one that a person put in another form's frame; one that was issued and is missing now is withdrawn.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from kama_excel.domain.entries import Entry, Picture
from kama_excel.domain.keys import Field, Key, Slot
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding
from kama_excel.forms.submission import SentPicture
from kama_excel.inbox.current_forms import DepartmentStatus
from kama_excel.plan.model import Plan

_OF_NO_FORM = -1


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """A picture that counts, with its typed 説明 ('' where there is none)."""

    department: str
    picture: Picture
    caption: str

    @property
    def key(self) -> Key:
        """The 管理番号 of its frame."""
        return Key.of_picture(self.picture.action_no, self.department, self.picture.number)


def placed_pictures(
    plan: Plan, statuses: Sequence[DepartmentStatus], entries: Mapping[Slot, Entry], findings: list[Finding]
) -> Iterator[PlacedPicture]:
    """Yield the pictures that count, at most one per frame; findings on the others are added to `findings`."""
    actions = {action.no for action in plan.actions}
    for status in statuses:
        claims: list[PictureClaim] = []
        for each in _picture_claims(status):
            if each.picture.action_no in actions:
                claims.append(each)
            else:
                findings.append(each.find(Code.FORM_KEY_UNKNOWN, value=Field.PICTURE, key=each.key))
        stay = _without_withdrawn(claims, status, findings)
        stay = _without_doubles(stay, findings)
        for each in _newest(stay, findings):
            caption = entries.get((each.key, Field.CAPTION))
            yield PlacedPicture(status.department, each.picture, caption.text if caption else "")


@dataclass(frozen=True, slots=True)
class PictureClaim:
    """A picture in a department's form. `order` is the form's, oldest first; a file of its own is older than all."""

    picture: Picture
    department: str
    order: int
    sha256: str
    is_left: bool
    """Whether the form was issued with it in this frame, and no older form has it as a person's own."""

    @property
    def key(self) -> Key:
        """The 管理番号 of its frame."""
        return Key.of_picture(self.picture.action_no, self.department, self.picture.number)

    @property
    def same(self) -> tuple[int, str]:
        """The identity of a picture: its action and its bytes."""
        return (self.picture.action_no, self.sha256)

    def find(self, code: Code, **details: object) -> Finding:
        """Make a finding at the picture."""
        return finding(code, self.picture.place, action=self.picture.action_no, department=self.department, **details)


def _picture_claims(status: DepartmentStatus) -> list[PictureClaim]:
    """Return a department's pictures, oldest first. A file of its own precedes any form issued with it."""
    pictures = [
        (order if picture.place.file == received.submission.file else _OF_NO_FORM, picture)
        for order, received in enumerate(status.received)
        for picture in received.submission.pictures
    ]
    claims: list[PictureClaim] = []
    for order, picture in sorted(pictures, key=lambda each: (each[0], each[1].action_no, each[1].number)):
        sha256 = hashlib.sha256(picture.content).hexdigest()
        sent = () if order == _OF_NO_FORM else status.received[order].submission.sent_pictures
        frame = (picture.action_no, picture.number, sha256)
        is_persons_own = any(each.same == (picture.action_no, sha256) and not each.is_left for each in claims)
        is_left = frame in {(each.action_no, each.number, each.sha256) for each in sent} and not is_persons_own
        claims.append(PictureClaim(picture, status.department, order, sha256, is_left))
    return claims


def _without_withdrawn(
    claims: Sequence[PictureClaim], status: DepartmentStatus, findings: list[Finding]
) -> Sequence[PictureClaim]:
    """Drop pictures that a form was issued with and lacks now, unless a person put them into a newer form.

    They are dropped wherever they were left unchanged too: leaving one unchanged is no objection to its removal.
    """
    sent = [{(each.action_no, each.sha256) for each in of.submission.sent_pictures} for of in status.received]
    for order, received in reversed(list(enumerate(status.received))):
        in_form = [each for each in claims if each.order == order]
        for was in received.submission.sent_pictures:
            copies = [each for each in claims if each.same == (was.action_no, was.sha256)]
            is_there = any(each.order == order for each in copies)
            is_back = any(each.order > order and each.same not in sent[each.order] for each in copies)
            if not copies or is_there or is_back:
                continue
            new = next((each for each in _in_frame(was, in_form) if each.same not in sent[order]), None)
            if new:
                findings.extend(each.find(Code.PICTURE_CHANGED, other=new.picture.place) for each in copies)
            else:
                details = {"action": was.action_no, "department": status.department}
                other = copies[-1].picture.place
                findings.append(finding(Code.PICTURE_WITHDRAWN, was.place, other=other, **details))
            claims = [each for each in claims if each not in copies]
    return claims


def _in_frame(was: SentPicture, claims: Iterable[PictureClaim]) -> Iterator[PictureClaim]:
    frame = (was.action_no, was.number)
    return (each for each in claims if (each.picture.action_no, each.picture.number) == frame)


def _without_doubles(claims: Sequence[PictureClaim], findings: list[Finding]) -> list[PictureClaim]:
    """Keep one copy of each picture: it may have been moved to another frame, or pasted into two."""
    stay: dict[tuple[int, str], PictureClaim] = {}
    for each in sorted(claims, key=_rank):
        stay.setdefault(each.same, each)
    for each in claims:
        stays = stay[each.same]
        if each.picture.number != stays.picture.number:
            findings.append(each.find(Code.PICTURE_TWICE, other=stays.picture.place))
    return list(stay.values())


def _newest(claims: Sequence[PictureClaim], findings: list[Finding]) -> Iterator[PictureClaim]:
    """Yield for each frame the newest picture that a person put there, and report the others."""
    newest: dict[str, PictureClaim] = {}
    for each in sorted(claims, key=_rank):
        stays = newest.setdefault(each.key, each)
        if each is not stays:
            code = Code.PICTURE_CHANGED if each.is_left else Code.PICTURE_REPLACED
            findings.append(each.find(code, other=stays.picture.place))
    yield from sorted(newest.values(), key=lambda each: (each.picture.action_no, each.picture.number))


def _rank(each: PictureClaim) -> tuple[bool, int, int]:
    """Return the sort key: a person's pictures before unchanged ones, newest form first, by frame."""
    return (each.is_left, -each.order, each.picture.number)
