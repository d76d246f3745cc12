"""Habits of the command line: help, versions, completion, variables, silence, exit codes, odd folders."""

import os
import subprocess
import sys

import pytest
from click.testing import CliRunner

from kama_excel import __version__
from kama_excel.cli.app import main

COMMANDS = sorted(main.commands)


def call(*arguments, **variables):
    return CliRunner().invoke(main, [str(each) for each in arguments], env=variables)


def module(*arguments, cwd=None, **variables):
    return subprocess.run(
        [sys.executable, "-X", "utf8", "-m", "kama_excel", *map(str, arguments)],
        cwd=cwd,
        env=os.environ | variables,
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
    )


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(command):
    said = call(command, "--help")
    assert said.exit_code == 0
    assert f"例: kama-excel {command}" in said.output
    assert said.output == call(command, "-h").output


@pytest.mark.parametrize("command", COMMANDS)
def test_every_option_names_its_variable(command):
    options = [each for each in main.commands[command].params if each.param_type_name == "option"]
    said = " ".join(call(command, "--help").output.split())
    for option in options:
        variable = max(option.opts, key=len)[2:].upper().replace("-", "_")
        assert f"[KAMA_EXCEL_{variable}]" in said.replace("[ ", "[")


def test_the_version():
    assert __version__ in call("--version").output


def test_the_module_is_the_command():
    done = module("--version")
    assert (done.returncode, done.stdout.strip()) == (0, call("--version").output.strip())


@pytest.mark.parametrize("folder", ["plain", "with space", "作業 フォルダ（架空）"])
def test_folders_of_every_name_given_by_a_variable(tmp_path, folder):
    working = tmp_path / folder
    assert call("init", working).exit_code == 0
    assert call("forms", KAMA_EXCEL_FOLDER=str(working), KAMA_EXCEL_MONTH="2099-04").exit_code == 0
    assert len(list((working / "workbook_templates" / "forms").iterdir())) == 1


def test_an_option_wins_over_its_variable_and_a_wrong_variable_is_said(city):
    said = city.invoke("forms", "--month", "2026-02")
    assert said.exit_code == 0
    wrong = call("forms", "--folder", city.root, KAMA_EXCEL_MONTH="2月")
    assert wrong.exit_code == 2
    assert "「2月」は年月ではありません" in wrong.stderr
    assert call("forms", "--folder", city.root, "--month", "2026-02", KAMA_EXCEL_MONTH="2月").exit_code == 0


@pytest.mark.slow
def test_quiet_says_nothing_but_what_went_wrong(city):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.8})
    loud, quiet = city.invoke("run"), city.invoke("run", "--quiet")
    assert loud.stdout
    assert (quiet.output, quiet.exit_code) == ("", loud.exit_code)
    assert city.invoke("run", "--quiet", "--json").stdout.startswith("{")
    failed = city.invoke("run", "-q", "--month", "2020-01")
    assert failed.exit_code == 2
    assert failed.stdout == ""
    assert failed.stderr


@pytest.mark.slow
def test_no_colour_codes_with_or_without_no_color(city):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.8})
    for variables in ({"NO_COLOR": "1"}, {"FORCE_COLOR": "1"}):
        done = module("run", "--folder", city.root, **variables)
        assert done.stdout
        assert "\x1b" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("typed", "meant"),
    [(["from"], "forms"), (["rnu"], "run"), (["inti"], "init"), (["run", "--mont", "2026-02"], "--month")],
)
def test_a_slip_of_the_finger_is_answered_with_what_was_meant(typed, meant):
    said = call(*typed)
    assert said.exit_code == 2
    assert f"「{meant}」ではありませんか。" in said.stderr


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["init"], "フォルダ が必要です。"),
        (["completion", "powershell"], "使えるのは bash・zsh・fish です。"),
        (["run", "2026-02"], "「2026-02」は指定できません。"),
        (["--month", "2026-02", "run"], "オプション --month は、コマンドの後に入力します。"),
        (["run", "--month"], "使い方は「kama-excel run --help」"),
    ],
)
def test_what_is_wrong_with_a_line_is_said_in_japanese(typed, said):
    done = CliRunner().invoke(main, typed, prog_name="kama-excel")
    assert done.exit_code == 2
    assert said in done.stderr


def test_the_help_lists_the_commands_in_the_order_of_a_month():
    said = call("--help").output
    assert "[オプション] コマンド [引数]..." in said
    names = ["init", "forms", "run", "mail"]
    assert sorted(names, key=lambda name: said.index(f"\n  {name} ")) == names


def test_a_folder_that_cannot_be_laid_out_is_explained(tmp_path):
    (tmp_path / "taken").write_text("a file")
    said = call("init", tmp_path / "taken")
    assert said.exit_code == 2
    assert "同じ名前のファイルがあります" in said.stderr


def test_the_first_forms_are_sent_out_before_anything_has_come_back(city):
    said = city.invoke("mail", "--kind", "配布")
    assert said.exit_code == 0
    assert "分の配布の下書き: " in said.stdout


@pytest.mark.slow
def test_exit_codes(city):
    assert city.invoke("run", "--month", "2026-02").exit_code == 2, "could not run"
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.8})
    assert city.invoke("run").exit_code == 0
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): "八割ほど"})
    assert city.invoke("run").exit_code == 1
    assert call().exit_code == 2
    assert call("run", "--nothing").exit_code == 2


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_is_printed_for_each_shell(shell):
    said = call("completion", shell)
    assert said.exit_code == 0
    assert "_KAMA_EXCEL_COMPLETE" in said.output


def test_completion_completes():
    done = module(_KAMA_EXCEL_COMPLETE="bash_complete", COMP_WORDS="kama-excel fo", COMP_CWORD="1")
    assert done.returncode == 2, "`python -m` has no completion of its own: the variable is the command's"
    found = subprocess.run(
        [sys.executable, "-c", "import sys; sys.argv[0] = 'kama-excel'; from kama_excel.cli.app import main; main()"],
        env=os.environ
        | {"_KAMA_EXCEL_COMPLETE": "bash_complete", "COMP_WORDS": "kama-excel run --", "COMP_CWORD": "2"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert {"plain,--month", "plain,--quiet"} <= set(found.stdout.split())


@pytest.mark.parametrize("command", [[], ["run"], ["kit"]])
def test_help_loads_no_command_and_no_library_but_click(command):
    program = (
        "import sys; before = set(sys.modules); from kama_excel.cli.app import main; "
        f"main({[*command, '--help']!r}, standalone_mode=False); "
        "print(*sorted(set(sys.modules) - before), sep='\\n', file=sys.stderr)"
    )
    python = [sys.executable, "-X", "utf8", "-c"]
    done = subprocess.run([*python, program], capture_output=True, encoding="utf-8", check=True)
    loaded = done.stderr.split()
    roots = {name.partition(".")[0] for name in loaded} - set(sys.stdlib_module_names)
    assert roots <= {"kama_excel", "click", "colorama"}
    assert "kama_excel.cli.app" in loaded
    assert not [name for name in loaded if name.startswith(("kama_excel.commands", "kama_excel.inbox"))]
