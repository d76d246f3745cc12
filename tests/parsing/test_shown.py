"""What a sheet shows is what counts: numbers under number formats, zeros of formulas, values under merged cells."""

import datetime as dt
import io
import zipfile
from fractions import Fraction

import pytest
import xlsxwriter
from hypothesis import example, given
from hypothesis import strategies as st
from support.office import convert
from support.ooxml_parts import packed, unpacked

from kama_excel.domain.entries import Certainty
from kama_excel.findings.catalogue import Code
from kama_excel.parsing.dates import read_date
from kama_excel.parsing.parsed import reject_strikethrough
from kama_excel.parsing.texts import read_certainty, read_text
from kama_excel.parsing.values import read_actual, read_progress
from kama_excel.spreadsheets.cells import Cell, Condition
from kama_excel.spreadsheets.reading.number_formats import render
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

DAY = dt.date(2026, 1, 2)


@pytest.mark.parametrize(
    ("value", "code", "shown"),
    [
        (28000, "#,##0,", "28"),
        (12345, "0.0,,", "0.0"),
        (8, '0"割"', "8割"),
        (1200, '#,##0"人"', "1,200人"),
        (0.834, "0%", "83%"),
        (0.834, "0.0%", "83.4%"),
        (0, "#,###", ""),
        (0, "0;-0;;@", ""),
        (1, ";;;", ""),
        (-5, "0;0", "5"),
        (-5, "0", "-5"),
        (-5, '#,##0;"▲ "#,##0', "▲ 5"),
        (-5, "#,##0_);(#,##0)", "(5)"),
        (1500, '[>=1000]0.0,"千";0', "1.5千"),
        (500, '[>=1000]0.0,"千";0', "500"),
        (0.75, "# ?/?", "3/4"),
        (1.5, "# ?/?", "1 1/2"),
        (1234.5, "0.00E+00", "1.23E+03"),
        (0, "0.00E+00", "0.00E+00"),
        (28, "[DBNum3]0", "２８"),
        (28, "[DBNum1]0", None),
        (5, '000"-"000', None),
        (12345, "0!.0,", None),
        (80, r"0\%", "80%"),
        (1200, "[$¥-411]#,##0", "¥1,200"),
        (5, "@", "5"),
        (5, "[Red]0", "5"),
        (5, "[Color 10]0", "5"),
        (5, "[Color2]0", None),
        (5, "[黄]0", None),
        (5, '@"件"', "5"),
        (5, "@;0", None),
        (0.5, "General%", None),
        ("語", '@"様"', "語様"),
        ("語", "0", "語"),
        (DAY, 'm"月"d"日"', "1月2日"),
        (DAY, "[$-411]ggge年m月d日", "令和8年1月2日"),
        (dt.date(2019, 6, 1), "ggge", None),
        (dt.datetime.combine(DAY, dt.time(15, 4)), "yyyy/m/d h:mm AM/PM", "2026/1/2 3:04 PM"),
        (dt.timedelta(hours=30, minutes=5), "[h]:mm", "30:05"),
        (DAY, "aaaa", "金曜日"),
        (DAY, r"[$-F800]dddd\,\ mmmm\ dd\,\ yyyy", "2026年1月2日"),
        (DAY, "[$-x-sysdate]dddd, mmmm dd, yyyy", "2026年1月2日"),
        (dt.time(15, 4, 5), r"[$-F400]h:mm:ss\ AM/PM", "15:04:05"),
        (dt.datetime.combine(DAY, dt.time(15, 4, 5)), r"[$-x-systime]h:mm:ss\ AM/PM", "15:04:05"),
        (DAY, "[$-411]ge.m.d;@", "R8.1.2"),
        (DAY, "gee.mm.dd", "R08.01.02"),
        (DAY, "yyyy.m.d", "2026.1.2"),
        (DAY, "[$-409]mmm d, yyyy", "Jan 2, 2026"),
        (DAY, "[$-411]dddd", None),
        (dt.time(15, 4, 5), "h:mm:ss.00", None),
        (1, "0;0;0;0;0", None),
        (28, "0*0", None),
        (28, "* #,##0", "28"),
        (12, "%", "%"),
        (-12, "%", None),
    ],
)
def test_a_number_format_shows(value, code, shown):
    assert render(value, code) == shown


@pytest.mark.parametrize("code", ["0", "0.0%", "#,##0.00", "#,##0,", '0"割"', "0.0E+00", "# ?/?", "[h]:mm", "m/d"])
@given(st.floats(allow_nan=False, allow_infinity=False))
@example(1e300)
@example(-1e28)
@example(1.7976931348623151e308)
@example(5e-324)
def test_a_format_is_rendered_for_every_number(code, value):
    shown = render(value, code)
    if shown is not None and code in ("0", "#,##0.00"):
        exact = Fraction(f"{value:.15g}")
        assert abs(Fraction(shown.replace(",", "")) - exact) <= Fraction(1, 2 if code == "0" else 200)


@pytest.mark.parametrize(
    ("unit", "value", "code", "read", "named"),
    [
        ("件", 28000, "#,##0,", None, Code.CELL_SHOWN_OTHERWISE),
        ("件", 28, "#,##0", 28, None),
        ("件", 28.4, "0", Fraction(142, 5), None),
        ("人", 1200, '#,##0"人"', 1200, None),
        ("人", 1200, '"約"#,##0"人"', None, Code.NUMBER_UNREADABLE),
        ("件", 12, '0"万"', None, Code.NUMBER_MAGNITUDE),
        ("件", 1.2, '0.0"千"', None, Code.NUMBER_MAGNITUDE),
        ("件", 0, "#,###", None, Code.CELL_UNSEEN),
        ("件", -5, "0;0", None, Code.CELL_SHOWN_OTHERWISE),
        ("件", -5, '0;"▲"0', -5, None),
        ("件", -5, "0_);(0)", -5, None),
        ("倍", 1.8, '"("0.0")"', None, Code.CELL_SHOWN_OTHERWISE),
        ("件", 5, '"▲"0', None, Code.CELL_SHOWN_OTHERWISE),
        ("件", 5, '"（"0"）"', None, Code.CELL_SHOWN_OTHERWISE),
        ("件", -0.2, "0.0;(0.0)", Fraction(-1, 5), None),
        ("件", 5, '000"-"000', None, Code.CELL_SHOWN_UNKNOWN),
        ("件", DAY, 'm"月"d"日"', None, Code.CELL_SHOWN_OTHERWISE),
        ("円", 1200, '"¥"#,##0', 1200, None),
        ("千円", 1200, '"¥"#,##0', None, Code.NUMBER_OTHER_UNIT),
        ("%", 28, '0.0"ポイント"', 28, None),
        ("%", 0.28, '0.0"%"', Fraction(7, 25), Code.NUMBER_SMALL_PERCENT),
    ],
)
def test_an_actual_counts_as_it_is_shown(unit, value, code, read, named):
    parsed = read_actual(Cell(value, is_percent=False, number_format=code), unit)
    assert (parsed.value, parsed.problem and parsed.problem.code) == (read, named)


@pytest.mark.parametrize(
    ("value", "code", "read", "named"),
    [
        (8, '0"割"', Fraction(4, 5), Code.RATE_ASSUMED),
        (80, '0"%"', Fraction(4, 5), None),
        (0.8, "0%", Fraction(4, 5), None),
        (0.008, "0.0%", Fraction(1, 125), Code.RATE_SMALL),
        (0.8, "0%%", None, Code.CELL_SHOWN_OTHERWISE),
        (80000, "0,", None, Code.CELL_SHOWN_OTHERWISE),
        (0.8, '"("0%")"', None, Code.CELL_SHOWN_OTHERWISE),
    ],
)
def test_progress_counts_as_it_is_shown(value, code, read, named):
    parsed = read_progress(Cell(value, is_percent="%" in code and '"' not in code, number_format=code))
    assert (parsed.value, parsed.problem and parsed.problem.code) == (read, named)


@pytest.mark.parametrize(
    ("value", "code", "read", "named"),
    [
        (DAY, 'm"月"d"日"', "1月2日", Code.TEXT_AS_SHOWN),
        (DAY, "yyyy/m/d", "2026/1/2", None),
        (3, '"約"0"回実施"', "約3回実施", Code.TEXT_AS_SHOWN),
        (1200, "#,##0", "1,200", None),
        (0.834, "0%", "83%", None),
        (5, '000"-"000', "5", Code.TEXT_SHOWN_UNKNOWN),
        ("市長", '@"様"', "市長様", None),
        (dt.time(17), "h:mm", "17:00", None),
        ("隠れた文章", ";;;", None, Code.CELL_UNSEEN),
        (5, ";;;", None, Code.CELL_UNSEEN),
        ("外字\ue000", "", "外字\ue000", Code.TEXT_PRIVATE),
    ],
)
def test_words_are_kept_as_they_are_shown(value, code, read, named):
    parsed = read_text(Cell(value, number_format=code))
    assert (parsed.value, parsed.problem and parsed.problem.code) == (read, named)


@pytest.mark.parametrize(
    ("typed", "day", "named"),
    [
        ("令和8年2月末日", dt.date(2026, 2, 28), Code.DATE_ASSUMED),
        ("2026.3.31 17:00", dt.date(2026, 3, 31), Code.DATE_ASSUMED),
        ("令和8年3月31日（火）17時30分", dt.date(2026, 3, 31), Code.DATE_ASSUMED),
        ("2026/2/1 17:00", dt.date(2026, 2, 1), Code.DATE_ASSUMED),
        ("R8.2.1　9:30", dt.date(2026, 2, 1), Code.DATE_ASSUMED),
        ("2026-2-1 17時現在", dt.date(2026, 2, 1), Code.DATE_ASSUMED),
        ("2026/2/1 午後５時", dt.date(2026, 2, 1), Code.DATE_ASSUMED),
        ("令和8年2月1日午前10:30", dt.date(2026, 2, 1), Code.DATE_ASSUMED),
        ("2026/2/117:00", None, Code.DATE_UNREADABLE),
        ("2026/2/1 5", None, Code.DATE_UNREADABLE),
        (" 令和 8 年 2 月 1 日 ", dt.date(2026, 2, 1), None),
        ("2026/3/31", dt.date(2026, 3, 31), None),
    ],
)
def test_a_day_with_a_time_or_the_last_of_a_month(typed, day, named):
    parsed = read_date(Cell(typed))
    assert (parsed.value, parsed.problem and parsed.problem.code) == (day, named)


@pytest.mark.parametrize(
    ("value", "code", "day", "named"),
    [
        (DAY, "yyyy/m/d", DAY, None),
        (DAY, 'm"月"d"日"', DAY, None),
        (DAY, 'yyyy"年"m"月"', DAY, None),
        (DAY, '"令和9年"m"月"d"日"', None, Code.CELL_SHOWN_OTHERWISE),
        (DAY, ";;;", None, Code.CELL_UNSEEN),
        (DAY, "h:mm", None, Code.CELL_SHOWN_OTHERWISE),
        (DAY, "aaaa", None, Code.CELL_SHOWN_OTHERWISE),
        (DAY, "yyyy", None, Code.CELL_SHOWN_OTHERWISE),
        (DAY, "d-mmm", DAY, None),
        (DAY, "mm/dd", DAY, None),
        (46024, ";;;", None, Code.CELL_UNSEEN),
        (46024, "", DAY, Code.DATE_ASSUMED),
        ("2026/1/2", ";;;", None, Code.CELL_UNSEEN),
    ],
)
def test_a_day_counts_as_it_is_shown(value, code, day, named):
    parsed = read_date(Cell(value, number_format=code))
    assert (parsed.value, parsed.problem and parsed.problem.code) == (day, named)


def test_a_serial_number_that_is_shown_as_its_day_is_that_day():
    assert read_date(Cell(46024.0, display="2026/1/2")) == (DAY, None)
    assert read_date(Cell(46024.0, display="2026/1/3")).value is None


@pytest.mark.parametrize(
    ("read", "text"),
    [(read_progress, "対象外"), (read_progress, "未実施"), (read_actual, "対象外"), (read_certainty, "確定")],
)
def test_a_word_that_the_sheet_does_not_show_has_no_effect(read, text):
    arguments = ("件",) if read is read_actual else ()
    hidden = read(Cell(text, number_format=";;;"), *arguments)
    assert hidden.problem.code == Code.CELL_UNSEEN
    assert hidden.value in (None, Certainty.EXPECTED)
    assert read(Cell(text, number_format='@"？"'), *arguments).problem
    assert read(Cell(text, number_format="@"), *arguments).value not in (None, Certainty.EXPECTED)


@pytest.mark.parametrize("value", ["0%", "0", "０", "0.0", 1e-17, -0.0])
def test_a_computed_zero_is_none_however_the_formula_writes_it(value):
    cell = Cell(value, is_formula=True)
    for parsed in (read_progress(cell), read_actual(cell, "%")):
        assert (parsed.value, parsed.problem.code) == (None, Code.CELL_ZERO)
    assert read_progress(Cell("0%")).value == 0


@pytest.mark.parametrize(
    ("typed", "figure"),
    [("1万155", "10155"), ("1.2万", "12000"), ("３千件", "3000"), ("2億5千万", "250000000"), ("-1万", "-10000")],
)
def test_the_figure_to_type_instead_of_one_with_a_magnitude(typed, figure):
    problem = read_actual(Cell(typed), "件").problem
    assert (problem.code, dict(problem.details)) == (Code.NUMBER_MAGNITUDE, {"figure": figure})


def test_a_day_is_no_figure_whatever_a_condition_does_to_it():
    assert read_progress(Cell(DAY, condition=Condition.OTHERWISE)).problem.code == Code.RATE_UNREADABLE


def test_nothing_is_taken_from_a_cell_that_the_sheet_does_not_show():
    for cell, code in (
        (Cell(0, is_formula=True), Code.CELL_ZERO),
        (Cell(0.5, covered_by="F7:F8"), Code.CELL_COVERED),
        (Cell(None, unclear="不明"), Code.CELL_UNCLEAR),
        (Cell("=20+5"), Code.FORMULA_AS_TEXT),
        (Cell("＝２０＋５"), Code.FORMULA_AS_TEXT),
    ):
        for parsed in (read_progress(cell), read_actual(cell, "件")):
            assert (parsed.value, parsed.problem.code) == (None, code)


def made():
    """Return an .xlsx with cells of each kind, and what is to be read of each by its address."""
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("S")
        for row, (value, code) in enumerate([(28000, "#,##0,"), (8, '0"割"'), (0.5, "0%"), (0, "#,###"), (7, "0")]):
            sheet.write_number(row, 0, value, book.add_format({"num_format": code}))
        sheet.write_formula(5, 0, "=Z99", None, 0)
        sheet.write_datetime(6, 0, DAY, book.add_format({"num_format": 'm"月"d"日"'}))
        sheet.write_rich_string(7, 0, "残す", book.add_format({"font_strikeout": True}), "消す")
        sheet.write_formula(8, 0, "=1/0", None, "#DIV/0!")
        sheet.write_string(9, 0, "普通")
        sheet.merge_range("C1:C2", "上")
        sheet.write_number("C2", 0.5)
        sheet.write_number("A11", 6, book.add_format({"font_color": "white"}))
        sheet.write_string("A12", "白", book.add_format({"font_color": "#123456", "bg_color": "#123455"}))
        sheet.write_array_formula("A13:A14", "{=Y1:Y2+0}", None, 0)
        sheet.write_number("A14", 0)
        sheet.write_string("A15", "見出し", book.add_format({"font_color": "white", "bg_color": "black"}))
        raised, white = book.add_format({"font_script": 1}), book.add_format({"font_color": "white"})
        sheet.write_rich_string("A16", "25", raised, "1")
        sheet.write_rich_string("A17", "12", white, "3")
        sheet.write_number("A18", 6, book.add_format({"font_color": "white", "bg_color": "#FFF4D1"}))
        sheet.write_number("A19", 6, book.add_format({"font_size": 2}))
        sheet.write_rich_string("A20", "30", raised, "m", white, "社外秘")
        sheet.write_rich_string("A21", "面積は3m", raised, "2", " です")
        sheet.set_column("D:D", 9, book.add_format({"font_strikeout": True}))
        sheet.write_number("D5", 6, book.add_format({"font_strikeout": True}))  # LibreOffice leaves it to the column
    return content.getvalue()


@pytest.mark.office
@pytest.mark.parametrize("to", ["xlsx", "ods", "xls"])
def test_each_format_says_how_its_cells_are_shown(to, office):
    path = office / "made.xlsx"
    path.write_bytes(made())
    if to != "xlsx":
        path = convert(path, to, office)
    content = path.read_bytes()
    if to == "xls":  # Excel 2007 and later keep the theme in it as a ZIP
        theme = io.BytesIO()
        with zipfile.ZipFile(theme, "w") as archive:
            archive.writestr("theme/theme/theme1.xml", "<theme/>")
        content += theme.getvalue()
        assert zipfile.is_zipfile(io.BytesIO(content))
    workbook = read_workbook(content)
    cells = {place: cell for place, cell in workbook.sheet("S").cells.items() if place[1] == 1}
    read = {row: read_actual(cell, "件") for (row, _), cell in cells.items()}
    codes = {row: parsed.problem.code for row, parsed in read.items() if parsed.problem}
    assert codes == {
        1: Code.CELL_SHOWN_OTHERWISE,
        2: Code.NUMBER_OTHER_UNIT,
        3: Code.NUMBER_OTHER_UNIT,
        4: Code.CELL_UNSEEN,
        6: Code.CELL_ZERO,
        7: Code.CELL_SHOWN_OTHERWISE,
        8: Code.NUMBER_UNREADABLE,
        9: Code.CELL_ERROR,
        10: Code.NUMBER_UNREADABLE,
        11: Code.CELL_UNSEEN,
        12: Code.CELL_UNSEEN,
        13: Code.CELL_ZERO,
        14: Code.CELL_ZERO,
        15: Code.NUMBER_UNREADABLE,
        16: Code.NUMBER_TWO,
        17: Code.CELL_SHOWN_OTHERWISE,
        18: Code.CELL_UNSEEN,
        19: Code.CELL_UNSEEN,
        20: Code.CELL_SHOWN_OTHERWISE,
        21: Code.NUMBER_TWO,
    }
    hidden = read_text(cells[20, 1])
    assert (hidden.value, hidden.problem.code) == ("30m", Code.TEXT_AS_SHOWN)
    assert read_text(cells[21, 1]) == ("面積は3m² です", None)
    assert read_progress(cells[2, 1]).value == Fraction(4, 5)
    assert read_progress(cells[3, 1]).value == Fraction(1, 2)
    assert read_text(cells[7, 1]).value == "1月2日"
    assert [place for place, cell in workbook.sheet("S").cells.items() if cell.is_struck] == [(5, 4), (8, 1)]
    assert workbook.sheet("S").cells[2, 3].covered_by == "C1:C2"


def test_a_zero_is_not_taken_where_the_sheet_shows_none():
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("S")
        sheet.hide_zero()
        sheet.write_row(0, 0, [0, 7, False])
    cells = read_workbook(content.getvalue()).sheet("S").cells
    assert read_actual(cells[1, 1], "件").problem.code == Code.CELL_UNSEEN
    assert read_actual(cells[1, 2], "件").value == 7
    assert read_text(cells[1, 3]).value == "FALSE"  # Excel shows it there


@pytest.mark.office
def test_an_opendocument_says_that_zeros_are_not_shown(office):
    path = office / "zero.xlsx"
    path.write_bytes(made())
    parts = unpacked(convert(path, "ods", office).read_bytes())
    shown = b'ShowZeroValues" config:type="boolean">'
    assert shown + b"true" in parts["settings.xml"]
    parts["settings.xml"] = parts["settings.xml"].replace(shown + b"true", shown + b"false")
    assert read_workbook(packed(parts)).sheet("S").hides_zeros


def conditional():
    """Return an .xlsx with a figure under a conditional format in each row, and what that may do to it in each format."""
    rows = [  # kind, what is set, and what may happen in an .xlsx, an .ods and an .xls as LibreOffice writes them
        ({"type": "cell", "criteria": ">", "value": 5}, {"num_format": '0"割"'}, "oo-"),
        ({"type": "cell", "criteria": ">", "value": 100}, {"num_format": '0"割"'}, "---"),
        ({"type": "cell", "criteria": ">", "value": 5}, {"num_format": "0.0"}, "---"),
        ({"type": "cell", "criteria": ">", "value": 5}, {"num_format": "0.0%"}, "oo-"),
        ({"type": "formula", "criteria": "=TRUE"}, {"num_format": ";;;"}, "oo-"),
        ({"type": "formula", "criteria": "=TRUE"}, {"font_strikeout": True}, "sss"),
        ({"type": "formula", "criteria": "=TRUE"}, {"font_color": "white"}, "uuu"),
        ({"type": "formula", "criteria": "=TRUE"}, {"font_color": "white", "bg_color": "blue"}, "---"),
        ({"type": "formula", "criteria": "=TRUE"}, {"font_color": "blue", "bg_color": "blue"}, "uuu"),
        ({"type": "cell", "criteria": "between", "minimum": 0, "maximum": 5}, {"font_strikeout": True}, "---"),
        ({"type": "cell", "criteria": "between", "minimum": 5, "maximum": 9}, {"font_strikeout": True}, "sss"),
        ({"type": "cell", "criteria": "=", "value": '"済"'}, {"font_strikeout": True}, "---"),
        ({"type": "text", "criteria": "containing", "value": "未"}, {"font_color": "white"}, "--u"),
        ({"type": "text", "criteria": "begins with", "value": "8"}, {"font_color": "white"}, "uuu"),
        ({"type": "errors"}, {"font_color": "white"}, "--u"),
        ({"type": "formula", "criteria": '=$B$1="済"'}, {"font_strikeout": True}, "--s"),
        ({"type": "formula", "criteria": '=$B$1="対象外"'}, {"font_strikeout": True}, "sss"),
        ({"type": "formula", "criteria": "=ISERROR(A1)"}, {"font_color": "white"}, "--u"),
        ({"type": "formula", "criteria": "=ISBLANK($A1)"}, {"font_color": "white"}, "--u"),
        ({"type": "formula", "criteria": "=NOT(ISBLANK($A1))"}, {"font_color": "white"}, "uuu"),
        ({"type": "formula", "criteria": "=LEN(TRIM(A1))=0"}, {"font_color": "white"}, "--u"),
        ({"type": "formula", "criteria": "=A9>9"}, {"font_strikeout": True}, "--s"),
        ({"type": "top", "value": 1}, {"font_strikeout": True}, "sss"),
        ({"type": "top", "value": 1}, {"bg_color": "#FFDD85", "bold": True}, "---"),
        ({"type": "data_bar"}, {}, "---"),
        ({"type": "data_bar", "bar_only": True}, {}, "uu-"),
        ({"type": "data_bar", "bar_only": True, "data_bar_2010": True}, {}, "uu-"),
        ({"type": "icon_set", "icon_style": "3_arrows", "icons_only": True}, {}, "uu-"),
    ]
    content = io.BytesIO()
    with xlsxwriter.Workbook(content, {"in_memory": True}) as book:
        sheet = book.add_worksheet("S")
        for row, (rule, look, _) in enumerate(rows):
            sheet.write_number(row, 0, 8)
            sheet.conditional_format(row, 0, row, 0, rule | ({"format": book.add_format(look)} if look else {}))
        sheet.write_string("B1", "対象外")
        sheet.conditional_format(
            "B1", {"type": "formula", "criteria": "=TRUE", "format": book.add_format({"num_format": ";;;"})}
        )
        sheet.write_number("D1", 8, book.add_format({"bg_color": "#FFF4D1"}))
        white = {"type": "formula", "criteria": "=TRUE", "format": book.add_format({"font_color": "white"})}
        sheet.conditional_format("D1", white)
        sheet.write_number("C1", 0.8, book.add_format({"num_format": '"約"0%'}))
        more = book.add_format({"num_format": "0.0%"})
        sheet.conditional_format("C1", {"type": "formula", "criteria": "=FALSE", "format": more})
    return content.getvalue(), [effects for *_, effects in rows]


@pytest.mark.office
def test_a_figure_whose_look_depends_on_a_condition_is_not_taken(office):
    content, effects = conditional()
    (office / "made.xlsx").write_bytes(content)
    of = {"-": None, "o": Condition.OTHERWISE, "u": Condition.UNSEEN, "s": Condition.STRUCK}
    for number, to in enumerate(("xlsx", "ods", "xls")):
        path = office / "made.xlsx" if to == "xlsx" else convert(office / "made.xlsx", to, office)
        cells = read_workbook(path.read_bytes()).sheet("S").cells
        read = [cells[row, 1] for row in range(1, len(effects) + 1)]
        assert [cell.condition for cell in read] == [of[each[number]] for each in effects], to
        for cell in read:
            parsed = reject_strikethrough(cell, read_actual(cell, "件"))
            assert (parsed.value, parsed.problem and parsed.problem.code) == (
                (None, Code.CELL_CONDITION) if cell.condition else (8, None)
            )
        assert cells[1, 4].condition is Condition.UNSEEN, to
        assert read_progress(cells[1, 3]).problem.code == Code.RATE_UNREADABLE, to  # 約80%, and 80.0% on a condition
        if to != "xls":
            assert read_actual(cells[1, 2], "件").problem.code == Code.CELL_CONDITION
