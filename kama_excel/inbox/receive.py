"""Receive the files up to a month: submissions of this plan, findings on other files."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from kama_excel.domain.calendar import Month
from kama_excel.domain.place import Place
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding, has_errors
from kama_excel.findings.progress import PICTURES, READING, Watch, unwatched
from kama_excel.forms.submission import Submission
from kama_excel.inbox.arrivals import FileToRead, IncomingFile, ReadSession, files_to_read, start_reading
from kama_excel.inbox.containers import Container, Photo, ReadResult, Refusal
from kama_excel.inbox.current_forms import Received, UnreadFile, current_forms, take_forms
from kama_excel.inbox.photo_names import number_of_photo
from kama_excel.inbox.photos import PhotoReader, photo_reader, placed_photos
from kama_excel.inbox.unread import FOR_NOW, UNREAD, department_of_file
from kama_excel.plan.model import Plan
from kama_excel.workspace.sent_files import SentFiles, sent_files

_NEED_BE_NO_FORM = frozenset({Code.FILE_NOT_READ, Code.FILE_NOT_A_FORM, Code.FILE_EMPTY})
"""Reasons why a file beside a form is not read, and may not be a form at all."""


class Intake(NamedTuple):
    """The received files: the plan's forms, unreadable files of known departments, findings."""

    forms: tuple[Received, ...]
    unread: tuple[UnreadFile, ...]
    findings: tuple[Finding, ...]


def receive(folder: Path, root: Path, plan: Plan, month: Month) -> Intake:
    """Read everything in the input folder up to a month; files are named relative to `root`.

    Files of earlier months that are no forms were reported in their own month and are not reported again, except
    those that cannot be read at the moment.
    """
    sent = sent_files(folder, root, month)
    with start_reading(files_to_read(sent)) as reading:
        return intake_of_months(plan, month, sent, reading)


def intake_of_months(
    plan: Plan, month: Month, sent: SentFiles, reading: ReadSession, watch: Watch = unwatched
) -> Intake:
    """Take the forms from the results of reading the files up to a month, as `receive` does.

    `reading` was started with `files_to_read(sent)`. Forms that count in the month, the one before or the last month
    of an ended action have their pictures, because pages print them or report them missing. Which older forms these
    are is known only here, and they are read again. So are separate photos with a frame; no others are decoded.
    """
    read: list[list[IncomingFile]] = []
    for count, (_, arrived) in enumerate(zip(sent.files, reading.first, strict=True), start=1):
        read.append(arrived)
        watch(READING, count, len(sent.files))
    intakes = {each: intake_of_month(plan, each, files) for each, files in _by_month(sent, read).items()}
    newest, findings = set(sent.newest_months), list(sent.findings)
    shown = newest | _months_of_current_forms(plan, newest.union([month], plan.ending_months(month)), intakes)
    again = [at for at, file in enumerate(sent.files) if file.month in shown - newest and _has(read[at], Submission)]
    pictured = reading.more(FileToRead(file.path, file.name, file.below) for file in (sent.files[at] for at in again))
    not_read_again: list[Finding] = []
    for count, (at, arrived) in enumerate(zip(again, pictured, strict=True), start=1):
        if len(read[at]) == len(arrived) and all(map(_is_same, read[at], arrived)):
            read[at] = arrived
        else:
            not_read_again.append(finding(Code.FILE_NOT_READ_AGAIN, Place(sent.files[at].name)))
        watch(PICTURES, count, len(again))
    changed = {sent.files[at].month for at in again}
    changed |= {file.month for file, arrived in zip(sent.files, read, strict=True) if _has(arrived, Photo)} & shown
    photos = photo_reader(files_to_read(sent), reading, watch)
    for each, files in _by_month(sent, read).items():
        if each in changed:
            intakes[each] = intake_of_month(plan, each, files, photos)
    for each, intake in intakes.items():
        findings += intake.findings if each == month else (found for found in intake.findings if found.code in FOR_NOW)
    return Intake(
        tuple(form for intake in intakes.values() for form in intake.forms),
        tuple(each for intake in intakes.values() for each in intake.unread),
        (*findings, *not_read_again),
    )


def _by_month(sent: SentFiles, read: Sequence[list[IncomingFile]]) -> dict[Month, list[list[IncomingFile]]]:
    by_month: dict[Month, list[list[IncomingFile]]] = {}
    for file, arrived in zip(sent.files, read, strict=True):
        by_month.setdefault(file.month, []).append(arrived)
    return by_month


def _has(arrived: Iterable[IncomingFile], kind: type[ReadResult]) -> bool:
    return any(isinstance(each.result, kind) for each in arrived)


def _is_same(before: IncomingFile, again: IncomingFile) -> bool:
    """Return whether a file was read again with the same result."""
    return (type(before.result), before.name, before.sha256) == (type(again.result), again.name, again.sha256)


def _months_of_current_forms(plan: Plan, months: Collection[Month], intakes: Mapping[Month, Intake]) -> set[Month]:
    """Return the months of the forms that count in any of the given months."""
    received = [form for intake in intakes.values() for form in intake.forms]
    statuses = current_forms(plan, months, received).values()
    return {each.month for of_month in statuses for status in of_month for each in status.received}


def intake_of_month(
    plan: Plan | None, month: Month, files: Sequence[Sequence[IncomingFile]], read_photos: PhotoReader | None = None
) -> Intake:
    """Take the forms of the plan from the files of a month, each followed by its content.

    Without a plan every form is taken, and separate photos have no findings. Without `read_photos` forms have no
    separate photos.
    """
    copies = _copies(each for arrived in files for each in arrived)
    forms: list[Submission] = []
    photos: list[IncomingFile] = []
    findings: list[tuple[IncomingFile, Finding]] = []
    for arrived in files:
        here: list[tuple[IncomingFile, Finding]] = []
        has_form = any(isinstance(each.result, Submission) for each in arrived)
        for each in arrived:
            match each.result:
                case Submission() | Photo() if each.name in copies:
                    here.append((each, finding(Code.FILE_SAME, Place(each.name), other=copies[each.name])))
                case Submission() as form:
                    if wrong := _foreign_finding(plan, form):
                        here.append((each, wrong))
                    else:
                        forms.append(form)
                case Photo():
                    photos.append(each)
                case Refusal() as refusal:
                    here.append((each, _refused(each, refusal, is_beside=has_form and bool(each.came_in))))
        if isinstance(arrived[0].result, Container) and not has_form and not has_errors([each for _, each in here]):
            here += [(arrived[0], each) for each in _without_form(arrived)]
        findings += here
    if plan is None:
        return Intake(tuple(take_forms(None, month, forms)), (), tuple(each for _, each in findings))
    forms, placed = placed_photos(plan, month, photos, forms, read_photos)
    received = take_forms(plan, month, forms)
    unread, of_unread = _unread(plan, month, findings, received)
    return Intake(tuple(received), tuple(unread), (*of_unread, *placed, *_unfilled(month, received)))


def _unfilled(month: Month, received: Sequence[Received]) -> Iterator[Finding]:
    """Yield a finding for each form returned as issued, unless another one is filled in."""
    filled = {each.department: each.submission.file for each in received if not each.submission.is_as_issued}
    for each in received:
        if not each.submission.is_as_issued:
            continue
        place, of = Place(each.submission.file), {"department": each.department, "month": month.label}
        if other := filled.get(each.department):
            yield finding(Code.FORM_UNFILLED_FOLLOWED, place, **of, other=Place(other))
        else:
            yield finding(Code.FORM_UNFILLED, place, **of)


def _unread(
    plan: Plan, month: Month, findings: Sequence[tuple[IncomingFile, Finding]], received: Sequence[Received]
) -> tuple[list[UnreadFile], list[Finding]]:
    """Assign each unreadable file to the department that sent it, if that is known.

    If a form of the department could be read as well, the file requires no action.
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
        unread.append(UnreadFile(arrival.name, department, month, each.message, each.advice))
        if department in forms:
            details = {"department": department, "other": Place(forms[department]), "why": each.message}
            findings_of_unread.append(finding(Code.FILE_UNREAD_FOLLOWED, each.place, value=each.value, **details))
        else:
            findings_of_unread.append(each._replace(department=department))
    return unread, findings_of_unread


def _copies(arrived: Iterable[IncomingFile]) -> dict[str, str]:
    """Return by name the file that replaces one with the same bytes.

    The form sent last replaces the others. A photo replaces those with its number, and one without a number only
    those without one.
    """
    same: dict[str, list[IncomingFile]] = {}
    for each in arrived:
        if isinstance(each.result, Submission | Photo):
            same.setdefault(each.sha256, []).append(each)
    copies: dict[str, str] = {}
    for all_of_them in same.values():
        kept: dict[int, IncomingFile] = {}
        for each in sorted(all_of_them, key=_precedence, reverse=True):
            other = kept.setdefault(_photo_number(each) or next(iter(kept), 0), each)
            if other is not each:
                copies[each.name] = other.name
    return copies


def _precedence(arrival: IncomingFile) -> tuple[str, bool, bool]:
    """Return the rank of a file among its copies: sent later, numbered, not inline."""
    sent = arrival.result.sent if isinstance(arrival.result, Submission) else None
    return sent.isoformat() if sent else "", _photo_number(arrival) > 0, not arrival.is_inline


def _photo_number(arrival: IncomingFile) -> int:
    """Return the number in a photo's name; 0 without one, and for a form."""
    return number_of_photo(arrival.name) or 0 if isinstance(arrival.result, Photo) else 0


def _foreign_finding(plan: Plan | None, form: Submission) -> Finding | None:
    """Return the finding on a form that does not belong to this plan; None if it does."""
    place = Place(form.file)
    if plan and form.plan_id and form.plan_id != plan.plan_id:
        return finding(Code.FILE_OTHER_PLAN, place, value=form.plan_id)
    if plan and plan.canonical_department(form.department) is None:
        return finding(Code.FILE_UNKNOWN_DEPARTMENT, place, value=form.department)
    return None


def _refused(arrival: IncomingFile, refusal: Refusal, *, is_beside: bool) -> Finding:
    """Return the finding on an unread file.

    `is_beside` marks one that came with a form and need not be a form.
    """
    place = Place(arrival.name)
    if is_beside and refusal.code in _NEED_BE_NO_FORM:
        return finding(Code.ATTACHMENT_PASSED_OVER, place, value=refusal.value or PurePosixPath(arrival.name).suffix)
    return finding(refusal.code, place, value=refusal.value, reason=refusal.reason)


def _without_form(arrived: Sequence[IncomingFile]) -> Iterator[Finding]:
    """Report a mail or an archive without any readable file."""
    container, *inside = arrived
    if not any(isinstance(each.result, Photo) and not each.is_inline for each in inside):
        is_mail = isinstance(container.result, Container) and container.result.is_mail
        yield finding(Code.CONTAINER_WITHOUT_FORM, Place(container.name), value="このメール" if is_mail else "このZIP")
