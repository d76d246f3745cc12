"""Write `kama_excel/commands/kit/windows.txt` anew: every wheel that the program needs on 64-bit Windows, with its hash.

Run it in the project's folder where there is internet: `python docs/kit/lock.py`. pip chooses the versions; but it
takes the markers of the machine that it runs on, so that what only Windows needs (colorama) is asked for by name, again
and again, until nothing is missing.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path
from typing import Any

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from kama_excel.commands.kit.wheels import LOCK, PYTHON, WINDOWS

ROOT = Path(__file__).parent.parent.parent
ENVIRONMENT = {
    "sys_platform": "win32", "platform_system": "Windows", "os_name": "nt", "platform_machine": "AMD64",
    "python_version": PYTHON, "python_full_version": f"{PYTHON}.0", "implementation_name": "cpython",
    "platform_python_implementation": "CPython", "extra": "",
}  # fmt: skip


def resolved(wanted: list[str]) -> list[dict[str, Any]]:
    """Return pip's report of what it would install for the requirements."""
    with tempfile.TemporaryDirectory() as scratch:
        report = Path(scratch) / "report.json"
        options = ["--dry-run", "--quiet", "--ignore-installed", "--target", scratch, "--report", str(report), *WINDOWS]
        subprocess.run([sys.executable, "-m", "pip", "install", *options, *wanted], check=True)
        installed: list[dict[str, Any]] = json.loads(report.read_text(encoding="utf-8"))["install"]
        return installed


def main() -> None:
    """Write the lock."""
    argparse.ArgumentParser(description=__doc__).parse_args()
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["dependencies"]
    while True:
        chosen = resolved(wanted)
        names = {canonicalize_name(each["metadata"]["name"]) for each in chosen}
        needed = [Requirement(text) for each in chosen for text in each["metadata"].get("requires_dist", ())]
        missing = [
            str(each)
            for each in needed
            if (not each.marker or each.marker.evaluate(ENVIRONMENT)) and canonicalize_name(each.name) not in names
        ]
        if not missing:
            break
        wanted = [*wanted, *(text.split(";")[0].strip() for text in missing)]
    lines = sorted(
        f"{canonicalize_name(each['metadata']['name'])}=={each['metadata']['version']}"
        f" --hash=sha256:{each['download_info']['archive_info']['hashes']['sha256']}"
        for each in chosen
    )
    head = f"# Made by docs/kit/lock.py: the wheels for 64-bit Windows and Python {PYTHON}.\n"
    LOCK.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
