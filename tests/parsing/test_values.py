"""What people type into an input, through a written workbook: what is taken, and what is said of it."""

import datetime as dt
import io
import unicodedata
import zipfile
from fractions import Fraction

import openpyxl
import pytest
import xlsxwriter
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from support.plans import plan_of
from support.readers import disagreements

from kama_excel.domain.calendar import Month, date_label
from kama_excel.domain.entries import Certainty, Excluded
from kama_excel.domain.place import Place
from kama_excel.domain.text import is_placeholder
from kama_excel.findings.catalogue import Code, Severity
from kama_excel.findings.finding import OF_READING
from kama_excel.forms.reading.form_reader import read_form
from kama_excel.forms.schema import ASSESSMENT_SHEET, INDICATOR_SHEET, PROGRESS_SHEET, TABLE_SHEETS
from kama_excel.inbox.current_forms import take_forms
from kama_excel.merge.merged import merge
from kama_excel.parsing.dates import read_date, read_fiscal_year
from kama_excel.parsing.inputs import read_input
from kama_excel.parsing.parsed import Problem, reject_strikethrough
from kama_excel.parsing.values import percent, read_actual, read_number, read_progress, read_rate
from kama_excel.spreadsheets.cells import Cell, Condition, a1, column_letters, is_blank, position
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

MONTH = Month(2026, 2)
TASKS = PROGRESS_SHEET, ["管理番号", "実施", "予定", "備考"]
INDICATORS = INDICATOR_SHEET, ["管理番号", "指標", "単位", "実績値", "時点", "確度", "根拠"]
ASSESSMENTS = ASSESSMENT_SHEET, ["管理番号", "総括評価", "理由"]

PERCENT = {"num_format": "0%"}
PLAIN = {}
DAY = {"num_format": "yyyy/m/d"}


class Formula(str):  # noqa: SLOT000 -- it has a field of its own
    """A formula with the value that is cached for it."""

    cached: object

    def __new__(cls, text, cached):
        made = super().__new__(cls, text)
        made.cached = cached
        return made


def book(form_sheet, headings, rows, *, is_1904=False, cover=None):
    """Write a form by hand: a table with the rows' values under `headings`, each value alone or with the properties of its cell."""
    content = io.BytesIO()
    workbook = xlsxwriter.Workbook(content, {"date_1904": is_1904, "strings_to_formulas": False})
    front = workbook.add_worksheet("はじめに")
    for number, (label, value) in enumerate({"担当課": "甲課", **(cover or {})}.items()):
        front.write(number, 0, label)
        put(workbook, front, number, 1, value)
    sheet = workbook.add_worksheet(form_sheet.name)
    sheet.write_row(0, 0, form_sheet.headings)
    for number, row in enumerate(rows, start=1):
        for heading, value in zip(headings, row, strict=False):
            put(workbook, sheet, number, form_sheet.headings.index(heading), value)
    workbook.close()
    return content.getvalue()


def put(workbook, sheet, row, column, value):
    value, looks = value if isinstance(value, tuple) else (value, PLAIN)
    cell_format = workbook.add_format(looks)
    match value:
        case Formula():
            sheet.write_formula(row, column, str(value), cell_format, value.cached)
        case list():
            sheet.write_rich_string(row, column, *[each for run in value for each in (cell_format, run)])
        case dt.date():
            sheet.write_datetime(row, column, value, cell_format)
        case dt.time():
            sheet.write_datetime(row, column, value, cell_format)
        case bool():
            sheet.write_boolean(row, column, value)
        case str():
            sheet.write_string(row, column, value, cell_format)
        case None:
            sheet.write_blank(row, column, None, cell_format)
        case _:
            sheet.write_number(row, column, value, cell_format)


OF_SUCH_A_FORM = {"form-without-ledger", "form-sheet-missing", "filled-on-missing"}
"""What is said of every form that is written by hand here: it has one table, no snapshot and no 記入者."""


def outcomes(content, form_sheet, item, count):
    """Read a form; return, row by row of the table, the value under the heading and (code, file, sheet, cell) of all that is said.

    A value is "blank" where nothing was taken for typed. What is said of no row of the table fails the test.
    """
    form = read_form(read_workbook(content), "form.xlsx", "")
    values = {entry.place.cell: entry.value for entry in form.entries if entry.field == item}
    column = column_letters(form_sheet.headings.index(item) + 1)
    rows = [(f"{column}{number}", []) for number in range(2, count + 2)]
    said = dict(rows)
    for each in form.findings:
        if each.code.slug not in OF_SUCH_A_FORM:
            said[each.place.cell].append((each.code.slug, each.place.file, each.place.sheet, each.place.cell))
    return [(values.get(cell, "blank"), found) for cell, found in rows]


def check(table, content, form_sheet, item):
    """Compare typed value by typed value (the last three of each line), so that a failure names what was typed."""
    read = outcomes(content, form_sheet, item, len(table))
    column = column_letters(form_sheet.headings.index(item) + 1)
    wanted = [
        (str(typed), value, [(code, "form.xlsx", form_sheet.name, f"{column}{row}")] if code else [])
        for row, (*_, typed, value, code) in enumerate(table, start=2)
    ]
    assert [(typed, *each) for (typed, *_), each in zip(wanted, read, strict=True)] == wanted


EIGHTY = Fraction(4, 5)
PROGRESS = [
    ((0.8, PERCENT), EIGHTY, None),
    ((80, PLAIN), EIGHTY, None),
    ((80, PERCENT), EIGHTY, "rate-assumed"),
    ((0.8, PLAIN), EIGHTY, "rate-assumed"),
    ("80", EIGHTY, None),
    ("80%", EIGHTY, None),
    ("80％", EIGHTY, None),
    ("８０％", EIGHTY, None),
    ("80 %", EIGHTY, None),
    (" 80%　\n", EIGHTY, None),
    ("80\u200b%", EIGHTY, None),
    ("80パーセント", EIGHTY, None),
    (unicodedata.normalize("NFD", "80パーセント"), EIGHTY, None),
    ("80ﾊﾟｰｾﾝﾄ", EIGHTY, None),
    ("８０．５％", Fraction(161, 200), None),
    ("0.8", EIGHTY, "rate-assumed"),
    ("８割", EIGHTY, "rate-assumed"),
    ("8割5分", Fraction(17, 20), "rate-assumed"),
    ("10割", Fraction(1), "rate-assumed"),
    ("11割", None, "rate-outside"),
    ("八十", None, "rate-unreadable"),
    ("八割", None, "rate-unreadable"),
    ("約80%", None, "rate-unreadable"),
    ("80点", None, "rate-unreadable"),
    ("70~80%", None, "rate-unreadable"),
    ("4 (21)", None, "rate-unreadable"),
    ("4/5", None, "rate-unreadable"),
    ("○", None, "rate-unreadable"),
    ("同上", None, "rate-unreadable"),
    ("1", None, "rate-ambiguous"),
    ((1, PLAIN), None, "rate-ambiguous"),
    ((1.5, PLAIN), None, "rate-ambiguous"),
    ((1, PERCENT), Fraction(1), None),
    ("1%", Fraction(1, 100), None),
    ((0.01, PERCENT), Fraction(1, 100), None),
    ((100, PLAIN), Fraction(1), None),
    ((0, PLAIN), Fraction(0), None),
    ((0, PERCENT), Fraction(0), None),
    ("0%", Fraction(0), None),
    ("8000%", None, "rate-outside"),
    ((1.2, PERCENT), None, "rate-outside"),
    ((120, PLAIN), None, "rate-outside"),
    ("120%", None, "rate-outside"),
    ("▲5%", None, "rate-outside"),
    ("△5%", None, "rate-outside"),
    ("−5%", None, "rate-outside"),
    ("‐5%", None, "rate-outside"),
    ("－5%", None, "rate-outside"),
    ((-0.05, PERCENT), None, "rate-outside"),
    ((0.8333333333333334, PERCENT), Fraction(833333333333333, 10**15), None),
    ((None, PERCENT), "blank", None),
    ("", "blank", None),
    ("　", "blank", None),
    (" \u200b\ufeff", "blank", None),
    ("－", None, "not-reported-word"),
    ("―", None, "not-reported-word"),
    ("‐", None, "not-reported-word"),
    ("-", None, "not-reported-word"),
    ("ー", None, "not-reported-word"),
    ("――", None, "not-reported-word"),
    ("なし", None, "not-reported-word"),
    ("ﾅｼ", None, "not-reported-word"),
    ("未", None, "not-reported-word"),
    ("N/A", None, "not-reported-word"),
    ("n/a", None, "not-reported-word"),
    ("Ｎ／Ａ", None, "not-reported-word"),
    ("未実施", Fraction(0), "not-started-word"),
    ("未着手", Fraction(0), "not-started-word"),
    ("80%\n", EIGHTY, None),
    ("80\n%", EIGHTY, None),
    ("80%\x07", EIGHTY, None),
    ("80%（見込み）", None, "rate-unreadable"),
    ("80％以上", None, "rate-unreadable"),
    ("80% (R7)", None, "rate-unreadable"),
    ("100.1%", None, "rate-outside"),
    ((dt.time(0, 8), {"num_format": "h:mm"}), None, "rate-unreadable"),
    ("対象外", Excluded.EXCLUDED, None),
    ("対 象 外", Excluded.EXCLUDED, None),
    ("対象外（廃止）", None, "excluded-with-more"),
    ("済", None, "rate-unreadable"),
    (Formula("=4/5", 0.8), EIGHTY, "rate-assumed"),
    ((Formula("=4/5", 0.8), PERCENT), EIGHTY, None),
    ((Formula('="80%"', "80%"), PERCENT), EIGHTY, None),
    (["8", "0", "%"], EIGHTY, None),
    (Formula("=A1/0", "#DIV/0!"), None, "cell-error"),
    (Formula("=#REF!", "#REF!"), None, "cell-error"),
    (Formula("=NA()", "#N/A"), None, "cell-error"),
    ((dt.date(2026, 2, 8), DAY), None, "rate-unreadable"),
    (True, None, "rate-unreadable"),
    ((80, {"num_format": '0"%"'}), EIGHTY, None),
    ((2, PLAIN), Fraction(1, 50), None),
    ((10, PERCENT), Fraction(1, 10), "rate-assumed"),
    ((100, PERCENT), Fraction(1), "rate-assumed"),
    ((9.99, PERCENT), None, "rate-outside"),
    ((100.01, PERCENT), None, "rate-outside"),
]


def test_progress_as_people_type_it():
    rows = [[f"T-{number}", typed] for number, (typed, *_) in enumerate(PROGRESS)]
    check(PROGRESS, book(*TASKS, rows), PROGRESS_SHEET, "実施")


def test_nothing_that_was_not_taken_is_only_a_word_of_information():
    content = book(*TASKS, [[f"T-{number}", typed] for number, (typed, *_) in enumerate(PROGRESS)])
    form = read_form(read_workbook(content), "form.xlsx", "")
    lost = {entry.place.cell for entry in form.entries if entry.value is None}
    grave = {each.place.cell for each in form.findings if each.severity is not Severity.INFO}
    assert lost
    assert lost <= grave


def test_excluded_needs_a_remark():
    rows = [["T-1", "対象外", None, "事業を廃止した"], ["T-3", "対象外", None, "－"]]
    form = read_form(read_workbook(book(*TASKS, rows)), "form.xlsx", "")
    merged = merge(plan_of(), MONTH, take_forms(plan_of(), MONTH, [form]))
    excluded = {fact.task.key: fact.is_excluded for fact in merged.facts.tasks}
    assert excluded["T-1"]
    assert not excluded["T-3"]
    found = [each.place for each in merged.findings if each.code.name == "EXCLUDED_WITHOUT_REASON"]
    assert found == [Place("form.xlsx", "進捗", "F3")]


ACTUALS = [
    ("件", (10, PLAIN), Fraction(10), None),
    ("件", "10件", Fraction(10), None),
    ("件", "１０件", Fraction(10), None),
    ("件", "10 件", Fraction(10), None),
    ("件", "1,234", Fraction(1234), None),
    ("件", "１，２３４", Fraction(1234), None),
    ("件", "12,34", None, "number-unreadable"),
    ("倍", "1.8倍", Fraction(9, 5), None),
    ("倍", (1.8, PLAIN), Fraction(9, 5), None),
    ("件", "10人", None, "number-other-unit"),
    ("", "10件", None, "number-other-unit"),
    ("件", "▲5", Fraction(-5), None),
    ("件", "△5", Fraction(-5), None),
    ("件", "−5", Fraction(-5), None),
    ("件", "-5", Fraction(-5), None),
    ("件", "‐5", Fraction(-5), None),
    ("件", "－５", Fraction(-5), None),
    ("件", "–5", Fraction(-5), None),
    ("件", "+5", Fraction(5), None),
    ("件", (-5, {"num_format": "0;▲0"}), Fraction(-5), None),
    ("件", "4 (21)", None, "number-two"),
    ("件", "4（21）", None, "number-two"),
    ("件", "10～20", None, "number-two"),
    ("件", "10件 / 12件", None, "number-two"),
    ("件", "十件", None, "number-unreadable"),
    ("件", "多数", None, "number-unreadable"),
    ("件", "約10件", None, "number-unreadable"),
    ("件", "10件以上", None, "number-unreadable"),
    ("件", "10以上", None, "number-unreadable"),
    ("件", "10件（見込）", None, "number-unreadable"),
    ("件", "1.2万件", None, "number-magnitude"),
    ("%", "96パーセント", Fraction(96), None),
    ("件", "1234件", Fraction(1234), None),
    ("件", "1,234件", Fraction(1234), None),
    ("件", "1 234", Fraction(1234), None),
    ("件", "―5", Fraction(-5), None),
    ("件", "対象外", Excluded.EXCLUDED, None),
    ("件", "対象外（廃止）", None, "excluded-figure-with-more"),
    ("件", "集計中", None, "figure-to-come"),
    ("件", True, None, "number-unreadable"),
    ("件", Formula("=X", "#REF!"), None, "cell-error"),
    ("件", "－", None, "not-reported-word"),
    ("件", "なし", None, "not-reported-word"),
    ("件", "未", None, "not-reported-word"),
    ("件", "N/A", None, "not-reported-word"),
    ("件", "　", "blank", None),
    ("件", (0, PLAIN), Fraction(0), None),
    ("件", (0.1, PLAIN), Fraction(1, 10), None),
    ("件", (0.5, PERCENT), None, "number-other-unit"),
    ("%", (0.96, PERCENT), Fraction(96), None),
    ("％", "96.0％", Fraction(96), None),
    ("%", (96, PLAIN), Fraction(96), None),
    ("%", (96, PERCENT), Fraction(9600), "number-large-percent"),
    ("ポイント", (-10, PERCENT), Fraction(-1000), "number-large-percent"),
    ("%", (9.5, PERCENT), Fraction(950), None),
    ("か所", "18箇所", Fraction(18), None),
    ("か所", "20ヶ所", Fraction(20), None),
    ("か所", "20ケ所", Fraction(20), None),
    ("カ所", "２０ｶ所", Fraction(20), None),
    ("箇所", "20個所", Fraction(20), None),
    ("か月", "3ヵ月", Fraction(3), None),
    ("人", "1,050名", Fraction(1050), None),
    ("名", "42人", Fraction(42), None),
    ("名", "42件", None, "number-other-unit"),
    ("世帯", "5戸", None, "number-other-unit"),
    ("個", "5か所", None, "number-other-unit"),
    ("%", ("1200%", PERCENT), Fraction(1200), None),
    ("%", (0.96, PLAIN), Fraction(24, 25), "number-small-percent"),
    ("%", "0.96%", Fraction(24, 25), None),
    ("%", "0.96パーセント", Fraction(24, 25), None),
    ("%", ("0.96\u00a0", PERCENT), Fraction(24, 25), "number-small-percent"),
    ("%", ("０．９６", PERCENT), Fraction(24, 25), "number-small-percent"),
    ("%", ("0.96％", PERCENT), Fraction(24, 25), None),
    ("件", Formula("=5+5", 10), Fraction(10), None),
    ("件", Formula("=1/0", "#DIV/0!"), None, "cell-error"),
    ("件", ["1", "0"], Fraction(10), None),
    ("件", "10\n件", Fraction(10), None),
    ("件", (dt.date(2026, 3, 10), DAY), None, "number-unreadable"),
    ("ポイント", unicodedata.normalize("NFD", "5ポイント"), Fraction(5), None),
    ("ポイント", "5ﾎﾟｲﾝﾄ", Fraction(5), None),
]


def test_actuals_as_people_type_them():
    rows = [[f"I-{number}", "指標", unit, typed] for number, (unit, typed, *_) in enumerate(ACTUALS)]
    check(ACTUALS, book(*INDICATORS, rows), INDICATOR_SHEET, "実績値")


THE_DAY = dt.date(2026, 2, 8)
DATES = [
    ((THE_DAY, DAY), THE_DAY, None),
    ((THE_DAY, {"num_format": '[$-411]ggge"年"m"月"d"日"'}), THE_DAY, None),
    ("令和8年2月8日", THE_DAY, None),
    ("令和８年２月８日", THE_DAY, None),
    ("令和 8年 2月 8日(日)", THE_DAY, None),
    ("R8.2.8", THE_DAY, None),
    ("r8/2/8", THE_DAY, None),
    ("R08.02.08", THE_DAY, None),
    ("㋿8.2.8", THE_DAY, None),
    ("2026/2/8", THE_DAY, None),
    ("2026-02-08", THE_DAY, None),
    ("２０２６．２．８", THE_DAY, None),
    ("令和8年2月8日現在", THE_DAY, None),
    ("令和元年5月1日", dt.date(2019, 5, 1), None),
    ("R1.5.1", dt.date(2019, 5, 1), None),
    ("平成31年4月30日", dt.date(2019, 4, 30), None),
    ("令和8年2月", dt.date(2026, 2, 28), "date-assumed"),
    ("令和8年2月末", dt.date(2026, 2, 28), "date-assumed"),
    ("R8.2", dt.date(2026, 2, 28), "date-assumed"),
    ("2026/2", dt.date(2026, 2, 28), "date-assumed"),
    ("令和7年度末", dt.date(2026, 3, 31), "date-assumed"),
    ("r8.2", dt.date(2026, 2, 28), "date-assumed"),
    ("平成元年度末", dt.date(1990, 3, 31), "date-assumed"),
    ("1990/1/1", dt.date(1990, 1, 1), None),
    ("1989/12/31", None, "as-of-unreadable"),
    ("2099/12/31", dt.date(2099, 12, 31), None),
    ("2100/1/1", None, "as-of-unreadable"),
    ("9999年度末", None, "as-of-unreadable"),
    ("9999年12月", None, "as-of-unreadable"),
    ("令和0年度末", None, "as-of-unreadable"),
    ("令和0年2月8日", None, "as-of-unreadable"),
    ((46061, PLAIN), THE_DAY, "date-assumed"),
    ("令和8年2月30日", None, "as-of-unreadable"),
    ("2月8日", None, "as-of-unreadable"),
    ("8.2.8", None, "as-of-unreadable"),
    ("令和8年", None, "as-of-unreadable"),
    ("きのう", None, "as-of-unreadable"),
    ((8, DAY), None, "as-of-unreadable"),
    ((8, PLAIN), None, "as-of-unreadable"),
    (True, None, "as-of-unreadable"),
    (20260208, None, "as-of-unreadable"),
    ("－", None, "not-reported-word"),
    ("未定", None, "not-reported-word"),
    ("　", "blank", None),
    (Formula("=TODAY()", "#NAME?"), None, "cell-error"),
    ((Formula("=DATE(2026,2,8)", 46061), DAY), THE_DAY, None),
]


# the same days of a workbook that counts from 1904: a bare number is another one, what is written or shown is not
DATES_OF_1904 = [each for each in DATES if each[0] not in ((46061, PLAIN), (Formula("=DATE(2026,2,8)", 46061), DAY))]
DATES_OF_1904 += [((Formula("=DATE(2026,2,8)", 44599), DAY), THE_DAY, None), ((44599, PLAIN), THE_DAY, "date-assumed")]


@pytest.mark.parametrize("is_1904", [False, True])
def test_days_as_people_type_them(is_1904):
    table = DATES_OF_1904 if is_1904 else DATES
    rows = [[f"I-{number}", "指標", "件", 1, typed] for number, (typed, *_) in enumerate(table)]
    check(table, book(*INDICATORS, rows, is_1904=is_1904), INDICATOR_SHEET, "時点")


@pytest.mark.parametrize(("typed", "day", "code"), DATES[:26])
def test_the_day_of_the_form_is_read_like_any(typed, day, code):
    form = read_form(read_workbook(book(*TASKS, [], cover={"記入日": typed})), "form.xlsx", "")
    assert form.filled_on == day
    named = [each.code.slug for each in form.findings if (each.place.sheet, each.place.cell) == ("はじめに", "B2")]
    expected = "date-unreadable" if code == "as-of-unreadable" else code
    assert named == ([expected] if expected else [])


RATES = [
    ((0.7, PERCENT), Fraction(7, 10), None),
    ((70, PLAIN), Fraction(7, 10), None),
    ("７割", Fraction(7, 10), "rate-assumed"),
    ("対象外", None, "rate-unreadable"),
    ("未実施", None, "rate-unreadable"),
    ("－", None, "not-reported-word"),
    ("70", Fraction(7, 10), None),
    ("B", None, "rate-unreadable"),
]


def test_an_assessment_is_a_rate_and_never_a_word():
    rows = [[f"A-{number}-甲課", typed, "理由"] for number, (typed, *_) in enumerate(RATES)]
    check(RATES, book(*ASSESSMENTS, rows), ASSESSMENT_SHEET, "総括評価")


def test_certainty_is_never_final_by_mistake():
    table = [
        ("確定", Certainty.FINAL, None),
        ("確定値", Certainty.FINAL, None),
        ("見込み", Certainty.EXPECTED, None),
        ("仮定", Certainty.ASSUMED, None),
        ("推定", Certainty.EXPECTED, "certainty-unreadable"),
        (1, Certainty.EXPECTED, "certainty-unreadable"),
    ]
    rows = [[f"I-{number}", "指標", "件", 1, None, typed] for number, (typed, *_) in enumerate(table)]
    check(table, book(*INDICATORS, rows), INDICATOR_SHEET, "確度")


def test_words_are_kept_as_they_were_written():
    nfd = unicodedata.normalize("NFD", "ガイド")
    table = [
        ("一行目\n二行目", "一行目\n二行目", None),
        ("一行目\r\n二行目\r三行目", "一行目\n二行目\n三行目", None),
        ("ワードの\x0b改行", "ワードの\n改行", None),
        (nfd, nfd, None),
        ("ﾊﾝｶｸ①", "ﾊﾝｶｸ①", None),
        (["赤い", "字"], "赤い字", None),
        ("見えない\x00\x07字", "見えない字", "text-cleaned"),
        ("_x0000_ と書いた", "_x0000_ と書いた", None),
        ("=SUM(A1)", "=SUM(A1)", None),
        (("𠮷野家", PLAIN), "𠮷野家", None),
        ((12, PLAIN), "12", None),
        ((0.8, PERCENT), "80%", None),
        ((THE_DAY, DAY), "2026/2/8", None),
        (Formula("=1/0", "#DIV/0!"), None, "cell-error"),
    ]
    rows = [[f"T-{number}", None, None, typed] for number, (typed, *_) in enumerate(table)]
    check(table, book(*TASKS, rows), PROGRESS_SHEET, "備考")


def test_a_formula_that_was_never_calculated_is_named():
    content = book(*TASKS, [["T-1", Formula("=4/5", 0.8)]])
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(changed := io.BytesIO(), "w") as out:
        for name in parts.namelist():
            out.writestr(name, parts.read(name).replace(b"<v>0.8</v>", b""))
    check([("=4/5", None, "cell-uncalculated")], changed.getvalue(), PROGRESS_SHEET, "実施")


def test_a_number_with_a_comment_and_furigana_are_read_without_them():
    content = book(*TASKS, [["T-1", (0.8, PERCENT), None, "東京"]])
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    workbook["進捗"]["F2"].comment = Comment("90%では？", "確認者")
    workbook.save(commented := io.BytesIO())
    check([("commented", EIGHTY, "form-note")], commented.getvalue(), PROGRESS_SHEET, "実施")
    with zipfile.ZipFile(io.BytesIO(content)) as parts, zipfile.ZipFile(changed := io.BytesIO(), "w") as out:
        for name in parts.namelist():
            kana = '<t>東京</t><rPh sb="0" eb="2"><t>トウキョウ</t></rPh><phoneticPr fontId="1"/>'.encode()
            out.writestr(name, parts.read(name).replace("<t>東京</t>".encode(), kana))
    check([("東京", "東京", None)], changed.getvalue(), PROGRESS_SHEET, "備考")


@pytest.mark.parametrize("is_1904", [False, True])
def test_two_readers_agree_on_every_typed_cell(is_1904):
    """Two readers that know nothing of each other see the same; each difference that there may be has its reason."""
    everything = [each[-3] for each in (*ACTUALS, *DATES, *PROGRESS)]
    rows = [[f"I-{number}", "指標", "件", typed] for number, typed in enumerate(everything)]
    content = book(*INDICATORS, rows, is_1904=is_1904)
    assert disagreements(content) == []


# --- round trips: a value, written as people would, reads the same ---------------------------------------------------

TENTHS = st.integers(0, 1000).map(lambda number: Fraction(number, 1000))
WIDE = str.maketrans("0123456789.%,", "０１２３４５６７８９．％，")
SPACES = st.sampled_from(["", " ", "　", "\n", "\u200b"])


@given(TENTHS, st.booleans(), SPACES, SPACES)
def test_a_rate_written_with_a_percent_sign_reads_the_same(rate, is_wide, before, after):
    text = percent(rate)
    text = before + (text.translate(WIDE) if is_wide else text) + after
    for read in (read_rate, read_progress):
        reading = read(Cell(text))
        is_small = read is read_progress and 0 < rate < Fraction(1, 100)
        assert (reading.value, reading.problem is not None) == (rate, is_small)


@given(TENTHS)
def test_a_rate_in_a_percent_cell_reads_the_same(rate):
    assert read_rate(Cell(float(rate), is_percent=True)).value == rate
    shown = read_rate(Cell(Cell(float(rate), is_percent=True).text))
    assert shown.value == rate


@given(st.integers(-(10**9), 10**9), st.integers(0, 3), st.sampled_from("-−‐－▲△"), st.booleans(), st.booleans())
def test_a_figure_with_its_commas_sign_and_unit_reads_the_same(number, places, sign, is_wide, has_unit):
    value = Fraction(number, 10**places)
    text = f"{abs(number) / 10**places:,.{places}f}" + ("件" if has_unit else "")
    text = (sign if number < 0 else "") + (text.translate(WIDE) if is_wide else text)
    reading = read_actual(Cell(text), "件")
    assert (reading.value, reading.problem) == (value, None)
    assert read_actual(Cell(number / 10**places), "件").value == value


@given(st.dates(dt.date(1990, 1, 1), dt.date(2099, 12, 31)))
def test_a_day_in_any_writing_reads_the_same(day):
    label = date_label(day)
    for text in (label, label.translate(WIDE), day.isoformat(), f"{day:%Y/%m/%d}", f"{day.year}.{day.month}.{day.day}"):
        reading = read_date(Cell(text))
        assert (reading.value, reading.problem) == (day, None), text
    assert read_date(Cell(day)).value == day


@settings(max_examples=300)
@given(
    st.one_of(
        st.text(max_size=12),
        st.floats(allow_nan=False, allow_infinity=False),
        st.integers(),
        st.booleans(),
        st.dates(),
        st.times(),
    )
)
def test_whatever_is_typed_is_blank_taken_or_named(value):
    cell = Cell(value)
    for read in (read_rate, read_progress, read_date, lambda each: read_actual(each, "%")):
        reading = read(cell)
        assert is_blank(cell) or reading.value is not None or reading.problem is not None


@pytest.mark.parametrize(
    "word",
    [
        "なし",
        "ナシ",
        "無し",
        "無",
        "特になし",
        "未",
        "未定",
        "未報告",
        "未入力",
        "未記入",
        "空欄",
        "n/a",
        "NA",
        "na",
        "#N/A",
        "*",
        "・",
        "/",
        "?",
        "...",
        "－",
        "ーー",
    ],
)
def test_a_word_that_says_that_there_is_nothing_says_it_of_every_kind_of_value(word):
    cell = Cell(word)
    assert is_placeholder(word)
    for reading in (read_rate(cell), read_progress(cell), read_number(cell, "件"), read_date(cell)):
        assert (reading.value, reading.problem) == (None, Problem(Code.NOT_REPORTED_WORD))


@pytest.mark.parametrize("word", ["同上", "〃", "々"])
def test_the_same_as_above_is_no_answer_and_no_nothing(word):
    assert is_placeholder(word)
    assert read_rate(Cell(word)).problem == Problem(Code.RATE_UNREADABLE)


def test_a_one_where_percent_are_counted_may_have_been_meant_as_all_of_them():
    reading = read_actual(Cell(1.0, is_percent=False), "%")
    assert (reading.value, reading.problem.code) == (1, Code.NUMBER_SMALL_PERCENT)
    assert read_actual(Cell(1.1, is_percent=False), "%").problem is None


def test_a_fiscal_year_is_read_by_its_names_and_a_bare_number_is_none():
    typed = ("令和6年度", "r6", "R6年度", "2024", "S63", "6", "令和0年度", "9999", "六年")
    assert [read_fiscal_year(Cell(each)).value for each in typed] == [
        2024,
        2024,
        2024,
        2024,
        1988,
        None,
        None,
        None,
        None,
    ]


@pytest.mark.parametrize("day", [dt.date(2026, 2, 8), dt.datetime(2026, 2, 8, 9, 30)])  # noqa: DTZ001 -- a cell has no zone
def test_a_day_with_or_without_a_time_is_the_day(day):
    assert (read_date(Cell(day)).value, read_date(Cell(day)).problem) == (dt.date(2026, 2, 8), None)
    assert read_date(Cell(day.replace(year=1989))).problem == Problem(Code.DATE_UNREADABLE)


@given(st.integers(1, 1_048_576), st.integers(1, 16_384))
def test_an_address_leads_back_to_its_cell(row, column):
    assert position(a1(row, column)) == (row, column)


@pytest.mark.parametrize("address", ["", "E", "12", "e5", "E5:F6", "Ｅ5", "E５"])
def test_what_is_no_address_is_nowhere(address):
    assert position(address) is None


TYPED = (
    "", "#REF!", "80%", "8割", "１２０％", "-5%", 80, "80", 1.2, 0.5, "約40", "未報告", "未着手", "対象外 50%", "対象外", "集計中",
    "10か20", "10人", "0.5%", 5000, "2月頃", "2/3", 45000, "R8.2.3", "たぶん", "確定", "制御\x07文字",
)  # fmt: skip


def test_whatever_a_reading_may_come_to_is_known_as_such():
    cells = [Cell(value, is_percent=is_percent) for value in TYPED for is_percent in (False, True)]
    cells += [Cell(None, error="#REF!"), Cell(None, uncalculated=True), Cell(0.5, is_struck=True)]
    cells += [
        Cell("語", is_cleaned=True),
        Cell("語", covered_by="A1:B2"),
        Cell("語", display=""),
        Cell(None, unclear="不明"),
        Cell(8, condition=Condition.STRUCK),
        Cell(0, is_formula=True),
        Cell(8, condition=Condition.UNSEEN),
    ]
    cells += [Cell(28000, number_format="#,##0,"), Cell(5, number_format='000"-"000'), Cell(8, number_format='0"割"')]
    cells += [Cell("=20+5"), Cell("1万155"), Cell("0.8%"), Cell("同上"), Cell("\uf0b7"), Cell(8, number_format='0"人"')]
    columns = [column for form_sheet in TABLE_SHEETS for column in form_sheet.fields]
    readings = [
        reject_strikethrough(cell, read_input(column, cell, unit))
        for column in columns
        for cell in cells
        for unit in ("回", "%")
    ]
    assert {each.problem.code for each in readings if each.problem} == OF_READING


@pytest.mark.parametrize("typed", ["4 21", "4　21", "4\n21", "96²", "120①", "①②", "3½"])
def test_two_figures_are_not_joined(typed):
    for parsed, code in (
        (read_actual(Cell(typed), "回"), Code.NUMBER_TWO),
        (read_rate(Cell(typed)), Code.RATE_UNREADABLE),
    ):
        assert (parsed.value, parsed.problem.code) == (None, code)
    assert [read_actual(Cell(each), "回").value for each in ("４２１", "⑫", "12 回")] == [421, 12, 12]
