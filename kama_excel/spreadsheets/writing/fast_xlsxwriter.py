"""A workbook written by XlsxWriter, faster with releases that were tested.

`FastBook` and `FastSheet` replace private methods of XlsxWriter; no public interface allows the same speed (a
large book takes two thirds of the time). They are used with `PROVEN_RELEASES` only, for which
`tests/spreadsheets/test_fast_xlsxwriter.py` compares every part of the file. With any other release `new_book`
returns the plain classes: the same parts, written slower.
"""

from __future__ import annotations

import datetime as dt
import io
import math
from collections import defaultdict
from collections.abc import Mapping, Sequence
from functools import lru_cache
from itertools import product
from traceback import clear_frames
from types import MappingProxyType
from typing import IO, Any, BinaryIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

import xlsxwriter
from xlsxwriter.exceptions import FileCreateError, OverlappingRange
from xlsxwriter.format import Format
from xlsxwriter.packager import Packager

from kama_excel.files.temporary import temporary_file
from kama_excel.files.zip_origin import UNIX
from kama_excel.spreadsheets.cells import a1, column_letters
from kama_excel.spreadsheets.writing.book import Book, BookSheet

PROVEN_RELEASES = ("3.3.1",)
_ANY_DAY = dt.date(2026, 1, 1)
_ROW = "\0"  # the row's number in the text of blank cells
_ERRORS = frozenset(("#DIV/0!", "#N/A", "#NAME?", "#NULL!", "#NUM!", "#REF!", "#VALUE!"))
_WITH_EXTENSIONS = 2010  # of Excel's versions: with data bars or sparklines of that year
_NO_LIST: Any = ()  # what a completed sheet has, so that nothing can be added
_NO_DICT: Any = MappingProxyType({})
_ROWS_PER_SPAN = 16  # rows that share the attribute `spans`
_DEFLATE_LEVEL = 5  # takes three quarters of the time of zlib's default 6, and one percent more bytes
_X14 = 'xmlns:x14="http://schemas.microsoft.com/office/spreadsheetml/2009/9/main"'
_XM = 'xmlns:xm="http://schemas.microsoft.com/office/excel/2006/main"'
_DATA_BAR = (
    '<cfRule type="dataBar" priority="{}"><dataBar><cfvo type="num" val="0"/><cfvo type="num" val="1"/><color rgb="FF{}"/>'
    f'</dataBar><extLst><ext {_X14} uri="{{{{B025F937-C7B1-47D3-B67F-A62EFF666E3E}}}}"><x14:id>{{}}</x14:id></ext></extLst>'
    "</cfRule>"
)
"""Priority, colour and GUID of a data bar from 0 to 1."""
_DATA_BAR_2010 = (
    f'<x14:conditionalFormatting {_XM}><x14:cfRule type="dataBar" id="{{}}"><x14:dataBar minLength="0" maxLength="100"'
    ' border="1" gradient="0" negativeBarBorderColorSameAsPositive="0"><x14:cfvo type="num"><xm:f>0</xm:f></x14:cfvo>'
    '<x14:cfvo type="num"><xm:f>1</xm:f></x14:cfvo><x14:borderColor rgb="FF{}"/><x14:negativeFillColor rgb="FFFF0000"/>'
    '<x14:negativeBorderColor rgb="FFFF0000"/><x14:axisColor rgb="FF000000"/></x14:dataBar></x14:cfRule>'
    "<xm:sqref>{}</xm:sqref></x14:conditionalFormatting>"
)
"""GUID, colour and cells of a data bar."""
_LINE_2010 = (
    '<x14:sparklineGroup manualMax="{}" manualMin="0" lineWeight="1.5" displayEmptyCellsAs="gap" last="1"'
    ' minAxisType="custom" maxAxisType="custom"><x14:colorSeries rgb="FF{}"/><x14:colorNegative theme="5"/>'
    '<x14:colorAxis rgb="FF000000"/><x14:colorMarkers theme="4" tint="-0.499984740745262"/>'
    '<x14:colorFirst theme="4" tint="0.39997558519241921"/><x14:colorLast rgb="FF{}"/><x14:colorHigh theme="4"/>'
    '<x14:colorLow theme="4"/><x14:sparklines><x14:sparkline><xm:f>{}</xm:f><xm:sqref>{}</xm:sqref></x14:sparkline>'
    "</x14:sparklines></x14:sparklineGroup>"
)
"""Maximum, colours of the line and of its last point, figures, and cell of a line."""

StoredCell = tuple[Format | None, str, str | float]
"""A cell's format, its XML after the attribute of the format, and its value for charts."""


def new_book(title: str, author: str = "", day: dt.date = _ANY_DAY, **more: str) -> Book:
    """Return an empty book, the fast one if the installed XlsxWriter is a proven release.

    `day` is the creation time in its properties: with a fixed one, the same content gives the same bytes. `more`
    are further properties of XlsxWriter.
    """
    book = FastBook() if xlsxwriter.__version__ in PROVEN_RELEASES else Book()
    made = dt.datetime(day.year, day.month, day.day)  # noqa: DTZ001 -- a date without a zone, by intent
    book.set_properties({"title": title, "author": author, "created": made, **more})
    return book


class _Styles(dict[Format | None, str]):
    """The XML of each format in a cell; '' for no format."""

    def __missing__(self, cell_format: Format | None) -> str:
        style = f' s="{cell_format._get_xf_index()}"' if cell_format else ""  # noqa: SLF001 -- as XlsxWriter's own does
        self[cell_format] = style
        return style


class FastSheet(BookSheet):
    """A worksheet that keeps each cell as XML, and writes a row in one loop.

    A cell in `table` is a `StoredCell`. Of a merged range only the first cell of each row is kept. The used range is
    determined when the sheet is written. Comments are not offered, and a cell without a format does not take that of
    its row or column.
    """

    def __init__(self) -> None:
        super().__init__()
        self.texts: dict[str, str] = {}
        """The XML after the style of each shared text; a `FastBook` has one for all its sheets."""
        self.styles = _Styles()
        """The XML of the formats, as `texts`."""
        self._merged: defaultdict[int, dict[int, tuple[int, Format]]] = defaultdict(dict)
        """The merged ranges by row and first column: the last column, and the format."""
        self._merged_columns: defaultdict[int, int] = defaultdict(int)
        """The merged columns by row, as the bits of a number."""
        self._used: defaultdict[int, set[int]] = defaultdict(set)
        """Used columns of the rows of each span, the first and the last one among them."""
        self._body: bytes | None = None
        """The XML from the cells to the links, of a completed sheet."""

    def _write_string(self, row: int, col: int, string: str, cell_format: Format | None = None) -> int:
        """Store a text; row and column are counted from 0."""
        xml_after_style = self.texts.get(string)
        if xml_after_style is None:
            super()._write_string(row, col, string)
            xml_after_style = self.texts[string] = f' t="s"><v>{self.table[row][col].string}</v></c>'
        else:
            self.str_table.count += 1
        self.table[row][col] = cell_format, xml_after_style, string
        return 0

    def _write_number(self, row: int, col: int, number: float, cell_format: Format | None = None) -> int:
        """Store a number, as `_write_string` does a text.

        Raises: TypeError for infinity or NaN, which no cell can hold.
        """
        if not math.isfinite(number):
            raise TypeError(f"{self.name}: {a1(row + 1, col + 1)}: {number}")
        self.table[row][col] = cell_format, f"><v>{number:.16G}</v></c>", number
        return 0

    def _write_datetime(self, row: int, col: int, date: dt.date, cell_format: Format | None = None) -> int:
        """Store a day, as `_write_string` does a text."""
        return self._write_number(row, col, self._convert_date_time(date), cell_format)

    def _write_blank(self, row: int, col: int, _: None, cell_format: Format) -> int:
        """Store a blank with a format, as `_write_string` does a text."""
        self.table[row][col] = cell_format, "/>", ""
        return 0

    def _write_formula(
        self, row: int, col: int, formula: str, cell_format: Format | None = None, value: str | float = 0
    ) -> int:
        """Store a formula, as `_write_string` does a text.

        XlsxWriter searches each for functions that make it an array formula. Ours have none of them outside
        texts.
        """
        kind, result = "", value
        if isinstance(value, str):
            kind, result = f' t="{"e" if value in _ERRORS else "str"}"', _escaped(value)
        formula = _escaped(formula.removeprefix("="))
        self.table[row][col] = cell_format, f"{kind}><f>{formula}</f><v>{result}</v></c>", value
        return 0

    write_string, write_number, write_datetime = _write_string, _write_number, _write_datetime
    write_blank, write_formula = _write_blank, _write_formula  # XlsxWriter also accepts an address there

    def merge_range(
        self, first_row: int, first_col: int, last_row: int, last_col: int, _: None, cell_format: Format
    ) -> int:
        """Merge blank cells; rows and columns are counted from 0.

        XlsxWriter creates each cell. Raises: OverlappingRange.
        """
        columns = (1 << last_col + 1) - (1 << first_col)
        for row in range(first_row, last_row + 1):
            if self._merged_columns[row] & columns:
                raise OverlappingRange(f"{self.name}: {a1(row + 1, first_col + 1)}")
            self._merged_columns[row] |= columns
            self._merged[row][first_col] = last_col, cell_format
            self.table[row].setdefault(first_col, (cell_format, "/>", ""))
        self.merge.append((first_row, first_col, last_row, last_col))
        return 0

    def set_row_pixels(self, row: int, height: float) -> int:
        """Set the height of a row, which is counted from 0."""
        if not self.table and self.dim_colmin is None:  # then XlsxWriter counts the first column as used
            self._check_dimensions(row, 0)
        self.row_sizes[row] = [height, False]
        return 0

    def _get_range_data(self, row_start: int, col_start: int, row_end: int, col_end: int) -> list[str | float | None]:
        """Return the values of a row or column for a chart; None where no cell was written."""
        data: list[str | float | None] = []
        for row, column in product(range(row_start, row_end + 1), range(col_start, col_end + 1)):
            cell: StoredCell | None = self.table.get(row, {}).get(column)
            if cell is None:
                data.append(None)
                continue
            _, xml_after_style, value = cell
            is_number = not (isinstance(value, str) or _is_formula(xml_after_style))
            data.append(f"{value:.16g}" if is_number else value)
        return data

    def complete(self) -> None:
        """Write the cells, links, rules and validations, and release them.

        Adding one afterwards raises AttributeError.
        """
        if self._body is not None:
            return
        self.fh = _as_utf8(io.BytesIO())
        self._determine_used_range()
        super()._write_sheet_data()
        self._write_sheet_protection()
        self._write_auto_filter()
        self._write_merge_cells()
        self._write_conditional_formats()
        self._write_data_validations()
        self._write_hyperlinks()
        self._body = self.fh.detach().getvalue()
        self._release()

    def _release(self) -> None:
        """Release what the body has, so that XlsxWriter finds nothing more to write of it."""
        del self.table, self._merged, self._merged_columns, self._used
        self.autofilter_ref = self.protect_options = None
        self.merge = self.validations = _NO_LIST
        self.cond_formats = self.hyperlinks = _NO_DICT

    def write_to(self, part: IO[bytes]) -> None:
        """Write the sheet, and release it; XlsxWriter keeps all until they are packed."""
        self.complete()
        self.fh = _as_utf8(part)
        self._assemble_xml_file()
        self.fh.detach()
        self._body = b""

    def _write_sheet_data(self) -> None:
        """Write the body; XlsxWriter finds nothing more of it."""
        self.fh.flush()
        self.fh.buffer.write(self._body)

    def _determine_used_range(self) -> None:
        """Determine the used columns of each span, and the used range."""
        for row, cells in self.table.items():
            self._used[row // _ROWS_PER_SPAN].update(cells)
        for row, merged in self._merged.items():
            self._used[row // _ROWS_PER_SPAN].update([last for last, _ in merged.values()])
        if self.table:
            columns = set().union(*self._used.values())
            self._check_dimensions(min(self.table), min(columns))
            self._check_dimensions(max(self.table), max(columns))
        for row in (min(self.row_sizes), max(self.row_sizes)) if self.row_sizes else ():
            self._check_dimensions(row, self.dim_colmin or 0)

    def _write_rows(self) -> None:
        """Write all rows; a text stream would hold several of them twice.

        XlsxWriter searches every column of every row for a cell twice, collects a cell's attributes in a list and
        escapes each; an address and a number need no escaping.
        """
        spans = {block: f' spans="{min(columns) + 1}:{max(columns) + 1}"' for block, columns in self._used.items()}
        letters = [column_letters(column + 1) for column in range(self.dim_colmax + 1)]
        self.fh.flush()
        for row in sorted(self.table.keys() | self.row_sizes.keys()):
            self.fh.buffer.write(self._row_in_utf8(row, spans.get(row // _ROWS_PER_SPAN, ""), letters))

    def _row_in_utf8(self, row: int, spans: str, letters: Sequence[str]) -> bytes:
        """Return a row with its cells and the blank ones of its merged ranges."""
        cells: Mapping[int, StoredCell] = self.table.get(row, {})
        number, merged, styles = str(row + 1), self._merged.get(row, {}), self.styles
        height, _ = self.row_sizes.get(row, (self.default_row_height, False))
        size = "" if height == self.default_row_height else f' ht="{height * 0.75:.16g}"'
        fixed = ' customHeight="1"' if size and row not in self.growing_rows else ""
        descent = ' x14ac:dyDescent="0.25"' if self.excel_version == _WITH_EXTENSIONS else ""
        xml = [f'<row r="{number}"{spans}{size}{fixed}{descent}{">" if cells else "/>"}']
        for column in sorted(cells):
            cell_format, xml_after_style, _ = cells[column]
            xml.append(f'<c r="{letters[column]}{number}"{styles[cell_format]}{xml_after_style}')
            if column in merged:
                last, cell_format = merged[column]
                xml.append(_blank_cells(column + 1, last, styles[cell_format]).replace(_ROW, number))
        return "".join([*xml, "</row>"] if cells else xml).encode()

    def _write_merge_cells(self) -> None:
        """Write the merged ranges."""
        if self.merge:
            ranges = [
                f'<mergeCell ref="{column_letters(left + 1)}{top + 1}:{column_letters(right + 1)}{bottom + 1}"/>'
                for top, left, bottom, right in self.merge
            ]
            self.fh.write(f'<mergeCells count="{len(self.merge)}">{"".join(ranges)}</mergeCells>')

    def add_rule(self, cells: str, condition: str, cell_format: Format, *, is_last: bool = False) -> None:
        """Add a conditional format; XlsxWriter's checks find nothing there."""
        stops = ' stopIfTrue="1"' if is_last else ""
        number = cell_format._get_dxf_index()  # noqa: SLF001 -- as XlsxWriter's own does
        start = f'<cfRule type="expression" dxfId="{number}" priority="{self.dxf_priority}"{stops}>'
        self._add_to(cells, f"{start}<formula>{_escaped(condition)}</formula></cfRule>")

    def add_data_bar(self, cells: str, colour: str) -> None:
        """Add a data bar, for which XlsxWriter writes two dozen tags."""
        self.excel_version = _WITH_EXTENSIONS
        number = f"{{DA7ABA51-AAAA-BBBB-{self.index + 1:04X}-{len(self.data_bars_2010) + 1:012X}}}"
        self._add_to(cells, _DATA_BAR.format(self.dxf_priority, colour[1:], number))
        self.data_bars_2010.append(_DATA_BAR_2010.format(number, colour[1:], cells))

    def _add_to(self, cells: str, rule: str) -> None:
        first, _, last = cells.partition(":")
        self.cond_formats.setdefault(first if last == first else cells, []).append(rule)
        self.dxf_priority += 1

    def _write_conditional_formats(self) -> None:
        """Write the conditional formats of each range."""
        for cells, rules in self.cond_formats.items():
            self.fh.write(f'<conditionalFormatting sqref="{cells}">{"".join(rules)}</conditionalFormatting>')

    def _write_conditional_formatting_2010(self, data_bar: str) -> None:
        """Write the part of a data bar that Excel has known since 2010."""
        self.fh.write(data_bar)

    def draw_line(self, row: int, column: int, cells: str, most: float, colours: tuple[str, str]) -> None:
        """Draw a line in a cell, for which XlsxWriter makes the 250 colours of all styles."""
        line, end = (colour[1:] for colour in colours)
        self.sparklines.append(_LINE_2010.format(most, line, end, cells.replace("$", ""), a1(row + 1, column + 1)))

    def _write_ext_list_sparklines(self) -> None:
        """Write the lines in cells, the last one first as XlsxWriter does."""
        self._write_ext("{05C60535-1F16-4fd2-B633-F4F36F0B64E0}")
        self.fh.write(f"<x14:sparklineGroups {_XM}>{''.join(reversed(self.sparklines))}</x14:sparklineGroups></ext>")

    def add_table(self, first_row: int, first_col: int, last_row: int, last_col: int, options: dict[str, Any]) -> int:
        """Add a table of headings and data, with a filter.

        XlsxWriter keeps the range of a table once for each of its cells, so it is given the first row only; the
        whole range is set afterwards.
        """
        result: int = super().add_table(first_row, first_col, first_row + 1, last_col, options)
        cells = f"{a1(first_row + 1, first_col + 1)}:{a1(last_row + 1, last_col + 1)}"
        self.tables[-1] |= dict.fromkeys(("range", "a_range", "autofilter"), cells)
        return result

    def write_link(self, row: int, column: int, place: str, text: str, tip: str) -> None:
        """Store a text with a link, as `_write_string` does a text.

        XlsxWriter's own `write_url` is not offered.
        """
        self._write_string(row, column, text, self.default_url_format)
        self.hyperlinks[row][column] = place, tip, text

    def _write_hyperlinks(self) -> None:
        """Write the links."""
        links = []
        for row, by_column in sorted(self.hyperlinks.items()):
            for column, texts in sorted(by_column.items()):
                location, tip, shown = map(self._escape_attributes, texts)
                place = a1(row + 1, column + 1)
                links.append(f'<hyperlink ref="{place}" location="{location}" tooltip="{tip}" display="{shown}"/>')
        if links:
            self.fh.write(f"<hyperlinks>{''.join(links)}</hyperlinks>")


def _is_formula(xml_after_style: str) -> bool:
    return "<f>" in xml_after_style  # a text is not in the cell, and in a result `<` is escaped


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _as_utf8(stream: IO[bytes]) -> io.TextIOWrapper:
    """Return a stream that writes texts to `stream`; `detach` ends that."""
    return io.TextIOWrapper(stream, "utf-8", newline="")


@lru_cache(maxsize=4096)  # the pages have the same ranges in many rows
def _blank_cells(first: int, last: int, style: str) -> str:
    """Return the XML of blank cells, with `_ROW` for the row's number; columns from 0."""
    letters = (column_letters(column + 1) for column in range(first, last + 1))
    return "".join(f'<c r="{each}{_ROW}"{style}/>' for each in letters)


class FastBook(Book):
    """A book in a temporary file that packs each part once it is written.

    XlsxWriter packs all at the end, in memory.
    """

    sheet_class = FastSheet

    def __init__(self) -> None:
        super().__init__()
        self._packed = temporary_file()
        self._texts: dict[str, str] = {}
        self._styles = _Styles()

    def add_sheet(self, name: str) -> BookSheet:
        """Add a worksheet that shares the XML of the texts and formats."""
        sheet = super().add_sheet(name)
        sheet.texts, sheet.styles = self._texts, self._styles
        return sheet

    def save(self) -> BinaryIO:
        """Write the book; return the open file, at its start.

        Raises: OSError if no temporary file can be written.
        """
        try:
            self.close()
        except FileCreateError as error:  # XlsxWriter's name of any OSError
            failure = error.args[0]
            clear_frames(failure.__traceback__)  # its archive is finished while there still is a file to finish
            raise failure from None
        self._packed.seek(0)
        return self._packed

    def _get_packager(self) -> Packager:
        return _Package(self._packed)


class _Zip(ZipFile):
    """A ZIP file that is not finished where writing it has failed: the disk may be full."""

    def __del__(self) -> None:
        pass


class _Package(Packager):  # type: ignore[misc]
    """The parts of a book, packed as they are written; XlsxWriter gets none to pack."""

    def __init__(self, file: BinaryIO) -> None:
        super().__init__()
        self._zip = _Zip(file, "w", ZIP_DEFLATED, compresslevel=_DEFLATE_LEVEL)

    def _create_package(self) -> list[tuple[object, str, bool]]:
        super()._create_package()
        self._pack()
        for each in self._zip.infolist():
            each.create_system = UNIX  # as `mark_one_origin` marks it
        self._zip.close()
        return []

    def _filename(self, xml_filename: str) -> io.StringIO:
        """Return the stream of the next part."""
        self._pack()
        part: io.StringIO = super()._filename(xml_filename)
        return part

    def _write_worksheet_files(self) -> None:
        """Write the sheets into the file, without keeping their XML."""
        self._pack()
        for number, sheet in enumerate(self.workbook.worksheets(), start=1):
            with self._zip.open(f"xl/worksheets/sheet{number}.xml", "w") as part:
                sheet.write_to(part)

    def _pack(self) -> None:
        """Pack the current part; pictures are already compressed."""
        for written, name, is_picture in self.filenames:
            info = ZipInfo(name)  # of 1980-01-01, as Excel's own
            if is_picture:
                self._zip.writestr(info, written.getvalue(), ZIP_STORED)
            else:
                self._zip.writestr(info, written.getvalue().encode(), ZIP_DEFLATED, _DEFLATE_LEVEL)
                written.close()  # its sheet keeps it
        self.filenames.clear()
