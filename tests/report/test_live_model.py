"""The workbook as a live model: what two programs compute anew is what was evaluated, before and after a change."""

import datetime as dt
import io
import random
import re
import warnings
from dataclasses import replace
from fractions import Fraction

import openpyxl
import pytest
from click.testing import CliRunner
from support.city import City
from support.plans import plan_of
from support.reports import made_up_entries, made_up_plan, made_up_report, new_actual, with_all_of_other_cities
from support.sheets import cells_of, differences
from support.year import MONTHS, plan_tables, submissions

from kama_excel.cli.app import main
from kama_excel.domain.calendar import Month
from kama_excel.domain.keys import Field
from kama_excel.plan.rating import Yardstick
from kama_excel.report.xlsx.workbook import write_workbook


def anew(contents, engine, folder):
    """Return the cells of workbooks after a program computed every formula, believing no cached value."""
    paths = [folder / f"{number}.xlsx" for number in range(len(contents))]
    for path, content in zip(paths, contents, strict=True):
        path.write_bytes(content)
    return [cells_of(path.read_bytes()) for path in engine(paths)]


def check_computed(contents, engine, folder):
    """Compare every formula's cached value with the computed one; none is an error."""
    for content, computed in zip(contents, anew(contents, engine, folder), strict=True):
        assert differences(cells_of(content), computed) == []
        assert not [value for cells in computed.values() for _, value in cells.values() if str(value).startswith("#")]


def workbook_of(actions, years, density, seed):
    plan = made_up_plan(actions, years, seed, density)
    content = write_workbook(made_up_report(plan, made_up_entries(plan, seed))).read()
    formulas = sum(formula is not None for cells in cells_of(content).values() for formula, _ in cells.values())
    assert formulas > 50 * actions
    return content


def test_every_formula_computes_to_its_cached_value(engine, tmp_path):
    check_computed([workbook_of(6, 1, 0.9, 1), workbook_of(12, 3, 0.9, 2)], engine, tmp_path)


@pytest.mark.parametrize("engine", ["LibreOffice"], indirect=True)
def test_every_formula_of_three_hundred_actions_computes_to_its_cached_value(engine, tmp_path):
    check_computed([workbook_of(300, 10, 0.08, 4)], engine, tmp_path)


def test_every_formula_of_another_citys_rules_computes_to_its_cached_value(engine, tmp_path):
    contents = []
    for seed, month in ((11, "2026-02"), (12, "2026-02"), (13, "2027-05"), (14, "2026-04")):
        plan = with_all_of_other_cities(made_up_plan(14, 3, seed), seed)
        entries = made_up_entries(plan, seed, month, excludes=True)
        contents.append(write_workbook(made_up_report(plan, entries, month)).read())
    check_computed(contents, engine, tmp_path)


def test_what_the_example_and_a_month_of_a_year_hold_is_what_is_computed(engine, project, tmp_path):
    """Workbooks that runs wrote, and the filled-in forms of the example."""
    city = City(tmp_path / "year", **plan_tables(8))
    for at in (7, 8):
        folder = city.root / "input" / MONTHS[at]
        folder.mkdir(parents=True)
        for name, content in submissions(at):
            (folder / name).write_bytes(content)
    assert city.invoke("run").exit_code in (0, 1)
    example = ["run", "--folder", str(project), "--input", str(project / "input" / "example")]
    CliRunner().invoke(main, [*example, "--output", str(tmp_path / "example")])
    written = [*(tmp_path / "example").rglob("*.xlsx"), *city.root.glob("output/**/*.xlsx")]
    assert len(written) == 2
    written += (project / "input" / "example").rglob("*.xlsx")
    check_computed([path.read_bytes() for path in written], engine, tmp_path)


def of_other_cities(seed):
    """Return a plan measured by yearly targets, so that a changed actual changes the target too."""
    plan = with_all_of_other_cities(made_up_plan(12, 3, seed), seed)
    return replace(plan, yardstick=Yardstick.YEARLY)


@pytest.mark.parametrize(
    ("plan", "month"),
    [
        (made_up_plan(12, 3, seed=7), "2026-02"),
        (made_up_plan(12, 3, seed=7), "2027-05"),
        *((of_other_cities(seed), "2026-05") for seed in (22, 23)),
    ],
)
def test_a_change_in_the_workbook_comes_to_what_the_program_makes_of_it(engine, tmp_path, plan, month):
    entries = made_up_entries(plan, 7, month)
    content = write_workbook(made_up_report(plan, entries, month)).read()
    changed = change(plan, entries, random.Random(month), month)
    expected = cells_of(write_workbook(made_up_report(plan, changed, month)).read())
    (computed,) = anew([typed_into(content, entries, changed)], engine, tmp_path)
    wanted, computed, before = map(live_cells, (expected, computed, cells_of(content)))
    pages = [sheet for sheet in expected if sheet.isdigit()]
    assert [len(computed[page]) for page in pages] == [len(wanted[page]) for page in pages]
    assert len(differences(wanted, before)) > 60, "the change changes much"
    assert differences(wanted, computed) == []


def test_actions_have_numbers_of_many_digits(engine, tmp_path):
    actions = [[123456789012345, "アクション一", 1], [20001, "アクション二", 2], [9, "アクション三", 2]]
    tasks = [[at, no, "令和6年度", "甲課", f"作業{at}"] for at, (no, *_) in enumerate(actions, start=1)]
    plan = plan_of(アクション=actions, タスク=tasks, 指標=[])
    entries = {"甲課": {("T-1", Field.DONE): Fraction(1, 2), ("T-2", Field.DONE): Fraction(3, 10)}}
    content = write_workbook(made_up_report(plan, entries)).read()
    check_computed([content], engine, tmp_path)
    cells = {address: value for address, (_, value) in cells_of(content)["総括"].items()}
    numbers = [cells[address] for address in sorted(cells) if cells[address] in (123456789012345, 20001)]
    assert numbers == [20001, 123456789012345], "the lower rate first"


def test_an_ended_actions_statuses_are_those_of_its_last_month(engine, tmp_path):
    """An actual whose 時点 lay after that month is 見込, in the formula too."""
    actions = [[1, "アクション一", 1], [2, "アクション二", 2, "", "", "", "", "", "", "2025-09"]]
    city = City(tmp_path / "city", アクション=actions)
    actual = {("指標", "I-1", "実績値"): 8, ("指標", "I-1", "時点"): dt.date(2025, 10, 31)}
    city.submit("2025-09", "乙課", actual)
    city.submit("2026-02", "甲課", {("進捗", "T-3", "実施"): 0.9})
    document = city.run()
    assert document["actions"][1]["status"] == ["見込", "終了"]
    check_computed([(city.root / document["files"]["workbook"]).read_bytes()], engine, tmp_path)


def live_cells(book):
    """Return the live sheets by address, and every page's exact figures in their order: a page's rows fit its texts.

    確認事項 is counted at the run, and says so.
    """
    live = {"総括", "一覧", "方法の比較", "課ごとの内訳"}
    found = {}
    for sheet, cells in book.items():
        kept = {address: cell for address, cell in cells.items() if not str(cell[1]).startswith("確認事項（")}
        if sheet not in live:
            figures = [(int(address[2:]), cell) for address, cell in kept.items() if re.fullmatch(r"AW\d+", address)]
            kept = {str(at): cell for at, (_, cell) in enumerate(sorted(figures, key=lambda each: each[0]))}
        found[sheet] = kept
    return found


def change(plan, entries, chance, month):
    """Return the entries with many figures changed, some given for the first time, some taken away."""
    changed = {department: dict(typed) for department, typed in entries.items()}
    for task in plan.tasks:
        mine, key = changed[task.department], (task.key, Field.DONE)
        if isinstance(mine.get(key, Fraction(0)), Fraction) and chance.random() < 0.4:
            mine[key] = Fraction(chance.randint(0, 40), 40)
            if chance.random() < 0.2:
                del mine[key]
    watched = {each.no for each in plan.indicators if each.target is None}  # their years are not on the page
    for each in plan.at(Month.parse(month)).indicators:
        if each.fiscal_year and each.no in watched:
            continue
        mine, key = changed[each.department], (each.key, Field.ACTUAL)
        if key in mine and chance.random() < 0.6:
            mine[key] = new_actual(chance, each)
        elif key in mine and each.fiscal_year and chance.random() < 0.3:
            del mine[key]
    for typed in changed.values():
        for key, item in list(typed):
            if item == Field.ASSESSMENT and chance.random() < 0.5:
                typed[key, item] = Fraction(chance.randint(0, 20), 20)
    return changed


def typed_into(content, before, after):
    """Type what changed into the pages, as a meeting would; a cell is found by its link to its data row."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # openpyxl says what it does not keep: data bars
        workbook = openpyxl.load_workbook(io.BytesIO(content))
    old, new = ({key: value for typed in side.values() for key, value in typed.items()} for side in (before, after))
    items = {"データ_進捗": Field.DONE, "データ_指標": Field.ACTUAL, "データ_総括評価": Field.ASSESSMENT}
    typed = 0
    for sheet in workbook.worksheets:
        for cell in (cell for row in sheet.iter_rows() for cell in row if cell.hyperlink and cell.hyperlink.location):
            name, _, address = cell.hyperlink.location.partition("!")
            item = items.get(name.strip("'"))
            if item is None:
                continue
            key = (workbook[name.strip("'")][address].value, item)
            if old.get(key) != new.get(key):
                cell.value = float(new[key]) if key in new else "未報告"
                typed += 1
    assert typed == sum(old.get(key) != new.get(key) for key in {*old, *new})
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


TRIED = {1: (9, 7), 2: (9, 10), 3: (7, None), 4: (5, 8), 5: (10, 10), 6: (8, 8.5)}
"""By indicator the actual as reported in both months, and as a meeting tries it out: fell, rose, no longer rated, rose twice."""


@pytest.mark.parametrize("engine", ["LibreOffice"], indirect=True)
def test_cover_summary_and_chapters_follow_what_a_meeting_tries_out(engine, tmp_path):
    def workbook(at):
        city = City(
            tmp_path / f"city{at}",
            アクション=[[no, f"取り組み{no}", 1 + no % 2, "", "", "10回", "甲課", ""] for no in TRIED],
            タスク=[],
            指標=[[no, no, f"回数{no}", "回", None, 10, "増", "甲課"] for no in TRIED],
        )
        reported = {("指標", f"I-{no}", "実績値"): values[0] for no, values in TRIED.items()}
        city.submit("2026-01", "甲課", reported)
        city.submit("2026-02", "甲課", {("指標", f"I-{no}", "実績値"): values[at] for no, values in TRIED.items()})
        city.invoke("run")
        return next(city.root.glob("output/2026-02/*.xlsx")).read_bytes()

    before, expected = (workbook(at) for at in (0, 1))
    old, new = (
        {"甲課": {(f"I-{no}", Field.ACTUAL): values[at] for no, values in TRIED.items() if values[at] is not None}}
        for at in (0, 1)
    )
    (computed,) = anew([typed_into(before, old, new)], engine, tmp_path)
    wanted, stored = cells_of(expected), cells_of(before)
    for sheet in ("表紙", "総括", "テーマI", "テーマII"):
        shown = {address: value for address, (_, value) in wanted[sheet].items() if value is not None}
        shown = {
            address: value for address, value in shown.items() if not str(value).startswith(("報告　", "確認事項"))
        }
        assert {address: computed[sheet].get(address, (None, None))[1] for address in shown} == shown
        assert any(stored[sheet].get(address, (None, None))[1] != value for address, value in shown.items())
    fallen = [value for _, value in computed["総括"].values() if str(value).startswith("区分が下がったアクション")]
    assert fallen == ["区分が下がったアクション 1件"]
    assert {1.0, "取り組み1"} <= {value for _, value in computed["総括"].values()}


@pytest.mark.parametrize("engine", ["LibreOffice"], indirect=True)
@pytest.mark.parametrize(
    "rates", [(0.1, 0.1, 0.1), (0.5, 0.5, None), (None, 0.5, None), (None, 0.1, 1), (0.9, 0.9, 0.9)]
)
def test_what_cannot_be_reached_computes_to_what_is_said(engine, tmp_path, rates):
    city = City(
        tmp_path / "city",
        アクション=[[1, "一", 1, "", "", "", "甲課", ""]],
        タスク=[[year, 1, f"令和{year}年度", "甲課", "作業"] for year in (6, 7, 8)],
        指標=[],
    )
    typed = {
        ("進捗", f"T-{year}", "実施"): rate for year, rate in zip((6, 7, 8), rates, strict=True) if rate is not None
    }
    city.submit("2027-03", "甲課", typed)
    document = city.run()
    check_computed([(city.root / document["files"]["workbook"]).read_bytes()], engine, tmp_path)
