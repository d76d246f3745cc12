"""Convert a workbook to PDF with LibreOffice, in a new profile without user settings."""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import BinaryIO

from filelock import FileLock, Timeout

from kama_excel.findings.failure import Failure

_SECONDS = 600
_PREFIX = "kama-excel-pdf-"
_LOCK = "in-use.lock"
_EXPORT = {"UseTaggedPDF": True, "ExportBookmarks": True, "DisplayPDFDocumentTitle": True}
"""Export options for screen readers: tags, a bookmark per sheet, the title."""
_SETTINGS = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry">
<item oor:path="/org.openoffice.Setup/L10N"><prop oor:name="ooSetupSystemLocale" oor:op="fuse"><value>ja-JP</value></prop></item>
<item oor:path="/org.openoffice.Office.Linguistic/General"><prop oor:name="DefaultLocale_CJK" oor:op="fuse"><value>ja-JP</value></prop></item>
</oor:items>
"""
"""LibreOffice's own settings: the language recorded in the PDF."""
_WINDOWS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432")


class OfficeError(Failure):
    """No PDF can be made; the message gives the reason and the remedy in Japanese."""


def find_office() -> Path:
    """Return LibreOffice's program.

    Raises: OfficeError if it is not installed.
    """
    folders = (Path(os.environ[name]) for name in _WINDOWS if name in os.environ)
    installed = (folder / "LibreOffice" / "program" / "soffice.exe" for folder in folders)
    if found := next(filter(Path.is_file, installed), None) or _on_path("soffice") or _on_path("libreoffice"):
        return found
    raise OfficeError(
        "PDFを作成するには LibreOffice が必要ですが、見つかりません。LibreOffice をインストールするか、--pdf を付けずに実行し、ブックを Excel で開いて印刷してください。"
    )


def _on_path(name: str) -> Path | None:
    """Find a program on the search path, but never in the current folder.

    Windows searches the current folder first.
    """
    folders = os.environ.get("PATH", os.defpath).split(os.pathsep)
    found = (shutil.which(Path(folder) / name) for folder in folders if Path(folder).is_absolute())
    return next((Path(each) for each in found if each), None)


def to_pdf(workbook: BinaryIO) -> bytes:
    """Return the workbook's visible sheets as one PDF; closes the workbook.

    Raises: OfficeError; OSError if no file can be written.
    """
    program = find_office()
    _sweep()
    with tempfile.TemporaryDirectory(prefix=_PREFIX, ignore_cleanup_errors=True) as made:
        folder = Path(made)
        with FileLock(folder / _LOCK):
            path = folder / "report.xlsx"
            with workbook, path.open("wb") as file:
                shutil.copyfileobj(workbook, file)
            settings = folder / "profile" / "user" / "registrymodifications.xcu"
            settings.parent.mkdir(parents=True)
            settings.write_text(_SETTINGS, encoding="utf-8")
            profile = (folder / "profile").as_uri()
            command = [str(program), f"-env:UserInstallation={profile}", "--headless", "--norestore"]
            command += ["--convert-to", _export_filter(), "--outdir", str(folder), str(path)]
            failed = _run(command)
            pdf = path.with_suffix(".pdf")
            if failed or not pdf.is_file():
                raise OfficeError("LibreOffice でPDFを作成できませんでした。ブックを Excel で開いて印刷してください。")
            return pdf.read_bytes()


def _export_filter() -> str:
    options = {name: {"type": "boolean", "value": str(value).lower()} for name, value in _EXPORT.items()}
    return f"pdf:calc_pdf_Export:{json.dumps(options)}"


def _run(command: list[str]) -> int:
    """Run LibreOffice to its end, and end the processes that it starts."""
    try:
        program = subprocess.Popen(  # noqa: S603 -- no shell, no typed text
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError as error:
        raise OfficeError(
            "LibreOffice を起動できませんでした。LibreOffice をインストールし直すか、--pdf を付けずに実行し、ブックを Excel で開いて印刷してください。"
        ) from error
    try:
        return program.wait(_SECONDS)
    except subprocess.TimeoutExpired as error:
        raise OfficeError(
            f"LibreOffice が{_SECONDS}秒以内に処理を終えなかったため、PDFを作成できませんでした。"
            "--pdf を付けずに実行し、ブックを Excel で開いて印刷してください。"
        ) from error
    finally:
        if program.poll() is None:
            _end(program)


def _end(program: subprocess.Popen[bytes]) -> None:
    """End the program and the processes that it started.

    On Windows soffice.exe starts soffice.bin, which ends itself when its parent has ended: `--headless` asks for it.
    """
    if sys.platform == "win32":
        program.kill()
    else:
        os.killpg(program.pid, signal.SIGKILL)
    program.wait()


def _sweep() -> None:
    """Delete the folders of killed runs, whose locks the system has released."""
    for folder in Path(tempfile.gettempdir()).glob(f"{_PREFIX}*"):
        lock = folder / _LOCK
        try:
            if not lock.exists():  # it is being created
                continue
            with FileLock(lock, timeout=0):
                pass
        except (OSError, Timeout):
            continue
        shutil.rmtree(folder, ignore_errors=True)
