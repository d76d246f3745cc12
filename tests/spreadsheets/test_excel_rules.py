"""Every kind of written file keeps what Excel demands beyond the schemas; each fault that is planted is found."""

import io
import re

import pytest
from support.excel_rules import broken_rules
from support.ooxml_parts import packed, unpacked
from support.written import written_workbooks

pytestmark = pytest.mark.slow


def test_every_kind_of_written_file_keeps_the_rules(city, project):
    written = written_workbooks(city, project)
    assert {path.name: broken for path in written if (broken := broken_rules(path.read_bytes()))} == {}


@pytest.fixture(scope="module")
def sound():
    """Return a workbook with one of everything."""
    content = io.BytesIO()
    book = pytest.importorskip("xlsxwriter").Workbook(content)
    sheet = book.add_worksheet("一覧")
    book.define_name("区分", "=一覧!$A$1:$A$2")
    sheet.add_table("A1:B3", {"columns": [{"header": "課"}, {"header": "率"}], "autofilter": False})
    sheet.merge_range("D1:E1", "題")
    sheet.write_formula("D3", '=IF(A1="","無","有")', None, "有")
    sheet.data_validation("G1", {"validate": "list", "source": ["する", "しない"], "input_message": "選択"})
    red = book.add_format({"bg_color": "red"})
    sheet.conditional_format("G1:G5", {"type": "formula", "criteria": '=$G1="する"', "format": red})
    sheet.write_url("H1", "internal:一覧!A1")
    sheet.set_footer("&C&P / &N")
    sheet.set_h_pagebreaks([20])
    sheet.insert_chart("J1", chart_of(book), {"description": "棒グラフ"})
    sheet.insert_chart("J20", chart_of(book), {"description": "棒グラフ"})
    book.close()
    return content.getvalue()


def chart_of(book):
    chart = book.add_chart({"type": "bar"})
    chart.add_series({"values": "=一覧!$A$2:$A$3"})
    return chart


BOOK, SHEET, STYLES = "xl/workbook.xml", "xl/worksheets/sheet1.xml", "xl/styles.xml"
FAULTS = [
    (BOOK, 'name="一覧"', f'name="{"長" * 32}"'),
    (BOOK, 'name="一覧"', 'name="一/覧"'),
    (BOOK, 'name="区分"', 'name="A1"'),
    (BOOK, r"一覧!\$A\$1:\$A\$2", "#REF!"),
    (STYLES, '<sz val="11"/>', '<sz val="0"/>'),
    (SHEET, r"<f>IF\(A1=", f'<f>IF("{"長" * 256}"='),
    (SHEET, "<f>IF", "<f>TEXTJOIN"),
    (SHEET, "<f>IF", "<f>無い!A1+IF"),
    (SHEET, "<v>有</v>", ""),
    (SHEET, 't="str"', 't="e"'),
    (SHEET, 'mergeCell ref="D1:E1"', 'mergeCell ref="A2:B2"'),
    (SHEET, '<mergeCell ref="D1:E1"/>', '<mergeCell ref="D1:E1"/><mergeCell ref="E1:F2"/>'),
    ("xl/tables/table1.xml", 'name="率"', 'name="課"'),
    ("xl/tables/table1.xml", 'name="率"', 'name="数"'),
    ("xl/tables/table1.xml", 'displayName="Table1"', 'displayName="区分"'),
    (SHEET, 'prompt="選択"', f'prompt="{"長" * 256}"'),
    (SHEET, "する,しない", "する,,しない"),
    (SHEET, "する,しない", "する" * 128),
    (SHEET, 'dxfId="0"', 'dxfId="7"'),
    (SHEET, r"<formula>\$G1=", "<formula>{1}="),
    (SHEET, 'location="[^"]*"', 'location="無い!A1"'),
    (SHEET, "&amp;C&amp;P", "長" * 256),
    (SHEET, '<brk id="20"', '<brk id="20"/><brk id="20"'),
    (SHEET, 'r="3"', 'r="1"'),
    ("xl/drawings/drawing1.xml", 'cNvPr id="3"', 'cNvPr id="2"'),
    ("xl/drawings/drawing1.xml", "<xdr:col>9</xdr:col>", "<xdr:col>-1</xdr:col>"),
    ("xl/drawings/drawing1.xml", 'r:id="rId1"', 'r:id="rId9"'),
    ("xl/_rels/workbook.xml.rels", "styles.xml", "style.xml"),
]


def test_a_sound_workbook_keeps_the_rules(sound):
    assert broken_rules(sound) == []


@pytest.mark.parametrize(("part", "pattern", "fault"), FAULTS)
def test_a_planted_fault_is_found(sound, part, pattern, fault):
    parts = unpacked(sound)
    text, count = re.subn(pattern, fault, parts[part].decode(), count=1)
    assert count, "it is planted"
    parts[part] = text.encode()
    if part.startswith("xl/_rels"):
        parts["xl/style.xml"] = parts["xl/styles.xml"]
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b"styles.xml", b"other.xml")
        parts["[Content_Types].xml"] = parts["[Content_Types].xml"].replace(b'Extension="xml"', b'Extension="none"')
    assert broken_rules(packed(parts)) != []
