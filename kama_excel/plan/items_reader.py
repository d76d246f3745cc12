"""Read the sheets 計画 and 評価区分: items, bands, limits and rounding (rule 10)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction
from typing import NamedTuple

from kama_excel.domain.calendar import DeadlineRule
from kama_excel.domain.place import NOWHERE, Place
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding, finding, has_errors
from kama_excel.parsing.months_and_deadlines import parse_deadline
from kama_excel.plan import plan_sheets
from kama_excel.plan.rating import Band, Bands, Limits, Rounding, Yardstick
from kama_excel.plan.row_reader import RowReader
from kama_excel.plan.rows import Period
from kama_excel.plan.sheet_reader import SheetReader, findings_of, repeated

_NO_GRADES = ("未評価", "評価対象外", "終了")
"""The categories of actions without a grade."""


class PlanItems(NamedTuple):
    """The items of 計画; `texts` has the required ones, '' with a finding if missing."""

    texts: Mapping[str, str]
    years: tuple[int, int] | None
    """First and last fiscal year; None if one is missing or they are reversed."""
    limits: Limits
    rounding: Rounding
    yardstick: Yardstick
    deadline: DeadlineRule | None
    send_to: str
    ask: str
    headline_place: Place


def read_items(reader: SheetReader) -> tuple[PlanItems, list[Finding]]:
    """Read the items of 計画; an optional one that is missing has its default."""
    rows, findings = reader.rows(plan_sheets.PLAN)
    names = [(row.text("項目"), row) for row in rows]
    findings += repeated("項目", ((name, Period(), row) for name, row in names))
    by_name = dict(names)
    items = {name: row for name, row in by_name.items() if not row.is_blank("値")}
    for name in plan_sheets.ITEMS:
        row = by_name.get(name)
        if name not in items and (row or reader.workbook.sheet(plan_sheets.PLAN.name)):
            place = row.place("値") if row else Place(reader.file, plan_sheets.PLAN.name)
            findings.append(finding(Code.PLAN_ITEM_MISSING, place, item=name))
    texts = {name: items[name].text("値") if name in items else "" for name in plan_sheets.ITEMS}
    years, of_years = _years(items, texts)
    limits, of_limits = _limits(items)
    deadline, of_deadline = _deadline(items.get(plan_sheets.DEADLINE))
    rounding, of_rounding = _rounding(items)
    words = {each.value: each.value for each in Yardstick}
    yardstick = items[plan_sheets.YARDSTICK].choice("値", words) if plan_sheets.YARDSTICK in items else ""
    send_to, ask = (items[name].text("値") if name in items else "" for name in (plan_sheets.SEND_TO, plan_sheets.ASK))
    headline = items.get(plan_sheets.HEADLINE)
    found = PlanItems(
        texts,
        years,
        limits,
        rounding,
        Yardstick(yardstick) if yardstick else Yardstick.FINAL,
        deadline,
        send_to,
        ask,
        headline.place("値") if headline else NOWHERE,
    )
    return found, [*findings, *findings_of(rows), *of_years, *of_limits, *of_deadline, *of_rounding]


def _years(items: Mapping[str, RowReader], texts: Mapping[str, str]) -> tuple[tuple[int, int] | None, list[Finding]]:
    first, last = (
        items[name].fiscal_year("値") if texts[name] else None
        for name in (plan_sheets.FIRST_YEAR, plan_sheets.LAST_YEAR)
    )
    if first is None or last is None:
        return None, []
    if last < first:
        return None, [items[plan_sheets.LAST_YEAR].finding(Code.PLAN_YEARS_REVERSED, "値")]
    return (first, last), []


def _deadline(row: RowReader | None) -> tuple[DeadlineRule | None, list[Finding]]:
    if row is None:
        return None, []
    deadline = parse_deadline(row.row.cell("値"))
    expected = "「翌月5日」「毎月25日」「翌月末」か日付"
    return deadline, [] if deadline else [row.finding(Code.PLAN_VALUE_UNREADABLE, "値", expected=expected)]


def _limits(items: Mapping[str, RowReader]) -> tuple[Limits, list[Finding]]:
    """Read 達成率の下限 and 達成率の上限 (rule 10)."""
    limits: dict[str, Fraction | None] = {plan_sheets.LOWER_LIMIT: Fraction(0), plan_sheets.UPPER_LIMIT: Fraction(1)}
    for name in limits:
        if row := items.get(name):
            limits[name] = None if row.is_word("値", plan_sheets.NO_LIMIT) else row.any_rate("値")
    lower, upper = limits.values()
    if lower is not None and upper is not None and lower >= upper:
        row = items.get(plan_sheets.LOWER_LIMIT) or items[plan_sheets.UPPER_LIMIT]
        return Limits(lower, upper), [row.finding(Code.PLAN_LIMITS_REVERSED, "値")]
    return Limits(lower, upper), []


def _rounding(items: Mapping[str, RowReader]) -> tuple[Rounding, list[Finding]]:
    """Read 率の小数桁 and 端数処理 (rule 10)."""
    words = {"四捨五入": "四捨五入", "切捨て": "切捨て", "切り捨て": "切捨て"}
    row = items.get(plan_sheets.ROUNDING)
    is_cut = row is not None and row.choice("値", words) == "切捨て"
    row = items.get(plan_sheets.DIGITS)
    typed = row.number("値") if row else None
    digits = Fraction(1) if typed is None else typed
    if row and digits not in (0, 1, 2):
        return Rounding(int(digits), is_cut), [row.finding(Code.PLAN_VALUE_UNREADABLE, "値", expected="0・1・2")]
    return Rounding(int(digits), is_cut), []


def read_bands(reader: SheetReader, items: PlanItems) -> tuple[Bands | None, list[Finding]]:
    """Read 評価区分, best first; None if there are no bands. Two of one limit are an エラー."""
    rows, findings = reader.rows(plan_sheets.BANDS)
    found: dict[Fraction, tuple[Band, RowReader]] = {}
    names: list[tuple[str, Period, RowReader]] = []
    for row in rows:
        name, lower = row.text("区分", required=True), row.any_rate("下限")
        names.append((name, Period(), row))
        if name in _NO_GRADES:
            findings.append(row.finding(Code.PLAN_BAND_NAME_TAKEN, "区分"))
        band = Band(name, lower or Fraction(0), row.text("記号"), row.number("点数"))
        if lower is None:
            continue
        if lower in found:
            other = found[lower][0].name
            findings.append(row.finding(Code.PLAN_BANDS_OVERLAP, "下限", value=name, other=other))
        found[lower] = (band, row)
    findings += [*repeated("区分", names), *findings_of(rows)]
    if not found:
        if reader.workbook.sheet(plan_sheets.BANDS.name) and not has_errors(findings):
            findings.append(finding(Code.PLAN_BANDS_OPEN, Place(reader.file, plan_sheets.BANDS.name), value="区分なし"))
        return None, findings
    best_first = [found[lower] for lower in sorted(found, reverse=True)]
    bands = Bands(tuple(band for band, _ in best_first), items.limits, items.rounding)
    headline = items.texts[plan_sheets.HEADLINE]
    if headline and headline not in bands.names:
        findings.append(finding(Code.PLAN_HEADLINE_UNKNOWN, items.headline_place, value=headline))
    return bands, [*findings, *_check_bands(best_first, items.limits)]


def _check_bands(best_first: Sequence[tuple[Band, RowReader]], limits: Limits) -> Iterator[Finding]:
    """Report rates without a band, unreachable bands, and a missing 点数 among others.

    Achievements are within the limits, other rates within 0–100 %.
    """
    lowest, lowest_row = best_first[-1]
    if lowest.lower > 0:
        yield lowest_row.finding(Code.PLAN_BANDS_OPEN, "下限")
    for at, (band, row) in enumerate(best_first):
        is_too_high = limits.upper is not None and band.lower > max(limits.upper, Fraction(1))
        above = best_first[at - 1][0] if at else None
        is_too_low = above is not None and limits.lower is not None and above.lower <= min(limits.lower, Fraction(0))
        if is_too_high or is_too_low:
            item = plan_sheets.UPPER_LIMIT if is_too_high else plan_sheets.LOWER_LIMIT
            yield row.finding(Code.PLAN_BAND_UNREACHABLE, "下限", name=band.name, item=item)
    without_points = [row for band, row in best_first if band.points is None]
    if 0 < len(without_points) < len(best_first):
        yield without_points[0].finding(Code.PLAN_POINTS_MISSING, "点数")
