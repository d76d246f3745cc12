"""Parameters that several commands share: months, days, `--folder`, questions of `--ask`."""

from __future__ import annotations

import contextlib
import datetime as dt
import sys
import unicodedata
from collections.abc import Collection
from pathlib import Path

import click

from kama_excel.cli.console import say
from kama_excel.domain.calendar import Month, day_label, deadline_to_keep

_NO = frozenset({"n", "no", "いいえ"})


class MonthType(click.ParamType[Month]):
    """A month as people write it: 2026-03, 2026/3, 202603, R8.3, 令和8年3月."""

    name = "月"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Month:
        """Return the month. Fails with the valid notations."""
        from kama_excel.parsing.months_and_deadlines import parse_month

        month = value if isinstance(value, Month) else parse_month(str(value))
        if month is None:
            self.fail(
                f"「{value}」は年月ではありません。「令和8年2月」「R8.2」「2026-02」のように入力してください。",
                param,
                ctx,
            )
        return month


class DayType(click.ParamType[dt.date]):
    """A day as people write it: 2026-04-10, 2026/4/10, R8.4.10, 令和8年4月10日."""

    name = "日付"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Return the day. Fails with the valid notations."""
        from kama_excel.parsing.months_and_deadlines import parse_day

        day = value if isinstance(value, dt.date) else parse_day(str(value))
        if day is None:
            self.fail(
                f"「{value}」は日付ではありません。「令和8年3月5日」「R8.3.5」「2026-03-05」のように入力してください。",
                param,
                ctx,
            )
        return day


PATH = click.Path(path_type=Path, readable=False)  # a file that cannot be read is reported by its reader

folder_option = click.option(
    "--folder",
    type=PATH,
    metavar="フォルダ",
    default=Path(),
    help="作業フォルダ（既定: 今のフォルダ）。計画台帳・入力・出力はこの中にあります。",
)


files_argument = click.argument("files", type=PATH, nargs=-1, required=True, metavar="ファイル...")
input_option = click.option(
    "--input", "input_folder", type=PATH, metavar="フォルダ", help="入力フォルダ（既定: 作業フォルダの input）。"
)
output_option = click.option(
    "--output", "output_folder", type=PATH, metavar="フォルダ", help="出力フォルダ（既定: 作業フォルダの output）。"
)
deadline_option = click.option(
    "--deadline",
    type=DayType(),
    help="提出期限（例: 令和8年3月5日、2026-03-05。既定: 計画台帳の「提出期限」）。様式とメールに表示されます。",
)
skip_option = click.option(
    "--skip-unread",
    is_flag=True,
    help="読み込めないファイルがあっても、その内容を除いて作成します。",
)
ask_option = click.option(
    "--ask", is_flag=True, help="指定のない月などを画面で確認します（ダブルクリックで使うファイルのためのものです）。"
)


def ask_month(proposal: Month) -> Month:
    """Ask for the month until it is valid; Enter or an unattended session takes `proposal`."""
    while True:
        typed = _typed(f"対象月を入力してください（Enter だけで {proposal.label}）: ")
        try:
            month = MonthType().convert(typed, None, None) if typed else proposal
        except click.BadParameter as error:
            say(error.message)
            continue
        return echo_month(month)


def echo_month(month: Month) -> Month:
    """Print the month and return it."""
    say(f"対象月: {month.label}分（{month}）")
    return month


def ask_deadline(due: dt.date | None, today: dt.date) -> dt.date | None:
    """Return the plan's deadline, moved off a weekend; ask for one if it has passed."""
    if due is None or (proposal := deadline_to_keep(due, today)) == due:
        return due
    if due >= today:
        say(f"計画台帳の提出期限（{day_label(due)}）は土曜日か日曜日のため、{day_label(proposal)}とします。")
        return proposal
    say(f"計画台帳の提出期限（{day_label(due)}）は過ぎています。")
    while (day := _ask_day("提出期限を入力してください", proposal)) < today:
        say(f"{day_label(day)}は過ぎています。")
    return day


def _ask_day(question: str, proposal: dt.date) -> dt.date:
    """Ask for a day as `ask_month` asks for a month."""
    while True:
        typed = _typed(f"{question}（Enter だけで {day_label(proposal)}）: ")
        try:
            return DayType().convert(typed, None, None) if typed else proposal
        except click.BadParameter as error:
            say(error.message)


def ask_next(question: str, answers: Collection[str]) -> str | Month | None:
    """Return the answer ('' for Enter, 'n' for no) or a typed month; None if unattended."""
    while (typed := _typed(question)) is not None:
        answer = unicodedata.normalize("NFKC", typed).casefold()
        answer = "n" if answer in _NO else answer
        if answer in answers:
            return answer
        with contextlib.suppress(click.BadParameter):
            return MonthType().convert(typed, None, None)
        say(f"「{typed}」は選べません。")
    return None


def is_attended() -> bool:
    """Return whether a person sees the screen and has the keyboard.

    False for a log and a scheduled task.
    """
    return all(stream is not None and stream.isatty() for stream in (sys.stdin, sys.stdout))


def _typed(question: str) -> str | None:
    """Return a stripped line from the keyboard; None without one.

    If no person sees the screen, a question is shown only with its answer.
    """
    if is_attended():
        click.echo(question, nl=False)
        line = sys.stdin.readline()
    elif line := sys.stdin.readline() if sys.stdin else "":
        click.echo(question)
    return line.strip() if line else None


def require_files(files: Collection[Path]) -> None:
    """Check that the files exist and are no folders.

    Raises: UsageError with those that are not; OSError for one that cannot be looked at.
    """
    if missing := [str(each) for each in files if not each.exists()]:
        raise click.UsageError(f"ファイル「{'」「'.join(missing)}」がありません。名前と場所をご確認ください。")
    if given := [str(each) for each in files if each.is_dir()]:
        raise click.UsageError(f"「{'」「'.join(given)}」はフォルダです。中のファイルを指定してください。")
