"""What people read is worded as a city hall words it, and one thing has one term, as docs/glossary.md has them.

Each pattern is a word that is not used, beside the one that is: in the program's texts, its templates, and the pages in
Japanese. What the made-up city's departments write in `demo` is their own.
"""

import ast
import re
from pathlib import Path

import pytest

PROJECT = Path(__file__).parent.parent
PROGRAM = PROJECT / "kama_excel"

TERMS = {
    "(統合|結果|集計済み)ブック": "集計ブック",
    "台帳ブック|計画ブック": "計画台帳",
    "提出状態": "提出状況",
    "お届け|届ける様式": "配布する",
    "前回値|先月値": "前月値",
    "入力欄(?!が表示)": "記入欄",
    "指摘事項|確認点": "確認事項",
    "深刻度|重さ": "重要度、重み",
    "アドバイス|助言|していただくこと": "対応のお願い",
    "きまり|決まり(?!ます)": "算定の考え方",
    "採用値": "採用した達成率",
    "上の区分まで": "次の区分に必要な水準",
    "届きません": "到達できません、接続できません",
    "まだ始まっていない年度": "開始前の年度",
}
OFFICIAL_WORDS = {
    "下さい": "ください",
    "[0-9}]箇所": "か所",
    "毎に": "ごとに",
    "他の": "ほかの",
    "予め": "あらかじめ",
    "[のた]通り[にで、。]": "とおり",
    "構いません": "かまいません",
    "出来[るまなた]": "できる",
    "[0-9}][0-9]つ": "件",
    "[0-9}]つのアクション": "件",
    "取り込[んみま]": "集計に含める、読み込む",
    "もら[いっう]": "依頼する、受け取る",
    "(?<!満)足[しせ](?!り)": "追加する",
    "書き写": "転記する",
    "(?<![上下])書[いくか]|(?<![上下み意読手])書き(?!換|込)|書け": "入力する、記入する、作成する",
    "(?<![受組])入れ[てるまた](?<!り入れ.)": "入力する、登録する、保存する",
    "(?<![きしり見手])直[しすせさ]": "修正する",
    "(?<![り解])消[しすせさ]": "削除する",
    "読め(?!ます)|読ん|読む|読み(?!取|込|上|書|く)": "読み込む、扱う",
    "作[りるれっ](?!方)": "作成する",
    "要り|要る|要ら": "必要",
    "数え[ずてるまな]": "含める、対象とする",
    "どれも|いちばん|思わぬ|堂々巡り|つもり": "いずれも、最も、予期しない、循環参照、可能性",
    "かもしれ|たっても|全部|中身": "可能性、以内に、すべて、内容",
    "確かめて|確かめま": "ご確認ください",
    "待ってい": "未報告",
    "効きま|効く": "適用する、反映する",
    "止ま[りっる]|止め[たま]": "停止する、中止する、中断する",
    "何をするか|どうなるか|何が見えるか|何が残って": "作業、扱い、内容",
}
NEVER_A_MARK = "[△▲] ?[-0-9{]"


def texts_of_a_module(path):
    """Return the module's constants that are texts, docstrings left out."""
    tree = ast.parse(path.read_text(encoding="utf-8"))
    docstrings = {
        id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
    }
    if path == PROGRAM / "cli" / "app.py":  # the docstrings of commands are their help
        docstrings = set()
    return [
        (f"{path.relative_to(PROJECT)}:{node.lineno}", node.value)
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in docstrings
    ]


def all_texts():
    modules = [path for path in PROGRAM.rglob("*.py") if "demo" not in path.parts]
    pages = [
        *(path for path in PROGRAM.rglob("*") if path.suffix in {".txt", ".html", ".js"}),
        *(PROJECT / "docs" / "manual").glob("*.md"),
        PROJECT / "docs" / "rules.md",
        PROJECT / "docs" / "findings.md",
        PROJECT / "docs" / "another-plan.md",
        PROJECT / "README.ja.md",
    ]
    found = [each for path in modules for each in texts_of_a_module(path)]
    for path in pages:
        lines = path.read_text(encoding="utf-8").splitlines()
        found += [(f"{path.relative_to(PROJECT)}:{no}", line) for no, line in enumerate(lines, 1)]
    return found


@pytest.fixture(scope="module")
def texts():
    found = all_texts()
    assert len(found) > 2000
    return found


@pytest.mark.slow
@pytest.mark.parametrize("pattern", [*TERMS, *OFFICIAL_WORDS, NEVER_A_MARK])
def test_a_word_that_is_not_ours_is_nowhere(texts, pattern):
    better = {**TERMS, **OFFICIAL_WORDS}.get(pattern, "a grade's symbol")
    found = [
        (place, text[max(0, match.start() - 20) : match.end() + 20])
        for place, text in texts
        for match in re.finditer(pattern, text)
    ]
    assert found == [], f"better: {better}"
