"""`kama-excel import`: a city's own tables become rows of a new plan workbook; nothing is changed in place."""

import openpyxl
import pytest
from support.city import City
from support.plans import plan_of

from kama_excel.plan.plan_sheets import INDICATORS, TASKS
from kama_excel.plan.reader import plan_of as read


def workbook_of(path, *sheets):
    """Save sheets, each a name and its rows."""
    made = openpyxl.Workbook()
    made.remove(made.active)
    for name, rows in sheets:
        sheet = made.create_sheet(name)
        for row in rows:
            sheet.append(row)
    made.save(path)
    return path


@pytest.fixture
def city(tmp_path):
    return City(tmp_path)


def imported(city, *files):
    """Import with --write; return the result and the new plan."""
    result = city.invoke("import", *map(str, files), "--write")
    (path,) = (city.root / "workbook_templates").glob("plan_取込*.xlsx")
    return result, read(path.read_bytes(), path.name)[0]


def test_the_year_tables_of_slides_become_tasks(city, tmp_path):
    slides = workbook_of(
        tmp_path / "実施計画.xlsx",
        (
            "スライド13",
            [
                ["1 アクション一"],
                ["担当課", "令和6年度", None, "令和7年度", None],
                [None, "計画", "実施", "計画", "実施"],
                ["甲課", "研究", "100%", "実証", None],
                ["乙課", "－", None, "協力", None],
            ],
        ),
    )
    before = (city.root / "workbook_templates/plan.xlsx").read_bytes()
    result, plan = imported(city, slides)
    old = plan_of().tasks
    assert plan.tasks[: len(old)] == old
    made = [(task.no, task.action_no, task.fiscal_year, task.department, task.text) for task in plan.tasks[len(old) :]]
    assert made == [("6", 1, 2024, "甲課", "研究"), ("7", 1, 2025, "甲課", "実証"), ("8", 1, 2025, "乙課", "協力")]
    assert (city.root / "workbook_templates/plan.xlsx").read_bytes() == before
    assert "B3「計画」→ 計画（令和6年度）" in result.output
    assert "C3「実施」→ （対象としません）" in result.output
    assert result.exit_code == 0


@pytest.mark.parametrize("encoding", ["utf-8-sig", "cp932"])
def test_a_table_of_indicators_as_csv_becomes_indicators_and_yearly_targets(city, tmp_path, encoding):
    path = tmp_path / "KPI.csv"
    lines = [
        "施策名,成果指標,現状値,R6 目標値,R7 目標値,R8 目標値,最終目標,所管課",
        "アクション二,交付率,30%,40%,60%,80%,80%,乙課",
        "アクション二,件数,100件,,,,120件,乙課",
    ]
    path.write_bytes("\r\n".join(lines).encode(encoding))
    result, plan = imported(city, path)
    made = [(each.no, each.name, each.unit, each.baseline, each.target) for each in plan.indicators[1:]]
    assert made == [("2", "交付率", "%", 30, 80), ("3", "件数", "件", 100, 120)]
    assert [(row.indicator_no, row.fiscal_year, row.target) for row in plan.yearly_targets] == [
        *(("2", 2024, 40), ("2", 2025, 60), ("2", 2026, 80)),
    ]
    assert result.exit_code == 0


def test_what_cannot_be_placed_is_listed_with_its_cell(city, tmp_path):
    path = workbook_of(
        tmp_path / "表.xlsx",
        (
            "一覧",
            [
                ["アクション名", "担当部署", "年度", "取組内容"],
                ["アクション一", "丁課", "令和6年度", "ひとつ"],
                ["知らない", "甲課", "令和6年度", "ふたつ"],
                ["アクション一", "甲課", "令和12年度", "みっつ"],
                ["アクション一", "甲課", "令和6年度", "よっつ"],
            ],
        ),
        ("メモ", [["表ではない"]]),
    )
    result, plan = imported(city, path)
    assert [task.text for task in plan.tasks[5:]] == ["よっつ"]
    said = [line for line in result.output.splitlines() if "取り込めませんでした" in line]
    assert [line.split("「")[0].split(": ")[1] for line in said] == ["一覧 B2", "一覧 A3", "一覧 D4", "メモ A1"]
    assert result.exit_code == 1


def test_without_write_nothing_is_written(city, tmp_path):
    path = workbook_of(
        tmp_path / "表.xlsx", ("表", [["アクション名", "担当課", "R6 計画"], ["アクション一", "甲課", "x"]])
    )
    files = sorted(each.name for each in (city.root / "workbook_templates").iterdir())
    result = city.invoke("import", str(path))
    assert sorted(each.name for each in (city.root / "workbook_templates").iterdir()) == files
    assert "タスク 1行、指標 0行" in result.output
    assert "--write" in result.output


def test_a_second_import_stands_beside_the_first_and_keeps_other_columns(city, tmp_path):
    plan_path = city.root / "workbook_templates/plan.xlsx"
    workbook = openpyxl.load_workbook(plan_path)
    workbook[TASKS.name]["N3"], workbook[TASKS.name]["N4"] = "メモ", "残す"
    workbook.save(plan_path)
    path = workbook_of(
        tmp_path / "表.xlsx", ("表", [["アクション名", "担当課", "R6 計画"], ["アクション一", "甲課", "x"]])
    )
    for name in ("plan_取込.xlsx", "plan_取込2.xlsx"):
        city.invoke("import", str(path), "--write")
        assert openpyxl.load_workbook(plan_path.with_name(name))[TASKS.name]["N4"].value == "残す"
    assert INDICATORS.name in openpyxl.load_workbook(plan_path).sheetnames


@pytest.mark.parametrize(("name", "content"), [("x.xlsx", b"no workbook"), ("x.csv", b"\x81")])
def test_a_file_that_cannot_be_read_is_refused(city, tmp_path, name, content):
    (tmp_path / name).write_bytes(content)
    result = city.invoke("import", str(tmp_path / name))
    assert result.exit_code == 2
    assert f"「{name}」を開けません" in result.stderr
