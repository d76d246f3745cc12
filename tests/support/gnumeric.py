"""A second spreadsheet program, Gnumeric: it computes what the program wrote by code that shares nothing with LibreOffice."""

import functools
import shutil
import subprocess
from pathlib import Path

from lxml import etree

from support.ooxml_parts import packed, unpacked

_MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"


@functools.cache
def ssconvert():
    """Return the path of Gnumeric's converter, None where it is not installed."""
    return shutil.which("ssconvert")


def recalculated_all(paths, folder):
    """Return the workbooks as Gnumeric saves them after computing every formula; none has a cached value to believe."""
    computed = []
    for path in map(Path, paths):
        bare = Path(folder) / f"{path.stem}-bare.xlsx"
        bare.write_bytes(without_cached_values(path.read_bytes()))
        computed.append(Path(folder) / path.name)
        command = [ssconvert(), "--recalc", bare, computed[-1]]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    return computed


def without_cached_values(workbook):
    """Return the workbook with its formulas alone, those with SUMPRODUCT as array formulas.

    Excel and LibreOffice take all within SUMPRODUCT as arrays. Gnumeric does not take the arguments of functions of one
    cell within it so (LEFT, EXACT, ISNUMBER of a range), unless the formula is an array formula.
    """
    parts = unpacked(workbook)
    for name in parts:
        if name.startswith("xl/worksheets/sheet"):
            root = etree.fromstring(parts[name])
            for formula in root.iter(f"{_MAIN}f"):
                cell = formula.getparent()
                for value in cell.findall(f"{_MAIN}v"):
                    cell.remove(value)
                if "SUMPRODUCT(" in (formula.text or ""):
                    formula.set("t", "array")
                    formula.set("ref", cell.get("r"))
            parts[name] = etree.tostring(root)
    return packed(parts)
