"""Shared data of an .xlsx: cell formats and texts by number."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import lru_cache
from types import MappingProxyType
from typing import NamedTuple
from xml.etree.ElementTree import Element

from kama_excel.domain.text import lost_text, text_of
from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code
from kama_excel.spreadsheets.reading import number_formats
from kama_excel.spreadsheets.reading.built_in_formats import BUILT_IN
from kama_excel.spreadsheets.reading.colours import BLACK, PALETTE, WHITE, look_alike, rgb, tinted
from kama_excel.spreadsheets.reading.conditional_formats import PLAIN, Effect, Look
from kama_excel.spreadsheets.reading.rich_text import SMALLEST, Run
from kama_excel.spreadsheets.reading.xlsx_parts import Parts
from kama_excel.spreadsheets.reading.xml_documents import local, parsed, space_of, whole

_LAST_ESCAPED = 0xFF
_OFFICE = ("000000", "FFFFFF", "1F497D", "EEECE1", "4F81BD", "C0504D", "9BBB59", "8064A2", "4BACC6", "F79646")
"""The colours of a theme as it lists them, where a workbook has none."""
_OF_THEME = (1, 0, 3, 2)
"""A theme lists dark before light, and is numbered light before dark."""
_ESCAPED = re.compile("_x([0-9A-Fa-f]{4})_")


class CellFormat(NamedTuple):
    """A cell format: its number format code ('' is General), strikethrough and colours.

    `display` is the text that all cells of this format show ('' where it cannot be read); None if it varies.
    """

    code: str = ""
    is_percent: bool = False
    is_date: bool = False
    is_struck: bool = False
    display: str | None = None
    look: Look = PLAIN


def cell_format(code: str, look: Look, *, is_struck: bool, points: float) -> CellFormat:
    """Return a cell format.

    A text in nearly the colour of the cell, or too small, is not displayed.
    """
    is_percent, is_date = number_formats.is_percent_format(code), number_formats.is_date_format(code)
    display = "" if look_alike(*look) or points < SMALLEST else None
    return CellFormat(code, is_percent, is_date, is_struck, display, look)


class Text(NamedTuple):
    """A text without phonetic guides (furigana), and whether a part of it is struck out.

    `runs` are its parts if one has a look of its own. `is_cleaned`: characters that no workbook may contain were
    removed (`text_of`).
    """

    text: str
    is_struck: bool = False
    runs: tuple[Run, ...] = ()
    is_cleaned: bool = False

    @classmethod
    def typed(cls, text: str, *, is_struck: bool = False, runs: tuple[Run, ...] = ()) -> Text:
        """Return a text as it was typed, without invalid characters."""
        cleaned = text_of(text)
        is_cleaned = cleaned is not text and lost_text(text)
        return tuple.__new__(cls, (cleaned, is_struck, runs, is_cleaned))  # in half the time of the class itself


class Colours(NamedTuple):
    """The colours of a workbook's theme and palette by number."""

    theme: tuple[str, ...] = _OFFICE
    palette: tuple[str, ...] = PALETTE

    def of(self, element: Element | None, otherwise: str) -> str:
        """Return the colour of an element; '' for an unknown one."""
        if element is None:
            return otherwise
        tint = _decimal(element.get("tint"), 0.0)
        if code := element.get("rgb"):
            return tinted(rgb(code), tint)
        if index := element.get("indexed"):
            return tinted(_at(self.palette, whole(index)), tint)
        if "theme" not in element.attrib:
            return otherwise
        number = whole(element.get("theme"))
        return tinted(_at(self.theme, _OF_THEME[number] if number < len(_OF_THEME) else number), tint)


class Styles(NamedTuple):
    """Cell formats by their number as text, conditional formats by number, colours."""

    formats: Mapping[str, CellFormat] = MappingProxyType({})
    conditions: tuple[Effect, ...] = ()
    colours: Colours = Colours()

    def visible(self, effect: Effect) -> Effect:
        """Return an effect, without its colours if all cell formats can be read in them."""
        return effect.for_looks({each.look for each in self.formats.values()} | {PLAIN})


def read_styles(parts: Parts) -> Styles:
    """Return the styles of a workbook.

    Raises: RefusedError if they cannot be read.
    """
    part, theme = (parts.related(parts.workbook, kind) for kind in ("styles", "theme"))
    return _styles(parts.read(part), parts.read(theme) if theme else b"") if part else Styles()


@lru_cache(maxsize=64)  # a department's forms have the same styles in every month
def _styles(xml: bytes, theme: bytes) -> Styles:
    styles = parsed(xml)
    space = space_of(styles)
    own = tuple(rgb(each.get("rgb", "")) for each in styles.findall(f"{space}colors/{space}indexedColors/*"))
    colours = Colours(_theme(theme) if theme else _OFFICE, own + PALETTE[len(own) :])
    found = Styles(_cell_formats(styles, colours), (), colours)
    effects = (effect_of(each, colours) for each in styles.findall(f"{space}dxfs/{space}dxf"))
    return found._replace(conditions=tuple(map(found.visible, effects)))


@lru_cache(maxsize=8)
def _theme(xml: bytes) -> tuple[str, ...]:
    """Return the colours of a theme in its own order."""
    scheme = next((each for each in parsed(xml).iter() if local(each) == "clrScheme"), ())
    return tuple(next((rgb(colour.get("lastClr", colour.get("val", ""))) for colour in each), "") for each in scheme)


def _cell_formats(styles: Element, colours: Colours) -> dict[str, CellFormat]:
    space = space_of(styles)
    codes = {0: ""} | BUILT_IN
    # conditional formats (dxf) have a numbering of their own
    codes |= {
        whole(each.get("numFmtId")): each.get("formatCode", "")
        for each in styles.findall(f"{space}numFmts/{space}numFmt")
    }
    fonts = [_font(each, colours) for each in styles.findall(f"{space}fonts/{space}font")]
    grounds = [_ground(each, space, colours) for each in styles.findall(f"{space}fills/{space}fill")]
    found = []
    for each in styles.findall(f"{space}cellXfs/{space}xf"):
        font, fill = whole(each.get("fontId")), whole(each.get("fillId"))
        is_struck, letters, points = fonts[font] if font < len(fonts) else _PLAIN_FONT
        code, ground = codes.get(whole(each.get("numFmtId")), ""), grounds[fill] if fill < len(grounds) else WHITE
        found.append(cell_format(code, (letters, ground), is_struck=is_struck, points=points))
    if not found:
        raise RefusedError(Code.FILE_UNREADABLE, "セルの書式の一覧を読み込めません")
    return {str(number): each for number, each in enumerate(found)}


_PLAIN_FONT = (False, BLACK, 11.0)


def _font(font: Element, colours: Colours) -> tuple[bool, str, float]:
    """Return whether a font is struck out, its colour, and its size in points."""
    parts = {local(each): each for each in font}
    points = _decimal(parts["sz"].get("val"), _PLAIN_FONT[2]) if "sz" in parts else _PLAIN_FONT[2]
    return strikes(parts.get("strike")), colours.of(parts.get("color"), BLACK), points


def effect_of(conditional: Element, colours: Colours) -> Effect:
    """Return what a conditional format (`dxf`) does to a cell."""
    parts = {local(each): each for each in conditional.iter()}
    code, strike, ground = (parts.get(name) for name in ("numFmt", "strike", "bgColor"))
    letters = next((each for each in parts.get("font", ()) if local(each) == "color"), None)
    return Effect(
        None if code is None else code.get("formatCode", ""),
        is_struck=strikes(strike),
        letters=None if letters is None else colours.of(letters, BLACK),
        ground=None if ground is None else colours.of(ground, WHITE),
    )


def _ground(fill: Element, space: str, colours: Colours) -> str:
    """Return the background colour of a cell; '' for a pattern of two colours."""
    pattern = fill.find(f"{space}patternFill")
    if pattern is None:
        return "" if len(fill) else WHITE
    kind = pattern.get("patternType", "none")
    if kind == "none":
        return WHITE
    front = colours.of(pattern.find(f"{space}fgColor"), BLACK)
    is_even = kind == "solid" or front == colours.of(pattern.find(f"{space}bgColor"), WHITE)
    return front if is_even else ""


def _at(colours: tuple[str, ...], number: int) -> str:
    return colours[number] if number < len(colours) else ""


def _decimal(text: str | None, otherwise: float) -> float:
    try:
        return float(text) if text else otherwise
    except ValueError:
        return otherwise


def shared_texts(parts: Parts, colours: Colours) -> dict[str, Text]:
    """Return the shared texts by their number as text, as cells refer to them."""
    part = parts.related(parts.workbook, "sharedStrings")
    if not part:
        return {}
    root = parts.cells(part)
    space = space_of(root)
    return {str(at): text_of_element(each, space, colours) for at, each in enumerate(root.findall(f"{space}si"))}


def text_of_element(element: Element, space: str, colours: Colours) -> Text:
    """Return the text of an `si` or `is`: its own `t` and those of its runs, in order.

    `space` is its namespace as tags begin with it.
    """
    plain = space + "t"
    if len(element) == 1 and (only := element[0]).tag == plain:
        return Text.typed(unescaped(only.text or ""))
    runs: list[Run] = []
    is_struck = False
    for each in element:
        if each.tag == plain:
            runs.append(Run(unescaped(each.text or "")))
        elif each.tag == f"{space}r":
            properties = each.find(f"{space}rPr")
            runs.append(_run(unescaped(each.findtext(f"{space}t", "")), properties, space, colours))
            is_struck |= bool(runs[-1].text.strip()) and strikes(each.find(f"{space}rPr/{space}strike"))
    text = "".join(run.text for run in runs)
    return Text.typed(text, is_struck=is_struck, runs=() if all(run.is_plain for run in runs) else tuple(runs))


def _run(text: str, properties: Element | None, space: str, colours: Colours) -> Run:
    if properties is None:
        return Run(text)
    names = ("color", "vertAlign", "sz")
    colour, raised, size = (properties.find(f"{space}{name}") for name in names)
    return Run(
        text,
        None if colour is None else colours.of(colour, BLACK),
        0 if raised is None else {"superscript": 1, "subscript": -1}.get(raised.get("val", ""), 0),
        size is not None and _decimal(size.get("val"), _PLAIN_FONT[2]) < SMALLEST,
    )


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
