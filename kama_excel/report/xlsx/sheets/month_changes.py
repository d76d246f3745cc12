"""前月からの変更: whose rate or grade changed and what did it, what was reported anew, what the plan changed."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kama_excel.domain.calendar import Month, date_label, year_label, year_short
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.history.changes import ActionChange, ValueChange
from kama_excel.history.plan_changes import DEPARTMENT_NAME, ROW, PlanChange
from kama_excel.merge.frame import EntryRow
from kama_excel.plan.model import Plan
from kama_excel.report.month_report import Report, months_between, result_text
from kama_excel.report.wording import grade_look
from kama_excel.report.xlsx.canvas import Canvas
from kama_excel.report.xlsx.line_table import Columns, LineTable, Said, write_headings, write_note
from kama_excel.report.xlsx.sheet_breaks import keep_together
from kama_excel.spreadsheets.writing.measure import column_pixels
from kama_excel.spreadsheets.writing.style import CENTRED, MUTED, NAVY

NAME = "前月からの変更"
_WIDTHS = (5.0, 40.0, 20.0, 14.0, 38.0, 38.0, 36.0)
_HEADING_ROW = 4
_MOST_NAMED = 4
_LONGEST = 200  # characters of a text; all of it stands in データ_記述
_NOTABLE = {"bg_color": "#FBD78A", "font_color": "#4A3200", "bold": True}
_COLUMNS: Columns = (
    *(("No", (1, 1)), ("アクション", (2, 2)), ("担当課・管理番号", (3, 3)), ("項目", (4, 4))),
    *(("前", (5, 5)), ("今回", (6, 6)), ("備考", (7, 7))),
)
_ACTIONS = LineTable(
    "達成率・評価区分が変わったアクション",
    (_COLUMNS[0], ("アクション", (2, 4)), *_COLUMNS[4:6], ("変わったわけ", (7, 7))),
    has_headings=False,
)
_VALUES = LineTable("変わった報告の値", _COLUMNS, has_headings=False)
_PLAN = LineTable("計画台帳の変更", _COLUMNS, has_headings=False)
_REPEATED = LineTable("前月と同じ文章（書き換えられていません）", (*_COLUMNS[:4], ("文章", (5, 7))), has_headings=False)


def write_changes(canvas: Canvas, report: Report) -> None:
    """Write the sheet; without an earlier month it says so."""
    formats, changes = canvas.formats, report.changes
    canvas.widths(*_WIDTHS)
    canvas.height(1, 28)
    canvas.put(1, 1, f"{NAME}　{report.month.label}分", formats(bold=True, font_size=14, font_color=NAVY))
    canvas.print_setup(landscape=True, footer=f"{report.plan.name}　{NAME}　{report.month.label}分")
    if changes is None:
        canvas.put(3, 1, "これより前の月の様式がないため、比べるものがありません。", formats(font_color=MUTED))
        return
    write_note(canvas, 2, _WIDTHS, _compared(changes.month_before, report.month))
    names = {action.no: action.name for action in report.plan.actions}
    reasons, subjects = _corrections(report.plan), _subjects(report)
    tables = (
        (_ACTIONS, [_action_line(each, reasons, subjects) for each in changes.actions]),
        (_VALUES, [_value_line(each, names, reasons, subjects) for each in changes.values]),
        (_PLAN, [_plan_line(each, names) for each in changes.plan]),
        (_REPEATED, [_repeated_line(each, names) for each in changes.repeated]),
    )
    write_headings(canvas, _HEADING_ROW, _COLUMNS)
    blocks = [(1, _HEADING_ROW)]
    for table, lines in tables:
        row = blocks[-1][1] + 1
        blocks += table.write(canvas, row, _WIDTHS, lines)
    canvas.sheet.freeze_panes(_HEADING_ROW, 0)
    canvas.sheet.repeat_rows(_HEADING_ROW - 1)
    keep_together(canvas, sum(map(column_pixels, _WIDTHS)), blocks, repeated=_HEADING_ROW)


def _compared(before: Month, month: Month) -> str:
    left_out = months_between(before, month)
    gap = f"（{'・'.join(each.label for each in left_out)}は入力フォルダがありません）" if left_out else ""
    return f"{before.label}分との違いです。{gap}色の付いた行は、終わった年度の値が後から変わったものです。"


def _subjects(report: Report) -> dict[str, tuple[str, str]]:
    """Return, by 管理番号, a task's year and text, an indicator's name twice: which of several a value is of."""
    plan = report.plan
    in_force = plan.at(report.month)
    tasks = {each.key: (year_short(each.fiscal_year), each.text) for each in (*plan.tasks, *in_force.tasks)}
    return tasks | {each.key: (each.name, each.name) for each in (*plan.indicators, *in_force.indicators)}


def _action_line(
    change: ActionChange, corrections: Mapping[str, str], subjects: Mapping[str, tuple[str, str]]
) -> tuple[str | Said, ...]:
    action = change.after.action
    is_other = change.before.grade != change.after.grade
    results = (_result(each, is_coloured=is_other) for each in (change.before, change.after))
    return (_no(action.no), action.name, *results, _why(change, corrections, subjects))


def _why(change: ActionChange, corrections: Mapping[str, str], subjects: Mapping[str, tuple[str, str]]) -> str:
    """Say what made the rate another: a decision, the plan, a year that began, the reported values."""
    words = []
    if decision := change.decision:
        label = change.after.plan.method_label(decision.method)
        by = decision.decided_by or "決定者の記入なし"
        words.append(f"{date_label(decision.decided_on)}の決定により「{label}」を採用（{by}）")
    words += [f"計画台帳: {each.key} {_plan_words(each)}" for each in change.plan]
    words += [f"{year_label(year)}が始まりました" for year in change.begun]
    named = []
    for each in change.values:
        of, _ = subjects.get(each.entry.key, ("", ""))
        text = f"{each.entry.department}「{of} {each.entry.item}」{_said(each)}".replace("「 ", "「")
        named.append(f"{text}（訂正）" if _is_corrected(each, corrections) else text)
    words += named[:_MOST_NAMED]
    words += [f"ほか{len(named) - _MOST_NAMED}件"] if len(named) > _MOST_NAMED else []
    return "\n".join(words) or "報告の値は変わっていません"


def _value_line(
    change: ValueChange,
    names: Mapping[int, str],
    corrections: Mapping[str, str],
    subjects: Mapping[str, tuple[str, str]],
) -> tuple[str | Said, ...]:
    entry = change.entry
    of, subject = subjects.get(entry.key, ("", ""))
    name = "\n".join(filter(None, (names.get(change.action_no, ""), subject)))
    look = _NOTABLE if change.is_late else {}
    notes = list(_value_notes(change, corrections))
    return (
        _no(change.action_no),
        name,
        entry.department,
        entry.item if of == subject else f"{of} {entry.item}",
        _typed(change.before),
        Said(_typed(change.after), look),
        Said("\n".join(notes), look),
    )


def _value_notes(change: ValueChange, corrections: Mapping[str, str]) -> Iterator[str]:
    if change.is_late:
        what = (
            "後から報告されました"
            if not change.before
            else "空欄になりました"
            if not change.after
            else "後から変わりました"
        )
        yield f"終わった年度の値が、{what}"
    after = change.after
    if after and after.reported is not None:
        yield f"訂正（報告は {after.reported or '空欄'}）{corrections.get(str(after.place), '')}"


def _is_corrected(change: ValueChange, corrections: Mapping[str, str]) -> bool:
    return change.after is not None and str(change.after.place) in corrections


def _corrections(plan: Plan) -> dict[str, str]:
    """Return who corrected and why, by where the 訂正 stands in the plan workbook."""
    return {str(each.place): f" {each.corrected_by}: {each.reason}" for each in plan.corrections}


def _plan_line(change: PlanChange, names: Mapping[int, str]) -> tuple[str | Said, ...]:
    no, name = (_no(change.action_no), names[change.action_no]) if change.action_no else ("", "")
    item = {ROW: "タスク" if change.key.startswith("T-") else "指標", DEPARTMENT_NAME: "担当課の名前"}.get(
        change.item, change.item
    )
    before, after = (_cut(text) if text is not None else "（なし）" for text in (change.before, change.after))
    return (no, name, change.key, item, before or "（空欄）", after or "（空欄）", _plan_note(change))


def _plan_note(change: PlanChange) -> str:
    if change.item == DEPARTMENT_NAME:
        return "様式の担当課の名前が変わりました（計画台帳の別名による）"
    if change.before is None:
        return "この月から加わりました"
    if change.after is None:
        return "前月で終わりました" + (f"（報告されていた値: {_cut(change.reported)}）" if change.reported else "")
    if change.is_in_place:
        return "計画台帳の行が書き換えられています。前の月も、書き換えた後の内容で計算されます"
    return "この月から変わりました"


def _plan_words(change: PlanChange) -> str:
    if change.before is None:
        return "が加わりました"
    return (
        "が終わりました"
        if change.after is None
        else f"の{change.item} {change.before[:20] or '空欄'} → {change.after[:20] or '空欄'}"
    )


def _repeated_line(entry: EntryRow, names: Mapping[int, str]) -> tuple[str | Said, ...]:
    no = int(entry.key.split("-")[1])
    return (_no(no), names[no], entry.department, entry.item, _cut(entry.typed))


def _said(change: ValueChange) -> str:
    return f"{_typed(change.before)[:20]} → {_typed(change.after)[:20]}"


def _typed(entry: EntryRow | None) -> str:
    return _cut(entry.typed) if entry else "（なし）"


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _no(no: int) -> Said:
    return Said(str(no), CENTRED)


def _result(evaluation: ActionEvaluation, *, is_coloured: bool) -> Said:
    """Return grade and rate; a grade that is the same as before has no colour."""
    colour = grade_look(evaluation.plan, evaluation.grade) if is_coloured else {}
    return Said(result_text(evaluation), {**CENTRED, "bold": is_coloured, **colour})
