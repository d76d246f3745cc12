"""Render number formats: the text that a cell shows for its value.

A format has up to four sections (positive; negative; zero; text), or sections with conditions. The text is None
where this module cannot render a format with certainty.
"""

from __future__ import annotations

import datetime as dt
import re
from decimal import ROUND_HALF_UP, Context, Decimal
from fractions import Fraction
from functools import lru_cache
from typing import NamedTuple

from kama_excel.spreadsheets.cells import Cell, Value
from kama_excel.spreadsheets.reading.date_formats import date_text, serial_of

GENERAL = "General"

_TOKEN = re.compile(
    r"""(?P<literal>"[^"]*"?|[\\!].)
    |(?P<bracket>\[[^\]]*\])
    |(?P<general>General|G/標準|Standard|標準)
    |(?P<skip>_.|\*.)
    |(?P<science>E[+-]0+)
    |(?P<half>AM/PM|A/P|午前/午後)
    |(?P<date>[ymdhsgae]+|r{1,2}|b{1,4})
    |(?P<digits>[0#?][0#?,]*)
    |(?P<point>\.)
    |(?P<percent>%)
    |(?P<text>@)
    |(?P<comma>,)
    |(?P<other>.)""",
    re.VERBOSE | re.IGNORECASE | re.DOTALL,
)
_CONDITION = re.compile(r"\[(<=|>=|<>|<|>|=)\s*(-?[0-9.]+)\]")
_COLOUR = re.compile(r"\[(?!dbnum|natnum)(?:[a-z]+ ?\d*|[黒青水緑紫赤黄白]色?|色 ?\d+)\]", re.IGNORECASE)
_PALE_COLOUR = re.compile(r"\[(?:white|yellow|[白黄]色?|(?:color|色) ?(?:2|6|19|20|27|34|35|36))\]", re.IGNORECASE)
"""Colours in which a figure may not be seen on a cell without a colour of its own."""
_CURRENCY = re.compile(r"\[\$([^\]-]*)(?:-[^\]]*)?\]")
_WIDE = str.maketrans("0123456789", "０１２３４５６７８９")
_PLAIN = re.compile(r"(?:G/標準|General|@|0(?:\.0+)?%?|#,##0(?:\.0+)?|)", re.IGNORECASE)
_FILLERS = " -*._="
"""Fill characters that are ignored; a digit as fill would change the number shown."""
_MOST_SECTIONS = 4
_EXACT = Context(prec=1000, rounding=ROUND_HALF_UP)
"""For the digits of any number of a cell: up to 309 before the point."""
_TEXT_SECTION = 3

Token = tuple[str, str]
_FULL_WIDTH: Token = ("bracket", "[DBNum3]")


class _Section(NamedTuple):
    """A section of a format: its tokens (kind, text), their kinds, and its condition."""

    tokens: tuple[Token, ...]
    kinds: frozenset[str]
    condition: tuple[str, Decimal] | None = None

    def has(self, *kinds: str) -> bool:
        """Return whether a token has one of these kinds."""
        return not self.kinds.isdisjoint(kinds)

    @property
    def is_date(self) -> bool:
        """Return whether the section shows a date, a time or an elapsed time."""
        if "bracket" in self.kinds and any(kind == "bracket" and _is_elapsed(text) for kind, text in self.tokens):
            return True
        return self.has("date", "half")

    def applies(self, value: Decimal) -> bool:
        """Return whether the section's own condition holds."""
        if self.condition is None:
            return False
        sign, bound = self.condition
        holds = {"<": value < bound, "<=": value <= bound, ">": value > bound, ">=": value >= bound}
        return holds.get(sign, (value == bound) == (sign == "="))


_GENERAL = _Section((("general", GENERAL),), frozenset(["general"]))
"""The section of a number under a format for texts (@"件")."""


@lru_cache(maxsize=4096)
def is_plain(code: str) -> bool:
    """Return whether a format only rounds, groups digits or shows a percent sign.

    The tokens of such a format need not be parsed.
    """
    return _PLAIN.fullmatch(code) is not None


@lru_cache(maxsize=4096)
def is_date_format(code: str) -> bool:
    """Return whether a format shows numbers as dates, times or elapsed times."""
    sections = _sections(code)
    return bool(sections) and sections[0].is_date


@lru_cache(maxsize=4096)
def is_elapsed_format(code: str) -> bool:
    """Return whether a format shows elapsed time, with hours beyond 24 ([h]:mm)."""
    return any(
        kind == "bracket" and _is_elapsed(text) for section in _sections(code)[:1] for kind, text in section.tokens
    )


@lru_cache(maxsize=4096)
def is_percent_format(code: str) -> bool:
    """Return whether a format has a percent sign; a quoted one is text."""
    return any(section.has("percent") for section in _sections(code))


def shown_text(cell: Cell) -> str | None:
    """Return the text that a cell shows, stripped; None if it is uncertain."""
    if cell.display is not None:
        return cell.display.strip()
    if cell.value is None:
        return None
    return render(cell.value, cell.number_format, is_1904=cell.is_1904)


def render(value: Value, code: str, *, is_1904: bool = False) -> str | None:
    """Return the text that a format shows for a value; None if it is uncertain.

    General shows up to 15 significant digits. How many fit depends on the column's width.
    """
    sections = _sections(code or GENERAL)
    if len(sections) > _MOST_SECTIONS:
        return None
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, str):
        return _text(value, sections)
    if isinstance(value, int | float):
        number = Decimal(f"{value:.15g}")
    elif (serial := serial_of(value, is_1904=is_1904)) is not None:
        number = Decimal(serial.numerator) / serial.denominator
    else:
        return None
    section, bare = _section_for(number, sections)
    if section is None:
        return None
    if section.is_date:
        moment = value if isinstance(value, dt.date | dt.time | dt.timedelta) else Fraction(number)
        return date_text(section.tokens, moment, is_1904=is_1904)
    text = _number_text(section, bare)
    return None if text is None else text.strip()


@lru_cache(maxsize=4096)
def _sections(code: str) -> tuple[_Section, ...]:
    """Split a format code into its sections."""
    sections: list[_Section] = []
    tokens: list[Token] = []
    for match in _TOKEN.finditer(code):
        kind, text = match.lastgroup or "other", match[0]
        if kind == "other" and text == ";":
            sections.append(_section(tokens))
            tokens = []
        else:
            tokens.append((kind, text))
    return (*sections, _section(tokens))


def _section(tokens: list[Token]) -> _Section:
    conditions = (_CONDITION.fullmatch(text) for kind, text in tokens if kind == "bracket")
    found = next((match for match in conditions if match), None)
    kept = tuple(each for each in tokens if each[0] != "bracket" or not _CONDITION.fullmatch(each[1]))
    return _Section(kept, frozenset(kind for kind, _ in kept), (found[1], Decimal(found[2])) if found else None)


def _is_elapsed(text: str) -> bool:
    return set(text[1:-1].lower()) in ({"h"}, {"m"}, {"s"})


def _text(value: str, sections: tuple[_Section, ...]) -> str | None:
    """Render a text: in the section with `@`; unchanged under any other format."""
    last = sections[-1]
    if len(sections) <= _TEXT_SECTION and not last.has("text"):
        return value.strip()
    pieces = [value if kind == "text" else _literal(kind, text) for kind, text in last.tokens]
    return None if None in pieces else "".join(each for each in pieces if each).strip()


def _section_for(number: Decimal, sections: tuple[_Section, ...]) -> tuple[_Section | None, Decimal]:
    """Return the section that shows a number, and the number passed to it.

    The sign is removed where the section writes its own.
    """
    if len(sections) > 1 and sections[-1].has("text"):
        sections = sections[:-1]
    sections = sections[:_TEXT_SECTION]
    if any(each.condition for each in sections):
        chosen = next((each for each in sections if each.applies(number)), None)
        chosen = chosen or next((each for each in reversed(sections) if each.condition is None), None)
        return (None if number < 0 else chosen), number
    if len(sections) == 1:
        return _GENERAL if sections[0].has("text") else sections[0], number
    if number < 0:
        return sections[1], -number
    return sections[-1 if number == 0 and len(sections) == _TEXT_SECTION else 0], number


def _literal(kind: str, text: str) -> str | None:
    """Render a token beside the digits; None for an unknown one."""
    if kind == "literal":
        return text[1:] if text[0] in "\\!" else text.strip('"')
    if kind == "skip":
        if text[0] == "_":
            return " "
        return "" if text[1] in _FILLERS else None
    if kind == "bracket":
        if currency := _CURRENCY.fullmatch(text):
            return currency[1]
        is_colour = _COLOUR.fullmatch(text) and not _PALE_COLOUR.fullmatch(text)
        return "" if is_colour else None
    if kind == "other":
        return text
    return None


def _number_text(section: _Section, number: Decimal) -> str | None:
    """Render a number in a section that shows no date."""
    if section.has("text") or (section.has("general") and section.has("percent")):
        return None
    if section.has("general"):
        figure: str | None = f"{float(abs(number)):.15g}"
        before, after = _around(section, ("general",))
    elif section.has("science"):
        return _scientific(section, number)
    elif section.has("digits"):
        if ("other", "/") in section.tokens:
            return _fraction(section, number)
        digits = _digits(section)
        figure = digits and digits.shown(abs(number))
        before, after = _around(section, ("digits", "point", "comma"))
    else:
        figure, (before, after) = "", _around(section, ())
        if number < 0:
            return None
    if figure is None or before is None or after is None:
        return None
    sign = "-" if number < 0 and any(each not in "0.," for each in figure) else ""
    return sign + before + (figure.translate(_WIDE) if _FULL_WIDTH in section.tokens else figure) + after


@lru_cache(maxsize=4096)
def _around(section: _Section, kinds: tuple[str, ...]) -> tuple[str | None, str | None]:
    """Return the literals before and after the digits, which are the tokens of these kinds.

    None where a literal is between the digits or is unknown.
    """
    tokens = [each for each in section.tokens if each != _FULL_WIDTH]
    at = [number for number, (kind, _) in enumerate(tokens) if kind in kinds]
    first, last = (at[0], at[-1]) if at else (len(tokens), len(tokens))
    if any(kind not in kinds for kind, _ in tokens[first : last + 1]):
        return None, None
    sides = []
    for side in (tokens[:first], tokens[last + 1 :]):
        pieces = ["%" if kind == "percent" else _literal(kind, text) for kind, text in side]
        sides.append(None if None in pieces else "".join(each for each in pieces if each))
    return sides[0], sides[1]


class _Digits(NamedTuple):
    """The digits that a section shows of a number, which it multiplies by ten to the `power`.

    `least` digits at least are shown before the point; `decimals` after it, of which `fixed` are shown even if they
    are zero.
    """

    power: int
    least: int
    is_grouped: bool
    has_point: bool
    decimals: int
    fixed: int

    def shown(self, number: Decimal) -> str:
        """Return a number that is not negative, rounded half up."""
        scaled = number.scaleb(self.power, context=_EXACT)
        rounded = scaled.quantize(Decimal(1).scaleb(-self.decimals), context=_EXACT)
        digits, _, decimals = f"{rounded:f}".partition(".")
        digits = ("" if digits == "0" else digits).zfill(self.least)
        if self.is_grouped:
            digits = re.sub(r"(?<=\d)(?=(?:\d{3})+$)", ",", digits)
        decimals = decimals[: self.fixed] + decimals[self.fixed :].rstrip("0")
        return digits + (f".{decimals}" if self.has_point else "")


@lru_cache(maxsize=4096)
def _digits(section: _Section) -> _Digits | None:
    """Return the digits of a section, scaled by `%` and commas; None for a rare pattern."""
    pattern = "".join(text for kind, text in section.tokens if kind in ("digits", "point", "comma"))
    whole, point, part = pattern.partition(".")
    if "," in part.rstrip(",") or "." in part or not (whole.strip(",") or part):
        return None
    thousands = len(whole) - len(whole.rstrip(",")) + len(part) - len(part.rstrip(","))
    whole, part = whole.rstrip(","), part.rstrip(",")
    percents = sum(kind == "percent" for kind, _ in section.tokens)
    least = len(whole.lstrip("#,?").replace(",", ""))
    fixed = len(part.rstrip("#?"))
    return _Digits(2 * percents - 3 * thousands, least, "," in whole, bool(point), len(part), fixed)


def _scientific(section: _Section, number: Decimal) -> str | None:
    """Render a number with a power of ten (1.2E+03); None for rare variants."""
    pattern = "".join(text for _, text in section.tokens)
    match = re.fullmatch(r"0(?:\.(0+))?E([+-])(0+)", pattern, re.IGNORECASE)
    if match is None:
        return None
    mantissa, _, power = f"{number or 0.0:.{len(match[1] or '')}E}".partition("E")
    sign = "-" if power.startswith("-") else "+" if match[2] == "+" else ""
    return f"{mantissa}E{sign}{power.lstrip('+-').lstrip('0').zfill(len(match[3]))}"


def _fraction(section: _Section, number: Decimal) -> str | None:
    """Render a number as a whole and a fraction (1 1/2); None for rare variants."""
    pattern = "".join(text for _, text in section.tokens)
    match = re.fullmatch(r"(?:#\s+)?\?{1,3}/(\?{1,3})", pattern)
    if match is None or number < 0:
        return None
    near = Fraction(number).limit_denominator(10 ** len(match[1]) - 1)
    whole, rest = divmod(near.numerator, near.denominator) if pattern.startswith("#") else (0, near.numerator)
    fraction = f"{rest}/{near.denominator}" if rest else ""
    return " ".join(each for each in (str(whole) if whole or not rest else "", fraction) if each)
