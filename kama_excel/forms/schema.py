"""The schema of the form: its sheets, headings and inputs, and the content of each row.

The writer prints these words, and the reader looks for them.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property, lru_cache
from typing import NamedTuple

from kama_excel.domain.keys import Field, Key, KeyKind, Slot, ValueKind

FORM_VERSION = "3"
PICTURES_PER_ACTION = 3
WORDS_LIMIT = 800
"""Maximum recommended characters of an action's texts; the form has space for them."""


class FormColumn(NamedTuple):
    """A column of a sheet: its heading is a Field if departments fill it in.

    `width` is in characters.
    """

    heading: str
    width: float
    is_hidden: bool = False
    is_answer: bool = False
    """A formula that responds while the department types: printed, and never read."""
    is_optional: bool = False
    """An input that older forms do not have."""
    picture: int | None = None
    """The number of the picture whose frame, with its caption below, is in the column."""

    @property
    def field(self) -> Field | None:
        """The field of its inputs; None if it is printed. Pictures lie over the cells."""
        if self.picture:
            return Field.CAPTION
        return self.heading if isinstance(self.heading, Field) and self.heading is not Field.PICTURE else None

    @property
    def kind(self) -> ValueKind | None:
        """The kind of its inputs."""
        return self.field.kind if self.field else None


class FormSheet:
    """A sheet of the form with one table."""

    def __init__(
        self,
        name: str,
        title: str,
        note: str,
        columns: tuple[FormColumn, ...],
        older_columns: tuple[FormColumn, ...] = (),
    ) -> None:
        self.name = name
        self.title = title
        self.note = note
        self.columns = columns
        self.older_columns = older_columns
        """Columns that only older forms have: read, but no longer printed."""

    @cached_property
    def inputs(self) -> tuple[FormColumn, ...]:
        """The columns that the department fills in."""
        return tuple(column for column in (*self.columns, *self.older_columns) if column.field)

    @cached_property
    def fields(self) -> tuple[Field, ...]:
        """The fields that the department fills in for a row."""
        return tuple(dict.fromkeys(column.field for column in self.inputs if column.field))

    @cached_property
    def printed(self) -> tuple[str, ...]:
        """The headings of printed texts."""
        return tuple(column.heading for column in self.columns if not column.field and not column.is_answer)

    @cached_property
    def answers(self) -> frozenset[str]:
        """The headings of the form's own formulas."""
        return frozenset(column.heading for column in self.columns if column.is_answer)

    @cached_property
    def headings(self) -> tuple[str, ...]:
        """All headings in order."""
        return tuple(column.heading for column in (*self.columns, *self.older_columns))


KEY = "管理番号"
NO, ACTION, YEAR, PLANNED_WORK = "No", "アクション", "年度", "計画"
NAME, UNIT, BASELINE, TARGET = "指標", "単位", "基準値", "目標値"
OF_THE_PLAN = (PLANNED_WORK, NAME, UNIT, BASELINE, TARGET)
"""The texts of the plan that a form prints for a task or an indicator."""

ACHIEVEMENT = "達成率"
OWN_AVERAGE = "自課の平均"  # printed as 自課の3カ年平均 for a plan of three years
YEAR_AVERAGE, GRADE, CHECK, LENGTHS, NOTICE = "年度平均", "評価区分", "確認", "文字数", "お知らせ"
WEIGHT = "重み"  # printed only if the weights of the tasks differ

_KEY_COLUMN = FormColumn(KEY, 6, is_hidden=True)
_NO_COLUMN = FormColumn(NO, 5)
_ACTION_COLUMN = FormColumn(ACTION, 26)
_CHECK_COLUMN = FormColumn(CHECK, 18, is_answer=True)
_NOTICE_COLUMN = FormColumn(NOTICE, 34)

PROGRESS_SHEET = FormSheet(
    "進捗",
    "タスクの進捗",
    "「実施」に、その年度の計画に対してこれまでに実施した割合（0%〜100%）を入力してください。取り組まないこととしたタスクは「対象外」と入力し、備考に理由を記入します。開始前の年度は、見込みがある場合に「予定」に入力してください（空欄でもかまいません）。",
    (
        _KEY_COLUMN,
        _NO_COLUMN,
        _ACTION_COLUMN,
        FormColumn(YEAR, 16.43),
        FormColumn(PLANNED_WORK, 40.14),
        FormColumn(Field.DONE, 9.86),
        FormColumn(Field.EXPECTED, 9.86, is_optional=True),
        FormColumn(CHECK, 16.71, is_answer=True),
        FormColumn(NOTICE, 34.14),
        FormColumn(Field.REMARK, 26.14),
        FormColumn(WEIGHT, 7),
        FormColumn(YEAR_AVERAGE, 9, is_answer=True),
    ),
)
INDICATOR_SHEET = FormSheet(
    "指標",
    "目標（値）に対する実績",
    "「実績値」は単位を付けずに数値だけを、「時点」はいつの数値かを入力してください。「確度」は、確定・見込・仮定から選びます（空欄は確定）。「根拠」には、数え方や出典を記入してください。評価の対象としない指標は、実績値に「対象外」と入力し、根拠に理由を記入します。",
    (
        _KEY_COLUMN,
        _NO_COLUMN,
        _ACTION_COLUMN,
        FormColumn(YEAR, 14),
        FormColumn(NAME, 26.14),
        FormColumn(UNIT, 8),
        FormColumn(BASELINE, 9),
        FormColumn(TARGET, 9),
        FormColumn(Field.ACTUAL, 11),
        FormColumn(Field.AS_OF, 13),
        FormColumn(Field.CERTAINTY, 8),
        FormColumn(Field.GROUNDS, 26.14),
        FormColumn(ACHIEVEMENT, 9, is_answer=True),
        FormColumn(GRADE, 11, is_answer=True),
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
        FormColumn(OWN_AVERAGE, 15, is_answer=True),
        FormColumn(Field.ASSESSMENT, 10),
        FormColumn(Field.REASON, 60),
        FormColumn(GRADE, 11, is_answer=True),
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
        FormColumn(ACTION, 20.71),
        FormColumn(Field.OUTCOME, 62),
        FormColumn(Field.EFFORTS, 62),
        FormColumn(Field.CHALLENGES, 62),
        FormColumn(LENGTHS, 13, is_answer=True),
        _NOTICE_COLUMN,
    ),
)
PICTURE_SHEET = FormSheet(
    "写真",
    "取組状況の写真",
    "アクションごとに3枚まで、枠に貼り付けて、下の欄に説明を記入してください。写真の左上が入っている枠の写真として扱います。枠の大きさに合わせて縮小してください。",
    (
        _KEY_COLUMN,
        _NO_COLUMN,
        FormColumn(ACTION, 20.71),
        *(
            FormColumn(f"{Field.PICTURE}{n}", 53, is_optional=True, picture=n)
            for n in range(1, PICTURES_PER_ACTION + 1)
        ),
        _NOTICE_COLUMN,
    ),
    older_columns=(FormColumn(Field.CAPTION, 28, is_optional=True), FormColumn(Field.PICTURE, 62)),
)

SHEETS = {
    KeyKind.TASK: PROGRESS_SHEET,
    KeyKind.INDICATOR: INDICATOR_SHEET,
    KeyKind.ASSESSMENT: ASSESSMENT_SHEET,
    KeyKind.WORDS: WORDS_SHEET,
    KeyKind.PICTURE: PICTURE_SHEET,
    KeyKind.CAPTIONS: PICTURE_SHEET,
}
"""The sheet of a row, by the kind of its 管理番号."""

TABLE_SHEETS = tuple(dict.fromkeys(SHEETS.values()))


def sheet_of(key: Key) -> FormSheet | None:
    """Return the sheet of a row by its key; None if that is no 管理番号."""
    return SHEETS[key.kind] if key.kind else None


@lru_cache(maxsize=10_000)  # every month's forms have the same rows
def slots(form_sheet: FormSheet, key: Key) -> Mapping[str, Slot]:
    """Return the inputs of a row by heading; a row of captions has one key per picture."""
    if form_sheet is not PICTURE_SHEET:
        return {str(field): (key, field) for field in form_sheet.fields}
    if key.kind is KeyKind.CAPTIONS and key.action_no is not None:
        return {
            column.heading: (Key.of_picture(key.action_no, key.department, column.picture), Field.CAPTION)
            for column in form_sheet.columns
            if column.picture
        }
    return {str(Field.CAPTION): (key, Field.CAPTION)} if key.picture is not None else {}


def picture_slots(key: Key) -> tuple[Slot, ...]:
    """Return the frames of a department's pictures of an action, from any of their keys."""
    if key.action_no is None:
        return ()
    numbers = range(1, PICTURES_PER_ACTION + 1)
    return tuple((Key.of_picture(key.action_no, key.department, number), Field.PICTURE) for number in numbers)


COVER_SHEET = "はじめに"
DEPARTMENT = "担当課"
COVER_INPUTS = (Field.WRITER, Field.CONTACT, Field.FILLED_ON)
IDENTITY_SHEET = "_kama"
PLAN_ID, VERSION, MADE_FOR = "計画ID", "様式の版", "対象月"
SNAPSHOT = "控え"
"""The label on `_kama` of what the program wrote (`snapshot`)."""
SNAPSHOT_FORMULA = "="

TODO, LOOK, WELL = "●", "◇", "✓"
UNFILLED = "● 未記入"
NOT_A_NUMBER = "● 数値で入力"
OUTSIDE = "● 0〜100%で入力"
REASON_WANTED = "● 理由を備考に"
GROUNDS_WANTED = "● 理由を根拠に"
LOWER = "◇ 前年度より低い"
ACTUAL_WANTED = "● 実績値を入力"
AS_OF_WANTED = "● 時点を入力"
WORSE = "◇ 基準値より悪化"
OF_TARGET = "✓ 目標の"
FAR_OF_TARGET = "◇ 目標の"
ASSESS = "● 総括評価を入力"
GIVE_REASON = "● 理由を入力"
WORDS_MISSING = "● 未記入あり"
TOO_LONG = "◇ 800字超え"
ALL_DONE = "すべて記入されました"
NOTHING_WANTED = "この課で記入するものはありません。"
"""The text in place of a table's rows."""


def remaining_sentence(count: str, nothing_left: str = ALL_DONE) -> str:
    """Return the expression for the number of inputs left, as text.

    `count` is a cell or an expression.
    """
    return f'IF({count}=0,"{nothing_left}","あと "&{count}&" か所です")'


def remaining_text(count: int, nothing_left: str = ALL_DONE) -> str:
    """Return the current value of that expression."""
    return f"あと {count} か所です" if count else nothing_left
