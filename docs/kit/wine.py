"""Run tests in the kit's own Python under Wine, with code page 932 (as root on Debian or Ubuntu, with internet).

    python docs/kit/wine.py DIR [pytest's arguments]

DIR gets a Debian 13 with its Wine 10 (1.4 GB, two minutes; a second call finds it there), the kit's Python and
libraries, and a copy of this clone. Wine 8 of Debian 12 cannot load numpy.

What Wine is not: it makes no symbolic links, has no limit of 260 characters and no limit of memory, no CMDCMDLINE (the
tests hand it over), and its cmd reads a % in a folder's name again. Share modes, locks, code pages, kills, pipes,
reserved names and letters' case are as on Windows.
"""

from __future__ import annotations

import argparse
import shutil
import struct
import subprocess
import sys
import tempfile
import tomllib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from kama_excel.commands.kit.wheels import WINDOWS, pip, windows_wheels
from kama_excel.commands.kit.windows_python import PATHS_FILE, python_from_index

PROJECT = Path(__file__).parents[2]
MIRROR = "http://deb.debian.org/debian"
ENVIRONMENT = (
    "HOME=/root", "PATH=/usr/bin:/bin", "LANG=ja_JP.UTF-8", "WINEPREFIX=/wp", "WINEDEBUG=-all",
    "WINEDLLOVERRIDES=mscoree,mshtml=",
)  # fmt: skip
PATHS = "python312.zip\r\n.\r\nC:\\clone\r\n..\\lib\r\n..\\testlib\r\n"
# Wine 10 has stubs for these functions, which end the process when numpy is loaded: they get code, in DIR only.
CODE = {b"crealf": "660f6ec1c3", b"cimagf": "48c1e920660f6ec1c3", b"cimag": "f20f104108c3"}


def main() -> None:
    """Set up what is missing, copy the clone, and run pytest."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", metavar="DIR", type=Path)
    parser.add_argument("arguments", metavar="...", nargs=argparse.REMAINDER, help="pytest's; else the quick tests")
    given = parser.parse_args()
    root, arguments = given.folder.resolve(), given.arguments or ["-m", "not slow"]
    drive = root / "wp" / "drive_c"
    if not (root / "usr").exists():
        subprocess.run(
            ["debootstrap", "--variant=minbase", "--include=wine,wine64,locales", "trixie", str(root), MIRROR],
            check=True,
        )
    with mounted(root):
        if not drive.exists():
            subprocess.run(["chroot", str(root), "localedef", "-i", "ja_JP", "-f", "UTF-8", "ja_JP.UTF-8"], check=True)
            give_code(root / "usr/lib/x86_64-linux-gnu/wine/x86_64-windows/ucrtbase.dll")
            windows(root, "/", "wineboot", "-i")
        if not (drive / "suite").exists():
            install(drive / "suite")
        copy_clone(drive / "clone")
        python = "/wp/drive_c/suite/python/python.exe"
        sys.exit(windows(root, "/wp/drive_c/clone", python, "-X", "utf8", "-m", "pytest", *arguments))


def windows(root: Path, folder: str, *command: str) -> int:
    """Run a program of Windows in a folder of the tree; return its exit code."""
    shell = ["sh", "-c", 'cd "$0" && exec wine "$@"', folder, *command]
    return subprocess.run(["chroot", str(root), "env", "-i", *ENVIRONMENT, *shell], check=False).returncode


@contextmanager
def mounted(root: Path) -> Iterator[None]:
    """Lend the tree the system's processes and devices; it may be deleted only without them."""
    subprocess.run(["mount", "-t", "proc", "proc", str(root / "proc")], check=True)
    subprocess.run(["mount", "--bind", "/dev", str(root / "dev")], check=True)
    try:
        yield
    finally:
        for folder in ("dev", "proc"):
            subprocess.run(["umount", "--lazy", str(root / folder)], check=False)


def install(suite: Path) -> None:
    """Install the kit's Python, its libraries, and what the tests need; what the program locks comes first."""
    with tempfile.TemporaryDirectory() as scratch:
        wheels, fetched = Path(scratch) / "wheels", Path(scratch) / "python"
        windows_wheels(wheels)
        install_into = ("install", "--no-compile", *WINDOWS, "--target")
        pip(*install_into, suite / "lib", "--no-deps", "--no-index", *wheels.glob("*.whl"))
        extra = tomllib.loads((PROJECT / "pyproject.toml").read_text("utf-8"))["project"]["optional-dependencies"]
        pip(*install_into, suite / "testlib", "colorama", *extra["test"])
        shutil.rmtree(suite / "testlib" / "PIL", ignore_errors=True)  # the kit's own comes first
        pip("install", "--no-deps", "--no-compile", "--target", suite / "lib", PROJECT)
        shutil.rmtree(suite / "lib" / "kama_excel")  # the clone's is tried; its description stays
        (suite / "python").mkdir(parents=True)
        for name, content in python_from_index(fetched).items():
            (suite / "python" / name).write_bytes(content)
        (suite / "python" / PATHS_FILE).write_text(PATHS, encoding="ascii")


def copy_clone(target: Path) -> None:
    """Copy the clone's files, committed or not."""
    shutil.rmtree(target, ignore_errors=True)
    command = ["git", "-C", str(PROJECT), "ls-files", "-z", "--cached", "--others", "--exclude-standard"]
    for name in subprocess.run(command, check=True, capture_output=True).stdout.decode().split("\0"):
        if name and (PROJECT / name).is_file():
            (target / name).parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(PROJECT / name, target / name)


def give_code(library: Path) -> None:
    """Write code over functions of Wine's C library that are stubs."""
    content = bytearray(library.read_bytes())

    def number(at: int, layout: str = "<I") -> int:
        found: int = struct.unpack_from(layout, content, at)[0]
        return found

    header = number(60)
    first = header + 24 + number(header + 20, "<H")
    sections = [struct.unpack_from("<8x4I", content, first + 40 * n) for n in range(number(header + 6, "<H"))]

    def at(address: int) -> int:
        found: int = next(raw + address - start for _, start, size, raw in sections if start <= address < start + size)
        return found

    exports = at(number(header + 136))
    code, names, order = (at(number(exports + n)) for n in (28, 32, 36))
    for n in range(number(exports + 24)):
        start = at(number(names + 4 * n))
        new = bytes.fromhex(CODE.get(bytes(content[start : content.index(0, start)]), ""))
        place = at(number(code + 4 * number(order + 2 * n, "<H")))
        content[place : place + len(new)] = new
    library.write_bytes(content)


if __name__ == "__main__":
    main()
