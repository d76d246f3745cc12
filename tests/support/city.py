"""A city's working folder in the test: its plan, its forms filled in as a department would, its runs."""

import datetime as dt
import io
import json
import re
import warnings
import zipfile

import openpyxl
from click.testing import CliRunner

from kama_excel.cli.app import main
from kama_excel.plan.writer import write_plan
from support.plans import tables


class City:
    """A working folder. `city.submit("2026-02", "甲課", {("進捗", "T-1", "実施"): 0.8})` fills in a form and sends it."""

    def __init__(self, root, **changes):
        self.root = root
        self.write_plan(**changes)

    def write_plan(self, **changes):
        path = self.root / "workbook_templates" / "plan.xlsx"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(write_plan(tables(**changes)))

    def form(self, month, department):
        """Return the path of the department's form, as `kama-excel forms` makes it."""
        self.invoke("forms", "--month", month, "--department", department)
        return self.root / "workbook_templates" / "forms" / f"{department}.xlsx"

    def submit(self, month, department, entries=(), *, name=None, saved=None, as_issued=False, **cover):
        """Fill in the department's form and put it into the month's folder; return its path.

        `saved` is when the workbook says that it was saved last: on 記入日, or the 5th of the month, without it. A form
        without entries has at least a 記入日, unless it is to come back `as_issued`.
        """
        if not entries and not cover and not as_issued:
            cover = {"記入日": dt.date.fromisoformat(f"{month}-05")}
        content = fill(self.form(month, department).read_bytes(), dict(entries), **cover)
        day = cover.get("記入日")
        content = saved_on(content, saved or f"{day if isinstance(day, dt.date) else f'{month}-05'}T00:00:00Z")
        path = self.root / "input" / month / (name or f"{department}.xlsx")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)
        return path

    def invoke(self, *arguments):
        """Run a command in the folder and return what click saw."""
        return CliRunner().invoke(main, [arguments[0], "--folder", str(self.root), *arguments[1:]])

    def run(self, *arguments):
        """Run the batch and return its JSON document."""
        result = self.invoke("run", "--json", *arguments)
        assert result.exit_code in (0, 1), result.output
        return json.loads(result.stdout)

    def workbook(self, document):
        """Open the consolidated workbook with the values that it was written with."""
        with warnings.catch_warnings():  # openpyxl does not know the data bars of Excel 2010
            warnings.filterwarnings("ignore", message=".*extension is not supported.*")
            return openpyxl.load_workbook(self.root / document["files"]["workbook"], data_only=True)


def fill(content, entries, **cover):
    """Type values into a form: `entries` by (sheet, 管理番号, heading), `cover` by the label on はじめに."""
    workbook = openpyxl.load_workbook(io.BytesIO(content))
    places = {name: _places(workbook[name]) for name in {sheet for sheet, _, _ in entries}}
    for (sheet, key, heading), value in entries.items():
        rows, columns = places[sheet]
        row, column = row_of(key, heading)
        cell = workbook[sheet].cell(rows[row], columns[column])
        is_taken_as_percent = heading == "実績値" and "%" in cell.number_format and isinstance(value, int | float)
        cell.value = value / 100 if is_taken_as_percent else value  # as Excel takes 96 that is typed into such a cell
    for label, value in cover.items():
        found = next(cell for row in workbook["はじめに"].iter_rows() for cell in row if cell.value == label)
        found.offset(0, 1).value = value
    filled = io.BytesIO()
    workbook.save(filled)
    return filled.getvalue()


def saved_on(content, moment):
    """Return a workbook that says it was saved last at a moment (2026-02-05T00:00:00Z)."""
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        parts = {each.filename: archive.read(each) for each in archive.infolist()}
    core = parts["docProps/core.xml"].decode()
    parts["docProps/core.xml"] = re.sub("(<dcterms:modified[^>]*>)[^<]*", rf"\g<1>{moment}", core).encode()
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, part in parts.items():
            archive.writestr(name, part)
    return out.getvalue()


def _places(sheet):
    """Return the rows by 管理番号 and the columns by heading."""
    heading = next(cell for row in sheet.iter_rows() for cell in row if cell.value == "管理番号")
    rows = {sheet.cell(row, heading.column).value: row for row in range(heading.row + 1, sheet.max_row + 1)}
    return rows, {cell.value: cell.column for cell in sheet[heading.row]}


def row_of(key, heading):
    """Return the 管理番号 of an input's row and the heading of its column: of a picture's caption or frame, those of its action."""
    if heading not in ("説明", "写真"):
        return key, heading
    action, _, number = key.rpartition("-")
    return ("C" + action[1:] if heading == "説明" else action), f"写真{number}"


def cell_of(sheet, key, heading):
    """Return the cell of an input: in the row of its 管理番号 under its heading."""
    rows, columns = _places(sheet)
    row, column = row_of(key, heading)
    return sheet.cell(rows[row], columns[column])


def found(document, code):
    """Return (department, file, sheet, cell) of the findings of a code in a run's document."""
    return [
        (each["department"], each["file"], each["sheet"], each["cell"])
        for each in document["findings"]
        if each["code"] == code
    ]
