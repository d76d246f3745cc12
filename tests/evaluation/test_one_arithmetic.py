"""Rule 11 in the JSON document, in the cells as they are written, and after an office program has computed them."""

import datetime as dt

import pytest
from support.city import City, fill, found, saved_on
from support.office import recalculated_all
from support.sheets import cells_of, differences

pytestmark = pytest.mark.slow

CASES = {
    "eighths": ([1 / 3, 8 / 15, 14 / 15], 0.6, "60.0%", "やや未達", "3/3"),
    "up": (["59.99999995%"], 0.6, "60.0%", "やや未達", "1/1"),
    "down": (["59.99999994%"], 0.599999999, "59.9%", "課題あり", "1/1"),
    "sum": ([1.0, 0.85, 0.85], 0.9, "90.0%", "ほぼ達成", "3/3"),
}


@pytest.fixture(scope="module")
def documents(tmp_path_factory):
    """Run a plan of one action for each case: its city and its JSON document."""
    made = {}
    for name, (progress, *_) in CASES.items():
        tasks = [[number, 1, "令和6年度", "甲課", f"作業{number}"] for number in range(1, len(progress) + 1)]
        city = City(tmp_path_factory.mktemp(name), アクション=[[1, "アクション一", 1]], タスク=tasks, 指標=[])
        entries = {("進捗", f"T-{number}", "実施"): value for number, value in enumerate(progress, start=1)}
        city.submit("2026-02", "甲課", entries)
        made[name] = (city, city.run())
    return made


@pytest.mark.parametrize("name", CASES)
def test_a_rate_is_compared_and_shown_to_nine_decimals(documents, name):
    _, adopted, shown, grade, basis = CASES[name]
    (action,) = documents[name][1]["actions"]
    assert round(action["adopted"] + 1e-15, 9) == adopted
    assert (action["shown"], action["grade"]) == (shown, grade)
    assert (action["basis"], action["plan_average_years"]) == (basis, "1/3")


@pytest.mark.parametrize("name", CASES)
def test_the_cells_are_written_with_the_same(documents, name):
    _, _, shown, grade, _ = CASES[name]
    city, document = documents[name]
    in_list = city.workbook(document)["一覧"]
    headings = {cell.value: cell.column for cell in in_list[3]}
    rate = in_list.cell(4, headings["採用した\n達成率"])
    assert (f"{rate.value:.1%}", in_list.cell(4, headings["評価区分"]).value) == (shown, grade)
    assert rate.value == round(rate.value, 3)


@pytest.mark.office
def test_an_office_program_computes_the_same(documents, office):
    paths = {name: city.root / document["files"]["workbook"] for name, (city, document) in documents.items()}
    copies = {name: office / f"{name}.xlsx" for name in paths}
    for name, path in paths.items():
        copies[name].write_bytes(path.read_bytes())
    (office / "out").mkdir()
    computed = recalculated_all(list(copies.values()), office / "out")
    for name, path in zip(copies, computed, strict=True):
        assert differences(cells_of(copies[name].read_bytes()), cells_of(path.read_bytes())) == [], name


# --- values that are the same so rounded --------------------------------------------------------------------------------

T1 = ("進捗", "T-1", "実施")
SAME = [1 / 3, "33.33333333%", "33.33333333333%"]
"""Another decimal from the tenth on: the same value."""


@pytest.mark.parametrize("typed", SAME[1:])
def test_a_value_that_is_the_same_so_rounded_is_no_change(city, typed):
    city.submit("2026-02", "甲課", {T1: SAME[0]})
    city.submit("2026-03", "甲課", {T1: typed})
    document = city.run()
    assert (document["changes"]["actions"], document["changes"]["values"]) == ([], [])


@pytest.mark.parametrize("typed", SAME[1:])
def test_two_forms_with_the_same_value_so_rounded_do_not_contradict_each_other(city, typed):
    city.submit("2026-02", "甲課", {T1: SAME[0]}, 記入日=dt.date(2026, 2, 9))
    city.submit("2026-02", "甲課", {T1: typed}, name="別紙.xlsx", 記入日=dt.date(2026, 2, 10))
    codes = {each["code"] for each in city.run()["findings"] if each["sheet"] == "進捗"}
    assert codes.isdisjoint({"values-conflict", "value-replaced", "value-left", "value-set-back"})


def test_a_prefilled_value_that_was_typed_anew_is_the_prefilled_one(city):
    """Of two copies of a form that was issued with =1/3 the one with another value counts, not the newer one."""
    city.submit("2026-01", "甲課", {T1: SAME[0]})
    form = city.form("2026-02", "甲課").read_bytes()
    (city.root / "input/2026-02").mkdir()
    for day, typed in ((9, 0.9), (10, SAME[1])):
        content = saved_on(fill(form, {T1: typed}, 記入日=dt.date(2026, 2, day)), f"2026-02-{day:02}T00:00:00Z")
        (city.root / f"input/2026-02/{day}.xlsx").write_bytes(content)
    assert city.run()["actions"][0]["year_progress"]["2024"] == 0.9


@pytest.mark.parametrize("typed", SAME)
def test_a_report_that_is_the_same_so_rounded_as_before_a_correction_repeats_it(city, typed):
    city.write_plan(訂正=[["T-1", "実施", "50%", dt.date(2026, 2, 18), "事務局", "転記誤り"]])
    city.submit("2026-02", "甲課", {T1: SAME[0]}, 記入日=dt.date(2026, 2, 10))
    city.submit("2026-03", "甲課", {T1: typed}, 記入日=dt.date(2026, 3, 10))
    document = city.run()
    assert document["actions"][0]["year_progress"]["2024"] == 0.5
    assert [len(found(document, code)) for code in ("correction-repeated", "correction-overtaken")] == [1, 0]


def test_a_rate_that_only_its_last_decimals_take_over_the_limit_is_not_said_to_be_limited(city):
    city.submit("2026-02", "乙課", {("指標", "I-1", "実績値"): 10.000000001})
    page = [str(cell.value) for row in city.workbook(city.run())["02"].iter_rows() for cell in row if cell.value]
    assert not any("100.0% → 100" in text for text in page)
