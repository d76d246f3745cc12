"""The plan workbook's drop-down lists, computed from its sheet 計画 when that changes."""

from __future__ import annotations

from collections.abc import Mapping

from kama_excel.domain.calendar import year_label
from kama_excel.parsing.dates import read_fiscal_year
from kama_excel.plan.model import method_words
from kama_excel.plan.plan_sheets import FIRST_YEAR, LAST_YEAR, PLAN
from kama_excel.spreadsheets.cells import Cell
from kama_excel.spreadsheets.writing.book import Book, BookSheet

SHEET = "選択肢"
YEARS, METHODS = "選択_年度", "選択_算定方法"
"""Defined names of the lists."""
_MOST_YEARS = 30
_ITEMS = f"{PLAN.name}!$A$4:$A$200", f"{PLAN.name}!$B$4:$B$200"


def write_choices(book: Book, items: Mapping[str, object]) -> None:
    """Write the hidden sheet of the lists, with their values for the given items of 計画."""
    sheet = book.add_sheet(SHEET)
    sheet.hide()
    known = [read_fiscal_year(Cell(str(items.get(item, "")))).value for item in (FIRST_YEAR, LAST_YEAR)]
    for row, (item, known_year) in enumerate(zip((FIRST_YEAR, LAST_YEAR), known, strict=True), start=1):
        _write_year(sheet, row, item, str(items.get(item, "")), known_year)
    first, last = known
    for at in range(_MOST_YEARS):
        year = f"($C$1+{at})"
        label = f'IF({year}>2018,"令和"&IF({year}=2019,"元",{year}-2018),"平成"&({year}-1988))&"年度"'
        is_known = first is not None and last is not None and first + at <= last
        value = year_label((first or 0) + at) if is_known else ""
        sheet.write_formula(at, 0, f'=IF(COUNT($C$1:$C$2)<2,"",IF({year}<=$C$2,{label},""))', None, value)
    words = method_words((first, last) if first and last else None)
    for at, word in enumerate(words):
        formula = f'="{word}"'
        if word.endswith("平均"):
            formula = '=IF(COUNT($C$1:$C$2)<2,"平均",($C$2-$C$1+1)&"カ年平均")'
        sheet.write_formula(at, 1, formula, None, word)
    years = f"{SHEET}!$A$1:$A${_MOST_YEARS}"
    book.define_name(YEARS, f'=OFFSET({SHEET}!$A$1,0,0,MAX(1,COUNTIF({years},"?*")),1)')
    book.define_name(METHODS, f"={SHEET}!$B$1:$B${len(words)}")


def _write_year(sheet: BookSheet, row: int, item: str, typed: str, year: int | None) -> None:
    """Write the year as in 計画 (column D) and its fiscal year (column C)."""
    names, values = _ITEMS
    cell = f"$D${row}"
    sheet.write_formula(row - 1, 3, f'=IFERROR(INDEX({values},MATCH("{item}",{names},0))&"","")', None, typed)
    digits = cell
    for word, other in (("令和", ""), ("平成", ""), ("R", ""), ("H", ""), ("年度", ""), ("元", "1")):
        digits = f'SUBSTITUTE({digits},"{word}","{other}")'
    era = (
        f'IF(OR(LEFT({cell},2)="令和",LEFT({cell},1)="R"),2018,IF(OR(LEFT({cell},2)="平成",LEFT({cell},1)="H"),1988,0))'
    )
    sheet.write_formula(row - 1, 2, f'=IFERROR({era}+VALUE({digits}),"")', None, "" if year is None else year)
