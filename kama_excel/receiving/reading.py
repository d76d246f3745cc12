"""One file's bytes → a submission, the files inside it, a photo, or why it is none of these.

This is what runs in the reading process. It imports neither pandas nor XlsxWriter, and starts the sooner for it.
"""

from __future__ import annotations

import datetime as dt
import hashlib
from dataclasses import replace
from pathlib import PurePosixPath

from kama_excel.findings import Code, Place, finding
from kama_excel.forms.reader import NotAFormError, read_form
from kama_excel.forms.submission import Submission
from kama_excel.intake.containers import Container, read_zip
from kama_excel.intake.kinds import Kind, kind_of
from kama_excel.intake.refusal import RefusedError
from kama_excel.intake.workbook import read_workbook
from kama_excel.receiving.outcome import Photo, Read, Refusal


def read_content(name: str, content: bytes, sent: dt.datetime | None = None, *, with_pictures: bool = True) -> Read:
    """Read one file, here and now. What cannot be read is a Refusal; only what nobody foresaw is raised.

    `sent` is when the mail was sent that it came with (Japan time). Without pictures a form has none, and a photo no bytes.
    """
    try:
        match kind := kind_of(name, content):
            case Kind.WORKBOOK:
                return _form(name, content, sent, with_pictures=with_pictures)
            case Kind.ARCHIVE:
                return read_zip(content)
            case Kind.EML | Kind.MSG:
                return _mail(kind, content)
            case Kind.PICTURE:
                return _photo(content) if with_pictures else Photo(b"", 0, 0)
            case Kind.EMPTY:
                return Refusal(Code.FILE_EMPTY)
            case _:
                what = kind.value or PurePosixPath(name).suffix.lower() or "拡張子なし"
                return Refusal(Code.FILE_NOT_READ, value=what)
    except RefusedError as error:
        return Refusal.of(error)


def _form(name: str, content: bytes, sent: dt.datetime | None, *, with_pictures: bool) -> Submission | Refusal:
    workbook = read_workbook(content, with_pictures=with_pictures)
    try:
        submission = read_form(workbook, name, hashlib.sha256(content).hexdigest(), sent=sent)
    except NotAFormError:
        return Refusal(Code.FILE_NOT_A_FORM)
    if not workbook.is_plain:
        return submission
    plain = finding(Code.FILE_FORMAT_PLAIN, Place(name), department=submission.department)
    return replace(submission, findings=(plain, *submission.findings))


def _mail(kind: Kind, content: bytes) -> Container:
    from kama_excel.intake.mails import read_eml, read_msg  # noqa: PLC0415 -- the parts for mails, for mails alone

    return read_eml(content) if kind is Kind.EML else read_msg(content)


def _photo(content: bytes) -> Photo | Refusal:
    from kama_excel.intake.pictures import PictureError, prepare_picture  # noqa: PLC0415 -- Pillow, for pictures alone

    try:
        return Photo(*prepare_picture(content))
    except PictureError as error:
        return Refusal(Code.PICTURE_UNREADABLE, str(error))
