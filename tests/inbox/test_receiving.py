"""What comes back as it arrives: mails, archives, other formats, photos, what is no form; each read, refused or named."""

import base64
import datetime as dt
import email.message
import io
import json
import os
import quopri
import shutil
import unicodedata
import zipfile

import openpyxl
import pytest
import pyzipper
from msoffcrypto.format.ooxml import OOXMLFile
from openpyxl.cell.rich_text import CellRichText, TextBlock
from openpyxl.cell.text import InlineFont
from openpyxl.comments import Comment
from openpyxl.styles import Font
from PIL import Image, features
from support.city import City, cell_of, fill, found
from support.msg import write_msg
from support.office import convert, type_into
from support.pictures import frame, paste, retyped
from support.plans import tables
from support.xlsb import write_xlsb

MONTH = "2026-02"
HERE = f"input/{MONTH}/"
OLE = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(504)
T1 = ("進捗", "T-1", "実施")


@pytest.fixture
def month(city):
    """The month's folder of the city."""
    folder = city.root / "input" / MONTH
    folder.mkdir(parents=True)
    return folder


def form(city, entries=(), department="甲課", **cover):
    """Return the bytes of a department's form, filled in."""
    content = city.form(MONTH, department).read_bytes()
    return fill(content, dict(entries), **({"記入者": "山田", "連絡先": "内線1", "記入日": "2026/2/8"} | cover))


def mail(*attachments, date="Sun, 08 Feb 2026 10:00:00 +0900"):
    """Return a mail with attachments (name, bytes); one inside a mail is a message itself."""
    message = email.message.EmailMessage()
    message["From"], message["Subject"], message["Date"] = "a@example.jp", "進捗の報告", date
    message.set_content("お世話になっております。")
    for each in attachments:
        if isinstance(each, email.message.EmailMessage):
            message.add_attachment(each)
        else:
            name, content = each
            message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message


def showing(name, content, message):
    """Return the bytes of a mail whose text shows a picture."""
    text = message.get_payload()[0]
    text.set_content('<img src="cid:shown">', subtype="html")
    text.add_related(content, "image", "png", cid="<shown>", disposition="inline", filename=name)
    return message.as_bytes()


def outlook(*attachments, **how):
    """Return a mail of attachments (name, bytes) as Outlook saves it, sent on 9 February."""
    return write_msg(attachments, dt.datetime(2026, 2, 9, 1, 0, tzinfo=dt.UTC), **how)


class _Spelled(zipfile.ZipInfo):
    """A member whose name is written in the bytes of a code page, unmarked, as Windows does."""

    spelled = b""

    def _encodeFilenameFlags(self):  # noqa: N802 -- the standard library's name
        return self.spelled, self.flag_bits


def archive(*members):
    """Return a ZIP of members (name, bytes); a name of bytes is written as it is, as old archivers do."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as made:
        for name, content in members:
            if isinstance(name, bytes):
                member = _Spelled(name.hex())
                member.spelled = name
                made.writestr(member, content)
            else:
                made.writestr(name, content)
    return target.getvalue()


def photo(size=(80, 40), kind="JPEG"):
    buffer = io.BytesIO()
    Image.new("RGB", size, "green").save(buffer, kind)
    return buffer.getvalue()


def said(document, *, but=()):
    """Return code and file of what is said of files, below the month's folder."""
    files = [(each["code"], each["file"].removeprefix(HERE)) for each in document["findings"] if not each["sheet"]]
    return [each for each in files if each[0] not in {"department-missing", "department-carried", *but}]


def files(document):
    """Return the files that stand, below the month's folder."""
    return [each["file"].removeprefix(HERE) for each in document["submissions"] if each["file"]]


def value(document, no=1):
    return next(each for each in document["actions"] if each["no"] == no)["year_progress"]["2024"]


def test_a_form_comes_in_a_mail_in_a_forwarded_mail_and_in_an_archive_in_a_mail(city, month):
    content = form(city, {T1: 0.5})
    other = form(city, {("進捗", "T-2", "実施"): 0.7}, "乙課")
    forwarded = mail(mail(("様式（甲課）.xlsx", content)))
    (month / "転送.eml").write_bytes(forwarded.as_bytes())
    (month / "乙課.eml").write_bytes(mail(("まとめて.zip", archive(("乙課/様式.xlsx", other)))).as_bytes())
    document = city.run()
    assert files(document) == ["転送.eml!様式（甲課）.xlsx", "乙課.eml!まとめて.zip!乙課/様式.xlsx"]
    assert value(document) == 0.6
    assert said(document) == []


@pytest.mark.parametrize("kind", ["rfc822", "global"])
@pytest.mark.parametrize(
    ("encoding", "encode"), [("base64", base64.encodebytes), ("quoted-printable", quopri.encodestring)]
)
def test_a_forwarded_mail_that_is_encoded_as_a_whole_is_read_or_named(city, month, kind, encoding, encode):
    inner = mail(("様式（甲課）.xlsx", form(city, {T1: 0.5})))
    head = "From: b@city.example\nSubject: x\nMIME-Version: 1.0\nContent-Type: multipart/mixed; boundary=outer"
    part = f"Content-Type: message/{kind}\nContent-Transfer-Encoding: {encoding}"
    body = encode(inner.as_bytes()).decode()
    (month / "転送.eml").write_text(f"{head}\n\n--outer\n{part}\n\n{body}\n--outer--\n")
    document = city.run()
    if encoding == "base64":
        assert (files(document), value(document)) == (["転送.eml!添付2.eml!様式（甲課）.xlsx"], 0.5)
        assert said(document) == []
    else:
        assert ("container-unreadable", "転送.eml!添付2.eml") in said(document)


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore:Duplicate name")  # zipfile's, of the archive that is made here
@pytest.mark.parametrize(
    ("name", "pack"),
    [
        ("転送.eml", lambda *forms: mail(*(mail(each) for each in forms)).as_bytes()),
        ("転送.msg", outlook),
        ("まとめて.zip", archive),
    ],
)
def test_forms_of_one_name_in_one_file_are_told_apart(city, month, name, pack):
    one, other = form(city, {T1: 0.5}), form(city, {("進捗", "T-2", "実施"): 0.7}, "乙課")
    (month / name).write_bytes(pack(("様式.xlsx", one), ("様式.xlsx", other), ("様式.xlsx", one)))
    document = city.run()
    assert files(document) == [f"{name}!様式.xlsx", f"{name}!様式 (2).xlsx"]
    assert said(document) == [("file-same", f"{name}!様式 (3).xlsx")]
    assert value(document) == 0.6


def test_a_mail_of_outlook_brings_its_form_and_its_day(city, month):
    (month / "返信.msg").write_bytes(outlook(("様式.xlsx", form(city, {T1: 0.9}, 記入日="2026/1/8"))))
    document = city.run()
    (earlier,) = (each for each in document["findings"] if each["code"] == "filled-on-earlier")
    assert earlier["file"].removeprefix(HERE) == "返信.msg!様式.xlsx"
    assert "令和8年2月9日" in earlier["message"]
    assert value(document) == 0.9


@pytest.mark.parametrize("encoding", ["iso-2022-jp", "utf-8"])
def test_the_name_of_an_attachment_is_read_however_it_is_written(city, month, encoding):
    message = mail(("様式.xlsx", form(city, {T1: 0.5})))
    raw = message.as_bytes()
    named = email.header.Header("様式（甲課）.xlsx", encoding).encode()
    start = raw.index(b"Content-Disposition: attachment")
    end = raw.index(b"\n\n", start)
    raw = raw[:start] + f'Content-Disposition: attachment; filename="{named}"'.encode() + raw[end:]
    (month / "mail.eml").write_bytes(raw)
    assert files(city.run()) == ["mail.eml!様式（甲課）.xlsx"]


def test_names_inside_an_archive_are_read_as_windows_and_macos_write_them(city, month):
    decomposed = unicodedata.normalize("NFD", "がいど.xlsx")
    members = [("甲課・様式.xlsx".encode("cp932"), form(city, {T1: 0.5})), (decomposed, form(city, {}, "乙課"))]
    (month / "様式.zip").write_bytes(archive(*members))
    assert files(city.run()) == ["様式.zip!甲課・様式.xlsx", "様式.zip!がいど.xlsx"]


def test_a_member_with_a_password_costs_itself_alone(city, month):
    target = io.BytesIO()
    with pyzipper.AESZipFile(target, "w", encryption=pyzipper.WZ_AES) as made:
        made.setpassword(b"secret")
        made.writestr("秘密.xlsx", form(city, {T1: 0.5}))
    with pyzipper.AESZipFile(target, "a") as made:
        made.writestr("開く.xlsx", form(city, {}, "乙課"))
    (month / "様式.zip").write_bytes(target.getvalue())
    document = city.run()
    assert files(document) == ["様式.zip!開く.xlsx"]
    assert said(document) == [("container-unreadable", "様式.zip!秘密.xlsx")]


def test_a_mail_and_an_archive_without_a_form_are_named(city, month):
    (month / "甲課.xlsx").write_bytes(form(city))
    (month / "お詫び.eml").write_bytes(mail().as_bytes())
    (month / "資料.zip").write_bytes(archive(("資料.pdf", b"%PDF-1.7 x")))
    (month / "空.zip").write_bytes(archive())
    (month / "壊れた.zip").write_bytes(archive(("a.xlsx", form(city)))[:500])
    (month / "壊れた.msg").write_bytes(b"no mail")
    (month / "壊れた.eml").write_bytes(b"\x00\x01no mail")
    assert said(city.run()) == [
        ("container-without-form", "お詫び.eml"),
        ("container-unreadable", "壊れた.eml"),
        ("container-unreadable", "壊れた.msg"),
        ("container-unreadable", "壊れた.zip"),
        ("container-without-form", "空.zip"),
        ("file-not-read", "資料.zip!資料.pdf"),
    ]


def test_what_comes_beside_a_form_is_named_and_no_error(city, month):
    logo = photo((10, 10), "PNG")
    message = mail(("様式.xlsx", form(city)), ("参考.pdf", b"%PDF-1.7 x"), ("名簿.xlsx", b""))
    (month / "mail.eml").write_bytes(showing("image001.png", logo, message))
    document = city.run()
    assert sorted(said(document)) == [
        ("attachment-passed-over", "mail.eml!image001.png"),
        ("attachment-passed-over", "mail.eml!参考.pdf"),
        ("attachment-passed-over", "mail.eml!名簿.xlsx"),
    ]


@pytest.mark.parametrize(
    ("how", "code"),
    [
        ({"html": b'<img src="cid:logo@1">', "identities": {"image001.png": "logo@1"}}, "attachment-passed-over"),
        ({"hidden": ["image001.png"]}, "attachment-passed-over"),
        ({"html": b"<p>x</p>", "identities": {"image001.png": "logo@1"}}, "picture-unnumbered"),
    ],
)
def test_a_picture_in_the_text_of_a_mail_of_outlook_is_no_photo(city, month, how, code):
    attached = [("様式.xlsx", form(city)), ("image001.png", photo((10, 10), "PNG"))]
    (month / "返信.msg").write_bytes(outlook(*attached, **how))
    assert said(city.run()) == [(code, "返信.msg!image001.png")]


def test_what_machines_leave_behind_is_passed_over_by_name(city, month):
    (month / "甲課.xlsx").write_bytes(form(city))
    left = [
        "~$甲課.xlsx",
        "Thumbs.db",
        "desktop.ini",
        ".DS_Store",
        "._甲課.xlsx",
        ".~lock.甲課.xlsx#",
        "甲課.xlsx.part",
    ]
    for name in left:
        (month / name).write_bytes(b"x")
    (month / "様式.zip").write_bytes(archive(("__MACOSX/._乙課.xlsx", b"x"), ("乙課.xlsx", form(city, {}, "乙課"))))
    document = city.run()
    assert sorted(said(document)) == sorted(
        ("file-passed-over", name) for name in [*left, "様式.zip!__MACOSX/._乙課.xlsx"]
    )


@pytest.mark.parametrize("name", ["至急!.xlsx", "再送!!.xlsx"])
def test_a_name_that_cries_out_is_no_reason_to_pass_a_form_over(city, month, name):
    (month / name).write_bytes(form(city, {T1: 0.5}))
    (month / "mail.eml").write_bytes(mail((name, form(city, {}, "乙課"))).as_bytes())
    document = city.run()
    assert files(document) == [name, f"mail.eml!{name}"]


def test_a_folder_whose_name_begins_with_a_dot_hides_nothing_from_where_it_was_chosen(tmp_path):
    city = City(tmp_path / ".作業")
    path = city.submit(MONTH, "甲課", {T1: 0.5})
    (tmp_path / "よそ").mkdir()
    (tmp_path / "よそ" / "workbook_templates").symlink_to(city.root / "workbook_templates")
    elsewhere = City.__new__(City)
    elsewhere.root = tmp_path / "よそ"
    assert value(elsewhere.run("--input", str(city.root / "input"))) == 0.5
    (checked,) = json.loads(elsewhere.invoke("check", "--json", str(path)).stdout)["files"]
    assert [each["department"] for each in checked["forms"]] == ["甲課"]


def test_subfolders_are_read_and_links_are_not_followed(city, month):
    (month / "三課" / "提出").mkdir(parents=True)
    (month / "三課" / "提出" / "甲課.xlsx").write_bytes(form(city, {T1: 0.5}))
    outside = city.root / "よそ"
    outside.mkdir()
    (outside / "乙課.xlsx").write_bytes(form(city, {}, "乙課"))
    (month / "リンク").symlink_to(outside)
    (month / "乙課.xlsx").symlink_to(outside / "乙課.xlsx")
    document = city.run()
    assert files(document) == ["三課/提出/甲課.xlsx"]
    assert said(document) == [("file-link", "リンク"), ("file-link", "乙課.xlsx")]


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_in_the_folder_stops_nothing(city, month):
    (month / "甲課.xlsx").write_bytes(form(city))
    os.mkfifo(month / "管.xlsx")
    assert said(city.run()) == [("file-not-read", "管.xlsx")]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "code", "word"),
    [
        ("空.xlsx", b"", "file-empty", "0バイト"),
        ("文書.xlsx", b"%PDF-1.7 x", "file-not-read", "PDF"),
        ("表.xlsx", "担当課,実施\r\n甲課,80%\r\n".encode("cp932"), "file-not-read", "文字だけ"),
        ("表（UTF-16）.xlsx", "担当課\t実施\r\n甲課\t80%\r\n".encode("utf-16"), "file-not-read", "文字だけ"),
        ("保存.xls", b"\xef\xbb\xbf<html><body><table>", "file-not-read", "HTML"),
        ("保存.xlsx", b"<html><body><table>", "file-not-read", "HTML"),
        ("旧文書.xlsx", OLE + "WordDocument".encode("utf-16-le"), "file-not-read", "Word"),
        ("秘密.docx", OLE + "EncryptedPackage".encode("utf-16-le"), "file-not-read", "Word"),
        ("報告.jtd", OLE + "JSRV_Text".encode("utf-16-le"), "file-not-read", "一太郎"),
        ("何か.hwp", OLE + "FileHeader".encode("utf-16-le"), "file-not-read", ".hwp"),
        ("動画.mp4", b"\x00\x00\x00\x18ftypmp42" + bytes(40), "file-not-read", "動画"),
        ("winmail.dat", b"\x78\x9f\x3e\x22" + bytes(40), "file-winmail", "Outlook"),
        ("古い.lzh", b"\x00\x00-lh5-", "file-not-read", "圧縮"),
        ("近道.lnk", b"L\x00\x00\x00\x01\x14\x02\x00xx", "file-not-read", "ショートカット"),
        ("何か.dat", b"\x00\x01\x02", "file-not-read", ".dat"),
        ("何か", b"\x00\x01\x02", "file-not-read", "拡張子なし"),
        ("壊れた.xlsx", b"PK\x03\x04", "file-unreadable", "壊れている"),
        ("壊れた.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "file-unreadable", "壊れている"),
        ("絵だけ.ods", b"\x00\x01", "file-unreadable", "壊れている"),
    ],
)
def test_what_is_no_form_is_refused_by_what_it_is(city, month, name, content, code, word):
    (month / "甲課.xlsx").write_bytes(form(city))
    (month / name).write_bytes(content)
    document = city.run()
    assert said(document) == [(code, name)]
    assert word in next(each["message"] for each in document["findings"] if each["code"] == code)


def test_documents_named_as_a_workbook_are_told_by_what_is_in_them(city, month):
    (month / "甲課.xlsx").write_bytes(form(city))
    (month / "文書.xlsx").write_bytes(archive(("word/document.xml", b"x")))
    (month / "資料.xlsx").write_bytes(archive(("ppt/presentation.xml", b"x")))
    (month / "資料.numbers").write_bytes(archive(("Index/Document.iwa", b"x")))
    document = city.run()
    assert [each["value"] for each in document["findings"] if each["code"] == "file-not-read"] == [
        "Wordの文書",
        "iPadやMacのNumbers・Pagesの書類",
        "PowerPointの資料",
    ]


def test_a_download_that_was_cut_short_is_refused(city, month):
    content = form(city, {T1: 0.5})
    (month / "乙課.xlsx").write_bytes(form(city, {("進捗", "T-2", "実施"): 0.5}, "乙課"))
    (month / "甲課.xlsx").write_bytes(content[: len(content) // 2])
    document = city.run()
    assert (files(document), said(document)) == (["甲課.xlsx", "乙課.xlsx"], [("file-unreadable", "甲課.xlsx")])
    assert [each["status"] for each in document["submissions"]] == ["読取不可", "提出"]


def test_a_workbook_with_a_password_is_refused_as_one(city, month):
    target = io.BytesIO()
    OOXMLFile(io.BytesIO(form(city))).encrypt("secret", target)
    (month / "乙課.xlsx").write_bytes(form(city, {}, "乙課"))
    (month / "甲課.xlsx").write_bytes(target.getvalue())
    assert said(city.run()) == [("file-password", "甲課.xlsx")]


@pytest.mark.slow
def test_a_password_of_an_office_programs_own_is_named_as_one(city, month, typing_office):
    path = typing_office / "甲課.xlsx"
    path.write_bytes(form(city))
    type_into(path, [["進捗", "F5", 0.5]], [month / "甲課.ods", month / "甲課.xls"], locked_by="ひみつ")
    (month / "乙課.xlsx").write_bytes(form(city, {}, "乙課"))
    assert said(city.run()) == [("file-password", "甲課.ods"), ("file-password", "甲課.xls")]


@pytest.mark.slow
@pytest.mark.parametrize("to", ["xlsx", "xlsm:Calc MS Excel 2007 VBA XML", "xls", "ods"])
def test_a_form_saved_in_another_format_is_read_as_the_same(city, month, office, to):
    entries = {
        T1: 0.5,
        ("進捗", "T-3", "実施"): "=1/0",
        ("進捗", "T-3", "備考"): "順調",
        ("総括評価", "A-1-甲課", "総括評価"): 80,
    }
    (office / "甲課.xlsx").write_bytes(form(city, entries))
    saved = convert(office / "甲課.xlsx", to, office / "other")
    (month / saved.name).write_bytes(saved.read_bytes())
    document = city.run()
    assert files(document) == [saved.name]
    assert value(document) == 0.5
    assert [each[2:] for each in found(document, "cell-error")] == [("進捗", "F6")]
    assert {each["value"] for each in document["findings"] if (each["sheet"], each["cell"]) == ("総括評価", "E5")} == {
        "8000%"
    }
    assert found(document, "form-outside") == []


@pytest.mark.slow
@pytest.mark.parametrize("to", ["ods", "xls"])
def test_what_lies_over_the_cells_of_another_format_is_taken_or_named(city, month, office, to):
    path = office / "甲課.xlsx"
    path.write_bytes(form(city, {T1: 0.5}))
    paste(path, ("写真", frame(path, "P-1-甲課-1"), photo()))
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["進捗"]
    cell_of(sheet, "T-1", "実施").comment = Comment("確認中です\n（来月まで）", "山田")
    sheet.merge_cells("F5:F6")
    workbook.save(path)
    saved = convert(path, to, office / "other")
    (month / saved.name).write_bytes(saved.read_bytes())
    document = city.run()
    here = ("甲課", f"{HERE}甲課.{to}", "進捗", "F5")
    assert found(document, "form-note") == [here]
    assert [each["value"] for each in document["findings"] if each["code"] == "form-note"] == [
        "確認中です\n（来月まで）"
    ]
    assert found(document, "form-cells-merged") == [here]
    if to == "ods":
        assert len(media(city, document)) == 1
    else:
        assert [each["file"] for each in document["findings"] if each["code"] == "picture-unreadable"] == [here[1]]


@pytest.mark.slow
@pytest.mark.parametrize("to", ["xlsx", "ods", "xls"])
def test_a_text_box_and_a_chart_over_a_form_of_another_format_lose_nothing(city, month, office, to):
    path = office / "甲課.xlsx"

    def change(name, sheet, workbook):
        if name == "進捗":
            chart = workbook.add_chart({"type": "column"})
            chart.add_series({"values": "='進捗'!$F$5:$F$7"})
            sheet.insert_chart("N20", chart)
            sheet.insert_textbox("L7", "写真は別に送ります")
            sheet.insert_textbox("F5", "およそです\n（来月まで）")
            sheet.write_comment("F6", "半分ほど")

    path.write_bytes(form(city, {T1: "８割"}))
    retyped(path, change)
    saved = convert(path, to, office / "other")
    (month / saved.name).write_bytes(saved.read_bytes())
    document = city.run()
    notes = {
        (each["sheet"], each["cell"], each["value"]) for each in document["findings"] if each["code"] == "form-note"
    }
    assert notes == {
        ("進捗", "L7", "写真は別に送ります"),
        ("進捗", "F5", "およそです\n（来月まで）"),
        ("進捗", "F6", "半分ほど"),
    }
    assert value(document) == 0.8


@pytest.mark.slow
@pytest.mark.parametrize(("mark", "sign"), [("<text:tab/>", "\t"), ("<text:line-break/>", "\n")])
def test_a_tab_and_a_line_break_of_an_ods_stay_in_the_text(city, month, office, mark, sign):
    (office / "甲課.xlsx").write_bytes(form(city, {("成果と課題", "W-1-甲課", "成果"): "講座を開いた"}))
    saved = convert(office / "甲課.xlsx", "ods", office / "other")
    typed = f'講座を &lt;2回&gt;{mark}<text:s text:c="2"/><text:span>開いた</text:span></text:p><text:p>（本庁）'
    with zipfile.ZipFile(saved) as archive, zipfile.ZipFile(month / "甲課.ods", "w") as made:
        for name in archive.namelist():
            made.writestr(name, archive.read(name).replace("講座を開いた".encode(), typed.encode()))
    words = [row[5] for row in city.workbook(city.run())["データ_記述"].iter_rows(values_only=True)]
    assert words[-1] == f"講座を <2回>{sign}  開いた\n（本庁）"


def test_an_xlsb_is_read_for_its_values_and_that_is_said(city, month):
    workbook = openpyxl.load_workbook(io.BytesIO(form(city, {T1: "５０％"})))
    (month / "甲課.xlsb").write_bytes(write_xlsb(workbook))
    document = city.run()
    assert value(document) == 0.5
    assert ("file-format-plain", "甲課.xlsb") in said(document)


def test_a_comment_and_merged_cells_of_a_form_are_named(city, month):
    workbook = openpyxl.load_workbook(io.BytesIO(form(city, {T1: 0.5})))
    sheet = workbook["進捗"]
    cell_of(sheet, "T-1", "実施").comment = Comment("確認中です", "山田")
    sheet.merge_cells("F5:F6")
    workbook.save(month / "甲課.xlsx")
    document = city.run()
    assert found(document, "form-note") == [("甲課", f"{HERE}甲課.xlsx", "進捗", "F5")]
    assert [each["value"] for each in document["findings"] if each["code"] == "form-note"] == ["確認中です"]
    assert found(document, "form-cells-merged") == [("甲課", f"{HERE}甲課.xlsx", "進捗", "F5")]


def struck(content):
    """Strike out a figure, a day, the first words of a text and the sum of two runs, as a person does to correct a paper."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    sheet, words = workbook["進捗"], workbook["成果と課題"]
    out, plain = TextBlock(InlineFont(strike=True), "誤り"), TextBlock(InlineFont(), "正しい")
    cell_of(sheet, "T-1", "実施").font = Font(strike=True)
    cell_of(sheet, "T-3", "実施").value = CellRichText(
        TextBlock(InlineFont(strike=True), "5"), TextBlock(InlineFont(), "80%")
    )
    cell_of(words, "W-1-甲課", "成果").value = CellRichText(out, plain)
    cell_of(words, "W-1-甲課", "課題").value = CellRichText(plain, TextBlock(InlineFont(b=True), "こと"))
    cell_of(sheet, "T-4", "実施").font = Font(strike=True)  # and nothing in it
    workbook["はじめに"]["C7"].font = Font(strike=True)
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def test_what_is_struck_out_is_named_and_not_taken(city, month):
    (month / "甲課.xlsx").write_bytes(struck(form(city, {T1: 0.5, ("進捗", "T-3", "備考"): "順調"})))
    document = city.run()
    places = [
        (each["sheet"], each["cell"], each["value"]) for each in document["findings"] if each["code"] == "cell-struck"
    ]
    assert sorted(places) == [
        ("はじめに", "C7", "2026/2/8"),
        ("成果と課題", "D5", "誤り正しい"),
        ("進捗", "F5", "50%"),
        ("進捗", "F6", "580%"),
    ]
    assert document["actions"][0]["year_progress"] == {"2024": None, "2025": None, "2026": None}
    texts = [cell.value for row in city.workbook(document)["01"].iter_rows() for cell in row]
    assert ("正しいこと" in texts, "誤り正しい" in texts) == (True, False)


@pytest.mark.slow
@pytest.mark.parametrize("to", ["xlsx", "ods", "xls"])
def test_what_is_struck_out_in_another_format_is_named_too(city, month, office, to):
    path = office / "甲課.xlsx"
    path.write_bytes(struck(form(city, {T1: 0.5})))
    saved = convert(path, to, office / "other")
    (month / saved.name).write_bytes(saved.read_bytes())
    document = city.run()
    cells = {(sheet, cell) for _, _, sheet, cell in found(document, "cell-struck")}
    assert cells == {("はじめに", "C7"), ("成果と課題", "D5"), ("進捗", "F5"), ("進捗", "F6")}


def test_the_same_file_twice_counts_once(city, month):
    content = form(city, {T1: 0.5})
    (month / "甲課.xlsx").write_bytes(content)
    (month / "甲課 (1).xlsx").write_bytes(content)
    (month / "mail.eml").write_bytes(mail(("様式.xlsx", content)).as_bytes())
    document = city.run()
    assert files(document) == ["mail.eml!様式.xlsx"]
    assert said(document) == [("file-same", "甲課 (1).xlsx"), ("file-same", "甲課.xlsx")]


def test_the_same_form_sent_in_two_months_counts_in_each(city):
    path = city.submit("2026-01", "甲課", {T1: 0.5})
    later = city.root / "input" / MONTH / "甲課.xlsx"
    later.parent.mkdir(parents=True)
    later.write_bytes(path.read_bytes())
    document = city.run()
    assert (files(document), said(document)) == (["甲課.xlsx"], [("form-of-earlier-month", "甲課.xlsx")])


# --- photos ----------------------------------------------------------------------------------------------------------


@pytest.fixture
def photographed(tmp_path):
    """A city whose department 甲課 leads action 1, with its form in the month's folder."""
    city = City(tmp_path)
    city.submit(MONTH, "甲課", {T1: 0.5})
    return city


def media(city, document):
    """Return the pictures in the consolidated workbook."""
    with zipfile.ZipFile(city.root / document["files"]["workbook"]) as opened:
        return [opened.read(name) for name in opened.namelist() if name.startswith("xl/media/")]


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        "1.jpg",
        "アクション1.jpg",
        "アクション１_説明会.JPG",
        "A01_会議.jpeg",
        "No.1（窓口）.jpg",
        "1-2.jpg",
        "01 庁舎.jpg",
        "アクション1説明会.jpg",
        "1!.jpg",
    ],
)
def test_a_photo_named_by_its_action_stands_on_its_page(photographed, name):
    (photographed.root / HERE / name).write_bytes(photo())
    document = photographed.run()
    assert found(document, "picture-by-name") == [("甲課", HERE + name, "", "")]
    assert len(media(photographed, document)) == 1


@pytest.mark.slow
@pytest.mark.parametrize(
    "name",
    [
        *("IMG_0001.jpg", "20260208.jpg", "1月の会議.jpg", "99.jpg", "会議.jpg", "1.5倍.jpg"),
        *("A1チラシ.jpg", "1歳児健診.jpg", "1階窓口.jpg", "1名参加.jpg", "1G実験.jpg", "1説明会.jpg", "Another 1.jpg"),
    ],
)
def test_a_photo_whose_name_says_no_action_is_named(photographed, name):
    (photographed.root / HERE / name).write_bytes(photo())
    document = photographed.run()
    assert found(document, "picture-unnumbered") == [("", HERE + name, "", "")]
    assert media(photographed, document) == []


def test_photos_of_a_mail_belong_to_the_form_in_it(photographed):
    other = form(photographed, {}, "乙課")
    attached = [("様式.xlsx", other), ("アクション1.jpg", photo((60, 30)))]
    (photographed.root / HERE / "乙課.eml").write_bytes(mail(*attached).as_bytes())
    document = photographed.run()
    assert found(document, "picture-by-name") == [("乙課", f"{HERE}乙課.eml!アクション1.jpg", "", "")]


def test_a_fourth_photo_of_an_action_and_one_without_a_form_are_named(photographed):
    folder = photographed.root / HERE
    for number in range(4):
        (folder / f"1-{number}.jpg").write_bytes(photo((80 + number, 40)))
    (folder / "2.jpg").write_bytes(photo((70, 40)))
    document = photographed.run()
    assert found(document, "picture-too-many") == [("", f"{HERE}1-3.jpg", "", "")] or found(
        document, "picture-too-many"
    ) == [("甲課", f"{HERE}1-3.jpg", "", "")]
    assert [each[1] for each in found(document, "picture-without-form")] == [f"{HERE}2.jpg"]
    assert len(media(photographed, document)) == 3


def test_a_photo_of_an_action_that_no_department_carries_is_named_without_one(tmp_path):
    city = City(tmp_path, アクション=[*tables()["アクション"], [3, "アクション三", 2, "", "", "維持", "", ""]])
    city.submit(MONTH, "甲課", {T1: 0.5})
    (city.root / HERE / "3.jpg").write_bytes(photo())
    document = city.run()
    assert found(document, "picture-without-form") == [("", f"{HERE}3.jpg", "", "")]
    [message] = [each["message"] for each in document["findings"] if each["code"] == "picture-without-form"]
    assert message == "アクション3の写真ですが、担当課が計画台帳に登録されていないため、掲載していません。"


@pytest.mark.parametrize("copy", ["IMG_0001.jpg", "写真.jpg"])  # before and after the other by name
def test_a_photo_that_also_came_without_a_number_is_printed(photographed, copy):
    for name in (copy, "アクション1.jpg"):
        (photographed.root / HERE / name).write_bytes(photo())
    document = photographed.run()
    findings = said(document, but=["picture-without-caption"])
    assert sorted(findings) == [("file-same", copy), ("picture-by-name", "アクション1.jpg")]
    assert len(media(photographed, document)) == 1


def test_a_photo_that_is_also_in_the_mails_text_is_printed(photographed):
    (photographed.root / HERE / "返信.eml").write_bytes(
        showing("image001.jpg", photo(), mail(("アクション1.jpg", photo())))
    )
    document = photographed.run()
    assert sorted(said(document, but=["picture-without-caption"])) == [
        ("file-same", "返信.eml!image001.jpg"),
        ("picture-by-name", "返信.eml!アクション1.jpg"),
    ]
    assert len(media(photographed, document)) == 1


def test_an_attached_photo_without_a_number_is_named_although_it_is_in_the_mails_text_too(photographed):
    (photographed.root / HERE / "返信.eml").write_bytes(showing("image001.jpg", photo(), mail(("会議.jpg", photo()))))
    assert sorted(said(photographed.run())) == [
        ("file-same", "返信.eml!image001.jpg"),
        ("picture-unnumbered", "返信.eml!会議.jpg"),
    ]


def test_one_photo_under_the_numbers_of_two_actions_is_printed_for_both(photographed):
    photographed.submit(MONTH, "乙課", {("進捗", "T-2", "実施"): 0.7})
    for name in ("アクション1.jpg", "アクション2.jpg", "アクション2_再送.jpg"):
        (photographed.root / HERE / name).write_bytes(photo())
    document = photographed.run()
    assert found(document, "picture-by-name") == [
        ("甲課", f"{HERE}アクション1.jpg", "", ""),
        ("乙課", f"{HERE}アクション2.jpg", "", ""),
    ]
    assert found(document, "file-same") == [("", f"{HERE}アクション2_再送.jpg", "", "")]
    workbook = photographed.workbook(document)
    assert [len(workbook[page]._images) for page in ("01", "02")] == [1, 1]


_AVIF = pytest.mark.skipif("avif" not in features.get_supported(), reason="this Pillow is older than AVIF in it")


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["PNG", "GIF", "BMP", "TIFF", "WEBP", pytest.param("AVIF", marks=_AVIF)])
def test_a_photo_of_any_common_format_is_printed(photographed, kind):
    (photographed.root / HERE / f"1.{kind.lower()}").write_bytes(photo(kind=kind))
    document = photographed.run()
    assert Image.open(io.BytesIO(media(photographed, document)[0])).format in ("PNG", "JPEG")


def test_a_photo_of_an_iphone_is_printed(photographed):
    heif = pytest.importorskip("pillow_heif")
    heif.register_heif_opener()
    (photographed.root / HERE / "1.heic").write_bytes(photo(kind="HEIF"))
    document = photographed.run()
    assert Image.open(io.BytesIO(media(photographed, document)[0])).format == "JPEG"


@pytest.mark.slow
@pytest.mark.parametrize(
    ("name", "content", "word"),
    [
        ("1.emf", b"\x01\x00\x00\x00" + bytes(36) + b" EMF" + bytes(60), "EMF"),
        ("1.wmf", b"\xd7\xcd\xc6\x9a" + bytes(60), "WMF"),
        ("1.svg", b"<svg xmlns='http://www.w3.org/2000/svg'/>", "SVG"),
        ("1.jpg", b"\xff\xd8\xff broken", "壊れて"),
    ],
)
def test_a_picture_that_cannot_be_printed_is_named_with_the_reason(photographed, name, content, word):
    (photographed.root / HERE / name).write_bytes(content)
    document = photographed.run()
    (said_of_it,) = [each for each in document["findings"] if each["code"] == "picture-unreadable"]
    assert (said_of_it["file"], word in said_of_it["message"]) == (HERE + name, True)


# --- one file at a time ----------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_check_says_of_a_file_what_the_run_would(city, month):
    path = month / "甲課.xlsx"
    path.write_bytes(form(city, {T1: "たくさん", ("進捗", "T-3", "実施"): "８割"}))
    (month / "mail.eml").write_bytes(mail(("乙課.xlsx", form(city, {}, "乙課"))).as_bytes())
    ran = [each for each in city.run()["findings"] if each["file"] == f"{HERE}甲課.xlsx"]
    result = city.invoke("check", "--month", MONTH, "--json", str(path), str(month / "mail.eml"))
    (mine, mails) = json.loads(result.stdout)["files"]
    keys = ("code", "sheet", "cell", "value", "message", "advice", "department")
    assert sorted(tuple(each[key] for key in keys) for each in mine["findings"]) == sorted(
        tuple(each[key] for key in keys) for each in ran
    )
    assert [each["department"] for each in mails["forms"]] == ["乙課"]
    assert result.exit_code == 1
    read = city.invoke("check", "--month", MONTH, str(path), str(month / "mail.eml")).output
    assert "「進捗」 F5" in read
    assert "乙課の様式です" in read


@pytest.mark.parametrize(
    ("typed", "end"),
    [
        (0.5, "エラーはありません。このままお送りいただけます。"),
        ("－", "エラーはありません。警告の箇所をご確認のうえ、お送りください。"),
        ("たくさん", "エラーの箇所を修正してください。"),
    ],
)
def test_check_ends_with_what_to_do_next(city, month, typed, end):
    (month / "甲課.xlsx").write_bytes(form(city, {T1: typed}))
    assert city.invoke("check", str(month / "甲課.xlsx")).stdout.splitlines()[-1] == end


def test_check_without_a_plan_and_of_what_is_not_there(city, month, tmp_path):
    (month / "甲課.xlsx").write_bytes(form(city, {T1: 0.5}))
    empty = tmp_path / "よそ"
    empty.mkdir()
    elsewhere = City.__new__(City)
    elsewhere.root = empty
    result = elsewhere.invoke("check", str(month / "甲課.xlsx"))
    assert (result.exit_code, "計画台帳がないため、様式だけを確認しました" in result.output) == (0, True)
    missing = elsewhere.invoke("check", "ない.xlsx")
    assert (missing.exit_code, "「ない.xlsx」がありません" in missing.output) == (2, True)
    folder = elsewhere.invoke("check", str(month))
    assert (folder.exit_code, f"「{month}」はフォルダです" in folder.output) == (2, True)


@pytest.mark.slow
def test_check_holds_a_file_of_a_months_folder_against_that_month(city):
    old = city.submit("2026-02", "甲課", {T1: 0.5}, 記入日=dt.date(2026, 2, 20))
    city.submit("2026-03", "甲課", {T1: 0.5}, 記入日=dt.date(2026, 3, 20))
    for path, is_early in ((old, False), (shutil.copy(old, city.root / "届いたもの.xlsx"), True)):
        (checked,) = json.loads(city.invoke("check", "--json", str(path)).stdout)["files"]
        assert ("filled-before-month" in [each["code"] for each in checked["findings"]]) == is_early


def test_a_consolidated_workbook_is_not_taken_for_a_departments_form(city):
    city.submit(MONTH, "甲課", {T1: 0.5})
    workbook = city.root / city.run()["files"]["workbook"]
    (checked,) = json.loads(city.invoke("check", "--json", str(workbook)).stdout)["files"]
    assert [each["code"] for each in checked["findings"]] == ["file-not-a-form"]
