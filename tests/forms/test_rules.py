"""What may be typed where: every rule and every protection, read back from the written file."""

import datetime as dt
import io
import re
import zipfile

import openpyxl
import pytest
import xlsxwriter
from openpyxl.utils import range_boundaries
from support.office import recalculated
from support.plans import plan_of

from kama_excel.domain.calendar import Month
from kama_excel.forms import schema
from kama_excel.forms.content import form_content
from kama_excel.forms.snapshot import snapshot_rows
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

CONTENT = form_content(plan_of(), Month(2026, 2), "乙課")
FORM = write_form(CONTENT)
GOOD_AND_BAD: dict[str, tuple[list[object], list[object]]] = {
    "実施": ([0, 0.5, 1, 0.333, "対象外"], [-0.01, 1.01, 80, "80点", "未実施", "たいしょうがい"]),
    "予定": ([0, 0.5, 1, "対象外"], [-0.01, 1.01, 80, "80点"]),
    "総括評価": ([0, 0.5, 1], [-0.01, 1.01, 70, "七割"]),
    "実績値": ([0, -5, 8.25, 1_000_000], ["8回", "4 (21)", "なし"]),
    "時点": ([dt.date(2026, 2, 8), dt.date(2024, 4, 1)], ["2月8日", 5, dt.date(1999, 12, 31)]),
    "確度": (["確定", "見込", "仮定"], ["推定", "確定値", 1]),
    "記入日": ([dt.date(2026, 2, 8)], ["きのう", 5]),
}
WORDS = ("備考", "根拠", "理由", "成果", "取り組んだこと", "課題", "説明", "記入者", "連絡先")


@pytest.fixture(scope="module")
def form():
    return openpyxl.load_workbook(io.BytesIO(FORM))


def input_cells(form):
    """Yield every input cell of the form with its heading: those of the tables and those of the cover."""
    for form_sheet in schema.TABLE_SHEETS:
        sheet = form[form_sheet.name]
        headings = {cell.value: cell.column for cell in sheet[4]}
        for number, row in enumerate(CONTENT.rows[form_sheet.name], start=5):
            for heading, (_, field) in schema.slots(form_sheet, row.key).items():
                yield sheet, str(field), sheet.cell(number, headings[heading])
    for row, item in enumerate(schema.COVER_INPUTS, start=5):
        yield form["はじめに"], item, form["はじめに"].cell(row, 3)


def rules_of(sheet, cell):
    return [rule for rule in sheet.data_validations.dataValidation if covers(str(rule.sqref), cell)]


def covers(references, cell):
    for reference in references.split():
        left, top, right, bottom = range_boundaries(reference)
        if left <= cell.column <= right and top <= cell.row <= bottom:
            return True
    return False


def test_every_input_has_one_rule_with_a_hint_and_the_input_mode_of_its_kind(form):
    for sheet, heading, cell in input_cells(form):
        (rule,) = rules_of(sheet, cell)
        assert rule.showInputMessage
        assert rule.prompt
        assert rule.imeMode == ("hiragana" if heading in WORDS and heading != "連絡先" else "off"), heading
        if heading in GOOD_AND_BAD:
            assert rule.showErrorMessage
            assert rule.error
            assert rule.errorTitle == "入力できません"
        else:
            assert heading in WORDS


@pytest.mark.office
def test_every_rule_takes_what_it_should_and_refuses_the_rest(form, office):
    workbook = xlsxwriter.Workbook(office / "rules.xlsx")
    bench, line, wanted = workbook.add_worksheet(), 0, []
    for sheet, heading, cell in input_cells(form):
        if heading not in GOOD_AND_BAD:
            continue
        (rule,) = rules_of(sheet, cell)
        condition = condition_of(rule, str(rule.sqref).split(":")[0].split()[0])
        good, bad = GOOD_AND_BAD[heading]
        for value, is_good in [*((each, True) for each in good), *((each, False) for each in bad)]:
            line += 1
            if isinstance(value, dt.date):
                bench.write_datetime(f"A{line}", value)
            else:
                bench.write(f"A{line}", value)
            bench.write_formula(f"B{line}", f"=IF({condition.replace('@', f'A{line}')},1,0)", None, -1)
            wanted.append((sheet.title, cell.coordinate, heading, value, int(is_good)))
    workbook.close()
    (office / "computed").mkdir()
    computed = read_workbook(recalculated(office / "rules.xlsx", office / "computed").read_bytes()).sheets[0]
    verdicts = [computed.cell(number, 2).value for number in range(1, line + 1)]
    assert [(each[:4], verdict) for each, verdict in zip(wanted, verdicts, strict=True) if each[4] != verdict] == []


def condition_of(rule, first):
    """Return a rule as a condition over the cell `@`."""
    match rule.type:
        case "custom":
            return re.sub(rf"\b{first}\b", "@", rule.formula1)
        case "decimal" | "date":
            return f"AND(ISNUMBER(@),@>={rule.formula1},@<={rule.formula2})"
        case "list":
            return "OR(" + ",".join(f'@="{each}"' for each in rule.formula1.strip('"').split(",")) + ")"


def test_a_prompt_of_an_actual_says_its_unit_and_how_it_is_counted():
    plan = plan_of(指標=[[1, 2, "回数", "回", None, 10, "増", "乙課", "年度の初めからの累計です。"]])
    form = openpyxl.load_workbook(io.BytesIO(write_form(form_content(plan, Month(2026, 2), "乙課"))))
    (rule,) = rules_of(form["指標"], form["指標"]["H5"])
    assert "「回」" in rule.prompt
    assert rule.prompt.endswith("年度の初めからの累計です。")


def test_only_inputs_are_open_and_the_protection_has_no_password(form):
    open_cells = {(sheet.title, cell.coordinate) for sheet, heading, cell in input_cells(form)}
    old = {("進捗", cell.coordinate) for _, heading, cell in input_cells(form) if heading == "予定" and cell.row != 0}
    frames = {("写真", f"{column}{row}") for column in "DEF" for row in range(5, 5 + len(CONTENT.rows["写真"]), 2)}
    for sheet in form:
        if sheet.title == "_kama":
            continue
        assert sheet.protection.sheet
        assert sheet.protection.password is None
        assert sheet.protection.sort, "Excel refuses to sort where a cell is locked: it is not offered"
        allowed = ("autoFilter", "formatColumns", "formatRows", "selectLockedCells", "selectUnlockedCells")
        assert not any(getattr(sheet.protection, each) for each in allowed)
        assert sheet.protection.objects is (sheet.title != "写真")  # pictures may be pasted there
        found = {
            (sheet.title, cell.coordinate) for row in sheet.iter_rows() for cell in row if not cell.protection.locked
        }
        assert found <= open_cells | frames
        assert {each for each in open_cells | frames if each[0] == sheet.title} - found <= old
    locked = [cell.row for _, heading, cell in input_cells(form) if heading == "予定" and cell.protection.locked]
    assert len(locked) == len(CONTENT.rows["進捗"])  # 乙課 has tasks of years begun only: what was planned then stays


def test_a_form_knows_itself(form):
    assert form["_kama"].sheet_state == "veryHidden"
    for form_sheet in schema.TABLE_SHEETS:
        sheet = form[form_sheet.name]
        assert sheet["A4"].value == "管理番号"
        assert sheet.column_dimensions["A"].hidden
        assert sheet.freeze_panes == "D5"
        assert sheet.print_title_rows == "$4:$4"
        assert [sheet.cell(row, 1).value for row in range(5, 5 + len(CONTENT.rows[form_sheet.name]))] == [
            row.key for row in CONTENT.rows[form_sheet.name]
        ]
    assert {name: each.value for name, each in form.defined_names.items()} == {
        "担当課": "'はじめに'!$C$4",
        "記入者": "'はじめに'!$C$5",
        "連絡先": "'はじめに'!$C$6",
        "記入日": "'はじめに'!$C$7",
        "残り": "'はじめに'!$B$9",
    }


def test_the_ledger_names_every_cell_that_was_printed():
    workbook = read_workbook(FORM)
    rows = snapshot_rows(workbook)
    snapshot = {(sheet, layout_address(place)): text for sheet, place, text, _ in rows}
    there = {
        (sheet.name, layout_address(place))
        for sheet in workbook.sheets
        if sheet.name != "_kama"
        for place, cell in sheet.cells.items()
        if cell.text.strip()
    }
    formulas = {place for place, each in snapshot.items() if each == "="}
    assert there - formulas == set(snapshot) - formulas
    assert not any(is_entered for *_, is_entered in rows)
    assert snapshot["進捗", "D5"] == "令和6年度"
    assert snapshot["指標", "G5"] == "10"


def layout_address(place):
    return openpyxl.utils.get_column_letter(place[1]) + str(place[0])


def test_the_same_content_gives_the_same_bytes():
    assert write_form(form_content(plan_of(), Month(2026, 2), "乙課")) == FORM


def test_no_string_has_space_around_it_and_no_cell_is_a_formula_by_accident():
    plan = plan_of(アクション=[[1, "=1+1", 1, "", "", "", "", ""], [2, " 空白のある名前　", 2, "", "", "", "", ""]])
    content = write_form(form_content(plan, Month(2026, 2), "乙課"))
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        assert b"xml:space" not in b"".join(archive.read(name) for name in archive.namelist())
    form = openpyxl.load_workbook(io.BytesIO(content))
    assert (form["進捗"]["C5"].value, form["進捗"]["C5"].data_type) == ("=1+1", "s")


def test_no_condition_holds_what_excel_does_not_take_there(form):
    for sheet in form:
        for rules in sheet.conditional_formatting:
            for rule in rules.rules:
                assert not any("{" in formula or "!" in formula for formula in rule.formula), rule.formula


def test_a_form_of_300_tasks_stays_small():
    tasks = [[n, n % 40 + 1, f"令和{6 + n // 40 % 3}年度", "甲課", f"作業{n}の実施と効果の測定"] for n in range(1, 301)]
    actions = [[n, f"アクション{n}の推進", 1, "", "", "", "", ""] for n in range(1, 41)]
    plan = plan_of(アクション=actions, タスク=tasks, 指標=[])
    assert len(write_form(form_content(plan, Month(2026, 2), "甲課"))) < 150_000
