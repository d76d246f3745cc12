"""Public reports of made-up plans, straight from facts: many actions, several months, pictures, hostile texts."""

from dataclasses import replace

from kama_excel.domain.calendar import Month
from kama_excel.domain.text import text_of
from kama_excel.history.timeline import history
from kama_excel.report.html.site import site_files
from kama_excel.report.month_report import Report
from kama_excel.report.public_report import PublicReport, public_report
from support.hostile import TEXTS, typed
from support.reports import made_up_entries, made_up_plan, picture, submission

MONTHS = (Month(2025, 12), Month(2026, 1), Month(2026, 2))
WITHHELD = 2


def made_up_public(actions, change=lambda plan: plan):
    """Return the public report of so many actions, the last two of them withheld, over three months."""
    plan = change(made_up_plan(actions, 3))
    last = {action.no for action in plan.actions[-WITHHELD:]}
    plan = replace(plan, actions=tuple(each._replace(is_public=each.no not in last) for each in plan.actions))
    received = [
        submission(department, entries, str(month))
        for at, month in enumerate(MONTHS)
        for department, entries in made_up_entries(plan, at, str(month)).items()
        if entries
    ]
    states = history(plan, MONTHS, received)
    newest = states[-1]
    report = Report(newest.evaluation, newest.merged, (), ("plan.xlsx", b"made-up"), states)
    return public_report(report, received, MONTHS)


def with_pictures(source):
    """Return the same with pictures of the first action, one of them without a caption."""
    report = source.report
    action = report.evaluation.actions[0].action
    entries = dict(report.merged.entries)
    for number, caption in ((1, "現地の様子"), (2, "")):
        entries |= picture(action.lead, action.no, number, caption)
    return PublicReport(replace(report, merged=replace(report.merged, entries=entries)), source.withheld)


def write_site(source, folder, pdf=None):
    """Write the files of the page below a folder and return the page."""
    for name, content in site_files(source, pdf).items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content().read())
    return folder / "index.html"


HOSTILE = (
    *(text_of(typed(text)) for name, text in TEXTS.items() if name != "much"),
    "<img src=x onerror=\"document.title='ran'\">",
    '"><script>document.title="ran"</script>',
    "' onmouseover='document.title=1' x='",
    "javascript:document.title='ran'",
    "</style><script>document.title='ran'</script>",
    "</title><script>document.title='ran'</script>",
    "{{ 7 * 7 }}{% for x in y %}",
    "\u202eほぼ達成\u2066",
)
"""Texts that a page could be made to run, to follow or to show as something else."""


def hostile_plan(plan):
    """Return a plan that has one of the texts in every place that takes words."""
    said = dict(enumerate(HOSTILE))

    def text(at):
        return said[at % len(said)]

    actions = tuple(
        each._replace(name=text(at), aim=text(at), approach=text(at), target_text=text(at), owners=text(at))
        for at, each in enumerate(plan.actions)
    )
    return replace(
        plan,
        name=HOSTILE[-2],
        municipality=HOSTILE[-3],
        actions=actions,
        measures=tuple(each._replace(theme=text(each.no), name=text(each.no + 7)) for each in plan.measures),
        tasks=tuple(each._replace(text=text(at)) for at, each in enumerate(plan.tasks)),
        indicators=tuple(each._replace(name=text(at), unit=text(at)) for at, each in enumerate(plan.indicators)),
        decisions=tuple(each._replace(reason=text(at)) for at, each in enumerate(plan.decisions)),
    )
