"""達成率 of an indicator as a formula over the cells of its row, and what is to be said of the row (rule 4)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from kama_excel.evaluation.grading import half_up
from kama_excel.evaluation.rates import achievement
from kama_excel.forms import layout, phrases
from kama_excel.forms.layout import Entered
from kama_excel.forms.paper import Area
from kama_excel.plan import Direction, Indicator
from kama_excel.values import PERCENT_UNITS, folded


def raw_achievement(indicator: Indicator, actual: Entered | None) -> Fraction | None:
    """Return the rate without a limit, None where no figure is typed."""
    return achievement(indicator, actual) if isinstance(actual, Fraction) else None


def achievement_formula(area: Area, indicator: Indicator, row: int) -> str:
    """Return the rate within 0–100 %, blank without an actual."""
    typed = area.cell(layout.ACTUAL, row)
    return f'=IF(ISNUMBER({typed}),MAX(0,MIN(1,{_raw(area, indicator, row)})),"")'


def indicator_check(
    area: Area, indicator: Indicator, row: int, actual: Entered | None, said: Mapping[str, Entered | None]
) -> tuple[str, str]:
    """Return the formula that says what is missing in the row, and what it says now."""
    typed, as_of = area.cell(layout.ACTUAL, row), area.cell(layout.AS_OF, row)
    others = ",".join(f'{area.cell(item, row)}<>""' for item in said)
    rate = _raw(area, indicator, row)
    good = f'IF({rate}<0,"{phrases.WORSE}",IF(ROUND({rate},3)>1,"{phrases.OF_TARGET}"&TEXT({rate},"0.0%"),"{phrases.WELL}"))'
    filled = f'IF({as_of}="","{phrases.AS_OF_WANTED}",{good})'
    formula = (
        f'=IF({typed}="",IF(OR({others}),"{phrases.ACTUAL_WANTED}","{phrases.UNFILLED}"),'
        f'IF(NOT(ISNUMBER({typed})),"{phrases.NOT_A_NUMBER}",{filled}))'
    )
    return formula, _verdict(indicator, actual, said)


def _verdict(indicator: Indicator, actual: Entered | None, said: Mapping[str, Entered | None]) -> str:
    if actual is None:
        return phrases.ACTUAL_WANTED if any(each is not None for each in said.values()) else phrases.UNFILLED
    raw = raw_achievement(indicator, actual)
    if raw is None:
        return phrases.NOT_A_NUMBER
    if said[layout.AS_OF] is None:
        return phrases.AS_OF_WANTED
    if raw < 0:
        return phrases.WORSE
    shown = half_up(raw, 3)
    return f"{phrases.OF_TARGET}{float(shown * 100):.1f}%" if shown > 1 else phrases.WELL


def _raw(area: Area, indicator: Indicator, row: int) -> str:
    """Return the sum of the case of rule 4 that holds; which one is the plan's to say."""
    typed, base, target = (area.cell(each, row) for each in (layout.ACTUAL, layout.BASELINE, layout.TARGET))
    actual = typed
    if folded(indicator.unit) in PERCENT_UNITS:  # 96% typed into a plain cell makes it a percent cell that holds 0.96
        actual = f'IF(LEFT(CELL("format",{typed}),1)="P",{typed}*100,{typed})'
    if indicator.baseline is not None and indicator.baseline != indicator.target:
        return f"({actual}-{base})/({target}-{base})"
    if indicator.direction is Direction.DOWN:
        return f"IF({actual}<={target},1,{target}/{actual})"
    return f"{actual}/{target}" if indicator.target else f"IF({actual}>=0,1,0)"
