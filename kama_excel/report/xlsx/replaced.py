"""Compare a month's workbook with the one that it replaces, and explain the differences.

Only the earlier workbook itself is known: its 一覧, and the hashes of its sources in 算定方法.
"""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path
from typing import NamedTuple

from kama_excel.domain.arithmetic import compared
from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.evaluation.rates import shown_percent
from kama_excel.plan.rating import Bands
from kama_excel.report.month_report import Report, RerunChange
from kama_excel.report.wording import points_text, result_text
from kama_excel.report.xlsx.sheets import action_list, list_references, month_changes, sources
from kama_excel.spreadsheets.cells import Value
from kama_excel.spreadsheets.reading.calamine_values import sheet_values

_NUMBER, _NAME = "No", "アクション"
_HASH = "SHA-256 "
_PLAN_CHANGED = "計画台帳の変更"
_FORMS_CHANGED = "様式の追加・変更"
_PROGRAM_CHANGED = "プログラムの更新"
_UNKNOWN = "前のブックで書き換えられた値など"

Sources = frozenset[tuple[str, str]]
Rows = list[list[Value]]


class _Result(NamedTuple):
    """An action's line of 一覧: name, grade, and rate rounded to 9 decimals."""

    name: str
    grade: str
    rate: Fraction | None


class ReplacedBook(NamedTuple):
    """The content of an earlier workbook: results, sources, the foot of 前月からの変更."""

    results: dict[int, _Result]
    sources: Sources
    foot: tuple[RerunChange, ...]


def replaced_book(path: Path) -> ReplacedBook | None:
    """Read an earlier workbook; None if there is none with a readable 一覧 and 算定方法."""
    sheets = sheet_values(path, (action_list.NAME, sources.NAME, month_changes.NAME))
    results = dict(_results(sheets.get(action_list.NAME, [])))
    made_from = _sources(sheets.get(sources.NAME, []))
    if not results or not made_from:
        return None
    return ReplacedBook(results, made_from, tuple(_foot(sheets.get(month_changes.NAME, []))))


def rerun_changes(report: Report, book: ReplacedBook) -> tuple[RerunChange, ...]:
    """Return the actions whose rate or grade differs from the earlier workbook, by number.

    Empty if it has the same sources: differences are then trials or a recalculation in it.
    """
    made_from = _made_from(report)
    if made_from == book.sources:
        return ()
    now = report.evaluation.by_no
    changed = (no for no in sorted(now.keys() | book.results.keys()) if _is_other(book.results.get(no), now.get(no)))
    return tuple(
        _change(report, no, book.results.get(no), now.get(no), _why(report, no, book.sources ^ made_from))
        for no in changed
    )


def foot_of(report: Report, book: ReplacedBook, changed: tuple[RerunChange, ...]) -> tuple[RerunChange, ...]:
    """Return the foot of 前月からの変更: the changes, else the earlier foot if sources are equal."""
    return changed or (book.foot if book.sources == _made_from(report) else ())


def _is_other(was: _Result | None, now: ActionEvaluation | None) -> bool:
    if was is None or now is None:
        return True
    rate = None if now.adopted is None else compared(now.adopted)
    return (was.grade, was.rate) != (now.grade_word, rate)


def _change(report: Report, no: int, was: _Result | None, now: ActionEvaluation | None, why: str) -> RerunChange:
    name = now.action.name if now else was.name if was else ""
    before = _text(was, report.plan.bands) if was else "（なし）"
    points = points_text(was.rate if was else None, now.adopted if now else None)
    return RerunChange(no, name, before, result_text(now) if now else "（なし）", points, why)


def _text(was: _Result, bands: Bands) -> str:
    """Return grade and rate of a line of 一覧, displayed as current rates are."""
    return was.grade if was.rate is None else f"{was.grade} {shown_percent(was.rate, bands)}"


def _why(report: Report, no: int, other: Sources) -> str:
    """Describe the changed sources of an action; without any, other possible reasons."""
    names = {label for label, _ in other}
    departments = report.plan.at(report.month).departments_of(no) or tuple(
        each.name for each in report.plan.departments
    )
    sent = [department for department in departments if department in names]
    words = [_PLAN_CHANGED] if sources.PLAN in names else []
    words += [f"{_FORMS_CHANGED}: {'・'.join(sent)}"] if sent else []
    words += [_PROGRAM_CHANGED] if sources.PROGRAM in names else []
    return "、".join(words) or _UNKNOWN


def _made_from(report: Report) -> Sources:
    return frozenset(each for label, text in sources.sources_of(report) for each in _source(label, text))


def _source(label: str, text: str) -> Iterator[tuple[str, str]]:
    """Yield a source's identity: the program's version, the hash of a file."""
    if label == sources.PROGRAM:
        yield label, text
    elif _HASH in text:
        yield label, text.rpartition(_HASH)[2].strip()


def _sources(rows: Rows) -> Sources:
    texts = [[str(value) for value in row[:2]] for row in rows]
    begins = next((at for at, row in enumerate(texts) if row[:1] == [sources.MADE_FROM]), len(texts))
    return frozenset(each for row in texts[begins + 1 :] if len(row) > 1 for each in _source(row[0], row[1]))


def _results(rows: Rows) -> Iterator[tuple[int, _Result]]:
    wanted = (_NUMBER, _NAME, list_references.GRADE, list_references.EXACT)
    heading = next((at for at, row in enumerate(rows) if all(each in row for each in wanted)), None)
    if heading is None:
        return
    columns = [rows[heading].index(each) for each in wanted]
    for row in rows[heading + 1 :]:
        no, name, grade, exact = (row[column] for column in columns)
        if isinstance(no, float | int):
            yield int(no), _Result(str(name), str(grade), _rate(exact))


def _rate(value: Value) -> Fraction | None:
    return compared(Fraction(repr(value))) if isinstance(value, float | int) else None


def _foot(rows: Rows) -> Iterator[RerunChange]:
    """Yield the lines of an earlier foot unchanged."""
    begins = next((at for at, row in enumerate(rows) if row[:1] == [month_changes.REPLACED]), len(rows))
    for row in rows[begins + 2 :]:
        if not row or not isinstance(row[0], float | int):
            return
        yield RerunChange(int(row[0]), *(str(value) for value in row[1:6]))
