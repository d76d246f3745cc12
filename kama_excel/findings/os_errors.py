"""Explain errors of the operating system in Japanese, with the remedy."""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

_LONGEST_PATH = 247  # characters of a path on Windows: 260 for a file, 12 less for a folder

IN_USE = "ファイルがほかのプログラム（Excelなど）で開かれているか、読み書きの権限がありません。ファイルを閉じるか、権限をご確認ください"

_NO_ACCESS = "ネットワークのフォルダを読み書きする権限がありません。情報システムの担当者にご確認ください"

_FULL = "ディスクの空き容量が足りません。不要なファイルを削除するなどして、空き容量を確保してください"

_QUOTA = "割り当てられたディスクの容量の上限に達しました。空き容量を確保してください"

_AWAY = "フォルダに接続できません。ネットワークドライブへの接続をご確認ください"

_CROWDED = "ネットワークのフォルダに接続できる数を超えています。しばらくしてから、もう一度お試しください"

_DRIVE = "ドライブの読み書きに失敗しました。ドライブの状態をご確認ください"

_PROTECTED = "書き込みのできないドライブです。別の場所を指定してください"

_TOO_LONG = "フォルダかファイルの名前が長すぎます。階層の浅いフォルダに移すか、短い名前にしてください"

_BAD_NAME = "フォルダかファイルの名前に、使用できない文字があります。名前を変更してください"

_VIRUS = "ウイルス対策ソフトにより遮断されました。ファイルを開かずに、情報システムの担当者にご連絡ください"

_CLOUD = (
    "クラウド（OneDriveなど）にあるファイルを、このPCに読み込めません。"
    "OneDriveが起動しているかを確認し、ファイルを右クリックして「このデバイス上に常に保持する」を選んでください"
)

_BLOCKED = "このPCの設定で、プログラムの実行が許可されていません。情報システムの担当者にご確認ください"

_NO_MEMORY = "メモリーが足りません。ほかのプログラムを閉じてください"

_MISSING = "ファイルかフォルダが見つかりません。名前と場所をご確認ください"

RECEIVER_ENDED = "出力先のプログラムが終了しました"

FOLDER_FOR_FILE = "ファイルであるはずの場所に、フォルダがあります。名前と場所をご確認ください"

_BY_ERRNO = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _QUOTA,
    errno.EFBIG: "ファイルの大きさが、書き込める上限を超えました。書き込み先のドライブをご確認ください",
    errno.EACCES: IN_USE,
    errno.EPERM: IN_USE,
    errno.EBUSY: IN_USE,
    errno.EROFS: _PROTECTED,
    errno.ENAMETOOLONG: _TOO_LONG,
    errno.ENOENT: _MISSING,
    errno.EEXIST: "フォルダの作成先に、同じ名前のファイルがあります。名前を変更するか、移動してください",
    errno.ENOTDIR: "フォルダであるはずの場所に、ファイルがあります。名前と場所をご確認ください",
    errno.EISDIR: FOLDER_FOR_FILE,
    errno.ELOOP: "ショートカット（リンク）が循環参照になっています。元のファイルを保存してください",
    errno.EMFILE: "開いているファイルが多すぎます。ほかのプログラムを閉じてください",
    errno.ENOMEM: _NO_MEMORY,
    errno.EPIPE: RECEIVER_ENDED,
    errno.EIO: _DRIVE,
    errno.EHOSTDOWN: _AWAY,
    errno.EHOSTUNREACH: _AWAY,
    errno.ENETDOWN: _AWAY,
    errno.ENETUNREACH: _AWAY,
    errno.ENOTCONN: _AWAY,
    errno.ECONNRESET: _AWAY,
    errno.ECONNABORTED: _AWAY,
    errno.ESTALE: _AWAY,
    errno.ETIMEDOUT: _AWAY,
}

_SHARING_VIOLATIONS = frozenset({5, 32, 33, 145, 303, 1224})
"""Errors that are often temporary.

Access denied, shared, locked, a folder not empty yet, being deleted, mapped into memory.
"""

_BUSY = (errno.EBUSY, errno.ETXTBSY, errno.ENOTEMPTY)

_BY_WINDOWS_NUMBER = {
    **dict.fromkeys((15, 21, 51, 53, 54, 55, 58, 59, 64, 67, 121, 1203, 1222, 1231, 1232, 1236, 2250), _AWAY),
    **dict.fromkeys((68, 71), _CROWDED),
    **dict.fromkeys((39, 112), _FULL),
    **dict.fromkeys((23, 1117, 1392, 1393), _DRIVE),
    **dict.fromkeys((123, 161), _BAD_NAME),
    **dict.fromkeys((111, 206), _TOO_LONG),
    **dict.fromkeys((225, 226), _VIRUS),
    **dict.fromkeys((358, *range(362, 365), *range(374, 399), 404, 426, 434), _CLOUD),
    **dict.fromkeys((367, 786, 1260), _BLOCKED),
    **dict.fromkeys((8, 14, 1450, 1455), _NO_MEMORY),
    **dict.fromkeys((5, 32, 33, 303, 1224), IN_USE),
    1295: _QUOTA,
    19: _PROTECTED,
    65: _NO_ACCESS,
    109: RECEIVER_ENDED,
    232: RECEIVER_ENDED,
}


def describe_os_error(error: OSError) -> str:
    """Return the reason of an error and the remedy, in Japanese without a full stop.

    An unknown error has the system's own text.
    """
    number = windows_number(error)
    if number in (2, 3) and _is_too_long(error):
        return _TOO_LONG
    known = _BY_WINDOWS_NUMBER.get(number) or _BY_ERRNO.get(error.errno or 0)
    return known or (error.strerror or type(error).__name__).rstrip("。. ")


def is_in_use(error: OSError) -> bool:
    """Return whether a file is held or unreadable: Windows reports both alike."""
    number = windows_number(error)
    return number in _SHARING_VIOLATIONS if number else error.errno in (errno.EACCES, errno.EPERM, *_BUSY)


def may_be_released(error: OSError) -> bool:
    """Return whether a retry may succeed; a missing permission is permanent except on Windows."""
    number = windows_number(error)
    if number or sys.platform == "win32":
        return is_in_use(error)
    return error.errno in _BUSY


def is_missing(error: OSError) -> bool:
    """Return whether there is no such file; False for a share that cannot be reached."""
    return isinstance(error, FileNotFoundError) and describe_os_error(error) == _MISSING


def windows_number(error: OSError) -> int:
    """Return Windows' own number of an error; 0 on other systems.

    `open` passes on only an errno, and EINVAL and ENOENT cover many numbers, so the system is asked again.
    """
    number = getattr(error, "winerror", None)
    if number is None and isinstance(error.filename, str):
        number = _ask_windows(error.filename)
    return number or 0


@contextmanager
def naming(path: Path) -> Iterator[None]:
    """Make a file system error name the real file, not its temporary copy."""
    try:
        yield
    except OSError as error:
        error.winerror = windows_number(error)  # type: ignore[attr-defined]  # asked before the name is another
        error.filename, error.filename2 = str(path), None
        raise


def _ask_windows(path: str) -> int:
    """Return the Windows error number of opening a file for reading; 0 if it opens.

    Always 0 on other systems.
    """
    if sys.platform != "win32":
        return 0
    import _winapi  # noqa: PLC0415 -- of Windows only

    share, existing, also_folders = 0x7, 3, 0x0200_0000
    try:
        handle = _winapi.CreateFile(path, 0x8000_0000, share, 0, existing, also_folders, 0)
    except OSError as error:
        return error.winerror or 0
    _winapi.CloseHandle(handle)
    return 0


def _is_too_long(error: OSError) -> bool:
    return isinstance(error.filename, str) and len(os.path.abspath(error.filename)) > _LONGEST_PATH  # noqa: PTH100 -- no file is asked
