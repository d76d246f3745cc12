"""Screen output of `check`; all of its own characters exist in code page 932."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from kama_excel.commands.check import Checked
from kama_excel.findings.catalogue import Severity


def verdict_lines(checked: Checked) -> Iterator[str]:
    """Yield the lines: each file with its findings, then what to do next."""
    for verdict in checked.verdicts:
        count = Counter(each.severity for each in verdict.findings)
        counted = "　".join(f"{severity} {count[severity]}" for severity in Severity)
        yield f"{verdict.file}　確認事項: {counted}"
        for form in verdict.forms:
            inside = f"{form.file.removeprefix(verdict.file + '!')}: " if form.file != verdict.file else ""
            pictures = f"、写真 {len(form.pictures)}枚" if form.pictures else ""
            yield f"  {inside}{form.department}の様式です。記入 {len(form.entries)}か所{pictures}"
        for each in verdict.findings:
            inner = each.place.file.removeprefix(verdict.file).lstrip("!")
            where = str(each.place._replace(file=inner))
            yield f"  [{each.severity}] {where + ' ' if where else ''}{each.message}{each.advice}"
    if not checked.has_plan:
        yield "計画台帳がないため、様式だけを確認しました（計画にある行かどうかは確認していません）。"
    if checked.has_errors:
        yield "エラーの箇所を修正してください。"
    elif any(each.severity is Severity.WARNING for verdict in checked.verdicts for each in verdict.findings):
        yield "エラーはありません。警告の箇所をご確認のうえ、お送りください。"
    else:
        yield "エラーはありません。このままお送りいただけます。"
