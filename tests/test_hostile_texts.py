"""Nothing typed becomes code: hostile texts in every cell of the plan and of the forms, in everything that is written."""

import csv
import email
import email.policy
import io
import json
import os
import re
import subprocess
import sys
import zipfile
from types import SimpleNamespace

import openpyxl
import pytest
from click.testing import CliRunner
from lxml import etree
from support.city import City, fill
from support.hostile import TEXTS, put_in, token, typed
from support.plans import tables
from support.sheets import cells_of

from kama_excel.cli.app import main
from kama_excel.domain.text import text_of

pytestmark = pytest.mark.slow

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
NUMBERS = range(len(TEXTS))
NAMES = [
    list(TEXTS).index(each)
    for each in (
        "a command", "a function", "a tab", "a carriage return", "a header line", "a header line after a carriage return",
        "nothing within", "half a character", "right to left", "an element", "a footer's codes", "a sheet's name", "a path",
    )
]  # fmt: skip
MONTH = "2026-02"


SENDER = list(TEXTS).index("a header line")  # the department that sends a form
LAST = len(TEXTS) + 1  # the action that has all figures typed wrong


def department(number):
    """Return a department whose name is the text, with an ending that tells it from the others."""
    return f"{token(number)}課{number}"


def hostile_tables():
    """Return a plan with the texts in every cell that takes words; one department has an action of every text."""
    name = department(SENDER)
    actions, tasks, indicators, decisions, corrections = [], [], [], [], []
    for number in NUMBERS:
        no, text = number + 1, token(number)
        actions.append([no, text, no, text, text, text, text, name])
        tasks += [[f"{no}", no, "令和6年度", name, text], [f"W{no}", LAST, "令和6年度", name, text]]
        if number in NAMES:
            tasks.append([f"N{no}{text}", no, "令和8年度", department(number), text])
        indicators += [[f"{no}", no, text, text, 1, 20, "増", name, text]]
        indicators += [[f"W{no}", LAST, text, text, 1, 20, "増", name, text]]
        decisions.append([no, "目標値", "2026-01-05", text, text])
        corrections.append([f"T-W{no}", "備考", text, "2026-02-01", text, text])
    actions.append([LAST, "記入の誤り", 1, "", "", "", "", name])
    return {
        "計画": [
            ["計画名", f"{token(0)}計画"], ["団体名", token(2)], ["計画ID", f"{token(2)}test"], ["開始年度", 2024],
            ["終了年度", 2026], ["見出しの区分", token(3)], ["提出先", token(7)], ["問い合わせ先", token(2)],
        ],
        "評価区分": [[token(0), 1.0], [token(3), 0.5], [token(30), 0.0]],
        "重点施策": [[number + 1, token(number), token(number)] for number in NUMBERS],
        "アクション": actions,
        "タスク": tasks,
        "指標": indicators,
        "担当課": [[department(number), "", f"{token(number)}@example.jp"] for number in NAMES],
        "評価方法": decisions,
        "訂正": corrections,
    }  # fmt: skip


def hostile_form(content):
    """Return the department's form with a text in every input."""
    name = department(SENDER)
    entries = {("総括評価", f"A-{LAST}-{name}", "総括評価"): token(0)}
    for number in NUMBERS:
        no, text = number + 1, token(number)
        entries |= {
            ("進捗", f"T-{no}", "実施"): 0.5, ("進捗", f"T-{no}", "備考"): text,
            ("進捗", f"T-W{no}", "実施"): text, ("進捗", f"T-W{no}", "予定"): text,
            ("指標", f"I-{no}", "実績値"): 5, ("指標", f"I-{no}", "根拠"): text,
            ("指標", f"I-W{no}", "実績値"): text, ("指標", f"I-W{no}", "時点"): text, ("指標", f"I-W{no}", "確度"): text,
            ("総括評価", f"A-{no}-{name}", "総括評価"): 0.9, ("総括評価", f"A-{no}-{name}", "理由"): text,
            ("写真", f"P-{no}-{name}-1", "説明"): text,
        }  # fmt: skip
        entries |= {("成果と課題", f"W-{no}-{name}", heading): text for heading in ("成果", "取り組んだこと", "課題")}
    workbook = openpyxl.load_workbook(
        io.BytesIO(fill(content, entries, 記入者=token(2), 連絡先=token(3), 記入日=token(0)))
    )
    added = workbook.create_sheet("メモ")
    for number in NUMBERS:
        workbook["進捗"].cell(9 + number, 26).value = token(number)
        added.cell(number + 1, 1).value = token(number)
    buffer = io.BytesIO()
    workbook.save(buffer)
    return put_in(buffer.getvalue())


def invoked(city, command, *arguments):
    """Run a command as a person does who looks for what went wrong."""
    result = CliRunner().invoke(main, ["--debug", command, "--folder", str(city.root), *arguments])
    assert result.exit_code in (0, 1), result.output[-2000:]
    return result


@pytest.fixture(scope="module")
def outcome(tmp_path_factory):
    """Everything that the commands write and say of such a plan and such forms."""
    city = City(tmp_path_factory.mktemp("敵対 的"), **hostile_tables())
    made = city.invoke("forms", "--month", MONTH, "--department", department(SENDER))
    assert made.exit_code == 0, made.output
    month = city.root / "input" / MONTH
    month.mkdir(parents=True)
    forms = city.root / "workbook_templates" / "forms"
    (month / "様式.xlsx").write_bytes(hostile_form((forms / f"{department(SENDER)}.xlsx").read_bytes()))
    plan = city.root / "workbook_templates" / "plan.xlsx"
    plan.write_bytes(put_in(plan.read_bytes()))
    for path in forms.iterdir():
        path.unlink()
    before = set(city.root.rglob("*"))
    run, screen = invoked(city, "run", "--json", "--csv"), invoked(city, "run")
    sent = invoked(city, "mail", "--month", MONTH, "--kind", "督促", "--kind", "差戻し")
    again = invoked(city, "forms", "--month", "2026-03")
    document = json.loads(run.stdout)
    workbook = (city.root / document["files"]["workbook"]).read_bytes()
    read = {str(value) for cells in cells_of(workbook).values() for _, value in cells.values() if value}
    return SimpleNamespace(
        city=city,
        cells=read | {re.sub(r"_x([0-9A-F]{4})_", lambda match: chr(int(match[1], 16)), each) for each in read},
        document=document,
        said=screen.output + sent.output + again.output,
        workbook=workbook,
        forms=[path.read_bytes() for path in sorted(forms.glob("*.xlsx"))],
        mails=[path.read_bytes() for path in sorted((city.root / "output" / MONTH / "メール").glob("*.eml"))],
        written=set(city.root.rglob("*")) - before,
    )


def workbooks(outcome):
    return [outcome.workbook, *outcome.forms]


def parts(workbook):
    """Return the workbook's parts; every XML part must be well formed."""
    with zipfile.ZipFile(io.BytesIO(workbook)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def test_every_part_is_xml_and_none_is_a_macro_a_link_or_a_query(outcome):
    for workbook in workbooks(outcome):
        for name, content in parts(workbook).items():
            assert not re.search(
                r"vba|externalLink|connection|queryTable|ctrlProp|embedding|activeX|customXml", name
            ), name
            if name.endswith((".xml", ".rels", ".vml")):
                root = etree.fromstring(content)
                assert not root.xpath("//@TargetMode"), name
                assert not root.xpath("//*[local-name()='ddeLink' or local-name()='oleLink']")
                for link in root.iter(f"{MAIN}hyperlink"):
                    assert set(link.attrib) <= {"ref", "location", "tooltip", "display"}
                    assert re.fullmatch(r"(?:'[^'\[\]]+'|[^'!\[\]]+)![A-Z]+\d+", link.get("location")), link.get(
                        "location"
                    )


def test_no_typed_text_stands_in_a_formula_but_as_a_text(outcome):
    dangerous = re.compile(r"HYPERLINK\((?!\"#)|WEBSERVICE|DDE|SUM\(1\+1|cmd|\[|evil|script|(?<![A-Z$0-9)])[+-]1\+1")
    formulas = 0
    for workbook in workbooks(outcome):
        for name, content in parts(workbook).items():
            if not name.startswith("xl/") or not name.endswith(".xml"):
                continue
            root = etree.fromstring(content)
            for tag in ("f", "formula", "formula1", "formula2", "definedName"):
                for each in root.iter(f"{MAIN}{tag}"):
                    formulas += 1
                    code = re.sub(
                        r'"(?:[^"]|"")*"', lambda text: text[0] if text[0].startswith('"#') else '""', each.text
                    )
                    assert not dangerous.search(code), (name, each.text)
    assert formulas > 1000


@pytest.mark.parametrize("number", NUMBERS, ids=TEXTS)
def test_a_typed_text_stands_in_the_workbook_as_it_was_typed(outcome, number):
    text = typed(list(TEXTS.values())[number])
    assert text_of(text).strip()[:32_767].strip() in outcome.cells


def test_no_field_of_a_csv_runs_and_no_record_is_broken(outcome):
    for path in outcome.document["files"]["csv"]:
        text = (outcome.city.root / path).read_bytes().decode("utf-8-sig")
        records = list(csv.reader(io.StringIO(text), strict=True))
        assert {len(record) for record in records} == {len(records[0])}
        for field in (field for record in records for field in record):
            if not re.fullmatch(r"-?[\d.]+(?:e-?\d+)?", field):
                assert not field.startswith(("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")), field
            assert not re.search(r"[\x00-\x08\x0b\x0c\r\x0e-\x1f\ufffe\uffff]", field), ascii(field)


def test_no_mail_has_a_header_or_a_part_that_somebody_typed(outcome):
    assert len(outcome.mails) == len(NAMES)
    for content in outcome.mails:
        assert content.isascii()
        assert b"\0" not in content
        message = email.message_from_bytes(content, policy=email.policy.default)
        assert {name.lower() for name in message.keys()} <= {  # noqa: SIM118 -- a message is no dict
            "x-unsent", "to", "subject", "mime-version", "content-type",
        }  # fmt: skip
        assert not re.search(r"[\x00-\x1f]", message["Subject"])
        assert [part.get_content_type() for part in message.iter_parts()] == [
            "text/plain",
            "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ]
        (attachment,) = message.iter_attachments()
        assert re.search(r"_\d{4}-\d{2}_(?:様式|修正用)\.xlsx$", attachment.get_filename())
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f\u202a-\u202e\u2066-\u2069]', attachment.get_filename())
        assert not re.search(r"[\x00-\x08\x0b\x0c\x0e-\x1f]", message.get_body().get_content())


def test_the_screen_shows_no_control_character(outcome):
    assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", outcome.said), ascii(outcome.said)


def test_no_file_is_written_elsewhere_or_under_a_name_that_a_system_reads_otherwise(outcome):
    written = {path for path in outcome.written if path.is_file()}
    assert {path.relative_to(outcome.city.root).parts[0] for path in written} == {"output", "workbook_templates"}
    for path in written:
        assert not re.search(r'[<>:"/\\|?*\x00-\x1f\u202a-\u202e\u2066-\u2069]', path.name), ascii(path.name)
        assert len(path.name.encode()) < 255


def test_every_text_is_in_the_json_document_as_text(outcome):
    names = [each["name"] for each in outcome.document["actions"]]
    for number, raw in enumerate(TEXTS.values()):
        assert names[number] == text_of(typed(raw)).strip()


# --- what is not typed into a cell ---------------------------------------------------------------------------------


@pytest.mark.skipif(sys.platform in ("win32", "darwin"), reason="the system's file names are always text")
def test_a_file_name_that_is_no_text_is_shown_escaped(city):
    sent = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): "８０点"})
    sent.rename(os.fsdecode(os.fsencode(sent.parent) + b"/\x8d\x62\x89\xdb.xlsx"))  # 甲課 in code page 932
    document = city.run("--csv")
    assert document["submissions"][0]["file"] == "input/2026-02/\\udc8db\\udc89\\udcdb.xlsx"
    assert city.invoke("mail", "--kind", "差戻し").exit_code == 0


def test_a_character_that_the_screens_code_page_lacks_ends_no_run(city):
    city.write_plan(計画=[*tables()["計画"][1:], ["計画名", "𠮷野の計画👪"]])
    city.submit("2026-02", "甲課")
    environment = os.environ | {"PYTHONIOENCODING": "cp932", "PYTHONUTF8": "0"}
    command = [sys.executable, "-m", "kama_excel", "run", "--folder", str(city.root)]
    done = subprocess.run(command, capture_output=True, check=False, env=environment)
    assert done.returncode == 0, done.stderr
    assert done.stdout.decode("cp932").startswith("?野の計画?")


def test_whose_hand_it_was_is_said_in_one_place_and_how_to_reach_them_in_none(city):
    city.write_plan(担当課=[["甲課", "", "kou@example.jp"], ["乙課", "", "otsu@example.jp"]])
    city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): "８０点"}, 記入者="架空 太郎", 連絡先="内線4649")
    document, screen = city.run("--csv"), city.invoke("run")
    city.invoke("mail", "--kind", "督促", "--kind", "差戻し")
    cells = cells_of((city.root / document["files"]["workbook"]).read_bytes())
    assert {name for name, sheet in cells.items() if "架空 太郎" in {value for _, value in sheet.values()}} == {
        "提出状況"
    }
    written = [path for path in (city.root / "output").rglob("*") if path.is_file()]
    everything = b"".join(b"".join(parts(path.read_bytes()).values()) for path in written if path.suffix == ".xlsx")
    everything += b"".join(path.read_bytes() for path in written) + screen.output.encode()
    everything += json.dumps(document, ensure_ascii=False).encode()
    messages = [
        email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        for path in written
        if path.suffix == ".eml"
    ]
    everything += b"".join(message.get_body().get_content().encode() for message in messages)
    assert b"4649" not in everything
    assert everything.count("架空 太郎".encode()) == 1
    assert b"kou@example.jp" not in b"".join(path.read_bytes() for path in written if path.suffix != ".eml")
    assert "example.jp" not in json.dumps(document) + screen.output
