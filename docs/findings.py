"""Write docs/findings.md from the catalogue: `python docs/findings.py`."""

import re
from pathlib import Path

from kama_excel.findings.catalogue import Code, Severity

SECTIONS = {
    Code.PLAN_SHEET_MISSING: "計画台帳",
    Code.FILE_UNREADABLE: "届いたファイルと写真",
    Code.FORM_SHEET_MISSING: "様式の形",
    Code.CELL_ERROR: "記入された値",
    Code.DEPARTMENT_MISSING: "様式どうし、月どうし",
    Code.CORRECTED: "訂正",
    Code.DECISION_WITHOUT_FIGURE: "評価の結果",
}
"""The first code of each section, in the catalogue's order."""

HEAD = """# 確認事項の一覧

`kama-excel` が確認事項に出すものは、これで全部です。コードは `--json` の `findings` の `code` に出ます。

- **エラー**: その値やファイルを取り込んでいません。
- **警告**: 取り込みました（または未報告として扱いました）が、確かめてください。
- **情報**: 知っておくとよいことです。

「どうすればよいか」は、差戻しのメールと次に届ける様式にも載ります。「…」には、そのセルの値などが入ります。
このページは `python docs/findings.py` が作ります。手で直さないでください。
"""


def page() -> str:
    """Return the page: a table per section, a line per code."""
    parts = [HEAD]
    for code in Code:
        if code in SECTIONS:
            parts.append(
                f"\n## {SECTIONS[code]}\n\n| コード | 重さ | 何が起きたか | どうすればよいか |\n|---|---|---|---|\n"
            )
        rule = code.value
        parts.append(f"| `{rule.slug}` | {_severity(rule.severity)} | {_shown(rule.text)} | {_shown(rule.advice)} |\n")
    return "".join(parts)


def _severity(severity: Severity) -> str:
    return f"**{severity}**" if severity is Severity.ERROR else str(severity)


def _shown(template: str) -> str:
    return re.sub(r"\{\w+\}", "…", template)


if __name__ == "__main__":
    Path(__file__).with_name("findings.md").write_text(page(), encoding="utf-8")
