"""Lay out a working folder: plan, input, output, mail texts, the page to read first, and the files to double-click."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from kama_excel.demo.city import demo_files
from kama_excel.domain.calendar import Month, year_label
from kama_excel.files.whole_files import write_whole
from kama_excel.outbox.templates import bundled_templates
from kama_excel.plan.rows import EXAMPLE
from kama_excel.plan.writer import Tables, write_plan
from kama_excel.workspace.folders import Workspace
from kama_excel.workspace.starters import step_starters, text_file

READ_FIRST = "はじめにお読みください.txt"

_WORDS = """はじめにお読みください

このフォルダは、計画の進捗を集計する作業フォルダです。
Windows では、下の名前のファイルをダブルクリックすると、その作業をします。

■ 毎月の作業
1. 配布メール.bat　　　様式を添付したメールの下書きを、課ごとに output に作ります。開いて内容を確認し、送信してください。
2. 様式を作る.bat　　　メールを使わないときに、各課の様式（Excel）を workbook_templates の forms に作ります。
3. 届いた様式を、input の中に「2026-02」のような月の名前のフォルダを作って入れます。メール（.eml、.msg）や ZIP のままでも入れられます。
   確かめる.bat の上に届いたファイルを置く（ドラッグする）と、そのファイルだけを先に確かめられます。
4. 集計する.bat　　　　様式を読み、output の同じ月のフォルダに、集計したブックを書きます。
   最新の結果を開く.bat は、最後に集計したブックを開きます。
   今の状況.bat は、どの課がいつ何を提出したか、何が残っているか、次に何をするかを表示します。迷ったときにご覧ください。
5. ブックのシート「確認事項」に、人が見るべきセルが並びます。
6. メール下書き.bat　　まだ届いていない課への督促と、確認事項のある課への差戻しの下書きを作ります。送信はしません。
   直した様式が届いたら、同じ月のフォルダに入れて、もう一度「集計する.bat」をダブルクリックします。
7. 結果メール.bat　　　集計の結果を各課にお知らせする下書きを作ります。課ごとに、結果のお知らせ（A4の1枚）が付きます。

■ このフォルダにあるもの
workbook_templates の plan.xlsx　 計画台帳。アクション・タスク・指標・担当課・評価区分は、ここに書きます。
workbook_templates の mail　　　　メールの文面（配布・督促・差戻し・結果）。メモ帳で直せます。{担当課} のような印はそのまま残してください。
input　　　　　　　　　　　　　　 届いた様式を月ごとに入れます。
output　　　　　　　　　　　　　　集計したブックが月ごとにできます。記録.csv には、集計のたびに1行が加わります。
.kama-excel で始まるファイル　　　プログラムが作業に使うものです。削除しないでください。

■ はじめに
%s
"""

_EMPTY = """plan.xlsx を Excel で開き、「（記入例）」の行を自分の市の計画に書き換えてください。各シートの2行目に書き方があります。
「（記入例）」は1行も残さないでください。書いたら保存して閉じ、「様式を作る.bat」をダブルクリックします。"""

_EXAMPLE = """これは見本です。計画台帳と、記入済みの様式（input の 2026-02）が入っています。
「集計する.bat」をダブルクリックすると、output の 2026-02 に集計したブックができます。"""


_DEMO = """これは架空の市の見本です。計画台帳（50アクション、13課）と、令和7年9月から令和8年2月までの記入済みの様式が入っています。
名称・数値・文章・写真は、すべて架空のものです。
「集計する.bat」をダブルクリックすると、output の 2026-02 に集計したブックができます。"""


@dataclass(frozen=True, slots=True)
class LaidOut:
    """What was put into the folder, and what had been there before and was left as it is; paths below the folder."""

    written: tuple[Path, ...]
    left: tuple[Path, ...]


def lay_out(root: Path, today: Month, *, example: bool = False, demo: bool = False) -> LaidOut:
    """Lay out a working folder; a file that is there already is left as it is, whatever stands in it.

    Its plan is one of worked lines from the fiscal year of `today` on, or the example's with the filled forms of its
    month, or with `demo` a made-up city's with those of half a year. Raises OSError where the folder cannot be written to.
    """
    workspace = Workspace.of(root)
    written, left = [], []
    for path, content in _files(workspace, today, example=example, demo=demo):
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
    """Yield each file's place in a working folder, and its bytes: the plan first, then the forms.

    The wheel holds copies (pyproject, force-include); in an editable install the project's own files are read.
    """
    plan, forms = _INSTALLED / "plan.xlsx", _INSTALLED / "input"
    if not plan.is_file():
        plan, forms = _PROJECT / "workbook_templates" / "plan.xlsx", _PROJECT / "input" / "example"
    yield PurePosixPath("workbook_templates/plan.xlsx"), plan.read_bytes()
    for path in sorted(forms.rglob("*.xlsx")):
        yield PurePosixPath("input", path.relative_to(forms)), path.read_bytes()


_YEARS = 3


def first_plan(month: Month) -> Tables:
    """Return the rows of a plan of three years that begins in the month's fiscal year."""
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
