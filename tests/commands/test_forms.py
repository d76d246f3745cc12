"""`kama-excel forms`: whose forms are written, when, and what becomes of one that somebody has written in."""

import os

import openpyxl
import pytest
from openpyxl.styles import Font
from support.city import cell_of, fill

from kama_excel.cli.app import main

BESIDE = "甲課（書き込みあり）.xlsx"


@pytest.fixture
def folder(city):
    return city.root / "workbook_templates" / "forms"


def names(folder):
    return sorted(path.name for path in folder.iterdir())


def test_one_form_per_department_or_those_that_are_named(city, folder):
    assert city.invoke("forms", "--month", "2026-02", "--department", "旧甲課").exit_code == 0
    assert names(folder) == ["甲課.xlsx"]
    result = city.invoke("forms", "--month", "2026-02")
    assert "令和8年2月分の様式を2件作成しました（うち1件は変更がないため、作成し直していません）" in result.output
    assert names(folder) == ["乙課.xlsx", "甲課.xlsx"]


def test_a_department_that_has_nothing_to_report_is_said_and_nothing_is_written(city, folder):
    result = city.invoke("forms", "--month", "2026-02", "--department", "丙課")
    assert result.exit_code == 2
    assert "丙課" in result.output
    assert "甲課、乙課" in result.output
    assert not folder.exists()


@pytest.mark.slow
def test_a_form_that_would_not_differ_is_left_alone_unless_forced(city, folder):
    city.invoke("forms", "--month", "2026-02")
    path = folder / "甲課.xlsx"
    os.utime(path, (1, 1))
    city.invoke("forms", "--month", "2026-02")
    assert path.stat().st_mtime == 1
    city.invoke("forms", "--month", "2026-02", "--force")
    assert path.stat().st_mtime != 1
    assert names(folder) == ["乙課.xlsx", "甲課.xlsx"]


def test_a_form_that_nobody_wrote_in_gives_way_to_the_next_months(city, folder):
    city.invoke("forms", "--month", "2026-02")
    path = folder / "甲課.xlsx"
    before = path.read_bytes()
    path.write_bytes(fill(before, {}))  # opened and saved again, without a word
    city.invoke("forms", "--month", "2026-03")
    assert names(folder) == ["乙課.xlsx", "甲課.xlsx"]
    assert path.read_bytes() != before


@pytest.mark.slow
def test_a_form_prefilled_with_a_percentage_gives_way_until_it_is_changed(city, folder):
    city.write_plan(指標=[[1, 1, "申請率", "%", None, 80, "増", "甲課"]])
    city.submit("2026-02", "甲課", {("指標", "I-1", "実績値"): 96})
    path = city.form("2026-03", "甲課")
    assert cell_of(openpyxl.load_workbook(path)["指標"], "I-1", "実績値").value == 0.96
    city.form("2026-04", "甲課")
    assert BESIDE not in names(folder)
    path.write_bytes(fill(path.read_bytes(), {("指標", "I-1", "実績値"): 9600}))
    city.form("2026-05", "甲課")
    assert BESIDE in names(folder)


@pytest.mark.slow
@pytest.mark.parametrize("option", [(), ("--force",)])
def test_a_form_that_somebody_wrote_in_is_kept_beside(city, folder, option):
    city.invoke("forms", "--month", "2026-02")
    path = folder / "甲課.xlsx"
    mine = fill(path.read_bytes(), {("進捗", "T-1", "実施"): 0.8})
    path.write_bytes(mine)
    result = city.invoke("forms", "--month", "2026-02", *option)
    assert f"前のファイルは次の名前で残しました: {BESIDE}" in result.output
    assert (folder / BESIDE).read_bytes() == mine
    path.write_bytes(b"no workbook")
    city.invoke("forms", "--month", "2026-02")
    assert (folder / "甲課（書き込みあり2）.xlsx").read_bytes() == b"no workbook"
    assert set(names(folder)) == {"乙課.xlsx", "甲課.xlsx", BESIDE, "甲課（書き込みあり2）.xlsx"}


@pytest.mark.slow
def test_a_value_struck_out_in_a_filled_form_counts_as_written_in(city, folder):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.8})
    path = city.form("2026-03", "甲課")
    workbook = openpyxl.load_workbook(path)
    cell_of(workbook["進捗"], "T-1", "実施").font = Font(strike=True)
    workbook.save(path)
    mine = path.read_bytes()
    city.invoke("forms", "--month", "2026-04")
    assert (folder / BESIDE).read_bytes() == mine


@pytest.mark.slow
def test_a_value_taken_out_of_a_filled_form_counts_as_written_in(city, folder):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.8})
    city.invoke("forms", "--month", "2026-03")
    path = folder / "甲課.xlsx"
    path.write_bytes(fill(path.read_bytes(), {("進捗", "T-1", "実施"): None}))
    city.invoke("forms", "--month", "2026-03")
    assert BESIDE in names(folder)


def test_deadline_and_addresses_are_printed(city, folder):
    items = [["計画名", "計画（架空）"], ["団体名", "テスト市"], ["計画ID", "test-1"], ["開始年度", "令和6年度"]]
    items += [
        ["終了年度", "令和8年度"],
        ["見出しの区分", "概ね達成"],
        ["提出先", "デジタル課"],
        ["問い合わせ先", "内線123"],
    ]
    city.write_plan(計画=items)
    city.invoke("forms", "--month", "2026-02", "--deadline", "2026-03-05")
    said = [cell.value for row in openpyxl.load_workbook(folder / "甲課.xlsx")["はじめに"].iter_rows() for cell in row]
    assert "提出期限：令和8年3月5日（木）" in said
    assert {"デジタル課", "内線123"} <= set(said)
    assert "より前の日" not in city.invoke("forms", "--month", "2026-02", "--deadline", "2026-02-01").output
    for command in (("forms",), ("mail", "--kind", "配布")):
        early = city.invoke(*command, "--month", "2026-02", "--deadline", "2025-03-05")
        assert (early.exit_code, "提出期限（令和7年3月5日（水））は、令和8年2月より前の日です" in early.stderr) == (
            0,
            True,
        )
    refused = city.invoke("forms", "--deadline", "3月5日")
    assert (refused.exit_code, "「3月5日」は日付ではありません" in refused.output) == (2, True)


def test_the_help_says_what_becomes_of_a_form_with_writing_in_it(city):
    assert "（書き込みあり）" in city.invoke("forms", "--help").output
    assert "forms" in main.commands


def test_a_form_of_a_departments_old_name_is_said_to_lie_there_still(city, folder):
    city.invoke("forms", "--month", "2026-02")
    city.write_plan(担当課=[["甲課"], ["新乙課", "乙課"]])
    said = city.invoke("forms", "--month", "2026-03").stdout
    assert "この月の様式ではないファイルがあります（配布する前に、削除するか移してください）: 乙課.xlsx" in said
    (folder / "乙課.xlsx").unlink()
    assert "残っています" not in city.invoke("forms", "--month", "2026-03").stdout


def test_forms_are_prefilled_from_another_input_folder(city):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    (city.root / "input").rename(city.root / "届いたもの")
    city.invoke("forms", "--month", "2026-03", "--input", str(city.root / "届いたもの"))
    sheet = openpyxl.load_workbook(city.root / "workbook_templates" / "forms" / "甲課.xlsx")["進捗"]
    assert 0.5 in [cell.value for row in sheet.iter_rows() for cell in row]
