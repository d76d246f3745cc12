"""Workbooks from other projects' test suites in a month's folder: the forms beside them are read as if alone."""

import shutil

import psutil
import pytest
from support.city import City

MONTH = "2026-02"
HERE = f"input/{MONTH}/"


@pytest.fixture
def corpus(project):
    """Return the files of the corpus; skips where it is missing."""
    folder = project.parent / "shared" / "corpus"
    if not folder.is_dir():
        pytest.skip("no corpus of workbooks lies beside the project")
    return sorted(path for path in folder.rglob("*") if path.is_file())


@pytest.mark.slow
def test_four_forms_are_read_as_if_alone_and_each_other_file_is_named(tmp_path, corpus):
    departments = ["甲課", "乙課", "丙課", "丁課"]
    tasks = [[at, 1, 2024, each, f"タスク{at}"] for at, each in enumerate(departments, start=1)]
    city = City(tmp_path, タスク=tasks, 指標=[], 担当課=[[each] for each in departments])
    for at, each in enumerate(departments, start=1):
        city.submit(MONTH, each, {("進捗", f"T-{at}", "実施"): at / 5})
    alone = city.run()
    for at, path in enumerate(corpus):
        shutil.copyfile(path, tmp_path / HERE / f"z{at:03}_{path.name}")
    document = city.run()
    assert document["actions"] == alone["actions"]
    assert document["submissions"] == alone["submissions"]
    there = {path.name for path in (tmp_path / HERE).glob("z*")}
    named = {each["file"].removeprefix(HERE).partition("!")[0] for each in document["findings"]}
    assert there - named == set()
    codes = {each["code"] for each in document["findings"] if each["file"].startswith(f"{HERE}z")}
    assert codes <= {
        "file-not-a-form",
        "file-unreadable",
        "file-password",
        "file-not-read",
        "file-too-large",
        "file-empty",
        "file-same",
        "container-without-form",
        "container-unreadable",
    }
    assert psutil.Process().children(recursive=True) == []
