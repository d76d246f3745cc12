"""A real office program, headless: it opens, recalculates, converts and prints what the program wrote."""

import functools
import json
import shutil
import subprocess
import tempfile
from pathlib import Path

XLSX = "xlsx:Calc MS Excel 2007 XML"
_ALWAYS_RECALCULATE = """<?xml version="1.0" encoding="UTF-8"?>
<oor:items xmlns:oor="http://openoffice.org/2001/registry" xmlns:xs="http://www.w3.org/2001/XMLSchema" xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance">
<item oor:path="/org.openoffice.Office.Calc/Formula/Load"><prop oor:name="OOXMLRecalcMode" oor:op="fuse"><value>0</value></prop></item>
</oor:items>"""


@functools.cache
def soffice():
    """Return the path of LibreOffice, None where it is not installed."""
    return shutil.which("soffice")


def convert(path, to, folder):
    """Convert a file and return the new one. Formulas are computed anew, cached values are not believed."""
    return convert_all([path], to, folder)[0]


def convert_all(paths, to, folder):
    """Convert several files in one go."""
    with tempfile.TemporaryDirectory() as profile:
        user = Path(profile) / "user"
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
        command = [soffice(), f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", to, "--outdir", str(folder), *map(str, paths)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    return [Path(folder) / f"{Path(path).stem}.{to.partition(':')[0]}" for path in paths]


def recalculated(path, folder):
    """Return the workbook as LibreOffice saves it after computing every formula."""
    return convert(path, XLSX, folder)


def recalculated_all(paths, folder):
    """Return the workbooks as LibreOffice saves them after computing every formula."""
    return convert_all(paths, XLSX, folder)


SYSTEM_PYTHON = "/usr/bin/python3"


@functools.cache
def has_uno():
    """Whether the system's Python can drive LibreOffice."""
    if soffice() is None or not Path(SYSTEM_PYTHON).exists():
        return False
    return subprocess.run([SYSTEM_PYTHON, "-c", "import uno"], check=False, capture_output=True).returncode == 0


def type_into(path, cells, outputs, *, locked_by=""):
    """Type into a workbook as a person does in LibreOffice and save it in several formats.

    `cells` are (sheet, address, what is typed; None only looks), `outputs` paths whose suffix says the format. With `locked_by`, a
    password, they are saved with it. Returns what stands in the cells afterwards.
    """
    script = Path(__file__).with_name("type_in_office.py")
    with tempfile.TemporaryDirectory() as folder:
        order = {"path": str(path), "cells": cells, "outputs": [str(each) for each in outputs], "folder": folder}
        order["password"] = locked_by
        command = [SYSTEM_PYTHON, str(script), soffice()]
        done = subprocess.run(
            command, input=json.dumps(order), text=True, check=False, capture_output=True, timeout=300
        )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)
