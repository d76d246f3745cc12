"""What README and docs say: commands can be typed as they stand, links lead somewhere, figures come out of the program."""

import ast
import dataclasses
import importlib.util
import io
import operator
import re
import shlex
import shutil
import subprocess
import sys
import tomllib
import warnings
import zipfile
from decimal import ROUND_HALF_UP, Decimal
from fractions import Fraction
from pathlib import Path

import another_plan
import example
import handbook
import lxml.html
import openpyxl
import pictures
import pytest
from click.testing import CliRunner
from support.city import City

from kama_excel.cli.app import main
from kama_excel.commands.kit.handbook import handbook as bundled_handbook
from kama_excel.commands.run import run
from kama_excel.workspace.folders import Workspace

PROJECT = Path(__file__).parent.parent
PAGES = sorted([*PROJECT.glob("*.md"), *(PROJECT / "docs").rglob("*.md")])
STAFF = sorted([*(PROJECT / "docs" / "manual").glob("*.md"), PROJECT / "docs" / "another-plan.md"])


def name(path):
    return path.relative_to(PROJECT).as_posix()


def text(path):
    return path.read_text(encoding="utf-8")


@pytest.fixture(scope="module")
def example_run(tmp_path_factory):
    """The shipped example, run."""
    root = tmp_path_factory.mktemp("example")
    return run(Workspace(PROJECT, PROJECT / "input" / "example", root))


@pytest.fixture(scope="module")
def example_workbook(example_run):
    with warnings.catch_warnings():  # openpyxl does not know the data bars of Excel 2010
        warnings.simplefilter("ignore")
        return openpyxl.load_workbook(example_run.workbook, data_only=True)


# --- commands ------------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_readmes_run_command_prints_the_four_grades_and_where_the_workbook_lies(project, tmp_path):
    command = re.search(r"<!-- run command -->\n```sh\n(.+)\n```", text(project / "README.md"))[1]
    install, run_command = command.split(" && ")
    assert install == "python -m pip install ."
    arguments = [sys.executable, *shlex.split(run_command)[1:]]
    arguments[arguments.index("--output") + 1] = str(tmp_path)
    done = subprocess.run(arguments, cwd=project, capture_output=True, check=True)
    said = done.stdout.decode(sys.stdout.encoding or "utf-8")
    for grade in ("100.0%  達成", "80.0%  概ね達成", "83.3%  概ね達成", "54.2%  課題あり"):
        assert grade in said
    path = re.search(r"^ブック: (.+\.xlsx)$", said, re.MULTILINE)[1]
    assert (project / path).is_file()


def typed_commands(path):
    """Return the commands of a page's blocks for the shell, in their order."""
    blocks = re.findall(r"^ *```sh\n(.*?)^ *```", text(path), re.MULTILINE | re.DOTALL)
    return [line.strip() for block in blocks for line in block.splitlines()]


@pytest.mark.slow
@pytest.mark.parametrize("path", [each for each in STAFF if typed_commands(each)], ids=name)
def test_the_commands_of_a_page_for_staff_do_what_it_says(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    assert CliRunner().invoke(main, ["init", ".", "--example"]).exit_code == 0
    for command in typed_commands(path):
        program, *arguments = shlex.split(command)
        if program != "kama-excel" or arguments[0] in ("kit", "import") or "--pdf" in arguments:
            continue  # what needs the internet, LibreOffice or a city's own tables is run by the tests of its own
        done = CliRunner().invoke(main, arguments)
        assert done.exit_code == 0, (command, done.output)
        if "--example" in arguments:
            monkeypatch.chdir(arguments[1])
        if arguments[0] == "forms" and "--folder" not in arguments:
            month = arguments[arguments.index("--month") + 1]
            shutil.copytree(
                "workbook_templates/forms", f"input/{month}", dirs_exist_ok=True
            )  # mailed, and sent back as they were


STANDS_FOR = {
    "FILE…": "input/2026-02/市民課.xlsx",
    "ファイル": "input/2026-02/市民課.xlsx",
    "課の名前": "市民課",
    "DIR": "別",
}


@pytest.mark.slow
@pytest.mark.parametrize("path", [PROJECT / "README.md", *STAFF], ids=name)
def test_the_commands_within_a_pages_sentences_can_be_typed(path, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(
        "kama_excel.cli.app.open_file", lambda path: path.is_file() or pytest.fail(f"{path} is missing")
    )
    assert CliRunner().invoke(main, ["init", ".", "--example"]).exit_code == 0
    for said in re.findall(r"`kama-excel ([^`\n]+)`", text(path)):
        done = CliRunner().invoke(main, [STANDS_FOR.get(word, word) for word in shlex.split(said)])
        assert done.exit_code == 0, (said, done.output)


def test_every_command_that_is_named_is_there():
    for path in PAGES:
        if path.name == "CHANGELOG.md":
            continue
        for said in [*re.findall(r"`(kama-excel [^`\n]+)`", text(path)), *typed_commands(path)]:
            words = said.split()[1:]
            if not said.startswith("kama-excel") or words[0] == "…":
                continue
            group = {option for param in main.params for option in param.opts}
            command = next((word for word in words if not word.startswith("-")), None)
            assert command is None or command in main.commands, (name(path), said)
            params = main.commands[command].params if command else ()
            known = group | {option for param in params for option in param.opts} | {"--help", "--version"}
            assert {word for word in words if word.startswith("-")} <= known, (name(path), said)


def test_the_gates_that_contributing_names_are_those_that_are_run(project):
    gates = re.search(r"<!-- gates -->\n```sh\n(.+?)```", text(project / "CONTRIBUTING.md"), re.DOTALL)[1].splitlines()
    run_there = text(project / ".ci" / "run").splitlines()
    own = {line for line in run_there if re.match("ruff|codespell|mypy|lint-imports", line)}
    assert own | {"python -m pytest -n auto --dist loadfile"} == set(gates)


def test_the_scripts_that_are_named_are_there(project):
    for path in PAGES:
        for script in re.findall(r"python (docs/[\w/]+\.py)", text(path)):
            assert (project / script).is_file(), (name(path), script)


@pytest.mark.slow
def test_every_script_says_what_it_does_and_does_nothing_else(project, tmp_path):
    scripts = [path for path in project.glob("docs/**/*.py") if "__main__" in text(path)]
    assert scripts
    for script in scripts:
        asked = [sys.executable, script, "--help"]
        said = subprocess.run(asked, cwd=tmp_path, capture_output=True, text=True, encoding="utf-8", check=False)
        assert said.stdout.startswith(f"usage: {script.name}"), said.stderr
    assert not list(tmp_path.iterdir())


# --- links and names -------------------------------------------------------------------------------------------------


def anchors(path):
    """Return what a link may point at in a page: its headings, as they become anchors."""
    headings = re.findall(r"^#+ (.+)$", text(path), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


@pytest.mark.parametrize("path", PAGES, ids=name)
def test_every_link_leads_somewhere(path):
    for target in re.findall(r"\]\(([^)]+)\)", text(path)):
        if re.match("https?:", target):
            continue
        file, _, anchor = target.partition("#")
        there = (path.parent / file) if file else path
        assert there.exists(), target
        assert not anchor or anchor in anchors(there), target


def test_every_page_is_reached_from_readme(project):
    seen, todo = set(), [project / "README.md"]
    while todo:
        path = todo.pop()
        if path in seen:
            continue
        seen.add(path)
        links = re.findall(r"\]\(([^)#:]+\.md)\)", text(path))
        todo += [(path.parent / each).resolve() for each in links]
    assert [name(each) for each in PAGES if each.resolve() not in {path.resolve() for path in seen}] == []


def test_every_file_that_is_named_is_there(project):
    roots = (project, project / "kama_excel", project / "docs")
    folders = "|".join(["kama_excel", "tests", "docs", *(f["name"] for f in folder_table())])
    named = [
        (path, each)
        for path in PAGES
        if path.name != "CHANGELOG.md"
        for each in re.findall(rf"`((?:{folders})/[\w./-]*)`", text(path))
    ]
    assert len(named) > 50
    assert [(name(path), each) for path, each in named if not any((root / each).exists() for root in roots)] == []


def folder_table():
    """Return the rows of the table of folders in architecture.md, each with the folder's `name`."""
    rows = another_plan.tables_of(text(PROJECT / "docs" / "architecture.md"))["The folders"]
    return [{**row, "name": row["folder"].strip("‖ `/")} for row in rows]


def test_the_folders_are_listed_in_the_order_that_their_imports_are_held_to(project):
    contracts = tomllib.loads(text(project / "pyproject.toml"))["tool"]["importlinter"]["contracts"]
    layers = " | ".join(next(each["layers"] for each in contracts if each["type"] == "layers"))
    assert [f"kama_excel.{row['name']}" for row in folder_table()] == layers.split(" | ")


def test_what_a_file_is_said_to_define_is_defined_there(project):
    said = re.findall(r"`([\w/]+)\.py`(?:: an? | \()`([A-Za-z]\w*)", text(project / "docs" / "architecture.md"))
    assert len(said) > 3
    for path, member in said:
        module = f"kama_excel.{path.removeprefix('kama_excel/').replace('/', '.')}"
        assert getattr(importlib.import_module(module), member).__module__ == module, (path, member)


def test_the_glossarys_names_are_in_the_code():
    names = re.findall(r"\| `([\w.]+)` \|$", text(PROJECT / "docs" / "glossary.md"), re.MULTILINE)
    assert len(names) > 40
    for each in names:
        first, *rest = each.split(".")
        found = importlib.import_module(f"kama_excel.{first}")
        for part in rest:
            found = _member(found, part)


def _member(owner, part):
    if isinstance(owner, type):
        fields = {each.name: each for each in dataclasses.fields(owner)} if dataclasses.is_dataclass(owner) else {}
        return fields.get(part) or getattr(owner, part)
    if importlib.util.find_spec(owner.__name__).submodule_search_locations is None:
        return getattr(owner, part)
    is_module = importlib.util.find_spec(f"{owner.__name__}.{part}") is not None
    return importlib.import_module(f"{owner.__name__}.{part}") if is_module else getattr(owner, part)


def test_the_sentences_that_the_manual_quotes_are_the_programs():
    program = "".join(text(path) for path in (PROJECT / "kama_excel").rglob("*.py"))
    trouble = another_plan.tables_of(text(PROJECT / "docs" / "manual" / "division.md"))["表示と対応"]
    quoted = [each for row in trouble for each in re.findall("「([^」]{8,})」", row["表示・状況"])]
    assert len(quoted) > 3
    for sentence in quoted:
        for part in filter(None, re.split(r"[…（）]| ", sentence)):
            assert part in program, part


def test_what_the_manual_tells_departments_to_type_is_taken_so(tmp_path):
    page = another_plan.tables_of(text(PROJECT / "docs" / "manual" / "department.md"))
    typed = {row["状況"]: row["入力する内容"] for title in ("2. 進捗", "3. 指標") for row in page[title]}
    years = [[no, 1, "令和7年度", "甲課", f"作業{no}"] for no in range(1, 6)]
    indicators = [[1, 2, "交付率", "%", None, 80, "増", "甲課"], [2, 2, "利用", "倍", 1, 2, "増", "甲課"]]
    city = City(
        tmp_path, タスク=[*years, [6, 1, "令和8年度", "甲課", "次"]], 指標=indicators, 担当課=[["甲課"], ["乙課"]]
    )
    reason = typed["取り組まないこととなった"]
    assert reason.startswith("「対象外」")
    assert typed["分からない、現時点では回答できない"].startswith("空欄")
    entries = {
        ("進捗", "T-1", "実施"): another_plan.typed(typed["8割が終わった"]),
        ("進捗", "T-2", "実施"): another_plan.typed(typed["まだ着手していない"]),
        ("進捗", "T-4", "実施"): "対象外",
        ("進捗", "T-4", "備考"): "事業を取りやめたため",
        ("進捗", "T-5", "実施"): "同上",
        ("進捗", "T-6", "予定"): 0.5,
        ("指標", "I-1", "実績値"): another_plan.typed(typed["単位が「%」で、96%"]),
        ("指標", "I-2", "実績値"): another_plan.typed(typed["単位が「倍」で、1.8倍"]),
        ("指標", "I-2", "確度"): "見込",
    }
    city.submit("2026-02", "甲課", entries, 記入日="2026/2/8")
    document = city.run()
    first, second = document["actions"]
    assert first["year_progress"] == {"2024": None, "2025": 0.4, "2026": 0.5}
    assert (first["reported"], first["expected"]) == (2, 4)
    assert [each["actual"] for each in second["indicators"]] == [96.0, 1.8]
    assert second["status"] == ["見込"]
    wrong = [(each["cell"], each["value"]) for each in document["findings"] if each["severity"] == "エラー"]
    assert wrong == [("F9", "同上")]


# --- figures ---------------------------------------------------------------------------------------------------------


def test_the_tables_of_the_rules_are_what_the_example_comes_to(example_run):
    rows = another_plan.tables_of(text(PROJECT / "docs" / "rules.md"))["文書の例"]
    by_no = {each["no"]: each for each in example_run.document["actions"]}
    assert {int(row["アクション"].split()[0]) for row in rows} == {no for no, each in by_no.items() if each["grade"]}
    for row in rows:
        no, title = row["アクション"].split(" ", 1)
        each = by_no[int(no)]
        assert (each["name"], each["grade"] in row["結果"]) == (title, True)
        assert {each["shown"], each["shown"].replace(".0%", "%")} & set(re.findall(r"[\d.]+%", row["結果"])), no
        assert re.findall("（(.+)）", row["結果"]) == ["・".join(each["status"])] * bool(each["status"]), no
        for year, label in ((2024, "R6"), (2025, "R7"), (2026, "R8")):
            if said := re.search(rf"{label} ([\d.]+)%", row["報告"]):
                assert round(each["year_progress"][str(year)] * 100, 1) == float(said[1])


SUM = re.compile(r"(?P<sum>\(?[\d.(][\d.() +−×]*÷ [\d.() −]*[\d)]) = \**(?P<result>−?[\d.]*\d)(?![\d.]| ÷)")


@pytest.mark.parametrize("path", [each for each in PAGES if SUM.search(text(each))], ids=name)
def test_every_sum_is_right(path):
    for found in SUM.finditer(text(path)):
        exact = computed(found["sum"])
        digits = len(found["result"].partition(".")[2])
        said = Decimal(found["result"].replace("−", "-"))
        shown = {
            (Decimal(rate.numerator) / rate.denominator).quantize(Decimal(1).scaleb(-digits), ROUND_HALF_UP)
            for rate in (exact, exact * 100)
        }
        assert said in shown, found[0]


def computed(words):
    """Return the exact result of a sum in +, −, ×, ÷ and brackets."""
    tokens = re.findall(r"[\d.]+|[-+−×÷()]", words)

    def item():
        first = tokens.pop(0)
        if first != "(":
            return Fraction(first)
        inner = chain()
        tokens.pop(0)
        return inner

    def product():
        result = item()
        while tokens and tokens[0] in "×÷":
            result = (operator.mul if tokens.pop(0) == "×" else operator.truediv)(result, item())
        return result

    def chain():
        result = product()
        while tokens and tokens[0] in "+−":
            result = (operator.add if tokens.pop(0) == "+" else operator.sub)(result, product())
        return result

    return chain()


@pytest.mark.slow
def test_the_way_of_one_value_is_that_of_the_workbook(example_workbook):
    rows = another_plan.tables_of(text(PROJECT / "docs" / "architecture.md"))["The way of one value"]
    form = PROJECT / "input" / "example" / "2026-02" / "嘉穂・碓井・山田市民サービス課.xlsx"
    assert len(rows) > 8
    for row in rows:
        sheet = row["where"].split(",")[0]
        book = example_workbook
        if sheet.startswith("the form"):
            book, sheet = openpyxl.load_workbook(form), row["where"].split(", ")[1]
        value = book[sheet][row["cell"]].value
        said = f"{value:.15g}" if isinstance(value, float) else str(value)
        assert said == row["holds"], row


def test_the_keys_of_the_json_document_are_those_of_its_page(example_run):
    tables = another_plan.tables_of(text(PROJECT / "docs" / "json.md"))
    document = example_run.document
    said = {
        title: {key for row in rows for key in re.findall(r"`([a-z_]+)", row["key"])} for title, rows in tables.items()
    }
    assert said.pop("`kama-excel run --json`") == set(document)
    assert said["actions"] == set(document["actions"][0])
    for title in ("findings", "submissions"):
        words = text(PROJECT / "docs" / "json.md").split(f"## {title}")[1].split("##")[0]
        assert set(document[title][0]) <= set(re.findall(r"`([a-z0-9_]+)`", words)), title


# --- docstrings ------------------------------------------------------------------------------------------------------


def test_the_first_line_of_a_docstring_has_at_most_88_characters(project):
    too_long = []
    for path in sorted((project / "kama_excel").rglob("*.py")):
        for node in ast.walk(ast.parse(text(path))):
            if (
                isinstance(node, ast.Expr)
                and isinstance(node.value, ast.Constant)
                and isinstance(node.value.value, str)
            ):
                first = node.value.value.strip().splitlines()[0]
                if len(first) > 88:
                    too_long.append((f"{path.relative_to(project).as_posix()}:{node.lineno}", first))
    assert too_long == []


# --- what is made ----------------------------------------------------------------------------------------------------


@pytest.mark.slow
def test_the_example_is_made_of_its_texts():
    for path, content in example.example():
        with zipfile.ZipFile(PROJECT / path) as shipped, zipfile.ZipFile(io.BytesIO(content)) as made:
            assert {each: shipped.read(each) for each in shipped.namelist()} == {
                each: made.read(each) for each in made.namelist()
            }, (str(path), "python docs/example.py")


@pytest.mark.slow
def test_every_picture_is_current(tmp_path):
    contents = pictures.workbooks(tmp_path)
    old = [
        each.name
        for each in pictures.PICTURES
        if pictures.source_of(pictures.FOLDER / f"{each.name}.png")
        != pictures.said(contents[each.workbook], each.sheet)
    ]
    assert old == [], "python docs/pictures.py"


def test_every_picture_is_shown_and_none_is_left_over():
    shown = {Path(each).stem for path in PAGES for each in re.findall(r"!\[[^]]*\]\(([^)]+)\)", text(path))}
    there = {path.stem for path in pictures.FOLDER.iterdir()}
    assert shown == there == {each.name for each in pictures.PICTURES}
    assert all(path.stat().st_size < 250_000 for path in pictures.FOLDER.iterdir())


@pytest.mark.parametrize("page", handbook.PAGES)
def test_the_handbook_is_current(project, page):
    assert text(project / "docs" / "handbook" / page) == handbook.page(page), "python docs/handbook.py"


def test_the_kits_handbook_needs_no_other_file():
    for content in bundled_handbook().values():
        page = lxml.html.document_fromstring(content.decode())
        anchors_there = set(page.xpath("//@id"))
        assert len(anchors_there) > 5
        assert all(source.startswith("data:image/png;base64,") for source in page.xpath("//@src"))
        assert {target[1:] for target in page.xpath("//@href")} <= anchors_there
    assert set(bundled_handbook()) == set(handbook.PAGES)


def test_the_handbook_shows_its_pictures_in_the_repository_too(project):
    for page in (project / "docs" / "handbook").glob("*.html"):
        sources = re.findall(r'<img src="([^"]+)"', page.read_text(encoding="utf-8"))
        assert sources
        assert [each for each in sources if not (page.parent / each).is_file()] == []
