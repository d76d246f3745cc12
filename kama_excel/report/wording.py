"""What the departments wrote and sent pictures of about an action, in the order in which it is printed."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

import pandas as pd

from kama_excel.forms import schema
from kama_excel.merge.frame import rows_of
from kama_excel.merge.pictures import PlacedPicture
from kama_excel.plan.model import Action, Plan, PlanAtMonth
from kama_excel.spreadsheets.writing.style import UNEVALUATED, grade_colours


@dataclass(frozen=True, slots=True)
class Words:
    """成果, 取り組んだこと and 課題 of one department; '' where it wrote nothing."""

    department: str
    outcome: str
    efforts: str
    challenges: str


def words_by_action(in_force: PlanAtMonth, entries: pd.DataFrame) -> dict[int, tuple[Words, ...]]:
    """Return what was written by action number; 主担当課 first, then the plan's order."""
    items = (schema.OUTCOME, schema.EFFORTS, schema.CHALLENGES)
    written = {(row.key, row.item): str(row.value or "") for row in rows_of(entries[entries["item"].isin(items)])}
    return {action.no: tuple(_words(action, in_force, written)) for action in in_force.actions}


def _words(action: Action, in_force: PlanAtMonth, written: dict[tuple[str, str], str]) -> Iterable[Words]:
    departments = sorted(in_force.departments_of(action.no), key=lambda department: department != action.lead)
    for department in departments:
        key = schema.words_key(action.no, department)
        texts = [written.get((key, item), "") for item in (schema.OUTCOME, schema.EFFORTS, schema.CHALLENGES)]
        if any(texts):
            yield Words(department, *texts)


def joined(words: Iterable[Words], field: str) -> str:
    """Join one of the texts of all departments; where several wrote, each stands under its name."""
    texts = [(each.department, getattr(each, field)) for each in words if getattr(each, field)]
    if len(texts) == 1:
        return str(texts[0][1])
    return "\n".join(f"【{department}】\n{text}" for department, text in texts)


def pictures_by_action(
    plan: Plan, in_force: PlanAtMonth, pictures: Iterable[PlacedPicture]
) -> dict[int, tuple[PlacedPicture, ...]]:
    """Return the pictures by action number: 主担当課's first, then the departments in the plan's order."""
    order = {department.name: at for at, department in enumerate(plan.departments)}
    sent = tuple(pictures)

    def of(action: Action) -> tuple[PlacedPicture, ...]:
        mine = (each for each in sent if each.picture.action_no == action.no)
        key = lambda each: (each.department != action.lead, order.get(each.department, len(order)), each.picture.number)  # noqa: E731
        return tuple(sorted(mine, key=key))

    return {action.no: of(action) for action in in_force.actions}


def grade_look(plan: Plan, grade: str | None) -> dict[str, object]:
    """Return the colours of a grade's cell; None is 未評価."""
    names = plan.bands.names
    colour = UNEVALUATED if grade is None else grade_colours(len(names))[names.index(grade)]
    return {"bg_color": colour.fill, "font_color": colour.text}
