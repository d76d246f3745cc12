"""Each kind of sheet as text in tests/golden. After a change that is meant: KAMA_UPDATE_GOLDEN=1 python -m pytest tests/test_report_golden.py"""

import datetime as dt
import os
from fractions import Fraction
from pathlib import Path

import pytest
from support.dump import dump
from support.plans import plan_of
from support.reports import picture, report_of, submission

from kama_excel import __version__
from kama_excel.report.csv_files import csv_files
from kama_excel.report.xlsx.workbook import write_workbook

GOLDEN = Path(__file__).parent / "golden"
SHEETS = {
    "総括": "summary",
    "一覧": "list",
    "01": "page-01",
    "02": "page-02",
    "方法の比較": "comparison",
    "課ごとの内訳": "joint-actions",
    "提出状況": "submissions",
    "確認事項": "findings",
    "データ_進捗": "data-progress",
    "データ_指標": "data-indicators",
    "データ_総括評価": "data-assessments",
    "データ_記述": "data-words",
    "算定方法": "rules",
}


@pytest.fixture(scope="module")
def report():
    plan = plan_of(評価方法=[[2, "目標値", dt.date(2026, 1, 10), "推進本部", "数値で計れるため"]])
    typed = {
        ("T-1", "実施"): Fraction(1),
        ("T-3", "実施"): Fraction(1, 3),
        ("T-4", "実施"): Fraction(4, 5),
        ("A-1-甲課", "総括評価"): Fraction(9, 10),
        ("A-1-甲課", "理由"): "仕組みができたため",
        ("W-1-甲課", "成果"): "窓口の手続きがオンラインでできるようになった",
        ("W-1-甲課", "取り組んだこと"): "・調査\n・実証実験",
    }
    others = {("T-2", "実施"): Fraction(1, 5), ("I-1", "実績値"): Fraction(8), ("I-1", "時点"): dt.date(2026, 1, 31)}
    received = [submission("甲課", typed), submission("乙課", others, "2026-01")]
    return report_of(plan, received, pictures=(picture("甲課", 1, 1, "実証実験のようす", width=64, height=48),))


@pytest.fixture(scope="module")
def content(report):
    return write_workbook(report).read()


@pytest.mark.slow
@pytest.mark.parametrize("sheet", SHEETS)
def test_a_sheet_is_as_it_was_reviewed(content, sheet):
    check(SHEETS[sheet], dump(content, sheet).replace(f"kama-excel {__version__}", "kama-excel (version)"))


def test_the_csv_files_are_as_they_were_reviewed(report):
    files = csv_files(report)
    assert all(content.startswith(b"\xef\xbb\xbf") for content in files.values())
    check("csv", "".join(f"--- {name}\n{content.decode('utf-8-sig')}" for name, content in files.items()))


def check(name, text):
    path = GOLDEN / f"{name}.txt"
    text = text.replace("\r\n", "\n")
    if os.environ.get("KAMA_UPDATE_GOLDEN"):
        GOLDEN.mkdir(exist_ok=True)
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8"), f"{path.name} differs; see the top of this file"
