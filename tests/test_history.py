"""The months in a row: the trend, and what changed since the month before."""

from support.plans import tables

from kama_excel.batch import Folders, receive
from kama_excel.fiscal import Month
from kama_excel.history import changes, history
from kama_excel.plan.file import open_plan


def states(city, *months):
    """Return the states of the months, evaluated from the city's input folder."""
    folders = Folders.of(city.root)
    plan, _, _ = open_plan(folders.plan, "plan.xlsx")
    parsed = [Month.parse(month) for month in months]
    received, _ = receive(folders, plan, max(parsed))
    return history(plan, parsed, received)


def test_every_month_is_evaluated_as_it_was_then(city):
    city.submit("2025-11", "甲課", {("進捗", "T-1", "実施"): 0.5})
    city.submit("2026-01", "甲課", {("進捗", "T-1", "実施"): 0.9})
    rates = [state.evaluation.actions[0].shown for state in states(city, "2025-11", "2025-12", "2026-01")]
    assert rates == ["50.0%", "50.0%", "90.0%"]
    alone = [state.evaluation.actions[0].shown for state in states(city, "2025-11")]
    assert alone == rates[:1]


def test_what_changed_is_named_with_the_value_that_did_it(city):
    city.submit("2025-11", "甲課", {("進捗", "T-1", "実施"): 0.5, ("成果と課題", "W-1-甲課", "課題"): "同じ文"})
    now = {("進捗", "T-1", "実施"): 0.9, ("進捗", "T-3", "実施"): 0.9, ("成果と課題", "W-1-甲課", "課題"): "同じ文"}
    city.submit("2025-12", "甲課", now)
    found = changes(*states(city, "2025-11", "2025-12"))
    assert [
        (each.entry.key, each.before and each.before.typed, each.after.typed, each.is_late) for each in found.values
    ] == [
        ("T-1", "50%", "90%", True),
        ("T-3", None, "90%", False),
    ]
    change = found.actions[0]
    assert (change.before.grade, change.after.grade, len(change.values)) == ("課題あり", "ほぼ達成", 2)
    assert [(each.key, each.item) for each in found.repeated] == [("W-1-甲課", "課題")]


def test_a_value_that_is_gone_is_a_change_too(city):
    city.submit("2025-11", "甲課", {("進捗", "T-1", "実施"): 0.5})
    city.submit("2025-12", "甲課", {("進捗", "T-1", "実施"): None})
    found = changes(*states(city, "2025-11", "2025-12"))
    assert [(each.before.typed, each.after) for each in found.values] == [("50%", None)]


def test_a_carried_form_repeats_no_text(city):
    city.submit("2025-11", "甲課", {("成果と課題", "W-1-甲課", "課題"): "同じ文"})
    city.submit("2025-12", "乙課")
    assert changes(*states(city, "2025-11", "2025-12")).repeated == ()


def test_a_task_that_is_dropped_in_the_middle_is_a_change_of_the_plan(city):
    tasks = [list(each) for each in tables()["タスク"]]
    tasks[1] += [None, None, "2025-11"]
    city.write_plan(タスク=tasks)
    city.submit("2025-11", "乙課", {("進捗", "T-2", "実施"): 0.5})
    before, after = states(city, "2025-11", "2025-12")
    found = changes(before, after)
    assert [(each.key, each.has_begun) for each in found.plan] == [("T-2", False)]
    assert before.evaluation.actions[0].shown == "50.0%"
    assert after.evaluation.actions[0].shown is None
