"""Started by a batch file: dropped names arrive whole, the exit code is this program's own, a log has one encoding."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from kama_excel.cli.batch_file import arguments, dropped_files
from kama_excel.workspace.starters import PROGRAM_FILE, program_starter, starter, step_starters

BAT = "確かめる.bat"
NAMES = [
    "R&D.xlsx",
    "a^b.xlsx",
    "100%.xlsx",
    "%PATH%.xlsx",
    "wow!.xlsx",
    "様式[1].xlsx",
    "a b & c.xlsx",
    "x,y;z=1.xlsx",
]


def explorer_line(folder, paths):
    """Return what Explorer types when files are dropped on the batch file: only names with spaces are quoted."""
    words = " ".join(f'"{path}"' if " " in str(path) else str(path) for path in paths)
    return f'C:\\WINDOWS\\system32\\cmd.exe /c ""{folder}\\{BAT}" {words}"'


@pytest.fixture
def files(tmp_path):
    """Files whose names cmd, a shell's patterns or the program might read otherwise."""
    paths = [tmp_path / name for name in (*NAMES, "様式1.xlsx")]
    for path in paths:
        path.write_bytes(b"")
    return [str(path) for path in paths]


def test_dropped_names_arrive_whole(files):
    assert dropped_files(explorer_line("C:\\推進 計画", files), BAT) == files
    for path in files:
        assert dropped_files(explorer_line("C:\\推進", [path]), BAT) == [path]


@pytest.mark.parametrize(
    "line",
    [
        'cmd.exe /c ""C:\\計画\\確かめる.bat" "',
        '"C:\\WINDOWS\\system32\\cmd.exe" ',
        'cmd.exe /c ""C:\\計画\\確かめる.bat" 様式.xlsx --month 2026-02"',
        'cmd.exe /c ""C:\\計画\\確かめる.bat" C:\\計画\\無い.xlsx > C:\\log.txt"',
        "",
    ],
)
def test_what_was_typed_is_no_drop(line):
    assert dropped_files(line, BAT) == []


def test_what_is_dropped_takes_the_place_of_what_cmd_made_of_it(files, monkeypatch):
    monkeypatch.setenv("KAMA_BAT", BAT)
    monkeypatch.setenv("KAMA_BAT_LINE", explorer_line("C:\\推進", files[:1]))
    assert arguments(["check", "C:\\R"]) == ["check", files[0]]
    assert arguments(["run"]) == ["run"]


def test_on_windows_a_pattern_is_expanded_and_a_name_that_exists_is_none(files, monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "platform", "win32")
    exists = str(tmp_path / "様式[1].xlsx")
    assert arguments(["check", exists]) == ["check", exists]
    assert arguments(["check", str(tmp_path / "様式*.xlsx")]) == ["check", *sorted(f for f in files if "様式" in f)]
    assert arguments(["check", "無い*.xlsx"]) == ["check", "無い*.xlsx"]


def program(*command, folder, **environment):
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "kama_excel", *command, "--folder", str(folder)],
        capture_output=True,
        check=False,
        env=os.environ | environment,
    )


def test_the_exit_code_for_a_batch_file_is_one_that_python_never_has(city):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    for command, code in ((("run",), 0), (("run", "--month", "2020-01"), 2), (("nothing",), 2)):
        assert program(*command, folder=city.root).returncode == code
        assert program(*command, folder=city.root, KAMA_BAT="集計する.bat").returncode == 100 + code


def test_a_log_of_a_batch_file_has_its_encoding_and_hints_name_the_batch_file(city):
    done = program("forms", "--month", "2026-02", folder=city.root, KAMA_BAT="様式を作る.bat")
    assert "様式を" in done.stdout.decode("cp932")
    done = program("run", "--mont", "2026-02", folder=city.root, KAMA_BAT="集計する.bat", KAMA_NAME="kama-excel.bat")
    assert "「kama-excel.bat run --help」" in done.stderr.decode("cp932")
    help_text = program("run", "--help", folder=city.root, KAMA_NAME="kama-excel.bat").stdout.decode()
    assert "例: kama-excel.bat run --month" in help_text


@pytest.mark.parametrize("name", [*step_starters(), PROGRAM_FILE])
def test_a_batch_file_keeps_the_pcs_python_out_and_its_lines_are_windows(name):
    content = (step_starters() | {PROGRAM_FILE: program_starter()})[name]
    assert content.count(b"\n") == content.count(b"\r\n")
    text = content.decode("cp932")
    assert 'python.exe" -I -X utf8 -m kama_excel' in text
    assert ("pause" in text) == (name != PROGRAM_FILE)


# --- where there is a cmd: Windows, or Wine (docs/windows.md) --------------------------------------------------------

STUB = """
import json, os, pathlib, sys
pathlib.Path(os.environ["KAMA_TEST_SEEN"]).write_text(json.dumps(sys.argv[1:]), "utf-8")
code = os.environ["KAMA_TEST_CODE"]
sys.exit(int(code)) if code != "none" else os._exit(1)
"""


@pytest.fixture
def kit(tmp_path):
    """A kit's folder with this Python and, in the place of the program, one that ends as it is told."""
    folder = tmp_path / "推進 計画 (1)"
    python = folder / "app" / "python"
    here = Path(sys.executable).parent
    if (here / "python312._pth").exists():  # the kit's own Python
        shutil.copytree(here, python)
        (python / "python312._pth").write_text("python312.zip\n.\n..\\lib\n", encoding="ascii")
    else:
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(tmp_path / "venv")], check=True)
        python.mkdir(parents=True)
        shutil.copy(tmp_path / "venv" / "Scripts" / "python.exe", python)
        shutil.copy(tmp_path / "venv" / "pyvenv.cfg", python)
    package = folder / "app" / "lib" / "kama_excel"
    package.mkdir(parents=True)
    (package / "__init__.py").write_text("", encoding="utf-8")
    (package / "__main__.py").write_text(STUB, encoding="utf-8")
    for name, content in (step_starters() | {PROGRAM_FILE: program_starter()}).items():
        (folder / name).write_bytes(content)
    (folder / "見本で試す.bat").write_bytes(starter("見本で試す", "%KAMA% init 見本 --example"))
    return folder


on_windows = pytest.mark.skipif(sys.platform != "win32", reason="runs cmd: on Windows, or in Wine (docs/windows.md)")


def cmd(folder, name, rest="", *, code="100"):
    """Run a batch file as Explorer does, press a key, and return its exit code and what it showed."""
    line = f'cmd.exe /c ""{folder}\\{name}" {rest}"'
    environment = os.environ | {"KAMA_TEST_CODE": code, "KAMA_TEST_SEEN": str(folder / "seen.json"), "CMDCMDLINE": line}
    done = subprocess.run(line, input=b"\r\n", capture_output=True, check=False, env=environment)
    return done.returncode, (done.stdout + done.stderr).decode("cp932")


@on_windows
@pytest.mark.parametrize(
    ("code", "ended", "said"),
    [
        ("100", 0, "処理が終わりました。"),
        ("101", 1, "エラーの確認事項があります"),
        ("102", 2, "処理を中止しました。上の説明"),
        ("none", 2, "プログラムを起動できませんでした（コード 1）"),
        ("2", 2, "プログラムを起動できませんでした（コード 2）"),
    ],
)
def test_a_batch_file_tells_apart_how_the_program_ended(kit, code, ended, said):
    returned, shown = cmd(kit, "集計する.bat", code=code)
    assert (returned, said in shown) == (ended, True), shown
    returned, shown = cmd(kit, PROGRAM_FILE, "run", code=code)
    assert (returned, "起動できませんでした" in shown) == (ended, "起動" in said), shown


@on_windows
def test_a_program_that_is_not_there_and_a_zip_that_was_not_unpacked_are_said(kit, tmp_path):
    shutil.rmtree(kit / "app")
    assert "が見つかりません" in cmd(kit, "集計する.bat")[1]
    zipped = tmp_path / "Temp1_kama-excel-windows.zip"
    kit.rename(zipped)
    returned, shown = cmd(zipped, "見本で試す.bat")
    assert (returned, "「すべて展開」" in shown) == (2, True)


@on_windows
def test_a_batch_file_for_files_that_gets_none_says_to_drop_them_on_it(kit):
    returned, shown = cmd(kit, BAT)
    assert (returned, "「確かめる.bat」の上にドラッグ" in shown) == (2, True)


@on_windows
@pytest.mark.parametrize("name", NAMES)
def test_cmd_hands_a_dropped_name_to_the_program_in_whole(city, kit, name):
    shutil.rmtree(kit / "app" / "lib")
    package = Path(sys.modules["kama_excel"].__file__).parent.parent
    (kit / "app" / "python" / "python312._pth").write_text(
        "\n".join(["python312.zip", ".", *filter(None, sys.path), str(package)]), encoding="utf-8"
    )
    path = city.root / name
    path.write_bytes(city.submit("2026-02", "甲課").read_bytes())
    word = f'"{path}"' if " " in name else str(path)
    returned, shown = cmd(kit, BAT, word)
    assert (returned, name in shown) == (0, True), shown


def test_on_windows_no_run_asks_wmi_which_may_hang():
    code = "import sys; sys.platform = 'win32'; from kama_excel.__main__ import set_up_process; set_up_process(); import _wmi"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, check=False)
    assert b"import of _wmi halted" in done.stderr
