"""Read the sheets 指標 and 年度目標, and check them against each other (rule 4)."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from kama_excel.domain.arithmetic import compared
from kama_excel.domain.calendar import year_label
from kama_excel.domain.text import normalize_key
from kama_excel.findings.catalogue import Code
from kama_excel.plan import rows
from kama_excel.plan.model import Action, Indicator, YearlyTarget
from kama_excel.plan.rating import Aggregation, Direction, Yardstick
from kama_excel.plan.references import Versions, check_versions, check_year, department_of, known_action
from kama_excel.plan.rows import Record, Records
from kama_excel.spreadsheets.cells import is_blank

_UPKEEP = "維持"


def read_indicators(
    records: Records, actions: Mapping[int, Action], today: Mapping[str, str]
) -> tuple[tuple[Indicator, ...], tuple[Record, ...]]:
    """Read the indicators, and the place of each."""
    indicators, of_rows = [], []
    numbers: Versions = {}
    for record in records.rows(rows.INDICATORS):
        no, action_no, name = record.code("指標No"), known_action(record, actions), record.text("指標", required=True)
        unit = record.optional_text("単位")
        baseline, target = record.figure("基準値", unit), record.figure("目標値", unit)
        aggregation = record.choice("集計", {each.value: each.value for each in Aggregation})
        direction = _direction(record, baseline, target)
        department, how_to_fill = department_of(record, "担当課", today), record.optional_text("記入のしかた")
        period = record.period()
        check_versions(record, "指標No", no, period, numbers)
        if action_no is None:
            continue
        if target is None and is_blank(record.optional("目標値")):
            record.find(Code.PLAN_TARGET_BLANK, "目標値", name=name)
        if target is not None and target < 0 and (baseline is None or baseline == target):
            record.find(Code.PLAN_TARGET_NEGATIVE, "目標値")
        if aggregation == Aggregation.SUM and baseline:
            record.find(Code.PLAN_SUM_WITH_BASELINE, "基準値")
        if (
            target is not None
            and baseline == target
            and not any(_UPKEEP in text for text in (name, how_to_fill, actions[action_no].target_text))
        ):
            record.find(Code.PLAN_UPKEEP_UNSAID, "目標値")
        if baseline is None and normalize_key(unit) == "倍":
            record.find(Code.PLAN_MULTIPLE_WITHOUT_BASELINE, "基準値")
        row = Indicator(no, action_no, name, unit, baseline, target, direction, department, how_to_fill, period)
        indicators.append(replace(row, aggregation=Aggregation(aggregation or Aggregation.LATEST)))
        of_rows.append(record)
    return tuple(indicators), tuple(of_rows)


def read_yearly_targets(
    records: Records,
    indicators: Sequence[Indicator],
    of_rows: Sequence[Record],
    years: tuple[int, int] | None,
    yardstick: Yardstick,
) -> tuple[YearlyTarget, ...]:
    """Read 年度目標 and check them against the indicators (rule 4)."""
    targets: list[tuple[YearlyTarget, Record]] = []
    by_no = {indicator.no: indicator for indicator in indicators}
    keys: Versions = {}
    for record in records.rows(rows.YEARLY_TARGETS):
        no, year = record.code("指標No"), record.fiscal_year("年度")
        indicator = by_no.get(no)
        if no and indicator is None:
            record.find(Code.PLAN_REFERENCE_UNKNOWN, "指標No", sheet_name=rows.INDICATORS.name)
        check_year(record, year, years)
        target = record.figure("目標値", indicator.unit if indicator else "", required=True)
        period = record.period()
        check_versions(record, "年度", f"{no}-{year}" if no and year else "", period, keys)
        if indicator is None or year is None or target is None:
            continue
        if _is_beyond(indicator, target):
            record.find(Code.PLAN_YEARLY_TARGET_BEYOND, "目標値", baseline=_figure_text(indicator.baseline))
        targets.append((YearlyTarget(no, year, target, period), record))
    for indicator, record in zip(indicators, of_rows, strict=True):
        mine = [(row, where) for row, where in targets if row.indicator_no == indicator.no]
        if mine and years is not None:
            _check_years(indicator, record, mine, years, yardstick)
    return tuple(row for row, _ in targets)


def _is_beyond(indicator: Indicator, target: Fraction) -> bool:
    """Return whether a yearly target is on the other side of 基準値 than 目標値."""
    if indicator.baseline is None or indicator.target is None:
        return False
    return (target - indicator.baseline) * (indicator.target - indicator.baseline) < 0


def _figure_text(figure: Fraction | None) -> str:
    return "" if figure is None else f"{float(figure):.15g}"


def _check_years(
    indicator: Indicator,
    record: Record,
    mine: Sequence[tuple[YearlyTarget, Record]],
    years: tuple[int, int],
    yardstick: Yardstick,
) -> None:
    if indicator.target is None:
        mine[0][1].find(Code.PLAN_YEARLY_TARGET_ALONE, "指標No")
        return
    by_year = {row.fiscal_year: row.target for row, _ in mine}
    missing = [year for year in range(years[0], years[1] + 1) if year not in by_year]
    if missing:
        if yardstick is Yardstick.YEARLY:
            words = "・".join(map(year_label, missing))
            mine[0][1].find(Code.PLAN_YEARLY_TARGET_MISSING, "年度", no=indicator.no, years=words)
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
        record.find(Code.PLAN_YEARLY_TARGETS_DIFFER, "目標値", what=what, other=_figure_text(together))


def _direction(record: Record, baseline: Fraction | None, target: Fraction | None) -> Direction:
    """Return the direction from baseline and target, else the plan's, else 増 (rule 4)."""
    typed = record.choice("向き", {direction.value: direction.value for direction in Direction})
    if baseline is None or target is None or baseline == target:
        return Direction(typed) if typed else Direction.UP
    follows = Direction.UP if target > baseline else Direction.DOWN
    if typed and typed != follows:
        details = {"baseline": record.row.cell("基準値").text, "target": record.row.cell("目標値").text}
        record.find(Code.PLAN_DIRECTION_CONTRADICTS, "向き", **details)
    return follows
