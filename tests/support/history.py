"""A city's months beside each other, and what a sheet of its workbook says."""

from kama_excel.domain.calendar import Month
from kama_excel.history.timeline import history
from kama_excel.inbox.receive import receive
from kama_excel.plan.reader import open_plan
from kama_excel.workspace.folders import Workspace


def sheet_text(city, document, name):
    """Return the values of a sheet of the consolidated workbook, row by row, without blanks."""
    rows = city.workbook(document)[name].iter_rows(values_only=True)
    return [[value for value in row if value is not None] for row in rows if any(row)]


def states(city, *months):
    """Return the states of the months, evaluated from the city's input folder."""
    workspace = Workspace.of(city.root)
    plan, _ = open_plan(workspace)
    parsed = [Month.parse(month) for month in months]
    intake = receive(workspace.input, workspace.root, plan, max(parsed))
    return history(plan, parsed, intake.forms, intake.unread)
