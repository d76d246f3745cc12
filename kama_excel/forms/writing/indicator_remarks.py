"""達成率 of an indicator as a formula over the cells of its row, and what is to be said of the row (rule 4)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from kama_excel.domain.keys import Field
from kama_excel.domain.text import folded
from kama_excel.evaluation.rates import achievement, half_up
from kama_excel.forms import schema
from kama_excel.forms.content import Entered
from kama_excel.forms.writing.form_canvas import Area
from kama_excel.parsing.values import PERCENT_UNITS
from kama_excel.plan.model import Indicator
from kama_excel.plan.rating import Direction


def raw_achievement(indicator: Indicator, actual: Entered | None) -> Fraction | None:
    """Return the rate without a limit, None where no figure is typed."""
    return achievement(indicator, actual) if isinstance(actual, Fraction) else None


def achievement_formula(area: Area, indicator: Indicator, row: int) -> str:
    """Return the rate within 0–100 %, blank without an actual."""
    typed = area.cell(Field.ACTUAL, row)
    return f'=IF(ISNUMBER({typed}),MAX(0,MIN(1,{_raw(area, indicator, row)})),"")'


def indicator_check(
    area: Area, indicator: Indicator, row: int, actual: Entered | None, said: Mapping[Field, Entered | None]
) -> tuple[str, str]:
    """Return the formula that says what is missing in the row, and what it says now."""
    typed, as_of = area.cell(Field.ACTUAL, row), area.cell(Field.AS_OF, row)
    others = ",".join(f'{area.cell(item, row)}<>""' for item in said)
    rate = _raw(area, indicator, row)
    good = (
        f'IF({rate}<0,"{schema.WORSE}",IF(ROUND({rate},3)>1,"{schema.OF_TARGET}"&TEXT({rate},"0.0%"),"{schema.WELL}"))'
    )
    filled = f'IF({as_of}="","{schema.AS_OF_WANTED}",{good})'
    formula = (
        f'=IF({typed}="",IF(OR({others}),"{schema.ACTUAL_WANTED}","{schema.UNFILLED}"),'
        f'IF(NOT(ISNUMBER({typed})),"{schema.NOT_A_NUMBER}",{filled}))'
    )
    return formula, _verdict(indicator, actual, said)


def _verdict(indicator: Indicator, actual: Entered | None, said: Mapping[Field, Entered | None]) -> str:
    if actual is None:
        return schema.ACTUAL_WANTED if any(each is not None for each in said.values()) else schema.UNFILLED
    raw = raw_achievement(indicator, actual)
    if raw is None:
        return schema.NOT_A_NUMBER
    if said[Field.AS_OF] is None:
        return schema.AS_OF_WANTED
    if raw < 0:
        return schema.WORSE
    shown = half_up(raw, 3)
    return f"{schema.OF_TARGET}{float(shown * 100):.1f}%" if shown > 1 else schema.WELL


def _raw(area: Area, indicator: Indicator, row: int) -> str:
    """Return the sum of the case of rule 4 that holds; which one is the plan's to say."""
    typed, base, target = (area.cell(each, row) for each in (Field.ACTUAL, schema.BASELINE, schema.TARGET))
    actual = typed
    if folded(indicator.unit) in PERCENT_UNITS:  # 96% typed into a plain cell makes it a percent cell that holds 0.96
        actual = f'IF(LEFT(CELL("format",{typed}),1)="P",{typed}*100,{typed})'
    if indicator.baseline is not None and indicator.baseline != indicator.target:
        return f"({actual}-{base})/({target}-{base})"
    if indicator.direction is Direction.DOWN:
        return f"IF({actual}<={target},1,{target}/{actual})"
    return f"{actual}/{target}" if indicator.target else f"IF({actual}>=0,1,0)"
