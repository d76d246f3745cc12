"""What a form that is sent back asks on its cover, and when it says that a point is answered."""

import datetime as dt
import email
import email.policy
import io

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from support.city import cell_of, fill
from support.office import recalculated, soffice
from support.pictures import png

from kama_excel.findings.catalogue import Code, Severity
from kama_excel.findings.finding import MAY_STAY

_RATIO = [[1, 2, "利用率", "%", None, "60%", "増", "乙課"]]
_DONE = "✓ 修正済み"


def sent_back(city, department, month="2026-02"):
    """Return the mail that sends a department's form back, and the form."""
    city.invoke("mail", "--month", month, "--kind", "差戻し")
    (path,) = city.root.glob(f"output/{month}/メール/{department}_差戻し.eml")
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    (attachment,) = message.iter_attachments()
    return message.get_body().get_content().replace("\r", ""), attachment.get_content()


def points(content):
    """Return the lines of the points on a form's cover by place: typed, asked, state."""
    cover = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["はじめに"]
    lines = {}
    for row in range(7, cover.max_row):
        if cover.cell(row, 2).value is None:
            break
        lines[cover.cell(row, 2).value] = tuple(cover.cell(row, column).value for column in (4, 5, 6))
    return lines


def states(content, entries, folder):
    """Return the states of the points after somebody typed into the form, as LibreOffice computes them."""
    path = folder / "typed.xlsx"
    path.write_bytes(fill(content, entries))
    again = folder / "again"
    again.mkdir(exist_ok=True)
    return {place: line[2] for place, line in points(recalculated(path, again).read_bytes()).items()}


WRONG = {
    ("進捗", "T-1", "実施"): "対象外",
    ("進捗", "T-3", "実施"): "未着手",
    ("進捗", "T-4", "予定"): "約50",
    ("総括評価", "A-1-甲課", "総括評価"): 0.9,
}


@pytest.mark.office
@pytest.mark.skipif(soffice() is None, reason="LibreOffice is not installed")
def test_a_point_is_answered_where_the_answer_may_stand(city, tmp_path):
    city.write_plan(指標=_RATIO)
    city.submit("2026-02", "甲課", WRONG)
    city.submit("2026-02", "乙課", {("指標", "I-1", "実績値"): 4820, ("指標", "I-1", "時点"): "2026/1/31"})
    _, content = sent_back(city, "甲課")
    asked = {"進捗 F5": "● 未対応", "進捗 F6": "◇ ご確認", "進捗 G7": "● 未対応", "総括評価 E5": "● 未対応"}
    assert {place: line[2] for place, line in points(content).items()} == asked
    assert states(content, {}, tmp_path) == asked
    beside = {("進捗", "T-1", "備考"): "国の事業に移ったため", ("総括評価", "A-1-甲課", "理由"): "件数が伸びたため"}
    answered = asked | {"進捗 F5": _DONE, "総括評価 E5": _DONE}
    assert states(content, beside, tmp_path) == answered
    mended = {("進捗", "T-3", "実施"): 0.1, ("進捗", "T-4", "予定"): 0.5}
    assert states(content, beside | mended, tmp_path) == dict.fromkeys(asked, _DONE)

    _, content = sent_back(city, "乙課")
    assert states(content, {}, tmp_path) == {"指標 H5": "◇ ご確認"}
    assert points(content)["指標 H5"][0] == 48.2
    assert states(content, {("指標", "I-1", "実績値"): 48.2}, tmp_path) == {"指標 H5": _DONE}


@pytest.mark.office
@pytest.mark.skipif(soffice() is None, reason="LibreOffice is not installed")
def test_a_nought_in_place_of_a_blank_is_an_answer(city, tmp_path):
    city.submit("2026-01", "甲課", {("進捗", "T-1", "実施"): 0.5, ("進捗", "T-3", "実施"): 0.5})
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): None})
    _, content = sent_back(city, "甲課")
    assert states(content, {}, tmp_path) == {"進捗 F5": "◇ ご確認"}
    assert states(content, {("進捗", "T-1", "実施"): 0}, tmp_path) == {"進捗 F5": _DONE}


def test_what_was_corrected_is_no_point_and_an_unreadable_report_of_it_may_stay(city):
    city.write_plan(
        訂正=[
            ["T-1", "実施", "60%", "2026-02-10", "本部", "数え直し"],
            ["T-3", "実施", "45%", "2026-01-10", "本部", "内訳"],
        ]
    )
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.8, ("進捗", "T-3", "実施"): "45%（うち新規30%）"})
    text, content = sent_back(city, "甲課")
    assert "次の1件について" in text
    assert "訂正した欄は訂正後の値" in text
    ((place, (shown, asked, state)),) = points(content).items()
    assert (place, shown, state) == ("進捗 F6", 0.45, "◇ ご確認")
    for said in (text, asked):
        assert "45%（うち新規30%）" in said
        assert "訂正後の値「45%」でよい場合は、対応は不要です。" in said
    sheet = openpyxl.load_workbook(io.BytesIO(content))["進捗"]
    assert "訂正により、80% → 60% としています" in cell_of(sheet, "T-1", "お知らせ").value
    assert cell_of(sheet, "T-1", "実施").border.left.style != "medium"


def test_the_cover_and_the_mail_count_the_same(city):
    path = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): "たくさん"}, 記入日="2/30")
    workbook = openpyxl.load_workbook(path)
    sheet = workbook["進捗"]
    sheet.insert_rows(7)
    for column, text in enumerate(("T-99", 1, "追加", "令和7年度", "作業"), start=1):
        sheet.cell(7, column).value = text
    memo = workbook.create_sheet("メモ")
    memo["A1"], memo["A2"] = "一つ目", "二つ目"
    workbook.save(path)
    text, content = sent_back(city, "甲課")
    cover = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["はじめに"]
    count = len(points(content))
    assert cover["B4"].value == f"{count}か所について、ご確認をお願いいたします"
    assert f"次の{count}件について" in text
    assert next(iter(points(content))) == f"はじめに C{7 + count + 4}"
    assert "シート「メモ」A1、A2" in text
    assert "「一つ目」「二つ目」があります" in text
    situation = city.invoke("status", "--month", "2026-02").stdout
    assert f"{count}件" in situation


def test_a_form_asks_for_nothing_that_its_own_cells_do_not_need(city):
    path = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    workbook = openpyxl.load_workbook(path)
    workbook["進捗"].merge_cells("F5:F6")
    workbook.save(path)
    text, content = sent_back(city, "甲課")
    for said in (text, points(content)["進捗 F5"][1]):
        assert "結合を解除" not in said
        assert "F5:F6" in said


@pytest.mark.parametrize(
    "code", [each for each in Code if each.severity is not Severity.INFO], ids=lambda each: each.slug
)
def test_what_may_stay_says_so(code):
    assert ("対応は不要です" in code.advice_in_form) == (code in MAY_STAY) or code in _ABOUT_NO_INPUT


_ABOUT_NO_INPUT = {Code.PICTURE_TURNED, Code.DECISION_LATER, Code.FILLED_ON_AFTER_MONTH}
"""What no input of a form that is sent back is asked about; the last is for the division alone."""


def test_a_percentage_many_times_its_target_is_asked_about_and_marked_in_the_form(city):
    city.write_plan(
        指標=[[1, 2, "利用率", "%", None, "30%", "増", "乙課"], [2, 2, "出席率", "%", None, "60%", "増", "乙課"]]
    )
    city.submit(
        "2026-02",
        "乙課",
        {
            ("指標", key, heading): value
            for key in ("I-1", "I-2")
            for heading, value in (("実績値", 500), ("時点", "2026/1/31"))
        },
    )
    text, content = sent_back(city, "乙課")
    assert list(points(content)) == ["指標 H5"]
    assert "「500%」を 500% として扱いました（5% の入力間違いの可能性があります）。" in text
    sheet = openpyxl.load_workbook(io.BytesIO(content), data_only=True)["指標"]
    assert [cell_of(sheet, key, "確認").value for key in ("I-1", "I-2")] == ["◇ 目標の1666.7%", "✓ 目標の833.3%"]


def test_a_password_is_asked_to_be_removed_in_the_reminder(city):
    locked = io.BytesIO()
    OOXMLFile(io.BytesIO(city.form("2026-02", "甲課").read_bytes())).encrypt("secret", locked)
    path = city.root / "input" / "2026-02" / "甲課.xlsx"
    path.parent.mkdir(parents=True)
    path.write_bytes(locked.getvalue())
    city.invoke("mail", "--kind", "督促")
    message = email.message_from_bytes(
        (city.root / "output/2026-02/メール/甲課_督促.eml").read_bytes(), policy=email.policy.default
    )
    assert "パスワードを外してお送りください" in message.get_body().get_content()


def test_days_in_sentences_are_japanese(city):
    city.submit("2026-01", "乙課", {("指標", "I-1", "実績値"): 5, ("指標", "I-1", "時点"): dt.date(2025, 12, 31)})
    city.submit("2026-02", "乙課", {("指標", "I-1", "実績値"): 6, ("指標", "I-1", "時点"): dt.date(2026, 1, 31)})
    city.submit("2026-02", "乙課", {("指標", "I-1", "時点"): dt.date(2026, 2, 28)}, name="b.xlsx")
    said = [each["message"] for each in city.run()["findings"] if each["cell"].startswith("I")]
    assert any("令和8年2月28日" in each or "令和8年1月31日" in each for each in said), said
    assert not any("「2026-0" in each for each in said)


def test_check_of_a_photo_alone_does_not_say_that_the_form_is_missing(city):
    path = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    photo = path.with_name("1_講座.png")
    photo.write_bytes(png(40, 40))
    result = city.invoke("check", "--month", "2026-02", str(photo))
    assert "アクション1の写真（甲課）として受け取りました" in result.output
    assert "ない" not in result.output.replace("必要はない", "")
