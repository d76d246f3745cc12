"""Each rule's formula comes to the same as the rule: made-up cases, computed by an office program in one workbook."""

import io
from dataclasses import dataclass
from fractions import Fraction as F

import openpyxl
import pytest
import xlsxwriter
from hypothesis import Phase, given, settings
from hypothesis import strategies as st
from support.office import recalculated

from kama_excel.domain.arithmetic import compared, half_up
from kama_excel.evaluation import formulas, rates
from kama_excel.evaluation.facts import IndicatorFact, TaskFact
from kama_excel.evaluation.formulas import BandTable, IndicatorCells
from kama_excel.evaluation.rates import IndicatorResult, YearProgress
from kama_excel.plan.rating import Band, Bands, Direction, Limits, Rounding
from kama_excel.plan.rows import Indicator, Task

CITY = tuple(
    Band(name, F(lower, 100))
    for name, lower in (("達成", 100), ("ほぼ達成", 90), ("概ね達成", 80), ("やや未達", 60), ("課題あり", 0))
)
WIDE = tuple(Band(name, F(lower, 100)) for name, lower in (("A+", 120), ("A", 100), ('"B"', 60), ("C", 0), ("D", -100)))
BANDS = st.builds(
    Bands,
    st.sampled_from((CITY, WIDE)),
    st.sampled_from((Limits(), Limits(None, None), Limits(F(-1, 2), F(6, 5)), Limits(F(0), None))),
    st.builds(Rounding, st.integers(0, 2), st.booleans()),
)


def typed(number):
    """Return what a cell holds of a number: a decimal of 15 significant digits."""
    return F(f"{float(number):.15g}")


EDGES = st.builds(
    lambda edge, tiny: typed(F(edge) + F(tiny, 10**11)),
    st.sampled_from(["0", "0.6", "0.8", "0.9", "1", "1.2", "-1", "0.8995", "0.89949", "0.5555", "-0.055"]),
    st.sampled_from([0, -1, 1, -40, 40, -49, 49, -60, 60, -99, 99]),
)
RATES = EDGES | st.integers(-30_000, 30_000).map(lambda number: F(number, 10_000)) | st.fractions(-2, 2).map(typed)
FIGURES = st.integers(-300, 3000).map(lambda number: F(number, 10)) | st.sampled_from([F(0), F(10), F(50)])
PROGRESS = st.none() | st.just("対象外") | st.fractions(0, 1).map(typed) | st.sampled_from([F(1, 2), F(4, 5)])


@dataclass(frozen=True)
class Case:
    """Figures of cells by column, the formula over them, and what it comes to."""

    cells: dict[str, object]
    formula: str
    value: object


def _indicator(baseline, target, direction):
    if baseline is not None and baseline != target:
        direction = Direction.UP if target > baseline else Direction.DOWN
    elif target < 0:
        baseline, target = None, -target
    return Indicator("1", 1, "指標", "件", baseline, target, direction, "甲課")


INDICATORS = st.builds(_indicator, st.none() | FIGURES, FIGURES, st.sampled_from(Direction))


@st.composite
def cases(draw):
    """Draw one case of every formula, in cells named {A} to {H} of its row."""
    bands, rate, other = draw(BANDS), draw(RATES), draw(RATES)
    table = BandTable.of(bands)
    indicator, actual = draw(INDICATORS), draw(FIGURES)
    result = IndicatorResult(IndicatorFact(indicator, actual), bands)
    cells = IndicatorCells("{C}", "{D}", "{E}")
    known = {"C": indicator.baseline, "D": indicator.target, "E": actual}
    weights = draw(st.lists(st.integers(1, 4).map(F), min_size=4, max_size=4))
    done = draw(st.lists(PROGRESS, min_size=4, max_size=4))
    facts = [
        TaskFact(Task(str(at), 1, 2024, "甲課", "", weight), None if isinstance(figure, str) else figure)
        for at, (weight, figure) in enumerate(zip(weights, done, strict=True))
    ]
    year = YearProgress(2024, tuple(facts), has_begun=True, has_ended=True)
    of_tasks = {"C": done, "D": weights}
    lower = bands.bands[draw(st.integers(0, 3))].lower
    found = [
        Case({"C": rate}, formulas.grade("{C}", table), bands.grade(rate)),
        Case({"C": rate}, formulas.shown("{C}", table), rates.shown_rate(rate, bands)),
        Case({"C": rate}, formulas.shown_text("{C}", table), rates.shown_percent(rate, bands)),
        Case({"C": None}, formulas.shown("{C}", table), None),
        Case({"C": rate, "D": other}, formulas.is_lower("{C}", "{D}"), compared(rate - other) < 0),
        Case({"C": rate}, formulas.is_worse("{C}"), compared(rate) < 0),
        Case({"C": rate}, formulas.is_reached("{C}", formulas.number(lower)), compared(rate) >= lower),
        Case({"C": rate}, formulas.limited("{C}", bands.limits), rates.limited(rate, bands.limits)),
        Case(of_tasks, formulas.weighted_mean("{C}:{C4}", "{D}:{D4}"), year.progress),
        Case(known, formulas.achievement(indicator, cells), result.raw),
        Case(known, formulas.without_baseline(indicator, cells, bands.limits), result.without_baseline),
    ]
    if 0 < lower <= 1:
        needed = rates.actual_needed(indicator, lower)
        found.append(Case(known, formulas.actual_needed(indicator, formulas.number(lower), cells), needed))
    shown_otherwise = half_up(rate, bands.rounding.digits + 2) != rates.shown_rate(rate, bands)
    found.append(Case({"C": rate}, formulas.is_shown_otherwise("{C}", bands), shown_otherwise))
    return found


def _computed(made, folder):
    """Return what an office program computes, case by case; a case takes four rows."""
    workbook = xlsxwriter.Workbook(folder / "cases.xlsx")
    sheet = workbook.add_worksheet()
    for at, case in enumerate(made):
        row = 4 * at + 1
        for column, values in case.cells.items():
            for below, value in enumerate(values if isinstance(values, list) else [values]):
                if value is not None:
                    sheet.write(f"{column}{row + below}", value if isinstance(value, str) else float(value))
        names = {column: f"{column}{row}" for column in "CDE"} | {f"{column}4": f"{column}{row + 3}" for column in "CD"}
        sheet.write_formula(f"A{row}", "=" + _with_names(case.formula, names))
    workbook.close()
    (folder / "out").mkdir()
    content = recalculated(folder / "cases.xlsx", folder / "out").read_bytes()
    computed = openpyxl.load_workbook(io.BytesIO(content), data_only=True).active
    return [computed[f"A{4 * at + 1}"].value for at in range(len(made))]


def _with_names(formula, names):
    for name, address in names.items():
        formula = formula.replace(f"{{{name}}}", address)
    return formula


def _same(value, found):
    if value is None:
        return found in (None, "")
    if isinstance(value, F):
        return isinstance(found, int | float) and abs(float(value) - found) < 1e-9 * max(1, abs(float(value)))
    return value == found


@pytest.mark.office
def test_every_formula_comes_to_what_its_rule_says(office):
    made = []

    @settings(max_examples=400, database=None, phases=[Phase.generate])
    @given(cases())
    def draw(of_one):
        made.extend(of_one)

    draw()
    computed = _computed(made, office)
    differing = [(case, found) for case, found in zip(made, computed, strict=True) if not _same(case.value, found)]
    assert differing == []


@pytest.mark.parametrize(
    ("digits", "is_cut", "shown"),
    [
        (1, False, ["89.9%", "79.5%", "85.6%", "99.9%", "-5.4%", "-5.5%"]),
        (0, False, ["89%", "79%", "86%", "99%", "-5%", "-6%"]),
        (2, False, ["89.96%", "79.50%", "85.55%", "99.99%", "-5.40%", "-5.50%"]),
        (0, True, ["89%", "79%", "85%", "99%", "-6%", "-6%"]),
    ],
)
def test_a_rate_is_shown_with_the_plans_digits(digits, is_cut, shown):
    bands = Bands(CITY, Limits(None, None), Rounding(digits, is_cut))
    figures = ["0.8996", "0.795", "0.8555", "0.99995", "-0.054", "-0.055"]
    assert [rates.shown_percent(F(figure), bands) for figure in figures] == shown
