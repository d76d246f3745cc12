"""Every kind of written file is valid by Microsoft's own validator, for Office 2016 and Microsoft 365."""

import datetime as dt
import os

import pytest
from support.open_xml_sdk import is_installed, load_validator
from support.pictures import paste, png

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def errors_of(tmp_path_factory):
    """Return the validator: a function from a path to errors."""
    if not is_installed():
        if os.environ.get("KAMA_VALIDATE"):
            pytest.fail("the Open XML SDK is missing, and this run wants it")
        pytest.skip('the Open XML SDK is not installed: python -m pip install ".[validate]"')
    return load_validator(tmp_path_factory.mktemp("net"))


def test_the_validator_finds_what_is_wrong(errors_of, tmp_path):
    path = tmp_path / "wrong.xlsx"
    workbook = pytest.importorskip("xlsxwriter").Workbook(path)
    workbook.add_worksheet().set_row(0, 15, None, {"level": 7})
    workbook.worksheets()[0].outline_row_level = 9
    workbook.close()
    assert {version for version, *_ in errors_of(path)} == {"Office2016", "Microsoft365"}


def test_every_kind_of_written_file_is_valid(errors_of, city, project):
    city.write_plan(
        評価方法=[[1, "総括評価", dt.date(2026, 2, 10), "推進本部", "仕組みを評価できたため"]],
        訂正=[["T-1", "実施", "45%", dt.date(2026, 2, 10), "事務局", "転記誤り"]],
        指標=[[1, 2, "割合", "%", None, 90, "増", "乙課"]],
    )
    city.submit("2026-01", "甲課", {("進捗", "T-1", "実施"): 0.3})
    sent = city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): "八割くらい", ("進捗", "T-3", "実施"): 0.6})
    pictures = next(name for name in ("写真", "成果と写真", "成果と課題") if name in sheet_names(sent))
    paste(sent, (pictures, "D5", png(60, 40)))
    city.submit("2026-02", "乙課", {("指標", "I-1", "実績値"): 81})
    assert city.invoke("run").exit_code in (0, 1)
    assert city.invoke("mail", "--month", "2026-02", "--kind", "差戻し").exit_code == 0
    city.invoke("forms", "--month", "2026-03")
    written = [path for path in city.root.rglob("*.xlsx") if "input" not in path.parts]
    written += [project / "workbook_templates" / "plan.xlsx", *(project / "input" / "example").rglob("*.xlsx")]
    assert len(written) >= 8
    assert {str(path): errors for path in written if (errors := errors_of(path))} == {}


def sheet_names(path):
    """Return the names of a workbook's sheets."""
    return pytest.importorskip("openpyxl").load_workbook(path).sheetnames
