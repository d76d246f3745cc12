"""A year as it goes: twelve months, eight departments, late, double, corrected and missing forms, a plan that changes.

Every name is made up. The city is 2025-04 to 2026-03; R6 has ended, R7 is running, R8 lies ahead.
"""

import datetime as dt
import functools
from dataclasses import replace
from fractions import Fraction

from kama_excel.domain.calendar import Month
from kama_excel.forms.content import form_content
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.inbox.worker import read_content
from support.plans import plan_of, tables

MONTHS = tuple(str(Month(2025, 4 + at) if at < 9 else Month(2026, at - 8)) for at in range(12))
DEPARTMENTS = ("総務課", "企画課", "市民課", "福祉課", "商工課", "財政課", "教育課", "水道課")
RENAMED = ("商工課", "産業振興課")
_ACTIONS = (
    ("オンライン申請の拡大", ("市民課", "福祉課")),
    ("キャッシュレス決済の導入", ("市民課", "財政課")),
    ("事業者のデジタル化支援", ("商工課",)),
    ("学校と家庭の連絡のデジタル化", ("教育課",)),
    ("水道メーターの遠隔検針", ("水道課", "企画課")),
    ("庁内文書の電子化", ("総務課", "財政課")),
)
_YEARS = ("令和6年度", "令和7年度", "令和8年度")


def plan_tables(month):
    """Return the plan's tables as the division keeps them in that month (at 0–11)."""
    departments = [RENAMED[1] if month >= 7 and each == RENAMED[0] else each for each in DEPARTMENTS]
    today = dict(zip(DEPARTMENTS, departments, strict=True))
    tasks = []
    for no, (name, owners) in enumerate(_ACTIONS, start=1):
        for year in _YEARS:
            for owner in owners:
                tasks.append(
                    [len(tasks) + 1, no, year, today[owner], f"{name}（{year[2]}年度の作業）", None, None, None]
                )
    if month >= 4:  # month 5: the task is dropped
        tasks[9][7] = MONTHS[3]
    if month >= 8:  # month 9: a task is reworded
        tasks[20][7] = MONTHS[7]
        tasks.append([21, 5, "令和7年度", "水道課", "遠隔検針の実証（2地区に拡大）", None, MONTHS[8], None])
    actions = [
        [no, name, 1 + (no - 1) // 2, "", "", "", "・".join(today[owner] for owner in owners), "", None, None]
        for no, (name, owners) in enumerate(_ACTIONS, 1)
    ]
    if month >= 6:  # month 7: an action is added
        actions.append([7, "問い合わせへの自動応答", 3, "", "", "", "総務課", "", MONTHS[6], None])
        tasks.append([31, 7, "令和7年度", "総務課", "自動応答の試行", None, None, None])
    if month >= 10:  # month 11: an action has ended
        actions[1][9] = MONTHS[9]
    indicators = [
        [1, 1, "オンライン申請の割合", "%", 10, 50, "増", "市民課", "", None, None],
        [2, 3, "支援した事業者", "者", None, 40, "増", today["商工課"], "", None, None],
        [3, 6, "紙の使用量", "千枚", 900, 600, "減", "総務課", "", None, None],
    ]
    if month >= 5:  # month 6: a target is corrected
        indicators[1][10] = MONTHS[4]
        indicators.append([2, 3, "支援した事業者", "者", None, 50, "増", today["商工課"], "", MONTHS[5], None])
    made = {
        "計画": [["計画名", "まち全体のデジタル計画（架空）"], ["団体名", "架空市"], ["計画ID", "year"],
                 ["開始年度", _YEARS[0]], ["終了年度", _YEARS[2]], ["見出しの区分", "概ね達成"]],
        "重点施策": [[1, "くらし", "窓口"], [2, "しごと", "産業"], [3, "ぎょうせい", "庁内"]],
        "アクション": actions,
        "タスク": tasks,
        "指標": indicators,
        "担当課": [[each, RENAMED[0] if each == RENAMED[1] else ""] for each in departments],
    }  # fmt: skip
    decided = [[5, "総括評価", dt.date(2026, 1, 20), "推進本部", "実証の結果で仕組みを評価できたため"]]
    if month >= 10:  # month 11: a committee decides about the month before
        why = "指標より作業の進み方が実態に合うため"
        decided.append([1, "3カ年平均", dt.date(2026, 2, 18), "推進本部", why, MONTHS[9]])
    if month >= 9:  # month 10: a decision
        made["評価方法"] = decided
    if month >= 6:  # month 7: a meeting corrects a value
        made["訂正"] = [["T-1", "実施", "75%", dt.date(2025, 10, 15), "事務局", "転記の誤り"]]
    return tables(**made)


@functools.cache
def plan(month):
    """Return the plan of that month."""
    return plan_of(**plan_tables(month))


def entries(department, month):
    """Return what a department types in that month: (管理番号, heading) → value."""
    typed = {}
    for task in plan(month).at(Month.parse(MONTHS[month])).tasks:
        if task.department != department:
            continue
        at = int(task.no)
        if task.fiscal_year == 2024:
            typed[task.key, "実施"] = Fraction(60 + at % 5 * 10, 100)
        elif task.fiscal_year == 2025:
            typed[task.key, "実施"] = Fraction(min(100, (month + 1) * (6 + at % 4)), 100)
        elif month >= 8:
            typed[task.key, "予定"] = Fraction(9, 10)
    if department == "市民課":
        typed |= {("I-1", "実績値"): Fraction(10 + 3 * month), ("I-1", "時点"): Month.parse(MONTHS[month]).last_day}
        # month 6: R6 is corrected afterwards; month 10: a newer report than the meeting's correction
        typed["T-1", "実施"] = Fraction(70 if month < 5 else 80 if month < 9 else 85, 100)
    if department in RENAMED:
        typed |= {("I-2", "実績値"): Fraction(4 * month), ("I-2", "時点"): Month.parse(MONTHS[month]).last_day}
        typed |= {("I-2", "確度"): "見込"} if month < 3 else {}
    if department == "総務課":
        typed |= {("I-3", "実績値"): Fraction(930 - 25 * month), ("I-3", "時点"): Month.parse(MONTHS[month]).last_day}
    if department == "水道課" and month >= 6:
        typed |= {
            ("A-5-水道課", "総括評価"): Fraction(92, 100),
            ("A-5-水道課", "理由"): "検針の手間が目に見えて減ったため",
        }
    if department == "教育課":
        typed["W-4-教育課", "取り組んだこと"] = (
            "全校で連絡アプリの利用を始めた" if month < 6 else f"利用校を広げた（{month + 1}か月目）"
        )
    if department == "財政課" and month == 3:
        typed["T-8", "実施"] = "８割くらいかな"
    return typed


def form(department, month, typed, day):
    """Return the form as the department sends it: made with the plan of the month, filled in."""
    content = form_content(plan(month), Month.parse(MONTHS[month]), department)
    cover = {("", "記入者"): f"{department}の係", ("", "連絡先"): "内線 100", ("", "記入日"): day}
    return write_form(replace(content, entered=typed | cover))


def submissions(month):
    """Yield name and content of the files that come in that month."""
    day = Month.parse(MONTHS[month]).last_day
    for each in DEPARTMENTS:
        department = RENAMED[1] if month >= 7 and each == RENAMED[0] else each
        typed = entries(department, month)
        match department, month:
            case ("教育課", 0 | 1) | ("水道課", 5 | 6) | ("福祉課", 2):  # missing
                continue
            case ("福祉課", 3):  # late: the form of the month before comes now, with this month's
                late = entries(department, 2)
                yield "福祉課（先月分）.xlsx", form(department, 2, late, dt.date(2025, 7, 2))
            case ("財政課", 1):  # double: two forms with different values
                first = typed | {("T-8", "実施"): Fraction(1, 10)}
                yield "財政課(1).xlsx", form(department, month, first, dt.date(2025, 5, 20))
        yield f"{department}.xlsx", form(department, month, typed, day)


def read_once(patch):
    """Read every form once in all these runs, and here: 600 times in processes of their own would take a minute."""
    known = {}

    class ReadOnce:
        def read(self, name, load, sent=None, **wanted):
            content = load()
            key = (name, content, sent, *wanted.items())
            if key not in known:
                known[key] = read_content(name, content, sent, **wanted)
            return known[key]

        def close(self):
            pass

    patch.setattr("kama_excel.inbox.arrivals.SandboxedReader", ReadOnce)
