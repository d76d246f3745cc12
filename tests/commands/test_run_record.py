"""What a run leaves beside its month: a line in 記録.csv, and the offer to open the book."""

import csv
import datetime as dt
import errno
import re
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.plans import tables

from kama_excel import __version__
from kama_excel.cli import app
from kama_excel.files.append import append_line
from kama_excel.files.folder_lock import locked


@pytest.fixture
def record(city):
    return city.root / "output" / "記録.csv"


def rows(path):
    return list(csv.DictReader(path.read_text(encoding="utf-8-sig").splitlines()))


def test_every_run_adds_a_line(city, record):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): "八割ほど"})
    said = city.invoke("run").stdout
    city.submit("2026-03", "甲課", {("進捗", "T-1", "実施"): 0.8})
    city.run()
    first, second = rows(record)
    assert [each["対象月"] for each in (first, second)] == ["2026-02", "2026-03"]
    assert [(each["担当課"], each["提出"], each["エラー"]) for each in (first, second)] == [
        ("2", "1", "1"),
        ("2", "1", "0"),
    ]
    assert first["計画ID"] == "test-1"
    assert first["計画台帳の版"] == second["計画台帳の版"]
    assert first["入力フォルダの版"] != second["入力フォルダの版"]
    assert first["プログラム"] == __version__
    assert (city.root / second["集計ブック"]).is_file()
    assert re.fullmatch(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d", first["実行日時"])
    assert re.search(r"所要時間: \d+秒（記録: output/記録\.csv）", said)


def test_what_excel_saved_is_kept_and_what_looks_like_a_formula_stays_text(city, record):
    city.write_plan(計画=[each if each[0] != "計画ID" else ["計画ID", "=1+1"] for each in tables()["計画"]])
    record.parent.mkdir()
    record.write_bytes("実行日時,対象月\r\n2026-01-05 10:00,2025-12".encode("cp932"))
    city.submit("2026-02", "甲課")
    city.run()
    lines = record.read_text(encoding="utf-8-sig").splitlines()
    assert lines[:2] == ["実行日時,対象月", "2026-01-05 10:00,2025-12"]
    assert len(lines) == 3
    assert ",'=1+1," in lines[2]


def test_a_record_that_cannot_be_written_does_not_cost_the_run(city, record):
    record.mkdir(parents=True)
    city.submit("2026-02", "甲課")
    done = city.invoke("run")
    assert done.exit_code == 0
    assert "注意: output/記録.csv に記録を追加できませんでした" in done.stderr
    assert "もう一度集計してください。" in done.stderr
    assert "ブック: output/2026-02/" in done.stdout


def test_a_record_that_excel_holds_open_does_not_cost_the_run_and_says_to_close_it(city, record, monkeypatch):
    city.submit("2026-02", "甲課")
    city.run()
    before, replace = record.read_bytes(), Path.replace

    def held(path, target):
        if Path(target).name == record.name:
            raise PermissionError(errno.EACCES, "held", str(target))
        return replace(path, target)

    monkeypatch.setattr("kama_excel.files.retry.SECONDS", 0)
    monkeypatch.setattr(Path, "replace", held)
    done = city.invoke("run")
    assert (done.exit_code, record.read_bytes()) == (0, before)
    assert "ほかのプログラム（Excelなど）で開かれているか" in done.stderr
    assert [each.name for each in record.parent.iterdir() if not each.name.startswith(".kama")] == [
        "2026-02",
        "記録.csv",
    ]


def test_a_line_that_fails_half_way_leaves_the_record_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "記録.csv"
    append_line(path, "1", heading="見出し")
    before = path.read_bytes()
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OSError, match="full"):
        append_line(path, "2", heading="見出し")
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir() if not each.name.startswith(".kama-excel")] == ["記録.csv"]


def test_lines_of_runs_at_the_same_time_wait_for_each_other(tmp_path):
    with locked(tmp_path, 1), pytest.raises(Exception, match="使用しています"):
        append_line(tmp_path / "記録.csv", "1", heading="見出し", lock_seconds=0.1)


@pytest.mark.parametrize(("first_month", "is_said"), [(None, True), ("2026-03", False), ("2026-02", False)])
def test_a_correction_made_after_the_month_says_that_it_does_not_count_there(city, first_month, is_said):
    city.write_plan(訂正=[["T-1", "実施", "60%", dt.date(2026, 3, 9), "推進本部", "数え直し", first_month]])
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    said = city.invoke("run").stderr
    assert ("T-1「実施」の訂正は、訂正日の月（令和8年3月分）から適用するため" in said) == is_said
    assert ("その行の「適用月」に 2026-02 と" in said) == is_said


@pytest.fixture
def opened(monkeypatch):
    """Return what a person would see opened, on the day after 2026-03-05, the deadline."""
    files = []
    monkeypatch.setattr(app, "open_file", files.append)
    monkeypatch.setattr(app, "_today", lambda: dt.date(2026, 3, 6))
    return files


def double_click(city, typed):
    done = CliRunner().invoke(app.main, ["run", "--folder", str(city.root), "--ask"], input=typed)
    assert done.exit_code in (0, 1), done.output
    return done.stdout


def drafts(city):
    return sorted(path.name for path in city.root.glob("output/*/メール/*.eml"))


@pytest.mark.parametrize(
    ("answer", "made", "is_opened"),
    [("", ["乙課_督促.eml", "甲課_差戻し.eml"], True), ("ｂ", [], True), ("いいえ", [], False), (None, [], False)],
)
def test_a_double_clicked_run_offers_the_drafts_that_are_due_and_the_book(city, opened, answer, made, is_opened):
    city.write_plan(計画=[*tables()["計画"], ["提出期限", "翌月5日"]])
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): "八割ほど"})
    said = double_click(city, "" if answer is None else f"\nはて\n{answer}\n")
    assert "次の作業: メールの下書きの作成　督促（乙課）、差戻し（甲課）　提出期限: 令和8年3月13日（金）" in said
    assert ("下書きを作成して集計ブックを開きますか（Enter で「はい」" in said) == (answer is not None)
    assert ("「はて」は選べません" in said) == (answer is not None)
    assert drafts(city) == made
    assert [path.suffix for path in opened] == ([".xlsx"] if is_opened else [])


def test_before_the_deadline_nobody_is_reminded_and_at_the_end_the_results_are_offered(city, opened):
    city.write_plan(計画=[*tables()["計画"], ["提出期限", "翌月10日"]])
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.9})
    said = double_click(city, "\n\n")
    assert "次の作業: 令和8年3月10日（火）の提出期限まで、1課の提出をお待ちください。" in said
    assert "集計ブックを開きますか" in said
    assert drafts(city) == []
    city.submit("2026-02", "乙課", {("進捗", "T-2", "実施"): 0.9, ("指標", "I-1", "実績値"): 9})
    city.write_plan(評価方法=[[1, "3カ年平均", dt.date(2026, 2, 18), "推進本部", "決定"]])
    said = double_click(city, "\n")
    assert "次の作業: メールの下書きの作成　結果（甲課、乙課）" in said
    assert drafts(city) == ["乙課_結果.eml", "甲課_結果.eml"]
    assert len(opened) == 2


def test_the_month_is_asked_once_and_another_one_can_be_run_at_the_end(city, opened):
    for month in ("2026-01", "2026-02"):
        city.submit(month, "甲課", {("進捗", "T-1", "実施"): 0.5})
    assert "対象月を" in double_click(city, "\nn\n")
    said = double_click(city, "R8.1\n\n")
    assert "対象月を" not in said
    assert [line for line in said.splitlines() if line.startswith("対象月: ")] == [
        "対象月: 令和8年2月分（2026-02）",
        "対象月: 令和8年1月分（2026-01）",
    ]
    assert [path.parent.name for path in opened] == ["2026-01"]


def test_the_month_that_forms_were_sent_out_for_is_not_asked_for_again(city, opened):
    for month in ("2026-01", "2026-02"):
        city.submit(month, "甲課", {("進捗", "T-1", "実施"): 0.5})
    city.invoke("mail", "--kind", "配布", "--month", "2026-02")
    assert "対象月を" not in double_click(city, "\n")
    assert [path.parent.name for path in opened] == ["2026-02"]


def test_drafts_that_ask_for_nothing_any_more_go_with_the_next_ones(city, opened):
    city.write_plan(計画=[*tables()["計画"], ["提出期限", "翌月5日"]])
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): "八割ほど"})
    double_click(city, "\n\n")
    city.submit("2026-02", "乙課", {("進捗", "T-2", "実施"): 0.9})
    double_click(city, "\n")
    assert (drafts(city), len(opened)) == (["甲課_差戻し.eml"], 2)
