"""Attachments as people's mail programs send them: read, or named with what to do."""

import base64
import io
import zipfile
from email.message import EmailMessage

import pytest
from support.pictures import png

from kama_excel.findings.catalogue import Code
from kama_excel.inbox.attachments import read_eml
from kama_excel.inbox.file_kinds import Kind, kind_of
from kama_excel.inbox.worker import read_content

HEAD = b"From: a@city.example\r\nSubject: x\r\nDate: Mon, 02 Mar 2026 10:00:00 +0900\r\nMIME-Version: 1.0\r\n"


def names(content):
    return [(each.name, each.content is not None, each.is_inline) for each in read_eml(content).files]


def message(html="", **attachment):
    made = EmailMessage()
    made["From"], made["Subject"] = "a@city.example", "写真"
    made.set_content("本文")
    if html:
        made.add_alternative(html, subtype="html")
        made.get_payload()[1].add_related(png(4, 4), "image", "png", **attachment)
    else:
        made.add_attachment(png(4, 4), "image", "png", **attachment)
    return made


def test_a_picture_is_of_the_text_only_where_the_text_shows_it():
    shown = message('<img src="cid:logo@x">', cid="<logo@x>", disposition="inline", filename="image001.png")
    beside = message("<p>写真です</p>", cid="<photo@x>", disposition="inline", filename="集合写真.jpg")
    assert names(shown.as_bytes()) == [("image001.png", True, True)]
    assert names(beside.as_bytes()) == [("集合写真.jpg", True, False)]


def test_an_attached_text_without_a_name_is_named_and_the_text_of_the_mail_is_not():
    made = message(filename="a.png")
    made.add_attachment("進捗は80%です")
    assert names(made.as_bytes()) == [("a.png", True, False), ("添付4.txt", True, False)]


def test_half_width_kana_in_the_name_of_an_attachment():
    encoded = base64.b64encode("ﾖｳｼｷ.xlsx".encode("iso2022_jp_ext")).decode()
    name = f"=?ISO-2022-JP?B?{encoded}?="
    content = (
        HEAD
        + (
            f'Content-Type: application/octet-stream; name="{name}"\r\nContent-Disposition: attachment; filename="{name}"\r\n'
            "Content-Transfer-Encoding: base64\r\n\r\nUEs=\r\n"
        ).encode()
    )
    assert names(content) == [("ﾖｳｼｷ.xlsx", True, False)]


def test_a_second_message_in_one_file_is_named():
    one = HEAD + b"\r\nhello\r\n"
    mbox = (
        b"From a@city.example Mon Mar  2 10:00:00 2026\r\n"
        + one
        + b"\r\nFrom b@city.example Mon Mar  2 11:00:00 2026\r\n"
        + one
    )
    assert names(mbox) == [("2通目のメール", False, False)]
    assert names(one + b"From here on all is well in 2026\r\n") == []


def test_what_is_uuencoded_in_a_text_is_named():
    assert names(HEAD + b"\r\nhello\r\nbegin 644 form.xlsx\r\nM4$L#!\r\nend\r\n") == [("form.xlsx", False, False)]


def test_winmail_is_told_what_to_change():
    assert read_content("winmail.dat", b"\x78\x9f\x3e\x22" + bytes(40)).code is Code.FILE_WINMAIL


def test_a_csv_with_a_byte_order_mark_is_a_text_whatever_its_name_says():
    assert kind_of("様式.xlsx", "\ufeff課,進捗\r\n甲課,80\r\n".encode()) is Kind.TEXT


def test_the_first_bytes_say_what_a_file_is():
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr("theme/theme/theme1.xml", "<theme/>")
    workbook = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(600) + "Workbook".encode("utf-16-le") + archive.getvalue()
    assert kind_of("様式.xls", workbook) is Kind.WORKBOOK
    assert zipfile.is_zipfile(io.BytesIO(workbook))


@pytest.mark.parametrize("name", ["XL/Workbook.xml", "xl\\workbook.xml", "xl/%77orkbook.xml"])
def test_a_workbook_is_known_by_its_parts_however_they_are_spelled(name):
    archive = io.BytesIO()
    with zipfile.ZipFile(archive, "w") as made:
        made.writestr(name, "<workbook/>")
    assert kind_of("様式.zip", archive.getvalue()) is Kind.WORKBOOK
