"""Random things typed into random cells of random forms: each is used or named, and no other value changes by it."""

import datetime as dt
import functools
import io
import itertools
from dataclasses import replace
from fractions import Fraction

import openpyxl
import pytest
from hypothesis import Phase, example, given, settings
from hypothesis import strategies as st
from openpyxl.utils import coordinate_to_tuple
from support.balance import Balance, cover_places, texts
from support.office import type_into
from support.plans import plan_of
from support.readers import disagreements

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import Certainty, Excluded
from kama_excel.domain.keys import Key, ValueKind
from kama_excel.forms import schema
from kama_excel.forms.content import form_content
from kama_excel.forms.reading.form_reader import read_form
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.spreadsheets.cells import a1, is_blank
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

MONTH = Month(2026, 2)
DEPARTMENTS = "甲課", "嘉穂・碓井・山田市民サービス課"
UNITS = "件", "%", "倍", ""
HEADINGS = sorted({heading for each in schema.TABLE_SHEETS for heading in each.headings})
LABELS = "担当課", "記入者", "連絡先", "記入日"
KEYS = "T-1", "T-2", "Ｔ－１", "T-99", "I-1", "A-1-甲課", "W-1-甲課", "A-1-他の課"


@functools.cache
def a_form(actions, tasks, indicators, department, has_weights, is_entered):
    """Return plan, bytes and the entries of a form with so many rows, blank or with values in all kinds of inputs."""
    name = DEPARTMENTS[department]
    plan = plan_of(
        アクション=[[no + 1, f"アクション{no}", 1, "", "", "", "", ""] for no in range(actions)],
        タスク=[
            [n + 1, n % actions + 1, f"令和{6 + n % 3}年度", name, f"作業{n}", *([1 + n % 2] if has_weights else [])]
            for n in range(tasks)
        ],
        指標=[
            [n + 1, n % actions + 1, f"指標{n}", UNITS[n % 4], [None, 0, 20][n % 3], 10, "", name]
            for n in range(indicators)
        ],
        担当課=[[each] for each in DEPARTMENTS],
    )
    content = form_content(plan, MONTH, name)
    entered = {}
    for form_sheet in schema.TABLE_SHEETS if is_entered else ():
        for number, row in enumerate(content.rows[form_sheet.name]):
            for slot in schema.slots(form_sheet, row.key).values():
                entered[slot] = VALUES[slot[1].kind][number % 3]
    made = write_form(replace(content, entered=entered))
    return plan, made, read_form(read_workbook(made), "form.xlsx", "").entries


VALUES = {
    ValueKind.PROGRESS: (Fraction(4, 5), Excluded.EXCLUDED, Fraction(1, 3)),
    ValueKind.RATE: (Fraction(7, 10), Fraction(0), Fraction(1)),
    ValueKind.NUMBER: (Fraction(12), Fraction(-3), Fraction(9, 5)),
    ValueKind.DATE: (dt.date(2026, 2, 8),) * 3,
    ValueKind.CERTAINTY: (Certainty.FINAL, Certainty.EXPECTED, Certainty.ASSUMED),
    ValueKind.TEXT: ("順調です", "一行目\n二行目", "=と書いた"),
}
SIZES = (
    (1, 1, 0, 0, False, False),
    (3, 7, 4, 1, True, True),
    (2, 6, 3, 0, False, True),
    (2, 0, 2, 1, False, True),
    (1, 5, 0, 0, True, False),
)
FORMS = st.sampled_from(SIZES)
SHEETS = "はじめに", *(each.name for each in schema.TABLE_SHEETS)
PLACES = st.one_of(
    st.tuples(st.just("any"), st.sampled_from(SHEETS), st.integers(1, 30), st.integers(1, 18)),
    st.tuples(st.just("printed"), st.sampled_from(SHEETS), st.integers(0, 99), st.just(0)),
    st.tuples(st.just("input"), st.sampled_from(SHEETS), st.integers(0, 99), st.just(0)),
    st.tuples(st.just("input"), st.sampled_from(SHEETS[1:4]), st.integers(0, 99), st.just(0)),
    st.tuples(st.just("row"), st.sampled_from(SHEETS[1:]), st.sampled_from(KEYS), st.integers(2, 9)),
)
THINGS = st.one_of(
    st.integers(-5, 9999),
    st.floats(-1, 200, allow_nan=False).map(lambda each: round(each, 3)),
    st.sampled_from(
        ["80%", "８割", "対象外", "－", "同上", "4 (21)", "令和8年2月", "R8.2.8", "#REF!", "#DIV/0!", "=1+1"]
    ),
    st.sampled_from(["済", "見込み", "約10件", "　", "未実施", "N/A", "別紙のとおり", "▲5", "1,234"]),
    st.sampled_from([*HEADINGS, *LABELS, *KEYS]),
    st.text("あア亜Aa1%点 　\n・", min_size=1, max_size=8),
    st.dates(dt.date(1950, 1, 1), dt.date(2050, 1, 1)),
    st.booleans(),
    st.times(),
)
LOOKS = st.sampled_from([None, "General", "0%", "yyyy/m/d", "@"])


def type_in(workbook, done):
    """Type things as a person does; return what was in the cells that were typed into, and where."""
    before, touched = texts(workbook), {}
    for (kind, name, row, column), thing, looks in done:
        sheet = workbook[name]
        match kind:
            case "any":
                cell = sheet.cell(row, column)
            case "printed":
                there = [place for place in sorted(before) if place[0] == name]
                cell = sheet[there[row % len(there)][1]]
            case "row":
                sheet.cell(sheet.max_row + 1, 1).value = row
                touched[name, a1(sheet.max_row, 1)] = None
                cell = sheet.cell(sheet.max_row, column)
            case _:
                inputs = input_places(sheet)
                if not inputs:
                    continue
                cell = sheet[inputs[row % len(inputs)]]
        if isinstance(cell, openpyxl.cell.MergedCell) or str(before.get((name, cell.coordinate), "")).startswith("="):
            continue  # one of the form's own answers: a formula for a formula cannot be told
        touched[name, cell.coordinate] = before.get((name, cell.coordinate))
        cell.value = thing
        if looks:
            cell.number_format = looks
    return touched


def input_places(sheet):
    """Return the addresses of the table's inputs, in the rows that have a 管理番号: what a picture is pasted over is none."""
    form_sheet = next((each for each in schema.TABLE_SHEETS if each.name == sheet.title), None)
    if form_sheet is None:
        return []
    headings = [(cell.column, cell.value) for cell in sheet[4]]
    places = []
    for row in range(5, sheet.max_row + 1):
        slots = schema.slots(form_sheet, Key.typed(str(sheet.cell(row, 1).value or "")))
        places += [a1(row, column) for column, heading in headings if heading in slots and sheet.cell(row, 1).value]
    return places


def is_structure(place, thing):
    """Whether a thing typed there may change what other cells mean: a heading, a 管理番号, a unit, a word of the cover."""
    sheet, address = place
    row, column = coordinate_to_tuple(address)
    return sheet == "はじめに" or row <= 4 or column in (1, 5) or str(thing).strip() in (*HEADINGS, *LABELS, *KEYS)


@pytest.mark.slow
@settings(max_examples=40, phases=[Phase.explicit, Phase.reuse, Phase.generate])
@example(
    (3, 7, 4, 1, True, True), [(("row", "総括評価", "I-1", 8), "#DIV/0!", None)]
)  # an error is no answer's formula
@example((1, 1, 0, 0, False, False), [(("printed", "総括評価", 32, 0), "=1+1", None)])  # a formula over a heading
@example((3, 7, 4, 1, True, True), [(("row", "総括評価", "I-1", 7), "=1+1", None)])  # nor is one in somebody's own row
@example((3, 7, 4, 1, True, True), [(("printed", "指標", 16, 0), "%", None)])  # a word of the row over another of it
@given(FORMS, st.lists(st.tuples(PLACES, THINGS, LOOKS), min_size=1, max_size=25))
def test_whatever_is_typed_wherever_is_used_or_named_and_what_was_not_touched_stays(size, done):
    plan, made, entries = a_form(*size)
    workbook = openpyxl.load_workbook(io.BytesIO(made))
    inputs = cover_places(workbook)
    touched = type_in(workbook, done)
    workbook.save(content := io.BytesIO())
    there = texts(workbook)
    read = read_workbook(content.getvalue())
    balance = Balance(plan, MONTH, read_form(read, "form.xlsx", ""))

    overwritten = {str(value) for value in touched.values()}  # a printed word that stands elsewhere now has moved
    blank = {(sheet.name, a1(*at)) for sheet in read.sheets for at, cell in sheet.cells.items() if is_blank(cell)}
    typed = {
        place
        for place, value in touched.items()
        if there.get(place) != value and place in there and str(there[place]) not in overwritten
    }
    assert balance.lost(typed - inputs - blank) == set()

    kept = {(each.place.sheet, each.place.cell): each.value for each in entries if each.value is not None}
    untouched = {place: value for place, value in kept.items() if place not in touched}
    stay = {place: value for place, value in untouched.items() if balance.stands.get(place) == value}
    if any(is_structure(place, there.get(place)) for place in touched):
        assert balance.lost(untouched.keys() - stay.keys()) == set()
    else:
        assert stay == untouched


@pytest.mark.slow
@pytest.mark.parametrize("size", SIZES)
def test_two_readers_see_the_same_in_every_cell_of_a_form(size):
    _, made, entries = a_form(*size)
    assert bool(entries) is size[-1]
    assert disagreements(made) == []
    openpyxl.load_workbook(io.BytesIO(made)).save(saved := io.BytesIO())
    assert disagreements(saved.getvalue()) == []


IN_AN_OFFICE_PROGRAM = (
    "=80%",
    0.5,
    "８割",
    "対象外",
    "約10件",
    "=2026-02-08",
    "R8.2.8",
    12,
    "=1/0",
    "－",
    "別紙\nのとおり",
    1,
)


@pytest.mark.office
def test_the_balance_holds_for_a_form_that_was_filled_in_and_saved_by_an_office_program(typing_office):
    plan, made, entries = a_form(3, 7, 4, 1, True, True)
    path = typing_office / "届けた様式.xlsx"
    path.write_bytes(made)
    workbook = openpyxl.load_workbook(path)
    places = [(name, address) for name in SHEETS[1:] for address in input_places(workbook[name])[::3]]
    outside = [(name, address) for name in SHEETS for address in ("Z9", "E60", "AB2")]
    outside += [("写真", "D7"), ("写真", "F9")]  # typed over what is printed where a picture goes
    places += outside
    typed = dict(zip(places, itertools.cycle(IN_AN_OFFICE_PROGRAM)))
    outputs = [typing_office / f"様式.{suffix}" for suffix in ("xlsx", "ods", "xls")]
    type_into(path, [[*place, thing] for place, thing in typed.items()], outputs)
    kept = {(each.place.sheet, each.place.cell): each.value for each in entries if each.value is not None}
    for output in outputs:
        form = read_form(read_workbook(output.read_bytes()), "form.xlsx", "")
        balance = Balance(plan, MONTH, form)
        assert balance.lost(typed) == set(), output.suffix
        untouched = {place: value for place, value in kept.items() if place not in typed}
        assert {place: balance.stands.get(place) for place in untouched} == untouched, output.suffix
        named = {(each.place.sheet, each.place.cell) for each in form.findings if each.code.name == "FORM_OUTSIDE"}
        assert named == set(outside), output.suffix
    assert disagreements(outputs[0].read_bytes()) == []
