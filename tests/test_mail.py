"""Mail drafts: what a mail program reads of them."""

import email
import email.policy

import pytest

from kama_excel.mail import Draft, TemplateError, message_bytes
from kama_excel.mail.templates import read_template

DRAFT = Draft(
    "督促_甲課",
    "甲課",
    "kou@city.example.jp",
    "【再送・お願い】第1次嘉麻市デジタル推進計画 進捗報告（令和8年2月分）",
    "甲課 ご担当者様\n\n髙橋様・①・〜・－\n" + "長い行" * 200 + "\n",
    b"PK workbook",
)


def test_a_draft_is_read_back_as_it_was_meant():
    message = email.message_from_bytes(message_bytes(DRAFT), policy=email.policy.default)
    assert message["X-Unsent"] == "1"
    assert message["Subject"] == DRAFT.subject
    assert message["To"] == DRAFT.to
    assert message.get_body().get_content().replace("\r\n", "\n") == DRAFT.body
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == "様式.xlsx"
    assert attachment.get_content() == b"PK workbook"
    assert message.defects == []


def test_a_drafts_lines_end_as_mail_wants_and_its_bytes_repeat():
    content = message_bytes(DRAFT)
    assert content == message_bytes(DRAFT)
    assert content.replace(b"\r\n", b"").count(b"\n") == 0
    assert content.isascii()
    assert max(map(len, content.split(b"\r\n"))) <= 998


@pytest.mark.parametrize("kind", ["配布", "督促", "差戻し"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp932"])
def test_the_divisions_own_text_counts(tmp_path, kind, encoding):
    (tmp_path / f"{kind}.txt").write_text("件名：{担当課}へ\r\n\r\nお願い {担当課}\r\n", encoding=encoding, newline="")
    template = read_template(tmp_path, kind)
    assert template.filled({"担当課": "甲課"}) == ("甲課へ", "お願い 甲課\n")
    assert "{計画名}" in read_template(tmp_path / "none", kind).subject


def test_a_text_that_cannot_be_used_is_one_sentence(tmp_path):
    (tmp_path / "配布.txt").write_text("こんにちは\n", encoding="utf-8")
    with pytest.raises(TemplateError, match="1行目は「件名: …」"):
        read_template(tmp_path, "配布")
    (tmp_path / "督促.txt").write_text("件名: x\n{課長}様\n", encoding="utf-8")
    with pytest.raises(TemplateError, match=r"\{課長\} は使えません。使えるのは \{担当課\} です"):
        read_template(tmp_path, "督促").filled({"担当課": "甲課"})
    (tmp_path / "差戻し.txt").write_bytes(b"\xff\xfe\x81")
    with pytest.raises(TemplateError, match="UTF-8で保存し直して"):
        read_template(tmp_path, "差戻し")


def test_what_is_filled_in_is_not_read_as_a_field_again(tmp_path):
    (tmp_path / "督促.txt").write_text("件名: x\n{確認事項}\n", encoding="utf-8")
    assert read_template(tmp_path, "督促").filled({"確認事項": "{担当課}"})[1] == "{担当課}\n"
