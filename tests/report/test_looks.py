"""What the workbook looks like where figures are large, texts are long and lines are many."""

import datetime as dt
import re

import pytest
from support.city import City
from support.plans import tables

from kama_excel.spreadsheets.writing.measure import INDENT, column_pixels, line_count, split_into_rows, text_pixels

LARGE = 2345678.9
THEME = "デジタルの技術を活用して豊かになる市民の"


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    """Two months of a plan of twelve actions, all to be decided, with one task a year and a large indicator."""
    numbers = range(1, 13)
    city = City(
        tmp_path_factory.mktemp("looks"),
        重点施策=[[1, f"{THEME}暮らし", "施策A"], [2, f"{THEME}しごと", "施策B"]],
        アクション=[[no, f"アクション{no}", 1 + no // 12, "目指す", "やる", "目標", "", ""] for no in numbers],
        タスク=[[no, no, "令和6年度", "甲課", f"作業{no}"] for no in numbers],
        指標=[[1, 1, "件数", "千件", 1234567.5, LARGE, "増", "甲課"]],
        担当課=[["甲課"]],
    )
    for month, done in (("2026-01", 0.5), ("2026-02", 0.65)):
        typed = {("指標", "I-1", "実績値"): 1999999.25, ("指標", "I-1", "時点"): dt.date(2026, 1, 31)}
        for no in numbers:
            typed["進捗", f"T-{no}", "実施"] = done
            typed["総括評価", f"A-{no}-甲課", "総括評価"] = 1
            typed["総括評価", f"A-{no}-甲課", "理由"] = "仕組みができたため"
            typed["成果と課題", f"W-{no}-甲課", "成果"] = f"{month}までの成果です。" * 20
        typed["進捗", "T-2", "実施"] = "半分くらい"
        typed["進捗", "T-4", "実施"] = done - 0.1
        city.submit(month, "甲課", typed)
    return city.workbook(city.run())


def cells(sheet, wanted):
    return [cell for row in sheet.iter_rows() for cell in row if cell.value == wanted]


@pytest.mark.slow
def test_a_figure_too_long_for_its_cell_is_written_smaller_and_never_as_a_power_of_ten(book):
    (target,) = (cell for cell in cells(book["01"], LARGE) if cell.column_letter == "Y")
    assert target.alignment.shrink_to_fit
    assert target.number_format == "#,##0.0#########"
    (small,) = (cell for cell in book["02"]["AH"] if cell.value == "未報告")
    assert small.number_format != target.number_format


def test_the_mean_of_a_year_with_one_task_fits_into_its_low_box(book):
    (mean,) = (cell for cell in book["03"]["AL"] if cell.value == 0.65)
    height = book["03"].row_dimensions[mean.row].height
    assert mean.font.size * 1.4 <= height


def test_texts_keep_away_from_the_border_of_their_cell(book):
    findings = book["確認事項"]
    texts = [cell for row in findings.iter_rows(min_row=4) for cell in row if isinstance(cell.value, str)]
    assert texts
    assert all((cell.alignment.horizontal, cell.alignment.indent) in (("left", 1), ("center", 0)) for cell in texts)


@pytest.mark.parametrize("name", ["要判断", "前月からの変更"])
def test_no_page_ends_between_a_title_and_its_lines(book, name):
    sheet = book[name]
    breaks = [each.id for each in sheet.row_breaks.brk]
    titles = [row[0].row for row in sheet.iter_rows() if row[0].fill.fgColor.rgb == "FFEDF2F7"]
    assert breaks or name != "要判断"
    assert not sheet.sheet_properties.pageSetUpPr or not sheet.sheet_properties.pageSetUpPr.fitToPage
    assert not {title for title in titles if title in breaks}
    if name == "要判断":
        blocks = [each for each in titles if str(sheet.cell(each, 1).value).startswith("アクション")]
        assert all(not set(range(first, first + 3)) & set(breaks) for first in blocks)


def test_headings_are_repeated_on_every_page_and_stay_in_view(book):
    for name in ("一覧", "方法の比較", "前月からの変更", "推移", "提出状況", "確認事項"):
        sheet = book[name]
        heading = int(re.search(r"\d+", sheet.print_title_rows).group())
        assert sheet[sheet.freeze_panes or "A1"].row == heading + 1, name


def test_a_grade_that_stays_is_not_coloured_among_the_changes(book):
    before, after = (cells(book["前月からの変更"], text)[0] for text in ("課題あり 50.0%", "やや未達 65.0%"))
    assert [each.fill.fgColor.rgb for each in (before, after)] == ["FFB5451B", "FFFBD78A"]
    (same,) = cells(book["前月からの変更"], "課題あり 55.0%")
    assert same.fill.fill_type is None


def test_a_long_theme_is_cut_in_the_list(book):
    sheet = book["一覧"]
    shown = [sheet.cell(row, 2).value for row in (4, 15)]
    assert all(THEME.startswith(theme.removesuffix("…")) for theme in shown)
    assert text_pixels(shown[0], 10) < column_pixels(sheet.column_dimensions["B"].width)


def test_what_is_sorted_in_the_list_are_whole_lines(book):
    """The keys by which 総括 counts are in hidden columns: they move with their line."""
    sheet = book["一覧"]
    assert sheet.auto_filter.ref == f"A3:{sheet.cell(sheet.max_row, sheet.max_column).coordinate}"


def test_the_workbook_opens_on_the_summary_alone(book):
    assert [sheet.title for sheet in book if sheet.sheet_view.tabSelected] == ["総括"]


def test_a_departments_name_goes_to_the_next_sheet_with_its_words():
    cut = split_into_rows("\n".join(["【甲課】", *["甲の文"] * 3, "【乙課】", *["乙の文"] * 3]), 400, 10, most=75)
    assert [each.split("\n")[0] for each in cut] == ["【甲課】", "【乙課】"]
    assert "\n".join(cut).count("の文") == 6


@pytest.mark.slow
def test_names_of_the_plan_and_its_themes_are_whole_and_words_are_not_broken(city):
    name = "第2期架空市デジタル・トランスフォーメーション推進計画"
    plan = [[item, name if item == "計画名" else value] for item, value in tables()["計画"]]
    city.write_plan(計画=plan, 重点施策=[[1, "市民サービス", "施策A"], [2, "行政運営", "施策B"]])
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    book = city.workbook(city.run())
    summary = [cell.value for row in book["総括"].iter_rows() for cell in row]
    assert f"{name}　進捗の総括" in summary
    assert "市民サービス" in summary
    cover = [cell.value for row in book["表紙"].iter_rows() for cell in row]
    assert "第2期架空市デジタル・\nトランスフォーメーション推進計画" in cover
    comparison = book["方法の比較"]
    for cell in comparison[3]:
        pixels = column_pixels(comparison.column_dimensions[cell.column_letter].width) - INDENT
        assert all(line_count(line, pixels, cell.font.size) == 1 for line in cell.value.split("\n")), cell.value


@pytest.mark.slow
def test_data_are_printed_on_as_many_pages_as_a_reader_needs(book):
    for name in ("データ_進捗", "データ_指標", "データ_総括評価", "データ_記述"):
        sheet = book[name]
        wide = sum(column_pixels(each.width) * (each.max - each.min + 1) for each in sheet.column_dimensions.values())
        assert wide / sheet.page_setup.fitToWidth <= 1650
        assert sheet.page_setup.fitToHeight == 0


@pytest.mark.slow
@pytest.mark.parametrize("months", [1, 2])
def test_the_trend_of_few_months_is_upright_with_its_note_across(city, months):
    for month in ("2025-12", "2026-01")[:months]:
        city.submit(month, "甲課", {("進捗", "T-1", "実施"): 0.5})
    sheet = city.workbook(city.run())["推移"]
    (note,) = (each for each in sheet.merged_cells.ranges if each.min_row == 3)
    assert (note.min_col, note.max_col) == (1, 3 + months)
    assert sheet.page_setup.orientation == "portrait"
