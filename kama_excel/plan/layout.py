"""The sheets and headings of the plan workbook: a public interface, declared once for its reader and its writer."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class SheetLayout:
    """A sheet's name, the headings that it must have and those that it may have."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    may_be_missing: bool = False

    @property
    def headings(self) -> tuple[str, ...]:
        """All headings, in the order in which they are written."""
        return (*self.required, *self.optional)


PLAN = SheetLayout("計画", ("項目", "値"))
BANDS = SheetLayout("評価区分", ("区分", "下限"))
MEASURES = SheetLayout("重点施策", ("No", "テーマ", "重点施策"))
ACTIONS = SheetLayout(
    "アクション",
    ("No", "アクション", "重点施策No", "目指すこと", "やること", "目標(値)", "担い手"),
    ("主担当課",),
)
TASKS = SheetLayout("タスク", ("タスクNo", "アクションNo", "年度", "担当課", "計画"), ("重み", "適用開始", "適用終了"))
INDICATORS = SheetLayout(
    "指標",
    ("指標No", "アクションNo", "指標", "単位", "基準値", "目標値", "向き", "担当課"),
    ("記入のしかた", "適用開始", "適用終了"),
)
DEPARTMENTS = SheetLayout("担当課", ("担当課",), ("別名", "メール"))
DECISIONS = SheetLayout("評価方法", ("アクションNo", "算定方法", "決定日", "決定者", "理由"), may_be_missing=True)
CORRECTIONS = SheetLayout("訂正", ("管理番号", "項目", "値", "訂正日", "訂正者", "理由"), may_be_missing=True)

SHEETS = (PLAN, BANDS, MEASURES, ACTIONS, TASKS, INDICATORS, DEPARTMENTS, DECISIONS, CORRECTIONS)

NAME, MUNICIPALITY, PLAN_ID, FIRST_YEAR, LAST_YEAR, HEADLINE = (
    "計画名",
    "団体名",
    "計画ID",
    "開始年度",
    "終了年度",
    "見出しの区分",
)
ITEMS = (NAME, MUNICIPALITY, PLAN_ID, FIRST_YEAR, LAST_YEAR, HEADLINE)
SEND_TO, ASK = "提出先", "問い合わせ先"  # may be left out
EXAMPLE = "（記入例）"
"""What every text of the worked lines begins with that `init` lays out; none of them belongs into a plan that is used."""
