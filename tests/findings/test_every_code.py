"""Every code of the catalogue comes out of some plan, form, month or folder; the inputs here are as small as they can be."""

import datetime as dt
import errno
import io
from collections import Counter
from contextlib import closing
from dataclasses import replace
from email.message import EmailMessage
from email.policy import SMTP
from fractions import Fraction
from functools import cache
from pathlib import Path

import openpyxl
import pytest
from msoffcrypto.format.ooxml import OOXMLFile
from support.city import City, fill
from support.ooxml_parts import packed
from support.pictures import png
from support.plans import tables
from support.workers import run_as_worker
from support.xlsb import write_xlsb

from kama_excel.domain.calendar import Month
from kama_excel.domain.keys import Field, Key
from kama_excel.files import limits
from kama_excel.findings.catalogue import Code
from kama_excel.forms.content import form_content
from kama_excel.forms.reading.form_reader import read_form
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.history.timeline import history
from kama_excel.inbox.current_forms import take_forms
from kama_excel.inbox.sandbox import SandboxedReader
from kama_excel.plan.plan_sheets import SHEETS
from kama_excel.plan.reader import read_plan
from kama_excel.report.month_report import picture_findings, shortened_texts
from kama_excel.spreadsheets.cells import Cell, Condition, Drawn, Note, Sheet, SheetPicture, Workbook, position
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

DAY = dt.date(2026, 2, 1)


def codes(findings):
    return {each.code for each in findings}


def edited(workbook, sheet, cells=None, **changes):
    """Return a workbook with some cells of a sheet replaced (None deletes one), or other facts about the sheet."""

    def change(each):
        new = {**each.cells, **{position(at): cell for at, cell in (cells or {}).items()}}
        return each._replace(cells={at: cell for at, cell in new.items() if cell is not None}, **changes)

    return workbook._replace(sheets=tuple(change(each) if each.name == sheet else each for each in workbook.sheets))


# --- the plan ----------------------------------------------------------------------------------------------------------


def workbook_of(**changes):
    """Return a plan workbook as it is read; a float stands in a percent cell."""
    rows = tables(**changes)
    sheets = []
    for layout in SHEETS:
        table = enumerate((layout.headings, *rows.get(layout.name, ())), start=3)
        values = {(number, column): value for number, row in table for column, value in enumerate(row, start=1)}
        cells = {
            at: Cell(value, is_percent=isinstance(value, float))
            for at, value in values.items()
            if value not in (None, "")
        }
        sheets.append(Sheet(layout.name, cells))
    return Workbook(tuple(sheets))


def of_tables(**changes):
    return codes(read_plan(workbook_of(**changes), "plan.xlsx")[1])


def plan_of(**changes):
    plan, findings = read_plan(workbook_of(**changes), "plan.xlsx")
    assert plan, findings
    return plan


def plan_codes():
    items = dict(tables()["計画"])
    items |= {"計画ID": None, "見出しの区分": "満点", "達成率の下限": "150%", "達成率の上限": "100%"}
    seen = of_tables(
        計画=[list(each) for each in items.items()],
        評価区分=[["達成", 1.0, "", 5], ["未評価", 0.9], ["概ね", 0.9], ["高い", 2.5], ["低い", 0.1]],
        アクション=[[1, "（記入例）一", 9, "", "", "", "旧甲課", ""], [2, "二", 2]],
        タスク=[
            [1, 1, "令和6年度", "甲課", "一", 1, "2026-02", "2025-02"],
            [1, 1, "令和9年度", "甲課", "二", "多め"],
            [1, 1, "令和9年度", "甲課", "二"],
            [2, 1, "令和6年度", "甲課", None, 1, "2062-04"],
        ],
        指標=[
            [1, 1, "負", "回", None, -1, "増", "乙課"],
            [2, 1, "空", "回", None, None, "増", "乙課"],
            [3, 1, "語", "回", None, "90%台半ば", "増", "乙課"],
            [4, 1, "維", "回", 20, 20, "増", "乙課"],
            [5, 1, "倍", "倍", None, 2, "増", "乙課"],
            [6, 1, "率", "%", None, "0.3", "増", "乙課"],
            [7, 1, "逆", "回", 20, 10, "増", "乙課"],
            [8, 1, "計", "回", 1, 20, "増", "乙課", "", "", "", "合計"],
            [9, 1, "年", "回", 0, 20, "増", "乙課"],
        ],
        年度目標=[
            [2, "令和6年度", 5],
            [7, "令和6年度", 30],
            *([9, year, 5] for year in ("令和6年度", "令和7年度", "令和8年度")),
        ],
        担当課=[["甲課", "旧甲課", "a@b.jp"], ["乙課", "甲課", "内線"], ["丙課"]],
        評価方法=[
            [1, "多数決", DAY, "a", "b"],
            [1, "総括評価", None, "a", "b"],
            [1, "総括評価", DAY, "a", "同上"],
            [1, "目標値", DAY, "a", "b"],
        ],
        訂正=[["T-1", "実施", 0.5, DAY, "a", "b"], ["T-1", "実施", 0.6, DAY, None, "b"]],
    )
    years = dict(tables()["計画"]) | {"終了年度": "令和5年度"}
    seen |= of_tables(計画=[list(each) for each in years.items()], 評価区分=[["達成", 1.0], ["高", 1.0], ["低", 0.0]])
    yearly = dict(tables()["計画"]) | {"達成率の基準": "年度目標"}
    seen |= of_tables(計画=[list(each) for each in yearly.items()], 年度目標=[[1, "令和6年度", 5]])
    written = workbook_of()
    decided = {"評価方法": [[1, "総括評価", DAY, "a", "b"]]}
    saved = workbook_of(**decided)._replace(modified=dt.datetime(2026, 1, 31, 12, tzinfo=JAPAN))
    struck = edited(
        written,
        "タスク",
        {"E4": Cell("作業一", is_struck=True), "E5": Cell("作業二", condition=Condition.STRUCK)},
        merged=((5, 2, 6, 2),),
        is_visible=False,
    )
    notes = edited(
        struck,
        "指標",
        {"F4": Cell(28.4, number_format="0")},
        notes=(Note("コメント", 4, 6, "20に"),),
        hidden_columns=frozenset({6}),
    )
    copy = written.sheet("重点施策")._replace(
        name="重点施策 (2)", cells={**written.sheet("重点施策").cells, (4, 3): Cell("別")}
    )
    headings = {"K3": Cell("担当課"), "L4": Cell("見出しなし"), "C3": None}
    for workbook in (
        notes,
        saved,
        edited(written, "タスク", headings),
        written._replace(sheets=(*(each for each in written.sheets if each.name != "タスク"), copy)),
    ):
        seen |= codes(read_plan(workbook, "plan.xlsx")[1])
    return seen


# --- what is typed into a form -----------------------------------------------------------------------------------------

MONTH, JAPAN = Month(2026, 2), dt.timezone(dt.timedelta(hours=9))
PLAN = plan_of()


def of_months(plan, *months):
    """Read, merge and evaluate the forms of months, each (month, form, …); return the codes of the newest."""
    received = [each for month, *forms in months for each in take_forms(plan, month, forms)]
    state = history(plan, [month for month, *_ in months], received)[-1]
    merged = state.merged
    of_report = (*shortened_texts(merged), *picture_findings(merged))
    return codes([*merged.findings, *merged.form_findings, *state.evaluation.findings, *of_report])


@cache
def blank(plan, month, department="甲課", entered=()):
    """Return the form as it goes out, with what is `entered`, pairs of input and value."""
    content = replace(form_content(plan, month, department), entered=dict(entered))
    return read_workbook(write_form(content))


FORM = blank(PLAN, MONTH)


def read(workbook, file="form.xlsx"):
    return read_form(workbook, file, "")


def filled(cells, day=None, *, plan=PLAN, month=MONTH, department="甲課", entered=None, cover=None, file="a.xlsx"):
    """Return a form with cells of 進捗 typed; it was last saved on the day, and went out with what is `entered`."""
    workbook = edited(blank(plan, month, department, tuple((entered or {}).items())), "進捗", cells)
    if cover:
        workbook = edited(workbook, "はじめに", cover)
    saved = dt.datetime.combine(day, dt.time(9), JAPAN) if day else None
    return read(workbook._replace(modified=saved), file)


def typed_codes():
    """One task or indicator for each spelling."""
    rates = [
        *(Cell(None, error="#REF!"), Cell(None, uncalculated=True), Cell(0.5, is_percent=True, is_struck=True)),
        *(
            Cell(0, is_formula=True),
            Cell(0.5, covered_by="F5:F6"),
            Cell(None, unclear="不明"),
            Cell(0.5, condition=Condition.STRUCK),
        ),
        *(Cell(0.5, number_format='"済"'), Cell(0.5, number_format="0!.0,"), Cell("＝20+5"), Cell("順調"), Cell(120)),
        Cell(0.5, display=""),
        *(Cell(1, is_percent=False), Cell("８割"), Cell("0.5%"), Cell("未定"), Cell("未着手"), Cell("対象外")),
        *(Cell("対象外（50%）"),),
    ]
    remarks = [Cell("字", is_cleaned=True), Cell("\ue000"), Cell(12, number_format='0"回"')]
    remarks += [Cell(12345, number_format="0!.0,")]
    actuals = [
        *(Cell("集計中"), Cell("対象外（5）"), Cell("多数"), Cell("5から7"), Cell("1万"), Cell("5億円"), Cell(0.5)),
        *(Cell(96, is_percent=True), Cell(5), Cell(6), Cell(7), Cell(8), Cell(9), Cell("対象外")),
    ]
    days = {12: Cell("令和8年1月"), 13: Cell("きのう"), 14: Cell(dt.date(2062, 4, 1)), 19: Cell(dt.date(2026, 1, 1))}
    plan = plan_of(
        タスク=[[n, 1, "令和6年度", "甲課", f"作業{n}"] for n in range(1, len(rates) + 1)],
        指標=[[n, 1, f"率{n}", "%", 0, 90, "増", "甲課"] for n in range(1, len(actuals) + 2)],
    )
    form = blank(plan, MONTH)
    form = edited(
        form,
        "進捗",
        {f"F{row}": cell for row, cell in enumerate(rates, start=5)}
        | {f"J{row}": cell for row, cell in enumerate(remarks, start=5)},
    )
    form = edited(
        form,
        "指標",
        {f"H{row}": cell for row, cell in enumerate(actuals, start=5)}
        | {f"I{row}": cell for row, cell in days.items()}
        | {"J15": Cell("たぶん")},
    )
    form = edited(form, "総括評価", {"E5": Cell("80%")})
    form = edited(form, "成果と課題", {"D5": Cell("同上")})
    form = edited(form, "はじめに", {"C7": Cell("きのう")})
    seen = of_months(plan, (MONTH, read(form)))
    rounded = edited(FORM, "進捗", {"F5": Cell(0.896, is_percent=True, number_format="0%")})
    reason = edited(FORM, "総括評価", {"F5": Cell("できた")})
    return seen.union(*(of_months(PLAN, (MONTH, read(each))) for each in (rounded, reason)))


def structure_codes():
    """What people do to a form's sheets, rows, columns and headings."""
    done = edited(FORM, "進捗", {"F5": Cell("80%")})
    only = tuple(each for each in FORM.sheets if each.name == "総括評価")
    without_keys = {at: cell for at, cell in FORM.sheet("総括評価").cells.items() if at[1] > 1}
    renamed = tuple(each._replace(name="表" if each.name == "進捗" else each.name) for each in FORM.sheets)
    rows = {
        "A20": Cell("A-1-甲課"),
        "F20": Cell("50%"),
        "A21": Cell("T-99"),
        "F21": Cell("50%"),
        "A22": Cell("T-1"),
        "F22": Cell("50%"),
    }
    variants = [
        edited(done, "進捗", hidden_rows=frozenset({5}), merged=((5, 6, 6, 6),)),
        edited(done, "はじめに", {"C4": Cell("乙課")}),
        FORM._replace(sheets=only),
        edited(FORM, "進捗", {"F4": Cell("実施率")}),
        edited(done, "進捗", {"F4": Cell("A"), "G4": Cell("B")}),
        edited(done, "進捗", rows),
        edited(FORM, "総括評価", {"F5": Cell("x")}),
        edited(FORM, "総括評価")._replace(
            sheets=tuple(e._replace(cells=without_keys) if e.name == "総括評価" else e for e in FORM.sheets),
        ),
        edited(FORM, "進捗", {"A5": None}, notes=(Note("コメント", 5, 6, "未定"),), is_visible=False),
        FORM._replace(sheets=renamed),
        edited(FORM, "_kama", {"B3": Cell("1")}),
    ]
    return {code for each in variants for code in of_months(PLAN, (MONTH, read(each)))}


def moved_codes():
    plan = plan_of(
        タスク=[
            [1, 1, "令和6年度", "甲課", "講座を開く"],
            [2, 1, "令和6年度", "甲課", "動画を配る"],
            [3, 1, "令和7年度", "甲課", "講座を開く"],
            [4, 2, "令和7年度", "甲課", "相談会を開く"],
        ]
    )
    form = blank(plan, MONTH)
    cells = form.sheet("進捗").cells

    def swapped(one, other, columns):
        pairs = [((one, at), (other, at)) for at in columns]
        new = dict(cells)
        for here, there in pairs:
            new[here], new[there] = cells.get(there, Cell("10%")), cells.get(here, Cell("40%"))
        return form._replace(sheets=tuple(e._replace(cells=new) if e.name == "進捗" else e for e in form.sheets))

    return {
        code
        for columns in (range(2, 7), range(5, 7))
        for code in of_months(plan, (MONTH, read(swapped(5, 8, columns))))
    }


# --- forms beside each other -------------------------------------------------------------------------------------------


def day(number, month=2):
    return dt.date(2026, month, number)


def conflict_codes():
    """Two forms of a department, and forms of two months."""
    first, third = (Key.of_task("1"), Field.DONE), (Key.of_task("3"), Field.DONE)
    out = {first: Fraction(2, 5), third: Fraction(1, 5)}
    pairs = [
        (filled({"F5": Cell("30%")}, day(3)), filled({"F5": Cell("50%")}, day(4), file="b.xlsx")),
        (filled({"F5": Cell("三割")}, day(3)), filled({"F5": Cell("50%")}, day(4), file="b.xlsx")),
        (
            filled({"F5": Cell("30%")}, day(3)),
            filled({"F5": Cell("50%")}, day(4), entered={first: Fraction(3, 10)}, file="b.xlsx"),
        ),
        (
            filled({"F5": Cell("50%")}, day(3), entered=out),
            filled({"F6": Cell("60%")}, day(4), entered=out, file="b.xlsx"),
        ),
        (
            filled({"F5": Cell("60%")}, day(3), entered=out),
            filled({"J5": Cell("済")}, day(4), entered=out, file="b.xlsx"),
        ),
        (filled({}), filled({"F5": Cell("60%")}, day(3), file="b.xlsx")),
        (
            filled({"F5": Cell("60%")}, day(3)),
            filled({"F6": Cell("60%")}, day(4), cover={"C7": Cell("2026/1/8")}, file="b.xlsx"),
        ),
    ]
    seen = {code for pair in pairs for code in of_months(PLAN, (MONTH, *pair))}
    merged = plan_of(担当課=[["甲課", "旧課、旧係"], ["乙課"]])
    old, new = pairs[0]
    seen |= of_months(merged, (MONTH, old._replace(department="旧課"), new._replace(department="旧係")))
    before = Month(2026, 1)
    sent = filled({"F5": Cell("40%")}, day(5, 1), month=before)
    alone = [
        filled({"F5": None, "J5": Cell("なし")}, day(5), entered={first: Fraction(2, 5)}),
        filled({"F5": Cell("50%")}, day(5), month=Month(2026, 3)),
        filled({"F5": Cell("50%")}, day(5), month=before),
        filled({"F5": Cell("50%")}, day(5, 1), cover={"C7": Cell("2026/1/8")}),
        filled({"F5": Cell("50%")}, day(5), cover={"C7": Cell("2026/5/8")}),
        filled({}),
    ]
    for form in alone:
        seen |= of_months(PLAN, (before, sent), (MONTH, form))
    return seen | of_months(PLAN, (before, sent), (MONTH,))


def plan_change_codes():
    """Forms of a plan whose rows have ended, moved, vanished or changed since."""
    before = Month(2026, 1)
    sent = filled({"F5": Cell("50%")}, month=before)
    seen = set()
    for row in (
        [1, 1, "令和6年度", "甲課", "作業一", None, "", "2026-01"],
        [1, 1, "令和6年度", "乙課", "作業一"],
        [9, 1, "令和6年度", "甲課", "作業九"],
        [1, 1, "令和6年度", "甲課", "別の作業"],
    ):
        plan = plan_of(タスク=[row, *tables()["タスク"][1:]])
        seen |= of_months(plan, (before, sent)) | of_months(plan, (before, sent), (MONTH,))
    return seen


def time_codes():
    """Actuals of before their row, or of another year than their row's; a 記入日 long after the month."""
    late = filled({"F5": Cell("40%")}, day(20, 4), cover={"C7": Cell(dt.date(2026, 4, 20))})
    seen = of_months(PLAN, (MONTH, late))
    for unit in ("人", "件"):
        rows = [[1, 2, "回数", "件", None, 80, "増", "乙課", "", "", "2025-03"]]
        rows += [[1, 2, "回数", unit, None, 90, "増", "乙課", "", "2025-04", ""]]
        seen |= of_actual(plan_of(指標=rows), {"H5": Cell(72), "I5": Cell(dt.date(2025, 3, 31))})
    seen |= of_months(
        plan_of(指標=[[1, 2, "回数", "回", None, 99, "増", "乙課"]]), (MONTH, filled({}, department="乙課"))
    )
    summed = [[1, 2, "回数", "件", 0, 80, "増", "乙課", "", "", "", "合計"]]
    return seen | of_actual(plan_of(指標=summed), {"I5": Cell(9), "J5": Cell(dt.date(2025, 6, 30))})


def of_actual(plan, cells):
    return of_months(plan, (MONTH, read(edited(blank(plan, MONTH, "乙課"), "指標", cells))))


def decision_codes():
    assessed = edited(edited(FORM, "進捗", {"F5": Cell("40%")}), "総括評価", {"E5": Cell("80%"), "F5": Cell("できた")})
    form = read(assessed)
    seen = of_months(PLAN, (MONTH, form))
    for decided in (dt.date(2026, 2, 1), dt.date(2026, 3, 1)):
        seen |= of_months(plan_of(評価方法=[[1, "総括評価", decided, "委員会", "理由"]]), (MONTH, form))
    target = plan_of(評価方法=[[2, "目標値", DAY, "委員会", "理由"]], タスク=tables()["タスク"][:4])
    return seen | of_months(target, (MONTH,)) | of_actual(target, {"H5": Cell("対象外"), "K5": Cell("廃止のため")})


def correction_codes():
    after, done = Month(2026, 3), (Key.of_task("1"), Field.DONE)
    plan = plan_of(訂正=[["T-1", "実施", 0.5, dt.date(2026, 2, 10), "事務局", "転記誤り"]])
    first = filled({"F5": Cell("40%")}, day(5))
    seen = of_months(plan, (MONTH, filled({"F5": Cell("八割ほど")}, day(5))))
    for form in (
        filled({"F5": Cell("40%")}, day(5, 3), month=after),
        filled({"F5": Cell("60%")}, day(5, 3), month=after),
        filled({"F5": None, "J5": Cell("なし")}, day(5, 3), month=after, entered={done: Fraction(1, 2)}),
    ):
        seen |= of_months(plan, (MONTH, first), (after, form))
    wrong = [["T-99", "実施", 0.5, DAY, "a", "b"], ["T-1", "実施", "たくさん", DAY, "a", "b"]]
    return seen | of_months(plan_of(訂正=wrong), (MONTH, first))


# --- pictures ----------------------------------------------------------------------------------------------------------


def with_pictures(form, *pictures):
    """Return a form with pictures, each (sheet, row, column, content) or a SheetPicture."""
    return form._replace(
        pictures=tuple(each if isinstance(each, SheetPicture) else SheetPicture(*each) for each in pictures)
    )


def picture_codes():
    one, other = png(40, 40), png(50, 40)
    turned = SheetPicture("写真", 5, 4, one, drawn=Drawn(is_mirrored=True))
    covered, faded = (
        SheetPicture("写真", 5, 4, b"", code=code, reason="x") for code in (Code.PICTURE_COVERED, Code.PICTURE_EFFECT)
    )
    alone = [
        with_pictures(FORM, turned, ("進捗", 3, 3, one), ("はじめに", 3, 3, one), ("写真", 5, 5, b"x")),
        with_pictures(FORM, covered, faded),
        with_pictures(FORM, *(("写真", 5, 4, png(size, 40)) for size in (40, 50, 60, 70))),
        with_pictures(FORM, ("写真", 5, 4, one), ("写真", 5, 5, one)),
    ]
    seen = {code for each in alone for code in of_months(PLAN, (MONTH, read(each)))}
    three = with_pictures(FORM, *(("写真", 5, column, png(30 + column, 40)) for column in (4, 5, 6)))
    fourth = with_pictures(blank(PLAN, MONTH, "乙課"), ("写真", 5, 4, other))
    seen |= of_months(PLAN, (MONTH, read(three), read(fourth, "b.xlsx")))
    slot = Key.of_picture(1, "甲課", 1), Field.PICTURE
    first = with_pictures(FORM, ("写真", 5, 4, one))
    picture = read(first).pictures[0].value
    issued = blank(PLAN, MONTH, entered=((slot, picture),))
    for workbook in (
        with_pictures(FORM, ("写真", 5, 4, other)),
        with_pictures(issued, ("写真", 5, 4, other)),
        with_pictures(issued),
    ):
        newer = edited(workbook, "進捗", {"F5": Cell("50%")})
        seen |= of_months(PLAN, (MONTH, read(saved(first, day(3))), read(saved(newer, day(4)), "b.xlsx")))
        seen |= of_months(
            PLAN, (Month(2026, 1), read(saved(first, day(3, 1)))), (MONTH, read(saved(newer, day(4)), "b.xlsx"))
        )
    return seen


def saved(workbook, at):
    return workbook._replace(modified=dt.datetime.combine(at, dt.time(9), JAPAN))


# --- files -------------------------------------------------------------------------------------------------------------


def of_run(city, *arguments):
    named = {each["code"] for each in city.run(*arguments)["findings"]}
    return {code for code in Code if code.slug in named}


def mail(files):
    message = EmailMessage(policy=SMTP)
    message["From"], message["Subject"], message["Date"] = "<a@b.jp>", "様式", "Tue, 24 Feb 2026 09:00:00 +0900"
    message.set_content("お送りします。")
    for name, content in files.items():
        message.add_attachment(content, maintype="application", subtype="octet-stream", filename=name)
    return message.as_bytes()


def file_codes(root, monkeypatch):
    """A folder with one of everything that may lie in it, and folders that cannot be read."""
    city = City(
        root / "all", 担当課=[["甲課", "", "a@b.jp"], ["乙課"]], アクション=[*tables()["アクション"], [3, "三", 2]]
    )
    folder = city.root / "input" / "2026-02"
    folder.mkdir(parents=True)
    blank = write_form(form_content(PLAN, MONTH, "甲課"))
    form = fill(blank, {("進捗", "T-1", "実施"): 0.5, ("進捗", "T-1", "備考"): "長" * 50})
    other = plan_of(計画=[*tables()["計画"][:2], ["計画ID", "test-2"], *tables()["計画"][3:]])
    third = plan_of(担当課=[["丙課"]], タスク=[[1, 1, 2024, "丙課", "x"]], 指標=[], アクション=[[1, "一", 1]])
    sheet, locked = io.BytesIO(), io.BytesIO()
    openpyxl.Workbook().save(sheet)
    OOXMLFile(io.BytesIO(form)).encrypt("secret", locked)
    files = {
        "甲課.xlsx": form,
        "写し.xlsx": form,
        "未記入.xlsx": blank,
        "乙課.xlsx": write_form(form_content(PLAN, MONTH, "乙課")),
        "甲課.xlsb": write_xlsb(openpyxl.load_workbook(io.BytesIO(form))),
        "名簿.xlsx": sheet.getvalue(),
        "別の計画.xlsx": write_form(form_content(other, MONTH, "甲課")),
        "丙課.xlsx": write_form(form_content(third, MONTH, "丙課")),
        "空.xlsx": b"",
        "壊れた.xlsx": b"PK\x03\x04",
        "winmail.dat": b"\x78\x9f\x3e\x22" + bytes(40),
        "鍵.xlsx": locked.getvalue(),
        "報告.docx": b"x",
        "Thumbs.db": b"x",
        "壊れた.zip": b"PK\x03\x04",
        "文だけ.eml": mail({}),
        "送付.eml": mail({"様式.xlsx": form, "案内.docx": b"x", "壊れた.xlsx": b"PK\x03\x04"}),
        "資料.zip": packed({f"{n}.docx": b"x" for n in range(4)}),
        "大きい.xlsx": bytes(200_000),
        "会議.jpg": png(40, 40),
        "3.jpg": png(50, 40),
        **{f"1-{n}.jpg": png(60 + n, 40) for n in range(4)},
    }
    for name, content in files.items():
        (folder / name).write_bytes(content)
    (folder / "リンク.xlsx").symlink_to(folder / "甲課.xlsx")
    with monkeypatch.context() as patch:
        patch.setattr(limits, "FILE_BYTES", 199_000)
        patch.setattr(limits, "CONTAINED", 3)
        seen = of_run(city)
    return (
        seen
        | limit_codes(form, monkeypatch)
        | held_codes(City(root / "held"), form, monkeypatch)
        | stopped_codes(root, monkeypatch)
    )


def limit_codes(form, monkeypatch):
    seen = set()
    workbook = edited(read_workbook(form), "進捗", {"F6": Cell("50%"), "N20": Cell("x")}, merged=((5, 6, 6, 6),))
    for limit in ("MERGED_CELLS", "ENTRIES", "FINDINGS", "CELL_CHARACTERS"):
        with monkeypatch.context() as patch:
            patch.setattr(limits, limit, 1)
            seen |= of_months(PLAN, (MONTH, read(workbook)))
    with monkeypatch.context() as patch:
        patch.setattr("PIL.Image.open", refuse_memory)
        return seen | of_months(PLAN, (MONTH, read(with_pictures(FORM, ("写真", 5, 4, png(40, 40))))))


def refuse_memory(*_, **__):
    raise MemoryError


def stopped_codes(root, monkeypatch):
    """A process that ends while it reads."""
    with monkeypatch.context() as patch:
        run_as_worker(patch, root, "import os; worker.read_content = lambda *_, **__: os._exit(1); worker.main()")
        with closing(SandboxedReader()) as reader:
            return {reader.read("様式.xlsx", lambda: b"x").code}


def held_codes(city, form, monkeypatch):
    """Files that other programs hold, or that are held when they are read once more; too many files and months."""
    kinds = {"使用中.xlsx": errno.EACCES, "接続.xlsx": errno.EIO}
    for month, name in (("2025-11", "甲課.xlsx"), ("2026-01", "乙課.xlsx"), *(("2026-02", name) for name in kinds)):
        path = city.root / "input" / month / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(write_form(form_content(PLAN, MONTH, "乙課")) if name == "乙課.xlsx" else form)
    opened = Counter()

    def refusing(path):
        opened[path.name] += 1
        if path.name in kinds or (path.name == "甲課.xlsx" and opened[path.name] > 1):
            raise OSError(kinds.get(path.name, errno.EIO), "", str(path))
        return READ_BYTES(path)

    with monkeypatch.context() as patch:
        patch.setattr(Path, "read_bytes", refusing)
        patch.setattr("time.sleep", lambda _: None)
        seen = of_run(city)
        patch.setattr(limits, "FILES", 1)
        patch.setattr(limits, "MONTHS", 1)
        return seen | of_run(city)


READ_BYTES = Path.read_bytes


@pytest.mark.slow
def test_every_code_comes_out_of_something(tmp_path, monkeypatch):
    seen = plan_codes() | typed_codes() | structure_codes() | moved_codes() | conflict_codes() | plan_change_codes()
    seen |= time_codes() | decision_codes() | correction_codes() | picture_codes() | file_codes(tmp_path, monkeypatch)
    assert [code.slug for code in Code if code not in seen] == []
