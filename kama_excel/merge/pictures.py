"""Which pictures stand in a month: one per frame, none twice. Every other one is named.

They follow the rules of the entries: the newest counts; what a form went out with and was left as it is gives way to
what somebody put in another form's frame; what a form went out with and that is gone now is withdrawn.
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
    """A picture of a department's form that stands, with the 説明 that was typed for it ('' where there is none)."""

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
    """Yield the pictures that stand, at most one per frame; what is to be said of the others goes to `findings`."""
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
    """A picture in a form of a department. `order` is the form's among them, oldest first; one in no form is older."""

    picture: Picture
    department: str
    order: int
    sha256: str
    is_left: bool
    """Whether the form went out with it in just this frame, and no older form has it of somebody's own."""

    @property
    def key(self) -> Key:
        """The 管理番号 of its frame."""
        return Key.of_picture(self.picture.action_no, self.department, self.picture.number)

    @property
    def same(self) -> tuple[int, str]:
        """What pictures have in common that are one: the action and the bytes."""
        return (self.picture.action_no, self.sha256)

    def find(self, code: Code, **details: object) -> Finding:
        """Make a finding at the picture."""
        return finding(code, self.picture.place, action=self.picture.action_no, department=self.department, **details)


def _picture_claims(status: DepartmentStatus) -> list[PictureClaim]:
    """Return a department's pictures, oldest first. A file of its own was there before any form that went out with it."""
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
        is_somebodys = any(each.same == (picture.action_no, sha256) and not each.is_left for each in claims)
        is_left = frame in {(each.action_no, each.number, each.sha256) for each in sent} and not is_somebodys
        claims.append(PictureClaim(picture, status.department, order, sha256, is_left))
    return claims


def _without_withdrawn(
    claims: Sequence[PictureClaim], status: DepartmentStatus, findings: list[Finding]
) -> Sequence[PictureClaim]:
    """Drop what a form was sent out with and does not have any more, unless somebody put it into a newer one.

    It is dropped wherever it was left too: who did not touch it did not speak against it being taken down.
    """
    sent = [{(each.action_no, each.sha256) for each in of.submission.sent_pictures} for of in status.received]
    for order, received in reversed(list(enumerate(status.received))):
        in_form = [each for each in claims if each.order == order]
        for was in received.submission.sent_pictures:
            all_of_it = [each for each in claims if each.same == (was.action_no, was.sha256)]
            is_there = any(each.order == order for each in all_of_it)
            is_back = any(each.order > order and each.same not in sent[each.order] for each in all_of_it)
            if not all_of_it or is_there or is_back:
                continue
            new = next((each for each in _in_frame(was, in_form) if each.same not in sent[order]), None)
            if new:
                findings.extend(each.find(Code.PICTURE_CHANGED, other=new.picture.place) for each in all_of_it)
            else:
                details = {"action": was.action_no, "department": status.department}
                other = all_of_it[-1].picture.place
                findings.append(finding(Code.PICTURE_WITHDRAWN, was.place, other=other, **details))
            claims = [each for each in claims if each not in all_of_it]
    return claims


def _in_frame(was: SentPicture, claims: Iterable[PictureClaim]) -> Iterator[PictureClaim]:
    frame = (was.action_no, was.number)
    return (each for each in claims if (each.picture.action_no, each.picture.number) == frame)


def _without_doubles(claims: Sequence[PictureClaim], findings: list[Finding]) -> list[PictureClaim]:
    """Keep of each picture one: it may have been moved to another frame, or pasted into two."""
    stay: dict[tuple[int, str], PictureClaim] = {}
    for each in sorted(claims, key=_rank):
        stay.setdefault(each.same, each)
    for each in claims:
        stays = stay[each.same]
        if each.picture.number != stays.picture.number:
            findings.append(each.find(Code.PICTURE_TWICE, other=stays.picture.place))
    return list(stay.values())


def _newest(claims: Sequence[PictureClaim], findings: list[Finding]) -> Iterator[PictureClaim]:
    """Yield of each frame the newest picture that somebody put there and name the others."""
    newest: dict[str, PictureClaim] = {}
    for each in sorted(claims, key=_rank):
        stays = newest.setdefault(each.key, each)
        if each is not stays:
            code = Code.PICTURE_CHANGED if each.is_left else Code.PICTURE_REPLACED
            findings.append(each.find(code, other=stays.picture.place))
    yield from sorted(newest.values(), key=lambda each: (each.picture.action_no, each.picture.number))


def _rank(each: PictureClaim) -> tuple[bool, int, int]:
    """Sort key: what somebody put before what was left, the newest form's first, in the order of the frames."""
    return (each.is_left, -each.order, each.picture.number)
