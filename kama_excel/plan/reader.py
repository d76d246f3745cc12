"""The plan workbook → Plan, with every inconsistency as a finding at its cell."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from fractions import Fraction

from kama_excel.domain.arithmetic import compared
from kama_excel.domain.calendar import DeadlineRule, Month, year_label
from kama_excel.domain.keys import Key
from kama_excel.domain.place import Place
from kama_excel.domain.text import is_placeholder, name_key, normalize_key
from kama_excel.files.limits import RefusedError
from kama_excel.findings.catalogue import Code
from kama_excel.findings.failure import Failure
from kama_excel.findings.finding import Finding, finding, has_errors
from kama_excel.parsing.calendar_text import parse_deadline
from kama_excel.plan import rows
from kama_excel.plan.model import (
    Action,
    Correction,
    Decision,
    Department,
    Indicator,
    Measure,
    Period,
    Plan,
    Task,
    YearlyTarget,
    method_words,
)
from kama_excel.plan.rating import Aggregation, Band, Bands, Direction, Limits, Method, Rounding, Yardstick
from kama_excel.plan.rows import Record, Records
from kama_excel.spreadsheets.cells import Workbook, is_blank
from kama_excel.spreadsheets.reading.open_workbook import read_workbook
from kama_excel.workspace.folders import Workspace, plan_content

_METHODS = {method.value: method for method in Method if method is not Method.PLAN_AVERAGE}

_AVERAGE = re.compile(r"(?:\d+[カヵケヶか箇]年)?平均(?:進捗率|達成率)?")

_UPKEEP = "維持"

_ADDRESS = re.compile(r"[^@\s,;<>]+@[^@\s,;<>]+\.[^@\s,;<>.]+")

_NO_GRADES = ("未評価", "評価対象外", "終了")
"""What an action is counted as instead of by a grade."""

Versions = dict[str, list[tuple[Period, str]]]


def read_plan(workbook: Workbook, file: str) -> tuple[Plan | None, tuple[Finding, ...]]:
    """Read the plan and check it. The plan is None where a finding is an エラー."""
    records = Records(workbook, file)
    items = _items(records)
    texts = {item: _item(records, items, item) for item in rows.ITEMS}
    years = _years(items, texts)
    bands = _bands(records, _limits(items), _rounding(items))
    if bands and texts[rows.HEADLINE] and texts[rows.HEADLINE] not in bands.names:
        items[rows.HEADLINE].find(Code.PLAN_HEADLINE_UNKNOWN, "値")
    departments = _departments(records)
    today = {name_key(name): each.name for each in departments for name in (each.name, *each.aliases)}
    measures = _measures(records)
    actions = _actions(records, {measure.no for measure in measures}, today)
    by_number = {action.no: action for action in actions}
    tasks = _tasks(records, by_number, today, years)
    indicators, of_rows = _indicators(records, by_number, today)
    yardstick = _yardstick(items)
    yearly_targets = _yearly_targets(records, indicators, of_rows, years, yardstick)
    decisions = _decisions(records, by_number, years)
    corrections = _corrections(records)
    deadline = _deadline(items)
    if has_errors(records.findings) or bands is None or years is None:
        return None, tuple(records.findings)
    plan = Plan(
        name=texts[rows.NAME],
        municipality=texts[rows.MUNICIPALITY],
        plan_id=texts[rows.PLAN_ID],
        first_year=years[0],
        last_year=years[1],
        bands=bands,
        headline_grade=texts[rows.HEADLINE],
        measures=measures,
        actions=actions,
        tasks=tasks,
        indicators=indicators,
        departments=departments,
        decisions=decisions,
        corrections=corrections,
        send_to=items[rows.SEND_TO].text("値") if rows.SEND_TO in items else "",
        ask=items[rows.ASK].text("値") if rows.ASK in items else "",
        deadline=deadline,
        yearly_targets=yearly_targets,
        yardstick=yardstick,
    )
    current = tuple(replace(each, key=plan.current_key(each.key)) for each in plan.corrections)
    return replace(plan, corrections=current), tuple(records.findings)


def _items(records: Records) -> dict[str, Record]:
    items: dict[str, Record] = {}
    seen: dict[str, str] = {}
    for record in records.rows(rows.PLAN):
        item = record.text("項目")
        _check_twice(record, "項目", item, seen)
        items[item] = record
    return items


def _item(records: Records, items: Mapping[str, Record], item: str) -> str:
    record = items.get(item)
    if record and not is_blank(record.row.cell("値")):
        return record.text("値")
    if record or records.workbook.sheet(rows.PLAN.name):
        place = record.place("値") if record else Place(records.file, rows.PLAN.name)
        records.findings.append(finding(Code.PLAN_ITEM_MISSING, place, item=item))
    return ""


def _years(items: Mapping[str, Record], texts: Mapping[str, str]) -> tuple[int, int] | None:
    first, last = (items[item].fiscal_year("値") if texts[item] else None for item in (rows.FIRST_YEAR, rows.LAST_YEAR))
    if first is None or last is None:
        return None
    if last < first:
        items[rows.LAST_YEAR].find(Code.PLAN_YEARS_REVERSED, "値")
        return None
    return first, last


def _deadline(items: Mapping[str, Record]) -> DeadlineRule | None:
    record = items.get(rows.DEADLINE)
    if record is None or is_blank(record.row.cell("値")):
        return None
    deadline = parse_deadline(record.row.cell("値"))
    if deadline is None:
        record.find(Code.PLAN_VALUE_UNREADABLE, "値", expected="「翌月5日」「毎月25日」「翌月末」か日付")
    return deadline


def _limits(items: Mapping[str, Record]) -> Limits:
    """Read 達成率の下限 and 達成率の上限 (rule 10); the defaults where they are left out."""
    found: dict[str, Fraction | None] = {}
    for item, default in ((rows.LOWER_LIMIT, Fraction(0)), (rows.UPPER_LIMIT, Fraction(1))):
        record = items.get(item)
        is_blank_item = record is None or is_blank(record.row.cell("値"))
        if record is None or is_blank_item:
            found[item] = default
        elif record.says("値", rows.NO_LIMIT):
            found[item] = None
        else:
            found[item] = record.any_rate("値")
    lower, upper = found[rows.LOWER_LIMIT], found[rows.UPPER_LIMIT]
    if lower is not None and upper is not None and lower >= upper:
        record = items.get(rows.LOWER_LIMIT) or items[rows.UPPER_LIMIT]
        record.find(Code.PLAN_LIMITS_REVERSED, "値")
    return Limits(lower, upper)


def _rounding(items: Mapping[str, Record]) -> Rounding:
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


def _bands(records: Records, limits: Limits, rounding: Rounding) -> Bands | None:
    found: dict[Fraction, tuple[Band, Record]] = {}
    names: dict[str, str] = {}
    for record in records.rows(rows.BANDS):
        name, lower = record.text("区分", required=True), record.any_rate("下限")
        _check_twice(record, "区分", name, names)
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
    """Report bands that no rate can reach: achievements are within the limits, other rates within 0–100 %."""
    for at, (band, record) in enumerate(best_first):
        is_too_high = limits.upper is not None and band.lower > max(limits.upper, Fraction(1))
        above = best_first[at - 1][0] if at else None
        is_too_low = above is not None and limits.lower is not None and above.lower <= min(limits.lower, Fraction(0))
        if is_too_high or is_too_low:
            item = rows.UPPER_LIMIT if is_too_high else rows.LOWER_LIMIT
            record.find(Code.PLAN_BAND_UNREACHABLE, "下限", name=band.name, item=item)


def _departments(records: Records) -> tuple[Department, ...]:
    departments: list[Department] = []
    unaddressed: list[Record] = []
    owners: dict[str, str] = {}
    for record in records.rows(rows.DEPARTMENTS):
        name = record.text("担当課", required=True)
        aliases = record.names("別名")
        for each, heading in ((name, "担当課"), *((alias, "別名") for alias in aliases)):
            if name_key(each) in owners:
                other = owners[name_key(each)]
                record.find(Code.PLAN_DEPARTMENT_TWICE_NAMED, heading, value=each, other=other)
            owners[name_key(each)] = f"シート「担当課」の{record.row.address(heading)}"
        if name:
            departments.append(Department(name, aliases, record.optional_text("メール")))
            if not departments[-1].mail:
                unaddressed.append(record)
            elif not all(map(_ADDRESS.fullmatch, map(normalize_key, re.split(r"[,;、，；\s]+", departments[-1].mail)))):
                record.find(Code.PLAN_MAIL_UNUSABLE, "メール", name=name)
    for record in unaddressed if len(unaddressed) < len(departments) else ():
        record.find(Code.PLAN_DEPARTMENT_NO_MAIL, "メール", name=record.text("担当課"))
    return tuple(departments)


def _measures(records: Records) -> tuple[Measure, ...]:
    measures = []
    numbers: dict[str, str] = {}
    for record in records.rows(rows.MEASURES):
        no, theme, name = (
            record.integer("No"),
            record.text("テーマ", required=True),
            record.text("重点施策", required=True),
        )
        _check_twice(record, "No", no, numbers)
        if no is not None:
            measures.append(Measure(no, theme, name))
    return tuple(measures)


def _actions(records: Records, measures: Collection[int], today: Mapping[str, str]) -> tuple[Action, ...]:
    actions = []
    numbers: Versions = {}
    for record in records.rows(rows.ACTIONS):
        no, name, measure_no = (
            record.integer("No"),
            record.text("アクション", required=True),
            record.integer("重点施策No"),
        )
        period = record.period()
        _check_versions(record, "No", "" if no is None else str(no), period, numbers)
        if measure_no is not None and measure_no not in measures:
            record.find(Code.PLAN_REFERENCE_UNKNOWN, "重点施策No", sheet_name=rows.MEASURES.name)
        lead = _department(record, "主担当課", today, required=False)
        if no is None or measure_no is None:
            continue
        aim, approach = record.text("目指すこと"), record.text("やること")
        target_text, owners = record.text("目標(値)"), record.text("担い手")
        _check_owners(record, owners, today)
        action = Action(no, name, measure_no, aim, approach, target_text, owners, lead, period, _is_public(record))
        actions.append(action)
    if not numbers and records.workbook.sheet(rows.ACTIONS.name) and not has_errors(records.findings):
        place = Place(records.file, rows.ACTIONS.name)
        records.findings.append(finding(Code.PLAN_VALUE_MISSING, place, heading="アクション"))
    return tuple(sorted(actions, key=lambda action: (action.no, str(action.period.first or ""))))


def _check_owners(record: Record, owners: str, today: Mapping[str, str]) -> None:
    """Report a department's old name in 担い手, which is printed as it is, unless it is part of a longer name."""
    rest = name_key(owners)
    for name in sorted(today, key=len, reverse=True):
        if name in rest and name != name_key(today[name]):
            record.find(Code.PLAN_OWNER_RENAMED, "担い手", old=name, name=today[name])
        rest = rest.replace(name, "\n")


def _is_public(record: Record) -> bool:
    """Read 公表. 「未定」 is an エラー like any other word: what is not decided is not to be published by mistake."""
    word = normalize_key(record.text("公表"))
    if word not in ("", rows.PUBLISHED, rows.WITHHELD):
        expected = f"{rows.PUBLISHED}・{rows.WITHHELD}"
        record.find(Code.PLAN_VALUE_UNREADABLE, "公表", expected=expected)
    return word != rows.WITHHELD


def _tasks(
    records: Records, actions: Mapping[int, Action], today: Mapping[str, str], years: tuple[int, int] | None
) -> tuple[Task, ...]:
    tasks = []
    numbers: Versions = {}
    for record in records.rows(rows.TASKS):
        no, action_no, year = record.code("タスクNo"), _action_no(record, actions), record.fiscal_year("年度")
        if year is not None and years is not None and not years[0] <= year <= years[1]:
            first, last = map(year_label, years)
            record.find(Code.PLAN_YEAR_OUTSIDE, "年度", first=first, last=last)
        department, text = _department(record, "担当課", today), record.text("計画", required=True)
        weight = record.number("重み")
        if weight is not None and weight <= 0:
            record.find(Code.PLAN_VALUE_UNREADABLE, "重み", expected="0より大きい数値")
        period = record.period()
        _check_versions(record, "タスクNo", no, period, numbers)
        if action_no is not None and year is not None:
            tasks.append(Task(no, action_no, year, department, text, Fraction(1) if weight is None else weight, period))
    return tuple(tasks)


def _yardstick(items: Mapping[str, Record]) -> Yardstick:
    record = items.get(rows.YARDSTICK)
    word = record.choice("値", {each.value: each.value for each in Yardstick}) if record else ""
    return Yardstick(word) if word else Yardstick.FINAL


def _indicators(
    records: Records, actions: Mapping[int, Action], today: Mapping[str, str]
) -> tuple[tuple[Indicator, ...], tuple[Record, ...]]:
    """Read the indicators, and the place of each."""
    indicators, of_rows = [], []
    numbers: Versions = {}
    for record in records.rows(rows.INDICATORS):
        no, action_no, name = record.code("指標No"), _action_no(record, actions), record.text("指標", required=True)
        unit = record.optional_text("単位")
        baseline, target = record.figure("基準値", unit), record.figure("目標値", unit)
        aggregation = record.choice("集計", {each.value: each.value for each in Aggregation})
        direction = _direction(record, baseline, target)
        department, how_to_fill = _department(record, "担当課", today), record.optional_text("記入のしかた")
        period = record.period()
        _check_versions(record, "指標No", no, period, numbers)
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


def _yearly_targets(
    records: Records,
    indicators: Sequence[Indicator],
    of_rows: Sequence[Record],
    years: tuple[int, int] | None,
    yardstick: Yardstick,
) -> tuple[YearlyTarget, ...]:
    """Read 年度目標 and hold them against the indicators (rule 4)."""
    targets: list[tuple[YearlyTarget, Record]] = []
    by_no = {indicator.no: indicator for indicator in indicators}
    keys: Versions = {}
    for record in records.rows(rows.YEARLY_TARGETS):
        no, year = record.code("指標No"), record.fiscal_year("年度")
        indicator = by_no.get(no)
        if no and indicator is None:
            record.find(Code.PLAN_REFERENCE_UNKNOWN, "指標No", sheet_name=rows.INDICATORS.name)
        if year is not None and years is not None and not years[0] <= year <= years[1]:
            record.find(Code.PLAN_YEAR_OUTSIDE, "年度", first=year_label(years[0]), last=year_label(years[1]))
        target = record.figure("目標値", indicator.unit if indicator else "", required=True)
        period = record.period()
        _check_versions(record, "年度", f"{no}-{year}" if no and year else "", period, keys)
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
    """Return whether a yearly target lies on the other side of 基準値 than 目標値."""
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
    """Return what follows from baseline and target where they differ, else what the plan says, else 増 (rule 4)."""
    said = record.choice("向き", {direction.value: direction.value for direction in Direction})
    if baseline is None or target is None or baseline == target:
        return Direction(said) if said else Direction.UP
    follows = Direction.UP if target > baseline else Direction.DOWN
    if said and said != follows:
        details = {"baseline": record.row.cell("基準値").text, "target": record.row.cell("目標値").text}
        record.find(Code.PLAN_DIRECTION_CONTRADICTS, "向き", **details)
    return follows


def _decisions(records: Records, actions: Mapping[int, Action], years: tuple[int, int] | None) -> tuple[Decision, ...]:
    """Read the decisions. A row of 自動 without a day is not filled in yet."""
    decisions = []
    taken: set[tuple[int, dt.date, Month]] = set()
    for record in records.rows(rows.DECISIONS):
        action_no, word = _action_no(record, actions), normalize_key(record.text("算定方法"))
        decided_on, first_month = record.date("決定日"), record.month("適用月")
        method = Method.PLAN_AVERAGE if _AVERAGE.fullmatch(word) else _METHODS.get(word or Method.AUTOMATIC.value)
        if method is None:
            record.find(Code.PLAN_METHOD_UNKNOWN, "算定方法", methods="・".join(method_words(years)))
            continue
        if decided_on is None:
            is_filled_in = method is not Method.AUTOMATIC or first_month is not None
            if is_filled_in and is_blank(record.row.cell("決定日")):
                record.find(Code.PLAN_DECISION_UNDATED, "決定日", value=word or Method.AUTOMATIC.value)
            continue
        if action_no is None:
            continue
        of_one = (action_no, decided_on, first_month or Month.of(decided_on))
        if of_one in taken:
            record.find(Code.PLAN_DECISION_TWICE, "決定日", action=action_no)
        taken.add(of_one)
        by, reason = record.text("決定者"), record.text("理由")
        for heading, text in (("決定者", by), ("理由", reason)):
            if is_placeholder(text):
                record.find(Code.PLAN_DECISION_UNFOUNDED, heading, value=word)
        decisions.append(Decision(action_no, method, decided_on, by, reason, first_month))
    return tuple(decisions)


def _corrections(records: Records) -> tuple[Correction, ...]:
    corrections = []
    taken: set[tuple[Key, str, dt.date, Month]] = set()
    for record in records.rows(rows.CORRECTIONS):
        key, item, value = (record.text(heading, required=True) for heading in ("管理番号", "項目", "値"))
        corrected_on, first_month = record.date("訂正日", required=True), record.month("適用月")
        if corrected_on is None:
            continue
        of_one = (Key.typed(key), item, corrected_on, first_month or Month.of(corrected_on))
        if of_one in taken:
            record.find(Code.PLAN_CORRECTION_TWICE, "訂正日", key=key, item=item)
        taken.add(of_one)
        by, reason = record.text("訂正者"), record.text("理由")
        for heading, text in (("訂正者", by), ("理由", reason)):
            if is_placeholder(text):
                record.find(Code.PLAN_CORRECTION_UNFOUNDED, heading, key=key, item=item)
        place = record.place("値")
        corrections.append(Correction(Key.typed(key), item, value, corrected_on, by, reason, place, first_month))
    return tuple(corrections)


def _action_no(record: Record, actions: Mapping[int, Action]) -> int | None:
    no = record.integer("アクションNo")
    if no is not None and no not in actions:
        record.find(Code.PLAN_REFERENCE_UNKNOWN, "アクションNo", sheet_name=rows.ACTIONS.name)
        return None
    return no


def _department(record: Record, heading: str, today: Mapping[str, str], *, required: bool = True) -> str:
    """Read a department and return its current name."""
    name = name_key(record.text(heading, required=True) if required else record.optional_text(heading))
    if name and name not in today:
        record.find(Code.PLAN_REFERENCE_UNKNOWN, heading, sheet_name=rows.DEPARTMENTS.name)
    return today.get(name, name)


def _check_twice(record: Record, heading: str, value: object, seen: dict[str, str]) -> None:
    if value is None or value == "":
        return
    if str(value) in seen:
        record.find(Code.PLAN_NUMBER_TWICE, heading, other=seen[str(value)])
    seen.setdefault(str(value), record.row.address(heading))


def _check_versions(record: Record, heading: str, no: str, period: Period, seen: Versions) -> None:
    """Allow a number in several rows only where no month has two of them: one row, reworded or corrected."""
    other = next((cell for earlier, cell in seen.get(no, ()) if earlier.overlaps(period)), None)
    if no and other:
        record.find(Code.PLAN_NUMBER_TWICE, heading, other=other)
    seen.setdefault(no, []).append((period, record.row.address(heading)))


class PlanError(Failure):
    """The plan cannot be used. The message gives the reason in Japanese; `findings` name the cells, if any."""

    def __init__(self, message: str, findings: tuple[Finding, ...] = ()) -> None:
        super().__init__(message)
        self.findings = findings


def open_plan(workspace: Workspace) -> tuple[Plan, tuple[Finding, ...]]:
    """Open the plan of a working folder and return it with its 警告.

    Raises RunError where there is none, PlanError as `plan_of` does.
    """
    return plan_of(plan_content(workspace), workspace.shown(workspace.plan))


def plan_of(content: bytes, name: str) -> tuple[Plan, tuple[Finding, ...]]:
    """Return the plan in a workbook, which messages call `name`, and its 警告.

    Raises PlanError where it is no workbook, or where it has an エラー.
    """
    try:
        workbook = read_workbook(content)
    except RefusedError as error:
        message = f"計画台帳（{name}）を開けません。{error}。Excelで開けるか確かめてください。"
        raise PlanError(message) from error
    plan, findings = read_plan(workbook, name)
    if plan is None:
        raise PlanError(
            f"計画台帳（{name}）に誤りがあるため、何も作らずに止めました。次のセルを直してください。", findings
        )
    return plan, findings
