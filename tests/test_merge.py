"""Which of several forms counts, cell by cell, and what was there before and is blank now."""

import datetime as dt
from dataclasses import replace

import pytest
from support.city import fill
from support.plans import plan_of

from kama_excel.fiscal import Month
from kama_excel.forms.layout import form_content
from kama_excel.forms.reader import read_form
from kama_excel.forms.writer import write_form
from kama_excel.history import history
from kama_excel.intake.workbook import read_workbook
from kama_excel.merge import Received, merge

PLAN, MONTH, NEXT = plan_of(), Month(2026, 2), Month(2026, 3)
FORM = write_form(form_content(PLAN, MONTH, "甲課"))
JAPAN = dt.timezone(dt.timedelta(hours=9))
FIRST, THIRD = ("進捗", "T-1", "実施"), ("進捗", "T-3", "実施")


def received(file, entries, filled_on=None, *, sent=None, modified=None, month=MONTH):
    """Return a form of 甲課 as it was read from a file of that name."""
    workbook = read_workbook(fill(FORM, entries, 記入者="山田", 連絡先="内線1", 記入日=filled_on))
    form = read_form(replace(workbook, modified=modified), file, "", sent=sent)
    return Received(form, month, "甲課")


def stands(merged):
    return {(row.key, row.item): (row.typed, row.file) for row in merged.entries.itertuples()}


def said(findings, *codes):
    return [
        (each.code.value.slug, each.place.file, each.place.sheet, each.place.cell, each.value)
        for each in findings
        if each.code.value.slug in codes
    ]


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


@pytest.mark.parametrize("kind", ["sent", "modified"])
def test_a_later_mail_or_saving_counts_for_more_than_the_day_written(kind):
    left = received("left.xlsx", {FIRST: 0.9}, "2026/1/8", **{kind: dt.datetime(2026, 2, 9, 8, 0, tzinfo=JAPAN)})
    other = received("other.xlsx", {FIRST: 0.5}, "2026/2/3", **{kind: dt.datetime(2026, 2, 3, 23, 0, tzinfo=JAPAN)})
    merged = merge(PLAN, MONTH, [left, other])
    assert stands(merged)["T-1", "実施"] == ("90%", "left.xlsx")
    assert said(merged.findings, "filled-on-earlier") == [
        ("filled-on-earlier", "left.xlsx", "はじめに", "C7", "令和8年1月8日")
    ]


def test_a_form_that_was_mailed_a_day_later_is_worth_a_word_only_beside_another():
    sent = dt.datetime(2026, 2, 9, 8, 0, tzinfo=JAPAN)
    alone = received("a.xlsx", {FIRST: 0.9}, "2026/2/8", sent=sent)
    assert said(merge(PLAN, MONTH, [alone]).findings, "filled-on-earlier") == []
    beside = merge(PLAN, MONTH, [alone, received("b.xlsx", {THIRD: 0.5}, "2026/2/8")])
    assert [each[1] for each in said(beside.findings, "filled-on-earlier")] == ["a.xlsx"]


def test_of_one_day_the_one_sent_later_counts():
    hours = {"a.xlsx": 15, "b.xlsx": 9}
    forms = [
        received(file, {FIRST: hour / 100}, "2026/2/8", sent=dt.datetime(2026, 2, 8, hour, tzinfo=JAPAN))
        for file, hour in hours.items()
    ]
    assert stands(merge(PLAN, MONTH, forms))["T-1", "実施"] == ("15%", "a.xlsx")


def test_a_value_that_was_there_and_is_blank_now_is_named():
    before = {FIRST: 0.3, THIRD: 0.4, ("成果と課題", "W-1-甲課", "課題"): "これから", ("進捗", "T-1", "備考"): "－"}
    forms = [received("前.xlsx", before), received("今.xlsx", {THIRD: 0.5}, month=NEXT)]
    states = history(PLAN, [MONTH, NEXT], forms)
    assert said(states[-1].merged.findings, "value-cleared") == [
        ("value-cleared", "今.xlsx", "進捗", "", "30%"),
        ("value-cleared", "今.xlsx", "成果と課題", "", "これから"),
    ]
    first = next(each for each in states[-1].merged.findings if each.code.name == "VALUE_CLEARED")
    assert "前.xlsx 「進捗」 F5" in first.message
    assert first.department == "甲課"
    assert stands(states[-1].merged) == {("T-3", "実施"): ("50%", "今.xlsx")}
    assert said(states[0].merged.findings, "value-cleared") == []


def test_nothing_is_cleared_by_a_form_that_did_not_come_nor_where_a_figure_became_planned():
    before = received("前.xlsx", {("進捗", "T-4", "実施"): 0.3})
    assert said(history(PLAN, [MONTH, NEXT], [before])[-1].merged.findings, "value-cleared") == []
    now = received("今.xlsx", {("進捗", "T-4", "予定"): 0.3}, month=NEXT)
    assert said(history(PLAN, [MONTH, NEXT], [before, now])[-1].merged.findings, "value-cleared") == []


def test_what_could_not_be_read_is_not_blank():
    before, now = received("前.xlsx", {FIRST: 0.3}), received("今.xlsx", {FIRST: "たくさん"}, month=NEXT)
    assert said(history(PLAN, [MONTH, NEXT], [before, now])[-1].merged.findings, "value-cleared") == []
