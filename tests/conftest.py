"""Fixtures of all tests."""

import os
import shutil
from pathlib import Path

import pytest
from hypothesis import HealthCheck, settings
from support import gnumeric
from support.city import City
from support.office import has_uno, recalculated_all, soffice

PROJECT = Path(__file__).parent.parent
# No random test fails because the machine is busy.
settings.register_profile("untimed", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("untimed")
# Fixtures of tests that run a whole command or start another program.
_SLOW = {"city", "engine", "mail_program", "office"}


def pytest_collection_modifyitems(items):
    """Mark as slow what runs a whole command on a city's folder or starts another program."""
    for item in items:
        if item.get_closest_marker("office") or _SLOW.intersection(getattr(item, "fixturenames", ())):
            item.add_marker(pytest.mark.slow)


@pytest.fixture
def city(tmp_path):
    """A city's working folder with the small plan of `support.plans`."""
    return City(tmp_path)


@pytest.fixture
def office(tmp_path):
    """A folder for a real office program to write to; skips where there is none, unless skipping is forbidden."""
    if soffice() is None:
        if os.environ.get("KAMA_NO_SKIP"):
            pytest.fail("LibreOffice (soffice) is missing, and this run allows no skip")
        pytest.skip("LibreOffice (soffice) is not installed: apt-get install libreoffice-calc")
    folder = tmp_path / "office"
    folder.mkdir()
    return folder


@pytest.fixture(params=["LibreOffice", "Gnumeric"])
def engine(request, tmp_path):
    """Return what computes workbooks anew: from their paths to those of the computed ones, by one program and by another."""
    if request.param == "LibreOffice":
        request.getfixturevalue("office")
        compute = recalculated_all
    else:
        if gnumeric.ssconvert() is None:
            if os.environ.get("KAMA_NO_SKIP"):
                pytest.fail("Gnumeric (ssconvert) is missing, and this run allows no skip")
            pytest.skip("Gnumeric (ssconvert) is not installed: apt-get install gnumeric")
        compute = gnumeric.recalculated_all
    folder = tmp_path / "computed"
    folder.mkdir()
    return lambda paths: compute(paths, folder)


@pytest.fixture
def typing_office(office):
    """As `office`, and the system's Python can type into it."""
    if not has_uno():
        if os.environ.get("KAMA_NO_SKIP"):
            pytest.fail("python3-uno is missing, and this run allows no skip")
        pytest.skip("python3-uno is not installed: apt-get install python3-uno")
    return office


@pytest.fixture
def mail_program():
    """Return the path of `mu`, a mail program; skips where it is not installed, unless skipping is forbidden."""
    path = shutil.which("mu")
    if path is None:
        if os.environ.get("KAMA_NO_SKIP"):
            pytest.fail("mu is missing, and this run allows no skip")
        pytest.skip("mu is not installed: apt-get install maildir-utils")
    return path


@pytest.fixture(scope="session")
def project():
    """The project's own folder."""
    return PROJECT
