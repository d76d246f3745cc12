"""What the form answers while it is filled in, computed by a real office program, is what the program computes."""

import datetime as dt
import io
import random
from dataclasses import replace
from fractions import Fraction

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from support.city import fill
from support.plans import plan_of

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import Certainty, Excluded
from kama_excel.evaluation.evaluate import evaluate
from kama_excel.forms.content import form_content
from kama_excel.forms.reading.form_reader import read_form
from kama_excel.forms.snapshot import snapshot_rows
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.inbox.current_forms import take_forms
from kama_excel.merge.merged import merge
from kama_excel.spreadsheets.cells import a1
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

YEARS = ("令和6年度", "令和7年度", "令和8年度")
DEPARTMENT = "甲課"
ACTIONS = 4


def plan(weights=(1,)):
    """Return a plan of one department: tasks in all years, indicators of every case of rule 4."""
    tasks = [
        [number, number % ACTIONS + 1, YEARS[number // ACTIONS % 3], DEPARTMENT, "作業", weights[number % len(weights)]]
        for number in range(1, 31)
        if (number % ACTIONS, number // ACTIONS % 3) != (2, 1)  # an action without one of the years
    ]
    indicators = [
        [1, 1, "増やす", "件", 3, 20, "増", DEPARTMENT],
        [2, 1, "減らす", "件", 50, 20, "減", DEPARTMENT],
        [3, 2, "数える", "回", None, 30, "増", DEPARTMENT],
        [4, 2, "率", "%", None, 80, "増", DEPARTMENT],
        [5, 3, "抑える", "件", None, 5, "減", DEPARTMENT],
        [6, 3, "なくす", "件", None, 0, "減", DEPARTMENT],
        [7, 4, "保つ", "件", 10, 10, "増", DEPARTMENT],
        [8, 4, "零から", "件", None, 0, "増", DEPARTMENT],
    ]
    actions = [[no, f"アクション{no}", 1, "", "", "維持", "", ""] for no in range(1, ACTIONS + 1)]
    return plan_of(アクション=actions, タスク=tasks, 指標=indicators, 担当課=[[DEPARTMENT]])


def random_fill(content, rng):
    """Return what a department might enter: rates on a grid and off it, 対象外, figures about the band edges."""
    entered = {("", "記入者"): "山田"} if rng.random() < 0.5 else {}

    def enter(key, item, value, likely=0.7):
        if rng.random() < likely:
            entered[key, item] = value

    for row in content.rows["進捗"]:
        rate = rng.choice(
            [Fraction(rng.randint(0, 20), 20), Fraction(8996, 10000), Fraction(9, 10), Fraction(333, 1000)]
        )
        enter(row.key, "実施", rng.choice([rate, rate, rate, rate, Excluded.EXCLUDED]))
        enter(row.key, "予定", Fraction(rng.randint(0, 10), 10), 0.4)
        enter(row.key, "備考", "国の制度に移行したため", 0.5)
    for row in content.rows["指標"]:
        target, baseline = row.of.target, row.of.baseline or Fraction(0)
        edge = baseline + rng.choice([Fraction(1), Fraction(9, 10), Fraction(8, 10), Fraction(6, 10)]) * (
            target - baseline
        )
        enter(row.key, "実績値", rng.choice([edge, edge, Fraction(rng.randint(-5, 60)), Fraction(27)]))
        enter(row.key, "時点", dt.date(2026, 2, 8))
        enter(row.key, "確度", rng.choice(list(Certainty)), 0.3)
    for row in content.rows["総括評価"]:
        enter(row.key, "総括評価", Fraction(rng.randint(0, 10), 10), 0.5)
        enter(row.key, "理由", "取り組みが進んだため", 0.5)
    for row in content.rows["成果と課題"]:
        for item in ("成果", "取り組んだこと", "課題"):
            enter(row.key, item, "良くなった。\n" * rng.choice([1, 20, 150]) + "以上", 0.6)
    return entered


def typed(content, entered):
    """Return the blank form with the same typed into it."""
    sheets = {row.key: sheet for sheet, rows in content.rows.items() for row in rows}
    cells = {(sheets[key], key, item): _plain(value) for (key, item), value in entered.items() if key}
    return fill(
        write_form(replace(content, entered={})),
        cells,
        **{item: value for (key, item), value in entered.items() if not key},
    )


def _plain(value):
    match value:
        case Fraction():
            return float(value)
        case Excluded() | Certainty():
            return value.value
        case _:
            return value


def answers_of(content, places=None):
    """Return by sheet and address what stands in the formula cells, which the snapshot of the form names."""
    workbook = read_workbook(content)
    places = places or [(sheet, a1(*place)) for sheet, place, text, _ in snapshot_rows(workbook) if text == "="]
    cells = {(sheet.name, a1(*place)): cell.value for sheet in workbook.sheets for place, cell in sheet.cells.items()}
    return {place: cells.get(place, "") for place in places}


def same(one, other):
    if isinstance(one, int | float) and isinstance(other, int | float):
        return one == pytest.approx(other, abs=1e-9)
    return (one or "") == (other or "")


PLANS = (plan(), plan((1, 2, Fraction(1, 2))))
MONTHS = (Month(2025, 1), Month(2026, 2), Month(2026, 5), Month(2027, 3))


def random_content(rng):
    content = form_content(rng.choice(PLANS), rng.choice(MONTHS), DEPARTMENT)
    return replace(content, entered=random_fill(content, rng))


def test_what_an_office_program_computes_is_what_the_form_was_written_with(engine, tmp_path):
    rng = random.Random(20260208)
    cases = [form_content(PLANS[1], MONTHS[1], DEPARTMENT), *(random_content(rng) for _ in range(6))]
    paths = []
    for number, content in enumerate(cases):
        paths.append(tmp_path / f"{number}.xlsx")
        paths[-1].write_bytes(typed(content, content.entered))
    for content, path in zip(cases, engine(paths), strict=True):
        written = answers_of(write_form(content))
        assert len(written) > 40
        computed = answers_of(path.read_bytes(), list(written))
        wrong = {
            place: (written[place], computed[place]) for place in written if not same(written[place], computed[place])
        }
        assert wrong == {}


@pytest.mark.slow
@settings(max_examples=10, derandomize=True)
@given(st.randoms(use_true_random=False))
def test_what_the_form_says_is_what_the_run_says_of_it(rng):
    content = random_content(rng)
    workbook = write_form(content)
    submission = read_form(read_workbook(workbook), "form.xlsx", "")
    merged = merge(content.plan, content.month, take_forms(content.plan, content.month, [submission]))
    evaluation = evaluate(merged.facts)
    form = read_workbook(workbook)
    for row, action in zip(rows_of(form.sheet("総括評価")), evaluation.actions, strict=True):
        assert same(row["自課の3カ年平均"], number(action.plan_average))
        averages = [row[heading] for heading in row if heading.startswith(("R6", "R7", "R8"))]
        assert all(same(one, number(year.progress)) for one, year in zip(averages, action.years, strict=True))
        grade = "" if action.plan_average is None else content.plan.bands.grade(action.plan_average)
        assert row["評価区分"] == grade or not (row["評価区分"] or grade)
    rates = {each.fact.indicator.key: each.achievement for action in evaluation.actions for each in action.indicators}
    for row in rows_of(form.sheet("指標")):
        rate = rates[row["管理番号"]]
        assert same(row["達成率"], number(rate))
        assert (row["評価区分"] or "") == ("" if rate is None else content.plan.bands.grade(rate))


def rows_of(sheet):
    """Return the table's rows by heading."""
    at = next(row for (row, column), cell in sheet.cells.items() if column == 1 and cell.value == "管理番号")
    headings = {cell.value: column for (row, column), cell in sheet.cells.items() if row == at}
    last = max(row for row, column in sheet.cells if column == 1)
    return [
        {name: sheet.cell(row, column).value for name, column in headings.items()} for row in range(at + 1, last + 1)
    ]


def number(rate):
    return "" if rate is None else float(rate)


def test_the_cover_counts_down_to_complete():
    content = form_content(plan_of(タスク=[[1, 1, "令和7年度", "甲課", "作業"]], 指標=[]), Month(2026, 2), "甲課")

    def cover(**entered):
        said = {
            ("", key) if key in {"記入者", "連絡先", "記入日"} else ("T-1", key): each for key, each in entered.items()
        }
        form = openpyxl.load_workbook(io.BytesIO(write_form(replace(content, entered=said))), data_only=True)
        return form["はじめに"]["B9"].value, form["進捗"]["B3"].value

    assert cover() == ("あと 4 か所です", "あと 1 か所です")
    assert cover(実施=Excluded.EXCLUDED) == ("あと 4 か所です", "あと 1 か所です")
    assert cover(実施=Excluded.EXCLUDED, 備考="移行") == ("あと 3 か所です", "すべて記入されました")
    who = {"記入者": "山田", "連絡先": "12", "記入日": dt.date(2026, 2, 1)}
    assert cover(**who) == ("あと 1 か所です", "あと 1 か所です")
    assert cover(実施=Fraction(1), **who) == ("すべて記入されました", "すべて記入されました")


@pytest.mark.parametrize(("month", "check"), [(Month(2026, 2), None), (Month(2026, 3), "◇ 前年度より低い")])
def test_a_year_in_progress_is_not_said_to_be_lower_than_the_year_before(month, check):
    tasks = [[1, 1, "令和6年度", "甲課", "作業"], [2, 1, "令和7年度", "甲課", "作業"]]
    content = form_content(plan_of(タスク=tasks, 指標=[]), month, "甲課")
    entered = {("T-1", "実施"): Fraction(1), ("T-2", "実施"): Fraction(1, 2)}
    form = read_workbook(write_form(replace(content, entered=entered)))
    (row,) = rows_of(form.sheet("総括評価"))
    assert (row["確認"] or None) == check
