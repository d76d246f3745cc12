"""Types into a workbook in LibreOffice, as a person would. Run by the system's Python, which has `uno`; see office.py."""

import json
import subprocess
import sys
import time
from pathlib import Path

import uno
from com.sun.star.beans import PropertyValue
from com.sun.star.connection import NoConnectException

FILTERS = {".xlsx": "Calc MS Excel 2007 XML", ".ods": "calc8", ".xls": "MS Excel 97"}
PATIENCE = 600  # tenths of a second


def option(name, value):
    made = PropertyValue()
    made.Name, made.Value = name, value
    return made


def connect(pipe):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext("com.sun.star.bridge.UnoUrlResolver", local)
    for _ in range(PATIENCE):
        try:
            context = resolver.resolve(f"uno:pipe,name={pipe};urp;StarOffice.ComponentContext")
        except NoConnectException:
            time.sleep(0.1)  # until the program listens
        else:
            return context.ServiceManager.createInstanceWithContext("com.sun.star.frame.Desktop", context)
    raise TimeoutError(pipe)


def type_in(document, order):
    for sheet, address, typed in order["cells"]:
        cell = document.Sheets.getByName(sheet).getCellRangeByName(address)
        if typed is None:
            continue
        if isinstance(typed, str) and not typed.startswith("="):
            cell.setString(typed)
        elif isinstance(typed, str):
            cell.setFormula(typed[1:])  # read as the program reads what is typed: 80%, 2026-02-08
        else:
            cell.setValue(typed)
    document.calculateAll()
    return [
        document.Sheets.getByName(sheet).getCellRangeByName(address).getString() for sheet, address, _ in order["cells"]
    ]


def main():
    order = json.load(sys.stdin)
    folder = Path(order["folder"])
    pipe = folder.name
    command = [sys.argv[1], f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless", "--norestore"]
    program = subprocess.Popen([*command, f"--accept=pipe,name={pipe};urp"])
    desktop = connect(pipe)
    document = desktop.loadComponentFromURL(Path(order["path"]).as_uri(), "_blank", 0, (option("Hidden", True),))
    shown = type_in(document, order)
    for each in map(Path, order["outputs"]):
        password = (option("Password", order["password"]),) if order["password"] else ()
        document.storeToURL(each.as_uri(), (option("FilterName", FILTERS[each.suffix]), *password))
    document.close(True)
    desktop.terminate()
    program.wait(60)
    json.dump(shown, sys.stdout)


if __name__ == "__main__":
    main()
