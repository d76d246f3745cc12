"""A draft as a file that Outlook and Thunderbird open ready to send."""

from __future__ import annotations

import hashlib
import re
from dataclasses import dataclass
from email.message import EmailMessage
from email.policy import SMTP

_XLSX = ("application", "vnd.openxmlformats-officedocument.spreadsheetml.sheet")
# What can only be an address: nothing that a plan holds becomes a header of its own, or a puzzle for the mail program.
_ADDRESS = re.compile(r"[\w.!#$%&'*+/=?^`{|}~-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)
_LONGEST = 1000
# Long Japanese names become pieces that some mail programs cannot put together again; this one is short for all.
ATTACHMENT_NAME = "様式.xlsx"


@dataclass(frozen=True, slots=True)
class Draft:
    """A mail that nobody has sent yet. `to` may hold several addresses, or none: the division fills it in."""

    name: str
    department: str
    to: str
    subject: str
    body: str
    attachment: bytes


def message_bytes(draft: Draft) -> bytes:
    """Return the draft as an .eml with CRLF line ends. The same draft gives the same bytes: it bears no date."""
    message = EmailMessage(policy=SMTP.clone(utf8=False))
    message["X-Unsent"] = "1"
    if addresses := _ADDRESS.findall(draft.to[:_LONGEST]):
        message["To"] = ", ".join(addresses)
    message["Subject"] = draft.subject
    message.set_content(draft.body, charset="utf-8", cte="base64")
    kind, subtype = _XLSX
    message.add_attachment(draft.attachment, maintype=kind, subtype=subtype, filename=ATTACHMENT_NAME)
    message.set_boundary("kama-" + hashlib.sha256(draft.body.encode() + draft.attachment).hexdigest()[:32])
    return message.as_bytes()
