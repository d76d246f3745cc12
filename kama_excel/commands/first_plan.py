"""The plan workbook of a city that begins: every sheet with one worked line, valid as it stands.

評価方法 and 訂正 stay empty: a worked line there that is forgotten would change real figures.
"""

from __future__ import annotations

from kama_excel.domain.calendar import Month, year_label
from kama_excel.plan.rows import EXAMPLE
from kama_excel.plan.writer import Tables

_YEARS = 3


def first_plan(month: Month) -> Tables:
    """Return the rows of a plan of three years that begins in the month's fiscal year."""
    first, last = month.fiscal_year, month.fiscal_year + _YEARS - 1
    return {
        "計画": [
            ["計画名", _worked("○○計画")],
            ["団体名", _worked("○○市")],
            ["計画ID", f"plan-{first}"],
            ["開始年度", year_label(first)],
            ["終了年度", year_label(last)],
            ["見出しの区分", "概ね達成"],
            ["提出先", None],
            ["問い合わせ先", None],
        ],
        "評価区分": [["達成", 1.0], ["ほぼ達成", 0.9], ["概ね達成", 0.8], ["やや未達", 0.6], ["課題あり", 0.0]],
        "重点施策": [[1, _worked("くらし"), _worked("利用機会の格差への対応")]],
        "アクション": [
            [
                1,
                _worked("スマホ教室の継続的な開催"),
                1,
                _worked("誰もがスマートフォンを使える"),
                _worked("公民館でスマホ教室を開く"),
                _worked("年10回の開催"),
                _worked("○○課"),
                _worked("○○課"),
            ]
        ],
        "タスク": [[1, 1, year_label(first), _worked("○○課"), _worked("教室の会場と講師を決める")]],
        "指標": [[1, 1, _worked("スマホ教室の開催回数"), "回", None, 10, "増", _worked("○○課")]],
        "担当課": [[_worked("○○課"), None, None]],
    }


def _worked(text: str) -> str:
    return f"{EXAMPLE}{text}"
