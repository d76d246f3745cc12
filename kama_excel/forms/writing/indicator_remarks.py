"""The formulas of 指標: 達成率 and the check of a row (rule 4)."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction
from typing import NamedTuple

from kama_excel.domain.entries import Excluded, TypedValue
from kama_excel.domain.keys import Field
from kama_excel.domain.text import normalize_key
from kama_excel.evaluation import formulas
from kama_excel.evaluation.facts import IndicatorFact
from kama_excel.evaluation.formulas import BandTable, IndicatorCells
from kama_excel.evaluation.rates import FAR, IndicatorResult, is_far, shown_percent, shown_rate
from kama_excel.forms import schema
from kama_excel.forms.writing.form_canvas import Answer, Area
from kama_excel.parsing.values import PERCENT_UNITS
from kama_excel.plan.rating import Bands
from kama_excel.plan.rows import Indicator


def is_in_percent(indicator: Indicator) -> bool:
    """Return whether the actuals have percent cells, where 96 and 96% both become 0.96."""
    return normalize_key(indicator.unit) in PERCENT_UNITS


class IndicatorAnswers(NamedTuple):
    """The formulas of 指標, whose table is in `area`."""

    area: Area
    bands: Bands

    def answer(
        self,
        indicator: Indicator,
        heading: str,
        row: int,
        actual: TypedValue | None,
        inputs: Mapping[Field, TypedValue | None],
    ) -> Answer:
        """Return the formula under a heading in the indicator's row.

        `inputs` are those beside 実績値.
        """
        result = IndicatorResult(IndicatorFact(indicator, actual if isinstance(actual, Fraction) else None), self.bands)
        table = BandTable.of(self.bands)
        if heading in (schema.ACHIEVEMENT, schema.GRADE) and indicator.target is None:
            return formulas.NOTHING, ""
        if heading == schema.ACHIEVEMENT:
            limited = formulas.limited(self._raw(indicator, row), self.bands.limits)
            formula = f'IF(ISNUMBER({self.area.cell(Field.ACTUAL, row)}),{limited},"")'
            return formula, "" if result.achievement is None else float(result.achievement)
        if heading == schema.GRADE:
            formula = formulas.grade(self.area.cell(schema.ACHIEVEMENT, row), table)
            return formula, "" if result.achievement is None else self.bands.grade(result.achievement)
        return self._check(indicator, row, inputs), self._verdict(result, actual, inputs)

    def _check(self, indicator: Indicator, row: int, inputs: Mapping[Field, TypedValue | None]) -> str:
        """Return the formula that lists what is missing in the row."""
        typed, as_of = self.area.cell(Field.ACTUAL, row), self.area.cell(Field.AS_OF, row)
        others = ",".join(f'{self.area.cell(item, row)}<>""' for item in inputs)
        good = f'"{schema.WELL}"'
        if indicator.target is not None:
            good = self._of_target(self._raw(indicator, row), self._is_far(indicator, row))
        filled = f'IF({as_of}="","{schema.AS_OF_WANTED}",{good})'
        reason = f'IF(TRIM({self.area.cell(Field.GROUNDS, row)})="","{schema.GROUNDS_WANTED}","{schema.WELL}")'
        word = f'IF(TRIM({typed})="{Excluded.EXCLUDED.value}",{reason},"{schema.NOT_A_NUMBER}")'
        return (
            f'IF({typed}="",IF(OR({others}),"{schema.ACTUAL_WANTED}","{schema.UNFILLED}"),'
            f"IF(NOT(ISNUMBER({typed})),{word},{filled}))"
        )

    def _of_target(self, rate: str, is_far: str) -> str:
        """Return the formula of the remark on an unlimited achievement, far or not."""
        past = f"ROUND({formulas.rounded(rate)},{self.bands.rounding.digits + 2})>1"
        mark = f'IF({is_far},"{schema.FAR_OF_TARGET}","{schema.OF_TARGET}")'
        of_target = f'{mark}&TEXT({formulas.rounded(rate)},"{self.bands.rounding.number_format}")'
        return f'IF({formulas.is_worse(rate)},"{schema.WORSE}",IF({past},{of_target},"{schema.WELL}"))'

    def _verdict(
        self, result: IndicatorResult, actual: TypedValue | None, inputs: Mapping[Field, TypedValue | None]
    ) -> str:
        if actual is None:
            return schema.ACTUAL_WANTED if any(each is not None for each in inputs.values()) else schema.UNFILLED
        if actual is Excluded.EXCLUDED:
            return schema.WELL if inputs[Field.GROUNDS] else schema.GROUNDS_WANTED
        if not isinstance(actual, Fraction):
            return schema.NOT_A_NUMBER
        raw = result.raw
        if inputs[Field.AS_OF] is None:
            return schema.AS_OF_WANTED
        if result.is_worse:
            return schema.WORSE
        if raw is not None and shown_rate(raw, self.bands) > 1:
            mark = schema.FAR_OF_TARGET if is_far(result.fact.indicator, actual) else schema.OF_TARGET
            return f"{mark}{shown_percent(raw, self.bands)}"
        return schema.WELL

    def _raw(self, indicator: Indicator, row: int) -> str:
        """Return the formula of the raw achievement over the cells of the row."""
        return formulas.achievement(indicator, self._cells(indicator, row))

    def _is_far(self, indicator: Indicator, row: int) -> str:
        """Return the condition that `evaluation.rates.is_far` tests."""
        cells = self._cells(indicator, row)
        return f"{formulas.rounded(cells.actual)}>={FAR}*MAX(ABS({cells.target}),ABS({cells.baseline}))"

    def _cells(self, indicator: Indicator, row: int) -> IndicatorCells:
        typed, baseline, target = (self.area.cell(each, row) for each in (Field.ACTUAL, schema.BASELINE, schema.TARGET))
        return IndicatorCells(baseline, target, f"{typed}*100" if is_in_percent(indicator) else typed)
