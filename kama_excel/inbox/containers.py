"""Containers (mails, ZIP files) and their content; nothing is written to disk."""

from __future__ import annotations

import datetime as dt
import posixpath
import unicodedata
import zipfile
from collections import Counter
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from kama_excel.domain.entries import Certainty, Excluded, Picture
from kama_excel.domain.keys import Field
from kama_excel.domain.text import text_of
from kama_excel.files import limits
from kama_excel.files.limits import RefusedError
from kama_excel.files.safe_zip import UNPACKING_ERRORS, open_archive, read_part
from kama_excel.findings.catalogue import Code
from kama_excel.forms.submission import Submission
from kama_excel.workspace.sent_files import was_sent

_ENCRYPTED, _UTF8 = 0x1, 0x800
_KIND_OF_FILE, _LINK = 0o170000, 0o120000


class ContainedFile(NamedTuple):
    """A file inside another.

    `content` is None if it cannot be read; `reason` says why, in Japanese. `is_inline` marks one that is part of
    a mail's text, such as the logo of a signature.
    """

    name: str
    content: bytes | None
    reason: str = ""
    is_inline: bool = False


class Container(NamedTuple):
    """The content of a mail or a ZIP.

    `sent` is the mail's date in Japan time, `sender` its sender's address.
    """

    files: tuple[ContainedFile, ...]
    sent: dt.datetime | None = None
    is_mail: bool = False
    sender: str = ""


def read_zip(content: bytes) -> Container:
    """Read a ZIP's files; one with a password has no content.

    Raises: RefusedError.
    """
    try:
        with open_archive(content) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
            check_count(map(_member_name, members))
            return Container(tuple(with_unique_names(_member(archive, each) for each in members)))
    except UNPACKING_ERRORS as error:
        raise RefusedError(Code.CONTAINER_UNREADABLE, "ZIPファイルが壊れています") from error


def check_count(names: Iterable[str]) -> None:
    """Check the number of a container's files; those that systems leave behind do not count.

    Raises: RefusedError.
    """
    if (count := sum(map(was_sent, names))) > limits.ATTACHMENTS:
        raise RefusedError(Code.FILE_TOO_LARGE, f"中に{count:,}個のファイルがあります")


def with_unique_names(files: Iterable[ContainedFile]) -> Iterator[ContainedFile]:
    """Yield the files with unique names: 様式.xlsx, then 様式 (2).xlsx.

    The name identifies the source of a value, and departments return forms under the name that they received.
    """
    count: Counter[str] = Counter()
    for each in files:
        stem, suffix = posixpath.splitext(each.name)
        name = each.name
        while name in count:
            count[each.name] += 1
            name = f"{stem} ({count[each.name]}){suffix}"
        count[name] = 1
        yield each._replace(name=name)


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> ContainedFile:
    name = _member_name(member)
    if member.flag_bits & _ENCRYPTED:
        return ContainedFile(name, None, "パスワードが設定されています")
    if (member.external_attr >> 16) & _KIND_OF_FILE == _LINK:
        return ContainedFile(name, None, "ファイルそのものではなくリンクです")
    try:
        return ContainedFile(name, read_part(archive, member))
    except UNPACKING_ERRORS:
        return ContainedFile(name, None, "壊れています")


def _member_name(member: zipfile.ZipInfo) -> str:
    """Decode a member's name: Windows writes cp932, macOS decomposed UTF-8, both undeclared."""
    name = member.filename
    if not member.flag_bits & _UTF8:
        raw = name.encode("cp437", "replace")
        for encoding in ("utf-8", "cp932"):
            try:
                name = raw.decode(encoding)
                break
            except UnicodeDecodeError:
                continue
    return shown_name(name)


def shown_name(name: str) -> str:
    """Return a displayable file name: composed, with `/`, without invalid characters."""
    return unicodedata.normalize("NFC", text_of(name.replace("\\", "/").replace("\n", "").replace("\r", ""))) or "無名"


class Photo(NamedTuple):
    """A picture that came as a separate file."""

    picture: Picture | None = None
    """None until a frame for it is known; only then it is decoded."""


class Refusal(NamedTuple):
    """Why a file is not read: a code of the catalogue and the values for its sentence."""

    code: Code
    reason: str = ""
    value: str = ""

    @classmethod
    def of(cls, error: RefusedError) -> Refusal:
        """Return the refusal for an error."""
        return cls(error.code, error.reason, error.value)


ReadResult = Submission | Container | Photo | Refusal
ENUMS_IN_RESULTS = (Certainty, Code, Excluded, Field)
"""The types of enumerations inside a result, which passes from one process to another."""
