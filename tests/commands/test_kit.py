"""The offline kit, and the installed program far from its repository: a fresh environment, an empty HOME, no network."""

import email
import hashlib
import io
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
import zipfile
from importlib import metadata

import pytest
from click.testing import CliRunner
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name, parse_wheel_filename
from support.city import fill

from kama_excel.cli.app import main
from kama_excel.commands.kit.slim import find_compiler
from kama_excel.commands.kit.wheels import LOCK
from kama_excel.commands.kit.windows_python import python_from_index

pytestmark = pytest.mark.slow

WINDOWS = {
    "sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64",
    "python_version": "3.12", "python_full_version": "3.12.9", "extra": "",
}  # fmt: skip
EMBEDDED = {
    "python.exe": b"MZ",
    "python312.zip": b"PK",
    "python312._pth": b"python312.zip\r\n.\r\n",
    "python312.dll": b"",
}


def call(*arguments):
    return CliRunner().invoke(main, [str(each) for each in arguments])


@pytest.fixture(scope="module")
def wheel(tmp_path_factory, request):
    """The built wheel; skips where pip reaches no package index, unless skipping is forbidden."""
    folder = tmp_path_factory.mktemp("wheel")
    if not pip("download", "--no-deps", "--retries", "0", "--dest", folder / "index", "hatchling"):
        if os.environ.get("KAMA_NO_SKIP"):
            pytest.fail("pip reaches no package index, and this run allows no skip")
        pytest.skip("pip reaches no package index")
    assert pip("wheel", "--no-deps", "--wheel-dir", folder, request.config.rootpath)
    return next(folder.glob("*.whl"))


def pip(*arguments):
    command = [sys.executable, "-m", "pip", "--quiet", *map(str, arguments)]
    return subprocess.run(command, stdout=subprocess.DEVNULL, check=False).returncode == 0


@pytest.fixture(scope="module")
def far_away(wheel, tmp_path_factory):
    """The wheelhouse of this machine, installed without network; returns how to run a command there."""
    root = tmp_path_factory.mktemp("far away")
    made = call("kit", "--here", root / "carried", "--program", wheel)
    assert made.exit_code == 0, made.output
    steps = [line for line in made.output.splitlines() if line.endswith("…")]
    assert steps[0] == "プログラムをまとめています…"
    assert steps[-1] == "ZIP を作成しています…"
    (packed,) = (root / "carried").iterdir()
    with zipfile.ZipFile(packed) as opened:
        opened.extractall(root / "carried")
    home, venv = root / "home", root / "venv"
    home.mkdir()
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(venv)], check=True)
    alone = ["unshare", "-rn"] if can_unshare() else []
    environment = {"PATH": f"{venv}/bin:/usr/bin:/bin", "HOME": str(home), "LANG": "C.UTF-8"}

    def run(*command, cwd=home):
        done = subprocess.run(
            [*alone, *map(str, command)], cwd=cwd, env=environment, capture_output=True, text=True, check=False
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    install = "install -q --no-compile --no-index --find-links wheels --require-hashes -r requirements.txt"
    run(sys.executable, "-m", "pip", "--isolated", "--python", venv, *install.split(), cwd=root / "carried")
    return run


def can_unshare():
    return shutil.which("unshare") and not subprocess.run(["unshare", "-rn", "true"], check=False).returncode


def test_the_installed_program_lays_out_makes_forms_and_runs_them(far_away, tmp_path):
    folder = tmp_path / "作業 フォルダ"
    far_away("kama-excel", "init", folder)
    far_away("kama-excel", "forms", "--folder", folder, "--month", "2026-11")
    (form,) = (folder / "workbook_templates" / "forms").iterdir()
    sent = folder / "input" / "2026-11" / "reply.xlsx"
    sent.parent.mkdir()
    sent.write_bytes(fill(form.read_bytes(), {("指標", "I-1", "実績値"): 8}))
    document = json.loads(far_away("kama-excel", "run", "--folder", folder, "--json"))
    assert [each["shown"] for each in document["actions"]] == ["80.0%"]
    assert (folder / document["files"]["workbook"]).is_file()


def test_the_installed_program_carries_the_example(far_away, tmp_path):
    far_away("kama-excel", "init", tmp_path, "--example")
    assert "54.2%  課題あり" in far_away("kama-excel", "run", cwd=tmp_path)


def test_the_run_command_of_readme_with_the_installed_program(far_away, project, tmp_path):
    text = (project / "README.md").read_text(encoding="utf-8")
    command = re.search(r"<!-- run command -->\n```sh\n.+ && (.+)\n```", text)[1]
    shutil.copytree(project / "workbook_templates", tmp_path / "workbook_templates")
    shutil.copytree(project / "input" / "example", tmp_path / "input" / "example")
    assert "83.3%  概ね達成" in far_away(*shlex.split(command), cwd=tmp_path)


@pytest.fixture(scope="module")
def windows(wheel, tmp_path_factory):
    """The Windows kit with a stand-in for python.org's zip, and the wheelhouse beside it, opened."""
    folder = tmp_path_factory.mktemp("kit")
    python, sha256 = embedded(folder)
    made = call("kit", folder, "--program", wheel, "--windows-python", python, "--sha256", sha256)
    assert made.exit_code == 0, made.output
    kit, wheels = (next(folder.glob(f"kama-excel-[0-9.]*{end}.zip")) for end in ("[0-9]-windows", "-wheels-windows"))
    with zipfile.ZipFile(kit) as opened, zipfile.ZipFile(wheels) as house:
        yield opened, house


def embedded(folder, files=EMBEDDED):
    path = folder / "python-3.12.99-embed-amd64.zip"
    with zipfile.ZipFile(path, "w") as opened:
        for name, content in files.items():
            opened.writestr(name, content)
    return path, hashlib.sha256(path.read_bytes()).hexdigest()


def test_the_windows_kit_misses_nothing_that_its_parts_require(windows):
    kit, _ = windows
    described = [
        email.message_from_bytes(kit.read(name)) for name in kit.namelist() if name.endswith(".dist-info/METADATA")
    ]
    there = {canonicalize_name(each["Name"]): each["Version"] for each in described}
    assert "kama-excel" in there
    needed = [Requirement(text) for each in described for text in each.get_all("Requires-Dist", ())]
    needed = [each for each in needed if not each.marker or each.marker.evaluate(WINDOWS)]
    assert [
        str(each) for each in needed if not each.specifier.contains(there.get(canonicalize_name(each.name), "0"))
    ] == []


def test_every_wheel_in_it_runs_on_64_bit_windows(windows):
    _, house = windows
    wheels = [name.removeprefix("wheels/") for name in house.namelist() if name.endswith(".whl")]
    assert len(wheels) > 10
    for name in wheels:
        tags = parse_wheel_filename(name)[3]
        assert {tag.platform for tag in tags} <= {"win_amd64", "any"}
    locked = LOCK.read_text(encoding="utf-8").split()
    said = house.read("requirements.txt").decode().split()
    assert {each for each in locked if each.startswith("--hash")} <= set(said)


def test_its_python_finds_the_program_and_nothing_else(windows):
    kit, _ = windows
    assert kit.read("app/python/python312._pth") == b"python312.zip\r\n.\r\n..\\lib\r\n"
    names = set(kit.namelist())
    assert {"app/python/python.exe", "app/lib/kama_excel/__main__.py", "app/lib/kama_excel/example/plan.xlsx"} <= names
    assert not [name for name in names if name.endswith(".so") or name.startswith("app/lib/bin/")]


def test_it_carries_no_tests_of_other_packages_and_is_compiled_where_that_can_be_done(windows):
    kit, _ = windows
    names = set(kit.namelist())
    assert not [name for name in names if "/tests/" in name or name.endswith((".pyi", ".h", ".lib"))]
    assert "app/lib/kama_excel/__main__.py" in names
    if find_compiler() is None:
        pytest.skip("no Python of the kit's version is here to compile with")
    assert "app/lib/kama_excel/__pycache__/__main__.cpython-312.pyc" in names
    assert {"app/lib/pandas/__init__.pyc", "app/lib/click/__init__.pyc"} <= names
    assert "app/lib/pandas/__init__.py" not in names
    flags = int.from_bytes(kit.read("app/lib/pandas/__init__.pyc")[4:8], "little")
    assert flags == 0b01, "by hash, and unchecked: a folder that can only be read is not compiled again"


def test_a_python_without_pip_says_so(tmp_path, monkeypatch):
    monkeypatch.setattr("importlib.util.find_spec", lambda _: None)
    said = call("kit", tmp_path / "out", "--program", tmp_path)
    assert (said.exit_code, "pip がない" in said.stderr) == (2, True), said.stderr


def test_the_python_that_the_index_carries_is_whole_and_made_for_64_bit_windows(wheel, tmp_path):
    del wheel  # where there is one, there is an index
    files = python_from_index(tmp_path)
    assert files["python312._pth"] == b"python312.zip\r\n.\r\n..\\lib\r\n"
    for name in ("python.exe", "python3.dll", "python312.dll", "vcruntime140.dll", "pyexpat.pyd", "unicodedata.pyd"):
        header = files[name][int.from_bytes(files[name][0x3C:0x40], "little") :]
        assert header[:6] == b"PE\0\0" + 0x8664.to_bytes(2, "little"), name
    with zipfile.ZipFile(io.BytesIO(files["python312.zip"])) as library:
        assert {"encodings/cp932.pyc", "email/parser.pyc", "xml/etree/ElementTree.pyc"} <= set(library.namelist())


def test_a_wheelhouse_says_which_python_it_is_for(windows):
    _, house = windows
    said = house.read("このZIPの使い方.txt").decode("utf-8-sig")
    assert "64ビット版の Windows の Python 3.12 が必要です。" in said
    assert "python -m pip install --no-index --find-links wheels --require-hashes -r requirements.txt" in said


def test_what_is_double_clicked_in_it(windows):
    kit, _ = windows
    for name, command in (("はじめる.bat", "%KAMA% init ."), ("見本で試す.bat", "%KAMA% init 見本 --example")):
        content = kit.read(name)
        assert content.count(b"\n") == content.count(b"\r\n")
        assert f"\r\n{command}\r\n" in content.decode("cp932")
    assert "はじめる.bat" in kit.read("このZIPの使い方.txt").decode("utf-8-sig")
    assert not [name for name in kit.namelist() if name.startswith(("workbook_templates", "input", "output"))], (
        "unpacked over a folder that is in use, it touches nothing that a city typed"
    )


def test_the_wheel_carries_what_is_not_code(wheel):
    with zipfile.ZipFile(wheel) as opened:
        names = opened.namelist()
    carried = [
        "kama_excel/example/plan.xlsx",
        "kama_excel/outbox/mail_texts/督促.txt",
        "kama_excel/commands/kit/windows.txt",
    ]
    assert [name for name in carried if name not in names] == []
    assert sum(name.startswith("kama_excel/example/input/2026-02/") for name in names) == 4


def test_a_windows_python_that_is_not_the_published_one_is_refused(tmp_path):
    path, _ = embedded(tmp_path)
    said = call("kit", tmp_path / "out", "--windows-python", path, "--sha256", "0" * 64)
    assert said.exit_code == 2
    assert "公開されているファイルと異なります" in said.stderr
    assert not (tmp_path / "out").exists()


def test_another_python_is_refused(tmp_path):
    path, sha256 = embedded(tmp_path, {"python.exe": b"", "python311._pth": b""})
    said = call("kit", tmp_path / "out", "--windows-python", path, "--sha256", sha256)
    assert said.exit_code == 2
    assert "埋め込み Python 3.12" in said.stderr


def test_a_python_without_its_hash_and_a_folder_without_the_program_are_refused(tmp_path):
    path, sha256 = embedded(tmp_path)
    assert "一緒に指定" in call("kit", tmp_path, "--windows-python", path).stderr
    said = call("kit", tmp_path / "out", "--program", tmp_path, "--windows-python", path, "--sha256", sha256)
    assert said.exit_code == 2
    assert "pyproject.toml" in said.stderr


def test_the_lock_fits_what_the_program_requires():
    """Where this fails, run `python docs/kit/lock.py`."""
    locked = dict(line.split(" ")[0].split("==") for line in LOCK.read_text(encoding="utf-8").splitlines()[1:])
    for text in metadata.requires("kama-excel"):
        each = Requirement(text)
        if not each.marker or each.marker.evaluate(WINDOWS):
            assert each.specifier.contains(locked[canonicalize_name(each.name)]), text
