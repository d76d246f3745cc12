"""決定・訂正の記録: decisions and corrections with author and reason; also in 要判断.

The public reads no author.
"""

from __future__ import annotations

from collections.abc import Sequence

from kama_excel.domain.calendar import date_label
from kama_excel.domain.text import is_placeholder
from kama_excel.merge.corrections import CorrectionRecord, CorrectionState
from kama_excel.plan.rows import Decision
from kama_excel.report.month_report import Report
from kama_excel.report.wording import result_text, subject_text
from kama_excel.report.xlsx.page.page import PageReferences
from kama_excel.report.xlsx.sheets.checks import BACK
from kama_excel.spreadsheets.writing.canvas import Canvas, Span
from kama_excel.spreadsheets.writing.style import CENTRED, MUTED, NOTABLE, grade_look
from kama_excel.spreadsheets.writing.table import Column, Line, Table, TableCell, last_row

NAME = "決定・訂正の記録"
WIDTHS = (6.0, 22.0, 12.0, 9.0, 11.0, 26.0, 50.0)
_NOTE = "決定により採用した算定方法と、会議などで訂正した報告の値です。訂正の後に新しい報告があったものは、その報告を採用しています。集計したときの値です。"
_DECIDED = Table(
    (
        *(Column("No", 1, CENTRED), Column("アクション", 2), Column("算定方法", (3, 4), CENTRED)),
        *(Column("評価区分", 5, {**CENTRED, "bold": True}), Column("決定がない場合の区分", 6)),
        Column("決定日・決定者・理由", 7),
    ),
    title="決定しているアクション（計画台帳の「評価方法」）",
)
_CORRECTED = Table(
    (
        *(Column("No", 1, CENTRED), Column("タスク・指標など", 2), Column("項目", 3, CENTRED)),
        *(Column("訂正前", 4, CENTRED), Column("訂正後", 5, CENTRED), Column("扱い", 6)),
        Column("訂正日・訂正者・理由", 7),
    ),
    title="訂正の記録（計画台帳の「訂正」）",
)


def write_records(canvas: Canvas, report: Report, pages: Sequence[PageReferences]) -> int:
    """Write the sheet; return its number of printed pages."""
    canvas.widths(*WIDTHS)
    canvas.head(f"{NAME}　{report.month.label}分", _NOTE, links=BACK)
    (_, first), *rest = write_decided(canvas, 3, report, pages)
    blocks = [(1, first), *rest]
    (first, last), *rest = write_corrections(canvas, last_row(blocks) + 2, report)
    blocks += [(first - 1, last), *rest]
    canvas.print_setup(landscape=True, footer=f"{report.plan.name}　{NAME}　{report.month.label}分")
    return canvas.keep_together(blocks)


def write_decided(canvas: Canvas, row: int, report: Report, pages: Sequence[PageReferences]) -> list[Span]:
    """Write the actions with a decided method; return what stays together on a page."""
    decided = [_decided_line(page, is_public=report.is_public) for page in pages if page.at.evaluation.decision]
    return _for(report, _DECIDED).write(canvas, row, decided, empty="まだありません。すべて自動で算定しています。")


def write_corrections(canvas: Canvas, row: int, report: Report) -> list[Span]:
    """Write every correction, in force or not; return what stays together on a page."""
    return _for(report, _CORRECTED).write(
        canvas, row, [_corrected_line(report, each) for each in report.merged.corrections]
    )


def _for(report: Report, table: Table) -> Table:
    """Return the table; for the public without names of persons and of the plan's sheets."""
    if not report.is_public:
        return table
    *columns, last = table.columns
    why = last._replace(heading="・".join((last.heading.partition("・")[0], "理由")))
    return table._replace(columns=(*columns, why), title=table.title.partition("（")[0])


def _decided_line(page: PageReferences, *, is_public: bool) -> Line:
    each = page.at.evaluation
    decision = each.decision
    assert decision is not None  # noqa: S101 -- only decided actions are listed
    changes = each.grade != each.by_rule.grade
    otherwise = result_text(each.by_rule) + ("（決定により区分が変わっています）" if changes else "")
    return (
        TableCell(each.action.no, link=page.sheet),
        each.action.name,
        f"{each.plan.method_label(decision.method)} {each.shown or ''}".strip(),
        TableCell(each.grade_word, grade_look(each.plan.bands.names, each.grade)),
        TableCell(otherwise, NOTABLE if changes else {}),
        TableCell(_by(decision, is_public=is_public), NOTABLE if is_placeholder(decision.reason) else {}),
    )


def _by(decision: Decision, *, is_public: bool) -> str:
    who = "" if is_public else decision.decided_by or "（決定者の記入がありません）"
    reason = "（理由の記入がありません）" if is_placeholder(decision.reason) else decision.reason
    return f"{date_label(decision.decided_on)}　{who}".rstrip() + f"\n{reason}"


def _corrected_line(report: Report, record: CorrectionRecord) -> Line:
    each = record.correction
    no = report.plan.action_no(each.key)
    subject = subject_text(report.plan, report.month, each.key) or report.names.get(no or 0, str(each.key))
    reason = "（理由の登録がありません）" if is_placeholder(each.reason) else each.reason
    who = "" if report.is_public else each.corrected_by or "（訂正者の登録がありません）"
    is_over = record.state is not CorrectionState.IN_FORCE
    return (
        *(no, subject, each.item, record.before or "空欄", each.value),
        TableCell(record.outcome, {"font_color": MUTED} if is_over else {}),
        f"{date_label(each.corrected_on)}　{who}".rstrip() + f"\n{reason}",
    )
