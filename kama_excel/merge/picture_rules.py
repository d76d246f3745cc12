"""Rules that only pictures have in resolution: frames, copies, and their findings.

Otherwise a picture is resolved like any other input.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

from kama_excel.domain.entries import OF_NO_FORM, Entry
from kama_excel.domain.keys import Slot
from kama_excel.domain.place import Place
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding
from kama_excel.forms import schema
from kama_excel.merge.compared_form import Forms, age_of, typed_and_left

Identity = tuple[str, int | None, object]

_CODES = {
    Code.VALUES_CONFLICT: Code.PICTURE_REPLACED,
    Code.VALUES_OF_MERGED: Code.PICTURE_REPLACED,
    Code.VALUE_REPLACED: Code.PICTURE_CHANGED,
    Code.VALUE_SET_BACK: Code.PICTURE_CHANGED,
    Code.VALUE_LEFT: Code.PICTURE_CHANGED,
}
"""The finding on a picture that corresponds to one on a value."""


def identity(picture: Entry) -> Identity:
    """Return a key equal for copies of a picture: department, action and content."""
    return picture.department, picture.key.action_no, picture.value


def assign_frames(
    pictures: Sequence[Entry], forms: Mapping[str, Forms]
) -> tuple[list[tuple[Entry, ...]], list[Finding]]:
    """Assign each picture to one frame of its action; report copies in other frames.

    Returns the pictures by input, oldest first. A picture may have been moved, or pasted into two frames: the
    last frame counts. A separate photo has a frame only as long as no form has the picture. `forms` are those of
    each department.
    """
    in_forms = {identity(each) for each in pictures if not _is_file(each)}
    pictures = [
        each if identity(each) in in_forms else _in_issued_frame(each, forms[each.department]) for each in pictures
    ]
    left = {id(each) for group in _by_slot(pictures) for each in typed_and_left(group, forms[group[0].department])[1]}
    newest_first = sorted(sorted(pictures, key=lambda each: each.key), key=age_of, reverse=True)
    stays: dict[Identity, Entry] = {}
    for each in sorted(newest_first, key=lambda each: (_is_file(each), id(each) in left)):
        stays.setdefault(identity(each), each)
    others = [each for each in pictures if stays[identity(each)].key != each.key]
    findings = [picture_finding(Code.PICTURE_TWICE, each, stays[identity(each)].place) for each in others]
    return _by_slot(each for each in pictures if stays[identity(each)].key == each.key), findings


def _is_file(picture: Entry) -> bool:
    return picture.source.order == OF_NO_FORM


def _in_issued_frame(photo: Entry, forms: Forms) -> Entry:
    """Return a separate photo in the frame of a form that was issued with it.

    That form then answers it.
    """
    for key, _ in schema.picture_slots(photo.key):
        issued = photo._replace(key=key)
        if any(form.was_issued_with(issued) for form in forms.values()):
            return issued
    return photo


def _by_slot(pictures: Iterable[Entry]) -> list[tuple[Entry, ...]]:
    groups: dict[Slot, list[Entry]] = {}
    for each in sorted(pictures, key=lambda each: (each.slot, age_of(each))):
        groups.setdefault(each.slot, []).append(each)
    return [tuple(group) for group in groups.values()]


def superseded_picture(code: Code, picture: Entry, newest: Entry) -> Finding:
    """Return the finding that another picture counts in a frame.

    `code` is that of a value in its place.
    """
    return picture_finding(_CODES[code], picture, newest.place)


def picture_finding(code: Code, picture: Entry, other: Place, *, place: Place | None = None) -> Finding:
    """Make a finding at a picture, or at `place`, that refers to another place."""
    details = {"action": picture.key.action_no, "department": picture.department, "other": other}
    return finding(code, place or picture.place, **details)
