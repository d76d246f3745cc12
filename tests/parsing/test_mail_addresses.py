"""The mail addresses that a plan workbook may hold, however they are typed."""

import pytest

from kama_excel.parsing.mail_addresses import mail_addresses, other_words

ONE, TWO = "kou@example.jp", "otsu.2@ka.example.lg.jp"


@pytest.mark.parametrize(
    ("typed", "addresses", "others"),
    [
        (ONE, [ONE], []),
        ("ｋｏｕ＠example．jp", [ONE], []),
        (f"\u200b{ONE}\ufeff", [ONE], []),
        *(
            (f"{ONE}{between}{TWO}", [ONE, TWO], [])
            for between in (",", "; ", "、", "，", "／", "/", "・", "｜", "\n", "　")
        ),
        (f"山田 <{ONE}>", [ONE], ["山田"]),
        (f"{ONE}（代表）", [ONE], ["代表"]),
        (f"mailto:{ONE}", [ONE], ["mailto"]),
        ("Kou@Example.jp", ["Kou@Example.jp"], []),
        (f"担当{ONE}", [], [f"担当{ONE}"]),
        ("josé@example.jp", [], ["josé@example.jp"]),
        ("a b@c.jp", ["b@c.jp"], ["a"]),
        ("ka@city", [], ["ka@city"]),
        ("@example.jp", [], ["@example.jp"]),
        ("a@b@example.jp", [], ["a@b@example.jp"]),
        ("内線123", [], ["内線123"]),
        ("", [], []),
    ],
)
def test_which_addresses_a_text_has_and_which_words_are_none(typed, addresses, others):
    assert (mail_addresses(typed), other_words(typed)) == (addresses, others)
