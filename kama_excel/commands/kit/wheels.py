"""Collect wheels with pip: the program's, and its dependencies for one platform."""

from __future__ import annotations

import hashlib
import importlib.util
import subprocess
import sys
from pathlib import Path

from kama_excel.findings.failure import Failure

PYTHON = "3.12"
"""The Python version of the Windows kit; `windows.txt` locks wheels for it."""
LOCK = Path(__file__).parent / "windows.txt"
WINDOWS = (
    "--only-binary=:all:", "--platform", "win_amd64", "--python-version", PYTHON, "--implementation", "cp",
)  # fmt: skip
_SAID_LINES = 5


class KitError(Failure):
    """The kit cannot be built; the message gives the reason in Japanese and quotes pip."""


def program_wheel(program: Path, folder: Path) -> Path:
    """Build the program's wheel from the project's folder, or copy a given wheel.

    Raises: KitError if `program` is neither.
    """
    if not program.exists() or (program.is_dir() and not (program / "pyproject.toml").is_file()):
        raise KitError(
            f"「{program}」にプログラムのソース（pyproject.toml）がありません。"
            "ソースのフォルダか wheel を --program で指定してください。"
        )
    pip("wheel", "--no-deps", "--wheel-dir", folder, program.resolve())
    return next(folder.glob("kama_excel-*.whl"))


def windows_wheels(folder: Path) -> None:
    """Download the locked dependencies for 64-bit Windows; pip verifies each hash."""
    pip("download", "--no-deps", "--require-hashes", *WINDOWS, "--requirement", LOCK, "--dest", folder)


def wheels_for_this_machine(wheel: Path, folder: Path) -> None:
    """Download the dependencies of the program's wheel for this machine and this Python."""
    pip("download", "--only-binary=:all:", "--dest", folder, wheel)


def requirements(folder: Path) -> str:
    """Return the wheels of a folder as requirements with hashes, which pip verifies."""
    lines = []
    for path in sorted(folder.glob("*.whl")):
        name, version = path.name.split("-")[:2]
        found = hashlib.sha256(path.read_bytes()).hexdigest()
        lines.append(f"{name.replace('_', '-')}=={version} --hash=sha256:{found}\n")
    return "".join(lines)


def pip(*arguments: str | Path) -> None:
    """Run pip of this Python.

    Raises: KitError if there is none, or with its last lines if it fails.
    """
    if importlib.util.find_spec("pip") is None:
        raise KitError(
            "このPythonには pip がないため、ZIPを作成できません。pip のある Python"
            f"（python -m pip --version を実行できるもの）で実行してください（今の Python: {sys.executable}）。"
        )
    command = [sys.executable, "-m", "pip", "--disable-pip-version-check", "--quiet", *map(str, arguments)]
    done = subprocess.run(command, capture_output=True, text=True, errors="replace", check=False)  # noqa: S603 -- our own arguments
    if done.returncode:
        output = "\n".join((done.stderr or done.stdout).splitlines()[-_SAID_LINES:])
        raise KitError(f"必要な部品を取得できませんでした。インターネットに接続したPCで実行してください。\n{output}")
