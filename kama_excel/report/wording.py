"""Sentences and short texts about a month, common to all output formats."""

from __future__ import annotations

import math
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from kama_excel.domain.arithmetic import half_up
from kama_excel.domain.calendar import Month, year_label, year_short
from kama_excel.domain.entries import Entry
from kama_excel.domain.keys import Field, Key
from kama_excel.evaluation.action import ActionEvaluation, Status
from kama_excel.evaluation.evaluate import Evaluation
from kama_excel.evaluation.outlook import Needed
from kama_excel.evaluation.rates import needs_less, number_text
from kama_excel.history.changes import ActionChange
from kama_excel.history.timeline import MonthState
from kama_excel.plan.model import Plan
from kama_excel.plan.rating import Aggregation, Method
from kama_excel.plan.rows import Task

UNUSED = "（未報告の扱い）"
_TYPED = 12  # characters of a typed value in a sentence
_MOST_NAMED = 2  # years; of more consecutive ones only the first and the last are named


def months_between(first: Month, last: Month) -> tuple[Month, ...]:
    """Return the months after `first` and before `last`."""
    between = []
    month = first.next
    while month < last:
        between.append(month)
        month = month.next
    return tuple(between)


def elapsed_months(plan: Plan, month: Month) -> tuple[int, int]:
    """Return the elapsed months of the plan at the end of a month, and their total."""
    total = 12 * (plan.last_year - plan.first_year + 1)
    passed = 12 * (month.year - plan.first_year) + month.month - 3  # a fiscal year begins in April
    return min(max(passed, 0), total), total


def newest_years(plan: Plan, month: Month, most: int) -> tuple[int, ...]:
    """Return at most `most` fiscal years of the plan: the last ones begun, else the first."""
    begun = sum(month.has_begun(year) for year in plan.fiscal_years)
    first = max(min(begun, len(plan.fiscal_years)) - most, 0)
    return plan.fiscal_years[first : first + most]


def status_in_list(evaluation: ActionEvaluation) -> str:
    """Return the statuses, those that require a decision first.

    '' if the grade's column shows it already.
    """
    if not evaluation.is_planned:
        return NOTHING_PLANNED
    status = status_text(evaluation)
    if status in (Status.UNEVALUATED.value, Status.NOT_EVALUATED.value):
        return ""
    urgent = [each.value for each in (Status.UNDECIDED, Status.WORSE) if each in evaluation.status]
    rest = f"・{status}"
    for word in urgent:
        rest = rest.replace(f"・{word}", "")
    return ("".join(f"・{word}" for word in urgent) + rest)[1:] if status else ""


def direction_of(change: ActionChange) -> int:
    """Return 1 for a better grade, -1 for a worse, 0 for the same or a missing one."""
    names, before, after = change.after.plan.bands.names, change.before.grade, change.after.grade
    if before is None or after is None or before == after:
        return 0
    return 1 if names.index(after) < names.index(before) else -1


def points(before: Fraction | None, after: Fraction | None) -> Fraction | None:
    """Return the change of a rate in points (100 = 100 %), half up to 0.1; None if missing."""
    if before is None or after is None:
        return None
    return half_up(half_up((after - before) * 100, 7), 1)


def points_text(before: Fraction | None, after: Fraction | None) -> str:
    """Return the change of a rate in points: ＋5.1, ±0.0, −2.0; '' if one is missing."""
    moved = points(before, after)
    return "" if moved is None else f"{sign(moved)}{float(abs(moved)):.1f}"


def sign(change: Fraction) -> str:
    """Return the sign before the size of a change; `SIGNED` is the same as a number format."""
    return "＋" if change > 0 else "−" if change < 0 else "±"


SIGNED = '"＋"0.0;"−"0.0;"±"0.0'
"""Number format of a change in points."""


def subject_text(plan: Plan, month: Month, key: Key) -> str:
    """Return a task's year and text, or an indicator's name, in a month; '' for other keys."""
    rows = plan.of_key(key)
    row = next((each for each in rows if month in each.period), rows[-1] if rows else None)
    if row is None:
        return ""
    return f"{year_short(row.fiscal_year)} {row.text}" if isinstance(row, Task) else row.name


def status_text(evaluation: ActionEvaluation) -> str:
    """Return the statuses of the adopted rate in words: 見込・暫定 1/2."""
    words = []
    for status in evaluation.status:
        text = status.value
        if status is Status.PROVISIONAL:
            text += "（指標の実績値が未報告）" if evaluation.lacks_indicator else f" {evaluation.basis}"
        words.append(text)
    return "・".join(words)


def method_change_text(change: ActionChange) -> str:
    """Return the changed method that no decision has changed: 算定方法が「目標値」から「3カ年平均」に変わりました.

    '' if it is the same, or one of the months has no rate.
    """
    before, after = change.before, change.after
    if change.decision or before.method is after.method or Method.AUTOMATIC in (before.method, after.method):
        return ""
    labels = [each.plan.method_label(each.method) for each in (before, after)]
    return f"算定方法が「{labels[0]}」から「{labels[1]}」に変わりました"


def method_cause_text(change: ActionChange) -> str:
    """Return why the method changed: 実績値が報告されたため、算定方法が…; '' as in `method_change_text`."""
    text = method_change_text(change)
    actual = next((each for each in change.values if each.entry.field is Field.ACTUAL), None)
    if not text or actual is None:
        return text
    if change.after.method is Method.TARGET:
        return f"実績値が報告されたため、{text}"
    if actual.after is None:
        return f"実績値が未報告となったため、{text}"
    if actual.after.value is None:
        return f"実績値（{actual.after.typed[:_TYPED]}）が未報告の扱いとなったため、{text}"
    return f"実績値が「{actual.after.typed[:_TYPED]}」となったため、{text}"


def typed_text(entry: Entry, most: int | None = None) -> str:
    """Return a typed value, at most `most` characters; an unusable one with its effect."""
    return entry.typed[:most] + (UNUSED if entry.value is None else "")


def target_text(evaluation: ActionEvaluation) -> str:
    """Return the action's 目標(値) as the plan words it, else those of its indicators."""
    if evaluation.action.target_text:
        return evaluation.action.target_text
    rows = evaluation.plan.at(evaluation.month).measured
    mine = (each for each in rows if each.action_no == evaluation.action.no and each.target is not None)
    return "、".join(f"{each.name}　{number_text(each.goal)}{each.unit}" for each in mine)


def result_text(evaluation: ActionEvaluation) -> str:
    """Return the grade and the rate: 概ね達成 83.3%; 未評価 without a rate."""
    return f"{evaluation.grade} {evaluation.shown}" if evaluation.grade else evaluation.grade_word


def year_before_text(before: MonthState | None, evaluation: ActionEvaluation) -> str:
    """Return the result a year before: 前年同月（令和7年2月）　やや未達 65.0%（＋5.0ポイント）.

    '' if that month has no folder, or the action had not begun.
    """
    found = (
        next((each for each in before.evaluation.actions if each.action.no == evaluation.action.no), None)
        if before
        else None
    )
    if before is None or found is None:
        return ""
    moved = points_text(found.adopted, evaluation.adopted)
    return f"前年同月（{before.month.label}）　{result_text(found)}" + (f"（{moved}ポイント）" if moved else "")


def needed_text(evaluation: ActionEvaluation) -> str:
    """Return what each better grade needs in words, nearest first.

    '' at the top or without a rate.
    """
    better = evaluation.outlook
    if not better or (evaluation.method is Method.PLAN_AVERAGE and not evaluation.open_years):
        return NO_YEAR_LEFT if better else ""
    if evaluation.method is Method.PLAN_AVERAGE and evaluation.lacks_ended_tasks:
        better = tuple(each for each in better if each.is_reachable)  # of the others nothing can be said yet
    if not any(each.is_reachable for each in better) and len(better) != 1:
        return NONE_REACHABLE if better else ""
    of_what = needed_of_what(evaluation, evaluation.method)
    digits = evaluation.bands.rounding.digits
    return f"{of_what}: " + "、".join(f"{each.band.name} {_needed_words(each, digits)}" for each in better)


def needed_figures(evaluation: ActionEvaluation) -> dict[str, Fraction]:
    """Return by better grade the sufficient actual or percentage, rounded to the safe side.

    A grade that is out of reach is missing.
    """
    digits = evaluation.bands.rounding.digits
    return {each.band.name: _needed_figure(each, digits) for each in evaluation.outlook if each.is_reachable}


def needed_of_what(evaluation: ActionEvaluation, method: Method) -> str:
    """Return the quantity that a better grade needs by a method: 実績値, R8・R9の平均, 採用した達成率."""
    if method is Method.PLAN_AVERAGE:
        return f"{years_words(evaluation.open_years, evaluation.plan)}の平均"
    if method is not Method.TARGET or len(evaluation.indicators) != 1:
        return "採用した達成率"
    only = evaluation.indicators[0]
    is_newest = not only.years or only.fact.indicator.aggregation is Aggregation.LATEST
    return "実績値" if is_newest else f"実績値の{only.fact.indicator.aggregation}"


def years_words(years: tuple[int, ...], plan: Plan) -> str:
    """Return R7・R8, R7〜R10 for more consecutive years, or 各年度 for all of the plan's."""
    if years == plan.fiscal_years:
        return "各年度"
    if len(years) > _MOST_NAMED and years[-1] - years[0] == len(years) - 1:
        return f"{year_short(years[0])}〜{year_short(years[-1])}"
    return "・".join(map(year_short, years))


def fiscal_years_text(years: Iterable[int]) -> str:
    """Return 令和6・7年度: an era's name is not repeated."""
    text, era = "", ""
    for year in years:
        label = year_label(year).removesuffix("年度")
        text += "・" + label.removeprefix(era) if text else label
        era = label.rstrip("0123456789元")
    return f"{text}年度"


NOTHING_PLANNED = "タスク・指標が未登録"
UNREACHABLE, NO_YEAR_LEFT = "到達できません", "すべての年度が終わっています"
NONE_REACHABLE = "いずれの区分にも到達できません"


@lru_cache(maxsize=1024)  # the page and the lists need the same
def _needed_figure(needed: Needed, digits: int) -> Fraction:
    if needed.actual is not None and needed.indicator is not None:
        return _enough(needed.actual, needed.decimals, is_less=needs_less(needed.indicator))
    rate = needed.rate if needed.year_progress is None else needed.year_progress
    return _enough(rate * 100, digits)


def _needed_words(needed: Needed, digits: int) -> str:
    if not needed.is_reachable:
        return UNREACHABLE
    figure = _needed_figure(needed, digits)
    return f"{number_text(figure)}{needed.indicator.unit}" if needed.indicator else f"{float(figure):.{digits}f}%"


def _enough(number: Fraction, digits: int, *, is_less: bool = False) -> Fraction:
    """Round to the sufficient side, as ROUNDUP (ROUNDDOWN for less) of ROUND(number, 9)."""
    is_negative = number.numerator < 0
    scaled = half_up(abs(number), 9) * 10**digits
    rounded = math.ceil(scaled) if is_less == is_negative else math.floor(scaled)
    return Fraction(-rounded if is_negative else rounded, 10**digits)


def counts_text(evaluation: Evaluation, actions: Iterable[ActionEvaluation] | None = None) -> str:
    """Return the counts by grade as alternative text of a chart: 達成 5件、ほぼ達成 2件."""
    counts = evaluation.count(actions)
    return "、".join(f"{name} {count}件" for name, count in counts.items() if count) or "0件"


def monthly_counts_text(states: Iterable[MonthState]) -> str:
    """Return the counts of each month as text: 令和8年1月 達成 4件、…。令和8年2月 …."""
    return "。".join(f"{state.month.label} {counts_text(state.evaluation)}" for state in states)


def monthly_rates_text(states: Iterable[MonthState], no: int) -> str:
    """Return an action's monthly adopted rates as text: 令和8年1月 77.0%、令和8年2月 83.0%."""
    rates = ((state.month, state.evaluation.by_no.get(no)) for state in states)
    return "、".join(f"{month.label} {each.shown or each.category}" for month, each in rates if each is not None)
