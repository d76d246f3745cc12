"""Screen output about forms and drafts; all of its own characters exist in code page 932."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence

from kama_excel.cli.console import unasked_line
from kama_excel.commands.forms import WriteOutcome, WrittenForms
from kama_excel.commands.mail import WrittenDrafts
from kama_excel.domain.calendar import Month, day_label
from kama_excel.outbox.drafts import MailKind
from kama_excel.outbox.open_matters import OpenMatters
from kama_excel.workspace.folders import Workspace


def forms_lines(made: WrittenForms, workspace: Workspace) -> Iterator[str]:
    """Yield the lines: count, month and deadline, and each form with its outcome."""
    same = len(made.forms) - made.new
    unchanged = f"（うち{same}件は変更がないため、作成し直していません）" if same else ""
    yield f"{made.month.label}分の様式を{len(made.forms)}件作成しました{unchanged}: {workspace.shown(workspace.forms)}"
    yield due_line(made.deadline)
    for form in made.forms:
        yield f"  {form.path.name}" + ("" if form.outcome is WriteOutcome.WRITTEN else f"　{form.outcome.value}")
        if form.kept:
            yield f"    前のファイルは次の名前で残しました: {form.kept.name}"
    if made.unasked:
        yield unasked_line(made.unasked)
    if made.stale:
        yield f"この月の様式ではないファイルがあります（配布する前に、削除するか移してください）: {'、'.join(made.stale)}"


def drafts_lines(written: WrittenDrafts, month: Month, workspace: Workspace) -> Iterator[str]:
    """Yield the lines: the drafts of each kind, those without an address, the folder."""
    for kind, departments in written.departments.items():
        yield f"{month.label}分の{kind}の下書き: {len(departments)}通" + (
            f"（{'、'.join(departments)}）" if departments else ""
        )
    if written.unaddressed:
        yield (
            f"宛先のない下書き: {'、'.join(written.unaddressed)}"
            "（計画台帳の「担当課」の「メール」にアドレスを入力すると、次回から宛先が入ります）"
        )
    for path in written.published.files[:1]:
        yield f"フォルダ: {workspace.shown(path.parent)}"
    if MailKind.SEND_OUT in written.departments:
        yield f"返信の保存先: {workspace.shown(workspace.input / str(month))}"


def next_step_line(matters: OpenMatters, mails: Mapping[MailKind, Sequence[str]], deadline: dt.date | None) -> str:
    """Return the next step: the mails that are due with their deadline, else another step."""
    if not mails:
        return f"次の作業: {matters.next_step}"
    until = f"　提出期限: {day_label(deadline)}" if deadline and MailKind.RESULT not in mails else ""
    named = "、".join(f"{kind.value}（{'、'.join(departments)}）" for kind, departments in mails.items())
    return f"次の作業: メールの下書きの作成　{named}{until}"


def due_line(deadline: dt.date | None) -> str:
    """Return the deadline, or how to set one, as a line."""
    if deadline:
        return f"提出期限: {day_label(deadline)}"
    return "提出期限: 登録がありません（計画台帳のシート「計画」の「提出期限」か --deadline で指定すると、様式とメールに表示されます）"
