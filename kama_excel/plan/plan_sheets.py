"""The sheets of the plan workbook: their names, headings and words."""

from __future__ import annotations

from typing import NamedTuple


class SheetLayout(NamedTuple):
    """A sheet's name, its required headings and its optional ones."""

    name: str
    required: tuple[str, ...]
    optional: tuple[str, ...] = ()
    may_be_missing: bool = False

    @property
    def headings(self) -> tuple[str, ...]:
        """All headings, in the order in which they are written."""
        return (*self.required, *self.optional)


PLAN = SheetLayout("計画", ("項目", "値"))
BANDS = SheetLayout("評価区分", ("区分", "下限"), ("記号", "点数"))
MEASURES = SheetLayout("重点施策", ("No", "テーマ", "重点施策"))
ACTIONS = SheetLayout(
    "アクション",
    ("No", "アクション", "重点施策No", "目指すこと", "やること", "目標(値)", "担い手"),
    ("主担当課", "適用開始", "適用終了", "公表"),
)
TASKS = SheetLayout("タスク", ("タスクNo", "アクションNo", "年度", "担当課", "計画"), ("重み", "適用開始", "適用終了"))
INDICATORS = SheetLayout(
    "指標",
    ("指標No", "アクションNo", "指標", "単位", "基準値", "目標値", "向き", "担当課"),
    ("記入のしかた", "適用開始", "適用終了", "集計"),
)
YEARLY_TARGETS = SheetLayout("年度目標", ("指標No", "年度", "目標値"), ("適用開始", "適用終了"), may_be_missing=True)
DEPARTMENTS = SheetLayout("担当課", ("担当課",), ("別名", "メール"))
DECISIONS = SheetLayout(
    "評価方法", ("アクションNo", "算定方法", "決定日", "決定者", "理由"), ("適用月",), may_be_missing=True
)
CORRECTIONS = SheetLayout(
    "訂正", ("管理番号", "項目", "値", "訂正日", "訂正者", "理由"), ("適用月",), may_be_missing=True
)

SHEETS = (PLAN, BANDS, MEASURES, ACTIONS, TASKS, INDICATORS, YEARLY_TARGETS, DEPARTMENTS, DECISIONS, CORRECTIONS)

NAME, MUNICIPALITY, PLAN_ID, FIRST_YEAR, LAST_YEAR, HEADLINE = (
    "計画名",
    "団体名",
    "計画ID",
    "開始年度",
    "終了年度",
    "見出しの区分",
)
ITEMS = (NAME, MUNICIPALITY, PLAN_ID, FIRST_YEAR, LAST_YEAR, HEADLINE)
SEND_TO, ASK, DEADLINE = "提出先", "問い合わせ先", "提出期限"  # optional
YARDSTICK, UPPER_LIMIT, LOWER_LIMIT, DIGITS, ROUNDING = (
    "達成率の基準",
    "達成率の上限",
    "達成率の下限",
    "率の小数桁",
    "端数処理",
)
RATE_ITEMS = (YARDSTICK, UPPER_LIMIT, LOWER_LIMIT, DIGITS, ROUNDING)
"""How rates are measured and shown; all optional."""
NO_LIMIT = "なし"
PUBLISHED, WITHHELD = "する", "しない"  # the words of 公表; a blank is the former
EXAMPLE = "（記入例）"
"""The prefix of all texts in the sample lines of `init`; a plan in use has none of them."""
