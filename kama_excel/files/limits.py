"""The limits on the size of files and folders, and their reasons. A file over a limit is a finding.

A filled form is some 50 kB, with photos some 10 MB; every limit is far above what a department sends.
"""

from __future__ import annotations

from kama_excel.findings.catalogue import Code

_MIB = 1024 * 1024

MONTHS = 240
"""How many months' folders are read, the newest of them: twenty years; a plan runs for some five, a month takes 0.1 s."""

FILES = 5_000
"""How many files of a month's folder are read, in the order of their names: some 100 come back from 30 departments."""

FILE_BYTES = 100 * _MIB
"""A file as it lies in the folder. Mail servers of cities stop at 10–50 MB."""

UNPACKED_BYTES = 400 * _MIB
"""The declared size of all parts of a ZIP container (a workbook is one): a zip bomb declares terabytes."""

PART_BYTES = 150 * _MIB
"""One part of a container: all sheets of an .ods are one, and 100,000 filled rows have some 60 MB of XML."""

XML_BYTES = 40 * _MIB
"""One part of an .xlsx that is held as a whole: a sheet, its texts. A form's largest has 0.5 MB; one of nothing but empty
elements takes forty times its size, which is what the reading process has."""

PARTS = 5_000
"""How many parts a container may have: a workbook has some 30, one with 200 photos some 250."""

USED_CELLS = 3_000_000
"""The rectangle around a sheet's filled cells. Readers hold it densely: two cells at opposite corners are 17 thousand
million cells, more than any memory."""

FILLED_CELLS = 500_000
"""The filled cells of one sheet, or the cells in a form's snapshot of what was printed. A form has a few
thousand."""

MERGED_CELLS = 20_000
"""The merged ranges that are looked at, of one sheet. A form has some ten."""

ENTRIES = 20_000
"""The inputs of one form that are taken. A form of 300 tasks has some 2,500; a row that was copied down a whole sheet
would be compared with itself hundreds of thousands of times, in the process that all forms share."""

FINDINGS = 1_000
"""The places of one form that are named one by one; of the others a finding gives the count per sheet. A list
of figures on an added sheet has tens of thousands of cells, too many lines to read."""

CELL_CHARACTERS = 32_767
"""The longest text that a cell of Excel holds; XlsxWriter leaves a cell with more empty. CSV and JSON have all of it."""

NESTED = 4
"""How deep containers may lie in each other: a form in a ZIP in a mail that was forwarded is three."""

ATTACHMENTS = 300
"""How many files one mail or ZIP may bring: there are some 30 departments."""

PICTURES = 200
"""How many pictures of one workbook are looked at; 3 for each of 50 actions are 150."""

PICTURE_PIXELS = 120_000_000
"""A telephone's largest photo has 108 million pixels; 50,000 × 50,000 would need 7 GB."""

PICTURE_SIDE = 800
"""The longer side of a picture as it is kept: its place on a page is 3 inches wide at most, and paper shows 250 dots an
inch."""

SECONDS = 20.0
"""How long one file may take. A form takes 0.01 s, one with ten photos 0.2 s."""

START_SECONDS = 120.0
"""How long a reading process may take until it can read: 0.1 s; some 30 s at the first start under a virus scanner or
from a share."""

REFUSED_SECONDS = 10.0
"""How long the files inside one mail or ZIP may take that come to nothing; a good form takes 0.01 s. A ZIP of twenty bombs
would keep a run for minutes."""

MEMORY_BYTES = 1536 * _MIB
"""The address space of the reading process: the libraries take 300 MB of it, a picture of 108 million pixels 330 MB."""

PROCESSES = 4
"""How many processes read at most; a form takes 0.01 s, a photo as long, and each process 0.1 s to start."""


class RefusedError(Exception):
    """A file, or a part of it, that is refused. `value` is its kind or content, `reason` why, in Japanese."""

    def __init__(self, code: Code, reason: str = "", value: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.value = value
