"""総括評価 on an action's page: each department's rate, changeable, with its reason."""

from __future__ import annotations

from kama_excel.domain.keys import Field, Key
from kama_excel.evaluation.facts import AssessmentFact
from kama_excel.report.xlsx.page.addresses import ASSESSED, ASSESSOR, REASON, WEIGHT_COLUMN
from kama_excel.report.xlsx.page.input_tables import flag, heading_row
from kama_excel.report.xlsx.page.layout import CORRECTED, Page, span_pixels, text_row
from kama_excel.spreadsheets.writing.measure import INDENT, split_into_rows
from kama_excel.spreadsheets.writing.paging import PageRow

_COLUMNS = (ASSESSOR, ASSESSED, REASON)
_HIGHEST_PIECE = 200.0


def write_assessments(page: Page) -> None:
    """Write every department's 総括評価 with its reason."""
    if not page.evaluation.assessments:
        return
    heading = heading_row(page, _COLUMNS, ("担当課", "総括評価", "理由"))
    rows = [row for each in page.evaluation.assessments for row in _assessment_rows(page, each)]
    page.add(*rows, heading=(heading,), gap=6)


def _assessment_rows(page: Page, each: AssessmentFact) -> list[PageRow]:
    """Return the row of an assessment, and further ones if its reason is too long."""
    department, rate, reason = _COLUMNS
    rows = []
    key = Key.of_assessment(each.action_no, each.department)
    parts = split_into_rows(
        each.reason + page.correction(key, Field.ASSESSMENT, Field.REASON),
        span_pixels(reason) - INDENT,
        10,
        most=_HIGHEST_PIECE,
    )
    for number, piece in enumerate(parts):
        label = each.department + "（続き）" * (number > 0)

        def draw(row: int, label: str = label, piece: str = piece, *, is_first: bool = number == 0) -> None:
            page.canvas.put(row, department, label, page.formats.text(font_size=9))
            colour = CORRECTED if is_first and page.correction(key, Field.ASSESSMENT) else {}
            look = page.formats.boxed(
                align="center", bold=True, num_format=page.evaluation.bands.rounding.number_format, **colour
            )
            if is_first:
                page.link_to_data(row, rate[0], key)
                page.inputs.assessments.append(row)
                if each.month <= page.report.plan.last_month:
                    flag(page, row, WEIGHT_COLUMN, 1)
            page.canvas.put(row, rate, each.rate if is_first else None, look)
            if is_first:
                page.mark_changed(row, rate[0], each.rate)
            page.canvas.put(row, reason, piece, page.formats.text())

        rows.append(text_row([(piece, reason, 10), (label, department, 9)], draw, least=20))
    return rows
