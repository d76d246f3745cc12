"""Read the attachments of mails."""

from __future__ import annotations

import base64
import datetime as dt
import email
import email.policy
import re
from collections.abc import Iterable, Iterator
from email.message import EmailMessage
from email.utils import getaddresses, parsedate_to_datetime
from typing import TYPE_CHECKING, cast

from kama_excel.domain.calendar import JAPAN
from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code
from kama_excel.inbox.containers import ContainedFile, Container, check_count, shown_name, with_unique_names

if TYPE_CHECKING:
    from oxmsg.attachment import Attachment

_MAIL_HEADERS = ("From", "Subject", "Date", "MIME-Version")
_JAPANESE = re.compile(rb"(=\?)iso-2022-jp(\?)", re.IGNORECASE)
_MBOX = re.compile(rb"^From \S+ .*\d{4}\r?\n(?=[A-Za-z-]+:)", re.MULTILINE)
_UUENCODED = re.compile(rb"^begin [0-7]{3,4} (.+)$", re.MULTILINE)
_SUFFIXES = {
    "plain": ".txt",
    "jpeg": ".jpg",
    "vnd.openxmlformats-officedocument.spreadsheetml.sheet": ".xlsx",
    "rfc822": ".eml",
    "global": ".eml",
}


def read_eml(content: bytes) -> Container:
    """Read a mail's attachments, those of a forwarded mail too.

    Raises: RefusedError if it is no mail.
    """
    try:
        message = email.message_from_bytes(_readable(content), policy=email.policy.default)
        if not any(each in message for each in _MAIL_HEADERS):
            raise RefusedError(Code.CONTAINER_UNREADABLE, "メールとして読み込めません")
        files = tuple(with_unique_names([*_attachments(message), *_more_messages(content)]))
        sent, sender = _mail_time(str(message.get("Date", ""))), _address(str(message.get("From", "")))
    except (LookupError, ValueError, AttributeError, TypeError, RecursionError) as error:  # of invalid headers
        raise RefusedError(Code.CONTAINER_UNREADABLE, "メールが壊れています") from error
    check_count(each.name for each in files)
    return Container(files, sent, is_mail=True, sender=sender)


def _readable(content: bytes) -> bytes:
    """Return a mail with ISO-2022-JP names that Python decodes.

    Half-width kana need the extended codec.
    """
    return _JAPANESE.sub(rb"\1iso-2022-jp-ext\2", content)


def _more_messages(content: bytes) -> Iterator[ContainedFile]:
    """Report the messages after the first in a file that holds several (mbox)."""
    starts = list(_MBOX.finditer(content))
    for number, _ in enumerate(starts[1:] if content.startswith(b"From ") else starts, start=2):
        yield ContainedFile(f"{number}通目のメール", None, "1つのファイルに入った2通目より後のメールです")


def _attachments(message: EmailMessage) -> Iterator[ContainedFile]:
    """Yield every part with a name, every attachment, and every part that is no text.

    The mail's own text is not read. A picture is part of it if the text refers to its Content-ID.
    """
    parts = list(_parts(message))
    texts = [_payload(each) for each in parts if _is_text_of_mail(each)]
    for number, part in enumerate(parts, start=1):
        if part.is_multipart() and not _is_encoded_mail(part):
            continue
        name = part.get_filename()
        content = _payload(part)
        if _is_text_of_mail(part):
            yield from _uuencoded(content or b"")
            continue
        subtype = part.get_content_subtype()
        suffix = _SUFFIXES.get(subtype, f".{subtype}")
        name = shown_name(name or f"添付{number}{suffix}").rpartition("/")[2]
        identity = str(part.get("Content-ID", "")).strip("<> \t")
        if content is None:
            yield ContainedFile(name, None, "添付ファイルを取り出せません")
        else:
            yield ContainedFile(name, content, is_inline=_is_shown(identity, texts))


def _is_shown(identity: str, texts: Iterable[bytes | None]) -> bool:
    """Return whether a mail's text shows the picture with a Content-ID."""
    return bool(identity) and any(b"cid:" + identity.encode() in text for text in texts if text)


def _parts(message: EmailMessage) -> Iterator[EmailMessage]:
    """Yield a mail and all its parts, but none of a forwarded mail that is encoded as a whole."""
    yield message
    if message.is_multipart() and not _is_encoded_mail(message):
        for each in _inside(message):
            yield from _parts(each)


def _inside(message: EmailMessage) -> list[EmailMessage]:
    """Return the parts of a part that has some."""
    return cast("list[EmailMessage]", message.get_payload())


def _is_encoded_mail(part: EmailMessage) -> bool:
    """Return whether a part is a forwarded mail that is encoded as a whole.

    The standard forbids it (RFC 2046, 5.2.1), and Python reads the code as the mail.
    """
    is_encoded = _encoding(part) in ("base64", "quoted-printable")
    return is_encoded and part.get_content_maintype() == "message" and part.is_multipart()


def _encoding(part: EmailMessage) -> str:
    return str(part.get("Content-Transfer-Encoding", "")).strip().lower()


def _is_text_of_mail(part: EmailMessage) -> bool:
    is_attached = part.get_content_disposition() == "attachment"
    return part.get_filename() is None and part.get_content_maintype() == "text" and not is_attached


def _payload(part: EmailMessage) -> bytes | None:
    if _is_encoded_mail(part):
        is_base64 = _encoding(part) == "base64"  # what Python leaves of quoted-printable headers cannot be decoded
        return base64.decodebytes(b"".join(bytes(each) for each in _inside(part))) if is_base64 else None
    content = part.get_payload(decode=True)
    return content if isinstance(content, bytes) else None


def _uuencoded(text: bytes) -> Iterator[ContainedFile]:
    """Report files that an old mail program embedded in the text itself."""
    for match in _UUENCODED.finditer(text):
        name = shown_name(match[1].decode("utf-8", "replace").strip()) or "無名"
        yield ContainedFile(name, None, "本文の中に古い形式（uuencode）で入っています")


def _address(text: str) -> str:
    """Return the sender's address in lower case; '' if there is none or several."""
    addresses = {address.casefold() for _, address in getaddresses([text]) if "@" in address}
    return addresses.pop() if len(addresses) == 1 else ""


def _mail_time(text: str) -> dt.datetime | None:
    try:
        moment = parsedate_to_datetime(text)
        return (moment if moment.tzinfo else moment.replace(tzinfo=dt.UTC)).astimezone(JAPAN)
    except (ValueError, TypeError, OverflowError):
        return None


def read_msg(content: bytes) -> Container:
    """Read the attachments of a mail saved by Outlook.

    Raises: RefusedError.
    """
    import oxmsg  # noqa: PLC0415 -- only for the few files of this kind
    from oxmsg.domain import constants  # noqa: PLC0415

    try:
        message = oxmsg.Message.load(content)
        html = message.properties.binary_prop_value(constants.PID_HTML)
        text = html or (message.properties.str_prop_value(constants.PID_BODY_HTML) or "").encode()
        files = tuple(with_unique_names(_of_outlook(message.attachments, text)))
        sent, sender = message.sent_date, _address(message.sender or "")
    except MemoryError:
        raise
    except Exception as error:  # a very large format, whose reader raises anything
        raise RefusedError(Code.CONTAINER_UNREADABLE, "メールが壊れています") from error
    check_count(each.name for each in files)
    return Container(files, sent.astimezone(JAPAN) if sent else None, True, sender)


def _of_outlook(attachments: Iterable[Attachment], text: bytes) -> Iterator[ContainedFile]:
    """Yield a mail's attachments; Outlook does not list those that are part of the text."""
    from oxmsg.domain import constants  # noqa: PLC0415 -- loaded already

    for number, each in enumerate(attachments, start=1):
        name = shown_name(each.file_name or f"添付{number}")
        is_hidden = bool(each.properties.int_prop_value(constants.PID_ATTACHMENT_HIDDEN))
        identity = each.properties.str_prop_value(constants.PID_ATTACH_CONTENT_ID) or ""
        if each.file_bytes:
            yield ContainedFile(name, each.file_bytes, is_inline=is_hidden or _is_shown(identity, [text]))
        else:
            yield ContainedFile(name, None, "添付ファイルを取り出せません")
