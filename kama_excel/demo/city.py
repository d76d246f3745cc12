"""A fictional city with half a year of forms, to try the program on.

`demo_files` gives the plan and the filled forms of six months. The forms are real ones, written by the program.
All figures and sentences are invented.
"""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import PurePosixPath

from kama_excel.demo.actions import DEPARTMENTS, LATE, MEASURES, MadeUpAction, Measured, actions
from kama_excel.demo.scenes import scene
from kama_excel.domain.calendar import Month, year_label
from kama_excel.domain.entries import Certainty, Excluded, Picture, TypedValue
from kama_excel.domain.keys import NO_KEY, Field, Key, Slot
from kama_excel.forms import schema
from kama_excel.forms.content import FormContent, form_content
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.plan.reader import read_plan
from kama_excel.plan.rows import Indicator, Task
from kama_excel.plan.writer import Tables, write_plan
from kama_excel.spreadsheets.reading.open_workbook import read_workbook
from kama_excel.spreadsheets.writing.canvas import Value

FIRST_YEAR = 2024
MONTHS = (Month(2025, 9), Month(2025, 10), Month(2025, 11), Month(2025, 12), Month(2026, 1), Month(2026, 2))
UNREPORTED = 21
"""The action without any report."""
_STEPS = ("調査・計画", "試行・実施", "本格実施・評価")
_ASSESSED = {7: 50, 12: 70, 13: 67.5, 22: 85, 24: 45, 28: 60, 31: 80, 38: 65, 42: 89.5, 43: 62, 46: 100, 49: 75}
"""総括評価 in percent, of actions whose target is a text."""
_DECIDED = {
    12: ("総括評価", "実証の段階の取り組みであり、件数では計れないため"),
    43: ("総括評価", "検討の進み具合を担当課の評価で捉えるため"),
}
_DECISION_DAY = dt.date(2025, 12, 18)
_SPEED = {1: 0.8, 9: 0.6, 17: 0.5, 20: 0.7, 26: 0.6, 35: 1.5, 45: 0.7}
"""The pace of an action's tasks, if it is not the usual one."""
_WITH_PHOTOS = (1, 3, 4, 5, 10, 13, 16, 20, 24, 32, 34, 36, 41, 42, 48)
_LONG = 34
"""The action whose departments wrote long texts."""
_FULL, _REPORTED_YEARS = 100, 2

_OUTCOMES = (
    "{topic}の利用が広がった",
    "{topic}により手続きにかかる時間が短くなった",
    "{topic}を通じて、相談の件数が前年度より増えた",
    "{topic}の利用者の満足度が上がった",
)
_EFFORTS = (
    "・{topic}の対象と進め方の整理\n・関係する課との打合せ（月1回）\n広報紙と市公式LINEで周知し、利用した方の声を取り入れて手順を見直した。",
    "{topic}を実施し、結果を課内で共有した。手引きを作成し、担当者が替わっても続けられるようにした。",
    "・先進地の事例の調査\n・{topic}の試行（2地区）\n試行で分かった点を踏まえ、次年度の進め方を決めた。",
)
_CHALLENGES = (
    "利用する方が一部に偏っている。高齢の方にも使いやすい案内が必要である。",
    "担当する職員が少なく、対応できる件数に限りがある。手順の簡素化を検討する。",
    "庁内の関係する課との役割分担を明確にする必要がある。",
)
_LONG_EFFORTS = (
    "・階層別研修（新任・中堅・管理職、全8回）の計画と実施\n・eラーニング24講座の導入と、受講の少ない課への声かけ\n"
    "・研修の成果を持ち寄る活用事例の共有会（年3回）\n業務の都合で集合研修に出られない職員が多かったため、1講座15分の"
    "eラーニングに組み替え、窓口の合間や会議の前後に受けられるようにした。あわせて、所属長に毎月の受講状況を一覧で知らせ、"
    "受講の時間を勤務の割り振りに入れたところ、上半期に28%だった受講率が2月末には62.4%まで伸びた。受講後のアンケートは講座の"
    "見直しに使い、難しいという意見の多かった表計算の講座は、初級と中級に分けて作り直した。"
)
_LONG_CHALLENGES = (
    "会計年度任用職員の受講が34%にとどまっている。端末を共用している職場では受講の時間を確保しにくく、業務の繁忙期を避けた日程と、"
    "共用端末でも個人の受講記録が残る仕組みが必要である。講師を務められる職員が4人に限られていることも、回数を増やすうえでの課題である。"
)


def demo_files() -> Iterator[tuple[PurePosixPath, bytes]]:
    """Yield path and bytes of each file: the plan first, then the forms by month."""
    content = write_plan(plan_tables())
    yield PurePosixPath("workbook_templates/plan.xlsx"), content
    plan, findings = read_plan(read_workbook(content), "plan.xlsx")
    assert plan is not None, findings  # noqa: S101 -- the tables are this module's own
    for at, month in enumerate(MONTHS):
        for department in DEPARTMENTS:
            if at == len(MONTHS) - 1 and department in LATE:
                continue
            name = PurePosixPath("input", str(month), f"{department}.xlsx")
            yield name, write_form(_filled(form_content(plan, month, department), at))


def plan_tables() -> Tables:
    """Return the rows of the plan workbook."""
    years = [year_label(FIRST_YEAR + at) for at in range(3)]
    made: list[list[Value]] = []
    tasks: list[list[Value]] = []
    indicators: list[list[Value]] = []
    for action in actions():
        made.append(_action_row(action))
        for at, year in enumerate(years):
            for department in action.departments:
                for part in (action.topic, f"{action.topic}の周知・改善"):
                    tasks.append([len(tasks) + 1, action.no, year, department, f"{part}の{_STEPS[at]}"])
        for each, department in zip(action.indicators, (*action.departments, action.departments[0]), strict=False):
            direction = "減" if each.target < (each.baseline or 0) or each.target == 0 else "増"
            row: list[Value] = [
                len(indicators) + 1,
                action.no,
                each.name,
                each.unit,
                each.baseline,
                each.target,
                direction,
            ]
            indicators.append([*row, department])
    return {
        "計画": [
            ["計画名", "見本市デジタル推進計画（架空のデータ）"],
            ["団体名", "見本市"],
            ["計画ID", "demo"],
            ["開始年度", years[0]],
            ["終了年度", years[-1]],
            ["見出しの区分", "概ね達成"],
            ["提出先", "デジタル戦略課"],
            ["問い合わせ先", "デジタル戦略課　内線 1234"],
        ],
        "評価区分": [["達成", 1.0], ["ほぼ達成", 0.9], ["概ね達成", 0.8], ["やや未達", 0.6], ["課題あり", 0.0]],
        "重点施策": [[no, *measure] for no, measure in enumerate(MEASURES, start=1)],
        "アクション": made,
        "タスク": tasks,
        "指標": indicators,
        "担当課": [[each] for each in DEPARTMENTS],
        "評価方法": [[no, method, _DECISION_DAY, "推進本部会議", why] for no, (method, why) in _DECIDED.items()],
        "訂正": [[_first_key(10), "実施", "65%", dt.date(2026, 1, 20), "事務局", "集計の対象月を誤っていたため"]],
    }


def _action_row(action: MadeUpAction) -> list[Value]:
    target = "、".join(f"{each.name} {each.target:,.10g}{each.unit}" for each in action.indicators)
    return [
        action.no,
        action.name,
        action.measure,
        f"{action.topic}を通じて、市民が便利さを実感できるまちを目指します。",
        f"{action.topic}について、対象と進め方を整理し、試行を経て本格的に実施します。結果を公表し、毎年度見直します。",
        target or f"{action.topic}の実施と定着",
        "・".join(action.departments),
        action.departments[0],
    ]


def _first_key(action_no: int) -> Key:
    """Return the 管理番号 of an action's first task of the current year."""
    before = sum(3 * 2 * len(each.departments) for each in actions() if each.no < action_no)
    mine = next(each for each in actions() if each.no == action_no)
    return Key.of_task(str(before + 2 * len(mine.departments) + 1))


def _filled(content: FormContent, at: int) -> FormContent:
    """Fill in a form for the month at index `at` of the six."""
    department, month = content.department, content.month
    by_no = {each.no: each for each in actions()}
    entered: dict[Slot, TypedValue] = {
        (NO_KEY, Field.WRITER): f"{department}　担当者",
        (NO_KEY, Field.CONTACT): "内線 100",
        (NO_KEY, Field.FILLED_ON): month.last_day,
    }
    for row in content.rows[schema.PROGRESS_SHEET.name]:
        if isinstance(row.of, Task) and row.of.action_no != UNREPORTED:
            entered |= _progress(row.of, at)
    for row in content.rows[schema.INDICATOR_SHEET.name]:
        if isinstance(row.of, Indicator):
            entered |= _actual(row.of, by_no[row.of.action_no], at, month)
    for action in actions():
        if department in action.departments and action.no != UNREPORTED:
            entered |= _assessment(action, department, at)
            entered |= _words(action, department, at)
    typed_badly = department == "産業振興課" and at == len(MONTHS) - 1
    if typed_badly:  # typical typing errors: findings of the last month
        entered[_first_key(25), Field.DONE] = "８割くらい"
    return replace(content, entered=entered | _pictures(content, at))


def _progress(task: Task, at: int) -> dict[Slot, TypedValue]:
    chance = random.Random(f"task {task.no}")  # noqa: S311 -- made-up figures
    speed = _SPEED.get(task.action_no, 1.0)
    match task.fiscal_year - FIRST_YEAR:
        case 0:
            if task.action_no == 16 and chance.random() < 0.5:  # noqa: PLR2004 -- the action that gave one up
                return {(task.key, Field.DONE): Excluded.EXCLUDED, (task.key, Field.REMARK): "事業を取りやめたため"}
            return {(task.key, Field.DONE): Fraction(chance.randrange(60, _FULL + 1, 5), _FULL)}
        case 1:
            last = min(chance.randrange(35, 75, 5) * speed, _FULL)
            percent = 5 * round(last * (0.3 + 0.14 * at) / 5)
            return {(task.key, Field.DONE): Fraction(percent, _FULL)}
        case _:
            if task.action_no % 3 or at < 2:  # noqa: PLR2004 -- some departments say what they expect, and later
                return {}
            return {(task.key, Field.EXPECTED): Fraction(chance.randrange(70, _FULL, 5), _FULL)}


def _actual(indicator: Indicator, action: MadeUpAction, at: int, month: Month) -> dict[Slot, TypedValue]:
    measured: Measured = next(each for each in action.indicators if each.name == indicator.name)
    if measured.last is None or (measured.first is None and at < len(MONTHS) - 1):
        return {}
    first = measured.last if measured.first is None else measured.first
    actual = first + (measured.last - first) * at / (len(MONTHS) - 1)
    digits = 2 if measured.unit == "倍" else 0 if measured.target > _FULL or measured.unit not in "%倍" else 1
    values: dict[Slot, TypedValue] = {
        (indicator.key, Field.ACTUAL): Fraction(str(round(actual, digits))),
        (indicator.key, Field.AS_OF): month.last_day,
        (indicator.key, Field.GROUNDS): "担当課の集計による",
    }
    if indicator.action_no in (6, 10, 44):
        values[indicator.key, Field.CERTAINTY] = Certainty.EXPECTED
    return values


def _assessment(action: MadeUpAction, department: str, at: int) -> dict[Slot, TypedValue]:
    if action.no not in _ASSESSED or at < 3 or (action.no == 12 and department != action.departments[0]):  # noqa: PLR2004
        return {}
    key = Key.of_assessment(action.no, department)
    percent = Fraction(str(_ASSESSED[action.no]))
    reason = f"{action.topic}の進み具合と、利用した方の反応を踏まえて評価した"
    return {(key, Field.ASSESSMENT): percent / _FULL, (key, Field.REASON): reason}


def _words(action: MadeUpAction, department: str, at: int) -> dict[Slot, TypedValue]:
    chance = random.Random(f"words {action.no} {department}")  # noqa: S311 -- made-up sentences
    outcome, efforts, challenges = (
        chance.choice(texts).format(topic=action.topic) for texts in (_OUTCOMES, _EFFORTS, _CHALLENGES)
    )
    if action.no == _LONG:
        efforts, challenges = _LONG_EFFORTS, _LONG_CHALLENGES
        which = action.indicators[action.departments.index(department)]
        outcome = f"{which.name} {which.last:g}{which.unit}（前年度末 {which.first:g}{which.unit}）"
    elif at > 2:  # noqa: PLR2004 -- the later months have more to say
        efforts += f"\n{MONTHS[at].month}月には、{action.topic}の結果を課内で確認した。"
    texts = ((Field.OUTCOME, outcome), (Field.EFFORTS, efforts), (Field.CHALLENGES, challenges))
    return {(Key.of_words(action.no, department), item): text for item, text in texts}


def _caption(action: MadeUpAction, number: int, month: Month) -> str:
    words = ("{topic}の様子", "{topic}の説明会", "{topic}の打合せ")[number - 1]
    return f"{words.format(topic=action.topic)}（{month.label}）"


def _pictures(content: FormContent, at: int) -> dict[Slot, TypedValue]:
    """Return the pictures of the newest forms: up to three an action."""
    made: dict[Slot, TypedValue] = {}
    by_no = {each.no: each for each in actions()}
    if at < len(MONTHS) - _REPORTED_YEARS:
        return made
    for no in _WITH_PHOTOS:
        if content.department not in by_no[no].departments:
            continue
        for number in range(1, 2 + (no == _LONG and content.department == by_no[no].departments[0]) + (no % 4 == 0)):
            key = Key.of_picture(no, content.department, number)
            made[key, Field.PICTURE] = Picture.of(*scene(key))
            made[key, Field.CAPTION] = _caption(by_no[no], number, content.month)
    return made
