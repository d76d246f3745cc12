"""Read the cells of one row of the plan workbook: expected values, findings on others."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping
from fractions import Fraction
from functools import partial
from typing import NamedTuple, TypeVar

from kama_excel.domain.calendar import Month, year_label
from kama_excel.domain.place import Place
from kama_excel.domain.text import is_placeholder, name_key, normalize_key
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import OF_CELL, Finding, finding
from kama_excel.parsing.dates import read_date, read_fiscal_year, read_month
from kama_excel.parsing.parsed import Parsed, Problem, cell_problem
from kama_excel.parsing.shown import as_shown, value_to_name
from kama_excel.parsing.texts import read_text
from kama_excel.parsing.values import has_percent_sign, is_small_percent, read_number, rounded_figure
from kama_excel.plan.plan_sheets import ACTIONS, DEPARTMENTS
from kama_excel.plan.rows import Period, is_near_plan
from kama_excel.spreadsheets.cells import BLANK, Cell, is_blank
from kama_excel.spreadsheets.reading.found_tables import FoundRow

T = TypeVar("T")
_RATES = "「120%」のような率"
_HIGHEST = 1000  # percent
_DIGITS = 15  # that a cell holds exactly

_OF_ANY_CELL = OF_CELL | {Code.FORMULA_AS_TEXT, Code.NUMBER_MAGNITUDE}
"""The problems whose sentences fit any cell, of a form or of the plan."""


class RowReader(NamedTuple):
    """Reads one row of a table of the plan; `findings` are those on the cells read so far.

    Every method returns None for a blank, and where it made a finding.
    """

    file: str
    row: FoundRow
    years: tuple[int, int] | None
    """The plan's first and last fiscal year; None while they are not known."""
    findings: list[Finding]

    def place(self, heading: str) -> Place:
        """Return the place of the cell under the heading."""
        return Place(self.file, self.row.table.sheet.name, self.row.address(heading))

    def is_blank(self, heading: str) -> bool:
        """Return whether the cell under the heading is blank."""
        return is_blank(self.row.cell(heading))

    def finding(self, code: Code, heading: str, /, **details: object) -> Finding:
        """Return a finding at the cell under the heading.

        Its sentences may use `value` and `heading`.
        """
        values = {"heading": heading, "value": value_to_name(self.row.cell(heading), details)} | details
        return finding(code, self.place(heading), value=values.pop("value"), **values)

    def _find(self, code: Code, heading: str, /, **details: object) -> None:
        self.findings.append(self.finding(code, heading, **details))

    def text(self, heading: str, *, required: bool = False) -> str:
        """Read a text; '' if blank. Removed characters are reported."""
        reading = read_text(self.row.cell(heading))
        if reading.problem and reading.value:
            self._find(reading.problem.code, heading, **dict(reading.problem.details))
        elif reading.problem:
            self._not_taken(heading, reading.problem, "文字")
        elif required and not reading.value:
            self._missing(heading)
        return reading.value or ""

    def optional_text(self, heading: str) -> str:
        """Read a text; '' if blank, 「－」 or 「なし」."""
        return "" if is_blank(self.optional(heading)) else self.text(heading)

    def code(self, heading: str) -> str:
        """Read a タスクNo or 指標No: any text; 12 and 12.0 are equal."""
        return normalize_key(self.text(heading, required=True))

    def integer(self, heading: str) -> int | None:
        """Read a whole number from 1 on, of as many digits as a cell holds exactly."""
        number = self._read(heading, read_number(self.row.cell(heading), ""), "1以上の整数", required=True)
        if number is not None and (number.denominator != 1 or number < 1):
            self._unreadable(heading, "1以上の整数")
            return None
        if number is not None and number >= 10**_DIGITS:
            self._unreadable(heading, f"{_DIGITS}桁以内の整数")
            return None
        return int(number) if number is not None else None

    def number(self, heading: str, unit: str = "", *, required: bool = False) -> Fraction | None:
        """Read a number in the unit."""
        cell = self.row.cell(heading) if required else self.optional(heading)
        number = self._read(heading, read_number(cell, unit), "数値", required=required)
        self._check_rounded(heading, number, unit)
        if number is not None and is_small_percent(cell, unit, number):
            self._find(
                Code.PLAN_SMALL_PERCENT, heading, plain=f"{cell.text.strip()}%", other=f"{float(number * 100):.15g}%"
            )
        return number

    def figure(self, heading: str, unit: str, *, required: bool = False) -> Fraction | None:
        """Read a target or a baseline in a unit; advise on one in words (90%台半ば)."""
        cell = self.row.cell(heading) if required else self.optional(heading)
        problem = read_number(cell, unit).problem
        if problem and problem.code not in _OF_ANY_CELL and isinstance(cell.value, str):
            self._find(Code.PLAN_TARGET_WORDS, heading)
            return None
        return self.number(heading, unit, required=required)

    def any_rate(self, heading: str) -> Fraction | None:
        """Read a rate that may exceed 0–100 %: 120% or 120; a plain 1.2 is ambiguous."""
        cell = self.row.cell(heading)
        percent = self._read(heading, read_number(cell, "%"), _RATES, required=True)
        if percent is None:
            return None
        self._check_rounded(heading, percent, "%")
        is_plain = not has_percent_sign(cell)
        if abs(percent) > _HIGHEST or (is_plain and 0 < abs(percent) < 2):  # noqa: PLR2004 -- 1.2 may be 120 %
            self._unreadable(heading, _RATES)
            return None
        return percent / 100

    def typed(self, heading: str) -> str:
        """Read a value as a person would type it.

        A number has all its digits; anything else is as it is shown.
        """
        cell = self.row.cell(heading)
        shown = as_shown(cell) if isinstance(cell.value, int | float) else None
        if not isinstance(shown, Cell) or isinstance(shown.value, bool | str) or cell_problem(cell):
            return self.text(heading, required=True)
        self._check_rounded(heading, read_number(cell, "%").value, "%")
        return shown.text

    def _check_rounded(self, heading: str, number: Fraction | None, unit: str) -> None:
        """Report a number that the cell shows rounded."""
        if shown := rounded_figure(self.row.cell(heading), number, partial(read_number, unit=unit)):
            self._find(Code.PLAN_FIGURE_ROUNDED, heading, shown=shown.text)

    def is_word(self, heading: str, word: str) -> bool:
        """Return whether a cell holds just this word."""
        return normalize_key(self.row.cell(heading).text) == normalize_key(word)

    def date(self, heading: str, *, required: bool = False) -> dt.date | None:
        """Read a day."""
        cell = self.row.cell(heading) if required else self.optional(heading)
        return self._read(heading, read_date(cell), "2026/2/8 のような日付", required=required)

    def optional(self, heading: str) -> Cell:
        """Return a cell that may be blank: 「－」 and 「なし」 count as blank."""
        cell = self.row.cell(heading)
        return BLANK if isinstance(cell.value, str) and is_placeholder(cell.value) else cell

    def fiscal_year(self, heading: str) -> int | None:
        """Read a fiscal year; one outside the plan is reported."""
        reading = read_fiscal_year(self.row.cell(heading))
        year = self._read(heading, reading, "「2024」か「令和6年度」のような年度", required=True)
        if year is not None and self.years and not self.years[0] <= year <= self.years[1]:
            self._find(Code.PLAN_YEAR_OUTSIDE, heading, **self._plan_years(self.years))
        return year

    @staticmethod
    def _plan_years(years: tuple[int, int]) -> dict[str, str]:
        return {"first": year_label(years[0]), "last": year_label(years[1])}

    def action_no(self, actions: Collection[int]) -> int | None:
        """Read アクションNo; None, with a finding, if the plan has no such action."""
        no = self.integer("アクションNo")
        if no is not None and no not in actions:
            self._find(Code.PLAN_REFERENCE_UNKNOWN, "アクションNo", sheet_name=ACTIONS.name)
            return None
        return no

    def department(self, heading: str, current: Mapping[str, str], *, required: bool = True) -> str:
        """Read a department and return its current name; `current` has them by `name_key`."""
        name = name_key(self.text(heading, required=True) if required else self.optional_text(heading))
        if name and name not in current:
            self._find(Code.PLAN_REFERENCE_UNKNOWN, heading, sheet_name=DEPARTMENTS.name)
        return current.get(name, name)

    def period(self) -> Period:
        """Read 適用開始 and 適用終了."""
        first, last = self.month("適用開始"), self.month("適用終了")
        if first and last and last < first:
            self._find(Code.PLAN_PERIOD_REVERSED, "適用終了")
        return Period(first, last)

    def choice(self, heading: str, choices: dict[str, str]) -> str:
        """Read one of several words; '' if the cell is blank.

        `choices`: meaning by normalised word.
        """
        word = normalize_key(self.optional_text(heading))
        if word and word not in choices:
            self._unreadable(heading, "・".join(dict.fromkeys(choices.values())))
        return choices.get(word, "")

    def names(self, heading: str) -> tuple[str, ...]:
        """Read several names, one a line or separated by 、 ; /. 「・」 is part of a name."""
        text = self.optional_text(heading)
        return tuple(name.strip() for name in re.split(r"[\n、，,;；/／]", text) if name.strip())

    def month(self, heading: str) -> Month | None:
        """Read a month; None if blank."""
        month = self._read(heading, read_month(self.optional(heading)), "「2026-02」のような年月")
        if month and self.years and not is_near_plan(month, *self.years):
            self._find(Code.PLAN_MONTH_FAR, heading, **self._plan_years(self.years))
        return month

    def _read(self, heading: str, reading: Parsed[T], expected: str, *, required: bool = False) -> T | None:
        if reading.problem:
            self._not_taken(heading, reading.problem, expected)
            return None
        if reading.value is None and required:
            self._missing(heading)
        return reading.value

    def _missing(self, heading: str) -> None:
        """Report a blank cell, unless it is under merged cells, which are reported themselves."""
        row, column = self.row.number, self.row.table.columns.get(heading, 0)
        if not any(
            top <= row <= bottom and left <= column <= right for top, left, bottom, right in self.row.table.sheet.merged
        ):
            self._find(Code.PLAN_VALUE_MISSING, heading)

    def _not_taken(self, heading: str, problem: Problem, expected: str) -> None:
        """Report an unusable cell with its problem, else with what it must hold."""
        if problem.code in _OF_ANY_CELL:
            self._find(problem.code, heading, **dict(problem.details))
        else:
            self._unreadable(heading, expected)

    def _unreadable(self, heading: str, expected: str) -> None:
        self._find(Code.PLAN_VALUE_UNREADABLE, heading, expected=expected)
