"""What the form says beside an input. 「●」 must be done, 「▲」 is worth a look, 「✓」 is well: none rests on colour."""

from __future__ import annotations

TODO, LOOK, WELL = "●", "▲", "✓"
UNFILLED = "● 未記入"
NOT_A_NUMBER = "● 数値で入力"
OUTSIDE = "● 0〜100%で入力"
REASON_WANTED = "● 理由を備考に"
LOWER = "▲ 前年度より低い"
ACTUAL_WANTED = "● 実績値を入力"
AS_OF_WANTED = "● 時点を入力"
WORSE = "▲ 基準値より悪化"
OF_TARGET = "✓ 目標の"
ASSESS = "● 総括評価を入力"
GIVE_REASON = "● 理由を入力"
WORDS_MISSING = "● 未記入あり"
TOO_LONG = "▲ 800字超え"
ALL_DONE = "すべて記入されました"
NOTHING_WANTED = "この課に記入していただくものはありません。"
"""Stands in place of a table's rows."""


def remaining_sentence(count: str, nothing_left: str = ALL_DONE) -> str:
    """Return the expression that says how many places are left, for the cell or expression `count`."""
    return f'IF({count}=0,"{nothing_left}","あと "&{count}&" か所です")'


def remaining_text(count: int, nothing_left: str = ALL_DONE) -> str:
    """Return what that expression says now."""
    return f"あと {count} か所です" if count else nothing_left
