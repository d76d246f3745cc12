"""状態 as a formula over an action's page: the same words as `wording.status_text`."""

from __future__ import annotations

from collections.abc import Iterable

from kama_excel.evaluation import formulas
from kama_excel.evaluation.action import ActionEvaluation, Status
from kama_excel.evaluation.formulas import BandTable
from kama_excel.evaluation.rates import IndicatorResult
from kama_excel.plan.rating import Aggregation, Method
from kama_excel.report.xlsx.page.addresses import (
    ACTUAL,
    ASSESSED,
    CERTAINTY,
    PLANNED_COLUMN,
    TASK_RATE,
    WEIGHT_COLUMN,
    Addresses,
    Inputs,
)
from kama_excel.spreadsheets.cells import a1, absolute, quoted


def count_formulas(evaluation: ActionEvaluation, at: Addresses, inputs: Inputs) -> tuple[str, str, str, str]:
    """Return formulas of tasks reported and expected, and of reports existing and needed.

    The latter two are those of the adopted rate.
    """
    begun = [year.fiscal_year for year in evaluation.years if year.has_begun and year.fiscal_year in inputs.years]
    reported = _sum(_reported(inputs, year) for year in begun)
    expected = _sum(
        f'COUNT({inputs.tasks(year, WEIGHT_COLUMN)})-COUNTIF({inputs.tasks(year, TASK_RATE[0])},"対象外")'
        for year in begun
    )
    label = evaluation.plan.method_label
    assessed = f"COUNT({inputs.assessment_cells(ASSESSED[0])})" if inputs.assessments else "0"
    with_actual, of_indicators = _indicator_counts(evaluation, inputs)
    by_target = f"{at.method}={quoted(label(Method.TARGET))}"
    if at.raw:
        by_target = f"OR({by_target},AND({at.method}={quoted(label(Method.AUTOMATIC))},{of_indicators}>0))"
    by_assessment = f"{at.method}={quoted(label(Method.ASSESSMENT))}"
    used = f"IF({by_assessment},{assessed},IF({by_target},{with_actual},{at.reported}))"
    wanted = f"IF({by_assessment},{len(evaluation.assessors)},IF({by_target},{of_indicators},{at.expected}))"
    return reported, expected, used, wanted


def _indicator_counts(evaluation: ActionEvaluation, inputs: Inputs) -> tuple[str, str]:
    """Return formulas of the number of actuals reported and expected (all but 対象外)."""
    reported, wanted = [], []
    for number in range(len(evaluation.indicators)):
        cells = _actuals(inputs, number)
        rows = len(inputs.indicator_years.get(number, (0,)))
        reported.append(f"COUNT({cells})")
        wanted.append(f'{rows}-COUNTIF({cells},"対象外")')
    return _sum(reported), f"({_sum(wanted)})"


def _actuals(inputs: Inputs, number: int) -> str:
    """Return the cells of an indicator's reported actuals: one, or one per fiscal year."""
    return (
        inputs.year_cells(number, ACTUAL[0])
        if number in inputs.indicator_years
        else inputs.indicator_row(number).actual
    )


def none_formula(evaluation: ActionEvaluation, at: Addresses, inputs: Inputs) -> str:
    """Return the formula of the category without a rate: 評価対象外 or 未評価.

    評価対象外 if everything that the rate would need is 対象外.
    """
    _, of_indicators = _indicator_counts(evaluation, inputs)
    excluded = _sum(f'COUNTIF({_actuals(inputs, number)},"対象外")' for number in range(len(evaluation.indicators)))
    begun = [year.fiscal_year for year in evaluation.years if year.has_begun and year.fiscal_year in inputs.years]
    without = _sum(f'COUNTIF({inputs.tasks(year, TASK_RATE[0])},"対象外")' for year in begun)
    words = quoted(Status.UNEVALUATED.value)
    match evaluation.decided:
        case Method.TARGET:
            condition = f"AND({of_indicators}=0,{excluded}>0)"
        case Method.PLAN_AVERAGE:
            condition = f"AND({at.expected}=0,{without}>0)"
        case Method.AUTOMATIC:
            condition = f"AND({of_indicators}=0,{at.expected}=0,{excluded}+{without}>0)"
        case _:
            return words
    return f"IF({condition},{quoted(Status.NOT_EVALUATED.value)},{words})"


def status_formula(evaluation: ActionEvaluation, at: Addresses, inputs: Inputs) -> str:
    """Return the formula of all statuses of the adopted rate (rule 7), joined by ・."""
    is_evaluated = f'{at.adopted}<>""'
    by_average = f"{at.method}={quoted(evaluation.plan.method_label(Method.PLAN_AVERAGE))}"
    parts = [_if(f"AND({is_evaluated},{_is_expected(evaluation, at, inputs)})", quoted("・見込"))]
    running = [year.fiscal_year for year in evaluation.years if year.is_running and year.fiscal_year in inputs.years]
    mid_year = []
    if running:
        reported = _sum(_reported(inputs, year) for year in running)
        mid_year.append(f"AND({by_average},{reported}>0)")
    by_target = f"{at.method}={quoted(evaluation.plan.method_label(Method.TARGET))}"
    for number, result in enumerate(evaluation.indicators):
        rows = inputs.indicator_years.get(number, {})
        running_rows = [rows[year.fiscal_year] for year in result.years if year.is_running]
        mid_year += [f"AND({by_target},ISNUMBER({_actual(row)}))" for row in running_rows]
    if mid_year:
        parts.append(_if(f"AND({is_evaluated},{formulas.any_of(mid_year)})", quoted("・年度途中")))
    _, of_indicators = _indicator_counts(evaluation, inputs)
    lacks = f"AND({by_average},{of_indicators}>0)" if evaluation.decided is Method.AUTOMATIC and at.raw else "FALSE"
    words = f'IF({lacks},"・暫定（指標の実績値が未報告）","・暫定 "&{at.used}&"/"&{at.wanted})'
    parts.append(_if(f"AND({is_evaluated},OR({at.used}<{at.wanted},{lacks}))", words))
    if at.raw:
        parts.append(_if(formulas.is_worse(f"MIN({at.raw[0]}:{at.raw[-1]})"), quoted("・悪化")))
    if evaluation.decision is None and inputs.assessments and not evaluation.is_ended:
        other = formulas.grade(at.assessment, BandTable.in_workbook(evaluation.bands))
        parts.append(_if(f'AND({at.assessment}<>"",{other}<>{at.grade})', quoted("・要判断")))
    parts.append(_if(f'{at.adopted}=""', f'"・"&{at.grade}'))
    if evaluation.is_ended:
        parts.append(quoted("・終了"))
    return f"MID({'&'.join(parts)},2,99)"


def _is_expected(evaluation: ActionEvaluation, at: Addresses, inputs: Inputs) -> str:
    """Return the condition of 見込: any part of the adopted rate is in the future or not final."""
    cases = []
    if inputs.indicators:
        unsettled = [_unsettled(result, inputs, number) for number, result in enumerate(evaluation.indicators)]
        cases.append((Method.TARGET, _sum(unsettled)))
    if inputs.years:
        planned = (
            f"ISNUMBER({inputs.tasks(year, TASK_RATE[0])})*({inputs.tasks(year, PLANNED_COLUMN)}=1)"
            for year in inputs.years
        )
        cases.append((Method.PLAN_AVERAGE, _sum(f"SUMPRODUCT({each})" for each in planned)))
    if inputs.assessments:
        early = f"ISNUMBER({inputs.assessment_cells(ASSESSED[0])})*({inputs.assessment_cells(WEIGHT_COLUMN)}=1)"
        cases.append((Method.ASSESSMENT, f"SUMPRODUCT({early})"))
    label = evaluation.plan.method_label
    tests = [f"AND({at.method}={quoted(label(method))},{count}>0)" for method, count in cases]
    return formulas.any_of(tests)


def _unsettled(result: IndicatorResult, inputs: Inputs, number: int) -> str:
    """Return the number of an indicator's current actuals that are not final or in the future.

    More than 0 for an open sum.
    """
    rows = inputs.indicator_years.get(number)
    if rows is None:
        row = inputs.indicators[number]
        return f"ISNUMBER({_actual(row)})*({_is_unsettled(row)})"
    newest_only = result.fact.indicator.aggregation is Aggregation.LATEST
    last = max(rows.values())
    found = []
    for row in rows.values():
        later = f"{_actual(row + 1)}:{_actual(last)}" if newest_only and row < last else ""
        found.append(f"{formulas.is_newest(_actual(row), later)}*({_is_unsettled(row)})")
    if result.is_open_sum:
        plan_end = rows.get(result.last_year or 0)
        is_open = f"NOT(ISNUMBER({_actual(plan_end)}))" if plan_end else "TRUE"
        found.append(f"(COUNT({inputs.year_cells(number, ACTUAL[0])})>0)*{is_open}")
    return _sum(found)


def _is_unsettled(row: int) -> str:
    certainty, ahead = (absolute(a1(row, column)) for column in (CERTAINTY[0], WEIGHT_COLUMN))
    return f'({certainty}="見込")+({certainty}="仮定")+({ahead}=1)>0'


def _actual(row: int) -> str:
    return absolute(a1(row, ACTUAL[0]))


def _reported(inputs: Inputs, fiscal_year: int) -> str:
    return formulas.count_reported(inputs.tasks(fiscal_year, TASK_RATE[0]), inputs.tasks(fiscal_year, PLANNED_COLUMN))


def _sum(terms: Iterable[str]) -> str:
    return "+".join(terms) or "0"


def _if(condition: str, text: str) -> str:
    return f'IF({condition},{text},"")'
