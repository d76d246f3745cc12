"""Rule 11 in the JSON document, in the cells as they are written, and after an office program has computed them."""

import pytest
from support.city import City
from support.office import recalculated_all
from support.sheets import cells_of, differences

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
