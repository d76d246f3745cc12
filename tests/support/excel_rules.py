"""What Excel repairs, refuses or cuts in a workbook beyond what the schemas of the format say.

`broken_rules` reads the parts alone. Lengths are those that Excel counts, in UTF-16.
"""

import posixpath
import re
from collections import Counter
from itertools import pairwise

from lxml import etree
from openpyxl.utils import range_boundaries

from support.ooxml_parts import unpacked

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_OFFICE = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}"
_DRAWING = "{http://schemas.openxmlformats.org/drawingml/2006/spreadsheetDrawing}"
_BLIP = "{http://schemas.openxmlformats.org/drawingml/2006/main}blip"
_TEXT = re.compile(r'"(?:[^"]|"")*"')
_SHEET = re.compile(r"(?:'((?:[^']|'')+)'|(?<![\w'!])([^\W\d][\w.]*))!")
# What Excel 2010 has of what the program uses; a newer function needs a prefix and shows #NAME? in an older Excel.
_FUNCTIONS = frozenset(
    [
        "ABS",
        "AND",
        "AVERAGE",
        "CHAR",
        "CODE",
        "COLUMN",
        "COUNT",
        "COUNTA",
        "COUNTIF",
        "COUNTIFS",
        "DATE",
        "EXACT",
        "FIND",
        "HYPERLINK",
        "IF",
        "IFERROR",
        "INDEX",
        "INT",
        "ISBLANK",
        "ISERROR",
        "ISNUMBER",
        "ISTEXT",
        "LEFT",
        "LEN",
        "LOOKUP",
        "MATCH",
        "MAX",
        "MID",
        "MIN",
        "MOD",
        "MONTH",
        "N",
        "NOT",
        "OR",
        "REPT",
        "RIGHT",
        "ROUND",
        "ROUNDDOWN",
        "ROUNDUP",
        "ROW",
        "ROWS",
        "SIGN",
        "SMALL",
        "SUBSTITUTE",
        "SUBTOTAL",
        "SUM",
        "SUMIF",
        "SUMIFS",
        "SUMPRODUCT",
        "T",
        "TEXT",
        "TRIM",
        "TRUNC",
        "VALUE",
        "YEAR",
    ]
)
_MERGED_MOST, _BREAKS_MOST, _ROW_MOST = 65_530, 1_026, 1_048_576


def broken_rules(workbook):
    """Return (rule, where) of everything in a workbook that Excel would repair, refuse or cut."""
    book = _Book(workbook)
    found = [*_package(book), *_names(book), *_styles(book)]
    tables = {}
    for sheet in book.sheets:
        checks = (_cells, _formulas, _merged, _validations, _conditions, _links, _page, _pictures)
        found += [(rule, f"{sheet.name}!{where}") for check in checks for rule, where in check(book, sheet)]
        found += [(rule, f"{sheet.name}!{where}") for rule, where in _tables(book, sheet, tables)]
    return found


class _Book:
    """The parts of a workbook, parsed."""

    def __init__(self, workbook):
        self.parts = unpacked(workbook)
        self.roots = {n: etree.fromstring(p) for n, p in self.parts.items() if n.endswith((".xml", ".rels"))}
        self.root = self.roots["xl/workbook.xml"]
        targets = self.relations("xl/workbook.xml")
        self.names = [each.get("name") for each in self.root.find(f"{_MAIN}sheets")]
        ids = [each.get(f"{_OFFICE}id") for each in self.root.find(f"{_MAIN}sheets")]
        shared = self.roots.get("xl/sharedStrings.xml", ())
        self.strings = ["".join(t.text or "" for t in each.iter(f"{_MAIN}t")) for each in shared]
        self.styles = self.roots["xl/styles.xml"]
        self.sheets = [_Sheet(self, name, targets[id_]) for name, id_ in zip(self.names, ids, strict=True)]

    def relations(self, part):
        """Return the targets of a part's relations by their ids; those to the outside are None."""
        folder, name = posixpath.split(part)
        rels = self.roots.get(f"{folder}/_rels/{name}.rels", ())
        return {
            each.get("Id"): None
            if each.get("TargetMode") == "External"
            else posixpath.normpath(posixpath.join("/", folder, each.get("Target"))).lstrip("/")
            for each in rels
        }

    def style_count(self, kind):
        """Return how many there are of a kind of style."""
        there = self.styles.find(f"{_MAIN}{kind}")
        return 0 if there is None else len(there)


class _Sheet:
    def __init__(self, book, name, part):
        self.name, self.root, self.targets = name, book.roots[part], book.relations(part)
        self.merged = [_box(each.get("ref")) for each in self.root.iter(f"{_MAIN}mergeCell")]
        self.texts = {}
        for cell in self.root.iter(f"{_MAIN}c"):
            value = cell.find(f"{_MAIN}v")
            if cell.get("t") in {"s", "str"} and value is not None:
                is_shared = cell.get("t") == "s"
                self.texts[cell.get("r")] = book.strings[int(value.text)] if is_shared else value.text or ""


def _package(book):
    if len({name.lower() for name in book.parts}) < len(book.parts):
        yield "each part once", "whatever the case"
    types = book.roots["[Content_Types].xml"]
    known = {each.get("PartName", "").lstrip("/") or each.get("Extension") for each in types}
    for name in book.parts:
        if name != "[Content_Types].xml" and name not in known and name.rpartition(".")[2] not in known:
            yield "each part has a type", name
        for target in book.relations(name).values():
            if target is not None and target not in book.parts:
                yield "what a relation leads to is there", f"{name}: {target}"


def _names(book):
    for name in book.names:
        if not 0 < _length(name) <= 31 or re.search(r"[\[\]:*?/\\\x00-\x1f]|^'|'$", name) or name == "履歴":
            yield "a sheet's name is one", name
    if len({name.casefold() for name in book.names}) < len(book.names):
        yield "sheets' names differ", "whatever the case"
    defined = book.root.iter(f"{_MAIN}definedName")
    scopes = Counter((each.get("name").casefold(), each.get("localSheetId")) for each in defined)
    yield from (("defined names differ", name) for (name, _), count in scopes.items() if count > 1)
    for each in book.root.iter(f"{_MAIN}definedName"):
        name, text = each.get("name"), each.text or ""
        if not name.startswith("_xlnm.") and not _is_name(name):
            yield "a defined name is one", name
        if "#REF!" in text or not _sheets_of(text) <= set(book.names):
            yield "a defined name refers to what is there", f"{name}={text}"


def _is_name(name):
    is_address = re.fullmatch(r"[A-Za-z]{1,3}\d{1,7}|[Rr]\d*([Cc]\d*)?|[Cc]\d*", name)
    return re.fullmatch(r"[^\W\d][\w.]*|_[\w.]*", name) is not None and not is_address and _length(name) <= 255


def _styles(book):
    for font in book.styles.iter(f"{_MAIN}font"):
        size, name = font.find(f"{_MAIN}sz"), font.find(f"{_MAIN}name")
        if size is not None and not 1 <= float(size.get("val")) <= 409:
            yield "a font has a size", size.get("val")
        if name is not None and _length(name.get("val")) > 31:
            yield "a font's name is short", name.get("val")
    for each in book.styles.iter(f"{_MAIN}numFmt"):
        code = each.get("formatCode")
        if _length(code) > 255 or len(re.sub(r'"[^"]*"|\\.', "", code).split(";")) > 4:
            yield "a number format is short", code
    if book.style_count("cellXfs") > 65_490 or book.style_count("fonts") > 1_024:
        yield "there are not too many styles", book.style_count("cellXfs")


def _cells(book, sheet):
    row = 0
    for each in sheet.root.iter(f"{_MAIN}row"):
        if not row < int(each.get("r")) <= _ROW_MOST or float(each.get("ht", 15)) > 409.5:
            yield "rows ascend and are of a height", each.get("r")
        row = int(each.get("r"))
    column = 0
    for each in sheet.root.iter(f"{_MAIN}col"):
        if not column < int(each.get("min")) <= int(each.get("max")) or float(each.get("width", 9)) > 255:
            yield "columns ascend and are of a width", each.get("min")
        column = int(each.get("max"))
    formats = book.style_count("cellXfs")
    for cell in sheet.root.iter(f"{_MAIN}c"):
        formula, value = cell.find(f"{_MAIN}f"), cell.find(f"{_MAIN}v")
        if int(cell.get("s", 0)) >= formats:
            yield "a cell's format is there", cell.get("r")
        if cell.get("t") == "e":
            yield "no cell holds an error", cell.get("r")
        has_none = value is None or not value.text
        if formula is not None and (value is None or (has_none and cell.get("t") != "str")):
            yield "a formula has its value", cell.get("r")
    for address, text in sheet.texts.items():
        if _length(text) > 32_767 or text.count("\n") > 253:
            yield "a cell's text is not too long", address


def _formulas(book, sheet):
    for cell in sheet.root.iter(f"{_MAIN}c"):
        formula = cell.find(f"{_MAIN}f")
        if formula is not None:
            yield from ((rule, cell.get("r")) for rule in _wrong_in(formula.text, book))


def _wrong_in(formula, book):
    """Return the rules that a formula breaks."""
    bare = _TEXT.sub('""', formula)
    depth = deepest = 0
    for sign in re.sub(r"'[^']*'", "", bare):
        depth += (sign == "(") - (sign == ")")
        deepest = max(deepest, depth)
    if formula.startswith("=") or _length(formula) > 8_192 or depth or deepest > 64:
        yield "a formula is one"
    if any(_length(each[1:-1].replace('""', '"')) > 255 for each in _TEXT.findall(formula)):
        yield "a text in a formula is short"
    if unknown := set(re.findall(r"([A-Z][A-Z0-9.]*)\(", bare)) - _FUNCTIONS:
        yield f"every Excel has a formula's functions: {unknown}"
    if "#REF!" in bare or not _sheets_of(bare) <= set(book.names):
        yield "a formula refers to what is there"


def _merged(_book, sheet):
    if len(sheet.merged) > _MERGED_MOST or _overlap(sheet.merged):
        yield "merged ranges do not overlap", _overlap(sheet.merged)
    hidden = {
        (row, column)
        for left, top, right, bottom in sheet.merged
        for row in range(top, bottom + 1)
        for column in range(left, right + 1)
    } - {(top, left) for left, top, _, _ in sheet.merged}
    for address, text in sheet.texts.items():
        left, top, _, _ = _box(address)
        if text and (top, left) in hidden:
            yield "no text is under a merged range", address


def _tables(book, sheet, seen):
    boxes = []
    for each in sheet.root.iter(f"{_MAIN}tablePart"):
        table = book.roots[sheet.targets[each.get(f"{_OFFICE}id")]]
        name, ref = table.get("displayName"), table.get("ref")
        left, top, right, bottom = box = _box(ref)
        boxes.append(box)
        headings = [column.get("name") for column in table.iter(f"{_MAIN}tableColumn")]
        defined = {each.get("name").casefold() for each in book.root.iter(f"{_MAIN}definedName")}
        if not _is_name(name) or {name.casefold(), table.get("id")} & ({*seen} | defined):
            yield "a table's name and number are its own", name
        seen |= {name.casefold(): ref, table.get("id"): ref}
        if len({heading.casefold() for heading in headings}) < len(headings) or right - left + 1 != len(headings):
            yield "a table's headings differ", name
        cells = [sheet.texts.get(f"{_letters(column)}{top}") for column in range(left, right + 1)]
        if cells != [re.sub(r"_x([0-9A-F]{4})_", lambda code: chr(int(code[1], 16)), each) for each in headings]:
            yield "a table's headings are its cells", name
        if bottom <= top or _overlap([*sheet.merged, box]) or _overlap(boxes):
            yield "a table lies by itself", name


def _validations(book, sheet):
    boxes = []
    for each in sheet.root.iter(f"{_MAIN}dataValidation"):
        where = each.get("sqref")
        boxes += map(_box, where.split())
        limits = {"promptTitle": 32, "errorTitle": 32, "prompt": 255, "error": 255}
        yield from (("a hint is short", where) for name, most in limits.items() if _length(each.get(name, "")) > most)
        for formula in each:
            yield from _rule_of_input(formula.text or "", where, each.get("type"), book)
    if _overlap(boxes):
        yield "inputs' rules do not overlap", _overlap(boxes)


def _rule_of_input(formula, where, kind, book):
    if kind == "list" and formula.startswith('"'):
        words = formula[1:-1].split(",")
        if _length(formula) > 257 or not all(word.strip() for word in words) or any(w[0] in "=+@" for w in words if w):
            yield "a list's words are short and plain", where
    elif not formula or "{" in _TEXT.sub("", formula):
        yield "an input's rule is a formula", where
    else:
        yield from ((rule, where) for rule in _wrong_in(formula, book))


def _conditions(book, sheet):
    priorities = Counter()
    for condition in sheet.root.iter(f"{_MAIN}conditionalFormatting"):
        where = condition.get("sqref")
        list(map(_box, where.split()))
        for rule in condition.iter(f"{_MAIN}cfRule"):
            priorities[rule.get("priority")] += 1
            if int(rule.get("dxfId", 0)) >= max(book.style_count("dxfs"), 1):
                yield "a condition's format is there", where
            for formula in rule.findall(f"{_MAIN}formula"):
                if not formula.text or "{" in _TEXT.sub("", formula.text):
                    yield "a condition is a formula", where
                else:
                    yield from ((each, where) for each in _wrong_in(formula.text, book))
    yield from (("conditions have an order", priority) for priority, count in priorities.items() if count > 1)


def _links(book, sheet):
    for each in sheet.root.iter(f"{_MAIN}hyperlink"):
        id_, location = each.get(f"{_OFFICE}id"), each.get("location") or ""
        if (id_ and id_ not in sheet.targets) or not _sheets_of(location) <= set(book.names):
            yield "a link leads to what is there", each.get("ref")
        if _length(each.get("tooltip") or "") > 255 or _length(location) > 255:
            yield "a link is short", each.get("ref")


def _page(_book, sheet):
    for each in sheet.root.iter(f"{_MAIN}oddHeader", f"{_MAIN}oddFooter"):
        rest = re.sub(r'&&|&"[^"]*"|&K[0-9A-F]{6}|&\d{1,3}|&[A-Z]', "", each.text or "")
        if _length(each.text or "") > 255 or "&" in rest:
            yield "a header or footer is one", each.text
    for kind in ("rowBreaks", "colBreaks"):
        breaks = [each.get("id") for each in sheet.root.iterfind(f"{_MAIN}{kind}/{_MAIN}brk")]
        if len(breaks) > _BREAKS_MOST or len(set(breaks)) < len(breaks):
            yield "page breaks are few, each once", kind


def _pictures(book, sheet):
    for each in sheet.root.iter(f"{_MAIN}drawing"):
        part = sheet.targets[each.get(f"{_OFFICE}id")]
        root, targets = book.roots[part], book.relations(part)
        ids = [frame.get("id") for frame in root.iter(f"{_DRAWING}cNvPr")]
        if len(set(ids)) < len(ids):
            yield "drawings have numbers of their own", part
        for place in root.iter(f"{_DRAWING}from", f"{_DRAWING}to"):
            if any(int(number.text) < 0 for number in place):
                yield "a drawing lies on its sheet", part
        for picture in root.iter(f"{_DRAWING}pic"):
            if not next(picture.iter(f"{_DRAWING}cNvPr")).get("descr"):
                yield "a picture has words for those who cannot see it", part
        for link in [*root.iter(_BLIP), *root.iter("{*}chart")]:
            id_ = link.get(f"{_OFFICE}embed") or link.get(f"{_OFFICE}id")
            if id_ and id_ not in targets:
                yield "a drawing's file is there", part


def _length(text):
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _box(ref):
    """Return (left, top, right, bottom) of a range; one that is none fails."""
    left, top, right, bottom = range_boundaries(ref)
    assert 1 <= left <= right <= 16_384, ref
    assert 1 <= top <= bottom <= _ROW_MOST, ref
    return left, top, right, bottom


def _letters(column):
    text = ""
    while column:
        column, rest = divmod(column - 1, 26)
        text = chr(65 + rest) + text
    return text


def _overlap(boxes):
    """Return a pair of ranges that overlap, None where there is none."""
    rows = {}
    for box in boxes:
        for row in range(box[1], box[3] + 1):
            rows.setdefault(row, []).append(box)
    for there in rows.values():
        for one, other in pairwise(sorted(there)):
            if other[0] <= one[2]:
                return one, other
    return None


def _sheets_of(formula):
    """Return the names of the sheets that a formula refers to."""
    found = _SHEET.findall(_TEXT.sub('""', formula))
    return {quoted.replace("''", "'") or plain for quoted, plain in found}
