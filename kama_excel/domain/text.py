"""Texts that people type: what is normalised, what two spellings have in common, what says nothing."""

from __future__ import annotations

import re
import unicodedata
from functools import lru_cache

_LINE_END = re.compile("\r\n?|\v|\f")
_NO_TEXT = re.compile("[\x00-\x08\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")


def text_of(typed: str) -> str:
    """Return a typed text without what neither a workbook nor a mail can hold; line ends of any kind become one.

    What goes is invisible: control characters, halves of characters, and what Unicode says is none.
    """
    return typed if typed.isprintable() else _NO_TEXT.sub("", _LINE_END.sub("\n", typed))


def lost_text(typed: str) -> bool:
    """Whether `text_of` takes characters out of a typed text."""
    return not typed.isprintable() and _NO_TEXT.search(typed) is not None


_MINUS_SIGNS = "-−‐‑‒–—―ー－▲△"

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

_SAME = frozenset(("同上", "〃", "々", "同右", "上に同じ", "前に同じ", "上記と同じ"))

_UNSEEN = re.compile(
    r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f\u00ad\u200b-\u200f\u202a-\u202e\u2060\ufeff\ufffe\uffff\ud800-\udfff]"
)

"""What nobody sees and XML partly forbids: control characters, zero-width ones, halves of a character."""


_PRIVATE = re.compile("[\ue000-\uf8ff\U000f0000-\U0010ffff]")


@lru_cache(maxsize=10_000)  # a form says the same few hundred keys and headings over and over
def normalize_key(text: str) -> str:
    """Return a key or a figure with full-width forms folded (NFKC), white space and what nobody sees taken out."""
    return re.sub(r"\s+", "", _UNSEEN.sub("", unicodedata.normalize("NFKC", text)))


def is_placeholder(text: str) -> bool:
    """Whether a text is no answer: blank, a dash, 「なし」, 「同上」."""
    word = normalize_key(text)
    return word in _SAME or _is_unreported(word)


def is_ditto(text: str) -> bool:
    """Return whether a text only points at another cell: 「同上」."""
    return normalize_key(text) in _SAME


def private_characters(text: str) -> tuple[str, ...]:
    """Return the codes of characters that mean something on the PC alone where they were typed: 外字, Word's bullets."""
    return tuple(dict.fromkeys(f"U+{ord(each):04X}" for each in _PRIVATE.findall(text)))


def _is_unreported(word: str) -> bool:
    """Whether a folded figure says that there is none. 「同上」 says that there is one, and not which."""
    return word.casefold() in _NOTHING or not word.strip(_MINUS_SIGNS)


def name_key(name: str) -> str:
    """Return what two spellings of a department's name have in common: white space of any width counts as one space.

    So are ･ and ・. Other characters are never folded: 神 and its compatibility form are two names.
    """
    return " ".join(name.replace("･", "・").split())
