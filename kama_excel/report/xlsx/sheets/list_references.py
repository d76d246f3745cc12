"""The columns of 一覧 in formulas of other sheets: counts by category, the headline."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from kama_excel.evaluation.action import ActionEvaluation
from kama_excel.plan.model import Plan
from kama_excel.spreadsheets.cells import quoted

GRADE, EXACT = "評価区分", "正確な率"


class Headline(NamedTuple):
    """A sentence with a live number: its formula and text, and those of the number."""

    formula: str
    text: str
    number: str
    reached: int


@dataclass(frozen=True, slots=True)
class ListReferences:
    """The columns of 一覧: cells of all actions by heading, including hidden ones."""

    columns: dict[str, str]
    numbers: dict[str, list[int]]
    """By the heading of a key the numbers of its actions in the key's order, at the run."""

    def __getitem__(self, heading: str) -> str:
        return self.columns[heading]

    @property
    def categories(self) -> str:
        """The category of each action."""
        return self["集計"]

    def count(self, words: Sequence[str], where: str = "") -> str:
        """Return the formula of the number of actions of some categories under a condition.

        `words` are formulas.
        """
        found = "+".join(f"EXACT({self.categories},{word})" for word in words)
        return f"SUMPRODUCT(({where})*({found}))" if where else f"SUMPRODUCT(1*({found}))"

    def headline(self, plan: Plan, actions: Sequence[ActionEvaluation], where: str = "") -> Headline:
        """Return the sentence on the actions with 見出しの区分 or a better grade.

        `where` is the condition of `actions` among all.
        """
        names = plan.bands.names
        good = names[: names.index(plan.headline_grade) + 1]
        before = f"{sum(not each.is_ended for each in actions)}アクションのうち "
        after = f"件が「{plan.headline_grade}」" + ("以上" if len(good) > 1 else "") + "です"
        count = self.count([quoted(name) for name in good], where)
        reached = sum(each.category in good for each in actions)
        return Headline(f"{quoted(before)}&{count}&{quoted(after)}", f"{before}{reached}{after}", count, reached)

    @property
    def exact(self) -> str:
        """The adopted rates, rounded to nine digits."""
        return self[EXACT]
