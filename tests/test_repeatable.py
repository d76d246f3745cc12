"""The same plan and input give the same bytes, whatever the machine's mood; and the program runs where it is put."""

import contextlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import threading
from contextlib import closing
from pathlib import Path

import psutil
import pytest
from click.testing import CliRunner
from support.city import City, found

from kama_excel.cli.app import main
from kama_excel.findings.catalogue import Code
from kama_excel.inbox.containers import Refusal
from kama_excel.inbox.sandbox import SandboxedReader

pytestmark = pytest.mark.slow


def run(city, *arguments, python=(), **environment):
    """Run the command in a process of its own and return it."""
    command = [sys.executable, *python, "-m", "kama_excel", "run", "--folder", str(city.root), *arguments]
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "SYSTEMROOT", "PYTHONPATH")}
    return subprocess.run(command, capture_output=True, check=False, env=kept | environment)


@pytest.fixture
def filled(tmp_path):
    """A city in a folder with a Japanese name and spaces, two forms sent in."""
    city = City(tmp_path / "計画 令和8年 の フォルダ")
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5, ("進捗", "T-3", "実施"): "８割"})
    city.submit("2026-02", "乙課", {("進捗", "T-2", "実施"): 0.7, ("指標", "I-1", "実績値"): 8})
    return city


def test_time_zone_locale_hash_seed_and_directory_order_change_nothing(filled):
    results = []
    for number, environment in enumerate(
        (
            {"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo", "LC_ALL": "C"},
            {"PYTHONHASHSEED": "2", "TZ": "America/New_York", "LC_ALL": "C.UTF-8"},
        )
    ):
        month = filled.root / "input" / "2026-02"
        moved = month.with_name("moved")
        month.rename(moved)
        month.mkdir()
        for path in sorted(moved.iterdir(), reverse=bool(number)):
            shutil.move(path, month / path.name)
        moved.rmdir()
        done = run(filled, "--json", "--csv", **environment)
        assert done.returncode == 0, done.stderr.decode()
        output = filled.root / "output" / "2026-02"
        assert (filled.root / json.loads(done.stdout)["files"]["workbook"]).parent == output
        results.append((done.stdout, {name: content for name, (content, *_) in state_of(output).items()}))
        shutil.rmtree(output)
    assert results[0] == results[1]
    assert len(results[0][1]) >= 6  # the workbook and five tables


def test_it_runs_in_developers_mode_without_a_home_and_without_a_warning(filled):
    done = run(filled, python=("-X", "dev", "-W", "error"), LC_ALL="C")
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""


@pytest.mark.parametrize("screen", ["ascii", "cp932"])
def test_a_screen_that_knows_no_japanese_or_no_utf_8_stops_nothing(filled, screen):
    environment = {"LANG": "C", "PYTHONIOENCODING": screen}
    done = run(filled, python=("-X", "dev", "-W", "error"), **environment)
    assert (done.returncode, done.stderr) == (0, b"")
    [workbook] = (filled.root / "output" / "2026-02").glob("*.xlsx")
    assert workbook.read_bytes()[:2] == b"PK"
    failed = run(filled, "--month", "2020-01", **environment)
    assert (failed.returncode, len(failed.stderr.decode(screen).splitlines())) == (2, 1)


CLOSED = """
import os, sys
from kama_excel.cli.app import main
for each in sys.argv[1].split(","):
    stream, kind = each.split("=")
    if kind == "none":  # as pythonw.exe and a scheduled task without a window
        setattr(sys, stream, None)
        continue
    gone, end = os.pipe()
    os.close(gone)
    os.dup2(end, getattr(sys, stream).fileno())
main(sys.argv[2:])
"""


@pytest.mark.parametrize("streams", ["stdout=none,stderr=none", "stdout=broken,stderr=broken"])
def test_where_no_screen_is_left_the_work_is_done_and_the_exit_code_right(filled, streams):
    def ends(*arguments):
        command = [sys.executable, "-c", CLOSED, streams, "run", "--folder", str(filled.root), *arguments]
        return subprocess.run(command, capture_output=True, check=False).returncode

    assert ends() == 0
    assert len(list((filled.root / "output" / "2026-02").glob("*.xlsx"))) == 1
    assert ends("--month", "2020-01") == 2


@pytest.mark.skipif(os.name != "posix", reason="closes a pipe as this system does")
def test_a_run_that_is_stopped_by_hand_says_so_and_leaves_nothing_half(filled):
    stopping = (
        "import os, signal, sys, kama_excel.report.outputs as report\n"
        "signal.signal(signal.SIGINT, signal.default_int_handler)\n"  # a shell starts what runs behind it deaf to it
        "def stop(*_, **__):\n"
        "    os.kill(os.getpid(), signal.SIGINT)\n"
        "    while True: pass\n"  # Python 3.11.2 goes on with the line after a signal, and takes it where a loop turns
        "report.report_files = stop\n"
        "from kama_excel.cli.app import main\n"
        "main()"
    )
    command = [sys.executable, "-c", stopping, "run", "--folder", str(filled.root)]
    ended = subprocess.run(command, capture_output=True, check=False, env=os.environ | {"PYTHONUTF8": "1"})
    said = "処理を中止しました。作成途中のファイルは残りません。もう一度実行してください。\n"
    assert (ended.returncode, ended.stderr.decode()) == (130, said)
    assert [path for path in (filled.root / "output").rglob("*") if path.is_file() and "lock" not in path.name] == []


def test_a_reading_process_is_of_the_same_program_whichever_other_is_installed(tmp_path, monkeypatch):
    (tmp_path / "kama_excel").mkdir()
    (tmp_path / "kama_excel" / "__init__.py").write_text("raise ImportError", "utf-8")
    monkeypatch.setenv("PYTHONPATH", str(tmp_path))
    with closing(SandboxedReader()) as isolation:
        assert isolation.read("何か.txt", bytes) == Refusal(Code.FILE_EMPTY)


def test_a_reading_process_starts_while_a_library_changes_the_environment():
    """numpy does, while it is loaded: a process that begins with the environment of just then finds it gone (EFAULT)."""
    is_done = threading.Event()

    def change():
        while not is_done.is_set():
            names = [f"KAMA_EXCEL_TEST_{number}" for number in range(50)]
            os.environ.update(dict.fromkeys(names, "1"))
            for name in names:
                del os.environ[name]

    isolation = SandboxedReader()
    changing = threading.Thread(target=change)
    changing.start()
    try:
        for _ in range(15):
            with closing(isolation):
                assert isolation.read("何か.txt", bytes) == Refusal(Code.FILE_EMPTY)
    finally:
        is_done.set()
        changing.join()


def test_no_reading_process_outlives_the_run_that_started_it(filled):
    (form,) = list((filled.root / "input").rglob("*.xlsx"))[:1]
    killed = (
        "import os, psutil, signal, sys\n"
        "from pathlib import Path\n"
        "from kama_excel.inbox.sandbox import SandboxedReader\n"
        "isolation = SandboxedReader()\n"
        "isolation.read('a.xlsx', Path(sys.argv[1]).read_bytes)\n"
        "print(psutil.Process().children()[0].pid, flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)"
    )
    ended = subprocess.run([sys.executable, "-c", killed, str(form)], capture_output=True, check=False)
    child = int(ended.stdout)
    with contextlib.suppress(psutil.NoSuchProcess):
        assert psutil.wait_procs([psutil.Process(child)], timeout=20)[1] == []


def test_a_document_that_nobody_takes_is_said_and_the_workbook_written(filled):
    command = [sys.executable, "-c", CLOSED, "stdout=broken", "run", "--json", "--folder", str(filled.root)]
    done = subprocess.run(command, capture_output=True, check=False)
    assert done.returncode == 2
    assert done.stderr.decode().startswith(
        "ブックは作成しましたが、結果（JSON）を標準出力に出力できませんでした: 出力先の"
    )
    assert len(done.stderr.decode().splitlines()) == 1
    assert len(list((filled.root / "output" / "2026-02").glob("*.xlsx"))) == 1


LIMITED = """
import resource, sys
from kama_excel.cli.app import main
sys.dont_write_bytecode = True
resource.setrlimit(resource.RLIMIT_FSIZE, (int(sys.argv[1]), resource.RLIM_INFINITY))
main(sys.argv[2:])
"""


@pytest.mark.skipif(os.name != "posix", reason="the system limits no file's size")
def test_files_that_the_system_cuts_short_leave_the_old_ones_and_one_sentence(filled):
    output = filled.root / "output" / "2026-02"
    assert run(filled, "--csv").returncode == 0
    before = state_of(output)
    filled.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.9})
    for size in (0, 5000):
        command = [sys.executable, "-c", LIMITED, str(size), "run", "--csv", "--folder", str(filled.root)]
        done = subprocess.run(command, capture_output=True, check=False)
        assert done.returncode == 2
        said = done.stderr.decode()
        assert re.search(
            r"^ファイルの読み書きができませんでした.*ドライブをご確認ください。前のファイルはそのまま残っています。$",
            said,
        )
        assert {name: state for name, state in state_of(output).items() if name in before} == before
        assert not [name for name in state_of(output) if "staged" in name or name.endswith(".tmp")]
    assert run(filled, "--csv").returncode == 0
    assert state_of(output).keys() == before.keys()


def test_a_long_path_works_and_one_too_long_is_one_sentence(tmp_path):
    deep = tmp_path.joinpath(*["とても長い名前の フォルダ" * 3] * 8)
    city = City(deep / "計画")
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    assert len(str(city.root)) > 260
    done = run(city, "--json")
    assert done.returncode == 0, done.stderr.decode()
    assert (city.root / json.loads(done.stdout)["files"]["workbook"]).is_file()
    done = run(city, "--output", str(tmp_path / ("長" * 300)))
    assert done.returncode == 2
    said = done.stderr.decode()
    assert said.endswith(
        "名前が長すぎます。階層の浅いフォルダに移すか、短い名前にしてください。前のファイルはそのまま残っています。\n"
    )
    assert len(said.splitlines()) == 1


def test_an_output_folder_that_cannot_be_written_to_is_one_sentence(filled, tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("", encoding="utf-8")
    done = run(filled, "--output", str(in_the_way), PYTHONUTF8="1")
    assert done.returncode == 2
    said = done.stderr.decode()
    assert said.startswith("ファイルの読み書きができませんでした")
    assert len(said.splitlines()) == 1


def state_of(folder):
    """Return every file's bytes, its time of change and its mode, by name."""
    return {
        path.relative_to(folder).as_posix(): (path.read_bytes(), path.stat().st_mtime_ns, path.stat().st_mode)
        for path in folder.rglob("*")
        if path.is_file()
    }


@pytest.mark.parametrize("spoilt", ["nothing", "the plan", "a form", "the output", "the month", "the writing"])
def test_what_is_read_stays_as_it_was_whatever_becomes_of_the_run(filled, monkeypatch, spoilt):
    month, plan = filled.root / "input" / "2026-02", filled.root / "workbook_templates" / "plan.xlsx"
    arguments = ["--csv"]
    match spoilt:
        case "the plan":
            plan.write_bytes(b"PK no plan")
        case "a form":
            (month / "甲課.xlsx").write_bytes(b"PK no form")
            (month / "覚書.txt").write_text("メモ", encoding="utf-8")
        case "the output":
            (filled.root / "output").write_text("", encoding="utf-8")
        case "the month":
            arguments += ["--month", "2020-01"]
        case "the writing":
            monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(28, "No space left on device")))
    before = {folder: state_of(filled.root / folder) for folder in ("input", "workbook_templates")}
    result = filled.invoke("run", *arguments)
    assert result.exit_code == {"nothing": 0, "a form": 1}.get(spoilt, 2), result.output
    assert {folder: state_of(filled.root / folder) for folder in before} == before
    filled.invoke("mail", "--month", "2026-02")
    assert state_of(filled.root / "input") == before["input"]


@pytest.mark.parametrize(
    ("command", "spoilt", "said"),
    [
        ("run", "folder", "作業フォルダ（"),
        ("forms", "folder", "作業フォルダ（"),
        ("mail", "folder", "作業フォルダ（"),
        ("run", "plan", "計画台帳（workbook_templates/plan.xlsx）を開けません。ファイルであるはずの場所に、フォルダが"),
        (
            "forms",
            "plan",
            "計画台帳（workbook_templates/plan.xlsx）を開けません。ファイルであるはずの場所に、フォルダが",
        ),
        ("run", "loop", "計画台帳（workbook_templates/plan.xlsx）を開けません。ショートカット（リンク）が循環参照"),
        ("run", "input", "入力フォルダ（input）に月のフォルダがありません。"),
        ("run", "record", "ファイルの読み書きができませんでした"),
        (
            "forms",
            "forms",
            "workbook_templates のファイルの置き換えが途中で中断しました（forms）: フォルダの作成先に、",
        ),
    ],
)
def test_what_is_not_what_it_should_be_is_one_japanese_sentence(filled, command, spoilt, said):
    plan, forms = (filled.root / "workbook_templates" / name for name in ("plan.xlsx", "forms"))
    match spoilt:
        case "folder":
            filled.root = filled.root / "無い"
        case "plan":
            plan.unlink()
            plan.mkdir()
        case "loop":
            plan.unlink()
            plan.symlink_to(plan.name)
        case "input" | "forms":
            place = filled.root / "input" if spoilt == "input" else forms
            shutil.rmtree(place)
            place.write_text("", encoding="utf-8")
        case "record":
            (filled.root / "output" / "2026-02" / ".kama-excel.json").mkdir(parents=True)
    result = filled.invoke(command)
    assert result.exit_code == 2
    assert result.stderr.startswith(said)
    assert len(result.stderr.splitlines()) == 1
    assert not re.search(
        "[A-Za-z]{3,} [a-z]{2,}", result.stderr.replace("kama-excel init", "")
    )  # no words of the system's


@pytest.mark.skipif(sys.platform != "linux", reason="the system limits no memory, or does not tell what is held")
def test_too_little_memory_is_one_sentence_whenever_it_ends(filled):
    little = (
        "import resource, sys\nfrom kama_excel.cli.app import main\n"
        "held = int(open('/proc/self/statm').read().split()[0]) * resource.getpagesize()\n"
        "resource.setrlimit(resource.RLIMIT_AS, (held + (1 << 24), resource.RLIM_INFINITY))\nmain(sys.argv[1:])"
    )
    command = [sys.executable, "-c", little, "run", "--folder", str(filled.root)]
    done = subprocess.run(command, capture_output=True, check=False)
    said = done.stderr.decode()
    assert done.returncode == 2, said
    assert "Traceback" not in said
    assert re.search(r"(中止しました|始められません).*。\n\Z", said)
    assert not (filled.root / "output").exists()


def test_memory_that_runs_out_is_said(filled, monkeypatch):
    monkeypatch.setattr("kama_excel.report.outputs.report_files", lambda *_, **__: bytes(1 << 62))
    result = filled.invoke("run")
    assert result.exit_code == 2
    assert result.stderr.startswith("メモリーが足りないため中止しました。前の結果はそのまま残っています。")
    assert len(result.stderr.splitlines()) == 1


def test_the_traceback_is_shown_to_who_asks_for_it(filled, monkeypatch):
    monkeypatch.setattr("kama_excel.report.outputs.report_files", lambda *_, **__: 1 / 0)
    for debug in (False, True):
        result = CliRunner().invoke(main, [*["--debug"] * debug, "run", "--folder", str(filled.root)])
        assert result.exit_code == 2
        assert ("Traceback" in result.stderr) == debug
        assert (
            "予期しないエラー（ZeroDivisionError）のため中止しました。前の結果はそのまま残っています。" in result.stderr
        )


AS_ANYBODY = ("setpriv", "--bounding-set=-dac_override,-dac_read_search")  # root may else write anywhere


@pytest.mark.skipif(os.name != "posix", reason="a folder's mode says nothing here")
def test_a_folder_that_is_read_only_is_read_and_what_cannot_be_written_is_one_sentence():
    is_root = os.getuid() == 0
    if is_root and not shutil.which(AS_ANYBODY[0]):
        pytest.skip("no setpriv on this machine: root may write anywhere")
    with tempfile.TemporaryDirectory() as made:
        top = Path(made)
        top.chmod(0o755)
        root, output = (top / name for name in ("計画 令和8年", "二"))
        city = City(root)
        city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
        output.mkdir()
        locked = [path for path in (root, *root.rglob("*")) if path.is_dir()]
        for path in locked:
            path.chmod(0o555)
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "PYTHONPATH")}
        environment = kept | {"LC_ALL": "C", "HOME": "/nonexistent"}
        command = [sys.executable, "-X", "dev", "-W", "error", "-m", "kama_excel", "run", "--folder", str(root)]
        command = [*AS_ANYBODY, *command] if is_root else command
        well, refused = (
            subprocess.run([*command, *more], capture_output=True, check=False, env=environment, cwd="/")
            for more in (("--output", str(output)), ())
        )
        for path in locked:
            path.chmod(0o755)
        assert (well.returncode, well.stderr) == (0, b"")
        assert len(list(output.glob("2026-02/*.xlsx"))) == 1
        assert refused.returncode == 2
        assert refused.stderr.decode().startswith("ファイルの読み書きができませんでした")
        assert len(refused.stderr.decode().splitlines()) == 1
        assert not (root / "output").exists()


@pytest.mark.skipif(os.name != "posix", reason="a folder's mode says nothing here")
def test_what_may_not_be_read_is_said_and_never_taken_for_empty():
    is_root = os.getuid() == 0
    if is_root and not shutil.which(AS_ANYBODY[0]):
        pytest.skip("no setpriv on this machine: root may read anything")
    with tempfile.TemporaryDirectory() as made:
        root = Path(made) / "計画 令和8年"
        city = City(root)
        city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
        city.submit("2026-02", "乙課", name="支所/乙課.xlsx")
        month = root / "input" / "2026-02"
        plan = root / "workbook_templates" / "plan.xlsx"

        def closed(path, *arguments):
            mode = path.stat().st_mode
            path.chmod(0)
            command = [sys.executable, "-m", "kama_excel", *arguments]
            try:
                return subprocess.run([*AS_ANYBODY * is_root, *command], capture_output=True, check=False)
            finally:
                path.chmod(mode)

        for path, said in (
            (root, "計画台帳（workbook_templates/plan.xlsx）を開けません。"),
            (plan, "計画台帳（workbook_templates/plan.xlsx）を開けません。"),
            (root / "input", "ファイルの読み書きができませんでした"),
            (month, "ファイルの読み書きができませんでした"),
        ):
            done = closed(path, "run", "--folder", root)
            assert done.returncode == 2
            assert done.stderr.decode().startswith(said)
            assert len(done.stderr.decode().splitlines()) == 1
        done = closed(month / "支所", "run", "--json", "--folder", root)
        document = json.loads(done.stdout)
        assert (done.returncode, found(document, "file-inaccessible")) == (
            1,
            [("", "input/2026-02/支所", "", "")],
        )
        done = closed(month, "check", "--folder", root, month / "甲課.xlsx")
        assert (done.returncode, len(done.stderr.decode().splitlines())) == (2, 1)
        done = closed(month / "甲課.xlsx", "check", "--folder", root, month / "甲課.xlsx")
        assert (done.returncode, done.stderr) == (1, b"")
        assert "甲課.xlsx" in done.stdout.decode()
