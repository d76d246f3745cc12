"""Take the value of a cell as the sheet shows it under its number format."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Mapping
from decimal import Decimal
from fractions import Fraction

from kama_excel.domain.text import MINUS_SIGNS, normalize_key
from kama_excel.findings.catalogue import Code
from kama_excel.parsing.parsed import Parsed, Problem, to_fraction
from kama_excel.spreadsheets.cells import Cell
from kama_excel.spreadsheets.reading.number_formats import is_plain, shown_text

_FIGURE = re.compile(r"\d[\d,]*(?:\.\d+)?|\.\d+", re.ASCII)
_SCIENTIFIC = re.compile(r"[+-]?\d(?:\.(\d+))?e[+-]?\d+", re.ASCII | re.IGNORECASE)
_FRACTION = re.compile(r"(-?)(?:(\d+) )?(\d+)/(\d+)", re.ASCII)
_HUNDRED = 100


def as_shown(cell: Cell) -> Cell | Problem:
    """Return a cell to be parsed as a figure, with the value that the sheet shows.

    A number that the format only rounds or groups stays unchanged; percent is marked (`is_percent`). A number
    with text beside it (8割, 1,200人) becomes the shown text with all its digits. A problem if something else is
    shown.
    """
    if isinstance(cell.value, bool) or cell.value is None:
        return cell
    if isinstance(cell.value, str):
        text = shown_text(cell)
        if text is None or text == cell.value.strip():
            return cell
        return cell._replace(value=text) if _keeps(text, cell.value) else shown_otherwise(cell, text)
    if not isinstance(cell.value, int | float):
        text = shown_text(cell)
        is_same = not isinstance(cell.value, dt.date) or (text is not None and _has_year(text))
        return cell if is_same else shown_otherwise(cell, text)
    if cell.display is None and is_plain(cell.number_format):
        return cell
    text = shown_text(cell)
    if text is None:
        return Problem(Code.CELL_SHOWN_UNKNOWN, (("format", cell.number_format),))
    return _number_as(cell, to_fraction(cell.value), text)


def text_as_shown(cell: Cell) -> Parsed[str]:
    """Return the shown text of a cell, with a 警告 if it differs from the typed text."""
    if (general := _general_text(cell)) is not None:
        return Parsed(general)
    text = shown_text(cell)
    if text == "" and cell.text.strip():
        return Parsed(None, shown_otherwise(cell, text))
    if isinstance(cell.value, str):
        is_same = text is None or _keeps(text, cell.value)
        problem = None if is_same else shown_otherwise(cell, text, Code.TEXT_AS_SHOWN)
        return Parsed(cell.value if text is None else text, problem)
    if cell.value is None:
        return Parsed(cell.text if text is None else text)
    if text is None:
        return Parsed(cell.text, Problem(Code.TEXT_SHOWN_UNKNOWN))
    if isinstance(cell.value, bool):
        return Parsed(text)
    if isinstance(cell.value, int | float):
        figure = _number_as(cell, to_fraction(cell.value), text)
        is_same = isinstance(figure, Cell) and not isinstance(figure.value, str)
    elif isinstance(cell.value, dt.time):
        is_same = cell.text.lstrip("0").startswith(text.lstrip("0"))  # without its seconds
    else:
        is_same = _has_year(text)
    return Parsed(text or None, None if is_same else shown_otherwise(cell, text, Code.TEXT_AS_SHOWN))


def _keeps(shown: str, typed: str) -> bool:
    """Return whether a shown text has all of the typed one.

    A format may only add words or raise digits (m²).
    """
    return normalize_key(typed) in normalize_key(shown)


def _general_text(cell: Cell) -> str | None:
    """Return a text or a number under the format General; None for any other cell."""
    value = cell.value
    if cell.display is not None or cell.number_format:
        return None
    if isinstance(value, str):
        return value.strip()
    return f"{value or 0:.15g}" if isinstance(value, int | float) and not isinstance(value, bool) else None


def value_to_name(cell: Cell, details: Mapping[str, object]) -> str:
    """Return a cell's value for a message with these details.

    Adds the shown text if the cell's look adds to it and the details do not have it.
    """
    shown = as_shown(cell) if isinstance(cell.value, int | float | str) and "shown" not in details else None
    if isinstance(shown, Cell) and isinstance(shown.value, str) and shown.value != cell.value:
        return f"{cell.text}（表示は{shown.value}）"
    return cell.text


def shown_otherwise(cell: Cell, text: str | None, code: Code = Code.CELL_SHOWN_OTHERWISE) -> Problem:
    """Return the problem of a cell whose shown text differs from its value.

    The text is '' if nothing is shown.
    """
    return Problem(Code.CELL_UNSEEN) if text == "" else Problem(code, (("shown", cell.text if text is None else text),))


def _number_as(cell: Cell, number: Fraction, text: str) -> Cell | Problem:
    """Return a cell's number as a text shows it."""
    if _is_rounded(number, text):
        return cell._replace(is_percent=False)
    word = normalize_key(text)
    if in_brackets := re.fullmatch(r"\((.*)\)", word):
        word = f"-{in_brackets[1]}"
    figures = _FIGURE.findall(word)
    if len(figures) != 1:
        return shown_otherwise(cell, text)
    before, after = word.split(figures[0])
    sign = before[-1:] if before[-1:] in tuple(MINUS_SIGNS) else ""
    if sign and number >= 0:  # brackets and ▲ are a minus to everyone who reads the sheet
        return shown_otherwise(cell, text)
    words = before.removesuffix(sign)
    shown = Fraction(Decimal(figures[0].replace(",", ""))) * (-1 if sign else 1)
    least = Fraction(1, 10 ** len(figures[0].partition(".")[2])) / 2
    for factor in (1, _HUNDRED):
        if abs(shown - number * factor) > least or (factor > 1 and "%" not in after):
            continue
        if not words and after == "%" and factor > 1:
            return cell._replace(is_percent=True)
        if not words and not after:
            return cell._replace(is_percent=None if cell.is_percent is None else False)
        if words == "¥" and not after:
            words, after = "", "円"
        return cell._replace(value=f"{words}{sign}{_digits(abs(number * factor))}{after}", is_percent=False)
    return shown_otherwise(cell, text)


def _is_rounded(number: Fraction, text: str) -> bool:
    """Return whether a text shows the number rounded, with a power of ten or as a fraction."""
    if match := _SCIENTIFIC.fullmatch(text):
        near = abs(Fraction(Decimal(text)) - number)
        return near <= abs(number) * Fraction(1, 10 ** len(match[1] or ""))
    if (match := _FRACTION.fullmatch(text)) and int(match[4]):
        shown = (Fraction(int(match[2] or 0)) + Fraction(int(match[3]), int(match[4]))) * (-1 if match[1] else 1)
        return abs(shown - number) < Fraction(1, int(match[4]) ** 2)
    return False


def _has_year(text: str) -> bool:
    """Return whether a date's text has a year, so that it identifies the day."""
    return re.search(r"\d{4}|年|[RHSrhs]\d", text) is not None


def _digits(number: Fraction) -> str:
    """Write a number with all its digits and no power of ten."""
    return f"{Decimal(number.numerator) / Decimal(number.denominator):f}"
