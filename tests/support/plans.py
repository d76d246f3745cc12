"""Plans as small tables inside the test; every name in them is made up."""

from kama_excel.plan.reader import read_plan
from kama_excel.plan.writer import write_plan
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

BANDS = [["達成", 1.0], ["ほぼ達成", 0.9], ["概ね達成", 0.8], ["やや未達", 0.6], ["課題あり", 0.0]]


def tables(**changes):
    """Return the tables of a plan of two actions, three years and two departments, some of them replaced.

    `tables(タスク=[...])` takes the rows of a sheet in the order of its headings.
    """
    base = {
        "計画": [
            ["計画名", "テスト計画（架空）"],
            ["団体名", "テスト市"],
            ["計画ID", "test-1"],
            ["開始年度", "令和6年度"],
            ["終了年度", "令和8年度"],
            ["見出しの区分", "概ね達成"],
        ],
        "評価区分": BANDS,
        "重点施策": [[1, "くらし", "施策A"], [2, "しごと", "施策B"]],
        "アクション": [
            [1, "アクション一", 1, "目指す", "やる", "目標", "甲課・乙課", "甲課"],
            [2, "アクション二", 2, "", "", "維持", "乙課", ""],
        ],
        "タスク": [
            [1, 1, "令和6年度", "甲課", "作業一"],
            [2, 1, "令和6年度", "乙課", "作業二"],
            [3, 1, "令和7年度", "甲課", "作業三"],
            [4, 1, "令和8年度", "甲課", "作業四"],
            [5, 2, "令和6年度", "乙課", "作業五"],
        ],
        "指標": [[1, 2, "回数", "回", None, 10, "増", "乙課"]],
        "担当課": [["甲課", "旧甲課"], ["乙課"]],
    }
    return base | changes


def plan_of(**changes):
    """Return the Plan of these tables; a plan with an エラー fails the test."""
    plan, findings = read_plan(read_workbook(write_plan(tables(**changes))), "plan.xlsx")
    assert plan is not None, [(each.place, each.message) for each in findings]
    return plan


def findings_of(**changes):
    """Return what is found in the plan workbook of these tables, as (code, sheet, cell)."""
    _, findings = read_plan(read_workbook(write_plan(tables(**changes))), "plan.xlsx")
    return [(each.code.name, each.place.sheet, each.place.cell) for each in findings]
