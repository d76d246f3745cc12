"""The validations of the form's inputs, and the hints beside them."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from kama_excel.domain.entries import Certainty, Excluded
from kama_excel.domain.keys import Field, ValueKind
from kama_excel.spreadsheets.cells import a1
from kama_excel.spreadsheets.writing.canvas import Canvas

_EARLIEST, _LATEST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255  # Excel's limits; over them the rule would be dropped
_WORDS_INPUT, _FIGURES_INPUT = "hiragana", "off"

_PROGRESS_ERROR = "0%から100%までの数値か、「対象外」を入力してください（80%の場合は 80 と入力します）。"
_ERRORS = {
    ValueKind.PROGRESS: _PROGRESS_ERROR,
    ValueKind.RATE: "0%から100%までの数値を入力してください（80%の場合は 80 と入力します）。",
    ValueKind.NUMBER: "単位や文字を付けずに、数値だけを入力してください。数値が2つある場合は1つだけを入力し、もう1つは「根拠」に記入してください。",
    ValueKind.DATE: "日付を「2026/2/8」のように、年から入力してください。",
    ValueKind.CERTAINTY: "確定・見込・仮定のいずれかを選んでください。",
}
HINTS = {
    Field.DONE: "これまでに実施した割合を 0〜100 で入力します（80 と入力すると80%）。取り組まない場合は「対象外」と入力し、備考に理由を記入します。",
    Field.EXPECTED: "この年度の終わりまでに見込まれる割合を 0〜100 で入力します。未定の場合は空欄のままにしてください。",
    Field.REMARK: "補足がある場合に記入してください。「対象外」の場合は、その理由を必ず記入してください。",
    Field.ACTUAL: "数値だけを入力してください。",
    Field.AS_OF: "いつの時点の数値かを「2026/2/8」のように入力します。",
    Field.CERTAINTY: "確定・見込・仮定から選びます。空欄は確定として扱います。",
    Field.GROUNDS: "数え方、出典、補足を記入してください。",
    Field.ASSESSMENT: "計画期間を通した評価を 0〜100 で入力し（80 と入力すると80%）、隣の欄に理由を記入してください。",
    Field.REASON: "この評価とした理由を、このアクションについて具体的に記入してください（「同上」は使用できません）。",
    Field.OUTCOME: "誰に、何が、どれだけ良くなったかを、数値や例を交えて記入してください。改行は Alt＋Enter です。",
    Field.EFFORTS: "何を、どのように進めたかを記入してください。改行は Alt＋Enter です。",
    Field.CHALLENGES: "残った課題と今後の対応を記入してください。改行は Alt＋Enter です。",
    Field.CAPTION: "何の写真かを1行で記入してください（例: 市民課窓口でのカード申請の様子）。",
    Field.WRITER: "記入者の氏名を記入してください。",
    Field.CONTACT: "内線番号かメールアドレスを記入してください。",
    Field.FILLED_ON: "記入した日を「2026/2/8」のように入力してください。",
}
NOT_BEGUN_HINT = "この年度はまだ始まっていません。見込みは右の「予定」に入力してください。取り組まない場合に限り、ここに「対象外」と入力します。"


def validate(canvas: Canvas, field: Field, column: int, rows: Sequence[int], hint: str = "") -> None:
    """Add the validation of a kind to a column's inputs in these rows.

    The rows are ascending, counted from 1.
    """
    if not rows:
        return
    ranges = _ranges(column, rows)
    first = a1(rows[0], column)
    options: dict[str, object] = {"input_title": field[:_LONGEST_TITLE]}
    options["input_message"] = (hint or HINTS[field])[:_LONGEST_MESSAGE]
    match field.kind:
        case ValueKind.PROGRESS:
            condition = f'=OR({first}="{Excluded.EXCLUDED.value}",AND(ISNUMBER({first}),{first}>=0,{first}<=1))'
            options |= {"validate": "custom", "value": condition}
        case ValueKind.RATE:
            options |= {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1}
        case ValueKind.NUMBER:
            condition = f'=OR({first}="{Excluded.EXCLUDED.value}",ISNUMBER({first}))'
            options |= {"validate": "custom", "value": condition}
        case ValueKind.DATE:
            options |= {"validate": "date", "criteria": "between", "minimum": _EARLIEST, "maximum": _LATEST}
        case ValueKind.CERTAINTY:
            options |= {"validate": "list", "source": [each.value for each in Certainty]}
        case ValueKind.TEXT:
            options["validate"] = "any"
    if field.kind in _ERRORS:
        options |= {"error_title": "入力できません", "error_message": _ERRORS[field.kind]}
    if len(ranges) > 1:
        options["multi_range"] = " ".join(ranges)
    canvas.sheet.data_validation(ranges[0], options)
    is_words = field.kind is ValueKind.TEXT and field is not Field.CONTACT
    canvas.sheet.set_ime(_WORDS_INPUT if is_words else _FIGURES_INPUT)


def _ranges(column: int, rows: Sequence[int]) -> list[str]:
    """Return the references of ranges of consecutive rows."""
    ranges: list[list[int]] = []
    for row in rows:
        if ranges and row == ranges[-1][-1] + 1:
            ranges[-1].append(row)
        else:
            ranges.append([row])
    return [f"{a1(each[0], column)}:{a1(each[-1], column)}" for each in ranges]
