"""Every kind of written file is valid by Microsoft's own validator, for Office 2016 and Microsoft 365."""

import os

import pytest
from support.open_xml_sdk import is_installed, load_validator
from support.written import written_workbooks

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
    written = written_workbooks(city, project)
    assert {str(path): errors for path in written if (errors := errors_of(path))} == {}
