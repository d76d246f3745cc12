"""Write docs/findings.md from the catalogue: `python docs/findings.py`."""

import argparse
import re
from pathlib import Path

from kama_excel.findings.catalogue import Code, Severity

SECTIONS = {
    Code.PLAN_SHEET_MISSING: "計画台帳",
    Code.FILE_UNREADABLE: "届いたファイルと写真",
    Code.FORM_SHEET_MISSING: "様式の形",
    Code.CELL_ERROR: "記入された値",
    Code.DEPARTMENT_MISSING: "様式間・月間の整合",
    Code.CORRECTED: "訂正",
    Code.DECISION_WITHOUT_FIGURE: "評価の結果",
}
"""The first code of each section, in the catalogue's order."""

HEAD = """# 確認事項の一覧

`kama-excel` が示す確認事項は、次の表のとおりです。コードは `--json` の `findings` の `code` に表示されます。

- **エラー**: その値やファイルを集計に含めていません。
- **警告**: 集計に含めました（または未報告として扱いました）が、ご確認をお願いする値です。
- **情報**: 参考情報です。対応は不要です。

「対応のお願い」は、差戻しのメールと次に配布する様式にも記載されます。「…」には、そのセルの値などが入ります。
このページは `python docs/findings.py` で作成します。直接編集しないでください。
"""


def page() -> str:
    """Return the page: a table per section, a line per code."""
    parts = [HEAD]
    for code in Code:
        if code in SECTIONS:
            parts.append(f"\n## {SECTIONS[code]}\n\n| コード | 重要度 | 内容 | 対応のお願い |\n|---|---|---|---|\n")
        parts.append(f"| `{code.slug}` | {_severity(code.severity)} | {_shown(code.text)} | {_shown(code.advice)} |\n")
    return "".join(parts)


def _severity(severity: Severity) -> str:
    return f"**{severity}**" if severity is Severity.ERROR else str(severity)


def _shown(template: str) -> str:
    return re.sub(r"\{\w+\}", "…", template)


if __name__ == "__main__":
    argparse.ArgumentParser(description=__doc__).parse_args()
    Path(__file__).with_name("findings.md").write_text(page(), encoding="utf-8")
