"""Find the heading row of a city's own table, and the meaning of its headings."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from kama_excel.domain.text import normalize_key
from kama_excel.parsing.dates import read_fiscal_year
from kama_excel.spreadsheets.cells import Cell, Sheet, is_blank

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
_NAME = ("名", "名称", "名前")
_LEAST_HEADINGS = 2
_LOOKED_FOR_HEADINGS = 60  # non-blank rows


class ForeignHeading(NamedTuple):
    """A heading of a table: its text, the plan's heading ('' for none), its year."""

    heading: str
    meaning: str
    fiscal_year: int | None = None


def heading_row(sheet: Sheet) -> tuple[int, dict[int, ForeignHeading]] | None:
    """Return the last heading row and the columns.

    Headings may be in two rows: the year above 計画 and 実施, or a merged cell (目標) above 現状 and R8目標.
    """
    for row in sorted({row for row, _ in sheet.cells})[:_LOOKED_FOR_HEADINGS]:
        below = _two_rows(sheet, row)
        columns = below or {number: _meaning(cell.text, None) for number, cell in _cells_of(sheet, row).items()}
        if sum(bool(each.meaning) for each in columns.values()) >= _LEAST_HEADINGS:
            return row + bool(below), columns
    return None


def _two_rows(sheet: Sheet, row: int) -> dict[int, ForeignHeading]:
    """Return the columns of a row of years or merged headings and the row below; {} if none."""
    upper, lower = _cells_of(sheet, row), _cells_of(sheet, row + 1)
    years = {number for number, cell in upper.items() if _year_alone(cell.text) is not None}
    across = {
        number: upper[left].text
        for top, left, bottom, right in sheet.merged
        if top == bottom == row and left in upper and left not in years
        for number in range(left, right + 1)
    }
    below = {number: _below(cell.text, across.get(number, "")) for number, cell in lower.items()}
    if not ((years or across) and any(each.meaning for each in below.values())):
        return {}
    columns: dict[int, ForeignHeading] = {}
    above: int | None = None
    for number in range(1, max((*upper, *lower)) + 1):
        above = _year_alone(upper[number].text) if number in upper else above
        if number in lower:
            columns[number] = _meaning(lower[number].text, above) if above else below[number]
        elif number in upper and number not in years:
            columns[number] = _meaning(upper[number].text, None)
    return columns


def _below(text: str, across: str) -> ForeignHeading:
    """Return a heading that may have its meaning, or a part of it, from a merged one above it.

    R7 below 目標 is 目標R7, and below 実績 it is not used; R5現状 below 目標 is 現状; 名称 below KPI is KPI.
    """
    alone, both = _meaning(text, None), _meaning(across + ("" if normalize_key(text) in _NAME else text), None)
    return alone if alone.meaning and _year_alone(text) is None else both._replace(heading=text)


def _cells_of(sheet: Sheet, row: int) -> dict[int, Cell]:
    return {at[1]: cell for at, cell in sorted(sheet.cells.items()) if at[0] == row and not is_blank(cell)}


def _meaning(text: str, year_above: int | None) -> ForeignHeading:
    word = normalize_key(text)
    year = year_of(word) or year_above
    rest = _YEAR.sub("", word).strip("（）()の・:：")
    if any(each in rest for each in _REPORTED):
        return ForeignHeading(text, "")
    meaning = _KNOWN.get(rest.casefold(), "")
    if not rest and year is not None:
        meaning = "計画"
    return ForeignHeading(text, meaning, year if meaning in ("計画", "目標値") else None)


def year_of(text: str) -> int | None:
    """Return the fiscal year in a text; None if there is none."""
    match = _YEAR.search(normalize_key(text))
    return read_fiscal_year(Cell(match[0])).value if match else None


def _year_alone(text: str) -> int | None:
    """Return the year of a heading without other text; a title may name years too."""
    return year_of(text) if not _YEAR.sub("", normalize_key(text)) else None
