"""Mail drafts: what a mail program reads of them."""

import datetime as dt
import email
import email.policy
import io
import os
import re
import subprocess

import openpyxl
import pytest
from support.city import fill, found, saved_on
from support.pictures import paste, png
from support.plans import tables

from kama_excel.outbox.message import Draft, message_bytes
from kama_excel.outbox.templates import TemplateError, read_template

DRAFT = Draft(
    "甲課",
    "kou@city.example.jp",
    "【ご提出のお願い】第1次嘉麻市デジタル推進計画 進捗報告（令和8年2月分）",
    "甲課 ご担当者様\n\n髙橋様・①・〜・－\n" + "長い行" * 200 + "\n",
    {"嘉穂・碓井・山田市民サービス課_2026-02_様式.xlsx": b"PK workbook"},
)

(NAME,) = DRAFT.attachments


def test_a_draft_is_read_back_as_it_was_meant():
    message = email.message_from_bytes(message_bytes(DRAFT), policy=email.policy.default)
    assert message["X-Unsent"] == "1"
    assert message["Subject"] == DRAFT.subject
    assert message["To"] == DRAFT.to
    assert message.get_body().get_content().replace("\r\n", "\n") == DRAFT.body
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == NAME
    assert attachment.get_content() == b"PK workbook"
    assert message.defects == []


@pytest.mark.parametrize("subject", [DRAFT.subject, "Re: 1", "𠮷野・①〜－ " * 20, "=?utf-8?b?44GC?= と打った件名"])
def test_a_mail_program_reads_a_draft_as_it_was_meant(mail_program, tmp_path, subject):
    draft = DRAFT._replace(subject=subject.strip())
    path = tmp_path / "draft.eml"
    path.write_bytes(message_bytes(draft))
    command = [mail_program, "view", str(path)]
    environment = os.environ | {"LC_ALL": "C.UTF-8", "MUHOME": str(tmp_path)}
    said = subprocess.run(command, capture_output=True, check=True, env=environment).stdout.decode()
    head, _, body = said.partition("\n甲課 ご担当者様")
    assert head.splitlines() == [f"To: {DRAFT.to}", f"Subject: {draft.subject}", f"Attachments: {NAME}"]
    assert f"甲課 ご担当者様{body}".replace("\r", "").strip() == DRAFT.body.strip()
    command = [mail_program, "extract", "--save-attachments", f"--target-dir={tmp_path}", str(path)]
    subprocess.run(command, check=True, capture_output=True, env=environment)
    assert (tmp_path / NAME).read_bytes() == b"PK workbook"
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    assert (message["Subject"], message.defects) == (draft.subject, [])


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


# --- the command ---------------------------------------------------------------------------------------------------


def mails(city, month="2026-02"):
    """Return the drafts that lie in the month's folder, by file name, as a mail program reads them."""
    folder = city.root / "output" / month / "メール"
    return {
        path.name: email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in sorted(folder.glob("*.eml"))
    }


def text(message):
    return message.get_body().get_content()


def test_everybody_gets_a_form_and_who_has_not_sent_is_reminded(city):
    city.write_plan(担当課=[["甲課", "", "kou@example.jp"], ["乙課"]])
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    result = city.invoke("mail", "--month", "2026-02", "--kind", "配布", "--kind", "督促", "--deadline", "2026-03-05")
    assert result.exit_code == 0, result.output
    assert "督促の下書き: 1通（乙課）" in result.stdout
    drafts = mails(city)
    assert list(drafts) == ["乙課_督促.eml", "乙課_配布.eml", "甲課_配布.eml"]
    assert drafts["甲課_配布.eml"]["To"] == "kou@example.jp"
    assert "令和8年3月5日（木）までに" in text(drafts["乙課_督促.eml"])
    assert "タスク 3件、指標 0件、アクション 1件" in text(drafts["甲課_配布.eml"])


@pytest.mark.slow
def test_a_department_whose_rows_have_all_ended_is_not_asked_for_a_form(city):
    city.submit("2026-01", "甲課")
    city.submit("2026-01", "乙課", {("進捗", "T-2", "実施"): 0.5})
    tasks = [[*each, None, None, "2026-01" if each[3] == "乙課" else None] for each in tables()["タスク"]]
    city.write_plan(タスク=tasks, 指標=[])
    city.submit("2026-02", "甲課")
    document = city.run("--month", "2026-02")
    assert found(document, "department-carried") == []
    assert found(document, "key-ended") == [("乙課", "input/2026-01/乙課.xlsx", "進捗", "F5")]
    result = city.invoke("mail", "--month", "2026-02", "--kind", "督促")
    assert result.stdout.startswith("令和8年2月分の督促の下書き: 0通")


@pytest.mark.slow
def test_a_reminder_that_no_longer_holds_goes_and_one_that_somebody_changed_stays(city):
    city.submit("2026-02", "甲課")
    city.invoke("mail", "--kind", "督促")
    assert list(mails(city)) == ["乙課_督促.eml"]
    city.submit("2026-02", "乙課")
    city.invoke("mail", "--kind", "督促")
    assert mails(city) == {}
    (city.root / "input/2026-02/乙課.xlsx").unlink()
    city.invoke("mail", "--kind", "督促")
    changed = city.root / "output/2026-02/メール/乙課_督促.eml"
    changed.write_bytes(b"Subject: mine\r\n\r\n")
    city.submit("2026-02", "乙課")
    city.invoke("mail", "--kind", "督促")
    assert changed.read_bytes() == b"Subject: mine\r\n\r\n"


@pytest.mark.slow
def test_what_came_back_wrong_goes_back_marked_with_all_that_was_typed(city):
    entries = {
        ("進捗", "T-1", "実施"): "８０点",
        ("進捗", "T-3", "実施"): 0.5,
        ("進捗", "T-3", "備考"): "途中まで",
        ("成果と課題", "W-1-甲課", "課題"): "一行目\n二行目",
    }
    city.submit("2026-02", "甲課", entries)
    before = city.run()
    result = city.invoke("mail", "--kind", "差戻し")
    assert "差戻しの下書き: 1通（甲課）" in result.stdout
    (message,) = mails(city).values()
    assert "「８０点」を率（0%〜100%）として読み取れません" in text(message)
    assert "1. アクション1『アクション一』 令和6年度「作業一」\n   シート「進捗」F5\n" in text(message).replace(
        "\r", ""
    )
    (attachment,) = message.iter_attachments()
    path = city.root / "input" / "2026-02" / "甲課.xlsx"
    path.write_bytes(fill(attachment.get_content(), {}, 記入日="2026/2/20"))  # without it nobody has confirmed anything
    after = city.run()
    assert after["actions"] == before["actions"]
    codes = [
        [(each["code"], each["value"]) for each in run["findings"] if each["severity"] != "情報"]
        for run in (before, after)
    ]
    assert codes[0] == codes[1]
    texts = [cell.value for row in openpyxl.load_workbook(path)["進捗"].iter_rows() for cell in row if cell.value]
    assert any("８０点" in str(each) and "読み取れません" in str(each) for each in texts)


def test_a_spoilt_text_stops_before_anything_is_written(city):
    city.submit("2026-02", "甲課")
    folder = city.root / "workbook_templates" / "mail"
    folder.mkdir()
    (folder / "督促.txt").write_text("件名: {課長}\n", encoding="utf-8")
    result = city.invoke("mail", "--kind", "督促")
    assert result.exit_code == 2
    assert "{課長} は使えません" in result.stderr
    assert not (city.root / "output").exists()


@pytest.mark.slow
def test_a_value_that_went_missing_is_sent_back_and_what_the_division_must_mend_is_not(city):
    city.submit("2026-01", "甲課", {("進捗", "T-1", "実施"): 0.5, ("進捗", "T-3", "実施"): 0.5})
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): None})
    city.submit("2026-02", "乙課", {("進捗", "T-2", "実施"): 0.5})
    city.write_plan(タスク=[each for each in tables()["タスク"] if each[0] != 2])
    city.run()
    result = city.invoke("mail", "--kind", "差戻し")
    assert "差戻しの下書き: 1通（甲課）" in result.stdout
    (message,) = mails(city).values()
    assert "以前「50%」と報告された「実施」（T-1、" in text(message)
    (attachment,) = message.iter_attachments()
    sheet = openpyxl.load_workbook(io.BytesIO(attachment.get_content()))["進捗"]
    assert any("今月は空欄です" in str(cell.value) for row in sheet.iter_rows() for cell in row)


@pytest.mark.slow
def test_who_sent_nothing_this_month_is_reminded_and_not_sent_back_again(city):
    city.submit("2026-01", "甲課", {("進捗", "T-1", "実施"): "たくさん"})
    city.submit("2026-02", "乙課")
    result = city.invoke("mail")
    assert "督促の下書き: 1通（甲課）" in result.stdout
    assert "差戻しの下書き: 0通" in result.stdout


def test_what_stands_outside_the_inputs_is_listed_in_the_mail(city):
    path = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    workbook = openpyxl.load_workbook(path)
    workbook["進捗"]["M9"] = "来月に直します"
    workbook.save(path)
    city.invoke("mail", "--kind", "差戻し")
    (message,) = mails(city).values()
    assert "シート「進捗」M9\n   記入欄の外に「来月に直します」があります。" in text(message).replace("\r", "")


@pytest.mark.slow
def test_what_a_newer_form_mended_is_no_error_any_more_and_is_not_sent_back_again(city):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): "検討中", ("進捗", "T-3", "実施"): 2})
    city.invoke("mail", "--kind", "差戻し")
    (message,) = mails(city).values()
    said = text(message)
    assert said.index("F5") < said.index("F6")
    assert len(found(city.run(), "rate-unreadable")) == 1
    (attachment,) = message.iter_attachments()
    mended = fill(
        attachment.get_content(), {("進捗", "T-1", "実施"): 0.5, ("進捗", "T-3", "実施"): 0.2}, 記入日="2026/3/5"
    )
    mended = saved_on(mended, "2026-03-05T00:00:00Z")
    (city.root / "input" / "2026-02" / "甲課（修正）.xlsx").write_bytes(mended)
    document = city.run()
    assert [each["code"] for each in document["findings"] if each["severity"] == "エラー"] == []
    assert [each["value"] for each in document["findings"] if each["code"] == "value-mended"] == ["50%", "20%"]
    result = city.invoke("mail", "--kind", "差戻し")
    assert "差戻しの下書き: 0通" in result.stdout
    assert mails(city) == {}


def test_of_several_forms_the_mail_and_the_mark_name_each_as_the_department_named_it(city):
    form, folder = city.form("2026-02", "甲課").read_bytes(), city.root / "input" / "2026-02"
    folder.mkdir(parents=True)
    for name, done in (("甲課 一.xlsx", 0.3), ("二.xlsx", 0.4)):
        (folder / name).write_bytes(fill(form, {("進捗", "T-1", "実施"): done}))
    city.invoke("mail", "--kind", "差戻し")
    (message,) = mails(city).values()
    said = text(message)
    (attachment,) = message.iter_attachments()
    sheet = openpyxl.load_workbook(io.BytesIO(attachment.get_content()))["進捗"]
    marked = [str(cell.value) for row in sheet.iter_rows() for cell in row if "異なります" in str(cell.value)]
    assert len(marked) == 1
    for words in (said, marked[0]):
        assert re.search(r"、(甲課 一|二)\.xlsx 「進捗」 F5の「[34]0%」は使用していません", words)
        assert "input/" not in words
    assert re.search(r"シート「進捗」F5（(甲課 一|二)\.xlsx）", said)


@pytest.mark.slow
def test_a_mail_names_another_forms_picture_without_our_folders(city):
    form, folder = city.form("2026-02", "甲課").read_bytes(), city.root / "input" / "2026-02" / "総務 係"
    folder.mkdir(parents=True)
    for name, side in (("甲課 一.xlsx", 40), ("二.xlsx", 60)):
        (folder / name).write_bytes(fill(form, {("進捗", "T-1", "実施"): side / 100}))
        paste(folder / name, ("写真", "D5", png(side, side)))
    city.invoke("mail", "--kind", "差戻し")
    (message,) = mails(city).values()
    said = text(message)
    assert re.search(r"新しい様式の写真（(甲課 一|二)\.xlsx 「写真」 D5）があるため", said)
    assert re.search(r"、(甲課 一|二)\.xlsx 「進捗」 F5の「[46]0%」は使用していません", said)
    assert "input" not in said
    assert "係" not in said


def test_a_draft_without_a_deadline_is_said(city):
    city.submit("2026-02", "甲課")
    assert "提出期限: 登録がありません（計画台帳の" in city.invoke("mail").stdout
    assert "提出期限: 令和8年3月5日（木）" in city.invoke("mail", "--deadline", "2026-03-05").stdout


def test_an_address_in_full_width_signs_is_one(city):
    city.write_plan(担当課=[["甲課", "", "ｋｏｕ＠example．jp/otsu@example.jp"], ["乙課", "", "otsu@example.jp"]])
    city.submit("2026-02", "甲課")
    city.invoke("mail", "--kind", "配布")
    (draft,) = city.root.rglob("甲課_配布.eml")
    assert b"To: kou@example.jp, otsu@example.jp" in draft.read_bytes()


def test_a_draft_without_an_address_is_said(city):
    city.write_plan(担当課=[["甲課", "", "kou@example.jp"], ["乙課", "", "内線 5"]])
    city.submit("2026-02", "甲課", 記入日=dt.date(2026, 2, 20))
    result = city.invoke("mail", "--kind", "配布")
    assert "宛先のない下書き: 乙課（計画台帳の「担当課」の「メール」" in result.stdout
    city.submit("2026-02", "乙課", 記入日=dt.date(2026, 2, 20))
    city.invoke("mail", "--kind", "督促", "--month", "2026-02", "--output", str(city.root / "other"))
    assert not (city.root / "other").exists()


def test_names_tell_the_month_the_department_and_what_is_sent_back(city):
    city.write_plan(担当課=[["甲課", "", "kou@example.jp"], ["嘉穂・碓井・山田 A/B課", "乙課"]])
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): "８０点"})
    city.invoke("mail", "--month", "2026-02", "--kind", "配布", "--kind", "督促", "--kind", "差戻し")
    names = {file: [each.get_filename() for each in draft.iter_attachments()] for file, draft in mails(city).items()}
    assert names == {
        "嘉穂・碓井・山田 A_B課_督促.eml": ["嘉穂・碓井・山田 A_B課_2026-02_様式.xlsx"],
        "嘉穂・碓井・山田 A_B課_配布.eml": ["嘉穂・碓井・山田 A_B課_2026-02_様式.xlsx"],
        "甲課_差戻し.eml": ["甲課_2026-02_修正用.xlsx"],
        "甲課_配布.eml": ["甲課_2026-02_様式.xlsx"],
    }


def test_a_mail_says_where_to_send_the_form_and_whom_to_ask(city):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    city.invoke("mail", "--kind", "配布", "--month", "2026-02")
    assert "このメールに様式を添付してご返信ください。" in text(mails(city)["甲課_配布.eml"])
    city.write_plan(計画=[*tables()["計画"], ["提出先", "共有フォルダ 進捗"], ["問い合わせ先", "推進係 内線 100"]])
    city.invoke("mail", "--kind", "配布", "--kind", "督促", "--month", "2026-02")
    for draft in mails(city).values():
        assert text(draft).replace("\r", "").endswith("提出先: 共有フォルダ 進捗\n問い合わせ先: 推進係 内線 100\n")


def test_a_reminder_says_until_when_reports_have_come(city):
    city.submit("2026-01", "甲課", {("進捗", "T-1", "実施"): 0.5})
    city.submit("2026-02", "乙課")
    city.invoke("mail", "--kind", "督促", "--month", "2026-02")
    assert "まだ届いておりません（これまでのご提出は、令和8年1月分までです）。" in text(mails(city)["甲課_督促.eml"])


def test_a_form_that_is_sent_back_begins_with_its_points_and_a_link_to_each(city):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): "8割くらい", ("進捗", "T-3", "実施"): 0.5})
    city.invoke("mail", "--kind", "差戻し")
    (message,) = mails(city).values()
    (attachment,) = message.iter_attachments()
    cover = openpyxl.load_workbook(io.BytesIO(attachment.get_content()))["はじめに"]
    lines = [[cell.value for cell in row[1:6]] for row in cover.iter_rows(min_row=4, max_row=7)]
    assert lines[0][0] == "1か所について、ご確認をお願いいたします"
    link, subject, typed, asked, state = lines[3]
    assert link == '=HYPERLINK("#\'進捗\'!F5","進捗 F5")'
    assert subject.splitlines()[1].startswith("令和6年度 ")
    assert typed == "8割くらい"
    assert "0%から100%までの数値で入力してください" in asked
    assert state.startswith("=IF(OR(AND('進捗'!F5=$D$7,")
