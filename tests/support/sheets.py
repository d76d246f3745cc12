"""What a workbook's parts say, read without any program's opinion of it: every cell's formula and stored value."""

import io
import zipfile
from xml.etree import ElementTree as ET

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_LINK = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"


def cells_of(workbook):
    """Return by sheet and address (formula or None, value); an empty text is None, as a blank is."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as parts:
        names = parts.namelist()
        shared = []
        if "xl/sharedStrings.xml" in names:
            root = ET.fromstring(parts.read("xl/sharedStrings.xml"))
            shared = ["".join(t.text or "" for t in item.iter(f"{_MAIN}t")) for item in root]
        targets = {
            each.get("Id"): each.get("Target").removeprefix("/xl/")
            for each in ET.fromstring(parts.read("xl/_rels/workbook.xml.rels"))
        }
        sheets = ET.fromstring(parts.read("xl/workbook.xml")).find(f"{_MAIN}sheets")
        return {sheet.get("name"): _cells(parts.read(f"xl/{targets[sheet.get(_LINK)]}"), shared) for sheet in sheets}


def differences(expected, actual):
    """Return what differs between the values of two books at the addresses of the first one's formulas."""
    found = []
    for sheet, cells in expected.items():
        for address, (formula, value) in cells.items():
            if formula is not None:
                other = actual[sheet].get(address, (None, None))[1]
                if not same(value, other):
                    found.append((sheet, address, value, other, formula[:200]))
    return found


def same(value, other):
    """Whether two stored values say the same: numbers within 1e-9, all else exactly."""
    if isinstance(value, float) and isinstance(other, float):
        return abs(value - other) < 1e-9
    return value == other


def _cells(part, shared):
    found = {}
    for cell in ET.fromstring(part).iter(f"{_MAIN}c"):
        formula, value = cell.find(f"{_MAIN}f"), cell.find(f"{_MAIN}v")
        text = value.text if value is not None else None
        match cell.get("t"):
            case "s":
                text = shared[int(text)]
            case "str" | "e" | "inlineStr":
                pass
            case _:
                text = float(text) if text is not None else None
        if formula is not None or text not in (None, ""):
            found[cell.get("r")] = (formula.text if formula is not None else None, None if text == "" else text)
    return found
