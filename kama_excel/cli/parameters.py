"""Parameters that several commands share: months and days as people write them, `--folder`, and what `--ask` asks."""

from __future__ import annotations

import datetime as dt
import sys
from collections.abc import Callable
from pathlib import Path

import click

from kama_excel.cli.console import say
from kama_excel.domain.calendar import Month, day_label

_SATURDAY = 5  # of `date.weekday`
_NO = frozenset({"n", "no", "ｎ", "いいえ"})


class MonthType(click.ParamType[Month]):
    """A month as people write it: 2026-03, 2026/3, 202603, R8.3, 令和8年3月."""

    name = "月"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Month:
        """Return the month. Fails with how one is written."""
        from kama_excel.parsing.calendar_text import parse_month

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
        """Return the day. Fails with how one is written."""
        from kama_excel.parsing.calendar_text import parse_day

        day = value if isinstance(value, dt.date) else parse_day(str(value))
        if day is None:
            self.fail(
                f"「{value}」は日付ではありません。「令和8年3月5日」「R8.3.5」「2026-03-05」のように入力してください。",
                param,
                ctx,
            )
        return day


PATH = click.Path(path_type=Path, readable=False)  # a file that cannot be read is reported by what reads it

folder_option = click.option(
    "--folder",
    type=PATH,
    metavar="フォルダ",
    default=Path(),
    help="作業フォルダ（既定: 今のフォルダ）。計画台帳・入力・出力はこの中にあります。",
)


def _existing(_context: click.Context, _parameter: click.Parameter, files: tuple[Path, ...]) -> tuple[Path, ...]:
    """Return the files. Raises UsageError with those that do not exist, or are folders."""
    if missing := [str(each) for each in files if not each.exists()]:
        raise click.UsageError(f"ファイル「{'」「'.join(missing)}」がありません。名前と場所をご確認ください。")
    if given := [str(each) for each in files if each.is_dir()]:
        raise click.UsageError(f"「{'」「'.join(given)}」はフォルダです。中のファイルを指定してください。")
    return files


files_argument = click.argument("files", type=PATH, nargs=-1, required=True, metavar="ファイル...", callback=_existing)
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


def ask_month(propose: Callable[[], Month]) -> Month:
    """Ask for the month on the screen until one is understood. Enter, or no one at the keyboard, takes the proposal."""
    proposal = propose()
    while True:
        typed = _typed(f"対象月を入力してください（Enter だけで {proposal.label}）: ")
        try:
            month = MonthType().convert(typed, None, None) if typed else proposal
        except click.BadParameter as error:
            say(error.message)
            continue
        say(f"対象月: {month.label}分（{month}）")
        return month


def ask_day(question: str, proposal: dt.date) -> dt.date:
    """Ask for a day as `ask_month` asks for a month."""
    while True:
        typed = _typed(f"{question}（Enter だけで {day_label(proposal)}）: ")
        try:
            return DayType().convert(typed, None, None) if typed else proposal
        except click.BadParameter as error:
            say(error.message)


def weekday_after(day: dt.date, days: int) -> dt.date:
    """Return the day so many days later, or the Monday after it where that is a Saturday or a Sunday."""
    later = day + dt.timedelta(days=days)
    return later + dt.timedelta(days=7 - later.weekday() if later.weekday() >= _SATURDAY else 0)


def ask_yes(question: str) -> bool:
    """Ask a question that Enter answers with yes. Where no one is at the keyboard the answer is no."""
    typed = _typed(f"{question}（Enter で「はい」、n で「いいえ」）: ", at_end="n")
    return typed.casefold() not in _NO


def _typed(prompt: str, at_end: str = "") -> str:
    """Return a line from the keyboard, without spaces around it; `at_end` where there is none."""
    click.echo(prompt, nl=False)
    line = sys.stdin.readline() if sys.stdin else ""
    if not line:
        click.echo()
    return line.strip() if line else at_end
