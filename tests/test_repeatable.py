"""The same plan and input give the same bytes, whatever the machine's mood; and the program runs where it is put."""

import json
import os
import shutil
import subprocess
import sys

import pytest
from support.city import City


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
        done = run(filled, "--json", **environment)
        assert done.returncode == 0, done.stderr.decode()
        workbook = filled.root / json.loads(done.stdout)["files"]["workbook"]
        results.append((done.stdout, workbook.read_bytes()))
    assert results[0] == results[1]


def test_it_runs_in_developers_mode_without_a_home_and_without_a_warning(filled):
    done = run(filled, python=("-X", "dev", "-W", "error"), LC_ALL="C")
    assert done.returncode == 0, done.stderr.decode()
    assert done.stderr == b""


def test_an_output_folder_that_cannot_be_written_to_is_one_sentence(filled, tmp_path):
    in_the_way = tmp_path / "file"
    in_the_way.write_text("", encoding="utf-8")
    done = run(filled, "--output", str(in_the_way), PYTHONUTF8="1")
    assert done.returncode == 2
    said = done.stderr.decode()
    assert said.startswith("ファイルを書けませんでした")
    assert len(said.splitlines()) == 1
