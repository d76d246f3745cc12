"""An action's page on paper: how many sheets, what stays together, nothing cut off, pictures where they belong."""

import random
import re
import subprocess
import warnings
from dataclasses import replace
from fractions import Fraction
from itertools import pairwise

import openpyxl
import pytest
from openpyxl.utils import get_column_letter
from support.office import convert
from support.reports import BANDS, picture, report_of, submission, text

from kama_excel.domain.entries import Certainty
from kama_excel.domain.keys import Field, Key
from kama_excel.plan.model import Plan
from kama_excel.plan.rating import Direction
from kama_excel.plan.rows import Action, Department, Indicator, Measure, Task
from kama_excel.report.xlsx.workbook import write_workbook
from kama_excel.spreadsheets.writing.measure import INDENT, column_pixels, line_count
from kama_excel.spreadsheets.writing.paging import Block, PageRow, paginate

COLUMNS, LABELS, TEXTS = 44, "A", "H"
"""The columns of a page, and those in which labels and texts begin."""


def plan_with(tasks, *, name="架空のアクション", aim="", departments=("甲課", "乙課", "丙課"), years=3):
    """Return a plan of one action with these tasks: (year, department, text)."""
    return Plan(
        name="架空の計画",
        municipality="架空市",
        plan_id="x",
        first_year=2024,
        last_year=2023 + years,
        bands=BANDS,
        headline_grade="概ね達成",
        measures=(Measure(1, "くらし", "施策"),),
        actions=(Action(1, name, 1, aim, aim, aim, "甲課・乙課", "乙課"),),
        tasks=tuple(Task(str(at), 1, *each) for at, each in enumerate(tasks, start=1)),
        departments=tuple(Department(each) for each in departments),
    )


def words(length, seed=0):
    return text(random.Random(seed), length)


def report_with(tasks, lengths=(20, 80, 60), pictures=0, departments=("甲課",), **plan):
    """Return a report whose departments wrote 成果, 取り組んだこと and 課題 of these lengths."""
    made = plan_with(tasks, **plan)
    received = []
    for at, department in enumerate(departments):
        key = Key.of_words(1, department)
        items = (Field.OUTCOME, Field.EFFORTS, Field.CHALLENGES)
        typed = {(key, item): words(length, at) for item, length in zip(items, lengths, strict=True)}
        typed |= {(task.key, Field.DONE): Fraction(4, 5) for task in made.tasks if task.department == department}
        received.append(submission(department, typed))
    placed = tuple(picture("甲課", 1, number, f"写真{number}の説明") for number in range(1, pictures + 1))
    return report_of(made, received, pictures=placed)


def usual_tasks(per_year, length=20, years=3):
    return [(2024 + year, "甲課", words(length, at)) for year in range(years) for at in range(per_year)]


CASES = {
    "empty": (lambda: report_with([], departments=()), 1),
    "four-tasks-a-year": (lambda: report_with(usual_tasks(4)), 1),
    "short": (lambda: report_with(usual_tasks(1), (2, 2, 2)), 1),
    "two-pictures": (lambda: report_with(usual_tasks(3), pictures=2, aim=words(60)), 1),
    "24-long-tasks-3-pictures": (lambda: report_with(usual_tasks(24, 90), pictures=3, aim=words(60)), 6),
    "800-characters": (lambda: report_with(usual_tasks(4), (800, 800, 800), departments=("甲課", "乙課", "丙課")), 2),
    "ten-years": (lambda: report_with(usual_tasks(3, years=10), years=10), 2),
}


def opened(report, **options):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(write_workbook(report), **options)


@pytest.fixture(scope="module", params=CASES, ids=list(CASES))
def case(request):
    make, sheets = CASES[request.param]
    report = make()
    return report, opened(report)["01"], sheets


def height(page, row):
    return page.row_dimensions[row].height or 15  # the usual height is not written


@pytest.mark.slow
def test_a_page_takes_as_many_sheets_as_its_content_needs(case):
    _, page, sheets = case
    assert len(page.row_breaks.brk) + 1 == sheets


def test_no_text_is_higher_than_its_row(case):
    _, page, _ = case
    merged = {each.min_row * 1000 + each.min_col: each for each in page.merged_cells.ranges}
    scale = {column: page.column_dimensions[get_column_letter(column)].width for column in range(1, COLUMNS + 1)}
    width = column_pixels(page.column_dimensions["A"].width - 0.7109375) if scale else 0
    checked = 0
    for row in page.iter_rows(max_col=COLUMNS):
        for cell in row:
            if not isinstance(cell.value, str) or cell.data_type == "f" or not cell.alignment.wrap_text:
                continue
            span = merged.get(cell.row * 1000 + cell.column)
            columns = span.max_col - span.min_col + 1 if span else 1
            rows = range(span.min_row, span.max_row + 1) if span else [cell.row]
            high = sum(height(page, each) for each in rows)
            pixels = columns * width - (INDENT if cell.alignment.indent else 0)
            needed = line_count(cell.value, pixels, cell.font.sz) * cell.font.sz * 1.25  # Excel's line of this font
            assert needed <= high + 0.5, (cell.coordinate, cell.value[:40], needed, high)
            checked += 1
    assert checked > 4


def test_no_sheet_of_paper_is_asked_to_hold_more_than_it_does(case):
    _, page, sheets = case
    last = int(re.search(r"\$(\d+)$", page.print_area)[1])
    bounds = [0, *(each.id for each in page.row_breaks.brk), last]
    for above, below in pairwise(bounds):
        points = sum(height(page, row) for row in range(above + 1, below + 1))
        assert points <= (860 if sheets == 1 else 802)
    assert (page.page_setup.scale == 95) == (sheets > 1)


@pytest.mark.office
def test_the_printed_report_has_these_sheets_and_all_of_the_text(office):
    report = CASES["24-long-tasks-3-pictures"][0]()
    path = office / "printed.xlsx"
    path.write_bytes(write_workbook(report, is_for_print=True).read())
    pdf = convert(path, "pdf", office).read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) == 7 + CASES["24-long-tasks-3-pictures"][1]


@pytest.mark.slow
def test_no_report_is_waited_for_where_the_plan_asks_nobody_for_one():
    words = ("タスク・指標が登録されていません", "甲課の報告がまだありません")
    for tasks, said in (([], words[0]), (usual_tasks(1), words[1])):
        page = opened(report_with(tasks, departments=()), data_only=True)["01"]
        shown = [cell.value for row in page.iter_rows() for cell in row if cell.value in words]
        assert shown == [said]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("text", "begins"),
    [
        ("窓口の手続きを移し、「早い。」との声を得た。" * 80, "窓"),
        (("甲" * 11 + "、") * 130, "甲"),
        ("甲乙丙丁" * 300, "甲乙丙丁"),
    ],
)
def test_a_text_is_one_cell_on_each_sheet_and_cut_where_a_reader_would_stop(text, begins):
    typed = {(Key.of_words(1, "甲課"), Field.EFFORTS): text * 3}
    page = opened(report_of(plan_with(usual_tasks(1)), [submission("甲課", typed)]))["01"]
    cut = [cell.value for cell in page[TEXTS] if cell.value and str(cell.value) in text * 3]
    assert "".join(cut) == text * 3
    assert 1 < len(cut) <= len(page.row_breaks.brk) + 1
    assert {each[0] for each in cut} <= set(begins)


@pytest.mark.slow
def test_a_text_that_goes_on_on_the_next_sheet_is_a_closed_box_on_both():
    page = opened(report_with(usual_tasks(1), (4000, 2, 2)))["01"]
    end = page.row_breaks.brk[0].id
    label = next(each for each in page.merged_cells.ranges if each.min_row == end + 3 and each.min_col == 1)
    end -= page[f"A{end}"].value == "次のページに続きます"
    assert "（続き）" in page.cell(label.min_row, 1).value
    assert page[f"{TEXTS}{end}"].border.bottom.style == "thin"
    assert page[f"{TEXTS}{label.min_row}"].border.top.style == "thin"


def test_rows_that_go_on_say_of_which_department():
    made = plan_with([(2024, "甲課", words(900))])
    key = Key.of_assessment(1, "甲課")
    typed = {(key, Field.ASSESSMENT): Fraction(1, 2), (key, Field.REASON): words(1200)}
    page = opened(report_of(made, [submission("甲課", typed)]))["01"]
    said = [cell.value for cell in page["A"] if cell.value and "（続き）" in str(cell.value)]
    assert {each for each in said if not each.startswith("1")} == {"甲課（続き）"}
    assert len(said) > 2


@pytest.mark.slow
def test_a_line_that_is_too_long_for_its_row_ends_in_dots():
    made = plan_with(usual_tasks(24, 90), name="長い名前" * 30)
    made = replace(made, measures=(Measure(1, "くらし", "長い施策" * 30),))
    report = report_of(made, [submission("甲課", {(made.tasks[0].key, Field.DONE): Fraction(1, 2)})])
    page = opened(report)["01"]
    above, below = page["A1"], page.cell(page.row_breaks.brk[0].id + 1, 1)
    assert (above.value[:10], above.value[-1]) == ("くらし　＞　長い施策", "…")
    assert (below.value[:6], below.value[-5:]) == ("1　長い名前", "…（続き）")
    for cell, columns in ((above, 28), (below, COLUMNS)):
        assert line_count(cell.value, columns * 16, cell.font.sz) == 1
    shown = opened(report, data_only=True)["総括"]
    names = [cell.value for row in shown.iter_rows() for cell in row if str(cell.value).startswith("長い名前")]
    assert names
    assert all(name.endswith("…") and len(name) < 30 for name in names)


@pytest.mark.office
def test_a_figure_typed_into_a_page_is_shown_as_typed(city, office):
    """Whole or with decimals, whatever was reported."""
    rows = [(4820, 48.2), (980, 12345.25), (1.8, 2)]
    city.write_plan(指標=[[no, 2, f"回数{no}", "回", None, 9000, "増", "乙課"] for no in (1, 2, 3)])
    typed = {("指標", f"I-{no}", "実績値"): reported for no, (reported, _) in enumerate(rows, start=1)}
    city.submit("2026-02", "乙課", typed | {("進捗", "T-5", "実施"): 0.5})
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        book = openpyxl.load_workbook(city.root / city.run()["files"]["workbook"])
    tried = {**dict(rows), 0.5: 0.485}
    fields = [cell for row in book["02"].iter_rows(max_col=COLUMNS) for cell in row if cell.value in tried]
    assert len(fields) == len(tried)
    assert len({cell.font.name for cell in fields}) == 1
    for cell in fields:
        cell.value = tried[cell.value]
    book.save(office / "tried.xlsx")
    pdf = convert(office / "tried.xlsx", "pdf", office)
    printed = (
        subprocess.run(["pdftotext", "-layout", pdf, "-"], capture_output=True, check=True).stdout.decode().split()
    )
    assert {"48.2", "12,345.25", "2", "48.5%"} <= set(printed)
    assert not {"48", "12,345", "2.0", "49%"} & set(printed)


@pytest.mark.slow
def test_a_page_says_what_the_plan_lacks_and_which_target_its_indicators_have(city):
    actions = [
        [1, "一", 1, "", "", "", "甲課", ""],
        [2, "二", 2, "", "", "", "乙課", ""],
        [3, "三", 2, "", "", "", "甲課", ""],
    ]
    indicators = [[1, 2, "来庁者数", "人", 8000, 12000, "増", "乙課"], [2, 3, "参考", "回", 20, None, "増", "甲課"]]
    tasks = [[no, no, "令和6年度", "甲課", "作業"] for no in (1, 2, 3)]
    city.write_plan(アクション=actions, 指標=indicators, タスク=tasks)
    city.submit("2026-02", "甲課", {("進捗", f"T-{no}", "実施"): 0.5 for no in (1, 2, 3)})
    book = city.workbook(city.run())
    said = [
        [str(cell.value) for row in book[page].iter_rows() for cell in row if cell.value] for page in ("01", "02", "03")
    ]
    for texts, why in zip(
        said, ("指標がないため②を採用", "指標の実績値がないため②を採用", "指標の目標値がないため②を採用"), strict=True
    ):
        assert any(text.startswith(f"算定方法: 自動（{why}）") for text in texts)
    assert "来庁者数　12,000人" in said[1]
    assert [texts.count("（計画に記載がありません）") for texts in said] == [3, 2, 3]


def test_a_rate_typed_into_a_page_is_held_to_what_the_form_and_the_run_take():
    made = plan_with([(2024, "甲課", "作業一"), (2024, "乙課", "作業二"), (2025, "甲課", "作業三")])
    made = replace(made, indicators=(Indicator("1", 1, "回数", "回", None, Fraction(10), Direction.UP, "甲課"),))
    typed = {(task.key, Field.DONE): Fraction(1, 4) for task in made.tasks}
    typed |= {("I-1", Field.ACTUAL): Fraction(5), ("I-1", Field.CERTAINTY): Certainty.ASSUMED}
    for item, said in ((Field.ASSESSMENT, Fraction(3, 4)), (Field.REASON, "進んだため")):
        typed[Key.of_assessment(1, "甲課"), item] = said
    page = opened(report_of(made, [submission("甲課", typed)]))["01"]
    rules = page.data_validations.dataValidation
    for value, kind in ((0.25, "custom"), (0.75, "custom"), ("仮定", "list")):
        cells = [cell for row in page.iter_rows(max_col=COLUMNS) for cell in row if cell.value == value]
        assert cells
        for cell in cells:
            (rule,) = [each for each in rules if cell.coordinate in each.sqref]
            assert (rule.type, rule.allow_blank) == (kind, True)
    (tasks,) = [each for each in rules if "対象外" in each.formula1]
    first = next(cell for row in page.iter_rows(max_col=COLUMNS) for cell in row if cell.value == 0.25)
    assert f"{first.coordinate}<=1" in tasks.formula1


@pytest.mark.slow
def test_the_report_block_comes_in_the_order_of_the_document():
    page = opened(CASES["24-long-tasks-3-pictures"][0]())["01"]
    column = [cell.value for cell in page["A"] if isinstance(cell.value, str)]
    order = ["目指すこと", "やること", "目標（値）", "担い手", "目標達成率", "成果", "取り組んだこと", "課題"]
    order += ["達成率の算定", "年度ごとのタスクと進捗率"]
    assert [each for each in column if each in order] == order


def test_several_departments_words_stand_under_their_names_the_lead_first():
    page = opened(report_with([(2024, "甲課", "作業"), (2024, "乙課", "作業")], departments=("甲課", "乙課")))["01"]
    first = next(cell for cell in page["A"] if cell.value == "成果").row
    names = [page[f"{TEXTS}{first + 2 * at}"].value for at in range(2)]
    assert names == ["乙課", "甲課"], "乙課 is 主担当課"
    texts = [page[f"{TEXTS}{first + 2 * at + 1}"].value for at in range(2)]
    assert texts[0] and texts[0] != texts[1]  # noqa: PT018 -- both are written, and are two texts


def test_pictures_stand_beside_the_overview_the_lead_first():
    plan = plan_with([(2024, "甲課", "作業"), (2024, "乙課", "作業")], aim="目指す")
    pictures = [picture("甲課", 1, number, f"甲{number}") for number in (1, 2)]
    pictures += [picture("乙課", 1, number, f"乙{number}", width=300, height=700) for number in (1, 2)]
    page = opened(report_of(plan, [], pictures=tuple(pictures)))["01"]
    texts = [cell.value for row in page.iter_rows(max_col=COLUMNS) for cell in row if isinstance(cell.value, str)]
    assert len(page._images) == 3
    assert {"乙1", "乙2", "甲1"} <= set(texts)
    assert "甲2" not in texts
    for image in page._images:
        start, end = image.anchor._from, image.anchor.to
        assert start.col >= 26
        assert end.col < COLUMNS
        assert start.row >= 3


def test_a_page_without_pictures_has_no_empty_frame():
    page = opened(report_with(usual_tasks(2), aim="目指す"))["01"]
    assert not page._images
    first = next(cell.row for cell in page["A"] if cell.value == "目指すこと")
    assert f"{TEXTS}{first}:AR{first}" in {str(each) for each in page.merged_cells.ranges}


def rows(count, points=20.0, needed=15.0):
    return tuple(PageRow(points, needed) for _ in range(count))


def test_all_stands_on_one_sheet_where_it_fits_if_need_be_tighter():
    (sheet,) = paginate([[Block(rows(4))], [Block(rows(5))]], 200, 30)
    assert (len(sheet.pieces), sheet.tightness) == (2, 0)
    (sheet,) = paginate([[Block(rows(4))], [Block(rows(8))]], 200, 30)
    assert sheet.points == pytest.approx(200)
    (sheet,) = paginate([[Block(rows(7))], [Block(rows(7))]], 200, 30)
    assert sheet.tightness == 1


def test_a_second_part_begins_on_a_sheet_of_its_own_and_blocks_stay_whole():
    title = (PageRow(9, 9, is_gap=True), PageRow(20, 20))
    first, second, third = Block(rows(7, 20, 20)), Block(rows(5, 20, 20), title), Block(rows(4, 20, 20), title)
    sheets = paginate([[first], [second, third]], 200, 30)
    assert [[piece.block for piece in sheet.pieces] for sheet in sheets] == [[first], [second], [third]]
    assert sheets[1].points == 120, "the gap falls away at the top"


def test_a_first_part_that_would_leave_its_sheet_half_empty_is_followed_on_it():
    first, second = Block(rows(3, 20, 20)), Block(rows(10, 20, 20))
    assert [len(sheet.pieces) for sheet in paginate([[first], [Block(rows(5, 20, 20)), second]], 200, 0)] == [2, 1]


def test_a_block_longer_than_a_sheet_goes_on_under_its_heading():
    heading = (PageRow(10, 10),)
    (one, two, three) = paginate([[Block(rows(20, 20, 20), heading=heading)]], 200, 30)
    assert [len(sheet.pieces[0].rows) for sheet in (one, two, three)] == [9, 8, 3]
    assert [sheet.pieces[0].is_first for sheet in (one, two, three)] == [True, False, False]
    assert all(sheet.pieces[0].all_rows[0] == heading[0] for sheet in (one, two, three))
