"""Shared data of an .xlsx: cell formats and texts by number."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple
from xml.etree.ElementTree import Element

from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.reading import number_formats
from kama_excel.spreadsheets.reading.built_in_formats import BUILT_IN
from kama_excel.spreadsheets.reading.colours import look_alike
from kama_excel.spreadsheets.reading.conditional_formats import Effect
from kama_excel.spreadsheets.reading.xlsx_parts import Parts
from kama_excel.spreadsheets.reading.xml_documents import local, parsed, space_of, whole

_LAST_ESCAPED = 0xFF
_BLACK, _WHITE = "000000", "FFFFFF"
_INDEXED = {"0": _BLACK, "1": _WHITE, "8": _BLACK, "9": _WHITE, "64": _BLACK, "65": _WHITE}
_THEME = {"0": _WHITE, "1": _BLACK}
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class CellFormat(NamedTuple):
    """A cell format: its number format code ('' is General) and strikethrough.

    `is_invisible`: the text has nearly the colour of the cell.
    """

    code: str = ""
    is_percent: bool = False
    is_date: bool = False
    is_struck: bool = False
    is_invisible: bool = False

    @property
    def display(self) -> str | None:
        """The text that all cells of this format show ('' for none); None if it varies."""
        return "" if self.is_invisible else None


class Text(NamedTuple):
    """A text without phonetic guides (furigana), and whether a part of it is struck out."""

    text: str
    is_struck: bool = False


class Styles(NamedTuple):
    """Cell formats by number, and the effects of conditional formats by number."""

    formats: tuple[CellFormat, ...] = ()
    conditions: tuple[Effect, ...] = ()


def read_styles(parts: Parts) -> Styles:
    """Return the styles of a workbook.

    Raises: RefusedError if they cannot be read.
    """
    part = parts.related(parts.workbook, "styles")
    return _styles(parts.read(part)) if part else Styles()


@lru_cache(maxsize=1)  # the forms of a month have the same styles
def _styles(xml: bytes) -> Styles:
    styles = parsed(xml)
    space = space_of(styles)
    return Styles(_cell_formats(styles), tuple(map(effect_of, styles.findall(f"{space}dxfs/{space}dxf"))))


def _cell_formats(styles: Element) -> tuple[CellFormat, ...]:
    space = space_of(styles)
    codes = {0: ""} | BUILT_IN
    # conditional formats (dxf) have a numbering of their own
    codes |= {
        whole(each.get("numFmtId")): each.get("formatCode", "")
        for each in styles.findall(f"{space}numFmts/{space}numFmt")
    }
    fonts = styles.findall(f"{space}fonts/{space}font")
    struck = {number for number, font in enumerate(fonts) if strikes(font.find(f"{space}strike"))}
    letters = dict(enumerate(_colour(font.find(f"{space}color"), _BLACK) for font in fonts))
    grounds = dict(enumerate(_ground(each, space) for each in styles.findall(f"{space}fills/{space}fill")))
    found = []
    for each in styles.findall(f"{space}cellXfs/{space}xf"):
        code, font = codes.get(whole(each.get("numFmtId")), ""), whole(each.get("fontId"))
        is_percent, is_date = number_formats.is_percent_format(code), number_formats.is_date_format(code)
        is_invisible = look_alike(letters.get(font, _BLACK), grounds.get(whole(each.get("fillId")), _WHITE))
        found.append(CellFormat(code, is_percent, is_date, font in struck, is_invisible))
    if not found:
        raise RefusedError(Code.FILE_UNREADABLE, "セルの書式の一覧を読み込めません")
    return tuple(found)


def effect_of(conditional: Element) -> Effect:
    """Return what a conditional format (`dxf`) does to a cell."""
    parts = {local(each): each for each in conditional.iter()}
    code, strike, ground = (parts.get(name) for name in ("numFmt", "strike", "bgColor"))
    letters = next((each for each in parts.get("font", ()) if local(each) == "color"), None)
    return Effect(
        None if code is None else code.get("formatCode", ""),
        is_struck=strikes(strike),
        hides=look_alike(_colour(letters, _BLACK), _colour(ground, _WHITE)),
    )


def _ground(fill: Element, space: str) -> str:
    """Return the background colour of a cell; '' for a pattern."""
    pattern = fill.find(f"{space}patternFill")
    kind = (
        "none" if pattern is None and len(fill) == 0 else "" if pattern is None else pattern.get("patternType", "none")
    )
    if kind == "none" or pattern is None:
        return _WHITE if kind == "none" else ""
    return _colour(pattern.find(f"{space}fgColor"), _BLACK) if kind == "solid" else ""


def _colour(element: Element | None, otherwise: str) -> str:
    """Return a colour in one spelling: RRGGBB for black, white and RGB colours."""
    if element is None:
        return otherwise
    if rgb := element.get("rgb"):
        return rgb[-6:].upper()
    if index := element.get("indexed"):
        return _INDEXED.get(index, f"indexed {index}")
    theme, tint = element.get("theme", ""), element.get("tint", "0")
    return _THEME.get(theme, theme) if tint.strip("-0.") == "" else f"{theme} {tint}"


def shared_texts(parts: Parts) -> tuple[Text, ...]:
    """Return the shared texts in the order of their numbers."""
    part = parts.related(parts.workbook, "sharedStrings")
    if not part:
        return ()
    root = parts.cells(part)
    return tuple(text_of_element(each) for each in root.findall(f"{space_of(root)}si"))


def text_of_element(element: Element) -> Text:
    """Return the text of an `si` or `is`: its own `t` and those of its runs, in order."""
    space = space_of(element)
    if len(element) == 1 and element[0].tag == f"{space}t":
        return Text(unescaped(element[0].text or ""))
    pieces: list[str] = []
    is_struck = False
    for each in element:
        if each.tag == f"{space}t":
            pieces.append(each.text or "")
        elif each.tag == f"{space}r":
            run = each.findtext(f"{space}t", "")
            pieces.append(run)
            is_struck |= bool(run.strip()) and strikes(each.find(f"{space}rPr/{space}strike"))
    return Text(unescaped("".join(pieces)), is_struck)


def unescaped(text: str) -> str:
    """Decode the characters that Office writes as `_x000D_`."""
    return _ESCAPED.sub(_character, text) if "_x" in text else text


def _character(match: re.Match[str]) -> str:
    """Return the character of an escape.

    Office escapes control characters, and `_` before text that looks like an escape.
    """
    code = int(match[1], 16)
    return chr(code) if code <= _LAST_ESCAPED else match[0]


def strikes(element: Element | None) -> bool:
    """Return whether a `strike` element is present and true."""
    return element is not None and element.get("val", "1") not in ("0", "false", "off")
