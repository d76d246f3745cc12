"""Which of several forms of a month is the newest: evidence first, 記入日 last (`docs/rules.md`, 様式の新旧)."""

import datetime as dt

import pytest
from support.plans import plan_of

from kama_excel.domain.calendar import JAPAN, Month
from kama_excel.domain.entries import Entry
from kama_excel.domain.keys import Field, Key
from kama_excel.domain.place import Place
from kama_excel.forms.submission import Submission
from kama_excel.inbox.current_forms import take_forms
from kama_excel.merge.merged import merge
from kama_excel.outbox.points import points_to_send_back

MONTH = Month(2026, 2)


def form(file, rate, filled_on, *, sent=None, saved=None):
    """Return a form of 甲課 with a rate for T-1; days are (month, day) of 2026."""

    def moment(day):
        return dt.datetime(2026, day[0], day[1], 9, tzinfo=JAPAN) if day else None

    entry = Entry(Key("T-1"), Field.DONE, rate, str(rate), Place(file, "進捗", "F5"))
    day = dt.date(2026, filled_on[0], filled_on[1]) if filled_on else None
    found = Submission(file, "", "test-1", "甲課", "2", "", day, (entry,), (), (), moment(sent), moment(saved))
    return found._replace(filled_on_place=Place(file, "はじめに", "C7"))


A = form("a.xlsx", 70, (2, 26), sent=(2, 20))
B = form("b.xlsx", 60, (2, 24), sent=(2, 24))
C = form("c.xlsx", 50, (4, 1), saved=(2, 25))


@pytest.mark.parametrize(("forms", "counts"), [([A, B], "b.xlsx"), ([B, A], "b.xlsx"), ([A, B, C], "c.xlsx")])
def test_evidence_orders_forms_and_a_later_filled_on_orders_nothing(forms, counts):
    merged = merge(plan_of(), MONTH, take_forms(None, MONTH, forms))
    assert merged.entries["T-1", "実施"].place.file == counts
    late = [each.place.file for each in merged.findings if each.code.name == "FILLED_ON_LATER"]
    assert sorted(late) == sorted({"a.xlsx", counts} - {"b.xlsx"})


def test_without_evidence_the_later_filled_on_counts_unless_it_lies_beyond_the_next_month():
    forms = [form("d.xlsx", 10, (3, 31)), form("e.xlsx", 20, (2, 3)), form("f.xlsx", 30, (4, 1))]
    merged = merge(plan_of(), MONTH, take_forms(None, MONTH, forms))
    assert merged.entries["T-1", "実施"].place.file == "d.xlsx"
    assert [each.place.file for each in merged.findings if each.code.name == "FILLED_ON_LATER"] == ["f.xlsx"]


def test_a_filled_on_that_the_mail_confirms_is_no_fault_of_the_department():
    late = form("g.xlsx", 40, (4, 20), sent=(4, 20))
    merged = merge(plan_of(), MONTH, take_forms(None, MONTH, [late]))
    assert [each.code.name for each in merged.findings if each.code.name.startswith("FILLED")] == [
        "FILLED_ON_AFTER_MONTH"
    ]
    assert points_to_send_back(merged.statuses[0], merged.findings) == []
