"""What ends a command: every such exception is a Failure, so that nothing is imported only to be caught."""

from __future__ import annotations

import errno
from typing import Protocol

from kama_excel.findings.finding import Finding


class Failure(Exception):  # noqa: N818 -- those that are raised are called errors
    """The command cannot be done. The message says why and what to do, in Japanese; `findings` name cells, if any."""

    findings: tuple[Finding, ...] = ()


_IN_USE = "ファイルがほかのプログラム（Excelなど）で開かれているか、書き込みの権限がありません。閉じるか権限を確かめてください"

_FULL = "ディスクの空きがありません。空きを作ってください"

_AWAY = "フォルダに届きません。ネットワークのドライブにつながっているか確かめてください"

_REASONS = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: "割り当てられたディスクの容量を使い切りました。空きを作ってください",
    errno.EFBIG: "ファイルが、書ける大きさを超えました。書き込み先のドライブを確かめてください",
    errno.EACCES: _IN_USE,
    errno.EPERM: _IN_USE,
    errno.EROFS: "書き込みのできないドライブです。ほかの場所を指定してください",
    errno.ENAMETOOLONG: "フォルダかファイルの名前が長すぎます。浅い場所か短い名前にしてください",
    errno.ENOENT: "ファイルかフォルダが見つかりません。名前と場所を確かめてください",
    errno.EEXIST: "フォルダを作る場所に、同じ名前のファイルがあります。名前を変えるか移してください",
    errno.ENOTDIR: "フォルダであるはずの場所に、ファイルがあります。名前と場所を確かめてください",
    errno.EISDIR: "ファイルであるはずの場所に、フォルダがあります。名前と場所を確かめてください",
    errno.ELOOP: "ショートカット（リンク）が堂々巡りになっています。元のファイルを置いてください",
    errno.EMFILE: "開いているファイルが多すぎます。ほかのプログラムを閉じてください",
    errno.ENOMEM: "メモリーが足りません。ほかのプログラムを閉じてください",
    errno.EPIPE: "受け取る側が先に終わりました",
    errno.EIO: "ドライブの読み書きに失敗しました。ドライブを確かめてください",
    errno.EHOSTDOWN: _AWAY,
    errno.EHOSTUNREACH: _AWAY,
    errno.ENETDOWN: _AWAY,
    errno.ENETUNREACH: _AWAY,
    errno.ESTALE: _AWAY,
    errno.ETIMEDOUT: _AWAY,
}

# Windows' own numbers, which Python turns into none of the above: a network path that went away, a disk that is full.
_WINDOWS = (
    dict.fromkeys((21, 51, 53, 55, 59, 64, 67, 121, 1231), _AWAY) | dict.fromkeys((39, 112), _FULL) | {33: _IN_USE}
)


def describe_os_error(error: OSError) -> str:
    """Return why the file system refused and what to do, without a full stop; the system's own words where unknown."""
    known = _WINDOWS.get(getattr(error, "winerror", None) or 0) or _REASONS.get(error.errno or 0)
    return known or error.strerror or type(error).__name__


READING, PICTURES = "様式を読んでいます", "以前の月の写真を読んでいます"

WRITING, FORMS = "シートを書いています", "様式を作っています"


class Watch(Protocol):
    """Is told how many of a stage's files or sheets are done."""

    def __call__(self, stage: str, done: int, total: int) -> None:
        """Take note; `done` goes from 1 to `total`."""


def unwatched(stage: str, done: int, total: int) -> None:
    """Take no note."""
