"""Reports of made-up plans, straight from facts typed in the test: no files in between. Every name is made up."""

import random
from dataclasses import replace
from fractions import Fraction

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import Certainty, Entry, Excluded, Picture, Source
from kama_excel.domain.keys import Field, Key
from kama_excel.domain.place import Place
from kama_excel.evaluation.evaluate import evaluate
from kama_excel.forms.submission import Submission
from kama_excel.inbox.current_forms import take_forms
from kama_excel.merge.merged import merge
from kama_excel.plan.model import Plan
from kama_excel.plan.rating import Aggregation, Band, Bands, Direction, Limits, Method, Rounding, Yardstick
from kama_excel.plan.rows import Action, Decision, Department, Indicator, Measure, Task, YearlyTarget
from kama_excel.report.month_report import Report
from support.pictures import png

BANDS = Bands(
    tuple(
        Band(name, Fraction(lower, 100))
        for name, lower in (("達成", 100), ("ほぼ達成", 90), ("概ね達成", 80), ("やや未達", 60), ("課題あり", 0))
    )
)
HOSTILE = '=HYPERLINK("http://x")*?~<b>&"\'[]:/\\\n@+-{}' + "長" * 300
_WORDS = [
    "市民",
    "窓口",
    "手続き",
    "電子申請",
    "調査",
    "研究",
    "周知",
    "実証実験",
    "見直し",
    "運用",
    "整備",
    "職員研修",
    "システム",
    "連携",
    "公開",
    "支援",
    "実施",
    "評価",
]


def submission(department, entries, month="2026-02", *, file=None, sent=None):
    """Return what a department sent: `entries` by (管理番号, heading); `sent` is when its mail was."""
    made, path = [], f"input/{month}/{file or department}.xlsx"
    for row, ((key, item), value) in enumerate(entries.items(), start=5):
        exact = value if not isinstance(value, int | float) else Fraction(str(value))
        place = Place(path, "進捗", f"F{row}")
        made.append(Entry(Key(key), Field(item), exact, _typed(exact), place))
    form = Submission(path, "0" * 64, "made-up", department, "1", "記入者", None, tuple(made), (), (), sent)
    return take_forms(None, Month.parse(month), [form])[0]


def report_of(plan, received, month="2026-02", pictures=()):
    """Return the report of what was received."""
    merged = merge(plan, Month.parse(month), received)
    merged = replace(
        merged, entries={**merged.entries, **{slot: entry for each in pictures for slot, entry in each.items()}}
    )
    evaluation = evaluate(merged.facts)
    return Report(evaluation, merged, (*merged.findings, *evaluation.findings), ("plan.xlsx", b"made-up"))


def picture(department, action_no, number, caption="", width=640, height=480):
    """Return the entries of a picture and its caption, by their slots."""
    place = Place(f"input/2026-02/{department}.xlsx", "写真", f"D{number + 4}")
    content = png(width, height, top=(150 + 25 * number, 185, 220), bottom=(60, 90 + 30 * number, 130))
    key, source = Key.of_picture(action_no, department, number), Source(department, Month(2026, 2), 0, "0" * 64)
    values = {Field.PICTURE: Picture.of(content, width, height), Field.CAPTION: caption}
    return {(key, field): Entry(key, field, value, caption, place, source) for field, value in values.items() if value}


def hostile_report():
    """A plan and words that try to be code, are too long, or hold what formulas and sheets take for signs."""
    department = "＝課" + HOSTILE
    plan = Plan(
        name=HOSTILE,
        municipality=HOSTILE,
        plan_id="x",
        first_year=2024,
        last_year=2025,
        bands=Bands((Band('良"*', Fraction(1, 2)), Band("=否?", Fraction(0)))),
        headline_grade='良"*',
        measures=(Measure(1, HOSTILE, HOSTILE), Measure(2, "別" + HOSTILE, HOSTILE)),
        actions=(Action(1, HOSTILE, 1, HOSTILE, HOSTILE, "+1", "-1", department), Action(20, "@SUM(A1)", 2)),
        tasks=(Task("1", 1, 2024, department, HOSTILE), Task("2", 1, 2025, "乙課", "  =1+1  ")),
        departments=(Department(department), Department("乙課")),
    )
    words = Key.of_words(1, department)
    typed = {
        ("T-1", Field.DONE): Fraction(1, 2),
        (words, Field.OUTCOME): "=1+1",
        (words, Field.EFFORTS): "　－全角の空白で始まり、空白で終わる文　\n" * 40,
        (words, Field.CHALLENGES): "長" * 40_000,
    }
    return report_of(plan, [submission(department, typed)])


def text(chance, length):
    """Return some Japanese words, about `length` characters."""
    words = ""
    while len(words) < length:
        words += chance.choice(_WORDS) + chance.choice(("の", "と", "、", "及び", "を", "に"))
    return words[: max(length - 1, 1)] + "。"


def made_up_plan(actions, years, seed=0, density=0.9):
    """Return a plan with that many actions and years, several departments an action, weights, decisions.

    `density` is how likely an action has tasks in a year.
    """
    chance = random.Random(seed)
    departments = [f"第{number}課（架空）" for number in range(1, 13)]
    measures = tuple(Measure(number, f"テーマ{(number + 2) // 3}", f"施策{number}") for number in range(1, 10))
    made, tasks, indicators, decisions = [], [], [], []
    for no in range(1, actions + 1):
        mine = chance.sample(departments, chance.choice((1, 1, 2, 3)))
        name = f"アクション{no} {text(chance, chance.choice((6, 14, 30)))}"
        words = (text(chance, 40), text(chance, 70), text(chance, 20), "・".join(mine))
        made.append(Action(no, name, measures[no * 9 // (actions + 1)].no, *words, mine[-1]))
        for year in range(2024, 2024 + years):
            for department in mine if chance.random() < density else ():
                for _ in range(chance.choice((1, 1, 2))):
                    weight = Fraction(chance.choice((1, 1, 1, 2, 3)))
                    number = str(len(tasks) + 1)
                    tasks.append(Task(number, no, year, department, text(chance, chance.choice((8, 25, 60))), weight))
        for _ in range(chance.choice((0, 0, 1, 1, 2))):
            indicators.append(_indicator(chance, str(len(indicators) + 1), no, mine[0]))
        if chance.random() < 0.3:
            method = chance.choice((Method.TARGET, Method.PLAN_AVERAGE, Method.ASSESSMENT, Method.AUTOMATIC))
            day = Month(2025, chance.randint(5, 12)).last_day
            decisions.append(Decision(no, method, day, "推進本部", text(chance, 30)))
    return Plan(
        name="架空の計画（試験用）",
        municipality="架空市",
        plan_id="made-up",
        first_year=2024,
        last_year=2023 + years,
        bands=BANDS,
        headline_grade="概ね達成",
        measures=measures,
        actions=tuple(made),
        tasks=tuple(tasks),
        indicators=tuple(indicators),
        departments=tuple(Department(name) for name in departments),
        decisions=tuple(decisions),
    )


def _indicator(chance, number, action_no, department):
    baseline, target, direction = chance.choice(
        (
            (None, 80, Direction.UP),
            (1, 2, Direction.UP),
            (0, 30, Direction.UP),
            (120, 60, Direction.DOWN),
            (None, 5, Direction.DOWN),
            (50, 50, Direction.UP),
            (Fraction(3, 2), Fraction(5, 2), Direction.UP),
            (None, 0, Direction.UP),
            (None, 0, Direction.DOWN),
        )
    )
    baseline = None if baseline is None else Fraction(baseline)
    return Indicator(number, action_no, f"指標{number}", "件", baseline, Fraction(target), direction, department)


def with_all_of_other_cities(plan, seed=0):
    """Return the plan with bands and points outside 0–100 %, no limits, yearly targets, sums, means and watched indicators."""
    chance = random.Random(seed)
    bands = (("特に達成", 120), ("達成", 100), ("概ね達成", 80), ("やや未達", 60), ("課題あり", 0), ("後退", -100))
    made = tuple(Band(name, Fraction(lower, 100), points=Fraction(5 - at)) for at, (name, lower) in enumerate(bands))
    limits = chance.choice((Limits(None, None), Limits(Fraction(-1, 2), Fraction(3, 2))))
    indicators, targets = [], []
    below_0 = {"baseline": Fraction(10), "target": Fraction(-5), "direction": Direction.DOWN}
    for each in [each._replace(**below_0) if chance.random() < 0.2 else each for each in plan.indicators]:
        aggregation = chance.choice((*Aggregation, Aggregation.LATEST))
        if aggregation is Aggregation.SUM and each.baseline:
            aggregation = Aggregation.LATEST
        has_years = chance.random() < 0.5
        target = None if chance.random() < 0.15 and not has_years else each.target
        indicators.append(each._replace(aggregation=aggregation, target=target))
        first = chance.choice((0, 1))  # with 0 the first year's target is the baseline, or 0
        for at, year in enumerate(plan.fiscal_years if has_years else (), start=first):
            base = each.baseline or Fraction(0)
            step = (each.target - base) * Fraction(at, len(plan.fiscal_years))
            targets.append(YearlyTarget(each.no, year, base + step))
    return replace(
        plan,
        bands=Bands(made, limits, Rounding(chance.choice((0, 1, 2)), is_cut=chance.random() < 0.5)),
        indicators=tuple(indicators),
        yearly_targets=tuple(targets),
        yardstick=chance.choice(tuple(Yardstick)),
    )


def made_up_entries(plan, seed=0, month="2026-02", *, excludes=False):
    """Return what every department typed, by department: some of it nothing, 対象外, 見込 or ahead of its year."""
    chance = random.Random(seed)
    entries = {department.name: {} for department in plan.departments}
    for task in plan.tasks:
        said = chance.random()
        if said < 0.75 and (task.fiscal_year < 2026 or chance.random() < 0.6):
            entries[task.department][(task.key, Field.DONE)] = Fraction(chance.randint(0, 20), 20)
        elif said > 0.95:
            entries[task.department][(task.key, Field.DONE)] = Excluded.EXCLUDED
            entries[task.department][(task.key, Field.REMARK)] = "事業を取りやめたため"
    for each in plan.at(Month.parse(month)).indicators:
        if excludes and chance.random() < 0.1:
            entries[each.department][(each.key, Field.ACTUAL)] = Excluded.EXCLUDED
            entries[each.department][(each.key, Field.GROUNDS)] = "調査を取りやめたため"
        elif chance.random() < 0.8:
            mine = entries[each.department]
            mine[(each.key, Field.ACTUAL)] = new_actual(chance, each)
            if chance.random() < 0.5:
                mine[(each.key, Field.CERTAINTY)] = chance.choice((Certainty.EXPECTED, Certainty.ASSUMED))
            if chance.random() < 0.5:
                year, number = chance.choice(((2026, 1), (2026, 8)))
                mine[(each.key, Field.AS_OF)] = Month(year, number).last_day
    in_force = plan.at(Month.parse(month))
    for action in plan.actions:
        for department in in_force.departments_of(action.no):
            mine = entries[department]
            if chance.random() < 0.4:
                key = Key.of_assessment(action.no, department)
                mine[(key, Field.ASSESSMENT)] = Fraction(chance.randint(0, 20), 20)
                mine[(key, Field.REASON)] = text(chance, chance.choice((10, 60)))
            if chance.random() < 0.3:
                key = Key.of_words(action.no, department)
                mine[(key, Field.OUTCOME)] = text(chance, 20)
                mine[(key, Field.EFFORTS)] = text(chance, chance.choice((30, 200)))
                mine[(key, Field.CHALLENGES)] = text(chance, chance.choice((30, 100)))
    return entries


def new_actual(chance, indicator):
    """Return an actual near the indicator's figures, at times worse than its baseline."""
    base = indicator.baseline if indicator.baseline is not None else Fraction(0)
    span = (indicator.target or base) - base or Fraction(10)
    return base + span * Fraction(chance.randint(-4, 26), 20)


def made_up_report(plan, entries, month="2026-02", pictures=()):
    """Return the report of what the departments typed."""
    received = [submission(department, typed, month) for department, typed in entries.items() if typed]
    return report_of(plan, received, month, pictures)


def _typed(value):
    if isinstance(value, Fraction):
        return f"{float(value):.15g}"
    return str(getattr(value, "value", value))
