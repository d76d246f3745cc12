"""What a run leaves beside its month: a line in 記録.csv, and the offer to open the book."""

import csv
import re

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
    assert "ブック: output/2026-02/" in done.stdout


def test_a_line_that_fails_half_way_leaves_the_record_as_it_was(tmp_path, monkeypatch):
    path = tmp_path / "記録.csv"
    append_line(path, "1", heading="見出し")
    before = path.read_bytes()
    monkeypatch.setattr("os.fsync", lambda _: (_ for _ in ()).throw(OSError(28, "full")))
    with pytest.raises(OSError, match="full"):
        append_line(path, "2", heading="見出し")
    assert path.read_bytes() == before
    assert [each.name for each in tmp_path.iterdir() if not each.name.startswith(".kama-excel")] == ["記録.csv"]


def test_lines_of_runs_at_the_same_time_wait_for_each_other(tmp_path, monkeypatch):
    monkeypatch.setattr("kama_excel.files.append._LOCK_SECONDS", 0.1)
    with locked(tmp_path, 1), pytest.raises(Exception, match="書き込んでいます"):
        append_line(tmp_path / "記録.csv", "1", heading="見出し")


@pytest.mark.parametrize(("typed", "is_opened"), [("\n\n", True), ("\nn\n", False), ("", False)])
def test_a_double_clicked_run_offers_to_open_the_book(city, monkeypatch, typed, is_opened):
    opened = []
    monkeypatch.setattr(app, "open_file", opened.append)
    city.submit("2026-02", "甲課")
    done = CliRunner().invoke(app.main, ["run", "--folder", str(city.root), "--ask"], input=typed)
    assert "集計ブックを開きますか（Enter で「はい」、n で「いいえ」）: " in done.stdout
    assert [path.suffix for path in opened] == ([".xlsx"] if is_opened else [])
