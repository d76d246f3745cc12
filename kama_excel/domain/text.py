"""Normalise and compare typed texts, and recognise placeholders."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

_LINE_END = re.compile("\r\n?|\v|\f")
_LISTED = 5
"""Maximum number of cells listed in a message."""
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def text_of(typed: str) -> str:
    """Return a typed text without characters that are invalid in a workbook; LF line ends.

    Only invisible characters are removed: control characters, surrogates and noncharacters.
    """
    if typed.isprintable() or _is_clean(typed):
        return typed
    return _NO_TEXT.sub("", _LINE_END.sub("\n", typed))


def lost_text(typed: str) -> bool:
    """Return whether `text_of` removes characters from a typed text."""
    return not _is_clean(typed) and _NO_TEXT.search(typed) is not None


def _is_clean(typed: str) -> bool:
    """Return whether a text is printable, except for wide spaces and line feeds."""
    return typed.replace("\u3000", "").replace("\n", "").isprintable()


MINUS_SIGNS = "-−‐‑‒–—―ー－▲△"

_NOTHING = frozenset(
    [
        "なし",
        "ナシ",
        "無し",
        "無",
        "特になし",
        "未",
        "未定",
        "未報告",
        "未入力",
        "未記入",
        "空欄",
        "n/a",
        "na",
        "#n/a",
        "*",
        "・",
        "/",
        "?",
        "...",
    ]
)

_SAME = frozenset(
    [
        "同上",
        "〃",
        "々",
        "同右",
        "同左",
        "同前",
        "同じ",
        "同様",
        "上に同じ",
        "前に同じ",
        "左に同じ",
        "右に同じ",
        "上記に同じ",
        "上記と同じ",
        "上記のとおり",
        "前回と同じ",
        "前回に同じ",
        "以下同文",
    ]
)

UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)

"""Invisible characters: control and zero-width characters, surrogates.

XML forbids some of them.
"""


_GROUPED = re.compile(r"(?<!\d)\d{1,3}(?: \d{3})+(?!\d| \d)")

_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")


@lru_cache(maxsize=10_000)  # forms repeat the same few hundred keys and headings
def normalize_key(text: str) -> str:
    """Return a key or a figure after NFKC, without white space and invisible characters."""
    return re.sub(r"\s+", "", UNSEEN.sub("", unicodedata.normalize("NFKC", text)))


def has_figures_apart(text: str) -> bool:
    """Return whether a text has two figures that `normalize_key` would join.

    True for 「4 21」, 「96²」 and 「120①」; 「1 234」 is one figure.
    """
    if text.isascii() and _GROUPED.search(text):
        return False
    apart = "".join(f" {each} " if unicodedata.category(each) == "No" else each for each in text)
    return re.search(r"\d\s+\d", unicodedata.normalize("NFKC", apart)) is not None


def is_placeholder(text: str) -> bool:
    """Return whether a text is no answer: blank, a dash, 「なし」, 「同上」."""
    word = normalize_key(text)
    return word in _SAME or is_unreported(word)


def is_ditto(text: str) -> bool:
    """Return whether a text only refers to another cell: 「同上」."""
    return normalize_key(text) in _SAME


def private_characters(text: str) -> tuple[str, ...]:
    """Return the code points of private-use characters (外字, Word's bullets), as U+E000."""
    return tuple(dict.fromkeys(f"U+{ord(each):04X}" for each in _PRIVATE.findall(text)))


def is_unreported(word: str) -> bool:
    """Return whether a normalised figure means "none".

    「同上」 does not: it refers to a figure.
    """
    return word.casefold() in _NOTHING or not word.strip(MINUS_SIGNS)


def name_key(name: str) -> str:
    """Return a department's name in a form in which its spellings are equal.

    White space of any width is one space, and ･ is ・. No other character changes: 神 and its compatibility form
    differ.
    """
    return " ".join(name.replace("･", "・").split())


def listed(cells: Sequence[str]) -> str:
    """Write the addresses of cells for a message: the first ones, and how many more."""
    more = len(cells) - _LISTED
    return "、".join(cells[:_LISTED]) + (f" ほか{more}か所" if more > 0 else "")
