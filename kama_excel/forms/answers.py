"""What the form answers while it is filled in: each as a formula (Excel 2016, LibreOffice) with its value of now.

The figures beside the formulas are those of the program's own evaluation, so that a preview, which computes nothing,
shows what Excel will compute.
"""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property
from itertools import pairwise

from kama_excel.evaluation.facts import TaskFact
from kama_excel.evaluation.rates import YearProgress, limited, mean
from kama_excel.fiscal import year_label
from kama_excel.forms import layout, phrases
from kama_excel.forms.indicator_answers import achievement_formula, indicator_check, raw_achievement
from kama_excel.forms.layout import Entered, FormContent, FormRow
from kama_excel.forms.paper import Area
from kama_excel.plan import Bands, Indicator, Task
from kama_excel.values import Excluded

Answer = tuple[str, float | str]
"""A formula and its value of now ('' where there is none yet)."""


def grade_formula(bands: Bands, rate: str) -> str:
    """Return the grade of a rate's cell; the rate is rounded to nine digits, so that 27/30 is 90 % however it was summed."""
    ascending = sorted(bands.bands, key=lambda band: band.lower)
    limits = ",".join(f"{float(band.lower):.9g}" for band in ascending)
    names = ",".join('"' + band.name.replace('"', '""') + '"' for band in ascending)
    return f'=IF(ISNUMBER({rate}),LOOKUP(ROUND({rate},9),{{{limits}}},{{{names}}}),"")'


def is_cut_short(bands: Bands, rate: str) -> str:
    """Return the condition under which 0.1 % would show a band that the rate has not reached (89.96 %).

    A condition for a format may hold no array constant, so every limit is asked by itself.
    """
    limits = (f"{float(band.lower):.9g}" for band in bands.bands if band.lower)
    asked = ",".join(f"AND(ROUND({rate},3)>={limit},ROUND({rate},9)<{limit})" for limit in limits)
    return f"=IF(ISNUMBER({rate}),OR(FALSE,{asked}),FALSE)" if asked else "=FALSE"


@dataclass(frozen=True)  # no slots: what is computed is kept
class Answers:
    """All answers of one form; `areas` says where its tables stand, by the name of their sheet."""

    content: FormContent
    areas: dict[str, Area]

    def has_answer(self, row: FormRow, heading: str) -> bool:
        """Whether a row has an answer under the heading: a year's average stands in the first row of its year only."""
        return heading != layout.YEAR_AVERAGE or (isinstance(row.of, Task) and self._speaks_for_its_year(row.of))

    def answer(self, form_sheet: layout.FormSheet, row: FormRow, heading: str, number: int) -> Answer:
        """Return what stands under a heading in a row of a sheet, which is row `number` there."""
        if form_sheet == layout.PROGRESS_SHEET and isinstance(row.of, Task):
            return self._of_task(row.of, heading, number)
        if form_sheet == layout.INDICATOR_SHEET and isinstance(row.of, Indicator):
            return self._of_indicator(row.of, heading, number)
        if form_sheet == layout.WORDS_SHEET:
            return self._lengths(row, number)
        return self._of_assessment(row, heading, number)

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

    # --- 進捗 -------------------------------------------------------------------------------------------------------

    def _of_task(self, task: Task, heading: str, number: int) -> Answer:
        if heading == layout.YEAR_AVERAGE:
            return self._year_average(task, number)
        return self._progress_check(task, number)

    def _year_average(self, task: Task, number: int) -> Answer:
        """Return the department's own mean of the action's year: 実施, and 予定 where nothing is done yet.

        SUMIFS takes figures alone, so 対象外 counts neither above nor below; tasks of one weight are added up together.
        """
        area = self.areas[layout.PROGRESS_SHEET.name]
        done, expected = area.own_span(layout.DONE), area.own_span(layout.EXPECTED)
        no, year = (f"{area.own_span(each)},${area.cell(each, number)}" for each in (layout.NO, layout.YEAR))
        of_done = f'{no},{year},{done},">=0",{done},"<=1"'
        of_expected = f'{no},{year},{done},"=",{expected},">=0",{expected},"<=1"'
        same = [each for each in self._tasks[task.action_no] if each.fiscal_year == task.fiscal_year]
        sums, counts = [], []
        for weight in sorted({each.weight for each in same}):
            by = "" if weight == 1 else f"{float(weight):.15g}*"
            mine = f",{area.own_span(layout.WEIGHT)},{float(weight):.15g}" if layout.has_weights(self.content) else ""
            sums.append(f"{by}(SUMIFS({done},{of_done}{mine})+SUMIFS({expected},{of_expected}{mine}))")
            counts.append(f"{by}(COUNTIFS({of_done}{mine})+COUNTIFS({of_expected}{mine}))")
        formula = f'=IFERROR(({"+".join(sums)})/({"+".join(counts)}),"")'
        return formula, _number(self._years.get((task.action_no, task.fiscal_year)))

    def _progress_check(self, task: Task, number: int) -> Answer:
        area = self.areas[layout.PROGRESS_SHEET.name]
        done, expected, remark = (area.cell(each, number) for each in (layout.DONE, layout.EXPECTED, layout.REMARK))
        has_begun = self.content.month.has_begun(task.fiscal_year)
        good = phrases.WELL if has_begun else layout.EXPECTED
        well = self._compared(task, number, good)

        def checked(cell: str, blank: str) -> str:
            number_ok = f'IF(OR({cell}<0,{cell}>1),"{phrases.OUTSIDE}",{well})'
            word = f'IF(TRIM({remark})="","{phrases.REASON_WANTED}","{phrases.WELL}")'
            word = f'IF(TRIM({cell})="{Excluded.EXCLUDED.value}",{word},"{phrases.NOT_A_NUMBER}")'
            return f'IF({cell}="",{blank},IF(ISNUMBER({cell}),{number_ok},{word}))'

        blank = f'"{phrases.UNFILLED}"' if has_begun else checked(expected, '""')
        return f"={checked(done, blank)}", self._progress_verdict(task, good)

    def _progress_verdict(self, task: Task, good: str) -> str:
        done, expected = self._said(task.key, layout.DONE), self._said(task.key, layout.EXPECTED)
        has_begun = self.content.month.has_begun(task.fiscal_year)
        value = done if done is not None or has_begun else expected
        if value is None:
            return phrases.UNFILLED if has_begun else ""
        if isinstance(value, Fraction):
            return phrases.OUTSIDE if limited(value) != value else phrases.LOWER if self._is_lower(task) else good
        if value is Excluded.EXCLUDED:
            return phrases.WELL if self._said(task.key, layout.REMARK) else phrases.REASON_WANTED
        return phrases.NOT_A_NUMBER

    def _compared(self, task: Task, number: int, good: str) -> str:
        """Return the formula that warns where the year's own average is below that of the year before."""
        if not self._speaks_for_its_year(task) or not self._has_year_before(task):
            return f'"{good}"'
        area = self.areas[layout.PROGRESS_SHEET.name]
        own, no = area.cell(layout.YEAR_AVERAGE, number), f"$B{number}"
        where = f'{area.own_span(layout.NO)},{no},{area.own_span(layout.YEAR)},"{year_label(task.fiscal_year - 1)}"'
        before = f"SUMIFS({area.own_span(layout.YEAR_AVERAGE)},{where})"
        return f'IF(AND(ISNUMBER({own}),ROUND(N({own})-{before},9)<0),"{phrases.LOWER}","{good}")'

    def _speaks_for_its_year(self, task: Task) -> bool:
        """Whether the task is the first of its action's year: its row has the year's average."""
        return next(each for each in self._tasks[task.action_no] if each.fiscal_year == task.fiscal_year) is task

    def _has_year_before(self, task: Task) -> bool:
        return any(each.fiscal_year == task.fiscal_year - 1 for each in self._tasks[task.action_no])

    def _is_lower(self, task: Task) -> bool:
        if not self._speaks_for_its_year(task):
            return False
        own = self._years.get((task.action_no, task.fiscal_year))
        before = self._years.get((task.action_no, task.fiscal_year - 1))
        return own is not None and before is not None and own < before

    @cached_property
    def _tasks(self) -> dict[int, list[Task]]:
        tasks: dict[int, list[Task]] = {}
        for row in self.content.rows[layout.PROGRESS_SHEET.name]:
            if isinstance(row.of, Task):
                tasks.setdefault(row.of.action_no, []).append(row.of)
        return tasks

    @cached_property
    def _rates(self) -> dict[str, Fraction | None]:
        """How far each task is said to have got, by 管理番号: what was done, else what is expected."""
        return {
            task.key: _rate(self._said(task.key, layout.DONE), self._said(task.key, layout.EXPECTED))
            for tasks in self._tasks.values()
            for task in tasks
        }

    @cached_property
    def _years(self) -> dict[tuple[int, int], Fraction]:
        """The own mean by action and fiscal year; a year without a figure has none."""
        years: dict[tuple[int, int], Fraction] = {}
        for no, tasks in self._tasks.items():
            for year in {task.fiscal_year for task in tasks}:
                facts = tuple(TaskFact(task, self._rates[task.key]) for task in tasks if task.fiscal_year == year)
                progress = YearProgress(year, facts, has_begun=True, has_ended=True).progress
                if progress is not None:
                    years[no, year] = progress
        return years

    # --- 指標 -------------------------------------------------------------------------------------------------------

    def _of_indicator(self, indicator: Indicator, heading: str, number: int) -> Answer:
        area = self.areas[layout.INDICATOR_SHEET.name]
        actual = self._said(indicator.key, layout.ACTUAL)
        raw = raw_achievement(indicator, actual)
        if heading == layout.ACHIEVEMENT:
            return achievement_formula(area, indicator, number), _number(None if raw is None else limited(raw))
        if heading == layout.GRADE:
            bands = self.content.plan.bands
            formula = grade_formula(bands, area.cell(layout.ACHIEVEMENT, number))
            return formula, "" if raw is None else bands.grade(limited(raw))
        said = {item: self._said(indicator.key, item) for item in (layout.AS_OF, layout.CERTAINTY, layout.GROUNDS)}
        return indicator_check(area, indicator, number, actual, said)

    # --- 総括評価 ----------------------------------------------------------------------------------------------------

    def _of_assessment(self, row: FormRow, heading: str, number: int) -> Answer:
        area, plan = self.areas[layout.ASSESSMENT_SHEET.name], self.content.plan
        no = int(str(row.printed[layout.NO]))
        known = {year: self._years.get((no, year)) for year in plan.fiscal_years}
        average = mean(each for each in known.values() if each is not None)
        headings = {layout.average_heading(self.content, year): year for year in plan.fiscal_years}
        if heading in headings:
            return self._average_of_year(headings[heading], number), _number(known[headings[heading]])
        cells = [area.cell(each, number) for each in headings]
        if heading == layout.OWN_AVERAGE:
            span = f"{cells[0]}:{cells[-1]}"
            return f'=IF(COUNT({span})=0,"",AVERAGE({span}))', _number(average)
        if heading == layout.GRADE:
            formula = grade_formula(plan.bands, area.cell(layout.OWN_AVERAGE, number))
            return formula, "" if average is None else plan.bands.grade(average)
        return self._assessment_check(row, number, cells, known)

    def _average_of_year(self, fiscal_year: int, number: int) -> str:
        """Return the year's average from 進捗, found by action and year: rows may be sorted there."""
        if not self.content.rows[layout.PROGRESS_SHEET.name]:
            return '=""'
        span = self.areas[layout.PROGRESS_SHEET.name].span
        where = f'{span(layout.NO)},$B{number},{span(layout.YEAR)},"{year_label(fiscal_year)}"'
        average = span(layout.YEAR_AVERAGE)
        return f'=IF(COUNTIFS({where},{average},">=0")=0,"",SUMIFS({average},{where}))'

    def _assessment_check(
        self, row: FormRow, number: int, cells: list[str], known: dict[int, Fraction | None]
    ) -> Answer:
        area = self.areas[layout.ASSESSMENT_SHEET.name]
        rate, reason = area.cell(layout.ASSESSMENT, number), area.cell(layout.REASON, number)
        pairs = list(pairwise(cells))
        falls = ",".join(f"AND(ISNUMBER({a}),ISNUMBER({b}),ROUND(N({b})-N({a}),9)<0)" for a, b in pairs) or "FALSE"
        values = list(known.values())
        is_falling = any(a is not None and b is not None and b < a for a, b in pairwise(values))
        nothing = f'"{phrases.UNFILLED}"' if self.content.is_final else f'IF(OR({falls}),"{phrases.LOWER}","")'
        given = (
            f'IF(NOT(ISNUMBER({rate})),"{phrases.NOT_A_NUMBER}",IF(OR({rate}<0,{rate}>1),"{phrases.OUTSIDE}",'
            f'IF(TRIM({reason})="","{phrases.GIVE_REASON}",IF(OR({falls}),"{phrases.LOWER}","{phrases.WELL}"))))'
        )
        formula = f'=IF({rate}="",IF(TRIM({reason})="",{nothing},"{phrases.ASSESS}"),{given})'
        typed, words = self._said(row.key, layout.ASSESSMENT), self._said(row.key, layout.REASON)
        low = phrases.LOWER if is_falling else ""
        if typed is None:
            return formula, phrases.ASSESS if words else phrases.UNFILLED if self.content.is_final else low
        if not isinstance(typed, Fraction):
            return formula, phrases.NOT_A_NUMBER
        if limited(typed) != typed:
            return formula, phrases.OUTSIDE
        return formula, (low or phrases.WELL) if words else phrases.GIVE_REASON

    # --- 成果と課題 ---------------------------------------------------------------------------------------------------

    def _lengths(self, row: FormRow, number: int) -> Answer:
        area = self.areas[layout.WORDS_SHEET.name]
        items = (layout.OUTCOME, layout.EFFORTS, layout.CHALLENGES)
        cells = [area.cell(item, number) for item in items]
        counts = [len(str(self._said(row.key, item) or "").encode("utf-16-le")) // 2 for item in items]
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

    def _said(self, key: str, heading: str) -> Entered | None:
        value = self.content.entered.get((key, heading))
        return (value.strip() or None) if isinstance(value, str) else value


def _rate(done: Entered | None, expected: Entered | None) -> Fraction | None:
    value = expected if done is None else done
    return value if isinstance(value, Fraction) and limited(value) == value else None


def _number(value: Fraction | None) -> float | str:
    return "" if value is None else float(value)
