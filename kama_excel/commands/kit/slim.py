"""Reduce the kit's library: remove unused files, compile for the kit's Python."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

from kama_excel.commands.kit.wheels import PYTHON

_OWN = "kama_excel"
_NEVER_RUN = (".pyi", ".pyx", ".pxd", ".pxi", ".h", ".c", ".lib", ".a")


def find_compiler() -> str | None:
    """Return a Python of the kit's version on this machine, which can compile; None if none."""
    if f"{sys.version_info.major}.{sys.version_info.minor}" == PYTHON:
        return sys.executable
    found = shutil.which(f"python{PYTHON}")
    runs = found and subprocess.run([found, "-c", ""], check=False, capture_output=True).returncode == 0  # noqa: S603 -- a Python
    return found if runs else None


def slim_down(library: Path) -> None:
    """Delete unused files from an installed library: tests, headers, type stubs."""
    for path in sorted(library.rglob("*")):
        parts = path.relative_to(library).parts
        if parts[0] == _OWN or not path.exists():
            continue
        if parts[0] == "bin" or (path.is_dir() and path.name in ("tests", "__pycache__")):
            shutil.rmtree(path if parts[0] != "bin" else library / "bin")
        elif path.is_file() and path.suffix in _NEVER_RUN:
            path.unlink()


def compile_library(library: Path, compiler: str) -> None:
    """Compile a library: other packages lose their sources, the program keeps its own.

    The compiled form is used without checking its source: unpacking changes file times, and a read-only folder
    cannot be updated.
    """
    own = library / _OWN
    shared = [
        compiler,
        "-m",
        "compileall",
        "-q",
        "-j",
        "1",
        "--invalidation-mode",
        "unchecked-hash",
        "-s",
        str(library),
    ]
    subprocess.run([*shared, str(own)], check=False, capture_output=True)  # noqa: S603 -- a Python, our own arguments
    others = [each for each in library.iterdir() if each != own and each.suffix != ".pyc"]
    subprocess.run([*shared, "-b", *map(str, others)], check=False, capture_output=True)  # noqa: S603 -- as above
    for compiled in library.rglob("*.pyc"):
        if own not in compiled.parents:
            compiled.with_suffix(".py").unlink(missing_ok=True)
