"""The one description of the form: its sheets, headings and inputs, and what stands in each row for a department.

The writer prints what this module says and the reader looks for it by the same words.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

FORM_VERSION = "2"

PICTURES_PER_ACTION = 3

WORDS_LIMIT = 800

"""How many characters the words of an action should have at most; the form has room for them."""


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
    is_optional: bool = False
    """An input that older forms do not have."""


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


KEY = "管理番号"

NO, ACTION, YEAR, PLANNED_WORK = "No", "アクション", "年度", "計画"

EXPECTED, DONE, REMARK = "予定", "実施", "備考"

NAME, UNIT, BASELINE, TARGET = "指標", "単位", "基準値", "目標値"

OF_THE_PLAN = (PLANNED_WORK, NAME, UNIT, BASELINE, TARGET)

"""What a form prints of a task or an indicator as the plan has it."""

ACTUAL, AS_OF, CERTAINTY, GROUNDS, ACHIEVEMENT = "実績値", "時点", "確度", "根拠", "達成率"

OWN_AVERAGE, ASSESSMENT, REASON = (
    "自課の平均",
    "総括評価",
    "理由",
)  # printed as 自課の3カ年平均 where the plan has three

OUTCOME, EFFORTS, CHALLENGES = "成果", "取り組んだこと", "課題"

PICTURE, CAPTION = "写真", "説明"

YEAR_AVERAGE, GRADE, CHECK, LENGTHS, NOTICE = "年度平均", "評価区分", "確認", "文字数", "お知らせ"

WEIGHT = "重み"  # printed only where tasks do not all count the same

_KEY_COLUMN = Column(KEY, 6, is_hidden=True)

_NO_COLUMN = Column(NO, 5)

_ACTION_COLUMN = Column(ACTION, 26)

_CHECK_COLUMN = Column(CHECK, 18, is_answer=True)

_NOTICE_COLUMN = Column(NOTICE, 34)

PROGRESS_SHEET = FormSheet(
    "進捗",
    "タスクの進捗",
    "「実施」に、その年度の計画に対してこれまでに実施した割合（0%〜100%）を入力してください。取り組まないこととしたタスクは「対象外」と入力し、備考に理由を記入します。開始前の年度は、見込みがある場合に「予定」に入力してください（空欄でもかまいません）。",
    (
        _KEY_COLUMN,
        _NO_COLUMN,
        _ACTION_COLUMN,
        Column(YEAR, 18),
        Column(PLANNED_WORK, 40),
        Column(DONE, 9, Kind.PROGRESS),
        Column(EXPECTED, 9, Kind.PROGRESS, is_optional=True),
        Column(REMARK, 34, Kind.TEXT),
        Column(WEIGHT, 7),
        Column(YEAR_AVERAGE, 9, is_answer=True),
        _CHECK_COLUMN,
        _NOTICE_COLUMN,
    ),
)

INDICATOR_SHEET = FormSheet(
    "指標",
    "目標（値）に対する実績",
    "「実績値」は単位を付けずに数値だけを、「時点」はいつの数値かを入力してください。「確度」は、確定・見込・仮定から選びます（空欄は確定）。「根拠」には、数え方や出典を記入してください。",
    (
        _KEY_COLUMN,
        _NO_COLUMN,
        _ACTION_COLUMN,
        Column(NAME, 30),
        Column(UNIT, 8),
        Column(BASELINE, 9),
        Column(TARGET, 9),
        Column(ACTUAL, 11, Kind.NUMBER),
        Column(AS_OF, 13, Kind.DATE),
        Column(CERTAINTY, 8, Kind.CERTAINTY),
        Column(GROUNDS, 30, Kind.TEXT),
        Column(ACHIEVEMENT, 9, is_answer=True),
        Column(GRADE, 11, is_answer=True),
        _CHECK_COLUMN,
        _NOTICE_COLUMN,
    ),
)

ASSESSMENT_SHEET = FormSheet(
    "総括評価",
    "総括評価",
    "計画期間を通した取り組みの評価（0%〜100%）と、その理由を記入してください。理由のない総括評価は、評価に含めることができません。平均と評価区分は「進捗」の記入から計算した自課の分の目安です。",
    (
        _KEY_COLUMN,
        _NO_COLUMN,
        _ACTION_COLUMN,
        Column(OWN_AVERAGE, 15, is_answer=True),
        Column(ASSESSMENT, 10, Kind.RATE),
        Column(REASON, 60, Kind.TEXT),
        Column(GRADE, 11, is_answer=True),
        _CHECK_COLUMN,
        _NOTICE_COLUMN,
    ),
)

WORDS_SHEET = FormSheet(
    "成果と課題",
    "成果・取り組んだこと・課題",
    "報告書にそのまま掲載する文章です（1つの欄につき800字程度まで）。改行（Alt＋Enter）はそのまま反映されます。成果は「誰に、何が、どれだけ良くなったか」を数値や例を交えて、取り組んだことは「何を、どのように進めたか」、課題は「残った課題と今後の対応」を記入してください。",
    (
        _KEY_COLUMN,
        _NO_COLUMN,
        Column(ACTION, 15),
        Column(OUTCOME, 62, Kind.TEXT),
        Column(EFFORTS, 62, Kind.TEXT),
        Column(CHALLENGES, 62, Kind.TEXT),
        Column(LENGTHS, 13, is_answer=True),
        _NOTICE_COLUMN,
    ),
)

PICTURE_SHEET = FormSheet(
    "写真",
    "取組状況の写真",
    "アクションごとに3枚まで、右の枠に貼り付けて、説明を記入してください。写真の左上が入っている枠のアクションの写真として扱います。枠の大きさに合わせて縮めてください。",
    (
        _KEY_COLUMN,
        _NO_COLUMN,
        _ACTION_COLUMN,
        Column(CAPTION, 28, Kind.TEXT),
        Column(PICTURE, 62),
        _NOTICE_COLUMN,
    ),
)

TABLE_SHEETS = (PROGRESS_SHEET, INDICATOR_SHEET, ASSESSMENT_SHEET, WORDS_SHEET, PICTURE_SHEET)

COVER_SHEET = "はじめに"

DEPARTMENT, WRITER, CONTACT, FILLED_ON = "担当課", "記入者", "連絡先", "記入日"

COVER_INPUTS = ((WRITER, Kind.TEXT), (CONTACT, Kind.TEXT), (FILLED_ON, Kind.DATE))

IDENTITY_SHEET = "_kama"

PLAN_ID, VERSION, MADE_FOR = "計画ID", "様式の版", "対象月"

LEDGER = "控え"

"""The label on `_kama` of what the writer filled in, so that what a person typed can be told from it (`ledger`)."""

LEDGER_FORMULA = "="


def assessment_key(action_no: int, department: str) -> str:
    """Return the 管理番号 of a department's 総括評価 of an action."""
    return f"A-{action_no}-{department}"


def words_key(action_no: int, department: str) -> str:
    """Return the 管理番号 of a department's 成果, 取り組んだこと and 課題 of an action."""
    return f"W-{action_no}-{department}"


def picture_key(action_no: int, department: str, number: int) -> str:
    """Return the 管理番号 of a department's picture of an action, counted from 1."""
    return f"P-{action_no}-{department}-{number}"


TODO, LOOK, WELL = "●", "◇", "✓"
UNFILLED = "● 未記入"
NOT_A_NUMBER = "● 数値で入力"
OUTSIDE = "● 0〜100%で入力"
REASON_WANTED = "● 理由を備考に"
LOWER = "◇ 前年度より低い"
ACTUAL_WANTED = "● 実績値を入力"
AS_OF_WANTED = "● 時点を入力"
WORSE = "◇ 基準値より悪化"
OF_TARGET = "✓ 目標の"
ASSESS = "● 総括評価を入力"
GIVE_REASON = "● 理由を入力"
WORDS_MISSING = "● 未記入あり"
TOO_LONG = "◇ 800字超え"
ALL_DONE = "すべて記入されました"
NOTHING_WANTED = "この課で記入するものはありません。"
"""Stands in place of a table's rows."""


def remaining_sentence(count: str, nothing_left: str = ALL_DONE) -> str:
    """Return the expression that says how many places are left, for the cell or expression `count`."""
    return f'IF({count}=0,"{nothing_left}","あと "&{count}&" か所です")'


def remaining_text(count: int, nothing_left: str = ALL_DONE) -> str:
    """Return what that expression says now."""
    return f"あと {count} か所です" if count else nothing_left
