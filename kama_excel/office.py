"""LibreOffice, where it is installed: a workbook becomes a PDF. It runs by itself, without a person's settings."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from kama_excel.failure import Failure

_SECONDS = 600
_WINDOWS = ("PROGRAMFILES", "PROGRAMFILES(X86)", "PROGRAMW6432")


class OfficeError(Failure):
    """No PDF can be made. The message says why and what to do, in Japanese."""


def find_office() -> Path:
    """Return LibreOffice's program; OfficeError where it is not installed."""
    on_path = shutil.which("soffice") or shutil.which("libreoffice")
    if on_path:
        return Path(on_path)
    folders = (os.environ[name] for name in _WINDOWS if name in os.environ)
    for folder in folders:
        program = Path(folder) / "LibreOffice" / "program" / "soffice.exe"
        if program.is_file():
            return program
    raise OfficeError(
        "PDFを作るには LibreOffice が必要ですが、見つかりません。LibreOffice を入れるか、--pdf を付けずに実行し、ブックを Excel で開いて印刷してください。"
    )


def to_pdf(workbook: bytes) -> bytes:
    """Return the workbook's visible sheets as one PDF. Raises OfficeError."""
    program = find_office()
    with tempfile.TemporaryDirectory(prefix="kama-excel-") as folder:
        path = Path(folder) / "report.xlsx"
        path.write_bytes(workbook)
        profile = (Path(folder) / "profile").as_uri()
        command = [str(program), f"-env:UserInstallation={profile}", "--headless", "--norestore"]
        command += ["--convert-to", "pdf", "--outdir", folder, str(path)]
        try:
            done = subprocess.run(command, check=False, capture_output=True, timeout=_SECONDS)  # noqa: S603 -- no shell, no typed text
        except subprocess.TimeoutExpired as error:
            raise OfficeError(f"LibreOffice が{_SECONDS}秒たっても終わらないため、PDFを作れませんでした。") from error
        pdf = path.with_suffix(".pdf")
        if done.returncode or not pdf.is_file():
            raise OfficeError("LibreOffice がPDFを作れませんでした。ブックを Excel で開いて印刷してください。")
        return pdf.read_bytes()
