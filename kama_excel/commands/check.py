"""Check single files as the run would, before they are mailed or moved."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, NamedTuple

from kama_excel.domain.calendar import Month
from kama_excel.findings.catalogue import Code, Severity
from kama_excel.findings.finding import Finding, finding, has_errors
from kama_excel.findings.progress import unwatched
from kama_excel.forms.submission import Submission
from kama_excel.inbox.arrivals import FileToRead, IncomingFile, start_reading
from kama_excel.inbox.photos import PhotoReader, photo_reader
from kama_excel.inbox.receive import intake_of_month
from kama_excel.merge.merged import merge
from kama_excel.plan.model import Plan
from kama_excel.plan.reader import open_plan
from kama_excel.workspace.folders import Workspace
from kama_excel.workspace.sent_files import months, shown_path

_GRAVEST_FIRST = list(Severity)


class Verdict(NamedTuple):
    """The result of one file: its forms (several in a mail or ZIP) and its findings."""

    file: str
    forms: tuple[Submission, ...]
    findings: tuple[Finding, ...]


class Checked(NamedTuple):
    """The verdicts in the order of the files, and the plan's 警告.

    `has_plan`: whether the files were compared with a plan.
    """

    verdicts: tuple[Verdict, ...]
    has_plan: bool
    plan_findings: tuple[Finding, ...] = ()

    @property
    def has_errors(self) -> bool:
        """Whether a finding is an エラー."""
        return any(has_errors(each.findings) for each in self.verdicts)


def check_files(workspace: Workspace, files: Sequence[Path], months_of: Sequence[Month]) -> Checked:
    """Read each file separately as a run of its month would, with the plan if there is one.

    Raises: PlanError for an unusable plan; WorkerStartError if no file can be read at all.
    """
    plan, plan_findings = open_plan(workspace) if workspace.plan.exists() else (None, ())
    to_read = [FileToRead(path, shown_path(path, Path()), path.name) for path in files]
    with start_reading(to_read) as reading:
        photos = photo_reader(to_read, reading, unwatched)
        verdicts = (_verdict(plan, *each, photos) for each in zip(months_of, reading.first, strict=True))
        return Checked(tuple(verdicts), has_plan=plan is not None, plan_findings=plan_findings)


def _verdict(plan: Plan | None, month: Month, arrived: Sequence[IncomingFile], read_photos: PhotoReader) -> Verdict:
    intake = intake_of_month(plan, month, [arrived], read_photos)
    findings = [_of_one_file(each) for each in intake.findings]
    for each in intake.forms:
        findings += each.submission.findings
        if plan:
            merged = merge(plan, month, [each])
            findings += [found for found in merged.findings if found.place.file == each.submission.file]
    findings.sort(key=lambda each: _GRAVEST_FIRST.index(each.severity))
    return Verdict(arrived[0].name, tuple(each.submission for each in intake.forms), tuple(findings))


def _of_one_file(found: Finding) -> Finding:
    """Return a finding as it is true of a file alone.

    The form for a photo may be in another file.
    """
    if found.code is not Code.PICTURE_WITHOUT_FORM or not found.department:
        return found
    return finding(Code.PICTURE_BY_NAME, found.place, action=found.action_no, department=found.department)


def month_to_check(workspace: Workspace, file: Path, today: Month) -> Month:
    """Return the month for which a file is checked by default.

    It is the month of the file's folder, else the newest of the input folder, else today's.
    """
    there, parents = months(workspace.input), file.resolve().parents
    own = [each for each in there if (workspace.input / str(each)).resolve() in parents]
    return max(own or there, default=today)


def document_of(checked: Checked) -> dict[str, Any]:
    """Return the document for `--json`."""
    return {
        "has_plan": checked.has_plan,
        "files": [
            {
                "file": verdict.file,
                "forms": [
                    {
                        "file": form.file,
                        "sha256": form.sha256,
                        "department": form.department,
                        "entries": len(form.entries),
                        "pictures": len(form.pictures),
                    }
                    for form in verdict.forms
                ],
                "findings": [each.document for each in verdict.findings],
            }
            for verdict in checked.verdicts
        ],
    }
