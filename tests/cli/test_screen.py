"""What the run says on the screen: a bar on a terminal, a short table at the end, clear words about months."""

import os
import re
import subprocess
import sys

import pytest

MONTH = "2026-02"


def refused(city, month):
    result = city.invoke("run", "--month", month)
    assert (result.exit_code, result.stdout) == (2, "")
    return result.stderr


def test_a_month_without_a_folder_is_answered_by_where_it_lies(city):
    for month in ("2025-09", "2025-12"):
        city.submit(month, "甲課", {("進捗", "T-1", "実施"): 0.5})
    assert "最も新しい月は 2025-12 です。届いた様式を input/2026-01 に保存してから" in refused(city, "2026-01")
    assert "様式があるのは 2025-09 からで、それより前の月は集計できません" in refused(city, "2025-03")
    assert "前後の 2025-09 か 2025-12 を指定してください" in refused(city, "2025-11")


def test_a_folder_that_is_no_month_or_lies_ahead_is_said(city):
    city.submit("2998-05", "甲課")
    (city.root / "input" / "2998-6").mkdir()
    said = city.invoke("run").stderr
    assert "注意: 2998-05 は、まだ来ていない月です" in said
    assert "注意: 入力フォルダの「2998-6」は、月の名前として認識できないため、読み込んでいません" in said
    (city.root / "input" / "2998-05").rename(city.root / "input" / "5月分")
    assert "2998-6、5月分 は、月の名前として認識できません" in city.invoke("run").stderr


def test_what_was_put_beside_the_months_folders_is_said(city):
    path = city.submit(MONTH, "甲課")
    there = city.root / "input"
    assert city.invoke("run").stderr == ""
    (there / "新しいフォルダー").mkdir()
    for name in ("Thumbs.db", "新しいフォルダー/乙課.xlsx", *(f"乙課{at}.xlsx" for at in range(7))):
        (there / name).write_bytes(path.read_bytes())
    said = city.invoke("run").stderr
    assert "注意: 入力フォルダの「新しいフォルダー」は、月の名前として認識できないため、読み込んでいません" in said
    files = "、".join(f"「乙課{at}.xlsx」" for at in range(5))
    assert f"注意: 入力フォルダの{files}ほか2個は、月のフォルダの外にあるため、読み込んでいません" in said
    assert "Thumbs" not in said


@pytest.mark.parametrize("command", ["forms", "mail", "status", "run"])
def test_every_command_that_reads_the_months_says_what_it_does_not_read(city, command):
    path = city.submit(MONTH, "甲課")
    (city.root / "input" / "2026-1").mkdir()
    path.rename(city.root / "input" / path.name)
    city.submit(MONTH, "乙課")
    said = city.invoke(command).stderr
    assert "注意: 入力フォルダの「2026-1」は、月の名前として認識できないため、読み込んでいません" in said
    assert "注意: 入力フォルダの「甲課.xlsx」は、月のフォルダの外にあるため、読み込んでいません" in said


@pytest.mark.slow
def test_the_end_says_who_sent_the_grades_what_changed_and_what_to_look_at_first(city):
    city.submit("2026-01", "甲課", {("進捗", "T-1", "実施"): 0.5})
    now = {("進捗", "T-1", "実施"): "たくさん", ("進捗", "T-3", "実施"): 0.9}
    reason = {("総括評価", "A-1-甲課", "総括評価"): 0.5, ("総括評価", "A-1-甲課", "理由"): "まだ途中のため"}
    city.submit(MONTH, "甲課", now | reason)
    said = city.invoke("run").stdout.splitlines()
    told = [line.partition(":")[0] for line in said if not line.startswith((" ", "-"))]
    assert told[1:] == [
        "提出",
        "評価",
        "前月（令和8年1月分）との比較",
        "確認事項",
        "最初にご確認ください",
        "所要時間",
        "ブック",
    ]
    assert "    1  課題あり 50.0% → ほぼ達成 90.0%" in said
    first = said[said.index("最初にご確認ください:") + 1 :]
    assert first[0].startswith("  [エラー] input/2026-02/甲課.xlsx 「進捗」 F5")
    assert first[1].startswith("  [警告] アクション1は、3カ年平均では「ほぼ達成」、総括評価では「課題あり」です。")
    "\n".join(said).encode("cp932")


@pytest.mark.slow
@pytest.mark.parametrize("encoding", ["utf-8", "cp932"])
def test_a_bar_is_drawn_on_a_terminal_and_nowhere_else(city, encoding):
    pty = pytest.importorskip("pty", reason="a pseudo-terminal is posix's")
    for at in range(6):
        city.submit(MONTH, "甲課", {("進捗", "T-1", "実施"): at / 10}, name=f"{at}.xlsx")
    command = [sys.executable, "-m", "kama_excel", "run", "--folder", str(city.root)]
    environment = os.environ | {"PYTHONIOENCODING": encoding, "TERM": "xterm"}
    ours, theirs = pty.openpty()
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=theirs, env=environment) as process:
        os.close(theirs)
        drawn = b""
        try:
            while piece := os.read(ours, 4096):
                drawn += piece
        except OSError:  # the terminal is gone
            pass
        on_a_terminal = process.stdout.read()
    os.close(ours)
    assert "様式を読み込んでいます" in drawn.decode(encoding)
    assert "100%" in drawn.decode(encoding)
    piped = subprocess.run(command, capture_output=True, check=False, env=environment)
    assert piped.stderr == b""
    took = re.compile("所要時間: [0-9]+秒".encode(encoding))
    assert took.sub(b"", piped.stdout) == took.sub(b"", on_a_terminal)
    assert took.search(piped.stdout)
