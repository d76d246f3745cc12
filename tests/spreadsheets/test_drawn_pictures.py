"""Pictures as the sheet shows them: cropped, mirrored and turned; covered ones and those with effects are named."""

import io
import re
import zipfile

import pytest
import xlsxwriter
from PIL import Image
from support.city import found
from support.office import convert
from support.pictures import frame, paste, png

from kama_excel.findings.catalogue import Code
from kama_excel.forms.reading.prepare_picture import prepare_picture
from kama_excel.spreadsheets.cells import AS_STORED, Drawn
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
SIZE = 'cx="400000" cy="200000"'
SHAPE = (
    "<xdr:twoCellAnchor><xdr:from><xdr:col>{}</xdr:col><xdr:colOff>0</xdr:colOff><xdr:row>4</xdr:row><xdr:rowOff>0</xdr:rowOff>"
    "</xdr:from><xdr:to><xdr:col>{}</xdr:col><xdr:colOff>200000</xdr:colOff><xdr:row>4</xdr:row><xdr:rowOff>100000</xdr:rowOff>"
    '</xdr:to><xdr:{kind}><xdr:nvSpPr><xdr:cNvPr id="9" name="図形" {hidden}/></xdr:nvSpPr><xdr:spPr/></xdr:{kind}>'
    "<xdr:clientData/></xdr:twoCellAnchor>"
)


def book(*places):
    """Return an .xlsx with a picture at each (cell, x offset), 42 pixels wide and 21 high."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as made:
        sheet = made.add_worksheet("写真")
        for cell, offset in places or [("B5", 0)]:
            image = io.BytesIO(png(42, 21, (offset, 0, 0)))
            sheet.insert_image(cell, "p.png", {"image_data": image, "x_offset": offset, "object_position": 3})
    return content.getvalue()


def redrawn(content, change):
    """Return the workbook with its drawing changed by a function of its text."""
    target = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(target, "w") as new:
        for name in old.namelist():
            part = old.read(name)
            if name == "xl/drawings/drawing1.xml":
                changed = change(part.decode())
                assert changed != part.decode()
                part = changed.encode()
            new.writestr(name, part)
    return target.getvalue()


def added(pattern, text):
    """Return a change that puts text behind the first match of a pattern."""
    return lambda drawing: re.sub(pattern, lambda match: match[0] + text, drawing, count=1)


def above(first=1, last=1, kind="sp", hidden=""):
    """Return a change that lays a shape over the cells of row 5 from one column to another."""
    shape = SHAPE.format(first, last, kind=kind, hidden=hidden)
    return lambda drawing: drawing.replace("</xdr:wsDr>", f"{shape}</xdr:wsDr>")


def read(content):
    return read_workbook(content).pictures


@pytest.mark.parametrize(
    ("change", "drawn"),
    [
        (lambda drawing: drawing.replace("<a:xfrm>", '<a:xfrm rot="5400000">'), Drawn(turned=90.0)),
        (lambda drawing: drawing.replace("<a:xfrm>", '<a:xfrm rot="-1800000">'), Drawn(turned=330.0)),
        (lambda drawing: drawing.replace("<a:xfrm>", '<a:xfrm flipH="1">'), Drawn(is_mirrored=True)),
        (lambda drawing: drawing.replace("<a:xfrm>", '<a:xfrm flipV="true">'), Drawn(is_upside_down=True)),
        (lambda drawing: drawing.replace("<a:stretch>", '<a:srcRect l="25000"/><a:stretch>'), Drawn((0.25, 0, 0, 0))),
        (above(3, 3), AS_STORED),
        (above(hidden='hidden="1"'), AS_STORED),
        (added("</a:prstGeom>", "<a:effectLst><a:outerShdw/></a:effectLst>"), AS_STORED),
    ],
)
def test_what_a_sheet_does_with_a_picture_is_done_with_it(change, drawn):
    (picture,) = read(redrawn(book(), change))
    assert (picture.drawn, picture.reason, bool(picture.content)) == (drawn, "", True)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (above(), Code.PICTURE_COVERED),
        (above(kind="cxnSp"), Code.PICTURE_COVERED),
        (above(0, 3, kind="graphicFrame"), Code.PICTURE_COVERED),
        (lambda drawing: drawing.replace('prst="rect"', 'prst="ellipse"'), Code.PICTURE_EFFECT),
        (lambda drawing: drawing.replace("<a:fillRect/>", '<a:fillRect l="20000"/>'), Code.PICTURE_EFFECT),
        (added("</a:prstGeom>", "<a:effectLst><a:softEdge/></a:effectLst>"), Code.PICTURE_EFFECT),
        (added("</a:prstGeom>", '<a:scene3d><a:camera prst="perspectiveLeft"/></a:scene3d>'), Code.PICTURE_EFFECT),
        (
            lambda drawing: re.sub(r"(<a:blip [^>]*)/>", r"\1><a:alphaModFix amt='20000'/></a:blip>", drawing),
            Code.PICTURE_EFFECT,
        ),
        (lambda drawing: re.sub(r"(<xdr:cNvPr )", r'\1hidden="1" ', drawing), Code.PICTURE_EFFECT),
    ],
)
def test_a_picture_that_cannot_be_shown_as_on_the_sheet_is_not_taken(change, code):
    (picture,) = read(redrawn(book(), change))
    assert (picture.code, picture.content) == (code, b"")
    assert picture.reason


def test_of_pictures_over_each_other_none_is_taken_and_beside_each_other_all_are():
    assert [each.code for each in read(book(("B5", 0), ("B5", 20)))] == [Code.PICTURE_COVERED] * 2
    assert [bool(each.content) for each in read(book(("B5", 0), ("B5", 43)))] == [True, True]


def grouped(rotation=""):
    """Return a change that puts the picture into a group: the right half of a box over B5 and C5."""

    def change(drawing):
        picture = re.search(r"<xdr:pic>.*</xdr:pic>", drawing)[0]
        place = re.search(r"<a:off [^>]*/><a:ext [^>]*/>", picture)[0]
        inside = picture.replace(place, '<a:off x="1100" y="500"/><a:ext cx="900" cy="1000"/>')
        box = f'<a:off x="0" y="0"/><a:ext {SIZE}/><a:chOff x="100" y="500"/><a:chExt cx="2000" cy="1000"/>'
        group = f"<xdr:grpSp><xdr:nvGrpSpPr/><xdr:grpSpPr><a:xfrm {A} {rotation}>{box}</a:xfrm></xdr:grpSpPr>{inside}</xdr:grpSp>"
        drawing = drawing.replace(picture, group)
        return re.sub(r"<xdr:to>.*</xdr:to>", "<xdr:to><xdr:col>3</xdr:col><xdr:row>5</xdr:row></xdr:to>", drawing)

    return change


def test_a_picture_in_a_group_is_at_the_cell_where_it_is_shown():
    (picture,) = read(redrawn(book(), grouped()))
    assert (picture.row, picture.column, bool(picture.content)) == (5, 3, True)
    (turned,) = read(redrawn(book(), grouped('rot="5400000"')))
    assert (turned.code, turned.content) == (Code.PICTURE_EFFECT, b"")


@pytest.mark.parametrize(
    ("drawn", "size", "corner"),
    [
        (Drawn(turned=90.0), (20, 40), "blue"),  # what was at the lower left
        (Drawn(turned=180.0), (40, 20), "blue"),
        (Drawn(turned=270.0), (20, 40), "red"),
        (Drawn(is_mirrored=True), (40, 20), "red"),
        (Drawn(is_upside_down=True), (40, 20), "blue"),
        (Drawn((0, 0.5, 0, 0), turned=180.0), (40, 10), "blue"),
    ],
)
def test_a_picture_is_printed_as_the_sheet_shows_it(drawn, size, corner):
    image = Image.new("RGB", (40, 20), "red")
    image.paste("blue", (0, 10, 40, 20))
    content = io.BytesIO()
    image.save(content, "PNG")
    printed, *_ = prepare_picture(content.getvalue(), drawn)
    opened = Image.open(io.BytesIO(printed)).convert("RGB")
    assert (opened.size, opened.getpixel((1, 1))) == (size, Image.new("RGB", (1, 1), corner).getpixel((0, 0)))


def test_a_picture_turned_by_any_angle_is_in_the_middle_of_white():
    content = io.BytesIO()
    Image.new("RGB", (100, 60), "red").save(content, "PNG")
    printed, width, height = prepare_picture(content.getvalue(), Drawn(turned=30.0))
    opened = Image.open(io.BytesIO(printed)).convert("RGB")
    assert (width, height) == opened.size
    assert (width > 100, height > 60) == (True, True)
    assert (opened.getpixel((0, 0)), opened.getpixel((width // 2, height // 2))) == ((255, 255, 255), (255, 0, 0))


@pytest.mark.slow
def test_a_month_says_which_pictures_were_turned_covered_or_have_effects(city):
    path = city.submit("2026-02", "甲課")
    at = frame(path, "P-1-甲課-1")
    paste(path, ("写真", at, png(80, 40)))
    plain = path.read_bytes()
    changes = {
        "picture-turned": lambda drawing: drawing.replace("<spPr>", f'<spPr><a:xfrm {A} flipH="1"/>'),
        "picture-effect": lambda drawing: drawing.replace('prst="rect"', 'prst="ellipse"'),
        "picture-covered": lambda drawing: drawing.replace(
            "</wsDr>", re.sub("xdr:", "", SHAPE.format(0, 9, kind="sp", hidden="")) + "</wsDr>"
        ),
    }
    for slug, change in changes.items():
        path.write_bytes(redrawn(plain, change))
        document = city.run()
        assert [each[2:] for each in found(document, slug)] == [("写真", at)], slug
        with zipfile.ZipFile(city.root / document["files"]["workbook"]) as book_:
            is_placed = any(name.startswith("xl/media/") for name in book_.namelist())
        assert is_placed == (slug == "picture-turned")


@pytest.mark.office
@pytest.mark.parametrize(
    ("change", "codes"),
    [
        (None, [""]),
        (above(), [Code.PICTURE_COVERED]),
        (above(3, 3), [""]),
        (lambda drawing: drawing.replace("<a:xfrm>", '<a:xfrm rot="1800000">'), [Code.PICTURE_EFFECT]),
    ],
)
def test_an_opendocument_says_which_pictures_are_covered_or_turned(change, codes, office):
    path = office / "made.xlsx"
    path.write_bytes(redrawn(book(), change) if change else book())
    pictures = read(convert(path, "ods", office / "ods").read_bytes())
    assert [each.code if each.reason else "" for each in pictures] == codes
    assert [bool(each.content) for each in pictures] == [not code for code in codes]
