"""提出状況 and 確認事項: who sent what, and what a person must look at."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from xlsxwriter import Workbook

from kama_excel.domain.calendar import month_short
from kama_excel.findings.catalogue import Severity
from kama_excel.inbox.current_forms import CARRIED, MISSING, SUBMITTED
from kama_excel.merge.frame import rows_of
from kama_excel.report.month_report import Report
from kama_excel.report.xlsx.canvas import Canvas, quoted
from kama_excel.spreadsheets.writing.measure import INDENT, column_pixels, row_points
from kama_excel.spreadsheets.writing.style import CENTRED, FIGURES, MUTED, NAVY, WHITE, Formats

SUBMISSIONS, FINDINGS = "提出状況", "確認事項"
_HEADING_ROW = 3
_MOST_MONTHS = 12
Look = Mapping[str, object]
_DIGEST: Look = {**CENTRED, "font_name": FIGURES, "font_color": MUTED}
_SLUG: Look = {"font_size": 8, "font_color": MUTED}
_COLOURS = {
    Severity.ERROR: ("#B5451B", WHITE),
    Severity.WARNING: ("#FBD78A", "#4A3200"),
    Severity.INFO: ("#E3E5E8", "#3B424C"),
}


def write_submissions(workbook: Workbook, formats: Formats, report: Report) -> None:
    """Write who sent which form."""
    canvas = Canvas(workbook, SUBMISSIONS, formats)
    widths = (30.0, 10.0, 14.0, 16.0, 13.0, 46.0, 20.0)
    canvas.widths(*widths)
    _head(canvas, f"提出状況　{report.month.label}分", "「前月まで」の課は、前に提出された様式の値を使っています。")
    _headings(canvas, ("担当課", "状態", "様式の月", "記入者", "記入日", "ファイル", "SHA-256（先頭）"))
    row = _HEADING_ROW
    for status in report.merged.statuses:
        for received in status.received or (None,):
            row += 1
            submission = received.submission if received else None
            filled_on = submission.filled_on.isoformat() if submission and submission.filled_on else ""
            texts = (
                status.department,
                status.status,
                received.month.label if received else "",
                submission.writer if submission else "",
                filled_on,
                submission.file if submission else "",
                submission.sha256[:16] if submission else "",
            )
            colour = "#FBD78A" if status.status == MISSING else "#EDF2F7" if status.status == CARRIED else WHITE
            looks = dict.fromkeys((2, 3, 5), CENTRED)
            _row(canvas, row, texts, widths, looks | {2: {"bg_color": colour, **CENTRED}, 7: _DIGEST})
    canvas.sheet.autofilter(_HEADING_ROW - 1, 0, max(row, _HEADING_ROW + 1) - 1, len(widths) - 1)
    _write_months(canvas, report, len(widths) + 2)
    _finish(canvas, report, SUBMISSIONS)


def _write_months(canvas: Canvas, report: Report, first_column: int) -> None:
    """Write beside the list which department sent a form in which of the last months."""
    states = report.states[-_MOST_MONTHS:]
    canvas.sheet.set_column(first_column - 2, first_column - 2, 2)
    symbols = {SUBMITTED: "○", CARRIED: "△", MISSING: "×"}
    heading = canvas.formats.boxed(bold=True, font_color=WHITE, bg_color=NAVY, align="center", font_size=9)
    for column, state in enumerate(states, start=first_column):
        canvas.sheet.set_column(column - 1, column - 1, 7)
        canvas.put(_HEADING_ROW, column, month_short(state.month), heading)
        of_month = {each.department: each.status for each in state.merged.statuses}
        row = _HEADING_ROW + 1
        for status in report.merged.statuses:
            said = symbols.get(of_month.get(status.department, ""), "－")
            canvas.put(row, column, said, canvas.formats.boxed(align="center", font_size=9))
            row += max(len(status.received), 1)
    if states:
        note = "○ 提出　△ 前月まで　× 未提出　－ 対象外"
        canvas.put(_HEADING_ROW - 1, first_column, note, canvas.formats(font_size=9, font_color=MUTED))


def write_findings(workbook: Workbook, formats: Formats, report: Report, data_rows: dict[str, str]) -> None:
    """Write every finding, エラー first, filterable by department; the cell links to its data, the action to its page."""
    canvas = Canvas(workbook, FINDINGS, formats)
    widths = (5.0, 8.0, 18.0, 10.0, 30.0, 11.0, 7.0, 18.0, 48.0, 42.0, 19.0)
    canvas.widths(*widths)
    _head(canvas, f"確認事項　{report.month.label}分", "エラーは集計に入っていない値、警告は確かめてほしい値です。")
    headings = (
        "No",
        "重要度",
        "担当課",
        "アクション",
        "ファイル",
        "シート",
        "セル",
        "あった値",
        "内容",
        "していただくこと",
        "コード",
    )
    _headings(canvas, headings)
    keys = {(row.file, row.sheet, row.cell): row.key for row in rows_of(report.merged.entries)}
    actions = _actions(report)
    order = list(Severity)
    row = _HEADING_ROW
    link = formats.boxed(font_size=9, font_color="#2F74B0", underline=1, align="center")
    for number, each in enumerate(sorted(report.findings, key=lambda each: order.index(each.severity)), start=1):
        row += 1
        place = each.place
        details = dict(each.details)
        key = keys.get((place.file, place.sheet, place.cell), details.get("key", ""))
        no = actions.get(details.get("action", "")) or actions.get(key) or _action_of_words(key, actions)
        where = (place.file, place.sheet, place.cell)
        words = (each.value, each.message, each.advice, each.code.value.slug)
        texts = (number, each.severity.value, each.department, no, *where, *words)
        fill, ink = _COLOURS[each.severity]
        severity = {"bg_color": fill, "font_color": ink, "bold": True, **CENTRED}
        looks = dict.fromkeys((1, 4, 6, 7), CENTRED)
        _row(canvas, row, texts, widths, looks | {2: severity, len(widths): _SLUG})
        if no is not None:
            page = report.page_name(report.plan.action(no))
            canvas.formula(row, 4, f"HYPERLINK(\"#'{page}'!A1\",{no})", no, link)
        if place.cell and key in data_rows:
            canvas.formula(row, 7, f'HYPERLINK("#{data_rows[key]}",{quoted(place.cell)})', place.cell, link)
    if not report.findings:
        canvas.put(_HEADING_ROW + 1, (1, len(widths)), "確認事項はありません。", formats(font_color=MUTED))
    canvas.sheet.autofilter(_HEADING_ROW - 1, 0, max(row, _HEADING_ROW + 1) - 1, len(widths) - 1)
    _finish(canvas, report, FINDINGS, paper=8)


def _actions(report: Report) -> dict[str, int]:
    """Return actions' numbers by what findings name: the number itself, and the 管理番号 of tasks and indicators."""
    facts = report.merged.facts
    known = {each.task.key: each.task.action_no for each in facts.tasks}
    known |= {each.indicator.key: each.indicator.action_no for each in facts.indicators}
    known |= {str(action.no): action.no for action in report.plan.actions}
    return known


def _action_of_words(key: str, actions: dict[str, int]) -> int | None:
    """Return the action of a 管理番号 like A-6-甲課, which names it; tasks and indicators have numbers of their own."""
    kind, _, rest = key.partition("-")
    return None if kind in ("T", "I") else actions.get(rest.partition("-")[0])


def _head(canvas: Canvas, title: str, note: str) -> None:
    canvas.height(1, 28)
    canvas.put(1, 1, title, canvas.formats(bold=True, font_size=14, font_color=NAVY))
    canvas.put(2, 1, note, canvas.formats(font_color=MUTED, font_size=9))


def _headings(canvas: Canvas, headings: Sequence[str]) -> None:
    canvas.height(_HEADING_ROW, 24)
    look = canvas.formats.boxed(bold=True, font_color=WHITE, bg_color=NAVY, align="center", font_size=9)
    for column, heading in enumerate(headings, start=1):
        canvas.put(_HEADING_ROW, column, heading, look)


def _row(
    canvas: Canvas,
    row: int,
    values: Sequence[str | int | None],
    widths: Sequence[float],
    looks: Mapping[int, Look],
) -> None:
    sizes = zip(map(str, values), widths, strict=True)
    canvas.height(row, max(row_points(text, column_pixels(width) - INDENT, 9, least=20) for text, width in sizes))
    for column, value in enumerate(values, start=1):
        look: dict[str, object] = {"font_size": 9, **looks.get(column, {})}
        canvas.put(row, column, value, canvas.formats.text(**look))


def _finish(canvas: Canvas, report: Report, name: str, *, paper: int = 9) -> None:
    canvas.sheet.freeze_panes(_HEADING_ROW, 0)
    canvas.sheet.repeat_rows(_HEADING_ROW - 1)
    canvas.print_setup(landscape=True, paper=paper, footer=f"{report.plan.name}　{name}　{report.month.label}分")
