"""Photos and workbooks that fill no memory: where they are kept, and what is said where they cannot be."""

import errno
import gc
import tempfile
import tracemalloc
from concurrent.futures import ThreadPoolExecutor

import pytest
from support.pictures import frame, paste, png

from kama_excel.files import temporary
from kama_excel.files.temporary import Storage, temporary_file

MIB = 1024 * 1024


def test_what_is_kept_is_read_again_in_any_order_and_by_any_thread():
    storage = Storage()
    contents = [bytes([number]) * number * 1000 for number in range(100)]
    with ThreadPoolExecutor(4) as threads:
        readers = list(threads.map(storage.keep, contents))
        again = list(threads.map(lambda read: read(), reversed(readers)))
    assert again == contents[::-1]


def test_equal_contents_are_kept_once():
    storage = Storage()
    assert storage.keep(b"one") is storage.keep(b"one")
    assert storage.keep(b"one") is not storage.keep(b"two")


def test_many_large_contents_are_not_in_memory():
    tracemalloc.start()
    try:
        storage = Storage()
        readers = [storage.keep(bytes([number]) * MIB) for number in range(64)]
        held, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert held < 32 * MIB
    assert [read()[:1] for read in readers] == [bytes([number]) for number in range(64)]


def test_a_file_that_is_dropped_leaves_nothing(tmp_path, monkeypatch):
    monkeypatch.setattr(tempfile, "tempdir", str(tmp_path))
    file = temporary_file()
    file.write(bytes(17 * MIB))
    file.seek(0)
    assert len(file.read()) == 17 * MIB
    del file
    assert list(tmp_path.iterdir()) == []


@pytest.fixture
def pictured(city):
    path = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    paste(path, ("写真", frame(path, "P-1-甲課-1"), png(640, 480)))
    return city


@pytest.mark.slow
@pytest.mark.parametrize("what", ["photos", "workbook"])
def test_a_full_temporary_folder_is_named_and_nothing_is_written(pictured, monkeypatch, what):
    class Full:
        """A file of a disk that has no room left."""

        def write(self, _):
            raise OSError(errno.ENOSPC, "No space left on device")

        def close(self):
            """Close as a file does."""

    monkeypatch.setattr(tempfile, "tempdir", "/disk/temporary")
    monkeypatch.setattr(tempfile, "TemporaryFile", lambda *_, **__: Full())
    monkeypatch.setattr(temporary, "_IN_MEMORY", 1 if what == "photos" else 5000)
    result = pictured.invoke("run")
    assert result.exit_code == 2
    assert "/disk/temporary" in result.stderr
    assert "ディスクの空き容量が足りません" in result.stderr
    assert list((pictured.root / "output").rglob("*.xlsx")) == []
    gc.collect()  # nothing that is left unfinished complains when it is dropped


@pytest.mark.slow
def test_a_run_with_its_photos_on_disk_writes_the_same_files(pictured, monkeypatch):
    written = []
    for size in (1, 16 * MIB):
        monkeypatch.setattr(temporary, "_IN_MEMORY", size)
        pictured.run("--html")
        files = (pictured.root / "output" / "2026-02").rglob("*.*")
        written.append({path.name: path.read_bytes() for path in files if not path.name.startswith(".")})
    assert {"index.html", "action-1-1.png"} <= written[0].keys()
    assert written[0] == written[1]
