"""The points that a department is asked about: findings on its forms, one point per cell."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from types import MappingProxyType

from kama_excel.domain.entries import Entry
from kama_excel.domain.keys import NO_KEY, Field, Slot
from kama_excel.domain.place import Place
from kama_excel.findings.catalogue import Code, Severity
from kama_excel.findings.finding import ANSWERED_BESIDE, MAY_STAY, Finding
from kama_excel.forms import schema
from kama_excel.forms.content import Point, Request
from kama_excel.inbox.current_forms import DepartmentStatus
from kama_excel.spreadsheets.cells import position

_FOR_DIVISION = frozenset({Code.KEY_VANISHED, Code.FORM_OF_LATER_MONTH, Code.FILLED_ON_AFTER_MONTH})
"""Findings in a department's form that the division must correct, not the department."""

_SHEETS = (schema.COVER_SHEET, *(each.name for each in schema.TABLE_SHEETS))
_MIRRORED = Code.FORM_KEY_TWICE
"""A finding at each of two cells, with the other's value: one request."""
_CORRECTED = "訂正後の値「{value}」でよい場合は、対応は不要です。異なる場合は、正しい値を入力してください。"
_BETWEEN = "」「"
_NO_ENTRIES: Mapping[Slot, Entry] = MappingProxyType({})


def points_to_send_back(
    status: DepartmentStatus, findings: Sequence[Finding], entries: Mapping[Slot, Entry] = _NO_ENTRIES
) -> list[Point]:
    """Return the points that a department should act on, in the form's order.

    `entries` are the values that count, which its next form shows. Findings on a form's structure are only those of
    the newest form, which is the one to continue with.
    """
    files = [received.submission.file for received in status.received]
    mine = [
        each
        for each in findings
        if each.place.file in files
        and each.severity is not Severity.INFO
        and each.code not in _FOR_DIVISION
        and not (each.code.slug.startswith("form-") and each.place.file != files[-1])
    ]
    inputs = {place: slot for received in status.received for slot, place in received.inputs.items()}
    inputs |= {received.submission.filled_on_place: (NO_KEY, Field.FILLED_ON) for received in status.received}
    together: dict[object, tuple[Slot | None, list[Finding]]] = {}
    for each in sorted(mine, key=lambda each: (files.index(each.place.file), _order(each.place))):
        slot = inputs.get(each.place) or ((each.key, each.field) if each.field else None)
        together.setdefault(slot or _outside(each), (slot, []))[1].append(each)
    return [_point(slot, of_it, entries) for slot, of_it in together.values()]


def _point(slot: Slot | None, findings: Sequence[Finding], entries: Mapping[Slot, Entry]) -> Point:
    """Return the point of all findings on an input, or on a row outside of the inputs."""
    first, entry = findings[0], entries.get(slot) if slot else None
    cells = tuple(dict.fromkeys(each.place.cell for each in findings))
    if slot is None:
        findings = [first._replace(value=_BETWEEN.join(each.value for each in findings))]
    return Point(
        first.place,
        cells,
        tuple(_request(each, entry) for each in findings if each is findings[0] or each.code is not _MIRRORED),
        slot,
        slot[0] if slot else first.key,
        first.action_no,
    )


def _outside(found: Finding) -> object:
    """Return what joins findings outside of the inputs: their row, or an added sheet."""
    if found.code is not Code.FORM_OUTSIDE:
        return found
    at = position(found.place.cell) if found.place.sheet in _SHEETS else None
    return found.code, found.place._replace(cell=""), at[0] if at else 0


def _request(found: Finding, entry: Entry | None) -> Request:
    """Return the request of a finding; a corrected value may stay, whatever was reported."""
    may_stay, advice = found.code in MAY_STAY, found.advice_in_form
    if entry and entry.correction and entry.value is not None and not may_stay:
        may_stay, advice = True, _CORRECTED.format(value=entry.typed)
    return Request(found.message_for_department, advice, may_stay, ANSWERED_BESIDE.get(found.code))


def _order(place: Place) -> tuple[int, int, int]:
    """Sort key: the form's sheets in order, and the rows within a sheet."""
    at = _SHEETS.index(place.sheet) if place.sheet in _SHEETS else len(_SHEETS)
    return (at, *(position(place.cell) or (0, 0)))
