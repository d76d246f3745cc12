"""Old or new, never half: faults at every write, sync and rename; runs that are killed; files that people have changed."""

import errno
import hashlib
import io
import json
import os
import random
import re
import signal
import stat
import subprocess
import sys
import time
import warnings
import zipfile
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

import openpyxl
import pytest
from support.city import cell_of
from support.pictures import frame, paste, png

from kama_excel.files import placement, retry
from kama_excel.files import publish as publishing
from kama_excel.files.folder_lock import BusyError
from kama_excel.files.publish import UnfinishedError, publish
from kama_excel.files.whole_files import write_whole

OLD = {"report.xlsx": b"old report", "csv/list.csv": b"old list"}
NEW = {"report.xlsx": b"new report", "csv/list.csv": b"new list"}
FAULTS = {
    "full disk": OSError(errno.ENOSPC, "No space left on device"),
    "refused": PermissionError(errno.EACCES, "Access is denied"),
    "network gone": OSError(errno.EIO, "Input/output error"),
}


def shown(folder):
    """Return what a person sees in the folder, by its name below it."""
    return {
        name: path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file() and not (name := path.relative_to(folder).as_posix()).startswith(".")
    }


def left_behind(folder):
    """Return what should not outlive the next run."""
    return [
        path
        for path in folder.rglob("*")
        if path.suffix == ".tmp" or (path.is_dir() and path.name.startswith(".kama-"))
    ]


class HalfWritten:
    """A file opened for writing whose disk fills up amid its bytes."""

    def __init__(self, file, fail):
        self._file, self._fail = file, fail

    def write(self, content):
        self._file.write(content[: len(content) // 2])
        self._file.flush()
        self._fail()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self._file.close()

    def __getattr__(self, name):
        return getattr(self._file, name)


class Faulty:
    """Counts the calls of the file system's verbs and lets one of them fail, once or (in use) every time from there."""

    VERBS = ((Path, "open"), (Path, "replace"), (Path, "rename"), (Path, "mkdir"), (Path, "unlink"), (os, "fsync"))

    def __init__(self, monkeypatch, at, error, *, lasting):
        self.calls = 0
        self.failed = False
        self.at, self.error, self.lasting = at, error, lasting
        for owner, name in self.VERBS:
            monkeypatch.setattr(owner, name, self._wrap(getattr(owner, name)))
        monkeypatch.setattr("time.sleep", lambda _: None)

    def _wrap(self, verb):
        def call(*arguments, **named):
            if self._fails(verb.__name__):
                self.fail()
            done = verb(*arguments, **named)
            is_written = verb.__name__ == "open" and {*"wx"} & {*str((*arguments[1:2], named.get("mode", "")))}
            return HalfWritten(done, self.fail) if is_written and self._fails("write") else done

        call.__name__ = verb.__name__
        return call

    def fail(self):
        raise self.error

    def _fails(self, verb):
        self.calls += 1
        fails = self.calls == self.at or (self.lasting and self.failed and verb == "replace")
        self.failed |= fails
        return fails


@pytest.mark.slow
@pytest.mark.parametrize("lasting", [False, True])
@pytest.mark.parametrize("error", FAULTS.values(), ids=FAULTS)
def test_after_a_fault_at_any_call_the_run_is_old_or_new_and_the_next_is_good(tmp_path, monkeypatch, error, lasting):
    faults = 0
    for at in range(1, 200):
        folder = tmp_path / str(at)
        publish(folder, OLD)
        published = None
        with monkeypatch.context() as patch:
            faulty = Faulty(patch, at, error, lasting=lasting)
            try:
                published = publish(folder, NEW)
            except OSError:  # nothing was touched
                assert shown(folder) == OLD, at
            except UnfinishedError:
                assert set(shown(folder).values()) <= {*OLD.values(), *NEW.values()}, at
                assert set(OLD) <= set(shown(folder)), at
        if published:
            assert {path.read_bytes() for path in published.files} == set(NEW.values()), at
        faults += faulty.failed
        latest = {name: content + b" again" for name, content in NEW.items()}
        publish(folder, latest)
        assert shown(folder) == latest, at
        assert not left_behind(folder), at
        if not faulty.failed:
            break
    assert faults >= 30


def test_a_run_that_was_broken_off_after_its_record_is_finished_by_the_next(tmp_path, monkeypatch):
    publish(tmp_path, OLD)
    with monkeypatch.context() as patch:
        patch.setattr(publishing, "_finish", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            publish(tmp_path, NEW)
    assert shown(tmp_path) == OLD
    publish(tmp_path, {"other.xlsx": b"other"})
    assert shown(tmp_path) == NEW | {"other.xlsx": b"other"}


def test_what_is_opened_to_be_written_is_closed_afterwards(tmp_path):
    content, opened = b"new report" * 100_000, []

    def report():
        opened.append(io.BytesIO(content))
        return opened[-1]

    publish(tmp_path, OLD | {"report.xlsx": report})
    assert shown(tmp_path) == OLD | {"report.xlsx": content}
    assert [each.closed for each in opened] == [True]
    published = publish(tmp_path, OLD | {"report.xlsx": report})
    assert (published.kept, shown(tmp_path)["report.xlsx"]) == ((), content)


def test_a_file_that_a_person_changed_is_kept_beside(tmp_path):
    publish(tmp_path, OLD)
    (tmp_path / "report.xlsx").write_bytes(b"a figure corrected in a meeting")
    published = publish(tmp_path, NEW)
    assert [path.name for path in published.kept] == ["report_手直し1.xlsx"]
    assert shown(tmp_path) == NEW | {"report_手直し1.xlsx": b"a figure corrected in a meeting"}
    assert publish(tmp_path, OLD).kept == ()


def test_a_file_that_is_already_what_is_to_be_written_is_not_kept_beside(tmp_path):
    (tmp_path / "report.xlsx").write_bytes(NEW["report.xlsx"])
    assert publish(tmp_path, NEW).kept == ()
    assert shown(tmp_path) == NEW


def test_what_an_earlier_run_wrote_is_still_known_after_runs_without_it(tmp_path):
    publish(tmp_path, OLD)
    publish(tmp_path, {"report.xlsx": b"alone"})
    (tmp_path / "csv" / "list.csv").write_bytes(b"corrected")
    publish(tmp_path, {"report.xlsx": b"alone again"})
    assert [path.name for path in publish(tmp_path, NEW).kept] == ["list_手直し1.csv"]
    publish(tmp_path, {"report.xlsx": b"alone"})
    assert publish(tmp_path, OLD).kept == ()


def test_the_record_holds_the_hash_of_what_is_in_each_place(tmp_path):
    publish(tmp_path, OLD)
    publish(tmp_path, NEW)
    record = json.loads((tmp_path / ".kama-excel.json").read_text(encoding="utf-8"))
    assert record == {"written": {name: hashlib.sha256(content).hexdigest() for name, content in NEW.items()}}


@pytest.mark.skipif(sys.platform != "linux", reason="asks the system which file a descriptor is of")
def test_what_is_staged_is_on_the_disk_before_the_record_and_the_record_before_the_files(tmp_path, monkeypatch):
    publish(tmp_path, OLD)
    calls = []

    def synced(descriptor):
        calls.append(("sync", Path(f"/proc/self/fd/{descriptor}").readlink().relative_to(tmp_path).as_posix()))

    def replaced(path, target, replace=Path.replace):
        calls.append(("place", Path(target).relative_to(tmp_path).as_posix()))
        return replace(path, target)

    monkeypatch.setattr(os, "fsync", synced)
    monkeypatch.setattr(Path, "replace", replaced)
    publish(tmp_path, NEW)
    recorded = calls.index(("place", ".kama-excel.json"))
    staged = {name for verb, name in calls[:recorded] if verb == "sync" and name.startswith(".kama-")}
    (folder,) = {name for name in staged if "/" not in name and not name.endswith(".tmp")}
    assert staged - {name for name in staged if name.endswith(".tmp")} == {folder, f"{folder}/0", f"{folder}/1"}
    assert calls[recorded + 1] == ("sync", "."), "the record's own place"
    placed = [calls.index(("place", name)) for name in NEW]
    assert recorded < min(placed)
    assert {("sync", "."), ("sync", "csv")} <= set(calls[max(placed) :])


def test_a_file_that_the_program_did_not_write_is_kept_beside(tmp_path):
    (tmp_path / "report.xlsx").write_bytes(b"somebody's own")
    assert len(publish(tmp_path, NEW).kept) == 1


@pytest.mark.parametrize(
    "damaged",
    ["", "[1]", '{"written": 5}', '{"placing": {"report.xlsx": "0"}}', '{"written": {"../report.xlsx": "0"}}', "{}"],
)
def test_a_record_that_was_damaged_is_none_and_loses_nothing(tmp_path, damaged):
    publish(tmp_path, OLD)
    (tmp_path / ".kama-excel.json").write_text(damaged, encoding="utf-8")
    published = publish(tmp_path, NEW)
    assert {path.name for path in published.kept} == {"report_手直し1.xlsx", "list_手直し1.csv"}
    assert {name: content for name, content in shown(tmp_path).items() if "手直し" not in name} == NEW


def test_a_folder_in_the_place_of_a_file_stays(tmp_path):
    (tmp_path / "report.xlsx").mkdir()
    assert [path.name for path in publish(tmp_path, NEW).beside] == ["report_新1.xlsx"]
    assert (tmp_path / "report.xlsx").is_dir()


def test_a_file_beside_its_place_is_no_copy_of_its_namesake_in_another_folder(tmp_path):
    (tmp_path / "a" / "list.csv").mkdir(parents=True)
    published = publish(tmp_path, {"a/list.csv": b"of a", "b/list.csv": b"of b"})
    assert [path.read_bytes() for path in published.files] == [b"of a", b"of b"]
    assert shown(tmp_path) == {"a/list_新1.csv": b"of a", "b/list.csv": b"of b"}


def test_a_place_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "csv").write_bytes(b"somebody's own")
    with pytest.raises(UnfinishedError, match="途中で中断しました（csv）: フォルダの作成先に、同じ名前のファイル"):
        publish(tmp_path, NEW)
    (tmp_path / "csv").unlink()
    publish(tmp_path, {})
    assert shown(tmp_path) == NEW


def held_error(path):
    """Return what Windows raises on a file that another program holds."""
    error = PermissionError(errno.EACCES, "used by another process", str(path))
    error.winerror = 32  # type: ignore[attr-defined]  # of Windows
    return error


@contextmanager
def in_use(monkeypatch, name, *, times=None):
    """Let a file be open in Excel on Windows: nothing replaces, renames or deletes it, the first `times` or ever."""
    with monkeypatch.context() as patch:
        patch.setattr("time.sleep", lambda _: None)
        refusals = []

        def refusing(verb):
            def call(self, *arguments, **named):
                for path in (self, *map(Path, arguments)):
                    if path.name == name and len(refusals) != times:
                        refusals.append(path)
                        raise held_error(path)
                return verb(self, *arguments, **named)

            return call

        for verb in ("replace", "rename", "unlink"):
            patch.setattr(Path, verb, refusing(getattr(Path, verb)))
        yield refusals


def test_a_workbook_that_is_in_use_gets_the_new_one_beside_it(tmp_path, monkeypatch):
    publish(tmp_path, OLD)
    with in_use(monkeypatch, "report.xlsx"):
        published = publish(tmp_path, NEW)
    assert [path.name for path in published.beside] == ["report_新1.xlsx"]
    assert shown(tmp_path) == {**NEW, "report.xlsx": b"old report", "report_新1.xlsx": b"new report"}


def test_what_had_to_lie_beside_takes_one_name_and_goes_once_the_place_is_free(tmp_path, monkeypatch):
    publish(tmp_path, OLD)
    for number in range(3):
        with in_use(monkeypatch, "report.xlsx"):
            publish(tmp_path, NEW | {"report.xlsx": b"report %d" % number})
    assert shown(tmp_path) == NEW | {"report.xlsx": b"old report", "report_新1.xlsx": b"report 2"}
    published = publish(tmp_path, NEW)
    assert (published.kept, published.beside) == ((), ())  # nobody had changed the one that was merely open
    assert shown(tmp_path) == NEW


def test_what_lies_beside_and_is_looked_at_or_changed_stays_where_it_is(tmp_path, monkeypatch):
    publish(tmp_path, OLD)
    with in_use(monkeypatch, "report.xlsx"):
        publish(tmp_path, NEW)
        (tmp_path / "report_新1.xlsx").write_bytes(b"corrected in a meeting")
        publish(tmp_path, NEW)
    with in_use(monkeypatch, "report_新2.xlsx"):
        published = publish(tmp_path, NEW)
    assert published.kept == ()
    beside = {"report_新1.xlsx": b"corrected in a meeting"}
    assert shown(tmp_path) == NEW | beside | {"report_新2.xlsx": b"new report"}
    publish(tmp_path, NEW)
    assert shown(tmp_path) == NEW | beside


def test_a_read_only_workbook_stays_and_the_new_one_takes_one_name_beside_it(tmp_path, monkeypatch):
    publish(tmp_path, OLD)
    is_read_only = placement._is_read_only
    with monkeypatch.context() as patch:
        if os.name == "nt":
            (tmp_path / "report.xlsx").chmod(stat.S_IREAD)
        else:  # Windows' attribute is of Windows: elsewhere the mode of a file does not keep it from being replaced
            patch.setattr(placement, "_is_read_only", lambda path: path.name == "report.xlsx" or is_read_only(path))
        for number in range(2):
            published = publish(tmp_path, NEW | {"report.xlsx": b"report %d" % number})
            assert ([path.name for path in published.protected], published.beside) == (["report_新1.xlsx"], ())
    assert shown(tmp_path) == {**NEW, "report.xlsx": b"old report", "report_新1.xlsx": b"report 1"}


def test_a_staged_file_that_a_scanner_holds_is_waited_for(tmp_path, monkeypatch):
    publish(tmp_path, OLD)
    replace, refusals = Path.replace, []

    def held(self, target):
        if self.parent.name.startswith(".kama-") and len(refusals) < 3:
            refusals.append(self)
            raise held_error(self)
        return replace(self, target)

    monkeypatch.setattr(Path, "replace", held)
    monkeypatch.setattr("time.sleep", lambda _: None)
    assert publish(tmp_path, NEW).beside == ()
    assert (len(refusals), shown(tmp_path)) == (3, NEW)


def test_a_staged_file_that_stays_held_is_finished_by_the_next_run_and_the_message_names_the_workbook(
    tmp_path, monkeypatch
):
    publish(tmp_path, OLD)
    replace = Path.replace

    def held(self, target):
        if self.parent.name.startswith(".kama-"):
            raise held_error(self)
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", held)
        patch.setattr("time.sleep", lambda _: None)
        with pytest.raises(UnfinishedError, match=r"途中で中断しました（list\.csv）"):
            publish(tmp_path, NEW)
    assert shown(tmp_path) == OLD
    publish(tmp_path, {})
    assert shown(tmp_path) == NEW


def test_the_wait_for_held_files_ends(tmp_path, monkeypatch):
    publish(tmp_path, OLD)
    pauses = []
    with in_use(monkeypatch, "report.xlsx"):
        monkeypatch.setattr("time.sleep", pauses.append)
        publish(tmp_path, NEW)
    assert retry.SECONDS <= sum(pauses) < retry.SECONDS + 1


def test_a_fault_while_staging_names_the_file_that_people_know(tmp_path, monkeypatch):
    real = Path.open

    def full(self, *arguments, **named):
        if self.parent.name.startswith(".kama-"):
            raise OSError(errno.ENOSPC, "No space left on device", str(self))
        return real(self, *arguments, **named)

    monkeypatch.setattr(Path, "open", full)
    with pytest.raises(OSError, match="No space") as caught:
        publish(tmp_path, NEW)
    assert caught.value.filename == str(tmp_path / "csv" / "list.csv")


@pytest.mark.parametrize("name", ["report.xlsx", ".kama-excel.json"])
def test_a_file_that_a_scanner_holds_for_a_moment_is_waited_for(tmp_path, monkeypatch, name):
    publish(tmp_path, OLD)
    with in_use(monkeypatch, name, times=2) as refusals:
        published = publish(tmp_path, NEW)
    assert (len(refusals), published.beside) == (2, ())
    assert shown(tmp_path) == NEW


def test_what_no_longer_holds_but_is_looked_at_goes_with_a_later_run(tmp_path, monkeypatch):
    publish(tmp_path, {"督促_甲課.eml": b"1", "督促_乙課.eml": b"2", "差戻し_甲課.eml": b"3"})
    with in_use(monkeypatch, "督促_甲課.eml"):
        publish(tmp_path, {}, obsolete=["督促_*"])
    assert set(shown(tmp_path)) == {"督促_甲課.eml", "差戻し_甲課.eml"}
    publish(tmp_path, {}, obsolete=["督促_*"])
    assert set(shown(tmp_path)) == {"差戻し_甲課.eml"}


def remade(path, change=lambda _, part: part, **more):
    """Write a workbook anew as SharePoint does when it is uploaded: packed otherwise, with properties of its own."""
    with zipfile.ZipFile(path) as archive:
        parts = {name: change(name, archive.read(name)) for name in archive.namelist()}
    parts["docProps/custom.xml"] = b"<Properties/>"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_STORED) as archive:
        for name, part in (parts | more).items():
            archive.writestr(name, part)


def with_other_styles(path):
    """Number the formats otherwise, and write signs as openpyxl does."""

    def change(name, part):
        if "worksheets/sheet" not in name:
            return part
        return re.sub(rb' s="\d+"', b' s="1"', part).replace("一覧".encode(), b"&#19968;&#35239;")

    remade(path, change)


def with_other_results(path):
    """Leave all that is typed, and let the formulas come to something else, as Excel's last digits may."""
    remade(path, lambda name, part: re.sub(rb"</f><v>[^<]*</v>", b"</f><v>7</v>", part) if "sheet" in name else part)


def with_a_value(path):
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        workbook = openpyxl.load_workbook(path)
        workbook["01"]["B3"] = 0.123
        workbook.save(path)


def with_a_note(path):
    remade(path, **{"xl/threadedComments/threadedComment1.xml": "<t><text>会議で確認</text></t>".encode()})


def with_another_picture(path):
    remade(path, **{"xl/media/image9.png": b"another"})


def with_a_formula_typed_over(path):
    remade(
        path, lambda name, part: re.sub(rb"<f>[^<]*</f>", b"", part, count=1) if name.endswith("sheet1.xml") else part
    )


@pytest.mark.parametrize("rewrite", [remade, with_other_styles, with_other_results])
def test_a_workbook_that_was_only_written_anew_was_changed_by_nobody(city, rewrite):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    path = city.root / city.run()["files"]["workbook"]
    whole = path.read_bytes()
    for _ in range(2):
        rewrite(path)
        assert path.read_bytes() != whole
        assert "手直し" not in city.invoke("run").stdout
        assert [each.name for each in path.parent.glob("*.xlsx")] == [path.name]
        assert path.read_bytes() == whole


@pytest.mark.parametrize("change", [with_a_value, with_a_note, with_another_picture, with_a_formula_typed_over])
def test_a_workbook_that_says_something_else_was_changed_by_a_person(city, change):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    path = city.root / city.run()["files"]["workbook"]
    change(path)
    theirs = path.read_bytes()
    assert "手直し" in city.invoke("run").stdout
    assert path.with_name(f"{path.stem}_手直し1.xlsx").read_bytes() == theirs


def test_who_looks_himself_at_what_was_changed_replaces_it(tmp_path):
    publish(tmp_path, OLD)
    (tmp_path / "report.xlsx").write_bytes(b"changed")
    assert publish(tmp_path, NEW, keeps_changed=False).kept == ()
    assert shown(tmp_path) == NEW


def test_temporary_files_of_killed_runs_go(tmp_path):
    publish(tmp_path, OLD)
    (tmp_path / ".0.kama.tmp").write_bytes(b"half")
    (tmp_path / ".kama-12ab").mkdir()
    (tmp_path / ".kama-12ab" / "0").write_bytes(b"half")
    publish(tmp_path, NEW)
    assert shown(tmp_path) == NEW
    assert not left_behind(tmp_path)


def test_a_temporary_file_that_cannot_go_stops_no_run(tmp_path, monkeypatch):
    (tmp_path / ".0.kama.tmp").write_bytes(b"half")
    with in_use(monkeypatch, ".0.kama.tmp"):
        publish(tmp_path, NEW)
    assert shown(tmp_path) == NEW


def test_a_file_written_whole_sweeps_what_was_abandoned_and_not_what_is_being_written(tmp_path):
    abandoned, being_written = tmp_path / ".a.kama.tmp", tmp_path / ".b.kama.tmp"
    abandoned.write_bytes(b"half")
    being_written.write_bytes(b"half")
    hours_ago = time.time() - 7200
    os.utime(abandoned, (hours_ago, hours_ago))
    write_whole(tmp_path / "form.xlsx", b"new")
    assert left_behind(tmp_path) == [being_written]


def test_the_department_forms_appear_together_or_not_at_all(city, monkeypatch):
    forms = city.root / "workbook_templates" / "forms"
    city.invoke("forms", "--month", "2026-01")
    before = shown(forms)
    with monkeypatch.context() as patch:
        Faulty(patch, 12, FAULTS["full disk"], lasting=False)
        result = city.invoke("forms", "--month", "2026-02")
    assert result.exit_code == 2
    assert re.fullmatch(
        "ファイルの読み書きができませんでした（.*workbook_templates.*）: "
        "ディスクの空き容量が足りません。不要なファイルを削除するなどして、空き容量を確保してください。前のファイルはそのまま残っています。\n",
        result.stderr,
    )
    assert shown(forms) == before
    with in_use(monkeypatch, "甲課.xlsx"):
        result = city.invoke("forms", "--month", "2026-02")
    assert result.exit_code == 0, result.stderr
    assert "甲課_新1.xlsx　前のファイルが開かれているため、別の名前で作成しました" in result.stdout
    assert shown(forms)["甲課.xlsx"] == before["甲課.xlsx"]
    assert city.invoke("forms", "--month", "2026-02").exit_code == 0
    assert set(shown(forms)) == set(before)


@pytest.mark.slow
def test_a_run_that_stopped_amid_the_last_moves_says_so(city, monkeypatch):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    replace = Path.replace

    def unplugged(self, target):
        if Path(target).suffix == ".xlsx":
            raise OSError(errno.EIO, "Input/output error")
        return replace(self, target)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "replace", unplugged)
        result = city.invoke("run", "--csv")
    assert result.exit_code == 2
    assert (
        "2026-02 のファイルの置き換えが途中で中断しました（テスト計画（架空）_進捗評価_2026-02.xlsx）: ドライブの読み書きに失敗しました。"
        in result.stderr
    )
    assert result.stderr.endswith("もう一度実行すると、続きから処理します。\n")
    assert len(result.stderr.splitlines()) == 1
    assert city.invoke("run", "--csv").exit_code == 0


def test_a_folder_that_is_held_is_not_written_to(tmp_path):
    publish(tmp_path, OLD)
    program = """
import sys
from pathlib import Path
from kama_excel.files import retry
from kama_excel.files import publish as publishing
publishing._finish = lambda *_: (print("held", flush=True), sys.stdin.read())
publishing.publish(Path(sys.argv[1]), {})
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


WITHOUT_LOCKS = """
import errno, fcntl, os, signal, sys
from pathlib import Path
def unknown(*_):
    raise OSError(errno.ENOSYS, "Function not implemented")
fcntl.flock = unknown
from kama_excel.files import retry
from kama_excel.files import publish as publishing
if sys.argv[2] == "dies":
    publishing._finish = lambda *_: os.kill(os.getpid(), signal.SIGKILL)
publishing.publish(Path(sys.argv[1]), {"report.xlsx": sys.argv[2].encode()}, lock_seconds=20)
"""


@pytest.mark.skipif(os.name != "posix", reason="takes away what this system locks with")
def test_on_a_drive_that_knows_no_locks_a_dead_run_holds_nothing(tmp_path):
    for word, code in (("lives", 0), ("dies", -signal.SIGKILL), ("lives again", 0)):
        command = [sys.executable, "-W", "error", "-c", WITHOUT_LOCKS, str(tmp_path), word]
        done = subprocess.run(command, capture_output=True, check=False)
        assert (done.returncode, done.stderr) == (code, b""), done.stderr.decode()
    assert shown(tmp_path) == {"report.xlsx": b"lives again"}


def test_two_runs_at_once_do_not_mix(tmp_path):
    sets = [{name: f"{number} {name}".encode() * 1000 for name in ("a", "b", "c")} for number in range(8)]
    with ThreadPoolExecutor(8) as pool:
        list(pool.map(lambda files: publish(tmp_path, files), sets))
    assert shown(tmp_path) in sets


def test_dots_in_a_name_are_no_way_out_of_the_folder(tmp_path):
    for _ in range(2):
        published = publish(tmp_path, {"第1次計画..改.xlsx": b"a report"})
        assert published.kept == ()
    assert shown(tmp_path) == {"第1次計画..改.xlsx": b"a report"}


def test_a_file_written_whole_leaves_nothing_beside_it_when_it_fails(tmp_path, monkeypatch):
    path = tmp_path / "form.xlsx"
    write_whole(path, b"old")
    monkeypatch.setattr(os, "fsync", lambda _: (_ for _ in ()).throw(OSError(errno.ENOSPC, "full")))
    with pytest.raises(OSError, match="full"):
        write_whole(path, b"new")
    assert shown(tmp_path) == {"form.xlsx": b"old"}
    assert len(list(tmp_path.iterdir())) == 1


class Deadly(Faulty):
    """Kills the process in place of an error."""

    def fail(self):
        os.kill(os.getpid(), signal.SIGKILL)


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(os, "fork"), reason="the system cannot fork")
@pytest.mark.filterwarnings("ignore:.*fork")
def test_a_run_killed_at_any_call_is_old_or_new_and_the_next_is_good(tmp_path, monkeypatch):
    kills = 0
    for at in range(1, 200):
        folder = tmp_path / str(at)
        publish(folder, OLD)
        child = os.fork()
        if not child:
            try:
                Deadly(monkeypatch, at, None, lasting=False)
                publish(folder, NEW)
                os._exit(0)
            finally:
                os._exit(1)
        _, ended = os.waitpid(child, 0)
        seen = shown(folder)
        assert set(seen) == set(OLD), at
        assert set(seen.values()) <= {*OLD.values(), *NEW.values()}, at
        publish(folder, {})
        assert shown(folder) in (OLD, NEW), at
        assert not left_behind(folder), at
        if not os.WIFSIGNALED(ended):
            assert os.waitstatus_to_exitcode(ended) == 0
            break
        kills += 1
    assert kills >= 30


KILLS = int(os.environ.get("KAMA_KILLS", "6"))


@pytest.mark.slow
@pytest.mark.skipif(not hasattr(signal, "SIGKILL"), reason="the system has no SIGKILL")
def test_a_run_killed_at_any_moment_leaves_a_workbook_that_opens_with_its_pictures(city):
    path = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    pictures = [png(1600, 1200, top=(shade, 185, 220)) for shade in (10, 90, 170)]
    paste(
        path, *(("写真", frame(path, f"P-1-甲課-{at}"), each) for at, each in enumerate(pictures, start=1)), largest=200
    )
    command = [sys.executable, "-m", "kama_excel", "run", "--csv", "--folder", str(city.root)]
    began = time.monotonic()
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    whole = time.monotonic() - began
    folder = city.root / "output" / "2026-02"
    target = next(folder.glob("*.xlsx"))
    names = set(shown(folder))
    generator = random.Random(7)
    for number in range(KILLS):
        change(path, "T-1", number / 1000)
        process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(generator.uniform(0.3, 1.1) * whole)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
        assert set(shown(folder)) == names
        with zipfile.ZipFile(target) as archive:
            assert archive.testzip() is None
            assert len([name for name in archive.namelist() if name.startswith("xl/media/")]) == len(pictures)
        assert "総括" in openpyxl.load_workbook(target, read_only=True).sheetnames
    assert subprocess.run(command, capture_output=True, check=False).returncode == 0
    assert set(shown(folder)) == names
    assert not left_behind(folder)


def change(path, key, progress):
    """Send the same form again with another figure."""
    workbook = openpyxl.load_workbook(path)
    cell_of(workbook["進捗"], key, "実施").value = progress
    workbook.save(path)


PAIRS = int(os.environ.get("KAMA_PAIRS", "2"))


@pytest.mark.slow
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
