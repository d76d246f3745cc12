"""次の区分に必要な水準 as formulas: the same as `wording.needed_figures` and `needed_text`."""

from __future__ import annotations

from kama_excel.evaluation import formulas
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.formulas import BandTable
from kama_excel.evaluation.rates import needs_less
from kama_excel.plan.rating import Method
from kama_excel.report.wording import NO_YEAR_LEFT, NONE_REACHABLE, UNREACHABLE, needed_of_what
from kama_excel.report.xlsx.page.addresses import TASK_RATE, Addresses, Inputs, span
from kama_excel.report.xlsx.page.input_rules import UNREPORTED
from kama_excel.spreadsheets.cells import quoted

_LONGEST = 2000  # characters for all better grades together


def needed_figure_formula(evaluation: ActionEvaluation, at: Addresses, inputs: Inputs, rank: int) -> str:
    """Return the formula of the actual or percentage that a grade needs.

    '' if it is reached or out of reach. `rank` counts the grades from the lowest, which is 1.
    """
    table = BandTable.in_workbook(evaluation.bands)
    lower = table.lower(rank)
    digits = evaluation.bands.rounding.digits
    cases = formulas.enough(f"100*{lower}", digits)
    if len(evaluation.indicators) != 1:
        by_target = _within(cases, lower, _highest(evaluation, at, inputs))
        cases = f"IF({_by(evaluation, at, Method.TARGET)},{by_target},{_within(cases, lower, '1')})"
    else:
        cases = _within(cases, lower, "1")
    if evaluation.years and inputs.years:
        cases = f"IF({_by(evaluation, at, Method.PLAN_AVERAGE)},{_of_years(evaluation, at, lower)},{cases})"
    if len(evaluation.indicators) == 1:
        only, row = evaluation.indicators[0], inputs.indicator_row(0)
        indicator = only.fact.indicator
        actual = formulas.actual_needed(indicator, lower, row)
        figure = formulas.enough(actual, only.decimals, is_less=needs_less(indicator))
        figure = _within(figure, lower, formulas.highest(indicator, row, evaluation.bands.limits))
        cases = f"IF({_by(evaluation, at, Method.TARGET)},{figure},{cases})"
    return f'IF({at.adopted}="","",IF({formulas.is_reached(at.adopted, lower)},"",{cases}))'


def needed_text_formula(evaluation: ActionEvaluation, at: Addresses, inputs: Inputs) -> str:
    """Return the formula of what each better grade needs in words, nearest first."""
    if not at.needed:
        return '""'
    lacks = _lacks_ended_tasks(evaluation, at, inputs)
    words = "&".join(_of_grade(evaluation, at, rank, cell, lacks) for rank, cell in at.needed.items())
    of_what = quoted("採用した達成率")
    for method in (Method.PLAN_AVERAGE, Method.TARGET):
        of_what = f"IF({_by(evaluation, at, method)},{quoted(needed_of_what(evaluation, method))},{of_what})"
    text = f'{of_what}&": "&MID({words},2,{_LONGEST})'
    table, best = BandTable.in_workbook(evaluation.bands), max(at.needed)
    found = f"COUNT({','.join(at.needed.values())})>0"
    is_single = formulas.is_reached(at.adopted, table.lower(best - 1)) if best - 1 in at.needed else "TRUE"
    if lacks:
        text = f'IF(OR({found},AND(NOT({lacks}),{is_single})),{text},IF({lacks},"",{quoted(NONE_REACHABLE)}))'
    else:
        text = f"IF(OR({found},{is_single}),{text},{quoted(NONE_REACHABLE)})"
    if not evaluation.open_years:
        text = f"IF({_by(evaluation, at, Method.PLAN_AVERAGE)},{quoted(NO_YEAR_LEFT)},{text})"
    return f'IF({at.adopted}="","",IF({formulas.is_reached(at.adopted, table.lower(best))},"",{text}))'


def _lacks_ended_tasks(evaluation: ActionEvaluation, at: Addresses, inputs: Inputs) -> str:
    """Return the formula: the plan average is adopted, and a task of an ended year is blank.

    '' if no year has ended.
    """
    ended = [year.fiscal_year for year in evaluation.years if year.has_ended and year.fiscal_year in inputs.years]
    counts = [f'COUNTIF({inputs.tasks(year, TASK_RATE[0])},"{UNREPORTED}")' for year in ended]
    return f"AND({_by(evaluation, at, Method.PLAN_AVERAGE)},{'+'.join(counts)}>0)" if counts else ""


def _of_grade(evaluation: ActionEvaluation, at: Addresses, rank: int, cell: str, lacks: str) -> str:
    """Return the formula of 「、概ね達成 27%」; '' if the grade is reached.

    '' also if it is out of reach only as long as reports are missing (`lacks`).
    """
    figure = f'TEXT({cell},"{evaluation.bands.rounding.number_format[:-1]}")&"%"'
    if len(evaluation.indicators) == 1:
        unit = quoted(evaluation.indicators[0].fact.indicator.unit)
        figure = f"IF({_by(evaluation, at, Method.TARGET)},{figure_formula(cell)}&{unit},{figure})"
    table = BandTable.in_workbook(evaluation.bands)
    text = f'"、"&{table.name(rank)}&" "&IF({cell}="",{quoted(UNREACHABLE)},{figure})'
    is_reached = formulas.is_reached(at.adopted, table.lower(rank))
    is_left_out = f'OR({is_reached},AND({cell}="",{lacks}))' if lacks else is_reached
    return f'IF({is_left_out},"",{text})'


def _highest(evaluation: ActionEvaluation, at: Addresses, inputs: Inputs) -> str:
    """Return the highest possible mean of the indicators with a rate."""
    limits, rows = evaluation.bands.limits, [inputs.indicator_row(number) for number in range(len(at.raw))]
    ends = [
        formulas.highest(each.fact.indicator, row, limits)
        for each, row in zip(evaluation.indicators, rows, strict=True)
    ]
    if len({*ends}) <= 1 and not any(row.is_live for row in rows):
        return ends[0] if ends else formulas.UNLIMITED
    total = "+".join(f"ISNUMBER({raw})*{end}" for raw, end in zip(at.raw, ends, strict=True))
    return f"({total})/COUNT({span(at.raw)})"


def _within(figure: str, lower: str, highest: str) -> str:
    """Return what a grade needs if a rate can reach its limit, else ''."""
    return figure if highest == formulas.UNLIMITED else f'IF({lower}>{highest},"",{figure})'


def figure_formula(cell: str) -> str:
    """Return the formula of a figure as `number_text` formats it."""
    return f'SUBSTITUTE(TEXT({cell},IF(ROUND({cell},10)=ROUND({cell},0),"#,##0","#,##0.0#########")),"-","−")'


def _by(evaluation: ActionEvaluation, at: Addresses, method: Method) -> str:
    return f"{at.method}={quoted(evaluation.plan.method_label(method))}"


def _of_years(evaluation: ActionEvaluation, at: Addresses, lower: str) -> str:
    """Return the mean progress in percent that each open year needs; '' above 100 %."""
    years = len(evaluation.open_years)
    if not years:
        return '""'
    ended = [at.years[year.fiscal_year] for year in evaluation.years if year.has_ended]
    cells = f"{ended[0]}:{ended[-1]}" if ended else ""
    needed = formulas.year_progress_needed(lower, cells, years)
    percent = formulas.enough(f"100*MAX(0,{needed})", evaluation.bands.rounding.digits)
    return f'IF({formulas.rounded(needed)}>1,"",{percent})'
