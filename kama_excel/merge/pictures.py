"""Which pictures stand in a month: one per frame, the newest form's. Every other one is named."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import pandas as pd

from kama_excel.findings import Code, Finding, finding
from kama_excel.forms import layout
from kama_excel.forms.submission import Picture
from kama_excel.merge.entries import rows_of
from kama_excel.merge.standing import DepartmentStatus
from kama_excel.plan import Plan


@dataclass(frozen=True, slots=True)
class PlacedPicture:
    """A picture of a department's form that stands, with the 説明 that was typed for it ('' where there is none)."""

    department: str
    picture: Picture
    caption: str


def placed_pictures(
    plan: Plan, statuses: Sequence[DepartmentStatus], entries: pd.DataFrame, findings: list[Finding]
) -> Iterator[PlacedPicture]:
    """Yield a picture per frame: of several forms that stand, the newest form's.

    An older form's picture that is another one is named, and one of an action that the plan does not have.
    """
    captions = {row.key: row.words for row in rows_of(entries[entries["item"] == layout.CAPTION])}
    actions = {action.no for action in plan.actions}
    for status in statuses:
        newest: dict[str, Picture] = {}
        for picture in (each for received in status.received for each in received.submission.pictures):
            key = layout.picture_key(picture.action_no, status.department, picture.number)
            details = {"action": picture.action_no, "department": status.department, "key": key}
            if picture.action_no not in actions:
                findings.append(finding(Code.FORM_KEY_UNKNOWN, picture.place, value=layout.PICTURE, **details))
                continue
            older = newest.get(key)
            if older and older.content != picture.content:
                findings.append(finding(Code.PICTURE_REPLACED, older.place, other=picture.place, **details))
            newest[key] = picture
        for key, picture in newest.items():
            yield PlacedPicture(status.department, picture, captions.get(key, ""))
