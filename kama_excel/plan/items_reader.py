"""Read the sheets 計画 and 評価区分: items, bands, limits and rounding (rule 10)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from kama_excel.domain.calendar import DeadlineRule
from kama_excel.domain.place import Place
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import finding, has_errors
from kama_excel.parsing.months_and_deadlines import parse_deadline
from kama_excel.plan import rows
from kama_excel.plan.rating import Band, Bands, Limits, Rounding, Yardstick
from kama_excel.plan.references import check_twice
from kama_excel.plan.rows import Record, Records
from kama_excel.spreadsheets.cells import is_blank

_NO_GRADES = ("未評価", "評価対象外", "終了")
"""The categories of actions without a grade."""


def read_items(records: Records) -> dict[str, Record]:
    """Return the rows of 計画 by their item."""
    items: dict[str, Record] = {}
    seen: dict[str, str] = {}
    for record in records.rows(rows.PLAN):
        item = record.text("項目")
        check_twice(record, "項目", item, seen)
        items[item] = record
    return items


def read_item(records: Records, items: Mapping[str, Record], item: str) -> str:
    """Read the text of an item; '' with a finding if it is missing or blank."""
    record = items.get(item)
    if record and not is_blank(record.row.cell("値")):
        return record.text("値")
    if record or records.workbook.sheet(rows.PLAN.name):
        place = record.place("値") if record else Place(records.file, rows.PLAN.name)
        records.findings.append(finding(Code.PLAN_ITEM_MISSING, place, item=item))
    return ""


def read_years(items: Mapping[str, Record], texts: Mapping[str, str]) -> tuple[int, int] | None:
    """Read the plan's first and last fiscal year; None if one is missing or they are reversed."""
    first, last = (items[item].fiscal_year("値") if texts[item] else None for item in (rows.FIRST_YEAR, rows.LAST_YEAR))
    if first is None or last is None:
        return None
    if last < first:
        items[rows.LAST_YEAR].find(Code.PLAN_YEARS_REVERSED, "値")
        return None
    return first, last


def read_deadline(items: Mapping[str, Record]) -> DeadlineRule | None:
    """Read 提出期限; None if it is missing or blank."""
    record = items.get(rows.DEADLINE)
    if record is None or is_blank(record.row.cell("値")):
        return None
    deadline = parse_deadline(record.row.cell("値"))
    if deadline is None:
        record.find(Code.PLAN_VALUE_UNREADABLE, "値", expected="「翌月5日」「毎月25日」「翌月末」か日付")
    return deadline


def read_limits(items: Mapping[str, Record]) -> Limits:
    """Read 達成率の下限 and 達成率の上限 (rule 10); the defaults if they are missing."""
    found: dict[str, Fraction | None] = {}
    for item, default in ((rows.LOWER_LIMIT, Fraction(0)), (rows.UPPER_LIMIT, Fraction(1))):
        record = items.get(item)
        is_blank_item = record is None or is_blank(record.row.cell("値"))
        if record is None or is_blank_item:
            found[item] = default
        elif record.is_word("値", rows.NO_LIMIT):
            found[item] = None
        else:
            found[item] = record.any_rate("値")
    lower, upper = found[rows.LOWER_LIMIT], found[rows.UPPER_LIMIT]
    if lower is not None and upper is not None and lower >= upper:
        record = items.get(rows.LOWER_LIMIT) or items[rows.UPPER_LIMIT]
        record.find(Code.PLAN_LIMITS_REVERSED, "値")
    return Limits(lower, upper)


def read_rounding(items: Mapping[str, Record]) -> Rounding:
    """Read 率の小数桁 and 端数処理 (rule 10)."""
    words = {"四捨五入": "四捨五入", "切捨て": "切捨て", "切り捨て": "切捨て"}
    record = items.get(rows.ROUNDING)
    is_cut = record is not None and record.choice("値", words) == "切捨て"
    digits, record = Fraction(1), items.get(rows.DIGITS)
    if record is not None and not is_blank(record.row.cell("値")):
        digits = record.number("値") or Fraction(0)
        if digits not in (0, 1, 2):
            record.find(Code.PLAN_VALUE_UNREADABLE, "値", expected="0・1・2")
    return Rounding(int(digits), is_cut)


def read_bands(records: Records, limits: Limits, rounding: Rounding) -> Bands | None:
    """Read 評価区分, best first; None if there are no bands. Two of one limit are an エラー."""
    found: dict[Fraction, tuple[Band, Record]] = {}
    names: dict[str, str] = {}
    for record in records.rows(rows.BANDS):
        name, lower = record.text("区分", required=True), record.any_rate("下限")
        check_twice(record, "区分", name, names)
        if name in _NO_GRADES:
            record.find(Code.PLAN_BAND_NAME_TAKEN, "区分")
        band = Band(name, lower or Fraction(0), record.text("記号"), record.number("点数"))
        if lower is None:
            continue
        if lower in found:
            record.find(Code.PLAN_BANDS_OVERLAP, "下限", value=name, other=found[lower][0].name)
        found[lower] = (band, record)
    if not found:
        if records.workbook.sheet(rows.BANDS.name) and not has_errors(records.findings):
            place = Place(records.file, rows.BANDS.name)
            records.findings.append(finding(Code.PLAN_BANDS_OPEN, place, value="区分なし"))
        return None
    lowest = min(found)
    if lowest > 0:
        found[lowest][1].find(Code.PLAN_BANDS_OPEN, "下限")
    best_first = [found[lower] for lower in sorted(found, reverse=True)]
    _check_reachable(best_first, limits)
    with_points = [band.points is not None for band, _ in best_first]
    if any(with_points) and not all(with_points):
        best_first[with_points.index(False)][1].find(Code.PLAN_POINTS_MISSING, "点数")
    return Bands(tuple(band for band, _ in best_first), limits, rounding)


def _check_reachable(best_first: Sequence[tuple[Band, Record]], limits: Limits) -> None:
    """Report bands that no rate can reach.

    Achievements are within the limits, other rates within 0–100 %.
    """
    for at, (band, record) in enumerate(best_first):
        is_too_high = limits.upper is not None and band.lower > max(limits.upper, Fraction(1))
        above = best_first[at - 1][0] if at else None
        is_too_low = above is not None and limits.lower is not None and above.lower <= min(limits.lower, Fraction(0))
        if is_too_high or is_too_low:
            item = rows.UPPER_LIMIT if is_too_high else rows.LOWER_LIMIT
            record.find(Code.PLAN_BAND_UNREACHABLE, "下限", name=band.name, item=item)


def read_yardstick(items: Mapping[str, Record]) -> Yardstick:
    """Read 達成率の基準; 最終目標 if it is missing."""
    record = items.get(rows.YARDSTICK)
    word = record.choice("値", {each.value: each.value for each in Yardstick}) if record else ""
    return Yardstick(word) if word else Yardstick.FINAL
