"""A large made-up city: its plan, and its departments' filled forms by month. Every name and figure in it is invented.

`python -m benchmarks.made_up_city FOLDER --forms 20 --months 1` lays out a working folder that `kama-excel run
--folder FOLDER` takes. The forms are the real ones, filled in by the program's own writer.
"""

from __future__ import annotations

import argparse
import datetime as dt
import random
from concurrent.futures import ProcessPoolExecutor
from dataclasses import astuple, dataclass, replace
from fractions import Fraction
from functools import partial
from pathlib import Path

from benchmarks.photographs import pasted, photograph
from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import TypedValue
from kama_excel.domain.keys import NO_KEY, Field, Slot
from kama_excel.forms import schema
from kama_excel.forms.content import FormContent, form_content
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.plan.model import Plan
from kama_excel.plan.reader import read_plan
from kama_excel.plan.writer import Tables, write_plan
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

FIRST_MONTH = Month(2024, 4)
Line = list[str | float | dt.date | None]
WORK = ("手続きの見直し", "説明会の開催", "システムの検討", "広報紙による周知", "実証実験の実施", "マニュアルの作成")


@dataclass(frozen=True, slots=True)
class City:
    """How large a city is: forms a month, months in a row, tasks of a form and year, pictures of a form.

    Of its plan: actions and fiscal years. `findings` are the figures of a form that cannot be read.
    """

    forms: int
    months: int = 1
    tasks: int = 4
    pictures: int = 0
    pixels: int = 1600
    """The longer side of a picture. Excel saves a photo scaled to its frame in this range, unless it is told not to."""
    actions: int = 50
    years: int = 3
    findings: int = 0

    @property
    def folder(self) -> str:
        """The name of its working folder."""
        return "-".join(map(str, astuple(self)))

    @property
    def is_large(self) -> bool:
        """Whether its run takes seconds."""
        return self.forms * self.months > 100 or self.actions > 100 or self.tasks > 40

    @property
    def newest(self) -> Month:
        """The month that is evaluated."""
        return months(self.months)[-1]


def plan_tables(city: City) -> Tables:
    """Return a plan; every department works for two actions or more, every fifth action has an indicator."""
    each_does, years = max(2, city.actions // city.forms), [f"令和{6 + number}年度" for number in range(city.years)]
    tasks: list[Line] = []
    indicators: list[Line] = []
    for number in range(city.forms):
        for at in range(city.tasks):
            action = (number * each_does + at * each_does // city.tasks) % city.actions + 1
            for year in years:
                tasks.append(
                    [
                        len(tasks) + 1,
                        action,
                        year,
                        f"第{number + 1}課",
                        f"{WORK[(number + at) % len(WORK)]}（{at + 1}）",
                    ]
                )
    owners = {row[1]: row[3] for row in tasks}
    for action in range(1, city.actions + 1, 5):
        if action in owners:
            indicators.append([len(indicators) + 1, action, f"件数{action}", "件", None, 100, "増", owners[action]])
    return {
        "計画": [
            ["計画名", "架空市デジタル計画（性能測定用の架空データ）"],
            ["団体名", "架空市"],
            ["計画ID", "benchmark"],
            ["開始年度", years[0]],
            ["終了年度", years[-1]],
            ["見出しの区分", "概ね達成"],
        ],
        "評価区分": [["達成", 1.0], ["ほぼ達成", 0.9], ["概ね達成", 0.8], ["やや未達", 0.6], ["課題あり", 0.0]],
        "重点施策": [
            [no, theme, f"施策{no}"] for no, theme in enumerate(("くらし", "くらし", "しごと", "ぎょうせい"), start=1)
        ],
        "アクション": [
            [no, f"アクション{no}", no % 4 + 1, "目指すこと。" * 5, "やること。" * 8, "目標", ""]
            for no in range(1, city.actions + 1)
        ],
        "タスク": tasks,
        "指標": indicators,
        "年度目標": [[row[0], year, 100] for row in indicators for year in years],
        "担当課": [[f"第{number + 1}課"] for number in range(city.forms)],
    }


def filled(content: FormContent, generator: random.Random, findings: int = 0) -> FormContent:
    """Fill in a form: progress on a 5 % grid (the first `findings` of them unreadable), actuals, some assessments, words."""
    entered: dict[Slot, TypedValue] = {
        (NO_KEY, Field.WRITER): "担当者",
        (NO_KEY, Field.CONTACT): "内線1234",
        (NO_KEY, Field.FILLED_ON): content.month.last_day,
    }
    for number, row in enumerate(content.rows[schema.PROGRESS_SHEET.name]):
        done = Fraction(5 * generator.randint(0, 20), 100)
        entered[row.key, Field.DONE] = "確認します" if number < findings else done
    for row in content.rows[schema.INDICATOR_SHEET.name]:
        entered[row.key, Field.ACTUAL] = Fraction(generator.randint(40, 120))
        entered[row.key, Field.AS_OF] = content.month.last_day
    for row in content.rows[schema.ASSESSMENT_SHEET.name]:
        if generator.random() < 0.3:
            entered[row.key, Field.ASSESSMENT] = Fraction(5 * generator.randint(8, 20), 100)
            entered[row.key, Field.REASON] = "取り組みが計画どおりに進んだため。"
    for row in content.rows[schema.WORDS_SHEET.name]:
        for item in (Field.OUTCOME, Field.EFFORTS, Field.CHALLENGES):
            entered[row.key, item] = f"{item}の文章です。" * generator.randint(3, 12)
    return replace(content, entered=entered)


def months(count: int) -> list[Month]:
    """Return `count` months in a row from the plan's first on."""
    first = FIRST_MONTH.year * 12 + FIRST_MONTH.month - 1
    return [Month(number // 12, number % 12 + 1) for number in range(first, first + count)]


def lay_out(folder: Path, city: City) -> None:
    """Write the plan and the forms of every month below a working folder."""
    content = write_plan(plan_tables(city))
    path = folder / "workbook_templates" / "plan.xlsx"
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    plan, findings = read_plan(read_workbook(content), "plan.xlsx")
    if plan is None:
        raise SystemExit("\n".join(each.message for each in findings))
    with ProcessPoolExecutor() as makers:
        list(makers.map(partial(_write_month, folder, city, plan), months(city.months)))


def _write_month(folder: Path, city: City, plan: Plan, month: Month) -> None:
    target = folder / "input" / str(month)
    target.mkdir(parents=True, exist_ok=True)
    generator = random.Random(str(month))
    for department in plan.departments:
        form = write_form(filled(form_content(plan, month, department.name), generator, city.findings))
        photographs = [photograph(generator, city.pixels) for _ in range(city.pictures)]
        (target / f"{department.name}.xlsx").write_bytes(pasted(form, photographs))


def main() -> None:
    """Lay out a folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    for name, default in (("forms", 20), ("months", 1), ("tasks", 4), ("pictures", 0), ("pixels", 1600)):
        parser.add_argument(f"--{name}", type=int, default=default)
    arguments = vars(parser.parse_args())
    lay_out(arguments.pop("folder"), City(**arguments))


if __name__ == "__main__":
    main()
