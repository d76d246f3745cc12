"""The files that are double-clicked on Windows: one per step, each a batch file that finds the program by itself.

They are written in code page 932 and set it before their first Japanese character: cmd reads a batch file in the
console's code page, and as UTF-8 (65001) it loses its place in lines of many bytes. What the program itself says goes
to the console as Unicode and needs no code page.
"""

from __future__ import annotations

from collections.abc import Mapping

_ENCODING = "cp932"
_PROGRAM = r"app\python\python.exe"
# The kit's Python is an isolated one and passes over PYTHONUTF8: it takes `-X utf8`.
# `pushd` and not `cd /d`: it gives a network share (\\server\…) a drive letter as long as the window is open.
_STARTER = r"""@echo off
setlocal
chcp 932 >nul
title {title}
pushd "%~dp0"
if errorlevel 1 goto nofolder
set "PYTHONUTF8=1"
set "KAMA="
if exist "{program}" set KAMA="{program}" -X utf8 -m kama_excel
if not defined KAMA if exist "..\{program}" set KAMA="..\{program}" -X utf8 -m kama_excel
if not defined KAMA where kama-excel >nul 2>nul && set "KAMA=kama-excel"
if not defined KAMA py -c "import kama_excel" >nul 2>nul && set "KAMA=py -m kama_excel"
if not defined KAMA goto noprogram
{command}
set "CODE=%ERRORLEVEL%"
echo.
if "%CODE%"=="0" echo 終わりました。
if "%CODE%"=="1" echo 終わりました。エラーの確認事項があります。ブックのシート「確認事項」をご覧ください。
if not "%CODE%"=="0" if not "%CODE%"=="1" echo できませんでした。上の説明をご覧ください。
popd
pause
exit /b %CODE%
:noprogram
echo プログラム（kama-excel）が見つかりません。
echo 配布された ZIP を展開したフォルダの「app」を、このフォルダの中に置いてください。
popd
pause
exit /b 2
:nofolder
echo このフォルダを開けません。フォルダを自分のPCに写してから、もう一度お試しください。
pause
exit /b 2
"""

STEPS: Mapping[str, str] = {
    "様式を作る": "forms --ask",
    "配布メール": "mail --kind 配布 --ask",
    "確かめる": "check",
    "集計する": "run --ask",
    "最新の結果を開く": "status --open",
    "今の状況": "status",
    "メール下書き": "mail --ask",
}


def step_starters() -> dict[str, bytes]:
    """Return the batch files of the monthly steps by file name. What is typed after one, or dropped on it, is passed on."""
    return {f"{title}.bat": starter(title, f"%KAMA% {command} %*") for title, command in STEPS.items()}


def starter(title: str, command: str) -> bytes:
    r"""Return a batch file that runs the command in its own folder and keeps its window open.

    `%KAMA%` in the command is the program: the kit's own Python in `app\python` beside it or above it, else
    `kama-excel` on the path, else what `py` starts. It ends with the program's exit code.
    """
    text = _STARTER.format(title=title, program=_PROGRAM, command=command)
    return text.replace("\n", "\r\n").encode(_ENCODING)


def text_file(text: str) -> bytes:
    """Return a text for Notepad of any version of Windows: UTF-8 with a byte order mark, lines ending in CR LF."""
    return text.replace("\n", "\r\n").encode("utf-8-sig")
