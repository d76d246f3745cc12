"""Make a month's report from disk: read, evaluate, compare. Writes nothing.

Reading starts first, in processes of its own. Modules that are slow to load (pandas, plan, evaluation) are
imported meanwhile, so this module itself must load quickly.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from kama_excel.domain.calendar import Month
from kama_excel.findings.progress import Watch, unwatched
from kama_excel.inbox.arrivals import files_to_read, start_reading
from kama_excel.workspace.folders import Workspace, plan_content
from kama_excel.workspace.sent_files import months_until, sent_files

if TYPE_CHECKING:
    from kama_excel.report.month_report import Report


def make_report(
    workspace: Workspace, month: Month, watch: Watch = unwatched, *, meanwhile: Callable[[], object] | None = None
) -> Report:
    """Return the report of a month; `meanwhile` is called while the files are being read.

    It loads further slow modules. Raises: PlanError; RunError if there is no plan.
    """
    plan_name, plan_file = workspace.shown(workspace.plan), plan_content(workspace)
    sent = sent_files(workspace.input, workspace.root, month)
    with start_reading(files_to_read(sent)) as reading:
        from kama_excel.history.timeline import history
        from kama_excel.inbox.receive import intake_of_months
        from kama_excel.plan.reader import plan_of
        from kama_excel.report.month_report import Report, picture_findings, shortened_texts

        if meanwhile:
            meanwhile()
        plan, plan_findings = plan_of(plan_file, plan_name)
        intake = intake_of_months(plan, month, sent, reading, watch)
    months = months_until(workspace.input, month)
    states = history(plan, months if month in months else (*months, month), intake.forms, intake.unread)
    merged, evaluation = states[-1].merged, states[-1].evaluation
    findings = (*plan_findings, *intake.findings, *merged.form_findings, *merged.findings, *evaluation.findings)
    findings += (*shortened_texts(merged), *picture_findings(merged))
    return Report(evaluation, merged, findings, (plan_name, plan_file), states, intake.forms)
