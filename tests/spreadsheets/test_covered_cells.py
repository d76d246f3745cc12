"""What lies under a drawing is not read: a black box hides a name, a line strikes a figure out, a marker hides nothing."""

import io

import openpyxl
import pytest
import xlsxwriter
from openpyxl.drawing.image import Image
from support.city import found
from support.office import convert
from support.ooxml_parts import packed, unpacked
from support.open_document import open_document
from support.pictures import png

from kama_excel.spreadsheets.reading.open_workbook import read_workbook

A = 'xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"'
BLACK = "<a:solidFill><a:srgbClr val='000000'/></a:solidFill>"
PALE = "<a:solidFill><a:srgbClr val='FFFF00'><a:alpha val='40000'/></a:srgbClr></a:solidFill>"
WORDS = f"<xdr:txBody {A}><a:p><a:r><a:t>語</a:t></a:r></a:p></xdr:txBody>"
STYLE = f"<xdr:style {A}><a:fillRef idx='1'/></xdr:style>"


def shape(look, *, kind="sp", form="rect", turn="", behind="", **place):
    """Return a shape of 640,000 by 200,000 EMU (the size of A1 and little more), or of another place and size."""
    x, y, width, height = (place.get(name, size) for name, size in (("x", 0), ("y", 0), ("w", 640_000), ("h", 200_000)))
    return (
        f"<xdr:absoluteAnchor><xdr:pos x='{x}' y='{y}'/><xdr:ext cx='{width}' cy='{height}'/><xdr:{kind}><xdr:nvSpPr><xdr:cNvPr id='9' name='図形'/>"
        f"</xdr:nvSpPr><xdr:spPr {A}><a:xfrm {turn}/><a:prstGeom prst='{form}'/>{look}</xdr:spPr>{behind}</xdr:{kind}><xdr:clientData/></xdr:absoluteAnchor>"
    )


def covered(*shapes):
    """Return what covers A1 of a sheet with these shapes; A1 is 609,600 by 190,500 EMU."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("S")
        sheet.write("A1", "市民の名前")
        sheet.insert_textbox("H20", "ここ", {"width": 20, "height": 20})  # a drawing for the shapes
    parts = unpacked(content.getvalue())
    drawing = parts["xl/drawings/drawing1.xml"]
    parts["xl/drawings/drawing1.xml"] = drawing.replace(b"</xdr:wsDr>", "".join(shapes).encode() + b"</xdr:wsDr>")
    return read_workbook(packed(parts)).sheets[0].cells[1, 1].covered_by


@pytest.mark.parametrize(
    ("drawing", "cover"),
    [
        (shape(BLACK), "図形"),
        (shape("", behind=STYLE), "図形"),
        (shape(BLACK, x=100_000, y=20_000, w=100_000, h=100_000), "図形"),
        (shape(BLACK, behind=WORDS), ""),
        (shape("", kind="graphicFrame"), "図形"),
        (shape("", form="line", y=90_000, h=0), "図形"),
        (shape("", kind="cxnSp", form="straightConnector1", x=50_000, w=400_000, h=150_000), "図形"),
        (shape(BLACK, turn="rot='5400000'"), "図形"),
        (shape(""), ""),
        (shape("<a:noFill/>", form="ellipse"), ""),
        (shape(PALE), ""),
        (shape(BLACK, y=180_000), ""),
        (shape(BLACK, w=250_000, x=550_000), ""),
        (shape("", form="line", y=180_000, h=2_000_000, w=2_000_000), ""),
        (shape("<a:ln><a:noFill/></a:ln>", form="line", y=90_000, h=0), ""),
    ],
    ids=str,
)
def test_what_hides_a_cell(drawing, cover):
    assert covered(drawing) == cover


FRAME = (
    'table:end-cell-address="表.A1" svg:width="2.2cm" svg:height="0.45cm" svg:x="0cm" svg:y="0cm" draw:style-name="gr1"'
)


@pytest.mark.parametrize(
    ("drawing", "look", "cover"),
    [
        ("<draw:custom-shape {}/>", 'draw:fill="solid"', "図形"),
        ("<draw:custom-shape {}/>", 'draw:fill="solid" draw:opacity="40%"', ""),
        ("<draw:custom-shape {}/>", 'draw:fill="none"', ""),
        ("<draw:frame {}><draw:text-box><text:p>語</text:p></draw:text-box></draw:frame>", "", ""),
        ("<draw:frame {}><draw:text-box><text:p>語</text:p></draw:text-box></draw:frame>", 'draw:fill="solid"', ""),
        ("<draw:frame {}><draw:text-box/></draw:frame>", 'draw:fill="solid"', "図形"),
        ('<draw:frame {}><draw:image xlink:href="Pictures/a.png"/></draw:frame>', "", "写真・画像"),
        ('<draw:line {} svg:x1="0cm" svg:y1="0.2cm" svg:x2="2cm" svg:y2="0.2cm"/>', "", "図形"),
        ("<office:annotation {}><text:p>語</text:p></office:annotation>", "", ""),
    ],
)
def test_what_hides_a_cell_of_an_opendocument(drawing, look, cover):
    style = f'<style:style style:name="gr1" style:family="graphic"><style:graphic-properties {look}/></style:style>'
    cell = (
        f'<table:table-cell office:value-type="string">{drawing.format(FRAME)}<text:p>名前</text:p></table:table-cell>'
    )
    content = open_document(
        f"<table:table-row>{cell}</table:table-row>", style, more={"Pictures/a.png": png(9, 9)}.items()
    )
    assert read_workbook(content).sheets[0].cells[1, 1].covered_by == cover


def test_a_box_behind_hundreds_of_others_hides_a_cell_too():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("S")
        sheet.write_string("A1", "名前")
        black = {"fill": {"color": "black"}, "line": {"none": True}, "width": 64, "height": 20}
        for row in range(600, 0, -1):
            sheet.insert_textbox(row - 1, 0, "", black)
    assert read_workbook(content.getvalue()).sheets[0].cells[1, 1].covered_by == "図形"


def boxed():
    """Return a workbook with a box over A3, a mask in B5, a picture over A8 and a frame without a fill around A10."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("S")
        for row in range(12):
            sheet.write_row(row, 0, [row + 1, "名前"])
        black = {"fill": {"color": "black"}, "line": {"none": True}}
        sheet.insert_textbox("A3", "", black | {"width": 64, "height": 20})
        sheet.insert_textbox("B5", "", black | {"width": 25, "height": 14, "x_offset": 3, "y_offset": 3})
        sheet.insert_image("A8", "p.png", {"image_data": io.BytesIO(png(64, 20))})
        sheet.insert_textbox("A10", "", {"width": 64, "height": 20, "fill": {"none": True}})
    return content.getvalue()


@pytest.mark.office
@pytest.mark.parametrize("to", ["xlsx", "ods", "xls"])
def test_each_format_says_what_drawings_hide(to, office):
    path = office / "made.xlsx"
    path.write_bytes(boxed())
    if to != "xlsx":
        path = convert(path, to, office)
    cells = read_workbook(path.read_bytes()).sheets[0].cells
    hidden = {place: cell.covered_by for place, cell in cells.items() if cell.covered_by}
    assert hidden == {(3, 1): "図形", (5, 2): "図形", (8, 1): "写真・画像"}


def test_a_remark_under_a_black_box_is_not_published(city):
    path = city.submit(
        "2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5, ("進捗", "T-1", "備考"): "相談者は山田太郎さん"}
    )
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["進捗"]
    sheet.add_image(Image(io.BytesIO(png(1200, 60))), "I5")
    workbook.save(path)
    document = city.run()
    assert [each[2:] for each in found(document, "cell-covered")] == [("進捗", "J5")]
    assert document["actions"][0]["reported"] == 1
    told = {sheet.title for sheet in city.workbook(document) for row in sheet.values if "相談者は山田太郎さん" in row}
    assert told == {"確認事項"}
