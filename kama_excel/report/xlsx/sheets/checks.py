"""提出状況 and 確認事項: the received forms, and the points to check."""

from __future__ import annotations

from collections.abc import Mapping

from kama_excel.domain.calendar import date_label, month_short
from kama_excel.domain.keys import Key
from kama_excel.findings.catalogue import Severity
from kama_excel.findings.finding import Finding
from kama_excel.inbox.current_forms import CARRIED, MISSING, SUBMITTED, UNFILLED, UNREAD, DepartmentStatus, status_label
from kama_excel.report.month_report import Report
from kama_excel.spreadsheets.writing.canvas import A3, A4, Canvas
from kama_excel.spreadsheets.writing.style import CENTRED, FIGURES, MUTED, NOTABLE, PALE, QUIET, SEVERE
from kama_excel.spreadsheets.writing.table import Column, Line, Look, Table, TableCell, one_each

SUBMISSIONS, FINDINGS = "提出状況", "確認事項"
BACK = (("総括", "総括へ"), ("一覧", "一覧へ"))
_HEADING_ROW = 3
_MOST_MONTHS = 12
_MONTH_WIDTH = 6.0
_MARKS = {SUBMITTED: "○", CARRIED: "前月値", MISSING: "×"}
_FILES, _FILE_WIDTHS = one_each(
    *(("担当課", 26.0), ("状態", 12.0, CENTRED), ("様式の月", 13.0, CENTRED), ("記入者", 14.0)),
    *(("記入日", 17.0, CENTRED), ("ファイル", 40.0)),
    ("SHA-256（先頭）", 19.0, {**CENTRED, "font_name": FIGURES, "font_color": MUTED}),
)
_FINDINGS, _FINDING_WIDTHS = one_each(
    *(("No", 5.0, CENTRED), ("重要度", 8.0, CENTRED), ("担当課", 18.0), ("アクション", 10.0, CENTRED)),
    *(("ファイル", 30.0), ("シート", 11.0, CENTRED), ("セル", 7.0, CENTRED), ("記入されていた内容", 20.0)),
    *(("内容", 46.0), ("対応のお願い", 42.0), ("コード", 19.0, {"font_color": MUTED})),
)
_COLOURS: Mapping[Severity, Look] = {Severity.ERROR: SEVERE, Severity.WARNING: NOTABLE, Severity.INFO: QUIET}


def write_submissions(canvas: Canvas, report: Report) -> None:
    """Write who sent which form, with the submissions of the last months beside."""
    states = report.states[-_MOST_MONTHS:]
    first = len(_FILES) + 2
    months = tuple(Column(month_short(state.month), at, CENTRED) for at, state in enumerate(states, start=first))
    canvas.widths(*_FILE_WIDTHS, *((2.0, *[_MONTH_WIDTH] * len(months)) if months else ()))
    note = "「前月値を使用」の課は、前に提出された様式の値で集計しています。「読取不可」はファイルを読み取れなかった課、「未記入」は様式が配布したときのまま返送された課です。"
    note += "右の表は月ごとの提出です（○ 提出　前月値 前月値を使用　× 未提出　－ 対象外）。" if months else ""
    canvas.head(f"{SUBMISSIONS}　{report.month.label}分", note, links=BACK)
    table, by_month = Table(_FILES), Table(months)
    table.write_headings(canvas, _HEADING_ROW)
    lines = table.lines(canvas)
    if months:
        by_month.write_headings(canvas, _HEADING_ROW)
    status_of = [{each.department: each.status for each in state.merged.statuses} for state in states]
    row = _HEADING_ROW
    for status in report.merged.statuses:
        fill = {SUBMITTED: {}, CARRIED: {"bg_color": PALE}}.get(status.status, NOTABLE)
        for number, file in enumerate(_files(status)):
            row += 1
            lines.write(row, (status.department, TableCell(status_label(status.status), fill), *file))
            if months and number == 0:
                marks = [_mark(of_month.get(status.department)) for of_month in status_of]
                for column, mark in zip(months, marks, strict=True):
                    canvas.put(row, column.span, mark, canvas.formats.boxed(align="center", font_size=9))
    table.add_filter(canvas, _HEADING_ROW, row)
    _finish(canvas, report, paper=A3)


def _files(status: DepartmentStatus) -> list[Line]:
    """Return month, writer, 記入日, file and hash of a department's forms; else a blank line."""
    lines: list[Line] = []
    if status.status == UNREAD:
        lines += [(each.month.label, "", "", f"{each.file}\n{each.reason}", "") for each in status.unread]
    for each in (*(status.unfilled if status.status == UNFILLED else ()), *status.received):
        form = each.submission
        day = date_label(form.filled_on) if form.filled_on else ""
        lines.append((each.month.label, form.writer, day, form.file, form.sha256[:16]))
    return lines or [("", "", "", "", "")]


def _mark(status: str | None) -> str:
    """Return a month's cell: a mark, or the status in words if it has no mark."""
    return "－" if status is None else _MARKS.get(status, status)


def write_findings(canvas: Canvas, report: Report, data_rows: dict[str, str]) -> None:
    """Write every finding, エラー first, filterable by department, with links.

    The cell links to its data, the action to its page.
    """
    canvas.widths(*_FINDING_WIDTHS)
    counts = "、".join(f"{severity.value} {report.count(severity)}件" for severity in Severity)
    note = f"{counts}。「エラー」は集計に含めていない値、「警告」は、ご確認をお願いする値です。"
    canvas.head(f"{FINDINGS}　{report.month.label}分", note, links=BACK)
    table = Table(_FINDINGS)
    table.write_headings(canvas, _HEADING_ROW)
    lines = table.lines(canvas)
    keys = {entry.place: entry.key for entry in report.merged.entries.values()}
    order = list(Severity)
    row = _HEADING_ROW
    for number, each in enumerate(sorted(report.findings, key=lambda each: order.index(each.severity)), start=1):
        row += 1
        key = keys.get(each.place, each.key)
        no = _action_of(report, each, key)
        lines.write(row, _finding_line(report, number, each, no, data_rows.get(key, "")))
    if report.findings:
        table.add_filter(canvas, _HEADING_ROW, row)
    else:
        canvas.put(_HEADING_ROW + 1, canvas.all_columns, "確認事項はありません。", canvas.formats(font_color=MUTED))
    _finish(canvas, report, paper=A3)


def _finding_line(report: Report, number: int, each: Finding, no: int | None, data: str) -> Line:
    place = each.place
    page = report.page_name(report.plan.action(no)) if no is not None else ""
    return (
        number,
        TableCell(each.severity.value, {**_COLOURS[each.severity], "bold": True}),
        each.department,
        TableCell(no, link=page),
        place.file,
        place.sheet,
        TableCell(place.cell, link=data if place.cell else ""),
        *(each.value, each.message, each.advice, each.code.slug),
    )


def _action_of(report: Report, each: Finding, key: Key) -> int | None:
    """Return the action of a finding, by itself or by its 管理番号 in the month, else None."""
    row = next((row for row in report.plan.of_key(key) if report.month in row.period), None)
    no = each.action_no or (row.action_no if row else key.action_no)
    return no if any(action.no == no for action in report.plan.actions) else None


def _finish(canvas: Canvas, report: Report, *, paper: int = A4) -> None:
    canvas.keep_headings(_HEADING_ROW)
    footer = f"{report.plan.name}　{canvas.name}　{report.month.label}分"
    canvas.print_setup(landscape=True, footer=footer, paper=paper)
