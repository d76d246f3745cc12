"""Make the forms of a month, ready to mail: workbook_templates/forms/市民課.xlsx."""

from __future__ import annotations

import datetime as dt
from collections.abc import Collection, Mapping, Sequence
from enum import Enum
from pathlib import Path
from typing import NamedTuple

from kama_excel.domain.calendar import Month
from kama_excel.files.limits import RefusedError
from kama_excel.files.names import unique_names
from kama_excel.files.publish import publish
from kama_excel.files.retry import Retry
from kama_excel.findings.finding import Finding
from kama_excel.findings.progress import FORMS, Watch, unwatched
from kama_excel.forms.content import departments_with_forms
from kama_excel.forms.snapshot import is_untouched
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.outbox.prefill import prepare
from kama_excel.spreadsheets.reading.open_workbook import read_workbook
from kama_excel.workspace.folders import Workspace

_FILLED_IN = "（書き込みあり"


class WriteOutcome(Enum):
    """The outcome of writing a department's form."""

    WRITTEN = "作成しました"
    UNCHANGED = "変更がないため、作成し直していません"
    KEPT_BESIDE = "記入のある前のファイルを残して、作成しました"
    IN_USE = "前のファイルが開かれているため、別の名前で作成しました"
    PROTECTED = "前のファイルが読み取り専用のため、別の名前で作成しました"


class WrittenForm(NamedTuple):
    """A department's form on disk.

    `kept` is the new name of an earlier file with entries, else None.
    """

    department: str
    path: Path
    outcome: WriteOutcome
    kept: Path | None = None


class WrittenForms(NamedTuple):
    """The forms of a month.

    `stale` are workbooks in their folder that are no form of the month.
    """

    month: Month
    deadline: dt.date | None
    forms: tuple[WrittenForm, ...]
    stale: tuple[str, ...]
    plan_findings: tuple[Finding, ...]
    unread: tuple[Finding, ...] = ()
    """The files that could not be read."""
    unasked: tuple[int, ...] = ()
    """The numbers of the actions without a task or an indicator."""
    withheld: tuple[str, ...] = ()
    """The departments whose form was not made, because an unread file may hold their inputs."""

    @property
    def new(self) -> int:
        """The number of forms written; the others were up to date."""
        return sum(form.outcome is not WriteOutcome.UNCHANGED for form in self.forms)


def make_forms(
    workspace: Workspace,
    month: Month,
    departments: Sequence[str] = (),
    deadline: dt.date | None = None,
    watch: Watch = unwatched,
    *,
    force: bool = False,
    skips_unread: bool = False,
) -> WrittenForms:
    """Write the forms of a month that differ from those on disk (`force`: all).

    Without `departments` those of all. A department whose inputs may be in an unreadable file gets no form, unless
    `skips_unread`.

    Raises: PlanError and RunError as `prepare` does; BusyError, UnfinishedError and OSError as `publish` does.
    """
    batch = prepare(workspace, month, departments, deadline, skips_unread=skips_unread)
    contents: list[tuple[str, bytes]] = []
    for department in batch.departments:
        contents.append((department, write_form(batch.content(department))))
        watch(FORMS, len(contents), len(batch.departments))
    names = unique_names(departments_with_forms(batch.plan, batch.month))
    written = _write_forms(workspace, names, contents, force=force)
    stale = tuple(_stale_files(workspace, names.values()))
    findings = batch.plan_findings, batch.unread
    unasked = batch.plan.at(month).unasked_actions
    return WrittenForms(month, batch.deadline, tuple(written), stale, *findings, unasked, batch.withheld)


def _write_forms(
    workspace: Workspace, names: Mapping[str, str], contents: Sequence[tuple[str, bytes]], *, force: bool
) -> list[WrittenForm]:
    """Write the forms, all or none; a file with entries is kept under another name."""
    written: list[WrittenForm] = []
    files: dict[str, bytes] = {}
    retry = Retry()
    for department, content in contents:
        path = workspace.forms / f"{names[department]}.xlsx"
        there = retry(path.read_bytes) if path.is_file() else None
        if there == content and not force:
            written.append(WrittenForm(department, path, WriteOutcome.UNCHANGED))
            continue
        kept = None
        if there is not None and _has_entries(there, content):
            kept = _free_name_beside(path)
            files[kept.name] = there
        files[path.name] = content
        outcome = WriteOutcome.KEPT_BESIDE if kept else WriteOutcome.WRITTEN
        written.append(WrittenForm(department, path, outcome, kept))
    if not files:
        return written
    # The folder above holds the record, because every file in the folder of the forms is mailed.
    named = {f"{workspace.forms.name}/{name}": content for name, content in files.items()}
    published = publish(workspace.forms.parent, named, keeps_changed=False)
    placed = dict(zip(files, published.files, strict=True))
    elsewhere = dict.fromkeys(published.beside, WriteOutcome.IN_USE)
    elsewhere |= dict.fromkeys(published.protected, WriteOutcome.PROTECTED)
    return [_placed(form, placed.get(form.path.name), elsewhere) for form in written]


def _placed(form: WrittenForm, path: Path | None, elsewhere: Mapping[Path, WriteOutcome]) -> WrittenForm:
    """Return the form with the name under which it was written, if that differs."""
    return form._replace(path=path, outcome=elsewhere[path]) if path and path in elsewhere else form


def _stale_files(workspace: Workspace, names: Collection[str]) -> list[str]:
    """Return workbooks beside the forms that are no current form, such as an old name's."""
    beside = tuple(f"{name}{mark}" for name in names for mark in (_FILLED_IN, "_新"))
    there = [path for path in workspace.forms.glob("*.xlsx") if not path.name.startswith("~$")]
    return sorted(path.name for path in there if path.stem not in names and not path.stem.startswith(beside))


def _has_entries(there: bytes, content: bytes) -> bool:
    """Return whether a file holds entries; a file that is no form counts as such."""
    if there == content:
        return False
    try:
        return not is_untouched(read_workbook(there))
    except RefusedError:
        return True


def _free_name_beside(path: Path) -> Path:
    """Return an unused name that says that the copy has entries."""
    endings = ("", *map(str, range(2, 1000)))
    candidates = (path.with_name(f"{path.stem}{_FILLED_IN}{ending}）{path.suffix}") for ending in endings)
    return next(each for each in candidates if not each.exists())
