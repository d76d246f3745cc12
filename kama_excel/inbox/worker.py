"""The reading process: answers files from standard input on standard output.

`sandbox` starts it as `python -m kama_excel.inbox.worker`. It ends when its input ends, or when a file exceeds
the time limit.
"""

from __future__ import annotations

import copyreg
import datetime as dt
import faulthandler
import gc
import hashlib
import os
import pickle
import sys
from enum import Enum
from pathlib import PurePosixPath

from kama_excel.domain.entries import Entry, Picture
from kama_excel.domain.place import Place
from kama_excel.files import limits
from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding
from kama_excel.forms.reading.form_reader import NotAFormError, read_form
from kama_excel.forms.snapshot import is_untouched
from kama_excel.forms.submission import Submission
from kama_excel.inbox.containers import ENUMS_IN_RESULTS, Container, Photo, ReadResult, Refusal, read_zip
from kama_excel.inbox.file_kinds import Kind, kind_of
from kama_excel.inbox.pipe_frames import READY, read_frame, write_frame
from kama_excel.inbox.process_limits import limit_process
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

_GRACE_SECONDS = 5.0
_OUT_OF_MEMORY = Refusal(Code.FILE_TOO_LARGE, "読み込みに使用するメモリーが上限を超えました")

_OBJECTS_BETWEEN_COLLECTIONS = 200_000  # a form makes tens of thousands, few of them in cycles


def main() -> None:
    """Report that this process is ready, then answer until the input ends."""
    requests, answers = sys.stdin.buffer, os.fdopen(os.dup(sys.stdout.fileno()), "wb")
    os.dup2(sys.stderr.fileno(), sys.stdout.fileno())  # output of a library must not be taken for an answer
    limit_process(limits.MEMORY_BYTES)
    gc.set_threshold(_OBJECTS_BETWEEN_COLLECTIONS)
    write_frame(answers, READY)
    has_read = False
    with open(os.devnull, "w", encoding="utf-8") as nowhere:  # noqa: PTH123 -- a device, not a path
        while (head := read_frame(requests)) is not None and (content := read_frame(requests)) is not None:
            # the parent kills this process in time; if the parent has ended, this timer does
            seconds = limits.SECONDS + limits.more_seconds(len(content))
            faulthandler.dump_traceback_later(seconds + _GRACE_SECONDS, exit=True, file=nowhere)
            name, sent, wanted = pickle.loads(head)  # noqa: S301 -- written by the parent
            answer = _answer(name, content, sent, **wanted)
            if has_read and _lacks_memory(answer):
                return  # earlier files may hold the memory, so a new process reads this one
            has_read = True
            del content  # a ZIP of photos is large, and so is its content
            _AnswerPickler(answers, protocol=5).dump(answer)
            answers.flush()
            faulthandler.cancel_dump_traceback_later()
            del answer


def _answer(name: str, content: bytes, sent: dt.datetime | None, **wanted: bool) -> ReadResult:
    try:
        return read_content(name, content, sent, **wanted)
    except MemoryError:
        return _OUT_OF_MEMORY
    except BaseException as error:  # noqa: BLE001 -- a panic inside a library is no Exception, and may cost one file only
        return Refusal(Code.FILE_STOPPED, f"予期しないエラーが発生しました: {type(error).__name__}")


def _lacks_memory(answer: ReadResult) -> bool:
    """Return whether memory was short for a file or for a picture in it."""
    if isinstance(answer, Submission):
        return any(each.code is Code.PICTURE_TOO_LARGE for each in answer.findings)
    return answer is _OUT_OF_MEMORY


def _by_value(member: Enum) -> tuple[type[Enum], tuple[object]]:
    return type(member), (member.value,)


def _by_fields(each: tuple[object, ...]) -> tuple[type, tuple[object, ...]]:
    return type(each), tuple(each)


class _AnswerPickler(pickle.Pickler):
    """Pickle members of an Enum by value, and entries and places by fields, in half the time.

    For a member Python 3.11.0 to 3.11.3 would require `getattr`, which no answer may contain.
    """

    dispatch_table = (
        copyreg.dispatch_table
        | dict.fromkeys(ENUMS_IN_RESULTS, _by_value)
        | dict.fromkeys((Entry, Finding, Place), _by_fields)
    )


def read_content(
    name: str,
    content: bytes,
    sent: dt.datetime | None = None,
    *,
    with_pictures: bool = True,
    is_photo_wanted: bool = False,
) -> ReadResult:
    """Read one file in this process; an unreadable one is a Refusal.

    `sent` is the time of the mail that contained it (Japan time). Without `with_pictures` a form has no pictures.
    A photo is decoded only if `is_photo_wanted`. Raises: any unexpected exception of a library.
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
                return _photo(content, is_wanted=is_photo_wanted)
            case Kind.EMPTY:
                return Refusal(Code.FILE_EMPTY)
            case Kind.OUTLOOK:
                return Refusal(Code.FILE_WINMAIL)
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
    if submission.filled_on is None:
        whole = workbook if with_pictures else read_workbook(content)
        submission = submission._replace(is_as_issued=is_untouched(whole))
    if not workbook.is_plain:
        return submission
    plain = finding(Code.FILE_FORMAT_PLAIN, Place(name), department=submission.department)
    return submission._replace(findings=(plain, *submission.findings))


def _mail(kind: Kind, content: bytes) -> Container:
    from kama_excel.inbox.attachments import read_eml, read_msg  # noqa: PLC0415 -- loaded where it is needed

    return read_eml(content) if kind is Kind.EML else read_msg(content)


def _photo(content: bytes, *, is_wanted: bool) -> Photo | Refusal:
    from kama_excel.forms.reading.prepare_picture import PictureError, check_picture, prepare_picture  # noqa: PLC0415 -- loaded where it is needed

    try:
        if is_wanted:
            return Photo(Picture.of(*prepare_picture(content)))
        check_picture(content)
        return Photo()
    except PictureError as error:
        return Refusal(Code.PICTURE_UNREADABLE, str(error))


if __name__ == "__main__":
    main()
