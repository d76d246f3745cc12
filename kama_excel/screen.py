"""What a command says on the screen, and the one sentence that ends it where it cannot go on."""

from __future__ import annotations

import errno
import sys
import traceback
import unicodedata
from collections.abc import Callable

import click

COULD_NOT_RUN = 2
_TURNING = frozenset("\u200e\u200f\u061c\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
_REFUSED = "書き込みが許可されていません。フォルダに書き込めるか、ファイルがほかで開かれていないか確かめてください。"
_NO_FOLDER = "そのフォルダがありません。場所を確かめてください。"
_IN_THE_WAY = "同じ名前のファイルがあるため、フォルダを作れません。名前を変えてください。"
_WHY = {
    errno.EACCES: _REFUSED,
    errno.EPERM: _REFUSED,
    errno.EROFS: _REFUSED,
    errno.ENOENT: _NO_FOLDER,
    errno.EEXIST: _IN_THE_WAY,
    errno.ENOTDIR: _IN_THE_WAY,
    errno.ENOSPC: "ディスクの空きがありません。空きを作ってから、もう一度実行してください。",
}


def say(line: str, *, is_error: bool = False) -> None:
    """Put one line on the screen: what was typed can neither steer the screen nor make a line of its own.

    A character that the screen's code page lacks is shown as 「?」.
    """
    shown = "".join(" " if each == "\n" else each for each in line if each == "\n" or _is_shown(each))
    encoding = (sys.stderr if is_error else sys.stdout).encoding or "utf-8"
    click.echo(shown.encode(encoding, "replace").decode(encoding), err=is_error)


def _is_shown(character: str) -> bool:
    """Whether a character is no control character, no half of one, and turns no text around."""
    return unicodedata.category(character) not in {"Cc", "Cs"} and character not in _TURNING


def guarded(command: Callable[[], None]) -> None:
    """Run a command; what ends it is one Japanese sentence (with the plan's cells where there are any) and exit 2.

    The traceback is shown only where `--debug` asks for it.
    """
    from kama_excel.failure import Failure

    try:
        command()
    except Failure as error:
        say(str(error), is_error=True)
        for each in error.findings:
            say(f"  [{each.severity}] {each.place}: {each.message}{each.advice}", is_error=True)
        sys.exit(COULD_NOT_RUN)
    except OSError as error:
        _show_traceback()
        where = f"（{error.filename}）" if error.filename else ""
        why = _WHY.get(error.errno or 0, f"{error.strerror}。")
        say(f"ファイルを書けませんでした{where}: {why}前のファイルはそのまま残っています。", is_error=True)
        sys.exit(COULD_NOT_RUN)
    except Exception as error:  # noqa: BLE001 -- the last resort: staff never see a traceback that they did not ask for
        _show_traceback()
        kind = type(error).__name__
        say(
            f"思わぬ問題（{kind}）で止まりました。前の結果はそのまま残っています。"
            "もう一度実行しても同じときは、「kama-excel --debug …」の表示を添えて、プログラムの担当者へお知らせください。",
            is_error=True,
        )
        sys.exit(COULD_NOT_RUN)


def _show_traceback() -> None:
    if click.get_current_context().find_root().params.get("debug"):
        click.echo(traceback.format_exc(), err=True)
