"""The year of `test_year.py`, each month played with the commands that the files to double-click call."""

import datetime as dt
import email
import email.policy
import json
import re
import shlex
from pathlib import Path

import pytest
from click.testing import CliRunner
from support.city import City
from support.year import MONTHS, plan_tables, read_once, submissions

from kama_excel.cli import app
from kama_excel.domain.calendar import Month, day_label, weekday_after
from kama_excel.workspace.starters import STEPS

pytestmark = pytest.mark.slow

GOLDEN = Path(__file__).parent / "golden" / "year"


def double_click(city, title, *typed):
    """Run what a .bat file calls, with lines typed at its prompts; return what the screen shows."""
    arguments = shlex.split(STEPS[title])
    done = CliRunner().invoke(
        app.main,
        [arguments[0], "--folder", str(city.root), *arguments[1:]],
        input="".join(f"{line}\n" for line in typed),
    )
    assert done.exit_code in (0, 1), done.output
    return done.stdout


def departments(shown, kind):
    """Return the departments that drafts were made for, as the screen names them."""
    names = re.search(rf"{kind}の下書き: \d+通（(.+)）", shown)
    return names[1].split("、") if names else []


@pytest.fixture(scope="module")
def played(tmp_path_factory):
    """Return the city after its year and what each month's steps showed."""
    city = City(tmp_path_factory.mktemp("double click"))
    shown = {}
    with pytest.MonkeyPatch.context() as patch:
        read_once(patch)
        patch.setattr(app, "open_file", lambda path: shown.setdefault("opened", []).append(path) is None)
        for at, month in enumerate(MONTHS):
            tables = plan_tables(at)
            tables["計画"] = [*tables["計画"], ["提出期限", "翌月5日"]]
            city.write_plan(**tables)
            early, late = Month.parse(month).last_day, Month.parse(month).next.last_day
            patch.setattr(app, "_today", lambda day=early: day)
            steps = {"様式を配る": double_click(city, "様式を配る", "")}
            for name, content in submissions(at):
                (city.root / "input" / month / name).write_bytes(content)
            steps["届いた後"] = double_click(city, "今の状況")
            patch.setattr(app, "_today", lambda day=late: day)
            steps["集計する"] = double_click(city, "集計する", "")
            steps["今の状況"] = double_click(city, "今の状況")
            steps["結果メール"] = double_click(city, "結果メール", "")
            shown[month] = steps
        double_click(city, "最新の結果を開く")
        yield city, shown


def golden(month):
    return json.loads((GOLDEN / f"{month}.json").read_text(encoding="utf-8"))


@pytest.mark.parametrize("month", MONTHS)
def test_a_month_says_what_was_reviewed(played, month):
    """Rates, grades and who sent are those of the golden document; nothing is asked of whom it does not name."""
    _, shown = played
    document, steps = golden(month), shown[month]
    for action in document["actions"]:
        if action["shown"]:
            line = next(
                row
                for row in steps["集計する"].splitlines()
                if row.startswith(f"  {action['no']:>3}  {action['name']}")
            )
            assert f"{action['shown']}  {action['grade']}" in line
    sent = {each["department"] for each in document["submissions"] if each["status"] == "提出"}
    asked = {each["department"] for each in document["submissions"]}
    assert set(departments(steps["集計する"], "督促")) == asked - sent
    assert set(departments(steps["結果メール"], "結果")) == asked
    assert set(departments(steps["様式を配る"], "配布")) == asked


@pytest.mark.parametrize("month", MONTHS)
def test_the_month_tells_what_to_do_next(played, month):
    _, shown = played
    steps = shown[month]
    due = dt.date(Month.parse(month).next.year, Month.parse(month).next.month, 5)
    assert f"提出期限: {day_label(weekday_after(due, 0))}" in steps["様式を配る"]
    assert "次の作業: まだ集計していないため、「集計する.bat」で集計してください。" in steps["届いた後"]
    waits = bool(departments(steps["集計する"], "督促") or departments(steps["集計する"], "差戻し"))
    assert ("次の作業: 作成済みの" in steps["今の状況"]) == (waits or bool(departments(steps["集計する"], "結果")))


def test_the_same_figures_as_the_run_of_the_year(played):
    city, _ = played
    for month in MONTHS[::4]:
        assert city.run("--month", month)["summary"] == golden(month)["summary"]


def test_every_draft_is_whole_and_the_book_was_offered_each_month(played):
    city, shown = played
    drafts = sorted(city.root.glob("output/*/メール/*.eml"))
    assert len(drafts) > 12 * 16
    for path in drafts:
        message = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
        (attachment,) = message.iter_attachments()
        assert (message.defects, attachment.get_content()[:2]) == ([], b"PK")
        assert attachment.get_filename().startswith(f"{path.stem.rpartition('_')[0]}_{path.parts[-3]}_")
    assert [path.parent.name for path in shown["opened"]] == [*MONTHS, MONTHS[-1]]
