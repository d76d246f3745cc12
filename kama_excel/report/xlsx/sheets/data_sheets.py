"""データ_…: all reported values as machine-readable Excel tables."""

from __future__ import annotations

from math import ceil

from xlsxwriter.format import Format

from kama_excel.report.month_report import Report
from kama_excel.report.tables import ASSESSMENTS, INDICATORS, PROGRESS, DataTable
from kama_excel.spreadsheets.writing.book import Book
from kama_excel.spreadsheets.writing.canvas import A3, Canvas
from kama_excel.spreadsheets.writing.measure import column_pixels
from kama_excel.spreadsheets.writing.style import FIGURES, MUTED, NAVY, WHITE, Formats

_WIDTHS = {
    **dict.fromkeys(("アクション", "計画", "指標", "理由", "文章", "ファイル"), 36.0),
    **dict.fromkeys(("備考", "根拠", "記入された値"), 28.0),
    **dict.fromkeys(("訂正前の値", "記入された予定"), 18.0),
    "管理番号": 16.0,
    "担当課": 24.0,
    "SHA-256": 52.0,
}
"""The widths of text columns; the others are as wide as their heading."""

_DAYS = ("時点", "記入日")
_PAGE_PIXELS = 1650  # of columns on A3: 9 pt become 8 pt
_LONG = 8  # minimum width of a column in characters


def data_places(data: tuple[DataTable, ...]) -> dict[str, str]:
    """Return the reference of the data row by 管理番号, for links from the pages."""
    linked = [table for table in data if table.sheet in (PROGRESS, INDICATORS, ASSESSMENTS)]
    return {
        str(row[0]): f"'{table.sheet}'!A{number}" for table in linked for number, row in enumerate(table.rows, start=2)
    }


def write_data_sheets(book: Book, formats: Formats, report: Report, data: tuple[DataTable, ...]) -> None:
    """Write the four tables."""
    for table in data:
        _write_table(Canvas(book, table.sheet, formats), report, table)


def _write_table(canvas: Canvas, report: Report, table: DataTable) -> None:
    """Write one Excel table from A1 on; without rows it gets the blank row that Excel needs."""
    formats, sheet = canvas.formats, canvas.sheet
    sheet.hide_gridlines(0)
    looks = [_look(formats, heading) for heading in table.headings]
    for number, row in enumerate(table.rows, start=2):
        is_long = False
        for column, (value, look) in enumerate(zip(row, looks, strict=True), start=1):
            text = value if isinstance(value, str) else None
            if is_long or (value is not None and text != ""):  # a long text would be shown under the next heading
                canvas.write(number, column, value, look)
            is_long = text is not None and len(text) > _LONG
    band = formats.boxed(bold=True, font_size=9, font_color=WHITE, bg_color=NAVY, align="center")
    columns = [{"header": heading, "header_format": band} for heading in table.headings]
    options = {"name": table.name, "columns": columns, "style": "Table Style Light 1"}
    sheet.add_table(0, 0, max(len(table.rows), 1), len(table.headings) - 1, options)
    canvas.height(1, 22)
    canvas.keep_headings(1, 1)
    canvas.print_setup(landscape=True, paper=A3, footer=f"{report.plan.name}　{table.sheet}　{report.month.label}分")
    widths = [_WIDTHS.get(heading, max(12, 2 * len(heading) + 3)) for heading in table.headings]
    for column, width in enumerate(widths):
        sheet.set_column(column, column, width, looks[column])
    sheet.repeat_columns(0, 0)
    sheet.fit_to_pages(ceil(sum(map(column_pixels, widths)) / _PAGE_PIXELS), 0)
    sheet.complete()


def _look(formats: Formats, heading: str) -> Format:
    """Return the look of a column: figures and short words centred, texts indented."""
    if heading == "SHA-256":
        return formats(font_size=8, font_name=FIGURES, font_color=MUTED, indent=1)
    if heading in _WIDTHS:
        return formats(font_size=9, indent=1)
    return formats(font_size=9, align="center", **({"num_format": "yyyy-mm-dd"} if heading in _DAYS else {}))
