"""Old or new, never half: faults at every write, sync and rename; runs that are killed; files that people have changed."""

import errno
import json
import os
import random
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import pytest

from kama_excel import output
from kama_excel.output import BusyError, publish, write_whole

OLD = {"report.xlsx": b"old report", "list.csv": b"old list"}
NEW = {"report.xlsx": b"new report", "list.csv": b"new list"}
FAULTS = {
    "full disk": OSError(errno.ENOSPC, "No space left"),
    "refused": PermissionError(errno.EACCES, "Access is denied"),
}


def shown(folder):
    """Return what a person sees in the folder."""
    return {path.name: path.read_bytes() for path in folder.iterdir() if not path.name.startswith(".")}


class Faulty:
    """Counts the calls of the file system's verbs and lets one of them fail, once or (in use) every time from there."""

    def __init__(self, monkeypatch, at, error, *, lasting):
        self.calls = 0
        self.failed = False
        for owner, name in ((Path, "open"), (Path, "replace"), (Path, "rename"), (Path, "mkdir"), (os, "fsync")):
            monkeypatch.setattr(owner, name, self._wrap(getattr(owner, name), at, error, lasting=lasting))
        monkeypatch.setattr(output, "_PAUSE", 0)

    def _wrap(self, verb, at, error, *, lasting):
        def call(*arguments, **named):
            self.calls += 1
            if self.calls == at or (lasting and self.failed and verb.__name__ == "replace"):
                self.failed = True
                raise error
            return verb(*arguments, **named)

        call.__name__ = verb.__name__
        return call


@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("error", FAULTS.values(), ids=FAULTS)
def test_after_a_fault_at_any_call_every_file_is_whole_and_the_next_run_is_good(tmp_path, monkeypatch, error, lasting):
    faults = 0
    for at in range(1, 100):
        folder = tmp_path / str(at)
        publish(folder, OLD)
        with monkeypatch.context() as patch:
            faulty = Faulty(patch, at, error, lasting=lasting)
            try:
                publish(folder, NEW)
            except OSError:
                faults += 1
        seen = shown(folder)
        for name, content in seen.items():
            assert content in (*OLD.values(), *NEW.values()), (at, name)
        assert set(OLD) <= set(seen)
        latest = {name: content + b" again" for name, content in NEW.items()}
        publish(folder, latest)
        assert latest.items() <= shown(folder).items()
        assert not [path for path in folder.iterdir() if "staged" in path.name or path.suffix == ".tmp"]
        if not faulty.failed:
            break
    assert faults >= 10


def test_a_run_that_was_broken_off_after_its_record_is_finished_by_the_next(tmp_path, monkeypatch):
    publish(tmp_path, OLD)
    with monkeypatch.context() as patch:
        patch.setattr(output, "_place", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            publish(tmp_path, NEW)
    assert shown(tmp_path) == OLD
    publish(tmp_path, {"other.xlsx": b"other"})
    assert shown(tmp_path) == NEW | {"other.xlsx": b"other"}


def test_a_file_that_a_person_changed_is_kept_beside(tmp_path):
    publish(tmp_path, OLD)
    (tmp_path / "report.xlsx").write_bytes(b"a figure corrected in a meeting")
    published = publish(tmp_path, NEW)
    assert [path.name for path in published.kept] == ["report_手直し1.xlsx"]
    assert shown(tmp_path) == NEW | {"report_手直し1.xlsx": b"a figure corrected in a meeting"}
    assert publish(tmp_path, OLD).kept == ()


def test_a_file_that_the_program_did_not_write_is_kept_beside(tmp_path):
    (tmp_path / "report.xlsx").write_bytes(b"somebody's own")
    assert len(publish(tmp_path, NEW).kept) == 1


def test_a_workbook_that_is_in_use_gets_the_new_one_beside_it(tmp_path, monkeypatch):
    publish(tmp_path, OLD)
    replace = Path.replace

    def in_use(self, target):
        if Path(target).name == "report.xlsx":
            raise PermissionError(errno.EACCES, "used by another process", str(target), 32)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", in_use)
    monkeypatch.setattr(output, "_PAUSE", 0)
    published = publish(tmp_path, NEW)
    assert [path.name for path in published.beside] == ["report_新1.xlsx"]
    assert shown(tmp_path) == {**NEW, "report.xlsx": b"old report", "report_新1.xlsx": b"new report"}


def test_a_folder_that_is_held_is_not_written_to(tmp_path):
    publish(tmp_path, OLD)
    program = """
import sys
from pathlib import Path
from kama_excel import output
output._place = lambda *_: (print("held", flush=True), sys.stdin.read())
output.publish(Path(sys.argv[1]), {})
"""
    holder = subprocess.Popen(
        [sys.executable, "-c", program, str(tmp_path)],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout.readline() == "held\n"
        with pytest.raises(BusyError, match=rf"ほかの集計が.*から.*番号 {holder.pid}"):
            publish(tmp_path, NEW, lock_seconds=0.1)
        assert shown(tmp_path) == OLD
        holder.kill()
        holder.wait()
        publish(tmp_path, NEW)
        assert shown(tmp_path) == NEW
    finally:
        holder.kill()
        holder.communicate()


def test_two_runs_at_once_do_not_mix(tmp_path):
    sets = [{name: f"{number} {name}".encode() * 1000 for name in ("a", "b", "c")} for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda files: publish(tmp_path, files), sets))
    assert shown(tmp_path) in sets


def test_a_file_written_whole_leaves_nothing_beside_it_when_it_fails(tmp_path, monkeypatch):
    path = tmp_path / "form.xlsx"
    write_whole(path, b"old")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    with pytest.raises(OSError, match="full"):
        write_whole(path, b"new")
    assert shown(tmp_path) == {"form.xlsx": b"old"}
    assert len(list(tmp_path.iterdir())) == 1


KILLS = int(os.environ.get("KAMA_KILLS", "8"))


@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system has no SIGKILL")
def test_a_run_killed_at_any_moment_leaves_a_workbook_that_opens(city):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    command = [sys.executable, "-m", "kama_excel", "run", "--folder", str(city.root)]
    began = time.monotonic()
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    whole = time.monotonic() - began
    target = next((city.root / "output" / "2026-02").glob("*.xlsx"))
    generator = random.Random(7)
    for number in range(KILLS):
        city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): number / 1000})
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(generator.uniform(0.5, 1.1) * whole)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert "総括" in openpyxl.load_workbook(target, read_only=True).sheetnames
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    names = sorted(path.name for path in target.parent.iterdir() if not path.name.startswith("."))
    assert names == [target.name]


PAIRS = int(os.environ.get("KAMA_PAIRS", "2"))


def test_two_runs_started_together_both_finish_or_one_says_who_is_in_the_way(city):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    command = [sys.executable, "-m", "kama_excel", "run", "--json", "--folder", str(city.root)]
    alone = subprocess.run(command, capture_output=True, check=True)
    target = city.root / json.loads(alone.stdout)["files"]["workbook"]
    whole = target.read_bytes()
    for number in range(PAIRS):
        if number % 2:
            target.unlink()
        pair = [subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE) for _ in range(2)]
        for process in pair:
            said, complained = process.communicate()
            assert (process.returncode, complained) == (0, b"") or "ほかの集計が" in complained.decode()
            assert process.returncode == 2 or said == alone.stdout
        assert 0 in {process.returncode for process in pair}
        assert target.read_bytes() == whole
        assert [path.name for path in target.parent.iterdir() if not path.name.startswith(".")] == [target.name]
