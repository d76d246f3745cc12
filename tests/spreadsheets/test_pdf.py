"""LibreOffice as a program that may be missing, broken or stuck: what is said, and what is left behind."""

import io
import os
import subprocess
import sys
import tempfile
from pathlib import Path

import pytest

from kama_excel.spreadsheets.writing import pdf as office
from kama_excel.spreadsheets.writing.pdf import OfficeError, to_pdf

pytestmark = pytest.mark.skipif(os.name != "posix", reason="stands a script in for LibreOffice")


@pytest.fixture
def temporary(tmp_path, monkeypatch):
    """The system's temporary folder, the test's own."""
    folder = tmp_path / "temporary"
    folder.mkdir()
    monkeypatch.setattr(tempfile, "tempdir", str(folder))
    return folder


@pytest.fixture
def program(tmp_path, monkeypatch):
    """Return a function that makes a script stand in for LibreOffice."""
    path = tmp_path / "bin" / "soffice"
    path.parent.mkdir()
    monkeypatch.setenv("PATH", str(path.parent), prepend=os.pathsep)

    def make(script):
        path.write_text(script, encoding="utf-8")
        path.chmod(0o755)

    return make


def test_a_program_that_makes_the_pdf_leaves_nothing_behind(program, temporary):
    program('#!/bin/sh\nfor last; do :; done\nprintf "%%PDF" > "${last%.xlsx}.pdf"\n')
    assert to_pdf(io.BytesIO(b"workbook")) == b"%PDF"
    assert list(temporary.iterdir()) == []


@pytest.mark.slow
@pytest.mark.parametrize(
    ("script", "said"),
    [
        ("#!/bin/sh\nexit 3\n", "PDFを作成できませんでした"),
        ("#!/bin/sh\nexit 0\n", "PDFを作成できませんでした"),
        ("no program at all", "起動できませんでした"),
        ("#!/no/such/shell\n", "起動できませんでした"),
    ],
)
def test_a_program_that_fails_is_one_sentence_and_nothing_is_changed(city, program, temporary, script, said):
    program(script)
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.8})
    result = city.invoke("run", "--pdf")
    assert (result.exit_code, len(result.stderr.splitlines())) == (2, 1)
    assert said in result.stderr
    assert not (city.root / "output").exists()
    assert list(temporary.iterdir()) == []


def test_a_program_that_is_stuck_is_ended_with_all_that_it_started(program, temporary, tmp_path, monkeypatch):
    started = tmp_path / "started"
    program(f'#!/bin/sh\nsleep 600 &\necho $! > "{started}.part"\nmv "{started}.part" "{started}"\nwait\n')
    popen_wait = subprocess.Popen.wait

    def run_out_once_it_is_at_work(self, timeout=None):
        if timeout is None:
            return popen_wait(self)
        while not started.exists():
            os.sched_yield()
        raise subprocess.TimeoutExpired(self.args, timeout)

    with monkeypatch.context() as patch:
        patch.setattr(subprocess.Popen, "wait", run_out_once_it_is_at_work)
        with pytest.raises(OfficeError, match=r"600秒以内に処理を終えなかった.*--pdf を付けずに"):
            to_pdf(io.BytesIO(b"workbook"))
    assert not _runs(int(started.read_text(encoding="utf-8")))
    assert list(temporary.iterdir()) == []


def _runs(number):
    """Whether a process is at work; one that has ended and whom nobody asked about is not."""
    done = subprocess.run(["ps", "-o", "stat=", "-p", str(number)], capture_output=True, text=True, check=False)
    return done.stdout.strip()[:1] not in ("", "Z")


HOLDER = """
import sys
from pathlib import Path
from filelock import FileLock
folder = Path(sys.argv[1])
folder.mkdir()
(folder / "report.xlsx").write_bytes(b"half")
with FileLock(folder / "in-use.lock"):
    print("held", flush=True)
    sys.stdin.read()
"""


def test_what_a_killed_run_left_goes_and_what_a_running_one_needs_stays(program, temporary):
    program("#!/bin/sh\nexit 1\n")
    folder = temporary / "kama-excel-pdf-abc"
    just_made = temporary / "kama-excel-pdf-def"
    just_made.mkdir()
    holder = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(folder)], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    )
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(OfficeError):
            to_pdf(io.BytesIO(b"workbook"))
        assert set(temporary.iterdir()) == {folder, just_made}
    finally:
        holder.kill()
        holder.communicate()
    with pytest.raises(OfficeError):
        to_pdf(io.BytesIO(b"workbook"))
    assert set(temporary.iterdir()) == {just_made}


def test_it_is_found_where_windows_puts_it(tmp_path, monkeypatch):
    program = tmp_path / "LibreOffice" / "program" / "soffice.exe"
    program.parent.mkdir(parents=True)
    program.touch()
    monkeypatch.setattr("shutil.which", lambda _: None)
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path / "elsewhere"))
    monkeypatch.setenv("PROGRAMW6432", str(tmp_path))
    assert office.find_office() == Path(program)


def test_libreoffice_is_looked_for_where_it_is_installed_and_never_in_the_current_folder(
    tmp_path, monkeypatch, program
):
    program("#!/bin/sh\n")
    monkeypatch.chdir(tmp_path / "bin")
    for path in (".", ""):
        monkeypatch.setenv("PATH", path)
        with pytest.raises(OfficeError):
            office.find_office()
    monkeypatch.setenv("PATH", str(tmp_path / "bin"))
    assert office.find_office() == tmp_path / "bin" / "soffice"
    installed = tmp_path / "Program Files" / "LibreOffice" / "program" / "soffice.exe"
    installed.parent.mkdir(parents=True)
    installed.touch()
    monkeypatch.setenv("PROGRAMFILES", str(tmp_path / "Program Files"))
    assert office.find_office() == installed
