"""Read the sheets 指標 and 年度目標, and check them against each other (rule 4)."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from kama_excel.domain.arithmetic import compared
from kama_excel.domain.calendar import Month, year_label
from kama_excel.domain.text import normalize_key
from kama_excel.findings.catalogue import Code
from kama_excel.findings.finding import Finding
from kama_excel.plan.plan_sheets import INDICATORS, YEARLY_TARGETS
from kama_excel.plan.rating import Aggregation, Direction, Yardstick
from kama_excel.plan.row_reader import RowReader
from kama_excel.plan.rows import Action, Indicator, Period, YearlyTarget
from kama_excel.plan.sheet_reader import SheetReader, findings_of, repeated
from kama_excel.spreadsheets.cells import is_blank

_UPKEEP = "維持"


def read_indicators(
    reader: SheetReader, actions: Mapping[int, Action], current: Mapping[str, str]
) -> tuple[list[tuple[Indicator, RowReader]], list[Finding]]:
    """Read the indicators, each with its row; `current` has the departments' current names."""
    rows, findings = reader.rows(INDICATORS)
    indicators = []
    numbers: list[tuple[str, Period, RowReader]] = []
    for row in rows:
        no, action_no, name = row.code("指標No"), row.action_no(actions), row.text("指標", required=True)
        unit = row.optional_text("単位")
        baseline, target = row.figure("基準値", unit), row.figure("目標値", unit)
        aggregation = Aggregation(row.choice("集計", {each.value: each.value for each in Aggregation}) or "最新")
        direction, contradictions = _direction(row, baseline, target)
        findings += contradictions
        department, how_to_fill = row.department("担当課", current), row.optional_text("記入のしかた")
        period = row.period()
        numbers.append((no, period, row))
        if action_no is None:
            continue
        indicator = Indicator(
            *(no, action_no, name, unit, baseline, target, direction, department, how_to_fill, period, aggregation)
        )
        findings += _check_indicator(row, indicator, actions[action_no])
        indicators.append((indicator, row))
    return indicators, [*findings, *findings_of(rows), *repeated("指標No", numbers)]


def _check_indicator(row: RowReader, indicator: Indicator, action: Action) -> Iterator[Finding]:
    baseline, target = indicator.baseline, indicator.target
    if target is None and is_blank(row.optional("目標値")):
        yield row.finding(Code.PLAN_TARGET_BLANK, "目標値", name=indicator.name)
    if target is not None and _is_negative(indicator, target):
        yield row.finding(Code.PLAN_TARGET_NEGATIVE, "目標値")
    if indicator.aggregation is Aggregation.SUM and baseline:
        yield row.finding(Code.PLAN_SUM_WITH_BASELINE, "基準値")
    says_upkeep = any(_UPKEEP in text for text in (indicator.name, indicator.how_to_fill, action.target_text))
    if target is not None and baseline == target and not says_upkeep:
        yield row.finding(Code.PLAN_UPKEEP_UNSAID, "目標値")
    if baseline is None and normalize_key(indicator.unit) == "倍":
        yield row.finding(Code.PLAN_MULTIPLE_WITHOUT_BASELINE, "基準値")


def read_yearly_targets(
    reader: SheetReader, indicators: Sequence[tuple[Indicator, RowReader]], yardstick: Yardstick
) -> tuple[tuple[YearlyTarget, ...], list[Finding]]:
    """Read 年度目標 and check them against the indicators (rule 4)."""
    rows, findings = reader.rows(YEARLY_TARGETS)
    targets: list[tuple[YearlyTarget, RowReader]] = []
    by_no: dict[str, list[Indicator]] = {}
    for indicator, _ in indicators:
        by_no.setdefault(indicator.no, []).append(indicator)
    keys: list[tuple[str, Period, RowReader]] = []
    for row in rows:
        no, year, period = row.code("指標No"), row.fiscal_year("年度"), row.period()
        if no and no not in by_no:
            findings.append(row.finding(Code.PLAN_REFERENCE_UNKNOWN, "指標No", sheet_name=INDICATORS.name))
        measured = [each for each in by_no.get(no, ()) if each.period.overlaps(period)]
        target = row.figure("目標値", measured[-1].unit if measured else "", required=True)
        keys.append((f"{no}-{year}" if no and year else "", period, row))
        if no not in by_no or year is None or target is None:
            continue
        if beyond := next((each for each in measured if _is_beyond(each, target)), None):
            baseline = _figure_text(beyond.baseline)
            findings.append(row.finding(Code.PLAN_YEARLY_TARGET_BEYOND, "目標値", baseline=baseline))
        if any(_is_negative(each, target) for each in measured):
            findings.append(row.finding(Code.PLAN_TARGET_NEGATIVE, "目標値"))
        targets.append((YearlyTarget(no, year, target, period), row))
    findings += [*findings_of(rows), *repeated("年度", keys)]
    for indicator, row in indicators:
        of_no = [each for each in targets if each[0].indicator_no == indicator.no]
        mine = [(target, where) for target, where in of_no if target.period.overlaps(indicator.period)]
        if mine and reader.years:
            findings += _check_years(indicator, row, mine, reader.years, yardstick)
    return tuple(target for target, _ in targets), findings


def _is_beyond(indicator: Indicator, target: Fraction) -> bool:
    """Return whether a yearly target is on the other side of 基準値 than 目標値."""
    if indicator.baseline is None or indicator.target is None:
        return False
    return (target - indicator.baseline) * (indicator.target - indicator.baseline) < 0


def _is_negative(indicator: Indicator, target: Fraction) -> bool:
    """Return whether a negative target alone measures the rate (cases b and c)."""
    return target < 0 and indicator.baseline in (None, target)


def _figure_text(figure: Fraction | None) -> str:
    return "" if figure is None else f"{float(figure):.15g}"


def _check_years(
    indicator: Indicator,
    row: RowReader,
    mine: Sequence[tuple[YearlyTarget, RowReader]],
    years: tuple[int, int],
    yardstick: Yardstick,
) -> Iterator[Finding]:
    if indicator.target is None:
        yield mine[0][1].finding(Code.PLAN_YEARLY_TARGET_ALONE, "指標No")
        return
    missing = _missing_years(indicator, [target for target, _ in mine], years)
    if missing and yardstick is Yardstick.YEARLY:
        words = "・".join(map(year_label, missing))
        yield mine[0][1].finding(Code.PLAN_YEARLY_TARGET_MISSING, "年度", no=indicator.no, years=words)
    in_order = sorted((target for target, _ in mine), key=lambda target: target.period.start)
    by_year = {target.fiscal_year: target.target for target in in_order}
    if missing or len(by_year) <= years[1] - years[0]:
        return
    figures = [by_year[year] for year in sorted(by_year)]
    together = {
        Aggregation.LATEST: figures[-1],
        Aggregation.SUM: sum(figures, Fraction(0)),
        Aggregation.MEAN: sum(figures, Fraction(0)) / len(figures),
    }[indicator.aggregation]
    if compared(together) != compared(indicator.target):
        what = {Aggregation.LATEST: "最後の年度の目標値"}.get(
            indicator.aggregation, f"年度目標の{indicator.aggregation}"
        )
        yield row.finding(Code.PLAN_YEARLY_TARGETS_DIFFER, "目標値", what=what, other=_figure_text(together))


def _missing_years(indicator: Indicator, targets: Sequence[YearlyTarget], years: tuple[int, int]) -> list[int]:
    """Return the years without a target in a month that is measured by yearly ones.

    From the first 適用開始 on each year needs a row once it has begun, so that no year is measured without one.
    """
    first = min(target.period.first or Month(years[0], 4) for target in targets)
    missing = []
    for year in range(years[0], years[1] + 1):
        month = max(first, Month(year, 4), indicator.period.first or first)
        of_year = (target for target in targets if target.fiscal_year == year)
        is_needed = indicator.period.last is None or month <= indicator.period.last
        if is_needed and not any(target.period.has_begun(month) for target in of_year):
            missing.append(year)
    return missing


def _direction(row: RowReader, baseline: Fraction | None, target: Fraction | None) -> tuple[Direction, list[Finding]]:
    """Return the direction from baseline and target, else the plan's, else 増 (rule 4)."""
    typed = row.choice("向き", {direction.value: direction.value for direction in Direction})
    if baseline is None or target is None or baseline == target:
        return Direction(typed) if typed else Direction.UP, []
    follows = Direction.UP if target > baseline else Direction.DOWN
    if not typed or typed == follows:
        return follows, []
    figures = {"baseline": row.row.cell("基準値").text, "target": row.row.cell("目標値").text}
    return follows, [row.finding(Code.PLAN_DIRECTION_CONTRADICTS, "向き", **figures)]
