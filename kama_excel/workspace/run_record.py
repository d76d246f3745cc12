"""`output/記録.csv`: a line for every run, written by `run` and read by `status`."""

from __future__ import annotations

import csv
import datetime as dt
from dataclasses import dataclass
from pathlib import Path

from kama_excel.domain.calendar import JAPAN, Month
from kama_excel.workspace.folders import Workspace

WHEN, MONTH, FILES, WORKBOOK = "実行日時", "対象月", "入力ファイル", "集計ブック"
_FORMAT = "%Y-%m-%d %H:%M:%S"
_EDITED = ("%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M")  # as Excel writes a day that it has opened


@dataclass(frozen=True, slots=True)
class LastRun:
    """The newest run of a month: when, how many files its folder had, and its workbook, relative to the working folder."""

    when: dt.datetime
    files: int | None
    workbook: str


def record_path(workspace: Workspace) -> Path:
    """Return where the runs are recorded."""
    return workspace.output / "記録.csv"


def moment_text(moment: dt.datetime) -> str:
    """Return a moment as the record has it."""
    return moment.strftime(_FORMAT)


def last_run(workspace: Workspace, month: Month | None = None) -> LastRun | None:
    """Return the newest run of a month (of any without `month`). None where none is recorded or the file is unreadable."""
    try:
        content = record_path(workspace).read_bytes()
    except OSError:
        return None
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        text = content.decode("cp932", "replace")
    runs = [
        LastRun(when, int(files) if (files := row.get(FILES) or "").isdigit() else None, row.get(WORKBOOK) or "")
        for row in csv.DictReader(text.splitlines())
        if (month is None or row.get(MONTH) == str(month)) and (when := _moment(row.get(WHEN) or ""))
    ]
    return max(runs, key=lambda run: run.when, default=None)


def _moment(text: str) -> dt.datetime | None:
    for pattern in (_FORMAT, *_EDITED):
        try:
            return dt.datetime.strptime(text, pattern).replace(tzinfo=JAPAN)
        except ValueError:
            continue
    return None
