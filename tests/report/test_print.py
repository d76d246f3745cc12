"""What the printed report looks like on paper: no small type, no pale type, nothing that asks for a second look."""

import io
import re
import warnings
import zipfile
from collections import Counter
from dataclasses import replace

import openpyxl
import pytest
from support.city import City
from support.office import convert, soffice
from support.printed import cut_texts, fullness, lines_over_each_other, page_texts, smallest_type
from support.reports import made_up_entries, made_up_plan, made_up_report

from kama_excel.demo.city import demo_files
from kama_excel.report.xlsx.workbook import write_workbook
from kama_excel.spreadsheets.writing.style import APART, grade_palette

SMALLEST = 7.6  # points: 8, less what the reader of the PDF rounds off
LEAST_FULL = 0.2
ALONE = ("要判断", "前月からの変更", "確認事項", "推移", "提出状況", "算定方法")
"""The sheets that the printed report has not."""
FRONT = ("表紙", "目次", "評価方法", "テーマI", "テーマII", "テーマIII")
OF_MONTHS = ("前月からの変更", "推移")
"""Those of more than one month."""
APPENDIX = ("一覧", "方法の比較", "課ごとの内訳", "決定・訂正の記録")
PAGES = tuple(f"{no:02d}" for no in range(1, 51))


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    """The files of the made-up city's newest month: the workbook's content, and the printed report."""
    root = tmp_path_factory.mktemp("demo")
    for place, content in demo_files():
        path = root / place
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
    city = City.__new__(City)
    city.root = root
    made = city.run(*(["--pdf"] if soffice() else []))["files"]
    return (root / made["workbook"]).read_bytes(), root / made["pdf"] if "pdf" in made else None


@pytest.fixture(scope="module")
def workbook(files):
    return files[0]


@pytest.fixture(scope="module")
def pdf(files):
    return files[1]


@pytest.fixture(scope="module")
def book(workbook):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(io.BytesIO(workbook), data_only=True)


def alone(workbook, *sheets):
    """Return the workbook with all other sheets hidden, and their print areas gone: what is shown is printed."""
    buffer = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook)) as old, zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as new:
        for name in old.namelist():
            content = old.read(name)
            if name == "xl/workbook.xml":
                content = shown_alone(content.decode(), sheets).encode()
            new.writestr(name, content)
    return buffer.getvalue()


def shown_alone(xml, sheets):
    names = re.findall(r'<sheet name="([^"]+)"', xml)
    at = [names.index(sheet) for sheet in sheets]
    others = [each for each in names if each not in sheets]
    for each in others:
        xml = xml.replace(f'<sheet name="{each}"', f'<sheet name="{each}" state="hidden"')
    xml = re.sub(
        r'<definedName name="_xlnm.Print_[^"]*" localSheetId="(\d+)"[^>]*>[^<]*</definedName>',
        lambda found: found[0] if int(found[1]) in at else "",
        xml,
    )
    return re.sub(r"<workbookView([^>]*?)(?: activeTab=\"\d+\")?/>", rf'<workbookView\1 activeTab="{at[0]}"/>', xml)


@pytest.mark.slow
@pytest.mark.office
def test_an_action_stands_on_one_sheet_of_paper_where_it_fits(pdf):
    heads = [re.search(r"([^（）\d]+)（続き）", text) for text in page_texts(pdf)]
    further = Counter(head[1] for head in heads if head)
    assert 0 < len(further) <= 10, "40 of the 50 take one sheet"
    assert max(further.values()) == 1, "and none takes three"


@pytest.mark.slow
@pytest.mark.office
def test_every_line_of_an_actions_texts_is_printed(pdf, book):
    printed = "".join(page_texts(pdf))
    assert "###" not in printed
    for name in PAGES:
        area = book[name].print_area.replace("$", "").rpartition("!")[2]
        texts = (cell.value for row in book[name][area] for cell in row if isinstance(cell.value, str))
        lines = {re.sub(r"\s", "", line) for text in texts for line in text.split("\n")}
        assert {line for line in lines if line not in printed} == set(), name


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.parametrize("sheet", ALONE)
def test_a_sheet_is_printed_readable_uncut_and_on_full_pages(workbook, book, office, sheet):
    path = office / "printed.xlsx"
    path.write_bytes(alone(workbook, sheet))
    pdf = convert(path, "pdf", office)
    assert [each for each in smallest_type(pdf) if each[0] < SMALLEST] == []
    assert lines_over_each_other(pdf) == []
    assert [share for share in fullness(pdf) if share < LEAST_FULL] == []
    assert cut_texts(book[sheet], "".join(page_texts(pdf))) == []


@pytest.mark.slow
@pytest.mark.office
def test_the_report_is_printed_readable_and_uncut(pdf, book):
    assert {number: each for number, each in enumerate(smallest_type(pdf), 1) if each[0] < SMALLEST} == {}
    assert lines_over_each_other(pdf) == []
    texts = "".join(page_texts(pdf))
    for sheet in (*FRONT, *PAGES, *APPENDIX):
        assert cut_texts(book[sheet], texts) == [], sheet


@pytest.mark.slow
@pytest.mark.office
def test_no_page_of_the_report_is_nearly_empty_but_the_last_of_an_action(pdf):
    texts = page_texts(pdf)
    nearly = [number for number, share in enumerate(fullness(pdf)) if share < LEAST_FULL]
    assert [texts[number][:40] for number in nearly if "（続き）" not in texts[number]] == []


@pytest.fixture(scope="module")
def stretched():
    """A report of twenty years, with names of more than a hundred characters."""
    plan, more = made_up_plan(12, 20), "とても長い名称の" * 12
    names = {each.name: f"{each.name}{more}課" for each in plan.departments}
    plan = replace(
        plan,
        name=f"{plan.name}{more}",
        departments=tuple(each._replace(name=names[each.name]) for each in plan.departments),
        measures=tuple(each._replace(name=f"{each.name}{more}", theme=f"{each.theme}{more}") for each in plan.measures),
        tasks=tuple(each._replace(department=names[each.department]) for each in plan.tasks),
        indicators=tuple(each._replace(department=names[each.department]) for each in plan.indicators),
    )
    return made_up_report(plan, made_up_entries(plan, 7))


@pytest.mark.slow
@pytest.mark.office
@pytest.mark.parametrize("is_for_print", [True, False])
def test_twenty_years_and_long_names_are_printed_readable(stretched, office, is_for_print):
    path, content = office / "printed.xlsx", write_workbook(stretched, is_for_print=is_for_print).read()
    path.write_bytes(content if is_for_print else alone(content, *(each for each in ALONE if each not in OF_MONTHS)))
    pdf = convert(path, "pdf", office)
    assert [each for each in smallest_type(pdf) if each[0] < SMALLEST] == []
    assert [share for share in fullness(pdf) if share < LEAST_FULL / 2] == []


@pytest.mark.slow
@pytest.mark.office
def test_the_report_leaves_out_what_only_a_screen_shows(pdf):
    texts = page_texts(pdf)
    titles = {name: [text for text in texts if f"{name}令和8年2月分" in text] for name in (*ALONE, *APPENDIX)}
    assert {name for name, pages in titles.items() if pages} == set(APPENDIX)
    assert len(titles["一覧"]) == 1


def luminance(colour):
    channels = (int(colour[at : at + 2], 16) / 255 for at in (0, 2, 4))
    red, green, blue = (each / 12.92 if each <= 0.03928 else ((each + 0.055) / 1.055) ** 2.4 for each in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one, other):
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


@pytest.mark.slow
def test_every_text_stands_out_from_its_ground(book):
    pairs = set()
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.value is not None):
            ground = cell.fill.fgColor.rgb[2:] if cell.fill.fill_type else "FFFFFF"
            pairs.add((cell.font.color.rgb[2:] if cell.font.color else "000000", ground))
    assert len(pairs) > 8
    assert {pair for pair in pairs if contrast(*pair) < 4.5} == set()


def test_every_grade_stands_out_from_its_colour():
    for count in range(2, 8):
        for name, colour in grade_palette([str(number) for number in range(count)]).items():
            assert contrast(colour.text[1:], colour.fill[1:]) >= 4.5, name
    assert set(APART) <= set(grade_palette(["a", "b"]))


@pytest.mark.slow
def test_no_sheet_has_a_sign_that_means_minus(book):
    texts = [str(cell.value) for sheet in book for row in sheet.iter_rows() for cell in row if cell.value is not None]
    assert not [text for text in texts if re.search("[△▲]", text)]


@pytest.mark.slow
def test_sheets_come_in_the_order_of_reading_and_lead_back(book):
    pages = [f"{no:02d}" for no in range(1, 51)]
    before, after = (
        ["総括", "一覧", "要判断", "前月からの変更", "確認事項"],
        ["方法の比較", "課ごとの内訳", "決定・訂正の記録", "推移", "提出状況"],
    )
    data = ["データ_進捗", "データ_指標", "データ_総括評価", "データ_記述", "算定方法"]
    printed = ["表紙", "目次", "評価方法", "テーマI", "テーマII", "テーマIII"]
    assert [name for name in book.sheetnames if name not in printed] == [*before, *pages, *after, *data]
    assert [name for name in book.sheetnames if name in printed] == printed
    assert book.sheetnames.index("テーマI") + 1 == book.sheetnames.index("01")
    for name in [*before[1:], *printed, *pages, *after, data[-1]]:
        first = [cell.value for row in book[name].iter_rows(max_row=2) for cell in row]
        assert "総括へ" in first, name


@pytest.mark.slow
def test_the_printed_changes_take_two_pages(book):
    changes = book["前月からの変更"]
    assert len(changes.row_breaks.brk) < 2
    assert changes.print_area
