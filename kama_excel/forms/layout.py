"""The one description of the form: its sheets, headings and inputs, and what stands in each row for a department.

The writer prints what this module says and the reader looks for it by the same words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from enum import Enum
from fractions import Fraction

from kama_excel.fiscal import Month, year_label
from kama_excel.plan import Indicator, Plan, Task

FORM_VERSION = "1"
PICTURES_PER_ACTION = 3


class Kind(Enum):
    """What is typed into an input."""

    PROGRESS = "progress"
    RATE = "rate"
    NUMBER = "number"
    DATE = "date"
    CERTAINTY = "certainty"
    TEXT = "text"


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a sheet. `kind` None is printed, not typed. `width` is in characters of the default font."""

    heading: str
    width: float
    kind: Kind | None = None
    is_hidden: bool = False
    is_answer: bool = False
    """A formula that answers while the department types: printed, and never read."""


@dataclass(frozen=True, slots=True)
class FormSheet:
    """A sheet of the form with one table."""

    name: str
    title: str
    note: str
    columns: tuple[Column, ...]

    @property
    def inputs(self) -> tuple[Column, ...]:
        """The columns that the department fills in."""
        return tuple(column for column in self.columns if column.kind)

    @property
    def headings(self) -> tuple[str, ...]:
        """All headings in their order."""
        return tuple(column.heading for column in self.columns)

    def column(self, heading: str) -> Column:
        """Return the column of that heading (StopIteration where there is none)."""
        return next(column for column in self.columns if column.heading == heading)


KEY = "管理番号"
NO, ACTION, YEAR, PLANNED_WORK = "No", "アクション", "年度", "計画"
DONE, REMARK = "実施", "備考"
NAME, UNIT, BASELINE, TARGET = "指標", "単位", "基準値", "目標値"
ACTUAL, AS_OF, CERTAINTY, GROUNDS, ACHIEVEMENT = "実績値", "時点", "確度", "根拠", "達成率"
OWN_AVERAGE, ASSESSMENT, REASON = (
    "自課の平均",
    "総括評価",
    "理由",
)  # printed as 自課の3カ年平均 where the plan has three
OUTCOME, EFFORTS, CHALLENGES = "成果", "取り組んだこと", "課題"
PICTURE, CAPTION = "写真", "説明"

_KEY_COLUMN = Column(KEY, 6, is_hidden=True)
_NO_COLUMN = Column(NO, 5)
_ACTION_COLUMN = Column(ACTION, 26)

PROGRESS_SHEET = FormSheet(
    "進捗",
    "タスクの進捗",
    "色の付いたセルに、年度ごとの計画に対する実施の割合（0%〜100%）を入れてください。取り組まないこととしたタスクは「対象外」と入れ、備考に理由を書いてください。",
    (
        _KEY_COLUMN,
        _NO_COLUMN,
        _ACTION_COLUMN,
        Column(YEAR, 13),
        Column(PLANNED_WORK, 44),
        Column(DONE, 11, Kind.PROGRESS),
        Column(REMARK, 40, Kind.TEXT),
    ),
)
INDICATOR_SHEET = FormSheet(
    "指標",
    "目標（値）に対する実績",
    "実績値は単位を付けずに数値だけを、時点はいつの数値かを入れてください。確度は、確定・見込・仮定から選んでください（空欄は確定）。",
    (
        _KEY_COLUMN,
        _NO_COLUMN,
        _ACTION_COLUMN,
        Column(NAME, 34),
        Column(UNIT, 8),
        Column(BASELINE, 10),
        Column(TARGET, 10),
        Column(ACTUAL, 12, Kind.NUMBER),
        Column(AS_OF, 14, Kind.DATE),
        Column(CERTAINTY, 8, Kind.CERTAINTY),
        Column(GROUNDS, 30, Kind.TEXT),
        Column(ACHIEVEMENT, 10, is_answer=True),
    ),
)
ASSESSMENT_SHEET = FormSheet(
    "総括評価",
    "総括評価",
    "計画期間を通した取り組みの評価（0%〜100%）と、その理由を書いてください。理由のない総括評価は、評価に入れられません。",
    (
        _KEY_COLUMN,
        _NO_COLUMN,
        _ACTION_COLUMN,
        Column(OWN_AVERAGE, 12, is_answer=True),
        Column(ASSESSMENT, 11, Kind.RATE),
        Column(REASON, 70, Kind.TEXT),
    ),
)
WORDS_SHEET = FormSheet(
    "成果と課題",
    "成果・取り組んだこと・課題",
    "報告書にそのまま載る文章です。だれに、何が、どう良くなったかを、数字や例をまじえて書いてください。改行はそのまま残ります（Alt＋Enter）。",
    (
        _KEY_COLUMN,
        _NO_COLUMN,
        _ACTION_COLUMN,
        Column(OUTCOME, 36, Kind.TEXT),
        Column(EFFORTS, 44, Kind.TEXT),
        Column(CHALLENGES, 44, Kind.TEXT),
    ),
)
PICTURE_SHEET = FormSheet(
    "写真",
    "取組状況の写真",
    "アクションごとに3枚まで、「写真」の枠の中に貼り付けて、説明を書いてください。",
    (
        _KEY_COLUMN,
        _NO_COLUMN,
        _ACTION_COLUMN,
        Column(CAPTION, 40, Kind.TEXT),
        Column(PICTURE, 40),
    ),
)
TABLE_SHEETS = (PROGRESS_SHEET, INDICATOR_SHEET, ASSESSMENT_SHEET, WORDS_SHEET, PICTURE_SHEET)

COVER_SHEET = "はじめに"
DEPARTMENT, WRITER, CONTACT, FILLED_ON = "担当課", "記入者", "連絡先", "記入日"
COVER_INPUTS = ((WRITER, Kind.TEXT), (CONTACT, Kind.TEXT), (FILLED_ON, Kind.DATE))

IDENTITY_SHEET = "_kama"
PLAN_ID, VERSION, MADE_FOR = "計画ID", "様式の版", "対象月"

Printed = str | int | Fraction | None


@dataclass(frozen=True, slots=True)
class FormRow:
    """A row of a table of the form: its 管理番号, what is printed in it by heading, and the task or indicator it is of."""

    key: str
    printed: dict[str, Printed]
    of: Task | Indicator | None = None


@dataclass(frozen=True, slots=True)
class FormContent:
    """What is printed into one department's form for a month."""

    plan: Plan
    month: Month
    department: str
    rows: dict[str, tuple[FormRow, ...]]
    """The rows by the name of their sheet."""


def printed_heading(column: Column, plan: Plan) -> str:
    """Return the heading as it is printed: only the plan's average has a name that depends on the plan."""
    return f"自課の{plan.average_label}" if column.heading == OWN_AVERAGE else column.heading


def assessment_key(action_no: int, department: str) -> str:
    """Return the 管理番号 of a department's 総括評価 of an action."""
    return f"A-{action_no}-{department}"


def words_key(action_no: int, department: str) -> str:
    """Return the 管理番号 of a department's 成果, 取り組んだこと and 課題 of an action."""
    return f"W-{action_no}-{department}"


def picture_key(action_no: int, department: str, number: int) -> str:
    """Return the 管理番号 of a department's picture of an action, counted from 1."""
    return f"P-{action_no}-{department}-{number}"


def form_content(plan: Plan, month: Month, department: str) -> FormContent:
    """Return what the department's form says in a month: its tasks, indicators and actions that hold then."""
    in_force = plan.at(month)
    names = {action.no: action.name for action in plan.actions}
    numbers = in_force.actions_of(department)

    def action(no: int) -> dict[str, Printed]:
        return {NO: no, ACTION: names[no]}

    tasks = sorted(
        (task for task in in_force.tasks if task.department == department),
        key=lambda task: (task.action_no, task.fiscal_year),
    )
    indicators = sorted(
        (indicator for indicator in in_force.indicators if indicator.department == department),
        key=lambda indicator: indicator.action_no,
    )
    rows = {
        PROGRESS_SHEET.name: tuple(
            FormRow(
                task.key,
                action(task.action_no) | {YEAR: year_label(task.fiscal_year), PLANNED_WORK: task.text},
                task,
            )
            for task in tasks
        ),
        INDICATOR_SHEET.name: tuple(
            FormRow(
                each.key,
                action(each.action_no)
                | {NAME: each.name, UNIT: each.unit, BASELINE: each.baseline, TARGET: each.target},
                each,
            )
            for each in indicators
        ),
        ASSESSMENT_SHEET.name: tuple(FormRow(assessment_key(no, department), action(no)) for no in numbers),
        WORDS_SHEET.name: tuple(FormRow(words_key(no, department), action(no)) for no in numbers),
        PICTURE_SHEET.name: tuple(
            FormRow(picture_key(no, department, number), action(no))
            for no in numbers
            for number in range(1, PICTURES_PER_ACTION + 1)
        ),
    }
    return FormContent(plan, month, department, rows)


def departments_with_forms(plan: Plan, month: Month) -> tuple[str, ...]:
    """Return the departments that have anything to report in a month, in the plan's order."""
    in_force = plan.at(month)
    return tuple(each.name for each in plan.departments if in_force.actions_of(each.name))


def keys(content: FormContent) -> Iterator[str]:
    """Yield every 管理番号 of a form."""
    for rows in content.rows.values():
        for row in rows:
            yield row.key
