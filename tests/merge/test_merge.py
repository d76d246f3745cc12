"""Which of several forms counts, cell by cell, and what was there before and is blank now."""

import datetime as dt
import io
from dataclasses import replace
from fractions import Fraction

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from openpyxl.comments import Comment
from support.city import fill
from support.plans import plan_of

from kama_excel.domain.calendar import Month
from kama_excel.domain.entries import Certainty, Entry
from kama_excel.domain.keys import Field, Key
from kama_excel.domain.place import Place
from kama_excel.forms.content import form_content
from kama_excel.forms.reading.form_reader import read_form
from kama_excel.forms.submission import Submission
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.history.timeline import history
from kama_excel.inbox.current_forms import take_forms
from kama_excel.merge.merged import merge as merge_received
from kama_excel.outbox.points import points_to_send_back
from kama_excel.parsing.values import percent
from kama_excel.spreadsheets.reading.open_workbook import read_workbook

PLAN, MONTH, NEXT = plan_of(), Month(2026, 2), Month(2026, 3)
FORM, OF_B = (write_form(form_content(PLAN, MONTH, department)) for department in ("甲課", "乙課"))
JAPAN = dt.timezone(dt.timedelta(hours=9))
FIRST, THIRD, REMARK = ("進捗", "T-1", "実施"), ("進捗", "T-3", "実施"), ("進捗", "T-1", "備考")


def received(file, entries, filled_on=None, *, sent=None, modified=None, month=MONTH, form=FORM):
    """Return a form of 甲課 as it was read from a file of that name, with its month."""
    workbook = read_workbook(fill(form, entries, 記入者="山田", 連絡先="内線1", 記入日=filled_on))
    form = read_form(workbook._replace(modified=modified), file, "", sent=sent)
    return form, month


def taken(plan, forms):
    """Take forms of several months as a run does."""
    months = sorted({month for _, month in forms})
    return [each for month in months for each in take_forms(plan, month, [form for form, of in forms if of == month])]


def merge(plan, month, forms):
    return merge_received(plan, month, taken(plan, forms))


def stands(merged):
    return {slot: (entry.typed, entry.place.file) for slot, entry in merged.entries.items()}


def said(findings, *codes):
    return [
        (each.code.slug, each.place.file, each.place.sheet, each.place.cell, each.value)
        for each in findings
        if each.code.slug in codes
    ]


def test_a_newer_cell_that_cannot_be_read_is_named_and_no_older_value_takes_its_place():
    older, newer = received("a.xlsx", {FIRST: 0.3}, "2026/2/3"), received("b.xlsx", {FIRST: "約40%"}, "2026/2/4")
    merged = merge(PLAN, MONTH, [older, newer])
    assert stands(merged) == {("T-1", "実施"): ("約40%", "b.xlsx")}
    assert next(fact for fact in merged.facts.tasks if fact.task.key == "T-1").progress is None
    assert said(newer[0].findings, "rate-unreadable") == [("rate-unreadable", "b.xlsx", "進捗", "F5", "約40%")]
    assert said(merged.findings, "values-conflict") == [("values-conflict", "b.xlsx", "進捗", "F5", "約40%")]


def test_two_sections_of_a_department_each_fill_their_half():
    merged = merge(PLAN, MONTH, [received("a.xlsx", {FIRST: 0.3}, "2026/2/3"), received("b.xlsx", {THIRD: 0.4})])
    assert stands(merged) == {("T-1", "実施"): ("30%", "a.xlsx"), ("T-3", "実施"): ("40%", "b.xlsx")}
    assert said(merged.findings, "values-conflict") == []


def test_the_newest_value_counts_and_a_conflict_names_both_cells():
    older, newer = received("b.xlsx", {FIRST: 0.3}, "2026/2/3"), received("a.xlsx", {FIRST: 0.4}, "2026/2/4")
    merged = merge(PLAN, MONTH, [newer, older])
    assert stands(merged) == {("T-1", "実施"): ("40%", "a.xlsx")}
    assert said(merged.findings, "values-conflict") == [("values-conflict", "a.xlsx", "進捗", "F5", "40%")]
    conflict = next(each for each in merged.findings if each.code.name == "VALUES_CONFLICT")
    assert "b.xlsx 「進捗」 F5" in conflict.message
    assert "「30%」" in conflict.message


def test_the_same_value_written_in_another_way_is_no_conflict():
    forms = [received("a.xlsx", {FIRST: 0.3}, "2026/2/3"), received("b.xlsx", {FIRST: "３０％"}, "2026/2/4")]
    assert said(merge(PLAN, MONTH, forms).findings, "values-conflict") == []


def test_a_comment_or_merged_cells_of_an_older_form_stay_to_be_looked_at_when_its_value_is_said_anew():
    workbook = openpyxl.load_workbook(io.BytesIO(fill(FORM, {FIRST: "約30%"})))
    workbook["進捗"]["F5"].comment = Comment("次月に直します", "山田")
    workbook["進捗"].merge_cells("F5:F6")
    changed = io.BytesIO()
    workbook.save(changed)
    older = received("a.xlsx", {}, "2026/2/3", form=changed.getvalue())
    codes = ("rate-unreadable", "form-note", "form-cells-merged")
    alone, beside = (
        merge(PLAN, MONTH, [older, *newer]) for newer in ([], [received("b.xlsx", {FIRST: 0.4}, "2026/2/4")])
    )
    note = ("form-note", "a.xlsx", "進捗", "F5", "次月に直します")
    merged_cells = ("form-cells-merged", "a.xlsx", "進捗", "F5", "約30%")
    unreadable = ("rate-unreadable", "a.xlsx", "進捗", "F5", "約30%")
    assert sorted(said(alone.form_findings, *codes)) == [merged_cells, note, unreadable]
    assert sorted(said(beside.form_findings, *codes)) == [merged_cells, note]


def commented(cell, text="来年度は廃止の予定です", sheet="進捗"):
    """Return the form of 甲課 with a comment in a cell, as a department copies it from month to month."""
    workbook = openpyxl.load_workbook(io.BytesIO(FORM))
    workbook[sheet][cell].comment = Comment(text, "山田")
    changed = io.BytesIO()
    workbook.save(changed)
    return changed.getvalue()


@pytest.mark.slow
@pytest.mark.parametrize(
    ("cell", "sheet", "before", "after", "is_asked"),
    [
        ("F5", "進捗", {FIRST: 0.3}, {FIRST: 0.5}, True),
        ("F5", "進捗", {REMARK: "工事中"}, {FIRST: 0.5, REMARK: "工事中"}, True),
        ("F5", "進捗", {FIRST: 0.3}, {FIRST: 0.3, REMARK: "来年度は廃止の予定"}, False),
        ("F5", "進捗", {REMARK: "工事中"}, {REMARK: "来年度は廃止の予定"}, False),
        ("F6", "進捗", {FIRST: 0.3}, {FIRST: 0.3, REMARK: "別の行の備考"}, True),
        ("C7", "はじめに", {FIRST: 0.3}, {FIRST: 0.3, REMARK: "来年度は廃止の予定"}, False),
        ("C7", "はじめに", {REMARK: "工事中"}, {REMARK: "工事中"}, True),
    ],
)
def test_a_comment_that_was_answered_in_a_later_month_is_not_asked_about_again(cell, sheet, before, after, is_asked):
    form = commented(cell, sheet=sheet)
    first = received("a.xlsx", before, "2026/2/3", form=form)
    second = received("b.xlsx", after, "2026/3/3", month=NEXT, form=form)
    third = received("c.xlsx", after, "2026/4/3", month=NEXT.next, form=form)
    for month, forms, asks in (
        (MONTH, [first, second], True),
        (NEXT, [first, second], is_asked),
        (NEXT.next, [first, second, third], is_asked),
    ):
        assert bool(said(merge(PLAN, month, forms).form_findings, "form-note")) is asks


def test_a_new_comment_is_asked_about_whatever_the_row_says():
    first = received("a.xlsx", {FIRST: 0.3}, "2026/2/3", form=commented("F5", "前の質問"))
    second = received("b.xlsx", {REMARK: "前の質問の答え"}, "2026/3/3", month=NEXT, form=commented("F5", "今の質問"))
    assert len(said(merge(PLAN, NEXT, [first, second]).form_findings, "form-note")) == 1


@pytest.mark.parametrize("kind", ["sent", "modified"])
def test_a_later_mail_or_saving_counts_for_more_than_the_day_written(kind):
    left = received("left.xlsx", {FIRST: 0.9}, "2026/1/8", **{kind: dt.datetime(2026, 2, 9, 8, 0, tzinfo=JAPAN)})
    other = received("other.xlsx", {FIRST: 0.5}, "2026/2/3", **{kind: dt.datetime(2026, 2, 3, 23, 0, tzinfo=JAPAN)})
    merged = merge(PLAN, MONTH, [left, other])
    assert stands(merged)["T-1", "実施"] == ("90%", "left.xlsx")
    assert said(merged.findings, "filled-on-earlier") == [
        ("filled-on-earlier", "left.xlsx", "はじめに", "C7", "令和8年1月8日")
    ]


@pytest.mark.parametrize("kept_format", [True, False])
def test_of_two_cells_that_say_the_same_the_newest_forms_is_traced(kept_format):
    older = received("a.xlsx", {FIRST: 0.3, THIRD: 0.5}, "2026/2/3")
    newer = received("b.xlsx", {FIRST: 0.3 if kept_format else "30%"}, "2026/2/4")
    for forms in ([older, newer], [newer, older]):
        merged = merge(PLAN, MONTH, forms)
        assert stands(merged) == {("T-1", "実施"): ("30%", "b.xlsx"), ("T-3", "実施"): ("50%", "a.xlsx")}
        assert said(merged.findings, "values-conflict", "value-replaced") == []


def test_of_two_cells_of_one_form_that_say_the_same_the_upper_one_is_traced():
    workbook = openpyxl.load_workbook(io.BytesIO(fill(FORM, {FIRST: 0.3})))
    sheet = workbook["進捗"]
    for column in range(1, 9):
        sheet.cell(12, column).value = sheet.cell(5, column).value
    changed = io.BytesIO()
    workbook.save(changed)
    merged = merge(PLAN, MONTH, [received("a.xlsx", {}, "2026/2/3", form=changed.getvalue())])
    assert [(slot, entry.place.cell) for slot, entry in merged.entries.items()] == [(("T-1", "実施"), "F5")]


def test_a_form_that_was_mailed_a_day_later_is_worth_a_word_only_beside_another():
    sent = dt.datetime(2026, 2, 9, 8, 0, tzinfo=JAPAN)
    alone = received("a.xlsx", {FIRST: 0.9}, "2026/2/8", sent=sent)
    assert said(merge(PLAN, MONTH, [alone]).findings, "filled-on-earlier") == []
    beside = merge(PLAN, MONTH, [alone, received("b.xlsx", {THIRD: 0.5}, "2026/2/8")])
    assert [each[1] for each in said(beside.findings, "filled-on-earlier")] == ["a.xlsx"]


def test_a_day_that_was_left_in_an_older_form_is_mended_by_a_newer_one():
    sent = dt.datetime(2026, 2, 9, 8, 0, tzinfo=JAPAN)
    left = received("a.xlsx", {FIRST: 0.9}, "2026/2/8", sent=sent)
    too_early = received("b.xlsx", {FIRST: 0.9}, "2026/1/8", sent=sent.replace(month=1))
    answer = received("c.xlsx", {FIRST: 0.9}, "2026/2/10", sent=sent.replace(day=10))
    codes = ("filled-on-earlier", "filled-before-month")
    assert [each[0] for each in said(merge(PLAN, MONTH, [too_early]).findings, *codes)] == ["filled-before-month"]
    assert said(merge(PLAN, MONTH, [left, too_early, answer]).findings, *codes) == []


def test_of_one_day_the_one_sent_later_counts():
    hours = {"a.xlsx": 15, "b.xlsx": 9}
    forms = [
        received(file, {FIRST: hour / 100}, "2026/2/8", sent=dt.datetime(2026, 2, 8, hour, tzinfo=JAPAN))
        for file, hour in hours.items()
    ]
    assert stands(merge(PLAN, MONTH, forms))["T-1", "実施"] == ("15%", "a.xlsx")


def test_of_one_mail_the_form_of_the_later_day_written_counts():
    sent = dt.datetime(2026, 2, 9, 8, 0, tzinfo=JAPAN)
    forms = [received("a.xlsx", {FIRST: 0.9}, "2026/2/8", sent=sent)]
    forms += [received("b.xlsx", {FIRST: 0.5}, "2026/2/3", sent=sent)]
    assert stands(merge(PLAN, MONTH, forms))["T-1", "実施"] == ("90%", "a.xlsx")


def sent_with(**entered):
    """Return a form of 甲課 that goes out filled in: T_1="実施 of T-1"."""
    filled = {(key.replace("_", "-"), "実施"): value for key, value in entered.items()}
    return write_form(replace(form_content(PLAN, MONTH, "甲課"), entered=filled))


@pytest.mark.slow
@pytest.mark.parametrize("again", [{}, {FIRST: 0.5}], ids=["left as it is", "written over"])
def test_a_form_that_was_sent_back_with_a_value_answers_the_conflict_about_it(again):
    doubled = [received("a.xlsx", {FIRST: 0.3}, "2026/2/3"), received("b.xlsx", {FIRST: 0.4}, "2026/2/4")]
    answer = received("c.xlsx", again, "2026/2/5", form=sent_with(T_1=Fraction(2, 5)))
    merged = merge(PLAN, MONTH, [*doubled, answer])
    assert stands(merged)["T-1", "実施"] == ("50%" if again else "40%", "c.xlsx")
    assert said(merged.findings, "values-conflict") == []
    replaced = [each.message for each in merged.findings if each.code.name == "VALUE_REPLACED"]
    assert len(replaced) == 1 + len(again)
    assert "a.xlsx 「進捗」 F5" in replaced[0]
    assert "「30%」" in replaced[0]


def test_two_sections_that_fill_in_a_copy_each_do_not_undo_each_others_half():
    form = sent_with(T_1=Fraction(1, 10), T_3=Fraction(1, 5))
    forms = [received("a.xlsx", {FIRST: 0.5, REMARK: "一係"}, "2026/2/3", form=form)]
    forms += [received("b.xlsx", {THIRD: 0.6}, "2026/2/4", form=form)]
    merged = merge(PLAN, MONTH, forms)
    values = {("T-1", "実施"): ("50%", "a.xlsx"), ("T-3", "実施"): ("60%", "b.xlsx")}
    assert stands(merged) == values | {("T-1", "備考"): ("一係", "a.xlsx")}
    assert said(merged.findings, "values-conflict", "value-replaced", "value-set-back") == []
    left = [
        (each.place.file, each.place.cell, each.message) for each in merged.findings if each.code.name == "VALUE_LEFT"
    ]
    assert [each[:2] for each in left] == [("a.xlsx", "F5"), ("b.xlsx", "F6")]
    assert "b.xlsx 「進捗」 F5の「10%」" in left[0][2]
    assert "a.xlsx 「進捗」 F6の「20%」" in left[1][2]


def test_a_value_that_is_set_back_in_the_same_copy_counts_and_the_difference_is_a_conflict():
    form = sent_with(T_1=Fraction(2, 5), T_3=Fraction(1, 5))
    forms = [received("a.xlsx", {FIRST: 0.6, THIRD: 0.7}, "2026/2/3", form=form)]
    forms += [received("b.xlsx", {THIRD: 0.7}, "2026/2/5", form=form)]
    merged = merge(PLAN, MONTH, forms)
    assert stands(merged) == {("T-1", "実施"): ("40%", "b.xlsx"), ("T-3", "実施"): ("70%", "b.xlsx")}
    (conflict,) = [each for each in merged.findings if each.code.name == "VALUES_CONFLICT"]
    assert conflict.place == Place("b.xlsx", "進捗", "F5")
    assert "新しい方の「40%」を採用し、a.xlsx 「進捗」 F5の「60%」は使用していません" in conflict.message
    assert said(merged.findings, "value-left", "value-set-back", "value-cleared") == []


def test_a_value_that_is_emptied_and_set_back_in_the_same_copy_is_there():
    form = sent_with(T_1=Fraction(2, 5))
    forms = [received("a.xlsx", {FIRST: None, THIRD: 0.7}, "2026/2/3", form=form)]
    forms += [received("b.xlsx", {THIRD: 0.7}, "2026/2/5", form=form)]
    merged = merge(PLAN, MONTH, forms)
    assert stands(merged)["T-1", "実施"] == ("40%", "b.xlsx")
    assert said(merged.findings, "value-cleared") == []


@pytest.mark.parametrize(
    ("first", "then"),
    [
        ({FIRST: 0.6}, {}),
        ({FIRST: 0.6}, {THIRD: 0.7}),
        ({FIRST: 0.6, THIRD: 0.7}, {}),
        ({FIRST: 0.6, THIRD: 0.7, REMARK: "一係"}, {REMARK: "一係"}),
    ],
    ids=["that cell alone", "another cell", "nothing any more", "one of two cells"],
)
def test_where_it_cannot_be_told_whether_a_value_was_set_back_what_was_typed_stands_with_a_warning(first, then):
    form = sent_with(T_1=Fraction(2, 5), T_3=Fraction(1, 5))
    forms = [received("a.xlsx", first, "2026/2/3", form=form), received("b.xlsx", then, "2026/2/5", form=form)]
    merged = merge(PLAN, MONTH, forms)
    assert stands(merged)["T-1", "実施"] == ("60%", "a.xlsx")
    of_first = [each for each in merged.findings if each.code.name == "VALUE_SET_BACK" and each.place.cell == "F5"]
    assert [each.place for each in of_first] == [Place("a.xlsx", "進捗", "F5")]
    assert "新しい方の様式（b.xlsx 「進捗」 F5）では、配布したときの「40%」です" in of_first[0].message


def test_a_newest_value_that_cannot_be_read_is_not_said_to_be_taken():
    form = sent_with(T_1=Fraction(2, 5))
    unreadable = received("b.xlsx", {FIRST: "八十", REMARK: "一係"}, "2026/2/4", form=form)
    older, other_half = received("a.xlsx", {FIRST: 0.3}, "2026/2/3"), received("c.xlsx", {}, "2026/2/1", form=form)
    messages = {
        each.code.name: each.message
        for each in merge(PLAN, MONTH, [older, unreadable, other_half]).findings
        if each.place == Place("b.xlsx", "進捗", "F5")
    }
    assert (
        "新しい方の「八十」は読み取れないため未報告とし、a.xlsx 「進捗」 F5の「30%」は使" in messages["VALUES_CONFLICT"]
    )
    assert messages["VALUE_LEFT"].endswith("のままのため使用せず、「八十」は読み取れないため未報告としました。")


def test_two_copies_of_one_form_that_went_out_filled_in_do_not_answer_each_other():
    form = sent_with(T_1=Fraction(1, 5))
    forms = [received("a.xlsx", {FIRST: 0.5}, "2026/2/3", form=form), received("b.xlsx", {}, "2026/2/4", form=form)]
    forms += [received("c.xlsx", {FIRST: 0.6}, "2026/2/5", form=form)]
    merged = merge(PLAN, MONTH, forms)
    assert stands(merged)["T-1", "実施"] == ("60%", "c.xlsx")
    conflict = [each.message for each in merged.findings if each.code.name == "VALUES_CONFLICT"]
    assert len(conflict) == 1
    assert "「50%」" in conflict[0]


@pytest.mark.parametrize(("late_on", "code"), [("2026/3/2", "value-replaced"), ("2026/3/9", "values-conflict")])
def test_a_form_of_the_month_before_that_comes_late_is_no_conflict_unless_it_is_the_newer_one(late_on, code):
    late = received("a.xlsx", {FIRST: 0.3}, late_on, month=NEXT)
    form = write_form(form_content(PLAN, NEXT, "甲課"))
    merged = merge(PLAN, NEXT, [late, received("b.xlsx", {FIRST: 0.4}, "2026/3/5", month=NEXT, form=form)])
    assert [each[0] for each in said(merged.findings, "value-replaced", "values-conflict")] == [code]


@pytest.mark.parametrize("typed", [0.4, "４割くらい"])
def test_what_a_form_was_sent_back_with_and_is_blank_in_it_now_is_withdrawn_and_named(typed):
    older = received("a.xlsx", {FIRST: typed, THIRD: 0.1}, "2026/2/4")
    sent_back = sent_with(T_1=Fraction(2, 5) if typed == 0.4 else typed, T_3=Fraction(1, 10))
    merged = merge(PLAN, MONTH, [older, received("b.xlsx", {FIRST: None}, "2026/2/5", form=sent_back)])
    assert stands(merged) == {("T-3", "実施"): ("10%", "b.xlsx")}
    text = "40%" if typed == 0.4 else typed
    assert said(merged.findings, "value-cleared") == [("value-cleared", "b.xlsx", "進捗", "F5", text)]
    assert Place("a.xlsx", "進捗", "F5") in merged.superseded
    blank_form = merge(PLAN, MONTH, [older, received("b.xlsx", {}, "2026/2/5")])
    assert stands(blank_form)["T-1", "実施"] == (text, "a.xlsx")


def test_a_certainty_that_was_sent_back_and_is_blank_now_is_final_and_asks_nothing():
    plan_sheet, indicator = "指標", "I-1"
    filled = {(indicator, "実績値"): Fraction(8), (indicator, "確度"): Certainty.EXPECTED}
    sent_back = write_form(replace(form_content(PLAN, MONTH, "乙課"), entered=filled))
    older = received(
        "a.xlsx", {(plan_sheet, indicator, "実績値"): 8, (plan_sheet, indicator, "確度"): "見込"}, form=OF_B
    )
    newer = received("b.xlsx", {(plan_sheet, indicator, "確度"): None}, "2026/2/5", form=sent_back)
    merged = merge(PLAN, MONTH, [older, newer])
    assert (
        next(fact for fact in merged.facts.indicators if fact.indicator.key == indicator).certainty is Certainty.FINAL
    )
    assert said(merged.findings, "value-cleared") == []


def test_what_was_planned_and_is_done_now_is_not_missed():
    planned, done = ("進捗", "T-4", "予定"), ("進捗", "T-4", "実施")
    sent_back = write_form(replace(form_content(PLAN, MONTH, "甲課"), entered={("T-4", "予定"): Fraction(7, 10)}))
    forms = [received("a.xlsx", {planned: 0.7}, "2026/2/4")]
    forms += [received("b.xlsx", {planned: None, done: 0.7}, "2026/2/5", form=sent_back)]
    merged = merge(PLAN, MONTH, forms)
    assert stands(merged) == {("T-4", "実施"): ("70%", "b.xlsx")}
    assert said(merged.findings, "value-cleared") == []


@pytest.mark.slow
@pytest.mark.parametrize("days", [("2026/2/3", "2026/2/5"), ("2026/2/5", "2026/2/3")], ids=["first", "last"])
@pytest.mark.parametrize("reported", [False, True], ids=["the month before", "this month"])
def test_what_one_section_empties_is_named_whichever_section_sends_first(days, reported):
    form = sent_with(T_1=Fraction(2, 5), T_3=Fraction(1, 10))
    forms = [received("一.xlsx", {FIRST: None}, days[0], form=form)]
    forms += [received("二.xlsx", {THIRD: 0.6}, days[1], form=form)]
    forms += [received("先.xlsx", {FIRST: 0.4}, "2026/2/1")] if reported else []
    merged = merge(PLAN, MONTH, forms)
    assert stands(merged) == {("T-3", "実施"): ("60%", "二.xlsx")}
    assert said(merged.findings, "value-cleared") == [("value-cleared", "一.xlsx", "進捗", "F5", "40%")]


def pasted(*cells):
    """Return a form of 甲課 in whose rows from 5 on (管理番号, 実施) are pasted."""
    entries = tuple(
        Entry(Key(key), Field.DONE, value, percent(value), Place("a.xlsx", "進捗", f"F{row}"))
        for row, (key, value) in enumerate(cells, 5)
    )
    return Submission("a.xlsx", "", "test-1", "甲課", "2", "", None, entries, (), ()), MONTH


@pytest.mark.slow
def test_a_row_that_was_pasted_thousands_of_times_names_three_others_and_how_many_more():
    tenth, fifth = Fraction(1, 10), Fraction(1, 5)
    merged = merge(PLAN, MONTH, [pasted(*[("T-1", tenth)] * 5000, ("T-3", fifth), *[("T-1", fifth)] * 5000)])
    assert stands(merged) == {("T-3", "実施"): ("20%", "a.xlsx")}
    twice = [each for each in merged.findings if each.code.name == "FORM_KEY_TWICE"]
    assert [each.place.cell for each in twice] == [f"F{row}" for row in range(5, 10006) if row != 5005]
    assert "と、F5006の「20%」、F5007の「20%」、F5008の「20%」、ほか4997件）" in twice[0].message
    assert "と、F5の「10%」、F6の「10%」、F7の「10%」、ほか4997件）" in twice[-1].message
    (one, *_) = merge(PLAN, MONTH, [pasted(("T-1", tenth), ("T-1", fifth), ("T-1", Fraction(1)))]).findings[-3:]
    assert "と、F6の「20%」、F7の「100%」）" in one.message


def test_every_pasted_row_of_another_plan_is_named():
    merged = merge(PLAN, MONTH, [pasted(*((f"T-{number}", Fraction(1)) for number in range(1000, 6000)))])
    unknown = [each.place.cell for each in merged.findings if each.code.name == "FORM_KEY_UNKNOWN"]
    assert unknown == [f"F{row}" for row in range(5, 5005)]


CELLS = {("T-1", "実施"): "F5", ("T-1", "備考"): "J5", ("T-3", "実施"): "F6"}
VALUES = st.sampled_from([Fraction(3, 10), Fraction(1, 2), Fraction(1)])


@settings(max_examples=25)
@given(
    st.lists(
        st.tuples(st.none() | st.integers(1, 5), st.dictionaries(st.sampled_from(list(CELLS)), VALUES)),
        min_size=1,
        max_size=4,
    ),
    st.randoms(use_true_random=False),
)
def test_of_any_forms_each_cells_newest_value_stands_and_every_other_is_named(forms, random):
    made = []
    for number, (day, values) in enumerate(forms):
        file = f"{number}.xlsx"
        entries = tuple(
            Entry(Key(key), Field(item), value, percent(value), Place(file, "進捗", CELLS[key, item]))
            for (key, item), value in values.items()
        )
        filled_on = dt.date(2026, 2, day) if day else None
        made.append((Submission(file, "", "test-1", "甲課", "2", "", filled_on, entries, (), ()), MONTH))
    oldest_first = sorted(made, key=lambda each: (each[0].filled_on or dt.date.min, each[0].file))
    random.shuffle(made)
    merged = merge(PLAN, MONTH, made)

    typed = {cell: [] for cell in CELLS}
    for form, _ in oldest_first:
        for entry in form.entries:
            typed[entry.slot].append((entry.typed, entry.place.file))
    assert stands(merged) == {cell: values[-1] for cell, values in typed.items() if values}
    conflicts = [
        (file, CELLS[cell], older)
        for cell, values in typed.items()
        for older in values[:-1]
        for text, file in values[-1:]
        if older[0] != text
    ]
    found = [each for each in merged.findings if each.code.name == "VALUES_CONFLICT"]
    assert sorted((each.place.file, each.place.cell) for each in found) == sorted(each[:2] for each in conflicts)
    for file, cell, (old, older_file) in conflicts:
        named = [each.message for each in found if each.place == Place(file, "進捗", cell)]
        assert any(f"{older_file} 「進捗」 {cell}" in message and f"「{old}」" in message for message in named)


def test_a_value_that_was_there_and_is_blank_now_is_named():
    before = {FIRST: 0.3, THIRD: 0.4, ("成果と課題", "W-1-甲課", "課題"): "これから", ("進捗", "T-1", "備考"): "－"}
    forms = [received("前.xlsx", before), received("今.xlsx", {THIRD: 0.5}, month=NEXT)]
    states = history(PLAN, [MONTH, NEXT], taken(PLAN, forms))
    assert said(states[-1].merged.findings, "value-cleared") == [
        ("value-cleared", "今.xlsx", "進捗", "F5", "30%"),
        ("value-cleared", "今.xlsx", "成果と課題", "F5", "これから"),
    ]
    first = next(each for each in states[-1].merged.findings if each.code.name == "VALUE_CLEARED")
    assert "前.xlsx 「進捗」 F5" in first.message
    assert first.department == "甲課"
    assert stands(states[-1].merged) == {("T-3", "実施"): ("50%", "今.xlsx")}
    assert said(states[0].merged.findings, "value-cleared") == []


def test_nothing_is_cleared_by_a_form_that_did_not_come_nor_where_a_figure_became_planned():
    before = received("前.xlsx", {("進捗", "T-4", "実施"): 0.3})
    assert said(history(PLAN, [MONTH, NEXT], taken(PLAN, [before]))[-1].merged.findings, "value-cleared") == []
    now = received("今.xlsx", {("進捗", "T-4", "予定"): 0.3}, month=NEXT)
    assert said(history(PLAN, [MONTH, NEXT], taken(PLAN, [before, now]))[-1].merged.findings, "value-cleared") == []


def test_what_could_not_be_read_is_not_blank():
    before, now = received("前.xlsx", {FIRST: 0.3}), received("今.xlsx", {FIRST: "たくさん"}, month=NEXT)
    assert said(history(PLAN, [MONTH, NEXT], taken(PLAN, [before, now]))[-1].merged.findings, "value-cleared") == []


def mixed_up(content):
    """Exchange what is printed under 計画 in two rows, and not what stands before it."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    sheet = workbook["進捗"]
    sheet["E5"], sheet["E6"] = sheet["E6"].value, sheet["E5"].value
    saved = io.BytesIO()
    workbook.save(saved)
    return saved.getvalue()


def test_what_stands_in_a_row_of_nobody_knows_which_is_not_blank():
    before = received("前.xlsx", {FIRST: 0.3, REMARK: "順調"})
    now = received("今.xlsx", {FIRST: 0.5}, month=NEXT, form=mixed_up(FORM))
    assert said(now[0].findings, "form-row-mixed") == [("form-row-mixed", "今.xlsx", "進捗", "F5", "50%")]
    [cleared] = said(history(PLAN, [MONTH, NEXT], taken(PLAN, [before, now]))[-1].merged.findings, "value-cleared")
    assert cleared == ("value-cleared", "今.xlsx", "進捗", "J5", "順調")


def test_a_value_is_not_withdrawn_by_a_form_that_has_it_in_a_row_of_nobody_knows_which():
    first = received("a.xlsx", {FIRST: 0.3}, "2026/2/3")
    sent_back = form_content(PLAN, MONTH, "甲課")
    content = write_form(replace(sent_back, entered={("T-1", "実施"): Fraction(3, 10)}))
    answer = received("b.xlsx", {}, "2026/2/4", form=mixed_up(content))
    merged = merge(PLAN, MONTH, [first, answer])
    assert stands(merged) == {("T-1", "実施"): ("30%", "a.xlsx")}
    assert said(merged.findings, "value-cleared") == []


def test_a_form_of_an_earlier_month_is_said_to_be_one():
    codes = {"form-of-earlier-month", "filled-before-month"}
    old = received("a.xlsx", {FIRST: 0.3}, "2026/3/2", month=NEXT)
    [said_of_form] = [each for each in merge(PLAN, NEXT, [old]).findings if each.code.slug in codes]
    assert (said_of_form.code.name, said_of_form.department) == ("FORM_OF_EARLIER_MONTH", "甲課")
    assert said_of_form.place == Place("a.xlsx")
    assert said_of_form.message.startswith("令和8年2月分として配布した様式です。令和8年3月分として")
    in_time = received("a.xlsx", {FIRST: 0.3}, "2026/3/2")
    assert said(merge(PLAN, MONTH, [in_time]).findings, *codes) == []


def test_a_form_of_a_later_month_is_said_to_be_one():
    form = write_form(form_content(PLAN, Month(2026, 4), "甲課"))
    early = received("a.xlsx", {("進捗", "T-4", "実施"): 0.9}, "2026/4/2", month=NEXT, form=form)
    merged = merge(PLAN, NEXT, [early])
    [said_of_form] = [each for each in merged.findings if each.code.slug == "form-of-later-month"]
    assert (said_of_form.place, said_of_form.department) == (Place("a.xlsx"), "甲課")
    assert said_of_form.message.startswith("令和8年4月分として配布した様式です。令和8年3月分として")
    assert (said_of_form.severity.value, "フォルダに移し" in said_of_form.advice) == ("警告", True)
    assert points_to_send_back(merged.statuses[0], merged.findings) == []
    assert said(merge(PLAN, Month(2026, 4), [(early[0], Month(2026, 4))]).findings, "form-of-later-month") == []


def test_a_form_that_was_made_for_an_earlier_month_and_filled_in_there_is_said_to_be_old_once():
    old = received("a.xlsx", {FIRST: 0.3}, "2026/2/27", month=NEXT)
    assert said(merge(PLAN, NEXT, [old]).findings, "form-of-earlier-month", "filled-before-month") == [
        ("filled-before-month", "a.xlsx", "はじめに", "C7", "令和8年2月27日")
    ]
