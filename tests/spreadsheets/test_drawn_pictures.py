"""Pictures as the sheet shows them: cropped, mirrored and turned; covered ones and those with effects are named."""

import io
import re
import zipfile

import pytest
import xlsxwriter
from PIL import Image
from support.city import found
from support.office import convert
from support.ooxml_parts import packed, unpacked
from support.open_document import open_document
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

LINE = SHAPE.format(3, 5, kind="cxnSp", hidden="").replace(
    "<xdr:spPr/>",
    f'<xdr:spPr {A}><a:prstGeom prst="line"/><a:ln w="2540000"><a:solidFill><a:srgbClr val="000000"/></a:solidFill></a:ln></xdr:spPr>',
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


def test_a_photo_that_the_sheet_turned_upright_is_not_turned_again_by_what_its_camera_noted():
    image, exif, content = Image.new("RGB", (40, 20), "red"), Image.Exif(), io.BytesIO()
    image.paste("blue", (0, 10, 40, 20))
    exif[0x0112] = 6
    image.save(content, "JPEG", exif=exif, quality=95)
    for drawn in (Drawn(turned=90.0), AS_STORED):
        printed, *size = prepare_picture(content.getvalue(), drawn)
        corner = Image.open(io.BytesIO(printed)).convert("RGB").crop((0, 0, 8, 8)).tobytes()
        assert (size, corner[2] > corner[0]) == ([20, 40], True)


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
        (lambda old: old.replace("</xdr:wsDr>", f"{LINE}</xdr:wsDr>"), [Code.PICTURE_COVERED]),
    ],
)
def test_an_opendocument_says_which_pictures_are_covered_or_turned(change, codes, office):
    path = office / "made.xlsx"
    path.write_bytes(redrawn(book(), change) if change else book())
    pictures = read(convert(path, "ods", office / "ods").read_bytes())
    assert [each.code if each.reason else "" for each in pictures] == codes
    assert [bool(each.content) for each in pictures] == [not code for code in codes]


def rewritten(content, changes):
    """Return the workbook with some parts changed by functions of their text; a new part from the text ''."""
    parts = unpacked(content)
    for name, change in changes.items():
        old = parts.get(name, b"").decode()
        parts[name] = change(old).encode()
        assert parts[name].decode() != old
    return packed(parts)


ROWS = '<sheetData><row r="5" hidden="1"/><row r="6" hidden="1"/></sheetData>'
COLUMNS = '<cols><col min="2" max="2" width="9" hidden="1"/></cols><sheetData'
HIDDEN_GROUP = '<xdr:nvGrpSpPr><xdr:cNvPr id="5" name="g" hidden="1"/></xdr:nvGrpSpPr>'


@pytest.mark.parametrize(
    "changes",
    [
        {"xl/worksheets/sheet1.xml": lambda sheet: sheet.replace("<sheetData/>", ROWS)},
        {"xl/worksheets/sheet1.xml": lambda sheet: sheet.replace("<sheetData", COLUMNS)},
        {"xl/workbook.xml": lambda book_: book_.replace("<sheet ", '<sheet state="hidden" ')},
        {"xl/drawings/drawing1.xml": lambda old: grouped()(old).replace("<xdr:nvGrpSpPr/>", HIDDEN_GROUP)},
    ],
    ids=["rows", "column", "sheet", "group"],
)
def test_a_picture_that_the_sheet_hides_is_not_taken(changes):
    (picture,) = read(rewritten(book(), changes))
    assert (picture.code, picture.content, "表示されない" in picture.reason) == (Code.PICTURE_EFFECT, b"", True)


MARKUP = 'xmlns:mc="http://schemas.openxmlformats.org/markup-compatibility/2006"'
A14 = 'xmlns:a14="http://schemas.microsoft.com/office/drawing/2010/main"'


def alternative(first, second):
    """Return a change that adds an anchor in two alternatives."""
    both = f'<mc:Choice Requires="x">{first}</mc:Choice><mc:Fallback>{second}</mc:Fallback>'
    return lambda old: old.replace(
        "</xdr:wsDr>", f"<mc:AlternateContent {MARKUP}>{both}</mc:AlternateContent></xdr:wsDr>"
    )


@pytest.mark.parametrize(
    ("change", "code"),
    [
        (lambda old: old.replace("</xdr:wsDr>", f"{LINE}</xdr:wsDr>"), Code.PICTURE_COVERED),  # by its thickness alone
        (
            alternative(SHAPE.format(3, 3, kind="sp", hidden=""), SHAPE.format(1, 1, kind="sp", hidden="")),
            Code.PICTURE_COVERED,
        ),
        (alternative(SHAPE.format(1, 1, kind="contentPart", hidden=""), ""), Code.PICTURE_COVERED),
        (
            lambda old: re.sub(
                r"(<a:blip [^>]*)/>",
                rf'\1><a:extLst><a:ext uri="x"><a14:imgLayer {A14}><a14:imgEffect/></a14:imgLayer></a:ext></a:extLst></a:blip>',
                old,
            ),
            Code.PICTURE_EFFECT,
        ),
        (added("</a:prstGeom>", '<a:sp3d><a:bevelT w="900000"/></a:sp3d>'), Code.PICTURE_EFFECT),
    ],
    ids=["a thick line", "the second alternative", "ink", "an artistic effect", "depth"],
)
def test_a_picture_is_not_taken_whatever_hides_a_part_of_it(change, code):
    (picture,) = read(redrawn(book(), change))
    assert (picture.code, picture.content) == (code, b"")


def inside_blip(inner):
    """Return a change that puts elements into the picture's blip."""
    return lambda old: re.sub(r"(<a:blip [^>]*)/>", rf"\1>{inner}</a:blip>", old)


def extended(inner):
    return f'<a:extLst><a:ext uri="x">{inner}</a:ext></a:extLst>'


def bordered(points, fill="<a:solidFill/>"):
    """Return a change that draws a border around the picture."""
    return added("</a:prstGeom>", f'<a:ln w="{points * 12700}">{fill}</a:ln>')


STYLE = '<xdr:style><a:lnRef idx="0"/><a:fillRef idx="0"/><a:effectRef idx="{}"/><a:fontRef idx="minor"/></xdr:style>'
NEAR = SHAPE.format(3, 3, kind="sp", hidden="").replace(
    "<xdr:spPr/>",
    f'<xdr:spPr {A}><a:effectLst><a:outerShdw dist="{{}}" sx="{{}}"/></a:effectLst></xdr:spPr>',
)


@pytest.mark.parametrize(
    ("change", "is_taken"),
    [
        *(
            (inside_blip(f"<a:{each}/>"), False)
            for each in ("lum", "duotone", "grayscl", "biLevel", "clrChange", "hsl")
        ),
        (inside_blip("<a:futureEffect/>"), False),
        (inside_blip(extended('<b:useLocalDpi xmlns:b="b" val="0"/>')), True),
        (inside_blip(extended('<b:svgBlip xmlns:b="b"/>')), False),
        (inside_blip(extended('<b:unknown xmlns:b="b"/>')), False),
        (added("</a:prstGeom>", extended('<b:hiddenFill xmlns:b="b"/>')), True),
        (added("</a:prstGeom>", "<a:effectDag/>"), False),
        (added("</a:prstGeom>", '<a:effectLst><a:innerShdw blurRad="900000"/></a:effectLst>'), False),
        (added("</xdr:spPr>", STYLE.format(0)), True),
        (added("</xdr:spPr>", STYLE.format(3)), False),
        (bordered(1), True),
        (bordered(20), False),
        (bordered(20, "<a:noFill/>"), True),
        (lambda old: old.replace("<a:stretch>", '<a:srcRect l="60000" r="60000"/><a:stretch>'), False),
        (lambda old: re.sub("<a:stretch>.*</a:stretch>", '<a:tile sx="50000"/>', old), False),
        (lambda old: old.replace("r:embed=", 'r:link="rId7" r:embed='), False),
        (added("<xdr:cNvPicPr>", extended('<b:cameraTool xmlns:b="b" cellRange="A1"/>')), False),
        (lambda old: old.replace("</xdr:wsDr>", NEAR.format(0, 100000) + "</xdr:wsDr>"), True),
        (lambda old: old.replace("</xdr:wsDr>", NEAR.format(900000, 100000) + "</xdr:wsDr>"), False),
        (lambda old: old.replace("</xdr:wsDr>", NEAR.format(0, 900000) + "</xdr:wsDr>"), False),
    ],
)
def test_a_picture_is_taken_only_with_what_is_known_to_leave_it_unchanged(change, is_taken):
    (picture,) = read(redrawn(book(), change))
    assert bool(picture.content) == is_taken == (not picture.reason)


def test_an_effect_of_a_group_is_one_of_its_pictures():
    change = grouped()
    (picture,) = read(
        redrawn(book(), lambda old: change(old).replace("</xdr:grpSpPr>", "<a:effectDag/></xdr:grpSpPr>"))
    )
    assert (picture.code, picture.content) == (Code.PICTURE_EFFECT, b"")


VML = (
    '<xml xmlns:v="urn:schemas-microsoft-com:vml" xmlns:x="urn:schemas-microsoft-com:office:excel"><v:shape id="s" '
    "style='position:absolute;visibility:{}'><v:textbox>a<br></v:textbox><x:ClientData ObjectType=\"{}\">{}"
    "<x:Anchor>\n 1, 0, 4, 0, 5, 0, 9, 0</x:Anchor></x:ClientData></v:shape></xml>"
)
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def with_legacy(content, visibility, kind, more):
    """Return the workbook with a comment, a control or an object over B5."""
    relation = (
        f'<Relationship Id="rId9" Type="{OFFICE}/vmlDrawing" Target="../drawings/vmlDrawing1.vml"/></Relationships>'
    )
    return rewritten(
        content,
        {
            "xl/worksheets/_rels/sheet1.xml.rels": lambda old: old.replace("</Relationships>", relation),
            "xl/drawings/vmlDrawing1.vml": lambda _: VML.format(visibility, kind, more),
        },
    )


@pytest.mark.parametrize(
    ("visibility", "kind", "more", "is_taken"),
    [
        ("hidden", "Note", "", True),
        ("visible", "Note", "<x:Visible/>", False),
        ("visible", "Button", "", False),
        ("visible", "Pict", "", False),
        ("hidden", "Pict", "", True),
    ],
)
def test_comments_that_are_always_shown_controls_and_objects_cover_pictures(visibility, kind, more, is_taken):
    (picture,) = read(with_legacy(book(), visibility, kind, more))
    assert (bool(picture.content), picture.code == Code.PICTURE_COVERED) == (is_taken, not is_taken)


@pytest.mark.office
@pytest.mark.parametrize("moves", ["absolute", "twoCell"])
def test_an_opendocument_says_which_pictures_are_hidden(moves, office):
    path = office / "made.xlsx"
    changes = {"xl/worksheets/sheet1.xml": lambda sheet: sheet.replace("<sheetData/>", ROWS)}
    moving = redrawn(book(), lambda old: old.replace('editAs="absolute"', f'editAs="{moves}" '))
    path.write_bytes(rewritten(moving, changes))
    hidden = convert(path, "ods", office / "ods").read_bytes()
    path.write_bytes(book())
    shown = unpacked(convert(path, "ods", office / "ods").read_bytes())
    assert [each.code for each in read(packed(shown)) if each.content == b""] == []
    shown["content.xml"] = shown["content.xml"].replace(b'table:display="true"', b'table:display="false"')
    for content in (hidden, packed(shown)):
        assert {(each.code, each.content) for each in read(content)} == {(Code.PICTURE_EFFECT, b"")}


def test_a_shape_over_a_picture_in_a_cell_covers_it():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as made:
        sheet = made.add_worksheet("写真")
        for row in (4, 9):
            sheet.embed_image(row, 1, "p.png", {"image_data": io.BytesIO(png(42, 21))})
        sheet.insert_textbox("B5", "目隠し", {"width": 30, "height": 10})
    pictures = {each.row: each for each in read(content.getvalue())}
    assert (pictures[5].code, pictures[5].content) == (Code.PICTURE_COVERED, b"")
    assert pictures[10].content


FRAME = (
    '<table:table-row style:row-height="1cm"><table:table-cell><draw:frame draw:style-name="gr1" draw:z-index="{z}" '
    'svg:width="1cm" svg:height="0.4cm" svg:x="0cm" svg:y="0cm" {more}><draw:image xlink:href="Pictures/a.png"/>{inside}'
    "</draw:frame>{beside}</table:table-cell></table:table-row>"
)
RECTANGLE = '<draw:rect draw:z-index="0" svg:width="1cm" svg:height="1cm" svg:x="0cm" svg:y="0cm" {}/>'


@pytest.mark.parametrize(
    ("style", "frame_", "is_taken"),
    [
        ('draw:stroke="none" draw:luminance="0%" draw:shadow="visible"', {}, True),
        ('draw:luminance="20%"', {}, False),
        ('style:mirror="horizontal"', {}, False),
        ('fo:clip="rect(0cm, 0.2cm, 0cm, 0cm)"', {}, False),
        ('draw:new-effect="on"', {}, False),
        ('draw:stroke="solid" svg:stroke-width="0.2cm"', {}, False),
        ('draw:stroke="none"', {"inside": "<draw:contour-polygon/>"}, False),
        ('draw:stroke="none"', {"more": 'draw:display="printer"'}, False),
        ('draw:stroke="none"', {"beside": RECTANGLE.format("")}, True),
        ('draw:stroke="none"', {"more": 'draw:layer="backgroundobjects"', "beside": RECTANGLE.format("")}, False),
        ('style:parent-style-name="dark"', {}, False),
    ],
)
def test_a_picture_of_an_opendocument_is_taken_only_as_it_is_shown(style, frame_, is_taken):
    inherited = re.search("style:parent-style-name=.*|$", style)[0]
    automatic = f'<style:style style:name="gr1" style:family="graphic" {inherited}><style:graphic-properties {style}/></style:style>'
    named = '<style:style style:name="dark" style:family="graphic"><style:graphic-properties draw:gamma="10%"/></style:style>'
    rows = FRAME.format(**{"z": 1, "more": "", "inside": "", "beside": ""} | frame_)
    (picture,) = read(open_document(rows, automatic, named, more={"Pictures/a.png": png(40, 20)}.items()))
    assert bool(picture.content) == is_taken == (not picture.reason)


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="B5" t="e" vm="1"><f>_xlfn.IMAGE("https://example.jp/a.png")</f><v>#VALUE!</v></c>',
        '<c r="B5" t="str"><f>IFERROR(__xludf.DUMMYFUNCTION("IMAGE(""https://example.jp/a.png"")"),"")</f><v></v></c>',
    ],
    ids=["Excel", "Google Sheets"],
)
def test_a_picture_from_an_address_is_named_at_its_cell(cell):
    with_cell = {
        "xl/worksheets/sheet1.xml": lambda old: old.replace(
            "<sheetData/>", f'<sheetData><row r="5">{cell}</row></sheetData>'
        )
    }
    pictures = read(rewritten(book(("D9", 0)), with_cell))
    assert [(each.row, each.column, bool(each.content)) for each in pictures] == [(5, 2, False), (9, 4, True)]
