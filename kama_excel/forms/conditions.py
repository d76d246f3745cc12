"""What changes its look while the form is filled in: what is wanted, what is well, a grade, digits that matter."""

from __future__ import annotations

from dataclasses import dataclass

from kama_excel.forms import layout, phrases, shapes
from kama_excel.forms.bands import is_cut_short, quoted
from kama_excel.forms.layout import FormSheet, Kind
from kama_excel.forms.paper import Area, Paper
from kama_excel.look import ACCENT, grade_colours
from kama_excel.plan import Bands

_WANTED_WHEN = {  # the inputs that turn to the stronger colour while the row's check says one of these
    (layout.PROGRESS_SHEET.name, layout.DONE): (phrases.UNFILLED, phrases.NOT_A_NUMBER, phrases.OUTSIDE),
    (layout.PROGRESS_SHEET.name, layout.REMARK): (phrases.REASON_WANTED,),
    (layout.INDICATOR_SHEET.name, layout.ACTUAL): (phrases.UNFILLED, phrases.ACTUAL_WANTED, phrases.NOT_A_NUMBER),
    (layout.INDICATOR_SHEET.name, layout.AS_OF): (phrases.AS_OF_WANTED,),
    (layout.ASSESSMENT_SHEET.name, layout.ASSESSMENT): (
        phrases.UNFILLED,
        phrases.ASSESS,
        phrases.NOT_A_NUMBER,
        phrases.OUTSIDE,
    ),
    (layout.ASSESSMENT_SHEET.name, layout.REASON): (phrases.GIVE_REASON,),
}


def add_conditions(paper: Paper, form_sheet: FormSheet, area: Area, bands: Bands) -> None:
    """Add the conditional formats of a sheet's table."""
    _Conditions(paper, form_sheet, area, bands).add()


@dataclass(frozen=True, slots=True)
class _Conditions:
    paper: Paper
    form_sheet: FormSheet
    area: Area
    bands: Bands

    def add(self) -> None:
        """Add them all."""
        check = layout.LENGTHS if self.form_sheet == layout.WORDS_SHEET else layout.CHECK
        if check in self.form_sheet.headings:
            self._check_colours(check)
        for column in self.area.columns:
            is_rate = column.heading == layout.ACHIEVEMENT or (
                self.form_sheet != layout.INDICATOR_SHEET and column.is_answer and "平均" in column.heading
            )
            if is_rate:
                condition = is_cut_short(self.bands, self.area.cell(column.heading, self.area.first))
                self._when(column.heading, condition, num_format="0.000%")
            if column.kind in (Kind.PROGRESS, Kind.RATE):
                cell = self.area.cell(column.heading, self.area.first)
                whole = f"=IF(ISNUMBER({cell}),ROUND({cell}*100,6)<>ROUND({cell}*100,0),FALSE)"
                self._when(column.heading, whole, num_format="0.0%")
            if column.heading == layout.GRADE and self.form_sheet == layout.INDICATOR_SHEET:
                names = self.bands.names
                for name, colour in zip(names, grade_colours(len(names)), strict=True):
                    cell = self.area.cell(layout.GRADE, self.area.first)
                    self._when(layout.GRADE, f"={cell}={quoted(name)}", bg_color=colour.fill, font_color=colour.text)
            if texts := _WANTED_WHEN.get((self.form_sheet.name, column.heading)):
                cell = f"${self.area.cell(check, self.area.first)}"
                either = ",".join(f'{cell}="{text}"' for text in texts)
                self._when(column.heading, f"=OR({either})", bg_color=shapes.WANTED)

    def _check_colours(self, check: str) -> None:
        cell = self.area.cell(check, self.area.first)
        self._when(check, f'=LEFT({cell},1)="{phrases.TODO}"', bg_color=shapes.WANTED, font_color="#5A3E00", bold=True)
        self._when(check, f'=LEFT({cell},1)="{phrases.LOOK}"', font_color=ACCENT, bold=True)
        self._when(check, f'=LEFT({cell},1)="{phrases.WELL}"', font_color="#2F74B0")

    def _when(self, heading: str, condition: str, **looks: object) -> None:
        """Change the look of a column's cells under a condition over its first row."""
        column = self.area.column(heading) - 1
        place = (self.area.first - 1, column, self.area.last - 1, column)
        rule = {"type": "formula", "criteria": condition, "format": self.paper.formats.conditional(**looks)}
        self.paper.sheet.conditional_format(*place, rule)
