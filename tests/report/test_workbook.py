"""The workbook on Excel's own ground: valid parts, names and tables, hostile words, the same bytes every time."""

import io
import re
import warnings
import zipfile
from dataclasses import replace
from fractions import Fraction

import openpyxl
import pytest
from support.office import recalculated
from support.plans import plan_of
from support.reports import (
    BANDS,
    hostile_report,
    made_up_entries,
    made_up_plan,
    made_up_report,
    picture,
    report_of,
    submission,
)
from support.sheets import cells_of, differences

from kama_excel.domain.keys import Field
from kama_excel.findings.catalogue import Code
from kama_excel.plan.model import Plan
from kama_excel.plan.rows import Action, Department, Measure, Task
from kama_excel.report.html.site import site_files
from kama_excel.report.month_report import picture_findings, shortened_texts
from kama_excel.report.public_report import PublicReport
from kama_excel.report.xlsx.workbook import write_workbook

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def usual():
    """The report of a plan of 16 actions, with pictures."""
    plan = made_up_plan(16, 3, seed=5)
    lead = plan.actions[0].lead
    pictures = tuple(picture(lead, 1, number, f"写真{number}") for number in range(1, 5))
    return made_up_report(plan, made_up_entries(plan, 5), pictures=pictures)


@pytest.fixture(scope="module")
def content(usual):
    """Its workbook."""
    return write_workbook(usual).read()


@pytest.fixture(scope="module")
def book(content):
    """The same, opened."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says what it does not keep: data bars
        return openpyxl.load_workbook(io.BytesIO(content))


def test_the_same_report_gives_the_same_bytes(usual, content):
    assert write_workbook(usual).read() == content


def test_a_workbook_of_fifty_actions_is_under_two_megabytes():
    plan = made_up_plan(50, 3, seed=5)
    assert len(write_workbook(made_up_report(plan, made_up_entries(plan, 5))).read()) < 1_000_000


def test_names_are_those_that_excel_takes(book):
    assert book.sheetnames[:9] == ["総括", "一覧", "要判断", "確認事項", "表紙", "目次", "評価方法", "テーマI", "01"]
    assert book.sheetnames[-12:] == [
        *("14", "15", "16", "方法の比較", "課ごとの内訳", "決定・訂正の記録", "提出状況"),
        *("データ_進捗", "データ_指標", "データ_総括評価", "データ_記述", "算定方法"),
    ]
    assert all(len(name) <= 31 and not re.search(r"[\[\]:*?/\\]", name) for name in book.sheetnames)
    tables = {table.name: table for sheet in book for table in sheet.tables.values()}
    assert set(tables) == {"T_進捗", "T_指標", "T_総括評価", "T_記述"}
    for table in tables.values():
        headings = [column.name for column in table.tableColumns]
        assert len({heading.casefold() for heading in headings}) == len(headings)
    assert {"区分_下限", "区分_名称"} <= set(book.defined_names)
    assert book.active.title == "総括"
    assert book.properties.title.startswith("架空の計画")


@pytest.mark.filterwarnings("ignore:.*extension is not supported")  # data bars
@pytest.mark.parametrize(
    ("municipality", "name", "named"),
    [
        ("見本市", "見本市デジタル推進計画", "見本市デジタル推進計画"),
        ("嘉麻市", "第1次嘉麻市デジタル推進計画", "第1次嘉麻市デジタル推進計画"),
        ("みなと町", "デジタル推進計画", "みなと町　デジタル推進計画"),
        ("", "デジタル推進計画", "デジタル推進計画"),
    ],
)
def test_the_footer_names_the_municipality_once(municipality, name, named):
    plan = replace(made_up_plan(1, 1), municipality=municipality, name=name)
    report = made_up_report(plan, {})
    sheet = openpyxl.load_workbook(write_workbook(report))["総括"]
    assert sheet.oddFooter.left.text.split() == [*named.split(), "令和8年2月分"]
    page = site_files(PublicReport(report, 0))["index.html"].decode()
    footer = page.partition('<footer class="bottom">')[2]
    assert f"<p>{named}　" in footer


def test_pages_have_the_colour_of_their_theme(book):
    colours = [book[f"{no:02d}"].sheet_properties.tabColor.rgb for no in range(1, 17)]
    assert len(set(colours)) == 3
    assert colours == sorted(colours, key=colours.index)


def test_the_chart_and_the_pictures_have_words_for_who_cannot_see_them(content):
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        drawings = [parts.read(name).decode() for name in parts.namelist() if name.startswith("xl/drawings/drawing")]
        assert sum("xl/media/" in name for name in parts.namelist()) == 3
    assert any("帯グラフ" in drawing for drawing in drawings)
    assert any('descr="写真1"' in drawing for drawing in drawings)


def test_the_bars_of_the_chart_are_told_apart_without_colours(content):
    with zipfile.ZipFile(io.BytesIO(content)) as parts:
        bars = parts.read("xl/charts/chart1.xml").decode()
    formats = re.findall(r'<c:numFmt formatCode="([^"]*)" sourceLinked="0"/>', bars)
    labels = [each.replace("&quot;", '"') for each in formats if '"' in each.replace("&quot;", '"')]
    words = ("達成", "ほぼ達成", "概ね達成", "やや未達", "課題あり", "未評価")
    assert [f'"{word} "0' in label for word, label in zip(words, labels, strict=True)] == [True] * 6
    assert 'wrap="none"' in bars


def test_nothing_typed_becomes_code_and_no_text_is_lost():
    report = hostile_report()
    cells = cells_of(write_workbook(report).read())
    formulas = [formula for sheet in cells.values() for formula, _ in sheet.values() if formula]
    assert not any(formula.startswith(("1+1", "SUM(A1)", 'HYPERLINK("http')) for formula in formulas)
    page = "".join(str(value) for _, value in cells["01"].values())
    assert page.count("長") >= 40_000
    assert page.count("全角の空白で始まり") == 40
    (found,) = shortened_texts(report.merged)
    assert (found.code, dict(found.details)["length"]) == (Code.TEXT_SHORTENED, "40000")


@pytest.mark.office
def test_hostile_words_compute_to_what_was_cached(office):
    content = write_workbook(hostile_report()).read()
    path = office / "hostile.xlsx"
    path.write_bytes(content)
    (office / "out").mkdir()
    assert differences(cells_of(content), cells_of(recalculated(path, office / "out").read_bytes())) == []


def test_a_reported_figure_links_to_its_data_row(usual, book):
    keys = set()
    for sheet in book:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.hyperlink and cell.hyperlink.location):
            name, _, address = cell.hyperlink.location.partition("!")
            keys.add(book[name.strip("'")][address].value)
    facts = usual.merged.facts
    assert {fact.task.key for fact in facts.tasks} | {fact.indicator.key for fact in facts.indicators} <= keys


def test_data_sheets_are_for_machines(usual, book):
    sheet = book["データ_進捗"]
    rows = list(sheet.iter_rows(values_only=True))
    assert not sheet.merged_cells.ranges
    assert len(rows) == 1 + len(usual.merged.facts.tasks)
    record = dict(zip(rows[0], next(row for row in rows[1:] if row[-1]), strict=True))
    assert isinstance(record["進捗率（%）"], (int, float)) or record["区分"] == "対象外"
    assert record["年度（和暦）"].startswith("令和")
    assert record["ファイル"].startswith("input/2026-02/")
    assert record["SHA-256"] == "0" * 64


def test_grades_at_the_edges_of_bands_are_the_exact_ones():
    tasks = tuple(Task(str(number), 1, 2024, "甲課", "作業") for number in range(1, 4))
    plan = Plan(
        *("架空の計画", "架空市", "x", 2024, 2024, BANDS, "概ね達成", (Measure(1, "テーマ", "施策"),)),
        actions=(Action(1, "アクション", 1),),
        tasks=tasks,
        departments=(Department("甲課"),),
    )
    for progress, grade, shown in (
        (("0.9", "0.9", "0.9"), "ほぼ達成", 0.9),
        (("0.9", "0.9", "0.8988"), "概ね達成", 0.899),
        (("0.6", "0.6", "0.5997"), "課題あり", 0.599),
    ):
        typed = {(f"T-{number}", Field.DONE): Fraction(rate) for number, rate in enumerate(progress, start=1)}
        cells = cells_of(write_workbook(report_of(plan, [submission("甲課", typed)])).read())
        assert grade in {value for _, value in cells["一覧"].values()}
        assert shown in {value for _, value in cells["一覧"].values()}


def test_pictures_without_room_or_caption_are_findings_of_their_departments():
    plan = replace(made_up_plan(1, 1), tasks=(), indicators=(), decisions=())
    lead, other = plan.actions[0].lead, plan.departments[0].name
    assert lead != other
    sent = [picture(other, 1, number, f"写真{number}") for number in (1, 2)]
    sent += [picture(lead, 1, 1, ""), picture(lead, 1, 2, "説明")]
    found = [*picture_findings(report_of(plan, [], pictures=tuple(sent)).merged)]
    said = [(each.code, each.department, each.place.cell) for each in found]
    assert said == [(Code.PICTURE_WITHOUT_CAPTION, lead, "D5"), (Code.PICTURE_NOT_SHOWN, other, "D6")]
    assert "3枚" in found[1].message


EIGHTHS = [["達成", "100%"], ["ほぼ達成", "87.5%"], ["概ね達成", "75%"], ["やや未達", "62.5%"], ["課題あり", 0.0]]


def test_a_limit_of_a_band_is_never_rounded():
    plan = plan_of(評価区分=EIGHTHS)
    received = [submission("乙課", {("I-1", "実績値"): 7, ("T-5", "実施"): 0.5})]
    content = write_workbook(report_of(plan, received)).read()
    texts = [str(value) for cells in cells_of(content).values() for _, value in cells.values()]
    said = [text for text in texts if re.search(r"(62|63|87|88)%", text)]
    assert said == []
    assert any("課題あり62.5%未満" in text for text in texts)
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        drawings = [archive.read(name).decode() for name in archive.namelist() if "drawing" in name or "chart" in name]
    assert not [text for text in drawings if re.search(r"[^.\d](62|63|87|88)%", text)]
    assert any("62.5%〜75%" in text for text in drawings)


def test_themes_beyond_the_rows_of_the_overview_are_counted_together(office):
    measures = [[no, f"テーマ{no}", f"施策{no}"] for no in range(1, 13)]
    actions = [[no, f"アクション{no}", no] for no in range(1, 13)]
    tasks = [[no, no, "令和6年度", "乙課", f"作業{no}"] for no in range(1, 13)]
    plan = plan_of(重点施策=measures, アクション=actions, タスク=tasks, 指標=[])
    received = [submission("乙課", {(f"T-{no}", "実施"): Fraction(no, 12) for no in range(1, 13)})]
    content = write_workbook(report_of(plan, received)).read()
    shown = [value for _, value in cells_of(content)["総括"].values()]
    assert "ほか3テーマ" in shown
    path = office / "themes.xlsx"
    path.write_bytes(content)
    (office / "out").mkdir()
    assert differences(cells_of(content), cells_of(recalculated(path, office / "out").read_bytes())) == []
