"""提出状況 of a department: 提出, 読取不可, 未記入, 前月まで or 未提出, the first that is true of the month."""

import datetime as dt
import email
import email.policy
from email.message import EmailMessage
from email.policy import SMTP

import pytest
from support.city import City, found

DONE = ("進捗", "T-1", "実施")
BROKEN = b"PK\x03\x04 and then nothing that a workbook has"
MAIL = "kou@example.jp"


@pytest.fixture
def city(tmp_path):
    """Return a city where 甲課 reported 80 % in January, and whose 甲課 has an address."""
    made = City(tmp_path, 担当課=[["甲課", "旧甲課", MAIL], ["乙課", "", "otsu@example.jp"]])
    made.submit("2026-01", "甲課", {DONE: 0.8})
    return made


def status_of(document, department="甲課"):
    """Return the department's status and files of the month."""
    mine = [each for each in document["submissions"] if each["department"] == department]
    return mine[0]["status"], [each["file"] for each in mine]


def progress(document):
    return document["actions"][0]["year_progress"]["2024"]


def mailed(city, files, sender=MAIL, name="送付.eml"):
    """Put a mail with files into February's folder."""
    message = EmailMessage(policy=SMTP)
    message["From"], message["Subject"], message["Date"] = f"担当 <{sender}>", "様式", "Tue, 24 Feb 2026 09:00:00 +0900"
    message.set_content("お送りします。")
    for attached, content in files.items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=attached)
    path = city.root / "input" / "2026-02" / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(message.as_bytes())


def test_a_form_that_comes_back_as_it_was_issued_is_no_report(city):
    city.submit("2026-02", "甲課", as_issued=True)
    document = city.run()
    assert status_of(document) == ("未記入", ["input/2026-02/甲課.xlsx", "input/2026-01/甲課.xlsx"])
    assert progress(document) == 0.8
    assert [each[1] for each in found(document, "form-unfilled")] == ["input/2026-02/甲課.xlsx"]


def test_a_form_without_entries_asks_for_nothing_once_a_filled_one_has_come(city):
    city.submit("2026-02", "甲課", as_issued=True, name="未記入.xlsx")
    city.submit("2026-02", "甲課", {DONE: 0.9})
    document = city.run()
    assert found(document, "form-unfilled") == []
    assert [each[1] for each in found(document, "form-unfilled-followed")] == ["input/2026-02/未記入.xlsx"]


def test_what_was_filled_in_alone_makes_it_a_report_and_so_does_a_value(city):
    city.submit("2026-02", "甲課", 記入日=dt.date(2026, 2, 20))
    assert status_of(city.run()) == ("提出", ["input/2026-02/甲課.xlsx"])
    city.submit("2026-02", "甲課", {DONE: 0.9})
    document = city.run()
    assert (status_of(document)[0], progress(document)) == ("提出", 0.9)


def test_a_reminder_says_that_the_form_came_back_without_entries(city):
    city.submit("2026-02", "甲課", as_issued=True)
    assert city.invoke("mail", "--month", "2026-02").exit_code == 0
    (draft,) = city.root.rglob("*甲課*督促*.eml")
    assert "記入のないまま戻っております" in body(draft)


def test_a_file_that_cannot_be_read_is_its_senders(city):
    mailed(city, {"様式.xlsx": BROKEN})
    document = city.run()
    status, files = status_of(document)
    assert (status, files[0]) == ("読取不可", "input/2026-02/送付.eml!様式.xlsx")
    assert progress(document) == 0.8
    assert city.invoke("mail", "--month", "2026-02").exit_code == 1  # a file could not be read
    (draft,) = city.root.rglob("*甲課*督促*.eml")
    assert "様式.xlsx" in body(draft)
    assert "届いておりません" not in body(draft)


@pytest.mark.parametrize(
    "typed", ["ｋｏｕ＠example.jp", "KOU@EXAMPLE.JP", "kou2@example.jp/kou@example.jp", "山田 <kou@example.jp>"]
)
def test_it_is_its_senders_however_the_address_is_typed_in_the_plan(tmp_path, typed):
    city = City(tmp_path, 担当課=[["甲課", "", typed], ["乙課"]])
    mailed(city, {"様式.xlsx": BROKEN})
    document = city.run()
    assert status_of(document)[0] == "読取不可"
    assert [each[0] for each in found(document, "file-unreadable")] == ["甲課"]


def test_beside_a_good_form_it_is_only_a_finding(city):
    mailed(city, {"様式.xlsx": BROKEN})
    city.submit("2026-02", "甲課", {DONE: 0.9})
    document = city.run()
    assert (status_of(document)[0], progress(document)) == ("提出", 0.9)
    (followed,) = [each for each in document["findings"] if each["code"] == "file-unread-followed"]
    assert (followed["severity"], followed["department"]) == ("情報", "甲課")


def test_where_two_departments_are_named_it_is_nobodys(city):
    mailed(city, {"乙課.xlsx": BROKEN})
    document = city.run()
    assert status_of(document) == ("前月まで", ["input/2026-01/甲課.xlsx"])
    assert status_of(document, "乙課")[0] == "未提出"


@pytest.mark.parametrize("name", ["甲課.xlsx", "旧甲課から/様式.xlsx", "R8 甲課 報告.pdf"])
def test_file_and_folder_names_say_whose_it_is(city, name):
    path = city.root / "input" / "2026-02" / name
    path.parent.mkdir(parents=True)
    path.write_bytes(b"%PDF-1.7" if name.endswith("pdf") else BROKEN)
    assert status_of(city.run())[0] == "読取不可"


def test_the_sheet_and_the_screen_say_it(city):
    city.submit("2026-02", "甲課", as_issued=True)
    document = city.run()
    sheet = city.workbook(document)["提出状況"]
    texts = [cell.value for row in sheet.iter_rows() for cell in row if cell.value]
    assert "未記入" in texts
    assert "未記入 1" in city.invoke("run", "--month", "2026-02").output


def body(path):
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    return message.get_body(("plain",)).get_content()
