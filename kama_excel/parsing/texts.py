"""Parse the texts that people type: reports, remarks, 確度."""

from __future__ import annotations

from kama_excel.domain.entries import Certainty
from kama_excel.domain.text import is_ditto, normalize_key, private_characters
from kama_excel.findings.catalogue import Code
from kama_excel.parsing.parsed import Parsed, Problem, cell_problem
from kama_excel.parsing.shown import text_as_shown
from kama_excel.spreadsheets.cells import Cell, is_blank


def read_text(cell: Cell) -> Parsed[str]:
    """Parse a text as the sheet shows it, stripped, with its line breaks.

    Reports: a figure or date that a number format shows differently, removed characters that no workbook can
    hold, and characters that other PCs do not show (外字).
    """
    if problem := cell_problem(cell):
        return Parsed(problem=problem)
    shown = text_as_shown(cell)
    text = (shown.value or "").strip()
    if shown.problem:
        return Parsed(text or None, shown.problem)
    if cell.is_cleaned:
        return Parsed(text or None, Problem(Code.TEXT_CLEANED))
    if found := private_characters(text):
        return Parsed(text, Problem(Code.TEXT_PRIVATE, (("characters", "、".join(found)),)))
    return Parsed(text or None)


def read_report_text(cell: Cell) -> Parsed[str]:
    """Parse a text that the report prints unchanged: 「同上」 has no meaning there."""
    parsed = read_text(cell)
    if parsed.value and not parsed.problem and is_ditto(parsed.value):
        return Parsed(parsed.value, Problem(Code.TEXT_SAME))
    return parsed


def read_certainty(cell: Cell) -> Parsed[Certainty]:
    """Parse 確度. An unknown word counts as 見込: a figure is never 確定 by mistake."""
    if problem := cell_problem(cell):
        return Parsed(Certainty.EXPECTED, problem)
    if is_blank(cell):
        return Parsed()
    shown = text_as_shown(cell)
    if shown.problem:
        return Parsed(Certainty.EXPECTED, shown.problem)
    word = normalize_key(shown.value or "")
    for certainty, words in (
        (Certainty.FINAL, ("確定", "確定値")),
        (Certainty.EXPECTED, ("見込", "見込み", "見込値")),
        (Certainty.ASSUMED, ("仮定", "仮定値", "仮")),
    ):
        if word in words:
            return Parsed(certainty)
    return Parsed(Certainty.EXPECTED, Problem(Code.CERTAINTY_UNREADABLE))
