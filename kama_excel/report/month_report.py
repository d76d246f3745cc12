"""What a report is made of."""

from __future__ import annotations

import hashlib
import math
from collections.abc import Iterator
from dataclasses import dataclass
from fractions import Fraction
from functools import cached_property

from kama_excel.domain.calendar import Month, year_short
from kama_excel.evaluation.action import ActionEvaluation, Needed, Status, outlook
from kama_excel.evaluation.evaluate import Evaluation
from kama_excel.evaluation.rates import half_up, number_text, uses_baseline
from kama_excel.files import limits
from kama_excel.files.publish import safe_name
from kama_excel.findings.catalogue import Code, Severity
from kama_excel.findings.finding import Finding
from kama_excel.history.changes import Changes, changes
from kama_excel.history.timeline import MonthState
from kama_excel.merge.frame import rows_of
from kama_excel.merge.merged import Merged
from kama_excel.plan.model import Action, Indicator, Plan
from kama_excel.plan.rating import Direction, Method

_MOST_NAMED = 2  # years; of more in a row only the first and the last are named


@dataclass(frozen=True)
class Report:
    """One month's evaluation, what it was made from and what is to be said of it. `plan_file` is its name and bytes."""

    evaluation: Evaluation
    merged: Merged
    findings: tuple[Finding, ...]
    plan_file: tuple[str, bytes]
    states: tuple[MonthState, ...] = ()
    """The months up to this one, oldest first, each evaluated anew; with none the report has no 推移."""

    @property
    def merged_by_month(self) -> dict[Month, Merged]:
        """What stood in the last months of the actions that have ended, and last what stands in this month."""
        at_end = self.states[-1].at_end if self.states else {}
        return {**at_end, self.month: self.merged}

    @property
    def changes(self) -> Changes | None:
        """What changed since the month before, None where this is the first."""
        return changes(*self.states[-2:]) if len(self.states) > 1 else None

    @cached_property
    def corrected(self) -> dict[tuple[str, str], str]:
        """By 管理番号 and heading what a 訂正 took the place of, by whom and why, in words."""
        by_place = {each.place: each for each in self.plan.corrections}
        said = {}
        for row in (row for merged in self.merged_by_month.values() for row in rows_of(merged.entries)):
            if row.reported is not None:
                found = by_place.get(row.place)
                who = f"（{found.corrected_by}: {found.reason}）" if found else ""
                said[row.key, row.item] = f"【訂正】{row.item} {row.reported or '空欄'} → {row.typed}{who}"
        return said

    @property
    def plan(self) -> Plan:
        """The plan."""
        return self.evaluation.plan

    @property
    def month(self) -> Month:
        """The month of the run."""
        return self.evaluation.month

    @property
    def plan_sha256(self) -> str:
        """The plan workbook's hash."""
        return hashlib.sha256(self.plan_file[1]).hexdigest()

    def count(self, severity: Severity) -> int:
        """Count the findings of a severity."""
        return sum(each.severity is severity for each in self.findings)

    def page_name(self, action: Action) -> str:
        """Return the name of an action's sheet: 06."""
        digits = max(2, len(str(max(each.no for each in self.plan.actions))))
        return f"{action.no:0{digits}d}"


def months_between(first: Month, last: Month) -> tuple[Month, ...]:
    """Return the months after `first` and before `last`."""
    between = []
    month = first.next
    while month < last:
        between.append(month)
        month = month.next
    return tuple(between)


def change_text(before: ActionEvaluation, after: ActionEvaluation) -> str:
    """Say how the adopted rate and the grade differ from the month before: 課題あり → やや未達 ＋12.3ポイント; '' for no change."""
    words = []
    if before.grade != after.grade:
        words.append(f"{before.grade or '未評価'} → {after.grade or '未評価'}")
    if before.adopted is not None and after.adopted is not None and before.adopted != after.adopted:
        points = half_up((after.adopted - before.adopted) * 100, 1)
        sign = "＋" if points > 0 else "－" if points < 0 else "±"
        words.append(f"{sign}{float(abs(points)):.1f}ポイント")
    return "\n".join(words)


def shortened_texts(merged: Merged) -> Iterator[Finding]:
    """Yield a finding of every text that is longer than a cell of Excel takes."""
    for row in rows_of(merged.entries):
        if len(row.typed) > limits.CELL_CHARACTERS:
            yield row.find(Code.TEXT_SHORTENED, length=len(row.typed), limit=limits.CELL_CHARACTERS)


def file_name(plan: Plan, month: Month) -> str:
    """Return the name of the month's workbook, one that Windows takes too."""
    return f"{safe_name(plan.name)}_進捗評価_{month}.xlsx"


def status_text(evaluation: ActionEvaluation) -> str:
    """Return all that the adopted rate rests on, in words: 見込・暫定 1/2（指標未報告）."""
    words = []
    for status in evaluation.status:
        text = status.value
        if status is Status.PROVISIONAL:
            text += f" {evaluation.basis}" + ("（指標未報告）" if evaluation.lacks_indicator else "")
        words.append(text)
    return "・".join(words)


def result_text(evaluation: ActionEvaluation) -> str:
    """Return the grade and the rate: 概ね達成 83.3%; 未評価 without a rate."""
    return f"{evaluation.grade} {evaluation.shown}" if evaluation.grade else "未評価"


def needed_text(evaluation: ActionEvaluation) -> str:
    """Return what each better grade needs, in words, the nearest first; '' at the top or where there is no rate."""
    better = outlook(evaluation)
    if not better or (evaluation.method is Method.PLAN_AVERAGE and not evaluation.open_years):
        return NO_YEAR_LEFT if better else ""
    of_what = needed_of_what(evaluation, evaluation.method)
    return f"{of_what}: " + "、".join(f"{each.band.name} {_needed_words(each)}" for each in better)


def needed_figures(evaluation: ActionEvaluation) -> dict[str, Fraction]:
    """Return, by better grade, the actual or the percentage that is enough for it: never rounded to too little.

    A grade that is out of reach has none.
    """
    return {each.band.name: _needed_figure(each) for each in outlook(evaluation) if each.is_reachable}


def needed_of_what(evaluation: ActionEvaluation, method: Method) -> str:
    """Return what it is by a method that a better grade needs so much of: 実績値, R8・R9の平均, 採用値."""
    if method is Method.PLAN_AVERAGE:
        return f"{years_words(evaluation.open_years, evaluation.plan)}の平均"
    return "実績値" if method is Method.TARGET and len(evaluation.indicators) == 1 else "採用値"


def needs_less(indicator: Indicator) -> bool:
    """Whether a smaller actual is the better one."""
    if indicator.baseline is not None and uses_baseline(indicator):
        return indicator.target < indicator.baseline
    return indicator.direction is Direction.DOWN


def actual_digits(indicator: Indicator) -> int:
    """Return how many decimals a needed actual is given with: one more than the plan's own figures, 2 to 9."""
    figures = (indicator.target, indicator.baseline or Fraction(0))
    decimals = (len(number_text(figure).partition(".")[2]) for figure in figures)
    return min(max(1, *decimals) + 1, 9)


def years_words(years: tuple[int, ...], plan: Plan) -> str:
    """Return R7・R8, R7〜R10 where there are more in a row, or 各年度 where they are all of the plan's."""
    if years == plan.fiscal_years:
        return "各年度"
    if len(years) > _MOST_NAMED and years[-1] - years[0] == len(years) - 1:
        return f"{year_short(years[0])}〜{year_short(years[-1])}"
    return "・".join(map(year_short, years))


UNREACHABLE, NO_YEAR_LEFT = "届きません", "すべての年度が終わっています"


def _needed_figure(needed: Needed) -> Fraction:
    if needed.actual is not None and needed.indicator is not None:
        return _enough(needed.actual, actual_digits(needed.indicator), is_less=needs_less(needed.indicator))
    rate = needed.rate if needed.year_progress is None else needed.year_progress
    return _enough(rate * 100, 1)


def _needed_words(needed: Needed) -> str:
    if not needed.is_reachable:
        return UNREACHABLE
    figure = _needed_figure(needed)
    return f"{number_text(figure)}{needed.indicator.unit}" if needed.indicator else f"{float(figure):.1f}%"


def _enough(number: Fraction, digits: int, *, is_less: bool = False) -> Fraction:
    """Round to the side that is enough, as Excel's ROUNDUP (ROUNDDOWN for less) of ROUND(number, 9) does."""
    scaled = half_up(abs(number), 9) * 10**digits
    rounded = math.floor(scaled) if is_less == (number >= 0) else math.ceil(scaled)
    return Fraction(rounded if number >= 0 else -rounded, 10**digits)
