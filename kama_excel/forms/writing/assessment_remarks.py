"""The formulas of 総括評価: own averages, their grade, and the check of a row."""

from __future__ import annotations

from fractions import Fraction
from typing import NamedTuple

from kama_excel.domain.arithmetic import compared
from kama_excel.domain.calendar import year_label
from kama_excel.domain.keys import Field
from kama_excel.evaluation import formulas
from kama_excel.evaluation.formulas import BandTable
from kama_excel.evaluation.rates import is_rate, mean
from kama_excel.forms import schema
from kama_excel.forms.content import FormContent, FormRow, average_heading
from kama_excel.forms.writing.form_canvas import Answer, Area
from kama_excel.forms.writing.progress_remarks import ProgressAnswers


class AssessmentAnswers(NamedTuple):
    """The formulas of 総括評価, whose table is in `area`; they refer to those of 進捗."""

    content: FormContent
    area: Area
    progress: ProgressAnswers

    def answer(self, row: FormRow, heading: str, number: int) -> Answer:
        """Return the formula under a heading in an action's row, row `number` of the sheet."""
        area, plan = self.area, self.content.plan
        no = int(str(row.printed[schema.NO]))
        known = {year: self.progress.years.get((no, year)) for year in plan.fiscal_years}
        average = mean(each for each in known.values() if each is not None)
        headings = {average_heading(self.content, year): year for year in plan.fiscal_years}
        if heading in headings:
            return self._average_of_year(headings[heading], number), known[headings[heading]]
        cells = [area.cell(each, number) for each in headings]
        if heading == schema.OWN_AVERAGE:
            span = f"{cells[0]}:{cells[-1]}"
            return formulas.mean(span), average
        if heading == schema.GRADE:
            formula = formulas.grade(area.cell(schema.OWN_AVERAGE, number), BandTable.of(plan.bands))
            return formula, "" if average is None else plan.bands.grade(average)
        return self._assessment_check(row, number, cells, known)

    def _average_of_year(self, fiscal_year: int, number: int) -> str:
        """Return the year's average from 進捗, by action and year: rows may be sorted there."""
        if not self.content.rows[schema.PROGRESS_SHEET.name]:
            return '""'
        span = self.progress.area.span
        where = f'{span(schema.NO)},$B{number},{span(schema.YEAR)},"{year_label(fiscal_year)}"'
        average = span(schema.YEAR_AVERAGE)
        return f'IF(COUNTIFS({where},{average},">=0")=0,"",SUMIFS({average},{where}))'

    def _assessment_check(
        self, row: FormRow, number: int, cells: list[str], known: dict[int, Fraction | None]
    ) -> Answer:
        area = self.area
        rate, reason = area.cell(Field.ASSESSMENT, number), area.cell(Field.REASON, number)
        compared_years = [at for at, year in enumerate(known) if at and self.progress.is_at_end(year)]
        pairs = [(cells[at - 1], cells[at]) for at in compared_years]
        falls = ",".join(
            f"AND(ISNUMBER({a}),ISNUMBER({b}),{formulas.is_lower(f'N({b})', f'N({a})')})" for a, b in pairs
        )
        falls = falls or "FALSE"
        values = list(known.values())
        both = ((values[at - 1], values[at]) for at in compared_years)
        is_falling = any(a is not None and b is not None and compared(b - a) < 0 for a, b in both)
        nothing = f'"{schema.UNFILLED}"' if self.content.is_final else f'IF(OR({falls}),"{schema.LOWER}","")'
        given = (
            f'IF(NOT(ISNUMBER({rate})),"{schema.NOT_A_NUMBER}",IF(OR({rate}<0,{rate}>1),"{schema.OUTSIDE}",'
            f'IF(TRIM({reason})="","{schema.GIVE_REASON}",IF(OR({falls}),"{schema.LOWER}","{schema.WELL}"))))'
        )
        formula = f'IF({rate}="",IF(TRIM({reason})="",{nothing},"{schema.ASSESS}"),{given})'
        typed, words = self.content.prefilled(row.key, Field.ASSESSMENT), self.content.prefilled(row.key, Field.REASON)
        low = schema.LOWER if is_falling else ""
        if typed is None:
            return formula, schema.ASSESS if words else schema.UNFILLED if self.content.is_final else low
        if not isinstance(typed, Fraction):
            return formula, schema.NOT_A_NUMBER
        if not is_rate(typed):
            return formula, schema.OUTSIDE
        return formula, (low or schema.WELL) if words else schema.GIVE_REASON
