"""A plan quite unlike the city's, as docs/another-plan.md enters it: five years, two themes, four bands, every kind of indicator."""

import email.policy
import io
import re
from email.parser import BytesParser

import another_plan
import openpyxl
import pytest
from support.city import City
from support.office import recalculated
from support.sheets import cells_of, differences

pytestmark = pytest.mark.slow

FOREIGN = re.compile(
    "嘉麻|デジタル推進|3カ年|３カ年|ほぼ達成|概ね達成|やや未達|課題あり|くらし|しごと|ぎょうせい|R8予定・想定"
)
"""What only the city's own plan says."""


@pytest.fixture(scope="module")
def page():
    return another_plan.page_tables()


@pytest.fixture(scope="module")
def city(tmp_path_factory):
    """The plan entered, the forms filled in and sent."""
    made = City(tmp_path_factory.mktemp("minato"), **another_plan.plan_tables())
    for department, entries in another_plan.reported().items():
        made.submit(str(another_plan.MONTH), department, entries)
    return made


@pytest.fixture(scope="module")
def document(city):
    return city.run("--csv")


def test_the_results_are_those_of_the_page(page, document):
    said = {int(row["No"]): (row["算定方法"], row["率"], row["区分"], row["状態"]) for row in page["結果"]}
    assert said == {
        each["no"]: (each["method"], each["shown"], each["grade"], "・".join(each["status"]))
        for each in document["actions"]
    }
    assert document["summary"] == {"S": 1, "A": 3, "B": 4, "C": 1, "未評価": 0}
    assert [each for each in document["findings"] if each["severity"] == "エラー"] == []


def test_the_plan_workbook_offers_the_methods_by_the_words_of_its_years(city):
    sheet = openpyxl.load_workbook(city.root / "workbook_templates" / "plan.xlsx")["評価方法"]
    assert "選択_算定方法" in [each.formula1 for each in sheet.data_validations.dataValidation]


def test_the_sums_stand_on_the_actions_pages(page, city, document):
    workbook = city.workbook(document)
    for row in page["結果"]:
        words = " ".join(str(cell.value) for line in workbook[f"{int(row['No']):02d}"].iter_rows() for cell in line)
        of_indicators = [each for each in row["計算"].split("、") if "÷" in each and row["算定方法"] == "目標値"]
        for each in of_indicators:
            assert each in words or "+" in each, (row["No"], words)


def test_nothing_says_another_citys_words(city, document):
    assert document["files"]["csv"]
    city.invoke("mail", "--month", str(another_plan.MONTH), "--kind", "配布", "--kind", "督促", "--kind", "差戻し")
    written = [path for path in city.root.rglob("*") if path.suffix in {".xlsx", ".csv", ".eml"}]
    assert {path.suffix for path in written} == {".xlsx", ".csv", ".eml"}
    for path in written:
        for where, text in _texts(path):
            assert not FOREIGN.search(text), (path.name, where, text)
    assert "5カ年平均" in " ".join(text for path in written for _, text in _texts(path))


def test_every_band_and_year_of_the_plan_is_in_the_workbook(city, document):
    workbook = city.workbook(document)
    said = {str(cell.value) for row in workbook["一覧"].iter_rows() for cell in row}
    assert {"R5", "R9"} <= {each for text in said for each in re.findall(r"R\d", text)}
    overview = " ".join(str(cell.value) for row in workbook["総括"].iter_rows() for cell in row)
    assert all(word in overview for word in ("暮らす", "働く", "S", "A", "B", "C"))


def test_an_office_program_comes_to_the_same_figures(city, document, office):
    path = city.root / document["files"]["workbook"]
    written = cells_of(path.read_bytes())
    assert differences(written, cells_of(recalculated(path, office).read_bytes())) == []


@pytest.mark.parametrize("name", another_plan.FAMILIES)
def test_each_kind_of_rate_comes_to_what_the_page_says(page, tmp_path, name):
    small = City(tmp_path, **another_plan.family_tables(name))
    small.submit(str(another_plan.MONTH), "総務課", another_plan.family_reported(name))
    document = small.run()
    assert [each for each in document["findings"] if each["severity"] == "エラー"] == []
    results = page[f"{name} 結果"]
    assert [(row["率"], row["区分"], row["状態"]) for row in results] == [
        (each["shown"] or "", each["grade"] or "", "・".join(each["status"])) for each in document["actions"]
    ]
    points = {row["計画全体の平均点"] for row in results if "計画全体の平均点" in row}
    assert points == ({str(document["points"]["plan"])} if "points" in document else set())


def _texts(path):
    """Yield every text of a file with where it stands."""
    if path.suffix == ".csv":
        yield "", path.read_text(encoding="utf-8-sig")
    elif path.suffix == ".eml":
        mail = BytesParser(policy=email.policy.default).parsebytes(path.read_bytes())
        yield "subject", mail["Subject"]
        yield "body", mail.get_body().get_content()
    else:
        yield "name", path.name
        for sheet, cells in cells_of(io.BytesIO(path.read_bytes()).getvalue()).items():
            yield sheet, sheet
            for address, (formula, value) in cells.items():
                yield f"{sheet}!{address}", f"{formula or ''} {value}"
