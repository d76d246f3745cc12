"""The child process that reads files: it starts as a module, reports that it is ready, and is replaced when it fails."""

import gc
import os
import subprocess
import sys
from contextlib import closing

import pytest
from support.msg import write_msg
from support.open_document import open_document
from support.pictures import frame, paste, png
from support.workers import run_as_worker

from kama_excel.files import limits
from kama_excel.findings.catalogue import Code
from kama_excel.inbox.containers import Refusal
from kama_excel.inbox.sandbox import SandboxedReader
from kama_excel.inbox.worker import read_content

EMPTY = Refusal(Code.FILE_EMPTY)
NEVER_READY = {
    "dies": ("import os; os._exit(3)", "終了コード 3"),
    "cannot be imported": ("import no_such_module", "終了コード 1"),
    "sleeps": ("import time; time.sleep(600)", "1秒以内に準備が完了しませんでした"),
    "says something else": ("import sys; print('Windows によってブロックされました', flush=True)", "終了コード 0"),
}


@pytest.mark.parametrize("what", NEVER_READY)
def test_a_process_that_never_gets_ready_ends_the_run_and_changes_nothing(city, monkeypatch, tmp_path, what):
    code, said = NEVER_READY[what]
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    before = city.root / city.run()["files"]["workbook"]
    content = before.read_bytes()
    run_as_worker(monkeypatch, tmp_path, code)
    monkeypatch.setattr(limits, "START_SECONDS", 1.0 if what == "sleeps" else 60.0)
    result = city.invoke("run")
    assert result.exit_code == 2
    assert len(result.stderr.splitlines()) == 1
    assert said in result.stderr
    assert "何も変更していません" in result.stderr
    assert before.read_bytes() == content


@pytest.mark.parametrize("ending", [".xlsx", ".ods"])
def test_a_file_with_pictures_is_released_as_soon_as_it_is_read(city, ending):
    gc.disable()
    try:
        content = form_with_picture(city) if ending == ".xlsx" else open_document_with_picture()
        held = sys.getrefcount(content)
        for with_pictures in (True, False):
            read_content(f"様式{ending}", content, with_pictures=with_pictures)
            assert sys.getrefcount(content) == held
    finally:
        gc.enable()


def form_with_picture(city):
    """Return a form with a picture in its frame."""
    path = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    paste(path, ("写真", frame(path, "P-1-甲課-1"), png(64, 48)))
    return path.read_bytes()


def open_document_with_picture():
    """Return an .ods with a picture on its sheet."""
    image = '<draw:frame><draw:image xlink:href="Pictures/1.png"/></draw:frame>'
    row = f"<table:table-row><table:table-cell>{image}</table:table-cell></table:table-row>"
    return open_document(row, more=[("Pictures/1.png", png(8, 8))])


def test_a_process_that_is_slow_to_start_costs_no_file_its_time(monkeypatch, tmp_path):
    run_as_worker(monkeypatch, tmp_path, "import time; time.sleep(1.5); worker.main()")
    with closing(SandboxedReader(seconds=1.0)) as reader:
        assert reader.read("何か.txt", bytes) == EMPTY


def test_a_process_that_dies_once_before_it_is_ready_is_started_again(monkeypatch, tmp_path):
    code = f"import os, pathlib\nmark = pathlib.Path({str(tmp_path / 'mark')!r})\n"
    code += "if not mark.exists():\n    mark.touch()\n    os._exit(3)\nworker.main()"
    run_as_worker(monkeypatch, tmp_path, code)
    with closing(SandboxedReader()) as reader:
        assert reader.read("何か.txt", bytes) == EMPTY


def test_a_file_over_which_the_process_stops_once_is_read_in_a_fresh_one(monkeypatch, tmp_path):
    code = f"import os, pathlib\nmark = pathlib.Path({str(tmp_path / 'mark')!r})\nreal = worker.read_content\n"
    code += "def read(*given, **how):\n    if not mark.exists():\n        mark.touch()\n        os._exit(3)\n"
    code += "    return real(*given, **how)\nworker.read_content = read\nworker.main()"
    run_as_worker(monkeypatch, tmp_path, code)
    with closing(SandboxedReader()) as reader:
        assert reader.read("何か.txt", bytes) == EMPTY


def test_a_file_for_which_memory_is_short_is_read_again_in_a_fresh_process(monkeypatch, tmp_path):
    """What earlier files left behind must not cost a good one."""
    code = "real, read = worker.read_content, []\n"
    code += "def short(*given, **how):\n    read.append(given)\n    if len(read) > 1:\n        raise MemoryError\n"
    code += "    return real(*given, **how)\nworker.read_content = short\nworker.main()"
    run_as_worker(monkeypatch, tmp_path, code)
    with closing(SandboxedReader()) as reader:
        assert [reader.read("何か.txt", bytes) for _ in range(3)] == [EMPTY, EMPTY, EMPTY]


def test_a_file_that_alone_takes_too_much_memory_is_refused(monkeypatch, tmp_path):
    code = "def short(*given, **how):\n    raise MemoryError\nworker.read_content = short\nworker.main()"
    run_as_worker(monkeypatch, tmp_path, code)
    with closing(SandboxedReader()) as reader:
        for _ in range(2):
            refusal = reader.read("様式.xlsx", lambda: b"x")
            assert (refusal.code, "メモリー" in refusal.reason) == (Code.FILE_TOO_LARGE, True)


SHORT_FOR_PICTURES = """
from PIL import Image
real, opened, read = worker.read_content, Image.open, []

def counted(*given, **how):
    read.append(given)
    return real(*given, **how)

def short(*given, **how):
    if len(read) > {}:
        raise MemoryError
    return opened(*given, **how)

worker.read_content, Image.open = counted, short
worker.main()
"""


def test_a_picture_for_which_memory_is_short_is_read_again_in_a_fresh_process(city, monkeypatch, tmp_path):
    content, photo = form_with_picture(city), png(64, 48)
    run_as_worker(monkeypatch, tmp_path, SHORT_FOR_PICTURES.format(1))
    with closing(SandboxedReader()) as reader:
        forms = [reader.read("様式.xlsx", lambda: content) for _ in range(3)]
        assert [len(each.pictures) for each in forms] == [1, 1, 1]
        photos = [reader.read("1.png", lambda: photo, is_photo_wanted=True) for _ in range(3)]
        assert [each.picture.width for each in photos] == [64, 64, 64]


def test_a_picture_that_alone_takes_too_much_memory_costs_nothing_else(city, monkeypatch, tmp_path):
    content, photo = form_with_picture(city), png(64, 48)
    run_as_worker(monkeypatch, tmp_path, SHORT_FOR_PICTURES.format(0))
    with closing(SandboxedReader()) as reader:
        for _ in range(2):
            form = reader.read("様式.xlsx", lambda: content)
            assert ([each.place.cell for each in form.entries], form.pictures) == (["F5"], ())
            (large,) = [each for each in form.findings if each.code is Code.PICTURE_TOO_LARGE]
            assert large.place.sheet == "写真"
        refusal = reader.read("1.png", lambda: photo)
        assert (refusal.code, "メモリー" in refusal.reason) == (Code.FILE_TOO_LARGE, True)


def test_a_mail_for_which_memory_is_short_is_read_again_in_a_fresh_process(monkeypatch, tmp_path):
    content = write_msg([("a.pdf", b"%PDF")])
    code = "import oxmsg\nload, read = oxmsg.Message.load, []\n"
    code += "def short(content):\n    read.append(content)\n    if len(read) > 1:\n        raise MemoryError\n"
    code += "    return load(content)\noxmsg.Message.load = short\nworker.main()"
    run_as_worker(monkeypatch, tmp_path, code)
    with closing(SandboxedReader()) as reader:
        assert [len(reader.read("返信.msg", lambda: content).files) for _ in range(3)] == [1, 1, 1]


def test_an_answer_that_claims_to_be_endless_costs_that_file(monkeypatch, tmp_path):
    code = "import os\nfrom kama_excel.inbox.pipe_frames import READY, write_frame\nout = os.fdopen(1, 'wb')\n"
    code += "write_frame(out, READY)\nout.write(bytes([255] * 64))\nout.flush()\nimport time; time.sleep(600)"
    run_as_worker(monkeypatch, tmp_path, code)
    with closing(SandboxedReader(seconds=60.0)) as reader:
        assert reader.read("様式.xlsx", lambda: b"x").code is Code.FILE_STOPPED


def test_a_process_starts_as_a_module_and_not_by_a_line_of_code(monkeypatch):
    commands = []
    start = subprocess.Popen

    def noted(command, **how):
        commands.append(command)
        return start(command, **how)

    monkeypatch.setattr("subprocess.Popen", noted)
    with closing(SandboxedReader()) as reader:
        reader.read("何か.txt", bytes)
    (command,) = commands
    assert command[0] == sys.executable
    assert command[-2:] == ["-m", "kama_excel.inbox.worker"]
    assert "-c" not in command


def test_a_run_that_ignores_pythons_variables_hands_none_of_them_on(tmp_path):
    """On a PC with another Python, PYTHONHOME and PYTHONPATH lead to that one."""
    (tmp_path / "kama_excel").mkdir()
    (tmp_path / "kama_excel" / "__init__.py").write_text("raise ImportError", "utf-8")
    code = (
        "from contextlib import closing\n"
        "from kama_excel.inbox.sandbox import SandboxedReader\n"
        "with closing(SandboxedReader()) as reader: print(reader.read('a.txt', bytes).code.name)"
    )
    wrong = os.environ | {"PYTHONPATH": str(tmp_path), "PYTHONSTARTUP": "nothing.py", "PYTHONHOME": str(tmp_path)}
    done = subprocess.run([sys.executable, "-I", "-c", code], capture_output=True, env=wrong, check=False)
    assert (done.stdout.decode().strip(), done.stderr) == ("FILE_EMPTY", b"")


IN_A_JOB = """
import ctypes
from ctypes import wintypes
from kama_excel.inbox import process_limits

class Bounded(Exception): pass

def read(*given, **how):
    kernel, found, is_in_job = ctypes.WinDLL("kernel32"), process_limits._JobLimits(), wintypes.BOOL()
    kernel.GetCurrentProcess.restype = wintypes.HANDLE
    kernel.IsProcessInJob.argtypes = (wintypes.HANDLE, wintypes.HANDLE, wintypes.LPVOID)
    kernel.IsProcessInJob(kernel.GetCurrentProcess(), None, ctypes.byref(is_in_job))
    kernel.QueryInformationJobObject(None, 9, ctypes.byref(found), ctypes.sizeof(found), None)
    is_wine = hasattr(ctypes.WinDLL("ntdll"), "wine_get_version")  # it keeps the job and forgets its limits
    if is_in_job and (is_wine or found.ProcessMemoryLimit == 1536 << 20):
        raise Bounded

worker.read_content = read
worker.main()
"""


@pytest.mark.skipif(sys.platform != "win32", reason="Job Objects are of Windows")
def test_on_windows_a_job_object_bounds_the_memory(monkeypatch, tmp_path):
    run_as_worker(monkeypatch, tmp_path, IN_A_JOB)
    with closing(SandboxedReader()) as reader:
        assert "Bounded" in reader.read("a.txt", lambda: b"x").reason
