"""What the tables of figures on an action's page have in common: headings, sums, marks."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from kama_excel.evaluation import formulas
from kama_excel.evaluation.formulas import BandTable
from kama_excel.evaluation.rates import shown_percent
from kama_excel.report.xlsx.page.addresses import ALL, Span
from kama_excel.report.xlsx.page.layout import Page
from kama_excel.spreadsheets.cells import quoted
from kama_excel.spreadsheets.writing.paging import PageRow
from kama_excel.spreadsheets.writing.style import MUTED, NAVY, PALE

NOTHING = "―"
EXCLUDED = "対象外"
_FLAG: dict[str, object] = {"font_size": 9, "font_color": MUTED, "align": "center"}


def heading_row(page: Page, columns: tuple[Span, ...], headings: tuple[str, ...]) -> PageRow:
    """Return the row of a table's headings."""
    look = page.formats.boxed(bold=True, align="center", bg_color=PALE, font_color=NAVY, font_size=9)

    def draw(row: int) -> None:
        for span, heading in zip(columns, headings, strict=True):
            page.canvas.put(row, span, heading, look)

    return PageRow(19, 16, draw)


def flag(page: Page, row: int, column: int, value: float | Fraction) -> None:
    """Write a figure for formulas, outside the print area, in a pale colour."""
    page.canvas.put(row, column, value, page.formats(**_FLAG))


def write_sum(
    page: Page,
    words: str,
    rates: Sequence[Fraction | None],
    cells: Callable[[], Sequence[str]],
    result: Callable[[], str],
) -> None:
    """Write the mean of rates as a live calculation; nothing for fewer than two rates.

    `cells`, which show the rates, and `result`, their exact mean, are requested when the addresses are known.
    """
    bands = page.evaluation.bands
    table, known = BandTable.in_workbook(bands), [rate for rate in rates if rate is not None]
    value = ""
    if len(known) > 1:
        added = " ＋ ".join(shown_percent(rate, bands) for rate in known)
        total = sum(known, Fraction(0)) / len(known)
        value = f"{words}　（{added}） ÷ {len(known)} ＝ {shown_percent(total, bands)}"

    def draw(row: int) -> None:
        shown = ((cell, f'TEXT({cell},"{bands.rounding.number_format}")') for cell in cells())
        each = "&".join(f'IF(ISNUMBER({cell})," ＋ "&{text},"")' for cell, text in shown)
        count = f"COUNT({','.join(cells())})"
        calculation = f'{quoted(f"{words}　（")}&MID({each},4,500)&"） ÷ "&{count}&" ＝ "'
        formula = f'IF({count}<2,"",{calculation}&{formulas.shown_text(result(), table)})'
        page.canvas.formula(row, ALL, formula, value, page.formats(font_size=9, align="right"))

    page.add(PageRow(17, 14, draw))
