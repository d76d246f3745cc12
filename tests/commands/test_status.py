"""`kama-excel status`: who has sent what, what is open, and the next step; it changes nothing."""

import datetime as dt
import json
import os
import shutil
import time

import click
import pytest
from click.testing import CliRunner
from support.plans import tables

from kama_excel.cli import app
from kama_excel.commands.status import situation
from kama_excel.domain.calendar import Month, day_label
from kama_excel.outbox.drafts import MailKind
from kama_excel.workspace.folders import Workspace

FEBRUARY = Month(2026, 2)
BEFORE, AFTER = dt.date(2026, 3, 1), dt.date(2026, 3, 6)


def at(city, day=AFTER, month=FEBRUARY):
    return situation(Workspace.of(city.root), month, day)


def waiting(found):
    return found.open_matters.departments[MailKind.REMIND]


def to_answer(found):
    return found.open_matters.departments[MailKind.SEND_BACK]


def contents(folder):
    return {path: (path.read_bytes(), path.stat().st_mtime) for path in folder.rglob("*") if path.is_file()}


def test_a_month_from_its_beginning_to_its_end(city):
    city.write_plan(
        計画=[*tables()["計画"], ["提出期限", "翌月5日"]],
        担当課=[["甲課", "", "kou@example.jp"], ["乙課", "", "otsu@example.jp"]],
    )
    assert "「様式を配る.bat」で令和8年2月分の様式とメールの下書きを作成し" in at(city).next_step
    city.invoke("forms", "--month", "2026-02")
    assert "届いた様式を input のフォルダ「2026-02」（作成してください）に保存し" in at(city).next_step

    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): "八割くらい", ("進捗", "T-3", "実施"): 0.5})
    found = at(city)
    assert found.new_files == ("input/2026-02/甲課.xlsx",)
    assert found.next_step == "まだ集計していないため、「集計する.bat」で集計してください。"

    city.run()
    found = at(city)
    assert (found.new_files, found.is_stale) == ((), False)
    assert waiting(found) == ("乙課",)
    assert to_answer(found) == ("甲課",)
    assert [(each.status.department, each.points) for each in found.departments] == [("甲課", 1), ("乙課", 0)]
    assert "督促（1課）と差戻し（1課）の下書きを作成し" in found.next_step
    assert "差戻し（1課）の下書き" in at(city, BEFORE).next_step

    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5, ("進捗", "T-3", "実施"): 0.5})
    city.run()
    assert at(city, BEFORE).next_step.startswith("令和8年3月5日（木）の提出期限まで、1課の提出をお待ちください。")
    assert "督促（1課）の下書き" in at(city, AFTER).next_step

    city.submit(
        "2026-02",
        "乙課",
        {
            ("進捗", "T-2", "実施"): 0.9,
            ("総括評価", "A-1-乙課", "総括評価"): 0.9,
            ("総括評価", "A-1-乙課", "理由"): "定着したため",
        },
    )
    later = time.time() + 60
    os.utime(city.root / "input/2026-02/乙課.xlsx", (later, later))
    assert at(city).new_files == ("input/2026-02/乙課.xlsx",)
    assert at(city).next_step.startswith("最後の集計の後に届いたファイルがあるため")
    os.utime(city.root / "input/2026-02/乙課.xlsx", (1, 1))
    city.run()
    found = at(city)
    assert (found.open_matters.undecided, waiting(found), to_answer(found)) == ((1,), (), ())
    assert "要判断のアクション（1）の算定方法を決定し" in found.next_step


def test_a_plan_that_changed_asks_for_a_run_and_a_copied_folder_does_not(city, tmp_path_factory):
    for department in ("甲課", "乙課"):
        city.submit("2026-02", department)
    city.run()
    copy = tmp_path_factory.mktemp("successor") / "作業"
    shutil.copytree(city.root, copy)
    there = situation(Workspace.of(copy), FEBRUARY, AFTER)
    assert (there.new_files, there.is_stale) == ((), False)
    city.write_plan(評価方法=[[1, "3カ年平均", dt.date(2026, 2, 18), "推進本部", "決定"]])
    assert at(city).next_step.startswith("最後の集計の後に計画台帳か届いたファイルが変更されているため")
    city.run()
    assert "すべてそろっています" in at(city).next_step
    for name in ("Thumbs.db", "~$乙課.xlsx", ".DS_Store"):
        (city.root / "input/2026-02" / name).write_bytes(b"x")
    assert not at(city).is_stale
    (city.root / "input/2026-02/乙課.xlsx").unlink()
    assert at(city).is_stale


def test_a_workbook_that_is_gone_is_asked_for(city):
    city.submit("2026-02", "甲課")
    city.run()
    shutil.rmtree(city.root / "output" / "2026-02")
    found = at(city)
    assert found.is_stale
    assert found.next_step == "最後に集計したブックが見つからないため、「集計する.bat」で集計してください。"


def test_the_last_line_of_the_record_counts_even_after_a_clock_that_ran_ahead(city):
    record = city.root / "output" / "記録.csv"
    city.submit("2026-02", "甲課")
    city.run()
    heading, line = record.read_text(encoding="utf-8-sig").splitlines()
    _, *rest = line.split(",")
    record.write_text("\n".join([heading, ",".join(["2031-01-01 00:00:00", *rest])]) + "\n", encoding="utf-8-sig")
    city.submit("2026-02", "乙課")
    city.run()
    assert at(city).last_run.when.year < 2031
    assert not at(city).is_stale


def test_a_record_that_excel_has_saved_is_still_read(city):
    record = city.root / "output" / "記録.csv"
    city.submit("2026-02", "甲課")
    city.run()
    saved = record.read_text(encoding="utf-8-sig").replace(",2026-02,", ",Feb-26,")
    record.write_bytes(saved.encode("cp932"))
    assert at(city).last_run is not None


def test_a_file_that_is_nobodys_form_is_named(city):
    city.submit("2026-02", "甲課", {}, 記入日=dt.date(2026, 2, 20))
    city.submit("2026-02", "乙課", {}, 記入日=dt.date(2026, 2, 20))
    (city.root / "input/2026-02/報告.pdf").write_bytes(b"%PDF-1.4 report")
    city.run()
    found = at(city)
    assert [each.place.file for each in found.open_matters.unusable_files] == ["input/2026-02/報告.pdf"]
    assert "扱えないファイル（1件）" in found.next_step


def test_a_form_without_entries_and_a_file_that_cannot_be_read_are_their_departments(city):
    form = city.form("2026-02", "甲課").read_bytes()
    folder = city.root / "input" / "2026-02"
    folder.mkdir(parents=True)
    (folder / "甲課.xlsx").write_bytes(form)
    (folder / "乙課.pdf").write_bytes(b"%PDF-1.4 report")
    city.invoke("run")
    found = at(city)
    assert {each.status.department: each.status.status for each in found.departments} == {
        "甲課": "未記入",
        "乙課": "読取不可",
    }
    assert (waiting(found), found.open_matters.unusable_files, to_answer(found)) == (("甲課", "乙課"), (), ())
    assert "督促（2課）の下書き" in found.next_step
    lines = [line.split() for line in city.invoke("status").stdout.splitlines()]
    assert ["甲課", "未記入", "甲課.xlsx"] in lines
    assert any(line[:2] == ["乙課", "読取不可"] and line[2].startswith("乙課.pdf（") for line in lines)


def test_the_screen_says_who_sent_what_and_when_and_nothing_is_written(city):
    city.submit("2026-01", "乙課", {("進捗", "T-2", "実施"): 0.9})
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): "八割くらい"})
    city.invoke("run", "--month", "2026-02")
    before = contents(city.root)
    said = city.invoke("status")
    assert (said.exit_code, said.stderr) == (0, "")
    lines = [line.split() for line in said.stdout.splitlines()]
    assert lines[0] == [f"令和8年2月分の状況（{day_label(dt.datetime.now().astimezone().date())}）"]
    assert ["提出状況:", "2課（提出", "1、前月値を使用", "1）"] in lines
    assert [line[:2] + line[4:] for line in lines if line[0] == "甲課"] == [
        ["甲課", "提出", "甲課.xlsx", "ご確認のお願い", "1件"]
    ]
    assert ["乙課", "前月値を使用", "令和8年1月分まで"] in lines
    assert ["メールアドレスの登録がない課:", "甲課、乙課"] in lines
    assert lines[-1][0] == "次の作業:"
    said.stdout.encode("cp932")
    assert contents(city.root) == before


def test_a_plan_of_worked_lines_is_to_be_filled_in_first(tmp_path):
    CliRunner().invoke(app.main, ["init", str(tmp_path)])
    found = situation(Workspace.of(tmp_path), FEBRUARY, AFTER)
    assert found.next_step.startswith("計画台帳（workbook_templates/plan.xlsx）の「（記入例）」の行を")


def test_drafts_that_lie_there_are_to_be_sent_and_those_of_before_the_last_run_are_made_again(city):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): "八割くらい"})
    city.run()
    city.invoke("mail")
    said = at(city).next_step
    assert said.startswith("作成済みの督促（1課）と差戻し（1課）の下書き（output/2026-02/メール）を確認し")
    (city.root / "output/2026-02/メール/乙課_督促.eml").unlink()
    assert at(city).next_step.startswith("「督促と差戻し.bat」で")
    city.invoke("mail")
    for path in city.root.glob("output/2026-02/メール/*.eml"):
        os.utime(path, (1, 1))
    assert at(city).next_step.startswith("「督促と差戻し.bat」で")


def test_the_situation_as_a_document(city, monkeypatch):
    city.write_plan(計画=[*tables()["計画"], ["提出期限", "翌月5日"]])
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): "八割くらい"})
    city.run()
    city.submit("2026-02", "乙課")
    (city.root / "input/2026-02/報告.pdf").write_bytes(b"%PDF-1.4 report")
    monkeypatch.setattr(app, "_today", lambda: AFTER)
    said = city.invoke("status", "--json")
    document = json.loads(said.stdout)
    assert list(document) == [
        *("month", "today", "deadline", "last_run", "departments", "new_files", "unusable_files", "undecided"),
        *("unaddressed", "drafts_due", "next_step"),
    ]
    assert (document["month"], document["today"], document["deadline"]) == ("2026-02", "2026-03-06", "2026-03-05")
    assert document["last_run"]["is_stale"] is True
    assert document["last_run"]["workbook"].startswith("output/2026-02/")
    assert [(each["department"], each["status"], each["points"]) for each in document["departments"]] == [
        ("甲課", "提出", 1),
        ("乙課", "提出", 0),
    ]
    assert document["departments"][0]["files"] == ["input/2026-02/甲課.xlsx"]
    assert dt.datetime.fromisoformat(document["departments"][0]["received_at"]).year >= 2026
    assert [each["file"] for each in document["unusable_files"]] == ["input/2026-02/報告.pdf"]
    assert document["drafts_due"] == {"差戻し": ["甲課"]}
    assert document["next_step"].endswith("「集計する.bat」で集計してください。")


def test_the_newest_book_is_opened(city, monkeypatch):
    opened = []

    def open_file(path):
        opened.append(path)
        return True

    monkeypatch.setattr(app, "open_file", open_file)
    arguments = ["status", "--folder", str(city.root), "--open"]
    none = CliRunner().invoke(app.main, arguments)
    assert (none.exit_code, "集計したブックがまだありません" in none.stderr) == (2, True)
    for month in ("2026-02", "2026-01"):
        city.submit(month, "甲課", {("進捗", "T-1", "実施"): 0.5})
    city.run("--month", "2026-02")
    record = city.root / "output" / "記録.csv"
    earlier = record.read_text(encoding="utf-8-sig")
    record.write_text(earlier.replace("\n20", "\n19"), encoding="utf-8-sig")  # a run of the last century
    document = city.run("--month", "2026-01")
    CliRunner().invoke(app.main, arguments)
    record.unlink()
    CliRunner().invoke(app.main, arguments)
    assert [path.name[-12:-5] for path in opened] == ["2026-01", "2026-02"]
    assert document["files"]["workbook"].endswith("2026-01.xlsx")


@pytest.mark.parametrize(("answer", "code"), [(0, 0), (1, 2)])
def test_a_book_that_no_program_opens_ends_with_2(city, monkeypatch, answer, code):
    def start(path):  # of Windows
        if answer:
            raise OSError(path)

    monkeypatch.setattr(click, "launch", lambda _, **_options: answer)
    monkeypatch.setattr(os, "startfile", start, raising=False)
    book = city.root / "output" / "2026-02" / "計画.xlsx"
    book.parent.mkdir(parents=True)
    book.write_bytes(b"")
    shown = CliRunner().invoke(app.main, ["status", "--folder", str(city.root), "--open"])
    assert (shown.exit_code, "計画.xlsx" in shown.stdout) == (code, True)
    assert ("計画.xlsx を開けませんでした。" in shown.stderr) == bool(code)


def test_of_two_runs_in_one_second_the_later_line_counts(city):
    city.submit("2026-02", "甲課")
    city.run()
    record = city.root / "output" / "記録.csv"
    heading, line = record.read_text(encoding="utf-8-sig").splitlines()
    moment = line.split(",")[0]
    city.submit("2026-02", "乙課")
    city.run()
    lines = record.read_text(encoding="utf-8-sig").splitlines()
    same_second = [lines[0], *(",".join([moment, *each.split(",")[1:]]) for each in lines[1:])]
    record.write_text("\r\n".join(same_second) + "\r\n", encoding="utf-8-sig")
    assert (heading, len(lines)) == (lines[0], 3)
    assert not at(city).is_stale


@pytest.mark.parametrize("content", [b"", b"\xff\xfe\x00", "実行日時,対象月\r\nきのう,2026-02\r\n".encode()])
def test_a_record_that_nobody_can_read_is_none(city, content):
    city.submit("2026-02", "甲課")
    (city.root / "output").mkdir()
    (city.root / "output" / "記録.csv").write_bytes(content)
    assert at(city).last_run is None
