"""`kama-excel import`: a city's own tables become rows of a new plan workbook; nothing is changed in place."""

import openpyxl
import pytest
from openpyxl.styles import Font
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


def test_headings_in_two_rows_under_merged_ones(city, tmp_path):
    path = workbook_of(
        tmp_path / "KPI.xlsx",
        (
            "KPI",
            [
                ["取組名", "KPI", None, "目標", None, None, "実績", None, "担当"],
                [None, "名称", "単位", "R5現状", "R7", "R8目標", "R6", "R7", "所属"],
                ["アクション二", "待ち時間", "分", "12分", "8分", "5分", "10分", "9分", "乙課"],
                ["アクション二", "件数", "件", 100, None, 120, 90, None, "乙課"],
            ],
        ),
    )
    workbook = openpyxl.load_workbook(path)
    for each in ("B1:C1", "D1:F1", "G1:H1"):
        workbook["KPI"].merge_cells(each)
    workbook.save(path)
    result, plan = imported(city, path)
    made = [(each.name, each.unit, each.baseline, each.target) for each in plan.indicators[1:]]
    assert made == [("待ち時間", "分", 12, 5), ("件数", "件", 100, 120)]
    assert [(row.indicator_no, row.fiscal_year, row.target) for row in plan.yearly_targets] == [
        *(("2", 2025, 8), ("2", 2026, 5)),
    ]
    for said in ("D2「R5現状」→ 基準値", "F2「R8目標」→ 目標値（令和8年度）", "G2「R6」→ （対象としません）"):
        assert said in result.output


def test_a_department_is_carried_on_within_an_action_or_a_merged_cell_only(city, tmp_path):
    rows = [
        ["アクション名", "担当課", "R6 計画"],
        ["アクション一", "甲課", "ひとつ"],
        [None, None, "ふたつ"],
        ["アクション二", None, "みっつ"],
        ["アクション一", "甲課", "よっつ"],
        ["アクション二", None, "いつつ"],
        ["アクション二", "乙課", "むっつ"],
        ["アクション二", None, "ななつ"],
        ["アクション一", "甲課", "やっつ"],
    ]
    path = workbook_of(tmp_path / "表.xlsx", ("表", rows))
    workbook = openpyxl.load_workbook(path)
    workbook["表"].merge_cells("B5:B6")
    workbook["表"]["A9"].font = Font(strike=True)
    workbook.save(path)
    result, plan = imported(city, path)
    made = [(task.action_no, task.department, task.text) for task in plan.tasks[5:]]
    assert made == [
        (1, "甲課", "ひとつ"),
        (1, "甲課", "ふたつ"),
        (1, "甲課", "よっつ"),
        (2, "甲課", "いつつ"),
        *((2, "乙課", "むっつ"), (2, "乙課", "ななつ")),
    ]
    assert "表 B4「」 担当課がありません" in result.output
    assert "表 A9「アクション一」 取り消し線があります" in result.output


def test_what_a_sheet_strikes_out_or_does_not_show_is_not_taken(city, tmp_path):
    rows = [
        ["アクション名", "担当課", "R6 計画", "R7 計画"],
        ["アクション一", "甲課", "消した", "残る"],
        ["アクション一", "甲課", "行ごと消した", None],
        ["アクション一", "甲課", "隠れた行", None],
        ["アクション一", "甲課", "白い字", "=A1&B1"],
        ["アクション一", "甲課", "#REF!", None],
    ]
    path = workbook_of(tmp_path / "表.xlsx", ("表", rows))
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["表"]
    for each in ("C2", "A3", "B3", "C3"):
        sheet[each].font = Font(strike=True)
    sheet.row_dimensions[4].hidden = True
    sheet["C5"].font = Font(color="FFFFFFFF")
    sheet["C6"].data_type = "e"
    workbook.save(path)
    result, plan = imported(city, path)
    assert [task.text for task in plan.tasks[5:]] == ["残る"]
    said = [
        line.split("取り込めませんでした: ")[1] for line in result.output.splitlines() if "取り込めませんでした" in line
    ]
    assert said == [
        "表 C2「消した」 取り消し線があります",
        "表 A3「アクション一」 取り消し線があります（この行のほか2セルも）",
        "表 A4「アクション一」 非表示の行か列にあります（この行のほか2セルも）",
        "表 C5「白い字」 シートの表示から値を確認できません",
        "表 D5「(数式)」 計算結果の入っていない数式です",
        "表 C6「#REF!」 エラー値です",
    ]
    assert result.exit_code == 1


def test_a_percentage_with_two_readings_is_not_taken(city, tmp_path):
    path = tmp_path / "KPI.csv"
    path.write_text("施策名,指標,単位,現状値,目標値,所管課\nアクション二,交付率,%,30,0.8,乙課\n", encoding="utf-8")
    result, _ = imported(city, path)
    assert "KPI E2「0.8」 0.8% か 80% か分かりません" in result.output
    made = openpyxl.load_workbook(city.root / "workbook_templates" / "plan_取込.xlsx")[INDICATORS.name]
    assert "0.8%" not in [cell.value for row in made.iter_rows() for cell in row]


def test_texts_of_a_csv_stay_texts(city, tmp_path):
    path = tmp_path / "表.csv"
    texts = ['=HYPERLINK(""http://x"",""a"")', "=1+1 を確認", "#REF!", "+市民", "改行\x0bあり", "あ" * 40_000]
    lines = ["アクション名,担当課,R6 計画", *(f'アクション一,甲課,"{each}"' for each in texts)]
    path.write_text("\n".join(lines), encoding="utf-8")
    result, plan = imported(city, path)
    made = openpyxl.load_workbook(city.root / "workbook_templates" / "plan_取込.xlsx")[TASKS.name]
    kinds = {cell.data_type for row in made.iter_rows() for cell in row if cell.value is not None}
    assert kinds <= {"s", "n"}
    assert [task.text for task in plan.tasks[5:]] == [
        *('=HYPERLINK("http://x","a")', "=1+1 を確認", "#REF!", "+市民", "改行\nあり"),
    ]
    assert "Excelのセルに入る文字数（32,767字）を超えています" in result.output


def test_a_csv_with_a_quotation_mark_that_is_never_closed_is_refused(city, tmp_path):
    path = tmp_path / "表.csv"
    path.write_text('アクション名,担当課\nアクション一,"甲課' + "\nあ" * 200_000, encoding="utf-8")
    result = city.invoke("import", str(path))
    assert result.exit_code == 2
    assert '「表.csv」を開けません。引用符（"）が閉じられていない可能性があります。' in result.output


def test_a_sheet_with_a_blank_in_its_name_is_the_plans_own(city, tmp_path):
    plan_path = city.root / "workbook_templates/plan.xlsx"
    workbook = openpyxl.load_workbook(plan_path)
    workbook[TASKS.name].title = f"{TASKS.name} "
    workbook.save(plan_path)
    path = workbook_of(
        tmp_path / "表.xlsx", ("表", [["アクション名", "担当課", "R6 計画"], ["アクション一", "甲課", "x"]])
    )
    _, plan = imported(city, path)
    assert plan.tasks[-1].text == "x"
    made = openpyxl.load_workbook(plan_path.with_name("plan_取込.xlsx"))
    assert TASKS.name not in made.sheetnames
