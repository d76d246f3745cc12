"""`run --html`: what the page for the public and the open data say, and what never leaves."""

import base64
import csv
import hashlib
import io
import json
import re
import subprocess
import sys

import pytest
from lxml import html
from support.city import City
from support.pictures import frame, paste, png, take_down
from support.plans import tables
from support.sheets import cells_of

MONTH = "2026-02"
ACTIONS = [
    [1, "窓口の手続き", 1, "待たせない", "オンラインにする", "半分に", "甲課・乙課", "甲課"],
    [2, "学校の連絡", 2, "", "", "10回", "乙課", ""],
    [3, "内部の仕事", 2, "秘密の目的", "", "", "乙課", "", None, None, "しない"],
]


def reported(root):
    """Return a city with the forms of two months, in which much is not for the public."""
    city = City(
        root,
        アクション=ACTIONS,
        タスク=[*tables()["タスク"], [9, 3, "令和6年度", "乙課", "秘密の作業"]],
        担当課=[["甲課", "旧甲課", "kou@example.jp"], ["乙課", "", "otsu@example.jp"]],
        評価方法=[[1, "3カ年平均", "2026-01-20", "決裁 次郎", "実態に合うため"]],
        訂正=[["T-2", "実施", "70%", "2026-02-10", "訂正 三郎", "転記の誤り"]],
    )
    city.submit("2026-01", "甲課", {("進捗", "T-1", "実施"): 0.5})
    first = {
        ("進捗", "T-1", "実施"): 0.8,
        ("進捗", "T-1", "備考"): "内輪の備考",
        ("進捗", "T-3", "実施"): 0.6,
        ("成果と課題", "W-1-甲課", "成果"): "待ち時間が半分になりました。次は郵送です。",
    }
    city.submit(MONTH, "甲課", first, 記入者="架空 太郎", 連絡先="内線4321")
    second = {
        ("指標", "I-1", "実績値"): 8,
        ("指標", "I-1", "時点"): "2026-02-08",
        ("指標", "I-1", "根拠"): "内輪の根拠",
        ("進捗", "T-9", "実施"): 0.4,
        ("成果と課題", "W-3-乙課", "成果"): "秘密の成果",
    }
    sent = city.submit(MONTH, "乙課", second, 記入者="架空 花子")
    paste(sent, ("写真", frame(sent, "P-3-乙課-1"), png(40, 40)))
    return city


@pytest.fixture(scope="module")
def published(tmp_path_factory):
    """A city that published two months, with its run's document and its folder 公表."""
    city = reported(tmp_path_factory.mktemp("公表"))
    document = city.run("--html")
    return city, document, city.root / "output" / MONTH / "公表"


@pytest.fixture(scope="module")
def page(published):
    return html.fromstring((published[2] / "index.html").read_bytes())


def found(root, *names):
    """Return the elements of a class (or a tag), within those of the names before it."""
    steps = [
        f"descendant::*[local-name()='{name}' or contains(concat(' ', @class, ' '), ' {name} ')]" for name in names
    ]
    return root.xpath("/".join(steps))


def text_of(element):
    return " ".join("".join(element.itertext()).split())


@pytest.mark.slow
def test_the_figures_of_the_page_are_those_of_the_run(published, page):
    _, document, _ = published
    actions = {each["no"]: each for each in document["actions"]}
    shown = found(page, "action")
    assert [each.get("id") for each in shown] == ["action-1", "action-2"]
    for each in shown:
        expected = actions[int(each.get("id").partition("-")[2])]
        assert text_of(found(each, "line", "rate")[0]) == expected["shown"]
        assert text_of(found(each, "line", "chip")[0]) == expected["grade"]
    counts = {
        text_of(found(each, "grade")[0]): text_of(found(each, "count")[0]) for each in found(page, "grades", "li")
    }
    assert counts == {
        grade: f"{sum(each['grade'] == grade for each in document['actions'] if each['no'] != 3)}件"
        for grade in ("達成", "ほぼ達成", "概ね達成", "やや未達", "課題あり")
    } | {"未評価": "0件"}  # fmt: skip
    assert text_of(found(page, "headline")[0]) == "2の取り組みのうち、1件が「概ね達成以上」です"


def test_the_open_data_has_the_figures_of_the_run(published):
    _, document, folder = published
    data = json.loads((folder / "data" / "data.json").read_text("utf-8"))
    assert (data["month"], data["withheld_actions"]) == (MONTH, 1)
    run = {each["no"]: each for each in document["actions"]}
    for each in data["actions"]:
        of_run = run[each["action_no"]]
        assert (f"{each['rate']:.1f}%", each["grade"]) == (of_run["shown"], of_run["grade"])
    content = (folder / "data" / "actions.csv").read_bytes()
    assert content.startswith(b"\xef\xbb\xbf")
    rows = list(csv.DictReader(io.StringIO(content.decode("utf-8-sig"))))
    assert [(row["アクション番号"], row["達成率（%）"]) for row in rows] == [
        (str(each["action_no"]), f"{each['rate']:g}") for each in data["actions"]
    ]
    indicator = data["indicators"][0]
    assert (indicator["actual"], indicator["as_of"], indicator["achievement"]) == (8, "2026-02-08", 80)
    assert {row["fiscal_year"] for row in data["years"]} == {2024, 2025, 2026}
    assert {(row["month"], row["action_no"]) for row in data["months"]} == {
        (month, no) for month in ("2026-01", MONTH) for no in (1, 2)
    }


def test_the_keys_of_the_open_data_stay(published):
    data = json.loads((published[2] / "data" / "data.json").read_text("utf-8"))
    assert {name: list(data[name][0]) for name in ("actions", "years", "tasks", "indicators", "months")} == {
        "actions": [
            *("action_no", "name", "theme", "measure", "aim", "approach", "target", "owners", "departments", "method"),
            *("rate", "grade", "status", "achievement", "plan_average", "assessment", "reported", "expected"),
            *("outcome", "efforts", "challenges"),
        ],
        "years": ["action_no", "fiscal_year", "progress", "reported", "expected"],
        "tasks": ["action_no", "fiscal_year", "task_no", "department", "plan", "progress", "state"],
        "indicators": [
            *("action_no", "indicator_no", "name", "unit", "baseline", "target", "direction", "aggregation", "actual", "as_of"),
            *("certainty", "achievement"),
        ],
        "months": ["month", "action_no", "rate", "grade"],
    }  # fmt: skip


def test_every_column_is_described(published):
    folder = published[2]
    described = html.fromstring((folder / "open-data.html").read_bytes())
    package = json.loads((folder / "data" / "datapackage.json").read_text("utf-8"))
    for resource in package["resources"]:
        header = (folder / "data" / resource["path"]).read_bytes().decode("utf-8-sig").splitlines()[0]
        names = [field["name"] for field in resource["schema"]["fields"]]
        assert next(csv.reader([header])) == names
        rows = described.xpath(f"//section[@aria-labelledby='{resource['name']}']//tbody/tr")
        assert [text_of(row[0]) for row in rows] == names
        assert [text_of(row[1]) for row in rows] == [field["jsonKey"] for field in resource["schema"]["fields"]]
        assert all(text_of(row[4]) and text_of(row[5]) for row in rows)


PRIVATE = (
    *(
        "決裁 次郎",
        "訂正 三郎",
        "内輪の備考",
        "内輪の根拠",
        "秘密の",
        "内部の仕事",
        "kou@example.jp",
        "otsu@example.jp",
    ),
    *("甲課.xlsx", f"input/{MONTH}"),
)
CLERKS = ("架空 太郎", "架空 花子", "内線4321")


@pytest.mark.parametrize("private", PRIVATE)
def test_what_is_not_public_is_in_no_file(published, private):
    city, document, folder = published
    staff = (city.root / document["files"]["workbook"], *(city.root / "workbook_templates").glob("*.xlsx"))
    sheets = (cells for path in staff for cells in cells_of(path.read_bytes()).values())
    known = {str(value) for cells in sheets for _, value in cells.values()}
    assert any(private in each for each in known), "the program itself must know it"
    for path in folder.rglob("*"):
        if path.is_file():
            assert private.encode() not in path.read_bytes(), path


@pytest.mark.parametrize("name", CLERKS)
def test_no_name_of_a_clerk_is_in_any_file(published, name):
    for path in published[2].rglob("*"):
        assert path.is_dir() or name.encode() not in path.read_bytes(), path


def test_no_hash_of_a_file_is_public(published):
    city, document, folder = published
    hashes = {each["sha256"] for each in document["submissions"]}
    hashes.add(hashlib.sha256((city.root / "workbook_templates" / "plan.xlsx").read_bytes()).hexdigest())
    for path in folder.rglob("*"):
        assert path.is_dir() or not any(each.encode() in path.read_bytes() for each in hashes if each)


@pytest.mark.usefixtures("office")
def test_what_is_not_public_is_not_in_the_pdf_either(tmp_path):
    city = reported(tmp_path / "city")
    document = city.run("--html", "--pdf")
    path = city.root / "output" / MONTH / "公表" / "report.pdf"
    read = {}
    for program in (("pdftotext", "-layout", path, "-"), ("pdfinfo", path), ("pdfinfo", "-struct-text", path)):
        read[program[:2]] = subprocess.run(program, capture_output=True, check=True).stdout.decode()
    said = "".join("".join(read.values()).split())
    assert "窓口の手続き" in said
    hashes = [each["sha256"] for each in document["submissions"]]
    findings = [each["message"] for each in document["findings"]]
    assert findings
    private = [*PRIVATE, *CLERKS, str(tmp_path), *hashes, *findings]
    assert [each for each in private if each and "".join(each.split()) in said] == []
    raw = path.read_bytes()
    assert [each for each in private if each and each.encode() in raw] == []
    assert re.search(r"^Author: *(.*)", read["pdfinfo", path], re.MULTILINE)[1] == "テスト市"
    pictures = subprocess.run(["pdfimages", "-list", path], capture_output=True, check=True).stdout.decode()
    assert " 40    40 " not in pictures


@pytest.mark.usefixtures("office")
def test_the_public_pdf_says_nothing_of_submissions_findings_and_names_left_out(tmp_path):
    corrections = [
        ["T-2", "実施", "70%", "2026-02-10", "訂正 三郎", "転記の誤り"],
        ["T-9", "実施", "70%", "2026-02-10", "訂正 三郎", "非公表の理由"],
        ["T-1", "実施", "約70%", "2026-02-10", "訂正 三郎", "誤った訂正"],
    ]
    city = City(
        tmp_path / "city",
        アクション=ACTIONS,
        タスク=[*tables()["タスク"], [9, 3, "令和6年度", "乙課", "秘密の作業"]],
        担当課=[["甲課", "旧甲課"], ["乙課"]],
        評価方法=[[1, "3カ年平均", "2026-01-20", "決裁 次郎", "実態に合うため"]],
        訂正=corrections,
    )
    city.submit(MONTH, "甲課", {("進捗", "T-1", "実施"): 0.8, ("進捗", "T-3", "実施"): "約80"})
    city.run("--html", "--pdf")

    def printed(path):
        program = ("pdftotext", "-layout", path, "-")
        return "".join(subprocess.run(program, capture_output=True, check=True).stdout.decode().split())

    folder = city.root / "output" / MONTH
    of_staff, public = (printed(next(each.glob("*.pdf"))) for each in (folder, folder / "公表"))
    for of_both in ("窓口の手続き", "転記の誤り", "実態に合うため", "乙課"):
        assert of_both in of_staff
        assert of_both in public
    internal = (
        "確認事項",
        "課が提出",
        "未提出",
        "報告の状況",
        "報告した日",
        "非公表の理由",
        "誤った訂正",
        "三郎",
        "次郎が",
    )
    assert [each for each in internal if each not in of_staff] == []
    missing = ("決定者の", "訂正者の", "（:", "ご判断いただく", "対応のお願い", "様式の記入欄")
    assert [each for each in (*internal, *missing) if each in public] == []


@pytest.mark.slow
def test_what_is_withdrawn_later_is_gone_from_the_page_and_all_that_lies_beside_it(city):
    """A photo is deleted in the form of the month after; then the action is not published any more."""
    city.write_plan(アクション=ACTIONS[:2])
    words = {("成果と課題", "W-1-甲課", "成果"): "広場が広くなりました"}
    sent = city.submit(
        "2026-01", "甲課", words | {("進捗", "T-1", "実施"): 0.5, ("写真", "P-1-甲課-1", "説明"): "広場の様子"}
    )
    paste(sent, ("写真", frame(sent, "P-1-甲課-1"), png(40, 40)))
    city.run("--html")
    before = city.root / "output" / "2026-01" / "公表"
    assert (said_in(before, "広場の様子"), pictures_in(before)) == (True, 1)
    sent = city.submit(MONTH, "甲課", {("進捗", "T-1", "実施"): 0.6, ("写真", "P-1-甲課-1", "説明"): None})
    city.run("--html")
    after = city.root / "output" / MONTH / "公表"
    assert pictures_in(after) == 1
    take_down(sent, ("写真", frame(sent, "P-1-甲課-1")))
    city.run("--html")
    assert (said_in(after, "広場の様子"), pictures_in(after), said_in(after, "広場が広く")) == (False, 0, True)
    city.write_plan(アクション=[[*ACTIONS[0][:8], None, None, "しない"], ACTIONS[1]])
    for month, folder in ((MONTH, after), ("2026-01", before)):
        city.run("--html", "--month", month)
        assert not any(said_in(folder, each) for each in ("窓口の手続き", "広場", "作業一"))
        assert pictures_in(folder) == 0


def said_in(folder, text):
    """Return whether a text is in any file of a folder."""
    return any(text.encode() in path.read_bytes() for path in folder.rglob("*") if path.is_file())


def pictures_in(folder):
    return sum(path.suffix in {".jpg", ".jpeg", ".png"} for path in folder.rglob("*"))


def test_an_action_that_is_withheld_is_counted_as_such(page):
    lead = " ".join(text_of(each) for each in found(page, "lead"))
    assert "公表していない取り組みが1件あります" in lead


def test_the_page_says_what_changed_since_the_month_before(page):
    section = page.xpath("//section[@aria-labelledby='changes']")[0]
    assert "区分が上がった取り組みは1件" in text_of(section)
    assert text_of(found(section, "changes", "li")[0]) == "1 窓口の手続き 課題あり → から やや未達"


def test_the_block_has_words_sum_tasks_and_the_decision(page):
    block = text_of(page.get_element_by_id("action-1-block"))
    for said in (
        *("待ち時間が半分になりました。", "作業一", "80.0%", "令和6年度", "実態に合うため", "(75.0 + 60.0) ÷ 2"),
        *("令和8年1月は50.0%でした", "作業二乙課70.0%", "開始前", "オンラインにする"),
    ):
        assert said in block
    assert "令和8年1月 50.0%、令和8年2月 67.5%" in found(page.get_element_by_id("action-1-block"), "trend")[0].get(
        "aria-label"
    )
    assert "8 ÷ 10 = 80.0%" in text_of(page.get_element_by_id("action-2-block"))
    assert text_of(found(page.get_element_by_id("action-1"), "gist")[0]) == "待ち時間が半分になりました。"


def test_the_policy_allows_the_pages_own_style_and_script_alone(published):
    for name in ("index.html", "open-data.html"):
        raw = (published[2] / name).read_text("utf-8")
        root = html.fromstring(raw.encode())
        (policy,) = root.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
        rules = dict(each.strip().split(" ", 1) for each in policy.split(";"))
        assert rules["default-src"] == "'none'"
        for tag, rule in (("style", "style-src"), ("script", "script-src")):
            for content in re.findall(f"<{tag}>(.*?)</{tag}>", raw, flags=re.DOTALL):
                digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
                assert rules[rule] == f"'sha256-{digest}'"
        assert "unsafe" not in policy
        assert not root.xpath("//@style")
        assert not root.xpath("//@*[starts-with(name(), 'on')]")
        addresses = {*root.xpath("//@href"), *root.xpath("//@src")}
        assert not [each for each in addresses if ":" in each or each.startswith("//")]
        for each in addresses:
            path, _, anchor = each.partition("#")
            assert (published[2] / path).exists() if path else root.xpath(f"//*[@id='{anchor}']"), each


def test_without_the_option_there_is_no_page_and_no_jinja(city):
    city.submit(MONTH, "甲課", {("進捗", "T-1", "実施"): 0.8})
    code = (
        "import sys\nfrom kama_excel.cli.app import main\n"
        f"main(['run', '--folder', {str(city.root)!r}], standalone_mode=False)\n"
    )
    ended = "import atexit, sys; atexit.register(lambda: print('LOADED', 'jinja2' in sys.modules))\n"
    python = [sys.executable, "-X", "utf8", "-c"]
    result = subprocess.run([*python, ended + code], capture_output=True, encoding="utf-8", check=False)
    assert "LOADED False" in result.stdout, result.stderr
    assert not (city.root / "output" / MONTH / "公表").exists()


def test_the_screen_and_the_document_name_the_page_once(city):
    city.submit(MONTH, "甲課", {("進捗", "T-1", "実施"): 0.8})
    said = city.invoke("run", "--html", "--csv").output
    assert said.count("公表/") == 1
    assert f"公表用のページ: output/{MONTH}/公表/index.html" in said
    files = city.run("--html", "--csv")["files"]
    assert files["html"] == f"output/{MONTH}/公表/index.html"
    assert all("公表" not in each for each in files["csv"])


def test_a_page_of_a_first_month_without_reports_is_whole(city):
    city.submit(MONTH, "甲課")
    city.run("--html")
    page = html.fromstring((city.root / "output" / MONTH / "公表" / "index.html").read_bytes())
    assert text_of(found(page, "headline")[0]) == "2の取り組みのうち、0件が「概ね達成以上」です"
    assert not page.xpath("//section[@aria-labelledby='changes' or @aria-labelledby='months']")
    assert [text_of(each) for each in found(page, "line", "rate")] == ["－", "－"]


def test_indicators_by_year_watched_ones_and_points_are_shown(city):
    city.write_plan(
        評価区分=[["達成", 1.0, "◎", 5], ["課題あり", 0.0, "×", 1]],
        計画=[*tables()["計画"][:5], ["見出しの区分", "達成"]],
        指標=[
            [1, 1, "講座の回数", "回", None, 30, "増", "甲課", "", None, None, "合計"],
            [2, 1, "参加者", "人", 120, None, "増", "甲課"],
        ],
        年度目標=[[1, "令和6年度", 8], [1, "令和7年度", 10], [1, "令和8年度", 12]],
    )
    typed = {("指標", f"I-1-{year}", "実績値"): actual for year, actual in ((2024, 9), (2025, 8))}
    city.submit(MONTH, "甲課", typed | {("指標", "I-2", "実績値"): 150})
    city.run("--html")
    folder = city.root / "output" / MONTH / "公表"
    page = html.fromstring((folder / "index.html").read_bytes())
    block = text_of(page.get_element_by_id("action-1-block"))
    for said in ("年度ごとの実績の合計", "17 ÷ 30 = 56.7%", "112.5%", "80.0%", "目標値のない指標（基準値との差 30）"):
        assert said in block
    assert "点数の平均は1.00です" in text_of(found(page, "lead")[0])
    assert "× 課題あり" in text_of(found(page, "legend")[0])
    data = json.loads((folder / "data" / "data.json").read_text("utf-8"))
    years = [(each["fiscal_year"], each["target"], each["actual"], each["rate"]) for each in data["indicator_years"]]
    assert years == [(2024, 8, 9, 112.5), (2025, 10, 8, 80)]
    assert [(each["target"], each["actual"]) for each in data["indicators"]] == [(30, 17), (None, 150)]


def test_another_word_than_those_of_the_column_is_an_error_of_the_plan(city):
    city.write_plan(アクション=[[*ACTIONS[2][:10], "未定"]], タスク=[], 指標=[])
    result = city.invoke("forms", "--month", MONTH)
    assert result.exit_code == 2
    assert "公表" in result.output
    assert "する・しない" in result.output
