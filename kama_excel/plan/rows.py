"""Read one row of the plan workbook: expected values, findings for others."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TypeVar

from kama_excel.domain.calendar import Month, year_label
from kama_excel.domain.place import Place
from kama_excel.domain.text import is_placeholder, listed, normalize_key
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding
from kama_excel.parsing.dates import read_date, read_fiscal_year, read_month
from kama_excel.parsing.parsed import Parsed, Problem, cell_problem
from kama_excel.parsing.shown import value_to_name
from kama_excel.parsing.values import is_small_percent, read_number, read_text
from kama_excel.plan.model import Period
from kama_excel.spreadsheets.cells import BLANK, Cell, Sheet, Workbook, a1, is_blank
from kama_excel.spreadsheets.reading.found_tables import FoundRow, FoundTable, find_table

T = TypeVar("T")
_RATES = "「120%」のような率"
_HIGHEST = 1000  # percent
_YEARS_BEFORE = 5
"""Maximum years of a month before the plan; an earlier one is probably a typing error."""


_OF_ANY_CELL = frozenset(
    (
        Code.CELL_ERROR,
        Code.CELL_UNCALCULATED,
        Code.CELL_UNCLEAR,
        Code.CELL_COVERED,
        Code.CELL_ZERO,
        Code.CELL_SHOWN_OTHERWISE,
        Code.CELL_SHOWN_UNKNOWN,
        Code.FORMULA_AS_TEXT,
        Code.NUMBER_MAGNITUDE,
    )
)
"""The problems whose sentences fit any cell, of a form or of the plan."""


@dataclass(slots=True)
class Records:
    """Read tables of a plan workbook and collect findings."""

    workbook: Workbook
    file: str
    findings: list[Finding] = field(default_factory=list)
    years: tuple[int, int] | None = None
    """The plan's first and last fiscal year, once they are read."""

    def rows(self, layout: SheetLayout) -> Iterator[Record]:
        """Yield the rows of a sheet's table; a missing sheet or heading is a finding."""
        sheet = self._sheet(layout)
        if sheet is None:
            if not layout.may_be_missing:
                self._find(Code.PLAN_SHEET_MISSING, "", "", sheet_name=layout.name)
            return
        table = find_table(sheet, layout.headings)
        if table is None:
            self._find(Code.PLAN_HEADING_MISSING, layout.name, "A1", heading=layout.required[0])
            return
        if not self._check_headings(layout, table):
            return
        self._check_merged(table)
        if table.rows and not sheet.is_visible:
            self._find(Code.PLAN_SHEET_HIDDEN, sheet.name, "", value=sheet.name)
        self._check_hidden(sheet, table)
        for note in sheet.notes:
            self._find(Code.PLAN_NOTE, sheet.name, a1(note.row, note.column), value=note.text, kind=note.kind)
        for row in table.rows:
            record = Record(self, row)
            left = (heading for heading in table.columns if row.cell(heading).text.startswith(EXAMPLE))
            if heading := next(left, ""):
                record.find(Code.PLAN_EXAMPLE_LEFT, heading)
            struck = (heading for heading in table.columns if row.cell(heading).is_struck)
            if heading := next(struck, ""):
                record.find(Code.PLAN_ROW_STRUCK, heading)
            yield record

    def _sheet(self, layout: SheetLayout) -> Sheet | None:
        """Find a sheet by name, ignoring white space and width; report its copies.

        A copy is a sheet of another name (タスク (2), タスク_修正) with a table of the same headings.
        """
        alike = [each for each in self.workbook.sheets if normalize_key(each.name) == normalize_key(layout.name)]
        sheet = self.workbook.sheet(layout.name) or next(iter(alike), None)
        names = {normalize_key(other.name) for other in SHEETS if other is not layout}
        for each in self.workbook.sheets:
            is_copy = normalize_key(each.name) not in names and (each in alike or _has_table(each, layout))
            if each is not sheet and is_copy and (sheet is None or _differs(each, sheet)):
                self._find(Code.PLAN_SHEET_COPY, each.name, "", value=each.name, sheet_name=layout.name)
        return sheet

    def _check_merged(self, table: FoundTable) -> None:
        """Report merged cells in the rows of a table: one value for several cells is ambiguous."""
        columns = set(table.columns.values())
        for top, left, bottom, right in table.sheet.merged:
            cells = (bottom - top + 1) * len(columns.intersection(range(left, right + 1)))
            if bottom > table.heading_row and cells > 1:
                span = f"{a1(top, left)}:{a1(bottom, right)}"
                self._find(Code.PLAN_CELLS_MERGED, table.sheet.name, a1(top, left), value=span)

    def _check_hidden(self, sheet: Sheet, table: FoundTable) -> None:
        """Report the values in hidden rows and columns, once for each sheet."""
        columns = sorted(table.columns.values())
        places = [(row.number, at) for row in table.rows for at in columns if not is_blank(sheet.cell(row.number, at))]
        if hidden := [place for place in places if sheet.is_hidden(*place)]:
            cells = listed([a1(*place) for place in hidden])
            value = sheet.cell(*hidden[0]).text
            self._find(Code.PLAN_CELLS_HIDDEN, sheet.name, a1(*hidden[0]), value=value, cells=cells)

    def _check_headings(self, layout: SheetLayout, table: FoundTable) -> bool:
        missing = [heading for heading in layout.required if heading not in table.columns]
        empty = self._empty_heading(table)
        for heading in missing:
            self._find(Code.PLAN_HEADING_MISSING, layout.name, empty, heading=heading)
        for heading, address in table.twice:
            self._find(Code.PLAN_HEADING_TWICE, layout.name, address, heading=heading)
        for address, cell in table.unheaded():
            self._find(Code.PLAN_HEADING_EMPTY, layout.name, address, value=cell.text)
            break
        return not missing

    @staticmethod
    def _empty_heading(table: FoundTable) -> str:
        """Return the probable place of a missing heading: the first gap, else after the last one."""
        last = max(table.columns.values())
        taken = {column for row, column in table.sheet.cells if row == table.heading_row}
        gap = next((column for column in range(1, last + 1) if column not in taken), last + 1)
        return a1(table.heading_row, gap)

    def _find(self, code: Code, sheet: str, cell: str, *, value: object = "", **details: object) -> None:
        self.findings.append(finding(code, Place(self.file, sheet, cell), value=value, **details))


@dataclass(frozen=True, slots=True)
class Record:
    """One row of a table of the plan.

    Every reader returns None for a blank, and where it made a finding.
    """

    records: Records
    row: FoundRow

    def place(self, heading: str = "") -> Place:
        """Return the place of the cell under the heading."""
        return Place(self.records.file, self.row.table.sheet.name, self.row.address(heading))

    def find(self, code: Code, heading: str, /, **details: object) -> None:
        """Make a finding at the cell under the heading.

        Its sentences may use `value` and `heading`.
        """
        values = {"heading": heading, "value": value_to_name(self.row.cell(heading), details)} | details
        self.records.findings.append(finding(code, self.place(heading), value=values.pop("value"), **values))

    def text(self, heading: str, *, required: bool = False) -> str:
        """Read a text; '' if blank. Removed characters are reported."""
        reading = read_text(self.row.cell(heading))
        if reading.problem and reading.value:
            self.find(reading.problem.code, heading, **dict(reading.problem.details))
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
        """Read a whole number from 1 on."""
        number = self._read(heading, read_number(self.row.cell(heading), ""), "1以上の整数", required=True)
        if number is not None and (number.denominator != 1 or number < 1):
            self._unreadable(heading, "1以上の整数")
            return None
        return int(number) if number is not None else None

    def number(self, heading: str, unit: str = "", *, required: bool = False) -> Fraction | None:
        """Read a number in the unit."""
        cell = self.row.cell(heading) if required else self.optional(heading)
        number = self._read(heading, read_number(cell, unit), "数値", required=required)
        if number is not None and is_small_percent(cell, unit, number):
            self.find(
                Code.PLAN_SMALL_PERCENT, heading, plain=f"{cell.text.strip()}%", other=f"{float(number * 100):.15g}%"
            )
        return number

    def figure(self, heading: str, unit: str, *, required: bool = False) -> Fraction | None:
        """Read a target or a baseline in a unit; advise on one in words (90%台半ば)."""
        cell = self.row.cell(heading) if required else self.optional(heading)
        problem = read_number(cell, unit).problem
        if problem and problem.code not in _OF_ANY_CELL and isinstance(cell.value, str):
            self.find(Code.PLAN_TARGET_WORDS, heading)
            return None
        return self.number(heading, unit, required=required)

    def any_rate(self, heading: str) -> Fraction | None:
        """Read a rate that may exceed 0–100 %: 120% or 120; a plain 1.2 is ambiguous."""
        cell = self.row.cell(heading)
        percent = self._read(heading, read_number(cell, "%"), _RATES, required=True)
        if percent is None:
            return None
        is_plain = not cell.is_percent and not isinstance(cell.value, str)
        if abs(percent) > _HIGHEST or (is_plain and 0 < abs(percent) < 2):  # noqa: PLR2004 -- 1.2 may be 120 %
            self._unreadable(heading, _RATES)
            return None
        return percent / 100

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
        """Read a fiscal year."""
        cell = self.row.cell(heading)
        if is_blank(cell):
            self._missing(heading)
            return None
        if problem := cell_problem(cell):
            self._not_taken(heading, problem, "")
            return None
        year = read_fiscal_year(cell)
        if year is None:
            self._unreadable(heading, "「2024」か「令和6年度」のような年度")
        return year

    def period(self) -> Period:
        """Read 適用開始 and 適用終了."""
        first, last = self.month("適用開始"), self.month("適用終了")
        if first and last and last < first:
            self.find(Code.PLAN_PERIOD_REVERSED, "適用終了")
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
        cell = self.optional(heading)
        if is_blank(cell):
            return None
        if problem := cell_problem(cell):
            self._not_taken(heading, problem, "")
            return None
        month = read_month(cell)
        if month is None:
            self._unreadable(heading, "「2026-02」のような年月")
        elif (years := self.records.years) and not _is_near(month, *years):
            self.find(Code.PLAN_MONTH_FAR, heading, first=year_label(years[0]), last=year_label(years[1]))
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
            self.find(Code.PLAN_VALUE_MISSING, heading)

    def _not_taken(self, heading: str, problem: Problem, expected: str) -> None:
        """Report an unusable cell with its problem, else with what it must hold."""
        if problem.code in _OF_ANY_CELL:
            self.find(problem.code, heading, **dict(problem.details))
        else:
            self._unreadable(heading, expected)

    def _unreadable(self, heading: str, expected: str) -> None:
        self.find(Code.PLAN_VALUE_UNREADABLE, heading, expected=expected)


def _has_table(sheet: Sheet, layout: SheetLayout) -> bool:
    table = find_table(sheet, layout.headings)
    return table is not None and set(layout.required) <= set(table.columns)


def _differs(one: Sheet, other: Sheet) -> bool:
    """Return whether two sheets show different texts anywhere."""
    return {place: cell.text for place, cell in one.cells.items()} != {
        place: cell.text for place, cell in other.cells.items()
    }


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """A sheet's name, its required headings and its optional ones."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    may_be_missing: bool = False

    @property
    def headings(self) -> tuple[str, ...]:
        """All headings, in the order in which they are written."""
        return (*self.required, *self.optional)


PLAN = SheetLayout("計画", ("項目", "値"))
BANDS = SheetLayout("評価区分", ("区分", "下限"), ("記号", "点数"))
MEASURES = SheetLayout("重点施策", ("No", "テーマ", "重点施策"))
ACTIONS = SheetLayout(
    "アクション",
    ("No", "アクション", "重点施策No", "目指すこと", "やること", "目標(値)", "担い手"),
    ("主担当課", "適用開始", "適用終了", "公表"),
)
TASKS = SheetLayout("タスク", ("タスクNo", "アクションNo", "年度", "担当課", "計画"), ("重み", "適用開始", "適用終了"))
INDICATORS = SheetLayout(
    "指標",
    ("指標No", "アクションNo", "指標", "単位", "基準値", "目標値", "向き", "担当課"),
    ("記入のしかた", "適用開始", "適用終了", "集計"),
)
YEARLY_TARGETS = SheetLayout("年度目標", ("指標No", "年度", "目標値"), ("適用開始", "適用終了"), may_be_missing=True)
DEPARTMENTS = SheetLayout("担当課", ("担当課",), ("別名", "メール"))
DECISIONS = SheetLayout(
    "評価方法", ("アクションNo", "算定方法", "決定日", "決定者", "理由"), ("適用月",), may_be_missing=True
)
CORRECTIONS = SheetLayout(
    "訂正", ("管理番号", "項目", "値", "訂正日", "訂正者", "理由"), ("適用月",), may_be_missing=True
)

SHEETS = (PLAN, BANDS, MEASURES, ACTIONS, TASKS, INDICATORS, YEARLY_TARGETS, DEPARTMENTS, DECISIONS, CORRECTIONS)

NAME, MUNICIPALITY, PLAN_ID, FIRST_YEAR, LAST_YEAR, HEADLINE = (
    "計画名",
    "団体名",
    "計画ID",
    "開始年度",
    "終了年度",
    "見出しの区分",
)
ITEMS = (NAME, MUNICIPALITY, PLAN_ID, FIRST_YEAR, LAST_YEAR, HEADLINE)
SEND_TO, ASK, DEADLINE = "提出先", "問い合わせ先", "提出期限"  # optional
YARDSTICK, UPPER_LIMIT, LOWER_LIMIT, DIGITS, ROUNDING = (
    "達成率の基準",
    "達成率の上限",
    "達成率の下限",
    "率の小数桁",
    "端数処理",
)
RATE_ITEMS = (YARDSTICK, UPPER_LIMIT, LOWER_LIMIT, DIGITS, ROUNDING)
"""How rates are measured and shown; all optional."""
NO_LIMIT = "なし"
PUBLISHED, WITHHELD = "する", "しない"  # the words of 公表; a blank is the former
EXAMPLE = "（記入例）"
"""The prefix of all texts in the sample lines of `init`; a plan in use has none of them."""


def _is_near(month: Month, first_year: int, last_year: int) -> bool:
    """Return whether a month may belong to the plan: a few years before to soon after it."""
    return first_year - _YEARS_BEFORE <= month.fiscal_year <= last_year + 1
