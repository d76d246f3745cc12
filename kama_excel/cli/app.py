"""The command line and the commands of a month: options, screen, exit codes; no logic."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from kama_excel import __version__
from kama_excel.cli.console import (
    open_file,
    print_document,
    progress_bars,
    say,
    say_notes,
    say_plan_warnings,
    say_unread,
)
from kama_excel.cli.japanese import JapaneseGroup, is_quiet
from kama_excel.cli.parameters import (
    MonthType,
    ask_deadline,
    ask_month,
    ask_next,
    ask_option,
    deadline_option,
    echo_month,
    files_argument,
    folder_option,
    input_option,
    is_attended,
    output_option,
    require_files,
    skip_option,
)
from kama_excel.cli.setup_commands import import_, init, kit
from kama_excel.domain.calendar import Month, deadline_to_keep

if TYPE_CHECKING:
    from kama_excel.commands.mail import WrittenDrafts
    from kama_excel.commands.run import Run
    from kama_excel.outbox.drafts import MailKind
    from kama_excel.workspace.folders import Workspace


@click.group(cls=JapaneseGroup, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kama-excel", help="バージョンを表示します。")
@click.option("--debug", is_flag=True, help="問題が起きたとき、プログラムの内部の記録（英語）も表示します。")
def main(*, debug: bool) -> None:
    """各課の様式（Excel）を集計し、計画の達成率と評価区分を1つのブックにまとめます。"""


main.add_command(init)


@main.command()
@folder_option
@click.option(
    "--month", type=MonthType(), help="様式の対象月（既定: 提出期限がまだ来ていない月。提出期限の登録がなければ今月）。"
)
@click.option(
    "--department", "departments", multiple=True, metavar="課", help="この課の様式だけを作成します（複数指定可）。"
)
@deadline_option
@click.option("--force", is_flag=True, help="変更がない様式も作成し直します。")
@click.option("--mail", "with_mail", is_flag=True, help="様式を添付した配布のメールの下書きも作成します。")
@skip_option
@input_option
@ask_option
def forms(
    folder: Path,
    month: Month | None,
    departments: tuple[str, ...],
    deadline: dt.date | None,
    input_folder: Path | None,
    *,
    force: bool,
    with_mail: bool,
    skip_unread: bool,
    ask: bool,
) -> None:
    """担当課ごとの様式を作成します。前回の報告の値が表示されます。

    例: kama-excel forms --mail --month R8.3 --deadline 令和8年4月10日

    記入のある様式が残っているときは、名前に（書き込みあり）を付けて残してから作成します。
    """
    from kama_excel.cli.outbox_summary import forms_lines
    from kama_excel.commands.forms import make_forms
    from kama_excel.outbox.drafts import MailKind
    from kama_excel.outbox.prefill import month_to_send_out, plan_deadline
    from kama_excel.workspace.folders import Workspace, deadline_notes, folder_notes

    if with_mail and departments:
        raise click.UsageError("--mail と --department は一緒に指定できません。")
    workspace, today = Workspace.of(folder, input_folder), _today()
    if month is None:
        month = month_to_send_out(workspace, today)
        month = ask_month(month) if ask else month
    if ask and deadline is None:
        deadline = ask_deadline(plan_deadline(workspace, month), today)
    with progress_bars(is_quiet=is_quiet()) as watch:
        made = make_forms(workspace, month, departments, deadline, watch, force=force, skips_unread=skip_unread)
    for line in forms_lines(made, workspace):
        say(line)
    if with_mail:
        _draft(workspace, month, [MailKind.SEND_OUT], deadline, skip_unread=skip_unread)
    notes = () if ask else deadline_notes(month, made.deadline)
    say_notes(*notes, *folder_notes(workspace))
    say_plan_warnings(made.plan_findings)
    say_unread(made.unread, made.withheld, "様式を作成していない課")
    sys.exit(1 if made.unread else 0)


main.add_command(import_)


@main.command()
@files_argument
@folder_option
@click.option(
    "--month",
    type=MonthType(),
    help="どの月の様式として確認するか（既定: 入っている月のフォルダの月、そうでなければ最も新しい月か今月）。",
)
@click.option("--json", "as_json", is_flag=True, help="結果を JSON で出力します。")
def check(files: tuple[Path, ...], folder: Path, month: Month | None, *, as_json: bool) -> None:
    """記入した様式・メール・ZIPを、送る前や集計の前に1つずつ確認します。ファイルは変更しません。

    例: kama-excel check 市民課.xlsx

    計画台帳のあるフォルダで使うと、計画にある行かどうかも確認します。
    終了コード: 0 エラーなし、1 エラーの確認事項がある、2 実行できなかった。
    """
    from kama_excel.cli.check_summary import verdict_lines
    from kama_excel.commands.check import check_files, document_of, month_to_check
    from kama_excel.workspace.folders import Workspace, plan_notes

    require_files(files)
    workspace = Workspace.of(folder)
    months_of = [month or month_to_check(workspace, each, Month.of(_today())) for each in files]
    checked = check_files(workspace, files, months_of)
    if as_json:
        print_document(document_of(checked))
    else:
        for line in verdict_lines(checked):
            say(line)
        say_plan_warnings(checked.plan_findings)
    say_notes(*plan_notes(workspace))
    sys.exit(1 if checked.has_errors else 0)


@main.command()
@folder_option
@click.option("--month", type=MonthType(), help="集計する月（既定: 様式が届いている最も新しい月）。")
@input_option
@output_option
@click.option("--pdf", is_flag=True, help="総括と全ページを1つのPDFとしても作成します（LibreOffice が必要です）。")
@click.option(
    "--csv", is_flag=True, help="一覧とデータをCSV（UTF-8、BOM付き）としても作成します。記入者の名前は入りません。"
)
@click.option("--html", is_flag=True, help="市民向けのページとオープンデータを、フォルダ「公表」に作成します。")
@click.option("--json", "as_json", is_flag=True, help="結果を JSON で出力します。")
@ask_option
def run(
    folder: Path,
    month: Month | None,
    input_folder: Path | None,
    output_folder: Path | None,
    *,
    pdf: bool,
    csv: bool,
    html: bool,
    as_json: bool,
    ask: bool,
) -> None:
    """1か月分を集計し、ブックを作成します。

    例: kama-excel run --month 2026-02

    終了コード: 0 エラーなし、1 作成したがエラーの確認事項がある、2 実行できなかった（何も変更していません）。
    """
    from kama_excel.commands.run import run as run_month
    from kama_excel.workspace.folders import Workspace, folder_notes, newest_month

    workspace = Workspace.of(folder, input_folder, output_folder)
    if ask and month is None:
        month = newest_month(workspace)
        was_asked_for = (workspace.output / str(month)).is_dir()  # its forms were sent out, or it was run
        month = echo_month(month) if was_asked_for else ask_month(month)
    while True:
        with progress_bars(is_quiet=is_quiet()) as watch:
            result = run_month(workspace, month, watch, pdf=pdf, csv=csv, html=html)
        if as_json:
            print_document(result.document, "ブックは作成しましたが、")
        else:
            from kama_excel.cli.run_summary import run_lines, run_notes

            for line in run_lines(result, workspace):
                say(line)
            say_notes(*run_notes(result, workspace, Month.of(_today())))
        say_notes(*folder_notes(workspace))
        another = _go_on(workspace, result) if ask else None
        if another is None:
            sys.exit(1 if result.has_errors else 0)
        month = echo_month(another)


def _go_on(workspace: Workspace, result: Run) -> Month | None:
    """Offer the drafts that are due and the workbook; return another month if requested."""
    from kama_excel.cli.outbox_summary import next_step_line

    today, matters = _today(), result.open_matters
    mails = matters.due_mails(today)
    deadline = deadline_to_keep(matters.deadline, today) if matters.deadline else None
    say(next_step_line(matters, mails, deadline))
    question = "集計ブックを開きますか（Enter で「はい」、n で「いいえ」、別の月を集計する場合はその年月）: "
    only_book = "下書きを作成して集計ブックを開きますか（Enter で「はい」、b でブックだけ、n で「いいえ」、別の月を集計する場合はその年月）: "
    answer = ask_next(only_book if mails else question, {"", "b", "n"} if mails else {"", "n"})
    if isinstance(answer, Month):
        return answer
    if answer == "" and mails:
        _draft(workspace, result.report.month, matters.kinds_to_draft(today), deadline)
    if answer in {"", "b"}:
        open_file(result.workbook)
    return None


def _draft(
    workspace: Workspace,
    month: Month,
    kinds: Sequence[MailKind],
    deadline: dt.date | None,
    *,
    skip_unread: bool = False,
) -> WrittenDrafts:
    """Write drafts, list them, and open their folder for an attended session."""
    from kama_excel.cli.outbox_summary import drafts_lines
    from kama_excel.commands.mail import write_drafts

    written = write_drafts(workspace, month, kinds, deadline, skips_unread=skip_unread)
    for line in drafts_lines(written, month, workspace):
        say(line)
    if written.published.files and is_attended():
        open_file(written.published.files[0].parent)
    return written


@main.command()
@folder_option
@click.option(
    "--month",
    type=MonthType(),
    help="対象月（既定: 入力フォルダにある最も新しい月。配布は提出期限がまだ来ていない月）。",
)
@click.option(
    "--kind",
    "kinds",
    type=click.Choice(["配布", "督促", "差戻し", "結果"]),
    multiple=True,
    help="作成する下書きの種類（複数指定可。既定: 督促と差戻し）。",
)
@deadline_option
@input_option
@output_option
@skip_option
@ask_option
def mail(
    folder: Path,
    month: Month | None,
    kinds: tuple[str, ...],
    deadline: dt.date | None,
    input_folder: Path | None,
    output_folder: Path | None,
    *,
    skip_unread: bool,
    ask: bool,
) -> None:
    """メールの下書き（.eml）を作成します。送信はしません。

    例: kama-excel mail --month 2026-02 --kind 督促 --deadline 2026-03-05

    配布は報告をお願いするすべての課に、督促はまだ届いていない課に、差戻しは確認事項のある課に宛て、様式を添付します。
    結果は、集計した結果のお知らせ（1課に1枚）を、報告をお願いするすべての課に宛てて添付します。
    文面は workbook_templates/mail/ に 配布.txt などを保存すると変更できます。
    """
    from kama_excel.cli.outbox_summary import due_line
    from kama_excel.outbox.drafts import MailKind
    from kama_excel.outbox.prefill import month_to_send_out, plan_deadline
    from kama_excel.workspace.folders import Workspace, deadline_notes, default_month, folder_notes, newest_month

    workspace, today = Workspace.of(folder, input_folder, output_folder), _today()
    wanted = [MailKind(each) for each in kinds] or [MailKind.REMIND, MailKind.SEND_BACK]
    if month is None:
        if MailKind.SEND_OUT in wanted:
            month = month_to_send_out(workspace, today)
        elif wanted == [MailKind.RESULT]:
            month = newest_month(workspace)
        else:
            month = default_month(workspace, Month.of(today))
        month = ask_month(month) if ask else month
    asks_for_forms = wanted != [MailKind.RESULT]
    if ask and asks_for_forms and deadline is None:
        deadline = ask_deadline(plan_deadline(workspace, month), today)
    written = _draft(workspace, month, wanted, deadline, skip_unread=skip_unread)
    if asks_for_forms:
        say(due_line(written.deadline))
    if deadline is None and asks_for_forms and written.published.files and _has_passed(written.deadline):
        say_notes("提出期限を過ぎています。--deadline で新しい期限を指定して、作成し直してください。")
    notes = deadline_notes(month, written.deadline) if asks_for_forms and not ask else ()
    say_notes(*notes, *folder_notes(workspace))
    say_plan_warnings(written.plan_findings)
    say_unread(written.unread, written.withheld, "下書きを作成していない課")
    sys.exit(1 if written.unread else 0)


@main.command()
@folder_option
@click.option("--month", type=MonthType(), help="対象月（既定: 入力フォルダにある最も新しい月、なければ今月）。")
@click.option("--open", "is_to_open", is_flag=True, help="状況の代わりに、最後に集計したブックを開きます。")
@input_option
@output_option
@click.option("--json", "as_json", is_flag=True, help="結果を JSON で出力します。")
def status(
    folder: Path,
    month: Month | None,
    input_folder: Path | None,
    output_folder: Path | None,
    *,
    is_to_open: bool,
    as_json: bool,
) -> None:
    """今の状況（提出、ご確認のお願い、要判断）と、次の作業を表示します。ファイルは変更しません。

    例: kama-excel status --month R8.2

    各課の提出状況と、最後の集計の後に届いたファイルも表示します。

    終了コード: 0 表示した（--open ではブックを開いた）、2 実行できなかった。
    """
    from kama_excel.commands.status import document_of, latest_workbook, situation
    from kama_excel.workspace.folders import Workspace, default_month, folder_notes

    workspace = Workspace.of(folder, input_folder, output_folder)
    if is_to_open:
        workbook = latest_workbook(workspace)
        say(f"ブック: {workspace.shown(workbook)}")
        sys.exit(0 if open_file(workbook) else 2)
    today = _today()
    with progress_bars(is_quiet=is_quiet()) as watch:
        found = situation(workspace, month or default_month(workspace, Month.of(today)), today, watch)
    if as_json:
        print_document(document_of(found, today))
        return
    from kama_excel.cli.status_summary import status_lines

    for line in status_lines(found, today):
        say(line)
    say_plan_warnings(found.plan_findings)
    say_notes(*folder_notes(workspace))


main.add_command(kit)


@main.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]), metavar="bash|zsh|fish")
def completion(shell: str) -> None:
    """Tab キーで補完するための設定を、シェル（bash・zsh・fish）に合わせて表示します。

    例: kama-excel completion bash >> ~/.bashrc
    """
    from click.shell_completion import get_completion_class

    found = get_completion_class(shell)
    if found is not None:
        click.echo(found(main, {}, "kama-excel", "_KAMA_EXCEL_COMPLETE").source())


def _has_passed(deadline: dt.date | None) -> bool:
    return deadline is not None and deadline < _today()


def _today() -> dt.date:
    return dt.date.today()  # noqa: DTZ011 -- the clerk's own day
