"""One sheet of an .xlsx, cell by cell: what Excel writes, what other programs write, and what nobody can read for certain."""

import datetime as dt
import io
import zipfile

import pytest
from support.ooxml_parts import packed, unpacked

from kama_excel.files.limits import RefusedError
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
RELATED = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
PACKAGE = "http://schemas.openxmlformats.org/package/2006/relationships"
STYLES = (
    f'<styleSheet xmlns="{MAIN}"><numFmts><numFmt numFmtId="164" formatCode="[h]:mm"/><numFmt numFmtId="165" formatCode="0.0"/></numFmts>'
    "<fonts><font/><font><strike/></font></fonts>"
    '<cellXfs><xf numFmtId="0"/><xf numFmtId="14"/><xf numFmtId="164"/><xf numFmtId="9"/><xf numFmtId="165"/><xf fontId="1"/></cellXfs>'
    '<dxfs><dxf><numFmt numFmtId="165" formatCode="0%"/></dxf></dxfs></styleSheet>'
)
TEXTS = f'<sst xmlns="{MAIN}"><si><t>一</t></si><si><r><t>二</t></r><r><rPr><strike/></rPr><t>三</t></r><rPh><t>さん</t></rPh></si></sst>'


def relations(*targets):
    inner = "".join(
        f'<Relationship Id="rId{number}" Type="{RELATED}/{kind}" Target="{target}"/>'
        for number, (kind, target) in enumerate(targets, start=1)
    )
    return f'<Relationships xmlns="{PACKAGE}">{inner}</Relationships>'


def book(row, *, behind="", names=None, targets=("worksheets/sheet1.xml", "styles.xml", "sharedStrings.xml")):
    """Return an .xlsx whose only sheet has this row 1; `names` are other spellings of its parts' names."""
    sheet = f'<worksheet xmlns="{MAIN}"><sheetData><row r="1">{row}</row></sheetData>{behind}</worksheet>'
    parts = {
        "_rels/.rels": relations(("officeDocument", "xl/workbook.xml")),
        "xl/workbook.xml": f'<workbook xmlns="{MAIN}" xmlns:r="{RELATED}"><sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>',
        "xl/_rels/workbook.xml.rels": relations(*zip(("worksheet", "styles", "sharedStrings"), targets, strict=True)),
        "xl/worksheets/sheet1.xml": sheet,
        "xl/styles.xml": STYLES,
        "xl/sharedStrings.xml": TEXTS,
    }
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        for name, part in parts.items():
            archive.writestr((names or {}).get(name, name), part)
    return target.getvalue()


def cells(row, **options):
    return read_workbook(book(row, **options)).sheet("S").cells


@pytest.mark.parametrize(
    ("cell", "value"),
    [
        ('<c r="A1"><v>5</v></c>', 5.0),
        ("<c><v>5</v></c>", 5.0),
        ('<c r="A1" t="s"><v>0</v></c>', "一"),
        ('<c r="A1" t="s"><v>1</v></c>', "二三"),
        ('<c r="A1" t="inlineStr"><is><t>文</t></is></c>', "文"),
        ('<c r="A1" t="str"><f>A2</f><v>文</v></c>', "文"),
        ('<c r="A1" t="b"><v>1</v></c>', True),
        ('<c r="A1" t="d"><v>2026-02-08</v></c>', dt.date(2026, 2, 8)),
        ('<c r="A1" t="d"><v>2026-02-08T00:00:00.000Z</v></c>', dt.date(2026, 2, 8)),
        ('<c r="A1" s="1"><v>46061</v></c>', dt.date(2026, 2, 8)),
        ('<c r="A1" s="1"><v>0.5</v></c>', dt.time(12)),
        ('<c r="A1" s="2"><v>1.25</v></c>', dt.timedelta(hours=30)),
        ('<c r="A1" t="str"><f>A2</f><v>_x0041_</v></c>', "A"),
    ],
)
def test_what_programs_write(cell, value):
    assert cells(cell)[1, 1].value == value


@pytest.mark.parametrize(
    "cell",
    [
        '<c r="A1"><v>1<![CDATA[2]]></v></c>',
        '<c r="A1"><v>1<!-- 9 -->2</v></c>',
        '<c r="A1"><v>&#49;2</v></c>',
        '<c r="A1"><v>5</v><f>1+4</f></c>',
        '<c r="A1"><v>5</v><v>6</v></c>',
        '<c r="A1"><v>abc</v></c>',
        '<c r="A1"><v> 5\n</v></c>',
        '<c r="A1" t="x"><v>5</v></c>',
        '<c r="A1" t="s"><v>7</v></c>',
        '<c r="A1" t="s"><v/></c>',
        '<c r="A1" s="99"><v>5</v></c>',
        '<c r="A1" s="1"><v>-5</v></c>',
        '<c r="A1" s="1"><v>2958466</v></c>',
        '<c r="A1" s="2"><v>1e18</v></c>',
        '<c r="A1"><v>5</v></c><c r="A1"><v>6</v></c>',
        '<c r="A1" t="e"><is><t>5</t></is></c>',
    ],
)
def test_a_cell_that_cannot_be_told_costs_itself_alone(cell):
    read = cells(f'{cell}<c r="C1"><v>7</v></c>')
    assert (read[1, 1].value, bool(read[1, 1].unclear)) == (None, True)
    assert (read[1, 3].value, read[1, 3].unclear) == (7.0, "")


@pytest.mark.parametrize("word", ["#REF!", "#SPILL!", "#CALC!", "#GETTING_DATA", "#BUSY!"])
def test_an_error_word_of_any_year_is_an_error_value(word):
    read = cells(f'<c r="A1" t="e"><v>{word}</v></c><c r="B1"><v>7</v></c>')
    assert (read[1, 1].error, read[1, 2].value) == (word, 7.0)


def test_the_cells_that_an_array_formula_fills_are_formulas():
    read = cells('<c r="A1"><f t="array" ref="A1:B1">X1:Y1</f><v>5</v></c><c r="B1"><v>0</v></c><c r="C1"><v>0</v></c>')
    assert [read[1, column].is_formula for column in (1, 2, 3)] == [True, True, False]


def test_an_extension_inside_a_cell_is_passed_over():
    assert cells('<c r="A1"><v>5</v><extLst><ext><v>9</v></ext></extLst></c>')[1, 1].value == 5.0


def test_the_cells_of_a_second_table_are_not_taken():
    content = book('<c r="A1"><v>5</v></c>', behind='<sheetData><row r="2"><c r="B2"><v>6</v></c></row></sheetData>')
    read = read_workbook(content).sheet("S").cells
    assert (read[1, 1].value, read[2, 2].value, bool(read[2, 2].unclear)) == (5.0, None, True)


def test_formats_are_those_of_cells_and_not_of_conditional_formats():
    read = cells('<c r="A1" s="4"><v>28</v></c><c r="B1" s="3"><v>0.5</v></c><c r="C1" s="5"><v>1</v></c>')
    assert [(cell.is_percent, cell.is_struck) for cell in read.values()] == [
        (False, False),
        (True, False),
        (False, True),
    ]


@pytest.mark.parametrize(
    ("names", "targets"),
    [
        ({"xl/worksheets/sheet1.xml": "XL/Worksheets/Sheet1.xml"}, None),
        ({"xl/styles.xml": "xl\\styles.xml", "xl/sharedStrings.xml": "XL\\SHAREDSTRINGS.XML"}, None),
        (
            {"xl/worksheets/sheet1.xml": "xl/work sheets/sheet1.xml"},
            ("work%20sheets/sheet1.xml", "styles.xml", "sharedStrings.xml"),
        ),
        ({}, ("/xl/worksheets/sheet1.xml", "./styles.xml", "../xl/sharedStrings.xml")),
    ],
)
def test_parts_are_found_as_office_finds_them(names, targets):
    options = {"names": names} | ({"targets": targets} if targets else {})
    read = cells('<c r="A1" s="3"><v>0.5</v></c><c r="B1" t="s"><v>1</v></c>', **options)
    assert (read[1, 1].is_percent, read[1, 2].value, read[1, 2].is_struck) == (True, "二三", True)


@pytest.mark.parametrize(
    "targets",
    [
        ("nowhere.xml", "styles.xml", "sharedStrings.xml"),
        ("worksheets/sheet1.xml", "nowhere.xml", "sharedStrings.xml"),
    ],
)
def test_a_sheet_without_its_cells_or_formats_is_refused(targets):
    with pytest.raises(RefusedError):
        read_workbook(book('<c r="A1" s="3"><v>0.5</v></c>', targets=targets))


@pytest.mark.parametrize(
    ("sheet", "is_hidden"),
    [
        ('<sheetData><row r="1" hidden="1">{}</row></sheetData>', True),
        ('<sheetData><row r="1" ht="0" customHeight="1">{}</row></sheetData>', True),
        ('<sheetData><row r="1" ht="12">{}</row></sheetData>', False),
        ('<sheetFormatPr defaultRowHeight="15" zeroHeight="1"/><sheetData><row r="1">{}</row></sheetData>', True),
        ('<cols><col min="1" max="3" width="9" hidden="true"/></cols><sheetData><row r="1">{}</row></sheetData>', True),
        ('<cols><col min="1" max="3" width="0"/></cols><sheetData><row r="1">{}</row></sheetData>', True),
        ('<cols><col min="2" max="3" hidden="1"/></cols><sheetData><row r="1">{}</row></sheetData>', False),
    ],
)
def test_a_cell_is_hidden_with_its_row_or_column(sheet, is_hidden):
    parts = unpacked(book(""))
    written = sheet.format('<c r="A1"><v>5</v></c>')
    parts["xl/worksheets/sheet1.xml"] = f'<worksheet xmlns="{MAIN}">{written}</worksheet>'
    assert read_workbook(packed(parts)).sheets[0].is_hidden(1, 1) == is_hidden


THEME = (
    '<a:theme xmlns:a="http://schemas.openxmlformats.org/drawingml/2006/main"><a:themeElements><a:clrScheme name="市">'
    '<a:dk1><a:sysClr val="windowText" lastClr="000000"/></a:dk1><a:lt1><a:sysClr val="window" lastClr="FFFFFF"/></a:lt1>'
    '<a:dk2><a:srgbClr val="44546A"/></a:dk2><a:lt2><a:srgbClr val="E7E6E6"/></a:lt2><a:accent1><a:srgbClr val="5B9BD5"/></a:accent1>'
    "</a:clrScheme></a:themeElements></a:theme>"
)


def fill(colour, kind="solid"):
    return f'<fill><patternFill patternType="{kind}"><fgColor {colour}/></patternFill></fill>'


@pytest.mark.parametrize(
    ("letters", "ground", "is_seen"),
    [
        ('theme="0"', "", False),
        ('theme="1"', "", True),
        ('theme="0" tint="-0.05"', "", False),
        ('theme="0" tint="-0.5"', "", True),
        ('theme="0"', fill('rgb="FFFFF4D1"'), False),
        ('theme="4" tint="0.8"', fill('rgb="FFDEEBF7"'), False),
        ('theme="4"', fill('rgb="FFDEEBF7"'), True),
        ('theme="4" tint="0.8"', "", False),
        ('theme="2"', "", False),
        ('theme="3" tint="-0.8"', fill('theme="1"'), False),
        ('indexed="26"', fill('rgb="FFFFFFCC"'), False),
        ('indexed="10"', fill('rgb="FFFFFFCC"'), True),
        ('rgb="FFFFFF00"', "", False),
        ('rgb="FFFFFFFF"', fill('rgb="FFFFFF00"'), False),
        ('rgb="FFFF0000"', fill('rgb="FF808080"'), True),
        ('rgb="FFFFC000"', "", True),
        ('rgb="FF1D2733"', fill('rgb="FF000000"'), False),
        ('rgb="FF333333"', fill('rgb="FF000000"'), True),
        ('rgb="FF12324F"', fill('rgb="FF1D2733"'), False),
        ('rgb="FF808080"', fill('rgb="FF808080"', "darkGray"), True),
        ('rgb="FFD9D9D9"', "", True),
        ('auto="1"', "", True),
        ('theme="99"', "", True),
    ],
)
def test_a_text_in_nearly_the_colour_of_its_cell_is_not_seen(letters, ground, is_seen):
    styles = (
        f'<styleSheet xmlns="{MAIN}"><fonts><font><color {letters}/></font></fonts><fills>{ground or fill("", "none")}</fills>'
        '<cellXfs><xf fontId="0" fillId="0"/></cellXfs></styleSheet>'
    )
    parts = unpacked(book('<c r="A1"><v>5</v></c>'))
    parts["xl/styles.xml"], parts["xl/theme/theme1.xml"] = styles, THEME
    related = (("worksheet", "worksheets/sheet1.xml"), ("styles", "styles.xml"), ("theme", "theme/theme1.xml"))
    parts["xl/_rels/workbook.xml.rels"] = relations(*related)
    assert read_workbook(packed(parts)).sheets[0].cells[1, 1].display == (None if is_seen else "")
