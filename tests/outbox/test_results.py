"""`kama-excel mail --kind 結果`: what each department is told of its month, on a page of its own."""

import datetime as dt
import email
import email.policy
import io
import subprocess

import openpyxl
import pytest
from support.city import fill
from support.plans import plan_of, tables
from support.reports import report_of, submission

from kama_excel.report.department_result import department_result

REASON = {("総括評価", "A-1-甲課", "総括評価"): 0.95, ("総括評価", "A-1-甲課", "理由"): "仕組みが定着したため"}


def result(city, department, month="2026-02"):
    """Return the mail's text and the texts of its page, row by row."""
    path = city.root / "output" / month / "メール" / f"{department}_結果.eml"
    message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
    (attachment,) = message.iter_attachments()
    assert attachment.get_filename() == f"{department}_{month}_結果.xlsx"
    assert message.defects == []
    sheet = openpyxl.load_workbook(io.BytesIO(attachment.get_content())).active
    rows = [[cell.value for cell in row if cell.value is not None] for row in sheet.iter_rows()]
    return message.get_body().get_content(), [row for row in rows if row]


@pytest.fixture
def played(city):
    city.write_plan(
        計画=[*tables()["計画"], ["提出期限", "翌月10日"], ["問い合わせ先", "推進係 内線 100"]],
        訂正=[["T-3", "実施", "40%", dt.date(2026, 2, 20), "事務局", "転記の誤り"]],
        評価方法=[[2, "3カ年平均", dt.date(2026, 2, 18), "推進本部", "指標が未確定のため"]],
    )
    city.submit("2026-01", "甲課", {("進捗", "T-1", "実施"): 0.5, ("進捗", "T-3", "実施"): 0.5})
    city.submit("2026-01", "乙課", {("進捗", "T-2", "実施"): 0.5, ("進捗", "T-5", "実施"): 0.5})
    unreadable = {("進捗", "T-3", "実施"): "半分くらい", ("進捗", "T-4", "予定"): "七割くらい"}
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.8} | unreadable | REASON)
    done = city.invoke("mail", "--kind", "結果")
    assert done.exit_code == 0, done.output
    assert "結果の下書き: 2通（甲課、乙課）" in done.stdout
    assert "提出期限:" not in done.stdout
    return city


def test_a_department_is_told_its_rates_and_what_changed(played):
    text, rows = result(played, "甲課")
    assert "アクション1『アクション一』: 課題あり 52.5%（前月から ＋2.5ポイント）" in text
    assert "次回は令和8年3月分です。様式は別途お送りします。提出期限は、令和8年4月10日（金）です。" in text.replace(
        "\r", ""
    )
    assert ["甲課が担当する1アクションのうち、0件が「概ね達成以上」です"] in rows
    (line,) = (row for row in rows if row[:2] == [1, "アクション一"] and len(row) > 3)
    assert line[2:6] == ["主", "52.5%", "課題あり", "＋2.5"]
    assert line[6].splitlines() == ["R6 作業一 50% → 80%", "R7 作業三 50% → 40%　ほか1件"]


def test_it_is_told_what_was_corrected_or_decided_by_whom_and_why(played):
    _, rows = result(played, "甲課")
    (row,) = (row for row in rows if row[-1] == "転記の誤り")
    assert [row[0], row[1], row[3]] == [1, "R7 作業三（実施）", "令和8年2月20日\n事務局"]
    assert row[2].endswith(" → 40%")
    assert any(
        row[0] == 1 and "総括評価を採用すると「ほぼ達成」" in str(row[1]) and row[2:4] == ["要判断", "未決定"]
        for row in rows
    )
    _, rows = result(played, "乙課")
    assert [2, "採用する達成率", "「3カ年平均」を採用", "令和8年2月18日\n推進本部", "指標が未確定のため"] in rows


def test_it_is_not_asked_for_what_is_excluded_with_a_reason(city):
    city.write_plan(計画=[*tables()["計画"], ["提出期限", "翌月5日"]])
    typed = {("指標", "I-1", "実績値"): "対象外", ("指標", "I-1", "根拠"): "調査を廃止したため"}
    city.submit("2026-02", "乙課", typed | {("進捗", "T-2", "実施"): 0.5})
    city.invoke("mail", "--kind", "結果")
    _, rows = result(city, "乙課")
    asked = [row for row in rows if len(row) == 3 and "未報告です" in str(row[1])]
    assert asked == [[2, "タスクの実施（1件）が未報告です。ご報告をお願いいたします。", "進捗"]]


def test_it_is_asked_for_what_is_missing(played):
    _, rows = result(played, "甲課")
    requests = [row for row in rows if len(row) == 3 and row[0] == 1 and "くらい" in str(row[1])]
    assert ["七割くらい" in row[1] for row in requests] == [True]  # the other one was replaced by a 訂正
    assert requests[0][2].startswith("進捗\n")
    _, rows = result(played, "乙課")
    assert [
        "令和8年2月分の提出がないため、令和8年1月分の報告を使用しています。前月から、率が上がったアクション 1件、下がったアクション 0件です。"
    ] in rows
    assert [2, "指標の実績値（1件）が未報告です。ご報告をお願いいたします。", "指標"] in rows


def test_the_same_month_gives_the_same_bytes_and_mu_reads_them(played, mail_program, tmp_path):
    path = played.root / "output" / "2026-02" / "メール" / "甲課_結果.eml"
    before = path.read_bytes()
    played.invoke("mail", "--kind", "結果")
    assert path.read_bytes() == before
    command = [mail_program, "extract", "--save-attachments", f"--target-dir={tmp_path}", str(path)]
    subprocess.run(command, check=True, capture_output=True, env={"LC_ALL": "C.UTF-8", "MUHOME": str(tmp_path / "mu")})
    assert openpyxl.load_workbook(tmp_path / "甲課_2026-02_結果.xlsx").sheetnames == ["結果のお知らせ"]


def test_what_was_typed_stays_text_on_the_page(city):
    form = city.form("2026-02", "甲課").read_bytes()
    city.write_plan(タスク=[[1, 1, "令和6年度", "甲課", "=1+1"]], 指標=[])
    folder = city.root / "input" / "2026-02"
    folder.mkdir(parents=True)
    (folder / "甲課.xlsx").write_bytes(fill(form, {("進捗", "T-1", "実施"): "=HYPERLINK(1)"}))
    city.invoke("mail", "--kind", "結果")
    _, rows = result(city, "甲課")
    assert all(not str(value).startswith("=") for row in rows for value in row)


def test_an_assessment_without_any_other_figure_is_undecided_by_name():
    typed = {("A-2-乙課", "総括評価"): 0.7, ("A-2-乙課", "理由"): "実証実験を行った"}
    report = report_of(plan_of(), [submission("乙課", typed)])
    status = next(each for each in report.merged.statuses if each.department == "乙課")
    [line] = department_result(report, status, ()).settled
    assert "現在の区分は「未評価」、総括評価を採用すると「やや未達」です" in line
