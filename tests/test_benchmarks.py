"""The benchmark runs, so that it cannot rot; what it measures is nobody's business here."""

import subprocess
import sys

import pytest

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(sys.platform != "linux", reason="the benchmark is for Linux"),
]


def test_the_smallest_benchmark_runs_and_prints_every_table(project, tmp_path):
    command = [sys.executable, "-m", "benchmarks", "--smallest", "--cities", str(tmp_path)]
    done = subprocess.run(command, cwd=project, capture_output=True, check=False)
    assert done.returncode == 0, done.stderr.decode()
    said = done.stdout.decode()
    for heading in ("### Beside the peer", "### Stages", "### How it grows", "### A whole nation"):
        assert heading in said


def test_the_documents_have_a_place_for_the_figures(project):
    for name, mark in (("docs/performance.md", "figures"), ("README.md", "performance")):
        text = (project / name).read_text(encoding="utf-8")
        assert text.count(f"<!-- {mark} -->\n") == 1
