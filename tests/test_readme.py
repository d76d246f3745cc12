"""What README says can be typed as it stands, and what it points at is there."""

import re
import shlex
import subprocess
import sys


def test_the_run_command_prints_the_four_grades_and_where_the_workbook_lies(project, tmp_path):
    text = (project / "README.md").read_text(encoding="utf-8")
    command = re.search(r"<!-- run command -->\n```sh\n(.+)\n```", text)[1]
    install, run = command.split(" && ")
    assert install == "python -m pip install ."
    arguments = [sys.executable, *shlex.split(run)[1:]]
    arguments[arguments.index("--output") + 1] = str(tmp_path)
    done = subprocess.run(arguments, cwd=project, capture_output=True, check=True)
    said = done.stdout.decode(sys.stdout.encoding or "utf-8")
    for grade in ("100.0%  達成", "80.0%  概ね達成", "83.3%  概ね達成", "54.2%  課題あり"):
        assert grade in said
    path = re.search(r"^ブック: (.+\.xlsx)$", said, re.MULTILINE)[1]
    assert (project / path).is_file()


def test_every_file_that_readme_points_at_is_there(project):
    text = (project / "README.md").read_text(encoding="utf-8")
    named = re.findall(r"\]\(([^)#:]+)\)", text) + re.findall(r"`(tests/[\w.]+|kama_excel/[\w./]+)`", text)
    assert len(named) > 15
    assert [each for each in named if not (project / each).exists()] == []
