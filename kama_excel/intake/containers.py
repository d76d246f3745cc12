"""Mails and ZIP files → what lies in them. Nothing is written to a disk on the way."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
import unicodedata
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from kama_excel.cells import text_of
from kama_excel.findings import Code
from kama_excel.fiscal import JAPAN
from kama_excel.intake import limits
from kama_excel.intake.archive import UNPACKING_ERRORS, open_archive, read_part
from kama_excel.intake.refusal import RefusedError

_ENCRYPTED, _UTF8 = 0x1, 0x800
_KIND_OF_FILE, _LINK = 0o170000, 0o120000
_MAIL_HEADERS = ("From", "Subject", "Date", "MIME-Version")
_SUFFIXES = {"jpeg": ".jpg", "vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx"}


@dataclass(frozen=True, slots=True)
class ContainedFile:
    """A file inside another. `content` is None where it cannot be taken; `reason` says why, in Japanese.

    `is_inline` is whether it belongs to a mail's own text, as the logo of a signature does.
    """

    name: str
    content: bytes | None
    reason: str = ""
    is_inline: bool = False


@dataclass(frozen=True, slots=True)
class Container:
    """What a mail or a ZIP holds. `sent` is the mail's date, as a time in Japan."""

    files: tuple[ContainedFile, ...]
    sent: dt.datetime | None = None
    is_mail: bool = False


def read_zip(content: bytes) -> Container:
    """Read a ZIP's files. One with a password is a file without content. Raises RefusedError."""
    try:
        with open_archive(content) as archive:
            members = [each for each in archive.infolist() if not each.is_dir()]
            if len(members) > limits.ATTACHMENTS:
                raise RefusedError(Code.FILE_TOO_LARGE, f"中に{len(members):,}個のファイルがあります")
            return Container(tuple(_member(archive, each) for each in members))
    except UNPACKING_ERRORS as error:
        raise RefusedError(Code.CONTAINER_UNREADABLE, "ZIPファイルが壊れています") from error


def _member(archive: zipfile.ZipFile, member: zipfile.ZipInfo) -> ContainedFile:
    name = _member_name(member)
    if member.flag_bits & _ENCRYPTED:
        return ContainedFile(name, None, "パスワードがかかっています")
    if (member.external_attr >> 16) & _KIND_OF_FILE == _LINK:
        return ContainedFile(name, None, "ファイルそのものではなくリンクです")
    try:
        return ContainedFile(name, read_part(archive, member))
    except UNPACKING_ERRORS:
        return ContainedFile(name, None, "壊れています")


def _member_name(member: zipfile.ZipInfo) -> str:
    """Return a member's name: Windows in Japan writes cp932 and macOS decomposed UTF-8, neither of them saying so."""
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
    """Return a file's name as it can be shown: composed, with `/`, without characters that no workbook can hold."""
    return unicodedata.normalize("NFC", text_of(name.replace("\\", "/").replace("\n", "").replace("\r", ""))) or "無名"


def read_eml(content: bytes) -> Container:
    """Read a mail's attachments, those of a forwarded mail too. Raises RefusedError where it is no mail."""
    try:
        message = email.message_from_bytes(content, policy=email.policy.default)
        if not any(each in message for each in _MAIL_HEADERS):
            raise RefusedError(Code.CONTAINER_UNREADABLE, "メールとして読めません")
        files = tuple(_attachments(message))
        sent = _mail_time(str(message.get("Date", "")))
    except (LookupError, ValueError, AttributeError, TypeError, RecursionError) as error:  # of headers out of order
        raise RefusedError(Code.CONTAINER_UNREADABLE, "メールが壊れています") from error
    if len(files) > limits.ATTACHMENTS:
        raise RefusedError(Code.FILE_TOO_LARGE, f"添付ファイルが{len(files):,}個あります")
    return Container(files, sent, is_mail=True)


def _attachments(message: EmailMessage) -> Iterator[ContainedFile]:
    """Yield all that has a name or is no text: a mail's own words are not the program's business."""
    for number, part in enumerate(message.walk(), start=1):
        name = part.get_filename()
        if part.is_multipart() or (name is None and part.get_content_maintype() == "text"):
            continue
        subtype = part.get_content_subtype()
        name = shown_name(name or f"添付{number}{_SUFFIXES.get(subtype, f'.{subtype}')}").rpartition("/")[2]
        is_inline = part.get_content_disposition() != "attachment" and "Content-ID" in part
        content = part.get_payload(decode=True)
        if isinstance(content, bytes):
            yield ContainedFile(name, content, is_inline=is_inline)
        else:
            yield ContainedFile(name, None, "添付ファイルを取り出せません")


def _mail_time(text: str) -> dt.datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(JAPAN)
    except (ValueError, TypeError, OverflowError):
        return None


def read_msg(content: bytes) -> Container:
    """Read the attachments of a mail that Outlook saved. Raises RefusedError."""
    import oxmsg  # noqa: PLC0415 -- only for the few files of this kind

    try:
        message = oxmsg.Message.load(content)
        attached = [(each.file_name, each.file_bytes) for each in message.attachments]
        sent = message.sent_date
    except Exception as error:  # a format of thousands of pages: its reader raises anything
        raise RefusedError(Code.CONTAINER_UNREADABLE, "メールが壊れています") from error
    files = tuple(
        ContainedFile(
            shown_name(name or f"添付{number}"), content or None, "" if content else "添付ファイルを取り出せません"
        )
        for number, (name, content) in enumerate(attached, start=1)
    )
    return Container(files, sent.astimezone(JAPAN) if sent else None, is_mail=True)
