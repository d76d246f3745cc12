"""Screen output of `status`; all of its own characters exist in code page 932."""

from __future__ import annotations

import datetime as dt
from collections import Counter
from collections.abc import Iterator

from kama_excel.cli.console import padded
from kama_excel.commands.status import DepartmentSituation, Situation
from kama_excel.domain.calendar import day_label
from kama_excel.findings.finding import own_name
from kama_excel.inbox.current_forms import UNFILLED, UNREAD, status_label

_LISTED_FILES = 10
_NAME, _STATUS, _DAY = 32, 14, 14


def status_lines(found: Situation, today: dt.date) -> Iterator[str]:
    """Yield the lines: the month, each department, open points, and the next step."""
    matters = found.open_matters
    yield f"{found.month.label}分の状況（{day_label(today)}）"
    yield _deadline_line(matters.deadline, today)
    yield f"最後の集計: {found.last_run.when:%Y-%m-%d %H:%M}" if found.last_run else "最後の集計: まだ集計していません"
    counts = Counter(each.status.status for each in found.departments)
    of_them = "、".join(f"{status_label(status)} {count}" for status, count in counts.items())
    yield f"提出状況: {len(found.departments)}課" + (
        f"（{of_them}）" if of_them else "（この月に記入する課はありません）"
    )
    for each in found.departments:
        yield f"  {_department_line(each)}".rstrip()
    if found.last_run and found.new_files:
        yield f"最後の集計の後に届いたファイル: {len(found.new_files)}件"
        for name in found.new_files[:_LISTED_FILES]:
            yield f"  {name}"
        if len(found.new_files) > _LISTED_FILES:
            yield f"  ほか{len(found.new_files) - _LISTED_FILES}件"
    if matters.unusable_files:
        yield f"どの課のものか分からないファイル、扱えないファイル: {len(matters.unusable_files)}件"
        for error in matters.unusable_files:
            yield f"  {error.place}: {error.message}{error.advice}"
    if matters.undecided:
        yield f"要判断: アクション{'、'.join(map(str, matters.undecided))}"
    if found.unaddressed:
        yield f"メールアドレスの登録がない課: {'、'.join(found.unaddressed)}"
    yield f"次の作業: {found.next_step}"


def _deadline_line(deadline: dt.date | None, today: dt.date) -> str:
    if deadline is None:
        return "提出期限: 登録がありません"
    days = (deadline - today).days
    left = f"あと{days}日" if days > 0 else "本日" if days == 0 else "期限を過ぎています"
    return f"提出期限: {day_label(deadline)}　{left}"


def _department_line(each: DepartmentSituation) -> str:
    forms = each.status.received
    names = "、".join(own_name(received.submission.file) for received in forms)
    day = each.received_at
    when = f"{day:%m/%d %H:%M}" if isinstance(day, dt.datetime) else f"{day:%m/%d}" if day else ""
    asked = f"　ご確認のお願い {each.points}件" if each.has_sent and each.points else ""
    carried = f"{forms[-1].month.label}分まで" if forms and not each.has_sent else ""
    if each.status.status == UNREAD:
        text = "、".join(f"{own_name(file.file)}（{file.reason}）" for file in each.status.unread)
    elif each.status.status == UNFILLED:
        text = "、".join(own_name(form.submission.file) for form in each.status.unfilled)
    else:
        text = f"{padded(when, _DAY)}{names}{asked}" if each.has_sent else carried
    return f"{padded(each.status.department, _NAME)}{padded(status_label(each.status.status), _STATUS)}{text}"
