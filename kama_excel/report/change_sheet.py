"""前月からの変更: whose rate or grade changed and which value did it, what was reported anew, what the plan changed."""

from __future__ import annotations

from collections.abc import Sequence

from kama_excel.evaluation import ActionEvaluation
from kama_excel.history import ActionChange, ValueChange
from kama_excel.look import INDENT, MUTED, NAVY, WHITE, column_pixels, row_points
from kama_excel.merge.entries import EntryRow
from kama_excel.report.canvas import UNEVALUATED, Canvas
from kama_excel.report.model import Report

NAME = "前月からの変更"
_WIDTHS = (6.0, 34.0, 26.0, 16.0, 30.0, 30.0, 40.0)
_MOST_NAMED = 4


def write_changes(canvas: Canvas, report: Report) -> None:
    """Write the sheet; without an earlier month it says so."""
    formats, changes = canvas.formats, report.changes
    canvas.widths(*_WIDTHS)
    canvas.height(1, 28)
    canvas.put(1, 1, f"前月からの変更　{report.month.label}分", formats(bold=True, font_size=14, font_color=NAVY))
    canvas.print_setup(landscape=True, footer=f"{report.plan.name}　{NAME}　{report.month.label}分")
    if changes is None:
        canvas.put(3, 1, "これより前の月の様式がないため、比べるものがありません。", formats(font_color=MUTED))
        return
    canvas.put(2, 1, f"{changes.month_before.label}分との違いです。", formats(font_size=9, font_color=MUTED))
    names = {action.no: action.name for action in report.plan.actions}
    row = _table(
        canvas,
        4,
        "達成率・評価区分が変わったアクション",
        ("No", "アクション", "前", "今回", "", "", "変わった報告"),
        [_action_row(each) for each in changes.actions],
    )
    row = _table(
        canvas,
        row + 1,
        "変わった報告の値",
        ("No", "アクション", "担当課", "項目", "前", "今回", "備考"),
        [_value_row(each, names) for each in changes.values],
    )
    row = _table(
        canvas,
        row + 1,
        "計画台帳の変更（適用開始・適用終了）",
        ("No", "アクション", "管理番号", "", "タスク・指標", "", "変更"),
        [
            (
                str(each.action_no),
                names[each.action_no],
                each.key,
                "",
                each.text,
                "",
                "この月から" if each.has_begun else "前月まで",
            )
            for each in changes.plan
        ],
    )
    _table(
        canvas,
        row + 1,
        "前月と同じ文章（書き換えられていません）",
        ("No", "アクション", "担当課", "項目", "文章", "", ""),
        [
            (str(no := int(each.key.split("-")[1])), names[no], each.department, each.item, each.typed[:200], "", "")
            for each in changes.repeated
        ],
    )


def _action_row(change: ActionChange) -> tuple[str, ...]:
    action = change.after.action
    named = [f"{each.entry.department}「{each.entry.item}」{_said(each)}" for each in change.values]
    more = [f"ほか{len(named) - _MOST_NAMED}件"] if len(named) > _MOST_NAMED else []
    why = "\n".join([*named[:_MOST_NAMED], *more]) or "報告の値は変わっていません（月・決定・計画の変更によるもの）"
    return (str(action.no), action.name, _result(change.before), _result(change.after), "", "", why)


def _value_row(change: ValueChange, names: dict[int, str]) -> tuple[str, ...]:
    entry = change.entry
    late = "終わった年度の値が、後から変わりました" if change.is_late else ""
    name = names.get(change.action_no, "")
    return (
        str(change.action_no),
        name,
        entry.department,
        entry.item,
        _typed(change.before),
        _typed(change.after),
        late,
    )


def _said(change: ValueChange) -> str:
    return f"{_typed(change.before)[:20]} → {_typed(change.after)[:20]}"


def _typed(entry: EntryRow | None) -> str:
    return entry.typed if entry else "（なし）"


def _result(evaluation: ActionEvaluation) -> str:
    return f"{evaluation.grade} {evaluation.shown}" if evaluation.grade else UNEVALUATED


def _table(canvas: Canvas, row: int, title: str, headings: Sequence[str], rows: Sequence[tuple[str, ...]]) -> int:
    """Write a title, headings and rows; return the next free row."""
    formats = canvas.formats
    canvas.put(row, (1, len(_WIDTHS)), title, formats(bold=True, font_color=NAVY, bottom=2, bottom_color=NAVY))
    if not rows:
        canvas.put(row + 1, 1, "ありません。", formats(font_size=9, font_color=MUTED))
        return row + 2
    look = formats.boxed(bold=True, font_color=WHITE, bg_color=NAVY, align="center", font_size=9)
    for column, heading in enumerate(headings, start=1):
        canvas.put(row + 1, column, heading, look)
    for number, texts in enumerate(rows, start=row + 2):
        sizes = zip(texts, _WIDTHS, strict=True)
        canvas.height(
            number, max(row_points(text, column_pixels(width) - INDENT, 9, least=18) for text, width in sizes)
        )
        for column, text in enumerate(texts, start=1):
            canvas.put(number, column, text, formats.boxed(font_size=9, text_wrap=True, indent=1))
    return row + 2 + len(rows)
