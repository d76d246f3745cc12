"""The month end to end, through the commands, from filled forms."""

import datetime as dt
import json
import random
import runpy

import openpyxl
import pytest
from click.testing import CliRunner
from python_calamine import CalamineWorkbook
from support.city import City, cell_of, found
from support.plans import tables

from kama_excel.cli.app import main


def action(document, no):
    return next(each for each in document["actions"] if each["no"] == no)


# --- the document's own example ------------------------------------------------------------------------------------


@pytest.fixture
def example(project, tmp_path):
    """Run the shipped example and return its document."""
    arguments = ["run", "--folder", str(project), "--input", str(project / "input/example"), "--json"]
    result = CliRunner().invoke(main, [*arguments, "--output", str(tmp_path / "output")])
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


@pytest.mark.slow
def test_the_documents_figures_come_out_of_the_example(example):
    assert example["month"] == "2026-02"
    second, third, sixth, thirteenth = (action(example, no) for no in (2, 3, 6, 13))

    assert (second["achievement"], second["grade"], second["status"]) == (1, "達成", [])
    assert second["achievement_raw"] == pytest.approx(1.2)

    assert (third["achievement"], third["grade"]) == (pytest.approx(0.8), "概ね達成")
    assert (third["reported"], third["expected"], third["basis"]) == (0, 6, "1/1")

    assert sixth["year_progress"] == {"2024": 0.75, "2025": 0.975, "2026": 0.975}
    assert sixth["plan_average"] == pytest.approx(0.9)
    assert sixth["achievement"] == pytest.approx(25 / 30)
    assert (sixth["method"], sixth["grade"], sixth["shown"]) == ("目標値", "概ね達成", "83.3%")
    assert sixth["status"] == ["見込"]
    assert (sixth["reported"], sixth["expected"], sixth["basis"]) == (8, 8, "1/1")
    assert sixth["indicators"][0]["certainty"] == "仮定"
    assert sixth["needed_for_next"]["actual"] == 27

    assert thirteenth["year_progress"] == {"2024": 0.425, "2025": 0.5, "2026": 0.7}
    assert thirteenth["plan_average"] == pytest.approx((0.425 + 0.5 + 0.7) / 3)
    assert (thirteenth["shown"], thirteenth["grade"], thirteenth["assessment"]) == ("54.2%", "課題あり", 0.7)
    assert thirteenth["status"] == ["見込", "年度途中", "要判断"]
    assert example["summary"] == {"達成": 1, "ほぼ達成": 0, "概ね達成": 2, "やや未達": 0, "課題あり": 1, "未評価": 46}


def test_the_examples_forms_all_stand_and_nothing_is_wrong_with_them(example):
    assert {each["status"] for each in example["submissions"]} == {"提出"}
    assert len(example["submissions"]) == 4
    assert [each["code"] for each in example["findings"] if each["severity"] != "情報"] == ["decision-needed"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("decided_on", "shown", "grade", "status"),
    [
        (dt.date(2026, 2, 1), "70.0%", "やや未達", ["見込", "暫定"]),
        (dt.date(2026, 3, 1), "54.2%", "課題あり", ["見込", "年度途中", "要判断"]),
    ],
)
def test_a_decision_on_action_13_counts_from_its_day(project, tmp_path, decided_on, shown, grade, status):
    made = runpy.run_path(str(project / "docs/example.py"))
    decisions = [[13, "総括評価", decided_on, "デジタル推進本部", "実証実験により仕組みを評価できたため"]]
    city = City(tmp_path, **made["plan_tables"](), 評価方法=decisions)
    document = city.run("--input", str(project / "input/example"))
    each = action(document, 13)
    assert (each["shown"], each["grade"], each["status"]) == (shown, grade, status)
    if grade == "やや未達":
        assert (each["basis"], each["method"]) == ("1/2", "総括評価")


# --- rules, from filled forms --------------------------------------------------------------------------------------


def test_blanks_zero_and_excluded_tasks(city):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0, ("進捗", "T-3", "実施"): "対象外"})
    city.submit("2026-02", "乙課", {("進捗", "T-5", "実施"): "対象外", ("進捗", "T-5", "備考"): "事業を廃止した"})
    document = city.run()
    first = action(document, 1)
    assert first["year_progress"] == {"2024": 0.0, "2025": None, "2026": None}
    assert (first["reported"], first["expected"]) == (1, 3)
    assert found(document, "excluded-without-reason") == [("甲課", "input/2026-02/甲課.xlsx", "進捗", "F6")]
    second = action(document, 2)
    assert (second["reported"], second["expected"], second["grade"]) == (0, 0, None)


def test_an_assessment_without_a_reason_does_not_count(city):
    city.submit(
        "2026-02", "甲課", {("総括評価", "A-1-甲課", "総括評価"): 0.7, ("総括評価", "A-1-甲課", "理由"): "同上"}
    )
    document = city.run()
    assert action(document, 1)["assessment"] is None
    assert found(document, "assessment-without-reason") == [("甲課", "input/2026-02/甲課.xlsx", "総括評価", "E5")]


@pytest.mark.slow
def test_an_actual_without_a_date_and_a_date_without_an_actual_are_named(city):
    city.submit("2026-02", "乙課", {("指標", "I-1", "実績値"): 8})
    document = city.run()
    assert found(document, "as-of-missing") == [("乙課", "input/2026-02/乙課.xlsx", "指標", "H5")]
    assert action(document, 2)["achievement"] == 0.8
    city.submit("2026-02", "乙課", {("指標", "I-1", "実績値"): None, ("指標", "I-1", "確度"): "見込"})
    assert found(city.run(), "detail-without-actual") == [("乙課", "input/2026-02/乙課.xlsx", "指標", "J5")]


@pytest.mark.slow
def test_a_figure_given_before_its_year_stays_planned_until_a_form_of_that_year_reports_it(city):
    city.submit("2026-02", "甲課", {("進捗", "T-4", "実施"): 0.5})
    city.submit("2026-04", "乙課", {})
    document = city.run("--month", "2026-04")
    first = action(document, 1)
    assert first["year_progress"]["2026"] == 0.5
    assert "見込" in first["status"]
    assert first["reported"] == 0
    city.submit("2026-04", "甲課", {("進捗", "T-4", "実施"): 0.5})
    first = action(city.run("--month", "2026-04"), 1)
    assert "見込" not in first["status"]
    assert first["reported"] == 1


@pytest.mark.slow
def test_a_department_that_sent_nothing_stands_with_its_newest_earlier_form(city):
    city.submit("2025-11", "甲課", {("進捗", "T-1", "実施"): 0.3})
    city.submit("2025-12", "甲課", {("進捗", "T-1", "実施"): 0.4})
    city.submit("2026-02", "乙課", {})
    document = city.run("--month", "2026-02")
    assert [(each["department"], each["status"], each["month"]) for each in document["submissions"]] == [
        ("甲課", "前月まで", "2025-12"),
        ("乙課", "提出", "2026-02"),
    ]
    assert action(document, 1)["year_progress"]["2024"] == 0.4
    before = city.run("--month", "2025-11")
    assert action(before, 1)["year_progress"]["2024"] == 0.3
    assert [each["status"] for each in before["submissions"]] == ["提出", "未提出"]
    assert found(before, "department-missing") == [("乙課", "", "", "")]


@pytest.mark.slow
def test_who_sent_nothing_is_asked_for_what_a_month_without_changes_needs(city):
    done = {("進捗", "T-1", "実施"): 0.3}
    city.submit("2026-01", "甲課", done, 記入者="田中", 連絡先="内線1", 記入日=dt.date(2026, 1, 20))
    city.submit("2026-02", "乙課", {}, 記入日=dt.date(2026, 2, 20))
    (carried,) = [each for each in city.run()["findings"] if each["code"] == "department-carried"]
    assert "「はじめに」の記入日だけ" in carried["advice"]
    city.submit("2026-02", "甲課", {}, 記入日=dt.date(2026, 2, 25))
    assert not [each for each in city.run()["findings"] if each["file"].endswith("甲課.xlsx")]


def test_an_old_name_of_a_department_is_its_form_still(city):
    path = city.submit(
        "2026-02", "甲課", {("総括評価", "A-1-甲課", "総括評価"): 0.7, ("総括評価", "A-1-甲課", "理由"): "理由"}
    )
    city.write_plan(担当課=[["新課", "甲課"], ["乙課"]], アクション=[each[:7] for each in tables()["アクション"]])
    document = city.run()
    assert path.is_file()
    assert ("新課", "提出") in [(each["department"], each["status"]) for each in document["submissions"]]
    assert action(document, 1)["assessment"] == 0.7


@pytest.mark.slow
def test_a_correction_overrides_what_was_reported_from_its_month_on(city):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.3})
    city.submit("2026-03", "甲課", {("進捗", "T-1", "実施"): 0.3})
    city.write_plan(
        訂正=[
            ["T-1", "実施", "45%", dt.date(2026, 3, 10), "事務局", "転記誤り"],
            ["T-9", "実施", "1%", dt.date(2026, 1, 1), "a", "b"],
        ]
    )
    assert action(city.run("--month", "2026-02"), 1)["year_progress"]["2024"] == 0.3
    document = city.run("--month", "2026-03")
    assert action(document, 1)["year_progress"]["2024"] == 0.45
    assert found(document, "corrected") == [("甲課", "workbook_templates/plan.xlsx", "訂正", "C4")]
    assert found(document, "correction-unknown") == [("", "workbook_templates/plan.xlsx", "訂正", "C5")]
    data = city.workbook(document)["データ_進捗"]
    row = next(row for row in data.iter_rows(values_only=True) if row[0] == "T-1")
    assert {"45%", "30%"} <= set(row)


@pytest.mark.slow
def test_a_finding_of_a_cell_that_is_blank_now_leads_to_its_action_too(city):
    actual = ("指標", "I-1", "実績値")
    city.submit("2026-01", "乙課", {actual: 8})
    city.submit("2026-02", "乙課", {actual: None})
    rows = city.workbook(city.run())["確認事項"].iter_rows(min_row=4)
    (cleared,) = [row for row in rows if row[10].value == "value-cleared"]
    assert (cleared[3].value, cleared[6].value) == (2, "H5")


@pytest.mark.slow
def test_the_order_of_files_rows_and_departments_changes_nothing(tmp_path):
    generator = random.Random(4)
    documents = []
    for name in ("a", "b"):
        shuffled = {sheet: list(tables()[sheet]) for sheet in ("タスク", "担当課", "アクション", "重点施策")}
        if documents:
            for rows in shuffled.values():
                generator.shuffle(rows)
        city = City(tmp_path / name, **shuffled)
        for number, (department, key) in enumerate([("甲課", "T-1"), ("乙課", "T-2")]):
            file = f"{number if name == 'a' else 9 - number}.xlsx"
            city.submit("2026-02", department, {("進捗", key, "実施"): 0.25 * (number + 1)}, name=file)
        documents.append(city.run()["actions"])
    assert documents[0] == documents[1]


@pytest.mark.slow
def test_another_plan_works_by_its_workbook_alone(tmp_path):
    years = ["平成30年度", "令和元年度"]
    city = City(
        tmp_path,
        計画=[
            ["計画名", "第2次まなび計画（架空）"],
            ["団体名", "架空町"],
            ["計画ID", "m2"],
            ["開始年度", years[0]],
            ["終了年度", years[1]],
            ["見出しの区分", "A"],
        ],
        評価区分=[["S", 0.95], ["A", 0.7], ["B", 0.0]],
        重点施策=[[1, "まなぶ", "本"], [2, "つどう", "場"]],
        アクション=[[no, f"とりくみ{no}", 1 + no % 2, "", "", "", "学び課"] for no in range(1, 301)],
        タスク=[
            [f"{no}-{at}", no, year, "学び課", f"しごと{no}"] for no in range(1, 301) for at, year in enumerate(years)
        ],
        指標=[],
        担当課=[["学び課"]],
    )
    entries = {("進捗", f"T-{no}-{at}", "実施"): (no % 101) / 100 for no in range(1, 301) for at in range(2)}
    city.submit("2020-05", "学び課", entries)
    document = city.run()
    assert len(document["actions"]) == 300
    assert list(document["summary"]) == ["S", "A", "B", "未評価"]
    assert action(document, 95)["grade"] == "S"
    assert action(document, 94)["grade"] == "A"
    assert action(document, 95)["method"] == "2カ年平均"
    assert action(document, 95)["plan_average_years"] == "2/2"
    names = CalamineWorkbook.from_path(city.root / document["files"]["workbook"]).sheet_names
    assert {"001", "300"} <= set(names)


# --- what cannot be run --------------------------------------------------------------------------------------------


def refused(city, *arguments):
    """Run, and return the sentence that says why it could not be; nothing may have been written."""
    result = city.invoke("run", *arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert "Traceback" not in result.stderr
    assert not (city.root / "output").exists()
    return result.stderr


def test_an_empty_month_folder(city):
    (city.root / "input" / "2026-02").mkdir(parents=True)
    (city.root / "input" / "2026-02" / "Thumbs.db").write_bytes(b"x")
    assert "input/2026-02 が空です" in refused(city)


def test_no_month_at_all(city):
    assert "月のフォルダがありません" in refused(city)


def test_an_unknown_month(city):
    city.submit("2026-02", "甲課")
    assert "2026-03 のフォルダが入力フォルダ（input）にありません" in refused(city, "--month", "2026-03")
    assert "「令和8年」は年月ではありません" in refused(city, "--month", "令和8年")


def test_a_missing_plan(city):
    city.submit("2026-02", "甲課")
    (city.root / "workbook_templates" / "plan.xlsx").unlink()
    assert "計画台帳（workbook_templates/plan.xlsx）がありません" in refused(city)


def test_a_plan_that_is_no_workbook(city):
    city.submit("2026-02", "甲課")
    (city.root / "workbook_templates" / "plan.xlsx").write_text("計画", encoding="utf-8")
    assert "計画台帳（workbook_templates/plan.xlsx）を開けません" in refused(city)


def test_a_plan_with_errors_names_its_cells(city):
    city.submit("2026-02", "甲課")
    city.write_plan(指標=[[1, 2, "回数", "回", None, -10, "増", "乙課"]])
    said = refused(city)
    assert "誤りがあるため、処理を中止しました（ファイルは作成していません）" in said
    assert "「指標」 F4" in said


# --- the screen ----------------------------------------------------------------------------------------------------


def test_the_screen_says_the_grades_and_where_the_workbook_lies(city):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): "たくさん", ("進捗", "T-3", "実施"): 0.9})
    result = city.invoke("run")
    assert result.exit_code == 1
    assert "提出: 2課中1課（前月値を使用 0、未提出 1）" in result.stdout
    assert "ほぼ達成 1" in result.stdout
    assert (
        "[エラー] input/2026-02/甲課.xlsx 「進捗」 F5 「たくさん」を率（0%〜100%）として読み取れません" in result.stdout
    )
    assert "ブック: output/2026-02/" in result.stdout
    result.stdout.encode("cp932")


def test_running_again_gives_the_same_bytes(city):
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.9})
    first = city.root / city.run()["files"]["workbook"]
    before = first.read_bytes()
    again = city.root / city.run()["files"]["workbook"]
    assert again == first
    assert again.read_bytes() == before


def test_a_fault_of_the_program_is_one_sentence_and_a_traceback_only_where_asked_for(city, monkeypatch):
    city.submit("2026-02", "甲課")
    monkeypatch.setattr("kama_excel.history.timeline.evaluate", lambda *_: 1 // 0)
    said = refused(city)
    assert said.startswith("予期しないエラー（ZeroDivisionError）のため中止しました。")
    assert "kama-excel --debug …" in said
    assert len(said.splitlines()) == 1
    result = CliRunner().invoke(main, ["--debug", "run", "--folder", str(city.root)])
    assert "Traceback" in result.stderr


def test_inputs_are_never_touched(city):
    path = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.5})
    (path.parent / "壊れた.xlsx").write_bytes(b"PK")
    before = {each: (each.read_bytes(), each.stat().st_mtime_ns) for each in path.parent.iterdir()}
    city.run()
    assert {each: (each.read_bytes(), each.stat().st_mtime_ns) for each in path.parent.iterdir()} == before


@pytest.mark.slow
def test_what_is_typed_never_becomes_code(city):
    typed = ["=cmd|' /C calc'!A0", "@SUM(1)", "+1+1", "https://example.jp/", "_x005F_x000D_", "a\u202eb", "x" * 32_767]
    for number, text in enumerate(typed):
        path = city.submit("2026-02", "甲課")
        workbook = openpyxl.load_workbook(path)
        cell = cell_of(workbook["成果と課題"], "W-1-甲課", "課題")
        cell.value = text
        cell.data_type = "s"
        workbook.save(path)
        document = city.run()
        book = CalamineWorkbook.from_path(city.root / document["files"]["workbook"])
        rows = book.get_sheet_by_name("データ_記述").to_python()
        assert [row[5] for row in rows if row[4] == "課題"] == [text.replace("_x005F_", "_")], number
        row = next(row for row in city.workbook(document)["データ_記述"].iter_rows() if row[4].value == "課題")
        assert (row[5].data_type, row[5].hyperlink) == ("s", None)


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rum"], "コマンド「rum」はありません。「run」ではありませんか。"),
        (["run", "--mont", "2026-02"], "オプション --mont はありません。「--month」ではありませんか。"),
        (["run", "--month", "2月"], "--month の値が正しくありません。「2月」は年月ではありません。"),
        (["run", "--month"], "オプション --month には値が必要です。"),
    ],
)
def test_a_mistyped_command_line_is_answered_in_japanese(arguments, said):
    result = CliRunner().invoke(main, arguments)
    assert result.exit_code == 2
    assert result.stdout == ""
    assert result.stderr.startswith(said)


def test_every_command_has_help_with_an_example():
    for name in main.commands:
        result = CliRunner().invoke(main, [name, "--help"])
        assert result.exit_code == 0
        assert f"例: kama-excel {name}" in result.stdout
