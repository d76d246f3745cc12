"""Find the mail addresses in a text that people type into the plan workbook."""

from __future__ import annotations

import re
import unicodedata

from kama_excel.domain.text import UNSEEN

_WORD = re.compile(r"[\w.!#$%&'*+=?^`{}~@-]+")
# Only valid addresses: no text of a plan can become a header of its own or confuse the mail program.
_ADDRESS = re.compile(r"[\w.!#$%&'*+=?^`{}~-]+@[\w-]+(?:\.[\w-]+)+", re.ASCII)


def mail_addresses(typed: str) -> list[str]:
    """Return the mail addresses in a typed text, in half width.

    White space and all signs that are rare in addresses separate them: 、 ； ／ ・ < >.
    """
    return [each for each in _words(typed) if _ADDRESS.fullmatch(each)]


def other_words(typed: str) -> list[str]:
    """Return the words of a typed text that are no mail address."""
    return [each for each in _words(typed) if not _ADDRESS.fullmatch(each)]


def _words(typed: str) -> list[str]:
    return _WORD.findall(unicodedata.normalize("NFKC", UNSEEN.sub("", typed)))
