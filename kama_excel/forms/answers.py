"""What the form answers while it is filled in: each as a formula (Excel 2016, LibreOffice) with its value of now.

The figures beside the formulas are those of the program's own evaluation, so that a preview, which computes nothing,
shows what Excel will compute.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from kama_excel.evaluation.rates import limited
from kama_excel.forms import layout, phrases
from kama_excel.forms.assessment_answers import AssessmentAnswers
from kama_excel.forms.bands import grade_formula
from kama_excel.forms.indicator_answers import achievement_formula, indicator_check, raw_achievement
from kama_excel.forms.layout import FormContent, FormRow
from kama_excel.forms.paper import Answer, Area, cell_value
from kama_excel.forms.progress_answers import ProgressAnswers
from kama_excel.plan import Indicator, Task


@dataclass(frozen=True)  # no slots: what is computed is kept
class Answers:
    """All answers of one form; `areas` says where its tables stand, by the name of their sheet."""

    content: FormContent
    areas: dict[str, Area]

    def has_answer(self, row: FormRow, heading: str) -> bool:
        """Whether a row has an answer under the heading: a year's average stands in the first row of its year only."""
        return heading != layout.YEAR_AVERAGE or (
            isinstance(row.of, Task) and self._progress.speaks_for_its_year(row.of)
        )

    def answer(self, form_sheet: layout.FormSheet, row: FormRow, heading: str, number: int) -> Answer:
        """Return what stands under a heading in a row of a sheet, which is row `number` there."""
        if form_sheet == layout.PROGRESS_SHEET and isinstance(row.of, Task):
            return self._progress.answer(row.of, heading, number)
        if form_sheet == layout.INDICATOR_SHEET and isinstance(row.of, Indicator):
            return self._of_indicator(row.of, heading, number)
        if form_sheet == layout.WORDS_SHEET:
            return self._lengths(row, number)
        return self._assessment.answer(row, heading, number)

    def is_optional(self, form_sheet: layout.FormSheet) -> bool:
        """Whether a sheet may stay as it is: 総括評価 and the words before the plan's last month, pictures always."""
        if form_sheet in (layout.PROGRESS_SHEET, layout.INDICATOR_SHEET):
            return False
        return form_sheet == layout.PICTURE_SHEET or not self.content.is_final

    def remaining(self, form_sheet: layout.FormSheet) -> Answer:
        """Return how many places of a sheet are still to be filled in."""
        heading = layout.LENGTHS if form_sheet == layout.WORDS_SHEET else layout.CHECK
        rows = self.content.rows[form_sheet.name]
        if not rows or heading not in form_sheet.headings:
            return "=0", 0
        texts = (self.answer(form_sheet, row, heading, 1)[1] for row in rows)
        formula = f'=SUMPRODUCT(--(LEFT({self.areas[form_sheet.name].span(heading)},1)="{phrases.TODO}"))'
        return formula, sum(str(text).startswith(phrases.TODO) for text in texts)

    @cached_property
    def _progress(self) -> ProgressAnswers:
        return ProgressAnswers(self.content, self.areas[layout.PROGRESS_SHEET.name])

    @cached_property
    def _assessment(self) -> AssessmentAnswers:
        return AssessmentAnswers(self.content, self.areas[layout.ASSESSMENT_SHEET.name], self._progress)

    def _of_indicator(self, indicator: Indicator, heading: str, number: int) -> Answer:
        area = self.areas[layout.INDICATOR_SHEET.name]
        actual = self.content.said(indicator.key, layout.ACTUAL)
        raw = raw_achievement(indicator, actual)
        if heading == layout.ACHIEVEMENT:
            return achievement_formula(area, indicator, number), cell_value(None if raw is None else limited(raw))
        if heading == layout.GRADE:
            bands = self.content.plan.bands
            formula = grade_formula(bands, area.cell(layout.ACHIEVEMENT, number))
            return formula, "" if raw is None else bands.grade(limited(raw))
        said = {
            item: self.content.said(indicator.key, item) for item in (layout.AS_OF, layout.CERTAINTY, layout.GROUNDS)
        }
        return indicator_check(area, indicator, number, actual, said)

    def _lengths(self, row: FormRow, number: int) -> Answer:
        area = self.areas[layout.WORDS_SHEET.name]
        items = (layout.OUTCOME, layout.EFFORTS, layout.CHALLENGES)
        cells = [area.cell(item, number) for item in items]
        counts = [len(str(self.content.said(row.key, item) or "").encode("utf-16-le")) // 2 for item in items]
        short = ("成果", "取組", "課題")
        lengths = "&CHAR(10)&".join(f'"{name} "&LEN({cell})&"字"' for name, cell in zip(short, cells, strict=True))
        text = "\n".join(f"{name} {count}字" for name, count in zip(short, counts, strict=True))
        limit = layout.WORDS_LIMIT
        longest = f"MAX({','.join(f'LEN({cell})' for cell in cells)})"
        long = f'IF({longest}>{limit},"{phrases.TOO_LONG}"&CHAR(10),"")'
        said = f"{phrases.TOO_LONG}\n" if max(counts) > limit else ""
        if self.content.is_final:
            missing = f"MIN({','.join(f'LEN({cell})' for cell in cells)})=0"
            long = f'IF({missing},"{phrases.WORDS_MISSING}"&CHAR(10),{long})'
            said = f"{phrases.WORDS_MISSING}\n" if min(counts) == 0 else said
        return f"={long}&{lengths}", said + text
