"""What may be typed into an input: the rule that Excel holds, the hint before and the sentence after a mistake."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence

from kama_excel.cells import a1
from kama_excel.forms import layout
from kama_excel.forms.layout import Kind
from kama_excel.forms.paper import Paper
from kama_excel.values import Certainty, Excluded

_EARLIEST, _LATEST = dt.date(2000, 1, 1), dt.date(2099, 12, 31)
_LONGEST_TITLE, _LONGEST_MESSAGE = 32, 255  # Excel's limits; over them the rule would be dropped
_WORDS_INPUT, _FIGURES_INPUT = "hiragana", "off"

_PROGRESS_ERROR = "0%から100%までの数値か、「対象外」を入れてください（80%なら 80 と入れます）。"
_ERRORS = {
    Kind.PROGRESS: _PROGRESS_ERROR,
    Kind.RATE: "0%から100%までの数値を入れてください（80%なら 80 と入れます）。",
    Kind.NUMBER: "単位や文字を付けずに、数値だけを入れてください。数値が2つあるときは1つだけを入れ、もう1つは「根拠」に書いてください。",
    Kind.DATE: "日付を「2026/2/8」のように、年から入れてください。",
    Kind.CERTAINTY: "確定・見込・仮定のどれかを選んでください。",
}
HINTS = {
    layout.DONE: "今までに実施した割合を 0〜100 で入れます（80 と入れると80%）。取り組まないときは「対象外」と入れ、備考に理由を書きます。",
    layout.EXPECTED: "この年度の終わりまでに見込まれる割合を 0〜100 で入れます。まだ分からないときは空欄のままにしてください。",
    layout.REMARK: "補足があれば書いてください。「対象外」のときは、その理由を必ず書いてください。",
    layout.ACTUAL: "数値だけを入れてください。",
    layout.AS_OF: "いつの時点の数値かを「2026/2/8」のように入れます。",
    layout.CERTAINTY: "確定・見込・仮定から選びます。空欄は確定として扱います。",
    layout.GROUNDS: "数え方、出典、補足を書いてください。",
    layout.ASSESSMENT: "計画期間を通した評価を 0〜100 で入れ（80 と入れると80%）、となりに理由を書いてください。",
    layout.REASON: "この評価とした理由を、このアクションについて具体的に書いてください（「同上」は使えません）。",
    layout.OUTCOME: "だれに、何が、どれだけ良くなったかを、数字や例をまじえて書いてください。改行は Alt＋Enter です。",
    layout.EFFORTS: "何を、どのように進めたかを書いてください。改行は Alt＋Enter です。",
    layout.CHALLENGES: "残っている課題と、次にどうするかを書いてください。改行は Alt＋Enter です。",
    layout.CAPTION: "何の写真かを1行で書いてください（例: 市民課窓口でのカード申請の様子）。",
    layout.WRITER: "記入した人の名前を書いてください。",
    layout.CONTACT: "内線番号かメールアドレスを書いてください。",
    layout.FILLED_ON: "記入した日を「2026/2/8」のように入れてください。",
}
NOT_BEGUN_HINT = "この年度はまだ始まっていません。見込みは右の「予定」に入れてください。取り組まないときだけ、ここに「対象外」と入れます。"


def validate(paper: Paper, heading: str, kind: Kind, column: int, rows: Sequence[int], hint: str = "") -> None:
    """Hold a column's inputs in these rows (ascending, counted from 1) to what their kind takes."""
    if not rows:
        return
    ranges = _ranges(column, rows)
    first = a1(rows[0], column)
    options: dict[str, object] = {"input_title": heading[:_LONGEST_TITLE]}
    options["input_message"] = (hint or HINTS[heading])[:_LONGEST_MESSAGE]
    match kind:
        case Kind.PROGRESS:
            condition = f'=OR({first}="{Excluded.EXCLUDED.value}",AND(ISNUMBER({first}),{first}>=0,{first}<=1))'
            options |= {"validate": "custom", "value": condition}
        case Kind.RATE:
            options |= {"validate": "decimal", "criteria": "between", "minimum": 0, "maximum": 1}
        case Kind.NUMBER:
            options |= {"validate": "custom", "value": f"=ISNUMBER({first})"}
        case Kind.DATE:
            options |= {"validate": "date", "criteria": "between", "minimum": _EARLIEST, "maximum": _LATEST}
        case Kind.CERTAINTY:
            options |= {"validate": "list", "source": [each.value for each in Certainty]}
        case Kind.TEXT:
            options["validate"] = "any"
    if kind in _ERRORS:
        options |= {"error_title": "入力できません", "error_message": _ERRORS[kind]}
    if len(ranges) > 1:
        options["multi_range"] = " ".join(ranges)
    paper.sheet.data_validation(ranges[0], options)
    is_words = kind is Kind.TEXT and heading != layout.CONTACT
    paper.sheet.set_ime(_WORDS_INPUT if is_words else _FIGURES_INPUT)


def _ranges(column: int, rows: Sequence[int]) -> list[str]:
    """Return the references of rows that follow each other."""
    ranges: list[list[int]] = []
    for row in rows:
        if ranges and row == ranges[-1][-1] + 1:
            ranges[-1].append(row)
        else:
            ranges.append([row])
    return [f"{a1(each[0], column)}:{a1(each[-1], column)}" for each in ranges]
