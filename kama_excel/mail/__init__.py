"""Drafts to send out (配布), to remind (督促) and to send back (差戻し). Nothing is ever sent by the program."""

from kama_excel.mail.drafts import Kind, drafts
from kama_excel.mail.message import Draft, addresses, message_bytes
from kama_excel.mail.templates import TemplateError

__all__ = ["Draft", "Kind", "TemplateError", "addresses", "drafts", "message_bytes"]
