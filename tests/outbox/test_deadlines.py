"""Months, days and deadlines as people write them, and the month that a double-clicked file asks for."""

import datetime as dt
import email
import email.policy

import openpyxl
import pytest
from click.testing import CliRunner
from hypothesis import given
from hypothesis import strategies as st
from support.plans import tables

from kama_excel.cli import app, parameters
from kama_excel.cli.app import main
from kama_excel.domain.calendar import DeadlineRule, Month, deadline_to_keep, month_short, weekday_after
from kama_excel.parsing.months_and_deadlines import parse_day, parse_deadline, parse_month
from kama_excel.spreadsheets.cells import Cell

MARCH = Month(2026, 3)


@pytest.mark.parametrize(
    "typed",
    [
        "2026-03",
        "2026-3",
        "2026/3",
        "2026.3",
        "202603",
        "2026年3月",
        "R8.3",
        "r8/3",
        "令和8年3月",
        "令和８年３月分",
        " Ｒ８．３ ",
    ],
)
def test_a_month_is_understood_as_people_write_it(typed):
    assert parse_month(typed) == MARCH


@pytest.mark.parametrize(
    "typed", ["", "3月", "2026", "2026-13", "20263", "令和8年", "2026-03-05", "R8.3.5", "三月", "1/2"]
)
def test_what_names_no_month_is_none(typed):
    assert parse_month(typed) is None


@pytest.mark.parametrize(
    "typed", ["2026-04-10", "2026/4/10", "20260410", "R8.4.10", "令和8年4月10日", "令和8年4月10日（金）"]
)
def test_a_day_is_understood_as_people_write_it(typed):
    assert parse_day(typed) == dt.date(2026, 4, 10)


@pytest.mark.parametrize("typed", ["", "2026-04", "令和8年4月", "20260431", "2026-02-30", "4/10", "翌月5日"])
def test_what_names_no_day_is_none(typed):
    assert parse_day(typed) is None


@given(st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)))
def test_every_month_in_every_spelling(day):
    month = Month.of(day)
    assert {parse_month(text) for text in (str(month), month.label, month_short(month), f"{day:%Y%m}")} == {month}


@pytest.mark.parametrize(
    ("typed", "day"),
    [
        ("翌月5日", dt.date(2026, 4, 5)),
        ("翌月の５日", dt.date(2026, 4, 5)),
        ("毎月25日", dt.date(2026, 3, 25)),
        ("25日", dt.date(2026, 3, 25)),
        ("毎月末", dt.date(2026, 3, 31)),
        ("月末", dt.date(2026, 3, 31)),
        ("翌月末日", dt.date(2026, 4, 30)),
        ("翌月31日", dt.date(2026, 4, 30)),
        ("翌々月10日", dt.date(2026, 5, 10)),
        ("令和8年4月10日", dt.date(2026, 4, 10)),
        (dt.date(2026, 4, 10), dt.date(2026, 4, 10)),
    ],
)
def test_the_plans_deadline(typed, day):
    rule = parse_deadline(Cell(typed))
    assert rule is not None
    assert rule.day_for(MARCH) == day


@pytest.mark.parametrize("typed", ["毎月", "翌月", "翌月0日", "翌月32日", "そのうち", 5])
def test_what_names_no_deadline_is_none(typed):
    assert parse_deadline(Cell(typed)) is None


def test_a_day_that_the_month_lacks_is_its_last():
    assert DeadlineRule(day=31).day_for(Month(2026, 2)) == dt.date(2026, 2, 28)


# --- the commands ----------------------------------------------------------------------------------------------------


def with_deadline(city, deadline, **changes):
    city.write_plan(計画=[*tables()["計画"], ["提出期限", deadline]], **changes)


def test_the_plans_deadline_is_on_forms_and_in_mails(city):
    with_deadline(city, "翌月5日")
    made = city.invoke("forms", "--month", "R8.2")
    assert "提出期限: 令和8年3月5日（木）" in made.stdout
    form = openpyxl.load_workbook(city.root / "workbook_templates" / "forms" / "甲課.xlsx")["はじめに"]
    assert "提出期限：令和8年3月5日（木）" in {cell.value for row in form.iter_rows() for cell in row}
    assert "提出期限: 令和8年3月5日（木）" in city.invoke("mail", "--kind", "配布", "--month", "202602").stdout
    given = city.invoke("mail", "--kind", "配布", "--month", "令和8年2月", "--deadline", "令和8年3月10日")
    assert "提出期限: 令和8年3月10日（火）" in given.stdout


def test_a_deadline_on_a_weekend_is_said(city):
    with_deadline(city, "翌月5日")
    said = city.invoke("forms", "--month", "2026-03").stderr
    assert said.startswith("注意: 提出期限（令和8年4月5日（日））は土曜日か日曜日です。")
    assert city.invoke("forms", "--month", "2026-02").stderr == ""


def test_a_page_without_a_report_has_the_monday_after_a_weekend(city):
    with_deadline(city, "翌月5日")
    city.submit("2026-03", "甲課")
    page = city.workbook(city.run())["02"]
    texts = "".join(str(cell.value) for row in page.iter_rows() for cell in row if cell.value)
    assert "令和8年3月分の提出期限は、令和8年4月6日です。" in texts


def test_a_deadline_that_is_none_ends_the_command_and_names_its_cell(city):
    with_deadline(city, "早めに")
    done = city.invoke("forms", "--month", "2026-02")
    assert done.exit_code == 2
    assert "「計画」 B10: 「値」の「早めに」を読み取れません。「翌月5日」「毎月25日」「翌月末」か日付で" in done.stderr


def ask(city, typed, *arguments):
    return CliRunner().invoke(main, [arguments[0], "--folder", str(city.root), "--ask", *arguments[1:]], input=typed)


@pytest.mark.parametrize(
    ("typed", "month"), [("\n", "2026-02"), ("", "2026-02"), ("R8.1\n", "2026-01"), ("来月\n令和8年1月\n", "2026-01")]
)
def test_a_command_asks_for_the_month_and_says_what_it_understood(city, typed, month):
    for each in ("2026-01", "2026-02"):
        city.submit(each, "甲課", {("進捗", "T-1", "実施"): 0.5})
    done = ask(city, typed and f"{typed}n\n", "run")
    assert done.exit_code == 0
    assert ("対象月を入力してください（Enter だけで 令和8年2月）: " in done.stdout) == bool(typed)
    assert f"対象月: {Month.parse(month).label}分（{month}）" in done.stdout
    assert ("「来月」は年月ではありません" in done.stdout) == ("来月" in typed)
    assert [path.name for path in (city.root / "output").iterdir() if path.is_dir()] == [month]


def test_a_month_that_is_given_is_not_asked_for(city):
    assert "対象月を" not in ask(city, "", "forms", "--month", "2026-02").stdout


def test_where_nobody_is_at_the_keyboard_a_log_has_no_question(city, monkeypatch):
    with_deadline(city, "翌月5日")
    city.submit("2026-02", "甲課")
    commands = (["run"], ["forms", "--mail", "--month", "2026-02"], ["mail"], ["mail", "--kind", "結果"])
    said = [ask(city, "", *each) for each in commands]
    assert [each.exit_code for each in said] == [0, 0, 0, 0]
    assert not [each.stdout for each in said if "Enter" in each.stdout]
    monkeypatch.setattr(parameters, "is_attended", lambda: True)
    assert "対象月を入力してください" in ask(city, "", "mail").stdout


def test_a_folder_in_which_nothing_lies_yet_is_not_the_month_to_run(city):
    city.submit("2026-01", "甲課", {("進捗", "T-1", "実施"): 0.5})
    for name in ("2026-02", "2099-01"):
        (city.root / "input" / name).mkdir()
    done = city.invoke("run")
    assert "ブック: output/2026-01/" in done.stdout
    assert "注意: 令和8年2月分のフォルダ（input/2026-02）には、まだ何も届いていません。" in done.stderr
    assert city.invoke("status").stdout.startswith("令和8年2月分の状況")
    assert "令和8年2月分の督促" in city.invoke("mail").stdout
    assert "令和8年1月分の結果" in city.invoke("mail", "--kind", "結果").stdout


@pytest.mark.parametrize(
    ("deadline", "today", "month"),
    [
        ("翌月5日", "2026-03-28", "2026-03"),
        ("翌月5日", "2026-04-05", "2026-03"),
        ("翌月5日", "2026-04-06", "2026-03"),
        ("翌月5日", "2026-04-07", "2026-04"),
        ("翌月末", "2026-03-31", "2026-02"),
        ("毎月25日", "2026-03-02", "2026-03"),
        ("毎月25日", "2026-03-26", "2026-03"),
        ("令和8年4月10日", "2026-03-26", "2026-03"),
        (None, "2026-04-02", "2026-04"),
    ],
)
def test_forms_are_for_the_oldest_month_that_is_still_due(city, monkeypatch, deadline, today, month):
    with_deadline(city, deadline)
    monkeypatch.setattr(app, "_today", lambda: dt.date.fromisoformat(today))
    label = Month.parse(month).label
    assert f"{label}分の様式を2件作成しました" in city.invoke("forms").stdout
    assert f"対象月を入力してください（Enter だけで {label}）" in ask(city, "\n", "forms", "--mail").stdout


def test_one_step_makes_the_forms_the_mails_and_the_folder_for_what_comes_back(city, monkeypatch):
    opened = []
    monkeypatch.setattr(app, "open_file", opened.append)
    monkeypatch.setattr(app, "_today", lambda: dt.date(2026, 4, 1))
    with_deadline(city, "翌月5日")
    done = ask(city, "\n", "forms", "--mail")
    assert (
        "計画台帳の提出期限（令和8年4月5日（日））は土曜日か日曜日のため、令和8年4月6日（月）とします。" in done.stdout
    )
    assert "返信の保存先: input/2026-03" in done.stdout
    assert (done.stderr, opened) == ("", [])
    assert sorted(path.name for path in (city.root / "workbook_templates" / "forms").iterdir()) == [
        "乙課.xlsx",
        "甲課.xlsx",
    ]
    drafts = sorted((city.root / "output" / "2026-03" / "メール").glob("*.eml"))
    assert [path.name for path in drafts] == ["乙課_配布.eml", "甲課_配布.eml"]
    assert list((city.root / "input").iterdir()) == [city.root / "input" / "2026-03"]
    body = email.message_from_bytes(drafts[0].read_bytes(), policy=email.policy.default).get_body().get_content()
    assert "令和8年4月6日（月）までに" in body
    monkeypatch.setattr(app, "is_attended", lambda: True)
    ask(city, "\n", "forms", "--mail")
    assert opened == [drafts[0].parent]


@pytest.mark.parametrize("command", ["forms", "mail", "check"])
def test_every_command_repeats_the_warnings_of_the_plan(city, command):
    path = city.submit("2026-02", "甲課")
    city.write_plan(
        指標=[[1, 2, "（記入例）回数", "倍", None, 10, "増", "乙課"]],
        担当課=[["甲課", "旧甲課", "kou@example.jp"], ["乙課"]],
    )
    argument = str(path) if command == "check" else "--month=2026-02"
    said = city.invoke(command, argument).stderr
    assert "計画台帳の警告 3件" in said
    assert "「指標」 C4: 記入例の行が残っています" in said
    assert "単位が「倍」の指標に基準値がありません" in said
    assert "「担当課」 C5: 担当課「乙課」のメールアドレスが登録されていません" in said


def test_a_plan_without_any_address_is_no_cause_for_a_warning(city):
    assert city.invoke("forms", "--month", "2026-02").stderr == ""


@pytest.mark.parametrize(("typed", "due"), [("", ""), ("令和8年12月8日", "令和8年12月8日（火）")])
def test_a_mail_after_the_deadline_asks_for_a_new_one(city, typed, due):
    with_deadline(city, "翌月5日")
    city.submit("2026-02", "甲課")
    done = ask(city, f"\n令和8年3月6日\n{typed}\n" if typed else "\n", "mail", "--kind", "督促")
    assert ("令和8年3月6日（金）は過ぎています。" in done.stdout) == bool(typed)
    assert "計画台帳の提出期限（令和8年3月5日（木））は過ぎています。" in done.stdout
    assert ("提出期限を入力してください（Enter だけで 令和" in done.stdout) == bool(typed)
    shown = next(line for line in done.stdout.splitlines() if "提出期限: " in line).rpartition("提出期限: ")[2]
    assert shown == due if typed else shown != "令和8年3月5日（木）"
    (draft,) = city.root.rglob("乙課_督促.eml")
    message = email.message_from_bytes(draft.read_bytes(), policy=email.policy.default)
    assert f"{shown}までに" in message.get_body().get_content()
    unasked = city.invoke("mail", "--kind", "督促")
    assert "注意: 提出期限を過ぎています。--deadline で" in unasked.stderr
    assert "過ぎて" not in city.invoke("mail", "--kind", "結果").stderr


def test_a_proposed_day_is_no_saturday_or_sunday():
    days = [weekday_after(dt.date(2026, 3, day), 7) for day in range(1, 15)]
    assert {day.weekday() for day in days} <= {0, 1, 2, 3, 4}
    assert weekday_after(dt.date(2026, 3, 7), 7) == dt.date(2026, 3, 16)


@pytest.mark.parametrize(
    ("deadline", "today", "kept"),
    [
        ("2026-03-05", "2026-03-05", "2026-03-05"),
        ("2026-04-05", "2026-04-01", "2026-04-06"),
        ("2026-03-05", "2026-03-06", "2026-03-13"),
    ],
)
def test_a_deadline_that_cannot_be_kept_is_moved(deadline, today, kept):
    assert str(deadline_to_keep(dt.date.fromisoformat(deadline), dt.date.fromisoformat(today))) == kept
