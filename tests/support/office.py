"""A real office program, headless: it opens, recalculates, converts and prints what the program wrote."""

import functools
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
    with tempfile.TemporaryDirectory() as profile:
        user = Path(profile) / "user"
        user.mkdir()
        (user / "registrymodifications.xcu").write_text(_ALWAYS_RECALCULATE, encoding="utf-8")
        command = [soffice(), f"-env:UserInstallation={Path(profile).as_uri()}", "--headless", "--norestore"]
        command += ["--convert-to", to, "--outdir", str(folder), str(path)]
        subprocess.run(command, check=True, capture_output=True, timeout=300)
    return Path(folder) / f"{Path(path).stem}.{to.partition(':')[0]}"


def recalculated(path, folder):
    """Return the workbook as LibreOffice saves it after computing every formula."""
    return convert(path, XLSX, folder)
