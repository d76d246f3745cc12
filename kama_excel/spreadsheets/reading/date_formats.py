"""Convert serial numbers to dates and times, and render them in date formats."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from fractions import Fraction

from kama_excel.domain import calendar

DAY_SECONDS = 86_400
LAST_SERIAL = 2_958_466
"""The day after 9999-12-31: Excel shows no date from here on."""
EPOCHS = {False: dt.date(1899, 12, 30), True: dt.date(1904, 1, 1)}
"""Day 0 of a workbook, and of one that counts from 1904."""
_NO_LEAP_DAY = 60
"""Excel counts a non-existent 29 February 1900: earlier days are one less."""
_MONTHS = "January February March April May June July August September October November December".split()  # noqa: SIM905
_DAYS = "Monday Tuesday Wednesday Thursday Friday Saturday Sunday".split()  # noqa: SIM905
_WEEK = "月火水木金土日"
_LONG_DATE = (("date", "yyyy"), ("other", "年"), ("date", "m"), ("other", "月"), ("date", "d"), ("other", "日"))
_LONG_TIME = (("date", "h"), ("other", ":"), ("date", "mm"), ("other", ":"), ("date", "ss"))
_OF_SYSTEM = {
    "[$-f800]": _LONG_DATE,
    "[$-x-sysdate]": _LONG_DATE,
    "[$-f400]": _LONG_TIME,
    "[$-x-systime]": _LONG_TIME,
}
"""The formats that take the system's own, with the tokens that Japanese Windows shows."""
_ENGLISH = ("[$-409]", "[$-809]", "[$-en-us]", "[$-en-gb]")
_NOON = 12

Moment = dt.date | dt.time | dt.timedelta


def moment_of(serial: float, *, is_elapsed: bool, is_1904: bool) -> Moment | None:
    """Convert a serial number to a date or time; None outside the calendar.

    A whole day is a date, a fraction of the first day is a time. Under an elapsed-time format every value is a
    duration.
    """
    if not 0 <= serial < LAST_SERIAL:
        return None
    seconds = round(serial * DAY_SECONDS, 3)
    if is_elapsed:
        return dt.timedelta(seconds=seconds)
    day, rest = divmod(seconds, DAY_SECONDS)
    shift = 1 if not is_1904 and day < _NO_LEAP_DAY else 0
    moment = dt.datetime.combine(EPOCHS[is_1904], dt.time()) + dt.timedelta(days=day + shift, seconds=rest)
    if day == 0:
        return moment.time()
    return moment if rest else moment.date()


def serial_of(moment: Moment, *, is_1904: bool) -> Fraction | None:
    """Return the serial number of a date or time; None if it has none."""
    if isinstance(moment, dt.timedelta):
        return Fraction(moment / dt.timedelta(seconds=1)) / DAY_SECONDS
    if isinstance(moment, dt.time):
        return Fraction(moment.hour * 3600 + moment.minute * 60 + moment.second, DAY_SECONDS)
    full = moment if isinstance(moment, dt.datetime) else dt.datetime.combine(moment, dt.time())
    epoch = dt.datetime.combine(EPOCHS[is_1904], dt.time())
    passed = Fraction((full.replace(tzinfo=None) - epoch) / dt.timedelta(seconds=1)) / DAY_SECONDS
    return passed if passed >= 0 else None


def date_text(tokens: Sequence[tuple[str, str]], value: Moment | Fraction, *, is_1904: bool) -> str | None:
    """Render a section of date tokens (kind, text); None if the result is uncertain."""
    if isinstance(value, Fraction):
        elapsed = any(kind == "bracket" and set(text[1:-1].lower()) <= set("hms") for kind, text in tokens)
        serial = float(value) if 0 <= value < LAST_SERIAL else -1.0  # a larger number may be no float
        moment = moment_of(serial, is_elapsed=elapsed, is_1904=is_1904)
        return None if moment is None else date_text(tokens, moment, is_1904=is_1904)
    brackets = [text.lower() for kind, text in tokens if kind == "bracket"]
    tokens = next((_OF_SYSTEM[each] for each in brackets if each in _OF_SYSTEM), tokens)
    if any(each.startswith("[$-") and each not in _ENGLISH for each in brackets) and _has_names(tokens):
        return None
    has_half = any(kind == "half" for kind, _ in tokens)
    pieces: list[str] = []
    for number, (kind, text) in enumerate(tokens):
        if kind == "date":
            piece = _date_piece(text.lower(), value, is_minute=_is_minute(tokens, number), has_half=has_half)
        else:
            piece = _other_piece(kind, text, value)
        if piece is None:
            return None
        pieces.append(piece)
    return "".join(pieces).strip()


def _other_piece(kind: str, text: str, value: Moment) -> str | None:
    """Render a token that is no date letter; None if unknown or a fraction of a second."""
    match kind:
        case "half":
            return _half(text, value)
        case "bracket":
            return _bracket_piece(text[1:-1].lower(), value)
        case "literal":
            return text[1:] if text[0] in "\\!" else text.strip('"')
        case "skip":
            return " " if text[0] == "_" else ""
        case "other" | "point" | "comma":
            return text
        case "text":
            return ""
        case _:
            return None


def _has_names(tokens: Sequence[tuple[str, str]]) -> bool:
    """Return whether a token is a name of a month or day, which differs between languages."""
    return any(kind == "date" and ("mmm" in text.lower() or "ddd" in text.lower()) for kind, text in tokens)


def _is_minute(tokens: Sequence[tuple[str, str]], at: int) -> bool:
    """Return whether an `m` means minutes: it follows hours, or seconds follow it."""

    def is_time(kind: str, text: str, letter: str) -> bool:
        return kind in ("date", "bracket") and set(text.lower().strip("[]")) == {letter}

    timed = [each for each in tokens[:at] if each[0] in ("date", "bracket") and set(each[1].lower()) & set("ymdhs")]
    later = [each for each in tokens[at + 1 :] if each[0] == "date"]
    return bool(timed and is_time(*timed[-1], "h")) or bool(later and is_time(*later[0], "s"))


def _date_piece(letters: str, value: Moment, *, is_minute: bool, has_half: bool) -> str | None:  # noqa: C901, PLR0912 -- one line a letter
    if len(set(letters)) > 1:
        return _mixed_piece(letters, value)
    length = len(letters)
    if letters[0] in "hs" or (letters[0] == "m" and is_minute):
        if isinstance(value, dt.timedelta):
            seconds = round(value / dt.timedelta(seconds=1))
            hour, minute, second = seconds // 3600 % 24, seconds // 60 % 60, seconds % 60
        else:
            time = (
                value if isinstance(value, dt.time) else value.time() if isinstance(value, dt.datetime) else dt.time()
            )
            hour, minute, second = time.hour, time.minute, time.second
        if has_half and letters[0] == "h":
            hour = hour % _NOON or _NOON
        return str({"h": hour, "m": minute, "s": second}[letters[0]]).zfill(min(length, 2))
    if not isinstance(value, dt.date):
        return None
    match letters[0], length:
        case "y", _:
            return f"{value.year:04}" if length > 2 else f"{value.year % 100:02}"  # noqa: PLR2004
        case "m", (1 | 2):
            return str(value.month).zfill(length)
        case "m", 3:
            return _MONTHS[value.month - 1][:3]
        case "m", 4:
            return _MONTHS[value.month - 1]
        case "d", (1 | 2):
            return str(value.day).zfill(length)
        case "d", 3:
            return _DAYS[value.weekday()][:3]
        case "d", _:
            return _DAYS[value.weekday()]
        case "a", 3:
            return _WEEK[value.weekday()]
        case "a", 4:
            return f"{_WEEK[value.weekday()]}曜日"
        case (("g" | "e" | "r"), _):
            return _era_piece(letters, value)
        case _:
            return None


def _mixed_piece(letters: str, value: Moment) -> str | None:
    """Render letters that follow each other without a separator (`ggge`, `yyyymmdd`)."""
    pieces = []
    while letters:
        run = letters[: len(letters) - len(letters.lstrip(letters[0]))]
        pieces.append(_date_piece(run, value, is_minute=False, has_half=False))
        letters = letters[len(run) :]
    return None if None in pieces else "".join(each for each in pieces if each)


def _era_piece(letters: str, value: dt.date) -> str | None:
    """Render the era (R, 令, 令和), its year, or both; None for the first year of an era.

    Excel writes a first year in two ways (1 or 元).
    """
    era = calendar.era_year(value.date() if isinstance(value, dt.datetime) else value)
    if era is None or era[2] == 1:
        return None
    name, letter, number = era
    if letters[0] == "g":
        return {1: letter, 2: name[:1], 3: name}.get(len(letters))
    year = str(number).zfill(2 if len(letters) > 1 else 1)
    return year if letters[0] == "e" else f"{name if len(letters) > 1 else letter}{year}"


def _half(text: str, value: Moment) -> str | None:
    if isinstance(value, dt.timedelta):
        return None
    hour = value.hour if isinstance(value, dt.time | dt.datetime) else 0
    return text.partition("/")[2 if hour >= _NOON else 0]


def _bracket_piece(letters: str, value: Moment) -> str | None:
    """Render elapsed time, or '' for a locale; None for an unknown bracket."""
    if letters.startswith("$-"):
        return ""
    if not isinstance(value, dt.timedelta) or len(set(letters)) != 1:
        return None
    seconds = round(value / dt.timedelta(seconds=1))
    units = {"h": 3600, "m": 60, "s": 1}
    return str(seconds // units[letters[0]]).zfill(len(letters)) if letters[0] in units else None
