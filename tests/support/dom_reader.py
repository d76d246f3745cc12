"""A reader of .xlsx that shares nothing with the program: the document object model, read as the standard says.

It is slow and knows only what forms need: of each cell its value, its number format's code, and why it is not to be taken.
"""

import io
import posixpath
import re
import zipfile
from dataclasses import dataclass
from urllib.parse import unquote
from xml.dom import minidom

BUILT_IN = {0: "General", 1: "0", 2: "0.00", 3: "#,##0", 4: "#,##0.00", 9: "0%", 10: "0.00%", 14: "yyyy/m/d", 49: "@"}


@dataclass(frozen=True)
class DomCell:
    """A cell: a number, a text or None, the format's code, whether it is a formula, an error, struck out."""

    value: object
    code: str = "General"
    is_formula: bool = False
    is_error: bool = False
    is_struck: bool = False
    is_odd: bool = False


def read_cells(content):
    """Return the cells of every sheet, by its name and (row, column)."""
    archive = zipfile.ZipFile(io.BytesIO(content))
    stored = {_normal(name): name for name in reversed(archive.namelist())}

    def document(part):
        return minidom.parseString(archive.read(stored[part]))  # noqa: S318 -- the test wrote it

    def relations(part):
        folder, name = posixpath.split(part)
        rels = _normal(f"{folder}/_rels/{name}.rels")
        found = document(rels).getElementsByTagNameNS("*", "Relationship") if rels in stored else []
        return {each.getAttribute("Id"): (each.getAttribute("Type"), _target(folder, each)) for each in found}

    book = next(target for kind, target in relations("").values() if kind.endswith("/officeDocument"))
    shared = {kind.rpartition("/")[2]: target for kind, target in relations(book).values()}
    styles = _styles(document(shared["styles"]))
    strings = []
    if shared.get("sharedStrings") in stored:
        strings = [_text(each) for each in document(shared["sharedStrings"]).getElementsByTagNameNS("*", "si")]
    sheets = {}
    for each in document(book).getElementsByTagNameNS("*", "sheet"):
        number = next(value for key, value in each.attributes.items() if key.endswith(":id"))
        sheets[each.getAttribute("name")] = _cells(document(relations(book)[number][1]), styles, strings)
    return sheets


def _normal(name):
    return posixpath.normpath("/" + unquote(name).replace("\\", "/")).lstrip("/").lower()


def _target(folder, relation):
    target = relation.getAttribute("Target").replace("\\", "/")
    return _normal(target if target.startswith("/") else f"{folder}/{target}")


def _children(element, name):
    return [each for each in element.childNodes if getattr(each, "localName", None) == name]


def _data(element):
    return "".join(
        each.data for each in element.childNodes if each.nodeType in (each.TEXT_NODE, each.CDATA_SECTION_NODE)
    )


def _text(element):
    """Return a text and whether a part of it is struck out."""
    pieces, struck = [_data(each) for each in _children(element, "t")], False
    for run in _children(element, "r"):
        words = "".join(_data(each) for each in _children(run, "t"))
        pieces.append(words)
        for properties in _children(run, "rPr"):
            struck |= bool(words.strip()) and _is_struck(properties)
    return "".join(pieces), struck


def _is_struck(font):
    return any(each.getAttribute("val") not in ("0", "false") for each in _children(font, "strike"))


def _styles(document):
    root = document.documentElement
    codes = dict(BUILT_IN)
    for each in (fmt for parent in _children(root, "numFmts") for fmt in _children(parent, "numFmt")):
        codes[int(each.getAttribute("numFmtId"))] = each.getAttribute("formatCode")
    fonts = [_is_struck(font) for parent in _children(root, "fonts") for font in _children(parent, "font")]
    found = []
    for each in (xf for parent in _children(root, "cellXfs") for xf in _children(parent, "xf")):
        code = codes.get(int(each.getAttribute("numFmtId") or 0), "General")
        found.append((code, fonts[int(each.getAttribute("fontId") or 0)]))
    return found


def _cells(document, styles, strings):
    tables = document.getElementsByTagNameNS("*", "sheetData")
    found, number = {}, 0
    for row in _children(tables[0], "row"):
        number, column = int(row.getAttribute("r") or number + 1), 0
        for element in _children(row, "c"):
            place = _place(element.getAttribute("r")) or (number, column + 1)
            column = place[1]
            cell = _cell(element, styles, strings)
            if cell is not None:
                found[place] = DomCell(None, is_odd=True) if place in found else cell
    for table in tables[1:]:
        for element in table.getElementsByTagNameNS("*", "c"):
            found[_place(element.getAttribute("r"))] = DomCell(None, is_odd=True)
    for merged in document.getElementsByTagNameNS("*", "mergeCell"):
        first, _, last = merged.getAttribute("ref").partition(":")
        (top, left), (bottom, right) = _place(first), _place(last or first)
        for row, column in list(found):
            if top <= row <= bottom and left <= column <= right and (row, column) != (top, left):
                found[row, column] = DomCell(None, is_odd=True)
    return found


def _place(address):
    match = re.fullmatch("([A-Z]+)([0-9]+)", address)
    if match is None:
        return None
    column = 0
    for letter in match[1]:
        column = column * 26 + ord(letter) - 64
    return int(match[2]), column


def _cell(element, styles, strings):
    code, struck = styles[int(element.getAttribute("s") or 0)]
    kind = element.getAttribute("t") or "n"
    values, inline = _children(element, "v"), _children(element, "is")
    is_formula = bool(_children(element, "f"))
    value = _data(values[0]) if values else ""
    if kind == "e" and (values or is_formula):
        return DomCell(None, code, is_formula, is_error=True)
    if inline and (values or kind != "inlineStr"):
        return DomCell(None, is_odd=True)
    if kind == "inlineStr":
        text, is_struck = _text(inline[0]) if inline else ("", False)
        return DomCell(text, code, is_formula, is_struck=struck or is_struck) if text.strip() else None
    if kind == "s":
        if not values:
            return None
        if not value.strip().isdigit() or int(value) >= len(strings):
            return DomCell(None, is_odd=True)
        text, is_struck = strings[int(value)]
        return DomCell(text, code, is_formula, is_struck=struck or is_struck) if text.strip() else None
    if kind == "str":
        return DomCell(value, code, is_formula, is_struck=struck) if value.strip() else None
    if not value.strip():
        return DomCell(None, code, is_formula, is_odd=True) if is_formula else None
    try:
        return DomCell(float(value), code, is_formula, is_struck=struck, is_odd=kind != "n")
    except ValueError:
        return DomCell(None, code, is_formula, is_odd=True)
