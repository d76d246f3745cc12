"""What is sent out: one form per department, filled in with what it reported last."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from pathlib import Path

from kama_excel.domain.calendar import Month
from kama_excel.domain.place import Place
from kama_excel.files.limits import RefusedError
from kama_excel.files.publish import publish, safe_name
from kama_excel.findings.catalogue import Code, Severity
from kama_excel.findings.finding import Finding
from kama_excel.forms import schema
from kama_excel.forms.content import Entered, FormContent, departments_with_forms, form_content
from kama_excel.forms.snapshot import is_untouched
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.history.timeline import history
from kama_excel.inbox.current_forms import DepartmentStatus
from kama_excel.inbox.receive import receive
from kama_excel.merge.frame import EntryRow, rows_of
from kama_excel.merge.pictures import PlacedPicture
from kama_excel.plan.model import Plan, Task
from kama_excel.plan.reader import open_plan
from kama_excel.spreadsheets.reading.open_workbook import read_workbook
from kama_excel.workspace.folders import Folders, RunError
from kama_excel.workspace.sent_files import months

_WRITTEN_IN = "（書き込みあり"
_NEW_ROW = "今回から加わった行です。"


class Fate(Enum):
    """What became of a department's form."""

    WRITTEN = "作りました"
    UNCHANGED = "変わりがないので、そのままです"
    KEPT_BESIDE = "書き込みのある前のファイルを残して、作りました"
    IN_USE = "前のファイルが開かれているため、別の名前で作りました"


@dataclass(frozen=True, slots=True)
class MadeForm:
    """A form that was made. `kept` is where the file went in which somebody had written, None where there was none."""

    department: str
    path: Path
    fate: Fate
    kept: Path | None = None


@dataclass(frozen=True, slots=True)
class Dispatch:
    """The forms of a month that are to be made: whose, until when they are to come back, and what is filled in."""

    plan: Plan
    month: Month
    departments: tuple[str, ...]
    statuses: tuple[DepartmentStatus, ...]
    entries: Mapping[str, Sequence[EntryRow]]
    """What counts of what was reported, by department."""
    findings: tuple[Finding, ...]
    deadline: dt.date | None
    pictures: tuple[PlacedPicture, ...] = ()

    def content(self, department: str) -> FormContent:
        """Return what a department's form says, with what the department reported last."""
        content = form_content(self.plan, self.month, department)
        status = next((each for each in self.statuses if each.department == department), None)
        if status is None or not status.received:
            return replace(content, deadline=self.deadline)
        rows = self.entries.get(department, ())
        entered = dict(_entered(content, rows))
        newest = status.received[-1].submission
        entered |= {("", schema.WRITER): newest.writer, ("", schema.CONTACT): newest.contact}
        entered = {place: said for place, said in entered.items() if said != ""}
        places = {row.place: (row.key, row.item) for row in rows} | {newest.filled_on_place: ("", schema.FILLED_ON)}
        marks = _marks(places, self.findings) | _new_rows(content, status)
        pictures = {each.key: each.picture for each in self.pictures if each.department == department}
        return replace(content, deadline=self.deadline, entered=entered, marks=marks, pictures=pictures)


def prepare(
    folders: Folders, month: Month, departments: Sequence[str] = (), deadline: dt.date | None = None
) -> Dispatch:
    """Read the plan and all that came back up to the month. Without `departments` every one that has to report.

    Raises PlanError, and RunError where there is no plan, or for a department that has nothing to report in the month.
    """
    plan = open_plan(folders)
    known = departments_with_forms(plan, month)
    wanted = tuple(dict.fromkeys(plan.canonical_department(each) or each for each in departments)) or known
    for each in wanted:
        if each not in known:
            raise RunError(
                f"担当課「{each}」には、{month.label}に記入するものが計画台帳にありません。"
                f"あるのは {'、'.join(known) or 'なし'} です。名前を確かめてください。"
            )
    received, _ = receive(folders.input, folders.root, plan, month)
    earlier = [each for each in months(folders.input) if each < month]
    merged = history(plan, (*earlier[-1:], month), received)[-1].merged
    findings = (*merged.findings, *merged.form_findings)
    entries: dict[str, list[EntryRow]] = {}
    for row in rows_of(merged.entries):
        entries.setdefault(row.department, []).append(row)
    return Dispatch(plan, month, wanted, merged.statuses, entries, findings, deadline, merged.pictures)


def filled_forms(dispatch: Dispatch) -> Iterator[tuple[str, bytes]]:
    """Yield each department and its form."""
    for department in dispatch.departments:
        yield department, write_form(dispatch.content(department))


def put_forms(folders: Folders, filled: Sequence[tuple[str, bytes]], *, force: bool = False) -> list[MadeForm]:
    """Write the forms that would differ from those that lie there (`force`: all of them), all or none; say each one's fate.

    A file in which somebody has written is never lost: it is kept beside under a name that says so. Raises BusyError,
    UnfinishedError and OSError as `publish` does.
    """
    made: list[MadeForm] = []
    files: dict[str, bytes] = {}
    for department, content in filled:
        path = folders.forms / f"{safe_name(department)}.xlsx"
        there = path.read_bytes() if path.is_file() else None
        if there == content and not force:
            made.append(MadeForm(department, path, Fate.UNCHANGED))
            continue
        kept = None
        if there is not None and _is_to_be_kept(there, content):
            kept = _free_name_beside(path)
            files[kept.name] = there
        files[path.name] = content
        made.append(MadeForm(department, path, Fate.KEPT_BESIDE if kept else Fate.WRITTEN, kept))
    if not files:
        return made
    # The folder above holds the record: everything in the folder of the forms is to be mailed.
    named = {f"{folders.forms.name}/{name}": content for name, content in files.items()}
    published = publish(folders.forms.parent, named, keeps_changed=False)
    lies = dict(zip(files, published.files, strict=True))
    beside = {name: path for name, path in lies.items() if path in published.beside}
    return [
        replace(each, path=beside[each.path.name], fate=Fate.IN_USE) if each.path.name in beside else each
        for each in made
    ]


def left_forms(folders: Folders, dispatch: Dispatch) -> list[str]:
    """Return the names of workbooks beside the forms that are of no department's form of the month: of an old name, say."""
    known = tuple(map(safe_name, departments_with_forms(dispatch.plan, dispatch.month)))
    beside = tuple(f"{name}{mark}" for name in known for mark in (_WRITTEN_IN, "_新"))
    there = [path for path in folders.forms.glob("*.xlsx") if not path.name.startswith("~$")]
    return sorted(path.name for path in there if path.stem not in known and not path.stem.startswith(beside))


def _entered(content: FormContent, rows: Sequence[EntryRow]) -> Iterator[tuple[tuple[str, str], Entered]]:
    """Yield what is filled in. What was said of a year before it began comes back as 予定, never as 実施 by itself."""
    years = {
        row.key: row.of.fiscal_year for row in content.rows[schema.PROGRESS_SHEET.name] if isinstance(row.of, Task)
    }
    said = {(row.key, row.item): row for row in rows}
    for (key, item), row in said.items():
        if row.value is None:  # what could not be read goes back as it was typed
            yield (key, item), row.typed
            continue
        if item == schema.DONE and row.number is not None and not row.month.has_begun(years.get(key, 0)):
            yield (key, schema.EXPECTED), row.number
        elif not (item == schema.EXPECTED and _is_ahead(said, key, years)):
            yield (key, item), row.value


def _is_ahead(said: Mapping[tuple[str, str], EntryRow], key: str, years: Mapping[str, int]) -> bool:
    """Whether 実施 was typed although the year had not begun: it is the newer 予定 then."""
    done = said.get((key, schema.DONE))
    return done is not None and done.number is not None and not done.month.has_begun(years.get(key, 0))


def _marks(places: Mapping[Place, tuple[str, str]], findings: Sequence[Finding]) -> dict[tuple[str, str], str]:
    """Return, by input, what was found in it and asks the department for something."""
    marks: dict[tuple[str, str], str] = {}
    for each in findings:
        details = dict(each.details)
        cleared = (details.get("key", ""), details.get("item", "")) if each.code is Code.VALUE_CLEARED else None
        place = cleared or places.get(each.place)
        if place and each.severity is not Severity.INFO:
            marks[place] = f"{marks.get(place, '')}{each.told}{each.advice}"
    return marks


def _new_rows(content: FormContent, status: DepartmentStatus) -> dict[tuple[str, str], str]:
    """Return the tasks and indicators that the department's last form did not have yet."""
    before = content.plan.at(status.received[-1].month)
    known = {task.key for task in before.tasks} | {indicator.key for indicator in before.indicators}
    rows = (*content.rows[schema.PROGRESS_SHEET.name], *content.rows[schema.INDICATOR_SHEET.name])
    return {(row.key, ""): _NEW_ROW for row in rows if row.key not in known}


def _is_to_be_kept(there: bytes, content: bytes) -> bool:
    """Whether a form that lies there holds what the program did not write; a file that is no form is kept too."""
    if there == content:
        return False
    try:
        return not is_untouched(read_workbook(there))
    except RefusedError:
        return True


def _free_name_beside(path: Path) -> Path:
    """Return a name that says what the copy is and that nothing has yet."""
    endings = ("", *map(str, range(2, 1000)))
    candidates = (path.with_name(f"{path.stem}{_WRITTEN_IN}{ending}）{path.suffix}") for ending in endings)
    return next(each for each in candidates if not each.exists())
