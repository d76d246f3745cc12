"""Receive the files up to a month: the submissions of this plan, and findings on the other files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from kama_excel.domain.calendar import Month
from kama_excel.domain.place import Place
from kama_excel.findings.catalogue import Code
from kama_excel.findings.failure import PICTURES, READING, Watch, unwatched
from kama_excel.findings.finding import Finding, finding, has_errors
from kama_excel.forms.submission import Submission
from kama_excel.inbox.arrivals import FileToRead, IncomingFile, ReadSession, files_to_read, start_reading
from kama_excel.inbox.containers import Container, Photo, Refusal
from kama_excel.inbox.current_forms import Received, UnreadFile, current_forms, take_forms
from kama_excel.inbox.photos import placed_photos
from kama_excel.inbox.unread import FOR_NOW, UNREAD, department_of_file
from kama_excel.plan.model import Plan
from kama_excel.workspace.sent_files import SentFiles, sent_files

_NEED_BE_NO_FORM = frozenset({Code.FILE_NOT_READ, Code.FILE_NOT_A_FORM, Code.FILE_EMPTY})
"""Why a file is not read that came together with a form and may well be something else."""


@dataclass(frozen=True, slots=True)
class Intake:
    """The received files: the plan's forms, unreadable files of known departments, and findings on files."""

    forms: tuple[Received, ...]
    unread: tuple[UnreadFile, ...]
    findings: tuple[Finding, ...]


def receive(folder: Path, root: Path, plan: Plan, month: Month, watch: Watch = unwatched) -> Intake:
    """Read everything in the input folder up to a month; files are named as below `root`.

    Files of earlier months that are no forms were named in their own month, and are not named again; those that cannot
    be read for now are.
    """
    sent = sent_files(folder, root, month)
    with start_reading(files_to_read(sent)) as reading:
        return received_of(plan, month, sent, reading, watch)


def received_of(plan: Plan, month: Month, sent: SentFiles, reading: ReadSession, watch: Watch = unwatched) -> Intake:
    """Take the forms from the results of reading the files up to a month, as `receive` does.

    `reading` began with `files_to_read(sent)`. Forms that count in the month or the one before have their pictures: those
    that pages print or miss. Of older forms this is known only here, and they are read again.
    """
    read: dict[Month, list[list[IncomingFile]]] = {}
    for count, (file, arrived) in enumerate(zip(sent.files, reading.first, strict=True), start=1):
        read.setdefault(file.month, []).append(arrived)
        watch(READING, count, len(sent.files))
    newest, findings = set(sent.newest_months), list(sent.findings)
    forms: dict[Month, tuple[Received, ...]] = {}
    unread: list[UnreadFile] = []
    for each, files in read.items():
        intake = received_in(plan, each, files)
        forms[each] = intake.forms
        unread += intake.unread
        findings += intake.findings if each == month else (found for found in intake.findings if found.code in FOR_NOW)
    older = _months_that_stand(plan, newest | {month}, forms) - newest
    again = [file for file in sent.files if file.month in older]
    pictured: dict[Month, list[list[IncomingFile]]] = {}
    arriving_again = reading.more(FileToRead(file.path, file.name, file.below) for file in again)
    for count, (file, arrived) in enumerate(zip(again, arriving_again, strict=True), start=1):
        theirs = pictured.setdefault(file.month, [])
        theirs.append(_pictured(read[file.month][len(theirs)], arrived, findings))
        watch(PICTURES, count, len(again))
    for each, files in pictured.items():
        forms[each] = received_in(plan, each, files).forms
    return Intake(tuple(form for theirs in forms.values() for form in theirs), tuple(unread), tuple(findings))


def _pictured(before: list[IncomingFile], again: list[IncomingFile], findings: list[Finding]) -> list[IncomingFile]:
    """Return the result of reading a file with its pictures; the earlier result where that fails."""
    if len(before) == len(again) and all(map(_is_same, before, again)):
        return again
    refusal = Refusal(Code.FILE_NOT_READ_AGAIN)
    findings.append(finding(refusal.code, Place(before[0].name)))
    return [replace(each, read=refusal) if isinstance(each.read, Photo) else each for each in before]


def _is_same(before: IncomingFile, again: IncomingFile) -> bool:
    """Return whether both results are of one kind; a photo may turn out to be unreadable."""
    is_kind = type(before.read) is type(again.read) or isinstance(before.read, Photo)
    return is_kind and (before.name, before.sha256) == (again.name, again.sha256)


def _months_that_stand(plan: Plan, months: Collection[Month], forms: Mapping[Month, Sequence[Received]]) -> set[Month]:
    """Return the months of the forms that count in any of the given months."""
    received = [each for theirs in forms.values() for each in theirs]
    statuses = (status for month in months for status in current_forms(plan, month, received))
    return {each.month for status in statuses for each in status.received}


def received_in(plan: Plan | None, month: Month, files: Sequence[Sequence[IncomingFile]]) -> Intake:
    """Take the forms of the plan from the files of a month, each file with what was inside it.

    Without a plan every form is taken, and photos that came as files of their own have no findings.
    """
    copies = _copies(each for arrived in files for each in arrived)
    forms: list[Submission] = []
    photos: list[tuple[IncomingFile, Photo]] = []
    findings: list[tuple[IncomingFile, Finding]] = []
    for arrived in files:
        here: list[tuple[IncomingFile, Finding]] = []
        has_form = any(isinstance(each.read, Submission) for each in arrived)
        for each in arrived:
            match each.read:
                case Submission() | Photo() if each.name in copies:
                    here.append((each, finding(Code.FILE_SAME, Place(each.name), other=copies[each.name])))
                case Submission() as form:
                    if wrong := _not_of(plan, form):
                        here.append((each, wrong))
                    else:
                        forms.append(form)
                case Photo() as photo:
                    photos.append((each, photo))
                case Refusal() as refusal:
                    here.append((each, _refused(each, refusal, is_beside=has_form and bool(each.came_in))))
        if isinstance(arrived[0].read, Container) and not has_form and not has_errors([each for _, each in here]):
            here += [(arrived[0], each) for each in _without_form(arrived)]
        findings += here
    if plan is None:
        return Intake(tuple(take_forms(None, month, forms)), (), tuple(each for _, each in findings))
    forms, placed = placed_photos(plan, month, photos, forms)
    received = take_forms(plan, month, forms)
    unread, of_unread = _unread(plan, month, findings, received)
    as_issued = (
        finding(Code.FORM_UNFILLED, Place(each.submission.file), department=each.department, month=month.label)
        for each in received
        if each.submission.is_as_issued
    )
    return Intake(tuple(received), tuple(unread), (*of_unread, *placed, *as_issued))


def _unread(
    plan: Plan, month: Month, findings: Sequence[tuple[IncomingFile, Finding]], received: Sequence[Received]
) -> tuple[list[UnreadFile], list[Finding]]:
    """Give each file that could not be read to the department that sent it, where that is known.

    Where a form of the department could be read as well, the file asks for nothing.
    """
    forms = {each.department: each.submission.file for each in received}
    unread: list[UnreadFile] = []
    findings_of_unread: list[Finding] = []
    for arrival, each in findings:
        is_unread = each.code in UNREAD and not arrival.is_inline
        department = department_of_file(plan, arrival.name, arrival.sender) if is_unread else None
        if department is None:
            findings_of_unread.append(each)
            continue
        unread.append(UnreadFile(arrival.name, department, month, each.message))
        if department in forms:
            details = {"department": department, "other": Place(forms[department]), "why": each.message}
            findings_of_unread.append(finding(Code.FILE_UNREAD_FOLLOWED, each.place, value=each.value, **details))
        else:
            findings_of_unread.append(replace(each, department=department))
    return unread, findings_of_unread


def _copies(arrived: Iterable[IncomingFile]) -> dict[str, str]:
    """Return by name the file that replaces one with the same bytes: the one that was sent last."""
    same: dict[str, list[IncomingFile]] = {}
    for each in arrived:
        if isinstance(each.read, Submission | Photo):
            same.setdefault(each.sha256, []).append(each)
    copies: dict[str, str] = {}
    for all_of_them in same.values():
        stands = max(all_of_them, key=_moment)
        copies |= {each.name: stands.name for each in all_of_them if each is not stands}
    return copies


def _moment(arrival: IncomingFile) -> str:
    sent = arrival.read.sent if isinstance(arrival.read, Submission) else None
    return sent.isoformat() if sent else ""


def _not_of(plan: Plan | None, form: Submission) -> Finding | None:
    """Return the finding that a form does not belong to this plan; None where it does."""
    place = Place(form.file)
    if plan and form.plan_id and form.plan_id != plan.plan_id:
        return finding(Code.FILE_OTHER_PLAN, place, value=form.plan_id)
    if plan and plan.canonical_department(form.department) is None:
        return finding(Code.FILE_UNKNOWN_DEPARTMENT, place, value=form.department)
    return None


def _refused(arrival: IncomingFile, refusal: Refusal, *, is_beside: bool) -> Finding:
    """Return the finding on an unread file; `is_beside` marks one that came with a form and need not be one."""
    place = Place(arrival.name)
    if is_beside and refusal.code in _NEED_BE_NO_FORM:
        return finding(Code.ATTACHMENT_PASSED_OVER, place, value=refusal.value or PurePosixPath(arrival.name).suffix)
    return finding(refusal.code, place, value=refusal.value, reason=refusal.reason)


def _without_form(arrived: Sequence[IncomingFile]) -> Iterator[Finding]:
    """Name a mail or an archive in which there is nothing to be read."""
    container, *inside = arrived
    if not any(isinstance(each.read, Photo) and not each.is_inline for each in inside):
        is_mail = isinstance(container.read, Container) and container.read.is_mail
        yield finding(Code.CONTAINER_WITHOUT_FORM, Place(container.name), value="このメール" if is_mail else "このZIP")
