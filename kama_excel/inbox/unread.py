"""Unreadable files, and the departments that may have sent them."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import PurePosixPath

from kama_excel.domain.calendar import Month
from kama_excel.domain.text import name_key
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding
from kama_excel.inbox.current_forms import DepartmentStatus
from kama_excel.parsing.mail_addresses import mail_addresses
from kama_excel.plan.model import Plan

FOR_NOW = frozenset({Code.FILE_IN_USE, Code.FILE_INACCESSIBLE, Code.FILE_NOT_READ_AGAIN})
"""Temporary reasons: a virus scanner, a lost share, a file in the cloud."""

_FOR_GOOD = frozenset(
    {
        Code.FILE_UNREADABLE,
        Code.FILE_PASSWORD,
        Code.FILE_STOPPED,
        Code.FILE_TOO_LARGE,
        Code.FILE_EMPTY,
        Code.FILE_NOT_REACHED,
        Code.CONTAINER_UNREADABLE,
    }
)
"""Reasons that last until the department sends the file again."""


_NO_FORM = frozenset({Code.FILE_NOT_READ, Code.FILE_NOT_A_FORM, Code.FILE_OTHER_PLAN})
"""Reasons of a known department's file that need not be its form."""

UNREAD = _FOR_GOOD | _NO_FORM
"""Reasons that make a department 読取不可 if the file is known to be its own."""


def unread_files(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Return the findings of files that could not be read."""
    return tuple(each for each in findings if each.code in FOR_NOW | _FOR_GOOD)


def departments_unread_for_now(
    plan: Plan, findings: Iterable[Finding], statuses: Iterable[DepartmentStatus]
) -> frozenset[str]:
    """Return the departments with a possibly newer report in a temporarily unreadable file.

    A file whose name or folder names one department is that department's; any other may be of each of them.
    """
    counts = {each.department: each.received[-1].month if each.received else None for each in statuses}
    found = set()
    for each in findings:
        if each.code in FOR_NOW:
            named, month = department_named_by(plan, each.place.file), _split(each.place.file)[0]
            for department, newest in counts.items():
                is_older = month is not None and newest is not None and month < newest
                if named in (None, department) and not is_older:
                    found.add(department)
    return frozenset(found)


def department_named_by(plan: Plan, file: str) -> str | None:
    """Return the department whose name (any) is in a file's path; None for none or several.

    Only the path below the month's folder counts. Of names that contain each other the longer one counts.
    """
    found = _named(plan, file)
    return found.pop() if len(found) == 1 else None


def department_of_file(plan: Plan, file: str, sender: str) -> str | None:
    """Return a file's department by path and sender; None for none or several.

    An address that several departments share is ignored.
    """
    owners = {each.name for each in plan.departments if sender and sender in mail_addresses(each.mail.casefold())}
    found = _named(plan, file) | (owners if len(owners) == 1 else set())
    return found.pop() if len(found) == 1 else None


def _named(plan: Plan, file: str) -> set[str]:
    path = name_key("/".join(_split(file)[1]))
    names = {name_key(name): each.name for each in plan.departments for name in (each.name, *each.aliases)}
    there = [name for name in names if name and name in path]
    longest = [name for name in there if not any(name != other and name in other for other in there)]
    return {names[name] for name in longest}


def _split(file: str) -> tuple[Month | None, Sequence[str]]:
    """Return the month of a file's folder and its path parts below it; else None and its name."""
    parts = PurePosixPath(file).parts
    for at, part in enumerate(parts[:-1]):
        try:
            return Month.parse(part), parts[at + 1 :]
        except ValueError:
            continue
    return None, parts[-1:]
