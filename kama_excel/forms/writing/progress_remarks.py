"""The formulas of 進捗: the department's own yearly mean, and the check of a row."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from kama_excel.domain.arithmetic import compared
from kama_excel.domain.calendar import Month, year_label
from kama_excel.domain.entries import Excluded, TypedValue
from kama_excel.domain.keys import Field
from kama_excel.evaluation import formulas
from kama_excel.evaluation.facts import TaskFact
from kama_excel.evaluation.rates import YearProgress, is_rate
from kama_excel.forms import schema
from kama_excel.forms.content import FormContent, has_weights
from kama_excel.forms.writing.form_canvas import Answer, Area
from kama_excel.plan.rows import Task


@dataclass(frozen=True)  # no slots: computed properties are cached
class ProgressAnswers:
    """The formulas of 進捗, whose table is in `area`."""

    content: FormContent
    area: Area

    def answer(self, task: Task, heading: str, number: int) -> Answer:
        """Return the formula under a heading in the task's row, row `number` of the sheet."""
        if heading == schema.YEAR_AVERAGE:
            return self._year_average(task, number)
        return self._progress_check(task, number)

    def _year_average(self, task: Task, number: int) -> Answer:
        """Return the department's own mean of the action's year: 実施, else 予定.

        Tasks of equal weight are summed together.
        """
        area = self.area
        done, expected = area.own_span(Field.DONE), area.own_span(Field.EXPECTED)
        no, year = (f"{area.own_span(each)},${area.cell(each, number)}" for each in (schema.NO, schema.YEAR))
        same = [each for each in self._tasks[task.action_no] if each.fiscal_year == task.fiscal_year]
        weights = []
        for weight in sorted({each.weight for each in same}):
            mine = f",{area.own_span(schema.WEIGHT)},{formulas.number(weight)}" if has_weights(self.content) else ""
            weights.append((weight, mine))
        formula = formulas.weighted_mean_of_rates(done, expected, f"{no},{year}", weights)
        return formula, self.years.get((task.action_no, task.fiscal_year))

    def _progress_check(self, task: Task, number: int) -> Answer:
        area = self.area
        done, expected, remark = (area.cell(each, number) for each in (Field.DONE, Field.EXPECTED, Field.REMARK))
        has_begun = self.content.month.has_begun(task.fiscal_year)
        good = schema.WELL if has_begun else Field.EXPECTED
        well = self._compared(task, number, good)

        def checked(cell: str, blank: str) -> str:
            number_ok = f'IF(OR({cell}<0,{cell}>1),"{schema.OUTSIDE}",{well})'
            word = f'IF(TRIM({remark})="","{schema.REASON_WANTED}","{schema.WELL}")'
            word = f'IF(TRIM({cell})="{Excluded.EXCLUDED.value}",{word},"{schema.NOT_A_NUMBER}")'
            return f'IF({cell}="",{blank},IF(ISNUMBER({cell}),{number_ok},{word}))'

        blank = f'"{schema.UNFILLED}"' if has_begun else checked(expected, '""')
        return checked(done, blank), self._progress_verdict(task, good)

    def _progress_verdict(self, task: Task, good: str) -> str:
        done, expected = self.content.prefilled(task.key, Field.DONE), self.content.prefilled(task.key, Field.EXPECTED)
        has_begun = self.content.month.has_begun(task.fiscal_year)
        value = done if done is not None or has_begun else expected
        if value is None:
            return schema.UNFILLED if has_begun else ""
        if isinstance(value, Fraction):
            return schema.OUTSIDE if not is_rate(value) else schema.LOWER if self._is_lower(task) else good
        if value is Excluded.EXCLUDED:
            return schema.WELL if self.content.prefilled(task.key, Field.REMARK) else schema.REASON_WANTED
        return schema.NOT_A_NUMBER

    def _compared(self, task: Task, number: int, good: str) -> str:
        """Return the formula that warns if the year's own average is below the previous year's."""
        if not self._is_compared(task):
            return f'"{good}"'
        area = self.area
        own, no = area.cell(schema.YEAR_AVERAGE, number), f"$B{number}"
        where = f'{area.own_span(schema.NO)},{no},{area.own_span(schema.YEAR)},"{year_label(task.fiscal_year - 1)}"'
        before = f"SUMIFS({area.own_span(schema.YEAR_AVERAGE)},{where})"
        return f'IF(AND(ISNUMBER({own}),{formulas.is_lower(f"N({own})", before)}),"{schema.LOWER}","{good}")'

    def is_first_of_year(self, task: Task) -> bool:
        """Return whether the task is the first of its action's year: its row has the average."""
        return next(each for each in self._tasks[task.action_no] if each.fiscal_year == task.fiscal_year) is task

    def _is_compared(self, task: Task) -> bool:
        """Return whether the row compares its year with the previous one.

        A year in progress is lower until its end, so it is not compared.
        """
        has_year_before = any(each.fiscal_year == task.fiscal_year - 1 for each in self._tasks[task.action_no])
        return self.is_at_end(task.fiscal_year) and has_year_before and self.is_first_of_year(task)

    def is_at_end(self, fiscal_year: int) -> bool:
        """Return whether the form's month is the last of a fiscal year, or later."""
        return self.content.month >= Month(fiscal_year + 1, 3)

    def _is_lower(self, task: Task) -> bool:
        if not self._is_compared(task):
            return False
        own = self.years.get((task.action_no, task.fiscal_year))
        before = self.years.get((task.action_no, task.fiscal_year - 1))
        return own is not None and before is not None and compared(own - before) < 0

    @cached_property
    def _tasks(self) -> dict[int, list[Task]]:
        tasks: dict[int, list[Task]] = {}
        for row in self.content.rows[schema.PROGRESS_SHEET.name]:
            if isinstance(row.of, Task):
                tasks.setdefault(row.of.action_no, []).append(row.of)
        return tasks

    @cached_property
    def _rates(self) -> dict[str, Fraction | None]:
        """The progress of each task by 管理番号: 実施, else 予定."""
        return {
            task.key: _rate(
                self.content.prefilled(task.key, Field.DONE), self.content.prefilled(task.key, Field.EXPECTED)
            )
            for tasks in self._tasks.values()
            for task in tasks
        }

    @cached_property
    def years(self) -> dict[tuple[int, int], Fraction]:
        """The own mean by action and fiscal year; a year without a figure has none."""
        years: dict[tuple[int, int], Fraction] = {}
        for no, tasks in self._tasks.items():
            for year in {task.fiscal_year for task in tasks}:
                facts = tuple(TaskFact(task, self._rates[task.key]) for task in tasks if task.fiscal_year == year)
                progress = YearProgress(year, facts, has_begun=True, has_ended=True).progress
                if progress is not None:
                    years[no, year] = progress
        return years


def _rate(done: TypedValue | None, expected: TypedValue | None) -> Fraction | None:
    value = expected if done is None else done
    return value if isinstance(value, Fraction) and is_rate(value) else None
