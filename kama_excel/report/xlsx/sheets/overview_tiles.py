"""The picture of all actions on 総括: a tile each, with its number, a symbol and a colour for its grade."""

from __future__ import annotations

from collections.abc import Sequence

from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.report.xlsx.page.page import PageReferences
from kama_excel.report.xlsx.sheets.overview_layout import Overview
from kama_excel.spreadsheets.cells import a1, absolute, quoted
from kama_excel.spreadsheets.writing.style import NAVY, PALE, QUIET, UNEVALUATED, WHITE, grade_palette, grade_symbols

_GRID = 20  # columns right of the theme's name
_FEW = 100  # up to here there are ten tiles in a row, and the symbol stands below the number
_NONE = "－"


def write_tiles(overview: Overview, pages: Sequence[PageReferences]) -> None:
    """Draw every action as a tile that links to its page, row by row under its theme."""
    overview.section("アクションごとの評価区分（番号をクリックするとページに移ります）")
    actions = overview.report.evaluation.actions
    is_few = len(actions) <= _FEW
    per_row = _GRID // 2 if is_few else _GRID
    tiles = _Tiles(overview, is_few=is_few)
    for theme in overview.report.plan.themes:
        of_theme = [(each, page) for each, page in zip(actions, pages, strict=True) if each.measure.theme == theme]
        first_row = overview.row
        for start in range(0, len(of_theme), per_row):
            row = overview.next_row(25 if is_few else 15)
            for index, (each, page) in enumerate(of_theme[start : start + per_row]):
                tiles.draw(row, 5 + index * (_GRID // per_row), each, page)
        if of_theme:
            size = {"font_size": 9 if is_few else 8, "font_color": NAVY, "bg_color": PALE}
            look = overview.formats.boxed(bold=True, text_wrap=True, align="center", **size)
            overview.canvas.put(first_row, (1, 4), theme, look, rows=overview.row - first_row)
    legend = "　".join(f"{symbol} {word}" for word, symbol in tiles.symbols.items())
    note = overview.formats(font_size=8, align="right", font_color=NAVY)
    overview.canvas.put(overview.next_row(15), (1, 24), legend, note)


class _Tiles:
    """How a tile looks; its colour follows the symbol in its own cell."""

    def __init__(self, overview: Overview, *, is_few: bool) -> None:
        self.canvas, self.formats, self.is_few = overview.canvas, overview.formats, is_few
        words = overview.report.plan.bands.names
        self.symbols = dict(
            zip((*words, UNEVALUATED), (*grade_symbols(overview.report.plan.bands.marks), _NONE), strict=True)
        )
        palette = grade_palette(words)
        colours = [palette[name] for name in self.symbols]
        self.colours = dict(zip(self.symbols.values(), colours, strict=True))

    def draw(self, row: int, column: int, each: ActionEvaluation, page: PageReferences) -> None:
        grade, symbol = page.to(page.at.grade), quoted(_NONE)
        for word, sign in reversed(self.symbols.items()):
            symbol = f"IF(EXACT({grade},{quoted(word)}),{quoted(sign)},{symbol})"
        between, cached = ("CHAR(10)", "\n") if self.is_few else ('" "', " ")
        text = f"{each.action.no}{cached}{self.symbols.get(each.grade or UNEVALUATED, _NONE)}"
        formula = f'HYPERLINK("#\'{page.sheet}\'!A1","{each.action.no}"&{between}&{symbol})'
        look = {**QUIET, "border_color": WHITE}
        size = 9 if self.is_few else 7
        tile = self.formats(bold=True, font_size=size, align="center", text_wrap=self.is_few, border=1, **look)
        span = (column, column + 1) if self.is_few else column
        self.canvas.formula(row, span, formula, text, tile)
        last = column + 1 if self.is_few else column
        for sign, colour in self.colours.items():
            shade = self.formats.conditional(bg_color=colour.fill, font_color=colour.text)
            criteria = f"=RIGHT({absolute(a1(row, column))},1)={quoted(sign)}"
            rule = {"type": "formula", "criteria": criteria, "format": shade}
            self.canvas.sheet.conditional_format(f"{a1(row, column)}:{a1(row, last)}", rule)
