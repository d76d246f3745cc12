"""A year played through: each month's document in tests/golden/year, and any month run again gives the same.

After a change that is meant: KAMA_UPDATE_GOLDEN=1 python -m pytest tests/test_year.py
"""

import json
import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from support.city import City
from support.office import recalculated_all
from support.sheets import cells_of, differences
from support.year import MONTHS, RENAMED, plan_tables, read_once, submissions

from kama_excel.domain.calendar import Month
from kama_excel.domain.keys import NO_KEY, Field
from kama_excel.forms.writing.form_writer import write_form
from kama_excel.outbox.prefill import prepare
from kama_excel.workspace.folders import Workspace

pytestmark = pytest.mark.slow

DECIDED_FOR = MONTHS[9]
GOLDEN = Path(__file__).parent / "golden" / "year"


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Return the city after its year and the document that each month's run gave at its time."""
    city = City(tmp_path_factory.mktemp("year"))
    documents = {}
    with pytest.MonkeyPatch.context() as patch:
        read_once(patch)
        for at, month in enumerate(MONTHS):
            city.write_plan(**plan_tables(at))
            folder = city.root / "input" / month
            folder.mkdir(parents=True)
            for name, content in submissions(at):
                (folder / name).write_bytes(content)
            documents[month] = city.run()
        yield city, documents


@pytest.mark.parametrize("month", MONTHS)
def test_a_month_is_as_it_was_reviewed(played, month):
    text = readable(played[1][month])
    path = GOLDEN / f"{month}.json"
    if os.environ.get("KAMA_UPDATE_GOLDEN"):
        path.write_text(text, encoding="utf-8", newline="\n")
    assert text == path.read_text(encoding="utf-8"), f"{path.name} differs; see the top of this file"


@pytest.mark.parametrize("month", MONTHS)
def test_a_month_run_again_with_the_plan_of_today_gives_the_same(played, month):
    """The months before what changed. Only the department that was renamed has its name of today.

    A decision of the month after was made about one month: that month's first action comes out by it.
    """
    city, documents = played
    again, then = (renamed(each) for each in (city.run("--month", month), documents[month]))
    if month == DECIDED_FOR:
        assert (again["actions"][0]["method"], then["actions"][0]["method"]) == ("3カ年平均", "目標値")
        again, then = without_first_action(again), without_first_action(then)
    assert again == then


@pytest.mark.office
def test_an_office_program_computes_every_month_to_what_it_was_written_with(played, office):
    city, _ = played
    (office / "out").mkdir()
    written = []
    for month in MONTHS:
        copy = office / f"{month}.xlsx"
        copy.write_bytes((city.root / city.run("--month", month)["files"]["workbook"]).read_bytes())
        written.append(copy)
    for before, after in zip(written, recalculated_all(written, office / "out"), strict=True):
        assert differences(cells_of(before.read_bytes()), cells_of(after.read_bytes())) == [], before.name


@pytest.mark.parametrize("month", [MONTHS[at] for at in (3, 8, 11)])
def test_forms_sent_back_with_all_that_was_typed_come_to_the_same(played, tmp_path, month):
    city, documents = played
    again = City(tmp_path, **plan_tables(len(MONTHS) - 1))
    shutil.copytree(city.root / "input", again.root / "input")
    workspace = Workspace.of(again.root)
    batch = prepare(workspace, Month.parse(month))
    cover = {(NO_KEY, Field.FILLED_ON): Month.parse(month).last_day}  # without it they would come back as issued
    forms = {}
    for department in batch.departments:
        content = batch.content(department)
        forms[department] = write_form(replace(content, entered={**content.entered, **cover}))
    there = again.root / "input" / month
    shutil.rmtree(there)
    there.mkdir()
    for department, content in forms.items():
        (there / f"{department}.xlsx").write_bytes(content)
    assert again.run("--month", month)["actions"] == documents[month]["actions"]


def without_first_action(document):
    """Return a document without what it says of the first action and of all actions together."""
    findings = [each for each in document["findings"] if json.loads(each)["file"]]
    left = {name: value for name, value in document.items() if name not in {"summary", "changes"}}
    return left | {"findings": findings, "actions": document["actions"][1:]}


def renamed(document):
    """Return a document with the renamed department's old name replaced, its lists in an order of their own.

    Of what was to be decided then, the plan of today knows the decision: it asks no more.
    """
    text = json.dumps(document, ensure_ascii=False).replace(*RENAMED)
    made = json.loads(text)
    for each in made["findings"]:
        if each["code"] in {"decision-needed", "decision-later"}:
            each |= {"code": "decision", "severity": "", "message": "", "advice": ""}
    return made | {name: sorted(map(json.dumps, made[name])) for name in ("findings", "submissions")}


def readable(document):
    """Return a document as JSON with one line an action, a finding, a submission and a change."""
    lines = ["{"]
    for name, value in document.items():
        if isinstance(value, list):
            rows = [f"  {said(each)}" for each in value]
            lines += [f" {said(name)}: [", *(f"{row}," for row in rows[:-1]), *rows[-1:], " ],"]
        elif name == "changes" and value:
            lines += [f" {said(name)}: {{", f"  {said('since')}: {said(value['since'])},"]
            for part in ("actions", "values", "repeated", "plan"):
                rows = [f"   {said(each)}" for each in value[part]]
                lines += [f"  {said(part)}: [", *(f"{row}," for row in rows[:-1]), *rows[-1:], "  ],"]
            lines[-1] = "  ]"
            lines += [" },"]
        else:
            lines += [f" {said(name)}: {said(value)},"]
    lines[-1] = lines[-1].rstrip(",")
    return "\n".join([*lines, "}"]) + "\n"


def said(value):
    """Return a value as JSON in one line without what changes with the wording: sentences, and hashes of the forms."""
    if isinstance(value, dict):
        value = {name: each for name, each in value.items() if name not in {"sha256", "message", "advice"}}
    return json.dumps(value, ensure_ascii=False)
