"""The least that reading can cost: every sheet of every form of a folder by calamine, and nothing made of it.

`python benchmarks/bare_calamine.py INPUT_FOLDER` prints the seconds, without the start of Python.
"""

from __future__ import annotations

import sys
import time
from pathlib import Path

from python_calamine import CalamineWorkbook


def main() -> None:
    """Read, and print how long it took."""
    begun = time.perf_counter()
    for path in sorted(Path(sys.argv[1]).glob("*.xlsx")):
        workbook = CalamineWorkbook.from_path(path)
        for name in workbook.sheet_names:
            workbook.get_sheet_by_name(name).to_python()
    print(time.perf_counter() - begun)


if __name__ == "__main__":
    main()
