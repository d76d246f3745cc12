"""The batch files for Windows: one per step, and one for scheduled tasks.

They are written in code page 932 and set it before their first Japanese character: cmd reads a batch file in the
console's code page, and in UTF-8 (65001) it miscounts lines with multi-byte characters. The program itself writes
to a console in Unicode and needs no code page. Into a file it writes code page 932 as well (`cli/batch_file.py`,
which also reads the variables KAMA_BAT, KAMA_BAT_LINE and KAMA_NAME).

The program adds 100 to its exit code for batch files, because a Python that does not start also uses codes 1 and
2.
"""

from __future__ import annotations

from collections.abc import Mapping

_ENCODING = "cp932"
_PROGRAM = r"app\python\python.exe"
PROGRAM_FILE = "kama-excel.bat"
# `-I` ignores the PC's variables PYTHON…; with `py` the user's packages are needed, so `-E -P` there.
# `pushd` instead of `cd /d` gives a network share (\\server\…) a drive letter while the window is open.
# CMDCMDLINE is Explorer's command line after a drop: it does not quote a name with & or ^, and cmd cuts there.
# `exit` without /b ends a cmd started by Explorer, which would otherwise run the text after an & in a name.
_STARTER = r"""@echo off
setlocal DisableDelayedExpansion
chcp 932 >nul
title {title}
set "KAMA_BAT=%~nx0"
set "KAMA_BAT_LINE="
set "IS_ALONE="
setlocal EnableDelayedExpansion
for /f "delims=" %%L in ("!CMDCMDLINE! ") do endlocal & set "KAMA_BAT_LINE=%%L"
setlocal EnableDelayedExpansion
if not "!KAMA_BAT_LINE:/c=!"=="!KAMA_BAT_LINE!" (endlocal & set "IS_ALONE=1") else endlocal
pushd "%~dp0"
if errorlevel 1 goto nofolder
set "PYTHONUTF8=1"
set "KAMA="
set "KAMA_NAME="
if exist "{program}" set KAMA="{program}" -I -X utf8 -m kama_excel
if not defined KAMA if exist "..\{program}" set KAMA="..\{program}" -I -X utf8 -m kama_excel
if not defined KAMA where kama-excel.exe >nul 2>nul && set "KAMA=kama-excel.exe"
if not defined KAMA py -E -P -c "import kama_excel" >nul 2>nul && set "KAMA=py -E -P -X utf8 -m kama_excel"
if not defined KAMA goto noprogram
if exist "{program_file}" set "KAMA_NAME={program_file}"
if not defined KAMA_NAME if exist "..\{program_file}" set "KAMA_NAME=..\{program_file}"
{command}
set "CODE=%ERRORLEVEL%"
echo.
if "%CODE%"=="100" echo 処理が終わりました。
if "%CODE%"=="101" echo 処理が終わりました。エラーの確認事項があります。上の説明か、ブックのシート「確認事項」をご覧ください。
if "%CODE%"=="102" echo 処理を中止しました。上の説明をご覧ください。
if "%CODE%"=="230" echo 処理を中止しました。
if "%CODE%"=="100" set "ENDED=0" & goto end
if "%CODE%"=="101" set "ENDED=1" & goto end
set "ENDED=2"
if "%CODE%"=="102" goto end
if "%CODE%"=="230" goto end
echo プログラムを起動できませんでした（コード %CODE%）。ウイルス対策ソフトなどに遮断されていないか、
echo フォルダ「app」の中のファイルが欠けていないかを、情報システムの担当者にご確認ください。
:end
popd
pause
if defined IS_ALONE exit %ENDED%
exit /b %ENDED%
:noprogram
set "HERE=%~dp0"
if not "%HERE:.zip=%"=="%HERE%" goto zipped
echo プログラム（kama-excel）が見つかりません。
echo 配布された ZIP を展開したフォルダの「app」を、このフォルダの中に置いてください。
goto stop
:zipped
echo ZIP の中からは実行できません。
echo ZIP を右クリックして「すべて展開」を選び、展開したフォルダの「{title}.bat」をダブルクリックしてください。
goto stop
:nofile
echo 確認するファイル（様式・メール・ZIP）を、「%~nx0」の上にドラッグしてください。
:stop
popd
pause
if defined IS_ALONE exit 2
exit /b 2
:nofolder
echo このフォルダを開けません。フォルダを自分のPCにコピーしてから、もう一度お試しください。
pause
if defined IS_ALONE exit 2
exit /b 2
"""

_PROGRAM_STARTER = r"""@echo off
setlocal DisableDelayedExpansion
set "KAMA_BAT=%~nx0"
set "KAMA_BAT_LINE="
set "KAMA_NAME=%~nx0"
"%~dp0{program}" -I -X utf8 -m kama_excel %*
set "CODE=%ERRORLEVEL%"
if "%CODE%"=="100" exit /b 0
if "%CODE%"=="101" exit /b 1
if "%CODE%"=="102" exit /b 2
if "%CODE%"=="230" exit /b 130
chcp 932 >nul
>&2 echo プログラムを起動できませんでした（コード %CODE%）。情報システムの担当者にご確認ください。
exit /b 2
"""

STEPS: Mapping[str, str] = {
    "様式を配る": "forms --mail --ask",
    "確かめる": "check",
    "集計する": "run --ask",
    "今の状況": "status",
    "最新の結果を開く": "status --open",
    "督促と差戻し": "mail --ask",
    "結果メール": "mail --kind 結果 --ask",
}

_TAKES_FILES = frozenset({"check"})


def step_starters() -> dict[str, bytes]:
    """Return the batch files of the monthly steps by file name.

    Arguments, or files dropped on the batch file, are passed on.
    """
    return {f"{title}.bat": step_starter(title, command) for title, command in STEPS.items()}


def step_starter(title: str, command: str) -> bytes:
    """Return the batch file of a step; it asks for files if its command takes files."""
    asks = 'if "%~1"=="" goto nofile\n' if command in _TAKES_FILES else ""
    return starter(title, f"{asks}%KAMA% {command} %*")


def starter(title: str, command: str) -> bytes:
    r"""Return a batch file that runs a command in its own folder and keeps its window open.

    `%KAMA%` in the command is the program: the kit's own Python in `app\python` beside or above it, else
    `kama-excel` on the path, else the Python that `py` starts. It ends with the program's exit code, or 2 if none
    could be started.
    """
    return _batch_file(_STARTER.format(title=title, program=_PROGRAM, program_file=PROGRAM_FILE, command=command))


def program_starter() -> bytes:
    """Return `kama-excel.bat`: the kit's program without a pause, for scheduled tasks."""
    return _batch_file(_PROGRAM_STARTER.format(program=_PROGRAM))


def _batch_file(text: str) -> bytes:
    return text.replace("\n", "\r\n").encode(_ENCODING)


def text_file(text: str) -> bytes:
    """Return a text for Notepad of any Windows: UTF-8 with a byte order mark, CR LF."""
    return text.replace("\n", "\r\n").encode("utf-8-sig")
