"""The screen: lines, progress bars, `--json`, and the sentence that ends a failed command."""

from __future__ import annotations

import contextlib
import errno
import os
import sys
import unicodedata
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from kama_excel.cli.batch_file import program_name
from kama_excel.findings.failure import Failure
from kama_excel.findings.os_errors import RECEIVER_ENDED, describe_os_error
from kama_excel.findings.progress import Watch, unwatched

if TYPE_CHECKING:
    from kama_excel.findings.finding import Finding

COULD_NOT_RUN = 2
_LISTED_WARNINGS = 5
_MOST_NUMBERS = 10
_INTERRUPTED = 130  # as shells report Ctrl+C
_TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def say(line: str, *, is_error: bool = False) -> None:
    """Print one line; typed text can neither control the terminal nor start a new line.

    A character that the code page lacks is shown as 「?」. Without a screen (a closed window, a scheduled task) the
    line is lost and the command continues.
    """
    screen = sys.stderr if is_error else sys.stdout
    if screen is None:
        return
    shown = "".join(" " if each == "\n" else each for each in line if each == "\n" or _is_shown(each))
    encoding = screen.encoding or "utf-8"
    try:
        click.echo(shown.encode(encoding, "replace").decode(encoding), err=is_error)
    except OSError:
        _discard_output(is_error=is_error)


def say_notes(*notes: str) -> None:
    """Print notes beside the result."""
    for note in notes:
        say(f"注意: {note}", is_error=True)


def say_plan_warnings(findings: Sequence[Finding]) -> None:
    """Print the 警告 of the plan, which every command repeats until they are resolved."""
    from kama_excel.findings.catalogue import Severity

    warnings = [found for found in findings if found.severity is Severity.WARNING]
    if warnings:
        say(f"計画台帳の警告 {len(warnings)}件（ご確認ください）:", is_error=True)
    for found in warnings[:_LISTED_WARNINGS]:
        say(f"  {found.place}: {found.message}{found.advice}", is_error=True)
    if len(warnings) > _LISTED_WARNINGS:
        say(f"  ほか{len(warnings) - _LISTED_WARNINGS}件は、集計ブックの「確認事項」にあります。", is_error=True)


def say_unread(findings: Sequence[Finding], withheld: Sequence[str], heading: str) -> None:
    """Print the unreadable files, and the departments that got nothing because of them."""
    if findings:
        say(f"読み込めなかったファイル {len(findings)}件:", is_error=True)
    for found in findings:
        say(f"  {found.place}: {found.message}{found.advice}", is_error=True)
    if withheld:
        say(
            f"{heading}（上のファイルに報告が含まれている可能性があるため）: {'、'.join(withheld)}。"
            "ファイルを読み込めるようにしてからもう一度実行するか、--skip-unread を付けて実行してください。",
            is_error=True,
        )


def padded(text: str, width: int) -> str:
    """Pad a text with at least one space to a number of half-width columns."""
    used = sum(2 if unicodedata.east_asian_width(character) in "WFA" else 1 for character in text)
    return text + " " * max(width - used, 1)


def print_document(document: dict[str, object], done: str = "") -> None:
    """Print the `--json` document; if standard output is closed, report it and exit with 2.

    The report says what was `done` all the same.
    """
    import json

    try:
        click.echo(json.dumps(document, ensure_ascii=True, indent=2))
    except OSError as error:
        _discard_output(is_error=False)
        say(
            f"{done}結果（JSON）を標準出力に出力できませんでした: {_why_not_taken(error)}。"
            "出力先をご確認のうえ、もう一度実行してください。",
            is_error=True,
        )
        sys.exit(COULD_NOT_RUN)


def _why_not_taken(error: OSError) -> str:
    """Explain a failed write to standard output.

    Windows reports a closed pipe as an invalid argument.
    """
    return RECEIVER_ENDED if error.errno == errno.EINVAL else describe_os_error(error)


def _discard_output(*, is_error: bool) -> None:
    """Discard all further output, including what is flushed at the program's end."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    with contextlib.suppress(OSError, ValueError):
        os.dup2(nowhere, (sys.stderr if is_error else sys.stdout).fileno())
    os.close(nowhere)


def _is_shown(character: str) -> bool:
    """Return whether a character is printable: no control, surrogate or direction mark."""
    return unicodedata.category(character) not in {"Cc", "Cs"} and character not in _TURNING


def open_file(path: Path) -> bool:
    """Open a file with the system's program (Excel for a workbook); report and return if not."""
    try:
        if sys.platform == "win32":
            os.startfile(path)  # noqa: S606 -- the system's own choice of a program for the book just written
            return True
        is_open = click.launch(str(path), wait=sys.platform == "linux") == 0  # xdg-open fails only after its start
    except OSError:
        is_open = False
    if not is_open:
        say(f"{path.name} を開けませんでした。エクスプローラーから開いてください。", is_error=True)
    return is_open


@contextlib.contextmanager
def report_failures() -> Iterator[None]:
    """Turn any exception into one Japanese sentence and an exit code.

    The plan's cells are listed with it if there are any. The traceback is shown only with `--debug`.
    """
    try:
        yield
    except click.ClickException:
        raise
    except Failure as error:
        say(str(error), is_error=True)
        for each in error.findings:
            say(f"  [{each.severity}] {each.place}: {each.message}{each.advice}", is_error=True)
        sys.exit(COULD_NOT_RUN)
    except KeyboardInterrupt:
        end_interrupted()
    except OSError as error:
        _show_traceback()
        where = f"（{error.filename}）" if error.filename else ""
        say(
            f"ファイルの読み書きができませんでした{where}: {describe_os_error(error)}。前のファイルはそのまま残っています。",
            is_error=True,
        )
        sys.exit(COULD_NOT_RUN)
    except MemoryError:
        _show_traceback()
        say(
            "メモリーが足りないため中止しました。前の結果はそのまま残っています。"
            "ほかのプログラムを閉じてから、もう一度実行してください。",
            is_error=True,
        )
        sys.exit(COULD_NOT_RUN)
    except Exception as error:  # noqa: BLE001 -- the last resort: staff never see a traceback that they did not ask for
        _show_traceback()
        kind = type(error).__name__
        say(
            f"予期しないエラー（{kind}）のため中止しました。前の結果はそのまま残っています。"
            f"もう一度実行しても同じときは、「{program_name()} --debug …」の表示を添えて、プログラムの担当者へお知らせください。",
            is_error=True,
        )
        sys.exit(COULD_NOT_RUN)


def end_interrupted() -> NoReturn:
    """Report that Ctrl+C has ended the command, and exit."""
    say("処理を中止しました。作成途中のファイルは残りません。もう一度実行してください。", is_error=True)
    sys.exit(_INTERRUPTED)


def _show_traceback() -> None:
    import traceback

    if click.get_current_context().find_root().params.get("debug"):
        click.echo(traceback.format_exc(), err=True)


_FEWEST = 5  # minimum number of files or sheets for a progress bar


@contextlib.contextmanager
def progress_bars(*, is_quiet: bool = False) -> Iterator[Watch]:
    """Yield a callback that draws a bar per stage; its characters exist in every code page."""
    if is_quiet or sys.stderr is None or not sys.stderr.isatty():
        yield unwatched
        return
    bars = _Bars()
    try:
        yield bars
    finally:
        bars.finish()


class _Bars:
    """Progress bars, one after another."""

    def __init__(self) -> None:
        self.stage = ""
        self.bar: Any = None  # click does not export its type

    def __call__(self, stage: str, done: int, total: int) -> None:
        if stage != self.stage:
            self.finish()
            self.stage = stage
            if total >= _FEWEST:
                self.bar = click.progressbar(length=total, label=stage, file=sys.stderr)
                self.bar.render_progress()
        if self.bar:
            self.bar.update(1)
            if done == total:
                self.finish()

    def finish(self) -> None:
        """Leave the bar as it is and continue below it."""
        if self.bar:
            self.bar.render_finish()
        self.bar = None


def unasked_line(numbers: Sequence[int]) -> str:
    """List the actions without a task or an indicator: no department is asked about them."""
    named = "、".join(map(str, numbers[:_MOST_NUMBERS])) + ("ほか" if len(numbers) > _MOST_NUMBERS else "")
    return f"タスクも指標も登録されていないアクション: {len(numbers)}件（{named}）"
