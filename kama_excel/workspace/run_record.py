"""`output/記録.csv`: a line for every run, written by `run` and read by `status`."""

from __future__ import annotations

import csv
import datetime as dt
import hashlib
from pathlib import Path
from typing import NamedTuple

from kama_excel.domain.calendar import JAPAN, Month
from kama_excel.files.decoding import decode_text
from kama_excel.workspace.folders import Workspace
from kama_excel.workspace.sent_files import paths, was_sent

WHEN, MONTH, PLAN, INPUT, WORKBOOK = "実行日時", "対象月", "計画台帳の版", "入力フォルダの版", "集計ブック"
_SHOWN = 12  # characters of a hash
_FORMAT = "%Y-%m-%d %H:%M:%S"
_EDITED = ("%Y/%m/%d %H:%M", "%Y/%m/%d %H:%M:%S", "%Y-%m-%d %H:%M")  # as Excel writes dates in a file that it has saved


class LastRun(NamedTuple):
    """The last run of a month: time, plan and input versions, workbook.

    The workbook's path is relative to the working folder.
    """

    when: dt.datetime
    plan: str
    input: str
    workbook: str


def record_path(workspace: Workspace) -> Path:
    """Return the path of the run record."""
    return workspace.output / "記録.csv"


def plan_version(sha256: str) -> str:
    """Return a short version of the plan workbook from its hash."""
    return sha256[:_SHOWN]


def input_version(workspace: Workspace, month: Month) -> str:
    """Return a hash of a month's folder: names, sizes and modification times of what was sent.

    A copy of the working folder on another PC has the same hash. Times are rounded to 2 seconds, the precision of
    some drives.
    """
    if not (workspace.input / str(month)).is_dir():
        return ""
    digest = hashlib.sha256()
    for path in paths(workspace.input, month):
        name = path.relative_to(workspace.input).as_posix()
        if not was_sent(name):
            continue
        status = path.lstat()
        digest.update(f"{name}\0{status.st_size}\0{int(status.st_mtime) // 2}\n".encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:_SHOWN]


def moment_text(moment: dt.datetime) -> str:
    """Return a time as the record stores it."""
    return moment.strftime(_FORMAT)


def last_run(workspace: Workspace, month: Month | None = None) -> LastRun | None:
    """Return the last recorded run of a month, or of any; None if none is readable.

    The order of the lines counts: a clock may have run ahead.
    """
    try:
        content = record_path(workspace).read_bytes()
    except OSError:
        return None
    runs = [
        LastRun(when, row.get(PLAN) or "", row.get(INPUT) or "", row.get(WORKBOOK) or "")
        for row in csv.DictReader(decode_text(content, "replace").splitlines())
        if (month is None or row.get(MONTH) in _writings(month)) and (when := _moment(row.get(WHEN) or ""))
    ]
    return runs[-1] if runs else None


def _writings(month: Month) -> tuple[str, str]:
    """Return a month as the record has it: 2026-02, and Feb-26 after Excel has saved the file."""
    return str(month), f"{month.last_day:%b-%y}"


def _moment(text: str) -> dt.datetime | None:
    for pattern in (_FORMAT, *_EDITED):
        try:
            return dt.datetime.strptime(text, pattern).replace(tzinfo=JAPAN)
        except ValueError:
            continue
    return None
