"""Parse months, days and deadlines as typed at a prompt or in the plan: R8.3, 翌月5日."""

from __future__ import annotations

import datetime as dt
import re

from kama_excel.domain.calendar import DeadlineRule, Month
from kama_excel.domain.text import normalize_key
from kama_excel.parsing.dates import read_date, read_month
from kama_excel.spreadsheets.cells import Cell

_COMPACT_MONTH = re.compile(r"([12][0-9]{3})(0[1-9]|1[0-2])")
_COMPACT_DAY = re.compile(r"([12][0-9]{3})(0[1-9]|1[0-2])([0-3][0-9])")
_RULE = re.compile(r"(?P<which>翌々月|翌月|毎月|当月|同月)?の?(?:(?P<day>[0-9]{1,2})日|(?P<last>末日?))|(?P<bare>月末)")
_MONTHS_AFTER = {"翌月": 1, "翌々月": 2}
_LONGEST_MONTH = 31


def parse_month(text: str) -> Month | None:
    """Parse a month: 2026-03, 2026/3, 202603, R8.3, 令和8年3月(分); None if invalid."""
    word = normalize_key(text).removesuffix("分")
    if compact := _COMPACT_MONTH.fullmatch(word):
        return Month(int(compact[1]), int(compact[2]))
    return read_month(Cell(word)).value if re.fullmatch(r".*[0-9]月?", word) and not _names_day(word) else None


def parse_day(text: str) -> dt.date | None:
    """Parse a day: 2026-04-10, 2026/4/10, 20260410, R8.4.10, 令和8年4月10日; None if invalid."""
    word = normalize_key(text)
    if compact := _COMPACT_DAY.fullmatch(word):
        word = "-".join(compact.groups())
    return read_date(Cell(word)).value if _names_day(word) else None


def parse_deadline(cell: Cell) -> DeadlineRule | None:
    """Parse a deadline of the plan: 翌月5日, 毎月25日, 翌月末, or a day; None if invalid."""
    word = normalize_key(cell.text)
    if found := _RULE.fullmatch(word):
        day = int(found["day"]) if found["day"] else None
        if day is not None and not 1 <= day <= _LONGEST_MONTH:
            return None
        return DeadlineRule(months_after=_MONTHS_AFTER.get(found["which"] or "", 0), day=day)
    fixed = read_date(cell).value if isinstance(cell.value, dt.date) else parse_day(cell.text)
    return DeadlineRule(fixed=fixed) if fixed else None


def _names_day(word: str) -> bool:
    """Return whether a text has a day beside its month: three numbers."""
    return len(re.findall(r"[0-9]+|元", re.sub(r"\(.\)$", "", word))) == 3  # noqa: PLR2004
