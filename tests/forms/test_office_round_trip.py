"""A form filled in by a real office program, in its own formats too, and what the run makes of it."""

import datetime as dt
import io

import openpyxl
import pytest
from support.city import cell_of, fill, found
from support.office import convert, type_into

TEXT = "窓口の待ち時間が短くなりました。\n・講座を12回開催\n＝「数式」ではありません"
TASKS = [
    [1, 1, "令和6年度", "乙課", "作業一"],
    [2, 1, "令和7年度", "乙課", "作業二"],
    [3, 1, "令和8年度", "乙課", "作業三"],
]
TASKS += [[4, 2, "令和7年度", "乙課", "作業四"], [5, 2, "令和6年度", "乙課", "作業五"]]
TYPED = {
    ("進捗", "T-1", "実施"): 0.85,
    ("進捗", "T-2", "実施"): "=33.3%",
    ("進捗", "T-3", "予定"): "=90%",
    ("進捗", "T-4", "実施"): "対象外",
    ("進捗", "T-4", "備考"): "国の制度に移行したため",
    ("進捗", "T-5", "実施"): 0,
    ("指標", "I-1", "実績値"): 8,
    ("指標", "I-1", "時点"): "=2026-02-08",
    ("指標", "I-1", "確度"): "見込",
    ("指標", "I-1", "根拠"): "窓口の集計による",
    ("総括評価", "A-1-乙課", "総括評価"): 0.7,
    ("総括評価", "A-1-乙課", "理由"): "実証実験まで進んだため",
    ("成果と課題", "W-1-乙課", "成果"): TEXT,
    ("成果と課題", "W-1-乙課", "取り組んだこと"): "手引きの作成",
    ("成果と課題", "W-1-乙課", "課題"): "職員の研修",
    ("写真", "P-1-乙課-2", "説明"): "講座の様子",
}

REPORTED = {("進捗", "T-1", "実施"): 0.8, ("進捗", "T-3", "実施"): 0.5, ("進捗", "T-4", "予定"): 0.9}


@pytest.fixture
def typed(city, typing_office):
    """The form of 乙課 with all kinds of input typed, as .xlsx, .ods and .xls; and what its cells show."""
    city.write_plan(タスク=TASKS)
    path = city.form("2026-02", "乙課")
    form = openpyxl.load_workbook(path)
    cells = [[sheet, cell_of(form[sheet], key, item).coordinate, value] for (sheet, key, item), value in TYPED.items()]
    cells += [["はじめに", "C5", "山田"], ["はじめに", "C6", "内線12"], ["はじめに", "C7", "=2026-02-20"]]
    cells += [["はじめに", "B9", None]]
    outputs = [typing_office / f"様式.{suffix}" for suffix in ("xlsx", "ods", "xls")]
    shown = type_into(path, cells, outputs)
    return outputs, shown


@pytest.mark.office
def test_what_is_typed_in_an_office_program_is_what_the_run_reads(city, typed):
    outputs, shown = typed
    assert shown[0] == "85%"
    assert shown[-1] == "すべて記入されました"
    for path in outputs:
        for old in (city.root / "input" / "2026-02").glob("*"):
            old.unlink()
        (city.root / "input" / "2026-02").mkdir(parents=True, exist_ok=True)
        (city.root / "input" / "2026-02" / path.name).write_bytes(path.read_bytes())
        document = city.run()
        one, two = document["actions"]
        assert one["year_progress"] == {"2024": 0.85, "2025": 0.333, "2026": 0.9}
        assert (one["assessment"], one["reported"], one["expected"]) == (0.7, 2, 2)
        assert two["year_progress"] == {"2024": 0.0, "2025": None, "2026": None}
        assert (two["indicators"][0]["actual"], two["indicators"][0]["certainty"]) == (8, "見込")
        assert {each["severity"] for each in document["findings"]} <= {"情報", "警告"}
        assert found(document, "form-outside") == []
        data = city.workbook(document)
        words = {row[4]: row[5] for row in data["データ_記述"].iter_rows(values_only=True)}
        assert words["成果"] == TEXT
        assert (words["取り組んだこと"], words["課題"], words["説明"]) == ("手引きの作成", "職員の研修", "講座の様子")
        indicator = next(row for row in data["データ_指標"].iter_rows(values_only=True) if row[0] == "I-1")
        assert {"見込", "窓口の集計による"} <= set(indicator)
        assert dt.date(2026, 2, 8) in {each.date() for each in indicator if isinstance(each, dt.datetime)}
        remark = next(row for row in data["データ_進捗"].iter_rows(values_only=True) if row[0] == "T-4")
        assert {"対象外", "国の制度に移行したため"} <= set(remark)


@pytest.mark.office
def test_a_form_saved_again_by_an_office_program_keeps_what_makes_it_a_form(typed):
    (xlsx, _, _), _ = typed
    workbook = openpyxl.load_workbook(io.BytesIO(xlsx.read_bytes()))
    assert workbook["_kama"].sheet_state != "visible"
    assert {"担当課", "記入者", "連絡先", "記入日"} <= set(workbook.defined_names)
    assert workbook["進捗"].column_dimensions["A"].hidden
    assert workbook["進捗"].protection.sheet
    assert workbook["はじめに"]["C7"].value == dt.datetime(2026, 2, 20)  # noqa: DTZ001 -- a cell's day has no zone


def test_a_form_that_was_rearranged_is_read_all_the_same(city):
    form = openpyxl.load_workbook(city.submit("2026-02", "甲課", REPORTED, 記入者="山田"))
    plain = city.run()
    sheet = form["進捗"]
    rows = [[cell.value for cell in row] for row in sheet.iter_rows(min_row=5, max_row=7)]
    for number, row in enumerate(reversed(rows), start=5):  # sorted the other way round
        for column, value in enumerate(row, start=1):
            sheet.cell(number, column).value = value
    sheet.insert_rows(1, 2)
    sheet.insert_cols(4)
    sheet.row_dimensions[8].hidden = True
    form.move_sheet("進捗", 3)
    form.copy_worksheet(form["成果と課題"])
    for old in (city.root / "input" / "2026-02").iterdir():
        old.unlink()
    form.save(city.root / "input" / "2026-02" / "コピー ～ 報告（最終）2.xlsx")
    document = city.run()
    assert document["actions"] == plain["actions"]
    assert document["actions"][0]["year_progress"] == {"2024": 0.8, "2025": 0.5, "2026": 0.9}


@pytest.mark.office
@pytest.mark.parametrize("to", ["ods", "xls", "xlsx"])
def test_what_a_copy_was_sent_out_with_gives_way_in_every_format(city, to, tmp_path):
    """An .ods comes back without its tabs: what was printed is told all the same from what somebody typed."""
    words = ("成果と課題", "W-1-甲課", "成果")
    city.submit("2026-02", "甲課", {words: '前の成果\t5件　 "引用" \\t'})
    form, folder = city.form("2026-03", "甲課").read_bytes(), city.root / "input" / "2026-03"
    folder.mkdir()
    (folder / "1.xlsx").write_bytes(fill(form, {words: "新しい成果"}, 記入日=dt.date(2026, 12, 2)))
    path = tmp_path / "2.xlsx"
    path.write_bytes(fill(form, {("進捗", "T-1", "実施"): 0.7}, 記入日=dt.date(2026, 12, 5)))
    (folder / f"2.{to}").write_bytes(convert(path, to, tmp_path / "made").read_bytes())
    document = city.run()
    assert found(document, "values-conflict") + found(document, "form-outside") == []
    said = [cell.value for row in city.workbook(document)["データ_記述"].iter_rows() for cell in row]
    assert "新しい成果" in said
