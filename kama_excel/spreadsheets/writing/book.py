"""The workbook and worksheet of XlsxWriter, with what all our workbooks need."""

from __future__ import annotations

import io
from collections.abc import Iterable, Mapping
from typing import Any, BinaryIO

from xlsxwriter import Workbook
from xlsxwriter.format import Format
from xlsxwriter.worksheet import Worksheet

from kama_excel.files.zip_origin import mark_one_origin


class BookSheet(Worksheet):  # type: ignore[misc]  # XlsxWriter has no types
    """A worksheet with unchanged formulas, input modes of validations, and growing rows.

    A growing row becomes higher when more text is typed into it.
    """

    fh: Any

    def __init__(self) -> None:
        super().__init__()
        self.growing_rows: set[int] = set()
        """The rows (counted from 0) with a set height that Excel raises when more text is typed."""

    def set_growing(self, row: int) -> None:
        """Let Excel raise a row with a set height (counted from 0) when more text is typed."""
        self.growing_rows.add(row)

    def _xml_start_tag_unencoded(self, tag: str, attributes: Iterable[tuple[str, object]] = ()) -> None:
        """Write a tag; that of a growing row without `customHeight`, which fixes the height."""
        if tag == "row" and self.growing_rows and int(str(dict(attributes)["r"])) - 1 in self.growing_rows:
            attributes = [each for each in attributes if each[0] != "customHeight"]
        super()._xml_start_tag_unencoded(tag, attributes)

    def complete(self) -> None:
        """Declare that no cell will be written or read any more, so that cells can be released."""

    def add_rule(self, cells: str, condition: str, cell_format: Format, *, is_last: bool = False) -> None:
        """Add a conditional format with a formula, relative to the first cell of C5:D9.

        `is_last` stops later rules.
        """
        rule = {"type": "formula", "criteria": f"={condition}", "format": cell_format, "stop_if_true": is_last}
        self.conditional_format(cells, rule)

    def add_data_bar(self, cells: str, colour: str) -> None:
        """Draw a data bar of a rate, 0–100 %, behind each figure."""
        bar = {"type": "data_bar", "bar_color": colour, "bar_solid": True, "min_type": "num", "max_type": "num"}
        bar |= {"min_value": 0, "max_value": 1, "data_bar_2010": True, "bar_border_color": colour}
        self.conditional_format(cells, bar)

    def draw_line(self, row: int, column: int, cells: str, most: float, colours: tuple[str, str]) -> None:
        """Draw the figures of `cells` as a line in a cell (counted from 0), from 0 to `most`.

        `colours` are those of the line and of its last point. Blank cells are gaps.
        """
        options = {"range": cells, "min": 0, "max": most, "weight": 1.5, "series_color": colours[0]}
        options |= {"last_point": True, "last_color": colours[1], "empty_cells": "gaps"}
        self.add_sparkline(row, column, options)

    def write_link(self, row: int, column: int, place: str, text: str, tip: str) -> None:
        """Write a text that links to a place in the book (01!A1); row and column from 0."""
        self.write_url(row, column, f"internal:{place}", string=text, tip=tip)

    def set_ime(self, mode: str) -> None:
        """Set the input mode of the last validation (`hiragana`, `off`)."""
        self.validations[-1]["ime"] = mode

    def _prepare_formula(self, formula: str, expand_future_functions: bool = False) -> str:  # noqa: ARG002, FBT001, FBT002 -- XlsxWriter's signature
        """Keep a formula unchanged.

        XlsxWriter prefixes the names of some hundred newer functions, in quoted texts too. Our formulas use none
        of these functions, and a text must stay as typed.
        """
        return formula.removeprefix("=")

    def _xml_formula_element(self, formula: str, result: object, attributes: list[tuple[str, object]]) -> None:
        """Write a formula, with the type of text if its value is the empty text.

        XlsxWriter omits the type of such a value. It is then a number without digits, which the format does not
        allow.
        """
        is_typed = any(name == "t" for name, _ in attributes)
        more = [] if is_typed or result != "" else [("t", "str")]
        super()._xml_formula_element(formula, result, [*attributes, *more])

    def _write_data_validation(self, options: dict[str, Any]) -> None:
        """Write a validation with its input mode, which XlsxWriter does not offer."""
        mode, sheet, self.fh = options.get("ime"), self.fh, io.StringIO()
        super()._write_data_validation(options)
        element, self.fh = self.fh.getvalue(), sheet
        end = element.index(">") - element[: element.index(">")].endswith("/")
        sheet.write(f'{element[:end]} imeMode="{mode}"{element[end:]}' if mode else element)


class Book(Workbook):  # type: ignore[misc]  # XlsxWriter has no types
    """A workbook in memory; a text stays a text, whatever it looks like."""

    sheet_class: type[BookSheet] = BookSheet

    def __init__(self) -> None:
        as_typed = {"strings_to_formulas": False, "strings_to_urls": False, "strings_to_numbers": False}
        super().__init__(io.BytesIO(), {"in_memory": True, **as_typed})

    def add_sheet(self, name: str) -> BookSheet:
        """Add a worksheet of the book's own class."""
        sheet: BookSheet = self.add_worksheet(name, self.sheet_class)
        return sheet

    def add_cell_format(self, properties: Mapping[str, object]) -> Format:
        """Add a format for cells, with its number.

        So a sheet can be completed before those in front of it.
        """
        cell_format: Format = self.add_format(properties)
        cell_format._get_xf_index()  # noqa: SLF001 -- XlsxWriter's own does so when it writes the first cell
        return cell_format

    def save(self) -> BinaryIO:
        """Write the book; return the open file, at its start."""
        self.close()
        file: BinaryIO = self.filename
        mark_one_origin(file)
        file.seek(0)
        return file

    def to_bytes(self) -> bytes:
        """Write the book, and return the file's bytes."""
        with self.save() as file:
            return file.read()
