"""The workbook as a live model: what Excel computes anew is what the program evaluated, before and after a change."""

import io
import random
import warnings
from fractions import Fraction

import openpyxl
import pytest
from support.office import recalculated
from support.reports import made_up_entries, made_up_plan, made_up_report, new_actual, with_all_of_other_cities
from support.sheets import cells_of, differences

from kama_excel.domain.keys import Field
from kama_excel.report.xlsx.workbook import write_workbook

pytestmark = pytest.mark.office


def anew(content, office, name="report"):
    """Return the cells of the workbook after LibreOffice computed every formula, believing no cached value."""
    path = office / f"{name}.xlsx"
    path.write_bytes(content)
    folder = office / "out"
    folder.mkdir(exist_ok=True)
    return cells_of(recalculated(path, folder).read_bytes())


@pytest.mark.parametrize(
    ("actions", "years", "density", "seed"),
    [(6, 1, 0.9, 1), (12, 3, 0.9, 2), (300, 10, 0.08, 4)],
    ids=["one-year", "three-years", "300-actions-ten-years"],
)
def test_every_formula_computes_to_its_cached_value(office, actions, years, density, seed):
    plan = made_up_plan(actions, years, seed, density)
    content = write_workbook(made_up_report(plan, made_up_entries(plan, seed)))
    written = cells_of(content)
    assert sum(formula is not None for cells in written.values() for formula, _ in cells.values()) > 50 * actions
    computed = anew(content, office)
    assert differences(written, computed) == []
    assert not [value for cells in computed.values() for _, value in cells.values() if str(value).startswith("#")]


@pytest.mark.parametrize(("seed", "month"), [(11, "2026-02"), (12, "2026-02"), (13, "2027-05"), (14, "2026-04")])
def test_every_formula_of_another_citys_rules_computes_to_its_cached_value(office, seed, month):
    plan = with_all_of_other_cities(made_up_plan(14, 3, seed), seed)
    content = write_workbook(made_up_report(plan, made_up_entries(plan, seed, month, excludes=True), month))
    computed = anew(content, office)
    assert differences(cells_of(content), computed) == []
    assert not [value for cells in computed.values() for _, value in cells.values() if str(value).startswith("#")]


@pytest.mark.parametrize("month", ["2026-02", "2027-05"])
def test_a_change_in_the_workbook_comes_to_what_the_program_makes_of_it(office, month):
    plan = made_up_plan(12, 3, seed=7)
    entries = made_up_entries(plan, 7, month)
    content = write_workbook(made_up_report(plan, entries, month))
    changed = change(plan, entries, random.Random(month))
    expected = cells_of(write_workbook(made_up_report(plan, changed, month)))
    computed = anew(typed_into(content, entries, changed), office)
    # Beside these sheets every page's exact figures; 確認事項 is counted at the run, and says so.
    live = {"総括", "一覧", "方法の比較"}
    wanted = {
        sheet: {
            address: cell
            for address, cell in cells.items()
            if (sheet in live or address.startswith("Q")) and not str(cell[1]).startswith("確認事項（")
        }
        for sheet, cells in expected.items()
    }
    before = cells_of(content)
    assert len(differences(wanted, before)) > 60, "the change changes much"
    assert differences(wanted, computed) == []


def change(plan, entries, chance):
    """Return the entries with many figures changed, some given for the first time, some taken away."""
    changed = {department: dict(typed) for department, typed in entries.items()}
    for task in plan.tasks:
        mine, key = changed[task.department], (task.key, Field.DONE)
        if isinstance(mine.get(key, Fraction(0)), Fraction) and chance.random() < 0.4:
            mine[key] = Fraction(chance.randint(0, 40), 40)
            if chance.random() < 0.2:
                del mine[key]
    for each in plan.indicators:
        mine, key = changed[each.department], (each.key, Field.ACTUAL)
        if key in mine and chance.random() < 0.6:
            mine[key] = new_actual(chance, each)
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
