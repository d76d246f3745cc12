"""`kama-excel init`: what lies in the folder, that it works as it stands, and that nothing in it is ever overwritten."""

import json

import pytest
from click.testing import CliRunner

from kama_excel.cli.app import main
from kama_excel.outbox.templates import read_template

STARTERS = {
    "様式を配る.bat": "forms --mail --ask",
    "確かめる.bat": "check",
    "集計する.bat": "run --ask",
    "最新の結果を開く.bat": "status --open",
    "今の状況.bat": "status",
    "督促と差戻し.bat": "mail --ask",
    "結果メール.bat": "mail --kind 結果 --ask",
}


def call(*arguments):
    return CliRunner().invoke(main, [str(each) for each in arguments])


def contents(folder):
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}


@pytest.fixture
def folder(tmp_path):
    return tmp_path / "計画 2026" / "作業"


def test_a_fresh_folder_takes_its_forms_at_once(folder):
    made = call("init", folder)
    assert made.exit_code == 0, made.output
    assert sorted(each.name for each in folder.iterdir()) == sorted(
        [*STARTERS, "はじめにお読みください.txt", "input", "output", "workbook_templates"]
    )
    assert call("forms", "--folder", folder).exit_code == 0
    assert [path.name for path in (folder / "workbook_templates" / "forms").iterdir()] == ["（記入例）○○課.xlsx"]


def test_nothing_in_it_names_a_city(folder):
    call("init", folder)
    assert not [name for name, content in contents(folder).items() if "嘉麻".encode() in content or "嘉麻" in name]


@pytest.mark.slow
def test_the_example_runs(folder):
    assert call("init", folder, "--example").exit_code == 0
    done = call("run", "--folder", folder, "--json")
    document = json.loads(done.stdout)
    assert document["month"] == "2026-02"
    rates = {each["no"]: each["shown"] for each in document["actions"] if each["shown"]}
    assert {no: rates[no] for no in (2, 3, 6, 13)} == {2: "100.0%", 3: "80.0%", 6: "83.3%", 13: "54.2%"}


@pytest.mark.slow
def test_the_made_up_city_runs_and_says_that_it_is_made_up(folder):
    assert call("init", folder, "--demo").exit_code == 0
    document = json.loads(call("run", "--folder", folder, "--json").stdout)
    assert "架空" in document["files"]["workbook"]
    assert (document["month"], len(document["actions"]), document["changes"]["since"]) == ("2026-02", 50, "2026-01")
    assert [no for no, count in document["summary"].items() if not count] == []
    assert [each["no"] for each in document["actions"] if "要判断" in each["status"]] == [7, 22, 24, 31, 42, 46]
    assert {each["status"] for each in document["submissions"]} == {"提出", "前月まで"}


def test_a_second_time_everything_stays_and_is_named(folder):
    call("init", folder)
    plan = folder / "workbook_templates" / "plan.xlsx"
    plan.write_bytes(b"a plan that somebody typed")
    (folder / "集計する.bat").unlink()
    before = contents(folder)
    again = call("init", folder)
    after = contents(folder)
    assert {name: after[name] for name in before} == before
    assert set(after) - set(before) == {"集計する.bat"}
    written, left = again.output.split("そのまま残しました")
    assert "集計する.bat" in written
    assert "workbook_templates/plan.xlsx" in left


def test_texts_open_in_notepad_and_the_mail_texts_are_those_that_are_used(folder):
    call("init", folder)
    for path in folder.rglob("*.txt"):
        content = path.read_bytes()
        assert content.startswith(b"\xef\xbb\xbf")
        assert content.count(b"\n") == content.count(b"\r\n") > 3
    texts = folder / "workbook_templates" / "mail"
    for kind in ("配布", "督促", "差戻し", "結果"):
        assert read_template(texts, kind) == read_template(folder / "nowhere", kind)
        own = texts / f"{kind}.txt"
        own.write_bytes(own.read_bytes().replace("件名: ".encode(), "件名: （改）".encode(), 1))
        assert read_template(texts, kind).subject.startswith("（改）")


@pytest.mark.parametrize(("name", "command"), list(STARTERS.items()))
def test_a_starter_shows_japanese_finds_the_program_and_keeps_its_window_open(folder, name, command):
    call("init", folder)
    content = (folder / name).read_bytes()
    assert content.count(b"\n") == content.count(b"\r\n")
    text = content.decode("cp932")
    lines = text.split("\r\n")
    first_japanese = next(i for i, line in enumerate(lines) if not line.isascii())
    assert lines.index("chcp 932 >nul") < first_japanese, "the code page is set before it is needed"
    assert 'pushd "%~dp0"' in lines
    places = [text.index(each) for each in (r'"app\python\python.exe"', r'"..\app', "where kama-excel.exe", "py -E")]
    assert places == sorted(places)
    assert f"%KAMA% {command} %*" in lines
    ends = [i for i, line in enumerate(lines) if line.startswith("exit /b")]
    assert len(ends) == 3
    assert all(lines[i - 2] == "pause" and lines[i - 1].startswith("if defined IS_ALONE exit") for i in ends)


def test_a_folder_that_cannot_be_made_is_one_sentence(tmp_path):
    (tmp_path / "file").write_text("", encoding="utf-8")
    said = call("init", tmp_path / "file")
    assert said.exit_code == 2
    assert "ファイルの読み書きができませんでした" in said.stderr
    assert "Traceback" not in said.stderr


def test_of_the_first_plan_nothing_is_said_but_that_its_worked_lines_are_to_go(folder):
    call("init", folder)
    call("forms", "--folder", folder, "--month", "2099-04")
    (folder / "workbook_templates" / "forms").rename(folder / "input" / "2099-04")
    document = json.loads(call("run", "--folder", folder, "--json").stdout)
    said = [each for each in document["findings"] if each["file"].endswith("plan.xlsx")]
    assert {each["code"] for each in said} == {"plan-example-left"}
    assert {(each["sheet"], each["cell"]) for each in said} == {
        ("計画", "B4"), ("計画", "B5"), ("重点施策", "B4"), ("アクション", "B4"), ("タスク", "D4"), ("指標", "C4"), ("担当課", "A4"),
    }  # fmt: skip


@pytest.mark.parametrize("option", ["--example", "--demo"])
def test_a_folder_with_a_plan_gets_no_invented_forms(folder, option):
    call("init", folder)
    before = contents(folder)
    refused = call("init", folder, option)
    assert refused.exit_code == 2
    assert "すでに計画台帳があります" in refused.output
    assert contents(folder) == before


def test_the_example_may_be_laid_out_again(folder):
    call("init", folder, "--example")
    before = contents(folder)
    next((folder / "input").rglob("*.xlsx")).unlink()
    assert call("init", folder, "--example").exit_code == 0
    assert contents(folder) == before


def test_one_sample_at_a_time(folder):
    refused = call("init", folder, "--example", "--demo")
    assert refused.exit_code == 2
    assert "どちらか1つだけ" in refused.output
    assert not folder.exists()
