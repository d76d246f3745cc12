"""The limits on the size of files and folders, with reasons; exceeding one is a finding.

A filled form has some 50 kB, with photos some 10 MB. Every limit is far above what a department sends.
"""

from __future__ import annotations

from kama_excel.findings.catalogue import Code

_MIB = 1024 * 1024

MONTHS = 240
"""Maximum number of months read, the newest first.

240 are twenty years; a plan runs for about five, and a month takes 0.1 s.
"""

FILES = 5_000
"""Maximum number of files read from a month's folder, in the order of their names.

30 departments send some 100.
"""

FILE_BYTES = 100 * _MIB
"""Maximum size of a file in the folder; mail servers of cities allow 10–50 MB."""

UNPACKED_BYTES = 400 * _MIB
"""Maximum declared size of all parts of a ZIP container: a zip bomb declares terabytes.

Most workbooks are ZIP containers.
"""

PART_BYTES = 150 * _MIB
"""Maximum size of one part of a container.

All sheets of an .ods are one part, and 100,000 filled rows have some 60 MB of XML.
"""

XML_BYTES = 40 * _MIB
"""Maximum size of one part of an .xlsx that is parsed as a whole: a sheet, its texts.

The largest of a form has 0.5 MB. A part of empty elements takes forty times its size in memory, which is what the
reading process has.
"""

PARTS = 5_000
"""Maximum number of parts of a container.

A workbook has some 30, one with 200 photos some 250.
"""

USED_CELLS = 3_000_000
"""Maximum size of the rectangle around a sheet's filled cells.

Readers store it densely: two cells in opposite corners would take 17 thousand million cells.
"""

FILLED_CELLS = 500_000
"""Maximum number of filled cells of a sheet, or of a form's snapshot of printed cells.

A form has a few thousand.
"""

MERGED_CELLS = 20_000
"""Maximum number of merged ranges read from a sheet; a form has some ten."""

ENTRIES = 20_000
"""Maximum number of inputs read from one form.

A form of 300 tasks has some 2,500. A row copied down a whole sheet would be compared with itself hundreds of
thousands of times, in the process that all forms share.
"""

FINDINGS = 1_000
"""Maximum number of cells of one form that get a finding each.

The others are counted per sheet. A list of figures on an added sheet has tens of thousands of cells, too many
lines to read.
"""

CELL_CHARACTERS = 32_767
"""Maximum length of a text in an Excel cell.

XlsxWriter leaves a cell with more blank. CSV and JSON have the whole text.
"""

NESTED = 4
"""Maximum depth of nested containers: a form in a ZIP in a forwarded mail is three."""

ATTACHMENTS = 300
"""Maximum number of files in one mail or ZIP, without those that systems leave behind.

There are some 30 departments.
"""

CONTAINED = 5_000
"""Maximum number of files inside one file of the folder, in all its nested mails and ZIPs.

A ZIP of 30 departments' mails, each with a form and ten photos, has some 400. Those beyond are counted in one
finding per container.
"""

PICTURES = 200
"""Maximum number of pictures read from a workbook; 3 for each of 50 actions are 150."""

PICTURE_PIXELS = 120_000_000
"""Maximum pixels of a picture: a telephone's largest has 108 million.

50,000 × 50,000 would need 7 GB.
"""

PICTURE_SIDE = 800
"""Longer side of a stored picture, in pixels.

Its frame on a page is at most 3 inches wide, and print shows 250 dots per inch.
"""

SECONDS = 20.0
"""Seconds allowed for one small file; a form takes 0.01 s."""

SECONDS_PER_MIB = 1.0
"""Further seconds for the size of a file.

A form of 12 MB with a hundred photos takes 2 s, and 8 s on a busy PC.
"""

START_SECONDS = 120.0
"""Seconds allowed for a reading process to start.

It takes 0.1 s; some 30 s at the first start under a virus scanner or from a share.
"""

REFUSED_SECONDS = 10.0
"""Seconds allowed for the unreadable files inside one file of the folder.

A form takes 0.01 s. A ZIP of twenty bombs would otherwise occupy a run for minutes. The files after them are
refused unread.
"""

MEMORY_BYTES = 1536 * _MIB
"""Address space of a reading process, in bytes.

The libraries take 300 MB of it, a picture of 108 million pixels 330 MB.
"""

PROCESSES = 4
"""Maximum number of reading processes.

A form and a photo take 0.01 s each, and a process takes 0.1 s to start.
"""


def more_seconds(size: int) -> float:
    """Return the further seconds allowed for a file of this size in bytes."""
    return SECONDS_PER_MIB * size / _MIB


class RefusedError(Exception):
    """A file, or a part of it, that is refused.

    `value` is its kind or content; `reason` says why, in Japanese.
    """

    def __init__(self, code: Code, reason: str = "", value: str = "") -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
        self.value = value
