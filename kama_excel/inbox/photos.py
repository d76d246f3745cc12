"""Assign photos that came as files of their own: the number that the name begins with is the action's."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import Picture
from kama_excel.domain.place import Place
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding
from kama_excel.forms import schema
from kama_excel.forms.submission import Submission
from kama_excel.inbox.arrivals import IncomingFile
from kama_excel.inbox.containers import Photo
from kama_excel.inbox.photo_names import number_of_photo
from kama_excel.plan.model import Action, Plan


def placed_photos(
    plan: Plan, month: Month, photos: Sequence[tuple[IncomingFile, Photo]], received: Sequence[Submission]
) -> tuple[list[Submission], list[Finding]]:
    """Put each photo of a month's folder into the form that it belongs to; the others are named.

    That is the form that came in the same mail, else the newest one of the action's 主担当課 in the month; of an action
    without one, of the first department that has a task or an indicator of it.
    """
    forms = {each.file: each for each in received}
    findings: list[Finding] = []
    for arrival, photo in photos:
        place = Place(arrival.name)
        action = action_of(plan, arrival.name)
        if action is None:
            code = Code.ATTACHMENT_PASSED_OVER if arrival.is_inline else Code.PICTURE_UNNUMBERED
            findings.append(finding(code, place, value="本文の中の画像"))
            continue
        owners = (action.lead,) if action.lead else plan.at(month).departments_of(action.no)
        form = _form_of(plan, month, arrival, forms, owners)
        if form is None:
            department = next(iter(owners), "")
            why = f"{department}の様式がこの月のフォルダにない" if department else "担当課が計画台帳に書かれていない"
            findings.append(finding(Code.PICTURE_WITHOUT_FORM, place, action=action.no, department=department, why=why))
            continue
        department = _department(plan, form)
        theirs = [each for each in forms.values() if _department(plan, each) == department]
        taken = {each.number for of in theirs for each in of.pictures if each.action_no == action.no}
        free = [number for number in range(1, schema.PICTURES_PER_ACTION + 1) if number not in taken]
        details = {"action": action.no, "department": department, "most": schema.PICTURES_PER_ACTION}
        if not free or photo.is_spare:
            findings.append(finding(Code.PICTURE_TOO_MANY, place, **details))
            continue
        picture = Picture(action.no, free[0], photo.content, photo.width, photo.height, place)
        forms[form.file] = replace(form, pictures=(*form.pictures, picture), is_as_issued=False)
        findings.append(finding(Code.PICTURE_BY_NAME, place, **details))
    return list(forms.values()), findings


def action_of(plan: Plan, name: str) -> Action | None:
    """Return the action whose number a file's name begins with, None where it names none of the plan."""
    numbered = {each.no: each for each in plan.actions}
    return numbered.get(number_of_photo(name) or 0)


def _form_of(
    plan: Plan, month: Month, arrival: IncomingFile, forms: Mapping[str, Submission], owners: Sequence[str]
) -> Submission | None:
    beside = [each for name, each in forms.items() if arrival.came_in and name.startswith(f"{arrival.came_in}!")]
    of_owners = ([each for each in forms.values() if _department(plan, each) == owner] for owner in owners)
    theirs = next(filter(None, (beside, *of_owners)), [])
    return max(theirs, key=lambda each: each.recency(month), default=None)


def _department(plan: Plan, form: Submission) -> str:
    return plan.canonical_department(form.department) or form.department
