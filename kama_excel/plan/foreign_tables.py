"""Convert a city's existing tables to rows for タスク, 指標 and 年度目標 of the plan workbook.

A table is found by synonyms of the headings, or by a heading with a fiscal year (令和6年度 計画). A cell that could not
be understood is returned; nothing is guessed where two readings are possible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from kama_excel.domain.calendar import year_label
from kama_excel.domain.text import is_placeholder, normalize_key
from kama_excel.files import limits
from kama_excel.findings.catalogue import Code
from kama_excel.parsing.dates import read_fiscal_year
from kama_excel.parsing.parsed import cell_problem, reject_strikethrough
from kama_excel.parsing.texts import read_text
from kama_excel.parsing.values import PERCENT_UNITS, is_small_percent, read_number
from kama_excel.plan.foreign_headings import ForeignHeading, heading_row, year_of
from kama_excel.plan.model import Plan
from kama_excel.plan.rating import Direction
from kama_excel.spreadsheets.cells import BLANK, Cell, Sheet, Workbook, a1, is_blank

_FIGURE = re.compile(r"([+\-−△▲]?[\d,.]+)(\D{1,6})?")
_LOOKED_ABOVE = 10  # rows above a table that may name its action or year
_CARRIED = ("アクションNo", "アクション", "担当課", "年度")
"""The meanings whose value also counts in blank cells below it."""
_OF_ACTION = ("担当課", "年度")
_NOT_AS_TEXT = ("年度", "重み", "基準値", "目標値")
"""The meanings whose cells are read as dates or figures."""
_REASONS = {
    Code.CELL_STRUCK: "取り消し線があります",
    Code.CELL_ERROR: "エラー値です",
    Code.CELL_UNCALCULATED: "計算結果の入っていない数式です",
}
_NOT_SHOWN = "シートの表示から値を確認できません"


class CellNote(NamedTuple):
    """A cell of a city's table with its text, and what became of it."""

    sheet: str
    cell: str
    text: str
    note: str


class ImportedRows(NamedTuple):
    """The rows made of a file's tables, each by heading of the plan workbook.

    The notes of `columns` are their meanings, '' for an unused one; those of `unplaced` why a cell is not used.
    """

    columns: Sequence[CellNote]
    tasks: Sequence[Mapping[str, object]]
    indicators: Sequence[Mapping[str, object]]
    unplaced: Sequence[CellNote]


def rows_of_tables(workbook: Workbook, plan: Plan) -> ImportedRows:
    """Convert the tables of a workbook to rows of the plan's sheets タスク and 指標."""
    parts = [_rows_of(sheet, plan) for sheet in workbook.sheets if sheet.cells]
    return ImportedRows(
        columns=[each for part in parts for each in part.columns],
        tasks=[each for part in parts for each in part.tasks],
        indicators=[each for part in parts for each in part.indicators],
        unplaced=[each for part in parts for each in part.unplaced],
    )


def _rows_of(sheet: Sheet, plan: Plan) -> ImportedRows:
    headings = heading_row(sheet)
    if headings is None:
        at, cell = min(sheet.cells.items())
        reason = "見出しの行（担当課、計画、指標など）が見つかりません"
        return ImportedRows((), (), (), (CellNote(sheet.name, a1(*at), cell.text, reason),))
    return _TableReader(sheet, plan, *headings).read()


@dataclass(frozen=True, slots=True)
class _TableReader:
    """Reads the table of a sheet; the lists are what it has found so far."""

    sheet: Sheet
    plan: Plan
    heading_row: int
    columns: dict[int, ForeignHeading]
    tasks: list[dict[str, object]] = field(default_factory=list)
    indicators: list[dict[str, object]] = field(default_factory=list)
    unplaced: list[CellNote] = field(default_factory=list)

    def read(self) -> ImportedRows:
        """Read the rows under the headings."""
        last = max(row for row, _ in self.sheet.cells)
        carried: dict[str, Cell] = {}
        for row in range(self.heading_row + 1, last + 1):
            cells = self._cells(row)
            if all(is_blank(cell) or is_placeholder(cell.text) for cell in cells.values()):
                continue
            self._carry(row, cells, carried)
            if any(column.meaning == "指標" for column in self.columns.values()):
                self._indicator(row, cells, carried)
            else:
                self._tasks(row, cells, carried)
        columns = [self._column_note(number, column) for number, column in self.columns.items()]
        return ImportedRows(columns, self.tasks, self.indicators, self.unplaced)

    def _cells(self, row: int) -> dict[int, Cell]:
        """Return a row's cells as the sheet shows them; unusable ones are blank, and noted."""
        cells: dict[int, Cell] = {}
        unusable: dict[str, list[int]] = {}
        for number, column in self.columns.items():
            cells[number], reason = self._as_shown(row, number, column.meaning)
            if reason:
                unusable.setdefault(reason, []).append(number)
        for reason, (first, *others) in unusable.items():
            self._not_placed(row, first, reason + (f"（この行のほか{len(others)}セルも）" if others else ""))
        return cells

    def _as_shown(self, row: int, number: int, meaning: str) -> tuple[Cell, str]:
        """Return a cell as the sheet shows it; BLANK and the reason if it must not be used."""
        cell = self.sheet.cell(row, number)
        if not meaning or is_blank(cell):
            return cell, ""
        if self.sheet.is_hidden(row, number):
            return BLANK, "非表示の行か列にあります"
        reading = reject_strikethrough(cell, read_text(cell))
        shown = cell if meaning in _NOT_AS_TEXT else Cell(reading.value)
        problem = cell_problem(cell) or reading.problem
        if problem and (problem.code in _REASONS or is_blank(shown)):
            return BLANK, _REASONS.get(problem.code, _NOT_SHOWN)
        if len(cell.text) > limits.CELL_CHARACTERS:
            return BLANK, f"Excelのセルに入る文字数（{limits.CELL_CHARACTERS:,}字）を超えています"
        return shown, ""

    def _carry(self, row: int, cells: Mapping[int, Cell], carried: dict[str, Cell]) -> None:
        """Update what also counts in blank cells below, within an action or a merged cell."""
        there = {column.meaning: number for number, column in self.columns.items() if column.meaning in _CARRIED}
        named = {meaning: cells[there[meaning]].text for meaning in ("アクションNo", "アクション") if meaning in there}
        if any(text and text != carried.get(meaning, BLANK).text for meaning, text in named.items()):
            for meaning in _OF_ACTION:
                if meaning in there and not self._is_inside_merged(row, there[meaning]):
                    carried.pop(meaning, None)
        for meaning, number in there.items():
            if not is_blank(cells[number]):
                carried[meaning] = cells[number]
            elif not is_blank(self.sheet.cell(row, number)):  # an unusable one: not what stands above it
                carried.pop(meaning, None)

    def _is_inside_merged(self, row: int, column: int) -> bool:
        """Return whether a cell belongs to a merged range that begins above it."""
        return any(top < row <= bottom and left <= column <= right for top, left, bottom, right in self.sheet.merged)

    def _column_note(self, number: int, column: ForeignHeading) -> CellNote:
        meaning = column.meaning + (f"（{year_label(column.fiscal_year)}）" if column.fiscal_year else "")
        return CellNote(self.sheet.name, a1(self.heading_row, number), column.heading, meaning)

    def _tasks(self, row: int, cells: Mapping[int, Cell], carried: Mapping[str, Cell]) -> None:
        for number, column in self.columns.items():
            text = cells[number].text.strip()
            if column.meaning != "計画" or not text or is_placeholder(text):
                continue
            action, department = self._action(row, carried), self._department(row, carried)
            typed = carried.get("年度", BLANK)
            year = column.fiscal_year or (read_fiscal_year(typed).value if not is_blank(typed) else self._year_above())
            first, last = self.plan.first_year, self.plan.last_year
            if year is None or not first <= year <= last:
                reason = "年度が分かりません" if year is None else "年度が計画期間の外です"
                self._not_placed(row, number, reason)
            elif action is not None and department:
                made: dict[str, object] = {
                    "アクションNo": action,
                    "年度": year_label(year),
                    "担当課": department,
                    "計画": text,
                }
                weight = self._figure(row, cells, "重み", "")
                self.tasks.append(made | ({} if weight is None else {"重み": weight}))

    def _indicator(self, row: int, cells: Mapping[int, Cell], carried: Mapping[str, Cell]) -> None:
        by_meaning = {
            column.meaning: cells[number]
            for number, column in self.columns.items()
            if column.meaning and column.fiscal_year is None
        }
        name = by_meaning.get("指標", BLANK).text.strip()
        if not name:
            return
        action, department = self._action(row, carried), self._department(row, carried)
        unit = by_meaning.get("単位", BLANK).text.strip() or self._unit(by_meaning)
        target, baseline = (self._figure(row, cells, heading, unit) for heading in ("目標値", "基準値"))
        years = {
            column.fiscal_year: self._read_figure(row, number, cells[number], unit)
            for number, column in self.columns.items()
            if column.meaning == "目標値" and column.fiscal_year is not None and not is_blank(cells[number])
        }
        yearly = {year: figure for year, figure in years.items() if year is not None and figure is not None}
        if target is None and (target := yearly.get(self.plan.last_year)) is not None and len(yearly) == 1:
            yearly = {}  # the last year's target is the target
        if action is None or not department:
            return
        direction = normalize_key(by_meaning.get("向き", BLANK).text)
        made: dict[str, object] = {
            "アクションNo": action,
            "指標": name,
            "単位": unit,
            "基準値": baseline,
            "目標値": target,
            "向き": direction if direction in {each.value for each in Direction} else "",
            "担当課": department,
            "記入のしかた": by_meaning.get("記入のしかた", BLANK).text.strip(),
        }
        self.indicators.append(made | {"年度目標": yearly})

    def _unit(self, by_meaning: Mapping[str, Cell]) -> str:
        """Return the unit written after the target or the baseline: 80%, 120件."""
        for heading in ("目標値", "基準値"):
            cell = by_meaning.get(heading, BLANK)
            if cell.is_percent:
                return "%"
            match = _FIGURE.fullmatch(normalize_key(cell.text))
            if match and match[2]:
                return "%" if match[2] in PERCENT_UNITS else match[2]
        return ""

    def _figure(self, row: int, cells: Mapping[int, Cell], heading: str, unit: str) -> Fraction | None:
        for number, column in self.columns.items():
            if column.meaning == heading and column.fiscal_year is None and not is_blank(cells[number]):
                return self._read_figure(row, number, cells[number], unit)
        return None

    def _read_figure(self, row: int, number: int, cell: Cell, unit: str) -> Fraction | None:
        if is_placeholder(cell.text):
            return None
        figure = read_number(cell, unit).value
        if figure is None:
            self._not_placed(row, number, "1つの数値として読み取れません")
        elif is_small_percent(cell, unit, figure):
            other = f"{float(figure * 100):.15g}%"
            self._not_placed(row, number, f"{cell.text.strip()}% か {other} か分かりません")
            return None
        return figure

    def _action(self, row: int, carried: Mapping[str, Cell]) -> int | None:
        """Return the action's number from its column, a text above the table or the sheet's name."""
        known = {action.no for action in self.plan.actions}
        names = {normalize_key(action.name): action.no for action in self.plan.actions}
        for heading in ("アクションNo", "アクション"):
            if heading in carried:
                word = normalize_key(carried[heading].text)
                digits = re.match(r"\d+", word)
                no = (
                    names.get(word)
                    or names.get(re.sub(r"^\d+[.．]?", "", word))
                    or (int(digits[0]) if digits else None)
                )
                if no in known:
                    return no
                self._not_placed(row, self._column_of(heading), "計画台帳に該当するアクションがありません")
                return None
        for text in self._texts_above():
            word = normalize_key(text)
            for name, no in names.items():
                if word in (name, f"{no}{name}", f"{no}.{name}"):
                    return no
        if self.sheet.name.isdecimal() and int(self.sheet.name) in known:
            return int(self.sheet.name)
        self._not_placed(row, min(self.columns), "どのアクションか分かりません（列「アクションNo」がありません）")
        return None

    def _department(self, row: int, carried: Mapping[str, Cell]) -> str:
        typed = carried["担当課"].text.strip() if "担当課" in carried else ""
        name = self.plan.canonical_department(typed)
        if name is None:
            reason = f"担当課「{typed}」がシート「担当課」にありません" if typed else "担当課がありません"
            self._not_placed(row, self._column_of("担当課"), reason)
        return name or ""

    def _year_above(self) -> int | None:
        return next((year for text in self._texts_above() if (year := year_of(text)) is not None), None)

    def _texts_above(self) -> Iterator[str]:
        rows = range(max(1, self.heading_row - _LOOKED_ABOVE), self.heading_row)
        return (cell.text for (row, _), cell in sorted(self.sheet.cells.items()) if row in rows)

    def _column_of(self, meaning: str) -> int:
        return next((at for at, column in self.columns.items() if column.meaning == meaning), min(self.columns))

    def _not_placed(self, row: int, column: int, reason: str) -> None:
        value = self.sheet.cell(row, column).text
        note = CellNote(self.sheet.name, a1(row, column), value, reason)
        if note not in self.unplaced:
            self.unplaced.append(note)
