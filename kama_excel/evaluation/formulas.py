"""The rules as Excel formulas: the same arithmetic as in `rates` and `plan.rating`.

Forms and report share them. They are expressions without the leading 「=」 and work in Excel 2016, its web version
and LibreOffice. A missing rate is the empty text in its cell. `tests/evaluation/test_formulas.py` compares both.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from fractions import Fraction
from typing import NamedTuple

from kama_excel.domain.arithmetic import DIGITS, compared
from kama_excel.evaluation.rates import uses_baseline
from kama_excel.plan.rating import Aggregation, Bands, Direction, Limits, Rounding
from kama_excel.plan.rows import Indicator
from kama_excel.spreadsheets.cells import quoted

NOTHING = '""'
UNLIMITED = "9E+99"
"""Above any rate."""
LIMITS, NAMES, POINTS = "区分_下限", "区分_名称", "区分_点数"
"""Defined names of the consolidated workbook for the bands on 算定方法, lowest first."""


def number(value: Fraction) -> str:
    """Return a figure as a literal in a formula."""
    return f"{float(value):.15g}"


# --- rule 11: one arithmetic -------------------------------------------------------------------------------------------


def rounded(figure: str) -> str:
    """Round a figure for comparison and display: half up to nine decimals (rule 11).

    Away from 0.
    """
    return f"ROUND({figure},{DIGITS})"


def is_lower(rate: str, other: str) -> str:
    """Compare two rates; rates equal to nine decimals are equal."""
    return f"{rounded(f'{rate}-{other}')}<0"


def is_worse(raw: str) -> str:
    """Return whether a raw achievement is below 0 (悪化, rule 4)."""
    return f"{rounded(raw)}<0"


# --- grades, and how a rate is shown -----------------------------------------------------------------------------------


class BandTable(NamedTuple):
    """Limits and names of the grades, lowest first: ranges or array constants."""

    limits: str
    names: str
    rounding: Rounding

    @classmethod
    def of(cls, bands: Bands) -> BandTable:
        """Return a plan's bands as array constants."""
        ascending = bands.bands[::-1]
        limits = ",".join(number(band.lower) for band in ascending)
        names = ",".join(quoted(band.name) for band in ascending)
        return cls(f"{{{limits}}}", f"{{{names}}}", bands.rounding)

    @classmethod
    def in_workbook(cls, bands: Bands) -> BandTable:
        """Return the ranges of a plan's bands in the consolidated workbook."""
        return cls(LIMITS, NAMES, bands.rounding)

    def lower(self, rank: int) -> str:
        """Return the limit of a grade; `rank` counts from the lowest, which is 1."""
        return f"INDEX({self.limits},{rank})"

    def name(self, rank: int) -> str:
        """Return the name of a grade; `rank` counts from the lowest, which is 1."""
        return f"INDEX({self.names},{rank})"


def _band(rate: str, table: BandTable) -> str:
    """Return the band of a rounded rate; the lowest has no lower limit (rule 10)."""
    return f"LOOKUP(MAX({rate},MIN({table.limits})),{table.limits},{table.names})"


def grade(rate: str, table: BandTable, *, none: str = NOTHING) -> str:
    """Return the grade of a rate's cell; `none` if it has no rate."""
    return f"IF(ISNUMBER({rate}),{_band(rounded(rate), table)},{none})"


def points(rate: str, table: BandTable) -> str:
    """Return the points of the grade of a rate's cell in the consolidated workbook (rule 10)."""
    return f"IF(ISNUMBER({rate}),LOOKUP(MAX({rounded(rate)},MIN({table.limits})),{table.limits},{POINTS}),{NOTHING})"


def mean_points(which: str, points_of_all: str) -> str:
    """Return the mean points of the actions under a condition, half up to 0.01.

    The condition is an array. 「－」 if there are no such actions.
    """
    count = f"SUMPRODUCT(({which})*ISNUMBER({points_of_all}))"
    total = f"SUMPRODUCT(({which})*1,{points_of_all})"
    return f'IF({count}=0,"－",ROUND({rounded(f"{total}/{count}")},2))'


def shown(rate: str, table: BandTable) -> str:
    """Round a rate for display; cut it if rounding would show a band not reached (rule 10)."""
    digits = table.rounding.digits + 2
    cut = f"INT(ROUND({rounded(rate)}*{10**digits},{DIGITS - digits}))/{10**digits}"
    if table.rounding.is_cut:
        return f"IF(ISNUMBER({rate}),{cut},{NOTHING})"
    half_up = f"ROUND({rounded(rate)},{digits})"
    is_same = f"{_band(half_up, table)}={_band(rounded(rate), table)}"
    return f"IF(ISNUMBER({rate}),IF({is_same},{half_up},{cut}),{NOTHING})"


def shown_text(rate: str, table: BandTable) -> str:
    """Return a rate as text: 83.3%."""
    return f'TEXT({shown(rate, table)},"{table.rounding.number_format}")'


def is_shown_otherwise(rate: str, bands: Bands) -> str:
    """Return whether a number format would show another figure than `shown` (89.96 %, 切捨て).

    A conditional format allows no array constant, so every limit is tested separately.
    """
    digits = bands.rounding.digits + 2
    half_up = f"ROUND({rounded(rate)},{digits})"
    if bands.rounding.is_cut:
        cut = f"INT(ROUND({rounded(rate)}*{10**digits},{DIGITS - digits}))/{10**digits}"
        asked = [f"ROUND({rate},{digits})<>{cut}"]
    else:
        asked = [f"ROUND({rate},{digits})<>{half_up}"]
        limits = (number(band.lower) for band in bands.bands[:-1])
        asked += [f"AND({half_up}>={limit},{rounded(rate)}<{limit})" for limit in limits]
    return f"IF(ISNUMBER({rate}),OR({','.join(asked)}),FALSE)"


# --- rules 2, 3 and 5: means -------------------------------------------------------------------------------------------


def mean(cells: str) -> str:
    """Return the mean of the figures in a range with equal weights."""
    return f"IF(COUNT({cells})=0,{NOTHING},AVERAGE({cells}))"


def weighted_mean(figures: str, weights: str, condition: str = "") -> str:
    """Return the weighted mean of a column's figures (rule 2); other values are ignored.

    `condition` is an array of the same rows that selects those that count.
    """
    total, weight = weighted_sums(figures, weights, condition)
    return f"IF({weight}=0,{NOTHING},{total}/{weight})"


def weighted_sums(figures: str, weights: str, condition: str = "") -> tuple[str, str]:
    """Return the weighted sum of a column's figures, and the sum of their weights."""
    counting = f"({condition or 1})*ISNUMBER({figures})"
    return f"SUMPRODUCT({counting},{weights},{figures})", f"SUMPRODUCT({counting},{weights})"


def weighted_mean_of_rates(done: str, expected: str, where: str, weights: Sequence[tuple[Fraction, str]]) -> str:
    """Return the weighted mean of 実施, else 予定, in the rows that meet `where` (rule 2).

    For rows that may be sorted and lie among others. SUMIFS ignores text, so 対象外 and values outside 0–100 % do
    not count. `weights` are each weight with the condition of its rows ('' for all).
    """
    of_done = f'{where},{done},">=0",{done},"<=1"'
    of_expected = f'{where},{done},"=",{expected},">=0",{expected},"<=1"'
    sums, counts = [], []
    for weight, mine in weights:
        by = "" if weight == 1 else f"{number(weight)}*"
        sums.append(f"{by}(SUMIFS({done},{of_done}{mine})+SUMIFS({expected},{of_expected}{mine}))")
        counts.append(f"{by}(COUNTIFS({of_done}{mine})+COUNTIFS({of_expected}{mine}))")
    return f"IFERROR(({'+'.join(sums)})/({'+'.join(counts)}),{NOTHING})"


# --- rule 4: achievement -----------------------------------------------------------------------------------------------


class IndicatorCells(NamedTuple):
    """The cells of an indicator's row. `actual` may be an expression.

    `is_live` says that the target is a formula over the years' targets, which may come to the baseline, 0 or less.
    """

    baseline: str
    target: str
    actual: str
    is_live: bool = False


def by_case(indicator: Indicator, cells: IndicatorCells, by_baseline: str, from_target: str) -> str:
    """Return the expression of rule 4a or of cases b, c and d; both where the target is live."""
    if cells.is_live and indicator.baseline is not None:
        return f"IF({rounded(cells.target)}={rounded(cells.baseline)},{from_target},{by_baseline})"
    return by_baseline if uses_baseline(indicator) else from_target


def by_target(indicator: Indicator, cells: IndicatorCells, of_zero: str, otherwise: str) -> str:
    """Return the expression for the target 0 (case d) or any other."""
    if cells.is_live:
        return f"IF({rounded(cells.target)}=0,{of_zero},{otherwise})"
    return of_zero if indicator.goal == 0 else otherwise


def achievement(indicator: Indicator, cells: IndicatorCells) -> str:
    """Return the raw rate by the case of rule 4 that applies."""
    by_baseline = f"({cells.actual}-{cells.baseline})/({cells.target}-{cells.baseline})"
    return by_case(indicator, cells, by_baseline, _from_target(indicator, cells))


def without_baseline(indicator: Indicator, cells: IndicatorCells, limits: Limits) -> str:
    """Return the limited rate if the plan had no baseline; '' for a negative target."""
    rate = limited(_from_target(indicator, cells), limits)
    if cells.is_live:
        return f"IF({rounded(cells.target)}<0,{NOTHING},{rate})"
    return NOTHING if compared(indicator.goal) < 0 else rate


def _from_target(indicator: Indicator, cells: IndicatorCells) -> str:
    """Return the raw rate by the cases b, c and d: against the target alone."""
    if indicator.direction is Direction.DOWN:
        return f"IF({meets_at_most(cells)},1,{cells.target}/{cells.actual})"
    return by_target(indicator, cells, f"IF({meets_at_least(cells)},1,0)", f"{cells.actual}/{cells.target}")


def highest(indicator: Indicator, cells: IndicatorCells, limits: Limits) -> str:
    """Return the highest possible rate; `UNLIMITED` if none. Cases c and d end at 100 %."""
    upper = UNLIMITED if limits.upper is None else number(limits.upper)
    full = "1" if limits.upper is None else number(min(limits.upper, Fraction(1)))
    if full == upper:
        return full
    is_down = indicator.direction is Direction.DOWN
    return by_case(indicator, cells, upper, full if is_down else by_target(indicator, cells, full, upper))


def meets_at_most(cells: IndicatorCells) -> str:
    """Return whether an actual is at most the target (case c)."""
    return f"{rounded(cells.actual)}<={rounded(cells.target)}"


def meets_at_least(cells: IndicatorCells) -> str:
    """Return whether an actual is at least the target, which is 0 (case d)."""
    return f"{rounded(cells.actual)}>={rounded(cells.target)}"


def limited(rate: str, limits: Limits) -> str:
    """Limit a rate to the plan's 達成率の下限 and 達成率の上限 (rule 10)."""
    if limits.upper is not None:
        rate = f"MIN({number(limits.upper)},{rate})"
    return f"MAX({number(limits.lower)},{rate})" if limits.lower is not None else rate


# --- rule 4: indicators that are asked for by year ----------------------------------------------------------------------


def taken_together(aggregation: Aggregation, figures: str, actuals: str) -> str:
    """Combine the years' figures by 集計: the newest, their sum or their mean.

    `figures` and `actuals` are columns of the same rows, a row a year, oldest first. Only years with an actual
    count; '' without any.
    """
    total = f"SUMPRODUCT(ISNUMBER({actuals})*1,{figures})"
    first = figures.partition(":")[0]
    newest = f"SUMPRODUCT(MAX(ISNUMBER({actuals})*ROW({actuals})))-ROW({first})+1"
    found = {
        Aggregation.SUM: total,
        Aggregation.MEAN: f"{total}/COUNT({actuals})",
        Aggregation.LATEST: f"INDEX({figures},{newest})",
    }[aggregation]
    return f"IF(COUNT({actuals})=0,{NOTHING},{found})"


def is_newest(actual: str, later: str) -> str:
    """Return whether a year's actual is the newest.

    `later` are the cells of the following years; '' for none.
    """
    return f"AND(ISNUMBER({actual}),COUNT({later})=0)" if later else f"ISNUMBER({actual})"


# --- what a better grade needs -----------------------------------------------------------------------------------------


def actual_needed(indicator: Indicator, lower: str, cells: IndicatorCells) -> str:
    """Return the actual at which the achievement equals a grade's limit: rule 4 inverted."""
    by_baseline = f"{cells.baseline}+{lower}*({cells.target}-{cells.baseline})"
    from_target = f"{cells.target}/{lower}" if indicator.direction is Direction.DOWN else f"{cells.target}*{lower}"
    return by_case(indicator, cells, by_baseline, from_target)


def enough(figure: str, digits: int, *, is_less: bool = False) -> str:
    """Round a needed figure to the sufficient side: up, or down if less is better."""
    figure = rounded(figure)
    away, towards = ("ROUNDDOWN", "ROUNDUP") if is_less else ("ROUNDUP", "ROUNDDOWN")
    return f"IF({figure}<0,{towards}({figure},{digits}),{away}({figure},{digits}))"


def year_progress_needed(lower: str, ended: str, open_years: int) -> str:
    """Return the mean progress that each open year needs; `ended` are the other years' means."""
    count, total = (f"COUNT({ended})", f"SUM({ended})") if ended else ("0", "0")
    return f"({lower}*({count}+{open_years})-{total})/{open_years}"


def is_reached(rate: str, lower: str) -> str:
    """Return whether a rate has reached a grade's limit."""
    return f"{rounded(rate)}>={lower}"


# --- rule 7: what was reported -----------------------------------------------------------------------------------------


def count_reported(figures: str, is_planned: str) -> str:
    """Count the reported tasks: those with a figure that is no 予定 (marked by 1)."""
    return f"SUMPRODUCT(ISNUMBER({figures})*({is_planned}<>1))"


def any_of(conditions: Iterable[str]) -> str:
    """Return whether any of the conditions is true."""
    return f"OR({','.join(conditions)})" if (conditions := tuple(conditions)) else "FALSE"
