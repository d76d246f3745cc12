"""The record of a folder that runs write to: hashes of files, an unfinished run."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from kama_excel.files.retry import Retry
from kama_excel.files.whole_files import write_whole

_RECORD = ".kama-excel.json"
STAGING = (
    ".kama-"  # and four digits: on the same drive, so that a rename suffices, and short, because Windows limits paths
)

Record = dict[str, Any]
"""The record: `written` holds hashes by name.

While a run's files move to their targets it also has `staging`, `placing` and `before`.
"""


def read_record(folder: Path, retry: Retry) -> Record:
    """Return the record; {} if damaged, so that every file counts as a person's."""
    path = folder / _RECORD
    try:
        record = json.loads(retry(path.read_bytes))
        is_whole = "placing" not in record or record.keys() >= {"written", "before", "staging"}
        is_near = is_staging(record.get("staging", f"{STAGING}0000"))
        names = [name for part in ("written", "placing", "before") for name, _ in record.get(part, {}).items()]
    except (FileNotFoundError, ValueError, AttributeError, TypeError):
        return {}
    return record if is_whole and is_near and not any(_leaves_folder(name) for name in names) else {}


def is_staging(name: str) -> bool:
    """Return whether a name is that of a staging folder."""
    return re.fullmatch(rf"{re.escape(STAGING)}[0-9a-f]{{4}}", name) is not None


def _leaves_folder(name: str) -> bool:
    """Return whether a name leads out of the folder; 「第1次計画..xlsx」 does not."""
    path = Path(name)
    return path.is_absolute() or ".." in path.parts


def write_record(folder: Path, record: Record, retry: Retry) -> None:
    """Replace the record atomically."""
    content = json.dumps(record, ensure_ascii=False, indent=1, sort_keys=True).encode()
    write_whole(folder / _RECORD, content, retry, is_hidden=True)
