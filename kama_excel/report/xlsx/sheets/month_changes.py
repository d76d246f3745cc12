"""前月からの変更: changed rates and grades with reasons, plan changes, changed values.

The changed values are shown on screen only.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from kama_excel.domain.calendar import date_label, year_label
from kama_excel.domain.entries import Entry
from kama_excel.domain.keys import Field, Key, KeyKind
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.history.changes import ActionChange, Changes, ValueChange
from kama_excel.history.plan_changes import DEPARTMENT_NAME, ROW, PlanChange
from kama_excel.plan.model import Plan
from kama_excel.report.month_report import Report
from kama_excel.report.wording import (
    UNUSED,
    direction_of,
    method_cause_text,
    months_between,
    points_text,
    result_text,
    subject_text,
    typed_text,
)
from kama_excel.report.xlsx.sheets.checks import BACK
from kama_excel.spreadsheets.cells import a1
from kama_excel.spreadsheets.writing.canvas import Canvas
from kama_excel.spreadsheets.writing.style import CENTRED, MUTED, NOTABLE, grade_look
from kama_excel.spreadsheets.writing.table import Column, Line, Table, TableCell, last_row

NAME = "前月からの変更"
REPLACED = "同じ月の前のブックからの変更"
_WIDTHS = (5.0, 34.0, 16.0, 16.0, 9.0, 27.0, 27.0)
_HEADING_ROW = 3
_MOST_NAMED = 1
_NONE = "（なし）"
_LONGEST = 200  # characters of a text; データ_記述 has the whole text
_BOLD = {**CENTRED, "bold": True}
_ACTIONS = Table(
    (
        *(Column("No", 1, CENTRED), Column("アクション", 2), Column("前月", 3, CENTRED), Column("今月", 4, CENTRED)),
        *(Column("増減\n(ポイント)", 5, CENTRED), Column("変更の主な要因", (6, 7))),
    ),
    least=16.0,
    padding=3.0,
)
_PLAN = Table(
    (
        *(
            Column("No", 1, CENTRED),
            Column("アクション", 2),
            Column("タスク・指標", 3),
            Column("項目", (4, 5), CENTRED),
        ),
        *(Column("前月", 6), Column("今月", 7)),
    ),
    title="計画台帳の変更",
)
_VALUES = Table(
    (
        *(Column("No", 1, CENTRED), Column("アクション・タスク・指標", 2), Column("担当課", 3)),
        *(Column("項目", (4, 5), CENTRED), Column("前月", 6), Column("今月", 7)),
    ),
    title="報告値の変更（画面でご覧ください。印刷には含めていません）",
)
_REPLACED = Table(
    (
        *(Column("No", 1, CENTRED), Column("アクション", 2), Column("前のブック", 3, CENTRED)),
        *(Column("このブック", 4, CENTRED), Column("増減\n(ポイント)", 5, CENTRED), Column("理由", (6, 7))),
    ),
    title=REPLACED,
)
_REPEATED = Table(
    (
        *(Column("No", 1, CENTRED), Column("アクション", 2), Column("担当課", 3)),
        *(Column("項目", (4, 5), CENTRED), Column("文章", (6, 7))),
    ),
    title="前月と同じ文章（印刷には含めていません）",
)


def write_changes(canvas: Canvas, report: Report) -> None:
    """Write the sheet, or that there is no earlier month.

    The actions and the plan are printed.
    """
    changes = report.changes
    canvas.widths(*_WIDTHS)
    canvas.print_setup(landscape=True, footer=f"{report.plan.name}　{NAME}　{report.month.label}分")
    title = f"{NAME}　{report.month.label}分"
    if changes is None:
        canvas.head(title, links=BACK)
        none = "これより前の月の様式がないため、比較の対象がありません。"
        canvas.put(_HEADING_ROW, 1, none, canvas.formats(font_color=MUTED))
        _write_foot(canvas, _HEADING_ROW + 2, report)
        return
    canvas.head(title, _summary(changes, report), links=BACK)
    names = report.names
    tables = (_ACTIONS, _PLAN, _VALUES, _REPEATED)
    action_table, plan_table, value_table, repeated_table = (
        each.reworded("前月", report.before_short) for each in tables
    )
    words = _Words(report)
    action_table.write_headings(canvas, _HEADING_ROW)
    actions = sorted((each for each in changes.actions if changes.is_in_both(each.after.action.no)), key=_order)
    nothing = "達成率・評価区分が変わったアクションはありません。"
    heads = action_table._replace(has_headings=False)
    lines = [*(words.action_line(each) for each in actions), *words.begun_and_ended(changes)]
    blocks = [(1, _HEADING_ROW), *heads.write(canvas, _HEADING_ROW + 1, lines, empty=nothing)]
    of_plan = [words.plan_line(each, names) for each in changes.plan if changes.is_in_both(each.action_no)]
    blocks += plan_table.write(canvas, last_row(blocks) + 1, of_plan)
    blocks += _write_foot(canvas, last_row(blocks) + 1, report)
    printed = last_row(blocks)
    of_both = tuple(each for each in changes.values if changes.is_in_both(each.action_no))
    values = [words.value_line(*each, names) for each in with_as_of_changes(of_both)]
    below = value_table.write(canvas, printed + 2, values)
    repeated_table.write(canvas, last_row(below) + 1, [_repeated_line(each, names) for each in changes.repeated])
    canvas.keep_headings(_HEADING_ROW)
    canvas.keep_together(blocks, repeated=_HEADING_ROW)
    canvas.sheet.print_area(f"A1:{a1(printed, len(_WIDTHS))}")


def _write_foot(canvas: Canvas, row: int, report: Report) -> list[tuple[int, int]]:
    """Write the differences from the replaced workbook of the month, if there are any."""
    lines: list[Line] = [
        (TableCell(each.action_no), each.name, each.before, each.after, each.points, each.why) for each in report.rerun
    ]
    return _REPLACED.write(canvas, row, lines) if lines else []


def _summary(changes: Changes, report: Report) -> str:
    left_out = months_between(changes.month_before, report.month)
    gap = f"（{'・'.join(each.label for each in left_out)}は入力フォルダがありません）" if left_out else ""
    ways = [direction_of(each) for each in changes.actions]
    up, down = ways.count(1), ways.count(-1)
    late = any(each.is_late for each in changes.values)
    note = "色の付いた欄は、終了した年度の値が後から変わったものです。" if late else ""
    return f"{changes.month_before.label}分との比較{gap}: 評価区分が上がったアクション {up}件、下がったアクション {down}件。集計したときの値です。{note}"


def _order(change: ActionChange) -> tuple[int, int]:
    """Sort key: risen grades first, then fallen, then unchanged."""
    return {1: 0, -1: 1, 0: 2}[direction_of(change)], change.after.action.no


def with_as_of_changes(values: tuple[ValueChange, ...]) -> Iterator[tuple[ValueChange, tuple[ValueChange, ...]]]:
    """Yield each change with the changes of 時点 and 確度 of the same actual.

    These are separate if the actual did not change.
    """
    actuals = {each.entry.key for each in values if each.entry.field == Field.ACTUAL}
    beside = [
        each for each in values if each.entry.field in (Field.AS_OF, Field.CERTAINTY) and each.entry.key in actuals
    ]
    for each in values:
        if each in beside:
            continue
        mine = each.entry.field == Field.ACTUAL
        yield each, tuple(other for other in beside if mine and other.entry.key == each.entry.key)


class _Words:
    """The texts about actions and values, with the names of tasks and indicators."""

    def __init__(self, report: Report) -> None:
        plan = report.plan
        self.report = report
        self.page = {action.no: report.page_name(action) for action in plan.actions}
        self.corrections = _corrections(plan)

    def _subject(self, key: Key) -> str:
        return subject_text(self.report.plan, self.report.month, key)

    def action_line(self, change: ActionChange) -> Line:
        action = change.after.action
        is_other = change.before.grade != change.after.grade
        results = [_result(each, is_coloured=is_other) for each in (change.before, change.after)]
        points = points_text(change.before.adopted, change.after.adopted)
        return (TableCell(action.no, link=self.page[action.no]), action.name, *results, points, self._why(change))

    def begun_and_ended(self, changes: Changes) -> Iterator[Line]:
        """Yield a line for each action that began or ended: its values are no changes."""
        for each in changes.begun:
            no = TableCell(each.action.no, link=self.page[each.action.no])
            was, word = ("終了", "再開") if each.action.no in changes.resumed else ("（なし）", "開始")
            yield (no, each.action.name, was, _result(each, is_coloured=False), "", word)
        for each in changes.ended:
            no = TableCell(each.action.no, link=self.page[each.action.no])
            yield (no, each.action.name, _result(each, is_coloured=False), "終了", "", "終了（最後の月の評価のまま）")

    def _why(self, change: ActionChange) -> str:
        """Explain a changed rate: a decision, the plan, a year that began, reported values."""
        words = []
        if decision := change.decision:
            label = change.after.plan.method_label(decision.method)
            by = decision.decided_by or "決定者の登録なし"
            words.append(f"{date_label(decision.decided_on)}の決定により「{label}」を採用（{by}）")
        words += [
            f"計画台帳 「{_on_one_line(self._subject(each.key) or each.item)}」{_plan_words(each)}"
            for each in change.plan
        ]
        words += [f"{year_label(year)}の開始" for year in change.begun]
        if cause := method_cause_text(change):
            words.append(cause)
        named = [self._changed(each) for each, _ in with_as_of_changes(change.values)]
        words += named[:_MOST_NAMED]
        more = len(named) - _MOST_NAMED
        return "\n".join(words) + (f"　ほか{more}件" if more > 0 else "") or "報告の値に変更はありません"

    def _changed(self, change: ValueChange) -> str:
        is_corrected = change.after is not None and str(change.after.place) in self.corrections
        what = _on_one_line(self._subject(change.entry.key))
        before, after = (typed_text(each, 12) if each else _NONE for each in (change.before, change.after))
        figures = f"{before} → {after}"
        return f"{what or change.entry.field}　{figures}" + ("（訂正）" if is_corrected else "")

    def plan_line(self, change: PlanChange, names: Mapping[int, str]) -> Line:
        no, name = (change.action_no, names[change.action_no]) if change.action_no else ("", "")
        items = {ROW: "タスク" if change.key.kind is KeyKind.TASK else "指標", DEPARTMENT_NAME: "担当課の名称"}
        before, after = (_cut(text) if text is not None else "（なし）" for text in (change.before, change.after))
        subject, item = _on_one_line(self._subject(change.key)), items.get(change.item, change.item)
        return (
            no,
            name,
            subject,
            item,
            before or "（空欄）",
            f"{after or '（空欄）'}\n{_plan_note(change, self.report.before_label)}",
        )

    def value_line(self, change: ValueChange, beside: tuple[ValueChange, ...], names: Mapping[int, str]) -> Line:
        entry = change.entry
        name = "\n".join(filter(None, (names.get(change.action_no, ""), self._subject(entry.key))))
        notes = [*_late(change), *self._correction(change)]
        look = NOTABLE if change.is_late else {}
        before = "、".join([_typed(change.before), *(_typed(each.before) for each in beside if each.before)])
        after = "、".join([_typed(change.after), *(_typed(each.after) for each in beside if each.after)])
        no = TableCell(change.action_no, link=self.page.get(change.action_no, ""))
        return (no, name, entry.department, entry.field, before, TableCell("\n".join([after, *notes]), look))

    def _correction(self, change: ValueChange) -> Iterator[str]:
        after = change.after
        if after and after.reported is not None:
            yield f"訂正（報告は {after.reported or '空欄'}）{self.corrections.get(str(after.place), '')}"


def _late(change: ValueChange) -> Iterator[str]:
    if change.is_late:
        what = "報告されました" if not change.before else "空欄になりました" if not change.after else "変わりました"
        yield f"終了した年度の値が、後から{what}"


def _corrections(plan: Plan) -> dict[str, str]:
    """Return author and reason by the place of the 訂正 in the plan workbook."""
    return {str(each.place): f" {each.corrected_by}: {each.reason}" for each in plan.corrections}


def _plan_note(change: PlanChange, before: str) -> str:
    if change.item == DEPARTMENT_NAME:
        return "様式の担当課の名称が変わりました（計画台帳の別名による）"
    if change.before is None:
        return "今月から追加されました"
    if change.after is None:
        return f"{before}で終了しました" + (f"（報告されていた値: {_cut(change.reported)}）" if change.reported else "")
    if change.is_in_place:
        return f"計画台帳の行が書き換えられています。{before}も、書き換えた後の内容で算定しています"
    return "今月から変更されました"


def _plan_words(change: PlanChange) -> str:
    if change.before is None:
        return "の追加"
    return (
        "の終了"
        if change.after is None
        else f"の{change.item} {change.before[:20] or '空欄'} → {change.after[:20] or '空欄'}"
    )


def _repeated_line(entry: Entry, names: Mapping[int, str]) -> Line:
    no = entry.key.action_no or 0
    return (no, names[no], entry.department, entry.field, _cut(entry.typed))


def _typed(entry: Entry | None) -> str:
    return _cut(entry.typed) + (UNUSED if entry.value is None else "") if entry else _NONE


def _on_one_line(subject: str) -> str:
    """Shorten a subject so that it stays on one line with its figures."""
    return subject if len(subject) <= 24 else f"{subject[:23]}…"  # noqa: PLR2004


def _cut(text: str) -> str:
    return text if len(text) <= _LONGEST else f"{text[:_LONGEST]}…"


def _result(evaluation: ActionEvaluation, *, is_coloured: bool) -> TableCell:
    """Return grade and rate; an unchanged grade has no colour."""
    colour = grade_look(evaluation.plan.bands.names, evaluation.grade) if is_coloured else {}
    return TableCell(result_text(evaluation), {"bold": is_coloured, **colour})
