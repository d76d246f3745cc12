"""Write a draft as a file that Outlook and Thunderbird open ready to send."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from email.charset import QP, Charset
from email.header import Header
from email.message import EmailMessage
from email.policy import SMTP
from types import MappingProxyType
from typing import NamedTuple

from kama_excel.parsing.mail_addresses import mail_addresses

_XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
_LINE = 75
_QUOTED = Charset("utf-8")
_QUOTED.header_encoding = QP
# Some mail programs cannot join a long Japanese name that is split into numbered pieces (RFC 2231).
_UNFOLDED = SMTP.clone(utf8=False, max_line_length=None)


class Draft(NamedTuple):
    """A mail that has not been sent.

    `to` may hold several addresses or none; the division then fills it in.
    """

    department: str
    to: str
    subject: str
    body: str
    attachments: Mapping[str, bytes] = MappingProxyType({})
    """The attached workbooks by the names that let the recipient identify them."""


def message_bytes(draft: Draft) -> bytes:
    """Return the draft as an .eml with CRLF line ends.

    It has no date, so the same draft gives the same bytes.
    """
    message = EmailMessage(policy=SMTP.clone(utf8=False))
    if to := mail_addresses(draft.to):
        message["To"] = ", ".join(to)
    message.set_content(draft.body, charset="utf-8", cte="base64")
    maintype, subtype = _XLSX
    for name, content in draft.attachments.items():
        message.add_attachment(content, maintype=maintype, subtype=subtype, filename=name)
    digest = hashlib.sha256(b"\0".join((draft.body.encode(), *draft.attachments.values())))
    if draft.attachments:
        message.set_boundary("kama-" + digest.hexdigest()[:32])
    return b"X-Unsent: 1\r\nSubject: " + _encoded(draft.subject) + b"\r\n" + message.as_bytes(policy=_UNFOLDED)


def _encoded(subject: str) -> bytes:
    """Return a subject as a folded header that every mail program decodes.

    Python encodes a long subject in base64; programs built on GMime lose the text after a word with padding.
    """
    text = " ".join(subject.split())
    return Header(text, _QUOTED, maxlinelen=_LINE, header_name="Subject").encode(linesep="\r\n").encode("ascii")
