"""What a PDF shows: the sizes of its type, lines over each other, how full its pages are."""

import io
import re
import subprocess
import xml.etree.ElementTree as ET
from itertools import combinations
from typing import NamedTuple

from PIL import Image, ImageChops

_FOOTER = 0.06  # of a page's height, at its foot
_TOO_NEAR = 0.55  # of the size of the type, between two lines over each other


class _Word(NamedTuple):
    left: float
    right: float
    top: float
    foot: float
    text: str


def _word(element):
    left, right, top, foot = (float(element.get(name)) for name in ("xMin", "xMax", "yMin", "yMax"))
    return _Word(left, right, top, foot, element.text or "")


def _run(*command):
    return subprocess.run(command, capture_output=True, check=True).stdout


def page_texts(pdf):
    """Return each page's text without white space."""
    return [re.sub(r"\s", "", page) for page in _run("pdftotext", "-raw", pdf, "-").decode().split("\f")[:-1]]


def smallest_type(pdf):
    """Return by page the smallest type in points, and a text in it."""
    xml = re.sub(rb"<(b|i|a)( [^>]*)?>|</(b|i|a)>", b"", _run("pdftohtml", "-xml", "-i", "-stdout", "-zoom", "3", pdf))
    tree, sizes, found = ET.fromstring(xml), {}, []
    for page in tree.iter("page"):
        sizes |= {font.get("id"): int(font.get("size")) / 3 for font in page.iter("fontspec")}
        texts = [(sizes[text.get("font")], "".join(text.itertext()).strip()) for text in page.iter("text")]
        found.append(min((each for each in texts if each[1]), default=(99, "")))
    return found


def lines_over_each_other(pdf):
    """Return by page the pairs of words that are printed over each other: a text that is too high for its row."""
    tree = ET.fromstring(re.sub(rb'<!DOCTYPE[^>]*>| xmlns="[^"]*"', b"", _run("pdftotext", "-bbox", pdf, "-")))
    found = []
    for number, page in enumerate(tree.iter("page"), start=1):
        words = [_word(each) for each in page.iter("word")]
        for one, other in combinations(words, 2):
            size = min(one.foot - one.top, other.foot - other.top) / 1.3
            apart = abs(other.foot + other.top - one.foot - one.top) / 2
            beside = min(one.right, other.right) - max(one.left, other.left)
            if 0.5 < apart < _TOO_NEAR * size and beside > size:
                found.append((number, one.text, other.text))
    return found


def fullness(pdf):
    """Return by page how much of its height is used, without the footer."""
    pages, data = [], _run("pdftoppm", "-r", "20", "-gray", pdf)
    while data:
        head = re.match(rb"P5\n(\d+) (\d+)\n255\n", data)
        size = (int(head[1]), int(head[2]))
        end = head.end() + size[0] * size[1]
        pages.append(Image.open(io.BytesIO(data[:end])))
        data = data[end:]
    shares = []
    for page in pages:
        body = page.crop((0, 0, page.width, round(page.height * (1 - _FOOTER))))
        box = (
            ImageChops.difference(body, Image.new("L", body.size, 255))
            .point(lambda value: 255 * (value > 24))
            .getbbox()
        )
        shares.append((box[3] - box[1]) / body.height if box else 0.0)
    return shares


def cut_texts(sheet, printed):
    """Return the texts on one line that are not wholly in the PDF; those on several lines are all of them in it.

    A text without wrapping ends at a neighbour with something in it.
    """
    (area,) = sheet.print_area if isinstance(sheet.print_area, list) else (sheet.print_area,)
    cells = sheet[area.rpartition("!")[2].replace("$", "")] if area else sheet.iter_rows()
    texts = [
        re.sub(r"\s", "", cell.value)
        for row in cells
        for cell in row
        if isinstance(cell.value, str) and not cell.alignment.wrap_text and "\n" not in cell.value
    ]
    hidden = {name for name, column in sheet.column_dimensions.items() if column.hidden}
    assert not hidden or area
    return [text for text in texts if text not in printed]
