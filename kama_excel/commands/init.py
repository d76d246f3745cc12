"""Create a working folder: plan, input, output, mail texts, first page, batch files."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import NamedTuple

from kama_excel.demo.city import demo_files
from kama_excel.domain.calendar import Month, year_label
from kama_excel.files.whole_files import write_whole
from kama_excel.outbox.templates import bundled_templates
from kama_excel.plan.plan_sheets import EXAMPLE
from kama_excel.plan.writer import Tables, write_plan
from kama_excel.workspace.folders import RunError, Workspace
from kama_excel.workspace.starters import step_starters, text_file

READ_FIRST = "はじめにお読みください.txt"

_WORDS = """はじめにお読みください

このフォルダは、計画の進捗を集計する作業フォルダです。
Windows では、下の名前のファイルをダブルクリックすると、その作業を行います。

■ 毎月の作業
1. 様式を配る.bat　　　各課の様式と、様式を添付したメールの下書きを作成し、下書きのフォルダを開きます。内容を確認し、送信してください。
2. 届いたメールを、input の中の月のフォルダ（「2026-02」など）に保存します。1. で作成されています。
   メール（.eml、.msg）のままで、まとめて保存できます。添付ファイルを取り出す必要はありません。様式（Excel）や ZIP でもかまいません。
3. 集計する.bat　　　　届いた様式を集計し、集計ブックを作成します。続けて、必要なメールの下書き（期限を過ぎた課への督促、確認を
   お願いする課への差戻し、すべてそろった後の結果のお知らせ）を作成し、ブックを開きます。
4. ブックのシート「確認事項」を確認し、下書きを送信します。修正された様式が届いた場合は、2. から繰り返します。

■ 必要なとき
今の状況.bat　　　　　　各課の提出状況、対応の済んでいない事項と、次の作業を表示します。作業に迷ったときにご覧ください。
確かめる.bat　　　　　　届いたファイルをこの上にドラッグすると、そのファイルだけを確認します。
最新の結果を開く.bat　　最後に集計したブックを開きます。
督促と差戻し.bat　　　　督促と差戻しの下書きだけを、提出期限を指定して作成します。
結果メール.bat　　　　　結果のお知らせの下書きだけを作成します。

■ このフォルダにあるもの
workbook_templates の plan.xlsx　 計画台帳。アクション・タスク・指標・担当課・評価区分を登録します。
workbook_templates の forms　　　 各課の様式。メールを使わずに配布するときは、ここから渡してください。
workbook_templates の mail　　　　メールの文面（配布・督促・差戻し・結果）。メモ帳で変更できます。{担当課} のような印は残してください。
input　　　　　　　　　　　　　　 届いたものを月ごとに保存します。
output　　　　　　　　　　　　　　集計ブックとメールの下書きが月ごとに作成されます。記録.csv には、集計のたびに1行が記録されます。
.kama-excel で始まるファイル　　　プログラムが作業に使用します。削除しないでください。

■ はじめに
%s
"""

_EMPTY = """plan.xlsx を Excel で開き、「（記入例）」の行を実際の計画の内容に書き換えてください。各シートの2行目に入力のしかたがあります。
「（記入例）」は1行も残さないでください。保存して閉じ、「様式を配る.bat」をダブルクリックしてください。"""

_EXAMPLE = """これは見本です。計画台帳と、記入済みの様式（input の 2026-02）が入っています。
「集計する.bat」をダブルクリックすると、output の 2026-02 に集計ブックが作成されます。"""

_DEMO = """これは架空の市の見本です。計画台帳（50アクション、13課）と、令和7年9月から令和8年2月までの記入済みの様式が入っています。
名称・数値・文章・写真は、すべて架空のものです。
「集計する.bat」をダブルクリックすると、output の 2026-02 に集計ブックが作成されます。"""


class LaidOut(NamedTuple):
    """The paths created in the folder, and those that existed and were left unchanged."""

    written: tuple[Path, ...]
    left: tuple[Path, ...]


def lay_out(root: Path, today: Month, *, example: bool = False, demo: bool = False) -> LaidOut:
    """Create a working folder; existing files stay unchanged.

    The plan has sample lines from the fiscal year of `today` on. With `example` it is the example's with the
    filled forms of its month; with `demo` a fictional city's with half a year of forms. Raises: RunError if the
    folder has another plan, which must not get invented forms; OSError if it cannot be written to.
    """
    workspace = Workspace.of(root)
    written, left = [], []
    files = list(_files(workspace, today, example=example, demo=demo))
    if (example or demo) and workspace.plan.exists() and workspace.plan.read_bytes() != dict(files)[workspace.plan]:
        raise RunError(
            f"「{root.name}」には、すでに計画台帳があります。見本の様式が混ざらないよう、何も作成していません。"
            "見本は、新しいフォルダに作成してください。"
        )
    for path, content in files:
        shown = path.relative_to(root)
        if path.exists():
            left.append(shown)
        else:
            write_whole(path, content)
            written.append(shown)
    for folder in (workspace.input, workspace.output):
        folder.mkdir(parents=True, exist_ok=True)
    return LaidOut(tuple(written), tuple(left))


def _files(workspace: Workspace, today: Month, *, example: bool, demo: bool) -> Iterator[tuple[Path, bytes]]:
    yield workspace.root / READ_FIRST, text_file(_WORDS % (_DEMO if demo else _EXAMPLE if example else _EMPTY))
    if demo:
        for place, content in demo_files():
            yield workspace.root / place, content
    elif example:
        for place, content in example_files():
            yield workspace.root / place, content
    else:
        yield workspace.plan, write_plan(first_plan(today))
    for name, text in bundled_templates().items():
        yield workspace.mail_texts / name, text_file(text)
    for name, content in step_starters().items():
        yield workspace.root / name, content


_INSTALLED = Path(__file__).parent.parent / "example"

_PROJECT = Path(__file__).parent.parent.parent


def example_files() -> Iterator[tuple[PurePosixPath, bytes]]:
    """Yield path and bytes of each example file: the plan first, then the forms.

    The wheel holds copies (pyproject, force-include); an editable install reads the project's own files.
    """
    plan, forms = _INSTALLED / "plan.xlsx", _INSTALLED / "input"
    if not plan.is_file():
        plan, forms = _PROJECT / "workbook_templates" / "plan.xlsx", _PROJECT / "input" / "example"
    yield PurePosixPath("workbook_templates/plan.xlsx"), plan.read_bytes()
    for path in sorted(forms.rglob("*.xlsx")):
        yield PurePosixPath("input", path.relative_to(forms)), path.read_bytes()


_YEARS = 3


def first_plan(month: Month) -> Tables:
    """Return the rows of a three-year plan that begins in the month's fiscal year."""
    first, last = month.fiscal_year, month.fiscal_year + _YEARS - 1
    return {
        "計画": [
            ["計画名", _worked("○○計画")],
            ["団体名", _worked("○○市")],
            ["計画ID", f"plan-{first}"],
            ["開始年度", year_label(first)],
            ["終了年度", year_label(last)],
            ["見出しの区分", "概ね達成"],
            ["提出先", None],
            ["問い合わせ先", None],
            ["提出期限", None],
        ],
        "評価区分": [["達成", 1.0], ["ほぼ達成", 0.9], ["概ね達成", 0.8], ["やや未達", 0.6], ["課題あり", 0.0]],
        "重点施策": [[1, _worked("くらし"), _worked("利用機会の格差への対応")]],
        "アクション": [
            [
                1,
                _worked("スマホ教室の継続的な開催"),
                1,
                _worked("誰もがスマートフォンを使える"),
                _worked("公民館でスマホ教室を開く"),
                _worked("年10回の開催"),
                _worked("○○課"),
                _worked("○○課"),
            ]
        ],
        "タスク": [[1, 1, year_label(first), _worked("○○課"), _worked("教室の会場と講師を決める")]],
        "指標": [[1, 1, _worked("スマホ教室の開催回数"), "回", None, 10, "増", _worked("○○課")]],
        "担当課": [[_worked("○○課"), None, None]],
    }


def _worked(text: str) -> str:
    return f"{EXAMPLE}{text}"
