"""Screen output at the end of a run; all of its own characters exist in code page 932."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kama_excel.cli.console import padded, unasked_line
from kama_excel.commands.run import Run
from kama_excel.domain.calendar import Month
from kama_excel.findings.catalogue import Code, Severity
from kama_excel.findings.finding import Finding
from kama_excel.history.changes import ActionChange
from kama_excel.inbox.current_forms import CARRIED, MISSING, STATUSES, SUBMITTED, status_label
from kama_excel.report.month_report import Report
from kama_excel.report.wording import result_text, status_text
from kama_excel.workspace.folders import CSV_FOLDER, PUBLIC_FOLDER, Workspace, month_notes

_LISTED_ACTIONS = 12
_LISTED_CHANGES = 5
_LISTED_FINDINGS = 10
_WIDTH = 64


def run_lines(result: Run, workspace: Workspace) -> Iterator[str]:
    """Yield the lines: the result of the month, then the written files."""
    yield from _report_lines(result.report)
    yield from _rerun(result)
    published = result.published
    for path in published.kept:
        yield f"変更が加えられたブックは、別の名前で残しました: {workspace.shown(path)}"
    for path in published.beside:
        yield f"前のブックが開かれているため、別の名前で保存しました: {workspace.shown(path)}"
    for path in published.protected:
        yield f"前のブックが読み取り専用のため、別の名前で保存しました: {workspace.shown(path)}"
    for path in result.tables_and_pdf:
        yield f"{path.suffix[1:].upper()}: {workspace.shown(path)}"
    if result.public_page:
        yield f"公表用のページ: {workspace.shown(result.public_page)}"
    yield f"所要時間: {result.seconds:.0f}秒（記録: {workspace.shown(result.record)}）"
    yield f"ブック: {workspace.shown(result.workbook)}"


def run_notes(result: Run, workspace: Workspace, today: Month) -> Iterator[str]:
    """Yield notes about the input folder, the files of earlier runs, and the record."""
    yield from month_notes(workspace, result.evaluation.month, today)
    yield from _left(result, workspace)
    yield from _corrections_ahead(result.report)
    if result.record_problem:
        yield (
            f"{workspace.shown(result.record)} に記録を追加できませんでした: {result.record_problem}。"
            "集計ブックは作成済みですが、「今の状況」と「最新の結果を開く」はこの記録によるため、もう一度集計してください。"
        )


def _left(result: Run, workspace: Workspace) -> Iterator[str]:
    """Yield a note on what earlier runs of the month made and this one did not make again."""
    folder = result.workbook.parent
    left = sorted({path.relative_to(folder).parts[0] for path in result.published.left})
    if not left:
        return
    made_by = {PUBLIC_FOLDER: "--html", CSV_FOLDER: "--csv", f"{result.workbook.stem}.pdf": "--pdf"}
    if options := [option for name, option in made_by.items() if name in left]:
        remedy = f"今回の結果に更新するときは、{' '.join(options)} を付けて、もう一度実行してください。"
    else:
        remedy = "不要な場合は、削除してください。"
    named = "、".join(workspace.shown(folder / name) for name in left)
    yield f"{named} は、以前の集計の結果のままです。{remedy}"


def _corrections_ahead(report: Report) -> Iterator[str]:
    """Yield the 訂正 dated in the next month, which therefore count only from there.

    A meeting about this month dates them so.
    """
    month = report.month
    for each in (record.correction for record in report.merged.corrections):
        if each.first_month is None and each.effective_month == month.next:
            yield (
                f"{each.place}: {each.key}「{each.item}」の訂正は、訂正日の月（{month.next.label}分）から適用するため、この月には適用していません。"
                f"この月から適用するときは、その行の「適用月」に {month} と入力してください。"
            )


def _report_lines(report: Report) -> Iterator[str]:
    """Yield the lines: who sent forms, the grades, the changes, and what to check first."""
    evaluation, findings = report.evaluation, report.findings
    yield f"{evaluation.plan.name}　{evaluation.month.label}分"
    yield "-" * _WIDTH
    statuses = report.merged.statuses
    sent = Counter(status.status for status in statuses)
    others = "、".join(
        f"{status_label(word)} {sent[word]}" for word in STATUSES[1:] if sent[word] or word in (CARRIED, MISSING)
    )
    yield f"提出: {len(statuses)}課中{sent[SUBMITTED]}課（{others}）"
    yield "評価: " + "　".join(f"{grade} {count}" for grade, count in evaluation.count().items())
    if unasked := evaluation.plan.at(evaluation.month).unasked_actions:
        yield unasked_line(unasked)
    evaluated = [each for each in evaluation.actions if each.grade]
    for each in evaluated if len(evaluated) <= _LISTED_ACTIONS else ():
        yield f"  {each.action.no:>3}  {padded(each.action.name, 44)}{each.shown:>7}  {padded(each.grade or '', 10)}{status_text(each)}".rstrip()
    yield from _changed(report)
    count = Counter(each.severity for each in findings)
    yield "確認事項: " + "　".join(f"{severity} {count[severity]}" for severity in Severity)
    yield "-" * _WIDTH
    yield from _first(findings)


def _changed(report: Report) -> Iterator[str]:
    """Yield the actions whose grade differs from the month before."""
    changes = report.changes
    if changes is None:
        return
    changed = [each for each in changes.actions if each.before.grade != each.after.grade]
    yield f"前月（{changes.month_before.label}分）との比較: 区分が変わったアクション {len(changed)}件、報告値の変更 {len(changes.values)}件"
    for each in changed[:_LISTED_CHANGES]:
        yield f"  {each.after.action.no:>3}  {_change(each)}"
    if len(changed) > _LISTED_CHANGES:
        yield f"  ほか{len(changed) - _LISTED_CHANGES}件は、ブックの「前月からの変更」にあります。"


def _rerun(result: Run) -> Iterator[str]:
    """Yield the actions that differ from the replaced workbook in rate or grade, and why."""
    if result.rerun:
        yield f"同じ月の前のブックから、達成率・評価区分が変わったアクション {len(result.rerun)}件"
    for each in result.rerun[:_LISTED_CHANGES]:
        yield f"  {each.action_no:>3}  {each.before} → {each.after}（{each.why}）"
    if len(result.rerun) > _LISTED_CHANGES:
        yield f"  ほか{len(result.rerun) - _LISTED_CHANGES}件は、ブックの「前月からの変更」にあります。"


def _change(change: ActionChange) -> str:
    return f"{result_text(change.before)} → {result_text(change.after)}"


def _first(findings: tuple[Finding, ...]) -> Iterator[str]:
    """Yield what to check first: unused values, then decisions to make, then the rest."""
    grave = sorted((each for each in findings if each.severity is not Severity.INFO), key=_order)
    if not grave:
        return
    yield "最初にご確認ください:"
    for found in grave[:_LISTED_FINDINGS]:
        where = f"{found.place} " if found.place.file else f"{found.department} " if found.department else ""
        yield f"  [{found.severity}] {where}{found.message}"
    if len(grave) > _LISTED_FINDINGS:
        yield f"  ほか{len(grave) - _LISTED_FINDINGS}件は、ブックの「確認事項」にあります。"


def _order(found: Finding) -> int:
    return 0 if found.severity is Severity.ERROR else 1 if found.code is Code.DECISION_NEEDED else 2
