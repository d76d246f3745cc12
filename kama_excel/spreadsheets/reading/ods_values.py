"""Values of .ods cells: the attribute that holds the value depends on the type."""

from __future__ import annotations

import datetime as dt
import re

from kama_excel.spreadsheets.cells import Value

_TIME = re.compile(r"(-?)P(?:(\d+)D)?T?(?:(\d+)H)?(?:(\d+)M)?(?:(\d+)(?:[.,]\d+)?S)?")


def value_of(types: frozenset[str], here: dict[str, str]) -> Value | None:
    """Return the value of a cell that holds no text; None if its notation is unknown."""
    try:
        if types & {"float", "percentage", "currency"}:
            number = float(here.get("value", ""))
            return number if abs(number) < float("inf") else None
        if "date" in types:
            moment = dt.datetime.fromisoformat(here.get("date-value", "")).replace(tzinfo=None)
            return moment if moment.time() != dt.time() else moment.date()
        if "time" in types and (match := _TIME.fullmatch(here.get("time-value", ""))):
            days, hours, minutes, seconds = (int(each or 0) for each in match.groups()[1:])
            span = dt.timedelta(days=days, hours=hours, minutes=minutes, seconds=seconds)
            return -span if match[1] else span
        if "boolean" in types:
            return {"true": True, "false": False}.get(here.get("boolean-value", ""))
    except (ValueError, OverflowError):
        pass
    return None
