"""確認事項: what a person must check, with file, sheet and cell.

A finding is a value: stages return findings and continue. An exception ends the run.
"""

from __future__ import annotations

import re
from string import Formatter
from typing import TYPE_CHECKING, NamedTuple

from kama_excel.domain.keys import NO_KEY, Field, Key
from kama_excel.domain.place import NOWHERE, Place
from kama_excel.findings.catalogue import Code, Severity

if TYPE_CHECKING:
    from kama_excel.domain.entries import Entry

OF_CELL = frozenset(
    {
        Code.CELL_ERROR,
        Code.CELL_UNCALCULATED,
        Code.CELL_STRUCK,
        Code.CELL_ZERO,
        Code.CELL_COVERED,
        Code.CELL_UNCLEAR,
        Code.CELL_CONDITION,
        Code.CELL_UNSEEN,
        Code.CELL_SHOWN_OTHERWISE,
        Code.CELL_SHOWN_UNKNOWN,
    }
)
"""Problems of how a cell is shown: its content, typed as plain text, might be valid."""
OF_READING = OF_CELL.union(
    {
        Code.FORMULA_AS_TEXT,
        Code.NUMBER_MAGNITUDE,
        Code.RATE_SMALL,
        Code.TEXT_AS_SHOWN,
        Code.TEXT_SHOWN_UNKNOWN,
        Code.TEXT_PRIVATE,
        Code.TEXT_SAME,
        Code.RATE_UNREADABLE,
        Code.RATE_OUTSIDE,
        Code.RATE_AMBIGUOUS,
        Code.RATE_ASSUMED,
        Code.NOT_REPORTED_WORD,
        Code.NOT_STARTED_WORD,
        Code.EXCLUDED_WITH_MORE,
        Code.EXCLUDED_FIGURE_WITH_MORE,
        Code.FIGURE_TO_COME,
        Code.NUMBER_UNREADABLE,
        Code.NUMBER_TWO,
        Code.NUMBER_OTHER_UNIT,
        Code.NUMBER_SMALL_PERCENT,
        Code.NUMBER_LARGE_PERCENT,
        Code.AS_OF_UNREADABLE,
        Code.DATE_ASSUMED,
        Code.CERTAINTY_UNREADABLE,
        Code.TEXT_CLEANED,
    }
)

"""What happens to a value; the problem is resolved if another value replaces it."""

MAY_STAY = frozenset(
    {
        Code.FORM_NOTE,
        Code.FORM_CELLS_MERGED,
        Code.FORM_CELLS_HIDDEN,
        Code.FIGURE_ROUNDED,
        Code.RATE_ASSUMED,
        Code.RATE_SMALL,
        Code.NOT_STARTED_WORD,
        Code.NUMBER_SMALL_PERCENT,
        Code.NUMBER_LARGE_PERCENT,
        Code.DATE_ASSUMED,
        Code.CERTAINTY_UNREADABLE,
        Code.AS_OF_FAR,
        Code.AS_OF_OUTSIDE_YEAR,
        Code.TEXT_AS_SHOWN,
        Code.TEXT_SHOWN_UNKNOWN,
        Code.VALUES_CONFLICT,
        Code.VALUES_OF_MERGED,
        Code.VALUE_SET_BACK,
        Code.VALUE_CLEARED,
        Code.CORRECTION_REPEATED,
        Code.CORRECTION_CLEARED,
    }
)
"""Findings whose input may stay as the next form shows it, if that is right."""

ANSWERED_BESIDE = {
    Code.EXCLUDED_WITHOUT_REASON: Field.REMARK,
    Code.EXCLUDED_WITHOUT_GROUNDS: Field.GROUNDS,
    Code.ASSESSMENT_WITHOUT_REASON: Field.REASON,
    Code.REASON_WITHOUT_ASSESSMENT: Field.ASSESSMENT,
    Code.DETAIL_WITHOUT_ACTUAL: Field.ACTUAL,
}
"""Findings that are also answered by another input of the row."""

_LONGEST_QUOTED = 80  # characters

_TYPED = frozenset({"value", "old", "text", "words", "shown"})

"""The details that hold typed text; the others are the program's own words."""


def quoted(text: str) -> str:
    """Return a text as a quotation in a message, shortened so that the message stays visible."""
    return text if len(text) <= _LONGEST_QUOTED else f"{text[:_LONGEST_QUOTED]}…"


def own_name(file: str) -> str:
    """Return a file's own name without folders, mail or archive; it may contain 「!」."""
    return re.split(r"/|\.(?:eml|msg|zip)!", file, flags=re.IGNORECASE)[-1]


class Finding(NamedTuple):
    """One problem that a person must check: its code, its place and its subject.

    `value` is the content of the cell as a person reads it; messages quote it. `details` and `others` (places in
    other forms) only fill in the code's sentences.
    """

    code: Code
    place: Place = NOWHERE
    value: str = ""
    department: str = ""
    details: tuple[tuple[str, str], ...] = ()
    others: tuple[tuple[str, Place], ...] = ()
    key: Key = NO_KEY
    """The 管理番号 that it is about; NO_KEY for none."""
    field: Field | None = None
    """The heading of the input that it is about, with `key`."""
    action_no: int | None = None
    """The number of the action that it is about, if any."""

    @property
    def severity(self) -> Severity:
        """The severity of its code."""
        return self.code.severity

    @property
    def message(self) -> str:
        """The message for the division."""
        return self._format(self.code.text)

    @property
    def message_for_department(self) -> str:
        """The message for the department: other forms have its own file names, without folders."""
        others = tuple((name, place._replace(file=own_name(place.file))) for name, place in self.others)
        return self._replace(others=others).message

    @property
    def advice(self) -> str:
        """The advice for the person who filled in the cell."""
        return self._format(self.code.advice)

    @property
    def advice_in_form(self) -> str:
        """The advice for a person who continues with a form that the program has issued again."""
        return self._format(self.code.advice_in_form)

    @property
    def document(self) -> dict[str, str]:
        """The finding as in `--json`."""
        return {
            "severity": self.severity.value,
            "code": self.code.slug,
            "department": self.department,
            "file": self.place.file,
            "sheet": self.place.sheet,
            "cell": self.place.cell,
            "value": self.value,
            "message": self.message,
            "advice": self.advice,
        }

    def _format(self, template: str) -> str:
        texts = {"value": self.value, **dict(self.details)}
        in_brief = {name: quoted(text) if name in _TYPED else text for name, text in texts.items()}
        return template.format(**in_brief, **dict(self.others))


def finding(code: Code, place: Place = NOWHERE, *, value: object = "", **details: object) -> Finding:
    """Make a finding; `details` must have every name in the code's sentences.

    A Key as `key`, a Field as `item` and a number as `action` also become the finding's subject. Raises: KeyError
    if a detail is missing.
    """
    wanted = {
        name
        for text in (code.text, code.advice, code.advice_in_form)
        for _, name, _, _ in Formatter().parse(text)
        if name
    }
    missing = wanted - {"value", *details}
    if missing:
        raise KeyError(f"{code.name}: {sorted(missing)}")
    others = tuple((name, of) for name, of in details.items() if name in wanted and isinstance(of, Place))
    named = tuple((name, str(of)) for name, of in details.items() if name in wanted and not isinstance(of, Place))
    key, field, action = details.get("key"), details.get("item"), details.get("action")
    return Finding(
        code,
        place,
        str(value),
        str(details.get("department", "")),
        named,
        others,
        key if isinstance(key, Key) else NO_KEY,
        field if isinstance(field, Field) else None,
        action if isinstance(action, int) else None,
    )


def finding_of(entry: Entry, code: Code, **details: object) -> Finding:
    """Make a finding at an entry's cell, about its input."""
    of = {"department": entry.department, "key": entry.key, "item": entry.field}
    return finding(code, entry.place, value=entry.typed_text, **of, **details)


def has_errors(findings: tuple[Finding, ...] | list[Finding]) -> bool:
    """Return whether any of the findings is an エラー."""
    return any(each.severity is Severity.ERROR for each in findings)
