"""The form's formulas (Excel 2016, LibreOffice), each with its current value.

The values are those of the program's own evaluation, so that a preview, which computes nothing, shows the same as
Excel.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from kama_excel.domain.keys import Field, Slot
from kama_excel.forms import schema
from kama_excel.forms.content import FormContent, FormRow, Point
from kama_excel.forms.writing.assessment_remarks import AssessmentAnswers
from kama_excel.forms.writing.form_canvas import Answer, Area
from kama_excel.forms.writing.indicator_remarks import IndicatorAnswers
from kama_excel.forms.writing.progress_remarks import ProgressAnswers
from kama_excel.plan.rows import Indicator, Task


@dataclass(frozen=True)  # no slots: computed properties are cached
class Answers:
    """All formulas of one form; `areas` holds its tables by the name of their sheet."""

    content: FormContent
    areas: dict[str, Area]

    @cached_property
    def asked(self) -> dict[Slot, Point]:
        """The inputs that the department is asked about."""
        return {each.slot: each for each in self.content.points if each.slot}

    def note(self, slot: Slot) -> str:
        """Return what the form says beside an input: its note, then what is asked."""
        asked = self.asked.get(slot)
        return f"{self.content.marks.get(slot, '')}{asked.text if asked else ''}"

    def has_answer(self, row: FormRow, heading: str) -> bool:
        """Return whether a row has a formula under the heading.

        A year's average is in its first row only.
        """
        return heading != schema.YEAR_AVERAGE or (isinstance(row.of, Task) and self._progress.is_first_of_year(row.of))

    def answer(self, form_sheet: schema.FormSheet, row: FormRow, heading: str, number: int) -> Answer:
        """Return the formula under a heading in row `number` of a sheet."""
        if form_sheet == schema.PROGRESS_SHEET and isinstance(row.of, Task):
            return self._progress.answer(row.of, heading, number)
        if form_sheet == schema.INDICATOR_SHEET and isinstance(row.of, Indicator):
            return self._of_indicator(row.of, heading, number)
        if form_sheet == schema.WORDS_SHEET:
            return self._lengths(row, number)
        return self._assessment.answer(row, heading, number)

    def is_optional(self, form_sheet: schema.FormSheet) -> bool:
        """Return whether a sheet may stay blank: 総括評価 and texts until the end, pictures always.

        The end is the plan's last month.
        """
        if form_sheet in (schema.PROGRESS_SHEET, schema.INDICATOR_SHEET):
            return False
        return form_sheet == schema.PICTURE_SHEET or not self.content.is_final

    def remaining(self, form_sheet: schema.FormSheet) -> tuple[str, int]:
        """Return the formula of the number of inputs left on a sheet, and its value."""
        heading = schema.LENGTHS if form_sheet == schema.WORDS_SHEET else schema.CHECK
        rows = self.content.rows[form_sheet.name]
        if not rows or heading not in form_sheet.headings:
            return "0", 0
        texts = (self.answer(form_sheet, row, heading, 1)[1] for row in rows)
        formula = f'SUMPRODUCT(--(LEFT({self.areas[form_sheet.name].span(heading)},1)="{schema.TODO}"))'
        return formula, sum(str(text).startswith(schema.TODO) for text in texts)

    @cached_property
    def _progress(self) -> ProgressAnswers:
        return ProgressAnswers(self.content, self.areas[schema.PROGRESS_SHEET.name])

    @cached_property
    def _assessment(self) -> AssessmentAnswers:
        return AssessmentAnswers(self.content, self.areas[schema.ASSESSMENT_SHEET.name], self._progress)

    def _of_indicator(self, indicator: Indicator, heading: str, number: int) -> Answer:
        area = self.areas[schema.INDICATOR_SHEET.name]
        actual = self.content.prefilled(indicator.key, Field.ACTUAL)
        inputs = {
            item: self.content.prefilled(indicator.key, item) for item in (Field.AS_OF, Field.CERTAINTY, Field.GROUNDS)
        }
        return IndicatorAnswers(area, self.content.plan.bands).answer(indicator, heading, number, actual, inputs)

    def _lengths(self, row: FormRow, number: int) -> Answer:
        area = self.areas[schema.WORDS_SHEET.name]
        items = (Field.OUTCOME, Field.EFFORTS, Field.CHALLENGES)
        cells = [area.cell(item, number) for item in items]
        counts = [len(str(self.content.prefilled(row.key, item) or "").encode("utf-16-le")) // 2 for item in items]
        short = ("成果", "取組", "課題")
        lengths = "&CHAR(10)&".join(f'"{name} "&LEN({cell})&"字"' for name, cell in zip(short, cells, strict=True))
        text = "\n".join(f"{name} {count}字" for name, count in zip(short, counts, strict=True))
        limit = schema.WORDS_LIMIT
        longest = f"MAX({','.join(f'LEN({cell})' for cell in cells)})"
        long = f'IF({longest}>{limit},"{schema.TOO_LONG}"&CHAR(10),"")'
        note = f"{schema.TOO_LONG}\n" if max(counts) > limit else ""
        if self.content.is_final:
            missing = f"MIN({','.join(f'LEN({cell})' for cell in cells)})=0"
            long = f'IF({missing},"{schema.WORDS_MISSING}"&CHAR(10),{long})'
            note = f"{schema.WORDS_MISSING}\n" if min(counts) == 0 else note
        nothing = schema.WORDS_MISSING if self.content.is_final else ""  # on one line: the row is low
        formula = f'IF({longest}=0,"{nothing}",{long}&{lengths})'
        return formula, note + text if any(counts) else nothing
