"""次の区分まで as formulas: the same figure and words as `model.needed_figure` and `model.needed_text`."""

from __future__ import annotations

from typing import TYPE_CHECKING

from kama_excel.evaluation import ActionEvaluation
from kama_excel.evaluation.rates import uses_baseline
from kama_excel.plan import Direction, Indicator, Method
from kama_excel.report.canvas import LIMITS, NAMES, quoted
from kama_excel.report.model import (
    NO_YEAR_LEFT,
    UNREACHABLE,
    actual_digits,
    needs_less,
    open_years,
    years_words,
)

if TYPE_CHECKING:
    from kama_excel.report.calculation import Calculation, Inputs


def needed_figure_formula(evaluation: ActionEvaluation, at: Calculation, inputs: Inputs) -> str:
    """Return the formula of the actual or the percentage that the next better grade needs, '' where there is none."""
    lower = f"INDEX({LIMITS},MATCH({at.next_grade},{NAMES},0))"
    percent = f"ROUNDUP(ROUND(100*{lower},9),1)"
    cases = percent
    if evaluation.years and inputs.years:
        cases = f"IF({_by(evaluation, at, Method.PLAN_AVERAGE)},{_of_years(evaluation, at, lower)},{cases})"
    if len(evaluation.indicators) == 1:
        indicator = evaluation.indicators[0].fact.indicator
        actual = _actual(indicator, lower, inputs.indicators[0])
        figure, digits = f"ROUND({actual},9)", actual_digits(indicator)
        away, towards = ("ROUNDDOWN", "ROUNDUP") if needs_less(indicator) else ("ROUNDUP", "ROUNDDOWN")
        rounded = f"IF({figure}<0,{towards}({figure},{digits}),{away}({figure},{digits}))"
        cases = f"IF({_by(evaluation, at, Method.TARGET)},{rounded},{cases})"
    return f'IF({at.next_grade}="","",{cases})'


def needed_text_formula(evaluation: ActionEvaluation, at: Calculation) -> str:
    """Return the formula of what the next better grade needs, in words."""
    percent = f'TEXT({at.needed},"0.0")&"%"'
    cases = f'"採用値 "&{percent}'
    years = open_years(evaluation)
    none = quoted(UNREACHABLE if years else NO_YEAR_LEFT)
    words = f"{quoted(years_words(years, evaluation.plan) + 'の平均 ')}&{percent}"
    by_years = f'IF({at.needed}="",{none},{words})'
    cases = f"IF({_by(evaluation, at, Method.PLAN_AVERAGE)},{by_years},{cases})"
    if len(evaluation.indicators) == 1:
        unit = quoted(evaluation.indicators[0].fact.indicator.unit)
        actual = f'"実績値 "&{figure_formula(at.needed)}&{unit}'
        cases = f"IF({_by(evaluation, at, Method.TARGET)},{actual},{cases})"
    return f'IF({at.next_grade}="","",{at.next_grade}&": "&{cases})'


def figure_formula(cell: str) -> str:
    """Return the formula of a figure as `number_text` writes it."""
    return f'SUBSTITUTE(TEXT({cell},IF({cell}=ROUND({cell},0),"#,##0","#,##0.0#########")),"-","−")'


def _by(evaluation: ActionEvaluation, at: Calculation, method: Method) -> str:
    return f"{at.method}={quoted(evaluation.plan.method_label(method))}"


def _actual(indicator: Indicator, lower: str, row: int) -> str:
    """Rule 4 turned round: the actual at which the achievement is just the grade's limit."""
    baseline, target = f"$E${row}", f"$F${row}"
    if uses_baseline(indicator):
        return f"{baseline}+{lower}*({target}-{baseline})"
    return f"{target}/{lower}" if indicator.direction is Direction.DOWN else f"{target}*{lower}"


def _of_years(evaluation: ActionEvaluation, at: Calculation, lower: str) -> str:
    """Return the mean progress, in percent, that each year not ended needs; '' where more than 100 % would be."""
    years = len(open_years(evaluation))
    if not years:
        return '""'
    ended = [at.years[year.fiscal_year] for year in evaluation.years if year.has_ended]
    cells = f"{ended[0]}:{ended[-1]}" if ended else ""
    count, total = (f"COUNT({cells})", f"SUM({cells})") if ended else ("0", "0")
    needed = f"ROUND(100*({lower}*({count}+{years})-{total})/{years},9)"
    return f'IF({needed}>100,"",MAX(0,ROUNDUP({needed},1)))'
