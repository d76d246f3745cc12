"""Convert a city's existing tables to rows for タスク, 指標 and 年度目標 of the plan workbook.

A table is found by synonyms of the headings, or by a heading with a fiscal year (令和6年度 計画). A cell that could not
be understood is returned; nothing is guessed where two readings are possible.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import NamedTuple

from kama_excel.domain.calendar import year_label
from kama_excel.domain.text import is_placeholder, normalize_key
from kama_excel.parsing.dates import read_fiscal_year
from kama_excel.parsing.values import PERCENT_UNITS, read_number
from kama_excel.plan.model import Plan
from kama_excel.plan.rating import Direction
from kama_excel.spreadsheets.cells import BLANK, Cell, Sheet, Workbook, a1, is_blank

NAMES: Mapping[str, tuple[str, ...]] = {
    "アクションNo": ("アクションNo", "アクション番号", "施策番号", "事業番号"),
    "アクション": ("アクション", "アクション名", "取組", "取組名", "施策", "施策名", "事業", "事業名"),
    "年度": ("年度", "実施年度", "計画年度"),
    "担当課": ("担当課", "所管課", "担当部署", "所管", "担当", "課名", "所属", "主管課"),
    "計画": ("計画", "計画内容", "取組内容", "実施内容", "事業内容", "内容", "タスク"),
    "重み": ("重み", "ウエイト", "ウェイト"),
    "指標": ("指標", "指標名", "成果指標", "数値目標", "評価指標", "目標指標", "KPI"),
    "単位": ("単位",),
    "基準値": ("基準値", "現状値", "現状", "策定時", "計画策定時", "当初値"),
    "目標値": ("目標値", "目標", "最終目標", "最終目標値"),
    "向き": ("向き", "方向", "増減"),
    "記入のしかた": ("記入のしかた", "算出方法", "出典", "把握方法"),
}
"""Synonyms of the plan workbook's headings."""

_KNOWN = {normalize_key(name).casefold(): heading for heading, names in NAMES.items() for name in names}
_YEAR = re.compile(r"(令和|平成|R|H)(元|\d{1,2})年?度?|(20\d\d)年?度?", re.IGNORECASE)
_REPORTED = ("実施", "実績", "進捗", "達成")
_FIGURE = re.compile(r"([+\-−△▲]?[\d,.]+)(\D{1,6})?")
_LEAST_HEADINGS = 2
_LOOKED_FOR_HEADINGS = 60  # non-blank rows
_LOOKED_ABOVE = 10  # rows above a table that may name its action or year


class ColumnMeaning(NamedTuple):
    """The meaning of a column: its cell, its heading, the plan's heading and year.

    The plan's heading is '' for an unused column.
    """

    sheet: str
    cell: str
    heading: str
    meaning: str


class Unplaced(NamedTuple):
    """A cell that was not used, and why."""

    sheet: str
    cell: str
    value: str
    reason: str


@dataclass(slots=True)
class ImportedRows:
    """The rows made of one file by sheet of the plan workbook, each by heading."""

    columns: list[ColumnMeaning] = field(default_factory=list)
    rows: dict[str, list[dict[str, object]]] = field(default_factory=dict)
    unplaced: list[Unplaced] = field(default_factory=list)

    def add(self, sheet: str, row: dict[str, object]) -> None:
        """Add a row."""
        self.rows.setdefault(sheet, []).append(row)


def rows_of_tables(workbook: Workbook, plan: Plan) -> ImportedRows:
    """Convert the tables of a workbook to rows of the plan's sheets."""
    found = ImportedRows()
    for sheet in workbook.sheets:
        headings = _heading_row(sheet)
        if headings is None:
            text = next(iter(sorted(sheet.cells.items())), None)
            if text:
                reason = "見出しの行（担当課、計画、指標など）が見つかりません"
                found.unplaced.append(Unplaced(sheet.name, a1(*text[0]), text[1].text, reason))
            continue
        _Table(sheet, plan, found, *headings).read()
    return found


class _Column(NamedTuple):
    heading: str
    meaning: str
    fiscal_year: int | None = None


def _heading_row(sheet: Sheet) -> tuple[int, dict[int, _Column]] | None:
    """Return the last heading row and the columns.

    Headings may be in two rows, the year above 計画 and 実施.
    """
    for row in sorted({row for row, _ in sheet.cells})[:_LOOKED_FOR_HEADINGS]:
        below = _two_rows(sheet, row)
        columns = below or {number: _meaning(cell.text, None) for number, cell in _cells_of(sheet, row).items()}
        if sum(bool(each.meaning) for each in columns.values()) >= _LEAST_HEADINGS:
            return row + bool(below), columns
    return None


def _two_rows(sheet: Sheet, row: int) -> dict[int, _Column]:
    """Return the columns of a row of years and the row below it; {} if it is none."""
    upper, lower = _cells_of(sheet, row), _cells_of(sheet, row + 1)
    years = {number for number, cell in upper.items() if _year_alone(cell.text) is not None}
    if not years or not any(_KNOWN.get(normalize_key(cell.text).casefold()) for number, cell in lower.items()):
        return {}
    columns: dict[int, _Column] = {}
    above: int | None = None
    for number in range(1, max((*upper, *lower)) + 1):
        above = _year_alone(upper[number].text) if number in upper else above
        if number in lower:
            columns[number] = _meaning(lower[number].text, above)
        elif number in upper and number not in years:
            columns[number] = _meaning(upper[number].text, None)
    return columns


def _cells_of(sheet: Sheet, row: int) -> dict[int, Cell]:
    return {at[1]: cell for at, cell in sorted(sheet.cells.items()) if at[0] == row and not is_blank(cell)}


def _meaning(text: str, year_above: int | None) -> _Column:
    word = normalize_key(text)
    year = _year_of(word) or year_above
    rest = _YEAR.sub("", word).strip("（）()の・:：")
    if any(each in rest for each in _REPORTED):
        return _Column(text, "")
    meaning = _KNOWN.get(rest.casefold(), "")
    if not rest and year is not None:
        meaning = "計画"
    return _Column(text, meaning, year if meaning in ("計画", "目標値") else None)


def _year_of(text: str) -> int | None:
    match = _YEAR.search(normalize_key(text))
    return read_fiscal_year(Cell(match[0])) if match else None


def _year_alone(text: str) -> int | None:
    """Return the year of a heading without other text; a title may name years too."""
    return _year_of(text) if not _YEAR.sub("", normalize_key(text)) else None


class _Table(NamedTuple):
    sheet: Sheet
    plan: Plan
    found: ImportedRows
    heading_row: int
    columns: dict[int, _Column]

    def read(self) -> None:
        """Read the rows under the headings."""
        for number, column in self.columns.items():
            meaning = column.meaning + (f"（{year_label(column.fiscal_year)}）" if column.fiscal_year else "")
            self.found.columns.append(
                ColumnMeaning(self.sheet.name, a1(self.heading_row, number), column.heading, meaning)
            )
        last = max(row for row, _ in self.sheet.cells)
        carried: dict[str, Cell] = {}
        for row in range(self.heading_row + 1, last + 1):
            cells = {number: self.sheet.cell(row, number) for number in self.columns}
            if all(is_blank(cell) or is_placeholder(cell.text) for cell in cells.values()):
                continue
            for number, column in self.columns.items():  # a merged cell has its value in the first of its rows
                if column.meaning in ("アクションNo", "アクション", "担当課", "年度") and not is_blank(cells[number]):
                    carried[column.meaning] = cells[number]
            if any(column.meaning == "指標" for column in self.columns.values()):
                self._indicator(row, cells, carried)
            else:
                self._tasks(row, cells, carried)

    def _tasks(self, row: int, cells: Mapping[int, Cell], carried: Mapping[str, Cell]) -> None:
        for number, column in self.columns.items():
            text = cells[number].text.strip()
            if column.meaning != "計画" or not text or is_placeholder(text):
                continue
            action, department = self._action(row, carried), self._department(row, carried)
            typed = carried.get("年度", BLANK)
            year = column.fiscal_year or (read_fiscal_year(typed) if not is_blank(typed) else self._year_above())
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
                self.found.add("タスク", made | ({} if weight is None else {"重み": weight}))

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
        years = {
            column.fiscal_year: self._read_figure(row, number, unit)
            for number, column in self.columns.items()
            if column.meaning == "目標値" and column.fiscal_year is not None and not is_blank(cells[number])
        }
        made["年度目標"] = {year: figure for year, figure in years.items() if year is not None and figure is not None}
        self.found.add("指標", made)

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
                return self._read_figure(row, number, unit)
        return None

    def _read_figure(self, row: int, number: int, unit: str) -> Fraction | None:
        cell = self.sheet.cell(row, number)
        if is_placeholder(cell.text):
            return None
        parsed = read_number(cell, unit)
        if parsed.value is None:
            self._not_placed(row, number, "1つの数値として読み取れません")
        return parsed.value

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
        return next((year for text in self._texts_above() if (year := _year_of(text)) is not None), None)

    def _texts_above(self) -> Iterator[str]:
        rows = range(max(1, self.heading_row - _LOOKED_ABOVE), self.heading_row)
        return (cell.text for (row, _), cell in sorted(self.sheet.cells.items()) if row in rows)

    def _column_of(self, meaning: str) -> int:
        return next((at for at, column in self.columns.items() if column.meaning == meaning), min(self.columns))

    def _not_placed(self, row: int, column: int, reason: str) -> None:
        value = self.sheet.cell(row, column).text
        found = Unplaced(self.sheet.name, a1(row, column), value, reason)
        if found not in self.found.unplaced:
            self.found.unplaced.append(found)
