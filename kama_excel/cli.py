"""The command line: options, words on the screen, exit codes; no logic."""

from __future__ import annotations

import datetime as dt
import json
import sys
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import click

from kama_excel import __version__
from kama_excel.fiscal import Month

COULD_NOT_RUN = 2
_MANY = 5  # forms from which on a progress bar is worth its line
Command = TypeVar("Command", bound=Callable[..., None])


class MonthType(click.ParamType[Month]):
    """A month as `2026-02`."""

    name = "YYYY-MM"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Month:
        """Read the month, or say how one is written."""
        try:
            return value if isinstance(value, Month) else Month.parse(str(value))
        except ValueError:
            self.fail(f"「{value}」は月ではありません。「2026-02」のように入れてください。", param, ctx)


class DayType(click.ParamType[dt.date]):
    """A day as `2026-03-05`."""

    name = "YYYY-MM-DD"

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> dt.date:
        """Read the day, or say how one is written."""
        try:
            return value if isinstance(value, dt.date) else dt.date.fromisoformat(str(value))
        except ValueError:
            self.fail(f"「{value}」は日付ではありません。「2026-03-05」のように入れてください。", param, ctx)


_folder = click.option(
    "--folder",
    type=click.Path(path_type=Path, file_okay=False),
    default=Path(),
    help="作業フォルダ（既定: 今のフォルダ）。計画台帳・入力・出力はこの中にあります。",
)
_path = click.Path(path_type=Path, file_okay=False)


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(__version__, prog_name="kama-excel")
def main() -> None:
    """各課の様式（Excel）を集計し、計画の達成率と評価区分を1つのブックにまとめます。"""


@main.command()
@_folder
@click.option("--month", type=MonthType(), help="様式の対象月（既定: 今月）。")
@click.option(
    "--department", "departments", multiple=True, metavar="課", help="この課の様式だけを作ります（何度でも）。"
)
@click.option("--deadline", type=DayType(), help="提出期限（例: 2026-03-05）。様式に印刷されます。")
@click.option("--force", is_flag=True, help="変わりがない様式も書き直します。")
def forms(
    folder: Path, month: Month | None, departments: tuple[str, ...], deadline: dt.date | None, *, force: bool
) -> None:
    """担当課ごとの様式を作ります。前に報告された値は、記入してあります。

    例: kama-excel forms --month 2026-03 --deadline 2026-03-05

    書き込みのある様式が残っているときは、名前に（書き込みあり）を付けて残してから作ります。
    """
    from kama_excel.batch import Folders
    from kama_excel.dispatch import Fate, make_forms, prepare

    folders = Folders.of(folder)

    def make() -> None:
        today = Month.of(dt.date.today())  # noqa: DTZ011 -- the clerk's own day
        dispatch = prepare(folders, month or today, departments, deadline)
        count = len(dispatch.departments)
        making = make_forms(folders, dispatch, force=force)
        if count >= _MANY and sys.stderr.isatty():
            with click.progressbar(making, count, "様式", file=sys.stderr) as shown:
                made = list(shown)
        else:
            made = list(making)
        written = sum(each.fate is not Fate.UNCHANGED for each in made)
        same = f"（{count - written}つは変わりがないので、そのままです）" if written < count else ""
        click.echo(f"様式を{written}つ作りました{same}: {folders.shown(folders.forms)}")
        for each in made:
            click.echo(f"  {each.path.name}" + ("" if each.fate is Fate.WRITTEN else f"　{each.fate.value}"))
            if each.kept:
                click.echo(f"    前のファイルはこの名前で残しました: {each.kept.name}")

    _guarded(make)


@main.command()
@_folder
@click.option("--month", type=MonthType(), help="集計する月（既定: 入力フォルダにある最も新しい月）。")
@click.option("--input", "input_folder", type=_path, help="入力フォルダ（既定: 作業フォルダの input）。")
@click.option("--output", "output_folder", type=_path, help="出力フォルダ（既定: 作業フォルダの output）。")
@click.option("--json", "as_json", is_flag=True, help="結果を JSON で標準出力に書きます。")
def run(
    folder: Path, month: Month | None, input_folder: Path | None, output_folder: Path | None, *, as_json: bool
) -> None:
    """1か月分を集計し、ブックを書きます。

    例: kama-excel run --month 2026-02

    終了コード: 0 エラーなし、1 書いたがエラーの確認事項がある、2 実行できなかった（何も変えていません）。
    """
    from kama_excel.batch import Folders
    from kama_excel.batch import run as run_month
    from kama_excel.report import screen_lines

    folders = Folders.of(folder, input_folder, output_folder)

    def run_and_say() -> None:
        result = run_month(folders, month)
        if as_json:
            click.echo(json.dumps(result.document, ensure_ascii=True, indent=2))
        else:
            for line in screen_lines(result.evaluation, result.merged, result.findings):
                click.echo(line)
            click.echo(f"ブック: {folders.shown(result.workbook)}")
        sys.exit(1 if result.has_errors else 0)

    _guarded(run_and_say)


def _guarded(command: Callable[[], None]) -> None:
    """Run a command; what ends it is one Japanese sentence (with the plan's cells where there are any) and exit 2."""
    from kama_excel.batch import RunError
    from kama_excel.plan.file import PlanError

    try:
        command()
    except PlanError as error:
        click.echo(str(error), err=True)
        for each in error.findings:
            click.echo(f"  [{each.severity}] {each.place}: {each.message}{each.advice}", err=True)
        sys.exit(COULD_NOT_RUN)
    except RunError as error:
        click.echo(str(error), err=True)
        sys.exit(COULD_NOT_RUN)
    except OSError as error:
        where = f"（{error.filename}）" if error.filename else ""
        click.echo(
            f"ファイルを書けませんでした{where}: {error.strerror}。前のファイルはそのまま残っています。", err=True
        )
        sys.exit(COULD_NOT_RUN)
