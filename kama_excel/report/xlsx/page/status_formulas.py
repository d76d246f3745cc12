"""状態 as a formula: the same words as `model.status_text`, from the cells of an action's page."""

from __future__ import annotations

from collections.abc import Iterable

from kama_excel.evaluation import formulas
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.formulas import BandTable
from kama_excel.plan.rating import Method
from kama_excel.report.xlsx.page.addresses import Addresses, Inputs
from kama_excel.spreadsheets.cells import quoted


def count_formulas(evaluation: ActionEvaluation, at: Addresses, inputs: Inputs) -> tuple[str, str, str, str]:
    """Return tasks reported, tasks expected, and how many reports the adopted rate has and needs."""
    begun = [year.fiscal_year for year in evaluation.years if year.has_begun and year.fiscal_year in inputs.years]
    reported = _sum(_reported(inputs, year) for year in begun)
    expected = _sum(f'COUNT({inputs.tasks(year, "N")})-COUNTIF({inputs.tasks(year, "I")},"対象外")' for year in begun)
    label = evaluation.plan.method_label
    assessed = f"COUNT({inputs.assessment_cells('D')})" if inputs.assessments else "0"
    with_actual = f"COUNT({at.raw[0]}:{at.raw[-1]})" if at.raw else "0"
    by_target = f"{at.method}={quoted(label(Method.TARGET))}"
    if at.raw:
        by_target = f"OR({by_target},{at.method}={quoted(label(Method.AUTOMATIC))})"
    by_assessment = f"{at.method}={quoted(label(Method.ASSESSMENT))}"
    used = f"IF({by_assessment},{assessed},IF({by_target},{with_actual},{at.reported}))"
    wanted = f"IF({by_assessment},{len(evaluation.assessors)},IF({by_target},{len(at.raw)},{at.expected}))"
    return reported, expected, used, wanted


def status_formula(evaluation: ActionEvaluation, at: Addresses, inputs: Inputs) -> str:
    """Return the formula of all that the adopted rate rests on (rule 7), joined by ・."""
    is_evaluated = f'{at.adopted}<>""'
    by_average = f"{at.method}={quoted(evaluation.plan.method_label(Method.PLAN_AVERAGE))}"
    said = [_if(f"AND({is_evaluated},{_is_expected(evaluation, at, inputs)})", quoted("・見込"))]
    running = [year.fiscal_year for year in evaluation.years if year.is_running and year.fiscal_year in inputs.years]
    if running:
        reported = _sum(_reported(inputs, year) for year in running)
        said.append(_if(f"AND({is_evaluated},{by_average},{reported}>0)", quoted("・年度途中")))
    lacks = by_average if evaluation.decided is Method.AUTOMATIC and at.raw else "FALSE"
    words = f'"・暫定 "&{at.used}&"/"&{at.wanted}&IF({lacks},"（指標未報告）","")'
    said.append(_if(f"AND({is_evaluated},OR({at.used}<{at.wanted},{lacks}))", words))
    if at.raw:
        said.append(_if(formulas.is_worse(f"MIN({at.raw[0]}:{at.raw[-1]})"), quoted("・悪化")))
    if evaluation.decision is None and inputs.assessments and not evaluation.is_ended:
        other = formulas.grade(at.assessment, BandTable.in_workbook(evaluation.bands))
        said.append(_if(f'AND({at.assessment}<>"",{other}<>{at.grade})', quoted("・要判断")))
    said.append(_if(f'{at.adopted}=""', quoted("・未評価")))
    if evaluation.is_ended:
        said.append(quoted("・終了"))
    return f"MID({'&'.join(said)},2,99)"


def _is_expected(evaluation: ActionEvaluation, at: Addresses, inputs: Inputs) -> str:
    """見込: by the rate that is adopted, whether any of what it is made of lies ahead or is not settled."""
    cases = []
    if inputs.indicators:
        certainty, ahead = inputs.indicator_cells("J"), inputs.indicator_cells("N")
        unsettled = f'(({certainty}="見込")+({certainty}="仮定")+({ahead}=1)>0)'
        cases.append((Method.TARGET, f"SUMPRODUCT(ISNUMBER({inputs.indicator_cells('G')})*{unsettled})"))
    if inputs.years:
        planned = (f"ISNUMBER({inputs.tasks(year, 'I')})*({inputs.tasks(year, 'M')}=1)" for year in inputs.years)
        cases.append((Method.PLAN_AVERAGE, _sum(f"SUMPRODUCT({each})" for each in planned)))
    if inputs.assessments:
        early = f"ISNUMBER({inputs.assessment_cells('D')})*({inputs.assessment_cells('N')}=1)"
        cases.append((Method.ASSESSMENT, f"SUMPRODUCT({early})"))
    label = evaluation.plan.method_label
    tests = [f"AND({at.method}={quoted(label(method))},{count}>0)" for method, count in cases]
    return formulas.any_of(tests)


def _reported(inputs: Inputs, fiscal_year: int) -> str:
    return formulas.count_reported(inputs.tasks(fiscal_year, "I"), inputs.tasks(fiscal_year, "M"))


def _sum(terms: Iterable[str]) -> str:
    return "+".join(terms) or "0"


def _if(condition: str, text: str) -> str:
    return f'IF({condition},{text},"")'
