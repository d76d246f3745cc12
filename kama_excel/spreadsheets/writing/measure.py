"""Measure how many lines a text takes in a cell: Excel does not grow merged rows itself.

The advances are those of BIZ UDPゴシック, the wider of regular and bold, so that a row is never too low. No font file
is needed, and every machine gets the same heights.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

_LINE = 1.25  # a line's height in font sizes: the font has no leading, and Excel adds up to 3 pixels to its em
_PADDING = 5.0  # points above and below together
_HIGHEST = 409.0  # Excel's highest row
_INSET = 8  # pixels that Excel keeps free at a cell's sides
INDENT = 10  # pixels of an indent of 1, a little more than its three spaces
# Advances of U+0020 … U+007E in hundredths of the font size.
_ASCII = (
    34,
    38,
    53,
    94,
    80,
    100,
    92,
    32,
    51,
    51,
    50,
    84,
    34,
    48,
    34,
    50,
    76,
    63,
    76,
    76,
    76,
    76,
    76,
    76,
    76,
    76,
    34,
    34,
    84,
    84,
    84,
    80,
    98,
    78,
    78,
    82,
    86,
    71,
    67,
    86,
    84,
    44,
    57,
    76,
    61,
    100,
    84,
    88,
    76,
    90,
    76,
    73,
    71,
    86,
    76,
    100,
    82,
    75,
    75,
    55,
    50,
    55,
    50,
    31,
    50,
    67,
    73,
    65,
    73,
    69,
    51,
    67,
    73,
    32,
    40,
    67,
    36,
    96,
    73,
    71,
    73,
    73,
    50,
    59,
    50,
    73,
    61,
    90,
    63,
    65,
    59,
    55,
    44,
    55,
    50,
)
_WIDEST = 100  # of all characters
_NARROW = {
    **dict.fromkeys("「」『』【】〈〉《》〔〕“”‘’–", 50),
    **dict.fromkeys("、。", 60),
    **dict.fromkeys("・：；", 70),
    **dict.fromkeys("（）［］｛｝", 60),
    "\u3000": 67,
}
_NOT_AT_START = frozenset("、。，．・：；？！」』】）〕］｝〉》ーァィゥェォッャュョぁぃぅぇぉっゃゅょ々,.:;?!)]}%％")
_NOT_AT_END = frozenset("「『【（〔［｛〈《([{")
_TAKEN_ALONG = _NOT_AT_START | _NOT_AT_END


def column_pixels(width: float) -> int:
    """Convert a width in characters of the default font to pixels."""
    return math.floor(width * 7 + 5)


@lru_cache(maxsize=4096)
def _advance(character: str) -> int:
    if " " <= character <= "~":
        return _ASCII[ord(character) - 32]
    if character in _NARROW:
        return _NARROW[character]
    if unicodedata.combining(character):
        return 0
    return 100 if unicodedata.east_asian_width(character) in "WFA" else 55 if "\uff61" <= character <= "\uff9f" else 84


@lru_cache(maxsize=4096)  # cutting a text, row heights and page breaks ask for the same
def line_count(text: str, pixels: float, size: float) -> int:
    """Return how many lines `text` takes in a cell `pixels` wide, at a font size in points."""
    room = _room(pixels, size)
    return sum([1 + len(_breaks(line, room)) for line in text.split("\n")])


def _room(pixels: float, size: float) -> float:
    """Return the width of a line in hundredths of the font size."""
    return max((pixels - _INSET) / (size * 96 / 72) * 100, 100)


@lru_cache(maxsize=4096)  # a text is measured line by line, as a whole and in parts
def _breaks(line: str, room: float) -> tuple[int, ...]:
    """Return the index of the first character of each further line.

    The last character of a line moves along with one that may not begin a line.
    """
    if len(line) * _WIDEST <= room:
        return ()
    advances = [*map(_advance, line)]
    if sum(advances) <= room:
        return ()
    breaks: list[int] = []
    used = 0.0
    for at, advance in enumerate(advances):
        if used + advance > room:
            breaks.append(at)
            used = min(_carried_width(line, at), room / 2) if line[at] in _NOT_AT_START else 0.0
        used += advance
    return tuple(breaks)


def _carried_width(line: str, end: int) -> float:
    """Return the width that moves to the next line with the character at `end`."""
    width = 0.0
    for character in reversed(line[:end]):
        width += _advance(character)
        if character not in _TAKEN_ALONG:
            break
    return width


def text_pixels(text: str, size: float) -> float:
    """Return the width of a text on one line in pixels, at a font size in points."""
    return sum(map(_advance, text)) / 100 * size * 96 / 72


def balanced(title: str, pixels: float, size: float) -> str:
    """Break a title that takes two lines where a reader would, the lines as equal as possible.

    Between words that differ in script, and behind 「・」; unchanged if no such place leaves two lines.
    """
    if line_count(title, pixels, size) != 2:  # noqa: PLR2004 -- of more lines none can be chosen alone
        return title
    seams = (at for at in range(1, len(title)) if _is_seam(title[at - 1], title[at]))
    lines = [(title[:at].rstrip(), title[at:].lstrip()) for at in seams]
    fitting = [each for each in lines if all(line_count(line, pixels, size) == 1 for line in each)]
    best = min(fitting, key=lambda each: max(text_pixels(line, size) for line in each), default=(title,))
    return "\n".join(best)


def _is_seam(before: str, after: str) -> bool:
    """Return whether a title may be broken between two characters."""
    if after in _NOT_AT_START or before in _NOT_AT_END:
        return False
    return before in "・　 " or (_is_katakana(before) != _is_katakana(after))


def _is_katakana(character: str) -> bool:
    return unicodedata.name(character, "").startswith("KATAKANA")


def footer_text(text: str, pixels: float, size: float) -> str:
    """Return a footer text: one line that fits beside the page number, no control codes.

    「&」 becomes full-width: XlsxWriter takes 「&&G」 for a picture even though Excel wants it doubled.
    """
    return one_line(" ".join(text.split()).replace("&", "＆"), pixels, size)


def one_line(text: str, pixels: float, size: float, *, ending: str = "") -> str:
    """Shorten a text with 「…」 so that it fits on one line with `ending`."""
    line, room = " ".join(text.splitlines()), _room(pixels, size) - sum(map(_advance, ending))
    if sum(map(_advance, line)) <= room:
        return line + ending
    return line[: _breaks(line, room - _WIDEST)[0]] + "…" + ending


def row_points(text: str, pixels: float, size: float, *, least: float = 0.0, padding: float = _PADDING) -> float:
    """Return the row height in points that `text` needs, from `least` to Excel's maximum."""
    return padded(text_points(text, pixels, size), padding, least)


def padded(points: float, padding: float = _PADDING, least: float = 0.0) -> float:
    """Return the height of a row with a text `points` high, from `least` to Excel's maximum."""
    return min(max(points + padding, least), _HIGHEST)


def text_points(text: str, pixels: float, size: float) -> float:
    """Return the height in points of a text's wrapped lines, without padding."""
    return line_count(text, pixels, size) * size * _LINE


def split_into_rows(text: str, pixels: float, size: float, *, most: float) -> list[str]:
    """Split a text into parts of at most `most` points, at line breaks or between characters.

    A department's name, 【甲課】, stays with the text after it, even if the part is then a line higher.
    """
    lines_in_row = max(int((most - _PADDING) / (size * _LINE)), 1)
    cut: list[str] = []
    current, lines = "", 0
    for line in _short_lines(text, pixels, size, lines_in_row):
        more = line_count(line, pixels, size)
        if current and lines + more > lines_in_row:
            above, _, last = current.rpartition("\n")
            is_name = bool(above) and last.startswith("【") and last.endswith("】")
            cut.append(above if is_name else current)
            current, lines = (last, line_count(last, pixels, size)) if is_name else ("", 0)
        current, lines = (f"{current}\n{line}", lines + more) if current else (line, more)
    return [*cut, current]


def _short_lines(text: str, pixels: float, size: float, lines_in_row: int) -> Iterator[str]:
    """Yield the text's lines; a line that alone is too high in parts."""
    room = _room(pixels, size)
    for line in text.split("\n"):
        rest = line
        while len(breaks := _breaks(rest, room)) >= lines_in_row:
            seam = _seam(rest, breaks[lines_in_row - 1])
            yield rest[:seam]
            rest = rest[seam:]
        yield rest


def _seam(line: str, end: int) -> int:
    """Return where to cut a line that is too long from `end` on.

    Prefers the end of a sentence in the second half. A part never begins with a character that may not begin a
    line.
    """
    between = range(max(end // 2, 1), end + 1)
    allowed = [at for at in between if line[at] not in _NOT_AT_START and line[at - 1] not in _NOT_AT_END]
    return max((at for at in allowed if line[at - 1] == "。"), default=max(allowed, default=end))
