"""Mails → what is attached to them."""

from __future__ import annotations

import datetime as dt
import email
import email.policy
from collections.abc import Iterator
from email.message import EmailMessage
from email.utils import parsedate_to_datetime

from kama_excel.domain.calendar import JAPAN
from kama_excel.files import limits
from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code
from kama_excel.inbox.containers import ContainedFile, Container, shown_name, with_unique_names

_MAIL_HEADERS = ("From", "Subject", "Date", "MIME-Version")
_SUFFIXES = {"jpeg": ".jpg", "vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx"}


def read_eml(content: bytes) -> Container:
    """Read a mail's attachments, those of a forwarded mail too. Raises RefusedError where it is no mail."""
    try:
        message = email.message_from_bytes(content, policy=email.policy.default)
        if not any(each in message for each in _MAIL_HEADERS):
            raise RefusedError(Code.CONTAINER_UNREADABLE, "メールとして読めません")
        files = tuple(with_unique_names(_attachments(message)))
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
    files = (
        ContainedFile(
            shown_name(name or f"添付{number}"), content or None, "" if content else "添付ファイルを取り出せません"
        )
        for number, (name, content) in enumerate(attached, start=1)
    )
    return Container(tuple(with_unique_names(files)), sent.astimezone(JAPAN) if sent else None, is_mail=True)
