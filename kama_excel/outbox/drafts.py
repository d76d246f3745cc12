"""Select the mails of a month: one per department and kind, with attachments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum
from pathlib import Path

from kama_excel.domain.calendar import Month, date_label, day_label, year_label
from kama_excel.domain.keys import Key
from kama_excel.files.names import safe_name, unique_names
from kama_excel.findings.finding import Finding, own_name
from kama_excel.forms import schema
from kama_excel.forms.content import Point, form_content
from kama_excel.inbox.current_forms import SUBMITTED, UNFILLED, UNREAD, DepartmentStatus
from kama_excel.outbox.message import Draft
from kama_excel.outbox.points import points_to_send_back
from kama_excel.outbox.prefill import FormBatch
from kama_excel.outbox.templates import read_template
from kama_excel.plan.model import Plan
from kama_excel.plan.rows import Indicator, Task

_NO_DEADLINE = "別途お知らせする期日"
_ASK = "ご不明な点がありましたら、このメールにご返信ください。"
_REPLY = "提出は、このメールに様式を添付してご返信ください。"


DRAFTS_FOLDER = "メール"
"""Below a month's output."""


class MailKind(StrEnum):
    """The purpose of a mail."""

    SEND_OUT = "配布"
    REMIND = "督促"
    SEND_BACK = "差戻し"
    RESULT = "結果"


_ATTACHED = {MailKind.SEND_BACK: "修正用", MailKind.RESULT: "結果"}
"""The word for the attachment; 様式 for the other kinds."""


def recipients(
    kind: MailKind, plan: Plan, month: Month, statuses: Sequence[DepartmentStatus], findings: Sequence[Finding]
) -> tuple[str, ...]:
    """Return the departments that get a kind of mail, in the plan's order.

    配布 and 結果 are for every department that has a form, 督促 for those of them without a form this month, 差戻し for
    those whose forms of this month have an エラー or 警告.
    """

    def is_asked(status: DepartmentStatus) -> bool:
        has_form = bool(plan.at(month).actions_of(status.department))
        has_sent = status.status == SUBMITTED
        match kind:
            case MailKind.SEND_OUT | MailKind.RESULT:
                return has_form
            case MailKind.REMIND:
                return has_form and not has_sent
            case MailKind.SEND_BACK:
                return has_sent and bool(points_to_send_back(status, findings))

    return tuple(status.department for status in statuses if is_asked(status))


def draft_names(departments: Iterable[str]) -> dict[tuple[str, MailKind], str]:
    """Return the names of the draft files by department and kind: 市民課_督促.eml.

    They sort by department.
    """
    wanted = {(department, kind): f"{department}_{kind.value}" for department in departments for kind in MailKind}
    names = unique_names(wanted.values())
    return {of: f"{names[name]}.eml" for of, name in wanted.items()}


def attachment_name(kind: MailKind, department: str, month: Month) -> str:
    """Return the name of an attached form: 市民課_2026-02_様式.xlsx.

    A form that is sent back has another name.
    """
    return f"{safe_name(department)}_{month}_{_ATTACHED.get(kind, '様式')}.xlsx"


def drafts(
    kind: MailKind,
    batch: FormBatch,
    texts: Path,
    attachments: Mapping[str, Mapping[str, bytes]],
    fields: Mapping[str, Mapping[str, str]] | None = None,
) -> tuple[Draft, ...]:
    """Return the mails of a kind to the departments in `attachments`.

    `fields` are further fields of the text by department. Raises: TemplateError.
    """
    template = read_template(texts, kind.value)
    statuses = {status.department: status for status in batch.statuses}
    made = []
    for department, attached in attachments.items():
        subject, body = template.filled({**_fields(batch, statuses[department]), **(fields or {}).get(department, {})})
        made.append(
            Draft(
                department=department,
                to=next((each.mail for each in batch.plan.departments if each.name == department), ""),
                subject=" ".join(subject.split()),
                body=body,
                attachments=attached,
            )
        )
    return tuple(made)


def _fields(batch: FormBatch, status: DepartmentStatus) -> Mapping[str, str]:
    """Return the fields that a mail's text may have in braces."""
    plan, month = batch.plan, batch.month
    rows = form_content(plan, month, status.department).rows
    files = [received.submission.file for received in status.received]
    points = points_to_send_back(status, batch.findings, batch.entries.get(status.department, {}))
    texts = (
        _point(number, each, files, _row_label(plan, month, each.key)) for number, each in enumerate(points, start=1)
    )
    return {
        "計画名": plan.name,
        "団体名": plan.municipality,
        "担当課": status.department,
        "対象月": month.label,
        "期限": day_label(batch.deadline) if batch.deadline else _NO_DEADLINE,
        "提出先": _send_to(plan),
        "提出状況": _status_sentence(plan, month, status),
        "タスク数": str(len(rows[schema.PROGRESS_SHEET.name])),
        "指標数": str(len(rows[schema.INDICATOR_SHEET.name])),
        "アクション数": str(len(rows[schema.ASSESSMENT_SHEET.name])),
        "訂正": _corrected(batch, status.department),
        "件数": str(len(points)),
        "確認事項": "\n\n".join(texts),
    }


def _corrected(batch: FormBatch, department: str) -> str:
    """List corrected values with old value, author and reason; '' if none (rule 8)."""
    lines = []
    for (key, field), entry in batch.entries.get(department, {}).items():
        label = _row_label(batch.plan, batch.month, key)
        if entry.correction and label:
            each = entry.correction
            was, who = each.reported or "空欄", f"{date_label(each.day)}、{each.by}: {each.reason}"
            lines.append(f"・{label} {field}: {was} → {entry.typed}（{who}）")
    return "\n\n次の値は、訂正後の値を様式に入力しています。\n" + "\n".join(lines) if lines else ""


def _send_to(plan: Plan) -> str:
    """Return the recipient of a form and the contact, from the plan."""
    send_to = f"提出先: {plan.send_to}" if plan.send_to else _REPLY
    return f"{send_to}\n{f'問い合わせ先: {plan.ask}' if plan.ask else _ASK}"


def _status_sentence(plan: Plan, month: Month, status: DepartmentStatus) -> str:
    """Describe what a department that gets a reminder has not sent."""
    if status.status == UNREAD:
        reasons = "\n".join(f"・{own_name(each.file)}: {each.reason}\n　→ {each.advice}" for each in status.unread)
        return (
            f"{plan.name}の{month.label}分の進捗報告としてお送りいただいたファイルを、読み取れませんでした。\n{reasons}"
        )
    if status.status == UNFILLED:
        return f"{plan.name}の{month.label}分の進捗報告の様式が、記入のないまま戻っております。"
    last = f"（これまでのご提出は、{status.received[-1].month.label}分までです）" if status.received else ""
    return f"{plan.name}の{month.label}分の進捗報告が、まだ届いておりません{last}。"


def _row_label(plan: Plan, month: Month, key: Key) -> str:
    """Return action and task of a 管理番号: アクション22『…』 令和7年度「…」; '' if none."""
    in_force = plan.at(month)
    rows: tuple[Task | Indicator, ...] = (*in_force.tasks, *in_force.indicators)
    row = next((each for each in rows if each.key == key), None)
    action_no = row.action_no if row else key.action_no
    name = plan.names(month).get(action_no or 0)
    if name is None:
        return ""
    label = f"アクション{action_no}『{name}』"
    if row:
        label += f" {year_label(row.fiscal_year)}「{row.text}」" if isinstance(row, Task) else f"「{row.name}」"
    return label


def _point(number: int, point: Point, files: Sequence[str], label: str) -> str:
    """Return one point: subject, place (with the form's name if several), and advice."""
    where = f"{point.where}（{own_name(point.place.file)}）" if len(files) > 1 else point.where
    of_what = f"{label}\n   " if label else ""
    asked = "".join(f"\n   {each.message}\n   → {each.advice}" for each in point.requests)
    return f"{number}. {of_what}{where}{asked}"
