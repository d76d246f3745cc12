"""The strips of bands of all pages have one XML, with each page's own cells and axes."""

import io
import re
import zipfile

from kama_excel.spreadsheets.writing.charts import StripBand, strip_of_bands
from kama_excel.spreadsheets.writing.fast_xlsxwriter import new_book
from kama_excel.spreadsheets.writing.style import grade_palette

COLOURS = grade_palette(("達成", "未達"))


def test_strips_of_two_pages_differ_in_their_cells_and_axes_only():
    book = new_book("題")
    for name in ("01", "甲&乙"):
        bands = [
            StripBand(grade, grade, f"'{name}'!$A${row}", 0.5, COLOURS[grade])
            for row, grade in ((1, "未達"), (2, "達成"))
        ]
        book.add_sheet(name).insert_chart(0, 2, strip_of_bands(book, bands, (400, 20)))
    with zipfile.ZipFile(io.BytesIO(book.to_bytes())) as archive:
        first, second = (archive.read(f"xl/charts/chart{number}.xml").decode() for number in (1, 2))
    assert re.findall("<c:f>(.*?)</c:f>", first) == ["'01'!$A$1", "'01'!$A$2"]
    assert re.findall("<c:f>(.*?)</c:f>", second) == ["'甲&amp;乙'!$A$1", "'甲&amp;乙'!$A$2"]
    axes = [set(re.findall('<c:axId val="(.*?)"', each)) for each in (first, second)]
    assert [len(each) for each in axes] == [2, 2]
    assert not axes[0] & axes[1]
    assert first.replace("'01'", "'甲&amp;乙'").replace("50010", "50020") == second
