"""Assign photos that came as separate files to actions, by the number in their name.

Only photos with a free frame are decoded: a mail may contain hundreds.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping, Sequence

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import Entry
from kama_excel.domain.keys import Field, Key
from kama_excel.domain.place import Place
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding
from kama_excel.findings.progress import PHOTOS, Watch
from kama_excel.forms import schema
from kama_excel.forms.submission import Submission
from kama_excel.inbox.arrivals import FileToRead, IncomingFile, ReadSession
from kama_excel.inbox.containers import Photo, ReadResult, Refusal
from kama_excel.inbox.photo_names import number_of_photo
from kama_excel.plan.model import Plan
from kama_excel.plan.rows import Action

PhotoReader = Callable[[Sequence[IncomingFile]], Mapping[str, ReadResult]]
"""Read photos again, decoded, by their names."""


def photo_reader(files: Sequence[FileToRead], reading: ReadSession, watch: Watch) -> PhotoReader:
    """Return a function that reads photos among `files` again, decoded.

    One that has changed since is a Refusal.
    """
    on_disk = {each.name: each for each in files}

    def read(photos: Sequence[IncomingFile]) -> dict[str, ReadResult]:
        names: dict[str, set[str]] = {}
        for each in photos:
            names.setdefault(each.came_in or each.name, set()).add(each.name)
        again: dict[str, IncomingFile] = {}
        to_read = [on_disk[name]._replace(photos=frozenset(theirs)) for name, theirs in names.items()]
        for count, arrived in enumerate(reading.more(to_read), start=1):
            again |= {each.name: each for each in arrived}
            watch(PHOTOS, count, len(to_read))
        same = {each.name for each in photos if each.name in again and again[each.name].sha256 == each.sha256}
        refusal = Refusal(Code.FILE_NOT_READ_AGAIN)
        return {each.name: again[each.name].result if each.name in same else refusal for each in photos}

    return read


def placed_photos(
    plan: Plan,
    month: Month,
    photos: Sequence[IncomingFile],
    received: Sequence[Submission],
    read_photos: PhotoReader | None,
) -> tuple[list[Submission], list[Finding]]:
    """Put each photo of a month's folder into its form; report the others.

    The form is the one in the same mail, else the newest one of the action's 主担当課 in the month; without one, of
    the first department that has a task or an indicator of the action. Without `read_photos` no photo is decoded.
    """
    forms = {each.file: each for each in received}
    frames: dict[str, tuple[str, Key]] = {}
    findings: dict[str, Finding] = {}
    taken = {_frame(plan, form, entry.key) for form in received for entry in form.pictures}
    for each in photos:
        found = _free_frame(plan, month, each, received, taken)
        if isinstance(found, Finding):
            findings[each.name] = found
        else:
            frames[each.name] = found
            taken.add(found[1])
    decoded = read_photos([each for each in photos if each.name in frames]) if read_photos else {}
    for each in photos:
        if each.name not in frames:
            continue
        (file, key), read, place = frames[each.name], decoded.get(each.name, each.result), Place(each.name)
        if isinstance(read, Photo):
            entry = Entry(key, Field.PICTURE, read.picture, str(Field.PICTURE), place)
            pictures = (*forms[file].pictures, *([entry] if read.picture else []))
            forms[file] = forms[file]._replace(pictures=pictures, is_as_issued=False)
            findings[each.name] = finding(Code.PICTURE_BY_NAME, place, action=key.action_no, department=key.department)
        elif isinstance(read, Refusal):
            findings[each.name] = finding(read.code, place, value=read.value, reason=read.reason)
    return list(forms.values()), [findings[each.name] for each in photos if each.name in findings]


def _free_frame(
    plan: Plan, month: Month, photo: IncomingFile, forms: Sequence[Submission], taken: Collection[Key]
) -> tuple[str, Key] | Finding:
    """Return the form and the free frame for a photo, or a finding if there is none."""
    place, action = Place(photo.name), action_of(plan, photo.name)
    if action is None:
        code = Code.ATTACHMENT_PASSED_OVER if photo.is_inline else Code.PICTURE_UNNUMBERED
        return finding(code, place, value="本文の中の画像")
    owners = (action.lead,) if action.lead else plan.at(month).departments_of(action.no)
    form = _form_of(plan, month, photo, forms, owners)
    if form is None:
        department = next(iter(owners), "")
        why = f"{department}の様式がこの月のフォルダにない" if department else "担当課が計画台帳に登録されていない"
        return finding(Code.PICTURE_WITHOUT_FORM, place, action=action.no, department=department, why=why)
    department = _department(plan, form)
    for key, _ in schema.picture_slots(Key.of_frames(action.no, department)):
        if key not in taken:
            return form.file, key
    details = {"action": action.no, "department": department, "most": schema.PICTURES_PER_ACTION}
    return finding(Code.PICTURE_TOO_MANY, place, **details)


def action_of(plan: Plan, name: str) -> Action | None:
    """Return the action whose number starts a file's name; None if the plan has none."""
    numbered = {each.no: each for each in plan.actions}
    return numbered.get(number_of_photo(name) or 0)


def _form_of(
    plan: Plan, month: Month, photo: IncomingFile, forms: Sequence[Submission], owners: Sequence[str]
) -> Submission | None:
    beside = [each for each in forms if photo.came_in and each.file.startswith(f"{photo.came_in}!")]
    of_owners = ([each for each in forms if _department(plan, each) == owner] for owner in owners)
    theirs = next(filter(None, (beside, *of_owners)), [])
    return max(theirs, key=lambda each: each.recency(month), default=None)


def _department(plan: Plan, form: Submission) -> str:
    return plan.canonical_department(form.department) or form.department


def _frame(plan: Plan, form: Submission, key: Key) -> Key:
    """Return the frame of a form's picture by its department's current name."""
    return Key.of_picture(key.action_no or 0, _department(plan, form), key.picture or 0)
